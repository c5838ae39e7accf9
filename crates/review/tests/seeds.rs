//! The five source documents: each defect that a person found in them is found, at its place, and
//! at most two findings of high risk are not on the list. Their texts are not ours, so the table
//! names clauses and checks only.

use review::checks::{Facts, run};
use review::{Playbook, Risk, Side, Status, review};

use crate::shared;

/// What a person found in one document.
struct Seed {
    file: &'static str,
    /// Check, rule and the anchor of its place; an empty anchor is the document as a whole.
    defects: &'static [(&'static str, &'static str, &'static str)],
}

const TRAINING: Seed = Seed {
    file: "000_9e5440a4d99b1d39.txt",
    defects: &[
        ("doc-provider-conflict", "both-provide", "2/1.1"),
        ("doc-duty-as-right", "duty-as-right", "2/1.2"),
        ("doc-payment-ratio", "no-share", "5/5.3/5.3.1"),
        ("doc-payment-ratio", "no-share", "5/5.3/5.3.2"),
        ("doc-alternative", "ownership-options", "6/6.1"),
        ("doc-agree-later", "ownership-to-be-agreed", "6/6.1"),
        ("doc-agree-later", "price-to-be-agreed", "5/5.1"),
        ("doc-indirect-uncapped", "indirect-loss-without-cap", "8/8.2"),
        ("doc-court-or-arbitration", "court-or-arbitration", "9/9.1"),
        ("doc-missing-acceptance", "no-acceptance", ""),
        ("doc-missing-security", "no-security", ""),
        ("doc-missing-deletion", "no-deletion", ""),
        ("doc-missing-audit", "no-audit", ""),
        ("doc-blank", "blank", "7/7.2"),
        ("doc-test-set", "no-test-set", "4/4.2"),
        ("doc-example-threshold", "threshold-as-example", "4/4.2"),
    ],
};

const LEASE: Seed = Seed {
    file: "001_2c614f96ab6896c3.txt",
    defects: &[
        ("doc-payee-account", "account-of-the-other-party", "3/3.3"),
        ("doc-fixed-total", "fixed-total-beside-metered-price", "3/3.2"),
        ("doc-fee-before-usage", "due-before-usage", "3/3.3"),
        ("doc-metering", "storage-averaging", "3/3.1/(2)"),
        ("doc-metering", "hour-rounding", "3/3.1/(1)"),
        ("doc-metering", "flops-precision", "1/1.1/(1)"),
        ("doc-stated-twice", "repeated", "8/8.1"),
        ("doc-uptime", "support-without-uptime", "6/6.1"),
        ("doc-rights-noncompete", "rights-against-noncompete", "4/4.1/(3)"),
        ("doc-truncated", "truncated", "8/8.1"),
    ],
};

const CLASSIFICATION: Seed = Seed {
    file: "002_b8e917c25432c458.txt",
    defects: &[
        ("doc-foreign-script", "foreign-script", "四/4"),
        ("doc-consent-party", "consent-of-the-wrong-party", "六/2"),
        ("doc-agree-later", "ownership-to-be-agreed", "六/2"),
        ("doc-agree-later", "ownership-to-be-agreed", "六/3"),
        ("doc-agree-later", "standard-to-be-agreed", "四/3"),
        ("doc-ambiguous-word", "ambiguous-word", "六/1"),
        ("doc-test-set", "no-test-set", "四/2"),
        ("doc-window", "no-window", "四/1"),
        ("doc-remedy", "no-remedy", "四/1"),
        ("doc-remedy", "no-remedy", "四/2"),
        ("doc-blank", "nested-blank", "五/2"),
        ("doc-blank", "nested-blank", "五/1"),
        ("doc-alternative", "slash", "五/1"),
        ("doc-truncated", "truncated", "七/1"),
    ],
};

const ANNOTATION: Seed = Seed {
    file: "003_98db066168a6f11b.txt",
    defects: &[
        ("doc-annex", "missing-annex", "3/3.3"),
        ("doc-example-threshold", "threshold-as-example", "3/3.6"),
        ("doc-aggregation", "no-aggregation", "3/3.6"),
        ("doc-condition-party", "condition-on-the-owner", "5/5.2"),
        ("doc-blank", "example-default", "5/5.3"),
        ("doc-blank", "example-default", "3/3.6"),
        ("doc-truncated", "truncated", "6/6.3"),
    ],
};

const PLAYBOOK: Seed = Seed {
    file: "004_f3d596f40c6b911a.txt",
    defects: &[
        ("doc-deletion-export", "deleted-before-export-ends", "01/p2"),
        ("doc-sample-gap", "liquidated-damages", "02/p5"),
        ("doc-sample-gap", "iso-27001", "03/p5"),
        ("doc-sample-gap", "report-sharing", "03/p5"),
        ("doc-sample-gap", "response-time", "04/p5"),
        ("doc-sample-gap", "degradation", "04/p5"),
        ("doc-sample-gap", "ip-carve-out", "06/p5"),
        ("doc-sample-gap", "mutual-indemnity", "06/p5"),
        ("doc-cap-start", "fees-paid-only", "06/p5"),
        ("doc-export-window", "deadline-or-window", "07/p5"),
        ("doc-audit-choice", "audit-or-report", "08/p5"),
    ],
};

/// Findings of high risk that no list names and that a document may still have.
const SPARE: usize = 2;

fn check(seed: &Seed) {
    let Some(path) = shared(&format!("seeds/{}", seed.file)) else { return };
    let bytes = std::fs::read(&path).expect("the source document is readable");
    let wording = reading::read(&bytes, seed.file).expect("it is plain text").wording;
    let found = run(&wording, &Facts::default());
    let missed: Vec<_> = seed
        .defects
        .iter()
        .filter(|(check, rule, anchor)| {
            !found.iter().any(|finding| {
                let here = finding.anchor.as_deref().unwrap_or_default();
                finding.clause == *check && finding.rule == *rule && here == *anchor
            })
        })
        .collect();
    let listed: Vec<_> = found
        .iter()
        .map(|finding| (&finding.clause, &finding.rule, finding.anchor.as_deref()))
        .collect();
    assert!(missed.is_empty(), "{}: missed {missed:#?}\nfound {listed:#?}", seed.file);
    let spare: Vec<_> = found
        .iter()
        .filter(|finding| finding.risk == Risk::High)
        .filter(|finding| {
            !seed.defects.iter().any(|(check, rule, anchor)| {
                let here = finding.anchor.as_deref().unwrap_or_default();
                finding.clause == *check && finding.rule == *rule && here == *anchor
            })
        })
        .map(|finding| (&finding.clause, &finding.rule, &finding.anchor))
        .collect();
    assert!(spare.len() <= SPARE, "{}: high and not listed {spare:#?}", seed.file);
    for finding in &found {
        let quote: String =
            wording.text.chars().skip(finding.start).take(finding.end - finding.start).collect();
        assert_eq!(quote, finding.quote, "{}: a quote is verbatim at its place", seed.file);
    }
}

#[test]
fn the_training_agreement_shows_its_defects() {
    check(&TRAINING);
}

#[test]
fn the_lease_shows_its_defects() {
    check(&LEASE);
}

#[test]
fn the_classification_agreement_shows_its_defects() {
    check(&CLASSIFICATION);
}

#[test]
fn the_annotation_contract_shows_its_defects() {
    check(&ANNOTATION);
}

#[test]
fn the_playbook_page_shows_where_its_samples_fall_short() {
    check(&PLAYBOOK);
}

#[test]
fn the_advice_of_the_playbook_page_is_no_permission() {
    let Some(path) = shared(&format!("seeds/{}", PLAYBOOK.file)) else { return };
    let bytes = std::fs::read(&path).expect("the source document is readable");
    let wording = reading::read(&bytes, PLAYBOOK.file).expect("it is plain text").wording;
    let review = review(&wording, &Playbook::ai_vendor(), Side::Customer);
    let wrong: Vec<_> = review
        .findings
        .iter()
        .filter(|finding| finding.rule.starts_with("pb-"))
        .filter(|finding| finding.status == Status::Adverse)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
