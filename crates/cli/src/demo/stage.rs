//! The stage: an opened rehearsal whose clock walks forward, and the steps that every agreement
//! takes. Each step is a use case of `desk`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use contract::event::{Actor, Fact, Payment, PaymentPurpose, StatementSummary};
use contract::terms::{Agreement, Side};
use contract::{Action, Command};
use desk::import::Format;
use desk::intake::ImportOptions;
use desk::world::ManualClock;
use desk::{Book, Desk, money};
use journal::{Hash, KeyType, SignerKey};
use units::{Calendar, Date, Id, Money, Timestamp, Zone};

use super::cast::{self, Person, id};
use super::{Accounts, DemoError, NAME};

/// Between two acts that would fall on one instant.
const BREATH_SECONDS: i64 = 7 * 60;
const MINUTES_OF_HOUR: u32 = 60;

/// The opened rehearsal.
pub(super) struct Stage {
    /// The deployment.
    pub(super) desk: Desk,
    clock: Arc<ManualClock>,
    /// Where the walk ends.
    pub(super) until: Timestamp,
    /// The zone of all agreements.
    pub(super) zone: Zone,
    folder: PathBuf,
}

/// One agreement on the stage.
pub(super) struct Scene<'s> {
    pub(super) stage: &'s Stage,
    pub(super) agreement: Id,
    pub(super) book: Book,
    last: Timestamp,
}

impl Stage {
    /// Lays down the deployment and opens it.
    pub(super) async fn lay_down(folder: &Path, until: Timestamp) -> Result<Self, DemoError> {
        Desk::create(folder, NAME, true).await?;
        let clock = Arc::new(ManualClock::new(until));
        let mut desk = Desk::open(folder, Some(until)).await?;
        desk.clock = Arc::clone(&clock) as Arc<_>;
        let folder = folder.to_path_buf();
        Ok(Self { desk, clock, until, zone: Zone::shanghai(), folder })
    }

    /// Sets the clock.
    pub(super) fn set(&self, now: Timestamp) {
        self.clock.set(now);
    }

    /// The day on which the walk ends.
    pub(super) fn today(&self) -> Date {
        self.until.date(&self.zone)
    }

    /// The first day of the month that runs, or ran until yesterday: the month before it is over
    /// by at least two days, so that its statement can be there.
    pub(super) fn this_month(&self) -> Date {
        self.today().plus_days(-2).first_of_month()
    }

    /// So many minutes after the midnight that begins a day.
    pub(super) fn on(&self, day: Date, minute: u32) -> Timestamp {
        day.at_minute(minute, &self.zone)
    }

    /// An hour of a day so many days ago, or of the last working day before it: nobody acts on a
    /// holiday.
    pub(super) fn worked(&self, ago: i64, hour: u32) -> Timestamp {
        let calendar = Calendar::china();
        let mut day = self.today().plus_days(-ago);
        while !calendar.is_worked(day) {
            day = day.plus_days(-1);
        }
        self.on(day, hour * MINUTES_OF_HOUR)
    }

    /// So many hours ago.
    pub(super) fn hours_ago(&self, hours: i64) -> Timestamp {
        self.until.plus_seconds(-hours * 3_600)
    }

    /// A party's rehearsal key.
    fn key(side: Side, of: KeyType) -> SignerKey {
        SignerKey::new(key_name(side), of, &key_seed(side))
            .expect("names of keys written here are well formed")
    }

    /// Writes the parties' private keys, so that a signature can be tried out.
    pub(super) fn hand_out_keys(&self) -> Result<Vec<PathBuf>, DemoError> {
        let folder = self.files("keys")?;
        let mut paths = Vec::new();
        for side in [Side::Customer, Side::Vendor] {
            let path = folder.join(format!("{}.key", side.code()));
            desk::files::write_key(&path, key_name(side), &key_seed(side))
                .map_err(desk::DeskError::Files)?;
            paths.push(path);
        }
        Ok(paths)
    }

    /// Writes the file of accounts for the eyes of its owner alone.
    pub(super) fn keep_accounts(&self, accounts: &Accounts) -> Result<PathBuf, DemoError> {
        let path = self.folder.join("demo-accounts.txt");
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written =
            options.open(&path).and_then(|mut file| file.write_all(accounts.file().as_bytes()));
        match written {
            Ok(()) => Ok(path),
            Err(source) => Err(DemoError::Write { path, source }),
        }
    }

    /// A folder for generated files, which a reader may take and import elsewhere.
    pub(super) fn files(&self, name: &str) -> Result<PathBuf, DemoError> {
        let path = self.folder.join("demo-files").join(name);
        fs::create_dir_all(&path)
            .map_err(|source| DemoError::Write { path: path.clone(), source })?;
        Ok(path)
    }

    /// Writes a generated file.
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
        let path = path.to_path_buf();
        fs::write(&path, bytes).map_err(|source| DemoError::Write { path, source })
    }

    /// A party signs a document that was proposed.
    pub(super) async fn sign_document(
        &self,
        agreement: &Id,
        document: &Id,
        person: Person,
    ) -> Result<(), DemoError> {
        let key = Self::key(person.side, KeyType::Note);
        self.desk.sign_document(agreement, document, person.side, person.name, &key).await?;
        Ok(())
    }

    /// Lays down the terms and has both parties sign them.
    pub(super) async fn sign(
        &self,
        agreement: &Agreement,
        at: Timestamp,
    ) -> Result<Scene<'_>, DemoError> {
        self.clock.set(at);
        self.desk.draft(&cast::SELLER_LAW.actor(), agreement).await?;
        let agreement = agreement.id.clone();
        let mut last = at;
        for person in [cast::BUYER, cast::SELLER] {
            last = last.plus_seconds(3_600);
            self.clock.set(last);
            let key = Self::key(person.side, KeyType::Note);
            self.desk.sign(&agreement, person.side, person.name, &key).await?;
        }
        let book = self.desk.open_book(&agreement).await?;
        Ok(Scene { stage: self, agreement, book, last })
    }
}

const fn key_name(side: Side) -> &'static str {
    match side {
        Side::Customer => "haichuan.rehearsal",
        Side::Vendor => "qinghe.rehearsal",
    }
}

fn key_seed(side: Side) -> [u8; 32] {
    *Hash::of(format!("rehearsal {}", key_name(side)).as_bytes()).bytes()
}

/// The hash of a thing that is not at hand: a report, a model, a manifest.
pub(super) fn sha256(name: &str) -> String {
    Hash::of(name.as_bytes()).to_string()
}

impl Scene<'_> {
    /// Moves the clock on: to an instant, or a little beyond the last act, never beyond the end.
    pub(super) fn at(&mut self, at: Timestamp) -> &mut Self {
        self.last = at.max(self.last.plus_seconds(BREATH_SECONDS)).min(self.stage.until);
        self.stage.set(self.last);
        self
    }

    /// The instant of the last act.
    pub(super) const fn now(&self) -> Timestamp {
        self.last
    }

    /// Somebody takes a step.
    pub(super) async fn act(&mut self, person: Person, action: Action) -> Result<(), DemoError> {
        self.by(person.actor(), action).await
    }

    async fn by(&mut self, actor: Actor, action: Action) -> Result<(), DemoError> {
        let command = Command::new(actor, action);
        self.stage.desk.execute_on(&mut self.book, &command).await?;
        Ok(())
    }

    /// Somebody records a fact.
    pub(super) async fn fact(&mut self, person: Person, fact: Fact) -> Result<(), DemoError> {
        self.act(person, Action::Record { fact, source: None }).await
    }

    /// A generated file is imported; nothing of it may be refused.
    pub(super) async fn import(
        &mut self,
        machine: &str,
        format: Format,
        name: &str,
        bytes: &[u8],
        options: &ImportOptions,
    ) -> Result<(), DemoError> {
        let stage = self.stage;
        let actor = cast::machine(machine);
        let report =
            stage.desk.import(&self.agreement, &actor, Some(format), bytes, options).await?;
        if !report.is_clean() {
            return Err(DemoError::Import { name: format!("{name}: {:?}", report.findings) });
        }
        self.read_on().await
    }

    /// Reads what a use case appended that opens the journal by itself.
    pub(super) async fn read_on(&mut self) -> Result<(), DemoError> {
        let desk = &self.stage.desk;
        let scope = desk.scope();
        Ok(self.book.catch_up(desk.store.as_ref(), &scope, |_| {}).await?)
    }

    /// The vendor puts the statement of a period before the customer.
    pub(super) async fn submit(&mut self, period: &str) -> Result<StatementSummary, DemoError> {
        let desk = &self.stage.desk;
        desk.tick(&mut self.book).await?;
        let period = money::period(&self.book.state, period, self.book.instant(self.last))?;
        let statement = money::statement(&self.book, &period)?;
        desk.submit(&mut self.book, &cast::SELLER_FINANCE.actor(), &statement).await?;
        Ok(money::summary(&statement)?)
    }

    /// The customer approves a statement.
    pub(super) async fn approve(&mut self, period: &str) -> Result<(), DemoError> {
        let statement = id(period);
        self.act(cast::BUYER_FINANCE, Action::ApproveStatement { statement }).await
    }

    /// The vendor invoices an approved statement; its number.
    pub(super) async fn invoice(&mut self, period: &str) -> Result<u32, DemoError> {
        let actor = cast::SELLER_FINANCE.actor();
        self.stage.desk.invoice(&mut self.book, &actor, &id(period)).await?;
        Ok(self.book.state.money.invoices.last().map_or(0, |invoice| invoice.summary.number))
    }

    /// What is open of an invoice today, its late fee with it.
    pub(super) fn open(&self, number: u32) -> Result<Money, DemoError> {
        let state = &self.book.state;
        let terms = state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted);
        let terms = terms.map_err(desk::DeskError::Refused)?;
        let today = self.last.date(&self.stage.zone);
        let account = desk::account::account(state, terms, today).map_err(desk::DeskError::from)?;
        let zero = Money::zero(terms.currency);
        let row = account.invoices.iter().find(|row| row.number == number);
        let open = row.map_or(Ok(zero), |row| row.open_principal.checked_add(row.open_late_fee));
        Ok(open.map_err(desk::DeskError::from)?)
    }

    /// The customer pays.
    pub(super) async fn pay(
        &mut self,
        amount: Money,
        towards: PaymentPurpose,
    ) -> Result<(), DemoError> {
        let number = self.book.state.money.payments.len() + 1;
        let payment = id(&format!("bank-{}-{number:02}", self.agreement));
        let on = self.last.date(&self.stage.zone);
        let payment = Payment { payment, by: Side::Customer, amount, on, towards };
        self.act(cast::BUYER_FINANCE, Action::RecordPayment(payment)).await
    }

    /// The customer pays all that is open of an invoice, and both put their names under the
    /// journal as it stands.
    pub(super) async fn pay_invoice(&mut self, number: u32) -> Result<(), DemoError> {
        let open = self.open(number)?;
        if open.minor() > 0 {
            self.pay(open, PaymentPurpose::Invoice { number }).await?;
        }
        for side in [Side::Customer, Side::Vendor] {
            let key = Stage::key(side, KeyType::Cosignature);
            self.stage.desk.cosign(&self.agreement, &key).await?;
        }
        Ok(())
    }

    /// The agreement as it stands at the end, for the list of what was made.
    pub(super) fn entries(&self) -> (Id, u64) {
        (self.agreement.clone(), self.book.state.next_seq)
    }
}
