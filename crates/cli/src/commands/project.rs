//! `tally project`: the labelling projects of an agreement at the operator's terminal, by the same
//! use cases as the server's. Clauses: anno-3.5, anno-3.6, anno-4.1.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use desk::labelling::{CountsView, FindingKind, ProgressView, ProjectView, ShareView};
use desk::people::{Caller, Entry, Operation, People};
use formats::Format;
use serde_json::json;
use server::ProjectFindingsView;
use server::words::labelling::state_words;
use units::{Date, Lang};

use crate::args::{Agreement, By, Party, date};
use crate::context::Context;
use crate::failure::Failure;
use crate::table::{Column, table};

/// What is shown of projects.
#[derive(Debug, Subcommand)]
pub(crate) enum Project {
    /// List the projects of a party
    List(Of),
    /// Show how far a project is, and when it will be done
    Progress(One),
    /// Show the quality against gold and review, by class
    Quality(One),
    /// Show near duplicates, outliers, conflicts and identifiers in texts
    Findings(Findings),
    /// Show hours and pieces by person
    Payroll(Payroll),
    /// Write the accepted labels in a format
    Export(Export),
}

/// Whose projects.
#[derive(Debug, Args)]
pub(crate) struct Of {
    #[command(flatten)]
    agreement: Agreement,
    /// Whose projects
    #[arg(long, value_name = "PARTY", default_value = "vendor")]
    party: Party,
}

/// One project.
#[derive(Debug, Args)]
pub(crate) struct One {
    #[command(flatten)]
    of: Of,
    /// The project's id or name; may be left out where there is one
    #[arg(value_name = "PROJECT")]
    project: Option<String>,
}

/// Which findings.
#[derive(Debug, Args)]
pub(crate) struct Findings {
    #[command(flatten)]
    one: One,
    /// Only of this kind
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
}

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Items that look alike
    NearDuplicate,
    /// Measures and paces far from the usual
    Outlier,
    /// Labels that contradict one another or the guideline
    Conflict,
    /// Identifiers in texts
    Identifier,
}

/// Which days.
#[derive(Debug, Args)]
pub(crate) struct Payroll {
    #[command(flatten)]
    one: One,
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
}

/// How labels are written.
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    one: One,
    /// The format
    #[arg(long, value_name = "FORMAT", value_parser = codes())]
    format: String,
    /// Where to: a folder, a .zip archive or a file that is not there yet
    #[arg(long = "out", id = "folder", value_name = "PATH")]
    folder: PathBuf,
    #[command(flatten)]
    by: By,
}

fn codes() -> PossibleValuesParser {
    PossibleValuesParser::new(Format::ALL.map(Format::code))
}

/// Shows what is asked for.
pub(crate) async fn run(project: Project, context: &mut Context) -> Result<(), Failure> {
    match project {
        Project::List(args) => list(&args, context).await,
        Project::Progress(args) => progress(&args, context).await,
        Project::Quality(args) => quality(&args, context).await,
        Project::Findings(args) => findings(&args, context).await,
        Project::Payroll(args) => payroll(&args, context).await,
        Project::Export(args) => export(&args, context).await,
    }
}

/// At the terminal, for a side of an agreement.
struct Door {
    people: People,
    caller: Caller,
    entry: Entry,
}

impl Door {
    async fn open(of: &Of, by: &str, context: &mut Context) -> Result<Self, Failure> {
        Self::open_for(of, by, Operation::ReadWork, context).await
    }

    async fn open_for(
        of: &Of,
        by: &str,
        operation: Operation,
        context: &mut Context,
    ) -> Result<Self, Failure> {
        let desk = context.desk().await?;
        context.book(&desk, &of.agreement.id).await?;
        let people = People::of(&desk);
        let who = (&of.agreement.id, of.party.side(), by);
        let entered = people.enter_at_terminal(who, operation).await;
        let (caller, entry) = entered.map_err(Failure::people)?;
        Ok(Self { people, caller, entry })
    }

    /// The projects of the side; of the other side nothing is listed.
    async fn all(&self) -> Result<Vec<ProjectView>, Failure> {
        let mut all = self.people.projects(&self.entry).await.map_err(Failure::people)?;
        all.retain(|project| project.side == self.entry.side());
        Ok(all)
    }

    /// The project of an id or a name.
    async fn find(&self, wanted: Option<&str>, context: &Context) -> Result<ProjectView, Failure> {
        let mut all = self.all().await?;
        if let Some(wanted) = wanted {
            all.retain(|project| project.id == wanted || project.name == wanted);
        }
        if all.len() == 1
            && let Some(one) = all.pop()
        {
            return Ok(one);
        }
        let message = match all.len() {
            0 => context.say(
                "没有这个标注项目；用 tally project list 查看",
                "there is no such labelling project; see tally project list",
            ),
            _ => context.say(
                "有多个标注项目；请给出编号，见 tally project list",
                "there are several labelling projects; name one by its id, see tally project list",
            ),
        };
        Err(Failure::Arguments { message: message.to_owned() })
    }
}

async fn list(args: &Of, context: &mut Context) -> Result<(), Failure> {
    let all = Door::open(args, "", context).await?.all().await?;
    if context.out.is_json() {
        return context.out.json(&json!({ "projects": all }));
    }
    if all.is_empty() {
        let text = context.say("没有标注项目", "no labelling project").to_owned();
        return context.out.line(text);
    }
    let header = [
        (context.say("编号", "id"), Column::Left),
        (context.say("名称", "name"), Column::Text),
        (context.say("条目", "items"), Column::Right),
        (context.say("已通过", "accepted"), Column::Right),
        (context.say("截止", "deadline"), Column::Left),
    ];
    let rows = all.iter().map(|project| {
        vec![
            project.id.clone(),
            project.name.clone(),
            project.items.to_string(),
            project.counts.get("accepted").copied().unwrap_or(0).to_string(),
            project.deadline.map_or(String::new(), |at| at.to_string()),
        ]
    });
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}

async fn progress(args: &One, context: &mut Context) -> Result<(), Failure> {
    let door = Door::open(&args.of, "", context).await?;
    let project = door.find(args.project.as_deref(), context).await?;
    let found = door.people.progress(&door.entry, &project.id).await.map_err(Failure::people)?;
    if context.out.is_json() {
        return context.out.json(&found);
    }
    context.out.heading(&project.name)?;
    let rows = progress_rows(&found, context);
    let header = [("", Column::Text), ("", Column::Right)];
    let text = table(context, &header, rows);
    context.out.line(text)
}

fn progress_rows(found: &ProgressView, context: &Context) -> Vec<Vec<String>> {
    let lang = context.words.lang;
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String| rows.push(vec![name.to_owned(), value]);
    for state in labelling::State::ALL {
        let count = found.counts.get(state.code()).copied().unwrap_or(0);
        let (zh, en) = state_words(state);
        if count > 0 {
            row(if lang == Lang::Zh { zh } else { en }, count.to_string());
        }
    }
    row(context.say("还要标注", "to be labelled"), found.remaining.to_string());
    if let Some(pace) = found.pace_per_day {
        row(context.say("每天", "a day"), pace.to_string());
    }
    if let Some(at) = found.done_at {
        row(context.say("预计完成", "done at this pace"), at.to_string());
    }
    if let Some(at) = found.deadline {
        row(context.say("截止", "deadline"), at.to_string());
    }
    if let Some(needed) = found.needed_per_day {
        row(context.say("按期每天需要", "needed a day"), needed.to_string());
    }
    rows
}

async fn quality(args: &One, context: &mut Context) -> Result<(), Failure> {
    let door = Door::open(&args.of, "", context).await?;
    let project = door.find(args.project.as_deref(), context).await?;
    let found = door.people.work_quality(&door.entry, &project.id).await;
    let found = found.map_err(Failure::people)?;
    if context.out.is_json() {
        return context.out.json(&found);
    }
    let header = [
        (context.say("类别", "class"), Column::Text),
        (context.say("参照", "reference"), Column::Right),
        (context.say("正确", "right"), Column::Right),
        (context.say("精确率", "precision"), Column::Right),
        (context.say("召回率", "recall"), Column::Right),
        ("F1", Column::Right),
    ];
    for (title, one) in [
        (context.say("对照金标", "against gold"), &found.gold),
        (context.say("对照审核", "against the review"), &found.review),
    ] {
        let title = title.to_owned();
        context.out.heading(&title)?;
        let all = context.say("全部", "all").to_owned();
        let classes = one.classes.iter().map(|(class, counts)| counted(class.clone(), counts));
        let rows: Vec<_> = classes.chain([counted(all, &one.total)]).collect();
        let text = table(context, &header, rows);
        context.out.line(text)?;
    }
    Ok(())
}

fn counted(class: String, counts: &CountsView) -> Vec<String> {
    let share = |share: &ShareView| share.decimal.clone().unwrap_or_else(|| "–".to_owned());
    let CountsView { gold, right, precision, recall, f1, .. } = counts;
    let (precision, recall, f1) = (share(precision), share(recall), share(f1));
    vec![class, gold.to_string(), right.to_string(), precision, recall, f1]
}

async fn findings(args: &Findings, context: &mut Context) -> Result<(), Failure> {
    let door = Door::open(&args.one.of, "", context).await?;
    let project = door.find(args.one.project.as_deref(), context).await?;
    let kind = args.kind.map(|kind| match kind {
        Kind::NearDuplicate => FindingKind::NearDuplicate,
        Kind::Outlier => FindingKind::Outlier,
        Kind::Conflict => FindingKind::Conflict,
        Kind::Identifier => FindingKind::Identifier,
    });
    let found = door.people.findings(&door.entry, &project.id, kind).await;
    let found = found.map_err(Failure::people)?;
    if context.out.is_json() {
        return context.out.json(&ProjectFindingsView::from(found));
    }
    let rows = found.items.iter().map(|finding| {
        let (zh, en) = server::words::findings::finding(finding);
        let items: Vec<String> = finding.items.iter().map(|item| item.seq.to_string()).collect();
        let place = if items.is_empty() { finding.person.clone() } else { Some(items.join(", ")) };
        let said = if context.words.lang == Lang::Zh { zh } else { en };
        vec![finding.reason.clone(), place.unwrap_or_default(), said]
    });
    let rows: Vec<_> = rows.collect();
    let header = [
        (context.say("原因", "reason"), Column::Left),
        (context.say("条目", "items"), Column::Left),
        (context.say("发现", "finding"), Column::Text),
    ];
    if rows.is_empty() {
        let text = context.say("没有发现", "nothing was found").to_owned();
        context.out.line(text)?;
    } else {
        let text = table(context, &header, rows);
        context.out.line(text)?;
    }
    let (looked, labels) = (found.looked, found.labels);
    let note = match context.words.lang {
        Lang::Zh => format!("已查看 {looked} 个条目和 {labels} 个已提交的标注"),
        Lang::En => {
            format!("{looked} items and {labels} labels that were handed in were looked at")
        }
    };
    context.out.note(&note)
}

async fn payroll(args: &Payroll, context: &mut Context) -> Result<(), Failure> {
    let operation = Operation::ReadPayroll;
    let find = Door::open(&args.one.of, "", context).await?;
    let project = find.find(args.one.project.as_deref(), context).await?;
    let door = Door::open_for(&args.one.of, "", operation, context).await?;
    let found = door.people.payroll(&door.entry, &project.id, args.from, args.to).await;
    let found = found.map_err(Failure::people)?;
    if context.out.is_json() {
        return context.out.json(&found);
    }
    let header = [
        (context.say("姓名", "name"), Column::Text),
        (context.say("标注（秒）", "labelling, s"), Column::Right),
        (context.say("审核（秒）", "reviewing, s"), Column::Right),
        (context.say("提交", "submitted"), Column::Right),
        (context.say("标注数", "labels"), Column::Right),
        (context.say("通过", "accepted"), Column::Right),
        (context.say("退回", "returned"), Column::Right),
        (context.say("审核数", "reviewed"), Column::Right),
    ];
    let rows = found.lines.iter().map(|line| {
        let work = &line.work;
        let figures = [
            work.label_seconds,
            work.review_seconds,
            work.submitted,
            work.submitted_labels,
            work.accepted,
            work.returned,
            work.reviewed,
        ];
        let mut row = vec![line.name.clone()];
        row.extend(figures.map(|figure| figure.to_string()));
        row
    });
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}

async fn export(args: &Export, context: &mut Context) -> Result<(), Failure> {
    let format = Format::ALL.into_iter().find(|format| format.code() == args.format);
    let format = format.expect("the command line takes known formats alone");
    let door = Door::open(&args.one.of, &args.by.by, context).await?;
    let project = door.find(args.one.project.as_deref(), context).await?;
    let made = door.people.export_labels(&door.caller, &door.entry, &project.id, format).await;
    let made = made.map_err(Failure::people)?;
    let report = made.report(format);
    formats::save(&made.exported.files, &args.folder).map_err(Failure::write(&args.folder))?;
    if context.out.is_json() {
        return context.out.json(&report);
    }
    let (items, labels) = (report.items, report.labels);
    let path = args.folder.display();
    let text = match context.words.lang {
        Lang::Zh => format!("已写出 {items} 个条目的 {labels} 个标注：{path}"),
        Lang::En => format!("{labels} labels of {items} items written to {path}"),
    };
    context.out.line(text)?;
    for loss in report.losses {
        let words = &context.words;
        let (what, effect) = (words.name(loss.code), words.name(loss.effect));
        let line = format!("{what}: {effect} ({})", loss.count);
        context.out.line(line)?;
    }
    Ok(())
}
