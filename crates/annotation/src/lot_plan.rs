//! Single sampling plans of GB/T 2828.1 (ISO 2859-1): code letters, the three master tables for
//! percent nonconforming, and the switching rules. Serves anno-4.1.1.
//!
//! The tables are kept as rules and not as copies. With `i` the code letter (A = 0) and `j` the
//! AQL (0.010 = 0) the acceptance number depends on `i + j` alone; the cells between are arrows to
//! the nearest plan below (a larger sample) or above. AQLs above 10 are for nonconformities per
//! hundred items and have no place here.
//!
//! Normal and tightened inspection are those of MIL-STD-105E, unchanged in ISO 2859-1. Reduced
//! inspection follows ISO 2859-1:1999, which closed the gap between acceptance and rejection
//! number and left the last cell before acceptance number 1 to an arrow; where two parties hold a
//! printed table that differs, the signed plan `(n, Ac)` governs.

use serde::{Deserialize, Serialize};
use units::{Decimal, Fraction};

/// How much is inspected for a lot size; II is the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum InspectionLevel {
    /// Special level 1.
    #[serde(rename = "S-1")]
    S1,
    /// Special level 2.
    #[serde(rename = "S-2")]
    S2,
    /// Special level 3.
    #[serde(rename = "S-3")]
    S3,
    /// Special level 4.
    #[serde(rename = "S-4")]
    S4,
    /// General level I.
    I,
    /// General level II.
    II,
    /// General level III.
    III,
}

/// How strictly a series of lots is inspected at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionSeverity {
    /// Where every series starts.
    Normal,
    /// After two of five lots failed.
    Tightened,
    /// After a run of good lots.
    Reduced,
}

/// A plan for one lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LotPlan {
    /// The code letter of the lot size, before arrows.
    pub letter: char,
    /// The letter whose plan applies, after arrows.
    pub plan_letter: char,
    /// Items to inspect.
    pub sample: u64,
    /// Most nonconforming items with which the lot is accepted.
    pub accept: u64,
    /// Whether the sample is the whole lot. Then `accept` is 0, as for `(N, N, 0)`.
    pub whole_lot: bool,
}

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LotPlanError {
    /// Not an AQL of the standard's series from 0.010 to 10.
    #[error("not an AQL of the standard's series")]
    UnknownAql,
    /// The lot is empty.
    #[error("the lot is empty")]
    EmptyLot,
}

/// Code letters; there is no I and no O. S exists in tightened inspection alone.
const LETTERS: [char; 17] =
    ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S'];

/// Sample sizes of normal and tightened inspection by letter.
const SIZES: [u64; 17] =
    [2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150];

/// Sample sizes of reduced inspection by letter.
const REDUCED_SIZES: [u64; 16] = [2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800];

/// The AQLs in thousandths of a percent.
const AQLS: [u64; 16] =
    [10, 15, 25, 40, 65, 100, 150, 250, 400, 650, 1000, 1500, 2500, 4000, 6500, 10000];

/// Upper ends of the lot size classes; the last class has none.
const LOT_SIZES: [u64; 14] =
    [8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000];

/// Code letters by lot size class, for each inspection level.
const LEVELS: [(InspectionLevel, &str); 7] = [
    (InspectionLevel::S1, "AAAABBBBCCCCDDD"),
    (InspectionLevel::S2, "AAABBBCCCDDDEEE"),
    (InspectionLevel::S3, "AABBCCDDEEFFGGH"),
    (InspectionLevel::S4, "AABCCDEEFGGHJJK"),
    (InspectionLevel::I, "AABCCDEFGHJKLMN"),
    (InspectionLevel::II, "ABCDEFGHJKLMNPQ"),
    (InspectionLevel::III, "BCDEFGHJKLMNPQR"),
];

/// The code letter for a lot.
///
/// # Errors
/// When the lot is empty.
pub fn code_letter(lot: u64, level: InspectionLevel) -> Result<char, LotPlanError> {
    if lot == 0 {
        return Err(LotPlanError::EmptyLot);
    }
    let class = LOT_SIZES.iter().take_while(|end| lot > **end).count();
    let row = LEVELS.iter().find(|(known, _)| *known == level);
    let letter = row.and_then(|(_, letters)| letters.chars().nth(class));
    Ok(letter.expect("each level has a letter for each of the 15 lot size classes"))
}

/// The plan for a lot at an AQL in percent nonconforming.
///
/// # Errors
/// When the AQL is not in the series, or the lot is empty.
pub fn lot_plan(
    lot: u64,
    level: InspectionLevel,
    aql: Decimal,
    severity: InspectionSeverity,
) -> Result<LotPlan, LotPlanError> {
    let letter = code_letter(lot, level)?;
    let column = aql_index(aql)?;
    let row = LETTERS.iter().position(|known| *known == letter).unwrap_or_default();
    Ok(fit(lot, row, column, severity))
}

fn aql_index(aql: Decimal) -> Result<usize, LotPlanError> {
    let wanted = |milli: &u64| Fraction::new(i128::from(*milli), 1000) == aql.to_fraction();
    AQLS.iter().position(wanted).ok_or(LotPlanError::UnknownAql)
}

/// The plan of a cell, and 100 % inspection where the sample is the lot or more.
fn fit(lot: u64, row: usize, column: usize, severity: InspectionSeverity) -> LotPlan {
    let (at, accept) = resolve(row, column, severity);
    let sizes: &[u64] =
        if severity == InspectionSeverity::Reduced { &REDUCED_SIZES } else { &SIZES };
    let sample = sizes.get(at).copied().unwrap_or(lot);
    let letter = |at: usize| LETTERS.get(at).copied().unwrap_or('S');
    let (letter, plan_letter) = (letter(row), letter(at));
    if sample >= lot {
        return LotPlan { letter, plan_letter, sample: lot, accept: 0, whole_lot: true };
    }
    LotPlan { letter, plan_letter, sample, accept, whole_lot: false }
}

/// Follows the arrows from a cell to the plan that applies.
fn resolve(row: usize, column: usize, severity: InspectionSeverity) -> (usize, u64) {
    let below = |from: usize| {
        (from..rows(severity)).find_map(|at| Some((at, cell(at, column, severity).ok()?)))
    };
    let above =
        |from: usize| (0..from).rev().find_map(|at| Some((at, cell(at, column, severity).ok()?)));
    let found = match cell(row, column, severity) {
        Ok(accept) => Some((row, accept)),
        Err(Arrow::Down) => below(row + 1).or_else(|| above(row)),
        Err(Arrow::Up) => above(row).or_else(|| below(row + 1)),
    };
    found.expect("every column of every table has a plan")
}

/// Letter S stands below R in tightened inspection alone.
const fn rows(severity: InspectionSeverity) -> usize {
    match severity {
        InspectionSeverity::Tightened => 17,
        InspectionSeverity::Normal | InspectionSeverity::Reduced => 16,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrow {
    Down,
    Up,
}

/// One cell of a master table.
fn cell(row: usize, column: usize, severity: InspectionSeverity) -> Result<u64, Arrow> {
    let sum = row + column;
    match severity {
        InspectionSeverity::Normal => match sum {
            0..=13 | 16 => Err(Arrow::Down),
            14 => Ok(0),
            17..=24 => Ok([1, 2, 3, 5, 7, 10, 14, 21].get(sum - 17).copied().unwrap_or(21)),
            _ => Err(Arrow::Up),
        },
        // In row A there is no plan (2; 0) at AQL 10: the arrow leads to D.
        InspectionSeverity::Tightened => match sum {
            15 if row > 0 => Ok(0),
            0..=17 => Err(Arrow::Down),
            18..=24 => Ok([1, 2, 3, 5, 8, 12, 18].get(sum - 18).copied().unwrap_or(18)),
            _ => Err(Arrow::Up),
        },
        InspectionSeverity::Reduced => match sum {
            0..=13 | 16 | 17 => Err(Arrow::Down),
            14 => Ok(0),
            18..=24 => Ok([1, 2, 3, 5, 6, 8, 10].get(sum - 18).copied().unwrap_or(10)),
            _ => Err(Arrow::Up),
        },
    }
}

/// Where a series of lots stands. Each lot inspected for the first time moves it; a lot that is
/// handed in again after rework does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switching {
    /// The severity for the next lot.
    pub severity: InspectionSeverity,
    /// Whether inspection is stopped until the vendor has improved its work.
    pub stopped: bool,
    /// Outcomes of the last lots under normal inspection, up to five, one bit each; 1 = failed.
    recent_failures: u8,
    /// Lots accepted in a row under tightened inspection.
    accepted_in_a_row: u8,
    /// Lots failed in all under this spell of tightened inspection.
    failed_tightened: u8,
    /// The switching score of normal inspection.
    score: u8,
}

/// The switching score from which reduced inspection may begin.
const REDUCED_FROM: u8 = 30;

impl Default for Switching {
    fn default() -> Self {
        Self {
            severity: InspectionSeverity::Normal,
            stopped: false,
            recent_failures: 0,
            accepted_in_a_row: 0,
            failed_tightened: 0,
            score: 0,
        }
    }
}

/// A lot as the switching rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotResult {
    /// Items in the lot.
    pub lot: u64,
    /// Nonconforming items found in the sample.
    pub nonconforming: u64,
    /// Whether both parties agree that work is steady and reduced inspection is desirable.
    pub reduced_agreed: bool,
}

impl Switching {
    /// The switching score of normal inspection; 30 opens reduced inspection.
    #[must_use]
    pub const fn score(&self) -> u8 {
        self.score
    }

    /// Moves on by one lot that was inspected under the present severity.
    ///
    /// Normal to tightened: two of five or fewer lots in a row failed. Tightened to normal: five in
    /// a row accepted. Stop: five failed in all under tightened. Normal to reduced: score 30, and
    /// both agree. Reduced to normal: a lot failed, or they no longer agree.
    ///
    /// # Errors
    /// When the AQL is not in the series, or the lot is empty.
    pub fn after(
        self,
        lot: LotResult,
        level: InspectionLevel,
        aql: Decimal,
    ) -> Result<Self, LotPlanError> {
        let plan = lot_plan(lot.lot, level, aql, self.severity)?;
        let accepted = lot.nonconforming <= plan.accept;
        let fresh = |severity| Self { severity, ..Self::default() };
        Ok(match self.severity {
            InspectionSeverity::Normal => {
                let recent = (self.recent_failures << 1 | u8::from(!accepted)) & 0b1_1111;
                if recent.count_ones() >= 2 {
                    return Ok(fresh(InspectionSeverity::Tightened));
                }
                let score = self.score_after(accepted, lot, plan, aql_index(aql)?);
                if score >= REDUCED_FROM && lot.reduced_agreed {
                    return Ok(fresh(InspectionSeverity::Reduced));
                }
                Self { recent_failures: recent, score, ..self }
            }
            InspectionSeverity::Tightened if accepted => {
                let accepted_in_a_row = self.accepted_in_a_row + 1;
                if accepted_in_a_row >= 5 {
                    return Ok(fresh(InspectionSeverity::Normal));
                }
                Self { accepted_in_a_row, ..self }
            }
            InspectionSeverity::Tightened => {
                let failed_tightened = self.failed_tightened.saturating_add(1);
                let stopped = failed_tightened >= 5;
                Self { accepted_in_a_row: 0, failed_tightened, stopped, ..self }
            }
            InspectionSeverity::Reduced if accepted && lot.reduced_agreed => self,
            InspectionSeverity::Reduced => fresh(InspectionSeverity::Normal),
        })
    }

    /// After the vendor has improved its work, inspection begins again under tightened severity.
    #[must_use]
    pub fn resumed() -> Self {
        Self { severity: InspectionSeverity::Tightened, ..Self::default() }
    }

    /// With an acceptance number of 2 or more the score grows by 3 when the lot would also be
    /// accepted one AQL step tighter; with 0 or 1 it grows by 2 when the lot is accepted; else it
    /// falls to 0.
    fn score_after(&self, accepted: bool, lot: LotResult, plan: LotPlan, column: usize) -> u8 {
        let gain = if !accepted {
            0
        } else if plan.accept < 2 {
            2
        } else {
            let row = LETTERS.iter().position(|known| *known == plan.plan_letter);
            let tighter = column.checked_sub(1).zip(row);
            let tighter = tighter.map(|(column, row)| fit(lot.lot, row, column, self.severity));
            if tighter.is_some_and(|plan| lot.nonconforming <= plan.accept) { 3 } else { 0 }
        };
        if gain == 0 { 0 } else { (self.score + gain).min(REDUCED_FROM) }
    }
}
