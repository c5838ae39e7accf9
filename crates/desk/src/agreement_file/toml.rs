//! TOML text as a tree of keys and values with byte places. Dates are kept as they are written;
//! numbers with a decimal point too, so that they can be refused with their place.

use std::ops::Range;

use contract::form::{Key, Node, Place, Problem, ProblemKind, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// Files up to this length are read on after a syntax error, so that all are reported; of longer
/// ones the first alone, since each reported error costs memory.
const RECOVER_BYTES: usize = 256 << 10;

pub(super) fn parse(text: &str, depth: usize) -> Result<Node, Vec<Problem>> {
    let (root, errors) = if text.len() <= RECOVER_BYTES {
        DeTable::parse_recoverable(text)
    } else {
        match DeTable::parse(text) {
            Ok(root) => (root, Vec::new()),
            Err(error) => return Err(vec![syntax(&error)]),
        }
    };
    if !errors.is_empty() {
        let mut problems: Vec<Problem> = errors.iter().map(syntax).collect();
        // After a first error at a place the parser often tells another of the same place.
        problems.dedup_by_key(|problem| problem.place);
        return Err(problems);
    }
    let place = Place { start: 0, end: text.len() };
    let value = table(root.get_ref(), text, depth)
        .map_err(|place| vec![Problem::new("", place, ProblemKind::TooDeep { limit: depth })])?;
    Ok(Node { place, value })
}

fn syntax(error: &Error) -> Problem {
    let place = error.span().map_or(Place::default(), place);
    let kind = match error.message() {
        "duplicate key" => ProblemKind::Duplicate,
        message => ProblemKind::Syntax { message: message.to_owned() },
    };
    Problem::new("", place, kind)
}

fn place(span: Range<usize>) -> Place {
    Place { start: span.start, end: span.end }
}

/// A table; the error is the place that lies too deep.
fn table(table: &DeTable<'_>, text: &str, depth: usize) -> Result<Value, Place> {
    let mut entries = Vec::with_capacity(table.len());
    for (name, value) in table {
        let key = Key { name: name.get_ref().to_string(), place: place(name.span()) };
        entries.push((key, node(value, text, depth)?));
    }
    // The parser orders by name; people look for a problem in the order of the file.
    entries.sort_by_key(|(key, _)| key.place);
    Ok(Value::Table(entries))
}

/// A value inside a list or table that may hold `depth` levels, itself counted.
fn node(value: &Spanned<DeValue<'_>>, text: &str, depth: usize) -> Result<Node, Place> {
    let place = place(value.span());
    let inner_depth = || depth.checked_sub(1).filter(|depth| *depth > 0).ok_or(place);
    let as_written = || text.get(value.span()).unwrap_or_default().to_owned();
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or_else(|_| Value::Float(as_written()), Value::Integer),
        DeValue::Float(_) => Value::Float(as_written()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(_) => Value::Text(as_written()),
        DeValue::Array(items) => {
            let depth = inner_depth()?;
            let items = items.iter().map(|item| node(item, text, depth));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(inner) => table(inner, text, inner_depth()?)?,
    };
    Ok(Node { place, value })
}
