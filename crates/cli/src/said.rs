//! What a failure says: one sentence, its code, and what to do next. Sentences about the contract
//! and its faults are those of `words`; here stand those about the command itself.

use contract::Refusal;
use desk::DeskError;
use desk::files::FilesError;
use desk::papers::PapersError;
use store::{AppendError, Fault, StoreError};
use units::Lang;

use crate::bucket::BucketError;
use crate::commands::models;
use crate::failure::Failure;
use crate::footage;
use crate::words::{DeskWords as _, Words};

/// A failure in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// What is wrong.
    pub what: String,
    /// What to do, where there is something.
    pub next: Option<String>,
}

/// The sentence of a failure.
pub(crate) fn said(failure: &Failure, words: &Words) -> Said {
    let what = match failure {
        Failure::Desk(error) => words.desk_error(error),
        Failure::DeliveryImport(error) => words.delivery_error(error),
        Failure::Bundle(error) => words.bundle_error(error),
        Failure::Verify(error) => words.verify_error(error),
        Failure::Inspection(error) => words.inspection_error(error),
        Failure::Quality(error) => words.quality_error(error),
        Failure::Plan(error) => words.plan_error(error),
        Failure::Acceptance(error) => words.acceptance_error(error),
        Failure::Print(error) => words.print_error(error),
        Failure::Delivery { source, .. } => words.read_error(source),
        Failure::Reading { path, source } => {
            format!("{}: {}", path.display(), words.reading_fault(source))
        }
        Failure::Docx { path, source } => {
            format!("{}: {}", path.display(), words.docx_fault(source))
        }
        Failure::Authority { authority, source } => {
            format!("{authority}: {}", words.ask_error(source))
        }
        Failure::Video { path, source } => in_language(footage::fault(path, source), words.lang),
        Failure::Model(source) => in_language(models::fault(source), words.lang),
        Failure::Keyframes(source) => in_language(footage::refused(source), words.lang),
        other => in_language(both(other), words.lang),
    };
    let next = failure.desk().map_or_else(|| next(failure), command);
    Said { what, next: next.map(|both| in_language(both, words.lang)) }
}

fn in_language<T>((zh, en): (T, T), lang: Lang) -> T {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The command that leads on from what a use case refused; the sentence itself names none, for it
/// is said in the console too.
fn command(error: &DeskError) -> Option<(String, String)> {
    let (zh, en) = match error {
        DeskError::Refused(refusal) => step(refusal)?,
        DeskError::Files(FilesError::Missing { .. }) => (
            "先运行 tally init，或用 --data 指明目录",
            "run tally init, or name the folder: --data",
        ),
        DeskError::Store(StoreError::NotFound { .. })
        | DeskError::Append(AppendError::NotFound { .. }) => {
            ("tally list 列出已有的协议", "tally list shows the agreements there are")
        }
        DeskError::NotARehearsal => ("去掉 --now", "leave --now out"),
        DeskError::Decode(_)
        | DeskError::Store(StoreError::Fault(Fault::Corrupt(_)))
        | DeskError::Append(AppendError::Fault(Fault::Corrupt(_))) => {
            ("用 tally verify 检查证据包", "check an exported bundle with tally verify")
        }
        _ => return None,
    };
    Some((zh.to_owned(), en.to_owned()))
}

/// The command of what must come before what was refused.
fn step(refusal: &Refusal) -> Option<(&'static str, &'static str)> {
    Some(match refusal {
        Refusal::NotReady { .. } => {
            ("tally versions 查看未决之处", "tally versions lists what is open")
        }
        Refusal::NotDrafted => ("tally new 登记协议文件", "tally new lays the terms down"),
        Refusal::NotInForce => ("tally sign 签署", "tally sign signs for a party"),
        Refusal::TermsHaveErrors { .. } => {
            ("tally check 列出全部错误及位置", "tally check lists every error with its place")
        }
        Refusal::ComesAfter { first } => match *first {
            "answer_claim" => ("tally do … answer_claim", "tally do … answer_claim"),
            "approve_statement" => ("tally approve", "tally approve"),
            "issue_credit_note" => ("tally credit-note", "tally credit-note"),
            "reject" => ("tally reject", "tally reject"),
            _ => return None,
        },
        _ => return None,
    })
}

/// The stable code of a failure; a refusal has one of its own.
pub(crate) fn code(failure: &Failure) -> &'static str {
    if let Some(error) = failure.desk() {
        return desk_code(error);
    }
    match failure {
        Failure::Desk(error) => desk_code(error),
        Failure::Verify(_) => "cannot_read",
        Failure::Inspection(_) => "not_inspected",
        Failure::DeliveryImport(_) => "no_delivery",
        Failure::Bundle(_) => "no_bundle",
        Failure::Problems => "problems",
        Failure::Closed => "closed",
        Failure::Read { .. } => "cannot_read",
        Failure::Write { .. } => "cannot_write",
        Failure::Delivery { .. } => "no_delivery",
        Failure::Print(_) => "not_printed",
        Failure::Reading { .. } | Failure::Docx { .. } => "cannot_read",
        Failure::Quality(_) => "cannot_judge",
        Failure::Plan(_) => "no_plan",
        Failure::Acceptance(_) => "no_decision",
        Failure::Video { source, .. } => footage::code(source),
        Failure::Model(source) => models::code(source),
        Failure::Keyframes(_) => "no_keyframes",
        Failure::UnknownName { .. } => "unknown_name",
        Failure::UnknownField { .. } => "unknown_field",
        Failure::MissingFields { .. } => "missing_fields",
        Failure::BadValue { .. } => "bad_value",
        Failure::BadJson { .. } => "bad_json",
        Failure::Arguments { .. } => "arguments",
        Failure::Unwritable { .. } | Failure::Output { .. } => "cannot_answer",
        Failure::Runtime { .. } => "cannot_begin",
        Failure::Listen { .. } => "cannot_listen",
        Failure::Bucket(BucketError::Address { .. }) => "bad_value",
        Failure::Bucket(BucketError::Unreadable { .. }) => "no_bucket",
        Failure::Bucket(BucketError::Write { .. }) => "cannot_write",
        Failure::Authority { .. } => "no_timestamp",
        Failure::Setting { .. } => "bad_setting",
        Failure::People(_) => "fault",
        Failure::NotEmpty { .. } => "not_empty",
        Failure::Demo(_) => "no_demo",
    }
}

fn desk_code(error: &DeskError) -> &'static str {
    match error {
        DeskError::Refused(_) => "refused",
        DeskError::Store(StoreError::NotFound { .. }) => "not_found",
        DeskError::Store(StoreError::Exists { .. }) => "exists",
        DeskError::Files(FilesError::Exists { .. }) => "deployment_exists",
        DeskError::Files(FilesError::Missing { .. }) => "no_deployment",
        DeskError::Files(FilesError::Malformed { .. }) => "malformed_file",
        DeskError::Files(FilesError::Exposed { .. }) => "key_exposed",
        DeskError::Files(FilesError::Name { .. }) => "bad_key_name",
        DeskError::Files(FilesError::Io { .. }) => "cannot_open",
        DeskError::Settle(_) => "cannot_settle",
        DeskError::Account(_) => "cannot_account",
        DeskError::Period { .. } => "unknown_period",
        DeskError::StatementDiffers { .. } => "statement_differs",
        DeskError::NotARehearsal => "not_a_rehearsal",
        DeskError::Signature => "bad_signature",
        DeskError::Timestamp(_) => "bad_timestamp",
        DeskError::Papers(PapersError::Red { .. }) => "red_finding",
        DeskError::Papers(PapersError::Absent { .. }) => "not_found",
        DeskError::Papers(_) => "cannot_make_papers",
        DeskError::UnknownKey { .. } => "unknown_key",
        _ => "fault",
    }
}

fn both(failure: &Failure) -> (String, String) {
    match failure {
        Failure::Read { path, .. } => {
            let path = path.display();
            (format!("读不了 {path}"), format!("{path} cannot be read"))
        }
        Failure::Write { path, .. } => {
            let path = path.display();
            (format!("写不了 {path}"), format!("{path} cannot be written"))
        }
        Failure::Bucket(BucketError::Address { address }) => (
            format!("{address} 不是存储桶地址：s3://桶名/前缀"),
            format!("{address} is no address of a bucket: s3://BUCKET/PREFIX"),
        ),
        Failure::Bucket(BucketError::Unreadable { address, .. }) => {
            (format!("读不了 {address}"), format!("{address} cannot be read"))
        }
        Failure::Bucket(BucketError::Write { path, .. }) => {
            let path = path.display();
            (format!("写不了 {path}"), format!("{path} cannot be written"))
        }
        Failure::Listen { address, .. } => {
            (format!("不能在 {address} 上监听"), format!("{address} cannot be listened on"))
        }
        Failure::Setting { option, source } => {
            (format!("{option} 不能用：{source}"), format!("{option} cannot be used: {source}"))
        }
        Failure::People(_) => (
            "读不了部署的用户登记".to_owned(),
            "the people of the deployment cannot be read".to_owned(),
        ),
        Failure::NotEmpty { path } => {
            let path = path.display();
            (format!("{path} 里已有东西"), format!("{path} holds something already"))
        }
        Failure::Demo(_) => {
            ("样本部署没有建成".to_owned(), "the sample deployment was not made".to_owned())
        }
        Failure::UnknownName { name, .. } => {
            (format!("没有叫 {name} 的事实或步骤"), format!("no fact or step is called {name}"))
        }
        Failure::UnknownField { of, field, .. } => {
            (format!("{of} 没有字段 {field}"), format!("{of} has no field {field}"))
        }
        Failure::MissingFields { of, fields } => {
            let fields = fields.join(" ");
            (format!("{of} 还缺字段：{fields}"), format!("{of} still needs: {fields}"))
        }
        Failure::BadValue { field, text, form } => (
            format!("{field} 的值“{text}”格式不对，应形如 {form}"),
            format!("the value {text:?} of {field} should look like {form}"),
        ),
        Failure::BadJson { line, .. } => (
            format!("第 {line} 行的 JSON 读不懂"),
            format!("the JSON on line {line} cannot be understood"),
        ),
        Failure::Arguments { message } => (message.clone(), message.clone()),
        Failure::Runtime { .. } => {
            ("程序无法启动".to_owned(), "the program cannot begin".to_owned())
        }
        _ => ("结果无法写出".to_owned(), "the answer cannot be written".to_owned()),
    }
}

fn next(failure: &Failure) -> Option<(String, String)> {
    Some(match failure {
        Failure::UnknownName { nearest: Some(nearest), .. } => {
            (format!("是不是 {nearest}？"), format!("did you mean {nearest}?"))
        }
        Failure::UnknownName { .. } => (
            "用 tally schema fact --list 或 tally schema action --list 查看全部".to_owned(),
            "tally schema fact --list and tally schema action --list name them all".to_owned(),
        ),
        Failure::UnknownField { known, .. } => {
            let known = known.join(" ");
            (format!("可用字段：{known}"), format!("its fields: {known}"))
        }
        Failure::Setting { option: "--model", .. } => (
            "地址如 https://主机/v1；本机或内网的模型须加 --allow-private-model".to_owned(),
            "an address is https://host/v1; a model at a private one needs --allow-private-model"
                .to_owned(),
        ),
        Failure::Authority { .. } => (
            "也可离线办理：--request 写出请求，取回答复后用 --token 记入".to_owned(),
            "or by files: --request writes the request, --token keeps what came back".to_owned(),
        ),
        Failure::NotEmpty { .. } => {
            ("另选一个空文件夹".to_owned(), "choose an empty folder".to_owned())
        }
        Failure::BadJson { reason, .. } => (reason.clone(), reason.clone()),
        Failure::Video { source, .. } => return footage::next(source),
        Failure::Model(source) => return models::next(source),
        _ => return None,
    })
}
