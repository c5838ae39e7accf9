//! A dataset as a folder: one folder for each class, these within `train`, `validation` and `test`
//! or alone. Serves train-2.1.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// How much of a folder is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Images in all.
    pub images: usize,
    /// Classes.
    pub classes: usize,
    /// What is read of one image.
    pub media: media::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self { images: 2_000_000, classes: 10_000, media: media::Limits::default() }
    }
}

/// What images are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What the classifier learns from.
    Train,
    /// What settings are chosen by.
    Validation,
    /// What it is judged by, and nothing else.
    Test,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];
    /// Those that training opens: the test part is the evaluator's alone.
    pub const LEARNED: [Self; 2] = [Self::Train, Self::Validation];

    /// The part that a folder of this name holds, in the usual spellings.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "train" | "training" => Self::Train,
            "validation" | "valid" | "val" | "dev" => Self::Validation,
            "test" | "testing" => Self::Test,
            _ => return None,
        })
    }
}

/// One image of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageFile {
    /// Its path below the dataset's folder, with `/` between.
    pub name: String,
    /// The place of its class in the list of classes.
    pub class: usize,
    /// What it is for.
    pub part: Part,
}

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Where it lies.
    pub folder: PathBuf,
    /// The classes by name, in order.
    pub classes: Vec<String>,
    /// The images, by part and name.
    pub images: Vec<ImageFile>,
}

/// Why a folder is no dataset.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A folder or file cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There are no folders of classes in it.
    #[error(
        "{path} has no folder for a class; wanted: {path}/train/CLASS/IMAGE or {path}/CLASS/IMAGE"
    )]
    NoClasses {
        /// The folder.
        path: PathBuf,
    },
    /// One class alone cannot be told from anything.
    #[error("{path} has one class, {class}, and at least two are needed")]
    OneClass {
        /// The folder.
        path: PathBuf,
        /// The class.
        class: String,
    },
    /// More than is read.
    #[error("{path} has more than {limit} {what}")]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// `images` or `classes`.
        what: &'static str,
        /// The most that are read.
        limit: usize,
    },
    /// A name that is no UTF-8.
    #[error("the name of {path} is no UTF-8")]
    Name {
        /// Which.
        path: PathBuf,
    },
}

/// Lists a folder. Names that begin with a dot and links are left out; no image is opened. Folders
/// of parts that are not `wanted` are not looked into. A folder without parts is all of one part,
/// `otherwise`.
///
/// # Errors
/// When it has no classes, or more than the limits allow.
pub fn read_folder(
    folder: &Path,
    otherwise: Part,
    wanted: &[Part],
    limits: &Limits,
) -> Result<Dataset, DatasetError> {
    let tops = subfolders(folder)?;
    let mut parts: Vec<(Part, String, PathBuf)> = tops
        .iter()
        .filter_map(|(name, path)| {
            Part::named(name).map(|part| (part, format!("{name}/"), path.clone()))
        })
        .collect();
    if parts.is_empty() {
        parts.push((otherwise, String::new(), folder.to_owned()));
    }
    parts.retain(|(part, ..)| wanted.contains(part));
    parts.sort();
    let mut classes = BTreeSet::new();
    let mut found = Vec::new();
    for (part, prefix, path) in &parts {
        for (class, path) in subfolders(path)? {
            let before = found.len();
            list(&path, &format!("{prefix}{class}"), 0, &mut |name| {
                found.push((*part, name, class.clone()));
                found.len() <= limits.images
            })?;
            if found.len() > limits.images {
                let path = folder.to_owned();
                return Err(DatasetError::TooMany { path, what: "images", limit: limits.images });
            }
            if found.len() > before {
                classes.insert(class);
            }
        }
    }
    let classes: Vec<String> = classes.into_iter().collect();
    let path = folder.to_owned();
    match classes.as_slice() {
        [] => return Err(DatasetError::NoClasses { path }),
        [class] if otherwise != Part::Test => {
            return Err(DatasetError::OneClass { path, class: class.clone() });
        }
        classes if classes.len() > limits.classes => {
            return Err(DatasetError::TooMany { path, what: "classes", limit: limits.classes });
        }
        _ => {}
    }
    let place = |class: &String| classes.binary_search(class).unwrap_or(0);
    let image = |(part, name, class): (Part, String, String)| ImageFile {
        name,
        class: place(&class),
        part,
    };
    let mut images: Vec<ImageFile> = found.into_iter().map(image).collect();
    images.sort_by(|one, other| (one.part, &one.name).cmp(&(other.part, &other.name)));
    Ok(Dataset { folder: folder.to_owned(), classes, images })
}

impl Dataset {
    /// The bytes of an image.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn bytes(&self, image: &ImageFile) -> Result<Vec<u8>, std::io::Error> {
        fs::read(self.folder.join(&image.name))
    }

    /// The images of a part.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &ImageFile> {
        self.images.iter().filter(move |image| image.part == part)
    }
}

fn entries(path: &Path) -> Result<Vec<(String, fs::DirEntry)>, DatasetError> {
    let unreadable = |source| DatasetError::Unreadable { path: path.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().into_string();
        let name = name.map_err(|_| DatasetError::Name { path: entry.path() })?;
        if !name.starts_with('.') {
            found.push((name, entry));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(found)
}

fn subfolders(path: &Path) -> Result<Vec<(String, PathBuf)>, DatasetError> {
    let folders = entries(path)?.into_iter().filter(|(_, entry)| is(entry, fs::FileType::is_dir));
    Ok(folders.map(|(name, entry)| (name, entry.path())).collect())
}

/// What an entry is itself, not what a link leads to.
fn is(entry: &fs::DirEntry, what: impl Fn(&fs::FileType) -> bool) -> bool {
    entry.file_type().is_ok_and(|kind| what(&kind))
}

/// Folders inside a class's folder.
const DEPTH: usize = 8;

fn list(
    path: &Path,
    name: &str,
    depth: usize,
    found: &mut impl FnMut(String) -> bool,
) -> Result<(), DatasetError> {
    for (file, entry) in entries(path)? {
        let name = format!("{name}/{file}");
        if is(&entry, fs::FileType::is_dir) {
            if depth < DEPTH {
                list(&entry.path(), &name, depth + 1, found)?;
            }
        } else if is(&entry, fs::FileType::is_file) && !found(name) {
            return Ok(());
        }
    }
    Ok(())
}
