//! `tally settle`: the statement of a period with its workings, and submitting it. Every figure
//! shows its formula, inputs, rounding, clause and evidence.

use std::path::PathBuf;

use clap::Args;
use contract::event::Actor;
use contract::terms::Side;
use desk::money::{self, Settled};
use serde_json::json;
use settlement::{Line, Statement};
use units::Lang;

use crate::args::{Agreement, instant};
use crate::commands::print;
use crate::context::{Context, entry_json};
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// Arguments of `settle`.
#[derive(Debug, Args)]
pub(crate) struct Settle {
    #[command(flatten)]
    agreement: Agreement,
    /// 2026-03, 2026-03-01/2026-03-16, milestone:NAME, through:N, prepayment or closing
    #[arg(value_name = "PERIOD")]
    period: String,
    /// Put the statement before the customer
    #[arg(long, requires = "by")]
    submit: bool,
    /// The person of the vendor who submits it
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// File for the statement's canonical JSON
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// File for the statement as PDF
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// Facts until this instant; otherwise now
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    until: Option<units::Timestamp>,
    /// Sums and lines only, without workings
    #[arg(long)]
    brief: bool,
}

/// Computes a statement; submits it where asked.
pub(crate) async fn run(args: Settle, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let mut book = context.book(&desk, &args.agreement.id).await?;
    if args.submit {
        // What silence has decided by now belongs to what is settled.
        desk.tick(&mut book).await?;
    }
    let until = args.until.unwrap_or_else(|| book.instant(desk.clock.now()));
    let period = money::period(&book.state, &args.period, until)?;
    let settled = Settled::new(&book, &period)?;
    let statement = &settled.statement;
    if let Some(path) = &args.out {
        Context::write(path, &money::statement_bytes(statement)?)?;
    }
    let mut recorded = Vec::new();
    if args.submit {
        let actor = Actor::of(Side::Vendor, args.by.as_deref().unwrap_or_default());
        recorded = desk.submit(&mut book, &actor, statement).await?;
    }
    if let Some(path) = &args.pdf {
        print::statement(&desk, &book, &settled, path, context).await?;
    }
    if context.out.is_json() {
        let entries: Vec<_> = recorded.iter().map(entry_json).collect();
        return context.out.json(&json!({ "statement": statement, "recorded": entries }));
    }
    show(statement, !args.brief, context)?;
    if !recorded.is_empty() {
        context.out.line("")?;
        context.recorded(&recorded)?;
    }
    Ok(())
}

/// Shows a statement.
fn show(statement: &Statement, workings: bool, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let kind = words.kind(&statement.kind);
    let window = words.window(statement.window);
    let title = match words.lang {
        Lang::Zh => format!("结算单 {}  {}（{kind}）", statement.name, statement.agreement),
        Lang::En => format!("Statement {}  {} ({kind})", statement.name, statement.agreement),
    };
    context.out.heading(&title)?;
    context.out.line(window)?;
    let sections = [
        (("", ""), &statement.lines),
        (("税", "Tax"), &statement.tax_lines),
        (("调整", "Adjustments"), &statement.adjustments),
        (("退款", "Refunds"), &statement.refunds),
        (("丧失", "Forfeits"), &statement.forfeits),
    ];
    for ((zh, en), lines) in sections {
        if lines.is_empty() {
            continue;
        }
        let title = context.say(zh, en).to_owned();
        context.out.line("")?;
        if !title.is_empty() {
            context.out.heading(&title)?;
        }
        for (at, line) in lines.iter().enumerate() {
            show_line(at + 1, line, workings, context)?;
        }
    }
    totals(statement, context)?;
    notes(statement, context)
}

fn show_line(
    number: usize,
    line: &Line,
    workings: bool,
    context: &mut Context,
) -> Result<(), Failure> {
    let words = context.words.clone();
    let amount = context.out.paint(Paint::Bold, &words.money(line.amount));
    let name = words.line(line);
    let clause = words.clause(&line.clause);
    context.out.line(format!("{number:>3}  {name}  {amount}  {clause}"))?;
    if workings {
        for text in words.working(&line.working) {
            let text = context.out.paint(Paint::Dim, &format!("     {text}"));
            context.out.line(text)?;
        }
    }
    let most = if workings { usize::MAX } else { 8 };
    let evidence = words.evidence(&line.evidence, most);
    if !evidence.is_empty() {
        let label = context.say("证据", "evidence");
        let text = context.out.paint(Paint::Dim, &format!("     {label} {evidence}"));
        context.out.line(text)?;
    }
    Ok(())
}

fn totals(statement: &Statement, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let totals = &statement.totals;
    let mut rows = vec![
        (("未税", "net"), totals.net),
        (("税额", "tax"), totals.tax),
        (("价税合计", "gross"), totals.gross),
    ];
    if !totals.adjustments.is_zero() {
        rows.push((("调整", "adjustments"), totals.adjustments));
    }
    rows.push((("应付", "due"), totals.due));
    if !totals.refund.is_zero() {
        rows.push((("应退", "to refund"), totals.refund));
    }
    let rows = rows
        .into_iter()
        .map(|((zh, en), amount)| vec![context.say(zh, en).to_owned(), words.money(amount)]);
    let header = [
        (context.say("合计", "total"), Column::Left),
        (context.say("金额", "amount"), Column::Right),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line("")?;
    context.out.line(text)?;
    let label = context.say("应付大写", "in words").to_owned();
    context.out.line(format!("{label}  {}", totals.due_words.zh))?;
    context.out.line(format!("{label}  {}", totals.due_words.en))
}

/// What is said beside the sums: availability, credits, gaps.
fn notes(statement: &Statement, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    if let Some(report) = &statement.availability {
        let line = format!("\n{}", words.availability(report));
        context.out.line(line)?;
    }
    if let Some(credit) = &statement.credit {
        let line = words.service_credit(credit);
        context.out.line(line)?;
        for text in words.working(&credit.line.working) {
            let text = context.out.paint(Paint::Dim, &format!("     {text}"));
            context.out.line(text)?;
        }
    }
    if let Some(gpu) = &statement.gpu
        && !gpu.not_billed.is_empty()
    {
        let title = context.say("\n不计费的作业", "\nJobs that are not billed").to_owned();
        context.out.line(title)?;
        for row in &gpu.not_billed {
            let line = format!("  {}  {}", row.job, words.name(row.reason));
            context.out.line(line)?;
        }
    }
    if !statement.gaps.is_empty() {
        let title = context.say("\n未能计算", "\nNot computed").to_owned();
        context.out.line(title)?;
    }
    for gap in &statement.gaps {
        let line = format!("  {}", words.gap(gap));
        context.out.line(line)?;
    }
    Ok(())
}
