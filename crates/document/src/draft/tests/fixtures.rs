//! Agreements of `cases/agreements`, read as `tally` reads them.

use contract::form::{Form as _, Key, Node, Place, Value};
use contract::terms::Agreement;

/// The files.
pub(super) const FILES: [(&str, &str); 5] = [
    ("annotation", include_str!("../../../../../cases/agreements/annotation.toml")),
    ("bccd", include_str!("../../../../../cases/agreements/bccd.toml")),
    ("training", include_str!("../../../../../cases/agreements/training.toml")),
    ("lease", include_str!("../../../../../cases/agreements/lease.toml")),
    ("classification", include_str!("../../../../../cases/agreements/classification.toml")),
];

/// The agreement of a file.
pub(super) fn agreement(name: &str) -> Agreement {
    let (_, text) = FILES.iter().find(|(file, _)| *file == name).expect("a file of that name");
    read(text)
}

/// The agreement of a text.
pub(super) fn read(text: &str) -> Agreement {
    let table: toml::Table = text.parse().expect("the file is TOML");
    let node = node_of(&toml::Value::Table(table));
    let mut problems = Vec::new();
    let agreement = Agreement::read(&node, "", &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    agreement.expect("an agreement without problems")
}

fn node_of(value: &toml::Value) -> Node {
    let value = match value {
        toml::Value::String(text) => Value::Text(text.clone()),
        toml::Value::Integer(number) => Value::Integer(*number),
        toml::Value::Float(number) => Value::Float(number.to_string()),
        toml::Value::Boolean(truth) => Value::Bool(*truth),
        toml::Value::Datetime(day) => Value::Text(day.to_string()),
        toml::Value::Array(items) => Value::List(items.iter().map(node_of).collect()),
        toml::Value::Table(entries) => {
            let place = Place::default();
            let key = |name: &String| Key { name: name.clone(), place };
            Value::Table(entries.iter().map(|(name, value)| (key(name), node_of(value))).collect())
        }
    };
    Node { place: Place::default(), value }
}
