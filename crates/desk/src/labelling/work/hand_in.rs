//! An item handed in or left out by who labelled it. A gold item is measured then; the last replica
//! makes the consensus; an item that is not drawn for review is accepted.

use labelling::{
    Action, ConsensusRule, Document, Guideline, Merged, Operation as LabelOperation, Replica,
    State, Stint, consensus, is_gold_due, judge,
};
use store::CardWrite;
use units::Decimal;

use super::super::again;
use super::super::error::LabellingError;
use super::super::rows::{GOLD, HANDED, Item, MAIN, Project, TurnKind, keep, slot_id};
use super::super::saves::counts;
use super::super::seen::{AtItem, Seen};
use crate::people::{Operation, People, given_for};

/// Who the history names for a consensus.
const CONSENSUS: &str = "consensus";

impl Project {
    /// The agreed IoU.
    pub(in crate::labelling) fn iou(&self) -> annotation::IouThreshold {
        let percent = i128::from(self.settings.iou_percent.clamp(1, 100));
        let iou = annotation::IouThreshold::new(units::Fraction::new(percent, 100));
        iou.expect("1 to 100 percent is a threshold")
    }

    /// How many ticks a keyframe of an item may be off: the agreed seconds, else the setting.
    pub(in crate::labelling) fn tolerance(&self, item: &Item) -> u64 {
        let agreed = self.standards.iter().find_map(|standard| standard.tolerance.as_ref());
        let agreed = agreed.and_then(|seconds| item.ticks(seconds.parse().ok()?));
        agreed.unwrap_or(self.settings.keyframe_tolerance)
    }
}

impl Item {
    /// Seconds in ticks of the item, rounded down; none where it is no video.
    pub(in crate::labelling) fn ticks(&self, seconds: Decimal) -> Option<u64> {
        let (num, den) = self.timebase?;
        let whole = seconds.mantissa().checked_mul(i128::from(den))?;
        let one = seconds.denominator().checked_mul(i128::from(num))?;
        u64::try_from(whole.checked_div(one)?).ok()
    }
}

impl People {
    /// Hands an item in. The entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// [`LabellingError::Unfinished`] where a label lacks a required attribute, and
    /// [`LabellingError::NotNow`].
    pub async fn submit_item(&self, at: AtItem<'_>) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::Work)?;
        let _turn = self.counting.lock().await;
        again!(self.try_submit(at))
    }

    async fn try_submit(&self, at: AtItem<'_>) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        let to = Self::leads(&seen, Action::Submit)?;
        let mut turn = seen.turn.clone().ok_or(LabellingError::absent("item"))?;
        let guideline = self.guideline_now(&seen.project).await?;
        let document = self.labels(at.project, at.seq, &seen.slot()).await?.row.document;
        finished(&document, &guideline)?;
        let first = turn.row.submissions == 0;
        let mut stint = Stint {
            submitted: u64::from(first),
            submitted_labels: if first { document.labels.len() as u64 } else { 0 },
            corrected: u64::from(!first),
            ..Stint::default()
        };
        turn.row.submissions += 1;
        turn.row.labels = document.labels.len() as u64;
        turn.row.changed = self.now();
        turn.row.state = to;
        turn.row.until = None;
        let mut cards = Vec::new();
        match turn.row.kind {
            TurnKind::Main => {
                cards.extend(self.handed_in(&mut seen, &document).await?);
                turn.row.state = seen.item.row.state;
            }
            TurnKind::Gold => {
                let gold = self.labels(at.project, at.seq, GOLD).await?.row.document;
                let row = &seen.project.row;
                let tolerance = row.tolerance(&seen.item.row);
                let judged = judge(&gold.labels, &document.labels, row.iou(), tolerance);
                stint.gold = judged.tally;
            }
            TurnKind::Replica => {
                cards.extend(self.replica_in(&mut seen, &document).await?);
            }
        }
        cards.push(super::turn_card(turn));
        cards.push(self.more(at.project, &seen.person, &stint).await?);
        Ok(self.write(cards, Vec::new()).await?)
    }

    /// The cards by which an item goes to review, or past it where it is not drawn.
    async fn handed_in(
        &self,
        seen: &mut Seen,
        document: &Document,
    ) -> Result<Vec<CardWrite>, LabellingError> {
        let (project, seq) = (seen.project.id.clone(), seen.item.row.seq);
        let item = &mut seen.item.row;
        item.hold = None;
        item.guideline = seen.project.row.guideline;
        item.counts = counts(document);
        item.revision = document.revision;
        let share = u32::from(seen.project.row.settings.review_percent) * 100;
        let drawn = is_gold_due(&seen.project.seed()?, &project, "review", seq, share);
        let reviewed = drawn || item.conflicts > 0;
        let to = if reviewed { State::Submitted } else { State::Accepted };
        let mut cards = self.moved(seen, to);
        if reviewed {
            let mut handed = self.labels(&project, seq, HANDED).await?;
            handed.row.document = document.clone();
            cards.push(keep(&handed));
        }
        Ok(cards)
    }

    /// The cards by which a replica is in; the last one makes the consensus.
    async fn replica_in(
        &self,
        seen: &mut Seen,
        own: &Document,
    ) -> Result<Vec<CardWrite>, LabellingError> {
        let person = seen.person.clone();
        seen.item.row.handed_in.push(person.clone());
        seen.item.row.changed = self.now();
        let wanted = seen.project.row.settings.replicas as usize;
        if seen.item.row.handed_in.len() < wanted {
            return Ok(vec![seen.item.clone().placed().replace()]);
        }
        let (mut cards, document) = self.consensus_of(seen, Some((&person, own))).await?;
        cards.extend(self.handed_in(seen, &document).await?);
        Ok(cards)
    }

    /// The cards that make the item's labels the consensus of its replicas, and the labels. `own`
    /// stands for the labels of one person, as they are in memory.
    pub(in crate::labelling) async fn consensus_of(
        &self,
        seen: &mut Seen,
        own: Option<(&str, &Document)>,
    ) -> Result<(Vec<CardWrite>, Document), LabellingError> {
        let (project, seq) = (seen.project.id.clone(), seen.item.row.seq);
        let mut documents = Vec::new();
        for person in &seen.item.row.handed_in {
            let document = match own {
                Some((who, document)) if who == person => document.clone(),
                _ => self.labels(&project, seq, person).await?.row.document,
            };
            documents.push((person.clone(), document));
        }
        let replicas: Vec<Replica<'_>> = documents
            .iter()
            .map(|(person, document)| Replica { person, labels: &document.labels })
            .collect();
        let rule = ConsensusRule {
            iou: seen.project.row.iou(),
            quorum_percent: seen.project.row.settings.quorum_percent,
        };
        let found = consensus(&replicas, rule)?;
        let mut main = self.labels(&project, seq, MAIN).await?;
        let document = &mut main.row.document;
        let revision = document.revision + 1;
        let gone: Vec<String> = document.labels.drain(..).map(|label| label.id).collect();
        let gone = gone.into_iter().map(|id| labelling::Gone { id, revision });
        document.gone.extend(gone);
        document.revision = revision;
        for voted in found.agreed {
            let mut label = voted.label;
            label.revision = revision;
            document.gone.retain(|gone| gone.id != label.id);
            document.labels.push(label);
        }
        seen.item.row.conflicts = found.conflicts.len() as u64;
        let put = document.labels.iter().cloned().map(LabelOperation::Put).collect();
        let merged = Merged {
            revision,
            others: Vec::new(),
            gone: Vec::new(),
            refused: Vec::new(),
            applied: put,
            made: 0,
            changed: 0,
            deleted: 0,
            reload: false,
        };
        let mut save = self.save_row(seen, &merged, 0, CONSENSUS);
        CONSENSUS.clone_into(&mut save.row.by);
        let slot = slot_id(&project, seq, MAIN);
        save.id = format!("{slot}/{revision:06}");
        save.owner = slot;
        Ok((vec![keep(&main), save.insert()], main.row.document))
    }

    /// Leaves an item out, with a reason. The entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`], or a reason that is none.
    pub async fn skip_item(&self, at: AtItem<'_>, reason: &str) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::Work)?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > 1_000 {
            return Err(LabellingError::field("reason"));
        }
        let _turn = self.counting.lock().await;
        again!(self.try_skip(at, reason))
    }

    async fn try_skip(&self, at: AtItem<'_>, reason: &str) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        let to = Self::leads(&seen, Action::Skip)?;
        let mut cards = Vec::new();
        if let Some(turn) = seen.apart().map(|turn| turn.row.kind) {
            if turn == TurnKind::Replica {
                // Another person gets this replica; this one does not get it again.
                let row = &mut seen.item.row;
                row.replicas.retain(|person| *person != seen.person);
                row.declined.push(seen.person.clone());
                row.flags.insert("declined".to_owned());
                cards.extend(self.moved(&mut seen, State::Waiting));
            }
        } else {
            seen.item.row.hold = None;
            seen.item.row.skipped = Some(reason.to_owned());
            cards.extend(self.moved(&mut seen, to));
        }
        let author = match &seen.turn {
            Some(_) => Some(seen.person.clone()),
            None => seen.item.row.author.clone(),
        };
        cards.extend(self.turn_to(at.project, at.seq, author.as_deref(), to).await?);
        let stint = Stint { skipped: 1, ..Stint::default() };
        cards.push(self.more(at.project, &seen.person, &stint).await?);
        Ok(self.write(cards, Vec::new()).await?)
    }
}

/// Refuses labels that lack what the guideline requires.
pub(in crate::labelling) fn finished(
    document: &Document,
    guideline: &Guideline,
) -> Result<(), LabellingError> {
    for label in &document.labels {
        let class = guideline.class(&label.class);
        let required = class.iter().flat_map(|class| &class.attributes).filter(|one| one.required);
        for attribute in required {
            if !label.attributes.contains_key(&attribute.id) {
                let (label, attribute) = (label.id.clone(), attribute.id.clone());
                return Err(LabellingError::Unfinished { label, attribute });
            }
        }
    }
    Ok(())
}
