//! Walks to many ends, month ends and holidays among them, and looks at what each walk left.

use std::collections::BTreeSet;
use std::path::Path;

use contract::obligation::ObligationStatus;
use contract::terms::Side;
use desk::people::{Origin, People};
use desk::{Desk, Listed};
use units::{Id, Timestamp};

use super::stage::Stage;
use super::{DemoError, make, walk};

/// Ends of the walk: month ends, a leap day, the days around the Spring Festival and the National
/// Day, the first and the last minute of a month, the turn of a year, a year without published
/// holidays.
const ENDS: [&str; 14] = [
    "2026-11-22T12:00:00+08:00",
    "2026-03-01T00:00:00+08:00",
    "2026-02-28T23:59:59+08:00",
    "2028-02-29T09:30:00+08:00",
    "2026-02-17T08:00:00+08:00",
    "2026-02-24T10:00:00+08:00",
    "2025-10-08T18:00:00+08:00",
    "2026-10-01T00:10:00+08:00",
    "2026-01-01T00:00:01+08:00",
    "2025-12-31T23:59:00+08:00",
    "2026-07-02T23:00:00+08:00",
    "2026-05-31T16:00:00+08:00",
    "2027-04-30T03:00:00+08:00",
    "2031-08-15T12:00:00.123456+08:00",
];

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

#[test]
fn a_walk_to_any_end_leaves_four_lives_with_something_to_do_for_both() {
    // The nightly run walks to all of them.
    let all = std::env::var_os("TALLYSTICK_ALL_ENDS").is_some();
    let ends: Vec<&str> = ENDS.iter().step_by(if all { 1 } else { 3 }).copied().collect();
    std::thread::scope(|scope| {
        for ends in ends.chunks(ends.len().div_ceil(2)) {
            scope.spawn(move || ends.iter().for_each(|end| check(end)));
        }
    });
}

/// Walks to an end and checks the promised properties.
fn check(end: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo");
    let until = at(end);
    wait(async {
        let stage = Stage::lay_down(&path, until).await.expect("a new folder");
        let walked = walk(&stage, &mut |_| {}).await;
        walked.unwrap_or_else(|error| panic!("{end}: {error:?}"));
        stage.desk.store.close().await;
        let desk = Desk::open(&path, Some(until)).await.expect("a rehearsal");
        let listed = desk.list().await.expect("whole journals");
        assert_eq!(listed.len(), 4, "{end}");
        for row in &listed {
            in_mid_life(row, end);
            sound(&desk, &row.row.id, folder.path(), until).await;
        }
        statuses(&listed, end);
    });
}

/// In force, with a running clock on each side.
fn in_mid_life(row: &Listed, end: &str) {
    let (id, position) = (&row.row.id, &row.position);
    assert_eq!(position.phase, "in_force", "{end} {id}");
    for side in [Side::Customer, Side::Vendor] {
        let mut owed = position.obligations.iter().filter(|view| view.debtor == side);
        let running = owed.any(|view| view.status == ObligationStatus::Pending);
        assert!(running, "{end} {id}: nothing runs for the {}", side.code());
    }
    let money = position.money.as_ref().expect("terms");
    let paid = money.paid.minor() > 0 || money.prepaid.minor() > 0;
    assert!(paid && !money.invoices.is_empty(), "{end} {id}: nothing was paid");
    assert!(!position.standards.is_empty(), "{end} {id}: nothing was measured");
}

/// All statuses appear, an invoice is overdue, a statement waits, a claim and a dispute are open.
fn statuses(listed: &[Listed], end: &str) {
    let views = listed.iter().flat_map(|row| &row.position.obligations);
    let seen: BTreeSet<ObligationStatus> = views.map(|view| view.status).collect();
    assert_eq!(seen.len(), 6, "{end}: only {seen:?}");
    let money = || listed.iter().filter_map(|row| row.position.money.as_ref());
    assert!(money().any(|money| money.overdue.minor() > 0), "{end}: nothing is overdue");
    let waits = money().any(|money| !money.awaiting_review.is_empty());
    assert!(waits, "{end}: no statement waits for review");
    assert!(listed.iter().any(|row| !row.position.claims.is_empty()), "{end}: no claim");
    assert!(listed.iter().any(|row| !row.position.disputes.is_empty()), "{end}: no dispute");
    assert!(listed.iter().any(|row| !row.position.force_majeure.is_empty()), "{end}: no flood");
}

/// Statements are what the evidence gives, nothing lies beyond the end, and the bundle is sound.
async fn sound(desk: &Desk, id: &Id, folder: &Path, until: Timestamp) {
    let book = desk.open_book(id).await.expect("a whole journal");
    assert!(book.state.last_at.is_some_and(|last| last <= until), "{until} {id}: beyond the end");
    assert!(!book.recomputed.is_empty(), "{until} {id}: no statement");
    assert!(book.recomputed.iter().all(|row| row.equal), "{until} {id}: {:?}", book.recomputed);
    let bundle = folder.join(format!("{id}.tally"));
    desk::bundle::export(desk, id, &bundle).await.expect("a bundle");
    let report = desk::verify::verify(&bundle, &desk::verify::Reader::default())
        .expect("a bundle that can be read");
    assert!(report.is_sound(), "{until} {id}: {:?}", report.findings);
}

#[test]
fn two_walks_to_one_end_write_the_same_bytes() {
    let lines = |folder: &Path| {
        let path = folder.join("demo");
        wait(async {
            let end = at("2026-06-30T20:00:00+08:00");
            let made = make(&path, end, |_| {}).await.expect("a walk");
            let desk = Desk::open(&path, Some(end)).await.expect("a rehearsal");
            let mut lines = Vec::new();
            for (id, _) in made.agreements {
                let page = desk.store.read(&desk.scope(), &id, 0, 10_000).await;
                lines.extend(page.expect("a journal").into_iter().map(|record| record.line));
            }
            lines
        })
    };
    let folders = [tempfile::tempdir(), tempfile::tempdir()].map(|folder| folder.expect("one"));
    let [one, two] = folders.each_ref().map(|folder| lines(folder.path()));
    assert!(one.len() > 1_500, "only {} entries", one.len());
    assert!(one == two, "the journals differ");
}

#[test]
fn a_folder_that_holds_something_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("mine"), "1").expect("a file");
    let made = wait(make(folder.path(), at(ENDS[0]), |_| {}));
    assert!(matches!(made, Err(DemoError::NotEmpty { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1);
}

#[test]
fn everybody_signs_in_and_sees_what_their_role_sees() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo");
    let end = at("2026-06-30T20:00:00+08:00");
    wait(async {
        let made = make(&path, end, |_| {}).await.expect("a walk");
        let people = People::of(&Desk::open(&path, Some(end)).await.expect("a rehearsal"));
        let origin = Origin::default();
        let mut roles = BTreeSet::new();
        for account in &made.accounts.all {
            let (email, role) = (&account.email, account.role.as_str());
            roles.insert(role);
            let signed = people.sign_in(email, &made.accounts.password, &origin).await;
            let token = signed.unwrap_or_else(|error| panic!("{email}: {error:?}"));
            let caller = people.caller(token.token(), &origin).await.expect("no trouble");
            let caller = caller.expect("a session");
            let seen = people.agreements(&caller).await.expect("no trouble").len();
            let expected = match role {
                "platform_administrator" => 0,
                "auditor" => 1,
                _ => 4,
            };
            assert_eq!(seen, expected, "{email}");
            assert_eq!(caller.is_platform_administrator(), expected == 0, "{email}");
        }
        assert_eq!(roles.len(), 9, "{roles:?}");
        secret(&made.accounts_file, &made.accounts.password);
    });
}

/// The file of accounts holds the password, for its owner alone.
fn secret(file: &Path, password: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(file).expect("text");
    assert!(text.contains(password) && password.len() > 20);
}
