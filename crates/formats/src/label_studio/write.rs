//! Writes tasks of images and texts, and the configuration that shows them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use annotation::{BoxRecord, Dataset, Item, LabelRecord, More, SpanRecord};

use crate::hold::pixels;
use crate::json::{JsonText, LIST, OBJECT};
use crate::share;
use crate::target::OutFile;
use crate::xml::escape;

/// A record of an item, whatever its kind.
enum Region<'a> {
    Box(&'a BoxRecord),
    Label(&'a LabelRecord),
    Span(&'a SpanRecord),
}

impl Region<'_> {
    fn more(&self) -> Option<&More> {
        match self {
            Self::Box(record) => record.more.as_deref(),
            Self::Label(record) => record.more.as_deref(),
            Self::Span(record) => record.more.as_deref(),
        }
    }

    fn author(&self) -> &str {
        self.more().map_or("", |more| more.author.as_str())
    }
}

/// Writes the tasks and the configuration.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let mut images: Vec<Vec<Region<'_>>> = dataset.images.iter().map(|_| Vec::new()).collect();
    let mut texts: Vec<Vec<Region<'_>>> = dataset.texts.iter().map(|_| Vec::new()).collect();
    for record in &dataset.boxes {
        if let Some(list) = images.get_mut(record.image as usize) {
            list.push(Region::Box(record));
        }
    }
    for record in &dataset.labels {
        let list = match record.item {
            Item::Image(at) => images.get_mut(at as usize),
            Item::Text(at) => texts.get_mut(at as usize),
            Item::Video(_) => None,
        };
        if let Some(list) = list {
            list.push(Region::Label(record));
        }
    }
    for record in &dataset.spans {
        if let Some(list) = texts.get_mut(record.text as usize) {
            list.push(Region::Span(record));
        }
    }
    let mut json = JsonText::default();
    json.open('[');
    let mut id = 0_u64;
    for (image, regions) in dataset.images.iter().zip(images) {
        id += 1;
        task_head(&mut json, id);
        json.within("data", OBJECT, |json| {
            json.text_field("image", &image.name);
            split(json, &image.split);
            if let Some((width, height)) = image.size {
                json.field("width", width);
                json.field("height", height);
            }
        });
        annotations(&mut json, dataset, regions, "image", image.size);
    }
    for (text, regions) in dataset.texts.iter().zip(texts) {
        id += 1;
        task_head(&mut json, id);
        json.within("data", OBJECT, |json| {
            json.text_field("text", &text.body);
            json.text_field("name", &text.name);
            split(json, &text.split);
        });
        annotations(&mut json, dataset, regions, "text", None);
    }
    json.close(']');
    vec![
        OutFile { name: "config.xml".to_owned(), bytes: config(dataset) },
        OutFile { name: "tasks.json".to_owned(), bytes: json.finish() },
    ]
}

fn task_head(json: &mut JsonText, id: u64) {
    json.next();
    json.open('{');
    json.field("id", id);
}

fn split(json: &mut JsonText, split: &str) {
    if !split.is_empty() {
        json.text_field("split", split);
    }
}

/// One annotation for each author, as several people label one task.
fn annotations(
    json: &mut JsonText,
    dataset: &Dataset,
    regions: Vec<Region<'_>>,
    to: &str,
    size: Option<(u32, u32)>,
) {
    let mut by_author: BTreeMap<String, Vec<Region<'_>>> = BTreeMap::new();
    for region in regions {
        by_author.entry(region.author().to_owned()).or_default().push(region);
    }
    json.within("annotations", LIST, |json| {
        for (author, regions) in by_author {
            json.next();
            json.open('{');
            if author.parse::<u32>().is_ok_and(|number| number.to_string() == author) {
                json.field("completed_by", &author);
            } else if !author.is_empty() {
                json.within("completed_by", OBJECT, |json| json.text_field("email", &author));
            }
            json.within("result", LIST, |json| {
                for (at, region) in (1_u64..).zip(&regions) {
                    write_region(json, dataset, region, (at, to), size);
                }
            });
            json.close('}');
        }
    });
    json.close('}');
}

fn write_region(
    json: &mut JsonText,
    dataset: &Dataset,
    region: &Region<'_>,
    (id, to): (u64, &str),
    size: Option<(u32, u32)>,
) {
    let class = |class: u32| dataset.classes.get(class as usize).map_or("", |class| &class.name);
    let head = |json: &mut JsonText, kind: &str, from: &str| {
        json.next();
        json.open('{');
        json.text_field("id", &format!("r{id}"));
        json.text_field("type", kind);
        json.text_field("from_name", from);
        json.text_field("to_name", to);
    };
    let names = |json: &mut JsonText, kind: &str, at: u32| {
        json.within(kind, LIST, |json| json.string(class(at)));
    };
    let score = match region {
        Region::Box(record) => {
            let Some((width, height)) = size else { return };
            head(json, "rectanglelabels", "boxes");
            json.field("original_width", width);
            json.field("original_height", height);
            json.field("image_rotation", 0);
            json.within("value", OBJECT, |json| {
                let rect = record.rect;
                let share = |value: i64, size: u32| {
                    share::text(100 * i128::from(value), i128::from(pixels(size)), size)
                };
                json.field("x", share(rect.x0, width));
                json.field("y", share(rect.y0, height));
                json.field("width", share(rect.x1 - rect.x0, width));
                json.field("height", share(rect.y1 - rect.y0, height));
                json.field("rotation", 0);
                names(json, "rectanglelabels", record.class);
            });
            record.score
        }
        Region::Label(record) => {
            head(json, "choices", "class");
            json.within("value", OBJECT, |json| names(json, "choices", record.class));
            record.score
        }
        Region::Span(record) => {
            head(json, "labels", "spans");
            json.within("value", OBJECT, |json| {
                json.field("start", record.start);
                json.field("end", record.end);
                let text = dataset.texts.get(record.text as usize).map_or("", |text| &text.body);
                let (from, count) = (record.start as usize, (record.end - record.start) as usize);
                let marked: String = text.chars().skip(from).take(count).collect();
                json.text_field("text", &marked);
                names(json, "labels", record.class);
            });
            record.score
        }
    };
    if let Some(score) = score {
        json.field("score", score);
    }
    json.close('}');
    for (name, value) in region.more().map_or(&[][..], |more| &more.attributes) {
        head(json, "textarea", name);
        json.within("value", OBJECT, |json| {
            json.within("text", LIST, |json| json.string(value.text()));
        });
        json.close('}');
    }
}

/// The configuration that shows these tasks: the classes, and a field for each attribute.
fn config(dataset: &Dataset) -> Vec<u8> {
    let mut text = String::from("<View>\n");
    let mut put = |part: std::fmt::Arguments<'_>| {
        text.write_fmt(part).expect("a text takes what is written");
    };
    let mut list = |outer: &str, from: &str, to: &str, inner: &str| {
        put(format_args!("  <{outer} name=\"{from}\" toName=\"{to}\">\n"));
        for class in &dataset.classes {
            put(format_args!("    <{inner} value=\"{}\"/>\n", escape(&class.name)));
        }
        put(format_args!("  </{outer}>\n"));
    };
    let (images, texts) = (!dataset.images.is_empty(), !dataset.texts.is_empty());
    if images {
        list("RectangleLabels", "boxes", "image", "Label");
    }
    if texts {
        list("Labels", "spans", "text", "Label");
    }
    if !dataset.labels.is_empty() {
        list("Choices", "class", if images { "image" } else { "text" }, "Choice");
    }
    let of_boxes = dataset.boxes.iter().filter_map(|record| record.more.as_deref());
    let of_labels = dataset.labels.iter().filter_map(|record| record.more.as_deref());
    let of_spans = dataset.spans.iter().filter_map(|record| record.more.as_deref());
    let all = of_boxes.chain(of_labels).chain(of_spans);
    let names: BTreeSet<&str> =
        all.flat_map(|more| &more.attributes).map(|(name, _)| name.as_str()).collect();
    let to = if images { "image" } else { "text" };
    for name in names {
        let name = escape(name);
        put(format_args!("  <TextArea name=\"{name}\" toName=\"{to}\" perRegion=\"true\"/>\n"));
    }
    if images {
        put(format_args!("  <Image name=\"image\" value=\"$image\"/>\n"));
    }
    if texts {
        put(format_args!("  <Text name=\"text\" value=\"$text\"/>\n"));
    }
    text.push_str("</View>\n");
    text.into_bytes()
}
