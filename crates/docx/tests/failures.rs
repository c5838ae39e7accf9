//! Failures that other tools met with Word files, each as a test: what they lost or wrote so that
//! Word refused the file.

use docx::build::{Block, Draft, Fonts, Numbers, Span, Style};
use docx::{Compare, Document, Package, Select, Suggestion, View, What, redline, suggest};

use crate::world::word;

fn read(body: &str) -> Package {
    Package::read(&word(body)).unwrap()
}

fn xml(package: &Package) -> String {
    String::from_utf8(package.part("word/document.xml").unwrap().to_vec()).unwrap()
}

fn text(package: &Package, view: View) -> String {
    Document::read(package, view).unwrap().text().trim_end().to_owned()
}

fn marked(old: &str, new: &str) -> (Package, docx::Report) {
    redline(&read(old), &read(new), &Compare::default()).unwrap()
}

#[test]
fn a_block_level_control_does_not_stop_the_comparison() {
    let body = |text: &str| {
        format!(
            "<w:sdt><w:sdtPr><w:tag w:val=\"t\"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>fee {text}</w:t>\
             </w:r></w:p></w:sdtContent></w:sdt><w:p/>"
        )
    };
    let (out, report) = marked(&body("1"), &body("2"));
    assert_eq!(report.unmarked, []);
    assert_eq!(text(&out, View::Marked), "fee [-1-]{+2+}");
    assert!(xml(&out).contains("<w:tag w:val=\"t\"/>"));
}

#[test]
fn a_drawing_is_not_doubled_and_is_reported() {
    let drawing = "<w:r><w:drawing><wp:inline xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/\
        wordprocessingDrawing\"><wp:docPr id=\"7\" name=\"p\"/></wp:inline></w:drawing></w:r>";
    let old = format!("<w:p>{drawing}<w:r><w:t>caption one</w:t></w:r></w:p>");
    let new = format!("{old}<w:p>{drawing}<w:r><w:t>something else entirely</w:t></w:r></w:p>");
    let (out, report) = marked(&old, &new);
    assert_eq!(report.unmarked.iter().map(|one| one.what).collect::<Vec<_>>(), [What::Drawing]);
    assert_eq!(xml(&out).matches("<wp:docPr").count(), 1);
}

#[test]
fn a_complex_field_stays_whole() {
    let body = |before: &str, result: &str| {
        format!(
            "<w:p><w:r><w:t xml:space=\"preserve\">{before} section </w:t></w:r>\
             <w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>{result}</w:t></w:r>\
             <w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t>.</w:t></w:r></w:p>"
        )
    };
    let (out, report) = marked(&body("see", "4.1"), &body("under", "4.1"));
    assert_eq!(report.unmarked, []);
    assert_eq!(text(&out, View::Marked), "[-see-]{+under+} section 4.1.");
    assert_eq!(xml(&out).matches("<w:fldChar").count(), 3);
    let (out, report) = marked(&body("see", "4.1"), &body("see", "4.2"));
    assert_eq!(report.unmarked.iter().map(|one| one.what).collect::<Vec<_>>(), [What::Field]);
    assert_eq!(text(&out, View::Marked), "see section 4.1.");
    // A whole paragraph goes with its field, under the names that deleted codes have.
    let (out, _) = marked(&format!("{}<w:p/>", body("see", "4.1")), "<w:p/>");
    assert!(xml(&out).contains("<w:delInstrText>REF x</w:delInstrText>"));
    assert!(!xml(&out).contains("<w:instrText>"));
}

#[test]
fn the_children_of_a_control_s_type_are_kept() {
    let kind = "<w:date w:fullDate=\"2026-01-01T00:00:00Z\"><w:dateFormat w:val=\"yyyy\"/>\
        <w:lid w:val=\"zh-CN\"/></w:date>";
    let body = format!(
        "<w:p><w:sdt><w:sdtPr><w:alias w:val=\"a\"/>{kind}</w:sdtPr><w:sdtContent><w:r><w:t>2026</w:t></w:r>\
         </w:sdtContent></w:sdt><w:ins w:id=\"1\" w:author=\"A\"><w:r><w:t>x</w:t></w:r></w:ins></w:p>"
    );
    let mut package = read(&body);
    package.accept(&Select::all()).unwrap();
    package.set_control(0, "2027").unwrap();
    assert!(xml(&package).contains(kind));
    assert_eq!(text(&package, View::Final), "2027x");
}

#[test]
fn a_line_break_is_an_element_and_never_a_literal_newline() {
    let package = read("<w:p><w:r><w:t>one</w:t></w:r></w:p>");
    let change = Suggestion {
        paragraph: 0,
        range: 0..3,
        replacement: Some("a\nb\tc".to_owned()),
        comment: Some("x\ny".to_owned()),
    };
    let out = suggest(&package, &[change], "Us", "2026-11-22T08:00:00Z").unwrap();
    let written = xml(&out);
    let body = &written[written.find("<w:body>").unwrap()..];
    assert!(!body.contains('\n'), "{body}");
    assert_eq!(Document::read(&out, View::Final).unwrap().paragraphs[0].text, "a\nb\tc");
    let draft = Draft {
        fonts: Fonts::default(),
        blocks: vec![Block::Paragraph(Style::Body, vec![Span::text("a\nb")])],
        header: Vec::new(),
        footer: Vec::new(),
        store: None,
        title: String::new(),
    };
    assert!(xml(&draft.build()).contains("</w:t><w:br/><w:t "));
}

#[test]
fn a_new_part_takes_a_free_relationship() {
    let draft = Draft {
        fonts: Fonts::default(),
        blocks: vec![Block::Paragraph(Style::Body, vec![Span::text("text")])],
        header: vec![Span::text("header")],
        footer: vec![Span::text("footer")],
        store: None,
        title: String::new(),
    };
    let change =
        Suggestion { paragraph: 0, range: 0..4, replacement: None, comment: Some("c".to_owned()) };
    let out = suggest(&draft.build(), &[change], "Us", "2026-11-22T08:00:00Z").unwrap();
    let again = Package::read(&out.write()).unwrap();
    let rels =
        String::from_utf8(again.part("word/_rels/document.xml.rels").unwrap().to_vec()).unwrap();
    let mut ids: Vec<&str> =
        rels.split(" Id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), count), (6, 6), "{rels}");
    assert_eq!(again.comments().unwrap().len(), 1);
    let places: Vec<_> =
        Document::read(&again, View::Final).unwrap().paragraphs.iter().map(|p| p.place).collect();
    assert_eq!(places, [docx::Place::Body, docx::Place::Header, docx::Place::Footer]);
}

#[test]
fn every_list_has_all_that_word_asks_of_it() {
    let clause = Style::Clause { numbers: Numbers::English, level: 0, list: 4 };
    let draft = Draft {
        fonts: Fonts::default(),
        blocks: vec![Block::Paragraph(clause, vec![Span::text("x")])],
        header: Vec::new(),
        footer: Vec::new(),
        store: None,
        title: String::new(),
    };
    let package = draft.build();
    let numbering = std::str::from_utf8(package.part("word/numbering.xml").unwrap()).unwrap();
    let levels = numbering.matches("<w:lvl ").count();
    for needed in ["<w:start ", "<w:numFmt ", "<w:lvlText ", "<w:lvlJc "] {
        assert_eq!(numbering.matches(needed).count(), levels, "{needed}");
    }
    let lists = numbering.matches("<w:abstractNum ").count();
    assert_eq!(numbering.matches("<w:multiLevelType ").count(), lists);
    assert_eq!(numbering.matches("<w:num ").count(), lists);
}
