//! An authenticator made here speaks through JSON alone, as a browser does: it shares no code with
//! the library that verifies it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

/// The address of the deployment that it knows.
pub(crate) const ORIGIN: &str = "https://tally.acme.com";

/// Holds one key.
pub(crate) struct Authenticator {
    pub(crate) key: SigningKey,
    pub(crate) id: [u8; 16],
    pub(crate) user: String,
    pub(crate) counter: u32,
    pub(crate) origin: String,
    /// User present and user verified.
    pub(crate) flags: u8,
}

/// An authenticator with a key of its own.
pub(crate) fn authenticator(seed: u8) -> Authenticator {
    let key = SigningKey::from_slice(&[seed; 32]).unwrap();
    let user = String::new();
    Authenticator { key, id: [seed; 16], user, counter: 1, origin: ORIGIN.to_owned(), flags: 0x05 }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = options["publicKey"]["challenge"].as_str().unwrap();
        let data = json!({
            "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false
        });
        data.to_string().into_bytes()
    }

    fn head(&self, more_flags: u8) -> Vec<u8> {
        let host = Url::parse(&self.origin).unwrap();
        let mut data = Sha256::digest(host.host_str().unwrap()).to_vec();
        data.push(self.flags | more_flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// Answers the options of a registration.
    pub(crate) fn make(&mut self, options: &Value) -> Value {
        self.user = options["publicKey"]["user"]["id"].as_str().unwrap().to_owned();
        let client = self.client_data("webauthn.create", options);
        let mut data = self.head(0x40);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        let point = self.key.verifying_key().to_sec1_point(false);
        let bytes = point.as_bytes();
        // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&bytes[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&bytes[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "attestationObject": text(&object), "clientDataJSON": text(&client)
            },
            "extensions": {}
        })
    }

    /// Answers the options of a use.
    pub(crate) fn sign(&mut self, options: &Value) -> Value {
        let client = self.client_data("webauthn.get", options);
        self.counter += 1;
        let data = self.head(0);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "authenticatorData": text(&data), "clientDataJSON": text(&client),
                "signature": text(signature.to_der().as_bytes()), "userHandle": self.user
            },
            "extensions": {}
        })
    }
}
