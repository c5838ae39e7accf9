//! Custom XML parts: found by namespace or by id, read and written, and the value at a path.
//!
//! Of paths those are understood that Word writes: steps of names with a place
//! (`/t:terms[1]/t:fee`) and an attribute at the end. Names are compared without their namespaces.

use super::Binding;
use crate::fault::Fault;
use crate::names::R;
use crate::opc::{relate, related, relationships};
use crate::package::Package;
use crate::tree::{NodeId, Tree, escape_attr};

/// A custom XML part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The name of the part.
    pub part: String,
    /// Its id (`{...}`), where its properties name one.
    pub id: Option<String>,
    /// The namespace of its root element.
    pub namespace: String,
    /// Its bytes.
    pub xml: Vec<u8>,
}

impl Package {
    /// The custom XML parts of the document.
    ///
    /// # Errors
    /// A part that is no XML.
    pub fn stores(&self) -> Result<Vec<Stored>, Fault> {
        let mut found = Vec::new();
        for one in relationships(self, self.document())? {
            if one.external || crate::names::kind_of(&one.kind) != "customXml" {
                continue;
            }
            let Some(xml) = self.part(&one.target) else { continue };
            let tree = self.tree(&one.target)?;
            let properties = related(self, &one.target, "customXmlProps")?;
            let id = match properties {
                Some(part) => item_id(&self.tree(&part)?),
                None => None,
            };
            found.push(Stored {
                xml: xml.to_vec(),
                namespace: tree.root_namespace(),
                part: one.target,
                id,
            });
        }
        Ok(found)
    }

    /// Writes the custom XML part with that namespace: in the place of the one that the file has,
    /// or as a new one with that id (`{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}`).
    ///
    /// # Errors
    /// `xml` or a part that is no XML.
    pub fn set_store(&mut self, namespace: &str, id: &str, xml: &[u8]) -> Result<(), Fault> {
        Tree::parse("customXml", xml, &crate::Limits::default())?;
        let stores = self.stores()?;
        if let Some(known) = stores.iter().find(|store| store.namespace == namespace) {
            let part = known.part.clone();
            self.set(&part, xml.to_vec());
            return Ok(());
        }
        let free = (1..).find(|n| self.part(&format!("customXml/item{n}.xml")).is_none());
        let n = free.expect("an archive has fewer parts than there are numbers");
        let (item, properties) =
            (format!("customXml/item{n}.xml"), format!("customXml/itemProps{n}.xml"));
        self.set(&item, xml.to_vec());
        let described = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
             <ds:datastoreItem ds:itemID=\"{}\" \
             xmlns:ds=\"http://schemas.openxmlformats.org/officeDocument/2006/customXml\">\
             <ds:schemaRefs><ds:schemaRef ds:uri=\"{}\"/></ds:schemaRefs></ds:datastoreItem>",
            escape_attr(id),
            escape_attr(namespace)
        );
        self.set(&properties, described.into_bytes());
        let document = self.document().to_owned();
        relate(self, &document, &item, &format!("{R}/customXml"), None)?;
        let kind = format!("{R}/customXmlProps");
        let content = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml";
        relate(self, &item, &properties, &kind, Some(content))?;
        Ok(())
    }
}

fn item_id(tree: &Tree) -> Option<String> {
    tree.any_attr(tree.root(), "itemID")
}

/// The part that a binding means.
fn part(package: &Package, binding: &Binding) -> Result<Option<String>, Fault> {
    let stores = package.stores()?;
    let same = |id: &Option<String>| {
        id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(&binding.store))
    };
    let by_id = stores.iter().find(|store| same(&store.id));
    // A binding without an id means the first part that has its path's namespace.
    let by_namespace = || {
        stores.iter().find(|store| {
            !store.namespace.is_empty() && binding.prefixes.contains(&store.namespace)
        })
    };
    Ok(by_id.or_else(by_namespace).map(|store| store.part.clone()))
}

/// The value that a binding means, where there is one.
pub(super) fn value(package: &Package, binding: &Binding) -> Result<Option<String>, Fault> {
    let Some(part) = part(package, binding)? else { return Ok(None) };
    let tree = package.tree(&part)?;
    Ok(match find(&tree, &binding.xpath) {
        Some((node, Some(attribute))) => tree.any_attr(node, &attribute),
        Some((node, None)) => {
            Some(tree.walk(node).filter(|&at| tree.is_text(at)).map(|at| tree.chars(at)).collect())
        }
        None => None,
    })
}

/// Writes the value that a binding means, where its part has that place.
pub(super) fn write(package: &mut Package, binding: &Binding, text: &str) -> Result<(), Fault> {
    let missing = || Fault::NoSuch { what: "stored value at", which: binding.xpath.clone() };
    let part = part(package, binding)?.ok_or_else(missing)?;
    let mut tree = package.tree(&part)?;
    match find(&tree, &binding.xpath).ok_or_else(missing)? {
        (node, Some(attribute)) => tree.set_raw_attr(node, &attribute, text),
        (node, None) => tree.set_content(node, text),
    }
    package.put(&part, &tree);
    Ok(())
}

/// The element, and the attribute, at a path.
fn find(tree: &Tree, xpath: &str) -> Option<(NodeId, Option<String>)> {
    let mut steps = xpath.strip_prefix('/')?.split('/');
    let plain = |step: &str| -> Option<(String, usize)> {
        let (name, place) = match step.split_once('[') {
            Some((name, place)) => (name, place.strip_suffix(']')?.trim().parse().ok()?),
            None => (step, 1),
        };
        let local = name.rsplit(':').next()?;
        (!local.is_empty() && place > 0).then(|| (local.to_owned(), place))
    };
    let (root, place) = plain(steps.next()?)?;
    let mut at = tree.root();
    if tree.local(at) != root || place != 1 {
        return None;
    }
    while let Some(step) = steps.next() {
        if let Some(attribute) = step.strip_prefix('@') {
            return steps.next().is_none().then(|| (at, Some(attribute.to_owned())));
        }
        let (name, place) = plain(step)?;
        at = tree.elements(at).filter(|&child| tree.local(child) == name).nth(place - 1)?;
    }
    Some((at, None))
}
