//! Security and notice of breaches. Serves pb-03: hours, what starts the clock, certifications,
//! years of confidentiality. Whether measures are adequate a person decides.

use std::collections::BTreeSet;

use wording::values::TimeUnit;

use super::{Case, Place, lower, place, says};
use crate::frame;
use crate::lexicon::Group;
use crate::quantity::{self, Amount};
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

/// What a document says of a breach notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) hours: Option<i64>,
    pub(super) trigger: Option<&'static str>,
    pub(super) undue: bool,
    pub(super) personal_only: bool,
    pub(super) place: Place,
}

#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) notice: Option<Notice>,
    pub(super) certificates: BTreeSet<&'static str>,
    pub(super) aimed: bool,
    pub(super) encryption: bool,
    pub(super) years: Option<i64>,
    pub(super) measures: Option<Place>,
    pub(super) disclaimed: Option<Place>,
}

/// Judges the clause from the customer's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = collect(case.document);
    let finding = match &evidence.notice {
        Some(notice) => noticed(case, &evidence, notice),
        None => silent(case, &evidence),
    };
    vec![describe(&evidence, finding)]
}

fn noticed(case: &Case<'_>, evidence: &Evidence, notice: &Notice) -> Finding {
    let limit = case.limit("notice_hours");
    let confirmed = notice.trigger == Some("confirm");
    let certificates = &evidence.certificates;
    let both = certificates.contains("SOC 2 Type II") && certificates.contains("ISO 27001")
        || certificates.contains("等保");
    let (rule, status, zh, en) = match notice.hours {
        Some(hours) if hours > limit && confirmed => (
            "notice-late",
            Status::Adverse,
            "通报时限超过要求,且自“核实”后才起算。",
            "The notice is later than wanted and its clock starts only on confirmation.",
        ),
        Some(hours) if hours > limit => (
            "notice-late",
            Status::Below,
            "通报时限超过要求。",
            "The notice of a breach comes later than wanted.",
        ),
        Some(_) if confirmed => (
            "notice-confirmed",
            Status::Below,
            "时限符合,但自供应商“核实”后才起算。",
            "The hours fit, but the clock starts only when the vendor has confirmed the breach.",
        ),
        Some(_) if both && !evidence.aimed => (
            "notice",
            Status::Met,
            "按时通报并持有要求的认证。",
            "Notice in time, and the certifications that are wanted.",
        ),
        Some(_) if !certificates.is_empty() => (
            "notice",
            Status::MetByFallback,
            "按时通报;认证只符合部分要求。",
            "Notice in time; the certifications are a part of what is wanted.",
        ),
        Some(_) => (
            "no-certificate",
            Status::Below,
            "按时通报,但未承诺任何认证或报告。",
            "Notice in time, but no certification or report is promised.",
        ),
        None => (
            "no-hours",
            Status::Below,
            "有通报义务,但只写“及时”或“不无故拖延”,没有小时数。",
            "A duty to notify without a number of hours (\"without undue delay\" alone).",
        ),
    };
    let finding = case.finding(rule, status, zh, en).sure(Confidence::D);
    case.quoting(finding, Some(notice.place))
}

fn silent(case: &Case<'_>, evidence: &Evidence) -> Finding {
    if let Some(at) = evidence.disclaimed {
        let finding = case.finding(
            "breach-disclaimed",
            Status::Adverse,
            "供应商对未经授权的访问或泄露不承担责任,且无通报义务。",
            "The vendor answers for no unauthorised access, and has no duty to notify.",
        );
        return case.quoting(finding, Some(at));
    }
    if !evidence.certificates.is_empty() || evidence.measures.is_some() {
        let finding = case.finding(
            "no-notice",
            Status::Below,
            "有安全措施的表述,但没有泄露通报的期限。",
            "Security is mentioned, but no notice of a breach is promised.",
        );
        return case.quoting(finding, evidence.measures);
    }
    case.missing(
        "没有安全标准,也没有泄露通报。",
        "Neither a security standard nor a breach notice.",
    )
}

fn describe(evidence: &Evidence, mut finding: Finding) -> Finding {
    if let Some(notice) = &evidence.notice {
        if let Some(hours) = notice.hours {
            finding = finding.with("notice_hours", Value::Whole(hours));
        }
        if let Some(trigger) = notice.trigger {
            finding = finding.with("trigger", Value::Word(trigger.to_owned()));
        }
        let scope = if notice.personal_only { "personal-data" } else { "all" };
        finding = finding
            .with("undue_delay", Value::Flag(notice.undue))
            .with("scope", Value::Word(scope.to_owned()));
    }
    if !evidence.certificates.is_empty() {
        let names = evidence.certificates.iter().map(|name| (*name).to_owned()).collect();
        finding = finding.with("certifications", Value::Words(names));
    }
    if let Some(years) = evidence.years {
        finding = finding.with("confidentiality_years", Value::Whole(years));
    }
    finding.with("encryption", Value::Flag(evidence.encryption))
}

/// Reads all sentences for security.
pub(super) fn collect(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    let mut best = 0;
    for (index, sentence) in document.running() {
        if sentence.groups.has(Group::Certificate) && !is_of_another(document, sentence) {
            certificates(document, sentence, &mut evidence);
        }
        evidence.encryption |= sentence.groups.has(Group::Encrypt);
        let led = sentence.lead.is_some_and(|lead| {
            document.sentences[lead].groups.has(Group::Incident)
                && sentence.groups.has(Group::Notify)
        });
        if (led || sentence.groups.has(Group::Incident))
            && let Some((rank, notice)) = notice(document, index, sentence)
            && rank > best
        {
            best = rank;
            evidence.notice = Some(notice);
        }
        if sentence.groups.has(Group::Secret) || sentence.topics.has(Topic::Security) {
            years(document, sentence, &mut evidence);
        }
        let measures = Groups::of(&[Group::Security, Group::Reasonable, Group::Encrypt]);
        if evidence.measures.is_none()
            && sentence.groups.any(measures)
            && !from_customer(document, sentence)
        {
            let text = lower(document, sentence);
            if says(&text, &["secur", "safeguard", "protect", "安全", "保护", "加密", "防护"])
            {
                evidence.measures = Some(place(sentence));
            }
        }
        if sentence.groups.has(Group::Incident) && evidence.disclaimed.is_none() {
            let text = lower(document, sentence);
            // 不对…承担责任 stands apart.
            let apart =
                says(&text, &["不对", "不就"]) && says(&text, &["承担责任", "承担任何责任"]);
            let denied = sentence.groups.has(Group::NoLiability) || apart;
            if denied
                && says(
                    &text,
                    &["unauthorized access", "unauthorised access", "hack", "黑客", "泄露"],
                )
            {
                evidence.disclaimed = Some(place(sentence));
            }
        }
    }
    evidence
}

fn from_customer(document: &Document<'_>, sentence: &Sentence) -> bool {
    let first = document
        .hits(sentence)
        .iter()
        .find(|hit| matches!(hit.group, Group::Customer | Group::Vendor | Group::Both));
    first.is_some_and(|hit| hit.group == Group::Customer)
}

/// Words of a notice to the customer.
const TOLD: &[&str] = &[
    "notify you",
    "notify customer",
    "notify the customer",
    "notify client",
    "notify the client",
    "notify company",
    "notify the company",
    "notify controller",
    "notify the controller",
    "inform you",
    "inform customer",
    "inform the c",
    "inform controller",
    "通知您",
    "通知你",
    "通知客户",
    "告知您",
    "通知甲方",
    "通知乙方",
];
/// Those who supervise: what they are told when is no notice to the customer.
const AUTHORITIES: &[&str] = &[
    "supervisory authority",
    "supervisory authorities",
    "regulator",
    "commissioner",
    "data subjects within",
    "监管部门报告",
    "主管部门报告",
    "向监管",
];

/// `Customers are notified`: who is told does not tell.
fn is_told(document: &Document<'_>, frame: &frame::Frame) -> bool {
    let text = document.wording.text.as_str();
    let verb: String = text[frame.at..].chars().take(8).collect::<String>().to_lowercase();
    let before = text[..frame.at].trim_end().to_lowercase();
    (verb.starts_with("notified") || verb.starts_with("informed"))
        && [" is", " are", " be", " been"].iter().any(|word| before.ends_with(word))
}

/// A duty of the vendor to tell the customer of a breach, and how much it says.
fn notice(document: &Document<'_>, index: usize, sentence: &Sentence) -> Option<(u8, Notice)> {
    let frames = frame::frames(document, sentence);
    let tells = frames.iter().any(|frame| {
        frame.verb == Group::Notify
            && (frame.actor != Some(Side::Customer) || is_told(document, frame))
            && !frame.negative
            && !frame.groups.has(Group::Terms)
    });
    if !tells {
        return None;
    }
    let own = lower(document, sentence);
    // `Upon becoming aware of a breach, the vendor shall: (a) notify …`
    let lead = sentence.lead.map(|lead| &document.sentences[lead]);
    let text = lead.map_or_else(String::new, |lead| lower(document, lead)) + " " + &own;
    let helps = says(&own, &["assist ", "协助"]) && !says(&own, TOLD);
    if helps || says(&own, AUTHORITIES) && !says(&own, TOLD) {
        return None;
    }
    if says(
        &own,
        &[
            "dmca",
            "copyright infringement",
            "notify us",
            "notify openai",
            "contact us",
            "vulnerability",
        ],
    ) {
        return None;
    }
    let (_, near) = document.around(index);
    let mut hours = deadline(document, sentence.start, sentence.end);
    let mut end = sentence.end;
    // `… notify you. Such notice is given within 48 hours …`
    if hours.is_none()
        && near > sentence.end
        && let Some(found) = deadline(document, sentence.end, near)
    {
        let next = document.wording.text[sentence.end..near].to_lowercase();
        if says(&next, &["notif", "notice", "通知", "通报"]) {
            hours = Some(found);
            end = near;
        }
    }
    let hits: Vec<_> = lead
        .map_or(&[][..], |lead| document.hits(lead))
        .iter()
        .chain(document.hits(sentence))
        .collect();
    let trigger = if hits.iter().any(|hit| hit.group == Group::Confirm)
        && says(
            &text,
            &["confirmed", "confirming", "confirmation of", "has determined", "核实", "确认"],
        ) {
        Some("confirm")
    } else if hits.iter().any(|hit| hit.group == Group::Aware) {
        let discover = says(&text, &["discover", "detect", "发现"]);
        Some(if discover { "discover" } else { "aware" })
    } else {
        None
    };
    let undue =
        hits.iter().any(|hit| hit.group == Group::Promptly || hit.group == Group::Immediately);
    let personal_only = says(&text, &["personal data", "personal information", "个人信息"])
        && !says(&text, &["customer data", "security incident", "客户数据"]);
    let breach =
        says(&text, &["breach", "incident", "泄露", "安全事件", "unauthorized", "unauthorised"]);
    let rank = u8::from(hours.is_some()) * 8
        + u8::from(breach) * 4
        + u8::from(trigger.is_some()) * 2
        + u8::from(undue)
        + u8::from(sentence.topics.has(Topic::Security));
    let notice = Notice { hours, trigger, undue, personal_only, place: (sentence.start, end) };
    (rank > 0).then_some((rank, notice))
}

/// The shortest deadline given in hours or days.
fn deadline(document: &Document<'_>, start: usize, end: usize) -> Option<i64> {
    quantity::quantities(&document.wording.text, start, end)
        .iter()
        .filter_map(quantity::Quantity::hours)
        .filter(|hours| (1..=24 * 60).contains(hours))
        .min()
}

/// Whether a certificate is another's (the data centre's, a subprocessor's), or only planned.
fn is_of_another(document: &Document<'_>, sentence: &Sentence) -> bool {
    let text = lower(document, sentence);
    let block = &document.wording.blocks[sentence.block];
    let above = document.wording.above(sentence.block);
    let listed = block.cell.is_some()
        && above.iter().any(|index| {
            let title = document.wording.body(*index).to_lowercase();
            says(&title, &["processor", "vendors", "providers", "受托", "分包", "供应商名单"])
        });
    listed || says(&text, OTHERS) || says(&text, PLANNED)
}

/// Whose certificate is not the vendor's.
const OTHERS: &[&str] = &[
    "data center",
    "data centre",
    "datacenter",
    "hosting provider",
    "hosting partner",
    "cloud provider",
    "infrastructure provider",
    "facilities",
    "sub-processor",
    "subprocessor",
    "机房",
    "数据中心",
    "云服务商",
    "托管商",
];
/// Words of a certificate that is still to come.
const PLANNED: &[&str] = &[
    "targeting",
    "working toward",
    "work toward",
    "pursuing",
    "in progress",
    "readiness",
    "once available",
    "when available",
    "if available",
    "intends to obtain",
    "plans to obtain",
    "roadmap",
    "正在申请",
    "计划取得",
    "拟取得",
    "筹备",
];

fn certificates(document: &Document<'_>, sentence: &Sentence, evidence: &mut Evidence) {
    let text = lower(document, sentence);
    let hits = document.hits(sentence);
    for hit in hits.iter().filter(|hit| hit.group == Group::Certificate) {
        let word = document.wording.text[hit.start..hit.end].to_lowercase();
        let name = if word.contains("soc") && word.contains('2') || word == "soc ii" {
            let behind = &text[(hit.end - sentence.start).min(text.len())..];
            let near: String = behind.chars().take(24).collect();
            if says(&near, &["type ii", "type 2", "type2", "ii 型"]) {
                "SOC 2 Type II"
            } else if says(&near, &["type i", "type 1"]) {
                "SOC 2 Type I"
            } else {
                "SOC 2"
            }
        } else if word.contains("27001") {
            "ISO 27001"
        } else if word.contains("27701") {
            "ISO 27701"
        } else if word.contains("等") {
            "等保"
        } else if word.contains("hitrust") {
            "HITRUST"
        } else if word.contains("pci") {
            "PCI DSS"
        } else {
            continue;
        };
        evidence.certificates.insert(name);
    }
    evidence.aimed |= sentence.groups.has(Group::Efforts);
}

fn years(document: &Document<'_>, sentence: &Sentence, evidence: &mut Evidence) {
    let text = lower(document, sentence);
    let after =
        ["terminat", "expir", "surviv", "after", "disclosure", "终止", "届满", "解除", "期限"];
    if !says(&text, &["confiden", "保密"]) || !says(&text, &after) {
        return;
    }
    for quantity in quantity::quantities(&document.wording.text, sentence.start, sentence.end) {
        if let Amount::Time(years, TimeUnit::Years) = quantity.amount {
            evidence.years = Some(evidence.years.map_or(years, |known| known.max(years)));
        }
    }
}
