//! Markdown as contracts have it: headings of both kinds, nested lists, tables, escaped numbers,
//! links whose text stays, emphasis that goes, and scraps of HTML.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use wording::{Cell, Line, Part};

use crate::WIDEST;

/// The deepest nesting of lists that is told apart.
const DEEPEST: usize = 60;

/// The paragraphs of a Markdown text.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut page = Page::new(text);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        page.take(event, range.start);
    }
    page.end_line();
    rejoined(page.lines)
}

/// Paragraphs that were cut in the middle of a sentence (a page that was printed and turned to
/// Markdown line by line) become one again: the first ends in no mark, the next begins small.
fn rejoined(lines: Vec<Line>) -> Vec<Line> {
    let cuts = lines.windows(2).filter(|pair| is_cut(&pair[0], &pair[1], false)).count();
    // Where many sentences are cut, one that goes on with a name is cut too.
    let printed = cuts >= FEWEST_CUTS && cuts * 8 > lines.len();
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match out.last_mut() {
            Some(before) if is_cut(before, &line, printed) => {
                crate::plain::join(&mut before.text, &line.text)
            }
            _ => out.push(line),
        }
    }
    out
}

/// The shortest text that is taken for the beginning of a cut sentence.
const SHORTEST_CUT: usize = 40;
/// As many cuts as a page that was printed has at least.
const FEWEST_CUTS: usize = 12;

fn is_cut(before: &Line, line: &Line, printed: bool) -> bool {
    let plain = |line: &Line| line.heading.is_none() && line.cell.is_none();
    let open = before.text.ends_with(|end: char| end.is_ascii_alphanumeric() || end == ',');
    plain(before)
        && plain(line)
        && line.number.is_none()
        && line.level == before.level
        && open
        && before.text.len() >= SHORTEST_CUT
        && before.text.len() + line.text.len() < WIDEST
        && goes_on(&line.text, printed)
        && !wording::has_number(&line.text)
}

fn goes_on(text: &str, printed: bool) -> bool {
    let mut letters = text.trim_start_matches('(').chars();
    let first = letters.next();
    first.is_some_and(|first| first.is_ascii_lowercase() || printed && first.is_ascii_uppercase())
}

struct Page {
    /// Byte offsets at which the lines of the source begin.
    starts: Vec<usize>,
    lines: Vec<Line>,
    text: String,
    begun: Option<usize>,
    lists: Vec<Option<u64>>,
    /// A number of a list that waits for its text.
    number: Option<String>,
    heading: Option<u8>,
    cell: Option<Cell>,
    tables: u32,
    strong: u32,
    /// Whether all text of the line so far is strong.
    all_strong: bool,
    /// Depth of elements that are not shown.
    hidden: u32,
}

impl Page {
    fn new(text: &str) -> Self {
        let starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self {
            starts,
            lines: Vec::new(),
            text: String::new(),
            begun: None,
            lists: Vec::new(),
            number: None,
            heading: None,
            cell: None,
            tables: 0,
            strong: 0,
            all_strong: true,
            hidden: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(&tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => {
                self.push(&text, at);
            }
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak | Event::Rule => self.end_line(),
            Event::InlineHtml(html) | Event::Html(html) => self.html(&html, at),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, at: usize) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_line();
                self.heading = Some(heading_level(*level));
            }
            Tag::List(first) => {
                self.end_line();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.end_line();
                self.number = Some(match self.lists.last_mut() {
                    Some(Some(next)) => {
                        let number = format!("{next}.");
                        *next = next.saturating_add(1);
                        number
                    }
                    _ => "•".to_owned(),
                });
                self.begun = Some(at);
            }
            Tag::Table(_) => {
                self.end_line();
                self.cell = Some(Cell { table: self.tables, row: 0, column: 0 });
                self.tables += 1;
            }
            Tag::Strong => self.strong += 1,
            Tag::Image { .. } => self.hidden += 1,
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::HtmlBlock => {
                self.end_line()
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.end_line();
                self.heading = None;
            }
            TagEnd::List(_) => {
                self.end_line();
                self.lists.pop();
            }
            TagEnd::Item => {
                self.end_line();
                self.number = None;
            }
            TagEnd::TableCell => {
                self.end_line();
                if let Some(cell) = &mut self.cell {
                    cell.column += 1;
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(cell) = &mut self.cell {
                    cell.row += 1;
                    cell.column = 0;
                }
            }
            TagEnd::Table => self.cell = None,
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Image => self.hidden = self.hidden.saturating_sub(1),
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock => {
                self.end_line()
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str, at: usize) {
        if self.hidden > 0 || text.is_empty() {
            return;
        }
        self.begun.get_or_insert(at);
        if self.strong == 0 && text.chars().any(char::is_alphanumeric) {
            self.all_strong = false;
        }
        // A code block keeps its lines.
        let mut rows = text.split('\n');
        if let Some(first) = rows.next() {
            self.text.push_str(first);
        }
        for row in rows {
            self.end_line();
            self.begun = (!row.is_empty()).then_some(at);
            self.text.push_str(row);
        }
    }

    /// A line of the source ends inside a paragraph: the next goes on with it unless it has a
    /// number.
    fn soft_break(&mut self) {
        self.text.push('\n');
    }

    fn html(&mut self, html: &str, at: usize) {
        for tag in html.split('<').skip(1) {
            let name: String = tag
                .trim_start_matches('/')
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_lowercase();
            if matches!(name.as_str(), "br" | "p" | "div" | "li" | "tr" | "h1" | "h2" | "h3" | "h4")
            {
                self.end_line();
            }
            if matches!(name.as_str(), "script" | "style") {
                continue;
            }
            if let Some((_, text)) = tag.split_once('>')
                && !text.trim().is_empty()
            {
                self.push(text.trim(), at);
            }
        }
    }

    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.text);
        let strong = std::mem::replace(&mut self.all_strong, true);
        let begun = self.begun.take();
        if text.trim().is_empty() {
            return;
        }
        let source = begun.map_or(1, |at| self.starts.partition_point(|start| *start <= at));
        let mut source = u32::try_from(source).unwrap_or(u32::MAX);
        for paragraph in paragraphs(&text) {
            self.emit(paragraph, strong, source);
            source = source.saturating_add(1);
        }
    }

    fn emit(&mut self, text: String, strong: bool, source: u32) {
        // Emphasis beside Chinese punctuation stays literal by the rules of Markdown; it is meant.
        let text = text.replace("**", "");
        let level = self.lists.len().min(DEEPEST);
        let alone = strong && self.cell.is_none() && self.number.is_none() && self.lists.is_empty();
        let short = text.chars().count() <= 80 && !ends_sentence(&text);
        let heading = self.heading.or((alone && short).then_some(6));
        self.lines.push(Line {
            text,
            number: self.number.take(),
            level: level.checked_sub(1).and_then(|level| u8::try_from(level).ok()),
            heading,
            part: Part::Body,
            cell: self.cell,
            page: None,
            source,
        });
    }
}

pub(crate) fn ends_sentence(text: &str) -> bool {
    text.ends_with(['.', '。', ';', '；', ',', '，', ':', '：', '!', '！'])
}

/// The lines of one paragraph, joined but where a number begins one.
fn paragraphs(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for row in text.split('\n').map(str::trim).filter(|row| !row.is_empty()) {
        match out.last_mut() {
            Some(before) if !wording::has_firm_number(row) && before.len() + row.len() < WIDEST => {
                crate::plain::join(before, row);
            }
            _ => out.push(row.to_owned()),
        }
    }
    out
}

const fn heading_level(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
