//! Findings as suggestions in the Word file that was reviewed: where a quote stands in its
//! paragraph, and what is written there. Decides no words: they come from the findings.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use docx::{Document, Suggestion};
use review::{Finding, Review, Status};
use units::Lang;
use wording::Wording;

use crate::context::Context;

/// What a place gets.
#[derive(Default)]
struct Answer {
    replacement: Option<String>,
    comments: Vec<String>,
}

/// The suggestions for a document, without overlaps, in its order.
pub(crate) fn suggestions(
    review: &Review,
    wording: &Wording,
    document: &Document,
    context: &Context,
) -> Vec<Suggestion> {
    let mut places: BTreeMap<(usize, usize, usize), Answer> = BTreeMap::new();
    let mut rewritten = BTreeSet::new();
    for finding in &review.findings {
        if matches!(finding.status, Status::Met | Status::MetByFallback) {
            continue;
        }
        let place = place(finding, wording, document);
        let place = place.or_else(|| end_of(document));
        let Some((paragraph, range)) = place else { continue };
        let key = (paragraph, range.start, range.end);
        let answer = places.entry(key).or_default();
        answer.comments.push(comment(finding, wording.lang, context));
        let wrong = matches!(finding.status, Status::Adverse | Status::Below | Status::Conflict);
        let first = wrong && !range.is_empty() && rewritten.insert(finding.clause.clone());
        if first && answer.replacement.is_none() {
            answer.replacement.clone_from(&finding.suggestion);
        }
    }
    without_overlaps(places)
}

/// Where the quote of a finding stands: a paragraph of the file, and the characters of its text.
fn place(
    finding: &Finding,
    wording: &Wording,
    document: &Document,
) -> Option<(usize, Range<usize>)> {
    if finding.quote.is_empty() {
        return None;
    }
    let block =
        wording.blocks.iter().find(|block| Some(&block.anchor) == finding.anchor.as_ref())?;
    let body = |one: &docx::Paragraph| one.place == docx::Place::Body && one.source == block.source;
    let paragraph = document.paragraphs.iter().position(body)?;
    let range = find(&document.paragraphs[paragraph].text, &finding.quote).unwrap_or(0..0);
    Some((paragraph, range))
}

/// The characters of a text that read as the quote, whatever white space stands between them.
fn find(text: &str, quote: &str) -> Option<Range<usize>> {
    let solid = |text: &str| -> Vec<(usize, char)> {
        text.chars().enumerate().filter(|(_, letter)| !letter.is_whitespace()).collect()
    };
    let (text, quote) = (solid(text), solid(quote));
    let last = quote.len().checked_sub(1)?;
    let found = text
        .windows(quote.len())
        .find(|window| window.iter().zip(&quote).all(|((_, have), (_, want))| have == want))?;
    Some(found[0].0..found[last].0 + 1)
}

/// The end of the last paragraph of the body that has words: what is missing is asked for there.
fn end_of(document: &Document) -> Option<(usize, Range<usize>)> {
    let body = document.paragraphs.iter().enumerate();
    let mut body = body.filter(|(_, one)| one.place == docx::Place::Body && one.cell.is_none());
    let (paragraph, _) = body.rfind(|(_, one)| !one.text.trim().is_empty())?;
    Some((paragraph, 0..0))
}

fn comment(finding: &Finding, lang: Lang, context: &Context) -> String {
    let (reason, advice) = (finding.reason.get(lang), finding.advice.get(lang));
    let status = document::words::Words::new(lang).name(finding.status);
    let mut text = format!("{} {status}: {reason}", finding.clause);
    if !advice.is_empty() {
        text.push('\n');
        text.push_str(advice);
    }
    if let (true, Some(words)) = (finding.status == Status::Missing, &finding.suggestion) {
        text.push('\n');
        text.push_str(context.say("建议增加：", "Words to add: "));
        text.push_str(words);
    }
    text
}

/// Of places that overlap the first stays, and takes the comments of the others.
fn without_overlaps(places: BTreeMap<(usize, usize, usize), Answer>) -> Vec<Suggestion> {
    let mut all: Vec<Suggestion> = Vec::new();
    for ((paragraph, start, end), answer) in places {
        let comment = answer.comments.join("\n\n");
        match all.last_mut() {
            Some(last) if last.paragraph == paragraph && last.range.end > start => {
                let known = last.comment.get_or_insert_default();
                known.push_str("\n\n");
                known.push_str(&comment);
            }
            _ => all.push(Suggestion {
                paragraph,
                range: start..end,
                replacement: answer.replacement,
                comment: Some(comment),
            }),
        }
    }
    all
}
