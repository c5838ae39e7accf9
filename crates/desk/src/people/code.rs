//! One-time codes (RFC 6238) as a second proof, and the recovery codes for when the device is lost.
//! A code is taken once: its step must be later than the last one taken. The secret is kept as it
//! is, since the server must compute with it; recovery codes are kept by their hash.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, RegisterError};
use totp_rs::{Builder, Secret, Totp};

use super::audit::Outcome;
use super::caller::Caller;
use super::lock::Counted;
use super::person::Person;
use super::row::{Kept, Row};
use super::secret::{hash, same};
use super::{EnterError, Fault, People, PeopleError, SignInError};

/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;

/// Who issues the codes, as the device shows it.
const ISSUER: &str = "Tallystick";

/// What is kept of codes, of the person with the same id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Code {
    /// Base32, as the device has it.
    secret: String,
    /// Whether the person has shown that the device works.
    confirmed: bool,
    /// The last step that was taken.
    last_step: u64,
    /// Hashes of the recovery codes that are left.
    recovery: Vec<String>,
}

impl Row for Code {
    const KIND: &'static str = "totp";
}

/// What a device needs to make codes. Shown once.
#[derive(Clone, Serialize, JsonSchema)]
pub struct CodeSetup {
    /// The secret in Base32, to type.
    pub secret: String,
    /// The same as `otpauth://` address, to scan.
    pub uri: String,
}

fn totp(secret: &str) -> Result<Totp, Fault> {
    let unreadable = || Fault::Unreadable { kind: Code::KIND, id: String::new() };
    let secret = Secret::try_from_base32(secret).map_err(|_| unreadable())?;
    Builder::new().with_secret(secret).build().map_err(|_| unreadable())
}

/// Percent-encodes what may not stand in an address.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A recovery code as it is compared: people add spaces and dashes, and do not mind the case.
fn plain(code: &str) -> String {
    let letters = code.chars().filter(|letter| letter.is_ascii_alphanumeric());
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

impl People {
    /// Whether a person has codes turned on.
    pub(super) async fn has_code(&self, person: &str) -> Result<bool, Fault> {
        Ok(self.get::<Code>(person).await?.is_some_and(|code| code.row.confirmed))
    }

    /// Takes a code or a recovery code, once, with the lock-out around it.
    pub(super) async fn take_code(
        &self,
        counted: &Counted,
        person: &str,
        given: &str,
    ) -> Result<(), SignInError> {
        self.not_locked(counted).await?;
        if self.try_code(person, given).await? {
            return Ok(());
        }
        self.failed(counted).await?;
        Err(SignInError::Wrong)
    }

    async fn try_code(&self, person: &str, given: &str) -> Result<bool, Fault> {
        let Some(mut kept) = self.get::<Code>(person).await?.filter(|kept| kept.row.confirmed)
        else {
            return Ok(false);
        };
        if !self.advance(&mut kept.row, given)? {
            return Ok(false);
        }
        match self.write(vec![kept.replace()], Vec::new()).await {
            // The same code at the same instant: one of the two has it.
            Err(RegisterError::Stale { .. }) => Ok(false),
            answer => Ok(answer.map(|()| true)?),
        }
    }

    /// Uses up a code; says whether it held.
    fn advance(&self, code: &mut Code, given: &str) -> Result<bool, Fault> {
        let digits: String = given.chars().filter(char::is_ascii_digit).collect();
        let seconds = self.now().seconds().max(0).unsigned_abs();
        if digits.len() == 6
            && given.chars().all(|letter| letter.is_ascii_digit() || letter == ' ')
            && let Some(step) = totp(&code.secret)?.check(&digits, seconds)
        {
            let fresh = step > code.last_step;
            code.last_step = code.last_step.max(step);
            return Ok(fresh);
        }
        let given = hash(&plain(given));
        let before = code.recovery.len();
        code.recovery.retain(|kept| !same(kept, &given));
        Ok(code.recovery.len() < before)
    }

    /// Begins turning codes on: a new secret, which counts once [`People::confirm_code`] has seen a
    /// code of it.
    ///
    /// # Errors
    /// [`EnterError::ConfirmNeeded`] when the session must be confirmed first, and
    /// [`PeopleError::Taken`] when codes are on already.
    pub async fn begin_code(&self, caller: &Caller) -> Result<CodeSetup, PeopleError> {
        self.confirmed(caller)?;
        let person = self.get::<Person>(caller.person()).await?;
        let person = person.ok_or(PeopleError::NotFound { what: "person" })?;
        let secret = Secret::from(self.random()?[..20].to_vec()).to_base32();
        let row =
            Code { secret: secret.clone(), confirmed: false, last_step: 0, recovery: Vec::new() };
        let card = match self.get::<Code>(caller.person()).await? {
            Some(kept) if kept.row.confirmed => return Err(PeopleError::Taken { what: "totp" }),
            Some(mut kept) => {
                kept.row = row;
                kept.replace()
            }
            None => Kept::new(caller.person(), "", row).insert(),
        };
        self.write(vec![card], Vec::new()).await?;
        let email = encoded(&person.row.email);
        let uri = format!("otpauth://totp/{ISSUER}:{email}?secret={secret}&issuer={ISSUER}");
        Ok(CodeSetup { secret, uri })
    }

    /// Turns codes on; gives the recovery codes, which are shown once.
    ///
    /// # Errors
    /// [`PeopleError::WrongProof`] when the code is not the device's.
    pub async fn confirm_code(
        &self,
        caller: &Caller,
        given: &str,
    ) -> Result<Vec<String>, PeopleError> {
        self.confirmed(caller)?;
        let counted = self.counted_person(caller.person(), caller.origin()).await?;
        self.not_locked(&counted).await?;
        let kept = self.get::<Code>(caller.person()).await?.filter(|kept| !kept.row.confirmed);
        let mut kept = kept.ok_or(PeopleError::NotFound { what: "totp" })?;
        if !self.advance(&mut kept.row, given)? {
            self.failed(&counted).await?;
            return Err(PeopleError::WrongProof);
        }
        let mut codes = Vec::new();
        for _ in 0..RECOVERY_CODES {
            let text = hex::encode(&self.random()?[..8]);
            kept.row.recovery.push(hash(&text));
            let groups: Vec<&str> = (0..4).map(|group| &text[4 * group..4 * group + 4]).collect();
            codes.push(groups.join("-"));
        }
        kept.row.confirmed = true;
        let audited = self.entry_of(caller, "turn_on_codes", Outcome::Allowed);
        self.write(vec![kept.replace()], vec![audited]).await?;
        Ok(codes)
    }

    /// Turns codes off.
    ///
    /// # Errors
    /// [`EnterError::ConfirmNeeded`], and [`PeopleError::NotFound`] when they are off.
    pub async fn remove_code(&self, caller: &Caller) -> Result<(), PeopleError> {
        self.confirmed(caller)?;
        let kept = self.get::<Code>(caller.person()).await?;
        let kept = kept.ok_or(PeopleError::NotFound { what: "totp" })?;
        let audited: AuditEntry = self.entry_of(caller, "turn_off_codes", Outcome::Allowed);
        Ok(self.write(vec![kept.delete()], vec![audited]).await?)
    }

    /// Refuses keys, and sessions that must prove again who they are.
    pub(super) fn confirmed(&self, caller: &Caller) -> Result<(), EnterError> {
        if !caller.is_session() {
            return Err(EnterError::Forbidden);
        }
        let now = self.now();
        let confirmed = caller.confirmed_until().is_some_and(|until| until > now);
        if confirmed { Ok(()) } else { Err(EnterError::ConfirmNeeded) }
    }
}
