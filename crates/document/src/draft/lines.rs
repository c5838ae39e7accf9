//! Reading one line of a drafted text by the pattern that made it: which alternative it takes and
//! what each term says. The inverse of `fill`. What several readings fit, the shortest terms win;
//! whoever asks drafts the terms again and compares.

use std::collections::BTreeMap;

use contract::form::Value;
use units::{Currency, Lang};

use super::fill::{Scope, code_of};
use super::paths::{Paths, of_any_entry};
use super::pattern::{Condition, Path, Pattern, Piece};
use super::source::Text;

/// So many steps are taken for a line before it counts as another one.
const MOST_STEPS: usize = 200_000;

/// What was read so far, and how lines are read.
pub(super) struct Reading<'a> {
    pub(super) lang: Lang,
    pub(super) currency: Currency,
    pub(super) phrases: &'a BTreeMap<String, Text>,
    pub(super) paths: &'a Paths,
    /// Values by their paths, in the order in which they were found.
    found: Vec<(String, Value)>,
    steps: usize,
}

/// What must follow.
enum Rest<'r> {
    /// The end of the line.
    End,
    /// These pieces, and then the rest.
    Pieces { pieces: &'r [Piece], scope: &'r Scope, next: &'r Rest<'r> },
    /// Further entries of a list, and then the rest.
    More { each: &'r Repeat<'r>, index: usize, next: &'r Rest<'r> },
}

struct Repeat<'r> {
    list: String,
    between: &'r str,
    body: &'r Pattern,
    scope: &'r Scope,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        lang: Lang,
        currency: Currency,
        phrases: &'a BTreeMap<String, Text>,
        paths: &'a Paths,
    ) -> Self {
        Self { lang, currency, phrases, paths, found: Vec::new(), steps: 0 }
    }

    /// The values by their paths.
    pub(super) fn into_found(self) -> Vec<(String, Value)> {
        self.found
    }

    /// The value that was read at a path.
    pub(super) fn value(&self, path: &str) -> Option<&Value> {
        self.found.iter().find(|(known, _)| known == path).map(|(_, value)| value)
    }

    /// How much was found so far.
    pub(super) fn mark(&self) -> usize {
        self.found.len()
    }

    /// Forgets what was found since.
    pub(super) fn forget(&mut self, mark: usize) {
        self.found.truncate(mark);
    }

    /// Notes a value; `false` where another one stands there.
    pub(super) fn bind(&mut self, path: String, value: Value) -> bool {
        match self.value(&path) {
            Some(known) => *known == value,
            None => {
                self.found.push((path, value));
                true
            }
        }
    }

    /// Reads a whole line; what it said is forgotten where it does not fit.
    pub(super) fn line(&mut self, text: &Text, line: &str, scope: &Scope) -> bool {
        let before = self.found.len();
        self.steps = 0;
        let pieces = text.of(self.lang);
        let fits = self.step(line, &Rest::Pieces { pieces, scope, next: &Rest::End });
        if !fits {
            self.found.truncate(before);
        }
        fits
    }

    fn attempt(&mut self, then: impl FnOnce(&mut Self) -> bool) -> bool {
        let before = self.found.len();
        let fits = then(self);
        if !fits {
            self.found.truncate(before);
        }
        fits
    }

    fn step(&mut self, line: &str, rest: &Rest<'_>) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return false;
        }
        match rest {
            Rest::End => line.is_empty(),
            Rest::More { each, index, next } => self.more(line, each, *index, next),
            Rest::Pieces { pieces: [], next, .. } => self.step(line, next),
            Rest::Pieces { pieces: [piece, pieces @ ..], scope, next } => {
                let after = Rest::Pieces { pieces, scope, next };
                self.piece(line, piece, scope, &after, pieces.first())
            }
        }
    }

    fn piece(
        &mut self,
        line: &str,
        piece: &Piece,
        scope: &Scope,
        after: &Rest<'_>,
        following: Option<&Piece>,
    ) -> bool {
        match piece {
            Piece::Words(words) => {
                line.strip_prefix(words.as_str()).is_some_and(|rest| self.step(rest, after))
            }
            Piece::Number { .. } => {
                let digits = line.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
                (1..=digits).rev().any(|end| self.step(&line[end..], after))
            }
            Piece::Term { path, format } => {
                let path = scope.path(path);
                let shape = self.paths.get(&of_any_entry(&path));
                let list = shape.is_some_and(|shape| shape.list);
                ends(line, following).into_iter().any(|end| {
                    let value = format.read(&line[..end], list, self.lang, self.currency);
                    value.is_some_and(|value| {
                        self.attempt(|this| {
                            this.bind(path.clone(), value) && this.step(&line[end..], after)
                        })
                    })
                })
            }
            Piece::Phrase { path, name } => {
                let scope = scope.within(scope.path(path));
                let phrases = self.phrases;
                phrases.get(name).is_some_and(|text| {
                    let pieces = text.of(self.lang);
                    self.step(line, &Rest::Pieces { pieces, scope: &scope, next: after })
                })
            }
            Piece::Choice { path, cases } => {
                let path = scope.path(path);
                cases.iter().any(|(codes, pieces)| {
                    self.attempt(|this| {
                        this.has_one_of(&path, codes)
                            && this.step(line, &Rest::Pieces { pieces, scope, next: after })
                    })
                })
            }
            Piece::When { condition, then, other } => {
                [(true, then), (false, other)].into_iter().any(|(holds, pieces)| {
                    self.attempt(|this| {
                        this.assume(Some(condition), scope, holds)
                            && this.step(line, &Rest::Pieces { pieces, scope, next: after })
                    })
                })
            }
            Piece::Each { path, between, body } => {
                let list = scope.path(path);
                let each = Repeat { list, between, body, scope };
                self.attempt(|this| this.entry(line, &each, 0, after)) || self.step(line, after)
            }
        }
    }

    fn entry(&mut self, line: &str, each: &Repeat<'_>, index: usize, next: &Rest<'_>) -> bool {
        let scope = each.scope.within(format!("{}[{index}]", each.list));
        let more = Rest::More { each, index: index + 1, next };
        self.step(line, &Rest::Pieces { pieces: each.body, scope: &scope, next: &more })
    }

    fn more(&mut self, line: &str, each: &Repeat<'_>, index: usize, next: &Rest<'_>) -> bool {
        if let Some(rest) = line.strip_prefix(each.between)
            && self.attempt(|this| this.entry(rest, each, index, next))
        {
            return true;
        }
        self.step(line, next)
    }

    /// Whether a term has one of some codes; one that is not known yet takes the only one.
    fn has_one_of(&mut self, path: &str, codes: &[String]) -> bool {
        if let Some(value) = self.value(path) {
            return code_of(value).is_some_and(|code| codes.contains(&code));
        }
        let [code] = codes else { return true };
        let integer = self.paths.get(&of_any_entry(path)).is_some_and(|shape| shape.integer);
        let value = match code.parse() {
            Ok(number) if integer => Value::Integer(number),
            _ => Value::Text(code.clone()),
        };
        self.bind(path.to_owned(), value)
    }

    /// Takes it that a condition holds or not, and what follows for the terms that it asks for.
    pub(super) fn assume(
        &mut self,
        condition: Option<&Condition>,
        scope: &Scope,
        holds: bool,
    ) -> bool {
        let Some(condition) = condition else { return holds };
        if !holds && condition.0.len() > 1 {
            // Which part of it does not hold is not known.
            return true;
        }
        condition
            .0
            .iter()
            .all(|test| self.assume_one(&test.path, &test.codes, scope, holds != test.not))
    }

    fn assume_one(&mut self, path: &Path, codes: &[String], scope: &Scope, holds: bool) -> bool {
        let path = scope.path(path);
        if codes.is_empty() {
            let truth = self.paths.get(&of_any_entry(&path)).is_some_and(|shape| shape.truth);
            return !truth || self.bind(path, Value::Bool(holds));
        }
        if holds {
            return self.has_one_of(&path, codes);
        }
        let known = self.value(&path).and_then(code_of);
        known.is_none_or(|code| !codes.contains(&code))
    }
}

/// Where a term may end: before the words that follow it, or anywhere.
fn ends(line: &str, following: Option<&Piece>) -> Vec<usize> {
    if let Some(Piece::Words(words)) = following {
        return line.match_indices(words.as_str()).map(|(at, _)| at).filter(|at| *at > 0).collect();
    }
    let starts = line.char_indices().map(|(at, _)| at).filter(|at| *at > 0);
    starts.chain((!line.is_empty()).then_some(line.len())).collect()
}
