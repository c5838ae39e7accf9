//! The register: cards that change under a version check, all or none, and an audit trail that
//! only grows.

use std::collections::BTreeMap;

use units::Timestamp;

use crate::errors::RegisterError;
use crate::register::{
    AUDIT_DAYS, AuditEntry, AuditFilter, Card, CardWrite, MAX_CARD_BYTES, MAX_CARD_KEY_BYTES,
    MAX_CARD_WRITES, MAX_KIND_BYTES, Register, Whose,
};

use super::{Dice, Place, outcome};

type Here = Place<dyn Register>;

fn card(id: &str) -> Card {
    Card {
        kind: "person".into(),
        id: id.into(),
        owner: "acme".into(),
        subject: None,
        name: None,
        due: None,
        version: 1,
        body: format!("{{\"name\":\"{id} 顾\"}}").into_bytes(),
    }
}

fn insert(card: &Card) -> CardWrite {
    CardWrite::Insert(card.clone())
}

fn delete(card: &Card) -> CardWrite {
    CardWrite::Delete { kind: card.kind.clone(), id: card.id.clone(), version: card.version }
}

async fn write(register: &dyn Register, cards: Vec<CardWrite>) -> Result<(), RegisterError> {
    register.write(cards, Vec::new()).await
}

async fn all(register: &dyn Register) -> Vec<Card> {
    register.cards("person", Whose::All, None, 1_000).await.unwrap()
}

fn stale(id: &str) -> String {
    outcome::<(), _>(Err(RegisterError::Stale { kind: "person".into(), id: id.into() }))
}

fn taken(id: &str) -> String {
    outcome::<(), _>(Err(RegisterError::Taken { kind: "person".into(), id: id.into() }))
}

pub(super) async fn a_card_comes_back_as_it_went_in(place: Here) {
    let register = place.open().await;
    let full = Card {
        subject: Some("lease-1".into()),
        name: Some("gu@example.com".into()),
        due: Some(Timestamp::from_micros(7)),
        body: vec![0, 255, 7],
        // An inserted card begins at 1 whatever it says.
        version: 9,
        ..card("顾 1")
    };
    write(register.as_ref(), vec![insert(&full), insert(&card("b"))]).await.unwrap();
    let kept = Card { version: 1, ..full };
    let register = place.open().await;
    assert_eq!(register.card("person", "顾 1").await.unwrap(), Some(kept.clone()));
    let named = register.card_named("person", "gu@example.com").await.unwrap();
    assert_eq!(named, Some(kept));
    assert_eq!(register.card("person", "b").await.unwrap(), Some(card("b")));
    for (kind, id) in [("person", "c"), ("Person", "b"), ("key", "b"), ("person", "")] {
        assert_eq!(register.card(kind, id).await.unwrap(), None, "{kind} {id}");
    }
    assert_eq!(register.card_named("person", "b").await.unwrap(), None);
}

pub(super) async fn a_replacement_needs_the_version_that_stands(place: Here) {
    let register = place.open().await;
    write(register.as_ref(), vec![insert(&card("a"))]).await.unwrap();
    let changed = Card { body: b"other".to_vec(), ..card("a") };
    write(register.as_ref(), vec![CardWrite::Replace(changed.clone())]).await.unwrap();
    for wrong in [1, 3, u64::MAX] {
        let late = Card { version: wrong, ..changed.clone() };
        let replaced = write(register.as_ref(), vec![CardWrite::Replace(late.clone())]).await;
        assert_eq!(outcome(replaced), stale("a"), "{wrong}");
        assert_eq!(outcome(write(register.as_ref(), vec![delete(&late)]).await), stale("a"));
    }
    let kept = Card { version: 2, ..changed };
    assert_eq!(all(register.as_ref()).await, std::slice::from_ref(&kept));
    write(register.as_ref(), vec![delete(&kept)]).await.unwrap();
    assert_eq!(outcome(write(register.as_ref(), vec![delete(&kept)]).await), stale("a"));
    assert!(all(register.as_ref()).await.is_empty());
}

pub(super) async fn an_id_and_a_name_are_one_cards(place: Here) {
    let register = place.open().await;
    let named = |id: &str, name: &str| Card { name: Some(name.into()), ..card(id) };
    let both = vec![insert(&named("a", "x")), insert(&named("b", "y")), insert(&card("c"))];
    write(register.as_ref(), both).await.unwrap();
    for wrong in [card("a"), named("d", "x")] {
        let refused = write(register.as_ref(), vec![insert(&wrong)]).await;
        assert_eq!(outcome(refused), taken(&wrong.id));
    }
    let renamed = write(register.as_ref(), vec![CardWrite::Replace(named("b", "x"))]).await;
    assert_eq!(outcome(renamed), taken("b"));
    // Another kind has names of its own, and a name that was given up is free.
    let other = Card { kind: "key".into(), ..named("a", "x") };
    let freed = vec![insert(&other), delete(&card("a")), insert(&named("d", "x"))];
    write(register.as_ref(), freed).await.unwrap();
    assert_eq!(register.card_named("person", "x").await.unwrap().unwrap().id, "d");
}

pub(super) async fn a_write_is_all_or_nothing(place: Here) {
    let register = place.open().await;
    write(register.as_ref(), vec![insert(&card("a"))]).await.unwrap();
    let audit = AuditEntry { action: "grant".into(), result: "allowed".into(), ..entry(1) };
    let batch = vec![insert(&card("b")), delete(&card("a")), insert(&card("b"))];
    assert!(register.write(batch, vec![audit.clone()]).await.is_err());
    assert_eq!(all(register.as_ref()).await, [card("a")]);
    assert!(register.audit(AuditFilter::default(), None, 9).await.unwrap().is_empty());
    // Later writes of the same batch see the earlier ones.
    let again = Card { owner: "bolt".into(), ..card("a") };
    let batch = vec![delete(&card("a")), insert(&again)];
    register.write(batch, vec![audit]).await.unwrap();
    assert_eq!(all(register.as_ref()).await, [again]);
    assert_eq!(register.audit(AuditFilter::default(), None, 9).await.unwrap().len(), 1);
}

pub(super) async fn what_is_too_large_is_refused(place: Here) {
    let register = place.open().await;
    let long = |bytes: u64| "x".repeat(usize::try_from(bytes).unwrap());
    let body = |bytes: u64| vec![1; usize::try_from(bytes).unwrap()];
    let fits = Card {
        kind: long(MAX_KIND_BYTES),
        id: long(MAX_CARD_KEY_BYTES),
        owner: long(MAX_CARD_KEY_BYTES),
        subject: Some(long(MAX_CARD_KEY_BYTES)),
        name: Some(long(MAX_CARD_KEY_BYTES)),
        body: body(MAX_CARD_BYTES),
        ..card("a")
    };
    write(register.as_ref(), vec![insert(&fits)]).await.unwrap();
    let over = long(MAX_CARD_KEY_BYTES + 1);
    for wrong in [
        Card { kind: long(MAX_KIND_BYTES + 1), ..card("b") },
        Card { body: body(MAX_CARD_BYTES + 1), ..card("b") },
        Card { owner: over.clone(), ..card("b") },
        Card { subject: Some(over.clone()), ..card("b") },
        Card { name: Some(over.clone()), ..card("b") },
        card(&over),
    ] {
        let refused = write(register.as_ref(), vec![insert(&wrong)]).await;
        assert!(matches!(refused, Err(RegisterError::TooLarge { .. })), "{refused:?}");
    }
    for wrong in [card(""), Card { name: Some(String::new()), ..card("b") }] {
        let refused = write(register.as_ref(), vec![insert(&wrong)]).await;
        assert!(matches!(refused, Err(RegisterError::Empty)), "{refused:?}");
    }
    let wrong = AuditEntry { address: Some(over), ..entry(1) };
    let refused = register.write(Vec::new(), vec![wrong]).await;
    assert!(matches!(refused, Err(RegisterError::TooLarge { .. })), "{refused:?}");
    let many = (0..=MAX_CARD_WRITES).map(|number| insert(&card(&number.to_string()))).collect();
    let refused = write(register.as_ref(), many).await;
    assert!(matches!(refused, Err(RegisterError::TooLarge { .. })), "{refused:?}");
    assert!(all(register.as_ref()).await.is_empty());
}

pub(super) async fn cards_are_found_by_owner_subject_and_due(place: Here) {
    let register = place.open().await;
    let cards: Vec<Card> = (0..9_u8)
        .map(|number| Card {
            owner: format!("o{}", number % 2),
            subject: (number % 3 == 0).then(|| "s".into()),
            due: (number % 4 == 0).then(|| Timestamp::from_micros(100 - i64::from(number))),
            ..card(&format!("c{number}"))
        })
        .collect();
    write(register.as_ref(), cards.iter().map(insert).collect()).await.unwrap();
    let ids = |cards: Vec<Card>| cards.into_iter().map(|card| card.id).collect::<Vec<_>>();
    for (whose, after, limit, wanted) in [
        (Whose::All, None, 3, vec!["c0", "c1", "c2"]),
        (Whose::All, Some("c6"), 9, vec!["c7", "c8"]),
        (Whose::Owner("o1"), None, 9, vec!["c1", "c3", "c5", "c7"]),
        (Whose::Owner("o1"), Some("c3"), 1, vec!["c5"]),
        (Whose::Owner(""), None, 9, vec![]),
        (Whose::Subject("s"), None, 9, vec!["c0", "c3", "c6"]),
        (Whose::Subject("S"), None, 9, vec![]),
    ] {
        let found = register.cards("person", whose, after, limit).await.unwrap();
        assert_eq!(ids(found), wanted, "{whose:?}");
        if after.is_none() && limit == 9 {
            let count = register.cards_count("person", whose).await.unwrap();
            assert_eq!(count, wanted.len() as u64, "{whose:?}");
        }
    }
    for (whose, by, limit, wanted) in [
        (Whose::All, 91, 9, vec![]),
        (Whose::All, 96, 9, vec!["c8", "c4"]),
        (Whose::All, 200, 2, vec!["c8", "c4"]),
        (Whose::Owner("o0"), 200, 9, vec!["c8", "c4", "c0"]),
        (Whose::Owner("o1"), 200, 9, vec![]),
        (Whose::Subject("s"), 200, 9, vec!["c0"]),
    ] {
        let by = Timestamp::from_micros(by);
        let due = register.cards_due("person", whose, by, limit).await.unwrap();
        assert_eq!(ids(due), wanted, "{whose:?}, {by:?}");
    }
    assert_eq!(register.cards_count("key", Whose::All).await.unwrap(), 0);
}

pub(super) async fn racing_writers_never_lose_a_change(place: Here) {
    let register = place.open().await;
    let start = Card { body: vec![0], ..card("a") };
    write(register.as_ref(), vec![insert(&start)]).await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let register = place.open().await;
        tasks.push(tokio::spawn(async move {
            for _ in 0..10 {
                loop {
                    let mut card = register.card("person", "a").await.unwrap().unwrap();
                    card.body[0] += 1;
                    match register.write(vec![CardWrite::Replace(card)], Vec::new()).await {
                        Err(RegisterError::Stale { .. }) => {}
                        answer => break answer.unwrap(),
                    }
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let kept = register.card("person", "a").await.unwrap().unwrap();
    assert_eq!((kept.body, kept.version), (vec![40], 41));
}

fn entry(at: i64) -> AuditEntry {
    AuditEntry { at, action: "sign_in".into(), result: "refused".into(), ..AuditEntry::default() }
}

pub(super) async fn audit_entries_come_back_the_newest_first(place: Here) {
    let register = place.open().await;
    let of = |number: i64| AuditEntry {
        organisation: Some(format!("o{}", number % 2)),
        agreement: (number % 3 == 0).then(|| "lease-1".into()),
        person: Some("p".into()),
        action: format!("a{}", number % 4),
        object: Some("顾".into()),
        address: Some("::1".into()),
        request: Some("r".into()),
        ..entry(number)
    };
    register.write(Vec::new(), (0..12).map(of).collect()).await.unwrap();
    let register = place.open().await;
    let rows = register.audit(AuditFilter::default(), None, 100).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| row.entry.at).collect::<Vec<_>>(),
        (0..12).rev().collect::<Vec<_>>()
    );
    assert_eq!(rows[0].entry, of(11));
    assert!(rows.windows(2).all(|pair| pair[0].seq > pair[1].seq));
    let filter = AuditFilter { organisation: Some("o1"), ..AuditFilter::default() };
    let mine = register.audit(filter, Some(rows[2].seq), 2).await.unwrap();
    assert_eq!(mine.iter().map(|row| row.entry.at).collect::<Vec<_>>(), [7, 5]);
    for (filter, wanted) in [
        (AuditFilter { agreement: Some("lease-1"), ..filter }, vec![9, 3]),
        (AuditFilter { action: Some("a3"), ..filter }, vec![11, 7, 3]),
        (AuditFilter { person: Some("q"), ..filter }, vec![]),
        (AuditFilter { organisation: Some("O1"), ..filter }, vec![]),
    ] {
        let found = register.audit(filter, None, 100).await.unwrap();
        assert_eq!(found.iter().map(|row| row.entry.at).collect::<Vec<_>>(), wanted);
    }
}

pub(super) async fn young_audit_entries_are_never_dropped(place: Here) {
    let register = place.open().await;
    let day = 86_400 * 1_000_000;
    register.write(Vec::new(), [1, 2, 3].map(|day_of| entry(day_of * day)).to_vec()).await.unwrap();
    let now = Timestamp::from_micros((AUDIT_DAYS + 3) * day);
    for days in [4, 5, 1_000] {
        let refused = register.audit_drop(Timestamp::from_micros(days * day), now).await;
        assert!(matches!(refused, Err(RegisterError::TooYoung { .. })), "{refused:?}");
    }
    let dropped = register.audit_drop(Timestamp::from_micros(3 * day), now).await.unwrap();
    assert_eq!(dropped, 2);
    let left = register.audit(AuditFilter::default(), None, 9).await.unwrap();
    assert_eq!(left.iter().map(|row| row.entry.at).collect::<Vec<_>>(), [3 * day]);
    // A number is not given twice.
    register.write(Vec::new(), vec![entry(4 * day)]).await.unwrap();
    let rows = register.audit(AuditFilter::default(), None, 9).await.unwrap();
    assert_eq!(rows[0].seq, left[0].seq + 1);
}

pub(super) async fn random_writes_match_a_naive_register(place: Here) {
    let register = place.open().await;
    let mut naive: BTreeMap<String, Card> = BTreeMap::new();
    let mut dice = Dice(7);
    for _ in 0..400 {
        let id = format!("c{}", dice.below(6));
        let name = (dice.below(2) == 0).then(|| format!("n{}", dice.below(4)));
        let version = naive.get(&id).map_or(1, |kept| kept.version) + u64::from(dice.below(5) == 0);
        let wish = Card { name, version, body: vec![1], ..card(&id) };
        let free = !naive
            .values()
            .any(|kept| kept.id != id && kept.name.is_some() && kept.name == wish.name);
        let stands = naive.get(&id).is_some_and(|kept| kept.version == version);
        let (change, allowed) = match dice.below(3) {
            0 => (insert(&wish), free && !naive.contains_key(&id)),
            1 => (CardWrite::Replace(wish.clone()), free && stands),
            _ => (delete(&wish), stands),
        };
        let written = write(register.as_ref(), vec![change.clone()]).await;
        assert_eq!(written.is_ok(), allowed, "{change:?} {naive:?}");
        if allowed {
            match change {
                CardWrite::Insert(card) => naive.insert(id, Card { version: 1, ..card }),
                CardWrite::Replace(card) => naive.insert(id, Card { version: version + 1, ..card }),
                CardWrite::Delete { .. } => naive.remove(&id),
            };
        }
    }
    assert_eq!(all(register.as_ref()).await, naive.into_values().collect::<Vec<_>>());
}
