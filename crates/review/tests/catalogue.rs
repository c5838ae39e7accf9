//! The page of the checks says what the code checks, in both languages.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use review::Risk;
use review::checks::list;

const PAGE: &str = "../../docs/checks.md";

fn risk(risk: Risk) -> (&'static str, &'static str) {
    match risk {
        Risk::High => ("high", "高"),
        Risk::Medium => ("medium", "中"),
        Risk::Low => ("low", "低"),
    }
}

/// The page as the code would write it.
fn page() -> String {
    let mut page = String::from(
        "# Checks of a document · 文件检查\n\n\
         Run over every document that is reviewed and every draft before it is signed. The risk is \
         the highest that a check gives; a finding may carry less. What undoes all other clauses \
         is said first.\n\n\
         审查外来合同和签署前检查草稿时都会运行。风险为该项检查的最高级别,具体发现可能较低。使其他条款失去意义的发现排在最前。\n\n\
         The list is that of `review::checks::list`; a test holds the two together \
         (`GOLDEN=write cargo test -p review` writes this page).\n\n\
         | Check 检查 | Finds | 发现 | Risk 风险 |\n| --- | --- | --- | --- |\n",
    );
    for check in list() {
        let (en, zh) = risk(check.risk);
        let _ = writeln!(page, "| `{}` | {} | {} | {en} {zh} |", check.id, check.en, check.zh);
    }
    page
}

#[test]
fn the_page_of_checks_is_the_list_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(&path, page()).expect("the page is written");
    }
    let written = std::fs::read_to_string(&path).expect("the page stands");
    assert_eq!(written, page());
}

#[test]
fn each_check_has_one_id_and_words_in_both_languages() {
    let ids: Vec<&str> = list().map(|check| check.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    for check in list() {
        assert!(check.id.starts_with("doc-"), "{}", check.id);
        assert!(check.zh.chars().any(wording::is_han), "{}", check.id);
        assert!(check.en.is_ascii() || check.en.contains('“'), "{}", check.id);
    }
}
