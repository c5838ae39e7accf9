//! A block to sentences, zh and en. Numbers (`99.9`), short forms (`Inc.`, `e.g.`) and numbers of
//! items end no sentence. Knows no meaning.

/// Longest sentence, in bytes: what is longer is cut there, so that no frame grows without bound.
const LONGEST: usize = 6_000;

/// Short forms before a stop that ends nothing.
const SHORT: &[&str] = &[
    "inc", "ltd", "co", "corp", "llc", "e.g", "i.e", "etc", "no", "nos", "art", "sec", "vs", "mr",
    "ms", "dr", "st", "u.s", "u.k", "cf", "al", "ii", "a", "b", "c", "d", "e", "f", "g", "h", "i",
    "s.a", "approx", "incl",
];

/// The sentences of the bytes `start..end`, without outer white space.
pub(crate) fn sentences(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = start;
    let mut walk = text[start..end].char_indices().peekable();
    while let Some((at, c)) = walk.next() {
        let at = start + at;
        let behind = at + c.len_utf8();
        let next = walk.peek().map(|(_, next)| *next);
        let ends = match c {
            '。' | '！' | '？' | '\n' => true,
            '.' | '!' | '?' => {
                // A next sentence that is glued on begins with one capital: `.Company`, not `.AI`.
                let glued = next.is_some_and(char::is_uppercase)
                    && text[behind..end].chars().nth(1).is_some_and(char::is_lowercase)
                    && text[from..at].chars().next_back().is_some_and(char::is_lowercase);
                let open = next.is_none_or(|next| next.is_whitespace() || is_close(next)) || glued;
                open && !(c == '.' && is_short(&text[from..at])) && starts_anew(&text[behind..end])
            }
            _ => behind - from > LONGEST && matches!(c, ' ' | '；' | '，' | '、'),
        };
        if ends {
            push(text, from, behind, &mut found);
            from = behind;
        }
    }
    push(text, from, end, &mut found);
    found
}

fn push(text: &str, from: usize, to: usize, found: &mut Vec<(usize, usize)>) {
    let raw = &text[from..to];
    let trimmed = raw.trim_start_matches(|c: char| c.is_whitespace() || is_close(c));
    let start = to - trimmed.len();
    let end = start + trimmed.trim_end().len();
    if end > start {
        found.push((start, end));
    }
}

fn is_close(c: char) -> bool {
    matches!(c, '”' | '"' | ')' | '’' | '」' | '）' | '*')
}

fn is_short(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    let letter = word.len() == 1 && word.chars().all(char::is_alphabetic);
    letter
        || number && word.len() < 4 && before.trim().len() <= word.len() + 1
        || SHORT.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether what follows may begin a sentence.
fn starts_anew(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || is_close(c));
    let mut letters = rest.chars();
    let first = letters.next();
    // `xAI` and `iOS` begin a sentence too.
    let name = letters.next().is_some_and(char::is_uppercase);
    first.is_none_or(|c| (!c.is_lowercase() || name) && !matches!(c, ',' | ';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> =
            sentences(text, 0, text.len()).iter().map(|(from, to)| &text[*from..*to]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_stop_inside_a_number_or_a_short_form_ends_nothing() {
        check(
            "We pay 99.9% to Acme Inc. monthly. You pay.",
            &["We pay 99.9% to Acme Inc. monthly.", "You pay."],
        );
        check("甲方提供数据。乙方不得使用！", &["甲方提供数据。", "乙方不得使用！"]);
        check("NO USE. YOU AGREE.", &["NO USE.", "YOU AGREE."]);
    }
}
