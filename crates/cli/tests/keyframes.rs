//! `tally keyframes` as a user meets it.

use std::process::Command;

use crate::commands::Place;

#[test]
fn keyframes_come_with_ticks_pictures_and_lists() {
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        println!("skipped: ffmpeg is not installed (apt-get install ffmpeg)");
        return;
    }
    let place = Place::empty();
    let graph = "color=black:s=160x120:r=25,trim=end_frame=50[a];\
        testsrc2=s=160x120:r=25,trim=end_frame=50[b];[a][b]concat=n=2:v=1[v]";
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-filter_complex", graph, "-map", "[v]"])
        .args(["-c:v", "libx264", "-preset", "ultrafast"])
        .arg(place.path("a.mp4"))
        .status();
    assert!(made.expect("ffmpeg").success());
    let answer = place.json("keyframes a.mp4 --frame first --out k");
    assert_eq!(answer["shots"], serde_json::json!([0, 50]));
    let second = &answer["keyframes"][1];
    assert_eq!((second["frame"].as_u64(), second["time"].as_str()), (Some(50), Some("2")));
    let picture = format!("k/{}.jpg", second["pts"]);
    assert_eq!(place.bytes(&picture)[..2], [0xff, 0xd8]);
    let list = String::from_utf8(place.bytes("k/keyframes.csv")).expect("text");
    let base = answer["timebase"].as_str().expect("a timebase");
    let line = format!("50,{},{base},2,true,shot,2", second["pts"]);
    assert_eq!(list.lines().nth(2), Some(line.as_str()));
    for (line, code) in [
        ("keyframes a.mp4 --by hand --at 99", 1),
        ("keyframes a.mp4 --by hand", 3),
        ("keyframes a.mp4 --threshold 3", 3),
        ("keyframes k/keyframes.csv", 2),
    ] {
        assert_eq!(place.run(line).status.code(), Some(code), "{line}");
    }
}
