//! Pascal VOC: one XML file an image, with corners in pixels. Serves anno-3.5 (delivery).
//! Edges are taken as they stand (width is `xmax - xmin`), so that the same box in COCO and in VOC
//! is the same box. Reads without recursion and expands no entity that the file defines.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

use crate::dataset::{Class, Dataset, Image, RawBox, Role, assemble, over_limit, rect_of};
use crate::finding::{Finding, Findings, Limits, Place, Problem, Severity};
use crate::loss::{Loss, Losses};
use crate::pixel::{CoordinateError, exact_micros, parse_micros};
use crate::record::{More, Value};

/// Reads Pascal VOC files, given as name and content, and says what they held that a dataset does
/// not. Images are named by their XML file, because the name written inside is often an older one.
#[must_use]
pub fn read_voc<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    limits: &Limits,
) -> (Dataset, Vec<Finding>, Losses) {
    let mut all = Collected::default();
    let mut findings = Vec::new();
    for (file, bytes) in files {
        if over_limit(all.boxes.len(), limits) {
            let mut over = Findings::new(file, limits);
            let problem = Problem::TooManyRecords { limit: limits.records };
            over.file(Severity::Error, problem);
            findings.extend(over.finish(b""));
            break;
        }
        let mut own = Findings::new(file, limits);
        read_one(file, bytes, limits, &mut all, &mut own);
        findings.extend(own.finish(bytes));
    }
    let Collected { images, boxes, classes, losses } = all;
    let class = |(name, id)| Class { id, name, ..Class::default() };
    let mut named: Vec<Class> = classes.into_iter().map(class).collect();
    named.sort_by_key(|class| class.id);
    // Boxes were checked where their byte is known; what assembling would find, it finds again.
    let mut again = Findings::new("", limits);
    let dataset = assemble(images, named, boxes, true, &mut again);
    findings.truncate(limits.findings);
    (dataset, findings, losses)
}

#[derive(Default)]
struct Collected {
    images: Vec<Image>,
    classes: BTreeMap<String, u64>,
    boxes: Vec<RawBox>,
    losses: Losses,
}

/// One `<object>` while it is read.
#[derive(Default)]
struct Object {
    offset: u64,
    name: Option<String>,
    difficult: bool,
    more: More,
    attribute: (String, String),
    polygon: bool,
    rounded: bool,
    edges: [Option<Result<i64, CoordinateError>>; 4],
}

/// The four edges in the order of [`Object::edges`].
const EDGES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

fn read_one(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    all: &mut Collected,
    findings: &mut Findings,
) {
    let mut file_reader = FileReader {
        path: Vec::new(),
        text: String::new(),
        inside: None,
        width: None,
        height: None,
        object: None,
        objects: Vec::new(),
        annotation: false,
    };
    let outcome = file_reader.run(bytes, limits);
    if let Err((problem, offset)) = outcome {
        let place = Place { offset: Some(offset), ..Place::default() };
        findings.push(Severity::Error, problem, place);
    }
    if !file_reader.annotation {
        findings.file(Severity::Error, Problem::UnknownFormat);
        return;
    }
    let stem = stem_of(file);
    let mut name = stem.to_owned();
    if let Some(inside) = file_reader.inside {
        // Where two images differ by their ending alone, the XML file has the whole name.
        if stem_of(&inside) == stem || inside.rsplit('/').next() == Some(stem) {
            name = inside;
        } else {
            let place = Place { field: Some("filename".to_owned()), ..Place::default() };
            findings.push(Severity::Warning, Problem::NameMismatch { inside }, place);
        }
    }
    let size = file_reader.width.zip(file_reader.height).filter(|(w, h)| *w > 0 && *h > 0);
    let id = all.images.len() as u64 + 1;
    all.images.push(Image { id, name, size, ..Image::default() });
    for object in file_reader.objects {
        take(object, id, size, all, findings);
    }
}

/// The file name without folder and extension.
pub(crate) fn stem_of(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn take(
    object: Object,
    image: u64,
    size: Option<(u32, u32)>,
    all: &mut Collected,
    findings: &mut Findings,
) {
    let place = |field: &str| Place {
        offset: Some(object.offset),
        field: Some(field.to_owned()),
        ..Place::default()
    };
    let Some(name) = object.name.filter(|name| !name.is_empty()) else {
        findings.push(Severity::Error, Problem::MissingField, place("name"));
        return;
    };
    let mut edges = [0_i64; 4];
    for ((slot, read), field) in edges.iter_mut().zip(object.edges).zip(EDGES) {
        let problem = match read {
            Some(Ok(value)) => {
                *slot = value;
                continue;
            }
            None => Problem::MissingField,
            Some(Err(CoordinateError::NotFinite)) => Problem::NotFinite,
            Some(Err(CoordinateError::OutOfRange)) => Problem::OutOfRange,
            Some(Err(CoordinateError::Malformed)) => {
                Problem::WrongType { expected: "a number".to_owned() }
            }
        };
        findings.push(Severity::Error, problem, place(field));
        return;
    }
    let [x0, y0, x1, y1] = edges;
    let rect = match rect_of(x0, y0, x1 - x0, y1 - y0) {
        Ok(rect) => rect,
        Err(problem) => {
            findings.push(Severity::Error, problem, place("bndbox"));
            return;
        }
    };
    match crate::dataset::outside(&rect, size) {
        Some(Problem::OutsideImage) => {
            findings.push(Severity::Error, Problem::OutsideImage, place("bndbox"));
            return;
        }
        Some(problem) => findings.push(Severity::Warning, problem, place("bndbox")),
        None => {}
    }
    if rect.is_empty() {
        findings.push(Severity::Warning, Problem::EmptyBox, place("bndbox"));
    }
    let fresh = all.classes.len() as u64 + 1;
    let class = *all.classes.entry(name).or_insert(fresh);
    let role = if object.difficult { Role::Difficult } else { Role::Object };
    let index = all.boxes.len() as u64;
    let told = || {
        let name = all.images.last().map_or("", |image| image.name.as_str());
        format!("{name} @{}", object.offset)
    };
    if object.polygon {
        all.losses.add(Loss::Polygon, told);
    }
    if object.rounded {
        all.losses.add(Loss::RoundedCoordinate, told);
    }
    let (score, area, offset, more) = (None, None, object.offset, object.more.boxed());
    let id = None;
    all.boxes.push(RawBox { id, image, class, rect, role, score, area, more, offset, index });
}

struct FileReader {
    path: Vec<String>,
    text: String,
    inside: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    object: Option<Object>,
    objects: Vec<Object>,
    annotation: bool,
}

impl FileReader {
    fn run(&mut self, bytes: &[u8], limits: &Limits) -> Result<(), (Problem, u64)> {
        let mut reader = Reader::from_reader(bytes);
        loop {
            let at = reader.buffer_position();
            let event = reader.read_event().map_err(|error| {
                let reason = error.to_string();
                (Problem::XmlSyntax { reason }, reader.error_position())
            })?;
            match event {
                Event::Start(tag) => {
                    if self.path.len() >= limits.depth {
                        return Err((Problem::TooDeep { limit: limits.depth as u64 }, at));
                    }
                    self.open(tag.name().as_ref().to_owned(), at);
                }
                Event::Text(text) => self.text.push_str(&text),
                Event::CData(text) => self.text.push_str(&text),
                Event::GeneralRef(name) => self.text.push_str(&entity(&name)),
                Event::End(_) => self.close(),
                Event::Eof if self.path.is_empty() => return Ok(()),
                Event::Eof => return Err((Problem::Truncated, at)),
                _ => {}
            }
        }
    }

    fn open(&mut self, name: String, at: u64) {
        self.text.clear();
        match (self.path.len(), name.as_str()) {
            (0, "annotation") => self.annotation = true,
            (1, "object") => self.object = Some(Object { offset: at, ..Object::default() }),
            _ => {}
        }
        self.path.push(name);
    }

    fn close(&mut self) {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let text = self.text.trim();
        match (path.as_slice(), &mut self.object) {
            (["annotation", "filename"], _) => self.inside = Some(text.to_owned()),
            (["annotation", "size", "width"], _) => self.width = text.parse().ok(),
            (["annotation", "size", "height"], _) => self.height = text.parse().ok(),
            ([_, "object", "name"], Some(object)) => object.name = Some(text.to_owned()),
            ([_, "object", "difficult"], Some(object)) => object.difficult = text == "1",
            ([_, "object", "occluded"], Some(object)) => object.more.occluded = text == "1",
            ([_, "object", "truncated"], Some(object)) => object.more.truncated = text == "1",
            ([_, "object", "polygon" | "segm"], Some(object)) => object.polygon = true,
            ([_, "object", "attributes", "attribute", "name"], Some(object)) => {
                text.clone_into(&mut object.attribute.0);
            }
            ([_, "object", "attributes", "attribute", "value"], Some(object)) => {
                text.clone_into(&mut object.attribute.1);
            }
            ([_, "object", "attributes", "attribute"], Some(object)) => {
                let (name, value) = std::mem::take(&mut object.attribute);
                object.more.attributes.push((name, Value::Text(value)));
            }
            ([_, "object", "bndbox", edge], Some(object)) => {
                if let Some(slot) = EDGES.iter().position(|name| name == edge)
                    && let Some(slot) = object.edges.get_mut(slot)
                {
                    object.rounded |= !exact_micros(text.as_bytes());
                    *slot = Some(parse_micros(text.as_bytes()));
                }
            }
            ([_, "object"], _) => self.objects.extend(self.object.take()),
            _ => {}
        }
        self.path.pop();
        self.text.clear();
    }
}

/// A character or predefined entity of XML; any other is kept as written.
#[must_use]
pub fn entity(name: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = name.resolve_char_ref() {
        return character.to_string();
    }
    resolve_xml_entity(name).map_or_else(|| format!("&{};", &**name), str::to_owned)
}
