//! Agreement with documents that were labelled by reading them: status and parameters, clause by
//! clause. Documents of vendors that are held out served no rule and are counted apart.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use review::{Finding, Playbook, Review, Side, Status, Value, review};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    label: Vec<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    document: String,
    clause: String,
    expected: String,
    #[serde(default)]
    parameters: BTreeMap<String, toml::Value>,
    why: String,
    #[serde(default)]
    held_out: bool,
}

fn word(status: Status) -> String {
    let text = serde_json::to_string(&status).expect("a status is a word");
    text.trim_matches('"').to_owned()
}

fn worst<'a>(review: &'a Review, clause: &str) -> &'a Finding {
    review
        .findings
        .iter()
        .filter(|finding| finding.clause == clause)
        .max_by_key(|finding| finding.status.weight())
        .expect("every clause has a finding")
}

fn same(expected: &toml::Value, found: Option<&Value>) -> bool {
    match (expected, found) {
        (toml::Value::Integer(number), Some(Value::Whole(found))) => number == found,
        (toml::Value::Boolean(flag), Some(Value::Flag(found))) => flag == found,
        (toml::Value::Boolean(flag), None) => !flag,
        (toml::Value::String(text), Some(Value::Word(found))) => text == found,
        (toml::Value::String(text), Some(Value::Exact(found))) => *text == found.to_string(),
        _ => false,
    }
}

#[derive(Default)]
struct Count {
    labels: usize,
    statuses: usize,
    parameters: usize,
    right: usize,
}

#[test]
fn reviews_agree_with_labels_and_never_call_an_adverse_document_met() {
    let Some(data) = crate::shared("vendor-terms") else { return };
    let golden: Golden = toml::from_str(include_str!("golden/vendor-terms.toml")).expect("labels");
    let playbook = Playbook::ai_vendor();
    let mut reviews: BTreeMap<String, Review> = BTreeMap::new();
    let mut counts: BTreeMap<(bool, String), Count> = BTreeMap::new();
    let mut met = Vec::new();
    let (mut characters, mut spent) = (0, Duration::ZERO);
    for label in &golden.label {
        let review = reviews.entry(label.document.clone()).or_insert_with(|| {
            let path = data.join(&label.document);
            let bytes = std::fs::read(&path).expect(&label.document);
            let reading = reading::read(&bytes, &label.document).expect(&label.document);
            characters += reading.wording.text.chars().count();
            let begun = Instant::now();
            let review = review(&reading.wording, &playbook, Side::Customer);
            spent += begun.elapsed();
            review
        });
        let finding = worst(review, &label.clause);
        let status = word(finding.status);
        let count = counts.entry((label.held_out, label.clause.clone())).or_default();
        count.labels += 1;
        let agrees = status == label.expected;
        count.statuses += usize::from(agrees);
        let mut odd = Vec::new();
        for (name, expected) in &label.parameters {
            count.parameters += 1;
            let found = finding.parameters.get(name.as_str());
            if same(expected, found) {
                count.right += 1;
            } else {
                odd.push(format!("{name}: {expected} is {found:?}"));
            }
        }
        if label.expected == "adverse" && matches!(finding.status, Status::Met) {
            met.push(format!("{} {}", label.document, label.clause));
        }
        if !label.held_out && (!agrees || !odd.is_empty()) {
            println!(
                "{} {}: {} ({}) is {status} by {} {odd:?}\n    {}",
                label.document,
                label.clause,
                label.expected,
                label.why,
                finding.rule,
                finding.quote.chars().take(300).collect::<String>()
            );
        }
    }
    report(&counts, reviews.len());
    // A page has 3,000 characters.
    let pages = characters / 3_000;
    println!("{pages} pages in {} ms of review", spent.as_millis());
    assert!(met.is_empty(), "adverse documents called met: {met:?}");
    let all = |take: fn(&Count) -> usize| counts.values().map(take).sum::<usize>();
    let (labels, statuses) = (all(|count| count.labels), all(|count| count.statuses));
    assert!(statuses * 10 >= labels * 9, "{statuses} of {labels} statuses agree");
}

#[expect(clippy::print_stdout, reason = "the table is what this test is read for")]
fn report(counts: &BTreeMap<(bool, String), Count>, documents: usize) {
    println!("{documents} documents");
    println!("| set | clause | labels | status agrees | parameters agree |");
    println!("| --- | --- | --- | --- | --- |");
    for ((held_out, clause), count) in counts {
        let set = if *held_out { "held out" } else { "worked on" };
        println!(
            "| {set} | {clause} | {} | {} | {} of {} |",
            count.labels, count.statuses, count.right, count.parameters
        );
    }
}
