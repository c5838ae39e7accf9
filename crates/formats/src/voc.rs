//! Pascal VOC as a folder: `Annotations`, the parts in `ImageSets/Main`, the classes in
//! `labelmap.txt`. Serves anno-3.5 (delivery). Edges are pixels as they stand; see `annotation`.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use annotation::{BoxRecord, Dataset, Role, read_voc, stem};

use crate::build::Builder;
use crate::coco::pixel;
use crate::hold::{Attributes, BOXES, Crowd, Holds};
use crate::source::Source;
use crate::target::{OutFile, safe};
use crate::xml::escape;

pub(crate) const HOLDS: Holds = Holds {
    crowd: Crowd::Difficult,
    difficult: true,
    occluded: true,
    truncated: true,
    attributes: Attributes::Text,
    ..BOXES
};

/// Reads the XML files, then what the folder says of parts and classes.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    let mut contents = Vec::with_capacity(files.len());
    for name in files {
        if let Some(bytes) = source.bytes(name) {
            contents.push((source.shown(name), bytes));
        }
    }
    let parts = contents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let (mut dataset, findings, losses) = read_voc(parts, build.limits);
    build.findings.extend(findings);
    build.losses.merge(losses);
    parts_of(source, &mut dataset);
    class_order(source, &mut dataset);
    build.dataset = dataset;
}

/// The part of each image, from the lists of stems in `ImageSets/Main`.
fn parts_of(source: &mut Source, dataset: &mut Dataset) {
    let lists: Vec<String> =
        source.names().iter().filter(|name| name.contains("ImageSets/Main/")).cloned().collect();
    let mut split_of: HashMap<String, String> = HashMap::new();
    for list in lists {
        let split = stem(list.rsplit('/').next().unwrap_or(&list)).to_owned();
        // `cat_train.txt` lists one class with 1 and -1; `trainval` is train and val together.
        if split.contains('_') || split == "trainval" || split == UNSTATED {
            continue;
        }
        let Some(bytes) = source.bytes(&list) else { continue };
        for line in String::from_utf8_lossy(&bytes).lines() {
            let name = line.trim().trim_matches('"');
            if !name.is_empty() {
                split_of.entry(name.to_owned()).or_insert_with(|| split.clone());
            }
        }
    }
    for image in &mut dataset.images {
        let split = split_of.get(&image.name).or_else(|| split_of.get(stem(&image.name)));
        if let Some(split) = split {
            image.split.clone_from(split);
        }
    }
}

/// Puts the classes into the order of `labelmap.txt`, with those that no object has.
fn class_order(source: &mut Source, dataset: &mut Dataset) {
    let named = |name: &&String| name.rsplit('/').next() == Some("labelmap.txt");
    let Some(name) = source.names().iter().find(named).cloned() else { return };
    let Some(bytes) = source.bytes(&name) else { return };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let lines = text.lines().map(|line| line.trim_start_matches('\u{feff}').trim());
    let listed = lines.filter(|line| !line.is_empty() && !line.starts_with("# "));
    let mut seen = HashSet::new();
    // A name may hold a colon itself; behind it stand the colour, the parts and the actions.
    let mut names: Vec<String> = listed
        .map(|line| line.rsplitn(4, ':').last().unwrap_or(line).to_owned())
        .filter(|name| name != "background" && seen.insert(name.clone()))
        .collect();
    names.extend(
        dataset.classes.iter().map(|class| class.name.clone()).filter(|name| !seen.contains(name)),
    );
    let place: HashMap<&str, u32> = names.iter().map(String::as_str).zip(0..).collect();
    let moved: Vec<u32> = dataset
        .classes
        .iter()
        .map(|class| place.get(class.name.as_str()).copied().expect("every class is listed"))
        .collect();
    for record in &mut dataset.boxes {
        record.class = moved.get(record.class as usize).copied().unwrap_or(record.class);
    }
    let class = |(id, name): (u64, &String)| annotation::Class {
        id,
        name: name.clone(),
        ..annotation::Class::default()
    };
    dataset.classes = (1..).zip(&names).map(class).collect();
}

/// The list of images of no stated part; tools that read VOC want every image in a list.
const UNSTATED: &str = "default";

/// Writes the folder.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let of_image = dataset.boxes_by_image();
    let mut files = Vec::with_capacity(dataset.images.len() + 4);
    let mut lists: Vec<(&str, String)> = Vec::new();
    let mut taken = HashSet::new();
    for (image, boxes) in dataset.images.iter().zip(of_image) {
        let path = safe(&image.name);
        let mut own = stem(&path).to_owned();
        if !taken.insert(own.to_lowercase()) {
            own = path.clone();
            taken.insert(own.to_lowercase());
        }
        let split = if image.split.is_empty() { UNSTATED } else { &image.split };
        match lists.iter_mut().find(|(name, _)| *name == split) {
            Some((_, list)) => {
                list.push_str(&own);
                list.push('\n');
            }
            None => lists.push((split, format!("{own}\n"))),
        }
        let bytes = file(dataset, image, &boxes);
        files.push(OutFile { name: format!("Annotations/{own}.xml"), bytes });
    }
    for (split, list) in lists {
        let split = safe(split).replace('/', "_");
        let name = format!("ImageSets/Main/{split}.txt");
        files.push(OutFile { name, bytes: list.into_bytes() });
    }
    let mut map = String::from("# label:color_rgb:parts:actions\n");
    for class in &dataset.classes {
        writeln!(map, "{}:::", class.name).expect("a text takes what is written");
    }
    files.push(OutFile { name: "labelmap.txt".to_owned(), bytes: map.into_bytes() });
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn file(dataset: &Dataset, image: &annotation::Image, boxes: &[&BoxRecord]) -> Vec<u8> {
    let mut text = String::with_capacity(400 + boxes.len() * 400);
    let name = escape(&image.name);
    text.push_str("<annotation>\n  <folder></folder>\n");
    let mut put = |part: std::fmt::Arguments<'_>| {
        text.write_fmt(part).expect("a text takes what is written");
    };
    put(format_args!("  <filename>{name}</filename>\n"));
    if let Some((width, height)) = image.size {
        put(format_args!(
            "  <size><width>{width}</width><height>{height}</height><depth>3</depth></size>\n"
        ));
    }
    put(format_args!("  <segmented>0</segmented>\n"));
    for record in boxes {
        let class = dataset.classes.get(record.class as usize).map_or("", |class| &class.name);
        let more = record.more.as_deref();
        let flag = |flag: Option<bool>| u8::from(flag == Some(true));
        let difficult = u8::from(record.role == Role::Difficult);
        let truncated = flag(more.map(|more| more.truncated));
        let occluded = flag(more.map(|more| more.occluded));
        let rect = record.rect;
        let [x0, y0, x1, y1] = [rect.x0, rect.y0, rect.x1, rect.y1].map(pixel);
        put(format_args!(
            "  <object>\n    <name>{}</name>\n    <pose>Unspecified</pose>\n    \
             <truncated>{truncated}</truncated>\n    <difficult>{difficult}</difficult>\n    \
             <occluded>{occluded}</occluded>\n    <bndbox><xmin>{x0}</xmin><ymin>{y0}</ymin>\
             <xmax>{x1}</xmax><ymax>{y1}</ymax></bndbox>\n",
            escape(class)
        ));
        let attributes = more.map_or(&[][..], |more| &more.attributes);
        if !attributes.is_empty() {
            put(format_args!("    <attributes>\n"));
            for (name, value) in attributes {
                put(format_args!(
                    "      <attribute><name>{}</name><value>{}</value></attribute>\n",
                    escape(name),
                    escape(value.text())
                ));
            }
            put(format_args!("    </attributes>\n"));
        }
        put(format_args!("  </object>\n"));
    }
    text.push_str("</annotation>\n");
    text.into_bytes()
}
