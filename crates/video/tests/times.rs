//! Timestamps, shots and keyframes of videos whose every frame is known.

use std::collections::BTreeSet;
use std::path::Path;

use units::Fraction;
use video::{
    Analysis, By, ChooseError, Detector, Limits, Moment, Oddity, Shots, Timestamps, choose, shots,
    write_pictures,
};

use crate::made::{H264, colours, folder, make, moving, pts, read};

const CONTENT: Detector = Detector::Content { threshold_milli: 27_000 };

fn least() -> Fraction {
    Fraction::new(3, 5)
}

fn found(analysis: &Analysis, detector: Detector) -> Shots {
    shots(&analysis.frames, analysis.timebase, detector, least())
}

fn chosen(analysis: &Analysis, by: &By) -> Vec<(u64, i64)> {
    let keyframes = choose(analysis, &found(analysis, CONTENT), by).expect("keyframes");
    keyframes.iter().map(|keyframe| (keyframe.frame, keyframe.pts)).collect()
}

#[test]
fn cuts_are_found_and_flashes_are_not_cuts() {
    let Some(folder) = folder() else { return };
    let parts = [("black", 40), ("white", 30), ("red", 30), ("navy", 40)];
    let path = make(folder.path(), "cuts.mp4", &colours(&parts), H264);
    let cuts = read(&path).expect("a video");
    let parts = [("gray", 40), ("white", 2), ("gray", 40), ("white", 1), ("navy", 40)];
    let path = make(folder.path(), "flash.mkv", &colours(&parts), H264);
    let flash = read(&path).expect("a video");
    // A flash right before a cut: the jump into it reaches the threshold, the jump out of it is
    // the higher one and stands out.
    for (detector, cut) in [(CONTENT, 82), (Detector::Adaptive, 83)] {
        assert_eq!(found(&cuts, detector).starts, [0, 40, 70, 100], "{detector:?}");
        assert_eq!(found(&cuts, detector).flashes, []);
        let shots = found(&flash, detector);
        assert_eq!(shots.starts, [0, cut], "{detector:?}");
        assert_eq!((shots.flashes[0].frame, shots.flashes[0].back), (40, 42), "{detector:?}");
        assert_eq!(shots.flashes.len(), 1);
    }
}

#[test]
fn a_variable_rate_keeps_every_timestamp() {
    let Some(folder) = folder() else { return };
    let graph = "testsrc2=s=160x120:r=25,trim=end_frame=50,\
        setpts='round(if(lt(N,25),N,25+(N-25)*3)/25/TB)',format=yuv420p[v]";
    let options = [H264, &["-fps_mode", "passthrough"]].concat();
    let path = make(folder.path(), "vfr.mp4", graph, &options);
    let vfr = read(&path).expect("a video");
    assert!(vfr.variable_rate);
    let base = vfr.timebase;
    let want: Vec<Fraction> =
        (0..50).map(|n| Fraction::new(if n < 25 { n } else { 25 + (n - 25) * 3 }, 25)).collect();
    let have: Vec<Fraction> = pts(&vfr).into_iter().map(|pts| base.seconds(pts)).collect();
    assert_eq!(have, want);
    // Whole seconds: the frame on show then, whatever its number.
    let every = By::Interval(Fraction::whole(1));
    let frames: Vec<u64> = chosen(&vfr, &every).iter().map(|(frame, _)| *frame).collect();
    assert_eq!(frames, [0, 25, 33, 41]);
    assert!(!read(&make(folder.path(), "cfr.mp4", &moving(30), H264)).unwrap().variable_rate);
}

#[test]
fn a_start_offset_stays_in_the_timestamps() {
    let Some(folder) = folder() else { return };
    for (name, more) in [
        ("late.ts", &["-output_ts_offset", "10", "-muxdelay", "0", "-muxpreload", "0"][..]),
        ("late.mkv", &["-output_ts_offset", "10"]),
    ] {
        let options = [H264, &["-bf", "0"], more].concat();
        let path = make(folder.path(), name, &moving(50), &options);
        let late = read(&path).expect("a video");
        let times: Vec<Fraction> =
            pts(&late).into_iter().map(|pts| late.timebase.seconds(pts)).collect();
        assert_eq!(times[0], Fraction::whole(10), "{name}");
        assert_eq!(times[49] - times[0], Fraction::new(49, 25), "{name}");
        let near = By::Hand(vec![Fraction::new(1141, 100)]);
        assert_eq!(chosen(&late, &near)[0].0, 35, "{name}");
        let outside = choose(&late, &found(&late, CONTENT), &By::Hand(vec![Fraction::ZERO]));
        let Err(ChooseError::Outside { first, .. }) = outside else { panic!("{outside:?}") };
        assert_eq!(first, "10");
    }
}

#[test]
fn rotation_is_said_and_pictures_stand_upright() {
    let Some(folder) = folder() else { return };
    let path = make(folder.path(), "upright.mp4", &moving(5), H264);
    let mut bytes = std::fs::read(&path).expect("a file");
    let header = bytes.windows(4).position(|word| word == b"tkhd").expect("a track header");
    let turned: Vec<u8> =
        [0, 65_536, 0, -65_536, 0, 0].iter().flat_map(|part: &i32| part.to_be_bytes()).collect();
    bytes[header + 44..header + 44 + turned.len()].copy_from_slice(&turned);
    let path = folder.path().join("turned.mp4");
    std::fs::write(&path, bytes).expect("a file");
    let analysis = read(&path).expect("a video");
    let stream = &analysis.probe.stream;
    assert_eq!((stream.rotation, stream.width, stream.height), (90, 160, 120));
    assert_eq!(stream.shown(), (120, 160));
    let keyframes = choose(&analysis, &found(&analysis, CONTENT), &By::Shot(Moment::First));
    let keyframes = keyframes.expect("keyframes");
    let names = write_pictures(&analysis, &keyframes, folder.path(), &Limits::default());
    let names = names.expect("pictures");
    assert_eq!(names, ["0.jpg"]);
    assert_eq!(size_of_jpeg(&folder.path().join(&names[0])), (120, 160));
}

/// Pixels across and down, from the frame header of a baseline JPEG.
fn size_of_jpeg(path: &Path) -> (u16, u16) {
    let bytes = std::fs::read(path).expect("a picture");
    let header = bytes.windows(2).position(|mark| mark == [0xff, 0xc0]).expect("a frame header");
    let number = |at: usize| u16::from_be_bytes([bytes[header + at], bytes[header + at + 1]]);
    (number(7), number(5))
}

#[test]
fn a_raw_stream_without_times_or_length_says_so() {
    let Some(folder) = folder() else { return };
    let path = make(folder.path(), "raw.h264", &moving(30), H264);
    let raw = read(&path).expect("a video");
    assert_eq!(raw.probe.stream.timestamps, Timestamps::Assumed);
    assert_eq!(raw.probe.stream.duration_ticks, None);
    assert_eq!(raw.frames.len(), 30);
    let stored = read(&make(folder.path(), "stored.mkv", &moving(30), H264)).expect("a video");
    assert_eq!(stored.probe.stream.timestamps, Timestamps::File);
    assert_eq!(stored.frames.len(), 30);
}

#[test]
fn damage_is_told_with_its_place_and_the_rest_is_read() {
    let Some(folder) = folder() else { return };
    let path = make(folder.path(), "whole.ts", &moving(100), H264);
    let bytes = std::fs::read(&path).expect("a file");
    let cut = folder.path().join("cut.ts");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("a file");
    let count = read(&cut).expect("half a video").frames.len();
    assert!((30..70).contains(&count), "{count}");
    let mut torn = bytes.clone();
    let middle = bytes.len() / 2;
    for (at, byte) in torn[middle..middle + 8_000].iter_mut().enumerate() {
        // Packets of 188 bytes keep their headers; what they carry is lost.
        if (middle + at) % 188 > 20 {
            *byte = 0x5a;
        }
    }
    let path = folder.path().join("torn.ts");
    std::fs::write(&path, torn).expect("a file");
    let torn = read(&path).expect("most of a video");
    assert!(torn.frames.len() > 60, "{}", torn.frames.len());
    let told = |at: u64| (20..80).contains(&at);
    let complaint = torn
        .notices
        .iter()
        .find(|notice| matches!(notice.what, Oddity::Decoder { .. }) && told(notice.frame));
    assert!(complaint.is_some(), "{:?}", torn.notices);
}

#[test]
fn keyframes_are_chosen_by_each_rule() {
    let Some(folder) = folder() else { return };
    let graph = "color=black:s=160x120:r=25,trim=end_frame=30[a];\
        testsrc2=s=160x120:r=25,trim=end_frame=31,\
        boxblur=8:enable='not(eq(n,20))'[b];[a][b]concat=n=2:v=1,format=yuv420p[v]";
    let options = [H264, &["-sc_threshold", "0"]].concat();
    let path = make(folder.path(), "rules.mkv", graph, &options);
    let analysis = read(&path).expect("a video");
    let frames = |by: &By| chosen(&analysis, by).iter().map(|one| one.0).collect::<Vec<_>>();
    assert_eq!(frames(&By::IFrame), [0, 10, 20, 30, 40, 50, 60]);
    assert_eq!(frames(&By::Interval(Fraction::new(1, 2))), [0, 12, 25, 37, 50]);
    assert_eq!(frames(&By::Shot(Moment::First)), [0, 30]);
    assert_eq!(frames(&By::Shot(Moment::Middle)), [14, 45]);
    assert_eq!(frames(&By::Shot(Moment::Sharpest)), [0, 50]);
    // Nearest; half way, the earlier; the same frame twice is one keyframe.
    let asked = [(4, 100), (101, 100), (205, 100), (206, 100)].map(|(n, d)| Fraction::new(n, d));
    assert_eq!(frames(&By::Hand(asked.to_vec())), [1, 25, 51]);
    let none = choose(&analysis, &found(&analysis, CONTENT), &By::Interval(Fraction::ZERO));
    assert_eq!(none, Err(ChooseError::Interval));

    let keyframes = choose(&analysis, &found(&analysis, CONTENT), &By::IFrame).expect("keyframes");
    let names = write_pictures(&analysis, &keyframes, folder.path(), &Limits::default());
    let want: BTreeSet<String> =
        keyframes.iter().map(|keyframe| format!("{}.jpg", keyframe.pts)).collect();
    assert_eq!(names.expect("pictures").into_iter().collect::<BTreeSet<_>>(), want);
    for name in want {
        assert_eq!(size_of_jpeg(&folder.path().join(name)), (160, 120));
    }
}
