//! Datumaro's own JSON: a file for each part, in `annotations`. Serves anno-3.5 (delivery).

use annotation::json::{JsonError, Scanner};
use annotation::{
    BoxRecord, Dataset, Findings, Item, LabelRecord, Loss, More, Node, Role, Value, stem,
};

use crate::build::{Builder, box_of};
use crate::hold::{ALL, Attributes, BOXES, Crowd, Holds, Tracks};
use crate::json::{JsonText, LIST, OBJECT};
use crate::record::{Bad, broken, micros, next, place, report};
use crate::source::Source;
use crate::target::{OutFile, safe, splits};
use crate::value;

pub(crate) const HOLDS: Holds = Holds {
    image_labels: true,
    crowd: Crowd::Kept,
    attributes: Attributes::Typed,
    tracks: Tracks::Linked,
    texts: false,
    videos: false,
    text_labels: false,
    spans: false,
    video_labels: false,
    events: false,
    area: false,
    frames: false,
    ids: false,
    class_ids: false,
    hash: false,
    video: BOXES.video,
    ..ALL
};

/// The file of the items of no stated part.
const UNSTATED: &str = "default";

/// Reads every file; each is a part.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    build.dataset.dense = true;
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let split = stem(name.rsplit('/').next().unwrap_or(name));
        let split =
            if split == UNSTATED || files.len() == 1 && !name.contains('/') { "" } else { split };
        let mut found = Findings::new(&source.shown(name), build.limits);
        if let Err(error) = file(&bytes, split, build, &mut found) {
            report(&mut found, "", broken(error, build.limits, false));
        }
        build.note(found, &bytes);
    }
}

fn file(
    bytes: &[u8],
    split: &str,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), JsonError> {
    // Items may stand before the classes that they name by number.
    let (mut classes, mut items) = (Vec::new(), None);
    let mut scanner = Scanner::new(bytes, build.limits.depth);
    scanner.begin_object()?;
    let mut first = true;
    while let Some(key) = scanner.next_key(&mut first)? {
        match key.as_ref() {
            "categories" => {
                if let Some(node) = next(&mut scanner, build.limits, found, "/categories")? {
                    classes = labels(&node, build);
                }
            }
            "items" => {
                scanner.peek()?;
                items = Some(scanner.at);
                scanner.skip()?;
            }
            _ => scanner.skip()?,
        }
    }
    scanner.end()?;
    let Some(at) = items else { return Ok(()) };
    scanner.at = at;
    scanner.begin_array()?;
    let (mut first, mut index) = (true, 0_u64);
    while scanner.next_element(&mut first)? {
        let before = format!("/items/{index}");
        let here = place(scanner.at, &before);
        if build.full(found, &here) {
            return Ok(());
        }
        if let Some(node) = next(&mut scanner, build.limits, found, &before)?
            && let Err(bad) = item(&node, &before, split, &classes, build, found)
        {
            report(found, &before, bad);
        }
        index += 1;
    }
    Ok(())
}

fn labels(node: &Node<'_>, build: &mut Builder<'_>) -> Vec<u32> {
    let list = node.get("label").and_then(|label| label.get("labels"));
    let mut classes = Vec::new();
    for label in list.map_or(&[][..], Node::list) {
        let name = label.get("name").and_then(Node::text).unwrap_or_default();
        let at = build.class(name);
        if let Some(class) = build.dataset.classes.get_mut(at as usize) {
            let parent = label.get("parent").and_then(Node::text).unwrap_or_default();
            parent.clone_into(&mut class.parent);
        }
        classes.push(at);
    }
    classes
}

fn item(
    node: &Node<'_>,
    before: &str,
    split: &str,
    classes: &[u32],
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let id = node.get("id").and_then(Node::text).ok_or_else(|| Bad::missing(node, "/id"))?;
    let media = node.get("image");
    let path = media.and_then(|image| image.get("path")).and_then(Node::text);
    let name = path.filter(|path| !path.is_empty()).unwrap_or(id);
    let (at, image) = build.image(name);
    split.clone_into(&mut image.split);
    let size = media.and_then(|image| image.get("size")).map_or(&[][..], Node::list);
    if let [height, width] = size {
        let pixels = |node: &Node<'_>| u32::try_from(node.whole()?).ok().filter(|side| *side > 0);
        image.size = pixels(width).zip(pixels(height));
    }
    let annotations = node.get("annotations").map_or(&[][..], Node::list);
    for (index, one) in annotations.iter().enumerate() {
        let before = format!("{before}/annotations/{index}");
        if let Err(bad) = annotation(one, &before, at, classes, build, found) {
            report(found, &before, bad);
        }
    }
    Ok(())
}

fn annotation(
    node: &Node<'_>,
    before: &str,
    image: u32,
    classes: &[u32],
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let kind = node.get("type").and_then(Node::text).unwrap_or_default();
    let loss = match kind {
        "bbox" | "label" => None,
        "polygon" | "polyline" => Some(Loss::Polygon),
        "mask" => Some(Loss::Mask),
        "points" | "skeleton" => Some(Loss::Keypoints),
        "rotated_bbox" => Some(Loss::Rotation),
        "caption" => Some(Loss::Caption),
        _ => Some(Loss::OtherKind),
    };
    if let Some(loss) = loss {
        build.losses.add(loss, || before.to_owned());
        return Ok(());
    }
    let label = node.get("label_id").ok_or_else(|| Bad::missing(node, "/label_id"))?;
    let number = label.whole().ok_or_else(|| Bad::wrong(label, "/label_id", "a whole number"))?;
    let class = usize::try_from(number).ok().and_then(|at| classes.get(at)).copied();
    let unknown = annotation::Problem::UnknownClass { class: number };
    let class = class.ok_or_else(|| Bad::new(unknown, label.at, "/label_id"))?;
    let (mut more, mut role, mut score) = (More::default(), Role::Object, None);
    more.group = node.get("group").and_then(Node::whole).unwrap_or(0);
    for (name, value) in node.get("attributes").map_or(&[][..], Node::fields) {
        match (name.as_ref(), value.value()) {
            ("score", Some(Value::Number(_))) => score = value.float(),
            (_, Some(attribute)) => more.take(&mut role, name, attribute),
            (_, None) => build.losses.add(Loss::OtherField, || format!("{before}/attributes")),
        }
    }
    if kind == "label" {
        let (item, more) = (Item::Image(image), more.boxed());
        build.dataset.labels.push(LabelRecord { item, class, score, more });
        return Ok(());
    }
    let corners = node.get("bbox").ok_or_else(|| Bad::missing(node, "/bbox"))?;
    let [x, y, width, height] = corners.list() else {
        return Err(Bad::wrong(corners, "/bbox", "four numbers: x, y, width, height"));
    };
    let mut read =
        |node: &Node<'_>| micros(node, "/bbox", Loss::RoundedCoordinate, &mut build.losses);
    let (x, y, width, height) = (read(x)?, read(y)?, read(width)?, read(height)?);
    let record = BoxRecord { role, score, more: more.boxed(), ..box_of(image, class) };
    let here = place(node.at, &format!("{before}/bbox"));
    build.put(found, here, [x, y, x + width, y + height], record);
    Ok(())
}

/// Writes a file for each part.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let splits = splits(&dataset.images);
    let file = |split: &str| {
        let name =
            if split.is_empty() { UNSTATED.to_owned() } else { safe(split).replace('/', "_") };
        OutFile { name: format!("annotations/{name}.json"), bytes: one(dataset, split) }
    };
    splits.into_iter().map(file).collect()
}

fn one(dataset: &Dataset, split: &str) -> Vec<u8> {
    let mut json = JsonText::default();
    json.open('{');
    json.text_field("version", "1.0");
    json.within("infos", OBJECT, |_| {});
    json.within("categories", OBJECT, |json| {
        json.within("label", OBJECT, |json| {
            json.within("labels", LIST, |json| {
                for class in &dataset.classes {
                    json.next();
                    json.open('{');
                    json.text_field("name", &class.name);
                    json.text_field("parent", &class.parent);
                    json.within("attributes", LIST, |_| {});
                    json.close('}');
                }
            });
            json.within("attributes", LIST, |_| {});
        });
    });
    let (boxes, tags) = (dataset.boxes_by_image(), dataset.labels_by_image());
    json.within("items", LIST, |json| {
        for ((image, boxes), tags) in dataset.images.iter().zip(boxes).zip(tags) {
            if image.split != split {
                continue;
            }
            json.next();
            json.open('{');
            json.text_field("id", stem(&image.name));
            json.within("annotations", LIST, |json| {
                for (id, record) in (0_u64..).zip(boxes) {
                    json.next();
                    json.open('{');
                    head(json, "bbox", record.class, id, record.more.as_deref());
                    attributes(json, record.role, record.score, record.more.as_deref());
                    json.field("z_order", 0);
                    json.numbers("bbox", &record.rect.decimals());
                    json.close('}');
                }
                for record in tags {
                    json.next();
                    json.open('{');
                    head(json, "label", record.class, 0, record.more.as_deref());
                    attributes(json, Role::Object, record.score, record.more.as_deref());
                    json.close('}');
                }
            });
            json.within("image", OBJECT, |json| {
                json.text_field("path", &image.name);
                if let Some((width, height)) = image.size {
                    json.numbers("size", &[height.to_string(), width.to_string()]);
                }
            });
            json.close('}');
        }
    });
    json.close('}');
    json.finish()
}

fn head(json: &mut JsonText, kind: &str, class: u32, id: u64, more: Option<&More>) {
    json.field("id", id);
    json.text_field("type", kind);
    json.field("label_id", class);
    json.field("group", more.map_or(0, |more| more.group));
}

fn attributes(json: &mut JsonText, role: Role, score: Option<f64>, more: Option<&More>) {
    let mut all = value::attributes(role == Role::Difficult, more);
    if role == Role::Crowd {
        all.push(("is_crowd".to_owned(), Value::Flag(true)));
    }
    if let Some(track) = more.and_then(|more| more.track) {
        all.push(("track_id".to_owned(), Value::Number(track.id.to_string())));
    }
    if let Some(score) = score {
        all.push(("score".to_owned(), Value::Number(score.to_string())));
    }
    json.within("attributes", OBJECT, |json| value::write(json, &all));
}
