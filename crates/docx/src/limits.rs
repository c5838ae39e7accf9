//! How much of a file is read at most.
//!
//! The defaults hold the largest contract with its pictures and stop a bomb before it unpacks.

/// The most that is read of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file: u64,
    /// Entries of the archive.
    pub entries: u64,
    /// Unpacked bytes of a part.
    pub part: u64,
    /// Unpacked bytes of all parts.
    pub total: u64,
    /// Unpacked bytes for each packed one, in parts above a megabyte.
    pub ratio: u64,
    /// Elements within elements.
    pub depth: u64,
    /// Elements of a part.
    pub elements: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file: 64 << 20,
            entries: 4_096,
            part: 96 << 20,
            total: 256 << 20,
            ratio: 250,
            depth: 256,
            elements: 2_000_000,
        }
    }
}
