//! What the report says, in the order in which it is read: the same for every form of it.

use annotation::{
    EventReport, LabelReport, MomentReport, QualityReport, Share, SpanReport, micros_text, wilson,
};
use units::{Fraction, Lang};

use super::Report;
use crate::paper::{Part, Writer as Written};
use crate::words::Words;

/// How many files are listed; the JSON form has all.
const MOST_FILES: usize = 500;
/// How many rows a table of classes or authors has.
const MOST_ROWS: usize = 500;

struct Writer<'a> {
    own: Written,
    words: Words,
    report: &'a Report<'a>,
}

/// The parts of a report, in their order.
#[must_use]
pub fn parts(report: &Report<'_>, lang: Lang) -> Vec<Part> {
    let mut writer = Writer { own: Written::new(lang), words: Words::new(lang), report };
    writer.head();
    writer.classes();
    writer.shapes();
    writer.quality();
    writer.people();
    writer.files();
    writer.own.parts
}

impl Writer<'_> {
    const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.own.say(zh, en)
    }

    fn heading(&mut self, zh: &'static str, en: &'static str) {
        self.own.heading(zh, en);
    }

    fn note(&mut self, text: String) {
        self.own.note(text);
    }

    fn table(&mut self, columns: &[(&'static str, &'static str, bool)], rows: Vec<Vec<String>>) {
        self.own.table(columns, rows);
    }

    fn bars(&mut self, rows: Vec<(String, u64)>) {
        self.own.bars(rows, |count| self.words.count(count));
    }

    fn head(&mut self) {
        let statistics = self.report.statistics;
        let mut rows = vec![
            (self.say("格式", "Format").to_owned(), self.report.format.to_owned()),
            (self.say("日期", "Date").to_owned(), self.words.date(self.report.day)),
        ];
        if let Some(guideline) = self.report.guideline {
            rows.push((self.say("标注规范", "Guideline").to_owned(), guideline.to_owned()));
        }
        let counts = [
            ("图像", "Images", statistics.images),
            ("视频", "Videos", statistics.videos),
            ("文本", "Texts", statistics.texts),
            ("文本字符", "Characters of texts", statistics.characters),
            ("框", "Boxes", statistics.boxes),
            ("条目类别标签", "Labels of whole items", statistics.labels),
            ("文本片段", "Spans", statistics.spans),
            ("事件", "Events", statistics.events),
            ("关键帧", "Keyframes", statistics.moments),
        ];
        for (zh, en, count) in counts.into_iter().filter(|(.., count)| *count > 0) {
            rows.push((self.say(zh, en).to_owned(), self.words.count(count)));
        }
        let empty = self.words.count(statistics.empty_items);
        rows.push((self.say("没有任何标注的条目", "Items without a label").to_owned(), empty));
        self.own.facts(rows);
        let parts = statistics.parts.iter().filter(|part| !part.part.is_empty());
        let rows: Vec<Vec<String>> =
            parts.map(|part| vec![part.part.clone(), self.words.count(part.items)]).collect();
        self.table(&[("子集", "Part", false), ("条目", "Items", true)], rows);
    }

    fn classes(&mut self) {
        let classes = &self.report.statistics.classes;
        if classes.is_empty() {
            return;
        }
        self.heading("各类数量", "Labels by class");
        let timed = classes.iter().any(|class| class.micros > 0);
        let mut columns =
            vec![("类别", "Class", false), ("标注", "Labels", true), ("条目", "Items", true)];
        if timed {
            columns.push(("合计时长（秒）", "Seconds", true));
        }
        let row = |class: &annotation::ClassCount| {
            let mut row = vec![
                class.class.clone(),
                self.words.count(class.labels),
                self.words.count(class.items),
            ];
            if timed {
                row.push(micros_text(i64::try_from(class.micros).unwrap_or(i64::MAX)));
            }
            row
        };
        let rows = classes.iter().take(MOST_ROWS).map(row).collect();
        self.table(&columns, rows);
        let bars = classes.iter().take(30);
        self.bars(bars.map(|class| (class.class.clone(), class.labels)).collect());
        self.left_out(classes.len(), MOST_ROWS);
    }

    fn left_out(&mut self, all: usize, most: usize) {
        if all > most {
            let more = self.words.count((all - most) as u64);
            self.note(match self.own.lang {
                Lang::Zh => format!("另有 {more} 行，见 JSON 报告"),
                Lang::En => format!("{more} more rows stand in the JSON report"),
            });
        }
    }

    fn shapes(&mut self) {
        let statistics = self.report.statistics;
        if statistics.boxes > 0 {
            self.heading("框的大小与标记", "Sizes and marks of boxes");
            let sizes = statistics.sizes;
            let rows = [
                ("小（面积 < 32²）", "small (area < 32²)", sizes.small),
                ("中（32² 至 96²）", "medium (32² to 96²)", sizes.medium),
                ("大（≥ 96²）", "large (≥ 96²)", sizes.large),
            ];
            self.bars(rows.map(|(zh, en, count)| (self.say(zh, en).to_owned(), count)).to_vec());
            let marks = statistics.marks;
            let rows = [
                ("被遮挡", "occluded", marks.occluded),
                ("被截断", "truncated", marks.truncated),
                ("群体区域", "crowd", marks.crowd),
                ("难例", "difficult", marks.difficult),
                ("模型所标（带分数）", "made by a model (with a score)", marks.scored),
            ];
            let marked = rows.into_iter().filter(|(.., count)| *count > 0);
            let rows: Vec<(String, String)> = marked
                .map(|(zh, en, count)| (self.say(zh, en).to_owned(), self.words.count(count)))
                .collect();
            self.own.facts(rows);
        }
        self.heading("每个条目的标注数", "Labels of an item");
        let rows = statistics.density.iter().map(|row| {
            let label = match row.to {
                Some(to) if to == row.from => row.from.to_string(),
                Some(to) => format!("{} – {to}", row.from),
                None => format!("≥ {}", row.from),
            };
            (label, row.items)
        });
        self.bars(rows.collect());
    }

    fn quality(&mut self) {
        let Some(quality) = self.report.quality else { return };
        self.heading("质量（对照标准答案）", "Quality against gold");
        match quality {
            QualityReport::Boxes(report) => {
                let judged = Share::new(report.images.conforming, report.images.judged);
                self.shares(&[
                    ("合格图像", "Conforming images", &judged),
                    ("精确率", "Precision", &report.precision),
                    ("召回率", "Recall", &report.recall),
                ]);
                let exact = [
                    ("F1", "F1", report.f1.ratio().value()),
                    ("平均 IoU", "Mean IoU", report.mean_iou),
                ];
                self.exact(&exact);
                let rows = report.per_class.iter().take(MOST_ROWS).map(|class| {
                    let counts = &class.counts;
                    let counts = [counts.gold, counts.work, counts.right];
                    let mut row = vec![class.class.to_string()];
                    row.extend(counts.map(|count| self.words.count(count)));
                    row.extend([&class.precision, &class.recall, &class.f1].map(|s| self.share(s)));
                    row
                });
                let rows = rows.collect();
                self.by_class(rows);
                let iou = self.words.exact(report.iou.fraction());
                self.note(match self.own.lang {
                    Lang::Zh => format!("一一匹配，类别须一致，IoU ≥ {iou}"),
                    Lang::En => format!("Matched one to one, same class, IoU ≥ {iou}"),
                });
            }
            QualityReport::Labels(report) => self.labels(report),
            QualityReport::Spans(report) => self.spans(report),
            QualityReport::Events(report) => {
                let judged = Share::new(report.videos.conforming, report.videos.judged);
                self.shares(&[("合格视频", "Conforming videos", &judged)]);
                if let Some(events) = &report.events {
                    self.events(events);
                    let rows = report.per_class.iter().map(|class| self.class_row(class)).collect();
                    self.by_class(rows);
                }
                if let Some(moments) = &report.moments {
                    self.moments(moments);
                }
            }
        }
        let text =
            self.say("区间为 95 % 威尔逊区间", "Intervals are Wilson intervals at 95 % confidence");
        self.note(text.to_owned());
    }

    fn labels(&mut self, report: &LabelReport) {
        self.shares(&[("准确率", "Accuracy", &report.accuracy)]);
        let value = |mean: &Option<annotation::Mean>| mean.as_ref().map(|mean| mean.value);
        self.exact(&[
            ("宏平均 F1", "Macro-F1", value(&report.macro_f1)),
            ("Cohen κ", "Cohen κ", value(&report.cohen_kappa)),
        ]);
        let rows = report.per_class.iter().take(MOST_ROWS).map(|class| self.class_row(class));
        let rows = rows.collect();
        self.by_class(rows);
        let missing = self.say("（未交付）", "(not delivered)");
        let wrong = report.confusion.iter().filter(|cell| Some(&cell.gold) != cell.work.as_ref());
        let rows: Vec<Vec<String>> = wrong
            .take(MOST_ROWS)
            .map(|cell| {
                let work = cell.work.clone().unwrap_or_else(|| missing.to_owned());
                vec![cell.gold.clone(), work, self.words.count(cell.count)]
            })
            .collect();
        self.table(
            &[("标准", "Gold", false), ("交付", "Work", false), ("条目", "Items", true)],
            rows,
        );
    }

    fn spans(&mut self, report: &SpanReport) {
        let judged = Share::new(report.texts.conforming, report.texts.judged);
        self.shares(&[
            ("合格文本", "Conforming texts", &judged),
            ("片段精确率", "Precision of passages", &report.exact.precision),
            ("片段召回率", "Recall of passages", &report.exact.recall),
            ("有重叠的召回率", "Recall with overlap", &report.overlapping.recall),
        ]);
        self.exact(&[
            ("片段 F1", "F1 of passages", report.exact.f1.ratio().value()),
            ("有重叠的 F1", "F1 with overlap", report.overlapping.f1.ratio().value()),
        ]);
        let rows = report.exact.per_class.iter().take(MOST_ROWS).map(|class| self.class_row(class));
        let rows = rows.collect();
        self.by_class(rows);
        if let Some(labels) = &report.labels {
            self.labels(labels);
        }
    }

    fn events(&mut self, report: &EventReport) {
        self.shares(&[
            ("事件精确率", "Precision of events", &report.precision),
            ("事件召回率", "Recall of events", &report.recall),
        ]);
        self.exact(&[
            ("事件 F1", "F1 of events", report.f1.ratio().value()),
            ("平均时间 IoU", "Mean temporal IoU", report.mean_iou),
        ]);
    }

    fn moments(&mut self, report: &MomentReport) {
        self.shares(&[
            ("关键帧召回率", "Recall of keyframes", &report.recall),
            ("关键帧精确率", "Precision of keyframes", &report.precision),
        ]);
    }

    fn share(&self, share: &Share) -> String {
        share.ratio().value().map_or_else(|| "—".to_owned(), |value| self.words.share(value))
    }

    fn class_row(&self, class: &annotation::LabelQuality) -> Vec<String> {
        let mut row = vec![class.label.clone()];
        row.extend([class.gold, class.work, class.right].map(|count| self.words.count(count)));
        row.extend([&class.precision, &class.recall, &class.f1].map(|share| self.share(share)));
        row
    }

    fn by_class(&mut self, rows: Vec<Vec<String>>) {
        let columns = [
            ("类别", "Class", false),
            ("标准", "Gold", true),
            ("交付", "Work", true),
            ("正确", "Right", true),
            ("精确率", "Precision", true),
            ("召回率", "Recall", true),
            ("F1", "F1", true),
        ];
        self.table(&columns, rows);
    }

    /// Shares that have trials, with their intervals.
    fn shares(&mut self, rows: &[(&'static str, &'static str, &Share)]) {
        let rows = rows.iter().map(|(zh, en, share)| {
            let bounds = wilson(share.hits, share.total);
            let percent = |millionths: u64| {
                self.words.share(Fraction::new(i128::from(millionths), 1_000_000))
            };
            let between = bounds.map_or_else(
                || "—".to_owned(),
                |bounds| format!("{} – {}", percent(bounds.lower), percent(bounds.upper)),
            );
            let counted =
                format!("{} / {}", self.words.count(share.hits), self.words.count(share.total));
            vec![self.say(zh, en).to_owned(), self.share(share), between, counted]
        });
        let rows = rows.collect();
        let columns = [
            ("指标", "Measure", false),
            ("值", "Value", true),
            ("95 % 区间", "95 % interval", true),
            ("计数", "Counted", true),
        ];
        self.table(&columns, rows);
    }

    /// Figures without trials of their own.
    fn exact(&mut self, rows: &[(&'static str, &'static str, Option<Fraction>)]) {
        let rows = rows.iter().filter_map(|(zh, en, value)| {
            Some((self.say(zh, en).to_owned(), self.words.share((*value)?)))
        });
        let rows: Vec<(String, String)> = rows.collect();
        self.own.facts(rows);
    }

    fn people(&mut self) {
        let authors = &self.report.statistics.authors;
        if authors.is_empty() {
            return;
        }
        self.heading("标注人员", "Who labelled");
        let row = |author: &annotation::AuthorCount| {
            vec![author.author.clone(), self.words.count(author.labels)]
        };
        let rows = authors.iter().take(MOST_ROWS).map(row).collect();
        self.table(&[("人员", "Author", false), ("标注", "Labels", true)], rows);
        self.left_out(authors.len(), MOST_ROWS);
    }

    fn files(&mut self) {
        self.heading("文件与校验和", "Files and checksums");
        let row = |file: &super::ReportedFile| {
            vec![file.name.clone(), self.words.bytes(file.size), file.sha256.clone()]
        };
        let rows = self.report.files.iter().take(MOST_FILES).map(row).collect();
        self.table(
            &[("文件", "File", false), ("大小", "Size", true), ("SHA-256", "SHA-256", false)],
            rows,
        );
        self.left_out(self.report.files.len(), MOST_FILES);
    }
}
