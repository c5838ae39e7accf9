//! `tally position`: where an agreement stands: obligations of both sides with their clocks,
//! measures against standards, money, rights, claims, gaps in the evidence.

use std::collections::BTreeSet;

use clap::Args;
use contract::Position as View;
use contract::obligation::ObligationStatus;
use contract::terms::Side;
use desk::account::{Account, account};
use serde_json::json;
use units::{Id, Lang};

use crate::args::{Agreement, Party};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// Arguments of `position`.
#[derive(Debug, Args)]
pub(crate) struct Position {
    #[command(flatten)]
    agreement: Agreement,
    /// As of when: an instant, or a day in the agreement's zone
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Obligations of one party only
    #[arg(long, value_name = "PARTY")]
    side: Option<Party>,
    /// Open obligations only
    #[arg(long)]
    open: bool,
}

/// Shows the position.
pub(crate) async fn run(args: Position, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    let as_of = match &args.as_of {
        None => desk.clock.now(),
        Some(text) => context.instant(text).ok_or_else(|| Failure::BadValue {
            field: "--as-of".to_owned(),
            text: text.clone(),
            form: "2026-03-31 | 2026-03-31T18:00:00+08:00".to_owned(),
        })?,
    };
    let mut view = contract::position(&book.state, as_of);
    if let Some(side) = args.side {
        view.obligations.retain(|row| row.debtor == side.side());
    }
    if args.open {
        view.obligations.retain(|row| is_open(row.status));
    }
    let account = match &book.state.agreement {
        Some(agreement) => {
            let day = as_of.date(&agreement.zone);
            let account = account(&book.state, agreement, day);
            Some(account.map_err(desk::DeskError::Account)?)
        }
        None => None,
    };
    if context.out.is_json() {
        return context.out.json(&json!({ "position": view, "account": account }));
    }
    show(&view, account.as_ref(), context)
}

const fn is_open(status: ObligationStatus) -> bool {
    matches!(
        status,
        ObligationStatus::Pending | ObligationStatus::Breached | ObligationStatus::Suspended
    )
}

fn show(view: &View, account: Option<&Account>, context: &mut Context) -> Result<(), Failure> {
    head(view, context)?;
    for side in [Side::Customer, Side::Vendor] {
        obligations(view, side, context)?;
    }
    standards(view, context)?;
    money(view, account, context)?;
    rights(view, context)?;
    rest(view, context)?;
    legend(view, context)
}

fn head(view: &View, context: &mut Context) -> Result<(), Failure> {
    let words = &context.words;
    let id = view.agreement.as_ref().map_or(String::new(), ToString::to_string);
    let phase = words.phase(view.phase);
    let at = words.instant(view.as_of);
    let line = match words.lang {
        Lang::Zh => format!("{id}  {phase}  截至 {at}"),
        Lang::En => format!("{id}  {phase}  as of {at}"),
    };
    let term = match (words.lang, view.effective, view.ends) {
        (Lang::Zh, Some(from), Some(to)) => format!("期限 {from} 至 {to}"),
        (Lang::En, Some(from), Some(to)) => format!("term {from} to {to}"),
        _ => String::new(),
    };
    let ended = view.ended.map(|(at, ground)| {
        let (at, ground) = (words.instant(at), words.name(ground));
        match words.lang {
            Lang::Zh => format!(";已于 {at} 终止（{ground})"),
            Lang::En => format!("; ended {at} ({ground})"),
        }
    });
    let term = format!("{term}{}", ended.unwrap_or_default());
    context.out.heading(&line)?;
    if !term.is_empty() {
        context.out.line(term)?;
    }
    if view.provisional {
        let text = context.say(
            "带 * 的期限所依据的节假日安排尚未公布，可能变动",
            "deadlines with * rest on holidays that are not published yet and may move",
        );
        let text = context.out.paint(Paint::Yellow, text);
        context.out.line(text)?;
    }
    Ok(())
}

fn obligations(view: &View, side: Side, context: &mut Context) -> Result<(), Failure> {
    let of_side: Vec<_> = view.obligations.iter().filter(|row| row.debtor == side).collect();
    if of_side.is_empty() {
        return Ok(());
    }
    let words = context.words.clone();
    let title = match words.lang {
        Lang::Zh => format!("\n{}的义务", words.name(side)),
        Lang::En => format!("\nObligations of the {}", words.name(side)),
    };
    context.out.heading(&title)?;
    let rows = of_side.iter().map(|row| {
        let mark = if row.provisional { "*" } else { "" };
        let clock = match (row.status, row.met) {
            (ObligationStatus::Pending | ObligationStatus::Breached, _) => {
                words.remaining(row.due, view.as_of)
            }
            (_, Some(met)) => words.instant(met),
            _ => String::new(),
        };
        let evidence: Vec<String> = row.evidence.iter().map(ToString::to_string).collect();
        vec![
            words.name(row.status).to_owned(),
            of(&row.name, words.name(row.kind)),
            format!("{}{mark}", words.limit(row.due)),
            clock,
            row.clause.to_string(),
            evidence.join(" "),
        ]
    });
    let header = [
        (context.say("状态", "status"), Column::Left),
        (context.say("义务", "obligation"), Column::Text),
        (context.say("期限", "due"), Column::Left),
        (context.say("时钟", "clock"), Column::Left),
        (context.say("条款", "clause"), Column::Left),
        (context.say("证据", "evidence"), Column::Left),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}

fn standards(view: &View, context: &mut Context) -> Result<(), Failure> {
    if view.standards.is_empty() {
        return Ok(());
    }
    let words = context.words.clone();
    context.out.heading(context_title(context, "\n标准", "\nStandards").as_str())?;
    let rows = view.standards.iter().map(|row| {
        let evidence: Vec<String> = row.evidence.iter().take(4).map(ToString::to_string).collect();
        vec![
            words.name(row.verdict).to_owned(),
            match row.average {
                Some(average) => format!("{} {}", words.name(average), words.name(row.metric)),
                None => words.name(row.metric).to_owned(),
            },
            row.subject.as_ref().map_or(String::new(), ToString::to_string),
            words.measure(row.metric, row.threshold),
            row.value.map_or("—".to_owned(), |value| words.measure(row.metric, value)),
            row.clause.to_string(),
            evidence.join(" "),
        ]
    });
    let header = [
        (context.say("结论", "verdict"), Column::Left),
        (context.say("指标", "measure"), Column::Text),
        (context.say("对象", "of"), Column::Left),
        (context.say("要求", "required"), Column::Right),
        (context.say("实测", "measured"), Column::Right),
        (context.say("条款", "clause"), Column::Left),
        (context.say("证据", "evidence"), Column::Left),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}

/// What is owed, and of what: an invoice, a delivery.
fn of(name: &Id, kind: &str) -> String {
    match name.as_str().split_once(':') {
        Some((_, subject)) => format!("{kind} {subject}"),
        None => kind.to_owned(),
    }
}

fn context_title(context: &Context, zh: &str, en: &str) -> String {
    context.say(zh, en).to_owned()
}

/// The titles of the clauses that were cited.
fn legend(view: &View, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let cited = view.obligations.iter().map(|row| &row.clause);
    let cited: BTreeSet<_> = cited.chain(view.standards.iter().map(|row| &row.clause)).collect();
    if cited.is_empty() {
        return Ok(());
    }
    let title = context_title(context, "\n条款", "\nClauses");
    context.out.heading(&title)?;
    for clause in cited {
        let title = words.clause_title(clause).unwrap_or_default();
        let line = context.out.paint(Paint::Dim, &format!("  {clause:<12} {title}"));
        context.out.line(line)?;
    }
    Ok(())
}

fn money(view: &View, account: Option<&Account>, context: &mut Context) -> Result<(), Failure> {
    let Some(money) = &view.money else { return Ok(()) };
    let words = context.words.clone();
    let title = context_title(context, "\n款项", "\nMoney");
    context.out.heading(&title)?;
    let late = account.map(|account| account.open_late_fees);
    let rows = [
        (("开票", "invoiced"), Some(money.invoiced)),
        (("贷项", "credited"), Some(money.credited)),
        (("已付", "paid"), Some(money.paid)),
        (("未付", "open"), Some(money.open)),
        (("其中逾期", "of which overdue"), Some(money.overdue)),
        (("未付违约金", "late fees open"), late),
        (("预付款", "prepaid"), Some(money.prepaid)),
        (("已抵扣", "drawn down"), Some(money.drawn)),
    ];
    let shown = rows.iter().filter_map(|((zh, en), amount)| {
        let amount = amount.filter(|amount| !amount.is_zero())?;
        Some(format!("{} {}", context.say(zh, en), words.money(amount)))
    });
    let separator = context.say("；", "; ");
    let line = shown.collect::<Vec<_>>().join(separator);
    let nothing = context_title(context, "尚无往来", "nothing yet");
    context.out.line(if line.is_empty() { nothing } else { line })?;
    for row in &money.invoices {
        let late = if row.overdue { context.say("（逾期）", " (overdue)") } else { "" };
        let number = row.number;
        let open = words.money(row.open);
        let line = match words.lang {
            Lang::Zh => format!(
                "  发票 {number}（{}）{}，未付 {open}，{} 前付{late}  {}",
                row.statement,
                words.money(row.gross),
                row.due,
                row.evidence
            ),
            Lang::En => format!(
                "  invoice {number} ({}) {}, open {open}, due {}{late}  {}",
                row.statement,
                words.money(row.gross),
                row.due,
                row.evidence
            ),
        };
        context.out.line(line)?;
    }
    if !money.awaiting_review.is_empty() {
        let names = words.list(money.awaiting_review.iter().map(units::Id::as_str));
        let label = context.say("  待审结算单：", "  statements to review: ");
        let line = format!("{label}{names}");
        context.out.line(line)?;
    }
    Ok(())
}

fn rights(view: &View, context: &mut Context) -> Result<(), Failure> {
    if view.rights.is_empty() {
        return Ok(());
    }
    let words = context.words.clone();
    let title =
        context_title(context, "\n供应商对客户数据的权利", "\nWhat the vendor may do with data");
    context.out.heading(&title)?;
    let permitted = view.rights.iter().filter(|right| right.permitted);
    let permitted = words.list(permitted.map(|right| words.name(right.purpose)));
    let forbidden = view.rights.iter().filter(|right| !right.permitted).map(|right| {
        let clause = right.clause.as_ref().map(|clause| format!(" ({clause})"));
        format!("{}{}", words.name(right.purpose), clause.unwrap_or_default())
    });
    let forbidden = words.list(forbidden);
    let yes = format!("{}{permitted}", context.say("  可以：", "  may: "));
    let no = format!("{}{forbidden}", context.say("  不可：", "  may not: "));
    context.out.line(yes)?;
    context.out.line(no)
}

fn rest(view: &View, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    if !view.claims.is_empty() {
        let title = context_title(context, "\n索赔", "\nClaims");
        context.out.heading(&title)?;
    }
    for row in &view.claims {
        let settled = row.settled.map(|amount| match words.lang {
            Lang::Zh => format!(",了结为 {}", words.money(amount)),
            Lang::En => format!(", settled with {}", words.money(amount)),
        });
        let line = format!(
            "  {} {} {}{}  {}  {}",
            row.claim,
            words.name(row.by),
            words.money(row.amount),
            settled.unwrap_or_default(),
            words.clause(&row.clause),
            row.evidence
        );
        context.out.line(line)?;
    }
    let lists = [
        (("未决争议", "open disputes"), &view.disputes),
        (("不可抗力", "force majeure"), &view.force_majeure),
    ];
    for ((zh, en), names) in lists {
        if !names.is_empty() {
            let names = words.list(names.iter().map(units::Id::as_str));
            let line = format!("\n{}: {names}", context.say(zh, en));
            context.out.line(line)?;
        }
    }
    for (source, gaps) in &view.gaps {
        let gaps = words.list(gaps.iter().map(|(from, to)| format!("{from}–{to}")));
        let label = context.say("\n证据缺号", "\nnumbers missing in the evidence");
        let line = context.out.paint(Paint::Yellow, &format!("{label} {source}: {gaps}"));
        context.out.line(line)?;
    }
    if view.conflicts > 0 {
        let label = context.say("\n内容冲突的记录", "\nrecords that came again with other content");
        let line = context.out.paint(Paint::Yellow, &format!("{label}: {}", view.conflicts));
        context.out.line(line)?;
    }
    Ok(())
}
