//! One file: what it is, whether it can be read whole, and its items. Keeps nothing.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use video::VideoError;

use super::{Item, Options, PIECE, What};
use crate::finding::{Finding, Place, Problem};
use crate::kind::{Kind, Modality, sniff, suffix};
use crate::picture::{Shown, read_image};
use crate::text::{Split, read_texts};

/// Bytes by which a file is known.
const HEAD: u64 = 4096;

/// What is in a file.
#[derive(Default)]
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) items: Vec<Ready>,
    pub(super) size: u64,
}

/// An item, ready to be kept.
pub(super) struct Ready {
    pub(super) item: Item,
    pub(super) shown: Option<Shown>,
    pub(super) text: Option<String>,
}

/// The first bytes of a file.
pub(super) fn head(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// Looks at a file that findings call `label` and whose item is called `name`.
pub(super) fn examine(path: &Path, label: &str, name: &str, options: &Options) -> Found {
    let mut look = Look { path, label, name, options, found: Found::default() };
    if let Err(problem) = look.file() {
        look.found.findings.push(problem.of(label));
    }
    look.found
}

struct Look<'a> {
    path: &'a Path,
    label: &'a str,
    name: &'a str,
    options: &'a Options,
    found: Found,
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::Unreadable { said: error.to_string() }
}

impl Look<'_> {
    fn file(&mut self) -> Result<(), Problem> {
        let mut file = File::open(self.path).map_err(|error| unreadable(&error))?;
        let size = file.metadata().map_err(|error| unreadable(&error))?.len();
        self.found.size = size;
        if size == 0 {
            return Err(Problem::Empty);
        }
        let head = head(&mut file).map_err(|error| unreadable(&error))?;
        drop(file);
        let promised = Kind::promised(self.name);
        // Some videos begin in no way of their own; FFmpeg knows more of them.
        let is = sniff(&head).or(promised.filter(|kind| *kind == Kind::Video));
        let Some(is) = is else { return Err(Problem::Unknown) };
        if let Some(promised) = promised.filter(|promised| *promised != is) {
            self.found.findings.push(Problem::WrongSuffix { promised, is }.of(self.label));
        }
        let Some(modality) = is.modality() else {
            let nested = matches!(is, Kind::Zip | Kind::Tar | Kind::Gzip);
            return Err(if nested { Problem::Nested } else { Problem::NotTaken { kind: is } });
        };
        if let Some(want) = self.options.modality.filter(|want| *want != modality) {
            return Err(Problem::OtherModality { want, is: modality });
        }
        match modality {
            Modality::Image => self.image(is, size),
            Modality::Text => self.texts(size),
            Modality::Video => self.video(size),
        }
    }

    fn whole(&self, size: u64, limit: u64) -> Result<Vec<u8>, Problem> {
        if size > limit {
            return Err(Problem::TooLarge { bytes: size, limit });
        }
        let file = File::open(self.path).map_err(|error| unreadable(&error))?;
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        Ok(bytes)
    }

    fn image(&mut self, kind: Kind, size: u64) -> Result<(), Problem> {
        let limits = &self.options.limits;
        let bytes = self.whole(size, limits.image_bytes)?;
        match read_image(&bytes, kind, limits, self.options.copies) {
            Ok((picture, shown)) => {
                if picture.located {
                    self.found.findings.push(Problem::Located.of(self.label));
                }
                if picture.several {
                    self.found.findings.push(Problem::Several.of(self.label));
                }
                let (sha256, media_type) = (hash(&bytes), kind.media_type());
                self.push(sha256, size, media_type, What::Image(picture), shown, None);
            }
            Err(fault) => {
                let place = Place { file: self.label.to_owned(), line: None, byte: fault.byte };
                self.found.findings.push(fault.problem.at(place));
            }
        }
        Ok(())
    }

    fn texts(&mut self, size: u64) -> Result<(), Problem> {
        let limits = &self.options.limits;
        let bytes = self.whole(size, limits.text_bytes)?;
        let (label, split) = (self.label, &self.options.split);
        let Some(texts) = read_texts(label, &bytes, split, limits, &mut self.found.findings) else {
            return Ok(());
        };
        let encoding = texts.encoding;
        for passage in texts.passages {
            let chars = passage.text.chars().count() as u64;
            let (text, line) = (passage.text, passage.line);
            if *split == Split::File {
                let what = What::Text { encoding, chars, line: None };
                self.push(hash(&bytes), size, "text/plain", what, None, Some(text));
            } else {
                let what = What::Text { encoding, chars, line: Some(line) };
                let (sha256, size) = (hash(text.as_bytes()), text.len() as u64);
                let name = format!("{}:{line}", self.name);
                let item = Item { name, sha256, size, media_type: "text/plain", what };
                self.found.items.push(Ready { item, shown: None, text: Some(text) });
            }
        }
        Ok(())
    }

    fn video(&mut self, size: u64) -> Result<(), Problem> {
        let limits = &self.options.limits.video;
        let probe = video::probe(self.path, limits).map_err(|error| self.refused(error))?;
        let stream = probe.stream;
        let (width, height) = stream.shown();
        if stream.duration_ticks.is_none() {
            self.found.findings.push(Problem::NoDuration.of(self.label));
        }
        let media_type = container(&probe.format, self.name);
        let what = What::Video {
            codec: stream.codec,
            width,
            height,
            rotation: stream.rotation,
            timebase: stream.timebase,
            start_pts: stream.start_pts,
            duration_ticks: stream.duration_ticks,
            timestamps: stream.timestamps,
        };
        let sha256 = hash_file(self.path).map_err(|error| unreadable(&error))?;
        self.push(sha256, size, media_type, what, None, None);
        Ok(())
    }

    fn push(
        &mut self,
        sha256: String,
        size: u64,
        media_type: &'static str,
        what: What,
        shown: Option<Shown>,
        text: Option<String>,
    ) {
        let item = Item { name: self.name.to_owned(), sha256, size, media_type, what };
        self.found.items.push(Ready { item, shown, text });
    }

    /// What FFmpeg says, without the path at which the file lies for now.
    fn refused(&self, error: VideoError) -> Problem {
        let plain = |said: String| said.replace(&*self.path.to_string_lossy(), self.label);
        match error {
            VideoError::NoTool { tool } => Problem::NoTool { tool: tool.to_owned() },
            VideoError::Playlist { form, .. } => Problem::Playlist { form: form.to_owned() },
            VideoError::NoVideoStream { .. } => Problem::NoVideoStream,
            VideoError::Limit { have, most, .. } => Problem::VideoLimit { have, limit: most },
            VideoError::NotAVideo { said, .. }
            | VideoError::NoFrame { said, .. }
            | VideoError::Failed { said, .. } => Problem::BadVideo { said: plain(said) },
            VideoError::Io { source, .. } => unreadable(&source),
            other @ (VideoError::NotAFile { .. } | VideoError::Uneven { .. }) => {
                Problem::BadVideo { said: plain(other.to_string()) }
            }
        }
    }
}

/// The media type of a container that FFmpeg names.
fn container(format: &str, name: &str) -> &'static str {
    let has = |one: &str| format.split(',').any(|known| known == one);
    let suffix = suffix(name).unwrap_or_default();
    match () {
        () if has("mp4") && suffix == "mov" => "video/quicktime",
        () if has("mp4") => "video/mp4",
        () if has("webm") && suffix != "mkv" => "video/webm",
        () if has("matroska") => "video/x-matroska",
        () if has("avi") => "video/x-msvideo",
        () if has("mpegts") => "video/mp2t",
        () if has("mpeg") || has("mpegvideo") => "video/mpeg",
        () if has("ogg") => "video/ogg",
        () if has("flv") => "video/x-flv",
        () if has("asf") => "video/x-ms-asf",
        () => "application/octet-stream",
    }
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn hash_file(path: &Path) -> io::Result<String> {
    let (mut file, mut sum, mut piece) = (File::open(path)?, Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex::encode(sum.finalize())),
            have => sum.update(&piece[..have]),
        }
    }
}
