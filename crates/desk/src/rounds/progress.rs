//! How far a training is, as its process tells it line by line. Serves train-2.1.3.

use std::io;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bytes of a file of progress at most; what is behind is left out.
const LARGEST: u64 = 4 << 20;

/// What a training does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrainingStage {
    /// Turns images into embeddings.
    Features,
    /// Chooses settings by cross-validation.
    Search,
    /// Trains the head that is measured.
    Fit,
    /// Trains the head that is delivered, from the validation part too.
    Refit,
    /// Writes the package and holds it against the trainer.
    Writing,
}

/// How far it was at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProgressLine {
    /// What it does.
    pub stage: TrainingStage,
    /// Images, folds or epochs that are done.
    pub done: u64,
    /// How many there are.
    pub of: u64,
    /// Seconds since it began.
    pub seconds: f64,
    /// What the epoch came to, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<EpochLine>,
}

/// What an epoch came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EpochLine {
    /// Mean loss while it learned.
    pub loss: f32,
    /// Mean loss over the validation part; absent where there is none.
    pub validation_loss: Option<f32>,
    /// Images of the validation part that were classified right.
    pub validation_hits: Option<u64>,
    /// Images of the validation part.
    pub validation_images: Option<u64>,
}

/// Reads what was told so far; half a line at the end is one that is being written.
pub(super) fn read(path: &Path) -> io::Result<Vec<ProgressLine>> {
    use std::io::Read as _;
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut text = String::new();
    file.take(LARGEST).read_to_string(&mut text)?;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}
