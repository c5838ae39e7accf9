//! Graphs of neural networks as files: ONNX read, checked, built and written; the weights of a
//! PyTorch file read without PyTorch; EfficientNet-Lite put together from them; a trained head
//! appended to a backbone. Serves train-2.2.4: the structure of a model is delivered with it.
//!
//! Knows bytes and numbers; runs no graph and opens no file. What is read from outside is bounded
//! and checked before anybody relies on it.

mod build;
mod efficientnet;
mod graph;
mod head;
mod layers;
mod pickle;
mod proto;
mod quantize;
mod torch;

pub use efficientnet::{ConvertError, Converted, Variant, efficientnet_lite};
pub use graph::{Dim, Fault, Graph, Port, read};
pub use head::{EMBEDDING, Head, HeadError, Layer, PROBABILITIES, append};
pub use layers::{Row, layers};
pub use quantize::{QuantizeError, Range, Watched, quantize, watch};
pub use torch::{Tensor, TorchError, read_torch};
