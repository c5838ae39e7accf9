//! Accepting and rejecting, against the expected files beside the shared ones.

use docx::{Document, Kind, Package, Select, View};

use crate::world::{name, shared, word};

/// The canonical text with the notes and cells in place.
fn text(package: &Package) -> String {
    Document::read(package, View::Marked).unwrap().text()
}

#[test]
fn accepting_and_rejecting_give_the_expected_files() {
    let files = shared("revisions");
    let mut right = 0;
    let mut wrong = Vec::new();
    for path in &files {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        for (suffix, accept) in [("-Accepted", true), ("-Rejected", false)] {
            let expected = path.with_file_name(format!("{stem}{suffix}.docx"));
            if !expected.exists() {
                continue;
            }
            let mut package = Package::read(&std::fs::read(path).unwrap()).unwrap();
            let select = Select::all();
            if accept { package.accept(&select) } else { package.reject(&select) }.unwrap();
            let again = Package::read(&package.write()).unwrap();
            assert_eq!(again.revisions().unwrap(), [], "{stem}{suffix}: all are resolved");
            let want = text(&Package::read(&std::fs::read(&expected).unwrap()).unwrap());
            let have = text(&again);
            if want == have {
                right += 1;
            } else {
                wrong.push((name(&expected), first_difference(&want, &have)));
            }
        }
    }
    let all = right + wrong.len();
    println!("accept and reject: {right} of {all} as expected");
    for (file, difference) in &wrong {
        println!("{file}: {difference}");
    }
    assert!(right * 100 >= all * 95, "at least 95 of 100");
}

fn first_difference(want: &str, have: &str) -> String {
    let pair = want.lines().zip(have.lines()).find(|(want, have)| want != have);
    match pair {
        Some((want, have)) => format!("\n  want {want}\n  have {have}"),
        None => format!("want {} lines, have {}", want.lines().count(), have.lines().count()),
    }
}

const CHANGED: &str = "<w:p><w:r><w:t>a</w:t></w:r>\
    <w:ins w:id=\"1\" w:author=\"Ann\" w:date=\"2026-01-02T00:00:00Z\"><w:r><w:t>b</w:t></w:r></w:ins>\
    <w:del w:id=\"2\" w:author=\"Bob\" w:date=\"2026-03-04T00:00:00Z\"><w:r><w:delText>c</w:delText></w:r></w:del>\
    </w:p>";

#[test]
fn changes_are_chosen_by_author_kind_id_and_date() {
    let check = |select: Select, accepted: &str, rejected: &str| {
        let bytes = word(CHANGED);
        let mut package = Package::read(&bytes).unwrap();
        package.accept(&select).unwrap();
        let text = |package: &Package| text(package).trim_end().to_owned();
        assert_eq!(text(&package), accepted, "accept {select:?}");
        let mut package = Package::read(&bytes).unwrap();
        package.reject(&select).unwrap();
        assert_eq!(text(&package), rejected, "reject {select:?}");
    };
    let author = |name: &str| Select { authors: Some(vec![name.to_owned()]), ..Select::all() };
    check(Select::all(), "ab", "ac");
    check(author("Ann"), "ab[-c-]", "a[-c-]");
    check(author("Bob"), "a{+b+}", "a{+b+}c");
    check(author("Eve"), "a{+b+}[-c-]", "a{+b+}[-c-]");
    let kind = Select { kinds: Some(vec![Kind::Deletion]), ..Select::all() };
    check(kind, "a{+b+}", "a{+b+}c");
    let id = Select { ids: Some(vec!["1".to_owned()]), ..Select::all() };
    check(id, "ab[-c-]", "a[-c-]");
    let late = Select { from: Some("2026-02-01".to_owned()), ..Select::all() };
    check(late, "a{+b+}", "a{+b+}c");
    let early = Select { before: Some("2026-02-01".to_owned()), ..Select::all() };
    check(early, "ab[-c-]", "a[-c-]");
}

#[test]
fn what_no_change_touches_keeps_its_bytes() {
    let kept =
        "<w:p  w:rsidR='00AA'><w:r ><w:t xml:space='preserve'> kept &#x41;</w:t></w:r></w:p>";
    let mut package = Package::read(&word(&format!("{kept}{CHANGED}{kept}"))).unwrap();
    package.accept(&Select::all()).unwrap();
    let document = std::str::from_utf8(package.part("word/document.xml").unwrap()).unwrap();
    let body = format!("{kept}<w:p><w:r><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r></w:p>{kept}");
    assert!(document.contains(&body), "{document}");
}

#[test]
fn changes_are_listed_with_author_date_text_and_place() {
    let package = Package::read(&word(&format!("<w:p/>{CHANGED}"))).unwrap();
    let list = package.revisions().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!((list[0].kind, list[0].author.as_str()), (Kind::Insertion, "Ann"));
    assert_eq!((list[1].text.as_str(), list[1].paragraph), ("c", Some(2)));
    assert_eq!(list[1].date.as_deref(), Some("2026-03-04T00:00:00Z"));
}
