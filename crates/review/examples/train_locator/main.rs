//! Trains the locator on CUAD, the shared vendor terms and the example sentences, or measures it.
//! `cargo xtask train-locator` runs it; docs/locator.md explains it and keeps its figures.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks on the terminal and has no library users"
)]

mod corpus;
mod cuad;
mod evaluate;
mod terms;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use corpus::{Document, Failure};
use evaluate::{Figures, Sample};
use review::locator::learn::{Row, Settings, train};
use review::locator::{Model, Topic};

const FOLDS: u64 = 5;
const HELP: &str = "\
train-locator [--data DIR] [--out FILE]   train on DIR/cuad, DIR/vendor-terms and DIR/seeds
train-locator --evaluate [--data DIR]     cross-validate by document, and print what is missed
train-locator --measure DIR [--weights F] the weights as they are on another folder like cuad
              [--missed]
";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("train-locator: {error}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Options {
    evaluate: bool,
    missed: bool,
    data: Option<PathBuf>,
    out: Option<PathBuf>,
    measure: Option<PathBuf>,
    weights: Option<PathBuf>,
}

fn run(words: Vec<String>) -> Result<(), Failure> {
    let mut options = Options::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().map(PathBuf::from).ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--evaluate" => options.evaluate = true,
            "--missed" => options.missed = true,
            "--data" => options.data = Some(value()?),
            "--out" => options.out = Some(value()?),
            "--measure" => options.measure = Some(value()?),
            "--weights" => options.weights = Some(value()?),
            _ => return Err(format!("unknown argument {word:?}\n\n{HELP}").into()),
        }
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let weights = here.join("locator/weights.bin");
    if let Some(folder) = &options.measure {
        return measure(folder, options.weights.as_ref().unwrap_or(&weights), options.missed);
    }
    let shared = || here.join("../../../shared/data");
    let data = options.data.clone().unwrap_or_else(shared);
    let corpora = Corpora::read(&data)?;
    let settings = Settings::default();
    if options.evaluate {
        corpora.evaluate(&settings, options.missed);
        return Ok(());
    }
    let model = train(&corpora.rows(|_| true), &Topic::ALL, &settings);
    let bytes = model.encode();
    let out = options.out.unwrap_or(weights);
    std::fs::write(&out, &bytes)?;
    let (features, count) = model.size();
    println!("{}: {} bytes, {features} features, {count} weights", out.display(), bytes.len());
    Ok(())
}

/// A document and its rows.
type Read = (Document, Vec<Row>);

struct Corpora {
    cuad: Vec<Read>,
    terms: Vec<Read>,
    /// Example sentences: always trained on, never measured.
    phrases: Vec<Read>,
}

impl Corpora {
    fn read(data: &Path) -> Result<Self, Failure> {
        let (cuad, matched) = cuad::read(&data.join("cuad"))?;
        cuad::report(&matched);
        let terms = terms::read(data)?;
        let phrases = terms::phrases()?;
        let mut next = 0;
        let mut rows = |documents: Vec<Document>| -> Vec<Read> {
            let numbered = documents.into_iter().map(|document| {
                next += 1;
                let rows = document.rows(next);
                (document, rows)
            });
            numbered.collect()
        };
        let corpora = Self { cuad: rows(cuad), terms: rows(terms), phrases: rows(phrases) };
        for (name, part) in
            [("cuad", &corpora.cuad), ("terms", &corpora.terms), ("phrases", &corpora.phrases)]
        {
            let passages: usize = part.iter().map(|(_, rows)| rows.len()).sum();
            println!("{name}: {} documents, {passages} passages", part.len());
        }
        Ok(corpora)
    }

    /// The rows of the documents that are wanted, and those of the example sentences.
    fn rows(&self, wanted: impl Fn(&Document) -> bool) -> Vec<Row> {
        let documents = self.cuad.iter().chain(&self.terms).filter(|(found, _)| wanted(found));
        documents.chain(&self.phrases).flat_map(|(_, rows)| rows.iter().cloned()).collect()
    }

    fn evaluate(&self, settings: &Settings, missed: bool) {
        let mut english = Table::new(&cuad::topics());
        let mut latin = Table::new(&terms::topics());
        let mut chinese = Table::new(&terms::topics());
        for fold in 0..FOLDS {
            let seen = self.rows(|document| document.fold(FOLDS) != fold);
            let model = train(&seen, &Topic::ALL, settings);
            for (document, rows) in self.cuad.iter().chain(&self.terms) {
                if document.fold(FOLDS) != fold {
                    continue;
                }
                let sample = Sample { document, rows };
                english.add(&model, &sample);
                let terms = if terms::is_chinese(document) { &mut chinese } else { &mut latin };
                terms.add(&model, &sample);
            }
        }
        english.print("CUAD, out of fold (experts' labels)", missed);
        latin.print("vendor terms in English, out of fold (weak labels)", false);
        chinese.print("vendor terms and seeds in Chinese, out of fold (weak labels)", false);
    }
}

fn measure(folder: &Path, weights: &Path, missed: bool) -> Result<(), Failure> {
    let model = Model::decode(&std::fs::read(weights)?)?;
    let (documents, matched) = cuad::read(folder)?;
    cuad::report(&matched);
    let mut table = Table::new(&cuad::topics());
    for (document, number) in documents.iter().zip(0..) {
        table.add(&model, &Sample { document, rows: &document.rows(number) });
    }
    table.print(&format!("{}, the weights as they are", folder.display()), missed);
    Ok(())
}

struct Table(Vec<(Topic, Figures)>);

impl Table {
    fn new(topics: &[Topic]) -> Self {
        Self(topics.iter().map(|topic| (*topic, Figures::default())).collect())
    }

    fn add(&mut self, model: &Model, sample: &Sample<'_>) {
        for (topic, figures) in &mut self.0 {
            figures.add(model, sample, *topic);
        }
    }

    fn print(&self, title: &str, missed: bool) {
        println!("\n{title}");
        evaluate::head();
        let mut pooled = Figures::default();
        for (topic, figures) in &self.0 {
            evaluate::row(topic.name(), figures);
            pooled.join(figures);
        }
        evaluate::row("all, pooled", &pooled);
        for (topic, figures) in self.0.iter().filter(|_| missed) {
            for name in &figures.missed {
                println!("missed {}: {name}", topic.name());
            }
        }
    }
}
