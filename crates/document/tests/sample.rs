//! Sheets to print: the agreements of `cases/`, settled over measurements that are made here.

use std::path::Path;

use contract::form::{Form as _, Key, Node, Place, Value};
use contract::terms::Agreement;
use document::pdf::{Head, InvoiceSheet, Proofs, StatementSheet, evidence};
use settlement::{Carried, Due, Invoice, Number, Period, Statement, Words, settle};
use units::{
    Allocation, Date, EndState, EvidenceId, Id, Measurement, Metric, Quantity, ServiceState,
    StateInterval, StorageSample, Timestamp, Window,
};

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect(text)
}

fn at(text: &str) -> Timestamp {
    format!("{text}:00+08:00").parse().expect(text)
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect(text)
}

/// An agreement of `cases/agreements`.
pub(crate) fn agreement(name: &str) -> Agreement {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/agreements");
    let path = folder.join(format!("{name}.toml"));
    let text = std::fs::read_to_string(&path).expect("an agreement of the cases");
    let root: toml::Value = toml::from_str(&text).expect("an agreement is TOML");
    let mut problems = Vec::new();
    let read = Agreement::read(&node(&root), "", &mut problems);
    read.unwrap_or_else(|| panic!("{problems:?}"))
}

fn node(value: &toml::Value) -> Node {
    let value = match value {
        toml::Value::String(text) => Value::Text(text.clone()),
        toml::Value::Integer(value) => Value::Integer(*value),
        toml::Value::Float(value) => Value::Float(value.to_string()),
        toml::Value::Boolean(value) => Value::Bool(*value),
        toml::Value::Datetime(value) => Value::Text(value.to_string()),
        toml::Value::Array(items) => Value::List(items.iter().map(node).collect()),
        toml::Value::Table(fields) => Value::Table(
            fields
                .iter()
                .map(|(name, value)| {
                    (Key { name: name.clone(), place: Place::default() }, node(value))
                })
                .collect(),
        ),
    };
    Node { place: Place::default(), value }
}

fn measured(metric: Metric, subject: &str, quantity: Quantity, evidence: &[&str]) -> Measurement {
    Measurement {
        metric,
        subject: (!subject.is_empty()).then(|| id(subject)),
        window: Window::new(at("2026-03-10T09:00"), at("2026-03-10T10:00")),
        quantity,
        evidence: evidence.iter().map(|name| id(name)).collect(),
    }
}

/// A month of each kind.
fn measurements(kind: &str) -> Vec<Measurement> {
    let count = |metric, subject, units, evidence: &str| {
        measured(metric, subject, Quantity::Count(units), &[evidence])
    };
    match kind {
        "annotation" => vec![
            count(Metric::ItemsAccepted, "images", 24_000, "e12"),
            count(Metric::ItemsAccepted, "texts", 26_500, "e15"),
            count(Metric::ItemsAccepted, "video-events", 72, "e21"),
            count(Metric::ItemsAccepted, "video-keyframes", 72, "e22"),
        ],
        "classification" => vec![
            count(Metric::ImagesAnswered, "", 1_203_456, "e30"),
            measured(Metric::ServiceStates, "", states(), &["e41", "e42", "e43"]),
        ],
        "lease" => vec![
            Measurement {
                window: Window::new(at("2026-03-01T00:00"), at("2026-04-01T00:00")),
                ..measured(Metric::GpuAllocations, "", allocations(), &["e9", "e10", "e12"])
            },
            Measurement {
                window: Window::new(at("2026-03-01T00:00"), at("2026-04-01T00:00")),
                ..measured(Metric::StorageSamples, "", storage(), &["e15", "e16"])
            },
            measured(Metric::ServiceStates, "", states(), &["e41", "e42", "e43"]),
        ],
        _ => Vec::new(),
    }
}

fn allocations() -> Quantity {
    let rows = ["e9", "e10", "e12"].iter().enumerate().map(|(at_row, evidence)| Allocation {
        device: format!("node{at_row}:gpu0"),
        job: format!("10{at_row}"),
        window: Window::new(at("2026-03-03T08:00"), at("2026-03-09T11:17")),
        end: EndState::Completed,
        evidence: id(evidence),
    });
    Quantity::Allocations(rows.collect())
}

fn storage() -> Quantity {
    let sample = |when, bytes, evidence| StorageSample { at: at(when), bytes, evidence };
    Quantity::Storage(vec![
        sample("2026-03-01T00:00", 40_000_000_000_000, id("e15")),
        sample("2026-03-16T00:00", 42_000_000_000_000, id("e16")),
    ])
}

fn states() -> Quantity {
    let row = |from, to, state, evidence| StateInterval {
        window: Window::new(at(from), at(to)),
        state,
        evidence: id(evidence),
    };
    Quantity::States(vec![
        row("2026-03-01T00:00", "2026-03-12T08:00", ServiceState::Up, "e41"),
        row("2026-03-12T08:00", "2026-03-12T21:30", ServiceState::Down, "e42"),
        row("2026-03-12T21:30", "2026-04-01T00:00", ServiceState::Up, "e43"),
    ])
}

/// The statement of March, or of the first milestone.
pub(crate) fn settled(agreement: &Agreement) -> Statement {
    let kind = agreement.service.kind();
    let window = Window::new(at("2026-01-01T00:00"), at("2026-04-01T00:00"));
    let mut facts = measurements(kind);
    let period = if kind == "training" {
        facts.push(measured(Metric::MilestoneReached, "advance", Quantity::Count(1), &["e4"]));
        Period::Milestone { milestone: id("advance"), window }
    } else {
        Period::Month { month: day("2026-03-01") }
    };
    let carried = Carried::nothing(agreement.currency);
    settle(agreement, &facts, &period, &carried).expect("a statement")
}

pub(crate) fn proofs(agreement: &Agreement, statement: &Statement, recorded: bool) -> Proofs {
    let hash = |id: &EvidenceId| {
        let mut hash = [7_u8; 32];
        for (at, byte) in id.as_str().bytes().enumerate() {
            hash[at % 32] ^= byte.wrapping_mul(31).wrapping_add(u8::try_from(at).unwrap_or(0));
        }
        hash
    };
    Proofs {
        origin: format!("tallystick/agreement/{}", agreement.id),
        size: 46,
        root: [0xa5; 32],
        recorded: recorded.then(|| id("e45")),
        sha256: "5c".repeat(32),
        entries: evidence(statement).into_iter().map(|id| (id.clone(), hash(&id))).collect(),
    }
}

pub(crate) fn invoice_of(agreement: &Agreement, statement: Statement) -> InvoiceSheet {
    let number = Number::new(&agreement.id, 3);
    let due = day("2026-04-10");
    let due = Due { day: due, late_from: due.end(&agreement.zone), provisional: false };
    let invoice = Invoice::issue(agreement, &statement, number, day("2026-04-03"), due);
    InvoiceSheet {
        head: Head::of(agreement, false),
        invoice: invoice.expect("an invoice"),
        proofs: proofs(agreement, &statement, true),
        billed: statement,
    }
}

pub(crate) fn invoice(name: &str) -> InvoiceSheet {
    let agreement = agreement(name);
    let statement = settled(&agreement);
    invoice_of(&agreement, statement)
}

pub(crate) fn statement(name: &str) -> StatementSheet {
    let agreement = agreement(name);
    let statement = settled(&agreement);
    StatementSheet {
        head: Head::of(&agreement, false),
        proofs: proofs(&agreement, &statement, true),
        prepared: day("2026-04-02"),
        statement,
    }
}

/// An invoice with many lines, each under a name of its own, whose sums are right.
pub(crate) fn long_invoice(lines: usize) -> InvoiceSheet {
    let mut sheet = invoice("lease");
    let mut statement = sheet.billed.clone();
    let first = statement.lines[0].clone();
    statement.lines = (0..lines)
        .map(|at| {
            let mut line = first.clone();
            line.subject = Some(id(&format!("cluster-{at}")));
            line.evidence = vec![id(&format!("e{}", at + 3))];
            line
        })
        .collect();
    let count = i128::try_from(lines).expect("few lines");
    let net = units::Money::new(first.amount.minor() * count, first.amount.currency());
    let words = Words { zh: units::amount_in_words_zh(net), en: units::amount_in_words_en(net) };
    statement.tax_lines.truncate(1);
    statement.adjustments.clear();
    sheet.invoice.lines = statement.lines.clone();
    sheet.invoice.adjustments.clear();
    (sheet.invoice.net, sheet.invoice.gross, sheet.invoice.payable) = (net, net, net);
    (sheet.invoice.gross_words, sheet.invoice.payable_words) = (words.clone(), words);
    let agreement = agreement("lease");
    sheet.proofs = proofs(&agreement, &statement, true);
    sheet.billed = statement;
    sheet
}
