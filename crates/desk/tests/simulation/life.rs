//! One life: how time passes, who acts when, and how what they do reaches the journal.

use std::collections::VecDeque;
use std::sync::Arc;

use contract::event::{Actor, Recorded};
use contract::terms::{Agreement, Side};
use contract::{Action, Command, Refusal};
use desk::files::Settings;
use desk::world::{ManualClock, Rehearsal};
use desk::{Book, Desk, DeskError, Parts};
use journal::{KeyType, SignerKey};
use store::{Scope, Shelf, Sqlite};
use units::{Id, Timestamp};

use super::checks::Closed;
use super::memory::{Memory, NoRegister};
use super::oracle::Truth;
use super::terms::{KINDS, agreement};
use super::work::Sources;
use crate::dice::Dice;

/// The most steps of a life.
const STEPS: u32 = 180;
/// Of so many lives one is lived on a real database.
const ON_DISK: u64 = 50;
/// How many days after the last one a life goes on: bills, export, deletion.
const AFTER: i64 = 150;

/// What a number of lives came to.
#[derive(Debug, Clone, Default)]
pub(super) struct Lived {
    pub(super) steps: u64,
    pub(super) entries: u64,
    pub(super) done: u64,
    pub(super) refused: u64,
    pub(super) statements: u64,
    /// Statements whose money was compared with the oracle.
    pub(super) compared: u64,
    pub(super) invoices: u64,
    pub(super) payments: u64,
    pub(super) restarts: u64,
    /// Commands that were decided again, since another desk was faster.
    pub(super) raced: u64,
    pub(super) ended: u64,
}

pub(super) struct Life {
    pub(super) seed: u64,
    pub(super) dice: Dice,
    pub(super) desk: Desk,
    pub(super) clock: Arc<ManualClock>,
    pub(super) agreement: Agreement,
    /// The journal as this desk has it open, once there is one.
    pub(super) book: Option<Book>,
    /// The time that really is; clocks may say otherwise.
    pub(super) now: Timestamp,
    pub(super) sources: Sources,
    pub(super) truth: Truth,
    pub(super) lived: Lived,
    /// Names are given once.
    pub(super) names: u64,
    /// Entries of the journal that were read.
    pub(super) seen: u64,
    pub(super) closed: Closed,
    story: VecDeque<String>,
    folder: tempfile::TempDir,
}

impl Life {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let kind = KINDS[usize::try_from(seed % 4).unwrap()];
        let agreement = agreement(&mut dice, kind, &format!("life-{seed}"));
        let begin = agreement.term.starts.plus_days(dice.between(-20, 10));
        let now = begin.start(&agreement.zone).plus_seconds(dice.between(0, 86_399));
        let clock = Arc::new(ManualClock::new(now));
        let settings = Settings {
            format: "tallystick.deployment/1".to_owned(),
            name: "simulation".to_owned(),
            rehearsal: true,
        };
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let desk = Desk::of(Parts {
            store: Arc::new(Memory::default()),
            register: Arc::new(NoRegister),
            objects: Arc::new(Shelf::memory(1 << 30)),
            clock: Arc::<ManualClock>::clone(&clock),
            random: Arc::new(Rehearsal::new(bytes)),
            key: SignerKey::new("simulation", KeyType::Note, &bytes).unwrap(),
            settings,
        });
        Self {
            seed,
            dice,
            desk,
            clock,
            truth: Truth::of(&agreement),
            agreement,
            book: None,
            now,
            sources: Sources::default(),
            lived: Lived::default(),
            names: 0,
            seen: 0,
            closed: Closed::new(),
            story: VecDeque::new(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(super) async fn live(&mut self) {
        if self.seed.is_multiple_of(ON_DISK) {
            let path = self.folder.path().join("life.db");
            self.desk.store = Arc::new(Sqlite::open(&path).await.unwrap());
        }
        self.begin().await;
        let zone = self.agreement.zone.clone();
        let length = self.agreement.term.ends.days_since(self.agreement.term.starts) + 1;
        let pace = (length + AFTER) * 86_400 * 2 / i64::from(STEPS);
        for _ in 0..STEPS {
            // Now and then two things happen in the same instant.
            let gap = if self.dice.once_in(8) { 0 } else { self.dice.between(1, pace) };
            self.now = self.now.plus_seconds(gap);
            let ends = self.book().state.agreement.as_ref().map(|terms| terms.term.ends);
            let last = ends.unwrap_or(self.agreement.term.ends).plus_days(AFTER).end(&zone);
            if self.now > last {
                break;
            }
            self.set_clock();
            self.lived.steps += 1;
            self.step().await;
            self.check_step();
        }
        self.restart().await;
        self.check_journal().await;
        self.lived.entries = self.book().frontier.size();
        self.lived.ended = u64::from(self.book().state.ended.is_some());
        self.lived.invoices = self.book().state.money.invoices.len() as u64;
        self.lived.payments = self.book().state.money.payments.len() as u64;
    }

    /// The clock says the time, or something before or after it.
    fn set_clock(&mut self) {
        let wrong = match self.dice.range(0, 29) {
            0 => -self.dice.between(1, 200_000),
            1 => self.dice.between(1, 200_000),
            _ => 0,
        };
        self.clock.set(self.now.plus_seconds(wrong));
    }

    async fn begin(&mut self) {
        let terms = self.agreement.clone();
        self.desk.draft(&vendor(), &terms).await.unwrap();
        self.reopen().await;
        for _ in 0..3 {
            self.nonsense().await;
        }
        let mut sides = [Side::Customer, Side::Vendor];
        self.dice.shuffle(&mut sides);
        for side in sides {
            let key = SignerKey::new(side.code(), KeyType::Note, &[side as u8 + 1; 32]).unwrap();
            let signed = self.desk.sign(&terms.id, side, "somebody", &key).await;
            signed.unwrap_or_else(|error| panic!("the terms are valid: {error:?}"));
            self.reopen().await;
        }
        assert!(self.book().state.effective.is_some());
    }

    pub(super) async fn reopen(&mut self) {
        self.book = Some(self.desk.open_book(&self.agreement.id).await.unwrap());
        self.absorb().await;
    }

    async fn step(&mut self) {
        match self.dice.range(0, 99) {
            0..=44 => self.work().await,
            45..=74 => self.money().await,
            75..=84 => self.common().await,
            85..=95 => self.nonsense().await,
            96 => self.two_desks().await,
            97 => self.restart().await,
            _ => self.work().await,
        }
    }

    pub(super) fn book(&self) -> &Book {
        self.book.as_ref().expect("a life begins with a draft")
    }

    /// The instant that the next entry would have.
    pub(super) fn instant(&self) -> Timestamp {
        use desk::world::Clock as _;
        self.book().instant(self.clock.now())
    }

    pub(super) fn name(&mut self, kind: &str) -> Id {
        self.names += 1;
        Id::new(&format!("{kind}{}", self.names)).unwrap()
    }

    /// Asks for something. True when it was done; a refusal changes nothing; all else is a fault.
    pub(super) async fn ask(&mut self, actor: &Actor, action: Action) -> bool {
        let mut book = self.book.take().expect("a life begins with a draft");
        let before = self.dice.once_in(16).then(|| book.state.clone());
        let size = book.state.next_seq;
        let told = format!("{} {action:?}", self.clock_text());
        let command = Command::new(actor.clone(), action);
        let answer = self.desk.execute_on(&mut book, &command).await;
        self.book = Some(book);
        self.settle_answer(told, size, before, answer).await
    }

    /// What became of a request, whichever use case took it.
    pub(super) async fn settle_answer(
        &mut self,
        told: String,
        size: u64,
        before: Option<contract::state::State>,
        answer: Result<Vec<Recorded>, DeskError>,
    ) -> bool {
        let shown: String = told.chars().take(400).collect();
        match answer {
            Ok(recorded) => {
                self.tell(format!("{shown} -> {} entries", recorded.len()));
                self.lived.done += 1;
                self.absorb().await;
                true
            }
            Err(DeskError::Refused(refusal)) => {
                self.tell(format!("{shown} -> {refusal:?}"));
                self.lived.refused += 1;
                self.refused(size, before.as_ref(), &refusal).await;
                false
            }
            // Numbers that no entry can hold, such as an amount above 2^53, are turned down too.
            Err(DeskError::Encode(error)) => {
                self.tell(format!("{shown} -> {error:?}"));
                assert_eq!(self.book().state.next_seq, size, "{error:?} left entries");
                false
            }
            Err(error) => {
                self.tell(shown);
                panic!("neither done nor refused: {error:?}");
            }
        }
    }

    async fn refused(&self, size: u64, before: Option<&contract::state::State>, refusal: &Refusal) {
        assert_eq!(self.book().state.next_seq, size, "{refusal:?} left entries");
        if let Some(before) = before {
            assert!(*before == self.book().state, "{refusal:?} changed the state");
        }
        let row = self.desk.store.agreement(&scope(), &self.agreement.id).await.unwrap();
        assert_eq!(row.next, size, "{refusal:?} left entries in the store");
    }

    /// A second desk has the journal open as it was a while ago, and acts on it: it finds that
    /// somebody was faster, reads on and decides again. Then the first desk finds the same.
    async fn two_desks(&mut self) {
        let mut other = self.desk.open_book(&self.agreement.id).await.unwrap();
        for _ in 0..self.dice.range(1, 3) {
            self.work().await;
        }
        let size = other.state.next_seq;
        let behind = size < self.book().state.next_seq;
        let action = Action::Record {
            fact: contract::event::Fact::TicketOpened { ticket: self.name("ticket") },
            source: None,
        };
        let command = Command::new(customer(), action);
        let done = self.desk.execute_on(&mut other, &command).await;
        assert!(done.is_ok(), "{done:?}");
        self.lived.raced += u64::from(behind);
        // The first desk does not know of it yet.
        let mine = self.name("ticket");
        let fact = contract::event::Fact::TicketOpened { ticket: mine };
        assert!(self.ask(&customer(), Action::Record { fact, source: None }).await);
        other.catch_up(self.desk.store.as_ref(), &scope(), |_| {}).await.unwrap();
        same(&other, self.book());
    }

    /// Starts again from the journal alone: the same state, tree and account of statements.
    async fn restart(&mut self) {
        self.lived.restarts += 1;
        self.tell(format!("{} restart", self.clock_text()));
        let again = self.desk.open_book(&self.agreement.id).await.unwrap();
        same(&again, self.book());
        self.book = Some(again);
    }

    fn clock_text(&self) -> String {
        use desk::world::Clock as _;
        format!("step {} {}", self.lived.steps, self.clock.now())
    }

    pub(super) fn tell(&mut self, line: String) {
        self.story.push_back(line);
    }

    /// The last lines of what happened.
    pub(super) fn story(&self, lines: usize) -> String {
        let skipped = self.story.len().saturating_sub(lines);
        let shown: Vec<&str> = self.story.iter().skip(skipped).map(String::as_str).collect();
        shown.join("\n")
    }
}

/// Two readings of one journal are the same.
pub(super) fn same(left: &Book, right: &Book) {
    assert!(left.state == right.state, "two readings of one journal fold to different states");
    assert_eq!(left.frontier, right.frontier);
    assert_eq!(left.carry, right.carry);
    let equal = |book: &Book| -> Vec<(Id, bool)> {
        book.recomputed.iter().map(|row| (row.entry.clone(), row.equal)).collect()
    };
    assert_eq!(equal(left), equal(right));
}

pub(super) fn scope() -> Scope {
    Scope::operator()
}

pub(super) fn customer() -> Actor {
    Actor::Customer { name: "buyer".to_owned() }
}

pub(super) fn vendor() -> Actor {
    Actor::Vendor { name: "seller".to_owned() }
}

pub(super) fn machine() -> Actor {
    Actor::Deployment { name: "importer".to_owned() }
}

impl Lived {
    pub(super) fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.entries += other.entries;
        self.done += other.done;
        self.refused += other.refused;
        self.statements += other.statements;
        self.compared += other.compared;
        self.invoices += other.invoices;
        self.payments += other.payments;
        self.restarts += other.restarts;
        self.raced += other.raced;
        self.ended += other.ended;
    }
}
