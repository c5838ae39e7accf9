//! Whole lives of agreements from seeds: random terms of the four kinds, two parties that act
//! sensibly and senselessly, sources that drop, double, delay and reorder, clocks that jump both
//! ways, restarts, and two desks at once on one journal. What must hold is checked after each step,
//! and the money of three kinds against plain integer arithmetic over what really happened.
//!
//! `TALLYSTICK_SEED` is the first seed and `TALLYSTICK_SEEDS` how many; a single one is told
//! step by step. The same seed gives the same life on every machine.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends where something is not as it must be, and says what it saw"
)]

mod acts;
mod checks;
mod life;
mod memory;
mod money;
mod nonsense;
mod oracle;
mod services;
mod terms;
mod work;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use life::{Life, Lived};

/// How many lives pass at once.
const THREADS: usize = 2;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn simulation_holds_for_every_seed() {
    let (first, count) = (number("TALLYSTICK_SEED", 1), number("TALLYSTICK_SEEDS", 50));
    let tell = count == 1;
    let next = AtomicU64::new(first);
    let total = Mutex::new(Lived::default());
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        break;
                    }
                    match one(seed, tell) {
                        Ok(lived) => total.lock().unwrap().add(&lived),
                        Err(story) => failed.lock().unwrap().push((seed, story)),
                    }
                }
            });
        }
    });
    let total = total.into_inner().unwrap();
    println!("{count} lives from seed {first}: {total:?}");
    let mut failed = failed.into_inner().unwrap();
    failed.sort_unstable();
    for (place, (seed, (story, why))) in failed.iter().enumerate() {
        if place < 3 {
            println!("{story}");
        }
        println!("seed {seed}: {why}\ncargo xtask simulate --seed {seed}\n");
    }
    let seeds: Vec<u64> = failed.iter().map(|(seed, _)| *seed).collect();
    assert!(seeds.is_empty(), "{} of {count} lives failed: {seeds:?}", seeds.len());
    if count >= 50 {
        assert!(total.compared > 0 && total.refused > 0 && total.ended > 0, "{total:?}");
    }
}

/// Lives one seed; where something does not hold, what happened before it and why.
fn one(seed: u64, tell: bool) -> Result<Lived, (String, String)> {
    let mut life = Life::new(seed);
    let outcome = catch_unwind(AssertUnwindSafe(|| crate::crash::block_on(life.live())));
    if tell {
        println!("{}", life.story(usize::MAX));
    }
    outcome.map(|()| life.lived.clone()).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        (life.story(12), text.unwrap_or_default())
    })
}
