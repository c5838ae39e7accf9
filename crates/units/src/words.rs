//! Amounts in words, as contracts and bills write them beside the figure. Serves `lease-3.2`
//! (total in figures and capitals) and every other amount in words; the Chinese rules are those of
//! 《正确填写票据和结算凭证的基本规定》. Knows no rates and rounds nothing: words are exact.

mod english;
mod reader;
mod speller;

use alloc::string::String;

use crate::money::{Currency, Money};

pub use english::amount_in_words_en;
pub use reader::parse_amount_zh;
use speller::Usage;

/// Why a text is no amount in Chinese capitals. Positions count characters from zero, in the text
/// as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {problem}")]
pub struct WordsError {
    /// The character where reading stopped; the text's length when it ended too early.
    pub at: usize,
    /// What was wrong there.
    pub problem: WordsProblem,
}

/// What can be wrong with an amount in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordsProblem {
    /// A character that no amount has; also 一二三 for 壹贰叁, and blanks inside.
    #[error("'{0}' is no character of an amount in capitals")]
    Foreign(char),
    /// A character of amounts in a place where it cannot stand.
    #[error("'{0}' cannot stand here")]
    Misplaced(char),
    /// Another character, or the end, where the amount needs this one.
    #[error("'{0}' is missing here")]
    Missing(char),
    /// The text ended before the amount.
    #[error("the amount is not complete")]
    Incomplete,
    /// Beyond what an amount may be.
    #[error("amount out of range")]
    Range,
}

/// An amount in words held against the figure beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountWords {
    /// Both say the same.
    Match(Money),
    /// They differ.
    Mismatch {
        /// What the words say.
        words: Money,
        /// What the figure says.
        figure: Money,
    },
}

impl AmountWords {
    /// Reads Chinese words and holds them against a figure.
    ///
    /// # Errors
    /// When the words are no amount.
    pub fn compare(words: &str, figure: Money) -> Result<Self, WordsError> {
        let words = parse_amount_zh(words)?;
        Ok(if words == figure { Self::Match(figure) } else { Self::Mismatch { words, figure } })
    }
}

/// An amount in Chinese capitals: 壹万陆仟肆佰零玖元零贰分.
///
/// Yuan stand without a prefix; put 人民币 before them where a bill needs it. Other currencies have
/// theirs, 美元壹佰元整, since they would read as yuan without. Where the rules leave 零 or 整 free it
/// is left out, 壹拾万柒仟元伍角叁分, 壹仟肆佰零玖元伍角; but not the 零 of 壹亿零伍仟元整.
#[must_use]
pub fn amount_in_words_zh(amount: Money) -> String {
    let prefix = match amount.currency() {
        Currency::Cny => "",
        Currency::Usd => "美元",
        Currency::Eur => "欧元",
        Currency::Gbp => "英镑",
        Currency::Hkd => "港元",
        Currency::Sgd => "新加坡元",
        Currency::Jpy => "日元",
    };
    let (major, minor) = parts(amount);
    let mut words = String::from(prefix);
    if amount.is_negative() {
        words.push('负');
    }
    let with_yuan = major != 0 || minor == 0;
    let pieces = speller::amount(major, minor, with_yuan);
    let written = pieces.iter().filter(|piece| piece.usage != Usage::Dropped);
    words.extend(written.map(|piece| piece.character));
    words
}

/// Major units and hundredths, without the sign.
fn parts(amount: Money) -> (u128, u8) {
    let minor = amount.minor().unsigned_abs();
    match amount.currency().exponent() {
        0 => (minor, 0),
        _ => (minor / 100, u8::try_from(minor % 100).expect("a remainder of 100 is below 100")),
    }
}

#[cfg(test)]
mod tests;
