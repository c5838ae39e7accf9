//! One item against gold, as counts that add up: per class, over items, over people. Serves
//! anno-3.6. Boxes, passages, events and tracks are matched by overlap, one to one; the classes of
//! whole items by being the same; keyframes within a tolerance. Whether a pair reaches the agreed
//! overlap is decided in integers.

use std::collections::{BTreeMap, BTreeSet};

use annotation::{IouThreshold, Matching, Overlap, Rect, Role, Shape as Placed, divided};
use annotation::{Pair, match_shapes};
use serde::{Deserialize, Serialize};

use crate::label::{KeyBox, Kind, Label, Shape, rect_of};

/// The most moments of a video at which tracks are compared.
const MOMENTS: usize = 20_000;

/// Counts of one class. They add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClassTally {
    /// Gold's labels.
    pub gold: u64,
    /// The work's labels, without the ignored.
    pub work: u64,
    /// Matched, and of the same class.
    pub right: u64,
    /// Gold's labels that were matched by another class.
    pub wrong_class: u64,
    /// Gold's labels that nothing matches.
    pub missed: u64,
    /// The work's labels that match nothing.
    pub extra: u64,
    /// Right, with an IoU below 0.8.
    pub imprecise: u64,
    /// Sum of the IoUs of right pairs, each in billionths and rounded down.
    pub iou_billionths: u64,
}

/// Counts by class, and of items. They add up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Items that were judged.
    pub items: u64,
    /// Of those, items without a missed, extra or wrong label.
    pub conforming: u64,
    /// By class.
    pub classes: BTreeMap<String, ClassTally>,
}

/// What is wrong with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MistakeKind {
    /// Gold has it and the work has not.
    Missed,
    /// The work has it and gold has not.
    Extra,
    /// It is there, with another class.
    WrongClass,
    /// It is there and right, with an IoU below 0.8.
    Imprecise,
}

/// One mistake, with its labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// What.
    pub kind: MistakeKind,
    /// Gold's class, or the work's where gold has none.
    pub class: String,
    /// Gold's label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gold: Option<String>,
    /// The work's label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
}

/// One item, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Counts, with one item.
    pub tally: Tally,
    /// What is wrong, by kind.
    pub mistakes: Vec<Mistake>,
}

impl ClassTally {
    /// Adds other counts.
    pub const fn add(&mut self, other: &Self) {
        self.gold += other.gold;
        self.work += other.work;
        self.right += other.right;
        self.wrong_class += other.wrong_class;
        self.missed += other.missed;
        self.extra += other.extra;
        self.imprecise += other.imprecise;
        self.iou_billionths += other.iou_billionths;
    }

    /// How many labels were judged: right, or wrong in one of three ways.
    #[must_use]
    pub const fn judged(&self) -> u64 {
        self.right + self.wrong_class + self.missed + self.extra
    }
}

impl Tally {
    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        self.items += other.items;
        self.conforming += other.conforming;
        for (class, tally) in &other.classes {
            self.classes.entry(class.clone()).or_default().add(tally);
        }
    }

    /// All classes together.
    #[must_use]
    pub fn total(&self) -> ClassTally {
        let mut total = ClassTally::default();
        for tally in self.classes.values() {
            total.add(tally);
        }
        total
    }
}

/// Judges the labels of one item against gold. A keyframe counts when it lies within `tolerance`
/// ticks of gold's.
#[must_use]
pub fn judge(gold: &[Label], work: &[Label], iou: IouThreshold, tolerance: u64) -> Judged {
    let names: BTreeSet<&str> = gold.iter().chain(work).map(|one| one.class.as_str()).collect();
    let number: BTreeMap<&str, u32> = names.into_iter().zip(0..).collect();
    let mut judging = Judging { number, iou, tally: Tally::default(), mistakes: Vec::new() };
    for kind in [Kind::Box, Kind::Span, Kind::Event] {
        let (gold, work) = (of_kind(gold, kind), of_kind(work, kind));
        judging.overlap(&gold, &work, None);
    }
    judging.classes(&of_kind(gold, Kind::Class), &of_kind(work, Kind::Class));
    judging.keyframes(&of_kind(gold, Kind::Keyframe), &of_kind(work, Kind::Keyframe), tolerance);
    let (gold, work) = (of_kind(gold, Kind::Track), of_kind(work, Kind::Track));
    for at in moments(gold.iter().chain(&work).copied()) {
        judging.overlap(&gold, &work, Some(at));
    }
    let Judging { mut tally, mut mistakes, .. } = judging;
    tally.items = 1;
    let perfect = mistakes.iter().all(|mistake| mistake.kind == MistakeKind::Imprecise);
    tally.conforming = u64::from(perfect);
    mistakes.sort_by(|a, b| {
        (a.kind, &a.class, &a.gold, &a.work).cmp(&(b.kind, &b.class, &b.gold, &b.work))
    });
    mistakes.dedup();
    Judged { tally, mistakes }
}

fn of_kind(labels: &[Label], kind: Kind) -> Vec<&Label> {
    labels.iter().filter(|label| label.shape.kind() == kind).collect()
}

/// The moments at which any track states a box.
fn moments<'a>(tracks: impl Iterator<Item = &'a Label>) -> BTreeSet<i64> {
    let mut moments = BTreeSet::new();
    for label in tracks {
        if let Shape::Track { boxes } = &label.shape {
            moments.extend(boxes.iter().map(|key| key.at).take(MOMENTS - moments.len()));
        }
    }
    moments
}

struct Judging<'a> {
    number: BTreeMap<&'a str, u32>,
    iou: IouThreshold,
    tally: Tally,
    mistakes: Vec<Mistake>,
}

impl Judging<'_> {
    fn class(&mut self, class: &str) -> &mut ClassTally {
        self.tally.classes.entry(class.to_owned()).or_default()
    }

    fn mistake(&mut self, kind: MistakeKind, gold: Option<&Label>, work: Option<&Label>) {
        let class = gold.or(work).map(|label| label.class.clone()).unwrap_or_default();
        let id = |label: &Label| label.id.clone();
        self.mistakes.push(Mistake { kind, class, gold: gold.map(id), work: work.map(id) });
    }

    fn shapes<'l>(&self, labels: &[&'l Label], at: Option<i64>) -> Vec<(Placed, &'l Label)> {
        let placed = |(id, label): (u64, &&'l Label)| {
            let (rect, role) = place(label, at)?;
            let class = self.number.get(label.class.as_str()).copied()?;
            Some((Placed { class, rect, role, id }, *label))
        };
        (0..).zip(labels).filter_map(placed).collect()
    }

    /// Matches by overlap; tracks where they are at one moment.
    fn overlap(&mut self, gold: &[&Label], work: &[&Label], at: Option<i64>) {
        let (gold, work) = (self.shapes(gold, at), self.shapes(work, at));
        if gold.is_empty() && work.is_empty() {
            return;
        }
        let only = |side: &[(Placed, &Label)]| side.iter().map(|(p, _)| *p).collect::<Vec<_>>();
        let matching = match_shapes(&only(&gold), &only(&work), self.iou);
        for (placed, label) in &gold {
            if placed.role == Role::Object {
                self.class(&label.class).gold += 1;
            }
        }
        let ignored: BTreeSet<usize> = matching.ignored.iter().copied().collect();
        for (at, (_, label)) in work.iter().enumerate() {
            if !ignored.contains(&at) {
                self.class(&label.class).work += 1;
            }
        }
        self.outcome(&matching, &gold, &work);
    }

    fn outcome(
        &mut self,
        matching: &Matching,
        gold: &[(Placed, &Label)],
        work: &[(Placed, &Label)],
    ) {
        let pair = |pair: &Pair| Some((gold.get(pair.gold)?.1, work.get(pair.work)?.1));
        for (found, (one, two)) in matching.right.iter().filter_map(|p| Some((p, pair(p)?))) {
            let iou = billionths(found.overlap);
            let tally = self.class(&one.class);
            tally.right += 1;
            tally.iou_billionths += iou;
            if found.overlap.shared * 5 < found.overlap.joint * 4 {
                tally.imprecise += 1;
                self.mistake(MistakeKind::Imprecise, Some(one), Some(two));
            }
        }
        for (one, two) in matching.wrong_class.iter().filter_map(pair) {
            self.class(&one.class).wrong_class += 1;
            self.mistake(MistakeKind::WrongClass, Some(one), Some(two));
        }
        for (_, label) in matching.missed.iter().filter_map(|at| gold.get(*at)) {
            self.missed(label);
        }
        for (_, label) in matching.extra.iter().filter_map(|at| work.get(*at)) {
            self.extra(label);
        }
    }

    fn missed(&mut self, label: &Label) {
        self.class(&label.class).missed += 1;
        self.mistake(MistakeKind::Missed, Some(label), None);
    }

    fn extra(&mut self, label: &Label) {
        self.class(&label.class).extra += 1;
        self.mistake(MistakeKind::Extra, None, Some(label));
    }

    fn same(&mut self, gold: &Label) {
        let tally = self.class(&gold.class);
        tally.right += 1;
        tally.iou_billionths += 1_000_000_000;
    }

    fn both(&mut self, gold: &[&Label], work: &[&Label]) {
        for label in gold {
            self.class(&label.class).gold += 1;
        }
        for label in work {
            self.class(&label.class).work += 1;
        }
    }

    /// Classes of the whole item: the same class is right; a left-over of each side together are
    /// one wrong class.
    fn classes(&mut self, gold: &[&Label], work: &[&Label]) {
        self.both(gold, work);
        let mut left: Vec<&Label> = work.to_vec();
        let mut wanted = Vec::new();
        for label in gold {
            match left.iter().position(|other| other.class == label.class) {
                Some(at) => {
                    left.remove(at);
                    self.same(label);
                }
                None => wanted.push(*label),
            }
        }
        let mut left = left.into_iter();
        for label in wanted {
            match left.next() {
                Some(other) => {
                    self.class(&label.class).wrong_class += 1;
                    self.mistake(MistakeKind::WrongClass, Some(label), Some(other));
                }
                None => self.missed(label),
            }
        }
        left.for_each(|label| self.extra(label));
    }

    /// Keyframes of one class in order of time: the earliest that is near enough is the match.
    fn keyframes(&mut self, gold: &[&Label], work: &[&Label], tolerance: u64) {
        self.both(gold, work);
        let at = |label: &&Label| match label.shape {
            Shape::Keyframe { at } => at,
            _ => 0,
        };
        let classes: BTreeSet<&str> =
            gold.iter().chain(work).map(|label| label.class.as_str()).collect();
        for class in classes {
            let side = |labels: &[&'_ Label]| {
                let mut side: Vec<Label> = Vec::new();
                side.extend(labels.iter().filter(|l| l.class == class).map(|l| (*l).clone()));
                side.sort_by_key(|label| at(&label));
                side
            };
            let (gold, work) = (side(gold), side(work));
            let mut offered = work.iter().peekable();
            for label in &gold {
                let when = at(&label);
                while let Some(early) = offered
                    .next_if(|other| at(other) < when && at(other).abs_diff(when) > tolerance)
                {
                    self.extra(early);
                }
                match offered.next_if(|other| at(other).abs_diff(when) <= tolerance) {
                    Some(_) => self.same(label),
                    None => self.missed(label),
                }
            }
            offered.for_each(|label| self.extra(label));
        }
    }
}

fn billionths(overlap: Overlap) -> u64 {
    u64::try_from(overlap.trillionths() / 1_000).unwrap_or(1_000_000_000)
}

/// Where a label lies for matching; passages and events are boxes of height one.
fn place(label: &Label, at: Option<i64>) -> Option<(Rect, Role)> {
    let line =
        |start: i64, end: i64| Some((Rect { x0: start, y0: 0, x1: end, y1: 1 }, Role::Object));
    match &label.shape {
        Shape::Box { rect, crowd, .. } => {
            Some((rect_of(*rect), if *crowd { Role::Crowd } else { Role::Object }))
        }
        Shape::Span { start, end } => line(i64::try_from(*start).ok()?, i64::try_from(*end).ok()?),
        Shape::Event { start, end } => line(*start, *end),
        Shape::Track { boxes } => Some((rect_of(track_at(boxes, at?)?), Role::Object)),
        Shape::Class | Shape::Keyframe { .. } => None,
    }
}

/// Where a track is at a moment: on the straight line between its stated boxes, nowhere before the
/// first, behind the last, or while it is outside.
fn track_at(boxes: &[KeyBox], at: i64) -> Option<[i64; 4]> {
    let next = boxes.partition_point(|key| key.at <= at);
    let from = boxes.get(next.checked_sub(1)?)?;
    if from.outside {
        return None;
    }
    if from.at == at {
        return Some(from.rect);
    }
    let to = boxes.get(next)?;
    if to.outside {
        return Some(from.rect);
    }
    let (done, whole) = (i128::from(at - from.at), i128::from(to.at - from.at));
    let mut rect = from.rect;
    for (edge, goal) in rect.iter_mut().zip(to.rect) {
        let value = i128::from(*edge) * (whole - done) + i128::from(goal) * done;
        *edge = i64::try_from(divided(value, whole)).ok()?;
    }
    Some(rect)
}
