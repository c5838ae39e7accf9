//! Paragraphs in three views, with numbers, cells, boxes, fields and notes.

use docx::{Cell, Document, Package, Paragraph, Place, View};
use proptest::prelude::*;

use crate::office;
use crate::world::{name, numbered_word, shared, word};

fn lines(body: &str, view: View) -> Vec<String> {
    let package = Package::read(&word(body)).unwrap();
    Document::read(&package, view).unwrap().text().lines().map(str::to_owned).collect()
}

#[test]
fn one_text_has_three_views() {
    let check = |body: &str, original: &[&str], last: &[&str], marked: &[&str]| {
        assert_eq!(lines(body, View::Original), original, "original of {body}");
        assert_eq!(lines(body, View::Final), last, "final of {body}");
        assert_eq!(lines(body, View::Marked), marked, "marked of {body}");
    };
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let gone =
        |text: &str| format!("<w:del w:id=\"1\"><w:r><w:delText>{text}</w:delText></w:r></w:del>");
    let new = |text: &str| format!("<w:ins w:id=\"2\">{}</w:ins>", run(text));
    let mark = |kind: &str| format!("<w:pPr><w:rPr><w:{kind} w:id=\"3\"/></w:rPr></w:pPr>");
    check(
        &format!("<w:p>{}{}{}</w:p>", run("fee "), gone("99"), new("98")),
        &["fee 99"],
        &["fee 98"],
        &["fee [-99-]{+98+}"],
    );
    check(
        &format!("<w:p>{}{}</w:p><w:p>{}</w:p>", mark("del"), run("one "), run("two")),
        &["one", "two"],
        &["one two"],
        &["one", "two"],
    );
    check(
        &format!("<w:p>{}{}</w:p><w:p>{}</w:p>", mark("ins"), new("one"), run("two")),
        &["two"],
        &["one", "two"],
        &["{+one+}", "two"],
    );
    check(
        "<w:p><w:moveFrom w:id=\"1\"><w:r><w:t>x</w:t></w:r></w:moveFrom><w:r><w:t>-</w:t></w:r>\
         <w:moveTo w:id=\"2\"><w:r><w:t>x</w:t></w:r></w:moveTo></w:p>",
        &["x-"],
        &["-x"],
        &["[-x-]-{+x+}"],
    );
}

#[test]
fn fields_give_their_result_and_hidden_text_is_reported() {
    let char = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = "<w:r><w:instrText>PAGE</w:instrText></w:r>";
    let body = format!(
        "<w:p>{}{code}{}<w:r><w:t>7</w:t></w:r>{}<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>",
        char("begin"),
        char("separate"),
        char("end")
    );
    let document = Document::read(&Package::read(&word(&body)).unwrap(), View::Final).unwrap();
    assert_eq!(document.text(), "7\n");
    assert_eq!(document.unread.len(), 1);
}

#[test]
fn a_box_is_read_once_and_cells_know_their_place() {
    let inner = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>";
    let body = format!(
        "<w:p><w:r><mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\">\
         <mc:Choice Requires=\"wps\"><w:drawing>{inner}</w:drawing></mc:Choice>\
         <mc:Fallback><w:pict>{inner}</w:pict></mc:Fallback></mc:AlternateContent></w:r>\
         <w:r><w:t>beside</w:t></w:r></w:p>\
         <w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p/></w:tc>\
         <w:sdt><w:sdtContent><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>"
    );
    let document = Document::read(&Package::read(&word(&body)).unwrap(), View::Final).unwrap();
    assert_eq!(document.text(), "beside\nboxed\ncell\n");
    assert_eq!(document.paragraphs[1].place, Place::Box);
    let last = document.paragraphs.last().unwrap();
    assert_eq!(last.cell, Some(Cell { table: 0, row: 0, column: 2 }));
}

#[test]
fn space_at_the_ends_of_text_counts_only_where_it_is_kept() {
    let body =
        "<w:p><w:r><w:t> a </w:t></w:r><w:r><w:t xml:space=\"preserve\"> b </w:t></w:r></w:p>";
    let package = Package::read(&word(body)).unwrap();
    assert_eq!(Document::read(&package, View::Final).unwrap().paragraphs[0].text, "a b ");
}

#[test]
fn an_empty_paragraph_that_only_ends_a_section_counts_no_number() {
    let numbered = |properties: &str, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>{properties}\
             </w:pPr>{text}</w:p>"
        )
    };
    let body =
        format!("{}{}", numbered("<w:sectPr/>", ""), numbered("", "<w:r><w:t>first</w:t></w:r>"));
    let numbering = "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/>\
        <w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl></w:abstractNum>\
        <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>";
    let package = Package::read(&numbered_word(&body, numbering)).unwrap();
    assert_eq!(Document::read(&package, View::Final).unwrap().text(), "1. first\n");
}

#[test]
fn every_form_has_its_clause_numbers_although_none_is_literal() {
    for path in shared("forms") {
        let package = Package::read(&std::fs::read(&path).unwrap()).unwrap();
        let document = Document::read(&package, View::Final).unwrap();
        let numbered = document.paragraphs.iter().filter(|p| p.number.is_some()).count();
        assert!(!document.text().is_empty(), "{path:?}");
        println!(
            "{}: {numbered} of {} numbered",
            crate::world::name(&path),
            document.paragraphs.len()
        );
    }
}

#[test]
fn libre_office_reads_the_same_text_in_every_form() {
    let paths = shared("forms");
    let files: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let Some(texts) = (if files.is_empty() { None } else { office::texts(&files) }) else { return };
    let mut wrong = Vec::new();
    for ((path, bytes), text) in paths.iter().zip(&files).zip(&texts) {
        let document = Document::read(&Package::read(bytes).unwrap(), View::Final).unwrap();
        let shown = |p: &Paragraph| format!("{} {}\n", p.number.as_deref().unwrap_or(""), p.text);
        let body = document.paragraphs.iter().filter(|p| p.place == Place::Body);
        let (want, have) =
            (office::plain(text), office::plain(&body.map(shown).collect::<String>()));
        if want != have {
            let pair = want.lines().zip(have.lines()).find(|(want, have)| want != have);
            wrong.push(format!("{}: {pair:?}", name(path)));
        }
    }
    println!("LibreOffice reads the same in {} of {}", paths.len() - wrong.len(), paths.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_elements_are_read_or_refused(body in "(<(/)?w:(p|r|t|ins|del|tbl|tr|tc|sdt|sdtContent|pPr|rPr|fldChar|numPr)(/)?>|x){0,30}") {
        if let Ok(package) = Package::read(&word(&body)) {
            for view in [View::Original, View::Final, View::Marked] {
                Document::read(&package, view).unwrap();
            }
        }
    }
}
