//! The eight clauses of the playbook, each a module of rules over the frames of a document. A rule
//! collects evidence and decides one status; what it cannot tell is `unclear`, never `met`.

use std::cell::OnceCell;

use units::Lang;

use crate::lexicon::Group;
use crate::locator::Survey;
use crate::playbook::Clause;
use crate::scan::{Document, Groups, Sentence};
use crate::{Confidence, Finding, Reached, Risk, Side, Status, Text, Value};

mod audit;
mod doubt;
mod exit;
mod level;
mod liability;
mod ownership;
mod rights;
mod security;
mod sought;
mod training;
mod vendor;

/// A clause of the playbook put to a document from one side.
pub(crate) struct Case<'a> {
    pub(crate) document: &'a Document<'a>,
    pub(crate) clause: &'a Clause,
    pub(crate) side: Side,
    /// Where its topics may stand; read when it is first asked.
    pub(crate) survey: &'a OnceCell<Survey>,
}

/// A place of a document, in bytes.
pub(crate) type Place = (usize, usize);

/// The findings of one clause; at least one.
pub(crate) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let findings = sought::again(case, rules(case));
    doubt::weigh(case, findings)
        .into_iter()
        .filter(|finding| !case.clause.off.contains(&finding.rule))
        .map(|finding| finish(case, finding))
        .collect()
}

/// What the rules of the clause make of the document.
fn rules(case: &Case<'_>) -> Vec<Finding> {
    match (case.clause.id.as_str(), case.side) {
        ("pb-01", Side::Customer) => rights::judge(case),
        ("pb-02", Side::Customer) => training::judge(case),
        ("pb-03", Side::Customer) => security::judge(case),
        ("pb-04", Side::Customer) => level::judge(case),
        ("pb-05", Side::Customer) => ownership::judge(case),
        ("pb-06", Side::Customer) => liability::judge(case),
        ("pb-07", Side::Customer) => exit::judge(case),
        ("pb-08", Side::Customer) => audit::judge(case),
        (_, Side::Vendor) if case.clause.is_built_in() => vendor::judge(case),
        _ => Vec::new(),
    }
}

/// What holds for each finding: risk, advice, words to put there, the kind of the document.
fn finish(case: &Case<'_>, mut finding: Finding) -> Finding {
    let clause = case.clause;
    let expected = case.document.kind.expects(&clause.id);
    finding.risk = match finding.status {
        Status::Met | Status::MetByFallback => Risk::Low,
        Status::Missing if !expected => Risk::Low,
        Status::Below | Status::Unclear => clause.risk.min(Risk::Medium),
        Status::Missing | Status::Adverse | Status::Conflict => clause.risk,
    };
    let good = matches!(finding.status, Status::Met | Status::MetByFallback);
    if !good && case.side == Side::Customer {
        if finding.advice == Text::none() {
            finding.advice = match finding.status {
                Status::Missing if !expected => other_document(case.document.kind.word()),
                Status::Adverse | Status::Conflict | Status::Missing => clause.preferred.clone(),
                _ => clause.fallback.clone(),
            };
        }
        if finding.suggestion.is_none() {
            finding.suggestion = Some(case.words().to_owned());
        }
    }
    if finding.status == Status::Missing && case.document.wording.truncated.is_some() {
        // It may stand in the part that is lost.
        finding.confidence = Confidence::J;
    }
    finding.with("document", Value::Word(case.document.kind.word().to_owned()))
}

fn other_document(kind: &str) -> Text {
    Text::new(
        format!("此类文件({kind})通常不含本条,请在主合同或其他文件中查找。"),
        format!(
            "A document of this kind ({kind}) rarely has this clause; look in the main agreement."
        ),
    )
}

impl<'a> Case<'a> {
    /// The playbook's own words in the language of the document.
    pub(crate) fn words(&self) -> &'a str {
        match self.document.wording.lang {
            Lang::Zh => &self.clause.sample.zh,
            Lang::En => &self.clause.sample.en,
        }
    }

    /// A finding of this clause; `finish` sets the risk.
    pub(crate) fn finding(&self, rule: &str, status: Status, zh: &str, en: &str) -> Finding {
        let rule = format!("{}.{rule}", self.clause.id);
        Finding::new(&self.clause.id, &rule, status, self.clause.risk, Text::new(zh, en))
    }

    /// A finding that quotes a place, or nothing.
    pub(crate) fn quoting(&self, finding: Finding, place: Option<Place>) -> Finding {
        match place {
            Some((start, end)) => finding.quoting(self.document.wording, start, end),
            None => finding,
        }
    }

    /// The finding that nothing is written.
    pub(crate) fn missing(&self, zh: &str, en: &str) -> Finding {
        let mut finding = self.finding("missing", Status::Missing, zh, en);
        finding.reached = Reached::Nothing;
        finding.sure(Confidence::D)
    }

    /// A limit of the playbook in whole numbers.
    pub(crate) fn limit(&self, name: &str) -> i64 {
        self.clause.whole(name)
    }
}

/// Words that name data of the customer in any form that shows its content.
pub(crate) const CONTENT: Groups =
    Groups::of(&[Group::CustomerData, Group::Input, Group::Output, Group::PersonalData]);

/// The words of a sentence in lower case.
pub(crate) fn lower(document: &Document<'_>, sentence: &Sentence) -> String {
    document.text(sentence).to_lowercase()
}

/// Whether a right hangs on a cause (`if you breach`, 违反本协议) and on no whim beside it.
pub(crate) fn is_caused(text: &str) -> bool {
    const WHIMS: &[&str] = &[
        "any reason",
        "no reason",
        "without cause",
        "with or without cause",
        "or without reason",
        "any or no",
        "without giving",
        "convenience",
        "including if",
        "including because",
        "including without",
        "including, but",
        "including but",
        "任何理由",
        "任何原因",
        "其他原因",
        "其它原因",
        "无需理由",
        "自行决定",
    ];
    const CAUSES: &[&str] = &[
        "if and when",
        "if:",
        "following cases",
        "following reasons",
        "以下情形",
        "下列情形",
        "下列情况",
        "if you",
        "if the user",
        "if users",
        "if your ",
        "that violate",
        "who violate",
        "in case of",
        "if customer",
        "if the customer",
        "if we ",
        "if it ",
        "if a ",
        "for violation",
        "for breach",
        "reasonably suspect",
        "reasonably believe",
        "reasonably determine",
        "in the event of",
        "due to",
        "because of",
        "违反",
        "违约",
        "违法",
        "如果",
        "如您",
        "如用户",
        "逾期",
        "欠费",
    ];
    // Who somebody is, is no cause: `if you are a user outside the Union`.
    // Neither is what the customer may do about it: `if you do not agree`, 如用户对…有异议.
    const NO_CAUSES: &[&str] = &[
        "if you are a ",
        "if you reside",
        "if you do not agree",
        "if you disagree",
        "if you object",
        "如您不同意",
        "如用户不同意",
        "如您对",
        "如用户对",
    ];
    let text = NO_CAUSES.iter().fold(text.to_owned(), |text, words| text.replace(words, " "));
    says(&text, CAUSES) && !says(&text, WHIMS)
}

/// Whether the sentence has any of the words.
pub(crate) fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// The place of a sentence.
pub(crate) fn place(sentence: &Sentence) -> Place {
    (sentence.start, sentence.end)
}
