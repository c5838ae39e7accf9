//! SQLite's error codes as faults. Knows the codes; decides nothing else.

use sqlx::error::DatabaseError;

use crate::errors::{Cause, Fault};

/// The fault that an error of the database library stands for.
pub(super) fn fault(error: sqlx::Error) -> Fault {
    match error {
        sqlx::Error::PoolClosed => Fault::Closed,
        sqlx::Error::Io(error) => Fault::from(error),
        sqlx::Error::Decode(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_) => Fault::Corrupt(Cause::new(error)),
        sqlx::Error::Database(ref database) => match primary_code(database.as_ref()) {
            Some(3 | 8 | 23) => Fault::Denied(Cause::new(error)),
            Some(5 | 6) => Fault::Locked(Cause::new(error)),
            Some(11) => Fault::Corrupt(Cause::new(error)),
            Some(13) => Fault::Full(Cause::new(error)),
            Some(26) => Fault::NotADatabase(Cause::new(error)),
            _ => Fault::Other(Cause::new(error)),
        },
        _ => Fault::Other(Cause::new(error)),
    }
}

/// The primary result code; the extended code carries details in its higher bytes.
fn primary_code(error: &dyn DatabaseError) -> Option<i32> {
    error.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff)
}
