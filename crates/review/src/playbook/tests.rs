//! Playbooks that are right, and what is said of those that are not.

use super::*;

const OURS: &str = include_str!("../../../../playbooks/ai-vendor.toml");

#[test]
fn the_playbook_that_comes_along_has_the_eight_clauses() {
    let playbook = Playbook::parse(OURS).expect("it parses");
    let ids: Vec<_> = playbook.clauses.iter().map(|clause| clause.id.as_str()).collect();
    assert_eq!(ids, LIMITS.iter().map(|(id, _)| *id).collect::<Vec<_>>());
}

#[track_caller]
fn check(from: &str, to: &str, message: &str) {
    assert!(OURS.contains(from), "{from:?} stands in the playbook");
    let text = OURS.replacen(from, to, 1);
    let problems = Playbook::parse(&text).expect_err(message);
    let line = OURS[..OURS.find(from).expect("it stands there")].matches('\n').count() + 1;
    assert!(
        problems.iter().any(|problem| problem.message.contains(message) && problem.line == line),
        "{message} in line {line}: {problems:?}"
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    check("format = 1", "format = 2", "format = 1");
    check("deletion_days = 30", "deletion_day = 30", "no rule reads deletion_day");
    check("deletion_days = 30", "deletion_days = -1", "whole number");
    check("deletion_days = 30", "deletion_days = \"30\"", "whole number");
    check("uptime_percent = \"99.9\"", "uptime_percent = \"many\"", "percentage");
    check("id = \"pb-02\"", "id = \"pb-01\"", "stands twice");
    check("id = \"pb-02\"", "id = \"pb-22\"", "no clause of the program");
    check("difficulty = \"medium\"", "difficulty = \"odd\"", "unknown variant");
    check("difficulty = \"medium\"", "difficult = \"medium\"", "unknown field");
}
