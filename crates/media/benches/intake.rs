//! What it costs to take images in, beside Pillow, and to find the cuts of a video, beside
//! PySceneDetect. Each measurement is a process of its own, and the contenders take turns; prints
//! medians, asserts that both find the same, and no timing.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a program that speaks on a terminal")]

use std::path::{Path, PathBuf};
use std::process::Command;

use image::codecs::jpeg::JpegEncoder;
use media::{Kind, Limits, read_image};
use sha2::{Digest, Sha256};

/// Images of 1600 by 1200; every fourth is turned by its EXIF.
const IMAGES: u32 = 96;
/// An APP1 segment whose EXIF says that the picture is turned by 90 degrees.
const TURNED: &[u8] =
    b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
/// Four scenes of 15 seconds, 25 frames in a second.
const SCENES: &str = "testsrc2=s=1280x720:r=25,trim=end_frame=375,format=yuv420p[a];\
    mandelbrot=s=1280x720:r=25,trim=end_frame=375,format=yuv420p[b];\
    smptebars=s=1280x720:r=25,trim=end_frame=375,negate,format=yuv420p[c];\
    testsrc2=s=1280x720:r=25,trim=end_frame=375,hue=h=150,format=yuv420p[d];\
    [a][b][c][d]concat=n=4:v=1[v]";

struct Row {
    work: &'static str,
    engine: &'static str,
    command: Vec<String>,
}

/// CPU seconds of a process and of those it waited for, its peak in MiB, and what it found.
struct Measured {
    cpu: f64,
    peak: f64,
    answer: String,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().position(|word| word == "--work") {
        Some(at) => work(&words[at + 1], Path::new(&words[at + 2])),
        None => all(&words),
    }
}

fn all(words: &[String]) {
    let rounds = words.iter().position(|word| word == "--rounds");
    let rounds: usize = rounds.map_or(5, |at| words[at + 1].parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    make_images(folder.path());
    let video = make_video(folder.path());
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let me = path(&std::env::current_exe().unwrap());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/python/intake.py");
    let mut rows = Vec::new();
    for (work, at) in [("look", folder.path()), ("thumbnail", folder.path()), ("cuts", &video)] {
        let ours = ["--work", work, &path(at)].map(str::to_owned);
        let command = [vec![me.clone()], ours.to_vec()].concat();
        rows.push(Row { work, engine: "tally", command });
        let setting = if work == "cuts" { "TALLYSTICK_SCENES" } else { "TALLYSTICK_PILLOW" };
        match std::env::var(setting) {
            Ok(python) => rows.push(Row {
                work,
                engine: if work == "cuts" { "PySceneDetect" } else { "Pillow" },
                command: vec![python, path(&script), work.to_owned(), path(at)],
            }),
            Err(_) => println!("intake: the peer of {work} is left out, it is not installed"),
        }
    }
    let mut measured: Vec<Vec<Measured>> = rows.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (row, all) in rows.iter().zip(&mut measured) {
            all.push(measure(&row.command));
        }
    }
    println!("\nIntake of {IMAGES} images and a video of 1,500 frames, medians of {rounds}\n");
    println!("| work | engine | CPU s | peak MiB | ratio |\n| --- | --- | ---: | ---: | ---: |");
    let (mut first, mut found) = (0.0, String::new());
    for (row, all) in rows.iter().zip(&mut measured) {
        all.sort_by(|one, other| one.cpu.total_cmp(&other.cpu));
        let Measured { cpu, peak, answer } = &all[all.len() / 2];
        if row.engine == "tally" {
            (first, found) = (*cpu, answer.clone());
        }
        assert_eq!(*answer, found, "{}: {} finds the same", row.work, row.engine);
        println!("| {} | {} | {cpu:.2} | {peak:.0} | {:.1} |", row.work, row.engine, cpu / first);
    }
}

fn measure(command: &[String]) -> Measured {
    let out = Command::new(&command[0]).args(&command[1..]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    let [cpu, peak, answer] = text.split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("three words: {text}")
    };
    Measured { cpu: cpu.parse().unwrap(), peak: peak.parse().unwrap(), answer: answer.to_owned() }
}

/// One work; prints CPU seconds, the peak in MiB and the answer.
fn work(work: &str, path: &Path) {
    let before = cpu();
    let answer = match work {
        "cuts" => cuts(path),
        _ => images(path, work == "thumbnail"),
    };
    println!("{:.3} {:.1} {answer}", cpu() - before, peak());
}

/// Reads, decodes, turns, hashes and fingerprints each image; the sizes as shown, as answer.
fn images(folder: &Path, copies: bool) -> String {
    let mut sides = [0_u64; 2];
    for number in 0..IMAGES {
        let bytes = std::fs::read(folder.join(format!("{number:03}.jpg"))).unwrap();
        let hash = Sha256::digest(&bytes);
        let (picture, shown) = read_image(&bytes, Kind::Jpeg, &Limits::default(), copies).unwrap();
        assert!(hash.len() == 32 && shown.is_some() == copies);
        sides[0] += u64::from(picture.width);
        sides[1] += u64::from(picture.height);
    }
    format!("{}x{}", sides[0], sides[1])
}

/// The frames at which shots begin, by content.
fn cuts(path: &Path) -> String {
    let limits = video::Limits::default();
    let probe = video::probe(path, &limits).unwrap();
    let analysis = video::analyse(probe, &limits, |_| ()).unwrap();
    let detector = video::Detector::Content { threshold_milli: 27_000 };
    let least = units::Fraction::new(3, 5);
    let found = video::shots(&analysis.frames, analysis.timebase, detector, least);
    let starts: Vec<String> = found.starts[1..].iter().map(u64::to_string).collect();
    starts.join(",")
}

/// Soft patches with grain, as photographs have them; the same at every run.
fn make_images(folder: &Path) {
    let mut state = 20_261_122_u64;
    for number in 0..IMAGES {
        let pixel = |x: u32, y: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let grain = i32::try_from(state >> 59).unwrap() - 16;
            let wave = |scale: u32| {
                let at = f64::from((x + 37 * number) / scale % 97 + (y * 3 / scale) % 61);
                (110.0 + 90.0 * (at / 12.0).sin()).round() as i32
            };
            let tone = |scale| u8::try_from((wave(scale) + grain).clamp(0, 255)).unwrap();
            image::Rgb([tone(7), tone(11), tone(17)])
        };
        let image = image::RgbImage::from_fn(1600, 1200, pixel);
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&image).unwrap();
        if number % 4 == 0 {
            bytes.splice(2..2, TURNED.iter().copied());
        }
        std::fs::write(folder.join(format!("{number:03}.jpg")), bytes).unwrap();
    }
}

fn make_video(folder: &Path) -> PathBuf {
    let path = folder.join("scenes.mp4");
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-y", "-filter_complex", SCENES, "-map", "[v]"]);
    command.args(["-c:v", "libx264", "-preset", "ultrafast", "-g", "50"]).arg(&path);
    assert!(command.status().unwrap().success(), "ffmpeg");
    path
}

/// CPU seconds of this process and of the programs that it waited for.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11..15].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    ticks as f64 / 100.0
}

/// The most memory that this process ever held, in MiB; not that of the programs it starts.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
