//! What the checks of the review say of our own drafts.

use contract::terms::Agreement;
use document::draft::{Edition, draft, text};

use crate::sample;

/// The files of `cases/agreements` that a draft is made of.
const NAMES: [&str; 5] = ["annotation", "bccd", "classification", "lease", "training"];

/// A draft as the other party reads it, and what is known of it.
fn read(agreement: &Agreement, edition: Edition) -> (wording::Wording, review::checks::Facts) {
    let text = text(&draft(agreement, edition).expect("a wording"));
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let line = |(at, text): (usize, &str)| wording::Line {
        text: text.replace('\t', " "),
        number: None,
        level: None,
        heading: None,
        part: wording::Part::Body,
        cell: None,
        page: None,
        source: u32::try_from(at + 1).expect("a short text"),
    };
    let wording = wording::segment(lines.map(line).collect());
    let party = |side, name: &String| review::checks::Party { side, name: name.clone() };
    let facts = review::checks::Facts {
        parties: vec![
            party(review::Side::Customer, &agreement.customer.name),
            party(review::Side::Vendor, &agreement.vendor.name),
        ],
        ..review::checks::Facts::default()
    };
    (wording, facts)
}

/// What the checks of a whole document find in a draft, as the other party would run them.
fn findings(agreement: &Agreement, edition: Edition) -> Vec<review::Finding> {
    let (wording, facts) = read(agreement, edition);
    review::checks::run(&wording, &facts)
}

#[test]
fn no_draft_is_held_against_its_customer_for_what_it_does_not_say() {
    let playbook = review::Playbook::ai_vendor();
    let mut found = Vec::new();
    for name in NAMES {
        let agreement = sample::agreement(name);
        for edition in [Edition::Chinese, Edition::English, Edition::Bilingual] {
            let (wording, facts) = read(&agreement, edition);
            let review =
                review::review_knowing(&wording, &playbook, review::Side::Customer, &facts);
            let wrong = review.findings.into_iter().filter(|finding| {
                let ill = matches!(
                    finding.status,
                    review::Status::Adverse | review::Status::Conflict | review::Status::Missing
                );
                ill && finding.risk == review::Risk::High
            });
            found.extend(wrong.map(|finding| {
                format!("{name} {edition:?}: {} {:?}", finding.rule, finding.quote)
            }));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What the checks say of our drafts and why it stays: a row of a table is read without the clause
/// above it, an annex is a file of its own, and three are what the parties agreed.
const KNOWN: [(&str, &str); 8] = [
    ("no-aggregation", "the clause above the table says it"),
    ("no-remedy", "the clause above the table says it"),
    ("flops-precision", "the row says it in a name that the check does not know"),
    ("missing-annex", "annexes are signed as files beside the text"),
    ("repeated", "tiers of one table read alike"),
    ("defined-not-used", "a title within quotation marks is no definition"),
    ("fees-paid-only", "the term counts what was paid"),
    ("rights-against-noncompete", "the term forbids competition, the clause says how far"),
];

#[test]
fn what_the_source_contracts_get_wrong_is_in_no_draft() {
    let mut found = Vec::new();
    for name in NAMES {
        let agreement = sample::agreement(name);
        for edition in [Edition::Chinese, Edition::English] {
            for finding in findings(&agreement, edition) {
                let known = KNOWN.iter().any(|(rule, _)| *rule == finding.rule);
                if !known || finding.risk == review::Risk::High {
                    let (rule, quote) = (&finding.rule, &finding.quote);
                    found.push(format!("{name} {edition:?}: {rule} {quote:?}"));
                }
            }
        }
        let problems = contract::check(&agreement, None);
        let is_error = |problem: &&contract::form::Problem| {
            problem.severity == contract::form::Severity::Error
        };
        let errors: Vec<_> = problems.iter().filter(is_error).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
