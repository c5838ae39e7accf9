//! `tally sample`: the sampling plan of GB/T 2828.1 (ISO 2859-1) for a lot, and what it lets pass.
//! Needs no deployment. Clause: anno-4.1.1.

use annotation::{
    InspectionLevel, InspectionSeverity, LotPlan, OperatingPoint, lot_plan,
    operating_characteristic,
};
use clap::{Args, ValueEnum};
use serde_json::json;
use units::{Decimal, Lang, Percent};

use crate::args::decimal;
use crate::chart::chart;
use crate::context::Context;
use crate::failure::Failure;
use crate::table::{Column, table};

/// Points of the operating characteristic.
const POINTS: i128 = 60;

/// Arguments of `sample`.
#[derive(Debug, Args)]
pub(crate) struct Sample {
    /// Items of the lot
    #[arg(long, value_name = "N")]
    lot: u64,
    /// Inspection level
    #[arg(long, default_value = "II", value_name = "LEVEL")]
    level: Level,
    /// Acceptable quality limit in percent nonconforming, such as 1.0
    #[arg(long, value_name = "AQL", value_parser = decimal)]
    aql: Decimal,
    /// How strictly the series is inspected at present
    #[arg(long, default_value = "normal", value_name = "SEVERITY")]
    severity: Severity,
}

/// An inspection level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    /// Special level 1
    #[value(name = "S-1")]
    S1,
    /// Special level 2
    #[value(name = "S-2")]
    S2,
    /// Special level 3
    #[value(name = "S-3")]
    S3,
    /// Special level 4
    #[value(name = "S-4")]
    S4,
    /// General level I
    #[value(name = "I")]
    One,
    /// General level II
    #[value(name = "II")]
    Two,
    /// General level III
    #[value(name = "III")]
    Three,
}

/// How strictly a series is inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Severity {
    /// Where every series starts
    Normal,
    /// After two of five lots failed
    Tightened,
    /// After a run of good lots
    Reduced,
}

impl Level {
    const fn level(self) -> InspectionLevel {
        match self {
            Self::S1 => InspectionLevel::S1,
            Self::S2 => InspectionLevel::S2,
            Self::S3 => InspectionLevel::S3,
            Self::S4 => InspectionLevel::S4,
            Self::One => InspectionLevel::I,
            Self::Two => InspectionLevel::II,
            Self::Three => InspectionLevel::III,
        }
    }
}

impl Severity {
    const fn severity(self) -> InspectionSeverity {
        match self {
            Self::Normal => InspectionSeverity::Normal,
            Self::Tightened => InspectionSeverity::Tightened,
            Self::Reduced => InspectionSeverity::Reduced,
        }
    }
}

/// Shows the plan and its operating characteristic.
pub(crate) fn run(args: &Sample, context: &mut Context) -> Result<(), Failure> {
    let severity = args.severity.severity();
    let plan = lot_plan(args.lot, args.level.level(), args.aql, severity);
    let plan = plan.map_err(Failure::Plan)?;
    let points = operating_characteristic(plan.sample, plan.accept, &qualities(plan, args.aql));
    let points = points.map_err(Failure::Acceptance)?;
    if context.out.is_json() {
        return context.out.json(&json!({ "plan": plan, "operating_characteristic": points }));
    }
    show(args, plan, &points, context)
}

/// Shares of nonconforming items from nothing to where the plan lets hardly anything pass.
fn qualities(plan: LotPlan, aql: Decimal) -> Vec<Percent> {
    let allowed = i128::from(plan.accept) * 3 + 6;
    let by_plan = allowed * 10_000 / i128::from(plan.sample.max(1));
    let by_aql = aql.to_fraction().scaled(2, units::RoundingMode::Ceiling) * 4;
    let last = by_plan.max(by_aql).clamp(100, 10_000);
    (0..=POINTS).map(|at| Percent::new(Decimal::new(last * at / POINTS, 2))).collect()
}

fn show(
    args: &Sample,
    plan: LotPlan,
    points: &[OperatingPoint],
    context: &mut Context,
) -> Result<(), Failure> {
    let words = context.words.clone();
    let severity = words.name(args.severity.severity());
    let lot = words.count(args.lot);
    let title = match words.lang {
        Lang::Zh => format!("GB/T 2828.1 抽样方案：批量 {lot}，AQL {}，{severity}", args.aql),
        Lang::En => format!("GB/T 2828.1 plan: lot of {lot}, AQL {}, {severity}", args.aql),
    };
    context.out.heading(&title)?;
    let line = match words.lang {
        Lang::Zh => format!(
            "字码 {}（方案 {}）：抽 {} 件，不合格 ≤ {} 件接收，≥ {} 件拒收",
            plan.letter,
            plan.plan_letter,
            plan.sample,
            plan.accept,
            plan.accept + 1
        ),
        Lang::En => format!(
            "letter {} (plan {}): inspect {}, accept with ≤ {} nonconforming, reject with ≥ {}",
            plan.letter,
            plan.plan_letter,
            plan.sample,
            plan.accept,
            plan.accept + 1
        ),
    };
    context.out.line(line)?;
    if plan.whole_lot {
        let text = context.say("样本即整批：全检", "the sample is the whole lot").to_owned();
        return context.out.line(text);
    }
    context.out.line("")?;
    let label = context.say(
        "接收概率（纵）与真实不合格率（横，%）",
        "chance of acceptance (up) by true share nonconforming (across, %)",
    );
    let label = label.to_owned();
    context.out.line(label)?;
    let plotted: Vec<(Decimal, Decimal)> =
        points.iter().map(|point| (point.nonconforming.points(), point.accepted)).collect();
    for line in chart(&plotted) {
        context.out.line(line)?;
    }
    context.out.line("")?;
    let marks = [("0.95", 5), ("0.5", 50), ("0.1", 90)];
    let rows = marks.iter().filter_map(|(chance, _)| {
        let limit: Decimal = chance.parse().ok()?;
        let at = |point: &&OperatingPoint| point.accepted.to_fraction() < limit.to_fraction();
        let before = points.iter().take_while(|point| !at(point)).last()?;
        let share = words.percent(before.nonconforming);
        let chance = words.share(before.accepted.to_fraction());
        Some(vec![share, chance])
    });
    let header = [
        (context.say("真实不合格率", "truly nonconforming"), Column::Right),
        (context.say("接收概率", "chance of acceptance"), Column::Right),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}
