//! A signed file: what holds, and that any change is found and named.

use journal::Algorithm;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use signing::seal::sign;
use signing::timestamp::{Request, read_response};
use signing::{ManifestState, PartState, SignatureState, Unsigned};

use crate::openssl::{Authority, P256, installed};
use crate::seals::{options, sealer, with_streams};
use crate::world::{Signed, id, key, manifest, signed};

#[test]
fn a_file_that_both_parties_signed_holds_under_each_scheme() {
    for algorithm in Algorithm::ALL {
        let verdict = signed(algorithm).verify();
        assert!(verdict.holds(), "{algorithm}: {verdict:#?}");
        assert_eq!(verdict.broken(), Vec::<&str>::new());
        assert_eq!(verdict.sha256, Some(manifest().sha256().unwrap()));
        assert_eq!(verdict.parts.len(), 6);
        assert_eq!(verdict.signatures.len(), 2);
    }
}

/// One file of a signed file.
#[derive(Clone, Copy)]
enum File<'a> {
    Manifest,
    Part(&'a str),
    Envelope(&'a str),
}

fn bytes<'a>(signed: &'a mut Signed, file: File<'_>) -> &'a mut Vec<u8> {
    match file {
        File::Manifest => &mut signed.manifest,
        File::Part(name) => signed.parts.get_mut(name).expect("a part"),
        File::Envelope(name) => signed.envelopes.get_mut(name).expect("an envelope"),
    }
}

/// Flips one bit of each byte of a file in turn.
fn flip_each(whole: &Signed, file: File<'_>) {
    for at in 0..bytes(&mut whole.clone(), file).len() {
        let mut changed = whole.clone();
        bytes(&mut changed, file)[at] ^= 1 << (at % 8);
        let verdict = changed.verify();
        let broken = verdict.broken();
        let named = match file {
            // A manifest that still reads is another one, and the signatures say so.
            File::Manifest if verdict.manifest == ManifestState::Read => {
                let other = |name: &&str| name.starts_with("signatures/");
                broken.iter().filter(|name| other(name)).count() == 2
            }
            File::Manifest => broken.contains(&"manifest.json"),
            File::Part(name) | File::Envelope(name) => broken == [name],
        };
        assert!(named && !verdict.holds(), "byte {at}: {broken:?}");
    }
}

#[test]
fn every_flipped_byte_is_found_and_its_file_named() {
    let whole = signed(Algorithm::Ed25519);
    flip_each(&whole, File::Manifest);
    whole.parts.keys().for_each(|name| flip_each(&whole, File::Part(name)));
    whole.envelopes.keys().for_each(|name| flip_each(&whole, File::Envelope(name)));
}

#[test]
fn a_random_change_of_an_envelope_is_found_under_each_scheme() {
    // Ed25519 has every byte flipped above.
    for algorithm in [Algorithm::EcdsaP256, Algorithm::Sm2] {
        let whole = signed(algorithm);
        let mut runner = TestRunner::new(Config { cases: 100, ..Config::default() });
        let change = (any::<prop::sample::Index>(), 1u8..=255, any::<bool>());
        let result = runner.run(&change, |(at, mask, customer)| {
            let mut changed = whole.clone();
            let side = if customer { "customer" } else { "vendor" };
            let name = format!("signatures/{side}.json");
            let envelope = changed.envelopes.get_mut(&name).unwrap();
            let at = at.index(envelope.len());
            envelope[at] ^= mask;
            let verdict = changed.verify();
            prop_assert!(verdict.broken() == [name.as_str()]);
            prop_assert!(!verdict.holds());
            Ok(())
        });
        result.unwrap();
    }
}

#[test]
fn each_kind_of_damage_has_its_name() {
    type Change = fn(&mut Signed);
    let part = |verdict: &signing::Verdict, name: &str| {
        verdict.parts.iter().find(|check| check.name == name).map(|check| check.state)
    };
    let changed = |change: Change| {
        let mut file = signed(Algorithm::Ed25519);
        change(&mut file);
        file.verify()
    };
    let gone = changed(|file| drop(file.parts.remove("agreement.pdf")));
    assert_eq!(part(&gone, "agreement.pdf"), Some(PartState::Missing));
    let added = changed(|file| drop(file.parts.insert("side-letter.txt".to_owned(), vec![1])));
    assert_eq!(part(&added, "side-letter.txt"), Some(PartState::Unsigned));
    assert_eq!(added.broken(), ["side-letter.txt"]);
    let swapped = changed(|file| {
        let pdf = file.parts.remove("agreement.pdf").unwrap();
        let docx = file.parts.insert("agreement.docx".to_owned(), pdf).unwrap();
        file.parts.insert("agreement.pdf".to_owned(), docx);
    });
    assert_eq!(swapped.broken(), ["agreement.docx", "agreement.pdf"]);
    let alone = changed(|file| drop(file.envelopes.remove("signatures/vendor.json")));
    let vendor = Unsigned { side: id("vendor"), signatory: "Ann Smith".to_owned() };
    assert_eq!((alone.unsigned.clone(), alone.holds()), (vec![vendor], false));
    let torn = changed(|file| file.manifest.truncate(100));
    assert!(
        matches!(&torn.manifest, ManifestState::Unreadable { reason }
        if reason.contains("byte 100")),
        "{torn:?}"
    );
}

#[test]
fn a_signature_counts_for_its_signatory_and_its_manifest_only() {
    let state = |file: &Signed, name: &str| {
        let verdict = file.verify();
        let check = verdict.signatures.iter().find(|check| check.name == name).unwrap();
        (check.state, verdict.holds())
    };
    let whole = signed(Algorithm::EcdsaP256);
    let name = "signatures/vendor.json";
    let mut unknown = whole.clone();
    unknown.keys.retain(|(side, _)| side.as_str() == "customer");
    assert_eq!(state(&unknown, name), (SignatureState::UnknownKey, false));
    let mut other = whole.clone();
    other.keys.iter_mut().for_each(|(side, _)| *side = id("customer"));
    assert_eq!(state(&other, name), (SignatureState::OtherSide, false));
    let resign = |change: fn(&mut signing::Manifest), who: &str| {
        let mut manifest = manifest();
        change(&mut manifest);
        let mut signatory = manifest.signatories[1].clone();
        signatory.name = who.to_owned();
        let mut envelope = manifest.envelope(&signatory).unwrap();
        envelope.sign(id("vendor"), &key("vendor", Algorithm::EcdsaP256)).unwrap();
        let mut file = whole.clone();
        file.envelopes.insert(name.to_owned(), envelope.to_bytes().unwrap());
        state(&file, name)
    };
    let intent = resign(|m| m.intent.push('!'), "Ann Smith");
    assert_eq!(intent, (SignatureState::OtherManifest, false));
    assert_eq!(resign(|_| {}, "Bob"), (SignatureState::NotASignatory, false));
    assert_eq!(resign(|_| {}, "Ann Smith"), (SignatureState::Valid, true));
}

#[test]
fn timestamps_and_sealed_copies_are_checked_with_the_file() {
    if !installed("openssl", "version") {
        return;
    }
    let authority = Authority::new(P256, "sha256", "sha256");
    let root = authority.root_der();
    let (key, certificate) = sealer();
    let mut file = signed(Algorithm::Ed25519);
    let envelope = &file.envelopes["signatures/customer.json"];
    let response = authority.reply(&Request::new(envelope, [1; 16]).to_der());
    let token = read_response(&response).unwrap().to_vec();
    file.tokens.insert("timestamps/customer.tst".to_owned(), token);
    let pdf = &file.parts["agreement.pdf"];
    let sealed = sign(pdf, &options(), &key, &certificate).unwrap().finish(None).unwrap();
    file.sealed.insert("sealed.pdf".to_owned(), sealed);
    let (authorities, sealers) = ([&root[..]], [key.verifier()]);
    let verdict = file.verify_with(&authorities, &sealers);
    assert!(verdict.holds(), "{verdict:#?}");
    assert_eq!(verdict.timestamps[0].of.as_deref(), Some("signatures/customer.json"));
    assert_eq!(verdict.seals[0].of.as_deref(), Some("agreement.pdf"));
    assert_eq!(file.verify_with(&[], &sealers).broken(), ["timestamps/customer.tst"]);
    assert_eq!(file.verify_with(&authorities, &[]).broken(), ["sealed.pdf"]);
    let mut other = file.clone();
    let page = sign(&with_streams(), &options(), &key, &certificate).unwrap();
    other.sealed.insert("sealed.pdf".to_owned(), page.finish(None).unwrap());
    assert_eq!(other.verify_with(&authorities, &sealers).broken(), ["sealed.pdf"]);
    let mut stale = file.clone();
    let vendor = stale.envelopes["signatures/vendor.json"].clone();
    stale.envelopes.insert("signatures/customer.json".to_owned(), vendor);
    let broken = stale.verify_with(&authorities, &sealers);
    assert_eq!(broken.broken(), ["timestamps/customer.tst"]);
    assert!(!broken.holds() && broken.unsigned.len() == 1);
    let json = serde_json::to_value(&broken).unwrap();
    assert_eq!(json["timestamps"][0]["result"]["error"], "imprint");
}
