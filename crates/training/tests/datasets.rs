//! Folders of images: what is read, and what is found to be wrong.

use std::path::Path;

use training::{DatasetError, Limits, Part, check, read_folder};

use crate::support::{picture, put};

fn good(folder: &Path) {
    for at in 0..4 {
        put(folder, &format!("train/cat/{at}.png"), &picture([200, 30, 30], at));
        put(folder, &format!("train/dog/{at}.png"), &picture([20, 160, 30], at + 20));
    }
    put(folder, "val/cat/9.png", &picture([90, 30, 190], 3));
}

#[test]
fn parts_and_classes_are_those_of_the_folders() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    good(folder.path());
    put(folder.path(), "train/.hidden/x.png", b"");
    let found = read_folder(folder.path(), Part::Train, &Part::ALL, &Limits::default())
        .expect("a test makes what it needs");
    assert_eq!(found.classes, ["cat", "dog"]);
    assert_eq!(found.part(Part::Train).count(), 8);
    assert_eq!(found.part(Part::Validation).count(), 1);
    let names: Vec<&str> = found.images.iter().map(|image| image.name.as_str()).collect();
    assert_eq!(names[..2], ["train/cat/0.png", "train/cat/1.png"]);
}

#[test]
fn a_folder_of_classes_is_a_dataset_too() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    put(folder.path(), "cat/1.png", &picture([1, 2, 3], 1));
    put(folder.path(), "dog/1.png", &picture([3, 2, 1], 2));
    let found = read_folder(folder.path(), Part::Test, &Part::ALL, &Limits::default())
        .expect("a test makes what it needs");
    assert!(found.images.iter().all(|image| image.part == Part::Test));
}

#[test]
fn what_is_no_dataset_says_what_is_wanted() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    let read = |limits: &Limits| read_folder(folder.path(), Part::Train, &Part::ALL, limits);
    let error = read(&Limits::default()).unwrap_err();
    assert!(matches!(error, DatasetError::NoClasses { .. }), "{error}");
    put(folder.path(), "cat/1.png", b"x");
    assert!(matches!(read(&Limits::default()), Err(DatasetError::OneClass { .. })));
    put(folder.path(), "dog/1.png", b"x");
    put(folder.path(), "dog/2.png", b"x");
    let few = Limits { images: 2, ..Limits::default() };
    assert!(matches!(read(&few), Err(DatasetError::TooMany { what: "images", .. })));
    let gone =
        read_folder(&folder.path().join("gone"), Part::Train, &Part::ALL, &Limits::default());
    assert!(matches!(gone, Err(DatasetError::Unreadable { .. })));
}

#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    good(folder.path());
    std::os::unix::fs::symlink("/etc", folder.path().join("train/etc"))
        .expect("a test makes what it needs");
    let found = read_folder(folder.path(), Part::Train, &Part::ALL, &Limits::default())
        .expect("a test makes what it needs");
    assert_eq!(found.classes, ["cat", "dog"]);
}

#[test]
fn broken_files_twins_leaks_and_quarrels_are_found() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    good(folder.path());
    let at = folder.path();
    put(at, "val/cat/leak.png", &picture([200, 30, 30], 2));
    put(at, "train/dog/quarrel.png", &picture([200, 30, 30], 1));
    let whole = picture([9, 9, 9], 1);
    put(at, "train/cat/short.png", &whole[..whole.len() / 2]);
    put(at, "train/cat/text.png", b"this is no picture");
    let dataset = read_folder(at, Part::Train, &Part::ALL, &Limits::default())
        .expect("a test makes what it needs");
    let mut told = Vec::new();
    let seen = check(&dataset, &Limits::default(), |sight| {
        told.push(sight.map(|sight| sight.image.name.clone()));
        Ok::<(), ()>(())
    });
    let report = seen.expect("nothing was refused");
    assert_eq!(told.len(), dataset.images.len());
    assert_eq!(told.iter().flatten().count() as u64, report.images);
    let troubles: Vec<&str> = report.troubles.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(troubles, ["train/cat/short.png", "train/cat/text.png"]);
    assert_eq!(report.images, 11);
    let twins = |name: &str| {
        report
            .twins
            .iter()
            .find(|twins| twins.names.iter().any(|one| one == name))
            .expect("a test makes what it needs")
    };
    let leak = twins("val/cat/leak.png");
    assert!(leak.same_bytes && leak.leaks && !leak.disagree, "{leak:?}");
    let quarrel = twins("train/dog/quarrel.png");
    assert!(quarrel.disagree && !quarrel.leaks, "{quarrel:?}");
    assert_eq!(report.small, ["cat", "dog"], "both have fewer than 20");
}

#[test]
fn the_digest_is_that_of_names_classes_and_bytes() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    good(folder.path());
    let digest = || {
        let dataset = read_folder(folder.path(), Part::Train, &Part::ALL, &Limits::default())
            .expect("a test makes what it needs");
        let report = check(&dataset, &Limits::default(), |_| Ok::<(), ()>(()));
        report.expect("nothing was refused").digest
    };
    let before = digest();
    assert_eq!(before, digest());
    put(folder.path(), "train/cat/0.png", &picture([200, 30, 31], 0));
    assert_ne!(before, digest());
}

#[test]
fn a_part_that_is_not_wanted_is_not_looked_into() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    good(folder.path());
    put(folder.path(), "test/bird/1.png", &picture([1, 2, 3], 0));
    let learned = read_folder(folder.path(), Part::Train, &Part::LEARNED, &Limits::default())
        .expect("a test makes what it needs");
    assert_eq!(learned.classes, ["cat", "dog"], "a class of the test part alone is not known");
    assert_eq!(learned.part(Part::Test).count(), 0);
}
