//! Templates are held to the catalogue of clauses, to the typed terms, and each language to the
//! other.

use std::collections::BTreeSet;

use units::Lang;

use super::fixtures;
use crate::draft::format::Format;
use crate::draft::paths::paths;
use crate::draft::pattern::{Path, Pattern, Piece, Start};
use crate::draft::source::{KINDS, Template, Text, template};

/// What a text does with a term.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Says(String, Format),
    Asks(String, Vec<String>),
    Chooses(String, Vec<String>),
    Repeats(String),
    Refers(String),
}

/// The uses of every text of a template, with the clause.
fn uses(template: &Template) -> Vec<(String, Lang, Vec<Use>)> {
    let mut all = Vec::new();
    let mut add = |place: &str, text: &Text, entries: &[String]| {
        for lang in Lang::ALL {
            let mut found = Vec::new();
            walk(template, text.of(lang), lang, entries, &mut found);
            // A text that stands in both languages is said in the language of the reader.
            for one in &mut found {
                if let Use::Says(path, _) = one
                    && let Some(both) = path.strip_suffix("title.en")
                {
                    *path = format!("{both}title.zh");
                }
            }
            found.sort();
            all.push((place.to_owned(), lang, found));
        }
    };
    let mut conditions = Vec::new();
    add("header", &template.header, &[]);
    add("footer", &template.footer, &[]);
    for line in template.opening.iter().chain(&template.closing) {
        add("line", &line.text, &[]);
        conditions.extend(line.when.as_ref().map(|when| ("line".to_owned(), when, vec![])));
    }
    for (side, lines) in &template.signature {
        for line in lines {
            add("signature", &line.text, std::slice::from_ref(side));
        }
    }
    for article in &template.articles {
        add(&article.name, &article.title, &[]);
        conditions.extend(article.when.as_ref().map(|when| (article.name.clone(), when, vec![])));
        for clause in &article.clauses {
            let id = &clause.id;
            add(id, &clause.text, &[]);
            conditions.extend(clause.when.as_ref().map(|when| (id.clone(), when, vec![])));
            for item in &clause.items {
                let entries = item.each.as_ref().map_or_else(Vec::new, entries_of);
                add(id, &item.text, &entries);
                conditions.extend(item.when.as_ref().map(|when| (id.clone(), when, entries)));
            }
            for (head, cell) in clause.table.iter().flat_map(|table| &table.columns) {
                let each = clause.table.as_ref().map_or_else(Vec::new, |t| entries_of(&t.each));
                add(id, head, &[]);
                add(id, cell, &each);
            }
        }
    }
    for (place, condition, entries) in conditions {
        let asks = condition
            .0
            .iter()
            .map(|test| Use::Asks(full(&test.path, &entries), test.codes.clone()));
        all.push((place, Lang::Zh, asks.collect()));
    }
    all
}

/// `a[].b` gives the entries `a[]` and `a[].b[]`.
fn entries_of(path: &Path) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for part in path.names.split("[].") {
        let base = entries.last().map_or(String::new(), |last| format!("{last}."));
        entries.push(format!("{base}{part}[]"));
    }
    entries
}

fn full(path: &Path, entries: &[String]) -> String {
    let up = match path.from {
        Start::Root => return path.names.clone(),
        Start::Entry => 1,
        Start::Around => 2,
    };
    let entry = &entries[entries.len() - up];
    if path.names.is_empty() { entry.clone() } else { format!("{entry}.{}", path.names) }
}

fn walk(
    template: &Template,
    pattern: &Pattern,
    lang: Lang,
    entries: &[String],
    found: &mut Vec<Use>,
) {
    for piece in pattern {
        match piece {
            Piece::Words(_) => {}
            Piece::Number { clause } => found.push(Use::Refers(clause.clone())),
            Piece::Term { path, format } => {
                found.push(Use::Says(full(path, entries), format.clone()));
            }
            Piece::Phrase { path, name } => {
                let phrase = template.phrases.get(name).expect("a phrase of that name");
                let mut entries = entries.to_vec();
                entries.push(full(path, &entries));
                walk(template, phrase.of(lang), lang, &entries, found);
            }
            Piece::Choice { path, cases } => {
                let mut codes: Vec<_> = cases.iter().flat_map(|(codes, _)| codes.clone()).collect();
                codes.sort();
                found.push(Use::Chooses(full(path, entries), codes));
                cases.iter().for_each(|(_, case)| walk(template, case, lang, entries, found));
            }
            Piece::When { condition, then, other } => {
                for test in &condition.0 {
                    found.push(Use::Asks(full(&test.path, entries), test.codes.clone()));
                }
                walk(template, then, lang, entries, found);
                walk(template, other, lang, entries, found);
            }
            Piece::Each { path, body, .. } => {
                let list = full(path, entries);
                found.push(Use::Repeats(list.clone()));
                let mut entries = entries.to_vec();
                entries.push(format!("{list}[]"));
                walk(template, body, lang, &entries, found);
            }
        }
    }
}

#[test]
fn every_placeholder_is_a_term_of_the_kind_and_every_alternative_one_of_its_values() {
    for kind in KINDS {
        let terms = paths(kind).expect("a kind");
        for (place, _, found) in uses(template(kind).expect("a template")) {
            for one in found {
                let (path, codes) = match &one {
                    Use::Says(path, _) | Use::Repeats(path) => (path, &[][..]),
                    Use::Asks(path, codes) | Use::Chooses(path, codes) => (path, &codes[..]),
                    Use::Refers(_) => continue,
                };
                let Some(known) = terms.get(path) else {
                    panic!("{kind}, {place}: there is no term {path}");
                };
                let list = terms.get(&format!("{path}[]")).map(|shape| &shape.codes);
                let known: BTreeSet<_> =
                    known.codes.iter().chain(list.into_iter().flatten()).collect();
                for code in codes {
                    let plain = known.is_empty() && code.bytes().all(|b| b.is_ascii_digit());
                    // The opening says it for all kinds.
                    let other_kind = path == "service.type";
                    let ok = plain || other_kind || known.contains(code);
                    assert!(ok, "{kind}, {place}: {path} is never {code}");
                }
                if let Use::Chooses(path, codes) = &one {
                    let missing: Vec<_> =
                        known.iter().filter(|code| !codes.contains(code)).collect();
                    assert!(missing.is_empty(), "{kind}, {place}: {path} may be {missing:?}");
                }
            }
        }
    }
}

#[test]
fn both_languages_say_the_same_terms_and_choose_by_the_same_values() {
    for kind in KINDS {
        let all = uses(template(kind).expect("a template"));
        let mut last: Option<&(String, Lang, Vec<Use>)> = None;
        for one in &all {
            if one.1 == Lang::En {
                let zh = last.expect("Chinese comes first");
                assert_eq!(zh.2, one.2, "{kind}, {}", one.0);
            }
            last = Some(one);
        }
    }
}

#[test]
fn every_term_has_its_words_or_a_reason_why_it_has_none() {
    for kind in KINDS {
        let (terms, template) = (paths(kind).expect("a kind"), template(kind).expect("a template"));
        let mut said = BTreeSet::new();
        for (_, _, found) in uses(template) {
            for one in found {
                match one {
                    Use::Says(path, _) | Use::Asks(path, _) | Use::Chooses(path, _) => {
                        said.insert(path);
                    }
                    Use::Repeats(_) | Use::Refers(_) => {}
                }
            }
        }
        let covers = |path: &str, by: &String| {
            path == by || path.strip_prefix(by.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        // Both languages of a text are said, each in its own.
        said.extend(["title.en", "documents[].title.en"].map(str::to_owned));
        let amount = |path: &str| {
            // An amount says its figure and its words; a list of plain values its values.
            let base = path.strip_suffix(".words").or_else(|| path.strip_suffix(".figure"));
            base.or_else(|| path.strip_suffix("[]")).is_some_and(|base| said.contains(base))
        };
        let mut without = Vec::new();
        for (path, shape) in terms {
            let silent = template.silent.iter().any(|silent| covers(path, &silent.path));
            if shape.leaf && !silent && !said.contains(path) && !amount(path) {
                without.push(path.clone());
            }
        }
        assert!(without.is_empty(), "{kind} leaves these terms without words: {without:#?}");
        for silent in &template.silent {
            assert!(!silent.reason.zh.is_empty() && !silent.reason.en.is_empty());
            assert!(terms.contains_key(&silent.path), "{kind}: {} is no term", silent.path);
            assert!(!said.contains(&silent.path), "{kind}: {} has words", silent.path);
        }
    }
}

#[derive(serde::Deserialize)]
struct Catalogue {
    article: Vec<Row>,
    clause: Vec<Row>,
}

#[derive(serde::Deserialize)]
struct Row {
    id: String,
    document: Option<String>,
}

#[test]
fn every_clause_of_the_source_contract_and_of_the_playbook_is_served() {
    let text = include_str!("../../../../../templates/clauses.toml");
    let catalogue: Catalogue = toml::from_str(text).expect("the catalogue is TOML");
    let known: BTreeSet<&str> =
        catalogue.article.iter().chain(&catalogue.clause).map(|row| row.id.as_str()).collect();
    for kind in KINDS {
        let template = template(kind).expect("a template");
        let mut served = BTreeSet::new();
        for line in &template.opening {
            served.extend(line.serves.iter().map(String::as_str));
        }
        for clause in template.articles.iter().flat_map(|article| &article.clauses) {
            served.insert(clause.id.as_str());
            served.extend(clause.serves.iter().map(String::as_str));
            for item in &clause.items {
                served.extend(item.id.as_deref());
                served.extend(item.serves.iter().map(String::as_str));
            }
        }
        for id in &served {
            assert!(id.starts_with("common-") || known.contains(id), "{kind}: {id} is no clause");
        }
        let start = match kind {
            "training" => "train-",
            "annotation" => "anno-",
            "classification" => "class-",
            _ => "lease-",
        };
        let playbook = (1..=8).map(|number| format!("pb-{number:02}"));
        let own = catalogue.clause.iter().filter(|row| row.id.starts_with(start));
        let must: Vec<String> = own.map(|row| row.id.clone()).chain(playbook).collect();
        let missing: Vec<_> = must.iter().filter(|id| !served.contains(id.as_str())).collect();
        assert!(missing.is_empty(), "{kind} does not serve {missing:?}");
        assert!(catalogue.article.iter().any(|row| row.document.is_some()));
    }
}

#[test]
fn every_format_reads_what_it_wrote() {
    for name in KINDS {
        let agreement = fixtures::agreement(name);
        let root = contract::form::to_node(&agreement).expect("a tree");
        for lang in Lang::ALL {
            let edition = crate::draft::Edition::of(lang);
            let drafted = crate::draft::draft(&agreement, edition).expect("a draft");
            for (lang, mark, said) in drafted.terms() {
                let value = crate::draft::fill::value_at(&root, &mark.path).expect("a value");
                let list = matches!(value, contract::form::Value::List(_));
                let read = mark.format.read(said, list, lang, agreement.currency);
                let read = read.unwrap_or_else(|| panic!("{}: {said:?}", mark.path));
                let again = mark.format.write(&read, lang, agreement.currency);
                assert_eq!(again.as_deref(), Some(said), "{}", mark.path);
                let amount = mark.format == Format::Amount;
                assert!(amount || read == *value, "{}: {read:?} for {value:?}", mark.path);
            }
        }
    }
}
