//! The weights of the locator, trained or measured by the example `train-locator` of `review`.

use anyhow::Result;

use crate::shell;

/// Trains, or measures with `--evaluate`; the example itself reads the words and refuses others.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let mut command = shell::command(
        shell::cargo(),
        &["run", "--release", "--quiet", "--package", "review", "--example", "train-locator", "--"],
    );
    command.args(words);
    shell::run(&mut command)
}
