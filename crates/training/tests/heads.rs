//! Heads learned from made embeddings: they learn, they are the same each time, they refuse
//! nonsense.

use training::{
    FitError, Hidden, Matrix, Settings, average_views, doubtful, evaluate, fit, probabilities,
    search,
};

use crate::support::Dice;

/// Points about a centre for each class: `spread` is how far they lie about it.
fn clouds(count: usize, classes: usize, spread: f32, seed: u64) -> (Matrix, Vec<usize>) {
    let (mut dice, width) = (Dice::new(seed), 8);
    let mut rows = Matrix { width, values: Vec::new() };
    let mut labels = Vec::new();
    for at in 0..count {
        let class = at % classes;
        labels.push(class);
        for place in 0..width {
            let centre = if place % classes == class { 3.0 } else { 0.0 };
            let noise: f32 = (0..6).map(|_| dice.next() - 0.5).sum();
            rows.values.push(100.0 + centre + noise * spread);
        }
    }
    (rows, labels)
}

fn hits(head: &onnx::Head, rows: &Matrix, labels: &[usize]) -> u64 {
    let classes: Vec<String> = (0..4).map(|class| class.to_string()).collect();
    evaluate(&probabilities(head, rows), labels, &[], &classes).hits
}

fn settings(hidden: Hidden) -> Settings {
    Settings { hidden, epochs: 30, decay: 0.01, ..Settings::default() }
}

#[test]
fn a_head_learns_what_can_be_learned_and_reads_plain_embeddings() {
    let ((rows, labels), (others, truth)) = (clouds(400, 4, 0.8, 1), clouds(200, 4, 0.8, 2));
    for hidden in [Hidden::None, Hidden::Of(16)] {
        let trained = fit(&rows, &labels, None, 1, 4, &settings(hidden), |_| true)
            .expect("a test makes what it needs");
        let right = hits(&trained.head, &others, &truth);
        assert!(right >= 180, "{hidden:?}: {right} of 200");
        let (first, last) = (trained.curve[0].loss, trained.curve[29].loss);
        assert!(last < first, "{hidden:?}: {first} to {last}");
    }
}

#[test]
fn the_same_seed_gives_the_same_weights_and_another_gives_others() {
    let (rows, labels) = clouds(200, 4, 1.5, 1);
    let weights = |seed| {
        let settings = Settings { seed, dropout: 0.2, ..settings(Hidden::Of(8)) };
        fit(&rows, &labels, None, 1, 4, &settings, |_| true)
            .expect("a test makes what it needs")
            .head
    };
    assert_eq!(weights(7), weights(7));
    assert_ne!(weights(7), weights(8));
}

#[test]
fn patience_ends_it_and_keeps_the_best() {
    let ((rows, labels), (others, truth)) = (clouds(60, 4, 4.0, 1), clouds(200, 4, 4.0, 2));
    let settings =
        Settings { epochs: 400, patience: 5, decay: 0.0, rate: 0.02, ..settings(Hidden::Of(32)) };
    let judged = Some((&others, truth.as_slice()));
    let trained =
        fit(&rows, &labels, judged, 1, 4, &settings, |_| true).expect("a test makes what it needs");
    assert!(trained.curve.len() < 400, "it ended after {} epochs", trained.curve.len());
    assert_eq!(trained.curve.len(), trained.best + 5);
    let least = trained
        .curve
        .iter()
        .map(|one| one.validation_loss.expect("a test makes what it needs"))
        .fold(f32::MAX, f32::min);
    assert_eq!(trained.curve[trained.best - 1].validation_loss, Some(least));
}

#[test]
fn who_listens_can_stop_it() {
    let (rows, labels) = clouds(100, 4, 1.0, 1);
    let trained = fit(&rows, &labels, None, 1, 4, &settings(Hidden::None), |told| told.epoch < 3)
        .expect("a test makes what it needs");
    assert_eq!(trained.curve.len(), 3);
}

#[test]
fn balance_finds_more_of_a_rare_class() {
    let (rows, labels) = clouds(400, 2, 7.0, 1);
    // Of the second class every tenth is kept.
    let kept: Vec<usize> = (0..400).filter(|at| at % 2 == 0 || at % 20 == 1).collect();
    let (few, classes) = (rows.pick(&kept), kept.iter().map(|&at| labels[at]).collect::<Vec<_>>());
    let (others, truth) = clouds(400, 2, 7.0, 2);
    let names = ["often".to_owned(), "rare".to_owned()];
    let recall = |balance| {
        let settings = Settings { balance, ..settings(Hidden::None) };
        let trained = fit(&few, &classes, None, 1, 2, &settings, |_| true)
            .expect("a test makes what it needs");
        evaluate(&probabilities(&trained.head, &others), &truth, &[], &names).classes[1].recall
    };
    assert!(recall(true) > recall(false), "{} {}", recall(true), recall(false));
}

#[test]
fn views_are_learned_one_by_one_and_judged_together() {
    let (rows, labels) = clouds(200, 4, 1.0, 1);
    let doubled: Vec<usize> = (0..200).flat_map(|at| [at, at]).collect();
    let twice = rows.pick(&doubled);
    let trained = fit(&twice, &labels, None, 2, 4, &settings(Hidden::None), |_| true)
        .expect("a test makes what it needs");
    let given = average_views(&probabilities(&trained.head, &twice), 2);
    assert_eq!(given.rows(), 200);
    let single = probabilities(&trained.head, &rows);
    assert!(given.values.iter().zip(&single.values).all(|(a, b)| (a - b).abs() < 1e-6));
}

#[test]
fn search_judges_every_image_by_a_head_that_did_not_see_it() {
    let (rows, mut labels) = clouds(300, 3, 1.5, 1);
    let candidates = [0.001, 500.0].map(|decay| Settings { decay, ..settings(Hidden::None) });
    let mut told = (0, 0);
    let found = search(&rows, &labels, 1, 3, &candidates, 5, |done, all| told = (done, all))
        .expect("a test makes what it needs");
    assert_eq!(told, (10, 10));
    assert_eq!(found.best, 0, "a decay of 500 leaves nothing: {:?}", found.trials);
    assert!(found.trials[0].hits >= 250, "{:?}", found.trials[0]);
    let before = doubtful(&found.unseen, &labels).len();
    // Two that were given their class most surely get another label.
    let mut sure: Vec<usize> = (0..300).collect();
    let certainty = |at: usize| found.unseen.row(at)[labels[at]];
    sure.sort_by(|&a, &b| certainty(b).total_cmp(&certainty(a)));
    for &at in &sure[..2] {
        labels[at] = (labels[at] + 1) % 3;
    }
    let again = search(&rows, &labels, 1, 3, &candidates[..1], 5, |_, _| ())
        .expect("a test makes what it needs");
    let doubts: Vec<usize> = doubtful(&again.unseen, &labels).iter().map(|one| one.0).collect();
    let first = doubts.iter().take(4).collect::<Vec<_>>();
    assert!(sure[..2].iter().all(|at| first.contains(&at)), "{:?} {doubts:?}", &sure[..2]);
    assert!(doubts.len() <= before + 8, "{before} {doubts:?}");
}

#[test]
fn nonsense_is_refused() {
    let (rows, labels) = clouds(20, 2, 1.0, 1);
    let run = |rows: &Matrix, labels: &[usize], views, classes, settings: &Settings| {
        fit(rows, labels, None, views, classes, settings, |_| true).unwrap_err()
    };
    let plain = settings(Hidden::None);
    let setting = |change: fn(&mut Settings)| {
        let mut settings = plain.clone();
        change(&mut settings);
        run(&rows, &labels, 1, 2, &settings).to_string()
    };
    assert!(matches!(run(&rows, &labels[1..], 1, 2, &plain), FitError::Count { .. }));
    assert!(matches!(run(&rows, &labels, 2, 2, &plain), FitError::Count { .. }));
    assert!(matches!(run(&rows, &labels, 1, 1, &plain), FitError::Class { image: 1, .. }));
    assert_eq!(run(&Matrix { width: 8, values: vec![] }, &[], 1, 2, &plain), FitError::Empty);
    assert_eq!(setting(|s| s.epochs = 0), "epochs cannot be 0");
    assert_eq!(setting(|s| s.batch = 0), "batch cannot be 0");
    assert_eq!(setting(|s| s.rate = f32::NAN), "rate cannot be NaN");
    assert_eq!(setting(|s| s.smoothing = 1.0), "smoothing cannot be 1");
    assert_eq!(setting(|s| s.hidden = Hidden::Of(0)), "hidden cannot be 0");
}
