//! `tally account` and `tally liability`: the account between the parties with late fees by the
//! day, and what the liability cap allows of each claim. Clauses: lease-3.4, lease-8.1, pb-06.

use clap::Args;
use desk::account as accounts;
use serde_json::json;
use units::{Date, Lang};

use crate::args::{Agreement, date};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// Arguments of `account`.
#[derive(Debug, Args)]
pub(crate) struct Account {
    #[command(flatten)]
    agreement: Agreement,
    /// As of which day; otherwise today
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// The books as well: double entry, with balances
    #[arg(long)]
    books: bool,
}

/// Arguments of `liability`.
#[derive(Debug, Args)]
pub(crate) struct Liability {
    #[command(flatten)]
    agreement: Agreement,
}

/// Shows the account.
pub(crate) async fn account(args: Account, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    let agreement = book.state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
    let today = desk.clock.now().date(&agreement.zone);
    let as_of = args.as_of.unwrap_or(today);
    let account = accounts::account(&book.state, agreement, as_of);
    let account = account.map_err(desk::DeskError::Account)?;
    let books = if args.books { Some(desk::books::books(&book, as_of)?) } else { None };
    let books = books.map(|ledger| settlement::export(&ledger, settlement::Syntax::Hledger));
    if context.out.is_json() {
        return context.out.json(&json!({ "account": account, "books": books }));
    }
    show(&account, context)?;
    if let Some(text) = books {
        context.out.line("")?;
        context.out.bytes(text.as_bytes())?;
    }
    Ok(())
}

fn show(account: &accounts::Account, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let title = match words.lang {
        Lang::Zh => format!("往来账 截至 {}", account.as_of),
        Lang::En => format!("Account as of {}", account.as_of),
    };
    context.out.heading(&title)?;
    if account.invoices.is_empty() && account.payments.is_empty() {
        let text = context.say("尚无往来", "nothing yet").to_owned();
        return context.out.line(text);
    }
    let rows = account.invoices.iter().map(|row| {
        let fee = row.late_fee.as_ref();
        vec![
            row.number.to_string(),
            row.due.to_string(),
            words.money(row.payable),
            words.money(row.open_principal),
            fee.map_or("—".to_owned(), |fee| words.money(fee.accrued)),
            words.money(row.open_late_fee),
        ]
    });
    let header = [
        (context.say("发票", "invoice"), Column::Left),
        (context.say("付款期限", "due"), Column::Left),
        (context.say("应付", "payable"), Column::Right),
        (context.say("未付本金", "open principal"), Column::Right),
        (context.say("累计违约金", "late fee"), Column::Right),
        (context.say("未付违约金", "open late fee"), Column::Right),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)?;
    for row in &account.invoices {
        late_fee(row, context)?;
    }
    for row in &account.payments {
        payment(row, context)?;
    }
    let sums = [
        (("未付本金", "open principal"), account.open_principal),
        (("未付违约金", "open late fees"), account.open_late_fees),
        (("未分配", "not allocated"), account.unallocated),
    ];
    let shown = sums.iter().map(|((zh, en), amount)| {
        let label = context.say(zh, en);
        format!("{label} {}", words.money(*amount))
    });
    let line = shown.collect::<Vec<_>>().join(context.say("；", "; "));
    context.out.line("")?;
    context.out.line(line)
}

fn late_fee(row: &accounts::InvoiceAccount, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let Some(fee) = row.late_fee.as_ref().filter(|fee| !fee.rows.is_empty()) else {
        return Ok(());
    };
    let title = match words.lang {
        Lang::Zh => format!("\n发票 {} 的逾期违约金", row.number),
        Lang::En => format!("\nLate fee of invoice {}", row.number),
    };
    context.out.heading(&title)?;
    for stretch in &fee.rows {
        let principal = words.money(stretch.principal);
        let line = match words.lang {
            Lang::Zh => {
                format!(
                    "  {} 至 {}：{} 天，本金 {principal}",
                    stretch.from, stretch.to, stretch.days
                )
            }
            Lang::En => format!(
                "  {} to {}: {} days on {principal}",
                stretch.from, stretch.to, stretch.days
            ),
        };
        context.out.line(line)?;
        for text in context.words.working(&stretch.working) {
            let text = context.out.paint(Paint::Dim, &format!("     {text}"));
            context.out.line(text)?;
        }
    }
    if let Some(line) = &fee.line {
        let text = format!("  = {}  {}", words.money(line.amount), words.clause(&line.clause));
        context.out.line(text)?;
    }
    if let Some(cap) = fee.cap {
        // The cap is shown as the most that can be owed: what is below the minor unit is cut off.
        let currency = row.payable.currency();
        let cap = units::Money::from_fraction(cap, currency, units::RoundingMode::Floor);
        let text = format!("  {} {}", context.say("上限", "cap"), words.money(cap));
        context.out.line(text)?;
    }
    Ok(())
}

fn payment(row: &accounts::AllocatedPayment, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let parts = row.allocation.parts.iter().map(|part| {
        format!("{} {} {}", part.invoice, words.name(part.target), words.money(part.amount))
    });
    let parts = words.list(parts.collect::<Vec<_>>());
    let amount = words.money(row.amount);
    let line = match words.lang {
        Lang::Zh => format!("{} 收款 {}：{amount} → {parts}", row.on, row.payment),
        Lang::En => format!("{} payment {}: {amount} → {parts}", row.on, row.payment),
    };
    context.out.line(line)
}

/// Shows what the cap allows.
pub(crate) async fn liability(args: Liability, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    let agreement = book.state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
    let rows = accounts::liability(&book.state, agreement);
    let rows = rows.map_err(desk::DeskError::Account)?;
    if context.out.is_json() {
        return context.out.json(&json!({ "liability": rows }));
    }
    if rows.is_empty() {
        let text = context.say("没有索赔", "no claims").to_owned();
        return context.out.line(text);
    }
    let words = context.words.clone();
    let dash = |amount: Option<units::Money>| {
        amount.map_or("—".to_owned(), |amount| words.money(amount))
    };
    let table_rows = rows.iter().map(|row| {
        vec![
            row.claim.to_string(),
            words.name(row.against).to_owned(),
            words.money(row.recoverable),
            match row.carved_out {
                true => context.say("不受上限", "uncapped").to_owned(),
                false => dash(row.cap),
            },
            words.money(row.used_before),
            words.money(row.allowed),
            dash(row.left),
        ]
    });
    let header = [
        (context.say("索赔", "claim"), Column::Left),
        (context.say("责任方", "against"), Column::Left),
        (context.say("可赔", "recoverable"), Column::Right),
        (context.say("上限", "cap"), Column::Right),
        (context.say("此前已用", "used before"), Column::Right),
        (context.say("应赔", "allowed"), Column::Right),
        (context.say("剩余", "left"), Column::Right),
    ];
    let text = table(context, &header, table_rows.collect::<Vec<_>>());
    context.out.line(text)
}
