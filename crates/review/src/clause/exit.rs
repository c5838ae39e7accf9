//! End and migration. Serves pb-07: export and its window, who may terminate and with what notice,
//! refunds. Technical barriers a person must look for.

use super::{CONTENT, Case, Place, lower, place, says};
use crate::frame::{self, Frame};
use crate::lexicon::Group;
use crate::quantity;
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) export: Option<(Option<i64>, Place)>,
    pub(super) format: bool,
    pub(super) help: bool,
    pub(super) customer_days: Option<i64>,
    pub(super) customer_may: bool,
    pub(super) vendor_days: Option<i64>,
    pub(super) vendor_at_will: Option<Place>,
    pub(super) cure_days: Option<i64>,
    pub(super) refund: bool,
    pub(super) lost_at_once: Option<Place>,
    pub(super) ends: Option<Place>,
}

/// Judges the clause from the customer's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = collect(case.document);
    let finding = match evidence.export {
        Some((days, at)) => exported(case, &evidence, days, at),
        None => silent(case, &evidence),
    };
    vec![describe(&evidence, finding)]
}

fn exported(case: &Case<'_>, evidence: &Evidence, days: Option<i64>, at: Place) -> Finding {
    let wanted = case.limit("export_days");
    let fallback = case.limit("fallback_export_days");
    let (rule, status, zh, en) = match days {
        Some(days) if days >= wanted && evidence.format && evidence.help => (
            "export",
            Status::Met,
            "导出窗口、标准格式和迁移协助均有约定。",
            "Window, format and help with the migration are agreed.",
        ),
        Some(days) if days >= fallback => (
            "export",
            Status::MetByFallback,
            "有导出窗口;窗口较短,或缺少格式、协助的约定。",
            "There is a window for the export; it is short, or format or help is open.",
        ),
        Some(_) => (
            "export-short",
            Status::Below,
            "导出窗口过短。",
            "The window for the export is too short.",
        ),
        None => (
            "export-open",
            Status::Below,
            "可以导出或返还数据,但终止后没有明确的窗口。",
            "Export or return is possible, without a window after the end.",
        ),
    };
    let finding = case.finding(rule, status, zh, en).sure(Confidence::D);
    case.quoting(finding, Some(at))
}

fn silent(case: &Case<'_>, evidence: &Evidence) -> Finding {
    if let Some(at) = evidence.vendor_at_will {
        let finding = case.finding(
            "vendor-at-will",
            Status::Adverse,
            "供应商可随时或无需通知终止,且没有数据导出。",
            "The vendor may end at will or without notice, and no export is agreed.",
        );
        return case.quoting(finding, Some(at));
    }
    if let Some(at) = evidence.lost_at_once {
        let finding = case.finding(
            "access-lost",
            Status::Adverse,
            "终止后立即失去访问或数据被删除,没有导出。",
            "Access or data are lost at once at the end, and no export is agreed.",
        );
        return case.quoting(finding, Some(at));
    }
    let finding =
        case.missing("没有数据导出和迁移的约定。", "No export and no migration are agreed.");
    case.quoting(finding, evidence.ends)
}

fn describe(evidence: &Evidence, mut finding: Finding) -> Finding {
    finding = finding.with("export", Value::Flag(evidence.export.is_some()));
    let numbers = [
        ("export_days", evidence.export.and_then(|(days, _)| days)),
        ("customer_notice_days", evidence.customer_days),
        ("vendor_notice_days", evidence.vendor_days),
        ("cure_days", evidence.cure_days),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            finding = finding.with(name, Value::Whole(value));
        }
    }
    let flags = [
        ("format", evidence.format),
        ("migration_help", evidence.help),
        ("customer_convenience", evidence.customer_may),
        ("vendor_at_will", evidence.vendor_at_will.is_some()),
        ("refund", evidence.refund),
    ];
    for (name, value) in flags {
        if value {
            finding = finding.with(name, Value::Flag(true));
        }
    }
    finding
}

/// Reads all sentences for the end of the contract.
pub(super) fn collect(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    for (index, sentence) in document.running() {
        let end = sentence.topics.has(Topic::End);
        let words =
            Groups::of(&[Group::Terminate, Group::Export, Group::Suspend, Group::Migration]);
        if !end && !sentence.groups.any(words) {
            continue;
        }
        let text = lower(document, sentence);
        if sentence.groups.has(Group::Export) {
            export(document, index, sentence, &text, &mut evidence);
        }
        if sentence.groups.has(Group::Migration)
            && says(&text, &["assist", "cooperat", "help", "support", "协助", "配合", "支持"])
        {
            evidence.help = true;
        }
        ending(document, sentence, &text, end, &mut evidence);
    }
    evidence
}

fn export(
    document: &Document<'_>,
    index: usize,
    sentence: &Sentence,
    text: &str,
    evidence: &mut Evidence,
) {
    let data = sentence.groups.any(CONTENT)
        || says(text, &[" data", " content", " files", "数据", "内容", "文件"]);
    let lead = sentence.lead.map(|lead| &document.sentences[lead]);
    let with_lead = lead.map_or_else(String::new, |lead| lower(document, lead)) + " " + text;
    let after = says(
        &with_lead,
        &[
            "terminat",
            "expir",
            "end of",
            "the end",
            "cancel",
            "clos",
            "cease",
            "suspen",
            "deactivat",
            "delete your account",
            "thereafter",
            "been fulfilled",
            "been completed",
            "completion of",
            "subscription term",
            "终止",
            "完成后",
            "结束",
            "届满",
            "解除",
            "期满",
            "到期",
            "停止",
            "注销",
            "关闭",
        ],
    );
    let topic = sentence.topics.has(Topic::End);
    let confidential = says(text, &["confidential", "保密", "receiving party", "disclosing party"])
        && !says(text, &["customer data", "personal data", "content"]);
    let law = says(
        text,
        &[
            "data exporter",
            "export control",
            "export law",
            "export administration",
            "export restriction",
            "export or re-export",
            "counter notif",
            "counter-notif",
            "出口",
        ],
    );
    if !data || confidential || law || !(after || topic) {
        return;
    }
    // `delete or return` of a processor counts; `may not download` does not.
    let allowed = frame::frames(document, sentence)
        .iter()
        .any(|frame| frame.verb == Group::Export && !frame.negative && !is_thing(document, frame));
    // What is only tried is no right.
    let tried = says(text, &["try to", "attempt to", "endeavo", "where possible"])
        && !says(text, &["shall", "must"]);
    let gone = says(
        text,
        &[
            "no longer be able",
            "no longer export",
            "no longer retrieve",
            "no longer download",
            "unable to",
            "not be able",
            "无法导出",
            "不能导出",
            "不再",
        ],
    );
    // What the vendor answers for not gives the customer nothing.
    if !allowed || tried || gone || sentence.groups.has(Group::NoLiability) {
        return;
    }
    let mut days = window(document, sentence.start, sentence.end);
    // `a transition period of 90 days during which: (a) … export`
    if let Some(lead) = lead.filter(|_| days.is_none()) {
        days = window(document, lead.start, lead.end);
    }
    // `delete or return within 30 days` is when the vendor is done, no time for the customer.
    if says(text, RETURNED_OR_DELETED) {
        days = None;
    }
    let mut to = sentence.end;
    let near = document.around(index).1;
    // `… a copy on request. You must ask within 90 days of the end.`
    if days.is_none() && near > sentence.end {
        let next = document.wording.text[sentence.end..near].to_lowercase();
        if says(&next, &["request", "within", "内提出", "内导出", "内下载"]) {
            days = window(document, sentence.end, near);
            to = if days.is_some() { near } else { to };
        }
    }
    evidence.format |= sentence.groups.has(Group::Format);
    let from = sentence.start;
    let better = match evidence.export {
        None => true,
        Some((known, _)) => days > known,
    };
    if better {
        evidence.export = Some((days, (from, to)));
    }
}

/// `the available download will expire`, `a download link`: a thing that is fetched, no right to.
fn is_thing(document: &Document<'_>, frame: &Frame) -> bool {
    let text = document.wording.text.as_str();
    let behind: String = text[frame.at..].chars().take(24).collect::<String>().to_lowercase();
    let before = text[..frame.at].trim_end().rsplit([' ', '\n']).next().unwrap_or("");
    let noun = ["a", "the", "each", "this", "available", "your", "any"];
    behind.starts_with("download link")
        || behind.starts_with("download will")
        || behind.starts_with("download ") && noun.contains(&before.to_lowercase().as_str())
}

/// Words of a duty to hand data back or to delete it.
const RETURNED_OR_DELETED: &[&str] = &[
    "delete and/or return",
    "delete or return",
    "return or delete",
    "return and/or delete",
    "return and delete",
    "return, or delete",
    "delete, or return",
    "delete (or",
    "return (or",
    "return or destroy",
    "destroy or return",
    "返还或删除",
    "删除或返还",
];

/// The longest time to fetch data in the bytes `start..end`: no notice before the end, and no
/// deadline by which data are deleted.
fn window(document: &Document<'_>, start: usize, end: usize) -> Option<i64> {
    let text = document.wording.text.as_str();
    quantity::quantities(text, start, end)
        .iter()
        .filter(|quantity| {
            let behind: String = text[quantity.end..end].chars().take(24).collect();
            let before: String = text[start..quantity.start].chars().rev().take(48).collect();
            let before: String = before.chars().rev().collect::<String>().to_lowercase();
            let early = ["prior to", "before", "前"]
                .iter()
                .any(|word| behind.trim_start_matches(['\'', '’', ' ', ')']).starts_with(word));
            let notice = says(&behind.to_lowercase(), &["notice", "通知"]);
            // The verb that stands nearer has the days; `retrieve or delete` shares them.
            let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
            let deleted = last(&["delet", "destroy", "eras", "删除", "销毁"])
                > last(&["export", "retriev", "download", "return", "导出", "返还"])
                && !says(&before, &["or delet", "or destroy", "or eras"]);
            !(early || notice || deleted)
        })
        .filter_map(quantity::Quantity::days)
        .filter(|days| (1..=400).contains(days))
        .max()
}

fn ending(
    document: &Document<'_>,
    sentence: &Sentence,
    text: &str,
    topic: bool,
    evidence: &mut Evidence,
) {
    if sentence.groups.any(Groups::of(&[Group::Terminate, Group::Suspend])) {
        evidence.ends = evidence.ends.or(Some(place(sentence)));
        for frame in frame::frames(document, sentence) {
            if matches!(frame.verb, Group::Terminate | Group::Suspend) && !frame.negative {
                right_to_end(document, sentence, text, &frame, evidence);
            }
        }
    }
    if topic
        && sentence.groups.has(Group::Refund)
        && !says(text, &["no refund", "non-refund", "not refund", "不予退", "不退"])
    {
        evidence.refund = true;
    }
    let lost = says(
        text,
        &[
            "no longer access",
            "immediately cease",
            "lose access",
            "loss of access",
            "access will be terminated",
            "right to access and use the services will",
            "delete your content",
            "permanently lose",
            "立即停止使用",
            "无法恢复",
            "不可恢复",
            "不可逆",
            "无法继续向您提供",
            "无义务为您保留",
            "无义务保留",
            "没有义务返还",
            "没有义务向你返还",
            "没有义务向您返还",
            "没有义务向用户返还",
            "无义务返还",
            "无义务向您返还",
            "无义务向用户返还",
            "永久地删除你",
            "永久地删除您",
            "永久删除你",
            "永久删除您",
            "no obligation to return",
            "no obligation to retain",
            "no obligation to keep",
        ],
    );
    let lost = lost || ends_access(text);
    if lost && (topic || sentence.groups.has(Group::Terminate)) && evidence.lost_at_once.is_none() {
        evidence.lost_at_once = Some(place(sentence));
    }
}

/// `all rights and access to the Services will terminate`.
fn ends_access(text: &str) -> bool {
    text.match_indices("access").any(|(at, _)| {
        let behind: String = text[at..].chars().take(150).collect();
        let stop = ["will terminate", "shall terminate", "will cease", "shall cease", "will end"]
            .iter()
            .filter_map(|word| behind.find(word))
            .min();
        stop.is_some_and(|stop| !behind[..stop].contains(['.', ';']))
    })
}

/// `may be terminated by us`: who acts stands behind the verb.
fn is_by_vendor(document: &Document<'_>, sentence: &Sentence, frame: &Frame) -> bool {
    let text = document.wording.text.as_str();
    document.hits(sentence).iter().any(|hit| {
        let between = text.get(frame.at..hit.start).unwrap_or_default();
        hit.group == Group::Vendor
            && between.ends_with(" by ")
            && between.len() < BY_BYTES
            && !between.contains(['.', ';'])
    })
}

/// How far behind its verb the one may stand by whom it is done.
const BY_BYTES: usize = 60;

/// Words of a right that asks for no cause.
const WHIMS: &[&str] = &[
    "any reason",
    "no reason",
    "without cause",
    "without reason",
    "without giving reason",
    "without giving any reason",
    "convenience",
    "at any time",
    "discretion",
    "see fit",
    "sees fit",
    "whenever we",
    "随时",
    "任何时候",
    "任何时间",
    "任何理由",
    "任何原因",
    "无需理由",
    "无需说明",
    "无须说明",
    "无理由",
    "自行决定",
    "自行判断",
    "自身判断",
    "独立判断",
    "单方",
];

/// 导致的服务中断, 部分功能下线: a break that happens, or a part that goes, ends nothing.
fn is_no_end(document: &Document<'_>, text: &str, frame: &Frame) -> bool {
    let before = document.wording.text[..frame.at].chars().rev().take(6).collect::<String>();
    let before: String = before.chars().rev().collect();
    // `stop offering a means of payment`: what is offered no more is not the service.
    let behind: String = document.wording.text[frame.at..].chars().take(60).collect();
    let behind = behind.to_lowercase();
    let other = says(&behind, &["stop offering", "cease offering", "cease to offer"])
        && !says(&behind, &["service", "platform", "product", "software", "site", "app"]);
    other || says(&before, &["导致", "造成"]) || says(text, &["部分功能"]) && !says(text, &["全部"])
}

/// Whether what may be ended is a trial or preview beside the service; where the whole paper is
/// about the preview, its end is the end.
fn is_preview(document: &Document<'_>, sentence: &Sentence, text: &str) -> bool {
    let before = &document.wording.text[..sentence.start];
    let title: String = before.chars().take(TITLE_CHARS).collect();
    says(text, PREVIEWS) && !says(&title.to_lowercase(), PREVIEWS)
}

/// How much of a document says what it is about.
const TITLE_CHARS: usize = 240;

/// What may be ended at any time without harm.
const PREVIEWS: &[&str] = &[
    "bonus",
    "promotion",
    "beta",
    "preview",
    "early access",
    "trial",
    "free version",
    "free service",
    "free account",
    "free users",
    "试用",
    "测试版",
    "免费版",
];

fn right_to_end(
    document: &Document<'_>,
    sentence: &Sentence,
    text: &str,
    frame: &Frame,
    evidence: &mut Evidence,
) {
    let quantities = quantity::quantities(&document.wording.text, sentence.start, sentence.end);
    // The number behind the verb is its own; one sentence may give both parties a right.
    let behind = quantities.iter().filter(|quantity| quantity.start > frame.at);
    let days =
        behind.chain(&quantities).filter_map(quantity::Quantity::days).find(|days| *days <= 400);
    let cure = sentence.groups.has(Group::Cure);
    if cure && frame.verb == Group::Terminate {
        if let Some(days) = days {
            evidence.cure_days = evidence.cure_days.or(Some(days));
        }
        return;
    }
    let notice = says(text, &["notice", "通知"]);
    let free = sentence.groups.has(Group::Convenience)
        || says(text, WHIMS)
        || notice && days.is_some() && !says(text, &["breach", "违约", "violat"]);
    let unannounced = sentence.groups.has(Group::NoNotice)
        || says(text, &["without notice", "without prior notice", "with or without notice"]);
    let customer = frame.actor == Some(Side::Customer) || frame.both;
    let vendor =
        frame.actor == Some(Side::Vendor) || frame.both || is_by_vendor(document, sentence, frame);
    if customer && free && frame.may && frame.verb == Group::Terminate {
        evidence.customer_may = true;
        if let Some(days) = days.filter(|_| notice) {
            evidence.customer_days = evidence.customer_days.or(Some(days));
        }
    }
    if vendor && frame.may {
        if let Some(days) = days.filter(|_| notice && free) {
            evidence.vendor_days = evidence.vendor_days.or(Some(days));
        }
        // `If you break these terms, we may: (a) close your account without notice`.
        // The sentence before the lead says the cause as often as the lead does.
        let led = sentence.lead.is_some_and(|lead| {
            let span = document.around(lead).0..document.sentences[lead].end;
            super::is_caused(&document.wording.text[span].to_lowercase())
        });
        let at_will = !super::is_caused(text)
            && !led
            && !is_no_end(document, text, frame)
            && !is_preview(document, sentence, text)
            && !says(text, &["may each", "either party", "each party", "both parties", "双方均"])
            && (unannounced || days.is_none() && says(text, WHIMS));
        if at_will && !frame.both && evidence.vendor_at_will.is_none() {
            evidence.vendor_at_will = Some(place(sentence));
        }
    }
    // `You agree that termination of your access may be without prior notice.`
    let yours = says(text, &["termination of your", "suspension of your", "terminate your"]);
    if yours && unannounced && !vendor && !super::is_caused(text) {
        evidence.vendor_at_will = evidence.vendor_at_will.or(Some(place(sentence)));
    }
}
