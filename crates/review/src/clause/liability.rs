//! Caps and indemnities. Serves pb-06: the basis of the cap, its months, who is capped, what stands
//! outside it, who indemnifies whom. Whether a cap is adequate a person decides.

use std::collections::BTreeSet;

use units::Decimal;
use wording::values::TimeUnit;

use super::{Case, Place, lower, place, says};
use crate::frame;
use crate::lexicon::Group;
use crate::quantity::{self, Amount};
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cap {
    pub(super) months: Option<i64>,
    pub(super) basis: &'static str,
    pub(super) money: Option<(&'static str, Decimal)>,
    pub(super) greater: bool,
    pub(super) lesser: bool,
    pub(super) mutual: bool,
    pub(super) place: Place,
}

#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) cap: Option<Cap>,
    pub(super) carve_outs: BTreeSet<&'static str>,
    pub(super) no_liability: Option<Place>,
    pub(super) excludes_indirect: bool,
    pub(super) pays_indirect: Option<Place>,
    pub(super) vendor_indemnifies: Option<Place>,
    pub(super) customer_indemnifies: Option<Place>,
    pub(super) liability: Option<Place>,
}

/// Judges the clause from the customer's side.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let evidence = collect(case.document);
    let finding = match &evidence.cap {
        Some(cap) => capped(case, &evidence, cap),
        None => uncapped(case, &evidence),
    };
    vec![describe(&evidence, finding)]
}

fn capped(case: &Case<'_>, evidence: &Evidence, cap: &Cap) -> Finding {
    let wanted = case.limit("cap_months");
    let nominal = case.clause.exact("nominal_cap");
    let small = cap.money.as_ref().is_some_and(|(_, sum)| *sum <= nominal);
    let short = cap.months.is_some_and(|months| months < wanted);
    let strong =
        ["confidentiality", "data-security"].iter().any(|name| evidence.carve_outs.contains(name));
    let full = strong
        && ["indemnity", "infringement"].iter().any(|name| evidence.carve_outs.contains(name));
    let (rule, status, zh, en) = if cap.lesser {
        (
            "lesser-of",
            Status::Adverse,
            "上限取较低者,实际可能只有象征性金额。",
            "The cap is the lesser of two, so it may be nominal.",
        )
    } else if short {
        (
            "cap-short",
            Status::Adverse,
            "上限低于十二个月费用。",
            "The cap is below the fees of 12 months.",
        )
    } else if small && (cap.months.is_none()) {
        ("cap-nominal", Status::Adverse, "上限只是象征性金额。", "The cap is a nominal sum.")
    } else if !cap.mutual {
        (
            "cap-one-way",
            Status::Adverse,
            "责任上限只保护供应商一方。",
            "The cap protects the vendor alone.",
        )
    } else if cap.months.is_none() && cap.money.is_none() {
        (
            "cap-open",
            Status::Below,
            "上限以费用为基础,但没有期间。",
            "The cap is in fees without a period.",
        )
    } else if evidence.carve_outs.is_empty() {
        ("no-carve-outs", Status::Below, "上限没有任何例外。", "The cap has no exceptions.")
    } else if full && cap.basis == "paid or payable" && evidence.vendor_indemnifies.is_some() {
        (
            "cap",
            Status::Met,
            "相互上限,重大事项例外,供应商承担侵权赔偿。",
            "A mutual cap, the wanted exceptions, and an indemnity by the vendor.",
        )
    } else {
        (
            "cap",
            Status::MetByFallback,
            "相互上限且有部分例外。",
            "A mutual cap with a part of the wanted exceptions.",
        )
    };
    let finding = case.finding(rule, status, zh, en).sure(Confidence::D);
    case.quoting(finding, Some(cap.place))
}

fn uncapped(case: &Case<'_>, evidence: &Evidence) -> Finding {
    if let Some(at) = evidence.pays_indirect {
        let finding = case.finding(
            "uncapped",
            Status::MetByFallback,
            "赔偿包括间接损失且无上限,对受损方有利。",
            "Damages include indirect loss without a cap: good for whoever is harmed.",
        );
        return case.quoting(finding, Some(at));
    }
    if let Some(at) = evidence.no_liability {
        let finding = case.finding(
            "no-liability",
            Status::Adverse,
            "供应商概不承担责任。",
            "The vendor excludes its liability altogether.",
        );
        return case.quoting(finding, Some(at));
    }
    if let Some(at) =
        evidence.customer_indemnifies.filter(|_| evidence.vendor_indemnifies.is_none())
    {
        let finding = case.finding(
            "indemnity-one-way",
            Status::Adverse,
            "只有客户承担赔偿,供应商不承担。",
            "The customer alone indemnifies.",
        );
        return case.quoting(finding, Some(at));
    }
    if let Some(at) = evidence.vendor_indemnifies.or(evidence.liability) {
        let finding = case.finding(
            "no-cap",
            Status::Below,
            "有责任或赔偿约定,但没有上限和例外。",
            "Liability is mentioned, without a cap and its exceptions.",
        );
        return case.quoting(finding, Some(at));
    }
    case.missing("没有责任限制和赔偿的约定。", "Neither a cap nor an indemnity is agreed.")
}

fn describe(evidence: &Evidence, mut finding: Finding) -> Finding {
    if let Some(cap) = &evidence.cap {
        finding = finding.with("cap_basis", Value::Word(cap.basis.to_owned()));
        if let Some(months) = cap.months {
            finding = finding.with("cap_months", Value::Whole(months));
        }
        if let Some((currency, sum)) = &cap.money {
            finding =
                finding.with("cap_amount", Value::Word(format!("{currency} {}", sum.normalized())));
        }
        if cap.greater || cap.lesser {
            let word = if cap.lesser { "lesser" } else { "greater" };
            finding = finding.with("cap_choice", Value::Word(word.to_owned()));
        }
        finding = finding.with("mutual", Value::Flag(cap.mutual));
    }
    if !evidence.carve_outs.is_empty() {
        let names = evidence.carve_outs.iter().map(|name| (*name).to_owned()).collect();
        finding = finding.with("carve_outs", Value::Words(names));
    }
    finding
        .with("indirect_excluded", Value::Flag(evidence.excludes_indirect))
        .with("vendor_indemnifies", Value::Flag(evidence.vendor_indemnifies.is_some()))
        .with("customer_indemnifies", Value::Flag(evidence.customer_indemnifies.is_some()))
}

/// Reads all sentences for liability.
pub(super) fn collect(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    let mut best = 0;
    let words = Groups::of(&[
        Group::Liability,
        Group::NoLiability,
        Group::Indemnify,
        Group::Uncapped,
        Group::Indirect,
    ]);
    for (_, sentence) in document.running() {
        let topic = sentence.topics.has(Topic::Liability);
        let text = lower(document, sentence);
        if !sentence.groups.any(words) && !topic && !is_owed(document, sentence, &text) {
            continue;
        }
        if let Some((rank, cap)) = cap(document, sentence, &text)
            && rank > best
        {
            best = rank;
            evidence.cap = Some(cap);
        }
        carve_outs(document, sentence, &text, topic, &mut evidence);
        exclusions(sentence, &text, &mut evidence);
        if sentence.groups.has(Group::Indemnify) {
            indemnities(document, sentence, &text, &mut evidence);
        }
        if sentence.groups.has(Group::Liability) && topic {
            evidence.liability = evidence.liability.or(Some(place(sentence)));
        }
    }
    evidence
}

const CAP_WORDS: &[&str] = &[
    "exceed",
    "limited to",
    "in excess of",
    "capped at",
    "greater than",
    "more than",
    "to the greater of",
    "to the lesser of",
    "the most",
    "maximum amount",
    "up to the amount",
    "up to an amount",
    "up to the fees",
    "ends at",
    "in the aggregate",
    "maximum aggregate liab",
    "最多",
    "不超过",
    "不得超过",
    "不应超过",
    "上限",
    "限于",
    "为限",
    "最高",
];

/// Words of the fees of one month.
const ONE_MONTH: &[&str] = &[
    "monthly payment",
    "monthly fee",
    "monthly subscription fee",
    "one month's fee",
    "one month’s fee",
    "one month of fees",
    "当月服务费",
    "当月费用",
    "月服务费",
];

/// `The most we owe you`, `we will never owe you more than`: what the vendor pays at most.
fn is_owed(document: &Document<'_>, sentence: &Sentence, text: &str) -> bool {
    if says(text, &["owe you", "owe to you", "recover from us"]) {
        return true;
    }
    let Some(at) = text.find("the most ").map(|at| sentence.start + at) else { return false };
    let next = document.hits(sentence).iter().find(|hit| hit.start > at);
    next.is_some_and(|next| next.group == Group::Vendor && next.start - at < 24)
        && says(text, &["pay", "owe", "recover"])
}

fn cap(document: &Document<'_>, sentence: &Sentence, text: &str) -> Option<(u8, Cap)> {
    let topic = sentence.topics.has(Topic::Liability);
    let liable = says(text, &["liab", "damages", "responsib", "赔偿", "责任"])
        || is_owed(document, sentence, text);
    if !says(text, CAP_WORDS) || !liable && !topic {
        return None;
    }
    let all = document.wording.text.as_str();
    let quantities = quantity::quantities(all, sentence.start, sentence.end);
    let money = quantities.iter().find_map(|quantity| match &quantity.amount {
        Amount::Money(currency, sum) => Some((*currency, *sum)),
        _ => None,
    });
    let months = quantities.iter().find_map(|quantity| {
        let months = quantity.months()?;
        let after: String = all[quantity.end..sentence.end].chars().take(60).collect();
        let before: String = all[sentence.start..quantity.start].chars().rev().take(60).collect();
        let before: String = before.chars().rev().collect();
        let around = format!("{before} {after}").to_lowercase();
        says(
            &around,
            &[
                "preced",
                "prior",
                "before",
                "previous",
                "last",
                "past",
                "period",
                "giving rise",
                "过去",
                "之前",
                "前",
                "此前",
                "during",
            ],
        )
        .then_some(months)
    });
    let monthly = says(text, ONE_MONTH);
    let months = months.or(monthly.then_some(1));
    let fees = says(
        text,
        &["fees", "amount", "payment", "paid", "price", "费用", "价款", "服务费", "支付", "金额"],
    );
    let one_fee = quantities
        .iter()
        .all(|quantity| !matches!(quantity.amount, Amount::Time(_, TimeUnit::Hours)));
    if money.is_none()
        && months.is_none()
        && !(fees
            && one_fee
            && says(text, &["paid", "payable", "fees", "支付", "费用", "总额", "服务费", "合同"]))
    {
        return None;
    }
    // Advice on what caps are like is no cap.
    if says(text, &["typically", "usually", "通常", "建议"]) {
        return None;
    }
    // A limit of something else: the credits, the fees, the length of a text.
    if says(text, &["service credit", "interest", "late fee", "滞纳金"])
        && !says(text, &["aggregate", "total liab", "累计"])
    {
        return None;
    }
    let payable =
        says(text, &["payable", "owed", "due and", "due for", "due under", "应付", "应支付"]);
    let paid = says(text, &["paid", "you pay", "received", "支付", "已付", "缴纳"]);
    let basis = match (payable, paid, fees) {
        (true, true, _) => "paid or payable",
        (true, false, _) => "payable",
        (false, true, _) => "paid",
        (false, false, true) if months.is_some() => "fees",
        (false, false, true) if money.is_none() => "fees",
        _ => "fixed",
    };
    let mutual = is_mutual(document, sentence, text);
    let rank = 1
        + u8::from(months.is_some()) * 4
        + u8::from(money.is_some()) * 2
        + u8::from(topic) * 4
        + u8::from(says(
            text,
            &[
                "aggregate",
                "total liab",
                "cumulative",
                "累计",
                "entire liab",
                "maximum liab",
                "总额",
            ],
        )) * 4;
    let cap = Cap {
        months,
        basis,
        money,
        greater: says(
            text,
            &[
                "greater of",
                "higher of",
                "larger of",
                "greater",
                "is higher",
                "is more",
                "较高",
                "孰高",
                "较大",
            ],
        ) && !says(text, &["greater than"])
            || says(text, &["the greater of"]),
        lesser: says(
            text,
            &[
                "lesser of",
                "lower of",
                "smaller of",
                "is less",
                "is lower",
                "较低",
                "孰低",
                "较小",
                "lesser",
            ],
        ),
        mutual,
        place: place(sentence),
    };
    Some((rank, cap))
}

/// Whether the cap holds for both parties; `our liability to you` right in front of it says no.
fn is_mutual(document: &Document<'_>, sentence: &Sentence, text: &str) -> bool {
    if let Some(at) = CAP_WORDS.iter().filter_map(|word| text.rfind(word)).max() {
        let near: Vec<char> = text[..at].chars().rev().take(320).collect();
        let near: String = near.into_iter().rev().collect();
        if says(
            &near,
            &[
                "liability to you",
                "liable to you",
                "our total",
                "our aggregate",
                "our maximum",
                "对你承担",
                "对您承担",
            ],
        ) {
            return false;
        }
    }
    if is_of_vendor(document, sentence) {
        return false;
    }
    if says(
        text,
        &[
            "either party",
            "each party",
            "neither party",
            "a party’s",
            "a party's",
            "neither side",
            "either side",
            "each side",
            "either of us",
            "each of us",
            "party's total",
            "either party's",
            "both parties",
            "one party",
            "任何一方",
            "双方",
            "任一方",
            "各方",
            "一方",
        ],
    ) {
        return true;
    }
    if names_both(document, sentence) {
        return true;
    }
    let lead = sentence.lead.map(|lead| lower(document, &document.sentences[lead]));
    lead.is_some_and(|lead| says(&lead, &["either party", "each party", "neither party"]))
}

/// `(i) neither party is liable …, and (ii) the liability of Acme shall not exceed`: whose
/// liability is capped stands in the part of the cap.
fn is_of_vendor(document: &Document<'_>, sentence: &Sentence) -> bool {
    let text = document.text(sentence).to_ascii_lowercase();
    let Some(cap) = CAP_WORDS.iter().filter_map(|word| text.rfind(word)).max() else {
        return false;
    };
    let marks = ["; ", "(i)", "(ii)", "(iii)", "(a)", "(b)", "(c)", "；"];
    let Some(from) = marks.iter().filter_map(|mark| text[..cap].rfind(mark)).max() else {
        return false;
    };
    let part = sentence.start + from..sentence.start + cap;
    let within = |group: Group| {
        document.hits(sentence).iter().any(|hit| hit.group == group && part.contains(&hit.start))
    };
    within(Group::Liability)
        && within(Group::Vendor)
        && !within(Group::Both)
        && !within(Group::Customer)
        && !says(&text[from..cap], &["party", "一方"])
}

/// `liability of Customer or the Vendor`: both are named side by side.
fn names_both(document: &Document<'_>, sentence: &Sentence) -> bool {
    let text = document.wording.text.as_str();
    document.hits(sentence).windows(2).any(|pair| {
        let sides = matches!(
            (pair[0].group, pair[1].group),
            (Group::Vendor, Group::Customer) | (Group::Customer, Group::Vendor)
        );
        let before = text[sentence.start..pair[0].start].to_lowercase();
        let near: String =
            before.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
        let between = text[pair[0].end..pair[1].start].trim().to_lowercase();
        sides
            && says(&near, &["liability of"])
            && ["or", "and", "or the", "and the", "或", "和", "及"].contains(&between.as_str())
    })
}

const CARVED: &[(&str, &[&str])] = &[
    ("confidentiality", &["confiden", "保密"]),
    (
        "data-security",
        &[
            "data breach",
            "data security",
            "security obligation",
            "security incident",
            "breach of security",
            "data protection",
            "personal data",
            "数据安全",
            "数据泄露",
            "个人信息",
        ],
    ),
    ("indemnity", &["indemni", "defense obligation", "赔偿义务"]),
    ("infringement", &["infring", "misappropriat", "intellectual property", "知识产权", "侵权"]),
    ("gross-negligence", &["gross negligence", "重大过失"]),
    ("wilful-misconduct", &["willful", "wilful", "intentional", "故意"]),
    ("fraud", &["fraud", "欺诈"]),
    ("injury", &["death", "personal injury", "bodily injury", "人身"]),
    (
        "payment",
        &[
            "payment obligation",
            "obligation to pay",
            "payment of fees",
            "fees owed",
            "amounts due",
            "支付义务",
            "付款义务",
        ],
    ),
];

/// Words that open the exceptions of a cap.
const OPENERS: &[&str] = &[
    "save for",
    "save as",
    "save in",
    "apart from",
    "with the exception of",
    "except for",
    "except in",
    "except with",
    "except to",
    "other than",
    "excluding",
    "excluded claim",
    "unlimited",
    "does not limit",
    "nothing in th",
    "not apply to",
    "does not apply",
    "do not apply",
    "shall not apply",
    "will not apply",
    "not be limited",
    "without limit",
    "not subject to",
    "exceptions",
    "不适用",
    "除外",
    "不受",
    "但因",
    "除非",
    "excludes or limits",
    "limit or exclude",
    "exclude or limit",
    "notwithstanding",
];

/// What is carved out of the carve-out of confidentiality: `excluding claims on Customer Content`.
const DATA_TAKEN_BACK: &[&str] = &["content", "customer data", "客户数据", "用户内容"];

fn carve_outs(
    document: &Document<'_>,
    sentence: &Sentence,
    text: &str,
    topic: bool,
    evidence: &mut Evidence,
) {
    let lead = sentence.lead.map(|lead| lower(document, &document.sentences[lead]));
    let lead = lead.unwrap_or_default();
    let opened = says(text, OPENERS) || says(&lead, OPENERS);
    let words = ["liabil", "the cap", "责任", "上限"];
    let context = topic || says(text, &words) || says(&lead, &words);
    if !opened || !context || sentence.topics.has(Topic::Security) && !topic {
        return;
    }
    for (name, words) in CARVED {
        let Some(at) = words.iter().find_map(|word| text.find(word)) else { continue };
        let near: String = text[at..].chars().take(160).collect();
        let back = *name == "confidentiality"
            && near
                .split_once("exclud")
                .or_else(|| near.split_once("except"))
                .or_else(|| near.split_once("除"))
                .is_some_and(|(_, back)| says(back, DATA_TAKEN_BACK));
        if !back {
            evidence.carve_outs.insert(name);
        }
    }
}

/// Words of a loss that the customer brings about.
const CUSTOMERS_FAULT: &[&str] = &[
    "您的",
    "用户的",
    "您自",
    "用户自",
    "您未",
    "用户未",
    "您使用",
    "用户使用",
    "自身原因",
    "超出",
];

fn exclusions(sentence: &Sentence, text: &str, evidence: &mut Evidence) {
    let groups = sentence.groups;
    let denied = groups.any(Groups::of(&[Group::Not, Group::Never, Group::NoLiability]))
        || says(text, &["neither party"]);
    if groups.has(Group::Indirect) && denied {
        evidence.excludes_indirect = true;
    }
    let pays = says(
        text,
        &[
            "包括直接损失和间接损失",
            "直接损失和间接损失",
            "直接和间接损失",
            "including direct and indirect",
            "包括但不限于直接损失、间接损失",
        ],
    );
    if pays && !denied && evidence.pays_indirect.is_none() {
        evidence.pays_indirect = Some(place(sentence));
    }
    let whole = groups.has(Group::Direct) && denied
        || says(
            text,
            &[
                "no liability",
                "shall not be liable for any",
                "will not be liable for any",
                "not be liable to you",
                "are not liable",
                "is not liable",
                "not responsible",
                "不承担任何",
                "不承担责任",
                "概不负责",
                "不负责",
            ],
        ) && groups.any(Groups::of(&[Group::Liability, Group::NoLiability, Group::Indirect]));
    // 开发者不承担赔偿责任, where no fault of the customer's stands in front.
    let pays_nothing = says(text, &["不承担赔偿", "不承担法律责任", "不承担由此", "不承担相应"])
        && !super::is_caused(text)
        && !says(text, CUSTOMERS_FAULT)
        && (!groups.has(Group::Indirect) || groups.has(Group::Direct));
    let whole = whole || pays_nothing;
    // 我们不对…承担责任, unless indirect loss alone is meant.
    let answers = text
        .split_once("不对")
        .is_some_and(|(_, behind)| says(behind, &["承担责任", "承担任何责任", "承担赔偿", "负责"]));
    let direct = !groups.has(Group::Indirect) || groups.has(Group::Direct);
    let whole = whole || answers && direct;
    let both = says(
        text,
        &["either party", "neither party", "任何一方", "双方", "force majeure", "不可抗力"],
    );
    if whole && !both && evidence.no_liability.is_none() {
        evidence.no_liability = Some(place(sentence));
    }
}

fn indemnities(document: &Document<'_>, sentence: &Sentence, text: &str, evidence: &mut Evidence) {
    if says(text, &["违约金"]) && !says(text, &["赔偿"]) {
        return;
    }
    for frame in frame::frames(document, sentence) {
        if frame.verb != Group::Indemnify || frame.negative {
            continue;
        }
        let at = Some(place(sentence));
        if frame.both {
            evidence.vendor_indemnifies = evidence.vendor_indemnifies.or(at);
            evidence.customer_indemnifies = evidence.customer_indemnifies.or(at);
        }
        match frame.actor {
            Some(Side::Vendor) => evidence.vendor_indemnifies = evidence.vendor_indemnifies.or(at),
            Some(Side::Customer) => {
                evidence.customer_indemnifies = evidence.customer_indemnifies.or(at);
            }
            None => {}
        }
    }
}
