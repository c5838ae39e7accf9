//! YOLO: a text file an image with a class and a box as shares of the image, in the layout of
//! Ultralytics (`data.yaml`, `labels/PART`) or of Darknet (`obj.names`, `obj_train_data`). Serves
//! anno-3.5 (delivery). The sizes of images come from `sizes.csv`, or from the images themselves.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use annotation::{
    BoxRecord, CoordinateError, Dataset, Findings, Loss, Losses, Place, Problem, Severity, stem,
};

use crate::build::{Builder, box_of};
use crate::hold::{BOXES, Crowd, Holds, pixels};
use crate::share;
use crate::source::Source;
use crate::target::{OutFile, safe};

pub(crate) const HOLDS: Holds = Holds { crowd: Crowd::Left, inside: true, ..BOXES };

const IMAGE_ENDINGS: [&str; 9] =
    ["jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff", "gif", "heic"];
/// The part of what states none: training without a part is no layout that YOLO reads.
const TRAIN: &str = "train";

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase()
}

pub(crate) fn is_image(name: &str) -> bool {
    IMAGE_ENDINGS.contains(&ending(name).as_str())
}

/// The label files of a source: text files below `labels`, or beside images.
pub(crate) fn label_files(names: &[String]) -> Vec<String> {
    let text = names.iter().filter(|name| ending(name) == "txt");
    let in_labels = |name: &String| name.split('/').rev().skip(1).any(|part| part == "labels");
    let below: Vec<String> = text.clone().filter(|name| in_labels(name)).cloned().collect();
    if !below.is_empty() {
        return below;
    }
    let lists = ["classes.txt", "train.txt", "val.txt", "valid.txt", "test.txt"];
    let own = |name: &&String| {
        let last = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
        !lists.contains(&last.as_str()) && !last.starts_with("readme")
    };
    text.filter(own).cloned().collect()
}

/// Reads the folder.
pub(crate) fn read(source: &mut Source, build: &mut Builder<'_>) {
    for name in class_names(source) {
        build.class(&name);
    }
    let sizes = stated_sizes(source);
    let names = source.names().to_vec();
    let by_stem: HashMap<&str, &String> =
        names.iter().filter(|name| is_image(name)).map(|name| (stem(name), name)).collect();
    let by_stem_stated: HashMap<&str, &String> =
        sizes.keys().map(|name| (stem(name), name)).collect();
    let mut done: Vec<&str> = Vec::new();
    for file in label_files(&names) {
        let own = image_stem(&file);
        let found = by_stem.get(own.as_str()).copied();
        let path = found.or_else(|| by_stem_stated.get(own.as_str()).copied()).cloned();
        done.extend(found.map(String::as_str));
        let path = path.unwrap_or(own);
        let size = sizes.get(&path).copied().or_else(|| measured(source, &path));
        let image = listed(build, &path, size);
        let Some(bytes) = source.bytes(&file) else { continue };
        let mut found = Findings::new(&source.shown(&file), build.limits);
        lines(&bytes, image, size, build, &mut found);
        build.note(found, &bytes);
    }
    done.sort_unstable();
    for name in names.iter().filter(|name| is_image(name)) {
        if done.binary_search(&name.as_str()).is_err() {
            let size = sizes.get(name).copied().or_else(|| measured(source, name));
            listed(build, name, size);
        }
    }
}

/// `images/train/a` of `labels/train/a.txt`.
fn image_stem(file: &str) -> String {
    let mut parts: Vec<&str> = stem(file).split('/').collect();
    if let Some(part) = parts.iter_mut().find(|part| **part == "labels") {
        *part = "images";
    }
    parts.join("/")
}

fn measured(source: &mut Source, name: &str) -> Option<(u32, u32)> {
    if !source.has(name) {
        return None;
    }
    let size = imagesize::blob_size(&source.head(name, 1 << 18)).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}

/// The image of a path: below `images/PART` it is named without both.
fn listed(build: &mut Builder<'_>, path: &str, size: Option<(u32, u32)>) -> u32 {
    let parts: Vec<&str> = path.split('/').collect();
    let (mut name, mut split) = (path.to_owned(), "");
    if let Some(at) = parts.iter().position(|part| *part == "images") {
        name = parts[at + 1..].join("/");
        if let [part, rest @ ..] = &parts[at + 1..]
            && !rest.is_empty()
        {
            (name, split) = (rest.join("/"), part);
        }
    } else if let Some(name_only) = path.rsplit_once("obj_train_data/").map(|(_, name)| name) {
        (name, split) = (name_only.to_owned(), TRAIN);
    }
    let (at, image) = build.image(&name);
    image.size = size;
    split.clone_into(&mut image.split);
    at
}

fn lines(
    bytes: &[u8],
    image: u32,
    size: Option<(u32, u32)>,
    build: &mut Builder<'_>,
    found: &mut Findings,
) {
    let mut offset = 0_u64;
    let mut told = false;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let start = offset;
        offset += line.len() as u64;
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        let place = |field: &str| Place {
            offset: Some(start),
            field: (!field.is_empty()).then(|| field.to_owned()),
            ..Place::default()
        };
        let Ok(text) = std::str::from_utf8(line) else {
            found.push(Severity::Error, Problem::NotUtf8, place(""));
            continue;
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.is_empty() {
            continue;
        }
        if build.full(found, &place("")) {
            return;
        }
        let Some(size) = size else {
            // Once an image: every line of the file has the same fault.
            if !told {
                found.push(Severity::Error, Problem::UnknownSize, place(""));
            }
            told = true;
            continue;
        };
        match row(&words, size, build.dataset.classes.len()) {
            Ok(row) => {
                let record = BoxRecord { score: row.score, ..box_of(image, row.class) };
                if row.polygon {
                    build.losses.add(Loss::Polygon, || format!("{image} @{start}"));
                }
                build.put(found, place("box"), row.edges, record);
            }
            Err((problem, field)) => found.push(Severity::Error, problem, place(field)),
        }
    }
}

struct Row {
    class: u32,
    edges: [i64; 4],
    score: Option<f64>,
    polygon: bool,
}

fn row(
    words: &[&str],
    (width, height): (u32, u32),
    classes: usize,
) -> Result<Row, (Problem, &'static str)> {
    let wrong = |expected: &str| Problem::WrongType { expected: expected.to_owned() };
    let [class, numbers @ ..] = words else {
        return Err((wrong("class, x, y, width, height"), ""));
    };
    let class: u64 = class.parse().map_err(|_| (wrong("a whole number from 0"), "class"))?;
    let known = u32::try_from(class).ok().filter(|class| (*class as usize) < classes);
    let class = known.ok_or((Problem::UnknownClass { class }, "class"))?;
    let mut shares = Vec::with_capacity(numbers.len());
    for number in numbers {
        shares.push(share::parse(number).map_err(|error| match error {
            CoordinateError::NotFinite => (Problem::NotFinite, "box"),
            CoordinateError::OutOfRange => (Problem::OutOfRange, "box"),
            CoordinateError::Malformed => (wrong("a number"), "box"),
        })?);
    }
    match shares.as_slice() {
        [x, y, w, h] | [x, y, w, h, _] => {
            if *w < 0 || *h < 0 {
                return Err((Problem::NegativeSize, "box"));
            }
            let ([x0, x1], [y0, y1]) =
                (share::around(*x, *w, width), share::around(*y, *h, height));
            let score = numbers.get(4).and_then(|text| text.parse().ok());
            Ok(Row { class, edges: [x0, y0, x1, y1], score, polygon: false })
        }
        points if points.len() >= 6 && points.len().is_multiple_of(2) => {
            let side = |from: usize, size: u32| {
                let values = points.iter().skip(from).step_by(2);
                let [low, _] = share::around(values.clone().copied().min()?, 0, size);
                let [high, _] = share::around(values.copied().max()?, 0, size);
                Some((low, high))
            };
            let ((x0, x1), (y0, y1)) =
                side(0, width).zip(side(1, height)).expect("there are points");
            Ok(Row { class, edges: [x0, y0, x1, y1], score: None, polygon: true })
        }
        _ => Err((wrong("class, x, y, width, height"), "")),
    }
}

/// `image,width,height` of `sizes.csv`, by the path of the image.
pub(crate) fn stated_sizes(source: &mut Source) -> BTreeMap<String, (u32, u32)> {
    let named = |name: &&String| name.rsplit('/').next() == Some("sizes.csv");
    let Some(name) = source.names().iter().find(named).cloned() else { return BTreeMap::new() };
    let before = name.strip_suffix("sizes.csv").unwrap_or_default().to_owned();
    let Some(bytes) = source.bytes(&name) else { return BTreeMap::new() };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let row = |line: &str| {
        let mut parts = line.trim().rsplitn(3, ',');
        let height = parts.next()?.parse().ok()?;
        let width = parts.next()?.parse().ok()?;
        let path = parts.next()?;
        let path = path.strip_prefix('"').and_then(|path| path.strip_suffix('"')).unwrap_or(path);
        let size = (width, height);
        (width > 0 && height > 0).then(|| (format!("{before}{}", path.replace("\"\"", "\"")), size))
    };
    text.lines().filter_map(row).collect()
}

/// The names of the classes: `names` of a `.yaml`, a `.names` file, or `classes.txt`.
fn class_names(source: &mut Source) -> Vec<String> {
    let names = source.names().to_vec();
    for yaml in names.iter().filter(|name| matches!(ending(name).as_str(), "yaml" | "yml")) {
        let bytes = source.bytes(yaml).unwrap_or_default();
        let found = yaml_names(&String::from_utf8_lossy(&bytes));
        if !found.is_empty() {
            return found;
        }
    }
    let list =
        |name: &&String| ending(name) == "names" || name.rsplit('/').next() == Some("classes.txt");
    let Some(list) = names.iter().find(list) else { return Vec::new() };
    let bytes = source.bytes(list).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let text = text.trim_start_matches('\u{feff}').trim_end();
    text.lines().map(|line| line.trim().to_owned()).collect()
}

/// `names` of a YAML file, as a list or by number, in the two forms that YOLO tools write.
fn yaml_names(text: &str) -> Vec<String> {
    let mut names: BTreeMap<u64, String> = BTreeMap::new();
    let mut inside = false;
    let mut add = |entry: &str| {
        let entry = entry.trim();
        let next = names.last_key_value().map_or(0, |(at, _)| at + 1);
        let (at, name) = match entry.split_once(':') {
            Some((at, name)) if at.trim().parse::<u64>().is_ok() => {
                (at.trim().parse().unwrap_or(next), name)
            }
            _ => (next, entry.strip_prefix("- ").unwrap_or(entry)),
        };
        if at < 1_000_000 && !entry.is_empty() {
            names.insert(at, unquoted(name.trim()));
        }
    };
    for line in text.lines() {
        let trimmed = line.trim_end();
        if let Some(rest) = trimmed.strip_prefix("names:") {
            let rest = rest.trim();
            inside = rest.is_empty();
            let inner = rest.trim_start_matches(['[', '{']).trim_end_matches([']', '}']);
            split_flow(inner).iter().for_each(|entry| add(entry));
        } else if inside && trimmed.starts_with([' ', '-']) {
            add(trimmed);
        } else if !trimmed.trim().is_empty() && !trimmed.starts_with('#') {
            inside = false;
        }
    }
    let last = names.last_key_value().map_or(0, |(at, _)| at + 1);
    (0..last).map(|at| names.get(&at).cloned().unwrap_or_else(|| format!("#{at}"))).collect()
}

/// The entries of a list on one line; a comma inside quotes belongs to its entry.
fn split_flow(text: &str) -> Vec<String> {
    let (mut parts, mut quote, mut escaped) = (vec![String::new()], None, false);
    for c in text.chars() {
        match (c, quote) {
            (',', None) => {
                parts.push(String::new());
                continue;
            }
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open && !escaped => quote = None,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

fn unquoted(text: &str) -> String {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inner) = inner('\'') {
        return inner.replace("''", "'");
    }
    let limits = annotation::Limits::default();
    match inner('"') {
        Some(_) => annotation::json::Scanner::new(text.as_bytes(), limits.depth)
            .string()
            .map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned),
        None => text.to_owned(),
    }
}

/// What `write` needs beyond the cut: a part for every image, and one label file for each.
pub(crate) fn prepare(dataset: &mut Dataset, losses: &mut Losses) {
    let mut taken = HashSet::new();
    for image in &mut dataset.images {
        let mut name = safe(&image.name);
        let plain = name.clone();
        let mut count = 1_u64;
        while !taken.insert((image.split.clone(), stem(&name).to_lowercase())) {
            count += 1;
            let own = stem(&plain);
            name = format!("{own}_{count}{}", &plain[own.len()..]);
        }
        if name != image.name {
            losses.add(Loss::ChangedName, || format!("{} → {name}", image.name));
            image.name = name;
        }
        if image.split.is_empty() {
            TRAIN.clone_into(&mut image.split);
            losses.add(Loss::PutIntoTrain, || image.name.clone());
        }
    }
}

/// Writes the folder in the layout of Ultralytics.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let mut texts = vec![String::new(); dataset.images.len()];
    for record in &dataset.boxes {
        let image = record.image as usize;
        let size = dataset.images.get(image).and_then(|image| image.size);
        let (Some((width, height)), Some(text)) = (size, texts.get_mut(image)) else { continue };
        let rect = record.rect;
        let side = |low: i64, high: i64, size: u32| {
            let (low, high, whole) = (i128::from(low), i128::from(high), i128::from(pixels(size)));
            (share::text(low + high, 2 * whole, size), share::text(high - low, whole, size))
        };
        let (x, w) = side(rect.x0, rect.x1, width);
        let (y, h) = side(rect.y0, rect.y1, height);
        writeln!(text, "{} {x} {y} {w} {h}", record.class).expect("a text takes what is written");
    }
    let mut files = Vec::with_capacity(texts.len() + 2);
    let mut sizes = String::from("image,width,height\n");
    let mut splits: Vec<String> = Vec::new();
    for (image, text) in dataset.images.iter().zip(texts) {
        let split = safe(&image.split).replace('/', "_");
        let path = safe(&image.name);
        if let Some((width, height)) = image.size {
            let quoted = path.replace('"', "\"\"");
            writeln!(sizes, "\"images/{split}/{quoted}\",{width},{height}")
                .expect("a text takes what is written");
        }
        let name = format!("labels/{split}/{}.txt", stem(&path));
        files.push(OutFile { name, bytes: text.into_bytes() });
        if !splits.contains(&split) {
            splits.push(split);
        }
    }
    files.push(OutFile { name: "data.yaml".to_owned(), bytes: yaml(dataset, &mut splits) });
    files.push(OutFile { name: "sizes.csv".to_owned(), bytes: sizes.into_bytes() });
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn yaml(dataset: &Dataset, splits: &mut Vec<String>) -> Vec<u8> {
    splits.sort();
    // Training reads both keys; where there is one part it stands for the other.
    if let Some(first) = splits.first().cloned() {
        for key in [TRAIN, "val"] {
            if !splits.iter().any(|split| split == key) {
                splits.push(format!("{key}\0{first}"));
            }
        }
    }
    let mut text = String::from("path: .\n");
    for split in splits {
        let (key, folder) = split.split_once('\0').unwrap_or((split, split));
        writeln!(text, "{key}: images/{folder}").expect("a text takes what is written");
    }
    text.push_str("names:\n");
    for (at, class) in dataset.classes.iter().enumerate() {
        let mut name = crate::json::JsonText::default();
        name.string(&class.name);
        let quoted = String::from_utf8(name.finish()).expect("a text");
        writeln!(text, "  {at}: {}", quoted.trim_end()).expect("a text takes what is written");
    }
    text.into_bytes()
}
