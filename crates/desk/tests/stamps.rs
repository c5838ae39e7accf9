//! Timestamps on signatures, by an authority that the real `openssl` plays: kept in the journal,
//! carried in the signed file and the bundle, checked by a stranger.
//! Clauses: train-11.1, class-5.1.

use contract::Refusal;
use contract::terms::Side;
use desk::DeskError;
use desk::papers::Answer;
use desk::verify::{FindingSeverity, Reader, VerifyFinding, VerifyReport, verify};
use signing::timestamp::TimestampError;

use crate::openssl::{Authority, P256, installed, must};
use crate::scene::{Scene, key};
use crate::versions::{drafted, offer, replaced, sign};

const AT: &str = "2026-03-01T09:00:00+08:00";

pub(crate) fn authority() -> Option<Authority> {
    installed("openssl", "version").then(|| Authority::new(P256, "sha256", "sha256"))
}

/// Papers that both have signed.
pub(crate) async fn signed() -> Scene {
    let scene = Scene::unsigned("classification", AT).await;
    offer(&scene, Side::Vendor, drafted()).await;
    for side in [Side::Customer, Side::Vendor] {
        sign(&scene, side, &key(side)).await.expect("signs");
    }
    scene
}

/// Has the authority stamp the customer's signature.
async fn stamp(scene: &Scene, authority: &Authority, trusted: &[&[u8]]) -> Result<(), DeskError> {
    let which = (Side::Customer, None);
    let request = scene.desk.timestamp_request(&scene.agreement, which).await?;
    let response = authority.reply(&request.to_der());
    let answer = Answer::To(&request, &response);
    scene.desk.keep_timestamp(&scene.agreement, which, "gu", answer, trusted).await.map(|_| ())
}

fn checked(scene: &Scene, bytes: &[u8], authorities: &[&[u8]]) -> VerifyReport {
    let path = scene.path("checked.zip");
    std::fs::write(&path, bytes).expect("written");
    verify(&path, &Reader { authorities, ..Reader::default() }).expect("read")
}

fn named(report: &VerifyReport, file: &str) -> bool {
    report
        .findings
        .iter()
        .any(|found| matches!(found, VerifyFinding::Timestamp { name, .. } if name.ends_with(file)))
}

#[tokio::test]
async fn a_stamped_signature_holds_for_a_stranger_and_for_openssl() {
    let Some(authority) = authority() else { return };
    let scene = signed().await;
    let root = authority.root_der();
    stamp(&scene, &authority, &[&root]).await.expect("stamped");
    let again = stamp(&scene, &authority, &[&root]).await;
    let refused = matches!(again, Err(DeskError::Refused(Refusal::Exists { .. })));
    assert!(refused, "one stamp for a signature: {again:?}");

    let file = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    let report = checked(&scene, &file, &[&root]);
    assert!(report.is_sound() && report.findings.is_empty(), "{:?}", report.findings);
    let check = &report.timestamps[0];
    assert_eq!((check.of.as_deref(), check.trusted), (Some("customer.json"), true));
    let stamp = check.result.as_ref().expect("it holds");
    assert_eq!(
        (stamp.authority.as_str(), &stamp.chain[..]),
        ("CN=TSA,O=Test", &["CN=Test Root".to_owned()][..])
    );

    // On nobody's word but its own it holds too, and the reader is told so.
    let report = checked(&scene, &file, &[]);
    assert!(report.is_sound());
    let told: Vec<_> = report.findings.iter().map(VerifyFinding::severity).collect();
    assert_eq!(told, [FindingSeverity::Notice], "{:?}", report.findings);
    // A reader who trusts another root is told that this authority is a stranger.
    let other = Authority::new(P256, "sha256", "sha256").root_der();
    let report = checked(&scene, &file, &[&other]);
    assert!(!report.is_sound() && named(&report, "customer.tst"), "{:?}", report.findings);

    let at = authority.at();
    for name in ["signatures/customer.json", "timestamps/customer.tst"] {
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&file)).expect("a zip");
        let mut from = zip.by_name(name).expect("the file");
        let path = at.join(name.rsplit('/').next().expect("a name"));
        std::io::copy(&mut from, &mut std::fs::File::create(path).expect("a file")).expect("read");
    }
    let verify = ["ts", "-verify", "-data", "customer.json", "-in", "customer.tst", "-token_in"];
    must(at, "openssl", &[&verify[..], &["-CAfile", "ca.pem"]].concat());
}

#[tokio::test]
async fn a_flipped_byte_of_a_token_is_named() {
    let Some(authority) = authority() else { return };
    let scene = signed().await;
    let root = authority.root_der();
    stamp(&scene, &authority, &[&root]).await.expect("stamped");
    let file = scene.desk.signed_file(&scene.agreement).await.expect("a signed file");
    let size = checked_size(&file);
    let mut missed = Vec::new();
    // Every byte is flipped where tokens are read; here a file of each kind shows it.
    for at in (0..size).step_by(83) {
        let other = replaced(&file, "timestamps/customer.tst", |bytes| bytes[at] ^= 1 << (at % 8));
        for authorities in [&[&root[..]][..], &[]] {
            let report = checked(&scene, &other, authorities);
            if report.is_sound() || !named(&report, "customer.tst") {
                missed.push(at);
            }
        }
    }
    assert_eq!(missed, Vec::<usize>::new(), "of {size} bytes");
    assert!(size > 500, "a token has a signature and a certificate: {size}");

    let bundle = scene.path("whole.tally");
    desk::bundle::export(&scene.desk, &scene.agreement, &bundle).await.expect("exports");
    let whole = std::fs::read(&bundle).expect("a bundle");
    let report = checked(&scene, &whole, &[&root]);
    assert!(report.is_sound(), "{:?}", report.findings);
    let other = replaced(&whole, "timestamps/customer.tst", |bytes| bytes[size / 2] ^= 1);
    let report = checked(&scene, &other, &[&root]);
    let differs = |found: &VerifyFinding| {
        matches!(found, VerifyFinding::SigningDiffers { name, .. }
            if name == "timestamps/customer.tst")
    };
    assert!(report.findings.iter().any(differs), "the journal has it too: {:?}", report.findings);
}

fn checked_size(file: &[u8]) -> usize {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).expect("a zip");
    let size = zip.by_name("timestamps/customer.tst").expect("the token").size();
    usize::try_from(size).expect("a small file")
}

#[tokio::test]
async fn terms_that_were_signed_alone_are_stamped_too() {
    let Some(authority) = authority() else { return };
    let scene = Scene::new("classification", "2026-04-01T09:00:00+08:00").await;
    stamp(&scene, &authority, &[]).await.expect("stamped");
    let bundle = scene.path("whole.tally");
    desk::bundle::export(&scene.desk, &scene.agreement, &bundle).await.expect("exports");
    let whole = std::fs::read(&bundle).expect("a bundle");
    let report = checked(&scene, &whole, &[&authority.root_der()]);
    assert!(report.is_sound() && report.timestamps[0].holds(), "{:?}", report.findings);
}

#[tokio::test]
async fn what_does_not_stamp_the_signature_leaves_no_entry() {
    let Some(authority) = authority() else { return };
    let scene = signed().await;
    let which = (Side::Customer, None);
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    let request = desk.timestamp_request(agreement, which).await.expect("a request");
    let vendors = desk.timestamp_request(agreement, (Side::Vendor, None)).await.expect("another");
    let (good, other) = (authority.reply(&request.to_der()), authority.reply(&vendors.to_der()));
    let second = desk.timestamp_request(agreement, which).await.expect("another number");
    let mut long = good.clone();
    long.resize(signing::timestamp::MAX_BYTES + 1, 0);
    let before = desk.open_book(agreement).await.expect("a journal").state.next_seq;
    for (answer, want) in [
        (Answer::To(&request, &other), TimestampError::Imprint),
        (Answer::Alone(&other), TimestampError::Imprint),
        (Answer::To(&second, &good), TimestampError::Nonce),
        (Answer::Alone(&long), TimestampError::TooLarge),
        (Answer::Alone(b"<html>"), TimestampError::Malformed { part: "the response" }),
    ] {
        let got = desk.keep_timestamp(agreement, which, "gu", answer, &[]).await;
        assert!(matches!(&got, Err(DeskError::Timestamp(error)) if *error == want), "{got:?}");
    }
    let after = desk.open_book(agreement).await.expect("a journal").state.next_seq;
    assert_eq!(before, after);
}
