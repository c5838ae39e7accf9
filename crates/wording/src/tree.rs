//! Which block stands under which: parents, depths and anchors.
//!
//! The number decides where there is one; the level that the format gives decides between headings
//! without numbers and between bullets. Anchors are the numbers on the way down.

use std::collections::HashMap;

use crate::item::Item;
use crate::letters::{is_ended, is_han};
use crate::marker::{Family, Marker};

/// The deepest tree that is built; what lies deeper hangs on the last level.
const DEEPEST: usize = 64;
/// The longest heading without a number, in characters.
const HEADING: usize = 90;

/// The place of one item.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) parent: Option<usize>,
    pub(crate) depth: u8,
    pub(crate) heading: bool,
    pub(crate) anchor: String,
}

/// What is open above the item that comes next.
#[derive(Debug, Clone)]
struct Open {
    index: usize,
    marker: Option<Marker>,
    /// The level of a heading without a number; of a bullet its level in the list.
    level: Option<u8>,
    /// The level of a list of the format.
    list: Option<u8>,
}

/// The places of `items`; `title` is the item that names the document, under which nothing stands.
pub(crate) fn places(items: &[Item], title: Option<usize>) -> Vec<Place> {
    let mut stack: Vec<Open> = Vec::new();
    let mut places: Vec<Place> = Vec::with_capacity(items.len());
    let mut names = Names::default();
    for (index, item) in items.iter().enumerate() {
        let sub_head = is_sub_head(items, index);
        let heading = is_heading(item) || sub_head;
        let opens =
            if Some(index) == title { None } else { open(&mut stack, item, sub_head, heading) };
        stack.truncate(DEEPEST);
        let parent = match (&item.marker, Some(index) == title) {
            (_, true) => None,
            (None, _) if opens.is_none() => holder(&stack, item),
            _ => stack.last().map(|open| open.index),
        };
        let anchor = names.name(items, &places, item, parent);
        let depth = parent.map_or(0, |parent| places[parent].depth.saturating_add(1));
        places.push(Place { parent, depth, heading, anchor });
        if let Some(open) = opens {
            stack.push(Open { index, ..open });
        }
    }
    places
}

/// Closes what ends here and says what opens, if anything.
fn open(stack: &mut Vec<Open>, item: &Item, sub_head: bool, heading: bool) -> Option<Open> {
    let blank = Open { index: 0, marker: None, level: None, list: list_level(item) };
    match &item.marker {
        Some(marker) if marker.family == Family::Bullet => {
            let level = item.line.level.unwrap_or(0);
            close_while(stack, |open| is_bullet(open) && open.level.is_some_and(|of| of >= level));
            Some(Open { marker: Some(marker.clone()), level: Some(level), ..blank })
        }
        Some(marker) => {
            close_for(stack, marker, item);
            Some(Open { marker: Some(marker.clone()), level: item.line.heading, ..blank })
        }
        None if sub_head => {
            close_while(stack, |open| {
                is_bullet(open)
                    || open.marker.is_none() && open.level.is_none()
                    || open.marker.as_ref().is_some_and(|marker| !can_hold_sub_head(marker))
            });
            Some(blank)
        }
        None if heading => {
            let level = item.line.heading.unwrap_or(1);
            close_while(stack, |open| match (&open.marker, open.level) {
                (Some(marker), _) if marker.family == Family::Annex => level <= 1,
                (_, Some(of)) if !is_bullet(open) => of >= level,
                _ => true,
            });
            Some(Open { level: Some(level), ..blank })
        }
        None => None,
    }
}

fn is_bullet(open: &Open) -> bool {
    open.marker.as_ref().is_some_and(|marker| marker.family == Family::Bullet)
}

const fn can_hold_sub_head(marker: &Marker) -> bool {
    matches!(
        marker.family,
        Family::Part
            | Family::Chapter
            | Family::Division
            | Family::Article
            | Family::Section
            | Family::Annex
            | Family::Han
    )
}

fn close_while(stack: &mut Vec<Open>, ends: impl Fn(&Open) -> bool) {
    while stack.last().is_some_and(&ends) {
        stack.pop();
    }
}

/// The place of a family in the usual order; a smaller one stands above.
const fn rank(marker: &Marker) -> u8 {
    match marker.family {
        Family::Annex => 0,
        Family::Part => 1,
        Family::Chapter => 2,
        Family::Division => 3,
        Family::Article => 4,
        Family::Section | Family::Han | Family::RomanUpper => 5,
        Family::Upper => 6,
        Family::HanParen => 6,
        Family::Dotted | Family::Path => 7,
        Family::Paren | Family::HalfParen | Family::Circled => 8,
        Family::LowerParen | Family::Lower | Family::UpperParen => 9,
        Family::RomanParen | Family::RomanLower | Family::RomanUpperParen => 10,
        Family::Bullet => 11,
    }
}

/// Closes what stands beside or below a new number.
fn close_for(stack: &mut Vec<Open>, marker: &Marker, item: &Item) {
    if marker.family == Family::Path {
        return close_for_path(stack, marker);
    }
    if marker.family == Family::Annex {
        return stack.clear();
    }
    let restarts = marker.value() == 1;
    if let Some(at) = brother(stack, marker, list_level(item)) {
        return stack.truncate(at);
    }
    if let Some(level) = item.line.heading {
        close_while(stack, |open| {
            open.marker.is_none() && open.level.is_some_and(|of| of >= level)
        });
    }
    let mine = rank(marker);
    if restarts && !marker.is_strong() {
        // Opens a level below what is open, unless that ranks below it.
        close_while(stack, |open| is_bullet(open) || beneath(open, marker));
        return;
    }
    close_while(stack, |open| {
        open.marker.as_ref().is_some_and(|other| rank(other) >= mine || is_bullet(open))
            || open.marker.is_none() && open.level.is_none()
            || marker.is_strong()
                && mine <= 4
                && open.marker.is_none()
                && item.line.heading.is_none()
    });
}

/// Whether what is open can only stand below a list that begins with `marker`.
fn beneath(open: &Open, marker: &Marker) -> bool {
    let Some(other) = &open.marker else { return false };
    match (marker.family, other.family) {
        (Family::Han, Family::Article | Family::Chapter | Family::Part | Family::Annex) => false,
        (Family::Han, _) => true,
        (Family::HanParen, Family::Dotted | Family::Path) => false,
        (Family::Section, _) => rank(other) >= 5,
        (Family::RomanUpper, _) => rank(other) >= 5,
        _ => false,
    }
}

/// Closes for a number of several parts: below the number that it continues, else beside the
/// nearest of its length, else below the nearest heading.
fn close_for_path(stack: &mut Vec<Open>, marker: &Marker) {
    let parts = marker.path.len();
    let prefix = &marker.path[..parts - 1];
    let above = stack.iter().rposition(|open| {
        open.marker.as_ref().is_some_and(|other| {
            let full = match other.family {
                Family::Path => other.path == prefix,
                Family::Article
                | Family::Section
                | Family::Dotted
                | Family::Han
                | Family::Upper
                | Family::Chapter
                | Family::RomanUpper => other.path == prefix,
                _ => false,
            };
            full && !other.path.is_empty()
        })
    });
    if let Some(at) = above {
        let mut keep = at + 1;
        while stack.get(keep).is_some_and(|open| open.marker.is_none()) {
            keep += 1;
        }
        return stack.truncate(keep);
    }
    let beside = stack.iter().rposition(|open| {
        open.marker
            .as_ref()
            .is_some_and(|other| other.family == Family::Path && other.path.len() >= parts)
    });
    if let Some(at) = beside {
        let first = stack[..=at]
            .iter()
            .position(|open| {
                open.marker
                    .as_ref()
                    .is_some_and(|other| other.family == Family::Path && other.path.len() >= parts)
            })
            .unwrap_or(at);
        return stack.truncate(first);
    }
    close_while(stack, |open| {
        open.marker.as_ref().is_some_and(|other| rank(other) > 7 || other.family == Family::Path)
    });
}

/// The level of a list of the format; a number in the text has none.
fn list_level(item: &Item) -> Option<u8> {
    item.line.number.as_ref().and(item.line.level)
}

/// The nearest open number of the same family, and of the same level where the format has lists.
fn brother(stack: &[Open], marker: &Marker, list: Option<u8>) -> Option<usize> {
    for (at, open) in stack.iter().enumerate().rev() {
        if open.marker.as_ref().is_none_or(|other| other.family != marker.family) {
            continue;
        }
        match (open.list, list) {
            (None, Some(_)) => return None,
            (Some(above), Some(mine)) if above < mine => return None,
            (Some(below), Some(mine)) if below > mine => {}
            (Some(_), None) => {}
            _ => return Some(at),
        }
    }
    None
}

/// What holds a line without a number: the nearest numbered block or heading; bullets only where
/// the format says so.
fn holder(stack: &[Open], item: &Item) -> Option<usize> {
    let within = item.line.level;
    stack
        .iter()
        .rev()
        .find(|open| {
            !is_bullet(open) || within.is_some_and(|level| open.level.is_some_and(|of| of < level))
        })
        .map(|open| open.index)
}

/// Whether the item is a heading by its own look.
fn is_heading(item: &Item) -> bool {
    if item.line.cell.is_some() || item.body.is_empty() {
        return item.line.heading.is_some() && item.line.cell.is_none();
    }
    let long = item.body.chars().count() > HEADING;
    if item.line.heading.is_some() {
        return !long || !is_ended(&item.body);
    }
    match &item.marker {
        Some(marker) if marker.family == Family::Bullet => false,
        Some(marker) => {
            let short =
                item.body.chars().count() <= if item.body.contains(is_han) { 24 } else { 70 };
            let plain =
                !item.body.contains(['。', '，', '；', '；', '：', ':', ',', '[', '【', '_']);
            let head = marker.is_strong() || rank(marker) <= 7;
            short
                && plain
                && head
                && !is_ended(item.body.trim_end_matches('.'))
                && !says_what_somebody_does(&item.body, marker.is_strong())
                && (marker.is_strong() || is_title_case(item.body.trim_end_matches('.')))
        }
        None => is_all_capitals(&item.body) && !is_form_line(&item.body),
    }
}

/// `1. Provider may use Customer Data.` and `1. 乙方可以使用甲方数据` are short and clauses all the
/// same: a title writes its verb with a capital, or none. Under a number that only headings have, a
/// full stop must be there too.
fn says_what_somebody_does(text: &str, strong: bool) -> bool {
    const CHINESE: [&str; 6] = ["可以", "不得", "有权", "应当", "必须", "无权"];
    let modal = |word: &str| matches!(word, "may" | "shall" | "will" | "must" | "can" | "cannot");
    let says = text.split(' ').any(modal) || CHINESE.iter().any(|modal| text.contains(modal));
    says && (!strong || text.ends_with('.'))
}

/// Most long words begin with a capital, or the text is Chinese.
fn is_title_case(text: &str) -> bool {
    if text.contains(is_han) {
        return true;
    }
    let words = text.split(' ').filter(|word| word.chars().count() > 3);
    let (mut all, mut upper) = (0, 0);
    for word in words {
        all += 1;
        upper +=
            usize::from(word.trim_start_matches(['(', '"', '“']).starts_with(char::is_uppercase));
    }
    upper * 2 >= all && text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

fn is_all_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic());
    let (count, upper) = letters
        .fold((0, true), |(count, upper), letter| (count + 1, upper && letter.is_uppercase()));
    count >= 4
        && upper
        && text.chars().count() <= HEADING
        && text.split(' ').any(|word| word.len() > 3)
        && !text.ends_with([',', ';'])
}

fn is_form_line(text: &str) -> bool {
    text.contains("__")
        || text.ends_with(':')
        || text.contains("/S/")
        || text.contains(", INC")
        || text.contains("LLC")
        || text.contains("LTD")
        || text.contains("[***]")
}

/// `甲方的权利和义务:` before `1.1`: a heading without a number over numbered lines.
fn is_sub_head(items: &[Item], index: usize) -> bool {
    let item = &items[index];
    if item.marker.is_some() || item.line.heading.is_some() || item.line.cell.is_some() {
        return false;
    }
    let text = item.body.as_str();
    let Some(head) = text.strip_suffix([':', '：']) else { return false };
    let short =
        head.chars().count() <= 40 && !head.contains(['。', '，', '；', ',', ';', '.', ':']);
    let next = items.get(index + 1).and_then(|next| next.marker.as_ref());
    short && next.is_some_and(|marker| matches!(marker.family, Family::Path | Family::Dotted))
}

/// Anchors that were given, and how many children without a number each block has.
#[derive(Default)]
struct Names {
    given: HashMap<String, u32>,
    children: HashMap<Option<usize>, u32>,
}

impl Names {
    fn name(
        &mut self,
        items: &[Item],
        places: &[Place],
        item: &Item,
        parent: Option<usize>,
    ) -> String {
        let label =
            item.marker.as_ref().map(|marker| marker.label.as_str()).filter(|l| !l.is_empty());
        let name = match label {
            Some(label) => {
                let numbered = nearest(places, parent, |at| {
                    items[at].marker.as_ref().is_some_and(|marker| !marker.label.is_empty())
                });
                let above = numbered.map_or("", |at| places[at].anchor.as_str());
                let name = join(above, label);
                match parent {
                    Some(parent) if self.given.contains_key(&name) => {
                        join(&places[parent].anchor, label)
                    }
                    _ => name,
                }
            }
            None => {
                let above = parent.map_or("", |at| places[at].anchor.as_str());
                match item.line.cell {
                    Some(cell) => join(
                        above,
                        &format!("t{}.{}.{}", cell.table + 1, cell.row + 1, cell.column + 1),
                    ),
                    None => {
                        let count = self.children.entry(parent).or_insert(0);
                        *count += 1;
                        join(above, &format!("p{count}"))
                    }
                }
            }
        };
        self.unique(name)
    }

    fn unique(&mut self, name: String) -> String {
        let count = self.given.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count == 1 {
            return name;
        }
        let mut next = *count;
        loop {
            let tried = format!("{name}~{next}");
            if !self.given.contains_key(&tried) {
                self.given.insert(name, next);
                self.given.insert(tried.clone(), 1);
                return tried;
            }
            next += 1;
        }
    }
}

fn nearest(places: &[Place], from: Option<usize>, wanted: impl Fn(usize) -> bool) -> Option<usize> {
    let mut at = from;
    while let Some(index) = at {
        if wanted(index) {
            return Some(index);
        }
        at = places[index].parent;
    }
    None
}

fn join(above: &str, label: &str) -> String {
    if above.is_empty() { label.to_owned() } else { format!("{above}/{label}") }
}
