//! Amounts in words.
pub struct AmountWords;
pub enum WordsError {}
pub fn amount_in_words_en() {}
pub fn amount_in_words_zh() {}
pub fn parse_amount_zh() {}
