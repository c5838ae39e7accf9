//! Files of lines that were closed: `NAME.000000000001.jsonl` stands beside `NAME.jsonl`, under the
//! number of its first line. The shell's order of `NAME.*` is the order of the numbers.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::ENDING;
use crate::line::Kept;

/// Digits of a number in a name.
const DIGITS: usize = 12;
/// Bytes of a line at most, where only its number is wanted.
const LONGEST: u64 = 65_536;

/// A file that was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closed {
    pub(super) path: PathBuf,
    /// The number of its first line.
    pub(super) first: u64,
}

/// The files that were closed before the one at a path, in order.
pub(super) fn files(path: &Path) -> std::io::Result<Vec<Closed>> {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem()) else {
        return Ok(Vec::new());
    };
    let prefix = format!("{}.", stem.to_string_lossy());
    // A process that ended while it closed a file may leave it under both names.
    let begun = first_number(path)?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let digits = name
            .as_deref()
            .and_then(|name| name.strip_prefix(&prefix)?.strip_suffix(ENDING)?.strip_suffix('.'));
        let number = digits.filter(|digits| digits.len() >= DIGITS);
        let number = number.and_then(|digits| digits.parse().ok());
        if let Some(first) = number.filter(|first| Some(*first) != begun) {
            found.push(Closed { path, first });
        }
    }
    found.sort_by_key(|closed| closed.first);
    Ok(found)
}

/// The number of a file's first line, where it has one.
fn first_number(path: &Path) -> std::io::Result<Option<u64>> {
    let mut text = Vec::new();
    let file = File::open(path)?;
    BufReader::new(file).take(LONGEST).read_until(b'\n', &mut text)?;
    let kept: Option<Kept> = serde_json::from_slice(&text).ok();
    Ok(kept.and_then(|kept| kept.sequence.parse().ok()))
}

/// Begins a new file with lines and closes the one before under its first number. The new one has
/// its lines before it takes the place: at no time is the place empty, so the numbers cannot begin
/// again. The names last when the folder is synchronised.
pub(super) fn begin_next(path: &Path, first: u64, lines: &[u8]) -> std::io::Result<File> {
    let beside = path.with_extension("new");
    let closed = path.with_extension(format!("{first:0DIGITS$}.{ENDING}"));
    let mut options = OpenOptions::new();
    let mut file = options.read(true).write(true).create(true).truncate(true).open(&beside)?;
    file.write_all(lines)?;
    file.sync_all()?;
    match fs::hard_link(path, &closed) {
        Ok(()) => {}
        // Left by a process that ended here: the same file under its second name.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if fs::read(&closed)? != fs::read(path)? {
                return Err(error);
            }
        }
        Err(error) => return Err(error),
    }
    fs::rename(&beside, path)?;
    Ok(file)
}

/// Makes the names in a file's folder last.
pub(super) fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
