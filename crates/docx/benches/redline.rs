//! What a redline of a contract of a hundred pages costs: both versions are drafted here, and each
//! measurement is a process of its own. Prints medians; asserts that accepting gives the new text.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a program that speaks on a terminal")]

use docx::build::{Block, Draft, Fonts, Numbers, Span, Style};
use docx::{Compare, Document, Package, Select, View, redline};

/// Clauses of the contract: a hundred pages of A4, as LibreOffice breaks them.
const ZH: usize = 895;
const EN: usize = 738;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().position(|word| word == "--work") {
        Some(at) => work(&words[at + 1]),
        None => all(&words),
    }
}

fn all(words: &[String]) {
    let rounds = words.iter().position(|word| word == "--rounds");
    let rounds = rounds.map_or(5, |at| words[at + 1].parse().unwrap());
    println!("\nRedline of a contract of a hundred pages, one thread, medians of {rounds}\n");
    println!("| contract | paragraphs | characters | changes | of them moves | CPU s | peak MiB |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for language in ["zh", "en"] {
        let mut lines: Vec<Vec<String>> = (0..rounds)
            .map(|_| {
                let program = std::env::current_exe().unwrap();
                let out = std::process::Command::new(program).args(["--work", language]).output();
                let out = String::from_utf8(out.unwrap().stdout).unwrap();
                out.split_whitespace().map(str::to_owned).collect()
            })
            .collect();
        let mut median = |column: usize| {
            let key = |line: &Vec<String>| line[column].parse::<u64>().unwrap();
            lines.sort_by_key(key);
            key(&lines[lines.len() / 2])
        };
        let (cpu, peak) = (median(4), median(5));
        let fixed: Vec<u64> = (0..4).map(&mut median).collect();
        println!(
            "| {language} | {} | {} | {} | {} | {}.{:03} | {} |",
            fixed[0],
            fixed[1],
            fixed[2],
            fixed[3],
            cpu / 1_000_000,
            cpu / 1_000 % 1_000,
            peak / 1024
        );
    }
}

/// One redline from the bytes of both files to the bytes of the third.
fn work(language: &str) {
    let clauses = match language {
        "zh" => chinese(),
        _ => english(),
    };
    let (old, new) = (file(language, &clauses), file(language, &later(&clauses)));
    let begin = cpu_us();
    let (before, after) = (Package::read(&old).unwrap(), Package::read(&new).unwrap());
    let (out, report) = redline(&before, &after, &Compare::default()).unwrap();
    let bytes = out.write();
    let (took, peak) = (cpu_us() - begin, peak_kib());
    let mut accepted = Package::read(&bytes).unwrap();
    let marked = accepted.revisions().unwrap().len();
    let moves = report.changes.iter().filter(|one| one.moved).count();
    accepted.accept(&Select::all()).unwrap();
    let text = |package: &Package| Document::read(package, View::Final).unwrap().text();
    assert_eq!(text(&accepted), text(&after));
    let characters: usize = clauses.iter().map(|clause| clause.chars().count()).sum();
    println!("{} {characters} {marked} {moves} {took} {peak}", clauses.len());
}

fn chinese() -> Vec<String> {
    const PARTS: [&str; 8] = [
        "乙方应当按照附件约定的标准提供数据标注服务，",
        "甲方有权对交付成果进行抽样检验，",
        "逾期付款的，应按日支付违约金，",
        "未经对方书面同意，任何一方不得转让本合同项下的权利和义务，",
        "因不可抗力导致不能履行的，受影响的一方应当及时通知对方，",
        "双方对在履行过程中知悉的商业秘密负有保密义务，",
        "训练数据和模型权重的知识产权归甲方所有，",
        "可用性不低于99.9%，低于该标准的按月计算服务信用，",
    ];
    let clause = |at: usize| {
        let body: String = (0..4).map(|part| PARTS[(at * 7 + part * (1 + at % 3)) % 8]).collect();
        format!(
            "{body}金额为人民币 {} 元，期限为 {} 日，见第{}条。",
            1_000 + at * 37,
            at % 90 + 1,
            at
        )
    };
    (0..ZH).map(clause).collect()
}

fn english() -> Vec<String> {
    const PARTS: [&str; 8] = [
        "The Provider shall label the Customer Data to the standard of the Annex and ",
        "the Customer may inspect each Delivery by sampling before it accepts the work, ",
        "late payments bear interest for each day of delay from the due date, ",
        "neither Party may assign this Agreement without the prior written consent of the other, ",
        "a Party that is prevented by force majeure shall promptly notify the other Party, ",
        "each Party shall keep the Confidential Information of the other Party secret, ",
        "all rights in the trained model and its weights belong to the Customer, ",
        "service credits are computed monthly where the availability is below 99.9%, ",
    ];
    let clause = |at: usize| {
        let body: String = (0..4).map(|part| PARTS[(at * 7 + part * (1 + at % 3)) % 8]).collect();
        format!(
            "{body}up to USD {} within {} days under Section {}.",
            1_000 + at * 37,
            at % 90 + 1,
            at
        )
    };
    (0..EN).map(clause).collect()
}

/// The version that comes back: amounts, words, clauses taken out, put in and moved.
fn later(clauses: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let mut moved: Vec<(usize, String)> = Vec::new();
    for (at, clause) in clauses.iter().enumerate() {
        if at % 100 == 37 {
            moved.push((at + 25, clause.clone()));
            continue;
        }
        if at % 60 == 11 {
            continue;
        }
        if at % 70 == 19 {
            out.push(format!("{} {at} {}", "Inserted clause / 新增条款", "x".repeat(at % 9)));
        }
        out.push(match at % 10 {
            3 => clause.replace("1,", "2,").replace(&at.to_string(), &(at + 5).to_string()),
            6 => clause.replace("应当", "可以").replace("shall", "may"),
            _ => clause.clone(),
        });
        out.extend(
            moved.iter().filter(|(target, _)| *target == at).map(|(_, clause)| clause.clone()),
        );
    }
    out
}

fn file(language: &str, clauses: &[String]) -> Vec<u8> {
    let numbers = if language == "zh" { Numbers::Chinese } else { Numbers::English };
    let block = |(at, clause): (usize, &String)| {
        let level = u8::from(at % 12 != 0);
        Block::Paragraph(Style::Clause { numbers, level, list: 0 }, vec![Span::text(clause)])
    };
    let draft = Draft {
        fonts: Fonts::default(),
        blocks: clauses.iter().enumerate().map(block).collect(),
        header: vec![Span::PageNumber],
        footer: Vec::new(),
        store: None,
        title: "Contract".to_owned(),
    };
    draft.build().write()
}

/// Microseconds that this process has computed; it has one thread.
fn cpu_us() -> u64 {
    let line = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    line.split(' ').next().unwrap().parse::<u64>().unwrap() / 1_000
}

/// The most memory that this process ever held.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
