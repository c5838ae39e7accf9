//! Where answers go: results to standard output, notes to standard error. A reader that goes away
//! (a closed pipe) ends the program in peace.

use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

use crate::args::{Color, Global};
use crate::failure::Failure;

/// How a piece of text stands out on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// A heading.
    Bold,
    /// Less important.
    Dim,
    /// Wrong.
    Red,
    /// Right.
    Green,
    /// To be looked at.
    Yellow,
    /// A place or a name.
    Blue,
}

/// The two streams.
pub(crate) struct Output {
    out: io::BufWriter<io::Stdout>,
    colors: bool,
    error_colors: bool,
    json: bool,
    quiet: bool,
}

impl Output {
    /// The streams of this process.
    pub(crate) fn new(global: &Global) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let wanted = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain,
        };
        Self {
            out: io::BufWriter::new(io::stdout()),
            colors: wanted(io::stdout().is_terminal()),
            error_colors: wanted(io::stderr().is_terminal()),
            json: global.json,
            quiet: global.quiet,
        }
    }

    /// Whether one JSON document is asked for.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// Whether standard error is a terminal on which progress may move.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }

    /// How many columns the terminal has.
    pub(crate) fn width(&self) -> usize {
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        columns.unwrap_or_else(|| table_width().unwrap_or(100)).clamp(40, 200)
    }

    /// Text for standard output, painted where colours are used.
    pub(crate) fn paint(&self, paint: Paint, text: &str) -> String {
        painted(self.colors, paint, text)
    }

    /// One line of a result.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        writeln!(self.out, "{}", text.as_ref().trim_end()).map_err(Failure::writing)
    }

    /// A heading of a result.
    pub(crate) fn heading(&mut self, text: &str) -> Result<(), Failure> {
        let text = self.paint(Paint::Bold, text);
        self.line(text)
    }

    /// Bytes of a result, as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes).map_err(Failure::writing)
    }

    /// The JSON document of a result.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).map_err(Failure::unwritable)?;
        self.line(text)
    }

    /// A note beside the result; nothing when the user wants quiet or JSON.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), Failure> {
        if self.quiet || self.json {
            return Ok(());
        }
        self.complain(text)
    }

    /// A message that is always shown.
    pub(crate) fn complain(&mut self, text: &str) -> Result<(), Failure> {
        self.out.flush().map_err(Failure::writing)?;
        writeln!(io::stderr().lock(), "{}", text.trim_end()).map_err(Failure::writing)
    }

    /// Text for standard error, painted where colours are used.
    pub(crate) fn paint_error(&self, paint: Paint, text: &str) -> String {
        painted(self.error_colors, paint, text)
    }

    /// Hands everything to the system.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(Failure::writing)
    }
}

fn table_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0))
}

fn painted(colors: bool, paint: Paint, text: &str) -> String {
    if !colors {
        return text.to_owned();
    }
    let code = match paint {
        Paint::Bold => "1",
        Paint::Dim => "2",
        Paint::Red => "31",
        Paint::Green => "32",
        Paint::Yellow => "33",
        Paint::Blue => "34",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
