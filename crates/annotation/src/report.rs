//! The quality report on a delivery of boxes: counts, ratios, and every item that failed with the
//! reason. Serves anno-3.6 and anno-3.5 (statistics report). The field names are stable.

use serde::Serialize;
use units::{Fraction, Ratio, RoundingMode};

use crate::dataset::{BoxRecord, Dataset};
use crate::finding::{Finding, Limits};
use crate::link::{Linked, Name, link};
use crate::matching::{Matching, Shape, match_shapes};
use crate::pixel::{IouThreshold, Overlap, Rect};

/// How a delivery of boxes is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxOptions {
    /// The agreed IoU; a pair matches at or above it.
    pub iou: IouThreshold,
    /// A matched pair below this IoU is listed as imprecise; a warning, never a failure.
    pub imprecise_below: IouThreshold,
    /// Bounds, of which only the number of findings applies here.
    pub limits: Limits,
}

impl BoxOptions {
    /// Judges at `iou`, and lists right pairs below an IoU of 0.8 as imprecise.
    #[must_use]
    pub fn at(iou: IouThreshold) -> Self {
        let imprecise_below = IouThreshold::new(Fraction::new(4, 5));
        let imprecise_below = imprecise_below.expect("four fifths is a threshold");
        Self { iou, imprecise_below, limits: Limits::default() }
    }
}

/// A counted ratio with its decimal, rounded down so that it never seems to reach a threshold that
/// it does not reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many counted.
    pub hits: u64,
    /// How many there were.
    pub total: u64,
    /// Six places, rounded down; absent when nothing was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
}

impl Share {
    /// `hits` of `total`.
    #[must_use]
    pub fn new(hits: u64, total: u64) -> Self {
        let decimal = Ratio::new(hits, total).value().map(decimal);
        Self { hits, total, decimal }
    }

    /// The exact ratio.
    #[must_use]
    pub const fn ratio(&self) -> Ratio {
        Ratio::new(self.hits, self.total)
    }
}

/// Six places, rounded down.
pub(crate) fn decimal(value: Fraction) -> String {
    value.to_decimal(6, RoundingMode::Floor).to_string()
}

/// Boxes and images counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Gold objects; crowd regions and difficult objects are not counted.
    pub gold: u64,
    /// Boxes of the work, without the ignored.
    pub work: u64,
    /// Matched with the right class.
    pub right: u64,
    /// Matched with a wrong class.
    pub wrong_class: u64,
    /// Gold objects that nothing matches.
    pub missed: u64,
    /// Boxes of the work that match nothing.
    pub extra: u64,
    /// Boxes of the work that a crowd region or a difficult object excuses.
    pub ignored: u64,
    /// Matched with the right class, but below the second threshold.
    pub imprecise: u64,
}

impl Counts {
    /// Share of the work's boxes that are right.
    #[must_use]
    pub fn precision(&self) -> Share {
        Share::new(self.right, self.work)
    }

    /// Share of gold objects that were found.
    #[must_use]
    pub fn recall(&self) -> Share {
        Share::new(self.right, self.gold)
    }

    /// `2 right / (gold + work)`.
    #[must_use]
    pub fn f1(&self) -> Share {
        Share::new(2 * self.right, self.gold + self.work)
    }

    /// `right / (right + wrong class + missed + extra)`.
    #[must_use]
    pub fn accuracy(&self) -> Share {
        Share::new(self.right, self.right + self.wrong_class + self.missed + self.extra)
    }
}

/// Images counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ImageCounts {
    /// Gold images; every one is judged.
    pub judged: u64,
    /// Of those, images that the work does not list.
    pub not_delivered: u64,
    /// Images of the work that gold does not cover; not judged.
    pub not_in_gold: u64,
    /// Judged images without a missed, extra or wrong box.
    pub conforming: u64,
}

/// The figures of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassQuality {
    /// The class.
    pub class: Name,
    /// Counts. A pair of a wrong class counts in gold's class and, as work, in the work's.
    #[serde(flatten)]
    pub counts: Counts,
    /// Share of the work's boxes of this class that are right.
    pub precision: Share,
    /// Share of gold objects of this class that were found.
    pub recall: Share,
    /// F1 of this class.
    pub f1: Share,
}

/// The figures of one image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageQuality {
    /// The image.
    pub image: Name,
    /// Counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// Whether it has no missed, extra or wrong box.
    pub conforms: bool,
}

/// One box of one side, listed with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoxItem {
    /// The image.
    pub image: Name,
    /// The box's id in its file.
    pub id: u64,
    /// Its class.
    pub class: Name,
    /// `[x, y, width, height]` as exact decimals.
    #[serde(rename = "box")]
    pub rect: Rect,
}

/// A matched pair, listed with both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairItem {
    /// The image.
    pub image: Name,
    /// The gold box's id.
    pub gold_id: u64,
    /// Gold's class.
    pub gold_class: Name,
    /// Gold's box.
    pub gold_box: Rect,
    /// The work's id.
    pub work_id: u64,
    /// The work's class.
    pub work_class: Name,
    /// The work's box.
    pub work_box: Rect,
    /// Their IoU, six places, rounded down.
    pub iou: Overlap,
}

/// The report on boxes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BoxReport {
    /// The agreed IoU.
    pub iou: IouThreshold,
    /// The IoU below which a right pair is listed as imprecise.
    pub imprecise_below: IouThreshold,
    /// Images.
    pub images: ImageCounts,
    /// Boxes of the work in images that gold does not cover; not judged.
    pub boxes_not_in_gold: u64,
    /// Boxes in judged images. An object of its own: the lists below have the same names.
    pub counts: Counts,
    /// Share of the work's boxes that are right.
    pub precision: Share,
    /// Share of gold objects that were found.
    pub recall: Share,
    /// `2 right / (gold + work)`.
    pub f1: Share,
    /// `right / (right + wrong class + missed + extra)`.
    pub accuracy: Share,
    /// Mean IoU of right pairs: the sum of the pairs' IoUs, each rounded down to `10^-12`, over
    /// their number. Absent when there is no right pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_iou: Option<Fraction>,
    /// The same with six places, rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_iou_decimal: Option<String>,
    /// Figures by class, in gold's order.
    pub per_class: Vec<ClassQuality>,
    /// Figures by image, in gold's order.
    pub per_image: Vec<ImageQuality>,
    /// Gold objects that nothing matches.
    pub missed: Vec<BoxItem>,
    /// Boxes of the work that match nothing.
    pub extra: Vec<BoxItem>,
    /// Pairs of different classes.
    pub wrong_class: Vec<PairItem>,
    /// Right pairs below the second threshold.
    pub imprecise: Vec<PairItem>,
    /// COCO average precision, where the work has scores and it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_precision: Option<crate::average_precision::AveragePrecision>,
    /// What linking found: images that were not delivered, names that occur twice.
    pub findings: Vec<Finding>,
}

/// Judges a delivery of boxes against gold.
#[must_use]
pub fn box_quality(work: &Dataset, gold: &Dataset, options: &BoxOptions) -> BoxReport {
    let linked = link(work, gold, &options.limits);
    let mut tally = Tally::new(work, gold, &linked, options);
    for image in 0..linked.images.len() {
        tally.image(image);
    }
    tally.finish()
}

struct Tally<'a> {
    work: &'a Dataset,
    gold: &'a Dataset,
    linked: &'a Linked,
    options: &'a BoxOptions,
    classes: Vec<Counts>,
    iou_sum: i128,
    images: ImageCounts,
    per_image: Vec<ImageQuality>,
    missed: Vec<BoxItem>,
    extra: Vec<BoxItem>,
    wrong_class: Vec<PairItem>,
    imprecise: Vec<PairItem>,
}

impl<'a> Tally<'a> {
    fn new(
        work: &'a Dataset,
        gold: &'a Dataset,
        linked: &'a Linked,
        options: &'a BoxOptions,
    ) -> Self {
        let delivered = linked.delivered.iter().filter(|delivered| **delivered).count() as u64;
        let judged = linked.images.len() as u64;
        Self {
            work,
            gold,
            linked,
            options,
            classes: vec![Counts::default(); linked.classes.len()],
            iou_sum: 0,
            images: ImageCounts {
                judged,
                not_delivered: judged - delivered,
                not_in_gold: linked.images_not_in_gold,
                conforming: 0,
            },
            per_image: Vec::with_capacity(linked.images.len()),
            missed: Vec::new(),
            extra: Vec::new(),
            wrong_class: Vec::new(),
            imprecise: Vec::new(),
        }
    }

    fn image(&mut self, at: usize) {
        let Linked { images, gold_boxes, work_boxes, gold_class, work_class, .. } = self.linked;
        let (Some(name), Some(golds), Some(works)) =
            (images.get(at), gold_boxes.get(at), work_boxes.get(at))
        else {
            return;
        };
        let (golds, gold_shapes) = shapes(&self.gold.boxes, golds, gold_class);
        let (works, work_shapes) = shapes(&self.work.boxes, works, work_class);
        let matching = match_shapes(&gold_shapes, &work_shapes, self.options.iou);
        let side = Side { name, golds, works, gold_shapes, work_shapes };
        let counts = self.count(&side, &matching);
        let conforms = counts.missed + counts.extra + counts.wrong_class == 0;
        self.images.conforming += u64::from(conforms);
        self.per_image.push(ImageQuality { image: name.clone(), counts, conforms });
    }

    fn class(&mut self, class: u32) -> &mut Counts {
        let at = class as usize;
        self.classes.get_mut(at).expect("every box's class is in the joint list")
    }

    fn class_name(&self, class: u32) -> Name {
        let at = class as usize;
        self.linked.classes.get(at).cloned().expect("every box's class is in the joint list")
    }

    fn count(&mut self, side: &Side<'_>, matching: &Matching) -> Counts {
        let mut counts = Counts {
            right: matching.right.len() as u64,
            wrong_class: matching.wrong_class.len() as u64,
            missed: matching.missed.len() as u64,
            extra: matching.extra.len() as u64,
            ignored: matching.ignored.len() as u64,
            ..Counts::default()
        };
        counts.gold = counts.right + counts.wrong_class + counts.missed;
        counts.work = counts.right + counts.wrong_class + counts.extra;
        for pair in &matching.right {
            self.iou_sum += pair.overlap.trillionths();
            let imprecise = !self.options.imprecise_below.reached_by(pair.overlap);
            let Some(shape) = side.gold_shapes.get(pair.gold) else { continue };
            let class = self.class(shape.class);
            class.right += 1;
            class.gold += 1;
            class.work += 1;
            if imprecise {
                class.imprecise += 1;
                counts.imprecise += 1;
                let item = self.pair(side, pair);
                self.imprecise.extend(item);
            }
        }
        for pair in &matching.wrong_class {
            if let Some(shape) = side.gold_shapes.get(pair.gold) {
                let class = self.class(shape.class);
                class.gold += 1;
                class.wrong_class += 1;
            }
            if let Some(shape) = side.work_shapes.get(pair.work) {
                self.class(shape.class).work += 1;
            }
            let item = self.pair(side, pair);
            self.wrong_class.extend(item);
        }
        for &at in &matching.missed {
            let Some(shape) = side.gold_shapes.get(at) else { continue };
            let class = self.class(shape.class);
            class.gold += 1;
            class.missed += 1;
            let item = self.item(side.name, shape);
            self.missed.push(item);
        }
        for &at in &matching.extra {
            let Some(shape) = side.work_shapes.get(at) else { continue };
            let class = self.class(shape.class);
            class.work += 1;
            class.extra += 1;
            let item = self.item(side.name, shape);
            self.extra.push(item);
        }
        for &at in &matching.ignored {
            let Some(shape) = side.work_shapes.get(at) else { continue };
            self.class(shape.class).ignored += 1;
        }
        counts
    }

    fn item(&self, image: &Name, shape: &Shape) -> BoxItem {
        let class = self.class_name(shape.class);
        BoxItem { image: image.clone(), id: shape.id, class, rect: shape.rect }
    }

    fn pair(&self, side: &Side<'_>, pair: &crate::matching::Pair) -> Option<PairItem> {
        let (gold, work) = (side.golds.get(pair.gold)?, side.works.get(pair.work)?);
        let gold_class = side.gold_shapes.get(pair.gold)?.class;
        let work_class = side.work_shapes.get(pair.work)?.class;
        Some(PairItem {
            image: side.name.clone(),
            gold_id: gold.id,
            gold_class: self.class_name(gold_class),
            gold_box: gold.rect,
            work_id: work.id,
            work_class: self.class_name(work_class),
            work_box: work.rect,
            iou: pair.overlap,
        })
    }

    fn finish(self) -> BoxReport {
        let mut counts = Counts::default();
        for image in &self.per_image {
            counts.gold += image.counts.gold;
            counts.work += image.counts.work;
            counts.right += image.counts.right;
            counts.wrong_class += image.counts.wrong_class;
            counts.missed += image.counts.missed;
            counts.extra += image.counts.extra;
            counts.ignored += image.counts.ignored;
            counts.imprecise += image.counts.imprecise;
        }
        let mean_iou = (counts.right > 0)
            .then(|| Fraction::new(self.iou_sum, i128::from(counts.right) * 1_000_000_000_000));
        let per_class = self.linked.classes.iter().zip(&self.classes);
        BoxReport {
            iou: self.options.iou,
            imprecise_below: self.options.imprecise_below,
            images: self.images,
            boxes_not_in_gold: self.linked.boxes_not_in_gold,
            counts,
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f1(),
            accuracy: counts.accuracy(),
            mean_iou,
            mean_iou_decimal: mean_iou.map(decimal),
            per_class: per_class
                .map(|(class, counts)| ClassQuality {
                    class: class.clone(),
                    counts: *counts,
                    precision: counts.precision(),
                    recall: counts.recall(),
                    f1: counts.f1(),
                })
                .collect(),
            per_image: self.per_image,
            missed: self.missed,
            extra: self.extra,
            wrong_class: self.wrong_class,
            imprecise: self.imprecise,
            average_precision: None,
            findings: self.linked.findings.clone(),
        }
    }
}

/// Both sides of one image.
struct Side<'a> {
    name: &'a Name,
    golds: Vec<&'a BoxRecord>,
    works: Vec<&'a BoxRecord>,
    gold_shapes: Vec<Shape>,
    work_shapes: Vec<Shape>,
}

fn shapes<'a>(
    boxes: &'a [BoxRecord],
    list: &[u32],
    joint: &[u32],
) -> (Vec<&'a BoxRecord>, Vec<Shape>) {
    let records = list.iter().filter_map(|at| boxes.get(*at as usize));
    records
        .filter_map(|record| {
            let class = *joint.get(record.class as usize)?;
            let BoxRecord { rect, role, id, .. } = *record;
            Some((record, Shape { class, rect, role, id }))
        })
        .unzip()
}
