//! What every command has at hand: the global flags, the streams, the reader's language, and the
//! deployment once it is asked for.

use std::path::Path;

use contract::event::Recorded;
use contract::state::State;
use desk::world::{Clock as _, System};
use desk::{Book, Desk, DeskError};
use journal::{KeyType, SignerKey};
use serde_json::json;
use units::{Id, Lang, Timestamp};

use crate::args::Global;
use crate::failure::Failure;
use crate::output::Output;
use crate::words::Words;

/// What every command has at hand.
pub(crate) struct Context {
    /// The flags that hold for every command.
    pub global: Global,
    /// The two streams.
    pub out: Output,
    /// The reader's language, and the zone and currency of the agreement at hand.
    pub words: Words,
}

impl Context {
    /// A context of a language.
    pub(crate) fn new(global: Global, lang: Lang, out: Output) -> Self {
        Self { global, out, words: Words::new(lang) }
    }

    /// One of two texts: the reader's language chooses.
    pub(crate) fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.words.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Opens the deployment.
    pub(crate) async fn desk(&self) -> Result<Desk, Failure> {
        Ok(Desk::open(&self.global.data, self.global.now).await?)
    }

    /// Opens an agreement's journal; from here on words speak of it.
    pub(crate) async fn book(&mut self, desk: &Desk, id: &Id) -> Result<Book, Failure> {
        let book = desk.open_book(id).await?;
        self.speak_of(&book.state);
        Ok(book)
    }

    /// From here on instants are shown in the agreement's zone, amounts in its currency.
    pub(crate) fn speak_of(&mut self, state: &State) {
        if let Some(agreement) = state.agreement.as_ref().or(state.drafted.as_ref()) {
            self.words = self.words.about(agreement);
        }
    }

    /// Reads a whole file.
    pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
        std::fs::read(path).map_err(Failure::read(path))
    }

    /// Now, to the second: the system's clock, or what `--now` says.
    pub(crate) fn clock(&self) -> Timestamp {
        let now = self.global.now.unwrap_or_else(|| System.now());
        Timestamp::from_seconds(now.seconds())
    }

    /// Reads a file as clauses.
    pub(crate) fn reading(
        path: &Path,
        options: reading::ReadOptions,
    ) -> Result<reading::Reading, Failure> {
        let bytes = Self::read(path)?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        reading::read_with(&bytes, &name, options).map_err(Failure::reading(path))
    }

    /// Reads a Word file.
    pub(crate) fn package(path: &Path) -> Result<docx::Package, Failure> {
        docx::Package::read(&Self::read(path)?).map_err(Failure::docx(path))
    }

    /// Writes a whole file.
    pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        std::fs::write(path, bytes).map_err(Failure::write(path))
    }

    /// Reads a private key.
    pub(crate) fn key(path: &Path, of: KeyType) -> Result<SignerKey, Failure> {
        Ok(desk::files::read_key(path, of).map_err(DeskError::Files)?)
    }

    /// Tells what was recorded: one line an entry, or the entries as JSON.
    pub(crate) fn recorded(&mut self, recorded: &[Recorded]) -> Result<(), Failure> {
        if self.out.is_json() {
            let entries: Vec<_> = recorded.iter().map(entry_json).collect();
            return self.out.json(&json!({ "recorded": entries }));
        }
        for entry in recorded {
            let line = crate::commands::log::line(entry, self);
            self.out.line(line)?;
        }
        Ok(())
    }

    /// An instant of the user's: RFC 3339, a local time or a civil day in the agreement's zone.
    pub(crate) fn instant(&self, text: &str) -> Option<Timestamp> {
        if let Ok(instant) = text.parse() {
            return Some(instant);
        }
        if let Ok(date) = text.parse::<units::Date>() {
            return Some(date.start(&self.words.zone));
        }
        Timestamp::from_local(text, &self.words.zone).ok()
    }
}

/// An entry of the journal as JSON.
pub(crate) fn entry_json(entry: &Recorded) -> serde_json::Value {
    let event = serde_json::to_value(&entry.event).unwrap_or(serde_json::Value::Null);
    json!({
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "kind": event.get("kind"),
        "payload": event.get("payload"),
    })
}
