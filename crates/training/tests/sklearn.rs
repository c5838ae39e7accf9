//! The figures of scikit-learn on the same answers; skipped with a reason where it is absent.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use training::{Evaluation, Matrix, evaluate};

use crate::support::Dice;

const SCRIPT: &str = include_str!("sklearn.py");

struct Case {
    truth: Vec<usize>,
    rows: Matrix,
}

/// Answers that are right more often than not, over classes of which the last is rare or absent.
fn case(seed: u64, images: usize, classes: usize) -> Case {
    let mut dice = Dice::new(seed);
    let mut values = Vec::new();
    let truth: Vec<usize> =
        (0..images).map(|_| ((dice.next() * dice.next()) * classes as f32) as usize).collect();
    for &truth in &truth {
        let mut row: Vec<f32> = (0..classes).map(|_| dice.next() + 0.05).collect();
        row[truth] += dice.next();
        let sum: f32 = row.iter().sum();
        values.extend(row.iter().map(|value| value / sum));
    }
    Case { truth, rows: Matrix { width: classes, values } }
}

/// The answers, or why there are none.
fn ask(request: &Value) -> Result<Value, String> {
    let python = std::env::var("TALLYSTICK_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let spawned = Command::new(python)
        .args(["-W", "ignore", "-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        return Err("python3 is absent".to_owned());
    };
    let mut input = child.stdin.take().expect("piped");
    // A script that stopped for a missing package reads nothing.
    let _given = input.write_all(request.to_string().as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("python3");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    if errors.contains("ModuleNotFoundError") {
        return Err(errors.lines().last().unwrap_or("a package is absent").to_owned());
    }
    assert!(output.status.success(), "{errors}");
    Ok(serde_json::from_slice(&output.stdout).expect("json"))
}

fn same(what: &str, theirs: &Value, ours: Option<f64>) {
    let close = match (theirs.as_f64(), ours) {
        (Some(theirs), Some(ours)) => (theirs - ours).abs() <= 1e-12,
        (None, None) => true,
        _ => false,
    };
    assert!(close, "{what}: {theirs} and {ours:?}");
}

#[test]
fn figures_are_those_of_scikit_learn() {
    let sizes = [(1, 6, 2), (2, 40, 3), (3, 500, 10), (4, 2_000, 25)];
    let cases: Vec<Case> = sizes.map(|(seed, images, classes)| case(seed, images, classes)).into();
    let request = cases.iter().map(|case| {
        let rows: Vec<Vec<f64>> = (0..case.rows.rows())
            .map(|row| case.rows.row(row).iter().map(|&value| f64::from(value)).collect())
            .collect();
        json!({ "truth": case.truth, "rows": rows })
    });
    let answers = match ask(&request.collect()) {
        Ok(answers) => answers,
        Err(why) => {
            println!("skipped: {why}");
            return;
        }
    };
    for (case, theirs) in cases.iter().zip(answers.as_array().expect("a list")) {
        let classes: Vec<String> = (0..case.rows.width).map(|at| format!("c{at}")).collect();
        compare(theirs, &evaluate(&case.rows, &case.truth, &[], &classes));
    }
}

fn compare(theirs: &Value, ours: &Evaluation) {
    let figures = &ours.figures;
    for (name, own) in [
        ("accuracy", figures.accuracy),
        ("macro_precision", figures.macro_precision),
        ("macro_recall", figures.macro_recall),
        ("macro_f1", figures.macro_f1),
        ("weighted_f1", figures.weighted_f1),
        ("micro_precision", figures.micro_precision),
        ("micro_recall", figures.micro_recall),
        ("micro_f1", figures.micro_f1),
        ("log_loss", ours.log_loss),
        ("top2", ours.among_first(2) as f64 / ours.images as f64),
    ] {
        same(name, &theirs[name], Some(own));
    }
    for (class, own) in ours.classes.iter().enumerate() {
        let row = &theirs["classes"][class];
        same("precision", &row[0], Some(own.precision));
        same("recall", &row[1], Some(own.recall));
        same("F1", &row[2], Some(own.f1));
        same("support", &row[3], Some(own.support as f64));
        same("auroc", &theirs["auroc"][class], own.auroc);
    }
}
