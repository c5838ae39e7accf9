//! A graph put together, given a head, written and read back; and graphs that are none.

use std::collections::BTreeMap;

use onnx::{
    Dim, Fault, Graph, Head, Layer, QuantizeError, Tensor, Variant, append, efficientnet_lite,
    layers, quantize, read, watch,
};

/// Weights of a network of the family with two narrow blocks, each number made from its place.
pub(crate) fn weights() -> BTreeMap<String, Tensor> {
    let mut all = BTreeMap::new();
    let mut add = |name: &str, shape: &[usize]| {
        let count: usize = shape.iter().product();
        let number = |at: usize| (((at * 37 + name.len() * 11) % 101) as f32 - 50.0) / 100.0;
        let values =
            (0..count).map(|at| if name.ends_with("running_var") { 1.0 } else { number(at) });
        all.insert(name.to_owned(), Tensor { shape: shape.to_vec(), values: values.collect() });
    };
    let norm = |add: &mut dyn FnMut(&str, &[usize]), name: &str, width: usize| {
        for part in ["weight", "bias", "running_mean", "running_var"] {
            add(&format!("{name}.{part}"), &[width]);
        }
    };
    add("_conv_stem.weight", &[8, 3, 3, 3]);
    norm(&mut add, "_bn0", 8);
    add("_blocks.0._depthwise_conv.weight", &[8, 1, 3, 3]);
    norm(&mut add, "_blocks.0._bn1", 8);
    add("_blocks.0._project_conv.weight", &[8, 8, 1, 1]);
    norm(&mut add, "_blocks.0._bn2", 8);
    add("_blocks.1._expand_conv.weight", &[16, 8, 1, 1]);
    norm(&mut add, "_blocks.1._bn0", 16);
    add("_blocks.1._depthwise_conv.weight", &[16, 1, 5, 5]);
    norm(&mut add, "_blocks.1._bn1", 16);
    add("_blocks.1._project_conv.weight", &[12, 16, 1, 1]);
    norm(&mut add, "_blocks.1._bn2", 12);
    add("_conv_head.weight", &[20, 12, 1, 1]);
    norm(&mut add, "_bn1", 20);
    add("_fc.weight", &[5, 20]);
    add("_fc.bias", &[5]);
    all
}

pub(crate) fn backbone() -> Graph {
    efficientnet_lite(Variant::Lite0, 32, &weights()).expect("a test makes what it needs").graph
}

fn head(inputs: usize) -> Head {
    let layer = |inputs: usize, outputs: usize| Layer {
        inputs,
        outputs,
        weights: vec![0.1; inputs * outputs],
        bias: vec![0.0; outputs],
    };
    Head { layers: vec![layer(inputs, 6), layer(6, 3)] }
}

#[test]
fn a_backbone_is_written_and_read_back_the_same() {
    let graph = backbone();
    assert_eq!(read(&graph.write()).expect("a test makes what it needs"), graph);
    let ports: Vec<String> =
        graph.inputs().iter().chain(&graph.outputs()).map(ToString::to_string).collect();
    assert_eq!(ports, ["input [N, 3, 32, 32]", "logits [N, 5]", "embedding [N, 20]"]);
}

#[test]
fn the_layer_table_follows_the_shapes_to_the_end() {
    let rows = layers(&backbone());
    let shape = |name: &str| {
        rows.iter().find(|row| row.name == name).expect("a test makes what it needs").shape.clone()
    };
    assert_eq!(shape("_conv_stem"), [8, 16, 16]);
    assert_eq!(shape("_blocks.1._depthwise_conv"), [16, 8, 8], "the second stage halves");
    assert_eq!(shape("logits"), [5]);
    assert_eq!(rows.iter().map(|row| row.parameters).sum::<u64>(), {
        // Clip's bounds stand in every row that uses them, and once in the graph.
        let clips = rows.iter().filter(|row| row.operator == "Clip").count() as u64;
        backbone().parameters() - 2 + 2 * clips
    });
}

#[test]
fn a_head_takes_the_place_of_the_classifier() {
    let graph =
        append(&backbone(), &head(20), &[("task", "test")]).expect("a test makes what it needs");
    let names: Vec<String> = graph.outputs().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["probabilities [N, 3]", "embedding [N, 20]"]);
    assert_eq!(graph.remark("task"), Some("test"));
    assert!(layers(&graph).iter().all(|row| row.name != "logits"), "the old classifier is gone");
    assert_eq!(read(&graph.write()).expect("a test makes what it needs"), graph);
}

#[test]
fn a_head_of_another_width_is_refused() {
    let error = append(&backbone(), &head(21), &[]).unwrap_err();
    assert_eq!(error.to_string(), "layer 1 takes 21 numbers and is given 20");
    let empty = append(&backbone(), &Head { layers: Vec::new() }, &[]).unwrap_err();
    assert_eq!(empty.to_string(), "a head has at least one layer");
}

#[test]
fn weights_that_do_not_fit_are_named() {
    let mut missing = weights();
    missing.remove("_blocks.1._bn1.bias");
    let error = efficientnet_lite(Variant::Lite0, 32, &missing).unwrap_err();
    assert_eq!(error.to_string(), "tensor _blocks.1._bn1.bias is missing");
    let mut narrow = weights();
    narrow.insert("_bn1.weight".to_owned(), Tensor { shape: vec![3], values: vec![1.0; 3] });
    let error = efficientnet_lite(Variant::Lite0, 32, &narrow).unwrap_err();
    assert_eq!(error.to_string(), "tensor _bn1.weight has shape [3], and [20] is needed");
}

#[test]
fn a_weight_that_is_no_number_is_found_with_its_place() {
    let mut bad = weights();
    bad.get_mut("_fc.bias").expect("a test makes what it needs").values[3] = f32::NAN;
    let error = efficientnet_lite(Variant::Lite0, 32, &bad).unwrap_err();
    assert_eq!(error.to_string(), "number 3 of tensor _fc.bias is NaN");
}

#[test]
fn what_is_no_graph_is_refused() {
    assert!(matches!(read(b"PNG and not a graph"), Err(Fault::NotOnnx { .. } | Fault::Empty)));
    assert_eq!(read(b""), Err(Fault::Empty));
    let bytes = backbone().write();
    for cut in [1, 10, bytes.len() / 2, bytes.len() - 1] {
        assert!(read(&bytes[..cut]).is_err(), "{cut} of {} bytes", bytes.len());
    }
}

#[test]
fn every_changed_byte_is_read_or_refused_and_never_ends_the_program() {
    let bytes = backbone().write();
    for at in (0..bytes.len()).step_by(7) {
        for value in [0x00, 0x7f, 0xff] {
            let mut changed = bytes.clone();
            changed[at] = value;
            if let Ok(graph) = read(&changed) {
                let _rows = layers(&graph);
                let _inputs = graph.inputs().iter().any(|port| port.shape.contains(&Dim::Size(3)));
            }
        }
    }
}

#[test]
fn a_network_in_whole_numbers_keeps_its_structure() {
    let graph = append(&backbone(), &head(20), &[]).expect("a test makes what it needs");
    let watched = watch(&graph).expect("there are convolutions");
    assert_eq!(watched.values.len(), 9, "{:?}", watched.values);
    let ranges = watched.values.iter().map(|value| (value.clone(), (-1.0, 3.0))).collect();
    let whole = quantize(&graph, &ranges).expect("all were seen");
    assert_eq!(read(&whole.write()).expect("a test makes what it needs"), whole);
    let plain = |graph: &Graph| -> Vec<(String, Vec<u64>, u64)> {
        let rows = layers(graph).into_iter();
        rows.map(|row| (row.name, row.shape, row.operations)).collect()
    };
    assert_eq!(plain(&whole), plain(&graph));
    assert_eq!(quantize(&whole, &ranges), Err(QuantizeError::Already));
    let unseen = quantize(&graph, &BTreeMap::new());
    assert!(matches!(unseen, Err(QuantizeError::Unseen { .. })), "{unseen:?}");
}
