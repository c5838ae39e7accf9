//! Runs contenders in turns, each in a process of its own, and compares their answers.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::measure::{Sample, median};
use crate::table::Line;

/// The first word of a process that measures.
pub(crate) const WORKER: &str = "worker";

/// What all benchmarks share.
pub(crate) struct Setting {
    rounds: usize,
    divide: u64,
    folder: PathBuf,
    python: Option<PathBuf>,
}

/// Who does the work.
pub(crate) struct Contender {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// How it is started.
    pub(crate) start: Start,
    /// Its arguments.
    pub(crate) words: Vec<String>,
}

/// How a contender is started.
pub(crate) enum Start {
    /// This program with a task.
    Ours(&'static str),
    /// A script in `python/`.
    Python(&'static str),
}

impl Setting {
    /// Data is made beside the program, below cargo's target folder.
    pub(crate) fn new(rounds: usize, divide: u64) -> Result<Self> {
        let program = std::env::current_exe().context("this program's own path")?;
        let built = program.parent().context("a program lies in a folder")?;
        let folder = built.join("bench-data");
        std::fs::create_dir_all(&folder).context("the folder for data")?;
        let python = std::env::var_os("TALLYSTICK_PYTHON").map(PathBuf::from);
        Ok(Self { rounds: rounds.max(1), divide: divide.max(1), folder, python })
    }

    /// A size, divided as the caller asked.
    pub(crate) fn size(&self, whole: u64) -> u64 {
        (whole / self.divide).max(1)
    }

    /// A file or folder for data, named by its size so that sizes do not mix.
    pub(crate) fn path(&self, name: &str, size: u64, ending: &str) -> PathBuf {
        self.folder.join(format!("{name}-{size}{ending}"))
    }

    /// Makes a file once, under another name first, so that half a file is never taken.
    pub(crate) fn make(
        &self,
        path: &std::path::Path,
        write: impl FnOnce(&std::path::Path) -> Result<()>,
    ) -> Result<()> {
        if path.exists() {
            return Ok(());
        }
        eprintln!("benches: making {}", path.file_name().unwrap_or_default().display());
        let partial = path.with_extension("partial");
        write(&partial)?;
        std::fs::rename(&partial, path).context("cannot name the data")
    }

    /// Whether the peers can run.
    pub(crate) fn has_peers(&self) -> bool {
        self.python.is_some()
    }

    /// Runs the contenders in turns. `work` is how many units the work has, for the rate. All
    /// answers must be the same; an empty one is not compared. The first contender is the one that
    /// the others are compared with.
    pub(crate) fn race(
        &self,
        task: &str,
        work: u64,
        unit: &'static str,
        contenders: &[Contender],
    ) -> Result<Vec<Line>> {
        let takes_part = |one: &&Contender| self.has_peers() || matches!(one.start, Start::Ours(_));
        let contenders: Vec<&Contender> = contenders.iter().filter(takes_part).collect();
        let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); contenders.len()];
        for round in 0..self.rounds {
            for (contender, samples) in contenders.iter().zip(&mut samples) {
                eprintln!("benches: {task}, {}, round {}", contender.name, round + 1);
                samples.push(self.start(contender)?);
            }
        }
        compare(task, &contenders, &samples)?;
        let of = |samples: &[Sample], part: fn(&Sample) -> f64| median(samples.iter().map(part));
        let own = samples.first().map_or(f64::NAN, |samples| of(samples, |sample| sample.cpu));
        let lines = contenders.iter().zip(&samples).map(|(contender, samples)| {
            let cpu = of(samples, |sample| sample.cpu);
            let loads: Option<Vec<f64>> = samples.iter().map(|sample| sample.load_cpu).collect();
            Line {
                task: task.to_owned(),
                engine: contender.name.to_owned(),
                cpu,
                cpu_least: samples.iter().map(|sample| sample.cpu).fold(f64::INFINITY, f64::min),
                wall: of(samples, |sample| sample.wall),
                load_cpu: loads.map(median),
                peak_mib: of(samples, |sample| sample.peak_mib),
                per_cpu_second: work as f64 / cpu,
                per_wall_second: work as f64 / of(samples, |sample| sample.wall),
                unit,
                ratio: cpu / own,
                rounds: samples.len(),
                answer: samples.first().map(|sample| sample.answer.clone()).unwrap_or_default(),
            }
        });
        Ok(lines.collect())
    }

    fn start(&self, contender: &Contender) -> Result<Sample> {
        let mut command = match contender.start {
            Start::Ours(task) => {
                let mut command = Command::new(std::env::current_exe()?);
                command.args([WORKER, task]);
                command
            }
            Start::Python(script) => {
                let python = self.python.as_ref().context("no Python")?;
                let mut command = Command::new(python);
                let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/python");
                command.arg(PathBuf::from(scripts).join(script));
                command
            }
        };
        command.args(&contender.words).stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = command.output().with_context(|| contender.name.to_owned())?;
        if !output.status.success() {
            bail!("{}: {}", contender.name, output.status);
        }
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{} gave no measurement", contender.name))
    }
}

fn compare(task: &str, contenders: &[&Contender], samples: &[Vec<Sample>]) -> Result<()> {
    let answers = || {
        let pairs = contenders.iter().zip(samples);
        let each = pairs.flat_map(|(one, samples)| samples.iter().map(|each| (one.name, each)));
        each.filter(|(_, sample)| !sample.answer.is_empty())
    };
    let Some((first, expected)) = answers().next() else { return Ok(()) };
    match answers().find(|(_, sample)| sample.answer != expected.answer) {
        Some((other, sample)) => {
            bail!("{task}: {first} says {}, {other} says {}", expected.answer, sample.answer)
        }
        None => Ok(()),
    }
}
