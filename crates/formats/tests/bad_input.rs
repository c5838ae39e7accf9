//! Bad input: each case gets its finding with its place, and the good rest is taken.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use annotation::{Delivery, Finding, Limits, ReadError, Severity};
use formats::{Format, import, read_delivery};
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

/// The findings as `severity code file line field id`.
fn shown(findings: &[Finding], folder: &Path) -> Vec<String> {
    let show = |finding: &Finding| {
        let json = serde_json::to_value(finding).expect("json");
        let place = &json["place"];
        let part = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => "-".to_owned(),
            other => other.to_string(),
        };
        let file = part(&place["file"]).replace(&format!("{}/", folder.display()), "");
        let parts = [&json["severity"], &json["code"], &place["line"], &place["field"]];
        let [severity, code, line, field] = parts.map(part);
        format!("{severity} {code} {file} {line} {field} {}", part(&place["id"]))
    };
    findings.iter().map(show).collect()
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, bytes).expect("written");
    }
    folder
}

fn check(files: &[(&str, &[u8])], format: Format, boxes: usize, want: &[&str]) {
    let folder = folder(files);
    let read = import(folder.path(), None, &Limits::default(), false).expect("read");
    assert_eq!(read.format, format);
    assert_eq!(shown(&read.findings, folder.path()), want);
    assert_eq!(read.dataset.boxes.len(), boxes);
    let strict = import(folder.path(), None, &Limits::default(), true);
    let errors = want.iter().any(|line| line.starts_with("error"));
    assert_eq!(matches!(strict, Err(ReadError::Refused(_))), errors, "strict");
}

const YAML: &[u8] = b"names:\n  0: cat\n  1: dog\n";
const SIZES: &[u8] = b"image,width,height\n\"images/train/a.jpg\",100,100\n";

#[test]
fn a_bad_line_of_yolo_is_left_out_and_named() {
    for (line, want) in [
        ("x 0.5 0.5 0.1 0.1", "error wrong_type labels/train/a.txt 2 class -"),
        ("2 0.5 0.5 0.1 0.1", "error unknown_class labels/train/a.txt 2 class -"),
        ("0 nan 0.5 0.1 0.1", "error not_finite labels/train/a.txt 2 box -"),
        ("0 0.5 0.5 -0.1 0.1", "error negative_size labels/train/a.txt 2 box -"),
        ("0 1e300 0.5 0.1 0.1", "error out_of_range labels/train/a.txt 2 box -"),
        ("0 0.5 0.5 0.1", "error wrong_type labels/train/a.txt 2 - -"),
        ("0 0.5 0.5 0.1 x", "error wrong_type labels/train/a.txt 2 box -"),
        ("0 2 0.5 0.1 0.1", "error outside_image labels/train/a.txt 2 box -"),
    ] {
        let text = format!("0 0.5 0.5 0.1 0.1\n{line}\n1 0.25 0.25 0.1 0.1\n");
        let files: [(&str, &[u8]); 3] =
            [("data.yaml", YAML), ("sizes.csv", SIZES), ("labels/train/a.txt", text.as_bytes())];
        check(&files, Format::Yolo, 2, &[want]);
    }
    let files: [(&str, &[u8]); 2] =
        [("data.yaml", YAML), ("labels/train/a.txt", b"0 0.5 0.5 0.1 0.1\n0 1 1 1 1\n")];
    check(&files, Format::Yolo, 0, &["error unknown_size labels/train/a.txt 1 - -"]);
}

fn coco(annotations: &str) -> String {
    format!(
        "{{\"images\":[{{\"id\":1,\"file_name\":\"a.jpg\",\"width\":100,\"height\":100}}],\n\
         \"categories\":[{{\"id\":1,\"name\":\"cat\"}}],\"annotations\":[\n{annotations}\n]}}"
    )
}

const GOOD: &str = r#"{"id":7,"image_id":1,"category_id":1,"bbox":[1,2,3,4]}"#;

#[test]
fn chinese_in_another_encoding_is_named_and_the_rest_taken() {
    // A class name in GB18030, in the middle of a file that is sound otherwise.
    let mut bytes = coco(GOOD).into_bytes();
    let name = b"\"name\":\"cat\"";
    let at = bytes.windows(name.len()).position(|window| window == name).expect("the name");
    bytes.splice(at + 8..at + 11, *b"\xB9\xB7");
    let wanted = [
        "error other_encoding f.json 2 - -",
        "error not_utf8 f.json 2 /categories/0 -",
        "error unknown_class f.json 3 /annotations/0/category_id 7",
    ];
    check(&[("f.json", &bytes)], Format::Coco, 0, &wanted);
    let marked = format!("\u{feff}{}", coco(GOOD));
    let wanted = ["notice byte_order_mark f.json - - -"];
    check(&[("f.json", marked.as_bytes())], Format::Coco, 1, &wanted);
}

fn archive(path: &Path, files: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(fs::File::create(path).expect("created"));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("started");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("finished");
}

#[test]
fn an_archive_reads_as_its_folder_and_never_leads_out_of_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("in.zip");
    let text = coco(GOOD);
    let files: [(&str, &[u8]); 4] = [
        ("../outside.json", b"{}"),
        ("/etc/absolute.json", b"{}"),
        ("a\\..\\b.json", b"{}"),
        ("annotations/instances_val.json", text.as_bytes()),
    ];
    archive(&path, &files);
    let read = import(&path, None, &Limits::default(), false).expect("read");
    assert_eq!(read.dataset.boxes.len(), 1);
    assert_eq!(read.dataset.images[0].split, "val");
    let wanted = [
        "error unsafe_name in.zip!../outside.json - - -",
        "error unsafe_name in.zip!/etc/absolute.json - - -",
        "error unsafe_name in.zip!a\\..\\b.json - - -",
    ];
    assert_eq!(shown(&read.findings, folder.path()), wanted);
    assert!(import(&path, None, &Limits::default(), true).is_err());
}

#[test]
fn a_bomb_is_not_unpacked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("in.zip");
    let zeros = vec![b' '; 8 << 20];
    let text = coco(GOOD);
    archive(&path, &[("bomb.json", &zeros), ("good.json", text.as_bytes())]);
    let read = import(&path, None, &Limits::default(), false).expect("read");
    let wanted = ["error too_dense in.zip!bomb.json - - -"];
    assert_eq!(shown(&read.findings, folder.path()), wanted);
    assert_eq!(read.dataset.boxes.len(), 1);
    let small = Limits { file_bytes: 100, ..Limits::default() };
    let read = import(&path, None, &small, false);
    assert!(matches!(read, Err(ReadError::Unreadable(_))));
    fs::write(&path, b"PK\x03\x04 and nothing else").expect("written");
    let Err(ReadError::Unreadable(finding)) = import(&path, None, &Limits::default(), false) else {
        panic!("a broken archive was read")
    };
    assert_eq!(shown(&[*finding], folder.path()), ["error bad_archive in.zip - - -"]);
}

#[test]
fn what_is_no_labelled_data_is_refused() {
    for files in [
        vec![],
        vec![("notes.txt", &b"hello"[..])],
        vec![("a.json", &b"{\"x\":1}"[..])],
        vec![("a.xml", &b"<html/>"[..])],
    ] {
        let folder = folder(&files);
        let read = import(folder.path(), None, &Limits::default(), false);
        assert!(matches!(read, Err(ReadError::Unreadable(_))), "{files:?}");
    }
    let gone = import(Path::new("nowhere.json"), None, &Limits::default(), false);
    assert!(matches!(gone, Err(ReadError::Unreadable(_))));
}

#[test]
fn a_bad_row_of_a_table_is_left_out_and_named() {
    let head = "record,id,item,class,x,y,width,height,start,end,timebase\nimage,1,a.jpg,,,,,,,,\n";
    let good = "box,2,a.jpg,cat,1,1,5,5,,,\n";
    for (row, want) in [
        ("box,3,a.jpg,cat,NaN,1,5,5,,,", "error not_finite records.csv 4 x 3"),
        ("box,3,a.jpg,cat,1,1,-5,5,,,", "error negative_size records.csv 4 x 3"),
        ("box,2,a.jpg,cat,1,1,5,5,,,", "error duplicate_id records.csv 4 id 2"),
        ("box,x,a.jpg,cat,1,1,5,5,,,", "error wrong_type records.csv 4 id x"),
        ("box,3,,cat,1,1,5,5,,,", "error missing_field records.csv 4 item 3"),
        ("event,3,v.mp4,goal,,,,,9,8,1/25", "error bad_range records.csv 4 end 3"),
        ("event,3,v.mp4,goal,,,,,1,8,1/0", "error wrong_type records.csv 4 timebase 3"),
        ("star,3,v.mp4,goal,,,,,,,", "error wrong_type records.csv 4 record 3"),
    ] {
        let text = format!("{head}{good}{row}\n{}", good.replace('2', "9"));
        check(&[("records.csv", text.as_bytes())], Format::Csv, 2, &[want]);
    }
    let labels = b"id,label\n1,pos\n2,neg\n";
    check(&[("labels.csv", labels)], Format::Csv, 0, &[]);
}

#[test]
fn a_bad_record_of_json_is_left_out_and_named() {
    let datumaro = |annotation: &str| {
        format!(
            "{{\"categories\":{{\"label\":{{\"labels\":[{{\"name\":\"cat\"}}]}}}},\"items\":[\n\
             {{\"id\":\"a\",\"image\":{{\"path\":\"a.jpg\",\"size\":[50,100]}},\"annotations\":[\n\
             {annotation}]}}]}}"
        )
    };
    for (annotation, want) in [
        ("{\"type\":\"bbox\",\"label_id\":4,\"bbox\":[1,1,2,2]}", "unknown_class"),
        ("{\"type\":\"bbox\",\"label_id\":0,\"bbox\":[1,1,2]}", "wrong_type"),
        ("{\"type\":\"bbox\",\"label_id\":0,\"bbox\":[1,NaN,2,2]}", "not_finite"),
        ("{\"type\":\"bbox\",\"label_id\":0,\"bbox\":[1,60,2,2]}", "outside_image"),
        ("{\"type\":\"bbox\",\"bbox\":[1,1,2,2]}", "missing_field"),
    ] {
        let text = datumaro(annotation);
        let folder = folder(&[("annotations/train.json", text.as_bytes())]);
        let read = import(folder.path(), None, &Limits::default(), false).expect("read");
        assert_eq!((read.format, read.dataset.boxes.len()), (Format::Datumaro, 0), "{annotation}");
        let line = shown(&read.findings, folder.path()).join(";");
        let start = format!("error {want} annotations/train.json 3 /items/0/annotations/0");
        assert!(line.starts_with(&start), "{line}");
    }
    let tasks = r#"[{"data":{"image":"a.jpg"},"annotations":[{"result":[
        {"type":"rectanglelabels","value":{"x":1,"y":1,"width":2,"height":2,"rectanglelabels":["c"]}},
        {"type":"rectanglelabels","original_width":100,"original_height":50,
         "value":{"x":1,"y":1,"width":2,"height":20,"rectanglelabels":["c"]}}]}]},
        {"data":{"text":"abc"},"annotations":[{"result":[
        {"type":"labels","value":{"start":1,"end":9,"labels":["c"]}}]}]}]"#;
    let want = [
        "error unknown_size tasks.json 2 /0/annotations/0/result/0/original_width -",
        "error bad_range tasks.json 6 /1/annotations/0/result/0/value -",
    ];
    check(&[("tasks.json", tasks.as_bytes())], Format::LabelStudio, 1, &want);
}

#[test]
fn a_bad_record_of_a_video_of_label_studio_is_left_out_and_named() {
    let tasks = r#"[{"data":{"video":"a.mp4"},"annotations":[{"result":[
        {"type":"videorectangle","value":{"labels":["c"],"sequence":[
         {"frame":1,"enabled":true,"x":1,"y":1,"width":2,"height":2}]}}]}]},
        {"data":{"video":"b.mp4","width":100,"height":50},"annotations":[{"result":[
        {"type":"videorectangle","value":{"labels":["c"],"framesCount":9,"sequence":[
         {"frame":0,"enabled":true,"x":1,"y":1,"width":2,"height":2},
         {"frame":9,"enabled":false,"x":1,"y":1,"width":2,"height":2},
         {"frame":3,"enabled":true,"x":1,"y":1,"width":-2,"height":2},
         {"frame":5,"enabled":true,"y":1,"width":2,"height":2}]}},
        {"type":"videorectangle","value":{"sequence":[]}},
        {"type":"timelinelabels","value":{"ranges":[{"start":1,"end":4}],
         "timelinelabels":["jump"]}}]}]}]"#;
    let at = "/1/annotations/0/result";
    let want = [
        "error unknown_size tasks.json 2 /0/annotations/0/result/0/original_width -".to_owned(),
        format!("error wrong_type tasks.json 6 {at}/0/value/sequence/0/frame -"),
        format!("error negative_size tasks.json 8 {at}/0/value/sequence/2 -"),
        format!("error missing_field tasks.json 9 {at}/0/value/sequence/3/x -"),
        format!("error missing_field tasks.json 10 {at}/1/value/labels -"),
        format!("error unknown_rate tasks.json 11 {at}/2/value/ranges -"),
    ];
    let want: Vec<&str> = want.iter().map(String::as_str).collect();
    check(&[("tasks.json", tasks.as_bytes())], Format::LabelStudio, 1, &want);
    let config = br#"<View><Video name="v" value="$video" frameRate="0"/></View>"#;
    let files: [(&str, &[u8]); 2] = [("tasks.json", tasks.as_bytes()), ("config.xml", config)];
    check(&files, Format::LabelStudio, 1, &want);
}

#[test]
fn a_bad_shape_of_cvat_is_left_out_and_named() {
    let text = "<annotations><version>1.1</version>\n<image id=\"0\" name=\"a.jpg\" width=\"50\" \
        height=\"50\">\n<box label=\"cat\" occluded=\"0\" xtl=\"nan\" ytl=\"1\" xbr=\"2\" ybr=\"2\"/>\n\
        <box label=\"cat\" xtl=\"9\" ytl=\"1\" xbr=\"2\" ybr=\"2\"/>\n\
        <box label=\"cat\" xtl=\"1\" ytl=\"1\" xbr=\"2\" ybr=\"2\"></box>\n\
        <box label=\"cat\" xtl=\"1\" ytl=\"1\" xbr=\"2\"/>\n</image></annotations>";
    let want = [
        "error not_finite a.xml 3 xtl -",
        "error negative_size a.xml 4 box -",
        "error missing_field a.xml 6 ybr -",
    ];
    check(&[("a.xml", text.as_bytes())], Format::Cvat, 1, &want);
}

proptest::proptest! {
    /// Whatever stands in a file, it is read or refused, and never a crash.
    #[test]
    fn no_bytes_make_a_reader_panic(at in 0_usize..800, byte in proptest::prelude::any::<u8>()) {
        let folder = tempfile::tempdir().expect("a folder");
        for (number, format) in Format::ALL.into_iter().enumerate() {
            let dataset = small();
            let mut files = formats::export(dataset, format, &Limits::default()).files;
            for file in &mut files {
                if let Some(slot) = file.bytes.get_mut(at) {
                    *slot = byte;
                }
            }
            let out = folder.path().join(number.to_string());
            formats::save(&files, &out).expect("saved");
            let _ = import(&out, Some(format), &Limits::default(), false);
        }
    }
}

#[test]
fn a_false_size_within_a_parquet_file_is_reported() {
    let mut files = formats::export(small(), Format::Parquet, &Limits::default()).files;
    files[0].bytes[12] = 20;
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("records.parquet");
    formats::save(&files, &out).expect("saved");
    let read = import(&out, Some(Format::Parquet), &Limits::default(), false);
    let told = format!("{read:?}");
    assert!(told.contains("a size within the file is false"), "{told}");
}

/// One image with one box.
fn small() -> annotation::Dataset {
    let folder = folder(&[("f.json", coco(GOOD).as_bytes())]);
    import(folder.path(), None, &Limits::default(), true).expect("read").dataset
}

#[test]
fn a_table_that_is_not_the_described_one_is_refused() {
    let files = formats::export(small(), Format::Croissant, &Limits::default()).files;
    let [description, table] = files.as_slice() else { panic!("two files") };
    let changed = [table.bytes.as_slice(), b"\n"].concat();
    let want = ["error wrong_hash croissant.json 2 distribution/sha256 -"];
    let both: [(&str, &[u8]); 2] =
        [("croissant.json", &description.bytes), ("records.csv", &changed)];
    check(&both, Format::Croissant, 0, &want);
    let want = ["error missing_file croissant.json 2 distribution/contentUrl -"];
    check(&both[..1], Format::Croissant, 0, &want);
    let folder = folder(&[("records.parquet", b"PAR1 and no more")]);
    let read = import(folder.path(), None, &Limits::default(), false).expect("read");
    assert_eq!(shown(&read.findings, folder.path()), ["error unreadable records.parquet - - -"]);
}

#[test]
fn strict_reading_refuses_what_has_errors() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("work.json");
    let two = r#"{"images":[{"id":1,"file_name":"a.jpg","width":9,"height":9}],
        "categories":[{"id":1,"name":"cat"}],
        "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,2,2]},{}]}"#;
    fs::write(&path, two).expect("write");
    fs::create_dir(folder.path().join("empty")).expect("made");
    let limits = Limits::default();
    let (delivery, findings) = read_delivery(&path, &limits, false).expect("read");
    assert!(matches!(delivery, Delivery::Boxes(dataset) if dataset.boxes.len() == 1));
    assert_eq!(findings.len(), 1);
    let strict = read_delivery(&path, &limits, true);
    assert!(matches!(strict, Err(ReadError::Refused(findings)) if findings.len() == 1));
    let small = Limits { file_bytes: 10, ..limits };
    for (path, limits, want) in [
        (path.clone(), small, "file_too_large"),
        (folder.path().join("none.json"), limits, "unreadable"),
        (folder.path().join("empty"), limits, "empty"),
    ] {
        let Err(ReadError::Unreadable(finding)) = read_delivery(&path, &limits, false) else {
            panic!("{want} was read")
        };
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(serde_json::to_value(&*finding).expect("json")["code"], want);
    }
    let unknown = folder.path().join("notes.txt");
    fs::write(&unknown, "hello").expect("write");
    assert!(matches!(read_delivery(&unknown, &limits, false), Err(ReadError::Unreadable(_))));
}
