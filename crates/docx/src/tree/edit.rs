//! Edits: nodes are made, moved and cut; the bytes of all others stay.

use super::text::{attributes, escape, escape_attr};
use super::{Data, Element, Node, NodeId, Piece, Prefix, Tree};
use crate::names::{Ns, W};

impl Tree {
    fn add(&mut self, data: Data) -> NodeId {
        self.touched = true;
        let id = NodeId(u32::try_from(self.nodes.len()).expect("limits keep a tree far smaller"));
        self.nodes.push(Node { parent: None, children: Vec::new(), data });
        id
    }

    /// A new element of WordprocessingML with attributes of its namespace (`xml:space` and other
    /// prefixed names are taken as they are). It hangs nowhere yet.
    pub(crate) fn make(&mut self, local: &str, attributes: &[(&str, &str)]) -> NodeId {
        self.need_w();
        let mut open = format!("<{}{local}", self.w);
        for (name, value) in attributes {
            let prefix = if name.contains(':') { "" } else { self.w.as_str() };
            open.push_str(&format!(" {prefix}{name}=\"{}\"", escape_attr(value)));
        }
        open.push_str("/>");
        self.add(Data::Element(Element {
            ns: Ns::W,
            prefix: self.w.len() as u16,
            name: local.len() as u16,
            open: Piece::Own(open),
            close: None,
        }))
    }

    /// Declares WordprocessingML on the root where it is only the default namespace there.
    fn need_w(&mut self) {
        let prefix = self.w.trim_end_matches(':').to_owned();
        if self.resolve(&prefix) == Ns::W {
            return;
        }
        let root = self.root;
        self.set_raw_attr(root, &format!("xmlns:{prefix}"), W);
        self.prefixes.push(Prefix { name: prefix, uri: W.to_owned(), ns: Ns::W });
    }

    /// New characters, which hang nowhere yet.
    pub(crate) fn make_text(&mut self, text: &str) -> NodeId {
        self.add(Data::Text(Piece::Own(escape(text))))
    }

    /// A copy of an element of another tree, with the namespaces that this tree's root does not
    /// declare in the same way. It hangs nowhere yet.
    pub(crate) fn adopt(&mut self, other: &Tree, from: NodeId) -> NodeId {
        let copy = self.graft(other, from);
        let mut used: Vec<String> = Vec::new();
        for node in other.walk(from).filter(|&node| other.is_element(node)) {
            let names = attributes(other.open_tag(node)).unwrap_or_default();
            let names = names.into_iter().map(|(name, _)| name);
            for name in names.chain(std::iter::once(other.qualified(node))) {
                let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
                if !used.iter().any(|known| known == prefix) {
                    used.push(prefix.to_owned());
                }
            }
        }
        for prefix in used {
            if matches!(prefix.as_str(), "xml" | "xmlns") {
                continue;
            }
            let of = |tree: &Tree| -> Vec<String> {
                let mine = tree.prefixes.iter().filter(|known| known.name == prefix);
                mine.map(|known| known.uri.clone()).collect()
            };
            let (theirs, ours) = (of(other), of(self));
            let [uri] = theirs.as_slice() else { continue };
            if ours != theirs || !self.declares(&prefix) {
                let name =
                    if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
                self.set_raw_attr(copy, &name, uri);
            }
        }
        copy
    }

    /// Whether the root declares a prefix.
    fn declares(&self, prefix: &str) -> bool {
        attributes(self.open_tag(self.root)).unwrap_or_default().iter().any(|(name, _)| {
            let declared = name.strip_prefix("xmlns").map(|rest| rest.trim_start_matches(':'));
            declared == Some(prefix)
        })
    }

    /// A copy of a node of another tree as it is written there. It hangs nowhere yet.
    pub(crate) fn graft(&mut self, other: &Tree, from: NodeId) -> NodeId {
        let data = match &other.node(from).data {
            Data::Document => unreachable!("a document is never grafted"),
            Data::Text(piece) => Data::Text(Tree::own(other.piece(piece))),
            Data::Other(piece) => Data::Other(Tree::own(other.piece(piece))),
            Data::Element(element) => Data::Element(Element {
                ns: element.ns,
                prefix: element.prefix,
                name: element.name,
                open: Tree::own(other.piece(&element.open)),
                close: element.close.as_ref().map(|close| Tree::own(other.piece(close))),
            }),
        };
        let id = self.add(data);
        for &child in other.children(from) {
            let copy = self.graft(other, child);
            self.append(id, copy);
        }
        id
    }

    /// A copy of a node with all below it, which hangs nowhere yet.
    pub(crate) fn copy(&mut self, from: NodeId) -> NodeId {
        let data = self.node(from).data.clone();
        let id = self.add(data);
        for child in self.children(from).to_vec() {
            let copy = self.copy(child);
            self.append(id, copy);
        }
        id
    }

    /// A copy of the start tag alone.
    pub(crate) fn copy_shell(&mut self, from: NodeId) -> NodeId {
        let data = self.node(from).data.clone();
        self.add(data)
    }

    /// Hangs `child` behind the last child of `parent`.
    pub(crate) fn append(&mut self, parent: NodeId, child: NodeId) {
        let at = self.children(parent).len();
        self.insert(parent, at, child);
    }

    /// Hangs `child` at place `at` among the children of `parent`.
    pub(crate) fn insert(&mut self, parent: NodeId, at: usize, child: NodeId) {
        self.cut(child);
        self.touched = true;
        self.node_mut(child).parent = Some(parent);
        let children = &mut self.node_mut(parent).children;
        let at = at.min(children.len());
        children.insert(at, child);
    }

    /// Hangs `new` directly before `id`.
    pub(crate) fn before(&mut self, id: NodeId, new: NodeId) {
        self.cut(new);
        if let (Some(parent), Some(at)) = (self.parent(id), self.position(id)) {
            self.insert(parent, at, new);
        }
    }

    /// Hangs `new` directly behind `id`.
    pub(crate) fn after(&mut self, id: NodeId, new: NodeId) {
        self.cut(new);
        if let (Some(parent), Some(at)) = (self.parent(id), self.position(id)) {
            self.insert(parent, at + 1, new);
        }
    }

    /// Takes a node with all below it out of the tree.
    pub(crate) fn cut(&mut self, id: NodeId) {
        let Some(parent) = self.node(id).parent else { return };
        self.touched = true;
        self.node_mut(parent).children.retain(|&child| child != id);
        self.node_mut(id).parent = None;
    }

    /// Puts the children of an element in its place.
    pub(crate) fn unwrap(&mut self, id: NodeId) {
        for child in self.children(id).to_vec() {
            self.before(id, child);
        }
        self.cut(id);
    }

    /// Puts `wrapper` in the place of `first` to `last` (children of one parent) and these in it.
    pub(crate) fn wrap(&mut self, nodes: &[NodeId], wrapper: NodeId) {
        let Some(&first) = nodes.first() else { return };
        self.before(first, wrapper);
        for &node in nodes {
            self.append(wrapper, node);
        }
    }

    /// Sets or adds an attribute of WordprocessingML.
    pub(crate) fn set_attr(&mut self, id: NodeId, local: &str, value: &str) {
        let existing = attributes(self.open_tag(id)).and_then(|all| {
            all.iter()
                .find(|(name, _)| {
                    name.split_once(':')
                        .is_some_and(|(p, rest)| rest == local && self.resolve(p) == Ns::W)
                })
                .map(|(name, _)| (*name).to_owned())
        });
        let name = existing.unwrap_or_else(|| format!("{}{local}", self.w));
        self.set_raw_attr(id, &name, value);
    }

    /// Sets or adds an attribute by its written name.
    pub(crate) fn set_raw_attr(&mut self, id: NodeId, name: &str, value: &str) {
        let tag = self.open_tag(id).to_owned();
        let old = attributes(&tag).unwrap_or_default();
        let mut open = format!("<{}", self.qualified(id));
        let value = escape_attr(value);
        for (known, was) in &old {
            let quote = if was.contains('"') { '\'' } else { '"' };
            let now = if *known == name { value.as_str() } else { *was };
            let quote = if *known == name { '"' } else { quote };
            open.push_str(&format!(" {known}={quote}{now}{quote}"));
        }
        if !old.iter().any(|(known, _)| *known == name) {
            open.push_str(&format!(" {name}=\"{value}\""));
        }
        open.push_str(if tag.ends_with("/>") { "/>" } else { ">" });
        self.set_open(id, open);
    }

    fn set_open(&mut self, id: NodeId, tag: String) {
        self.touched = true;
        if let Data::Element(element) = &mut self.node_mut(id).data {
            element.open = Piece::Own(tag);
        }
    }

    /// Gives an element another name of the same namespace (`w:delText` becomes `w:t`).
    pub(crate) fn rename(&mut self, id: NodeId, local: &str) {
        let Some(element) = self.element(id) else { return };
        let (prefix, old) = (usize::from(element.prefix), usize::from(element.name));
        let tag = self.open_tag(id);
        let open = format!("{}{local}{}", &tag[..=prefix], &tag[1 + prefix + old..]);
        if let Data::Element(element) = &mut self.node_mut(id).data {
            element.name = local.len() as u16;
            element.open = Piece::Own(open);
            element.close = None;
        }
        self.touched = true;
    }

    /// Replaces the characters of an element by `text`, all other children go.
    pub(crate) fn set_content(&mut self, id: NodeId, text: &str) {
        for child in self.children(id).to_vec() {
            self.cut(child);
        }
        let new = self.make_text(text);
        self.append(id, new);
    }
}
