//! The real `tally serve` under load: 200 people read positions of 1,000 agreements with 1,000
//! entries each, while a writer at every agreement records what its meter says. First each person
//! asks once a second, as people do, then all of them as fast as answers come.
//!
//! Prints the quantiles of the answers' times, the time from the start of the process to its first
//! position, and its memory. An answer that is not a success ends the run.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use contract::terms::Side;
use desk::Desk;
use desk::people::{Caller, Joining, KeyScope, NewInvitation, NewKey, NewPerson, Origin, People};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use units::Id;

use crate::many;
use crate::race::Setting;
use crate::seed::Seeded;
use crate::table::{Table, grouped};

const AGREEMENTS: u64 = 1_000;
const ENTRIES: u64 = 1_000;
const READERS: u64 = 200;
/// Connections that the writers share; each of them writes at its part of the agreements.
const WRITERS: u64 = 20;
/// How long each part lasts; a writer comes to each of its agreements once in it.
const PART: Duration = Duration::from_secs(30);
/// How long a reader thinks between two looks.
const THINKS: Duration = Duration::from_secs(1);
/// How long a connection may rest before it is opened anew.
const RESTS: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const LONGEST: usize = 8 << 20;

/// The deployment, and who may ask it.
#[derive(Clone, Serialize, Deserialize)]
struct Made {
    agreements: Vec<Id>,
    readers: Vec<String>,
    writer: String,
}

/// A server that runs until this is dropped.
struct Served {
    child: Child,
    address: SocketAddr,
}

/// One connection.
struct Line {
    stream: TcpStream,
    address: SocketAddr,
    key: String,
    used: Instant,
}

/// What one part measured: milliseconds, sorted.
struct Part {
    reads: Vec<f64>,
    writes: Vec<f64>,
    seconds: f64,
}

/// Measures.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let agreements = setting.size(AGREEMENTS);
    let folder = setting.path("load", agreements, "");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    setting.make(&folder, |folder| runtime.block_on(lay_down(folder, agreements)))?;
    let made = std::fs::read(folder.join("who.json")).context("who may ask")?;
    let made: Arc<Made> = Arc::new(serde_json::from_slice(&made)?);
    runtime.block_on(measure(&folder, made))
}

async fn measure(folder: &Path, made: Arc<Made>) -> Result<Table> {
    let begun = Instant::now();
    let served = Served::start(&folder.join("desk"))?;
    let mut line = Line::open(served.address, &made.readers[0]).await?;
    line.position(&made.agreements[0]).await?;
    let cold = begun.elapsed().as_secs_f64() * 1e3;
    let rest = served.resident_mib()?;
    // Every journal is opened once before anything is timed.
    let warm = Instant::now();
    for agreement in &made.agreements {
        line.position(agreement).await?;
    }
    let warm = warm.elapsed().as_secs_f64();
    let held = served.resident_mib()?;
    let paced = part(&served, &made, Some(THINKS)).await?;
    let driven = part(&served, &made, None).await?;
    let count = made.agreements.len();
    let notes = vec![
        format!("first answer {cold:.0} ms after the start of the process, in {rest:.0} MiB"),
        format!("every journal opened: {warm:.1} s, {held:.0} MiB held"),
        told("a look a second each", &paced),
        told("as fast as answers come", &driven),
        format!("after it {:.0} MiB held; no request failed", served.resident_mib()?),
    ];
    let title = format!("load: {READERS} readers and a writer at each of {count} agreements");
    Ok(Table { title, lines: Vec::new(), notes })
}

fn told(name: &str, part: &Part) -> String {
    let of = |all: &[f64]| {
        let at = |share: f64| {
            let last = all.len().saturating_sub(1);
            all.get((last as f64 * share) as usize).copied().unwrap_or(f64::NAN)
        };
        format!(
            "p50 {:.1}, p95 {:.1}, p99 {:.1}, most {:.1} ms",
            at(0.5),
            at(0.95),
            at(0.99),
            at(1.0)
        )
    };
    let rate = |all: &[f64]| grouped(all.len() as f64 / part.seconds);
    format!(
        "{name}: {} reads a second, {}; {} writes a second, {}",
        rate(&part.reads),
        of(&part.reads),
        rate(&part.writes),
        of(&part.writes)
    )
}

/// One part: everybody reads, and every agreement is written to.
async fn part(served: &Served, made: &Arc<Made>, thinks: Option<Duration>) -> Result<Part> {
    let (begun, until) = (Instant::now(), Instant::now() + PART);
    // A name that no run before had: what was recorded once is not recorded again.
    let name = std::fs::read_to_string("/proc/sys/kernel/random/uuid")?.trim().to_owned();
    let (mut readers, mut writers) = (JoinSet::new(), JoinSet::new());
    for (number, key) in (0..).zip(&made.readers) {
        let made = Arc::clone(made);
        let line = Line::open(served.address, key).await?;
        readers.spawn(async move { read(line, &made, number, until, thinks).await });
    }
    for number in 0..WRITERS {
        let (made, name) = (Arc::clone(made), name.clone());
        let line = Line::open(served.address, &made.writer).await?;
        writers.spawn(async move { write(line, &made, number, until, &name).await });
    }
    let mut part = Part { reads: Vec::new(), writes: Vec::new(), seconds: 0.0 };
    while let Some(done) = readers.join_next().await {
        part.reads.extend(done??);
    }
    while let Some(done) = writers.join_next().await {
        part.writes.extend(done??);
    }
    part.seconds = begun.elapsed().as_secs_f64();
    part.reads.sort_by(f64::total_cmp);
    part.writes.sort_by(f64::total_cmp);
    Ok(part)
}

async fn read(
    mut line: Line,
    made: &Made,
    number: u64,
    until: Instant,
    thinks: Option<Duration>,
) -> Result<Vec<f64>> {
    let (mut seeded, mut times) = (Seeded::new(number), Vec::new());
    if let Some(thinks) = thinks {
        // People do not look in step.
        tokio::time::sleep(thinks * u32::try_from(number)? / u32::try_from(READERS)?).await;
    }
    while Instant::now() < until {
        let agreement = &made.agreements[seeded.below(made.agreements.len() as u64) as usize];
        let begun = Instant::now();
        line.position(agreement).await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        if let Some(rest) = thinks.and_then(|thinks| thinks.checked_sub(begun.elapsed())) {
            tokio::time::sleep(rest).await;
        }
    }
    Ok(times)
}

/// Writes at each agreement of this writer once, spread over the part.
async fn write(
    mut line: Line,
    made: &Made,
    number: u64,
    until: Instant,
    name: &str,
) -> Result<Vec<f64>> {
    let own: Vec<&Id> =
        made.agreements.iter().skip(number as usize).step_by(WRITERS as usize).collect();
    let each = PART.mul_f64(0.95) / u32::try_from(own.len().max(1))?;
    let mut ticks = tokio::time::interval(each);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut times = Vec::new();
    for agreement in own {
        ticks.tick().await;
        let begun = Instant::now();
        line.usage(agreement, name).await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        if Instant::now() > until + PART {
            bail!("the writers are more than a part behind");
        }
    }
    Ok(times)
}

impl Line {
    async fn open(address: SocketAddr, key: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address, key: key.to_owned(), used: Instant::now() })
    }

    async fn position(&mut self, agreement: &Id) -> Result<()> {
        let body = self.ask(&format!("/agreements/{agreement}/position"), None).await?;
        if !body.contains("\"obligations\"") {
            bail!("an answer that is no position: {body:.200}");
        }
        Ok(())
    }

    async fn usage(&mut self, agreement: &Id, name: &str) -> Result<()> {
        let data = json!({ "meter": "images", "quantity": 7, "subject": "standard",
            "latency_ms": 21_000 });
        let event = json!({ "specversion": "1.0", "id": format!("w-{name}"), "source": "writer",
            "type": desk::import::cloudevents::USAGE, "time": many::NOW, "data": data });
        let (path, body) = (format!("/agreements/{agreement}/imports"), format!("{event}\n"));
        let answer = self.ask(&path, Some((&format!("{agreement}-{name}"), &body))).await?;
        let answer: serde_json::Value = serde_json::from_str(&answer)?;
        if answer["taken"] != 1 {
            bail!("{agreement}: not taken: {answer}");
        }
        Ok(())
    }

    /// Asks for a path, or sends a body to it under a key of its own.
    async fn ask(&mut self, path: &str, sent: Option<(&str, &str)>) -> Result<String> {
        let (port, key) = (self.address.port(), &self.key);
        let head = format!("Host: localhost:{port}\r\nAuthorization: Bearer {key}\r\n");
        let text = match sent {
            None => format!("GET /api/v1{path} HTTP/1.1\r\n{head}\r\n"),
            Some((once, body)) => format!(
                "POST /api/v1{path} HTTP/1.1\r\n{head}Idempotency-Key: {once}\r\n\
                 Content-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        };
        // The service closes a connection that says nothing for ten seconds; as any client would,
        // a line that rested is opened anew.
        if self.used.elapsed() > RESTS {
            *self = Self::open(self.address, &self.key).await?;
        }
        self.stream.write_all(text.as_bytes()).await?;
        let (status, body) = self.answer().await?;
        self.used = Instant::now();
        if !(200..300).contains(&status) {
            bail!("{path}: {status} {body:.400}");
        }
        Ok(body)
    }

    async fn answer(&mut self) -> Result<(u16, String)> {
        let (mut got, mut piece) = (Vec::new(), [0; 16 << 10]);
        loop {
            let count = self.stream.read(&mut piece).await?;
            if count == 0 || got.len() > LONGEST {
                bail!("the answer broke off after {} bytes", got.len());
            }
            got.extend_from_slice(&piece[..count]);
            let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&got[..end])?.to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.context("no length")?.trim().parse()?;
            if got.len() >= end + 4 + length {
                let status = head.split(' ').nth(1).context("no status")?.parse()?;
                return Ok((status, String::from_utf8(got.split_off(end + 4))?));
            }
        }
    }
}

impl Served {
    /// Starts the program that lies beside this one.
    fn start(folder: &Path) -> Result<Self> {
        let program: PathBuf = std::env::current_exe()?.with_file_name("tally");
        if !program.exists() {
            bail!("no tally beside this program: cargo build --release -p cli");
        }
        let fast = ["--rate-per-address", "100000000", "--rate-per-principal", "100000000"];
        let mut command = Command::new(program);
        command.arg("--data").arg(folder).args(["--json", "--now", many::NOW, "serve"]);
        command.args(["--listen", "127.0.0.1:0"]).args(fast);
        let log = folder.with_file_name("serve.log");
        command.stdout(Stdio::piped()).stderr(std::fs::File::create(log)?);
        let mut child = command.spawn().context("tally serve")?;
        let said = child.stdout.take().context("its output")?;
        let mut said = BufReader::new(said);
        let mut address = None;
        while address.is_none() {
            let mut text = String::new();
            if said.read_line(&mut text)? == 0 {
                bail!("tally serve said nothing");
            }
            address = address_in(&text);
        }
        let address = address.context("an address")?;
        // What it goes on to say is read, so that it never waits for us.
        std::thread::spawn(move || said.lines().for_each(drop));
        Ok(Self { child, address })
    }

    fn resident_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        Ok(kibibytes / 1024.0)
    }
}

/// The address in what `serve` says when it listens.
fn address_in(text: &str) -> Option<SocketAddr> {
    let port = text.split("127.0.0.1:").nth(1)?;
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    Some(SocketAddr::from(([127, 0, 0, 1], port.parse().ok()?)))
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The deployment with its people: a customer whose 200 keys read, a vendor whose key writes.
async fn lay_down(folder: &Path, agreements: u64) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let place = folder.join("desk");
    let agreements = many::make(&place, agreements, ENTRIES).await?;
    let desk = Desk::open(&place, Some(many::NOW.parse()?)).await?;
    let people = People::of(&desk);
    let token = people.setup_token().await?;
    let session = people.set_up(&token, "customer", &person("customer"), &origin()).await?;
    let customer = caller(&people, &session).await?;
    let own = customer.organisation().context("an organisation")?.to_owned();
    let first = agreements.first().context("an agreement")?;
    people.seat(first, Side::Customer, &own).await?;
    let invitation = NewInvitation {
        email: Some("vendor@example.com".to_owned()),
        agreement: Some(first.clone()),
        side: Some(Side::Vendor),
        ..NewInvitation::default()
    };
    let invited = people.invite(&customer, &invitation).await?;
    let joining =
        Joining { organisation: Some("vendor".to_owned()), person: Some(person("vendor")) };
    let session = people.accept(&invited.token, None, &joining, &origin()).await?;
    let vendor = caller(&people, &session.context("a session")?).await?;
    let theirs = vendor.organisation().context("an organisation")?.to_owned();
    for agreement in &agreements {
        people.seat(agreement, Side::Customer, &own).await?;
        people.seat(agreement, Side::Vendor, &theirs).await?;
    }
    let mut readers = Vec::new();
    for number in 0..READERS {
        readers.push(key(&people, &customer, &format!("reader {number}"), KeyScope::Read).await?);
    }
    let writer = key(&people, &vendor, "writer", KeyScope::Record).await?;
    desk.store.close().await;
    let made = serde_json::to_vec(&Made { agreements, readers, writer })?;
    Ok(std::fs::write(folder.join("who.json"), made)?)
}

fn origin() -> Origin {
    Origin {
        address: "127.0.0.1".to_owned(),
        agent: "benches".to_owned(),
        request: "making".to_owned(),
    }
}

fn person(name: &str) -> NewPerson {
    NewPerson {
        email: format!("{name}@example.com"),
        name: name.to_owned(),
        password: "a password of the benchmark".to_owned(),
        lang: units::Lang::En.code().to_owned(),
    }
}

async fn caller(people: &People, session: &str) -> Result<Caller> {
    people.caller(session, &origin()).await?.context("nobody is signed in")
}

async fn key(people: &People, caller: &Caller, name: &str, scope: KeyScope) -> Result<String> {
    let new = NewKey { name: name.to_owned(), scopes: [scope].into(), agreement: None, days: 366 };
    Ok(people.new_key(caller, &new).await?.1)
}
