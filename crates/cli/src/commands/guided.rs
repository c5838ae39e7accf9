//! `tally new --interactive`: the starter of a kind, section by section at the terminal. Each value
//! is shown with its name and checked when it is entered; what is left alone stays, comments too.

use std::io::{BufRead, Write as _};

use contract::form::{Leaf, Place, Problem, Severity};
use desk::agreement_file::{Limits, check_agreement, parse};
use units::Lang;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;

/// Goes through an agreement file, and gives it with what was entered. The end of the input ends it
/// early; what was entered until then is kept.
pub(super) fn fill(
    mut text: String,
    input: &mut dyn BufRead,
    context: &Context,
) -> Result<String, Failure> {
    let say = |zh: &str, en: &str| context.say(zh, en).to_owned();
    show(&say(
        "逐节填写。每一项：直接回车保留方括号中的值；输入 s 跳过本节，q 结束。",
        "Section by section. For each value: Enter keeps the one in brackets; s skips the section, \
         q ends.",
    ))?;
    let paths: Vec<(String, String)> = values(&text)
        .into_iter()
        .map(|leaf| (leaf.names.first().cloned().unwrap_or_default(), leaf.path))
        .collect();
    let mut skipped: Option<String> = None;
    let mut section = String::new();
    for (of, path) in &paths {
        if skipped.as_ref() == Some(of) {
            continue;
        }
        if *of != section {
            section.clone_from(of);
            if of != path {
                show(&format!("\n== {}", context.words.term_field("", of)))?;
            }
        }
        while let Some(leaf) = values(&text).into_iter().find(|leaf| leaf.path == *path) {
            ask(&leaf, context)?;
            let mut line = String::new();
            let read = input.read_line(&mut line).map_err(Failure::writing)?;
            let entered = line.trim();
            if read == 0 || entered == "q" {
                return Ok(text);
            }
            if entered == "s" {
                skipped = Some(of.clone());
                break;
            }
            if entered.is_empty() {
                break;
            }
            let changed = with(&text, &leaf, entered);
            let wrong = problems(&changed, path, context);
            if wrong.is_empty() {
                text = changed;
                break;
            }
            for problem in wrong {
                show(&context.out.paint_error(Paint::Red, &format!("  ✗ {problem}")))?;
            }
        }
    }
    Ok(text)
}

fn show(line: &str) -> Result<(), Failure> {
    writeln!(std::io::stderr().lock(), "{line}").map_err(Failure::writing)
}

/// Asks for a value by the names of its fields.
fn ask(leaf: &Leaf, context: &Context) -> Result<(), Failure> {
    let mut names = Vec::new();
    for (at, name) in leaf.names.iter().enumerate().skip(1) {
        let above = leaf.names[at - 1].as_str();
        names.push(context.words.term_field(above, name).to_owned());
    }
    let between = if context.words.lang == Lang::Zh { " › " } else { " > " };
    let label = match names.is_empty() {
        true => {
            context.words.term_field("", leaf.names.last().map_or("", String::as_str)).to_owned()
        }
        false => names.join(between),
    };
    let shown = leaf.text().unwrap_or_default();
    let mut screen = std::io::stderr().lock();
    write!(screen, "{label} [{shown}]: ").and_then(|()| screen.flush()).map_err(Failure::writing)
}

/// The text with another value at a place: written as the one before was.
fn with(text: &str, leaf: &Leaf, entered: &str) -> String {
    let Place { start, end } = leaf.place;
    let quoted = text[start..end].starts_with(['"', '\'']);
    // A JSON string is a basic string of TOML.
    let written = match quoted {
        true => serde_json::Value::String(entered.to_owned()).to_string(),
        false => entered.to_owned(),
    };
    format!("{}{written}{}", &text[..start], &text[end..])
}

/// What is wrong at a path, or with the whole file where it reads no more.
fn problems(text: &str, path: &str, context: &Context) -> Vec<String> {
    let syntax = parse(text.as_bytes(), &Limits::default()).is_err();
    let checked = check_agreement(text.as_bytes(), &Limits::default());
    let here = |problem: &Problem| {
        problem.severity == Severity::Error && (syntax || problem.path.starts_with(path))
    };
    let found = checked.problems.iter().filter(|found| here(&found.problem));
    found.map(|found| context.words.problem(&found.problem)).collect()
}

/// The values of a file in its order.
fn values(text: &str) -> Vec<Leaf> {
    let mut found = parse(text.as_bytes(), &Limits::default())
        .map(|root| contract::form::leaves(&root))
        .unwrap_or_default();
    found.sort_by_key(|leaf| leaf.place);
    found
}
