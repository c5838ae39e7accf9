//! When a message that did not arrive is tried again, and when it is given up.

use core::time::Duration;

use sha2::{Digest, Sha256};

/// The waits between attempts, in seconds. One attempt more than waits, over about two days.
const WAITS: [u64; 9] = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 86_400];

/// The most attempts of one message.
pub const ATTEMPTS: u32 = 10;

/// The longest wait that a receiver may ask for.
const LONGEST: Duration = Duration::from_secs(86_400);

/// An endpoint at which nothing arrived for so long is switched off.
pub const DISABLED_AFTER: Duration = Duration::from_secs(5 * 86_400);

/// What the answer of a receiver means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived.
    Delivered,
    /// It did not; the receiver may have asked to wait.
    Failed {
        /// The asked wait.
        wait: Option<Duration>,
    },
    /// The receiver wants no more messages (410).
    Gone,
}

/// What a status means. `retry_after` is the header's text; only whole seconds are understood.
#[must_use]
pub fn outcome(status: u16, retry_after: Option<&str>) -> Outcome {
    match status {
        200..=299 => Outcome::Delivered,
        410 => Outcome::Gone,
        429 | 503 => {
            let seconds = retry_after.and_then(|text| text.trim().parse().ok());
            Outcome::Failed { wait: seconds.map(Duration::from_secs) }
        }
        _ => Outcome::Failed { wait: None },
    }
}

/// The wait after so many attempts, at least 1; `None` when it is given up. Up to a fifth longer by
/// a jitter that follows from the message, so that messages that failed together do not return
/// together.
#[must_use]
pub fn wait(attempts: u32, message: &str, asked: Option<Duration>) -> Option<Duration> {
    if attempts >= ATTEMPTS {
        return None;
    }
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let base = Duration::from_secs(*WAITS.get(index)?).max(asked.unwrap_or_default().min(LONGEST));
    let dice = Sha256::digest(format!("{message}\n{attempts}"));
    Some(base + base * u32::from(dice[0]) / (5 * 255))
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS, LONGEST, Outcome, outcome, wait};
    use core::time::Duration;

    #[test]
    fn waits_grow_from_seconds_to_a_day_with_a_jitter_and_end_after_ten_attempts() {
        let mut before = Duration::ZERO;
        for attempts in 1..ATTEMPTS {
            let one = wait(attempts, "msg_1", None).unwrap();
            assert!(one > before, "{attempts}: {one:?} after {before:?}");
            before = one;
        }
        assert!(before >= LONGEST && before <= LONGEST * 6 / 5);
        assert_eq!(wait(ATTEMPTS, "msg_1", None), None);
        assert_eq!(wait(ATTEMPTS + 1, "msg_1", None), None);
        let first: Vec<_> = (0..40).filter_map(|n| wait(1, &format!("m{n}"), None)).collect();
        let within = |one: &Duration| *one >= Duration::from_secs(5) && one.as_secs() <= 6;
        assert!(first.iter().all(within));
        assert!(first.iter().any(|one| *one != first[0]), "no jitter");
    }

    #[test]
    fn a_receiver_may_ask_for_a_longer_wait_up_to_a_day() {
        let asked = |seconds| wait(1, "m", Some(Duration::from_secs(seconds))).unwrap();
        assert!(asked(1) < Duration::from_secs(10));
        assert!(asked(3_600) >= Duration::from_secs(3_600));
        assert!(asked(u64::MAX) <= LONGEST * 6 / 5);
    }

    #[test]
    fn a_status_says_what_becomes_of_a_message() {
        let check = |status, header, expected| assert_eq!(outcome(status, header), expected);
        let failed = Outcome::Failed { wait: None };
        for (status, header, expected) in [
            (200, None, Outcome::Delivered),
            (204, None, Outcome::Delivered),
            (301, None, failed),
            (302, Some("5"), failed),
            (400, None, failed),
            (410, None, Outcome::Gone),
            (429, None, failed),
            (429, Some("7"), Outcome::Failed { wait: Some(Duration::from_secs(7)) }),
            (503, Some(" 7 "), Outcome::Failed { wait: Some(Duration::from_secs(7)) }),
            (503, Some("Wed, 21 Oct 2026 07:28:00 GMT"), failed),
            (503, Some("-1"), failed),
            (500, None, failed),
            (101, None, failed),
        ] {
            check(status, header, expected);
        }
    }
}
