//! The guideline (标注规范): which classes there are, what a label of each may say, and the pages
//! that people read. Serves anno-3.2 (guideline annex). Knows the shape and the sense of one
//! version; what a new version touches stands in `change`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::label::Kind;

/// The largest guideline, in bytes.
pub const MOST_GUIDELINE_BYTES: usize = 512 * 1024;
/// The most classes.
const CLASSES: usize = 2_000;
/// The most attributes of a class, and the most values of an attribute.
const PARTS: usize = 200;
/// The most pages.
const PAGES: usize = 200;

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What to do where something hides part of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occlusion {
    /// The box goes round the part that is seen.
    #[default]
    Visible,
    /// The box goes round the whole object, as far as it can be guessed.
    Whole,
    /// A partly hidden object is not labelled.
    Skip,
}

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// One of the listed values.
    Select,
    /// Any text of at most 500 characters.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
}

/// A value of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// How labels write it.
    pub id: String,
    /// How people read it.
    pub name: Both,
}

/// What a label of a class says beside its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeRule {
    /// How labels name it.
    pub id: String,
    /// How people read it.
    pub name: Both,
    /// What it holds.
    pub kind: AttributeKind,
    /// The values of a `select`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// Whether an item is finished only when every label says it.
    #[serde(default)]
    pub required: bool,
}

/// A class of objects, texts, passages or events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// How labels and deliveries name it.
    pub id: String,
    /// How people read it.
    pub name: Both,
    /// `#rrggbb`.
    pub color: String,
    /// The key that chooses it: one letter or digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<char>,
    /// Which kinds of labels it may have.
    pub kinds: BTreeSet<Kind>,
    /// The place on a scale, such as sentiment: -1, 0, 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// What smaller than this, in whole pixels of width and height, is not labelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_size: Option<[u32; 2]>,
    /// What to do with partly hidden objects.
    #[serde(default)]
    pub occlusion: Occlusion,
    /// Attributes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeRule>,
}

/// Something shown on a page: an item of the project, done right or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The item's number in its project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u64>,
    /// Whether it is right so.
    pub good: bool,
    /// Why.
    pub note: Both,
}

/// A page for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Both,
    /// Its text, in Markdown.
    pub text: Both,
    /// The class that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Examples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

/// A version of the guideline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guideline {
    /// What it is called.
    pub title: Both,
    /// The classes, in the order in which people see them.
    pub classes: Vec<ClassRule>,
    /// The pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
}

/// What is wrong at one place of a guideline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuidelineProblem {
    /// The line, from 1, where the text itself cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Where, as a JSON pointer: `/classes/3/color`.
    pub pointer: String,
    /// What is wrong, as a code.
    pub code: &'static str,
    /// What the reader of the text said, or the value that is wrong.
    pub detail: String,
}

/// Why a guideline was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuidelineError {
    /// Larger than [`MOST_GUIDELINE_BYTES`].
    #[error("a guideline has at most {limit} bytes")]
    TooLarge {
        /// How many there may be.
        limit: usize,
    },
    /// Each place is named.
    #[error("the guideline has {} problems", .0.len())]
    Problems(Vec<GuidelineProblem>),
}

impl Guideline {
    /// Reads a guideline from JSON (where the text begins with a brace) or TOML, and checks it.
    ///
    /// # Errors
    /// With the place of everything that is wrong.
    pub fn parse(text: &str) -> Result<Self, GuidelineError> {
        if text.len() > MOST_GUIDELINE_BYTES {
            return Err(GuidelineError::TooLarge { limit: MOST_GUIDELINE_BYTES });
        }
        let read = match text.trim_start().starts_with('{') {
            true => serde_json::from_str(text).map_err(|error| GuidelineProblem {
                line: Some(error.line() as u64),
                column: Some(error.column() as u64),
                ..problem(String::new(), "shape", &error.to_string())
            }),
            false => toml::from_str(text).map_err(|error: toml::de::Error| {
                let (line, column) = place(text, error.span().map_or(0, |span| span.start));
                let detail = error.message();
                let shape = problem(String::new(), "shape", detail);
                GuidelineProblem { line: Some(line), column: Some(column), ..shape }
            }),
        };
        let guideline: Self = read.map_err(|problem| GuidelineError::Problems(vec![problem]))?;
        guideline.check()?;
        Ok(guideline)
    }

    /// Checks what a shape alone does not say.
    ///
    /// # Errors
    /// With the place of everything that is wrong.
    pub fn check(&self) -> Result<(), GuidelineError> {
        let mut problems = Vec::new();
        named(&self.title, "/title", &mut problems);
        if self.classes.is_empty() || self.classes.len() > CLASSES {
            problems.push(problem("/classes".to_owned(), "count", &self.classes.len().to_string()));
        }
        if self.pages.len() > PAGES {
            problems.push(problem("/pages".to_owned(), "count", &self.pages.len().to_string()));
        }
        let mut ids = BTreeSet::new();
        let mut keys = BTreeSet::new();
        for (at, class) in self.classes.iter().take(CLASSES).enumerate() {
            let place = format!("/classes/{at}");
            if !ids.insert(&class.id) {
                problems.push(problem(format!("{place}/id"), "duplicate", &class.id));
            }
            if let Some(key) = class.shortcut.map(|key| key.to_ascii_lowercase()) {
                if !key.is_ascii_alphanumeric() {
                    problems.push(problem(format!("{place}/shortcut"), "key", &key.to_string()));
                } else if !keys.insert(key) {
                    let detail = key.to_string();
                    problems.push(problem(format!("{place}/shortcut"), "duplicate", &detail));
                }
            }
            class.check(&place, &mut problems);
        }
        let mut pages = BTreeSet::new();
        for (at, page) in self.pages.iter().take(PAGES).enumerate() {
            let place = format!("/pages/{at}");
            identifier(&page.id, &format!("{place}/id"), &mut problems);
            if !pages.insert(&page.id) {
                problems.push(problem(format!("{place}/id"), "duplicate", &page.id));
            }
            named(&page.title, &format!("{place}/title"), &mut problems);
            if let Some(class) = &page.class
                && self.class(class).is_none()
            {
                problems.push(problem(format!("{place}/class"), "unknown_class", class));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(GuidelineError::Problems(problems)) }
    }

    /// Whether an item is an example on one of the pages.
    #[must_use]
    pub fn shows(&self, item: u64) -> bool {
        let mut examples = self.pages.iter().flat_map(|page| &page.examples);
        examples.any(|example| example.item == Some(item))
    }

    /// A class by its id.
    #[must_use]
    pub fn class(&self, id: &str) -> Option<&ClassRule> {
        self.classes.iter().find(|class| class.id == id)
    }
}

impl ClassRule {
    /// An attribute by its id.
    #[must_use]
    pub fn attribute(&self, id: &str) -> Option<&AttributeRule> {
        self.attributes.iter().find(|attribute| attribute.id == id)
    }

    fn check(&self, place: &str, problems: &mut Vec<GuidelineProblem>) {
        identifier(&self.id, &format!("{place}/id"), problems);
        named(&self.name, &format!("{place}/name"), problems);
        let hex = self.color.strip_prefix('#').unwrap_or_default();
        if hex.len() != 6 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            problems.push(problem(format!("{place}/color"), "color", &self.color));
        }
        if self.kinds.is_empty() {
            problems.push(problem(format!("{place}/kinds"), "empty", ""));
        }
        if self.attributes.len() > PARTS {
            let count = self.attributes.len().to_string();
            problems.push(problem(format!("{place}/attributes"), "count", &count));
        }
        let mut ids = BTreeSet::new();
        for (at, attribute) in self.attributes.iter().take(PARTS).enumerate() {
            let place = format!("{place}/attributes/{at}");
            identifier(&attribute.id, &format!("{place}/id"), problems);
            named(&attribute.name, &format!("{place}/name"), problems);
            if !ids.insert(&attribute.id) {
                problems.push(problem(format!("{place}/id"), "duplicate", &attribute.id));
            }
            let select = attribute.kind == AttributeKind::Select;
            if select == attribute.values.is_empty() || attribute.values.len() > PARTS {
                let count = attribute.values.len().to_string();
                problems.push(problem(format!("{place}/values"), "count", &count));
            }
            let mut values = BTreeSet::new();
            for (at, value) in attribute.values.iter().take(PARTS).enumerate() {
                let place = format!("{place}/values/{at}/id");
                identifier(&value.id, &place, problems);
                if !values.insert(&value.id) {
                    problems.push(problem(place, "duplicate", &value.id));
                }
            }
        }
    }
}

fn problem(pointer: String, code: &'static str, detail: &str) -> GuidelineProblem {
    let detail = detail.chars().take(300).collect();
    GuidelineProblem { line: None, column: None, pointer, code, detail }
}

/// A name of 1 to 64 letters of any language, digits and `-_. `, with no blank at either end.
fn identifier(text: &str, pointer: &str, problems: &mut Vec<GuidelineProblem>) {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '+');
    let length = text.chars().count();
    if length == 0 || length > 64 || text.trim() != text || !text.chars().all(letter) {
        problems.push(problem(pointer.to_owned(), "identifier", text));
    }
}

fn named(text: &Both, pointer: &str, problems: &mut Vec<GuidelineProblem>) {
    for (lang, text) in [("zh", &text.zh), ("en", &text.en)] {
        if text.trim().is_empty() || text.chars().count() > 300 {
            problems.push(problem(format!("{pointer}/{lang}"), "text", text));
        }
    }
}

/// Line and column of a byte, from 1.
fn place(text: &str, at: usize) -> (u64, u64) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line as u64, column as u64)
}
