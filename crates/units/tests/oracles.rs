//! Second opinions from Python: `decimal` for rounding and order, `fractions` for quotients,
//! `cn2an` for amounts in capitals, and the two packages behind the table of holidays. Each test
//! starts one process; without Python or the package it is skipped and says so.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use units::{Currency, Decimal, Fraction, Money, RoundingMode, amount_in_words_zh};

use crate::numbers::MODES;

/// Runs a Python program with `input`; `None`, with the reason printed, when it cannot run. Exit
/// code 3 says that a package is missing.
fn python(test: &str, arguments: &[&str], input: &str) -> Option<String> {
    let child = Command::new("python3")
        .args(arguments)
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            eprintln!("skipped {test}: python3 does not start: {error}");
            return None;
        }
    };
    let mut stdin = child.stdin.take().expect("piped above");
    let bytes = input.as_bytes().to_vec();
    // A thread, since a program that answers line by line would fill its pipe meanwhile.
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().expect("a started process ends");
    let written = writer.join().expect("the writer does not panic");
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(3) {
        eprintln!("skipped {test}: {}", said.trim());
        return None;
    }
    assert!(output.status.success(), "{test}: python3 failed: {said}");
    written.expect("a process that succeeded read its input");
    Some(String::from_utf8(output.stdout).expect("UTF-8, as asked"))
}

/// The same values on every run.
fn seeded() -> TestRunner {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(Config::default(), rng)
}

fn draw<S: Strategy>(count: usize, strategy: &S) -> Vec<S::Value> {
    let mut runner = seeded();
    let value = |_| strategy.new_tree(&mut runner).expect("nothing is filtered").current();
    (0..count).map(value).collect()
}

const ROUND: &str = r#"
import sys
from decimal import *
getcontext().prec = 120
modes = [ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR]
for line in sys.stdin:
    text, places = line.split()
    unit = Decimal(1).scaleb(-int(places))
    print(*[format(Decimal(text).quantize(unit, rounding=mode), "f") for mode in modes])
"#;

#[test]
fn decimals_round_as_pythons_do() {
    // Short mantissas make ties common; long ones fill the range.
    let values = draw(
        4_000,
        &(
            proptest::prop_oneof![
                -2_000_i128..2_000,
                -10_i128.pow(15)..10_i128.pow(15),
                (-10_000_i128..10_000).prop_map(|value| value * 5)
            ],
            0_u8..=12,
            0_u8..=12,
        ),
    );
    let input: String = values
        .iter()
        .map(|(mantissa, scale, kept)| format!("{} {kept}\n", Decimal::new(*mantissa, *scale)))
        .collect();
    let test = "decimals_round_as_pythons_do";
    let Some(output) = python(test, &["-c", ROUND], &input) else { return };
    assert_eq!(output.lines().count(), values.len());
    for ((mantissa, scale, kept), line) in values.iter().zip(output.lines()) {
        let value = Decimal::new(*mantissa, *scale);
        for (mode, want) in MODES.into_iter().zip(line.split(' ')) {
            let got = value.to_fraction().to_decimal(*kept, mode).to_string();
            // Python keeps the sign of a zero; a decimal here has none.
            let zero = want.bytes().all(|byte| b"-0.".contains(&byte));
            let want = if zero { want.trim_start_matches('-') } else { want };
            assert_eq!(got, want, "{value} to {kept} places, {mode:?}");
        }
    }
}

const ORDER: &str = r#"
import sys
from decimal import Decimal
for line in sys.stdin:
    left, right = map(Decimal, line.split())
    print((left > right) - (left < right), format(left, "f"))
"#;

#[test]
fn decimals_order_and_print_as_pythons_do() {
    let decimals = (-5_000_i128..5_000, 0_u8..=12);
    let values = draw(3_000, &(decimals.clone(), decimals));
    let pair =
        |((a, b), (c, d)): &((i128, u8), (i128, u8))| (Decimal::new(*a, *b), Decimal::new(*c, *d));
    let input: String = values
        .iter()
        .map(|value| {
            let (left, right) = pair(value);
            format!("{left} {right}\n")
        })
        .collect();
    let test = "decimals_order_and_print_as_pythons_do";
    let Some(output) = python(test, &["-c", ORDER], &input) else { return };
    assert_eq!(output.lines().count(), values.len());
    for (value, line) in values.iter().zip(output.lines()) {
        let (left, right) = pair(value);
        assert_eq!(format!("{} {left}", left.cmp(&right) as i8), line, "{left} and {right}");
    }
}

const QUOTIENT: &str = r#"
import sys
from fractions import Fraction
from math import floor, ceil, trunc
def half_up(x): return (1 if x >= 0 else -1) * floor(abs(x) + Fraction(1, 2))
def up(x): return ceil(x) if x >= 0 else floor(x)
for line in sys.stdin:
    num, den = map(int, line.split())
    x = Fraction(num, den) * 100
    print(half_up(x), round(x), up(x), trunc(x), ceil(x), floor(x))
"#;

#[test]
fn quotients_become_fen_as_pythons_fractions_say() {
    let values = draw(3_000, &(-10_i128.pow(14)..10_i128.pow(14), 1_i128..3_000));
    let input: String = values.iter().map(|(num, den)| format!("{num} {den}\n")).collect();
    let test = "quotients_become_fen_as_pythons_fractions_say";
    let Some(output) = python(test, &["-c", QUOTIENT], &input) else { return };
    assert_eq!(output.lines().count(), values.len());
    for ((num, den), line) in values.iter().zip(output.lines()) {
        let got: Vec<String> = MODES
            .into_iter()
            .map(|mode: RoundingMode| {
                let exact = Fraction::new(*num, *den);
                Money::from_fraction(exact, Currency::Cny, mode).minor().to_string()
            })
            .collect();
        assert_eq!(got.join(" "), line, "{num}/{den}");
    }
}

const CAPITALS: &str = r#"
import sys
try:
    import cn2an
except ImportError:
    print("the package cn2an is not installed", file=sys.stderr)
    sys.exit(3)
for line in sys.stdin:
    print(cn2an.an2cn(line.strip(), "rmb"))
"#;

#[test]
fn amounts_are_written_as_cn2an_writes_them() {
    // Its numbers end below 10^16. Both sides leave out every free 零 and 整, but for the one that
    // we keep after 亿 where the 万 are empty.
    let values: Vec<i128> = draw(3_000, &crate::words::fen())
        .into_iter()
        .filter(|minor| minor.abs() < 10_i128.pow(18))
        .collect();
    let money = |minor: &i128| Money::new(*minor, Currency::Cny);
    let input: String = values.iter().map(|minor| format!("{}\n", money(minor).amount())).collect();
    let test = "amounts_are_written_as_cn2an_writes_them";
    let Some(output) = python(test, &["-c", CAPITALS], &input) else { return };
    assert_eq!(output.lines().count(), values.len());
    for (minor, line) in values.iter().zip(output.lines()) {
        let mut words = amount_in_words_zh(money(minor));
        let yuan = minor.abs() / 100;
        if yuan >= 100_000_000 && (1_000..10_000).contains(&(yuan % 100_000_000)) {
            words = words.replace("亿零", "亿");
        }
        assert_eq!(words, line, "{minor} fen");
    }
}

#[test]
fn the_table_of_holidays_is_what_its_generator_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let generator = root.join("generate_calendar.py");
    let generator = generator.to_str().expect("a path in UTF-8");
    let test = "the_table_of_holidays_is_what_its_generator_prints";
    let Some(output) = python(test, &[generator], "") else { return };
    let table = std::fs::read_to_string(root.join("src/calendar/china.rs")).expect("readable");
    // The header carries the date and the versions of the day; the days must be the same.
    let days = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with("//!"));
        lines.map(ToString::to_string).collect()
    };
    assert_eq!(days(&output), days(&table));
}
