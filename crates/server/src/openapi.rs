//! The OpenAPI 3.1 document, made from the table of routes and the types' own JSON Schemas, so that
//! the interface is described once. Knows no handler.

use std::collections::{BTreeMap, BTreeSet};

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde::Serialize as _;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

use crate::auth::Gate;
use crate::problem::ProblemBody;
use crate::route::{Input, Output, Route};

/// Where the interface begins.
pub const PREFIX: &str = "/api/v1";
/// The version of OpenAPI that the document keeps to.
const OPENAPI: &str = "3.1.0";
/// The beginning of a reference to a component.
const SCHEMAS: &str = "#/components/schemas/";
/// How an exact decimal is written.
const DECIMAL: &str = "^-?(0|[1-9][0-9]{0,27})([.][0-9]{1,12})?$";

/// The document as it is committed and published: its text, indented.
#[must_use]
pub fn text() -> String {
    let document = document(&crate::routes::all());
    let mut text = Vec::new();
    let narrow = PrettyFormatter::with_indent(b" ");
    let mut writer = Serializer::with_formatter(&mut text, narrow);
    document.serialize(&mut writer).expect("a document has a JSON text");
    text.push(b'\n');
    String::from_utf8(text).expect("JSON is UTF-8")
}

/// The document.
pub(crate) fn document(routes: &[Route]) -> Value {
    let settings = || {
        SchemaSettings::draft2020_12().with(|with| {
            with.definitions_path = "/components/schemas".into();
            with.meta_schema = None;
        })
    };
    let mut reads = settings().for_deserialize().into_generator();
    let mut writes = settings().for_serialize().into_generator();
    let problem = writes.subschema_for::<ProblemBody>().to_value();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for route in routes {
        let operation = operation(route, &mut reads, &mut writes);
        let path = paths.entry(format!("{PREFIX}{}", route.path)).or_default();
        path.insert(route.method.as_str().to_ascii_lowercase(), operation);
    }
    let mut input = reads.take_definitions(true);
    let output = writes.take_definitions(true);
    let renamed = differing(&input, &output);
    let mut paths = serde_json::to_value(paths).expect("a table has a JSON text");
    for operation in paths.as_object_mut().into_iter().flatten() {
        for operation in operation.1.as_object_mut().into_iter().flatten() {
            for part in ["parameters", "requestBody"] {
                if let Some(part) = operation.1.get_mut(part) {
                    rename(part, &renamed);
                }
            }
        }
    }
    let mut schemas = output;
    for (name, mut schema) in std::mem::take(&mut input) {
        rename(&mut schema, &renamed);
        let name = if renamed.contains(&name) { format!("{name}Input") } else { name };
        schemas.insert(name, schema);
    }
    for (name, schema) in &mut schemas {
        tighten(name, schema);
        bound(schema);
    }
    bound(&mut paths);
    json!({
        "openapi": OPENAPI,
        "info": {
            "title": "Tallystick",
            "version": "1",
            "description": "Agreements between a customer and a vendor, carried out. \
                Errors are problem documents (RFC 9457). See docs/api.md.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Problem": {
                "description": "Not done, and why.",
                "headers": { "X-Request-Id": { "schema": { "type": "string" } } },
                "content": { "application/problem+json": { "schema": problem } },
            } },
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-tally" },
                "csrf": { "type": "apiKey", "in": "header", "name": "X-CSRF-Token" },
                "key": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn operation(route: &Route, reads: &mut SchemaGenerator, writes: &mut SchemaGenerator) -> Value {
    let declared = route.declared();
    let mut parameters: Vec<Value> = path_parameters(route.path);
    if let Some(query) = route.query {
        let schema = query(reads).to_value();
        parameters.extend(query_parameters(&schema, reads));
    }
    if route.idempotent {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "The same key with the same request gives the same answer again.",
            "schema": {
                "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$",
            },
        }));
    }
    let mut success = json!({ "description": "Done." });
    let mut headers = json!({ "X-Request-Id": { "schema": { "type": "string" } } });
    if route.idempotent {
        headers["Idempotency-Replayed"] = json!({ "schema": { "const": "true" } });
    }
    success["headers"] = headers;
    match route.output {
        Output::Nothing => {}
        Output::Json(schema) => {
            let schema = schema(writes).to_value();
            success["content"] = json!({ "application/json": { "schema": schema } });
        }
        Output::Media(media) => {
            let text = media.starts_with("text/");
            let schema = if text { json!({ "type": "string" }) } else { json!({}) };
            success["content"] = json!({ media: { "schema": schema } });
        }
    }
    let mut responses = Map::new();
    responses.insert(route.status.to_string(), success);
    for status in problems(route) {
        let problem = json!({ "$ref": "#/components/responses/Problem" });
        responses.insert(status.to_string(), problem);
    }
    let mut operation = json!({
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "responses": responses,
        "security": security(&declared.gate, declared.write),
    });
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    let body = |media: &str, schema: Value| {
        let content = Map::from_iter([(media.to_owned(), json!({ "schema": schema }))]);
        json!({ "required": true, "content": content })
    };
    match route.input {
        Input::None => {}
        Input::Json(schema) => {
            operation["requestBody"] = body("application/json", schema(reads).to_value());
        }
        Input::Multipart(schema) => {
            operation["requestBody"] = body("multipart/form-data", schema(reads).to_value());
        }
        Input::Bytes(media) => {
            let content = media.iter().map(|media| {
                let schema = json!({});
                ((*media).to_owned(), json!({ "schema": schema }))
            });
            let content: Map<String, Value> = content.collect();
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
    }
    operation
}

/// Every status of a problem that a route can answer with.
fn problems(route: &Route) -> BTreeSet<u16> {
    let mut all = BTreeSet::from([400, 404, 421, 429, 500, 503]);
    if route.gate != Gate::Public {
        all.extend([401, 403]);
    }
    if !matches!(route.input, Input::None) {
        all.extend([408, 413, 415]);
    }
    if route.declared().write {
        all.extend([401, 403, 408, 409, 413, 422]);
    }
    if route.query.is_some() {
        all.extend([409, 422]);
    }
    if route.path.starts_with("/agreements/{id}") {
        all.insert(409);
    }
    all.remove(&route.status);
    all
}

fn security(gate: &Gate, write: bool) -> Value {
    match gate {
        Gate::Public => json!([]),
        _ if write => json!([{ "session": [], "csrf": [] }, { "key": [] }]),
        _ => json!([{ "session": [] }, { "key": [] }]),
    }
}

fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |name: &str| {
        let schema = match name {
            "seq" | "size" => json!({ "type": "integer", "minimum": 0, "maximum": 1_u64 << 53 }),
            "number" => json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX }),
            "sha256" => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
            "notice" => json!({ "type": "string", "pattern": "^[0-9a-f]{32}$" }),
            "token" => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$" }),
            _ => json!({
                "type": "string", "minLength": 1, "maxLength": 128,
                "pattern": "^[A-Za-z0-9_.:/-]+$",
            }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    };
    names.map(parameter).collect()
}

/// The fields of a query, each a parameter.
fn query_parameters(schema: &Value, generator: &SchemaGenerator) -> Vec<Value> {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix(SCHEMAS));
    let found = name.and_then(|name| generator.definitions().get(name)).unwrap_or(schema);
    let required: Vec<&str> =
        found["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = found["properties"].as_object().into_iter().flatten();
    let parameter = |(name, schema): (&String, &Value)| {
        let mut schema = schema.clone();
        // A query has no null: what is absent is absent.
        if let Some(kinds) = schema["type"].as_array() {
            let kinds: Vec<Value> = kinds.iter().filter(|kind| *kind != "null").cloned().collect();
            schema["type"] = match kinds.as_slice() {
                [one] => one.clone(),
                _ => kinds.into(),
            };
        }
        if let Some([one, Value::Object(null)]) = schema["anyOf"].as_array().map(Vec::as_slice)
            && null.get("type") == Some(&json!("null"))
        {
            schema = one.clone();
        }
        let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        let required = required.contains(&name.as_str());
        let mut parameter =
            json!({ "name": name, "in": "query", "required": required, "schema": schema });
        if let Some(about) = about {
            parameter["description"] = about;
        }
        parameter
    };
    fields.map(parameter).collect()
}

/// The names whose shape differs between what is read and what is written, with all that refer to
/// one of them.
fn differing(input: &Map<String, Value>, output: &Map<String, Value>) -> BTreeSet<String> {
    let mut differ: BTreeSet<String> = BTreeSet::new();
    loop {
        let before = differ.len();
        for (name, schema) in input {
            let other = output.get(name);
            if other.is_some_and(|other| other != schema || refers(schema, &differ)) {
                differ.insert(name.clone());
            }
        }
        if differ.len() == before {
            return differ;
        }
    }
}

fn refers(schema: &Value, to: &BTreeSet<String>) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(key, value)| match value.as_str() {
            Some(text) if key == "$ref" => {
                text.strip_prefix(SCHEMAS).is_some_and(|name| to.contains(name))
            }
            _ => refers(value, to),
        }),
        Value::Array(all) => all.iter().any(|value| refers(value, to)),
        _ => false,
    }
}

fn rename(schema: &mut Value, names: &BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "$ref" => {
                        let name = text.strip_prefix(SCHEMAS);
                        if let Some(name) = name.filter(|name| names.contains(*name)) {
                            *text = format!("{SCHEMAS}{name}Input");
                        }
                    }
                    value => rename(value, names),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|value| rename(value, names)),
        _ => {}
    }
}

/// What the types say in code and not in their schemas: the form of names, times and numbers.
fn tighten(name: &str, schema: &mut Value) {
    let text = match name {
        "Id" => json!({ "pattern": "^[A-Za-z0-9_.:/-]{1,128}$" }),
        "Date" => json!({ "format": "date" }),
        "Timestamp" => json!({ "format": "date-time" }),
        "Decimal" => json!({ "pattern": DECIMAL }),
        "Percent" => {
            json!({ "pattern": "^-?(0|[1-9][0-9]{0,27})([.][0-9]{1,12})? ?[%\u{ff05}\u{2030}]$" })
        }
        "Duration" => json!({ "pattern": "^[0-9]{1,9}(min|h|d|wd|mo|y)$" }),
        "Zone" => json!({ "pattern": "^[A-Za-z][A-Za-z0-9_+/-]{0,63}$" }),
        "Money" => return form_of(schema, "amount", DECIMAL),
        "Fraction" => {
            form_of(schema, "num", "^-?[0-9]{1,39}$");
            return form_of(schema, "den", "^[1-9][0-9]{0,38}$");
        }
        _ => return,
    };
    if let (Some(schema), Value::Object(text)) = (schema.as_object_mut(), text) {
        schema.extend(text);
    }
}

/// Says how a field of an object is written.
fn form_of(schema: &mut Value, field: &str, pattern: &str) {
    schema["properties"][field]["pattern"] = pattern.into();
}

/// Says how large the integers are that a type holds.
fn bound(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            let greatest = match map.get("format").and_then(Value::as_str) {
                Some("uint32") => Some(u64::from(u32::MAX)),
                Some("uint64") => Some(u64::MAX),
                _ => None,
            };
            if let Some(greatest) = greatest {
                map.entry("maximum").or_insert_with(|| greatest.into());
            }
            map.values_mut().for_each(bound);
        }
        Value::Array(all) => all.iter_mut().for_each(bound),
        _ => {}
    }
}
