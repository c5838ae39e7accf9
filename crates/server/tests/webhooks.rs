//! Webhooks against receivers over TCP and a store in a file, with a clock that is set.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use desk::people::Fault;
use desk::world::{ManualClock, Rehearsal};
use ed25519_dalek::{Signature, VerifyingKey};
use server::egress::{Egress, Rules};
use server::webhooks::signature::Scheme;
use server::webhooks::{Delivery, Endpoint, HookError, Hooks, Off, Seats, State, Wish};
use store::{NewAgreement, Party, Record, Scope, Sqlite, Store, Visibility};
use tempfile::TempDir;
use units::{Id, Timestamp};

use crate::receiver::{Received, Receiver, status};

/// Acme sits at both tables, Bolt at one as the vendor.
struct Table;

#[async_trait]
impl Seats for Table {
    async fn seats(&self, organisation: &str) -> Result<Vec<(Id, Scope)>, Fault> {
        let (lease, labels) = (id("lease"), id("labels"));
        Ok(match organisation {
            "acme" => vec![(lease, Party::Customer), (labels, Party::Customer)],
            "bolt" => vec![(lease, Party::Vendor)],
            _ => Vec::new(),
        }
        .into_iter()
        .map(|(agreement, party)| (agreement.clone(), Scope::party(agreement, party)))
        .collect())
    }
}

struct Scene {
    folder: TempDir,
    store: Arc<Sqlite>,
    clock: Arc<ManualClock>,
    hooks: Hooks,
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds)
}

fn hooks(store: &Arc<Sqlite>, clock: &Arc<ManualClock>, seed: u8) -> Hooks {
    let world = (clock.clone() as _, Arc::new(Rehearsal::new([seed; 32])) as _);
    let egress = Egress::new(Rules { private: true, ..Rules::default() }, &[]);
    let origin = "https://tally.acme.com".to_owned();
    Hooks::new(store.clone(), store.clone(), Arc::new(Table), world, egress, origin)
}

async fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(&path(&folder)).await.unwrap());
    for name in ["lease", "labels"] {
        let (kind, title) = ("lease".to_owned(), name.to_owned());
        let row = NewAgreement { id: id(name), kind, title, created: at(0) };
        store.create_agreement(&Scope::operator(), &row).await.unwrap();
    }
    let clock = Arc::new(ManualClock::new(at(0)));
    let hooks = hooks(&store, &clock, 1);
    Scene { folder, store, clock, hooks }
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("tally.db")
}

impl Scene {
    async fn append(&self, agreement: &str, kinds: &[(&str, Visibility)], seconds: i64) {
        let agreement = id(agreement);
        let next = self.store.agreement(&Scope::operator(), &agreement).await.unwrap().next;
        let record = |(index, (kind, visibility)): (usize, &(&str, Visibility))| Record {
            seq: next + index as u64,
            at: at(seconds),
            actor: "customer".to_owned(),
            kind: (*kind).to_owned(),
            line: b"the price is 42".to_vec(),
            leaf: [0; 32],
            visibility: *visibility,
            source: None,
        };
        let records = kinds.iter().enumerate().map(record).collect();
        self.store.append(&Scope::operator(), &agreement, next, records).await.unwrap();
    }

    async fn record(&self, agreement: &str, kind: &str, seconds: i64) {
        self.append(agreement, &[(kind, Visibility::Shared)], seconds).await;
    }

    async fn add(&self, organisation: &str, url: &str, kinds: &[&str]) -> (Endpoint, String) {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let wish = Wish { url: url.to_owned(), kinds, agreement: None, scheme: Scheme::Ed25519 };
        self.hooks.add(organisation, "ana", wish).await.unwrap()
    }

    async fn listed(&self, organisation: &str, endpoint: &Endpoint) -> Vec<Delivery> {
        self.hooks.deliveries(organisation, &endpoint.id, None, 200).await.unwrap()
    }

    async fn endpoint(&self, organisation: &str) -> Endpoint {
        self.hooks.endpoints(organisation).await.unwrap().remove(0)
    }
}

/// Verifies as the text of Standard Webhooks says: `v1a`, Ed25519 over `id.timestamp.body`.
fn verify(request: &Received, public: &str) {
    let key = STANDARD.decode(public.strip_prefix("whpk_").unwrap()).unwrap();
    let key = VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap();
    let head = format!("{}.{}.", request.header("webhook-id"), request.header("webhook-timestamp"));
    let signed = [head.as_bytes(), &request.body].concat();
    let signature = request.header("webhook-signature").strip_prefix("v1a,").unwrap();
    let signature = Signature::from_slice(&STANDARD.decode(signature).unwrap()).unwrap();
    key.verify_strict(&signed, &signature).unwrap();
    let other = [head.as_bytes(), b"{}"].concat();
    assert!(key.verify_strict(&other, &signature).is_err());
}

fn body(request: &Received) -> serde_json::Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn told(receiver: &Receiver) -> Vec<String> {
    let one = |request: &Received| {
        let body = body(request);
        format!("{} {} {}", body["agreement"].as_str().unwrap(), body["seq"], body["kind"])
    };
    let mut told: Vec<_> = receiver.received().iter().map(one).collect();
    told.sort();
    told
}

#[tokio::test]
async fn an_entry_is_told_once_signed_with_ids_and_codes_alone() {
    let (scene, receiver) = (scene().await, Receiver::willing().await);
    scene.record("lease", "drafted", 0).await;
    scene.clock.set(at(10));
    let (_, public) = scene.add("acme", &format!("{}/in", receiver.origin), &[]).await;
    scene.record("lease", "fact_recorded", 20).await;
    scene.clock.set(at(21));
    assert_eq!(scene.hooks.round().await.unwrap(), 1);
    assert_eq!(scene.hooks.round().await.unwrap(), 0);
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    let one = &received[0];
    assert_eq!(one.line, "POST /in HTTP/1.1");
    assert_eq!(one.header("content-type"), "application/json");
    assert_eq!(one.header("webhook-timestamp"), at(21).seconds().to_string());
    verify(one, &public);
    let body = body(one);
    assert_eq!(body["id"], one.header("webhook-id"));
    assert_eq!(body["type"], "tallystick.entry");
    assert_eq!((&body["agreement"], &body["seq"]), (&"lease".into(), &1.into()));
    assert_eq!(body["kind"], "fact_recorded");
    let text = String::from_utf8(one.body.clone()).unwrap();
    assert!(!text.contains("42") && text.len() < 20_000, "{text}");
}

#[tokio::test]
async fn an_endpoint_hears_what_it_asked_for_and_its_side_may_see() {
    let scene = scene().await;
    let (all, some, vendor) =
        (Receiver::willing().await, Receiver::willing().await, Receiver::willing().await);
    scene.add("acme", &all.origin, &[]).await;
    let kinds = BTreeSet::from(["invoiced".to_owned()]);
    let (agreement, url) = (Some(id("lease")), some.origin.clone());
    let wish = Wish { url, kinds, agreement, scheme: Scheme::Hmac };
    let (_, secret) = scene.hooks.add("acme", "ana", wish).await.unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    scene.add("bolt", &vendor.origin, &[]).await;
    let (customer, of_vendor) =
        (Visibility::Only(Party::Customer), Visibility::Only(Party::Vendor));
    let shared = Visibility::Shared;
    let rows =
        [("signed", shared), ("noted", customer), ("costed", of_vendor), ("invoiced", shared)];
    scene.append("lease", &rows, 5).await;
    scene.append("labels", &[("invoiced", shared), ("noted", of_vendor)], 5).await;
    scene.hooks.round().await.unwrap();
    let lease = |seq: u32, kind: &str| format!("lease {seq} \"{kind}\"");
    let labels = "labels 0 \"invoiced\"".to_owned();
    let expected = vec![labels, lease(0, "signed"), lease(1, "noted"), lease(3, "invoiced")];
    assert_eq!(told(&all), expected);
    assert_eq!(told(&some), vec![lease(3, "invoiced")]);
    let signature = some.received()[0].header("webhook-signature").to_owned();
    assert!(signature.starts_with("v1,"), "{signature}");
    let expected = vec![lease(0, "signed"), lease(2, "costed"), lease(3, "invoiced")];
    assert_eq!(told(&vendor), expected);
}

#[tokio::test]
async fn what_fails_comes_again_by_the_clock_with_the_same_id_until_it_is_given_up() {
    let receiver = Receiver::start(Box::new(|_, _| Some(status(500)))).await;
    let scene = scene().await;
    let (endpoint, public) = scene.add("acme", &receiver.origin, &[]).await;
    scene.record("lease", "signed", 1).await;
    let mut now = 1;
    for attempt in 1..=10 {
        scene.clock.set(at(now));
        assert_eq!(scene.hooks.round().await.unwrap(), 1, "attempt {attempt}");
        assert_eq!(scene.hooks.round().await.unwrap(), 0, "before its time");
        let one = scene.listed("acme", &endpoint).await.remove(0);
        assert_eq!((one.attempts, one.status), (attempt, Some(500)));
        assert_eq!(one.last_error.as_deref(), Some("status_500"));
        let state = if attempt < 10 { State::Failed } else { State::Dead };
        assert_eq!(one.state, state);
        now = one.due.unwrap().seconds() - at(0).seconds();
    }
    let received = receiver.received();
    assert_eq!(received.len(), 10);
    received.iter().for_each(|one| verify(one, &public));
    let ids: BTreeSet<_> = received.iter().map(|one| one.header("webhook-id")).collect();
    let times: BTreeSet<_> = received.iter().map(|one| one.header("webhook-timestamp")).collect();
    assert_eq!((ids.len(), times.len()), (1, 10));
    // When it is given up, it is forgotten after a month, and not sent again.
    scene.clock.set(at(now - 1));
    assert_eq!(scene.hooks.round().await.unwrap(), 0);
    assert_eq!(scene.listed("acme", &endpoint).await.len(), 1);
    scene.clock.set(at(now));
    scene.hooks.round().await.unwrap();
    assert_eq!(scene.listed("acme", &endpoint).await.len(), 0);
    assert_eq!(receiver.received().len(), 10);
}

#[tokio::test]
async fn a_message_or_all_that_failed_are_sent_again_when_a_person_asks() {
    let receiver =
        Receiver::start(Box::new(|index, _| Some(status(if index < 1 { 400 } else { 200 })))).await;
    let scene = scene().await;
    let (endpoint, _) = scene.add("acme", &receiver.origin, &[]).await;
    for kind in ["a", "b", "c"] {
        scene.record("lease", kind, 1).await;
    }
    scene.clock.set(at(1));
    assert_eq!(scene.hooks.round().await.unwrap(), 1, "the others wait after a failure");
    assert_eq!(scene.hooks.replay_all("acme", &endpoint.id).await.unwrap(), 1);
    assert_eq!(scene.hooks.round().await.unwrap(), 1);
    scene.clock.set(at(40));
    assert_eq!(scene.hooks.round().await.unwrap(), 2);
    let all = scene.listed("acme", &endpoint).await;
    assert!(all.iter().all(|one| one.state == State::Delivered), "{all:?}");
    let seqs: Vec<_> = all.iter().map(|one| one.seq.unwrap()).collect();
    assert_eq!(seqs, [2, 1, 0], "the newest first");
    scene.hooks.replay("acme", &endpoint.id, &all[0].id).await.unwrap();
    assert_eq!(scene.hooks.round().await.unwrap(), 1);
    let received = receiver.received();
    let ids: Vec<_> = received.iter().map(|one| one.header("webhook-id")).collect();
    let seqs: Vec<_> = received.iter().map(|one| body(one)["seq"].clone()).collect();
    assert_eq!(seqs, [0, 0, 1, 2, 2]);
    assert_eq!((ids[0], ids[3]), (ids[1], ids[4]));
    let foreign = scene.hooks.replay("bolt", &endpoint.id, &all[0].id).await;
    assert!(matches!(foreign, Err(HookError::NotFound)));
}

#[tokio::test]
async fn gone_switches_off_and_switched_on_again_it_hears_what_it_missed() {
    let answer = |index: usize, _: &Received| Some(status(if index == 0 { 410 } else { 200 }));
    let (scene, receiver) = (scene().await, Receiver::start(Box::new(answer)).await);
    let (endpoint, _) = scene.add("acme", &receiver.origin, &[]).await;
    scene.record("lease", "a", 1).await;
    scene.hooks.round().await.unwrap();
    assert_eq!(scene.endpoint("acme").await.off, Some(Off::Gone));
    scene.record("lease", "b", 2).await;
    assert_eq!(scene.hooks.round().await.unwrap(), 0);
    assert_eq!(scene.listed("acme", &endpoint).await.len(), 1);
    scene.hooks.switch("acme", &endpoint.id, true).await.unwrap();
    assert_eq!(scene.hooks.round().await.unwrap(), 1);
    assert_eq!(told(&receiver), ["lease 0 \"a\"", "lease 1 \"b\""]);
}

#[tokio::test]
async fn days_of_failure_switch_an_endpoint_off_and_its_other_messages_end() {
    let receiver = Receiver::start(Box::new(|_, _| Some(status(503)))).await;
    let scene = scene().await;
    let (endpoint, _) = scene.add("acme", &receiver.origin, &[]).await;
    scene.record("lease", "a", 1).await;
    for (day, off) in [(0, None), (2, None), (4, None), (5, Some(Off::Failing))] {
        scene.clock.set(at(1 + day * 86_400));
        scene.record("lease", "b", 1 + day * 86_400).await;
        scene.hooks.round().await.unwrap();
        assert_eq!(scene.endpoint("acme").await.off, off, "after {day} days");
    }
    let before = receiver.received().len();
    scene.clock.set(at(8 * 86_400));
    assert_eq!(scene.hooks.round().await.unwrap(), 0);
    assert_eq!(receiver.received().len(), before);
    let all = scene.listed("acme", &endpoint).await;
    assert!(all.iter().all(|one| one.state == State::Dead), "{all:?}");
}

#[tokio::test]
async fn a_kill_at_any_point_loses_nothing_and_repeats_the_id() {
    let answer = |index: usize, _: &Received| (index > 0).then(|| status(200));
    let (scene, receiver) = (scene().await, Receiver::start(Box::new(answer)).await);
    scene.add("acme", &receiver.origin, &[]).await;
    for kind in ["a", "b"] {
        scene.record("lease", kind, 1).await;
    }
    scene.clock.set(at(2));
    assert_eq!(scene.hooks.tell().await.unwrap(), 2);
    let Scene { folder, store, clock, hooks: killed } = scene;
    {
        // The receiver has the message, and we never learn that it has.
        let sending = killed.deliver();
        tokio::select! {
            _ = sending => panic!("the receiver does not answer"),
            () = receiver.arrived.notified() => {}
        }
    }
    drop(killed);
    store.close().await;
    let store = Arc::new(Sqlite::open(&path(&folder)).await.unwrap());
    let again = hooks(&store, &clock, 2);
    assert_eq!(again.tell().await.unwrap(), 0, "what was told is not told again");
    assert_eq!(again.deliver().await.unwrap(), 2);
    let received = receiver.received();
    let ids: Vec<_> = received.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!(ids.len(), 3);
    assert!(ids[1..].contains(&ids[0]) && ids[1] != ids[2], "{ids:?}");
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_holds_up_nobody_else() {
    let broken = Receiver::start(Box::new(|_, _| Some(status(500)))).await;
    let (scene, willing) = (scene().await, Receiver::willing().await);
    scene.add("acme", &broken.origin, &[]).await;
    scene.add("bolt", &willing.origin, &[]).await;
    for _ in 0..20 {
        scene.record("lease", "a", 1).await;
    }
    assert_eq!(scene.hooks.round().await.unwrap(), 21);
    assert_eq!((broken.received().len(), willing.received().len()), (1, 20));
}

#[tokio::test]
async fn a_test_message_and_a_notice_are_told_and_a_notice_is_told_once() {
    let (scene, receiver) = (scene().await, Receiver::willing().await);
    let (endpoint, public) = scene.add("acme", &receiver.origin, &["notice"]).await;
    scene.hooks.test("acme", &endpoint.id).await.unwrap();
    let lease = id("lease");
    for _ in 0..2 {
        let told = scene.hooks.tell_notice("acme", &lease, "pay:1", "due_soon", at(3)).await;
        assert!(told.unwrap() <= 1);
    }
    scene.hooks.round().await.unwrap();
    let received = receiver.received();
    let mut kinds: Vec<_> = received.iter().map(|one| body(one)["type"].clone()).collect();
    kinds.sort_by_key(ToString::to_string);
    assert_eq!(kinds, ["tallystick.notice", "tallystick.test"]);
    received.iter().for_each(|one| verify(one, &public));
}

#[tokio::test]
async fn wishes_that_cannot_be_are_refused_and_foreign_endpoints_do_not_exist() {
    let scene = scene().await;
    let strict = {
        let world = (scene.clock.clone() as _, Arc::new(Rehearsal::new([9; 32])) as _);
        let egress = Egress::new(Rules::default(), &[]);
        let (store, origin) = (scene.store.clone(), "https://tally.acme.com".to_owned());
        Hooks::new(store.clone(), store, Arc::new(Table), world, egress, origin)
    };
    let wish = |url: &str, kind: &str, agreement: Option<&str>| Wish {
        url: url.to_owned(),
        kinds: [kind.to_owned()].into_iter().collect(),
        agreement: agreement.map(id),
        scheme: Scheme::Ed25519,
    };
    let good = "https://hooks.acme.com/in";
    let refused = strict.add("acme", "ana", wish("https://10.0.0.1/", "signed", None)).await;
    assert!(matches!(refused, Err(HookError::Address(_))));
    let refused = strict.add("acme", "ana", wish(good, "Signed!", None)).await;
    assert!(matches!(refused, Err(HookError::Kind { .. })));
    let refused = strict.add("bolt", "bob", wish(good, "signed", Some("labels"))).await;
    assert!(matches!(refused, Err(HookError::Agreement)));
    let (endpoint, _) = strict.add("acme", "ana", wish(good, "signed", None)).await.unwrap();
    for _ in 1..server::webhooks::MAX_ENDPOINTS {
        strict.add("acme", "ana", wish(good, "signed", None)).await.unwrap();
    }
    let refused = strict.add("acme", "ana", wish(good, "signed", None)).await;
    assert!(matches!(refused, Err(HookError::TooMany)));
    assert!(matches!(strict.remove("bolt", &endpoint.id).await, Err(HookError::NotFound)));
    assert!(matches!(strict.test("bolt", &endpoint.id).await, Err(HookError::NotFound)));
    let switched = strict.switch("bolt", &endpoint.id, false).await;
    assert!(matches!(switched, Err(HookError::NotFound)));
    assert!(strict.endpoints("bolt").await.unwrap().is_empty());
    strict.remove("acme", &endpoint.id).await.unwrap();
    assert!(matches!(strict.remove("acme", &endpoint.id).await, Err(HookError::NotFound)));
}
