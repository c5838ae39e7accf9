//! What was found in a dataset before anybody trains on it, as a paper with pictures of the images
//! that are doubtful. Serves train-2.1.
//!
//! Looks at no image itself: the caller hands over what was found, and the pictures.

use units::{Date, Lang};

use crate::paper::{Paper, Part, Picture, Writer};
use crate::words::Words;

/// Images that are the same, or look alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The images.
    pub pictures: Vec<Picture>,
    /// What is said of them, in one sentence.
    pub said: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetFacts {
    /// What the dataset is called.
    pub name: String,
    /// The day of the report.
    pub day: Date,
    /// Images that can be read.
    pub images: u64,
    /// SHA-256 of the dataset in hexadecimal digits.
    pub digest: String,
    /// By class: images to learn from, to choose by, to judge by.
    pub classes: Vec<(String, [u64; 3])>,
    /// What is said of it, sentence by sentence.
    pub remarks: Vec<String>,
    /// Files that cannot be read, with the reason.
    pub troubles: Vec<(String, String)>,
    /// Images that are there more than once, the worst first.
    pub alike: Vec<Alike>,
    /// Images whose files say where they were taken.
    pub located: Vec<String>,
}

/// The report as a paper.
#[must_use]
pub fn paper(facts: &DatasetFacts, lang: Lang) -> Paper {
    let title = match lang {
        Lang::Zh => "图片数据集检查报告",
        Lang::En => "Check of a dataset of images",
    };
    Paper {
        title: title.to_owned(),
        name: facts.name.clone(),
        ident: "dataset",
        day: facts.day,
        parts: parts(facts, lang),
    }
}

fn parts(facts: &DatasetFacts, lang: Lang) -> Vec<Part> {
    let (mut own, words) = (Writer::new(lang), Words::new(lang));
    let label = |zh: &'static str, en: &'static str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    own.facts(vec![
        (label("日期", "Date"), words.date(facts.day)),
        (label("可读的图片", "Images that can be read"), words.count(facts.images)),
        (label("类别", "Classes"), words.count(facts.classes.len() as u64)),
        ("SHA-256".to_owned(), facts.digest.clone()),
    ]);
    for remark in &facts.remarks {
        own.parts.push(Part::Text { text: remark.clone() });
    }
    own.heading("各类数量", "Images by class");
    let row = |(class, parts): &(String, [u64; 3])| {
        [vec![class.clone()], parts.map(|count| words.count(count)).to_vec()].concat()
    };
    own.table(
        &[
            ("类别", "Class", false),
            ("训练", "Train", true),
            ("验证", "Validation", true),
            ("测试", "Test", true),
        ],
        facts.classes.iter().map(row).collect(),
    );
    let all = facts.classes.iter().map(|(class, parts)| (class.clone(), parts.iter().sum()));
    own.bars(all.collect(), |count| words.count(count));
    if !facts.troubles.is_empty() {
        own.heading("无法读取", "Files that cannot be read");
        let rows = facts.troubles.iter().map(|(name, why)| vec![name.clone(), why.clone()]);
        own.table(&[("文件", "File", false), ("原因", "Reason", false)], rows.collect());
    }
    if !facts.alike.is_empty() {
        own.heading("重复与相似", "The same, and alike");
        for alike in &facts.alike {
            own.parts.push(Part::Text { text: alike.said.clone() });
            own.parts.push(Part::Pictures { rows: alike.pictures.clone() });
        }
    }
    if !facts.located.is_empty() {
        own.heading("记有拍摄地点的图片", "Images that say where they were taken");
        let rows = facts.located.iter().map(|name| vec![name.clone()]).collect();
        own.table(&[("文件", "File", false)], rows);
    }
    own.parts
}
