//! Shots: where the picture changes so much that a new one begins, and where it only flashed.
//!
//! The two detectors are PySceneDetect's, on integers. A jump after which a frame close to the one
//! before the jump comes back within a quarter of a second is a flash, and no cut.

use serde::Serialize;
use units::Fraction;

use crate::decode::Frame;
use crate::score::{Image, distance_milli};
use crate::tick::Timebase;

/// Frames on either side that the adaptive detector compares with.
const AROUND: usize = 2;
/// A frame of the adaptive detector stands out by so many times.
const TIMES: u64 = 3;
/// What neither detector looks at, in thousandths; the least of the adaptive detector.
const LEAST_MILLI: u32 = 15_000;
/// Frames that are kept to see a flash go.
const FLASH_FRAMES: usize = 32;

/// How a cut is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detector {
    /// The content value reaches a threshold in thousandths; 27 000 is usual, 15 000 the least.
    Content {
        /// The threshold.
        threshold_milli: u32,
    },
    /// The content value is three times that of its neighbours, and at least 15.
    Adaptive,
}

/// A jump that was no cut, for the picture came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Flash {
    /// The first frame of the flash.
    pub frame: u64,
    /// The first frame after it.
    pub back: u64,
}

/// Shots and what was not taken for a cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shots {
    /// The first frame of each shot; the first is frame 0.
    pub starts: Vec<u64>,
    /// Jumps that were flashes.
    pub flashes: Vec<Flash>,
}

/// Watches frames go by and notes which jumps came back.
#[derive(Default)]
pub(crate) struct Watch {
    before: Option<Image>,
    open: Vec<Jump>,
}

struct Jump {
    frame: usize,
    before: Image,
    height: u32,
}

impl Watch {
    /// Scores the next frame against the one before and marks the flashes that ended with it.
    pub(crate) fn next(
        &mut self,
        frames: &mut Vec<Frame>,
        mut frame: Frame,
        image: Image,
        base: Timebase,
    ) {
        let now = frames.len();
        if let Some(before) = self.before.take() {
            frame.score_milli = distance_milli(&before, &image);
            self.open.retain(|jump| {
                now - jump.frame <= FLASH_FRAMES
                    && elapsed(frames[jump.frame].pts, frame.pts, base)
                        .is_some_and(|seconds| !longer(seconds, Fraction::new(1, 4)))
            });
            let back = |jump: &Jump| {
                let distance = distance_milli(&jump.before, &image);
                distance < LEAST_MILLI && distance * 2 <= jump.height
            };
            let first = self.open.iter().position(back);
            if let Some(first) = first {
                let start = self.open[first].frame;
                frames[start].back = Some(now as u64);
                self.open.truncate(first);
            } else if frame.score_milli >= LEAST_MILLI {
                self.open.push(Jump { frame: now, before, height: frame.score_milli });
            }
        }
        frames.push(frame);
        self.before = Some(image);
    }
}

fn elapsed(from: Option<i64>, to: Option<i64>, base: Timebase) -> Option<Fraction> {
    Some(base.seconds(to?.checked_sub(from?)?))
}

fn longer(one: Fraction, other: Fraction) -> bool {
    one.cmp(&other).is_gt()
}

/// Finds the shots of frames. A cut sooner than `least` after the one before, or after the first
/// frame, is none.
#[must_use]
pub fn shots(frames: &[Frame], base: Timebase, detector: Detector, least: Fraction) -> Shots {
    let mut shots = Shots { starts: Vec::new(), flashes: Vec::new() };
    if frames.is_empty() {
        return shots;
    }
    shots.starts.push(0);
    let mut last = frames[0].pts;
    let mut flash: Option<Flash> = None;
    for (at, frame) in frames.iter().enumerate().skip(1) {
        if let Some(back) = frame.back {
            flash = Some(Flash { frame: at as u64, back });
        }
        if !fires(frames, at, detector) {
            continue;
        }
        if let Some(flash) = flash.filter(|flash| at as u64 <= flash.back) {
            if shots.flashes.last() != Some(&flash) {
                shots.flashes.push(flash);
            }
            continue;
        }
        if elapsed(last, frame.pts, base).is_none_or(|seconds| longer(least, seconds)) {
            continue;
        }
        shots.starts.push(at as u64);
        last = frame.pts;
    }
    shots
}

/// Whether the detector takes a frame for another picture than the one before.
fn fires(frames: &[Frame], at: usize, detector: Detector) -> bool {
    let score = frames[at].score_milli;
    match detector {
        Detector::Content { threshold_milli } => score >= threshold_milli.max(LEAST_MILLI),
        Detector::Adaptive => {
            if score < LEAST_MILLI || at < AROUND || at + AROUND >= frames.len() {
                return false;
            }
            let window = &frames[at - AROUND..=at + AROUND];
            let all: u64 = window.iter().map(|frame| u64::from(frame.score_milli)).sum();
            let others = all - u64::from(score);
            u64::from(score) * 2 * AROUND as u64 >= TIMES * others
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of one colour each, a twenty-fifth of a second apart.
    fn watched(greys: &[u8]) -> (Vec<Frame>, Timebase) {
        let base = Timebase::new(1, 25).expect("a timebase");
        let (mut watch, mut frames) = (Watch::default(), Vec::new());
        for (at, grey) in greys.iter().enumerate() {
            let pts = i64::try_from(at).expect("a few");
            let frame = Frame::at(Some(pts), at == 0, at == 0);
            watch.next(&mut frames, frame, Image::from_bgr(4, &[*grey; 48]), base);
        }
        (frames, base)
    }

    fn found(parts: &[(u8, usize)], detector: Detector) -> (Vec<u64>, Vec<(u64, u64)>) {
        let greys: Vec<u8> =
            parts.iter().flat_map(|(grey, count)| std::iter::repeat_n(*grey, *count)).collect();
        let (frames, base) = watched(&greys);
        let shots = shots(&frames, base, detector, Fraction::new(3, 5));
        (shots.starts, shots.flashes.iter().map(|flash| (flash.frame, flash.back)).collect())
    }

    #[test]
    fn cuts_are_found_and_flashes_are_told_apart() {
        // Grey alone reaches a content value of 85 at most; 100 steps of grey are 33.
        for (parts, cuts, flashes) in [
            (&[(0, 20), (200, 20)][..], &[0, 20][..], &[][..]),
            (&[(0, 20), (255, 2), (0, 20)], &[0], &[(20, 22)]),
            // The flash stands before a real cut: the cut is where the picture first changed.
            (&[(0, 20), (255, 2), (120, 20)], &[0, 20], &[]),
            // What stays for longer than a flash is a shot of its own.
            (&[(0, 20), (200, 20), (0, 20)], &[0, 20, 40], &[]),
            // Slow enough: no jump.
            (&[(0, 20), (40, 20), (80, 20), (120, 20)], &[0], &[]),
            (&[(0, 1)], &[0], &[]),
            (&[], &[], &[]),
        ] {
            for detector in [Detector::Content { threshold_milli: 27_000 }, Detector::Adaptive] {
                let want = (cuts.to_vec(), flashes.to_vec());
                assert_eq!(found(parts, detector), want, "{parts:?} {detector:?}");
            }
        }
    }

    #[test]
    fn two_flashes_in_a_row_are_two() {
        let content = Detector::Content { threshold_milli: 27_000 };
        let parts = [(0, 20), (255, 1), (0, 1), (255, 1), (0, 20)];
        assert_eq!(found(&parts, content), (vec![0], vec![(20, 21), (22, 23)]));
    }

    #[test]
    fn a_cut_too_soon_after_another_is_none() {
        let content = Detector::Content { threshold_milli: 27_000 };
        assert_eq!(found(&[(0, 20), (100, 10), (200, 20)], content).0, [0, 20]);
        assert_eq!(found(&[(0, 20), (100, 15), (200, 20)], content).0, [0, 20, 35]);
    }
}
