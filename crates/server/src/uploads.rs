//! Files on their way in, piece by piece: each lies in a folder until it is whole and taken, with a
//! card beside it. How much is there is the length of the file, so that a server that was killed
//! goes on where it was. Knows bytes, hashes and whose a file is; knows no route and no project.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use contract::terms::Side;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Bytes of one file at most.
pub(crate) const MOST_BYTES: u64 = 256 << 30;
/// Files of one side at an agreement that are on their way at most.
pub(crate) const MOST_FILES: usize = 20_000;
/// Bytes that they may have in all.
pub(crate) const MOST_ALL: u64 = 2 << 40;
/// A file that nobody sent anything of for so long is dropped.
const OLD: Duration = Duration::from_secs(24 * 3600);
/// Bytes that are held in memory before they are written.
const PIECE: usize = 1 << 20;

/// What is known of a file on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    /// The agreement for which it comes.
    pub(crate) agreement: String,
    /// Whose it is.
    pub(crate) side: Side,
    /// What it is called; may have folders in it.
    pub(crate) name: String,
    /// How many bytes it has.
    pub(crate) size: u64,
    /// What its SHA-256 must be, where that was said.
    pub(crate) sha256: Option<String>,
    /// What its SHA-256 is, once it is whole.
    pub(crate) sum: Option<String>,
}

/// Why a piece was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UploadError {
    /// There is no such upload, or it is another's.
    #[error("there is no such upload")]
    Absent,
    /// Another request is sending a piece of it.
    #[error("a piece of it is being sent")]
    Busy,
    /// The piece does not begin where the file ends.
    #[error("the file has {have} bytes")]
    Offset {
        /// Bytes that are there.
        have: u64,
    },
    /// More bytes than were said.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// How many may come.
        limit: u64,
    },
    /// Too many files, or bytes, are on their way.
    #[error("more than {limit} on their way")]
    TooMany {
        /// How many may be.
        limit: u64,
    },
    /// The whole has another SHA-256 than was said; it was dropped.
    #[error("the SHA-256 is {have}")]
    Differs {
        /// What it is.
        have: String,
    },
    /// The sender went away, or was too slow; what came is kept.
    #[error("the piece ended early")]
    Broken,
    /// The disk fails.
    #[error("the disk fails")]
    Io(#[from] io::Error),
}

/// One of them, and how far its hash is.
struct Entry {
    card: Card,
    busy: bool,
    sum: Option<(u64, Sha256)>,
}

/// Files on their way in.
#[derive(Clone)]
pub(crate) struct Uploads {
    folder: PathBuf,
    all: Arc<Mutex<HashMap<String, Entry>>>,
}

/// A piece being sent; another has to wait until this is dropped.
struct Claim {
    uploads: Uploads,
    id: String,
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(entry) = self.uploads.lock().get_mut(&self.id) {
            entry.busy = false;
        }
    }
}

/// Where the bytes go.
struct Sink {
    file: File,
    at: u64,
    sum: Sha256,
}

impl Uploads {
    /// What lies in the folder; what is old or has no card is dropped. A folder that is not there
    /// is empty.
    pub(crate) fn open(folder: PathBuf) -> Self {
        let uploads = Self { folder, all: Arc::default() };
        for path in uploads.files() {
            let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            let (Some(id), Some("json")) = (id, path.extension().and_then(|end| end.to_str()))
            else {
                continue;
            };
            let card = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            if let Some(card) = card.filter(|_| uploads.part(&id).is_file()) {
                uploads.lock().insert(id, Entry { card, busy: false, sum: None });
            }
        }
        uploads.sweep();
        uploads
    }

    /// Drops what is old, and files that no card tells of.
    pub(crate) fn sweep(&self) {
        let known: Vec<String> = {
            let mut all = self.lock();
            all.retain(|id, entry| entry.busy || !is_old(&self.part(id)));
            all.keys().cloned().collect()
        };
        for path in self.files() {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            let kept = stem.is_some_and(|stem| known.contains(&stem));
            // A file that was just begun has no card yet.
            if !kept && (is_old(&path) || path.extension().is_some_and(|end| end == "json")) {
                fs::remove_file(&path).unwrap_or_default();
            }
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn part(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.part"))
    }

    /// Begins a file.
    pub(crate) fn create(&self, id: &str, card: Card) -> Result<(), UploadError> {
        if card.size > MOST_BYTES {
            return Err(UploadError::TooLarge { limit: MOST_BYTES });
        }
        {
            let all = self.lock();
            let own = all.values().map(|entry| &entry.card);
            let own = own.filter(|one| one.agreement == card.agreement && one.side == card.side);
            let (files, bytes) = own.fold((1_usize, card.size), |(files, bytes), one| {
                (files + 1, bytes.saturating_add(one.size))
            });
            if files > MOST_FILES {
                return Err(UploadError::TooMany { limit: MOST_FILES as u64 });
            }
            if bytes > MOST_ALL {
                return Err(UploadError::TooMany { limit: MOST_ALL });
            }
        }
        fs::create_dir_all(&self.folder)?;
        OpenOptions::new().write(true).create_new(true).open(self.part(id))?;
        let card = if card.size == 0 { whole(card, &Sha256::new())? } else { card };
        self.write(id, &card)?;
        self.lock().insert(id.to_owned(), Entry { card, busy: false, sum: None });
        Ok(())
    }

    fn write(&self, id: &str, card: &Card) -> io::Result<()> {
        let (path, new) =
            (self.folder.join(format!("{id}.json")), self.folder.join(format!("{id}.new")));
        fs::write(&new, serde_json::to_vec(card)?)?;
        fs::rename(new, path)
    }

    /// A file of a side, and how many bytes of it are there.
    pub(crate) fn find(
        &self,
        id: &str,
        agreement: &str,
        side: Side,
    ) -> Result<(Card, u64), UploadError> {
        let all = self.lock();
        let card = all.get(id).map(|entry| &entry.card);
        let own = card.filter(|card| card.agreement == agreement && card.side == side);
        let card = own.ok_or(UploadError::Absent)?.clone();
        drop(all);
        let have = fs::metadata(self.part(id))?.len();
        Ok((card, have))
    }

    /// Where the bytes of a whole file lie.
    pub(crate) fn path(&self, id: &str) -> PathBuf {
        self.part(id)
    }

    /// Drops a file.
    pub(crate) fn remove(&self, id: &str) {
        self.lock().remove(id);
        for end in ["json", "part"] {
            fs::remove_file(self.folder.join(format!("{id}.{end}"))).unwrap_or_default();
        }
    }

    fn claim(&self, id: &str) -> Result<(Claim, Option<(u64, Sha256)>), UploadError> {
        let mut all = self.lock();
        let entry = all.get_mut(id).ok_or(UploadError::Absent)?;
        if entry.busy {
            return Err(UploadError::Busy);
        }
        entry.busy = true;
        Ok((Claim { uploads: self.clone(), id: id.to_owned() }, entry.sum.take()))
    }

    /// Takes a piece that begins at `offset`; how many bytes are there then. `next` gives what
    /// comes, nothing at its end. What came before it broke off is kept.
    pub(crate) async fn append(
        &self,
        id: &str,
        card: &Card,
        offset: u64,
        mut next: impl AsyncFnMut() -> Result<Option<Bytes>, UploadError>,
    ) -> Result<u64, UploadError> {
        let (claim, sum) = self.claim(id)?;
        let path = self.part(id);
        let mut sink = blocking(move || Sink::open(&path, offset, sum)).await?;
        let mut waiting = BytesMut::new();
        let ended = loop {
            match next().await {
                Ok(Some(bytes)) => waiting.extend_from_slice(&bytes),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
            if sink.at + waiting.len() as u64 > card.size {
                break Err(UploadError::TooLarge { limit: card.size });
            }
            if waiting.len() >= PIECE {
                sink = sink.take(waiting.split()).await?;
            }
        };
        if !matches!(ended, Err(UploadError::TooLarge { .. })) {
            sink = sink.take(waiting).await?;
        }
        sink = blocking(move || sink.file.sync_data().map(|()| sink).map_err(Into::into)).await?;
        let (at, sum) = (sink.at, sink.sum);
        if at == card.size {
            match whole(card.clone(), &sum) {
                Ok(card) => {
                    self.write(id, &card)?;
                    if let Some(entry) = self.lock().get_mut(id) {
                        entry.card = card;
                    }
                }
                Err(error) => {
                    drop(claim);
                    self.remove(id);
                    return Err(error);
                }
            }
        } else if let Some(entry) = self.lock().get_mut(id) {
            entry.sum = Some((at, sum));
        }
        ended.map(|()| at)
    }
}

/// The card of a file that is whole, if its hash is what was said.
fn whole(mut card: Card, sum: &Sha256) -> Result<Card, UploadError> {
    let have = hex::encode(sum.clone().finalize());
    if card.sha256.as_ref().is_some_and(|said| *said != have) {
        return Err(UploadError::Differs { have });
    }
    card.sum = Some(have);
    Ok(card)
}

impl Sink {
    /// Opens a file at its end. After a restart the hash of what is there is made anew.
    fn open(path: &Path, offset: u64, sum: Option<(u64, Sha256)>) -> Result<Self, UploadError> {
        let mut file = OpenOptions::new().read(true).append(true).open(path)?;
        let have = file.metadata()?.len();
        if have != offset {
            return Err(UploadError::Offset { have });
        }
        let sum = match sum.filter(|(at, _)| *at == have) {
            Some((_, sum)) => sum,
            None => {
                let (mut sum, mut piece) = (Sha256::new(), vec![0; PIECE]);
                loop {
                    match file.read(&mut piece)? {
                        0 => break sum,
                        read => sum.update(&piece[..read]),
                    }
                }
            }
        };
        Ok(Self { file, at: have, sum })
    }

    async fn take(mut self, bytes: BytesMut) -> Result<Self, UploadError> {
        if bytes.is_empty() {
            return Ok(self);
        }
        blocking(move || {
            self.file.write_all(&bytes)?;
            self.sum.update(&bytes);
            self.at += bytes.len() as u64;
            Ok(self)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, UploadError> + Send + 'static,
) -> Result<T, UploadError> {
    let done = tokio::task::spawn_blocking(act).await;
    done.unwrap_or_else(|error| Err(io::Error::other(error).into()))
}

fn is_old(path: &Path) -> bool {
    let changed = fs::metadata(path).and_then(|metadata| metadata.modified());
    // A clock that went back makes nothing old.
    changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|age| age > OLD))
}

#[cfg(test)]
mod tests;
