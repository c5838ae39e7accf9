//! What is said once: a check of the whole document that a clause of the playbook says as well
//! gives way to the clause, which has words to put there. Knows findings alone.

use crate::{Finding, Side, Status};

/// A finding of a check that a clause repeats.
struct Twice {
    check: &'static str,
    /// The rules of the check; all where it is empty.
    rules: &'static [&'static str],
    /// The rules of the clause that say the same.
    says: &'static [&'static str],
}

const TWICE: &[Twice] = &[
    Twice {
        check: "doc-missing-security",
        rules: &[],
        says: &["pb-03.missing", "pb-03.breach-disclaimed"],
    },
    Twice {
        check: "doc-missing-deletion",
        rules: &[],
        says: &["pb-01.missing", "pb-01.no-deletion", "pb-01.purpose-alone"],
    },
    Twice { check: "doc-missing-audit", rules: &[], says: &["pb-08.missing", "pb-08.no-audit"] },
    Twice {
        check: "doc-agree-later",
        rules: &["ownership-to-be-agreed"],
        says: &["pb-05.missing"],
    },
    Twice { check: "doc-alternative", rules: &["ownership-options"], says: &["pb-05.conflict"] },
    Twice { check: "doc-uptime", rules: &[], says: &["pb-04.no-level"] },
    Twice { check: "doc-remedy", rules: &[], says: &["pb-04.no-credits", "pb-04.efforts"] },
    Twice { check: "doc-indirect-uncapped", rules: &[], says: &["pb-06.vendor-uncapped-indirect"] },
];

/// Checks that miss what only the customer wants: no news to the vendor.
const CUSTOMERS: [&str; 6] = [
    "doc-missing-security",
    "doc-missing-deletion",
    "doc-missing-audit",
    "doc-cap-start",
    "doc-remedy",
    "doc-uptime",
];

/// Leaves out of `checks` what a finding of `clauses` says, and what is of no use to the side.
/// Where both quote a place it must be the same one, and what stays takes the higher risk.
pub(crate) fn once(checks: &mut Vec<Finding>, clauses: &mut [Finding], side: Side) {
    checks.retain(|check| {
        if side == Side::Vendor && CUSTOMERS.contains(&check.clause.as_str()) {
            return false;
        }
        let Some(same) = clauses.iter_mut().find(|clause| same(check, clause)) else {
            return true;
        };
        if !check.quote.is_empty() && same.status != Status::Unclear {
            same.risk = same.risk.max(check.risk);
        }
        false
    });
}

fn same(check: &Finding, clause: &Finding) -> bool {
    let named = TWICE.iter().any(|twice| {
        twice.check == check.clause
            && (twice.rules.is_empty() || twice.rules.contains(&check.rule.as_str()))
            && twice.says.contains(&clause.rule.as_str())
    });
    let apart = !check.quote.is_empty()
        && !clause.quote.is_empty()
        && (check.end <= clause.start || clause.end <= check.start);
    named && !apart
}
