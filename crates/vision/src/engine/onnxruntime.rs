//! ONNX Runtime, whose library is loaded while the program runs, once for the whole process.

use std::path::Path;
use std::sync::OnceLock;

use onnx::Port;
use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;

use super::{EngineError, Output};

const NAME: &str = "ONNX Runtime";

pub(super) struct Runner {
    session: Session,
}

/// The library, once for the process: a second path is not looked at.
fn environment(library: &Path) -> Result<&'static Environment, EngineError> {
    static LOADED: OnceLock<Result<Environment, EngineError>> = OnceLock::new();
    let loaded = LOADED.get_or_init(|| {
        let path = library.display().to_string();
        let failed = |said: String| EngineError::Library { path: path.clone(), said };
        let builder = ort::init_from(library).map_err(|error| failed(error.to_string()))?;
        builder.with_telemetry(false).build().map_err(|error| failed(error.to_string()))
    });
    loaded.as_ref().map_err(Clone::clone)
}

impl Runner {
    pub(super) fn load(file: &[u8], library: &Path, threads: usize) -> Result<Self, EngineError> {
        let environment = environment(library)?;
        let refused = |said: String| EngineError::Refused { engine: NAME, said };
        let builder = Session::builder(environment).map_err(|error| refused(error.to_string()))?;
        let mut builder = builder
            .with_intra_threads(threads.max(1))
            .map_err(|error| refused(error.to_string()))?;
        let session = builder.commit_from_memory(file);
        Ok(Self { session: session.map_err(|error| refused(error.to_string()))? })
    }

    pub(super) fn run(
        &mut self,
        input: &str,
        shape: [usize; 4],
        numbers: &[f32],
        ports: &[Port],
    ) -> Result<Vec<Output>, EngineError> {
        let stopped = |said: String| EngineError::Stopped { engine: NAME, said };
        let images = shape[0];
        let tensor = TensorRef::from_array_view((shape, numbers))
            .map_err(|error| stopped(error.to_string()))?;
        let values = self.session.run(ort::inputs![input => tensor]);
        let values = values.map_err(|error| stopped(error.to_string()))?;
        let output = |port: &Port| {
            let value = values.get(&port.name);
            let value = value.ok_or_else(|| stopped(format!("{} did not come out", port.name)))?;
            let (_, numbers) =
                value.try_extract_tensor::<f32>().map_err(|error| stopped(error.to_string()))?;
            let (name, width) = (port.name.clone(), numbers.len() / images.max(1));
            Ok(Output { name, width, values: numbers.to_vec() })
        };
        ports.iter().map(output).collect()
    }
}
