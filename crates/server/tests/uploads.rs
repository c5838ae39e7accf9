//! Files sent piece by piece, through breaks of the connection and a server that was killed.

use std::fmt::Write as _;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Answer, Client, Served, lease};

/// Bytes without a pattern that a length could hide.
fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| u8::try_from((at * 31 + at / 251) % 256).unwrap()).collect()
}

fn sum(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

async fn begin(client: &Client, agreement: &str, whole: &[u8], sha256: Option<String>) -> String {
    let body = json!({ "name": "a/b.bin", "size": whole.len(), "sha256": sha256 });
    let begun = client.post(&format!("/agreements/{agreement}/uploads"), &body).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    assert_eq!(begun.json()["offset"], 0);
    begun.json()["upload"].as_str().unwrap().to_owned()
}

async fn send(client: &Client, path: &str, offset: usize, piece: &[u8]) -> Answer {
    let offset = offset.to_string();
    client.send("PATCH", &format!("/api/v1{path}"), &[("upload-offset", &offset)], piece).await
}

async fn offset(client: &Client, path: &str) -> usize {
    let answer = client.send("HEAD", &format!("/api/v1{path}"), &[], b"").await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    answer.header("upload-offset").unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_file_comes_in_pieces_and_its_hash_is_checked() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let whole = bytes(3_000_000);
    let id = begin(&owner, &agreement, &whole, Some(sum(&whole))).await;
    let path = format!("/agreements/{agreement}/uploads/{id}");
    let first = send(&owner, &path, 0, &whole[..1_000_000]).await;
    assert_eq!((first.status, first.header("upload-complete")), (200, Some("?0")));
    // The same piece again is refused with what is there.
    let again = send(&owner, &path, 0, &whole[..1_000_000]).await;
    assert_eq!((again.status, again.problem().as_str()), (409, "changed_meanwhile"));
    assert_eq!(again.json()["fields"]["offset"], 1_000_000);
    assert_eq!(offset(&owner, &path).await, 1_000_000);
    let last = send(&owner, &path, 1_000_000, &whole[1_000_000..]).await;
    assert_eq!((last.status, last.header("upload-complete")), (200, Some("?1")));
    assert_eq!(last.json()["sha256"], sum(&whole));
    let kept = served.folder.path().join(format!("data/uploads/{id}.part"));
    assert!(std::fs::read(&kept).unwrap() == whole);
    let more = send(&owner, &path, 3_000_000, b"x").await;
    assert_eq!(more.status, 413);
    let dropped = owner.send("DELETE", &format!("/api/v1{path}"), &[], b"").await;
    assert_eq!((dropped.status, kept.exists()), (204, false));

    let id = begin(&owner, &agreement, &whole, Some(sum(b"another"))).await;
    let path = format!("/agreements/{agreement}/uploads/{id}");
    let wrong = send(&owner, &path, 0, &whole).await;
    assert_eq!((wrong.status, wrong.problem().as_str()), (422, "invalid_field"));
    assert_eq!(owner.get(&path).await.status, 404, "a file with another hash is dropped");
}

#[tokio::test]
async fn a_broken_connection_costs_nothing_that_arrived() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let whole = bytes(2_500_000);
    let id = begin(&owner, &agreement, &whole, Some(sum(&whole))).await;
    let path = format!("/agreements/{agreement}/uploads/{id}");
    // A sender that announces everything, sends half and goes.
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let mut head = format!("PATCH /api/v1{path} HTTP/1.1\r\n");
    let (port, cookie) = (served.address.port(), owner.cookie.as_ref().unwrap());
    let csrf = owner.csrf.as_ref().unwrap();
    write!(head, "Host: localhost:{port}\r\nCookie: {cookie}\r\nX-CSRF-Token: {csrf}\r\n").unwrap();
    write!(head, "Upload-Offset: 0\r\nContent-Length: {}\r\n\r\n", whole.len()).unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&whole[..1_300_000]).await.unwrap();
    stream.shutdown().await.unwrap();
    // The server has read what came when it closes.
    let _answer = stream.read_to_end(&mut Vec::new()).await;
    // The piece ends when the server has read what came; until then the file is busy.
    let mut have = offset(&owner, &path).await;
    let mut answer = send(&owner, &path, have, &whole[have..]).await;
    while answer.status != 200 {
        assert!(matches!(answer.status, 503 | 409), "{answer:?}");
        have = offset(&owner, &path).await;
        answer = send(&owner, &path, have, &whole[have..]).await;
    }
    assert!(have > 0, "what came before the break is there");
    assert_eq!(answer.json()["sha256"], sum(&whole));
}

#[tokio::test]
async fn the_other_party_sees_no_file_of_ours() {
    let served = Served::start().await;
    let owner = served.owner().await;
    let agreement = lease(&owner).await;
    let vendor = served.vendor(&owner, &agreement).await;
    let id = begin(&owner, &agreement, &bytes(10), None).await;
    let path = format!("/agreements/{agreement}/uploads/{id}");
    assert_eq!(vendor.get(&path).await.status, 404);
    assert_eq!(send(&vendor, &path, 0, &bytes(10)).await.status, 404);
    assert_eq!(served.stranger().get(&path).await.status, 401);
    let large = json!({ "name": "a", "size": 300_u64 << 30 });
    let large = owner.post(&format!("/agreements/{agreement}/uploads"), &large).await;
    assert_eq!(large.status, 413);
    let empty = begin(&owner, &agreement, b"", None).await;
    let empty = owner.get(&format!("/agreements/{agreement}/uploads/{empty}")).await;
    assert_eq!(empty.json()["complete"], true);
}
