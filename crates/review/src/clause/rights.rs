//! Ownership of data, licences to it and its deletion. Serves pb-01. Whether a narrow licence for
//! metrics is acceptable a person decides.

use super::{CONTENT, Case, Place, lower, place, says};
use crate::frame;
use crate::lexicon::Group;
use crate::quantity;
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) customer_owns: Option<Place>,
    pub(super) vendor_owns: Option<Place>,
    pub(super) broad: Vec<(&'static str, Place)>,
    pub(super) deletion: Option<(Option<i64>, Place)>,
    pub(super) on_request: bool,
    pub(super) certified: bool,
    pub(super) backup: bool,
    pub(super) backup_days: Option<i64>,
    pub(super) indefinite: Option<Place>,
    pub(super) purpose: Option<Place>,
}

/// Judges the clause from the customer's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = collect(case.document);
    let mut findings = Vec::new();
    if let Some(at) = evidence.vendor_owns {
        let finding = case.finding(
            "vendor-owns",
            Status::Adverse,
            "供应商对客户数据或其衍生数据主张所有权。",
            "The vendor claims to own the customer's data or what is derived from it.",
        );
        findings.push(case.quoting(finding, Some(at)));
    }
    if let Some((_, at)) = evidence.broad.first() {
        let finding = case.finding(
            "broad-licence",
            Status::Adverse,
            "对客户内容的许可是永久、不可撤销或可再许可的。",
            "The licence to the customer's content is perpetual, irrevocable or sublicensable.",
        );
        findings.push(case.quoting(finding, Some(*at)));
    }
    if findings.is_empty() {
        findings.push(plain(case, &evidence));
    }
    findings.into_iter().map(|finding| describe(&evidence, finding)).collect()
}

fn plain(case: &Case<'_>, evidence: &Evidence) -> Finding {
    let limit = case.limit("deletion_days");
    let days = evidence.deletion.and_then(|(days, _)| days);
    let owns = evidence.customer_owns.is_some();
    let limited = evidence.purpose.is_some();
    let at = evidence.customer_owns.or(evidence.deletion.map(|(_, at)| at)).or(evidence.purpose);
    let in_time = days.is_some_and(|days| days <= limit) && !evidence.on_request;
    let (rule, status, zh, en) = if owns && limited && in_time && evidence.certified {
        (
            "rights",
            Status::Met,
            "数据归客户,用途受限,按期删除并出具证明。",
            "The customer owns its data, use is limited, deletion comes in time and is certified.",
        )
    } else if owns && days.is_some_and(|days| days <= case.limit("backup_days")) {
        (
            "rights",
            Status::MetByFallback,
            "数据归客户且有删除期限;缺少证明、自动删除或更短期限。",
            "The customer owns its data; its deletion is late, on request or uncertified.",
        )
    } else if owns {
        (
            "no-deletion",
            Status::Below,
            "数据归客户,但没有明确的删除期限。",
            "The customer owns its data, but deletion has no clear deadline.",
        )
    } else if evidence.deletion.is_none() && limited {
        (
            "purpose-alone",
            Status::Below,
            "只限制了用途:既没有写明数据归客户,也没有约定删除。",
            "Use is limited to its purpose; neither ownership nor deletion of data is agreed.",
        )
    } else if evidence.deletion.is_some() {
        (
            "no-ownership",
            Status::Below,
            "有删除的约定,但没有写明数据归客户。",
            "Deletion is agreed, but not that the data is the customer's.",
        )
    } else if let Some(at) = evidence.indefinite {
        let finding = case.finding(
            "indefinite",
            Status::Adverse,
            "数据可无限期保留。",
            "Data may be kept without an end.",
        );
        return case.quoting(finding, Some(at));
    } else {
        return case.missing(
            "没有数据归属和删除的约定。",
            "Neither ownership nor deletion of data is agreed.",
        );
    };
    let finding = case.finding(rule, status, zh, en);
    case.quoting(finding, at).sure(Confidence::D)
}

fn describe(evidence: &Evidence, mut finding: Finding) -> Finding {
    let owner = if evidence.customer_owns.is_some() {
        "customer"
    } else if evidence.vendor_owns.is_some() {
        "vendor"
    } else {
        "unnamed"
    };
    finding = finding.with("owner", Value::Word(owner.to_owned()));
    if let Some((days, _)) = evidence.deletion {
        if let Some(days) = days {
            finding = finding.with("deletion_days", Value::Whole(days));
        }
        let trigger = if evidence.on_request { "on-request" } else { "automatic" };
        finding = finding.with("deletion_trigger", Value::Word(trigger.to_owned()));
    }
    if let Some(days) = evidence.backup_days {
        finding = finding.with("backup_days", Value::Whole(days));
    }
    if !evidence.broad.is_empty() {
        let mut names: Vec<String> =
            evidence.broad.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.sort();
        names.dedup();
        finding = finding.with("licence", Value::Words(names));
    }
    for (name, set) in [("certificate", evidence.certified), ("backups", evidence.backup)] {
        if set {
            finding = finding.with(name, Value::Flag(true));
        }
    }
    finding
}

/// Reads all sentences for rights in data.
pub(super) fn collect(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    for (_, sentence) in document.running() {
        let text = lower(document, sentence);
        if sentence.groups.any(CONTENT) {
            ownership(document, sentence, &text, &mut evidence);
            licence(document, sentence, &text, &mut evidence);
        }
        if sentence.groups.has(Group::Delete) {
            deletion(document, sentence, &text, &mut evidence);
        }
        let kept = sentence.groups.has(Group::Retain)
            && sentence.groups.has(Group::Indefinite)
            && sentence.groups.any(CONTENT);
        if kept && says(&text, &["indefinite", "永久"]) {
            evidence.indefinite = evidence.indefinite.or(Some(place(sentence)));
        }
        let limited = sentence.groups.has(Group::Only)
            && sentence.groups.has(Group::Provide)
            && sentence.groups.any(CONTENT);
        if limited {
            evidence.purpose = evidence.purpose.or(Some(place(sentence)));
        }
    }
    evidence
}

fn ownership(document: &Document<'_>, sentence: &Sentence, text: &str, evidence: &mut Evidence) {
    let owned = Groups::of(&[Group::Own, Group::BelongsTo, Group::Assign]);
    if !sentence.groups.any(owned) {
        return;
    }
    let data = document.hits(sentence).iter().any(|hit| {
        matches!(
            hit.group,
            Group::CustomerData | Group::Input | Group::PersonalData | Group::Output
        )
    });
    // `Of its own accord`, 自行: nobody owns anything there.
    let alone = says(text, &["own accord", "own motion", "own initiative"])
        && !sentence.groups.any(Groups::of(&[Group::BelongsTo, Group::Assign]));
    if !data || alone || says(text, &["third-party content", "third party content"]) {
        return;
    }
    match super::ownership::owner(document, sentence, false) {
        Some(Side::Customer) => {
            evidence.customer_owns = evidence.customer_owns.or(Some(place(sentence)));
        }
        Some(Side::Vendor) => {
            let theirs = Groups::of(&[Group::CustomerData, Group::Input, Group::PersonalData]);
            let own = document
                .parties
                .vendor
                .iter()
                .any(|name| text.contains(&format!("{}提供", name.to_lowercase())));
            if sentence.groups.any(theirs) && !own {
                evidence.vendor_owns = evidence.vendor_owns.or(Some(place(sentence)));
            }
        }
        None => {}
    }
}

fn licence(document: &Document<'_>, sentence: &Sentence, text: &str, evidence: &mut Evidence) {
    let adjectives = Groups::of(&[Group::Perpetual, Group::Irrevocable, Group::Sublicensable]);
    if !sentence.groups.has(Group::License) || !sentence.groups.any(adjectives) {
        return;
    }
    let content = sentence.groups.any(CONTENT);
    // Feedback alone, or a licence to the customer.
    if !content
        || sentence.groups.has(Group::Feedback)
            && !says(text, &["input", "output", "content", "输入", "内容"])
        || says(text, &["feedback"]) && sentence.topics.has(Topic::Feedback)
        || says(
            text,
            &[
                "non-sublicensable",
                "non-transferable",
                "nontransferable",
                "不可转让",
                "不可再许可",
                "不可转授权",
                "revocable",
            ],
        ) && !says(text, &["irrevocable", "perpetual", "永久", "不可撤销"])
    {
        return;
    }
    let to_vendor = document
        .hits(sentence)
        .iter()
        .find(|hit| matches!(hit.group, Group::Customer | Group::Vendor));
    let from_customer = to_vendor.is_none_or(|hit| hit.group == Group::Customer)
        || says(
            text,
            &[
                "grant us",
                "grants us",
                "you grant",
                "customer grants",
                "授予我们",
                "授予公司",
                "授权我们",
            ],
        );
    if !from_customer {
        return;
    }
    let limited = says(
        text,
        &[
            "solely to provide",
            "only to provide",
            "as necessary to provide",
            "to the extent necessary to provide",
            "for the sole purpose of providing",
        ],
    );
    for (group, name) in [
        (Group::Perpetual, "perpetual"),
        (Group::Irrevocable, "irrevocable"),
        (Group::Sublicensable, "sublicensable"),
    ] {
        let weak = group == Group::Sublicensable
            && (limited || says(text, &["non-sublicens", "subcontractor", "service providers"]));
        if sentence.groups.has(group) && !weak {
            evidence.broad.push((name, place(sentence)));
        }
    }
}

fn deletion(document: &Document<'_>, sentence: &Sentence, text: &str, evidence: &mut Evidence) {
    let after = says(
        text,
        &[
            "terminat", "expir", "end of", "cease", "clos", "cancel", "终止", "届满", "解除",
            "期满", "到期", "注销",
        ],
    ) || sentence.topics.has(Topic::End);
    let frames = frame::frames(document, sentence);
    let vendor = frames.iter().any(|frame| {
        frame.verb == Group::Delete && frame.actor != Some(Side::Customer) && !frame.negative
    });
    let data = sentence.groups.any(CONTENT)
        || sentence.groups.has(Group::Secret)
        || says(text, &["data", "copies", "数据", "副本"]);
    if !vendor || !data {
        return;
    }
    let all: Vec<i64> = quantity::quantities(&document.wording.text, sentence.start, sentence.end)
        .iter()
        .filter_map(quantity::Quantity::days)
        .filter(|days| (1..=3650).contains(days))
        .collect();
    let mut days = all.iter().copied().max();
    if sentence.groups.has(Group::Backup) {
        // `30 days, backups 90 days`: the longer one is of the backups.
        evidence.backup = true;
        evidence.backup_days = evidence.backup_days.or(days);
        if all.len() > 1 {
            days = all.iter().copied().min();
        }
    }
    evidence.certified |= sentence.groups.has(Group::Certified);
    if !after && days.is_none() {
        return;
    }
    let better = evidence.deletion.is_none_or(|(known, _)| known.is_none() && days.is_some());
    if better {
        evidence.deletion = Some((days, place(sentence)));
        evidence.on_request = says(
            text,
            &["request", "应要求", "根据要求", "written instruction", "经请求", "要求后"],
        );
    }
}
