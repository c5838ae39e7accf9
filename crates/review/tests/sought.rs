//! Where headings and words find no place for a clause, the locator says where the rules read.

use review::{Confidence, Finding, Playbook, Side, Status, Value, review};

use crate::wording;

fn finding(clause: &str, text: &str) -> Finding {
    let review = review(&wording(text), &Playbook::ai_vendor(), Side::Customer);
    review.findings.into_iter().find(|finding| finding.clause == clause).expect("it speaks")
}

#[test]
fn a_passage_that_no_heading_names_is_read() {
    let rows = [
        (
            "pb-05.output-open",
            "Terms of Service\n\nYou pay monthly.\n\nWe and our licensors exclusively own all right, title and interest in and to the Services, including all associated intellectual property rights.",
        ),
        (
            "pb-05.output-open",
            "Terms of Service\n\nYou pay monthly.\n\nWe own and retain all right, title and interest, including all intellectual property rights, in and to the Services, our software and our models.",
        ),
        ("pb-06.no-cap", "服务合同\n\n双方按月会面。\n\n违约方对守约方的损失承担相应的法律责任。"),
    ];
    for (rule, text) in rows {
        let found = finding(&rule[..5], text);
        assert_eq!((found.rule.as_str(), found.status), (rule, Status::Below), "{text}");
        assert!(matches!(found.parameters["looked_at"], Value::Words(_)), "{found:#?}");
        assert_eq!(found.confidence, Confidence::H);
    }
}

#[test]
fn nothing_likely_is_missing_for_certain() {
    for text in ["The parties meet monthly.", "双方每月会面一次。"] {
        let found = finding("pb-05", text);
        assert_eq!((found.status, found.confidence), (Status::Missing, Confidence::D), "{text}");
        assert!(!found.parameters.contains_key("looked_at"));
    }
}

#[test]
fn what_only_sounds_like_the_clause_is_missing_still() {
    let text = "Terms of Service\n\nIf you believe that your work has been used in a way that infringes your intellectual property rights or your copyright, write to our agent with a statement that you are the owner of the work or act for its owner.";
    let found = finding("pb-05", text);
    assert_eq!(found.status, Status::Missing);
    assert!(found.parameters.contains_key("looked_at"), "the passage was read: {found:#?}");
    assert_eq!(found.confidence, Confidence::H);
}
