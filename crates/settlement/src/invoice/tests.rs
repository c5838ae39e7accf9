//! Invoices and credit notes: one row for each case, laws, and naive counts beside them.

use alloc::vec::Vec;

use proptest::prelude::*;
use serde_json::json;
use units::{Currency, Date, Metric, Money};

use super::{CreditNote, Invoice, InvoiceError, Number, SeriesError, check_series, next_number};
use crate::carried::Carried;
use crate::due::{DueEvents, due};
use crate::fixture::{agreement_with, annotation, count, id, window};
use crate::period::Period;
use crate::statement::settle;

fn day(text: &str) -> Date {
    text.parse().expect(text)
}

fn yuan(minor: i128) -> Money {
    Money::new(minor, Currency::Cny)
}

fn invoice(accepted: u64, changes: &[(&str, serde_json::Value)]) -> Result<Invoice, InvoiceError> {
    let terms = agreement_with(annotation(), changes);
    let facts = [count(Metric::ItemsAccepted, "boxes", "2026-03-05", accepted, "e1")];
    let month = Period::Month { month: day("2026-03-01") };
    let carried = Carried::nothing(Currency::Cny);
    let statement = settle(&terms, &facts, &month, &carried).expect("a statement");
    let events = DueEvents {
        period: window("2026-03-01", "2026-04-01"),
        approved: None,
        invoiced: None,
        signed: None,
    };
    let calendar = terms.calendar.calendar();
    let due = due(&terms.payment.due, &events, &terms.zone, calendar).expect("a monthly day");
    let number = Number::new(&id("INV"), 42);
    Invoice::issue(&terms, &statement, number, day("2026-04-03"), due)
}

fn note(
    invoice: &Invoice,
    earlier: &[CreditNote],
    gross: i128,
) -> Result<CreditNote, InvoiceError> {
    let sequence = u32::try_from(earlier.len() + 1).expect("few notes");
    let number = Number::new(&id("CN"), sequence);
    CreditNote::issue(invoice, earlier, number, day("2026-05-02"), id("objection"), yuan(gross))
}

#[test]
fn an_invoice_says_who_pays_whom_how_much_by_when_and_where() {
    let invoice = invoice(2_000, &[]).expect("an invoice");
    assert_eq!(invoice.number.text, "INV-000042");
    assert_eq!(
        (invoice.seller.name.as_str(), invoice.buyer.name.as_str()),
        ("Vendor Ltd", "Customer Ltd")
    );
    assert_eq!(
        (invoice.net, invoice.gross, invoice.payable),
        (yuan(70_000), yuan(74_200), yuan(74_200))
    );
    assert_eq!(invoice.tax[0].tax, yuan(4_200));
    assert_eq!(invoice.gross_words.zh, "柒佰肆拾贰元整");
    assert_eq!(invoice.due.day, day("2026-04-30"));
    assert_eq!(invoice.account.holder, "Vendor Ltd");
    let text = serde_json::to_string(&invoice).expect("an invoice is written");
    assert_eq!(serde_json::from_str::<Invoice>(&text).expect("and read"), invoice);
}

#[test]
fn an_invoice_without_an_account_is_refused() {
    let result = invoice(1, &[("/vendor/account", json!(null))]);
    assert_eq!(result, Err(InvoiceError::NoAccount));
}

#[test]
fn credit_notes_take_back_no_more_than_is_left() {
    let invoice = invoice(2_000, &[]).expect("an invoice");
    let first = note(&invoice, &[], 10_000).expect("a note");
    // A share of 10000/74200 of the tax of 42.00 is 5.66.
    assert_eq!((first.net, first.tax, first.gross), (yuan(9_434), yuan(566), yuan(10_000)));
    let earlier = [first];
    let left = yuan(64_200);
    assert_eq!(invoice.left(&earlier), Ok(left));
    let more = note(&invoice, &earlier, 64_201);
    assert_eq!(more, Err(InvoiceError::MoreThanLeft { gross: yuan(64_201), left }));
    let rest = note(&invoice, &earlier, 64_200).expect("the rest");
    assert_eq!(rest.tax, yuan(4_200 - 566));
    let [first] = earlier;
    let all = [first, rest];
    assert_eq!(invoice.left(&all), Ok(yuan(0)));
    let nothing = |gross| Err(InvoiceError::NothingCredited { gross: yuan(gross) });
    assert_eq!(note(&invoice, &all, 0), nothing(0));
    assert_eq!(note(&invoice, &[], -1), nothing(-1));
    let mut other = all[0].clone();
    other.invoice = Number::new(&id("INV"), 41);
    let of_other = Err(InvoiceError::OtherInvoice { number: other.number.clone() });
    assert_eq!(invoice.left(&[other]), of_other);
}

#[test]
fn a_series_has_no_gap_and_no_number_twice() {
    fn check(rows: &[(&[u32], Result<u32, SeriesError>)]) {
        for (existing, want) in rows {
            assert_eq!(next_number(existing), *want, "{existing:?}");
            assert_eq!(check_series(existing).err(), want.err(), "{existing:?}");
        }
    }
    check(&[
        (&[], Ok(1)),
        (&[1], Ok(2)),
        (&[3, 1, 2], Ok(4)),
        (&[2], Err(SeriesError::Gap { missing: 1 })),
        (&[1, 2, 4], Err(SeriesError::Gap { missing: 3 })),
        (&[1, 2, 2], Err(SeriesError::Twice { number: 2 })),
        (&[0, 1], Err(SeriesError::Twice { number: 0 })),
    ]);
}

proptest! {
    #[test]
    fn an_invoice_less_its_credit_notes_never_falls_below_nothing(
        accepted in 1_u64..10_000, asked in proptest::collection::vec(1_i128..100_000, 0..12),
    ) {
        let invoice = invoice(accepted, &[]).expect("an invoice");
        let mut notes: Vec<CreditNote> = Vec::new();
        for gross in asked {
            match note(&invoice, &notes, gross) {
                Ok(note) => notes.push(note),
                Err(error) => {
                    let refused = matches!(error, InvoiceError::MoreThanLeft { .. });
                    prop_assert!(refused, "{:?}", error);
                }
            }
        }
        let left = invoice.left(&notes).expect("in range");
        prop_assert!(!left.is_negative());
        if !left.is_zero() {
            notes.push(note(&invoice, &notes, left.minor()).expect("the rest"));
        }
        let tax: i128 = notes.iter().map(|note| note.tax.minor()).sum();
        let net: i128 = notes.iter().map(|note| note.net.minor()).sum();
        prop_assert_eq!((net, tax), (invoice.net.minor(), invoice.tax[0].tax.minor()));
        let sound = |note: &CreditNote| !note.tax.is_negative() && !note.net.is_negative();
        prop_assert!(notes.iter().all(sound));
    }
}
