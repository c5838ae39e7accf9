//! How a command fails, with the exit code that follows: 1 refused or problems found, 2 a fault, 3
//! not understood. Words and the JSON form are made here from codes and fields.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contract::Refusal;
use desk::DeskError;
use desk::bundle::BundleError;
use desk::inspection::InspectionError;
use desk::intake::DeliveryError;
use serde_json::{Value, json};
use units::Lang;

use crate::context::Context;
use crate::demo::DemoError;
use crate::output::Paint;
use crate::said::{Said, said};

/// The contract refuses, problems were found, or a bundle is not sound.
pub(crate) const REFUSED: u8 = 1;
/// A fault: disk, format.
pub(crate) const FAULT: u8 = 2;
/// The command was not understood.
pub(crate) const USAGE: u8 = 3;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A use case refused or failed.
    #[error(transparent)]
    Desk(Box<DeskError>),
    /// Problems were found and are shown already.
    #[error("problems were found")]
    Problems,
    /// Nobody reads any more.
    #[error("nobody reads the answer")]
    Closed,
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// A delivery cannot be read.
    #[error("{} is no delivery", path.display())]
    Delivery {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: annotation::ReadError,
    },
    /// A delivery was not recorded.
    #[error(transparent)]
    DeliveryImport(Box<DeliveryError>),
    /// No bundle or proof was written.
    #[error(transparent)]
    Bundle(Box<BundleError>),
    /// A delivery was not inspected.
    #[error(transparent)]
    Inspection(Box<InspectionError>),
    /// Nothing was verified.
    #[error(transparent)]
    Verify(desk::verify::VerifyError),
    /// A document cannot be printed.
    #[error("the document cannot be printed")]
    Print(#[source] document::pdf::PrintError),
    /// A delivery cannot be judged.
    #[error("the delivery cannot be judged")]
    Quality(#[source] annotation::QualityError),
    /// A Word file cannot be read or changed.
    #[error("{} cannot be read as a Word file", path.display())]
    Docx {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: docx::Fault,
    },
    /// A file cannot be read as a contract.
    #[error("{} cannot be read", path.display())]
    Reading {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: reading::Fault,
    },
    /// A video cannot be read.
    #[error("{} cannot be read as a video", path.display())]
    Video {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: video::VideoError,
    },
    /// A bucket cannot be read.
    #[error(transparent)]
    Bucket(#[from] crate::bucket::BucketError),
    /// A command about classifiers.
    #[error(transparent)]
    Model(Box<crate::commands::models::ModelFailure>),
    /// No keyframes can be chosen.
    #[error("no keyframes can be chosen")]
    Keyframes(#[source] video::ChooseError),
    /// A sampling plan does not exist.
    #[error("there is no such sampling plan")]
    Plan(#[source] annotation::LotPlanError),
    /// A rule of acceptance cannot be applied.
    #[error("the rule of acceptance cannot be applied")]
    Acceptance(#[source] annotation::AcceptanceError),
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// A time-stamp authority gave no response.
    #[error("{authority} gave no timestamp")]
    Authority {
        /// Its address.
        authority: String,
        /// What happened.
        #[source]
        source: server::authority::AskError,
    },
    /// What an option names cannot be used.
    #[error("{option} cannot be used")]
    Setting {
        /// The option.
        option: &'static str,
        /// What is wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The people of the deployment cannot be read.
    #[error("the people of the deployment cannot be read")]
    People(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A fact or an action of this name does not exist.
    #[error("nothing is called {name:?}")]
    UnknownName {
        /// As given.
        name: String,
        /// A known one of similar spelling.
        nearest: Option<String>,
    },
    /// A field that the fact or action does not have.
    #[error("{of} has no field {field:?}")]
    UnknownField {
        /// The fact or action.
        of: String,
        /// As given.
        field: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// Fields that are needed and absent.
    #[error("{of} needs {}", fields.join(", "))]
    MissingFields {
        /// The fact or action.
        of: String,
        /// The fields.
        fields: Vec<String>,
    },
    /// A value of another form.
    #[error("{field}={text} is not of the form {form}")]
    BadValue {
        /// The field.
        field: String,
        /// As given.
        text: String,
        /// An example of the form.
        form: String,
    },
    /// A JSON text that is not one of the known forms.
    #[error("line {line} cannot be read: {reason}")]
    BadJson {
        /// The line, from 1.
        line: usize,
        /// What the reader says, in English.
        reason: String,
    },
    /// Arguments that do not go together.
    #[error("{message}")]
    Arguments {
        /// What is wrong, in the reader's language.
        message: String,
    },
    /// Something that cannot be written as JSON.
    #[error("the answer cannot be written")]
    Unwritable {
        /// What happened.
        #[source]
        source: serde_json::Error,
    },
    /// A folder that should be empty holds something.
    #[error("{} holds something already", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The sample deployment cannot be made as it was written: a fault of the program.
    #[error("the sample deployment cannot be made")]
    Demo(#[source] Box<DemoError>),
    /// The program cannot begin.
    #[error("the program cannot begin")]
    Runtime {
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// Standard output cannot be written.
    #[error("the answer cannot be written")]
    Output {
        /// What happened.
        #[source]
        source: io::Error,
    },
}

impl Failure {
    /// Standard output failed; a closed pipe is no failure.
    pub(crate) fn writing(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Output { source },
        }
    }

    pub(crate) const fn unwritable(source: serde_json::Error) -> Self {
        Self::Unwritable { source }
    }

    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Read { path, source }
    }

    pub(crate) fn reading(path: &Path) -> impl FnOnce(reading::Fault) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Reading { path, source }
    }

    pub(crate) fn docx(path: &Path) -> impl FnOnce(docx::Fault) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Docx { path, source }
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Write { path, source }
    }

    pub(crate) fn setting(
        option: &'static str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Setting { option, source: Box::new(source) }
    }

    pub(crate) fn people(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::People(Box::new(error))
    }

    /// The use case's own error, where there is one.
    pub(crate) fn desk(&self) -> Option<&DeskError> {
        match self {
            Self::Desk(error) => Some(error),
            Self::Bundle(error) => match error.as_ref() {
                BundleError::Desk(error) => Some(error),
                _ => None,
            },
            Self::DeliveryImport(error) => match error.as_ref() {
                DeliveryError::Desk(error) => Some(error),
                _ => None,
            },
            Self::Inspection(error) => match error.as_ref() {
                InspectionError::Desk(error)
                | InspectionError::Delivery(DeliveryError::Desk(error)) => Some(error),
                _ => None,
            },
            _ => None,
        }
    }

    /// The exit code.
    fn exit(&self) -> u8 {
        if let Some(error) = self.desk() {
            return if is_answer(error) { REFUSED } else { FAULT };
        }
        match self {
            Self::Closed => 0,
            Self::Problems | Self::NotEmpty { .. } => REFUSED,
            Self::Inspection(error) => match error.as_ref() {
                InspectionError::Read { .. }
                | InspectionError::Delivery(DeliveryError::Io { .. }) => FAULT,
                _ => REFUSED,
            },
            Self::Bundle(error) if matches!(**error, BundleError::NoEntry { .. }) => REFUSED,
            Self::DeliveryImport(error) if matches!(**error, DeliveryError::NoQuantity { .. }) => {
                REFUSED
            }
            Self::UnknownName { .. }
            | Self::UnknownField { .. }
            | Self::MissingFields { .. }
            | Self::BadValue { .. }
            | Self::Arguments { .. } => USAGE,
            Self::Quality(_) | Self::Plan(_) | Self::Acceptance(_) | Self::Keyframes(_) => REFUSED,
            _ => FAULT,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        DeskError::Refused(refusal).into()
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::Desk(Box::new(error))
    }
}

impl From<DeliveryError> for Failure {
    fn from(error: DeliveryError) -> Self {
        Self::DeliveryImport(Box::new(error))
    }
}

impl From<BundleError> for Failure {
    fn from(error: BundleError) -> Self {
        Self::Bundle(Box::new(error))
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::NotEmpty { path } => Self::NotEmpty { path },
            DemoError::Desk(error) => Self::Desk(error),
            DemoError::Delivery(error) => Self::DeliveryImport(error),
            DemoError::Inspection(error) => Self::Inspection(error),
            DemoError::Write { path, source } => Self::Write { path, source },
            other => Self::Demo(Box::new(other)),
        }
    }
}

impl From<InspectionError> for Failure {
    fn from(error: InspectionError) -> Self {
        Self::Inspection(Box::new(error))
    }
}

/// Whether the answer is a normal one: no, and why; nothing is broken.
fn is_answer(error: &DeskError) -> bool {
    use desk::files::FilesError;
    use store::{AppendError, StoreError};
    match error {
        DeskError::Refused(_)
        | DeskError::Settle(_)
        | DeskError::Period { .. }
        | DeskError::NotARehearsal
        | DeskError::Signature
        | DeskError::Timestamp(_)
        | DeskError::UnknownKey { .. } => true,
        DeskError::Store(StoreError::Fault(_)) => false,
        DeskError::Store(_) => true,
        DeskError::Append(AppendError::NotFound { .. }) => true,
        DeskError::Files(FilesError::Io { .. }) => false,
        DeskError::Files(_) => true,
        _ => false,
    }
}

/// Tells of a failure on standard error, or as JSON on standard output.
pub(crate) fn report(failure: &Failure, context: &mut Context) -> ExitCode {
    let exit = failure.exit();
    // Where even this cannot be written, the exit code has to do.
    let _told = tell(failure, exit, context);
    ExitCode::from(exit)
}

fn tell(failure: &Failure, exit: u8, context: &mut Context) -> Result<(), Failure> {
    if matches!(failure, Failure::Problems | Failure::Closed) {
        return context.out.finish();
    }
    let said = said(failure, &context.words);
    if context.out.is_json() {
        let error = json_error(failure, &said);
        context.out.json(&json!({ "error": error }))?;
        return context.out.finish();
    }
    let mut text = context.out.paint_error(Paint::Red, mark(exit, context.words.lang));
    text.push_str(&said.what);
    let mut lines = vec![text];
    // A refusal is said in full; a fault has a cause in the system's own words.
    if let Some(cause) = cause(failure).filter(|_| exit == FAULT) {
        lines.push(context.out.paint_error(Paint::Dim, &format!("  {cause}")));
    }
    lines.extend(said.next.iter().map(|next| format!("  → {next}")));
    context.out.complain(&lines.join("\n"))
}

/// What stands before a message.
const fn mark(exit: u8, lang: Lang) -> &'static str {
    match (exit, lang) {
        (REFUSED, Lang::Zh) => "未执行：",
        (REFUSED, Lang::En) => "not done: ",
        (USAGE, Lang::Zh) => "用法有误：",
        (USAGE, Lang::En) => "not understood: ",
        (_, Lang::Zh) => "故障：",
        (_, Lang::En) => "fault: ",
    }
}

/// The error as JSON: `code`, `clause`, `fields`, `message`, `next`.
fn json_error(failure: &Failure, said: &Said) -> Value {
    let mut fields = json!({});
    let mut code = crate::said::code(failure).to_owned();
    let mut clause = Value::Null;
    if let Some(DeskError::Refused(refusal)) = failure.desk() {
        clause = refusal.clause().map_or(Value::Null, |clause| clause.to_string().into());
        if let Ok(Value::Object(mut map)) = serde_json::to_value(refusal) {
            if let Some(Value::String(text)) = map.remove("code") {
                code = text;
            }
            fields = Value::Object(map);
        }
    }
    json!({
        "code": code,
        "clause": clause,
        "fields": fields,
        "message": said.what,
        "next": said.next,
    })
}

/// What lies below a fault, as the system says it.
fn cause(failure: &Failure) -> Option<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut source = std::error::Error::source(failure);
    while let Some(error) = source {
        let text = error.to_string();
        if !texts.contains(&text) {
            texts.push(text);
        }
        source = error.source();
    }
    (!texts.is_empty()).then(|| texts.join(": "))
}
