//! From a folder of images to a classifier: what the dataset holds and what is wrong with it, the
//! training of a head on a pretrained backbone, its evaluation against a standard, and the package
//! that is delivered. Serves train-2.2.4, train-4.1, train-4.2 and train-4.3.
//!
//! Knows images, classes and numbers; knows no contract, no party and no price. Time and randomness
//! are arguments: the same images, settings and seed give the same weights.

mod bom;
mod bootstrap;
mod calibrate;
mod check;
mod classifier;
mod counts;
mod dataset;
mod embed;
mod evaluate;
mod fit;
mod golden;
mod net;
mod package;
mod search;
mod standard;
mod table;

pub use bootstrap::{Interval, Intervals};
pub use calibrate::{Observer, Quantised, WHOLE_TOLERANCE};
pub use check::{CheckReport, ClassCount, Sight, Trouble, Twins, check};
pub use classifier::{Answer, Classifier};
pub use counts::Figures;
pub use dataset::{Dataset, DatasetError, ImageFile, Limits, Part, read_folder};
pub use embed::{EmbedError, Embedder, View, preprocessing};
pub use evaluate::{Bin, ClassFigures, ConfusionCell, Evaluation, Miss, Slice, evaluate, slices};
pub use fit::{
    FitError, FitReport, Hidden, Matrix, Settings, Trained, average_views, fit, largest,
    probabilities,
};
pub use golden::{Golden, GoldenError, GoldenReport, TOLERANCE};
pub use package::{
    FileEntry, Made, Manifest, PackageError, Source, read_golden, read_head, read_package, vacant,
    verify, write_package,
};
pub use search::{SearchReport, Trial, doubtful, search};
pub use standard::{Gate, Verdict, Wanted, gate, least_hits, mean, needed};
pub use table::{Table, TableError, read_table};
