//! Installs what the test suites need and this machine lacks, and says what and why.
//!
//! Works as root or through a sudo that asks no password; otherwise it names what is missing and
//! goes on, and the suites that need it say that they skip. A second run finds everything and is
//! done at once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::shell;
use crate::tree;

/// Something outside the workspace that a suite needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// A real Slurm with its accounting database, to make real records.
    Slurm,
    /// To see the order of writes, fsyncs and acknowledgements.
    Strace,
    /// Python packages that serve as oracles.
    Oracles,
    /// Python packages that are measured beside us.
    Peers,
    /// LexNLP, which is measured beside the values of contracts.
    LexNlp,
    /// Node.js and npm, which build the console.
    Node,
    /// Fonts with Chinese glyphs, for printed documents and screenshots.
    Fonts,
    /// A browser that drives the console, and tools that read the printed documents back.
    Browser,
    /// Python packages that attack the HTTP API by its own description.
    ApiTester,
    /// Datumaro, which reads and writes labelled data.
    Datumaro,
    /// FFmpeg's programs, which decode videos.
    Ffmpeg,
    /// PySceneDetect, which finds the cuts of videos a second time.
    Cuts,
    /// moto, which serves buckets as S3 does.
    Buckets,
    /// A C++ compiler, for the engine that fuzzes.
    Compiler,
}

impl Need {
    const ALL: [Self; 14] = [
        Self::Slurm,
        Self::Strace,
        Self::Oracles,
        Self::Peers,
        Self::LexNlp,
        Self::Node,
        Self::Fonts,
        Self::Browser,
        Self::ApiTester,
        Self::Datumaro,
        Self::Ffmpeg,
        Self::Cuts,
        Self::Buckets,
        Self::Compiler,
    ];

    /// Whether the benchmarks alone need it.
    fn is_peer(self) -> bool {
        matches!(self, Self::Peers | Self::LexNlp)
    }

    fn why(self) -> &'static str {
        match self {
            Self::Slurm => "a real Slurm makes the records of the lease suite",
            Self::Strace => "the fsync suite watches the system calls of an append",
            Self::Oracles => "second implementations check ours",
            Self::Peers => "the benchmarks measure peers in the same run",
            Self::LexNlp => "the benchmark of reviews measures LexNLP on the same contracts",
            Self::Node => "the console is built with Node.js",
            Self::Fonts => "invoices and statements are printed with Chinese glyphs",
            Self::Browser => "the end-to-end suite drives a real browser and reads the PDFs",
            Self::ApiTester => "the api suite tries the API by its own description",
            Self::Datumaro => "the formats suite exchanges labelled data with it",
            Self::Ffmpeg => "the tests of videos make videos and read them back",
            Self::Cuts => "PySceneDetect finds the cuts of the same videos",
            Self::Buckets => "raw data is taken from a bucket of an S3-compatible server",
            Self::Compiler => "the fuzz suite builds the engine that chooses its bytes",
        }
    }

    /// Packages of the system that must be there.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Slurm => &[
                "munge",
                "mariadb-server",
                "slurm-client",
                "slurm-wlm-basic-plugins",
                "slurmctld",
                "slurmd",
                "slurmdbd",
            ],
            Self::Strace => &["strace"],
            Self::Node if has_node() => &[],
            Self::Node => &["nodejs", "npm"],
            Self::Fonts => &["fontconfig", "fonts-noto-cjk"],
            Self::Browser => &["chromium", "poppler-utils"],
            Self::Ffmpeg => &["ffmpeg"],
            Self::Compiler => &["g++"],
            Self::Oracles
            | Self::Peers
            | Self::LexNlp
            | Self::ApiTester
            | Self::Datumaro
            | Self::Cuts
            | Self::Buckets => &[],
        }
    }

    fn requirements(self) -> Option<&'static str> {
        match self {
            Self::Oracles => Some("xtask/python/test.txt"),
            Self::Peers => Some("xtask/python/bench.txt"),
            Self::LexNlp => Some("xtask/python/lexnlp.txt"),
            Self::ApiTester => Some("xtask/python/api.txt"),
            Self::Datumaro => Some("xtask/python/formats.txt"),
            Self::Cuts => Some("xtask/python/cuts.txt"),
            Self::Buckets => Some("xtask/python/s3.txt"),
            Self::Slurm
            | Self::Strace
            | Self::Node
            | Self::Fonts
            | Self::Browser
            | Self::Ffmpeg
            | Self::Compiler => None,
        }
    }
}

/// What could not be had, with the reason.
pub(crate) type Missing = BTreeMap<Need, String>;

/// The `setup` command: everything for `test`, and with `bench` the peers too.
pub(crate) fn everything(bench: bool) {
    let wanted: Vec<Need> = Need::ALL.into_iter().filter(|need| bench || !need.is_peer()).collect();
    let missing = ensure(&wanted);
    for (need, reason) in &missing {
        println!("setup: {need:?} is missing: {reason}");
    }
    if missing.is_empty() {
        println!("setup: everything is here");
    }
}

/// Makes sure of the needs; returns those that could not be met.
pub(crate) fn ensure(needs: &[Need]) -> Missing {
    let mut missing = Missing::new();
    system_packages(needs, &mut missing);
    for need in needs {
        if need.requirements().is_some()
            && let Err(error) = python_packages(*need)
        {
            missing.insert(*need, format!("{error:#}"));
        }
    }
    missing
}

fn system_packages(needs: &[Need], missing: &mut Missing) {
    let absent_of = |need: Need| -> Vec<&str> {
        need.packages().iter().copied().filter(|package| !is_installed(package)).collect()
    };
    let mut wanted: Vec<&str> = Vec::new();
    for need in needs {
        let absent = absent_of(*need);
        if !absent.is_empty() {
            println!("setup: {}: {}", absent.join(" "), need.why());
            wanted.extend(absent);
        }
    }
    if wanted.is_empty() {
        return;
    }
    if let Err(error) = apt_install(&wanted) {
        println!("setup: {error:#}");
    }
    for need in needs {
        let absent = absent_of(*need);
        if !absent.is_empty() {
            let packages = absent.join(" ");
            missing.insert(*need, format!("install by hand: apt-get install {packages}"));
        }
    }
}

/// Whether there is a Node.js of ours or of another source than the system's packages.
fn has_node() -> bool {
    let runs = |program| shell::read(Command::new(program).arg("--version")).is_some();
    runs("node") && runs("npm")
}

fn is_installed(package: &str) -> bool {
    let format = "--showformat=${db:Status-Status}";
    shell::read(Command::new("dpkg-query").args(["--show", format, package]))
        .is_some_and(|status| status == "installed")
}

fn apt_install(packages: &[&str]) -> Result<()> {
    let apt = |args: &[&str]| -> Result<Command> {
        // RUNLEVEL=1 keeps a freshly installed server from being started; the suites start their
        // own, in folders and on ports of their own.
        let settings = ["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"];
        let mut command = match privilege() {
            Privilege::Root => Command::new("env"),
            Privilege::Sudo => {
                let mut command = Command::new("sudo");
                command.args(["-n", "env"]);
                command
            }
            Privilege::None => bail!("neither root nor a sudo without password"),
        };
        command.args(settings).arg("apt-get").args(["-o", "DPkg::Lock::Timeout=300"]).args(args);
        command.stdin(std::process::Stdio::null());
        Ok(command)
    };
    shell::run(&mut apt(&["update", "--quiet"])?)?;
    let mut args = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    args.extend(packages);
    shell::run(&mut apt(&args)?)
}

enum Privilege {
    Root,
    Sudo,
    None,
}

fn privilege() -> Privilege {
    if shell::read(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        Privilege::Root
    } else if shell::read(Command::new("sudo").args(["-n", "true"])).is_some() {
        Privilege::Sudo
    } else {
        Privilege::None
    }
}

/// The interpreter with the packages of a need. Its folder is named by the requirements, so a
/// changed list makes a new one and an old checkout keeps its own.
pub(crate) fn python(need: Need) -> Result<PathBuf> {
    Ok(python_folder(need)?.join("bin/python"))
}

fn python_folder(need: Need) -> Result<PathBuf> {
    let list = need.requirements().context("this need has no Python packages")?;
    let text = std::fs::read_to_string(tree::root().join(list)).context(list)?;
    Ok(shell::cache().join(format!("python-{:016x}", fingerprint(&text))))
}

/// FNV-1a, to name a folder.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn python_packages(need: Need) -> Result<()> {
    let folder = python_folder(need)?;
    let done = folder.join("complete");
    if done.is_file() {
        return Ok(());
    }
    let list = need.requirements().context("this need has no Python packages")?;
    println!("setup: Python packages of {list}: {}", need.why());
    make_environment(&folder)?;
    let mut pip = shell::command(
        folder.join("bin/python"),
        &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", list],
    );
    if need == Need::LexNlp {
        // It demands packages that it does not use here and that no longer build.
        pip.arg("--no-deps");
    }
    shell::run(&mut pip)?;
    std::fs::write(&done, "").context("cannot mark the Python environment as complete")
}

fn make_environment(folder: &Path) -> Result<()> {
    let path = folder.to_str().context("the cache folder is not UTF-8")?;
    let make = || shell::run(&mut shell::command("python3", &["-m", "venv", "--clear", path]));
    if make().is_ok() {
        return Ok(());
    }
    println!("setup: python3-venv: python3 makes no environment without it");
    apt_install(&["python3", "python3-venv"])?;
    make()
}
