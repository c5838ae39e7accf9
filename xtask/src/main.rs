//! `cargo xtask`: the only automation of the project. Each subcommand is one module.
//!
//! Knows how the tree is laid out and which commands prove it; knows nothing of contracts.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a build tool speaks on the terminal and has no library users"
)]

mod bench;
mod clauses;
mod fuzz;
mod layers;
mod locator;
mod rust;
mod sample;
mod setup;
mod shell;
mod simulate;
mod suites;
mod tidy;
mod tree;
mod web;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask COMMAND

  run [--release] [--dir DIR]       set up, build, and serve a sample deployment in the browser
      [--listen ADDRESS]
  test [--only NAME]                everything that must hold before a change lands
  ci                                what the continuous integration runs: test, strictly
  setup [--bench]                   install what the tests need and this machine lacks
  web                               build the console into web/dist
  tidy                              rules of the tree that no compiler checks
  layers                            which crate may depend on which
  clauses [--check]                 write (or check) docs/clauses.md
  simulate --seed N [--count M]     whole lives of agreements from seeds
  bench [NAME..] [--rounds N]       measure, beside the peers; `--json FILE` keeps the figures
  train-locator [--evaluate]        the locator's weights, from ../shared/data or `--data DIR`
  fuzz [NAME] [--seconds N]         bytes chosen by coverage into the parsers of fuzz/
  nightly [--only NAME]             what takes longer than `test` may
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[String]) -> Result<()> {
    let Some((command, rest)) = words.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    let mut args = Args { rest: rest.to_vec() };
    match command.as_str() {
        "run" => {
            let release = args.flag("--release");
            let dir = args.option("--dir")?;
            let listen = args.option("--listen")?;
            args.finish()?;
            sample::run(release, dir.as_deref(), listen.as_deref())
        }
        "test" => {
            let only = args.option("--only")?;
            args.finish()?;
            suites::test(only.as_deref(), suites::Strictness::from_environment())
        }
        "ci" => {
            args.finish()?;
            suites::test(None, suites::Strictness::SkipsFail)
        }
        "nightly" => {
            let only = args.option("--only")?;
            args.finish()?;
            suites::nightly(only.as_deref())
        }
        "setup" => {
            let bench = args.flag("--bench");
            args.finish()?;
            setup::everything(bench);
            Ok(())
        }
        "web" => {
            args.finish()?;
            web::build()
        }
        "tidy" => {
            args.finish()?;
            tidy::run()
        }
        "layers" => {
            args.finish()?;
            layers::run()
        }
        "clauses" => {
            let check = args.flag("--check");
            args.finish()?;
            clauses::run(check)
        }
        "simulate" => {
            let seed = args.option("--seed")?;
            let count = args.option("--count")?;
            args.finish()?;
            simulate::run(seed.as_deref(), count.as_deref())
        }
        "fuzz" => {
            let seconds = args.option("--seconds")?.map_or(Ok(60), |text| text.parse())?;
            let only = if args.rest.is_empty() { None } else { Some(args.rest.remove(0)) };
            args.finish()?;
            fuzz::run(only.as_deref(), seconds)
        }
        "bench" => bench::run(&args.rest),
        "train-locator" => locator::run(&args.rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("no command {other:?}\n\n{HELP}"),
    }
}

/// The words after the subcommand; each is taken out when it is understood.
struct Args {
    rest: Vec<String>,
}

impl Args {
    fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|word| word != name);
        self.rest.len() != before
    }

    fn option(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.rest.iter().position(|word| word == name) else { return Ok(None) };
        if at + 1 >= self.rest.len() {
            bail!("{name} needs a value");
        }
        let value = self.rest.remove(at + 1);
        self.rest.remove(at);
        Ok(Some(value))
    }

    fn finish(&self) -> Result<()> {
        if let Some(word) = self.rest.first() {
            bail!("unknown argument {word:?}\n\n{HELP}");
        }
        Ok(())
    }
}
