//! Where a party stands in a negotiation: the position that each version reaches for each clause of
//! its playbook, what was given and gained between rounds, and the findings that nobody may sign
//! without an approval. One side's own view: the other side never sees it. Serves pb-01 to pb-08.

use std::collections::{BTreeMap, BTreeSet};

use contract::terms::Side;
use journal::Hash;
use review::{Finding, Playbook, Review, Risk, Status};
use units::Id;

use super::{PapersError, WORD, apart};
use crate::book::{Book, DeskError};
use crate::desk::Desk;
use crate::people::{Approval, People};

/// The hexadecimal digits of a finding's words that stand in its id.
const DIGITS: usize = 12;

/// Where a party stands.
#[derive(Debug, Clone)]
pub struct Negotiation {
    /// Whose view.
    pub side: Side,
    /// Each clause of the playbook, in its order.
    pub stands: Vec<Stand>,
    /// What changed from version to version, in their order.
    pub concessions: Vec<Concession>,
    /// Findings about the last version that need an approval before it is signed.
    pub red: Vec<Red>,
}

/// A clause over the versions.
#[derive(Debug, Clone)]
pub struct Stand {
    /// The clause.
    pub clause: String,
    /// What each version reaches, in their order.
    pub by_version: Vec<Reached>,
}

/// What a version reaches for a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The version.
    pub version: u32,
    /// The worst that its words say.
    pub status: Status,
    /// The position of the playbook.
    pub reached: review::Reached,
    /// The words; empty where nothing is written.
    pub quote: String,
}

/// A clause that a version moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concession {
    /// The clause.
    pub clause: String,
    /// The version.
    pub version: u32,
    /// Who offered it.
    pub by: Side,
    /// Where it stood.
    pub from: Status,
    /// Where it stands.
    pub to: Status,
    /// Whether it came closer to this side.
    pub gain: bool,
}

/// A finding that needs an approval.
#[derive(Debug, Clone)]
pub struct Red {
    /// Its id: the same words in another version have the same.
    pub id: String,
    /// The version.
    pub version: u32,
    /// The finding.
    pub finding: Finding,
    /// Who approved it.
    pub approval: Option<Approval>,
}

/// The view of a review that a side of an agreement has.
#[must_use]
pub const fn side_of(side: Side) -> review::Side {
    match side {
        Side::Customer => review::Side::Customer,
        Side::Vendor => review::Side::Vendor,
    }
}

/// Whether nobody may sign words of which this is found without an approval.
fn is_red(finding: &Finding) -> bool {
    let falls_short = !matches!(finding.status, Status::Met | Status::MetByFallback);
    finding.risk == Risk::High && falls_short
}

/// The id of a finding: what speaks, and about which words.
fn id_of(finding: &Finding) -> String {
    let words = hex::encode(Hash::of(finding.quote.as_bytes()).bytes());
    // A rule of a clause carries the clause in its name.
    let rule = match finding.rule.starts_with(&finding.clause) {
        true => finding.rule.clone(),
        false => format!("{}.{}", finding.clause, finding.rule),
    };
    format!("{rule}.{}", &words[..DIGITS])
}

/// The worst finding of each clause of the playbook.
fn worst(review: &Review, playbook: &Playbook, version: u32) -> BTreeMap<String, Reached> {
    let mut worst: BTreeMap<String, Reached> = BTreeMap::new();
    for finding in &review.findings {
        if playbook.clause(&finding.clause).is_none() {
            continue;
        }
        let (status, reached) = (finding.status, finding.reached);
        let fresh = Reached { version, status, reached, quote: finding.quote.clone() };
        match worst.get_mut(&finding.clause) {
            Some(held) if held.status.weight() >= status.weight() => {}
            Some(held) => *held = fresh,
            None => {
                worst.insert(finding.clause.clone(), fresh);
            }
        }
    }
    worst
}

impl Desk {
    /// Where a party stands by a playbook, over all versions that were offered.
    ///
    /// # Errors
    /// When a file or an approval cannot be read.
    pub async fn negotiation(
        &self,
        book: &Book,
        side: Side,
        playbook: &Playbook,
    ) -> Result<Negotiation, DeskError> {
        let mut reviews: Vec<(u32, Side, Review)> = Vec::new();
        for one in &book.state.versions {
            let review = self.review_of(book, &one.version.word, side, playbook).await?;
            reviews.push((one.version.number, one.version.by, review));
        }
        let all: Vec<BTreeMap<String, Reached>> =
            reviews.iter().map(|(number, _, review)| worst(review, playbook, *number)).collect();
        let stands = playbook.clauses.iter().map(|clause| Stand {
            clause: clause.id.clone(),
            by_version: all.iter().filter_map(|one| one.get(&clause.id).cloned()).collect(),
        });
        let stands: Vec<Stand> = stands.collect();
        let mut concessions = Vec::new();
        for stand in &stands {
            for pair in stand.by_version.windows(2) {
                let [from, to] = pair else { continue };
                if from.status == to.status {
                    continue;
                }
                let by = reviews.iter().find(|(number, ..)| *number == to.version);
                concessions.push(Concession {
                    clause: stand.clause.clone(),
                    version: to.version,
                    by: by.map_or(side, |(_, by, _)| *by),
                    from: from.status,
                    to: to.status,
                    gain: to.status.weight() < from.status.weight(),
                });
            }
        }
        concessions.sort_by(|a, b| (a.version, &a.clause).cmp(&(b.version, &b.clause)));
        let red = match reviews.pop() {
            Some((number, _, review)) => self.red_of(book, side, number, review).await?,
            None => Vec::new(),
        };
        Ok(Negotiation { side, stands, concessions, red })
    }

    /// Refuses a signature while the last version has findings that a party has not approved.
    ///
    /// # Errors
    /// [`PapersError::Red`], or a file that cannot be read.
    pub async fn clear_to_sign(&self, book: &Book, side: Side) -> Result<(), DeskError> {
        let Some(last) = book.state.versions.last() else { return Ok(()) };
        let version = &last.version;
        let playbook = Playbook::ai_vendor();
        let review = self.review_of(book, &version.word, side, &playbook).await?;
        let red = self.red_of(book, side, version.number, review).await?;
        let open = red.into_iter().filter(|red| red.approval.is_none());
        let findings: BTreeSet<String> = open.map(|red| red.id).collect();
        if findings.is_empty() {
            return Ok(());
        }
        Err(PapersError::Red { findings: findings.into_iter().collect() }.into())
    }

    async fn review_of(
        &self,
        book: &Book,
        word: &contract::event::PaperFile,
        side: Side,
        playbook: &Playbook,
    ) -> Result<Review, DeskError> {
        let bytes = self.paper(&book.agreement, word).await?;
        let (playbook, view) = (playbook.clone(), side_of(side));
        let facts = facts_of(book);
        let work = move || {
            let reading = reading::read(&bytes, WORD).map_err(PapersError::from)?;
            Ok(review::review_knowing(&reading.wording, &playbook, view, &facts))
        };
        let done: Result<Review, PapersError> = apart(work).await?;
        Ok(done?)
    }

    async fn red_of(
        &self,
        book: &Book,
        side: Side,
        version: u32,
        review: Review,
    ) -> Result<Vec<Red>, DeskError> {
        let approvals = People::of(self).approvals_of(&book.agreement, side).await;
        let approvals = approvals.map_err(|_| crate::desk::unwritable("approvals"))?;
        let red = review.findings.into_iter().filter(is_red).map(|finding| {
            let id = id_of(&finding);
            let approval = approvals.iter().find(|one| one.finding == id).cloned();
            Red { id, version, finding, approval }
        });
        Ok(red.collect())
    }
}

/// What is known of a contract beside its words: who the parties are.
fn facts_of(book: &Book) -> review::checks::Facts {
    let party = |side, name: &str| review::checks::Party { side, name: name.to_owned() };
    let parties = book.state.drafted.iter().flat_map(|terms| {
        [
            party(review::Side::Customer, &terms.customer.name),
            party(review::Side::Vendor, &terms.vendor.name),
        ]
    });
    review::checks::Facts { parties: parties.collect(), ..Default::default() }
}

/// Whose turn it is, and how often the turn has changed.
#[must_use]
pub fn turn(book: &Book) -> (Option<Side>, u32) {
    let versions = &book.state.versions;
    let changes = versions.windows(2).filter(|pair| pair[0].version.by != pair[1].version.by);
    let rounds = changes.count() + usize::from(!versions.is_empty());
    let open = versions.last().filter(|_| book.state.effective.is_none());
    let turn = open.map(|last| {
        let by = last.version.by;
        // Whoever signed waits for the other.
        let signed = |side| book.state.signings.iter().any(|one| one.side == side);
        if signed(by.other()) { by } else { by.other() }
    });
    (turn, u32::try_from(rounds).unwrap_or(u32::MAX))
}

/// The agreement and the side under which approvals are kept.
pub(crate) fn folder(agreement: &Id, side: Side) -> String {
    format!("{agreement} {}", side.code())
}
