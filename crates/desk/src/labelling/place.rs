//! Where a label lies, for people, and where the console opens its item with it selected.

use labelling::{Shape, decimal};

use super::rows::Project;
use crate::people::Kept;

/// Where something lies in an item.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Spot {
    /// Left, top, right and bottom edge in pixels of the displayed image.
    pub(super) rect: Option<[f64; 4]>,
    /// The first code point or tick.
    pub(super) start: Option<i64>,
    /// The code point or tick behind the last.
    pub(super) end: Option<i64>,
}

impl Spot {
    pub(super) fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Box { rect, .. } => {
                let edges = rect.map(|edge| decimal(edge).parse().unwrap_or(f64::NAN));
                Self { rect: Some(edges), ..Self::default() }
            }
            Shape::Span { start, end } => Self::letters(*start, *end),
            Shape::Event { start, end } => {
                Self { start: Some(*start), end: Some(*end), rect: None }
            }
            Shape::Keyframe { at } => Self { start: Some(*at), ..Self::default() },
            Shape::Track { boxes } => {
                Self { start: boxes.first().map(|key| key.at), ..Self::default() }
            }
            Shape::Class => Self::default(),
        }
    }

    pub(super) fn letters(start: u64, end: u64) -> Self {
        Self { start: i64::try_from(start).ok(), end: i64::try_from(end).ok(), rect: None }
    }

    /// Where the console opens an item with a label of it selected, or where none is left of it,
    /// its place.
    pub(super) fn open(&self, base: &str, seq: u64, label: Option<&str>) -> String {
        let mut query = Vec::new();
        query.extend(label.map(|label| format!("label={label}")));
        if let Some([x0, y0, x1, y1]) = self.rect {
            query.push(format!("rect={x0},{y0},{x1},{y1}"));
        }
        query.extend(self.start.map(|start| format!("start={start}")));
        query.extend(self.end.map(|end| format!("end={end}")));
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{base}/{seq}{mark}{}", query.join("&"))
    }
}

/// Where the console shows the items of a project.
pub(super) fn items_of(project: &Kept<Project>) -> String {
    format!("/agreements/{}/projects/{}/items", project.row.agreement, project.id)
}
