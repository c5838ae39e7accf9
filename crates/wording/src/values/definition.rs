//! Defined terms and where their meaning stands.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::letters::is_han;
use crate::{Span, Wording, sentences};

/// A term that the document defines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The term, without its quotes.
    pub term: String,
    /// The block.
    pub block: usize,
    /// The bytes of the term.
    pub place: Span,
    /// The bytes of its meaning: behind `means`, or what stands before `(the "Term")`.
    pub meaning: Span,
}

static MEANS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"["“]([^"“”]{1,80})["”]((?:\s*(?:,|or|and)\s*["“][^"“”]{1,80}["”])*)[^."“"#,
        r#"”;]{0,60}?\s(?:shall\s+mean|means?|has\s+the\s+meaning|have\s+the\s+mean"#,
        r#"ing|shall\s+have\s+the\s+meaning|will\s+have\s+the\s+meaning|refers?\s+t"#,
        r#"o|is\s+defined|includes?)\b[:,]?\s*"#,
    ))
    .expect("a fixed pattern")
});
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^([A-Z][A-Za-z0-9/&’' -]{1,60}?)\s+(?:shall\s+mean|means?|has\s+the\s+me",
        r"aning|refers\s+to)\b[:,]?\s*",
    ))
    .expect("a fixed pattern")
});
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"\(([^()]{0,80}?)["“]([^"“”()]{1,60})["”]((?:[^()"“”]{0,30}["“][^"“”()]{1"#,
        r#",60}["”]){0,4})[^()"“”]{0,60}\)"#,
    ))
    .expect("a fixed pattern")
});
static QUOTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"["“]([^"“”]{1,80})["”]"#).expect("a fixed pattern"));
static ZH_MEANS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?:本(?:协议|合同|条款|政策|文件)(?:中)?(?:所称|所述|所指)(?:的)?)?["“「]([^"“”「」]{1,40})["”"#,
        r#"」]\s*[:：,，]?\s*(?:是指|系指|均指|指的是|指|意指|包括)\s*[:：,，]?"#,
    ))
        .expect("a fixed pattern")
});
static ZH_SAID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"本(?:协议|合同|条款|政策|文件)(?:中)?(?:所称|所述|所指)(?:的)?([^，,。：:“”]{1,30}?)\s*[，,]?\s",
        r"*(?:是指|系指|均指|指的是|指)\s*[:：]?",
    ))
        .expect("a fixed pattern")
});
static ZH_HEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^([^，,。：:“”；;（(]{1,24})\s*[:：]\s*(?:是指|系指|均指|指)")
        .expect("a fixed pattern")
});
static ZH_ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"[（(]\s*(?:以下|下文|下|后文)?(?:合并|单独|统一|合)?\s*(?:简称|统称|称|合称|称为)(?:为|作)?\s*[:：]"#,
        r#"?\s*["“「]?([^"“”「」（）()，,]{1,30})["”」]?((?:\s*(?:或|和|、|及)\s*["“「][^"“”「」（"#,
        r#"）()]{1,30}["”」])*)\s*[）)]"#,
    ))
        .expect("a fixed pattern")
});

/// The definitions of a document, in the order of its text.
#[must_use]
pub fn definitions(wording: &Wording) -> Vec<Definition> {
    let mut out = Vec::new();
    for (index, block) in wording.blocks.iter().enumerate() {
        let text = &wording.text[block.body..block.end];
        let quoted = text.contains(['"', '“', '「']);
        let mut found: Vec<(Span, String, Span)> = Vec::new();
        if text.contains(is_han) {
            chinese(text, quoted, &mut found);
        }
        english(text, quoted, &mut found);
        found.sort_by_key(|(place, ..)| place.start);
        found.dedup_by_key(|(place, ..)| place.start);
        let shift =
            |span: Span| Span { start: span.start + block.body, end: span.end + block.body };
        let whole = sentences(wording, index);
        out.extend(found.into_iter().map(|(place, term, meaning)| {
            let (place, mut meaning) = (shift(place), shift(meaning));
            // A meaning ends with its sentence, and a paraphrase begins with it.
            if let Some(sentence) =
                whole.iter().find(|s| s.start <= place.start && place.start < s.end)
            {
                meaning.start = meaning.start.max(sentence.start);
                meaning.end = meaning.end.min(sentence.end).max(meaning.start);
            }
            Definition { term, block: index, place, meaning }
        }));
    }
    out
}

fn english(text: &str, quoted: bool, found: &mut Vec<(Span, String, Span)>) {
    if quoted {
        for parts in MEANS.captures_iter(text) {
            let (Some(whole), Some(term)) = (parts.get(0), parts.get(1)) else { continue };
            let meaning = Span { start: whole.end(), end: text.len() };
            push(found, term.start(), term.as_str(), meaning);
            if let Some(more) = parts.get(2) {
                for other in QUOTED.captures_iter(more.as_str()) {
                    if let Some(term) = other.get(1) {
                        push(found, more.start() + term.start(), term.as_str(), meaning);
                    }
                }
            }
        }
        for parts in ASIDE.captures_iter(text) {
            let (Some(whole), Some(lead), Some(term)) = (parts.get(0), parts.get(1), parts.get(2))
            else {
                continue;
            };
            if !introduces(lead.as_str()) {
                continue;
            }
            let meaning = Span { start: 0, end: text[..whole.start()].trim_end().len() };
            push(found, term.start(), term.as_str(), meaning);
            if let Some(more) = parts.get(3) {
                for other in QUOTED.captures_iter(more.as_str()) {
                    if let Some(term) = other.get(1) {
                        push(found, more.start() + term.start(), term.as_str(), meaning);
                    }
                }
            }
        }
    }
    if let Some(parts) = BARE.captures(text)
        && let (Some(whole), Some(term)) = (parts.get(0), parts.get(1))
        && !["This", "It", "That", "Which", "What", "Nothing"].contains(&term.as_str())
    {
        push(found, term.start(), term.as_str(), Span { start: whole.end(), end: text.len() });
    }
}

/// Whether the words before a quoted term in brackets give it a name: `the`, `collectively, the`.
fn introduces(lead: &str) -> bool {
    let lead = lead.trim().to_lowercase();
    lead.is_empty()
        || [
            "the",
            "a",
            "an",
            "each",
            "collectively",
            "together",
            "hereinafter",
            "hereafter",
            "such",
            "in each",
            "individually",
            "as amended",
            "referred",
            "or",
            "our",
            "this",
            "these",
            "defined",
            "any",
        ]
        .iter()
        .any(|word| lead.starts_with(word))
        || lead.ends_with("the")
        || lead.ends_with("as")
        || lead.ends_with(',')
}

fn chinese(text: &str, quoted: bool, found: &mut Vec<(Span, String, Span)>) {
    if quoted {
        for parts in ZH_MEANS.captures_iter(text) {
            let (Some(whole), Some(term)) = (parts.get(0), parts.get(1)) else { continue };
            push(found, term.start(), term.as_str(), Span { start: whole.end(), end: text.len() });
        }
    }
    for pattern in [&ZH_SAID, &ZH_HEAD] {
        for parts in pattern.captures_iter(text) {
            let (Some(whole), Some(term)) = (parts.get(0), parts.get(1)) else { continue };
            push(found, term.start(), term.as_str(), Span { start: whole.end(), end: text.len() });
        }
    }
    for parts in ZH_ASIDE.captures_iter(text) {
        let (Some(whole), Some(term)) = (parts.get(0), parts.get(1)) else { continue };
        let meaning = Span { start: 0, end: whole.start() };
        push(found, term.start(), term.as_str(), meaning);
        if let Some(more) = parts.get(2) {
            for other in QUOTED.captures_iter(more.as_str()) {
                if let Some(term) = other.get(1) {
                    push(found, more.start() + term.start(), term.as_str(), meaning);
                }
            }
        }
    }
}

fn push(found: &mut Vec<(Span, String, Span)>, start: usize, term: &str, meaning: Span) {
    let clean = term.trim().trim_end_matches([',', '，', '.']);
    let lead = term.len() - term.trim_start().len();
    let place = Span { start: start + lead, end: start + lead + clean.len() };
    if !clean.is_empty() && !found.iter().any(|(other, ..)| other.start == place.start) {
        found.push((place, clean.to_owned(), meaning));
    }
}
