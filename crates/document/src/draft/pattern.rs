//! The small grammar in which templates say a clause: literal words, typed terms, references to
//! other clauses, alternatives that a term's value chooses, and repetitions. Knows no value and no
//! language; a mistake is reported with the text that it stands in.
//!
//! | written | says |
//! | --- | --- |
//! | `{payment.review:length}` | the term at a path, in a format |
//! | `{.metric:model_metric}`, `{..id:text}` | of the entry at hand, of the one around it |
//! | `{@lease-3.4}` | the number that a clause has in this document |
//! | `{.price>price}` | a phrase of the template, said about the term at a path |
//! | `[path? words\|other words]` | words where a term is there, and else others |
//! | `[path=a,b? words]`, `[!path? words]` | where it has one of these values, where it is not there |
//! | `[path: a=words\|b=words]` | the words of the value that it has |
//! | `[*path/, / words]` | words for each entry of a list, with a separator |

use super::format::Format;

/// How deep alternatives may stand within each other.
const DEEPEST: usize = 6;

/// What a text of a template says.
pub(super) type Pattern = Vec<Piece>;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words as they stand.
    Words(String),
    /// A typed term.
    Term { path: Path, format: Format },
    /// The number of a clause.
    Number { clause: String },
    /// A phrase about the term at a path.
    Phrase { path: Path, name: String },
    /// Words by the value of a term.
    Choice { path: Path, cases: Vec<(Vec<String>, Pattern)> },
    /// Words under a condition, and others where it does not hold.
    When { condition: Condition, then: Pattern, other: Pattern },
    /// Words for each entry of a list.
    Each { path: Path, between: String, body: Pattern },
}

/// From where a path goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Start {
    /// The agreement.
    Root,
    /// The entry at hand.
    Entry,
    /// The entry around the one at hand.
    Around,
}

/// A path to a term.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path {
    pub(super) from: Start,
    pub(super) names: String,
}

/// What must hold; all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition(pub(super) Vec<Test>);

/// One thing that must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) path: Path,
    /// Codes of which the term must have one; none: it must be there at all.
    pub(super) codes: Vec<String>,
    /// Whether it must not hold.
    pub(super) not: bool,
}

/// Why a text of a template cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A bracket that is never closed.
    #[error("{open:?} is not closed in {text:?}")]
    Open {
        /// The bracket.
        open: char,
        /// The text.
        text: String,
    },
    /// A bracket that was never opened.
    #[error("{close:?} closes nothing in {text:?}")]
    Close {
        /// The bracket.
        close: char,
        /// The text.
        text: String,
    },
    /// What stands between brackets is none of the forms.
    #[error("{found:?} is no term, condition or alternative in {text:?}")]
    Form {
        /// What stands there.
        found: String,
        /// The text.
        text: String,
    },
    /// A format that does not exist.
    #[error("no format is called {found:?}")]
    Format {
        /// What stands there.
        found: String,
    },
    /// Alternatives within each other deeper than the reader goes.
    #[error("alternatives stand more than {DEEPEST} deep in {text:?}")]
    Deep {
        /// The text.
        text: String,
    },
}

impl Path {
    pub(super) fn read(text: &str) -> Option<Self> {
        let (from, names) = match text.strip_prefix("..") {
            Some(rest) => (Start::Around, rest),
            None => text.strip_prefix('.').map_or((Start::Root, text), |rest| (Start::Entry, rest)),
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.[]".contains(c);
        // `.` alone is the entry itself, as in a list of texts.
        let some = from != Start::Root || !names.is_empty();
        (some && names.chars().all(plain)).then(|| Self { from, names: names.to_owned() })
    }
}

impl Condition {
    /// Reads `path`, `!path`, `path=a,b`, joined by `&`.
    pub(super) fn read(text: &str) -> Option<Self> {
        text.split('&').map(|part| Test::read(part.trim())).collect::<Option<_>>().map(Self)
    }
}

impl Test {
    fn read(text: &str) -> Option<Self> {
        let (not, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (path, codes) = match text.split_once('=') {
            Some((path, codes)) => (path, codes.split(',').map(str::to_owned).collect()),
            None => (text, Vec::new()),
        };
        Some(Self { path: Path::read(path)?, codes, not })
    }
}

/// Reads a text of a template.
pub(super) fn read(text: &str) -> Result<Pattern, PatternError> {
    let mut reader = Reader { text, at: 0 };
    let pattern = reader.pattern(0)?;
    match reader.rest().chars().next() {
        None => Ok(pattern),
        Some(close) => Err(PatternError::Close { close, text: text.to_owned() }),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn form(&self, found: &str) -> PatternError {
        PatternError::Form { found: found.to_owned(), text: self.text.to_owned() }
    }

    /// Takes the text before the first of some characters, and that character.
    fn until(&mut self, open: char, ends: &[char]) -> Result<(&'a str, char), PatternError> {
        let rest = self.rest();
        let Some(end) = rest.find(ends) else {
            return Err(PatternError::Open { open, text: self.text.to_owned() });
        };
        let found = rest[end..].chars().next().expect("the end was found");
        self.at += end + found.len_utf8();
        Ok((&rest[..end], found))
    }

    /// Reads up to the end or a character that closes what is around: `|` and `]`.
    fn pattern(&mut self, depth: usize) -> Result<Pattern, PatternError> {
        if depth > DEEPEST {
            return Err(PatternError::Deep { text: self.text.to_owned() });
        }
        let mut pieces = Vec::new();
        loop {
            let rest = self.rest();
            let end = rest.find(['{', '}', '[', ']', '|']).unwrap_or(rest.len());
            if end > 0 {
                pieces.push(Piece::Words(rest[..end].to_owned()));
                self.at += end;
            }
            match self.rest().chars().next() {
                Some('{') => {
                    self.at += 1;
                    pieces.push(self.braces()?);
                }
                Some('[') => {
                    self.at += 1;
                    pieces.push(self.brackets(depth)?);
                }
                Some('}') => {
                    return Err(PatternError::Close { close: '}', text: self.text.to_owned() });
                }
                _ => return Ok(pieces),
            }
        }
    }

    fn braces(&mut self) -> Result<Piece, PatternError> {
        let (inner, _) = self.until('{', &['}'])?;
        if let Some(clause) = inner.strip_prefix('@') {
            return Ok(Piece::Number { clause: clause.to_owned() });
        }
        if let Some((path, name)) = inner.split_once('>') {
            let path = Path::read(path).ok_or_else(|| self.form(inner))?;
            return Ok(Piece::Phrase { path, name: name.to_owned() });
        }
        let (path, format) = inner.split_once(':').ok_or_else(|| self.form(inner))?;
        let path = Path::read(path).ok_or_else(|| self.form(inner))?;
        let format = Format::read_name(format)
            .ok_or_else(|| PatternError::Format { found: format.to_owned() })?;
        Ok(Piece::Term { path, format })
    }

    fn brackets(&mut self, depth: usize) -> Result<Piece, PatternError> {
        if let Some(rest) = self.rest().strip_prefix('*') {
            self.at += self.rest().len() - rest.len();
            let (path, _) = self.until('[', &['/'])?;
            let (between, _) = self.until('[', &['/'])?;
            let path = Path::read(path).ok_or_else(|| self.form(path))?;
            let body = self.pattern(depth + 1)?;
            self.close(']')?;
            return Ok(Piece::Each { path, between: between.to_owned(), body });
        }
        let (head, end) = self.until('[', &['?', ':', ']'])?;
        match end {
            '?' => {
                let condition = Condition::read(head).ok_or_else(|| self.form(head))?;
                let then = self.pattern(depth + 1)?;
                let other = if self.rest().starts_with('|') {
                    self.at += 1;
                    self.pattern(depth + 1)?
                } else {
                    Vec::new()
                };
                self.close(']')?;
                Ok(Piece::When { condition, then, other })
            }
            ':' => {
                let path = Path::read(head).ok_or_else(|| self.form(head))?;
                Ok(Piece::Choice { path, cases: self.cases(depth)? })
            }
            _ => Err(self.form(head)),
        }
    }

    fn cases(&mut self, depth: usize) -> Result<Vec<(Vec<String>, Pattern)>, PatternError> {
        let mut cases = Vec::new();
        loop {
            let (codes, _) = self.until('[', &['='])?;
            let codes = codes.trim().split(',').map(str::to_owned).collect();
            cases.push((codes, self.pattern(depth + 1)?));
            if self.rest().starts_with('|') {
                self.at += 1;
            } else {
                self.close(']')?;
                return Ok(cases);
            }
        }
    }

    fn close(&mut self, close: char) -> Result<(), PatternError> {
        if self.rest().starts_with(close) {
            self.at += close.len_utf8();
            return Ok(());
        }
        Err(PatternError::Open { open: '[', text: self.text.to_owned() })
    }
}
