//! The measures of a classifier: figures with their intervals on one scale, classes, certainty
//! against hits, what was taken for what.

use units::{Fraction, Lang};

use super::parts::Author;
use super::{Measured, Measures};
use crate::paper::{Part, Reach};

/// How many pairs of classes are listed.
const MOST_PAIRS: usize = 15;

impl Author<'_> {
    pub(super) fn measures(&mut self) {
        self.own.heading("指标", "Measures");
        let measures = &self.facts.measures;
        let (hits, images) = (self.words.count(measures.hits), self.words.count(measures.images));
        self.text(
            format!("在 {images} 张未参与学习的图片上测量，其中 {hits} 张正确。"),
            format!("Measured on {images} images that it did not learn from; {hits} were right."),
        );
        let rows = [
            ("准确率", "Accuracy", measures.accuracy),
            ("宏平均精确率", "Macro precision", measures.macro_precision),
            ("宏平均召回率", "Macro recall", measures.macro_recall),
            ("宏平均 F1", "Macro F1", measures.macro_f1),
            ("加权 F1", "Weighted F1", measures.weighted_f1),
        ];
        let rows = rows.map(|(zh, en, measured)| self.reach(self.say(zh, en), measured));
        self.own.parts.push(Part::Reaches { rows: rows.to_vec() });
        let mut facts = vec![(
            self.say("前五命中", "Among the first five").to_owned(),
            format!("{} / {images}", self.words.count(measures.first_five)),
        )];
        if let Some(area) = measures.macro_auroc {
            let label = self.say("宏平均 AUROC", "Macro area under the curve (AUROC)");
            facts.push((label.to_owned(), self.percent(area)));
        }
        let label = self.say("校准误差", "Calibration error");
        facts.push((label.to_owned(), self.percent(measures.calibration_error)));
        self.own.facts(facts);
        self.own.note(
            self.say(
                "准确率与各类精确率、召回率的区间为 95 % 威尔逊区间，其余为 95 % 自助法区间；刻度为 0 至 100 %",
                "Intervals at 95 %: Wilson for the accuracy and for precision and recall by class, \
                 bootstrap for the others; the scale goes from 0 to 100 %",
            )
            .to_owned(),
        );
        self.classes(measures);
        self.certainty(measures);
        self.wrong(measures);
        self.by_part(measures);
    }

    fn percent(&self, millionths: u64) -> String {
        let hundredths = (millionths + 50) / 100;
        self.words.share(Fraction::new(i128::from(hundredths), 10_000))
    }

    fn figure(&self, measured: Measured) -> String {
        let value = self.percent(measured.value);
        match measured.interval {
            Some((from, to)) => format!("{value} [{}, {}]", self.percent(from), self.percent(to)),
            None => value,
        }
    }

    fn reach(&self, label: &str, measured: Measured) -> Reach {
        let (from, to) = measured.interval.unwrap_or((measured.value, measured.value));
        let thousandths = |millionths: u64| (millionths / 1_000).min(1_000);
        Reach {
            label: label.to_owned(),
            figure: self.figure(measured),
            from: thousandths(from),
            at: thousandths(measured.value),
            to: thousandths(to),
        }
    }

    fn classes(&mut self, measures: &Measures) {
        self.own.heading("各类指标", "Measures by class");
        let row = |class: &super::ClassFact| {
            vec![
                class.class.clone(),
                self.words.count(class.support),
                self.percent(class.precision.value),
                self.percent(class.recall.value),
                self.percent(class.f1.value),
            ]
        };
        let rows = measures.classes.iter().map(row).collect();
        self.own.table(
            &[
                ("类别", "Class", false),
                ("图片", "Images", true),
                ("精确率", "Precision", true),
                ("召回率", "Recall", true),
                ("F1", "F1", true),
            ],
            rows,
        );
        self.own.note(
            self.say("各类召回率及其区间：", "Recall by class with its interval:").to_owned(),
        );
        let seen = measures.classes.iter().filter(|class| class.support > 0);
        let rows: Vec<Reach> = seen.map(|class| self.reach(&class.class, class.recall)).collect();
        self.own.parts.push(Part::Reaches { rows });
    }

    fn certainty(&mut self, measures: &Measures) {
        self.own.heading("校准", "Calibration");
        let row = |bin: &super::BinFact| {
            let right = bin.hits.saturating_mul(1_000_000).checked_div(bin.images).unwrap_or(0);
            vec![
                format!("{} – {} %", bin.above * 10, (bin.above + 1) * 10),
                self.words.count(bin.images),
                self.percent(bin.certainty),
                self.percent(right),
            ]
        };
        let rows = measures.reliability.iter().filter(|bin| bin.images > 0).map(row).collect();
        self.own.table(
            &[
                ("把握", "Certainty", false),
                ("图片", "Images", true),
                ("平均把握", "Mean certainty", true),
                ("实际正确", "Right", true),
            ],
            rows,
        );
    }

    fn wrong(&mut self, measures: &Measures) {
        let mut pairs: Vec<_> = measures.confusion.iter().filter(|(a, b, _)| a != b).collect();
        if pairs.is_empty() {
            return;
        }
        self.own.heading("误判", "What was taken for what");
        pairs.sort_by(|one, other| other.2.cmp(&one.2).then(one.cmp(other)));
        let all = pairs.len();
        let row = |(truth, given, count): &&(String, String, u64)| match self.own.lang {
            Lang::Zh => (format!("{truth} 误为 {given}"), *count),
            Lang::En => (format!("{truth} taken for {given}"), *count),
        };
        let rows: Vec<(String, u64)> = pairs.iter().take(MOST_PAIRS).map(row).collect();
        let words = &self.words;
        self.own.bars(rows, |count| words.count(count));
        if all > MOST_PAIRS {
            let more = self.words.count((all - MOST_PAIRS) as u64);
            self.own.note(match self.own.lang {
                Lang::Zh => format!("另有 {more} 种误判，见 evaluation.json"),
                Lang::En => format!("{more} more pairs stand in evaluation.json"),
            });
        }
    }

    fn by_part(&mut self, measures: &Measures) {
        if measures.parts.is_empty() {
            return;
        }
        self.own.heading("分组指标", "Measures by part");
        let row = |part: &super::PartFact| self.reach(&part.name, part.accuracy);
        let rows = measures.parts.iter().map(row).collect();
        self.own.parts.push(Part::Reaches { rows });
    }
}
