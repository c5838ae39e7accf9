//! Who matches whom: gold against work in one image (or one video). Serves anno-3.6.
//!
//! Two passes of optimal one-to-one assignment over pairs at or above the agreed IoU: first pairs
//! of the same class, then the left-overs whatever their class; those are *wrong class*. What gold
//! has left is *missed*, what the work has left is *extra*.
//!
//! An assignment has as many pairs as possible and, among those, the largest sum of IoU. The
//! threshold is decided exactly; the sum is taken over IoUs rounded down to 2^-40, which can only
//! decide between assignments of equal size. CVAT minimises the sum of `1 - IoU` with 1 for every
//! pair below the threshold, so it prefers one pair of IoU 1 to two pairs whose IoUs sum to less
//! than 1; with a threshold of 0.5 or more both agree on the number of pairs.
//!
//! Crowd regions and difficult objects need not be found. A box of the work that is left after the
//! first pass is *ignored* when the agreed share of it lies inside a crowd region of its class
//! (shared area of the box's own area, as COCO has it), or when it reaches the agreed IoU with a
//! difficult object of its class. Any number of boxes may be ignored by one region.

use crate::assignment::{Edge, assign};
use crate::dataset::Role;
use crate::pixel::{IouThreshold, Overlap, Rect};

/// A box as matching sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// Class, numbered alike on both sides.
    pub class: u32,
    /// Where it lies.
    pub rect: Rect,
    /// What is asked of it; only looked at in gold.
    pub role: Role,
    /// The caller's own number. Ties are decided by class, place and then this.
    pub id: u64,
}

/// A matched pair, by index into the two slices given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index of the gold box.
    pub gold: usize,
    /// Index of the work's box.
    pub work: usize,
    /// Their overlap.
    pub overlap: Overlap,
}

/// The outcome for one image. All lists are in order of index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// Pairs of the same class.
    pub right: Vec<Pair>,
    /// Pairs of different classes.
    pub wrong_class: Vec<Pair>,
    /// Gold boxes that nothing matches.
    pub missed: Vec<usize>,
    /// Boxes of the work that match nothing.
    pub extra: Vec<usize>,
    /// Boxes of the work that a crowd region or a difficult object excuses.
    pub ignored: Vec<usize>,
}

/// Matches the boxes of one image.
#[must_use]
pub fn match_shapes(gold: &[Shape], work: &[Shape], iou: IouThreshold) -> Matching {
    let mut wanted: Vec<usize> =
        (0..gold.len()).filter(|at| role(gold, *at) == Some(Role::Object)).collect();
    let mut offered: Vec<usize> = (0..work.len()).collect();
    // A canonical order makes the outcome independent of the order in the file.
    wanted.sort_unstable_by_key(|at| gold.get(*at));
    offered.sort_unstable_by_key(|at| work.get(*at));
    let right = pass(gold, work, &mut wanted, &mut offered, iou, true);
    let mut matching = Matching { right, ..Matching::default() };
    if wanted.len() < gold.len() - matching.right.len() {
        offered.retain(|&at| {
            let excused = work.get(at).is_some_and(|shape| is_excused(gold, shape, iou));
            if excused {
                matching.ignored.push(at);
            }
            !excused
        });
    }
    matching.wrong_class = pass(gold, work, &mut wanted, &mut offered, iou, false);
    matching.missed = wanted;
    matching.extra = offered;
    matching.right.sort_unstable_by_key(|pair| pair.gold);
    matching.wrong_class.sort_unstable_by_key(|pair| pair.gold);
    matching.missed.sort_unstable();
    matching.extra.sort_unstable();
    matching.ignored.sort_unstable();
    matching
}

fn role(gold: &[Shape], at: usize) -> Option<Role> {
    gold.get(at).map(|shape| shape.role)
}

/// One assignment between what is wanted and what is offered; takes the matched out of both.
fn pass(
    gold: &[Shape],
    work: &[Shape],
    wanted: &mut Vec<usize>,
    offered: &mut Vec<usize>,
    iou: IouThreshold,
    same_class: bool,
) -> Vec<Pair> {
    if wanted.is_empty() || offered.is_empty() {
        return Vec::new();
    }
    let mut edges = Vec::new();
    let mut overlaps = Vec::new();
    for (left, shape) in wanted.iter().enumerate().filter_map(|(n, at)| Some((n, gold.get(*at)?))) {
        for (right, other) in
            offered.iter().enumerate().filter_map(|(n, at)| Some((n, work.get(*at)?)))
        {
            if (same_class && shape.class != other.class) || !touch(&shape.rect, &other.rect) {
                continue;
            }
            let overlap = shape.rect.overlap(&other.rect);
            if iou.reached_by(overlap) {
                let weight = i64::try_from((overlap.shared << 40) / overlap.joint);
                let weight = weight.expect("an IoU is at most 1, which is 2^40");
                edges.push(Edge { left: small(left), right: small(right), weight });
                overlaps.push(overlap);
            }
        }
    }
    let chosen = assign(wanted.len(), offered.len(), &edges);
    let mut pairs = Vec::with_capacity(chosen.len());
    let mut next = edges.iter().zip(&overlaps);
    for edge in chosen {
        // Both lists are in order of (left, right), so one walk finds every chosen edge.
        let found = next.by_ref().find(|(other, _)| **other == edge);
        let (left, right) = (edge.left as usize, edge.right as usize);
        if let (Some((_, overlap)), Some(&gold), Some(&work)) =
            (found, wanted.get(left), offered.get(right))
        {
            pairs.push(Pair { gold, work, overlap: *overlap });
        }
    }
    let is_matched = |at: usize, side: fn(&Pair) -> usize| pairs.iter().any(|p| side(p) == at);
    if pairs.len() < 16 {
        wanted.retain(|&at| !is_matched(at, |pair| pair.gold));
        offered.retain(|&at| !is_matched(at, |pair| pair.work));
    } else {
        let golds: std::collections::BTreeSet<usize> = pairs.iter().map(|p| p.gold).collect();
        let works: std::collections::BTreeSet<usize> = pairs.iter().map(|p| p.work).collect();
        wanted.retain(|at| !golds.contains(at));
        offered.retain(|at| !works.contains(at));
    }
    pairs
}

fn small(index: usize) -> u32 {
    u32::try_from(index).expect("an image has fewer boxes than 2^32")
}

fn touch(a: &Rect, b: &Rect) -> bool {
    a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

fn is_excused(gold: &[Shape], shape: &Shape, iou: IouThreshold) -> bool {
    gold.iter().any(|region| {
        let overlap = match region.role {
            Role::Object => return false,
            Role::Difficult => region.rect.overlap(&shape.rect),
            Role::Crowd => {
                Overlap { shared: region.rect.shared(&shape.rect), joint: shape.rect.area() }
            }
        };
        region.class == shape.class && iou.reached_by(overlap)
    })
}
