//! How much is read from what somebody else made.

/// How much is read. Every limit that is passed is reported with the file that passed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an image file.
    pub image_bytes: u64,
    /// Pixels of an image.
    pub pixels: u64,
    /// Pixels across or down: more a JPEG cannot say.
    pub side: u32,
    /// Bytes that a decoded image may take in memory.
    pub memory: u64,
    /// Bytes of a text file.
    pub text_bytes: u64,
    /// Passages of one text file.
    pub passages: u64,
    /// Characters of a passage.
    pub chars: u64,
    /// Files of a folder or an archive.
    pub files: u64,
    /// Folders inside folders.
    pub depth: usize,
    /// Bytes of everything that an archive unpacks to.
    pub unpacked_bytes: u64,
    /// What a file of an archive may grow by, from one byte; small files may grow more.
    pub density: u64,
    /// What is read of videos.
    pub video: video::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            image_bytes: 512 << 20,
            pixels: 150_000_000,
            side: 65_500,
            memory: 2 << 30,
            text_bytes: identifiers::LARGEST as u64,
            passages: 1_000_000,
            chars: 1_000_000,
            files: 1_000_000,
            depth: 32,
            unpacked_bytes: 256 << 30,
            density: 500,
            video: video::Limits::default(),
        }
    }
}
