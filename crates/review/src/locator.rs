//! Where in a document a topic stands: a linear model over words and characters ranks the
//! passages, so that the rules of the review know where to read first (review tier 2).
//!
//! It points and never decides: nothing it says becomes a finding without a rule that reads the
//! passage. All arithmetic is in integers, so the same document gets the same order everywhere.
//! It knows no playbook, no party and no polarity ("shall own" and "shall not own" stand alike).

pub mod features;
pub mod learn;
pub mod model;
pub mod passage;

use std::sync::LazyLock;

use wording::Wording;

pub use model::{Model, ModelError};
pub use passage::Passage;

/// How many places [`find`] gives.
pub const PLACES: usize = 3;

/// What is looked for. The first eight are the clauses of the vendor playbook in either language;
/// the others are categories of CUAD v1 and speak English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Playbook 01: who owns input, output and derived data; deletion.
    DataRights,
    /// Playbook 02: whether models may be trained on the customer's data.
    ModelTraining,
    /// Playbook 03: confidentiality, security measures, notice of a breach.
    Security,
    /// Playbook 04: availability, response times, service credits.
    ServiceLevel,
    /// Playbook 05: who owns outputs, models and other intellectual property.
    IpOwnership,
    /// Playbook 06: indemnities and limits of liability.
    Liability,
    /// Playbook 07: ending, export of data, help with migration.
    Termination,
    /// Playbook 08: laws to comply with, audits and reports.
    Compliance,
    /// CUAD: a right to inspect books, records or premises.
    AuditRights,
    /// CUAD: liability limited in amount, kind or time.
    LiabilityCap,
    /// CUAD: liability without a limit, or an exception from one.
    UncappedLiability,
    /// CUAD: intellectual property that becomes the other party's.
    IpAssignment,
    /// CUAD: services or duties after the end.
    PostTermination,
    /// CUAD: a fixed sum for a breach or an early end.
    LiquidatedDamages,
    /// CUAD: ending without a cause.
    ConvenienceTermination,
    /// CUAD: a least quantity or amount to be bought.
    MinimumCommitment,
    /// CUAD: a licence that cannot be ended.
    IrrevocableLicence,
    /// CUAD: extension or renewal of the term.
    Renewal,
    /// CUAD: which law governs.
    GoverningLaw,
}

impl Topic {
    /// Every topic, in the order of the weights file.
    pub const ALL: [Self; 19] = [
        Self::DataRights,
        Self::ModelTraining,
        Self::Security,
        Self::ServiceLevel,
        Self::IpOwnership,
        Self::Liability,
        Self::Termination,
        Self::Compliance,
        Self::AuditRights,
        Self::LiabilityCap,
        Self::UncappedLiability,
        Self::IpAssignment,
        Self::PostTermination,
        Self::LiquidatedDamages,
        Self::ConvenienceTermination,
        Self::MinimumCommitment,
        Self::IrrevocableLicence,
        Self::Renewal,
        Self::GoverningLaw,
    ];

    /// The topic of a clause of the vendor playbook, `pb-01` to `pb-08`.
    #[must_use]
    pub fn of_clause(clause: &str) -> Option<Self> {
        let number: usize = clause.strip_prefix("pb-0")?.parse().ok()?;
        Self::ALL[..8].get(number.checked_sub(1)?).copied()
    }

    /// Its name in figures and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DataRights => "pb-01",
            Self::ModelTraining => "pb-02",
            Self::Security => "pb-03",
            Self::ServiceLevel => "pb-04",
            Self::IpOwnership => "pb-05",
            Self::Liability => "pb-06",
            Self::Termination => "pb-07",
            Self::Compliance => "pb-08",
            Self::AuditRights => "audit-rights",
            Self::LiabilityCap => "liability-cap",
            Self::UncappedLiability => "uncapped-liability",
            Self::IpAssignment => "ip-assignment",
            Self::PostTermination => "post-termination",
            Self::LiquidatedDamages => "liquidated-damages",
            Self::ConvenienceTermination => "convenience-termination",
            Self::MinimumCommitment => "minimum-commitment",
            Self::IrrevocableLicence => "irrevocable-licence",
            Self::Renewal => "renewal",
            Self::GoverningLaw => "governing-law",
        }
    }
}

/// A place where a topic may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The block of the wording.
    pub block: usize,
    /// First byte, in the text of the wording, of the passage of the block that scored best.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Thousandths of log-odds: above 0 the model holds it likelier than not.
    pub score: i64,
}

/// The model that comes with the program.
static BUILT_IN: LazyLock<Model> = LazyLock::new(|| {
    Model::decode(include_bytes!("../locator/weights.bin")).expect("a test decodes these bytes")
});

/// The model that comes with the program.
#[must_use]
pub fn built_in() -> &'static Model {
    &BUILT_IN
}

/// The three likeliest blocks for a topic, best first; of equal ones the earlier.
#[must_use]
pub fn find(wording: &Wording, topic: Topic) -> Vec<Place> {
    built_in().find(wording, topic)
}

/// The passages of a document with what the model thinks of each: read once, asked for many topics.
#[derive(Debug)]
pub struct Survey {
    passages: Vec<(Place, Vec<i64>)>,
}

impl Survey {
    /// Reads a document by the model that comes with the program.
    #[must_use]
    pub fn new(wording: &Wording) -> Self {
        let passages = passage::passages(wording);
        let bodies = passages.iter().enumerate().filter(|(_, passage)| !passage.title);
        let passages = bodies.map(|(index, passage)| {
            let scores = built_in().scores(&features::of(wording, &passages, index));
            let Passage { block, start, end, .. } = *passage;
            (Place { block, start, end, score: 0 }, scores)
        });
        Self { passages: passages.collect() }
    }

    /// The likeliest blocks for a topic, as [`find`] gives them.
    #[must_use]
    pub fn find(&self, topic: Topic) -> Vec<Place> {
        let scored = self
            .passages
            .iter()
            .map(|(place, scores)| Place { score: scores[topic as usize], ..*place });
        best(scored, PLACES)
    }
}

impl Model {
    /// The likeliest blocks for a topic by this model, best first; of equal ones the earlier.
    #[must_use]
    pub fn find(&self, wording: &Wording, topic: Topic) -> Vec<Place> {
        let passages = passage::passages(wording);
        let bodies = passages.iter().enumerate().filter(|(_, passage)| !passage.title);
        let scores = bodies.map(|(index, passage)| Place {
            block: passage.block,
            start: passage.start,
            end: passage.end,
            score: self.score(&features::of(wording, &passages, index), topic),
        });
        best(scores, PLACES)
    }
}

/// The best place of each block, best blocks first.
pub fn best(scores: impl Iterator<Item = Place>, places: usize) -> Vec<Place> {
    let mut blocks: Vec<Place> = Vec::new();
    for place in scores {
        match blocks.last_mut() {
            Some(last) if last.block == place.block => {
                if place.score > last.score {
                    *last = place;
                }
            }
            _ => blocks.push(place),
        }
    }
    blocks.sort_by_key(|place| (core::cmp::Reverse(place.score), place.start));
    blocks.truncate(places);
    blocks
}
