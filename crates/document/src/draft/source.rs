//! Templates: the wording of the four kinds of agreement, zh and en side by side, read strictly
//! from `templates/`. Articles that every kind has stand once, in `common.toml`, and are taken in
//! by name. Knows no value of any agreement.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use units::Lang;

use super::model::LineRole;
use super::pattern::{self, Condition, Path, Pattern, PatternError, Start};

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The file is not of the format.
    #[error("{file}: {message}")]
    File {
        /// The file.
        file: String,
        /// What the reader of TOML says.
        message: String,
    },
    /// A text of it cannot be read.
    #[error("{file}, {place}")]
    Text {
        /// The file.
        file: String,
        /// The clause or article.
        place: String,
        /// Why.
        #[source]
        error: PatternError,
    },
    /// A condition or a list that is none.
    #[error("{file}, {place}: {found:?} is no condition or path")]
    Condition {
        /// The file.
        file: String,
        /// The clause.
        place: String,
        /// What stands there.
        found: String,
    },
    /// An article that is taken in and does not exist.
    #[error("{file}: there is no common article {name:?}")]
    Article {
        /// The file.
        file: String,
        /// The name.
        name: String,
    },
    /// Two clauses of one id.
    #[error("{file}: {id} stands twice")]
    Twice {
        /// The file.
        file: String,
        /// The id.
        id: String,
    },
}

/// A text in both languages, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    zh: Pattern,
    en: Pattern,
}

impl Text {
    pub(super) fn of(&self, lang: Lang) -> &Pattern {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// The template of a kind.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) opening: Vec<TemplateLine>,
    pub(super) articles: Vec<Article>,
    pub(super) closing: Vec<TemplateLine>,
    pub(super) signature: BTreeMap<String, Vec<TemplateLine>>,
    pub(super) header: Text,
    pub(super) footer: Text,
    pub(super) phrases: BTreeMap<String, Text>,
    /// Terms that have no words, with the reason in both languages.
    #[cfg(test)]
    pub(super) silent: Vec<Silent>,
}

#[derive(Debug)]
pub(super) struct TemplateLine {
    pub(super) role: LineRole,
    pub(super) serves: Vec<String>,
    pub(super) when: Option<Condition>,
    pub(super) text: Text,
}

#[derive(Debug)]
pub(super) struct Article {
    pub(super) name: String,
    pub(super) when: Option<Condition>,
    pub(super) title: Text,
    pub(super) clauses: Vec<TemplateClause>,
}

#[derive(Debug)]
pub(super) struct TemplateClause {
    pub(super) id: String,
    pub(super) serves: Vec<String>,
    pub(super) when: Option<Condition>,
    pub(super) text: Text,
    pub(super) items: Vec<TemplateItem>,
    pub(super) table: Option<TemplateTable>,
}

#[derive(Debug)]
pub(super) struct TemplateItem {
    pub(super) id: Option<String>,
    pub(super) serves: Vec<String>,
    pub(super) when: Option<Condition>,
    pub(super) each: Option<Path>,
    pub(super) text: Text,
}

#[derive(Debug)]
pub(super) struct TemplateTable {
    pub(super) each: Path,
    pub(super) columns: Vec<(Text, Text)>,
}

/// A term that has no words of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "tests hold the template to it"))]
pub(super) struct Silent {
    pub(super) path: String,
    pub(super) reason: Pair,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    pub(super) zh: String,
    pub(super) en: String,
}

#[derive(Deserialize)]
enum FormatV1 {
    #[serde(rename = "tallystick.template/1")]
    V1,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommonFile {
    #[serde(rename = "format")]
    _format: FormatV1,
    header: Pair,
    footer: Pair,
    opening: Vec<LineFile>,
    closing: Vec<LineFile>,
    signature: BTreeMap<String, Vec<LineFile>>,
    phrase: Vec<PhraseFile>,
    article: Vec<ArticleFile>,
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold the template to it"))]
    silent: Vec<Silent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindFile {
    #[serde(rename = "format")]
    _format: FormatV1,
    #[serde(default)]
    phrase: Vec<PhraseFile>,
    article: Vec<ArticleFile>,
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold the template to it"))]
    silent: Vec<Silent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineFile {
    role: LineRole,
    #[serde(default)]
    serves: Vec<String>,
    when: Option<String>,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhraseFile {
    name: String,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleFile {
    name: Option<String>,
    include: Option<String>,
    when: Option<String>,
    title: Option<Pair>,
    #[serde(default)]
    clause: Vec<ClauseFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClauseFile {
    id: String,
    #[serde(default)]
    serves: Vec<String>,
    when: Option<String>,
    zh: String,
    en: String,
    #[serde(default)]
    item: Vec<ItemFile>,
    table: Option<TableFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    id: Option<String>,
    #[serde(default)]
    serves: Vec<String>,
    when: Option<String>,
    each: Option<String>,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    each: String,
    column: Vec<ColumnFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnFile {
    title: Pair,
    zh: String,
    en: Option<String>,
}

/// The kinds of service.
pub(super) const KINDS: [&str; 4] = ["annotation", "classification", "lease", "training"];

/// The kinds, each with its file.
const FILES: [(&str, &str); 4] = [
    ("annotation", include_str!("../../../../templates/annotation.toml")),
    ("classification", include_str!("../../../../templates/classification.toml")),
    ("lease", include_str!("../../../../templates/lease.toml")),
    ("training", include_str!("../../../../templates/training.toml")),
];

const COMMON: &str = include_str!("../../../../templates/common.toml");

static TEMPLATES: LazyLock<Result<BTreeMap<&str, Template>, TemplateError>> = LazyLock::new(|| {
    let read = |(kind, text): (&'static str, &str)| Ok((kind, load(kind, text, COMMON)?));
    FILES.into_iter().map(read).collect()
});

/// The template of a kind of service.
pub(super) fn template(kind: &str) -> Result<&'static Template, TemplateError> {
    let all = TEMPLATES.as_ref().map_err(Clone::clone)?;
    let none = || TemplateError::Article { file: kind.to_owned(), name: kind.to_owned() };
    all.get(kind).ok_or_else(none)
}

/// What reads the texts of one file.
struct Loader {
    file: String,
}

fn load(kind: &str, text: &str, common: &str) -> Result<Template, TemplateError> {
    let own = Loader { file: format!("{kind}.toml") };
    let shared = Loader { file: "common.toml".to_owned() };
    let kind_file: KindFile = own.parse(text)?;
    let mut common: CommonFile = shared.parse(common)?;
    let mut articles = Vec::new();
    for article in kind_file.article {
        let Some(name) = &article.include else {
            articles.push(own.article(article)?);
            continue;
        };
        let at = common.article.iter().position(|known| known.name.as_ref() == Some(name));
        let Some(at) = at else {
            return Err(TemplateError::Article { file: own.file, name: name.clone() });
        };
        let mut taken = shared.article(common.article.remove(at))?;
        let own_clauses = article.clause.into_iter().map(|clause| own.clause(clause));
        let own_clauses = own_clauses.collect::<Result<Vec<_>, _>>()?;
        taken.clauses.splice(0..0, own_clauses);
        articles.push(taken);
    }
    let mut phrases = BTreeMap::new();
    for (loader, all) in [(&shared, common.phrase), (&own, kind_file.phrase)] {
        for phrase in all {
            let text = loader.text(&phrase.name, &phrase.zh, &phrase.en)?;
            phrases.insert(phrase.name, text);
        }
    }
    let mut signature = BTreeMap::new();
    for (side, all) in common.signature {
        signature.insert(side, shared.lines(all)?);
    }
    let template = Template {
        opening: shared.lines(common.opening)?,
        closing: shared.lines(common.closing)?,
        header: shared.text("header", &common.header.zh, &common.header.en)?,
        footer: shared.text("footer", &common.footer.zh, &common.footer.en)?,
        articles,
        signature,
        phrases,
        #[cfg(test)]
        silent: common.silent.into_iter().chain(kind_file.silent).collect(),
    };
    own.once(&template)?;
    Ok(template)
}

impl Loader {
    fn parse<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, TemplateError> {
        toml::from_str(text).map_err(|error| TemplateError::File {
            file: self.file.clone(),
            message: error.to_string(),
        })
    }

    fn text(&self, place: &str, zh: &str, en: &str) -> Result<Text, TemplateError> {
        let read = |text: &str| {
            pattern::read(text).map_err(|error| TemplateError::Text {
                file: self.file.clone(),
                place: place.to_owned(),
                error,
            })
        };
        Ok(Text { zh: read(zh)?, en: read(en)? })
    }

    fn when(&self, place: &str, when: Option<&str>) -> Result<Option<Condition>, TemplateError> {
        let Some(text) = when else { return Ok(None) };
        let none = || self.no_condition(place, text);
        Condition::read(text).map(Some).ok_or_else(none)
    }

    fn no_condition(&self, place: &str, found: &str) -> TemplateError {
        let (file, place) = (self.file.clone(), place.to_owned());
        TemplateError::Condition { file, place, found: found.to_owned() }
    }

    fn each(&self, place: &str, path: &str) -> Result<Path, TemplateError> {
        let found = Path::read(path).filter(|path| path.from == Start::Root);
        found.ok_or_else(|| self.no_condition(place, path))
    }

    fn lines(&self, all: Vec<LineFile>) -> Result<Vec<TemplateLine>, TemplateError> {
        let line = |line: LineFile| {
            let when = self.when(&line.zh, line.when.as_deref())?;
            let text = self.text(&line.zh, &line.zh, &line.en)?;
            Ok(TemplateLine { role: line.role, serves: line.serves, when, text })
        };
        all.into_iter().map(line).collect()
    }

    fn article(&self, file: ArticleFile) -> Result<Article, TemplateError> {
        let name = file.name.unwrap_or_default();
        let title = file.title.ok_or_else(|| self.no_condition(&name, "title"))?;
        let clauses = file.clause.into_iter().map(|clause| self.clause(clause));
        Ok(Article {
            when: self.when(&name, file.when.as_deref())?,
            title: self.text(&name, &title.zh, &title.en)?,
            clauses: clauses.collect::<Result<_, _>>()?,
            name,
        })
    }

    fn clause(&self, file: ClauseFile) -> Result<TemplateClause, TemplateError> {
        let place = &file.id;
        let items = file.item.into_iter().map(|item| {
            Ok(TemplateItem {
                when: self.when(place, item.when.as_deref())?,
                each: item.each.as_deref().map(|path| self.each(place, path)).transpose()?,
                text: self.text(place, &item.zh, &item.en)?,
                id: item.id,
                serves: item.serves,
            })
        });
        let table = file.table.map(|table| {
            let columns = table.column.iter().map(|column| {
                let title = self.text(place, &column.title.zh, &column.title.en)?;
                let en = column.en.as_ref().unwrap_or(&column.zh);
                Ok((title, self.text(place, &column.zh, en)?))
            });
            let columns = columns.collect::<Result<_, TemplateError>>()?;
            Ok(TemplateTable { each: self.each(place, &table.each)?, columns })
        });
        Ok(TemplateClause {
            when: self.when(place, file.when.as_deref())?,
            text: self.text(place, &file.zh, &file.en)?,
            items: items.collect::<Result<_, TemplateError>>()?,
            table: table.transpose()?,
            serves: file.serves,
            id: file.id,
        })
    }

    /// Each id stands once.
    fn once(&self, template: &Template) -> Result<(), TemplateError> {
        let mut seen = std::collections::BTreeSet::new();
        for article in &template.articles {
            let clauses = article.clauses.iter();
            let ids = clauses.flat_map(|clause| {
                let items = clause.items.iter().filter_map(|item| item.id.as_ref());
                std::iter::once(&clause.id).chain(items)
            });
            for id in std::iter::once(&article.name).chain(ids) {
                if !seen.insert(id) {
                    return Err(TemplateError::Twice { file: self.file.clone(), id: id.clone() });
                }
            }
        }
        Ok(())
    }
}
