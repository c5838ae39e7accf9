//! Videos made by ffmpeg itself, with contents and times that are known.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use video::{Analysis, Limits, VideoError, analyse, probe};

/// A folder for videos; `None`, with the reason printed, where ffmpeg is absent.
pub(crate) fn folder() -> Option<TempDir> {
    let there = |name| Command::new(name).arg("-version").output().is_ok();
    if there("ffmpeg") && there("ffprobe") {
        return Some(tempfile::tempdir().expect("a folder"));
    }
    println!("skipped: ffmpeg is not installed (apt-get install ffmpeg)");
    None
}

/// Makes a video from a graph of sources and filters.
pub(crate) fn make(folder: &Path, name: &str, graph: &str, options: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-y", "-filter_complex", graph, "-map", "[v]"]);
    let output = command.args(options).arg(&path).output().expect("ffmpeg");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    path
}

/// Plain colours one after the other, so many frames of each, 25 in a second.
pub(crate) fn colours(parts: &[(&str, usize)]) -> String {
    let source = |(at, (colour, frames)): (usize, &(&str, usize))| {
        format!("color={colour}:s=160x120:r=25,trim=end_frame={frames}[c{at}];")
    };
    let sources: String = parts.iter().enumerate().map(source).collect();
    let names: String = (0..parts.len()).map(|at| format!("[c{at}]")).collect();
    format!("{sources}{names}concat=n={}:v=1,format=yuv420p[v]", parts.len())
}

/// So many frames of a moving test picture.
pub(crate) fn moving(frames: usize) -> String {
    format!("testsrc2=s=160x120:r=25,trim=end_frame={frames},format=yuv420p[v]")
}

pub(crate) const H264: &[&str] = &["-c:v", "libx264", "-preset", "ultrafast", "-g", "10"];

pub(crate) fn read(path: &Path) -> Result<Analysis, VideoError> {
    let limits = Limits::default();
    analyse(probe(path, &limits)?, &limits, |_| ())
}

pub(crate) fn pts(analysis: &Analysis) -> Vec<i64> {
    analysis.frames.iter().map(|frame| frame.pts.expect("a timestamp")).collect()
}
