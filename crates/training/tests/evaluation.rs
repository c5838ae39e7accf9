//! Figures on counts that were worked out by hand, and what a sample can decide.

use training::{Matrix, Verdict, Wanted, evaluate, gate, needed};
use units::Percent;

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
    close(found.accuracy, 4.0 / 6.0);
    let f1: Vec<f64> = found.classes.iter().map(|class| class.f1).collect();
    close(f1[0], 0.8);
    close(f1[1], 0.5);
    close(f1[2], 2.0 / 3.0);
    close(found.macro_f1, (0.8 + 0.5 + 2.0 / 3.0) / 3.0);
    close(found.macro_recall, (2.0 / 3.0 + 0.5 + 1.0) / 3.0);
    close(found.weighted_f1, (3.0 * 0.8 + 2.0 * 0.5 + 2.0 / 3.0) / 6.0);
    let misses: Vec<&str> = found.misses.iter().map(|miss| miss.image.as_str()).collect();
    assert_eq!(misses, ["3.png", "5.png"], "the surest first");
    assert_eq!(found.confusion.len(), 5);
    assert_eq!(found.top5_hits, 6, "of three classes each is among the first five");
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
    assert_eq!((found.macro_f1, found.macro_recall), (1.0, 1.0));
    assert_eq!(found.classes[2].auroc, None);
}

#[test]
fn nothing_judged_reaches_nothing() {
    let found = evaluate(&given(&[], 3), &[], &[], &names(3));
    assert_eq!((found.images, found.accuracy, found.accuracy_interval), (0, 0.0, None));
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
