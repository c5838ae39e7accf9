//! `tally package`: what a delivered classifier says of itself, and whether it is whole.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use training::{Manifest, read_package, verify};
use units::Lang;

use super::{ModelFailure, evaluate};
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
    /// Check every digest, and that the network fits its classes
    Verify {
        /// The package
        #[arg(value_name = "PACKAGE")]
        package: PathBuf,
    },
}

/// Shows or checks a package.
pub(crate) fn run(command: &Package, context: &mut Context) -> Result<(), Failure> {
    match command {
        Package::Show { package, layers } => show(package, *layers, context),
        Package::Verify { package } => {
            let manifest = verify(package).map_err(ModelFailure::package)?;
            if context.out.is_json() {
                return context.out.json(&json!({ "whole": true, "manifest": manifest }));
            }
            let whole = context.say("完整，与清单一致", "whole, as its manifest says").to_owned();
            let line = context.out.paint(Paint::Green, &whole);
            context.out.line(line)
        }
    }
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
