//! Single frames, taken by their number from anywhere in a video.

use std::collections::BTreeSet;

use video::{FrameList, Limits, write_frames};

use crate::made::{H264, folder, make, moving, pts, read};

#[test]
fn a_frame_from_the_middle_is_the_one_that_reading_from_the_start_gives() {
    let Some(folder) = folder() else { return };
    let limits = Limits::default();
    for (name, options) in [
        ("a.mp4", [H264, &["-bf", "2"]].concat()),
        ("late.mkv", [H264, &["-output_ts_offset", "7.3"]].concat()),
        ("a.ts", H264.to_vec()),
    ] {
        let path = make(folder.path(), name, &moving(60), &options);
        let analysis = read(&path).expect("a video");
        let list = FrameList::of(&analysis);
        assert_eq!(list.pts, pts(&analysis), "{name}");
        assert!(list.keys.len() >= 6 && list.end > list.pts[59], "{name}: {list:?}");
        let whole = folder.path().join(format!("{name}-whole"));
        std::fs::create_dir(&whole).expect("a folder");
        let all = write_frames(&analysis.probe, &list, 0..60, &whole, &limits).expect("frames");
        assert_eq!(all.len(), 60, "{name}");
        let some = folder.path().join(format!("{name}-some"));
        std::fs::create_dir(&some).expect("a folder");
        let mut seen = BTreeSet::new();
        for at in [0, 9, 10, 33, 59] {
            let one = write_frames(&analysis.probe, &list, at..at + 1, &some, &limits);
            let one = one.expect("a frame").remove(0);
            assert_eq!(one, all[at], "{name}");
            let bytes = std::fs::read(some.join(&one)).expect("a picture");
            assert!(bytes == std::fs::read(whole.join(&one)).expect("a picture"), "{name} {at}");
            seen.insert(bytes);
        }
        assert_eq!(seen.len(), 5, "the picture moves");
        let behind = write_frames(&analysis.probe, &list, 60..70, &some, &limits);
        assert_eq!(behind.expect("none"), Vec::<String>::new());
    }
}
