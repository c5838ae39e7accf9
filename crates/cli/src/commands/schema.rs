//! `tally schema`: the published JSON Schema of each format, and the facts and steps as a list.

use clap::{Args, ValueEnum};
use contract::event::Fact;
use contract::{Action, Command};
use schemars::schema_for;
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::fields::Form;

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The format
    #[arg(value_name = "FORMAT", default_value = "agreement")]
    of: Format,
    /// List facts or actions with their fields instead
    #[arg(long)]
    list: bool,
}

/// A format that is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// An agreement file
    Agreement,
    /// A fact
    Fact,
    /// A step
    Action,
    /// A line for record --json-file
    Command,
    /// The answer of position --json
    Position,
    /// The answer of settle --json
    Statement,
}

/// Prints a schema or a list.
pub(crate) fn run(args: &Schema, context: &mut Context) -> Result<(), Failure> {
    match (args.list, args.of) {
        (true, Format::Fact) => return list(&Form::of::<Fact>("fact"), context),
        (true, Format::Action) => return list(&Form::of::<Action>("do"), context),
        (true, _) => {
            let message = context
                .say("--list 只用于 fact 与 action", "--list goes with fact and action only");
            return Err(Failure::Arguments { message: message.to_owned() });
        }
        (false, _) => {}
    }
    let schema = match args.of {
        Format::Agreement => schema_for!(contract::terms::Agreement),
        Format::Fact => schema_for!(Fact),
        Format::Action => schema_for!(Action),
        Format::Command => schema_for!(Command),
        Format::Position => schema_for!(contract::Position),
        Format::Statement => schema_for!(settlement::Statement),
    };
    context.out.json(&schema)
}

fn list(form: &Form, context: &mut Context) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for name in form.names() {
        rows.push((name.clone(), form.about(&name), form.fields(&name)));
    }
    if context.out.is_json() {
        let all = rows.iter().map(|(name, about, fields)| {
            let fields = fields.iter().map(|field| {
                json!({ "name": field.name, "form": field.form, "required": field.required })
            });
            json!({ "name": name, "about": about, "fields": fields.collect::<Vec<_>>() })
        });
        return context.out.json(&all.collect::<Vec<_>>());
    }
    for (name, about, fields) in rows {
        let name = context.out.paint(crate::output::Paint::Bold, &name);
        context.out.line(format!("{name}  {about}"))?;
        for field in fields {
            let (open, close) = if field.required { ("", "") } else { ("[", "]") };
            context.out.line(format!("    {open}{}={}{close}", field.name, field.form))?;
        }
    }
    Ok(())
}
