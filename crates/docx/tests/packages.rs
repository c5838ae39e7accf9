//! A package gives back its parts, and refuses what is hostile or something else, by name.

use docx::{Fault, Limits, Measure, Package};
use proptest::prelude::*;

use crate::world::{RELS, TYPES, archive, name, shared, word};

#[test]
fn opening_and_saving_leaves_every_part_of_every_shared_file() {
    for path in shared("") {
        let bytes = std::fs::read(&path).unwrap();
        let package = Package::read(&bytes).unwrap_or_else(|e| panic!("{}: {e}", name(&path)));
        let written = package.write();
        let again = Package::read(&written).unwrap();
        let parts: Vec<&str> = package.parts().collect();
        assert_eq!(parts, again.parts().collect::<Vec<_>>(), "{}", name(&path));
        for part in parts {
            assert_eq!(package.part(part), again.part(part), "{} {part}", name(&path));
        }
        assert_eq!(written, again.write(), "{}: the same parts give the same bytes", name(&path));
    }
}

#[test]
fn what_is_no_word_document_is_named() {
    let check = |bytes: &[u8], want: &str| {
        let fault = Package::read(bytes).unwrap_err();
        assert!(fault.to_string().contains(want), "want {want}, have {fault}");
    };
    let ole = |stream: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    check(b"", "empty");
    check(b"%PDF-1.7", "PDF");
    check(b"{\\rtf1 a}", "RTF");
    check(b"hello", "zip");
    check(&ole("EncryptedPackage"), "encrypted");
    check(&ole("WordDocument"), ".doc of Word 97-2003");
    check(&ole("Workbook"), "OLE");
    check(&archive(&[("a.txt", b"a")]), "no content types");
    let sheet = TYPES.replace("wordprocessingml.document.main", "spreadsheetml.sheet.main");
    check(
        &archive(&[
            ("[Content_Types].xml", sheet.as_bytes()),
            ("_rels/.rels", RELS.as_bytes()),
            ("word/document.xml", b"<a/>"),
        ]),
        "spreadsheetml",
    );
    check(
        &archive(&[("[Content_Types].xml", TYPES.as_bytes()), ("_rels/.rels", RELS.as_bytes())]),
        "word/document.xml is missing",
    );
}

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let check =
        |bytes: &[u8], limits: Limits, what: Measure| match Package::read_within(bytes, limits) {
            Err(Fault::Limit { what: have, .. }) => assert_eq!(have, what),
            other => panic!("want {what:?}, have {other:?}"),
        };
    let most = Limits::default();
    let zeros = vec![b' '; 8 << 20];
    let bomb = archive(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("word/document.xml", &zeros),
    ]);
    check(&bomb, most, Measure::Ratio);
    check(&bomb, Limits { part: 1 << 20, ..most }, Measure::Size);
    check(&bomb, Limits { total: 1 << 20, ..most }, Measure::Total);
    check(&bomb, Limits { entries: 2, ..most }, Measure::Entries);
    check(&bomb, Limits { file: 100, ..most }, Measure::File);
    let deep = word(&"<w:p>".repeat(400));
    check(&deep, most, Measure::Depth);
    let many = word(&"<w:p/>".repeat(400));
    check(&many, Limits { elements: 100, ..most }, Measure::Elements);
}

#[test]
fn a_hostile_archive_is_refused() {
    let check = |parts: &[(&str, &[u8])], want: &str| {
        let mut all: Vec<(&str, &[u8])> =
            vec![("[Content_Types].xml", TYPES.as_bytes()), ("_rels/.rels", RELS.as_bytes())];
        all.extend(parts);
        let fault = Package::read(&archive(&all)).unwrap_err();
        assert!(fault.to_string().contains(want), "want {want}, have {fault}");
    };
    let body: &[u8] = b"<a/>";
    check(&[("word/document.xml", body), ("../evil", b"x")], "forbidden name");
    check(&[("word/document.xml", body), ("WORD/Document.xml", body)], "twice");
    let doctype = b"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
    check(&[("word/document.xml", doctype)], "document type");
    check(&[("word/document.xml", b"<a>&x;</a>")], "entity");
}

#[test]
fn two_entries_of_one_name_are_refused_although_readers_merge_them() {
    let mut bytes = archive(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("word/document.xml", b"<a/>"),
        ("word/documenu.xml", b"<b/>"),
    ]);
    let was = b"word/documenu.xml";
    for at in 0..bytes.len() - was.len() {
        if &bytes[at..at + was.len()] == was {
            bytes[at..at + was.len()].copy_from_slice(b"word/document.xml");
        }
    }
    assert!(matches!(Package::read(&bytes), Err(Fault::Duplicate { .. })));
}

#[test]
fn what_lies_outside_is_listed_and_never_followed() {
    let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
        <Relationship Id=\"rId1\" Type=\"http://x/attachedTemplate\" \
        Target=\"http://evil.example/t.dotm\" TargetMode=\"External\"/>\
        </Relationships>";
    let package = Package::read(&archive(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("word/document.xml", b"<a/>"),
        ("word/_rels/document.xml.rels", rels.as_bytes()),
    ]))
    .unwrap();
    let external = package.external().unwrap();
    assert_eq!(external.len(), 1);
    assert_eq!(external[0].kind, "attachedTemplate");
    assert_eq!(external[0].target, "http://evil.example/t.dotm");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_read_or_refused(
        at in 0usize..1500,
        byte in any::<u8>(),
        cut in 0usize..1500,
    ) {
        let mut bytes = word("<w:p><w:r><w:t>text</w:t></w:r></w:p>");
        let length = bytes.len();
        bytes[at % length] = byte;
        let _ = Package::read(&bytes);
        bytes.truncate(cut % length);
        let _ = Package::read(&bytes);
    }
}
