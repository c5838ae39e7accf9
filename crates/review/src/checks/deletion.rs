//! The end of the data: deleted before the window for exporting it is over, or a period that may
//! be the vendor's deadline as well as the customer's window. Serves pb-01 and pb-07.

use super::Check;
use super::numbers::days;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status, Value};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-deletion-export",
        risk: Risk::High,
        zh: "数据在导出期结束之前就要删除",
        en: "the data is deleted before the window for its export is over",
        run: conflict,
    },
    Check {
        id: "doc-export-window",
        risk: Risk::Medium,
        zh: "导出期限既可读作供应商的交付期限,也可读作客户的导出窗口",
        en: "the period of export may be the vendor's deadline or the customer's window",
        run: window,
    },
];

const CONFLICT: Rule = Rule {
    check: "doc-deletion-export",
    name: "deleted-before-export-ends",
    status: Status::Conflict,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "此处终止后 {deletion} 天删除,{anchor} 允许在 {export} 天内导出:导出期未满数据已被删除。",
        "Here the data is deleted {deletion} days after the end, while {anchor} gives {export} days \
         to export it: it is gone before the window is over.",
    ),
    advice: words(
        "删除期限从导出验收或导出期届满之日起算。",
        "Let the time for deletion run from acceptance of the export or the end of its window.",
    ),
    suggestion: words(
        "供应商应在导出期届满之日起三十日内删除全部客户数据。",
        "Vendor shall delete all Customer Data within thirty (30) days after the export window ends.",
    ),
};
const WINDOW: Rule = Rule {
    check: "doc-export-window",
    name: "deadline-or-window",
    status: Status::Unclear,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "“{period}”是供应商交出数据的最后期限,还是客户可以导出的期间,两种读法都成立。",
        "“{period}” may be the last day for the vendor to hand over the data, or the time in which \
         the customer may export it.",
    ),
    advice: words(
        "分别写两个数:客户可导出的天数,和收到请求后交付的天数。",
        "State both: the days in which the customer may export, and the days to deliver on request.",
    ),
    suggestion: NONE,
};

pattern! {
    DELETE = "删除", "销毁", "清除", r"\b(?:permanently )?(?:delet|destroy|eras|purg)\w*";
    EXPORT = "导出", "取回", "数据迁移", r"\bexport", r"\bretriev", r"\bdownload", r"\bmigrat";
    DATA = "数据", "副本", "资料", r"\bdata\b", r"\bcontent\b", r"\bcop(?:y|ies)\b";
    END =
        "终止",
        "解除",
        "届满",
        "期满",
        r"\bterminat",
        r"\bexpir",
        r"\bcancel",
        r"\bend of (?:the|this)";
    DUTY =
        r"\b(?:shall|will|must|requires?|is (?:obliged|required) to)\b",
        "应",
        "须",
        "要求",
        "承诺",
        "负责";
    LATER =
        "导出(?:期|完成|验收)",
        "导出后",
        r"\bafter (?:the |such )?(?:export|retrieval|migration|transition)",
        r"\bend of (?:the |such )?(?:export|retrieval)",
        r"\bsuch (?:\d+|thirty|sixty|ninety)[- ]?\w*[- ]day",
        r"\bthereafter\b",
        r"\bfollowing such";
    HANDS_OVER =
        r"\b(?:shall|will|must)\s+(?:provide|make available|deliver|return)\b"
        r"[^.;]{0,100}\b(?:export|cop(?:y|ies) of|data)\b[^.;]{0,80}?(within\s+"
        "[^.;,]{1,24}days)",
        "应[^。;；]{0,16}((?:终止|解除|届满)后[^。;；]{0,6}[日天]内)[^。;；]{0,10}(?:提供|交付|返还)"
        "[^。;；]{0,12}(?:导出|数据|副本)";
    CLEAR = r"\brequest", r"\bduring (?:the|such)", r"\bmay export", "请求", "要求", "可以?导出", "有权导出";
}

fn stated(source: &Source<'_>, what: &regex::Regex) -> Vec<(Place, u32)> {
    source
        .sentences_with(what)
        .filter_map(|sentence| {
            let text = source.at(sentence.place);
            let ends = END.is_match(text)
                || END.is_match(source.at(source.block(sentence.block)))
                || source
                    .wording
                    .above(sentence.block)
                    .iter()
                    .any(|above| END.is_match(source.wording.body(*above)));
            let period = days(text)?;
            (ends && DATA.is_match(text)).then_some((sentence.place, period))
        })
        .collect()
}

fn conflict(source: &Source<'_>) -> Vec<Finding> {
    let exports = stated(source, &EXPORT);
    for (place, deletion) in stated(source, &DELETE) {
        let text = source.at(place);
        if LATER.is_match(text) || EXPORT.is_match(text) || !DUTY.is_match(text) {
            continue;
        }
        let longer = exports
            .iter()
            .find(|(at, export)| *export > deletion && !DELETE.is_match(source.at(*at)));
        if let Some((at, export)) = longer {
            let anchor = source.wording.blocks[source.block_at(at.start)].anchor.clone();
            return vec![CONFLICT.at(
                source,
                place,
                &[
                    ("deletion", Value::Whole(deletion.into())),
                    ("export", Value::Whole((*export).into())),
                    ("anchor", word(anchor)),
                ],
            )];
        }
    }
    Vec::new()
}

fn window(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sentence in source.sentences_with(&HANDS_OVER) {
        let text = source.at(sentence.place);
        let whole = source.at(source.block(sentence.block));
        let Some(hit) = HANDS_OVER.captures(text) else { continue };
        let ends = END.is_match(whole) && (EXPORT.is_match(text) || text.contains("return"));
        if ends && !CLEAR.is_match(whole) {
            let period = hit.iter().skip(1).flatten().next().map_or("", |hit| hit.as_str());
            found.push(WINDOW.at(source, sentence.place, &[("period", word(period))]));
        }
    }
    found
}
