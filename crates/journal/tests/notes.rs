//! Notes, checkpoints and proofs against a second implementation and a published note.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use journal::{
    Checkpoint, CheckpointError, Hash, KeyError, KeyType, Note, NoteError, SignerKey, TlogProof,
    TlogProofError, Tree, VerifierKey,
};
use proptest::prelude::*;
use signed_note::{Note as OtherNote, Signer as _, StandardSigner, StandardVerifier, VerifierList};
use units::Timestamp;

use crate::world::{ORIGIN, START, customer, deployment, known, log};

const NOW: Timestamp = Timestamp::from_seconds(START);

/// The note of the Go implementation's documentation.
const PUBLISHED: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp\
    RZb6KE6RyyBwJnAM=\n";
const PUBLISHED_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

#[test]
fn the_published_note_verifies_and_is_written_alike() {
    let key: VerifierKey = PUBLISHED_KEY.parse().unwrap();
    let note: Note = PUBLISHED.parse().unwrap();
    assert_eq!(note.to_string(), PUBLISHED);
    assert_eq!(key.to_string(), PUBLISHED_KEY);
    assert_eq!(note.verify(&[key]).unwrap()[0].at, None);
    assert_eq!(note.verify(&known()), Err(NoteError::NoKnownKey));
}

#[test]
fn a_cosignature_is_what_the_specification_says_byte_by_byte() {
    let note = log(3).note(3);
    let [ours, theirs] = note.signatures() else { panic!("two signatures") };
    assert_eq!((ours.name(), theirs.name()), (ORIGIN, "customer.example/key"));
    let key = SigningKey::from_bytes(&[2; 32]);
    let seconds = u64::try_from(START + 5).unwrap();
    let message = format!("cosignature/v1\ntime {seconds}\n{}", note.text());
    let mut id = b"customer.example/key\n\x04".to_vec();
    id.extend(key.verifying_key().to_bytes());
    let mut bytes = Hash::of(&id).bytes()[..4].to_vec();
    bytes.extend(seconds.to_be_bytes());
    bytes.extend(key.sign(message.as_bytes()).to_bytes());
    let line = format!("— customer.example/key {}\n", STANDARD.encode(bytes));
    assert!(note.to_string().ends_with(&line));
    let verified = note.verify(&known()).unwrap();
    assert_eq!(verified[1].at, Some(Timestamp::from_seconds(START + 5)));
    assert_eq!(verified[1].key.key_type(), KeyType::Cosignature);
}

#[test]
fn every_changed_byte_of_a_signed_checkpoint_is_noticed() {
    let text = log(3).note(3).to_string();
    for at in 0..text.len() {
        for flip in [1, 2, 4, 8, 16, 32, 64, 128] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= flip;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let both = changed.parse::<Note>().and_then(|note| note.verify(&known()));
            // A key name or id that is not known any more is passed over, so one signer is left.
            assert!(both.is_err() || both.is_ok_and(|signers| signers.len() == 1), "byte {at}");
        }
    }
}

#[test]
fn malformed_notes_and_keys_are_refused() {
    for (text, want) in [
        ("", NoteError::Form),
        ("text\n", NoteError::Form),
        ("text\n\n", NoteError::Form),
        ("text\n\n— a YWFhYWE=", NoteError::Form),
        ("te\txt\n\n— a YWFhYWE=\n", NoteError::Text),
        ("text\n\n- a YWFhYWE=\n", NoteError::Line { line: 3 }),
        ("text\n\n— a YWFhYWE=\n— b+c YWFhYWE=\n", NoteError::Line { line: 4 }),
        ("text\n\n— a YWFhYWE\n", NoteError::Line { line: 3 }),
        // Four bytes are the key id alone.
        ("text\n\n— a YWFhYQ==\n", NoteError::Line { line: 3 }),
        ("text\n\n— a YWFhYQ\n", NoteError::Line { line: 3 }),
        ("text\n\n— a YWFh\n", NoteError::Line { line: 3 }),
    ] {
        assert_eq!(text.parse::<Note>(), Err(want), "{text:?}");
    }
    let many = format!("text\n\n{}", "— a YWFhYWE=\n".repeat(101));
    assert_eq!(many.parse::<Note>(), Err(NoteError::TooLarge));
    for (text, want) in [
        ("", KeyError::Form),
        ("a+b", KeyError::Form),
        ("a b+c74f20a3+ARpc", KeyError::Name),
        ("+c74f20a3+ARpc", KeyError::Name),
        ("a+c74f20a3+ARpc", KeyError::Form),
        ("a+c74f20a3+Bhpc", KeyError::Type { key_type: 6 }),
        ("PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Id),
        ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Id),
    ] {
        assert_eq!(text.parse::<VerifierKey>(), Err(want), "{text:?}");
    }
    assert!(SignerKey::new("a b", KeyType::Note, &[0; 32]).is_err());
    assert!(!format!("{:?}", deployment()).contains("1, 1"));
}

#[test]
fn checkpoints_are_read_strictly() {
    let root = Hash::of(b"").to_base64();
    for (text, want) in [
        (format!("o\n0\n{root}"), Err(CheckpointError::Line)),
        (format!("\n0\n{root}\n"), Err(CheckpointError::Origin)),
        (format!("o\n00\n{root}\n"), Err(CheckpointError::Size)),
        (format!("o\n+1\n{root}\n"), Err(CheckpointError::Size)),
        (format!("o\n99999999999999999999\n{root}\n"), Err(CheckpointError::Size)),
        ("o\n0\nAAAA\n".to_string(), Err(CheckpointError::Root)),
        (format!("o\n0\n{root}\n\n"), Err(CheckpointError::Line)),
    ] {
        assert_eq!(text.parse::<Checkpoint>(), want, "{text:?}");
    }
    let text = format!("o\n0\n{root}\nextension\n");
    let extended: Checkpoint = text.parse().unwrap();
    assert_eq!((extended.extensions.len(), extended.to_string()), (1, text));
    assert!(Checkpoint::new("a\nb", 0, Hash::of(b"")).is_err());
}

#[test]
fn a_second_signature_of_the_same_key_replaces_the_first() {
    let mut note = log(2).note(2);
    let before = note.clone();
    note.cosign(&deployment(), NOW);
    assert_eq!(note.signatures().len(), 2);
    note.cosign(&customer(), Timestamp::from_seconds(START + 9));
    assert_eq!(note.signatures().len(), 2);
    assert_ne!(note, before);
    let verified = note.verify(&known()).unwrap();
    assert!(verified.iter().any(|signer| signer.at == Some(Timestamp::from_seconds(START + 9))));
}

#[test]
fn a_proof_file_holds_for_its_entry_and_log_only() {
    let log = log(7);
    let tree: Tree = log.0.iter().map(|(_, leaf)| *leaf).collect();
    for index in 0..7 {
        let path = tree.inclusion_proof(index, 7).unwrap();
        let proof = TlogProof { extra: None, index, path, checkpoint: log.note(7) };
        let proof: TlogProof = proof.to_string().parse().unwrap();
        let leaf = |at: u64| &log.0[at as usize].1;
        let (checkpoint, signers) = proof.verify(leaf(index), ORIGIN, &known()).unwrap();
        assert_eq!((checkpoint.size, signers.len()), (7, 2));
        let other = proof.verify(leaf((index + 1) % 7), ORIGIN, &known());
        assert!(matches!(other, Err(TlogProofError::Inclusion(_))));
        let origin = proof.verify(leaf(index), "tallystick/agreement/A-8", &known());
        assert!(matches!(origin, Err(TlogProofError::Origin { .. })));
        let nobody = proof.verify(leaf(index), ORIGIN, &[]);
        assert_eq!(nobody.unwrap_err(), TlogProofError::Note(NoteError::NoKnownKey));
    }
}

#[test]
fn proof_files_are_read_strictly() {
    let note = log(1).note(1).to_string();
    for (head, line) in [
        ("c2sp.org/tlog-proof@v2\nindex 0", 1),
        ("c2sp.org/tlog-proof@v1", 2),
        ("c2sp.org/tlog-proof@v1\nindex 00", 2),
        ("c2sp.org/tlog-proof@v1\nextra *\nindex 0", 2),
        ("c2sp.org/tlog-proof@v1\nextra YQ==", 3),
        ("c2sp.org/tlog-proof@v1\nextra YQ==\nindex x", 3),
        ("c2sp.org/tlog-proof@v1\nindex 0\nAAAA", 3),
    ] {
        let result = format!("{head}\n\n{note}").parse::<TlogProof>();
        assert_eq!(result, Err(TlogProofError::Line { line }), "{head:?}");
    }
    let text = format!("c2sp.org/tlog-proof@v1\nextra YQ==\nindex 0\n\n{note}");
    let proof: TlogProof = text.parse().unwrap();
    assert_eq!((proof.extra.as_deref(), proof.to_string()), (Some(&b"a"[..]), text));
}

proptest! {
    #[test]
    fn our_notes_verify_in_the_second_implementation_and_theirs_in_ours(
        text in "([a-zé中 ]{0,9}\n){1,5}",
        name in "[a-z./中]{1,12}",
        seed in any::<[u8; 32]>(),
    ) {
        let signer = SignerKey::new(&name, KeyType::Note, &seed).unwrap();
        let key = signer.verifier();
        let mut note = Note::new(&text).unwrap();
        note.cosign(&signer, NOW);

        let secret = STANDARD.encode([&[1], &seed[..]].concat());
        let secret = format!("PRIVATE+KEY+{name}+{:08x}+{secret}", key.id());
        let other = StandardSigner::new(&secret).unwrap();
        prop_assert_eq!(other.key_id(), key.id());
        let mut other_note = OtherNote::new(text.as_bytes(), &[]).unwrap();
        other_note.add_sigs(&[&other]).unwrap();
        prop_assert_eq!(note.to_string().into_bytes(), other_note.to_bytes());

        let verifier = StandardVerifier::new(&key.to_string()).unwrap();
        let read = OtherNote::from_bytes(note.to_string().as_bytes()).unwrap();
        let (verified, _) = read.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        prop_assert_eq!(verified.len(), 1);
        let read: Note = String::from_utf8(other_note.to_bytes()).unwrap().parse().unwrap();
        prop_assert_eq!(read.verify(&[key]).unwrap().len(), 1);
    }
}
