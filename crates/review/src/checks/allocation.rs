//! What was put off: ownership, prices or standards that the parties are to agree later, where
//! the contract itself has to allocate them. Serves class-6.2, class-6.3, train-5.1, train-6.1.
//!
//! Putting off a renewal, a change or the settlement of a dispute is normal and not reported.

use super::Check;
use super::rule::{NONE, Rule, words};
use super::source::{Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

const ID: &str = "doc-agree-later";

pub(super) const CHECKS: &[Check] = &[Check {
    id: ID,
    risk: Risk::High,
    zh: "归属、价格或标准留待“另行协商”,本合同没有约定",
    en: "ownership, price or a standard is left “to be agreed”, so nothing is agreed",
    run,
}];

const OWNERSHIP: Rule = Rule {
    check: ID,
    name: "ownership-to-be-agreed",
    status: Status::Missing,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "权利归属留待双方协商:协商不成时没有任何分配。",
        "Ownership is left to a later agreement: where none is reached, nothing is allocated.",
    ),
    advice: words(
        "在本合同中写明归谁所有;确需协商的,写明协商不成时的归属。",
        "Allocate it here; if it must be agreed later, say who owns it until then.",
    ),
    suggestion: NONE,
};
const PRICE: Rule = Rule {
    name: "price-to-be-agreed",
    risk: Risk::Medium,
    reason: words(
        "价格或付款留待协商:协商不成时无从计算。",
        "Price or payment is left to a later agreement: where none is reached, nothing can be \
         computed.",
    ),
    advice: words("写明价格或计算方法。", "State the price, or the method that yields it."),
    ..OWNERSHIP
};
const STANDARD: Rule = Rule {
    name: "standard-to-be-agreed",
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "标准、时间或范围留待协商:届时没有可以执行的约定。",
        "A standard, a time or a scope is left to a later agreement: there is nothing to enforce.",
    ),
    advice: words(
        "写明数值,或写明协商不成时适用的数值。",
        "State the value, or the value that applies until another is agreed.",
    ),
    ..OWNERSHIP
};

pattern! {
    LATER =
        "(?:由)?(?:甲乙)?双方(?:可)?(?:另行)?(?:友好)?(?:协商|商定|议定|约定)(?:后)?(?:确定|而定|决定|约定)",
        "另行(?:协商|商定|约定|议定|签订)",
        "由双方(?:根据本(?:协议|合同)(?:约定)?)?(?:进行)?(?:协商|约定)",
        "根据本(?:协议|合同)约定进行约定",
        "双方可另行协商",
        "待定";
    EN_OWNS =
        r"\b(?:ownership|title|intellectual property rights)\b[^.;,]{0,80}"
        r"\b(?:shall|will|to|must) be (?:mutually |separately |subsequently )?"
        r"(?:agreed|negotiated|determined)\b[^.;]{0,30}\b(?:by|between) (?:the |both )?parties";
    EN_PAYS =
        r"\b(?:fees?|prices?|pricing|rates?|charges)\b[^.;,]{0,60}"
        r"\b(?:shall|will|to|must) be (?:mutually |separately |subsequently )?"
        r"(?:agreed|negotiated)\b",
        r"\b(?:fees?|prices?|pricing)\s*(?:is|are|:)?\s*TBD\b";
    NORMAL =
        "续租",
        "续期",
        "续签",
        "续约",
        "争议",
        "纠纷",
        "变更",
        "修改",
        "解除",
        "终止",
        "不可抗力",
        "转让",
        "除非",
        "除[^。]{0,12}外",
        "另有约定",
        "renew",
        "extension",
        "dispute",
        "amend",
        "arbitrat",
        "mediator",
        "unless otherwise",
        "terminat";
    OWNS =
        "归属",
        "所有权",
        "知识产权",
        "使用权",
        "著作权",
        "专利",
        "ownership",
        r"\btitle\b",
        "intellectual property",
        "invention",
        "joint(?:ly)? develop";
    PAYS =
        "费用",
        "价格",
        "价款",
        "租金",
        "报酬",
        "单价",
        "付款",
        "支付",
        "收费",
        r"\bfees?\b",
        r"\bprices?\b",
        "royalt",
        "compensation",
        r"\brates?\b",
        "payment";
    VALUES =
        "时间",
        "标准",
        "准确率",
        "指标",
        "范围",
        "期限",
        "比例",
        "响应",
        "验收",
        "规格",
        "standard",
        "criteria",
        "specification",
        "timeline",
        "schedule",
        "service level",
        "acceptance";
}

fn run(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        if NORMAL.is_match(text) {
            continue;
        }
        let later = LATER.is_match(text);
        let rule = if later && OWNS.is_match(text) || EN_OWNS.is_match(text) {
            &OWNERSHIP
        } else if later && PAYS.is_match(text) || EN_PAYS.is_match(text) {
            &PRICE
        } else if later && VALUES.is_match(text) {
            &STANDARD
        } else {
            continue;
        };
        found.push(rule.at(source, sentence.place, &[]));
    }
    found
}
