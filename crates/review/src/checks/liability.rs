//! Liability: indirect loss without a cap, a cap that is near nothing in the first months, damages
//! and credits whose place under the cap is open, a sole remedy beside a right to end.
//! Serves train-8.2, pb-02, pb-04, pb-06.

use super::Check;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-indirect-uncapped",
        risk: Risk::High,
        zh: "间接损失也要赔,又没有责任上限",
        en: "indirect loss is owed and nothing caps it",
        run: uncapped,
    },
    Check {
        id: "doc-cap-start",
        risk: Risk::Medium,
        zh: "上限为“已支付”的费用:合同初期接近于零",
        en: "the cap is the fees “paid”: in the first months it is near nothing",
        run: start,
    },
    Check {
        id: "doc-cap-reach",
        risk: Risk::Medium,
        zh: "违约金、服务信用、例外是否计入责任上限没有写",
        en: "whether damages, credits and exceptions count against the cap is not said",
        run: reach,
    },
    Check {
        id: "doc-sole-remedy",
        risk: Risk::Medium,
        zh: "唯一补救与解除权互相矛盾",
        en: "a sole remedy stands beside a right to end the contract",
        run: sole,
    },
];

const UNCAPPED: Rule = Rule {
    check: "doc-indirect-uncapped",
    name: "indirect-loss-without-cap",
    status: Status::Adverse,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "赔偿包括间接损失,而全文没有责任上限:供应商的责任没有边界,客户违约时亦然。",
        "Indirect loss is owed and nothing caps it: either party's liability has no bound.",
    ),
    advice: words(
        "约定与费用挂钩的上限,排除间接损失;泄密、数据安全、侵权另设更高上限或不设上限。",
        "Agree a cap tied to the fees and leave out indirect loss; set a higher cap or none for \
         confidentiality, data security and infringement.",
    ),
    suggestion: words(
        "除违反保密或数据安全义务、侵犯知识产权、故意或重大过失外,任何一方的累计赔偿责任不超过索赔前十二个月内已付及应付费用的总额,且不包括间接损失。",
        "Except for breach of confidentiality or data security, infringement, wilful misconduct or \
         gross negligence, each party's aggregate liability shall not exceed the fees paid or \
         payable in the twelve (12) months before the claim, and excludes indirect loss.",
    ),
};
const START: Rule = Rule {
    check: "doc-cap-start",
    name: "fees-paid-only",
    status: Status::Below,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "上限按索赔前“已支付”的费用计算,又没有下限:第一个月几乎为零。",
        "The cap is the fees “paid” before the claim, with no floor: in month one it is near zero.",
    ),
    advice: words(
        "改为“已付或应付”,并加最低额或首年按年费计。",
        "Write “paid or payable”, with a floor or a full year's fees during the first year.",
    ),
    suggestion: words(
        "索赔前十二个月内已付及应付的费用总额,不足十二个月的按首个合同年度应付费用计算",
        "the fees paid or payable in the twelve (12) months preceding the claim or, in the first \
         year, the fees payable for that year",
    ),
};
const REACH: Rule = Rule {
    check: "doc-cap-reach",
    name: "not-said-under-cap",
    status: Status::Unclear,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "此处设了责任上限,{anchor} 又约定了{what}:是否计入上限没有写。",
        "Liability is capped here, and {anchor} provides for {what}: whether that counts against \
         the cap is not said.",
    ),
    advice: words(
        "写明违约金和服务信用不计入上限,或写明计入。",
        "Say that damages and credits stand outside the cap, or that they count.",
    ),
    suggestion: NONE,
};
const ABSOLUTE: Rule = Rule {
    name: "cap-against-exception",
    status: Status::Conflict,
    reason: words(
        "此处的上限“任何情况下”适用而没有例外,{anchor} 却约定全额或无限赔偿:两者冲突。",
        "The cap here applies in any event and without exception, while {anchor} makes liability \
         full or unlimited: the two contradict.",
    ),
    advice: words("在上限条款中写明例外。", "Name the exceptions in the cap."),
    ..REACH
};
const SOLE: Rule = Rule {
    check: "doc-sole-remedy",
    name: "sole-remedy-against-termination",
    status: Status::Conflict,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "此处写明服务信用是唯一补救,{anchor} 又给了因服务水平解除合同的权利。",
        "Here credits are the sole remedy, while {anchor} gives a right to end the contract over \
         the service level.",
    ),
    advice: words(
        "写明唯一补救不影响解除权。",
        "Say that the sole remedy leaves the right to terminate untouched.",
    ),
    suggestion: NONE,
};

pattern! {
    INDIRECT =
        "(?:赔偿|损失)[^。;；]{0,24}(?:包括|含|涵盖|以及|和)[^。;；]{0,16}间接损失",
        "直接(?:损失)?(?:和|及|与|、|或)间接(?:经济)?损失",
        r"\b(?:liable|responsible)\b[^.;]{0,80}\b(?:direct (?:and"
        r"|or|as well as) indirect|indirect|consequential)\b[^.;]{0,30}\b(?:loss|damage)";
    EXCLUDED =
        "不(?:包括|承担|赔偿|对|负责)",
        "免除",
        "排除",
        "无需",
        "概不",
        "均不",
        r"\bnot\b",
        r"\bno\b",
        r"\bneither\b",
        r"\bnor\b",
        r"\bexclud",
        r"\bwaive",
        r"\bwithout\b";
    CAP =
        "(?:责任|赔偿|损失)[^。;；]{0,40}?(?:不超过|不得超过|上限|最高(?:不|为)|以[^。;；]{1,24}为限)",
        r"\bliabilit\w+[^.;]{0,200}?\b(?:not exceed|exceed|limited to|capped|not be "
        r"(?:more|greater) than)\b",
        r"\b(?:in no event|maximum|aggregate|cumulative)\b[^.;]{0,60}\bliab[^.;]{0,160}"
        r"\b(?:exceed|limited)\b";
    EXCEED = "exceed", "limited to", "capped", "greater than", "不超过", "不得超过", "上限为", "为限", "最高";
    PAID =
        r"\b(?:fees|amounts?|sums?|charges)\b[^.;]{0,60}?\b(?:paid|received)\b"
        r"[^.;]{0,140}?\b(?:months?|year)\b[^.;]{0,40}?\b(?:preceding|prior|before)",
        r"\b(?:preceding|prior|last|previous)\b[^.;]{0,30}\bmonths?\b[^.;]{0,60}\bpaid\b",
        r"(?:前|过去|之前)(?:的)?(?:十二|12|六|6|三|3|\d+)个月[^。;；]{0,24}(?:已|实际)?(?:支付|缴纳|付)的?";
    PAYABLE =
        "payable",
        r"\bowed",
        r"\bdue\b",
        r"\bgreater of",
        r"\bhigher of",
        r"\bannuali[sz]ed",
        "应付",
        "应支付",
        "较高",
        "至少",
        "不低于";
    CREDITS = "服务信用", r"\bservice credits?\b";
    LEVEL_WORDS = "可用性", r"\buptime\b", r"\bavailability\b", r"\bservice level";
    LIQUIDATED = "违约金", r"\bliquidated damages\b";
    TOWARDS =
        r"(?:服务信用|违约金|\bcredits?\b|\bliquidated damages\b)[^。.;；]{0,120}(?:上限|限额|计入|"
        r"\bcap\b|\blimit|\bcount|\bliabilit)",
        r"(?:上限|限额|\bcap\b|\blimitations?\b|\bliabilit)[^。.;；]{0,160}(?:服务信用|违约金|"
        r"\bservice credits?\b|\bliquidated damages\b)";
    LATE = "逾期", "滞纳", r"\blate\b";
    ANY_EVENT =
        "任何情况下",
        "无论",
        r"\bin no event\b",
        r"\bunder no circumstances\b",
        r"\bnotwithstanding anything\b";
    BUT =
        "除[^。;；]{0,80}外",
        "但[^。;；]{0,40}除外",
        r"\bexcept",
        r"\bother than\b",
        r"\bexclud",
        r"\bsubject to\b",
        r"\bsave for\b",
        r"\bunless\b",
        r"\bwith the exception";
    FULL =
        "(?:全额|足额|无限)(?:连带)?赔偿",
        "不受[^。;；]{0,12}(?:上限|限额|限制)",
        "赔偿全部损失",
        r"\b(?:unlimited|uncapped) liabilit",
        r"\bliabilit\w+ (?:is|shall be|will be) (?:unlimited|uncapped)\b",
        r"\bwithout (?:any )?limit(?:ation)? of liability";
    REFERS =
        r"\bsection\b",
        r"\bclause\b",
        r"\bforegoing\b",
        r"\babove\b",
        r"\blimitations?\b",
        r"\bnothing in\b",
        r"第[一二三四五六七八九十\d]",
        "前(?:款|述)",
        "上述";
    SOLE_WORDS =
        r"\b(?:sole|exclusive|only)\b(?: and (?:sole|exclusive))? remed",
        "唯一(?:的)?(?:补救|救济|赔偿|责任)";
    NOT_SOLE =
        r"\bnot\b[^.;]{0,20}\b(?:sole|exclusive)\b",
        r"\bnon-exclusive\b",
        "(?:并非|不是)[^。;；]{0,6}唯一";
    LEVEL =
        r"\bcredits?\b",
        r"\bservice level",
        r"\bSLA\b",
        r"\buptime",
        r"\bavailab",
        "服务信用",
        "可用性",
        "服务水平",
        "减免";
    ENDS =
        r"(?:\bterminat|解除|终止)[^。;；]{0,120}(?:\bservice level|\bSLA\b|\buptime|\bavailab"
        "|可用性|服务水平)",
        r"(?:\bservice level|\bSLA\b|\buptime|\bavailability|可用性|服务水平)[^。;；]{0,120}(?:\b"
        "(?:may|right to|entitled to) terminate|解除|终止(?:本)?(?:协议|合同))";
}

fn uncapped(source: &Source<'_>) -> Vec<Finding> {
    if source.says(&CAP) {
        return Vec::new();
    }
    let owed = |place: &Place| !EXCLUDED.is_match(source.at(*place));
    source
        .sentences_with(&INDIRECT)
        .map(|sentence| sentence.place)
        .filter(owed)
        .take(1)
        .map(|place| UNCAPPED.at(source, place, &[]))
        .collect()
}

fn start(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sentence in source.sentences_with(&PAID) {
        let text = source.at(sentence.place);
        let caps = CAP.is_match(text) || (EXCEED.is_match(text) && text.contains("liab"));
        if caps && !PAYABLE.is_match(text) {
            found.push(START.at(source, sentence.place, &[]));
        }
    }
    found
}

fn reach(source: &Source<'_>) -> Vec<Finding> {
    let Some(cap) = source.sentences_with(&CAP).next() else { return Vec::new() };
    let mut found = Vec::new();
    if !source.says(&TOWARDS) {
        let credits = source.sentences_with(&CREDITS).next().filter(|_| source.says(&LEVEL_WORDS));
        let damages = source
            .sentences_with(&LIQUIDATED)
            .find(|sentence| !LATE.is_match(source.at(sentence.place)));
        for (sentence, zh) in
            [(credits, "服务信用 / service credits"), (damages, "违约金 / liquidated damages")]
        {
            if let Some(sentence) = sentence.filter(|sentence| *sentence != cap) {
                let anchor = source.wording.blocks[sentence.block].anchor.clone();
                let values = [("what", word(zh)), ("anchor", word(anchor))];
                found.push(REACH.at(source, cap.place, &values));
            }
        }
    }
    let whole = source.at(source.block(cap.block));
    let full = source.sentences_with(&FULL).find(|sentence| {
        sentence.block != cap.block && !REFERS.is_match(source.at(sentence.place))
    });
    if let Some(full) = full
        && ANY_EVENT.is_match(whole)
        && !BUT.is_match(whole)
    {
        let anchor = source.wording.blocks[full.block].anchor.clone();
        found.push(ABSOLUTE.at(source, cap.place, &[("anchor", word(anchor))]));
    }
    found
}

fn sole(source: &Source<'_>) -> Vec<Finding> {
    let sole = source.sentences_with(&SOLE_WORDS).find(|sentence| {
        let text = source.at(sentence.place);
        let open = text.contains("terminat") || text.contains("解除") || NOT_SOLE.is_match(text);
        LEVEL.is_match(text) && !open
    });
    let Some(sole) = sole else { return Vec::new() };
    let ends = source.sentences_with(&ENDS).find(|sentence| sentence.place != sole.place);
    let Some(ends) = ends else { return Vec::new() };
    let anchor = source.wording.blocks[ends.block].anchor.clone();
    vec![SOLE.at(source, sole.place, &[("anchor", word(anchor))])]
}
