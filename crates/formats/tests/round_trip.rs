//! What a format holds it gives back, and the same dataset gives the same bytes.

use annotation::{Dataset, Limits, Loss, Losses, interpolate};
use formats::{Format, export};
use proptest::prelude::*;

use crate::world::{dataset, shape, through};

/// Formats that keep the numbers of images, classes and boxes.
const NUMBERED: &[Format] =
    &[Format::Coco, Format::Csv, Format::Jsonl, Format::Parquet, Format::Croissant];

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn holds_what_it_says(dataset: Dataset, format: Format) {
    let folder = folder();
    let (first, read) = through(dataset, format, &folder.path().join("out"));
    let ids = NUMBERED.contains(&format);
    let (want, have) = (shape(&first.dataset, ids), shape(&read.dataset, ids));
    let lost: Vec<&String> = want.iter().filter(|line| !have.contains(line)).collect();
    let made: Vec<&String> = have.iter().filter(|line| !want.contains(line)).collect();
    assert_eq!((lost, made), (vec![], vec![]), "{format:?}");
    assert_eq!(want.len(), have.len(), "{format:?}");
    assert_eq!(read.losses.entries(), [], "{format:?}");
    let (again, _) = through(read.dataset, format, &folder.path().join("again"));
    assert_eq!(again.losses.entries(), [], "{format:?}: a second time nothing is lost");
    let mut names: Vec<&str> = first.files.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), first.files.len(), "{format:?}: every file has its own name");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_a_format_holds_it_gives_back(dataset in dataset()) {
        for format in Format::ALL {
            holds_what_it_says(dataset.clone(), format);
        }
    }

    /// Through any two formats, a box is where it was: nothing drifts.
    #[test]
    fn boxes_do_not_move_on_the_way(dataset in dataset()) {
        let folder = folder();
        let boxes = |dataset: &Dataset| {
            let line = |record: &annotation::BoxRecord| {
                let image = &dataset.images[record.image as usize].name;
                format!("{image} {:?}", record.rect.decimals())
            };
            let mut lines: Vec<String> = dataset.boxes.iter().map(line).collect();
            lines.sort();
            lines
        };
        // What YOLO holds is held by every format with boxes of images.
        let start = export(dataset, Format::Yolo, &Limits::default()).dataset;
        let want = boxes(&start);
        let mut now = start;
        for (at, format) in Format::ALL.into_iter().enumerate() {
            let out = folder.path().join(format!("{at}"));
            let read = through(now.clone(), format, &out).1;
            if !read.dataset.boxes.is_empty() {
                prop_assert_eq!(&boxes(&read.dataset), &want, "{:?}", format);
                now = read.dataset;
            }
        }
    }

    /// An object is seen on the frames where it was seen, at the same place, and on no other.
    #[test]
    fn objects_in_videos_are_seen_where_they_were(dataset in dataset()) {
        let folder = folder();
        let seen = |dataset: Dataset| {
            let dataset = interpolate(dataset, u64::MAX, &mut Losses::default());
            let line = |record: &annotation::BoxRecord| {
                let (video, frame) = dataset.images[record.image as usize].frame?;
                let length = dataset.videos[video as usize].frames.expect("known");
                let class = &dataset.classes[record.class as usize].name;
                let line = format!("{frame} {class} {:?}", record.rect.decimals());
                (frame < length).then_some(line)
            };
            let mut lines: Vec<String> = dataset.boxes.iter().filter_map(line).collect();
            lines.sort();
            lines
        };
        let want = seen(dataset.clone());
        for format in [Format::Coco, Format::Cvat, Format::LabelStudio, Format::Jsonl] {
            let read = through(dataset.clone(), format, &folder.path().join(format.code())).1;
            prop_assert_eq!(&seen(read.dataset), &want, "{:?}", format);
        }
    }

    #[test]
    fn the_same_dataset_gives_the_same_bytes(dataset in dataset()) {
        for format in Format::ALL {
            let first = export(dataset.clone(), format, &Limits::default());
            let second = export(dataset.clone(), format, &Limits::default());
            prop_assert_eq!(first.files, second.files);
            prop_assert_eq!(first.losses, second.losses);
        }
    }
}

#[test]
fn the_report_counts_what_goes() {
    let image = |id: u64| annotation::Image {
        id,
        name: format!("{id}.jpg"),
        size: Some((100, 50)),
        ..annotation::Image::default()
    };
    let class = annotation::Class { id: 5, name: "cat".to_owned(), parent: "pet".to_owned() };
    let record = |id: u64, role: annotation::Role, x0: i64| annotation::BoxRecord {
        id,
        image: 0,
        class: 0,
        rect: annotation::Rect { x0, y0: 0, x1: 30_000_000, y1: 40_500_000 },
        role,
        score: Some(0.5),
        area: Some(12.0),
        more: None,
    };
    let dataset = Dataset {
        images: vec![image(1), image(2)],
        classes: vec![class],
        boxes: vec![
            record(1, annotation::Role::Object, -1_000_000),
            record(2, annotation::Role::Crowd, 5),
            record(4, annotation::Role::Difficult, 5),
        ],
        named: true,
        ..Dataset::default()
    };
    for (format, want) in [
        (Format::Coco, vec![]),
        (
            Format::Voc,
            vec![
                (Loss::Score, 3),
                (Loss::Area, 3),
                (Loss::ClassParent, 1),
                (Loss::CrowdAsDifficult, 1),
                (Loss::AnnotationIds, 1),
                (Loss::ClassIds, 1),
            ],
        ),
        (
            Format::Yolo,
            vec![
                (Loss::CrowdLeftOut, 1),
                (Loss::Score, 2),
                (Loss::Area, 2),
                (Loss::ClassParent, 1),
                (Loss::ClippedBox, 1),
                (Loss::PutIntoTrain, 2),
                (Loss::DifficultAsObject, 1),
                (Loss::AnnotationIds, 1),
                (Loss::ClassIds, 1),
            ],
        ),
    ] {
        let exported = export(dataset.clone(), format, &Limits::default());
        let entries = exported.losses.entries();
        let counts: Vec<(Loss, u64)> = entries.iter().map(|one| (one.code, one.count)).collect();
        assert_eq!(counts, want, "{format:?}");
    }
}
