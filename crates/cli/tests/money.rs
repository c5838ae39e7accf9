//! Invoices and credit notes as files with the real binary: issued under numbers without gaps,
//! printed at once and again later, and read back as a reader of the PDF would.

use std::fs;

use crate::commands::Place;

const ID: &str = "lease-2026-001";
const JOBS: &str = "JobID|State|Start|End|ElapsedRaw|AllocTRES|NodeList\n\
    101|COMPLETED|2026-01-05T08:00:00|2026-01-05T18:00:00|36000|gres/gpu=8,node=1|node1\n";

/// A lease whose first month is invoiced.
fn invoiced() -> Place {
    let mut place = Place::empty();
    fs::write(place.path("sacct.txt"), JOBS).expect("a file");
    place.at("2026-01-04T09:00:00+08:00");
    place.done("init --rehearsal --name test");
    place.done("key new --name customer.example --out c.key");
    place.done("key new --name vendor.example --out v.key");
    place.done("new --kind lease --out a.toml");
    place.done("new a.toml");
    place.done(&format!("sign {ID} --as vendor --by Zhou --key v.key"));
    place.done(&format!("sign {ID} --as customer --by Shen --key c.key"));
    place.at("2026-02-02T09:00:00+08:00");
    place.done(&format!("import {ID} sacct.txt --by slurm --zone Asia/Shanghai"));
    place.done(&format!("settle {ID} 2026-01 --submit --by Zhou"));
    place.done(&format!("approve {ID} 2026-01 --by Shen"));
    place.done(&format!("invoice {ID} 2026-01 --by Zhou --pdf invoice.pdf"));
    place
}

#[test]
fn a_credit_note_is_printed_when_issued_and_again_later() {
    let place = invoiced();
    place.done(&format!(
        "credit-note {ID} 1 --amount 1130.00 --reason error --by Zhou --pdf note.pdf"
    ));
    let again = format!("print {ID} credit-note:1 again.pdf");
    place.done(&again);
    let (first, second) = (place.bytes("note.pdf"), place.bytes("again.pdf"));
    assert!(first.starts_with(b"%PDF-"));
    let read = place.text_of("note.pdf");
    assert_eq!(read, place.text_of("again.pdf"));
    for part in ["lease-2026-001/CN-000001", "lease-2026-001-000001", "1,130.00", "1,000.00"] {
        assert!(read.contains(part), "{part} is not in {read}");
    }
    assert_eq!(first, second, "the same credit note is the same file");
    for (document, file) in [("invoice:1", "i.pdf"), ("statement:2026-01", "s.pdf")] {
        place.done(&format!("print {ID} {document} {file}"));
        assert!(place.text_of(file).contains(ID));
    }
}

#[test]
fn what_was_never_issued_is_not_printed() {
    let place = invoiced();
    for (document, code) in [
        ("credit-note:1", 1),
        ("invoice:2", 1),
        ("statement:2026-02", 1),
        ("credit-note", 3),
        ("receipt:1", 3),
        ("invoice:one", 3),
    ] {
        let output = place.run(&format!("print {ID} {document} none.pdf"));
        assert_eq!(output.status.code(), Some(code), "{document}");
        assert!(!place.path("none.pdf").exists(), "{document}");
    }
    let much =
        place.run(&format!("credit-note {ID} 1 --amount 999999999.00 --reason error --by Z"));
    assert_eq!(much.status.code(), Some(1), "more than the invoice is never credited");
}
