//! Sets of time against a naive set of seconds.

use alloc::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn set(bounds: &[(i64, i64)]) -> Stretches {
    Stretches::merged(bounds.to_vec())
}

fn instants(stretches: &Stretches) -> BTreeSet<i64> {
    stretches.0.iter().flat_map(|&(from, to)| from..to).collect()
}

fn bounds() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((-30_i64..30, 0_i64..12).prop_map(|(from, len)| (from, from + len)), 0..6)
}

proptest! {
    #[test]
    fn sets_of_time_agree_with_sets_of_instants(left in bounds(), right in bounds(), n in 0_i64..40) {
        let (a, b) = (set(&left), set(&right));
        let (x, y) = (instants(&a), instants(&b));
        prop_assert_eq!(instants(&a.join(&b)), &x | &y);
        prop_assert_eq!(instants(&a.common(&b)), &x & &y);
        prop_assert_eq!(instants(&a.without(&b)), &x - &y);
        let first: BTreeSet<i64> = x.iter().copied().take(usize::try_from(n).unwrap()).collect();
        prop_assert_eq!(instants(&a.earliest(n)), first);
        let whole = |at: &i64| (0..5).all(|i| x.contains(&(at - at.rem_euclid(5) + i)));
        let touched = |at: i64| (0..5).any(|i| x.contains(&(at - at.rem_euclid(5) + i)));
        let inner: BTreeSet<i64> = x.iter().copied().filter(whole).collect();
        prop_assert_eq!(instants(&a.shrunk(5)), inner);
        prop_assert_eq!(
            instants(&a.grown(5)),
            (-60..60).filter(|at| touched(*at)).collect::<BTreeSet<_>>()
        );
    }

    #[test]
    fn results_stay_in_their_shortest_form(left in bounds(), right in bounds()) {
        let (a, b) = (set(&left), set(&right));
        for made in [a.join(&b), a.common(&b), a.without(&b), a.shrunk(3), a.grown(3)] {
            prop_assert_eq!(&Stretches::merged(made.0.clone()), &made);
            prop_assert!(made.0.iter().all(|(from, to)| from < to));
        }
    }
}

#[test]
fn the_ends_of_time_do_not_overflow() {
    let all = set(&[(i64::MIN, i64::MAX)]);
    assert_eq!(all.at_least(1), all);
    assert_eq!(all.shrunk(60).without(&all), set(&[]));
    assert_eq!(all.grown(60).without(&all), set(&[]));
}
