//! The terms of a kind of agreement by their paths, from the published schema: which exist, what
//! they are, and which codes they may have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

/// What stands at a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// The codes that it may have; none where it is free.
    pub(super) codes: BTreeSet<String>,
    /// Whether it is a value and no table or list.
    pub(super) leaf: bool,
    /// Whether it is true or false.
    pub(super) truth: bool,
    /// Whether it is a whole number.
    pub(super) integer: bool,
    /// Whether it is a list.
    pub(super) list: bool,
}

/// Every path, with lists as `[]`.
pub(super) type Paths = BTreeMap<String, Shape>;

static PATHS: LazyLock<BTreeMap<&'static str, Paths>> = LazyLock::new(|| {
    let root = serde_json::to_value(contract::schema()).expect("a schema is JSON");
    let of = |kind: &'static str| {
        let mut walk = Walk { root: &root, kind, paths: Paths::new() };
        walk.visit(&root, "");
        (kind, walk.paths)
    };
    super::source::KINDS.into_iter().map(of).collect()
});

/// The paths of a kind.
pub(super) fn paths(kind: &str) -> Option<&'static Paths> {
    PATHS.get(kind)
}

/// A path with lists as `[]`: `service.items[3].id` is `service.items[].id`.
pub(super) fn of_any_entry(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        out.push(c);
    }
    out
}

struct Walk<'a> {
    root: &'a Value,
    kind: &'static str,
    paths: Paths,
}

impl Walk<'_> {
    fn visit(&mut self, schema: &Value, path: &str) {
        if let Some(to) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(to.trim_start_matches('#'));
            return self.visit(target.expect("the schema defines what it refers to"), path);
        }
        for variant in variants(schema) {
            let tag = variant.pointer("/properties/type/const").and_then(Value::as_str);
            if path != "service" || tag == Some(self.kind) {
                self.visit(variant, path);
            }
        }
        let shape = self.paths.entry(path.to_owned()).or_default();
        let codes = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
        let codes = codes.chain(schema.get("const")).filter_map(Value::as_str);
        shape.codes.extend(codes.map(str::to_owned));
        let is = |name: &str| match schema.get("type") {
            Some(Value::String(kind)) => kind == name,
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
            _ => false,
        };
        shape.truth |= is("boolean");
        shape.integer |= is("integer");
        shape.list |= is("array");
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, field) in properties {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                self.visit(field, &below);
            }
        } else if let Some(items) = schema.get("items") {
            self.visit(items, &format!("{path}[]"));
        } else if variants(schema).next().is_none() {
            let null = schema.get("type").and_then(Value::as_str) == Some("null");
            self.paths.entry(path.to_owned()).or_default().leaf |= !null;
        }
    }
}

fn variants(schema: &Value) -> impl Iterator<Item = &Value> {
    let groups = ["anyOf", "oneOf"].into_iter();
    groups.filter_map(|group| schema.get(group).and_then(Value::as_array)).flatten()
}
