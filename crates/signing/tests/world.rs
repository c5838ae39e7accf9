//! A small made-up agreement that the tests share: parts, people, keys from fixed secrets.

use std::collections::BTreeMap;

use journal::{Algorithm, SignerKey, VerifierKey};
use signing::{Anchors, Manifest, Part, PartKind, Party, Signatory, SignedFile, Verdict};
use units::{Id, Lang, Timestamp};

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

pub(crate) fn key(side: &str, algorithm: Algorithm) -> SignerKey {
    let secret = if side == "customer" { [5; 32] } else { [6; 32] };
    SignerKey::of(&format!("{side}.example/{algorithm}"), algorithm, &secret).unwrap()
}

/// 2026-03-01T00:00:00Z.
pub(crate) fn noon() -> Timestamp {
    Timestamp::from_seconds(1_772_323_200)
}

/// The name, the kind, the language and the media type of a part, and its bytes.
type Content = (&'static str, PartKind, Option<Lang>, &'static str, Vec<u8>);

pub(crate) fn contents() -> Vec<Content> {
    let pdf = crate::seals::with_table();
    vec![
        ("agreement.docx", PartKind::Docx, None, "application/zip", vec![0x50, 0x4b, 3, 4, 9]),
        ("agreement.pdf", PartKind::Pdf, None, "application/pdf", pdf),
        ("agreement.en.txt", PartKind::Text, Some(Lang::En), "text/plain", b"Article 1".to_vec()),
        ("agreement.zh.txt", PartKind::Text, Some(Lang::Zh), "text/plain", "第一条".into()),
        ("annexes/prices.csv", PartKind::Annex, None, "text/csv", b"a,1\n".to_vec()),
        ("terms.json", PartKind::Terms, None, "application/json", b"{\"kind\":\"lease\"}".to_vec()),
    ]
}

pub(crate) fn people() -> (Vec<Party>, Vec<Signatory>) {
    let party = |side: &str, name: &str, number: Option<&str>| Party {
        side: id(side),
        name: name.to_owned(),
        registration_number: number.map(str::to_owned),
    };
    let signatory = |side: &str, name: &str, order| Signatory {
        side: id(side),
        name: name.to_owned(),
        role: "法定代表人".to_owned(),
        authority: "公司章程第五条".to_owned(),
        order,
    };
    let parties = vec![
        party("customer", "符契科技有限公司", Some("91310000MA1FL0LX37")),
        party("vendor", "Vendor Ltd", None),
    ];
    (parties, vec![signatory("customer", "王小明", 1), signatory("vendor", "Ann Smith", 2)])
}

pub(crate) fn manifest() -> Manifest {
    let parts = contents();
    let parts = parts.iter().map(|(name, kind, language, media_type, bytes)| {
        Part::of(name, *kind, *language, media_type, bytes)
    });
    let intent = "本人已阅读全部内容，并代表本方签署本协议。";
    Manifest::new(id("A-7"), (Lang::Zh, intent), noon(), parts.collect(), people()).unwrap()
}

/// A whole signed file: by name, the manifest's bytes first.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) manifest: Vec<u8>,
    pub(crate) parts: BTreeMap<String, Vec<u8>>,
    pub(crate) envelopes: BTreeMap<String, Vec<u8>>,
    pub(crate) tokens: BTreeMap<String, Vec<u8>>,
    pub(crate) sealed: BTreeMap<String, Vec<u8>>,
    pub(crate) keys: Vec<(Id, VerifierKey)>,
}

impl Signed {
    pub(crate) fn verify(&self) -> Verdict {
        self.verify_with(&[], &[])
    }

    pub(crate) fn verify_with(&self, authorities: &[&[u8]], sealers: &[VerifierKey]) -> Verdict {
        let file = SignedFile {
            manifest: &self.manifest,
            parts: borrowed(&self.parts),
            envelopes: borrowed(&self.envelopes),
            tokens: borrowed(&self.tokens),
            sealed: borrowed(&self.sealed),
        };
        signing::verify(&file, &Anchors { keys: &self.keys, authorities, sealers })
    }
}

fn borrowed(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, &[u8]> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

pub(crate) fn signed(algorithm: Algorithm) -> Signed {
    let manifest = manifest();
    let mut envelopes = BTreeMap::new();
    let mut keys = Vec::new();
    for signatory in &manifest.signatories {
        let key = key(signatory.side.as_str(), algorithm);
        let mut envelope = manifest.envelope(signatory).unwrap();
        envelope.sign(signatory.side.clone(), &key).unwrap();
        let name = format!("signatures/{}.json", signatory.side);
        envelopes.insert(name, envelope.to_bytes().unwrap());
        keys.push((signatory.side.clone(), key.verifier()));
    }
    let parts = contents().into_iter().map(|(name, .., bytes)| (name.to_owned(), bytes));
    let manifest = manifest.to_bytes().unwrap();
    let (tokens, sealed) = Default::default();
    Signed { manifest, parts: parts.collect(), envelopes, tokens, sealed, keys }
}
