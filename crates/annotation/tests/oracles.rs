//! Second opinions from Python: pycocotools, scikit-learn, krippendorff, statsmodels, scipy, and a
//! draw written again from its description. One process; skipped with a reason where a package is
//! absent.

use std::io::Write;
use std::process::{Command, Stdio};

use annotation::{
    Coefficient, Dataset, LabelSet, Limits, Ratings, Seed, agreement, average_precision,
    draw_sample, label_quality, lower_bound, read_coco,
};
use serde_json::{Value, json};
use units::{Fraction, Percent, Ratio};

/// A small fixed source of numbers.
struct Digits(u64);

impl Digits {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % bound
    }
}

fn boxes(digits: &mut Digits, count: u64, scored: bool) -> Vec<Value> {
    let one = |number: u64, digits: &mut Digits| {
        let mut edge =
            |from: u64, span: u64| (from * 100 + digits.below(span * 100)) as f64 / 100.0;
        let (x, y, width, height) = (edge(0, 60), edge(0, 60), edge(4, 120), edge(4, 120));
        let mut record = json!({
            "id": number + 1, "image_id": digits.below(6) + 1, "category_id": digits.below(3) + 1,
            "bbox": [x, y, width, height]
        });
        if scored {
            record["score"] = json!(digits.below(8) as f64 / 10.0 + 0.1);
        } else {
            record["area"] = json!(width * height * 0.7);
            record["iscrowd"] = json!(u64::from(digits.below(12) == 0));
        }
        record
    };
    (0..count).map(|number| one(number, digits)).collect()
}

fn coco_case(digits: &mut Digits) -> (Value, Value) {
    let images: Vec<Value> =
        (1..=6).map(|id| json!({"id": id, "file_name": format!("{id}.jpg")})).collect();
    let classes: Vec<Value> =
        (1..=3).map(|id| json!({"id": id, "name": format!("c{id}")})).collect();
    let gold = boxes(digits, 30, false);
    let mut work = boxes(digits, 20, true);
    for (number, gold) in gold.iter().enumerate().filter(|(number, _)| number % 3 != 0) {
        let mut near = gold.clone();
        near["bbox"][2] = json!(gold["bbox"][2].as_f64().expect("width") + 3.0);
        let near = near.as_object_mut().expect("object");
        near.retain(|key, _| key != "area" && key != "iscrowd" && key != "id");
        near.insert("score".to_owned(), json!((number % 7) as f64 / 10.0 + 0.2));
        work.push(Value::Object(near.clone()));
    }
    for record in &mut work {
        record.as_object_mut().expect("object").remove("id");
    }
    (json!({"images": images, "categories": classes, "annotations": gold}), json!(work))
}

fn labels(digits: &mut Digits, items: u64) -> Vec<Option<String>> {
    (0..items)
        .map(|_| {
            ["neg", "neu", "pos", "pos"].get(digits.below(4) as usize).map(|l| (*l).to_owned())
        })
        .collect()
}

fn label_set(labels: &[Option<String>]) -> LabelSet {
    let named = labels.iter().enumerate();
    let labels =
        named.filter_map(|(id, label)| Some((format!("{id:03}"), label.clone()?))).collect();
    LabelSet { labels }
}

const SCRIPT: &str = include_str!("oracles.py");

fn ask(request: &Value) -> Option<Value> {
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

fn near(found: Option<f64>, want: &Value, what: &str) {
    let want = want.as_f64().filter(|want| want.is_finite());
    match (found, want) {
        (Some(found), Some(want)) => {
            assert!((found - want).abs() < 1e-9, "{what}: {found} is not {want}");
        }
        (found, want) => assert_eq!(found, want, "{what}"),
    }
}

fn float(value: Fraction) -> f64 {
    value.num() as f64 / value.den() as f64
}

fn dataset(text: &Value) -> Dataset {
    let (dataset, findings, _) =
        read_coco("case.json", text.to_string().as_bytes(), &Limits::default());
    assert_eq!(findings, []);
    dataset
}

#[test]
fn the_figures_are_those_of_the_python_packages() {
    let mut digits = Digits(7);
    let cases: Vec<(Value, Value)> = (0..4).map(|_| coco_case(&mut digits)).collect();
    let texts: Vec<[Vec<Option<String>>; 2]> =
        (0..4).map(|_| [labels(&mut digits, 60), labels(&mut digits, 60)]).collect();
    let ratings: Vec<Ratings> = (0..40)
        .map(|_| {
            let mut row = labels(&mut digits, 4);
            if digits.below(3) == 0 {
                row[digits.below(4) as usize] = None;
            }
            row
        })
        .collect();
    let whole: Vec<Ratings> = (0..40).map(|_| labels(&mut digits, 4)).collect();
    let bounds = [(96_u64, 100_u64), (95, 100), (188, 200), (187, 200), (29, 29), (1, 7)];
    let names: Vec<String> = (0..500).map(|number| format!("text-{number}")).collect();
    let (customer, vendor): (Seed, Seed) = ([17; 32], [201; 32]);
    let request = json!({
        "coco": cases, "texts": texts, "ratings": ratings, "whole": whole, "bounds": bounds,
        "draw": {"items": names, "count": 40, "lot": "批次-1",
            "customer": customer.to_vec(), "vendor": vendor.to_vec()},
    });
    let Some(answer) = ask(&request) else { return };

    for ((gold, work), want) in cases.iter().zip(answer["coco"].as_array().expect("list")) {
        check_coco(&dataset(gold), &dataset(work), want);
    }
    for (case, want) in texts.iter().zip(answer["texts"].as_array().expect("list")) {
        let report = label_quality(&label_set(&case[0]), &label_set(&case[1]), &Limits::default());
        let share = |share: &annotation::Share| share.ratio().value().map(float);
        near(share(&report.accuracy), &want["accuracy"], "accuracy");
        near(share(&report.micro_f1), &want["micro_f1"], "micro F1");
        near(report.macro_f1.map(|mean| float(mean.value)), &want["macro_f1"], "macro F1");
        near(report.cohen_kappa.map(|mean| float(mean.value)), &want["kappa"], "kappa");
    }
    for (items, coefficient, name) in [
        (&ratings, Coefficient::KrippendorffAlpha, "alpha"),
        (&whole, Coefficient::KrippendorffAlpha, "alpha_whole"),
        (&whole, Coefficient::FleissKappa, "fleiss"),
    ] {
        let found = agreement(items, coefficient, 1, 1_000).expect("agreement");
        near(found.value.map(float), &answer[name], name);
        let interval = found.interval.expect("interval");
        let value = found.value.map(float).expect("value");
        assert!(interval.low <= value && value <= interval.high, "{interval:?}");
        assert_eq!(agreement(items, coefficient, 1, 1_000), Ok(found), "the seed fixes it");
    }
    for ((hits, total), want) in bounds.into_iter().zip(answer["bounds"].as_array().expect("list"))
    {
        let percent = |text: &str| text.parse::<Percent>().expect("percent");
        let decision = lower_bound(Ratio::new(hits, total), total, percent("90%"), percent("95%"));
        let bound = decision.expect("decision").lower_bound.expect("bound");
        let bound: f64 = bound.to_string().parse().expect("number");
        let want = want.as_f64().expect("number");
        assert!(bound <= want + 1e-9 && want - bound < 1.1e-6, "{bound} {want}");
    }
    let items: Vec<&str> = names.iter().map(String::as_str).collect();
    let sample = draw_sample(&items, 40, &customer, &vendor, "批次-1").expect("sample");
    assert_eq!(json!(sample), answer["draw"], "a stranger draws another sample");
}

fn check_coco(gold: &Dataset, work: &Dataset, want: &Value) {
    let found = average_precision(work, gold).expect("figures");
    let figures = [
        found.ap,
        found.ap50,
        found.ap75,
        found.ap_small,
        found.ap_medium,
        found.ap_large,
        found.ar1,
        found.ar10,
        found.ar100,
        found.ar_small,
        found.ar_medium,
        found.ar_large,
    ];
    for (at, figure) in figures.into_iter().enumerate() {
        near(figure, &want[at], &format!("COCO figure {at}"));
    }
}

#[test]
fn agreement_is_undefined_where_no_disagreement_was_to_be_expected() {
    let same: Vec<Ratings> = vec![vec![Some("a".to_owned()), Some("a".to_owned())]; 5];
    for coefficient in
        [Coefficient::CohenKappa, Coefficient::FleissKappa, Coefficient::KrippendorffAlpha]
    {
        let found = agreement(&same, coefficient, 1, 1_000).expect("agreement");
        assert_eq!((found.value, found.interval, found.units), (None, None, 5), "{coefficient:?}");
    }
    let pairs: Vec<Ratings> = ["ab", "aa", "bb", "bb"]
        .iter()
        .map(|pair| pair.chars().map(|label| Some(label.to_string())).collect())
        .collect();
    let found = agreement(&pairs, Coefficient::CohenKappa, 1, 1_000).expect("agreement");
    assert_eq!(found.value, Some(Fraction::new(1, 2)));
    assert!(agreement(&pairs, Coefficient::CohenKappa, 1, 999).is_err());
    let uneven = [pairs[0].clone(), vec![None, Some("a".to_owned())]];
    assert!(agreement(&uneven, Coefficient::FleissKappa, 1, 1_000).is_err());
    assert!(agreement(&[vec![None]], Coefficient::CohenKappa, 1, 1_000).is_err());
}
