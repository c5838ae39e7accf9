//! `tally timestamp` against an authority over HTTP: a listener on this machine that answers by
//! running `openssl ts -reply`, and by what authorities should not answer.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::openssl::{Authority, P256, installed, must};

const ID: &str = "anno-2026-017";

fn tally(at: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
    // A proxy of the environment must not see the request.
    command.env("http_proxy", "http://127.0.0.1:1").env("LANG", "en_US.UTF-8");
    command.current_dir(at).args(args).output().expect("tally runs")
}

fn done(at: &Path, args: &[&str]) -> Value {
    let output = tally(at, &[&["--json"], args].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{args:?}: {said}");
    serde_json::from_str(&said).expect("JSON")
}

/// A deployment with an agreement that the vendor has signed.
fn deployment() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    done(at, &["init", "--name", "acme"]);
    for name in ["customer", "vendor"] {
        let (key, file) = (format!("{name}.example"), format!("{name}.key"));
        done(at, &["key", "new", "--name", &key, "--out", &file]);
    }
    done(at, &["new", "--kind", "annotation", "--out", "terms.toml"]);
    done(at, &["new", "terms.toml"]);
    done(at, &["sign", ID, "--as", "vendor", "--by", "Zhou", "--key", "vendor.key"]);
    folder
}

/// How the listener answers.
#[derive(Debug, Clone, Copy)]
enum Manner {
    Properly,
    ToAnotherNumber,
    OfOtherBytes,
    WithAnExpiredCertificate,
    WithAPage,
    WithTooMuch,
    WithStatus(u16),
}

fn read_request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let read = stream.read(&mut piece).expect("a request");
        bytes.extend_from_slice(&piece[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.expect("a length").trim().parse().expect("a number");
        if bytes.len() >= end + 4 + length {
            return (head, bytes[end + 4..].to_vec());
        }
    }
}

fn answer(authority: &Authority, manner: Manner, request: &[u8]) -> (u16, &'static str, Vec<u8>) {
    const REPLY: &str = "application/timestamp-reply";
    let at = authority.at();
    // `openssl` asks in our place: the same bytes with a number of its own, or other bytes.
    let instead = |content: &str| {
        std::fs::write(at.join("query"), request).expect("written");
        let imprint = if content.is_empty() {
            let text = must(at, "openssl", &["ts", "-query", "-in", "query", "-text"]);
            let rows = text.lines().filter_map(|line| line.split_once(" - "));
            let hex = rows.map(|(_, row)| row[..47].replace(['-', ' '], "")).collect::<String>();
            vec!["-digest".to_owned(), hex]
        } else {
            std::fs::write(at.join("content"), content).expect("written");
            vec!["-data".to_owned(), "content".to_owned()]
        };
        let mut ask = vec!["ts", "-query", "-sha256", "-cert", "-out", "other"];
        ask.extend(imprint.iter().map(String::as_str));
        must(at, "openssl", &ask);
        authority.reply(&std::fs::read(at.join("other")).expect("a request"))
    };
    match manner {
        Manner::Properly => (200, REPLY, authority.reply(request)),
        Manner::ToAnotherNumber => (200, REPLY, instead("")),
        Manner::OfOtherBytes => (200, REPLY, instead("other bytes")),
        Manner::WithAnExpiredCertificate => {
            authority.expire();
            (200, REPLY, authority.reply(request))
        }
        Manner::WithAPage => (200, "text/html; charset=utf-8", b"<html>Sign in</html>".to_vec()),
        Manner::WithTooMuch => (200, REPLY, vec![0x30; 1 << 20]),
        Manner::WithStatus(status) => (status, "text/plain", b"no".to_vec()),
    }
}

/// Listens until the test is over; says how many requests came.
fn listen(authority: Arc<Authority>, manner: Manner) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/tsa", listener.local_addr().expect("an address"));
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            counted.fetch_add(1, Ordering::SeqCst);
            let (head, body) = read_request(&mut stream);
            assert!(head.starts_with("post /tsa http/1.1"), "{head}");
            assert!(head.contains("content-type: application/timestamp-query"), "{head}");
            let (status, kind, bytes) = answer(&authority, manner, &body);
            let length = bytes.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n"
            );
            // Whoever has read enough of too much hangs up.
            let _heard = stream.write_all(&[head.as_bytes(), &bytes].concat());
        }
    });
    (url, count)
}

fn authority() -> Option<Arc<Authority>> {
    installed("openssl", "version").then(|| Arc::new(Authority::new(P256, "sha256", "sha256")))
}

#[test]
fn an_authority_stamps_a_signature_and_the_bundle_proves_when() {
    let Some(authority) = authority() else { return };
    let (folder, ca) = (deployment(), authority.at().join("ca.pem"));
    let (at, ca) = (folder.path(), ca.to_str().expect("a path"));
    let (url, count) = listen(Arc::clone(&authority), Manner::Properly);
    let ask = ["timestamp", ID, "--as", "vendor", "--by", "Zhou", "--authority", &url];
    let stamped = done(at, &[&ask[..], &["--trust", ca]].concat());
    assert_eq!(stamped["recorded"][0]["kind"], "signature_stamped", "{stamped}");
    assert_eq!(stamped["timestamp"]["authority"], "CN=TSA,O=Test");
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let again = tally(at, &ask);
    assert_eq!(again.status.code(), Some(1), "a signature is stamped once");
    done(at, &["sign", ID, "--as", "customer", "--by", "Shen", "--key", "customer.key"]);

    // The customer carries the request to the authority in a file.
    let own = ["timestamp", ID, "--as", "customer", "--by", "Shen"];
    done(at, &[&own[..], &["--request", "own.tsq"]].concat());
    let response = authority.reply(&std::fs::read(at.join("own.tsq")).expect("a request"));
    std::fs::write(at.join("own.tsr"), response).expect("written");
    done(at, &[&own[..], &["--token", "own.tsr", "--trust", ca]].concat());

    done(at, &["export", ID, "--out", "whole.tally"]);
    let report = done(at, &["verify", "whole.tally", "--trust", ca]);
    let stamps = report["report"]["timestamps"].as_array().expect("a list");
    assert_eq!(stamps.len(), 2, "{report}");
    assert!(stamps.iter().all(|stamp| stamp["trusted"] == true), "{report}");
    let shown = tally(at, &["verify", "whole.tally"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    for words in ["timestamp of vendor.json", "CN=TSA,O=Test ← CN=Test Root", "own word", "revoked"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let log = tally(at, &["log", ID]);
    let log = String::from_utf8_lossy(&log.stdout).into_owned();
    assert!(log.contains("signature stamped with its time"), "{log}");
    assert!(log.lines().all(|line| line.chars().count() < 400), "no token in a line: {log}");
}

#[test]
fn what_is_no_timestamp_of_the_signature_is_refused_by_name() {
    let folder = deployment();
    let at = folder.path();
    for (manner, exit, code, words) in [
        (Manner::ToAnotherNumber, 1, "bad_timestamp", "answers another request"),
        (Manner::OfOtherBytes, 1, "bad_timestamp", "stamps other bytes"),
        (Manner::WithAnExpiredCertificate, 1, "bad_timestamp", "not valid at that time"),
        (Manner::WithAPage, 2, "no_timestamp", "text/html"),
        (Manner::WithTooMuch, 2, "no_timestamp", "longer than"),
        (Manner::WithStatus(503), 2, "no_timestamp", "status 503"),
        (Manner::WithStatus(302), 2, "no_timestamp", "status 302"),
    ] {
        let Some(authority) = authority() else { return };
        let (url, count) = listen(authority, manner);
        let ask = ["timestamp", ID, "--as", "vendor", "--by", "Zhou", "--authority", &url];
        let output = tally(at, &[&["--json"], &ask[..]].concat());
        let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(output.status.code(), Some(exit), "{manner:?}: {said}");
        assert_eq!(said["error"]["code"], code, "{manner:?}: {said}");
        let message = said["error"]["message"].as_str().expect("a sentence");
        assert!(message.contains(words), "{manner:?}: {message}");
        assert_eq!(count.load(Ordering::SeqCst), 1, "{manner:?}: asked once");
    }
    for (address, words) in [
        ("http://tsa.example.com/", "only https"),
        ("https://name:word@tsa.example.com/", "name or a password"),
        ("https://tsa.example.com:22/", "port 22"),
        ("no address", "no web address"),
    ] {
        let ask = ["timestamp", ID, "--as", "vendor", "--by", "Zhou", "--authority", address];
        let output = tally(at, &ask);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(words), "{address}: {said}");
    }
    let log = done(at, &["log", ID]);
    let entries = log["entries"].as_array().expect("a list");
    assert!(entries.iter().all(|entry| entry["kind"] != "signature_stamped"), "{log}");
}
