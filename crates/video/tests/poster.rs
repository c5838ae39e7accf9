//! The small picture that stands for a video.

use video::{Limits, poster, probe};

use crate::made::{H264, colours, folder, make, moving};

#[test]
fn a_video_has_a_small_picture_from_a_tenth_of_its_way() {
    let Some(folder) = folder() else { return };
    let limits = Limits::default();
    let late = [H264, &["-output_ts_offset", "7.3"]].concat();
    let (dark, light) = (colours(&[("black", 5), ("white", 95)]), colours(&[("black", 100)]));
    let take = |name: &str, graph: &str, options: &[&str]| {
        let path = make(folder.path(), name, graph, options);
        let bytes = poster(&probe(&path, &limits).expect("a video"), &limits).expect("a picture");
        assert_eq!(bytes[..2], [0xFF, 0xD8], "{name}");
        bytes
    };
    for (name, options) in [("a.mp4", H264), ("late.mkv", &late), ("a.ts", H264)] {
        take(name, &moving(60), options);
    }
    // Behind the black that it begins with, and never of more than 256 pixels.
    assert_ne!(take("dark.mp4", &dark, H264), take("light.mp4", &light, H264));
    let wide = "testsrc2=s=1280x720:r=25,trim=end_frame=3,format=yuv420p[v]";
    let bytes = take("wide.mp4", wide, H264);
    let size = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame header");
    assert_eq!(bytes[size + 5..size + 9], [0, 144, 1, 0]);
}

#[test]
fn a_file_without_a_frame_that_can_be_shown_has_none() {
    let Some(folder) = folder() else { return };
    let limits = Limits::default();
    let path = make(folder.path(), "a.mp4", &moving(20), H264);
    let probed = probe(&path, &limits).expect("a video");
    std::fs::write(&path, b"nothing").expect("a file");
    assert!(poster(&probed, &limits).is_err());
}
