//! Items that look alike, and those of them that are labelled differently.

use std::collections::BTreeMap;

use labelling::{Label, MistakeKind, Shape, judge};
use media::{Fingerprint, near};

use super::super::error::LabellingError;
use super::super::place::Spot;
use super::super::rows::{MAIN, Modality, Project};
use super::collect::Seen;
use super::{FindingKind, Found, FoundItem, New, Why};
use crate::people::{Kept, People};

/// Bits in which the fingerprints of images that look alike differ at most; of texts none.
const BITS: u32 = 3;
/// Items whose labels are compared with those of one that looks alike.
const COMPARED: usize = 500;

impl People {
    /// Groups of items that look alike; in each the first finished item is compared with others.
    pub(super) async fn alike(
        &self,
        project: &Kept<Project>,
        seen: &BTreeMap<u64, Seen>,
        found: &mut Found,
    ) -> Result<(), LabellingError> {
        let texts = project.row.modality == Modality::Text;
        let known = seen.values().filter_map(|item| Some((item, Fingerprint(item.look?))));
        let (items, prints): (Vec<&Seen>, Vec<Fingerprint>) = known.unzip();
        let bits = if texts { 0 } else { BITS };
        let groups = tokio::task::spawn_blocking(move || near(&prints, bits));
        let groups = groups.await.map_err(std::io::Error::other).map_err(LabellingError::Io)?;
        let mut left = COMPARED;
        for group in groups {
            let group: Vec<&Seen> =
                group.members.iter().filter_map(|at| items.get(*at).copied()).collect();
            let reason = if texts { "same_text" } else { "looks_alike" };
            let plain = |item: &&Seen| found.item(item, None, Spot::default());
            found.add(New {
                kind: FindingKind::NearDuplicate,
                reason,
                items: group.iter().map(plain).collect(),
                class: None,
                person: None,
                why: Why::Alike { count: group.len() },
            });
            let finished: Vec<&Seen> = group.into_iter().filter(|item| item.finished).collect();
            let Some((first, others)) = finished.split_first() else { continue };
            if others.len() > left {
                found.view.more = true;
                continue;
            }
            left -= others.len();
            self.contradict(project, first, others, found).await?;
        }
        Ok(())
    }

    async fn contradict(
        &self,
        project: &Kept<Project>,
        first: &Seen,
        others: &[&Seen],
        found: &mut Found,
    ) -> Result<(), LabellingError> {
        if others.is_empty() || found.only == Some(FindingKind::NearDuplicate) {
            return Ok(());
        }
        let labels = async |item: &Seen| -> Result<Vec<Label>, LabellingError> {
            Ok(self.labels(&project.id, item.seq, MAIN).await?.row.document.labels)
        };
        let one = labels(first).await?;
        for other in others {
            let two = labels(other).await?;
            let Some(differs) = differ(&project.row, (first, &one), (other, &two), found) else {
                continue;
            };
            found.add(New {
                kind: FindingKind::Conflict,
                reason: "labelled_differently",
                items: differs.to_vec(),
                class: None,
                person: None,
                why: Why::Contradiction { first: first.seq, second: other.seq },
            });
        }
        Ok(())
    }
}

/// Where two items that look alike differ. Of one size their labels are matched by the IoU of the
/// project; of two sizes, or two writings of a text, the classes are counted.
fn differ(
    project: &Project,
    (first, one): (&Seen, &[Label]),
    (second, two): (&Seen, &[Label]),
    found: &Found,
) -> Option<[FoundItem; 2]> {
    let plain = |item: &Seen| found.item(item, None, Spot::default());
    let whole = |labels: &[Label]| labels.iter().all(|label| matches!(label.shape, Shape::Class));
    if first.extent != second.extent && !(whole(one) && whole(two)) {
        return (counts(one) != counts(two)).then(|| [plain(first), plain(second)]);
    }
    // Images and texts have no keyframes, and no others are compared.
    let judged = judge(one, two, project.iou(), 0);
    let wrong = judged.mistakes.into_iter().find(|one| one.kind != MistakeKind::Imprecise)?;
    let place = |item: &Seen, labels: &[Label], id: &Option<String>| {
        let label = labels.iter().find(|label| Some(&label.id) == id.as_ref());
        label.map_or_else(|| plain(item), |label| found.labelled(item, label))
    };
    Some([place(first, one, &wrong.gold), place(second, two, &wrong.work)])
}

fn counts(labels: &[Label]) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for label in labels {
        *counts.entry(label.class.as_str()).or_default() += 1;
    }
    counts
}
