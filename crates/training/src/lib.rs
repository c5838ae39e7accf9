//! From a folder of images to a classifier: what the dataset holds and what is wrong with it, the
//! training of a head on a pretrained backbone, its evaluation against a standard, and the package
//! that is delivered. Serves train-2.2.4, train-4.1, train-4.2 and train-4.3.
//!
//! Knows images, classes and numbers; knows no contract, no party and no price. Time and randomness
//! are arguments: the same images, settings and seed give the same weights.

mod check;
mod classifier;
mod dataset;
mod embed;
mod evaluate;
mod fit;
mod net;
mod package;
mod search;

pub use check::{CheckReport, ClassCount, Trouble, Twins, check};
pub use classifier::Classifier;
pub use dataset::{Dataset, DatasetError, ImageFile, Limits, Part, read_folder};
pub use embed::{EmbedError, Embedder, View};
pub use evaluate::{
    ClassFigures, ConfusionCell, Evaluation, Gate, Miss, Verdict, Wanted, evaluate, gate, needed,
};
pub use fit::{
    FitError, FitReport, Hidden, Matrix, Settings, Trained, average_views, fit, probabilities,
};
pub use package::{
    Made, Manifest, PackageError, Source, read_package, vacant, verify, write_package,
};
pub use search::{SearchReport, Trial, doubtful, search};
