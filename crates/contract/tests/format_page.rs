//! The tables of `docs/agreement-format.md`, from the published schema and the table of clauses:
//! one table for each type, at its first place in an agreement.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use serde_json::Value;

/// A table that still has to be written: its name, its schema, and where it stands.
struct Pending {
    name: String,
    schema: Value,
    kind: Option<String>,
    path: String,
}

pub(crate) fn tables() -> String {
    let schema = Value::from(contract::schema());
    let definitions = &schema["$defs"];
    let root = Pending {
        name: "Agreement".to_owned(),
        schema: schema.clone(),
        kind: None,
        path: String::new(),
    };
    let mut pending = VecDeque::from([root]);
    let mut seen = BTreeSet::new();
    let mut page = String::new();
    while let Some(next) = pending.pop_front() {
        if seen.insert(next.name.clone()) {
            write_type(&mut page, &next, definitions, &mut pending);
        }
    }
    page
}

fn write_type(
    page: &mut String,
    of: &Pending,
    definitions: &Value,
    pending: &mut VecDeque<Pending>,
) {
    writeln!(page, "\n## {}\n", of.name).expect("to memory");
    let (text, _) = split_clauses(describe(&of.schema));
    if !of.path.is_empty() {
        writeln!(page, "First at `{}`. {text}", of.path).expect("to memory");
    } else {
        writeln!(page, "{text}").expect("to memory");
    }
    let Some(alternatives) = of.schema["oneOf"].as_array() else {
        write_fields(page, &of.schema, of, definitions, pending);
        return;
    };
    if alternatives.iter().all(|found| found["const"].is_string()) {
        writeln!(page, "\n| value | meaning |\n| --- | --- |").expect("to memory");
        for found in alternatives {
            let (text, clauses) = split_clauses(describe(found));
            let clauses = if clauses.is_empty() { clauses } else { format!(" ({clauses})") };
            let code = found["const"].as_str().expect("a code");
            writeln!(page, "| `\"{code}\"` | {text}{clauses} |").expect("to memory");
        }
        return;
    }
    for found in alternatives {
        let code = found["properties"]["type"]["const"].as_str().expect("a type");
        let (text, clauses) = split_clauses(describe(found));
        let clauses = if clauses.is_empty() { clauses } else { format!(" ({clauses})") };
        writeln!(page, "\n`type = \"{code}\"`: {text}{clauses}").expect("to memory");
        let kind = if of.path == "service" { Some(code.to_owned()) } else { of.kind.clone() };
        let of =
            Pending { name: of.name.clone(), schema: found.clone(), kind, path: of.path.clone() };
        // A kind of service is a reference to its terms.
        let terms = resolve(found, definitions).unwrap_or(found);
        write_fields(page, terms, &of, definitions, pending);
    }
}

fn write_fields(
    page: &mut String,
    schema: &Value,
    of: &Pending,
    definitions: &Value,
    pending: &mut VecDeque<Pending>,
) {
    let properties = schema["properties"].as_object();
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields: BTreeMap<&str, &Value> = properties
        .into_iter()
        .flatten()
        .map(|(name, field)| (name.as_str(), field))
        .filter(|(name, _)| *name != "type")
        .collect();
    if fields.is_empty() {
        return;
    }
    // The schema keeps the order of the agreement for what must be there alone.
    let must = required.iter().copied().filter(|name| fields.contains_key(name));
    let may = fields.keys().copied().filter(|name| !required.contains(name));
    writeln!(page, "\n| field | value | what it says | clause |\n| --- | --- | --- | --- |")
        .expect("to memory");
    for name in must.chain(may) {
        let field = fields[name];
        let list = field["type"] == "array";
        let path = join(&of.path, name, list);
        let (text, clauses) = split_clauses(describe(field));
        let clauses = if clauses.is_empty() { clause(of.kind.as_deref(), &path) } else { clauses };
        let value = value_of(field, definitions, of.kind.as_ref(), &path, pending);
        let may_lack = match (required.contains(&name), list) {
            (true, _) => "",
            (false, true) => ", may be empty",
            (false, false) => ", may be left out",
        };
        writeln!(page, "| `{name}` | {value}{may_lack} | {text} | {clauses} |").expect("to memory");
    }
}

/// What may stand in a field; a type with a table of its own is put in the queue.
fn value_of(
    field: &Value,
    definitions: &Value,
    kind: Option<&String>,
    path: &str,
    pending: &mut VecDeque<Pending>,
) -> String {
    if field["type"] == "array" {
        let inner = value_of(&field["items"], definitions, kind, path, pending);
        return format!("list of {inner}");
    }
    if let Some(either) = field["anyOf"].as_array() {
        return value_of(&either[0], definitions, kind, path, pending);
    }
    let Some(reference) = field["$ref"].as_str() else {
        let kind = field["type"].as_str().or_else(|| field["type"][0].as_str());
        return match kind {
            Some("string") => "text".to_owned(),
            Some("boolean") => "`true` or `false`".to_owned(),
            Some(other) => other.to_owned(),
            None => "text".to_owned(),
        };
    };
    let name = reference.rsplit('/').next().expect("a reference ends with a name");
    let schema = &definitions[name];
    if schema["type"] == "string" && schema["enum"].is_null() {
        return name.to_lowercase();
    }
    if let Some(codes) = schema["enum"].as_array() {
        let codes: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
        return codes.join(", ");
    }
    pending.push_back(Pending {
        name: name.to_owned(),
        schema: schema.clone(),
        kind: kind.cloned(),
        path: path.to_owned(),
    });
    format!("[{name}](#{})", name.to_lowercase())
}

fn resolve<'a>(schema: &'a Value, definitions: &'a Value) -> Option<&'a Value> {
    let reference = schema["$ref"].as_str()?;
    definitions.get(reference.rsplit('/').next()?)
}

fn describe(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().replace('\n', " ")
}

/// The text, and the clauses that it cites at its end.
fn split_clauses(text: String) -> (String, String) {
    let cited = text.find("Clauses: ").or_else(|| text.find("Clause: "));
    let Some(at) = cited else { return (text, String::new()) };
    let (said, clauses) = text.split_at(at);
    let clauses = clauses.split_once(": ").map_or("", |(_, clauses)| clauses);
    let (clauses, rest) = clauses.split_once(". ").unwrap_or((clauses.trim_end_matches('.'), ""));
    (format!("{said}{rest}").trim().to_owned(), clauses.to_owned())
}

fn clause(kind: Option<&str>, path: &str) -> String {
    contract::terms::clause_of(kind, path).map(|clause| clause.to_string()).unwrap_or_default()
}

fn join(path: &str, name: &str, list: bool) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    let list = if list { "[0]" } else { "" };
    format!("{path}{dot}{name}{list}")
}
