//! Standards of quality and availability that cannot be measured: no test set, no window, no
//! remedy, examples in place of thresholds, no level of aggregation, support hours in place of an
//! uptime. Serves class-4.1, class-4.2, anno-3.6, train-4.2, lease-6.1.

use regex::Regex;

use super::Check;
use super::rule::{NONE, Rule, Words, missing, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Finding, Risk};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-test-set",
        risk: Risk::Medium,
        zh: "质量指标没有确定的测试集",
        en: "a measure of quality without a test set",
        run: test_set,
    },
    Check {
        id: "doc-window",
        risk: Risk::Medium,
        zh: "可用性没有统计周期",
        en: "an uptime without the window that it is measured over",
        run: window,
    },
    Check {
        id: "doc-remedy",
        risk: Risk::Medium,
        zh: "指标未达到时没有补救",
        en: "a standard without a remedy when it is missed",
        run: remedy,
    },
    Check {
        id: "doc-uptime",
        risk: Risk::Medium,
        zh: "承诺全天候支持,却没有可用性数值",
        en: "support around the clock is promised, and no uptime",
        run: uptime,
    },
    Check {
        id: "doc-example-threshold",
        risk: Risk::Medium,
        zh: "指标的数值只作为示例给出",
        en: "the figures of a standard are given as examples only",
        run: example,
    },
    Check {
        id: "doc-aggregation",
        risk: Risk::Medium,
        zh: "质量指标没有写按何种范围汇总(逐张、逐类、逐批、平均)",
        en: "a measure of quality without its level: per image, per class, per batch, a mean",
        run: aggregation,
    },
];

const fn rule(check: &'static str, name: &'static str, reason: Words, advice: Words) -> Rule {
    missing(check, name, reason, advice, NONE)
}

const TEST_SET: Rule = rule(
    "doc-test-set",
    "no-test-set",
    words(
        "“{metric}”没有确定的测试集:用谁的、多少、何时冻结都没有写,结果无法复核。",
        "“{metric}” has no test set: whose, how many and when it is frozen is open, so the figure \
         cannot be checked.",
    ),
    words(
        "写明测试集的名称、数量、抽样方法、保管人和哈希值。",
        "Name the test set: size, sampling, keeper and hash.",
    ),
);
const WINDOW: Rule = rule(
    "doc-window",
    "no-window",
    words(
        "可用性没有写统计周期:按年和按月,允许的停机相差十二倍。",
        "The uptime has no window: a year allows twelve times the downtime of a month.",
    ),
    words("写明“每自然月”及扣除项。", "Say per calendar month, and what is left out."),
);
const REMEDY: Rule = rule(
    "doc-remedy",
    "no-remedy",
    words(
        "约定了“{metric}”,没有写达不到时怎么办:只能另行证明损失。",
        "“{metric}” is promised, and nothing follows when it is missed: loss must be proved.",
    ),
    words(
        "写明服务信用、减价、返工或解除权及其比例。",
        "Add service credits, a reduction, rework or a right to end, with figures.",
    ),
);
const UPTIME: Rule = rule(
    "doc-uptime",
    "support-without-uptime",
    words(
        "“{words}”只是支持时间,没有可用性数值,停机多久都不算违约。",
        "“{words}” are hours of support; without a figure for uptime no outage is a breach.",
    ),
    words(
        "写明月可用性(如 ≥99.9%)、响应和修复时间。",
        "State a monthly uptime (99.9 % or more), times of response and of repair.",
    ),
);
const EXAMPLE: Rule = rule(
    "doc-example-threshold",
    "threshold-as-example",
    words(
        "数值写在“例如”之后,只是示例,没有成为约定的标准。",
        "The figure stands behind “for example”: it illustrates and binds nobody.",
    ),
    words("删去“例如”,逐项写明数值。", "Strike out “for example” and state each value."),
);
const AGGREGATION: Rule = rule(
    "doc-aggregation",
    "no-aggregation",
    words(
        "“{metric}”没有写按单张、按类别、按批次还是总体平均:同一批数据可能既合格又不合格。",
        "“{metric}” names no level, per image, class, batch or overall mean: the same batch may \
         pass and fail.",
    ),
    words(
        "写明汇总范围和方法(微平均或宏平均、逐批验收)。",
        "Name the level and the mean (micro or macro, batch by batch).",
    ),
);

pattern! {
    QUALITY =
        "准确率",
        "精确率",
        "召回率",
        r"F1\s*值?",
        "交并比",
        r"\bIoU\b",
        r"\bmAP\b",
        "标注精度",
        r"\b(?:model|classification|prediction|annotation|labell?ing|recognition|detection)"
        r" accuracy\b|\baccuracy (?:rate|threshold|target)\b",
        r"\bF1[- ]score",
        r"\brecall of\b",
        r"\bprecision of\b";
    THRESHOLD =
        "应?达到",
        "不低于",
        "不少于",
        "至少",
        "以上",
        "标准",
        r"\bat least\b",
        r"\bnot less than\b",
        r"\bminimum\b",
        r"\bno less than\b",
        r"\bmeets?\b",
        r"\bexceeds?\b";
    HAS_TEST_SET =
        "测试集(?:由|为|包含|包括|共|的(?:构成|数量|哈希|来源))",
        "(?:作为|使用|采用)[^。;；]{0,16}测试集",
        "测试集[^。;；]{0,16}(?:附件|冻结|封存)",
        "抽样",
        "抽检(?:比例|数量)",
        r"\b(?:test|validation|hold-?out|benchmark) (?:data ?)?set (?:consist|compris|of"
        "|is|contain|listed|set out|named|described)",
        r"\bsampl(?:e|ing)\b";
    VAGUE_SET = "双方约定的测试集", "标准数据集", "agreed (?:test|benchmark)";
    AVAILABLE =
        "(?:服务)?(?:可用性|可用率|可用时间|在线率)[^。;；]{0,16}(?:达到|不低于|为|≥|不少于)[^。;；]{0,24}[%％]",
        r"\b(?:uptime|(?:service|system|platform|monthly|network|api) availability)\b[^.;]{0,50}"
        r"\b\d{2}(?:\.\d+)?\s?%",
        r"\b\d{2}(?:\.\d+)?\s?%\)?[^.;]{0,40}"
        r"\b(?:uptime|availability of the (?:service|system|platform)|of the time)\b";
    PERIOD =
        "每?(?:个)?(?:自然)?月",
        "月度",
        "季度",
        "每季",
        "每年",
        "年度",
        "计费周期",
        "统计周期",
        r"\bmonth",
        r"\bquarter",
        r"\bannual",
        r"\byear",
        r"\bbilling (?:cycle|period)",
        r"\b(?:24|72)[- ]hour",
        r"\bweek";
    REPAIRS =
        "服务信用",
        "减免",
        "扣减",
        "退还",
        "退款",
        "返工",
        "重新(?:标注|训练|交付)",
        "赔偿",
        "违约金",
        "抵扣",
        "延长服务",
        "免费整改",
        r"\bservice credits?\b",
        r"\bcredits?\b",
        r"\brefund",
        r"\bre-?perform",
        r"\bliquidated damages\b",
        r"\bremed(?:y|ies)\b",
        r"\breduc(?:e|tion)",
        r"\bpenalt";
    ROUND_CLOCK =
        r"7\s*[x×*✕]\s*24",
        r"24\s*[x×*✕]\s*7",
        r"24\s*/\s*7",
        "全天候",
        "二十四小时",
        r"24\s*小时(?:不间断)?(?:的)?(?:技术)?(?:支持|服务)",
        r"\bround[- ]the[- ]clock\b";
    SUPPORT = "支持", "服务", "运维", r"\bsupport", r"\bservice", r"\bavailable\b";
    UP = "可用性", "可用率", "在线率", r"\buptime\b", r"\bavailability\b";
    EXAMPLED =
        r"(?:例如|比如|如[:：]|譬如|\be\.g\.,?|\bfor example,?)[:：]?[^。;；]{0,80}?(?:准确率|精确率|召回率"
        r"|交并比|IoU|F1|可用性|精度|\baccuracy\b|\buptime\b|\bprecision\b)[^。;；]{0,24}?\d";
    cased NAMED_ONLY = "(?:例如|比如)[:：]?(?:准确率|精确率|召回率|交并比|F1)";
    LEVEL =
        "逐(?:张|类|批|条|帧)",
        "每(?:张|类|一类|批|个?类别|条)",
        "按(?:张|类别|批次|批|条|帧)",
        "平均",
        "总体",
        "整体",
        "宏平均",
        "微平均",
        "加权",
        "单张",
        "批次",
        r"\bper[- ](?:image|class|batch|item|category)\b",
        r"\b(?:macro|micro|weighted)\b",
        r"\baverage",
        r"\bmean\b",
        r"\boverall\b",
        r"\baggregate";
    MEASURED =
        "标注精度",
        "交并比",
        r"\bIoU\b",
        r"\bmAP\b",
        r"\bmacro-F1\b",
        "情感分析准确率",
        "标注准确率",
        "标注合格率",
        r"\bannotation accuracy\b",
        r"\blabell?ing accuracy\b";
}

/// The first sentence that promises a measure with a threshold.
fn promised<'s>(source: &'s Source<'_>, metric: &Regex) -> Option<(Place, &'s str)> {
    source.sentences_with(metric).find_map(|sentence| {
        let text = source.at(sentence.place);
        let hit = metric.find(text)?;
        THRESHOLD.is_match(text).then(|| (sentence.place, &text[hit.range()]))
    })
}

fn test_set(source: &Source<'_>) -> Vec<Finding> {
    let Some((place, metric)) = promised(source, &QUALITY) else { return Vec::new() };
    let vague = VAGUE_SET.is_match(source.at(place));
    if source.says(&HAS_TEST_SET) && !vague {
        return Vec::new();
    }
    vec![TEST_SET.at(source, place, &[("metric", word(metric))])]
}

fn window(source: &Source<'_>) -> Vec<Finding> {
    let places: Vec<Place> =
        source.sentences_with(&AVAILABLE).map(|sentence| sentence.place).collect();
    let windowed = places.iter().any(|place| {
        let block = source.block_at(place.start);
        PERIOD.is_match(source.at(*place))
            || source
                .wording
                .above(block)
                .iter()
                .any(|above| PERIOD.is_match(source.wording.body(*above)))
    });
    match places.first() {
        Some(place) if !windowed => vec![WINDOW.at(source, *place, &[])],
        _ => Vec::new(),
    }
}

/// What the document promises to measure, without any remedy near the words of remedies.
fn remedy(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for metric in [&*AVAILABLE, &*QUALITY] {
        let Some((place, _)) = promised(source, metric) else { continue };
        let name = metric.find(source.at(place)).map_or("", |hit| hit.as_str());
        let name: String = name.chars().take(24).collect();
        let follows = source.sentences_with(&REPAIRS).any(|sentence| {
            let text = source.at(sentence.place);
            let near = source.block_at(place.start).abs_diff(sentence.block) <= 6;
            near || UP.is_match(text)
                || QUALITY.is_match(text)
                || text.contains("标准")
                || text.contains("Service Level")
                || text.contains("SLA")
        });
        if !follows {
            found.push(REMEDY.at(source, place, &[("metric", word(name))]));
        }
    }
    found
}

fn uptime(source: &Source<'_>) -> Vec<Finding> {
    if source.says(&UP) {
        return Vec::new();
    }
    let found = source.sentences_with(&ROUND_CLOCK).find_map(|sentence| {
        let text = source.at(sentence.place);
        let hit = ROUND_CLOCK.find(text)?;
        SUPPORT
            .is_match(text)
            .then(|| UPTIME.at(source, sentence.place, &[("words", word(hit.as_str()))]))
    });
    found.into_iter().collect()
}

fn example(source: &Source<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        source.all(&EXAMPLED).map(|place| EXAMPLE.at(source, place, &[])).collect();
    if found.is_empty() {
        found.extend(source.all(&NAMED_ONLY).map(|place| EXAMPLE.at(source, place, &[])));
    }
    found
}

fn aggregation(source: &Source<'_>) -> Vec<Finding> {
    let Some((place, metric)) = promised(source, &MEASURED) else { return Vec::new() };
    if LEVEL.is_match(source.at(place)) {
        return Vec::new();
    }
    vec![AGGREGATION.at(source, place, &[("metric", word(metric))])]
}
