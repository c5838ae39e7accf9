//! Raw data as a customer hands it over: what each file is by its content, whether it can be read
//! whole, how it is shown, and what is there twice. Serves anno-3.1 and anno-3.4.
//!
//! Knows files, folders and archives; knows no project, no label and no party. A video is asked of
//! `video`, the letters of a text of `identifiers`.

mod archive;
mod container;
mod exif;
mod finding;
mod intake;
mod jpeg;
mod kind;
mod limits;
mod near;
mod picture;
mod tar;
mod text;

pub use container::{Blank, blank, blanks};
pub use finding::{Finding, Place, Problem, Severity};
pub use intake::{
    Count, Duplicate, Intake, IntakeError, Item, Keep, KeepError, Options, Original, Report, Taken,
    What,
};
pub use kind::{Kind, Modality, sniff};
pub use limits::Limits;
pub use near::{Fingerprint, MOST_GROUPS, NearGroup, near};
pub use picture::{
    Fault, Picture, Pixels, Shown, read_image, read_located, read_pixels, write_jpeg, write_png,
};
pub use text::{Passage, Split, Texts, read_texts};
