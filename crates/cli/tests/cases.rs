//! Runs the scripts in `cases/` with the real binary, in both languages, each in a rehearsal of its
//! own, and compares what it printed with the committed output. `GOLDEN=write` blesses it.
//!
//! A line of a script is one of
//!
//! ```text
//! # words for the reader, and the clauses that the case is about
//! at 2026-03-02T09:00:00+08:00      sets the clock
//! key NAME                          writes the rehearsal key NAME.key
//! file NAME END                     writes the lines up to END into a file
//! copy FROM TO                      copies a file of the project
//! disturb FROM TO SEED DROP         copies a VOC folder; of 1,000 boxes DROP are lost or moved
//! needs data                        skips where the shared data is absent
//! tally ARGS                        must succeed
//! refused tally ARGS                must be refused: exit 1
//! usage tally ARGS                  must be a wrong call or a fault: exit 2 or 3
//! ```
//!
//! `{cases}` and `{data}` stand for the folders, `'…'` keeps spaces together.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

/// One run of a script in one language.
struct Run {
    folder: tempfile::TempDir,
    lang: &'static str,
    now: Option<String>,
    out: String,
    names: BTreeMap<&'static str, String>,
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project")
}

#[test]
fn every_case_prints_what_was_committed() {
    let mut scripts: Vec<PathBuf> = fs::read_dir(project().join("cases"))
        .expect("the cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "case"))
        .collect();
    scripts.sort();
    assert!(!scripts.is_empty(), "there are no cases");
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let check = |lang| {
            let scripts = &scripts;
            move || scripts.iter().filter_map(|script| check(script, lang)).collect::<Vec<_>>()
        };
        let both = [scope.spawn(check("zh")), scope.spawn(check("en"))];
        both.into_iter().flat_map(|run| run.join().expect("a run ends")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Runs a script in a language; what is wrong, if anything.
fn check(script: &Path, lang: &'static str) -> Option<String> {
    let text = fs::read_to_string(script).expect("a script is text");
    let mut run = Run::new(lang);
    if text.lines().any(|line| line == "needs data") && !Path::new(&run.names["{data}"]).exists() {
        println!("skipped {}: there is no shared data beside the project", script.display());
        return None;
    }
    let name = script.file_stem().expect("a script has a name").to_string_lossy().into_owned();
    if let Err(why) = run.script(&text) {
        return Some(format!("{name} ({lang}): {why}\n{}", run.out));
    }
    let golden = script.with_file_name(format!("{name}.{lang}.out"));
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        fs::write(&golden, &run.out).expect("the output is written");
        return None;
    }
    let committed = fs::read_to_string(&golden).unwrap_or_default();
    (committed != run.out).then(|| {
        let at = committed.lines().zip(run.out.lines()).position(|(a, b)| a != b);
        let at = at.unwrap_or_else(|| committed.lines().count().min(run.out.lines().count()));
        let have = run.out.lines().nth(at).unwrap_or("(nothing)");
        let want = committed.lines().nth(at).unwrap_or("(nothing)");
        format!("{name} ({lang}), line {}:\n  committed {want}\n  printed   {have}", at + 1)
    })
}

impl Run {
    fn new(lang: &'static str) -> Self {
        let project = project();
        let names = BTreeMap::from([
            ("{cases}", project.join("cases").display().to_string()),
            ("{data}", project.join("../shared/data").display().to_string()),
        ]);
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, lang, now: None, out: String::new(), names }
    }

    fn script(&mut self, text: &str) -> Result<(), String> {
        let mut lines = text.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            let step = line.trim();
            let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
            match word {
                "" | "#" | "needs" => {}
                "at" => self.now = Some(rest.to_owned()),
                "key" => self.key(rest),
                "file" => {
                    let (name, end) = rest.split_once(' ').ok_or("file NAME END")?;
                    let body: Vec<&str> =
                        lines.by_ref().map(|(_, line)| line).take_while(|l| *l != end).collect();
                    self.write(name, &(body.join("\n") + "\n"));
                }
                "copy" => {
                    let words = self.words(rest);
                    let bytes = fs::read(&words[0]).map_err(|error| error.to_string())?;
                    fs::write(self.folder.path().join(&words[1]), bytes).expect("a copy");
                }
                "disturb" => {
                    let words = self.words(rest);
                    let (seed, drop) = (&words[2], words[3].parse().expect("a number"));
                    disturb(Path::new(&words[0]), &self.folder.path().join(&words[1]), seed, drop);
                }
                "tally" => self.tally(rest, &[0]).map_err(|why| at(index, &why))?,
                "refused" => self.tally(strip(rest)?, &[1]).map_err(|why| at(index, &why))?,
                "usage" => self.tally(strip(rest)?, &[2, 3]).map_err(|why| at(index, &why))?,
                other => return Err(at(index, &format!("there is no step {other}"))),
            }
        }
        Ok(())
    }

    fn key(&self, name: &str) {
        let path = self.folder.path().join(format!("{name}.key"));
        let seed = Sha256::digest(format!("case {name}")).into();
        desk::files::write_key(&path, &format!("{name}.rehearsal"), &seed).expect("a key");
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file is written");
    }

    /// Splits at spaces outside quotes, with names replaced.
    fn words(&self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        let (mut word, mut quoted, mut begun) = (String::new(), false, false);
        for letter in text.chars() {
            match letter {
                '\'' => (quoted, begun) = (!quoted, true),
                ' ' if !quoted => {
                    if begun {
                        words.push(std::mem::take(&mut word));
                    }
                    begun = false;
                }
                letter => {
                    word.push(letter);
                    begun = true;
                }
            }
        }
        if begun {
            words.push(word);
        }
        let replace = |word: String| {
            self.names.iter().fold(word, |word, (name, value)| word.replace(name, value))
        };
        words.into_iter().map(replace).collect()
    }

    fn tally(&mut self, args: &str, allowed: &[i32]) -> Result<(), String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
        command.args(self.words(args)).current_dir(self.folder.path());
        command.env_clear().env("LANG", format!("{}.UTF-8", self.lang)).env("TALLY_DATA", "data");
        command.env("COLUMNS", "100");
        if let Some(now) = &self.now {
            command.env("TALLY_NOW", now);
        }
        let output = command.output().map_err(|error| error.to_string())?;
        let clock = self.now.as_deref().map_or(String::new(), |now| format!("[{now}] "));
        writeln!(self.out, "{clock}$ tally {args}").expect("text");
        for (mark, bytes) in [("", &output.stdout), ("! ", &output.stderr)] {
            let mut text = String::from_utf8_lossy(bytes).into_owned();
            for (name, value) in &self.names {
                text = text.replace(value.as_str(), name);
            }
            for line in text.lines() {
                writeln!(self.out, "{}", format!("{mark}{line}").trim_end()).expect("text");
            }
        }
        self.out.push('\n');
        match output.status.code() {
            Some(code) if allowed.contains(&code) => Ok(()),
            code => Err(format!("ended with {code:?}, not {allowed:?}")),
        }
    }
}

fn strip(rest: &str) -> Result<&str, String> {
    rest.strip_prefix("tally ").ok_or_else(|| "a refusal is of tally".to_owned())
}

fn at(index: usize, why: &str) -> String {
    format!("line {}: {why}", index + 1)
}

/// Copies a VOC folder with mistakes that follow from a seed: of 1,000 boxes `drop` are lost, and
/// as many are moved so far that they no longer match.
fn disturb(from: &Path, to: &Path, seed: &str, drop: u64) {
    fs::create_dir_all(to).expect("a folder");
    let mut files: Vec<PathBuf> =
        fs::read_dir(from).expect("annotations").map(|entry| entry.expect("one").path()).collect();
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path).expect("annotations are text");
        let name = path.file_name().expect("a name");
        let mut out = String::new();
        let mut parts = text.split("<object>");
        out.push_str(parts.next().expect("a head"));
        for (index, part) in parts.enumerate() {
            let (object, tail) = part.split_once("</object>").expect("objects end");
            let key = format!("{seed} {} {index}", name.to_string_lossy());
            let draw = Sha256::digest(key);
            let draw = u64::from_le_bytes(draw[..8].try_into().expect("eight bytes")) % 1_000;
            if draw >= drop {
                let object = if draw < 2 * drop { moved(object) } else { object.to_owned() };
                write!(out, "<object>{object}</object>").expect("text");
            }
            out.push_str(tail);
        }
        fs::write(to.join(name), out).expect("a copy");
    }
}

/// A box moved by its own width, kept within the picture: it overlaps its old place no more.
fn moved(object: &str) -> String {
    let number = |name: &str| {
        let (_, rest) = object.split_once(&format!("<{name}>")).expect("a corner");
        rest.split_once('<').expect("a corner ends").0.trim().parse::<i64>().expect("a number")
    };
    let (left, right) = (number("xmin"), number("xmax"));
    let width = (right - left).max(1);
    let step = if left > width { -width } else { width };
    let replace = |text: &str, name: &str, old: i64| {
        let (head, rest) = text.split_once(&format!("<{name}>")).expect("a corner");
        let (_, tail) = rest.split_once('<').expect("a corner ends");
        format!("{head}<{name}>{}<{tail}", (old + step).clamp(0, 639))
    };
    let text = replace(object, "xmin", left);
    replace(&text, "xmax", right)
}
