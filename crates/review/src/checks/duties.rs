//! Who owes what: the same thing owed by both parties, a duty written as a right, a consent or a
//! condition that names the wrong party, all rights given beside a ban on competing.
//! Serves train-1.1, train-1.2, class-6.2, anno-5.2, lease-5.1.

use super::Check;
use super::rule::{NONE, Rule, Values, word, words};
use super::source::{Place, Sentence, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-provider-conflict",
        risk: Risk::High,
        zh: "同一份数据,两处写由不同的一方提供",
        en: "the same data is to be provided by one party here and by the other there",
        run: provider,
    },
    Check {
        id: "doc-duty-as-right",
        risk: Risk::Medium,
        zh: "把义务写成了权利(“有权支付”)",
        en: "a duty is written as a right (“has the right to pay”)",
        run: duty_as_right,
    },
    Check {
        id: "doc-consent-party",
        risk: Risk::High,
        zh: "使用一方的数据却须经另一方同意",
        en: "the use of one party's data hangs on the other party's consent",
        run: consent,
    },
    Check {
        id: "doc-condition-party",
        risk: Risk::High,
        zh: "权利的条件是权利人自己的义务,多为写错了一方",
        en: "a right is subject to the owner's own duty: as a rule the wrong party is named",
        run: condition,
    },
    Check {
        id: "doc-rights-noncompete",
        risk: Risk::Medium,
        zh: "成果的全部权利归一方,同时又禁止该方用于竞争",
        en: "one party owns the results in full and may yet not compete with them",
        run: noncompete,
    },
];

const PROVIDER: Rule = Rule {
    check: "doc-provider-conflict",
    name: "both-provide",
    status: Status::Conflict,
    risk: Risk::High,
    sure: Confidence::H,
    reason: words(
        "此处由{here}提供数据,别处({anchor})由{there}提供:谁交付、谁对合法性负责,互相矛盾。",
        "Here {here} provides the data, elsewhere ({anchor}) {there} does: who delivers it, and who \
         answers for its lawfulness, is contradicted.",
    ),
    advice: words("写明由哪一方提供,删改另一处。", "Name one party and correct the other place."),
    suggestion: NONE,
};
const DUTY: Rule = Rule {
    check: "doc-duty-as-right",
    name: "duty-as-right",
    status: Status::Unclear,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "“有权{verb}”把义务写成了权利:按字面可以不履行。",
        "A duty (“{verb}”) is written as a right: read by the letter, it need not be performed.",
    ),
    advice: words("把“有权”改为“应”。", "Write “shall” for “has the right to”."),
    suggestion: NONE,
};
const CONSENT: Rule = Rule {
    check: "doc-consent-party",
    name: "consent-of-the-wrong-party",
    status: Status::Adverse,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "{owner}提供的数据,却要经{asked}同意才不受限制:同意权写给了另一方,{asked}自己的使用反而没有限制。",
        "The data is {owner}'s, the consent is {asked}'s: the right to consent went to the wrong \
         party, and {asked}'s own use stays without a limit.",
    ),
    advice: words("把同意的一方改为{owner}。", "Make it {owner}'s consent."),
    suggestion: NONE,
};
const CONDITION: Rule = Rule {
    check: "doc-condition-party",
    name: "condition-on-the-owner",
    status: Status::Adverse,
    risk: Risk::High,
    sure: Confidence::H,
    reason: words(
        "归{owner}所有的前提是不违反{bound}的义务:权利人因自己的义务失去权利,多半是写错了一方。",
        "{owner} owns it on condition that {bound}'s duty is kept: the owner's right hangs on its \
         own duty, which as a rule names the wrong party.",
    ),
    advice: words(
        "删去该前提,或改为另一方的义务。",
        "Strike out the condition, or name the other party.",
    ),
    suggestion: NONE,
};
const NONCOMPETE: Rule = Rule {
    check: "doc-rights-noncompete",
    name: "rights-against-noncompete",
    status: Status::Conflict,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "此处禁止{party}开发有竞争关系的产品,别处({anchor})又把成果的权利归{party}:能否用成果经营,互相矛盾。",
        "Here {party} may not build anything that competes, elsewhere ({anchor}) {party} owns the \
         results: whether the results may be used in business is contradicted.",
    ),
    advice: words(
        "把竞业限制限于不复制对方产品本身,并写明不影响成果的权利。",
        "Limit the ban to copying the other's own product, and say that rights in the results stay.",
    ),
    suggestion: NONE,
};

pattern! {
    ASKED_FOR = "要求<party>(?:按照?[^,，。;；]{1,6})?(?:及时|按时)?(?:向[^,，。;；]{1,6})?提供([^。;；,，]{0,24})";
    PROVIDES = "<party>(?:负责|应当?|须|需|需要|同意|将|保证|承诺)[^。;；,，]{0,24}?提供([^。;；,，]{0,24})";
    BARE = "^(?:向[^,，。;；]{1,6})?(?:负责)?提供([^。;；,，]{0,24})";
    DATA = r"(?:数据集|原始数据|训练数据|图像数据|必要数据|所需的?数据|数据)(?:$|[和、及,，并]|\p{P})";
    EN_PROVIDES =
        r"\b<party>\s+(?:shall|will|must|agrees to)\s+(?:provide|supply|deliver"
        r"|furnish)\s+(?:\w+\s+){0,4}?((?:training|raw|source|input)\s+(?:data\w*"
        r"|datasets?))\b";
    RIGHT =
        "<party>有权(?:按照?[^,，。;；]{0,16}?)?(?:及时|按时|足额)?(?:向[^,，。;；]{1,8}?)?(支付|缴纳|缴付|偿付"
        "|赔偿|交纳|承担)[^。;；]{0,12}";
    EN_RIGHT =
        r"\b(?:has|have|shall have) the right to (pay|indemnify|compensate|reimburse"
        r"|keep [^.;]{0,30}confidential)\b[^.;]{0,40}";
    UNDO = "代为", "暂停", "拒绝", "offset", "set off", "deduct", "on behalf", "directly";
    OWNED =
        "<party>(?:所)?(?:提供|享有|拥有|上传|交付)(?:的|之)[^。;；]{0,40}?(?:数据|资料|图像|素材|信息)"
        "[^。;；]{0,40}?未经<party>的?(?:事先)?(?:书面)?(?:同意|许可|授权)";
    EN_OWNED =
        r"\b<party>(?:'s|’s)?\s+(?:data|content|materials)\b[^.;]{0,60}\b(?:may|shall"
        r"|will|must) not be (?:used|disclosed|transferred|shared)[^.;]{0,60}\bwithout"
        " <party>(?:'s|’s)? (?:prior )?(?:written )?consent";
    SUBJECT_TO = "在(?:不违反|遵守|履行)<party>的?[^,，。;；]{0,10}义务的?(?:前提|条件|情况)下[^。;；]{0,20}?归<party>所有";
    EN_SUBJECT_TO =
        r"(?:provided that|subject to)\s+<party>(?:'s|’s)\s+(?:confidentiality"
        r" )?obligations[^.;]{0,60}(?:belongs? to|owned by|vests? in)\s+<party>";
    COMPETE =
        "不得[^。]{0,60}竞争",
        "竞争[^。]{0,20}不得",
        "与[^。;；,，]{1,16}构成竞争",
        r"\b(?:not|neither)\b[^.]{0,160}\b(?:competing|competes?|competitive)\b"
        r"[^.]{0,40}\b(?:product|service|model|offering)s?";
    WHO = "<party>";
    BANNED = "<party>[^,，。;；]{0,12}不得";
    OWNS =
        "(?:归属?于?|由)<party>(?:所有|拥有|享有)?[^。;；]{0,30}?(?:全部|一切|所有)(?:的)?权利",
        "(?:模型|成果|知识产权)[^。;；]{0,20}归属?于?<party>";
    EN_OWNS =
        r"\b(?:you|customer|licensee|client)\b[^.;]{0,40}\b(?:own|owns|retain|retains)\b"
        r"[^.;]{0,60}\b(?:outputs?|results|models?)\b",
        r"\b(?:assign|assigns)\b[^.;]{0,60}\b(?:to you|to customer)\b[^.;]{0,60}"
        r"\boutputs?\b",
        r"\b(?:outputs?|results)\b[^.;]{0,60}\bowned by (?:you|customer)\b";
}

fn provider(source: &Source<'_>) -> Vec<Finding> {
    let mut owed: Vec<(usize, &str, Place)> = Vec::new();
    for sentence in &source.sentences {
        let Some((who, place)) = provides(source, sentence) else { continue };
        if let Some(party) = source.party(who) {
            owed.push((party, who, place));
        }
    }
    let Some(&(first, there, at)) = owed.first() else { return Vec::new() };
    let Some(&(_, here, place)) = owed.iter().find(|(party, ..)| *party != first) else {
        return Vec::new();
    };
    // The first place is the finding; the second is where the other party is named.
    let anchor = source.wording.blocks[source.block_at(place.start)].anchor.clone();
    let values: Values<'_> =
        &[("here", word(there)), ("there", word(here)), ("anchor", word(anchor))];
    vec![PROVIDER.at(source, at, values)]
}

/// Who provides data by a sentence, and where it says so.
fn provides<'s>(source: &Source<'s>, sentence: &Sentence) -> Option<(&'s str, Place)> {
    let text = source.at(sentence.place);
    for pattern in [&*ASKED_FOR, &*PROVIDES] {
        if let Some(hit) = pattern.captures(text)
            && DATA.is_match(&hit[2])
        {
            return Some((hit.get(1)?.as_str(), sentence.place));
        }
    }
    if let Some(hit) = EN_PROVIDES.captures(text) {
        return Some((hit.get(1)?.as_str(), sentence.place));
    }
    let trimmed = text.trim_start_matches(['-', '－', '·', '•', ' ']);
    let hit = BARE.captures(trimmed)?;
    if !DATA.is_match(&hit[1]) {
        return None;
    }
    Some((source.listed_for(sentence.block)?, sentence.place))
}

fn duty_as_right(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        let zh = RIGHT.captures(text).and_then(|hit| hit.get(2).map(|verb| verb.as_str()));
        let en = EN_RIGHT.captures(text).and_then(|hit| hit.get(1).map(|verb| verb.as_str()));
        if let Some(verb) = zh.or(en)
            && !UNDO.is_match(text)
        {
            found.push(DUTY.at(source, sentence.place, &[("verb", word(verb))]));
        }
    }
    found
}

fn consent(source: &Source<'_>) -> Vec<Finding> {
    two_parties(source, &[&OWNED, &EN_OWNED], |owner, asked| (owner != asked).then_some(&CONSENT))
        .map(|(rule, place, owner, asked)| {
            rule.at(source, place, &[("owner", word(owner)), ("asked", word(asked))])
        })
        .collect()
}

fn condition(source: &Source<'_>) -> Vec<Finding> {
    let same = |bound, owner| (bound == owner).then_some(&CONDITION);
    two_parties(source, &[&SUBJECT_TO, &EN_SUBJECT_TO], same)
        .map(|(rule, place, bound, owner)| {
            rule.at(source, place, &[("bound", word(bound)), ("owner", word(owner))])
        })
        .collect()
}

/// The sentences where a pattern names two parties and the rule takes offence at the pair.
fn two_parties<'s>(
    source: &'s Source<'_>,
    patterns: &'s [&'s regex::Regex],
    judge: impl Fn(usize, usize) -> Option<&'static Rule> + 's,
) -> impl Iterator<Item = (&'static Rule, Place, &'s str, &'s str)> + 's {
    source.sentences.iter().filter_map(move |sentence| {
        let text = source.at(sentence.place);
        let hit = patterns.iter().find_map(|pattern| pattern.captures(text))?;
        let (first, second) = (hit.get(1)?.as_str(), hit.get(2)?.as_str());
        let rule = judge(source.party(first)?, source.party(second)?)?;
        Some((rule, sentence.place, first, second))
    })
}

fn noncompete(source: &Source<'_>) -> Vec<Finding> {
    let owner = source.sentences.iter().find_map(|sentence| {
        let text = source.at(sentence.place);
        if let Some(hit) = OWNS.captures(text) {
            let who = hit.iter().skip(1).flatten().next()?.as_str();
            return Some((who, sentence.place));
        }
        EN_OWNS.is_match(text).then_some(("you", sentence.place))
    });
    let Some((owner, owns)) = owner else { return Vec::new() };
    let banned = source.sentences_with(&COMPETE).find(|sentence| {
        let text = source.at(sentence.place);
        match source.party(owner) {
            None => true,
            Some(party) => bound(source, sentence, text).is_none_or(|who| who == party),
        }
    });
    let Some(banned) = banned else { return Vec::new() };
    let anchor = source.wording.blocks[source.block_at(owns.start)].anchor.clone();
    vec![NONCOMPETE.at(source, banned.place, &[("party", word(owner)), ("anchor", word(anchor))])]
}

/// Whom a ban binds: the party that it does not protect.
fn bound(source: &Source<'_>, sentence: &Sentence, text: &str) -> Option<usize> {
    if let Some(party) = BANNED.captures(text).and_then(|hit| source.party(hit.get(1)?.as_str())) {
        return Some(party);
    }
    let protected = WHO.find(text).and_then(|word| source.party(word.as_str()))?;
    let lead =
        source.wording.above(sentence.block).into_iter().rev().chain(sentence.block.checked_sub(1));
    for above in lead {
        if let Some(word) = WHO.find(source.wording.body(above)) {
            let named = source.party(word.as_str())?;
            return Some(named);
        }
    }
    Some(1 - protected.min(1))
}
