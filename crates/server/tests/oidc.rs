//! Signing in through a provider made here: discovery, keys and tokens over TCP, signed with keys
//! of its own, by code that shares nothing with the library that verifies them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use server::egress::Egress;
use server::oidc::{Claimed, FLOW_SECONDS, Oidc, OidcError, Provider};
use sha2::{Digest as _, Sha256};
use units::Timestamp;
use url::Url;

use crate::receiver::{Received, Receiver};

const NOW: i64 = 1_800_000_000;

/// What the provider says; a test bends it.
pub(crate) struct Says {
    key: u8,
    key_id: &'static str,
    claims: Value,
    /// What replaces the header of the token.
    header: Option<Value>,
    /// Now, in seconds since 1970.
    pub(crate) now: i64,
    /// The challenge and nonce of the browser's request.
    pub(crate) challenge: String,
    pub(crate) nonce: String,
}

struct Scene {
    provider: Receiver,
    oidc: Oidc,
    says: Arc<Mutex<Says>>,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW + seconds)
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn jwk(seed: u8, id: &str) -> Value {
    let point = key(seed).verifying_key().to_sec1_point(false);
    let (x, y) = (text(&point.as_bytes()[1..33]), text(&point.as_bytes()[33..65]));
    json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": id, "x": x, "y": y })
}

fn token(says: &Says, issuer: &str) -> String {
    let mut claims = json!({
        "iss": issuer, "aud": "tally", "sub": "ana-1", "iat": says.now, "exp": says.now + 300,
        "nonce": says.nonce, "email": "ana@acme.com", "email_verified": true
    });
    for (name, value) in says.claims.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let header = json!({ "alg": "ES256", "kid": says.key_id });
    let header = says.header.clone().unwrap_or(header);
    let signed =
        format!("{}.{}", text(header.to_string().as_bytes()), text(claims.to_string().as_bytes()));
    let signature: Signature = key(says.key).sign(signed.as_bytes());
    let none = header["alg"] == "none";
    format!("{signed}.{}", if none { String::new() } else { text(&signature.to_bytes()) })
}

fn answer(says: &Says, origin: &str, request: &Received) -> (u16, Value) {
    let path = request.line.split(' ').nth(1).unwrap();
    match path {
        "/.well-known/openid-configuration" => (
            200,
            json!({
                "issuer": origin, "authorization_endpoint": format!("{origin}/authorize"),
                "token_endpoint": format!("{origin}/token"), "jwks_uri": format!("{origin}/keys"),
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"]
            }),
        ),
        "/keys" => (200, json!({ "keys": [jwk(says.key, says.key_id)] })),
        "/token" => {
            let form: BTreeMap<_, _> =
                url::form_urlencoded::parse(&request.body).into_owned().collect();
            let challenge = text(&Sha256::digest(&form["code_verifier"]));
            let basic = request.header("authorization").starts_with("Basic ");
            if form["code"] != "good" || challenge != says.challenge || !basic {
                return (400, json!({ "error": "invalid_grant" }));
            }
            let token = token(says, origin);
            (200, json!({ "access_token": "a", "token_type": "Bearer", "id_token": token }))
        }
        _ => (404, json!({})),
    }
}

/// A running provider, and how it is configured here.
pub(crate) async fn provider() -> (Receiver, Arc<Mutex<Says>>, Provider) {
    let (challenge, nonce) = (String::new(), String::new());
    let says =
        Says { key: 1, key_id: "k1", claims: json!({}), header: None, now: NOW, challenge, nonce };
    let says = Arc::new(Mutex::new(says));
    let (shared, own) = (says.clone(), Arc::new(Mutex::new(String::new())));
    let origin = own.clone();
    let provider = Receiver::start(Box::new(move |_, request| {
        let (status, body) = answer(&shared.lock().unwrap(), &origin.lock().unwrap(), request);
        let body = body.to_string();
        let head = "content-type: application/json\r\nconnection: close";
        Some(format!(
            "HTTP/1.1 {status} X\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
    }))
    .await;
    own.lock().unwrap().clone_from(&provider.origin);
    let configured = Provider {
        id: "corp".to_owned(),
        name: "Corporate".to_owned(),
        issuer: provider.origin.clone(),
        client_id: "tally".to_owned(),
        client_secret: Some("s3cret".to_owned()),
        scopes: vec!["email".to_owned()],
    };
    (provider, says, configured)
}

async fn scene() -> Scene {
    let (provider, says, configured) = self::provider().await;
    let origin = Url::parse("https://tally.acme.com").unwrap();
    let oidc = Oidc::new(origin, vec![configured], |rules| Egress::new(rules, &[]));
    Scene { provider, oidc, says }
}

/// What the browser holds between the two requests.
struct Begun {
    state: String,
    browser: String,
}

impl Scene {
    /// Begins, and carries to the provider what the browser would.
    async fn start(&self, return_path: &str, linking: Option<&str>, seed: u8) -> Begun {
        let random = [[seed; 32], [seed + 1; 32], [seed + 2; 32]];
        let linking = linking.map(str::to_owned);
        let started = self.oidc.start("corp", return_path, linking, random, at(0)).await.unwrap();
        let query: BTreeMap<_, _> = started.url.query_pairs().into_owned().collect();
        assert!(started.url.as_str().starts_with(&format!("{}/authorize?", self.provider.origin)));
        let back = "https://tally.acme.com/api/v1/oidc/corp/callback";
        assert_eq!(query["redirect_uri"], back);
        assert_eq!((&*query["response_type"], &*query["scope"]), ("code", "openid email"));
        assert_eq!((&*query["client_id"], &*query["code_challenge_method"]), ("tally", "S256"));
        assert!(!started.url.as_str().contains(&started.browser));
        let mut says = self.says.lock().unwrap();
        says.challenge.clone_from(&query["code_challenge"]);
        says.nonce.clone_from(&query["nonce"]);
        Begun { state: query["state"].clone(), browser: started.browser }
    }

    async fn finish(&self, begun: &Begun, code: &str, late: i64) -> Result<Claimed, OidcError> {
        self.oidc.finish("corp", Ok(code), &begun.state, &begun.browser, at(late)).await
    }

    fn bend(&self, bend: impl FnOnce(&mut Says)) {
        bend(&mut self.says.lock().unwrap());
    }
}

fn code<T>(result: &Result<T, OidcError>) -> &'static str {
    result.as_ref().map_or_else(OidcError::code, |_| "ok")
}

#[tokio::test]
async fn a_person_is_who_the_provider_says_and_returns_to_where_they_wanted() {
    let scene = scene().await;
    let begun = scene.start("/agreements/lease?tab=money", None, 10).await;
    let claimed = scene.finish(&begun, "good", 5).await.unwrap();
    let expected = Claimed {
        provider: "corp".to_owned(),
        issuer: scene.provider.origin.clone(),
        subject: "ana-1".to_owned(),
        verified_email: Some("ana@acme.com".to_owned()),
        linking: None,
        return_path: "/agreements/lease?tab=money".to_owned(),
    };
    assert_eq!(claimed, expected);
    let begun = scene.start("https://evil.com", Some("p1"), 20).await;
    let claimed = scene.finish(&begun, "good", 5).await.unwrap();
    assert_eq!((claimed.return_path.as_str(), claimed.linking.as_deref()), ("/", Some("p1")));
    let lines = scene.provider.received().into_iter().map(|request| request.line);
    let found = lines.filter(|line| line.contains("well-known") || line.contains("keys"));
    assert_eq!(found.count(), 2, "what a provider says of itself is kept");
}

#[tokio::test]
async fn a_flow_serves_the_browser_that_began_it_once_and_in_time() {
    let scene = scene().await;
    let begun = scene.start("/", None, 10).await;
    let stolen = Begun { browser: "0".repeat(64), state: begun.state.clone() };
    assert_eq!(code(&scene.finish(&stolen, "good", 1).await), "sign_in_over");
    let unknown = Begun { state: "0".repeat(64), browser: begun.browser.clone() };
    assert_eq!(code(&scene.finish(&unknown, "good", 1).await), "sign_in_over");
    let elsewhere = scene.oidc.finish("other", Ok("good"), &begun.state, &begun.browser, at(1));
    assert_eq!(code(&elsewhere.await), "sign_in_over");
    assert_eq!(code(&scene.finish(&begun, "good", 1).await), "ok");
    assert_eq!(code(&scene.finish(&begun, "good", 1).await), "sign_in_over");
    let begun = scene.start("/", None, 20).await;
    assert_eq!(code(&scene.finish(&begun, "good", FLOW_SECONDS).await), "sign_in_over");
}

#[tokio::test]
async fn what_the_provider_did_not_say_to_us_now_is_refused() {
    let scene = scene().await;
    let mut seed = 10;
    let mut check = async |bend: &dyn Fn(&mut Says), expected: &str| {
        seed += 3;
        scene.bend(|says| (says.claims, says.header, says.key) = (json!({}), None, 1));
        let begun = scene.start("/", None, seed).await;
        scene.bend(bend);
        let found = scene.finish(&begun, "good", 5).await;
        assert_eq!(code(&found), expected, "{found:?}");
    };
    check(&|_| {}, "ok").await;
    let claims: [(&str, Value); 6] = [
        ("nonce", "another".into()),
        ("aud", "another".into()),
        ("iss", "https://evil.com".into()),
        ("exp", (NOW - 10).into()),
        ("exp", Value::Null),
        ("sub", Value::Null),
    ];
    for (name, value) in claims {
        let expected = match value {
            // A token without a subject or an end is none at all.
            Value::Null => "provider_unreachable",
            _ => "provider_token",
        };
        check(&|says| says.claims = json!({ name: value }), expected).await;
    }
    check(&|says| says.header = Some(json!({ "alg": "none" })), "provider_token").await;
    let shared = json!({ "alg": "HS256", "kid": "k1" });
    check(&|says| says.header = Some(shared.clone()), "provider_token").await;
    check(&|says| says.challenge = "another".to_owned(), "provider_unreachable").await;
    // A key that is not among the provider's.
    check(&|says| says.key = 2, "provider_token").await;
}

#[tokio::test]
async fn an_email_that_the_provider_does_not_vouch_for_names_nobody() {
    let scene = scene().await;
    for (seed, verified) in [(10, json!(false)), (20, Value::Null)] {
        scene.bend(|says| says.claims = json!({ "email_verified": verified }));
        let begun = scene.start("/", None, seed).await;
        let claimed = scene.finish(&begun, "good", 5).await.unwrap();
        assert_eq!(claimed.verified_email, None);
    }
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_read_when_it_is_needed_and_not_too_often() {
    let scene = scene().await;
    let begun = scene.start("/", None, 10).await;
    scene.finish(&begun, "good", 1).await.unwrap();
    scene.bend(|says| (says.key, says.key_id) = (2, "k2"));
    let begun = scene.start("/", None, 20).await;
    assert_eq!(code(&scene.finish(&begun, "good", 30).await), "provider_token", "a moment ago");
    let begun = scene.start("/", None, 30).await;
    assert_eq!(code(&scene.finish(&begun, "good", 61).await), "ok");
}

#[tokio::test]
async fn a_refusal_of_the_provider_is_told_by_its_code_alone() {
    let scene = scene().await;
    let begun = scene.start("/", None, 10).await;
    let answer = Err("access_denied\r\n<script>");
    let found = scene.oidc.finish("corp", answer, &begun.state, &begun.browser, at(1)).await;
    let Err(OidcError::Denied { code }) = found else { panic!("{found:?}") };
    assert_eq!(code, "access_deniedscript");
    let unknown = scene.oidc.start("nobody", "/", None, [[1; 32], [2; 32], [3; 32]], at(0)).await;
    assert!(matches!(unknown, Err(OidcError::UnknownProvider)));
}
