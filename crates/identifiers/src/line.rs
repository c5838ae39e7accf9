//! One line of text made ready: full-width letters folded, runs of digits and of letters and digits
//! with what stands between them, the words beside a place.

/// How many letters before a place are read for a word that names it.
const BEFORE: usize = 30;
/// How many letters after it.
const AFTER: usize = 12;

/// A run of letters, from its first to behind its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Ends in the X of a check digit.
    pub(crate) x: bool,
}

impl Run {
    pub(crate) const fn len(self) -> usize {
        self.end - self.start
    }
}

/// A line; places are letters from 0.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) letters: Vec<char>,
    /// Maximal runs of digits.
    pub(crate) digits: Vec<Run>,
    /// Maximal runs of Latin letters and digits.
    pub(crate) tokens: Vec<Run>,
}

/// Letters that a run of runs spells, and where.
#[derive(Debug)]
pub(crate) struct Spelled {
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Line {
    pub(crate) fn new(text: &str) -> Self {
        let letters: Vec<char> = text.chars().map(fold).collect();
        let digits = runs(&letters, |letter| letter.is_ascii_digit());
        let tokens = runs(&letters, |letter| letter.is_ascii_alphanumeric());
        let digits = digits.into_iter().map(|run| with_x(run, &letters)).collect();
        Self { letters, digits, tokens }
    }

    pub(crate) fn at(&self, place: usize) -> Option<char> {
        self.letters.get(place).copied()
    }

    /// The letter before a place.
    pub(crate) fn before(&self, place: usize) -> Option<char> {
        self.at(place.checked_sub(1)?)
    }

    pub(crate) fn text(&self, start: usize, end: usize) -> String {
        self.letters[start..end].iter().collect()
    }

    /// The digits of `runs[first..]` where they have these sizes and one separator between them.
    pub(crate) fn spell(&self, runs: &[Run], first: usize, sizes: &[usize]) -> Option<Spelled> {
        let group = runs.get(first..first + sizes.len())?;
        let fits = group.iter().zip(sizes).all(|(run, size)| run.len() == *size)
            && group.windows(2).all(|pair| self.parts(pair[0].end, pair[1].start))
            && group[..group.len() - 1].iter().all(|run| !run.x);
        if !fits {
            return None;
        }
        let (start, end) = (group[0].start, group[group.len() - 1].end);
        let text = group.iter().flat_map(|run| &self.letters[run.start..run.end]).collect();
        Some(Spelled { text, start, end })
    }

    /// Whether one separator stands between two places, a closing bracket perhaps before it.
    fn parts(&self, start: usize, end: usize) -> bool {
        matches!(&self.letters[start..end], [' ' | '-' | ')'] | [')', ' ' | '-'] | [' ', '-', ' '])
    }

    /// Whether a number at this place stands by itself: no part of a decimal, no letter that
    /// touches it unless a word that names it.
    pub(crate) fn is_free(&self, start: usize, end: usize, words: &[&str]) -> bool {
        let digit = |place: Option<char>| place.is_some_and(|letter| letter.is_ascii_digit());
        let after = self.at(end);
        if after.is_some_and(is_latin) || after == Some('.') && digit(self.at(end + 1)) {
            return false;
        }
        let before = self.before(start);
        if before == Some('.') && digit(self.before(start - 1)) {
            return false;
        }
        let behind = if before == Some('-') { start - 1 } else { start };
        !self.before(behind).is_some_and(is_latin) || {
            let word = self.text(behind.saturating_sub(20), behind).to_ascii_lowercase();
            let word = word.trim_end_matches('_');
            let word = word.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or(word);
            words.contains(&word)
        }
    }

    /// Whether one of the words stands beside a place. Latin words stand by themselves.
    pub(crate) fn names(&self, start: usize, end: usize, words: &[&str]) -> bool {
        let from = start.saturating_sub(BEFORE);
        let to = (end + AFTER).min(self.letters.len());
        [&self.letters[from..start], &self.letters[end..to]].iter().any(|side| {
            let side: String = side.iter().map(char::to_ascii_lowercase).collect();
            words.iter().any(|word| holds(&side, word))
        })
    }
}

fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let latin = |letter: Option<char>| letter.is_some_and(|c| c.is_ascii_alphabetic());
        !word.is_ascii()
            || !latin(text[..at].chars().next_back())
                && !latin(text[at + word.len()..].chars().next())
    })
}

fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_'
}

/// Full-width letters, spaces and dashes as the ones of ASCII.
fn fold(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(letter) - 0xfee0).expect("the full-width forms of ASCII")
        }
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

fn runs(letters: &[char], belongs: impl Fn(char) -> bool) -> Vec<Run> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let start = at;
        while at < letters.len() && belongs(letters[at]) {
            at += 1;
        }
        if at > start {
            out.push(Run { start, end: at, x: false });
        }
        at += 1;
    }
    out
}

/// A run of digits with the X behind it, where that can be the check digit of a resident ID.
fn with_x(run: Run, letters: &[char]) -> Run {
    let x = matches!(run.len(), 3 | 17) && matches!(letters.get(run.end), Some('x' | 'X'));
    let ends = !letters.get(run.end + 1).is_some_and(char::is_ascii_alphanumeric);
    if x && ends { Run { end: run.end + 1, x: true, ..run } } else { run }
}
