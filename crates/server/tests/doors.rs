//! Who is let in: every route of the document is closed to who is not signed in, and to strangers
//! of an agreement; keys do what their scopes say; sessions cannot be fixed, guessed or forged.

use serde_json::{Value, json};
use server::Rates;

use crate::client::{Client, PASSWORD, Served, fresh_key, lease, person};

/// Operations that anybody may call.
const PUBLIC: [&str; 12] = [
    "get_setup",
    "set_up",
    "sign_in",
    "sign_in_code",
    "get_invitation",
    "accept_invitation",
    "verify",
    "get_schema",
    "list_clauses",
    // Signing in by a passkey or through a provider.
    "start_passkey_sign_in",
    "finish_passkey_sign_in",
    "list_providers",
];

/// Every operation of the document with its method, its path and whether it is public.
fn operations() -> Vec<(String, String, String, bool)> {
    let document: Value = serde_json::from_str(&server::openapi::text()).unwrap();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap().to_owned();
            let public = operation["security"].as_array().unwrap().is_empty();
            all.push((method.to_ascii_uppercase(), path.clone(), name, public));
        }
    }
    all
}

/// The path with values in the place of its parameters.
fn filled(path: &str, agreement: &str) -> String {
    let part = |part: &str| match part {
        "{id}" => agreement.to_owned(),
        "{seq}" | "{size}" => "0".to_owned(),
        "{number}" => "1".to_owned(),
        part if part.starts_with('{') => "a".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn call(client: &Client, method: &str, path: &str) -> crate::client::Answer {
    let key = fresh_key();
    let mut headers = vec![("idempotency-key", key.as_str())];
    if method != "GET" && method != "DELETE" {
        headers.push(("content-type", "application/json"));
    }
    let body: &[u8] = if method == "GET" || method == "DELETE" { b"" } else { b"{}" };
    client.send(method, path, &headers, body).await
}

#[tokio::test]
async fn every_route_but_the_public_ones_asks_to_sign_in() {
    let served = Served::start().await;
    let stranger = served.stranger();
    for (method, path, name, public) in operations() {
        let known = PUBLIC.contains(&name.as_str()) || path.contains("/oidc");
        assert_eq!(public, known, "{name} is {}", if public { "public" } else { "closed" });
        if public {
            continue;
        }
        let answer = call(&stranger, &method, &filled(&path, "lease-2026")).await;
        assert_eq!((answer.status, answer.problem()), (401, "sign_in_needed".to_owned()), "{name}");
    }
}

#[tokio::test]
async fn an_agreement_of_others_does_not_exist() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    // A member of another organisation, invited to nothing.
    let body = json!({ "roles": ["auditor"], "email": "eve@else.example" });
    let invited = owner.post("/invitations", &body).await;
    let link = invited.json()["link"].as_str().unwrap().to_owned();
    let token = link.rsplit('#').next().unwrap();
    let mut guest = served.stranger();
    let body = json!({ "person": person("Eve", "eve@else.example") });
    let answer = guest.post(&format!("/invitations/{token}/accept"), &body).await;
    guest.sign_in_from(&answer, &answer.json());
    let id = guest.get("/session").await.json()["person"]["id"].as_str().unwrap().to_owned();
    assert_eq!(guest.get(&format!("/agreements/{agreement}")).await.status, 200);
    assert_eq!(owner.delete(&format!("/people/{id}")).await.status, 204);
    for (method, path, name, _) in operations() {
        if !path.contains("/agreements/{id}") {
            continue;
        }
        for asked in [agreement.as_str(), "no-such-agreement"] {
            let answer = call(&guest, &method, &filled(&path, asked)).await;
            let want = (404, "not_found".to_owned());
            assert_eq!((answer.status, answer.problem()), want, "{name} {asked}");
        }
    }
    let listed = guest.get("/agreements").await.json();
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn a_write_of_a_session_carries_its_token_and_comes_from_our_pages() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let body = json!({ "theme": "dark" });
    let mut forged = owner.clone();
    forged.csrf = None;
    assert_eq!(forged.post("/me", &body).await.problem(), "csrf_token");
    forged.csrf = Some("0".repeat(64));
    assert_eq!(forged.post("/me", &body).await.problem(), "csrf_token");
    let key = fresh_key();
    let check = |name: &'static str, value: &'static str, want: &'static str| {
        let (owner, body, key) = (owner.clone(), body.clone(), key.clone());
        async move {
            let headers = [("idempotency-key", key.as_str()), (name, value)];
            let answer = owner.post_with("/me", &body, &headers).await;
            assert_eq!(answer.problem(), want, "{name}: {value}");
        }
    };
    check("origin", "https://evil.example", "foreign_origin").await;
    check("origin", "null", "foreign_origin").await;
    check("sec-fetch-site", "cross-site", "foreign_origin").await;
    check("host", "evil.example", "wrong_host").await;
    assert_eq!(owner.post("/me", &body).await.status, 200);
}

#[tokio::test]
async fn a_session_that_somebody_planted_is_none() {
    let served = Served::start().await;
    served.owner().await;
    let mut planted = served.stranger();
    let token = "ab".repeat(32);
    planted.cookie = Some(format!("__Host-tally={token}"));
    let body = json!({ "email": "li@acme.example", "password": PASSWORD });
    let answer = planted.post("/session", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let set = answer.header("set-cookie").unwrap().to_owned();
    assert!(!set.contains(&token), "a sign-in takes a new token");
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain"), "{set}");
    assert_eq!(planted.get("/session").await.problem(), "sign_in_needed");
    let mut two = served.stranger();
    two.cookie = Some(format!("{}; __Host-tally={token}", set.split(';').next().unwrap()));
    assert_eq!(two.get("/session").await.problem(), "sign_in_needed", "two cookies are none");
}

#[tokio::test]
async fn a_session_ends_when_it_is_ended() {
    let served = Served::start().await;
    let owner = served.owner().await;
    assert_eq!(owner.get("/session").await.status, 200);
    assert_eq!(owner.delete("/session").await.status, 204);
    assert_eq!(owner.get("/session").await.problem(), "sign_in_needed");
}

#[tokio::test]
async fn guessing_passwords_ends_soon_and_tells_nothing() {
    let served = Served::start().await;
    served.owner().await;
    let stranger = served.stranger();
    let mut codes = Vec::new();
    for email in ["li@acme.example", "nobody@acme.example"] {
        for _ in 0..12 {
            let body = json!({ "email": email, "password": "wrong wrong wrong" });
            let answer = stranger.post("/session", &body).await;
            assert!(matches!(answer.status, 401 | 429), "{}", answer.status);
            if answer.status == 429 {
                let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
                assert!(wait > 0);
            }
            codes.push(answer.problem());
        }
    }
    assert_eq!(codes[0], "wrong_credentials");
    assert_eq!(codes.last().unwrap(), "rate_limited");
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits() {
    let few = std::num::NonZeroU32::new(5).unwrap();
    let served = Served::with(Rates { address: few, ..Rates::default() }).await;
    let stranger = served.stranger();
    let mut last = stranger.get("/setup").await;
    for _ in 0..6 {
        last = stranger.get("/setup").await;
    }
    assert_eq!((last.status, last.problem()), (429, "rate_limited".to_owned()));
    assert!(last.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(stranger.send("GET", "/healthz", &[], b"").await.status, 200, "health is no guest");
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_is_shown_once() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let body = json!({ "name": "reader", "scopes": ["read"], "days": 30 });
    let once = fresh_key();
    let made = owner.post_with("/keys", &body, &[("idempotency-key", &once)]).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let key = made.json()["key"].as_str().unwrap().to_owned();
    let again = owner.post_with("/keys", &body, &[("idempotency-key", &once)]).await;
    assert_eq!((again.status, again.problem()), (409, "not_now".to_owned()));
    assert!(!again.text().contains(&key));
    let machine = Client { key: Some(key.clone()), ..served.stranger() };
    assert_eq!(machine.get(&format!("/agreements/{agreement}/position")).await.status, 200);
    let text = json!({ "text": "hello", "visibility": "shared" });
    let refused = machine.post(&format!("/agreements/{agreement}/notes"), &text).await;
    assert_eq!((refused.status, refused.problem()), (403, "role_missing".to_owned()));
    let wrong = Client { key: Some(format!("{key}x")), ..served.stranger() };
    assert_eq!(wrong.get("/session").await.problem(), "sign_in_needed");
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(owner.delete(&format!("/keys/{id}")).await.status, 204);
    let late = machine.get(&format!("/agreements/{agreement}/position")).await;
    assert_eq!(late.problem(), "sign_in_needed", "a revoked key is none at once");
}
