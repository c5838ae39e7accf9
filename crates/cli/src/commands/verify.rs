//! `tally verify`: a bundle, or a file of it, without us: what holds, on whose word, and what is
//! wrong with its place. Needs no deployment.

use std::path::{Path, PathBuf};

use clap::Args;
use desk::verify::{FindingSeverity, KeyTrust, Reader, VerifiedKind, VerifyReport, verify};
use journal::VerifierKey;
use serde_json::json;
use units::Lang;

use crate::commands::timestamp::{certificates, stamp_lines};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::words::DeskWords as _;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A bundle, a checkpoint, a proof or an envelope
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A public key that you trust, or a file of such keys; may be repeated
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    /// A checkpoint that you kept yourself; may be repeated
    #[arg(long, value_name = "NOTE")]
    checkpoint: Vec<PathBuf>,
    /// Certificates (PEM or DER) of time-stamp authorities that you trust; may be repeated
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
}

/// Verifies.
pub(crate) fn run(args: Verify, context: &mut Context) -> Result<(), Failure> {
    let mut keys = Vec::new();
    for text in &args.key {
        keys.extend(read_keys(text)?);
    }
    let mut kept = Vec::new();
    for path in &args.checkpoint {
        let bytes = Context::read(path)?;
        kept.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    let trusted = certificates(&args.trust)?;
    let authorities: Vec<&[u8]> = trusted.iter().map(Vec::as_slice).collect();
    let reader = Reader { known: &keys, kept: &kept, authorities: &authorities };
    let report = verify(&args.file, &reader).map_err(Failure::Verify)?;
    if context.out.is_json() {
        context.out.json(&json!({ "sound": report.is_sound(), "report": report }))?;
    } else {
        show(&args.file, &report, !keys.is_empty() || !kept.is_empty(), context)?;
    }
    if report.is_sound() { Ok(()) } else { Err(Failure::Problems) }
}

/// Public keys from the command line, or from a file with one a line.
fn read_keys(text: &str) -> Result<Vec<VerifierKey>, Failure> {
    if let Ok(key) = text.parse() {
        return Ok(vec![key]);
    }
    let bad = || Failure::BadValue {
        field: "--key".to_owned(),
        text: text.to_owned(),
        form: "NAME+ID+KEY".to_owned(),
    };
    if text.contains('+') && !Path::new(text).exists() {
        return Err(bad());
    }
    let bytes = Context::read(Path::new(text))?;
    let content = String::from_utf8_lossy(&bytes);
    // A line may say whose the key is before it.
    let keys = content.split_whitespace().filter_map(|word| word.parse().ok());
    let keys: Vec<VerifierKey> = keys.collect();
    if keys.is_empty() { Err(bad()) } else { Ok(keys) }
}

fn show(
    file: &Path,
    report: &VerifyReport,
    trusted: bool,
    context: &mut Context,
) -> Result<(), Failure> {
    let words = context.words.clone();
    let kind = words.name(report.kind);
    let agreement = report.agreement.as_ref().map_or(String::new(), |id| format!(" {id}"));
    let name = file.display();
    let (mark, paint, verdict) = match report.is_sound() {
        true => ("✓", Paint::Green, context.say("完好", "sound")),
        false => ("✗", Paint::Red, context.say("不完好", "not sound")),
    };
    let mark = context.out.paint(paint, mark);
    let head = match words.lang {
        Lang::Zh => format!("{mark} {name}：{kind}{agreement}，{verdict}"),
        Lang::En => format!("{mark} {name}: {kind}{agreement}, {verdict}"),
    };
    context.out.line(head)?;
    for found in &report.findings {
        let text = words.verify_finding(found);
        let (mark, paint) = match found.severity() {
            FindingSeverity::Error => ("  ✗ ", Paint::Red),
            FindingSeverity::Notice => ("  ! ", Paint::Yellow),
        };
        let mark = context.out.paint(paint, mark);
        context.out.line(format!("{mark}{text}"))?;
    }
    if let Some(log) = &report.log {
        journal(log, report, context)?;
    }
    if let Some(entry) = &report.entry {
        let at = words.instant(entry.at);
        let line = match words.lang {
            Lang::Zh => format!(
                "  条目 e{}（共 {} 条）：{at} {} {}",
                entry.seq, entry.log_size, entry.actor, entry.kind
            ),
            Lang::En => format!(
                "  entry e{} of {}: {at} {} {}",
                entry.seq, entry.log_size, entry.actor, entry.kind
            ),
        };
        context.out.line(line)?;
    }
    for check in &report.timestamps {
        if let (Some(of), Ok(stamp)) = (&check.of, &check.result) {
            stamp_lines(of, stamp, check.trusted, context)?;
        }
    }
    for key in &report.keys {
        let line = key_line(key, context);
        context.out.line(line)?;
    }
    if report.timestamps.iter().any(|check| check.is_intact() && !check.trusted) {
        let text = context.say(
            "→ 用 --trust 给出你信任的时间戳机构证书，可核对时间戳的来历",
            "→ give a certificate of an authority that you trust with --trust, to hold the \
             timestamps to it",
        );
        let text = text.to_owned();
        context.out.note(&text)?;
    }
    if report.kind != VerifiedKind::Unknown && !trusted {
        let text = context.say(
            "→ 未给出公钥：只核对了文件自身。用 --key 给出对方交给你的公钥，或用 --checkpoint 给出你留存的检查点",
            "→ no key given: the file was checked against itself alone. Give the other party's \
             key with --key, or a checkpoint that you kept with --checkpoint",
        );
        let text = text.to_owned();
        context.out.note(&text)?;
    }
    Ok(())
}

fn journal(
    log: &journal::Report,
    report: &VerifyReport,
    context: &mut Context,
) -> Result<(), Failure> {
    let words = context.words.clone();
    let (entries, covered) = (words.count(log.entries), words.count(report.covered_by_reader));
    let root = log.root.to_string();
    let line = match words.lang {
        Lang::Zh => format!(
            "  账簿 {entries} 条，根 {}…；你的公钥与检查点为其中 {covered} 条作证",
            &root[..16]
        ),
        Lang::En => format!(
            "  journal of {entries} entries, root {}…; {covered} of them on your own keys' word",
            &root[..16]
        ),
    };
    context.out.line(line)?;
    if !report.statements.is_empty() {
        let equal = report.statements.iter().filter(|statement| statement.equal).count();
        let all = report.statements.len();
        let line = match words.lang {
            Lang::Zh => format!("  结算单 {all} 份，按条款和证据重算相符 {equal} 份"),
            Lang::En => {
                format!("  {all} statements, {equal} equal when computed again from the evidence")
            }
        };
        context.out.line(line)?;
    }
    Ok(())
}

fn key_line(key: &KeyTrust, context: &Context) -> String {
    let words = &context.words;
    let word = match key.given {
        true => context.say("你给的", "given by you"),
        false => context.say("文件自带", "from the file"),
    };
    let holder = match key.holder.as_deref() {
        Some("customer") => words.name(contract::terms::Side::Customer).to_owned(),
        Some("vendor") => words.name(contract::terms::Side::Vendor).to_owned(),
        Some("deployment") => context.say("部署", "deployment").to_owned(),
        Some(other) => other.to_owned(),
        None => String::new(),
    };
    let signed = words.list(key.signed.iter().map(|what| words.signed_what(what)));
    let signed = if signed.is_empty() {
        context.say("没有签名", "signed nothing").to_owned()
    } else {
        format!("{} {signed}", context.say("签署了", "signed"))
    };
    match words.lang {
        Lang::Zh => format!("  公钥 {}（{holder} {word}）{signed}", key.key.name()),
        Lang::En => format!("  key {} ({holder}, {word}) {signed}", key.key.name()),
    }
}
