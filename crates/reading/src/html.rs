//! HTML: the words that are seen, as paragraphs, headings, list items with the numbers that are
//! shown, and cells; scripts, styles, menus and forms are left out.
//!
//! Reads tokens, not a tree: a document cannot nest deeper than the reader counts.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use wording::{Cell, Line, Part};

use crate::WIDEST;

/// The deepest lists and tables that are told apart.
const DEEPEST: usize = 60;

/// The lines of an HTML text.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let sink = Sink { page: RefCell::new(Page::default()) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    // The tokenizer pauses only where its sink asks for it, which this one never does.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut page = tokenizer.sink.page.into_inner();
    page.end_line();
    page.lines
}

struct Sink {
    page: RefCell<Page>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<()> {
        let mut page = self.page.borrow_mut();
        page.source = u32::try_from(line_number).unwrap_or(u32::MAX).max(1);
        match token {
            Token::TagToken(tag) => return page.tag(&tag),
            Token::CharacterTokens(text) => page.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct Page {
    lines: Vec<Line>,
    text: String,
    source: u32,
    begun: u32,
    /// Elements that are not shown and are still open, by name.
    hidden: Vec<String>,
    lists: Vec<List>,
    number: Option<String>,
    heading: Option<u8>,
    table: Vec<Cell>,
    tables: u32,
    in_cell: bool,
    /// Whether the part is a note or the margin of the page.
    margin: u32,
    strong: u32,
    all_strong: bool,
}

struct List {
    style: Style,
    next: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Bullet,
    Figures,
    Lower,
    Upper,
    LowerRoman,
    UpperRoman,
    None,
}

const HIDDEN: [&str; 14] = [
    "script", "style", "nav", "noscript", "template", "svg", "select", "button", "iframe", "head",
    "object", "canvas", "video", "audio",
];
const BLOCKS: [&str; 26] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "aside",
    "blockquote",
    "pre",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "hr",
    "br",
    "form",
    "fieldset",
    "address",
    "details",
    "summary",
    "caption",
    "thead",
    "tbody",
    "body",
    "html",
    "center",
];

impl Page {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let start = tag.kind == TagKind::StartTag;
        if HIDDEN.contains(&name) || (start && is_hidden(tag)) && name != "body" && !is_void(name) {
            return self.hide(name, start, tag.self_closing);
        }
        if !self.hidden.is_empty() {
            if self.hidden.last().is_some_and(|open| open == name) {
                if start && !tag.self_closing {
                    self.hidden.push(name.to_owned());
                } else if !start {
                    self.hidden.pop();
                }
            }
            return TokenSinkResult::Continue;
        }
        match name {
            "textarea" | "title" if start => return TokenSinkResult::RawData(RawKind::Rcdata),
            "b" | "strong" => {
                self.strong = if start { self.strong + 1 } else { self.strong.saturating_sub(1) };
            }
            "header" | "footer" => {
                self.end_line();
                self.margin = if start { self.margin + 1 } else { self.margin.saturating_sub(1) };
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_line();
                self.heading = start.then(|| name.as_bytes()[1] - b'0');
            }
            "ol" | "ul" | "menu" => self.list(tag, start),
            "li" => self.item(tag, start),
            "table" | "tr" | "td" | "th" => self.table(name, start),
            _ if BLOCKS.contains(&name) => self.end_line(),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn hide(&mut self, name: &str, start: bool, closed: bool) -> TokenSinkResult<()> {
        if start && !closed {
            self.hidden.push(name.to_owned());
            return match name {
                "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                "style" | "iframe" => TokenSinkResult::RawData(RawKind::Rawtext),
                _ => TokenSinkResult::Continue,
            };
        }
        if let Some(at) = self.hidden.iter().rposition(|open| open == name).filter(|_| !start) {
            self.hidden.truncate(at);
        }
        TokenSinkResult::Continue
    }

    fn list(&mut self, tag: &Tag, start: bool) {
        self.end_line();
        if !start {
            self.lists.pop();
            self.number = None;
            return;
        }
        if self.lists.len() >= DEEPEST {
            return;
        }
        let ordered = &*tag.name == "ol";
        let style = style(tag, ordered);
        let next = attribute(tag, "start").and_then(|value| value.trim().parse().ok()).unwrap_or(1);
        self.lists.push(List { style, next });
    }

    fn item(&mut self, tag: &Tag, start: bool) {
        self.end_line();
        self.number = None;
        if !start {
            return;
        }
        let given = attribute(tag, "value").and_then(|value| value.trim().parse().ok());
        self.number = match self.lists.last_mut() {
            Some(list) => {
                if let Some(given) = given {
                    list.next = given;
                }
                let value = list.next;
                list.next = list.next.saturating_add(1);
                shown(list.style, value)
            }
            None => Some("•".to_owned()),
        };
    }

    fn table(&mut self, name: &str, start: bool) {
        self.end_line();
        match (name, start) {
            ("table", true) if self.table.len() < DEEPEST => {
                self.table.push(Cell { table: self.tables, row: 0, column: 0 });
                self.tables = self.tables.saturating_add(1);
            }
            ("table", false) => {
                self.table.pop();
                self.in_cell = !self.table.is_empty();
            }
            ("tr", false) => {
                if let Some(cell) = self.table.last_mut() {
                    cell.row = cell.row.saturating_add(1);
                    cell.column = 0;
                }
                self.in_cell = false;
            }
            ("td" | "th", true) => {
                if self.in_cell
                    && let Some(cell) = self.table.last_mut()
                {
                    cell.column = cell.column.saturating_add(1);
                }
                self.in_cell = true;
            }
            ("td" | "th", false) => {
                if let Some(cell) = self.table.last_mut().filter(|_| self.in_cell) {
                    cell.column = cell.column.saturating_add(1);
                }
                self.in_cell = false;
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.hidden.is_empty() {
            return;
        }
        if self.text.is_empty() {
            self.begun = self.source;
            self.all_strong = true;
        }
        if self.strong == 0 && text.chars().any(char::is_alphanumeric) {
            self.all_strong = false;
        }
        self.text.push_str(text);
        if self.text.len() > WIDEST {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        let plain = self.number.is_none() && self.table.is_empty() && self.lists.is_empty();
        let short =
            text.trim().chars().count() <= 80 && !crate::markdown::ends_sentence(text.trim());
        let strong = (plain && short && self.all_strong).then_some(6);
        let level = self.lists.len().checked_sub(1).and_then(|level| u8::try_from(level).ok());
        self.lines.push(Line {
            text,
            number: self.number.take(),
            level,
            heading: self.heading.or(strong),
            part: if self.margin > 0 { Part::Margin } else { Part::Body },
            cell: self.table.last().copied(),
            page: None,
            source: self.begun,
        });
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name)
        .map(|attribute| &*attribute.value)
}

/// Whether an element says of itself that it is not shown.
fn is_hidden(tag: &Tag) -> bool {
    attribute(tag, "hidden").is_some()
        || attribute(tag, "style").is_some_and(|style| {
            let plain: String = style.split_whitespace().collect::<String>().to_lowercase();
            plain.contains("display:none") || plain.contains("visibility:hidden")
        })
        || attribute(tag, "role").is_some_and(|role| role == "navigation")
}

fn is_void(name: &str) -> bool {
    ["br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "source"]
        .contains(&name)
}

fn style(tag: &Tag, ordered: bool) -> Style {
    let css = attribute(tag, "style").unwrap_or("").to_lowercase();
    let kind = attribute(tag, "type").unwrap_or("");
    if css.contains("list-style-type: none")
        || css.contains("list-style:none")
        || css.contains("list-style-type:none")
    {
        return Style::None;
    }
    if !ordered {
        return Style::Bullet;
    }
    match kind {
        "a" => Style::Lower,
        "A" => Style::Upper,
        "i" => Style::LowerRoman,
        "I" => Style::UpperRoman,
        _ if css.contains("lower-alpha") || css.contains("lower-latin") => Style::Lower,
        _ if css.contains("upper-alpha") || css.contains("upper-latin") => Style::Upper,
        _ if css.contains("lower-roman") => Style::LowerRoman,
        _ if css.contains("upper-roman") => Style::UpperRoman,
        _ => Style::Figures,
    }
}

/// The number of a list item as a browser shows it.
fn shown(style: Style, value: i64) -> Option<String> {
    let roman = |value: i64| u32::try_from(value).ok().and_then(wording::roman_numeral);
    let letter = |value: i64, first: u8| {
        let at = u8::try_from(value - 1).ok().filter(|at| *at < 26)?;
        Some(char::from(first + at).to_string())
    };
    let number = match style {
        Style::None => return None,
        Style::Bullet => return Some("•".to_owned()),
        Style::Figures => Some(value.to_string()),
        Style::Lower => letter(value, b'a'),
        Style::Upper => letter(value, b'A'),
        Style::LowerRoman => roman(value).map(|number| number.to_lowercase()),
        Style::UpperRoman => roman(value),
    };
    Some(format!("{}.", number.unwrap_or_else(|| value.to_string())))
}
