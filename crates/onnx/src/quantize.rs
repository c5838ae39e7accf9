//! A network in whole numbers of eight bits: weights from -127 to 127 with one scale for each
//! channel, what flows between the convolutions from 0 to 255 with one scale for each value.
//! Written as ONNX writes it for every engine: each number is quantised and given back
//! (`QuantizeLinear`, `DequantizeLinear`), and an engine that can computes in whole numbers between
//! the two. The pool, the head and the probabilities stay in floating point.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::build::{Attribute, Builder};
use crate::graph::{Dim, Fault, Graph, Port, floats};
use crate::proto::{self, data};

/// From and to of a value, as it was seen on images.
pub type Range = (f32, f32);

/// Why a network cannot be written in whole numbers.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuantizeError {
    /// There is no convolution whose weights are known.
    #[error("the network has no convolution that could be quantised")]
    Nothing,
    /// It was done already.
    #[error("the network is quantised already")]
    Already,
    /// What a value reaches was not seen.
    #[error("{value} was not seen on any image")]
    Unseen {
        /// The value.
        value: String,
    },
    /// The graph that came out does not hold together.
    #[error(transparent)]
    Graph(#[from] Fault),
}

/// A network that also tells how far each value reaches.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The network with two more outputs for each value: `VALUE.least` and `VALUE.most`.
    pub graph: Graph,
    /// The values, in order.
    pub values: Vec<String>,
}

/// The network with outputs that tell the least and the most of each value that is to be quantised.
///
/// # Errors
/// When there is nothing to quantise.
pub fn watch(graph: &Graph) -> Result<Watched, QuantizeError> {
    let values: Vec<String> = flowing(graph)?.into_iter().collect();
    let mut builder = Builder::on(graph);
    let axes = [Attribute::Ints("axes", &[1, 2, 3]), Attribute::Int("keepdims", 0)];
    for value in &values {
        for (operator, name) in [("ReduceMin", "least"), ("ReduceMax", "most")] {
            let output = format!("{value}.{name}");
            builder.node(operator, &[value], &output, &axes);
            builder.output(&Port { name: output, shape: vec![Dim::Free("N".to_owned())] });
        }
    }
    Ok(Watched { graph: builder.finish()?, values })
}

/// What goes into convolutions and sums of the network and is no weight.
fn flowing(graph: &Graph) -> Result<BTreeSet<String>, QuantizeError> {
    let body = graph.body();
    if body.node.iter().any(|node| node.op_type == "QuantizeLinear") {
        return Err(QuantizeError::Already);
    }
    let weights = weights(graph);
    let spatial: BTreeSet<&str> = body
        .node
        .iter()
        .filter(|node| matches!(node.op_type.as_str(), "Conv" | "Clip" | "Relu" | "Add"))
        .flat_map(|node| node.output.iter().map(String::as_str))
        .collect();
    let mut found = BTreeSet::new();
    for node in &body.node {
        match node.op_type.as_str() {
            "Conv" if kernel(node, &weights).is_some() => found.extend(node.input.first().cloned()),
            "GlobalAveragePool" => found.extend(node.input.first().cloned()),
            "Add" if node.input.iter().all(|input| spatial.contains(input.as_str())) => {
                found.extend(node.input.iter().cloned());
            }
            _ => {}
        }
    }
    if found.is_empty() { Err(QuantizeError::Nothing) } else { Ok(found) }
}

fn weights(graph: &Graph) -> HashMap<&str, &proto::Tensor> {
    let tensors = graph.body().initializer.iter();
    tensors.map(|tensor| (tensor.name.as_str(), tensor)).collect()
}

/// The weights of a convolution, where they are numbers of the file.
fn kernel<'a>(
    node: &proto::Node,
    weights: &HashMap<&str, &'a proto::Tensor>,
) -> Option<&'a proto::Tensor> {
    let found = weights.get(node.input.get(1)?.as_str()).copied();
    found.filter(|tensor| tensor.data_type == data::FLOAT)
}

/// How a value is written in eight bits: `(number - zero) * scale`.
#[derive(Clone, Copy)]
struct Scale {
    scale: f32,
    zero: u8,
}

impl Scale {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    fn of((least, most): Range) -> Self {
        let (least, most) = (least.min(0.0), most.max(0.0));
        // A little narrower than what was seen: an engine then sees that nothing is cut off by a
        // bound of the network itself, such as six, and leaves the bound out.
        let scale = ((most - least) / 255.0 * 0.999_999).max(f32::MIN_POSITIVE);
        Self { scale, zero: (-least / scale).round_ties_even().clamp(0.0, 255.0) as u8 }
    }
}

/// Writes a network in whole numbers. `ranges` says how far each value of [`watch`] reaches.
///
/// # Errors
/// When there is nothing to quantise, or a value was not seen.
pub fn quantize(graph: &Graph, ranges: &BTreeMap<String, Range>) -> Result<Graph, QuantizeError> {
    let values = flowing(graph)?;
    let mut scales = BTreeMap::new();
    for value in &values {
        let range = ranges.get(value).filter(|(a, b)| a.is_finite() && b.is_finite());
        let unseen = || QuantizeError::Unseen { value: value.clone() };
        scales.insert(value.as_str(), Scale::of(*range.ok_or_else(unseen)?));
    }
    let weights = weights(graph);
    let mut writer = Writer { builder: Builder::on(graph), scales, weights };
    writer.builder.graph.node.clear();
    for input in graph.inputs() {
        writer.given_back(&input.name);
    }
    for node in &graph.body().node {
        writer.node(node);
    }
    let used: BTreeSet<String> =
        writer.builder.graph.node.iter().flat_map(|node| node.input.iter().cloned()).collect();
    writer.builder.graph.initializer.retain(|tensor| used.contains(&tensor.name));
    writer.builder.graph.value_info.clear();
    writer.builder.remark("numbers", "int8");
    Ok(writer.builder.finish()?)
}

struct Writer<'a> {
    builder: Builder,
    scales: BTreeMap<&'a str, Scale>,
    weights: HashMap<&'a str, &'a proto::Tensor>,
}

impl Writer<'_> {
    /// Quantises a value and gives it back, where it is one of those that flow.
    fn given_back(&mut self, value: &str) {
        let Some(Scale { scale, zero }) = self.scales.get(value).copied() else { return };
        let scale = self.builder.weights(&format!("{value}.scale"), &[], &[scale]);
        let name = format!("{value}.zero");
        let zero = self.builder.whole(&name, &[], data::UINT8, vec![zero]);
        let quantised = format!("{value}.whole");
        self.builder.node("QuantizeLinear", &[value, &scale, &zero], &quantised, &[]);
        let back = format!("{value}.back");
        self.builder.node("DequantizeLinear", &[&quantised, &scale, &zero], &back, &[]);
    }

    fn node(&mut self, node: &proto::Node) {
        let mut node = node.clone();
        let takes = matches!(node.op_type.as_str(), "Conv" | "Add" | "GlobalAveragePool");
        let scale = node.input.first().and_then(|input| self.scales.get(input.as_str())).copied();
        if takes {
            for input in &mut node.input {
                if self.scales.contains_key(input.as_str()) {
                    *input = format!("{input}.back");
                }
            }
        }
        if let (true, Some(scale)) = (node.op_type == "Conv", scale) {
            self.convolution(&mut node, scale);
        }
        let outputs = node.output.clone();
        self.builder.graph.node.push(node);
        for output in outputs {
            self.given_back(&output);
        }
    }

    /// Weights with one scale for each channel; the bias in the product of the scales.
    fn convolution(&mut self, node: &mut proto::Node, input: Scale) {
        let Some(tensor) = kernel(node, &self.weights) else { return };
        let values = floats(tensor);
        let channels = tensor.dims.first().and_then(|&dim| usize::try_from(dim).ok()).unwrap_or(0);
        let Some(each) = values.len().checked_div(channels).filter(|each| *each > 0) else {
            return;
        };
        let scales: Vec<f32> = values
            .chunks(each)
            .map(|kernel| kernel.iter().fold(0.0_f32, |most, weight| most.max(weight.abs())))
            .map(|most| if most > 0.0 { most / 127.0 } else { 1.0 })
            .collect();
        let whole = values.chunks(each).zip(&scales);
        let whole = whole.flat_map(|(kernel, scale)| {
            kernel.iter().flat_map(move |weight| eight(weight / scale).to_le_bytes())
        });
        let whole: Vec<u8> = whole.collect();
        let shape: Vec<usize> =
            tensor.dims.iter().filter_map(|&dim| usize::try_from(dim).ok()).collect();
        let name = tensor.name.clone();
        let back = self.channels(&name, &shape, data::INT8, whole, &scales);
        if let Some(input) = node.input.get_mut(1) {
            *input = back;
        }
        let bias = node.input.get(2).and_then(|bias| self.weights.get(bias.as_str())).copied();
        if let Some(bias) = bias {
            let scales: Vec<f32> = scales.iter().map(|scale| scale * input.scale).collect();
            let whole = floats(bias).into_iter().zip(&scales);
            let whole = whole.flat_map(|(bias, scale)| many(bias / scale).to_le_bytes()).collect();
            let back = self.channels(&bias.name, &[channels], data::INT32, whole, &scales);
            if let Some(input) = node.input.get_mut(2) {
                *input = back;
            }
        }
    }

    /// Whole numbers that are given back with a scale for each channel.
    fn channels(
        &mut self,
        name: &str,
        shape: &[usize],
        kind: i32,
        whole: Vec<u8>,
        scales: &[f32],
    ) -> String {
        let channels = scales.len();
        let width = if kind == data::INT8 { 1 } else { 4 };
        let zeros = vec![0; channels * width];
        let whole = self.builder.whole(&format!("{name}.whole"), shape, kind, whole);
        let scale = self.builder.weights(&format!("{name}.scale"), &[channels], scales);
        let zero = self.builder.whole(&format!("{name}.zero"), &[channels], kind, zeros);
        let back = format!("{name}.back");
        let axis = [Attribute::Int("axis", 0)];
        self.builder.node("DequantizeLinear", &[&whole, &scale, &zero], &back, &axis)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "-127 to 127")]
fn eight(value: f32) -> i8 {
    value.round_ties_even().clamp(-127.0, 127.0) as i8
}

#[expect(clippy::cast_possible_truncation, reason = "what is larger is cut off")]
fn many(value: f32) -> i32 {
    value.round_ties_even() as i32
}
