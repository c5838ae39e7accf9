//! What is printed: one line for each task and engine.

use std::fmt;

use serde::Serialize;

/// The results of one benchmark.
#[derive(Serialize)]
pub(crate) struct Table {
    /// What was done.
    pub(crate) title: String,
    /// Results.
    pub(crate) lines: Vec<Line>,
    /// What a reader must know.
    pub(crate) notes: Vec<String>,
}

/// Medians of the rounds.
#[derive(Serialize)]
pub(crate) struct Line {
    /// The work.
    pub(crate) task: String,
    /// Who did it.
    pub(crate) engine: String,
    /// CPU seconds.
    pub(crate) cpu: f64,
    /// The least CPU seconds of a round.
    pub(crate) cpu_least: f64,
    /// Wall seconds.
    pub(crate) wall: f64,
    /// CPU seconds of reading the input, where told apart; part of `cpu`.
    pub(crate) load_cpu: Option<f64>,
    /// Peak memory of the process in MiB.
    pub(crate) peak_mib: f64,
    /// Units a CPU second.
    pub(crate) per_cpu_second: f64,
    /// Units a wall second.
    pub(crate) per_wall_second: f64,
    /// The unit.
    pub(crate) unit: &'static str,
    /// Its CPU seconds over those of the task's first engine.
    pub(crate) ratio: f64,
    /// Rounds.
    pub(crate) rounds: usize,
    /// What came out.
    pub(crate) answer: String,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.title)?;
        writeln!(
            f,
            "{:<22} {:<20} {:>8} {:>8} {:>8} {:>8} {:>9} {:>13} {:>7}",
            "task",
            "engine",
            "CPU s",
            "least",
            "wall s",
            "load s",
            "peak MiB",
            "per CPU s",
            "ratio"
        )?;
        for line in &self.lines {
            let load = line.load_cpu.map_or_else(String::new, |load| format!("{load:.3}"));
            writeln!(
                f,
                "{:<22} {:<20} {:>8.3} {:>8.3} {:>8.3} {:>8} {:>9.0} {:>13} {:>7.2}",
                line.task,
                line.engine,
                line.cpu,
                line.cpu_least,
                line.wall,
                load,
                line.peak_mib,
                grouped(line.per_cpu_second),
                line.ratio
            )?;
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        Ok(())
    }
}

/// A whole number with a comma after each three digits.
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
