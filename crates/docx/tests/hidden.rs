//! Changes without a tracked change are found; tracked ones are none.

use docx::{Compare, Package, hidden, redline};

use crate::edits::{Dice, later};
use crate::world::{shared, word};

fn read(body: &str) -> Package {
    Package::read(&word(body)).unwrap()
}

#[test]
fn only_what_was_not_tracked_is_found() {
    let sent =
        read("<w:p><w:r><w:t>fee 100</w:t></w:r></w:p><w:p><w:r><w:t>term 12</w:t></w:r></w:p>");
    let check = |back: &str, want: &[(&str, &str)]| {
        let found = hidden(&sent, &read(back)).unwrap();
        let found: Vec<(&str, &str)> =
            found.iter().map(|h| (h.was.as_str(), h.is.as_str())).collect();
        assert_eq!(found, want, "{back}");
    };
    let tracked = "<w:p><w:r><w:t xml:space=\"preserve\">fee </w:t></w:r>\
        <w:del w:id=\"1\"><w:r><w:delText>100</w:delText></w:r></w:del>\
        <w:ins w:id=\"2\"><w:r><w:t>90</w:t></w:r></w:ins></w:p>";
    let term = |months: &str| format!("<w:p><w:r><w:t>term {months}</w:t></w:r></w:p>");
    check(&format!("{tracked}{}", term("12")), &[]);
    check(&format!("{tracked}{}", term("24")), &[("term 12", "term 24")]);
    check(tracked, &[("term 12", "")]);
    let added = format!("{tracked}{}<w:p><w:r><w:t>and more</w:t></w:r></w:p>", term("12"));
    check(&added, &[("", "and more")]);
}

#[test]
fn a_redline_hides_nothing_and_a_silent_edit_of_it_is_found() {
    for (index, path) in shared("forms").iter().enumerate().step_by(8) {
        let old = Package::read(&std::fs::read(path).unwrap()).unwrap();
        let mut dice = Dice(index as u64);
        let new = later(&old, &mut dice, 5);
        let (out, report) = redline(&old, &new, &Compare::default()).unwrap();
        assert_eq!(hidden(&old, &out).unwrap(), [], "{path:?}");
        if !report.changes.is_empty() {
            assert!(!hidden(&old, &new).unwrap().is_empty(), "{path:?}");
        }
    }
}
