//! Every command and argument has its text in both languages.

use std::collections::BTreeSet;

use clap::Command;

use super::*;

fn paths(command: &Command, outer: &str, into: &mut Vec<(String, String, bool)>) {
    let name = command.get_name();
    let here = if outer.is_empty() { name.to_owned() } else { format!("{outer} {name}") };
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    into.push((here.clone(), about, true));
    for arg in command.get_arguments() {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        into.push((format!("{here} --{}", arg.get_id()), help, false));
    }
    for sub in command.get_subcommands() {
        paths(sub, &here, into);
    }
}

#[test]
fn every_command_and_argument_has_help_in_both_languages() {
    let mut english = Vec::new();
    paths(&command(Lang::En), "", &mut english);
    let mut used = BTreeSet::new();
    for (path, text, _) in &english {
        assert!(!text.is_empty(), "{path} has no English text");
        let short = path.rsplit_once(' ').map_or(path.as_str(), |(_, last)| last);
        let found = if zh::text(path).is_some() { path.as_str() } else { short };
        assert!(zh::text(found).is_some(), "{path} has no Chinese text");
        used.insert(found.to_owned());
    }
    let unused: Vec<_> =
        zh::TEXTS.iter().map(|(path, _)| *path).filter(|path| !used.contains(*path)).collect();
    assert!(unused.is_empty(), "texts of what does not exist: {unused:?}");
}

#[test]
fn the_command_line_is_well_formed_in_both_languages() {
    for lang in Lang::ALL {
        command(lang).debug_assert();
    }
}

#[test]
fn the_language_follows_the_flag_before_anything_else() {
    let words = |texts: &[&str]| texts.iter().map(OsString::from).collect::<Vec<_>>();
    for (line, want) in [
        (&["tally", "--lang", "en", "list"][..], Lang::En),
        (&["tally", "list", "--lang=zh"][..], Lang::Zh),
        (&["tally", "--lang=en"][..], Lang::En),
    ] {
        assert_eq!(language(&words(line)), want, "{line:?}");
    }
}
