//! Which frames are keyframes, and why. Moments are exact; a frame without a timestamp is none.

use serde::Serialize;
use units::Fraction;

use crate::decode::{Analysis, Frame};
use crate::shots::Shots;
use crate::tick::Seconds;

/// Keyframes at most, of an interval or a list.
const MOST: usize = 100_000;

/// Which frame of a shot stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The first.
    First,
    /// The middle one by count.
    Middle,
    /// The sharpest; the earliest of equals.
    Sharpest,
}

/// How keyframes are chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Frames that are coded without others.
    IFrame,
    /// The frame on show at each whole multiple of so many seconds after the first frame.
    Interval(Fraction),
    /// One frame of each shot.
    Shot(Moment),
    /// The frame nearest to each moment, in seconds on the file's own clock; the earlier of two.
    Hand(Vec<Fraction>),
}

/// Why a frame is a keyframe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Why {
    /// It is coded without others.
    IFrame,
    /// It is on show at this moment.
    Interval {
        /// Seconds on the file's own clock.
        at: String,
    },
    /// It stands for a shot.
    Shot {
        /// The shot, from 1.
        shot: u64,
        /// Which frame of it.
        moment: Moment,
    },
    /// Somebody asked for this moment.
    Hand {
        /// Seconds on the file's own clock, as asked.
        at: String,
    },
}

/// A keyframe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Keyframe {
    /// The frame, from 0, in the order in which frames are shown.
    pub frame: u64,
    /// Its time in ticks of the timebase: the truth.
    pub pts: i64,
    /// The same in seconds, for people.
    #[serde(flatten)]
    pub seconds: Seconds,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
}

/// Why no keyframes can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChooseError {
    /// No frame has a timestamp.
    #[error("no frame has a timestamp")]
    NoTimestamps,
    /// An interval of zero or below.
    #[error("an interval is longer than zero")]
    Interval,
    /// A moment that lies more than a second before the first frame or after the last.
    #[error("{at} is outside the video, {first} to {last}")]
    Outside {
        /// The moment.
        at: String,
        /// Seconds of the first frame.
        first: String,
        /// Seconds of the last frame.
        last: String,
    },
    /// More keyframes than are kept.
    #[error("more than {most} keyframes")]
    TooMany {
        /// The limit.
        most: usize,
    },
}

/// A frame that has a timestamp.
#[derive(Clone, Copy)]
struct Timed {
    frame: usize,
    pts: i64,
}

/// Chooses keyframes, by time.
///
/// # Errors
/// When what is asked for lies outside the video or is too much.
pub fn choose(analysis: &Analysis, shots: &Shots, by: &By) -> Result<Vec<Keyframe>, ChooseError> {
    let timed = timed(&analysis.frames);
    if timed.is_empty() {
        return Err(ChooseError::NoTimestamps);
    }
    let chosen = match by {
        By::IFrame => {
            let intra = timed.iter().filter(|one| analysis.frames[one.frame].intra);
            intra.map(|one| (*one, Why::IFrame)).collect()
        }
        By::Interval(every) => interval(analysis, &timed, *every)?,
        By::Shot(moment) => by_shot(&analysis.frames, &timed, shots, *moment),
        By::Hand(moments) => hand(analysis, &timed, moments)?,
    };
    if chosen.len() > MOST {
        return Err(ChooseError::TooMany { most: MOST });
    }
    let mut keyframes: Vec<Keyframe> = chosen
        .into_iter()
        .map(|(Timed { frame, pts }, why)| {
            let seconds = analysis.timebase.seconds(pts).into();
            Keyframe { frame: frame as u64, pts, seconds, why }
        })
        .collect();
    keyframes.sort_by_key(|keyframe| (keyframe.pts, keyframe.frame));
    keyframes.dedup_by_key(|keyframe| keyframe.pts);
    Ok(keyframes)
}

/// Frames by time; of two at one time, the first.
fn timed(frames: &[Frame]) -> Vec<Timed> {
    let with = |(frame, one): (usize, &Frame)| Some(Timed { frame, pts: one.pts? });
    let mut timed: Vec<Timed> = frames.iter().enumerate().filter_map(with).collect();
    timed.sort_by_key(|one| (one.pts, one.frame));
    timed.dedup_by_key(|one| one.pts);
    timed
}

fn shown(seconds: Fraction) -> String {
    Seconds::from(seconds).time
}

fn interval(
    analysis: &Analysis,
    timed: &[Timed],
    every: Fraction,
) -> Result<Vec<(Timed, Why)>, ChooseError> {
    let base = analysis.timebase;
    let (first, last) = (timed[0].pts, timed[timed.len() - 1].pts);
    if every.num() <= 0 {
        return Err(ChooseError::Interval);
    }
    let mut chosen = Vec::new();
    for step in 0_i128.. {
        let at = every
            .checked_mul(Fraction::whole(step))
            .and_then(|after| after.checked_add(base.seconds(first)));
        let Some((at, ticks)) = at.and_then(|at| Some((at, base.ticks(at)?))) else { break };
        if ticks > last {
            break;
        }
        if chosen.len() == MOST {
            return Err(ChooseError::TooMany { most: MOST });
        }
        let shown_then = timed.partition_point(|one| one.pts <= ticks) - 1;
        chosen.push((timed[shown_then], Why::Interval { at: shown(at) }));
    }
    Ok(chosen)
}

fn by_shot(frames: &[Frame], timed: &[Timed], shots: &Shots, moment: Moment) -> Vec<(Timed, Why)> {
    let mut by_frame = timed.to_vec();
    by_frame.sort_by_key(|one| one.frame);
    let mut chosen = Vec::new();
    for (at, start) in shots.starts.iter().enumerate() {
        let end = shots.starts.get(at + 1).copied().unwrap_or(frames.len() as u64);
        let place = |frame: u64| by_frame.partition_point(|one| (one.frame as u64) < frame);
        let shot = &by_frame[place(*start)..place(end)];
        let one = match moment {
            Moment::First => shot.first(),
            Moment::Middle => shot.get(shot.len().saturating_sub(1) / 2),
            Moment::Sharpest => shot.iter().rev().max_by_key(|one| frames[one.frame].sharpness),
        };
        if let Some(one) = one {
            chosen.push((*one, Why::Shot { shot: at as u64 + 1, moment }));
        }
    }
    chosen
}

fn hand(
    analysis: &Analysis,
    timed: &[Timed],
    moments: &[Fraction],
) -> Result<Vec<(Timed, Why)>, ChooseError> {
    let seconds = |one: &Timed| analysis.timebase.seconds(one.pts);
    let (first, last) = (seconds(&timed[0]), seconds(&timed[timed.len() - 1]));
    let mut chosen = Vec::new();
    for &at in moments {
        let after = timed.partition_point(|one| seconds(one).cmp(&at).is_lt());
        let around = timed[after.saturating_sub(1)..].iter().take(2);
        let distance = |one: &Timed| {
            let gap = seconds(one) - at;
            if gap.num() < 0 { -gap } else { gap }
        };
        let near = around.min_by(|one, other| distance(one).cmp(&distance(other)));
        let near = near.filter(|one| {
            distance(one).cmp(&Fraction::whole(1)).is_le() || {
                // A long gap inside the video is no reason to refuse.
                at.cmp(&first).is_gt() && at.cmp(&last).is_lt()
            }
        });
        let Some(near) = near else {
            let (at, first, last) = (shown(at), shown(first), shown(last));
            return Err(ChooseError::Outside { at, first, last });
        };
        chosen.push((*near, Why::Hand { at: shown(at) }));
    }
    Ok(chosen)
}
