//! A process that ends while work is handed over or judged, before or after each of its writes of
//! rows: who comes next finds all of it done once, or nothing, and nothing open that the customer
//! has.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use desk::labelling::Deliver;
use desk::people::{Operation, People};
use serde_json::{Value, json};
use store::{
    AuditEntry, AuditFilter, AuditRow, Card, CardWrite, Register, RegisterError, Scope, Whose,
};
use tokio::sync::Notify;
use units::Timestamp;

use super::{Shop, drawn, ok, refused, small, turn};

/// When a process ends.
#[derive(Debug, Clone, Copy)]
struct End {
    /// At which of its writes, from 0.
    write: u64,
    /// Whether that write is on disk.
    after: bool,
}

/// A register whose process ends at one of its writes: it never answers again.
struct Ending {
    inner: Arc<dyn Register>,
    end: End,
    writes: AtomicU64,
    ended: Arc<Notify>,
}

#[async_trait]
impl Register for Ending {
    async fn card(&self, kind: &str, id: &str) -> Result<Option<Card>, RegisterError> {
        self.inner.card(kind, id).await
    }

    async fn card_named(&self, kind: &str, name: &str) -> Result<Option<Card>, RegisterError> {
        self.inner.card_named(kind, name).await
    }

    async fn cards(
        &self,
        kind: &str,
        whose: Whose<'_>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Card>, RegisterError> {
        self.inner.cards(kind, whose, after, limit).await
    }

    async fn cards_due(
        &self,
        kind: &str,
        whose: Whose<'_>,
        by: Timestamp,
        limit: u32,
    ) -> Result<Vec<Card>, RegisterError> {
        self.inner.cards_due(kind, whose, by, limit).await
    }

    async fn cards_count(&self, kind: &str, whose: Whose<'_>) -> Result<u64, RegisterError> {
        self.inner.cards_count(kind, whose).await
    }

    async fn write(
        &self,
        cards: Vec<CardWrite>,
        audit: Vec<AuditEntry>,
    ) -> Result<(), RegisterError> {
        let here = self.writes.fetch_add(1, Ordering::Relaxed) == self.end.write;
        if !here || self.end.after {
            self.inner.write(cards, audit).await?;
        }
        if here {
            self.ended.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn audit(
        &self,
        filter: AuditFilter<'_>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, RegisterError> {
        self.inner.audit(filter, before, limit).await
    }

    async fn audit_drop(&self, before: Timestamp, now: Timestamp) -> Result<u64, RegisterError> {
        self.inner.audit_drop(before, now).await
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Deliver,
    Decide,
}

/// Does a step in a process that ends there; false where it is done before.
async fn ends(shop: &Shop, step: Step, end: End) -> bool {
    let (client, operation) = match step {
        Step::Deliver => (&shop.manager, Operation::Deliver),
        Step::Decide => (&shop.customer, Operation::Inspect),
    };
    let (caller, entry) = shop.enter(client, operation).await;
    let ended = Arc::new(Notify::new());
    let (inner, writes) = (Arc::clone(&shop.served.desk.register), AtomicU64::new(0));
    let mut desk = shop.served.desk.clone();
    desk.register = Arc::new(Ending { inner, end, writes, ended: Arc::clone(&ended) });
    let people = People::of(&desk);
    let folder = tempfile::tempdir().unwrap();
    let work = async {
        match step {
            Step::Deliver => {
                let wanted = Deliver::default();
                let (project, folder) = (&shop.project, folder.path());
                let done = people.deliver_project(&caller, &entry, project, &wanted, folder).await;
                done.unwrap();
            }
            Step::Decide => {
                let folder = folder.path();
                people.decide_inspection(&caller, &entry, &shop.project, folder).await.unwrap();
            }
        }
    };
    tokio::select! {
        () = ended.notified() => true,
        () = work => false,
    }
}

/// How often the journal has a fact.
async fn recorded(shop: &Shop, fact: &str) -> usize {
    let (store, id) = (&shop.served.desk.store, shop.agreement.parse().unwrap());
    let entries = store.read(&Scope::operator(), &id, 0, u32::MAX).await.unwrap();
    let fact = format!("\"fact\":\"{fact}\"");
    entries.iter().filter(|one| String::from_utf8_lossy(&one.line).contains(&fact)).count()
}

/// Runs a check at every point where a process can end in a step; at least so many.
async fn everywhere(step: Step, least: u64, check: impl AsyncFn(End) -> bool) {
    for write in 0.. {
        let mut ended = false;
        for after in [false, true] {
            ended |= check(End { write, after }).await;
        }
        if !ended {
            assert!(write >= least, "{step:?} ends at {write} writes");
            return;
        }
    }
}

#[tokio::test]
async fn a_delivery_is_whole_or_not_there_wherever_the_process_ends() {
    everywhere(Step::Deliver, 3, async |end| {
        let (shop, _) = small(8, &[]).await;
        shop.commit(&shop.customer, "customer", 1).await;
        shop.commit(&shop.manager, "vendor", 2).await;
        let ended = ends(&shop, Step::Deliver, end).await;
        let there = recorded(&shop, "delivery_submitted").await;
        // What may be with the customer is not opened meanwhile.
        if there > 0 {
            let reopened = shop.manager.post(&shop.at("/items/1/reopen"), &json!({})).await;
            refused(&reopened, "not_now", "anno-4.1.1");
        }
        let state = if there > 0 { "delivered" } else { "planned" };
        assert_eq!(shop.inspection().await["state"], state, "{end:?}");
        let answer = shop.manager.post(&shop.at("/deliver"), &json!({})).await;
        if there > 0 {
            assert_eq!(answer.problem(), "zero", "{end:?}: all items are with the customer");
        } else {
            assert_eq!(ok(answer).json()["items"], 8, "{end:?}");
        }
        assert_eq!(recorded(&shop, "delivery_submitted").await, 1, "{end:?}");
        shop.reveal(&shop.customer, "customer", 1).await;
        shop.reveal(&shop.manager, "vendor", 2).await;
        let sample = ok(shop.customer.post(&shop.at("/inspection/draw"), &json!({})).await).json();
        assert_eq!(drawn(&sample), (1..=8).collect(), "{end:?}");
        ended
    })
    .await;
}

#[tokio::test]
async fn the_inspectors_are_not_told_to_wait_for_who_delivers_again() {
    let (shop, _) = small(8, &[]).await;
    shop.commit(&shop.customer, "customer", 1).await;
    shop.commit(&shop.manager, "vendor", 2).await;
    assert!(ends(&shop, Step::Deliver, End { write: 1, after: false }).await);
    assert_eq!(recorded(&shop, "delivery_submitted").await, 1);
    shop.reveal(&shop.customer, "customer", 1).await;
    shop.reveal(&shop.manager, "vendor", 2).await;
    let sample = ok(shop.customer.post(&shop.at("/inspection/draw"), &json!({})).await).json();
    assert_eq!((drawn(&sample).len(), &sample["items"]), (8, &json!(8)));
}

#[tokio::test]
async fn a_judgement_stands_once_wherever_the_process_ends() {
    everywhere(Step::Decide, 2, async |end| {
        let (shop, ann) = small(8, &[2, 5]).await;
        shop.deliver_and_draw(1).await;
        shop.inspect_all(&shop.customer).await;
        let ended = ends(&shop, Step::Decide, end).await;
        let judged = recorded(&shop, "inspected").await;
        if judged > 0 && shop.inspection().await["state"] == "drawn" {
            // The journal has what the inspectors said: they say nothing else now.
            let path = shop.at("/items/1/inspect");
            let undone = shop.customer.post(&path, &json!({ "done": false })).await;
            assert_eq!(undone.problem(), "not_now", "{end:?}");
        }
        let decided = ok(shop.customer.post(&shop.at("/inspection/decide"), &json!({})).await);
        let decided: Value = decided.json();
        assert_eq!(decided["state"], "inspected", "{end:?}");
        let counts = [recorded(&shop, "sample_drawn").await, recorded(&shop, "inspected").await];
        assert_eq!(counts, [1, 1], "{end:?}");
        let reject = json!({
            "do": "reject", "delivery": decided["delivery"], "failed": ["conforming_items"],
        });
        ok(shop.act(&shop.customer, reject).await);
        let mut back = Vec::new();
        while let Some(seq) = turn(&shop, &ann, &|_| false).await {
            back.push(seq);
        }
        back.sort_unstable();
        assert_eq!(back, [2, 5], "{end:?}");
        ended
    })
    .await;
}
