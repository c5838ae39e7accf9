//! How far a training is, as lines of JSON in a file: whoever started it as a job reads them while
//! it works. Serves train-2.1.3.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use desk::rounds::{EpochLine, ProgressLine, TrainingStage};
use desk::world::Stopwatch;
use training::FitReport;

use crate::failure::Failure;

/// Milliseconds between two lines of one stage at least.
const APART: u128 = 300;

/// Where it is told how far a training is.
pub(crate) struct Progress {
    file: Option<(PathBuf, File)>,
    begun: Stopwatch,
    last: Option<(TrainingStage, u128)>,
}

impl Progress {
    /// Tells it in a file, or nowhere.
    pub(crate) fn new(path: Option<&Path>) -> Result<Self, Failure> {
        let open = |path: &Path| -> Result<(PathBuf, File), Failure> {
            let file = OpenOptions::new().create(true).append(true).open(path);
            Ok((path.to_owned(), file.map_err(Failure::write(path))?))
        };
        let file = path.map(open).transpose()?;
        Ok(Self { file, begun: Stopwatch::start(), last: None })
    }

    /// So much of a stage is done. A line that follows another too closely is left out, unless it
    /// is the last of its stage.
    pub(crate) fn stage(
        &mut self,
        stage: TrainingStage,
        done: usize,
        of: usize,
    ) -> Result<(), Failure> {
        let now = self.begun.elapsed().as_millis();
        let close = self.last.is_some_and(|(of, at)| of == stage && now < at + APART);
        if close && done < of {
            return Ok(());
        }
        self.last = Some((stage, now));
        self.tell(&ProgressLine {
            stage,
            done: done as u64,
            of: of as u64,
            seconds: self.begun.elapsed().as_secs_f64(),
            epoch: None,
        })
    }

    /// An epoch of a fit is over.
    pub(crate) fn epoch(
        &mut self,
        stage: TrainingStage,
        report: &FitReport,
        of: usize,
        judged: usize,
    ) -> Result<(), Failure> {
        let epoch = EpochLine {
            loss: report.loss,
            validation_loss: report.validation_loss,
            validation_hits: report.validation_hits.map(|hits| hits as u64),
            validation_images: report.validation_hits.map(|_| judged as u64),
        };
        self.tell(&ProgressLine {
            stage,
            done: report.epoch as u64,
            of: of as u64,
            seconds: self.begun.elapsed().as_secs_f64(),
            epoch: Some(epoch),
        })
    }

    fn tell(&mut self, line: &ProgressLine) -> Result<(), Failure> {
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        let mut bytes = serde_json::to_vec(line).map_err(Failure::unwritable)?;
        bytes.push(b'\n');
        file.write_all(&bytes).map_err(Failure::write(path))
    }
}
