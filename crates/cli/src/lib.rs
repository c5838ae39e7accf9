//! The command line of Tallystick: arguments, words in Chinese and English, tables, exit codes.
//!
//! Decides how a person asks and is answered. Has no rule of its own: what `tally` refuses, `desk`
//! refuses. Commands that are useful alone (`check`, `quality`, `sample`, `verify`, `schema`) need
//! no deployment.
//!
//! | exit code | meaning |
//! | --- | --- |
//! | 0 | done |
//! | 1 | the contract refuses it, or problems were found, or a bundle is not sound |
//! | 2 | a fault: disk, format |
//! | 3 | the command was not understood |

mod args;
mod bucket;
mod chart;
mod commands;
mod context;
mod demo;
mod excerpt;
mod failure;
mod fields;
mod footage;
mod help;
mod output;
mod said;
mod table;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::args::Cli;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Output;

/// Runs a command line and says how it went.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.into_iter().collect();
    let lang = help::language(&words);
    let json = words.iter().any(|word| word == "--json");
    let matches = match help::command(lang).try_get_matches_from(words) {
        Ok(matches) => matches,
        Err(error) => return help::explain(&error, lang, json),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return help::explain(&error, lang, json),
    };
    let out = Output::new(&cli.global);
    let mut context = Context::new(cli.global, lang, out);
    match execute(cli.command, &mut context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure::report(&failure, &mut context),
    }
}

fn execute(command: args::Command, context: &mut Context) -> Result<(), Failure> {
    // A service answers many at once; every other command is one thread's work.
    let mut builder = match command {
        args::Command::Serve(_) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build().map_err(|source| Failure::Runtime { source })?;
    runtime.block_on(commands::run(command, context))?;
    context.out.finish()
}
