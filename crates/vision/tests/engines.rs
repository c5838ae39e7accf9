//! A small network through the engines: the numbers that the graph says, and the same from both.

use std::collections::BTreeMap;
use std::path::PathBuf;

use onnx::{Graph, Head, Layer, Tensor, Variant, append, efficientnet_lite};
use vision::{Choice, EngineError, open};

/// A network whose embedding is the mean of each colour, scaled: what comes out is known.
fn graph() -> Graph {
    let mut weights = BTreeMap::new();
    let mut add = |name: &str, shape: &[usize], values: Vec<f32>| {
        weights.insert(name.to_owned(), Tensor { shape: shape.to_vec(), values });
    };
    // Each kernel passes its own colour through the middle; its normalisation changes nothing.
    let middle = |out: usize, within: usize| {
        let mut values = vec![0.0; out * within * 9];
        for channel in 0..out {
            values[(channel * within + channel % within) * 9 + 4] = 1.0;
        }
        values
    };
    let through = |out: usize| {
        (0..out * out).map(|at| f32::from(u8::from(at % (out + 1) == 0))).collect::<Vec<_>>()
    };
    let norms = ["_bn0", "_blocks.0._bn1", "_blocks.0._bn2", "_bn1"];
    for norm in norms {
        add(&format!("{norm}.weight"), &[3], vec![1.0; 3]);
        add(&format!("{norm}.bias"), &[3], vec![0.0; 3]);
        add(&format!("{norm}.running_mean"), &[3], vec![0.0; 3]);
        add(&format!("{norm}.running_var"), &[3], vec![0.999; 3]);
    }
    add("_conv_stem.weight", &[3, 3, 3, 3], middle(3, 3));
    add("_blocks.0._depthwise_conv.weight", &[3, 1, 3, 3], middle(3, 1));
    add("_blocks.0._project_conv.weight", &[3, 3, 1, 1], through(3));
    add("_conv_head.weight", &[3, 3, 1, 1], through(3));
    add("_fc.weight", &[2, 3], vec![0.0; 6]);
    add("_fc.bias", &[2], vec![0.0; 2]);
    efficientnet_lite(Variant::Lite0, 8, &weights).expect("a test makes what it needs").graph
}

/// Logits: the first colour ten times, the second ten times.
fn classifier() -> Vec<u8> {
    let weights = vec![10.0, 0.0, 0.0, 0.0, 10.0, 0.0];
    let layer = Layer { inputs: 3, outputs: 2, weights, bias: vec![0.0; 2] };
    append(&graph(), &Head { layers: vec![layer] }, &[])
        .expect("a test makes what it needs")
        .write()
}

fn plain(red: f32, green: f32) -> Vec<f32> {
    [red, green, 0.0].iter().flat_map(|value| vec![*value; 64]).collect()
}

fn library() -> Option<PathBuf> {
    let given = std::env::var_os("ORT_DYLIB_PATH").map(PathBuf::from);
    if given.is_none() {
        println!("skipped: ORT_DYLIB_PATH names no library of ONNX Runtime");
    }
    given
}

#[test]
fn what_comes_out_is_what_the_graph_says() {
    let mut engine = open(&classifier(), None, 1).expect("a test makes what it needs");
    assert_eq!((engine.choice(), engine.side()), (Choice::Rten, 8));
    let both = [plain(0.5, 0.0), plain(0.0, 0.25)].concat();
    let outputs = engine.run(&both, 2).expect("a test makes what it needs");
    let embedding = outputs.clone().take("embedding").expect("a test makes what it needs");
    // With a block that adds what it was given, the colour is doubled.
    for (found, wanted) in embedding.values.iter().zip([1.0, 0.0, 0.0, 0.0, 0.5, 0.0]) {
        assert!((found - wanted).abs() < 1e-5, "{:?}", embedding.values);
    }
    let given = outputs.take("probabilities").expect("a test makes what it needs");
    assert_eq!(given.width, 2);
    let sure = |logit: f32| 1.0 / (1.0 + (-logit).exp());
    for (found, wanted) in given.values.iter().zip([sure(10.0), sure(-10.0), sure(-5.0), sure(5.0)])
    {
        assert!((found - wanted).abs() < 1e-5, "{:?}", given.values);
    }
}

#[test]
fn both_engines_give_the_same() {
    let Some(library) = library() else { return };
    let numbers: Vec<f32> = (0..3 * 64).map(|at| ((at * 29) % 97) as f32 / 97.0).collect();
    let run = |library: Option<&std::path::Path>| {
        let mut engine = open(&classifier(), library, 1).expect("a test makes what it needs");
        (engine.choice(), engine.run(&numbers, 1).expect("a test makes what it needs"))
    };
    let ((one, own), (other, theirs)) = (run(None), run(Some(&library)));
    assert_eq!((one, other), (Choice::Rten, Choice::OnnxRuntime));
    for (own, theirs) in own.0.iter().zip(&theirs.0) {
        assert_eq!((&own.name, own.width), (&theirs.name, theirs.width));
        for (a, b) in own.values.iter().zip(&theirs.values) {
            assert!((a - b).abs() < 1e-5, "{}: {a} {b}", own.name);
        }
    }
}

#[test]
fn a_count_that_does_not_fit_is_refused() {
    let mut engine = open(&classifier(), None, 1).expect("a test makes what it needs");
    for (numbers, images) in [(0, 0), (191, 1), (192, 2)] {
        let error = engine.run(&vec![0.0; numbers], images).unwrap_err();
        assert!(matches!(error, EngineError::Count { .. }), "{numbers} {images}: {error}");
    }
}

#[test]
fn a_result_that_is_no_number_is_not_an_answer() {
    let weights = vec![3e38, 3e38, 0.0, 0.0, 0.0, 0.0];
    let layer = Layer { inputs: 3, outputs: 2, weights, bias: vec![0.0; 2] };
    let file = append(&graph(), &Head { layers: vec![layer] }, &[])
        .expect("a test makes what it needs")
        .write();
    let mut engine = open(&file, None, 1).expect("a test makes what it needs");
    let both = [plain(0.0, 0.0), plain(0.9, 0.9)].concat();
    let error = engine.run(&both, 2).unwrap_err();
    assert!(matches!(error, EngineError::NotFinite { image: 1, .. }), "{error}");
}

#[test]
fn what_is_no_network_for_images_is_refused() {
    assert!(matches!(open(b"no graph", None, 1), Err(EngineError::Graph(_))));
}

#[test]
fn a_library_that_is_not_there_is_named() {
    let path = PathBuf::from("/nowhere/libonnxruntime.so");
    if library().is_some() {
        return;
    }
    let error = open(&classifier(), Some(&path), 1).err().expect("a test makes what it needs");
    assert!(error.to_string().contains("/nowhere/libonnxruntime.so"), "{error}");
}
