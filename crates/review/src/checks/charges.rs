//! Prices that cannot be computed or contradict each other: a fixed total beside a metered price,
//! a fee due before the usage is known, instalments without a share.
//! Serves lease-3.1 to lease-3.3, train-5.3.

use super::Check;
use super::rule::{NONE, Rule, word, words};
use super::source::{Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-fixed-total",
        risk: Risk::High,
        zh: "按量计价之外又写了固定总价",
        en: "a fixed total stands beside a price by usage",
        run: fixed_total,
    },
    Check {
        id: "doc-fee-before-usage",
        risk: Risk::Medium,
        zh: "按量计算的费用,在用量得知之前就到期",
        en: "a fee by usage falls due before the usage is known",
        run: before_usage,
    },
    Check {
        id: "doc-payment-ratio",
        risk: Risk::Medium,
        zh: "分期付款没有比例或金额",
        en: "instalments without a share or an amount",
        run: ratio,
    },
];

const TOTAL: Rule = Rule {
    check: "doc-fixed-total",
    name: "fixed-total-beside-metered-price",
    status: Status::Conflict,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "别处({anchor})按实际用量计价,此处又写固定总额:用量不同时,两者不可能同时成立。",
        "Elsewhere ({anchor}) the price goes by usage, and here stands a fixed total: as soon as \
         usage differs, both cannot hold.",
    ),
    advice: words(
        "二选一:写成“预估总额,以实际结算为准”或写成总价包干、用量封顶。",
        "Choose: an estimate with settlement by actual usage, or a flat price with a usage ceiling.",
    ),
    suggestion: words(
        "上述总额为预估金额,以按实际用量结算的金额为准。",
        "The total above is an estimate; the amount settled by actual usage prevails.",
    ),
};
const EARLY: Rule = Rule {
    check: "doc-fee-before-usage",
    name: "due-before-usage",
    status: Status::Conflict,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "按量计算的当期费用在当期结束前就要支付,届时用量尚不可知。",
        "The fee of the current period goes by usage and is due before the period ends, when the \
         usage is not known.",
    ),
    advice: words(
        "改为次月结算支付上月费用,或先付预估、次月多退少补。",
        "Bill the past period in the next one, or take an advance that is settled afterwards.",
    ),
    suggestion: words(
        "乙方应于每月结束后、收到结算单之日起支付上一个月的费用。",
        "Fees of a month are payable after its end, upon receipt of the statement for it.",
    ),
};
const RATIO: Rule = Rule {
    check: "doc-payment-ratio",
    name: "no-share",
    status: Status::Missing,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "“{words}”没有写比例或金额,付款节点无法执行。",
        "“{words}” names neither a share nor an amount, so the instalment cannot be claimed.",
    ),
    advice: words(
        "逐个节点写明百分比,合计为 100%。",
        "Give each instalment a share; they add up to 100 %.",
    ),
    suggestion: NONE,
};

pattern! {
    METERED =
        "按照?(?:实际)?(?:使用|用量|调用|分类|标注|处理)[^。;；]{0,30}?(?:计算|计费|收费|结算)",
        "按实际使用",
        "按量(?:计费|付费|计价)",
        "元/(?:小时|GB|次|张|千|条|卡时|GPU)",
        r"\bper (?:GPU[- ]?hour|token|API call|1,?000|million tokens|GB[- ]month"
        r"|request)\b",
        r"\busage[- ]based (?:fees?|pricing|charges?)",
        r"\bbased on (?:actual |metered )?usage\b",
        r"\bpay[- ]as[- ]you[- ]go\b";
    FIXED =
        "(?:总(?:租赁|服务|合同)?(?:费用|价款|金额|价|额|租金)|合同总(?:价|额|金额))(?:共计|合计)?(?:为|是|:|：|人民币)",
        r"\b(?:total|aggregate|fixed) (?:contract )?(?:fees?|price|charges|contract"
        r" value|amount payable)\s+(?:is|are|shall be|will be|of)\s+(?:fixed at\s+)?"
        r"(?:US\$|USD|RMB|[$€£¥\[])";
    ESTIMATE =
        "预估",
        "暂定",
        "例如",
        "估算",
        "以实际",
        "最高不超过",
        "封顶",
        "estimat",
        "not[- ]to[- ]exceed",
        "up to",
        "cap";
    CURRENT =
        "每月[^。;；]{0,14}前[^。;；]{0,24}支付当月",
        "当月[^。;；]{0,20}前[^。;；]{0,12}支付当月",
        "当(?:月|季|期)[^。;；]{0,10}(?:日前|之前|以前)[^。;；]{0,16}支付(?:当|本)(?:月|季|期)",
        r"\b(?:metered|usage)[- ]?(?:based)? (?:fees?|charges?)\b[^.;]{0,80}\b(?:in"
        r" advance|on the first day)\b",
        r"\bin advance\b[^.;]{0,60}\bfor (?:that|the current) (?:month|period)'s "
        r"(?:actual )?usage\b";
    ARREARS = r"\barrears\b", "后付";
    SHARE =
        "支付(?:一定|相应|适当|部分)(?:的)?(?:比例|数额|金额|款项)(?:的?(?:预付款|进度款|尾款|首付款|定金|余款|款项))?",
        r"\b(?:a|an) (?:certain|agreed|appropriate) (?:percentage|portion|part) of the "
        "(?:fees?|price|contract)";
}

fn fixed_total(source: &Source<'_>) -> Vec<Finding> {
    let Some(metered) = source.first(&METERED) else { return Vec::new() };
    let anchor = source.wording.blocks[source.block_at(metered.start)].anchor.clone();
    source
        .sentences_with(&FIXED)
        .filter(|sentence| !ESTIMATE.is_match(source.at(sentence.place)))
        .filter(|sentence| source.sentence_at(metered.start) != sentence.place)
        .take(1)
        .map(|sentence| TOTAL.at(source, sentence.place, &[("anchor", word(anchor.clone()))]))
        .collect()
}

fn before_usage(source: &Source<'_>) -> Vec<Finding> {
    if !source.says(&METERED) {
        return Vec::new();
    }
    source
        .sentences_with(&CURRENT)
        .filter(|sentence| !ARREARS.is_match(source.at(sentence.place)))
        .map(|sentence| EARLY.at(source, sentence.place, &[]))
        .collect()
}

fn ratio(source: &Source<'_>) -> Vec<Finding> {
    source
        .all(&SHARE)
        .map(|place| RATIO.at(source, place, &[("words", word(source.at(place)))]))
        .collect()
}
