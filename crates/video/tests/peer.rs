//! PySceneDetect on the same videos: the same cuts at the same exact times. Runs where
//! `TALLYSTICK_CUTS_PYTHON` names an interpreter that has it; `cargo xtask nightly` does.

use std::path::Path;
use std::process::Command;

use units::Fraction;
use video::{Detector, Timebase, shots};

use crate::made::{H264, colours, folder, make, read};

fn theirs(python: &str, path: &Path) -> Vec<Vec<Fraction>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cuts.py");
    let output = Command::new(python).arg(script).arg(path).output().expect("python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let cut = |text: &str| {
        let (pts, base) = text.split_once('*').expect("a time");
        let base: Timebase = base.parse().expect("a timebase");
        base.seconds(pts.parse().expect("ticks"))
    };
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(|line| line.split_whitespace().map(cut).collect()).collect()
}

fn ours(path: &Path) -> Vec<Vec<Fraction>> {
    let analysis = read(path).expect("a video");
    let seconds = |frame: &u64| {
        let at = usize::try_from(*frame).expect("a frame");
        analysis.timebase.seconds(analysis.frames[at].pts.expect("a timestamp"))
    };
    let cuts = |detector| {
        let found = shots(&analysis.frames, analysis.timebase, detector, Fraction::new(3, 5));
        found.starts[1..].iter().map(seconds).collect()
    };
    vec![cuts(Detector::Content { threshold_milli: 27_000 }), cuts(Detector::Adaptive)]
}

#[test]
fn pyscenedetect_finds_the_same_cuts_and_takes_flashes_for_more() {
    let Ok(python) = std::env::var("TALLYSTICK_CUTS_PYTHON") else {
        println!("skipped: TALLYSTICK_CUTS_PYTHON is not set (cargo xtask nightly sets it)");
        return;
    };
    let Some(folder) = folder() else { return };
    let hard = colours(&[("black", 40), ("white", 30), ("red", 30), ("navy", 40), ("gray", 33)]);
    let mixed = "testsrc2=s=160x120:r=25,trim=end_frame=45[a];\
        mandelbrot=s=160x120:r=25,trim=end_frame=45[b];\
        smptebars=s=160x120:r=25,trim=end_frame=45,negate[c];\
        testsrc2=s=160x120:r=25,trim=end_frame=45,hue=h=150[d];\
        [a]format=yuv420p[a1];[b]format=yuv420p[b1];[c]format=yuv420p[c1];[d]format=yuv420p[d1];\
        [a1][b1][c1][d1]concat=n=4:v=1,format=yuv420p[v]";
    let uneven = mixed.replace(
        "concat=n=4:v=1,",
        "concat=n=4:v=1,setpts='round(if(lt(N,90),N,90+(N-90)*2)/25/TB)',",
    );
    for (name, graph) in [("hard.mp4", hard.as_str()), ("mixed.mp4", mixed), ("vfr.mp4", &uneven)] {
        let options = [H264, &["-fps_mode", "passthrough"]].concat();
        let path = make(folder.path(), name, graph, &options);
        let (theirs, ours) = (theirs(&python, &path), ours(&path));
        assert!(ours[0].len() >= 3, "{name}: {ours:?}");
        assert_eq!(ours, theirs, "{name}");
    }
    let flash = colours(&[("gray", 40), ("white", 2), ("gray", 60), ("navy", 40)]);
    let path = make(folder.path(), "flash.mp4", &flash, H264);
    let (theirs, ours) = (theirs(&python, &path), ours(&path));
    let want = vec![Fraction::new(102, 25)];
    assert_eq!(ours, [want.clone(), want]);
    println!("PySceneDetect: {} and {} cuts for one", theirs[0].len(), theirs[1].len());
}
