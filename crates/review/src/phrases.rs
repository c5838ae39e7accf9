//! Checks of one's own: a sentence that has a word of each group must stand, or must not. Serves
//! custom playbooks. Knows words alone, no frames.

use crate::playbook::{Clause, Phrase, Wants};
use crate::scan::Document;
use crate::{Confidence, Finding, Status, Text};

/// The findings of the phrases of a clause.
pub(crate) fn judge(document: &Document<'_>, clause: &Clause) -> Vec<Finding> {
    clause.phrases.iter().map(|phrase| one(document, clause, phrase)).collect()
}

fn one(document: &Document<'_>, clause: &Clause, phrase: &Phrase) -> Finding {
    let found = document.sentences.iter().find(|sentence| {
        let text = document.text(sentence).to_lowercase();
        phrase.groups.iter().all(|group| group.iter().any(|word| text.contains(word.as_str())))
    });
    let status = match (phrase.wants, found.is_some()) {
        (Wants::MustContain, true) | (Wants::MustNotContain, false) => Status::Met,
        (Wants::MustContain, false) => Status::Missing,
        (Wants::MustNotContain, true) => Status::Adverse,
    };
    let rule = format!("{}.{}", clause.id, phrase.id);
    let reason = match status {
        Status::Met => Text::new("符合自定义检查。", "The custom check is satisfied."),
        _ => phrase.reason.clone(),
    };
    let risk = if status == Status::Met { crate::Risk::Low } else { phrase.risk };
    let mut finding = Finding::new(&clause.id, &rule, status, risk, reason).sure(Confidence::D);
    if let Some(sentence) = found {
        finding = finding.quoting(document.wording, sentence.start, sentence.end);
    }
    if status != Status::Met {
        let words = match document.wording.lang {
            units::Lang::Zh => &clause.sample.zh,
            units::Lang::En => &clause.sample.en,
        };
        finding = finding.advising(clause.preferred.clone()).suggesting(words.clone());
    }
    finding
}
