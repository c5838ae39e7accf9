//! GB/T 2828.1: every cell of the tables, and the switching rules.

use annotation::{
    InspectionLevel, InspectionSeverity, LotPlanError, LotResult, Switching, code_letter, lot_plan,
};
use units::Decimal;

const LETTERS: &str = "ABCDEFGHJKLMNPQR";

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

#[test]
fn every_cell_of_the_three_tables_is_the_printed_plan() {
    // A lot of which level III gives each letter; large plans still fit into it by the last rows.
    let mut severity = InspectionSeverity::Normal;
    let mut cells = 0;
    for line in include_str!("lot_plans.txt").lines() {
        match line {
            "[normal]" => severity = InspectionSeverity::Normal,
            "[tightened]" => severity = InspectionSeverity::Tightened,
            "[reduced]" => severity = InspectionSeverity::Reduced,
            _ if line.starts_with('#') => {}
            _ => {
                let (aql, plans) = line.split_once(": ").expect("an AQL");
                for (letter, plan) in LETTERS.chars().zip(plans.split(' ')) {
                    cells += 1;
                    check_cell(letter, aql, severity, plan);
                }
            }
        }
    }
    assert_eq!(cells, 3 * 16 * 16);
}

/// Finds a lot with this letter and compares its plan with `n/Ac`; where the plan is as large as
/// any such lot, the whole lot is inspected.
fn check_cell(letter: char, aql: &str, severity: InspectionSeverity, plan: &str) {
    let (sample, accept) = plan.split_once('/').expect("n/Ac");
    let (sample, accept): (u64, u64) = (sample.parse().expect("n"), accept.parse().expect("Ac"));
    let levels = [
        InspectionLevel::S1,
        InspectionLevel::S2,
        InspectionLevel::S3,
        InspectionLevel::S4,
        InspectionLevel::I,
        InspectionLevel::II,
        InspectionLevel::III,
    ];
    let lots =
        [8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000, 500_001];
    let mut seen = false;
    for lot in lots {
        for level in levels {
            if code_letter(lot, level) != Ok(letter) {
                continue;
            }
            seen = true;
            let found = lot_plan(lot, level, decimal(aql), severity).expect("a plan");
            let want = if sample >= lot { (lot, 0, true) } else { (sample, accept, false) };
            assert_eq!(
                (found.sample, found.accept, found.whole_lot),
                want,
                "{letter} at {aql}, {severity:?}, lot {lot}"
            );
        }
    }
    assert!(seen, "no lot has the letter {letter}");
}

#[test]
fn every_lot_size_has_the_printed_letter() {
    let rows = [
        (2, 8, "AAAAAAB"),
        (9, 15, "AAAAABC"),
        (16, 25, "AABBBCD"),
        (26, 50, "ABBCCDE"),
        (51, 90, "BBCCCEF"),
        (91, 150, "BBCDDFG"),
        (151, 280, "BCDEEGH"),
        (281, 500, "BCDEFHJ"),
        (501, 1_200, "CCEFGJK"),
        (1_201, 3_200, "CDEGHKL"),
        (3_201, 10_000, "CDFGJLM"),
        (10_001, 35_000, "CDFHKMN"),
        (35_001, 150_000, "DEGJLNP"),
        (150_001, 500_000, "DEGJMPQ"),
        (500_001, u64::MAX, "DEHKNQR"),
    ];
    let levels = [
        InspectionLevel::S1,
        InspectionLevel::S2,
        InspectionLevel::S3,
        InspectionLevel::S4,
        InspectionLevel::I,
        InspectionLevel::II,
        InspectionLevel::III,
    ];
    for (from, to, letters) in rows {
        for (level, letter) in levels.into_iter().zip(letters.chars()) {
            assert_eq!(code_letter(from, level), Ok(letter), "{from} {level:?}");
            assert_eq!(code_letter(to, level), Ok(letter), "{to} {level:?}");
        }
    }
    assert_eq!(code_letter(0, InspectionLevel::II), Err(LotPlanError::EmptyLot));
}

#[test]
fn an_aql_outside_the_series_is_refused() {
    for aql in ["0", "0.02", "2", "15", "-1", "100"] {
        let plan = lot_plan(1_000, InspectionLevel::II, decimal(aql), InspectionSeverity::Normal);
        assert_eq!(plan, Err(LotPlanError::UnknownAql), "{aql}");
    }
    assert!(
        lot_plan(1_000, InspectionLevel::II, decimal("1.00"), InspectionSeverity::Normal).is_ok()
    );
}

/// Runs lots of 1,000 at level II and AQL 1.0; `n`, `t`, `r` = the severity after each lot, `s` =
/// stopped.
fn check_switching(lots: &[u64], agreed: bool, want: &str) {
    let mut state = Switching::default();
    let mut path = String::new();
    for &nonconforming in lots {
        let lot = LotResult { lot: 1_000, nonconforming, reduced_agreed: agreed };
        state = state.after(lot, InspectionLevel::II, decimal("1.0")).expect("a plan");
        path.push(match (state.stopped, state.severity) {
            (true, _) => 's',
            (_, InspectionSeverity::Normal) => 'n',
            (_, InspectionSeverity::Tightened) => 't',
            (_, InspectionSeverity::Reduced) => 'r',
        });
    }
    assert_eq!(path, want, "{lots:?}");
}

#[test]
fn severity_switches_as_the_standard_says() {
    // Normal at J: (80; 2), and one step tighter (80; 1). Tightened: (80; 1). Reduced: (32; 1).
    check_switching(&[3, 0, 0, 0, 3], false, "nnnnt");
    check_switching(&[3, 0, 0, 0, 0, 3], false, "nnnnnn");
    check_switching(&[3, 3, 1, 1, 1, 1, 1], false, "ntttttn");
    check_switching(&[3, 3, 1, 1, 2, 1, 1, 1, 1, 1], false, "nttttttttn");
    check_switching(&[3, 3, 2, 2, 2, 2, 2], false, "nttttts");
    check_switching(&[1; 10], true, "nnnnnnnnnr");
    check_switching(&[1; 10], false, "nnnnnnnnnn");
    // Two nonconforming items accept the lot, but would not one step tighter: the score restarts.
    check_switching(&[1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], true, "nnnnnnnnnnnnnnnr");
    check_switching(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2], true, "nnnnnnnnnrrn");
}

#[test]
fn work_resumes_under_tightened_inspection() {
    let resumed = Switching::resumed();
    assert_eq!((resumed.severity, resumed.stopped), (InspectionSeverity::Tightened, false));
}
