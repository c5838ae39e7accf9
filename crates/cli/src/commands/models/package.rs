//! `tally package`: what a delivered classifier says of itself, and whether it is whole.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use training::{GoldenReport, Manifest, PackageError, read_golden, read_package, verify};
use units::Lang;

use super::{ModelFailure, Runtime, evaluate, open_package};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// What is done with a package.
#[derive(Debug, Subcommand)]
pub(crate) enum Package {
    /// Show what it was made of and how it was measured
    Show {
        /// The package
        #[arg(value_name = "PACKAGE")]
        package: PathBuf,
        /// Add the structure of the network, node by node
        #[arg(long)]
        layers: bool,
    },
    /// Check every digest, and that this machine gives the numbers that the package states
    Verify {
        /// The package
        #[arg(value_name = "PACKAGE")]
        package: PathBuf,
        #[command(flatten)]
        runtime: Runtime,
    },
    /// Write its technical documentation: structure, algorithm, data, measures, limits
    Document(super::document::Document),
    /// Write it in whole numbers of eight bits: smaller and faster, with what was lost measured
    Quantize(super::quantize::Quantize),
}

/// Shows or checks a package.
pub(crate) fn run(command: &Package, context: &mut Context) -> Result<(), Failure> {
    match command {
        Package::Show { package, layers } => show(package, *layers, context),
        Package::Document(args) => super::document::run(args, context),
        Package::Quantize(args) => super::quantize::run(args, context),
        Package::Verify { package, runtime } => verified(package, runtime, context),
    }
}

/// Checks the files, then runs the made images; other numbers end with exit code 1.
fn verified(
    package: &std::path::Path,
    runtime: &Runtime,
    context: &mut Context,
) -> Result<(), Failure> {
    let manifest = verify(package).map_err(ModelFailure::package)?;
    let golden = read_golden(package, &manifest).map_err(ModelFailure::package)?;
    let mut classifier = open_package(package, runtime, context)?;
    let report = golden
        .compare(&mut classifier)
        .map_err(|error| ModelFailure::package(PackageError::Golden(error)))?;
    let holds = report.holds();
    if context.out.is_json() {
        let document = json!({ "whole": true, "golden": report, "manifest": manifest });
        context.out.json(&document)?;
    } else {
        let GoldenReport { unlike, largest_difference: apart, tolerance, .. } = report;
        let line = match (context.words.lang, holds) {
            (Lang::Zh, true) => {
                format!("完整，与清单一致；本机给出相同的结果（概率最大相差 {apart:.1e}）")
            }
            (Lang::Zh, false) => format!(
                "文件完整，但本机给出的结果不同：预处理有 {unlike} 个数不同，\
                 概率最大相差 {apart:.1e}（允许 {tolerance:.0e}）"
            ),
            (Lang::En, true) => format!(
                "whole, as its manifest says; this machine gives the same answers \
                 (probabilities differ by {apart:.1e} at most)"
            ),
            (Lang::En, false) => format!(
                "the files are whole, but this machine gives other answers: {unlike} numbers of \
                 the preprocessing differ, probabilities differ by {apart:.1e} \
                 ({tolerance:.0e} is allowed)"
            ),
        };
        let line = context.out.paint(if holds { Paint::Green } else { Paint::Red }, &line);
        context.out.line(line)?;
    }
    if holds { Ok(()) } else { Err(Failure::Problems) }
}

fn show(path: &std::path::Path, layers: bool, context: &mut Context) -> Result<(), Failure> {
    let (manifest, model, evaluation) = read_package(path).map_err(ModelFailure::package)?;
    let graph = onnx::read(&model)
        .map_err(|fault| ModelFailure::package(training::PackageError::Graph(fault)))?;
    let rows = if layers { onnx::layers(&graph) } else { Vec::new() };
    if context.out.is_json() {
        let document = json!({ "manifest": manifest, "evaluation": evaluation, "layers": rows });
        return context.out.json(&document);
    }
    for line in facts(&manifest, context.words.lang) {
        context.out.line(line)?;
    }
    evaluate::show(&evaluation, context)?;
    if !layers {
        return Ok(());
    }
    let [name, operator, shape, weights] = match context.words.lang {
        Lang::Zh => ["节点", "算子", "输出形状", "参数"],
        Lang::En => ["node", "operator", "output shape", "parameters"],
    };
    let header = [
        (name, Column::Left),
        (operator, Column::Left),
        (shape, Column::Left),
        (weights, Column::Right),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| {
            let shape: Vec<String> = row.shape.iter().map(ToString::to_string).collect();
            vec![row.name, row.operator, shape.join(" × "), row.parameters.to_string()]
        })
        .collect();
    let text = table(context, &header, rows);
    context.out.line(text)
}

fn facts(manifest: &Manifest, lang: Lang) -> Vec<String> {
    let Manifest { backbone, dataset, images, parameters, operations, views, .. } = manifest;
    let (base, data, views) = (&backbone.name, &dataset.name, views.len());
    let classes = manifest.classes.join(", ");
    match lang {
        Lang::Zh => vec![
            format!("类别：{classes}"),
            format!("骨干网络：{base}；每张图片 {views} 个视图"),
            format!("数据集：{data}，学习 {images} 张图片，SHA-256 {}", dataset.digest),
            format!("参数 {parameters}；每个视图 {operations} 次乘加"),
        ],
        Lang::En => vec![
            format!("classes: {classes}"),
            format!("backbone: {base}; {views} views of each image"),
            format!("dataset: {data}, learned from {images} images, SHA-256 {}", dataset.digest),
            format!("{parameters} parameters; {operations} multiply-adds for each view"),
        ],
    }
}
