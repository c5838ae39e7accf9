//! LibreOffice as a second reader: it opens what we write and reads the same text.

use std::path::Path;
use std::process::{Command, Stdio};

/// What LibreOffice reads in each of these files, in order; none where it is not installed, which
/// is printed.
pub(crate) fn texts(files: &[Vec<u8>]) -> Option<Vec<String>> {
    let all = converted(files, "txt:Text (encoded):UTF8", "txt")?;
    Some(all.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect())
}

/// These files as LibreOffice writes them again; none where it is not installed.
pub(crate) fn saved(files: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    converted(files, "docx", "docx")
}

fn converted(files: &[Vec<u8>], filter: &str, extension: &str) -> Option<Vec<Vec<u8>>> {
    let found = Command::new("soffice").arg("--version").stdout(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        println!("skipped: soffice is not installed");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> =
        (0..files.len()).map(|at| folder.path().join(format!("f{at}.docx"))).collect();
    for (path, bytes) in paths.iter().zip(files) {
        std::fs::write(path, bytes).unwrap();
    }
    let profile = folder.path().join("profile");
    let status = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to", filter, "--outdir"])
        .arg(folder.path().join("out"))
        .args(&paths)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let read = |path: &Path| {
        let out = folder.path().join("out").join(path.file_name().unwrap());
        let written = std::fs::read(out.with_extension(extension));
        written.unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    Some(paths.iter().map(|path| read(path)).collect())
}

/// What LibreOffice reads in each of these files after it accepted, and after it rejected, every
/// change; none where it or its bridge to Python is not installed, which is printed.
pub(crate) fn resolved(files: &[Vec<u8>]) -> Option<Vec<(String, String)>> {
    // The bridge belongs to the Python of the system, whatever comes first in the path.
    let python = "/usr/bin/python3";
    let bridge = Command::new(python).args(["-c", "import uno"]).stderr(Stdio::null()).status();
    let office = Command::new("soffice").arg("--version").stdout(Stdio::null()).status();
    if !bridge.is_ok_and(|status| status.success()) || office.is_err() {
        println!("skipped: soffice or python3-uno is not installed");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for (at, bytes) in files.iter().enumerate() {
        std::fs::write(folder.path().join(format!("f{at}.docx")), bytes).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office.py");
    let status = Command::new(python)
        .arg(script)
        .arg(folder.path())
        .arg(files.len().to_string())
        .status()
        .unwrap();
    assert!(status.success());
    let read = |at: usize, verb: &str| {
        std::fs::read_to_string(folder.path().join(format!("f{at}.{verb}.txt"))).unwrap()
    };
    Some((0..files.len()).map(|at| (read(at, "Accept"), read(at, "Reject"))).collect())
}

/// Lines that are not empty, white space as one blank, without a mark of the byte order.
pub(crate) fn plain(text: &str) -> String {
    let text = text.trim_start_matches('\u{FEFF}');
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
