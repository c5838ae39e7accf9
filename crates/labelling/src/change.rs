//! What a new version of the guideline touches. Serves anno-3.2: a change says which finished items
//! must be looked at again. A new colour, key, name or page touches none.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::guideline::{ClassRule, Guideline};

/// What became of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// It is new: finished items may hold objects of it.
    Added,
    /// It is no more: its labels have no class.
    Removed,
    /// It may have other kinds, attributes, values, or a larger smallest size.
    Changed,
}

/// A class that a change touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The class.
    pub class: String,
    /// What became of it.
    pub touch: Touch,
}

/// The classes that a new version touches, by id.
#[must_use]
pub fn changes(old: &Guideline, new: &Guideline) -> Vec<Change> {
    let mut all = BTreeMap::new();
    for class in &old.classes {
        match new.class(&class.id) {
            None => _ = all.insert(&class.id, Touch::Removed),
            Some(now) if differs(class, now) => _ = all.insert(&class.id, Touch::Changed),
            Some(_) => {}
        }
    }
    for class in new.classes.iter().filter(|class| old.class(&class.id).is_none()) {
        all.insert(&class.id, Touch::Added);
    }
    let change = |(class, touch): (&String, Touch)| Change { class: class.clone(), touch };
    all.into_iter().map(change).collect()
}

/// Whether a finished item with so many labels of each class must be looked at again.
#[must_use]
pub fn touched(changes: &[Change], counts: &BTreeMap<String, u64>) -> bool {
    changes.iter().any(|change| match change.touch {
        Touch::Added => true,
        Touch::Removed | Touch::Changed => counts.get(&change.class).is_some_and(|n| *n > 0),
    })
}

fn differs(old: &ClassRule, new: &ClassRule) -> bool {
    let rules = |class: &ClassRule| {
        let attributes: Vec<_> = class
            .attributes
            .iter()
            .map(|one| {
                let values: Vec<_> = one.values.iter().map(|value| value.id.clone()).collect();
                (one.id.clone(), one.kind, values, one.required)
            })
            .collect();
        (class.kinds.clone(), class.value, class.min_size, class.occlusion, attributes)
    };
    rules(old) != rules(new)
}
