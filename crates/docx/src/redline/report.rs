//! What a redline did, and what it could not mark.

use crate::document::Story;

/// What a redline did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Tracked changes that the old version held; its final view was compared.
    pub old_revisions: usize,
    /// Tracked changes that the new version held; its final view was compared.
    pub new_revisions: usize,
    /// The paragraphs that changed, in order.
    pub changes: Vec<Changed>,
    /// What changed and is not marked.
    pub unmarked: Vec<Unmarked>,
}

/// A paragraph that was inserted, deleted, changed or moved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    /// The part.
    pub part: String,
    /// The paragraph of the old version's part, from 1; none where it was inserted.
    pub old: Option<u32>,
    /// The paragraph of the new version's part, from 1; none where it was deleted.
    pub new: Option<u32>,
    /// Its old number and text.
    pub was: String,
    /// Its new number and text.
    pub is: String,
    /// Whether it stands elsewhere, word for word.
    pub moved: bool,
}

/// A change that tracked changes cannot show, or that this program does not mark.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unmarked {
    /// What changed.
    pub what: What,
    /// The part.
    pub part: String,
    /// The paragraph of the old version's part, from 1.
    pub source: Option<u32>,
    /// What it was.
    pub old: String,
    /// What it is.
    pub new: String,
    /// Whether a comment at the place says so.
    pub commented: bool,
}

/// What is not marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Text in a text box.
    Box,
    /// The result of a field.
    Field,
    /// A picture, a shape, a chart, an object or a formula.
    Drawing,
    /// The columns of a table.
    TableGrid,
    /// A reference to a note.
    Note,
    /// A whole header, footer or part with notes.
    Part,
    /// A style or a number that the old version does not have.
    Style,
}

impl Unmarked {
    /// What the comment at the place says: the caller's words for it, then both texts.
    pub(super) fn comment(&self, words: &[(What, String)]) -> String {
        let own = words.iter().find(|(what, _)| *what == self.what).map(|(_, words)| words.clone());
        let mut text = own.unwrap_or_else(|| match self.what {
            What::Box => "Changed, not marked: text in a box.".to_owned(),
            What::Field => "Changed, not marked: result of a field.".to_owned(),
            What::Drawing => "Changed, not marked: drawing or formula.".to_owned(),
            What::TableGrid => "Changed, not marked: columns of the table.".to_owned(),
            What::Note => "Changed, not marked: reference to a note.".to_owned(),
            What::Part => "Changed, not marked: header, footer or notes.".to_owned(),
            What::Style => "Changed, not marked: style or number.".to_owned(),
        });
        if !self.old.is_empty() || !self.new.is_empty() {
            text.push_str(&format!("\n- {}\n+ {}", self.old, self.new));
        }
        text
    }
}

impl Report {
    pub(super) fn part(&mut self, story: &Story, gone: bool) {
        let text: Vec<String> = story.paras.iter().map(|para| para.text()).collect();
        let text = short(&text.join(" "));
        if text.trim().is_empty() {
            return;
        }
        let (old, new) = if gone { (text, String::new()) } else { (String::new(), text) };
        self.unmarked.push(Unmarked {
            what: What::Part,
            part: story.part.clone(),
            source: None,
            old,
            new,
            commented: false,
        });
    }
}

/// At most a few lines.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 300;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(MOST).collect();
    cut.push('…');
    cut
}
