//! How a typed term stands in a clause, and how it is read back from there: each format writes a
//! value and reads exactly what it wrote. Serves lease-3.2 (figures and capital words). Judges no
//! value.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use contract::form::{Key, Node, Place, Value};
use units::{
    AmountWords, Currency, Date, Decimal, Duration, DurationUnit, Lang, Money, Percent,
    amount_in_words_en, amount_in_words_zh,
};

use crate::words::{Both, Named as _, Words, lexicon};

/// How a value stands in the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A text as it is, or several after each other.
    Text,
    /// Sentences in the parties' words, separated by semicolons.
    Sentences,
    /// A price: currency and figure.
    Money,
    /// An amount: currency, figure, and the same in words.
    Amount,
    /// A share with its sign.
    Percent,
    /// A length of time with its unit.
    Length,
    /// A civil day.
    Day,
    /// A whole number.
    Count,
    /// An exact number.
    Number,
    /// Minutes after midnight as a time of day.
    Clock,
    /// Laws by their short names.
    Law,
    /// The name of a code, from a table of names.
    Name(String),
}

/// A code with its Chinese and its English words.
type Spoken = (&'static str, &'static str, &'static str);

/// Tables of names that contracts have and other texts do not.
const OWN: [(&str, &[Spoken]); 3] = [
    ("party", &[("customer", "客户", "Customer"), ("vendor", "供应商", "Vendor")]),
    (
        "law",
        &[
            ("网络安全法", "《中华人民共和国网络安全法》", "the Cybersecurity Law of the PRC"),
            ("数据安全法", "《中华人民共和国数据安全法》", "the Data Security Law of the PRC"),
            (
                "个人信息保护法",
                "《中华人民共和国个人信息保护法》",
                "the Personal Information Protection Law of the PRC",
            ),
            (
                "中华人民共和国法律",
                "中华人民共和国法律",
                "the laws of the People's Republic of China",
            ),
            (
                "GDPR",
                "欧盟《通用数据保护条例》（GDPR）",
                "the General Data Protection Regulation (GDPR)",
            ),
            (
                "CCPA",
                "《加利福尼亚州消费者隐私法》（CCPA）",
                "the California Consumer Privacy Act (CCPA)",
            ),
        ],
    ),
    (
        "own_use",
        &[
            ("language_model_training", "训练语言模型", "training of language models"),
            ("language_model_evaluation", "评测语言模型", "evaluation of language models"),
        ],
    ),
];

static NAMES: LazyLock<BTreeMap<String, Both>> = LazyLock::new(lexicon);

impl Format {
    /// Reads the name of a format as templates write it; any other name is a table of names.
    pub(super) fn read_name(name: &str) -> Option<Self> {
        let format = match name {
            "text" => Self::Text,
            "sentences" => Self::Sentences,
            "money" => Self::Money,
            "amount" => Self::Amount,
            "percent" => Self::Percent,
            "length" => Self::Length,
            "day" => Self::Day,
            "count" => Self::Count,
            "number" => Self::Number,
            "clock" => Self::Clock,
            "law" => Self::Law,
            table => {
                let start = format!("{table}.");
                let known = NAMES.keys().any(|key| key.starts_with(&start))
                    || OWN.iter().any(|(name, _)| *name == table);
                return known.then(|| Self::Name(table.to_owned()));
            }
        };
        Some(format)
    }

    /// The name of the format, as templates write it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Text => "text",
            Self::Sentences => "sentences",
            Self::Money => "money",
            Self::Amount => "amount",
            Self::Percent => "percent",
            Self::Length => "length",
            Self::Day => "day",
            Self::Count => "count",
            Self::Number => "number",
            Self::Clock => "clock",
            Self::Law => "law",
            Self::Name(table) => table,
        }
    }

    /// The words for a value; `None` where it has none in this format.
    pub(super) fn write(&self, value: &Value, lang: Lang, currency: Currency) -> Option<String> {
        let said = self.said(value, lang, currency)?;
        let clean = !said.trim().is_empty() && !said.chars().any(char::is_control);
        clean.then_some(said)
    }

    fn said(&self, value: &Value, lang: Lang, currency: Currency) -> Option<String> {
        if let Value::List(items) = value {
            let items = items.iter().map(|item| self.said(&item.value, lang, currency));
            return Some(items.collect::<Option<Vec<_>>>()?.join(self.between(lang)));
        }
        let words = Words::new(lang);
        match (self, value) {
            (Self::Text | Self::Sentences, Value::Text(text)) => Some(text.trim().to_owned()),
            (Self::Money, Value::Text(figure)) => Some(price(figure.parse().ok()?, lang, currency)),
            (Self::Amount, Value::Table(_)) => {
                let Value::Text(figure) = &field(value, "figure")?.value else { return None };
                amount(figure.parse().ok()?, lang, currency)
            }
            (Self::Percent, Value::Text(share)) => Some(share.parse::<Percent>().ok()?.to_string()),
            (Self::Length, Value::Text(length)) => Some(words.duration(length.parse().ok()?)),
            (Self::Day, Value::Text(day)) => Some(day_said(day.parse().ok()?, lang)),
            (Self::Count, Value::Integer(count)) => Some(words.count(u64::try_from(*count).ok()?)),
            (Self::Number, Value::Text(number)) => Some(words.decimal(number.parse().ok()?)),
            (Self::Clock, Value::Integer(minutes @ 0..=1440)) => {
                Some(format!("{:02}:{:02}", minutes / 60, minutes % 60))
            }
            (Self::Law, Value::Text(law)) => {
                Some(named("law", law, lang).unwrap_or(law).to_owned())
            }
            (Self::Name(table), Value::Text(code)) => {
                // What the parties name in their own words stands as they wrote it.
                let own = (table == "own_use").then_some(code.as_str());
                named(table, code, lang).or(own).map(str::to_owned)
            }
            _ => None,
        }
    }

    const fn between(&self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Sentences, Lang::Zh) => "；",
            (Self::Sentences, Lang::En) => "; ",
            (_, Lang::Zh) => "、",
            (_, Lang::En) => ", ",
        }
    }

    /// Reads words back; `list` says that the term is a list. `None` where the words are not what
    /// this format writes.
    pub(super) fn read(
        &self,
        text: &str,
        list: bool,
        lang: Lang,
        currency: Currency,
    ) -> Option<Value> {
        let value = if list {
            let items = text.split(self.between(lang)).map(|item| self.one(item, lang, currency));
            let items: Option<Vec<_>> = items.map(|value| value.map(node)).collect();
            Value::List(items?)
        } else {
            self.one(text, lang, currency)?
        };
        // What reads and would be written otherwise is another text: two ways to say one thing
        // would hide a change.
        (self.write(&value, lang, currency).as_deref() == Some(text)).then_some(value)
    }

    fn one(&self, text: &str, lang: Lang, currency: Currency) -> Option<Value> {
        let text_of = |text: &str| Some(Value::Text(text.to_owned()));
        match self {
            Self::Text | Self::Sentences => text_of(text),
            Self::Money => text_of(&price_read(text, lang, currency)?.to_string()),
            Self::Amount => amount_read(text, lang, currency),
            Self::Percent => text_of(&text.parse::<Percent>().ok()?.to_string()),
            Self::Length => text_of(&length_read(text, lang)?.to_string()),
            Self::Day => text_of(&day_read(text, lang)?.to_string()),
            Self::Count => Some(Value::Integer(text.replace(',', "").parse().ok()?)),
            Self::Number => text_of(&text.replace(',', "").parse::<Decimal>().ok()?.to_string()),
            Self::Clock => {
                let (hours, minutes) = text.split_once(':')?;
                let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
                (0..=24).contains(&hours).then_some(Value::Integer(hours * 60 + minutes))
            }
            Self::Law => text_of(coded("law", text, lang).unwrap_or(text)),
            Self::Name(table) => {
                let own = (table == "own_use").then_some(text);
                text_of(coded(table, text, lang).or(own)?)
            }
        }
    }
}

pub(super) fn node(value: Value) -> Node {
    Node { place: Place::default(), value }
}

pub(super) fn key(name: &str) -> Key {
    Key { name: name.to_owned(), place: Place::default() }
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Node> {
    let Value::Table(entries) = value else { return None };
    entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
}

const fn of(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Words of a code.
fn named(table: &str, code: &str, lang: Lang) -> Option<&'static str> {
    if let Some((_, rows)) = OWN.iter().find(|(name, _)| *name == table) {
        let row = rows.iter().find(|(known, ..)| *known == code)?;
        return Some(of(lang, row.1, row.2));
    }
    NAMES.get(&format!("{table}.{code}")).map(|both| of(lang, both.zh, both.en))
}

/// The code of words.
fn coded(table: &str, text: &str, lang: Lang) -> Option<&'static str> {
    if let Some((_, rows)) = OWN.iter().find(|(name, _)| *name == table) {
        return rows.iter().find(|row| of(lang, row.1, row.2) == text).map(|row| row.0);
    }
    let start = format!("{table}.");
    let names = NAMES.range(start.clone()..).take_while(|(key, _)| key.starts_with(&start));
    let mut found = names.filter(|(_, both)| of(lang, both.zh, both.en) == text);
    found.next().map(|(key, _)| &key[start.len()..])
}

/// `人民币 12.50 元`, `CNY 12.50`.
fn price(figure: Decimal, lang: Lang, currency: Currency) -> String {
    let words = Words::new(lang);
    let figure = words.decimal(figure);
    match (lang, currency) {
        (Lang::Zh, Currency::Cny) => format!("人民币 {figure} 元"),
        (Lang::Zh, _) => format!("{} {figure}", currency.name(lang)),
        (Lang::En, _) => format!("{} {figure}", currency.code()),
    }
}

fn price_read(text: &str, lang: Lang, currency: Currency) -> Option<Decimal> {
    let figure = match (lang, currency) {
        (Lang::Zh, Currency::Cny) => text.strip_prefix("人民币")?.strip_suffix("元")?,
        (Lang::Zh, _) => text.strip_prefix(currency.name(lang))?,
        (Lang::En, _) => text.strip_prefix(currency.code())?,
    };
    figure.trim().replace(',', "").parse().ok()
}

/// `人民币 120,000.00 元（大写：人民币壹拾贰万元整）`.
fn amount(figure: Decimal, lang: Lang, currency: Currency) -> Option<String> {
    let money = Money::from_decimal(figure, currency).ok()?;
    let price = price(figure, lang, currency);
    Some(match lang {
        Lang::Zh => {
            let name = if currency == Currency::Cny { "人民币" } else { "" };
            format!("{price}（大写：{name}{}）", amount_in_words_zh(money))
        }
        Lang::En => format!("{price} (in words: {})", amount_in_words_en(money)),
    })
}

fn amount_read(text: &str, lang: Lang, currency: Currency) -> Option<Value> {
    let (figure, words) = match lang {
        Lang::Zh => text.strip_suffix('）')?.split_once("（大写：")?,
        Lang::En => text.strip_suffix(')')?.split_once(" (in words: ")?,
    };
    let figure = price_read(figure, lang, currency)?;
    let money = Money::from_decimal(figure, currency).ok()?;
    if lang == Lang::Zh {
        let words = words.strip_prefix("人民币").unwrap_or(words);
        let read = AmountWords::compare(words, money).ok()?;
        matches!(read, AmountWords::Match(_)).then_some(())?;
    }
    let (figure, words) = (figure.to_string(), amount_in_words_zh(money));
    let text = |text: String| node(Value::Text(text));
    Some(Value::Table(vec![(key("figure"), text(figure)), (key("words"), text(words))]))
}

fn length_read(text: &str, lang: Lang) -> Option<Duration> {
    let (count, unit) = text.split_once(' ')?;
    let unit = DurationUnit::TABLE.iter().zip(UNITS).find_map(|(word, known)| {
        let name = of(lang, word.zh, word.en);
        (name == unit || lang == Lang::En && name.trim_end_matches('s') == unit).then_some(known)
    })?;
    Some(Duration::new(count.parse().ok()?, unit))
}

/// The units in the order of their table of names.
const UNITS: [DurationUnit; 6] = [
    DurationUnit::Minutes,
    DurationUnit::Hours,
    DurationUnit::Days,
    DurationUnit::WorkingDays,
    DurationUnit::Months,
    DurationUnit::Years,
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `2026 年 3 月 2 日`, `2 March 2026`.
fn day_said(day: Date, lang: Lang) -> String {
    let (year, month, date) = (day.year(), day.month(), day.day());
    match lang {
        Lang::Zh => format!("{year} 年 {month} 月 {date} 日"),
        Lang::En => {
            let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at));
            format!("{date} {} {year}", name.expect("a date has a month of the year"))
        }
    }
}

fn day_read(text: &str, lang: Lang) -> Option<Date> {
    let parts: Vec<&str> = match lang {
        Lang::Zh => text.strip_suffix(" 日")?.split([' ', '年', '月']).collect(),
        Lang::En => text.split(' ').collect(),
    };
    let mut parts = parts.into_iter().filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    match lang {
        Lang::Zh => Date::new(first.parse().ok()?, second.parse().ok()?, third.parse().ok()?),
        Lang::En => {
            let month = MONTHS.iter().position(|month| *month == second)? + 1;
            Date::new(third.parse().ok()?, i8::try_from(month).ok()?, first.parse().ok()?)
        }
    }
}
