//! A package that is made in a moment.

use std::path::Path;

use onnx::{Head, Layer, append};
use training::{
    Classifier, Golden, Made, Matrix, Settings, Source, TOLERANCE, View, evaluate, write_package,
};
use vision::{Fit, Recipe, open};

use crate::pictures::{Dice, network};

/// A classifier of two classes for images of 16 pixels, in two views. What it says means nothing;
/// another seed says something else.
pub(crate) fn package(folder: &Path, seed: u64) {
    spoilt(folder, seed, |_| {});
}

/// One whose weights were changed after its known answers were given.
pub(crate) fn spoilt(folder: &Path, seed: u64, spoil: impl FnOnce(&mut Vec<f32>)) {
    let backbone = network();
    let mut dice = Dice::new(seed);
    let weights = (0..24).map(|_| 8.0 * (dice.next() - 0.5)).collect();
    let layer = Layer { inputs: 12, outputs: 2, weights, bias: vec![0.1, -0.1] };
    let mut head = Head { layers: vec![layer] };
    let classes = ["red".to_owned(), "blue".to_owned()];
    let recipe = Recipe::efficientnet_lite(16, Fit::MIDDLE);
    let views = [false, true].map(|mirrored| View { recipe: recipe.clone(), mirrored });
    let source = |name: &str| Source {
        name: name.to_owned(),
        digest: "00".repeat(32),
        licence: "Apache-2.0".to_owned(),
    };
    let nothing = Matrix { width: 2, values: vec![] };
    let graph = append(&backbone, &head, &[]).expect("a test makes what it needs");
    let engine = open(&graph.write(), None, 1).expect("a test makes what it needs");
    let limits = media::Limits::default();
    let mut classifier = Classifier::of(engine, views.to_vec(), classes.to_vec(), limits)
        .expect("a test makes what it needs");
    let golden = Golden::of(&mut classifier, TOLERANCE).expect("a test makes what it needs");
    spoil(&mut head.layers[0].weights);
    let graph = append(&backbone, &head, &[]).expect("a test makes what it needs");
    let made = Made {
        graph: &graph,
        golden: &golden,
        quantised: None,
        origin: "made here".to_owned(),
        consents: vec![],
        head: &head,
        classes: &classes,
        views: &views,
        backbone: source("test"),
        dataset: source("pictures"),
        images: 0,
        settings: &Settings { seed, ..Settings::default() },
        evaluation: &evaluate(&nothing, &[], &[], &classes),
    };
    write_package(folder, &made).expect("a test makes what it needs");
}
