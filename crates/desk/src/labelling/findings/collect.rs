//! What is compared of items and labels, and what of it is unusual or against the guideline.

use std::collections::BTreeMap;

use annotation::MICROS;
use labelling::{
    Beyond, Both, Extent, Fences, Guideline, Label, Occlusion, Shape, State, check, decimal,
};

use super::super::place::Spot;
use super::super::rows::{FoundIdentifier, Item};
use super::{FindingKind, Found, New, Why};

/// An item, without what is not compared.
pub(super) struct Seen {
    pub(super) seq: u64,
    pub(super) name: String,
    pub(super) extent: Extent,
    pub(super) look: Option<u64>,
    /// Whether a fingerprint could be known and is not.
    pub(super) unknown: bool,
    /// Whether its labels were handed in.
    pub(super) finished: bool,
    identifiers: Vec<FoundIdentifier>,
    conflicts: u64,
}

impl Seen {
    pub(super) fn of(item: Item) -> Self {
        let prints = item.prints;
        let video = matches!(item.extent, Extent::Video { .. });
        Self {
            seq: item.seq,
            name: item.name,
            extent: item.extent,
            unknown: prints.is_none() && !video,
            look: prints.as_ref().and_then(|prints| prints.look),
            finished: matches!(item.state, State::Submitted | State::Reviewing | State::Accepted),
            identifiers: prints.map(|prints| prints.identifiers).unwrap_or_default(),
            conflicts: item.conflicts,
        }
    }
}

/// The measures of a box.
struct Measured {
    seq: u64,
    label: String,
    spot: Spot,
    /// Whole pixels, at least 1.
    area: u64,
    /// Width by height in thousandths, at least 1.
    aspect: u64,
}

/// Measures of finished items.
#[derive(Default)]
pub(super) struct Collected {
    boxes: BTreeMap<String, Vec<Measured>>,
    /// Labels of each item.
    counts: Vec<(u64, u64)>,
}

impl Collected {
    pub(super) fn take(&mut self, item: &Seen, labels: &[Label]) {
        self.counts.push((item.seq, labels.len() as u64));
        for label in labels {
            let Shape::Box { rect: [x0, y0, x1, y1], crowd: false, .. } = label.shape else {
                continue;
            };
            let (width, height) = (i128::from(x1 - x0).max(1), i128::from(y1 - y0).max(1));
            let whole = |value: i128| u64::try_from(value).unwrap_or(u64::MAX).max(1);
            let micros = i128::from(MICROS);
            self.boxes.entry(label.class.clone()).or_default().push(Measured {
                seq: item.seq,
                label: label.id.clone(),
                spot: Spot::of(&label.shape),
                area: whole(width * height / (micros * micros)),
                aspect: whole(width * 1_000 / height),
            });
        }
    }

    /// Boxes and items whose measures lie beyond the fences of their class or the project.
    pub(super) fn outliers(
        &self,
        guideline: &Guideline,
        seen: &BTreeMap<u64, Seen>,
        found: &mut Found,
    ) {
        type Measure = (fn(&Measured) -> u64, [&'static str; 2]);
        let measures: [Measure; 2] = [
            (|one| one.area, ["box_small", "box_large"]),
            (|one| one.aspect, ["box_narrow", "box_wide"]),
        ];
        for (class, boxes) in &self.boxes {
            for (measure, [below, above]) in measures {
                let Some(usual) = Fences::of(boxes.iter().map(measure).collect()) else {
                    continue;
                };
                for one in boxes {
                    let Some(beyond) = usual.beyond(measure(one)) else { continue };
                    let Some(item) = seen.get(&one.seq) else { continue };
                    let reason = if beyond == Beyond::Below { below } else { above };
                    let name = class_name(guideline, class);
                    found.add(New {
                        kind: FindingKind::Outlier,
                        reason,
                        items: vec![found.item(item, Some(&one.label), one.spot)],
                        class: Some(class),
                        person: None,
                        why: match below {
                            "box_small" => Why::Area { class: name, area: one.area, usual },
                            _ => Why::Aspect { class: name, aspect: one.aspect, usual },
                        },
                    });
                }
            }
        }
        self.crowded(seen, found);
    }

    /// Items with far more or fewer labels than usual. One is added to each count, so that an item
    /// without labels has a place among them.
    fn crowded(&self, seen: &BTreeMap<u64, Seen>, found: &mut Found) {
        let counts = self.counts.iter().map(|(_, count)| count + 1).collect();
        let Some(fences) = Fences::of(counts) else { return };
        for (seq, count) in &self.counts {
            let Some(beyond) = fences.beyond(count + 1) else { continue };
            let Some(item) = seen.get(seq) else { continue };
            found.add(New {
                kind: FindingKind::Outlier,
                reason: if beyond == Beyond::Below { "few_labels" } else { "many_labels" },
                items: vec![found.item(item, None, Spot::default())],
                class: None,
                person: None,
                why: Why::Count {
                    count: *count,
                    usual: Fences {
                        low: fences.low.saturating_sub(1),
                        high: fences.high.saturating_sub(1),
                    },
                },
            });
        }
    }
}

impl Found {
    /// Identifiers that intake found in a text.
    pub(super) fn identified(&mut self, item: &Seen) {
        for one in &item.identifiers {
            let spot = Spot::letters(one.start, one.end);
            self.add(New {
                kind: FindingKind::Identifier,
                reason: &one.kind,
                items: vec![self.item(item, None, spot)],
                class: None,
                person: None,
                why: Why::Identifier { certainty: one.certainty.clone() },
            });
        }
    }

    /// An item whose replicas left something to decide.
    pub(super) fn disagreed(&mut self, item: &Seen) {
        if item.conflicts > 0 {
            self.add(New {
                kind: FindingKind::Conflict,
                reason: "replicas_differ",
                items: vec![self.item(item, None, Spot::default())],
                class: None,
                person: None,
                why: Why::Replicas { conflicts: item.conflicts },
            });
        }
    }

    /// A label that the newest guideline does not allow.
    pub(super) fn ruled(&mut self, item: &Seen, label: &Label, guideline: &Guideline) {
        let Some((reason, why)) = broken(item, label, guideline) else { return };
        self.add(New {
            kind: FindingKind::Conflict,
            reason,
            items: vec![self.labelled(item, label)],
            class: Some(&label.class),
            person: None,
            why,
        });
    }
}

/// The rule that a label breaks, if any.
fn broken(item: &Seen, label: &Label, guideline: &Guideline) -> Option<(&'static str, Why)> {
    let name = || class_name(guideline, &label.class);
    if let Err((code, field)) = check(label, guideline, Some(&item.extent)) {
        let code = code.code();
        let least = guideline.class(&label.class).and_then(|class| class.min_size);
        let why = match (code, &label.shape, least) {
            ("too_small", Shape::Box { rect: [x0, y0, x1, y1], .. }, Some(least)) => {
                let size = [decimal(x1 - x0), decimal(y1 - y0)];
                Why::TooSmall { class: name(), size, least }
            }
            _ => Why::Rule { class: name(), field },
        };
        return Some((code, why));
    }
    let class = guideline.class(&label.class)?;
    let mut needed = class.attributes.iter().filter(|rule| rule.required);
    if let Some(rule) = needed.find(|rule| !label.attributes.contains_key(&rule.id)) {
        let attribute = rule.name.clone();
        return Some(("missing_attribute", Why::Missing { class: name(), attribute }));
    }
    let hidden = matches!(label.shape, Shape::Box { occluded: true, .. });
    (hidden && class.occlusion == Occlusion::Skip)
        .then(|| ("occluded", Why::Rule { class: name(), field: "occluded".to_owned() }))
}

/// The name of a class; its id where the guideline has it no more.
fn class_name(guideline: &Guideline, class: &str) -> Both {
    let known = guideline.class(class).map(|rule| rule.name.clone());
    known.unwrap_or_else(|| Both { zh: class.to_owned(), en: class.to_owned() })
}
