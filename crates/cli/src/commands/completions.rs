//! `tally completions`: a script that completes commands in a shell.

use clap::Args;
use clap_complete::Shell;

use crate::context::Context;
use crate::failure::Failure;
use crate::help;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &Completions, context: &mut Context) -> Result<(), Failure> {
    let mut script = Vec::new();
    let mut command = help::command(context.words.lang);
    clap_complete::generate(args.shell, &mut command, "tally", &mut script);
    context.out.bytes(&script)
}
