//! Attributes as formats with typed attributes write them: what every tool means alike first, under
//! the names that the readers take back. Knows no format.

use annotation::{More, Value};

use crate::json::JsonText;

/// The attributes of a record, flags that are said and own ones, in order of the name.
pub(crate) fn attributes(difficult: bool, more: Option<&More>) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut say = |name: &str, value: Value| all.push((name.to_owned(), value));
    if difficult {
        say("difficult", Value::Flag(true));
    }
    let Some(more) = more else { return all };
    if !more.author.is_empty() {
        say("author", Value::Text(more.author.clone()));
    }
    if let Some(track) = more.track {
        say("keyframe", Value::Flag(track.keyframe));
        if track.outside {
            say("outside", Value::Flag(true));
        }
    }
    if more.occluded {
        say("occluded", Value::Flag(true));
    }
    if more.truncated {
        say("truncated", Value::Flag(true));
    }
    all.extend(more.attributes.iter().cloned());
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|later, first| later.0 == first.0);
    all
}

/// Writes attributes as fields.
pub(crate) fn write(json: &mut JsonText, attributes: &[(String, Value)]) {
    for (name, value) in attributes {
        match value {
            Value::Text(text) => json.text_field(name, text),
            Value::Number(text) => json.field(name, text),
            Value::Flag(flag) => json.field(name, flag),
        }
    }
}
