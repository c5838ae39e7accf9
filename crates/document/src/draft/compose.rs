//! Putting a draft together: which articles and clauses stand, their numbers, their words.

use std::collections::BTreeMap;

use contract::form::Node;
use contract::terms::{Agreement, Side};
use units::Lang;

use super::DraftProblem;
use super::fill::{Filler, Scope};
use super::format::Format;
use super::model::{
    Block, Clause, Draft, Edition, Level, Line, Run, Said, Signature, Table, TermMark,
};
use super::source::{
    Article, Template, TemplateClause, TemplateItem, TemplateLine, TemplateTable, Text,
};

/// A template being filled.
struct Composer<'a> {
    filler: Filler<'a>,
    template: &'a Template,
    langs: Vec<Lang>,
    problems: Vec<DraftProblem>,
}

pub(super) fn compose(
    agreement: &Agreement,
    root: &Node,
    template: &Template,
    edition: Edition,
) -> Result<Draft, Vec<DraftProblem>> {
    let filler = Filler {
        root,
        currency: agreement.currency,
        phrases: &template.phrases,
        numbers: BTreeMap::new(),
    };
    let langs = edition.langs(agreement.prevailing_language);
    let mut composer = Composer { filler, template, langs, problems: Vec::new() };
    composer.number();
    let draft = composer.draft(agreement);
    // A clause that has two languages has its problem twice.
    let mut problems = composer.problems;
    problems.dedup();
    if problems.is_empty() { Ok(draft) } else { Err(problems) }
}

impl Composer<'_> {
    /// The articles that stand here, with their clauses.
    fn standing(&self) -> Vec<(&Article, Vec<&TemplateClause>)> {
        let none = Scope::default();
        let articles = self.template.articles.iter();
        let articles = articles.filter(|article| self.filler.holds(article.when.as_ref(), &none));
        articles
            .map(|article| {
                let clauses = article.clauses.iter();
                let stands =
                    |clause: &&TemplateClause| self.filler.holds(clause.when.as_ref(), &none);
                (article, clauses.filter(stands).collect::<Vec<_>>())
            })
            .filter(|(_, clauses)| !clauses.is_empty())
            .collect()
    }

    /// Numbers come first: a clause may refer to a later one.
    fn number(&mut self) {
        let mut numbers = BTreeMap::new();
        for (at, (article, clauses)) in self.standing().into_iter().enumerate() {
            numbers.insert(article.name.clone(), (at + 1).to_string());
            for (below, clause) in clauses.into_iter().enumerate() {
                numbers.insert(clause.id.clone(), format!("{}.{}", at + 1, below + 1));
            }
        }
        self.filler.numbers = numbers;
    }

    fn say(&mut self, text: &Text, scope: &Scope) -> Vec<Said> {
        let problems = &mut self.problems;
        self.langs.iter().map(|lang| self.filler.said(text, *lang, scope, problems)).collect()
    }

    fn draft(&mut self, agreement: &Agreement) -> Draft {
        let template = self.template;
        let mut blocks = self.lines(&template.opening, "opening");
        let standing: Vec<_> = template
            .articles
            .iter()
            .filter(|article| self.filler.numbers.contains_key(&article.name))
            .collect();
        for (at, article) in standing.into_iter().enumerate() {
            self.article(count(at), article, &mut blocks);
        }
        blocks.extend(self.lines(&template.closing, "closing"));
        blocks.push(Block::Signatures(self.signatures()));
        let title = self.langs.iter().map(|lang| {
            let text = match lang {
                Lang::Zh => &agreement.title.zh,
                Lang::En => &agreement.title.en,
            };
            let path = format!("title.{}", lang.code());
            let term = Some(TermMark { path, format: Format::Text });
            let runs = vec![Run { text: text.trim().to_owned(), term }];
            Said { lang: *lang, runs }
        });
        Draft {
            kind: agreement.service.kind(),
            agreement: agreement.id.to_string(),
            day: agreement.term.starts,
            title: title.collect(),
            header: self.say(&template.header, &Scope::of("header")),
            footer: self.say(&template.footer, &Scope::of("footer")),
            blocks,
            langs: self.langs.clone(),
        }
    }

    fn lines(&mut self, lines: &[TemplateLine], place: &str) -> Vec<Block> {
        let scope = Scope::of(place);
        let mut blocks = Vec::new();
        for line in lines {
            if self.filler.holds(line.when.as_ref(), &scope) {
                let said = self.say(&line.text, &scope);
                blocks.push(Block::Line(Line {
                    role: line.role,
                    serves: line.serves.clone(),
                    said,
                }));
            }
        }
        blocks
    }

    fn article(&mut self, at: u32, article: &Article, blocks: &mut Vec<Block>) {
        blocks.push(Block::Clause(Clause {
            id: article.name.clone(),
            serves: Vec::new(),
            level: Level::Article,
            number: vec![at],
            said: self.say(&article.title, &Scope::of(&article.name)),
        }));
        let mut below = 0;
        for clause in &article.clauses {
            if !self.filler.numbers.contains_key(&clause.id) {
                continue;
            }
            below += 1;
            let scope = Scope::of(&clause.id);
            blocks.push(Block::Clause(Clause {
                id: clause.id.clone(),
                serves: clause.serves.clone(),
                level: Level::Clause,
                number: vec![at, below],
                said: self.say(&clause.text, &scope),
            }));
            self.items(clause, [at, below], blocks);
            if let Some(table) = &clause.table {
                let table = self.table(table, &scope);
                blocks.push(Block::Table(table));
            }
        }
    }

    fn items(&mut self, clause: &TemplateClause, above: [u32; 2], blocks: &mut Vec<Block>) {
        let mut number = 0;
        for item in &clause.items {
            for scope in self.item_scopes(clause, item) {
                if !self.filler.holds(item.when.as_ref(), &scope) {
                    continue;
                }
                number += 1;
                blocks.push(Block::Clause(Clause {
                    id: item.id.clone().unwrap_or_else(|| clause.id.clone()),
                    serves: item.serves.clone(),
                    level: Level::Item,
                    number: vec![above[0], above[1], number],
                    said: self.say(&item.text, &scope),
                }));
            }
        }
    }

    fn item_scopes(&self, clause: &TemplateClause, item: &TemplateItem) -> Vec<Scope> {
        let scope = Scope::of(item.id.as_ref().unwrap_or(&clause.id));
        match &item.each {
            Some(path) => self.filler.entries(path, &scope),
            None => vec![scope],
        }
    }

    fn table(&mut self, table: &TemplateTable, scope: &Scope) -> Table {
        let heads = table.columns.iter().map(|(head, _)| self.say(head, scope)).collect();
        let mut rows = Vec::new();
        for entry in self.filler.entries(&table.each, scope) {
            rows.push(table.columns.iter().map(|(_, cell)| self.say(cell, &entry)).collect());
        }
        Table { clause: scope.clause.clone(), heads, rows }
    }

    /// The customer signs on the left, the vendor on the right.
    fn signatures(&mut self) -> Vec<Signature> {
        let template = self.template;
        let mut all = Vec::new();
        for side in [Side::Customer, Side::Vendor] {
            let scope = Scope::of("signature").within(side.code().to_owned());
            let lines = template.signature.get(side.code()).map_or(&[][..], Vec::as_slice);
            let mut said = Vec::new();
            for line in lines {
                if self.filler.holds(line.when.as_ref(), &scope) {
                    said.push(self.say(&line.text, &scope));
                }
            }
            all.push(Signature { lines: said });
        }
        all
    }
}

fn count(at: usize) -> u32 {
    u32::try_from(at + 1).expect("a template has few articles")
}
