//! The same evidence in the vendor's interest: an uncapped duty, a ban without room for the
//! service, an audit without notice. Serves all eight clauses.
//!
//! The playbook's positions are the customer's; here they show what the other side will ask for.

use units::Decimal;

use super::{Case, Place, audit, exit, level, liability, ownership, rights, security, training};
use crate::{Finding, Status, Text, Value};

mod burdens;

/// Judges a clause from the vendor's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = liability::collect(case.document);
    let plain = match case.clause.id.as_str() {
        "pb-01" => data(case),
        "pb-02" => training(case),
        "pb-03" => breach(case),
        "pb-04" => levels(case),
        "pb-05" => output(case),
        "pb-06" => liable(case, &evidence),
        "pb-07" => ending(case),
        _ => audited(case),
    };
    let mut found = burdens::of(case, evidence.cap.is_some());
    if case.clause.id == "pb-06" {
        found.extend(exposures(case, &evidence));
    }
    // What is good is said only where nothing burdens; what is bad is said once a place.
    let plain = match ADVICE.iter().find(|(rule, ..)| plain.rule.ends_with(rule)) {
        Some((_, zh, en)) if plain.status.weight() > Status::MetByFallback.weight() => {
            plain.advising(Text::new(*zh, *en))
        }
        _ => plain,
    };
    let good = matches!(plain.status, Status::Met | Status::MetByFallback);
    let said = found.iter().any(|burden| {
        !plain.quote.is_empty()
            && burden.start == plain.start
            && burden.status.weight() >= plain.status.weight()
    });
    if found.is_empty() || !good && !said {
        found.insert(0, plain);
    }
    found
}

/// What to ask for where a clause falls short, by rule.
const ADVICE: [(&str, &str, &str); 9] = [
    (
        ".vendor-licence",
        "写明供应商可在合同期内为提供服务而使用客户数据。",
        "Write down the right to use customer data for the service during the term.",
    ),
    (".vendor-notice", "要求自发现起七十二小时。", "Ask for 72 hours from the discovery."),
    (
        ".vendor-level",
        "为服务信用设上限,约定其为唯一救济,可用性不高于 99.9%。",
        "Cap the credits, make them the sole remedy, and promise no more than 99.9 %.",
    ),
    (
        ".vendor-maintenance",
        "约定预先通知的维护窗口不计入不可用时间。",
        "Take announced maintenance out of the time that counts.",
    ),
    (
        ".vendor-ip-open",
        "写明供应商保留既有技术、底层模型和通用经验。",
        "Reserve existing technology, underlying models and know-how.",
    ),
    (
        ".vendor-uncapped",
        "约定相互上限为索赔前十二个月费用,排除间接损失。",
        "Ask for a mutual cap at the fees of 12 months, and exclude indirect loss.",
    ),
    (
        ".vendor-uncapped-indirect",
        "约定相互上限为索赔前十二个月费用,排除间接损失。",
        "Ask for a mutual cap at the fees of 12 months, and exclude indirect loss.",
    ),
    (
        ".vendor-exit",
        "要求至少三十日书面通知,并支付已完成的工作。",
        "Ask for 30 days' written notice and payment for work done.",
    ),
    (
        ".vendor-audit",
        "每年一次、提前三十日通知,或以第三方报告代替。",
        "Once a year on 30 days' notice, or a third party's report instead.",
    ),
];

/// What stays open beside a cap.
fn exposures(case: &Case<'_>, evidence: &liability::Evidence) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |rule: &str, zh: &str, en: &str, advice: Text, at: Place| {
        let finding = case.finding(rule, Status::Below, zh, en).advising(advice);
        found.push(case.quoting(finding, Some(at)));
    };
    if let Some(at) =
        evidence.vendor_indemnifies.filter(|_| evidence.customer_indemnifies.is_none())
    {
        add(
            "vendor-indemnity-one-way",
            "只有供应商承担赔偿,客户不对其输入和使用方式承担。",
            "The vendor alone indemnifies; the customer answers neither for its input nor its use.",
            Text::new(
                "要求客户对其输入、违规使用承担对等的赔偿。",
                "Ask for the customer's indemnity for its input and for use against the terms.",
            ),
            at,
        );
    }
    let Some(cap) = &evidence.cap else { return found };
    let open = ["confidentiality", "data-security", "indemnity", "infringement"];
    if open.iter().any(|name| evidence.carve_outs.contains(name)) {
        add(
            "vendor-carve-outs",
            "保密、数据安全或侵权责任不受上限约束。",
            "Confidentiality, data security or infringement stand outside the cap, without a limit.",
            Text::new(
                "为例外事项设单独的较高上限(如三至五倍年费)。",
                "Ask for a higher cap of its own for them, such as three to five years' fees.",
            ),
            cap.place,
        );
    }
    if !evidence.excludes_indirect {
        add(
            "vendor-indirect-open",
            "有上限,但没有排除间接损失。",
            "There is a cap, but indirect loss is not excluded.",
            Text::new("明确排除间接损失和利润损失。", "Exclude indirect loss and lost profits."),
            cap.place,
        );
    }
    found
}

fn data(case: &Case<'_>) -> Finding {
    let evidence = rights::collect(case.document);
    let at = evidence.purpose.or(evidence.customer_owns);
    match (evidence.purpose, evidence.broad.first()) {
        (_, Some((_, at))) => {
            let finding = case.finding(
                "vendor-licence",
                Status::Met,
                "供应商取得宽泛的使用许可;对方通常会要求收窄。",
                "The vendor has a broad licence; expect the other side to narrow it.",
            );
            case.quoting(finding, Some(*at))
        }
        (Some(at), None) => {
            let finding = case.finding(
                "vendor-licence",
                Status::MetByFallback,
                "为提供服务所需的使用权已写明。",
                "The right to use the data for the service is written down.",
            );
            case.quoting(finding, Some(at))
        }
        (None, None) => {
            let finding = case.finding(
                "vendor-licence",
                Status::Missing,
                "没有写明供应商为提供服务可使用客户数据。",
                "No right of the vendor to use the data for the service is written down.",
            );
            case.quoting(finding, at)
        }
    }
}

fn training(case: &Case<'_>) -> Finding {
    let evidence = training::collect(case.document);
    if let Some(found) = evidence.permissions.iter().find(|found| !found.own_model) {
        let finding = case.finding(
            "vendor-training",
            Status::Met,
            "允许以客户数据训练或改进;对方通常会要求删除。",
            "Training or improvement is allowed; expect the other side to strike it.",
        );
        return case.quoting(finding, Some(found.place));
    }
    if let Some((_, at)) = evidence.bans.first() {
        let finding = case.finding(
            "vendor-training",
            Status::MetByFallback,
            "禁止训练;确认不影响安全、滥用检测所需的处理。",
            "Training is banned; make sure that safety and abuse detection stay possible.",
        );
        return case.quoting(finding, Some(*at));
    }
    let finding = case.finding(
        "vendor-training",
        Status::MetByFallback,
        "没有关于训练的约定。",
        "Nothing is said on training.",
    );
    case.quoting(finding, evidence.limits.first().copied())
}

/// A notice in less time cannot be kept.
const LEAST_HOURS: i64 = 24;

fn breach(case: &Case<'_>) -> Finding {
    let evidence = security::collect(case.document);
    let Some(notice) = evidence.notice else {
        return case.finding(
            "vendor-notice",
            Status::MetByFallback,
            "没有泄露通报期限;法定义务仍然适用。",
            "No deadline for notices of breaches; the law's own duties remain.",
        );
    };
    let tight = notice.hours.is_some_and(|hours| hours < case.limit("notice_hours"));
    let finding = if notice.hours.is_some_and(|hours| hours < LEAST_HOURS) {
        case.finding(
            "vendor-notice",
            Status::Adverse,
            "通报时限不足二十四小时,难以履行。",
            "The notice is due in less than 24 hours, which can hardly be kept.",
        )
    } else if tight {
        case.finding(
            "vendor-notice",
            Status::Below,
            "通报时限短于惯常的七十二小时。",
            "The deadline for the notice is shorter than the usual 72 hours.",
        )
    } else {
        case.finding(
            "vendor-notice",
            Status::Met,
            "通报时限可以履行。",
            "The deadline for the notice can be kept.",
        )
    };
    let finding = case.quoting(finding, Some(notice.place));
    match notice.hours {
        Some(hours) => finding.with("notice_hours", Value::Whole(hours)),
        None => finding,
    }
}

fn levels(case: &Case<'_>) -> Finding {
    let evidence = level::collect(case.document);
    let Some((uptime, at)) = evidence.uptime else {
        return case.finding(
            "vendor-level",
            Status::Met,
            "没有可用性承诺。",
            "No level of availability is promised.",
        );
    };
    let whole = uptime >= Decimal::from(100);
    let open = evidence.credits.is_some() && evidence.cap.is_none();
    let finding = if whole || open {
        case.finding(
            "vendor-level",
            Status::Adverse,
            "服务信用没有上限,或承诺了无法达到的可用性。",
            "Credits have no cap, or the level cannot be reached.",
        )
    } else if !evidence.maintenance {
        case.finding(
            "vendor-maintenance",
            Status::Below,
            "可用性没有扣除维护时间。",
            "Maintenance is not taken out of the level.",
        )
    } else if evidence.sole.is_none() && evidence.credits.is_some() {
        case.finding(
            "vendor-level",
            Status::Below,
            "服务信用不是唯一救济。",
            "Credits are not the sole remedy.",
        )
    } else {
        case.finding(
            "vendor-level",
            Status::Met,
            "可用性承诺有限度。",
            "The promise of availability has its limits.",
        )
    };
    case.quoting(finding, Some(at)).with("uptime", Value::Exact(uptime))
}

fn output(case: &Case<'_>) -> Finding {
    let evidence = ownership::collect(case.document);
    let keeps = evidence.platform.or(evidence.vendor);
    match (keeps, evidence.customer) {
        (Some(at), _) => {
            let finding = case.finding(
                "vendor-ip",
                Status::Met,
                "供应商保留其技术的知识产权。",
                "The vendor keeps the IP in its technology.",
            );
            case.quoting(finding, Some(at))
        }
        (None, Some(at)) => {
            let finding = case.finding(
                "vendor-ip-open",
                Status::Below,
                "成果归客户,但没有为供应商保留其既有技术。",
                "Output is the customer's, and the vendor's existing technology is not reserved.",
            );
            case.quoting(finding, Some(at))
        }
        (None, None) => case.finding(
            "vendor-ip",
            Status::Missing,
            "没有知识产权归属的约定。",
            "Ownership of IP is not agreed.",
        ),
    }
}

fn liable(case: &Case<'_>, evidence: &liability::Evidence) -> Finding {
    if let Some(cap) = &evidence.cap {
        let finding = case.finding(
            "vendor-cap",
            if evidence.excludes_indirect { Status::Met } else { Status::MetByFallback },
            "责任有上限。",
            "Liability is capped.",
        );
        return case.quoting(finding, Some(cap.place));
    }
    if let Some(at) = evidence.pays_indirect {
        let finding = case.finding(
            "vendor-uncapped-indirect",
            Status::Adverse,
            "须赔偿间接损失且没有上限。",
            "Indirect loss is owed, and there is no cap.",
        );
        return case.quoting(finding, Some(at)).with("uncapped", Value::Flag(true));
    }
    if let Some(at) = evidence.no_liability {
        let finding = case.finding(
            "vendor-excluded",
            Status::MetByFallback,
            "责任被全部排除;过宽的排除可能无效。",
            "Liability is excluded altogether; so broad an exclusion may be void.",
        );
        return case.quoting(finding, Some(at));
    }
    if !case.document.kind.expects("pb-06") {
        return case.missing(
            "此类文件没有责任限制的约定。",
            "A document of this kind says nothing of liability.",
        );
    }
    let finding = case.finding(
        "vendor-uncapped",
        Status::Adverse,
        "没有责任上限。",
        "There is no cap on liability.",
    );
    case.quoting(finding, evidence.vendor_indemnifies.or(evidence.liability))
        .with("uncapped", Value::Flag(true))
}

fn ending(case: &Case<'_>) -> Finding {
    let evidence = exit::collect(case.document);
    let short = evidence.customer_may
        && evidence.customer_days.is_none_or(|days| days < case.limit("notice_days"));
    let finding = if short {
        case.finding(
            "vendor-exit",
            Status::Below,
            "客户可随时或以很短的通知终止。",
            "The customer may end at any time or on short notice.",
        )
    } else if let Some(at) = evidence.ends {
        let finding = case.finding(
            "vendor-exit",
            Status::MetByFallback,
            "终止约定可以接受。",
            "The rules on the end can be accepted.",
        );
        return case.quoting(finding, Some(at));
    } else {
        case.finding(
            "vendor-exit",
            Status::Missing,
            "没有终止的约定。",
            "Nothing is agreed on the end.",
        )
    };
    case.quoting(finding, evidence.ends)
}

fn audited(case: &Case<'_>) -> Finding {
    let evidence = audit::collect(case.document);
    let Some(at) = evidence.audit else {
        let finding = case.finding(
            "vendor-audit",
            Status::Met,
            "没有现场审计的义务。",
            "There is no duty to be audited.",
        );
        return case.quoting(finding, evidence.report.or(evidence.law));
    };
    let bounded = evidence.yearly || evidence.notice_days.is_some();
    let finding = if bounded {
        case.finding(
            "vendor-audit",
            Status::MetByFallback,
            "审计有频率或通知的限制。",
            "Audits are limited in number or need notice.",
        )
    } else {
        case.finding(
            "vendor-audit",
            Status::Adverse,
            "审计没有频率和通知的限制。",
            "Audits are limited neither in number nor by notice.",
        )
    };
    case.quoting(finding, Some(at))
}
