//! What the model sees of a passage: hashed word pairs of its Latin text, hashed character runs of
//! its Han text, and the same of its heading and of its neighbours.
//!
//! Numbers stand as their length, so that no contract is remembered by its amounts.

use wording::Wording;

use super::passage::Passage;

/// How many kinds of context there are.
pub const GROUPS: usize = 6;
/// Hashes are this many bits long.
pub const BITS: u32 = 24;
/// The longest text of a passage that is read, in bytes.
const READ: usize = 4_000;
/// Words at the front of a passage that may be its own heading.
const FRONT: usize = 6;

const BODY: u8 = 0;
const ABOVE: u8 = 1;
const BEFORE: u8 = 2;
const BEHIND: u8 = 3;
const CUES: u8 = 4;
const FRAMES: u8 = 5;

/// The features of a passage: for each group the distinct hashes in rising order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    /// One list a group.
    pub groups: [Vec<u32>; GROUPS],
}

/// The features of passage `index`.
#[must_use]
pub fn of(wording: &Wording, passages: &[Passage], index: usize) -> Features {
    let passage = &passages[index];
    let text = |passage: &Passage| &wording.text[passage.start..passage.end];
    let mut features = Features::default();
    let own = tokens(text(passage));
    grams(BODY, &own, 2, &mut features.groups[usize::from(BODY)]);
    let front: Vec<Token> = own.iter().take(FRONT).cloned().collect();
    let above = &mut features.groups[usize::from(ABOVE)];
    grams(ABOVE, &front, 1, above);
    let mut headings: Vec<usize> = Vec::new();
    for block in wording.above(passage.block) {
        headings.push(block);
    }
    for block in headings {
        grams(ABOVE, &tokens(heading_of(wording.block(block))), 2, above);
    }
    if let Some(near) = passage.heading {
        grams(ABOVE, &tokens(heading_of(text(&passages[near]))), 2, above);
    }
    if let Some(before) = index.checked_sub(1).and_then(|at| passages.get(at)) {
        grams(BEFORE, &tokens(text(before)), 1, &mut features.groups[usize::from(BEFORE)]);
    }
    if let Some(behind) = passages.get(index + 1) {
        grams(BEHIND, &tokens(text(behind)), 1, &mut features.groups[usize::from(BEHIND)]);
    }
    cues(&own, &mut features.groups[usize::from(CUES)]);
    frames(text(passage), &mut features.groups[usize::from(FRAMES)]);
    for group in &mut features.groups {
        group.sort_unstable();
        group.dedup();
    }
    features
}

/// The part of a heading that counts where a whole clause stands in its place.
fn heading_of(text: &str) -> &str {
    let mut end = text.len().min(120);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A word, a number or a Han character.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Han(char),
    /// The end of a sentence or of a part of one.
    Stop,
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

fn tokens(text: &str) -> Vec<Token> {
    let mut end = text.len().min(READ);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut found = Vec::new();
    let mut word = String::new();
    let mut digits = 0;
    let close = |word: &mut String, digits: &mut usize, found: &mut Vec<Token>| {
        if !word.is_empty() {
            found.push(Token::Word(core::mem::take(word)));
        } else if *digits > 0 {
            found.push(Token::Word(format!("#{}", (*digits).min(6))));
        }
        *digits = 0;
    };
    for c in text[..end].chars() {
        if is_han(c) {
            close(&mut word, &mut digits, &mut found);
            found.push(Token::Han(c));
        } else if c.is_alphabetic() {
            if digits > 0 {
                close(&mut word, &mut digits, &mut found);
            }
            word.extend(c.to_lowercase());
        } else if c.is_ascii_digit() {
            if !word.is_empty() {
                close(&mut word, &mut digits, &mut found);
            }
            digits += 1;
        } else if matches!(c, '\'' | '’') && !word.is_empty() {
            // "party's" is one word.
        } else {
            close(&mut word, &mut digits, &mut found);
            if matches!(c, '.' | ';' | ':' | '?' | '!' | '。' | '；' | '：' | '，' | '、') {
                found.push(Token::Stop);
            }
        }
    }
    close(&mut word, &mut digits, &mut found);
    found
}

/// Word runs up to `most` words; Han runs of two to four characters.
fn grams(group: u8, tokens: &[Token], most: usize, into: &mut Vec<u32>) {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(word) => {
                into.push(hash(group, &[word]));
                if most > 1
                    && let Some(Token::Word(next)) = tokens.get(at + 1)
                {
                    into.push(hash(group, &[word, next]));
                }
            }
            Token::Han(first) => {
                let mut run = String::from(*first);
                for token in &tokens[at + 1..(at + 4).min(tokens.len())] {
                    let Token::Han(c) = token else { break };
                    run.push(*c);
                    into.push(hash(group, &[&run]));
                }
            }
            Token::Stop => {}
        }
    }
}

/// Stems whose meeting in one sentence says more than each alone.
const STEMS: &[&str] = &[
    "assign",
    "own",
    "title",
    "interest",
    "invention",
    "intellectual",
    "property",
    "copyright",
    "patent",
    "hire",
    "work",
    "develop",
    "vest",
    "convey",
    "transfer",
    "exclusive",
    "sole",
    "liab",
    "exceed",
    "limit",
    "aggregate",
    "damage",
    "consequential",
    "indirect",
    "except",
    "indemn",
    "gross",
    "wil",
    "fraud",
    "confidential",
    "paid",
    "payable",
    "audit",
    "inspect",
    "book",
    "record",
    "account",
    "terminat",
    "conven",
    "notice",
    "reason",
    "cause",
    "expir",
    "liquidated",
    "penalt",
    "right",
    "hereby",
    "shall",
    "may",
    "not",
];
/// How many words a meeting may span.
const SPAN: usize = 12;

/// Pairs of stems within a span of words.
fn cues(tokens: &[Token], into: &mut Vec<u32>) {
    let mut seen: Vec<(usize, &str)> = Vec::new();
    let mut position = 0;
    for token in tokens {
        match token {
            Token::Word(word) => {
                position += 1;
                let Some(stem) = STEMS.iter().find(|stem| word.starts_with(**stem)) else {
                    continue;
                };
                seen.retain(|(at, _)| position - at <= SPAN);
                for (_, before) in &seen {
                    into.push(hash(CUES, &[before, stem]));
                }
                seen.push((position, stem));
            }
            Token::Stop => {}
            Token::Han(_) => position += 1,
        }
    }
}

/// Runs of two to four words in which each name or defined term is one blank and each word stands
/// without its ending: "Vendor shall own" and "ACME shall own" are the same.
fn frames(text: &str, into: &mut Vec<u32>) {
    let mut end = text.len().min(READ);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let letters = text[..end].chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text[..end].chars().filter(|c| c.is_uppercase()).count();
    let shouted = capitals * 2 > letters;
    let mut words: Vec<String> = Vec::new();
    let mut first = true;
    for raw in text[..end].split_whitespace() {
        let word: String = raw.chars().filter(|c| c.is_alphabetic()).collect();
        let stop = raw.ends_with(['.', ';', ':']);
        if word.is_empty() || word.chars().any(is_han) {
            first = stop;
            continue;
        }
        let name = !shouted && !first && word.starts_with(char::is_uppercase);
        let lower = word.to_lowercase();
        if name {
            if words.last().is_none_or(|last| last != "_") {
                words.push("_".to_owned());
            }
        } else {
            words.push(stem(&lower).to_owned());
        }
        if stop {
            words.push(".".to_owned());
        }
        first = stop;
    }
    for at in 0..words.len() {
        let mut run: Vec<&str> = vec![&words[at]];
        for next in words.iter().skip(at + 1).take(3) {
            if next == "." {
                break;
            }
            run.push(next);
            into.push(hash(FRAMES, &run));
        }
    }
}

/// A word without the ending of its number or tense.
fn stem(word: &str) -> &str {
    for ending in ["ments", "ment", "ings", "ing", "ions", "ion", "ed", "es", "s"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 4
        {
            return stem;
        }
    }
    word
}

/// FNV-1a over the group and the parts, folded to [`BITS`].
fn hash(group: u8, parts: &[&str]) -> u32 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |byte: u8| {
        state ^= u64::from(byte);
        state = state.wrapping_mul(0x0000_0100_0000_01b3);
    };
    eat(group);
    for part in parts {
        part.bytes().for_each(&mut eat);
        eat(0xff);
    }
    let folded = state ^ (state >> BITS) ^ (state >> (2 * BITS));
    u32::try_from(folded & ((1 << BITS) - 1)).expect("a masked hash has 24 bits")
}
