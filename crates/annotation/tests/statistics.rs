//! The statistics of a dataset, with figures counted by hand.

use annotation::{
    BoxRecord, Class, Dataset, EventRecord, Image, Item, LabelRecord, MICROS, More, Rect, Role,
    Statistics, Text, Time, Track, Video, wilson,
};

fn class(id: u64, name: &str) -> Class {
    Class { id, name: name.to_owned(), ..Class::default() }
}

/// A square box of so many pixels, in an image, of a class.
fn square(image: u32, class: u32, side: i64) -> BoxRecord {
    let rect = Rect { x0: 0, y0: 0, x1: side * MICROS, y1: side * MICROS };
    BoxRecord { id: 1, image, class, rect, role: Role::Object, score: None, area: None, more: None }
}

fn by(author: &str) -> Option<Box<More>> {
    Some(Box::new(More { author: author.to_owned(), ..More::default() }))
}

#[test]
fn boxes_are_counted_by_class_size_part_and_author() {
    let image = |id, split: &str| Image { id, split: split.to_owned(), ..Image::default() };
    let gone = Track { id: 1, keyframe: true, outside: true };
    let gone = More { track: Some(gone), ..More::default() };
    let dataset = Dataset {
        images: vec![image(1, "train"), image(2, "train"), image(3, "val")],
        classes: vec![class(1, "cat"), class(2, "dog"), class(7, "")],
        boxes: vec![
            BoxRecord { more: by("luo"), ..square(0, 0, 31) },
            BoxRecord { more: by("luo"), ..square(0, 0, 32) },
            BoxRecord { more: by("an"), role: Role::Crowd, ..square(0, 1, 96) },
            BoxRecord { score: Some(0.5), ..square(1, 0, 95) },
            BoxRecord { more: Some(Box::new(gone)), ..square(2, 0, 50) },
        ],
        ..Dataset::default()
    };
    let found = Statistics::of(&dataset);
    assert_eq!((found.images, found.boxes, found.empty_items), (3, 4, 1));
    let sizes = found.sizes;
    assert_eq!((sizes.small, sizes.medium, sizes.large), (1, 2, 1));
    let rows: Vec<_> =
        found.classes.iter().map(|row| (row.class.as_str(), row.labels, row.items)).collect();
    assert_eq!(rows, [("cat", 3, 2), ("dog", 1, 1), ("#7", 0, 0)]);
    let parts: Vec<_> = found.parts.iter().map(|row| (row.part.as_str(), row.items)).collect();
    assert_eq!(parts, [("train", 2), ("val", 1)]);
    let authors: Vec<_> =
        found.authors.iter().map(|row| (row.author.as_str(), row.labels)).collect();
    assert_eq!(authors, [("an", 1), ("luo", 2)]);
    assert_eq!((found.marks.crowd, found.marks.scored), (1, 1));
    let density: Vec<_> = found.density.iter().map(|row| (row.from, row.to, row.items)).collect();
    assert_eq!(density[..3], [(0, Some(0), 1), (1, Some(1), 1), (2, Some(4), 1)]);
    assert_eq!(density.last(), Some(&(50, None, 0)));
}

#[test]
fn texts_and_events_are_counted_too() {
    let text = |name: &str, body: &str| Text {
        name: name.to_owned(),
        body: body.to_owned(),
        ..Text::default()
    };
    let time = |pts| Time { pts, timebase: (1, 10) };
    let event = |start, end| EventRecord {
        video: 0,
        class: 1,
        start: time(start),
        end: time(end),
        score: None,
        more: None,
    };
    let label = |item| LabelRecord { item, class: 0, score: None, more: None };
    let dataset = Dataset {
        classes: vec![class(1, "positive"), class(2, "goal")],
        texts: vec![text("a", "服务很好"), text("b", "ok")],
        videos: vec![Video { id: 1, name: "v".to_owned(), ..Video::default() }],
        labels: vec![label(Item::Text(0))],
        events: vec![event(0, 15), event(20, 20)],
        ..Dataset::default()
    };
    let found = Statistics::of(&dataset);
    assert_eq!((found.texts, found.characters, found.labels), (2, 6, 1));
    assert_eq!((found.videos, found.events, found.moments, found.empty_items), (1, 1, 1, 1));
    assert_eq!(found.classes[1].micros, 1_500_000);
}

#[test]
fn the_interval_is_wilsons() {
    // By the formula in floating point, z = 1.96.
    let check = |hits: u64, total: u64| {
        let (h, n, z) = (hits as f64, total as f64, 1.96_f64);
        let middle = (h + z * z / 2.0) / (n + z * z);
        let half = z / (n + z * z) * (h * (n - h) / n + z * z / 4.0).sqrt();
        let found = wilson(hits, total).unwrap();
        let near = |value: u64, exact: f64| {
            assert!((value as f64 / 1e6 - exact).abs() < 2e-6, "{hits}/{total}: {value} {exact}");
        };
        near(found.lower, (middle - half).max(0.0));
        near(found.upper, (middle + half).min(1.0));
        assert!(found.lower <= hits * 1_000_000 / total);
        assert!(found.upper >= (hits * 1_000_000).div_ceil(total));
    };
    for (hits, total) in
        [(0, 1), (1, 1), (1, 2), (5, 10), (95, 100), (999, 1_000), (123_456, 7_654_321)]
    {
        check(hits, total);
    }
    assert_eq!(wilson(0, 0), None);
    assert_eq!(wilson(2, 1), None);
}
