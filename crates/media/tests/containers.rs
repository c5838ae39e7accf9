//! Videos as FFmpeg writes them, with a place, a title and a date, and the same as they are shown:
//! FFmpeg finds every packet where it was and nothing else.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

/// Half a degree of Shanghai, a name and a day: what must not be found.
const SAID: [&str; 4] = ["+31.2304", "the quay", "2024-05-06", "Exif-of-a-cover"];

fn ffmpeg(arguments: &[&str], path: &Path) -> Option<Vec<u8>> {
    let program = arguments.first().copied()?;
    let mut command = Command::new(program);
    let output = command.args(&arguments[1..]).arg(path).output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{path:?}: {said}");
    Some(output.stdout)
}

/// Makes a video in the form that its name says; false without FFmpeg.
fn made(path: &Path, codec: &[&str]) -> bool {
    let source = ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i"];
    let picture = ["testsrc2=s=160x120:r=25:d=2", "-metadata", "location=+31.2304+121.4737/"];
    let names = ["-metadata", "title=the quay", "-metadata", "date=2024-05-06"];
    let dates = ["-metadata", "creation_time=2024-05-06T07:08:09Z", "-metadata", "ICRD=2024-05-06"];
    let all = [&source[..], &picture, &names, &dates, &["-metadata", "comment=+31.2304"], codec];
    ffmpeg(&all.concat(), path).is_some()
}

/// The file as it is shown, piece by piece.
fn shown(path: &Path, to: &Path) -> (Vec<u8>, Vec<u8>) {
    let bytes = fs::read(path).expect("made");
    let blanks = media::blanks(&mut File::open(path).expect("made")).expect("read");
    let mut shown = bytes.clone();
    for (number, piece) in shown.chunks_mut(1_000).enumerate() {
        media::blank(&blanks, number as u64 * 1_000, piece);
    }
    fs::write(to, &shown).expect("written");
    (bytes, shown)
}

#[test]
fn nothing_is_said_of_a_place_and_every_packet_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let cover = folder.path().join("cover.jpg");
    fs::write(&cover, "Exif-of-a-cover").expect("written");
    let cover = cover.to_str().expect("a plain path");
    let attached = ["-c:v", "libvpx", "-attach", cover, "-metadata:s:t", "mimetype=text/plain"];
    let h264: &[&str] = &["-c:v", "libx264", "-g", "10", "-pix_fmt", "yuv420p"];
    let avi: &[&str] = &["-c:v", "mpeg4", "-metadata", "IARL=+31.2304"];
    for (name, codec) in [
        ("a.mkv", h264),
        ("b.mkv", &attached),
        ("c.webm", &["-c:v", "libvpx"]),
        ("d.webm", &["-c:v", "libvpx", "-f", "webm", "-live", "1"]),
        ("e.avi", avi),
        ("f.mp4", h264),
        ("g.mov", h264),
    ] {
        let path = folder.path().join(name);
        if !made(&path, codec) {
            println!("skipped: ffmpeg is not installed (apt-get install ffmpeg)");
            return;
        }
        let to = folder.path().join(format!("shown-{name}"));
        let (bytes, shown) = shown(&path, &to);
        assert_eq!(bytes.len(), shown.len(), "{name}");
        let has = |bytes: &[u8], what: &str| {
            bytes.windows(what.len()).any(|part| part == what.as_bytes())
        };
        assert!(has(&bytes, SAID[0]) && has(&bytes, SAID[1]), "{name} says so");
        for what in SAID {
            assert!(!has(&shown, what), "{name}: {what}");
        }
        let packets = ["ffmpeg", "-v", "error", "-nostdin", "-i"];
        let packets = |path: &Path| {
            let path = path.to_str().expect("a plain path");
            let rest = [path, "-map", "0:v:0", "-c", "copy", "-f", "framehash"];
            ffmpeg(&[&packets[..], &rest].concat(), Path::new("-")).expect("ffmpeg")
        };
        let (before, after) = (packets(&path), packets(&to));
        assert!(before.len() > 1_000 && before == after, "{name}");
        let tags = ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags"];
        let tags = ffmpeg(&[&tags[..], &["-of", "csv"]].concat(), &to).expect("ffprobe");
        let tags = String::from_utf8_lossy(&tags).into_owned();
        assert!(!tags.contains("quay") && !tags.contains("31."), "{name}: {tags}");
    }
}

#[test]
fn files_cut_off_anywhere_are_read_as_far_as_they_go() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, codec) in [("a.mkv", "libvpx"), ("b.avi", "mpeg4")] {
        let path = folder.path().join(name);
        if !made(&path, &["-c:v", codec]) {
            println!("skipped: ffmpeg is not installed (apt-get install ffmpeg)");
            return;
        }
        let bytes = fs::read(&path).expect("made");
        for end in (0..bytes.len()).step_by(97) {
            let part = &bytes[..end];
            let blanks = media::blanks(&mut std::io::Cursor::new(part)).expect("read");
            let mut shown = part.to_vec();
            media::blank(&blanks, 0, &mut shown);
            assert_eq!(shown.len(), end, "{name}");
        }
    }
}
