//! Four agreements and a journal for the tests of this crate: what is asked for goes through
//! `decide`, what comes of it through `apply`, and everything is kept.

use contract::event::{Actor, Event, Recorded};
use contract::obligation::{Obligation, ObligationStatus};
use contract::state::State;
use contract::terms::{Agreement, Side};
use contract::{Action, Command, Position, Refusal, apply, decide, position};
use serde_json::{Value, json};
use units::{Money, Timestamp, Window};

/// The hash of the terms that both sign.
pub(crate) const TERMS: &str = "terms";

/// The four kinds.
pub(crate) const KINDS: [&str; 4] = ["annotation", "training", "lease", "classification"];

/// A local instant: `2026-03-01` or `2026-03-01 09:00`.
pub(crate) fn t(text: &str) -> Timestamp {
    let full = match text.len() {
        10 => format!("{text}T00:00:00+08:00"),
        16 => format!("{}:00+08:00", text.replace(' ', "T")),
        _ => text.to_string(),
    };
    full.parse().expect(text)
}

pub(crate) fn window(from: &str, to: &str) -> Window {
    Window { from: t(from), to: t(to) }
}

pub(crate) fn cny(minor: i128) -> Money {
    Money::new(minor, units::Currency::Cny)
}

pub(crate) fn of(side: Side) -> Actor {
    Actor::of(side, "tester")
}

pub(crate) fn customer() -> Actor {
    of(Side::Customer)
}

pub(crate) fn vendor() -> Actor {
    of(Side::Vendor)
}

pub(crate) fn deployment() -> Actor {
    Actor::Deployment { name: "importer".into() }
}

/// An action from its JSON, so that a row of a table reads like what is sent.
pub(crate) fn action(value: Value) -> Action {
    serde_json::from_value(value.clone()).unwrap_or_else(|fault| panic!("{fault}: {value}"))
}

/// A fact from its JSON, as an action.
pub(crate) fn fact(value: Value) -> Action {
    action(json!({"do": "record", "fact": value, "source": null}))
}

/// One agreement and its journal.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) log: Vec<Recorded>,
}

impl World {
    pub(crate) fn empty() -> Self {
        Self { state: State::default(), log: Vec::new() }
    }

    /// An agreement of a kind, laid down but not signed.
    pub(crate) fn drafted(kind: &str) -> Self {
        Self::drafted_with(kind, &[])
    }

    /// As [`World::drafted`], with terms replaced by JSON pointers.
    pub(crate) fn drafted_with(kind: &str, changes: &[(&str, Value)]) -> Self {
        let mut world = Self::empty();
        let agreement = Box::new(agreement(kind, changes));
        let draft = Action::Draft { agreement, terms_sha256: TERMS.into() };
        world.did("2026-01-05 08:00", &deployment(), draft);
        world
    }

    /// An agreement of a kind, in force since 5 January 2026 at 9 o'clock.
    pub(crate) fn signed(kind: &str) -> Self {
        Self::signed_with(kind, &[])
    }

    /// As [`World::signed`], with terms replaced by JSON pointers.
    pub(crate) fn signed_with(kind: &str, changes: &[(&str, Value)]) -> Self {
        let mut world = Self::drafted_with(kind, changes);
        for side in [Side::Customer, Side::Vendor] {
            world.did("2026-01-05 09:00", &of(side), sign(side));
        }
        world
    }

    /// As [`World::signed`], ended by the passing of its term on 1 January 2027.
    pub(crate) fn ended(kind: &str) -> Self {
        let mut world = Self::signed(kind);
        world.did("2027-01-01", &deployment(), Action::Tick);
        world
    }

    /// Asks; what comes of it is applied.
    pub(crate) fn ask(
        &mut self,
        at: Timestamp,
        actor: &Actor,
        action: Action,
    ) -> Result<Vec<Event>, Refusal> {
        let command = Command::new(actor.clone(), action);
        let events = decide(&self.state, &command, at)?;
        for event in &events {
            let seq = self.state.next_seq;
            let recorded = Recorded { seq, at, actor: actor.clone(), event: event.clone() };
            apply(&mut self.state, &recorded);
            self.log.push(recorded);
        }
        Ok(events)
    }

    /// Asks for what must go through.
    pub(crate) fn did(&mut self, at: &str, actor: &Actor, action: Action) -> Vec<Event> {
        let told = format!("{action:?}");
        self.ask(t(at), actor, action).unwrap_or_else(|refusal| panic!("{refusal:?}: {told}"))
    }

    /// The code with which something is refused, or `ok`.
    pub(crate) fn code(&self, at: &str, actor: &Actor, action: Action) -> String {
        match decide(&self.state, &Command::new(actor.clone(), action), t(at)) {
            Ok(_) => "ok".into(),
            Err(refusal) => code_of(&refusal),
        }
    }

    /// The latest obligation of a name.
    pub(crate) fn obligation(&self, name: &str) -> &Obligation {
        let mut rows = self.state.obligations.iter().rev();
        rows.find(|row| row.name.as_str() == name).unwrap_or_else(|| {
            let names: Vec<&str> =
                self.state.obligations.iter().map(|row| row.name.as_str()).collect();
            panic!("no {name} in {names:?}")
        })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.state.obligations.iter().any(|row| row.name.as_str() == name)
    }

    /// The deadline and status of the latest obligation of a name, as of an instant.
    pub(crate) fn stands(&self, name: &str, as_of: &str) -> (String, ObligationStatus) {
        let agreement = self.state.agreement.as_ref().expect("there is an agreement");
        let row = self.obligation(name);
        let due = row.deadline(agreement, &self.state, t(as_of)).at;
        (local(due), row.status(agreement, &self.state, t(as_of)))
    }

    pub(crate) fn position(&self, as_of: &str) -> Position {
        position(&self.state, t(as_of))
    }
}

/// An instant as it reads on a wall clock in Shanghai.
pub(crate) fn local(at: Timestamp) -> String {
    at.to_local(&units::Zone::shanghai()).replace('T', " ")[..16].to_string()
}

/// The code of a refusal as it goes out.
pub(crate) fn code_of(refusal: &Refusal) -> String {
    let value = serde_json::to_value(refusal).expect("a refusal serialises");
    value["code"].as_str().expect("a refusal has a code").to_string()
}

pub(crate) fn sign(side: Side) -> Action {
    action(json!({
        "do": "sign", "side": side.code(), "signatory": "Li", "key": "k", "terms_sha256": TERMS,
        "signature": "c2ln",
    }))
}

/// An agreement of a kind that both may sign, with terms replaced by JSON pointers.
pub(crate) fn agreement(kind: &str, changes: &[(&str, Value)]) -> Agreement {
    let mut value = common(match kind {
        "annotation" => annotation(),
        "training" => training(),
        "lease" => lease(),
        _ => classification(),
    });
    if kind == "training" {
        value["intellectual_property"]["outputs"] = json!("shared");
    }
    for (path, change) in changes {
        *value.pointer_mut(path).unwrap_or_else(|| panic!("no {path}")) = change.clone();
    }
    serde_json::from_value(value).expect("the terms are an agreement")
}

fn amount(figure: &str) -> Value {
    json!({"figure": figure, "words": null})
}

fn common(service: Value) -> Value {
    let party = |name: &str| {
        json!({
            "name": name, "credit_code": null, "representative": null, "address": "Shanghai",
            "contact": null,
            "account": {"holder": name, "bank": "Bank of Communications", "number": "3100-1"},
        })
    };
    json!({
        "format": "tallystick.agreement/1",
        "id": "case-1",
        "title": {"zh": "协议", "en": "Agreement"},
        "prevailing_language": "zh",
        "zone": "Asia/Shanghai",
        "calendar": "china",
        "currency": "CNY",
        "rounding": {"mode": "half_up", "scale": 2},
        "precedence": ["supplement", "quotation", "agreement", "annex"],
        "customer": party("Customer Ltd"),
        "vendor": party("Vendor Ltd"),
        "term": {"starts": "2026-01-01", "ends": "2026-12-31", "renewal_notice": "1mo"},
        "documents": [{
            "id": "guideline", "rank": "annex", "title": {"zh": "规范", "en": "Guideline"},
            "sha256": null, "effective": null, "replaces": [],
        }],
        "service": service,
        "payment": {
            "due": {"type": "after", "event": "approval", "within": "10d"},
            "review": "5wd",
            "deemed_approval": true,
            "late_fee": null,
            "allocation": ["costs", "interest", "principal"],
            "tax": {"rate": "6%", "prices_include_tax": false, "rounded": "total"},
            "minimum": null,
            "prepayment": {
                "amount": amount("1000.00"), "due": "10wd", "drawdown": true, "refundable": true,
            },
        },
        "data_rights": {
            "input_owner": "customer", "output_owner": "customer",
            "vendor_purposes": ["provide_service"], "delete_within": "30d",
            "delete_after": "export",
        },
        "training_use": {"policy": "with_consent", "liquidated_damages": amount("50000")},
        "security": {
            "certifications": ["SOC 2 Type II"], "report_before_signing": false,
            "report_every": "6mo", "breach_notice": "72h", "confidentiality_after_end": "3y",
        },
        "service_level": null,
        "intellectual_property": {
            "outputs": "customer", "third_party_use": false, "licence_after_end": "1y",
        },
        "liability": {
            "loss": "direct_and_indirect", "cap": {"type": "trailing_fees", "months": 12},
            "carve_outs": [],
            "liquidated": [{
                "id": "late", "breach": "late_delivery", "by": "vendor", "basis": "day",
                "amount": amount("500"), "cap": "5000",
            }],
            "indemnities": [{
                "id": "ip", "against": "ip_infringement", "by": "vendor", "notice": "10d",
                "defence": "20d",
            }],
        },
        "termination": {
            "cure": "20d", "insolvency": true, "force_majeure": "60d", "late_payment": "30d",
            "convenience": [{"by": "customer", "notice": "30d"}], "stop_use": "7d",
            "export_window": "90d", "export_formats": ["csv"], "free_migration_hours": 40,
            "migration_hour_price": "800",
        },
        "compliance": {
            "laws": ["网络安全法"], "audits_per_year": 1, "audit_notice": "30d", "report_instead": true,
            "answer_within": "10wd",
        },
        "force_majeure": {"notice": "5d", "proof": "20d", "suspends_payment": false},
        "disputes": {
            "negotiation": "30d", "forum": "court", "forum_name": "Shanghai",
            "governing_law": "PRC",
        },
        "support": {
            "hours": "always", "first_response": "1h", "resolution": "24h",
            "free_consulting_hours": 2, "consulting_hour_price": "500",
        },
        "customer_duties": [{
            "id": "answers", "duty": "answer_questions", "due": "15d", "detail": [],
        }],
    })
}

fn annotation() -> Value {
    json!({
        "type": "annotation",
        "items": [{
            "id": "boxes", "modality": "image_boxes", "quantity": 1_000, "unit": "image",
            "labels": ["cat"], "price": {"type": "per_unit", "price": "0.35"},
            "standards": [{"metric": "box_f1", "iou": "0.5", "threshold": "90%"}],
        }],
        "guideline": {"annex": "guideline", "due": "3d"},
        "data_schedule": [
            {"id": "batch-1", "item": "boxes", "quantity": 1_000, "due": "2026-01-31"},
        ],
        "acceptance": {
            "rule": {"type": "observed", "sample": 100}, "unit": "item", "period": "5wd",
            "deemed": true, "max_rework": 1, "rework_within": "5d",
        },
        "completion": "2026-06-30",
        "delivery_formats": ["coco"],
    })
}

fn training() -> Value {
    json!({
        "type": "training",
        "task": "classify",
        "datasets": [{"id": "corpus", "by": "customer", "due": "10d", "records": 500}],
        "test_set": {"id": "gold", "items": 100},
        "standards": [
            {"metric": "f1", "average": "macro", "class": null, "threshold": "90%"},
        ],
        "delivery": "2026-05-31",
        "max_rounds": 2,
        "round_within": "20d",
        "acceptance_period": "10wd",
        "documentation": {"sections": ["structure", "data"], "due": "10d"},
        "fee": {"type": "fixed", "amount": amount("480000")},
        "milestones": [
            {"id": "advance", "on": "signing", "share": "30%"},
            {"id": "accepted", "on": "acceptance", "share": "70%"},
        ],
        "model": {
            "type": "shared", "customer_share": "60%", "report_every": "3mo",
            "report_within": "20d", "patent_answer": "30d",
        },
    })
}

fn lease() -> Value {
    json!({
        "type": "lease",
        "servers": [{
            "id": "a100", "count": 2, "model": "A100", "gpus_per_server": 4, "teraflops": "312",
            "precision": "bf16", "flops_basis": "achieved",
        }],
        "network": null,
        "storage": null,
        "datasets": [],
        "software": [],
        "gpu_price": {
            "price": "18.50", "step_seconds": 1, "step_rounding": "up", "rounded_per": "period",
            "billable_ends": ["completed", "failed"],
        },
        "storage_price": null,
        "one_off": [],
        "total": null,
        "permitted_purposes": ["model_training"],
        "non_compete": true,
        "modifications_owner": "vendor",
        "repair_within": "4h",
        "late_repair_hour": "100",
        "upgrades": {"every": "3mo", "notice": "7d"},
        "verification": {"runs": 3, "required": 2, "max_load": "10%"},
    })
}

fn classification() -> Value {
    json!({
        "type": "classification",
        "classes": ["cat", "dog"],
        "delivery": "10wd",
        "accuracy": {
            "test_set": "gold", "initial": "90%", "ongoing": "88%", "evaluate_every": "1mo",
            "restore_within": "10wd",
        },
        "response": {
            "standard_within": "5min", "standard_share": "99%", "urgent_within": null,
            "urgent_share": null,
        },
        "plan": {
            "type": "images",
            "price": {"type": "package", "size": 1_000, "price": "12.00", "partial": "full"},
            "urgent_price": null,
        },
        "custom_models": [{"id": "defects", "fee": amount("8000"), "accuracy": "92%"}],
        "settlement": {"type": "month", "within": "5wd"},
    })
}
