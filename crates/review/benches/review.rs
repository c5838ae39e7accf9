//! What reading and reviewing real contracts costs, and what finding amounts, dates, lengths and
//! shares costs beside LexNLP on the same files. Each measurement is a process of its own, and the
//! contenders take turns. Prints medians; says what is absent.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a program that speaks on a terminal")]

use std::path::{Path, PathBuf};
use std::process::Command;

use review::{Playbook, Side};
use serde_json::{Value, json};
use wording::values::Kind;

/// Words of a page in English, and characters of one in Chinese.
const WORDS: usize = 500;
const CHARACTERS: usize = 800;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().position(|word| word == "--work") {
        Some(at) => println!("{}", work(&words[at + 1])),
        None => all(&words),
    }
}

fn all(words: &[String]) {
    let rounds = words.iter().position(|word| word == "--rounds");
    let rounds = rounds.map_or(3, |at| words[at + 1].parse().unwrap());
    if files("cuad/contracts").is_empty() {
        println!("review: skipped, {} is not on this machine", data().display());
        return;
    }
    let mut tasks = vec!["review", "values"];
    match std::env::var("TALLYSTICK_LEXNLP") {
        Ok(_) => tasks.push("lexnlp"),
        Err(_) => println!("review: LexNLP is left out, it is not installed"),
    }
    let mut results: Vec<Vec<Value>> = vec![Vec::new(); tasks.len()];
    for _ in 0..rounds {
        for (at, task) in tasks.iter().enumerate() {
            results[at].push(measured(task));
        }
    }
    println!("\nReviews of real contracts, one thread, medians of {rounds}\n");
    println!("| work | files | pages | CPU s | pages per CPU s | peak MiB | ratio |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let median = |at: usize, key: &str| {
        let mut all: Vec<u64> = results[at].iter().map(|one| one[key].as_u64().unwrap()).collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    for (at, task) in tasks.iter().enumerate() {
        let (cpu, pages) = (median(at, "cpu_ms").max(1), median(at, "pages"));
        let ratio = match *task {
            "review" => String::new(),
            _ => format!(
                "{}.{}",
                cpu / median(1, "cpu_ms").max(1),
                cpu * 10 / median(1, "cpu_ms").max(1) % 10
            ),
        };
        println!(
            "| {task} | {} | {pages} | {}.{:02} | {} | {} | {ratio} |",
            median(at, "files"),
            cpu / 1_000,
            cpu / 10 % 100,
            pages * 1_000 / cpu,
            median(at, "peak_kib") / 1024
        );
    }
    println!("\n| found | money | dates | durations | percents |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (at, task) in tasks.iter().enumerate().skip(1) {
        let count = |key: &str| median(at, key);
        println!(
            "| {task} | {} | {} | {} | {} |",
            count("money"),
            count("dates"),
            count("durations"),
            count("percents")
        );
    }
}

/// One task in a process of its own.
fn measured(task: &str) -> Value {
    let out = if task == "lexnlp" {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut command = Command::new(std::env::var("TALLYSTICK_LEXNLP").unwrap());
        command.arg(root.join("benches/python/values.py")).args(compared()).output()
    } else {
        Command::new(std::env::current_exe().unwrap()).args(["--work", task]).output()
    };
    let out = out.unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let mut result: Value = serde_json::from_slice(&out.stdout).unwrap();
    if task == "lexnlp" {
        let read = |path: &PathBuf| std::fs::read(path).unwrap();
        let text = |path: &PathBuf| String::from_utf8_lossy(&read(path)).into_owned();
        result["pages"] = json!(pages(compared().iter().map(|path| size(&text(path))).sum()));
    }
    result
}

fn work(task: &str) -> Value {
    if task == "values" {
        let contracts = compared();
        let (mut found, mut length) = ([0u64; 4], 0);
        for path in &contracts {
            let reading = reading::read(&std::fs::read(path).unwrap(), "contract.txt").unwrap();
            length += size(&reading.wording.text);
            for value in wording::values::values(&reading.wording) {
                match value.kind {
                    Kind::Money { .. } => found[0] += 1,
                    Kind::Date { .. } => found[1] += 1,
                    Kind::Duration { .. } => found[2] += 1,
                    Kind::Percent { .. } => found[3] += 1,
                    _ => {}
                }
            }
        }
        let [money, dates, durations, percents] = found;
        return json!({
            "files": contracts.len(), "pages": pages(length),
            "cpu_ms": cpu_ms(), "peak_kib": peak_kib(),
            "money": money, "dates": dates, "durations": durations, "percents": percents,
        });
    }
    let mut all = files("cuad/contracts");
    all.extend(files("vendor-terms"));
    all.extend(files("seeds"));
    let playbook = Playbook::ai_vendor();
    let mut length = 0;
    for path in &all {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let reading = reading::read(&std::fs::read(path).unwrap(), &name).unwrap();
        length += size(&reading.wording.text);
        let review = review::review(&reading.wording, &playbook, Side::Customer);
        assert!(!review.findings.is_empty(), "{name}");
    }
    json!({
        "files": all.len(), "pages": pages(length), "cpu_ms": cpu_ms(), "peak_kib": peak_kib(),
    })
}

/// Thousandths of pages: words of English and characters of Chinese count each in their own way.
fn size(text: &str) -> usize {
    let chinese = text.chars().filter(|&c| wording::is_han(c)).count();
    let words = text.split_whitespace().filter(|word| word.is_ascii()).count();
    chinese * 1_000 / CHARACTERS + words * 1_000 / WORDS
}

fn pages(size: usize) -> usize {
    size / 1_000
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

/// Every fourth contract: the peer takes its time.
fn compared() -> Vec<PathBuf> {
    files("cuad/contracts").into_iter().step_by(4).collect()
}

/// The texts below a folder of the shared data, in order.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![data().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "txt" || ext == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Milliseconds that all threads of this process have computed, as the kernel counts them: in
/// hundredths of a second.
fn cpu_ms() -> u64 {
    let line = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = line.rsplit(") ").next().unwrap().split(' ').collect();
    (fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()) * 10
}

/// The most memory that this process ever held.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
