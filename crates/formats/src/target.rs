//! What a writer makes: files with relative names, put into a folder, an archive or one file. The
//! same files give the same bytes. Knows no format.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use annotation::Image;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// Its name, with folders, relative to the target.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The parts that images name, each once; the one without a name where there are no images.
pub(crate) fn splits<'a>(images: impl IntoIterator<Item = &'a Image>) -> Vec<&'a str> {
    let mut splits: Vec<&str> = images.into_iter().map(|image| image.split.as_str()).collect();
    splits.sort_unstable();
    splits.dedup();
    if splits.is_empty() {
        splits.push("");
    }
    splits
}

/// Writes the files: into an archive where `out` ends in `.zip`, into `out` itself where there is
/// one file and `out` has an ending, else into the folder `out`.
///
/// # Errors
/// When the disk does not take them, or `out` is there already.
pub fn save(files: &[OutFile], out: &Path) -> io::Result<()> {
    let ending = out.extension().map(|ending| ending.to_ascii_lowercase());
    if ending.as_deref() == Some("zip".as_ref()) {
        return pack(files, out);
    }
    if let ([only], Some(_)) = (files, ending) {
        return File::create_new(out)?.write_all(&only.bytes);
    }
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::create_dir_all(out)?;
    let mut made = "";
    for file in files {
        if let Some((folder, _)) = file.name.rsplit_once('/')
            && folder != made
        {
            fs::create_dir_all(out.join(folder))?;
            made = folder;
        }
        fs::write(out.join(&file.name), &file.bytes)?;
    }
    Ok(())
}

fn pack(files: &[OutFile], out: &Path) -> io::Result<()> {
    let mut zip = ZipWriter::new(BufWriter::new(File::create_new(out)?));
    // The default time of the format, 1980-01-01: no clock enters the file.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for file in files {
        zip.start_file(file.name.as_str(), options.large_file(file.bytes.len() > 1 << 31))?;
        zip.write_all(&file.bytes)?;
    }
    zip.finish()?.flush()
}

/// A name as a relative path that stays inside on every system.
pub(crate) fn safe(name: &str) -> String {
    let part = |part: &str| -> String {
        let kept = part.chars().map(|c| if c.is_control() || c == ':' { '_' } else { c });
        kept.collect()
    };
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    let path = parts.map(part).collect::<Vec<_>>().join("/");
    if path.is_empty() { "unnamed".to_owned() } else { path }
}
