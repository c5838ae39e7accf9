//! One item as one caller sees it: which part they take, what the mode table lets them do, on which
//! labels. Every act on an item begins here.

use labelling::{Action, Part, State, allowed};
use units::Timestamp;

use super::acceptance::Round;
use super::error::LabellingError;
use super::items::slot;
use super::projects::Standing;
use super::rows::{Item, Labels, MAIN, Project, Turn, TurnKind, slot_id};
use super::view::{ItemView, LabelView, code};
use crate::people::{Caller, Entry, Kept, Operation, People, given_for};

/// An item as somebody names it who wants to do something with it.
#[derive(Debug, Clone, Copy)]
pub struct AtItem<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// What they may do at the agreement.
    pub entry: &'a Entry,
    /// The project.
    pub project: &'a str,
    /// The item's number in it.
    pub seq: u64,
}

/// An item before a caller.
pub(super) struct Seen {
    pub(super) project: Kept<Project>,
    pub(super) standing: Standing,
    pub(super) item: Kept<Item>,
    /// What the caller has to do with it, if anything.
    pub(super) turn: Option<Kept<Turn>>,
    pub(super) person: String,
    /// The inspection in which the caller decides on the item, where it was drawn.
    pub(super) inspection: Option<Kept<Round>>,
    pub(super) now: Timestamp,
}

impl Seen {
    /// Whether the caller sees labels of their own in the place of the item's.
    pub(super) fn apart(&self) -> Option<&Kept<Turn>> {
        let turn = self.turn.as_ref().filter(|turn| turn.row.kind != TurnKind::Main)?;
        let open = matches!(turn.row.state, State::Annotating | State::Returned);
        (open || !self.standing.lists()).then_some(turn)
    }

    /// The state that the caller is shown.
    pub(super) fn state(&self) -> State {
        let shown = |turn: &Kept<Turn>| turn.row.shown(&self.project, self.now);
        self.apart().map_or(self.item.row.state, shown)
    }

    /// Whose labels they are: [`MAIN`], the caller's own, or the inspectors'.
    pub(super) fn slot(&self) -> String {
        match &self.inspection {
            Some(round) => round.row.slot(),
            None => self.apart().map_or_else(|| MAIN.to_owned(), |turn| slot(&turn.row)),
        }
    }

    fn parts(&self) -> Vec<Part> {
        let (item, standing) = (&self.item.row, self.standing);
        if self.apart().is_some() {
            return if standing.annotator { vec![Part::OwnAnnotator] } else { Vec::new() };
        }
        let own = item.author.as_ref() == Some(&self.person);
        let made = own || item.replicas.contains(&self.person);
        let reviews = item.reviewer.as_ref() == Some(&self.person);
        let all = [
            (Part::OwnAnnotator, standing.annotator && own),
            (Part::Annotator, standing.annotator && !own),
            (Part::OwnReviewer, standing.reviewer && !made && reviews),
            (Part::Reviewer, standing.reviewer && !made && !reviews),
            (Part::Manager, standing.manager),
            (Part::Inspector, standing.inspector),
            (Part::Reader, standing.reader),
        ];
        all.into_iter().filter(|(_, takes)| *takes).map(|(part, _)| part).collect()
    }

    pub(super) fn may(&self, action: Action) -> bool {
        self.stands(action) && self.allowed(action)
    }

    fn allowed(&self, action: Action) -> bool {
        let state = self.state();
        self.parts().into_iter().any(|part| allowed(state, part, action))
    }

    /// What a delivery leaves of the mode table: who inspects an item decides on it and tells
    /// nobody before, and what is with the customer stays as it was delivered.
    fn stands(&self, action: Action) -> bool {
        let row = &self.item.row;
        match action {
            Action::Inspect => self.inspection.is_some(),
            Action::Ask => self.inspection.is_none(),
            Action::Return | Action::Reopen if row.state == State::Accepted => {
                !self.project.row.is_delivered(row.seq)
            }
            _ => true,
        }
    }

    /// Refuses what the mode table does not allow.
    pub(super) fn check(&self, action: Action) -> Result<(), LabellingError> {
        let state = self.state();
        match (self.may(action), action) {
            (true, _) => Ok(()),
            (false, Action::Return | Action::Reopen) if self.allowed(action) => {
                Err(LabellingError::Delivered)
            }
            (false, _) => Err(LabellingError::NotNow { state, action }),
        }
    }

    /// Whether the caller is told who did something.
    pub(super) const fn named(&self) -> bool {
        self.standing.reviewer || self.standing.sees_figures()
    }
}

impl People {
    /// An item that the caller may see.
    pub(super) async fn see(&self, at: AtItem<'_>) -> Result<Seen, LabellingError> {
        let project = self.project_row(at.entry, at.project).await?;
        let item = self.item_row(&project.id, at.seq).await?;
        let person = at.caller.person().to_owned();
        let turn = self.get::<Turn>(&slot_id(&project.id, at.seq, &person)).await?;
        let standing = Standing::of(at.entry, &project.row);
        let drawn = standing.inspects && project.row.is_delivered(at.seq);
        let inspection = if drawn { self.inspecting(&project, at.seq).await? } else { None };
        let now = self.now();
        let seen = Seen { project, standing, item, turn, person, inspection, now };
        if seen.may(Action::View) { Ok(seen) } else { Err(LabellingError::absent("item")) }
    }

    /// An item with its labels, as the caller sees it. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where the caller sees no such item.
    pub async fn item(&self, at: AtItem<'_>) -> Result<ItemView, LabellingError> {
        given_for(at.entry, Operation::ReadWork)?;
        let seen = self.see(at).await?;
        self.item_view(&seen).await
    }

    pub(super) async fn item_view(&self, seen: &Seen) -> Result<ItemView, LabellingError> {
        let item = &seen.item.row;
        let id = slot_id(&seen.project.id, item.seq, &seen.slot());
        let labels = self.get::<Labels>(&id).await?.map(|kept| kept.row).unwrap_or_default();
        let apart = seen.apart();
        let named = seen.named() && apart.is_none();
        let held = item.hold.as_ref().filter(|hold| hold.person == seen.person);
        let until = apart.map_or(held.map(|hold| hold.until), |turn| turn.row.until);
        let mode = labelling::Action::ALL.into_iter().filter(|action| seen.may(*action));
        let document = labels.document;
        let view = ItemView {
            seq: item.seq,
            name: item.name.clone(),
            media_type: item.media_type.clone(),
            size: item.size,
            sha256: item.sha256.clone(),
            width: None,
            height: None,
            chars: None,
            timebase: item.timebase,
            from: None,
            to: None,
            frames: item.frames,
            state: code(seen.state()),
            mode: mode.map(|action| action.code().to_owned()).collect(),
            held_until: until,
            author: item.author.clone().filter(|_| named),
            reviewer: item.reviewer.clone().filter(|_| named),
            guideline: seen.project.row.guideline,
            revision: document.revision,
            labels: document.labels.iter().map(|label| LabelView::of(label, named)).collect(),
            seconds: apart.map_or(item.seconds, |turn| turn.row.seconds),
            open_issues: if apart.is_some() { 0 } else { item.open_issues },
            conflicts: if named { item.conflicts } else { 0 },
            skipped: item.skipped.clone().filter(|_| apart.is_none()),
            flags: item.flags.iter().filter(|flag| named || *flag != "declined").cloned().collect(),
        };
        Ok(view.sized(&item.extent))
    }
}
