//! The letter that tells a person what waits: short, plain text, with the way to it.

use contract::obligation::ObligationKind;
use document::{names, say};
use units::{ClauseId, Timestamp};

use super::{Here, Words};
use crate::notices::NoticeKind;

names! { NoticeKind [Here] {
    DueSoon => "即将到期", "due soon";
    Breached => "逾期未履行", "not done in time";
    StatementAwaits => "结算单待审核", "a statement awaits your decision";
    InvoiceOverdue => "发票逾期未付", "an invoice is overdue";
    SignatureAwaited => "待签署", "a signature is awaited";
} }

/// One thing that waits.
pub(crate) struct Line<'a> {
    pub(crate) kind: NoticeKind,
    pub(crate) obligation: Option<ObligationKind>,
    pub(crate) subject: Option<&'a str>,
    pub(crate) due: Option<Timestamp>,
    pub(crate) clause: Option<&'a ClauseId>,
}

/// What waits at one agreement.
pub(crate) struct Section<'a> {
    pub(crate) title: &'a str,
    pub(crate) link: String,
    pub(crate) words: Words,
    pub(crate) lines: Vec<Line<'a>>,
}

/// The subject of a letter about so many things.
pub(crate) fn subject(words: &Words, count: usize) -> String {
    if count == 1 {
        return say!(words, "符契：1 件事项待处理", "Tallystick: 1 thing needs you");
    }
    say!(words, "符契：{count} 件事项待处理", "Tallystick: {count} things need you")
}

/// The text of a letter.
pub(crate) fn text(words: &Words, sections: &[Section<'_>], account: &str) -> String {
    let mut text = String::new();
    for section in sections {
        text.push_str(section.title);
        text.push('\n');
        for line in &section.lines {
            text.push_str("- ");
            text.push_str(&self::line(&section.words, line));
            text.push('\n');
        }
        text.push_str(&section.link);
        text.push_str("\n\n");
    }
    text.push_str(&say!(
        words,
        "此邮件由系统自动发送，请勿回复。设置：{account}",
        "A program wrote this; nobody reads an answer. Settings: {account}"
    ));
    text.push('\n');
    text
}

fn line(words: &Words, line: &Line<'_>) -> String {
    let kind = words.name(line.kind);
    let what = line.obligation.map(|kind| words.name(kind).to_owned());
    let what = what.or_else(|| line.subject.map(str::to_owned));
    let mut said = match what {
        Some(what) => say!(words, "{kind}：{what}", "{kind}: {what}"),
        None => kind.to_owned(),
    };
    if let Some(due) = line.due {
        let due = words.limit(due);
        said.push_str(&say!(words, "，期限 {due}", ", by {due}"));
    }
    if let Some(clause) = line.clause {
        let under = words.under(clause);
        said.push_str(&say!(words, "，{under}", ", {under}"));
    }
    said
}

/// The letter that tells that a webhook was switched off: subject and text.
pub(crate) fn webhook_off(words: &Words, url: &str, settings: &str) -> (String, String) {
    let subject = say!(words, "符契：Webhook 已停用", "Tallystick: a webhook was switched off");
    let text = say!(
        words,
        "多次投递失败或接收方要求停止，以下 Webhook 已停用：\n{url}\n启用后会补发期间的条目。设置：{settings}\n",
        "Nothing arrived for days, or the receiver asked to stop. Switched off:\n{url}\n\
         Switched on again, it is told what it missed. Settings: {settings}\n"
    );
    (subject, text)
}
