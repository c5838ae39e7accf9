//! Runs a network. ONNX Runtime where its library is on the machine, `rten`, which is part of the
//! program, where it is not. Both read the same file; a test holds them to the same numbers.

mod onnxruntime;
mod pure;

use std::path::Path;

use onnx::{Dim, Fault, Graph, Port};
use serde::{Deserialize, Serialize};

/// Which engine runs a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// ONNX Runtime, whose library is loaded while the program runs.
    OnnxRuntime,
    /// `rten`, within the program.
    Rten,
}

impl Choice {
    /// The name that people know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OnnxRuntime => "ONNX Runtime",
            Self::Rten => "rten",
        }
    }
}

/// What came out under one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The name in the graph.
    pub name: String,
    /// Numbers of one image.
    pub width: usize,
    /// Image by image.
    pub values: Vec<f32>,
}

/// Everything that came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outputs(pub Vec<Output>);

impl Outputs {
    /// What came out under this name.
    #[must_use]
    pub fn take(self, name: &str) -> Option<Output> {
        self.0.into_iter().find(|output| output.name == name)
    }
}

/// Why a network does not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The library of ONNX Runtime cannot be loaded.
    #[error("the library of ONNX Runtime cannot be loaded from {path}: {said}")]
    Library {
        /// Where it was looked for.
        path: String,
        /// What the loader said.
        said: String,
    },
    /// The file is no graph.
    #[error(transparent)]
    Graph(#[from] Fault),
    /// The graph does not take one square image of three colours.
    #[error("the network takes {found}, and (N, 3, side, side) is needed")]
    Input {
        /// What it takes.
        found: String,
    },
    /// The engine refuses the graph.
    #[error("{engine} does not take the network: {said}")]
    Refused {
        /// The engine.
        engine: &'static str,
        /// What it said.
        said: String,
    },
    /// It stopped while it ran.
    #[error("{engine} stopped: {said}")]
    Stopped {
        /// The engine.
        engine: &'static str,
        /// What it said.
        said: String,
    },
    /// Another count of numbers than the images need.
    #[error("{found} numbers were given for {images} images of {side} pixels")]
    Count {
        /// Numbers given.
        found: usize,
        /// Images they are for.
        images: usize,
        /// Pixels across and down.
        side: u32,
    },
    /// A number came out that is none.
    #[error("output {name} of image {image} is no number")]
    NotFinite {
        /// The output.
        name: String,
        /// The image within what was given, from 0.
        image: usize,
    },
}

/// One of the two, loaded.
enum Runner {
    OnnxRuntime(onnxruntime::Runner),
    Rten(Box<pure::Runner>),
}

/// A network that is ready to run. One at a time may use it; several are loaded for several.
pub struct Engine {
    runner: Runner,
    choice: Choice,
    side: u32,
    input: String,
    outputs: Vec<Port>,
}

/// Loads a network. `threads` are those that one run may use. Without a library, `rten` runs it.
///
/// # Errors
/// When the file is no graph, takes something else than images, or the engine refuses it.
pub fn open(file: &[u8], library: Option<&Path>, threads: usize) -> Result<Engine, EngineError> {
    let graph = onnx::read(file)?;
    let (input, side) = image_input(&graph)?;
    let outputs = graph.outputs();
    let (runner, choice) = match library {
        Some(library) => {
            let runner = onnxruntime::Runner::load(file, library, threads)?;
            (Runner::OnnxRuntime(runner), Choice::OnnxRuntime)
        }
        None => {
            let runner = pure::Runner::load(file, &input, &outputs, threads)?;
            (Runner::Rten(Box::new(runner)), Choice::Rten)
        }
    };
    Ok(Engine { runner, choice, side, input, outputs })
}

/// The name and the side of the one input.
fn image_input(graph: &Graph) -> Result<(String, u32), EngineError> {
    let inputs = graph.inputs();
    let found = || inputs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if let [port] = inputs.as_slice()
        && let [_, Dim::Size(3), Dim::Size(tall), Dim::Size(wide)] = port.shape.as_slice()
        && tall == wide
        && let Ok(side) = u32::try_from(*tall)
        && (1..=4096).contains(&side)
    {
        return Ok((port.name.clone(), side));
    }
    Err(EngineError::Input { found: found() })
}

impl Engine {
    /// Which engine runs it.
    #[must_use]
    pub const fn choice(&self) -> Choice {
        self.choice
    }

    /// Pixels across and down of an image.
    #[must_use]
    pub const fn side(&self) -> u32 {
        self.side
    }

    /// Runs prepared images, (images, 3, side, side) one after the other.
    ///
    /// # Errors
    /// When the numbers are not those of the images, the engine stops, or a result is no number.
    pub fn run(&mut self, numbers: &[f32], images: usize) -> Result<Outputs, EngineError> {
        let side = self.side as usize;
        if images == 0 || numbers.len() != images.saturating_mul(3 * side * side) {
            let found = numbers.len();
            return Err(EngineError::Count { found, images, side: self.side });
        }
        let shape = [images, 3, side, side];
        let outputs = match &mut self.runner {
            Runner::OnnxRuntime(runner) => {
                runner.run(&self.input, shape, numbers, &self.outputs)?
            }
            Runner::Rten(runner) => runner.run(shape, numbers, &self.outputs)?,
        };
        for output in &outputs {
            if let Some(at) = output.values.iter().position(|value| !value.is_finite()) {
                let image = at.checked_div(output.width).unwrap_or(0);
                return Err(EngineError::NotFinite { name: output.name.clone(), image });
            }
        }
        Ok(Outputs(outputs))
    }
}
