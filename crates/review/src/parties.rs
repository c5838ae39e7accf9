//! Who is the vendor and who the customer: 甲方 and 乙方 differ from contract to contract, and most
//! papers call the vendor by its name. Serves every clause: no rule looks at a party by its letter.
//!
//! Reads the words alone. Where a contract names no roles, who pays is taken for the customer.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;
use wording::values::{Role, role_of};

use crate::Side;
use crate::checks::Party;

/// Names of the parties as the document uses them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Parties {
    /// Names of the vendor.
    pub vendor: Vec<String>,
    /// Names of the customer.
    pub customer: Vec<String>,
}

/// How much of a document is searched for names.
const HEAD_BYTES: usize = 60_000;
/// Names kept of each party.
const MOST_NAMES: usize = 12;

static QUOTED: LazyLock<Regex> = LazyLock::new(|| regex(r#"[“"]([^”“"]{2,40}?),?[”"]"#));
static BRACKET: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r#"((?:[A-Z][\w.&'-]*,?\s+){0,5})\((?:[^()“"]{0,60})((?:[“"][^”“"]{2,40}[”"][^()"#,
        r#"“"]{0,40}){1,6})\)"#,
    ))
});
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"\b((?:[A-Z]|[a-z][A-Z]|[0-9]+[×xA-Za-z])[\w.-]+(?: [A-Z][\w.-]+){0,2}) ",
        r"(?:will|shall|may|does not|reserves|warrants|agrees|is not|has no|provides|grants)\b",
    ))
});
static ROLE_ZH: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(甲方|乙方)\s*[（(【\[:：]?\s*(?:即|为|是|:|：)?\s*[“（(]?(出租方|供应方|供应商|服务提供方|服务提供者|服务方|标注方|",
        r"受托方|开发方|承揽方|提供方|卖方|许可方|承租方|需求方|委托方|采购方|使用方|客户|用户|买方|购买方|被许可方|甲方|乙方)",
    ))
});
static PAYS_ZH: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(甲方|乙方)[^。；\n甲乙]{0,14}向(甲方|乙方)[^。；\n甲乙]{0,12}(?:支付|付款)")
});
static GETS_ZH: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(甲方|乙方)(?:应|须|需|同意|负责|将|承诺)?[^。；\n甲乙]{0,6}为(甲方|乙方)[^。；\n甲乙]{0,6}(?:提供|标注|训练|开发)",
    )
});

static NAMED_ZH: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"[（(](?:以下|下)?(?:统|简|合)?(?:称|简称)(?:为)?[:：]?([^（）()]{2,40})[）)]"#)
});

/// `npm, Inc.`: a name that its owner writes small.
static SMALL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b([a-z][a-z0-9.-]{1,24}),? (?:Inc|LLC|Ltd|GmbH|Corp)\b"));
static OPERATOR_ZH: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(开发者|管理员|运营者|工作室|团队|作者)(?:有权|不承担|不保证|不对|保留|将|会|无需|无法|可随时|不提供)",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern compiles")
}

/// Capitalised words that stand before `will` and are no party.
const NO_NAMES: &[&str] = &[
    "customer",
    "you",
    "user",
    "users",
    "party",
    "parties",
    "services",
    "service",
    "they",
    "it",
    "this",
    "these",
    "either",
    "neither",
    "each",
    "licensee",
    "subscriber",
    "controller",
    "client",
    "clients",
    "subprocessor",
    "subprocessors",
    "agreement",
    "terms",
    "output",
    "outputs",
    "data",
    "we",
    "provider",
    "processor",
    "customers",
    "that",
    "such",
    "no",
    "any",
    "all",
    "content",
    "feedback",
    "order form",
    "both parties",
    "confidential information",
    "personal data",
    "tax",
    "recipient",
    "discloser",
    "receiving party",
    "disclosing party",
    "fees",
    "section",
    "nothing",
    "what",
    "which",
    "who",
    "our",
    "your",
    "if",
    "the",
    "and",
    "or",
    "in",
    "there",
    "input",
    "inputs",
    "end users",
    "authorized users",
    "platform",
    "website",
    "site",
    "usage data",
    "admin",
    "minor",
    "subscription",
    "member",
    "members",
    "sub-processor",
    "sub-processors",
    "indemnitor",
    "indemnifying party",
    "indemnified party",
    "customer data",
    "others",
    "arbitrator",
    "please",
    "payment",
    "account",
    "notice",
    "creator",
    "developer",
    "developers",
    "supplier",
    "vendor",
    "dpa",
    "policy",
    "privacy policy",
    "information",
    "some",
    "claims",
    "party's",
    "model",
    "models",
    "our services",
    "the service",
    "the services",
    "online services",
    "the company",
    "services. we",
    "service. you",
    "apple",
    "google",
    "stripe",
    "standard contractual clauses",
    "beta services",
    "software",
    "data exporter",
    "data importer",
    "supervisory authority",
];

/// Finds the names of the parties; those that are known come first.
pub(crate) fn find(text: &str, known: &[Party]) -> Parties {
    let mut head = text.len().min(HEAD_BYTES);
    while !text.is_char_boundary(head) {
        head -= 1;
    }
    let head = &text[..head];
    let mut parties = Parties::default();
    for party in known {
        parties.add(party.side, &party.name);
    }
    chinese(head, &mut parties);
    brackets(head, &mut parties);
    subjects(text, &mut parties);
    if !parties.knows("company") && head.contains("Company") {
        let customer = ["Processor", "Provider", "Vendor", "Supplier"]
            .iter()
            .any(|role| head.matches(role).count() > 2);
        let side = if customer { Side::Customer } else { Side::Vendor };
        parties.add(side, "Company");
    }
    parties
}

impl Parties {
    fn knows(&self, name: &str) -> bool {
        self.vendor.iter().chain(&self.customer).any(|known| known.eq_ignore_ascii_case(name))
    }

    fn add(&mut self, side: Side, name: &str) {
        let name = name.trim().trim_end_matches(['.', ',']);
        let count = match side {
            Side::Vendor => self.vendor.len(),
            Side::Customer => self.customer.len(),
        };
        if name.chars().count() < 2 || count >= MOST_NAMES || self.knows(name) {
            return;
        }
        match side {
            Side::Vendor => self.vendor.push(name.to_owned()),
            Side::Customer => self.customer.push(name.to_owned()),
        }
    }
}

fn chinese(head: &str, parties: &mut Parties) {
    let mut score: i32 = 0;
    let sign = |party: &str| if party == "甲方" { 1 } else { -1 };
    for role in ROLE_ZH.captures_iter(head) {
        score += match role_of(&role[2]) {
            Role::Vendor => sign(&role[1]) * 5,
            Role::Customer => sign(&role[1]) * -5,
            Role::Unknown => 0,
        };
    }
    for pays in PAYS_ZH.captures_iter(head) {
        if pays[1] != pays[2] && !pays[0].contains("违约金") && !pays[0].contains("赔偿") {
            score -= sign(&pays[1]) * 2;
        }
    }
    for gets in GETS_ZH.captures_iter(head) {
        if gets[1] != gets[2] {
            score += sign(&gets[1]) * 2;
        }
    }
    named_zh(head, parties);
    if !head.contains("甲方") || !head.contains("乙方") {
        return;
    }
    let (vendor, customer) = if score > 0 { ("甲方", "乙方") } else { ("乙方", "甲方") };
    parties.add(Side::Vendor, vendor);
    parties.add(Side::Customer, customer);
}

/// `某公司（以下简称“我们”）`: names in a Chinese bracket, and 公司 in terms for users.
fn named_zh(head: &str, parties: &mut Parties) {
    for named in NAMED_ZH.captures_iter(head) {
        let names: Vec<&str> = named[1]
            .split(['”', '"', '“', '或', '、', '/', '「', '」'])
            .map(str::trim)
            .filter(|name| (2..=12).contains(&name.chars().count()))
            .collect();
        let says = |words: &[&str]| names.iter().any(|name| words.contains(name));
        let letters = says(&["甲方", "乙方", "用户", "客户", "您", "委托方"]);
        let organisation = ["公司", "工作室", "团队", "合伙企业", "研究院"]
            .iter()
            .any(|form| head[..named.get(0).map_or(0, |all| all.start())].ends_with(form));
        let side = if says(&["我们", "公司", "平台", "本公司"]) || organisation && !letters
        {
            Side::Vendor
        } else if says(&["用户", "客户"]) {
            Side::Customer
        } else {
            continue;
        };
        for name in names {
            parties.add(side, name);
        }
    }
    let user = head.contains("用户") || head.contains('您') || head.contains('你');
    operators_zh(head, user, parties);
    if user && !head.contains("甲方") && head.matches("公司").count() > 8 {
        parties.add(Side::Vendor, "公司");
    }
}

/// 开发者有权…: a paper without 我们 calls its operator by a word; where 我们 speaks, 开发者 is a customer.
fn operators_zh(head: &str, user: bool, parties: &mut Parties) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for operator in OPERATOR_ZH.captures_iter(head) {
        *counts.entry(operator.get(1).map_or("", |name| name.as_str())).or_default() += 1;
    }
    let Some((name, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return };
    if user && count > 1 && head.matches("我们").count() < head.matches(name).count() {
        parties.add(Side::Vendor, name);
    }
}

/// `Acme, Inc. (“Acme,” “we”)`: the names in a bracket mean the party that its words name.
fn brackets(head: &str, parties: &mut Parties) {
    for bracket in BRACKET.captures_iter(head) {
        let names: Vec<String> =
            QUOTED.captures_iter(&bracket[2]).map(|name| name[1].trim().to_owned()).collect();
        let says = |role: Role| names.iter().any(|name| role_of(name) == role);
        let before = bracket[1].to_ascii_lowercase();
        let organisation =
            ["inc", "llc", "ltd", "limited", "gmbh", "corp", "co.", " ab", "sas", "s.a"]
                .iter()
                .any(|form| before.contains(form));
        let side = if says(Role::Vendor) {
            Side::Vendor
        } else if says(Role::Customer) {
            Side::Customer
        } else if organisation
            && names.iter().any(|name| before.starts_with(&name.to_ascii_lowercase()))
        {
            Side::Vendor
        } else {
            continue;
        };
        for name in &names {
            let lower = name.to_ascii_lowercase();
            let object = ["data", "content", "service", "terms", "agreement", "site", "policy"]
                .iter()
                .any(|word| lower.contains(word));
            let own = role_of(&lower) != Role::Unknown;
            if !own && !object {
                parties.add(side, name);
            }
        }
    }
}

/// The capitalised name that most often `will` or `may`: the one whose paper it is.
fn subjects(text: &str, parties: &mut Parties) {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for subject in SUBJECT.captures_iter(text) {
        let name = subject.get(1).map_or("", |name| name.as_str());
        if !NO_NAMES.contains(&name.to_ascii_lowercase().as_str()) {
            *counts.entry(name).or_default() += 1;
        }
    }
    if let Some(small) = SMALL.captures(text) {
        let name = small.get(1).map_or("", |name| name.as_str());
        let acts = ["will", "may", "agrees", "is not", "reserves", "does not"];
        if acts.iter().map(|act| text.matches(&format!("{name} {act}")).count()).sum::<usize>() > 2
        {
            parties.add(Side::Vendor, name);
        }
    }
    let best = counts.iter().max_by_key(|(_, count)| **count);
    if let Some((name, count)) = best
        && *count >= 3
    {
        parties.add(Side::Vendor, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, vendor: &[&str], customer: &[&str]) {
        let parties = find(text, &[]);
        assert_eq!(parties.vendor, vendor, "{text}");
        assert_eq!(parties.customer, customer, "{text}");
    }

    #[test]
    fn letters_of_parties_follow_the_roles_of_the_contract() {
        check("甲方（出租方）：某公司\n乙方（承租方）：某校", &["甲方"], &["乙方"]);
        check("甲方(委托方):某公司\n乙方(标注方):某社", &["乙方"], &["甲方"]);
        check("乙方应按月向甲方支付租金。甲方为乙方提供算力。", &["甲方"], &["乙方"]);
    }

    #[test]
    fn a_bracket_tells_whose_name_it_is() {
        check("Acme Labs, Inc. (“Acme,” “we,” or “us”) offers", &["Acme"], &[]);
        check("the entity (“Buyer Co” or “Customer”) and", &[], &["Buyer Co"]);
    }
}
