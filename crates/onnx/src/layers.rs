//! The structure of a network as a table: one row for each node, with its shape and its weights,
//! for the documentation that is delivered with a model. Clause: train-2.2.4.

use std::collections::HashMap;

use serde::Serialize;

use crate::graph::{Dim, Graph, count};
use crate::proto::{self, Tensor};

/// One node of a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its name in the graph.
    pub name: String,
    /// Its operator, as ONNX names it.
    pub operator: String,
    /// Extents of what comes out for one image, outermost first; empty where they are not known.
    pub shape: Vec<u64>,
    /// Its weights.
    pub parameters: u64,
    /// Multiplications with an addition for one image; 0 for what has no weights.
    pub operations: u64,
}

/// The nodes in their order, without those that write a number in eight bits or give it back.
/// Shapes are followed through the operators that this product writes.
#[must_use]
pub fn layers(graph: &Graph) -> Vec<Row> {
    let mut weights: HashMap<&str, &Tensor> =
        graph.body().initializer.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
    let mut shapes: HashMap<String, Vec<u64>> = HashMap::new();
    for input in graph.inputs() {
        let shape = input.shape.iter().skip(1).map(|dim| match dim {
            Dim::Size(size) => *size,
            Dim::Free(_) => 0,
        });
        shapes.insert(input.name, shape.collect());
    }
    let mut rows = Vec::with_capacity(graph.nodes());
    for node in &graph.body().node {
        if matches!(node.op_type.as_str(), "QuantizeLinear" | "DequantizeLinear") {
            let (Some(from), Some(to)) = (node.input.first(), node.output.first()) else {
                continue;
            };
            if let Some(tensor) = weights.get(from.as_str()).copied() {
                weights.insert(to, tensor);
            } else if let Some(shape) = shapes.get(from).cloned() {
                shapes.insert(to.clone(), shape);
            }
            continue;
        }
        let kernel = node.input.get(1).and_then(|name| weights.get(name.as_str())).copied();
        let given = node.input.first().and_then(|input| shapes.get(input)).cloned();
        let shape = given.and_then(|given| shape(node, &given, kernel)).unwrap_or_default();
        let own = node.input.iter().filter_map(|input| weights.get(input.as_str()));
        let parameters = own.filter_map(|tensor| count(tensor)).sum();
        let operations = operations(node, &shape, kernel);
        for output in &node.output {
            shapes.insert(output.clone(), shape.clone());
        }
        let (name, operator) = (node.name.clone(), node.op_type.clone());
        rows.push(Row { name, operator, shape, parameters, operations });
    }
    rows
}

fn ints<'a>(node: &'a proto::Node, name: &str) -> Option<&'a [i64]> {
    let mut attributes = node.attribute.iter();
    attributes.find(|attribute| attribute.name == name).map(|attribute| attribute.ints.as_slice())
}

/// The extents of what comes out, for the operators whose rule is known here.
fn shape(node: &proto::Node, given: &[u64], kernel: Option<&Tensor>) -> Option<Vec<u64>> {
    match node.op_type.as_str() {
        "Conv" => {
            let kernel = kernel?;
            let &[_, tall, wide] = given else { return None };
            let size = |axis: usize, from: u64| -> Option<u64> {
                let at = |name: &str, axis: usize, or: u64| {
                    let found = ints(node, name).and_then(|all| all.get(axis).copied());
                    found.map_or(Some(or), |found| u64::try_from(found).ok())
                };
                let reach = u64::try_from(*kernel.dims.get(axis + 2)?).ok()?;
                let padded = from + at("pads", axis, 0)? + at("pads", axis + 2, 0)?;
                Some(padded.checked_sub(reach)?.checked_div(at("strides", axis, 1)?)? + 1)
            };
            let out = u64::try_from(*kernel.dims.first()?).ok()?;
            Some(vec![out, size(0, tall)?, size(1, wide)?])
        }
        "GlobalAveragePool" => Some(vec![*given.first()?, 1, 1]),
        "Flatten" => Some(vec![given.iter().product()]),
        "Gemm" => Some(vec![u64::try_from(*kernel?.dims.first()?).ok()?]),
        "Clip" | "Relu" | "Add" | "Softmax" | "Sigmoid" | "Identity" => Some(given.to_vec()),
        _ => None,
    }
}

fn operations(node: &proto::Node, shape: &[u64], kernel: Option<&Tensor>) -> u64 {
    let Some(all) = kernel.and_then(count) else { return 0 };
    match node.op_type.as_str() {
        "Conv" => shape.iter().skip(1).product::<u64>().saturating_mul(all),
        "Gemm" | "MatMul" => all,
        _ => 0,
    }
}
