//! EfficientNet-Lite from its weights: the graph of a backbone that gives 1,000 ImageNet logits and
//! the embedding before them. The structure is that of the EfficientNet-Lite family (Tan and Le,
//! "EfficientNet: Rethinking Model Scaling for CNNs", in the variant without squeeze-and-excite and
//! with ReLU6); widths and depths are read off the weights.
//!
//! Each normalisation is folded into the convolution before it, and the padding that TensorFlow
//! computes while it runs is stated, as the input has one size.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::build::{Attribute, Builder};
use crate::graph::{Dim, Fault, Graph, Port};
use crate::head::EMBEDDING;
use crate::torch::Tensor;

/// What is added to a variance before its root is taken.
const EPSILON: f64 = 1e-3;
/// Steps of the seven stages, in pixels.
const STRIDES: [usize; 7] = [1, 2, 2, 2, 1, 2, 1];
/// Blocks at most.
const BLOCKS: usize = 64;

/// A size of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// 224 pixels, 4.7 million weights.
    Lite0,
    /// 240 pixels, 5.4 million weights.
    Lite1,
    /// 260 pixels, 6.1 million weights.
    Lite2,
}

impl Variant {
    /// All, the smallest first.
    pub const ALL: [Self; 3] = [Self::Lite0, Self::Lite1, Self::Lite2];

    /// Pixels across and down of the images that it learned from.
    #[must_use]
    pub const fn side(self) -> usize {
        match self {
            Self::Lite0 => 224,
            Self::Lite1 => 240,
            Self::Lite2 => 260,
        }
    }

    /// The name that people know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lite0 => "efficientnet-lite0",
            Self::Lite1 => "efficientnet-lite1",
            Self::Lite2 => "efficientnet-lite2",
        }
    }
}

/// Why weights are not those of the network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// A tensor is not there.
    #[error("tensor {name} is missing")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A tensor has another shape than the network needs.
    #[error("tensor {name} has shape {found:?}, and {needed} is needed")]
    Shape {
        /// Its name.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// What is needed, in words of shapes.
        needed: String,
    },
    /// The graph that came out does not hold together.
    #[error(transparent)]
    Graph(#[from] Fault),
}

/// A backbone, and what was left out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// Takes `input` (N, 3, side, side); gives `logits` (N, classes) and `embedding` (N, width).
    pub graph: Graph,
    /// Tensors of the file that the network has no use for.
    pub unused: Vec<String>,
}

/// Puts the network together for images of `side` pixels: those that it learned from, or larger
/// ones, in which it sees more.
///
/// # Errors
/// When a tensor is missing or has another shape.
pub fn efficientnet_lite(
    variant: Variant,
    side: usize,
    weights: &BTreeMap<String, Tensor>,
) -> Result<Converted, ConvertError> {
    let mut net = Net { weights, used: Vec::new(), builder: Builder::new(variant.name()), side };
    let side = Dim::Size(side as u64);
    let batch = Dim::Free("N".to_owned());
    let shape = vec![batch.clone(), Dim::Size(3), side.clone(), side];
    net.builder.input(&Port { name: "input".to_owned(), shape });
    net.builder.weights("zero", &[], &[0.0]);
    net.builder.weights("six", &[], &[6.0]);
    let mut x = net.conv("input", "_conv_stem", "_bn0", Kind::new(2, true))?;
    let mut channels = net.tensor("_conv_stem.weight")?.shape.first().copied().unwrap_or(0);
    let mut stage = 0;
    let mut before = None;
    for index in 0..BLOCKS {
        let block = format!("_blocks.{index}");
        let Some(project) = weights.get(&format!("{block}._project_conv.weight")) else { break };
        let out = project.shape.first().copied().unwrap_or(0);
        let first = before.is_some_and(|before| before != out);
        stage += usize::from(first);
        let opens = before.is_none() || first;
        let stride = if opens { STRIDES.get(stage).copied().unwrap_or(1) } else { 1 };
        x = net.block(&x, &block, stride, stride == 1 && channels == out)?;
        (before, channels) = (Some(out), out);
    }
    let x = net.conv(&x, "_conv_head", "_bn1", Kind::new(1, true))?;
    let pooled = net.builder.node("GlobalAveragePool", &[&x], "pooled", &[]);
    net.builder.node("Flatten", &[&pooled], EMBEDDING, &[Attribute::Int("axis", 1)]);
    net.classifier(batch)?;
    let unused = net.unused();
    Ok(Converted { graph: net.builder.finish()?, unused })
}

struct Net<'a> {
    weights: &'a BTreeMap<String, Tensor>,
    used: Vec<String>,
    builder: Builder,
    side: usize,
}

/// How a convolution goes.
#[derive(Clone, Copy)]
struct Kind {
    stride: usize,
    /// Whether each channel has a kernel of its own.
    depthwise: bool,
    /// Whether ReLU6 follows.
    active: bool,
}

impl Kind {
    const fn new(stride: usize, active: bool) -> Self {
        Self { stride, depthwise: false, active }
    }
}

impl<'a> Net<'a> {
    fn tensor(&mut self, name: &str) -> Result<&'a Tensor, ConvertError> {
        let found = self.weights.get(name);
        let found = found.ok_or_else(|| ConvertError::Missing { name: name.to_owned() })?;
        self.used.push(name.to_owned());
        Ok(found)
    }

    fn vector(&mut self, name: &str, length: usize) -> Result<&'a [f32], ConvertError> {
        let found = self.tensor(name)?;
        if found.shape != [length] {
            let (name, found) = (name.to_owned(), found.shape.clone());
            return Err(ConvertError::Shape { name, found, needed: format!("[{length}]") });
        }
        Ok(&found.values)
    }

    /// Expands, looks at each channel, projects; adds what came in where the shapes are equal.
    fn block(
        &mut self,
        x: &str,
        block: &str,
        stride: usize,
        adds: bool,
    ) -> Result<String, ConvertError> {
        let expand = format!("{block}._expand_conv");
        let mut y = x.to_owned();
        if self.weights.contains_key(&format!("{expand}.weight")) {
            y = self.conv(&y, &expand, &format!("{block}._bn0"), Kind::new(1, true))?;
        }
        let kind = Kind { depthwise: true, ..Kind::new(stride, true) };
        let deep = format!("{block}._depthwise_conv");
        y = self.conv(&y, &deep, &format!("{block}._bn1"), kind)?;
        let project = format!("{block}._project_conv");
        y = self.conv(&y, &project, &format!("{block}._bn2"), Kind::new(1, false))?;
        if adds {
            y = self.builder.node("Add", &[x, &y], &format!("{block}.added"), &[]);
        }
        Ok(y)
    }

    /// A convolution with the normalisation after it folded in.
    fn conv(
        &mut self,
        x: &str,
        conv: &str,
        norm: &str,
        kind: Kind,
    ) -> Result<String, ConvertError> {
        let name = format!("{conv}.weight");
        let tensor = self.tensor(&name)?;
        let [out, within, tall, wide] = tensor.shape.as_slice() else {
            let (found, needed) = (tensor.shape.clone(), "[out, in, k, k]".to_owned());
            return Err(ConvertError::Shape { name, found, needed });
        };
        let (out, kernel) = (*out, *tall);
        if tall != wide || kernel == 0 || (kind.depthwise && *within != 1) {
            let (found, needed) = (tensor.shape.clone(), "a square kernel".to_owned());
            return Err(ConvertError::Shape { name, found, needed });
        }
        let gamma = self.vector(&format!("{norm}.weight"), out)?;
        let beta = self.vector(&format!("{norm}.bias"), out)?;
        let mean = self.vector(&format!("{norm}.running_mean"), out)?;
        let variance = self.vector(&format!("{norm}.running_var"), out)?;
        let mut scaled = Vec::with_capacity(tensor.values.len());
        let mut bias = Vec::with_capacity(out);
        let kernels =
            tensor.values.chunks(tensor.values.len().checked_div(out).unwrap_or(1).max(1));
        let norms = gamma.iter().zip(beta).zip(mean.iter().zip(variance));
        for (kernel, ((gamma, beta), (mean, variance))) in kernels.zip(norms) {
            let scale = f64::from(*gamma) / (f64::from(*variance) + EPSILON).sqrt();
            scaled.extend(kernel.iter().map(|weight| narrow(f64::from(*weight) * scale)));
            bias.push(narrow(f64::from(*beta) - f64::from(*mean) * scale));
        }
        let weights = self.builder.weights(&name, &tensor.shape, &scaled);
        let bias = self.builder.weights(&format!("{conv}.bias"), &[out], &bias);
        let after = self.side.div_ceil(kind.stride);
        let padding = ((after.saturating_sub(1)) * kind.stride + kernel).saturating_sub(self.side);
        let (before, behind) = (wide_int(padding / 2), wide_int(padding - padding / 2));
        self.side = after;
        let group = if kind.depthwise { out } else { 1 };
        let y = self.builder.node(
            "Conv",
            &[x, &weights, &bias],
            conv,
            &[
                Attribute::Ints("kernel_shape", &[wide_int(kernel); 2]),
                Attribute::Ints("strides", &[wide_int(kind.stride); 2]),
                Attribute::Ints("pads", &[before, before, behind, behind]),
                Attribute::Int("group", wide_int(group)),
            ],
        );
        if !kind.active {
            return Ok(y);
        }
        Ok(self.builder.node("Clip", &[&y, "zero", "six"], &format!("{conv}.relu6"), &[]))
    }

    fn classifier(&mut self, batch: Dim) -> Result<(), ConvertError> {
        let fc = self.tensor("_fc.weight")?;
        let [classes, width] = fc.shape.as_slice() else {
            let (found, needed) = (fc.shape.clone(), "[classes, width]".to_owned());
            return Err(ConvertError::Shape { name: "_fc.weight".to_owned(), found, needed });
        };
        let bias = self.vector("_fc.bias", *classes)?;
        let weights = self.builder.weights("_fc.weight", &fc.shape, &fc.values);
        let bias = self.builder.weights("_fc.bias", &[*classes], bias);
        let inputs = [EMBEDDING, &weights, &bias];
        self.builder.node("Gemm", &inputs, "logits", &[Attribute::Int("transB", 1)]);
        let port = |name: &str, size: usize| Port {
            name: name.to_owned(),
            shape: vec![batch.clone(), Dim::Size(size as u64)],
        };
        self.builder.output(&port("logits", *classes));
        self.builder.output(&port(EMBEDDING, *width));
        Ok(())
    }

    fn unused(&self) -> Vec<String> {
        self.weights.keys().filter(|name| !self.used.contains(name)).cloned().collect()
    }
}

fn wide_int(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "a weight is kept in 32 bits")]
fn narrow(value: f64) -> f32 {
    value as f32
}
