//! A redline accepted is the new version, rejected the old one, on canonical text.

use std::collections::HashSet;
use std::path::Path;

use docx::{Compare, Document, Kind, Package, Report, Select, View, What, redline};

use crate::edits::{Dice, later, moved};
use crate::office;
use crate::world::{name, shared, word};

fn text(package: &Package) -> String {
    Document::read(package, View::Final).unwrap().text()
}

fn compare() -> Compare {
    Compare {
        author: "Tester".to_owned(),
        at: "2026-11-22T08:00:00Z".to_owned(),
        terms: vec!["Customer Data".to_owned()],
        words: vec![(What::Box, "文本框有改动 / a box changed".to_owned())],
    }
}

fn open(path: &Path) -> Package {
    Package::read(&std::fs::read(path).unwrap()).unwrap_or_else(|e| panic!("{path:?}: {e}"))
}

fn resolved(package: &Package, accept: bool) -> Package {
    let mut package = Package::read(&package.write()).unwrap();
    if accept { package.accept(&Select::all()) } else { package.reject(&Select::all()) }.unwrap();
    assert_eq!(package.revisions().unwrap(), []);
    package
}

/// What is wrong with a redline, if anything.
fn wrong(old: &Package, new: &Package) -> (Package, Report, Option<String>) {
    let (out, report) = redline(old, new, &compare()).unwrap();
    let (was, is) = (text(&resolved(&out, false)), text(&resolved(&out, true)));
    let difference = difference("reject", &text(old), &was)
        .or_else(|| difference("accept", &text(new), &is))
        .or_else(|| ill_formed(&out));
    (out, report, difference)
}

fn difference(what: &str, want: &str, have: &str) -> Option<String> {
    if want == have {
        return None;
    }
    let pair = want.lines().zip(have.lines()).find(|(want, have)| want != have);
    Some(match pair {
        Some((want, have)) => format!("{what}\n  want {want}\n  have {have}"),
        None => {
            format!("{what}: want {} lines, have {}", want.lines().count(), have.lines().count())
        }
    })
}

/// How many tracked changes of text a redline holds, and of how many characters.
fn marks(package: &Package) -> (usize, usize) {
    let all = package.revisions().unwrap();
    let text = all.iter().filter(|one| !one.text.is_empty());
    text.fold((0, 0), |(n, length), one| (n + 1, length + one.text.chars().count()))
}

fn sum(a: (usize, usize), b: (usize, usize)) -> (usize, usize) {
    (a.0 + b.0, a.1 + b.1)
}

/// Doubled ids, and changes inside changes.
fn ill_formed(package: &Package) -> Option<String> {
    let mut ids = HashSet::new();
    for part in package.parts().filter(|part| part.starts_with("word/") && part.ends_with(".xml")) {
        let xml = std::str::from_utf8(package.part(part).unwrap()).unwrap();
        let mut open: Vec<&str> = Vec::new();
        for tag in xml.split('<').skip(1) {
            let name = tag.split([' ', '>', '/']).next().unwrap();
            let closing = tag.strip_prefix('/').map(|rest| rest.split('>').next().unwrap());
            if let Some(closing) = closing {
                if open.last() == Some(&closing) {
                    open.pop();
                }
                continue;
            }
            let range = name.ends_with("RangeStart");
            if !range
                && !["w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:pPrChange"].contains(&name)
            {
                continue;
            }
            if !tag.contains("w:author=\"Tester\"") {
                continue;
            }
            let id = tag.split("w:id=\"").nth(1).unwrap().split('"').next().unwrap();
            if !ids.insert(id.to_owned()) {
                return Some(format!("{part}: id {id} twice"));
            }
            if !tag.contains("/>") {
                if !open.is_empty() {
                    return Some(format!("{part}: {name} inside {open:?}"));
                }
                open.push(name);
            }
        }
    }
    None
}

#[test]
fn versions_of_every_form_are_redlined_without_loss() {
    let mut checked = 0;
    let mut count = (0, 0);
    let mut faults = Vec::new();
    for (index, path) in shared("forms").iter().enumerate() {
        let old = open(path);
        let mut dice = Dice(index as u64 * 31);
        let new = later(&old, &mut dice, 4 + 20 * (index % 2));
        let (out, report, wrong) = wrong(&old, &new);
        count = sum(count, marks(&out));
        checked += 1;
        // What the report names is not in the redline.
        if let Some(wrong) = wrong.filter(|_| report.unmarked.is_empty()) {
            faults.push(format!("{}: {wrong}", name(path)));
        }
    }
    println!("redlines of forms: {} of {checked} without loss", checked - faults.len());
    println!("redlines of forms: {} changes of {} characters", count.0, count.1);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn accepted_and_rejected_files_are_redlined_without_loss() {
    let (mut right, mut named, mut count) = (0, 0, (0, 0));
    let mut faults = Vec::new();
    for new_path in shared("revisions") {
        let file = name(&new_path);
        let Some(stem) = file.strip_suffix("-Accepted.docx") else { continue };
        let old_path = new_path.with_file_name(format!("{stem}-Rejected.docx"));
        if !old_path.exists() {
            continue;
        }
        let (old, new) = (open(&old_path), open(&new_path));
        for (a, b) in [(&old, &new), (&new, &old)] {
            let (out, report, wrong) = wrong(a, b);
            count = sum(count, marks(&out));
            match wrong {
                None => right += 1,
                Some(_) if !report.unmarked.is_empty() => named += 1,
                Some(wrong) => faults.push(format!("{stem}: {wrong}")),
            }
        }
    }
    println!(
        "redlines of pairs: {right} without loss, {named} with a difference that the report names"
    );
    println!("redlines of pairs: {} changes of {} characters", count.0, count.1);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Words that a negotiation changes, in the Chinese seeds.
#[test]
fn chinese_contracts_with_other_words_are_redlined_without_loss() {
    const WORDS: [(&str, &str); 10] = [
        ("可以", "不得"),
        ("权利", "权益"),
        ("使用", "利用"),
        ("赔偿", "补偿"),
        ("应当", "可以"),
        ("及时", "立即"),
        ("违约", "毁约"),
        ("书面", "口头"),
        ("三年", "五年"),
        ("支付", "给付"),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/seeds");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not on this machine", folder.display());
        return;
    };
    let mut count = (0, 0);
    for entry in entries {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let text = text.replace(['&', '<', '|', '\r'], " ");
        let changed = WORDS.iter().fold(text.clone(), |text, (old, new)| text.replace(old, new));
        let file = |text: &str| {
            let lines = text.lines().map(|line| {
                format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>")
            });
            Package::read(&word(&lines.collect::<String>())).unwrap()
        };
        let (out, _, wrong) = wrong(&file(&text), &file(&changed));
        assert_eq!(wrong, None);
        count = sum(count, marks(&out));
    }
    println!("redlines of seeds: {} changes of {} characters", count.0, count.1);
}

fn marked(old: &str, new: &str) -> String {
    let paragraph =
        |text: &str| format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>");
    let read = |body: &str| {
        let body: String = body.split('|').map(paragraph).collect();
        Package::read(&word(&body)).unwrap()
    };
    let (out, _, wrong) = wrong(&read(old), &read(new));
    assert_eq!(wrong, None, "{old} -> {new}");
    let document = Document::read(&out, View::Marked).unwrap();
    document.text().trim_end().replace('\n', "|")
}

#[test]
fn numbers_amounts_and_terms_are_marked_whole() {
    let check = |old: &str, new: &str, want: &str| assert_eq!(marked(old, new), want);
    check(
        "uptime of 99.9% a month",
        "uptime of 99.5% a month",
        "uptime of [-99.9%-]{+99.5%+} a month",
    );
    check("费用为¥1,200.00元", "费用为¥1,300.00元", "费用为[-¥1,200.00元-]{+¥1,300.00元+}");
    check("应在三十日内付款", "应在四十五日内付款", "应在[-三十日-]{+四十五日+}内付款");
    check("on 2026-01-02.", "on 2026-01-03.", "on [-2026-01-02-]{+2026-01-03+}.");
    check(
        "the Customer Data is",
        "the Customer Input is",
        "the [-Customer Data-]{+Customer Input+} is",
    );
    check("The Vendor may", "The Vendor shall not", "The Vendor [-may-]{+shall not+}");
}

#[test]
fn chinese_is_not_torn_into_single_characters() {
    assert_eq!(
        marked("供应商可以使用客户数据训练模型", "供应商不得使用客户数据改进模型"),
        "供应商[-可以-]{+不得+}使用客户数据[-训练-]{+改进+}模型"
    );
}

#[test]
fn paragraphs_are_inserted_deleted_and_found_again() {
    let check = |old: &str, new: &str, want: &str| assert_eq!(marked(old, new), want);
    check("one|two", "one|and a half|two", "one|{+and a half+}|two");
    check("one|two|three", "one|three", "one|[-two-]|three");
    check("one|two", "one|two|three", "one|two|{+three+}");
    check("one|two", "one", "one|[-two-]");
    check("one", "zero|one", "{+zero+}|one");
    check("a b c d e f|x", "y|a b c d g f|x", "{+y+}|a b c d [-e-]{+g+} f|x");
}

/// The first clause goes behind the last; what is too short to be a move is not one.
const MOVED: (&str, &str) = (
    "The Vendor keeps all data secret for five years.|Left blank.|甲方应当在三十日内支付全部费用。|The end of it.",
    "甲方应当在三十日内支付全部费用。|The end of it.|The Vendor keeps all data secret for five years.|Left blank.|More.",
);

#[test]
fn a_paragraph_that_stands_elsewhere_is_moved_not_deleted() {
    let file = |text: &str| {
        let lines = text.split('|').map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>"));
        Package::read(&word(&lines.collect::<String>())).unwrap()
    };
    let (out, report, wrong) = wrong(&file(MOVED.0), &file(MOVED.1));
    assert_eq!(wrong, None);
    let moved: Vec<_> = report.changes.iter().filter(|one| one.moved).collect();
    assert_eq!(
        moved.iter().map(|one| (one.old, one.new)).collect::<Vec<_>>(),
        [(Some(1), Some(3))]
    );
    let kinds: Vec<Kind> = out.revisions().unwrap().iter().map(|one| one.kind).collect();
    let count = |kind| kinds.iter().filter(|known| **known == kind).count();
    assert_eq!((count(Kind::MoveFrom), count(Kind::MoveTo)), (1, 1));
    assert_eq!((count(Kind::Deletion), count(Kind::Insertion)), (1, 2));
    let xml = std::str::from_utf8(out.part("word/document.xml").unwrap()).unwrap();
    let names: Vec<&str> =
        xml.split("w:name=\"").skip(1).map(|x| &x[..x.find('"').unwrap()]).collect();
    assert_eq!((names.len(), names[0]), (2, names[1]));
    for accept in [true, false] {
        let left = resolved(&out, accept);
        let xml = std::str::from_utf8(left.part("word/document.xml").unwrap()).unwrap();
        assert!(!xml.contains("w:move"), "{xml}");
    }
}

#[test]
fn forms_with_moved_paragraphs_are_redlined_without_loss_here_and_in_libre_office() {
    let mut count = 0;
    let (mut files, mut want) = (Vec::new(), Vec::new());
    let mut versions: Vec<(String, Package, Package)> = Vec::new();
    for (index, path) in shared("forms").iter().enumerate() {
        let old = open(path);
        let new = moved(&old, &mut Dice(500 + index as u64), 8);
        versions.push((name(path), old, new));
    }
    let file = |text: &str| {
        let lines = text.split('|').map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>"));
        Package::read(&word(&lines.collect::<String>())).unwrap()
    };
    versions.push(("small".to_owned(), file(MOVED.0), file(MOVED.1)));
    for (at, (name, old, new)) in versions.iter().enumerate() {
        let (out, report, wrong) = wrong(old, new);
        assert_eq!((wrong, report.unmarked), (None, Vec::new()), "{name}");
        count += report.changes.iter().filter(|one| one.moved).count();
        if at % 6 == 0 || name == "small" {
            files.extend([out.write(), new.write(), old.write()]);
            want.push(name);
        }
    }
    println!("redlines with moves: {} files, {count} moves", versions.len());
    let Some(texts) = office::resolved(&files) else { return };
    // A paragraph whose mark went takes there the level of the one before it, moved or deleted.
    let words = |text: &str| {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ' ');
        let text = office::plain(text);
        let lines = text.lines().map(|line| line.trim_start_matches(digits).to_owned());
        lines.collect::<Vec<_>>().join("\n")
    };
    for (name, texts) in want.iter().zip(texts.chunks(3)) {
        assert_eq!(words(&texts[0].0), words(&texts[1].0), "{name} accepted");
        assert_eq!(words(&texts[0].1), words(&texts[2].0), "{name} rejected");
    }
}

#[test]
fn looks_stay_and_white_space_is_kept() {
    let body = |text: &str| {
        format!(
            "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">keep {text} end</w:t></w:r></w:p>"
        )
    };
    let (old, new) = (word(&body("old")), word(&body("new")));
    let (out, ..) = wrong(&Package::read(&old).unwrap(), &Package::read(&new).unwrap());
    let xml = std::str::from_utf8(out.part("word/document.xml").unwrap()).unwrap();
    assert!(xml.contains(
        "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">keep </w:t></w:r><w:del "
    ));
    assert!(
        xml.contains("<w:r><w:rPr><w:b/></w:rPr><w:delText xml:space=\"preserve\">old</w:delText>")
    );
    assert!(xml.contains("<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">new</w:t>"));
}

#[test]
fn a_version_with_changes_is_compared_in_its_final_view_and_said_so() {
    let change = "<w:p><w:r><w:t xml:space=\"preserve\">fee </w:t></w:r><w:del w:id=\"1\" w:author=\"A\"><w:r><w:delText>1</w:delText>\
        </w:r></w:del><w:ins w:id=\"2\" w:author=\"B\"><w:r><w:t>2</w:t></w:r></w:ins></w:p>";
    let old = Package::read(&word(change)).unwrap();
    let new = Package::read(&word("<w:p><w:r><w:t>fee 3</w:t></w:r></w:p>")).unwrap();
    let (out, report, wrong) = wrong(&old, &new);
    assert_eq!((report.old_revisions, report.new_revisions, wrong), (2, 0, None));
    assert!(out.revisions().unwrap().iter().all(|one| one.author == "Tester"));
}

#[test]
fn what_cannot_be_marked_gets_a_comment_and_a_line() {
    let boxed = |text: &str| {
        format!(
            "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>\
             </w:pict></w:r><w:r><w:t>beside</w:t></w:r></w:p>"
        )
    };
    let field = |text: &str| {
        format!(
            "<w:p><w:r><w:t xml:space=\"preserve\">page </w:t></w:r><w:fldSimple w:instr=\"PAGE\"><w:r><w:t>{text}</w:t></w:r>\
             </w:fldSimple></w:p>"
        )
    };
    let grid = |width: &str| {
        format!(
            "<w:tbl><w:tblGrid><w:gridCol w:w=\"{width}\"/></w:tblGrid><w:tr><w:tc><w:p><w:r>\
             <w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"
        )
    };
    let check = |old: String, new: String, what: What| {
        let old = Package::read(&word(&old)).unwrap();
        let (out, report) =
            redline(&old, &Package::read(&word(&new)).unwrap(), &compare()).unwrap();
        assert_eq!(report.unmarked.iter().map(|one| one.what).collect::<Vec<_>>(), [what]);
        let again = Package::read(&out.write()).unwrap();
        assert_eq!(again.comments().unwrap().len(), 1, "{what:?}");
        assert_eq!(text(&resolved(&again, false)), text(&old));
    };
    check(boxed("old"), boxed("new"), What::Box);
    check(field("7"), field("8"), What::Field);
    check(grid("100"), grid("200"), What::TableGrid);
}

#[test]
fn lists_and_styles_that_only_the_new_version_has_come_with_it() {
    use docx::build::{Block, Draft, Fonts, Numbers, Span, Style};
    let clause = |numbers, level, list, text: &str| {
        Block::Paragraph(Style::Clause { numbers, level, list }, vec![Span::text(text)])
    };
    let draft = |blocks: Vec<Block>| {
        let draft = Draft {
            fonts: Fonts::default(),
            blocks,
            header: vec![Span::text("head")],
            footer: Vec::new(),
            store: None,
            title: String::new(),
        };
        Package::read(&draft.build().write()).unwrap()
    };
    let (zh, en) = (Numbers::Chinese, Numbers::English);
    let old = draft(vec![clause(en, 0, 0, "Services"), clause(en, 1, 0, "The first words of it.")]);
    let new = draft(vec![
        clause(en, 0, 0, "Services"),
        clause(en, 1, 0, "The first new words of it."),
        clause(en, 1, 0, "Another."),
        clause(en, 0, 3, "An annex"),
        clause(zh, 0, 2, "附件"),
        clause(zh, 1, 2, "细则"),
    ]);
    for (a, b) in [(&old, &new), (&new, &old)] {
        let (_, report, wrong) = wrong(a, b);
        assert_eq!((wrong, report.unmarked), (None, Vec::new()));
    }
    let plain = Package::read(&word("<w:p><w:r><w:t>Services</w:t></w:r></w:p>")).unwrap();
    let (out, report, wrong) = wrong(&plain, &new);
    // A file without styles takes none, and its numbers are written out.
    assert!(!report.unmarked.is_empty() || wrong.is_none(), "{wrong:?}");
    assert!(text(&resolved(&out, true)).contains("An annex"));
}

#[test]
fn rows_are_inserted_and_deleted_whole() {
    let table = |rows: &[&str]| {
        let rows: String = rows
            .iter()
            .map(|text| {
                format!("<w:tr><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>")
            })
            .collect();
        Package::read(&word(&format!("<w:tbl>{rows}</w:tbl><w:p/>"))).unwrap()
    };
    let (out, _, wrong) = wrong(&table(&["a", "b", "c"]), &table(&["a", "c", "d"]));
    assert_eq!(wrong, None);
    let xml = std::str::from_utf8(out.part("word/document.xml").unwrap()).unwrap();
    assert_eq!(xml.matches("<w:trPr>").count(), 2);
}

#[test]
fn libre_office_opens_redlines_and_reads_both_sides() {
    let mut files = Vec::new();
    let mut want = Vec::new();
    for (index, path) in shared("forms").iter().enumerate().step_by(9) {
        let old = open(path);
        let new = later(&old, &mut Dice(900 + index as u64), 8);
        let (out, ..) = wrong(&old, &new);
        files.push(out.write());
        want.push(None);
        for package in [resolved(&out, true), new] {
            files.push(package.write());
            want.push(Some(package));
        }
    }
    if files.is_empty() {
        return;
    }
    let Some(texts) = office::texts(&files) else { return };
    for (at, texts) in texts.chunks(3).enumerate() {
        assert!(!texts[0].trim().is_empty());
        assert_eq!(office::plain(&texts[1]), office::plain(&texts[2]), "file {at}");
    }
}

#[test]
fn a_part_that_did_not_change_keeps_its_bytes() {
    for path in shared("forms").into_iter().step_by(9) {
        let old = open(&path);
        let (out, report) = redline(&old, &old, &compare()).unwrap();
        assert_eq!(report, Report::default());
        for part in old.parts() {
            assert_eq!(old.part(part), out.part(part), "{part}");
        }
    }
}
