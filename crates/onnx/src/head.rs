//! A trained head on a backbone, in one graph: embedding, layers, softmax. What standardised the
//! embeddings while the head was trained is folded into its first layer before it comes here.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::build::{Attribute, Builder};
use crate::graph::{Dim, Fault, Graph, Port};

/// The output of a backbone that a head reads, and of a classifier too: (N, width).
pub const EMBEDDING: &str = "embedding";
/// The output of a classifier: (N, classes), each row from 0 to 1 with the sum 1.
pub const PROBABILITIES: &str = "probabilities";

/// A dense layer: `y = W x + b`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Width of what goes in.
    pub inputs: usize,
    /// Width of what comes out.
    pub outputs: usize,
    /// Row by row, one row for each output.
    pub weights: Vec<f32>,
    /// One number for each output.
    pub bias: Vec<f32>,
}

/// Layers one after the other, ReLU between two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// At least one; the last gives the logits of the classes.
    pub layers: Vec<Layer>,
}

/// Why a head does not fit a backbone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// The graph has no output of that name.
    #[error("the backbone has no output {EMBEDDING}; it gives {found:?}")]
    NoEmbedding {
        /// The names of its outputs.
        found: Vec<String>,
    },
    /// A layer takes another width than the one before it gives.
    #[error("layer {layer} takes {takes} numbers and is given {given}")]
    Width {
        /// Its place, from 1.
        layer: usize,
        /// What it takes.
        takes: usize,
        /// What it is given.
        given: u64,
    },
    /// A layer whose numbers are not as many as its widths say.
    #[error("layer {layer} has {found} weights, and its widths say {stated}")]
    Count {
        /// Its place, from 1.
        layer: usize,
        /// Numbers that are there.
        found: usize,
        /// Numbers that the widths say.
        stated: usize,
    },
    /// There is no layer.
    #[error("a head has at least one layer")]
    Empty,
    /// The graph that came out does not hold together.
    #[error(transparent)]
    Graph(#[from] Fault),
}

/// Appends a head to the embedding of a backbone. What the backbone computed beside the embedding
/// is left out; the outputs are the probabilities and the embedding.
///
/// # Errors
/// When the widths do not fit, or the backbone has no embedding.
pub fn append(backbone: &Graph, head: &Head, remarks: &[(&str, &str)]) -> Result<Graph, HeadError> {
    let outputs = backbone.outputs();
    let embedding = outputs.iter().find(|port| port.name == EMBEDDING);
    let embedding = embedding.ok_or_else(|| HeadError::NoEmbedding {
        found: outputs.iter().map(|port| port.name.clone()).collect(),
    })?;
    let mut width = match embedding.shape.as_slice() {
        [_, Dim::Size(width)] => *width,
        _ => head.layers.first().map_or(0, |layer| layer.inputs as u64),
    };
    let mut builder = Builder::on(backbone);
    cut(&mut builder);
    let mut x = EMBEDDING.to_owned();
    for (index, layer) in head.layers.iter().enumerate() {
        let place = index + 1;
        if layer.inputs as u64 != width {
            return Err(HeadError::Width { layer: place, takes: layer.inputs, given: width });
        }
        let stated = layer.inputs.saturating_mul(layer.outputs).saturating_add(layer.outputs);
        let found = layer.weights.len() + layer.bias.len();
        if layer.bias.len() != layer.outputs || found != stated {
            return Err(HeadError::Count { layer: place, found, stated });
        }
        if index > 0 {
            x = builder.node("Relu", &[&x], &format!("head.{index}.relu"), &[]);
        }
        let name = format!("head.{place}");
        let shape = [layer.outputs, layer.inputs];
        let weights = builder.weights(&format!("{name}.weight"), &shape, &layer.weights);
        let bias = builder.weights(&format!("{name}.bias"), &[layer.outputs], &layer.bias);
        let attributes = [Attribute::Int("transB", 1)];
        x = builder.node("Gemm", &[&x, &weights, &bias], &name, &attributes);
        width = layer.outputs as u64;
    }
    if head.layers.is_empty() {
        return Err(HeadError::Empty);
    }
    builder.node("Softmax", &[&x], PROBABILITIES, &[Attribute::Int("axis", 1)]);
    let batch = embedding.shape.first().cloned().unwrap_or(Dim::Free("N".to_owned()));
    let shape = vec![batch, Dim::Size(width)];
    builder.graph.output.clear();
    builder.output(&Port { name: PROBABILITIES.to_owned(), shape });
    builder.output(embedding);
    for (key, value) in remarks {
        builder.remark(key, value);
    }
    Ok(builder.finish()?)
}

/// Leaves out every node and every weight that the embedding does not need.
fn cut(builder: &mut Builder) {
    let mut needed: HashSet<String> = HashSet::from([EMBEDDING.to_owned()]);
    let mut kept = Vec::new();
    for node in builder.graph.node.drain(..).rev() {
        if node.output.iter().any(|output| needed.contains(output)) {
            needed.extend(node.input.iter().cloned());
            kept.push(node);
        }
    }
    kept.reverse();
    builder.graph.node = kept;
    builder.graph.initializer.retain(|tensor| needed.contains(&tensor.name));
    builder.graph.value_info.clear();
}
