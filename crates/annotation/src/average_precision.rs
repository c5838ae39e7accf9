//! COCO average precision of scored boxes, as an extra for model-made drafts; acceptance never
//! rests on it (people give no scores). Computed by the `hotcoco` crate, in floating point.

use hotcoco::params::IouType;
use hotcoco::types::{Annotation, Category, Image};
use hotcoco::{COCO, COCOeval};
use serde::Serialize;

use crate::dataset::{BoxRecord, Dataset, Role};
use crate::finding::Limits;
use crate::link::{Linked, link};
use crate::pixel::{MICROS, Rect};

/// The twelve figures of COCO detection; `None` where nothing could be measured.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct AveragePrecision {
    /// Mean over IoU 0.50 to 0.95 in steps of 0.05.
    pub ap: Option<f64>,
    /// At IoU 0.50.
    pub ap50: Option<f64>,
    /// At IoU 0.75.
    pub ap75: Option<f64>,
    /// Objects below 32 x 32 pixels.
    pub ap_small: Option<f64>,
    /// Objects from 32 x 32 to 96 x 96 pixels.
    pub ap_medium: Option<f64>,
    /// Objects above 96 x 96 pixels.
    pub ap_large: Option<f64>,
    /// Recall with one box an image.
    pub ar1: Option<f64>,
    /// Recall with ten boxes an image.
    pub ar10: Option<f64>,
    /// Recall with a hundred boxes an image.
    pub ar100: Option<f64>,
    /// Recall of small objects.
    pub ar_small: Option<f64>,
    /// Recall of medium objects.
    pub ar_medium: Option<f64>,
    /// Recall of large objects.
    pub ar_large: Option<f64>,
}

/// Why average precision could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum AveragePrecisionError {
    /// A box of the work has no score.
    #[error("box {id} has no score")]
    NoScore {
        /// The box.
        id: u64,
    },
    /// The evaluation refused the data.
    #[error("the evaluation refused the data")]
    Evaluation(#[source] hotcoco::error::Error),
}

/// COCO average precision of the work's boxes in gold's images.
///
/// # Errors
/// When a box has no score, or the evaluation refuses the data.
pub fn average_precision(
    work: &Dataset,
    gold: &Dataset,
) -> Result<AveragePrecision, AveragePrecisionError> {
    let linked = link(work, gold, &Limits::default());
    let truth = COCO::from_dataset(hotcoco::types::Dataset {
        images: (1..=linked.images.len() as u64)
            .map(|id| Image { id, ..Image::default() })
            .collect(),
        categories: linked
            .classes
            .iter()
            .zip(1..)
            .map(|(name, id)| Category { id, name: name.to_string(), ..Category::default() })
            .collect(),
        annotations: annotations(gold, &linked.gold_boxes, &linked.gold_class),
        ..hotcoco::types::Dataset::default()
    });
    if let Some(record) = unscored(work, &linked) {
        return Err(AveragePrecisionError::NoScore { id: record.id });
    }
    let detections = annotations(work, &linked.work_boxes, &linked.work_class);
    let found = truth.load_res_anns(detections).map_err(AveragePrecisionError::Evaluation)?;
    let mut evaluation = COCOeval::new(truth, found, IouType::Bbox);
    evaluation.evaluate().map_err(AveragePrecisionError::Evaluation)?;
    evaluation.accumulate();
    // The lines are not wanted, but making them is what fills in the figures without printing.
    let _ = evaluation.summarize_lines();
    let stats = evaluation.stats().unwrap_or_default();
    let at = |index: usize| stats.get(index).copied().filter(|value| *value >= 0.0);
    Ok(AveragePrecision {
        ap: at(0),
        ap50: at(1),
        ap75: at(2),
        ap_small: at(3),
        ap_medium: at(4),
        ap_large: at(5),
        ar1: at(6),
        ar10: at(7),
        ar100: at(8),
        ar_small: at(9),
        ar_medium: at(10),
        ar_large: at(11),
    })
}

fn unscored<'a>(work: &'a Dataset, linked: &Linked) -> Option<&'a BoxRecord> {
    let judged = linked.work_boxes.iter().flatten();
    judged.filter_map(|at| work.boxes.get(*at as usize)).find(|record| record.score.is_none())
}

/// The boxes of the linked images, in the order of the file, since equal scores are ranked by it.
fn annotations(dataset: &Dataset, boxes: &[Vec<u32>], joint: &[u32]) -> Vec<Annotation> {
    let mut image_of: Vec<Option<u64>> = vec![None; dataset.boxes.len()];
    for (list, image) in boxes.iter().zip(1_u64..) {
        for at in list {
            if let Some(slot) = image_of.get_mut(*at as usize) {
                *slot = Some(image);
            }
        }
    }
    let mut annotations = Vec::with_capacity(dataset.boxes.len());
    for (record, image) in dataset.boxes.iter().zip(image_of) {
        let Some((image_id, class)) = image.zip(joint.get(record.class as usize)) else { continue };
        let bbox = pixels(&record.rect);
        annotations.push(Annotation {
            id: annotations.len() as u64 + 1,
            image_id,
            category_id: u64::from(*class) + 1,
            bbox: Some(bbox),
            area: Some(record.area.unwrap_or(bbox[2] * bbox[3])),
            iscrowd: record.role != Role::Object,
            score: record.score,
            ..Annotation::default()
        });
    }
    annotations
}

fn pixels(rect: &Rect) -> [f64; 4] {
    // Below 2^53 micro-pixels this division is the double nearest to the decimal in the file.
    let pixel = |micros: i64| micros as f64 / MICROS as f64;
    [pixel(rect.x0), pixel(rect.y0), pixel(rect.x1 - rect.x0), pixel(rect.y1 - rect.y0)]
}
