//! Real images, texts and videos.

use std::process::Command;

use media::{Options, Split, What};

use crate::made::{codes, shared, take};

#[test]
fn all_images_of_bccd_are_taken() {
    let Some(folder) = shared("bccd/BCCD/JPEGImages") else { return };
    let options = Options { copies: true, ..Options::default() };
    let (report, kept) = take(&folder, &options);
    assert_eq!((report.items.len(), report.findings.len()), (364, 0), "{:?}", report.findings);
    for item in &report.items {
        let What::Image(picture) = &item.what else { panic!("{item:?}") };
        assert_eq!((picture.width, picture.height), (640, 480), "{}", item.name);
    }
    let one = image::load_from_memory(&kept.displays[100]).expect("a JPEG").into_rgb8();
    let same = image::load_from_memory(&kept.originals[100].1).expect("a JPEG").into_rgb8();
    assert!(one == same, "the copy has the pixels of the original");
}

#[test]
fn real_reviews_are_taken_row_by_row() {
    let Some(folder) = shared("sentiment") else { return };
    let split = Split::Rows { column: "review".to_owned() };
    let (report, kept) = take(&folder, &Options { split, ..Options::default() });
    assert!(report.items.len() > 10_000, "{} {:?}", report.items.len(), codes(&report));
    assert!(kept.texts.iter().all(|text| !text.contains('\u{fffd}')));
    for finding in &report.findings {
        assert!(finding.place.file.contains('.'), "{finding:?}");
    }
}

#[test]
fn a_video_is_taken_with_its_ticks_and_one_without_a_length_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let make = |name: &str, options: &[&str]| {
        let mut command = Command::new("ffmpeg");
        command.args([
            "-v",
            "error",
            "-nostdin",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=160x120:r=25:d=2",
        ]);
        let made = command.args(options).arg(folder.path().join(name)).output().ok()?;
        made.status.success().then_some(())
    };
    let live: &[&str] = &["-c:v", "libvpx", "-f", "webm", "-live", "1"];
    if make("a.mp4", &["-c:v", "libx264", "-pix_fmt", "yuv420p"]).is_none()
        || make("b.webm", live).is_none()
    {
        println!("skipped: ffmpeg is not installed (apt-get install ffmpeg)");
        return;
    }
    std::fs::write(folder.path().join("c.mp4"), "only words").expect("a file");
    std::fs::write(folder.path().join("d.mp4"), b"\0\0\0\x20ftypisom\0\0\0\0").expect("a file");
    let (report, _) = take(folder.path(), &Options::default());
    let What::Video { timebase, duration_ticks, width, .. } = &report.items[0].what else {
        panic!("{:?}", report.items)
    };
    assert_eq!((timebase.to_string().as_str(), *width), ("1/12800", 160));
    assert_eq!(*duration_ticks, Some(25_600));
    assert_eq!(report.items[0].media_type, "video/mp4");
    assert_eq!(report.items[1].media_type, "video/webm");
    assert_eq!(codes(&report), ["no_duration", "wrong_suffix", "bad_video"]);
    let said = format!("{:?}", report.findings[2]);
    assert!(!said.contains(&*folder.path().to_string_lossy()), "{said}");
}
