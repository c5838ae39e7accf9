//! Versions of the papers between two parties: drafted, edited, offered back, signed, checked by a
//! stranger. Clauses: pb-01 to pb-08, train-11.1, class-5.1.

use std::io::{Cursor, Read as _, Write as _};

use contract::Refusal;
use contract::event::Actor;
use contract::terms::Side;
use desk::DeskError;
use desk::papers::{NewVersion, Obstacle, PapersError, Signer, turn};
use desk::people::{Approver, People, PlaybookError};
use desk::verify::{Reader, VerifiedKind, VerifyFinding, VerifyReport, verify};
use docx::Package;
use journal::{Algorithm, SignerKey};
use signing::{PartKind, PartState};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::scene::{Scene, key};

const PRICE: &str = "service.plan.price.price";
const BODY: &str = "word/document.xml";
const STORE: &str = "customXml/item1.xml";
const AT: &str = "2026-03-01T09:00:00+08:00";

pub(crate) fn signer(name: &str) -> Option<Signer> {
    Some(Signer {
        name: name.to_owned(),
        role: "总经理".to_owned(),
        authority: "授权委托书 2026-02-20".to_owned(),
    })
}

/// A version drafted from the terms, signed by Gu and Luo.
pub(crate) fn drafted() -> NewVersion {
    NewVersion { customer: signer("gu"), vendor: signer("luo"), ..NewVersion::default() }
}

fn actor(side: Side) -> Actor {
    Actor::of(side, if side == Side::Customer { "gu" } else { "luo" })
}

pub(crate) async fn offer(scene: &Scene, side: Side, new: NewVersion) -> desk::papers::Prepared {
    let offered = scene.desk.offer(&scene.agreement, &actor(side), side, new).await;
    offered.expect("offered").1
}

async fn word(scene: &Scene, number: u32) -> Vec<u8> {
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    scene.desk.version_file(&book, number, "version.docx").await.expect("its Word file").0
}

/// Signs for a party, with every red finding approved first.
pub(crate) async fn sign(scene: &Scene, side: Side, key: &SignerKey) -> Result<(), DeskError> {
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    let found = scene.desk.negotiation(&book, side, None).await.expect("a view");
    let people = People::of(&scene.desk);
    for red in found.red.iter().filter(|red| red.approval.is_none()) {
        let approved = (red.version, red.id.as_str(), "seen by the board");
        let chen = Approver::Operator(&scene.agreement, side, "chen");
        people.approve_finding(chen, approved).await.expect("approved");
    }
    let name = if side == Side::Customer { "gu" } else { "luo" };
    scene.desk.sign(&scene.agreement, side, name, key).await.map(|_| ())
}

/// The price, in each way in which the Word file says it.
fn prices(word: &[u8]) -> Vec<String> {
    let package = Package::read(word).expect("a Word file");
    let back = document::draft::terms_of(&package, None).expect("it has terms");
    let said = back.terms.into_iter().filter(|term| term.mark.path == PRICE);
    said.filter_map(|term| term.store).collect()
}

/// The Word file with another price in these parts: the store, and what the reader sees.
fn changed(word: &[u8], price: &str, parts: &[&str]) -> Vec<u8> {
    let mut package = Package::read(word).expect("a Word file");
    for part in parts {
        let text = String::from_utf8(package.part(part).expect("the part").to_vec());
        let mut text = text.expect("XML in UTF-8");
        for said in prices(word) {
            let from = format!(">{said}<");
            assert!(text.contains(&from), "{part} says {said}");
            text = text.replace(&from, &from.replace("28", price));
        }
        package.set(part, text.into_bytes());
    }
    package.write()
}

pub(crate) fn checked(scene: &Scene, name: &str, bytes: &[u8]) -> VerifyReport {
    let path = scene.path(name);
    std::fs::write(&path, bytes).expect("written");
    verify(&path, &Reader::default()).expect("read")
}

/// The signed file with one of its files replaced.
pub(crate) fn replaced(signed: &[u8], name: &str, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(signed)).expect("a zip");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("read");
        let found = file.name().expect("a name").into_owned();
        if found == name {
            change(&mut bytes);
        }
        out.start_file(found, SimpleFileOptions::DEFAULT).expect("a name");
        out.write_all(&bytes).expect("written");
    }
    out.finish().expect("a zip").into_inner()
}

#[tokio::test]
async fn papers_are_drafted_signed_by_both_and_hold_for_a_stranger() {
    let scene = Scene::unsigned("classification", AT).await;
    let prepared = offer(&scene, Side::Vendor, drafted()).await;
    assert_eq!(prepared.obstacles, Vec::new());
    let manifest = prepared.manifest.expect("it can be signed");
    let names: Vec<&str> = manifest.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["agreement.docx", "agreement.pdf", "agreement.txt", "terms.json"]);
    // The customer signs on P-256, as a browser does.
    let seed = *journal::Hash::of(b"gu in the browser").bytes();
    let gu = SignerKey::of("gu", Algorithm::EcdsaP256, &seed).expect("a key");
    sign(&scene, Side::Customer, &gu).await.expect("the customer signs");
    sign(&scene, Side::Vendor, &key(Side::Vendor)).await.expect("the vendor signs");
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    assert!(book.state.effective.is_some(), "in force at once: no second entry of any value");

    let signed = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    assert_eq!(signed, scene.desk.signed_file(&scene.agreement).await.expect("the same bytes"));
    let report = checked(&scene, "signed.zip", &signed);
    assert_eq!(report.kind, VerifiedKind::SignedFile);
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!(report.agreement.as_ref(), Some(&scene.agreement));

    let parts = [
        ("parts/agreement.docx", "agreement.docx"),
        ("parts/agreement.pdf", "agreement.pdf"),
        ("parts/agreement.txt", "agreement.txt"),
        ("terms.json", "terms.json"),
    ];
    for (file, name) in parts {
        let other = replaced(&signed, file, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        });
        let report = checked(&scene, "changed.zip", &other);
        let named = report.findings.iter().any(|found| {
            matches!(found, VerifyFinding::Part { name: found, state: PartState::Changed }
                if found == name)
        });
        assert!(named, "{file}: {:?}", report.findings);
    }
    for file in ["manifest.json", "signatures/customer.json", "sealed.pdf"] {
        let other = replaced(&signed, file, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        });
        assert!(!checked(&scene, "changed.zip", &other).is_sound(), "{file}");
    }

    let bundle = scene.path("whole.tally");
    desk::bundle::export(&scene.desk, &scene.agreement, &bundle).await.expect("exports");
    let report = verify(&bundle, &Reader::default()).expect("read");
    assert!(report.is_sound(), "{:?}", report.findings);
    assert!(report.papers.is_some_and(|papers| papers.holds()));

    let sealed = scene.desk.sealed(&book, None).await.expect("a seal").expect("both signed");
    let report = checked(&scene, "sealed.pdf", &sealed);
    assert_eq!(report.kind, VerifiedKind::SealedPage);
    assert!(report.is_sound(), "{:?}", report.findings);
}

#[tokio::test]
async fn a_changed_term_that_comes_back_becomes_the_term_that_is_signed() {
    let scene = Scene::unsigned("classification", AT).await;
    offer(&scene, Side::Vendor, drafted()).await;
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    assert_eq!(turn(&book), (Some(Side::Customer), 1));
    let first = word(&scene, 1).await;
    let edited = changed(&first, "24", &[BODY, STORE]);
    let prepared =
        offer(&scene, Side::Customer, NewVersion { word: Some(edited), ..drafted() }).await;
    assert_eq!(prepared.obstacles, Vec::new());
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    assert_eq!(turn(&book), (Some(Side::Vendor), 2));
    let second = scene.desk.version(&book, 2).await.expect("version 2");
    let paths: Vec<&str> = second.changed.iter().map(|term| term.path.as_str()).collect();
    assert_eq!(paths, [PRICE]);
    assert_eq!(second.changed[0].before.as_deref(), Some("28.00"));
    assert_eq!(second.changed[0].after.as_deref(), Some("24.00"));
    assert_eq!(second.hidden.len(), 2, "an untracked change is shown, in both languages");
    sign(&scene, Side::Vendor, &key(Side::Vendor)).await.expect("the vendor signs");
    sign(&scene, Side::Customer, &key(Side::Customer)).await.expect("the customer signs");
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    let terms = serde_json::to_value(&book.state.agreement).expect("JSON");
    assert_eq!(terms["service"]["plan"]["price"]["price"], "24.00");
    let signed = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    assert!(checked(&scene, "signed.zip", &signed).is_sound());
}

#[tokio::test]
async fn nobody_signs_what_is_open_or_what_is_not_the_last_version() {
    let scene = Scene::unsigned("classification", AT).await;
    offer(&scene, Side::Vendor, drafted()).await;
    sign(&scene, Side::Vendor, &key(Side::Vendor)).await.expect("the vendor signs version 1");

    // What the reader sees and what the file stores disagree.
    let first = word(&scene, 1).await;
    let torn = changed(&first, "20", &[BODY]);
    let new = NewVersion { word: Some(torn), ..drafted() };
    let prepared = offer(&scene, Side::Customer, new).await;
    assert!(
        matches!(&prepared.obstacles[..], [Obstacle::TermsDisagree { paths }]
            if paths == &[PRICE]),
        "{:?}",
        prepared.obstacles
    );
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    assert!(book.state.signings.is_empty(), "a counter-offer takes signatures off the table");
    let answer = sign(&scene, Side::Customer, &key(Side::Customer)).await;
    let refused = matches!(answer, Err(DeskError::Refused(Refusal::NotReady { version: 2 })));
    assert!(refused, "{answer:?}");

    // Tracked changes that nobody settled, and a blank.
    let other = changed(&first, "24", &[BODY, STORE]);
    let (old, new) = (Package::read(&first).expect("old"), Package::read(&other).expect("new"));
    let compare = docx::Compare {
        author: "gu".to_owned(),
        at: "2026-03-02T00:00:00Z".to_owned(),
        terms: Vec::new(),
        words: Vec::new(),
    };
    let (tracked, _) = docx::redline(&old, &new, &compare).expect("a redline");
    let new = NewVersion { word: Some(tracked.write()), ..drafted() };
    let prepared = offer(&scene, Side::Customer, new).await;
    let open = |one: &Obstacle| matches!(one, Obstacle::UnresolvedChanges { count } if *count > 0);
    assert!(prepared.obstacles.iter().any(open), "{:?}", prepared.obstacles);
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    let offered = scene.desk.version(&book, prepared.version.number).await.expect("the version");
    assert_eq!(offered.changed, [], "what is not accepted changes nothing");
    let [term] = offered.proposed.as_slice() else { panic!("{:?}", offered.proposed) };
    let (before, after) = (term.before.as_deref(), term.after.as_deref());
    assert_eq!((before, after), (Some("人民币 28.00 元"), Some("人民币 24.00 元")));
    assert_eq!(term.path, PRICE);

    // Somebody whom the papers do not name.
    offer(&scene, Side::Vendor, drafted()).await;
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    let view = scene.desk.negotiation(&book, Side::Vendor, None).await;
    assert_eq!(view.expect("a view").stands.len(), 8);
    let stranger = scene.desk.sign(&scene.agreement, Side::Vendor, "mei", &key(Side::Vendor)).await;
    let refused = matches!(
        &stranger,
        Err(DeskError::Refused(Refusal::NotASignatory { need })) if need == "luo"
    );
    let red = matches!(&stranger, Err(DeskError::Papers(PapersError::Red { .. })));
    assert!(refused || red, "{stranger:?}");
}

/// The built-in playbook with a clause of one's own: words that no draft has.
fn own_playbook() -> String {
    let texts = ["title", "strategy", "preferred", "fallback", "walk-away", "sample"];
    let mut clause =
        "\n[[clause]]\nid = \"own-01\"\nrisk = \"high\"\ndifficulty = \"low\"\n".to_owned();
    for name in texts {
        clause.push_str(&format!("{name}.zh = \"鹿\"\n{name}.en = \"deer\"\n"));
    }
    clause.push_str(
        "[[clause.phrase]]\nid = \"deer\"\nwants = \"must-contain\"\ngroups = [[\"a white deer\", \
         \"白鹿\"]]\nrisk = \"high\"\nreason.zh = \"没有鹿\"\nreason.en = \"no deer\"\n",
    );
    review::playbook::AI_VENDOR.replacen("id = \"ai-vendor\"", "id = \"ours\"", 1) + &clause
}

#[tokio::test]
async fn a_side_signs_by_the_playbook_that_it_chose() {
    let scene = Scene::unsigned("classification", AT).await;
    offer(&scene, Side::Vendor, drafted()).await;
    let people = People::of(&scene.desk);
    let luo = Approver::Operator(&scene.agreement, Side::Vendor, "luo");
    let chosen = people.sign_by(luo, &own_playbook()).await.expect("chosen");
    assert_eq!((chosen.playbook.as_str(), chosen.by.as_str()), ("ours", "luo"));
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    for (side, id, asked) in [(Side::Vendor, "ours", true), (Side::Customer, "ai-vendor", false)] {
        let found = scene.desk.negotiation(&book, side, None).await.expect("a view");
        assert_eq!((found.signs_by.id.as_str(), found.playbook.id.as_str()), (id, id));
        let own = found.red.iter().any(|red| red.finding.clause == "own-01");
        assert_eq!(own, asked, "{side:?}");
        // Another playbook shows other positions; what must be approved stays the same.
        let shown = review::Playbook::ai_vendor();
        let other = scene.desk.negotiation(&book, side, Some(shown)).await.expect("a view");
        assert_eq!((other.signs_by.id.as_str(), other.playbook.id.as_str()), (id, "ai-vendor"));
        assert_eq!(other.red.len(), found.red.len());
    }
    let signed = scene.desk.sign(&scene.agreement, Side::Vendor, "luo", &key(Side::Vendor)).await;
    let own = |findings: &[String]| findings.iter().any(|id| id.starts_with("own-01"));
    let refused =
        matches!(&signed, Err(DeskError::Papers(PapersError::Red { findings })) if own(findings));
    assert!(refused, "{signed:?}");
    sign(&scene, Side::Vendor, &key(Side::Vendor)).await.expect("signed");
    let broken = people.sign_by(luo, "format = 1\n").await;
    assert!(matches!(broken, Err(PlaybookError::Problems(_))), "{broken:?}");
    let posing = own_playbook().replacen("id = \"ours\"", "id = \"ai-vendor\"", 1);
    let posing = people.sign_by(luo, &posing).await;
    assert!(matches!(posing, Err(PlaybookError::Name)), "{posing:?}");
}

/// A red pixel as PNG.
fn red_pixel() -> Vec<u8> {
    let digits = "\
    89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63\
    3821200100029400f181a7ee5f0000000049454e44ae426082";
    hex::decode(digits).expect("hexadecimal")
}

#[tokio::test]
async fn a_picture_of_a_seal_is_a_part_that_both_sign_and_stays_while_the_words_do() {
    let scene = Scene::unsigned("classification", AT).await;
    let with_seal = || NewVersion { seal: Some(red_pixel()), ..drafted() };
    let pictures = |prepared: &desk::papers::Prepared| {
        let manifest = prepared.manifest.as_ref().expect("it can be signed");
        let of = manifest.parts.iter().filter(|part| part.kind == PartKind::SealPicture);
        of.map(|part| part.name.clone()).collect::<Vec<_>>()
    };
    let first = offer(&scene, Side::Vendor, with_seal()).await;
    assert_eq!(pictures(&first), ["seal.vendor.png"]);
    let second = offer(&scene, Side::Customer, with_seal()).await;
    assert_eq!(pictures(&second), ["seal.customer.png", "seal.vendor.png"]);
    // Other words: the vendor did not put its picture below these.
    let edited = changed(&word(&scene, 1).await, "24", &[BODY, STORE]);
    let new = NewVersion { word: Some(edited), ..with_seal() };
    assert_eq!(pictures(&offer(&scene, Side::Customer, new).await), ["seal.customer.png"]);
    // One's own picture is given with each offer, that of the other party stays.
    let fourth = offer(&scene, Side::Vendor, with_seal()).await;
    assert_eq!(pictures(&fourth), ["seal.customer.png", "seal.vendor.png"]);

    sign(&scene, Side::Customer, &key(Side::Customer)).await.expect("the customer signs");
    sign(&scene, Side::Vendor, &key(Side::Vendor)).await.expect("the vendor signs");
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    let kept = scene.desk.version_file(&book, 4, "seal.vendor.png").await.expect("a file");
    assert_eq!(kept, (red_pixel(), "image/png".to_owned()));
    let signed = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    assert!(checked(&scene, "signed.zip", &signed).is_sound());
    let other = replaced(&signed, "parts/seal.vendor.png", |bytes| bytes[50] ^= 1);
    let report = checked(&scene, "changed.zip", &other);
    let named = report.findings.iter().any(|found| {
        matches!(found, VerifyFinding::Part { name, state: PartState::Changed }
            if name == "seal.vendor.png")
    });
    assert!(named, "{:?}", report.findings);
    let bundle = scene.path("whole.tally");
    desk::bundle::export(&scene.desk, &scene.agreement, &bundle).await.expect("exports");
    let report = verify(&bundle, &Reader::default()).expect("read");
    assert!(report.is_sound(), "{:?}", report.findings);
}

#[tokio::test]
async fn what_is_no_picture_and_what_would_pass_for_another_part_is_not_offered() {
    let scene = Scene::unsigned("classification", AT).await;
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    for seal in [Vec::new(), b"%PDF-1.7".to_vec(), red_pixel()[..40].to_vec(), vec![0; 3 << 20]] {
        let new = NewVersion { seal: Some(seal), ..drafted() };
        let answer = scene.desk.prepare_version(&book, Side::Vendor, new).await;
        assert!(matches!(answer, Err(DeskError::Papers(PapersError::Picture(_)))), "{answer:?}");
    }
    for name in ["seal.customer.png", "Seal.Vendor.JPG", "terms.json", "agreement.pdf"] {
        let annexes = vec![(name.to_owned(), red_pixel())];
        let new = NewVersion { annexes, ..drafted() };
        let answer = scene.desk.prepare_version(&book, Side::Vendor, new).await;
        let refused = matches!(&answer, Err(DeskError::Papers(PapersError::Name { name: found }))
            if found == name);
        assert!(refused, "{answer:?}");
    }
}
