//! `tally log`: the journal, one line an entry, in words.

use clap::Args;
use contract::event::{Event, Recorded};
use serde_json::Value;

use crate::args::Agreement;
use crate::context::{Context, entry_json};
use crate::failure::Failure;
use crate::output::Paint;

/// How many entries are read at once.
const PAGE: u32 = 10_000;

/// Arguments of `log`.
#[derive(Debug, Args)]
pub(crate) struct Log {
    #[command(flatten)]
    agreement: Agreement,
    /// First entry
    #[arg(long, value_name = "N", default_value_t = 0)]
    from: u64,
    /// At most so many entries
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Entries of one kind only: a fact or an event, such as delivery_submitted
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The canonical lines of the journal instead
    #[arg(long)]
    raw: bool,
}

/// Prints the journal.
pub(crate) async fn run(args: Log, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let id = &args.agreement.id;
    context.book(&desk, id).await?;
    let mut from = args.from;
    let mut left = args.limit.unwrap_or(u64::MAX);
    let mut entries: Vec<Value> = Vec::new();
    while left > 0 {
        let page = desk.store.read(&desk.scope(), id, from, PAGE).await;
        let page = page.map_err(desk::DeskError::Store)?;
        let Some(last) = page.last() else { break };
        from = last.seq + 1;
        for record in page {
            let entry = desk::decode(record.seq, &record.line).map_err(desk::DeskError::Decode)?;
            if args.kind.as_ref().is_some_and(|kind| !is_of(&entry.event, kind)) {
                continue;
            }
            if left == 0 {
                break;
            }
            left -= 1;
            if context.out.is_json() {
                entries.push(entry_json(&entry));
            } else if args.raw {
                context.out.bytes(&record.line)?;
                context.out.bytes(b"\n")?;
            } else {
                let line = line(&entry, context);
                context.out.line(line)?;
            }
        }
    }
    if context.out.is_json() {
        return context.out.json(&serde_json::json!({ "entries": entries }));
    }
    Ok(())
}

fn is_of(event: &Event, kind: &str) -> bool {
    let Ok(value) = serde_json::to_value(event) else { return false };
    let fact = value.pointer("/payload/fact/fact").or_else(|| value.pointer("/payload/fact"));
    [value.get("kind"), fact].into_iter().flatten().any(|code| code.as_str() == Some(kind))
}

/// An entry in one line.
pub(crate) fn line(entry: &Recorded, context: &Context) -> String {
    let words = &context.words;
    let seq = context.out.paint(Paint::Dim, &format!("e{:<4}", entry.seq));
    let at = context.out.paint(Paint::Dim, &words.instant(entry.at));
    let actor = words.actor(&entry.actor);
    format!("{seq} {at}  {}  {actor}", words.entry(entry))
}
