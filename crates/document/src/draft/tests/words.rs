//! What drafts say.

use units::Lang;

use super::fixtures;
use crate::draft::{Edition, TextError, draft, terms_of_text, text};

/// Keeps a text to be read, in the folder that `KEEP_DRAFT` names.
fn keep(name: &str, text: &str) {
    if let Some(folder) = std::env::var_os("KEEP_DRAFT") {
        std::fs::write(std::path::Path::new(&folder).join(name), text).expect("written");
    }
}

#[test]
fn every_agreement_has_its_wording_in_both_languages() {
    for (name, _) in fixtures::FILES {
        let agreement = fixtures::agreement(name);
        for (edition, tail) in
            [(Edition::Chinese, "zh"), (Edition::English, "en"), (Edition::Bilingual, "both")]
        {
            let drafted = match draft(&agreement, edition) {
                Ok(drafted) => drafted,
                Err(problems) => panic!("{name} {tail}: {problems:#?}"),
            };
            assert_eq!(drafted, draft(&agreement, edition).expect("the same again"));
            let text = text(&drafted);
            keep(&format!("{name}-{tail}.txt"), &text);
            let open: Vec<char> = text.chars().filter(|c| "[]{}|_".contains(*c)).collect();
            let ids = text.matches('_').count();
            assert!(open.len() == ids, "{name} {tail} has an open place: {open:?}");
        }
    }
}

#[test]
fn a_text_gives_back_the_terms_that_it_was_made_from() {
    for (name, _) in fixtures::FILES {
        let agreement = fixtures::agreement(name);
        for lang in Lang::ALL {
            let said = text(&draft(&agreement, Edition::of(lang)).expect("a draft"));
            let read = match terms_of_text(&said, lang) {
                Ok(read) => read,
                Err(error) => panic!("{name} {lang:?}: {error:?}"),
            };
            let again = text(&draft(&read, Edition::of(lang)).expect("a draft"));
            assert_eq!(again, said, "{name} {lang:?}");
            // All but the title in the other language is the same.
            let mut read = read;
            read.title = agreement.title.clone();
            for (read, known) in read.documents.iter_mut().zip(&agreement.documents) {
                read.title = known.title.clone();
            }
            assert_eq!(read, agreement, "{name} {lang:?}");
        }
    }
}

#[test]
fn a_text_that_says_something_else_names_the_line() {
    let agreement = fixtures::agreement("lease");
    let said = text(&draft(&agreement, Edition::Chinese).expect("a draft"));
    let changed = said.replace("第 4.1 条的计量结果为准", "第 4.2 条的计量结果为准");
    let error = terms_of_text(&changed, Lang::Zh).expect_err("another reference");
    assert!(matches!(&error, TextError::Differs { text, .. } if text.contains("4.2")), "{error:?}");
    let changed = said.replace("不得侵害第三方的合法权益", "可以侵害第三方的合法权益");
    let error = terms_of_text(&changed, Lang::Zh).expect_err("other words");
    assert!(matches!(&error, TextError::Line { text, .. } if text.contains("可以")), "{error:?}");
    let value = said.replace("在发现后 72 小时内", "在发现后 24 小时内");
    let read = terms_of_text(&value, Lang::Zh).expect("another value");
    assert_eq!(read.security.breach_notice.to_string(), "24h");
}
