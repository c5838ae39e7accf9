//! Sentences about labelling work, Chinese first.

use labelling::{Action, State};

/// What the mode table does not allow now.
pub(crate) fn not_now(state: State, action: Action) -> (String, String) {
    let (state_zh, state_en) = state_words(state);
    let (action_zh, action_en) = action_words(action);
    (
        format!("条目处于“{state_zh}”状态，您此时不能{action_zh}；请刷新后再看可用的操作。"),
        format!("You cannot {action_en} while the item is {state_en}; reload to see what you can."),
    )
}

/// A label that lacks what the guideline requires.
pub(crate) fn unfinished(attribute: &str) -> (String, String) {
    (
        format!("有标注缺少必填属性“{attribute}”；请补全后再提交。"),
        format!("A label lacks the required attribute {attribute}; fill it in and submit again."),
    )
}

const fn state_words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Waiting => ("待标注", "waiting"),
        State::Annotating => ("标注中", "being labelled"),
        State::Submitted => ("待审核", "waiting for review"),
        State::Reviewing => ("审核中", "in review"),
        State::Accepted => ("已通过", "accepted"),
        State::Returned => ("已退回", "sent back"),
        State::Skipped => ("已跳过", "skipped"),
    }
}

const fn action_words(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::View => ("查看", "see it"),
        Action::Label => ("标注", "label it"),
        Action::Submit => ("提交", "hand it in"),
        Action::Review => ("审核", "review it"),
        Action::Return => ("退回", "send it back"),
        Action::Accept => ("通过", "accept it"),
        Action::Skip => ("跳过", "skip it"),
        Action::Reopen => ("重新打开", "take it up again"),
        Action::Assign => ("分配", "assign it"),
        Action::Ask => ("提出问题", "raise an issue"),
    }
}
