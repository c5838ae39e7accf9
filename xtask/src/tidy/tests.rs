//! Each rule is shown to fail on a bad snippet and to pass a good one beside it.

use super::*;

/// The messages about one file, documents left out.
fn messages(path: &str, text: &str) -> Vec<String> {
    let file = File::sample(path, text);
    let mut problems = Vec::new();
    house::check_file(&file, &mut problems);
    if path.ends_with(".rs") {
        code::check_file(&file, &mut problems);
    }
    problems.iter().map(ToString::to_string).collect()
}

fn bad(path: &str, text: &str, expected: &str) {
    let got = messages(path, text);
    assert!(
        got.len() == 1 && got[0].contains(expected),
        "{path} {text:?}: expected one problem with {expected:?}, got {got:#?}"
    );
}

fn good(path: &str, text: &str) {
    let got = messages(path, text);
    assert!(got.is_empty(), "{path} {text:?}: expected no problem, got {got:#?}");
}

const SRC: &str = "crates/settlement/src/fee.rs";

fn rs(body: &str) -> String {
    format!("//! A fee.\n{body}\n")
}

#[test]
fn unfinished_work_is_banned() {
    for mark in [concat!("TO", "DO"), concat!("FIX", "ME")] {
        bad(SRC, &rs(&format!("// {mark}: later")), mark);
        bad("docs/a.md", mark, mark);
        good("cases/a.toml", mark);
    }
    bad(SRC, &rs("fn a() { dbg!(1); }"), "dbg!");
    bad(SRC, &rs("fn a() { todo!() }"), "todo!");
    bad(SRC, &rs("fn a() { unimplemented!() }"), "unimplemented!");
    bad(SRC, &rs("#[ignore = \"slow\"]"), "#[ignore");
    bad(SRC, &rs("std::thread::sleep(x);"), "wait for the event");
    good(SRC, &rs("// dbg! is not allowed here\nconst A: &str = \"dbg!\";"));
}

#[test]
fn machines_and_registries_are_not_named() {
    bad("a.toml", concat!("path = \"/wo", "rk/main\""), "relative to the checkout");
    bad(SRC, &rs(concat!("const A: &str = \"/ro", "ot/.cache\";")), "relative to the checkout");
    good("a.toml", concat!("path = \"net", "wo", "rk/wo", "rk/x\""));
    bad("docs/a.md", concat!("see crates", ".io"), "usual client");
    good("Cargo.lock", concat!("source = \"registry+crates", ".io\""));
}

#[test]
fn a_source_opens_with_what_it_decides() {
    bad(SRC, "fn a() {}\n", "//!");
    good(SRC, "//! Decides a.\nfn a() {}\n");
}

#[test]
fn lines_and_files_are_short() {
    let long = "a".repeat(101);
    bad(SRC, &rs(&format!("const A: &str = \"{long}\";")), "columns");
    good("crates/settlement/tests/fee.rs", &rs(&format!("const A: &str = \"{long}\";")));
    good(SRC, &rs(&format!("// https://example.org/{long}")));
    good(SRC, &format!("//! | {long} | b |\n"));
    bad(SRC, &rs(&format!("// {}", "a ".repeat(48) + "long")), "columns");
    bad(SRC, &rs(&"\n".repeat(900)), "lines is banned");
    bad(SRC, &rs(&"\n".repeat(750)), "warning: ");
}

#[test]
fn names_say_what_is_inside() {
    bad("crates/contract/src/utils.rs", "//! A.\n", "the noun of the contract");
    bad("crates/contract/src/helpers/a.rs", "//! A.\n", "the noun of the contract");
    bad("crates/contract/src/common/a.rs", "//! A.\n", "the noun of the contract");
    good("crates/contract/src/terms/common.rs", "//! A.\n");
    good("crates/contract/src/typesetting.rs", "//! A.\n");
}

#[test]
fn exact_crates_have_no_floats() {
    bad(SRC, &rs("fn a(x: f64) {}"), "use Decimal");
    bad(SRC, &rs("fn a(x: f32) {}"), "use Decimal");
    good(SRC, &rs("// f64 would round here"));
    good(SRC, &rs("#[expect(clippy::disallowed_types, reason = \"a\")]\nfn a(_: f64) {}"));
    good("crates/annotation/src/map.rs", &rs("fn a(x: f64) {}"));
    good(SRC, &rs("#[cfg(test)]\nmod tests {\n    fn oracle() -> f64 { 1.0 }\n}"));
}

#[test]
fn a_missing_amount_is_not_zero() {
    bad(SRC, &rs("let a = b.unwrap_or(0);"), "names the missing amount");
    bad(SRC, &rs("let a = b.unwrap_or_default();"), "names the missing amount");
    good("crates/cli/src/a.rs", &rs("let a = b.unwrap_or_default();"));
}

#[test]
fn time_and_randomness_are_inputs() {
    bad(SRC, &rs("let a = std::time::SystemTime::now();"), "as an argument");
    bad("crates/desk/src/use_case.rs", &rs("getrandom::fill(&mut a)"), "as an argument");
    good("crates/desk/src/clock.rs", &rs("let a = jiff::Timestamp::now();"));
}

#[test]
fn words_for_people_are_made_at_the_edge() {
    bad(SRC, &rs("let a = \"逾期\";"), "words are made in document");
    good(SRC, &rs("// 逾期"));
    good("crates/cli/src/words.rs", &rs("let a = \"逾期\";"));
    good("crates/settlement/src/tests.rs", &rs("let a = \"逾期\";"));
    good("crates/units/src/words.rs", &rs("let a = \"壹\";"));
}

#[test]
fn only_the_way_in_makes_a_scope() {
    for code in ["let a = Scope::party(b, c);", "let a = store::Scope::operator();"] {
        bad("crates/server/src/a.rs", &rs(code), "through desk::people");
        bad("crates/desk/src/money.rs", &rs(code), "use its Entry");
        good("crates/desk/src/people/access.rs", &rs(code));
        good("crates/store/src/a.rs", &rs(code));
        good("crates/server/tests/a.rs", &rs(code));
    }
    good("crates/server/src/a.rs", &rs("let a = desk.within(&entry).scope();"));
}

#[test]
fn only_store_speaks_sql() {
    bad("crates/desk/src/a.rs", &rs("let a = \"SELECT a FROM b\";"), "method of store");
    bad("crates/desk/src/a.rs", &rs("let a = \"INSERT INTO b VALUES (1)\";"), "method of store");
    good("crates/store/src/a.rs", &rs("let a = \"SELECT a FROM b\";"));
    good("crates/desk/src/a.rs", &rs("let a = \"Select a file from the list\";"));
}

#[test]
fn built_output_and_big_files_stay_out() {
    bad("web/dist/index.js", "a", ".gitignore");
    bad("crates/store/a.db", "a", ".gitignore");
    bad("docs/a.txt", &"a".repeat(1024 * 1024 + 1), "generate it");
    bad("docs/a.md", "a \n", "white space");
}

#[test]
fn the_documents_of_the_house_are_there() {
    let mut problems = Vec::new();
    house::check_documents(&[File::sample("README.md", "cargo xtask run")], &mut problems);
    let got: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(got.iter().any(|line| line.contains("cargo xtask test")), "{got:#?}");
    assert!(got.iter().any(|line| line.starts_with("CHANGELOG.md")), "{got:#?}");
}

#[test]
fn every_metric_is_in_the_glossary() {
    let source = "pub enum Metric {\n    /// A.\n    MeanIou,\n    /// B.\n    F1,\n}\n";
    let check = |glossary: &str| {
        let mut problems = Vec::new();
        let files = [
            File::sample("crates/units/src/standard.rs", source),
            File::sample("docs/glossary.md", glossary),
        ];
        house::check_glossary(&files, &mut problems);
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(check("`mean_iou` `f1`").is_empty());
    let got = check("`mean_iou`");
    assert!(got.len() == 1 && got[0].contains("`f1`"), "{got:?}");
}
