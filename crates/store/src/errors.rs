//! What can go wrong, one enum per operation. A [`Fault`] is trouble with the machine and never
//! the answer to a question; the engine's own error stays its source.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use units::{Id, Timestamp};

/// The error below, as the engine or the system gave it.
#[derive(Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

/// Trouble with the disk, the file or the engine.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// No room left; nothing of the operation was kept.
    #[error("the disk is full")]
    Full(#[source] Cause),
    /// Another process kept the database for too long; nothing of the operation was kept.
    #[error("another process holds the database")]
    Locked(#[source] Cause),
    /// The content is damaged.
    #[error("the stored data is damaged")]
    Corrupt(#[source] Cause),
    /// The file is something else.
    #[error("the file is not a database")]
    NotADatabase(#[source] Cause),
    /// The system refuses access.
    #[error("access to the file is denied")]
    Denied(#[source] Cause),
    /// There is no such file or folder.
    #[error("there is no such file or folder")]
    Missing(#[source] Cause),
    /// The store was closed while the operation waited.
    #[error("the store is closed")]
    Closed,
    /// Anything else; the source says what. A write may or may not be on disk.
    #[error("the storage failed")]
    Other(#[source] Cause),
}

/// Why a database was not opened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OpenError {
    /// A newer program wrote it.
    #[error("the database has format {found}, this program knows formats up to {known}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// A change of format that it went through is not the one that this program carries.
    #[error("format {version} of the database is not the format {version} of this program")]
    Altered {
        /// The file.
        path: PathBuf,
        /// The version whose text differs.
        version: u32,
    },
    /// A database of another program.
    #[error("the database belongs to another program")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Trouble with the machine.
    #[error("the database cannot be opened")]
    Fault {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        fault: Fault,
    },
}

/// Why a question was not answered or a row not kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// No such agreement, or it is not the asking party's.
    #[error("there is no agreement {agreement}")]
    NotFound {
        /// What was asked for.
        agreement: Id,
    },
    /// A question about the whole deployment, asked by a party.
    #[error("only the operator may ask this")]
    OperatorOnly,
    /// The agreement is already registered.
    #[error("the agreement {agreement} is already there")]
    Exists {
        /// The agreement.
        agreement: Id,
    },
    /// A row of this name is kept already, with other content.
    #[error("{name} is already kept with other content")]
    Differs {
        /// The size of the checkpoint, or the name of the key.
        name: String,
    },
    /// A checkpoint or a snapshot of more entries than there are.
    #[error("the journal has {next} entries, not {size}")]
    BeyondJournal {
        /// The size claimed.
        size: u64,
        /// The number of entries.
        next: u64,
    },
    /// A signature on a checkpoint that is not kept.
    #[error("there is no checkpoint of size {size}")]
    NoCheckpoint {
        /// The size asked for.
        size: u64,
    },
    /// More bytes than one row may have.
    #[error("{bytes} bytes are more than {limit}")]
    TooLarge {
        /// How many there are.
        bytes: u64,
        /// How many there may be.
        limit: u64,
    },
    /// Trouble with the machine.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why entries were not appended. None of the batch was kept, except as [`Fault::Other`] says.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// No such agreement, or it is not the appending party's.
    #[error("there is no agreement {agreement}")]
    NotFound {
        /// What was asked for.
        agreement: Id,
    },
    /// Somebody else appended meanwhile: read on from what you have seen, decide again.
    #[error("the journal's next entry is {next}")]
    Conflict {
        /// The sequence that the next entry takes.
        next: u64,
    },
    /// The batch does not number its records from the expected sequence without gaps.
    #[error("record {found} stands where record {expected} should")]
    NotDense {
        /// The sequence that should be there.
        expected: u64,
        /// The sequence that is.
        found: u64,
    },
    /// A party hides a record from itself.
    #[error("record {seq} is not visible to the party that appends it")]
    Hidden {
        /// The record.
        seq: u64,
    },
    /// A line of more than [`crate::MAX_LINE_BYTES`].
    #[error("record {seq} has {bytes} bytes, more than {limit}")]
    LineTooLarge {
        /// The record.
        seq: u64,
        /// How many bytes it has.
        bytes: u64,
        /// How many it may have.
        limit: u64,
    },
    /// More than [`crate::MAX_BATCH_RECORDS`].
    #[error("{records} records are more than {limit} in one batch")]
    BatchTooLarge {
        /// How many there are.
        records: u64,
        /// How many there may be.
        limit: u64,
    },
    /// Trouble with the machine.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a card was not written or an audit entry not dropped. None of the batch was kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RegisterError {
    /// Somebody else changed or removed the card meanwhile: read it again, decide again.
    #[error("the {kind} {id} was changed meanwhile")]
    Stale {
        /// What it is.
        kind: String,
        /// Its name.
        id: String,
    },
    /// The id or the unique name is another card's.
    #[error("the {kind} {id} is taken")]
    Taken {
        /// What it is.
        kind: String,
        /// The id asked for.
        id: String,
    },
    /// A field that may not be empty is.
    #[error("a card needs a kind and an id")]
    Empty,
    /// More bytes or rows than there may be.
    #[error("{bytes} are more than {limit}")]
    TooLarge {
        /// How many there are.
        bytes: u64,
        /// How many there may be.
        limit: u64,
    },
    /// Audit entries that must be kept.
    #[error("audit entries after {floor} are kept, asked to drop those before {before}")]
    TooYoung {
        /// What was asked for.
        before: Timestamp,
        /// The latest that may be asked for.
        floor: Timestamp,
    },
    /// Trouble with the machine.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why an object was not kept or not given.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ObjectError {
    /// No such object, or it is not the asking party's.
    #[error("there is no such object")]
    NotFound,
    /// A question about a whole agreement's objects, asked by a party.
    #[error("only the operator may ask this")]
    OperatorOnly,
    /// More bytes than an object may have.
    #[error("the object has more than {limit} bytes")]
    TooLarge {
        /// How many it may have.
        limit: u64,
    },
    /// What is kept is not what was put: its hash or its size differs.
    #[error("the object is not what was kept: {bytes} bytes with hash {found}")]
    Altered {
        /// How many bytes were read.
        bytes: u64,
        /// SHA-256 of what was read, in hexadecimal.
        found: String,
    },
    /// The caller's own stream failed.
    #[error("the content could not be read")]
    Input(#[source] Cause),
    /// Trouble with the machine.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a text cannot name a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key id has 1 to 64 lower case letters, digits and dashes")]
pub struct KeyIdError;

impl Cause {
    /// Keeps an error.
    pub fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing(Cause::new(error)),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                Self::Denied(Cause::new(error))
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full(Cause::new(error)),
            ErrorKind::IsADirectory => Self::NotADatabase(Cause::new(error)),
            _ => Self::Other(Cause::new(error)),
        }
    }
}
