//! Passkeys: making one, signing in with one, and confirming with one what is signed or paid.
//!
//! Every passkey is kept on the authenticator together with the name of its person (a discoverable
//! credential) and every use demands that the authenticator verified the person. So nobody is asked
//! for an e-mail, and no answer tells whether somebody has an account. A ceremony's state stays
//! here, is used once and ends after five minutes. Knows nothing of rows or sessions.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use units::Timestamp;
use url::{Host, Url};
use webauthn_rs::prelude::{
    AuthenticationResult, CreationChallengeResponse, DiscoverableAuthentication, DiscoverableKey,
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, RequestChallengeResponse, Uuid, Webauthn, WebauthnBuilder,
    WebauthnError,
};
use webauthn_rs_proto::ResidentKeyRequirement;

/// How long a ceremony may take, in seconds.
pub const CEREMONY_SECONDS: i64 = 300;

/// The most ceremonies that are open at once; the oldest gives way.
const MAX_OPEN: usize = 10_000;

/// The most passkeys of one person.
pub const MAX_PASSKEYS: usize = 20;

/// Why a passkey is refused.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// Browsers know passkeys for names only, not for numeric addresses.
    #[error("passkeys need a deployment at a host name")]
    NoName,
    /// The ceremony is over, was used, or is somebody else's.
    #[error("this ceremony is over")]
    Over,
    /// The person has too many.
    #[error("there are {MAX_PASSKEYS} passkeys already")]
    TooMany,
    /// The authenticator's counter went back: the passkey may have been copied.
    #[error("the counter of the passkey went back")]
    Copied,
    /// The answer of the authenticator does not hold.
    #[error("the answer of the authenticator does not hold")]
    Refused(#[source] WebauthnError),
    /// A kept passkey cannot be read.
    #[error("a kept passkey cannot be read")]
    Unreadable(#[source] serde_json::Error),
}

impl PasskeyError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoName => "passkeys_unavailable",
            Self::Over => "ceremony_over",
            Self::TooMany => "too_many_passkeys",
            Self::Copied => "passkey_copied",
            Self::Refused(_) => "passkey_refused",
            Self::Unreadable(_) => "fault",
        }
    }
}

/// A passkey as it is kept: what verifies it, never what signs.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The credential's id, in hexadecimal digits.
    pub credential: String,
    /// The public key, the counter and the flags.
    pub passkey: Value,
}

/// Who makes a passkey.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The person's id.
    pub person: &'a str,
    /// The person's e-mail, which the authenticator shows.
    pub email: &'a str,
    /// The person's name.
    pub name: &'a str,
}

enum Ceremony {
    Register { person: String, label: String, state: Box<PasskeyRegistration> },
    SignIn { state: Box<DiscoverableAuthentication> },
    Confirm { person: String, state: Box<PasskeyAuthentication> },
}

/// The ceremonies of a deployment.
pub struct Passkeys {
    webauthn: Webauthn,
    open: Mutex<BTreeMap<String, (Timestamp, Ceremony)>>,
}

impl Passkeys {
    /// Passkeys for the deployment at an address, such as `https://tally.acme.com`.
    ///
    /// # Errors
    /// [`PasskeyError::NoName`] for a numeric address.
    pub fn new(origin: &Url) -> Result<Self, PasskeyError> {
        let Some(Host::Domain(name)) = origin.host() else { return Err(PasskeyError::NoName) };
        let built = WebauthnBuilder::new(name, origin)
            .and_then(|builder| builder.rp_name("Tallystick").build());
        let webauthn = built.map_err(PasskeyError::Refused)?;
        Ok(Self { webauthn, open: Mutex::new(BTreeMap::new()) })
    }

    /// Begins to make a passkey. `random` names the ceremony; `kept` are the person's passkeys, so
    /// that no authenticator holds two.
    ///
    /// # Errors
    /// [`PasskeyError::TooMany`].
    pub fn start_registration(
        &self,
        holder: Holder<'_>,
        label: &str,
        kept: &[Kept],
        random: [u8; 32],
        now: Timestamp,
    ) -> Result<(String, CreationChallengeResponse), PasskeyError> {
        if kept.len() >= MAX_PASSKEYS {
            return Err(PasskeyError::TooMany);
        }
        let exclude = read_all(kept)?.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let started = self.webauthn.start_passkey_registration(
            handle(holder.person),
            holder.email,
            holder.name,
            Some(exclude),
        );
        let (mut options, state) = started.map_err(PasskeyError::Refused)?;
        if let Some(selection) = options.public_key.authenticator_selection.as_mut() {
            selection.resident_key = Some(ResidentKeyRequirement::Required);
            selection.require_resident_key = true;
        }
        let ceremony = Ceremony::Register {
            person: holder.person.to_owned(),
            label: label.to_owned(),
            state: Box::new(state),
        };
        Ok((self.begin(ceremony, random, now), options))
    }

    /// Ends the making of a passkey: its label and what is to be kept.
    ///
    /// # Errors
    /// When the ceremony is over or another person's, or the answer does not hold.
    pub fn finish_registration(
        &self,
        id: &str,
        person: &str,
        credential: &RegisterPublicKeyCredential,
        now: Timestamp,
    ) -> Result<(String, Kept), PasskeyError> {
        let Ceremony::Register { person: own, label, state } = self.end(id, now)? else {
            return Err(PasskeyError::Over);
        };
        if own != person {
            return Err(PasskeyError::Over);
        }
        let made = self.webauthn.finish_passkey_registration(credential, &state);
        Ok((label, keep(&made.map_err(PasskeyError::Refused)?)?))
    }

    /// Begins to sign in; the browser lets the person choose among the passkeys for this host.
    ///
    /// # Errors
    /// None in practice: the library's own.
    pub fn start_sign_in(
        &self,
        random: [u8; 32],
        now: Timestamp,
    ) -> Result<(String, RequestChallengeResponse), PasskeyError> {
        let started = self.webauthn.start_discoverable_authentication();
        let (mut options, state) = started.map_err(PasskeyError::Refused)?;
        // The person pressed a button; the browser is to ask at once, not when a field is filled.
        options.mediation = None;
        Ok((self.begin(Ceremony::SignIn { state: Box::new(state) }, random, now), options))
    }

    /// Ends signing in with the kept passkey whose id is [`credential_id`] of the answer. Gives the
    /// passkey to keep in place of the old one when its counter or flags changed.
    ///
    /// # Errors
    /// When the ceremony is over, the passkey is another person's, or the answer does not hold.
    pub fn finish_sign_in(
        &self,
        id: &str,
        person: &str,
        kept: &Kept,
        credential: &PublicKeyCredential,
        now: Timestamp,
    ) -> Result<Option<Kept>, PasskeyError> {
        let Ceremony::SignIn { state } = self.end(id, now)? else {
            return Err(PasskeyError::Over);
        };
        let identified = self.webauthn.identify_discoverable_authentication(credential);
        let (user, _) = identified.map_err(refused)?;
        if user != handle(person) {
            return Err(PasskeyError::Refused(WebauthnError::InvalidUserUniqueId));
        }
        let mut passkey = read(kept)?;
        let key = DiscoverableKey::from(&passkey);
        let used = self.webauthn.finish_discoverable_authentication_v2(credential, *state, key);
        update(&mut passkey, &used.map_err(refused)?)
    }

    /// Begins to confirm: a person who is signed in proves once more who they are.
    ///
    /// # Errors
    /// When the person has no passkey.
    pub fn start_confirmation(
        &self,
        person: &str,
        kept: &[Kept],
        random: [u8; 32],
        now: Timestamp,
    ) -> Result<(String, RequestChallengeResponse), PasskeyError> {
        let started = self.webauthn.start_passkey_authentication(&read_all(kept)?);
        let (options, state) = started.map_err(PasskeyError::Refused)?;
        let ceremony = Ceremony::Confirm { person: person.to_owned(), state: Box::new(state) };
        Ok((self.begin(ceremony, random, now), options))
    }

    /// Ends a confirmation; as [`Passkeys::finish_sign_in`].
    ///
    /// # Errors
    /// When the ceremony is over or another person's, or the answer does not hold.
    pub fn finish_confirmation(
        &self,
        id: &str,
        person: &str,
        kept: &Kept,
        credential: &PublicKeyCredential,
        now: Timestamp,
    ) -> Result<Option<Kept>, PasskeyError> {
        let Ceremony::Confirm { person: own, state } = self.end(id, now)? else {
            return Err(PasskeyError::Over);
        };
        if own != person {
            return Err(PasskeyError::Over);
        }
        let used = self.webauthn.finish_passkey_authentication(credential, &state);
        update(&mut read(kept)?, &used.map_err(refused)?)
    }

    fn begin(&self, ceremony: Ceremony, random: [u8; 32], now: Timestamp) -> String {
        let id = hex::encode(random);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, (since, _)| now.seconds_since(*since) < CEREMONY_SECONDS);
        if open.len() >= MAX_OPEN {
            let oldest = open.iter().min_by_key(|(_, (since, _))| *since).map(|(id, _)| id.clone());
            oldest.and_then(|id| open.remove(&id));
        }
        open.insert(id.clone(), (now, ceremony));
        id
    }

    fn end(&self, id: &str, now: Timestamp) -> Result<Ceremony, PasskeyError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, ceremony) = open.remove(id).ok_or(PasskeyError::Over)?;
        if now.seconds_since(since) < CEREMONY_SECONDS {
            Ok(ceremony)
        } else {
            Err(PasskeyError::Over)
        }
    }
}

/// The id of the credential that an answer was made with, in hexadecimal digits.
#[must_use]
pub fn credential_id(credential: &PublicKeyCredential) -> String {
    hex::encode(credential.get_credential_id())
}

/// What an authenticator keeps as the name of a person: it tells nothing of the person.
fn handle(person: &str) -> Uuid {
    let hash = Sha256::digest(format!("tallystick passkey\n{person}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(bytes)
}

fn read(kept: &Kept) -> Result<Passkey, PasskeyError> {
    Passkey::deserialize(&kept.passkey).map_err(PasskeyError::Unreadable)
}

fn read_all(kept: &[Kept]) -> Result<Vec<Passkey>, PasskeyError> {
    kept.iter().map(read).collect()
}

fn keep(passkey: &Passkey) -> Result<Kept, PasskeyError> {
    let credential = hex::encode(passkey.cred_id());
    let passkey = serde_json::to_value(passkey).map_err(PasskeyError::Unreadable)?;
    Ok(Kept { credential, passkey })
}

fn update(
    passkey: &mut Passkey,
    used: &AuthenticationResult,
) -> Result<Option<Kept>, PasskeyError> {
    match passkey.update_credential(used) {
        Some(true) => keep(passkey).map(Some),
        Some(false) => Ok(None),
        None => Err(PasskeyError::Refused(WebauthnError::CredentialNotFound)),
    }
}

fn refused(error: WebauthnError) -> PasskeyError {
    match error {
        WebauthnError::CredentialPossibleCompromise => PasskeyError::Copied,
        other => PasskeyError::Refused(other),
    }
}
