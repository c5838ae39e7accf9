//! What a party signs, and whether a signature holds: the papers of an agreement, its terms alone,
//! or a document that joins it later. Serves train-11.1, class-5.1. Knows no store and no clock.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::event::{Papers, Signing};
use contract::state::{ProposedDocument, State};
use contract::terms::{Agreement, Document, Side};
use journal::{
    Algorithm, Envelope, EnvelopeKind, EnvelopeSignature, Hash, SignerKey, Subject, VerifierKey,
};
use signing::timestamp::{self, Stamp, TimestampError};
use units::Id;

use crate::book::DeskError;
use crate::desk::unwritable;

/// Something that parties sign.
#[derive(Debug, Clone, Copy)]
pub enum Paper<'a> {
    /// The terms of an agreement.
    Terms(&'a Agreement),
    /// The papers of a version or of a document: the agreement, the hash of the terms or of the
    /// document, the manifest.
    Papers(&'a Id, &'a str, &'a Papers),
    /// A document without papers that joins the agreement of this id.
    Document(&'a Id, &'a Document),
}

impl Paper<'_> {
    /// What stands to be signed before an agreement takes effect: the papers of the last version,
    /// or the terms alone where none was offered.
    ///
    /// # Errors
    /// [`contract::Refusal::NotDrafted`] when there is nothing, [`contract::Refusal::NotReady`]
    /// when the last version cannot be signed.
    pub(crate) fn standing(state: &State) -> Result<Paper<'_>, DeskError> {
        let drafted = state.drafted.as_ref().ok_or(contract::Refusal::NotDrafted)?;
        let Some(last) = state.versions.last() else { return Ok(Paper::Terms(drafted)) };
        let version = &last.version;
        let not_ready = contract::Refusal::NotReady { version: version.number };
        let papers = version.papers.as_ref().ok_or(not_ready)?;
        Ok(Paper::Papers(&drafted.id, &version.terms_sha256, papers))
    }

    /// A proposed document, or what [`Paper::standing`] names.
    ///
    /// # Errors
    /// As [`Paper::standing`], and [`contract::Refusal::Unknown`] for the document.
    pub(crate) fn named<'s>(
        state: &'s State,
        document: Option<&Id>,
    ) -> Result<Paper<'s>, DeskError> {
        let Some(document) = document else { return Paper::standing(state) };
        let drafted = state.drafted.as_ref().ok_or(contract::Refusal::NotDrafted)?;
        Ok(Paper::proposed(&drafted.id, proposed(state, document)?))
    }

    /// A document that was proposed: its papers, or itself where it has none.
    pub(crate) fn proposed<'s>(agreement: &'s Id, proposed: &'s ProposedDocument) -> Paper<'s> {
        match &proposed.papers {
            Some(papers) => Paper::Papers(agreement, &proposed.terms_sha256, papers),
            None => Paper::Document(agreement, &proposed.document),
        }
    }

    /// What the envelope is about.
    fn subject(&self) -> Result<Subject, DeskError> {
        Ok(match self {
            Self::Terms(agreement) => Subject::of("terms.json", &terms_bytes(agreement)?),
            Self::Papers(_, _, papers) => {
                let sha256 = papers.sha256.parse().map_err(|_| DeskError::Signature)?;
                Subject { name: signing::MANIFEST_NAME.to_owned(), sha256, size: papers.size }
            }
            Self::Document(_, document) => {
                Subject::of(&format!("{}.json", document.id), &document_bytes(document)?)
            }
        })
    }

    /// SHA-256 of the terms or the document, in hexadecimal.
    pub(crate) fn terms_sha256(&self) -> Result<String, DeskError> {
        let of = |bytes: &[u8]| hex::encode(Hash::of(bytes).bytes());
        Ok(match self {
            Self::Terms(agreement) => of(&terms_bytes(agreement)?),
            Self::Papers(_, terms_sha256, _) => (*terms_sha256).to_owned(),
            Self::Document(_, document) => of(&document_bytes(document)?),
        })
    }

    /// SHA-256 of the manifest, where that is what is signed.
    pub(crate) fn manifest_sha256(&self) -> Option<String> {
        match self {
            Self::Papers(_, _, papers) => Some(papers.sha256.clone()),
            Self::Terms(_) | Self::Document(..) => None,
        }
    }

    /// The envelope that a party signs: the hash of the paper, the party and the person.
    fn envelope(&self, side: Side, signatory: &str) -> Result<Envelope, DeskError> {
        let (agreement, version) = match self {
            Self::Terms(agreement) => (&agreement.id, 1),
            Self::Papers(agreement, ..) => (*agreement, signing::STATEMENT_VERSION),
            Self::Document(agreement, _) => (*agreement, 1),
        };
        let statement = serde_json::json!({
            "agreement": agreement,
            "side": side.code(),
            "signatory": signatory,
        });
        let subject = vec![self.subject()?];
        Ok(Envelope::new(EnvelopeKind::Agreement, version, subject, statement))
    }

    /// The bytes that a signature of this paper covers.
    pub(crate) fn signed_bytes(&self, signing: &Signing) -> Result<Vec<u8>, DeskError> {
        let envelope = self.envelope(signing.side, &signing.signatory)?;
        let bytes = envelope.signed_bytes(&role(signing.side), &signing.key);
        bytes.map_err(|_| unwritable("envelope"))
    }
}

/// The canonical JSON of a document: what parties sign.
pub(crate) fn document_bytes(document: &Document) -> Result<Vec<u8>, DeskError> {
    journal::canonical::to_vec(document).map_err(|_| unwritable("document"))
}

/// The canonical JSON of terms: what parties sign.
///
/// # Errors
/// When they have no canonical text, which readable terms always have.
pub fn terms_bytes(agreement: &Agreement) -> Result<Vec<u8>, DeskError> {
    journal::canonical::to_vec(agreement).map_err(|_| unwritable("terms"))
}

/// A document that was proposed.
pub(crate) fn proposed<'a>(
    state: &'a State,
    document: &Id,
) -> Result<&'a ProposedDocument, DeskError> {
    let name = || contract::Refusal::Unknown { what: "document", name: document.to_string() };
    Ok(state.documents.get(document).ok_or_else(name)?)
}

/// Signs a paper: the signature as the journal keeps it, and its envelope.
pub(crate) fn sign_paper(
    paper: &Paper<'_>,
    side: Side,
    signatory: &str,
    key: &SignerKey,
) -> Result<(Signing, Envelope), DeskError> {
    let mut envelope = paper.envelope(side, signatory)?;
    envelope.sign(role(side), key).map_err(|_| unwritable("signature"))?;
    let signature = envelope.signatures.first().ok_or(DeskError::Signature)?;
    let signing = Signing {
        side,
        signatory: signatory.to_owned(),
        key: signature.key.clone(),
        terms_sha256: paper.terms_sha256()?,
        manifest_sha256: paper.manifest_sha256(),
        signature: signature.signature.clone(),
    };
    Ok((signing, envelope))
}

/// A signature that was made elsewhere, as the journal keeps it. Whether it holds is checked when
/// it is recorded.
pub(crate) fn signing_of(
    paper: &Paper<'_>,
    side: Side,
    signatory: &str,
    key: &journal::VerifierKey,
    signature: &[u8],
) -> Result<Signing, DeskError> {
    if key.key_type() != journal::KeyType::Note {
        return Err(DeskError::Signature);
    }
    Ok(Signing {
        side,
        signatory: signatory.to_owned(),
        key: key.to_string(),
        terms_sha256: paper.terms_sha256()?,
        manifest_sha256: paper.manifest_sha256(),
        signature: STANDARD.encode(signature),
    })
}

/// The envelope that a recorded signature stands for, as the party signed it.
///
/// # Errors
/// When the paper has no canonical text, which readable terms always have.
pub(crate) fn signing_envelope(
    paper: &Paper<'_>,
    signing: &Signing,
) -> Result<Envelope, DeskError> {
    let mut envelope = paper.envelope(signing.side, &signing.signatory)?;
    // A key that cannot be read was refused when it signed; it verifies under no scheme.
    let key = signing.key.parse::<VerifierKey>();
    let algorithm = key.map_or(Algorithm::Ed25519, |key| key.algorithm());
    envelope.signatures.push(EnvelopeSignature {
        algorithm: algorithm.code().to_owned(),
        key: signing.key.clone(),
        role: role(signing.side),
        signature: signing.signature.clone(),
    });
    Ok(envelope)
}

/// Checks a recorded signature against the paper that it signs.
///
/// # Errors
/// [`DeskError::Signature`] when it does not hold.
pub fn check_signing(paper: &Paper<'_>, signing: &Signing) -> Result<(), DeskError> {
    let envelope = signing_envelope(paper, signing)?;
    let key: journal::VerifierKey = signing.key.parse().map_err(|_| DeskError::Signature)?;
    let checks = envelope.verify(&[key]).map_err(|_| DeskError::Signature)?;
    let valid = checks.iter().all(|check| check.verdict == journal::Verdict::Valid);
    if valid && !checks.is_empty() { Ok(()) } else { Err(DeskError::Signature) }
}

/// The file of a signature that the journal holds: its envelope, which a timestamp stamps.
///
/// # Errors
/// [`contract::Refusal::Unknown`] when the side has not signed.
pub(crate) fn signature_file(
    state: &State,
    side: Side,
    document: Option<&Id>,
) -> Result<Vec<u8>, DeskError> {
    let unsigned = || contract::Refusal::Unknown { what: "signature", name: side.code().into() };
    let signing = state.signing(side, document).ok_or_else(unsigned)?;
    let envelope = signing_envelope(&Paper::named(state, document)?, signing)?;
    envelope.to_bytes().map_err(|_| unwritable("envelope"))
}

/// The token of a recorded timestamp, in DER.
///
/// # Errors
/// [`DeskError::Timestamp`] when it is none.
pub(crate) fn stamp_file(token: &str) -> Result<Vec<u8>, DeskError> {
    if token.len() > timestamp::MAX_BYTES.div_ceil(3) * 4 {
        return Err(TimestampError::TooLarge.into());
    }
    let part = "the base64 of the token";
    STANDARD.decode(token).map_err(|_| TimestampError::Malformed { part }.into())
}

/// A token as the journal keeps it.
pub(crate) fn stamp_text(token: &[u8]) -> String {
    STANDARD.encode(token)
}

/// Checks a recorded timestamp against the signature that it stamps, on the word of the authority's
/// own certificate: whom to trust is for the reader.
///
/// # Errors
/// [`DeskError::Timestamp`] when it does not hold.
pub(crate) fn check_stamp(
    state: &State,
    (side, document): (Side, Option<&Id>),
    token: &str,
) -> Result<Stamp, DeskError> {
    let signature = signature_file(state, side, document)?;
    Ok(timestamp::check_token(&stamp_file(token)?, &signature)?)
}

fn role(side: Side) -> Id {
    Id::new(side.code()).expect("the code of a party is a name")
}
