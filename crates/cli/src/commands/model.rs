//! The language model that a user names: its options, the agreement that may forbid it, and what it
//! proposed, apart from what was found. Without `--model` nothing is sent anywhere. Clause: pb-02.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use desk::agreement_file::{Limits, check_agreement};
use desk::papers::terms_let_model_read;
use document::report;
use review::proposal::Question;
use review::{Playbook, Proposals};
use serde_json::{Value, json};
use server::model::{Model, ModelError, Settings};
use units::Lang;

use crate::commands::check;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::words::DeskWords as _;

/// The variable of the environment that may hold the key.
const KEY: &str = "TALLY_MODEL_KEY";

/// A language model, where one is named.
#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    /// Have a language model propose beside the findings: its OpenAI-compatible address; sends text
    #[arg(long, value_name = "URL", requires = "model_name")]
    model: Option<String>,
    /// The name of the language model
    #[arg(long, value_name = "NAME", requires = "model")]
    model_name: Option<String>,
    /// File with the key for the language model; or the environment's TALLY_MODEL_KEY
    #[arg(long, value_name = "FILE", requires = "model")]
    model_key_file: Option<PathBuf>,
    /// Let the language model be at a private address, and over http on this machine
    #[arg(long, requires = "model")]
    allow_private_model: bool,
}

/// What a model is asked with, beside which one it is.
#[derive(Debug, Args)]
pub(crate) struct AskArgs {
    #[command(flatten)]
    which: ModelArgs,
    /// Seconds that the language model may take
    #[arg(long, value_name = "N", default_value = "60", value_parser = 1..=600)]
    model_seconds: i64,
    /// Agreement file of the customer whose document it is: its clause 02 may forbid the sending
    #[arg(long, value_name = "FILE", requires = "model")]
    agreement: Option<PathBuf>,
    /// File with certificate authorities (PEM) that are trusted beside the public ones
    #[arg(long, value_name = "FILE", requires = "model")]
    ca_file: Option<PathBuf>,
}

/// A model that may be asked.
pub(crate) struct Asking {
    model: Model,
    within: Duration,
}

/// What a model said.
pub(crate) struct Said {
    name: String,
    host: String,
    found: Result<Proposals, ModelError>,
}

impl ModelArgs {
    /// The model that is named. The key is in a file or in the environment, so that it stands in
    /// no list of processes.
    pub(crate) fn model(&self, ca_file: Option<&Path>) -> Result<Option<Model>, Failure> {
        let (Some(address), Some(name)) = (&self.model, &self.model_name) else { return Ok(None) };
        let key = match &self.model_key_file {
            Some(path) => Some(String::from_utf8_lossy(&Context::read(path)?).trim().to_owned()),
            None => std::env::var(KEY).ok().filter(|key| !key.is_empty()),
        };
        let authorities = match ca_file {
            Some(path) => server::egress::authorities(&Context::read(path)?)
                .map_err(|source| Failure::setting("--ca-file", source))?,
            None => Vec::new(),
        };
        let (address, name) = (address.clone(), name.clone());
        let private = self.allow_private_model;
        let model = Model::new(Settings { address, name, key, private, authorities });
        Ok(Some(model.map_err(|source| Failure::setting("--model", source))?))
    }
}

impl AskArgs {
    /// The model that may be asked, once the agreement that is named permits it.
    pub(crate) fn asking(&self, context: &mut Context) -> Result<Option<Asking>, Failure> {
        let Some(model) = self.which.model(self.ca_file.as_deref())? else { return Ok(None) };
        if let Some(path) = &self.agreement {
            let bytes = Context::read(path)?;
            let checked = check_agreement(&bytes, &Limits::default());
            match &checked.agreement {
                Some((terms, _)) if checked.can_be_signed() => {
                    terms_let_model_read(terms, context.clock())?;
                }
                _ => {
                    check::show(path, &bytes, &checked, context)?;
                    return Err(Failure::Problems);
                }
            }
        }
        let seconds = self.model_seconds.unsigned_abs();
        Ok(Some(Asking { model, within: Duration::from_secs(seconds) }))
    }
}

impl Asking {
    /// Asks about one document.
    pub(crate) async fn ask(
        &self,
        reading: &reading::Reading,
        review: &review::Review,
        playbook: &Playbook,
        context: &Context,
    ) -> Said {
        let (wording, model) = (&reading.wording, self.model.name());
        let question = Question { wording, playbook, review, model };
        let found = self.model.propose(&question, context.words.lang, self.within).await;
        Said { name: model.to_owned(), host: self.model.host(), found }
    }
}

impl Said {
    /// What may be shown.
    pub(crate) fn proposals(&self) -> Option<&Proposals> {
        self.found.as_ref().ok()
    }

    /// The model, and why it proposed nothing.
    pub(crate) fn json(&self, context: &Context) -> Value {
        let problem = self.found.as_ref().err().map(
            |error| json!({ "code": error.code(), "message": context.words.model_error(error) }),
        );
        json!({ "name": self.name, "host": self.host, "problem": problem })
    }

    /// Shows what was proposed, apart from the findings; a model that failed is told of beside.
    pub(crate) fn show(&self, playbook: &Playbook, context: &mut Context) -> Result<(), Failure> {
        let found = match &self.found {
            Ok(found) => found,
            Err(error) => {
                let what = context.words.model_error(error);
                let said = context.say("审查照常完成；", "the review is complete; ").to_owned();
                return context.out.note(&format!("{said}{what}"));
            }
        };
        let lang = context.words.lang;
        let heading = match lang {
            Lang::Zh => format!("语言模型 {} 的提示（未经判定，不影响审查意见）", self.name),
            Lang::En => format!("proposed by the language model {}, not decided", self.name),
        };
        context.out.heading(&heading)?;
        for one in &found.proposals {
            let title = report::clause_title(&one.clause, playbook, lang).unwrap_or_default();
            context.out.line(format!("? {} {title}", one.clause))?;
            let anchor = one.anchor.as_deref().unwrap_or("–");
            let place = format!("   [{anchor}, {}–{}] ", one.start, one.end);
            let place = context.out.paint(Paint::Dim, &place);
            let quote: String = one.quote.chars().take(300).collect();
            let rest = if one.quote.chars().count() > 300 { "…" } else { "" };
            context.out.line(format!("{place}{quote}{rest}"))?;
            context.out.line(format!("   {}", one.reason))?;
            if one.look_here {
                let look = context.say(
                    "   规则未找到相应内容，请看此处",
                    "   the rules found nothing on this: look here",
                );
                context.out.line(look)?;
            }
        }
        if found.proposals.is_empty() {
            let none = context.say("没有可用的提示", "nothing that can be used");
            context.out.line(none)?;
        }
        if !found.dropped.is_empty() {
            let dropped = report::dropped(found, &context.words);
            context.out.line(dropped)?;
        }
        Ok(())
    }
}
