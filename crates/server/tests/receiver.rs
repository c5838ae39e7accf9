//! A receiver of HTTP requests over TCP, made of sockets alone: what a deployment sends is read
//! as bytes, by code that shares nothing with the sender.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Method, path and version.
    pub(crate) line: String,
    /// Headers by lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What is answered to a request: whole HTTP text, or nothing for ever.
pub(crate) type Answer = Box<dyn Fn(usize, &Received) -> Option<String> + Send + Sync>;

/// A listening receiver.
pub(crate) struct Receiver {
    /// `http://127.0.0.1:PORT`
    pub(crate) origin: String,
    /// The port.
    pub(crate) port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    connections: Arc<AtomicUsize>,
    /// Told when a request was read.
    pub(crate) arrived: Arc<tokio::sync::Notify>,
}

impl Received {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// An answer with a status and no body.
pub(crate) fn status(status: u16) -> String {
    format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

impl Receiver {
    /// Listens on a port that the system gives.
    pub(crate) async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let arrived = Arc::new(tokio::sync::Notify::new());
        let answer = Arc::new(answer);
        let (log, count, told) = (received.clone(), connections.clone(), arrived.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (log, told, answer) = (log.clone(), told.clone(), answer.clone());
                tokio::spawn(async move { serve(stream, &log, &told, &answer).await });
            }
        });
        let origin = format!("http://127.0.0.1:{port}");
        Self { origin, port, received, connections, arrived }
    }

    /// A receiver that always answers 204.
    pub(crate) async fn willing() -> Self {
        Self::start(Box::new(|_, _| Some(status(204)))).await
    }

    /// What came until now.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Received>>,
    told: &tokio::sync::Notify,
    answer: &Answer,
) {
    let Some(request) = read(&mut stream).await else { return };
    let index = {
        let mut log = log.lock().unwrap();
        log.push(request.clone());
        log.len() - 1
    };
    told.notify_one();
    match answer(index, &request) {
        Some(text) => stream.write_all(text.as_bytes()).await.unwrap_or_default(),
        None => std::future::pending().await,
    }
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.split("\r\n");
    let line = lines.next()?.to_owned();
    let pairs = lines.filter_map(|line| line.split_once(':'));
    let headers: BTreeMap<_, _> =
        pairs.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    let length: usize = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    while bytes.len() < head + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Received { line, headers, body: bytes[head + 4..].to_vec() })
}
