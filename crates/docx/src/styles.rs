//! Styles as far as they decide a number or a heading.

use std::collections::HashMap;

use crate::fault::Fault;
use crate::opc::related;
use crate::package::Package;
use crate::tree::{NodeId, Tree};

/// The longest chain of `w:basedOn` that is followed.
const CHAIN: usize = 64;

#[derive(Debug, Clone, Default)]
pub(crate) struct Styles {
    by_id: HashMap<String, Style>,
    /// The paragraph style of paragraphs that name none.
    default: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    num_id: Option<u32>,
    level: Option<u8>,
    outline: Option<u8>,
}

impl Styles {
    /// The styles of the document, none where it has no such part.
    pub(crate) fn read(package: &Package) -> Result<Styles, Fault> {
        match related(package, package.document(), "styles")? {
            Some(part) => Ok(Styles::of(&package.tree(&part)?)),
            None => Ok(Styles::default()),
        }
    }

    pub(crate) fn of(tree: &Tree) -> Styles {
        let mut styles = Styles::default();
        for node in tree.elements(tree.root()).filter(|&node| tree.is(node, "style")) {
            let Some(id) = tree.attr(node, "styleId") else { continue };
            if tree.attr(node, "type").as_deref() == Some("paragraph")
                && matches!(tree.attr(node, "default").as_deref(), Some("1" | "true" | "on"))
            {
                styles.default = Some(id.clone().into_owned());
            }
            let style = Style {
                name: tree.val(node, "name").unwrap_or_default().into_owned(),
                based_on: tree.val(node, "basedOn").map(|v| v.into_owned()),
                num_id: tree.path(node, &["pPr", "numPr", "numId"]).and_then(|id| number(tree, id)),
                level: tree.path(node, &["pPr", "numPr", "ilvl"]).and_then(|id| number(tree, id)),
                outline: tree.path(node, &["pPr", "outlineLvl"]).and_then(|id| number(tree, id)),
            };
            styles.by_id.insert(id.into_owned(), style);
        }
        styles
    }

    /// The style itself and what it is based on, nearest first.
    fn chain<'s>(&'s self, id: Option<&'s str>) -> impl Iterator<Item = (&'s str, &'s Style)> {
        let first = id.or(self.default.as_deref());
        std::iter::successors(first, |id| self.by_id.get(*id)?.based_on.as_deref())
            .take(CHAIN)
            .map_while(|id| Some((id, self.by_id.get(id)?)))
    }

    /// The number that the style gives: its definition, the level where it says one, and the id of
    /// the style that says so.
    pub(crate) fn numbering(&self, id: Option<&str>) -> Option<(u32, Option<u8>, String)> {
        let (from, style) = self.chain(id).find(|(_, style)| style.num_id.is_some())?;
        let level = self.chain(id).find_map(|(_, style)| style.level);
        Some((style.num_id?, level, from.to_owned()))
    }

    /// The level of the style's number alone, for a paragraph that names only the definition.
    pub(crate) fn level(&self, id: Option<&str>) -> Option<u8> {
        self.chain(id).find_map(|(_, style)| style.level)
    }

    /// The heading level from 1 that the style gives.
    pub(crate) fn heading(&self, id: Option<&str>) -> Option<u8> {
        if let Some(level) = self.chain(id).find_map(|(_, style)| style.outline) {
            return (level < 9).then_some(level + 1);
        }
        self.chain(id).find_map(|(_, style)| {
            let name = style.name.to_lowercase();
            let rest = name.strip_prefix("heading ").or_else(|| name.strip_prefix("标题 "))?;
            rest.parse().ok().filter(|level| (1..=9).contains(level))
        })
    }

    /// The name of the style as Word shows it.
    pub(crate) fn name(&self, id: Option<&str>) -> Option<String> {
        self.chain(id).next().map(|(_, style)| style.name.clone())
    }

    /// Whether there is a style with that id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }
}

/// The `w:val` of an element as a number.
pub(crate) fn number<N: std::str::FromStr>(tree: &Tree, node: NodeId) -> Option<N> {
    tree.attr(node, "val")?.trim().parse().ok()
}
