//! The terms as they hold on a day: signed documents in force replace terms in the agreed order
//! of precedence. A document that ranks below the agreement fills only what the agreement leaves
//! open. Knows nothing of who may sign. Clauses: class-5.1, train-11.1.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use units::{Date, Timestamp};

use crate::form::{Form, Node, Place, Problem, ProblemKind, Value, to_node};
use crate::state::State;
use crate::terms::{Agreement, Document, DocumentRank, Replacement};

/// Names at the top of an agreement that no document can replace: what it is, and what belongs to
/// it.
const FIXED: [&str; 3] = ["format", "id", "documents"];

/// The terms in force on a day: the drafted ones, with the replacements of the documents that
/// were signed with the agreement and of `documents`, each with the instant of its last
/// signature. Clause: class-5.1.
///
/// # Errors
/// Every replacement that names no term or whose value does not read.
pub fn effective_terms(
    drafted: &Agreement,
    documents: &[(&Document, Timestamp)],
    on: Date,
) -> Result<Agreement, Vec<Problem>> {
    let (agreement, problems) = replace_terms(drafted, documents, on);
    if problems.is_empty() { Ok(agreement) } else { Err(problems) }
}

/// The terms in force on a day of an agreement's life; `None` before it is drafted. What cannot
/// be replaced stays as it was.
#[must_use]
pub fn terms_on(state: &State, on: Date) -> Option<Agreement> {
    let drafted = state.drafted.as_ref()?;
    Some(replace_terms(drafted, &signed_documents(state), on).0)
}

/// Derives the terms in force on the day of the last entry, at the earliest on the first day.
pub(crate) fn refresh(state: &mut State) {
    let Some(drafted) = &state.drafted else { return };
    let on = state.last_at.map_or(drafted.term.starts, |at| at.date(&drafted.zone));
    state.agreement = terms_on(state, on.max(drafted.term.starts));
}

/// Takes note that the time is `at`, later than the last entry: documents whose day has come hold
/// from now on.
pub(crate) fn advance(state: &mut State, at: Timestamp) {
    let (Some(drafted), Some(last)) = (&state.drafted, state.last_at) else { return };
    let later = state.documents.values().map(|proposed| &proposed.document);
    let mut days = drafted.documents.iter().chain(later).filter_map(|doc| doc.effective).peekable();
    if days.peek().is_none() {
        return;
    }
    let (last, now) = (last.date(&drafted.zone), at.date(&drafted.zone));
    if days.any(|day| last < day && day <= now) {
        let on = now.max(drafted.term.starts);
        state.agreement = terms_on(state, on);
    }
}

fn signed_documents(state: &State) -> Vec<(&Document, Timestamp)> {
    let signed = state.documents.values().filter(|proposed| proposed.signed.len() == 2);
    let dated = signed
        .map(|proposed| (&proposed.document, proposed.signed.values().map(|one| one.at).max()));
    dated.filter_map(|(document, at)| at.map(|at| (document, at))).collect()
}

/// One replacement in the order of application.
pub(crate) struct Change<'a> {
    /// Where it stands in the agreement file, when it was signed with the agreement.
    pub(crate) at: String,
    /// The term and its value.
    pub(crate) replacement: &'a Replacement,
    /// Whether the agreement's own word is stronger.
    pub(crate) only_where_silent: bool,
}

/// Replacements in force on a day, the weakest first: by rank from the weakest, then by signature
/// from the earliest.
pub(crate) fn changes<'a>(
    drafted: &'a Agreement,
    documents: &[(&'a Document, Timestamp)],
    on: Date,
) -> Vec<Change<'a>> {
    let rank = |rank: DocumentRank| {
        drafted.precedence.iter().position(|known| *known == rank).unwrap_or(usize::MAX)
    };
    let own = rank(DocumentRank::Agreement);
    let in_force = |day: Option<Date>| day.is_none_or(|day| day <= on);
    let with_agreement = drafted.documents.iter().enumerate();
    let with_agreement = with_agreement.filter(|(_, document)| in_force(document.effective));
    let mut all: Vec<_> = with_agreement
        .map(|(index, document)| (document, None, format!("documents[{index}].")))
        .collect();
    all.extend(documents.iter().filter_map(|(document, at)| {
        let day = document.effective.unwrap_or_else(|| at.date(&drafted.zone));
        in_force(Some(day)).then_some((*document, Some(*at), String::new()))
    }));
    // Documents signed with the agreement come before later ones, and in their own order.
    all.sort_by_key(|(document, at, _)| (core::cmp::Reverse(rank(document.rank)), *at));
    let of_document = |(document, _, at): (&'a Document, Option<Timestamp>, String)| {
        let only_where_silent = rank(document.rank) > own;
        let replaces = document.replaces.iter().enumerate();
        replaces
            .map(|(index, replacement)| {
                let at = format!("{at}replaces[{index}]");
                Change { at, replacement, only_where_silent }
            })
            .collect::<Vec<_>>()
    };
    all.into_iter().flat_map(of_document).collect()
}

/// Replaces what can be replaced, and reports what cannot.
pub(crate) fn replace_terms(
    drafted: &Agreement,
    documents: &[(&Document, Timestamp)],
    on: Date,
) -> (Agreement, Vec<Problem>) {
    let changes = changes(drafted, documents, on);
    let mut agreement = drafted.clone();
    let mut problems = Vec::new();
    if changes.is_empty() {
        return (agreement, problems);
    }
    let original = match to_node(drafted) {
        Ok(node) => node,
        Err(error) => {
            problems.push(rule("", "no_written_form", &[&error.to_string()]));
            return (agreement, problems);
        }
    };
    let mut node = original.clone();
    for change in changes {
        let path = &change.replacement.path;
        let silent = at(&original, path).is_some_and(|found| found.value == Value::Null);
        if change.only_where_silent && !silent && at(&original, path).is_some() {
            continue;
        }
        match replaced(&node, &change) {
            Ok((changed, terms)) => (node, agreement) = (changed, terms),
            Err(found) => problems.extend(found),
        }
    }
    (agreement, problems)
}

/// The tree and the terms with one value replaced; the first reading of the value that gives
/// terms counts.
fn replaced(node: &Node, change: &Change<'_>) -> Result<(Node, Agreement), Vec<Problem>> {
    let Replacement { path, value } = change.replacement;
    let of_path = |rule_code| alloc::vec![rule(&format!("{}.path", change.at), rule_code, &[path])];
    if FIXED.iter().any(|fixed| path.split(['.', '[']).next() == Some(*fixed)) {
        return Err(of_path("term_cannot_be_replaced"));
    }
    let Some(current) = at(node, path) else { return Err(of_path("replaced_term_unknown")) };
    let mut first = None;
    for value in readings(&current.value, value) {
        let mut changed = node.clone();
        if let Some(place) = at_mut(&mut changed, path) {
            place.value = value;
        }
        let mut problems = Vec::new();
        match Agreement::read(&changed, "", &mut problems) {
            Some(agreement) if problems.is_empty() => return Ok((changed, agreement)),
            _ => first = first.or(Some(problems)),
        }
    }
    let Some(problems) = first else { return Err(of_path("replaced_term_is_no_value")) };
    let at = format!("{}.value", change.at);
    Err(problems.into_iter().map(|found| Problem::new(&at, Place::default(), found.kind)).collect())
}

/// What a written value may be, by what stands in its place now; anything where nothing does.
fn readings(current: &Value, text: &str) -> Vec<Value> {
    let as_text = || Some(Value::Text(text.to_string()));
    let as_integer = || text.parse().ok().map(Value::Integer);
    let as_bool = || text.parse().ok().map(Value::Bool);
    let readings = match current {
        Value::Text(_) => [as_text(), None, None],
        // A text in the place of an integer is reported by the reader as the wrong type.
        Value::Integer(_) => [as_integer().or_else(as_text), None, None],
        Value::Bool(_) => [as_bool().or_else(as_text), None, None],
        Value::Null => [as_integer(), as_bool(), as_text()],
        Value::Float(_) | Value::List(_) | Value::Table(_) => [None, None, None],
    };
    readings.into_iter().flatten().collect()
}

fn rule(path: &str, rule: &'static str, values: &[&str]) -> Problem {
    let values = values.iter().map(ToString::to_string).collect();
    Problem::new(path, Place::default(), ProblemKind::Rule { rule, values })
}

/// The names and positions of a path; `None` when it is none.
fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.is_empty() {
            return None;
        }
        steps.push(Step::Name(name));
        while !rest.is_empty() {
            let (index, after) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
        }
    }
    Some(steps)
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

pub(crate) fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    steps(path)?.into_iter().try_fold(node, |node, step| match (step, &node.value) {
        (Step::Name(name), _) => node.get(name),
        (Step::Index(index), Value::List(items)) => items.get(index),
        (Step::Index(_), _) => None,
    })
}

fn at_mut<'n>(node: &'n mut Node, path: &str) -> Option<&'n mut Node> {
    steps(path)?.into_iter().try_fold(node, |node, step| match (step, &mut node.value) {
        (Step::Name(name), Value::Table(entries)) => {
            entries.iter_mut().find(|(key, _)| key.name == name).map(|(_, node)| node)
        }
        (Step::Index(index), Value::List(items)) => items.get_mut(index),
        _ => None,
    })
}
