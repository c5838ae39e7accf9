//! Manifests: one text, strict reading, and a place for each thing that cannot stand.

use signing::{Fault, Manifest, ManifestError, Part, PartKind};
use units::Lang;

use crate::world::{id, manifest};

#[test]
fn a_manifest_has_one_text_and_reads_back() {
    let manifest = manifest();
    let bytes = manifest.to_bytes().unwrap();
    assert_eq!(Manifest::from_bytes(&bytes).unwrap(), manifest);
    assert_eq!(Manifest::from_bytes(&bytes).unwrap().to_bytes().unwrap(), bytes);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("{\"agreement\":\"A-7\",\"at\":\"2026-03-01T00:00:00Z\",\"format\":"));
}

#[test]
fn an_amendment_names_what_it_supersedes() {
    let first = manifest();
    let second = manifest().amending(&first).unwrap();
    assert_eq!((second.version, second.previous), (2, Some(first.sha256().unwrap())));
    let bytes = second.to_bytes().unwrap();
    assert_eq!(Manifest::from_bytes(&bytes).unwrap(), second);
    let mut last = manifest().amending(&first).unwrap();
    last.version = u32::MAX;
    assert_eq!(refused(manifest().amending(&last)), ("version".to_owned(), Fault::Count));
}

fn refused<T: std::fmt::Debug>(result: Result<T, ManifestError>) -> (String, Fault) {
    match result {
        Err(ManifestError::Member { place, fault }) => (place, fault),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_member_that_cannot_stand_is_named() {
    type Change = fn(&mut Manifest);
    let annex = |name: &str| Part::of(name, PartKind::Annex, None, "text/plain", b"x");
    let put: fn(&mut Manifest, Part) = |manifest, part| manifest.parts.push(part);
    let named = |name: &str| {
        let mut changed = manifest();
        put(&mut changed, annex(name));
        refused(changed.to_bytes())
    };
    for (name, fault) in [
        ("", Fault::Empty),
        ("../up.txt", Fault::Path),
        ("/root.txt", Fault::Path),
        ("a//b", Fault::Path),
        ("a\\b", Fault::Path),
        ("c:x", Fault::Path),
        (" a", Fault::Path),
        ("a\nb", Fault::Control),
        ("terms.json", Fault::Twice),
        ("TERMS.json", Fault::Twice),
    ] {
        assert_eq!(named(name), ("parts[6].name".to_owned(), fault), "{name:?}");
    }
    let rows: [(Change, &str, Fault); 17] = [
        (|m| m.version = 0, "version", Fault::Count),
        (|m| m.version = 2, "previous", Fault::Previous),
        (|m| m.intent = " ".to_owned(), "intent", Fault::Empty),
        (|m| m.intent = "x".repeat(9000), "intent", Fault::TooMany { limit: 8192 }),
        (|m| m.parts = vec![m.parts[0].clone(); 201], "parts", Fault::TooMany { limit: 200 }),
        (|m| m.parts.retain(|part| part.kind != PartKind::Terms), "parts", Fault::NoTerms),
        (|m| m.parts[0].kind = PartKind::Pdf, "parts[2].kind", Fault::Twice),
        (|m| m.parts[1].language = None, "parts[1].language", Fault::Language),
        (|m| m.parts[5].language = Some(Lang::Zh), "parts[5].language", Fault::Language),
        (|m| m.parts[0].media_type = "zip".to_owned(), "parts[0].media_type", Fault::MediaType),
        (|m| m.parties.clear(), "parties", Fault::Empty),
        (|m| m.parties[1].side = id("customer"), "parties[1].side", Fault::Twice),
        (|m| m.signatories[1].side = id("customer"), "parties[1]", Fault::NoSignatory),
        (|m| m.signatories[1].order = 3, "signatories[1].order", Fault::Count),
        (|m| m.signatories[0].order = 0, "signatories[0].order", Fault::Count),
        (|m| m.signatories[0].role.clear(), "signatories[0].role", Fault::Empty),
        (|m| m.signatories.push(m.signatories[0].clone()), "signatories[2].name", Fault::Twice),
    ];
    for (change, place, fault) in rows {
        let mut changed = manifest();
        change(&mut changed);
        assert_eq!(refused(changed.to_bytes()), (place.to_owned(), fault));
    }
}

#[test]
fn only_the_canonical_text_of_this_format_is_read() {
    let text = String::from_utf8(manifest().to_bytes().unwrap()).unwrap();
    let read = |text: &str| Manifest::from_bytes(text.as_bytes());
    let format = text.replace("manifest/1", "manifest/2");
    assert!(matches!(read(&format), Err(ManifestError::Format { .. })));
    for changed in [
        text.replace("00:00Z", "00:00+00:00"),
        text.replace("\"signatories\"", "\"previous\":null,\"signatories\""),
    ] {
        assert!(matches!(read(&changed), Err(ManifestError::Form)), "{changed}");
    }
    for changed in [
        text.replace("\"version\":1", "\"version\":1,\"volume\":1"),
        text.replace("\"version\":1", "\"version\":1.0"),
        text.replace("\"version\":1", "\"version\": 1"),
        text.replace("own_key", "seal"),
        format!("{text}\n"),
        "null".to_owned(),
        String::new(),
        format!("[{}]", "0,".repeat(1 << 20)),
    ] {
        assert!(matches!(read(&changed), Err(ManifestError::Read(_))), "{:.200}", changed);
    }
}
