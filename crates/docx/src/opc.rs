//! How parts refer to each other: relationships and content types.

use crate::fault::Fault;
use crate::names::{CT, Ns, REL, kind_of};
use crate::package::Package;
use crate::tree::{Tree, escape_attr};

/// One relationship of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relationship {
    pub(crate) id: String,
    /// The whole type.
    pub(crate) kind: String,
    /// The part that it points to, or the address outside.
    pub(crate) target: String,
    pub(crate) external: bool,
}

const TYPES: &str = "[Content_Types].xml";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The part with the running text.
pub(crate) fn main_document(package: &Package) -> Result<String, Fault> {
    let types = package.tree(TYPES).map_err(|fault| match fault {
        Fault::Missing { .. } => Fault::NotWord { what: "no content types".to_owned() },
        other => other,
    })?;
    let all = relationships(package, "")?;
    let main = all
        .iter()
        .find(|one| kind_of(&one.kind) == "officeDocument" && !one.external)
        .ok_or_else(|| Fault::NotWord { what: "no document".to_owned() })?;
    if package.part(&main.target).is_none() {
        return Err(Fault::Missing { part: main.target.clone() });
    }
    let content = content_type(&types, &main.target).unwrap_or_default();
    let word = content.contains("wordprocessingml") || content.contains("ms-word");
    if !word || !content.ends_with("main+xml") {
        return Err(Fault::NotWord { what: content });
    }
    Ok(main.target.clone())
}

fn content_type(types: &Tree, part: &str) -> Option<String> {
    let entry = |name: &str, key: &str, wanted: &str| {
        types.elements(types.root()).find_map(|child| {
            let hit = types.local(child) == name
                && types.attr_in(child, Ns::Other, key).is_some_and(|value| {
                    value.trim_start_matches('/').eq_ignore_ascii_case(wanted)
                });
            if hit { types.attr_in(child, Ns::Other, "ContentType") } else { None }
        })
    };
    let extension = part.rsplit('.').next().unwrap_or("");
    entry("Override", "PartName", part)
        .or_else(|| entry("Default", "Extension", extension))
        .map(|value| value.into_owned())
}

/// The part that holds the relationships of `part` (of the package where `part` is empty).
fn rels_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The relationships of `part`; none where it has no such part.
pub(crate) fn relationships(package: &Package, part: &str) -> Result<Vec<Relationship>, Fault> {
    let rels = rels_of(part);
    if package.part(&rels).is_none() {
        return Ok(Vec::new());
    }
    read_relationships(package, &rels)
}

/// The relationships that the part `rels` holds.
pub(crate) fn read_relationships(
    package: &Package,
    rels: &str,
) -> Result<Vec<Relationship>, Fault> {
    let tree = package.tree(rels)?;
    let (folder, _) = rels.rsplit_once("_rels/").unwrap_or(("", rels));
    let mut found = Vec::new();
    for child in tree.elements(tree.root()).filter(|&c| tree.local(c) == "Relationship") {
        let get = |name: &str| tree.attr_in(child, Ns::Other, name).map(|v| v.into_owned());
        let (Some(id), Some(kind), Some(target)) = (get("Id"), get("Type"), get("Target")) else {
            continue;
        };
        let external = get("TargetMode").as_deref() == Some("External");
        let target = if external { target } else { absolute(folder, &target) };
        found.push(Relationship { id, kind, target, external });
    }
    Ok(found)
}

/// The name of a part that a relationship of a part in `folder` means.
fn absolute(folder: &str, target: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    let whole = match target.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None => format!("{folder}{target}"),
    };
    for segment in whole.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            name => segments.push(name),
        }
    }
    segments.join("/")
}

/// The part that `part` has of that kind (`styles`, `numbering`, `comments`), where it exists.
pub(crate) fn related(package: &Package, part: &str, kind: &str) -> Result<Option<String>, Fault> {
    Ok(relationships(package, part)?
        .into_iter()
        .find(|one| {
            !one.external && kind_of(&one.kind) == kind && package.part(&one.target).is_some()
        })
        .map(|one| one.target))
}

/// Adds `target` with its content type and a relationship of `part` to it; gives the new id.
pub(crate) fn relate(
    package: &mut Package,
    part: &str,
    target: &str,
    kind: &str,
    content: Option<&str>,
) -> Result<String, Fault> {
    let rels = rels_of(part);
    if package.part(&rels).is_none() {
        package.set(&rels, format!("{XML}<Relationships xmlns=\"{REL}\"/>").into_bytes());
    }
    let taken: Vec<String> =
        read_relationships(package, &rels)?.into_iter().map(|one| one.id).collect();
    let id = (1..=taken.len() + 1)
        .map(|number| format!("rId{number}"))
        .find(|id| !taken.iter().any(|known| known.eq_ignore_ascii_case(id)))
        .expect("one of n + 1 ids is not among n");
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let short = target
        .strip_prefix(folder)
        .filter(|_| !folder.is_empty())
        .and_then(|rest| rest.strip_prefix('/'))
        .map_or_else(|| format!("/{target}"), str::to_owned);
    let entry = format!(
        "<Relationship Id=\"{id}\" Type=\"{}\" Target=\"{}\"/>",
        escape_attr(kind),
        escape_attr(&short)
    );
    append_xml(package, &rels, &entry)?;
    if let Some(content) = content {
        let types = package.tree(TYPES)?;
        if content_type(&types, target).as_deref() != Some(content) {
            let entry = format!(
                "<Override PartName=\"/{}\" ContentType=\"{}\"/>",
                escape_attr(target),
                escape_attr(content)
            );
            append_xml(package, TYPES, &entry)?;
        }
    }
    Ok(id)
}

/// Adds an element behind the last child of the root of a part whose default namespace it has.
fn append_xml(package: &mut Package, part: &str, entry: &str) -> Result<(), Fault> {
    let mut tree = package.tree(part)?;
    let uri = if part == TYPES { CT } else { REL };
    let name = entry[1..].split(' ').next().unwrap_or("");
    let wrapped = format!("<{name} xmlns=\"{uri}\"{}", &entry[1 + name.len()..]);
    let one = Tree::parse(part, wrapped.as_bytes(), &crate::Limits::default())?;
    let root = tree.root();
    let copy = tree.graft(&one, one.root());
    tree.append(root, copy);
    package.put(part, &tree);
    Ok(())
}
