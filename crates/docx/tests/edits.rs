//! New versions of real documents: words, paragraphs and rows changed in the XML itself, so that
//! the engine under test has no part in making them.

use docx::Package;

use crate::world::archive;

/// A small generator of numbers; the same seed gives the same edits.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most.max(1)
    }
}

/// A later version of a file with `count` edits of its running text.
pub(crate) fn later(package: &Package, dice: &mut Dice, count: usize) -> Package {
    let name = package.document().to_owned();
    let mut xml = String::from_utf8(package.part(&name).unwrap().to_vec()).unwrap();
    for _ in 0..count {
        xml = match dice.below(6) {
            0 => without(&xml, "w:p", dice),
            1 => twice(&xml, "w:p", dice),
            2 if dice.below(3) == 0 => without(&xml, "w:tr", dice),
            2 => twice(&xml, "w:tr", dice),
            _ => words(&xml, dice),
        };
    }
    with(package, &name, xml.as_bytes())
}

/// A later version of a file in which paragraphs of its running text stand elsewhere.
pub(crate) fn moved(package: &Package, dice: &mut Dice, count: usize) -> Package {
    let name = package.document().to_owned();
    let mut xml = String::from_utf8(package.part(&name).unwrap().to_vec()).unwrap();
    for _ in 0..count {
        let all = elements(&xml, "w:p");
        let Some(&(from, to)) = all.get(dice.below(all.len())) else { break };
        let table = |at: usize| {
            xml[..at].matches("<w:tbl>").count() != xml[..at].matches("</w:tbl>").count()
        };
        let target = all[dice.below(all.len())].1;
        if table(from) || table(target) || (from..to).contains(&target) || target == to {
            continue;
        }
        let paragraph = &xml[from..to];
        xml = if target < from {
            [&xml[..target], paragraph, &xml[target..from], &xml[to..]].concat()
        } else {
            [&xml[..from], &xml[to..target], paragraph, &xml[target..]].concat()
        };
    }
    with(package, &name, xml.as_bytes())
}

/// The same package with another part.
fn with(package: &Package, name: &str, bytes: &[u8]) -> Package {
    let parts: Vec<(&str, &[u8])> = package
        .parts()
        .map(|part| (part, if part == name { bytes } else { package.part(part).unwrap() }))
        .collect();
    Package::read(&archive(&parts)).unwrap()
}

/// The places of elements that hold no other of their name and nothing that must stay whole.
fn elements(xml: &str, name: &str) -> Vec<(usize, usize)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = xml[at..].find(&open).map(|start| start + at) {
        at = start + open.len();
        if !xml[at..].starts_with([' ', '>']) {
            continue;
        }
        let Some(end) = xml[start..].find(&close).map(|end| start + end + close.len()) else {
            break;
        };
        let inner = &xml[at..end];
        let whole =
            ["<w:sectPr", "w:fldChar", "w:drawing", "w:pict", "bookmark", "<w:sdt", "w:br "];
        if !inner.contains(&format!("{open} "))
            && !inner.contains(&format!("{open}>"))
            && !whole.iter().any(|mark| inner.contains(mark))
        {
            found.push((start, end));
        }
    }
    found
}

fn without(xml: &str, name: &str, dice: &mut Dice) -> String {
    let all = elements(xml, name);
    let Some(&(from, to)) = all.get(dice.below(all.len())) else { return xml.to_owned() };
    // The last paragraph of a cell and the last row of a table stay.
    let last = ["</w:tc>", "</w:tbl>", "</w:txbxContent>", "</w:sdtContent>"];
    let first = ["</w:tcPr>", "<w:tc>", "</w:tblGrid>", "<w:txbxContent>", "<w:sdtContent>"];
    if last.iter().any(|end| xml[to..].trim_start().starts_with(end))
        && first.iter().any(|start| xml[..from].trim_end().ends_with(start))
        || xml[to..].trim_start().starts_with("</w:tc>")
    {
        return xml.to_owned();
    }
    format!("{}{}", &xml[..from], &xml[to..])
}

fn twice(xml: &str, name: &str, dice: &mut Dice) -> String {
    let all = elements(xml, name);
    let Some(&(from, to)) = all.get(dice.below(all.len())) else { return xml.to_owned() };
    let mut copy = xml[from..to].to_owned();
    for _ in 0..3 {
        copy = words(&copy, dice);
    }
    let (_, target) = all[dice.below(all.len())];
    let target = if name == "w:tr" { to } else { target };
    format!("{}{copy}{}", &xml[..target], &xml[target..])
}

/// Changes, deletes or inserts words in one text element.
fn words(xml: &str, dice: &mut Dice) -> String {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(start) = xml[at..].find("<w:t").map(|start| start + at) {
        at = start + 4;
        let Some(open) = xml[start..].find('>').map(|end| start + end) else { break };
        let plain = xml[at..].starts_with([' ', '>']) && !xml[..open].ends_with('/');
        if plain && let Some(end) = xml[open..].find("</w:t>").map(|end| open + end) {
            all.push((open + 1, end));
        }
    }
    let Some(&(from, to)) = all.get(dice.below(all.len())) else { return xml.to_owned() };
    // Fields are not text of their own.
    let field = xml[..from].rfind("w:fldCharType=\"").map(|at| &xml[at + 15..at + 18]);
    if field.is_some_and(|kind| kind != "end") || xml[from..to].contains('&') {
        return xml.to_owned();
    }
    let mut words: Vec<String> = xml[from..to].split(' ').map(str::to_owned).collect();
    let place = dice.below(words.len());
    match dice.below(4) {
        0 => {
            words[place] =
                ["99.9%", "thirty (30)", "三十日", "¥1,250,000.00"][dice.below(4)].to_owned()
        }
        1 => words.insert(place, "expressly".to_owned()),
        2 => {
            words.remove(place);
        }
        _ => words[place].push_str("ing"),
    }
    format!("{}{}{}", &xml[..from], words.join(" "), &xml[to..])
}
