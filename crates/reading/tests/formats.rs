//! The same words give the same clauses in every format; what cannot be read says why.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use reading::{Fault, Format, read};
use wording::Wording;

/// A contract of our own in lines: heading level, number, text.
const CLAUSES: [(u8, &str, &str); 11] = [
    (0, "", "Data Services Agreement"),
    (2, "1.", "Services"),
    (
        0,
        "1.1",
        "Vendor shall provide the Services to Customer during the whole term of this agreement, and shall keep them at the agreed level at all times while fees are paid.",
    ),
    (0, "1.2", "Vendor shall report each month."),
    (2, "2.", "Fees"),
    (0, "2.1", "Customer shall pay within thirty (30) days:"),
    (0, "(a)", "the fees of the month; and"),
    (0, "(b)", "the taxes on them."),
    (0, "2.2", "Late payment bears 0.05% per day."),
    (2, "3.", "Term"),
    (0, "3.1", "This agreement ends on December 31, 2027."),
];

fn text() -> String {
    CLAUSES
        .iter()
        .map(|(_, number, text)| format!("{number} {text}").trim().to_owned() + "\n\n")
        .collect()
}

fn html() -> String {
    let rows: String = CLAUSES
        .iter()
        .map(|(level, number, text)| {
            let tag = if *level > 0 { "h2" } else { "p" };
            format!("<{tag}>{number} {}</{tag}>\n", text.replace('&', "&amp;"))
        })
        .collect();
    format!(
        "<!DOCTYPE html><html><head><title>x</title><style>p {{ color: red }}</style></head><body>\
         <nav><ul><li>Home</li></ul></nav><script>var a = '<p>no</p>';</script>{rows}</body></html>"
    )
}

fn markdown() -> String {
    CLAUSES
        .iter()
        .map(|(level, number, text)| {
            let number = number.replace('.', "\\.");
            match level {
                0 => format!("{number} {text}\n\n"),
                _ => format!("## {number} {text}\n\n"),
            }
        })
        .collect()
}

/// Anchors and texts, which must be the same everywhere.
fn tree(wording: &Wording) -> Vec<(String, String)> {
    let rows = wording.blocks.iter().enumerate();
    rows.map(|(at, block)| (block.anchor.clone(), wording.block(at).to_owned())).collect()
}

fn expected() -> Vec<(String, String)> {
    let anchors = [
        "p1",
        "1",
        "1/1.1",
        "1/1.2",
        "2",
        "2/2.1",
        "2/2.1/(a)",
        "2/2.1/(b)",
        "2/2.2",
        "3",
        "3/3.1",
    ];
    CLAUSES
        .iter()
        .zip(anchors)
        .map(|((_, number, text), anchor)| {
            (anchor.to_owned(), format!("{number} {text}").trim().to_owned())
        })
        .collect()
}

#[track_caller]
fn check(bytes: &[u8], name: &str, format: Format) {
    let reading = read(bytes, name).expect(name);
    assert_eq!(reading.format, format);
    assert_eq!(tree(&reading.wording), expected(), "{name}");
}

#[test]
fn text_markdown_and_html_give_the_same_clauses() {
    check(text().as_bytes(), "a.txt", Format::Text);
    check(markdown().as_bytes(), "a.md", Format::Markdown);
    check(html().as_bytes(), "a", Format::Html);
}

#[test]
fn word_and_pdf_give_the_same_clauses() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("a.html");
    // A word processor prints the menu that a reader of the page leaves out.
    let printed = html().replace("<nav><ul><li>Home</li></ul></nav>", "");
    std::fs::File::create(&source)
        .and_then(|mut file| file.write_all(printed.as_bytes()))
        .expect("written");
    let Some(word) = convert(&source, "docx", "docx:MS Word 2007 XML") else { return };
    check(&word, "docx", Format::Word);
    let Some(pdf) = convert(&source.with_extension("docx"), "pdf", "pdf:writer_pdf_Export") else {
        return;
    };
    check(&pdf, "pdf", Format::Pdf);
}

/// The file as LibreOffice writes it; `None`, with a printed reason, where it is not installed.
#[allow(clippy::print_stdout, reason = "a skipped test says why")]
fn convert(source: &Path, kind: &str, filter: &str) -> Option<Vec<u8>> {
    let folder = source.parent().expect("a folder");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
        .arg(folder)
        .arg(source)
        .output();
    if run.is_err() {
        println!("skipped: LibreOffice is not installed");
        return None;
    }
    std::fs::read(source.with_extension(kind)).ok().or_else(|| {
        println!("skipped: LibreOffice wrote no {kind}");
        None
    })
}

#[test]
fn lists_of_html_have_the_numbers_that_are_shown() {
    let html = "<html><body><ol><li>One is.<ol type=a><li>sub is.</li><li>sub two.</li></ol></li>\
                <li value=5>Five is.</li></ol><ul><li>dot</li></ul><table><tr><td>A</td><td>B</td></tr>\
                <tr><td>C</td><td>D</td></tr></table></body></html>";
    let wording = read(html.as_bytes(), "x").expect("html").wording;
    let anchors: Vec<&str> = wording.blocks.iter().map(|block| block.anchor.as_str()).collect();
    assert_eq!(
        anchors,
        ["1", "1/a", "1/b", "5", "5/p1", "5/t1.1.1", "5/t1.1.2", "5/t1.2.1", "5/t1.2.2"]
    );
}

#[test]
fn hidden_words_of_html_are_left_out() {
    let html = "<div><p style='display: none'>secret</p><p>1. Seen is this.</p><script>no()</script></div>";
    let reading = read(html.as_bytes(), "x.html").expect("html");
    assert_eq!(reading.wording.text, "1. Seen is this.");
}

#[test]
fn what_cannot_be_read_says_why() {
    let name = |bytes: &[u8]| read(bytes, "a.bin").expect_err("a fault").to_string();
    assert_eq!(read(b"", "a.txt"), Err(Fault::Empty));
    assert_eq!(read(b" \n\t ", "a.md"), Err(Fault::Empty));
    assert!(name(b"\x89PNG\r\n").contains("PNG"));
    assert!(name(b"abc\0def").contains("binary"));
    assert!(name(b"%PDF-1.4\nnothing").contains("damaged"));
    assert!(matches!(read(b"PK\x03\x04rest", "a.docx"), Err(Fault::Word { .. })));
    assert!(matches!(read(b"{\\rtf1 x}", "a.docx"), Err(Fault::Word { cause: docx::Fault::Rtf })));
    assert!(matches!(read(&vec![b'a'; reading::LARGEST + 1], "a"), Err(Fault::TooLarge { .. })));
}

#[test]
fn a_pdf_without_text_is_a_scan() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<<>>>>",
        "<</Length 1>>stream\n \nendstream",
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = pdf.len();
    pdf.push_str(&format!(
        "xref\n0 5\n{table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    ));
    assert_eq!(read(pdf.as_bytes(), "a.pdf"), Err(Fault::Scan { pages: 1 }));
}

#[test]
fn markdown_keeps_words_and_drops_marks() {
    let text = "Title Agreement\n===\n\n1\\. **Fees.** See [the page](https://example.com/x) and _pay_.\n\n* one\n* two\n\n| a | b |\n| --- | --- |\n| c | d |\n\n**加粗。**后文";
    let wording = read(text.as_bytes(), "a.md").expect("markdown").wording;
    let lines: Vec<&str> = wording.text.lines().collect();
    assert_eq!(
        lines,
        [
            "Title Agreement",
            "1. Fees. See the page and pay.",
            "one",
            "two",
            "a",
            "b",
            "c",
            "d",
            "加粗。后文"
        ]
    );
}

#[test]
fn wrapped_lines_are_one_paragraph() {
    let text = "1. Services\n\n1.1 The vendor shall provide the services that are described in the order\nand shall keep them avail-\nable during the whole of the term that the order states, as well as in\nthe time after it.\n\n1.2 The customer shall pay what is due under the order within the time\nthat it states, and shall bear the taxes on it as far as the law puts\nthem on it.\n";
    let wording = read(text.as_bytes(), "a.txt").expect("text").wording;
    assert_eq!(wording.blocks.len(), 3, "{}", wording.text);
    assert!(wording.text.contains("them available during"));
}

#[test]
fn a_sentence_that_blank_lines_cut_is_one_again() {
    let text = "The Processor keeps the data apart from its own and\n\nanswers for it.\n\nA next paragraph begins here without a mark at its end\n\nAnother one.\n";
    let wording = read(text.as_bytes(), "terms.md").expect("it is read").wording;
    let rows: Vec<&str> = wording.text.lines().collect();
    assert_eq!(rows[0], "The Processor keeps the data apart from its own and answers for it.");
    assert_eq!(rows.len(), 3, "{rows:?}");
}
