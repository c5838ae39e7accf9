//! The sample: fixed by both seeds, blind to the order of the list, fair.

use annotation::{DrawError, check_commitment, commitment, draw_sample};
use proptest::prelude::*;

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("image_{number:04}")).collect()
}

#[test]
fn a_seed_fits_its_commitment_alone() {
    let seed = [7; 32];
    assert_eq!(check_commitment(&seed, &commitment(&seed)), Ok(()));
    let mut other = seed;
    other[31] ^= 1;
    assert_eq!(check_commitment(&other, &commitment(&seed)), Err(DrawError::NotCommitted));
}

#[test]
fn the_draw_is_the_same_on_every_machine() {
    let names = names(1_000);
    let items: Vec<&str> = names.iter().map(String::as_str).collect();
    let sample = draw_sample(&items, 5, &[1; 32], &[2; 32], "lot-1").expect("sample");
    assert_eq!(sample, ["image_0092", "image_0169", "image_0374", "image_0385", "image_0516"]);
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let twice = draw_sample(&["a", "b", "a"], 1, &[0; 32], &[0; 32], "");
    assert_eq!(twice, Err(DrawError::DuplicateId { id: "a".to_owned() }));
    let few = draw_sample(&["a"], 2, &[0; 32], &[0; 32], "");
    assert_eq!(few, Err(DrawError::LotTooSmall { have: 1, need: 2 }));
    assert_eq!(draw_sample(&[], 0, &[0; 32], &[0; 32], ""), Ok(vec![]));
}

#[test]
fn every_item_is_drawn_about_equally_often() {
    let names = names(10);
    let items: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut counts = std::collections::BTreeMap::new();
    for round in 0..2_000_u32 {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&round.to_le_bytes());
        for item in draw_sample(&items, 3, &seed, &[9; 32], "lot").expect("sample") {
            *counts.entry(item).or_insert(0_u32) += 1;
        }
    }
    // 600 expected with a standard deviation of 20; the seeds are fixed, so this never flickers.
    assert!(counts.len() == 10 && counts.values().all(|n| n.abs_diff(600) < 100), "{counts:?}");
}

proptest! {
    #[test]
    fn the_order_of_the_list_and_nothing_else_is_free(
        count in 1_usize..60, share in 0_usize..=100, seed in any::<[u8; 32]>(),
        order in any::<prop::sample::Index>(), lot in "[a-z]{0,5}"
    ) {
        let names = names(count);
        let mut items: Vec<&str> = names.iter().map(String::as_str).collect();
        let wanted = (count * share / 100) as u64;
        let sample = draw_sample(&items, wanted, &seed, &[3; 32], &lot).expect("sample");
        prop_assert_eq!(sample.len() as u64, wanted);
        prop_assert!(sample.windows(2).all(|pair| pair[0] < pair[1]));
        let middle = order.index(items.len());
        items.rotate_left(middle);
        items.reverse();
        prop_assert_eq!(draw_sample(&items, wanted, &seed, &[3; 32], &lot), Ok(sample));
    }
}
