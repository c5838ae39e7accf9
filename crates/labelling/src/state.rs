//! The states of an item and who may do what in each: the mode table. Serves anno-3.2 and anno-4.1.
//! Knows parts people take, not their roles at an agreement; those stand in `desk`.

use serde::{Deserialize, Serialize};

/// How far an item is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has it.
    #[default]
    Waiting,
    /// Somebody labels it.
    Annotating,
    /// Labelled, and waits for its review.
    Submitted,
    /// Somebody reviews it.
    Reviewing,
    /// Done.
    Accepted,
    /// Sent back to who labelled it.
    Returned,
    /// Left out, with a reason.
    Skipped,
}

/// What somebody does to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See it.
    View,
    /// Change its labels.
    Label,
    /// Hand it in.
    Submit,
    /// Take it for review.
    Review,
    /// Send it back.
    Return,
    /// Say that it is done.
    Accept,
    /// Leave it out.
    Skip,
    /// Take it up again.
    Reopen,
    /// Give it to somebody.
    Assign,
    /// Ask about it.
    Ask,
    /// Say what is right, for the customer.
    Inspect,
}

/// The part that somebody takes. *Own* is who holds the item now, or labelled it last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Labels, and the item is their own.
    OwnAnnotator,
    /// Labels, and the item is not their own.
    Annotator,
    /// Reviews, and holds the item.
    OwnReviewer,
    /// Reviews, and did not label the item.
    Reviewer,
    /// Runs the project.
    Manager,
    /// Inspects for the customer.
    Inspector,
    /// Reads.
    Reader,
}

/// The mode table. A letter stands for what may be done: `v`iew, `l`abel, `s`ubmit, `r`eview,
/// re`t`urn, `a`ccept, s`k`ip, re`o`pen, assi`g`n, as`q` (ask), `i`nspect. What was delivered
/// allows less: `inspect` is for drawn items, `return` and `reopen` wait for the decision.
#[rustfmt::skip]
const TABLE: [(State, [&str; 7]); 7] = [
    //                   own ann.  annot. own rev.  reviewer manager     inspector reader
    (State::Waiting,    ["-",      "-",   "-",      "v",     "vkgq",     "-",      "v"]),
    (State::Annotating, ["vlskq",  "-",   "-",      "v",     "vkogq",    "-",      "v"]),
    (State::Submitted,  ["vq",     "-",   "vrq",    "vrq",   "vrogq",    "vq",     "v"]),
    (State::Reviewing,  ["vq",     "-",   "vltaq",  "v",     "voq",      "vq",     "v"]),
    (State::Accepted,   ["vq",     "-",   "vq",     "vq",    "voq",      "vtqi",   "v"]),
    (State::Returned,   ["vlskq",  "-",   "v",      "v",     "vkogq",    "vq",     "v"]),
    (State::Skipped,    ["vq",     "-",   "v",      "vq",    "voq",      "vq",     "v"]),
];

/// Whether somebody who takes a part may do something to an item in a state.
#[must_use]
pub fn allowed(state: State, part: Part, action: Action) -> bool {
    let row = TABLE.iter().find(|(row, _)| *row == state);
    let column = Part::ALL.iter().position(|column| *column == part);
    let cell = row.zip(column).and_then(|((_, cells), column)| cells.get(column));
    cell.is_some_and(|cell| cell.contains(action.letter()))
}

/// The state after an action that the table allows; `None` where it changes nothing.
#[must_use]
pub const fn next_state(state: State, action: Action) -> Option<State> {
    match (state, action) {
        (State::Annotating | State::Returned, Action::Submit) => Some(State::Submitted),
        (State::Submitted, Action::Review) => Some(State::Reviewing),
        (State::Reviewing | State::Accepted, Action::Return) => Some(State::Returned),
        (State::Reviewing, Action::Accept) => Some(State::Accepted),
        (State::Waiting | State::Annotating | State::Returned, Action::Skip) => {
            Some(State::Skipped)
        }
        (
            State::Annotating
            | State::Submitted
            | State::Reviewing
            | State::Accepted
            | State::Returned
            | State::Skipped,
            Action::Reopen,
        ) => Some(State::Waiting),
        (State::Returned, Action::Label) => Some(State::Annotating),
        _ => None,
    }
}

impl State {
    /// Every state, in the order of the work.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Annotating,
        Self::Submitted,
        Self::Reviewing,
        Self::Accepted,
        Self::Returned,
        Self::Skipped,
    ];

    /// As it is written.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Annotating => "annotating",
            Self::Submitted => "submitted",
            Self::Reviewing => "reviewing",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Skipped => "skipped",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether an item in this state is labelled as far as its annotator goes.
    #[must_use]
    pub const fn is_labelled(self) -> bool {
        matches!(self, Self::Submitted | Self::Reviewing | Self::Accepted)
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 11] = [
        Self::View,
        Self::Label,
        Self::Submit,
        Self::Review,
        Self::Return,
        Self::Accept,
        Self::Skip,
        Self::Reopen,
        Self::Assign,
        Self::Ask,
        Self::Inspect,
    ];

    /// As it is written.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Label => "label",
            Self::Submit => "submit",
            Self::Review => "review",
            Self::Return => "return",
            Self::Accept => "accept",
            Self::Skip => "skip",
            Self::Reopen => "reopen",
            Self::Assign => "assign",
            Self::Ask => "ask",
            Self::Inspect => "inspect",
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::View => 'v',
            Self::Label => 'l',
            Self::Submit => 's',
            Self::Review => 'r',
            Self::Return => 't',
            Self::Accept => 'a',
            Self::Skip => 'k',
            Self::Reopen => 'o',
            Self::Assign => 'g',
            Self::Ask => 'q',
            Self::Inspect => 'i',
        }
    }
}

impl Part {
    /// Every part, in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::OwnAnnotator,
        Self::Annotator,
        Self::OwnReviewer,
        Self::Reviewer,
        Self::Manager,
        Self::Inspector,
        Self::Reader,
    ];

    /// As it is written.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnAnnotator => "own_annotator",
            Self::Annotator => "annotator",
            Self::OwnReviewer => "own_reviewer",
            Self::Reviewer => "reviewer",
            Self::Manager => "manager",
            Self::Inspector => "inspector",
            Self::Reader => "reader",
        }
    }
}
