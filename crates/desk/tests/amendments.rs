//! Documents that join an agreement later, with papers of their own: a manifest that names the one
//! before it, envelopes, timestamps and a seal, checked by a stranger part by part.
//! Clauses: train-11.1, class-5.1.

use std::io::{Cursor, Read as _, Write as _};

use contract::Refusal;
use contract::event::Actor;
use contract::terms::Side;
use desk::DeskError;
use desk::papers::{Answer, DOCUMENT_PDF, DOCUMENT_TEXT, NewDocument};
use desk::verify::{Reader, VerifyFinding, VerifyReport, verify};
use journal::Hash;
use signing::{Manifest, PartState, SignatureState};
use units::Id;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::papers::supplement;
use crate::scene::{Scene, id, key};
use crate::stamps::{authority, signed};
use crate::versions::{checked, replaced, signer};

const FOLDER: &str = "documents/supplement-1/";

async fn propose(scene: &Scene, new: NewDocument) {
    let vendor = Actor::of(Side::Vendor, "luo");
    scene.desk.propose(&scene.agreement, &vendor, new).await.expect("proposed");
}

async fn sign(scene: &Scene, document: &Id, side: Side, name: &str) -> Result<(), DeskError> {
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    desk.sign_document(agreement, document, side, name, &key(side)).await.map(|_| ())
}

/// An agreement signed by its papers, with a supplement that both have signed.
async fn supplemented() -> Scene {
    let scene = signed().await;
    propose(&scene, supplement("24.00").into()).await;
    sign(&scene, &id("supplement-1"), Side::Vendor, "luo").await.expect("the vendor signs");
    sign(&scene, &id("supplement-1"), Side::Customer, "gu").await.expect("the customer signs");
    scene
}

async fn manifest(scene: &Scene, document: &str) -> Manifest {
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    let manifest = scene.desk.document_manifest(&book, &id(document)).await.expect("read");
    manifest.expect("it has papers")
}

async fn bundle(scene: &Scene) -> Vec<u8> {
    let path = scene.path("whole.tally");
    desk::bundle::export(&scene.desk, &scene.agreement, &path).await.expect("exports");
    std::fs::read(path).expect("written")
}

fn names(archive: &[u8]) -> Vec<String> {
    let zip = zip::ZipArchive::new(Cursor::new(archive)).expect("a zip");
    zip.file_names().map(|name| name.expect("a name").into_owned()).collect()
}

fn file(archive: &[u8], name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).expect("a zip");
    let mut bytes = Vec::new();
    zip.by_name(name).expect(name).read_to_end(&mut bytes).expect("read");
    bytes
}

/// The archive without one of its files.
fn without(archive: &[u8], name: &str) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for other in names(archive).iter().filter(|other| *other != name) {
        out.start_file(other.as_str(), SimpleFileOptions::DEFAULT).expect("a name");
        out.write_all(&file(archive, other)).expect("written");
    }
    out.finish().expect("a zip").into_inner()
}

fn flip(bytes: &mut [u8]) {
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
}

fn has(report: &VerifyReport, expected: &VerifyFinding) {
    assert!(report.findings.contains(expected), "{expected:?} not in {:?}", report.findings);
}

#[tokio::test]
async fn a_later_document_has_papers_that_a_stranger_checks_beside_the_agreement() {
    let scene = supplemented().await;
    let made = manifest(&scene, "supplement-1").await;
    let parts: Vec<&str> = made.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(parts, [DOCUMENT_PDF, DOCUMENT_TEXT, "terms.json"]);
    let file_of_all = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    let before = Hash::of(&file(&file_of_all, "manifest.json"));
    assert_eq!((made.version, made.previous), (2, Some(before)), "it names what it follows");
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    let text = scene.desk.document_file(&book, &id("supplement-1"), DOCUMENT_TEXT).await;
    let text = String::from_utf8(text.expect("a file").0).expect("UTF-8");
    for said in ["24.00，原为 28.00", "24.00, was 28.00", "补充协议", "Supplement"] {
        assert!(text.contains(said), "{said} in {text}");
    }

    for (name, archive) in [("signed.zip", file_of_all), ("whole.tally", bundle(&scene).await)] {
        let inside = names(&archive);
        for file in [
            "manifest.json",
            "terms.json",
            "parts/document.pdf",
            "parts/document.txt",
            "sealed.pdf",
            "signatures/customer.json",
            "signatures/vendor.json",
        ] {
            assert!(inside.contains(&format!("{FOLDER}{file}")), "{name}: {file} in {inside:?}");
        }
        let report = checked(&scene, name, &archive);
        assert!(report.is_sound(), "{name}: {:?}", report.findings);
        assert!(report.documents[&id("supplement-1")].holds(), "{name}");
        assert!(report.papers.is_some_and(|papers| papers.holds()), "{name}");
    }
}

#[tokio::test]
async fn what_was_changed_in_the_papers_of_a_document_is_named() {
    let scene = supplemented().await;
    let signed = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    let whole = bundle(&scene).await;
    let at = |name: &str| format!("{FOLDER}{name}");
    let part = |name: &str, state| VerifyFinding::Part { name: at(name), state };
    let rows = [
        ("parts/document.pdf", part("document.pdf", PartState::Changed)),
        ("parts/document.txt", part("document.txt", PartState::Changed)),
        ("terms.json", part("terms.json", PartState::Changed)),
    ];
    for (name, archive) in [("signed.zip", &signed), ("whole.tally", &whole)] {
        for (file, expected) in &rows {
            let report = checked(&scene, name, &replaced(archive, &at(file), |it| flip(it)));
            has(&report, expected);
            assert!(!report.is_sound());
        }
        for file in ["manifest.json", "signatures/customer.json", "sealed.pdf"] {
            let report = checked(&scene, name, &replaced(archive, &at(file), |it| flip(it)));
            let of = report.findings.iter().any(|found| format!("{found:?}").contains(FOLDER));
            assert!(of && !report.is_sound(), "{name} {file}: {:?}", report.findings);
        }
        let report = checked(&scene, name, &without(archive, &at("parts/document.pdf")));
        has(&report, &part("document.pdf", PartState::Missing));
        let report = checked(&scene, name, &without(archive, &at("manifest.json")));
        has(&report, &VerifyFinding::MissingFile { name: at("manifest.json") });

        // The manifest of the agreement in the place of the document's.
        let other = file(archive, "manifest.json");
        let posing = replaced(archive, &at("manifest.json"), |it| it.clone_from(&other));
        let report = checked(&scene, name, &posing);
        let (file, state) = (at("customer.json"), SignatureState::OtherManifest);
        has(&report, &VerifyFinding::PaperSignature { name: file, state });
        has(&report, &part("agreement.pdf", PartState::Missing));
    }
    // A missing envelope: the signed file lacks a signatory, the bundle what its journal records.
    let lost = at("signatures/vendor.json");
    let report = checked(&scene, "signed.zip", &without(&signed, &lost));
    let (side, signatory) = (id("vendor"), "luo".to_owned());
    has(&report, &VerifyFinding::SignatoryMissing { side, signatory });
    let report = checked(&scene, "whole.tally", &without(&whole, &lost));
    let differs = report
        .findings
        .iter()
        .any(|found| matches!(found, VerifyFinding::SigningDiffers { name, .. } if *name == lost));
    assert!(differs, "{:?}", report.findings);
    // A bundle without the folder at all.
    let mut stripped = whole.clone();
    for name in names(&whole).iter().filter(|name| name.starts_with(FOLDER)) {
        stripped = without(&stripped, name);
    }
    let report = checked(&scene, "whole.tally", &stripped);
    has(&report, &VerifyFinding::MissingFile { name: at("manifest.json") });
}

#[tokio::test]
async fn the_person_whom_the_papers_of_a_document_name_signs_them() {
    let scene = signed().await;
    let first: NewDocument = supplement("24.00").into();
    propose(&scene, first).await;
    let stranger = sign(&scene, &id("supplement-1"), Side::Customer, "mei").await;
    let refused = matches!(
        &stranger,
        Err(DeskError::Refused(Refusal::NotASignatory { need })) if need == "gu"
    );
    assert!(refused, "{stranger:?}");
    // What is open is in the bundle, and not in the file of what both have signed.
    let whole = bundle(&scene).await;
    assert!(names(&whole).iter().any(|name| name.starts_with(FOLDER)));
    let report = checked(&scene, "whole.tally", &whole);
    assert!(report.is_sound(), "{:?}", report.findings);
    let signed = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    assert!(!names(&signed).iter().any(|name| name.starts_with(FOLDER)));

    for (side, name) in [(Side::Customer, "gu"), (Side::Vendor, "luo")] {
        sign(&scene, &id("supplement-1"), side, name).await.expect("signed");
    }
    let mut second = supplement("22.00");
    // A name that no folder can have as it is.
    second.id = id("../supplement:2");
    let new = NewDocument { customer: signer("mei"), ..second.clone().into() };
    let second = second.id;
    propose(&scene, new).await;
    let (one, two) =
        (manifest(&scene, "supplement-1").await, manifest(&scene, "../supplement:2").await);
    let follows = (3, Some(one.sha256().expect("a hash")));
    assert_eq!((two.version, two.previous), follows, "the second names the first");
    sign(&scene, &second, Side::Customer, "mei").await.expect("the new signatory");
    sign(&scene, &second, Side::Vendor, "luo").await.expect("signed");
    let signed = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    assert!(names(&signed).contains(&"documents/%2E.%2Fsupplement%3A2/terms.json".to_owned()));
    let report = checked(&scene, "signed.zip", &signed);
    assert!(report.is_sound() && report.documents.len() == 2, "{:?}", report.findings);
    // Without the first, what the second follows is not there.
    let mut alone = signed.clone();
    for name in names(&signed).iter().filter(|name| name.starts_with(FOLDER)) {
        alone = without(&alone, name);
    }
    let report = checked(&scene, "signed.zip", &alone);
    let told = report.findings.iter().any(|found| {
        matches!(found, VerifyFinding::BadManifest { detail } if detail.contains("supplement%3A2"))
    });
    assert!(told, "{:?}", report.findings);
}

#[tokio::test]
async fn the_time_of_a_signature_on_a_document_is_stamped_into_its_folder() {
    let Some(authority) = authority() else { return };
    let scene = supplemented().await;
    let document = id("supplement-1");
    let which = (Side::Customer, Some(&document));
    let request = scene.desk.timestamp_request(&scene.agreement, which).await.expect("a request");
    let response = authority.reply(&request.to_der());
    let answer = Answer::To(&request, &response);
    let root = authority.root_der();
    let kept = scene.desk.keep_timestamp(&scene.agreement, which, "gu", answer, &[&root]).await;
    kept.expect("kept");
    let signed = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    let stamp = format!("{FOLDER}timestamps/customer.tst");
    for (name, archive) in [("signed.zip", signed), ("whole.tally", bundle(&scene).await)] {
        let path = scene.path(name);
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            verify(&path, &Reader { authorities: &[&root], ..Reader::default() }).expect("read")
        };
        let report = read(&archive);
        assert!(report.is_sound(), "{name}: {:?}", report.findings);
        let check = report.timestamps.iter().find(|check| check.name.starts_with(FOLDER));
        let check = check.expect("the stamp is looked at");
        assert_eq!((check.of.as_deref(), check.trusted), (Some("customer.json"), true));
        let report = read(&replaced(&archive, &stamp, |it| flip(it)));
        let told = report.findings.iter().any(|found| {
            matches!(found, VerifyFinding::Timestamp { name, .. }
                if name == &format!("{FOLDER}customer.tst"))
        });
        assert!(told, "{name}: {:?}", report.findings);
    }
}

#[tokio::test]
async fn an_agreement_signed_by_its_terms_alone_has_documents_signed_alone() {
    let scene = Scene::new("classification", "2026-04-01T09:00:00+08:00").await;
    propose(&scene, supplement("24.00").into()).await;
    for (side, name) in [(Side::Customer, "gu"), (Side::Vendor, "luo")] {
        sign(&scene, &id("supplement-1"), side, name).await.expect("signed");
    }
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    assert!(book.state.documents[&id("supplement-1")].papers.is_none());
    let whole = bundle(&scene).await;
    let journal = String::from_utf8(file(&whole, "journal.log")).expect("text");
    let proposal = journal.lines().find(|line| line.contains("document_proposed"));
    let proposal = proposal.expect("an entry");
    assert!(!proposal.contains("papers"), "written as it always was: {proposal}");
    assert!(!names(&whole).iter().any(|name| name.starts_with("documents/")));
    let report = checked(&scene, "whole.tally", &whole);
    assert!(report.is_sound(), "{:?}", report.findings);
}
