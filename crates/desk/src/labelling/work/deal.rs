//! The next item for a person: what they hold, else gold where it is due, else what waits. A hold
//! that is over is taken back when somebody needs work, so that late saves are lost to nobody.

use std::collections::BTreeSet;

use labelling::{
    Action, Asker, Candidate, Hold, Stage, State, choose, choose_gold, hold_until, is_gold_due,
};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{CardWrite, Whose};

use super::super::again;
use super::super::error::LabellingError;
use super::super::rows::{
    Item, Project, Turn, TurnKind, Worker, item_id, keep, queue, slot_id, turns,
};
use super::super::seen::AtItem;
use super::turn_card;
use crate::people::{Caller, EnterError, Entry, Kept, Operation, People, given_for};

/// How many waiting items are read at once, and how often.
const WINDOW: u32 = 200;
const WINDOWS: usize = 10;
/// How many items of one person are looked through for one that they hold.
const OPEN: u32 = 200;
/// How many holds that are over are taken back at once.
const RELEASED: u32 = 50;

/// What somebody wants to do next.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// `annotate`, `review` or `inspect`.
    pub stage: String,
    /// Items that the caller has at hand already and does not mean.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub except: Vec<u64>,
}

impl People {
    /// Gives the caller an item and holds it for them; none where nothing is to be done. The entry
    /// is one for [`Operation::Work`].
    ///
    /// # Errors
    /// When the caller takes no part in this stage.
    pub async fn next_item(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        wanted: &Wanted,
    ) -> Result<Option<u64>, LabellingError> {
        given_for(entry, Operation::Work)?;
        if wanted.stage == "inspect" {
            let except: BTreeSet<u64> = wanted.except.iter().take(50).copied().collect();
            let _turn = self.counting.lock().await;
            return again!(self.try_inspect(caller, entry, project, &except));
        }
        let (stage, needs) = match wanted.stage.as_str() {
            "annotate" => (Stage::Annotate, Operation::Label),
            "review" => (Stage::Review, Operation::Review),
            _ => return Err(LabellingError::field("stage")),
        };
        if !entry.may(needs) {
            return Err(EnterError::Forbidden.into());
        }
        if wanted.except.len() > 50 {
            return Err(LabellingError::field("except"));
        }
        let except: BTreeSet<u64> = wanted.except.iter().copied().collect();
        let _turn = self.counting.lock().await;
        let found = match stage {
            Stage::Annotate => again!(self.try_annotate(caller, entry, project, &except))?,
            Stage::Review => again!(self.try_review(caller, entry, project, &except))?,
        };
        if found.is_some() || !again!(self.release(entry, project))? {
            return Ok(found);
        }
        match stage {
            Stage::Annotate => again!(self.try_annotate(caller, entry, project, &except)),
            Stage::Review => again!(self.try_review(caller, entry, project, &except)),
        }
    }

    async fn try_annotate(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        except: &BTreeSet<u64>,
    ) -> Result<Option<u64>, LabellingError> {
        let mut kept = self.own_project(entry, project).await?;
        let person = caller.person();
        let open = turns(project, person, true);
        let mut open = self.page::<Turn>(Whose::Subject(&open), None, OPEN).await?;
        open.retain(|turn| !except.contains(&turn.row.seq));
        open.sort_by_key(|turn| turn.row.state != State::Returned);
        if let Some(turn) = open.into_iter().next() {
            let seq = turn.row.seq;
            self.hold_again(&mut kept, turn).await?;
            return Ok(Some(seq));
        }
        let id = format!("{project}/{person}");
        let found = self.get::<Worker>(&id).await?;
        let mut worker = found.unwrap_or_else(|| Kept::new(id, project, Worker::default()));
        caller.name().clone_into(&mut worker.row.name);
        if let Some(seq) = self.gold_for(&kept, &worker, person).await? {
            worker.row.taken += 1;
            worker.row.gold.insert(seq);
            let turn = self.turn(&kept, seq, person, TurnKind::Gold);
            self.write(vec![keep(&worker), turn_card(turn)], Vec::new()).await?;
            return Ok(Some(seq));
        }
        let skills = worker.row.skills.clone();
        let asker = Asker { person, skills: skills.as_ref(), stage: Stage::Annotate };
        // What came back and is nobody's, such as a consensus, is anybody's.
        let found = match kept.row.count(State::Returned) {
            0 => None,
            _ => self.waiting(&kept, State::Returned, &asker, except).await?,
        };
        let found = match found {
            None => self.waiting(&kept, State::Waiting, &asker, except).await?,
            found => found,
        };
        let Some(item) = found else { return Ok(None) };
        let seq = item.row.seq;
        worker.row.taken += 1;
        let mut cards = self.taken(&mut kept, item, person).await?;
        cards.push(keep(&worker));
        self.write(cards, Vec::new()).await?;
        Ok(Some(seq))
    }

    fn turn(&self, project: &Kept<Project>, seq: u64, person: &str, kind: TurnKind) -> Kept<Turn> {
        let until = Some(hold_until(self.now(), project.row.settings.hold_minutes));
        let (person, state) = (person.to_owned(), State::Annotating);
        let id = slot_id(&project.id, seq, &person);
        let (seconds, submissions, labels, changed) = (0, 0, 0, self.now());
        let row = Turn { seq, person, kind, state, until, seconds, submissions, labels, changed };
        Kept::new(id, project.id.clone(), row)
    }

    /// The cards by which a person takes an item, or a replica of it.
    async fn taken(
        &self,
        project: &mut Kept<Project>,
        mut item: Kept<Item>,
        person: &str,
    ) -> Result<Vec<CardWrite>, LabellingError> {
        let back = item.row.state == State::Returned;
        let replicated = project.row.settings.replicas > 1 && !back;
        let kind = if replicated { TurnKind::Replica } else { TurnKind::Main };
        let mut turn = self.turn(project, item.row.seq, person, kind);
        if let Some(before) = self.get::<Turn>(&turn.id).await? {
            turn.version = before.version;
            turn.row.seconds = before.row.seconds;
            turn.row.submissions = before.row.submissions;
            turn.row.labels = before.row.labels;
        }
        if back {
            // Whoever corrects it hands in nothing new.
            turn.row.submissions = turn.row.submissions.max(1);
        }
        let row = &mut item.row;
        let full = if replicated {
            row.replicas.push(person.to_owned());
            row.replicas.len() >= project.row.settings.replicas as usize
        } else {
            row.author = Some(person.to_owned());
            let until = hold_until(self.now(), project.row.settings.hold_minutes);
            row.hold = Some(Hold { person: person.to_owned(), until });
            true
        };
        row.reserved = None;
        row.changed = self.now();
        let mut cards = vec![turn_card(turn)];
        if full {
            project.row.moved(row.state, State::Annotating);
            row.state = State::Annotating;
            cards.push(project.replace());
        }
        cards.push(item.placed().replace());
        Ok(cards)
    }

    /// The gold item that the person gets now; none where none is due or left.
    async fn gold_for(
        &self,
        project: &Kept<Project>,
        worker: &Kept<Worker>,
        person: &str,
    ) -> Result<Option<u64>, LabellingError> {
        let share = u32::from(project.row.settings.gold_percent) * 100;
        let (seed, nth) = (project.seed()?, worker.row.taken);
        if project.row.gold.is_empty() || !is_gold_due(&seed, &project.id, person, nth, share) {
            return Ok(None);
        }
        let fresh = project.row.gold.difference(&worker.row.gold);
        let mut fresh: Vec<u64> = fresh.copied().collect();
        // Whom gold is taken from knows it: they get another.
        for _ in 0..8 {
            let chosen = choose_gold(&seed, &project.id, person, nth, fresh.len());
            let Some(seq) = chosen.and_then(|at| fresh.get(at).copied()) else { return Ok(None) };
            let known = self.get::<Turn>(&slot_id(&project.id, seq, person)).await?.is_some();
            let item = self.item_row(&project.id, seq).await?;
            if !known && item.row.reviewer.as_deref() != Some(person) {
                return Ok(Some(seq));
            }
            fresh.retain(|other| *other != seq);
        }
        Ok(None)
    }

    /// The best of what waits in a state, looked for in the first pages of the queue.
    async fn waiting(
        &self,
        project: &Kept<Project>,
        state: State,
        asker: &Asker<'_>,
        except: &BTreeSet<u64>,
    ) -> Result<Option<Kept<Item>>, LabellingError> {
        let subject = queue(&project.id, state);
        let mut after = item_id(&project.id, 0);
        for _ in 0..WINDOWS {
            let mut page =
                self.page::<Item>(Whose::Subject(&subject), Some(&after), WINDOW).await?;
            let Some(last) = page.last() else { return Ok(None) };
            after.clone_from(&last.id);
            let full = page.len() == WINDOW as usize;
            page.retain(|item| {
                let nobodys = state != State::Returned || item.row.author.is_none();
                nobodys && !except.contains(&item.row.seq)
            });
            let taken: Vec<Vec<String>> = page
                .iter()
                .map(|item| [item.row.replicas.as_slice(), &item.row.declined].concat())
                .collect();
            let candidates: Vec<Candidate<'_>> = page
                .iter()
                .zip(&taken)
                .map(|(item, taken)| Candidate {
                    seq: item.row.seq,
                    priority: item.row.priority,
                    skills: &item.row.skills,
                    author: item.row.author.as_deref(),
                    reserved: item.row.reserved.as_deref(),
                    replicas: taken,
                    wanted: wanted(&project.row, &item.row),
                })
                .collect();
            if let Some(seq) = choose(&candidates, asker) {
                return Ok(page.into_iter().find(|item| item.row.seq == seq));
            }
            if !full {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Holds what the person has already for as long again.
    async fn hold_again(
        &self,
        project: &mut Kept<Project>,
        mut turn: Kept<Turn>,
    ) -> Result<(), LabellingError> {
        let until = hold_until(self.now(), project.row.settings.hold_minutes);
        let mut cards = Vec::new();
        if turn.row.kind == TurnKind::Main {
            let mut item = self.item_row(&project.id, turn.row.seq).await?;
            let person = turn.row.person.clone();
            item.row.hold = Some(Hold { person, until });
            if item.row.state == State::Returned {
                project.row.moved(State::Returned, State::Annotating);
                item.row.state = State::Annotating;
                cards.push(project.replace());
            }
            cards.push(item.placed().replace());
        }
        turn.row.state = State::Annotating;
        turn.row.until = Some(until);
        cards.push(turn_card(turn));
        Ok(self.write(cards, Vec::new()).await?)
    }

    async fn try_review(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        except: &BTreeSet<u64>,
    ) -> Result<Option<u64>, LabellingError> {
        let mut kept = self.own_project(entry, project).await?;
        let person = caller.person();
        let until = hold_until(self.now(), kept.row.settings.hold_minutes);
        let hold = Some(Hold { person: person.to_owned(), until });
        let subject = queue(project, State::Reviewing);
        let held = self.page::<Item>(Whose::Subject(&subject), None, OPEN).await?;
        let own = |item: &Kept<Item>| {
            let holds = item.row.hold.as_ref().is_some_and(|hold| hold.person == person);
            holds && !except.contains(&item.row.seq)
        };
        if let Some(mut item) = held.into_iter().find(own) {
            item.row.hold = hold;
            let seq = item.row.seq;
            self.write(vec![item.placed().replace()], Vec::new()).await?;
            return Ok(Some(seq));
        }
        let asker = Asker { person, skills: None, stage: Stage::Review };
        let found = self.waiting(&kept, State::Submitted, &asker, except).await?;
        let Some(mut item) = found else { return Ok(None) };
        item.row.hold = hold;
        item.row.reserved = None;
        item.row.reviewer = Some(person.to_owned());
        item.row.state = State::Reviewing;
        item.row.changed = self.now();
        kept.row.moved(State::Submitted, State::Reviewing);
        let seq = item.row.seq;
        self.write(vec![kept.replace(), item.placed().replace()], Vec::new()).await?;
        Ok(Some(seq))
    }

    /// Takes an item for review, or holds what the caller labels or reviews for as long again. The
    /// entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`] where the mode table does not let the caller.
    pub async fn hold_item(&self, at: AtItem<'_>) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::Work)?;
        let _turn = self.counting.lock().await;
        again!(self.try_hold(at))
    }

    async fn try_hold(&self, at: AtItem<'_>) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        let until = hold_until(self.now(), seen.project.row.settings.hold_minutes);
        let person = seen.person.clone();
        if seen.state() == State::Submitted && seen.may(Action::Review) {
            seen.item.row.reviewer = Some(person.clone());
            seen.item.row.hold = Some(Hold { person, until });
            let cards = self.moved(&mut seen, State::Reviewing);
            return Ok(self.write(cards, Vec::new()).await?);
        }
        seen.check(Action::Label)?;
        if seen.state() == State::Reviewing {
            seen.item.row.hold = Some(Hold { person, until });
            return Ok(self.write(vec![seen.item.placed().replace()], Vec::new()).await?);
        }
        let turn = seen.turn.ok_or(LabellingError::absent("item"))?;
        self.hold_again(&mut seen.project, turn).await
    }

    /// Takes back what was held too long in a project; says whether there was anything.
    async fn release(&self, entry: &Entry, project: &str) -> Result<bool, LabellingError> {
        let mut kept = self.own_project(entry, project).await?;
        let now = self.now();
        let mut cards = Vec::new();
        for mut item in self.due::<Item>(Whose::Owner(project), now, RELEASED).await? {
            let (back, author) = match item.row.state {
                State::Reviewing => (State::Submitted, None),
                _ if !item.row.replicas.is_empty() => (State::Returned, item.row.author.take()),
                _ => (State::Waiting, item.row.author.take()),
            };
            let seq = item.row.seq;
            kept.row.moved(item.row.state, back);
            item.row.state = back;
            item.row.hold = None;
            item.row.reviewer = None;
            cards.extend(self.turn_to(project, seq, author.as_deref(), State::Waiting).await?);
            cards.push(item.placed().replace());
        }
        let mut freed: BTreeSet<u64> = BTreeSet::new();
        for mut turn in self.due::<Turn>(Whose::Owner(project), now, RELEASED).await? {
            // Two replicas of one item are given back one after the other.
            if !freed.insert(turn.row.seq) {
                continue;
            }
            turn.row.state = State::Waiting;
            turn.row.until = None;
            if turn.row.kind == TurnKind::Replica {
                let mut item = self.item_row(project, turn.row.seq).await?;
                item.row.replicas.retain(|person| *person != turn.row.person);
                kept.row.moved(item.row.state, State::Waiting);
                item.row.state = State::Waiting;
                cards.push(item.placed().replace());
            }
            cards.push(turn_card(turn));
        }
        if cards.is_empty() {
            return Ok(false);
        }
        cards.push(kept.replace());
        self.write(cards, Vec::new()).await?;
        Ok(true)
    }
}

/// How many people may have taken an item: those who declined do not count.
fn wanted(project: &Project, item: &Item) -> u32 {
    match project.settings.replicas {
        _ if item.state == State::Returned => 1,
        0 | 1 => 1,
        replicas => replicas + u32::try_from(item.declined.len()).unwrap_or(0),
    }
}
