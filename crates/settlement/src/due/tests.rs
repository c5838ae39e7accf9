//! Due days: one row for each case, laws, and naive counts beside them.

use contract::terms::{DueAfter, DueEvent, DueMonth, MonthlyDay, PaymentDue};
use units::{Calendar, Zone};

use super::{DueEvents, due};
use crate::fixture::{at, window};

fn events() -> DueEvents {
    DueEvents {
        period: window("2026-01-01", "2026-02-01"),
        approved: Some(at("2026-02-05T10:00")),
        invoiced: Some(at("2026-02-06T10:00")),
        signed: Some(at("2025-12-20T10:00")),
    }
}

#[test]
fn due_days() {
    fn check(terms: PaymentDue, want: &str) {
        let found = due(&terms, &events(), &Zone::shanghai(), Calendar::china());
        let found = found.expect("every event happened");
        assert_eq!(alloc::string::ToString::to_string(&found.day), want, "{terms:?}");
        assert_eq!(found.late_from, found.day.end(&Zone::shanghai()));
        assert!(!found.provisional);
    }
    let day = |day, month| PaymentDue::MonthlyDay(MonthlyDay { day, month });
    let after = |event, within: &str| {
        PaymentDue::After(DueAfter { event, within: within.parse().expect(within) })
    };
    check(day(10, DueMonth::Next), "2026-02-10");
    check(day(31, DueMonth::Next), "2026-02-28");
    check(day(31, DueMonth::Same), "2026-01-31");
    check(day(1, DueMonth::Same), "2026-01-01");
    check(after(DueEvent::Approval, "30d"), "2026-03-07");
    check(after(DueEvent::Invoice, "1mo"), "2026-03-06");
    check(after(DueEvent::Signing, "0d"), "2025-12-20");
    // Nine days of the spring festival of 2026 lie on the way, and one swapped Saturday.
    check(after(DueEvent::Approval, "10wd"), "2026-02-26");
}

#[test]
fn nothing_is_due_before_its_event() {
    let terms = PaymentDue::After(DueAfter {
        event: DueEvent::Approval,
        within: "5wd".parse().expect("5wd"),
    });
    let events = DueEvents { approved: None, ..events() };
    assert_eq!(due(&terms, &events, &Zone::shanghai(), Calendar::china()), None);
}

#[test]
fn a_due_day_in_an_unpublished_year_is_provisional() {
    let terms = PaymentDue::After(DueAfter {
        event: DueEvent::Approval,
        within: "5wd".parse().expect("5wd"),
    });
    let events = DueEvents { approved: Some(at("2035-02-05T10:00")), ..events() };
    let found = due(&terms, &events, &Zone::shanghai(), Calendar::china()).expect("approved");
    assert!(found.provisional);
}
