//! The five source documents: where they begin and end, how many clauses they have, what was cut.

use reading::{Reading, read};
use wording::WhyCut;

fn seed(start: &str) -> Option<Reading> {
    let folder = crate::shared("seeds")?;
    let path = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.to_string_lossy().contains(&format!("seeds/{start}_")))?;
    let bytes = std::fs::read(&path).expect("a readable seed");
    Some(read(&bytes, "seed.txt").expect("a seed reads"))
}

/// Which clauses stand at the top, how many blocks there are, whether the text breaks off.
#[track_caller]
fn check(start: &str, top: &[&str], blocks: usize, truncated: Option<&str>) {
    let Some(reading) = seed(start) else { return };
    let wording = &reading.wording;
    let tops: Vec<&str> = wording
        .blocks
        .iter()
        .filter(|block| block.depth == 0 && block.number.is_some())
        .map(|block| block.anchor.as_str())
        .collect();
    assert_eq!(tops, top, "{start}");
    assert_eq!(wording.blocks.len(), blocks, "{start}");
    let broken = wording.truncated.map(|at| wording.blocks[at].anchor.as_str());
    assert_eq!(broken, truncated, "{start}");
    assert_eq!(wording.title, Some(0), "{start}: the title comes first");
    let why: Vec<WhyCut> = wording.cut.iter().map(|cut| cut.why).collect();
    assert!(why.contains(&WhyCut::BeforeTitle) && why.contains(&WhyCut::AfterEnd), "{why:?}");
    assert!(!wording.text.contains("文档评论") && !wording.text.contains("book118"));
}

#[test]
fn the_training_agreement_has_eleven_articles() {
    let articles = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"];
    check("000", &articles, 64, None);
}

#[test]
fn the_lease_breaks_off_in_8_1() {
    check("001", &["1", "2", "3", "4", "5", "6", "7", "8"], 55, Some("8/8.1"));
}

#[test]
fn the_classification_agreement_breaks_off_in_chapter_seven() {
    check("002", &["一", "二", "三", "四", "五", "六", "七"], 36, Some("七/1"));
}

#[test]
fn the_annotation_contract_breaks_off_in_6_3() {
    check("003", &["1", "2", "3", "4", "5", "6"], 51, Some("6/6.3"));
}

#[test]
fn the_playbook_page_has_eight_clauses() {
    let Some(reading) = seed("004") else { return };
    let numbers: Vec<&str> =
        reading.wording.blocks.iter().filter_map(|block| block.number.as_deref()).collect();
    assert_eq!(numbers, ["01", "02", "03", "04", "05", "06", "07", "08"]);
    assert_eq!(reading.wording.cut, []);
}
