//! The fonts of this machine: found once, read when a page needs them, kept from then on. Decides
//! which families a document is set in. Needs no network and embeds nothing of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use serde::Serialize;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst_kit::fonts::{FontPath, FontSource, FontStore};

use super::PrintError;

/// Families for running text that have simplified Chinese, the best first.
const TEXT: [&str; 10] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "WenQuanYi Micro Hei",
    "SimSun",
];

/// Families for formulas and hashes, the best first; running text stands in where none is there.
const MONO: [&str; 5] =
    ["Noto Sans Mono CJK SC", "DejaVu Sans Mono", "Noto Sans Mono", "Menlo", "Consolas"];

/// What to install where no family of [`TEXT`] is there.
pub(super) const PACKAGE: &str = "fonts-noto-cjk";

/// The fonts of this machine, and what documents are set in.
pub(super) struct Fonts {
    store: FontStore,
    families: Families,
}

/// The families of a document, the first choice first.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Families {
    /// Running text.
    text: Vec<&'static str>,
    /// Formulas and hashes.
    mono: Vec<&'static str>,
}

/// The fonts of this machine. The folders are searched by the first caller alone.
///
/// # Errors
/// When there is no font with Chinese.
pub(super) fn fonts() -> Result<&'static Fonts, PrintError> {
    static FOUND: OnceLock<Option<Fonts>> = OnceLock::new();
    let found = FOUND.get_or_init(|| Fonts::of(typst_kit::fonts::system()));
    found.as_ref().ok_or_else(no_font)
}

fn no_font() -> PrintError {
    PrintError::NoFont { families: TEXT.to_vec(), package: PACKAGE }
}

impl Fonts {
    /// Fonts of files; `None` when none of them is for Chinese text.
    fn of(found: impl Iterator<Item = (FontPath, typst::text::FontInfo)>) -> Option<Self> {
        let mut store = FontStore::new();
        let files = Arc::new(Files::default());
        for (path, info) in found {
            store.push((Face { path, files: Arc::clone(&files) }, info));
        }
        let there = |family: &&str| store.book().contains_family(&family.to_lowercase());
        let text = TEXT.iter().find(|family| there(family)).copied()?;
        let mono = MONO.iter().find(|family| there(family)).copied().unwrap_or(text);
        let families = Families { text: vec![text], mono: vec![mono, text] };
        Some(Self { store, families })
    }

    /// What every font can do.
    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    /// A font by its place in the book.
    pub(super) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }

    /// The families of a document.
    pub(super) fn families(&self) -> Families {
        self.families.clone()
    }

    /// Whether any font has a character. Fonts of the chosen families are asked first.
    pub(super) fn has(&self, character: char) -> bool {
        let book = self.store.book();
        let covers = |index: usize| {
            book.info(index).is_some_and(|info| info.coverage.contains(u32::from(character)))
        };
        let mut chosen = self.families.text.iter();
        chosen.any(|family| book.select_family(&family.to_lowercase()).any(covers))
            || book.families().any(|(_, mut faces)| faces.any(covers))
    }
}

/// Files of fonts that were read. A collection holds a dozen fonts and is read once.
#[derive(Default)]
struct Files(Mutex<BTreeMap<PathBuf, Bytes>>);

impl Files {
    fn read(&self, path: &PathBuf) -> Option<Bytes> {
        let mut read = self.0.lock().ok()?;
        if let Some(bytes) = read.get(path) {
            return Some(bytes.clone());
        }
        let bytes = Bytes::new(std::fs::read(path).ok()?);
        read.insert(path.clone(), bytes.clone());
        Some(bytes)
    }
}

/// A font of a file.
struct Face {
    path: FontPath,
    files: Arc<Files>,
}

impl FontSource for Face {
    fn load(&self) -> Option<Font> {
        Font::new(self.files.read(&self.path.path)?, self.path.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_chinese_fonts_is_told_what_to_install() {
        let empty = tempfile::tempdir().expect("a folder");
        assert!(Fonts::of(typst_kit::fonts::scan(empty.path())).is_none());
        let PrintError::NoFont { families, package } = no_font() else { panic!("another error") };
        assert!(families.contains(&"Noto Sans CJK SC"));
        assert_eq!(package, "fonts-noto-cjk");
    }

    #[test]
    fn the_folders_are_searched_once() {
        let first = fonts().expect("a font with Chinese is installed");
        let second = fonts().expect("a font with Chinese is installed");
        assert!(std::ptr::eq(first, second));
        assert!(first.has('符') && first.has('A') && !first.has('\u{10FFFF}'));
    }
}
