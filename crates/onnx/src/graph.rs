//! An ONNX file read and checked: what it takes, what it gives, and whether it holds together.
//!
//! Refused before anything runs: a file cut short, numbers kept in other files, nodes that use what
//! nobody makes, weights that are no numbers or have another count than their shape.

use std::collections::HashSet;
use std::fmt;

use prost::Message as _;
use serde::Serialize;

use crate::proto::{self, Extent, data};

/// Bytes of a file that is read at most.
const LARGEST: usize = 1 << 30;
/// Nodes of a graph at most.
const NODES: usize = 100_000;
/// Extents of a tensor at most.
const RANK: usize = 8;

/// A graph that was read and holds together, or was built here.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    pub(crate) model: proto::Model,
}

/// One extent of an input or an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Dim {
    /// Fixed.
    Size(u64),
    /// As many as are given, by the name that the file gives it; empty where it has none.
    Free(String),
}

/// An input or an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Port {
    /// Its name in the file.
    pub name: String,
    /// Its extents, outermost first.
    pub shape: Vec<Dim>,
}

/// Why a file is no graph that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is larger than is read.
    #[error("{bytes} bytes, and {limit} are read at most")]
    TooLarge {
        /// Its bytes.
        bytes: u64,
        /// The most that are read.
        limit: u64,
    },
    /// It is no protobuf message of the format.
    #[error("it is no ONNX file: {said}")]
    NotOnnx {
        /// What the reader of messages said.
        said: String,
    },
    /// It has no graph.
    #[error("it has no graph")]
    Empty,
    /// It has more nodes than are read.
    #[error("{nodes} nodes, and {limit} are read at most")]
    TooManyNodes {
        /// Its nodes.
        nodes: u64,
        /// The most that are read.
        limit: u64,
    },
    /// Numbers of a tensor lie in another file.
    #[error("the numbers of tensor {tensor} lie in another file")]
    External {
        /// The tensor.
        tensor: String,
    },
    /// A shape that no tensor can have.
    #[error("the shape of {name} cannot be: {shape}")]
    Shape {
        /// The tensor, input or output.
        name: String,
        /// As the file states it.
        shape: String,
    },
    /// Another count of numbers than the shape says.
    #[error("tensor {tensor} has {found} numbers, and its shape says {stated}")]
    Count {
        /// The tensor.
        tensor: String,
        /// Numbers that are there.
        found: u64,
        /// Numbers that the shape says.
        stated: u64,
    },
    /// A weight that is no number.
    #[error("number {index} of tensor {tensor} is {value}")]
    NotFinite {
        /// The tensor.
        tensor: String,
        /// Its place, from 0.
        index: u64,
        /// `NaN` or an infinity.
        value: String,
    },
    /// A node uses what no node before it makes.
    #[error("node {node} ({op}) uses {input}, which nothing before it makes")]
    Unmade {
        /// The node's name or place.
        node: String,
        /// Its operator.
        op: String,
        /// What it uses.
        input: String,
    },
    /// Two make the same value.
    #[error("{name} is made twice")]
    Twice {
        /// The value.
        name: String,
    },
    /// An output that no node makes.
    #[error("output {name} is made by no node")]
    NoSuchOutput {
        /// The output.
        name: String,
    },
}

/// Reads a file and checks that it holds together.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Graph, Fault> {
    if bytes.len() > LARGEST {
        return Err(Fault::TooLarge { bytes: bytes.len() as u64, limit: LARGEST as u64 });
    }
    let model =
        proto::Model::decode(bytes).map_err(|error| Fault::NotOnnx { said: error.to_string() })?;
    let graph = Graph { model };
    graph.check()?;
    Ok(graph)
}

impl Graph {
    /// The file.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        self.model.encode_to_vec()
    }

    /// What it takes, weights left out.
    #[must_use]
    pub fn inputs(&self) -> Vec<Port> {
        let weights: HashSet<&str> =
            self.body().initializer.iter().map(|tensor| tensor.name.as_str()).collect();
        let inputs = self.body().input.iter();
        inputs.filter(|input| !weights.contains(input.name.as_str())).map(port).collect()
    }

    /// What it gives.
    #[must_use]
    pub fn outputs(&self) -> Vec<Port> {
        self.body().output.iter().map(port).collect()
    }

    /// Weights in all.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        self.body().initializer.iter().filter_map(count).sum()
    }

    /// Nodes in all.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.body().node.len()
    }

    /// A remark of the file by its key.
    #[must_use]
    pub fn remark(&self, key: &str) -> Option<&str> {
        let mut props = self.model.metadata_props.iter();
        props.find(|entry| entry.key == key).map(|entry| entry.value.as_str())
    }

    pub(crate) fn body(&self) -> &proto::Graph {
        static EMPTY: std::sync::LazyLock<proto::Graph> =
            std::sync::LazyLock::new(proto::Graph::default);
        self.model.graph.as_ref().unwrap_or(&EMPTY)
    }

    pub(crate) fn check(&self) -> Result<(), Fault> {
        let graph = self.model.graph.as_ref().ok_or(Fault::Empty)?;
        if graph.node.is_empty() || graph.output.is_empty() {
            return Err(Fault::Empty);
        }
        if graph.node.len() > NODES {
            return Err(Fault::TooManyNodes {
                nodes: graph.node.len() as u64,
                limit: NODES as u64,
            });
        }
        let mut made: HashSet<&str> = HashSet::new();
        for tensor in &graph.initializer {
            weights(tensor)?;
            if !made.insert(&tensor.name) {
                return Err(Fault::Twice { name: tensor.name.clone() });
            }
        }
        for value in graph.input.iter().chain(&graph.output) {
            shape(value)?;
        }
        made.extend(graph.input.iter().map(|input| input.name.as_str()));
        wired(graph, made)
    }
}

/// Whether each node uses what is there already.
fn wired<'a>(graph: &'a proto::Graph, mut made: HashSet<&'a str>) -> Result<(), Fault> {
    for (index, node) in graph.node.iter().enumerate() {
        for input in node.input.iter().filter(|input| !input.is_empty()) {
            if !made.contains(input.as_str()) {
                let name =
                    if node.name.is_empty() { format!("{index}") } else { node.name.clone() };
                let (op, input) = (node.op_type.clone(), input.clone());
                return Err(Fault::Unmade { node: name, op, input });
            }
        }
        for output in node.output.iter().filter(|output| !output.is_empty()) {
            if !made.insert(output) {
                return Err(Fault::Twice { name: output.clone() });
            }
        }
    }
    match graph.output.iter().find(|output| !made.contains(output.name.as_str())) {
        Some(output) => Err(Fault::NoSuchOutput { name: output.name.clone() }),
        None => Ok(()),
    }
}

/// How many numbers a tensor's shape says; nothing where it cannot be.
pub(crate) fn count(tensor: &proto::Tensor) -> Option<u64> {
    if tensor.dims.len() > RANK {
        return None;
    }
    tensor.dims.iter().try_fold(1_u64, |all, dim| all.checked_mul(u64::try_from(*dim).ok()?))
}

fn weights(tensor: &proto::Tensor) -> Result<(), Fault> {
    if tensor.data_location == proto::EXTERNAL || !tensor.external_data.is_empty() {
        return Err(Fault::External { tensor: tensor.name.clone() });
    }
    let stated = count(tensor).ok_or_else(|| Fault::Shape {
        name: tensor.name.clone(),
        shape: format!("{:?}", tensor.dims),
    })?;
    let found = match tensor.data_type {
        data::FLOAT => Some(floats(tensor).len() as u64),
        data::INT32 | data::INT8 | data::UINT8 if tensor.raw_data.is_empty() => {
            Some(tensor.int32_data.len() as u64)
        }
        data::INT32 => Some(tensor.raw_data.len() as u64 / 4),
        data::INT8 | data::UINT8 => Some(tensor.raw_data.len() as u64),
        data::INT64 if tensor.raw_data.is_empty() => Some(tensor.int64_data.len() as u64),
        data::INT64 => Some(tensor.raw_data.len() as u64 / 8),
        _ => None,
    };
    if let Some(found) = found.filter(|found| *found != stated) {
        return Err(Fault::Count { tensor: tensor.name.clone(), found, stated });
    }
    if tensor.data_type == data::FLOAT {
        let values = floats(tensor);
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            let value = values.get(index).map(ToString::to_string).unwrap_or_default();
            let (tensor, index) = (tensor.name.clone(), index as u64);
            return Err(Fault::NotFinite { tensor, index, value });
        }
    }
    Ok(())
}

/// The numbers of a tensor of 32-bit floats, in whichever of the two ways they are written.
pub(crate) fn floats(tensor: &proto::Tensor) -> Vec<f32> {
    if tensor.raw_data.is_empty() {
        return tensor.float_data.clone();
    }
    let numbers = tensor.raw_data.chunks_exact(4);
    numbers.filter_map(|four| four.try_into().ok().map(f32::from_le_bytes)).collect()
}

fn dims(value: &proto::ValueInfo) -> &[proto::Dimension] {
    let tensor = value.r#type.as_ref().and_then(|r#type| r#type.tensor_type.as_ref());
    tensor.and_then(|tensor| tensor.shape.as_ref()).map_or(&[], |shape| &shape.dim)
}

fn shape(value: &proto::ValueInfo) -> Result<(), Fault> {
    let all = dims(value);
    let bad = all.iter().any(|dim| matches!(dim.value, Some(Extent::Value(size)) if size < 0));
    if bad || all.len() > RANK {
        let shape = port(value).to_string();
        return Err(Fault::Shape { name: value.name.clone(), shape });
    }
    Ok(())
}

fn port(value: &proto::ValueInfo) -> Port {
    let dim = |dim: &proto::Dimension| match &dim.value {
        Some(Extent::Value(size)) => {
            u64::try_from(*size).map_or(Dim::Free(String::new()), Dim::Size)
        }
        Some(Extent::Name(name)) => Dim::Free(name.clone()),
        None => Dim::Free(String::new()),
    };
    Port { name: value.name.clone(), shape: dims(value).iter().map(dim).collect() }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [", self.name)?;
        for (index, dim) in self.shape.iter().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            match dim {
                Dim::Size(size) => write!(f, "{before}{size}")?,
                Dim::Free(name) if name.is_empty() => write!(f, "{before}?")?,
                Dim::Free(name) => write!(f, "{before}{name}")?,
            }
        }
        f.write_str("]")
    }
}
