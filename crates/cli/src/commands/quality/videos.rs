//! The report on events and keyframes of videos, for people. Clauses: anno-3.1.3, anno-3.6.

use annotation::{Event, EventReport, MomentReport, VideoReport, micros_text};
use units::Lang;

use super::{label_rows, more, share};
use crate::context::Context;
use crate::failure::Failure;
use crate::table::{Column, table};

pub(super) fn show(
    report: &VideoReport,
    most: usize,
    context: &mut Context,
) -> Result<(), Failure> {
    let videos = &report.videos;
    let (judged, conforming, lacking) = (videos.judged, videos.conforming, videos.not_delivered);
    let title = match context.words.lang {
        Lang::Zh => format!("视频质量：{judged} 个，合格 {conforming} 个，未交付 {lacking} 个"),
        Lang::En => {
            format!("Quality of videos: {judged}, {conforming} conforming, {lacking} not delivered")
        }
    };
    context.out.heading(&title)?;
    if let Some(events) = &report.events {
        figures(events, context)?;
        label_rows(&report.per_class, context)?;
    }
    if let Some(figures) = &report.average_precision {
        let at = |wanted: u32| {
            let found = figures.at.iter().find(|(at, _)| *at == wanted);
            found.map_or("—".to_owned(), |(_, value)| format!("{value:.4}"))
        };
        let (half, most) = (at(50), at(75));
        context
            .out
            .line(format!("ActivityNet mAP {:.4}  @0.50 {half}  @0.75 {most}", figures.average))?;
    }
    if let Some(moments) = &report.moments {
        keyframes(moments, context)?;
    }
    if let Some(found) = &report.events {
        events(("漏标的事件", "Missed events"), &found.missed, most, context)?;
        events(("多标的事件", "Extra events"), &found.extra, most, context)?;
        let wrong: Vec<Event> = found.wrong_class.iter().map(|pair| pair.work.clone()).collect();
        events(("类别错的事件", "Events of a wrong class"), &wrong, most, context)?;
    }
    if let Some(moments) = &report.moments {
        events(("漏标的关键帧", "Missed keyframes"), &moments.missed, most, context)?;
        events(("多标的关键帧", "Extra keyframes"), &moments.extra, most, context)?;
    }
    Ok(())
}

fn figures(report: &EventReport, context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let shares = [
        (("精确率", "precision"), &report.precision),
        (("召回率", "recall"), &report.recall),
        (("F1", "F1"), &report.f1),
    ];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for ((zh, en), value) in shares {
        let counted = format!("{} / {}", value.hits, value.total);
        rows.push(vec![context.say(zh, en).to_owned(), share(value, context), counted]);
    }
    if let Some(mean) = report.mean_iou {
        let label = context.say("平均时间 IoU", "mean temporal IoU").to_owned();
        rows.push(vec![label, words.share(mean), String::new()]);
    }
    let second = context.say("秒", "s").to_owned();
    let errors = [
        (("边界误差中位数", "median boundary error"), report.boundary_error_micros_median),
        (("边界误差 95 分位", "95th percentile"), report.boundary_error_micros_p95),
    ];
    for ((zh, en), micros) in errors {
        if let Some(micros) = micros {
            let value = format!("{} {second}", micros_text(micros));
            rows.push(vec![context.say(zh, en).to_owned(), value, String::new()]);
        }
    }
    let iou = words.exact(report.iou.fraction());
    let title = match words.lang {
        Lang::Zh => format!("事件（时间 IoU ≥ {iou}）"),
        Lang::En => format!("Events (temporal IoU ≥ {iou})"),
    };
    let header = [
        (title.as_str(), Column::Left),
        (context.say("值", "value"), Column::Right),
        (context.say("计数", "counted"), Column::Right),
    ];
    let text = table(context, &header, rows);
    context.out.line(text)?;
    context.out.line("")
}

fn keyframes(report: &MomentReport, context: &mut Context) -> Result<(), Failure> {
    let within = micros_text(report.tolerance_micros);
    let [precision, recall, f1] =
        [&report.precision, &report.recall, &report.f1].map(|one| share(one, context));
    let line = match context.words.lang {
        Lang::Zh => format!(
            "关键帧（±{within} 秒）：召回率 {recall}（{} / {}），精确率 {precision}，F1 {f1}",
            report.recall.hits, report.recall.total
        ),
        Lang::En => format!(
            "Keyframes (±{within} s): recall {recall} ({} of {}), precision {precision}, F1 {f1}",
            report.recall.hits, report.recall.total
        ),
    };
    context.out.line(line)
}

fn events(
    (zh, en): (&str, &str),
    list: &[Event],
    most: usize,
    context: &mut Context,
) -> Result<(), Failure> {
    if list.is_empty() {
        return Ok(());
    }
    let title = format!("\n{} {}", context.say(zh, en), list.len());
    context.out.heading(&title)?;
    for event in list.iter().take(most) {
        let start = micros_text(event.start_micros);
        let times = if event.start_micros == event.end_micros {
            format!("{start} s")
        } else {
            format!("{start} – {} s", micros_text(event.end_micros))
        };
        context.out.line(format!("  {}  {}  {times}", event.video, event.label))?;
    }
    if list.len() > most {
        let line = more(list.len() - most, context);
        context.out.line(line)?;
    }
    Ok(())
}
