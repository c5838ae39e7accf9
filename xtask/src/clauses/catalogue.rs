//! The catalogue file: its rows and what makes a row wrong.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// Text in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Both {
    pub(crate) zh: String,
    pub(crate) en: String,
}

/// How the product answers a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Serves {
    /// A rule in code, shown by a case.
    Rule,
    /// A named capability that is still to come.
    Planned,
    /// Nothing that software could do.
    Prose,
}

/// One of the five source documents.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) title: Both,
}

/// A heading over clauses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Article {
    pub(crate) id: String,
    pub(crate) document: String,
    pub(crate) title: Both,
}

/// A paragraph or list item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clause {
    pub(crate) id: String,
    pub(crate) document: String,
    pub(crate) title: Both,
    /// Absent is a problem that is reported, so that a row cannot slip in without an answer.
    pub(crate) serves: Option<Serves>,
    pub(crate) capability: Option<String>,
    pub(crate) reason: Option<Both>,
    /// The source text breaks off inside this clause.
    #[serde(default)]
    pub(crate) cut: bool,
}

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalogue {
    pub(crate) document: Vec<Document>,
    pub(crate) article: Vec<Article>,
    pub(crate) clause: Vec<Clause>,
}

impl Catalogue {
    /// Whether an id may be cited.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.clause.iter().any(|clause| clause.id == id)
            || self.article.iter().any(|article| article.id == id)
    }
}

/// Reads the catalogue and reports every row that does not answer for itself.
pub(crate) fn read(text: &str) -> Result<(Catalogue, Vec<String>)> {
    let catalogue: Catalogue = toml::from_str(text).context("templates/clauses.toml")?;
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let documents: BTreeSet<&str> =
        catalogue.document.iter().map(|document| document.id.as_str()).collect();
    let articles = catalogue.article.iter().map(|row| (&row.id, &row.document, &row.title));
    let clauses = catalogue.clause.iter().map(|row| (&row.id, &row.document, &row.title));
    for (id, document, title) in articles.chain(clauses) {
        if !seen.insert(id.as_str()) {
            problems.push(format!("{id}: this id stands twice"));
        }
        if !documents.contains(document.as_str()) {
            problems.push(format!("{id}: no document {document:?}"));
        }
        if title.zh.trim().is_empty() || title.en.trim().is_empty() {
            problems.push(format!("{id}: the title needs zh and en"));
        }
    }
    for clause in &catalogue.clause {
        if let Some(problem) = wrong_status(clause) {
            problems.push(format!("{}: {problem}", clause.id));
        }
    }
    Ok((catalogue, problems))
}

fn wrong_status(clause: &Clause) -> Option<&'static str> {
    match (clause.serves, &clause.capability, &clause.reason) {
        (None, ..) => Some("no status, write serves = \"rule\", \"planned\" or \"prose\""),
        (Some(Serves::Planned), None, _) => Some("planned without a capability"),
        (Some(Serves::Prose), _, None) => Some("prose without a reason"),
        (Some(Serves::Prose), _, Some(reason))
            if reason.zh.trim().is_empty() || reason.en.trim().is_empty() =>
        {
            Some("prose needs its reason in zh and en")
        }
        (Some(Serves::Rule), None, None)
        | (Some(Serves::Planned), Some(_), None)
        | (Some(Serves::Prose), None, Some(_)) => None,
        (Some(_), ..) => Some("capability goes with planned alone, reason with prose alone"),
    }
}
