//! What the readers of JSON share: a file as records that are read one by one, and the faults of a
//! record with their place. Knows no format.

use annotation::json::{Fault, JsonError, Scanner};
use annotation::{
    CoordinateError, Findings, Limits, Loss, Losses, Node, Place, Problem, Severity, exact_micros,
    parse_micros,
};

/// Why a record, or a part of one, was left out.
pub(crate) struct Bad {
    pub(crate) problem: Problem,
    pub(crate) at: usize,
    pub(crate) field: String,
}

impl Bad {
    pub(crate) fn new(problem: Problem, at: usize, field: impl Into<String>) -> Self {
        Self { problem, at, field: field.into() }
    }

    pub(crate) fn missing(node: &Node<'_>, field: &str) -> Self {
        Self::new(Problem::MissingField, node.at, field)
    }

    pub(crate) fn wrong(node: &Node<'_>, field: &str, expected: &str) -> Self {
        Self::new(Problem::WrongType { expected: expected.to_owned() }, node.at, field)
    }
}

/// Reports a fault; `before` names the record.
pub(crate) fn report(found: &mut Findings, before: &str, bad: Bad) {
    found.push(Severity::Error, bad.problem, place(bad.at, &format!("{before}{}", bad.field)));
}

pub(crate) fn place(at: usize, field: &str) -> Place {
    let field = (!field.is_empty()).then(|| field.to_owned());
    Place { offset: Some(at as u64), field, ..Place::default() }
}

/// The place and the kind of what made scanning stop.
pub(crate) fn broken(error: JsonError, limits: &Limits, inside: bool) -> Bad {
    let problem = match error.fault {
        Fault::Truncated => Problem::Truncated,
        Fault::TooDeep => Problem::TooDeep { limit: limits.depth as u64 },
        Fault::Expected("UTF-8") => Problem::NotUtf8,
        Fault::Expected(expected) if inside => Problem::WrongType { expected: expected.to_owned() },
        Fault::Expected(expected) => Problem::JsonSyntax { expected: expected.to_owned() },
    };
    Bad::new(problem, error.at, "")
}

/// Reads the next value; one that does not read is passed over whole and reported.
pub(crate) fn next<'a>(
    scanner: &mut Scanner<'a>,
    limits: &Limits,
    found: &mut Findings,
    before: &str,
) -> Result<Option<Node<'a>>, JsonError> {
    scanner.peek()?;
    let start = scanner.at;
    match Node::read(scanner, limits.depth) {
        Ok(node) => Ok(Some(node)),
        Err(error) => {
            scanner.at = start;
            scanner.skip()?;
            report(found, before, broken(error, limits, true));
            Ok(None)
        }
    }
}

/// A number as millionths.
pub(crate) fn micros(
    node: &Node<'_>,
    field: &str,
    rounded: Loss,
    losses: &mut Losses,
) -> Result<i64, Bad> {
    let text = node.number().ok_or_else(|| Bad::wrong(node, field, "a number"))?;
    let value = parse_micros(text.as_bytes()).map_err(|error| coordinate(error, node, field))?;
    if !exact_micros(text.as_bytes()) {
        losses.add(rounded, || format!("@{}", node.at));
    }
    Ok(value)
}

pub(crate) fn coordinate(error: CoordinateError, node: &Node<'_>, field: &str) -> Bad {
    match error {
        CoordinateError::NotFinite => Bad::new(Problem::NotFinite, node.at, field),
        CoordinateError::OutOfRange => Bad::new(Problem::OutOfRange, node.at, field),
        CoordinateError::Malformed => Bad::wrong(node, field, "a number"),
    }
}
