//! From a drafted text back to its typed terms. A text that our templates made, and that still says
//! what they would say, gives the terms that it was made from; the terms that were read are
//! drafted again and every line must be the same. Serves the law "text -> terms -> text".

use contract::form::{Form as _, Node, Problem, Value};
use contract::terms::{Agreement, Format as FileFormat};
use units::{Currency, Lang};

use super::fill::Scope;
use super::format::{key, node};
use super::lines::Reading;
use super::model::{Clause, Edition, Level};
use super::paths::paths;
use super::pattern::{Path, Start};
use super::source::{
    Article, KINDS, Template, TemplateItem, TemplateLine, TemplateTable, template,
};
use super::{DraftProblem, draft, text};

/// The longest text that is read, in bytes.
const LONGEST: usize = 4 << 20;
/// No list of an agreement is longer.
const MOST_ENTRIES: usize = 10_000;

/// Why a text gives no terms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It is longer than is read.
    #[error("the text has {size} bytes; at most {LONGEST} are read")]
    TooLong {
        /// Its size.
        size: usize,
    },
    /// A line is not what a template says in this place.
    #[error("line {line} is not what a template says there: {text:?}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What it says.
        text: String,
    },
    /// What the lines say makes no agreement.
    #[error("the terms are no agreement")]
    Terms(Vec<Problem>),
    /// The terms that were read have no wording.
    #[error("the terms that were read have no wording")]
    Draft(Vec<DraftProblem>),
    /// The terms that were read are worded otherwise.
    #[error("line {line} would be worded otherwise: {text:?}")]
    Differs {
        /// The line, from 1.
        line: usize,
        /// What the text says.
        text: String,
    },
}

/// The terms of a text that was drafted in one language. A title in the other language is not in
/// it; it is taken from this one.
///
/// # Errors
/// The first line that is not what a template says in its place, or terms that make no agreement.
pub fn terms_of_text(text: &str, lang: Lang) -> Result<Agreement, TextError> {
    if text.len() > LONGEST {
        return Err(TextError::TooLong { size: text.len() });
    }
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    let mut furthest = TextError::Line { line: 1, text: String::new() };
    for kind in KINDS {
        for (_, currency) in CURRENCIES {
            match read(&lines, kind, lang, currency) {
                Ok(agreement) => return same_again(agreement, &lines, lang),
                Err(error) if reached(&error) >= reached(&furthest) => furthest = error,
                Err(_) => {}
            }
        }
    }
    Err(furthest)
}

/// The currencies that agreements are written in.
const CURRENCIES: [(&str, Currency); 7] = [
    ("CNY", Currency::Cny),
    ("USD", Currency::Usd),
    ("EUR", Currency::Eur),
    ("GBP", Currency::Gbp),
    ("HKD", Currency::Hkd),
    ("SGD", Currency::Sgd),
    ("JPY", Currency::Jpy),
];

/// How far a reading came.
const fn reached(error: &TextError) -> usize {
    match error {
        TextError::Line { line, .. } => *line,
        _ => usize::MAX,
    }
}

fn same_again(
    agreement: Agreement,
    lines: &[(usize, &str)],
    lang: Lang,
) -> Result<Agreement, TextError> {
    let again = draft(&agreement, Edition::of(lang)).map_err(TextError::Draft)?;
    let again = text(&again);
    let mut wanted = again.lines().filter(|line| !line.trim().is_empty());
    for (line, text) in lines {
        if wanted.next() != Some(text) {
            return Err(TextError::Differs { line: *line, text: (*text).to_owned() });
        }
    }
    match wanted.next() {
        None => Ok(agreement),
        Some(_) => {
            let line = lines.last().map_or(1, |(line, _)| *line);
            Err(TextError::Differs { line, text: String::new() })
        }
    }
}

fn read(
    lines: &[(usize, &str)],
    kind: &'static str,
    lang: Lang,
    currency: Currency,
) -> Result<Agreement, TextError> {
    let unknown = |_| TextError::Terms(Vec::new());
    let template = template(kind).map_err(unknown)?;
    let paths = paths(kind).ok_or(TextError::Terms(Vec::new()))?;
    let mut reading = Reading::new(lang, currency, &template.phrases, paths);
    let text = |code: &str| Value::Text(code.to_owned());
    reading.bind("service.type".to_owned(), text(kind));
    reading.bind("currency".to_owned(), text(currency.code()));
    reading.bind("format".to_owned(), text(FileFormat::V1.code()));
    let mut cursor = Cursor { lines, at: 0, reading };
    cursor.whole(template)?;
    let mut root = Value::Table(Vec::new());
    let mut found = cursor.reading.into_found();
    let (one, other) = match lang {
        Lang::Zh => ("title.zh", "title.en"),
        Lang::En => ("title.en", "title.zh"),
    };
    let titles: Vec<_> = found
        .iter()
        .filter(|(path, _)| path.ends_with(one))
        .map(|(path, value)| (path.replace(one, other), value.clone()))
        .collect();
    found.extend(titles);
    for (path, value) in found {
        insert(&mut root, &path, value);
    }
    let mut problems = Vec::new();
    match Agreement::read(&node(root), "", &mut problems) {
        Some(agreement) if problems.is_empty() => Ok(agreement),
        _ => Err(TextError::Terms(problems)),
    }
}

/// Where the reader stands.
struct Cursor<'a> {
    lines: &'a [(usize, &'a str)],
    at: usize,
    reading: Reading<'a>,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<&str> {
        self.lines.get(self.at).map(|(_, line)| *line)
    }

    fn stuck(&self) -> TextError {
        let found = self.lines.get(self.at).or(self.lines.last());
        let (line, text) = found.copied().unwrap_or((1, ""));
        TextError::Line { line, text: text.to_owned() }
    }

    fn whole(&mut self, template: &Template) -> Result<(), TextError> {
        let title = self.peek().ok_or_else(|| self.stuck())?.to_owned();
        let path = format!("title.{}", self.reading.lang.code());
        self.reading.bind(path, Value::Text(title));
        self.at += 1;
        self.plain_lines(&template.opening, &Scope::of("opening"))?;
        let mut number = 0;
        for article in &template.articles {
            if self.article(article, number + 1)? {
                number += 1;
            }
        }
        self.plain_lines(&template.closing, &Scope::of("closing"))?;
        for side in ["customer", "vendor"] {
            let scope = Scope::of("signature").within(side.to_owned());
            let lines = template.signature.get(side).map_or(&[][..], Vec::as_slice);
            self.plain_lines(lines, &scope)?;
        }
        if self.at == self.lines.len() { Ok(()) } else { Err(self.stuck()) }
    }

    fn plain_lines(&mut self, all: &[TemplateLine], scope: &Scope) -> Result<(), TextError> {
        for line in all {
            let Some(text) = self.peek().map(str::to_owned) else { return Err(self.stuck()) };
            if self.reading.line(&line.text, &text, scope) {
                self.at += 1;
                self.reading.assume(line.when.as_ref(), scope, true);
            } else if !self.reading.assume(line.when.as_ref(), scope, false) {
                return Err(self.stuck());
            }
        }
        Ok(())
    }

    /// The text behind a number, where the line has it.
    fn behind(&self, level: Level, number: &[u32]) -> Option<String> {
        let clause = Clause {
            id: String::new(),
            serves: Vec::new(),
            level,
            number: number.to_vec(),
            said: Vec::new(),
        };
        let label = clause.label(self.reading.lang);
        self.peek()?.strip_prefix(&label)?.strip_prefix(' ').map(str::to_owned)
    }

    fn article(&mut self, article: &Article, number: u32) -> Result<bool, TextError> {
        let scope = Scope::of(&article.name);
        let title = self.behind(Level::Article, &[number]);
        let stands = title.is_some_and(|title| self.reading.line(&article.title, &title, &scope));
        if !stands {
            // An article whose clauses are all left out has no heading either.
            for clause in &article.clauses {
                self.reading.assume(clause.when.as_ref(), &scope, false);
            }
            self.reading.assume(article.when.as_ref(), &scope, false);
            return Ok(false);
        }
        self.at += 1;
        self.reading.assume(article.when.as_ref(), &scope, true);
        let mut below = 0;
        for clause in &article.clauses {
            let scope = Scope::of(&clause.id);
            let text = self.behind(Level::Clause, &[number, below + 1]);
            let fits = text.is_some_and(|text| self.reading.line(&clause.text, &text, &scope));
            if !fits {
                if !self.reading.assume(clause.when.as_ref(), &scope, false) {
                    return Err(self.stuck());
                }
                continue;
            }
            self.at += 1;
            below += 1;
            self.reading.assume(clause.when.as_ref(), &scope, true);
            self.items(&clause.items, &scope, [number, below]);
            if let Some(table) = &clause.table {
                self.table(table, &scope)?;
            }
        }
        Ok(true)
    }

    fn items(&mut self, items: &[TemplateItem], scope: &Scope, above: [u32; 2]) {
        let mut number = 0;
        for item in items {
            let most = if item.each.is_some() { MOST_ENTRIES } else { 1 };
            let mut index = 0;
            while index < most {
                let entry = match &item.each {
                    Some(path) => scope.within(format!("{}[{index}]", scope.path(path))),
                    None => scope.clone(),
                };
                let text = self.behind(Level::Item, &[above[0], above[1], number + 1]);
                if !text.is_some_and(|text| self.reading.line(&item.text, &text, &entry)) {
                    break;
                }
                self.at += 1;
                number += 1;
                index += 1;
            }
            if item.each.is_none() {
                self.reading.assume(item.when.as_ref(), scope, index == 1);
            }
        }
    }

    fn table(&mut self, table: &TemplateTable, scope: &Scope) -> Result<(), TextError> {
        if !self.row(&table.columns, true, scope) {
            return Err(self.stuck());
        }
        let parts: Vec<&str> = table.each.names.split("[].").collect();
        let root = |names: &str| Path { from: Start::Root, names: names.to_owned() };
        let mut next = (0, 0);
        for _ in 0..MOST_ENTRIES {
            // The next entry of the inner list, or the first of a later entry of the outer one.
            let candidates: Vec<(usize, usize)> = match parts.as_slice() {
                [_] => vec![next],
                _ => std::iter::once(next)
                    .chain((next.0 + 1..next.0 + 64).map(|outer| (outer, 0)))
                    .collect(),
            };
            let fit = candidates.into_iter().find(|(outer, inner)| {
                let first = format!("{}[{outer}]", scope.path(&root(parts[0])));
                let mut entry = scope.within(first.clone());
                if let Some(inside) = parts.get(1) {
                    entry = entry.within(format!("{first}.{inside}[{inner}]"));
                }
                self.row(&table.columns, false, &entry)
            });
            match fit {
                Some((outer, _)) if parts.len() == 1 => next = (outer + 1, 0),
                Some((outer, inner)) => next = (outer, inner + 1),
                None => break,
            }
        }
        Ok(())
    }

    /// Reads a row of a table, its cells apart by tabs.
    fn row(
        &mut self,
        columns: &[(super::source::Text, super::source::Text)],
        head: bool,
        scope: &Scope,
    ) -> bool {
        let Some(line) = self.peek().map(str::to_owned) else { return false };
        let cells: Vec<&str> = line.split('\t').collect();
        let mark = self.reading.mark();
        let fits = cells.len() == columns.len()
            && cells.iter().zip(columns).all(|(cell, (title, text))| {
                self.reading.line(if head { title } else { text }, cell, scope)
            });
        if fits {
            self.at += 1;
        } else {
            self.reading.forget(mark);
        }
        fits
    }
}

/// Puts a value at its path; lists grow as they are filled.
fn insert(root: &mut Value, path: &str, value: Value) {
    let mut place = root;
    for part in path.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !matches!(place, Value::Table(_)) {
            *place = Value::Table(Vec::new());
        }
        let Value::Table(entries) = place else { return };
        let at = entries.iter().position(|(known, _)| known.name == name).unwrap_or_else(|| {
            entries.push((key(name), node(Value::Null)));
            entries.len() - 1
        });
        place = &mut entries[at].1.value;
        while let Some((index, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
            let Ok(index) = index.parse::<usize>() else { return };
            if index > MOST_ENTRIES {
                return;
            }
            if !matches!(place, Value::List(_)) {
                *place = Value::List(Vec::new());
            }
            let Value::List(items) = place else { return };
            while items.len() <= index {
                items.push(Node { place: contract::form::Place::default(), value: Value::Null });
            }
            place = &mut items[index].value;
            rest = after;
        }
    }
    *place = value;
}
