//! Seals on PDFs: `pdfsig` sees them as we do, whole and damaged.

use std::path::Path;

use journal::{Algorithm, SignerKey, VerifierKey};
use signing::seal::{SealError, SealOptions, SealingError, key_for, self_signed, sign, verify};
use signing::timestamp::{read_response, verify_response};
use signing::{Part, PartKind, PdfError};
use units::Timestamp;

use crate::openssl::{Authority, P256, installed, must, run};
use crate::world::{key, noon};

/// A PDF of one page with a table of objects, as older programs write it.
pub(crate) fn with_table() -> Vec<u8> {
    let drawing = "BT /F1 24 Tf 72 700 Td (Article 1) Tj ET";
    let stream = format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len());
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources \
         << /Font << /F1 5 0 R >> >> >>",
        &stream,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let mut pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let table = pdf.len();
    pdf.extend_from_slice(b"xref\n0 6\n0000000000 65535 f\r\n");
    for at in places {
        pdf.extend_from_slice(format!("{at:010} 00000 n\r\n").as_bytes());
    }
    let end = format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    pdf.extend_from_slice(end.as_bytes());
    pdf
}

/// The same with its objects in a stream, as newer programs write it.
pub(crate) fn with_streams() -> Vec<u8> {
    let kept = [
        (1, "<< /Type /Catalog /Pages 2 0 R >>"),
        (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        (3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"),
    ];
    let (mut index, mut body) = (String::new(), String::new());
    for (number, text) in kept {
        index.push_str(&format!("{number} {} ", body.len()));
        body.push_str(text);
        body.push(' ');
    }
    let mut pdf = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let within = pdf.len();
    let (first, length) = (index.len(), index.len() + body.len());
    pdf.extend_from_slice(
        format!(
            "4 0 obj\n<< /Type /ObjStm /N 3 /First {first} /Length {length} >>\nstream\n\
             {index}{body}\nendstream\nendobj\n"
        )
        .as_bytes(),
    );
    let table = pdf.len();
    let row = |kind: u8, second: usize, third: u8| {
        let second = u16::try_from(second).unwrap().to_be_bytes();
        [kind, second[0], second[1], third]
    };
    let rows = [
        row(0, 0, 255),
        row(2, 4, 0),
        row(2, 4, 1),
        row(2, 4, 2),
        row(1, within, 0),
        row(1, table, 0),
    ]
    .concat();
    pdf.extend_from_slice(
        format!(
            "5 0 obj\n<< /Type /XRef /Size 6 /W [1 2 1] /Root 1 0 R /Length {} >>\nstream\n",
            rows.len()
        )
        .as_bytes(),
    );
    pdf.extend_from_slice(&rows);
    pdf.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{table}\n%%EOF\n").as_bytes());
    pdf
}

pub(crate) fn sealer() -> (SignerKey, Vec<u8>) {
    let key = key_for(&key("deployment", Algorithm::Ed25519));
    let (from, to) = (noon(), noon().plus_seconds(10 * 365 * 86_400));
    let certificate = self_signed(&key, "符契 Tallystick", (from, to)).unwrap();
    (key, certificate)
}

fn sealers() -> [VerifierKey; 1] {
    [sealer().0.verifier()]
}

pub(crate) fn options() -> SealOptions<'static> {
    SealOptions { at: noon().plus_seconds(60), name: "符契 Tallystick", reason: "A-7" }
}

fn seal(pdf: &[u8]) -> Result<Vec<u8>, SealingError> {
    let (key, certificate) = sealer();
    sign(pdf, &options(), &key, &certificate)?.finish(None)
}

/// What `pdfsig` says of a file.
fn pdfsig(folder: &Path, pdf: &[u8]) -> String {
    std::fs::write(folder.join("sealed.pdf"), pdf).unwrap();
    let output = run(folder, "pdfsig", &["-nocert", "sealed.pdf"]);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const VALID: &str = "Signature Validation: Signature is Valid.";
const WHOLE: &str = "Total document signed";

#[test]
fn pdfsig_sees_a_valid_seal_over_the_whole_document() {
    if !installed("pdfsig", "-v") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for pdf in [with_table(), with_streams()] {
        let sealed = seal(&pdf).unwrap();
        assert!(sealed.starts_with(&pdf));
        let said = pdfsig(folder.path(), &sealed);
        assert!(said.contains(VALID) && said.contains(WHOLE), "{said}");
        assert!(said.contains("ETSI.CAdES.detached"), "{said}");
        let seen = verify(&sealed, &sealers(), &[]).unwrap();
        assert!(seen.trusted && seen.stamp.is_none());
        assert_eq!((seen.at, seen.signer.as_str()), (options().at, "CN=符契 Tallystick"));
        assert!(!verify(&sealed, &[], &[]).unwrap().trusted);
        // The page still renders, with what was on it.
        must(folder.path(), "pdftotext", &["sealed.pdf", "text"]);
        must(folder.path(), "pdftoppm", &["-r", "40", "sealed.pdf", "page"]);
    }
    let text = std::fs::read(folder.path().join("text")).unwrap();
    let first = seal(&with_table()).unwrap();
    pdfsig(folder.path(), &first);
    must(folder.path(), "pdftotext", &["sealed.pdf", "text"]);
    let read = std::fs::read_to_string(folder.path().join("text")).unwrap();
    assert!(read.contains("Article 1") && !text.starts_with(b"Article"));
}

#[test]
fn a_deployment_seals_with_one_key_of_its_own() {
    let of = |name: &str, secret| {
        let deployment = SignerKey::of(name, Algorithm::Ed25519, &secret).unwrap();
        key_for(&deployment).verifier()
    };
    let own = of("deployment.example", [1; 32]);
    assert_eq!((own.name(), own.algorithm()), ("deployment.example/seal", Algorithm::EcdsaP256));
    assert_eq!(own, of("deployment.example", [1; 32]));
    assert_ne!(own.public_key(), of("deployment.example", [2; 32]).public_key());
}

#[test]
fn the_same_seal_gives_the_same_bytes() {
    assert_eq!(seal(&with_table()).unwrap(), seal(&with_table()).unwrap());
}

#[test]
fn every_changed_byte_of_a_sealed_file_is_found() {
    let known = sealers();
    // Every byte of the one, and some of the other, which differs in its tables only.
    for (pdf, step) in [(with_table(), 1), (with_streams(), 29)] {
        let sealed = seal(&pdf).unwrap();
        let gap = sealed.windows(11).position(|w| w == b"/Contents <").unwrap();
        // Behind the digits that are written, the gap is zeros of one kind: some stand for all.
        let zeros = gap + 3000..gap + 32_000;
        let told = |at: &usize| !zeros.contains(at) || at.is_multiple_of(997);
        for at in (0..sealed.len()).filter(told).step_by(step) {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << (at % 8);
            assert!(verify(&changed, &known, &[]).is_err(), "byte {at}");
        }
        for cut in [1, 2, 10, 1000] {
            let short = &sealed[..sealed.len() - cut];
            assert!(verify(short, &known, &[]).is_err(), "without {cut} bytes");
        }
        let longer = [&sealed[..], b"\n% a comment\n"].concat();
        assert_eq!(verify(&longer, &known, &[]), Err(SealError::Range));
    }
}

#[test]
fn pdfsig_sees_changed_bytes_as_we_do() {
    if !installed("pdfsig", "-v") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sealed = seal(&with_table()).unwrap();
    for word in ["(Article", "/Helvetica", "/DocMDP", "/Reason", "<FEFF", "/Rect", "/MediaBox"] {
        let at = sealed.windows(word.len()).position(|w| w == word.as_bytes()).unwrap();
        let mut changed = sealed.clone();
        // A letter of the word is another one: the file still reads, and is not what was sealed.
        changed[at + word.len() - 1] ^= 1;
        let said = pdfsig(folder.path(), &changed);
        assert!(!said.contains(VALID), "{word}: {said}");
        assert!(verify(&changed, &sealers(), &[]).is_err(), "{word}");
    }
    // An update behind the seal: pdfsig says that not all is signed, we that it does not hold.
    let table = sealed.windows(9).rposition(|w| w == b"startxref").unwrap();
    let prev: usize =
        std::str::from_utf8(&sealed[table + 10..sealed.len() - 7]).unwrap().trim().parse().unwrap();
    let mut updated = sealed.clone();
    let at = updated.len();
    let object = "5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>\nendobj\n";
    updated.extend_from_slice(object.as_bytes());
    let table = updated.len();
    let end = format!(
        "xref\n5 1\n{at:010} 00000 n\r\ntrailer\n<< /Size 20 /Root 1 0 R /Prev {prev} >>\n\
         startxref\n{table}\n%%EOF\n"
    );
    updated.extend_from_slice(end.as_bytes());
    let said = pdfsig(folder.path(), &updated);
    assert!(!said.contains(WHOLE), "{said}");
    assert_eq!(verify(&updated, &sealers(), &[]), Err(SealError::Range));
}

#[test]
fn a_seal_carries_a_timestamp_that_is_checked_with_it() {
    if !installed("openssl", "version") || !installed("pdfsig", "-v") {
        return;
    }
    let authority = Authority::new(P256, "sha256", "sha256");
    let (key, certificate) = sealer();
    let signature = sign(&with_table(), &options(), &key, &certificate).unwrap();
    let request = signature.timestamp_request([9; 16]);
    let response = authority.reply(&request.to_der());
    let root = authority.root_der();
    let stamp = verify_response(&response, &request, &[&root]).unwrap();
    let token = read_response(&response).unwrap();
    let wrong = sign(&with_streams(), &options(), &key, &certificate).unwrap();
    assert!(matches!(wrong.finish(Some(token)), Err(SealingError::Timestamp)));
    let sealed = signature.finish(Some(token)).unwrap();
    let seen = verify(&sealed, &sealers(), &[&root]).unwrap();
    assert_eq!(seen.stamp, Some(stamp));
    let untrusted = verify(&sealed, &sealers(), &[]);
    assert!(matches!(untrusted, Err(SealError::Timestamp(_))));
    let said = pdfsig(authority.at(), &sealed);
    assert!(said.contains(VALID) && said.contains(WHOLE), "{said}");
}

#[test]
fn openssl_verifies_the_signed_data_and_the_certificate() {
    if !installed("openssl", "version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let sealed = seal(&with_table()).unwrap();
    let (_, certificate) = sealer();
    let word = b"/Contents <";
    let from = sealed.windows(word.len()).position(|w| w == word).unwrap() + word.len();
    let to = from + sealed[from..].iter().position(|byte| *byte == b'>').unwrap();
    let digits = std::str::from_utf8(&sealed[from..to]).unwrap();
    let bytes = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    let data: Vec<u8> = (0..digits.len()).step_by(2).map(bytes).collect();
    let length = 4 + usize::from(u16::from_be_bytes([data[2], data[3]]));
    std::fs::write(at.join("data.der"), &data[..length]).unwrap();
    let covered = [&sealed[..from - 1], &sealed[to + 1..]].concat();
    std::fs::write(at.join("covered"), covered).unwrap();
    std::fs::write(at.join("own.der"), &certificate).unwrap();
    must(at, "openssl", &["x509", "-inform", "DER", "-in", "own.der", "-out", "own.pem"]);
    let verify = ["cms", "-verify", "-inform", "DER", "-in", "data.der", "-binary", "-cades"];
    let rest = ["-content", "covered", "-CAfile", "own.pem", "-purpose", "any", "-out", "out"];
    // The certificate starts on a day of its own; openssl is asked as of then.
    let when = (noon().seconds() + 60).to_string();
    let all = [&verify[..], &rest, &["-attime", &when]].concat();
    must(at, "openssl", &all);
    std::fs::write(at.join("covered"), b"something else").unwrap();
    assert!(!run(at, "openssl", &all).status.success());
}

#[test]
fn what_cannot_be_sealed_is_refused_with_its_reason() {
    let (key_p256, certificate) = sealer();
    let sealed = seal(&with_table()).unwrap();
    assert!(matches!(seal(&sealed), Err(SealingError::Signed)));
    let no_pdf = seal(b"not a pdf");
    assert!(matches!(no_pdf, Err(SealingError::Pdf(PdfError::NoTable))));
    let text = String::from_utf8_lossy(&with_table()).replace("/Size 6", "/Size 6 /Encrypt 9 0 R");
    // Lossy text moves nothing behind the header, whose four bytes it changed alike.
    let encrypted = seal(text.replace('\u{fffd}', "!").as_bytes());
    assert!(matches!(encrypted, Err(SealingError::Pdf(PdfError::Encrypted))), "{encrypted:?}");
    let ed25519 = key("vendor", Algorithm::Ed25519);
    let other = key("customer", Algorithm::EcdsaP256);
    let pdf = with_table();
    let sealing =
        |key: &SignerKey, certificate: &[u8]| sign(&pdf, &options(), key, certificate).map(|_| ());
    assert!(matches!(sealing(&ed25519, &certificate), Err(SealingError::Key)));
    assert!(matches!(sealing(&other, &certificate), Err(SealingError::Certificate)));
    assert!(matches!(sealing(&key_p256, b"x"), Err(SealingError::Certificate)));
    let dates = (noon(), noon());
    assert!(matches!(self_signed(&ed25519, "x", dates), Err(SealingError::Key)));
}

#[test]
fn a_seal_outside_the_dates_of_its_certificate_does_not_hold() {
    let (key, certificate) = sealer();
    for (at, holds) in [(-1, false), (0, true), (10 * 365 * 86_400 + 1, false)] {
        let at = Timestamp::from_seconds(noon().seconds() + at);
        let options = SealOptions { at, ..options() };
        let sealed = sign(&with_table(), &options, &key, &certificate).unwrap();
        let sealed = sealed.finish(None).unwrap();
        assert_eq!(verify(&sealed, &sealers(), &[]).is_ok(), holds, "{at}");
    }
}

#[test]
fn a_sealed_file_closes_the_part_that_it_starts_with() {
    let (pdf, other) = (with_table(), with_streams());
    let sealed = seal(&pdf).unwrap();
    let part = |bytes: &[u8]| Part::of("a.pdf", PartKind::Pdf, None, "application/pdf", bytes);
    assert!(signing::seal::closes(&sealed, &part(&pdf)));
    assert!(!signing::seal::closes(&sealed, &part(&other)));
    assert_eq!(verify(&pdf, &[], &[]), Err(SealError::NoSeal));
}

#[test]
fn a_pdf_of_another_program_is_sealed() {
    if !installed("pdfsig", "-v") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ours.pdf"), with_table()).unwrap();
    must(folder.path(), "pdftocairo", &["-pdf", "ours.pdf", "theirs.pdf"]);
    let pdf = std::fs::read(folder.path().join("theirs.pdf")).unwrap();
    let sealed = seal(&pdf).unwrap();
    let said = pdfsig(folder.path(), &sealed);
    assert!(said.contains(VALID) && said.contains(WHOLE), "{said}");
    assert!(verify(&sealed, &[], &[]).is_ok());
}
