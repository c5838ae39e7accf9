//! A deployment that is served over TCP on a port of its own, and a client that says exactly the
//! bytes that it is told to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use desk::Desk;
use desk::people::People;
use desk::world::ManualClock;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use server::{App, Config, Rates};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) const LEASE: &str = include_str!("../../../cases/agreements/lease.toml");
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A served deployment.
pub(crate) struct Served {
    pub(crate) folder: TempDir,
    pub(crate) app: App,
    /// The same deployment as the operator has it.
    pub(crate) desk: Desk,
    pub(crate) address: SocketAddr,
    pub(crate) running: JoinHandle<std::io::Result<()>>,
    pub(crate) setup: String,
}

/// A program that waits, whatever it is asked for: a job that is at work until it is ended. What
/// the real one does, the browser's scenarios show.
fn waiting(folder: &std::path::Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("waits");
    std::fs::write(&path, "#!/bin/sh\nexec sleep 600\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Somebody who asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    pub(crate) address: Option<SocketAddr>,
    pub(crate) cookie: Option<String>,
    pub(crate) csrf: Option<String>,
    pub(crate) key: Option<String>,
}

static KEYS: AtomicU64 = AtomicU64::new(0);

/// An idempotency key that no other request has.
pub(crate) fn fresh_key() -> String {
    format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

impl Served {
    pub(crate) async fn start() -> Self {
        Self::with(Rates::default()).await
    }

    pub(crate) async fn with(rates: Rates) -> Self {
        Self::meeting(rates, server::Outside::default()).await
    }

    /// One that meets the world outside.
    pub(crate) async fn meeting(rates: Rates, outside: server::Outside) -> Self {
        Self::built(rates, outside, None).await
    }

    /// One whose clock the test sets.
    pub(crate) async fn rehearsed(rates: Rates, clock: Arc<ManualClock>) -> Self {
        Self::built(rates, server::Outside::default(), Some(clock)).await
    }

    async fn built(
        rates: Rates,
        outside: server::Outside,
        clock: Option<Arc<ManualClock>>,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        Desk::create(&data, "test", true).await.unwrap();
        let now = "2026-03-02T09:00:00+08:00".parse().unwrap();
        let mut desk = Desk::open_running(&data, Some(now)).await.unwrap();
        if let Some(clock) = clock {
            desk.clock = clock;
        }
        let setup = People::of(&desk).setup_token().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config = Config {
            origin: format!("http://localhost:{}", address.port()).parse().unwrap(),
            behind_proxy: false,
            metrics_token: Some("figures".to_owned()),
            rates,
            scratch: data.join("scratch"),
            program: waiting(&data),
            outside,
        };
        let app = App::new(desk.clone(), config);
        let running = tokio::spawn(app.clone().serve(listener));
        Self { folder, app, desk, address, running, setup }
    }

    /// Somebody who is not signed in.
    pub(crate) fn stranger(&self) -> Client {
        Client { address: Some(self.address), ..Client::default() }
    }

    /// The first person: owner of `Acme` and administrator.
    pub(crate) async fn owner(&self) -> Client {
        let mut client = self.stranger();
        let body = json!({
            "token": self.setup,
            "organisation": { "name": "Acme" },
            "person": person("Li", "li@acme.example"),
        });
        let answer = client.post("/setup", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        client.sign_in_from(&answer, &answer.json());
        client
    }

    /// Signs a person in anew.
    pub(crate) async fn sign_in(&self, email: &str) -> Client {
        let mut client = self.stranger();
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = client.post("/session", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        client.sign_in_from(&answer, &answer.json());
        client.csrf = client.get("/session").await.json()["csrf"].as_str().map(str::to_owned);
        client
    }

    /// A person of the manager's organisation with a role.
    pub(crate) async fn hire(&self, manager: &Client, role: &str, name: &str) -> Client {
        let invited = manager.post("/invitations", &json!({ "roles": [role] })).await;
        assert_eq!(invited.status, 201, "{}", invited.text());
        let link = invited.json()["link"].as_str().unwrap().to_owned();
        let token = link.rsplit('#').next().unwrap();
        let mut client = self.stranger();
        let body = json!({ "person": person(name, &format!("{name}@bolt.example")) });
        let answer = client.post(&format!("/invitations/{token}/accept"), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        client.sign_in_from(&answer, &answer.json());
        client
    }

    /// A person of another organisation, who takes the vendor's seat by an invitation.
    pub(crate) async fn vendor(&self, owner: &Client, agreement: &str) -> Client {
        let body = json!({ "agreement": agreement, "side": "vendor" });
        let invited = owner.post("/invitations", &body).await;
        assert_eq!(invited.status, 201, "{}", invited.text());
        let link = invited.json()["link"].as_str().unwrap().to_owned();
        let token = link.rsplit('#').next().unwrap().to_owned();
        let mut client = self.stranger();
        let body = json!({
            "organisation": { "name": "Bolt" },
            "person": person("Wang", "wang@bolt.example"),
        });
        let answer = client.post(&format!("/invitations/{token}/accept"), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        client.sign_in_from(&answer, &answer.json());
        client
    }
}

pub(crate) fn person(name: &str, email: &str) -> Value {
    json!({ "name": name, "email": email, "password": PASSWORD, "lang": "en" })
}

/// Lays down the sample lease for the customer; its id.
pub(crate) async fn lease(owner: &Client) -> String {
    let answer = owner.post("/agreements", &json!({ "text": LEASE, "side": "customer" })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Signs the terms for the client's side, with a key that never leaves the client.
pub(crate) async fn sign(client: &Client, agreement: &str, seed: u8) {
    sign_document(client, agreement, None, seed).await;
}

/// The same for a later document.
pub(crate) async fn sign_document(
    client: &Client,
    agreement: &str,
    document: Option<&str>,
    seed: u8,
) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = STANDARD.encode(key.verifying_key().as_bytes());
    let encoded = public.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let name = format!("key-{seed}");
    let of = document.map(|name| format!("&document={name}")).unwrap_or_default();
    let query = format!("signatory=Li&key_name={name}&public_key={encoded}{of}");
    let asked = client.get(&format!("/agreements/{agreement}/signing?{query}")).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let payload = STANDARD.decode(asked.json()["payload"].as_str().unwrap()).unwrap();
    let body = json!({
        "signatory": "Li",
        "document": document,
        "key_name": name,
        "public_key": public,
        "signature": STANDARD.encode(key.sign(&payload).to_bytes()),
    });
    let signed = client.post(&format!("/agreements/{agreement}/signatures"), &body).await;
    assert_eq!(signed.status, 201, "{}", signed.text());
}

impl Client {
    pub(crate) fn sign_in_from(&mut self, answer: &Answer, me: &Value) {
        let cookie = answer.header("set-cookie").unwrap();
        self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        self.csrf = me["csrf"].as_str().map(str::to_owned);
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", &format!("/api/v1{path}"), &[], b"").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let key = fresh_key();
        self.post_with(path, body, &[("idempotency-key", &key)]).await
    }

    pub(crate) async fn post_with(
        &self,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        let body = serde_json::to_vec(body).unwrap();
        self.send("POST", &format!("/api/v1{path}"), &all, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        let key = fresh_key();
        self.send("DELETE", &format!("/api/v1{path}"), &[("idempotency-key", &key)], b"").await
    }

    /// Sends a request with what the client has, and reads the answer to its end.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let address = self.address.unwrap();
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            text.push_str(&format!("Host: localhost:{}\r\n", address.port()));
        }
        if let Some(cookie) = &self.cookie {
            text.push_str(&format!("Cookie: {cookie}\r\n"));
        }
        if let Some(csrf) = self.csrf.as_ref().filter(|_| method != "GET") {
            text.push_str(&format!("X-CSRF-Token: {csrf}\r\n"));
        }
        if let Some(key) = &self.key {
            text.push_str(&format!("Authorization: Bearer {key}\r\n"));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(body);
        raw(address, &bytes).await
    }
}

/// Sends bytes and reads the answer to its end.
pub(crate) async fn raw(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that turns a body away may close before it was sent.
    let _sent = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _read = stream.read_to_end(&mut answer).await;
    Answer::parse(&answer)
}

impl Answer {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("{:?}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        };
        let mut answer =
            Self { status, headers: lines.map(header).collect(), body: bytes[end + 4..].to_vec() };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = unchunk(&answer.body);
        }
        answer
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(have, _)| have == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    /// The code of a problem; it must be a whole one.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status);
        assert_eq!(body["request_id"].as_str(), self.header("x-request-id"));
        let code = body["code"].as_str().unwrap().to_owned();
        assert_eq!(body["type"], format!("urn:tallystick:problem:{code}"));
        assert!(!body["title"].as_str().unwrap().is_empty());
        assert!(!body["detail"].as_str().unwrap().is_empty());
        code
    }
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&bytes[..end]), 16).unwrap_or(0);
        let Some(piece) = bytes.get(end + 2..end + 2 + size) else { break };
        all.extend_from_slice(piece);
        bytes = bytes.get(end + 4 + size..).unwrap_or_default();
        if size == 0 {
            break;
        }
    }
    all
}
