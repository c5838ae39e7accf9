//! Letters and blanks: which script a letter is of, and a line brought to one form.

use units::Lang;

/// Whether a letter is Han.
#[must_use]
pub fn is_han(letter: char) -> bool {
    matches!(letter,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

/// Whether a letter is Han or a punctuation mark of Chinese text.
#[must_use]
pub fn is_wide(letter: char) -> bool {
    is_han(letter) || matches!(letter, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}')
}

/// The language of most of a text: Chinese where Han letters weigh as much as Latin words.
#[must_use]
pub fn language(text: &str) -> Lang {
    let (mut han, mut latin) = (0_usize, 0_usize);
    let mut inside = false;
    for letter in text.chars() {
        if is_han(letter) {
            han += 1;
            inside = false;
        } else if letter.is_alphabetic() {
            latin += usize::from(!inside);
            inside = true;
        } else {
            inside = false;
        }
    }
    if han > latin { Lang::Zh } else { Lang::En }
}

/// Whether a letter takes no room: it is left out of canonical text.
const fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}')
}

/// A line in one form: runs of white space are one space, invisible letters are gone.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for letter in text.chars() {
        if letter.is_whitespace() {
            space = true;
        } else if !is_invisible(letter) {
            if space && !out.is_empty() {
                out.push(' ');
            }
            space = false;
            out.push(letter);
        }
    }
    out
}

/// Whether a text ends as a sentence or a clause of one does.
#[must_use]
pub(crate) fn is_ended(text: &str) -> bool {
    let end =
        text.trim_end_matches(['"', '”', '’', '\'', ')', '）', '」', '』', ']', '】', '*', ' ']);
    let closed = end.len() < text.len() && text.ends_with([')', '）', ']', '】', '」', '』']);
    closed
        || end.is_empty()
        || end.ends_with(['.', ';', ':', '?', '!', '。', '；', '：', '？', '！', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_brought_to_one_form() {
        assert_eq!(tidy(" a\u{a0} b\u{200b}c\u{3000}d\t"), "a bc d");
    }

    #[test]
    fn the_language_is_that_of_most_of_the_text() {
        assert_eq!(language("甲方 shall 应当支付"), Lang::Zh);
        assert_eq!(language("Customer (甲方) shall pay the fees"), Lang::En);
    }
}
