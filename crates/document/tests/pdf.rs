//! Printed documents: their bytes, what can be read out of them, and what names may hold.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use document::pdf::{self, CreditNoteSheet, InvoiceSheet, Place, PrintError};
use settlement::{CreditNote, Number};
use units::{Currency, Lang, Money};

use crate::sample;

const KINDS: [&str; 4] = ["annotation", "training", "lease", "classification"];

/// The text of a PDF by `pdftotext`; `None` where that is not installed.
fn text_of(bytes: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    file.as_file().write_all(bytes).expect("the file is written");
    let run = Command::new("pdftotext").arg(file.path()).arg("-").stdin(Stdio::null()).output();
    let Ok(run) = run else {
        println!("skipped: pdftotext is not installed (poppler-utils)");
        return None;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some(String::from_utf8(run.stdout).expect("UTF-8"))
}

/// The text without white space: where a line breaks is the layout's.
fn dense(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Everything stands in the text, in this order.
fn stands(text: &str, parts: &[&str]) {
    let text = dense(text);
    let mut from = 0;
    for part in parts {
        let part = dense(part);
        match text[from..].find(&part) {
            Some(at) => from += at + part.len(),
            None => panic!("{part:?} does not follow in {}", &text[from..]),
        }
    }
}

fn printed(sheet: &InvoiceSheet, lang: Lang) -> Vec<u8> {
    pdf::invoice(sheet, lang).expect("an invoice is printed")
}

/// Keeps a file to be looked at, in the folder that `KEEP_PDF` names.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("KEEP_PDF") {
        std::fs::write(Path::new(&folder).join(name), bytes).expect("the file is written");
    }
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    for lang in Lang::ALL {
        let sheet = sample::invoice("lease");
        let (first, second) = (printed(&sheet, lang), printed(&sheet, lang));
        assert!(first == second, "two prints differ");
        assert!(first.starts_with(b"%PDF-1."));
        assert!(first.len() < 300_000, "{} bytes", first.len());
    }
}

#[test]
fn every_kind_of_agreement_is_printed_in_both_languages() {
    for kind in KINDS {
        for lang in Lang::ALL {
            let sheet = sample::invoice(kind);
            let bytes = printed(&sheet, lang);
            keep(&format!("invoice-{kind}-{}.pdf", lang.code()), &bytes);
            let statement = pdf::statement(&sample::statement(kind), lang).expect("a statement");
            keep(&format!("statement-{kind}-{}.pdf", lang.code()), &statement);
            for bytes in [&bytes, &statement] {
                assert!(bytes.len() < 300_000, "{kind} {lang:?}: {} bytes", bytes.len());
                let Some(text) = text_of(bytes) else { continue };
                stands(&text, &[sheet.invoice.seller.name.as_str()]);
                stands(&text, &[sheet.invoice.buyer.name.as_str()]);
            }
        }
    }
}

#[test]
fn an_invoice_says_in_order_what_finance_looks_for() {
    let sheet = sample::invoice("lease");
    let root = "a5".repeat(32);
    if let Some(text) = text_of(&printed(&sheet, Lang::Zh)) {
        let parts = [
            "发票",
            "发票号码",
            "lease-2026-001-000003",
            "2026-04-10",
            "销售方（供应商）",
            "苍穹算力(武汉)有限公司",
            "统一社会信用代码",
            "91420111MA4F0RDW7D",
            "GPU 机时",
            "GPU·小时",
            "13 %",
            "价税合计",
            "应付",
            "人民币",
            "元",
            "4200 0000 5550 0177 021",
            "附件：计算过程",
            "lease-3.1.1",
            "gpu_seconds / 3600 * price",
            "计费 GPU 秒",
            "证据 e9 e10 e12",
            "证明",
            &root,
            "tally verify lease-2026-001.tally",
        ];
        stands(&text, &parts);
    }
    if let Some(text) = text_of(&printed(&sheet, Lang::En)) {
        let parts = [
            "Invoice",
            "lease-2026-001-000003",
            "Seller (vendor)",
            "苍穹算力(武汉)有限公司",
            "Quantity",
            "GPU-hours",
            "Net",
            "Payable",
            "Annex: workings",
            "gpu_seconds / 3600 * price",
            "Proofs",
            &root,
        ];
        stands(&text, &parts);
    }
}

#[test]
fn totals_stand_in_figures_and_in_words() {
    let sheet = sample::invoice("lease");
    let Some(zh) = text_of(&printed(&sheet, Lang::Zh)) else { return };
    let Some(en) = text_of(&printed(&sheet, Lang::En)) else { return };
    let words = &sheet.invoice.payable_words;
    stands(&zh, &[&format!("人民币{}", words.zh)]);
    stands(&en, &[&words.en]);
    let figure = sheet.invoice.payable.amount().to_string();
    for text in [zh, en] {
        assert!(dense(&text).replace(',', "").contains(&figure), "{figure} in {text}");
    }
}

#[test]
fn a_credit_note_says_what_it_takes_back_and_what_is_left() {
    let base = sample::invoice("lease");
    let gross = Money::new(120_000, Currency::Cny);
    let number = Number::new(&sample::id("lease-2026-001/CN"), 1);
    let reason = sample::id("objection");
    let issued = sample::day("2026-05-02");
    let note = CreditNote::issue(&base.invoice, &[], number, issued, reason, gross);
    let note = note.expect("a credit note");
    let left = base.invoice.gross.checked_sub(gross).expect("more than nothing is left");
    let InvoiceSheet { head, invoice, proofs, .. } = base;
    let sheet = CreditNoteSheet { head, note, invoice, earlier: Vec::new(), proofs };
    for lang in Lang::ALL {
        let bytes = pdf::credit_note(&sheet, lang).expect("a credit note is printed");
        keep(&format!("credit-note-{}.pdf", lang.code()), &bytes);
        let Some(text) = text_of(&bytes) else { continue };
        stands(&text, &["lease-2026-001/CN-000001", "lease-2026-001-000003", "1,200.00"]);
        assert!(dense(&text).replace(',', "").contains(&left.amount().to_string()));
    }
}

#[test]
fn names_are_data_and_never_code() {
    let names = [
        r##"#panic("x") $a^2$ *b* _c_ `d` <e> @f \ // /* [g] {h} "i" 'j' = - + 1. https://k.example"##,
        "\"]); #import \"/etc/passwd\" #let x = (",
        "Tab\there\nand a new line\u{2028}x",
    ];
    for name in names {
        let mut sheet = sample::invoice("annotation");
        sheet.invoice.seller.name = name.to_owned();
        sheet.head.vendor.name = name.to_owned();
        sheet.head.title.en = name.to_owned();
        let Some(text) = text_of(&printed(&sheet, Lang::En)) else { return };
        stands(&text, &[name]);
    }
}

#[test]
fn signs_that_hide_or_turn_text_are_shown() {
    let mut sheet = sample::invoice("annotation");
    sheet.invoice.buyer.name = "Good\u{202E}moc.live\u{202C} \u{200B}Ltd\u{0000}\u{0007}".into();
    let Some(text) = text_of(&printed(&sheet, Lang::En)) else { return };
    stands(&text, &["Good[U+202E]moc.live[U+202C] [U+200B]Ltd[U+0000][U+0007]"]);
}

#[test]
fn a_character_that_no_font_has_is_named_with_its_place() {
    type Put = fn(&mut InvoiceSheet, char);
    let rows: [(char, Place, Put); 4] = [
        ('\u{10FFFD}', Place::Seller, |sheet, c| sheet.invoice.seller.name.push(c)),
        ('\u{E000}', Place::Buyer, |sheet, c| sheet.invoice.buyer.address.push(c)),
        ('\u{1F9FF}', Place::Payment, |sheet, c| sheet.invoice.account.holder.push(c)),
        ('\u{12000}', Place::Heading, |sheet, c| sheet.head.title.zh.push(c)),
    ];
    for (character, place, put) in rows {
        let mut sheet = sample::invoice("lease");
        put(&mut sheet, character);
        match pdf::invoice(&sheet, Lang::Zh) {
            Err(PrintError::Character { character: found, place: at, text }) => {
                assert_eq!((found, at), (character, place));
                assert!(text.contains(character), "{text:?}");
            }
            other => panic!("{character:?}: {:?}", other.map(|bytes| bytes.len())),
        }
    }
}

#[test]
fn very_long_names_stay_on_the_page() {
    for name in ["W".repeat(2_000), "长".repeat(2_000), "ab ".repeat(700)] {
        let mut sheet = sample::invoice("annotation");
        sheet.invoice.buyer.name = name.clone();
        let bytes = printed(&sheet, Lang::Zh);
        keep(&format!("long-{}.pdf", name.chars().next().unwrap_or('x')), &bytes);
        let Some(text) = text_of(&bytes) else { return };
        let letter = name.chars().next().expect("a name is not empty");
        let kept = text.chars().filter(|found| *found == letter).count();
        assert!(kept >= name.chars().filter(|found| *found == letter).count(), "{kept}");
    }
}

#[test]
fn five_hundred_lines_are_all_there_under_a_head_on_every_page() {
    let sheet = sample::long_invoice(500);
    let bytes = printed(&sheet, Lang::Zh);
    keep("long-table.pdf", &bytes);
    let Some(text) = text_of(&bytes) else { return };
    let dense = dense(&text);
    for at in [0, 249, 499] {
        assert!(dense.contains(&format!("cluster-{at}")), "line {at}");
    }
    assert!(text.matches("金额（不含税）").count() > 8, "the head is repeated");
}

#[test]
fn a_rehearsal_and_a_draft_say_so_on_every_page() {
    let mut sheet = sample::statement("annotation");
    sheet.head.rehearsal = true;
    sheet.proofs.recorded = None;
    for (lang, marks) in [(Lang::Zh, ["演练", "草稿"]), (Lang::En, ["REHEARSAL", "DRAFT"])] {
        let bytes = pdf::statement(&sheet, lang).expect("a statement is printed");
        keep(&format!("rehearsal-{}.pdf", lang.code()), &bytes);
        let Some(text) = text_of(&bytes) else { return };
        let pages = text.matches('\u{c}').count();
        assert!(pages > 1);
        for mark in marks {
            assert!(text.matches(mark).count() >= pages, "{mark} on {pages} pages");
        }
    }
}
