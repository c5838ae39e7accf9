//! Who owns what the model makes. Serves pb-05. Whether output can be protected at all a person
//! decides.

use super::{Case, Place, lower, place, says};
use crate::frame;
use crate::lexicon::Group;
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) customer: Option<Place>,
    pub(super) vendor: Option<Place>,
    pub(super) joint: Option<Place>,
    /// How each owner may use what is owned jointly.
    pub(super) joint_rules: bool,
    pub(super) later: Option<Place>,
    pub(super) assigned: bool,
    pub(super) conditional: bool,
    pub(super) reuse_banned: bool,
    pub(super) platform: Option<Place>,
}

/// Judges the clause from the customer's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = collect(case.document);
    vec![describe(&evidence, position(case, &evidence))]
}

fn position(case: &Case<'_>, evidence: &Evidence) -> Finding {
    let all = [evidence.customer, evidence.vendor, evidence.joint];
    let options = all.iter().filter(|place| place.is_some()).count();
    if let (Some(at), true) = (evidence.vendor, options > 1) {
        let finding = case.finding(
            "conflict",
            Status::Conflict,
            "成果归属有相互矛盾或尚未选定的约定。",
            "Ownership of the output is agreed in ways that contradict each other or await a choice.",
        );
        return case.quoting(finding, Some(at));
    }
    if let Some(at) = evidence.vendor {
        let finding = case.finding(
            "vendor-owns",
            Status::Adverse,
            "输出或训练成果归供应商。",
            "Output or trained models belong to the vendor.",
        );
        return case.quoting(finding, Some(at)).sure(Confidence::D);
    }
    if let Some(at) = evidence.joint
        && evidence.joint_rules
    {
        let finding = case.finding(
            "joint-with-rules",
            Status::Below,
            "成果共同所有,并约定了各方如何使用。",
            "Joint ownership, with rules of who may use the results and how.",
        );
        return case.quoting(finding, Some(at));
    }
    if let Some(at) = evidence.joint {
        let finding = case.finding(
            "joint",
            Status::Adverse,
            "成果共同所有,没有使用规则。",
            "Joint ownership without rules of use.",
        );
        return case.quoting(finding, Some(at));
    }
    if let Some(at) = evidence.customer {
        let (rule, status, zh, en) = if evidence.reuse_banned && !evidence.conditional {
            (
                "customer-owns",
                Status::Met,
                "输出归客户,且不得用于第三方。",
                "Output is the customer's, and is not reused for others.",
            )
        } else {
            (
                "customer-owns",
                Status::MetByFallback,
                "输出归客户;缺少不得用于第三方的约定,或附有条件。",
                "Output is the customer's; a ban of reuse is missing or there is a condition.",
            )
        };
        let finding = case.finding(rule, status, zh, en);
        return case.quoting(finding, Some(at)).sure(Confidence::D);
    }
    if let Some(at) = evidence.later {
        let finding =
            case.missing("成果归属另行协商,等于没有约定。", "Ownership is left to later talks.");
        return case.quoting(finding, Some(at));
    }
    if let Some(at) = evidence.platform {
        let finding = case.finding(
            "output-open",
            Status::Below,
            "约定了平台的知识产权,但没有输出的归属。",
            "The vendor's IP is settled, the output's owner is not.",
        );
        return case.quoting(finding, Some(at));
    }
    case.missing("没有知识产权归属的约定。", "Ownership of IP is not agreed.")
}

fn describe(evidence: &Evidence, finding: Finding) -> Finding {
    let owner = match (evidence.customer, evidence.vendor, evidence.joint) {
        (Some(_), None, _) => "customer",
        (None, Some(_), _) => "vendor",
        (Some(_), Some(_), _) => "both",
        (None, None, Some(_)) => "joint",
        _ => "unnamed",
    };
    let mode = if evidence.assigned { "present" } else { "none" };
    finding
        .with("owner_output", Value::Word(owner.to_owned()))
        .with("assignment", Value::Word(mode.to_owned()))
        .with("conditional", Value::Flag(evidence.conditional))
        .with("reuse_banned", Value::Flag(evidence.reuse_banned))
}

/// Words that say how joint owners may use what they own.
const JOINT_RULES: &[&str] = &[
    "使用和收益方式",
    "使用与收益",
    "仅可为自身业务",
    "各自使用",
    "for its own business",
    "manner of use",
    "use and exploit",
    "without accounting",
];

/// Reads all sentences for the ownership of output.
pub(super) fn collect(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    for (_, sentence) in document.running() {
        let owned = Groups::of(&[
            Group::Own,
            Group::BelongsTo,
            Group::Assign,
            Group::Joint,
            Group::Later,
            Group::Rights,
        ]);
        if !sentence.groups.any(owned) {
            reuse(document, sentence, &mut evidence);
            continue;
        }
        let text = lower(document, sentence);
        reuse(document, sentence, &mut evidence);
        let output = sentence.groups.has(Group::Output)
            || says(&text, &["derivative", "your content", "user content"])
                && says(&text, &["output", "generated"]);
        let topic = sentence.topics.has(Topic::Ownership);
        if sentence.groups.has(Group::Later) && (topic || sentence.groups.has(Group::Rights)) {
            evidence.later = evidence.later.or(Some(place(sentence)));
        }
        if !output {
            if topic && sentence.groups.has(Group::Own) {
                evidence.platform = evidence.platform.or(Some(place(sentence)));
            }
            continue;
        }
        if sentence.groups.has(Group::Joint) {
            evidence.joint = evidence.joint.or(Some(place(sentence)));
            evidence.joint_rules |= says(&text, JOINT_RULES);
            continue;
        }
        match owner(document, sentence, true) {
            Some(Side::Customer) => {
                evidence.customer = evidence.customer.or(Some(place(sentence)));
                evidence.assigned |=
                    says(&text, &["hereby assign", "assigns", "we assign", "自产生之", "自生成之"]);
                evidence.conditional |= says(
                    &text,
                    &[
                        "subject to",
                        "compliance with",
                        "provided that",
                        "支付全部",
                        "付清",
                        "前提下",
                    ],
                );
            }
            Some(Side::Vendor) => evidence.vendor = evidence.vendor.or(Some(place(sentence))),
            None => {}
        }
    }
    evidence
}

fn reuse(document: &Document<'_>, sentence: &Sentence, evidence: &mut Evidence) {
    if !sentence.groups.has(Group::Output) || !sentence.groups.has(Group::Third) {
        return;
    }
    evidence.reuse_banned |= frame::frames(document, sentence).iter().any(|frame| {
        frame.negative
            && frame.actor != Some(Side::Customer)
            && matches!(frame.verb, Group::Use | Group::Share | Group::Provide)
            && frame.groups.has(Group::Output)
    });
}

/// Who owns the object of a sentence: the subject of an owning verb, or the one to whom it belongs
/// or is assigned. With `output`, the object must be output.
pub(super) fn owner(document: &Document<'_>, sentence: &Sentence, output: bool) -> Option<Side> {
    let text = lower(document, sentence);
    let hits = document.hits(sentence);
    let wanted = |group: Group| {
        group == Group::Output
            || !output && matches!(group, Group::CustomerData | Group::Input | Group::PersonalData)
    };
    if says(&text, &["归", "属于"]) {
        let at = text.find("归").or_else(|| text.find("属于"))? + sentence.start;
        let object = hits.iter().any(|hit| wanted(hit.group) && hit.start < at);
        let party = hits
            .iter()
            .find(|hit| hit.start >= at && matches!(hit.group, Group::Vendor | Group::Customer));
        if object && let Some(party) = party {
            return Some(side(party.group));
        }
    }
    let passive = [
        "owned by",
        "belong to",
        "belongs to",
        "property of",
        "vest in",
        "vests in",
        "remain with",
    ];
    if let Some(at) = passive.iter().find_map(|word| text.find(word)) {
        let at = at + sentence.start;
        let object = hits.iter().any(|hit| wanted(hit.group) && hit.start < at);
        let party = hits
            .iter()
            .find(|hit| hit.start >= at && matches!(hit.group, Group::Vendor | Group::Customer));
        if object && let Some(party) = party {
            return Some(side(party.group));
        }
    }
    for frame in frame::frames(document, sentence) {
        let object = hits
            .iter()
            .any(|hit| wanted(hit.group) && hit.start >= frame.part.0 && hit.start < frame.part.1);
        if !object || frame.negative {
            continue;
        }
        match frame.verb {
            Group::Own if frame.actor.is_some() => {
                // What stands before an owner's own things belongs to it, not behind `except`.
                return if frame.exception {
                    frame.actor.map(Side::other)
                } else {
                    near(hits, frame.at, output, frame.actor)
                };
            }
            Group::Assign
                if frame.actor == Some(Side::Vendor)
                    && says(
                        &text,
                        &[
                            "assigns to",
                            "assign to",
                            "assigns all",
                            "assigns any",
                            "assign all",
                            "转让给",
                        ],
                    ) =>
            {
                return Some(Side::Customer);
            }
            _ => {}
        }
    }
    None
}

/// The owner, where the first object behind the verb is one that is wanted.
fn near(
    hits: &[crate::lexicon::Hit],
    at: usize,
    output: bool,
    actor: Option<Side>,
) -> Option<Side> {
    let mine = hits.iter().find(|hit| {
        hit.start > at
            && matches!(
                hit.group,
                Group::CustomerData
                    | Group::Input
                    | Group::Output
                    | Group::PersonalData
                    | Group::Product
                    | Group::UsageData
                    | Group::Feedback
            )
    })?;
    match mine.group {
        Group::Product | Group::UsageData | Group::Feedback => {
            // `owns the Services`; the customer never owns those.
            None
        }
        Group::Output => actor,
        _ if output => {
            let also = hits
                .iter()
                .any(|hit| hit.group == Group::Output && hit.start.abs_diff(mine.start) < 120);
            also.then_some(actor).flatten()
        }
        _ => actor,
    }
}

const fn side(group: Group) -> Side {
    match group {
        Group::Vendor => Side::Vendor,
        _ => Side::Customer,
    }
}
