//! The report on marked passages of texts, for people. Clauses: anno-3.1.2, anno-3.6.

use annotation::{SpanFigures, SpanItem, SpanPair, SpanReport};
use units::Lang;

use super::{label_rows, labels_report, more, share};
use crate::context::Context;
use crate::failure::Failure;
use crate::table::{Column, table};

pub(super) fn show(report: &SpanReport, most: usize, context: &mut Context) -> Result<(), Failure> {
    let (texts, counts) = (&report.texts, &report.counts);
    context.out.heading(context.say("片段质量", "Quality of passages"))?;
    let line = match context.words.lang {
        Lang::Zh => format!(
            "文本 {} 条，合格 {} 条，未交付 {} 条；标准片段 {} 个，交付片段 {} 个",
            texts.judged, texts.conforming, texts.not_delivered, counts.gold, counts.work
        ),
        Lang::En => format!(
            "{} texts, {} conforming, {} not delivered; {} gold passages, {} delivered",
            texts.judged, texts.conforming, texts.not_delivered, counts.gold, counts.work
        ),
    };
    context.out.line(line)?;
    if texts.other_words > 0 {
        let count = texts.other_words;
        let line = match context.words.lang {
            Lang::Zh => format!("{count} 条文本的内容与标准不同，位置可能对不上"),
            Lang::En => {
                format!("{count} texts have other words than gold's: places may not mean the same")
            }
        };
        context.out.line(line)?;
    }
    for ((zh, en), figures) in [
        (("完全一致（边界与类别）", "Exact (borders and class)"), &report.exact),
        (("有重叠（类别一致）", "Overlapping (same class)"), &report.overlapping),
    ] {
        let title = format!("\n{}", context.say(zh, en));
        context.out.heading(&title)?;
        shown(figures, context)?;
        label_rows(&figures.per_class, context)?;
    }
    passages(("漏标", "Missed"), &report.missed, most, context)?;
    passages(("多标", "Extra"), &report.extra, most, context)?;
    pairs(("类别错", "Wrong class"), &report.wrong_class, most, context)?;
    pairs(("边界错", "Wrong borders"), &report.wrong_borders, most, context)?;
    if let Some(labels) = &report.labels {
        context.out.line("")?;
        labels_report(labels, most, context)?;
    }
    Ok(())
}

fn shown(figures: &SpanFigures, context: &mut Context) -> Result<(), Failure> {
    let shares = [
        (("精确率", "precision"), &figures.precision),
        (("召回率", "recall"), &figures.recall),
        (("F1", "F1"), &figures.f1),
    ];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for ((zh, en), value) in shares {
        let counted = format!("{} / {}", value.hits, value.total);
        rows.push(vec![context.say(zh, en).to_owned(), share(value, context), counted]);
    }
    if let Some(mean) = &figures.macro_f1 {
        let label = context.say("宏平均 F1", "macro-F1").to_owned();
        rows.push(vec![label, context.words.share(mean.value), String::new()]);
    }
    let header = [
        (context.say("指标", "measure"), Column::Left),
        (context.say("值", "value"), Column::Right),
        (context.say("计数", "counted"), Column::Right),
    ];
    let text = table(context, &header, rows);
    context.out.line(text)?;
    context.out.line("")
}

fn place(item: &SpanItem) -> String {
    format!("{}..{}", item.start, item.end)
}

fn passages(
    (zh, en): (&str, &str),
    list: &[SpanItem],
    most: usize,
    context: &mut Context,
) -> Result<(), Failure> {
    let line = |item: &SpanItem| {
        format!("  {}  {}  {}  {:?}", item.text, place(item), item.label, item.words)
    };
    lines((zh, en), list.iter().map(line).collect(), most, context)
}

fn pairs(
    (zh, en): (&str, &str),
    list: &[SpanPair],
    most: usize,
    context: &mut Context,
) -> Result<(), Failure> {
    let line = |SpanPair { gold, work }: &SpanPair| {
        let (from, to) = (place(gold), place(work));
        let (label, given) = (&gold.label, &work.label);
        format!("  {}  {from} {label} {:?} → {to} {given} {:?}", gold.text, gold.words, work.words)
    };
    lines((zh, en), list.iter().map(line).collect(), most, context)
}

fn lines(
    (zh, en): (&str, &str),
    list: Vec<String>,
    most: usize,
    context: &mut Context,
) -> Result<(), Failure> {
    if list.is_empty() {
        return Ok(());
    }
    let title = format!("\n{} {}", context.say(zh, en), list.len());
    context.out.heading(&title)?;
    let rest = list.len().saturating_sub(most);
    for line in list.into_iter().take(most) {
        context.out.line(line)?;
    }
    if rest > 0 {
        let line = more(rest, context);
        context.out.line(line)?;
    }
    Ok(())
}
