//! Every text of this module stands in both languages and says the same in each; every code that
//! a rule or a refusal can carry has words.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use contract::Refusal;
use contract::form::{Place, Problem, ProblemKind, Severity};
use contract::terms::{Purpose, Side};
use units::{
    ClauseId, Currency, Decimal, Duration, Fraction, Id, Lang, Money, Percent, Ratio, Timestamp,
    Zone,
};

use super::{Codes, Words, things};

/// Longer sentences are not read.
const LONGEST: usize = 160;

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn source(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file under a path but tests.
fn sources(under: &Path) -> Vec<PathBuf> {
    if under.is_file() {
        return vec![under.to_path_buf()];
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(under).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A text literal of a source, with what stands between it and the one before.
struct Literal {
    text: String,
    before: String,
    line: usize,
}

/// The text literals of a source without its comments.
fn literals(source: &str) -> Vec<Literal> {
    let (mut found, mut before) = (Vec::new(), String::new());
    let (mut rest, mut line) = (source.chars().peekable(), 1);
    while let Some(letter) = rest.next() {
        match letter {
            '/' if rest.peek() == Some(&'/') => {
                while rest.next_if(|next| *next != '\n').is_some() {}
            }
            '\'' => {
                before.push(letter);
                // A character literal may hold a quotation mark; a lifetime has no second stroke.
                let next = rest.next().unwrap_or(' ');
                let next = if next == '\\' { rest.next().unwrap_or(' ') } else { next };
                before.push(if next == '"' { ' ' } else { next });
            }
            '"' => {
                let mut text = String::new();
                let start = line;
                while let Some(letter) = rest.next() {
                    match letter {
                        '"' => break,
                        '\\' => match rest.next() {
                            Some('\n') => {
                                line += 1;
                                while rest.next_if(|next| next.is_whitespace()).is_some() {}
                            }
                            Some('n') => text.push('\n'),
                            Some(other) => text.push(other),
                            None => {}
                        },
                        '\n' => {
                            line += 1;
                            text.push(letter);
                        }
                        other => text.push(other),
                    }
                }
                let before = std::mem::take(&mut before);
                found.push(Literal { text, before, line: start });
            }
            _ => {
                line += usize::from(letter == '\n');
                before.push(letter);
            }
        }
    }
    found
}

fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}' | '\u{3001}'..='\u{3002}')
}

/// Whether a Chinese text stands after this in a table or a sentence; codes stand elsewhere.
fn begins_a_pair(before: &str) -> bool {
    let before = before.trim_end();
    ["=>", ":", "self,", "words,", "speak,"].iter().any(|opening| before.ends_with(opening))
}

/// The values that a text names, each as often as it does.
fn named(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let plain = text.replace("{{", "").replace("}}", "");
    for part in plain.split('{').skip(1) {
        let (name, _) = part.split_once('}').expect("a closed brace");
        let name = name.split(':').next().unwrap_or_default();
        *found.entry(name.to_owned()).or_insert(0) += 1;
    }
    found
}

/// What is wrong with a pair of texts.
fn faults_of(zh: &str, en: &str) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let words = |text: &str| {
        text.split('{').any(|part| {
            part.rsplit('}').next().is_some_and(|rest| rest.chars().any(char::is_alphabetic))
        })
    };
    if words(zh) && !zh.chars().any(is_chinese) && zh.chars().any(char::is_alphabetic) && words(en)
    {
        faults.push("the Chinese text has no Chinese character");
    }
    if en.chars().any(is_chinese) {
        faults.push("the English text has a Chinese character");
    }
    if zh == en && words(zh) {
        faults.push("both texts are the same");
    }
    if named(zh) != named(en) {
        faults.push("the texts name different values");
    }
    if zh.chars().count() > LONGEST || en.chars().count() > LONGEST {
        faults.push("a text is longer than 160 characters");
    }
    if zh.chars().any(|letter| letter == ',' || letter == ';') && zh.chars().any(is_chinese) {
        let zh = zh.replace("1,000", "").replace(", ", "");
        if zh.contains([',', ';']) {
            faults.push("the Chinese text has half-width punctuation");
        }
    }
    faults
}

/// Whether a source keeps texts side by side. One that has a function or a page for each language
/// is held against itself where it stands.
fn has_pairs(source: &str) -> bool {
    ["say!", "names!", "codes!", "sentences!", "texts!", "rules!"]
        .iter()
        .any(|table| source.contains(table))
}

#[test]
fn every_text_stands_in_both_languages_and_names_the_same_values() {
    let homes = ["document/src/words", "server/src/words", "cli/src/words.rs"];
    let (mut pairs, mut wrong) = (0, Vec::new());
    for path in homes.iter().flat_map(|home| sources(&crates().join(home))) {
        let source = source(&path);
        let found = if has_pairs(&source) { literals(&source) } else { Vec::new() };
        let mut index = 0;
        while let Some(first) = found.get(index) {
            let second = found.get(index + 1);
            let follows = second.is_some_and(|next| next.before.trim() == ",");
            if first.text.chars().any(is_chinese) || follows && begins_a_pair(&first.before) {
                let place = format!("{}:{}", path.display(), first.line);
                match second.filter(|_| follows) {
                    Some(second) => {
                        pairs += 1;
                        let faults = faults_of(&first.text, &second.text);
                        wrong.extend(faults.into_iter().map(|fault| {
                            format!("{place}: {fault}: {:?} {:?}", first.text, second.text)
                        }));
                    }
                    None if first.text.chars().all(|letter| !letter.is_alphabetic()) => {}
                    None => wrong.push(format!("{place}: {:?} stands alone", first.text)),
                }
                index += 1 + usize::from(follows);
            } else {
                index += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(pairs > 600, "only {pairs} pairs were found");
}

#[test]
fn a_pair_that_differs_is_found() {
    let rows = [
        ("缺少 {a}", "{b} is missing", 1),
        ("missing", "is missing", 1),
        ("缺少", "缺少", 2),
        ("缺少 {a}", "{a} is missing", 0),
        ("缺少,没有", "missing", 1),
    ];
    for (zh, en, faults) in rows {
        assert_eq!(faults_of(zh, en).len(), faults, "{zh} {en}");
    }
}

/// Codes of lower-case letters that stand in the sources of a folder.
fn codes_in(under: &Path) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for path in sources(under) {
        let source = source(&path);
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        codes.extend(literals(source).into_iter().map(|literal| literal.text).filter(|text| {
            text.contains('_') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        }));
    }
    codes
}

/// Codes in the checks that are names of fields or forms, not rules.
const NO_RULES: [&str; 12] = [
    "at_most",
    "customer_duties",
    "data_rights",
    "export_formats",
    "per_gigabyte",
    "per_hour",
    "per_million_parameters",
    "service_level",
    "training_use",
    "unified_social_credit_code",
    "urgent_share",
    "urgent_within",
];

#[test]
fn every_rule_between_terms_has_words() {
    let contract = crates().join("contract/src");
    let mut codes = codes_in(&contract.join("check"));
    codes.extend(codes_in(&contract.join("check.rs")));
    codes.extend(codes_in(&contract.join("effective.rs")));
    let values: Vec<String> = ["1", "2", "3", "4"].map(str::to_owned).to_vec();
    assert!(codes.len() > 90, "only {} codes were found", codes.len());
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let silent: Vec<_> = codes
            .iter()
            .filter(|code| !NO_RULES.contains(&code.as_str()))
            .filter(|code| words.known_rule(code, &values).is_none())
            .collect();
        assert!(silent.is_empty(), "rules without words: {silent:?}");
    }
}

/// The literals that follow one of some openings in the sources of a folder.
fn after(under: &Path, openings: &[&str]) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for path in sources(under) {
        for literal in literals(&source(&path)) {
            let before = literal.before.trim_end();
            if openings.iter().any(|opening| before.ends_with(opening)) {
                codes.insert(literal.text);
            }
        }
    }
    codes
}

#[test]
fn every_code_that_a_refusal_carries_has_words() {
    let contract = crates().join("contract/src");
    let rows: [(&str, &Codes, &[&str], usize); 3] = [
        ("things", &things::THINGS, &["unknown(", "exists(", "decided(", "what:"], 15),
        ("fields", &things::FIELDS, &["part_of(", "agree(", "field:"], 8),
        ("steps", &things::STEPS, &["first:"], 5),
    ];
    for (name, table, openings, least) in rows {
        let codes = after(&contract, openings);
        assert!(codes.len() >= least, "{name}: only {codes:?}");
        for lang in Lang::ALL {
            let silent: Vec<_> =
                codes.iter().filter(|code| table.name(code, lang).is_none()).collect();
            assert!(silent.is_empty(), "{name} without words: {silent:?}");
        }
    }
}

#[test]
fn every_input_and_unit_of_a_working_has_words() {
    let settlement = crates().join("settlement/src");
    let mut names = BTreeSet::new();
    for path in sources(&settlement) {
        if path.ends_with("fixture.rs") || path.ends_with("formula.rs") {
            continue;
        }
        names.extend(
            literals(&source(&path))
                .into_iter()
                .filter(|literal| literal.before.trim_end().ends_with("Input::new("))
                .map(|literal| literal.text),
        );
    }
    assert!(names.len() > 30, "only {names:?}");
    let words = Words::new(Lang::Zh);
    let silent: Vec<_> = names.iter().filter(|name| words.input(name) == **name).collect();
    assert!(silent.is_empty(), "inputs without words: {silent:?}");
    let numbered = ["tier_1_units", "tier_2_price", "tier_3_flat", "part_1", "row_2"];
    for name in numbered {
        assert_ne!(words.input(name), name);
    }
    let units = ["image", "gpu_second", "byte_second", "day", "hour", "percent_per_day", "second"];
    for unit in units {
        let said = words.quantity("1234567", unit);
        assert!(said.starts_with("1,234,567 ") && !said.contains(unit), "{said}");
    }
}

#[test]
fn a_code_without_words_is_shown_as_it_is() {
    let words = Words::new(Lang::En);
    assert_eq!(words.thing("novelty"), "novelty");
    assert_eq!(words.input("novelty"), "novelty");
    let said = words.rule("novelty", &["1".to_owned(), "2".to_owned()]);
    assert_eq!(said, "the rule novelty does not hold: 1, 2");
}

fn spoken(lang: Lang) -> Words {
    let mut words = Words::new(lang);
    words.currency = Some(Currency::Cny);
    words.zone = Zone::shanghai();
    words
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[test]
fn amounts_have_separators_and_their_currency() {
    let rows = [
        (Money::new(1_234_500, Currency::Cny), "¥12,345.00", "CNY 12,345.00"),
        (Money::new(-5, Currency::Cny), "-¥0.05", "CNY -0.05"),
        (Money::new(99_999, Currency::Cny), "¥999.99", "CNY 999.99"),
        (Money::new(100_000_000, Currency::Jpy), "JPY 100,000,000", "JPY 100,000,000"),
        (Money::new(-123_456_789, Currency::Usd), "USD -1,234,567.89", "USD -1,234,567.89"),
    ];
    for (amount, zh, en) in rows {
        assert_eq!(spoken(Lang::Zh).money(amount), zh);
        assert_eq!(spoken(Lang::En).money(amount), en);
    }
    assert_eq!(spoken(Lang::Zh).minor(123), "¥1.23");
    assert_eq!(Words::new(Lang::Zh).minor(1_234), "1,234");
}

#[test]
fn shares_are_cut_off_and_never_reach_a_threshold_that_was_missed() {
    let words = spoken(Lang::En);
    let rows = [
        (Ratio::new(9_312, 10_000), "9,312 / 10,000 (93.12 %)"),
        (Ratio::new(8_999_999, 10_000_000), "8,999,999 / 10,000,000 (89.9999 %)"),
        (Ratio::new(2, 3), "2 / 3 (66.6666 %)"),
        (Ratio::new(10, 10), "10 / 10 (100 %)"),
        (Ratio::new(0, 0), "0 / 0"),
    ];
    for (ratio, said) in rows {
        assert_eq!(words.ratio(ratio), said);
    }
    let target: Percent = "99.95%".parse().expect("a percentage");
    assert_eq!(words.percent(target), "99.95 %");
    assert_eq!(words.exact(Fraction::new(1, 3)), "1/3");
    assert_eq!(words.exact(Fraction::new(123_450, 100)), "1,234.5");
    assert_eq!(words.decimal(Decimal::new(-1_234_567_890, 3)), "-1,234,567.890");
    assert_eq!(words.quantity("12.5", "percent"), "12.5 %");
    assert_eq!(words.bytes(1_999), "1.99 kB");
    assert_eq!(words.bytes(1_500_000_000), "1.50 GB");
}

#[test]
fn instants_are_shown_in_the_zone_of_the_agreement() {
    let words = spoken(Lang::Zh);
    assert_eq!(words.instant(at("2026-03-01T00:00:00Z")), "2026-03-01 08:00");
    assert_eq!(words.instant(at("2026-03-01T00:00:07Z")), "2026-03-01 08:00:07");
    assert_eq!(words.limit(at("2026-03-31T16:00:00Z")), "2026-03-31 24:00");
    assert_eq!(words.limit(at("2026-03-31T16:30:00Z")), "2026-04-01 00:30");
    let mut berlin = spoken(Lang::En);
    berlin.zone = Zone::new("Europe/Berlin").expect("a zone");
    assert_eq!(berlin.instant(at("2026-07-01T10:00:00Z")), "2026-07-01 12:00");
}

#[test]
fn lengths_have_their_unit_and_time_left_its_direction() {
    let rows = [
        ("72h", "72 小时", "72 hours"),
        ("1d", "1 日", "1 day"),
        ("3wd", "3 个工作日", "3 working days"),
        ("1wd", "1 个工作日", "1 working day"),
        ("2y", "2 年", "2 years"),
        ("6mo", "6 个月", "6 months"),
        ("15min", "15 分钟", "15 minutes"),
    ];
    for (written, zh, en) in rows {
        let duration: Duration = written.parse().expect("a duration");
        assert_eq!(spoken(Lang::Zh).duration(duration), zh);
        assert_eq!(spoken(Lang::En).duration(duration), en);
    }
    let now = at("2026-03-01T00:00:00Z");
    let rows = [
        (183_600, "还剩 2 天 3 小时", "2 d 3 h left"),
        (-7_260, "逾期 2 小时 1 分", "2 h 1 min overdue"),
        (0, "还剩 0 秒", "0 s left"),
        (-86_400, "逾期 1 天", "1 d overdue"),
    ];
    for (seconds, zh, en) in rows {
        let due = now.plus_seconds(seconds);
        assert_eq!(spoken(Lang::Zh).remaining(due, now), zh);
        assert_eq!(spoken(Lang::En).remaining(due, now), en);
    }
}

#[test]
fn clauses_are_named_by_id_and_title() {
    let clause = ClauseId::new("lease-3.4").expect("an id");
    let said = spoken(Lang::Zh).under(&clause);
    assert!(said.starts_with("依据条款 lease-3.4（") && said.ends_with('）'), "{said}");
    let said = spoken(Lang::En).under(&clause);
    assert!(said.starts_with("under clause lease-3.4 (") && said.ends_with(')'), "{said}");
    let strange = ClauseId::new("none-1.1").expect("an id");
    assert_eq!(spoken(Lang::En).clause(&strange), "none-1.1");
}

#[test]
fn a_refusal_says_why_under_which_clause_and_what_to_do() {
    let refusal = Refusal::ConsentMissing { purpose: Purpose::ModelImprovement };
    let said = spoken(Lang::Zh).refusal(&refusal);
    assert!(said.starts_with("这一用途须经客户书面同意：改进供应商自己的模型"), "{said}");
    assert!(said.contains("（依据条款 pb-02（"), "{said}");
    let rows = [
        (
            Refusal::WrongParty { need: Side::Vendor },
            "只有供应商可以这样做",
            "only the vendor may do this",
        ),
        (
            Refusal::Unknown { what: "invoice", name: "7".to_owned() },
            "没有发票 7；请核对名称",
            "there is no invoice 7; check the name",
        ),
        (
            Refusal::Unknown { what: "renewal", name: String::new() },
            "没有续期申请；请核对名称",
            "there is no request for renewal; check the name",
        ),
        (
            Refusal::AmountsDiffer { field: "gross", expected_minor: 10_600, got_minor: 10_601 },
            "含税金额不一致：应为 ¥106.00，给出的是 ¥106.01",
            "the amount with tax does not agree: it must be CNY 106.00 and is CNY 106.01",
        ),
    ];
    for (refusal, zh, en) in rows {
        assert_eq!(spoken(Lang::Zh).refusal(&refusal), zh);
        assert_eq!(spoken(Lang::En).refusal(&refusal), en);
    }
}

#[test]
fn a_problem_names_its_field_and_its_clause() {
    let kind = ProblemKind::Rule {
        rule: "upgrade_notice_too_long",
        values: vec!["30d".to_owned(), "1mo".to_owned()],
    };
    let problem = Problem {
        path: "service.upgrades.notice".to_owned(),
        place: Place::default(),
        kind,
        clause: Id::new("lease-6.3").ok(),
        severity: Severity::Error,
    };
    let said = spoken(Lang::Zh).problem(&problem);
    let start = "错误 service.upgrades.notice：\
                 升级通知期 30 日 不短于升级周期 1 个月（条款 lease-6.3（";
    assert!(said.starts_with(start), "{said}");
    let unknown = ProblemKind::Unknown { nearest: Some("price".to_owned()) };
    assert_eq!(
        spoken(Lang::En).problem_kind(&unknown),
        "there is no such field; did you mean price?",
    );
    let words = ProblemKind::WordsDiffer {
        figure: "16409.02".to_owned(),
        words: "壹万陆仟元整".to_owned(),
        read: Some("16000.00".to_owned()),
    };
    assert_eq!(
        spoken(Lang::Zh).problem_kind(&words),
        "大写“壹万陆仟元整”与小写 16409.02 不一致（大写读作 16000.00）；请核对后改正其一",
    );
}

#[test]
fn a_rule_names_codes_in_words() {
    let values = ["box".to_owned(), "text_sentiment".to_owned()];
    let said = spoken(Lang::Zh).rule("unit_does_not_fit_modality", &values);
    assert_eq!(said, "计量单位“个框”不适合“文本情感标注”");
}
