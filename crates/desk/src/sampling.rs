//! The common seed of a sample: both parties commit before the delivery, both reveal after it, and
//! nobody picks the sample. Clause: anno-4.1.1.

use contract::Refusal;
use contract::event::Fact;
use contract::state::State;
use contract::terms::Side;
use units::Id;

use crate::book::DeskError;

/// Refuses a revealed seed that is not the one committed to.
pub(crate) fn guard(state: &State, fact: &Fact) -> Result<(), DeskError> {
    let Fact::SeedRevealed { delivery, side, seed } = fact else { return Ok(()) };
    let found = state.facts.deliveries.get(delivery);
    let Some(committed) = found.and_then(|found| found.commitments.get(side)) else {
        return Ok(());
    };
    let mismatch = || DeskError::Refused(Refusal::SeedMismatch);
    let seed: annotation::Seed = decode_seed(seed).ok_or_else(mismatch)?;
    let committed = hex::decode(committed).ok().and_then(|bytes| bytes.try_into().ok());
    let committed: [u8; 32] = committed.ok_or_else(mismatch)?;
    annotation::check_commitment(&seed, &committed).map_err(|_| mismatch())
}

/// A seed from its hexadecimal text.
#[must_use]
pub fn decode_seed(text: &str) -> Option<annotation::Seed> {
    hex::decode(text).ok()?.try_into().ok()
}

/// Both revealed seeds of a delivery, customer first.
#[must_use]
pub fn seeds(state: &State, delivery: &Id) -> Option<[annotation::Seed; 2]> {
    let found = state.facts.deliveries.get(delivery)?;
    let seed = |side| found.seeds.get(&side).and_then(|text| decode_seed(text));
    Some([seed(Side::Customer)?, seed(Side::Vendor)?])
}
