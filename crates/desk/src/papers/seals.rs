//! Pictures of the parties' seals among the papers: what they are called, whose they are, and how
//! long they stay. Serves train-11.1, class-5.1. A picture is a part that both sign, and no
//! signature: nothing is decided by it.

use contract::event::{PaperFile, Version};
use contract::terms::{Agreement, Side};
use document::draft::{PictureFormat, Seal, SealPicture};

use super::{PDF, PapersError, TERMS, TEXT, WORD};

/// The picture of the other party's seal in the version before, and the words that it stood below.
pub(super) struct Carried {
    /// The Word file of that version.
    pub(super) word: Vec<u8>,
    /// The picture.
    pub(super) seal: Vec<u8>,
}

/// The pictures of a version: each party's file by its name, and as it is drawn.
#[derive(Default)]
pub(super) struct Seals {
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) drawn: Vec<Seal>,
}

impl Seals {
    /// Takes up a party's picture.
    pub(super) fn add(
        &mut self,
        side: Side,
        terms: &Agreement,
        bytes: Vec<u8>,
    ) -> Result<(), PapersError> {
        let picture = SealPicture::read(&bytes)?;
        let party = match side {
            Side::Customer => terms.customer.name.clone(),
            Side::Vendor => terms.vendor.name.clone(),
        };
        self.files.push((name(side, picture.format()), bytes));
        self.drawn.push(Seal { side, party, picture });
        Ok(())
    }
}

/// A party's picture in a version.
pub(super) fn of(version: &Version, side: Side) -> Option<&PaperFile> {
    let names = FORMATS.map(|format| name(side, format));
    version.seals.iter().find(|seal| names.contains(&seal.name))
}

/// The media type of a picture by its name; none where it is called otherwise.
pub(super) fn media_of(file: &str) -> Option<&'static str> {
    let mut all = [Side::Customer, Side::Vendor]
        .into_iter()
        .flat_map(|side| FORMATS.map(|format| (name(side, format), format)));
    all.find(|(name, _)| name == file).map(|(_, format)| format.media_type())
}

/// Refuses annexes that would pass for another part, or take its place.
pub(super) fn check_names(annexes: &[(String, Vec<u8>)]) -> Result<(), PapersError> {
    let own = [WORD, PDF, TEXT, TERMS, signing::MANIFEST_NAME];
    let taken = |name: &str| {
        let lower = name.to_lowercase();
        own.contains(&lower.as_str()) || media_of(&lower).is_some()
    };
    match annexes.iter().find(|(name, _)| taken(name)) {
        Some((name, _)) => Err(PapersError::Name { name: name.clone() }),
        None => Ok(()),
    }
}

const FORMATS: [PictureFormat; 2] = [PictureFormat::Png, PictureFormat::Jpeg];

fn name(side: Side, format: PictureFormat) -> String {
    format!("seal.{}.{}", side.code(), format.extension())
}
