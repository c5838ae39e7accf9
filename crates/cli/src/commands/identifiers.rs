//! `tally identifiers`: identifiers of persons and organisations in files, reported without showing
//! them, and a masked copy. Needs no deployment, sends nothing anywhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use identifiers::{Decoded, Encoding, Find, Kind, LARGEST, Pseudonyms, Wrong};
use serde_json::{Value, json};
use units::{Date, Lang};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;

/// How many finds and wrong places of a file the terminal shows.
const SHOWN: usize = 50;
/// How many wrong places of a file a report lists.
const LISTED: usize = 1_000;

/// Arguments of `identifiers`.
#[derive(Debug, Args)]
pub(crate) struct Identifiers {
    /// Texts: plain, CSV, JSON Lines, Markdown (UTF-8, UTF-16, GB18030), Word or PDF
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write the report: .csv or .json
    #[arg(long, value_name = "REPORT")]
    out: Option<PathBuf>,
    /// Write a copy of the one text file with every identifier masked, as long as before
    #[arg(long, value_name = "OUT")]
    mask: Option<PathBuf>,
    /// Mask with names instead of stars: the same identifier, the same name
    #[arg(long, requires = "mask")]
    pseudonyms: bool,
    /// Show the identifiers in full, in the report too
    #[arg(long)]
    show: bool,
    /// Take nothing of a file that holds bytes of no known encoding
    #[arg(long)]
    strict: bool,
    /// The day after which nobody is born; otherwise today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = crate::args::date)]
    on: Option<Date>,
}

/// A file that was searched.
struct Searched {
    path: PathBuf,
    format: &'static str,
    /// The bytes and letters of a text file; a Word file or PDF has places in its text alone.
    source: Option<(Vec<u8>, Decoded)>,
    finds: Vec<Find>,
    /// Wrong bytes made `--strict` leave the file alone.
    left: bool,
}

impl Searched {
    fn wrong(&self) -> &[Wrong] {
        self.source.as_ref().map_or(&[], |(_, decoded)| &decoded.wrong)
    }

    fn encoding(&self) -> Option<Encoding> {
        self.source.as_ref().map(|(_, decoded)| decoded.encoding)
    }

    /// Where a find stands: bytes of the file where there are such, of the text otherwise.
    fn bytes(&self, find: &Find) -> std::ops::Range<usize> {
        match &self.source {
            Some((_, decoded)) => decoded.bytes(find.first..find.last),
            None => find.start..find.end,
        }
    }
}

/// Searches every file.
pub(crate) fn run(args: &Identifiers, context: &mut Context) -> Result<(), Failure> {
    let on = args.on.unwrap_or_else(|| context.clock().date(&context.words.zone));
    if let Some(out) = &args.out {
        ending(out, context)?;
    }
    if args.mask.is_some() && args.files.len() > 1 {
        return Err(arguments(context, "--mask 只用于一个文件", "--mask takes one file"));
    }
    let mut searched = Vec::new();
    for path in &args.files {
        searched.push(search(path, on, args.strict)?);
    }
    if let (Some(out), [one]) = (&args.mask, searched.as_slice()) {
        write_masked(one, out, args.pseudonyms, context)?;
    }
    if let Some(out) = &args.out {
        let bytes = match ending(out, context)? {
            Report::Csv => csv(&searched, args.show).into_bytes(),
            Report::Json => serde_json::to_vec_pretty(&report(&searched, on, args.show, context))
                .map_err(Failure::unwritable)?,
        };
        Context::write(out, &bytes)?;
    }
    if context.out.is_json() {
        let report = report(&searched, on, args.show, context);
        context.out.json(&report)?;
    } else {
        for file in &searched {
            print(file, args.show, context)?;
        }
        let notice = notice(context);
        context.out.line(notice)?;
    }
    let clean = searched.iter().all(|file| file.finds.is_empty() && file.wrong().is_empty());
    if clean { Ok(()) } else { Err(Failure::Problems) }
}

fn arguments(context: &Context, zh: &str, en: &str) -> Failure {
    Failure::Arguments { message: context.say(zh, en).to_owned() }
}

fn notice(context: &Context) -> &'static str {
    match context.words.lang {
        Lang::Zh => {
            "没有发现不等于没有：姓名、住址、图片中的号码和用文字拼写的号码均不在查找之列。"
        }
        Lang::En => {
            "Finding nothing proves no absence: names, addresses, numbers in pictures or spelled in \
             words are not looked for."
        }
    }
}

/// The forms of the report.
enum Report {
    Csv,
    Json,
}

fn ending(path: &Path, context: &Context) -> Result<Report, Failure> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => Ok(Report::Csv),
        Some("json") => Ok(Report::Json),
        _ => Err(arguments(
            context,
            "报告写成 .csv 或 .json",
            "the report is written as .csv or .json",
        )),
    }
}

fn search(path: &Path, on: Date, strict: bool) -> Result<Searched, Failure> {
    let too_large =
        |size| Failure::reading(path)(reading::Fault::TooLarge { size, limit: LARGEST });
    let size = std::fs::metadata(path).map_err(Failure::read(path))?.len();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size > LARGEST {
        return Err(too_large(size));
    }
    let bytes = Context::read(path)?;
    let head = &bytes[..bytes.len().min(1024)];
    let word: [&[u8]; 3] = [b"PK", b"\xd0\xcf\x11\xe0", b"{\\rtf"];
    let format = if word.iter().any(|magic| bytes.starts_with(magic)) {
        "word"
    } else if head.windows(5).any(|part| part == b"%PDF-") {
        "pdf"
    } else {
        "text"
    };
    let mut file =
        Searched { path: path.to_owned(), format, source: None, finds: Vec::new(), left: false };
    if format == "text" {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let escapes = matches!(ending, "json" | "jsonl" | "ndjson");
        let decoded =
            identifiers::decode(&bytes, escapes).map_err(|error| too_large(error.size))?;
        file.left = strict && !decoded.wrong.is_empty();
        if !file.left {
            file.finds = identifiers::find(&decoded.text, on);
        }
        file.source = Some((bytes, decoded));
    } else {
        let reading = Context::reading(path, reading::ReadOptions::default())?;
        // What belongs to the page and not to the contract may name a person as well.
        let cut = reading.wording.cut.iter().map(|cut| cut.text.as_str());
        let text: Vec<&str> = [reading.wording.text.as_str()].into_iter().chain(cut).collect();
        file.finds = identifiers::find(&text.join("\n"), on);
    }
    Ok(file)
}

fn write_masked(
    file: &Searched,
    out: &Path,
    pseudonyms: bool,
    context: &Context,
) -> Result<(), Failure> {
    let Some((bytes, decoded)) = &file.source else {
        return Err(arguments(
            context,
            "--mask 只写文本文件；Word 与 PDF 先用 tally text 取出文本",
            "--mask writes text files alone; take the text of Word and PDF with tally text first",
        ));
    };
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    if same(out).is_some_and(|out| Some(out) == same(&file.path)) {
        return Err(arguments(
            context,
            "--mask 不覆盖原文件",
            "--mask does not replace its source",
        ));
    }
    if file.left {
        return Ok(());
    }
    let text = if pseudonyms {
        identifiers::pseudonymise(&decoded.text, &file.finds, &mut Pseudonyms::default())
    } else {
        identifiers::mask(&decoded.text, &file.finds)
    };
    Context::write(out, &decoded.rewrite(bytes, &text))
}

fn shown(find: &Find, show: bool) -> String {
    if show { find.text.clone() } else { identifiers::excerpt(&find.text) }
}

fn counts<'f>(finds: impl Iterator<Item = &'f Find>) -> BTreeMap<Kind, usize> {
    let mut counts = BTreeMap::new();
    for find in finds {
        *counts.entry(find.kind).or_insert(0) += 1;
    }
    counts
}

fn report(searched: &[Searched], on: Date, show: bool, context: &Context) -> Value {
    let lang = context.words.lang;
    let files = searched.iter().map(|file| {
        let finds = file.finds.iter().map(|find| {
            let bytes = file.bytes(find);
            json!({
                "kind": find.kind,
                "name": find.kind.name(lang),
                "text": shown(find, show),
                "start": bytes.start,
                "end": bytes.end,
                "first": find.first,
                "last": find.last,
                "line": find.line,
                "column": find.column,
                "certainty": find.certainty,
                "reason": find.reason,
                "because": find.reason.name(lang),
            })
        });
        json!({
            "file": file.path.display().to_string(),
            "format": file.format,
            "encoding": file.encoding(),
            "taken": !file.left,
            "wrong": &file.wrong()[..file.wrong().len().min(LISTED)],
            "wrong_places": file.wrong().len(),
            "counts": counts(file.finds.iter()),
            "finds": finds.collect::<Vec<_>>(),
        })
    });
    json!({
        "on": on,
        "files": files.collect::<Vec<_>>(),
        "counts": counts(searched.iter().flat_map(|file| &file.finds)),
        "notice": notice(context),
    })
}

/// One row a find, and one a wrong place; with a mark, for spreadsheets.
fn csv(searched: &[Searched], show: bool) -> String {
    let mut out = String::from(
        "\u{feff}file,encoding,kind,text,start,end,first,last,line,column,certainty,reason\r\n",
    );
    for file in searched {
        let encoding = file.encoding().map_or(Value::Null, |encoding| json!(encoding));
        let encoding = encoding.as_str().unwrap_or(file.format).to_owned();
        let path = file.path.display().to_string();
        let mut row = |cells: [String; 10]| {
            let cells = [&path, &encoding].into_iter().chain(&cells).map(|cell| quoted(cell));
            out.push_str(&cells.collect::<Vec<_>>().join(","));
            out.push_str("\r\n");
        };
        for find in &file.finds {
            let bytes = file.bytes(find);
            let [start, end, first, last, line, column] =
                [bytes.start, bytes.end, find.first, find.last, find.line, find.column]
                    .map(|place| place.to_string());
            let (kind, text) = (find.kind.code().to_owned(), shown(find, show));
            let (certainty, reason) = (find.certainty.code(), find.reason.code());
            let (certainty, reason) = (certainty.to_owned(), reason.to_owned());
            row([kind, text, start, end, first, last, line, column, certainty, reason]);
        }
        for wrong in file.wrong().iter().take(LISTED) {
            let none = String::new;
            let (start, end) = (wrong.byte.to_string(), (wrong.byte + wrong.length).to_string());
            let (kind, line) = ("wrong_bytes".to_owned(), wrong.line.to_string());
            row([kind, none(), start, end, none(), none(), line, none(), none(), none()]);
        }
    }
    out
}

/// A cell; one that a spreadsheet would take for a formula begins with an apostrophe.
fn quoted(cell: &str) -> String {
    let mark = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{mark}{}\"", cell.replace('"', "\"\""))
}

fn print(file: &Searched, show: bool, context: &mut Context) -> Result<(), Failure> {
    let lang = context.words.lang;
    let path = file.path.display();
    let encoding = match file.encoding() {
        Some(Encoding::Utf8) | None => None,
        Some(Encoding::Utf8Mark) => Some("UTF-8 BOM"),
        Some(Encoding::Utf16Le | Encoding::Utf16Be) => Some("UTF-16"),
        Some(Encoding::Gb18030) => Some("GB18030"),
    };
    let encoding = encoding.map_or_else(String::new, |name| format!(" [{name}]"));
    context.out.heading(&format!("{path}{encoding}"))?;
    for wrong in file.wrong().iter().take(SHOWN) {
        let (line, byte, end) = (wrong.line, wrong.byte, wrong.byte + wrong.length);
        let text = match lang {
            Lang::Zh => format!("第 {line} 行，字节 {byte}–{end}：不是任何已知编码的文字"),
            Lang::En => format!("line {line}, bytes {byte}–{end}: no letter of a known encoding"),
        };
        let text = context.out.paint(Paint::Red, &text);
        context.out.line(format!("  {text}"))?;
    }
    more(file.wrong().len(), context)?;
    if file.left {
        let text = context.say(
            "  整个文件未取用（--strict）；请另存为 UTF-8 后再试",
            "  nothing of it was taken (--strict): save it as UTF-8 and try again",
        );
        return context.out.line(text);
    }
    for find in file.finds.iter().take(SHOWN) {
        let place = context.out.paint(Paint::Blue, &format!("{}:{}", find.line, find.column));
        let (kind, certainty) = (find.kind.name(lang), find.certainty.name(lang));
        let (text, why) = (shown(find, show), find.reason.name(lang));
        let why = context.out.paint(Paint::Dim, &format!("({certainty}: {why})"));
        context.out.line(format!("  {place} {kind} {text} {why}"))?;
    }
    more(file.finds.len(), context)?;
    let counts = counts(file.finds.iter());
    let counts: Vec<String> =
        counts.iter().map(|(kind, count)| format!("{} {count}", kind.name(lang))).collect();
    let line = match (file.finds.len(), lang) {
        (0, Lang::Zh) => "没有发现".to_owned(),
        (0, Lang::En) => "nothing found".to_owned(),
        (all, Lang::Zh) => format!("共 {all} 处：{}", counts.join("，")),
        (all, Lang::En) => format!("{all} found: {}", counts.join(", ")),
    };
    context.out.line(format!("  {line}"))
}

/// Tells how many there are beyond those that are shown.
fn more(all: usize, context: &mut Context) -> Result<(), Failure> {
    let Some(rest) = all.checked_sub(SHOWN).filter(|rest| *rest > 0) else { return Ok(()) };
    let text = match context.words.lang {
        Lang::Zh => format!("  … 另有 {rest} 处，用 --out 或 --json 查看全部"),
        Lang::En => format!("  … and {rest} more: --out or --json lists all"),
    };
    context.out.line(text)
}
