//! The parties of a document: what they are called in it, their names, and which of them buys and
//! which sells. In Chinese contracts 甲方 is either, so the word in brackets decides; where nothing
//! does, the role stays unknown.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use super::definition::{Definition, definitions};
use crate::{Span, Wording};

/// Which side of the deal a party stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The side that buys, rents or orders.
    Customer,
    /// The side that sells, lets or performs.
    Vendor,
    /// The document does not say.
    Unknown,
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// What the document calls it (`甲方`, `Customer`, `we`).
    pub label: String,
    /// The word in brackets behind it (`出租方`).
    pub title: Option<String>,
    /// Its name, or the blank in its place.
    pub name: Option<String>,
    /// Which side it is.
    pub role: Role,
    /// The block that introduces it.
    pub block: usize,
    /// The bytes of the label there.
    pub place: Span,
}

const CUSTOMER: [&str; 38] = [
    "委托方",
    "委托人",
    "承租方",
    "承租人",
    "需方",
    "买方",
    "采购方",
    "采购人",
    "接受方",
    "服务接受方",
    "被许可方",
    "客户",
    "用户",
    "使用方",
    "定作方",
    "发包方",
    "购买方",
    "订购方",
    "customer",
    "client",
    "subscriber",
    "licensee",
    "lessee",
    "tenant",
    "buyer",
    "purchaser",
    "user",
    "you",
    "your",
    "end user",
    "company customer",
    "data controller",
    "controller",
    "recipient of services",
    "订阅方",
    "数据提供方",
    "甲方客户",
    "需求方",
];
const VENDOR: [&str; 41] = [
    "受托方",
    "受托人",
    "出租方",
    "出租人",
    "供方",
    "卖方",
    "供应商",
    "服务提供方",
    "服务提供者",
    "服务方",
    "服务商",
    "提供方",
    "许可方",
    "标注方",
    "承揽方",
    "承包方",
    "乙方供应商",
    "销售方",
    "开发方",
    "训练方",
    "平台",
    "供应方",
    "vendor",
    "provider",
    "supplier",
    "service provider",
    "licensor",
    "lessor",
    "landlord",
    "seller",
    "contractor",
    "subcontractor",
    "consultant",
    "processor",
    "data processor",
    "we",
    "us",
    "our",
    "manufacturer",
    "distributor",
    "developer",
];

static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(甲方|乙方|丙方|丁方|委托方|受托方|出租方|承租方|供方|需方|买方|卖方|许可方|被许可方)\s*(?:[（(]([^（）()]{1,",
        r"16})[）)])?\s*[:：]\s*([^，,。；;]{0,80})",
    ))
        .expect("a fixed pattern")
});
static TITLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(甲方|乙方|丙方|丁方)\s*[（(]([^（）()]{1,16})[）)]").expect("a fixed pattern")
});

/// The parties of a document, in the order of their first place.
#[must_use]
pub fn parties(wording: &Wording) -> Vec<Party> {
    let mut out: Vec<Party> = Vec::new();
    for (index, block) in wording.blocks.iter().enumerate() {
        let text = &wording.text[block.body..block.end];
        if let Some(parts) = HEAD.captures(text) {
            let label = parts.get(1).map_or("", |part| part.as_str());
            let title = parts.get(2).map(|part| part.as_str().trim().to_owned());
            let name = parts.get(3).map(|part| part.as_str().trim().to_owned());
            let place = Span { start: block.body, end: block.body + label.len() };
            add(&mut out, label, title, name.filter(|name| !name.is_empty()), index, place);
        }
        for parts in TITLED.captures_iter(text) {
            let (Some(label), Some(title)) = (parts.get(1), parts.get(2)) else { continue };
            let place = Span { start: block.body + label.start(), end: block.body + label.end() };
            if role_of(title.as_str()) != Role::Unknown {
                add(
                    &mut out,
                    label.as_str(),
                    Some(title.as_str().trim().to_owned()),
                    None,
                    index,
                    place,
                );
            }
        }
        if out.len() >= 40 {
            break;
        }
    }
    for definition in definitions(wording) {
        from_definition(wording, &definition, &mut out);
    }
    opposite(&mut out);
    out
}

fn add(
    out: &mut Vec<Party>,
    label: &str,
    title: Option<String>,
    name: Option<String>,
    block: usize,
    place: Span,
) {
    let role = title.as_deref().map_or(Role::Unknown, role_of);
    let role = if role == Role::Unknown { role_of(label) } else { role };
    if let Some(known) = out.iter_mut().find(|party| party.label == label) {
        known.name = known.name.take().or(name);
        if known.role == Role::Unknown {
            known.role = role;
            known.title = title.or(known.title.take());
        }
        return;
    }
    out.push(Party { label: label.to_owned(), title, name, role, block, place });
}

/// `Acme, Inc. ("Provider")`.
fn from_definition(wording: &Wording, definition: &Definition, out: &mut Vec<Party>) {
    let role = role_of(&definition.term);
    let aside = definition.meaning.end <= definition.place.start;
    if role == Role::Unknown || !aside || out.iter().any(|party| party.label == definition.term) {
        return;
    }
    let before = &wording.text[definition.meaning.start..definition.meaning.end];
    let name = company(before);
    let label = &definition.term;
    out.push(Party {
        label: label.clone(),
        title: None,
        name,
        role,
        block: definition.block,
        place: definition.place,
    });
}

/// The name at the end of a phrase: from its last run of capitalised words on.
fn company(before: &str) -> Option<String> {
    let cut = [" between ", " among ", " by and between ", " and ", "; "]
        .into_iter()
        .filter_map(|word| before.rfind(word).map(|at| at + word.len()))
        .max()
        .unwrap_or(0);
    let phrase = before[cut..].trim().trim_start_matches("between ").trim_start_matches("and ");
    let name =
        phrase.split(", a ").next().unwrap_or(phrase).split(", an ").next().unwrap_or(phrase);
    let name = name.trim_end_matches([',', ' ']);
    let fits = !name.is_empty() && name.chars().count() <= 80;
    (fits
        && name.starts_with(|letter: char| letter.is_uppercase() || letter == '[' || letter == '_'))
    .then(|| name.to_owned())
}

/// The side that a word names (`Provider`, `承租方`, `we`), whoever that is in this document.
#[must_use]
pub fn role_of(word: &str) -> Role {
    let lower = word.trim().trim_start_matches("the ").to_lowercase();
    let lower = lower.strip_prefix("the ").unwrap_or(&lower);
    if VENDOR.contains(&lower) {
        Role::Vendor
    } else if CUSTOMER.contains(&lower) {
        Role::Customer
    } else {
        Role::Unknown
    }
}

/// Of two parties of which one is known, the other stands opposite.
fn opposite(parties: &mut [Party]) {
    let pair =
        parties.iter().filter(|party| matches!(party.label.as_str(), "甲方" | "乙方")).count();
    if pair != 2 {
        return;
    }
    let known = parties
        .iter()
        .filter(|party| matches!(party.label.as_str(), "甲方" | "乙方"))
        .map(|party| party.role)
        .find(|role| *role != Role::Unknown);
    let Some(known) = known else { return };
    let other = if known == Role::Customer { Role::Vendor } else { Role::Customer };
    for party in parties.iter_mut() {
        if matches!(party.label.as_str(), "甲方" | "乙方") && party.role == Role::Unknown {
            party.role = other;
        }
    }
}
