//! Roll-ups: one row for each case, laws, and naive counts beside them.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use contract::terms::{Graduated, Price, Tier};
use proptest::prelude::*;
use units::{Currency, Decimal, RoundingMode};

use super::{
    Admitted, Columns, IdConflict, IdSet, Partition, Rollup, RollupError, Shape, TierTable,
};
use crate::rate::rate;

const SHAPE: Shape = Shape { customers: 3, meters: 2, hours: 5 };

/// An event: id, customer, meter, hour, quantity.
type Event = (u64, u32, u32, u32, u64);

#[derive(Default)]
struct Batch {
    ids: Vec<u64>,
    customers: Vec<u32>,
    meters: Vec<u32>,
    hours: Vec<u32>,
    quantities: Vec<u64>,
}

impl Batch {
    fn of(events: &[Event]) -> Self {
        let mut batch = Self::default();
        for (id, customer, meter, hour, quantity) in events {
            batch.ids.push(*id);
            batch.customers.push(*customer);
            batch.meters.push(*meter);
            batch.hours.push(*hour);
            batch.quantities.push(*quantity);
        }
        batch
    }

    fn columns(&self) -> Columns<'_> {
        Columns {
            customers: &self.customers,
            meters: &self.meters,
            hours: &self.hours,
            quantities: &self.quantities,
        }
    }
}

fn empty() -> Rollup {
    Rollup::new(SHAPE).expect("a small shape")
}

/// Sums of events without repeated ids, batch by batch, by one or several workers.
fn rolled_up(events: &[Event], batch: usize, workers: u32) -> (Rollup, Vec<IdConflict<u64>>, u64) {
    let mut all = empty();
    let (mut conflicts, mut repeated) = (Vec::new(), 0);
    for index in 0..workers {
        let mut ids = IdSet::new(Partition { index, of: workers });
        let mut part = empty();
        let mut admitted = Admitted::default();
        for events in events.chunks(batch.max(1)) {
            let batch = Batch::of(events);
            ids.admit(&batch.ids, &batch.columns(), &mut admitted).expect("columns fit");
            part.add_new(&batch.columns(), &admitted.new).expect("inside the shape");
        }
        all.merge(&part).expect("one shape");
        conflicts.extend(admitted.conflicts);
        repeated += admitted.repeated;
    }
    conflicts.sort();
    (all, conflicts, repeated)
}

/// The same with a map from id to its first record.
fn naive(events: &[Event]) -> (Rollup, Vec<IdConflict<u64>>, u64) {
    let mut first: BTreeMap<u64, Event> = BTreeMap::new();
    let mut all = empty();
    let (mut conflicts, mut repeated) = (Vec::new(), 0);
    for (index, event) in (0..).zip(events) {
        match first.get(&event.0) {
            None => {
                first.insert(event.0, *event);
                all.add(&Batch::of(&[*event]).columns()).expect("inside the shape");
            }
            Some(known) if known == event => repeated += 1,
            Some(_) => conflicts.push(IdConflict { index, id: event.0 }),
        }
    }
    (all, conflicts, repeated)
}

#[test]
fn the_record_with_the_lowest_place_in_the_log_wins() {
    let events = [
        (7, 0, 0, 0, 10),
        (8, 0, 0, 1, 5),
        (7, 0, 0, 0, 10),
        (7, 0, 0, 0, 11),
        (0, 2, 1, 4, 1),
        (8, 1, 0, 1, 5),
    ];
    let (rollup, conflicts, repeated) = rolled_up(&events, 4, 1);
    assert_eq!(rollup.hours(0, 0), Some([10, 5, 0, 0, 0].as_slice()));
    assert_eq!(rollup.hours(2, 1), Some([0, 0, 0, 0, 1].as_slice()));
    assert_eq!(rollup.hours(3, 0), None);
    assert_eq!((rollup.records(), repeated), (3, 1));
    assert_eq!(conflicts, [IdConflict { index: 3, id: 7 }, IdConflict { index: 5, id: 8 }]);
}

#[test]
fn what_does_not_fit_is_refused_whole() {
    let mut rollup = empty();
    let outside = Batch::of(&[(1, 0, 0, 0, 1), (2, 3, 0, 0, 1)]);
    assert_eq!(rollup.add(&outside.columns()), Err(RollupError::OutOfShape));
    let mut ragged = Batch::of(&[(1, 0, 0, 0, 1)]);
    ragged.hours.clear();
    assert_eq!(rollup.add(&ragged.columns()), Err(RollupError::Ragged));
    assert_eq!(rollup, empty());
    let one = Batch::of(&[(1, 0, 0, 0, u64::MAX)]);
    assert_eq!(rollup.add_new(&one.columns(), &[true, true]), Err(RollupError::Ragged));
    rollup.add(&one.columns()).expect("in range");
    assert_eq!(rollup.add(&one.columns()), Err(RollupError::Overflow));
    let huge = Shape { customers: u32::MAX, meters: u32::MAX, hours: 1 };
    let limit = Rollup::MAX_CELLS;
    assert_eq!(Rollup::new(huge).err(), Some(RollupError::TooLarge { limit }));
    let other = Rollup::new(Shape { hours: 6, ..SHAPE }).expect("a small shape");
    assert_eq!(empty().merge(&other), Err(RollupError::ShapeMismatch));
}

fn tiers() -> Graduated {
    let tier = |up_to, price: i128, flat| Tier { up_to, price: Decimal::new(price, 3), flat };
    Graduated {
        tiers: alloc::vec![
            tier(Some(10), 100, None),
            tier(Some(50), 80, Some(Decimal::new(5, 1))),
            tier(None, 55, None),
        ],
    }
}

#[test]
fn tables_of_tiers_need_one_for_each_meter_and_enough_places() {
    let table = TierTable::new(&tiers(), 6).expect("six places are enough");
    assert_eq!(empty().graduated(&[table]), Err(RollupError::Tables));
    assert_eq!(TierTable::new(&tiers(), 2), Err(RollupError::Scale));
}

#[test]
fn ids_of_128_bits_are_told_apart_in_either_half() {
    let mut ids = IdSet::new(Partition::WHOLE);
    let batch = Batch::of(&[(0, 0, 0, 0, 1); 4]);
    let names = [1_u128, 1 << 64, 1 | 1 << 64, 1];
    let mut admitted = Admitted::default();
    ids.admit(&names, &batch.columns(), &mut admitted).expect("columns fit");
    assert_eq!(admitted.new, [true, true, true, false]);
    assert_eq!((admitted.repeated, ids.len()), (1, 3));
}

fn any_events() -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec((0_u64..40, 0_u32..3, 0_u32..2, 0_u32..5, 0_u64..4), 0..120)
}

proptest! {
    #[test]
    fn any_log_agrees_with_a_map(events in any_events(), batch in 1_usize..50, workers in 1_u32..4) {
        prop_assert_eq!(rolled_up(&events, batch, workers), naive(&events));
    }

    #[test]
    fn sums_of_parts_merge(events in any_events(), cut in 0_usize..120) {
        let (left, right) = events.split_at(cut.min(events.len()));
        let sum = |events: &[Event]| {
            let mut rollup = empty();
            rollup.add(&Batch::of(events).columns()).expect("inside the shape");
            rollup
        };
        let mut merged = sum(right);
        merged.merge(&sum(left)).expect("one shape");
        prop_assert_eq!(merged, sum(&events));
    }

    #[test]
    fn prices_agree_with_rating(events in any_events()) {
        let (rollup, _, _) = naive(&events);
        let table = TierTable::new(&tiers(), 6).expect("six places are enough");
        let tables = [table.clone(), table];
        let price = Price::Graduated(tiers());
        let rated = |units: u64| {
            let rated = rate(&price, units, 0, "unit", Currency::Cny).expect("in range");
            rated.exact.scaled(6, RoundingMode::HalfUp)
        };
        let by_hour = rollup.graduated_hourly(&tables).expect("in range");
        let by_total = rollup.graduated(&tables).expect("in range");
        for customer in 0..3_u32 {
            let meters = (0..2).map(|meter| rollup.hours(customer, meter).expect("inside"));
            let (mut hourly, mut total) = (0, 0);
            for hours in meters {
                hourly += hours.iter().map(|units| rated(*units)).sum::<i128>();
                total += rated(hours.iter().sum());
            }
            prop_assert_eq!(by_hour[customer as usize], hourly);
            prop_assert_eq!(by_total[customer as usize], total);
        }
    }

    #[test]
    fn a_table_continues_where_it_stopped(parts in proptest::collection::vec(0_u64..40, 0..6)) {
        let table = TierTable::new(&tiers(), 6).expect("six places are enough");
        let (mut already, mut sum) = (0, 0);
        for part in parts {
            sum += table.amount(already, already + part).expect("in range");
            already += part;
        }
        prop_assert_eq!(sum, table.amount(0, already).expect("in range"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn many_ids_agree_with_a_map(count in 1_u64..20_000, step in 1_u64..1_000_000_007) {
        let events: Vec<Event> = (0..count)
            .map(|number| (number.wrapping_mul(step) % 15_013, 0, 0, 0, 1))
            .collect();
        prop_assert_eq!(rolled_up(&events, 4_096, 1), naive(&events));
    }
}
