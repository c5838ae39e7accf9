//! From `key=value` on the command line to a fact or an action. Which form a value has follows from
//! the published JSON Schema of the type, so that a new field needs nothing here: amounts are
//! `1200.00`, stretches of time `FROM/TO`, shares `930/1000`, files `@PATH`, lists `a,b` and
//! counts of items `images:100,texts:50`. A value that begins with `{` or `[` is JSON.

use std::path::Path;

use schemars::{JsonSchema, schema_for};
use serde_json::{Map, Value, json};
use units::{Decimal, Fraction, Timestamp};

use crate::context::Context;
use crate::failure::Failure;

/// The form of a type whose variants are named by a tag.
pub(crate) struct Form {
    root: Value,
    tag: &'static str,
}

/// A value that was built, and the files that it names by their hash.
#[derive(Debug)]
pub(crate) struct Built {
    /// The value.
    pub value: Value,
    /// The content of every `@PATH`.
    pub files: Vec<Vec<u8>>,
}

/// A field of a fact or an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its name.
    pub name: String,
    /// An example of its form.
    pub form: String,
    /// Whether it must be given.
    pub required: bool,
}

impl Form {
    /// The form of a type.
    pub(crate) fn of<T: JsonSchema>(tag: &'static str) -> Self {
        Self { root: schema_for!(T).to_value(), tag }
    }

    /// The names of the variants.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self.variants().filter_map(|variant| self.name_of(variant));
        names.map(str::to_owned).collect()
    }

    /// The fields of a variant.
    pub(crate) fn fields(&self, name: &str) -> Vec<Field> {
        let Some(variant) = self.variant(name) else { return Vec::new() };
        let mut fields = Vec::new();
        self.collect(variant, &mut fields);
        fields.retain(|field: &Field| field.name != self.tag);
        fields
    }

    /// What a variant is for, as its documentation says it.
    pub(crate) fn about(&self, name: &str) -> String {
        let text = self.variant(name).and_then(|variant| variant.get("description"));
        let text = text.and_then(Value::as_str).unwrap_or_default();
        text.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Builds a variant from `key=value` pairs; `given` are fields that follow from elsewhere.
    pub(crate) fn build(
        &self,
        name: &str,
        pairs: &[String],
        given: &[(&str, &str)],
        context: &Context,
    ) -> Result<Built, Failure> {
        let variant = self.variant(name).ok_or_else(|| Failure::UnknownName {
            name: name.to_owned(),
            nearest: nearest(name, &self.names()),
        })?;
        let mut built = Built { value: json!({ self.tag: name }), files: Vec::new() };
        let known = self.fields(name);
        for (key, text) in given {
            if known.iter().any(|field| field.name == *key) {
                let schema = self.property(variant, key).unwrap_or(&Value::Null);
                let value = self.convert(schema, key, text, context, &mut built.files)?;
                put(&mut built.value, &[key], value);
            }
        }
        for pair in pairs {
            let (key, text) = pair.split_once('=').ok_or_else(|| Failure::BadValue {
                field: pair.clone(),
                text: String::new(),
                form: "KEY=VALUE".to_owned(),
            })?;
            let path: Vec<&str> = key.split('.').collect();
            let mut schema = variant;
            for part in &path {
                schema = self.property(schema, part).ok_or_else(|| Failure::UnknownField {
                    of: name.to_owned(),
                    field: key.to_owned(),
                    known: known.iter().map(|field| field.name.clone()).collect(),
                })?;
            }
            let value = self.convert(schema, key, text, context, &mut built.files)?;
            put(&mut built.value, &path, value);
        }
        let needed = known.iter().filter(|field| field.required);
        let missing: Vec<String> = needed
            .filter(|field| built.value.get(&field.name).is_none())
            .map(|field| format!("{}={}", field.name, field.form))
            .collect();
        if !missing.is_empty() {
            return Err(Failure::MissingFields { of: name.to_owned(), fields: missing });
        }
        Ok(built)
    }

    fn variants(&self) -> impl Iterator<Item = &Value> {
        self.root.get("oneOf").and_then(Value::as_array).into_iter().flatten()
    }

    fn name_of<'v>(&self, variant: &'v Value) -> Option<&'v str> {
        variant.get("properties")?.get(self.tag)?.get("const")?.as_str()
    }

    fn variant(&self, name: &str) -> Option<&Value> {
        self.variants().find(|variant| self.name_of(variant) == Some(name))
    }

    /// A schema, or the one that it refers to.
    fn resolve<'s>(&'s self, schema: &'s Value) -> (&'s Value, Option<&'s str>) {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let name = reference.and_then(|text| text.strip_prefix("#/$defs/"));
        match name.and_then(|name| self.root.get("$defs")?.get(name)) {
            Some(target) => (target, name),
            None => (schema, None),
        }
    }

    /// Schemas of which this one is made: itself, what it refers to, its parts and alternatives.
    fn parts<'s>(&'s self, schema: &'s Value) -> Vec<&'s Value> {
        let mut all = vec![schema];
        let (target, name) = self.resolve(schema);
        if name.is_some() {
            all.extend(self.parts(target));
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            for part in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
                all.extend(self.parts(part));
            }
        }
        all
    }

    fn property<'s>(&'s self, schema: &'s Value, name: &str) -> Option<&'s Value> {
        self.parts(schema).into_iter().find_map(|part| part.get("properties")?.get(name))
    }

    fn collect(&self, schema: &Value, fields: &mut Vec<Field>) {
        for part in self.parts(schema) {
            let required = part.get("required").and_then(Value::as_array);
            let needs = |name: &str| {
                required.is_some_and(|list| list.iter().any(|one| one.as_str() == Some(name)))
            };
            let properties = part.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                if fields.iter().all(|field| field.name != *name) {
                    let form = match name.as_str() {
                        "sha256" => "@PATH".to_owned(),
                        _ => self.form(property),
                    };
                    fields.push(Field { name: name.clone(), form, required: needs(name) });
                }
            }
        }
    }

    /// An example of a value's form.
    fn form(&self, schema: &Value) -> String {
        let some = self.unoptional(schema);
        let (target, name) = self.resolve(some);
        match name {
            Some("Money") => return "1200.00".to_owned(),
            Some("Window") => return "FROM/TO".to_owned(),
            Some("Timestamp") => return "2026-03-31T18:00:00+08:00".to_owned(),
            Some("Date") => return "2026-03-31".to_owned(),
            Some("Ratio") => return "930/1000".to_owned(),
            Some("Fraction") => return "0.93".to_owned(),
            Some("Id" | "EvidenceId" | "ClauseId") => return "NAME".to_owned(),
            _ => {}
        }
        let choices = self.choices(target);
        if !choices.is_empty() {
            return choices.join("|");
        }
        match kind(target) {
            "array" => {
                let item = target.get("items").unwrap_or(&Value::Null);
                if self.resolve(item).1 == Some("ItemCount") {
                    return "ITEM:N,ITEM:N".to_owned();
                }
                match kind(self.resolve(item).0) {
                    "object" => "[JSON]".to_owned(),
                    _ => format!("{0},{0}", self.form(item)),
                }
            }
            "integer" => "N".to_owned(),
            "boolean" => "true|false".to_owned(),
            "object" => "{JSON}".to_owned(),
            _ => "TEXT".to_owned(),
        }
    }

    /// The schema under an `Option`.
    fn unoptional<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let parts = schema.get("anyOf").and_then(Value::as_array);
        let some = parts.and_then(|parts| parts.iter().find(|part| kind(part) != "null"));
        some.unwrap_or(schema)
    }

    /// The names that a closed list of values, or a tag, allows.
    fn choices(&self, schema: &Value) -> Vec<String> {
        let mut names = Vec::new();
        let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
        names.extend(listed.filter_map(Value::as_str).map(str::to_owned));
        for part in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
            let inner = part.get("enum").and_then(Value::as_array).into_iter().flatten();
            names.extend(inner.filter_map(Value::as_str).map(str::to_owned));
            let constant = part.get("const").or_else(|| Some(tag_of(part)?.1));
            names.extend(constant.and_then(Value::as_str).map(str::to_owned));
        }
        names
    }

    fn convert(
        &self,
        schema: &Value,
        field: &str,
        text: &str,
        context: &Context,
        files: &mut Vec<Vec<u8>>,
    ) -> Result<Value, Failure> {
        let some = self.unoptional(schema);
        let (target, name) = self.resolve(some);
        let bad = || Failure::BadValue {
            field: field.to_owned(),
            text: text.to_owned(),
            form: self.form(schema),
        };
        if text.starts_with(['{', '[']) {
            return serde_json::from_str(text).map_err(|_| bad());
        }
        if let Some(value) = named(name, text, context) {
            return value.ok_or_else(bad);
        }
        if let Some((tag, value)) = self.tagged(target, text) {
            return Ok(json!({ tag: value }));
        }
        let choices = self.choices(target);
        if !choices.is_empty() && !choices.iter().any(|choice| choice == text) {
            return Err(bad());
        }
        match kind(target) {
            "array" => {
                let item = target.get("items").unwrap_or(&Value::Null);
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                let each = parts.map(|part| self.convert(item, field, part, context, files));
                Ok(Value::Array(each.collect::<Result<_, _>>()?))
            }
            "integer" => {
                let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
                let number = plain.parse::<u64>().map(Value::from);
                number.or_else(|_| plain.parse::<i64>().map(Value::from)).map_err(|_| bad())
            }
            "boolean" => text.parse::<bool>().map(Value::from).map_err(|_| bad()),
            "object" => Err(bad()),
            _ => match text.strip_prefix('@') {
                Some(path) => {
                    let bytes = Context::read(Path::new(path))?;
                    let hash = hex::encode(journal::Hash::of(&bytes).bytes());
                    files.push(bytes);
                    Ok(hash.into())
                }
                None => Ok(text.into()),
            },
        }
    }

    /// A variant named by its tag alone: `basis=loss`.
    fn tagged<'s>(&self, schema: &'s Value, text: &str) -> Option<(&'s str, &'s Value)> {
        let variants = schema.get("oneOf")?.as_array()?;
        variants.iter().filter_map(tag_of).find(|(_, value)| value.as_str() == Some(text))
    }
}

/// The tag of a variant and its value.
fn tag_of(variant: &Value) -> Option<(&str, &Value)> {
    let properties = variant.get("properties")?.as_object()?;
    properties.iter().find_map(|(name, property)| Some((name.as_str(), property.get("const")?)))
}

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            let some = kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null");
            some.unwrap_or("")
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "",
    }
}

/// A value of a type with a short form; `None` when the type has none, `Some(None)` when the text
/// is not of that form.
fn named(name: Option<&str>, text: &str, context: &Context) -> Option<Option<Value>> {
    let value = match name? {
        "Money" => money(text, context),
        "Window" => window(text, context),
        "Timestamp" => context.instant(text).map(|at| json!(at)),
        "Ratio" => text.split_once('/').and_then(|(hits, total)| {
            let (hits, total) = (hits.trim().parse::<u64>(), total.trim().parse::<u64>());
            Some(json!({ "hits": hits.ok()?, "total": total.ok()? }))
        }),
        "Fraction" => fraction(text).map(|value| json!(value)),
        "ItemCount" => text.rsplit_once(':').and_then(|(item, quantity)| {
            let quantity: u64 = quantity.replace('_', "").parse().ok()?;
            Some(json!({ "item": item, "quantity": quantity }))
        }),
        _ => return None,
    };
    Some(value)
}

fn money(text: &str, context: &Context) -> Option<Value> {
    let (amount, currency) = match text.split_once(' ') {
        Some((amount, currency)) => (amount, currency.to_owned()),
        None => (text, context.words.currency?.code().to_owned()),
    };
    let amount = amount.replace([',', '_'], "");
    amount.parse::<Decimal>().ok()?;
    Some(json!({ "amount": amount, "currency": currency }))
}

fn window(text: &str, context: &Context) -> Option<Value> {
    let (from, to) = text.split_once('/').or_else(|| text.split_once(".."))?;
    let (from, to): (Timestamp, Timestamp) = (context.instant(from)?, context.instant(to)?);
    Some(json!({ "from": from, "to": to }))
}

fn fraction(text: &str) -> Option<Fraction> {
    if let Some(points) = text.strip_suffix('%') {
        let points: Decimal = points.trim().parse().ok()?;
        return points.to_fraction().checked_div(Fraction::whole(100));
    }
    if let Some((num, den)) = text.split_once('/') {
        let (num, den) = (num.trim().parse().ok()?, den.trim().parse().ok()?);
        return (den != 0).then(|| Fraction::new(num, den));
    }
    Some(text.parse::<Decimal>().ok()?.to_fraction())
}

fn put(into: &mut Value, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    let Value::Object(map) = into else { return };
    if rest.is_empty() {
        map.insert((*first).to_owned(), value);
    } else {
        put(map.entry((*first).to_owned()).or_insert(Value::Null), rest, value);
    }
}

/// A known name of similar spelling: the one with the longest common beginning, or a part of it.
pub(crate) fn nearest(name: &str, known: &[String]) -> Option<String> {
    let common = |other: &str| name.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let best = known.iter().max_by_key(|other| common(other))?;
    let part = || known.iter().find(|other| other.contains(name));
    if common(best) >= 3 { Some(best.clone()) } else { part().cloned() }
}
