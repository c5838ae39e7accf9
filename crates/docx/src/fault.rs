//! What makes a Word file unreadable, each with its place.
//!
//! Knows nothing of what a caller does about it.

/// Why a file cannot be read as a Word document, or an edit cannot be made in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file has nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The file is protected by a password.
    #[error("the file is encrypted: open it in Word and save it without a password")]
    Encrypted,
    /// A `.doc` of Word 97 to 2003.
    #[error("this is a .doc of Word 97-2003: save it as .docx")]
    LegacyDoc,
    /// A compound file that holds neither.
    #[error("an OLE compound file that is no Word document")]
    Ole,
    /// Rich text.
    #[error("this is RTF: save it as .docx")]
    Rtf,
    /// No zip archive, or a damaged one.
    #[error("no readable zip archive: {why}")]
    Zip {
        /// What the archive reader said.
        why: String,
    },
    /// Two entries have the same name, so that two programs may read two documents.
    #[error("the archive holds part {part} twice")]
    Duplicate {
        /// The name, or how many there are where the directory hides them.
        part: String,
    },
    /// A name of an entry leaves the archive or is no name of a part.
    #[error("the archive holds an entry with a forbidden name: {name}")]
    Name {
        /// The name.
        name: String,
    },
    /// A limit is passed: a bomb, or a file larger than any contract.
    #[error("{part}: {what} is {have}, at most {most} are read")]
    Limit {
        /// The part, or the archive as a whole.
        part: String,
        /// Which measure.
        what: Measure,
        /// How much there is.
        have: u64,
        /// The most that is read.
        most: u64,
    },
    /// An archive, but of something else.
    #[error("the archive is no Word document: {what}")]
    NotWord {
        /// What it is, as far as it says so.
        what: String,
    },
    /// A part that another part names is absent.
    #[error("part {part} is missing")]
    Missing {
        /// Its name.
        part: String,
    },
    /// A part that is no well-formed XML.
    #[error("{part}: byte {at}: {why}")]
    Xml {
        /// The part.
        part: String,
        /// The byte in it.
        at: u64,
        /// What is wrong there.
        why: XmlFault,
    },
    /// A paragraph, control, comment or change that the caller names does not exist.
    #[error("there is no {what} {which}")]
    NoSuch {
        /// What was looked for.
        what: &'static str,
        /// Which one.
        which: String,
    },
    /// A range of characters that is not inside its paragraph, or overlaps another.
    #[error("paragraph {paragraph} has no free characters {from} to {to}")]
    Range {
        /// The paragraph, from 0.
        paragraph: usize,
        /// First character.
        from: usize,
        /// Character after the last.
        to: usize,
    },
    /// Only the running text takes comments.
    #[error("paragraph {paragraph} stands in a note, a header or a footer, which take no comment")]
    NoComment {
        /// The paragraph, from 0.
        paragraph: usize,
    },
    /// A time that Word cannot read.
    #[error("{at} is no time as 2026-11-22T08:00:00Z")]
    Time {
        /// What was given.
        at: String,
    },
    /// A control that holds no text to set (a picture, a table, a repeating section).
    #[error("content control {which} cannot take text")]
    NoText {
        /// Its tag, alias or number.
        which: String,
    },
}

/// What a limit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Bytes of the file.
    File,
    /// Entries of the archive.
    Entries,
    /// Bytes of a part.
    Size,
    /// Bytes of all parts.
    Total,
    /// Unpacked bytes for each packed one.
    Ratio,
    /// Elements within elements.
    Depth,
    /// Elements of a part.
    Elements,
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Measure::File => "the size of the file",
            Measure::Entries => "the number of entries",
            Measure::Size => "the unpacked size",
            Measure::Total => "the unpacked size of all parts",
            Measure::Ratio => "the ratio of unpacked to packed size",
            Measure::Depth => "the depth of elements",
            Measure::Elements => "the number of elements",
        })
    }
}

/// What is wrong with a piece of XML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlFault {
    /// The tokens do not fit together.
    #[error("{0}")]
    Syntax(String),
    /// Neither UTF-8 nor UTF-16.
    #[error("neither UTF-8 nor UTF-16")]
    Encoding,
    /// A document type: the way to entity expansion and to files outside.
    #[error("a document type definition, which no Word file has, is refused")]
    Doctype,
    /// A reference to something that XML does not define.
    #[error("an undefined entity")]
    Entity,
    /// An attribute that cannot be read.
    #[error("an attribute that cannot be read")]
    Attribute,
    /// No root, or text or elements beside it.
    #[error("not exactly one root element")]
    Root,
}
