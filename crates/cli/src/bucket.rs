//! Objects of an S3-compatible bucket as files: listed by their prefix, fetched one by one, each
//! held against the length and the tag that the listing gave. Who may read, the environment says
//! and nothing else. Knows nothing of what the objects hold. Clause: anno-3.4.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use media::{Finding, Problem};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use object_store::{
    ClientOptions, GetOptions, ObjectMeta, ObjectStore as _, ObjectStoreExt as _, RetryConfig,
};

/// What an address begins with.
const SCHEME: &str = "s3://";
/// Objects of one address at most.
const OBJECTS: usize = 1_000_000;
/// Bytes of one object at most.
const OBJECT_BYTES: u64 = 256 << 30;
/// Bytes of one address at most.
const BYTES: u64 = 2 << 40;
/// Objects that are fetched at one time.
const LANES: usize = 4;
/// How often a request is made again, and for how long in all.
const RETRIES: (usize, Duration) = (4, Duration::from_secs(60));

/// Why a bucket gives nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BucketError {
    /// The address is none.
    #[error("{address} is no address of a bucket: s3://BUCKET/PREFIX")]
    Address {
        /// As given.
        address: String,
    },
    /// The bucket cannot be listed, or stopped answering.
    #[error("{address} cannot be read")]
    Unreadable {
        /// The address.
        address: String,
        /// What happened.
        #[source]
        source: Box<object_store::Error>,
    },
    /// A file cannot be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: std::io::Error,
    },
}

/// What was fetched of an address.
#[derive(Debug, Default)]
pub(crate) struct Fetched {
    /// What is not there, and why.
    pub(crate) findings: Vec<Finding>,
}

/// Reads a variable of the environment.
pub(crate) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A bucket and what its keys begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Address {
    bucket: String,
    prefix: Key,
}

/// What becomes of one object.
enum Outcome {
    There,
    Folder,
    Not(Problem),
}

/// Whether a path on the command line is an address of a bucket.
pub(crate) fn is_address(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.starts_with(SCHEME))
}

/// Fetches every object of an address into a folder that exists, by its key without the prefix.
/// What cannot be fetched is told and the rest is fetched.
///
/// # Errors
/// When the address is none, the bucket cannot be listed, or the disk cannot be written.
pub(crate) async fn fetch(
    address: &Path,
    folder: &Path,
    env: Env<'_>,
    seen: impl Fn(u64, u64),
) -> Result<Fetched, BucketError> {
    let text = address.to_string_lossy().into_owned();
    let wanted = parse(&text).ok_or_else(|| BucketError::Address { address: text.clone() })?;
    let failed =
        |source| BucketError::Unreadable { address: text.clone(), source: Box::new(source) };
    let bucket = open(&wanted.bucket, env).map_err(failed)?;
    let mut fetched = Fetched::default();
    let list = listed(&bucket, &wanted, &mut fetched).await.map_err(failed)?;
    let (mut count, mut bytes) = (0, 0_u64);
    let mut work: BoxStream<'_, _> = stream::iter(list)
        .map(|(meta, name)| {
            let (bucket, path) = (&bucket, folder.join(&name));
            async move { (one(bucket, &meta, &path).await, meta.size, name) }
        })
        .buffered(LANES)
        .boxed();
    while let Some((done, size, name)) = work.next().await {
        match done {
            Ok(Outcome::There) => {
                (count, bytes) = (count + 1, bytes.saturating_add(size));
                seen(count, bytes);
            }
            Ok(Outcome::Folder) => {}
            Ok(Outcome::Not(problem)) => fetched.findings.push(problem.of(&name)),
            Err(OneError::Bucket(source)) => return Err(failed(source)),
            Err(OneError::Write { path, source }) => {
                return Err(BucketError::Write { path, source });
            }
        }
    }
    Ok(fetched)
}

/// `s3://BUCKET`, `s3://BUCKET/PREFIX`.
fn parse(text: &str) -> Option<Address> {
    let rest = text.strip_prefix(SCHEME)?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let ends = bucket.bytes().next().zip(bucket.bytes().next_back());
    let (first, last) = ends?;
    let edges = first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric();
    if bucket.len() > 255 || !edges || !bucket.bytes().all(plain) {
        return None;
    }
    Some(Address { bucket: bucket.to_owned(), prefix: Key::parse(prefix).ok()? })
}

/// The bucket as the environment says: without a key it is read as anybody reads it. The
/// machine's own role is never asked for.
fn open(bucket: &str, env: Env<'_>) -> Result<AmazonS3, object_store::Error> {
    // Another part of the program may have chosen already; it chose the same.
    let _chosen = rustls::crypto::ring::default_provider().install_default();
    let first =
        |names: &[&str]| names.iter().find_map(|name| env(name).filter(|value| !value.is_empty()));
    let plain = env("AWS_ALLOW_HTTP").is_some_and(|value| value == "true");
    let retry =
        RetryConfig { max_retries: RETRIES.0, retry_timeout: RETRIES.1, ..RetryConfig::default() };
    let options = ClientOptions::new()
        .with_allow_http(plain)
        .with_connect_timeout(Duration::from_secs(10))
        .with_read_timeout(Duration::from_secs(30))
        .with_timeout_disabled();
    let region = first(&["AWS_REGION", "AWS_DEFAULT_REGION"]);
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(region.unwrap_or_else(|| "us-east-1".to_owned()))
        .with_retry(retry)
        .with_client_options(options);
    if let Some(endpoint) = first(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"]) {
        builder = builder.with_endpoint(endpoint);
    }
    builder = match (first(&["AWS_ACCESS_KEY_ID"]), first(&["AWS_SECRET_ACCESS_KEY"])) {
        (Some(id), Some(secret)) => {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
            match first(&["AWS_SESSION_TOKEN"]) {
                Some(token) => builder.with_token(token),
                None => builder,
            }
        }
        _ => builder.with_skip_signature(true),
    };
    builder.build()
}

/// What lies below the prefix, in the order of the keys, with the name that each becomes.
async fn listed(
    bucket: &AmazonS3,
    wanted: &Address,
    fetched: &mut Fetched,
) -> Result<Vec<(ObjectMeta, String)>, object_store::Error> {
    let prefix = Some(&wanted.prefix).filter(|prefix| !prefix.as_ref().is_empty());
    let mut pages = bucket.list(prefix);
    let (mut list, mut bytes) = (Vec::new(), 0_u64);
    while let Some(meta) = pages.try_next().await? {
        let key = meta.location.as_ref();
        let name = prefix.and_then(|prefix| key.strip_prefix(prefix.as_ref()));
        let name = name.unwrap_or(key).trim_start_matches('/').to_owned();
        bytes = bytes.saturating_add(meta.size);
        let most = if list.len() >= OBJECTS {
            Some(Problem::TooManyFiles { limit: OBJECTS as u64 })
        } else {
            (bytes > BYTES).then_some(Problem::TooMuch { limit: BYTES })
        };
        if let Some(problem) = most {
            fetched.findings.push(problem.of(&name));
            break;
        }
        list.push((meta, name));
    }
    // The address may name one object.
    if let Some(prefix) = prefix.filter(|_| list.is_empty()) {
        let name = prefix.filename().unwrap_or("object").to_owned();
        list.push((bucket.head(prefix).await?, name));
    }
    list.sort_by(|a, b| a.0.location.cmp(&b.0.location));
    Ok(unclashing(list, fetched))
}

/// Leaves out what cannot lie beside the others in folders: unsafe names, too large ones, and keys
/// that are the folder of another key.
fn unclashing(list: Vec<(ObjectMeta, String)>, fetched: &mut Fetched) -> Vec<(ObjectMeta, String)> {
    let mut folders = BTreeSet::new();
    for (_, name) in &list {
        let ends = name.match_indices('/').map(|(at, _)| at);
        folders.extend(ends.filter_map(|at| name.get(..at)).map(str::to_owned));
    }
    let mut keep = |meta: &ObjectMeta, name: &String| {
        // A mark of a folder, as consoles make it, is no file.
        if meta.size == 0 && (name.is_empty() || folders.contains(name)) {
            return false;
        }
        let problem = if !is_plain(name) {
            Problem::UnsafeName { name: name.chars().take(200).collect() }
        } else if folders.contains(name) {
            Problem::SameName { name: name.clone() }
        } else if meta.size > OBJECT_BYTES {
            Problem::TooLarge { bytes: meta.size, limit: OBJECT_BYTES }
        } else {
            return true;
        };
        fetched.findings.push(problem.of(name));
        false
    };
    list.into_iter().filter(|(meta, name)| keep(meta, name)).collect()
}

/// A name that stays below its folder on every system.
fn is_plain(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part != "." && part != ".." && part.len() <= 255;
    name.len() <= 1024
        && !name.contains(['\\', ':'])
        && !name.chars().any(char::is_control)
        && name.split('/').all(part)
}

/// Why one object, and with it the whole, does not come.
enum OneError {
    Bucket(object_store::Error),
    Write { path: PathBuf, source: std::io::Error },
}

/// Fetches one object as it was listed. One that is gone, changed or shut is told of.
async fn one(bucket: &AmazonS3, meta: &ObjectMeta, path: &Path) -> Result<Outcome, OneError> {
    use object_store::Error::{NotFound, PermissionDenied, Precondition, Unauthenticated};
    let written = |source| OneError::Write { path: path.to_path_buf(), source };
    let options = GetOptions { if_match: meta.e_tag.clone(), ..GetOptions::default() };
    let got = match bucket.get_opts(&meta.location, options).await {
        Ok(got) => got,
        Err(NotFound { .. }) if meta.size == 0 => return Ok(Outcome::Folder),
        Err(NotFound { .. } | Precondition { .. }) => return Ok(not("it changed meanwhile")),
        Err(PermissionDenied { .. } | Unauthenticated { .. }) => {
            return Ok(not("the bucket does not allow it"));
        }
        Err(error) => return Err(OneError::Bucket(error)),
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(written)?;
    }
    let mut file = File::create(path).map_err(written)?;
    let (mut pieces, mut size) = (got.into_stream(), 0_u64);
    while let Some(piece) = pieces.try_next().await.map_err(OneError::Bucket)? {
        size = size.saturating_add(piece.len() as u64);
        if size > meta.size {
            break;
        }
        file.write_all(&piece).map_err(written)?;
    }
    file.flush().map_err(written)?;
    if size == meta.size {
        return Ok(Outcome::There);
    }
    fs::remove_file(path).map_err(written)?;
    Ok(not("it is not as long as it was listed"))
}

fn not(said: &str) -> Outcome {
    Outcome::Not(Problem::Unreadable { said: said.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_a_bucket_and_a_prefix() {
        for (text, want) in [
            ("s3://data", Some(("data", ""))),
            ("s3://data/", Some(("data", ""))),
            ("s3://data/2026/photos/", Some(("data", "2026/photos"))),
            ("s3://数据/x", None),
            ("s3:///x", None),
            ("s3://../x", None),
            ("s3://data/../x", None),
            ("https://data/x", None),
        ] {
            let found = parse(text);
            let found = found.as_ref().map(|one| (one.bucket.as_str(), one.prefix.as_ref()));
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn names_that_leave_their_folder_or_are_one_are_left_out() {
        let meta = |name: &str, size| {
            let meta = ObjectMeta {
                location: Key::from("x"),
                last_modified: std::time::SystemTime::UNIX_EPOCH.into(),
                size,
                e_tag: None,
                version: None,
            };
            (meta, name.to_owned())
        };
        let long = "a".repeat(300);
        let list = vec![
            meta("", 0),
            meta("a", 0),
            meta("a/b.jpg", 4),
            meta("c", 4),
            meta("c/d.jpg", 4),
            meta("e:f", 4),
            meta(&long, 4),
            meta("huge", OBJECT_BYTES + 1),
        ];
        let mut fetched = Fetched::default();
        let kept = unclashing(list, &mut fetched);
        let kept: Vec<&str> = kept.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(kept, ["a/b.jpg", "c/d.jpg"]);
        let codes: Vec<&str> =
            fetched.findings.iter().map(|finding| finding.problem.code()).collect();
        assert_eq!(codes, ["same_name", "unsafe_name", "unsafe_name", "too_large"]);
    }
}
