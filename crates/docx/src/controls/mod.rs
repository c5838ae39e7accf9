//! Content controls: what each shows, where its value is stored, and what a tracked change
//! proposes.
//!
//! A control that is bound shows the stored value when Word opens the file, so a value is always
//! written to both. Knows nothing of what a tag means.

mod set;
mod store;

use std::collections::HashMap;

use crate::document::{Place, Story, View, stories};
use crate::fault::Fault;
use crate::names::Ns;
use crate::package::Package;
use crate::tree::{NodeId, Tree};
pub use store::Stored;

/// A content control; adjacent ones that show one value are one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Control {
    /// The tag, by which programs find it.
    pub tag: Option<String>,
    /// The title, which people see.
    pub alias: Option<String>,
    /// The id in the file.
    pub id: Option<String>,
    /// What kind of value it takes.
    pub kind: ControlKind,
    /// Where its value is stored.
    pub binding: Option<Binding>,
    /// The value that is stored there, where the store holds one.
    pub stored: Option<String>,
    /// The text that it shows in the final view; none where a tracked change takes it away.
    pub text: Option<String>,
    /// Whether the text only says what is to be entered.
    pub placeholder: bool,
    /// What tracked changes in it propose.
    pub proposed: Option<Proposed>,
    /// Where it stands.
    pub place: Place,
    /// The part that holds it.
    pub part: String,
    /// The paragraph where it begins: its place in the paragraphs of that part in the final view,
    /// from 1.
    pub paragraph: Option<u32>,
}

/// A binding of a control to a custom XML part.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Binding {
    /// The path to the value.
    pub xpath: String,
    /// The id of the part (`{...}`).
    pub store: String,
    /// The namespaces of the path's prefixes, as written.
    pub prefixes: String,
}

/// A value that tracked changes propose.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Proposed {
    /// The text before; none where the control is new.
    pub was: Option<String>,
    /// Who proposes, as the file says.
    pub authors: Vec<String>,
}

/// What a control takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlKind {
    /// Text of one look.
    Text,
    /// Anything.
    Rich,
    /// A date.
    Date,
    /// One of several values, or another.
    Combo,
    /// One of several values.
    List,
    /// A box that is ticked or not.
    Check,
    /// A picture.
    Picture,
    /// A section or a list of sections that repeats.
    Repeated,
    /// Something else (a gallery, an equation, a citation).
    Other,
}

impl Package {
    /// The content controls of the document, its notes, headers and footers.
    ///
    /// # Errors
    /// A part that is no XML.
    pub fn controls(&self) -> Result<Vec<Control>, Fault> {
        let groups = groups(self)?;
        Ok(groups.into_iter().map(|group| group.control).collect())
    }

    /// Puts together the controls that LibreOffice cut in pieces when it saved the file: it writes
    /// the stored value behind each piece, which Word then shows as often. Gives how many there
    /// were.
    ///
    /// # Errors
    /// A part that is no XML.
    pub fn mend_controls(&mut self) -> Result<usize, Fault> {
        let mut count = 0;
        // Each edit makes new nodes, so the next one is looked for anew; a mended one is in one
        // piece.
        loop {
            let next = groups(self)?.into_iter().find_map(|group| Some((group.whole()?, group)));
            let Some((text, group)) = next else { return Ok(count) };
            let mut tree = self.tree(&group.control.part)?;
            let name = group.control.alias.clone().unwrap_or_default();
            set::surface(&mut tree, &group, &text, &name)?;
            for &rest in &group.nodes[1..] {
                tree.cut(rest);
            }
            self.put(&group.control.part, &tree);
            count += 1;
        }
    }

    /// Gives a control a text: the text that it shows, and the stored value where it is bound.
    /// Which one is its place in [`Package::controls`].
    ///
    /// # Errors
    /// No such control, one that cannot take text, or a part that is no XML.
    pub fn set_control(&mut self, which: usize, text: &str) -> Result<(), Fault> {
        let mut groups = groups(self)?;
        if which >= groups.len() {
            return Err(Fault::NoSuch { what: "content control", which: which.to_string() });
        }
        let group = groups.swap_remove(which);
        let name = group.control.tag.clone().or(group.control.alias.clone());
        let name = name.unwrap_or_else(|| which.to_string());
        let mut tree = self.tree(&group.control.part)?;
        set::surface(&mut tree, &group, text, &name)?;
        // The store first: where it does not take the value, the surface stays too.
        if let Some(binding) = &group.control.binding {
            store::write(self, binding, text)?;
        }
        self.put(&group.control.part, &tree);
        Ok(())
    }
}

/// A control with its elements: one, or several adjacent ones.
struct Group {
    control: Control,
    nodes: Vec<NodeId>,
    /// The text of each in the final view.
    pieces: Vec<String>,
}

impl Group {
    /// The text of a control that LibreOffice cut in pieces: it writes the whole stored value
    /// behind each of them.
    fn whole(&self) -> Option<String> {
        let stored = self.control.stored.as_deref().filter(|stored| !stored.is_empty())?;
        if self.pieces.len() < 2 {
            return None;
        }
        let own: Option<Vec<&str>> =
            self.pieces.iter().map(|piece| piece.strip_suffix(stored)).collect();
        let own = own?.concat();
        Some(if own.is_empty() { stored.to_owned() } else { own })
    }
}

fn groups(package: &Package) -> Result<Vec<Group>, Fault> {
    let last = stories(package, View::Final)?;
    let first = stories(package, View::Original)?;
    let mut values: HashMap<Binding, Option<String>> = HashMap::new();
    let mut found: Vec<Group> = Vec::new();
    for (now, before) in last.iter().zip(&first) {
        // All views are read from equal trees, so a node is the same in each.
        let raw = package.tree(&now.part)?;
        let (shown, was) = (texts(now), texts(before));
        for node in raw.walk(raw.root()).filter(|&node| raw.is(node, "sdt")) {
            if raw.ancestors(node).any(|at| raw.ns(at) == Ns::Mc && raw.local(at) == "Fallback") {
                continue;
            }
            let mut control = read(&raw, node, now, &shown, &was);
            if let Some(binding) = &control.binding {
                if !values.contains_key(binding) {
                    values.insert(binding.clone(), store::value(package, binding)?);
                }
                control.stored = values[binding].clone();
            }
            match found.last_mut() {
                Some(group) if joins(&raw, group, node, &control) => {
                    join(group, node, control);
                }
                _ => {
                    let pieces = vec![control.text.clone().unwrap_or_default()];
                    found.push(Group { control, nodes: vec![node], pieces });
                }
            }
        }
    }
    for group in &mut found {
        if let Some(whole) = group.whole() {
            group.control.text = Some(whole);
            group.control.proposed = None;
        }
    }
    Ok(found)
}

/// The text in each control, and the paragraph where it begins.
type Texts = HashMap<NodeId, (String, u32)>;

fn texts(story: &Story) -> Texts {
    let mut found: HashMap<NodeId, (String, u32, usize)> = HashMap::new();
    for node in story.tree.walk(story.tree.root()).filter(|&node| story.tree.is(node, "sdt")) {
        found.insert(node, (String::new(), 0, usize::MAX));
    }
    for (index, para) in story.paras.iter().enumerate() {
        let mut add = |node: NodeId, text: &str| {
            for above in story.tree.ancestors(node) {
                let Some((held, begins, last)) = found.get_mut(&above) else { continue };
                if *last == usize::MAX {
                    *begins = index as u32 + 1;
                } else if *last != index {
                    held.push('\n');
                }
                *last = index;
                held.push_str(text);
            }
        };
        add(para.node, "");
        for piece in para.pieces.iter().filter(|piece| !piece.look.hidden) {
            // Controls around the paragraph got its beginning already and take the text too.
            add(piece.node, &piece.text);
        }
    }
    found.into_iter().map(|(node, (text, begins, _))| (node, (text, begins))).collect()
}

fn read(raw: &Tree, node: NodeId, now: &Story, shown: &Texts, was: &Texts) -> Control {
    let properties = raw.child(node, "sdtPr");
    let val =
        |name: &str| properties.and_then(|at| raw.val(at, name)).map(|value| value.into_owned());
    let binding = properties.and_then(|at| {
        let data = raw.elements(at).find(|&child| raw.local(child) == "dataBinding")?;
        let get = |name: &str| raw.attr(data, name).map(|value| value.into_owned());
        Some(Binding {
            xpath: get("xpath")?,
            store: get("storeItemID").unwrap_or_default(),
            prefixes: get("prefixMappings").unwrap_or_default(),
        })
    });
    let text = shown.get(&node).map(|(text, _)| text.clone());
    let before = was.get(&node).map(|(text, _)| text.clone());
    let place = shown.get(&node).map(|(_, place)| *place).filter(|&place| place > 0);
    let changes = raw.walk(node).chain(raw.ancestors(node));
    let mut authors: Vec<String> = changes
        .filter(|&at| matches!(raw.w(at), "ins" | "del" | "moveFrom" | "moveTo"))
        .filter_map(|at| raw.attr(at, "author").map(|author| author.into_owned()))
        .collect();
    authors.sort();
    authors.dedup();
    let proposed = (text != before).then_some(Proposed { was: before, authors });
    Control {
        tag: val("tag"),
        alias: val("alias"),
        id: val("id"),
        kind: properties.map_or(ControlKind::Rich, |at| kind(raw, at)),
        binding,
        stored: None,
        text,
        placeholder: properties.is_some_and(|at| raw.on(at, "showingPlcHdr")),
        proposed,
        place: place
            .and_then(|at| now.paras.get(at as usize - 1))
            .map_or(now.place, |para| para.place),
        part: now.part.clone(),
        paragraph: place,
    }
}

fn kind(tree: &Tree, properties: NodeId) -> ControlKind {
    for child in tree.elements(properties) {
        return match tree.local(child) {
            "text" => ControlKind::Text,
            "richText" => ControlKind::Rich,
            "date" => ControlKind::Date,
            "comboBox" => ControlKind::Combo,
            "dropDownList" => ControlKind::List,
            "checkbox" => ControlKind::Check,
            "picture" => ControlKind::Picture,
            "repeatingSection" | "repeatingSectionItem" => ControlKind::Repeated,
            "equation" | "docPartObj" | "docPartList" | "citation" | "bibliography" | "group" => {
                ControlKind::Other
            }
            _ => continue,
        };
    }
    ControlKind::Rich
}

/// Whether a control goes on where the last one ends: same value, nothing between.
fn joins(tree: &Tree, group: &Group, node: NodeId, control: &Control) -> bool {
    let Some(&last) = group.nodes.last() else { return false };
    let same = control.binding.is_some()
        && control.binding == group.control.binding
        && control.part == group.control.part;
    if !same || tree.parent(last) != tree.parent(node) {
        return false;
    }
    let (Some(parent), Some(from), Some(to)) =
        (tree.parent(node), tree.position(last), tree.position(node))
    else {
        return false;
    };
    from < to
        && !tree.children(parent)[from + 1..to].iter().any(|&between| {
            tree.walk(between).any(|at| matches!(tree.w(at), "t" | "delText" | "tab" | "br" | "p"))
        })
}

fn join(group: &mut Group, node: NodeId, control: Control) {
    group.nodes.push(node);
    group.pieces.push(control.text.clone().unwrap_or_default());
    let whole = &mut group.control;
    let was = |one: &Control| match &one.proposed {
        Some(proposed) => proposed.was.clone(),
        None => one.text.clone(),
    };
    let before = match (was(whole), was(&control)) {
        (None, None) => None,
        (a, b) => Some(a.unwrap_or_default() + &b.unwrap_or_default()),
    };
    whole.text = match (whole.text.take(), control.text) {
        (None, None) => None,
        (a, b) => Some(a.unwrap_or_default() + &b.unwrap_or_default()),
    };
    let mut authors: Vec<String> = whole
        .proposed
        .take()
        .into_iter()
        .chain(control.proposed)
        .flat_map(|proposed| proposed.authors)
        .collect();
    authors.sort();
    authors.dedup();
    whole.proposed = (whole.text != before).then_some(Proposed { was: before, authors });
    whole.tag = whole.tag.take().or(control.tag);
    whole.placeholder &= control.placeholder;
}
