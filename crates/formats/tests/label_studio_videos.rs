//! Videos of Label Studio: what a project of its own exports, as a dataset and on to other formats,
//! and what we write for it.

use std::fs;

use annotation::{
    BoxRecord, Class, Dataset, EventRecord, Image, Item, LabelRecord, Limits, Loss, MICROS, More,
    Rect, Role, Time, Track, Value, Video,
};
use formats::{Exported, Format, export, import};

const CONFIG: &str = r#"<View>
  <Video name="video" value="$video" frameRate="29.97"/>
  <VideoRectangle name="box" toName="video"/>
  <Labels name="tag" toName="video"><Label value="dog"/><Label value="cat"/></Labels>
  <TimelineLabels name="when" toName="video"><Label value="jump"/></TimelineLabels>
</View>"#;

const TASKS: &str = r#"[{"id":7,"data":{"video":"/data/upload/1/walk.mp4"},"annotations":[{
  "completed_by":3,"result":[
  {"id":"a","type":"videorectangle","from_name":"box","to_name":"video","value":{
   "framesCount":100,"duration":3.336,"labels":["cat"],"sequence":[
    {"frame":1,"enabled":true,"rotation":0,"x":10,"y":20,"width":25,"height":50,"time":0.03},
    {"frame":11,"enabled":false,"rotation":0,"x":20,"y":20,"width":25,"height":50},
    {"frame":31,"enabled":true,"rotation":0,"x":12.5,"y":0,"width":50,"height":25}]}},
  {"id":"b","type":"videorectangle","from_name":"box","to_name":"video","value":{
   "framesCount":100,"labels":["dog"],"sequence":[
    {"frame":100,"enabled":true,"rotation":0,"x":0,"y":0,"width":1,"height":1},
    {"frame":50,"enabled":true,"rotation":9,"x":0,"y":0,"width":1,"height":1}]}},
  {"id":"a","type":"textarea","from_name":"coat","value":{"text":["grey"]}},
  {"id":"c","type":"timelinelabels","from_name":"when","value":{
   "ranges":[{"start":31,"end":60}],"timelinelabels":["jump"]}},
  {"id":"d","type":"choices","from_name":"class","value":{"choices":["indoors"]}}]}]}]"#;

const SIZES: &str = "image,width,height\nwalk.mp4,400,200\n";

fn read() -> (Dataset, Vec<Loss>) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("config.xml", CONFIG), ("tasks.json", TASKS), ("sizes.csv", SIZES)] {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let read = import(folder.path(), None, &Limits::default(), true).expect("imported");
    assert_eq!(read.format, Format::LabelStudio);
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    let losses = read.losses.entries().iter().map(|entry| entry.code).collect();
    (read.dataset, losses)
}

#[test]
fn tracks_keep_their_boxes_gaps_and_ends() {
    let (dataset, losses) = read();
    assert_eq!(losses, [Loss::Rotation], "the turned box of the second track");
    let video = &dataset.videos[0];
    let known = (video.size, video.frames, video.duration.map(Time::to_micros));
    assert_eq!(known, (Some((400, 200)), Some(100), Some((3_336_000, true))));
    let line = |record: &annotation::BoxRecord| {
        let more = record.more.as_deref().expect("a track");
        let track = more.track.expect("a track");
        let frame = dataset.images[record.image as usize].frame.expect("a frame").1;
        let place = record.rect.decimals().join(" ");
        let class = &dataset.classes[record.class as usize].name;
        format!("{} {class} {frame} {place} {}", track.id, track.outside)
    };
    let lines: Vec<String> = dataset.boxes.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "1 cat 0 40 40 100 100 false",
            "1 cat 10 80 40 100 100 false",
            "1 cat 11 80 40 100 100 true",
            "1 cat 30 50 0 200 50 false",
            "1 cat 99 50 0 200 50 false",
            "2 dog 99 0 0 4 2 false",
        ]
    );
    let more = dataset.boxes[0].more.as_deref().expect("said");
    assert_eq!(more.author, "3");
    assert_eq!(more.attributes, [("coat".to_owned(), Value::Text("grey".to_owned()))]);
}

#[test]
fn an_event_is_the_time_at_which_it_was_shown() {
    let (dataset, _) = read();
    let event = &dataset.events[0];
    // Frame 30 of 29.97 a second, and the end of frame 59.
    assert_eq!((event.start.pts, event.start.timebase), (30, (100, 2_997)));
    assert_eq!((event.end.pts, event.end.timebase), (60, (100, 2_997)));
    assert_eq!(event.start.to_micros(), (1_001_001, false));
    assert_eq!(dataset.labels[0].item, Item::Video(0));
}

#[test]
fn they_go_on_to_cvat_whole_and_to_coco_frame_by_frame() {
    let (dataset, _) = read();
    let cvat = export(dataset.clone(), Format::Cvat, &Limits::default());
    let lost: Vec<Loss> = cvat.losses.entries().iter().map(|entry| entry.code).collect();
    assert!(lost.contains(&Loss::Events) && !lost.contains(&Loss::Interpolated), "{lost:?}");
    assert_eq!(cvat.dataset.boxes.len(), 6);
    let coco = export(dataset, Format::Coco, &Limits::default());
    // 0..=10 of the first stretch, 30..=99 of the second, and one of the dog.
    assert_eq!(coco.dataset.boxes.len(), 11 + 70 + 1);
}

/// A box of a track: its frame, left edge in whole pixels, and whether it was set by hand.
fn boxed(image: u32, left: i64, keyframe: bool) -> BoxRecord {
    let track = Some(Track { id: 7, keyframe, outside: false });
    let rect = Rect { x0: left * MICROS, y0: 0, x1: (left + 10) * MICROS, y1: 20 * MICROS };
    let more = More { track, author: "li".to_owned(), ..More::default() }.boxed();
    let (id, class, role) = (u64::from(image) + 1, 0, Role::Object);
    BoxRecord { id, image, class, rect, role, score: None, area: None, more }
}

/// A video of 100 frames, 30000/1001 a second, of which the first frames are images.
fn video(frames: u32) -> Dataset {
    let image = |frame: u32| Image {
        id: u64::from(frame) + 1,
        name: format!("clip/frame_{frame:06}.jpg"),
        size: Some((200, 100)),
        frame: Some((0, u64::from(frame))),
        ..Image::default()
    };
    let video = Video {
        id: 1,
        name: "clip.mp4".to_owned(),
        size: Some((200, 100)),
        frames: Some(100),
        duration: Some(Time { pts: 100_100, timebase: (1, 30_000) }),
        split: "val".to_owned(),
    };
    let class = Class { id: 1, name: "dog".to_owned(), parent: String::new() };
    Dataset {
        images: (0..frames).map(image).collect(),
        videos: vec![video],
        classes: vec![class],
        named: true,
        ..Dataset::default()
    }
}

fn event(start: i64, end: i64, base: u32) -> EventRecord {
    let time = |pts: i64| Time { pts, timebase: (1, base) };
    EventRecord { video: 0, class: 0, start: time(start), end: time(end), score: None, more: None }
}

fn written(dataset: Dataset) -> (Exported, String) {
    let exported = export(dataset, Format::LabelStudio, &Limits::default());
    let file = exported.files.iter().find(|file| file.name == "tasks.json").expect("tasks");
    let text = String::from_utf8(file.bytes.clone()).expect("text");
    (exported, text)
}

fn counts(exported: &Exported) -> Vec<(Loss, u64)> {
    exported.losses.entries().iter().map(|one| (one.code, one.count)).collect()
}

#[test]
fn a_video_is_written_as_label_studio_reads_it() {
    let mut dataset = video(12);
    dataset.boxes = vec![boxed(0, 0, true), boxed(10, 100, true)];
    let more = None;
    dataset.labels.push(LabelRecord { item: Item::Video(0), class: 0, score: None, more });
    dataset.events.push(event(3_003, 9_009, 30_000));
    let (exported, text) = written(dataset);
    let want = r#"[
{"id":1,"data":{"video":"clip.mp4","split":"val","width":200,"height":100,"rate":29.97003,
"frame_time":"1001/30000","frames":100,"duration":3.336667,"pts":100100,
"timebase":"1/30000"},"annotations":[
{"result":[
{"id":"r1","type":"choices","from_name":"class","to_name":"video","value":{"choices":["dog"]}},
{"id":"r2","type":"timelinelabels","from_name":"events","to_name":"video","value":{
"ranges":[
{"start":4,"end":9}],"timelinelabels":["dog"]}}]},
{"completed_by":{"email":"li"},"result":[
{"id":"t7","type":"videorectangle","from_name":"tracks","to_name":"video","value":{
"framesCount":100,"duration":3.336667,"sequence":[
{"frame":1,"enabled":true,"time":0.033367,"x":0,"y":0,"width":5,"height":20,"rotation":0},
{"frame":11,"enabled":false,"time":0.367033,"x":50,"y":0,"width":5,"height":20,"rotation":0}],
"labels":["dog"]}}]}]}]
"#;
    assert_eq!(text.replace('\n', ""), want.replace('\n', ""));
    // The frames between are named nowhere, and the track ends behind its last box.
    let want = [(Loss::Images, 9), (Loss::TrackEndAdded, 1), (Loss::AnnotationIds, 1)];
    assert_eq!(counts(&exported), want);
    let config = exported.files.iter().find(|file| file.name == "config.xml").expect("a config");
    let config = String::from_utf8(config.bytes.clone()).expect("text");
    assert!(config.contains(r#"<Video name="video" value="$video" frameRate="$rate"/>"#));
    assert!(config.contains(r#"<VideoRectangle name="tracks" toName="video"/>"#));
}

#[test]
fn events_are_whole_frames_and_what_is_rounded_is_counted() {
    let mut dataset = video(0);
    // Exact, a moment, between two frames, and shorter than half a frame.
    let events = [(0, 1_001), (2_002, 2_002), (10, 5_000), (4_100, 4_200)];
    dataset.events = events.map(|(start, end)| event(start, end, 30_000)).to_vec();
    let (exported, _) = written(dataset);
    assert_eq!(counts(&exported), [(Loss::RoundedTime, 2), (Loss::MomentAsFrame, 1)]);
    let ticks = |one: &EventRecord| (one.start.pts, one.end.pts, one.start.timebase);
    let frames: Vec<_> = exported.dataset.events.iter().map(ticks).collect();
    let base = (1_001, 30_000);
    assert_eq!(frames, [(0, 1, base), (2, 3, base), (0, 5, base), (4, 5, base)]);
}

#[test]
fn computed_boxes_are_left_to_label_studio_where_they_lie_on_the_line() {
    let mut dataset = video(9);
    let mut boxes: Vec<BoxRecord> = (0..9).map(|at| boxed(at, 2 * i64::from(at), false)).collect();
    // Off the line by more than what two decimal places round away, between the second and third.
    boxes[6].rect.x0 += 20_000;
    boxes[2].rect.x0 += 9_000;
    for at in [0, 4, 8] {
        boxes[at] = boxed(u32::try_from(at).expect("few"), 2 * at as i64, true);
    }
    dataset.boxes = boxes;
    let (exported, text) = written(dataset);
    let want = [(Loss::ComputedBoxes, 6), (Loss::TrackEndAdded, 1)];
    assert_eq!(counts(&exported), want);
    let frames: Vec<&str> = text.matches("\n{\"frame\":").collect();
    assert_eq!(frames.len(), 6, "0, 4, 5, 6, 7 and 8: {text}");
}

#[test]
fn what_differs_along_a_track_is_left_out_and_counted() {
    let mut dataset = video(3);
    let mut boxes = vec![boxed(0, 0, true), boxed(1, 50, true), boxed(2, 70, true)];
    for (at, record) in (0..).zip(&mut boxes) {
        let more = record.more.as_mut().expect("a track");
        let value = |text: &str| Value::Text(text.to_owned());
        let turned = ("turned".to_owned(), value(if at == 2 { "yes" } else { "no" }));
        more.attributes = vec![("coat".to_owned(), value("grey")), turned];
        more.occluded = at == 1;
        more.group = 4;
        record.score = Some(if at == 0 { 0.5 } else { 0.75 });
    }
    boxes[2].class = 1;
    dataset.boxes = boxes;
    dataset.classes.push(Class { id: 2, name: "cat".to_owned(), parent: String::new() });
    let (exported, _) = written(dataset);
    let want = [
        (Loss::Score, 2),
        (Loss::Occluded, 1),
        (Loss::Group, 3),
        // The cat becomes a track of its own, so that both tracks end.
        (Loss::TrackAdded, 1),
        (Loss::TrackEndAdded, 2),
    ];
    assert_eq!(counts(&exported), want);
    let said = |record: &BoxRecord| {
        let more = record.more.as_deref().expect("said");
        let names: Vec<&str> = more.attributes.iter().map(|(name, _)| name.as_str()).collect();
        (more.track.expect("a track").id, names.join(" "), record.score)
    };
    let lines: Vec<_> = exported.dataset.boxes.iter().map(said).collect();
    let dog = (7, "coat turned".to_owned(), None);
    let cat = (8, "coat turned".to_owned(), Some(0.75));
    assert_eq!(lines, [dog.clone(), dog.clone(), cat.clone(), dog, cat]);
}

#[test]
fn frames_of_two_videos_of_one_name_do_not_meet() {
    for format in [Format::Cvat, Format::LabelStudio] {
        let mut dataset = video(1);
        let other = Video { id: 2, name: "clip.avi".to_owned(), ..dataset.videos[0].clone() };
        dataset.videos.push(other);
        let name = "clip.avi/frame_000000.jpg".to_owned();
        let frame = Some((1, 0));
        dataset.images.push(Image { id: 2, name, frame, ..dataset.images[0].clone() });
        dataset.boxes = vec![boxed(0, 0, true), boxed(1, 50, true)];
        let exported = export(dataset, format, &Limits::default());
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        formats::save(&exported.files, &out).expect("saved");
        let read = import(&out, None, &Limits::default(), true).expect("read").dataset;
        let line = |record: &BoxRecord| {
            let video = read.images[record.image as usize].frame.expect("a frame").0;
            let name = &read.videos[video as usize].name;
            (!record.is_outside()).then(|| format!("{name} {}", record.rect.decimals()[0]))
        };
        let mut lines: Vec<String> = read.boxes.iter().filter_map(line).collect();
        lines.sort();
        assert_eq!(lines, ["clip.avi 50", "clip.mp4 0"], "{format:?}");
    }
}
