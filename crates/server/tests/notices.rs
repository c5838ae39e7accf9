//! What waits reaches people: a deployment with two parties, a clock that is set, and a real mail
//! server of another author.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use contract::terms::{Agreement, Side};
use desk::Desk;
use desk::agreement_file::{Limits, read_agreement};
use desk::people::{Joining, NewInvitation, NewPerson, Origin, People};
use desk::world::{Clock as _, ManualClock};
use journal::{KeyType, SignerKey};
use server::egress::{Egress, Rules};
use server::mail::{Letter, MailError, Mailer};
use server::notices::{Ahead, NoticeKind, Standing, Teller, of};
use server::webhooks::signature::Scheme;
use server::webhooks::{Hooks, Wish};
use tempfile::TempDir;
use units::Timestamp;

use crate::receiver::Receiver;

/// Answers every letter by printing it as one line of JSON.
const SERVER: &str = r#"
import json, socket, sys
from aiosmtpd.controller import Controller
class Handler:
    async def handle_DATA(self, server, session, envelope):
        print(json.dumps([envelope.rcpt_tos, envelope.content.decode()]), flush=True)
        return "250 OK" if "refused" not in envelope.rcpt_tos[0] else "550 no"
probe = socket.socket()
probe.bind(("127.0.0.1", 0))
port = probe.getsockname()[1]
probe.close()
Controller(Handler(), hostname="127.0.0.1", port=port).start()
print(port, flush=True)
sys.stdin.read()
"#;

struct MailServer {
    child: Child,
    lines: BufReader<ChildStdout>,
    port: u16,
}

impl MailServer {
    /// A running server; `None`, with the reason printed, where the package is not installed.
    #[expect(clippy::print_stdout, reason = "a test that is skipped says why")]
    fn start() -> Option<Self> {
        let Ok(python) = std::env::var("TALLYSTICK_PYTHON") else {
            println!("skipped: no mail server, since TALLYSTICK_PYTHON is not set");
            return None;
        };
        let mut command = Command::new(python);
        command.args(["-c", SERVER]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let port = line.trim().parse().expect("aiosmtpd is installed at set-up");
        Some(Self { child, lines, port })
    }

    fn mailer(&self) -> Mailer {
        let server = format!("smtp://127.0.0.1:{}", self.port);
        Mailer::new(&server, "tally@acme.com", None).unwrap()
    }

    /// The next letter: its recipient, its head and its text.
    fn next(&mut self) -> (String, String, String) {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        let (to, text): (Vec<String>, String) = serde_json::from_str(&line).unwrap();
        assert_eq!(to.len(), 1);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let body = match head.contains("base64") {
            true => {
                use base64::Engine as _;
                let packed: String = body.split_whitespace().collect();
                let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap();
                String::from_utf8(bytes).unwrap()
            }
            false => body.replace("=\r\n", ""),
        };
        (to[0].clone(), head.to_owned(), body)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn terms() -> Agreement {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/agreements/lease.toml");
    read_agreement(&std::fs::read(path).unwrap(), &Limits::default()).unwrap().0
}

fn person(name: &str, lang: &str) -> NewPerson {
    NewPerson {
        name: name.to_owned(),
        email: format!("{name}@acme.com"),
        password: "correct horse battery".to_owned(),
        lang: lang.to_owned(),
    }
}

struct Scene {
    _folder: TempDir,
    desk: Desk,
    people: People,
    clock: Arc<ManualClock>,
    hooks: Arc<Hooks>,
    agreement: Agreement,
    customer: String,
}

impl Scene {
    /// Ana (zh) is the customer, Bob (en) the vendor, of a lease that nobody has signed.
    async fn new(now: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk");
        Desk::create(&path, "desk", true).await.unwrap();
        let mut desk = Desk::open(&path, Some(at(now))).await.unwrap();
        let clock = Arc::new(ManualClock::new(at(now)));
        desk.clock = clock.clone();
        let people = People::of(&desk);
        let origin = Origin::default();
        let token = people.setup_token().await.unwrap();
        let session = people.set_up(&token, "Acme", &person("ana", "zh"), &origin).await.unwrap();
        let ana = people.caller(&session, &origin).await.unwrap().unwrap();
        let agreement = terms();
        people.found(&ana, &agreement, Side::Customer, None).await.unwrap();
        let invitation = NewInvitation {
            email: None,
            roles: Default::default(),
            agreement: Some(agreement.id.clone()),
            side: Some(Side::Vendor),
            until: None,
        };
        let invited = people.invite(&ana, &invitation).await.unwrap();
        let organisation = Some("Bolt".to_owned());
        let joining = Joining { organisation, person: Some(person("bob", "en")) };
        people.accept(&invited.token, None, &joining, &origin).await.unwrap();
        let egress = Egress::new(Rules { private: true, ..Rules::default() }, &[]);
        let hooks = Arc::new(Hooks::new(
            desk.store.clone(),
            people.register(),
            Arc::new(people.clone()),
            (clock.clone(), Arc::new(desk::world::System)),
            egress,
            "https://tally.acme.com".to_owned(),
        ));
        let customer = ana.organisation().unwrap().to_owned();
        Self { _folder: folder, desk, people, clock, hooks, agreement, customer }
    }

    fn teller(&self, mailer: Option<Mailer>) -> Teller {
        let origin = "https://tally.acme.com".to_owned();
        Teller::new(self.people.clone(), self.clock.clone(), self.hooks.clone(), mailer, origin)
    }

    async fn standing(&self) -> Vec<Standing> {
        let book = self.desk.open_book(&self.agreement.id).await.unwrap();
        Standing::of(&book.state, self.clock.now()).into_iter().collect()
    }

    async fn kinds(&self, side: Side) -> Vec<NoticeKind> {
        let book = self.desk.open_book(&self.agreement.id).await.unwrap();
        let position = contract::position(&book.state, self.clock.now());
        let mut kinds: Vec<_> = of(&book.state, &position, side, Ahead::TOLD)
            .iter()
            .map(|notice| notice.kind)
            .collect();
        kinds.dedup();
        kinds
    }

    async fn sign(&self, side: Side, seed: u8) {
        let key = SignerKey::new(side.code(), KeyType::Note, &[seed; 32]).unwrap();
        self.desk.sign(&self.agreement.id, side, "gu", &key).await.unwrap();
    }
}

#[tokio::test]
async fn a_signature_is_awaited_of_who_has_not_signed_and_time_makes_things_due_and_late() {
    let scene = Scene::new("2026-03-01T01:00:00Z").await;
    assert_eq!(scene.kinds(Side::Customer).await, [NoticeKind::SignatureAwaited]);
    scene.sign(Side::Customer, 1).await;
    assert_eq!(scene.kinds(Side::Customer).await, []);
    assert_eq!(scene.kinds(Side::Vendor).await, [NoticeKind::SignatureAwaited]);
    scene.sign(Side::Vendor, 2).await;
    assert_eq!(scene.kinds(Side::Vendor).await, []);
    let due = {
        let book = scene.desk.open_book(&scene.agreement.id).await.unwrap();
        let position = contract::position(&book.state, scene.clock.now());
        position.obligations.iter().map(|view| (view.due, view.debtor)).min().unwrap()
    };
    let (due, debtor) = due;
    let creditor = debtor.other();
    scene.clock.set(due.plus_seconds(-1));
    assert!(scene.kinds(debtor).await.contains(&NoticeKind::DueSoon));
    assert!(!scene.kinds(creditor).await.contains(&NoticeKind::DueSoon));
    scene.clock.set(due);
    assert!(scene.kinds(debtor).await.contains(&NoticeKind::Breached));
    assert!(scene.kinds(creditor).await.contains(&NoticeKind::Breached));
}

#[tokio::test]
async fn what_waits_comes_as_one_letter_in_the_persons_language_once_and_by_webhook() {
    let Some(mut server) = MailServer::start() else { return };
    let scene = Scene::new("2026-03-01T01:00:00Z").await;
    let receiver = Receiver::willing().await;
    let wish = Wish {
        url: receiver.origin.clone(),
        kinds: ["notice".to_owned()].into_iter().collect(),
        agreement: None,
        scheme: Scheme::Ed25519,
    };
    scene.hooks.add(&scene.customer, "ana", wish).await.unwrap();
    let teller = scene.teller(Some(server.mailer()));
    assert_eq!(teller.round(&scene.standing().await).await.unwrap(), 0, "others may follow");
    scene.clock.set(at("2026-03-01T01:10:00Z"));
    assert_eq!(teller.round(&scene.standing().await).await.unwrap(), 2);
    let mut letters = [server.next(), server.next()];
    letters.sort();
    let [(ana, head, text), (bob, english, said)] = letters;
    assert_eq!((ana.as_str(), bob.as_str()), ("ana@acme.com", "bob@acme.com"));
    assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
    let link = format!("https://tally.acme.com/agreements/{}", scene.agreement.id);
    assert!(text.contains("待签署") && text.contains(&link), "{text}");
    assert!(text.contains(&scene.agreement.title.zh), "{text}");
    assert!(english.contains("Tallystick: 1 thing needs you"), "{english}");
    assert!(said.contains("a signature is awaited") && said.contains(&link), "{said}");
    assert_eq!(scene.hooks.deliver().await.unwrap(), 1);
    let body: serde_json::Value = serde_json::from_slice(&receiver.received()[0].body).unwrap();
    assert_eq!(
        (&body["type"], &body["kind"]),
        (&"tallystick.notice".into(), &"signature_awaited".into())
    );
    for later in ["2026-03-01T01:20:00Z", "2026-03-02T01:20:00Z"] {
        scene.clock.set(at(later));
        assert_eq!(teller.round(&scene.standing().await).await.unwrap(), 0, "told once");
    }
    assert_eq!(scene.hooks.round().await.unwrap(), 0);
}

#[tokio::test]
async fn a_letter_waits_while_the_server_is_away_and_is_given_up_when_it_is_refused() {
    let Some(mut server) = MailServer::start() else { return };
    let now = at("2026-03-01T01:00:00Z");
    let letter = |to: &str| Letter {
        to: to.to_owned(),
        subject: "x".to_owned(),
        text: "y\n".to_owned(),
        key: "1".to_owned(),
    };
    let refused = server.mailer().send(&letter("refused@acme.com"), now).await;
    assert!(matches!(refused, Err(MailError::Refused(_))), "{refused:?}");
    server.next();
    server.mailer().send(&letter("ana@acme.com"), now).await.unwrap();
    assert_eq!(server.next().0, "ana@acme.com");
    let mailer = server.mailer();
    drop(server);
    let away = mailer.send(&letter("ana@acme.com"), now).await;
    assert!(away.as_ref().is_err_and(MailError::is_passing), "{away:?}");
    let scene = Scene::new("2026-03-01T01:00:00Z").await;
    let teller = scene.teller(Some(mailer));
    teller.round(&scene.standing().await).await.unwrap();
    scene.clock.set(at("2026-03-01T01:10:00Z"));
    assert_eq!(teller.round(&scene.standing().await).await.unwrap(), 0);
    let Some(mut server) = MailServer::start() else { return };
    let teller = scene.teller(Some(server.mailer()));
    assert_eq!(teller.round(&scene.standing().await).await.unwrap(), 0, "not at once");
    scene.clock.set(at("2026-03-01T01:25:00Z"));
    assert_eq!(teller.round(&scene.standing().await).await.unwrap(), 2);
    server.next();
}
