//! A deployment to look at: four agreements in mid-life between one customer and one vendor, made
//! by walking a rehearsal's clock through the ordinary use cases, never by inserting rows.
//!
//! Decides what happened and when; `desk` decides whether it may. The same name and the same end
//! give the same journals, byte for byte. Knows no person's password and no screen.

mod annotation;
mod cast;
mod classification;
mod dice;
mod labels;
mod lease;
mod people;
mod stage;
#[cfg(test)]
mod tests;
mod training;
mod usage;

use std::path::{Path, PathBuf};

use desk::DeskError;
use desk::inspection::InspectionError;
use desk::intake::DeliveryError;
use desk::people::PeopleError;
use units::{Id, Timestamp};

pub(crate) use people::Accounts;
use stage::Stage;

/// The name of the deployment; its keys follow from it.
pub(crate) const NAME: &str = "demo";

/// Why the sample deployment was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// The folder holds something already.
    #[error("{} holds something already", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A use case refused or failed.
    #[error(transparent)]
    Desk(Box<DeskError>),
    /// A delivery was not taken.
    #[error(transparent)]
    Delivery(Box<DeliveryError>),
    /// A delivery was not inspected.
    #[error(transparent)]
    Inspection(Box<InspectionError>),
    /// Somebody could not come in.
    #[error(transparent)]
    People(Box<PeopleError>),
    /// A file cannot be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: std::io::Error,
    },
    /// The sample terms cannot be read: a fault of the program.
    #[error("the sample terms of {kind} cannot be read")]
    Terms {
        /// Which kind of agreement.
        kind: &'static str,
    },
    /// A generated file was not taken whole: a fault of the program.
    #[error("{name} was not imported whole")]
    Import {
        /// The file.
        name: String,
    },
}

impl From<DeskError> for DemoError {
    fn from(error: DeskError) -> Self {
        Self::Desk(Box::new(error))
    }
}

impl From<PeopleError> for DemoError {
    fn from(error: PeopleError) -> Self {
        Self::People(Box::new(error))
    }
}

impl From<DeliveryError> for DemoError {
    fn from(error: DeliveryError) -> Self {
        Self::Delivery(Box::new(error))
    }
}

impl From<InspectionError> for DemoError {
    fn from(error: InspectionError) -> Self {
        Self::Inspection(Box::new(error))
    }
}

/// What was made.
pub(crate) struct Made {
    /// The agreements, with how many entries each has.
    pub agreements: Vec<(Id, u64)>,
    /// Private keys of both parties, for trying out signatures.
    pub keys: Vec<PathBuf>,
    /// Who can sign in.
    pub accounts: Accounts,
    /// The file that says so; its owner alone may read it.
    pub accounts_file: PathBuf,
}

/// Lays down the deployment in an empty folder, walks its clock to an instant and brings the people
/// in. `told` hears of each step before it begins.
///
/// # Errors
/// When the folder holds something, or the disk refuses.
pub(crate) async fn make(
    folder: &Path,
    until: Timestamp,
    mut told: impl FnMut(&'static str),
) -> Result<Made, DemoError> {
    refuse_full(folder)?;
    let stage = Stage::lay_down(folder, until).await?;
    let agreements = walk(&stage, &mut told).await?;
    told("people");
    let ids: Vec<Id> = agreements.iter().map(|(id, _)| id.clone()).collect();
    let accounts = people::settle(&stage, &ids).await?;
    let keys = stage.hand_out_keys()?;
    let accounts_file = stage.keep_accounts(&accounts)?;
    stage.desk.store.close().await;
    Ok(Made { agreements, keys, accounts, accounts_file })
}

/// Plays the four lives; each agreement with how many entries it has.
async fn walk(
    stage: &Stage,
    told: &mut impl FnMut(&'static str),
) -> Result<Vec<(Id, u64)>, DemoError> {
    let mut agreements = Vec::new();
    told("annotation");
    agreements.push(annotation::play(stage).await?);
    told("training");
    agreements.push(training::play(stage).await?);
    told("lease");
    agreements.push(lease::play(stage).await?);
    told("classification");
    agreements.push(classification::play(stage).await?);
    Ok(agreements)
}

/// A folder that holds something is left as it is.
fn refuse_full(folder: &Path) -> Result<(), DemoError> {
    let path = || folder.to_path_buf();
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(DemoError::NotEmpty { path: path() }),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(DemoError::Write { path: path(), source }),
    }
}
