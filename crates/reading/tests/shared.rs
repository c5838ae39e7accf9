//! Real files of vendors, of CUAD and of form makers: how many clauses, which stand at the top.

use reading::{Reading, read};

fn open(path: &str) -> Option<Reading> {
    let file = crate::shared(path)?;
    Some(read(&std::fs::read(&file).expect("readable"), path).expect("it reads"))
}

/// The numbers at the top, and how many numbered blocks there are in all.
#[track_caller]
fn check(path: &str, top: &[&str], numbered: usize) {
    let Some(reading) = open(path) else { return };
    let wording = &reading.wording;
    let blocks = || wording.blocks.iter().filter(|block| block.number.is_some());
    let tops: Vec<&str> = blocks()
        .filter(|block| !block.anchor.contains('/'))
        .map(|block| block.anchor.as_str())
        .collect();
    assert_eq!(tops, top, "{path}");
    assert_eq!(blocks().count(), numbered, "{path}");
}

#[test]
fn lettered_commercial_terms_have_their_thirteen_sections() {
    let letters = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M"];
    check("vendor-terms/contrib/Claude.ai/Commercial Terms.md", &letters, 66);
}

#[test]
fn nested_lists_of_a_standard_form_are_its_sections() {
    let sections = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];
    check("vendor-terms/common-paper/CSA.md", &sections, 120);
}

#[test]
fn chinese_terms_have_their_chapters() {
    let sections: Vec<String> = (1..=14).map(|number| number.to_string()).collect();
    let sections: Vec<&str> = sections.iter().map(String::as_str).collect();
    check("vendor-terms/contrib/Doubao/Terms of Service.md", &sections, 139);
}

#[test]
fn a_word_form_has_the_numbers_that_word_computes() {
    let Some(reading) = open(
        "docx/forms/common-paper-cc-by-4.0/common-paper-cloud-service-agreement-template.docx",
    ) else {
        return;
    };
    let wording = reading.wording;
    let eight = wording.blocks.iter().position(|block| block.anchor == "8").expect("section 8");
    assert!(wording.body(eight).starts_with("Limitation"), "{}", wording.block(eight));
}

#[test]
fn every_shared_contract_reads_and_its_anchors_are_unique() {
    for folder in ["vendor-terms", "cuad/contracts", "docx/forms"] {
        let Some(root) = crate::shared(folder) else { return };
        let mut open = vec![root];
        let mut count = 0;
        while let Some(path) = open.pop() {
            if path.is_dir() {
                let entries = std::fs::read_dir(&path).expect("a folder");
                open.extend(entries.filter_map(|entry| entry.ok().map(|entry| entry.path())));
                continue;
            }
            let name = path.to_string_lossy().into_owned();
            let known = [".md", ".txt", ".docx"].iter().any(|end| name.ends_with(end));
            // Every fourth file: the rest is of the same kinds.
            count += 1;
            if !known || count % 4 != 0 {
                continue;
            }
            let reading = read(&std::fs::read(&path).expect("readable"), &name).expect(&name);
            let blocks = &reading.wording.blocks;
            let mut anchors: Vec<&str> = blocks.iter().map(|block| block.anchor.as_str()).collect();
            anchors.sort_unstable();
            anchors.dedup();
            assert_eq!(anchors.len(), blocks.len(), "{name}");
            assert!(blocks.iter().all(|block| block.depth < 24), "{name}");
        }
    }
}
