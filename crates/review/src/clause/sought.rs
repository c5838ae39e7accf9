//! Where headings and words found no place for a clause, the locator names the likeliest passages
//! and the rules read them as if a heading named their topic. The locator decides nothing: what
//! it points at counts only when a rule reads it.

use std::collections::BTreeSet;

use super::{Case, doubt, rules};
use crate::frame::{self, Frame};
use crate::lexicon::Group;
use crate::locator::{self, Survey};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

/// Reads the passages that the locator holds likelier than not; `missing` stands where it knows
/// none or where no rule reads anything there.
pub(super) fn again(case: &Case<'_>, found: Vec<Finding>) -> Vec<Finding> {
    let silent = |found: &[Finding]| found.iter().all(|at| at.status == Status::Missing);
    let sought = locator::Topic::of_clause(&case.clause.id).filter(|_| {
        case.side == Side::Customer && case.document.kind.expects(&case.clause.id) && silent(&found)
    });
    let Some(sought) = sought else { return found };
    let document = case.document;
    let survey = case.survey.get_or_init(|| Survey::new(document.wording));
    let likely = survey.find(sought).into_iter().filter(|place| place.score > 0);
    let blocks: Vec<usize> = likely.map(|place| place.block).collect();
    if blocks.is_empty() {
        return found;
    }
    let read = document.read_as(&blocks, topic(sought));
    let anchors: BTreeSet<String> =
        blocks.iter().map(|block| document.wording.blocks[*block].anchor.clone()).collect();
    let second = Case { document: &read, clause: case.clause, ..*case };
    let again = rules(&second);
    let findings = if again.iter().all(|finding| proved(&second, finding)) { again } else { found };
    let looked = Value::Words(anchors.into_iter().collect());
    findings
        .into_iter()
        .map(|finding| finding.with("looked_at", looked.clone()).sure(Confidence::H))
        .collect()
}

/// Whether the quoted sentence speaks of the clause in its own words: a passage that only sounds
/// like the clause is none.
fn proved(case: &Case<'_>, finding: &Finding) -> bool {
    let Some(sentence) = doubt::quoted(case.document, finding) else { return false };
    let text = case.document.wording.text.as_str();
    let owns = |frame: &Frame| {
        frame.verb == Group::Own && !text[frame.at..].to_lowercase().starts_with("owner")
    };
    let ends = |frame: &Frame| frame.verb == Group::Terminate && frame.may;
    let frames = frame::frames(case.document, sentence);
    let framed = |wanted: &dyn Fn(&Frame) -> bool| {
        frames.iter().any(|frame| wanted(frame) && !frame.negative && frame.actor.is_some())
    };
    finding.status != Status::Missing
        && match case.clause.id.as_str() {
            "pb-05" => sentence.groups.has(Group::Rights) && framed(&owns),
            "pb-07" => {
                sentence.groups.has(Group::Terminate) && doubt::speaks(case, sentence)
                    || framed(&ends)
            }
            _ => doubt::speaks(case, sentence),
        }
}

/// The topic of a heading above such a passage.
const fn topic(sought: locator::Topic) -> Topic {
    match sought {
        locator::Topic::Security => Topic::Security,
        locator::Topic::ServiceLevel => Topic::Level,
        locator::Topic::IpOwnership => Topic::Ownership,
        locator::Topic::Liability => Topic::Liability,
        locator::Topic::Termination => Topic::End,
        locator::Topic::Compliance => Topic::Audit,
        _ => Topic::Data,
    }
}
