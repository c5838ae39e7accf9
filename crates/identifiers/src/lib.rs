//! Identifiers of persons and organisations in Chinese and English text: found by form, check digit
//! and the words beside them, and masked. Serves the report of personal data before labelling.
//!
//! Knows text and bytes, no file and no party. That nothing is found proves no absence: names and
//! addresses are not looked for, nor numbers that stand in pictures or are spelled in words.

mod codes;
mod decode;
mod find;
mod kind;
mod line;
mod mask;
mod network;
mod numbers;

pub use decode::{Decoded, Encoding, LARGEST, TooLarge, Wrong, decode, gb18030};
pub use find::{Find, find};
pub use kind::{Certainty, Kind, Reason};
pub use mask::{Pseudonyms, excerpt, mask, pseudonymise};
