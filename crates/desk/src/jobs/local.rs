//! Jobs as processes of this machine, each the leader of a group of its own. The number of a
//! process is used again; with the time at which it started it is the name of one job.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process_group};

use super::{ERRORS, OUTPUT, Order, Port, Sight, Ticket};

/// Runs what follows it, and leaves the code in a file that is there whole or not at all.
const KEEPER: &str =
    r#"out=$1; err=$2; shift 2; "$@" >"$out" 2>"$err"; echo $? >exit.new; mv exit.new exit"#;
/// The file of the code.
const EXIT: &str = "exit";

/// Jobs as processes of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Local;

impl Port for Local {
    fn start(&self, order: &Order) -> io::Result<Ticket> {
        use std::os::unix::process::CommandExt as _;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", KEEPER, "job", OUTPUT, ERRORS]).arg(&order.program);
        command.args(&order.arguments).current_dir(&order.folder).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let begun = process(child.id())?.map_or(0, |process| process.begun);
        let ticket = Ticket(format!("{}:{begun}", child.id()));
        // The system keeps a process that ended until its parent has heard of it.
        thread::Builder::new().name("job".to_owned()).spawn(move || child.wait())?;
        Ok(ticket)
    }

    fn look(&self, ticket: &Ticket, folder: &Path) -> io::Result<Sight> {
        // Alive first: a job that ends between the two looks has left its code.
        if let Some(process) = alive(ticket)? {
            return Ok(if process.state == 'T' { Sight::Paused } else { Sight::Running });
        }
        match fs::read_to_string(folder.join(EXIT)) {
            Ok(code) => Ok(code.trim().parse().map_or(Sight::Gone, Sight::Ended)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Sight::Gone),
            Err(error) => Err(error),
        }
    }

    fn pause(&self, ticket: &Ticket) -> io::Result<()> {
        send(ticket, Signal::STOP)
    }

    fn resume(&self, ticket: &Ticket) -> io::Result<()> {
        send(ticket, Signal::CONT)
    }

    fn cancel(&self, ticket: &Ticket) -> io::Result<()> {
        // One that is halted hears nothing else.
        send(ticket, Signal::KILL)
    }
}

/// A process as the system tells of it.
struct Process {
    state: char,
    /// Ticks of the clock after the machine started.
    begun: u64,
}

/// A process by its number; nothing where there is none, or only what is left of one.
fn process(id: u32) -> io::Result<Option<Process>> {
    let text = match fs::read_to_string(format!("/proc/{id}/stat")) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound) => return Ok(None),
        // It went away between the opening and the reading.
        Err(error) if error.raw_os_error() == Some(Errno::SRCH.raw_os_error()) => return Ok(None),
        Err(error) => return Err(error),
    };
    // The name before them may hold spaces and parentheses.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next().and_then(|state| state.chars().next()).unwrap_or('?');
    let begun = fields.nth(18).and_then(|begun| begun.parse().ok()).unwrap_or(0);
    Ok((!matches!(state, 'Z' | 'X')).then_some(Process { state, begun }))
}

fn parts(ticket: &Ticket) -> Option<(u32, u64)> {
    let (id, begun) = ticket.0.split_once(':')?;
    Some((id.parse().ok()?, begun.parse().ok()?))
}

/// The leader of a job; nothing where it is over.
fn alive(ticket: &Ticket) -> io::Result<Option<Process>> {
    let Some((id, begun)) = parts(ticket) else { return Ok(None) };
    Ok(process(id)?.filter(|process| process.begun == begun))
}

fn send(ticket: &Ticket, signal: Signal) -> io::Result<()> {
    let Some((id, _)) = parts(ticket).filter(|_| matches!(alive(ticket), Ok(Some(_)))) else {
        return Ok(());
    };
    let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) else { return Ok(()) };
    match kill_process_group(group, signal) {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
