//! How the interface answers whatever it is sent: problems everywhere, limits, once-only writes,
//! pages of lists, files that are saved and never shown, streams, figures, an end in good order.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Answer, Client, Served, fresh_key, lease, raw, sign};

/// A method, a path, headers and a body; the status and the code that are answered.
type Row<'a> = (&'a str, String, Vec<(&'a str, &'a str)>, String, u16, &'a str);

#[tokio::test]
async fn whatever_is_wrong_with_a_request_is_a_problem() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let at = format!("/api/v1/agreements/{agreement}");
    let notes = format!("{at}/notes");
    let key = fresh_key();
    let json_type = ("content-type", "application/json");
    let keyed = ("idempotency-key", key.as_str());
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let rows: Vec<Row<'_>> = vec![
        ("GET", "/api/v1/nothing".into(), vec![], String::new(), 404, "not_found"),
        ("GET", "/api/nothing".into(), vec![], String::new(), 404, "not_found"),
        ("PUT", "/api/v1/session".into(), vec![], String::new(), 405, "method_not_allowed"),
        ("GET", format!("{at}/entries?limit=0"), vec![], String::new(), 400, "bad_request"),
        ("GET", format!("{at}/entries?limit=x"), vec![], String::new(), 400, "bad_request"),
        ("GET", format!("{at}/entries?cursor=!"), vec![], String::new(), 400, "bad_request"),
        ("GET", format!("{at}/entries?cursor=e30"), vec![], String::new(), 409, "invalid"),
        ("POST", "/api/v1/verify".into(), vec![], String::new(), 409, "unreadable_file"),
        ("GET", format!("{at}/entries/x"), vec![], String::new(), 404, "not_found"),
        ("GET", format!("{at}/entries/99999"), vec![], String::new(), 404, "not_found"),
        ("GET", format!("{at}/files/..%2F..%2Ftally.db"), vec![], String::new(), 404, "not_found"),
        ("GET", "/assets/..%2F..%2FCargo.toml".into(), vec![], String::new(), 404, "not_found"),
        ("POST", notes.clone(), vec![json_type, keyed], "{".into(), 400, "bad_body"),
        ("POST", notes.clone(), vec![json_type, keyed], "{}".into(), 400, "bad_body"),
        ("POST", notes.clone(), vec![json_type, keyed], deep, 400, "bad_body"),
        ("POST", notes.clone(), vec![keyed], "{}".into(), 415, "unsupported_media_type"),
        ("POST", notes.clone(), vec![json_type], "{}".into(), 400, "idempotency_key_missing"),
        (
            "POST",
            format!("{at}/statements"),
            vec![json_type, keyed],
            r#"{"period":"2026-03"}"#.into(),
            409,
            "not_in_force",
        ),
    ];
    for (method, path, headers, body, status, code) in rows {
        let answer = owner.send(method, &path, &headers, body.as_bytes()).await;
        let what = format!("{method} {path} {}", answer.text());
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{what}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    }
}

#[tokio::test]
async fn a_problem_speaks_the_readers_language() {
    let served = Served::start().await;
    let headers = [("accept-language", "zh-CN,zh;q=0.9,en;q=0.5")];
    let answer = served.stranger().send("GET", "/api/v1/session", &headers, b"").await;
    assert_eq!(answer.problem(), "sign_in_needed");
    assert_eq!(answer.header("content-language"), Some("zh-CN"));
    assert!(answer.json()["title"].as_str().unwrap().chars().all(|one| !one.is_ascii()));
}

#[tokio::test]
async fn a_body_beyond_its_limit_or_too_slow_is_turned_away() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let large = vec![b' '; (1 << 20) + 1];
    let key = fresh_key();
    let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
    let answer = owner.send("POST", "/api/v1/me", &headers, &large).await;
    assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"));
    // One byte of many, then nothing: the server does not wait for ever.
    let (address, cookie) = (served.address, owner.cookie.clone().unwrap());
    let head = format!(
        "POST /api/v1/me HTTP/1.1\r\nHost: localhost:{}\r\nCookie: {cookie}\r\n\
         X-CSRF-Token: {}\r\nIdempotency-Key: slow\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\n\r\n{{",
        address.port(),
        owner.csrf.clone().unwrap(),
    );
    let answer = raw(address, head.as_bytes()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (408, "body_timeout"));
}

#[tokio::test]
async fn the_same_write_twice_is_done_once() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let path = format!("/agreements/{agreement}/notes");
    let body = json!({ "text": "first", "visibility": "shared" });
    let key = fresh_key();
    let headers = [("idempotency-key", key.as_str())];
    let first = owner.post_with(&path, &body, &headers).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let again = owner.post_with(&path, &body, &headers).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let other = json!({ "text": "second", "visibility": "shared" });
    let reused = owner.post_with(&path, &other, &headers).await;
    assert_eq!((reused.status, reused.problem().as_str()), (422, "idempotency_key_reused"));
    let listed = owner.get(&path).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    // Many at once under one key: one of them writes, the others are told so or given its answer.
    let key = fresh_key();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (owner, path, body, key) = (owner.clone(), path.clone(), other.clone(), key.clone());
        all.spawn(async move { owner.post_with(&path, &body, &[("idempotency-key", &key)]).await });
    }
    let mut ids = BTreeSet::new();
    while let Some(answer) = all.join_next().await {
        let answer = answer.unwrap();
        match answer.status {
            201 => {
                ids.insert(answer.json()["id"].as_str().unwrap().to_owned());
            }
            _ => assert_eq!(answer.problem(), "idempotency_running"),
        }
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(owner.get(&path).await.json()["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn pages_of_a_list_hold_everything_once_while_it_grows() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let path = format!("/agreements/{agreement}/notes");
    let note = |text: String| json!({ "text": text, "visibility": "mine" });
    for number in 0..5 {
        assert_eq!(owner.post(&path, &note(format!("note {number}"))).await.status, 201);
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = owner.get(&format!("{path}?limit=2{cursor}")).await.json();
        for item in page["items"].as_array().unwrap() {
            seen.push(item["text"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        if seen.len() == 2 {
            owner.post(&path, &note("late".to_owned())).await;
        }
    }
    let early: Vec<&String> = seen.iter().filter(|text| *text != "late").collect();
    assert_eq!(early.len(), 5, "{seen:?}");
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{seen:?}");
}

#[tokio::test]
async fn hostile_names_are_text_and_files_are_saved() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let hostile = "<script>alert(1)</script>";
    let named = owner.post("/me", &json!({ "name": hostile })).await;
    assert_eq!(named.status, 200, "{}", named.text());
    assert_eq!(named.header("content-type"), Some("application/json"));
    assert_eq!(named.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(named.json()["person"]["name"], hostile);
    let agreement = lease(&owner).await;
    let files = owner.get(&format!("/agreements/{agreement}/files")).await.json();
    let sha256 = files["items"][0]["sha256"].as_str().unwrap().to_owned();
    for name in ["a.html", "a.svg", "x%22%0d%0aSet-Cookie:%20a=b", "..%2F..%2Fetc%2Fpasswd"] {
        let path = format!("/agreements/{agreement}/files/{sha256}?name={name}");
        let file = owner.get(&path).await;
        assert_eq!(file.status, 200, "{}", file.text());
        assert_eq!(file.header("content-type"), Some("application/octet-stream"));
        let disposition = file.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
        assert!(!disposition.contains('/') && !disposition.contains(".."), "{disposition}");
        assert!(file.header("set-cookie").is_none());
        let policy = file.header("content-security-policy").unwrap();
        assert!(policy.contains("sandbox"), "{policy}");
    }
}

#[tokio::test]
async fn the_console_and_the_interface_lead_nowhere_else() {
    let served = Served::start().await;
    let stranger = served.stranger();
    for path in ["//evil.example/", "/%2F%2Fevil.example", "/?next=https://evil.example"] {
        let answer = stranger.send("GET", path, &[], b"").await;
        assert!(answer.status < 300 || answer.status >= 400, "{path} {}", answer.status);
        assert!(answer.header("location").is_none(), "{path}");
    }
    let page = stranger.send("GET", "/agreements/anything", &[], b"").await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'self'"));
    let tag = page.header("etag").unwrap().to_owned();
    let again = stranger.send("GET", "/", &[("if-none-match", &tag)], b"").await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn figures_are_for_this_machine_or_whoever_has_the_token() {
    let served = Served::start().await;
    let owner = served.owner().await;
    lease(&owner).await;
    let answer = served.stranger().send("GET", "/metrics", &[], b"").await;
    assert_eq!(answer.status, 200);
    let media = answer.header("content-type").unwrap();
    assert!(media.starts_with("application/openmetrics-text"), "{media}");
    let text = answer.text();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let wanted =
        "tally_http_requests_total{route=\"create_agreement\",method=\"POST\",status=\"201\"} 1";
    assert!(text.contains(wanted), "{text}");
    assert!(!text.contains("acme.example"));
    let ready = served.stranger().send("GET", "/readyz", &[], b"").await;
    assert_eq!(ready.status, 200, "{}", ready.text());
}

/// Reads a stream until it has said something.
async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut all = String::new();
    let mut piece = [0; 4096];
    while !all.contains(text) {
        let read = stream.read(&mut piece).await.unwrap();
        assert!(read > 0, "the stream ended: {all}");
        all.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    all
}

async fn listen(served: &Served, owner: &Client, agreement: &str, extra: &str) -> TcpStream {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let request = format!(
        "GET /api/v1/agreements/{agreement}/live HTTP/1.1\r\nHost: localhost:{}\r\n\
         Cookie: {}\r\n{extra}\r\n",
        served.address.port(),
        owner.cookie.clone().unwrap(),
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_stream_tells_of_entries_and_repeats_those_that_were_missed() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let mut stream = listen(&served, &owner, &agreement, "").await;
    let begun = read_until(&mut stream, "event: position").await;
    assert!(begun.contains("text/event-stream"), "{begun}");
    sign(&owner, &agreement, 7).await;
    let told = read_until(&mut stream, "event: position").await;
    assert!(told.contains("event: entry\nid: 1") || told.contains("id: 1\n"), "{told}");
    let mut again = listen(&served, &owner, &agreement, "Last-Event-ID: 0\r\n").await;
    let told = read_until(&mut again, "event: position").await;
    assert!(told.contains("id: 1\n") && !told.contains("id: 0\n"), "{told}");
    let mut fresh = listen(&served, &owner, &agreement, "Last-Event-ID: x\r\n").await;
    read_until(&mut fresh, "event: position").await;
}

#[tokio::test]
async fn a_service_that_stops_ends_its_streams_and_finishes_what_runs() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let mut stream = listen(&served, &owner, &agreement, "").await;
    read_until(&mut stream, "event: position").await;
    served.app.stop();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(30), served.running).await;
    ended.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(served.address).await.is_err(), "nobody listens any more");
    // What was acknowledged is there for the next one.
    let desk = desk::Desk::open(&served.folder.path().join("data"), None).await.unwrap();
    assert_eq!(desk.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_agreement_is_read_whole() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let vendor = served.vendor(&owner, &agreement).await;
    for client in [&owner, &vendor] {
        for path in [
            "",
            "/position",
            "/entries",
            "/entries?order=desc&limit=1",
            "/entries/0",
            "/entries/0/proof",
            "/checkpoints",
            "/periods",
            "/statements",
            "/invoices",
            "/deliveries",
            "/files",
            "/access",
            "/notes",
            "/bundle",
        ] {
            let answer: Answer = client.get(&format!("/agreements/{agreement}{path}")).await;
            assert_eq!(answer.status, 200, "{path} {}", answer.text());
        }
    }
    let listed = vendor.get("/agreements").await.json();
    assert_eq!(listed["items"][0]["side"], "vendor");
    let bundle = owner.get(&format!("/agreements/{agreement}/bundle")).await.body;
    let media = [("content-type", "application/zip")];
    let verified = served.stranger().send("POST", "/api/v1/verify", &media, &bundle).await;
    assert_eq!(verified.status, 200, "{}", verified.text());
    assert_eq!(verified.json()["sound"], Value::Bool(true), "{}", verified.text());
}
