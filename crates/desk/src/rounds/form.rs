//! How the images of a dataset are named and grouped. Knows names and hashes; reads nothing. Serves
//! train-2.1.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use training::Part;

use super::datasets::{DatasetReport, NewDataset};
use super::rows::{DatasetClassView, DatasetPurpose, ImageList, KeptImage};
use super::{TestImage, TestSet};
use crate::labelling::KeptObject;

pub(super) const fn part_code(part: Part) -> &'static str {
    match part {
        Part::Train => "train",
        Part::Validation => "validation",
        Part::Test => "test",
    }
}

/// The part and the class that the path of an image says, and its path in the dataset; nothing
/// where it lies in no folder of a class. `above` is a folder that holds everything.
fn placed(
    name: &str,
    above: Option<&str>,
    purpose: DatasetPurpose,
) -> Option<(Part, String, String)> {
    let name = above.and_then(|above| name.strip_prefix(above)).unwrap_or(name);
    let name = name.trim_start_matches('/');
    let (first, rest) = name.split_once('/')?;
    let (part, class, file) = match (Part::named(first), rest.split_once('/')) {
        (Some(part), Some((class, file))) => (part, class, file),
        _ if purpose == DatasetPurpose::Test => (Part::Test, first, rest),
        _ => (Part::Train, first, rest),
    };
    let part = if purpose == DatasetPurpose::Test { Part::Test } else { part };
    let path = format!("{}/{class}/{file}", part_code(part));
    Some((part, class.to_owned(), path))
}

/// A folder that holds everything and is neither a part nor a class.
fn above(new: &NewDataset) -> Option<String> {
    let names: Vec<&str> = new.images.iter().map(|image| image.name.as_str()).collect();
    let (first, _) = names.first()?.split_once('/')?;
    let prefix = format!("{first}/");
    let inside =
        names.iter().all(|name| name.strip_prefix(&prefix).is_some_and(|rest| rest.contains('/')));
    (inside && Part::named(first).is_none()).then_some(prefix)
}

/// The images in folders of classes, by part and name. Others are left out.
pub(super) fn list(new: &NewDataset) -> ImageList {
    let above = above(new);
    let mut images: Vec<KeptImage> = new
        .images
        .iter()
        .filter_map(|image| {
            let (part, class, name) = placed(&image.name, above.as_deref(), new.purpose)?;
            Some(KeptImage {
                name,
                part,
                class,
                original: KeptObject::from(&image.original),
                thumbnail: image.thumbnail.as_ref().map(KeptObject::from),
            })
        })
        .collect();
    images.sort_by(|one, other| (one.part, &one.name).cmp(&(other.part, &other.name)));
    // `test/cat/1.jpg` and `testing/cat/1.jpg` come to one path.
    images.dedup_by(|one, other| one.name == other.name);
    ImageList { images }
}

pub(super) fn classes(list: &ImageList) -> Vec<DatasetClassView> {
    let mut found: BTreeMap<&str, DatasetClassView> = BTreeMap::new();
    for image in &list.images {
        let class = image.class.clone();
        let row = found.entry(&image.class).or_insert_with(|| DatasetClassView {
            class,
            train: 0,
            validation: 0,
            test: 0,
        });
        match image.part {
            Part::Train => row.train += 1,
            Part::Validation => row.validation += 1,
            Part::Test => row.test += 1,
        }
    }
    found.into_values().collect()
}

/// The digest that training computes over the same files.
pub(super) fn digest(list: &ImageList) -> String {
    let mut whole = Sha256::new();
    for image in &list.images {
        let KeptImage { name, class, original, .. } = image;
        whole.update(format!("{name}\t{class}\t{}\n", original.sha256).as_bytes());
    }
    hex::encode(whole.finalize())
}

pub(super) fn test_set(list: &ImageList) -> TestSet {
    let image = |image: &KeptImage| TestImage {
        sha256: image.original.sha256.clone(),
        class: image.class.clone(),
    };
    TestSet::new(list.images.iter().map(image).collect())
}

/// Groups of images that look alike and should not.
pub(super) struct Groups {
    pub(super) leaks: Vec<Vec<String>>,
    pub(super) conflicts: Vec<Vec<String>>,
}

impl Groups {
    pub(super) fn of(report: &DatasetReport, list: &ImageList) -> Self {
        let by_name: BTreeMap<&str, &KeptImage> =
            list.images.iter().map(|image| (image.name.as_str(), image)).collect();
        let (mut leaks, mut conflicts) = (Vec::new(), Vec::new());
        for group in &report.near {
            let known: Vec<&&KeptImage> =
                group.iter().filter_map(|name| by_name.get(name.as_str())).collect();
            let parts: BTreeSet<Part> = known.iter().map(|image| image.part).collect();
            let classes: BTreeSet<&str> = known.iter().map(|image| image.class.as_str()).collect();
            if parts.len() > 1 {
                leaks.push(group.clone());
            }
            if classes.len() > 1 {
                conflicts.push(group.clone());
            }
        }
        Self { leaks, conflicts }
    }

    /// What is to be said of which image.
    pub(super) fn said(&self, report: &DatasetReport) -> BTreeMap<String, Vec<String>> {
        let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let groups =
            [("leak", &self.leaks), ("conflict", &self.conflicts), ("alike", &report.near)];
        for (code, groups) in groups {
            for name in groups.iter().flatten() {
                said.entry(name.clone()).or_default().push(code.to_owned());
            }
        }
        for notice in &report.notices {
            said.entry(notice.name.clone()).or_default().push(notice.code.clone());
        }
        said
    }
}

/// What was found, by the names that images have in the dataset.
pub(super) fn renamed(new: &NewDataset) -> DatasetReport {
    let above = above(new);
    let name = |name: &String| {
        let placed = placed(name, above.as_deref(), new.purpose);
        placed.map_or_else(|| name.clone(), |(.., name)| name)
    };
    let mut report = new.report.clone();
    report.notices.iter_mut().for_each(|notice| notice.name = name(&notice.name));
    report.near.iter_mut().flatten().for_each(|one| *one = name(one));
    report.duplicates.iter_mut().for_each(|(_, of)| *of = name(of));
    report
}
