//! `tally list`: every agreement of the deployment with where it stands.

use clap::Args;
use contract::obligation::ObligationStatus;
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::table::{Column, table};

/// Arguments of `list`.
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Lists the agreements.
pub(crate) async fn run(_args: List, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let all = desk.list().await?;
    if context.out.is_json() {
        let rows = all.iter().map(|listed| {
            json!({
                "id": listed.row.id,
                "kind": listed.row.kind,
                "title": listed.row.title,
                "created": listed.row.created,
                "entries": listed.row.next,
                "phase": listed.position.phase,
                "ends": listed.position.ends,
                "breached": late(&listed.position),
                "open": listed.position.money.as_ref().map(|money| money.open),
                "overdue": listed.position.money.as_ref().map(|money| money.overdue),
            })
        });
        return context.out.json(&json!({ "agreements": rows.collect::<Vec<_>>() }));
    }
    if all.is_empty() {
        let text = context.say(
            "还没有协议；用 tally new 协议.toml 登记",
            "no agreement yet; register one with tally new agreement.toml",
        );
        let text = text.to_owned();
        return context.out.line(text);
    }
    let words = context.words.clone();
    let rows = all.iter().map(|listed| {
        let position = &listed.position;
        let money = |amount: Option<units::Money>| {
            amount.filter(|amount| !amount.is_zero()).map_or(String::new(), |m| words.money(m))
        };
        vec![
            listed.row.id.to_string(),
            listed.row.title.clone(),
            words.kind(&listed.row.kind).to_owned(),
            words.phase(position.phase).to_owned(),
            position.ends.map_or(String::new(), |ends| ends.to_string()),
            match late(position) {
                0 => String::new(),
                count => count.to_string(),
            },
            money(position.money.as_ref().map(|money| money.open)),
        ]
    });
    let header = [
        (context.say("编号", "id"), Column::Left),
        (context.say("名称", "title"), Column::Text),
        (context.say("类型", "kind"), Column::Left),
        (context.say("状态", "phase"), Column::Left),
        (context.say("到期", "ends"), Column::Left),
        (context.say("逾期义务", "breached"), Column::Right),
        (context.say("未付", "open"), Column::Right),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}

fn late(position: &contract::Position) -> usize {
    let breached = |status| status == ObligationStatus::Breached;
    position.obligations.iter().filter(|view| breached(view.status)).count()
}
