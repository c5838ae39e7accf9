//! `rten`: written in Rust, part of the program, slower.

use std::sync::Arc;

use onnx::Port;
use rten::{Model, NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensorView;
use rten_tensor::prelude::*;

use super::{EngineError, Output};

const NAME: &str = "rten";

pub(super) struct Runner {
    model: Model,
    input: NodeId,
    outputs: Vec<NodeId>,
    pool: Arc<ThreadPool>,
}

impl Runner {
    pub(super) fn load(
        file: &[u8],
        input: &str,
        outputs: &[Port],
        threads: usize,
    ) -> Result<Self, EngineError> {
        let refused = |said: String| EngineError::Refused { engine: NAME, said };
        let model = Model::load(file.to_vec()).map_err(|error| refused(error.to_string()))?;
        let node = |name: &str| model.node_id(name).map_err(|error| refused(error.to_string()));
        let outputs = outputs.iter().map(|port| node(&port.name)).collect::<Result<_, _>>()?;
        let input = node(input)?;
        let pool = Arc::new(ThreadPool::with_num_threads(threads.max(1)));
        Ok(Self { input, outputs, pool, model })
    }

    pub(super) fn run(
        &self,
        shape: [usize; 4],
        numbers: &[f32],
        ports: &[Port],
    ) -> Result<Vec<Output>, EngineError> {
        let stopped = |said: String| EngineError::Stopped { engine: NAME, said };
        let input = NdTensorView::from_data(shape, numbers);
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool)));
        let inputs = vec![(self.input, input.into())];
        let values = self.model.run(inputs, &self.outputs, Some(options));
        let values = values.map_err(|error| stopped(error.to_string()))?;
        let images = shape[0];
        let output = |(value, port): (rten::Value, &Port)| {
            let tensor: rten_tensor::Tensor<f32> =
                value.try_into().map_err(|_| stopped(format!("{} is not of f32", port.name)))?;
            let values = tensor.to_vec();
            Ok(Output { name: port.name.clone(), width: values.len() / images.max(1), values })
        };
        values.into_iter().zip(ports).map(output).collect()
    }
}
