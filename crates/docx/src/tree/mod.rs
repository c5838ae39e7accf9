//! A part as a tree that gives back its own bytes: each node knows the bytes it was read from, and
//! only what an edit touched is written anew.
//!
//! Knows names and nesting, nothing of what an element means.

mod edit;
mod parse;
#[cfg(test)]
mod tests;
mod text;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use text::{escape, escape_attr};

use crate::names::Ns;

/// A node of a [`Tree`]. It stays what it is when the tree is cloned or edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

/// The XML of one part.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    source: Arc<str>,
    bom: bool,
    nodes: Vec<Node>,
    root: NodeId,
    /// What each prefix stands for, the last declaration last.
    prefixes: Vec<Prefix>,
    /// The prefix of WordprocessingML, with its colon, or nothing.
    w: String,
    touched: bool,
}

/// A declaration of a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Prefix {
    name: String,
    uri: String,
    ns: Ns,
}

#[derive(Debug, Clone)]
struct Node {
    parent: Option<NodeId>,
    children: Vec<NodeId>,
    data: Data,
}

#[derive(Debug, Clone)]
enum Data {
    /// What lies around the root element.
    Document,
    Element(Element),
    /// Characters as they are written, references and CDATA included.
    Text(Piece),
    /// A comment, a processing instruction, the declaration.
    Other(Piece),
}

#[derive(Debug, Clone)]
struct Element {
    ns: Ns,
    /// The start tag from `<` to `>`.
    open: Piece,
    /// The end tag, where one was written.
    close: Option<Piece>,
    prefix: u16,
    name: u16,
}

#[derive(Debug, Clone)]
enum Piece {
    Source(Range<u32>),
    Own(String),
}

/// The node above the root element.
const DOCUMENT: NodeId = NodeId(0);

impl Tree {
    pub(crate) fn root(&self) -> NodeId {
        self.root
    }

    /// Whether an edit was made since it was read.
    pub(crate) fn touched(&self) -> bool {
        self.touched
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    fn piece<'t>(&'t self, piece: &'t Piece) -> &'t str {
        match piece {
            Piece::Source(range) => &self.source[range.start as usize..range.end as usize],
            Piece::Own(text) => text,
        }
    }

    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    pub(crate) fn children(&self, id: NodeId) -> &[NodeId] {
        &self.node(id).children
    }

    /// The child elements.
    pub(crate) fn elements(&self, id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        self.children(id).iter().copied().filter(|&child| self.is_element(child))
    }

    pub(crate) fn is_element(&self, id: NodeId) -> bool {
        matches!(self.node(id).data, Data::Element(_))
    }

    pub(crate) fn is_text(&self, id: NodeId) -> bool {
        matches!(self.node(id).data, Data::Text(_))
    }

    fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.node(id).data {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The namespace of an element.
    pub(crate) fn ns(&self, id: NodeId) -> Ns {
        self.element(id).map_or(Ns::Other, |element| element.ns)
    }

    /// The name of an element without its prefix; empty for anything else.
    pub(crate) fn local(&self, id: NodeId) -> &str {
        self.element(id).map_or("", |element| {
            let from = 1 + usize::from(element.prefix);
            &self.piece(&element.open)[from..from + usize::from(element.name)]
        })
    }

    /// The name of an element as written.
    pub(crate) fn qualified(&self, id: NodeId) -> &str {
        self.element(id).map_or("", |element| {
            let to = 1 + usize::from(element.prefix) + usize::from(element.name);
            &self.piece(&element.open)[1..to]
        })
    }

    /// The name of an element of WordprocessingML; empty for anything else.
    pub(crate) fn w(&self, id: NodeId) -> &str {
        if self.ns(id) == Ns::W { self.local(id) } else { "" }
    }

    /// Whether it is this element of WordprocessingML.
    pub(crate) fn is(&self, id: NodeId, local: &str) -> bool {
        self.ns(id) == Ns::W && self.local(id) == local
    }

    /// The first child element of WordprocessingML with that name.
    pub(crate) fn child(&self, id: NodeId, local: &str) -> Option<NodeId> {
        self.elements(id).find(|&child| self.is(child, local))
    }

    /// The first child on a path of names.
    pub(crate) fn path(&self, id: NodeId, locals: &[&str]) -> Option<NodeId> {
        locals.iter().try_fold(id, |at, local| self.child(at, local))
    }

    /// Every node below `id` and `id` itself, in the order of the text.
    pub(crate) fn walk(&self, id: NodeId) -> Walk<'_> {
        Walk { tree: self, next: vec![id] }
    }

    /// The nodes above, nearest first.
    pub(crate) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), |&at| self.parent(at))
    }

    /// Whether the node still hangs in the tree.
    pub(crate) fn attached(&self, id: NodeId) -> bool {
        id == DOCUMENT || self.ancestors(id).any(|above| above == DOCUMENT)
    }

    /// The place among the children of its parent.
    pub(crate) fn position(&self, id: NodeId) -> Option<usize> {
        let parent = self.parent(id)?;
        self.children(parent).iter().position(|&child| child == id)
    }

    /// The bytes of the source that the node was read from; none for what an edit made.
    pub(crate) fn range(&self, id: NodeId) -> Option<Range<usize>> {
        let (from, to) = match &self.node(id).data {
            Data::Document => (0, self.source.len()),
            Data::Text(Piece::Source(range)) | Data::Other(Piece::Source(range)) => {
                (range.start as usize, range.end as usize)
            }
            Data::Element(Element { open: Piece::Source(open), close, .. }) => {
                let end = match close {
                    Some(Piece::Source(close)) => close.end,
                    _ => open.end,
                };
                (open.start as usize, end as usize)
            }
            _ => return None,
        };
        Some(from..to)
    }

    /// What a prefix stands for.
    fn resolve(&self, prefix: &str) -> Ns {
        self.prefixes.iter().rev().find(|known| known.name == prefix).map_or(Ns::Other, |p| p.ns)
    }
}

/// See [`Tree::walk`].
pub(crate) struct Walk<'t> {
    tree: &'t Tree,
    next: Vec<NodeId>,
}

impl Iterator for Walk<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next.pop()?;
        self.next.extend(self.tree.children(id).iter().rev());
        Some(id)
    }
}
