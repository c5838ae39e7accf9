//! Passkeys, by an authenticator of our own: made, used, and refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::SigningKey;
use serde_json::Value;
use server::passkeys::{CEREMONY_SECONDS, Holder, Kept, PasskeyError, Passkeys, credential_id};
use units::Timestamp;
use url::Url;

use crate::authenticator::{Authenticator, ORIGIN, authenticator};

const ANA: Holder<'static> = Holder { person: "p1", email: "ana@acme.com", name: "Ana" };

struct Scene {
    passkeys: Passkeys,
    dice: std::cell::Cell<u8>,
}

fn scene() -> Scene {
    let passkeys = Passkeys::new(&Url::parse(ORIGIN).unwrap()).unwrap();
    Scene { passkeys, dice: std::cell::Cell::new(0) }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds)
}

impl Scene {
    fn random(&self) -> [u8; 32] {
        self.dice.set(self.dice.get() + 1);
        [self.dice.get(); 32]
    }

    fn register(&self, holder: Holder<'_>, key: &mut Authenticator) -> Kept {
        let started = self.passkeys.start_registration(holder, "Laptop", &[], self.random(), at(0));
        let (id, options) = started.unwrap();
        let options = serde_json::to_value(options).unwrap();
        let selection = &options["publicKey"]["authenticatorSelection"];
        assert_eq!(selection["residentKey"], "required");
        assert_eq!(selection["userVerification"], "required");
        let made = serde_json::from_value(key.make(&options)).unwrap();
        let finished = self.passkeys.finish_registration(&id, holder.person, &made, at(1));
        let (label, kept) = finished.unwrap();
        assert_eq!(label, "Laptop");
        kept
    }

    fn sign_in(
        &self,
        person: &str,
        kept: &Kept,
        key: &mut Authenticator,
        late: i64,
    ) -> Result<Option<Kept>, PasskeyError> {
        let (id, options) = self.passkeys.start_sign_in(self.random(), at(0)).unwrap();
        let options = serde_json::to_value(options).unwrap();
        assert!(options.get("mediation").is_none_or(Value::is_null), "{options}");
        let answer = serde_json::from_value(key.sign(&options)).unwrap();
        assert_eq!(credential_id(&answer), hex::encode(key.id));
        self.passkeys.finish_sign_in(&id, person, kept, &answer, at(late))
    }
}

#[test]
fn a_passkey_is_made_signs_in_and_its_counter_is_kept() {
    let (scene, mut key) = (scene(), authenticator(1));
    let kept = scene.register(ANA, &mut key);
    assert_eq!(kept.credential, hex::encode(key.id));
    let next = scene.sign_in("p1", &kept, &mut key, 1).unwrap().unwrap();
    assert_ne!(next.passkey, kept.passkey);
    let after = scene.sign_in("p1", &next, &mut key, 1).unwrap().unwrap();
    assert_ne!(after.passkey, next.passkey);
    key.counter = 1;
    let copied = scene.sign_in("p1", &next, &mut key, 1).unwrap_err();
    assert_eq!(copied.code(), "passkey_copied");
}

#[test]
fn a_use_that_is_late_foreign_unverified_or_another_persons_is_refused() {
    let (scene, mut key) = (scene(), authenticator(1));
    let kept = scene.register(ANA, &mut key);
    let late = scene.sign_in("p1", &kept, &mut key, CEREMONY_SECONDS).unwrap_err();
    assert_eq!(late.code(), "ceremony_over");
    let other = scene.sign_in("p2", &kept, &mut key, 1).unwrap_err();
    assert_eq!(other.code(), "passkey_refused");
    key.origin = "https://tally.acme.com.evil.com".to_owned();
    let phished = scene.sign_in("p1", &kept, &mut key, 1).unwrap_err();
    assert_eq!(phished.code(), "passkey_refused");
    key.origin = ORIGIN.to_owned();
    key.flags = 0x01;
    let unverified = scene.sign_in("p1", &kept, &mut key, 1).unwrap_err();
    assert_eq!(unverified.code(), "passkey_refused");
    key.flags = 0x05;
    key.key = SigningKey::from_slice(&[2; 32]).unwrap();
    let forged = scene.sign_in("p1", &kept, &mut key, 1).unwrap_err();
    assert_eq!(forged.code(), "passkey_refused");
}

#[test]
fn a_ceremony_serves_once_and_only_what_it_was_begun_for() {
    let (scene, mut key) = (scene(), authenticator(1));
    let kept = scene.register(ANA, &mut key);
    let (id, options) = scene.passkeys.start_sign_in(scene.random(), at(0)).unwrap();
    let options = serde_json::to_value(options).unwrap();
    let answer = serde_json::from_value(key.sign(&options)).unwrap();
    let finish = |id: &str| scene.passkeys.finish_sign_in(id, "p1", &kept, &answer, at(1));
    assert!(finish(&id).is_ok());
    assert_eq!(finish(&id).unwrap_err().code(), "ceremony_over");
    let all = std::slice::from_ref(&kept);
    let started = scene.passkeys.start_confirmation("p1", all, scene.random(), at(0));
    let (id, _) = started.unwrap();
    assert_eq!(finish(&id).unwrap_err().code(), "ceremony_over");
}

#[test]
fn a_confirmation_is_by_the_same_person_with_an_own_passkey() {
    let (scene, mut key) = (scene(), authenticator(1));
    let kept = scene.register(ANA, &mut key);
    let all = std::slice::from_ref(&kept);
    let mut confirm = |person: &str| {
        let started = scene.passkeys.start_confirmation("p1", all, scene.random(), at(0));
        let (id, options) = started.unwrap();
        let answer = key.sign(&serde_json::to_value(options).unwrap());
        let answer = serde_json::from_value(answer).unwrap();
        scene.passkeys.finish_confirmation(&id, person, &kept, &answer, at(1)).map(|_| ())
    };
    assert!(confirm("p1").is_ok());
    assert_eq!(confirm("p2").unwrap_err().code(), "ceremony_over");
}

#[test]
fn what_an_authenticator_keeps_does_not_tell_who_the_person_is() {
    let (scene, mut key) = (scene(), authenticator(1));
    scene.register(ANA, &mut key);
    let handle = URL_SAFE_NO_PAD.decode(&key.user).unwrap();
    assert_eq!(handle.len(), 16);
    assert!(!handle.windows(2).any(|pair| pair == b"p1"));
}

#[test]
fn a_deployment_at_a_numeric_address_has_no_passkeys() {
    let check = |origin: &str, expected: bool| {
        assert_eq!(Passkeys::new(&Url::parse(origin).unwrap()).is_ok(), expected, "{origin}");
    };
    check("https://tally.acme.com", true);
    check("http://localhost:8080", true);
    check("http://127.0.0.1:8080", false);
    check("http://[::1]:8080", false);
}
