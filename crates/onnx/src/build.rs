//! Puts a graph together, node by node.

use crate::graph::{Dim, Fault, Graph, Port};
use crate::proto::{self, Extent, data, kind};

/// Version of the format: the oldest that all engines of today read with operator set 17.
const IR: i64 = 8;
/// Version of the operators.
const OPERATORS: i64 = 17;

/// A graph in the making. Names of values are given by whoever builds, and must differ.
#[derive(Debug, Clone)]
pub(crate) struct Builder {
    pub(crate) graph: proto::Graph,
    remarks: Vec<proto::Entry>,
}

/// One attribute of a node.
#[derive(Debug, Clone)]
pub(crate) enum Attribute<'a> {
    Int(&'a str, i64),
    Ints(&'a str, &'a [i64]),
}

impl Builder {
    /// An empty graph of this name.
    #[must_use]
    pub(crate) fn new(name: &str) -> Self {
        let graph = proto::Graph { name: name.to_owned(), ..proto::Graph::default() };
        Self { graph, remarks: Vec::new() }
    }

    pub(crate) fn on(graph: &Graph) -> Self {
        Self { graph: graph.body().clone(), remarks: graph.model.metadata_props.clone() }
    }

    pub(crate) fn weights(&mut self, name: &str, shape: &[usize], values: &[f32]) -> String {
        self.graph.initializer.push(proto::Tensor {
            name: name.to_owned(),
            dims: extents(shape),
            data_type: data::FLOAT,
            raw_data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            ..proto::Tensor::default()
        });
        name.to_owned()
    }

    /// Whole numbers of this kind, as they lie in memory.
    pub(crate) fn whole(
        &mut self,
        name: &str,
        shape: &[usize],
        data_type: i32,
        raw_data: Vec<u8>,
    ) -> String {
        self.graph.initializer.push(proto::Tensor {
            name: name.to_owned(),
            dims: extents(shape),
            data_type,
            raw_data,
            ..proto::Tensor::default()
        });
        name.to_owned()
    }

    pub(crate) fn node(
        &mut self,
        op: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[Attribute<'_>],
    ) -> String {
        self.graph.node.push(proto::Node {
            name: output.to_owned(),
            op_type: op.to_owned(),
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![output.to_owned()],
            attribute: attributes.iter().map(attribute).collect(),
            ..proto::Node::default()
        });
        output.to_owned()
    }

    pub(crate) fn input(&mut self, port: &Port) {
        self.graph.input.push(value(port));
    }

    pub(crate) fn output(&mut self, port: &Port) {
        self.graph.output.push(value(port));
    }

    /// A remark that the file carries; one of the same key is replaced.
    pub(crate) fn remark(&mut self, key: &str, value: &str) {
        self.remarks.retain(|entry| entry.key != key);
        self.remarks.push(proto::Entry { key: key.to_owned(), value: value.to_owned() });
    }

    /// The graph, checked.
    ///
    /// # Errors
    /// When it does not hold together.
    pub(crate) fn finish(self) -> Result<Graph, Fault> {
        let model = proto::Model {
            ir_version: IR,
            producer_name: "tally".to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            graph: Some(self.graph),
            opset_import: vec![proto::OperatorSet { domain: String::new(), version: OPERATORS }],
            metadata_props: self.remarks,
            functions: Vec::new(),
        };
        let graph = Graph { model };
        graph.check()?;
        Ok(graph)
    }
}

fn extents(shape: &[usize]) -> Vec<i64> {
    shape.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect()
}

fn attribute(given: &Attribute<'_>) -> proto::Attribute {
    match *given {
        Attribute::Int(name, i) => proto::Attribute {
            name: name.to_owned(),
            i,
            r#type: kind::INT,
            ..proto::Attribute::default()
        },
        Attribute::Ints(name, ints) => proto::Attribute {
            name: name.to_owned(),
            ints: ints.to_vec(),
            r#type: kind::INTS,
            ..proto::Attribute::default()
        },
    }
}

fn value(port: &Port) -> proto::ValueInfo {
    let dim = |dim: &Dim| proto::Dimension {
        value: Some(match dim {
            Dim::Size(size) => Extent::Value(i64::try_from(*size).unwrap_or(i64::MAX)),
            Dim::Free(name) => Extent::Name(name.clone()),
        }),
    };
    let shape = proto::Shape { dim: port.shape.iter().map(dim).collect() };
    let tensor = proto::TensorType { elem_type: data::FLOAT, shape: Some(shape) };
    proto::ValueInfo {
        name: port.name.clone(),
        r#type: Some(proto::Type { tensor_type: Some(tensor) }),
    }
}
