//! The words of the command line: every sentence and every name that a person reads, in Chinese
//! and English side by side. Below `cli` only codes and fields exist.
//!
//! One table or one match for each type, so that a new variant does not compile without words in
//! both languages. Knows nothing of commands, of colours or of tables.

/// Text of the language that a [`Words`] speaks. The two literals stand side by side and name the
/// same values; tests check that.
macro_rules! say {
    ($words:expr, $zh:literal, $en:literal $(,)?) => {
        match $words.lang {
            units::Lang::Zh => format!($zh),
            units::Lang::En => format!($en),
        }
    };
}

/// Names of the variants of a type.
macro_rules! names {
    ($type:ty { $( $variant:ident => $zh:literal, $en:literal; )* }) => {
        impl $crate::words::Named for $type {
            fn name(&self, lang: units::Lang) -> &'static str {
                match (self, lang) {
                    $(
                        (Self::$variant { .. }, units::Lang::Zh) => $zh,
                        (Self::$variant { .. }, units::Lang::En) => $en,
                    )*
                }
            }
        }
    };
}

/// Names of codes that stand as text in terms, refusals and statements.
macro_rules! codes {
    ($name:ident { $( $code:literal: $zh:literal, $en:literal; )* }) => {
        /// The name of a code; `None` for one that is not known here.
        pub(crate) fn $name(code: &str, lang: units::Lang) -> Option<&'static str> {
            Some(match (code, lang) {
                $(
                    ($code, units::Lang::Zh) => $zh,
                    ($code, units::Lang::En) => $en,
                )*
                _ => return None,
            })
        }
    };
}

/// Sentences for the variants of a type: a table that the compiler keeps complete. The values that
/// a sentence names are the fields of the variant, or what stands in brackets.
macro_rules! sentences {
    ($(#[$meta:meta])* $name:ident($words:ident, $type:ident) { $(
        $variant:ident
        $( ( $($part:pat_param),* ) )?
        $( { $($field:ident),* } )?
        $( [ $($value:ident = $make:expr),* $(,)? ] )?
        => $zh:literal, $en:literal;
    )* }) => {
        $(#[$meta])*
        pub(super) fn $name($words: &$crate::words::Words, value: &$type) -> String {
            match value { $(
                $type::$variant $( ( $($part),* ) )? $( { $($field,)* .. } )? => {
                    $( $( let $value = $make; )* )?
                    say!($words, $zh, $en)
                }
            )* }
        }
    };
}

mod clauses;
mod entry;
mod events;
mod faults;
mod figures;
mod files;
mod import;
mod intake;
mod lines;
mod names;
mod problem;
mod quality;
mod refusal;
mod rules;
mod sentences;
mod service;
mod settling;
mod sound;
mod text;
mod things;
mod verify;

#[cfg(test)]
mod tests;

use contract::terms::Agreement;
use units::{Currency, Lang, Zone};

pub use text::Text;

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

/// A code that has a name.
pub trait Named {
    /// Its name in a language.
    fn name(&self, lang: Lang) -> &'static str;
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
    pub fn name(&self, code: impl Named) -> &'static str {
        code.name(self.lang)
    }

    /// A fixed text: a label, a heading.
    #[must_use]
    pub fn text(&self, text: Text) -> &'static str {
        text.name(self.lang)
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

impl<T: Named + ?Sized> Named for &T {
    fn name(&self, lang: Lang) -> &'static str {
        (**self).name(lang)
    }
}
