//! Drafts as files: PDF, Word, and the terms that come home.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use contract::terms::Agreement;
use document::draft::{
    Block, Draft, Edition, Outcome, PageError, Said, draft, pdf, terms_of, text, word,
};
use docx::Package;
use units::Lang;

use crate::sample;

/// The files of `cases/agreements` that a draft is made of.
const NAMES: [&str; 5] = ["annotation", "bccd", "classification", "lease", "training"];

const EDITIONS: [Edition; 3] = [Edition::Chinese, Edition::English, Edition::Bilingual];

fn drafted(agreement: &Agreement, edition: Edition) -> Draft {
    draft(agreement, edition).expect("a wording")
}

/// Keeps a file to be looked at, in the folder that `KEEP_DRAFT` names.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("KEEP_DRAFT") {
        std::fs::write(Path::new(&folder).join(name), bytes).expect("the file is written");
    }
}

/// The letters alone: where a line breaks is the layout's, and `pdftotext` takes a hyphen at an end
/// of a line for one that it put there.
fn dense(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect()
}

/// Every passage with its number, in the order of the text.
fn passages(draft: &Draft) -> Vec<String> {
    let mut all: Vec<String> = draft.title.iter().map(Said::text).collect();
    for block in &draft.blocks {
        match block {
            Block::Line(line) => all.extend(line.said.iter().map(Said::text)),
            Block::Clause(clause) => {
                let passage = |said: &Said| format!("{} {}", clause.label(said.lang), said.text());
                all.extend(clause.said.iter().map(passage));
            }
            Block::Table(_) | Block::Signatures(_) => {}
        }
    }
    all
}

#[test]
fn every_clause_can_be_taken_out_of_the_pdf_in_order() {
    for name in NAMES {
        let agreement = sample::agreement(name);
        for edition in EDITIONS {
            let drafted = drafted(&agreement, edition);
            let bytes = pdf(&drafted, &[]).expect("it is printed");
            assert!(bytes == pdf(&drafted, &[]).expect("it is printed"), "two prints differ");
            keep(&format!("{name}-{edition:?}.pdf"), &bytes);
            let file = tempfile::NamedTempFile::new().expect("a file");
            file.as_file().write_all(&bytes).expect("the file is written");
            // Only what stands between the head and the foot of a page.
            let run = Command::new("pdftotext")
                .args(["-x", "0", "-y", "66", "-W", "596", "-H", "720"])
                .arg(file.path())
                .arg("-")
                .stdin(Stdio::null())
                .output();
            let Ok(run) = run else {
                println!("skipped: pdftotext is not installed (poppler-utils)");
                return;
            };
            let text = dense(&String::from_utf8(run.stdout).expect("UTF-8"));
            let mut from = 0;
            for passage in passages(&drafted) {
                let passage = dense(&passage);
                match text[from..].find(&passage) {
                    Some(at) => from += at + passage.len(),
                    None => panic!("{name} {edition:?}: {passage:?} does not follow"),
                }
            }
        }
    }
}

#[test]
fn a_character_without_a_shape_is_named_with_its_clause() {
    let mut agreement = sample::agreement("lease");
    agreement.disputes.forum_name = "武汉\u{E123}法院".to_owned();
    let error = pdf(&drafted(&agreement, Edition::Chinese), &[]).expect_err("a private character");
    assert_eq!(error, PageError::Glyph { glyph: '\u{E123}', clause: "train-9.1".to_owned() });
}

#[test]
fn the_word_file_says_what_the_text_says_with_numbers_that_word_computes() {
    for name in NAMES {
        let agreement = sample::agreement(name);
        for edition in EDITIONS {
            let drafted = drafted(&agreement, edition);
            let bytes = word(&drafted, &agreement).write();
            keep(&format!("{name}-{edition:?}.docx"), &bytes);
            assert!(bytes == word(&drafted, &agreement).write(), "two files differ");
            let package = Package::read(&bytes).expect("a Word file");
            let read = docx::Document::read(&package, docx::View::Final).expect("its text");
            // A cell is a paragraph in the file and a column of a line in the text.
            let flat = |text: &str| -> Vec<String> {
                let cells = text.lines().flat_map(|line| line.split('\t'));
                cells.map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
            };
            let mut have = flat(&read.text());
            let mut want = flat(&text(&drafted));
            have.retain(|line| !line.is_empty());
            want.retain(|line| !line.is_empty());
            if edition == Edition::Bilingual {
                // Both languages of a cell stand in one cell of the file.
                have.sort();
                want.sort();
            }
            for (have, want) in have.iter().zip(&want) {
                assert_eq!(have, want, "{name} {edition:?}");
            }
            assert_eq!(have.len(), want.len());
        }
    }
}

#[test]
fn terms_come_home_as_they_left() {
    for name in NAMES {
        let agreement = sample::agreement(name);
        for edition in EDITIONS {
            let drafted = drafted(&agreement, edition);
            let package = word(&drafted, &agreement);
            let back = terms_of(&package, Some(&agreement)).expect("terms");
            assert_eq!(back.agreement, agreement);
            assert!(back.is_unchanged(), "{name} {edition:?}: {:?}", back.store_differs);
            for term in &back.terms {
                assert_eq!(term.outcome, Outcome::Same, "{name}: {term:?}");
                assert!(term.proposed.is_none());
            }
            assert_eq!(back.terms.len(), said_once(&drafted));
        }
    }
}

/// How many ways of saying a term a draft has.
fn said_once(draft: &Draft) -> usize {
    let all: std::collections::BTreeSet<_> =
        draft.terms().map(|(lang, mark, _)| (lang, mark.clone())).collect();
    all.len()
}

/// A file with some text of one part replaced.
fn edited(package: &Package, edits: &[(&str, &str, &str)]) -> Package {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in package.parts() {
        let bytes = package.part(name).expect("a part");
        let mut text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        for (part, from, to) in edits.iter().filter(|(part, ..)| *part == name) {
            assert!(text.contains(from), "{part} has no {from:?}");
            text = text.replace(from, to);
        }
        zip.start_file(name, options).expect("an entry");
        zip.write_all(text.as_bytes()).expect("written");
    }
    let bytes = zip.finish().expect("an archive").into_inner();
    Package::read(&bytes).expect("a Word file")
}

const TEXT: &str = "word/document.xml";
const STORE: &str = "customXml/item1.xml";

#[test]
fn what_the_other_party_did_to_a_term_is_told_apart() {
    let agreement = sample::agreement("lease");
    let package = word(&drafted(&agreement, Edition::Chinese), &agreement);
    let of = |edits: &[(&str, &str, &str)], path: &str| {
        let back = terms_of(&edited(&package, edits), Some(&agreement)).expect("terms");
        let found = back.terms.iter().find(|term| term.mark.path == path).expect("the term");
        (found.clone(), back)
    };
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let say = |text: &str| format!("<say>{text}</say>");
    let path = "security.breach_notice";
    // Changed in Word: store and surface say the same new value.
    let change = [(TEXT, ">72 小时<", ">96 小时<"), (STORE, ">72 小时<", ">96 小时<")];
    let (term, back) = of(&change, path);
    assert_eq!(term.outcome, Outcome::Changed);
    assert!(back.is_consistent());
    let changed = back.changed_agreement(&agreement).expect("an agreement");
    assert_eq!(changed.security.breach_notice.to_string(), "96h");
    // The surface alone: one program would print the one value, another the other.
    let (term, back) = of(&[(TEXT, ">72 小时<", ">96 小时<")], path);
    assert_eq!(term.outcome, Outcome::Inconsistent);
    assert!(!back.is_consistent());
    // The store alone.
    let (term, _) = of(&[(STORE, ">72 小时<", ">96 小时<")], path);
    assert_eq!(term.outcome, Outcome::Inconsistent);
    // A tracked change inside the control is a proposal.
    let document = String::from_utf8(package.part(TEXT).expect("text").to_vec()).expect("UTF-8");
    let old = ["<w:r><w:t>72 小时</w:t></w:r>".to_owned(), run("72 小时")];
    let old = old.iter().find(|old| document.contains(old.as_str())).expect("the run of the term");
    let tracked = format!(
        "<w:del w:id=\"901\" w:author=\"B\"><w:r><w:delText>72 小时</w:delText></w:r></w:del>\
         <w:ins w:id=\"902\" w:author=\"B\">{}</w:ins>",
        run("48 小时")
    );
    let (term, back) = of(&[(TEXT, old, &tracked)], path);
    assert_eq!((term.outcome, term.proposed.as_deref()), (Outcome::Same, Some("48 小时")));
    let changed = back.changed_agreement(&agreement).expect("an agreement");
    assert_eq!(changed.security.breach_notice.to_string(), "48h");
    // Word follows the insertion in the store at once.
    let (term, _) = of(&[(TEXT, old, &tracked), (STORE, &say("72 小时"), &say("48 小时"))], path);
    assert_eq!((term.outcome, term.proposed.as_deref()), (Outcome::Same, Some("48 小时")));
    // A control that is gone.
    let (term, back) = of(
        &[
            (TEXT, "w:val=\"security.breach_notice\"", "w:val=\"x\""),
            (TEXT, "/t:terms[1]/t:say[", "/t:terms[1]/t:gone["),
        ],
        path,
    );
    assert_eq!((term.outcome, term.surface.len()), (Outcome::Inconsistent, 0));
    assert!(!back.is_consistent());
    // Words that are no value.
    let change = [(TEXT, ">72 小时<", ">及时<"), (STORE, ">72 小时<", ">及时<")];
    let (term, back) = of(&change, path);
    assert_eq!(term.outcome, Outcome::Changed);
    assert!(back.changed_agreement(&agreement).is_err());
    // The agreement in the store was exchanged.
    let (_, back) =
        of(&[(STORE, "breach_notice&quot;:&quot;72h", "breach_notice&quot;:&quot;7d")], path);
    assert_eq!(back.store_differs, ["security.breach_notice"]);
}

#[test]
fn an_editor_that_drops_tags_and_cuts_controls_apart_loses_no_term() {
    for name in NAMES {
        let agreement = sample::agreement(name);
        // Both languages hold what each holds; starting the editor takes seconds.
        for edition in [Edition::Bilingual] {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("draft.docx");
            std::fs::write(&file, word(&drafted(&agreement, edition), &agreement).write())
                .expect("written");
            let out = folder.path().join("out");
            let profile = format!("-env:UserInstallation=file://{}/p", folder.path().display());
            let run = Command::new("soffice")
                .args([&profile, "--headless", "--convert-to", "docx", "--outdir"])
                .arg(&out)
                .arg(&file)
                .stdin(Stdio::null())
                .output();
            if !run.is_ok_and(|run| run.status.success()) {
                println!("skipped: soffice is not installed (libreoffice-writer-nogui)");
                return;
            }
            let bytes = std::fs::read(out.join("draft.docx")).expect("the converted file");
            keep(&format!("{name}-{edition:?}-libreoffice.docx"), &bytes);
            let package = Package::read(&bytes).expect("a Word file");
            let back = terms_of(&package, Some(&agreement)).expect("terms");
            assert_eq!(back.agreement, agreement);
            for term in &back.terms {
                assert_eq!(term.outcome, Outcome::Same, "{name} {edition:?}: {term:?}");
            }
        }
    }
}

#[test]
fn the_same_terms_stand_in_both_languages() {
    for name in NAMES {
        let agreement = sample::agreement(name);
        let paths = |lang: Lang| -> std::collections::BTreeSet<String> {
            let drafted = drafted(&agreement, Edition::of(lang));
            let path = |path: &str| path.replace("title.en", "title.zh");
            drafted.terms().map(|(_, mark, _)| path(&mark.path)).collect()
        };
        assert_eq!(paths(Lang::Zh), paths(Lang::En), "{name}");
        let shape = |lang: Lang| -> Vec<(String, Vec<u32>)> {
            let drafted = drafted(&agreement, Edition::of(lang));
            let clauses = drafted.blocks.into_iter().filter_map(|block| match block {
                Block::Clause(clause) => Some((clause.id, clause.number)),
                _ => None,
            });
            clauses.collect()
        };
        assert_eq!(shape(Lang::Zh), shape(Lang::En), "{name}");
        assert!(shape(Lang::Zh).len() > 60, "{name} is short");
    }
}
