//! The numbers that Word computes: definitions with their levels, overrides and restarts, and the
//! counters that run through a story.
//!
//! Knows nothing of text that looks like a number.

mod format;
#[cfg(test)]
mod tests;

pub(crate) use format::symbol;

use std::collections::{HashMap, HashSet};

use crate::fault::Fault;
use crate::names::Ns;
use crate::opc::related;
use crate::package::Package;
use crate::styles::{Styles, number};
use crate::tree::{NodeId, Tree};

/// Levels of a list.
const LEVELS: usize = 9;

#[derive(Debug, Clone, Default)]
pub(crate) struct Numbering {
    lists: HashMap<u32, List>,
    uses: HashMap<u32, Use>,
    /// Lists that take their levels from the list of a style.
    links: HashMap<u32, String>,
}

/// `w:abstractNum`.
#[derive(Debug, Clone, Default)]
struct List {
    levels: [Option<Level>; LEVELS],
}

/// `w:num`.
#[derive(Debug, Clone, Default)]
struct Use {
    list: u32,
    starts: [Option<i64>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

#[derive(Debug, Clone)]
struct Level {
    start: i64,
    format: String,
    text: String,
    restart: Option<usize>,
    legal: bool,
    style: Option<String>,
}

impl Numbering {
    /// The numbers of the document, none where it has no such part.
    pub(crate) fn read(package: &Package) -> Result<Numbering, Fault> {
        match related(package, package.document(), "numbering")? {
            Some(part) => Ok(Numbering::of(&package.tree(&part)?)),
            None => Ok(Numbering::default()),
        }
    }

    pub(crate) fn of(tree: &Tree) -> Numbering {
        let mut numbering = Numbering::default();
        let id_of = |node, name| tree.attr(node, name).and_then(|id| id.trim().parse().ok());
        for node in tree.elements(tree.root()) {
            if tree.is(node, "abstractNum") {
                let Some(id) = id_of(node, "abstractNumId") else { continue };
                let mut list = List::default();
                for level in tree.elements(node).filter(|&child| tree.is(child, "lvl")) {
                    if let Some((at, level)) = read_level(tree, level) {
                        list.levels[at] = Some(level);
                    }
                }
                if let Some(style) = tree.val(node, "numStyleLink") {
                    numbering.links.insert(id, style.into_owned());
                }
                numbering.lists.insert(id, list);
            } else if tree.is(node, "num") {
                let Some(id) = id_of(node, "numId") else { continue };
                let Some(list) = tree.child(node, "abstractNumId").and_then(|n| number(tree, n))
                else {
                    continue;
                };
                numbering.uses.insert(id, read_use(tree, node, list));
            }
        }
        numbering
    }

    /// Whether there is a definition with that id.
    pub(crate) fn has(&self, num: u32) -> bool {
        self.uses.contains_key(&num)
    }

    /// How a list counts and looks, to be compared with another version's.
    pub(crate) fn shape(&self, num: u32, styles: &Styles) -> Option<String> {
        let (_, list) = self.list(num, styles)?;
        let starts = self.uses.get(&num)?.starts;
        let levels: Vec<String> = (0..LEVELS)
            .map(|at| {
                let Some(level) = self.level(num, list, at) else { return String::new() };
                let Level { start, format, text, restart, legal, .. } = level;
                format!("{start} {:?} {format} {text} {restart:?} {legal}", starts[at])
            })
            .collect();
        Some(levels.join("\n"))
    }

    /// The list and its counters' key, through links to the list of a style.
    fn list(&self, num: u32, styles: &Styles) -> Option<(u32, &List)> {
        let mut list = self.uses.get(&num)?.list;
        for _ in 0..LEVELS {
            let Some(style) = self.links.get(&list) else { break };
            let Some((linked, ..)) = styles.numbering(Some(style)) else { break };
            let Some(next) = self.uses.get(&linked) else { break };
            if next.list == list {
                break;
            }
            list = next.list;
        }
        Some((list, self.lists.get(&list)?))
    }

    fn level<'n>(&'n self, num: u32, list: &'n List, at: usize) -> Option<&'n Level> {
        self.uses.get(&num)?.levels[at].as_ref().or(list.levels[at].as_ref())
    }

    /// The list and level of a paragraph: what it says itself, then what its style says.
    pub(crate) fn of_paragraph(
        &self,
        own: (Option<u32>, Option<u8>),
        style: Option<&str>,
        styles: &Styles,
    ) -> Option<(u32, u8)> {
        let (num, level) = match own {
            (Some(num), level) => (num, level.or_else(|| styles.level(style)).unwrap_or(0)),
            (None, own_level) => {
                let (num, level, from) = styles.numbering(style)?;
                let linked = || {
                    let (_, list) = self.list(num, styles)?;
                    let is = |at: &usize| {
                        self.level(num, list, *at).is_some_and(|level| {
                            level.style.as_deref() == Some(from.as_str())
                                || level.style.as_deref() == style && style.is_some()
                        })
                    };
                    (0..LEVELS).find(is).map(|at| at as u8)
                };
                (num, own_level.or_else(linked).or(level).unwrap_or(0))
            }
        };
        (num != 0 && usize::from(level) < LEVELS && self.uses.contains_key(&num))
            .then_some((num, level))
    }
}

fn read_use(tree: &Tree, node: NodeId, list: u32) -> Use {
    let mut one = Use { list, ..Use::default() };
    for over in tree.elements(node).filter(|&child| tree.is(child, "lvlOverride")) {
        let at = tree.attr(over, "ilvl").and_then(|at| at.trim().parse::<usize>().ok());
        let Some(at) = at.filter(|&at| at < LEVELS) else { continue };
        one.starts[at] = tree.child(over, "startOverride").and_then(|n| number(tree, n));
        one.levels[at] =
            tree.child(over, "lvl").and_then(|level| read_level(tree, level)).map(|found| found.1);
    }
    one
}

fn read_level(tree: &Tree, node: NodeId) -> Option<(usize, Level)> {
    let at: usize = tree.attr(node, "ilvl")?.trim().parse().ok()?;
    // A format that older programs do not know stands in an alternative with a fallback.
    let fallback = || {
        let alternative = tree
            .elements(node)
            .find(|&child| tree.ns(child) == Ns::Mc && tree.local(child) == "AlternateContent")?;
        let fallback = tree.elements(alternative).find(|&child| tree.local(child) == "Fallback")?;
        tree.val(fallback, "numFmt")
    };
    let level = Level {
        start: tree.child(node, "start").and_then(|n| number(tree, n)).unwrap_or(0),
        format: tree.val(node, "numFmt").or_else(fallback).unwrap_or("decimal".into()).into_owned(),
        text: tree.val(node, "lvlText").unwrap_or_default().into_owned(),
        restart: tree.child(node, "lvlRestart").and_then(|n| number(tree, n)),
        legal: tree.on(node, "isLgl"),
        style: tree.val(node, "pStyle").map(|v| v.into_owned()),
    };
    (at < LEVELS).then_some((at, level))
}

/// The counters of one story.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    lists: HashMap<u32, [Option<i64>; LEVELS]>,
    /// Overridden starts that were used.
    started: HashSet<(u32, usize)>,
}

impl Counters {
    /// Counts one paragraph and gives its number as it is shown; none for an empty one.
    pub(crate) fn next(
        &mut self,
        numbering: &Numbering,
        styles: &Styles,
        num: u32,
        level: u8,
    ) -> Option<String> {
        let at = usize::from(level);
        let (key, list) = numbering.list(num, styles)?;
        let own = numbering.level(num, list, at)?;
        let counters = self.lists.entry(key).or_default();
        let start = numbering.uses.get(&num)?.starts[at];
        counters[at] = Some(match (start, counters[at]) {
            (Some(start), _) if self.started.insert((num, at)) => start,
            (_, Some(count)) => count.saturating_add(1),
            (_, None) => own.start,
        });
        for (deeper, counter) in counters.iter_mut().enumerate().skip(at + 1) {
            let restart = numbering.level(num, list, deeper).and_then(|level| level.restart);
            if restart.is_none_or(|after| at < after) {
                *counter = None;
            }
        }
        let counters = *counters;
        let text = shown(numbering, num, list, own, &counters);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

fn shown(
    numbering: &Numbering,
    num: u32,
    list: &List,
    own: &Level,
    counters: &[Option<i64>; LEVELS],
) -> String {
    if own.format == "bullet" {
        return own.text.chars().map(format::symbol).collect();
    }
    let mut out = String::new();
    let mut chars = own.text.chars().peekable();
    while let Some(c) = chars.next() {
        let digit = chars.peek().and_then(|next| next.to_digit(10)).filter(|d| (1..=9).contains(d));
        match digit {
            Some(digit) if c == '%' => {
                chars.next();
                let at = digit as usize - 1;
                let Some(level) = numbering.level(num, list, at) else { continue };
                let format = if own.legal { "decimal" } else { level.format.as_str() };
                out.push_str(&format::number(counters[at].unwrap_or(level.start), format));
            }
            _ => out.push(c),
        }
    }
    out
}
