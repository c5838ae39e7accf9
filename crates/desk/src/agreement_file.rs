//! Reading an agreement from a file: TOML for people, JSON between machines. Decides what a file
//! says and where it is wrong, all at once; what a term means is decided in `contract`.

mod json;
mod toml;

use contract::form::{Form, Node, Place, Problem, ProblemKind, Severity};
use contract::terms::{Agreement, clause_of};

/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Lists and tables within each other, the outermost counted as 1. TOML stops at 80 besides.
    pub depth: usize,
    /// Problems that are reported.
    pub problems: usize,
}

/// A problem with its place as an editor counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong; its place counts bytes.
    pub problem: Problem,
}

/// What a file says, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFile {
    /// The agreement and its canonical JSON, which the parties sign; `None` when it does not read.
    pub agreement: Option<(Agreement, String)>,
    /// Errors and warnings in the order of the file.
    pub problems: Vec<FileProblem>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 4 << 20, depth: 64, problems: 1_000 }
    }
}

impl CheckedFile {
    /// Whether nothing stands in the way of signing.
    #[must_use]
    pub fn can_be_signed(&self) -> bool {
        let is_error = |found: &FileProblem| found.problem.severity == Severity::Error;
        self.agreement.is_some() && !self.problems.iter().any(is_error)
    }
}

/// Reads an agreement file that can be signed, with its canonical JSON; warnings are passed over.
///
/// # Errors
/// Every problem of the file, warnings included, when one of them is an error.
pub fn read_agreement(
    bytes: &[u8],
    limits: &Limits,
) -> Result<(Agreement, String), Vec<FileProblem>> {
    let checked = check_agreement(bytes, limits);
    let signable = checked.can_be_signed();
    match checked.agreement {
        Some(read) if signable => Ok(read),
        _ => Err(checked.problems),
    }
}

/// Reads and checks an agreement file: TOML, or JSON when it begins with `{`.
#[must_use]
pub fn check_agreement(bytes: &[u8], limits: &Limits) -> CheckedFile {
    let parsed = parse(bytes, limits);
    let kind = parsed.as_ref().ok().and_then(|root| root.get("service")?.text("type"));
    let (agreement, mut problems) = match &parsed {
        Ok(root) => read_node(root),
        Err(problems) => (None, problems.clone()),
    };
    problems.sort_by(|a, b| (a.place, &a.path).cmp(&(b.place, &b.path)));
    problems.truncate(limits.problems);
    for problem in problems.iter_mut().filter(|problem| problem.clause.is_none()) {
        problem.clause = clause_of(kind, &problem.path);
    }
    let lines = Lines::new(bytes);
    let problems = problems.into_iter().map(|problem| lines.locate(problem)).collect();
    CheckedFile { agreement, problems }
}

/// Turns the bytes of a TOML or JSON file into a tree with byte places.
///
/// # Errors
/// When the file is too long, no UTF-8, too deep, or not of its format.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Node, Vec<Problem>> {
    let fault = |at: usize, kind| {
        let place = Place { start: at, end: at };
        vec![Problem::new("", place, kind)]
    };
    if bytes.len() > limits.bytes {
        return Err(fault(limits.bytes, ProblemKind::TooLarge { limit: limits.bytes }));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| fault(error.valid_up_to(), ProblemKind::NotUtf8))?;
    let text_starts = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
    if text[text_starts..].trim_start().starts_with('{') {
        json::parse(text, text_starts, limits.depth).map_err(|(at, kind)| fault(at, kind))
    } else {
        toml::parse(text, limits.depth)
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads the terms, then checks the rules between them.
fn read_node(root: &Node) -> (Option<(Agreement, String)>, Vec<Problem>) {
    let mut problems = Vec::new();
    let agreement = Agreement::read(root, "", &mut problems);
    // An unknown or repeated key is a problem even when every known field could be read.
    let Some(agreement) = agreement else { return (None, problems) };
    problems.extend(contract::check(&agreement, Some(root)));
    match journal::canonical::to_vec(&agreement).map(String::from_utf8) {
        Ok(Ok(canonical)) => (Some((agreement, canonical)), problems),
        // The reader refuses every value that canonical JSON cannot hold.
        _ => {
            let kind = ProblemKind::Rule { rule: "no_canonical_form", values: Vec::new() };
            problems.push(Problem::new("", root.place, kind));
            (None, problems)
        }
    }
}

/// Where the lines of a file begin.
struct Lines<'a> {
    bytes: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { bytes, starts }
    }

    fn locate(&self, problem: Problem) -> FileProblem {
        let at = problem.place.start.min(self.bytes.len());
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        // Bytes that continue a character begin with the bits 10.
        let before = &self.bytes[start..at];
        let characters = before.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        FileProblem { line, column: characters + 1, problem }
    }
}

#[cfg(test)]
mod tests;
