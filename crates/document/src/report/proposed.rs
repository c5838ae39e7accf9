//! What a language model proposed, as it is shown apart from the findings.

use review::Proposals;
use serde::Serialize;

use super::{Reviewed, clause_title};
use crate::say;
use crate::words::Words;

/// A proposal as it is shown.
#[derive(Debug, Serialize)]
pub(super) struct Proposed<'a> {
    pub(super) clause: &'a str,
    pub(super) title: &'a str,
    pub(super) quote: &'a str,
    pub(super) anchor: Option<&'a str>,
    pub(super) reason: &'a str,
    pub(super) model: &'a str,
    pub(super) look_here: bool,
}

pub(super) fn proposed<'a>(reviewed: &Reviewed<'a>, words: &Words) -> Vec<Proposed<'a>> {
    let all = reviewed.proposals.map_or(&[][..], |all| all.proposals.as_slice());
    let of = |one: &'a review::Proposal| Proposed {
        clause: &one.clause,
        title: clause_title(&one.clause, reviewed.playbook, words.lang).unwrap_or_default(),
        quote: &one.quote,
        anchor: one.anchor.as_deref(),
        reason: &one.reason,
        model: &one.model,
        look_here: one.look_here,
    };
    all.iter().map(of).collect()
}

/// How many proposals were dropped, by reason; empty where none was.
#[must_use]
pub fn dropped(all: &Proposals, words: &Words) -> String {
    let each = all.dropped.iter().map(|(why, count)| format!("{} {count}", words.name(*why)));
    let each = words.list(each.collect::<Vec<_>>());
    match each.is_empty() {
        true => each,
        false => say!(words, "未采用的提示：{each}", "proposals not used: {each}"),
    }
}
