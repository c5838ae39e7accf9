//! Styles and lists of the new version that the old one does not have, or has otherwise: they are
//! added to it, so that what is inserted keeps its look and its number.

use std::collections::HashMap;

use crate::fault::Fault;
use crate::names::{R, W};
use crate::numbering::Numbering;
use crate::opc::{relate, related};
use crate::package::Package;
use crate::styles::Styles;
use crate::tree::{NodeId, Tree};

const NUMBERING: &str = "word/numbering.xml";
const CONTENT: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml";
/// The longest chain of styles that is added.
const CHAIN: usize = 32;

/// The parts that styles and lists are added to.
pub(super) struct Imports {
    styles: Option<(String, Tree)>,
    numbering: Option<(String, Tree)>,
    from_styles: Option<Tree>,
    from_numbering: Option<Tree>,
    old: (Numbering, Styles),
    new: (Numbering, Styles),
    numbers: HashMap<u32, Option<u32>>,
}

impl Imports {
    pub(super) fn new(old: &Package, new: &Package) -> Result<Imports, Fault> {
        let read = |package: &Package, kind: &str| -> Result<Option<(String, Tree)>, Fault> {
            let part = related(package, package.document(), kind)?;
            part.map(|part| package.tree(&part).map(|tree| (part, tree))).transpose()
        };
        Ok(Imports {
            styles: read(old, "styles")?,
            numbering: read(old, "numbering")?,
            from_styles: read(new, "styles")?.map(|(_, tree)| tree),
            from_numbering: read(new, "numbering")?.map(|(_, tree)| tree),
            old: (Numbering::read(old)?, Styles::read(old)?),
            new: (Numbering::read(new)?, Styles::read(new)?),
            numbers: HashMap::new(),
        })
    }

    /// The list of the old version that counts and looks as this one of the new, added where there
    /// is none.
    pub(super) fn number(&mut self, id: u32) -> Option<u32> {
        if let Some(known) = self.numbers.get(&id) {
            return *known;
        }
        let same = self.old.0.has(id)
            && self.old.0.shape(id, &self.old.1) == self.new.0.shape(id, &self.new.1);
        let found = if same { Some(id) } else { self.add_list(id) };
        self.numbers.insert(id, found);
        found
    }

    fn add_list(&mut self, id: u32) -> Option<u32> {
        let source = self.from_numbering.as_ref()?;
        let by_id = |name: &str, key: &str, id: &str| {
            source.elements(source.root()).find(|&node| {
                source.is(node, name) && source.attr(node, key).as_deref() == Some(id)
            })
        };
        let num = by_id("num", "numId", &id.to_string())?;
        let list = source.val(num, "abstractNumId")?.into_owned();
        let list = by_id("abstractNum", "abstractNumId", &list)?;
        if self.numbering.is_none() {
            let empty = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
                 <w:numbering xmlns:w=\"{W}\"/>"
            );
            let limits = crate::Limits::default();
            let tree = Tree::parse(NUMBERING, empty.as_bytes(), &limits).ok()?;
            self.numbering = Some((NUMBERING.to_owned(), tree));
        }
        let (_, tree) = self.numbering.as_mut()?;
        let root = tree.root();
        let free = |tree: &Tree, name: &str, key: &str| {
            let ids = tree.elements(root).filter(|&node| tree.is(node, name));
            let ids = ids.filter_map(|node| tree.attr(node, key)?.trim().parse::<u32>().ok());
            ids.max().unwrap_or(0).saturating_add(1)
        };
        let list_id = free(tree, "abstractNum", "abstractNumId");
        let num_id = free(tree, "num", "numId");
        let copy = tree.adopt(source, list);
        tree.set_attr(copy, "abstractNumId", &list_id.to_string());
        // Two lists of one `nsid` are one list for Word.
        for name in ["nsid", "tmpl", "styleLink", "numStyleLink"] {
            if let Some(found) = tree.child(copy, name) {
                tree.cut(found);
            }
        }
        let first_num = tree.elements(root).find(|&node| tree.is(node, "num"));
        match first_num {
            Some(first) => tree.before(first, copy),
            None => tree.append(root, copy),
        }
        let copy = tree.adopt(source, num);
        tree.set_attr(copy, "numId", &num_id.to_string());
        if let Some(of) = tree.child(copy, "abstractNumId") {
            tree.set_attr(of, "val", &list_id.to_string());
        }
        let last = tree.elements(root).rfind(|&node| tree.is(node, "num"));
        match last {
            Some(last) => tree.after(last, copy),
            None => tree.append(root, copy),
        }
        Some(num_id)
    }

    /// Whether the old version has a style of that id, which is added where it can be.
    pub(super) fn style(&mut self, id: &str) -> bool {
        self.add_style(id, 0)
    }

    fn add_style(&mut self, id: &str, depth: usize) -> bool {
        let (Some((_, tree)), Some(source)) = (self.styles.as_ref(), self.from_styles.as_ref())
        else {
            return false;
        };
        if style(tree, id).is_some() {
            return true;
        }
        let Some(found) = style(source, id) else { return false };
        if depth > CHAIN {
            return false;
        }
        let based = source.val(found, "basedOn").map(|based| based.into_owned());
        let number = source.path(found, &["pPr", "numPr", "numId"]);
        let number = number.and_then(|node| crate::styles::number::<u32>(source, node));
        let based = based.filter(|based| self.add_style(based, depth + 1));
        let number = number.and_then(|number| self.number(number));
        let (Some((_, tree)), Some(source)) = (self.styles.as_mut(), self.from_styles.as_ref())
        else {
            return false;
        };
        let copy = tree.adopt(source, found);
        for name in ["next", "link"] {
            if let Some(other) = tree.child(copy, name) {
                tree.cut(other);
            }
        }
        if based.is_none()
            && let Some(other) = tree.child(copy, "basedOn")
        {
            tree.cut(other);
        }
        if let Some(node) = tree.path(copy, &["pPr", "numPr", "numId"]) {
            tree.set_attr(node, "val", &number.unwrap_or(0).to_string());
        }
        // There is one default of each kind already.
        if tree.attr(copy, "default").is_some() {
            tree.set_attr(copy, "default", "0");
        }
        let root = tree.root();
        tree.append(root, copy);
        true
    }

    /// Puts the parts back.
    pub(super) fn write(self, package: &mut Package) -> Result<(), Fault> {
        if let Some((part, tree)) = &self.styles {
            package.put(part, tree);
        }
        if let Some((part, tree)) = &self.numbering {
            let new = package.part(part).is_none();
            package.put(part, tree);
            if new && package.part(part).is_some() {
                let document = package.document().to_owned();
                relate(package, &document, part, &format!("{R}/numbering"), Some(CONTENT))?;
            }
        }
        Ok(())
    }
}

fn style(tree: &Tree, id: &str) -> Option<NodeId> {
    tree.elements(tree.root())
        .find(|&node| tree.is(node, "style") && tree.attr(node, "styleId").as_deref() == Some(id))
}
