//! What a process that was killed left beside the objects: parts on their way, which no row can
//! name. Objects themselves are never touched.

use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use super::STAGING;

/// Folders between the shelf and an object: agreement, key, beginning of the hash.
const DEPTH: u32 = 3;

/// Removes parts of objects that nothing has written to for so long; says how many. A folder that
/// is not there has none.
///
/// # Errors
/// When a folder cannot be read or a part not be removed.
pub fn sweep_parts(shelf: &Path, older: Duration) -> io::Result<u64> {
    match walk(shelf, DEPTH, false, older) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        done => done,
    }
}

fn walk(folder: &Path, depth: u32, staging: bool, older: Duration) -> io::Result<u64> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if let Some(depth) = depth.checked_sub(1) {
                removed += walk(&entry.path(), depth, staging || name == STAGING, older)?;
            }
            continue;
        }
        // What is on its way beside an object has its name and a number.
        let part = staging || name.to_string_lossy().contains('#');
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if kind.is_file() && part && age > older {
            match fs::remove_file(entry.path()) {
                // Who wrote it was not gone after all.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => {
                    done?;
                    removed += 1;
                }
            }
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::OpenOptions;

    #[test]
    fn old_parts_go_and_objects_and_young_parts_stay() {
        let folder = tempfile::tempdir().unwrap();
        let day = Duration::from_secs(86_400);
        let object = format!("a.1/none/ab/{}", "ab".repeat(32));
        for (name, old) in [
            (object.as_str(), true),
            (&format!("{object}#1"), true),
            (&format!("{object}#2"), false),
            ("a.1/_incoming/0123-4", true),
            ("a.1/_incoming/0123-5#1", true),
            ("a.1/_incoming/0123-6", false),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, b"x").unwrap();
            if old {
                let file = OpenOptions::new().append(true).open(&path).unwrap();
                file.set_modified(file.metadata().unwrap().modified().unwrap() - 2 * day).unwrap();
            }
        }
        assert_eq!(sweep_parts(folder.path(), day).unwrap(), 3);
        let left = |name: &str| folder.path().join(name).exists();
        assert!(left(&object) && left(&format!("{object}#2")) && left("a.1/_incoming/0123-6"));
        assert_eq!(sweep_parts(folder.path(), day).unwrap(), 0);
        assert_eq!(sweep_parts(&folder.path().join("none"), day).unwrap(), 0);
    }
}
