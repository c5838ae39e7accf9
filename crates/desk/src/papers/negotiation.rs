//! Where a party stands in a negotiation: the position that each version reaches for each clause of
//! its playbook, what was given and gained between rounds, and the findings that nobody may sign
//! without an approval. One side's own view: the other side never sees it. Serves pb-01 to pb-08.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::event::Version;
use contract::terms::Side;
use journal::Hash;
use review::{Finding, Playbook, Review, Risk, Status};
use units::Id;

use super::reviews::Asked;
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
    /// The playbook of the view.
    pub playbook: Playbook,
    /// The playbook that the side signs by.
    pub signs_by: Playbook,
    /// Each clause of the playbook, in its order.
    pub stands: Vec<Stand>,
    /// What changed from version to version, in their order.
    pub concessions: Vec<Concession>,
    /// Findings about the last version, by the playbook that the side signs by, that need an
    /// approval before it is signed.
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
    /// Where a party stands over all versions that were offered, by a playbook, or by the one that
    /// it signs by.
    ///
    /// # Errors
    /// When a file or an approval cannot be read.
    pub async fn negotiation(
        &self,
        book: &Book,
        side: Side,
        playbook: Option<Playbook>,
    ) -> Result<Negotiation, DeskError> {
        let signs_by = self.signs_by(&book.agreement, side).await?;
        let red = match book.state.versions.last() {
            Some(last) => self.red_of(book, side, &last.version, &signs_by).await?,
            None => Vec::new(),
        };
        let playbook = playbook.unwrap_or_else(|| signs_by.clone());
        let mut reviews: Vec<(u32, Side, Arc<Review>)> = Vec::new();
        for one in &book.state.versions {
            let review = self.review_of(book, &one.version.word, side, &playbook).await?;
            reviews.push((one.version.number, one.version.by, review));
        }
        let all: Vec<BTreeMap<String, Reached>> =
            reviews.iter().map(|(number, _, review)| worst(review, &playbook, *number)).collect();
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
        Ok(Negotiation { side, playbook, signs_by, stands, concessions, red })
    }

    /// The playbook that a side signs by: the one that it chose, or the built-in one.
    async fn signs_by(&self, agreement: &Id, side: Side) -> Result<Playbook, DeskError> {
        let unreadable = || crate::desk::unwritable("signing playbook");
        let chosen = People::of(self).signing_playbook(agreement, side).await;
        let Some(chosen) = chosen.map_err(|_| unreadable())? else {
            return Ok(Playbook::ai_vendor());
        };
        Playbook::parse(&chosen.text).map_err(|_| unreadable())
    }

    /// Refuses a signature while the last version has findings that a party has not approved.
    ///
    /// # Errors
    /// [`PapersError::Red`], or a file that cannot be read.
    pub async fn clear_to_sign(&self, book: &Book, side: Side) -> Result<(), DeskError> {
        let Some(last) = book.state.versions.last() else { return Ok(()) };
        let signs_by = self.signs_by(&book.agreement, side).await?;
        let red = self.red_of(book, side, &last.version, &signs_by).await?;
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
    ) -> Result<Arc<Review>, DeskError> {
        let (sha256, playbook) = (word.sha256.clone(), playbook.clone());
        let asked = Asked { sha256, side: side_of(side), playbook, facts: facts_of(book) };
        if let Some(review) = self.reviews.find(&asked) {
            return Ok(review);
        }
        let bytes = self.paper(&book.agreement, word).await?;
        let reviews = Arc::clone(&self.reviews);
        let work = move || {
            let reading = reading::read(&bytes, WORD).map_err(PapersError::from)?;
            let Asked { side, playbook, facts, .. } = &asked;
            let review = review::review_knowing(&reading.wording, playbook, *side, facts);
            let review = Arc::new(review);
            reviews.keep(asked, &review);
            Ok(review)
        };
        let done: Result<Arc<Review>, PapersError> = apart(work).await?;
        Ok(done?)
    }

    async fn red_of(
        &self,
        book: &Book,
        side: Side,
        version: &Version,
        playbook: &Playbook,
    ) -> Result<Vec<Red>, DeskError> {
        let review = self.review_of(book, &version.word, side, playbook).await?;
        let version = version.number;
        let approvals = People::of(self).approvals_of(&book.agreement, side).await;
        let approvals = approvals.map_err(|_| crate::desk::unwritable("approvals"))?;
        let red = review.findings.iter().filter(|finding| is_red(finding)).map(|finding| {
            let (id, finding) = (id_of(finding), finding.clone());
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
    review::checks::Facts { parties: parties.collect(), ..review::checks::Facts::ordinary() }
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
