//! What drafts say.

use super::fixtures;
use crate::draft::{Edition, draft, text};

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
