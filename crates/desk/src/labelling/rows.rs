//! What is kept of labelling work: projects, items, labels, turns, saves and days as rows of the
//! register. Knows no rule.

use std::collections::{BTreeMap, BTreeSet};

use contract::terms::Side;
use labelling::{Document, Extent, Guideline, Hold, Operation as LabelOperation, State, Stint};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{CardWrite, KeyId, ObjectRef};
use units::{Id, Timestamp};

use crate::people::{Fault, Kept, Row};

/// The most items of a project: their numbers have nine digits.
pub const MOST_ITEMS: u64 = 10_000_000;

/// What the items of a project are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Images.
    Image,
    /// Texts.
    Text,
    /// Videos.
    Video,
}

/// How a project is worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectSettings {
    /// How many people label each item apart from each other; 1 is no consensus.
    #[schemars(range(min = 1, max = 9))]
    pub replicas: u32,
    /// How many percent of the replicas must agree.
    #[schemars(range(min = 1, max = 100))]
    pub quorum_percent: u8,
    /// How many percent of what a person gets are gold items.
    #[schemars(range(min = 0, max = 50))]
    pub gold_percent: u8,
    /// How many minutes an item is held without a save.
    #[schemars(range(min = 1, max = 10080))]
    pub hold_minutes: u32,
    /// How many percent of the submitted items are reviewed; the others count as accepted.
    #[schemars(range(min = 0, max = 100))]
    pub review_percent: u8,
    /// From which IoU on two labels are of one thing, in percent.
    #[schemars(range(min = 1, max = 100))]
    pub iou_percent: u8,
    /// How many ticks a keyframe may be off.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub keyframe_tolerance: u64,
}

impl Default for ProjectSettings {
    fn default() -> Self {
        Self {
            replicas: 1,
            quorum_percent: 50,
            gold_percent: 0,
            hold_minutes: 30,
            review_percent: 100,
            iou_percent: 50,
            keyframe_tolerance: 0,
        }
    }
}

impl ProjectSettings {
    /// The first field that cannot be used.
    pub(super) fn wrong(&self) -> Option<&'static str> {
        let percent = |value: u8, least: u8, most: u8| (least..=most).contains(&value);
        let checks = [
            ("replicas", (1..=9).contains(&self.replicas)),
            ("quorum_percent", percent(self.quorum_percent, 1, 100)),
            ("gold_percent", percent(self.gold_percent, 0, 50)),
            ("hold_minutes", (1..=10_080).contains(&self.hold_minutes)),
            ("review_percent", percent(self.review_percent, 0, 100)),
            ("iou_percent", percent(self.iou_percent, 1, 100)),
            ("keyframe_tolerance", self.keyframe_tolerance <= 1_000_000_000),
        ];
        checks.into_iter().find(|(_, holds)| !holds).map(|(field, _)| field)
    }
}

/// A project: of an agreement and a side.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Project {
    pub(crate) agreement: Id,
    pub(crate) side: Side,
    pub(crate) name: String,
    pub(crate) modality: Modality,
    pub(crate) guideline: u32,
    pub(crate) settings: ProjectSettings,
    pub(crate) counts: BTreeMap<State, u64>,
    /// How many items were ever added, which is also the number of the last.
    pub(crate) items: u64,
    pub(crate) work_item: Option<Id>,
    pub(crate) quantity: Option<u64>,
    pub(crate) deadline: Option<Timestamp>,
    pub(crate) created: Timestamp,
    pub(crate) by: String,
    /// From which gold follows; never shown.
    pub(crate) seed: String,
    pub(crate) questions: u64,
    /// The items that are gold.
    #[serde(default)]
    pub(crate) gold: BTreeSet<u64>,
    /// The standards of the work item, when the project was made.
    #[serde(default)]
    pub(crate) standards: Vec<AgreedStandard>,
    /// The items that are with the customer or were accepted, as ranges with both ends.
    #[serde(default)]
    pub(crate) delivered: Vec<(u64, u64)>,
    /// The latest delivery, by its number, and its round.
    #[serde(default)]
    pub(crate) round: Option<(u32, u32)>,
    /// The delivery and round that are being handed over. Their items are held already; whether
    /// the journal has the round decides what becomes of them, should the process end meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) handing: Option<(u32, u32)>,
    /// What was handed in up to then has been reviewed as far as anybody can tell.
    #[serde(default)]
    pub(crate) reviewed_to: Option<Timestamp>,
}

/// A standard of quality of the agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgreedStandard {
    /// What is measured, as a code.
    pub metric: String,
    /// The IoU from which a match counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iou: Option<String>,
    /// How many seconds a keyframe may be off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<String>,
    /// The share that must be reached.
    pub threshold: String,
}

/// A version of a project's guideline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GuidelineRow {
    pub(crate) guideline: Guideline,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) name: String,
}

/// An object of an agreement, as a row names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptObject {
    pub(crate) key: String,
    pub(crate) sha256: String,
    pub(crate) size: u64,
}

/// An item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) seq: u64,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
    pub(crate) original: KeptObject,
    pub(crate) display: Option<KeptObject>,
    pub(crate) thumbnail: Option<KeptObject>,
    pub(crate) extent: Extent,
    pub(crate) timebase: Option<(u32, u32)>,
    pub(crate) frames: Option<u64>,
    pub(crate) state: State,
    pub(crate) hold: Option<Hold>,
    pub(crate) reserved: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) reviewer: Option<String>,
    /// Who has or had a replica, in order.
    #[serde(default)]
    pub(crate) replicas: Vec<String>,
    /// Of those, who handed it in.
    #[serde(default)]
    pub(crate) handed_in: Vec<String>,
    /// Who was given a replica and would not make it.
    #[serde(default)]
    pub(crate) declined: Vec<String>,
    #[serde(default)]
    pub(crate) gold: bool,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) counts: BTreeMap<String, u64>,
    pub(crate) seconds: u64,
    pub(crate) issues: u64,
    pub(crate) open_issues: u64,
    /// What consensus left to decide.
    #[serde(default)]
    pub(crate) conflicts: u64,
    pub(crate) priority: u8,
    #[serde(default)]
    pub(crate) skills: BTreeSet<String>,
    #[serde(default)]
    pub(crate) flags: BTreeSet<String>,
    /// The version by which it was handed in.
    pub(crate) guideline: u32,
    pub(crate) skipped: Option<String>,
    /// What intake saw in it; of items taken before that was kept there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) prints: Option<Prints>,
    pub(crate) changed: Timestamp,
}

/// What intake saw in an item, so that nobody reads it again to compare it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prints {
    /// The fingerprint of an image or a text; videos have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<u64>,
    /// Identifiers of persons and organisations in a text, the first [`MOST_IDENTIFIERS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<FoundIdentifier>,
}

/// The most identifiers that are kept of a text.
pub const MOST_IDENTIFIERS: usize = 50;

/// Where an identifier stands, and never what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundIdentifier {
    /// The kind, as `identifiers` names it.
    pub kind: String,
    /// `checked`, `context` or `form`.
    pub certainty: String,
    /// The first code point.
    pub start: u64,
    /// The code point behind the last.
    pub end: u64,
}

/// The labels of an item in one slot.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Labels {
    pub(crate) document: Document,
}

/// What one person has, or had, to do with one item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Turn {
    pub(crate) seq: u64,
    pub(crate) person: String,
    pub(crate) kind: TurnKind,
    /// How far the person is; of the item itself for [`TurnKind::Main`].
    pub(crate) state: State,
    pub(crate) until: Option<Timestamp>,
    pub(crate) seconds: u64,
    pub(crate) submissions: u64,
    /// How many labels the person left.
    #[serde(default)]
    pub(crate) labels: u64,
    /// When the person did something last.
    pub(crate) changed: Timestamp,
}

/// On which labels a turn works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TurnKind {
    /// Those of the item.
    Main,
    /// A replica of one's own.
    Replica,
    /// A replica of one's own that is measured against gold.
    Gold,
}

/// What the project knows of a person.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Worker {
    pub(crate) name: String,
    pub(crate) skills: Option<BTreeSet<String>>,
    /// How many items the person was given.
    pub(crate) taken: u64,
    /// The gold items that the person was given.
    pub(crate) gold: BTreeSet<u64>,
}

/// One save: the history of labels.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SaveRow {
    pub(crate) by: String,
    pub(crate) at: Timestamp,
    pub(crate) guideline: u32,
    pub(crate) revision: u64,
    pub(crate) seconds: u64,
    pub(crate) what: String,
    pub(crate) operations: Vec<LabelOperation>,
}

/// A day of a person.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Day {
    pub(crate) person: String,
    pub(crate) day: String,
    pub(crate) stint: Stint,
}

impl Row for Project {
    const KIND: &'static str = "project";
}

impl Row for GuidelineRow {
    const KIND: &'static str = "guideline";
}

impl Row for Item {
    const KIND: &'static str = "item";
}

impl Row for Labels {
    const KIND: &'static str = "labels";
}

impl Row for Turn {
    const KIND: &'static str = "turn";
}

impl Row for Worker {
    const KIND: &'static str = "worker";
}

impl Row for SaveRow {
    const KIND: &'static str = "save";
}

impl Row for Day {
    const KIND: &'static str = "work_day";
}

/// The slot of the labels that are delivered.
pub(super) const MAIN: &str = "main";
/// The slot of gold.
pub(super) const GOLD: &str = "gold";
/// The slot of what an annotator handed in, while a reviewer corrects it.
pub(super) const HANDED: &str = "handed";

pub(super) fn item_id(project: &str, seq: u64) -> String {
    format!("{project}/{seq:09}")
}

pub(super) fn slot_id(project: &str, seq: u64, slot: &str) -> String {
    format!("{project}/{seq:09}/{slot}")
}

pub(super) fn queue(project: &str, state: State) -> String {
    format!("{project}/{}", state.code())
}

/// Under which subject the turns of a person lie.
pub(super) fn turns(project: &str, person: &str, open: bool) -> String {
    format!("{project}/{person}{}", if open { "/open" } else { "" })
}

/// A row that is new or was read.
pub(super) fn keep<T: Row>(kept: &Kept<T>) -> CardWrite {
    if kept.version == 0 { kept.insert() } else { kept.replace() }
}

impl Kept<Item> {
    /// The row with the subject and the due time that its state says.
    pub(super) fn placed(mut self) -> Self {
        let project = self.owner.clone();
        self.subject = Some(queue(&project, self.row.state));
        self.due = self.row.hold.as_ref().map(|hold| hold.until);
        self
    }
}

impl Kept<Turn> {
    /// The row with the subject and the due time that its state says.
    pub(super) fn placed(mut self) -> Self {
        let open = matches!(self.row.state, State::Annotating | State::Returned);
        let project = self.owner.clone();
        self.subject = Some(turns(&project, &self.row.person, open));
        let own = self.row.kind != TurnKind::Main && open;
        self.due = self.row.until.filter(|_| own);
        self
    }
}

impl Project {
    /// Moves an item from one state to another; the counts stay exact.
    pub(super) fn moved(&mut self, from: State, to: State) {
        if from != to {
            if let Some(count) = self.counts.get_mut(&from) {
                *count = count.saturating_sub(1);
            }
            *self.counts.entry(to).or_default() += 1;
        }
    }

    /// Whether an item is with the customer, or was accepted by them.
    pub(super) fn is_delivered(&self, seq: u64) -> bool {
        self.delivered.iter().any(|(from, to)| (*from..=*to).contains(&seq))
    }

    pub(super) fn count(&self, state: State) -> u64 {
        self.counts.get(&state).copied().unwrap_or(0)
    }
}

impl From<&ObjectRef> for KeptObject {
    fn from(object: &ObjectRef) -> Self {
        Self { key: object.key_id.as_str().to_owned(), sha256: object.hex(), size: object.size }
    }
}

impl KeptObject {
    pub(crate) fn object(&self) -> Result<ObjectRef, Fault> {
        let unreadable = || Fault::Unreadable { kind: "item", id: self.sha256.clone() };
        let mut sha256 = [0; 32];
        hex::decode_to_slice(&self.sha256, &mut sha256).map_err(|_| unreadable())?;
        let key_id = KeyId::new(&self.key).map_err(|_| unreadable())?;
        Ok(ObjectRef { key_id, sha256, size: self.size })
    }
}
