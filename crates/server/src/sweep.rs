//! What nobody needs any more below a deployment's folder: files for one answer whose process was
//! killed, frames of videos that nobody took for long, parts of objects on their way. All of it can
//! be made again, or belongs to nothing that a row names. Knows no agreement.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

/// How long a file for one answer, or a part of something, lives without a write.
const ANSWER: Duration = Duration::from_secs(24 * 3_600);
/// How long frames are kept beside which no other was taken.
const FRAMES: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Folders inside one another that are looked into.
const DEPTH: u32 = 40;

/// Removes what is over; `scratch` is the folder of files for one answer. What cannot be removed is
/// tried again next time.
///
/// # Errors
/// The first trouble; the rest is done all the same.
pub(crate) fn sweep(scratch: &Path) -> io::Result<()> {
    let answers = forget(scratch, ANSWER, |_| true);
    let mut done = answers;
    let frames = scratch.with_file_name("frames");
    for video in entries(&frames)? {
        // A part of a list, a picture or a folder of them that nobody finished.
        let part = |path: &Path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            name.is_some_and(|name| name.starts_with('.') || name.ends_with(".new"))
        };
        done = done.and(if video.is_dir() { forget(&video, ANSWER, part) } else { Ok(()) });
    }
    done = done.and(forget(&frames, FRAMES, |_| true));
    let parts = store::sweep_parts(&scratch.with_file_name("objects"), ANSWER);
    done.and(parts.map(|_| ()))
}

/// What lies in a folder; nothing where it is not there.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
    }
}

/// Removes what lies in a folder, is wanted gone and was not written to for so long.
fn forget(folder: &Path, older: Duration, wanted: impl Fn(&Path) -> bool) -> io::Result<()> {
    let mut done = Ok(());
    for path in entries(folder)?.into_iter().filter(|path| wanted(path)) {
        let Some(written) = written(&path, DEPTH) else { continue };
        // A clock that went back makes nothing old.
        if written.elapsed().is_ok_and(|age| age > older) {
            let removed = match path.is_dir() {
                true => fs::remove_dir_all(&path),
                false => fs::remove_file(&path),
            };
            done = done.and(removed);
        }
    }
    done
}

/// When something was written last to a file, or to anything in a folder; `None` for what is gone,
/// or so deep that it is left alone.
fn written(path: &Path, depth: u32) -> Option<SystemTime> {
    let metadata = fs::symlink_metadata(path).ok()?;
    let mut last = metadata.modified().ok()?;
    if metadata.is_dir() {
        let depth = depth.checked_sub(1)?;
        for inner in entries(path).ok()? {
            last = last.max(written(&inner, depth)?);
        }
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When a file is that is written now.
    fn now() -> SystemTime {
        let file = tempfile::tempfile().unwrap();
        file.metadata().unwrap().modified().unwrap()
    }

    fn put(path: &Path, age: Duration) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"x").unwrap();
        let file = fs::OpenOptions::new().append(true).open(path).unwrap();
        file.set_modified(now() - age).unwrap();
    }

    /// Makes folders as old as what was put into them.
    fn age(folder: &Path, age: Duration) {
        fs::File::open(folder).unwrap().set_modified(now() - age).unwrap();
    }

    #[test]
    fn what_is_over_goes_and_what_is_used_stays() {
        let data = tempfile::tempdir().unwrap();
        let at = |name: &str| data.path().join(name);
        let (young, day, month) = (Duration::ZERO, ANSWER * 2, FRAMES * 2);
        for (name, age) in [
            ("scratch/old.form", day),
            ("scratch/new.form", young),
            ("scratch/old.intake/a/b", day),
            ("scratch/busy.intake/a", day),
            ("scratch/busy.intake/b", young),
            ("frames/seen/frames.json", day),
            ("frames/seen/1.jpg", young),
            ("frames/seen/2.jpg-9.new", day),
            ("frames/seen/.tmpx/1.jpg", day),
            ("frames/gone/frames.json", month),
            ("frames/gone/1.jpg", month),
            ("objects/a/_incoming/1-1", day),
            ("objects/a/none/ab/abab", month),
            ("uploads/mine.part", month),
        ] {
            put(&at(name), age);
        }
        for (folder, old) in [
            ("scratch/old.intake/a", day),
            ("scratch/old.intake", day),
            ("frames/seen/.tmpx", day),
            ("frames/gone", month),
        ] {
            age(&at(folder), old);
        }
        sweep(&at("scratch")).unwrap();
        let left = |name: &str| at(name).exists();
        for gone in [
            "scratch/old.form",
            "scratch/old.intake",
            "frames/seen/2.jpg-9.new",
            "frames/seen/.tmpx",
            "frames/gone",
            "objects/a/_incoming/1-1",
        ] {
            assert!(!left(gone), "{gone}");
        }
        for kept in [
            "scratch/new.form",
            "scratch/busy.intake/a",
            "frames/seen/frames.json",
            "frames/seen/1.jpg",
            "objects/a/none/ab/abab",
            "uploads/mine.part",
        ] {
            assert!(left(kept), "{kept}");
        }
        sweep(&at("none/scratch")).unwrap();
    }
}
