//! `tally key`: a party's own key. The private half stays in a file that its owner alone may read.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use desk::DeskError;
use desk::world::{Random as _, System};
use journal::KeyType;
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;

/// Make and show keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a new key
    New(NewKey),
    /// Show the public half of a key
    Show(ShowKey),
}

/// Arguments of `key new`.
#[derive(Debug, Args)]
pub(crate) struct NewKey {
    /// Name of the key, such as customer.example/li
    #[arg(long, value_name = "NAME")]
    name: String,
    /// File for the private key; it must not exist
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Arguments of `key show`.
#[derive(Debug, Args)]
pub(crate) struct ShowKey {
    /// File of the private key
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Makes or shows a key.
pub(crate) fn run(args: Key, context: &mut Context) -> Result<(), Failure> {
    match args {
        Key::New(args) => {
            let seed = System.bytes().map_err(DeskError::Random)?;
            desk::files::write_key(&args.out, &args.name, &seed).map_err(DeskError::Files)?;
            show(&args.out, context)?;
            let text = context.say(
                "→ 私钥文件请妥善保管，只交出公钥",
                "→ keep the private key file; hand out the public keys only",
            );
            let text = text.to_owned();
            context.out.note(&text)
        }
        Key::Show(args) => show(&args.file, context),
    }
}

fn show(file: &std::path::Path, context: &mut Context) -> Result<(), Failure> {
    let note = Context::key(file, KeyType::Note)?.verifier();
    let cosignature = Context::key(file, KeyType::Cosignature)?.verifier();
    if context.out.is_json() {
        return context.out.json(&json!({
            "name": note.name(),
            "key": note.to_string(),
            "cosignature_key": cosignature.to_string(),
        }));
    }
    let signing = format!("{}  {note}", context.say("签署公钥", "signing key  "));
    let cosigning = format!("{}  {cosignature}", context.say("联署公钥", "cosigning key"));
    context.out.line(signing)?;
    context.out.line(cosigning)
}
