//! The technical documentation of a classifier that is delivered: structure, algorithm, parameters,
//! data, measures with intervals, limits, and how to make it again. Serves train-2.2.4.
//!
//! Counts nothing itself: the caller hands over plain facts, and shares in millionths.

mod measures;
mod parts;

use units::{Date, Lang};

use crate::paper::Paper;

/// A share with its 95 % interval, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measured {
    /// The share.
    pub value: u64,
    /// From and to, where there is an interval.
    pub interval: Option<(u64, u64)>,
}

/// Where something came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What it is called.
    pub name: String,
    /// SHA-256 in hexadecimal digits.
    pub digest: String,
    /// Its licence as SPDX writes it; empty where it is not known.
    pub licence: String,
}

/// What part of an image a view looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The whole, stretched.
    Stretch,
    /// The middle.
    Middle,
    /// The whole with bars.
    Pad,
}

/// One way to look at an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewFact {
    /// Pixels across and down.
    pub side: u32,
    /// What is looked at.
    pub fit: Fit,
    /// Whether cubic; linear otherwise.
    pub cubic: bool,
    /// Taken from each value.
    pub mean: u8,
    /// What is left is divided by this.
    pub scale: u8,
    /// Whether left and right are exchanged.
    pub mirrored: bool,
}

/// A layer of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerFact {
    /// Its name in the file.
    pub name: String,
    /// Its operator, as ONNX names it.
    pub operator: String,
    /// Extents of what comes out of it for one image.
    pub shape: Vec<u64>,
    /// Its weights.
    pub parameters: u64,
    /// Multiplications with an addition.
    pub operations: u64,
}

/// How the head was trained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Training {
    /// Width of the hidden layer; 0 for none.
    pub hidden: u64,
    /// Passes over the images.
    pub epochs: u64,
    /// Rows of one step.
    pub batch: u64,
    /// The first learning rate.
    pub rate: String,
    /// What weights lose.
    pub decay: String,
    /// Certainty that is spread over all classes.
    pub smoothing: String,
    /// What is left out of a step.
    pub dropout: String,
    /// Whether rare classes weigh more.
    pub balance: bool,
    /// What the order of images came from.
    pub seed: u64,
}

/// What one class came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassFact {
    /// The class.
    pub class: String,
    /// Images that have it.
    pub support: u64,
    /// The precision.
    pub precision: Measured,
    /// The recall.
    pub recall: Measured,
    /// The F1.
    pub f1: Measured,
}

/// Images about which the classifier was about equally sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BinFact {
    /// Surer than this, in tenths.
    pub above: u64,
    /// How many images.
    pub images: u64,
    /// Of these right.
    pub hits: u64,
    /// How sure on average, in millionths.
    pub certainty: u64,
}

/// A part of the judged images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartFact {
    /// What images are parted by, and the part, in words.
    pub name: String,
    /// How many images.
    pub images: u64,
    /// The accuracy.
    pub accuracy: Measured,
    /// The mean F1.
    pub macro_f1: u64,
}

/// How it was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// Images that were judged.
    pub images: u64,
    /// Of these right.
    pub hits: u64,
    /// The share of right ones.
    pub accuracy: Measured,
    /// Mean precision over classes.
    pub macro_precision: Measured,
    /// Mean recall over classes.
    pub macro_recall: Measured,
    /// Mean F1 over classes.
    pub macro_f1: Measured,
    /// Mean F1 weighed by images.
    pub weighted_f1: Measured,
    /// Mean area under the curve, in millionths.
    pub macro_auroc: Option<u64>,
    /// Images whose class is among the five surest.
    pub first_five: u64,
    /// The calibration error, in millionths.
    pub calibration_error: u64,
    /// By class.
    pub classes: Vec<ClassFact>,
    /// Certainty against hits.
    pub reliability: Vec<BinFact>,
    /// The class that images have, the one they were given, and how many; wrong ones alone.
    pub confusion: Vec<(String, String, u64)>,
    /// Parts of the images.
    pub parts: Vec<PartFact>,
}

/// What whole numbers cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeFact {
    /// Images that it was calibrated by.
    pub calibrated: u64,
    /// Images that were judged.
    pub judged: u64,
    /// Right before.
    pub hits_before: u64,
    /// Right after.
    pub hits_after: u64,
    /// The same class from both.
    pub equal: u64,
    /// Bytes before.
    pub bytes_before: u64,
    /// Bytes after.
    pub bytes_after: u64,
}

/// A file of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// What the documentation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFacts {
    /// What the classifier is called.
    pub name: String,
    /// The day of the document.
    pub day: Date,
    /// The classes, in the order of the probabilities.
    pub classes: Vec<String>,
    /// What the head reads.
    pub backbone: Origin,
    /// What was learned from.
    pub dataset: Origin,
    /// Where the images came from; empty where it was not said.
    pub origin: String,
    /// What people agreed to.
    pub consents: Vec<String>,
    /// Images that were learned from.
    pub images: u64,
    /// How an image is looked at.
    pub views: Vec<ViewFact>,
    /// SHA-256 over the recipes of the views.
    pub preprocessing: String,
    /// How the head was trained.
    pub training: Training,
    /// Weights in all.
    pub parameters: u64,
    /// Multiplications with an addition for one view.
    pub operations: u64,
    /// The layers, in order.
    pub layers: Vec<LayerFact>,
    /// How it was measured.
    pub measures: Measures,
    /// What whole numbers cost, where it is in them.
    pub whole: Option<WholeFact>,
    /// The files of the package.
    pub files: Vec<PackedFile>,
    /// The command that makes it again.
    pub command: String,
}

/// What the documentation is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "图像分类模型技术文档",
        Lang::En => "Technical documentation of an image classifier",
    }
}

/// The documentation as a paper.
#[must_use]
pub fn paper(facts: &ModelFacts, lang: Lang) -> Paper {
    Paper {
        title: title(lang).to_owned(),
        name: facts.name.clone(),
        ident: "model",
        day: facts.day,
        parts: parts::parts(facts, lang),
    }
}
