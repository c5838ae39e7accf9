//! Help in both languages. The English texts stand beside the arguments; the Chinese ones stand
//! here, one for each command and argument, and a test keeps them complete.

mod zh;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use clap::{Command, CommandFactory as _};
use serde_json::json;
use units::Lang;

use crate::args::Cli;
use crate::failure::USAGE;

/// The language of a command line, before it is understood: the flag, then the environment.
pub(crate) fn language(words: &[OsString]) -> Lang {
    let texts: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let flag = texts.iter().enumerate().find_map(|(at, word)| {
        let value = match word.strip_prefix("--lang") {
            Some("") => texts.get(at + 1).copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        value?.parse().ok()
    });
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let environment = || {
        let locale = variable("LC_ALL").or_else(|| variable("LC_MESSAGES"));
        locale.or_else(|| variable("LANG"))?.parse().ok()
    };
    flag.or_else(environment).unwrap_or(Lang::Zh)
}

/// The whole command line, with its help in a language.
pub(crate) fn command(lang: Lang) -> Command {
    let command = Cli::command();
    match lang {
        Lang::En => compact(command).after_help(EXIT_CODES_EN),
        Lang::Zh => chinese(command, "").after_help(EXIT_CODES_ZH),
    }
}

/// Tells of a command line that was not understood, or answers `--help` and `--version`.
pub(crate) fn explain(error: &clap::Error, lang: Lang, json: bool) -> ExitCode {
    // Where the text cannot be written, the exit code has to do.
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _printed = error.print();
        return ExitCode::SUCCESS;
    }
    let message = misunderstood(error, lang);
    if json {
        let error = json!({
            "code": "usage", "clause": null, "fields": {}, "message": message, "next": null,
        });
        let _printed = writeln!(io::stdout().lock(), "{:#}", json!({ "error": error }));
    } else if lang == Lang::En {
        let _printed = error.print();
    } else {
        let _printed = writeln!(io::stderr().lock(), "用法有误：{message}\n  → 用 --help 查看用法");
    }
    ExitCode::from(USAGE)
}

/// What was not understood, in one sentence.
fn misunderstood(error: &clap::Error, lang: Lang) -> String {
    let english = || {
        let text = error.render().to_string();
        let first = text.lines().take_while(|line| !line.is_empty());
        let first = first.map(str::trim).collect::<Vec<_>>().join(" ");
        first.trim_start_matches("error: ").to_owned()
    };
    if lang == Lang::En {
        return english();
    }
    let part = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = part(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有命令 {}", part(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("没有参数 {argument}"),
        ErrorKind::MissingRequiredArgument => format!("还缺参数 {argument}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "还缺命令".to_owned()
        }
        ErrorKind::ArgumentConflict => {
            format!("{argument} 与 {} 不能同用", part(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let (value, valid) = (part(ContextKind::InvalidValue), part(ContextKind::ValidValue));
            let reason = std::error::Error::source(error).map(ToString::to_string);
            let form = if valid.is_empty() { reason.unwrap_or_default() } else { valid };
            let form = if form.is_empty() { form } else { format!("，应形如 {form}") };
            format!("{argument} 的值“{value}”不对{form}")
        }
        _ => english(),
    }
}

const EXIT_CODES_EN: &str = "\
Exit codes: 0 done; 1 the contract refuses it, problems were found, or a bundle is not sound;
2 a fault (disk, format); 3 the command was not understood.

First steps: tally init --rehearsal; tally new --kind annotation --out a.toml; tally check a.toml";

const EXIT_CODES_ZH: &str = "\
退出码：0 完成；1 合同不允许、发现问题或证据包不完好；2 故障（磁盘、格式）；3 命令有误。

起步：tally init --rehearsal；tally new --kind annotation --out a.toml；tally check a.toml";

const TEMPLATE_ZH: &str = "\
{before-help}{about-with-newline}
用法：{usage}

{all-args}{after-help}";

/// Puts the choices of an argument behind its text, so that each argument takes one line.
fn compact(mut command: Command) -> Command {
    let ids: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    for id in ids {
        command = command.mut_arg(&id, |arg| {
            let values = values(&arg);
            if values.is_empty() {
                return arg;
            }
            let text = arg.get_help().map(ToString::to_string).unwrap_or_default();
            arg.help(format!("{text} ({})", values.join(", "))).hide_possible_values(true)
        });
    }
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, compact);
    }
    command
}

/// The values that an argument is limited to.
fn values(arg: &clap::Arg) -> Vec<String> {
    if !arg.get_action().takes_values() {
        return Vec::new();
    }
    arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
}

/// Puts the Chinese texts in place, from the outside in.
fn chinese(mut command: Command, path: &str) -> Command {
    let name = command.get_name().to_owned();
    let here = if path.is_empty() { name } else { format!("{path} {name}") };
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let has_commands = !names.is_empty();
    command = command
        .help_template(TEMPLATE_ZH)
        .subcommand_help_heading("命令")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(
            clap::Arg::new("help")
                .short('h')
                .long("help")
                .action(clap::ArgAction::Help)
                .help("显示帮助")
                .help_heading("通用选项"),
        );
    if path.is_empty() {
        command = command.arg(
            clap::Arg::new("version")
                .short('V')
                .long("version")
                .action(clap::ArgAction::Version)
                .help("显示版本")
                .help_heading("通用选项"),
        );
    }
    if has_commands {
        command = command.subcommand_value_name("命令");
    }
    if let Some(about) = zh::text(&here) {
        command = command.about(about);
    }
    let ids: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    for id in ids {
        let own = format!("{here} --{id}");
        let text = zh::text(&own).or_else(|| zh::text(&format!("--{id}")));
        command = command.mut_arg(&id, |mut arg| {
            if let Some(text) = text {
                let text = format!("{text}{}", choices(&arg));
                arg = arg.help(text);
            }
            let heading = match (arg.is_positional(), arg.is_global_set()) {
                (true, _) => "参数",
                (false, true) => "通用选项",
                (false, false) => "选项",
            };
            let arg = arg.help_heading(heading);
            if !arg.get_action().takes_values() {
                return arg;
            }
            arg.hide_possible_values(true).hide_default_value(true).hide_env(true)
        });
    }
    for name in names {
        let outer = here.clone();
        command = command.mut_subcommand(&name, move |sub| chinese(sub, &outer));
    }
    command
}

/// The allowed values, the default and the variable of an argument.
fn choices(arg: &clap::Arg) -> String {
    let values = values(arg);
    let default: Vec<_> =
        arg.get_default_values().iter().filter_map(|text| text.to_str()).collect();
    let mut texts = Vec::new();
    if !values.is_empty() {
        texts.push(format!("可选：{}", values.join("、")));
    }
    if !default.is_empty() && !matches!(arg.get_action(), clap::ArgAction::SetTrue) {
        texts.push(format!("默认：{}", default.join("、")));
    }
    if let Some(name) = arg.get_env().and_then(|name| name.to_str()) {
        texts.push(format!("环境变量：{name}"));
    }
    if texts.is_empty() { String::new() } else { format!("（{}）", texts.join("；")) }
}

#[cfg(test)]
mod tests;
