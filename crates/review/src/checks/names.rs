//! Parties by name: a receiving account that is not the payee's, a party with two names, a name
//! that is nearly another's. Serves lease-3.3.

use std::collections::BTreeMap;

use super::Check;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-payee-account",
        risk: Risk::High,
        zh: "收款账户写成了另一方的名字",
        en: "the receiving account stands in the wrong party's name",
        run: account,
    },
    Check {
        id: "doc-party-name",
        risk: Risk::High,
        zh: "同一方用了两个名称,或名称与登记的不同",
        en: "one party goes by two names, or by another name than the one on record",
        run: names,
    },
];

const ACCOUNT: Rule = Rule {
    check: "doc-payee-account",
    name: "account-of-the-other-party",
    status: Status::Conflict,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "收款方是{payee},账户由{designated}指定,户名是{holder}:付到哪一方的账户才算付清,互相矛盾。",
        "{payee} is paid, {designated} names the account, and it is in {holder}'s name: which \
         payment discharges the debt is contradicted.",
    ),
    advice: words(
        "统一为收款方指定、户名为收款方的账户。",
        "Let the payee name the account, and let it be in the payee's name.",
    ),
    suggestion: NONE,
};
const TWO_NAMES: Rule = Rule {
    check: "doc-party-name",
    name: "two-names",
    status: Status::Conflict,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "{party}在别处是“{other}”,此处是“{name}”:谁是合同主体不确定。",
        "{party} is “{other}” elsewhere and “{name}” here: who is bound is not certain.",
    ),
    advice: words("按营业执照统一名称。", "Use the registered name throughout."),
    suggestion: NONE,
};
const NEARLY: Rule = Rule {
    name: "nearly-the-same",
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "“{name}”与“{other}”只差一两个字,多为笔误。",
        "“{name}” differs from “{other}” by a letter or two: as a rule a slip.",
    ),
    ..TWO_NAMES
};
const ABSENT: Rule = Rule {
    name: "not-named",
    status: Status::Missing,
    risk: Risk::Medium,
    reason: words(
        "文中没有出现已登记的主体名称“{name}”。",
        "The name on record, “{name}”, does not stand in the document.",
    ),
    ..TWO_NAMES
};

pattern! {
    DESIGNATED = "<party>(?:所)?指定的?(?:银行)?(?:收款)?(?:账户|账号|帐户)";
    PAYS_TO = "向<party>(?:一次性)?(?:支付|付款|缴纳|汇款)";
    HOLDER =
        "(?:账户名称?|帐户名称?|开户名称|户名|收款人|收款单位|account (?:name|holder)|beneficiary(?:"
        r" name)?)\s*[:：]\s*(.{2,60})";
    NAMED = "<party>";
    HEADED = r"^\s*<party>\s*(?:[（(][^（()）]{1,24}[)）])?\s*[:：]\s*([^，,。;；（(]{3,60})";
    COMPANY_ZH = r"[\p{Han}（）()]{2,28}?(?:股份有限公司|有限责任公司|有限公司)";
    cased COMPANY_EN =
        r"\b(?:[A-Z][\w&'-]*[ ,]+){1,5}(?:Inc|LLC|Ltd|Limited|Corp|Corporation|GmbH"
        r"|L\.P)\b";
    cased BLANKS = r"[\[\]【】_＿]", r"^\s*$", "签字", "盖章", "签章", "Signature";
    NUMBERED = r"\d", r"\b[ivx]+\b", "[一二三四五六七八九十]";
}

fn account(source: &Source<'_>) -> Vec<Finding> {
    const BELOW: usize = 8;
    let mut found = Vec::new();
    for (index, _) in source.wording.blocks.iter().enumerate() {
        let lead = source.wording.body(index);
        let Some(designated) = DESIGNATED.captures(lead) else { continue };
        let designated = designated.get(1).map_or("", |party| party.as_str());
        let payee = PAYS_TO.captures(lead).or_else(|| {
            let above = *source.wording.above(index).last()?;
            PAYS_TO.captures(source.wording.body(above))
        });
        let payee = payee.and_then(|hit| hit.get(1)).map_or(designated, |party| party.as_str());
        let last = source.wording.blocks.len().min(index + BELOW);
        let holder = (index..last).find_map(|at| {
            let hit = HOLDER.captures(source.wording.block(at))?;
            let party = holder(source, hit.get(1)?.as_str())?;
            Some((at, party))
        });
        let wrong_name = holder.filter(|(_, holder)| {
            differ(source, payee, holder) || differ(source, designated, holder)
        });
        let (place, holder) = match wrong_name {
            Some((at, holder)) => {
                (Place { start: source.block(index).start, end: source.block(at).end }, holder)
            }
            None if differ(source, payee, designated) => (source.block(index), designated),
            None => continue,
        };
        found.push(ACCOUNT.at(
            source,
            place,
            &[("payee", word(payee)), ("designated", word(designated)), ("holder", word(holder))],
        ));
    }
    found
}

/// Whose name an account bears: a party's word in it, or the name that a party has in its header.
fn holder<'s>(source: &Source<'s>, name: &'s str) -> Option<&'s str> {
    if let Some(party) = NAMED.find(name) {
        return Some(party.as_str());
    }
    headers(source).into_iter().find(|(_, named, _)| same(named, name)).map(|(party, ..)| party)
}

fn differ(source: &Source<'_>, one: &str, other: &str) -> bool {
    matches!((source.party(one), source.party(other)), (Some(one), Some(other)) if one != other)
}

/// The parties' headers: word, name and place.
fn headers<'s>(source: &Source<'s>) -> Vec<(&'s str, &'s str, Place)> {
    let mut found = Vec::new();
    for index in 0..source.wording.blocks.len() {
        let text = source.wording.block(index);
        if let Some(hit) = HEADED.captures(text)
            && let (Some(party), Some(name)) = (hit.get(1), hit.get(2))
            && !BLANKS.is_match(name.as_str())
            && company(name.as_str())
        {
            found.push((party.as_str(), name.as_str().trim(), source.block(index)));
        }
    }
    found
}

fn company(name: &str) -> bool {
    name.contains("公司") || COMPANY_EN.is_match(name)
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn names(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut first: BTreeMap<usize, &str> = BTreeMap::new();
    for (party, name, place) in headers(source) {
        let Some(group) = source.party(party) else { continue };
        let other = *first.entry(group).or_insert(name);
        if !same(other, name) {
            let values = [("party", word(party)), ("other", word(other)), ("name", word(name))];
            found.push(TWO_NAMES.at(source, place, &values));
        }
    }
    found.extend(nearly(source));
    let text = plain(source.text());
    for party in &source.facts.parties {
        if !text.contains(&plain(&party.name)) {
            found.push(ABSENT.nowhere(source, &[("name", word(party.name.as_str()))]));
        }
    }
    found
}

/// Names of companies that differ by one or two letters.
fn nearly(source: &Source<'_>) -> Vec<Finding> {
    const MOST: usize = 60;
    let mut known: BTreeMap<String, (Place, &str)> = BTreeMap::new();
    for pattern in [&*COMPANY_ZH, &*COMPANY_EN] {
        for hit in pattern.find_iter(source.text()) {
            if known.len() < MOST {
                let place = Place { start: hit.start(), end: hit.end() };
                known.entry(plain(hit.as_str())).or_insert((place, hit.as_str()));
            }
        }
    }
    let mut found = Vec::new();
    for (name, (place, shown)) in &known {
        for (other, (before, other_shown)) in &known {
            if before < place
                && !NUMBERED.is_match(shown)
                && !name.contains(other.as_str())
                && !other.contains(name.as_str())
                && nearby(name, other)
            {
                let values = [("name", word(*shown)), ("other", word(*other_shown))];
                found.push(NEARLY.at(source, *place, &values));
            }
        }
    }
    found
}

/// Whether one letter is added, dropped, replaced or swapped between two long names.
fn nearby(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > 1 || one.len() < 7 {
        return false;
    }
    let front = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let back = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let longer = one.len().max(other.len());
    let swapped = one.len() == other.len()
        && front + back + 2 == longer
        && one[front] == other[front + 1]
        && one[front + 1] == other[front];
    front + back + 1 >= longer || swapped
}
