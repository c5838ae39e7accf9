//! Invoices, credit notes and statements as PDF: a face for finance, the workings of every figure,
//! and the proofs that it rests on. Serves lease-3.2, class-5.2, train-5.2.
//!
//! Plain data in, bytes out. The same sheet in the same language gives the same bytes with the same
//! fonts: there is no clock and nothing is drawn by chance. Files are PDF/A-2a, tagged, with fonts
//! embedded. A render takes tens of milliseconds of processor time: servers do it on a thread for
//! blocking work.

mod faces;
mod fonts;
mod measure;
mod paper;
mod press;
mod sheet;

use settlement::InvoiceError;
use units::{Lang, MoneyError};

pub(crate) use paper::Around;
pub(crate) use press::{Imprint, Pixels, Plate, can_print, print_plate};
pub use sheet::{CreditNoteSheet, Head, InvoiceSheet, Proofs, StatementSheet, evidence};

/// Why a document cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// The machine has no font with Chinese.
    #[error("no font for Chinese text; install {package}")]
    NoFont {
        /// Families that were looked for.
        families: Vec<&'static str>,
        /// What to install on Debian.
        package: &'static str,
    },
    /// No font has a character, or a file that is kept may not hold it.
    #[error("no font has U+{:04X} in {text:?}", u32::from(*character))]
    Character {
        /// The character.
        character: char,
        /// Where it stands.
        place: Place,
        /// The beginning of the text that it stands in.
        text: String,
    },
    /// A template did not take its data: a bug.
    #[error("the template cannot be set: {reason}")]
    Template {
        /// What the typesetter said.
        reason: String,
    },
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Invoice and credit notes do not belong together.
    #[error(transparent)]
    Invoice(#[from] InvoiceError),
}

/// A part of a printed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Name, address and account of the vendor.
    Seller,
    /// Name and address of the customer.
    Buyer,
    /// Title and numbers.
    Heading,
    /// The lines and their sums.
    Lines,
    /// How to pay.
    Payment,
    /// The remarks.
    Remarks,
    /// The annex.
    Workings,
    /// The proofs.
    Proofs,
    /// Some text of the page.
    Text,
}

impl Place {
    /// Where a field of the data stands on the page.
    fn of_field(name: &str) -> Self {
        match name {
            "name" | "author" | "about" | "running" | "footing" | "title" | "subtitle"
            | "facts" => Self::Heading,
            "table" | "sums" | "words" => Self::Lines,
            "payment" => Self::Payment,
            "remarks" | "remarks-title" => Self::Remarks,
            "annex" => Self::Workings,
            "proofs" => Self::Proofs,
            _ => Self::Text,
        }
    }
}

/// An invoice as PDF. Clauses: lease-3.2, class-5.2.
///
/// # Errors
/// When a font or a character is missing, or an amount is out of range.
pub fn invoice(sheet: &InvoiceSheet, lang: Lang) -> Result<Vec<u8>, PrintError> {
    let (paper, imprint) = faces::invoice(sheet, lang)?;
    press::print(&paper, &imprint)
}

/// A credit note as PDF.
///
/// # Errors
/// As [`invoice`], and when the notes are of another invoice.
pub fn credit_note(sheet: &CreditNoteSheet, lang: Lang) -> Result<Vec<u8>, PrintError> {
    let (paper, imprint) = faces::credit_note(sheet, lang)?;
    press::print(&paper, &imprint)
}

/// A statement as PDF. Clauses: class-5.2, train-5.2.
///
/// # Errors
/// As [`invoice`].
pub fn statement(sheet: &StatementSheet, lang: Lang) -> Result<Vec<u8>, PrintError> {
    let (paper, imprint) = faces::statement(sheet, lang)?;
    press::print(&paper, &imprint)
}
