//! Webhooks, passkeys and providers as a browser meets them: the whole service on a socket.

use std::collections::BTreeMap;

use desk::Desk;
use desk::people::People;
use reqwest::Method;
use reqwest::header::{COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use serde_json::{Value, json};
use server::egress::{Answer, Egress, Question, Rules};
use server::oidc::Provider;
use server::{App, Config, Outside, Rates};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::authenticator::authenticator;
use crate::receiver::Receiver;

struct Service {
    _folder: TempDir,
    origin: String,
    app: App,
    serving: JoinHandle<std::io::Result<()>>,
    browser: Egress,
    cookies: BTreeMap<String, String>,
    csrf: String,
    keys: u32,
}

impl Service {
    /// A service with one person, who is signed in.
    async fn start(private_addresses: bool, providers: Vec<Provider>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk");
        Desk::create(&path, "desk", false).await.unwrap();
        let desk = Desk::open(&path, None).await.unwrap();
        let token = People::of(&desk).setup_token().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let config = Config {
            origin: Url::parse(&origin).unwrap(),
            behind_proxy: false,
            metrics_token: None,
            rates: Rates::default(),
            scratch: folder.path().join("scratch"),
            program: "tally".into(),
            outside: Outside { private_addresses, providers, ..Outside::default() },
        };
        let app = App::new(desk, config);
        let serving = tokio::spawn(app.clone().serve(listener));
        let browser = Egress::new(Rules { private: true, ..Rules::default() }, &[]);
        let mut service = Self {
            _folder: folder,
            origin,
            app,
            serving,
            browser,
            cookies: BTreeMap::new(),
            csrf: String::new(),
            keys: 0,
        };
        let person = json!({
            "name": "Ana", "email": "ana@acme.com", "password": "correct horse battery staple",
            "lang": "en"
        });
        let body = json!({ "token": token, "organisation": { "name": "Acme" }, "person": person });
        let (answer, me) = service.post("/setup", &body).await;
        assert_eq!(answer, 200, "{me}");
        service.csrf = me["csrf"].as_str().unwrap().to_owned();
        service
    }

    async fn ask(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, text: String| {
            let name = HeaderName::from_static(name);
            headers.insert(name, HeaderValue::from_str(&text).unwrap());
        };
        self.keys += 1;
        put("idempotency-key", format!("k{}", self.keys));
        put("x-csrf-token", self.csrf.clone());
        put("content-type", "application/json".to_owned());
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        headers.insert(COOKIE, HeaderValue::from_str(&cookies).unwrap());
        let url = Url::parse(&format!("{}/api/v1{path}", self.origin)).unwrap();
        let body = body.map_or_else(Vec::new, |body| serde_json::to_vec(body).unwrap());
        let question = Question { method, url, headers, body, limit: 1 << 20, whole: true };
        let answer = self.browser.ask(question).await.unwrap();
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let (pair, _) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn json(&mut self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let answer = self.ask(method, path, body).await;
        let value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        (answer.status.as_u16(), value)
    }

    async fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        self.json(Method::POST, path, Some(body)).await
    }

    async fn get(&mut self, path: &str) -> (u16, Value) {
        self.json(Method::GET, path, None).await
    }

    async fn stop(self) {
        self.app.stop();
        self.serving.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_made_tested_watched_replayed_switched_and_removed() {
    let receiver = Receiver::willing().await;
    let mut service = Service::start(true, Vec::new()).await;
    let (code, made) = service.post("/webhooks", &json!({ "url": receiver.origin })).await;
    assert_eq!(code, 201, "{made}");
    assert!(made["public_key"].as_str().unwrap().starts_with("whpk_"), "{made}");
    let path = format!("/webhooks/{}", made["id"].as_str().unwrap());
    let (code, test) = service.post(&format!("{path}/test"), &json!({})).await;
    assert_eq!(code, 201, "{test}");
    receiver.arrived.notified().await;
    let sent = receiver.received().remove(0);
    assert_eq!(sent.header("webhook-id"), test["message"].as_str().unwrap());
    let one = format!("{path}/deliveries/{}/replay", test["id"].as_str().unwrap());
    let (mut code, mut again) = service.post(&one, &json!({})).await;
    if code == 409 {
        // The worker notes at this instant that it arrived.
        (code, again) = service.post(&one, &json!({})).await;
    }
    assert_eq!((code, &again["message"]), (200, &test["message"]));
    receiver.arrived.notified().await;
    let (_, all) = service.get(&format!("{path}/deliveries")).await;
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all}");
    let (code, off) = service.json(Method::PATCH, &path, Some(&json!({ "enabled": false }))).await;
    assert_eq!((code, &off["off"]), (200, &"by_person".into()));
    let (_, listed) = service.get("/webhooks").await;
    assert_eq!(listed["items"][0]["enabled"], false);
    assert!(!listed.to_string().contains("whsk_"), "{listed}");
    let (code, _) = service.json(Method::DELETE, &path, None).await;
    assert_eq!(code, 204);
    assert_eq!(service.get(&format!("{path}/deliveries")).await.0, 404);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_to_an_address_inside_is_refused_with_its_reason() {
    let mut service = Service::start(false, Vec::new()).await;
    for (url, reason) in [
        ("http://127.0.0.1:9000/", "address_scheme"),
        ("https://127.0.0.1/", "address_not_public"),
        ("https://[::ffff:10.0.0.1]/", "address_not_public"),
        ("https://hooks.acme.com:22/", "address_port"),
        ("https://a:b@hooks.acme.com/", "address_user_info"),
        ("nonsense", "address_malformed"),
    ] {
        let (code, problem) = service.post("/webhooks", &json!({ "url": url })).await;
        assert_eq!((code, &problem["code"]), (422, &"address_refused".into()), "{url}");
        assert_eq!(problem["fields"]["reason"], reason, "{url}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_made_signs_in_confirms_and_is_removed() {
    let mut service = Service::start(false, Vec::new()).await;
    let mut key = authenticator(7);
    key.origin = service.origin.clone();
    let (code, started) = service.post("/me/passkeys/start", &json!({ "name": "Laptop" })).await;
    assert_eq!(code, 200, "{started}");
    let credential = key.make(&started["options"]);
    let finish = json!({ "id": started["id"], "credential": credential });
    let (code, made) = service.post("/me/passkeys/finish", &finish).await;
    assert_eq!((code, &made["name"]), (201, &"Laptop".into()), "{made}");
    let old = std::mem::take(&mut service.cookies);
    let (_, started) = service.post("/session/passkey/start", &json!({})).await;
    let finish = json!({ "id": started["id"], "credential": key.sign(&started["options"]) });
    let (code, me) = service.post("/session/passkey/finish", &finish).await;
    assert_eq!((code, &me["person"]["email"]), (200, &"ana@acme.com".into()), "{me}");
    assert_ne!(old["__Host-tally"], service.cookies["__Host-tally"]);
    service.csrf = me["csrf"].as_str().unwrap().to_owned();
    let again = service.post("/session/passkey/finish", &finish).await;
    assert_eq!((again.0, &again.1["code"]), (422, &"passkey_refused".into()));
    let (_, started) = service.post("/session/confirm/passkey/start", &json!({})).await;
    let finish = json!({ "id": started["id"], "credential": key.sign(&started["options"]) });
    let (code, confirmed) = service.post("/session/confirm/passkey/finish", &finish).await;
    assert_eq!(code, 200, "{confirmed}");
    service.csrf = confirmed["csrf"].as_str().unwrap().to_owned();
    let (_, listed) = service.get("/me/passkeys").await;
    assert!(listed["items"][0]["last_used"].is_string(), "{listed}");
    let path = format!("/me/passkeys/{}", made["id"].as_str().unwrap());
    assert_eq!(service.json(Method::DELETE, &path, None).await.0, 204);
    let (_, started) = service.post("/session/passkey/start", &json!({})).await;
    let finish = json!({ "id": started["id"], "credential": key.sign(&started["options"]) });
    assert_eq!(service.post("/session/passkey/finish", &finish).await.0, 422);
    service.stop().await;
}

/// Follows the browser to the provider and back; where it is sent in the end.
async fn through(
    service: &mut Service,
    says: &std::sync::Mutex<crate::oidc::Says>,
    url: &Url,
) -> String {
    let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    {
        let mut says = says.lock().unwrap();
        says.challenge.clone_from(&query["code_challenge"]);
        says.nonce.clone_from(&query["nonce"]);
    }
    let back = format!("/oidc/corp/callback?code=good&state={}", query["state"]);
    let answer = service.ask(Method::GET, &back, None).await;
    assert_eq!(answer.status, 302);
    answer.headers["location"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_signs_in_whom_it_vouches_for_and_an_identity_is_linked_from_the_account() {
    use desk::world::Clock as _;
    let (_provider, says, configured) = crate::oidc::provider().await;
    says.lock().unwrap().now = desk::world::System.now().seconds();
    let mut service = Service::start(false, vec![configured]).await;
    assert_eq!(service.get("/oidc").await.1["items"][0]["name"], "Corporate");
    let mine = std::mem::take(&mut service.cookies);
    let start = "/oidc/corp/start?to=/agreements/lease";
    let answer = service.ask(Method::GET, start, None).await;
    let url = Url::parse(answer.headers["location"].to_str().unwrap()).unwrap();
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-tally-oidc=") && cookie.contains("HttpOnly"), "{cookie}");
    assert_eq!(through(&mut service, &says, &url).await, "/agreements/lease");
    assert_eq!(service.get("/session").await.1["person"]["email"], "ana@acme.com");
    // Another browser with the same state gets nowhere.
    let answer = service.ask(Method::GET, start, None).await;
    let url = Url::parse(answer.headers["location"].to_str().unwrap()).unwrap();
    service.cookies.clear();
    assert_eq!(through(&mut service, &says, &url).await, "/signin?problem=sign_in_over");
    assert_eq!(service.get("/session").await.0, 401);
    // Added from the account, by the person who began it.
    service.cookies = mine;
    let (code, begun) = service.post("/me/identities/corp/start", &json!({})).await;
    assert_eq!(code, 200, "{begun}");
    let url = Url::parse(begun["url"].as_str().unwrap()).unwrap();
    assert_eq!(through(&mut service, &says, &url).await, "/me");
    for to in ["https://evil.com", "//evil.com", "/%5Cevil.com", "/api/v1/session"] {
        let start = format!("/oidc/corp/start?to={to}");
        let answer = service.ask(Method::GET, &start, None).await;
        let url = Url::parse(answer.headers["location"].to_str().unwrap()).unwrap();
        assert_eq!(through(&mut service, &says, &url).await, "/", "{to}");
    }
    assert_eq!(service.ask(Method::GET, "/oidc/nobody/start", None).await.status, 404);
    service.stop().await;
}
