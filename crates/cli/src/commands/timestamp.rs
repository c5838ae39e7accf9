//! `tally timestamp`: an authority stamps the time of a party's signature, over the network or by
//! files that are carried to it.

use std::path::PathBuf;

use clap::Args;
use desk::papers::Answer;
use serde_json::json;
use signing::timestamp::Stamp;
use units::{Id, Lang};

use crate::args::{Agreement, By, Party, id};
use crate::context::{Context, entry_json};
use crate::failure::Failure;
use crate::output::Paint;

/// The largest file of certificates.
const MOST_TRUST: usize = 4 << 20;

/// Arguments of `timestamp`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("way").required(true))]
pub(crate) struct Timestamp {
    #[command(flatten)]
    agreement: Agreement,
    /// The party whose signature it is
    #[arg(long = "as", value_name = "PARTY")]
    party: Party,
    #[command(flatten)]
    by: By,
    /// The signature on a document instead of the one on the agreement
    #[arg(long, value_name = "DOCUMENT", value_parser = id)]
    document: Option<Id>,
    /// Address of the authority (RFC 3161) to ask now
    #[arg(long, value_name = "URL", group = "way")]
    authority: Option<String>,
    /// Write the request to a file instead, to be carried to an authority
    #[arg(long, value_name = "FILE.tsq", group = "way")]
    request: Option<PathBuf>,
    /// Keep the answer that came back as a file: a response or a token
    #[arg(long, value_name = "FILE.tsr", group = "way")]
    token: Option<PathBuf>,
    /// Certificates (PEM or DER) to one of which the authority must lead; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "request")]
    trust: Vec<PathBuf>,
}

/// Asks for a timestamp, writes the request, or keeps an answer.
pub(crate) async fn run(args: Timestamp, context: &mut Context) -> Result<(), Failure> {
    let trusted = certificates(&args.trust)?;
    let desk = context.desk().await?;
    context.book(&desk, &args.agreement.id).await?;
    let (agreement, by) = (&args.agreement.id, args.by.by.as_str());
    let which = (args.party.side(), args.document.as_ref());
    if let Some(out) = &args.request {
        let request = desk.timestamp_request(agreement, which).await?.to_der();
        Context::write(out, &request)?;
        return written(out, request.len(), context);
    }
    let anchors: Vec<&[u8]> = trusted.iter().map(Vec::as_slice).collect();
    let (recorded, stamp) = match (&args.authority, &args.token) {
        (Some(authority), _) => {
            let request = desk.timestamp_request(agreement, which).await?;
            let asked = server::authority::ask(authority, request.to_der()).await;
            let response = asked.map_err(|source| {
                let authority = authority.clone();
                Failure::Authority { authority, source }
            })?;
            let answer = Answer::To(&request, &response);
            desk.keep_timestamp(agreement, which, by, answer, &anchors).await?
        }
        (None, token) => {
            let bytes = token.as_deref().map(Context::read).transpose()?.unwrap_or_default();
            let answer = Answer::Alone(&bytes);
            desk.keep_timestamp(agreement, which, by, answer, &anchors).await?
        }
    };
    if context.out.is_json() {
        let entries: Vec<_> = recorded.iter().map(entry_json).collect();
        let trusted = !anchors.is_empty();
        return context
            .out
            .json(&json!({ "recorded": entries, "timestamp": stamp, "trusted": trusted }));
    }
    context.recorded(&recorded)?;
    let of = format!("signatures/{}.json", args.party.side().code());
    stamp_lines(&of, &stamp, !anchors.is_empty(), context)
}

fn written(out: &std::path::Path, bytes: usize, context: &mut Context) -> Result<(), Failure> {
    let shown = out.display();
    if context.out.is_json() {
        return context.out.json(&json!({ "out": shown.to_string(), "bytes": bytes }));
    }
    let line = match context.words.lang {
        Lang::Zh => format!("已写出请求 {shown}；取得答复后用 --token 记入"),
        Lang::En => {
            format!("the request {shown} was written; keep what comes back with --token")
        }
    };
    context.out.line(line)
}

/// What a timestamp says, on whose word, and what was not asked.
pub(crate) fn stamp_lines(
    of: &str,
    stamp: &Stamp,
    trusted: bool,
    context: &mut Context,
) -> Result<(), Failure> {
    let words = context.words.clone();
    let at = words.instant(stamp.at);
    let mut names = vec![stamp.authority.as_str()];
    names.extend(stamp.chain.iter().map(String::as_str));
    let chain = names.join(" ← ");
    let certificate = stamp.certificate.to_string();
    let certificate = certificate.get(..16).unwrap_or_default();
    let (word, paint) = match trusted {
        true => (context.say("通向你信任的证书", "leads to one that you trust"), Paint::Green),
        false => (context.say("只凭其自身证书", "on its own word"), Paint::Yellow),
    };
    let word = context.out.paint(paint, word);
    let lines = match words.lang {
        Lang::Zh => [
            format!("  时间戳 {of}：{at}"),
            format!("    机构 {chain}（证书 {certificate}…）：{word}；未查证书是否被吊销"),
        ],
        Lang::En => [
            format!("  timestamp of {of}: {at}"),
            format!(
                "    by {chain} (certificate {certificate}…): {word}; whether it was revoked was \
                 not asked"
            ),
        ],
    };
    lines.into_iter().try_for_each(|line| context.out.line(line))
}

/// The certificates of files, in DER: PEM with any number of them, or one in DER.
pub(crate) fn certificates(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut all = Vec::new();
    for path in files {
        let bytes = Context::read(path)?;
        let bad = || Failure::BadValue {
            field: "--trust".to_owned(),
            text: path.display().to_string(),
            form: "-----BEGIN CERTIFICATE-----".to_owned(),
        };
        if bytes.len() > MOST_TRUST {
            return Err(bad());
        }
        match server::egress::authorities(&bytes) {
            Ok(read) => all.extend(read.iter().map(|one| one.as_ref().to_vec())),
            Err(_) if signing::is_certificate(&bytes) => all.push(bytes),
            Err(_) => return Err(bad()),
        }
    }
    Ok(all)
}
