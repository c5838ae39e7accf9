//! The lexicon that the console is built with is the one that stands here; its codes are those of
//! serde; every field of a fact and an action has a label in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use contract::command::Action;
use contract::event::{Actor, ClaimBasis, DisputeSubject, Event, Fact, PaymentPurpose};
use contract::terms::{
    AcceptanceRule, CreditMethod, LateCap, LateRate, LiabilityCap, ModelOwnership, PaymentDue,
    Plan, Price, Service, SettlementCycle, TrainingFee,
};
use schemars::{JsonSchema, schema_for};
use serde_json::Value;
use units::Lang;

use super::{Codes, Table, enums, lexicon, tables, written};
use crate::words::Words;

/// The file that the console reads.
const FILE: &str = "../../web/src/words/lexicon.json";

#[test]
fn the_lexicon_of_the_console_is_as_it_stands_here() {
    let found = serde_json::to_string_pretty(&lexicon()).expect("names have a JSON form") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder to write in");
        fs::write(&path, &found).expect("the lexicon is written");
    }
    let expected = fs::read_to_string(&path).expect("written with GOLDEN=write");
    assert!(found == expected, "{} is stale: GOLDEN=write writes it anew", path.display());
}

#[test]
fn every_table_has_names_and_every_name_has_words() {
    let all = tables();
    assert!(all.len() > 50, "only {} tables", all.len());
    for (name, table) in &all {
        assert!(!table.is_empty(), "{name} is empty");
        for (code, both) in table {
            let silent = both.zh.is_empty() || both.en.is_empty() && code != "count";
            assert!(!silent, "{name} {code} has no words");
        }
    }
}

#[test]
fn the_codes_of_the_lexicon_are_those_of_serde() {
    let all = enums();
    assert!(all.len() > 45, "only {} tables", all.len());
    let mut strange = Vec::new();
    for (name, known, table) in all {
        let Some(known) = known else { continue };
        let codes = table.into_keys().filter(|code| !known(code));
        strange.extend(codes.map(|code| format!("{name}.{code}")));
    }
    assert!(strange.is_empty(), "codes that JSON has not: {strange:?}");
}

fn schema<T: JsonSchema>() -> Value {
    schema_for!(T).to_value()
}

fn variants(schema: &Value) -> Vec<&Value> {
    schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().collect()
}

/// The code of a variant under its tag.
fn code<'v>(variant: &'v Value, tag: &str) -> &'v str {
    let code = variant.pointer(&format!("/properties/{tag}/const")).and_then(Value::as_str);
    code.expect("a variant with its tag")
}

#[test]
fn the_codes_of_variants_with_fields_are_those_of_their_schemas() {
    let rows: [(&str, &str, Value); 19] = [
        ("acceptance_rule", "type", schema::<AcceptanceRule>()),
        ("action", "do", schema::<Action>()),
        ("actor", "of", schema::<Actor>()),
        ("claim_basis", "basis", schema::<ClaimBasis>()),
        ("credit_method", "type", schema::<CreditMethod>()),
        ("dispute_subject", "about", schema::<DisputeSubject>()),
        ("event", "kind", schema::<Event>()),
        ("fact", "fact", schema::<Fact>()),
        ("late_cap", "type", schema::<LateCap>()),
        ("late_rate", "type", schema::<LateRate>()),
        ("liability_cap", "type", schema::<LiabilityCap>()),
        ("model_ownership", "type", schema::<ModelOwnership>()),
        ("payment_due", "type", schema::<PaymentDue>()),
        ("payment_purpose", "for", schema::<PaymentPurpose>()),
        ("plan", "type", schema::<Plan>()),
        ("price", "type", schema::<Price>()),
        ("service", "type", schema::<Service>()),
        ("settlement_cycle", "type", schema::<SettlementCycle>()),
        ("training_fee", "type", schema::<TrainingFee>()),
    ];
    let all = tables();
    for (name, tag, schema) in rows {
        let published: BTreeSet<_> =
            variants(&schema).into_iter().map(|variant| code(variant, tag)).collect();
        let named: BTreeSet<_> =
            all.get(name).into_iter().flat_map(Table::keys).map(String::as_str).collect();
        assert_eq!(named, published, "{name}");
    }
}

/// The whole terms and documents: their fields have the agreement file for a form.
const OF_THE_TERMS: [&str; 2] = ["#/$defs/Agreement", "#/$defs/Document"];

/// The properties that a schema has, with those of what it refers to.
fn properties(schema: &Value, root: &Value, seen: &mut BTreeSet<String>, out: &mut Vec<String>) {
    match schema {
        Value::Array(items) => {
            for item in items {
                properties(item, root, seen, out);
            }
        }
        Value::Object(map) => {
            let named = map.get("properties").and_then(Value::as_object);
            out.extend(named.into_iter().flat_map(|named| named.keys().cloned()));
            for (key, inner) in map {
                match inner.as_str().filter(|_| key == "$ref") {
                    Some(to) if OF_THE_TERMS.contains(&to) || !seen.insert(to.to_owned()) => {}
                    Some(to) => {
                        let target = root.pointer(to.trim_start_matches('#'));
                        properties(target.expect("a definition"), root, seen, out);
                    }
                    None => properties(inner, root, seen, out),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn every_field_of_a_fact_and_of_an_action_has_a_label_in_both_languages() {
    let mut labelled = BTreeSet::new();
    for (tag, root) in [("fact", schema::<Fact>()), ("do", schema::<Action>())] {
        for variant in variants(&root) {
            let of = code(variant, tag);
            let mut names = Vec::new();
            properties(variant, &root, &mut BTreeSet::new(), &mut names);
            for name in names {
                for lang in Lang::ALL {
                    let label = Words::new(lang).form_field(of, &name);
                    assert!(super::FORM_FIELDS.name(&name, lang).is_some(), "{of} {name}");
                    assert!(!label.is_empty(), "{of} {name}");
                }
                labelled.insert(format!("{of}.{name}"));
                labelled.insert(name);
            }
        }
    }
    assert_eq!(dead(&super::FORM_FIELDS, &labelled), Vec::<String>::new(), "no more fields");
}

/// Labels of what is no field.
fn dead(table: &Codes, fields: &BTreeSet<String>) -> Vec<String> {
    let codes = table.0.iter().map(|word| written(word.code));
    codes.filter(|code| !fields.contains(code)).collect()
}

#[test]
fn every_field_of_an_agreement_has_a_label_in_both_languages() {
    let root = contract::schema().to_value();
    let mut names = Vec::new();
    properties(&root, &root, &mut BTreeSet::new(), &mut names);
    let names: BTreeSet<String> = names.into_iter().collect();
    assert!(names.len() > 250, "only {} fields", names.len());
    for lang in Lang::ALL {
        let silent: Vec<_> =
            names.iter().filter(|name| super::TERM_FIELDS.name(name, lang).is_none()).collect();
        assert!(silent.is_empty(), "fields without a label: {silent:?}");
    }
    let mut labelled = names.clone();
    for place in &names {
        labelled.extend(names.iter().map(|name| format!("{place}.{name}")));
    }
    assert_eq!(dead(&super::TERM_FIELDS, &labelled), Vec::<String>::new(), "no more fields");
}

#[test]
fn a_field_has_the_label_of_its_place_before_its_own() {
    let words = Words::new(Lang::En);
    let rows = [
        ("issue_invoice", "due", "due date"),
        ("submit_statement", "due", "amount due"),
        ("storage_sampled", "taken", "when it was sampled"),
        ("job_ran", "novelty", "novelty"),
    ];
    for (of, field, label) in rows {
        assert_eq!(words.form_field(of, field), label, "{of} {field}");
    }
}

/// The codes of a closed list of values, or of variants told apart by a tag.
fn choices(schema: &Value) -> BTreeSet<String> {
    let list = |value: &Value, key: &str| {
        let found = value.get(key).and_then(Value::as_array).cloned();
        found.unwrap_or_default()
    };
    let mut found = list(schema, "enum");
    for variant in list(schema, "oneOf") {
        found.extend(list(&variant, "enum"));
        found.extend(variant.get("const").cloned());
        let properties = variant.get("properties").and_then(Value::as_object);
        found.extend(
            properties.and_then(|all| all.values().find_map(|one| one.get("const").cloned())),
        );
    }
    found.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn every_choice_of_the_published_forms_has_names() {
    let forms = [
        contract::schema().to_value(),
        contract::event_schema().to_value(),
        schema::<Action>(),
        schema::<settlement::Statement>(),
        schema::<contract::Position>(),
    ];
    let (all, mut silent, mut seen) = (tables(), Vec::new(), BTreeSet::new());
    for form in &forms {
        let defined = form.get("$defs").and_then(Value::as_object).expect("definitions");
        for (name, one) in defined {
            let codes = choices(one);
            if codes.is_empty() || UNSAID.contains(&name.as_str()) || !seen.insert(name.clone()) {
                continue;
            }
            let table = match name.as_str() {
                "ObligationKind" => all.get("obligation"),
                name => all.get(super::snake_case(name).as_str()),
            };
            let named = |code: &&String| table.is_some_and(|table| table.contains_key(*code));
            let missing: Vec<_> = codes.iter().filter(|code| !named(code)).collect();
            if !missing.is_empty() {
                silent.push(format!("{name}: {missing:?}"));
            }
        }
    }
    assert!(seen.len() > 60, "only {seen:?}");
    assert!(silent.is_empty(), "choices without names: {}", silent.join("; "));
}

/// Choices that no person reads: the version of a form.
const UNSAID: [&str; 1] = ["Format"];
