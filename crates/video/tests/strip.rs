//! Small pictures of all frames and large ones of some, without another decode of the whole.

use std::num::NonZeroU64;

use units::Fraction;
use video::{
    Analysis, By, Detector, Limits, Moment, Strip, analyse, analyse_with_strip, choose, probe,
    shots, write_pictures,
};

use crate::made::{H264, colours, folder, make, moving};

fn both(path: &std::path::Path, below: &std::path::Path) -> (Analysis, Analysis, Strip) {
    let limits = Limits::default();
    let read = || probe(path, &limits).expect("a video");
    let alone = analyse(read(), &limits, |_| ()).expect("frames");
    let (with, strip) = analyse_with_strip(read(), &limits, (below, NonZeroU64::MIN), |_| ())
        .expect("frames and pictures");
    (alone, with, strip)
}

fn size_of(jpeg: &[u8]) -> [u8; 4] {
    let at = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame header");
    jpeg[at + 5..at + 9].try_into().expect("a size")
}

#[test]
fn one_decode_gives_the_same_figures_and_a_small_picture_of_each_frame() {
    let Some(folder) = folder() else { return };
    let wide = "testsrc2=s=1280x720:r=25,trim=end_frame=30,format=yuv420p[v]";
    let turned = "testsrc2=s=160x320:r=25,trim=end_frame=9,format=yuv420p[v]";
    let uneven = "testsrc2=s=160x120:r=25,trim=end_frame=40,\
        setpts='round((N+N*N/9)/25/TB)',format=yuv420p[v]";
    let passed = [H264, &["-fps_mode", "passthrough"]].concat();
    let late = [H264, &["-output_ts_offset", "7.3"]].concat();
    for (name, graph, options, count, size) in [
        ("a.mp4", moving(60).as_str(), H264, 60, [0, 120, 0, 160]),
        ("wide.mkv", wide, late.as_slice(), 30, [0, 144, 1, 0]),
        ("tall.ts", turned, H264, 9, [1, 0, 0, 128]),
        ("vfr.mp4", uneven, passed.as_slice(), 40, [0, 120, 0, 160]),
    ] {
        let path = make(folder.path(), name, graph, options);
        let (alone, with, strip) = both(&path, folder.path());
        assert_eq!(alone, with, "{name}");
        assert_eq!((with.frames.len(), strip.len()), (count, count), "{name}");
        let mut before = Vec::new();
        for frame in 0..count as u64 {
            let bytes = strip.picture(frame).expect("readable").expect("a picture");
            assert_eq!((&bytes[..2], size_of(&bytes)), (&[0xFF, 0xD8][..], size), "{name} {frame}");
            assert!(bytes.ends_with(&[0xFF, 0xD9]) && bytes != before, "{name} {frame}");
            before = bytes;
        }
        assert_eq!(strip.picture(count as u64).expect("readable"), None, "{name}");
        // One in four: each stands for those behind it.
        let (limits, four) = (Limits::default(), NonZeroU64::new(4).expect("four"));
        let read = probe(&path, &limits).expect("a video");
        let some = analyse_with_strip(read, &limits, (folder.path(), four), |_| ());
        let (_, some) = some.expect("frames and pictures");
        assert_eq!(some.len(), count.div_ceil(4), "{name}");
        assert_eq!(some.picture(7).unwrap(), some.picture(4).unwrap(), "{name}");
        assert_eq!(some.picture(4).unwrap(), strip.picture(4).unwrap(), "{name}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").flatten().collect();
    assert!(left.iter().all(|entry| entry.path().is_file()), "a strip goes with its folder");
}

#[test]
fn pictures_far_apart_are_those_that_one_run_through_all_gives() {
    let Some(folder) = folder() else { return };
    let parts: Vec<(&str, usize)> =
        ["black", "white", "red", "navy"].into_iter().map(|one| (one, 200)).collect();
    for (name, options) in [("a.mp4", [H264, &["-bf", "2"]].concat()), ("a.ts", H264.to_vec())] {
        let path = make(folder.path(), name, &colours(&parts), &options);
        let (analysis, _, strip) = both(&path, folder.path());
        let content = Detector::Content { threshold_milli: 27_000 };
        let least = Fraction::new(3, 5);
        let found = shots(&analysis.frames, analysis.timebase, content, least);
        assert_eq!(found.starts, [0, 200, 400, 600], "{name}");
        let some = choose(&analysis, &found, &By::Shot(Moment::Middle)).expect("keyframes");
        let every = choose(&analysis, &found, &By::Interval(Fraction::new(1, 1)));
        let every = every.expect("keyframes");
        let limits = Limits::default();
        let write = |chosen: &[video::Keyframe], to: &str| {
            let to = folder.path().join(format!("{name}-{to}"));
            std::fs::create_dir(&to).expect("a folder");
            let names = write_pictures(&analysis, chosen, &to, &limits).expect("pictures");
            let read = |name: &String| std::fs::read(to.join(name)).expect("a picture");
            names.iter().map(|name| (name.clone(), read(name))).collect::<Vec<_>>()
        };
        // Four lie far apart; all of them together are one run through the whole.
        let mut all = [some.clone(), every].concat();
        all.sort_by_key(|one| one.pts);
        all.dedup_by_key(|one| one.pts);
        let (far, near) = (write(&some, "far"), write(&all, "near"));
        assert_eq!(far.len(), 4, "{name}");
        assert!(far.iter().all(|one| near.contains(one)), "{name}");
        for one in &some {
            assert!(strip.picture(one.frame).expect("readable").is_some(), "{name}");
        }
    }
}
