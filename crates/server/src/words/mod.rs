//! Words about use cases, files, deliveries and the journal, in Chinese and English side by side:
//! what `document::words` cannot say because it knows neither desk nor store.
//!
//! Import [`DeskWords`] and a [`Words`] says these sentences too. Knows nothing of HTTP and of
//! commands: the API and the command line tell a person the same.

mod account;
mod faults;
mod files;
pub mod findings;
mod formats;
mod import;
mod intake;
pub mod labelling;
pub(crate) mod letters;
mod media;
mod model;
pub mod pages;
mod papers;
pub mod problems;
mod quality;
mod sentences;
pub(crate) mod serving;
mod sound;
mod sources;
mod stamps;
pub(crate) mod training;
mod verify;
mod version;

use std::path::Path;

use annotation::{AcceptanceError, DrawError, LotPlanError, QualityError, ReadError};
use desk::DeskError;
use desk::account::AccountError;
use desk::bundle::BundleError;
use desk::files::FilesError;
use desk::inspection::InspectionError;
use desk::intake::{DeliveryError, TakeProblem};
use desk::verify::{Signed, VerifyError, VerifyFinding};
pub use document::words::Words;

/// Marks the names that stand here, for types and a trait of other crates.
#[derive(Debug, Clone, Copy)]
pub enum Here {}

/// The sentences of this module, said by a [`Words`].
pub trait DeskWords: AsRef<Words> {
    /// Why a use case did not go through.
    #[must_use]
    fn desk_error(&self, error: &DeskError) -> String {
        faults::desk_error(self.as_ref(), error)
    }

    /// Why the account between the parties cannot be computed.
    #[must_use]
    fn account_error(&self, error: &AccountError) -> String {
        account::of_account(self.as_ref(), error)
    }

    /// Why a version of the papers cannot be signed.
    #[must_use]
    fn obstacle(&self, obstacle: &desk::papers::Obstacle) -> String {
        version::of_obstacle(self.as_ref(), obstacle)
    }

    /// Why terms have no wording.
    #[must_use]
    fn draft_problem(&self, problem: &document::draft::DraftProblem) -> String {
        version::of_problem(self.as_ref(), problem)
    }

    /// Why a Word file cannot be read or changed.
    #[must_use]
    fn docx_fault(&self, fault: &docx::Fault) -> String {
        papers::of_docx(self.as_ref(), fault)
    }

    /// What a redline could not mark.
    #[must_use]
    fn unmarked(&self, what: docx::What) -> &'static str {
        papers::unmarked(self.as_ref(), what)
    }

    /// What a comment says of a change that a redline does not mark.
    #[must_use]
    fn not_marked(&self) -> Vec<(docx::What, String)> {
        papers::not_marked(self.as_ref())
    }

    /// Why a file cannot be read as a contract.
    #[must_use]
    fn reading_fault(&self, fault: &reading::Fault) -> String {
        papers::of_reading(self.as_ref(), fault)
    }

    /// Why a language model proposed nothing.
    #[must_use]
    fn model_error(&self, error: &crate::model::ModelError) -> String {
        model::of_model(self.as_ref(), error)
    }

    /// What the reader of a file left out.
    #[must_use]
    fn reading_warning(&self, warning: &reading::Warning) -> String {
        papers::of_warning(self.as_ref(), warning)
    }

    /// What a tracked change did.
    #[must_use]
    fn revision(&self, kind: docx::Kind) -> &'static str {
        papers::revision(self.as_ref(), kind)
    }

    /// Why the files of a deployment cannot be laid down or opened.
    #[must_use]
    fn files_error(&self, error: &FilesError) -> String {
        files::of_files(self.as_ref(), error)
    }

    /// A finding of the readers of real systems' files in one line, with its place.
    #[must_use]
    fn import_finding(&self, file: &str, finding: &desk::import::Finding) -> String {
        import::import_finding(self.as_ref(), file, finding)
    }

    /// What was noticed when a record was held against the agreement, with its place.
    #[must_use]
    fn take_problem(
        &self,
        file: &str,
        place: &desk::import::Place,
        problem: &TakeProblem,
    ) -> String {
        intake::take_problem(self.as_ref(), file, place, problem)
    }

    /// Why a delivery was not recorded.
    #[must_use]
    fn delivery_error(&self, error: &DeliveryError) -> String {
        intake::of_delivery(self.as_ref(), error)
    }

    /// Why a delivery was not inspected.
    #[must_use]
    fn inspection_error(&self, error: &InspectionError) -> String {
        intake::of_inspection(self.as_ref(), error)
    }

    /// Why no bundle or proof was written.
    #[must_use]
    fn bundle_error(&self, error: &BundleError) -> String {
        intake::of_bundle(self.as_ref(), error)
    }

    /// A finding about the files of a delivery in one line, with its place.
    #[must_use]
    fn delivery_finding(&self, finding: &annotation::Finding) -> String {
        quality::delivery_finding(self.as_ref(), finding)
    }

    /// A finding about raw data in one line, with its place.
    #[must_use]
    fn media_finding(&self, finding: &::media::Finding) -> String {
        media::of_finding(self.as_ref(), finding)
    }

    /// Why a delivery was not read.
    #[must_use]
    fn read_error(&self, error: &ReadError) -> String {
        quality::read_error(self.as_ref(), error)
    }

    /// Why there is no quality report.
    #[must_use]
    fn quality_error(&self, error: &QualityError) -> String {
        quality::of_quality(self.as_ref(), error)
    }

    /// Why a rule of acceptance cannot be applied.
    #[must_use]
    fn acceptance_error(&self, error: &AcceptanceError) -> String {
        quality::of_acceptance(self.as_ref(), error)
    }

    /// Why a sample cannot be drawn.
    #[must_use]
    fn draw_error(&self, error: &DrawError) -> String {
        quality::of_draw(self.as_ref(), error)
    }

    /// Why there is no such sampling plan.
    #[must_use]
    fn plan_error(&self, error: &LotPlanError) -> String {
        quality::of_lot_plan(self.as_ref(), error)
    }

    /// One thing that verification found.
    #[must_use]
    fn verify_finding(&self, finding: &VerifyFinding) -> String {
        sound::of_verification(self.as_ref(), finding)
    }

    /// Why nothing was verified.
    #[must_use]
    fn verify_error(&self, error: &VerifyError) -> String {
        sound::of_error(self.as_ref(), error)
    }

    /// What a key signed.
    #[must_use]
    fn signed_what(&self, signed: &Signed) -> String {
        sound::of_signed(self.as_ref(), signed)
    }

    /// Why a time-stamp authority gave no response.
    #[must_use]
    fn ask_error(&self, error: &crate::authority::AskError) -> String {
        stamps::of_ask(self.as_ref(), error)
    }

    /// One thing that is wrong with a journal.
    #[must_use]
    fn journal_finding(&self, finding: &journal::Finding) -> String {
        verify::of_journal(self.as_ref(), finding)
    }

    /// Entries were appended.
    #[must_use]
    fn recorded(&self, first: u64, count: u64) -> String {
        sentences::recorded(self.as_ref(), first, count)
    }

    /// A file was imported: records new, repeated, in conflict and not taken.
    #[must_use]
    fn imported(&self, new: u64, repeated: u64, conflicts: u64, refused: u64) -> String {
        sentences::imported(self.as_ref(), new, repeated, conflicts, refused)
    }

    /// A bundle was written.
    #[must_use]
    fn exported(&self, file: &Path, entries: u64) -> String {
        sentences::exported(self.as_ref(), file, entries)
    }
}

impl DeskWords for Words {}
