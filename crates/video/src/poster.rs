//! A small picture that stands for a whole video in a list: a frame a tenth of the way in, taken
//! without reading what lies before it, where no decode made one. Serves anno-3.1.3. Decides
//! nothing about keyframes.

use std::ffi::OsString;
use std::io::Read as _;
use std::sync::{Arc, Mutex};

use crate::decode::{FFMPEG, opening};
use crate::error::VideoError;
use crate::probe::{Limits, Probe};
use crate::strip::{MOST_BYTES, smaller};
use crate::tool::{Tool, input};

/// Seconds that taking it may last: a file of which it takes longer has none.
const SECONDS: u64 = 30;

/// A frame of the video as a small JPEG, turned as it is shown.
///
/// # Errors
/// When the file cannot be read, holds no frame that can be shown, or it takes too long.
pub fn poster(probe: &Probe, limits: &Limits) -> Result<Vec<u8>, VideoError> {
    let stream = &probe.stream;
    let (num, den) = stream.timebase.parts();
    let ticks = u128::try_from(stream.duration_ticks.unwrap_or_default()).unwrap_or_default();
    let micros = ticks / 10 * u128::from(num) * 1_000_000 / u128::from(den.max(1));
    let seconds = limits.seconds.min(SECONDS);
    let found = match micros {
        0 => Vec::new(),
        // Where the index of the file leads astray there is the beginning.
        _ => take(probe, Some(micros), seconds).unwrap_or_default(),
    };
    if found.is_empty() {
        let first = take(probe, None, seconds)?;
        if first.is_empty() {
            let said = "there is no frame to show".to_owned();
            return Err(VideoError::Failed { tool: FFMPEG, said });
        }
        return Ok(first);
    }
    Ok(found)
}

/// The first frame behind so many microseconds of the video.
fn take(probe: &Probe, micros: Option<u128>, seconds: u64) -> Result<Vec<u8>, VideoError> {
    let mut arguments = opening();
    if let Some(micros) = micros {
        arguments.extend(["-ss".to_owned(), format!("{micros}us")].map(OsString::from));
    }
    arguments.extend(input(&probe.path));
    let map = format!("0:{}", probe.stream.index);
    let scale = smaller();
    let words = ["-map", &map, "-frames:v", "1", "-vf", &scale, "-f", "image2pipe"];
    let picture = ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "4", "-flags", "+bitexact"];
    arguments.extend(words.into_iter().chain(picture).chain(["pipe:1"]).map(OsString::from));
    let complaint = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&complaint);
    let hear = move |line: &str| {
        if let (true, Ok(mut last)) = (line.contains("[error]"), heard.lock()) {
            line.clone_into(&mut last);
        }
    };
    let (tool, mut out) = Tool::start(FFMPEG, &arguments, seconds, hear)?;
    let mut bytes = Vec::new();
    let read = out.by_ref().take(MOST_BYTES + 1).read_to_end(&mut bytes);
    drop(out);
    let done = tool.end()?;
    if done.success() && read.is_ok() && bytes.len() as u64 <= MOST_BYTES {
        return Ok(bytes);
    }
    let said = complaint.lock().map(|last| last.clone()).unwrap_or_default();
    Err(VideoError::Failed { tool: FFMPEG, said })
}
