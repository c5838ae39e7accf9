//! Videos of Label Studio: what a project of its own exports, as a dataset and on to other formats.

use std::fs;

use annotation::{Dataset, Item, Limits, Loss, Time, Value};
use formats::{Format, export, import};

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
