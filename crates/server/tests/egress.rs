//! Requests never reach an address that is not public, by whichever way it is named.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use reqwest::Method;
use reqwest::header::HeaderMap;
use server::egress::{Answer, Egress, EgressError, Question, Resolve, Rules};
use url::Url;

use crate::receiver::{Receiver, status};

/// An address of 2000::/3 that is given to nobody: public by its range, and reached by no packet.
const NOBODY: &str = "[2fff:ffff::1]";

/// Gives one list of addresses after the other, and the last one again and again.
struct Script {
    answers: Vec<Vec<SocketAddr>>,
    asked: AtomicUsize,
}

#[async_trait]
impl Resolve for Script {
    async fn addresses(&self, _: &str, _: u16) -> Vec<SocketAddr> {
        let index = self.asked.fetch_add(1, Ordering::SeqCst);
        self.answers[index.min(self.answers.len() - 1)].clone()
    }
}

fn script(answers: &[&[String]]) -> Arc<Script> {
    let each = |list: &&[String]| list.iter().map(|text| text.parse().unwrap()).collect();
    Arc::new(Script { answers: answers.iter().map(each).collect(), asked: AtomicUsize::new(0) })
}

fn question(url: &str, limit: usize, whole: bool) -> Question {
    Question {
        method: Method::POST,
        url: Url::parse(url).unwrap(),
        headers: HeaderMap::new(),
        body: b"{}".to_vec(),
        limit,
        whole,
    }
}

fn code(result: &Result<Answer, EgressError>) -> &'static str {
    result.as_ref().map_or_else(EgressError::code, |_| "ok")
}

fn private() -> Rules {
    Rules { private: true, ..Rules::default() }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_public_first_and_loopback_second_never_reaches_loopback() {
    let inside = Receiver::willing().await;
    let loopback = format!("127.0.0.1:{}", inside.port);
    let public = format!("{NOBODY}:{}", inside.port);
    let url = format!("https://rebinding.acme.com:{}/in", inside.port);
    let answers = script(&[&[public], std::slice::from_ref(&loopback)]);
    let egress = Egress::with_resolver(Rules::default(), &[], answers.clone());
    let first = egress.ask(question(&url, 10, false)).await;
    assert!(matches!(code(&first), "connect" | "timeout"), "{first:?}");
    assert_eq!(answers.asked.load(Ordering::SeqCst), 1, "resolved once, pinned");
    assert_eq!(inside.connections(), 0);
    let second = egress.ask(question(&url, 10, false)).await;
    assert_eq!(code(&second), "address_not_public");
    assert_eq!(inside.connections(), 0);
    // The same listener is reached where the operator allows it: the test can fail.
    let allowed = Egress::with_resolver(private(), &[], script(&[&[loopback]]));
    let third = allowed.ask(question(&url, 10, false)).await;
    assert!(matches!(code(&third), "connect" | "timeout"), "a listener without TLS: {third:?}");
    assert!(inside.connections() > 0);
}

#[tokio::test]
async fn one_address_that_is_not_public_among_public_ones_refuses_the_name() {
    let check = async |addresses: &[&str], expected: &str| {
        let addresses: Vec<_> = addresses.iter().map(|text| format!("{text}:443")).collect();
        let egress = Egress::with_resolver(Rules::default(), &[], script(&[&addresses]));
        let found = egress.ask(question("https://hooks.acme.com/", 10, false)).await;
        assert_eq!(code(&found), expected, "{addresses:?}");
    };
    check(&["8.8.8.8", "10.0.0.1"], "address_not_public").await;
    check(&["10.0.0.1", "8.8.8.8"], "address_not_public").await;
    check(&["[::ffff:127.0.0.1]"], "address_not_public").await;
    check(&["169.254.169.254"], "address_not_public").await;
    check(&["[64:ff9b::a00:1]"], "address_not_public").await;
    check(&[], "name_not_found").await;
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let secret = Receiver::willing().await;
    let target = secret.origin.clone();
    let answer = move |_: usize, _: &_| {
        Some(format!(
            "HTTP/1.1 302 Found\r\nlocation: {target}/admin\r\ncontent-length: 0\r\n\
             connection: close\r\n\r\n"
        ))
    };
    let first = Receiver::start(Box::new(answer)).await;
    let egress = Egress::new(private(), &[]);
    let found = egress.ask(question(&format!("{}/in", first.origin), 10, false)).await.unwrap();
    assert_eq!(found.status, 302);
    assert_eq!((first.connections(), secret.connections()), (1, 0));
}

#[tokio::test]
async fn a_refused_address_is_refused_again_when_it_is_asked() {
    let inside = Receiver::willing().await;
    let egress = Egress::new(Rules::default(), &[]);
    let found = egress.ask(question(&format!("{}/in", inside.origin), 10, false)).await;
    assert_eq!(code(&found), "address_scheme");
    let url = format!("https://127.0.0.1:{}/in", inside.port);
    assert_eq!(code(&egress.ask(question(&url, 10, false)).await), "address_not_public");
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn an_answer_is_read_up_to_its_limit() {
    let endless = |_: usize, _: &_| {
        Some(format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", "x".repeat(100_000)))
    };
    let receiver = Receiver::start(Box::new(endless)).await;
    let egress = Egress::new(private(), &[]);
    let cut = egress.ask(question(&receiver.origin, 4096, false)).await.unwrap();
    assert_eq!((cut.status.as_u16(), cut.body.len()), (200, 4096));
    let whole = egress.ask(question(&receiver.origin, 4096, true)).await;
    assert_eq!(code(&whole), "answer_too_long");
    let enough = egress.ask(question(&receiver.origin, 100_000, true)).await.unwrap();
    assert_eq!(enough.body.len(), 100_000);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_never_answers_is_left_after_the_time_limit() {
    let silent = Receiver::start(Box::new(|_, _| None)).await;
    let egress = Egress::new(private(), &[]);
    let begun = tokio::time::Instant::now();
    let found = egress.ask(question(&silent.origin, 10, false)).await;
    assert_eq!(code(&found), "timeout");
    assert_eq!(begun.elapsed().as_secs(), server::egress::TIMEOUT.as_secs());
    let dripping =
        |_: usize, _: &_| Some("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nx".to_owned());
    let broken = Receiver::start(Box::new(dripping)).await;
    assert_eq!(code(&egress.ask(question(&broken.origin, 10, false)).await), "broken");
    assert!(status(200).starts_with("HTTP/1.1 200"));
}
