//! An entry is told of only after its bytes were synced to the disk: read from the calls that the
//! process makes to the system. What the disk itself makes of a sync is beyond this.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use super::appender::{Order, block_on, command, create, start};

/// What a trace shows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Entries told of.
    told: usize,
    /// Syncs of the log of the database.
    syncs: usize,
    /// Entries that were told of before their bytes were synced.
    too_early: Vec<String>,
}

/// A call that has begun and not ended.
struct Call {
    name: String,
    file: String,
    marks: Vec<String>,
    /// For a sync: how many marks were written before it began.
    written: usize,
}

/// Reads what `strace -f -y` wrote.
///
/// A mark counts as synced when a write of the log that holds it had ended before a sync of the
/// log began, and that sync had ended well. It is told of when the write to the pipe begins.
fn read_trace<'a>(lines: impl Iterator<Item = &'a str>) -> Seen {
    let mut seen = Seen::default();
    let mut written: Vec<String> = Vec::new();
    let mut synced: BTreeSet<String> = BTreeSet::new();
    let mut begun: BTreeMap<&str, Call> = BTreeMap::new();
    for line in lines {
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let (call, end) = if rest.starts_with("<...") {
            let Some(call) = begun.remove(process) else { continue };
            (call, rest.rsplit_once(" = "))
        } else {
            let Some((name, arguments)) = rest.split_once('(') else { continue };
            let file = arguments.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
            let file = file.map_or("", |(file, _)| file).to_owned();
            let marks = if file.ends_with("-wal") || told(arguments) {
                marks(arguments)
            } else {
                Vec::new()
            };
            if name == "write" && told(arguments) {
                seen.told += marks.len();
                seen.too_early.extend(marks.iter().filter(|mark| !synced.contains(*mark)).cloned());
            }
            let call = Call { name: name.to_owned(), file, marks, written: written.len() };
            if arguments.ends_with("<unfinished ...>") {
                begun.insert(process, call);
                continue;
            }
            (call, rest.rsplit_once(" = "))
        };
        let failed = end.is_none_or(|(_, value)| value.starts_with('-'));
        if failed || !call.file.ends_with("-wal") {
            continue;
        }
        match call.name.as_str() {
            "write" | "pwrite64" => written.extend(call.marks),
            "fsync" | "fdatasync" => {
                seen.syncs += 1;
                synced.extend(written[..call.written].iter().cloned());
            }
            _ => {}
        }
    }
    seen
}

/// Whether the data that is written is a word of the process to whoever started it.
fn told(arguments: &str) -> bool {
    arguments.split_once('"').is_some_and(|(_, data)| data.starts_with("told "))
}

/// The marks in a stretch of data: `mark/name/000007/0/1`.
fn marks(data: &str) -> Vec<String> {
    let found = data.match_indices("mark/").map(|(at, _)| &data[at..]);
    let allowed = |ch: char| ch.is_ascii_alphanumeric() || ch == '/';
    found.map(|rest| rest.split(|ch| !allowed(ch)).next().unwrap_or_default().to_owned()).collect()
}

/// Runs the process under strace; `None` with a printed reason where that is not possible.
fn trace(folder: &Path, order: &Order) -> Option<String> {
    let file = folder.join(format!("{}.trace", order.name));
    let path = file.to_str().unwrap();
    let calls = "trace=write,pwrite64,fsync,fdatasync";
    let strace = ["strace", "-f", "-y", "-s", "4096", "-e", calls, "-o", path];
    let tried = Command::new("strace").args(["-o", path, "true"]).output();
    match tried {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            println!("skipped: strace may not watch: {}", said.trim());
            return None;
        }
        Err(error) => {
            println!("skipped: no strace: {error}");
            return None;
        }
    }
    block_on(create(&order.database));
    let (mut child, receiver) = start(command(order, &strace));
    let told = receiver.iter().count() as u64;
    assert!(child.wait().unwrap().success());
    assert_eq!(told, order.times);
    let trace = std::fs::read(&file).unwrap();
    Some(String::from_utf8_lossy(&trace).into_owned())
}

#[test]
fn a_sync_of_the_disk_comes_before_each_acknowledgement() {
    let folder = tempfile::tempdir().unwrap();
    let times = std::env::var("TALLYSTICK_SYNCS").map_or(100, |count| count.parse().unwrap());
    let order = |name: &str, times, early| {
        let database = folder.path().join(format!("{name}.db"));
        Order { database, name: name.to_owned(), times, batch: 1, early }
    };
    let Some(text) = trace(folder.path(), &order("right", times, false)) else { return };
    let seen = read_trace(text.lines());
    assert_eq!(seen.told as u64, times);
    assert_eq!(seen.too_early, [""; 0]);
    assert!(seen.syncs as u64 >= times, "{} syncs for {times} entries", seen.syncs);
    println!("{times} entries told of, each after one of {} syncs", seen.syncs);

    // The same calls without their syncs, and a process that speaks too soon, are found out.
    let without = text.lines().filter(|line| !line.contains("sync"));
    assert_eq!(read_trace(without).too_early.len() as u64, times);
    let text = trace(folder.path(), &order("wrong", 50, true)).unwrap();
    assert_eq!(read_trace(text.lines()).too_early.len(), 50);
}

#[test]
fn a_trace_is_read_by_when_calls_begin_and_end() {
    const WRITE: &str =
        r#"7 pwrite64(9</d/a.db-wal>, "\0\1mark/x/000001/0/1\"}", 4096, 32) = 4096"#;
    const SYNC: &str = "7 fdatasync(9</d/a.db-wal>) = 0";
    const TELL: &str = r#"8 write(1<pipe:[5]>, "told 0 aa mark/x/000001/0/1\n", 30) = 30"#;
    #[track_caller]
    fn check(lines: &[&str], late: usize) {
        let seen = read_trace(lines.iter().copied());
        assert_eq!((seen.told, seen.too_early.len()), (1, late), "{lines:#?}");
    }
    check(&[WRITE, SYNC, TELL], 0);
    check(&[WRITE, TELL, SYNC], 1);
    check(&[SYNC, WRITE, TELL], 1);
    check(&[TELL, WRITE, SYNC], 1);
    check(&[WRITE, "7 fdatasync(9</d/a.db-wal>) = -1 EIO (Input/output error)", TELL], 1);
    check(&[WRITE, "7 fsync(4</d/a.db>) = 0", TELL], 1);
    // A sync that ends after the word, and one that began before the write had ended.
    let (begin, end) =
        ("7 fdatasync(9</d/a.db-wal> <unfinished ...>", "7 <... fdatasync resumed>) = 0");
    check(&[WRITE, begin, end, TELL], 0);
    check(&[WRITE, begin, TELL, end], 1);
    check(&[begin, WRITE.replacen('7', "6", 1).as_str(), end, TELL], 1);
    // A word that begins before the sync has ended, whenever it ends.
    let word = r#"8 write(1<pipe:[5]>, "told 0 aa mark/x/000001/0/1\n", 30 <unfinished ...>"#;
    check(&[WRITE, begin, word, end, "8 <... write resumed>) = 30"], 1);
}
