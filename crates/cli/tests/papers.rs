//! Contracts as files with the real binary: text, review, redline, revisions, and files that are
//! none.

use std::path::Path;
use std::process::{Command, Output};

use docx::build::{Block, Draft, Fonts, Numbers, Span, Style};
use docx::{Document, Package, View};
use serde_json::Value;

const OLD: [&str; 4] = [
    "Provider does not use Customer Data to train models.",
    "Provider shall notify Customer of a security incident within 72 hours of becoming aware of it.",
    "Provider's total liability is limited to the fees paid in the 12 months before the claim.",
    "Customer may export its data for 90 days after termination.",
];
const NEW: [&str; 4] = [
    "Provider may use Customer Data to train and improve its models unless Customer opts out.",
    "Provider shall notify Customer of a security incident within 96 hours of becoming aware of it.",
    "Provider's total liability is limited to the fees paid in the 12 months before the claim.",
    "Customer may export its data for 30 days after termination.",
];

/// A Word file of numbered clauses.
fn contract(clauses: &[&str]) -> Vec<u8> {
    let clause = |level, text: &str| {
        let style = Style::Clause { numbers: Numbers::English, level, list: 0 };
        Block::Paragraph(style, vec![Span::text(text)])
    };
    let title = "Master Services Agreement".to_owned();
    let mut blocks = vec![Block::Paragraph(Style::Title, vec![Span::text(title.clone())])];
    blocks.push(clause(0, "Terms"));
    blocks.extend(clauses.iter().map(|text| clause(1, text)));
    let (header, footer) = (Vec::new(), Vec::new());
    let draft = Draft { fonts: Fonts::default(), blocks, header, footer, store: None, title };
    draft.build().write()
}

fn tally(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
    command.current_dir(folder).args(["--lang", "en", "--now", "2026-11-22T08:00:00Z"]).args(args);
    command.output().expect("tally runs")
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let output = tally(folder, &[&["--json"], args].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn text_of(path: &Path, view: View) -> String {
    let package = Package::read(&std::fs::read(path).expect("the file")).expect("a Word file");
    Document::read(&package, view).expect("its text").text()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("old.docx"), contract(&OLD)).expect("written");
    std::fs::write(folder.path().join("new.docx"), contract(&NEW)).expect("written");
    folder
}

#[test]
fn the_text_of_a_word_file_has_its_computed_numbers() {
    let folder = folder();
    let output = tally(folder.path(), &["text", "old.docx"]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains(&format!("1.2 {}", OLD[1])), "{text}");
    let found = json(folder.path(), &["text", "old.docx"]);
    let whole: Vec<char> = found["text"].as_str().expect("text").chars().collect();
    for block in found["blocks"].as_array().expect("blocks") {
        let place = |name: &str| block[name].as_u64().expect("a place") as usize;
        let line: String = whole[place("start")..place("end")].iter().collect();
        assert!(!line.is_empty() && !line.contains('\n'), "{block}");
    }
}

#[test]
fn a_redline_accepted_is_the_new_file_and_rejected_the_old_one() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    json(folder.path(), &["redline", "old.docx", "new.docx", "--out", "marked.docx"]);
    let listed = json(folder.path(), &["revisions", "list", "marked.docx"]);
    assert!(listed["revisions"].as_array().is_some_and(|all| all.len() >= 3), "{listed}");
    json(folder.path(), &["revisions", "accept", "marked.docx", "--out", "accepted.docx"]);
    json(folder.path(), &["revisions", "reject", "marked.docx", "--out", "rejected.docx"]);
    let is = |name: &str| text_of(&at(name), View::Final);
    assert_eq!(is("accepted.docx"), is("new.docx"));
    assert_eq!(is("rejected.docx"), is("old.docx"));
    let none = json(
        folder.path(),
        &["revisions", "accept", "marked.docx", "--author", "nobody", "--out", "same.docx"],
    );
    assert_eq!((none["resolved"].as_u64(), none["left"].as_u64() > Some(0)), (Some(0), true));
}

#[test]
fn a_review_quotes_what_it_judges_and_answers_in_the_file() {
    let folder = folder();
    let found = json(folder.path(), &["review", "new.docx", "--side", "customer"]);
    let text = json(folder.path(), &["text", "new.docx"]);
    let whole: Vec<char> = text["text"].as_str().expect("text").chars().collect();
    let findings = found["findings"].as_array().expect("findings");
    for finding in findings {
        let place = |name: &str| finding[name].as_u64().expect("a place") as usize;
        let quote = finding["quote"].as_str().expect("a quote");
        if !quote.is_empty() {
            let said: String = whole[place("start")..place("end")].iter().collect();
            assert_eq!(said, quote);
        }
    }
    let status = |clause: &str| {
        let mut of = findings.iter().filter(|finding| finding["clause"] == clause);
        of.next().and_then(|finding| finding["status"].as_str()).unwrap_or_default().to_owned()
    };
    assert_eq!(status("pb-02"), "adverse", "{findings:#?}");
    assert_eq!(status("pb-08"), "missing", "{findings:#?}");
    for report in ["report.html", "report.docx"] {
        let args = ["review", "new.docx", "--out", report, "--answer", "answer.docx"];
        assert!(tally(folder.path(), &args).status.success(), "{report}");
    }
    let answered = folder.path().join("answer.docx");
    assert_eq!(
        text_of(&answered, View::Original),
        text_of(&folder.path().join("new.docx"), View::Final)
    );
    assert_ne!(text_of(&answered, View::Final), text_of(&answered, View::Original));
    let grid = json(folder.path(), &["review", "old.docx", "new.docx", "--out", "grid.csv"]);
    assert_eq!(grid["files"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_file_that_is_no_contract_is_named_with_what_to_do() {
    let folder = folder();
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    };
    write("empty.docx", b"");
    write("cut.docx", &contract(&OLD)[..900]);
    write("old.doc", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0]);
    write("picture.png", b"\x89PNG\r\n\x1a\n0000");
    for name in ["empty.docx", "cut.docx", "old.doc", "picture.png", "absent.docx"] {
        for command in ["text", "review"] {
            let output = tally(folder.path(), &[command, name]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{command} {name}: {said}");
            assert!(said.contains(name), "{command} {name}: {said}");
        }
    }
}

#[test]
fn a_contract_goes_from_the_terms_to_a_file_that_a_stranger_checks() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    json(at, &["init", "--name", "acme", "--rehearsal"]);
    for name in ["customer", "vendor"] {
        let (key, file) = (format!("{name}.example/k"), format!("{name}.key"));
        json(at, &["key", "new", "--name", &key, "--out", &file]);
    }
    json(at, &["new", "--kind", "lease", "--out", "terms.toml"]);
    json(at, &["new", "terms.toml", "--as", "vendor", "--by", "Zhou"]);
    let id = "lease-2026-001";
    let open = json(at, &["offer", id, "--as", "vendor", "--by", "Zhou", "--preview"]);
    assert_eq!(open["versions"][0]["obstacles"][0]["code"], "annex_missing", "{open}");
    assert!(open["versions"][0]["evidence"].is_null(), "a preview records nothing");
    std::fs::write(at.join("附件一.pdf"), "what is leased").expect("written");
    let people = [
        "--customer-signs",
        "Gu; CEO; board resolution of 2026-11-01",
        "--vendor-signs",
        "Luo; CEO; by office",
    ];
    let offer = ["offer", id, "--as", "vendor", "--by", "Zhou", "--annex", "附件一.pdf"];
    let offer = [&offer[..], &people[..], &["--seal-picture", "seal.png"]].concat();
    let digits = "\
        89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63\
        3821200100029400f181a7ee5f0000000049454e44ae426082";
    let pixel = hex::decode(digits).expect("a PNG of one pixel");
    for (picture, said) in [(&pixel[..40], "cut short"), (b"GIF89a", "neither PNG nor JPEG")] {
        std::fs::write(at.join("seal.png"), picture).expect("written");
        let output = tally(at, &offer);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && told.contains(said), "{told}");
    }
    std::fs::write(at.join("seal.png"), &pixel).expect("written");
    let version = json(at, &offer);
    assert!(version["versions"][0]["manifest"].is_object(), "{version}");
    assert_eq!(version["versions"][0]["seals"][0]["name"], "seal.vendor.png", "{version}");
    assert_eq!(json(at, &["versions", id])["turn"], "customer");
    let view = json(at, &["negotiation", id, "--as", "customer"]);
    assert_eq!(view["clauses"].as_array().map(Vec::len), Some(8));
    let unknown =
        ["approve-risk", id, "pb-02.none", "--as", "customer", "--by", "Gu", "--reason", "r"];
    assert_eq!(tally(at, &unknown).status.code(), Some(3), "no such finding");
    for red in view["red"].as_array().expect("a list") {
        let finding = red["id"].as_str().expect("an id");
        let reason = ["--as", "customer", "--by", "Gu", "--reason", "insured"];
        json(at, &[&["approve-risk", id, finding][..], &reason[..]].concat());
    }
    let stranger = ["sign", id, "--as", "customer", "--by", "Mei", "--key", "customer.key"];
    assert_eq!(tally(at, &stranger).status.code(), Some(1), "the papers name Gu");
    json(at, &["sign", id, "--as", "customer", "--by", "Gu", "--key", "customer.key"]);
    for red in json(at, &["negotiation", id, "--as", "vendor"])["red"].as_array().expect("a list") {
        let finding = red["id"].as_str().expect("an id");
        let reason = ["--as", "vendor", "--by", "Luo", "--reason", "priced in"];
        json(at, &[&["approve-risk", id, finding][..], &reason[..]].concat());
    }
    json(at, &["sign", id, "--as", "vendor", "--by", "Luo", "--key", "vendor.key"]);
    for (name, kind) in [("signed.zip", "signed_file"), ("sealed.pdf", "sealed_page")] {
        json(at, &["versions", id, "--save", name, "--out", name]);
        let output = Command::new(env!("CARGO_BIN_EXE_tally"))
            .current_dir(at)
            .args(["--json", "verify", name])
            .output()
            .expect("tally runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(report["report"]["kind"], kind, "{report}");
    }
}

#[test]
fn an_agreement_file_is_filled_in_at_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let fill = |out: &str, entered: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
        let args = ["--lang", "en", "new", "--kind", "lease", "--interactive", "--out", out];
        command.current_dir(at).args(args).stdin(std::process::Stdio::piped());
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.spawn().expect("tally runs");
        let mut input = child.stdin.take().expect("its input");
        std::io::Write::write_all(&mut input, entered.as_bytes()).expect("written");
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(output.status.success(), "{said}");
        (std::fs::read_to_string(at.join(out)).expect("the file"), said)
    };
    let (plain, _) = fill("plain.toml", "");
    let (same, _) = fill("same.toml", &"\n".repeat(500));
    assert_eq!(same, plain, "what is left alone stays, comments too");
    let (filled, said) = fill("filled.toml", "\nno id at all!\nlease-2027-005\nq\n");
    assert_eq!(filled, plain.replacen("lease-2026-001", "lease-2027-005", 1));
    assert!(said.contains('✗'), "the wrong id is told at once: {said}");
}
