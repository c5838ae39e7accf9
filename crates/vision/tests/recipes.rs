//! What a network is given of an image.

use media::Pixels;
use vision::{Filter, Fit, Recipe};

/// Left half red, right half blue; as wide as twice its height.
fn halves() -> Pixels {
    let (width, height) = (80_u32, 40_u32);
    let pixel = |at: u32| if at % width < width / 2 { [255, 0, 0] } else { [0, 0, 255] };
    Pixels { width, height, rgb: (0..width * height).flat_map(pixel).collect() }
}

fn recipe(fit: Fit) -> Recipe {
    Recipe { side: 16, fit, filter: Filter::Bilinear, mean: 127, scale: 128 }
}

#[test]
fn numbers_come_colour_by_colour_about_the_mean() {
    let numbers = recipe(Fit::Stretch).prepare(&halves()).expect("a test makes what it needs");
    assert_eq!(numbers.len(), 3 * 16 * 16);
    assert_eq!(numbers[0], 1.0, "red at the left: (255 - 127) / 128");
    assert_eq!(numbers[15], -127.0 / 128.0, "no red at the right");
    assert_eq!(numbers[2 * 256 + 15], 1.0, "blue at the right");
}

#[test]
fn bars_of_the_mean_stand_beside_what_is_padded() {
    let square = recipe(Fit::Pad).square(&halves()).expect("a test makes what it needs");
    assert_eq!(square[..3], [127, 127, 127], "the first row is a bar");
    assert_eq!(square[3 * 16 * 4..][..3], [255, 0, 0], "the picture begins at a quarter");
    assert_eq!(square[3 * (16 * 12) - 3..][..3], [0, 0, 255]);
    assert_eq!(square[3 * 16 * 12..][..3], [127, 127, 127]);
}

#[test]
fn the_middle_leaves_both_ends_out() {
    let mut ends = halves();
    for (at, pixel) in ends.rgb.chunks_exact_mut(3).enumerate() {
        if !(20..60).contains(&(at % 80)) {
            pixel.fill(9);
        }
    }
    let square =
        recipe(Fit::Centre { margin: 2 }).square(&ends).expect("a test makes what it needs");
    assert!(!square.contains(&9), "nothing of the ends is seen");
}

#[test]
fn another_recipe_has_another_digest() {
    let one = recipe(Fit::Stretch);
    let digests = [
        one.digest(),
        recipe(Fit::Pad).digest(),
        recipe(Fit::Centre { margin: 2 }).digest(),
        Recipe { filter: Filter::Bicubic, ..one.clone() }.digest(),
        Recipe { mean: 126, ..one.clone() }.digest(),
    ];
    let different: std::collections::BTreeSet<&String> = digests.iter().collect();
    assert_eq!(different.len(), digests.len());
    assert_eq!(one.digest(), recipe(Fit::Stretch).digest());
}

#[test]
fn a_recipe_that_makes_nothing_is_refused() {
    for (side, scale) in [(0, 128), (5000, 128), (16, 0)] {
        let recipe = Recipe { side, scale, ..recipe(Fit::Stretch) };
        assert!(recipe.prepare(&halves()).is_err(), "{side} {scale}");
    }
}

#[test]
fn an_image_of_one_pixel_is_seen_in_every_fit() {
    let dot = Pixels { width: 1, height: 1, rgb: vec![200, 10, 30] };
    for fit in [Fit::Stretch, Fit::Pad, Fit::Centre { margin: 32 }] {
        let square = recipe(fit).square(&dot).expect("a test makes what it needs");
        assert!(square.chunks_exact(3).all(|pixel| pixel == [200, 10, 30]), "{fit:?}");
    }
    let line = Pixels { width: 400, height: 1, rgb: vec![77; 1200] };
    assert_eq!(recipe(Fit::Pad).square(&line).expect("a test makes what it needs").len(), 3 * 256);
}
