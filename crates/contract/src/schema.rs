//! The published JSON Schemas of the agreement file and of the events in its journal. The types
//! say everything; here only what a file may leave out is added.

use alloc::collections::BTreeSet;
use alloc::string::String;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;

use crate::event::Event;
use crate::terms::Agreement;

/// JSON Schema (draft 2020-12) of an agreement file, as TOML or JSON.
#[must_use]
pub fn schema() -> Schema {
    let lists = RecursiveTransform(lists_may_lack);
    let settings = SchemaSettings::draft2020_12().with_transform(lists);
    settings.into_generator().into_root_schema_for::<Agreement>()
}

/// JSON Schema (draft 2020-12) of an event in the journal.
#[must_use]
pub fn event_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Event>()
}

/// An empty list need not be written in a file, so no table requires one.
fn lists_may_lack(schema: &mut Schema) {
    let Some(table) = schema.as_object_mut() else { return };
    let properties = table.get("properties").and_then(|found| found.as_object());
    let lists: BTreeSet<String> = properties
        .into_iter()
        .flatten()
        .filter(|(_, property)| property.get("type").is_some_and(|kind| kind == "array"))
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(required) = table.get_mut("required").and_then(|found| found.as_array_mut()) {
        required.retain(|name| name.as_str().is_none_or(|name| !lists.contains(name)));
    }
}
