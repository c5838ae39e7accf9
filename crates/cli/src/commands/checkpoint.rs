//! `tally checkpoint`, `cosign` and `proof`: signed statements of the journal's root, the parties'
//! own signatures on them, and the proof that an entry stands in it.

use std::path::PathBuf;

use clap::Args;
use desk::{DeskError, origin};
use journal::{KeyType, Note};
use serde_json::json;
use units::Lang;

use crate::args::Agreement;
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `checkpoint`.
#[derive(Debug, Args)]
pub(crate) struct Checkpoint {
    #[command(flatten)]
    agreement: Agreement,
    /// File for the note; standard output otherwise
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Arguments of `cosign`.
#[derive(Debug, Args)]
pub(crate) struct Cosign {
    #[command(flatten)]
    agreement: Agreement,
    /// File of the party's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// File for the note; standard output otherwise
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Arguments of `proof`.
#[derive(Debug, Args)]
pub(crate) struct Proof {
    #[command(flatten)]
    agreement: Agreement,
    /// Number of the entry, such as 12 or e12
    #[arg(value_name = "SEQ", value_parser = seq)]
    seq: u64,
    /// File for the proof; standard output otherwise
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn seq(text: &str) -> Result<u64, String> {
    text.trim_start_matches('e').parse().map_err(|_| "12 | e12".to_owned())
}

/// Signs a checkpoint.
pub(crate) async fn checkpoint(args: Checkpoint, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let note = desk.checkpoint(&args.agreement.id).await?;
    show(&note, args.out, context)
}

/// Adds a party's signature.
pub(crate) async fn cosign(args: Cosign, context: &mut Context) -> Result<(), Failure> {
    let key = Context::key(&args.key, KeyType::Cosignature)?;
    let desk = context.desk().await?;
    let note = desk.cosign(&args.agreement.id, &key).await?;
    show(&note, args.out, context)
}

fn show(note: &Note, out: Option<PathBuf>, context: &mut Context) -> Result<(), Failure> {
    let text = note.to_string();
    if let Some(path) = &out {
        Context::write(path, text.as_bytes())?;
    }
    let checkpoint = journal::Checkpoint::of(note);
    let checkpoint = checkpoint.map_err(|_| DeskError::Unwritable { what: "checkpoint" })?;
    if context.out.is_json() {
        let signers = note.signatures().iter().map(journal::NoteSignature::name);
        return context.out.json(&json!({
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root,
            "signers": signers.collect::<Vec<_>>(),
            "note": text,
        }));
    }
    let Some(path) = out else { return context.out.bytes(text.as_bytes()) };
    let (size, path) = (checkpoint.size, path.display());
    let line = match context.words.lang {
        Lang::Zh => format!("检查点（{size} 条）已写入 {path}；双方各存一份"),
        Lang::En => format!("checkpoint over {size} entries in {path}; each party keeps a copy"),
    };
    context.out.line(line)
}

/// Proves that an entry stands in the journal.
pub(crate) async fn proof(args: Proof, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let id = &args.agreement.id;
    let text = desk::bundle::proof(&desk, id, args.seq).await?;
    if let Some(path) = &args.out {
        Context::write(path, text.as_bytes())?;
    }
    if context.out.is_json() {
        return context.out.json(&json!({
            "origin": origin(id),
            "index": args.seq,
            "proof": text,
        }));
    }
    let Some(path) = &args.out else { return context.out.bytes(text.as_bytes()) };
    let (seq, path) = (args.seq, path.display());
    let line = match context.words.lang {
        Lang::Zh => format!("条目 e{seq} 的证明已写入 {path}；tally verify {path} 可离线验证"),
        Lang::En => format!("the proof of e{seq} is in {path}; tally verify {path} checks it"),
    };
    context.out.line(line)
}
