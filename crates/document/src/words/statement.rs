//! Lines of a statement as people read them: what a line is for, how its figure came about, how it
//! was rounded, what proves it, what could not be computed. Screens and printed documents say the
//! same.

use settlement::{Gap, Line, ServiceCredit, Working};
use units::{EvidenceId, Fraction, Metric, Rounding};

use super::Words;

names! { StatementSection {
    Lines => "费用", "charges";
    TaxLines => "税", "tax";
    Adjustments => "调整", "adjustments";
    Refunds => "退款", "refunds";
    Forfeits => "丧失", "forfeits";
    Gaps => "未能计算", "not computed";
    NotBilled => "不计费的作业", "jobs that are not billed";
} }

names! { StatementTotal {
    Net => "未税", "net";
    Tax => "税额", "tax";
    Gross => "价税合计", "gross";
    Adjustments => "调整", "adjustments";
    Due => "应付", "due";
    Refund => "应退", "to refund";
    DueWords => "应付大写", "in words";
} }

/// A part of a statement, by its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementSection {
    /// Charges.
    Lines,
    /// Tax on them.
    TaxLines,
    /// What is settled against the gross amount.
    Adjustments,
    /// What is paid back.
    Refunds,
    /// What the customer loses.
    Forfeits,
    /// What could not be computed.
    Gaps,
    /// Jobs that are not billed.
    NotBilled,
}

/// A sum of a statement, by its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementTotal {
    /// Without tax.
    Net,
    /// Tax.
    Tax,
    /// With tax.
    Gross,
    /// What is settled against it.
    Adjustments,
    /// What has to be paid.
    Due,
    /// What has to be paid back.
    Refund,
    /// What has to be paid, in words.
    DueWords,
}

impl Words {
    /// What a line is for: `GPU 机时 a100`.
    #[must_use]
    pub fn line(&self, line: &Line) -> String {
        let name = self.name(line.code);
        line.subject.as_ref().map_or(name.to_owned(), |subject| format!("{name} {subject}"))
    }

    /// How a figure came about: the formula, its inputs by name with value and unit, the exact
    /// value and how it was rounded. One text for each row.
    #[must_use]
    pub fn working(&self, working: &Working) -> Vec<String> {
        let inputs = working.inputs.iter().map(|input| {
            let value = self.quantity(&input.value, &input.unit);
            match self.input(&input.name) {
                name if name == input.name => format!("  {name} = {value}"),
                name => format!("  {} ({name}) = {value}", input.name),
            }
        });
        let mut texts = vec![format!("= {}", working.formula)];
        texts.extend(inputs);
        let exact = self.exact(working.exact);
        texts.push(match working.rounding {
            Some(rounding) => format!("= {exact} → {}", self.rounding(rounding)),
            None => format!("= {exact}"),
        });
        texts
    }

    /// A formula with the names of its inputs in place of their codes: `GPU 秒 / 3600 * 单价`.
    #[must_use]
    pub fn formula(&self, working: &Working) -> String {
        let mut text = String::new();
        let mut name = String::new();
        for letter in working.formula.chars().chain([' ']) {
            if letter.is_ascii_alphanumeric() || letter == '_' {
                name.push(letter);
                continue;
            }
            let known = working.inputs.iter().any(|input| input.name == name);
            text.push_str(&if known { self.input(&name) } else { name.clone() });
            name.clear();
            text.push(letter);
        }
        text.trim_end().to_owned()
    }

    /// `四舍五入，保留 2 位小数`, `half up, 2 places`.
    #[must_use]
    pub fn rounding(&self, rounding: Rounding) -> String {
        let (mode, scale) = (self.name(rounding.mode), rounding.scale);
        say!(self, "{mode}，保留 {scale} 位小数", "{mode}, {scale} places")
    }

    /// Evidence by its numbers, neighbours as a range: `e3 e7–e12`; `most` ranges, then `…`.
    #[must_use]
    pub fn evidence(&self, ids: &[EvidenceId], most: usize) -> String {
        let numbers: Option<Vec<u64>> = ids
            .iter()
            .map(|id| id.as_str().strip_prefix('e').and_then(|text| text.parse().ok()))
            .collect();
        let Some(mut numbers) = numbers else {
            return ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        };
        numbers.sort_unstable();
        numbers.dedup();
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for number in numbers {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => ranges.push((number, number)),
            }
        }
        let named = ranges.iter().take(most).map(|(first, last)| match last - first {
            0 => format!("e{first}"),
            1 => format!("e{first} e{last}"),
            _ => format!("e{first}–e{last}"),
        });
        let mut texts: Vec<String> = named.collect();
        if ranges.len() > most {
            texts.push("…".to_owned());
        }
        texts.join(" ")
    }

    /// What could not be computed, of what and when, with its clause.
    #[must_use]
    pub fn gap(&self, gap: &Gap) -> String {
        let metric = gap.metric.map(|metric| self.name(metric).to_owned());
        let subject = gap.subject.as_ref().map(ToString::to_string);
        let window = gap.window.map(|window| self.window(window));
        let parts = [metric, subject, Some(self.name(gap.code).to_owned()), window];
        let what = parts.into_iter().flatten().collect::<Vec<_>>().join("  ");
        format!("{what}  {}", self.clause(&gap.clause))
    }

    /// A service credit, its share of the fees and where it goes.
    #[must_use]
    pub fn service_credit(&self, credit: &ServiceCredit) -> String {
        let (route, share) = (self.name(credit.route), self.share(credit.share));
        let amount = self.money(credit.line.amount.negated());
        say!(
            self,
            "服务信用 {amount}（费用的 {share}）：{route}",
            "service credit {amount} ({share} of the fees): {route}",
        )
    }

    /// A measured value: a share in percent, anything else in its unit.
    #[must_use]
    pub fn measure(&self, metric: Metric, value: Fraction) -> String {
        match metric {
            Metric::Flops => self.scaled(value, 1_000_000_000_000, "TFLOPS"),
            Metric::BandwidthBits => self.scaled(value, 1_000_000_000, "Gbit/s"),
            Metric::LatencyMicros => self.scaled(value, 1_000, "ms"),
            Metric::Iops => self.exact(value),
            _ => self.share(value),
        }
    }

    /// A value in a larger unit.
    fn scaled(&self, value: Fraction, unit: i128, name: &str) -> String {
        match value.checked_div(Fraction::whole(unit)) {
            Some(value) => format!("{} {name}", self.exact(value)),
            None => self.exact(value),
        }
    }
}
