//! An entry of the journal in one line: what happened and its fields, in words.

use contract::event::{Event, Recorded};
use serde_json::{Map, Value};
use units::{Fraction, Money, Window};

use super::Words;

/// How many elements of a list are named.
const NAMED: usize = 4;

impl Words {
    /// What an entry says: `交付成果：交付 lot-1，轮次 1`.
    #[must_use]
    pub fn entry(&self, entry: &Recorded) -> String {
        let name = self.event(&entry.event);
        let details = self.details(&entry.event);
        if details.is_empty() {
            return name.to_owned();
        }
        say!(self, "{name}：{details}", "{name}: {details}")
    }

    /// The fields of an event, without what is too long for a line.
    fn details(&self, event: &Event) -> String {
        if let Event::AgreementDrafted { agreement, terms_sha256 } = event {
            let (id, hash) = (&agreement.id, short(terms_sha256));
            return format!("{id} {hash}");
        }
        let Ok(Value::Object(tagged)) = serde_json::to_value(event) else { return String::new() };
        let payload = tagged.get("payload").and_then(Value::as_object);
        let fields = match payload {
            Some(payload) => match payload.get("fact") {
                Some(Value::Object(fact)) => fact,
                _ => payload,
            },
            None => return String::new(),
        };
        let texts = self.fields(fields);
        let comma = say!(self, "，", ", ");
        texts.join(&comma)
    }

    fn fields(&self, fields: &Map<String, Value>) -> Vec<String> {
        let wanted = fields.iter().filter(|(key, _)| !is_silent(key));
        let texts = wanted.filter_map(|(key, value)| {
            let value = self.value(value)?;
            Some(format!("{} {value}", self.field(key)))
        });
        texts.collect()
    }

    fn value(&self, value: &Value) -> Option<String> {
        match value {
            Value::Null => None,
            Value::Bool(true) => Some(self.text(super::Text::Yes).to_owned()),
            Value::Bool(false) => None,
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(self.plain(text)),
            Value::Array(items) => self.items(items),
            Value::Object(map) => Some(self.object(value, map)),
        }
    }

    fn plain(&self, text: &str) -> String {
        if let Ok(at) = text.parse::<units::Timestamp>() {
            return self.instant(at);
        }
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return short(text);
        }
        if let Ok(side) = serde_json::from_value::<contract::terms::Side>(text.into()) {
            return self.name(side).to_owned();
        }
        if let Ok(metric) = serde_json::from_value::<units::Metric>(text.into()) {
            return self.name(metric).to_owned();
        }
        text.to_owned()
    }

    fn items(&self, items: &[Value]) -> Option<String> {
        if items.is_empty() {
            return None;
        }
        let named = items.iter().take(NAMED).filter_map(|item| self.value(item));
        let mut text = self.list(named.collect::<Vec<_>>());
        if items.len() > NAMED {
            let left = items.len() - NAMED;
            text.push_str(&say!(self, " 等 {left} 项", " and {left} more"));
        }
        Some(text)
    }

    fn object(&self, value: &Value, map: &Map<String, Value>) -> String {
        if let Ok(money) = serde_json::from_value::<Money>(value.clone()) {
            return self.money(money);
        }
        if let Ok(window) = serde_json::from_value::<Window>(value.clone()) {
            return self.window(window);
        }
        if let Ok(ratio) = serde_json::from_value::<units::Ratio>(value.clone()) {
            return self.ratio(ratio);
        }
        if let Ok(fraction) = serde_json::from_value::<Fraction>(value.clone()) {
            return self.exact(fraction);
        }
        if let (Some(Value::String(item)), Some(quantity)) = (map.get("item"), map.get("quantity"))
        {
            return format!("{item} {quantity}");
        }
        let texts = map.values().filter_map(|value| self.value(value));
        texts.collect::<Vec<_>>().join(" ")
    }
}

/// Fields that a line leaves out: the entry has them, and they are long or said already.
fn is_silent(key: &str) -> bool {
    matches!(
        key,
        "fact" | "source" | "key" | "signature" | "terms_sha256" | "sha256" | "billed" | "lines"
    )
}

/// The beginning of a hash.
fn short(hash: &str) -> String {
    format!("{}…", hash.get(..8).unwrap_or(hash))
}
