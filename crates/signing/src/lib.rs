//! What is signed and how it is proven: the manifest of a document's parts, the parties' envelopes,
//! timestamps by RFC 3161, and the seal on a PDF.
//!
//! Holds no key, reads no clock, draws no random numbers, does no input and output, and knows
//! nothing of what a contract says.
//!
//! | to do | use |
//! | --- | --- |
//! | say what is signed | [`Manifest`], its [`Manifest::envelope`] for each signatory |
//! | sign, or take a signature from a browser | [`journal::Envelope::sign`], `attach` |
//! | read and write keys for `openssl` | [`keys`] |
//! | check a whole signed file | [`verify()`] |

#[expect(dead_code, reason = "timestamps and seals read and write more of it")]
mod asn1;
pub mod keys;
mod manifest;
mod verify;

pub use manifest::{
    Fault, MAX_BYTES as MAX_MANIFEST_BYTES, MOST_PARTS, MOST_PEOPLE, Manifest, ManifestError,
    Method, NAME as MANIFEST_NAME, Part, PartKind, Party, Signatory,
};
pub use verify::{
    Anchors, EnvelopeCheck, ManifestState, PartCheck, PartState, SignatureState, Unsigned, Verdict,
    verify,
};
