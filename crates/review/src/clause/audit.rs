//! Compliance and audit. Serves pb-08: laws by name, a right to audit or to reports, how often, who
//! chooses. Whether an audit is adequate a person decides.

use std::collections::BTreeSet;

use super::{Case, Place, lower, place, says};
use crate::frame;
use crate::lexicon::Group;
use crate::quantity;
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) laws: BTreeSet<&'static str>,
    pub(super) law: Option<Place>,
    pub(super) audit: Option<Place>,
    pub(super) vendor_audits: Option<Place>,
    pub(super) report: Option<Place>,
    pub(super) yearly: bool,
    pub(super) notice_days: Option<i64>,
    pub(super) discretion: bool,
    pub(super) customer_pays: bool,
    pub(super) subprocessor_days: Option<i64>,
}

/// Judges the clause from the customer's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = collect(case.document);
    vec![describe(&evidence, position(case, &evidence))]
}

fn position(case: &Case<'_>, evidence: &Evidence) -> Finding {
    let limit = case.limit("audit_notice_days");
    let (rule, status, zh, en, at) = if let Some(at) = evidence.audit {
        let late = evidence.notice_days.is_some_and(|days| days > limit);
        if evidence.discretion && evidence.report.is_none() {
            (
                "discretion",
                Status::Adverse,
                "审计须由供应商同意或自行决定。",
                "An audit hangs on the vendor's discretion.",
                Some(at),
            )
        } else if evidence.yearly
            && evidence.report.is_some()
            && !late
            && !evidence.customer_pays
            && !evidence.laws.is_empty()
        {
            (
                "audit",
                Status::Met,
                "列明法律,每年可审计,并提供报告。",
                "Laws by name, a yearly audit and reports.",
                Some(at),
            )
        } else {
            (
                "audit",
                Status::MetByFallback,
                "有审计权;频率、报告、费用或通知期不完全符合。",
                "There is a right to audit; frequency, reports, cost or notice fall short.",
                Some(at),
            )
        }
    } else if let Some(at) = evidence.report {
        (
            "report",
            Status::MetByFallback,
            "没有审计权,但提供第三方报告。",
            "No audit, but third-party reports are given.",
            Some(at),
        )
    } else if evidence.law.is_some() {
        (
            "no-audit",
            Status::Below,
            "有守法承诺,但客户没有审计权,也得不到报告。",
            "Laws are mentioned, but the customer has neither audit nor report.",
            evidence.law,
        )
    } else {
        return case.missing("没有合规与审计的约定。", "Neither compliance nor audit is agreed.");
    };
    let finding = case.finding(rule, status, zh, en).sure(Confidence::D);
    case.quoting(finding, at)
}

fn describe(evidence: &Evidence, mut finding: Finding) -> Finding {
    if !evidence.laws.is_empty() {
        let laws = evidence.laws.iter().map(|law| (*law).to_owned()).collect();
        finding = finding.with("laws", Value::Words(laws));
    }
    finding = finding.with("audit", Value::Flag(evidence.audit.is_some()));
    for (name, set) in [
        ("report", evidence.report.is_some()),
        ("yearly", evidence.yearly),
        ("vendor_discretion", evidence.discretion),
        ("customer_pays", evidence.customer_pays),
        ("vendor_audits_customer", evidence.vendor_audits.is_some()),
    ] {
        if set {
            finding = finding.with(name, Value::Flag(true));
        }
    }
    for (name, days) in [
        ("audit_notice_days", evidence.notice_days),
        ("subprocessor_notice_days", evidence.subprocessor_days),
    ] {
        if let Some(days) = days {
            finding = finding.with(name, Value::Whole(days));
        }
    }
    finding
}

const LAWS: &[(&str, &[&str])] = &[
    ("GDPR", &["gdpr", "2016/679", "general data protection"]),
    ("CCPA", &["ccpa", "california consumer"]),
    ("HIPAA", &["hipaa"]),
    ("PIPL", &["pipl", "个人信息保护法"]),
    ("DSL", &["数据安全法", "data security law"]),
    ("CSL", &["网络安全法", "cybersecurity law"]),
    ("EU AI Act", &["ai act"]),
    ("生成式人工智能服务管理暂行办法", &["生成式人工智能服务管理"]),
];

/// Reads all sentences for compliance and audit.
pub(super) fn collect(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    let mut in_audit = false;
    for (_, sentence) in document.running() {
        let wanted = Groups::of(&[
            Group::Law,
            Group::LawGeneral,
            Group::Audit,
            Group::Report,
            Group::Subprocessor,
            Group::Certificate,
        ]);
        let topic = sentence.topics.has(Topic::Audit);
        if !sentence.groups.any(wanted) && !topic {
            in_audit = false;
            continue;
        }
        let text = lower(document, sentence);
        laws(sentence, &text, &mut evidence);
        if sentence.groups.has(Group::Audit) || sentence.groups.has(Group::Report) || in_audit {
            in_audit = audits(document, sentence, &text, &mut evidence);
        }
        if sentence.groups.has(Group::Subprocessor)
            && says(&text, &["notify", "notice", "inform", "object", "通知"])
        {
            let days = days(document, sentence);
            evidence.subprocessor_days = evidence.subprocessor_days.or(days);
        }
    }
    evidence
}

fn laws(sentence: &Sentence, text: &str, evidence: &mut Evidence) {
    for (name, words) in LAWS {
        if says(text, words) {
            evidence.laws.insert(name);
        }
    }
    let promised = sentence.groups.any(Groups::of(&[Group::Law, Group::LawGeneral]))
        && says(text, &["comply", "complies", "compliance", "accordance", "遵守", "符合", "遵循"]);
    if promised && evidence.law.is_none() {
        evidence.law = Some(place(sentence));
    }
}

fn audits(
    document: &Document<'_>,
    sentence: &Sentence,
    text: &str,
    evidence: &mut Evidence,
) -> bool {
    let frames = frame::frames(document, sentence);
    let financial = says(
        text,
        &["books and records", "number of users", "usage limits", "tax", "audit log", "royalt"],
    );
    // `we may audit your use` is the vendor's right.
    let of_customer = frames
        .iter()
        .any(|frame| frame.verb == Group::Audit && frame.actor == Some(Side::Vendor) && frame.may)
        && says(
            text,
            &["your use", "customer's use", "customer’s use", "your compliance", "您的使用"],
        );
    if of_customer || financial && !says(text, &["customer data", "personal data"]) {
        evidence.vendor_audits = evidence.vendor_audits.or(Some(place(sentence)));
        return false;
    }
    let denied = says(text, &["no right to audit", "not entitled to audit", "无权审计"]);
    let right = sentence.groups.has(Group::Audit)
        && !denied
        && (frames.iter().any(|frame| {
            frame.verb == Group::Audit
                && !frame.negative
                && (frame.actor == Some(Side::Customer) || frame.both)
        }) || says(
            text,
            &[
                "allow for and contribute",
                "contribute to audits",
                "right to audit",
                "right to inspect",
                "submit to audit",
                "request an audit",
                "customer audit",
                "conduct an audit",
                "carry out an audit",
                "perform an audit",
                "conduct audits",
                "make available to customer all information",
                "有权审计",
                "进行审计",
                "有权对",
            ],
        ));
    let relates = says(
        text,
        &[
            "comply",
            "compliance",
            "data",
            "security",
            "process",
            "数据",
            "安全",
            "合规",
            "dpa",
            "obligation",
        ],
    ) || sentence.topics.has(Topic::Audit);
    if right && relates && says(text, &["audit", "inspect", "审计", "检查", "核查"]) {
        evidence.audit = evidence.audit.or(Some(place(sentence)));
    }
    let report = says(text, &["report", "summar", "certificat", "questionnaire", "报告", "证书"])
        && says(
            text,
            &[
                "provide",
                "make available",
                "furnish",
                "request",
                "share",
                "copy",
                "copies",
                "提供",
                "出具",
            ],
        )
        && says(
            text,
            &["audit", "soc", "iso", "third-party", "third party", "independent", "审计", "第三方"],
        );
    if report
        && (sentence.groups.any(Groups::of(&[Group::Report, Group::Certificate, Group::Audit])))
    {
        let by_customer = frames.first().is_some_and(|frame| {
            frame.actor == Some(Side::Customer) && !says(text, &["request", "选择", "要求"])
        });
        if !by_customer {
            evidence.report = evidence.report.or(Some(place(sentence)));
        }
    }
    if evidence.audit.is_some() {
        evidence.yearly |= sentence.groups.has(Group::Yearly);
        evidence.discretion |= sentence.groups.has(Group::Discretion)
            && !says(text, &["customer's sole", "customer’s sole"]);
        evidence.customer_pays |= sentence.groups.has(Group::Expense)
            && !says(text, &["unless", "material breach", "重大违约"])
            && says(
                text,
                &[
                    "customer",
                    "controller",
                    "own expense",
                    "own cost",
                    "your expense",
                    "客户",
                    "reimburse",
                ],
            );
        if sentence.groups.has(Group::Notify) {
            let days = days(document, sentence);
            evidence.notice_days = evidence.notice_days.or(days);
        }
    }
    true
}

fn days(document: &Document<'_>, sentence: &Sentence) -> Option<i64> {
    quantity::quantities(&document.wording.text, sentence.start, sentence.end)
        .iter()
        .filter_map(quantity::Quantity::days)
        .find(|days| (1..=120).contains(days))
}
