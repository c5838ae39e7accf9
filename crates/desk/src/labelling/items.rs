//! Items: added by the intake, listed page by page. Knows where their bytes lie and not what they
//! hold. A file that the project has already is not added twice.

use std::collections::{BTreeMap, BTreeSet};

use labelling::{Extent, State};
use schemars::JsonSchema;
use serde::Serialize;
use store::{AuditEntry, MAX_CARD_PAGE, ObjectRef, Whose};

use super::again;
use super::error::LabellingError;
use super::projects::Standing;
use super::rows::{
    Item, KeptObject, MOST_ITEMS, Modality, Prints, Project, Turn, TurnKind, item_id, queue, turns,
};
use super::seen::AtItem;
use super::view::ItemRow;
use crate::people::{Caller, Entry, Kept, Operation, Outcome, People, given_for};

/// How many items one write takes, beside the project and the audit entry.
const CHUNK: usize = 200;

/// An item to be, whose bytes are objects of the agreement already.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// What its file is called.
    pub name: String,
    /// The media type of the original, by its content.
    pub media_type: String,
    /// The original's bytes.
    pub size: u64,
    /// The original's SHA-256.
    pub sha256: [u8; 32],
    /// The original as it was delivered.
    pub original: ObjectRef,
    /// What people see, where it is another than the original.
    pub display: Option<ObjectRef>,
    /// A small picture.
    pub thumbnail: Option<ObjectRef>,
    /// How large it is as displayed; of a video with the ticks of its first frame and behind its
    /// last.
    pub extent: Extent,
    /// Seconds in a tick, as numerator and denominator; for videos.
    pub timebase: Option<(u32, u32)>,
    /// How many frames; for videos.
    pub frames: Option<u64>,
    /// Higher is labelled first.
    pub priority: u8,
    /// What who labels it must be able to do.
    pub skills: BTreeSet<String>,
    /// What intake noticed, as codes.
    pub flags: BTreeSet<String>,
    /// What intake saw in it.
    pub prints: Option<Prints>,
}

/// What became of new items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Added {
    /// The numbers that the new items have in the project, by their place in the list.
    pub items: Vec<(usize, u64)>,
    /// What the project has already.
    pub duplicates: Vec<Duplicate>,
}

/// A file that the project has already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Duplicate {
    /// Its place in the list.
    pub index: usize,
    /// The item that is the same.
    pub seq: u64,
}

/// Where the bytes of an item are.
#[derive(Debug, Clone)]
pub struct ItemObjects {
    /// What its file is called.
    pub name: String,
    /// The media type of the original.
    pub media_type: String,
    /// The original.
    pub original: ObjectRef,
    /// What people see, where it is another.
    pub display: Option<ObjectRef>,
    /// A small picture.
    pub thumbnail: Option<ObjectRef>,
    /// How large it is.
    pub extent: Extent,
    /// Seconds in a tick.
    pub timebase: Option<(u32, u32)>,
    /// How many frames.
    pub frames: Option<u64>,
}

impl People {
    /// Adds items to a project, in their order; what it has already by SHA-256 is listed and not
    /// added. The entry is one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// When an item does not fit the project, or there would be too many. Chunks of items that
    /// were added before an error stay.
    pub async fn add_items(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        new: Vec<NewItem>,
    ) -> Result<Added, LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        let kept = self.own_project(entry, project).await?;
        for item in &new {
            fits(kept.row.modality, item)?;
        }
        let _turn = self.counting.lock().await;
        let mut added = Added::default();
        let mut chunk: Vec<(usize, NewItem)> = Vec::new();
        for numbered in new.into_iter().enumerate() {
            chunk.push(numbered);
            if chunk.len() == CHUNK {
                again!(self.try_add(caller, entry, project, &chunk, &mut added))?;
                chunk.clear();
            }
        }
        if !chunk.is_empty() {
            again!(self.try_add(caller, entry, project, &chunk, &mut added))?;
        }
        Ok(added)
    }

    async fn try_add(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        chunk: &[(usize, NewItem)],
        added: &mut Added,
    ) -> Result<(), LabellingError> {
        let mut kept = self.own_project(entry, project).await?;
        let mut cards = Vec::new();
        let mut done = Added::default();
        let mut here: BTreeMap<[u8; 32], u64> = BTreeMap::new();
        for (index, new) in chunk {
            let name = format!("{project}/{}", hex::encode(new.sha256));
            let there = match here.get(&new.sha256) {
                Some(seq) => Some(*seq),
                None => self.named::<Item>(&name).await?.map(|kept| kept.row.seq),
            };
            if let Some(seq) = there {
                done.duplicates.push(Duplicate { index: *index, seq });
                continue;
            }
            let seq = kept.row.items + 1;
            if seq > MOST_ITEMS {
                return Err(crate::people::PeopleError::TooMany { limit: MOST_ITEMS }.into());
            }
            kept.row.items = seq;
            *kept.row.counts.entry(State::Waiting).or_default() += 1;
            here.insert(new.sha256, seq);
            let row = item(seq, new, self.now());
            let row = Kept::new(item_id(project, seq), project, row).named(name).placed();
            cards.push(row.insert());
            done.items.push((*index, seq));
        }
        if !cards.is_empty() {
            cards.push(kept.replace());
            let count = cards.len() - 1;
            let object = format!("{project}: {count}");
            let audited =
                self.about_agreement(caller, entry, "add_items", &object, Outcome::Allowed);
            self.write(cards, vec![audited]).await?;
        }
        added.items.extend(done.items);
        added.duplicates.extend(done.duplicates);
        Ok(())
    }

    /// Items of a project by rising number, those behind `after`: all that the caller may see, or
    /// those in a state, or those that a person took. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where there is no such project.
    pub async fn items(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        filter: (Option<State>, Option<&str>),
        after: u64,
        limit: u32,
    ) -> Result<Vec<ItemRow>, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.project_row(entry, project).await?;
        let standing = Standing::of(entry, &kept.row);
        let (state, person) = filter;
        let own = !standing.lists();
        let other = person.is_some_and(|person| person != caller.person());
        if other && !standing.sees_figures() {
            return Ok(Vec::new());
        }
        if own || person.is_some() {
            let person = person.unwrap_or(caller.person());
            let veiled = person == caller.person() && !standing.sees_figures();
            return self.items_of(&kept, person, veiled, state, after, limit).await;
        }
        let after = item_id(project, after);
        let hidden = |item: &Item| {
            standing.inspector && matches!(item.state, State::Waiting | State::Annotating)
        };
        let place = state.map(|state| queue(project, state));
        let whose = place.as_deref().map_or(Whose::Owner(project), Whose::Subject);
        let (mut all, mut after) = (Vec::new(), after);
        // What an inspector does not see yet is passed over, within bounds.
        for _ in 0..50 {
            let page = self.page::<Item>(whose, Some(&after), limit).await?;
            let last = page.len() < limit as usize;
            if let Some(end) = page.last() {
                after.clone_from(&end.id);
            }
            let shown = page.into_iter().filter(|kept| !hidden(&kept.row));
            all.extend(shown.map(|kept| ItemRow::of(&kept.row, standing)));
            if last || all.len() >= limit as usize {
                break;
            }
        }
        all.truncate(limit as usize);
        Ok(all)
    }

    /// What a person took, in the order of the items.
    async fn items_of(
        &self,
        kept: &Kept<Project>,
        person: &str,
        veiled: bool,
        state: Option<State>,
        after: u64,
        limit: u32,
    ) -> Result<Vec<ItemRow>, LabellingError> {
        let (project, now) = (kept.id.as_str(), self.now());
        let shown = |turn: &Kept<Turn>| match veiled {
            true => turn.row.shown(kept, now),
            false => turn.row.state,
        };
        let mut found: Vec<Kept<Turn>> = Vec::new();
        for open in [true, false] {
            let subject = turns(project, person, open);
            let from = format!("{project}/{after:09}/~");
            let mut from = from;
            loop {
                let whose = Whose::Subject(&subject);
                let page = self.page::<Turn>(whose, Some(&from), MAX_CARD_PAGE).await?;
                let last = page.len() < MAX_CARD_PAGE as usize;
                if let Some(end) = page.last() {
                    from.clone_from(&end.id);
                }
                let fits = |turn: &Kept<Turn>| state.is_none_or(|state| shown(turn) == state);
                found.extend(page.into_iter().filter(fits));
                if last || found.len() >= limit as usize * 2 {
                    break;
                }
            }
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        let mut rows = Vec::new();
        for turn in found.into_iter().take(limit as usize) {
            let item = self.item_row(project, turn.row.seq).await?;
            rows.push(ItemRow::of_turn(&item.row, &turn.row, shown(&turn), veiled));
        }
        Ok(rows)
    }

    /// Where the bytes of an item are, for who may see it. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where the caller sees no such item.
    pub async fn item_objects(&self, at: AtItem<'_>) -> Result<ItemObjects, LabellingError> {
        given_for(at.entry, Operation::ReadWork)?;
        objects(self.see(at).await?.item.row)
    }

    /// The same for who may see an item's small picture: also of an example of the guideline,
    /// which everybody reads who reads the project.
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where it is neither seen nor an example.
    pub async fn item_picture(&self, at: AtItem<'_>) -> Result<ItemObjects, LabellingError> {
        match self.item_objects(at).await {
            Err(LabellingError::People(crate::people::PeopleError::NotFound { what })) => {
                let project = self.project_row(at.entry, at.project).await?;
                if !self.guideline_now(&project).await?.shows(at.seq) {
                    return Err(LabellingError::absent(what));
                }
                objects(self.item_row(&project.id, at.seq).await?.row)
            }
            found => found,
        }
    }

    pub(super) async fn item_row(
        &self,
        project: &str,
        seq: u64,
    ) -> Result<Kept<Item>, LabellingError> {
        let found = self.get::<Item>(&item_id(project, seq)).await?;
        found.ok_or(LabellingError::absent("item"))
    }

    /// An audit entry about something of the entry's agreement.
    pub(crate) fn about_agreement(
        &self,
        caller: &Caller,
        entry: &Entry,
        action: &str,
        object: &str,
        outcome: Outcome,
    ) -> AuditEntry {
        AuditEntry {
            agreement: Some(entry.agreement().to_string()),
            object: Some(object.to_owned()),
            ..self.entry_of(caller, action, outcome)
        }
    }
}

/// Where the bytes of an item are.
fn objects(item: Item) -> Result<ItemObjects, LabellingError> {
    let object = |kept: &Option<KeptObject>| kept.as_ref().map(KeptObject::object).transpose();
    Ok(ItemObjects {
        original: item.original.object()?,
        display: object(&item.display)?,
        thumbnail: object(&item.thumbnail)?,
        name: item.name,
        media_type: item.media_type,
        extent: item.extent,
        timebase: item.timebase,
        frames: item.frames,
    })
}

fn fits(modality: Modality, new: &NewItem) -> Result<(), LabellingError> {
    let given = match new.extent {
        Extent::Image { .. } => "image",
        Extent::Text { .. } => "text",
        Extent::Video { .. } => "video",
    };
    let fits = matches!(
        (modality, &new.extent),
        (Modality::Image, Extent::Image { .. })
            | (Modality::Text, Extent::Text { .. })
            | (Modality::Video, Extent::Video { .. })
    );
    if !fits {
        return Err(LabellingError::Modality { modality: given });
    }
    let named = !new.name.is_empty() && new.name.len() <= 1_000;
    if named { Ok(()) } else { Err(LabellingError::field("name")) }
}

fn item(seq: u64, new: &NewItem, now: units::Timestamp) -> Item {
    Item {
        seq,
        name: new.name.clone(),
        media_type: new.media_type.clone(),
        size: new.size,
        sha256: hex::encode(new.sha256),
        original: (&new.original).into(),
        display: new.display.as_ref().map(Into::into),
        thumbnail: new.thumbnail.as_ref().map(Into::into),
        extent: new.extent,
        timebase: new.timebase,
        frames: new.frames,
        state: State::Waiting,
        hold: None,
        reserved: None,
        author: None,
        reviewer: None,
        replicas: Vec::new(),
        handed_in: Vec::new(),
        declined: Vec::new(),
        gold: false,
        revision: 0,
        counts: BTreeMap::new(),
        seconds: 0,
        issues: 0,
        open_issues: 0,
        conflicts: 0,
        priority: new.priority,
        skills: new.skills.clone(),
        flags: new.flags.clone(),
        guideline: 0,
        skipped: None,
        prints: new.prints.clone(),
        changed: now,
    }
}

/// The turn of a person that works on the item's own labels, or on labels of their own.
pub(super) fn slot(turn: &Turn) -> String {
    match turn.kind {
        TurnKind::Main => super::rows::MAIN.to_owned(),
        TurnKind::Replica | TurnKind::Gold => turn.person.clone(),
    }
}

/// The project's name for errors of its rows.
impl Kept<Project> {
    pub(super) fn seed(&self) -> Result<[u8; 32], crate::people::Fault> {
        let mut seed = [0; 32];
        let unreadable =
            || crate::people::Fault::Unreadable { kind: "project", id: self.id.clone() };
        hex::decode_to_slice(&self.row.seed, &mut seed).map_err(|_| unreadable())?;
        Ok(seed)
    }
}
