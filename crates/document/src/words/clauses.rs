//! Clauses by their id and title, from the catalogue in `templates/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use units::ClauseId;

use super::{Both, Words};

#[derive(serde::Deserialize)]
struct Catalogue {
    article: Vec<Row>,
    clause: Vec<Row>,
}

#[derive(serde::Deserialize)]
struct Row {
    id: String,
    title: Title,
    serves: Option<String>,
}

#[derive(serde::Deserialize)]
struct Title {
    zh: String,
    en: String,
}

static TITLES: LazyLock<BTreeMap<String, Row>> = LazyLock::new(|| {
    let text = include_str!("../../../../templates/clauses.toml");
    let read: Catalogue = toml::from_str(text).expect("the catalogue is checked by a test");
    read.article.into_iter().chain(read.clause).map(|row| (row.id.clone(), row)).collect()
});

codes! {
    /// How the product answers a clause.
    CLAUSE_STATUS {
    "planned": "尚未实现", "planned";
    "prose": "须由人判断", "for people to judge";
    "rule": "由规则执行", "carried out by a rule";
} }

/// Every clause of the catalogue with its titles.
pub(super) fn titles() -> impl Iterator<Item = (String, Both)> {
    TITLES.iter().map(|(id, row)| (id.clone(), Both { zh: &row.title.zh, en: &row.title.en }))
}

/// Every clause of the catalogue by its id, with how the product answers it: `rule`, `planned` or
/// `prose`; a heading has no answer of its own.
pub fn catalogue() -> impl Iterator<Item = (ClauseId, Option<&'static str>)> {
    TITLES.iter().filter_map(|(id, row)| Some((ClauseId::new(id).ok()?, row.serves.as_deref())))
}

impl Words {
    /// The title of a clause; `None` for one that the catalogue does not have.
    #[must_use]
    pub fn clause_title(&self, clause: &ClauseId) -> Option<&'static str> {
        let title = &TITLES.get(clause.as_str())?.title;
        Some(match self.lang {
            units::Lang::Zh => &title.zh,
            units::Lang::En => &title.en,
        })
    }

    /// `lease-3.4（逾期付款违约金）`, `lease-3.4 (late payment)`.
    #[must_use]
    pub fn clause(&self, clause: &ClauseId) -> String {
        match self.clause_title(clause) {
            Some(title) => say!(self, "{clause}（{title}）", "{clause} ({title})"),
            None => clause.to_string(),
        }
    }

    /// `依据条款 lease-3.4（逾期付款违约金）`.
    #[must_use]
    pub fn under(&self, clause: &ClauseId) -> String {
        let clause = self.clause(clause);
        say!(self, "依据条款 {clause}", "under clause {clause}")
    }
}
