//! What a contract on data and services needs and says nothing of: acceptance, security,
//! deletion, audit. Serves train-4, class-4.4, anno-6.3, pb-01, pb-08.
//!
//! Asks only of documents that bind parties and handle what the missing words are about. Where the
//! document breaks off, the words may stand in the lost part: the finding is then a person's.

use regex::Regex;

use super::Check;
use super::rule::{self, NONE, Rule, words};
use super::source::{Source, pattern};
use crate::finding::{Confidence, Finding, Risk};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-missing-acceptance",
        risk: Risk::Medium,
        zh: "有交付而没有验收程序",
        en: "something is delivered, and there is no procedure of acceptance",
        run: acceptance,
    },
    Check {
        id: "doc-missing-security",
        risk: Risk::Medium,
        zh: "处理数据而没有安全措施",
        en: "data is handled, and no security is promised",
        run: security,
    },
    Check {
        id: "doc-missing-deletion",
        risk: Risk::Medium,
        zh: "处理数据而没有终止后的删除或返还",
        en: "data is handled, and neither deleted nor returned at the end",
        run: deletion,
    },
    Check {
        id: "doc-missing-audit",
        risk: Risk::Medium,
        zh: "处理数据而没有审计权或审计报告",
        en: "data is handled, and there is neither a right to audit nor a report",
        run: audit,
    },
];

const ACCEPTANCE: Rule = rule::missing(
    "doc-missing-acceptance",
    "no-acceptance",
    words(
        "有交付义务而没有验收:何时视为合格、不合格怎么办都没有写,尾款何时到期也就不定。",
        "There is a duty to deliver and no acceptance: when the result counts as good, what happens \
         when it is not, and when the last payment falls due is open.",
    ),
    words(
        "写明验收标准、期限、书面异议、返工次数和逾期视为通过与否。",
        "State criteria, time, written objection, rounds of rework, and what silence means.",
    ),
    words(
        "甲方应在收到交付物之日起十个工作日内按约定标准验收并书面答复;不合格的,乙方应在十日内免费返工并重新提交验收。",
        "The customer shall test each deliverable against the agreed criteria within ten business \
         days and answer in writing; where it fails, the vendor shall rework it free of charge \
         within ten days and submit it again.",
    ),
);
const SECURITY: Rule = rule::missing(
    "doc-missing-security",
    "no-security",
    words(
        "合同涉及对方数据,却没有安全措施和泄露通知。",
        "The contract handles the other party's data and promises neither security nor notice of a \
         breach.",
    ),
    words(
        "写明加密、访问控制、认证(如 ISO 27001)和 72 小时内的泄露通知。",
        "Ask for encryption, access control, a certificate and notice of a breach within 72 hours.",
    ),
    NONE,
);
const DELETION: Rule = rule::missing(
    "doc-missing-deletion",
    "no-deletion",
    words(
        "合同涉及对方数据,终止后是删除还是返还、多久之内,都没有写。",
        "The contract handles the other party's data; whether and when it is deleted or returned at \
         the end is not said.",
    ),
    words(
        "写明导出期结束后 30 日内删除全部副本(含备份)并出具证明。",
        "Ask for deletion of all copies within 30 days after the export window, with a certificate.",
    ),
    NONE,
);
const AUDIT: Rule = rule::missing(
    "doc-missing-audit",
    "no-audit",
    words(
        "没有审计权,也没有第三方报告:承诺的合规和安全无从核实。",
        "No right to audit and no report of a third party: what is promised cannot be verified.",
    ),
    words(
        "要求每年一次审计,或由客户选择第三方报告。",
        "Ask for an audit a year, or a third party's report at the customer's choice.",
    ),
    NONE,
);

pattern! {
    DELIVERS =
        "交付(?:训练|标注|完成|符合|成果|模型|给)",
        "(?:训练|标注|开发)[^。;；]{0,12}(?:完成|成果)",
        r"\bdeliverables?\b",
        r"\bstatement of work\b",
        r"\bdeliver (?:the )?(?:model|annotat|software|work product)";
    ACCEPTS =
        "验收",
        "接受标准",
        "检验合格",
        r"\bacceptance (?:test|criteria|period|procedure|process|of (?:the"
        " )?deliverable)",
        r"\baccept or reject\b",
        r"\breject(?:ion)? (?:of )?(?:the |any )?deliverable",
        r"\bacceptance\b[^.;]{0,60}\bdeliverable",
        r"\bdeliverable\w*[^.;]{0,60}\b(?:accept|approv)";
    HANDLES =
        "数据集",
        "训练数据",
        "原始数据",
        "用户数据",
        "客户数据",
        "图像数据",
        "标注数据",
        "个人信息",
        r"\bcustomer (?:data|content)\b",
        r"\bpersonal data\b",
        r"\byour (?:data|content)\b",
        r"\btraining data\b",
        r"\binput data\b",
        r"\buser content\b";
    SERVES =
        "人工智能",
        "AI",
        "模型",
        "算力",
        "云服务",
        "数据标注",
        r"\bmachine learning\b",
        r"\bAPI\b",
        r"\bcloud\b",
        r"\bSaaS\b",
        r"\bsoftware[- ]as[- ]a[- ]service\b",
        r"\bhosted\b",
        r"\bdata processing\b";
    SECURES =
        "安全(?:措施|保护|标准|管理|义务|保障|技术)",
        "(?:保障|保护|确保)[^。;；]{0,16}(?:数据|信息)[^。;；]{0,8}安全",
        "数据安全",
        "加密",
        "访问控制",
        r"\bsecurity\b",
        r"\bsafeguards?\b",
        r"\bencrypt",
        r"\btechnical and organi[sz]ational\b";
    DELETES =
        "删除",
        "销毁",
        "返还",
        "归还",
        r"\bdelet(?:e|es|ed|ion)\b",
        r"\bdestr(?:oy|uction)",
        r"\berase",
        r"\breturn (?:of )?(?:all|the|any|or)\b",
        r"\bpurge";
    AUDITS =
        "审计",
        "稽核",
        "核查(?:权|记录)",
        "第三方(?:评估|检测)报告",
        "检查权",
        r"\baudit",
        r"\bSOC ?2\b",
        r"\bISO(?:/IEC)? ?27001\b",
        r"\binspect(?:ion)?\b",
        r"\bthird[- ]party (?:report|assessment)";
    NOTICE =
        "隐私政策",
        "隐私权政策",
        r"\bprivacy (?:policy|notice)\b",
        r"\bcookie",
        r"\btrackers?\b",
        r"\bimprint\b",
        r"\backnowledg?ements?\b",
        r"\bacceptable use policy\b",
        r"\bbrand guidelines\b",
        r"\bdisclosure policy\b";
}

fn acceptance(source: &Source<'_>) -> Vec<Finding> {
    missing(source, &ACCEPTANCE, &[&DELIVERS, &SERVES], &ACCEPTS)
}

fn security(source: &Source<'_>) -> Vec<Finding> {
    missing(source, &SECURITY, &[&HANDLES, &SERVES], &SECURES)
}

fn deletion(source: &Source<'_>) -> Vec<Finding> {
    missing(source, &DELETION, &[&HANDLES, &SERVES], &DELETES)
}

fn audit(source: &Source<'_>) -> Vec<Finding> {
    missing(source, &AUDIT, &[&HANDLES, &SERVES], &AUDITS)
}

fn missing(source: &Source<'_>, rule: &Rule, about: &[&Regex], words: &Regex) -> Vec<Finding> {
    if !source.binds()
        || policy(source)
        || !about.iter().all(|about| source.says(about))
        || source.says(words)
    {
        return Vec::new();
    }
    let mut found = rule.nowhere(source, &[]);
    if source.breaks_off() {
        found.risk = Risk::Low;
        found.confidence = Confidence::J;
    }
    vec![found]
}

/// Whether the document calls itself a notice or a policy: it promises, and binds nobody to buy.
fn policy(source: &Source<'_>) -> bool {
    let head: String = source.text().chars().take(120).collect();
    NOTICE.is_match(&head)
}
