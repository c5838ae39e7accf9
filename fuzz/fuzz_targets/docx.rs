//! A Word file: the archive itself, and any XML as the body, the styles or the numbering of one.
#![no_main]

use std::io::{Cursor, Write as _};

use docx::{Compare, Document, Package, Select, View, hidden, redline};
use libfuzzer_sys::fuzz_target;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"d.xml\"/>\
    </Relationships>";
const OWN: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"s.xml\"/>\
    <Relationship Id=\"b\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering\" Target=\"n.xml\"/>\
    </Relationships>";
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

fuzz_target!(|data: &[u8]| {
    if data.starts_with(b"PK") {
        if let Ok(read) = Package::read(data) {
            all_of(&read, &read);
        }
        return;
    }
    // The body, the styles and the numbering stand between zeros.
    let parts: Vec<&[u8]> = data.splitn(3, |byte| *byte == 0).collect();
    let at = |at: usize| parts.get(at).copied().unwrap_or_default();
    let (Ok(read), Ok(plain)) =
        (Package::read(&file(at(0), at(1), at(2))), Package::read(&file(b"<w:p/>", b"", b"")))
    else {
        return;
    };
    all_of(&read, &plain);
});

fn all_of(package: &Package, other: &Package) {
    for view in [View::Original, View::Final, View::Marked] {
        let _ = Document::read(package, view);
    }
    let _ = (package.comments(), package.controls(), package.stores(), package.external());
    let _ = hidden(other, package);
    for (a, b) in [(package, other), (other, package), (package, package)] {
        let Ok((out, _)) = redline(a, b, &Compare::default()) else { continue };
        let again = Package::read(&out.write()).expect("what was written is read");
        for accept in [true, false] {
            let mut left = again.clone();
            let done =
                if accept { left.accept(&Select::all()) } else { left.reject(&Select::all()) };
            done.expect("what was read is resolved");
            assert_eq!(left.revisions().expect("it was read"), []);
        }
    }
}

fn file(body: &[u8], styles: &[u8], numbering: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let around = |name: &str, inner: &[u8]| {
        [format!("<w:{name} xmlns:w=\"{W}\">").as_bytes(), inner, format!("</w:{name}>").as_bytes()]
            .concat()
    };
    let body = around("document", &[b"<w:body>", body, b"</w:body>"].concat());
    for (name, bytes) in [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("_rels/d.xml.rels", OWN.as_bytes()),
        ("d.xml", &body),
        ("s.xml", &around("styles", styles)),
        ("n.xml", &around("numbering", numbering)),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).expect("a small file");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}
