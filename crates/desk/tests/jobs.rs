//! Jobs as processes of this machine: they end with their code, halt and go on, are ended with all
//! that they started, and are known again by who did not start them.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use desk::jobs::{ERRORS, Local, OUTPUT, Order, Port as _, Sight, Ticket};
use desk::world::Stopwatch;

fn job(folder: &Path, script: &str) -> Ticket {
    let arguments = ["-c", script].map(OsString::from).to_vec();
    let order = Order { program: "/bin/sh".into(), arguments, folder: folder.to_owned() };
    Local.start(&order).expect("started")
}

/// Looks until the job is as wanted; a minute is more than any of them takes.
fn becomes(ticket: &Ticket, folder: &Path, wanted: Sight) {
    let begun = Stopwatch::start();
    loop {
        let sight = Local.look(ticket, folder).expect("looked at");
        if sight == wanted {
            return;
        }
        assert!(begun.elapsed().as_secs() < 60, "{sight:?} and not {wanted:?}");
        std::thread::yield_now();
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_job_leaves_what_it_printed_and_its_code() {
    let folder = folder();
    let ticket = job(folder.path(), "echo well; echo ill >&2; exit 3");
    becomes(&ticket, folder.path(), Sight::Ended(3));
    let read = |name| fs::read_to_string(folder.path().join(name)).expect("printed");
    assert_eq!((read(OUTPUT).as_str(), read(ERRORS).as_str()), ("well\n", "ill\n"));
    // What is over stays as it is, whatever is asked of it.
    Local.pause(&ticket).expect("nothing to halt");
    Local.cancel(&ticket).expect("nothing to end");
    assert_eq!(Local.look(&ticket, folder.path()).expect("looked at"), Sight::Ended(3));
}

#[test]
fn a_halted_job_does_nothing_until_it_goes_on() {
    let folder = folder();
    let ticket = job(folder.path(), "until [ -e go ]; do :; done; exit 0");
    becomes(&ticket, folder.path(), Sight::Running);
    Local.pause(&ticket).expect("halted");
    becomes(&ticket, folder.path(), Sight::Paused);
    fs::write(folder.path().join("go"), []).expect("written");
    assert_eq!(Local.look(&ticket, folder.path()).expect("looked at"), Sight::Paused);
    // Somebody else knows it by its ticket alone, as after a restart.
    let text = serde_json::to_string(&ticket).expect("a text");
    let again: Ticket = serde_json::from_str(&text).expect("a ticket");
    Local.resume(&again).expect("goes on");
    becomes(&again, folder.path(), Sight::Ended(0));
}

#[test]
fn a_job_is_ended_with_all_that_it_started() {
    let folder = folder();
    let script = "sleep 1000 & echo $! >child; wait";
    let ticket = job(folder.path(), script);
    let begun = Stopwatch::start();
    let child = loop {
        let found = fs::read_to_string(folder.path().join("child")).unwrap_or_default();
        if let Ok(child) = found.trim().parse::<u32>() {
            break child;
        }
        assert!(begun.elapsed().as_secs() < 60, "no child");
    };
    // One that is halted hears it too.
    Local.pause(&ticket).expect("halted");
    Local.cancel(&ticket).expect("ended");
    becomes(&ticket, folder.path(), Sight::Gone);
    let stat = format!("/proc/{child}/stat");
    while let Ok(stat) = fs::read_to_string(&stat) {
        if stat.contains(") Z ") {
            break;
        }
        assert!(begun.elapsed().as_secs() < 60, "the child lives on: {stat}");
    }
}

#[test]
fn a_number_that_another_process_has_now_is_not_the_job() {
    let folder = folder();
    let other: Ticket =
        serde_json::from_str(&format!("\"{}:1\"", std::process::id())).expect("a ticket");
    assert_eq!(Local.look(&other, folder.path()).expect("looked at"), Sight::Gone);
    // This very test would be ended if it were taken for the job.
    Local.cancel(&other).expect("nothing to end");
    let missing: Ticket = serde_json::from_str("\"none\"").expect("a ticket");
    assert_eq!(Local.look(&missing, folder.path()).expect("looked at"), Sight::Gone);
}

#[test]
fn a_program_that_is_not_there_ends_the_job_and_is_named() {
    let folder = folder();
    let order = Order {
        program: "/no/such/program".into(),
        arguments: Vec::new(),
        folder: folder.path().to_owned(),
    };
    let ticket = Local.start(&order).expect("started");
    becomes(&ticket, folder.path(), Sight::Ended(127));
    let said = fs::read_to_string(folder.path().join(ERRORS)).expect("printed");
    assert!(said.contains("/no/such/program"), "{said}");
}
