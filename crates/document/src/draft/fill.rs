//! Filling a text of a template with the values of an agreement: which words stand, and which term
//! each figure is. A value that the text needs and the agreement lacks is a problem with its path.

use std::collections::BTreeMap;

use contract::form::{Node, Value};
use units::{Currency, Lang};

use super::DraftProblem;
use super::model::{Run, Said, TermMark};
use super::pattern::{Condition, Path, Pattern, Piece, Start};
use super::source::Text;

/// How deep phrases may stand within each other.
const DEEPEST: usize = 8;

/// What texts are filled from.
pub(super) struct Filler<'a> {
    pub(super) root: &'a Node,
    pub(super) currency: Currency,
    pub(super) phrases: &'a BTreeMap<String, Text>,
    /// The number of each clause that stands in this document.
    pub(super) numbers: BTreeMap<String, String>,
}

/// Where a text stands: its clause, and the entries of lists that it is said about.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) clause: String,
    /// Paths of the entries, the outermost first.
    pub(super) entries: Vec<String>,
}

impl Scope {
    pub(super) fn of(clause: &str) -> Self {
        Self { clause: clause.to_owned(), entries: Vec::new() }
    }

    /// The scope of an entry within this one.
    pub(super) fn within(&self, entry: String) -> Self {
        let mut scope = self.clone();
        scope.entries.push(entry);
        scope
    }

    /// The full path.
    pub(super) fn path(&self, path: &Path) -> String {
        let up = match path.from {
            Start::Root => return path.names.clone(),
            Start::Entry => 1,
            Start::Around => 2,
        };
        let entry = self.entries.len().checked_sub(up).and_then(|at| self.entries.get(at));
        let entry = entry.map_or("", String::as_str);
        if path.names.is_empty() { entry.to_owned() } else { format!("{entry}.{}", path.names) }
    }
}

/// The value at a full path; `None` where there is none.
pub(super) fn value_at<'n>(root: &'n Node, path: &str) -> Option<&'n Value> {
    let mut node = root;
    for part in path.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        node = node.get(name)?;
        while let Some((index, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
            let Value::List(items) = &node.value else { return None };
            node = items.get(index.parse::<usize>().ok()?)?;
            rest = after;
        }
    }
    (node.value != Value::Null).then_some(&node.value)
}

/// The place of the value at a full path, to be changed.
pub(super) fn place_at<'n>(root: &'n mut Node, path: &str) -> Option<&'n mut Node> {
    let mut node = root;
    for part in path.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        let Value::Table(entries) = &mut node.value else { return None };
        node = entries.iter_mut().find(|(key, _)| key.name == name).map(|(_, node)| node)?;
        while let Some((index, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
            let Value::List(items) = &mut node.value else { return None };
            node = items.get_mut(index.parse::<usize>().ok()?)?;
            rest = after;
        }
    }
    Some(node)
}

/// Whether there is something: absent values, `false` and empty lists are nothing.
fn is_there(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::List(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

/// The code of a value: a text as it is, a truth as `true` or `false`, an integer in figures.
pub(super) fn code_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Integer(value) => Some(value.to_string()),
        _ => None,
    }
}

impl Filler<'_> {
    pub(super) fn value(&self, path: &str) -> Option<&Value> {
        value_at(self.root, path)
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: Option<&Condition>, scope: &Scope) -> bool {
        condition.is_none_or(|condition| {
            condition.0.iter().all(|test| {
                let value = self.value(&scope.path(&test.path));
                let holds = if test.codes.is_empty() {
                    is_there(value)
                } else {
                    let one_of = |value: &Value| {
                        code_of(value).is_some_and(|code| test.codes.contains(&code))
                    };
                    match value {
                        Some(Value::List(items)) => items.iter().any(|item| one_of(&item.value)),
                        Some(value) => one_of(value),
                        None => false,
                    }
                };
                holds != test.not
            })
        })
    }

    /// The scopes of the entries of a list; `a[].b` goes through two lists.
    pub(super) fn entries(&self, path: &Path, scope: &Scope) -> Vec<Scope> {
        let full = scope.path(path);
        let mut scopes = vec![(String::new(), scope.clone())];
        for part in full.split("[].") {
            let next = scopes.iter().flat_map(|(base, scope)| {
                let list = if base.is_empty() { part.to_owned() } else { format!("{base}.{part}") };
                let count = match self.value(&list) {
                    Some(Value::List(items)) => items.len(),
                    _ => 0,
                };
                let entry = move |index: usize| format!("{list}[{index}]");
                (0..count).map(entry).map(|entry| (entry.clone(), scope.within(entry)))
            });
            scopes = next.collect();
        }
        scopes.into_iter().map(|(_, scope)| scope).collect()
    }

    /// What a text says in a language.
    pub(super) fn said(
        &self,
        text: &Text,
        lang: Lang,
        scope: &Scope,
        problems: &mut Vec<DraftProblem>,
    ) -> Said {
        let mut runs = Vec::new();
        self.fill(text.of(lang), lang, scope, 0, &mut runs, problems);
        Said { lang, runs }
    }

    fn fill(
        &self,
        pattern: &Pattern,
        lang: Lang,
        scope: &Scope,
        depth: usize,
        runs: &mut Vec<Run>,
        problems: &mut Vec<DraftProblem>,
    ) {
        if depth > DEEPEST {
            problems.push(DraftProblem::Deep { clause: scope.clause.clone() });
            return;
        }
        for piece in pattern {
            match piece {
                Piece::Words(words) => push_words(runs, words),
                Piece::Number { clause } => match self.numbers.get(clause) {
                    Some(number) => push_words(runs, number),
                    None => problems.push(DraftProblem::Reference {
                        clause: scope.clause.clone(),
                        to: clause.clone(),
                    }),
                },
                Piece::Term { path, format } => {
                    let path = scope.path(path);
                    match self.term(&path, format, lang, scope) {
                        Ok(text) => {
                            let term = Some(TermMark { path, format: format.clone() });
                            runs.push(Run { text, term });
                        }
                        Err(problem) => problems.push(problem),
                    }
                }
                Piece::Phrase { path, name } => {
                    let scope = scope.within(scope.path(path));
                    if let Some(text) = self.phrases.get(name) {
                        self.fill(text.of(lang), lang, &scope, depth + 1, runs, problems);
                    }
                }
                Piece::Choice { path, cases } => {
                    let path = scope.path(path);
                    let code = self.value(&path).and_then(code_of);
                    let case = cases
                        .iter()
                        .find(|(codes, _)| code.as_ref().is_some_and(|code| codes.contains(code)));
                    match case {
                        Some((_, case)) => {
                            self.fill(case, lang, scope, depth + 1, runs, problems);
                        }
                        None => problems.push(DraftProblem::Unchosen {
                            clause: scope.clause.clone(),
                            path,
                            value: code,
                        }),
                    }
                }
                Piece::When { condition, then, other } => {
                    let chosen = if self.holds(Some(condition), scope) { then } else { other };
                    self.fill(chosen, lang, scope, depth + 1, runs, problems);
                }
                Piece::Each { path, between, body } => {
                    for (index, entry) in self.entries(path, scope).iter().enumerate() {
                        if index > 0 {
                            push_words(runs, between);
                        }
                        self.fill(body, lang, entry, depth + 1, runs, problems);
                    }
                }
            }
        }
    }

    fn term(
        &self,
        path: &str,
        format: &super::format::Format,
        lang: Lang,
        scope: &Scope,
    ) -> Result<String, DraftProblem> {
        let (clause, path) = (scope.clause.clone(), path.to_owned());
        let Some(value) = self.value(&path).filter(|value| is_there(Some(value))) else {
            return Err(DraftProblem::Absent { clause, path });
        };
        let said = format.write(value, lang, self.currency);
        said.ok_or(DraftProblem::Words { clause, path, format: format.name().to_owned() })
    }
}

/// Words join the words before them.
fn push_words(runs: &mut Vec<Run>, words: &str) {
    match runs.last_mut() {
        Some(Run { text, term: None }) => text.push_str(words),
        _ => runs.push(Run { text: words.to_owned(), term: None }),
    }
}
