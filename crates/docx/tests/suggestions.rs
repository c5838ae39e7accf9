//! Answers as tracked changes and comments; changes of others stay.

use docx::{Document, Fault, Package, Select, Suggestion, View, suggest};

use crate::office;
use crate::world::word;

const BODY: &str = "<w:p><w:r><w:t>The fee is 100.</w:t></w:r></w:p>\
    <w:p><w:r><w:t xml:space=\"preserve\">The </w:t></w:r><w:ins w:id=\"7\" w:author=\"Other\"><w:r><w:t>late vendor</w:t></w:r></w:ins>\
    <w:del w:id=\"8\" w:author=\"Other\"><w:r><w:delText>customer</w:delText></w:r></w:del>\
    <w:r><w:t xml:space=\"preserve\"> pays.</w:t></w:r></w:p>";

fn one(
    paragraph: usize,
    range: std::ops::Range<usize>,
    new: Option<&str>,
    comment: Option<&str>,
) -> Suggestion {
    Suggestion {
        paragraph,
        range,
        replacement: new.map(str::to_owned),
        comment: comment.map(str::to_owned),
    }
}

fn answered(all: &[Suggestion]) -> Package {
    let package = Package::read(&word(BODY)).unwrap();
    let out = suggest(&package, all, "Us", "2026-11-22T08:00:00Z").unwrap();
    Package::read(&out.write()).unwrap()
}

#[test]
fn a_replacement_is_a_tracked_change_with_its_comment() {
    let out = answered(&[one(0, 11..14, Some("90"), Some("why\nnot"))]);
    let marked = Document::read(&out, View::Marked).unwrap();
    assert_eq!(marked.paragraphs[0].text, "The fee is [-100-]{+90+}.");
    let comments = out.comments().unwrap();
    assert_eq!(comments.len(), 1);
    assert_eq!((comments[0].text.as_str(), comments[0].author.as_str()), ("why\nnot", "Us"));
    assert_eq!((comments[0].on.as_str(), comments[0].paragraph), ("90", Some(1)));
}

#[test]
fn a_comment_alone_stands_on_its_range() {
    let out = answered(&[one(0, 4..7, None, Some("which?"))]);
    assert_eq!(out.comments().unwrap()[0].on, "fee");
    assert_eq!(out.revisions().unwrap().len(), 2, "only those of the other side");
}

#[test]
fn changes_inside_those_of_others_leave_theirs() {
    let out = answered(&[
        one(1, 4..8, Some("early"), None),
        one(1, 9..9, Some("good "), None),
        one(1, 15..20, Some(" owes"), None),
    ]);
    let last = Document::read(&out, View::Final).unwrap();
    assert_eq!(last.paragraphs[1].text, "The early good vendor owes.");
    let mut theirs = out.clone();
    theirs.reject(&Select { authors: Some(vec!["Us".to_owned()]), ..Select::all() }).unwrap();
    let last = Document::read(&theirs, View::Final).unwrap();
    assert_eq!(last.paragraphs[1].text, "The late vendor pays.");
    let first = Document::read(&theirs, View::Original).unwrap();
    assert_eq!(first.paragraphs[1].text, "The customer pays.");
}

#[test]
fn libre_office_opens_what_was_answered() {
    let mut out = answered(&[
        one(0, 11..14, Some("90"), Some("why")),
        one(0, 4..7, None, Some("which?")),
        one(1, 4..8, Some("early"), None),
    ]);
    let tracked = out.write();
    out.accept(&Select::all()).unwrap();
    let Some(texts) = office::texts(&[tracked, out.write()]) else { return };
    assert!(!office::plain(&texts[0]).is_empty());
    let want = Document::read(&out, View::Final).unwrap().text();
    assert_eq!(office::plain(&texts[1]), want.trim_end());
}

#[test]
fn a_time_that_word_cannot_read_is_refused() {
    let package = Package::read(&word(BODY)).unwrap();
    let all = [one(0, 11..14, Some("90"), None)];
    let check = |at: &str, right: bool| {
        assert_eq!(suggest(&package, &all, "Us", at).is_ok(), right, "{at}");
    };
    check("2026-11-22T08:00:00Z", true);
    check("2026-11-22T08:00:00", true);
    check("", true);
    check("yesterday", false);
    check("2026-11-22", false);
}

#[test]
fn what_does_not_exist_or_overlaps_is_refused() {
    let package = Package::read(&word(BODY)).unwrap();
    let check = |all: &[Suggestion]| {
        let fault = suggest(&package, all, "Us", "2026-11-22T08:00:00Z").unwrap_err();
        assert!(matches!(fault, Fault::Range { .. } | Fault::NoSuch { .. }), "{fault}");
    };
    check(&[one(0, 0..99, Some(""), None)]);
    check(&[one(9, 0..0, Some("x"), None)]);
    check(&[one(0, 0..5, Some("x"), None), one(0, 3..7, Some("y"), None)]);
}
