//! What is signed and how it is proven: the manifest of a document's parts, the parties' envelopes,
//! timestamps by RFC 3161, and the seal on a PDF.
//!
//! Holds no key, reads no clock, and knows nothing of what a contract says.
