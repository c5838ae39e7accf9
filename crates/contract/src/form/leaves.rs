//! The single values of a tree, each with the path that problems name it by.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Node, Place, Value};

/// A single value of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its path, such as `annotation.items[2].quantity`.
    pub path: String,
    /// The names of the fields on the way to it.
    pub names: Vec<String>,
    /// Where it stands.
    pub place: Place,
    /// What it is: neither a list nor a table.
    pub value: Value,
}

impl Leaf {
    /// The value as it is written; nothing where it is absent on purpose.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Float(text) => Some(text.clone()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Null | Value::List(_) | Value::Table(_) => None,
        }
    }
}

/// The single values of a tree in its order.
#[must_use]
pub fn leaves(node: &Node) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(node, "", &[], &mut found);
    found
}

fn collect(node: &Node, path: &str, names: &[String], found: &mut Vec<Leaf>) {
    match &node.value {
        Value::Table(fields) => {
            for (key, below) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                let names = [names, core::slice::from_ref(&key.name)].concat();
                collect(below, &format!("{path}{dot}{}", key.name), &names, found);
            }
        }
        Value::List(entries) => {
            for (at, below) in entries.iter().enumerate() {
                collect(below, &format!("{path}[{at}]"), names, found);
            }
        }
        value => found.push(Leaf {
            path: path.to_owned(),
            names: names.to_vec(),
            place: node.place,
            value: value.clone(),
        }),
    }
}
