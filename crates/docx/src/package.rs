//! The archive of a Word file: its entries in order, each byte for byte, within limits; what it
//! refers to outside is listed and never followed.
//!
//! Knows nothing of paragraphs.

use std::collections::HashSet;
use std::io::{Cursor, Read as _, Write as _};
use std::sync::Arc;

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::fault::{Fault, Measure};
use crate::limits::Limits;
use crate::names::kind_of;
use crate::opc;
use crate::tree::Tree;

#[cfg(test)]
mod tests;

/// A Word file as its parts.
#[derive(Debug, Clone)]
pub struct Package {
    entries: Vec<Entry>,
    limits: Limits,
    document: String,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    bytes: Arc<[u8]>,
}

/// A reference from the file to something outside it. It is never followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// The part that refers.
    pub part: String,
    /// The last segment of the relationship's type (`hyperlink`, `attachedTemplate`, `image`).
    pub kind: String,
    /// Where it points.
    pub target: String,
}

impl Package {
    /// Reads a file within the default limits.
    ///
    /// # Errors
    /// Each way in which it is no Word document that is safe to read.
    pub fn read(bytes: &[u8]) -> Result<Package, Fault> {
        Package::read_within(bytes, Limits::default())
    }

    /// Reads a file within `limits`.
    ///
    /// # Errors
    /// As [`Package::read`].
    pub fn read_within(bytes: &[u8], limits: Limits) -> Result<Package, Fault> {
        refuse_other_formats(bytes)?;
        over(bytes.len() as u64, limits.file, "the file", Measure::File)?;
        let entries = unpack(bytes, &limits)?;
        let mut package = Package { entries, limits, document: String::new() };
        package.document = opc::main_document(&package)?;
        let main = package.document.clone();
        package.tree(&main)?;
        Ok(package)
    }

    /// A package of these parts, for what the builder makes.
    pub(crate) fn of(parts: Vec<(String, Vec<u8>)>, document: &str) -> Package {
        let entries =
            parts.into_iter().map(|(name, bytes)| Entry { name, bytes: bytes.into() }).collect();
        Package { entries, limits: Limits::default(), document: document.to_owned() }
    }

    /// The names of the entries in the order of the archive.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// The bytes of a part. Names of parts do not mind capitals.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.find(name).map(|at| &*self.entries[at].bytes)
    }

    /// The name of the part with the running text.
    #[must_use]
    pub fn document(&self) -> &str {
        &self.document
    }

    /// What the file refers to outside itself.
    ///
    /// # Errors
    /// Relationships that are no XML.
    pub fn external(&self) -> Result<Vec<External>, Fault> {
        let mut found = Vec::new();
        for name in self.parts().filter(|name| name.ends_with(".rels")) {
            for one in opc::read_relationships(self, name)? {
                if one.external {
                    let kind = kind_of(&one.kind).to_owned();
                    found.push(External { part: name.to_owned(), kind, target: one.target });
                }
            }
        }
        Ok(found)
    }

    /// The file. The same parts give the same bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // The default time of the format, 1980-01-01: no clock enters the file.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        for entry in &self.entries {
            if entry.name.ends_with('/') {
                zip.add_directory(entry.name.as_str(), options)
                    .expect("the names were read from an archive and are unique");
                continue;
            }
            zip.start_file(entry.name.as_str(), options)
                .expect("the names were read from an archive and are unique");
            zip.write_all(&entry.bytes).expect("memory takes what the limits let in");
        }
        zip.finish().expect("memory takes the directory").into_inner()
    }

    fn find(&self, name: &str) -> Option<usize> {
        let name = name.strip_prefix('/').unwrap_or(name);
        self.entries.iter().position(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Replaces a part, or adds it behind the last.
    pub fn set(&mut self, name: &str, bytes: Vec<u8>) {
        match self.find(name) {
            Some(at) => self.entries[at].bytes = bytes.into(),
            None => self.entries.push(Entry { name: name.to_owned(), bytes: bytes.into() }),
        }
    }

    /// The tree of a part.
    pub(crate) fn tree(&self, name: &str) -> Result<Tree, Fault> {
        let bytes = self.part(name).ok_or_else(|| Fault::Missing { part: name.to_owned() })?;
        Tree::parse(name, bytes, &self.limits)
    }

    /// Puts a tree back where an edit touched it.
    pub(crate) fn put(&mut self, name: &str, tree: &Tree) {
        if tree.touched() {
            self.set(name, tree.write());
        }
    }
}

fn over(have: u64, most: u64, part: &str, what: Measure) -> Result<(), Fault> {
    if have > most {
        return Err(Fault::Limit { part: part.to_owned(), what, have, most });
    }
    Ok(())
}

/// Names what is often sent instead of a Word file.
fn refuse_other_formats(bytes: &[u8]) -> Result<(), Fault> {
    const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    if bytes.starts_with(b"{\\rtf") {
        return Err(Fault::Rtf);
    }
    if bytes.starts_with(b"%PDF-") {
        return Err(Fault::NotWord { what: "PDF".to_owned() });
    }
    if bytes.starts_with(OLE) {
        let holds = |name: &str| {
            let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes.windows(wide.len()).any(|window| window == wide)
        };
        return Err(if holds("EncryptedPackage") {
            Fault::Encrypted
        } else if holds("WordDocument") {
            Fault::LegacyDoc
        } else {
            Fault::Ole
        });
    }
    Ok(())
}

/// How many entries the archive says it has, which a reader that merges equal names hides.
fn announced(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.len().saturating_sub(22 + 0xFFFF);
    let at = bytes[tail..].windows(4).rposition(|window| window == b"PK\x05\x06")? + tail;
    let count = bytes.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<Entry>, Fault> {
    let broken = |error: ZipError| Fault::Zip { why: error.to_string() };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    over(archive.len() as u64, limits.entries, "the archive", Measure::Entries)?;
    match announced(bytes) {
        Some(0xFFFF) | None => {}
        Some(count) if count == archive.len() => {}
        Some(count) => {
            let part = format!("(of {count} entries, {} have their own name)", archive.len());
            return Err(Fault::Duplicate { part });
        }
    }
    let mut entries = Vec::with_capacity(archive.len());
    let mut names = HashSet::new();
    let mut total = 0u64;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => {
                Fault::Encrypted
            }
            other => broken(other),
        })?;
        let name = file.name().map_err(broken)?.into_owned();
        if name.is_empty()
            || name.starts_with('/')
            || name.split('/').any(|segment| segment == "..")
            || name.contains(['\0', '\\'])
        {
            return Err(Fault::Name { name });
        }
        if !names.insert(name.to_ascii_lowercase()) {
            return Err(Fault::Duplicate { part: name });
        }
        let packed = file.compressed_size();
        over(file.size(), limits.part, &name, Measure::Size)?;
        let mut content = Vec::new();
        // What the directory says of the size is not believed: one byte more than may be is asked.
        let most = limits.part.min(limits.total.saturating_sub(total));
        file.by_ref()
            .take(most + 1)
            .read_to_end(&mut content)
            .map_err(|error| Fault::Zip { why: format!("{name}: {error}") })?;
        let size = content.len() as u64;
        over(size, limits.part, &name, Measure::Size)?;
        total += size;
        over(total, limits.total, "the archive", Measure::Total)?;
        if size > 1 << 20 {
            over(size / packed.max(1), limits.ratio, &name, Measure::Ratio)?;
        }
        entries.push(Entry { name, bytes: content.into() });
    }
    Ok(entries)
}
