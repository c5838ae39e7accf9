//! `tally record`: facts, one from the command line or many from a file.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use contract::event::{Actor, Fact, Recorded};
use contract::{Action, Command};
use desk::{Book, Desk};
use serde_json::Value;
use units::Id;

use crate::args::{Agreement, Role};
use crate::context::Context;
use crate::failure::Failure;
use crate::fields::Form;

/// Arguments of `record`.
#[derive(Debug, Args)]
pub(crate) struct Record {
    #[command(flatten)]
    agreement: Agreement,
    /// The party for which somebody acts
    #[arg(long = "as", value_name = "PARTY")]
    role: Option<Role>,
    /// The person or machine that acts
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The fact (tally schema fact --list names them)
    #[arg(value_name = "FACT", required_unless_present = "json_file")]
    fact: Option<String>,
    /// Its fields; an amount is 1200.00, a time FROM/TO, a file's hash @PATH
    #[arg(value_name = "KEY=VALUE")]
    fields: Vec<String>,
    /// JSON of facts, actions or commands, one or many; - reads standard input
    #[arg(long, value_name = "FILE|-", conflicts_with = "fact")]
    json_file: Option<PathBuf>,
}

/// Records facts.
pub(crate) async fn run(args: Record, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let mut book = context.book(&desk, &args.agreement.id).await?;
    let actor = actor(args.role, args.by.as_deref());
    if let Some(path) = &args.json_file {
        let commands = commands(&input(path)?, actor.as_ref(), context)?;
        let recorded = all(&desk, &mut book, &commands).await?;
        return context.recorded(&recorded);
    }
    let actor = actor.ok_or_else(|| nobody(context))?;
    let name = args.fact.unwrap_or_default();
    let side = actor.side().map(|side| side.code());
    let given: Vec<(&str, &str)> = side.map(|side| ("side", side)).into_iter().collect();
    let built = Form::of::<Fact>("fact").build(&name, &args.fields, &given, context)?;
    let fact: Fact = read(built.value, 1)?;
    keep(&desk, &args.agreement.id, &built.files).await?;
    let command = Command::new(actor, Action::Record { fact, source: None });
    let recorded = desk.execute_on(&mut book, &command).await?;
    context.recorded(&recorded)
}

/// Who acts, when both the party and the person were named.
pub(crate) fn actor(role: Option<Role>, by: Option<&str>) -> Option<Actor> {
    role.zip(by).map(|(role, by)| role.actor(by))
}

pub(crate) fn nobody(context: &Context) -> Failure {
    let message = context.say(
        "需要 --as(customer、vendor 或 deployment)与 --by（姓名）",
        "--as (customer, vendor or deployment) and --by (a name) are needed",
    );
    Failure::Arguments { message: message.to_owned() }
}

/// Keeps the files that a command names by their hash.
pub(crate) async fn keep(desk: &Desk, agreement: &Id, files: &[Vec<u8>]) -> Result<(), Failure> {
    for bytes in files {
        desk.put(agreement, bytes).await?;
    }
    Ok(())
}

/// Carries out commands in order; the first refusal ends it, and what came before stays recorded.
async fn all(desk: &Desk, book: &mut Book, commands: &[Command]) -> Result<Vec<Recorded>, Failure> {
    let mut recorded = Vec::new();
    for command in commands {
        recorded.extend(desk.execute_on(book, command).await?);
    }
    Ok(recorded)
}

fn input(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() != "-" {
        return Context::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(Failure::read(path))?;
    Ok(bytes)
}

/// The commands of a JSON text: facts, actions and whole commands, one after the other.
fn commands(
    bytes: &[u8],
    actor: Option<&Actor>,
    context: &Context,
) -> Result<Vec<Command>, Failure> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    let mut commands = Vec::new();
    loop {
        let line = bytes[..values.byte_offset()].iter().filter(|byte| **byte == b'\n').count() + 1;
        let Some(value) = values.next() else { return Ok(commands) };
        let value = value.map_err(|error| Failure::BadJson {
            line: error.line().max(1),
            reason: error.to_string(),
        })?;
        let items = match value {
            Value::Array(items) => items,
            one => vec![one],
        };
        for item in items {
            commands.push(command(item, line, actor, context)?);
        }
    }
}

fn command(
    value: Value,
    line: usize,
    actor: Option<&Actor>,
    context: &Context,
) -> Result<Command, Failure> {
    if value.get("action").is_some() {
        return read(value, line);
    }
    let actor = actor.cloned().ok_or_else(|| nobody(context))?;
    let action = if value.get("do").is_some() {
        read(value, line)?
    } else {
        Action::Record { fact: read(value, line)?, source: None }
    };
    Ok(Command::new(actor, action))
}

/// A value as a typed one.
pub(crate) fn read<T: serde::de::DeserializeOwned>(
    value: Value,
    line: usize,
) -> Result<T, Failure> {
    serde_json::from_value(value)
        .map_err(|error| Failure::BadJson { line, reason: error.to_string() })
}
