//! What the agreement says about a project: its work item with quantity, deadline and standards,
//! and the formats of a delivery. Serves anno-3.2, anno-3.5 and anno-3.6.

use contract::Refusal;
use contract::terms::{Agreement, AnnotationTerms, Service, WorkItem, WorkUnit};
use formats::Format;
use serde::Serialize;
use units::{Id, Timestamp};

use super::super::error::LabellingError;
use super::super::projects::NewProject;
use super::super::rows::{AgreedStandard, Modality, Project};
use crate::intake::work_item;
use crate::people::{Entry, People};

/// What a work item gives a project.
#[derive(Debug, Default)]
pub(in crate::labelling) struct Agreed {
    pub(in crate::labelling) quantity: Option<u64>,
    pub(in crate::labelling) deadline: Option<Timestamp>,
    pub(in crate::labelling) standards: Vec<AgreedStandard>,
}

/// A code of the terms as it is written.
pub(super) fn code(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn annotation(terms: &Agreement) -> Result<&AnnotationTerms, Refusal> {
    match &terms.service {
        Service::Annotation(found) => Ok(found),
        _ => Err(Refusal::OtherKind { need: "annotation" }),
    }
}

/// Whether a project's items are what a work item is about.
fn fits(project: Modality, item: &WorkItem) -> bool {
    use contract::terms::Modality as Agreed;
    matches!(
        (project, item.modality),
        (Modality::Image, Agreed::ImageBoxes)
            | (Modality::Text, Agreed::TextSentiment)
            | (Modality::Video, Agreed::VideoKeyframes | Agreed::VideoEvents)
    )
}

/// The work item that a delivery of a project is of: as named, the project's own, or the only one
/// that fits.
pub(super) fn item_of<'a>(
    terms: &'a Agreement,
    project: &Project,
    named: Option<&Id>,
) -> Result<&'a WorkItem, LabellingError> {
    if let Some(id) = named.or(project.work_item.as_ref()) {
        let item = work_item(terms, id)?;
        let fits = fits(project.modality, item);
        return if fits { Ok(item) } else { Err(LabellingError::field("item")) };
    }
    let mut fitting = annotation(terms)?.items.iter().filter(|item| fits(project.modality, item));
    match (fitting.next(), fitting.next()) {
        (Some(item), None) => Ok(item),
        _ => Err(LabellingError::field("item")),
    }
}

/// The formats that the agreement names, those of them that can be written.
pub(super) fn formats_of(terms: &AnnotationTerms) -> Vec<Format> {
    let plain = |code: &str| code.replace('_', "-");
    let named: Vec<String> = terms.delivery_formats.iter().map(|one| plain(&code(one))).collect();
    let found = |name: &String| Format::ALL.into_iter().find(|one| one.code() == *name);
    named.iter().filter_map(found).collect()
}

impl People {
    /// What the chosen work item of the agreement gives a new project; nothing where none is
    /// chosen.
    pub(in crate::labelling) async fn agreed(
        &self,
        entry: &Entry,
        new: &NewProject,
    ) -> Result<Agreed, LabellingError> {
        let Some(id) = &new.work_item else { return Ok(Agreed::default()) };
        let book = self.desk(entry).open_book(entry.agreement()).await?;
        let terms = book.state.agreement.as_ref().ok_or(Refusal::NotDrafted)?;
        let item = work_item(terms, id)?;
        if !fits(new.modality, item) {
            return Err(LabellingError::field("work_item"));
        }
        let standards = item.standards.iter().map(|standard| AgreedStandard {
            metric: code(&standard.metric),
            iou: standard.iou.map(|iou| iou.to_string()),
            tolerance: standard.tolerance.map(|tolerance| tolerance.to_string()),
            threshold: standard.threshold.to_string(),
        });
        let standards = standards.collect();
        let whole = matches!(item.unit, WorkUnit::Image | WorkUnit::Text);
        let completion = annotation(terms)?.completion;
        Ok(Agreed {
            quantity: whole.then_some(item.quantity),
            deadline: Some(completion.end(&terms.zone)),
            standards,
        })
    }
}
