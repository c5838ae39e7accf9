//! The rate by which Label Studio counts the frames of a video: one for the whole of it. Serves
//! anno-3.1.3 and anno-3.5.

use annotation::{Dataset, EventRecord, MICROS, Time, Video, divided, micros_text};

/// Frames in a second, as numerator and denominator.
pub(super) type Rate = (u32, u32);

/// The usual rates, Label Studio's own first.
const USUAL: [Rate; 9] = [
    (24, 1),
    (25, 1),
    (30, 1),
    (50, 1),
    (60, 1),
    (24_000, 1_001),
    (30_000, 1_001),
    (60_000, 1_001),
    (100, 1),
];
/// Most frames in a second of a video that people label; a finer timebase is no rate.
const MOST: u32 = 240;
/// The last frame that is counted.
const LAST: i128 = u32::MAX as i128 - 2;

/// A rate as decimal text; neither zero nor beyond nine digits.
pub(super) fn parse(text: &str) -> Option<Rate> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let part = part.trim_end_matches('0');
    let digits = format!("{whole}{part}");
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= 9;
    let den = 10_u32.checked_pow(u32::try_from(part.len()).ok()?)?;
    let num = digits.parse::<u32>().ok().filter(|num| plain && *num > 0)?;
    Some((num, den))
}

/// A rate as decimal text with up to six places, as Label Studio reads it.
pub(super) fn text((num, den): Rate) -> String {
    let micros = divided(i128::from(num) * i128::from(MICROS), i128::from(den));
    micros_text(i64::try_from(micros).expect("a rate below 2^32 has fewer than 2^63 millionths"))
}

/// The frame that a moment begins, and whether it is exactly that.
pub(super) fn frame(time: Time, (num, den): Rate) -> (u32, bool) {
    let ticks = i128::from(time.pts) * i128::from(time.timebase.0);
    let whole = i128::from(time.timebase.1) * i128::from(den);
    let (frame, exact) = match ticks.checked_mul(i128::from(num)) {
        Some(parts) => (divided(parts, whole), parts % whole == 0),
        None => (if ticks < 0 { 0 } else { LAST }, false),
    };
    let within = frame.clamp(0, LAST);
    (u32::try_from(within).expect("clamped"), exact && within == frame)
}

/// The rates of the videos, in their order. Where boxes stand on frames it is how many frames
/// there are in how long a time; else one by which every event keeps its times: its own timebase
/// where that is a rate, that of the video, or a usual one.
pub(super) fn rates(dataset: &Dataset) -> Vec<Rate> {
    let mut events: Vec<Vec<&EventRecord>> = dataset.videos.iter().map(|_| Vec::new()).collect();
    for event in &dataset.events {
        if let Some(list) = events.get_mut(event.video as usize) {
            list.push(event);
        }
    }
    let mut boxed = vec![false; dataset.videos.len()];
    for (video, _) in dataset.images.iter().filter_map(|image| image.frame) {
        if let Some(boxed) = boxed.get_mut(video as usize) {
            *boxed = true;
        }
    }
    let each = dataset.videos.iter().zip(events).zip(boxed);
    each.map(|((video, events), boxed)| choose(video, &events, boxed)).collect()
}

fn choose(video: &Video, events: &[&EventRecord], boxed: bool) -> Rate {
    let own = rate_of(video);
    if let Some(own) = own.filter(|_| boxed) {
        return own;
    }
    let mut rates: Vec<Rate> = Vec::new();
    for (num, den) in events.iter().flat_map(|one| [one.start.timebase, one.end.timebase]) {
        let rate = sensible(u128::from(den), u128::from(num));
        rates.extend(rate.filter(|rate| !rates.contains(rate)));
    }
    rates.extend(own);
    rates.extend(USUAL);
    let exact = |rate: &&Rate| {
        let times = events.iter().flat_map(|one| [one.start, one.end]);
        times.into_iter().all(|time| frame(time, **rate).1)
    };
    rates.iter().find(exact).or(rates.first()).copied().unwrap_or((24, 1))
}

/// How many frames a video has in how long a time; a usual rate where that gives the same length to
/// the millisecond.
fn rate_of(video: &Video) -> Option<Rate> {
    let frames = u128::from(video.frames.filter(|frames| *frames > 0)?);
    let duration = video.duration.filter(|duration| duration.pts > 0)?;
    let ticks = u128::from(duration.pts.unsigned_abs()) * u128::from(duration.timebase.0);
    let base = u128::from(duration.timebase.1);
    let apart = |(num, den): &Rate| -> Option<(u128, Rate)> {
        let whole = u128::from(*num) * base;
        let counted = frames.checked_mul(u128::from(*den))?.checked_mul(base)?;
        let stated = ticks.checked_mul(u128::from(*num))?;
        let apart = counted.abs_diff(stated).checked_mul(1_000)?;
        // Of two that differ, `apart / whole` milliseconds each, in millionths of these.
        (apart <= whole).then(|| (apart.saturating_mul(1_000_000) / whole, (*num, *den)))
    };
    let usual = USUAL.iter().filter_map(apart).min().map(|(_, rate)| rate);
    let exact = || sensible(frames.checked_mul(base)?, ticks);
    let near = || {
        let millionths = frames.checked_mul(base)?.checked_mul(1_000_000)? / ticks;
        sensible(millionths, 1_000_000)
    };
    usual.or_else(exact).or_else(near)
}

/// A rate in lowest terms, from one frame to [`MOST`] in a second.
fn sensible(num: u128, den: u128) -> Option<Rate> {
    let (mut a, mut b) = (num, den);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let (num, den) = (num.checked_div(a)?, den.checked_div(a)?);
    let within = num >= den && num / u128::from(MOST) <= den;
    let rate = u32::try_from(num).ok().zip(u32::try_from(den).ok());
    rate.filter(|(num, den)| within && u64::from(*num) <= u64::from(MOST) * u64::from(*den))
}

#[cfg(test)]
mod tests {
    use annotation::{EventRecord, Time, Video};

    use super::{choose, frame, parse, rate_of, text};

    fn time(pts: i64, timebase: (u32, u32)) -> Time {
        Time { pts, timebase }
    }

    #[test]
    fn a_rate_is_written_as_it_is_read() {
        for (rate, want) in [
            ((25, 1), "25"),
            ((25, 2), "12.5"),
            ((30_000, 1_001), "29.97003"),
            ((24_000, 1_001), "23.976024"),
        ] {
            assert_eq!(text(rate), want);
        }
        assert_eq!(parse("29.970"), Some((2_997, 100)));
        for wrong in ["0", "", "-1", "1e3", "12.3456789012"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_moment_has_a_frame_or_the_nearest() {
        let ntsc = (30_000, 1_001);
        assert_eq!(frame(time(3_003, (1, 30_000)), ntsc), (3, true));
        assert_eq!(frame(time(3_600, (1, 30_000)), ntsc), (4, false));
        assert_eq!(frame(time(-1, (1, 25)), (25, 1)), (0, false));
        let last = u32::MAX - 2;
        assert_eq!(frame(time(i64::MAX, (u32::MAX, 1)), (u32::MAX, 1)), (last, false));
    }

    #[test]
    fn frames_over_time_are_a_usual_rate_where_they_can_be() {
        let check = |frames: u64, duration: Time, want: Option<(u32, u32)>| {
            let (frames, duration) = (Some(frames), Some(duration));
            let video = Video { frames, duration, ..Video::default() };
            assert_eq!(rate_of(&video), want, "{video:?}");
        };
        check(20, time(20_020, (1, 30_000)), Some((30_000, 1_001)));
        check(20, time(20, (1, 30)), Some((30, 1)));
        check(100, time(3_337, (1, 1_000)), Some((30_000, 1_001)));
        check(90, time(8, (1, 1)), Some((45, 4)));
        check(1, time(10, (1, 1)), None);
        check(0, time(10, (1, 1)), None);
        check(u64::MAX, time(i64::MAX, (1, 1)), Some((2, 1)));
    }

    #[test]
    fn events_keep_their_times_where_a_rate_does_that() {
        let event = |start: Time, end: Time| EventRecord {
            video: 0,
            class: 0,
            start,
            end,
            score: None,
            more: None,
        };
        let video = Video { frames: Some(50), duration: Some(time(2, (1, 1))), ..Video::default() };
        let check = |base: (u32, u32), ticks: i64, boxed: bool, want: (u32, u32)| {
            let one = event(time(0, base), time(ticks, base));
            assert_eq!(choose(&video, &[&one], boxed), want, "{base:?} {ticks}");
        };
        // The timebase itself, the video's rate, a usual one, and where none is exact the first.
        check((1_001, 30_000), 7, false, (30_000, 1_001));
        check((1, 90_000), 3_600, false, (25, 1));
        check((1, 90_000), 3_000, false, (30, 1));
        check((1, 90_000), 3_001, false, (25, 1));
        check((1_001, 30_000), 7, true, (25, 1));
        assert_eq!(choose(&Video::default(), &[], true), (24, 1));
    }
}
