//! Label Studio JSON: tasks of images and texts with their annotations, beside the labelling
//! configuration that they need. Serves anno-3.5 (delivery). Places are percent of the image.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use annotation::json::{JsonError, Scanner};
use annotation::{
    BoxRecord, Dataset, Findings, Item, LabelRecord, Loss, More, Node, Problem, SpanRecord, Value,
};

use crate::build::{Builder, box_of};
use crate::hold::{Attributes, BOXES, Holds, pixels};
use crate::json::{JsonText, LIST, OBJECT};
use crate::record::{Bad, broken, coordinate, next, place, report};
use crate::share;
use crate::source::Source;
use crate::target::OutFile;
use crate::xml::escape;

pub(crate) const HOLDS: Holds = Holds {
    image_labels: true,
    texts: true,
    text_labels: true,
    spans: true,
    score: true,
    attributes: Attributes::Text,
    author: true,
    inside: true,
    ..BOXES
};

/// Reads the tasks; the classes first in the order of the configuration, where it is there.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    let config = source.names().iter().find(|name| name.ends_with("config.xml")).cloned();
    if let Some(bytes) = config.and_then(|name| source.bytes(&name)) {
        configured(&bytes, build);
    }
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let mut found = Findings::new(&source.shown(name), build.limits);
        if let Err(error) = file(&bytes, build, &mut found) {
            report(&mut found, "", broken(error, build.limits, false));
        }
        build.note(found, &bytes);
    }
}

/// The values of `Label` and `Choice` in the order of the configuration.
fn configured(bytes: &[u8], build: &mut Builder<'_>) {
    use quick_xml::XmlVersion;
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(bytes);
    while let Ok(event) = reader.read_event() {
        let (Event::Start(tag) | Event::Empty(tag)) = event else {
            if matches!(event, Event::Eof) {
                return;
            }
            continue;
        };
        if !matches!(tag.name().as_ref(), "Label" | "Choice") {
            continue;
        }
        if let Ok(Some(value)) = tag.try_get_attribute("value")
            && let Ok(value) = value.normalized_value(XmlVersion::Implicit1_0)
        {
            build.class(&value);
        }
    }
}

fn file(bytes: &[u8], build: &mut Builder<'_>, found: &mut Findings) -> Result<(), JsonError> {
    let mut scanner = Scanner::new(bytes, build.limits.depth);
    scanner.begin_array()?;
    let (mut first, mut index) = (true, 0_u64);
    while scanner.next_element(&mut first)? {
        let before = format!("/{index}");
        let here = place(scanner.at, &before);
        if build.full(found, &here) {
            return Ok(());
        }
        if let Some(node) = next(&mut scanner, build.limits, found, &before)?
            && let Err(bad) = task(&node, &before, build, found)
        {
            report(found, &before, bad);
        }
        index += 1;
    }
    scanner.end()
}

fn task(
    node: &Node<'_>,
    before: &str,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let data = node.get("data").ok_or_else(|| Bad::missing(node, "/data"))?;
    let text = |key: &str| data.get(key).and_then(Node::text);
    let split = text("split").unwrap_or_default();
    let item = if let Some(image) = text("image").or_else(|| text("img")) {
        let (at, image) = build.image(image);
        split.clone_into(&mut image.split);
        let side = |key: &str| u32::try_from(data.get(key)?.whole()?).ok();
        image.size = image.size.or_else(|| side("width").zip(side("height")));
        Item::Image(at)
    } else if let Some(body) = text("text") {
        let number = node.get("id").and_then(Node::name).unwrap_or(before);
        let (at, one) = build.text(text("name").unwrap_or(number));
        body.clone_into(&mut one.body);
        split.clone_into(&mut one.split);
        Item::Text(at)
    } else {
        build.losses.add(Loss::OtherKind, || format!("{before}/data"));
        return Ok(());
    };
    let mut lists =
        [("annotations", node.get("annotations")), ("predictions", node.get("predictions"))];
    if lists[0].1.is_some_and(|list| !list.list().is_empty()) {
        lists[1].1 = None;
    }
    for (name, list) in lists {
        for (at, one) in list.map_or(&[][..], Node::list).iter().enumerate() {
            let before = format!("{before}/{name}/{at}");
            if one.get("was_cancelled").and_then(Node::flag) == Some(true) {
                build.losses.add(Loss::OtherKind, || before.clone());
                continue;
            }
            annotation(one, item, &before, build, found);
        }
    }
    Ok(())
}

fn author(node: &Node<'_>) -> String {
    let by = node.get("completed_by");
    let by = by.and_then(|by| by.name().or_else(|| by.get("email")?.text()));
    by.unwrap_or_default().to_owned()
}

fn annotation(
    node: &Node<'_>,
    item: Item,
    before: &str,
    build: &mut Builder<'_>,
    found: &mut Findings,
) {
    let results = node.get("result").map_or(&[][..], Node::list);
    let author = author(node);
    // What is said of a region stands in results of its own that have the region's id.
    let mut said: BTreeMap<&str, Vec<(String, Value)>> = BTreeMap::new();
    let mut regions: BTreeSet<&str> = BTreeSet::new();
    let id = |node: &Node<'_>| -> String {
        node.get("id").and_then(Node::name).unwrap_or_default().to_owned()
    };
    let ids: Vec<String> = results.iter().map(id).collect();
    for (node, id) in results.iter().zip(&ids) {
        match node.get("type").and_then(Node::text) {
            Some("textarea") => {
                let texts = node.get("value").and_then(|value| value.get("text"));
                let value =
                    texts.and_then(|texts| texts.text().or_else(|| texts.list().first()?.text()));
                let name = node.get("from_name").and_then(Node::text).unwrap_or_default();
                let value = Value::Text(value.unwrap_or_default().to_owned());
                said.entry(id).or_default().push((name.to_owned(), value));
            }
            _ => {
                regions.insert(id);
            }
        }
    }
    for (at, (node, id)) in results.iter().zip(&ids).enumerate() {
        let before = format!("{before}/result/{at}");
        let own = said.get(id.as_str()).cloned().unwrap_or_default();
        let more = More { author: author.clone(), attributes: own, ..More::default() };
        if node.get("type").and_then(Node::text) == Some("textarea") {
            if !regions.contains(id.as_str()) {
                build.losses.add(Loss::Caption, || before.clone());
            }
            continue;
        }
        if let Err(bad) = result(node, item, more, &before, build, found) {
            report(found, &before, bad);
        }
    }
}

fn result(
    node: &Node<'_>,
    item: Item,
    more: More,
    before: &str,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let kind = node.get("type").and_then(Node::text).unwrap_or_default();
    let value = node.get("value").ok_or_else(|| Bad::missing(node, "/value"))?;
    let score = node.get("score").and_then(Node::float);
    let names: Vec<&str> =
        value.get(kind).map_or(&[][..], Node::list).iter().filter_map(Node::text).collect();
    match (kind, item) {
        ("rectanglelabels", Item::Image(image)) => {
            if value.get("rotation").and_then(Node::float).is_some_and(|angle| angle != 0.0) {
                build.losses.add(Loss::Rotation, || before.to_owned());
                return Ok(());
            }
            let side = |key: &str| u32::try_from(node.get(key)?.whole()?).ok().filter(|s| *s > 0);
            let stated = side("original_width").zip(side("original_height"));
            let known = build.dataset.images.get_mut(image as usize);
            let size = known.and_then(|known| {
                known.size = known.size.or(stated);
                stated.or(known.size)
            });
            let (width, height) =
                size.ok_or_else(|| Bad::new(Problem::UnknownSize, node.at, "/original_width"))?;
            let read = |key: &str| {
                let field = format!("/value/{key}");
                let node = value.get(key).ok_or_else(|| Bad::missing(value, &field))?;
                let text = node.number().ok_or_else(|| Bad::wrong(node, &field, "a number"))?;
                share::parse(text).map_err(|error| coordinate(error, node, &field))
            };
            let (x, y, w, h) = (read("x")?, read("y")?, read("width")?, read("height")?);
            let ([x0, x1], [y0, y1]) = (share::percent(x, w, width), share::percent(y, h, height));
            let label =
                names.first().ok_or_else(|| Bad::missing(value, "/value/rectanglelabels"))?;
            let class = build.class(label);
            let record = BoxRecord { score, more: more.boxed(), ..box_of(image, class) };
            build.put(found, place(node.at, &format!("{before}/value")), [x0, y0, x1, y1], record);
        }
        ("labels", Item::Text(text)) => {
            let offset = |key: &str| {
                let node =
                    value.get(key).ok_or_else(|| Bad::missing(value, &format!("/value/{key}")))?;
                let number = node.whole().or_else(|| node.text()?.parse().ok());
                number.ok_or_else(|| Bad::wrong(node, &format!("/value/{key}"), "a whole number"))
            };
            let (start, end) = (offset("start")?, offset("end")?);
            let length =
                build.dataset.texts.get(text as usize).map_or(0, |text| text.body.chars().count());
            if end < start || end > length as u64 {
                return Err(Bad::new(Problem::BadRange, value.at, "/value"));
            }
            for name in names {
                let (class, more) = (build.class(name), more.clone().boxed());
                build.dataset.spans.push(SpanRecord { text, class, start, end, score, more });
            }
        }
        ("choices", _) => {
            for name in names {
                let (class, more) = (build.class(name), more.clone().boxed());
                build.dataset.labels.push(LabelRecord { item, class, score, more });
            }
        }
        (kind, _) => {
            let loss = match kind {
                "polygonlabels" | "polygon" => Loss::Polygon,
                "brushlabels" | "brush" => Loss::Mask,
                "keypointlabels" | "keypoint" => Loss::Keypoints,
                _ => Loss::OtherKind,
            };
            build.losses.add(loss, || before.to_owned());
        }
    }
    Ok(())
}

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
