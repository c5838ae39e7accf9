//! Frames by their number: the list of their times, made once, and single frames as pictures of
//! full size. A picture is found by its timestamp alone; where decoding may begin, the list says.

use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::decode::Analysis;
use crate::error::VideoError;
use crate::pictures::{Wanted, write_wanted};
use crate::probe::{Limits, Probe};
use crate::tick::Timebase;

/// The times of the frames of a video, each later than the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameList {
    /// Seconds in a tick, as numerator and denominator.
    pub timebase: (u32, u32),
    /// When each frame is shown, in ticks.
    pub pts: Vec<i64>,
    /// Frames at which decoding can begin, by their number.
    pub keys: Vec<usize>,
    /// The tick behind the last frame: it lasts as long as the one before.
    pub end: i64,
}

impl FrameList {
    /// The frames of an analysis that have a time later than all before; the others have none that
    /// a label could name.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Self {
        let (mut pts, mut keys): (Vec<i64>, Vec<usize>) = (Vec::new(), Vec::new());
        for frame in &analysis.frames {
            let Some(at) = frame.pts.filter(|at| pts.last().is_none_or(|last| at > last)) else {
                continue;
            };
            if frame.key {
                keys.push(pts.len());
            }
            pts.push(at);
        }
        let gap = match pts.as_slice() {
            [.., before, last] => last.saturating_sub(*before),
            _ => 1,
        };
        let end = pts.last().map_or(0, |last| last.saturating_add(gap));
        Self { timebase: analysis.timebase.parts(), pts, keys, end }
    }

    /// The frame at or before `frame` at which decoding can begin.
    pub(crate) fn key(&self, frame: usize) -> usize {
        self.keys.iter().rev().find(|key| **key <= frame).copied().unwrap_or(0)
    }

    /// Microseconds, rounded down, of the last frame before `frame` at which decoding can begin;
    /// `None` where that is the first.
    pub(crate) fn from(&self, frame: usize) -> Option<i128> {
        let key = self.key(frame);
        let base = Timebase::new(self.timebase.0, self.timebase.1)?;
        let at = base.seconds(*self.pts.get(key).filter(|_| key > 0)?);
        Some((at.num() * 1_000_000).div_euclid(at.den()))
    }
}

/// Writes frames of these numbers into a folder that exists, as `<ticks>.jpg`, and returns the
/// names, in order. Numbers behind the last frame are left out.
///
/// # Errors
/// When the file cannot be read or the pictures not be written.
pub fn write_frames(
    probe: &Probe,
    list: &FrameList,
    numbers: Range<usize>,
    folder: &Path,
    limits: &Limits,
) -> Result<Vec<String>, VideoError> {
    let end = numbers.end.min(list.pts.len());
    let ticks = list.pts.get(numbers.start..end).unwrap_or_default();
    if ticks.is_empty() {
        return Ok(Vec::new());
    }
    let seek = list.from(numbers.start);
    let (path, stream) = (probe.path.as_path(), probe.stream.index);
    let wanted = Wanted { path, stream, ticks, seek, stop: true };
    match write_wanted(&wanted, folder, limits) {
        // A file whose index leads astray is read from its beginning.
        Err(VideoError::Failed { .. }) if seek.is_some() => {
            write_wanted(&Wanted { seek: None, ..wanted }, folder, limits)
        }
        done => done,
    }
}
