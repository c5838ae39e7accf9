//! The sentence as a frame: who (actor) may, shall or shall not (modality, polarity) do what (verb)
//! with which data (objects), and under which consent. Serves every clause of the playbook.
//!
//! One pass over the words of a sentence with a small state; the order of words decides, no
//! sentence is parsed. What it cannot tell it leaves open, and rules read that as unclear.

use crate::Side;
use crate::lexicon::{Group, Hit};
use crate::scan::{Document, Groups, Sentence};

/// What lifts a rule or allows an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Consent {
    /// Nothing.
    None,
    /// A setting of the product.
    Setting,
    /// Consent, opt-in.
    Given,
    /// Consent in writing.
    Written,
    /// Nothing needs to be done: only objecting stops it.
    OptOut,
}

/// A verb of a sentence and all that hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) verb: Group,
    /// First byte of the verb.
    pub(crate) at: usize,
    /// Who does it; none where the sentence is passive or names nobody.
    pub(crate) actor: Option<Side>,
    /// Whether both parties do it.
    pub(crate) both: bool,
    /// Whether it is denied.
    pub(crate) negative: bool,
    /// Whether it stands in an exception (`except to improve`).
    pub(crate) exception: bool,
    /// Whether it stands in a condition in front of its rule (`Unless the order names …, Vendor`).
    pub(crate) condition: bool,
    /// Whether it is permitted rather than promised.
    pub(crate) may: bool,
    /// The words of its part of the sentence.
    pub(crate) groups: Groups,
    /// The part of the sentence, in bytes.
    pub(crate) part: (usize, usize),
    /// What consent its part asks for.
    pub(crate) consent: Consent,
}

#[derive(Clone, Copy, Default)]
struct State {
    actor: Option<Side>,
    both: bool,
    negative: bool,
    sticky: bool,
    may: bool,
    exception: bool,
    condition: bool,
    /// Whether the denial comes from the lead of a list.
    led: bool,
}

const VERBS: Groups = Groups::of(&[
    Group::Train,
    Group::Improve,
    Group::Use,
    Group::Own,
    Group::Assign,
    Group::License,
    Group::Delete,
    Group::Retain,
    Group::Notify,
    Group::Indemnify,
    Group::Terminate,
    Group::Suspend,
    Group::Amend,
    Group::Share,
    Group::Export,
    Group::Audit,
    Group::BelongsTo,
    Group::Refund,
    Group::Provide,
]);
/// Words that show that the party in front of them is the subject.
const SUBJECT_SIGNS: Groups = Groups::of(&[
    Group::Shall,
    Group::May,
    Group::Not,
    Group::Never,
    Group::Permit,
    Group::License,
    Group::Own,
    Group::Retain,
    Group::Assign,
    Group::Indemnify,
    Group::Use,
    Group::Share,
    Group::Delete,
    Group::Only,
    Group::Efforts,
    Group::Train,
    Group::Improve,
    Group::Terminate,
    Group::Notify,
]);
/// How far behind a party its modal may stand.
const MODAL_BYTES: usize = 48;

/// The frames of a sentence.
pub(crate) fn frames(document: &Document<'_>, sentence: &Sentence) -> Vec<Frame> {
    let lead = sentence.lead.map(|index| &document.sentences[index]);
    let mut state = lead.map_or_else(State::default, |lead| last_state(document, lead));
    if lead.is_some() {
        // What the lead denies stays denied in its items.
        state.sticky = state.negative;
        state.led = true;
    }
    walk(document, sentence, &mut state)
}

fn last_state(document: &Document<'_>, sentence: &Sentence) -> State {
    let mut state = State::default();
    walk(document, sentence, &mut state);
    state
}

fn walk(document: &Document<'_>, sentence: &Sentence, state: &mut State) -> Vec<Frame> {
    let text = document.wording.text.as_str();
    let hits = document.hits(sentence);
    let mut found = Vec::new();
    let mut part = part_of(text, sentence, hits, sentence.start);
    for (index, hit) in hits.iter().enumerate() {
        if hit.start >= part.1 {
            part = part_of(text, sentence, hits, hit.start);
            state.exception = false;
            state.condition = false;
            state.sticky = state.sticky && sentence.lead.is_some();
            state.negative = state.negative && keeps(text, hit.start) || state.sticky;
        }
        if VERBS.has(hit.group) {
            let groups = groups_in(hits, part);
            found.push(Frame {
                verb: hit.group,
                at: hit.start,
                actor: state.actor,
                both: state.both,
                negative: state.negative && !state.exception,
                exception: state.exception && (state.negative || state.sticky),
                condition: state.condition,
                may: state.may,
                groups,
                part,
                consent: consent(text, hits, scope(hits, hit.start, part, state)),
            });
        }
        step(text, hits, index, part, state);
    }
    found
}

/// What one word does to the state.
fn step(text: &str, hits: &[Hit], index: usize, part: (usize, usize), state: &mut State) {
    let hit = hits[index];
    match hit.group {
        Group::Vendor | Group::Customer | Group::Both => {
            subject(text, hits, index, state);
        }
        Group::License | Group::Permit if grants(text, hits, index, state) => {
            // The one to whom a right is granted is who then acts.
            if let Some(actor) = state.actor {
                state.actor = Some(actor.other());
                state.may = true;
            }
        }
        Group::Consent if consents(text, hit, state) => {
            state.actor = Some(Side::Vendor);
            state.may = true;
        }
        Group::Shall | Group::May if is_aside(text, hits, index) => {}
        Group::Shall | Group::May => {
            let denied = index.checked_sub(1).is_some_and(|before| {
                hits[before].group == Group::Not && hit.start - hits[before].end < 14
            });
            if !denied && !state.sticky {
                state.negative = false;
            }
            if !state.negative {
                state.exception = false;
            }
            state.may = hit.group == Group::May;
        }
        Group::Not => {
            state.negative = true;
            let word = &text[hit.start..hit.end];
            if word.eq_ignore_ascii_case("neither") {
                state.sticky = true;
            }
        }
        Group::Never => {
            state.negative = true;
            state.sticky = true;
        }
        Group::Except | Group::Unless => {
            state.exception = true;
            if hit.start == part.0 || index == 0 {
                // `Except as …, Vendor shall not`: the exception stands in front of its rule.
                state.exception = state.negative;
                state.condition = state.actor.is_none();
            }
        }
        Group::ExceptEnd => state.exception = false,
        _ => {}
    }
}

/// `Customer consents to the use of …`: the consent is given here, and the vendor acts.
fn consents(text: &str, hit: Hit, state: &State) -> bool {
    let word = text[hit.start..hit.end].to_lowercase();
    let behind: String = text[hit.end..].chars().take(32).collect::<String>().to_lowercase();
    let uses = [" use of", "us using", " processing of", "us to use"];
    matches!(word.as_str(), "consent" | "consents")
        && state.actor == Some(Side::Customer)
        && !state.negative
        && behind.starts_with(" to ")
        && uses.iter().any(|word| behind.contains(word))
}

/// Whether a modal leaves the polarity of its sentence alone: 将 in front of an object (禁止供应商将数据
/// 用于…) is no modal, and `data that it may receive` only describes the data.
fn is_aside(text: &str, hits: &[Hit], index: usize) -> bool {
    let hit = hits[index];
    if &text[hit.start..hit.end] == "将" {
        // 可以将数据用于…: the modal in front of it is the one that counts.
        let modal = index.checked_sub(1).is_some_and(|before| {
            hits[before].end == hit.start && matches!(hits[before].group, Group::May | Group::Shall)
        });
        if modal {
            return true;
        }
        let denial = hits[..index].iter().rev().find(|before| before.group == Group::Not);
        return denial.is_some_and(|denial| {
            let between = &text[denial.end..hit.start];
            !between.contains(PAUSES) && !between.ends_with(JOINS)
        });
    }
    let Some(before) = text[..hit.start].trim_end().rsplit(PAUSES).next() else { return false };
    let mut words = before.rsplit(' ').take(2);
    let (last, but_one) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let relative = [last, but_one].iter().any(|word| RELATIVES.contains(word));
    let verb = hits
        .get(index + 1)
        .is_some_and(|next| VERBS.has(next.group) && text[hit.end..next.start].trim().is_empty());
    relative && !verb
}

/// Where a clause of a sentence ends.
const PAUSES: [char; 7] = [',', ';', ':', '，', '；', '：', '。'];
/// Words in front of 将 that go on with another statement.
const JOINS: [char; 8] = ['并', '且', '而', '还', '仍', '亦', '也', '均'];
/// Words that open a clause which describes a thing.
const RELATIVES: [&str; 4] = ["that", "which", "who", "whom"];

/// Whether the word gives the other party a right: `you grant us`, `you authorise us`, 授予.
fn grants(text: &str, hits: &[Hit], index: usize, state: &State) -> bool {
    let hit = hits[index];
    let word = text[hit.start..hit.end].to_lowercase();
    let lets = ["authori", "instruct", "direct", "permit", "allow", "授权", "允许"];
    let to_vendor = hits
        .get(index + 1)
        .is_some_and(|next| next.group == Group::Vendor && next.start - hit.end < 12);
    word.starts_with("grant")
        || word.starts_with("give")
        || word.starts_with("right") && word.ends_with("for us")
        || word == "授予"
        || lets.iter().any(|start| word.starts_with(start))
            && (to_vendor || !state.negative && (word.starts_with("authori") || word == "授权"))
            && state.actor == Some(Side::Customer)
        || word == "许可" && to_vendor && state.actor == Some(Side::Customer)
}

/// Takes a party for the subject where a modal or a verb follows, or where none stood before.
fn subject(text: &str, hits: &[Hit], index: usize, state: &mut State) {
    let hit = hits[index];
    let behind = &text[hit.end..];
    let possessive =
        ["'s", "’s", "的", "'", "’", "s'", "s’"].iter().any(|mark| behind.starts_with(mark));
    if possessive && hit.group != Group::Both {
        return;
    }
    let next = hits.get(index + 1).filter(|next| next.start - hit.end < MODAL_BYTES);
    let before = index.checked_sub(1).map(|before| hits[before]);
    let modal = next.is_some_and(|next| {
        matches!(next.group, Group::Shall | Group::May | Group::Not | Group::Never)
            && short_gap(&text[hit.end..next.start])
    });
    let verb = next.is_some_and(|next| SUBJECT_SIGNS.has(next.group) && next.start - hit.end < 3);
    let first = state.actor.is_none();
    // `to you`, `by you`, `data you provide`: no subject of the main verb.
    let relative = before.is_some_and(|before| {
        matches!(
            before.group,
            Group::CustomerData | Group::Input | Group::Output | Group::PersonalData
        ) && hit.start - before.end < 8
            && !text[before.end..hit.start].contains(PAUSES)
    });
    let oblique =
        ["to ", "by ", "from ", "with ", "for ", "of ", "向", "由", "为", "给", "经", "and "]
            .iter()
            .any(|word| text[..hit.start].ends_with(word));
    // `as you may specify` says how, not who.
    if [" as ", " As "].iter().any(|word| text[..hit.start].ends_with(word)) {
        return;
    }
    let oblique = oblique || served(&text[..hit.start], behind);
    if !(first && !oblique && !relative || modal && !relative || verb && !relative && !oblique) {
        return;
    }
    // 您不授权我们将…: whom the right is denied acts no more freely than before.
    let denied = before.is_some_and(|before| {
        matches!(before.group, Group::Not | Group::Never) && hit.start - before.end < 24
            || matches!(before.group, Group::Permit | Group::License)
                && hit.start - before.end < 4
                && state.negative
    });
    state.actor = match hit.group {
        Group::Vendor => Some(Side::Vendor),
        Group::Customer => Some(Side::Customer),
        _ => None,
    };
    state.both = hit.group == Group::Both;
    state.condition = false;
    state.may = false;
    // An item with a subject of its own does not hang on the lead of its list.
    if state.led {
        state.led = false;
        state.sticky = false;
    }
    if !denied && !state.sticky {
        state.negative = false;
    }
    if text[hit.start..hit.end].to_lowercase().starts_with("neither") {
        state.negative = true;
        state.sticky = true;
    }
}

/// Whether a party is only whom a verb is for (`to protect you and improve …`); `to allow you to`
/// is not meant, there the party itself goes on to act.
fn served(before: &str, behind: &str) -> bool {
    let mut words = before.trim_end().rsplit(' ').take(2);
    let (verb, to) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let infinitive = verb.chars().all(char::is_alphabetic) && to.eq_ignore_ascii_case("to");
    // `For users of the free plan, data may …`: nobody acts there.
    let head = before.rsplit(['.', ';', '\n', '。']).next().unwrap_or("");
    let head = head.trim_start().to_lowercase();
    let aside = head.starts_with("for ")
        && !head.contains(',')
        && behind.find(',').is_some_and(|at| at < 40);
    aside || infinitive && before.ends_with(' ') && !behind.starts_with(" to ")
}

/// Whether only few words stand between a party and its modal.
fn short_gap(gap: &str) -> bool {
    gap.split_whitespace().count() <= 3 && !gap.contains(['.', ';', '。', '；'])
}

/// Whether what starts a new part goes on with the denial of the last one (`; or to train`).
fn keeps(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end();
    let tail: String = before.chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect();
    [" or", "nor", "或", "、"].iter().any(|word| tail.ends_with(word)) || tail.ends_with(';')
}

/// The part of the sentence around a byte: between semicolons and turning words.
fn part_of(text: &str, sentence: &Sentence, hits: &[Hit], at: usize) -> (usize, usize) {
    let mut start = sentence.start;
    let mut end = sentence.end;
    for hit in hits.iter().filter(|hit| hit.group == Group::But) {
        if hit.end <= at {
            start = start.max(hit.end);
        } else if hit.start > at {
            end = end.min(hit.start);
        }
    }
    for (offset, mark) in text[start..end].match_indices([';', '；']) {
        let place = start + offset;
        if place + mark.len() <= at {
            start = start.max(place + mark.len());
        } else {
            end = end.min(place);
            break;
        }
    }
    (start, end)
}

fn groups_in(hits: &[Hit], part: (usize, usize)) -> Groups {
    let mut groups = Groups::default();
    let first = hits.partition_point(|hit| hit.start < part.0);
    for hit in hits[first..].iter().take_while(|hit| hit.start < part.1) {
        groups.add(hit.group);
    }
    groups
}

/// Words in front of a consent that make it a condition.
const CONDITIONS: &[&str] = &[
    "with",
    "without",
    "unless",
    "if ",
    "if,",
    "upon",
    "where",
    "when",
    "only",
    "after",
    "absent",
    "prior",
    "explicit",
    "obtain",
    "subject to",
    "except",
    "until",
    "express",
    "经",
    "征得",
    "取得",
    "获得",
    "除非",
    "如",
    "若",
    "得到",
    "未经",
    "事先",
    "明确",
];
/// How far in front of a consent its condition may stand.
const CONDITION_BYTES: usize = 80;

/// Where the consent to a verb is looked for: an exception behind what is allowed has its own.
fn scope(hits: &[Hit], at: usize, part: (usize, usize), state: &State) -> (usize, usize) {
    let denied = state.negative || state.sticky;
    let opens = |hit: &&Hit| {
        hit.start > at && hit.start < part.1 && matches!(hit.group, Group::Except | Group::But)
    };
    let end = hits.iter().find(opens).filter(|_| !denied).map_or(part.1, |hit| hit.start);
    let objects = hits
        .iter()
        .any(|hit| hit.start >= end && hit.start < part.1 && matches!(hit.group, Group::OptOut));
    (part.0, if objects { part.1 } else { end })
}

/// The weakest consent that a part asks for.
fn consent(text: &str, hits: &[Hit], part: (usize, usize)) -> Consent {
    let mut found = Consent::None;
    let mut written = false;
    let first = hits.partition_point(|hit| hit.start < part.0);
    for hit in hits[first..].iter().take_while(|hit| hit.start < part.1) {
        let kind = match hit.group {
            Group::OptOut => return Consent::OptOut,
            Group::OptIn => Consent::Given,
            Group::Consent if is_condition(text, hit.start, part.0) => Consent::Given,
            Group::Written => {
                written = true;
                Consent::Written
            }
            Group::Setting => Consent::Setting,
            _ => continue,
        };
        found = found.max(kind);
    }
    if written && found == Consent::Given { Consent::Written } else { found }
}

fn is_condition(text: &str, at: usize, part: usize) -> bool {
    let mut from = at.saturating_sub(CONDITION_BYTES).max(part);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let window = text.get(from..at + 3).unwrap_or(&text[from..at]).to_lowercase();
    CONDITIONS.iter().any(|word| window.contains(word))
}
