//! The hashes of certificates, timestamps and seals, by their object identifiers. SHA-1 is read
//! where an old timestamp names its certificate with it, and proves nothing else.

use const_oid::ObjectIdentifier;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::asn1::{self, NULL, Reader, SEQUENCE, sequence, tlv};

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

const OIDS: [(Digest, ObjectIdentifier); 3] = [
    (Digest::Sha256, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1")),
    (Digest::Sha384, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2")),
    (Digest::Sha512, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3")),
];

impl Digest {
    pub(crate) fn of(self, content: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(content).to_vec(),
            Self::Sha384 => Sha384::digest(content).to_vec(),
            Self::Sha512 => Sha512::digest(content).to_vec(),
        }
    }

    pub(crate) fn of_oid(oid: ObjectIdentifier) -> Option<Self> {
        OIDS.iter().find(|(_, known)| *known == oid).map(|(digest, _)| *digest)
    }

    fn oid(self) -> ObjectIdentifier {
        let row = OIDS.iter().find(|(digest, _)| *digest == self);
        row.expect("every hash stands in the table").1
    }

    /// The algorithm identifier, with the NULL that RSA signatures have.
    pub(crate) fn identifier(self) -> Vec<u8> {
        sequence(&[&asn1::oid(self.oid()), &tlv(NULL, &[])])
    }

    /// What stands before the hash in an RSA signature (RFC 8017, 9.2).
    pub(crate) fn rsa_prefix(self) -> Vec<u8> {
        let hash = vec![0; self.length()];
        let info = sequence(&[&self.identifier(), &tlv(asn1::OCTET_STRING, &[&hash])]);
        info[..info.len() - hash.len()].to_vec()
    }

    pub(crate) const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Reads an algorithm identifier; its parameters are absent or NULL.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut inside = reader.enter(SEQUENCE)?;
        let digest = Self::of_oid(inside.oid()?)?;
        inside.optional(NULL);
        inside.end()?;
        Some(digest)
    }
}
