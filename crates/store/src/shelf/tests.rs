//! What only a folder has: files that change behind the store's back, and where files lie.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use units::Id;

use super::{DEFAULT_OBJECT_LIMIT, PART, Shelf, folder_name};
use crate::errors::{Fault, ObjectError};
use crate::objects::{KeyId, ObjectRef, Objects, read_whole};
use crate::scope::Scope;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn shelf(folder: &TempDir) -> Shelf {
    Shelf::folder(&folder.path().join("objects"), DEFAULT_OBJECT_LIMIT).unwrap()
}

async fn put(shelf: &Shelf, agreement: &str, bytes: &[u8]) -> ObjectRef {
    let mut bytes = bytes;
    let operator = Scope::operator();
    shelf.put(&operator, &id(agreement), &KeyId::none(), &mut bytes).await.unwrap()
}

async fn get(shelf: &Shelf, object: &ObjectRef) -> Result<Vec<u8>, ObjectError> {
    let mut content = shelf.get(&Scope::operator(), &id("lease-1"), object).await?;
    read_whole(content.as_mut(), DEFAULT_OBJECT_LIMIT).await
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn a_changed_file_is_noticed_before_its_last_piece_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(&folder);
    for size in [1, 1000, PART, PART + 1] {
        let bytes = vec![5; size];
        let object = put(&shelf, "lease-1", &bytes).await;
        let [file] = files(folder.path()).try_into().unwrap();
        let mut flipped = bytes.clone();
        flipped[0] ^= 1;
        let longer = [&bytes[..], b"x"].concat();
        for changed in [&flipped, &longer, &bytes[..size - 1].to_vec()] {
            std::fs::write(&file, changed).unwrap();
            let got = get(&shelf, &object).await;
            assert!(matches!(got, Err(ObjectError::Altered { .. })), "{size}");
        }
        // Putting the bytes again mends the copy.
        put(&shelf, "lease-1", &bytes).await;
        assert!(get(&shelf, &object).await.unwrap() == bytes);
        assert!(shelf.delete(&Scope::operator(), &id("lease-1"), &object).await.unwrap());
    }
}

#[tokio::test]
async fn every_file_lies_in_the_folder_of_its_agreement() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(&folder);
    for name in ["../../escape", "/etc/passwd", "..", "Lease/2026:1"] {
        let before = files(folder.path());
        put(&shelf, name, name.as_bytes()).await;
        let own = folder.path().join("objects").join(folder_name(&id(name)));
        let mut new = files(folder.path());
        new.retain(|file| !before.contains(file));
        assert!(new.len() == 1 && new[0].starts_with(&own), "{new:?}");
    }
    let outside = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(outside, 1, "nothing beside the folder of objects");
}

#[test]
fn folders_are_named_for_the_eye_and_the_machine() {
    let hash = |name| folder_name(&id(name)).rsplit_once('.').unwrap().1.len();
    for (name, start) in [
        ("Lease/2026:1", "lease_2026_1."),
        ("..", "__."),
        (&"a".repeat(128), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."),
    ] {
        assert!(folder_name(&id(name)).starts_with(start), "{}", folder_name(&id(name)));
        assert_eq!(hash(name), 64);
    }
}

#[tokio::test]
async fn a_broken_upload_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::folder(&folder.path().join("objects"), PART as u64).unwrap();
    let bytes = vec![1; PART + 1];
    let operator = Scope::operator();
    let refused = shelf.put(&operator, &id("a"), &KeyId::none(), &mut &bytes[..]).await;
    assert!(matches!(refused, Err(ObjectError::TooLarge { .. })), "{refused:?}");
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_file_in_the_place_of_the_folder_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("objects");
    std::fs::write(&file, "text").unwrap();
    let refused = Shelf::folder(&file.join("deeper"), 1).err().unwrap();
    assert!(matches!(refused, ObjectError::Fault(Fault::Missing(_))), "{refused:?}");
    assert!(Shelf::folder(&file, 1).is_err());
}

#[test]
fn key_ids_are_checked() {
    for good in ["none", "k", "2026-customer-1", &"a".repeat(64)] {
        assert_eq!(KeyId::new(good).unwrap().as_str(), good);
    }
    for bad in ["", "K", "a/b", "..", "a b", "_incoming", "é", &"a".repeat(65)] {
        assert!(KeyId::new(bad).is_err(), "{bad}");
    }
    assert!(KeyId::none().is_none() && !KeyId::new("k").unwrap().is_none());
}
