//! A guide with sample clauses: what its own guidance asks for and its sample does not say, and an
//! alternative between audit and report without a chooser. Serves pb-01 to pb-08.
//!
//! Looks for a heading such as “Sample Clause” between guidance and words; other documents have
//! none and get no finding from the first check.

use std::sync::LazyLock;

use regex::Regex;

use super::Check;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-sample-gap",
        risk: Risk::Medium,
        zh: "示范条款没有写其说明文字所要求的内容",
        en: "a sample clause lacks what its own guidance asks for",
        run: gaps,
    },
    Check {
        id: "doc-audit-choice",
        risk: Risk::Medium,
        zh: "“审计或报告”没有写由谁选择",
        en: "“audit or report” does not say who chooses",
        run: choice,
    },
];

const GAP: Rule = Rule {
    check: "doc-sample-gap",
    name: "sample-gap",
    status: Status::Below,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "说明要求{asked},示范条款没有写。",
        "The guidance asks for {asked}, and the sample clause does not say it.",
    ),
    advice: words("在条款中补写。", "Add it to the clause."),
    suggestion: NONE,
};
const CHOICE: Rule = Rule {
    check: "doc-audit-choice",
    name: "audit-or-report",
    status: Status::Unclear,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "“审计或报告”没有写由谁选择:供应商可以只给一份报告而拒绝审计。",
        "“Audit or report” does not say who chooses: the vendor may hand over a report and refuse \
         the audit.",
    ),
    advice: words("写明由客户选择。", "Say that the choice is the customer's."),
    suggestion: words("由客户选择", "at Customer's election"),
};

/// Something that guidance may ask for: how it asks, and how a clause says it.
struct Asked {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    asks: &'static LazyLock<Regex>,
    says: &'static LazyLock<Regex>,
}

pattern! {
    MARK =
        r"^(?:sample|model|template|suggested)\s+(?:clause|language|wording)s?\s*[:：]?$",
        r"^(?:示范|参考|推荐|样本)(?:条款|文本|表述)\s*[:：]?$";
    TITLE = r"^[\p{Han}]{4,}";
    UPTIME = "可用性", r"\buptime\b", r"\bavailability\b";
    RESPONSE = "响应时间", r"\bresponse time";
    DEGRADED = "降级", r"\bdegrad";
    CREDIT = "服务信用", r"\bservice credit";
    DAMAGES = "违约金", r"\bliquidated damages\b";
    ISO = r"ISO(?:/IEC)?\s?27001";
    SOC = r"SOC\s?2";
    SHARING_ASKED = "报告[^。;；]{0,12}提供", r"\breports?\b[^.;]{0,40}\b(?:shared|provided|available)";
    SHARING =
        "报告[^。;；]{0,12}提供",
        "提供[^。;；]{0,20}报告",
        r"\b(?:share|provide|deliver|receive|make available|furnish)\b[^.;]{0,60}"
        r"\breports?\b",
        r"\breports?\b[^.;]{0,40}\b(?:shared|provided|available)";
    HOURS = r"\d+\s*小时", r"\bhours\b";
    CARVE_ASKED =
        "知识产权[^。;；]{0,24}(?:更高上限|不设上限)",
        r"\bIP infringement\b[^.;]{0,60}\b(?:higher cap|no cap)";
    CARVE =
        "(?:知识产权|侵权)[^。;；]{0,40}(?:除外|不受|不适用)",
        "(?:除|不受)[^。;；]{0,40}(?:知识产权|侵权)",
        r"\b(?:except|exclud|not (?:be )?subject|unlimited|not apply)\b[^.]{0,160}"
        r"\binfring",
        r"\binfring[^.]{0,160}\b(?:not be subject|unlimited|not apply)";
    INDEMNITY_ASKED = "相互赔偿", r"\bmutual indemnif";
    INDEMNITY = "相互赔偿", "赔偿[^。;；]{0,20}第三方", r"\bindemnif", r"\bhold harmless";
    TOOLS = "导出工具", r"\bexport tools?\b";
    BARRIERS = "技术壁垒", r"\btechnical barriers?\b", r"\black of barriers", r"\bimpede\b";
    CHINA = "中国数据安全法", "数据安全法", r"\bData Security Law\b", r"\bPIPL\b";
    OR_REPORT =
        r"\baudit\w*\b[^.;]{0,120}\bor\b[^.;]{0,60}\breport",
        "审计(?:权)?[^。;；]{0,30}(?:或者?)[^。;；]{0,40}报告";
    CHOOSER =
        r"\b(?:customer|client|your|controller)(?:'s|’s)?\s+(?:sole\s+)?(?:choice|option"
        "|election|discretion)",
        r"\bat (?:the )?(?:option|choice|election|discretion) of",
        "由(?:客户|甲方|乙方)选择",
        "(?:客户|甲方|乙方)可以?选择",
        r"\b(?:vendor|provider|processor)(?:'s|’s)? (?:sole )?(?:choice|option|election"
        "|discretion)";
    GRANTS = r"\b(?:right|entitled|may|shall|permit|grant)\b", "有权", "赋予", "可以";
}

static ASKED: &[Asked] = &[
    Asked { name: "uptime", zh: "可用性承诺", en: "an uptime", asks: &UPTIME, says: &UPTIME },
    Asked {
        name: "response-time",
        zh: "响应时间",
        en: "response times",
        asks: &RESPONSE,
        says: &RESPONSE,
    },
    Asked {
        name: "degradation",
        zh: "区分部分降级的补偿",
        en: "a rate for degradation",
        asks: &DEGRADED,
        says: &DEGRADED,
    },
    Asked {
        name: "service-credit",
        zh: "服务信用",
        en: "service credits",
        asks: &CREDIT,
        says: &CREDIT,
    },
    Asked {
        name: "liquidated-damages",
        zh: "违约金",
        en: "liquidated damages",
        asks: &DAMAGES,
        says: &DAMAGES,
    },
    Asked { name: "iso-27001", zh: "ISO 27001", en: "ISO 27001", asks: &ISO, says: &ISO },
    Asked { name: "soc-2", zh: "SOC 2", en: "SOC 2", asks: &SOC, says: &SOC },
    Asked {
        name: "report-sharing",
        zh: "定期提供安全审计报告",
        en: "audit reports shared periodically",
        asks: &SHARING_ASKED,
        says: &SHARING,
    },
    Asked {
        name: "notice-hours",
        zh: "通知时限(小时)",
        en: "notice within hours",
        asks: &HOURS,
        says: &HOURS,
    },
    Asked {
        name: "ip-carve-out",
        zh: "知识产权侵权不受上限限制",
        en: "infringement outside the cap",
        asks: &CARVE_ASKED,
        says: &CARVE,
    },
    Asked {
        name: "mutual-indemnity",
        zh: "覆盖第三方侵权索赔的相互赔偿",
        en: "a mutual indemnity for infringement claims",
        asks: &INDEMNITY_ASKED,
        says: &INDEMNITY,
    },
    Asked {
        name: "export-tools",
        zh: "数据导出工具",
        en: "export tools",
        asks: &TOOLS,
        says: &TOOLS,
    },
    Asked {
        name: "no-barriers",
        zh: "不得设置技术壁垒",
        en: "no technical barriers",
        asks: &BARRIERS,
        says: &BARRIERS,
    },
    Asked {
        name: "china-law",
        zh: "中国数据安全法",
        en: "China's Data Security Law",
        asks: &CHINA,
        says: &CHINA,
    },
];

fn gaps(source: &Source<'_>) -> Vec<Finding> {
    let count = source.wording.blocks.len();
    let marks: Vec<usize> =
        (0..count).filter(|at| MARK.is_match(source.wording.body(*at).trim())).collect();
    let mut found = Vec::new();
    for &mark in &marks {
        let parent = source.wording.blocks[mark].parent;
        let from = parent.map_or(0, |parent| parent);
        let guidance: Vec<usize> = (from..mark).collect();
        let sample: Vec<usize> = (mark + 1..count)
            .take_while(|at| source.wording.blocks[*at].parent == parent)
            .take_while(|at| source.wording.body(*at).chars().count() > 24)
            .collect();
        let (Some(&first), Some(&last)) = (sample.first(), sample.last()) else { continue };
        let place = Place { start: source.block(first).start, end: source.block(last).end };
        let mut asks: Vec<&str> = guidance.iter().map(|at| source.wording.body(*at)).collect();
        asks.extend(rows(source, parent, &marks));
        for asked in ASKED {
            let wanted = asks.iter().any(|text| asked.asks.is_match(text));
            if wanted && !asked.says.is_match(source.at(place)) {
                let mut finding = GAP.at(source, place, &[("asked", word(asked.name))]);
                asked.name.clone_into(&mut finding.rule);
                finding.reason.zh = finding.reason.zh.replace(asked.name, asked.zh);
                finding.reason.en = finding.reason.en.replace(asked.name, asked.en);
                found.push(finding);
            }
        }
    }
    found
}

/// Rows of a table behind the samples that carry the title of a section.
fn rows<'s>(source: &Source<'s>, section: Option<usize>, marks: &[usize]) -> Vec<&'s str> {
    let title = section.and_then(|at| TITLE.find(source.wording.body(at))).map(|hit| hit.as_str());
    let (Some(title), Some(&last)) = (title, marks.last()) else { return Vec::new() };
    (last..source.wording.blocks.len())
        .map(|at| source.wording.body(at))
        .filter(|text| text.starts_with(title))
        .collect()
}

fn choice(source: &Source<'_>) -> Vec<Finding> {
    source
        .sentences_with(&OR_REPORT)
        .filter(|sentence| {
            let text = source.at(sentence.place);
            GRANTS.is_match(text) && !CHOOSER.is_match(text)
        })
        .map(|sentence| CHOICE.at(source, sentence.place, &[]))
        .collect()
}
