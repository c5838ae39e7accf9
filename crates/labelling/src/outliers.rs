//! What lies far from the usual: the fences about a list of measures, and people whose pace is far
//! from the others'. Serves anno-3.6. Exact: integers alone decide. Knows no item and no class;
//! that something is unusual proves no mistake.

/// The least measures from which fences are made.
pub const FENCED: usize = 20;
/// The least people whose paces are compared.
pub const PACED: usize = 3;
/// The least items that a person handed in whose pace counts.
pub const PACED_ITEMS: u64 = 10;
/// How many times as fast or as slow as the middle one is far from it.
const FAR: u64 = 3;
/// The largest measure that is told apart from larger ones: its cube fits 128 bits.
const LARGEST: u64 = 1_000_000_000_000;

/// Between which measures the usual ones lie, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fences {
    /// Below this is unusual.
    pub low: u64,
    /// Above this is unusual.
    pub high: u64,
}

impl Fences {
    /// The fences of some measures, each at least 1; `None` below [`FENCED`] of them. With the
    /// quartiles `q1` and `q3` (by nearest rank) they stand at `q1 / r^2` and `q3 * r^2`, where `r`
    /// is `q3 / q1`, and no nearer than `q1 / 2` and `q3 * 2`: Tukey's rule on logarithms.
    #[must_use]
    pub fn of(mut measures: Vec<u64>) -> Option<Self> {
        let count = measures.len();
        if count < FENCED {
            return None;
        }
        measures.sort_unstable();
        let at = |rank: usize| measures.get(rank.saturating_sub(1)).copied();
        let clamp = |measure: u64| u128::from(measure.clamp(1, LARGEST));
        let (q1, q3) = (clamp(at(count.div_ceil(4))?), clamp(at((3 * count).div_ceil(4))?));
        let high = (q3 * q3 * q3 / (q1 * q1)).max(q3 * 2);
        let low = (q1 * q1 * q1).div_ceil(q3 * q3).min(q1.div_ceil(2));
        let whole = |measure: u128| u64::try_from(measure).unwrap_or(u64::MAX);
        Some(Self { low: whole(low), high: whole(high) })
    }

    /// Whether a measure is unusual, and on which side.
    #[must_use]
    pub const fn beyond(self, measure: u64) -> Option<Beyond> {
        if measure < self.low {
            Some(Beyond::Below)
        } else if measure > self.high {
            Some(Beyond::Above)
        } else {
            None
        }
    }
}

/// On which side of the usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// Smaller, or faster.
    Below,
    /// Larger, or slower.
    Above,
}

/// How fast somebody labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandPace {
    /// Seconds of labelling.
    pub seconds: u64,
    /// Items handed in for the first time.
    pub items: u64,
    /// Labels that stood in them.
    pub labels: u64,
}

impl HandPace {
    /// Milliseconds for a label, rounded down; `None` where too little was handed in.
    #[must_use]
    pub const fn per_label(&self) -> Option<u64> {
        if self.items < PACED_ITEMS || self.labels == 0 {
            return None;
        }
        Some(self.seconds.saturating_mul(1_000) / self.labels)
    }
}

/// The middle pace of some people, in milliseconds for a label (of an even number the lower one of
/// the two); `None` below [`PACED`] people whose pace counts.
#[must_use]
pub fn middle_pace(paces: &[HandPace]) -> Option<u64> {
    let mut each: Vec<u64> = paces.iter().filter_map(HandPace::per_label).collect();
    if each.len() < PACED {
        return None;
    }
    each.sort_unstable();
    each.get((each.len() - 1) / 2).copied()
}

/// Whether a pace is less than a third, or more than three times, of the middle one.
#[must_use]
pub const fn far(pace: u64, middle: u64) -> Option<Beyond> {
    if pace.saturating_mul(FAR) < middle {
        Some(Beyond::Below)
    } else if pace > middle.saturating_mul(FAR) {
        Some(Beyond::Above)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_stand_far_from_the_quartiles_and_need_enough_measures() {
        #[track_caller]
        fn check(measures: Vec<u64>, want: Option<(u64, u64)>) {
            let have = Fences::of(measures).map(|fences| (fences.low, fences.high));
            assert_eq!(have, want);
        }
        check(vec![100; 19], None);
        // Of equal measures the fences stand at half and at twice.
        check(vec![100; 20], Some((50, 200)));
        // q1 = 5, q3 = 15: 5^3 / 15^2 = 0.55 and 15^3 / 5^2 = 135.
        check((1..=20).collect(), Some((1, 135)));
        // q1 = 105, q3 = 115: the least distance holds.
        check((101..=120).collect(), Some((53, 230)));
        check(vec![0; 20], Some((1, 2)));
        check(vec![u64::MAX; 20], Some((500_000_000_000, 2_000_000_000_000)));
        let some = Fences { low: 53, high: 230 };
        let sides = [52, 53, 230, 231].map(|measure| some.beyond(measure));
        assert_eq!(sides, [Some(Beyond::Below), None, None, Some(Beyond::Above)]);
    }

    #[test]
    fn a_pace_is_far_from_the_middle_one_beyond_three_times() {
        let hand = |seconds, items, labels| HandPace { seconds, items, labels };
        let few = [hand(10, 10, 10), hand(10, 10, 10), hand(10, 9, 10)];
        assert_eq!(middle_pace(&few), None, "the third handed in too little");
        let all = [hand(100, 10, 10), hand(20, 10, 20), hand(31, 10, 10), hand(30, 10, 10)];
        assert_eq!(middle_pace(&all), Some(3_000));
        #[track_caller]
        fn check(pace: u64, want: Option<Beyond>) {
            assert_eq!(far(pace, 3_000), want, "{pace}");
        }
        check(999, Some(Beyond::Below));
        check(1_000, None);
        check(9_000, None);
        check(9_001, Some(Beyond::Above));
    }
}
