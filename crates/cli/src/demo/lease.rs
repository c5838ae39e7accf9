//! A lease of GPU servers in mid-life: three months of jobs billed, the second bill paid late, a
//! node repaired late and another just failed, storage below its promise, and an incident whose
//! notice is overdue.
//! Clauses: lease-1.1, lease-1.2, lease-3.1.1, lease-3.1.2, lease-3.3, lease-3.4, lease-4.1,
//! lease-6.1, lease-6.2, lease-6.3, pb-03, pb-08.

use contract::Action;
use contract::event::Fact;
use contract::terms::{BreachKind, Service};
use desk::import::{Format, cloudevents};
use desk::intake::ImportOptions;
use serde_json::json;
use units::{Date, Id, Timestamp};

use super::DemoError;
use super::cast::{self, id};
use super::stage::{Scene, Stage, sha256};
use super::usage::{self, Job};

const MINUTES_OF_DAY: u32 = 1_440;
/// The node that failed in the last full month, and the one that is down now.
const FAILED: u64 = 5;
const DOWN: u64 = 7;

/// What the machines told, and until when it was imported.
struct Machines {
    jobs: Vec<Job>,
    /// When the repaired node went down and came back.
    failure: (Timestamp, Timestamp),
    down: Timestamp,
    imported: Timestamp,
    sampled: Timestamp,
    table: String,
}

/// Plays the agreement to the end of the walk.
pub(super) async fn play(stage: &Stage) -> Result<(Id, u64), DemoError> {
    let starts = stage.this_month().plus_months(-3);
    let ago = stage.today().days_since(starts) + 4;
    let mut agreement = cast::terms("lease", starts)?;
    let Service::Lease(terms) = &mut agreement.service else {
        return Err(DemoError::Terms { kind: "lease" });
    };
    terms.total = None;
    let mut scene = stage.sign(&agreement, stage.worked(ago, 9)).await?;
    hand_over(&mut scene, starts).await?;
    let mut machines = Machines::new(stage, starts);
    for month in 0..3 {
        let first = starts.plus_months(month);
        let next = first.plus_months(1);
        machines.report(&mut scene, next).await?;
        if month == 1 {
            midway(&mut scene, next).await?;
        }
        bill(&mut scene, first, next, month).await?;
    }
    let lately_from = stage.hours_ago(150).date(&stage.zone);
    machines.report(&mut scene, lately_from).await?;
    lately(&mut scene).await?;
    machines.report(&mut scene, stage.today().plus_days(2)).await?;
    now(&mut scene, &machines).await?;
    Ok(scene.entries())
}

/// Probes at hand-over reach what was promised.
async fn hand_over(scene: &mut Scene<'_>, starts: Date) -> Result<(), DemoError> {
    let stage = scene.stage;
    let begin = stage.on(starts, 600);
    let promised = [
        ("h800-nodes", "flops", 41_900_000_000_000_000_u64, 60_000_000_000_000),
        ("network", "bandwidth_bits", 402_000_000_000, 900_000_000),
        ("storage", "iops", 523_000, 2_400),
        ("storage", "latency_micros", 1_180, 40),
    ];
    let runs: Vec<u64> = (0..5).collect();
    scene.at(begin);
    probe(scene, "handover", begin, &promised, &runs).await
}

/// Five runs each of some measures; a run adds so many steps to the first value.
async fn probe(
    scene: &mut Scene<'_>,
    name: &str,
    at: Timestamp,
    measures: &[(&str, &str, u64, u64)],
    runs: &[u64],
) -> Result<(), DemoError> {
    let mut file = String::new();
    for (resource, metric, first, step) in measures {
        for (run, steps) in runs.iter().enumerate() {
            let value = (first + step * steps).to_string();
            let data = json!({ "metric": metric, "value": value, "subject": resource });
            let key = format!("{name}-{metric}-{run}");
            file.push_str(&usage::event(&key, "probe", cloudevents::RESULT, at, data));
        }
    }
    let options = ImportOptions { load_percent: 3, ..ImportOptions::default() };
    scene.import("probe", Format::CloudEvents, name, file.as_bytes(), &options).await
}

impl Machines {
    fn new(stage: &Stage, starts: Date) -> Self {
        let begin = stage.on(starts, 720);
        let down = stage.on(starts.plus_months(2).plus_days(11), 190);
        let failure = (down, down.plus_seconds(19 * 3_600 + 1_500));
        let now = stage.hours_ago(3);
        let failures = [(FAILED, failure.0, failure.1), (DOWN, now, stage.until)];
        let jobs = usage::jobs(41, begin, stage.until, &failures);
        let down = now;
        Self { jobs, failure, down, imported: begin, sampled: begin, table: String::new() }
    }

    /// The imports of every Monday, and of the first day of each month, up to a day.
    async fn report(&mut self, scene: &mut Scene<'_>, until: Date) -> Result<(), DemoError> {
        let stage = scene.stage;
        let mut day = self.imported.date(&stage.zone).plus_days(1);
        while day <= until {
            let at = stage.on(day, 480);
            if (day.weekday() == 1 || day.day() == 1) && at < stage.hours_ago(1) {
                self.import(scene, at).await?;
            }
            day = day.plus_days(1);
        }
        if stage.on(until, MINUTES_OF_DAY) > stage.until {
            self.import(scene, stage.hours_ago(1)).await?;
        }
        Ok(())
    }

    async fn import(&mut self, scene: &mut Scene<'_>, at: Timestamp) -> Result<(), DemoError> {
        let stage = scene.stage;
        // The table of the last hour is not complete yet.
        let (after, until) = (self.imported, at.plus_seconds(-3_600));
        if until <= after {
            return Ok(());
        }
        self.imported = until;
        scene.at(at);
        let zone = Some(stage.zone.clone());
        let purpose = Some("language_model_training".to_owned());
        let options = ImportOptions {
            zone,
            purpose,
            cluster: "gpu-a".to_owned(),
            ..ImportOptions::default()
        };
        let table = usage::sacct(&self.jobs, after, until, &stage.zone);
        if table.lines().count() > 1 {
            let (format, bytes) = (Format::SacctText, table.as_bytes());
            scene.import("slurm", format, "sacct", bytes, &options).await?;
            self.table = table;
        }
        let (down, up) = self.failure;
        if after < up && up <= until {
            let event = usage::node_event(FAILED, down, Some(up), "ECC errors", &stage.zone);
            let bytes = event.as_bytes();
            scene.import("slurm", Format::SlurmEvents, "event", bytes, &options).await?;
        }
        // The store is told of once a month, and at the end.
        let last = until >= stage.hours_ago(2);
        if at.date(&stage.zone).day() != 1 && !last {
            return Ok(());
        }
        let samples = storage(stage, self.sampled, until);
        self.sampled = until;
        scene.import("du", Format::CloudEvents, "storage", samples.as_bytes(), &options).await
    }
}

/// What lies in the store at five past midnight of each day: it grows, and is cleared now and then.
fn storage(stage: &Stage, after: Timestamp, until: Timestamp) -> String {
    const TERABYTE: i64 = 1_000_000_000_000;
    let mut file = String::new();
    let begin = stage.this_month().plus_months(-3);
    let mut day = after.date(&stage.zone);
    while day <= until.date(&stage.zone) {
        let at = stage.on(day, 5);
        if after < at && at <= until {
            let age = day.days_since(begin);
            let bytes = (38 + age % 31 + age / 4) * TERABYTE + age % 7 * 130_000_000_000;
            let key = format!("storage-{day}");
            let data = json!({ "bytes": bytes });
            file.push_str(&usage::event(&key, "du", cloudevents::STORAGE, at, data));
        }
        day = day.plus_days(1);
    }
    file
}

/// An upgrade, tickets, an incident told in time, a resolution waived.
async fn midway(scene: &mut Scene<'_>, next: Date) -> Result<(), DemoError> {
    let stage = scene.stage;
    let on = |days: i64, hour: u32| stage.on(next.plus_days(days), hour * 60);
    let vendor = cast::SELLER_OPERATOR;
    let ticket = |name: &str| id(name);
    let opened = Fact::TicketOpened { ticket: ticket("t-101") };
    scene.at(on(0, 9)).fact(cast::BUYER_OPERATOR, opened).await?;
    let answered = Fact::TicketAnswered { ticket: ticket("t-101") };
    scene.at(on(0, 9).plus_seconds(1_200)).fact(vendor, answered).await?;
    let waived = Action::Waive { obligation: id("resolve_ticket:t-101") };
    scene.at(on(0, 10)).act(cast::BUYER, waived).await
}

/// The bill of a month: the first is paid in time, the second late, the third not yet.
async fn bill(scene: &mut Scene<'_>, first: Date, next: Date, month: i64) -> Result<(), DemoError> {
    let stage = scene.stage;
    let name = format!("{:04}-{:02}", first.year(), first.month());
    scene.at(stage.on(next, 660)).submit(&name).await?;
    scene.at(stage.on(next.plus_days(1), 600)).approve(&name).await?;
    let number = scene.at(stage.on(next.plus_days(1), 660)).invoice(&name).await?;
    match month {
        0 => scene.at(stage.on(next.plus_days(6), 600)).pay_invoice(number).await,
        1 => {
            incident(scene, next).await?;
            scene.at(stage.on(next.plus_days(23), 600)).pay_invoice(number).await
        }
        _ => Ok(()),
    }
}

/// An incident that was told of in time, and the quarter's upgrade, announced before.
async fn incident(scene: &mut Scene<'_>, next: Date) -> Result<(), DemoError> {
    let stage = scene.stage;
    let on = |days: i64, hour: u32| stage.on(next.plus_days(days), hour * 60);
    let vendor = cast::SELLER_OPERATOR;
    let (incident, discovered) = (id("stolen-token"), on(8, 7));
    let found = Fact::BreachDiscovered { incident: incident.clone(), discovered };
    scene.at(on(8, 9)).fact(vendor, found).await?;
    scene.at(on(9, 15)).fact(vendor, Fact::BreachNotified { incident }).await?;
    let report = Fact::SecurityReportProvided {
        standard: "ISO/IEC 27001".to_owned(),
        sha256: sha256("security report"),
    };
    scene.at(on(9, 17)).fact(vendor, report).await?;
    let planned = on(19, 2);
    scene.at(on(10, 10)).fact(vendor, Fact::UpgradeAnnounced { planned }).await?;
    let upgraded = Fact::Upgraded { software: "PyTorch".to_owned(), version: "2.10.0".to_owned() };
    scene.at(on(19, 6)).fact(vendor, upgraded).await
}

/// Storage is slower than promised; the vendor reminds of a use, the customer asks for an audit.
async fn lately(scene: &mut Scene<'_>) -> Result<(), DemoError> {
    let stage = scene.stage;
    let at = stage.hours_ago(150);
    scene.at(at);
    let slow = [("storage", "iops", 471_000, 16_000)];
    probe(scene, "recheck", at, &slow, &[0, 1, 2, 3, 0]).await?;
    let asked = Fact::AuditRequested { audit: id("audit-1") };
    scene.at(stage.hours_ago(140)).fact(cast::BUYER_OPERATOR, asked).await?;
    let remind = Action::RemindBreach {
        reminder: id("rival-model"),
        breach: BreachKind::ImpermissibleUse,
        clause: id("lease-4.1.3"),
    };
    scene.at(stage.hours_ago(120)).act(cast::SELLER, remind).await?;
    let discovered = stage.hours_ago(79);
    let found = Fact::BreachDiscovered { incident: id("open-bucket"), discovered };
    scene.at(stage.hours_ago(78)).fact(cast::SELLER_OPERATOR, found).await
}

/// A node that is down since three hours, and a ticket about it.
async fn now(scene: &mut Scene<'_>, machines: &Machines) -> Result<(), DemoError> {
    let stage = scene.stage;
    let zone = Some(stage.zone.clone());
    let options = ImportOptions { zone, cluster: "gpu-a".to_owned(), ..ImportOptions::default() };
    let event = usage::node_event(DOWN, machines.down, None, "power supply", &stage.zone);
    scene.at(stage.hours_ago(1));
    let bytes = event.as_bytes();
    scene.import("slurm", Format::SlurmEvents, "event", bytes, &options).await?;
    let ticket = id("t-118");
    let opened = Fact::TicketOpened { ticket: ticket.clone() };
    scene.at(stage.until.plus_seconds(-1_500)).fact(cast::BUYER_OPERATOR, opened).await?;
    let answered = Fact::TicketAnswered { ticket };
    scene.at(stage.until.plus_seconds(-900)).fact(cast::SELLER_OPERATOR, answered).await?;
    let folder = stage.files("lease")?;
    stage.write(&folder.join("sacct.txt"), machines.table.as_bytes())
}
