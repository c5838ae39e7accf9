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
//! | have the time of a signature attested | [`timestamp`] |
//! | close a PDF so that viewers show tampering | [`seal`] |
//! | check a whole signed file | [`verify()`] |

mod asn1;
mod cms;
mod digest;
pub mod keys;
mod manifest;
mod pdf;
pub mod seal;
pub mod timestamp;
mod verify;
mod x509;

pub use cms::CmsError;
pub use digest::Digest;
pub use manifest::{
    Fault, MAX_BYTES as MAX_MANIFEST_BYTES, MOST_PARTS, MOST_PEOPLE, Manifest, ManifestError,
    Method, NAME as MANIFEST_NAME, Part, PartKind, Party, STATEMENT_VERSION, Signatory,
};
pub use pdf::PdfError;
pub use verify::{
    Anchors, EnvelopeCheck, ManifestState, PartCheck, PartState, SealCheck, SignatureState,
    SignedFile, TimestampCheck, Unsigned, Verdict, check_tokens, verify,
};
pub use x509::{CertificateError, is_certificate};
