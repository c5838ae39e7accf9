//! Files of a zip or tar archive, one after the other, within limits. Nothing is ever written to a
//! path that an archive names; a name that leaves the archive, a link or an encrypted file is named
//! and left out. Knows no image and no text.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::finding::{Finding, Place, Problem};
use crate::kind::Kind;
use crate::limits::Limits;
use crate::tar::{Next, Tar};

/// Smaller files may be as dense as they like.
const SMALL: u64 = 1 << 20;
/// Letters of a name at most.
const LONGEST_NAME: usize = 1_000;

/// What is done with a file: its name, its bytes.
pub(crate) type Each<'a, E> = &'a mut dyn FnMut(String, &mut dyn Read) -> Result<(), E>;

/// An archive and what is said about it.
pub(crate) struct Archive<'a> {
    pub(crate) path: &'a Path,
    /// How findings name it.
    pub(crate) label: &'a str,
    pub(crate) limits: &'a Limits,
    pub(crate) findings: Vec<Finding>,
}

impl Archive<'_> {
    /// Gives each file that may be taken to `each`.
    pub(crate) fn read<E>(&mut self, kind: Kind, each: Each<'_, E>) -> Result<(), E> {
        match kind {
            Kind::Zip => self.zip(each),
            Kind::Tar | Kind::Gzip => self.tar(kind == Kind::Gzip, each),
            _ => Ok(()),
        }
    }

    fn say(&mut self, problem: Problem) {
        self.findings.push(problem.of(self.label));
    }

    fn say_of(&mut self, name: &str, problem: Problem) {
        let file = inside(self.label, name);
        self.findings.push(problem.of(&file));
    }

    fn bad(&mut self, said: &dyn std::fmt::Display) {
        self.say(Problem::BadArchive { said: said.to_string() });
    }

    fn zip<E>(&mut self, each: Each<'_, E>) -> Result<(), E> {
        let opened = File::open(self.path).map_err(zip::result::ZipError::from);
        let mut zip = match opened.and_then(|file| ZipArchive::new(BufReader::new(file))) {
            Ok(zip) => zip,
            Err(error) => {
                self.bad(&error);
                return Ok(());
            }
        };
        if zip.has_duplicate_names() {
            self.say(Problem::SameName { name: String::new() });
            return Ok(());
        }
        match zip.has_overlapping_entries() {
            Ok(false) => (),
            Ok(true) => {
                self.bad(&"its files lie over one another");
                return Ok(());
            }
            Err(error) => {
                self.bad(&error);
                return Ok(());
            }
        }
        let mut unpacked = 0;
        for at in 0..zip.len() {
            if at as u64 >= self.limits.files {
                self.say(Problem::TooManyFiles { limit: self.limits.files });
                return Ok(());
            }
            let Some(name) = self.zip_name(&mut zip, at) else { continue };
            let mut file = match zip.by_index(at) {
                Ok(file) => file,
                Err(error) => {
                    self.say_of(&name, Problem::BadArchive { said: error.to_string() });
                    continue;
                }
            };
            let mut counted = Counted { inner: &mut file, left: self.left(unpacked), read: 0 };
            let done = each(name, &mut counted);
            unpacked += counted.read;
            done?;
            if self.left(unpacked) == 0 {
                self.say(Problem::TooMuch { limit: self.limits.unpacked_bytes });
                return Ok(());
            }
        }
        Ok(())
    }

    /// The name of a file that may be taken; what is wrong with it is said.
    fn zip_name(&mut self, zip: &mut ZipArchive<BufReader<File>>, at: usize) -> Option<String> {
        let entry = match zip.by_index_raw(at) {
            Ok(entry) => entry,
            Err(error) => {
                self.bad(&error);
                return None;
            }
        };
        if entry.is_dir() {
            return None;
        }
        let name = name(entry.name_raw(), false);
        let (size, packed) = (entry.size(), entry.compressed_size());
        let (regular, encrypted) = (entry.is_file(), entry.encrypted());
        drop(entry);
        let problem = if !regular {
            Problem::NoFile { name: shortened(&name) }
        } else if let Some(problem) = self.unfit(&name) {
            problem
        } else if encrypted {
            Problem::Encrypted
        } else if size > SMALL && size / packed.max(1) > self.limits.density {
            Problem::TooDense { limit: self.limits.density }
        } else {
            return Some(name);
        };
        self.say_of(&name, problem);
        None
    }

    fn tar<E>(&mut self, packed: bool, each: Each<'_, E>) -> Result<(), E> {
        let file = match File::open(self.path) {
            Ok(file) => file,
            Err(error) => {
                self.bad(&error);
                return Ok(());
            }
        };
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        let file = BufReader::new(file);
        if packed {
            let most = size.saturating_mul(self.limits.density).max(SMALL);
            self.unpack(MultiGzDecoder::new(file), most, each)
        } else {
            self.unpack(file, u64::MAX, each)
        }
    }

    /// Reads a tar stream that may not be longer than `most`.
    fn unpack<E>(&mut self, stream: impl Read, most: u64, each: Each<'_, E>) -> Result<(), E> {
        let mut tar = Tar::new(stream.take(most));
        let mut files = 0;
        loop {
            let next = match tar.next() {
                Ok(Some(next)) => next,
                Ok(None) => break,
                Err(error) => {
                    self.broken_at(&error, tar.at, most);
                    return Ok(());
                }
            };
            let (raw, regular) = match next {
                Next::Folder => continue,
                Next::File { name, .. } => (name, true),
                Next::Other { name } => (name, false),
            };
            files += 1;
            if files > self.limits.files {
                self.say(Problem::TooManyFiles { limit: self.limits.files });
                return Ok(());
            }
            let name = name(&raw, false);
            let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
            if !regular {
                self.say_of(&name, Problem::NoFile { name: shortened(&name) });
            } else if let Some(problem) = self.unfit(&name) {
                self.say_of(&name, problem);
            } else {
                each(name, &mut tar)?;
            }
            if tar.at >= self.limits.unpacked_bytes {
                self.say(Problem::TooMuch { limit: self.limits.unpacked_bytes });
                return Ok(());
            }
        }
        if tar.at >= most {
            self.say(Problem::TooDense { limit: self.limits.density });
        }
        Ok(())
    }

    fn broken_at(&mut self, error: &std::io::Error, at: u64, most: u64) {
        let problem = if at >= most {
            Problem::TooDense { limit: self.limits.density }
        } else {
            Problem::BadArchive { said: error.to_string() }
        };
        let place = Place { file: self.label.to_owned(), line: None, byte: Some(at) };
        self.findings.push(problem.at(place));
    }

    const fn left(&self, unpacked: u64) -> u64 {
        self.limits.unpacked_bytes.saturating_sub(unpacked)
    }

    fn unfit(&self, name: &str) -> Option<Problem> {
        if !is_plain(name) {
            return Some(Problem::UnsafeName { name: shortened(name) });
        }
        let limit = self.limits.depth;
        (name.split('/').count() > limit).then_some(Problem::TooDeep { limit: limit as u64 })
    }
}

/// A reader that stops at a number of bytes and knows how many it gave.
struct Counted<'a> {
    inner: &'a mut dyn Read,
    left: u64,
    read: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        if most == 0 && !out.is_empty() {
            return Err(std::io::Error::other("the archive unpacks to too much"));
        }
        let have = self.inner.read(&mut out[..most])?;
        self.left -= have as u64;
        self.read += have as u64;
        Ok(have)
    }
}

/// How a file of an archive is named in findings.
pub(crate) fn inside(label: &str, name: &str) -> String {
    format!("{label}!{}", shortened(name))
}

fn shortened(name: &str) -> String {
    name.chars().take(200).collect()
}

/// A name in UTF-8, or in GBK as Chinese Windows writes it. Two letters of GBK can pass for two of
/// UTF-8, but then for letters that hardly a name has; `sure` where the system writes UTF-8.
/// What a zip archive declares is not asked: many declare nothing.
pub(crate) fn name(raw: &[u8], sure: bool) -> String {
    let usual = |letter: char| {
        matches!(letter, '\0'..='\u{24f}' | 'Α'..='ω' | 'А'..='ё' | '\u{590}'..='\u{6ff}')
            || letter >= '\u{e00}'
    };
    let plain = std::str::from_utf8(raw).ok();
    if let Some(plain) = plain.filter(|plain| sure || plain.chars().all(usual)) {
        return plain.to_owned();
    }
    let chinese = identifiers::gb18030(raw);
    match (plain, chinese.wrong.is_empty()) {
        (_, true) => chinese.text,
        (Some(plain), false) => plain.to_owned(),
        (None, false) => String::from_utf8_lossy(raw).into_owned(),
    }
}

/// Whether a name of an archive stays inside it on every system.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && !name.starts_with('/')
        && !name.contains(['\\', ':'])
        && !name.chars().any(char::is_control)
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_an_archive_are_known() {
        for (name, plain) in [
            ("a.jpg", true),
            ("图片/一.jpg", true),
            ("../a.jpg", false),
            ("a/../../b", false),
            ("/etc/passwd", false),
            ("C:\\a.jpg", false),
            ("a\\..\\b", false),
            ("a//b", false),
            ("a\0b", false),
            ("", false),
        ] {
            assert_eq!(is_plain(name), plain, "{name:?}");
        }
    }

    #[test]
    fn a_name_in_gbk_is_read() {
        assert_eq!(name(b"\xd1\xaa\xcf\xb8\xb0\xfb/1.jpg", false), "血细胞/1.jpg");
        assert_eq!(name(b"\xd1\xaa\xcf\xb8.jpg", false), "血细.jpg");
        for utf8 in ["血细胞/1.jpg", "файл.jpg", "Übung.jpg", "صورة.jpg"] {
            assert_eq!(name(utf8.as_bytes(), false), utf8);
        }
    }
}
