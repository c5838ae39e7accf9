//! Just enough of Rust's lexical grammar to tell code, comments and string literals apart.
//!
//! A rule about code must not be set off by a sentence about code. Knows nothing of syntax.

/// One line, split by what its characters are. All three keep the columns of the source.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Code, with comments and the insides of literals blanked.
    pub(crate) code: String,
    /// Comment text.
    pub(crate) comment: String,
    /// The insides of string literals.
    pub(crate) strings: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    LineComment,
    BlockComment(u32),
    Text,
    RawText(usize),
}

/// Splits a source file into classified lines.
pub(crate) fn lines(source: &str) -> Vec<Line> {
    let mut state = State::Code;
    let mut lines = Vec::new();
    for line in source.lines() {
        let characters: Vec<char> = line.chars().collect();
        let mut out = Line::default();
        let mut at = 0;
        while at < characters.len() {
            let taken = step(&mut state, &characters, at);
            for character in &characters[at..at + taken.length] {
                let blank = ' ';
                let (code, comment, string) = match taken.class {
                    Class::Code => (*character, blank, blank),
                    Class::Comment => (blank, *character, blank),
                    Class::Text => (blank, blank, *character),
                };
                out.code.push(code);
                out.comment.push(comment);
                out.strings.push(string);
            }
            at += taken.length;
        }
        if state == State::LineComment {
            state = State::Code;
        }
        lines.push(out);
    }
    lines
}

enum Class {
    Code,
    Comment,
    Text,
}

struct Taken {
    length: usize,
    class: Class,
}

fn step(state: &mut State, characters: &[char], at: usize) -> Taken {
    let next = characters.get(at + 1).copied();
    match *state {
        State::LineComment => Taken { length: 1, class: Class::Comment },
        State::BlockComment(depth) => {
            let (length, depth) = match (characters[at], next) {
                ('*', Some('/')) => (2, depth - 1),
                ('/', Some('*')) => (2, depth + 1),
                _ => (1, depth),
            };
            *state = if depth == 0 { State::Code } else { State::BlockComment(depth) };
            Taken { length, class: Class::Comment }
        }
        State::Text => match characters[at] {
            '\\' if next.is_some() => Taken { length: 2, class: Class::Text },
            '"' => {
                *state = State::Code;
                Taken { length: 1, class: Class::Code }
            }
            _ => Taken { length: 1, class: Class::Text },
        },
        State::RawText(hashes) => {
            let closes = characters[at] == '"'
                && characters[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
            if closes {
                *state = State::Code;
                Taken { length: 1 + hashes, class: Class::Code }
            } else {
                Taken { length: 1, class: Class::Text }
            }
        }
        State::Code => step_in_code(state, characters, at, next),
    }
}

fn step_in_code(state: &mut State, characters: &[char], at: usize, next: Option<char>) -> Taken {
    match (characters[at], next) {
        ('/', Some('/')) => {
            *state = State::LineComment;
            Taken { length: 2, class: Class::Comment }
        }
        ('/', Some('*')) => {
            *state = State::BlockComment(1);
            Taken { length: 2, class: Class::Comment }
        }
        ('"', _) => {
            *state = State::Text;
            Taken { length: 1, class: Class::Code }
        }
        ('r', Some('"' | '#')) if !ends_a_word(characters, at) => {
            let hashes = characters[at + 1..].iter().take_while(|c| **c == '#').count();
            if characters.get(at + 1 + hashes) == Some(&'"') {
                *state = State::RawText(hashes);
                Taken { length: 2 + hashes, class: Class::Code }
            } else {
                Taken { length: 1, class: Class::Code }
            }
        }
        // A character literal, unlike a lifetime, closes again; '"' must not open a string.
        ('\'', Some('\\')) => {
            let close = characters[at + 2..].iter().skip(1).position(|c| *c == '\'');
            Taken { length: close.map_or(1, |close| close + 4), class: Class::Code }
        }
        ('\'', Some(_)) if characters.get(at + 2) == Some(&'\'') => {
            Taken { length: 3, class: Class::Code }
        }
        _ => Taken { length: 1, class: Class::Code },
    }
}

fn ends_a_word(characters: &[char], at: usize) -> bool {
    // `br"..."` is a raw string too, so a single `b` before the `r` does not count.
    let before = at.checked_sub(1).map(|i| characters[i]);
    match before {
        Some('b') => at >= 2 && is_word(characters[at - 2]),
        Some(character) => is_word(character),
        None => false,
    }
}

/// Whether a character may stand in an identifier.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether `needle` stands in `hay` as a whole word (or path, or macro).
pub(crate) fn has_word(hay: &str, needle: &str) -> bool {
    let mut from = 0;
    while let Some(found) = hay[from..].find(needle) {
        let start = from + found;
        let end = start + needle.len();
        let before = hay[..start].chars().next_back().is_some_and(is_word);
        let after = needle.chars().next_back().is_some_and(is_word)
            && hay[end..].chars().next().is_some_and(is_word);
        if !before && !after {
            return true;
        }
        from = end;
    }
    false
}

/// The number of the first line (from 0) of the inline test module, or the number of lines.
/// Tests stand last in a file, so everything from there on is test code.
pub(crate) fn tests_begin(lines: &[Line]) -> usize {
    let opens = |line: &Line| {
        let code = line.code.trim();
        code.starts_with("mod ") && code.ends_with('{')
    };
    let mut attribute = false;
    for (number, line) in lines.iter().enumerate() {
        let code = line.code.trim();
        if code == "#[cfg(test)]" {
            attribute = true;
        } else if attribute && opens(line) {
            return number;
        } else if attribute && !code.is_empty() && !code.starts_with("#[") {
            attribute = false;
        }
    }
    lines.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, code: &str, comment: &str, strings: &str) {
        let line = lines(source).swap_remove(0);
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeeze(&line.code), code, "code of {source}");
        assert_eq!(squeeze(&line.comment), comment, "comment of {source}");
        assert_eq!(squeeze(&line.strings), strings, "strings of {source}");
    }

    #[test]
    fn code_comments_and_strings_are_told_apart() {
        check("let a = 1; // why", "let a = 1;", "// why", "");
        check("f(\"// no\", x)", "f(\" \", x)", "", "// no");
        check("f(r#\"a \" b\"#) // c", "f(r#\" \"#)", "// c", "a \" b");
        check("f(br\"a\\\") // c", "f(br\" \")", "// c", "a\\");
        check("f('\"', '\\'', x::<'a>(\"s\"))", "f('\"', '\\'', x::<'a>(\" \"))", "", "s");
        check("a /* b /* c */ d */ e", "a e", "/* b /* c */ d */", "");
        check("\"a\\\"b\" + c", "\" \" + c", "", "a\\\"b");
        check("var\"x\"", "var\" \"", "", "x");
    }

    #[test]
    fn a_string_may_span_lines() {
        let got = lines("let a = \"one\ntwo // three\"; // four");
        assert_eq!(got[1].strings.trim(), "two // three");
        assert_eq!(got[1].comment.trim(), "// four");
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("x: f64,", "f64"));
        assert!(!has_word("xf64", "f64"));
        assert!(!has_word("f64x", "f64"));
        assert!(has_word("a.unwrap_or(0)", "unwrap_or(0)"));
    }

    #[test]
    fn tests_begin_at_the_test_module() {
        let source = "fn a() {}\n#[cfg(test)]\nmod tests {\n}\n";
        assert_eq!(tests_begin(&lines(source)), 2);
        assert_eq!(tests_begin(&lines("#[cfg(test)]\nmod tests;\nfn a() {}\n")), 3);
    }
}
