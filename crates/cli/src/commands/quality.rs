//! `tally quality`: a delivery of labels against gold, whatever its format. Needs no deployment.
//! Clauses: anno-3.6, anno-4.1.1.

mod spans;
mod videos;

use std::path::{Path, PathBuf};

use annotation::{
    BoxItem, BoxOptions, BoxReport, Delivery, Finding, IouThreshold, LabelQuality, LabelReport,
    Limits, PairItem, QualityOptions, QualityReport, Severity, Share, quality,
};
use clap::Args;
use formats::read_delivery;
use serde_json::json;
use units::{Decimal, Fraction, Lang};

use crate::args::decimal;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};
use crate::words::DeskWords as _;

/// How many items of a list are shown unless all are asked for.
const SHOWN: usize = 10;

/// From where on a label of the work counts as gold's.
#[derive(Debug, Args)]
pub(crate) struct Matching {
    /// The agreed IoU of boxes, or of events in time
    #[arg(long, value_name = "IOU", default_value = "0.5", value_parser = decimal)]
    iou: Decimal,
    /// How many seconds a keyframe may lie from gold's
    #[arg(long, value_name = "SECONDS", default_value = "0.5", value_parser = decimal)]
    tolerance: Decimal,
}

impl Matching {
    pub(crate) fn options(&self, average_precision: bool) -> Result<QualityOptions, Failure> {
        let bad = |field: &str, text: &Decimal| Failure::BadValue {
            field: field.to_owned(),
            text: text.to_string(),
            form: "0.5".to_owned(),
        };
        let iou = IouThreshold::new(self.iou.to_fraction());
        let boxes = BoxOptions::at(iou.map_err(|_| bad("--iou", &self.iou))?);
        let micros = annotation::parse_micros(self.tolerance.to_string().as_bytes()).ok();
        let tolerance = micros.filter(|micros| *micros >= 0);
        let tolerance_micros = tolerance.ok_or_else(|| bad("--tolerance", &self.tolerance))?;
        Ok(QualityOptions { boxes, average_precision, tolerance_micros })
    }
}

/// Arguments of `quality`.
#[derive(Debug, Args)]
pub(crate) struct Quality {
    /// The delivery: boxes, labels of items, passages of texts, or events, in any format that
    /// `tally convert` reads
    #[arg(long, value_name = "PATH")]
    work: PathBuf,
    /// Gold, in any of these formats
    #[arg(long, value_name = "PATH")]
    gold: PathBuf,
    #[command(flatten)]
    matching: Matching,
    /// Add average precision for what has scores: COCO's for boxes, ActivityNet's for events
    #[arg(long)]
    ap: bool,
    /// Show every item of the lists
    #[arg(long)]
    all: bool,
    /// Refuse a delivery with any bad record
    #[arg(long)]
    strict: bool,
    /// File for the whole report as JSON
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Judges a delivery.
pub(crate) fn run(args: &Quality, context: &mut Context) -> Result<(), Failure> {
    let options = args.matching.options(args.ap)?;
    let work = open(&args.work, args.strict, context)?;
    let gold = open(&args.gold, args.strict, context)?;
    let report = quality(&work, &gold, &options).map_err(Failure::Quality)?;
    if let Some(path) = &args.out {
        let mut text = serde_json::to_vec_pretty(&report).map_err(Failure::unwritable)?;
        text.push(b'\n');
        Context::write(path, &text)?;
    }
    if context.out.is_json() {
        return context.out.json(&json!({ "report": report }));
    }
    show(&report, args.all, context)
}

/// Shows a report.
pub(crate) fn show(
    report: &QualityReport,
    all: bool,
    context: &mut Context,
) -> Result<(), Failure> {
    let most = if all { usize::MAX } else { SHOWN };
    match report {
        QualityReport::Boxes(report) => boxes_report(report, most, context),
        QualityReport::Labels(report) => labels_report(report, most, context),
        QualityReport::Events(report) => videos::show(report, most, context),
        QualityReport::Spans(report) => spans::show(report, most, context),
    }
}

/// Opens a delivery and tells what was noticed on the way.
pub(crate) fn open(path: &Path, strict: bool, context: &mut Context) -> Result<Delivery, Failure> {
    let read = read_delivery(path, &Limits::default(), strict);
    let (delivery, findings) = match read {
        Ok(read) => read,
        Err(annotation::ReadError::Refused(findings)) if !context.out.is_json() => {
            for finding in findings.iter().take(SHOWN * 2) {
                let line = context.words.delivery_finding(finding);
                context.out.complain(&line)?;
            }
            let source = annotation::ReadError::Refused(findings);
            return Err(Failure::Delivery { path: path.to_path_buf(), source });
        }
        Err(source) => return Err(Failure::Delivery { path: path.to_path_buf(), source }),
    };
    tell(&findings, context)?;
    Ok(delivery)
}

/// Tells what was noticed, save notices.
pub(crate) fn tell(findings: &[Finding], context: &mut Context) -> Result<(), Failure> {
    let told: Vec<_> =
        findings.iter().filter(|finding| finding.severity != Severity::Notice).collect();
    for finding in told.iter().take(SHOWN) {
        let line = context.words.delivery_finding(finding);
        let line = context.out.paint_error(Paint::Yellow, &line);
        context.out.note(&line)?;
    }
    if told.len() > SHOWN {
        let line = more(told.len() - SHOWN, context);
        context.out.note(&line)?;
    }
    Ok(())
}

fn more(count: usize, context: &Context) -> String {
    match context.words.lang {
        Lang::Zh => format!("  … 另有 {count} 项（--all 显示全部）"),
        Lang::En => format!("  … {count} more (--all shows them)"),
    }
}

fn share(share: &Share, context: &Context) -> String {
    share.ratio().value().map_or("—".to_owned(), |value| context.words.share(value))
}

fn boxes_report(report: &BoxReport, most: usize, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let images = &report.images;
    let counts = &report.counts;
    let iou = words.exact(report.iou.fraction());
    let title = match words.lang {
        Lang::Zh => format!("框质量（IoU ≥ {iou}，一一匹配，标签须一致）"),
        Lang::En => format!("Quality of boxes (IoU ≥ {iou}, one to one, same label)"),
    };
    context.out.heading(&title)?;
    let line = match words.lang {
        Lang::Zh => format!(
            "图像 {} 张，合格 {} 张，未交付 {} 张；标准框 {} 个，交付框 {} 个",
            images.judged, images.conforming, images.not_delivered, counts.gold, counts.work
        ),
        Lang::En => format!(
            "{} images, {} conforming, {} not delivered; {} gold boxes, {} delivered",
            images.judged, images.conforming, images.not_delivered, counts.gold, counts.work
        ),
    };
    context.out.line(line)?;
    let figures = [
        (("精确率", "precision"), share(&report.precision, context), &report.precision),
        (("召回率", "recall"), share(&report.recall, context), &report.recall),
        (("F1", "F1"), share(&report.f1, context), &report.f1),
        (("正确率", "accuracy"), share(&report.accuracy, context), &report.accuracy),
    ];
    let mut rows: Vec<Vec<String>> = figures
        .iter()
        .map(|((zh, en), value, share)| {
            let parts = format!("{} / {}", share.hits, share.total);
            vec![context.say(zh, en).to_owned(), value.clone(), parts]
        })
        .collect();
    if let Some(mean) = report.mean_iou {
        let label = context.say("平均 IoU", "mean IoU").to_owned();
        rows.push(vec![label, words.share(mean), String::new()]);
    }
    let header = [
        (context.say("指标", "measure"), Column::Left),
        (context.say("值", "value"), Column::Right),
        (context.say("计数", "counted"), Column::Right),
    ];
    let text = table(context, &header, rows);
    context.out.line(text)?;
    context.out.line("")?;
    classes(report, context)?;
    if let Some(ap) = &report.average_precision {
        let figure = |value: Option<f64>| value.map_or("—".to_owned(), |v| format!("{v:.4}"));
        let (ap, ap50, ap75) = (figure(ap.ap), figure(ap.ap50), figure(ap.ap75));
        context.out.line(format!("COCO AP {ap}  AP50 {ap50}  AP75 {ap75}"))?;
    }
    boxes(("漏标", "Missed"), &report.missed, most, context)?;
    boxes(("多标", "Extra"), &report.extra, most, context)?;
    pairs(("类别错", "Wrong class"), &report.wrong_class, most, context)?;
    pairs(("不够精确", "Imprecise"), &report.imprecise, most, context)
}

fn classes(report: &BoxReport, context: &mut Context) -> Result<(), Failure> {
    let rows = report.per_class.iter().map(|class| {
        let counts = &class.counts;
        vec![
            class.class.to_string(),
            counts.gold.to_string(),
            counts.work.to_string(),
            counts.right.to_string(),
            counts.missed.to_string(),
            counts.extra.to_string(),
            counts.wrong_class.to_string(),
            share(&class.precision, context),
            share(&class.recall, context),
            share(&class.f1, context),
        ]
    });
    let header = [
        (context.say("类别", "class"), Column::Text),
        (context.say("标准", "gold"), Column::Right),
        (context.say("交付", "work"), Column::Right),
        (context.say("正确", "right"), Column::Right),
        (context.say("漏标", "missed"), Column::Right),
        (context.say("多标", "extra"), Column::Right),
        (context.say("类别错", "wrong"), Column::Right),
        (context.say("精确率", "precision"), Column::Right),
        (context.say("召回率", "recall"), Column::Right),
        ("F1", Column::Right),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}

fn boxes(
    (zh, en): (&str, &str),
    items: &[BoxItem],
    most: usize,
    context: &mut Context,
) -> Result<(), Failure> {
    if items.is_empty() {
        return Ok(());
    }
    let title = format!("\n{} {}", context.say(zh, en), items.len());
    context.out.heading(&title)?;
    for item in items.iter().take(most) {
        let place = item.rect.decimals().join(", ");
        let line = format!("  {}  #{}  {}  [{place}]", item.image, item.id, item.class);
        context.out.line(line)?;
    }
    if items.len() > most {
        let line = more(items.len() - most, context);
        context.out.line(line)?;
    }
    Ok(())
}

fn pairs(
    (zh, en): (&str, &str),
    items: &[PairItem],
    most: usize,
    context: &mut Context,
) -> Result<(), Failure> {
    if items.is_empty() {
        return Ok(());
    }
    let title = format!("\n{} {}", context.say(zh, en), items.len());
    context.out.heading(&title)?;
    for item in items.iter().take(most) {
        let classes = if item.gold_class == item.work_class {
            item.gold_class.to_string()
        } else {
            format!("{} → {}", item.gold_class, item.work_class)
        };
        let ids = format!("#{} → #{}", item.gold_id, item.work_id);
        let line = format!("  {}  {ids}  {classes}  IoU {}", item.image, item.iou.text());
        context.out.line(line)?;
    }
    if items.len() > most {
        let line = more(items.len() - most, context);
        context.out.line(line)?;
    }
    Ok(())
}

/// A table of the figures by label.
fn label_rows(labels: &[LabelQuality], context: &mut Context) -> Result<(), Failure> {
    let rows = labels.iter().map(|label| {
        vec![
            label.label.clone(),
            label.gold.to_string(),
            label.work.to_string(),
            label.right.to_string(),
            share(&label.precision, context),
            share(&label.recall, context),
            share(&label.f1, context),
        ]
    });
    let header = [
        (context.say("标签", "label"), Column::Text),
        (context.say("标准", "gold"), Column::Right),
        (context.say("交付", "work"), Column::Right),
        (context.say("正确", "right"), Column::Right),
        (context.say("精确率", "precision"), Column::Right),
        (context.say("召回率", "recall"), Column::Right),
        ("F1", Column::Right),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}

fn labels_report(report: &LabelReport, most: usize, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let title = match words.lang {
        Lang::Zh => format!("标签质量：{} 条，未交付 {} 条", report.judged, report.not_delivered),
        Lang::En => {
            format!(
                "Quality of labels: {} items, {} not delivered",
                report.judged, report.not_delivered
            )
        }
    };
    context.out.heading(&title)?;
    let accuracy = share(&report.accuracy, context);
    let counted = format!("{} / {}", report.accuracy.hits, report.accuracy.total);
    let mean = |value: Option<Fraction>| value.map_or("—".to_owned(), |value| words.share(value));
    let label = context.say("准确率", "accuracy").to_owned();
    let mut rows = vec![vec![label, accuracy, counted]];
    let means = [
        (("宏平均 F1", "macro-F1"), report.macro_f1.as_ref().map(|mean| mean.value)),
        (("宏平均精确率", "macro precision"), report.macro_precision.as_ref().map(|m| m.value)),
        (("宏平均召回率", "macro recall"), report.macro_recall.as_ref().map(|m| m.value)),
    ];
    for ((zh, en), value) in means {
        rows.push(vec![context.say(zh, en).to_owned(), mean(value), String::new()]);
    }
    if let Some(kappa) = &report.cohen_kappa {
        rows.push(vec!["Cohen κ".to_owned(), kappa.decimal.clone(), String::new()]);
    }
    let header = [
        (context.say("指标", "measure"), Column::Left),
        (context.say("值", "value"), Column::Right),
        (context.say("计数", "counted"), Column::Right),
    ];
    let text = table(context, &header, rows);
    context.out.line(text)?;
    context.out.line("")?;
    label_rows(&report.per_class, context)?;
    if !report.wrong.is_empty() {
        let title = format!("\n{} {}", context.say("标签错", "Wrong"), report.wrong.len());
        context.out.heading(&title)?;
    }
    let missing = context.say("（未交付）", "(not delivered)").to_owned();
    for item in report.wrong.iter().take(most) {
        let work = item.work.as_deref().unwrap_or(&missing);
        context.out.line(format!("  {}  {} → {work}", item.id, item.gold))?;
    }
    if report.wrong.len() > most {
        let line = more(report.wrong.len() - most, context);
        context.out.line(line)?;
    }
    Ok(())
}
