//! The books as plain-text accounting, so that other programs can check and read them. Codes only:
//! the reader's own language stands nowhere.

use alloc::string::String;
use core::fmt::Write;

use super::{Account, AccountClass, Ledger, Transaction};

/// A syntax of plain-text accounting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Syntax {
    /// hledger.
    Hledger,
    /// ledger.
    Ledger,
    /// beancount.
    Beancount,
}

/// The books in a syntax: currency and accounts first, then transactions as they were booked.
#[must_use]
pub fn export(ledger: &Ledger, syntax: Syntax) -> String {
    let mut text = String::new();
    if syntax != Syntax::Beancount {
        // Both programs print by this format and, when strict, know no other commodity.
        let currency = ledger.currency();
        let places = "0".repeat(usize::from(currency.exponent()));
        let _ = writeln!(text, "commodity {currency}\n    format 1000.{places} {currency}");
    }
    if syntax == Syntax::Ledger {
        text.push_str("tag agreement\n");
    }
    let first = ledger.transactions().iter().map(|transaction| transaction.on).min();
    for (account, _, _) in Account::ALL {
        let name = account_name(*account, syntax);
        // Writing to a string cannot fail.
        let _ = match (syntax, first) {
            (Syntax::Beancount, Some(first)) => {
                writeln!(text, "{first} open {name} {}", ledger.currency())
            }
            (Syntax::Beancount, None) => Ok(()),
            _ => writeln!(text, "account {name}"),
        };
    }
    for transaction in ledger.transactions() {
        let _ = write_transaction(&mut text, transaction, syntax);
    }
    text
}

fn write_transaction(
    text: &mut String,
    transaction: &Transaction,
    syntax: Syntax,
) -> core::fmt::Result {
    let Transaction { id, on, agreement, postings, .. } = transaction;
    match syntax {
        Syntax::Beancount => {
            writeln!(text, "\n{on} * \"{id}\"")?;
            writeln!(text, "  agreement: \"{agreement}\"")?;
        }
        Syntax::Hledger | Syntax::Ledger => {
            writeln!(text, "\n{on} * {id}")?;
            writeln!(text, "    ; agreement: {agreement}")?;
        }
    }
    for posting in postings {
        let account = account_name(posting.account, syntax);
        writeln!(text, "    {account}  {}", posting.amount)?;
    }
    Ok(())
}

/// `assets:receivable`, or `Assets:Receivable` where the syntax wants capitals.
fn account_name(account: Account, syntax: Syntax) -> String {
    let class = match account.class() {
        AccountClass::Assets => "assets",
        AccountClass::Liabilities => "liabilities",
        AccountClass::Income => "income",
        AccountClass::Expenses => "expenses",
    };
    let name = alloc::format!("{class}:{}", account.code());
    if syntax != Syntax::Beancount {
        return name;
    }
    let capital = |part: &str| {
        let (head, tail) = part.split_at(1);
        alloc::format!("{}{tail}", head.to_ascii_uppercase())
    };
    let parts: alloc::vec::Vec<String> = name.split(':').map(capital).collect();
    parts.join(":")
}
