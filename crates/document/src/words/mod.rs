//! The words of the product: every name, and every sentence about terms, positions, entries and
//! statements, in Chinese and English side by side. The command line, the server and printed
//! documents say the same because they all say it from here.
//!
//! One table or one match for each type, so that a new variant does not compile without words in
//! both languages. Knows nothing of commands, of HTTP, of colours or of pages.

#[macro_use]
mod macros;

mod clauses;
mod entry;
mod events;
mod fields;
mod figures;
mod lexicon;
mod lines;
mod names;
mod paper;
mod problem;
mod raw_data;
mod refusal;
mod reviewing;
mod roles;
mod rules;
mod service;
mod settling;
mod signing;
mod statement;
mod term_fields;
mod terms;
mod things;

#[cfg(test)]
mod tests;

pub use clauses::catalogue;
use contract::terms::Agreement;
pub use lexicon::{Both, Table, lexicon};
pub use paper::Label;
pub use raw_data::raw_data_title;
pub use statement::{StatementSection, StatementTotal};
pub use units::Lang;
use units::{Currency, Zone};

/// What makes the words: the reader's language, and the agreement's zone and currency.
#[derive(Debug, Clone)]
pub struct Words {
    /// The reader's language.
    pub lang: Lang,
    /// The zone in which instants are shown.
    pub zone: Zone,
    /// The currency of amounts that are given in minor units alone.
    pub currency: Option<Currency>,
}

/// How the code of a name stands in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The variant as Rust writes it; the code is its snake case.
    Variant(&'static str),
    /// The code itself.
    Written(&'static str),
}

/// A code with its name in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The code.
    pub code: Code,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
}

impl Word {
    fn said(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// Names of codes that stand as text in terms, refusals and statements.
#[derive(Debug, Clone, Copy)]
pub struct Codes(pub &'static [Word]);

impl Codes {
    /// The name of a code; `None` for one that is not known here.
    #[must_use]
    pub fn name(&self, code: &str, lang: Lang) -> Option<&'static str> {
        self.0
            .iter()
            .find(|word| matches!(word.code, Code::Written(known) if known == code))
            .map(|word| word.said(lang))
    }
}

/// A code that has a name. `Home` is a type of the crate that wrote the name, where that is not
/// this crate.
pub trait Named<Home = ()> {
    /// The names of all variants.
    const TABLE: &'static [Word];

    /// Its name in a language.
    fn name(&self, lang: Lang) -> &'static str;
}

/// The name of a variant by its code; `None` for one that is not known here.
fn named<T: Named>(code: &str, lang: Lang) -> Option<&'static str> {
    let found = T::TABLE.iter().find(|word| lexicon::written(word.code) == code);
    found.map(|word| word.said(lang))
}

impl Words {
    /// Words outside any agreement: instants in Chinese time.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang, zone: Zone::shanghai(), currency: None }
    }

    /// Words about an agreement: instants in its zone, amounts in its currency.
    #[must_use]
    pub fn about(&self, agreement: &Agreement) -> Self {
        let zone = agreement.zone.clone();
        Self { lang: self.lang, zone, currency: Some(agreement.currency) }
    }

    /// The name of a code, such as of a side, a metric or the status of an obligation.
    #[must_use]
    pub fn name<Home>(&self, code: impl Named<Home>) -> &'static str {
        code.name(self.lang)
    }

    /// Names one after the other.
    #[must_use]
    pub fn list<T: AsRef<str>>(&self, items: impl IntoIterator<Item = T>) -> String {
        let mut all = String::new();
        for item in items {
            if !all.is_empty() {
                all.push_str(match self.lang {
                    Lang::Zh => "、",
                    Lang::En => ", ",
                });
            }
            all.push_str(item.as_ref());
        }
        all
    }
}

impl AsRef<Self> for Words {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl<Home, T: Named<Home> + ?Sized> Named<Home> for &T {
    const TABLE: &'static [Word] = T::TABLE;

    fn name(&self, lang: Lang) -> &'static str {
        (**self).name(lang)
    }
}
