//! One decode of the video stream. `ffmpeg` turns and shrinks each frame and writes it to a pipe;
//! beside it a filter says each frame's timestamp. Both are read together. Small pictures of the
//! frames, where they are wanted, come out of the same run.

use std::ffi::OsString;
use std::io::{self, Read};
use std::num::NonZeroU64;
use std::path::Path;
use std::process::ChildStdout;
use std::sync::mpsc::{self, Receiver, Sender};

use serde::Serialize;

use crate::error::{Measure, VideoError};
use crate::probe::{Limits, Probe, within};
use crate::score::{Image, sharpness};
use crate::shots::Watch;
use crate::strip::{MOST_SMALL, Strip, smaller};
use crate::tick::Timebase;
use crate::tool::{Tool, input};

pub(crate) const FFMPEG: &str = "ffmpeg";
/// Pixels across of a small frame: what PySceneDetect shrinks to.
const ACROSS: u32 = 256;
/// Pixels down at most, for very tall frames.
const DOWN: u32 = 512;
/// Complaints of the decoder that are kept.
const MOST_NOTICES: usize = 100;

/// A frame, in the order in which frames are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// When it is shown, in ticks of the timebase.
    pub pts: Option<i64>,
    /// Whether decoding can begin here.
    pub key: bool,
    /// Whether it is coded without others (an I-frame).
    pub intra: bool,
    /// The content value against the frame before, in thousandths.
    pub score_milli: u32,
    /// The mean absolute Laplacian, in thousandths.
    pub sharpness: u32,
    /// Where a flash begins: the frame at which the picture is back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back: Option<u64>,
}

impl Frame {
    /// A frame that nothing is known of but its time and kind.
    pub(crate) const fn at(pts: Option<i64>, key: bool, intra: bool) -> Self {
        Self { pts, key, intra, score_milli: 0, sharpness: 0, back: None }
    }
}

/// What is odd about a frame or a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Oddity {
    /// The decoder complained.
    Decoder {
        /// Its words.
        said: String,
    },
    /// The frame has no timestamp, and can be no keyframe.
    NoTimestamp,
    /// The frame is not later than the one before.
    NotLater {
        /// Its timestamp.
        pts: i64,
    },
}

/// Something odd with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The frame, or how many frames came before the complaint.
    pub frame: u64,
    /// What is odd.
    #[serde(flatten)]
    pub what: Oddity,
}

/// What one decode gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Analysis {
    /// The file.
    pub probe: Probe,
    /// The timebase of the timestamps of `frames`.
    pub timebase: Timebase,
    /// Every frame.
    pub frames: Vec<Frame>,
    /// What is odd, the first hundred.
    pub notices: Vec<Notice>,
    /// Whether frames last differently long.
    pub variable_rate: bool,
}

/// What the program says beside the frames.
#[derive(Debug, PartialEq, Eq)]
enum Word {
    Base(Timebase),
    Frame { pts: Option<i64>, key: bool, intra: bool },
    Complaint(String),
}

/// Decodes the stream once; `progress` hears how many frames are done.
///
/// # Errors
/// When nothing can be decoded or a limit is passed. Damage in a part is a notice.
pub fn analyse(
    probe: Probe,
    limits: &Limits,
    progress: impl FnMut(u64),
) -> Result<Analysis, VideoError> {
    watch(probe, limits, None, progress)
}

/// Decodes the stream once, as [`analyse`], and keeps a small picture of one frame in so many of
/// the first [`MOST_SMALL`] in a folder of its own `below` one that exists.
///
/// # Errors
/// As [`analyse`], or when nothing can be written there.
pub fn analyse_with_strip(
    probe: Probe,
    limits: &Limits,
    (below, every): (&Path, NonZeroU64),
    progress: impl FnMut(u64),
) -> Result<(Analysis, Strip), VideoError> {
    let mut strip = Strip::new(below, every)?;
    let analysis = watch(probe, limits, Some(&strip), progress)?;
    strip.index()?;
    Ok((analysis, strip))
}

fn watch(
    probe: Probe,
    limits: &Limits,
    strip: Option<&Strip>,
    mut progress: impl FnMut(u64),
) -> Result<Analysis, VideoError> {
    let (width, height) = small(probe.stream.shown());
    let (heard, words) = mpsc::channel();
    let arguments = arguments(&probe, (width, height), strip);
    let hear = move |line: &str| tell(&heard, line);
    let (tool, mut out) = Tool::start(FFMPEG, &arguments, limits.seconds, hear)?;
    let mut reader =
        Reader { words, timebase: probe.stream.timebase, notices: Vec::new(), seen: 0 };
    let read = frames(&mut out, &mut reader, (width, height), limits, &mut progress);
    // A reader that stopped early closes the pipe, which ends the program.
    drop(out);
    let status = tool.end();
    let frames = read?;
    let status = status?;
    reader.rest()?;
    if !status.success() {
        reader.complaint(format!("ffmpeg ended before the file did: {status}"));
    }
    let Reader { timebase, mut notices, .. } = reader;
    if frames.is_empty() {
        let said = notices.into_iter().rev().find_map(|notice| match notice.what {
            Oddity::Decoder { said } => Some(said),
            _ => None,
        });
        let said = said.unwrap_or_else(|| "the stream is empty".to_owned());
        return Err(VideoError::NoFrame { path: probe.path, said });
    }
    odd_times(&frames, &mut notices);
    notices.sort_by_key(|notice| notice.frame);
    let variable_rate = varies(&frames, timebase);
    Ok(Analysis { probe, timebase, frames, notices, variable_rate })
}

/// The size of a small frame: 256 across, even in both directions.
fn small((width, height): (u32, u32)) -> (u32, u32) {
    let across = width.min(ACROSS);
    let down = (u64::from(height) * u64::from(across)).div_ceil(u64::from(width));
    let down = u32::try_from(down).unwrap_or(DOWN).clamp(2, DOWN);
    (across.max(2), down)
}

fn arguments(probe: &Probe, (width, height): (u32, u32), strip: Option<&Strip>) -> Vec<OsString> {
    let index = probe.stream.index;
    let mut filter = format!(
        "[0:{index}]showinfo=checksum=0,scale={width}:{height}:\
         flags=bilinear+accurate_rnd+full_chroma_int+bitexact,format=bgr24"
    );
    match strip {
        None => filter.push_str("[seen]"),
        Some(strip) => {
            let (small, every) = (smaller(), strip.every());
            filter.push_str(",split[seen][all];");
            filter.push_str(&format!(
                "[all]select='lt(n,{MOST_SMALL})*not(mod(n,{every}))',{small},"
            ));
            filter.push_str("format=yuvj420p[small]");
        }
    }
    let mut arguments = opening();
    arguments.extend(input(&probe.path));
    let seen = ["-filter_complex", &filter, "-map", "[seen]"];
    let raw = ["-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"];
    arguments.extend(seen.into_iter().chain(raw).map(OsString::from));
    if let Some(strip) = strip {
        let small = ["-map", "[small]", "-fps_mode", "passthrough", "-c:v", "mjpeg", "-q:v", "4"];
        let form = ["-flags", "+bitexact", "-f", "mjpeg"];
        arguments.extend(small.into_iter().chain(form).map(OsString::from));
        let mut address = OsString::from("file:");
        address.push(strip.path());
        arguments.push(address);
    }
    arguments
}

/// What every call begins with: quiet but for marked lines, timestamps as the file has them.
pub(crate) fn opening() -> Vec<OsString> {
    let words =
        ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+level+info", "-copyts"];
    words.into_iter().map(OsString::from).collect()
}

fn tell(heard: &Sender<Word>, line: &str) {
    if let Some(word) = word(line) {
        // Nobody listens any more after a limit was passed.
        let _heard = heard.send(word);
    }
}

/// Understands a line. What the file's own texts say begins with a level or with blanks, and
/// cannot pass for the filter's.
fn word(line: &str) -> Option<Word> {
    if let Some(rest) = line.strip_prefix("[Parsed_showinfo_0 @ ") {
        let (_, said) = rest.split_once("] [info] ")?;
        if let Some(config) = said.strip_prefix("config in time_base: ") {
            return Some(Word::Base(config.split(',').next()?.trim().parse().ok()?));
        }
        let value = |name: &str| {
            let (_, after) = said.split_once(name)?;
            after.split_whitespace().next()
        };
        said.strip_prefix("n:")?;
        let pts = value(" pts:")?.parse().ok();
        let (key, intra) = (value(" iskey:")? == "1", value(" type:")? == "I");
        return Some(Word::Frame { pts, key, intra });
    }
    let (_, said) = line.split_once("[error] ").or_else(|| line.split_once("[fatal] "))?;
    (line.starts_with('[')).then(|| Word::Complaint(said.to_owned()))
}

struct Reader {
    words: Receiver<Word>,
    timebase: Timebase,
    notices: Vec<Notice>,
    seen: u64,
}

impl Reader {
    /// The next frame's time.
    fn frame(&mut self) -> Option<Frame> {
        loop {
            match self.words.recv().ok()? {
                Word::Base(base) => self.timebase = base,
                Word::Complaint(said) => self.complaint(said),
                Word::Frame { pts, key, intra } => {
                    self.seen += 1;
                    return Some(Frame::at(pts, key, intra));
                }
            }
        }
    }

    fn complaint(&mut self, said: String) {
        if self.notices.len() < MOST_NOTICES {
            self.notices.push(Notice { frame: self.seen, what: Oddity::Decoder { said } });
        }
    }

    /// What was said after the last frame; a time without a frame is an error.
    fn rest(&mut self) -> Result<(), VideoError> {
        let frames = self.seen;
        while self.frame().is_some() {}
        if self.seen == frames {
            return Ok(());
        }
        Err(VideoError::Uneven { frames, times: self.seen })
    }
}

fn frames(
    out: &mut ChildStdout,
    reader: &mut Reader,
    (width, height): (u32, u32),
    limits: &Limits,
    progress: &mut impl FnMut(u64),
) -> Result<Vec<Frame>, VideoError> {
    let (mut frames, mut watch) = (Vec::new(), Watch::default());
    let mut bytes = vec![0; width as usize * height as usize * 3];
    let failed = |error: io::Error| VideoError::Failed { tool: FFMPEG, said: error.to_string() };
    while filled(out, &mut bytes).map_err(failed)? {
        let count = frames.len() as u64 + 1;
        within(Measure::Frames, count, limits.frames)?;
        let Some(mut frame) = reader.frame() else {
            return Err(VideoError::Uneven { frames: count, times: reader.seen });
        };
        let image = Image::from_bgr(width as usize, &bytes);
        frame.sharpness = sharpness(&image);
        watch.next(&mut frames, frame, image, reader.timebase);
        progress(count);
    }
    Ok(frames)
}

/// Fills the bytes of one frame; false at the end. A part of a frame is the end too.
fn filled(out: &mut ChildStdout, bytes: &mut [u8]) -> io::Result<bool> {
    match out.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn odd_times(frames: &[Frame], notices: &mut Vec<Notice>) {
    let mut last: Option<i64> = None;
    for (at, frame) in frames.iter().enumerate() {
        let what = match frame.pts {
            None => Oddity::NoTimestamp,
            Some(pts) if last.is_some_and(|last| pts <= last) => Oddity::NotLater { pts },
            Some(pts) => {
                last = Some(pts);
                continue;
            }
        };
        if notices.len() < 2 * MOST_NOTICES {
            notices.push(Notice { frame: at as u64, what });
        }
    }
}

/// Whether the gaps between frames differ by more than the rounding of timestamps: ticks of the
/// timebase, and of milliseconds, in which some containers count.
fn varies(frames: &[Frame], base: Timebase) -> bool {
    let gaps = frames.windows(2).filter_map(|two| two[1].pts?.checked_sub(two[0].pts?));
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for gap in gaps {
        least = least.min(gap);
        most = most.max(gap);
    }
    let spread = most.checked_sub(least);
    spread.is_some_and(|spread| {
        spread > 1 && base.seconds(spread).cmp(&units::Fraction::new(1, 1000)).is_gt()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_filter_are_understood_and_texts_of_the_file_are_not() {
        let frame = |pts, key, intra| Some(Word::Frame { pts, key, intra });
        let info = "[Parsed_showinfo_0 @ 0x55d] [info] ";
        for (line, want) in [
            (
                "n:   0 pts:   1024 pts_time:0.08    pos: 48 iskey:1 type:I ",
                frame(Some(1024), true, true),
            ),
            (
                "n:  12 pts:-123456789 pts_time:-9 iskey:0 type:B",
                frame(Some(-123_456_789), false, false),
            ),
            ("n:   0 pts:   NOPTS pts_time:NOPTS iskey:0 type:P ", frame(None, false, false)),
            (
                "config in time_base: 1/12800, frame_rate: 25/1",
                Some(Word::Base("1/12800".parse().unwrap())),
            ),
            ("config out time_base: 0/0, frame_rate: 0/0", None),
        ] {
            assert_eq!(word(&format!("{info}{line}")), want, "{line}");
        }
        let spoof = format!("    title           : {info}n: 0 pts: 7 iskey:1 type:I");
        assert_eq!(word(&spoof), None);
        assert_eq!(word(&format!("[info]   title: {info}n: 0 pts: 7 iskey:1 type:I")), None);
        let said = "[h264 @ 0x1] [error] error while decoding MB 3 4";
        assert_eq!(word(said), Some(Word::Complaint("error while decoding MB 3 4".to_owned())));
    }

    #[test]
    fn small_frames_are_256_across_and_never_huge() {
        for (size, want) in [
            ((1280, 720), (256, 144)),
            ((160, 120), (160, 120)),
            ((1, 16_000), (2, 512)),
            ((16_000, 1), (256, 2)),
            ((720, 1280), (256, 456)),
        ] {
            assert_eq!(small(size), want, "{size:?}");
        }
    }
}
