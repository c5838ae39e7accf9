//! Sentences about labelling work, Chinese first.

use desk::labelling::{IssueMistake, LabellingError};
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

/// What a delivery does not allow now.
pub(crate) fn delivery(error: &LabellingError) -> (String, String) {
    let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match error {
        LabellingError::Open { open } => (
            format!("还有 {open} 个条目未完成；请完成后再交付，或选择部分交付。"),
            format!("{open} items are not finished; finish them, or deliver a part."),
        ),
        LabellingError::DeliveryFormat { format, agreed } => {
            let agreed = agreed.join(", ");
            (
                format!("“{format}”不是约定的、能容纳这些条目的格式；约定的格式：{agreed}。"),
                format!("{format:?} is no agreed format that holds these items; agreed: {agreed}."),
            )
        }
        LabellingError::OneName { name } => (
            format!("有两个条目都叫“{name}”，抽样时无法区分；请改名后重新上传。"),
            format!("Two items are called {name}; a sample could not tell them apart."),
        ),
        LabellingError::NoInspection => {
            both("该项目没有正在检验的交付。", "No delivery of the project is under inspection.")
        }
        LabellingError::NotDrawn => both(
            "样本还没有抽取；双方公开种子后才能抽样。",
            "The sample is not drawn; it is drawn once both parties revealed their seeds.",
        ),
        LabellingError::Undecided { left } => (
            format!("还有 {left} 个抽中的条目没有检验完；请全部检验后再判定。"),
            format!("{left} drawn items are not decided; decide them all first."),
        ),
        _ => both(
            "条目已经交付；客户驳回之后才能重新打开。",
            "The item was delivered; it can be opened again once the customer rejects.",
        ),
    }
}

/// A mistake that inspection found.
pub(crate) fn mistake(mistake: &IssueMistake) -> (String, String) {
    let (zh, en) = match mistake.kind.as_str() {
        "missed" => ("漏标", "Missed"),
        "extra" => ("多标", "Nothing is here"),
        "wrong_class" => ("类别错误，应为", "Wrong class, it is"),
        _ => ("位置不准", "Imprecise"),
    };
    let class = &mistake.class;
    (format!("{zh}：{class}"), format!("{en}: {class}"))
}

/// The name of a state, in Chinese and in English.
#[must_use]
pub const fn state_words(state: State) -> (&'static str, &'static str) {
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
        Action::Inspect => ("检验", "inspect it"),
    }
}
