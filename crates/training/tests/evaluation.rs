//! Figures on counts that were worked out by hand, and what a sample can decide.

use training::{Matrix, Verdict, Wanted, evaluate, gate, least_hits, mean, needed, slices};
use units::{Fraction, Percent, Ratio};

/// Rows that give each image a class with a certainty.
fn given(answers: &[(usize, f32)], classes: usize) -> Matrix {
    let mut values = Vec::new();
    for &(class, certainty) in answers {
        let rest = (1.0 - certainty) / (classes as f32 - 1.0);
        values.extend((0..classes).map(|at| if at == class { certainty } else { rest }));
    }
    Matrix { width: classes, values }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("c{at}")).collect()
}

fn percent(text: &str) -> Percent {
    text.parse().expect("a test makes what it needs")
}

#[test]
fn figures_follow_from_the_counts() {
    // Truth a a a b b c; given a a b b c c.
    let answers = [(0, 0.9), (0, 0.8), (1, 0.7), (1, 0.6), (2, 0.5), (2, 0.9)];
    let images: Vec<String> = (1..=6).map(|at| format!("{at}.png")).collect();
    let found = evaluate(&given(&answers, 3), &[0, 0, 0, 1, 1, 2], &images, &names(3));
    assert_eq!((found.hits, found.images), (4, 6));
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    close(found.figures.accuracy, 4.0 / 6.0);
    let f1: Vec<f64> = found.classes.iter().map(|class| class.f1).collect();
    close(f1[0], 0.8);
    close(f1[1], 0.5);
    close(f1[2], 2.0 / 3.0);
    close(found.figures.macro_f1, (0.8 + 0.5 + 2.0 / 3.0) / 3.0);
    close(found.figures.macro_recall, (2.0 / 3.0 + 0.5 + 1.0) / 3.0);
    close(found.figures.weighted_f1, (3.0 * 0.8 + 2.0 * 0.5 + 2.0 / 3.0) / 6.0);
    let misses: Vec<&str> = found.misses.iter().map(|miss| miss.image.as_str()).collect();
    assert_eq!(misses, ["3.png", "5.png"], "the surest first");
    assert_eq!(found.confusion.len(), 5);
    assert_eq!(found.top_hits, [4, 5, 6], "of two equal ones the first class is before");
    assert_eq!((found.among_first(1), found.among_first(5)), (4, 6), "of three classes each");
    close(found.figures.micro_f1, found.figures.accuracy);
}

#[test]
fn the_area_under_the_curve_counts_ties_half() {
    let scores = [0.9_f32, 0.4, 0.4, 0.1];
    let values = scores.iter().flat_map(|&score| [1.0 - score, score]).collect();
    let found = evaluate(&Matrix { width: 2, values }, &[1, 1, 0, 0], &[], &names(2));
    // Pairs: .9>.4, .9>.1, .4=.4, .4>.1.
    assert_eq!(found.classes[1].auroc, Some(3.5 / 4.0));
}

#[test]
fn a_class_without_images_has_no_part_in_the_means() {
    let found = evaluate(&given(&[(0, 0.9), (1, 0.9)], 3), &[0, 1], &[], &names(3));
    assert_eq!((found.figures.macro_f1, found.figures.macro_recall), (1.0, 1.0));
    assert_eq!(found.classes[2].auroc, None);
}

#[test]
fn nothing_judged_reaches_nothing() {
    let found = evaluate(&given(&[], 3), &[], &[], &names(3));
    assert_eq!((found.images, found.figures.accuracy, found.accuracy_interval), (0, 0.0, None));
    let gate = gate(&found, Wanted::Accuracy, percent("1%"));
    assert!(!gate.reached && gate.verdict.is_none());
}

#[test]
fn ninety_percent_cannot_be_decided_on_372_images() {
    let answers: Vec<(usize, f32)> = (0..372).map(|at| (usize::from(at >= 331), 0.9)).collect();
    let found = evaluate(&given(&answers, 2), &[0; 372], &[], &names(2));
    assert_eq!(found.hits, 331);
    let rows = [
        ("85%", true, Verdict::Met),
        ("90%", false, Verdict::Undecidable),
        ("95%", false, Verdict::NotMet),
    ];
    for (threshold, reached, verdict) in rows {
        let gate = gate(&found, Wanted::Accuracy, percent(threshold));
        assert_eq!((gate.reached, gate.verdict), (reached, Some(verdict)), "{threshold}");
    }
    let enough = needed(331, 372, percent("90%")).expect("a test makes what it needs");
    assert!((3_000..8_000).contains(&enough), "{enough}");
    assert_eq!(needed(9, 10, percent("90%")), None, "a share that equals it is never clear of it");
}

#[test]
fn means_over_classes_are_compared_without_rounding_up() {
    // Recalls 1/3 and 1: the mean is two thirds.
    let found = evaluate(
        &given(&[(0, 0.9), (1, 0.9), (1, 0.9), (1, 0.9)], 2),
        &[0, 0, 0, 1],
        &[],
        &names(2),
    );
    assert!(gate(&found, Wanted::MacroRecall, percent("66.6666%")).reached);
    assert!(!gate(&found, Wanted::MacroRecall, percent("66.6667%")).reached);
}

#[test]
fn an_interval_has_the_figure_within_and_is_the_same_each_time() {
    let truth: Vec<usize> = (0..90).map(|at| at % 3).collect();
    let answers: Vec<(usize, f32)> =
        (0..90).map(|at| (if at % 10 == 0 { (at + 1) % 3 } else { at % 3 }, 0.8)).collect();
    let run = || evaluate(&given(&answers, 3), &truth, &names(90), &names(3));
    let (found, again) = (run(), run());
    assert_eq!(found, again);
    let intervals = found.intervals.clone().expect("there are images");
    for (figure, (lower, upper)) in [
        (found.figures.macro_f1, intervals.macro_f1),
        (found.figures.macro_recall, intervals.macro_recall),
        (found.figures.macro_precision, intervals.macro_precision),
        (found.figures.micro_f1, intervals.micro_f1),
    ] {
        assert!(lower < figure && figure < upper, "{lower} {figure} {upper}");
    }
    // The bootstrap of a plain share comes near its Wilson interval.
    let (lower, upper) = found.accuracy_interval.expect("there are images");
    let near = |millionths: u64, share: f64| (millionths as f64 / 1e6 - share).abs() < 0.03;
    assert!(near(lower, intervals.micro_f1.0) && near(upper, intervals.micro_f1.1));
    assert_eq!(evaluate(&given(&[], 3), &[], &[], &names(3)).intervals, None);
}

#[test]
fn certainty_is_held_against_how_often_it_is_right() {
    let answers = [(0, 0.95), (0, 0.95), (1, 0.65), (1, 0.65)];
    let found = evaluate(&given(&answers, 2), &[0, 1, 1, 1], &names(4), &names(2));
    let bins: Vec<(u64, u64, u64)> = found
        .reliability
        .iter()
        .filter(|bin| bin.images > 0)
        .map(|bin| (bin.above, bin.images, bin.hits))
        .collect();
    assert_eq!(bins, [(6, 2, 2), (9, 2, 1)]);
    let gap = (0.95 - 0.5 + 1.0 - 0.65) / 2.0;
    assert!((found.calibration_error - gap).abs() < 1e-6, "{}", found.calibration_error);
}

#[test]
fn parts_are_measured_alone() {
    let answers = [(0, 0.9), (1, 0.9), (1, 0.9), (0, 0.9)];
    let values = ["dark", "dark", "bright", ""].map(|v| (!v.is_empty()).then(|| v.to_owned()));
    let parts = slices(&given(&answers, 2), &[0, 1, 0, 0], "light", &values);
    let counts: Vec<(&str, u64, u64)> =
        parts.iter().map(|part| (part.value.as_str(), part.images, part.hits)).collect();
    assert_eq!(counts, [("bright", 1, 0), ("dark", 2, 2)]);
    assert_eq!(parts[1].figures.macro_f1, 1.0);
}

#[test]
fn a_sample_says_how_many_must_be_right() {
    assert_eq!(least_hits(10, percent("90%")), None, "ten right of ten do not show it");
    for images in [40, 100, 372, 1_000] {
        let least = least_hits(images, percent("90%")).expect("there are enough");
        let run = |hits: u64| {
            let truth = vec![0; images as usize];
            let answers: Vec<(usize, f32)> =
                (0..images).map(|at| (usize::from(at >= hits), 0.9)).collect();
            let found = evaluate(&given(&answers, 2), &truth, &[], &names(2));
            gate(&found, Wanted::Accuracy, percent("90%")).verdict
        };
        assert_eq!(run(least), Some(Verdict::Met), "{least} of {images}");
        assert_eq!(run(least - 1), Some(Verdict::Undecidable), "{} of {images}", least - 1);
    }
}

#[test]
fn thirds_make_a_whole() {
    let thirds = [Ratio::new(1, 3), Ratio::new(2, 3), Ratio::new(3, 6)];
    assert_eq!(mean(&thirds), Some(Fraction::new(1, 2)));
    assert_eq!(mean(&[Ratio::new(1, 1), Ratio::new(0, 0)]), Some(Fraction::new(1, 2)));
    assert_eq!(mean(&[]), None);
}

#[test]
fn a_mean_that_128_bits_do_not_hold_is_rounded_down() {
    // The denominators are primes, so that no 128 bits hold the sum.
    let primes = [
        1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051, 1061, 1063, 1069, 1087, 1091, 1093,
        1097, 1103, 1109, 1117, 1123,
    ];
    let value = mean(&primes.map(|prime| Ratio::new(prime - 1, prime))).expect("a mean");
    let near = primes.iter().map(|&prime| 1.0 - 1.0 / prime as f64).sum::<f64>() / 20.0;
    assert_eq!(1_000_000_000_000_000_000 % value.den(), 0);
    let value = value.num() as f64 / value.den() as f64;
    assert!((value - near).abs() < 1e-15 && value < 1.0, "{value} {near}");
}
