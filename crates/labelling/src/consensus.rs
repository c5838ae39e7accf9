//! One set of labels from the replicas of several people, by the rule of CVAT: boxes of different
//! people that overlap each other cluster, the class is voted, a quorum is needed, and the shape is
//! the member nearest to the mean. Serves anno-3.6. Classes of whole items are voted. Tracks are
//! not merged: they are listed for a person to decide.

use std::collections::{BTreeMap, BTreeSet};

use annotation::{IouThreshold, Rect, Role, Shape as Placed, match_shapes};
use serde::Serialize;

use crate::label::{Kind, Label, Shape, rect_of};

/// What one person made of the item.
#[derive(Debug, Clone, Copy)]
pub struct Replica<'a> {
    /// The person.
    pub person: &'a str,
    /// Their labels.
    pub labels: &'a [Label],
}

/// How replicas become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsensusRule {
    /// From which overlap on two labels are of one thing.
    pub iou: IouThreshold,
    /// How many people must agree, as a share in percent of the replicas, rounded up; 1 to 100.
    pub quorum_percent: u8,
}

/// Why there is no consensus at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsensusError {
    /// One replica is none.
    #[error("a consensus takes two replicas, and there are {have}")]
    TooFew {
        /// How many there are.
        have: usize,
    },
    /// A quorum that nobody, or too many, would have to reach.
    #[error("a quorum is 1 to 100 percent")]
    Quorum,
}

/// A thing that people labelled, with their votes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Voted {
    /// The label that stands for it: that of the person nearest to the mean.
    #[serde(skip)]
    pub label: Label,
    /// Who saw it so.
    pub persons: Vec<String>,
    /// How many people voted for the class.
    pub votes: u64,
    /// Share of votes times the mean IoU to the chosen shape, in millionths, rounded down.
    pub score: u64,
}

/// What the replicas agree on, and on what they do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consensus {
    /// How many votes were needed.
    pub quorum: u64,
    /// What reached the quorum, by place.
    pub agreed: Vec<Voted>,
    /// What did not: for a person to decide.
    pub conflicts: Vec<Voted>,
}

/// Merges the replicas. The order in which they are given does not count.
///
/// # Errors
/// With fewer than two, or a quorum that is none.
pub fn consensus(
    replicas: &[Replica<'_>],
    rule: ConsensusRule,
) -> Result<Consensus, ConsensusError> {
    if replicas.len() < 2 {
        return Err(ConsensusError::TooFew { have: replicas.len() });
    }
    if !(1..=100).contains(&rule.quorum_percent) {
        return Err(ConsensusError::Quorum);
    }
    let mut replicas = replicas.to_vec();
    replicas.sort_by_key(|replica| replica.person);
    let count = replicas.len() as u64;
    let quorum = (count * u64::from(rule.quorum_percent)).div_ceil(100);
    let mut found = Vec::new();
    for kind in [Kind::Box, Kind::Span, Kind::Event, Kind::Keyframe] {
        found.extend(clusters(&replicas, kind, rule.iou));
    }
    let mut voted: Vec<Voted> =
        found.iter().filter_map(|members| vote(&replicas, members, count)).collect();
    voted.extend(item_class(&replicas, count));
    for replica in &replicas {
        let tracks = replica.labels.iter().filter(|one| one.shape.kind() == Kind::Track);
        voted.extend(tracks.map(|label| Voted {
            label: label.clone(),
            persons: vec![replica.person.to_owned()],
            votes: 0,
            score: 0,
        }));
    }
    voted.sort_by(|a, b| key(&a.label).cmp(&key(&b.label)));
    let (agreed, conflicts) = voted.into_iter().partition(|one| one.votes >= quorum);
    Ok(Consensus { quorum, agreed, conflicts })
}

fn key(label: &Label) -> (Kind, [i64; 4], &str) {
    let place = match &label.shape {
        Shape::Box { rect, .. } => *rect,
        Shape::Span { start, end } => [signed(*start), signed(*end), 0, 0],
        Shape::Event { start, end } => [*start, *end, 0, 0],
        Shape::Keyframe { at } => [*at, 0, 0, 0],
        Shape::Track { boxes } => boxes.first().map_or([0; 4], |key| key.rect),
        Shape::Class => [0; 4],
    };
    (label.shape.kind(), place, &label.id)
}

fn signed(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// A label of a replica, by their places.
type Member = (usize, usize);

fn rect(label: &Label) -> Option<Rect> {
    let line = |start: i64, end: i64| Rect { x0: start, y0: 0, x1: end, y1: 1 };
    match &label.shape {
        Shape::Box { rect, .. } => Some(rect_of(*rect)),
        Shape::Span { start, end } => Some(line(signed(*start), signed(*end))),
        Shape::Event { start, end } => Some(line(*start, *end)),
        Shape::Keyframe { at } => Some(line(*at, *at + 1)),
        Shape::Class | Shape::Track { .. } => None,
    }
}

/// Labels of one kind that are of one thing: matched in pairs, and each with every other of its
/// cluster at the agreed overlap, one of each person.
fn clusters(replicas: &[Replica<'_>], kind: Kind, iou: IouThreshold) -> Vec<Vec<Member>> {
    let sides: Vec<Vec<(Member, &Label, Placed)>> =
        (0..).zip(replicas).map(|(who, replica)| side(who, replica, kind)).collect();
    let mut near: BTreeMap<Member, Vec<Member>> = BTreeMap::new();
    for (at, one) in sides.iter().enumerate() {
        for two in sides.iter().skip(at + 1) {
            let only = |side: &[(Member, &Label, Placed)]| {
                side.iter().map(|(_, _, placed)| *placed).collect::<Vec<_>>()
            };
            let matching = match_shapes(&only(one), &only(two), iou);
            for pair in matching.right.iter().chain(&matching.wrong_class) {
                if let (Some((a, ..)), Some((b, ..))) = (one.get(pair.gold), two.get(pair.work)) {
                    near.entry(*a).or_default().push(*b);
                    near.entry(*b).or_default().push(*a);
                }
            }
        }
    }
    let places: BTreeMap<Member, Rect> =
        sides.iter().flatten().map(|(member, _, placed)| (*member, placed.rect)).collect();
    let mut free: BTreeSet<Member> = places.keys().copied().collect();
    let mut all = Vec::new();
    while let Some(first) = free.pop_first() {
        let mut cluster = vec![first];
        let mut next = 0;
        while let Some(member) = cluster.get(next).copied() {
            next += 1;
            for other in near.get(&member).into_iter().flatten() {
                let fits = |one: &Member| {
                    let overlap = places.get(one).zip(places.get(other));
                    one.0 != other.0 && overlap.is_some_and(|(a, b)| iou.reached_by(a.overlap(b)))
                };
                if free.contains(other) && cluster.iter().all(fits) {
                    free.remove(other);
                    cluster.push(*other);
                }
            }
        }
        cluster.sort_unstable();
        all.push(cluster);
    }
    all
}

fn side<'a>(who: usize, replica: &Replica<'a>, kind: Kind) -> Vec<(Member, &'a Label, Placed)> {
    let of_kind = replica.labels.iter().enumerate();
    let of_kind = of_kind.filter(|(_, label)| label.shape.kind() == kind);
    let placed = |(at, label): (usize, &'a Label)| {
        let placed = Placed { class: 0, rect: rect(label)?, role: Role::Object, id: at as u64 };
        Some(((who, at), label, placed))
    };
    of_kind.filter_map(placed).collect()
}

/// The class with most votes, the first by name of equals; the shape of its member that is nearest
/// to the mean of the cluster.
fn vote(replicas: &[Replica<'_>], members: &[Member], count: u64) -> Option<Voted> {
    let label = |(who, at): &Member| replicas.get(*who)?.labels.get(*at);
    let labels: Vec<(&Member, &Label)> =
        members.iter().filter_map(|member| Some((member, label(member)?))).collect();
    let mut votes: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, label) in &labels {
        *votes.entry(&label.class).or_default() += 1;
    }
    let (class, most) =
        votes.iter().max_by_key(|(class, votes)| (**votes, std::cmp::Reverse(**class)))?;
    let rects: Vec<Rect> = labels.iter().filter_map(|(_, label)| rect(label)).collect();
    let n = rects.len() as i128;
    let edges = |rect: &Rect| [rect.x0, rect.y0, rect.x1, rect.y1].map(i128::from);
    let mut sum = [0_i128; 4];
    for rect in &rects {
        for (total, edge) in sum.iter_mut().zip(edges(rect)) {
            *total += edge;
        }
    }
    let far = |label: &Label| {
        let edges = rect(label).map_or([0; 4], |rect| edges(&rect));
        edges.iter().zip(sum).map(|(edge, total)| (edge * n - total).abs()).sum::<i128>()
    };
    let of_class = labels.iter().filter(|(_, label)| label.class == **class);
    let (_, chosen) = of_class.min_by_key(|(member, label)| (far(label), **member))?;
    let place = rect(chosen)?;
    let ious = rects.iter().map(|rect| rect.overlap(&place).trillionths()).sum::<i128>();
    let score = ious * i128::from(*most) / (n * i128::from(count)) / 1_000_000;
    let who = |(member, label): &(&Member, &Label)| {
        let agrees = label.class == **class;
        agrees.then(|| replicas.get(member.0).map(|one| one.person.to_owned())).flatten()
    };
    Some(Voted {
        label: (*chosen).clone(),
        persons: labels.iter().filter_map(who).collect(),
        votes: *most,
        score: u64::try_from(score).unwrap_or(0),
    })
}

/// The class of the whole item by majority.
fn item_class(replicas: &[Replica<'_>], count: u64) -> Option<Voted> {
    let mut votes: BTreeMap<&str, Vec<(&str, &Label)>> = BTreeMap::new();
    for replica in replicas {
        let mut seen = BTreeSet::new();
        let classes = replica.labels.iter().filter(|one| one.shape.kind() == Kind::Class);
        for label in classes.filter(|label| seen.insert(label.class.as_str())) {
            votes.entry(&label.class).or_default().push((replica.person, label));
        }
    }
    let (_, voters) =
        votes.iter().max_by_key(|(class, voters)| (voters.len(), std::cmp::Reverse(**class)))?;
    let (_, label) = voters.first()?;
    let most = voters.len() as u64;
    Some(Voted {
        label: (*label).clone(),
        persons: voters.iter().map(|(person, _)| (*person).to_owned()).collect(),
        votes: most,
        score: most * 1_000_000 / count,
    })
}
