//! Service levels. Serves pb-04: the percentage, its window, credits and their cap, the deadline
//! for claims, sole remedies. Whether a level is adequate a person decides.

use units::Decimal;

use super::{Case, Place, lower, place, says};
use crate::kind::Kind;
use crate::lexicon::Group;
use crate::quantity::{self, Amount};
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Status, Value};

#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) uptime: Option<(Decimal, Place)>,
    pub(super) efforts: bool,
    pub(super) monthly: bool,
    pub(super) credits: Option<Place>,
    pub(super) rate: Option<Decimal>,
    pub(super) cap: Option<Decimal>,
    pub(super) claim_days: Option<i64>,
    pub(super) sole: Option<Place>,
    pub(super) own_measure: bool,
    pub(super) degraded: bool,
    pub(super) response: bool,
    pub(super) maintenance: bool,
    pub(super) disclaimed: Option<Place>,
    pub(super) at_will: Option<Place>,
    pub(super) support: Option<Place>,
}

/// Judges the clause from the customer's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = collect(case.document);
    let finding = match evidence.uptime {
        Some((uptime, at)) => promised(case, &evidence, uptime, at),
        None => silent(case, &evidence),
    };
    vec![describe(&evidence, finding)]
}

fn promised(case: &Case<'_>, evidence: &Evidence, uptime: Decimal, at: Place) -> Finding {
    let low_cap = evidence.cap.is_some_and(|cap| cap <= case.clause.exact("credit_cap_percent"));
    let enough = uptime >= case.clause.exact("uptime_percent");
    let (rule, status, zh, en) = if evidence.credits.is_none() && evidence.efforts {
        (
            "efforts",
            Status::Adverse,
            "可用性只是“尽合理努力”的目标,且没有服务信用。",
            "The level is a target by reasonable efforts, and no credit follows.",
        )
    } else if evidence.sole.is_some() && low_cap {
        (
            "sole-remedy",
            Status::Adverse,
            "服务信用是唯一救济,且上限很低。",
            "Credits are the sole remedy and capped low.",
        )
    } else if evidence.credits.is_none() {
        (
            "no-credits",
            Status::Below,
            "有可用性数字,但没有任何后果。",
            "There is a level, and nothing follows when it is missed.",
        )
    } else if !enough {
        ("level-low", Status::Below, "可用性低于要求。", "The level is lower than wanted.")
    } else if evidence.sole.is_some() {
        ("sole-remedy", Status::Below, "服务信用是唯一救济。", "Credits are the sole remedy.")
    } else if evidence.efforts {
        (
            "efforts",
            Status::Below,
            "可用性只是“尽合理努力”的目标。",
            "The level is a target by reasonable efforts.",
        )
    } else if evidence.monthly && evidence.degraded && evidence.response {
        (
            "level",
            Status::Met,
            "可用性、窗口、信用、性能下降与响应时间均有约定。",
            "Level, window, credits, degradation and response times are agreed.",
        )
    } else {
        (
            "level",
            Status::MetByFallback,
            "可用性与信用有约定;缺少性能下降、响应时间或窗口。",
            "Level and credits are agreed; degradation, response times or the window are not.",
        )
    };
    let finding = case.finding(rule, status, zh, en).sure(Confidence::D);
    case.quoting(finding, Some(at))
}

fn silent(case: &Case<'_>, evidence: &Evidence) -> Finding {
    if let (Some(_), Some(at)) = (evidence.disclaimed, evidence.at_will)
        && evidence.credits.is_none()
    {
        let finding = case.finding(
            "at-will",
            Status::Adverse,
            "不保证服务不中断,且可随时变更或中断服务。",
            "No promise of uninterrupted service, and a right to interrupt it at will.",
        );
        return case.quoting(finding, Some(at));
    }
    if let Some(at) = evidence.credits.or(evidence.support) {
        let finding = case.finding(
            "no-level",
            Status::Below,
            "提到服务信用或支持,但没有可用性数字。",
            "Credits or support are mentioned without a level.",
        );
        return case.quoting(finding, Some(at));
    }
    let finding = case.missing("没有服务水平约定。", "No service level is agreed.");
    case.quoting(finding, evidence.disclaimed)
}

fn describe(evidence: &Evidence, mut finding: Finding) -> Finding {
    if let Some((uptime, _)) = evidence.uptime {
        finding = finding.with("uptime", Value::Exact(uptime));
        let window = if evidence.monthly { "calendar-month" } else { "unnamed" };
        finding = finding.with("window", Value::Word(window.to_owned()));
    }
    finding = finding.with("credits", Value::Flag(evidence.credits.is_some()));
    for (name, value) in [("credit_rate", evidence.rate), ("credit_cap", evidence.cap)] {
        if let Some(value) = value {
            finding = finding.with(name, Value::Exact(value));
        }
    }
    if let Some(days) = evidence.claim_days {
        finding = finding.with("claim_days", Value::Whole(days));
    }
    for (name, set) in [
        ("sole_remedy", evidence.sole.is_some()),
        ("efforts", evidence.efforts),
        ("vendor_measures", evidence.own_measure),
        ("degradation", evidence.degraded),
        ("response_time", evidence.response),
        ("maintenance_excluded", evidence.maintenance),
        ("disclaimer", evidence.disclaimed.is_some()),
    ] {
        if set {
            finding = finding.with(name, Value::Flag(true));
        }
    }
    finding
}

/// Reads all sentences for service levels.
pub(super) fn collect(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    let sla = document.kind == Kind::Sla;
    // What stands in the paragraph of the figure speaks of it.
    let mut paragraph = None;
    for (_, sentence) in document.running() {
        let topic = sla || sentence.topics.has(Topic::Level) || paragraph == Some(sentence.block);
        let here = topic || sentence.groups.has(Group::Uptime);
        disclaimers(document, sentence, &mut evidence);
        // 赔偿金额不超过月费的50%: in a paper on the level, damages are the credit.
        let owed = sla && sentence.groups.has(Group::Indemnify);
        let named = owed || sentence.groups.any(Groups::of(&[Group::Credit, Group::Claim]));
        if !here && !named {
            continue;
        }
        let text = lower(document, sentence);
        if here {
            level(document, sentence, &text, &mut evidence);
        }
        if evidence.uptime.is_some_and(|(_, at)| at == place(sentence)) {
            paragraph = Some(sentence.block);
        }
        let card = says(&text, &["credit card", "debit card", "信用卡"])
            && !says(&text, &["service credit"]);
        let credit = named
            && !card
            && (topic
                && sentence.groups.has(Group::Credit)
                && !says(&text, &["prepaid", "purchase"])
                || says(
                    &text,
                    &["service credit", "服务信用", "服务赔偿", "服务抵扣", "服务补偿"],
                )
                || owed && says(&text, DAMAGES)
                || here && says(&text, &["credit"]));
        if credit {
            credits(document, sentence, &text, &mut evidence);
        }
        if here || credit {
            let groups = sentence.groups;
            if groups.has(Group::SoleRemedy) && (topic || credit) {
                evidence.sole = evidence.sole.or(Some(place(sentence)));
            }
            evidence.own_measure |= groups.has(Group::OwnMeasure);
            evidence.maintenance |= groups.has(Group::Maintenance);
            evidence.degraded |= groups.has(Group::Degraded) && topic;
            evidence.response |= groups.has(Group::Response) && topic;
            evidence.monthly |= groups.has(Group::Monthly) && (topic || evidence.uptime.is_some());
        }
    }
    evidence
}

fn level(document: &Document<'_>, sentence: &Sentence, text: &str, evidence: &mut Evidence) {
    let lowest = Decimal::from(90);
    let whole = Decimal::from(100);
    let percents = quantity::quantities(&document.wording.text, sentence.start, sentence.end);
    let uptime = percents
        .iter()
        .filter_map(|quantity| match quantity.amount {
            Amount::Percent(value) if value >= lowest && value <= whole => Some(value),
            _ => None,
        })
        .filter(|value| {
            *value < whole
                || sentence.groups.has(Group::Uptime)
                    && says(text, &["will be", "guarantee", "保证"])
        })
        .max();
    // That data last says nothing of when the service answers.
    let uptime = uptime.filter(|_| !says(text, NO_PROMISE) && !says(text, LASTING));
    let tier = says(text, &["less than", "below", "lower than", "under ", "低于", "小于", "<"])
        && sentence.groups.has(Group::Credit);
    let Some(uptime) = uptime else {
        let cell = document.wording.blocks[sentence.block].cell.is_some();
        // `supports` and `to support` are no support.
        let noun = ["supports", "to support", "supported", "supporting"]
            .iter()
            .fold(text.to_owned(), |text, verb| text.replace(verb, " "));
        let words = ["support", "技术支持", "技术服务", "7x24", "7×24", "24/7"];
        // `support and availability` among the purposes of a paper on data promises no level.
        let promised = document.kind == Kind::Sla
            || sentence.topics.has(Topic::Level)
            || !matches!(document.kind, Kind::Dpa | Kind::Privacy);
        if !cell && promised && says(&noun, &words) {
            evidence.support = evidence.support.or(Some(place(sentence)));
        }
        return;
    };
    let better = evidence.uptime.is_none_or(|(known, _)| uptime > known && !tier);
    if better {
        evidence.uptime = Some((uptime, place(sentence)));
        evidence.efforts = sentence.groups.has(Group::Efforts);
        evidence.monthly |= sentence.groups.has(Group::Monthly);
    }
}

/// Words of what is paid where a level is missed.
const DAMAGES: &[&str] = &["赔偿金额", "赔偿额", "赔偿总额", "赔偿上限", "补偿金额", "赔付"];

/// Words of data that are kept, which is no level of service.
const LASTING: &[&str] = &["durability", "durable", "持久性", "持久度", "不丢失"];

/// Words that promise no level.
const NO_PROMISE: &[&str] = &[
    "not guarantee",
    "no guarantee",
    "not promise",
    "not warrant",
    "cannot guarantee",
    "不保证",
    "不承诺",
    "无法保证",
];

fn credits(document: &Document<'_>, sentence: &Sentence, text: &str, evidence: &mut Evidence) {
    evidence.credits = evidence.credits.or(Some(place(sentence)));
    for quantity in quantity::quantities(&document.wording.text, sentence.start, sentence.end) {
        let before = &document.wording.text[sentence.start..quantity.start].to_lowercase();
        let before: String =
            before.chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
        match quantity.amount {
            Amount::Percent(value) if value <= Decimal::from(100) => {
                let capped = says(
                    &before,
                    &["exceed", "maximum", "up to", "capped", "不超过", "上限", "最高"],
                );
                if capped {
                    evidence.cap = Some(value);
                } else if value <= Decimal::from(60) {
                    evidence.rate = evidence.rate.or(Some(value));
                }
            }
            _ => {
                let claim =
                    says(text, &["request", "claim", "notify", "submit", "must", "申请", "提出"]);
                // The first is the customer's; a later one is when the vendor answers.
                if let Some(days) = quantity.days().filter(|days| claim && *days <= 120) {
                    evidence.claim_days = evidence.claim_days.or(Some(days));
                }
            }
        }
    }
}

fn disclaimers(document: &Document<'_>, sentence: &Sentence, evidence: &mut Evidence) {
    let groups = sentence.groups;
    if evidence.disclaimed.is_none() && groups.has(Group::AsIs) {
        evidence.disclaimed = Some(place(sentence));
    }
    if evidence.at_will.is_some()
        || !groups.any(Groups::of(&[Group::Suspend, Group::Amend, Group::Terminate]))
        || !groups.any(Groups::of(&[Group::NoNotice, Group::NoLiability]))
    {
        return;
    }
    let text = lower(document, sentence);
    let service =
        says(&text, &["service", "site", "platform", "服务", "平台", "功能", "应用", "软件"]);
    let stop = says(
        &text,
        &["suspend", "interrupt", "discontinu", "withdraw", "暂停", "中断", "中止", "停止", "变更"],
    );
    // To end the access of one customer is no matter of the level; for a cause is not at will.
    let access =
        says(&text, &["your access", "your account", "customer's access", "customer’s access"]);
    let caused = super::is_caused(&text);
    if service && stop && !access && !caused && groups.any(Groups::of(&[Group::May])) {
        evidence.at_will = Some(place(sentence));
    }
}
