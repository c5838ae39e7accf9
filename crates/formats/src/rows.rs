//! A dataset as one table, a row a record: what the plain formats (CSV, JSON lines) are made of.
//! It holds everything. Serves anno-3.5 (delivery).

use std::collections::HashMap;

use annotation::{
    BoxRecord, CoordinateError, Dataset, EventRecord, Findings, Item, LabelRecord, More, Place,
    Problem, Role, Severity, SpanRecord, Time, Track, Value, parse_micros,
};

use crate::build::{Builder, box_of};
use crate::json::{JsonText, OBJECT};
use crate::time::{fraction, parse};
use crate::value;

/// The columns, in order.
pub(crate) const COLUMNS: [&str; 34] = [
    "record",
    "id",
    "item",
    "of",
    "class",
    "parent",
    "split",
    "image_width",
    "image_height",
    "frames",
    "video",
    "frame",
    "sha256",
    "x",
    "y",
    "width",
    "height",
    "start",
    "end",
    "timebase",
    "end_timebase",
    "role",
    "score",
    "area",
    "occluded",
    "truncated",
    "track",
    "keyframe",
    "outside",
    "group",
    "author",
    "attributes",
    "text",
    "duration",
];

/// Columns whose values are no texts in JSON.
pub(crate) const BARE: [&str; 20] = [
    "id",
    "image_width",
    "image_height",
    "frames",
    "frame",
    "x",
    "y",
    "width",
    "height",
    "start",
    "end",
    "score",
    "area",
    "occluded",
    "truncated",
    "track",
    "keyframe",
    "outside",
    "group",
    "duration",
];

/// One row: the values of the columns that say something.
pub(crate) type Row = Vec<(&'static str, String)>;

fn put(row: &mut Row, column: &'static str, value: impl ToString) {
    row.push((column, value.to_string()));
}

fn say(row: &mut Row, column: &'static str, value: &str) {
    if !value.is_empty() {
        row.push((column, value.to_owned()));
    }
}

fn flag(row: &mut Row, column: &'static str, value: bool) {
    if value {
        put(row, column, true);
    }
}

fn size(row: &mut Row, size: Option<(u32, u32)>) {
    if let Some((width, height)) = size {
        put(row, "image_width", width);
        put(row, "image_height", height);
    }
}

/// The rows: classes and items first, so that a record names what was named before.
pub(crate) fn rows(dataset: &Dataset) -> Vec<Row> {
    let mut rows = Vec::new();
    for class in &dataset.classes {
        let mut row = vec![("record", "class".to_owned())];
        put(&mut row, "id", class.id);
        put(&mut row, "class", &class.name);
        say(&mut row, "parent", &class.parent);
        rows.push(row);
    }
    for video in &dataset.videos {
        let mut row = vec![("record", "video".to_owned())];
        put(&mut row, "id", video.id);
        put(&mut row, "item", &video.name);
        say(&mut row, "split", &video.split);
        size(&mut row, video.size);
        if let Some(frames) = video.frames {
            put(&mut row, "frames", frames);
        }
        if let Some(duration) = video.duration {
            put(&mut row, "timebase", fraction(duration.timebase));
            put(&mut row, "duration", duration.pts);
        }
        rows.push(row);
    }
    for image in &dataset.images {
        let mut row = vec![("record", "image".to_owned())];
        put(&mut row, "id", image.id);
        put(&mut row, "item", &image.name);
        say(&mut row, "split", &image.split);
        size(&mut row, image.size);
        if let Some((video, frame)) = image.frame
            && let Some(video) = dataset.videos.get(video as usize)
        {
            put(&mut row, "video", &video.name);
            put(&mut row, "frame", frame);
        }
        say(&mut row, "sha256", &image.sha256);
        rows.push(row);
    }
    for text in &dataset.texts {
        let mut row = vec![("record", "text".to_owned())];
        put(&mut row, "id", text.id);
        put(&mut row, "item", &text.name);
        say(&mut row, "split", &text.split);
        say(&mut row, "text", &text.body);
        rows.push(row);
    }
    records(dataset, &mut rows);
    rows
}

fn records(dataset: &Dataset, rows: &mut Vec<Row>) {
    let class = |at: u32| dataset.classes.get(at as usize).map_or("", |class| &class.name);
    let image = |at: u32| dataset.images.get(at as usize).map_or("", |image| &image.name);
    let video = |at: u32| dataset.videos.get(at as usize).map_or("", |video| &video.name);
    let text = |at: u32| dataset.texts.get(at as usize).map_or("", |text| &text.name);
    let head = |record: &str, item: &str, of: u32| -> Row {
        vec![
            ("record", record.to_owned()),
            ("item", item.to_owned()),
            ("class", class(of).to_owned()),
        ]
    };
    for one in &dataset.boxes {
        let mut row = head("box", image(one.image), one.class);
        put(&mut row, "id", one.id);
        for (column, value) in ["x", "y", "width", "height"].into_iter().zip(one.rect.decimals()) {
            put(&mut row, column, value);
        }
        match one.role {
            Role::Object => {}
            Role::Crowd => put(&mut row, "role", "crowd"),
            Role::Difficult => put(&mut row, "role", "difficult"),
        }
        if let Some(area) = one.area {
            put(&mut row, "area", area);
        }
        rest(&mut row, one.score, one.more.as_deref());
        rows.push(row);
    }
    for one in &dataset.labels {
        let (of, name) = match one.item {
            Item::Image(at) => ("image", image(at)),
            Item::Video(at) => ("video", video(at)),
            Item::Text(at) => ("text", text(at)),
        };
        let mut row = head("label", name, one.class);
        put(&mut row, "of", of);
        rest(&mut row, one.score, one.more.as_deref());
        rows.push(row);
    }
    for one in &dataset.spans {
        let mut row = head("span", text(one.text), one.class);
        put(&mut row, "start", one.start);
        put(&mut row, "end", one.end);
        rest(&mut row, one.score, one.more.as_deref());
        rows.push(row);
    }
    for one in &dataset.events {
        let mut row = head("event", video(one.video), one.class);
        put(&mut row, "start", one.start.pts);
        put(&mut row, "end", one.end.pts);
        put(&mut row, "timebase", fraction(one.start.timebase));
        if one.end.timebase != one.start.timebase {
            put(&mut row, "end_timebase", fraction(one.end.timebase));
        }
        rest(&mut row, one.score, one.more.as_deref());
        rows.push(row);
    }
}

fn rest(row: &mut Row, score: Option<f64>, more: Option<&More>) {
    if let Some(score) = score {
        put(row, "score", score);
    }
    let Some(more) = more else { return };
    flag(row, "occluded", more.occluded);
    flag(row, "truncated", more.truncated);
    if let Some(track) = more.track {
        put(row, "track", track.id);
        put(row, "keyframe", track.keyframe);
        flag(row, "outside", track.outside);
    }
    if more.group != 0 {
        put(row, "group", more.group);
    }
    say(row, "author", &more.author);
    if !more.attributes.is_empty() {
        let mut json = JsonText::default();
        let [open, close] = OBJECT;
        json.open(open);
        value::write(&mut json, &more.attributes);
        json.close(close);
        let text = String::from_utf8(json.finish()).expect("a text");
        put(row, "attributes", text.trim_end());
    }
}

/// A row that is read, by column.
pub(crate) type Read = HashMap<String, String>;

/// Why a row was left out: the problem and the column.
type Bad = (Problem, &'static str);

fn get<'a>(row: &'a Read, column: &'static str) -> Result<&'a str, Bad> {
    row.get(column).map(String::as_str).ok_or((Problem::MissingField, column))
}

fn wrong(column: &'static str, expected: &str) -> Bad {
    (Problem::WrongType { expected: expected.to_owned() }, column)
}

fn number<T: std::str::FromStr>(row: &Read, column: &'static str) -> Result<Option<T>, Bad> {
    let parsed = |text: &String| text.parse().map_err(|_| wrong(column, "a whole number"));
    row.get(column).map(parsed).transpose()
}

fn truth(row: &Read, column: &'static str) -> Result<Option<bool>, Bad> {
    let parsed = |text: &String| match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(wrong(column, "true or false")),
    };
    row.get(column).map(parsed).transpose()
}

fn float(row: &Read, column: &'static str) -> Result<Option<f64>, Bad> {
    let Some(text) = row.get(column) else { return Ok(None) };
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        Ok(_) => Err((Problem::NotFinite, column)),
        Err(_) => Err(wrong(column, "a number")),
    }
}

fn time(row: &Read, column: &'static str, base: &'static str) -> Result<Option<Time>, Bad> {
    let Some(pts) = number(row, column)? else { return Ok(None) };
    let timebase = parse(get(row, base)?);
    let timebase =
        timebase.ok_or_else(|| wrong(base, "a fraction of a second, such as 1/30000"))?;
    Ok(Some(Time { pts, timebase }))
}

fn dimensions(row: &Read) -> Result<Option<(u32, u32)>, Bad> {
    let size = number(row, "image_width")?.zip(number(row, "image_height")?);
    Ok(size.filter(|(width, height)| *width > 0 && *height > 0))
}

fn more_of(row: &Read) -> Result<Option<Box<More>>, Bad> {
    let mut more = More {
        occluded: truth(row, "occluded")?.unwrap_or(false),
        truncated: truth(row, "truncated")?.unwrap_or(false),
        group: number(row, "group")?.unwrap_or(0),
        author: row.get("author").cloned().unwrap_or_default(),
        ..More::default()
    };
    if let Some(id) = number(row, "track")? {
        let keyframe = truth(row, "keyframe")?.unwrap_or(true);
        more.track = Some(Track { id, keyframe, outside: truth(row, "outside")?.unwrap_or(false) });
    }
    if let Some(text) = row.get("attributes") {
        let bad = || wrong("attributes", "an object of texts, numbers and flags");
        let mut scanner = annotation::json::Scanner::new(text.as_bytes(), 2);
        let node = annotation::Node::read(&mut scanner, 2).map_err(|_| bad())?;
        for (name, value) in node.fields() {
            let value: Value = value.value().ok_or_else(bad)?;
            more.attributes.push((name.clone().into_owned(), value));
        }
    }
    Ok(more.boxed())
}

/// Takes a row, or reports why not; false when the limit on records is reached.
pub(crate) fn take(
    row: &Read,
    offset: Option<u64>,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> bool {
    let id = row.get("id").cloned();
    let place = |field: &str| Place {
        offset,
        field: (!field.is_empty()).then(|| field.to_owned()),
        id: id.clone(),
        ..Place::default()
    };
    if build.full(found, &place("")) {
        return false;
    }
    if let Err((problem, field)) = one(row, &place, build, found) {
        found.push(Severity::Error, problem, place(field));
    }
    true
}

fn one(
    row: &Read,
    place: &dyn Fn(&str) -> Place,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let text = |column: &str| row.get(column).cloned().unwrap_or_default();
    let id: Option<u64> = number(row, "id")?;
    match get(row, "record")? {
        "class" => {
            let at = build.class(get(row, "class")?);
            let class = &mut build.dataset.classes[at as usize];
            class.id = id.unwrap_or(class.id);
            class.parent = text("parent");
        }
        "video" => {
            let (frames, size) = (number(row, "frames")?, dimensions(row)?);
            let duration = time(row, "duration", "timebase")?;
            let (_, video) = build.video(get(row, "item")?);
            (video.frames, video.size, video.duration) = (frames, size, duration);
            video.id = id.unwrap_or(video.id);
            video.split = text("split");
        }
        "image" => {
            let size = dimensions(row)?;
            let frame: Option<u64> = number(row, "frame")?;
            let video = row.get("video").map(|name| build.video(name).0);
            let (_, image) = build.image(get(row, "item")?);
            image.id = id.unwrap_or(image.id);
            image.size = size;
            image.frame = video.zip(frame);
            image.sha256 = text("sha256");
            image.split = text("split");
        }
        "text" => {
            let (_, one) = build.text(get(row, "item")?);
            one.id = id.unwrap_or(one.id);
            one.body = text("text");
            one.split = text("split");
        }
        _ => return record(row, id, place, build, found),
    }
    Ok(())
}

fn record(
    row: &Read,
    id: Option<u64>,
    place: &dyn Fn(&str) -> Place,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let (item, score, more) = (get(row, "item")?, float(row, "score")?, more_of(row)?);
    let kind = get(row, "record")?;
    if !matches!(kind, "box" | "label" | "span" | "event") {
        let kinds = "class, video, image, text, box, label, span or event";
        return Err(wrong("record", kinds));
    }
    let class = build.class(get(row, "class")?);
    match kind {
        "box" => {
            let [x, y, width, height] = edges(row)?;
            let role = match row.get("role").map(String::as_str) {
                None | Some("object") => Role::Object,
                Some("crowd") => Role::Crowd,
                Some("difficult") => Role::Difficult,
                Some(_) => return Err(wrong("role", "object, crowd or difficult")),
            };
            let area = float(row, "area")?;
            let image = build.image(item).0;
            let record = BoxRecord { role, score, area, more, ..box_of(image, class) };
            let before = build.dataset.boxes.len();
            build.put(found, place("x"), [x, y, x + width, y + height], record);
            if build.dataset.boxes.len() > before && !build.number(id) {
                build.dataset.boxes.pop();
                return Err((Problem::DuplicateId, "id"));
            }
        }
        "label" => {
            let item = match row.get("of").map(String::as_str) {
                None | Some("image") => Item::Image(build.image(item).0),
                Some("video") => Item::Video(build.video(item).0),
                Some("text") => Item::Text(build.text(item).0),
                Some(_) => return Err(wrong("of", "image, video or text")),
            };
            build.dataset.labels.push(LabelRecord { item, class, score, more });
        }
        "span" => {
            let (text, one) = build.text(item);
            let length = one.body.chars().count() as u64;
            let start: u64 = number(row, "start")?.ok_or((Problem::MissingField, "start"))?;
            let end: u64 = number(row, "end")?.ok_or((Problem::MissingField, "end"))?;
            if end < start || end > length {
                return Err((Problem::BadRange, "end"));
            }
            build.dataset.spans.push(SpanRecord { text, class, start, end, score, more });
        }
        _ => {
            let start = time(row, "start", "timebase")?.ok_or((Problem::MissingField, "start"))?;
            let of_end = if row.contains_key("end_timebase") { "end_timebase" } else { "timebase" };
            let end = time(row, "end", of_end)?.ok_or((Problem::MissingField, "end"))?;
            if end < start {
                return Err((Problem::BadRange, "end"));
            }
            let video = build.video(item).0;
            build.dataset.events.push(EventRecord { video, class, start, end, score, more });
        }
    }
    Ok(())
}

fn edges(row: &Read) -> Result<[i64; 4], Bad> {
    let mut edges = [0; 4];
    for (slot, column) in edges.iter_mut().zip(["x", "y", "width", "height"]) {
        *slot = parse_micros(get(row, column)?.as_bytes()).map_err(|error| match error {
            CoordinateError::NotFinite => (Problem::NotFinite, column),
            CoordinateError::OutOfRange => (Problem::OutOfRange, column),
            CoordinateError::Malformed => wrong(column, "a number"),
        })?;
    }
    Ok(edges)
}
