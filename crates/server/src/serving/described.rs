//! The description of the service as OpenAPI 3.1, with the types' own schemas.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::refusal::Reason;
use super::{admin, classify};
use crate::problem::ProblemBody;

/// Where the schemas stand.
const SCHEMAS: &str = "/components/schemas";

/// The document.
pub(super) fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|with| {
        with.definitions_path = SCHEMAS.into();
        with.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let image = json!({ "type": "string", "contentMediaType": "image/jpeg" });
    let files = json!({ "type": "object", "additionalProperties": image });
    let form = json!({ "schema": files });
    let one = json!({
        "image/jpeg": {}, "image/png": {}, "image/webp": {}, "image/gif": {},
        "application/octet-stream": {}, "multipart/form-data": form,
    });
    let several = json!({ "multipart/form-data": form });
    let query = query(&mut schemas);
    let mut paths = Map::new();
    let mut add = |path: &str, method: &str, summary: &str, rest: Value| {
        let mut operation = json!({ "summary": summary, "responses": rest["responses"] });
        for part in ["parameters", "requestBody", "security"] {
            if let Some(value) = rest.get(part) {
                operation[part] = value.clone();
            }
        }
        let entry = paths.entry(path.to_owned()).or_insert_with(|| json!({}));
        entry[method] = operation;
    };
    let key = json!([{}, { "key": [] }]);
    let mut asked = |path: &str, summary: &str, content: Value, answer: Value| {
        add(
            path,
            "post",
            summary,
            json!({
                "parameters": query, "security": key,
                "requestBody": { "required": true, "content": content },
                "responses": responses(&answer),
            }),
        );
    };
    let answer = reference::<classify::ClassifyAnswer>(&mut schemas);
    asked("/v1/classify", "What an image shows", one, answer);
    let answer = reference::<classify::BatchAnswer>(&mut schemas);
    asked("/v1/classify/batch", "What several images show", several, answer);
    let models = reference::<admin::ModelsView>(&mut schemas);
    let admin = json!([{ "key": [] }]);
    let rest = json!({ "security": admin, "responses": responses(&models) });
    add("/v1/models", "get", "Models and their versions", rest);
    let model = reference::<admin::ModelView>(&mut schemas);
    let version = reference::<admin::VersionRequest>(&mut schemas);
    let rows = [
        ("/v1/models", "Load a package", Some(reference::<admin::LoadRequest>(&mut schemas))),
        ("/v1/models/{model}/activate", "Make a version active", Some(version.clone())),
        (
            "/v1/models/{model}/canary",
            "Give a version a share",
            Some(reference::<admin::CanaryRequest>(&mut schemas)),
        ),
        (
            "/v1/models/{model}/shadow",
            "Compare a version in the shadow",
            Some(reference::<admin::ShadowRequest>(&mut schemas)),
        ),
        ("/v1/models/{model}/rollback", "Go back to what was active before", None),
        ("/v1/models/{model}/unload", "Let a version go", Some(version)),
    ];
    for (path, summary, body) in rows {
        let mut rest = json!({
            "security": admin, "parameters": names(path), "responses": responses(&model),
        });
        if let Some(body) = body {
            let content = json!({ "application/json": { "schema": body } });
            rest["requestBody"] = json!({ "required": true, "content": content });
        }
        add(path, "post", summary, rest);
    }
    let any = json!({});
    for (path, summary) in [
        ("/v2", "The server (Open Inference Protocol)"),
        ("/v2/health/live", "Whether it is alive"),
        ("/v2/health/ready", "Whether it takes requests"),
        ("/v2/models/{model}", "What a model takes and gives"),
        ("/v2/models/{model}/ready", "Whether a model answers"),
        ("/v2/models/{model}/versions/{version}", "What a version takes and gives"),
        ("/v2/models/{model}/versions/{version}/ready", "Whether a version answers"),
    ] {
        let rest = json!({ "parameters": names(path), "responses": responses(&any) });
        add(path, "get", summary, rest);
    }
    for path in ["/v2/models/{model}/infer", "/v2/models/{model}/versions/{version}/infer"] {
        let content = json!({ "application/json": {}, "application/octet-stream": {} });
        let rest = json!({
            "security": key, "parameters": names(path),
            "requestBody": { "required": true, "content": content },
            "responses": responses(&any),
        });
        add(path, "post", "Images or tensors in, tensors out", rest);
    }
    let problem = reference::<ProblemBody>(&mut schemas);
    let codes: Vec<_> = Reason::ALL
        .iter()
        .map(|reason| format!("`{}` ({})", reason.code(), reason.status()))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tallystick: classification service",
            "version": "1",
            "description": format!("Problems are those of RFC 9457. Codes: {}.", codes.join(", ")),
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": { "Problem": {
                "description": "Not done, and why.",
                "content": { "application/problem+json": { "schema": problem } },
            } },
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn reference<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().to_value()
}

fn responses(answer: &Value) -> Value {
    json!({
        "200": {
            "description": "Done.",
            "content": { "application/json": { "schema": answer } },
        },
        "default": { "$ref": "#/components/responses/Problem" },
    })
}

fn names(path: &str) -> Value {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let schema = json!({ "type": "string" });
    names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": schema }))
        .collect()
}

/// The fields of the query of `/v1/classify`.
fn query(schemas: &mut SchemaGenerator) -> Value {
    let schema = classify::ClassifyQuery::json_schema(schemas).to_value();
    let fields = schema["properties"].as_object().cloned().unwrap_or_default();
    let mut parameters: Vec<Value> = fields
        .into_iter()
        .map(|(name, mut schema)| {
            let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            json!({ "name": name, "in": "query", "description": about, "schema": schema })
        })
        .collect();
    parameters.push(json!({
        "name": "X-Request-Id", "in": "header",
        "description": "Under this id each image counts once, however often it is sent.",
        "schema": { "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" },
    }));
    parameters.into()
}
