//! `tally inspect`: a delivery against gold, by the standards and the acceptance rule that were
//! signed. Without gold it draws the sample that both seeds give. Clauses: anno-3.6, anno-4.1.1.

use std::path::PathBuf;

use clap::Args;
use contract::event::Actor;
use contract::terms::Side;
use desk::Desk;
use desk::inspection::{self, InspectionReport, Sample};
use serde_json::json;
use units::{Id, Lang, Verdict};

use crate::args::{Agreement, Party, id};
use crate::chart::chart;
use crate::commands::quality;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    agreement: Agreement,
    /// The delivery
    #[arg(value_name = "DELIVERY", value_parser = id)]
    delivery: Id,
    /// What was delivered: a COCO file, a Pascal VOC folder, or a table of labels
    #[arg(long, value_name = "PATH")]
    work: PathBuf,
    /// Gold, in any of these formats; without it the sample is drawn and shown
    #[arg(long, value_name = "PATH", requires = "by")]
    gold: Option<PathBuf>,
    /// Work item
    #[arg(long, value_name = "ITEM", value_parser = id)]
    item: Id,
    /// The party that inspects
    #[arg(long = "as", value_name = "PARTY", default_value = "customer")]
    party: Party,
    /// The person who inspects
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Show every item that failed
    #[arg(long)]
    all: bool,
    /// File for the whole report as JSON
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Inspects a delivery, or draws its sample.
pub(crate) async fn run(args: Inspect, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    context.book(&desk, &args.agreement.id).await?;
    let Some(gold) = &args.gold else { return draw(&desk, &args, context).await };
    let actor = match args.party.side() {
        Side::Customer => Actor::of(Side::Customer, args.by.as_deref().unwrap_or_default()),
        Side::Vendor => Actor::of(Side::Vendor, args.by.as_deref().unwrap_or_default()),
    };
    let id = &args.agreement.id;
    let (delivery, item) = (&args.delivery, &args.item);
    let report = inspection::inspect(&desk, &actor, id, delivery, item, &args.work, gold).await?;
    if let Some(path) = &args.out {
        let text = serde_json::to_vec_pretty(&report).map_err(Failure::unwritable)?;
        Context::write(path, &text)?;
    }
    if context.out.is_json() {
        return context.out.json(&json!({ "inspection": report }));
    }
    show(&report, args.all, context)
}

/// Draws the sample without inspecting it.
async fn draw(desk: &Desk, args: &Inspect, context: &mut Context) -> Result<(), Failure> {
    let id = &args.agreement.id;
    let sample = inspection::sample(desk, id, &args.delivery, &args.item, &args.work).await?;
    if context.out.is_json() {
        return context.out.json(&json!({ "sample": sample }));
    }
    head(&sample, context)?;
    for item in &sample.items {
        context.out.line(format!("  {item}"))?;
    }
    Ok(())
}

fn head(sample: &Sample, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let (lot, wanted) = (words.count(sample.lot), words.count(sample.wanted));
    let (delivery, round, item) = (&sample.delivery, sample.round, &sample.item);
    let line = match words.lang {
        Lang::Zh => format!("{delivery} 第 {round} 轮 {item}：批量 {lot}，抽样 {wanted}"),
        Lang::En => format!("{delivery}, round {round}, {item}: lot of {lot}, sample of {wanted}"),
    };
    context.out.heading(&line)?;
    if let (Some(accept), Some(severity)) = (sample.accept, sample.severity) {
        let severity = words.name(severity);
        let line = match words.lang {
            Lang::Zh => format!("{severity}，不合格不超过 {accept} 件接收"),
            Lang::En => format!("{severity} inspection, accepted with {accept} nonconforming"),
        };
        context.out.line(line)?;
    }
    Ok(())
}

fn show(report: &InspectionReport, all: bool, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    head(&report.sample, context)?;
    let rows = report.standards.iter().map(|row| {
        let iou = row.iou.map_or(String::new(), |iou| format!("IoU ≥ {iou}"));
        let value = row.value.map_or("—".to_owned(), |value| words.share(value));
        let counted =
            row.ratio.map_or(String::new(), |ratio| format!("{} / {}", ratio.hits, ratio.total));
        vec![
            words.name(row.verdict).to_owned(),
            words.name(row.metric).to_owned(),
            iou,
            words.percent(row.threshold),
            value,
            counted,
        ]
    });
    let header = [
        (context.say("结论", "verdict"), Column::Left),
        (context.say("指标", "measure"), Column::Left),
        ("IoU", Column::Left),
        (context.say("要求", "required"), Column::Right),
        (context.say("实测", "measured"), Column::Right),
        (context.say("计数", "counted"), Column::Right),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)?;
    let paint = match report.verdict {
        Verdict::Met => Paint::Green,
        Verdict::NotMet => Paint::Red,
        Verdict::Undecidable => Paint::Yellow,
    };
    let verdict = context.out.paint(paint, words.name(report.verdict));
    let line = match words.lang {
        Lang::Zh => format!("检验结论：{verdict}"),
        Lang::En => format!("inspection: {verdict}"),
    };
    context.out.line(line)?;
    let points = report.operating_characteristic.iter();
    let points: Vec<_> =
        points.map(|point| (point.nonconforming.points(), point.accepted)).collect();
    if points.len() > 1 {
        let label = context.say(
            "\n接收概率（纵）与真实不合格率（横，%）",
            "\nchance of acceptance (up) by true share nonconforming (across, %)",
        );
        let label = label.to_owned();
        context.out.line(label)?;
        for line in chart(&points) {
            context.out.line(line)?;
        }
    }
    for quality in &report.quality {
        context.out.line("")?;
        quality::show(&quality.report, all, context)?;
    }
    Ok(())
}
