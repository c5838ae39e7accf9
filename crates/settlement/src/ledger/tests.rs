//! Balanced books: one row for each case, laws, and naive counts beside them.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use proptest::prelude::*;
use serde_json::json;
use units::{Currency, Date, Id, Metric, Money};

use super::{
    Account, Booked, Ledger, LedgerError, PaymentShare, Posting, Syntax, Transaction,
    TransactionKind, export,
};
use crate::carried::Carried;
use crate::due::Due;
use crate::fixture::{agreement_with, annotation, at, id, lease, measurement, window};
use crate::invoice::{CreditNote, Invoice, Number};
use crate::period::Period;
use crate::statement::{Statement, settle};

fn day(text: &str) -> Date {
    text.parse().expect(text)
}

fn yuan(minor: i128) -> Money {
    Money::new(minor, Currency::Cny)
}

fn case() -> Id {
    id("case-1")
}

fn balance(ledger: &Ledger, account: Account) -> i128 {
    ledger.balance(account).expect("in range").minor()
}

/// A lease with a late repair, a prepayment and an invoice.
fn statement(carried: &Carried) -> (contract::terms::Agreement, Statement) {
    let prepayment = json!({
        "amount": {"figure": "1000", "words": null}, "due": "5wd", "drawdown": true,
        "refundable": true,
    });
    let terms = agreement_with(lease(), &[("/payment/prepayment", prepayment)]);
    let mut outage =
        measurement(Metric::RepairHours, "node1", "2026-03-12", units::Quantity::Count(9), "e7");
    outage.window = window("2026-03-12T08:00", "2026-03-12T14:30");
    let month = Period::Month { month: day("2026-03-01") };
    let statement = settle(&terms, &[outage], &month, carried).expect("a statement");
    (terms, statement)
}

fn invoiced(terms: &contract::terms::Agreement, statement: &Statement) -> Invoice {
    let late_from = at("2026-05-01");
    let due = Due { day: day("2026-04-30"), late_from, provisional: false };
    let number = Number::new(&id("INV"), 1);
    Invoice::issue(terms, statement, number, day("2026-04-03"), due).expect("an invoice")
}

#[test]
fn every_account_has_one_row_and_one_code() {
    let codes: BTreeSet<&str> = Account::ALL.iter().map(|row| row.2).collect();
    let accounts: BTreeSet<Account> = Account::ALL.iter().map(|row| row.0).collect();
    assert_eq!((codes.len(), accounts.len()), (Account::ALL.len(), Account::ALL.len()));
    let last = Account::WriteOff;
    assert_eq!(last as usize + 1, Account::ALL.len(), "a new account needs a row");
}

#[test]
fn a_month_from_statement_to_payment() {
    let mut ledger = Ledger::new(Currency::Cny);
    let prepaid = [PaymentShare { account: Account::Prepayment, amount: yuan(100_000) }];
    let paid =
        Transaction::payment(&case(), &id("bank-1"), day("2026-01-05"), yuan(100_000), &prepaid);
    ledger.book(paid.expect("balanced")).expect("booked");

    let carried = Carried { prepayment_left: yuan(100_000), ..Carried::nothing(Currency::Cny) };
    let (terms, statement) = statement(&carried);
    // 50,000 of one-off fees with 6 % tax, less 250 for the repair and 1,000 paid before.
    assert_eq!(statement.totals.due, yuan(5_300_000 - 25_000 - 100_000));
    let on = day("2026-04-02");
    let approved = Transaction::statement_approved(&statement, on).expect("balanced");
    let given = Transaction::credits_given(&statement, on).expect("balanced").expect("a repair");
    let invoice = invoiced(&terms, &statement);
    let billed = Transaction::invoice(&invoice).expect("balanced");
    for transaction in [&approved, &given, &billed] {
        assert_eq!(ledger.book(transaction.clone()), Ok(Booked::New));
        assert_eq!(ledger.book(transaction.clone()), Ok(Booked::Already));
    }
    assert_eq!(balance(&ledger, Account::Unbilled), 0);
    assert_eq!(balance(&ledger, Account::DamagesOwed), 0);
    assert_eq!(balance(&ledger, Account::Prepayment), 0);
    assert_eq!(balance(&ledger, Account::Receivable), invoice.payable.minor());
    assert_eq!(balance(&ledger, Account::Revenue), -5_000_000);
    assert_eq!(balance(&ledger, Account::TaxPayable), -300_000);

    let fee = Transaction::late_fee(&case(), &id("INV-000001"), day("2026-05-31"), yuan(7_500));
    ledger.book(fee.expect("balanced")).expect("booked");
    let parts = [PaymentShare { account: Account::Receivable, amount: invoice.payable }];
    let amount = invoice.payable;
    let paid = Transaction::payment(&case(), &id("bank-2"), day("2026-05-31"), amount, &parts);
    ledger.book(paid.expect("balanced")).expect("booked");
    // The principal is paid; the late fee is still owed.
    assert_eq!(balance(&ledger, Account::Receivable), 0);
    assert_eq!(balance(&ledger, Account::LateFeeReceivable), 7_500);
    let trial = ledger.trial_balance().expect("in range");
    assert_eq!(trial.debit, trial.credit);
}

#[test]
fn a_credit_note_and_a_write_off_lower_what_is_receivable() {
    let mut ledger = Ledger::new(Currency::Cny);
    let (terms, statement) = statement(&Carried::nothing(Currency::Cny));
    let invoice = invoiced(&terms, &statement);
    let number = Number::new(&id("CN"), 1);
    let note = CreditNote::issue(&invoice, &[], number, day("2026-05-02"), id("error"), yuan(106));
    let on = day("2026-04-02");
    let write_off = |amount| {
        let account = Account::Receivable;
        Transaction::write_off(&case(), &id("INV-000001"), day("2026-12-31"), account, amount)
    };
    for transaction in [
        Transaction::statement_approved(&statement, on),
        Transaction::invoice(&invoice),
        Transaction::credit_note(&note.expect("a note")),
        write_off(yuan(invoice.payable.minor() - 106)),
    ] {
        ledger.book(transaction.expect("balanced")).expect("booked");
    }
    assert_eq!(balance(&ledger, Account::Receivable), 0);
    assert_eq!(balance(&ledger, Account::TaxPayable), -299_994);
    assert!(matches!(write_off(yuan(-1)), Err(LedgerError::Negative { .. })));
}

#[test]
fn what_is_left_at_the_end_is_paid_back_or_lost() {
    for (refundable, bank, forfeited) in [(true, -44_000, 0), (false, 0, -44_000)] {
        let prepayment = json!({
            "amount": {"figure": "440", "words": null}, "due": "5wd", "drawdown": false,
            "refundable": refundable,
        });
        let terms = agreement_with(annotation(), &[("/payment/prepayment", prepayment)]);
        let carried = Carried { prepayment_left: yuan(44_000), ..Carried::nothing(Currency::Cny) };
        let closing = Period::Closing { window: window("2026-12-01", "2027-01-01") };
        let statement = settle(&terms, &[], &closing, &carried).expect("a statement");
        let refund = Transaction::refund(&statement, day("2027-01-05")).expect("balanced");
        let mut ledger = Ledger::new(Currency::Cny);
        ledger.book(refund.expect("something is left")).expect("booked");
        assert_eq!(balance(&ledger, Account::Prepayment), 44_000);
        assert_eq!(balance(&ledger, Account::Bank), bank);
        assert_eq!(balance(&ledger, Account::Forfeited), forfeited);
    }
}

#[test]
fn what_does_not_balance_or_contradicts_is_not_booked() {
    let mut ledger = Ledger::new(Currency::Cny);
    let posting = |account, amount| Posting { account, amount: yuan(amount) };
    let transaction = |amount| Transaction {
        id: id("t1"),
        on: day("2026-01-01"),
        kind: TransactionKind::Payment,
        agreement: case(),
        postings: alloc::vec![posting(Account::Bank, 5), posting(Account::Receivable, amount)],
    };
    let unbalanced = Err(LedgerError::Unbalanced { id: id("t1"), by: yuan(1) });
    assert_eq!(ledger.book(transaction(-4)), unbalanced);
    assert_eq!(ledger.book(transaction(-5)), Ok(Booked::New));
    let mut other = transaction(-5);
    other.on = day("2026-01-02");
    assert_eq!(ledger.book(other), Err(LedgerError::Conflict { id: id("t1") }));
    let mut dollars = transaction(-5);
    dollars.id = id("t2");
    dollars.postings[0].amount = Money::new(5, Currency::Usd);
    let currency = Err(LedgerError::Money(units::MoneyError::Currency));
    assert_eq!(ledger.book(dollars), currency);
    let parts = Transaction::payment(&case(), &id("p"), day("2026-01-01"), yuan(5), &[]);
    assert!(matches!(parts, Err(LedgerError::Parts { .. })));
    assert_eq!(ledger.transactions().len(), 1);
}

#[test]
fn books_are_exported_as_plain_text() {
    let mut ledger = Ledger::new(Currency::Cny);
    let fee = Transaction::late_fee(&case(), &id("INV-000001"), day("2026-05-31"), yuan(7_500));
    ledger.book(fee.expect("balanced")).expect("booked");
    let lines = |syntax| {
        let text = export(&ledger, syntax);
        let rest =
            text.lines().filter(|line| !line.starts_with("account") && !line.contains(" open "));
        rest.map(alloc::string::String::from).collect::<Vec<_>>()
    };
    assert_eq!(
        lines(Syntax::Hledger),
        [
            "commodity CNY",
            "    format 1000.00 CNY",
            "",
            "2026-05-31 * late-fee/INV-000001/2026-05-31",
            "    ; agreement: case-1",
            "    assets:late-fee-receivable  75.00 CNY",
            "    income:late-fee-income  -75.00 CNY",
        ]
    );
    assert_eq!(
        lines(Syntax::Beancount),
        [
            "",
            "2026-05-31 * \"late-fee/INV-000001/2026-05-31\"",
            "  agreement: \"case-1\"",
            "    Assets:Late-fee-receivable  75.00 CNY",
            "    Income:Late-fee-income  -75.00 CNY",
        ]
    );
    assert!(export(&ledger, Syntax::Beancount).starts_with("2026-05-31 open Assets:Bank CNY\n"));
    let mut of_ledger = lines(Syntax::Ledger);
    assert_eq!(of_ledger.remove(2), "tag agreement");
    assert_eq!(of_ledger, lines(Syntax::Hledger));
}

proptest! {
    #[test]
    fn the_books_always_balance(rows in proptest::collection::vec(
        (0_u8..5, 0_i128..1_000_000, 0_u8..30), 0..40,
    )) {
        let mut ledger = Ledger::new(Currency::Cny);
        for (kind, amount, name) in rows {
            let (on, amount) = (day("2026-03-01"), yuan(amount));
            let name = id(&alloc::format!("n{name}"));
            let receivable = [PaymentShare { account: Account::Receivable, amount }];
            let transaction = match kind {
                0 => Transaction::late_fee(&case(), &name, on, amount),
                1 => Transaction::drawdown(&case(), &name, on, amount),
                2 => Transaction::write_off(&case(), &name, on, Account::Receivable, amount),
                _ => Transaction::payment(&case(), &name, on, amount, &receivable),
            };
            // The same name over another amount is refused and leaves the books as they were.
            let _ = ledger.book(transaction.expect("balanced"));
            let balances = ledger.balances().expect("in range");
            let sum: i128 = balances.values().map(|balance| balance.minor()).sum();
            prop_assert_eq!(sum, 0);
        }
        let trial = ledger.trial_balance().expect("in range");
        prop_assert_eq!(trial.debit, trial.credit);
    }
}
