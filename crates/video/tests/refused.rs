//! Files that are no videos, name other files, or are too much.

use std::path::Path;

use video::{Limits, Measure, VideoError, analyse, probe};

use crate::made::{H264, folder, make, moving, read};

fn written(folder: &Path, name: &str, text: &str) -> VideoError {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    read(&path).expect_err(name)
}

#[test]
fn lists_of_other_files_are_refused_whatever_their_name() {
    let Some(folder) = folder() else { return };
    let list = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n";
    let remote = list.replace("file:///etc/passwd", "http://127.0.0.1:9/a.ts");
    for (name, text) in [
        ("a.m3u8", list),
        ("a.mp4", list),
        ("b.mp4", remote.as_str()),
        ("c.txt", "ffconcat version 1.0\nfile 'a.mp4'\n"),
        ("d.mpd", "<?xml version=\"1.0\"?>\n<MPD><Period/></MPD>"),
        ("e.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"),
        ("f.mp4", &format!("\u{feff}\n{list}")),
    ] {
        let error = written(folder.path(), name, text);
        assert!(matches!(error, VideoError::Playlist { .. }), "{name}: {error:?}");
    }
}

/// The second wall, should a list not be known for one: the program reads no such form.
#[test]
fn forms_that_open_other_files_are_shut_in_the_program_too() {
    let Some(folder) = folder() else { return };
    let path = make(folder.path(), "real.mp4", &moving(5), H264);
    let real = path.file_name().expect("a name").to_string_lossy().into_owned();
    let concat = format!("# a comment first\nffconcat version 1.0\nfile {real}\n");
    let imf = "<?xml version=\"1.0\"?><CompositionPlaylist/>";
    for (name, text) in [("g.ffconcat", concat.as_str()), ("h.xml", imf)] {
        let error = written(folder.path(), name, text);
        assert!(matches!(error, VideoError::NotAVideo { .. }), "{name}: {error:?}");
    }
}

#[test]
fn what_is_no_video_is_said_to_be_none() {
    let Some(folder) = folder() else { return };
    for (name, text) in [("text.mp4", "only words\n"), ("empty.mp4", "")] {
        let error = written(folder.path(), name, text);
        assert!(matches!(error, VideoError::NotAVideo { .. }), "{name}: {error:?}");
    }
    assert!(matches!(read(folder.path()), Err(VideoError::NotAFile { .. })));
    let absent = read(&folder.path().join("absent.mp4"));
    assert!(matches!(absent, Err(VideoError::Io { .. })), "{absent:?}");
    let path = make(folder.path(), "whole.mp4", &moving(30), H264);
    let bytes = std::fs::read(&path).expect("a file");
    let cut = folder.path().join("cut.mp4");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("a file");
    // Its table of frames stood at the end.
    let cut = read(&cut);
    let Err(VideoError::NotAVideo { said, .. }) = cut else { panic!("{cut:?}") };
    assert!(!said.is_empty());
    let sound = "sine=d=1[v]";
    let path = make(folder.path(), "sound.mp4", sound, &["-c:a", "aac"]);
    let sound = read(&path);
    assert!(matches!(sound, Err(VideoError::NoVideoStream { .. })), "{sound:?}");
}

#[test]
fn every_limit_is_kept() {
    let Some(folder) = folder() else { return };
    let path = make(folder.path(), "video.mp4", &moving(30), H264);
    let all = Limits::default();
    for (limits, want) in [
        (Limits { bytes: 100, ..all }, Measure::Bytes),
        (Limits { streams: 0, ..all }, Measure::Streams),
        (Limits { pixels: 160 * 119, ..all }, Measure::Pixels),
        (Limits { frames: 29, ..all }, Measure::Frames),
        (Limits { seconds: 0, ..all }, Measure::Seconds),
    ] {
        let read = probe(&path, &limits).and_then(|probe| analyse(probe, &limits, |_| ()));
        let Err(VideoError::Limit { measure, .. }) = read else { panic!("{want:?}: {read:?}") };
        assert_eq!(measure, want);
    }
    let exact = Limits { frames: 30, pixels: 160 * 120, ..all };
    let read = probe(&path, &exact).and_then(|probe| analyse(probe, &exact, |_| ()));
    assert_eq!(read.expect("a video").frames.len(), 30);
}
