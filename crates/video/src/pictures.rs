//! Keyframes as JPEG pictures of their full size, named by their ticks: `1024.jpg`.
//!
//! Which frames of a shot are wanted is known after the shot, so these pictures are taken by runs
//! of `ffmpeg` of their own, which pick frames by timestamp alone. Where keyframes lie far apart,
//! each run decodes from the frame before at which decoding can begin, and not the whole again.
//! Small pictures need none of it: the decode that found the frames made them.

use std::ffi::OsString;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::choose::Keyframe;
use crate::decode::{Analysis, FFMPEG, opening};
use crate::error::{Measure, VideoError};
use crate::frames::FrameList;
use crate::probe::{Limits, Probe, within};
use crate::tool::{Tool, input};

/// Pictures of one video at most; the picking expression must fit into an argument.
pub const MOST_PICTURES: u64 = 2_000;

/// What a run costs before its first frame, in frames.
const START: usize = 50;

/// Pictures to take, by their ticks.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) path: &'a Path,
    /// The number of the stream.
    pub(crate) stream: u32,
    pub(crate) ticks: &'a [i64],
    /// Where decoding begins, in microseconds on the file's own clock; at its start otherwise.
    pub(crate) seek: Option<i128>,
    /// Whether nothing behind the last of them is decoded.
    pub(crate) stop: bool,
}

/// Writes the pictures of keyframes into a folder that exists, and returns their names, in order.
///
/// # Errors
/// When they are too many, cannot be written, or are not one for each keyframe.
pub fn write_pictures(
    analysis: &Analysis,
    keyframes: &[Keyframe],
    folder: &Path,
    limits: &Limits,
) -> Result<Vec<String>, VideoError> {
    let ticks: Vec<i64> = keyframes.iter().map(|keyframe| keyframe.pts).collect();
    within(Measure::Pictures, ticks.len() as u64, MOST_PICTURES)?;
    let Probe { path, stream, .. } = &analysis.probe;
    let whole = Wanted { path, stream: stream.index, ticks: &ticks, seek: None, stop: false };
    let list = FrameList::of(analysis);
    let Some(runs) = runs(&list, &ticks) else { return write_wanted(&whole, folder, limits) };
    let mut names = Vec::with_capacity(ticks.len());
    for (from, part) in runs {
        let ticks = ticks.get(part).unwrap_or_default();
        let wanted = Wanted { ticks, seek: from, stop: true, ..whole };
        match write_wanted(&wanted, folder, limits) {
            Ok(some) => names.extend(some),
            // A file whose index leads astray is read from its beginning.
            Err(VideoError::Failed { .. }) => return write_wanted(&whole, folder, limits),
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

/// A run of the program for each place where decoding begins: from where, and which pictures.
/// `None` where one run through all costs less, or a picture is of a frame that the list lacks.
fn runs(list: &FrameList, ticks: &[i64]) -> Option<Vec<(Option<i128>, Range<usize>)>> {
    let (mut runs, mut cost): (Vec<(usize, Range<usize>)>, usize) = (Vec::new(), 0);
    let mut before = 0;
    for (at, pts) in ticks.iter().enumerate() {
        let frame = list.pts.binary_search(pts).ok()?;
        let key = list.key(frame);
        match runs.last_mut().filter(|(last, _)| *last == key) {
            Some((_, part)) => {
                part.end = at + 1;
                cost += frame.saturating_sub(before);
            }
            None => {
                runs.push((key, at..at + 1));
                cost += frame - key + 1 + START;
            }
        }
        before = frame;
    }
    let seek = |(key, part): (usize, Range<usize>)| (list.from(key), part);
    (cost < list.pts.len()).then(|| runs.into_iter().map(seek).collect())
}

pub(crate) fn write_wanted(
    wanted: &Wanted<'_>,
    folder: &Path,
    limits: &Limits,
) -> Result<Vec<String>, VideoError> {
    let ticks = wanted.ticks;
    within(Measure::Pictures, ticks.len() as u64, MOST_PICTURES)?;
    if ticks.is_empty() {
        return Ok(Vec::new());
    }
    let failed = |path: &Path, source| VideoError::Io { path: path.to_path_buf(), source };
    let taken = tempfile::tempdir_in(folder).map_err(|source| failed(folder, source))?;
    take(wanted, taken.path(), limits)?;
    let mut names = Vec::with_capacity(ticks.len());
    let numbered = |number: usize| -> PathBuf { taken.path().join(format!("{number}.jpg")) };
    if !numbered(ticks.len()).is_file() || numbered(ticks.len() + 1).is_file() {
        let said = "the pictures are not as many as the frames".to_owned();
        return Err(VideoError::Failed { tool: FFMPEG, said });
    }
    for (at, pts) in ticks.iter().enumerate() {
        let name = format!("{pts}.jpg");
        let to = folder.join(&name);
        std::fs::rename(numbered(at + 1), &to).map_err(|source| failed(&to, source))?;
        names.push(name);
    }
    Ok(names)
}

fn take(wanted: &Wanted<'_>, folder: &Path, limits: &Limits) -> Result<(), VideoError> {
    let mut arguments = opening();
    if let Some(seek) = wanted.seek {
        let seek = format!("{seek}us");
        let words = ["-seek_timestamp", "1", "-noaccurate_seek", "-ss", &seek];
        arguments.extend(words.into_iter().map(OsString::from));
    }
    arguments.extend(input(wanted.path));
    let map = format!("0:{}", wanted.stream);
    let (filter, count) = (chosen(wanted.ticks), wanted.ticks.len().to_string());
    let words = ["-map", &map, "-vf", &filter, "-fps_mode", "passthrough", "-f", "image2"];
    let picture = ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2", "-flags", "+bitexact"];
    arguments.extend(words.into_iter().chain(picture).map(OsString::from));
    if wanted.stop {
        arguments.extend(["-frames:v", &count].map(OsString::from));
    }
    // A per cent sign is a pattern in this one place.
    let text = folder.to_string_lossy().replace('%', "%%");
    arguments.push(format!("file:{text}/%d.jpg").into());
    let complaint = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&complaint);
    let hear = move |line: &str| {
        if let (true, Ok(mut last)) = (line.contains("[error]"), heard.lock()) {
            line.clone_into(&mut last);
        }
    };
    let (tool, mut out) = Tool::start(FFMPEG, &arguments, limits.seconds, hear)?;
    let mut rest = Vec::new();
    // Nothing is written there; its end says that the program is done.
    let _nothing = out.by_ref().take(1).read_to_end(&mut rest);
    if tool.end()?.success() {
        return Ok(());
    }
    let said = complaint.lock().map(|last| last.clone()).unwrap_or_default();
    Err(VideoError::Failed { tool: FFMPEG, said })
}

/// The first frame at each of these ticks.
fn chosen(ticks: &[i64]) -> String {
    format!("select='({})*not(eq(pts,prev_selected_pts))'", picked(ticks))
}

/// An expression that is true at these ticks, as a tree: each frame costs a few comparisons.
fn picked(ticks: &[i64]) -> String {
    match ticks {
        [] => "0".to_owned(),
        [one] => format!("eq(pts,{one})"),
        many => {
            let (low, high) = many.split_at(many.len() / 2);
            format!("if(lt(pts,{}),{},{})", high[0], picked(low), picked(high))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_far_apart_are_taken_from_the_key_before_and_others_in_one_run() {
        let list = |count: usize, gap: usize| FrameList {
            timebase: (1, 25),
            pts: (0..count).map(|at| i64::try_from(at).unwrap()).collect(),
            keys: (0..count).step_by(gap).collect(),
            end: 0,
        };
        for (list, ticks, want) in [
            (list(1000, 100), vec![5, 7, 510], Some(vec![(None, 0..2), (Some(20_000_000), 2..3)])),
            (list(1000, 100), (0..10).map(|at| at * 100 + 60).collect(), None),
            (list(40, 10), vec![5], None),
            (list(1000, 100), vec![5, 5000], None),
        ] {
            assert_eq!(runs(&list, &ticks), want, "{ticks:?}");
        }
    }

    #[test]
    fn ticks_are_picked_by_a_tree() {
        assert_eq!(picked(&[7]), "eq(pts,7)");
        assert_eq!(
            picked(&[-5, 0, 9]),
            "if(lt(pts,0),eq(pts,-5),if(lt(pts,9),eq(pts,0),eq(pts,9)))"
        );
        let most: Vec<i64> = (0..2000).map(|at| 9_000_000_000 + at * 3003).collect();
        assert!(picked(&most).len() < 120_000, "{}", picked(&most).len());
    }
}
