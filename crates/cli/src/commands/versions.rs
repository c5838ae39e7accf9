//! `tally offer`, `tally versions`, `tally negotiation` and `tally approve-risk`: versions of the
//! papers before the signing, whose turn it is, where a side stands, and what it approved.

use std::path::PathBuf;

use clap::Args;
use contract::event::Actor;
use contract::terms::Side;
use desk::papers::{NewVersion, Offered, SEALED, Signer};
use desk::people::{Approver, People};
use serde_json::{Value, json};
use units::{Id, Lang};

use crate::args::{Agreement, By, Languages, Party, id};
use crate::commands::review::own_playbook;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::words::DeskWords as _;

/// Arguments of `offer`.
#[derive(Debug, Args)]
pub(crate) struct Offer {
    #[command(flatten)]
    agreement: Agreement,
    /// The Word file; drafted from the terms where absent
    #[arg(value_name = "FILE.docx")]
    file: Option<PathBuf>,
    /// The party that offers it
    #[arg(long = "as", value_name = "PARTY")]
    party: Party,
    #[command(flatten)]
    by: By,
    /// The languages of a drafted one
    #[arg(long, value_enum, default_value_t = Languages::Both, value_name = "EDITION")]
    edition: Languages,
    /// A file that the text names as an annex; may be repeated
    #[arg(long, value_name = "FILE")]
    annex: Vec<PathBuf>,
    /// A picture of the offering party's seal for the PDF, PNG or JPEG; it is no signature
    #[arg(long, value_name = "FILE")]
    seal_picture: Option<PathBuf>,
    /// Who signs for the customer: name; position; authority
    #[arg(long, value_name = "PERSON")]
    customer_signs: Option<String>,
    /// Who signs for the vendor: name; position; authority
    #[arg(long, value_name = "PERSON")]
    vendor_signs: Option<String>,
    /// Show what it would be and record nothing
    #[arg(long)]
    preview: bool,
}

/// Arguments of `versions`.
#[derive(Debug, Args)]
pub(crate) struct Versions {
    #[command(flatten)]
    agreement: Agreement,
    /// A version to save a file of; the last one where absent
    #[arg(long, value_name = "NUMBER", requires = "save")]
    number: Option<u32>,
    /// A later document to save a file of, instead of a version
    #[arg(long, value_name = "DOCUMENT", requires = "save", conflicts_with = "number",
        value_parser = id)]
    document: Option<Id>,
    /// A file of it: version.docx, agreement.pdf, manifest.json, sealed.pdf, signed.zip, an annex
    #[arg(long, value_name = "NAME", requires = "out")]
    save: Option<String>,
    /// Where to save it
    #[arg(long, value_name = "FILE", requires = "save")]
    out: Option<PathBuf>,
}

/// Arguments of `negotiation`.
#[derive(Debug, Args)]
pub(crate) struct Negotiation {
    #[command(flatten)]
    agreement: Agreement,
    /// Whose view
    #[arg(long = "as", value_name = "PARTY")]
    party: Party,
    /// A playbook of your own (TOML); otherwise the one that the party signs by
    #[arg(long, value_name = "FILE")]
    playbook: Option<PathBuf>,
    /// Make it the playbook that the party signs by, in this person's name
    #[arg(long, value_name = "NAME", requires = "playbook")]
    sign_by: Option<String>,
}

/// Arguments of `approve-risk`.
#[derive(Debug, Args)]
pub(crate) struct ApproveRisk {
    #[command(flatten)]
    agreement: Agreement,
    /// The finding, as `tally negotiation` names it
    #[arg(value_name = "FINDING")]
    finding: String,
    /// The party that takes the risk
    #[arg(long = "as", value_name = "PARTY")]
    party: Party,
    #[command(flatten)]
    by: By,
    /// Why it is signed all the same
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Offers a version.
pub(crate) async fn offer(args: Offer, context: &mut Context) -> Result<(), Failure> {
    let mut annexes = Vec::new();
    for path in &args.annex {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        annexes.push((name, Context::read(path)?));
    }
    let new = NewVersion {
        word: args.file.as_deref().map(Context::read).transpose()?,
        edition: Some(args.edition.into()),
        annexes,
        seal: args.seal_picture.as_deref().map(Context::read).transpose()?,
        customer: args.customer_signs.as_deref().map(|text| signer(text, context)).transpose()?,
        vendor: args.vendor_signs.as_deref().map(|text| signer(text, context)).transpose()?,
    };
    let desk = context.desk().await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    let side = args.party.side();
    if args.preview {
        let prepared = desk.prepare_version(&book, side, new).await?;
        let offered = desk.as_offered(&book, prepared).await?;
        return tell(&[offered], context);
    }
    let actor = Actor::of(side, &args.by.by);
    let (_, prepared) = desk.offer(&args.agreement.id, &actor, side, new).await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    let offered = desk.version(&book, prepared.version.number).await?;
    tell(&[offered], context)
}

/// `name; position; authority`.
pub(crate) fn signer(text: &str, context: &Context) -> Result<Signer, Failure> {
    let parts: Vec<&str> = text.split([';', '；']).map(str::trim).collect();
    let [name, role, authority] = parts[..] else {
        let zh = "签署人写作：姓名; 职务; 授权依据";
        let en = "a signatory is written as: name; position; authority";
        return Err(Failure::Arguments { message: context.say(zh, en).to_owned() });
    };
    Ok(Signer { name: name.to_owned(), role: role.to_owned(), authority: authority.to_owned() })
}

/// Shows the versions, or saves a file of one.
pub(crate) async fn versions(args: Versions, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    if let (Some(name), Some(out)) = (&args.save, &args.out) {
        let last = book.state.versions.last().map_or(0, |last| last.version.number);
        let number = args.number.unwrap_or(last);
        let document = args.document.as_ref();
        let bytes = match (name.as_str(), document) {
            (SEALED, _) => desk.sealed(&book, document).await?.ok_or_else(|| absent("file"))?,
            ("signed.zip", None) => desk.signed_file(&args.agreement.id).await?,
            (name, None) => desk.version_file(&book, number, name).await?.0,
            (name, Some(document)) => desk.document_file(&book, document, name).await?.0,
        };
        Context::write(out, &bytes)?;
        let shown = out.display();
        if context.out.is_json() {
            return context.out.json(&json!({ "out": shown.to_string(), "bytes": bytes.len() }));
        }
        let line = match context.words.lang {
            Lang::Zh => format!("已写出 {shown}"),
            Lang::En => format!("{shown} was written"),
        };
        return context.out.line(line);
    }
    let mut all = Vec::new();
    for one in &book.state.versions {
        all.push(desk.version(&book, one.version.number).await?);
    }
    let (turn, rounds) = desk::papers::turn(&book);
    if context.out.is_json() {
        let versions: Vec<Value> = all.iter().map(|one| as_json(one, context)).collect();
        return context.out.json(&json!({ "turn": turn, "rounds": rounds, "versions": versions }));
    }
    tell(&all, context)?;
    let whose = turn.map(|side| context.words.name(side).to_owned());
    let line = match (whose, context.words.lang) {
        (Some(side), Lang::Zh) => format!("第 {rounds} 轮，轮到{side}"),
        (Some(side), Lang::En) => format!("round {rounds}; it is the {side}'s turn"),
        (None, Lang::Zh) => "没有待答复的版本".to_owned(),
        (None, Lang::En) => "no version waits for an answer".to_owned(),
    };
    context.out.line(line)
}

fn absent(what: &'static str) -> desk::DeskError {
    desk::papers::PapersError::Absent { what }.into()
}

fn tell(all: &[Offered], context: &mut Context) -> Result<(), Failure> {
    if context.out.is_json() {
        let all: Vec<Value> = all.iter().map(|one| as_json(one, context)).collect();
        return context.out.json(&json!({ "versions": all }));
    }
    for one in all {
        let (number, by) = (one.version.number, context.words.name(one.version.by).to_owned());
        let ready = one.manifest.is_some();
        let (state, paint) = match ready {
            true => (context.say("可以签署", "can be signed"), Paint::Green),
            false => (context.say("还不能签署", "cannot be signed yet"), Paint::Yellow),
        };
        let state = context.out.paint(paint, state);
        let line = match context.words.lang {
            Lang::Zh => format!("第 {number} 版（{by}）：{state}"),
            Lang::En => format!("version {number} ({by}): {state}"),
        };
        context.out.line(line)?;
        let proposed =
            format!(" {}", context.say("（修订中提议）", "(proposed in tracked changes)"));
        let changed = one.changed.iter().map(|term| (term, ""));
        for (term, mark) in changed.chain(one.proposed.iter().map(|term| (term, &*proposed))) {
            let none = "–".to_owned();
            let before = term.before.as_ref().unwrap_or(&none);
            let after = term.after.as_ref().unwrap_or(&none);
            context.out.line(format!("  {}: {before} → {after}{mark}", term.path))?;
        }
        for hidden in &one.hidden {
            let mark = context.say("未标记的改动", "changed without a mark");
            let mark = context.out.paint(Paint::Red, mark);
            context.out.line(format!("  {mark}: {} → {}", hidden.was, hidden.is))?;
        }
        for obstacle in &one.obstacles {
            let said = context.words.obstacle(obstacle);
            let mark = context.out.paint(Paint::Red, "✗ ");
            context.out.line(format!("  {mark}{said}"))?;
        }
        for seal in &one.version.seals {
            let said = context.say("印章图样（不是签名）", "picture of a seal (no signature)");
            context.out.line(format!("  {said}: {}", seal.name))?;
        }
        if let Some(manifest) = &one.manifest {
            for person in &manifest.signatories {
                let side = side_of(person.side.as_str()).map(|side| context.words.name(side));
                let side = side.unwrap_or_default();
                context.out.line(format!("  {side}: {}, {}", person.name, person.role))?;
            }
        }
    }
    Ok(())
}

fn side_of(code: &str) -> Option<Side> {
    [Side::Customer, Side::Vendor].into_iter().find(|side| side.code() == code)
}

fn as_json(one: &Offered, context: &Context) -> Value {
    let obstacles = one.obstacles.iter().map(|obstacle| {
        let mut value = serde_json::to_value(obstacle).unwrap_or_default();
        value["detail"] = Value::String(context.words.obstacle(obstacle));
        value
    });
    let hidden = one.hidden.iter().map(|one| json!({ "before": one.was, "after": one.is }));
    json!({
        "number": one.version.number,
        "by": one.version.by,
        "evidence": one.entry.map(|(seq, _)| format!("e{seq}")),
        "at": one.entry.map(|(_, at)| at),
        "word": one.version.word,
        "annexes": one.version.annexes,
        "seals": one.version.seals,
        "terms_sha256": one.version.terms_sha256,
        "changed_terms": one.changed,
        "proposed_terms": one.proposed,
        "revisions": one.revisions,
        "hidden": hidden.collect::<Vec<_>>(),
        "obstacles": obstacles.collect::<Vec<_>>(),
        "manifest": one.manifest,
        "manifest_sha256": one.version.papers.as_ref().map(|papers| papers.sha256.clone()),
    })
}

/// Shows where a side stands.
pub(crate) async fn negotiation(args: Negotiation, context: &mut Context) -> Result<(), Failure> {
    let (side, path) = (args.party.side(), args.playbook.as_deref());
    let own = path.map(|path| own_playbook(path, context)).transpose()?;
    let desk = context.desk().await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    if let (Some(by), Some((_, text))) = (&args.sign_by, &own) {
        let approver = Approver::Operator(&args.agreement.id, side, by);
        let chosen = People::of(&desk).sign_by(approver, text).await;
        chosen
            .map_err(|error| Failure::Setting { option: "--playbook", source: Box::new(error) })?;
    }
    let found = desk.negotiation(&book, side, own.map(|(playbook, _)| playbook)).await?;
    let playbook = &found.playbook;
    let code = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let status = |status| code(serde_json::to_value(status).unwrap_or_default());
    if context.out.is_json() {
        let stands = found.stands.iter().map(|stand| {
            let by = stand.by_version.iter().map(|one| {
                json!({ "version": one.version, "status": one.status, "reached": one.reached,
                    "quote": one.quote })
            });
            json!({ "clause": stand.clause, "by_version": by.collect::<Vec<_>>() })
        });
        let concessions = found.concessions.iter().map(|one| {
            json!({ "clause": one.clause, "version": one.version, "by": one.by,
                "from": one.from, "to": one.to, "gain": one.gain })
        });
        let red = found.red.iter().map(|red| {
            json!({ "id": red.id, "version": red.version, "finding": red.finding,
                "approval": red.approval })
        });
        return context.out.json(&json!({
            "side": found.side,
            "playbook": playbook.id,
            "signs_by": found.signs_by.id,
            "clauses": stands.collect::<Vec<_>>(),
            "concessions": concessions.collect::<Vec<_>>(),
            "red": red.collect::<Vec<_>>(),
        }));
    }
    let lang = context.words.lang;
    for stand in &found.stands {
        let title = playbook.clause(&stand.clause).map_or("", |clause| clause.title.get(lang));
        let steps: Vec<String> = stand.by_version.iter().map(|one| status(one.status)).collect();
        context.out.line(format!("{} {title}: {}", stand.clause, steps.join(" → ")))?;
    }
    for one in found.concessions.iter().filter(|one| !one.gain) {
        let (clause, version, by) = (&one.clause, one.version, context.words.name(one.by));
        let line = match lang {
            Lang::Zh => format!("让步：{clause}，第 {version} 版，由{by}提出"),
            Lang::En => format!("conceded: {clause} in version {version}, offered by the {by}"),
        };
        context.out.line(line)?;
    }
    for red in &found.red {
        let mark = match &red.approval {
            Some(approval) => {
                let by = &approval.by;
                context.out.paint(
                    Paint::Yellow,
                    &match lang {
                        Lang::Zh => format!("已由 {by} 批准"),
                        Lang::En => format!("approved by {by}"),
                    },
                )
            }
            None => context.out.paint(Paint::Red, context.say("待批准", "needs an approval")),
        };
        let reason = red.finding.reason.get(lang);
        context.out.line(format!("{} [{mark}] {reason}", red.id))?;
    }
    if found.red.iter().any(|red| red.approval.is_none()) {
        let id = &args.agreement.id;
        let zh = format!(
            "→ 逐项批准：tally approve-risk {id} 意见编号 --as 一方 --by 姓名 --reason 理由"
        );
        let en = format!(
            "→ approve each: tally approve-risk {id} FINDING --as PARTY --by NAME --reason TEXT"
        );
        context.out.note(if lang == Lang::Zh { &zh } else { &en })?;
    }
    Ok(())
}

/// Approves a finding.
pub(crate) async fn approve_risk(args: ApproveRisk, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    let side = args.party.side();
    let found = desk.negotiation(&book, side, None).await?;
    let red = found.red.iter().find(|red| red.id == args.finding);
    let Some(red) = red else {
        let zh = "最后一个版本没有这项高风险意见；用 tally negotiation 查看";
        let en = "the last version has no such finding of high risk; see tally negotiation";
        return Err(Failure::Arguments { message: context.say(zh, en).to_owned() });
    };
    let approval = (red.version, red.id.as_str(), args.reason.as_str());
    let people = People::of(&desk);
    let approver = Approver::Operator(&args.agreement.id, side, &args.by.by);
    let done = people.approve_finding(approver, approval).await;
    let done = done.map_err(Failure::people)?;
    if context.out.is_json() {
        return context.out.json(&done);
    }
    let line = match context.words.lang {
        Lang::Zh => format!("{} 已批准 {}", done.by, done.finding),
        Lang::En => format!("{} approved {}", done.by, done.finding),
    };
    context.out.line(line)
}
