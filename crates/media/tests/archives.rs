//! Archives that were made to do harm, and those of other systems.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use media::{Limits, Options};
use zip::write::SimpleFileOptions;

use crate::made::{codes, take, take_bytes, tarred, zipped};

fn names(report: &media::Report) -> Vec<&str> {
    report.items.iter().map(|item| item.name.as_str()).collect()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    out.write_all(bytes).expect("bytes");
    out.finish().expect("an archive")
}

#[test]
fn names_that_leave_the_archive_are_refused_and_the_rest_is_taken() {
    let hostile = ["../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a/../../evil.txt"];
    let mut files: Vec<(&str, &[u8])> = vec![("good.txt", b"good".as_slice())];
    files.extend(hostile.map(|name| (name, b"evil".as_slice())));
    let zip = zipped(&files);
    let tar: Vec<(&[u8], u8, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_bytes(), b'0', *bytes)).collect();
    let tar = tarred(&tar);
    for (name, bytes) in [("a.zip", zip), ("a.tar", tar.clone()), ("a.tar.gz", gzipped(&tar))] {
        let (report, _) = take_bytes(name, &bytes, &Options::default());
        assert_eq!(names(&report), ["good.txt"], "{name}");
        assert_eq!(codes(&report), ["unsafe_name"; 4], "{name}: {:?}", report.findings);
        assert!(report.findings[0].place.file.starts_with(&format!("{name}!")));
    }
}

#[test]
fn links_and_devices_are_no_files() {
    let (link, text): (&[u8], &[u8]) = (b"", b"good");
    let tar = tarred(&[
        (b"link.txt", b'2', link),
        (b"hard.txt", b'1', link),
        (b"device", b'3', link),
        (b"folder/", b'5', link),
        (b"folder/good.txt", b'0', text),
    ]);
    let (report, _) = take_bytes("a.tar", &tar, &Options::default());
    assert_eq!(names(&report), ["folder/good.txt"]);
    assert_eq!(codes(&report), ["no_file"; 3]);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("link.txt", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    let zip = zip.finish().expect("an archive").into_inner();
    let (report, _) = take_bytes("a.zip", &zip, &Options::default());
    assert_eq!((codes(&report), report.items.len()), (vec!["no_file"], 0));
}

#[test]
fn what_grows_too_much_is_not_unpacked() {
    let zeros = vec![b'a'; 4 << 20];
    let (report, _) = take_bytes("a.zip", &zipped(&[("a.txt", &zeros)]), &Options::default());
    assert_eq!(codes(&report), ["too_dense"]);
    let bomb = gzipped(&tarred(&[(b"a.txt", b'0', &zeros)]));
    let (report, _) = take_bytes("a.tgz", &bomb, &Options::default());
    assert!(codes(&report).ends_with(&["too_dense"]), "{:?}", report.findings);
    assert!(report.items.is_empty());
    let limits = Limits { unpacked_bytes: 100, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let files: [(&str, &[u8]); 3] =
        [("a.txt", &[b'a'; 60]), ("b.txt", &[b'b'; 60]), ("c.txt", b"c")];
    let (report, _) = take_bytes("a.zip", &zipped(&files), &options);
    assert_eq!(names(&report), ["a.txt"]);
    assert_eq!(codes(&report), ["bad_archive", "too_much"]);
    let limits = Limits { files: 2, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let (report, _) = take_bytes("a.zip", &zipped(&files), &options);
    assert_eq!((names(&report), codes(&report)), (vec!["a.txt", "b.txt"], vec!["too_many_files"]));
}

#[test]
fn an_archive_in_an_archive_is_not_opened() {
    let inner = zipped(&[("a.txt", b"good")]);
    let deep = "d/".repeat(40) + "a.txt";
    let outer = zipped(&[("inner.zip", &inner), (&deep, b"deep"), ("b.txt", b"also good")]);
    let (report, _) = take_bytes("a.zip", &outer, &Options::default());
    assert_eq!(names(&report), ["b.txt"]);
    assert_eq!(codes(&report), ["too_deep", "nested"]);
}

#[test]
fn a_gzip_that_holds_no_tar_and_an_archive_that_ends_early_are_told() {
    let (report, _) = take_bytes("a.gz", &gzipped(b"only words"), &Options::default());
    assert_eq!(codes(&report), ["bad_archive"]);
    let tar = tarred(&[(b"a.txt", b'0', b"good"), (b"b.txt", b'0', &[b'b'; 2000])]);
    let (report, _) = take_bytes("a.tar", &tar[..2000], &Options::default());
    assert_eq!(names(&report), ["a.txt"]);
    assert!(report.has_errors());
    let zip = zipped(&[("a.txt", b"good")]);
    let (report, _) = take_bytes("a.zip", &zip[..zip.len() - 5], &Options::default());
    assert_eq!(codes(&report), ["bad_archive"]);
}

#[test]
fn names_of_chinese_windows_are_read() {
    // The bytes of GBK, without the mark for UTF-8.
    let mut zip = zipped(&[("xxxx.txt", b"good")]);
    let gbk = b"\xd1\xaa\xcf\xb8";
    for at in 0..zip.len() - 4 {
        if &zip[at..at + 4] == b"xxxx" {
            zip[at..at + 4].copy_from_slice(gbk);
        }
    }
    let (report, _) = take_bytes("a.zip", &zip, &Options::default());
    assert_eq!(names(&report), ["血细.txt"], "{:?}", report.findings);
    let tar = tarred(&[(b"\xd1\xaa\xcf\xb8.txt", b'0', b"good")]);
    let (report, _) = take_bytes("a.tar", &tar, &Options::default());
    assert_eq!(names(&report), ["血细.txt"]);
}

#[test]
fn the_archive_of_gnu_tar_with_long_names_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = "很长的名字".repeat(12) + ".txt";
    std::fs::write(folder.path().join(&long), "good").expect("a file");
    for format in ["gnu", "pax", "ustar"] {
        let tar = folder.path().join(format!("{format}.tar"));
        let mut command = std::process::Command::new("tar");
        command.arg(format!("--format={format}")).arg("-cf").arg(&tar).arg("-C");
        let made = command.arg(folder.path()).arg(&long).output();
        let Ok(made) = made else {
            println!("skipped: tar is not installed");
            return;
        };
        if !made.status.success() {
            assert_eq!(format, "ustar", "a name too long for it");
            continue;
        }
        let (report, _) = take(&tar, &Options::default());
        assert_eq!(names(&report), [long.as_str()], "{format}");
    }
}

#[cfg(unix)]
#[test]
fn links_of_a_folder_are_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("a.txt")).expect("a link");
    std::fs::write(folder.path().join("b.txt"), "good").expect("a file");
    std::fs::write(folder.path().join(".DS_Store"), "of the system").expect("a file");
    let (report, _) = take(folder.path(), &Options::default());
    assert_eq!(names(&report), ["b.txt"]);
    assert_eq!(codes(&report), ["hidden", "no_file"]);
}
