//! A program of FFmpeg as a child: no input, no network, lines of bounded length, and an end to it
//! when its time is over.

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::{Measure, VideoError};

/// Bytes of a line of messages that are kept.
const LINE_BYTES: u64 = 4096;

/// Containers and streams that are read. Each holds its frames itself: no playlist, no device and
/// no pattern of file names is among them.
const FORMATS: &str = "mov,matroska,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,h264,hevc,vvc,obu,av1,\
    ivf,m4v,mxf,gxf,nut,gif,apng,yuv4mpegpipe,dv,rm,wtv,h261,h263,vc1,vc1test,mjpeg,swf,webp_pipe,\
    roq,bink,smk,nsv,nuv,amv,dnxhd,dirac,cavsvideo,avs2,avs3,mjpeg_2000,r3d,lxf,mods,mtv,ivr,4xm,\
    film_cpk,flic,ea,psxstr,vmd,xmv,mvi,mv,thp,dsicin,idcin,wc3movie,wsvqa,cine,y4m";

/// The arguments that open a file as itself: other protocols and forms of lists stay shut.
pub(crate) fn input(path: &Path) -> Vec<OsString> {
    let mut address = OsString::from("file:");
    address.push(path);
    let words = ["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i"];
    words.into_iter().map(OsString::from).chain([address]).collect()
}

/// A running program.
pub(crate) struct Tool {
    name: &'static str,
    done: Sender<()>,
    child: JoinHandle<io::Result<(ExitStatus, bool)>>,
    messages: JoinHandle<()>,
    seconds: u64,
}

impl Tool {
    /// Starts a program; each line of its messages goes to `hear`, on a thread of its own.
    pub(crate) fn start(
        name: &'static str,
        arguments: &[OsString],
        seconds: u64,
        hear: impl FnMut(&str) + Send + 'static,
    ) -> Result<(Self, ChildStdout), VideoError> {
        let mut command = Command::new(name);
        command.args(arguments).env_remove("FFREPORT").env("AV_LOG_FORCE_NOCOLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => VideoError::NoTool { tool: name },
            _ => VideoError::Failed { tool: name, said: error.to_string() },
        })?;
        let out = child.stdout.take().expect("its output is piped");
        let errors = child.stderr.take().expect("its messages are piped");
        let messages = std::thread::spawn(move || listen(errors, hear));
        let (done, wait) = mpsc::channel();
        let child = std::thread::spawn(move || {
            let late = wait.recv_timeout(Duration::from_secs(seconds));
            finish(child, late == Err(RecvTimeoutError::Timeout))
        });
        Ok((Self { name, done, child, messages, seconds }, out))
    }

    /// Waits for the end, after the output was read to its end.
    pub(crate) fn end(self) -> Result<ExitStatus, VideoError> {
        // A watcher that is gone already has ended the child.
        let _told = self.done.send(());
        let gone = || VideoError::Failed { tool: self.name, said: "it was lost".to_owned() };
        let ended = self.child.join().map_err(|_| gone())?;
        self.messages.join().map_err(|_| gone())?;
        let failed =
            |error: io::Error| VideoError::Failed { tool: self.name, said: error.to_string() };
        let (status, late) = ended.map_err(failed)?;
        if late {
            let (have, most) = (self.seconds, self.seconds);
            return Err(VideoError::Limit { measure: Measure::Seconds, have, most });
        }
        Ok(status)
    }
}

fn finish(mut child: Child, late: bool) -> io::Result<(ExitStatus, bool)> {
    if late {
        child.kill()?;
    }
    Ok((child.wait()?, late))
}

/// Reads lines; what a line has beyond its bound is read and dropped.
fn listen(errors: impl Read, mut hear: impl FnMut(&str)) {
    let mut reader = BufReader::new(errors);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => hear(String::from_utf8_lossy(&line).trim_end()),
        }
        if line.last() != Some(&b'\n') && reader.skip_until(b'\n').is_err() {
            return;
        }
    }
}
