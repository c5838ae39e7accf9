//! Guidelines: what is read, what is refused and where, what a change touches.

use std::collections::BTreeMap;

use labelling::{Change, Guideline, GuidelineError, Touch, changes, touched};

pub(crate) const CELLS: &str = r##"
title = { zh = "血细胞", en = "Blood cells" }

[[classes]]
id = "RBC"
name = { zh = "红细胞", en = "Red cell" }
color = "#cc3333"
shortcut = "1"
kinds = ["box", "track"]
min_size = [4, 4]
occlusion = "whole"

[[classes]]
id = "WBC"
name = { zh = "白细胞", en = "White cell" }
color = "#3333cc"
shortcut = "2"
kinds = ["box", "track"]

[[classes.attributes]]
id = "stain"
name = { zh = "染色", en = "Stain" }
kind = "select"
values = [
  { id = "pale", name = { zh = "浅", en = "Pale" } },
  { id = "dark", name = { zh = "深", en = "Dark" } },
]

[[classes]]
id = "好评"
name = { zh = "好评", en = "Positive" }
color = "#00aa00"
kinds = ["class", "span", "event", "keyframe"]
value = 1

[[classes]]
id = "差评"
name = { zh = "差评", en = "Negative" }
color = "#aa0000"
kinds = ["class", "span", "event", "keyframe"]
value = -1
"##;

pub(crate) fn cells() -> Guideline {
    Guideline::parse(CELLS).expect("a guideline")
}

#[test]
fn the_same_guideline_is_read_from_toml_and_from_json() {
    let guideline = cells();
    assert_eq!(guideline.classes.len(), 4);
    assert_eq!(guideline.class("WBC").unwrap().attribute("stain").unwrap().values.len(), 2);
    let json = serde_json::to_string(&guideline).unwrap();
    assert_eq!(Guideline::parse(&json).unwrap(), guideline);
}

#[test]
fn everything_that_is_wrong_with_a_guideline_has_its_place() {
    let check = |from: &str, to: &str, places: &[(&str, &str)]| {
        assert!(CELLS.contains(from), "{from}");
        let error = Guideline::parse(&CELLS.replacen(from, to, 1)).unwrap_err();
        let GuidelineError::Problems(problems) = error else { panic!("{error}") };
        let found: Vec<_> = problems.iter().map(|one| (one.pointer.as_str(), one.code)).collect();
        assert_eq!(found, places, "{from} -> {to}");
    };
    check("\"#cc3333\"", "\"red\"", &[("/classes/0/color", "color")]);
    check("id = \"WBC\"", "id = \"RBC\"", &[("/classes/1/id", "duplicate")]);
    check("shortcut = \"2\"", "shortcut = \"1\"", &[("/classes/1/shortcut", "duplicate")]);
    check("shortcut = \"2\"", "shortcut = \"*\"", &[("/classes/1/shortcut", "key")]);
    check(
        "id = \"pale\"",
        "id = \"dark\"",
        &[("/classes/1/attributes/0/values/1/id", "duplicate")],
    );
    check("kind = \"select\"", "kind = \"flag\"", &[("/classes/1/attributes/0/values", "count")]);
    check("kinds = [\"box\", \"track\"]\nmin", "kinds = []\nmin", &[("/classes/0/kinds", "empty")]);
    check("zh = \"红细胞\"", "zh = \" \"", &[("/classes/0/name/zh", "text")]);
    check("id = \"RBC\"", "id = \" RBC\"", &[("/classes/0/id", "identifier")]);
}

#[test]
fn a_text_that_is_no_guideline_says_line_and_column() {
    let check = |text: &str, line: u64| {
        let GuidelineError::Problems(problems) = Guideline::parse(text).unwrap_err() else {
            panic!("{text}")
        };
        assert_eq!(problems[0].line, Some(line), "{problems:?}");
        assert!(problems[0].column.is_some_and(|column| column > 0));
    };
    check(&CELLS.replacen("kinds = [\"box\"", "kinds = [\"cube\"", 1), 9);
    check(&CELLS.replacen("value = 1", "value = 1\nweight = 3", 1), 35);
    check("title = ", 1);
    check("{\n \"title\": 3}", 2);
    let large = "#".repeat(labelling::MOST_GUIDELINE_BYTES + 1);
    assert!(matches!(Guideline::parse(&large), Err(GuidelineError::TooLarge { .. })));
}

#[test]
fn a_change_touches_the_finished_items_that_it_is_about() {
    let old = cells();
    let check = |from: &str, to: &str, class: &str, touch: Option<Touch>| {
        let new = Guideline::parse(&CELLS.replacen(from, to, 1)).unwrap();
        let found = changes(&old, &new);
        let expected =
            touch.map(|touch| Change { class: class.to_owned(), touch }).into_iter().collect();
        assert_eq!(found, Vec::from_iter::<Vec<_>>(expected), "{from} -> {to}");
    };
    check("#cc3333", "#cc3334", "RBC", None);
    check("zh = \"红细胞\"", "zh = \"红血球\"", "RBC", None);
    check("min_size = [4, 4]", "min_size = [5, 4]", "RBC", Some(Touch::Changed));
    check("occlusion = \"whole\"", "occlusion = \"skip\"", "RBC", Some(Touch::Changed));
    check("value = -1", "value = -2", "差评", Some(Touch::Changed));
    let counts = |class: &str, n| BTreeMap::from([(class.to_owned(), n)]);
    let change = |class: &str, touch| vec![Change { class: class.to_owned(), touch }];
    assert!(touched(&change("RBC", Touch::Changed), &counts("RBC", 1)));
    assert!(!touched(&change("RBC", Touch::Changed), &counts("WBC", 1)));
    assert!(!touched(&change("RBC", Touch::Removed), &counts("RBC", 0)));
    assert!(touched(&change("Platelets", Touch::Added), &BTreeMap::new()), "may be in any item");
}
