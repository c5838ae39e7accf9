//! The table, walked: every role, operation and visibility, on both sides, for strangers, past
//! guests and the administrator of the platform; against what real stores answer.

use contract::terms::Side;
use desk::people::{
    Caller, NewNote, Operation, Role, Visibility, allows, needs_confirmation, shows,
};
use store::{NewAgreement, Record};
use units::Id;

use super::House;
use crate::scene::id;

/// A record that only its kind tells apart.
fn record(seq: u64, kind: &str, visibility: store::Visibility) -> Record {
    Record {
        seq,
        at: units::Timestamp::from_seconds(1),
        actor: "vendor".to_owned(),
        kind: kind.to_owned(),
        line: b"{}".to_vec(),
        leaf: [7; 32],
        visibility,
        source: None,
    }
}

/// Two parties with a person for each role, strangers, and one agreement with something for
/// everybody's eyes.
struct Walk {
    house: House,
    host: Caller,
    agreement: Id,
    sides: Vec<(Side, Vec<(Role, Caller)>)>,
    strangers: Vec<(&'static str, Caller)>,
}

async fn staff(house: &House, founder: &Caller, of: &str) -> Vec<(Role, Caller)> {
    let mut all = Vec::new();
    for role in Role::ALL {
        let name = format!("{of}-{role}");
        all.push((role, house.member(founder, &name, &[role]).await));
    }
    all
}

async fn walk() -> Walk {
    let (house, host) = House::hosted().await;
    let acme = house.organisation(&host, "acme").await;
    let bolt = house.organisation(&host, "bolt").await;
    let cargo = house.organisation(&host, "cargo").await;
    let agreement = id("table-1");
    let (operator, created) = (house.desk.scope(), house.now());
    let row = NewAgreement {
        id: agreement.clone(),
        kind: "lease".to_owned(),
        title: "租赁".to_owned(),
        created,
    };
    house.desk.store.create_agreement(&operator, &row).await.expect("a new one");
    let records = vec![
        record(0, "shared", store::Visibility::Shared),
        record(1, "customer", store::Visibility::Only(store::Party::Customer)),
        record(2, "vendor", store::Visibility::Only(store::Party::Vendor)),
    ];
    house.desk.store.append(&operator, &agreement, 0, records).await.expect("appends");
    for (side, founder) in [(Side::Customer, &acme), (Side::Vendor, &bolt)] {
        let own = founder.organisation().expect("a founder has one");
        house.people.seat(&agreement, side, own).await.expect("a free seat");
        let entry = house.people.enter(founder, &agreement, Operation::Note).await;
        let entry = entry.expect("a founder may write");
        for (visibility, text) in [
            (Visibility::Shared, format!("shared by {}", side.code())),
            (Visibility::Mine, format!("only {}", side.code())),
        ] {
            let new = NewNote { text, visibility, entry: None };
            house.people.write_note(founder, &entry, &new).await.expect("writes");
        }
    }
    let sides = vec![
        (Side::Customer, staff(&house, &acme, "acme").await),
        (Side::Vendor, staff(&house, &bolt, "bolt").await),
    ];
    let until = Some(house.now().plus_seconds(60));
    let auditor = [Role::Auditor];
    let guest = house.guest(&acme, &agreement, "past-guest", &auditor, until).await;
    assert_eq!(house.enters(&guest, &agreement, Operation::ReadPosition).await, "ok");
    house.pass(60);
    let strangers = vec![("stranger", cargo), ("past guest", guest)];
    Walk { house, host, agreement, sides, strangers }
}

/// What a door answers to a confirmed session.
fn wanted(role: Role, operation: Operation) -> &'static str {
    if allows(role, operation) { "ok" } else { "forbidden" }
}

async fn check_reads(walk: &Walk, side: Side, role: Role, caller: &Caller) {
    let (house, people) = (&walk.house, &walk.house.people);
    if let Ok(entry) = people.enter(caller, &walk.agreement, Operation::ReadJournal).await {
        assert_eq!((entry.agreement(), entry.side()), (&walk.agreement, side));
        let desk = people.desk(&entry);
        let read = desk.store.read(&desk.scope(), &walk.agreement, 0, 10).await;
        let kinds: Vec<String> = read.expect("reads").into_iter().map(|one| one.kind).collect();
        assert_eq!(kinds, ["shared", side.code()], "{role} reads the journal");
        for foreign in ["host-acme", "host-bolt", "host-cargo", "nowhere"] {
            let foreign = desk.open_book(&id(foreign)).await;
            assert!(foreign.is_err(), "{role} opens a foreign journal");
        }
        assert!(house.desk.open_book(&id("host-cargo")).await.is_ok(), "it is there");
    }
    if let Ok(entry) = people.enter(caller, &walk.agreement, Operation::ReadNotes).await {
        for asked in [None, Some(Visibility::Shared), Some(Visibility::Mine)] {
            let notes = people.notes(&entry, asked, None, 100).await.expect("reads");
            let texts: Vec<String> = notes.into_iter().map(|note| note.text).collect();
            let mut expected = Vec::new();
            for (visibility, texts) in [
                (Visibility::Shared, ["shared by customer", "shared by vendor"].as_slice()),
                (Visibility::Mine, [["only customer", "only vendor"][side as usize]].as_slice()),
            ] {
                if asked.is_none_or(|asked| asked == visibility) && shows(role, visibility) {
                    expected.extend(texts.iter().map(|text| (*text).to_owned()));
                }
            }
            let mut sorted = texts.clone();
            sorted.sort();
            expected.sort();
            assert_eq!(sorted, expected, "{role} of {side:?} reads notes {asked:?}");
        }
        let theirs = people.notes(&entry, Some(Visibility::Theirs), None, 100).await;
        assert!(theirs.expect("reads").is_empty(), "{role}: nobody sees the other side's");
    }
}

#[tokio::test]
async fn the_doors_open_as_the_table_says_and_nothing_else_is_there() {
    let walk = walk().await;
    let (house, agreement) = (&walk.house, &walk.agreement);
    let mut open = 0;
    for (side, staff) in &walk.sides {
        for (role, caller) in staff {
            for operation in Operation::ALL {
                let answer = house.enters(caller, agreement, operation).await;
                assert_eq!(answer, wanted(*role, operation), "{role} {}", operation.code());
                let at_home = super::ended(&house.people.allow(caller, operation).await);
                assert_eq!(at_home, wanted(*role, operation), "{role} {}", operation.code());
                open += u32::from(answer == "ok");
                for foreign in ["host-acme", "nowhere"] {
                    let own = foreign == "host-acme" && *side == Side::Customer;
                    let answer = house.enters(caller, &id(foreign), operation).await;
                    let expected = if own { wanted(*role, operation) } else { "not_found" };
                    assert_eq!(answer, expected, "{role} {} {foreign}", operation.code());
                }
            }
            check_reads(&walk, *side, *role, caller).await;
        }
    }
    assert!(open > 150, "{open} doors are open");
    for (who, caller) in walk.strangers.iter().chain([&("administrator", walk.host.clone())]) {
        for operation in Operation::ALL {
            let answer = house.enters(caller, agreement, operation).await;
            assert_eq!(answer, "not_found", "{who} {}", operation.code());
        }
        let seen = house.people.agreements(caller).await.expect("lists");
        assert!(seen.iter().all(|access| access.agreement != *agreement), "{who}");
    }
    // The administrator sees figures, which nobody else does.
    assert_eq!(
        super::ended(&house.people.allow(&walk.host, Operation::PlatformHealth).await),
        "ok"
    );
    let totals = house.people.totals(&walk.host).await.expect("figures");
    assert_eq!((totals.organisations, totals.agreements), (4, 4));
}

#[tokio::test]
async fn a_session_that_was_not_confirmed_is_asked_to_be() {
    let (house, host) = House::hosted().await;
    let agreement = id("host-acme");
    let acme = house.organisation(&host, "acme").await;
    house.pass(desk::people::CONFIRMED_SECONDS - 1);
    assert_eq!(house.enters(&acme, &agreement, Operation::Sign).await, "ok");
    house.pass(1);
    for operation in Operation::ALL {
        let allowed = Role::FOUNDER.iter().any(|role| allows(*role, operation));
        let wanted = match (allowed, needs_confirmation(operation)) {
            (false, _) => "forbidden",
            (true, true) => "confirm_needed",
            (true, false) => "ok",
        };
        assert_eq!(house.enters(&acme, &agreement, operation).await, wanted, "{operation:?}");
    }
}

#[test]
fn the_table_has_a_row_for_every_operation_and_a_column_for_every_role() {
    for role in Role::ALL {
        assert!(allows(role, Operation::ReadPosition), "{role} sees where it is");
        assert!(!allows(role, Operation::PlatformHealth), "{role}");
        assert!(shows(role, Visibility::Shared) && !shows(role, Visibility::Theirs), "{role}");
    }
    for operation in Operation::ALL {
        let anybody = Role::ALL.iter().any(|role| allows(*role, operation));
        assert_eq!(anybody, operation != Operation::PlatformHealth, "{operation:?}");
        let reads = operation.code().starts_with("read_");
        let takes = matches!(operation, Operation::Export | Operation::Checkpoint);
        assert!(reads || takes || !allows(Role::Auditor, operation), "an auditor reads");
    }
    let only = |operation, role| {
        assert!(Role::ALL.iter().all(|one| allows(*one, operation) == (*one == role)));
    };
    only(Operation::Sign, Role::Signatory);
    only(Operation::Cosign, Role::Signatory);
    only(Operation::Pay, Role::Finance);
    only(Operation::Grant, Role::Owner);
    only(Operation::ManagePeople, Role::Owner);
    only(Operation::ManageKeys, Role::Owner);
    for role in [Role::Annotator, Role::Reviewer, Role::Operator] {
        assert!(!allows(role, Operation::ReadMoney), "{role} sees no money");
    }
}
