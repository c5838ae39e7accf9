//! Marked passages against gold: which are right, what the others lack, and seqeval's own figures
//! on the same passages, written as tags.

use std::io::Write as _;
use std::process::{Command, Stdio};

use annotation::{
    Class, Dataset, Delivery, Item, LabelRecord, Limits, QualityReport, SpanItem, SpanRecord,
    SpanReport, Text, quality, span_quality,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const CLASSES: [&str; 3] = ["person", "place", "time"];
const WORDS: &str = "王小明昨天在上海看见了李雷。";

/// Passages of some texts: text, start, end, class.
type Spans<'a> = &'a [(u32, u64, u64, u32)];

fn dataset(texts: u32, spans: Spans<'_>) -> Dataset {
    let text = |at: u32| Text {
        id: u64::from(at) + 1,
        name: format!("t{at}"),
        body: WORDS.to_owned(),
        split: String::new(),
    };
    let class = |name: &str| Class { name: name.to_owned(), ..Class::default() };
    let span = |(text, start, end, class): &(u32, u64, u64, u32)| SpanRecord {
        text: *text,
        class: *class,
        start: *start,
        end: *end,
        score: None,
        more: None,
    };
    Dataset {
        texts: (0..texts).map(text).collect(),
        classes: CLASSES.map(class).to_vec(),
        spans: spans.iter().map(span).collect(),
        named: true,
        ..Dataset::default()
    }
}

fn judged(gold: Spans<'_>, work: Spans<'_>) -> SpanReport {
    span_quality(&dataset(2, work), &dataset(2, gold), &Limits::default())
}

fn lines(items: &[SpanItem]) -> Vec<String> {
    let line = |one: &SpanItem| {
        format!("{} {}..{} {} {}", one.text, one.start, one.end, one.label, one.words)
    };
    items.iter().map(line).collect()
}

#[test]
fn each_passage_is_right_or_says_what_it_lacks() {
    let gold = [(0, 0, 3, 0), (0, 3, 5, 2), (0, 6, 8, 1), (0, 11, 13, 0), (1, 0, 3, 0)];
    // Right, wrong borders, wrong class, missed, and one in the second text that is not there.
    let work = [(0, 0, 3, 0), (0, 4, 6, 2), (0, 6, 8, 0), (1, 0, 3, 0), (1, 9, 10, 1)];
    let report = judged(&gold, &work);
    let counts = &report.counts;
    assert_eq!((counts.gold, counts.work, counts.right), (5, 5, 2));
    assert_eq!((counts.wrong_borders, counts.wrong_class), (1, 1));
    assert_eq!((counts.missed, counts.extra), (1, 1));
    assert_eq!(lines(&report.missed), ["t0 11..13 person 李雷"]);
    assert_eq!(lines(&report.extra), ["t1 9..10 place 见"]);
    let [borders, class] = [&report.wrong_borders[0], &report.wrong_class[0]];
    assert_eq!((borders.gold.words.as_str(), borders.work.words.as_str()), ("昨天", "天在"));
    assert_eq!((class.gold.label.as_str(), class.work.label.as_str()), ("place", "person"));
    let share = |share: &annotation::Share| (share.hits, share.total);
    assert_eq!(share(&report.exact.recall), (2, 5));
    assert_eq!(share(&report.overlapping.recall), (3, 5));
    assert_eq!((report.texts.judged, report.texts.conforming), (2, 0));
    assert_eq!(report.conforming_objects(), units::Ratio::new(2, 6));
}

#[test]
fn one_passage_is_right_once_and_its_own_class_comes_first() {
    // The same passage twice; one that overlaps two; one over both classes.
    let report = judged(&[(0, 0, 3, 0)], &[(0, 0, 3, 0), (0, 0, 3, 0)]);
    assert_eq!((report.counts.right, report.counts.extra), (1, 1));
    let report = judged(&[(0, 0, 2, 0), (0, 2, 4, 0)], &[(0, 0, 4, 0)]);
    assert_eq!((report.counts.wrong_borders, report.counts.missed), (1, 1));
    let report = judged(&[(0, 0, 4, 0)], &[(0, 0, 4, 1), (0, 3, 5, 0)]);
    assert_eq!((report.counts.wrong_borders, report.counts.extra), (1, 1));
    assert_eq!(report.counts.wrong_class, 0);
    // A place between two characters overlaps nothing.
    let report = judged(&[(0, 2, 2, 0), (0, 4, 4, 0)], &[(0, 2, 2, 0), (0, 0, 9, 0)]);
    assert_eq!((report.counts.right, report.counts.missed, report.counts.extra), (1, 1, 1));
}

#[test]
fn texts_are_known_by_their_name_and_the_class_of_a_text_counts_too() {
    let mut gold = dataset(3, &[(0, 0, 3, 0), (1, 0, 3, 0)]);
    let mut work = dataset(2, &[(0, 0, 3, 0), (1, 0, 3, 0)]);
    work.texts[1].name = "other".to_owned();
    work.texts[0].body.push('!');
    let label =
        |item, class| LabelRecord { item: Item::Text(item), class, score: None, more: None };
    gold.labels.push(label(0, 1));
    work.labels.push(label(0, 2));
    let report = quality(
        &Delivery::of(work),
        &Delivery::of(gold.clone()),
        &annotation::QualityOptions {
            boxes: annotation::BoxOptions::at(
                annotation::IouThreshold::new(units::Fraction::new(1, 2)).expect("a half"),
            ),
            average_precision: false,
            tolerance_micros: 0,
        },
    );
    let Ok(QualityReport::Spans(report)) = report else { panic!("passages") };
    let texts = report.texts;
    assert_eq!((texts.judged, texts.not_delivered, texts.not_in_gold), (3, 2, 1));
    assert_eq!((texts.other_words, texts.conforming), (1, 0));
    assert_eq!((report.counts.gold, report.counts.work, report.counts.missed), (2, 1, 1));
    assert_eq!(report.labels.as_ref().map(|labels| labels.wrong.len()), Some(1));
}

/// Passages that do not overlap, as tags can say.
fn apart() -> impl Strategy<Value = Vec<(u32, u64, u64, u32)>> {
    let one = (0_u32..2, 0_u64..3, 1_u64..4, 0_u32..3);
    prop::collection::vec(one, 0..8).prop_map(|drawn| {
        let mut next = [0_u64; 2];
        let mut spans = Vec::new();
        for (text, gap, length, class) in drawn {
            let from = next[text as usize] + gap;
            if from + length <= 14 {
                spans.push((text, from, from + length, class));
                next[text as usize] = from + length;
            }
        }
        spans
    })
}

proptest! {
    #[test]
    fn all_are_counted_once_and_the_sides_may_change(gold in apart(), work in apart()) {
        let report = judged(&gold, &work);
        let counts = report.counts;
        let paired = counts.right + counts.wrong_borders + counts.wrong_class;
        prop_assert_eq!(paired + counts.missed, counts.gold);
        prop_assert_eq!(paired + counts.extra, counts.work);
        let naive = gold.iter().filter(|one| work.contains(one)).count() as u64;
        prop_assert_eq!(counts.right, naive);
        let back = judged(&work, &gold);
        prop_assert_eq!(&back.exact.f1, &report.exact.f1);
        prop_assert_eq!(&back.overlapping.f1, &report.overlapping.f1);
        prop_assert_eq!(back.counts.missed, counts.extra);
        prop_assert!(report.overlapping.f1.hits >= report.exact.f1.hits);
    }
}

const SCRIPT: &str = r#"
import json, sys
from seqeval.metrics import classification_report
answer = []
for gold, work in json.load(sys.stdin):
    answer.append(classification_report(gold, work, output_dict=True, zero_division=0))
json.dump(answer, sys.stdout, default=float)
"#;

/// Characters with the tags that begin and go on with a passage.
fn tags(spans: Spans<'_>) -> Value {
    let mut all = vec![vec!["O".to_owned(); 14]; 2];
    for (text, start, end, class) in spans {
        for at in *start..*end {
            let mark = if at == *start { "B" } else { "I" };
            all[*text as usize][at as usize] = format!("{mark}-{}", CLASSES[*class as usize]);
        }
    }
    json!(all)
}

/// What seqeval says; none where it is absent.
fn seqeval(request: &Value) -> Option<Value> {
    let spawned = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        println!("skipped: python3 is absent");
        return None;
    };
    let mut input = child.stdin.take().expect("piped");
    input.write_all(request.to_string().as_bytes()).expect("write");
    drop(input);
    let output = child.wait_with_output().expect("python3");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    if errors.contains("ModuleNotFoundError") {
        println!("skipped: {}", errors.lines().last().unwrap_or_default());
        return None;
    }
    assert!(output.status.success(), "{errors}");
    Some(serde_json::from_slice(&output.stdout).expect("json"))
}

#[test]
fn exact_figures_are_those_of_seqeval() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut draw = || apart().new_tree(&mut runner).expect("drawn").current();
    let mut cases: Vec<_> = (0..60).map(|_| (draw(), draw())).collect();
    for (at, (gold, work)) in cases.iter_mut().enumerate() {
        // Some work that is near to gold.
        if at % 2 == 0 {
            *work = gold.iter().skip(at % 3).copied().collect();
        }
    }
    cases.retain(|(gold, work)| !gold.is_empty() && !work.is_empty());
    let request: Vec<Value> =
        cases.iter().map(|(gold, work)| json!([tags(gold), tags(work)])).collect();
    let Some(answers) = seqeval(&json!(request)) else { return };
    for ((gold, work), want) in cases.iter().zip(answers.as_array().expect("a list")) {
        let report = judged(gold, work).exact;
        let near = |share: &annotation::Share, want: &Value| {
            let found = if share.total == 0 { 0.0 } else { share.hits as f64 / share.total as f64 };
            let want = want.as_f64().expect("a number");
            assert!((found - want).abs() < 1e-9, "{found} is not {want}");
        };
        let all = &want["micro avg"];
        near(&report.precision, &all["precision"]);
        near(&report.recall, &all["recall"]);
        near(&report.f1, &all["f1-score"]);
        let mean = report.macro_f1.expect("classes").value;
        let mean = mean.num() as f64 / mean.den() as f64;
        let want_mean = want["macro avg"]["f1-score"].as_f64().expect("a number");
        assert!((mean - want_mean).abs() < 1e-9, "{mean} is not {want_mean}");
        for class in report.per_class {
            let want = &want[&class.label];
            near(&class.precision, &want["precision"]);
            near(&class.recall, &want["recall"]);
            near(&class.f1, &want["f1-score"]);
        }
    }
    println!("{} cases are equal to seqeval's", cases.len());
}
