//! Objects in a folder or in memory, through one interface that buckets share.
//!
//! Names on the shelf are made here from hashes, so that no id can leave its folder: an
//! agreement's folder is a readable beginning and the hash of its id, then the key, then two
//! digits of the object's hash. Bytes are staged beside and renamed, never written in place.

mod sweep;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::error::Error;
use std::hash::{BuildHasher, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Place;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt};
use units::Id;

pub use sweep::sweep_parts;

use crate::errors::{Cause, Fault, ObjectError};
use crate::objects::{Content, KeyId, ObjectRef, Objects};
use crate::scope::Scope;

/// The most bytes of one object unless the operator says otherwise: 256 GiB.
pub const DEFAULT_OBJECT_LIMIT: u64 = 256 * 1024 * 1024 * 1024;

/// Bytes that are held in memory at once; a smaller object is written in one piece.
const PART: usize = 8 * 1024 * 1024;

/// Where uploads are staged; no key id has this character.
const STAGING: &str = "_incoming";

/// Objects in a folder or in memory.
#[derive(Clone)]
pub struct Shelf {
    inner: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
    limit: u64,
    uploads: Arc<Uploads>,
}

/// Names for staged uploads that no other process uses at the same time.
struct Uploads {
    process: u64,
    count: AtomicU64,
}

struct Reader {
    inner: Arc<dyn ObjectStore>,
    place: Place,
    object: ObjectRef,
    size: u64,
    read: u64,
    hasher: Sha256,
}

impl Shelf {
    /// Objects in a folder, which is made when it is not there. Writes are synced to the disk.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn folder(path: &Path, limit: u64) -> Result<Self, ObjectError> {
        std::fs::create_dir_all(path).map_err(Fault::from)?;
        let local = LocalFileSystem::new_with_prefix(path).map_err(fault)?.with_fsync(true);
        Ok(Self::over(Arc::new(local), Some(path.to_path_buf()), limit))
    }

    /// Objects that end with the process, for tests and trials.
    #[must_use]
    pub fn memory(limit: u64) -> Self {
        Self::over(Arc::new(InMemory::new()), None, limit)
    }

    fn over(inner: Arc<dyn ObjectStore>, folder: Option<PathBuf>, limit: u64) -> Self {
        // The name of a staged upload only has to differ from those of other processes on the
        // same folder; it is neither kept nor shown, so no result depends on it.
        let process = RandomState::new().build_hasher().finish();
        let uploads = Arc::new(Uploads { process, count: AtomicU64::new(0) });
        Self { inner, folder, limit, uploads }
    }

    /// Streams an object that is larger than one part: staged first, because its name is the
    /// hash of bytes that have not come yet.
    async fn put_large(
        &self,
        agreement: &Id,
        key_id: &KeyId,
        first: Bytes,
        bytes: &mut (dyn AsyncRead + Send + Unpin),
    ) -> Result<ObjectRef, ObjectError> {
        let number = self.uploads.count.fetch_add(1, Ordering::Relaxed);
        let name = format!("{:016x}-{number}", self.uploads.process);
        let staged = Place::from_iter([folder_name(agreement).as_str(), STAGING, &name]);
        let mut upload = self.inner.put_multipart(&staged).await.map_err(fault)?;
        let (sha256, size) = match self.transfer(upload.as_mut(), first, bytes).await {
            Ok(sum) => sum,
            Err(error) => {
                // The first error is the one to tell; what is left is only a staged file.
                let _left = upload.abort().await;
                return Err(error);
            }
        };
        upload.complete().await.map_err(fault)?;
        let object = ObjectRef { key_id: key_id.clone(), sha256, size };
        if let Err(error) = self.inner.rename(&staged, &place(agreement, &object)).await {
            let _left = self.inner.delete(&staged).await;
            return Err(fault(error).into());
        }
        Ok(object)
    }

    async fn transfer(
        &self,
        upload: &mut dyn MultipartUpload,
        first: Bytes,
        bytes: &mut (dyn AsyncRead + Send + Unpin),
    ) -> Result<([u8; 32], u64), ObjectError> {
        let mut hasher = Sha256::new();
        let mut size = 0;
        let mut part = first;
        while !part.is_empty() {
            size += length(&part);
            if size > self.limit {
                return Err(ObjectError::TooLarge { limit: self.limit });
            }
            hasher.update(&part);
            upload.put_part(part.into()).await.map_err(fault)?;
            part = read_part(bytes).await?;
        }
        Ok((hasher.finalize().into(), size))
    }

    /// The size of an object; `None` when it is not there.
    async fn size(&self, place: &Place) -> Result<Option<u64>, ObjectError> {
        match self.inner.head(place).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(fault(error).into()),
        }
    }

    /// The objects in an agreement's folder, ordered.
    async fn kept(&self, agreement: &Id) -> Result<Vec<ObjectRef>, Fault> {
        let folder = Place::from_iter([folder_name(agreement)]);
        let found: Vec<_> = self.inner.list(Some(&folder)).try_collect().await.map_err(fault)?;
        let objects = found.iter().filter_map(|meta| object_at(&meta.location, meta.size));
        let mut objects: Vec<_> = objects.collect();
        objects.sort();
        Ok(objects)
    }

    /// Syncs the folder that an object was removed from, so that it stays removed.
    async fn sync_removal(&self, place: &Place) -> Result<(), Fault> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut path = folder.clone();
        path.extend(place.parts().map(|part| part.as_ref().to_owned()));
        path.pop();
        let folder = tokio::fs::File::open(path).await?;
        Ok(folder.sync_all().await?)
    }
}

/// Up to [`PART`] bytes; fewer only at the end, none after it.
async fn read_part(bytes: &mut (dyn AsyncRead + Send + Unpin)) -> Result<Bytes, ObjectError> {
    let mut part = BytesMut::new();
    let mut limited = bytes.take(u64::try_from(PART).expect("a small number"));
    loop {
        part.reserve(64 * 1024);
        let read = limited.read_buf(&mut part).await;
        if read.map_err(|error| ObjectError::Input(Cause::new(error)))? == 0 {
            return Ok(part.freeze());
        }
    }
}

/// The folder of an agreement. Ids differ in case and have slashes and dots; the hash keeps them
/// apart on every file system, and its beginning is for the operator's eyes.
fn folder_name(agreement: &Id) -> String {
    let readable = |byte: u8| match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte),
        b'A'..=b'Z' => char::from(byte.to_ascii_lowercase()),
        _ => '_',
    };
    let start: String = agreement.as_str().bytes().take(40).map(readable).collect();
    format!("{start}.{}", hex::encode(Sha256::digest(agreement.as_str())))
}

fn place(agreement: &Id, object: &ObjectRef) -> Place {
    let hash = object.hex();
    let folder = folder_name(agreement);
    Place::from_iter([folder.as_str(), object.key_id.as_str(), &hash[..2], hash.as_str()])
}

/// The object of a place below an agreement's folder; `None` for what is not an object.
fn object_at(place: &Place, size: u64) -> Option<ObjectRef> {
    let parts: Vec<_> = place.parts().collect();
    let [_, key, _, hash] = parts.as_slice() else { return None };
    let key_id = KeyId::new(key.as_ref()).ok()?;
    let mut sha256 = [0; 32];
    hex::decode_to_slice(hash.as_ref(), &mut sha256).ok()?;
    Some(ObjectRef { key_id, sha256, size })
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).expect("a count in memory fits 64 bits")
}

/// The system's own error, where there is one, says what to do about it.
fn fault(error: object_store::Error) -> Fault {
    let mut kind = None;
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        kind = inner.downcast_ref::<std::io::Error>().map(std::io::Error::kind).or(kind);
        cause = inner.source();
    }
    match (kind, &error) {
        (Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded), _) => {
            Fault::Full(Cause::new(error))
        }
        (Some(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem), _)
        | (_, object_store::Error::PermissionDenied { .. }) => Fault::Denied(Cause::new(error)),
        (_, object_store::Error::NotFound { .. }) => Fault::Missing(Cause::new(error)),
        _ => Fault::Other(Cause::new(error)),
    }
}

fn reached(scope: &Scope, agreement: &Id) -> Result<(), ObjectError> {
    if scope.reaches(agreement) { Ok(()) } else { Err(ObjectError::NotFound) }
}

fn operator(scope: &Scope) -> Result<(), ObjectError> {
    if scope.is_operator() { Ok(()) } else { Err(ObjectError::OperatorOnly) }
}

#[async_trait]
impl Objects for Shelf {
    async fn put(
        &self,
        scope: &Scope,
        agreement: &Id,
        key_id: &KeyId,
        bytes: &mut (dyn AsyncRead + Send + Unpin),
    ) -> Result<ObjectRef, ObjectError> {
        reached(scope, agreement)?;
        let first = read_part(bytes).await?;
        let size = length(&first);
        if size > self.limit {
            return Err(ObjectError::TooLarge { limit: self.limit });
        }
        if first.len() == PART {
            return self.put_large(agreement, key_id, first, bytes).await;
        }
        let sha256 = Sha256::digest(&first).into();
        let object = ObjectRef { key_id: key_id.clone(), sha256, size };
        // Written even when it is there: a damaged copy is mended by putting it again.
        let place = place(agreement, &object);
        self.inner.put(&place, first.into()).await.map_err(fault)?;
        Ok(object)
    }

    async fn get(
        &self,
        scope: &Scope,
        agreement: &Id,
        object: &ObjectRef,
    ) -> Result<Box<dyn Content>, ObjectError> {
        reached(scope, agreement)?;
        let place = place(agreement, object);
        let size = self.size(&place).await?.ok_or(ObjectError::NotFound)?;
        Ok(Box::new(Reader {
            inner: Arc::clone(&self.inner),
            place,
            object: object.clone(),
            size,
            read: 0,
            hasher: Sha256::new(),
        }))
    }

    async fn file(
        &self,
        scope: &Scope,
        agreement: &Id,
        object: &ObjectRef,
    ) -> Result<Option<PathBuf>, ObjectError> {
        reached(scope, agreement)?;
        let place = place(agreement, object);
        self.size(&place).await?.ok_or(ObjectError::NotFound)?;
        let folder = self.folder.as_ref().filter(|_| object.key_id.is_none());
        Ok(folder.map(|folder| {
            let mut path = folder.clone();
            path.extend(place.parts().map(|part| part.as_ref().to_owned()));
            path
        }))
    }

    async fn exists(
        &self,
        scope: &Scope,
        agreement: &Id,
        object: &ObjectRef,
    ) -> Result<bool, ObjectError> {
        reached(scope, agreement)?;
        Ok(self.size(&place(agreement, object)).await?.is_some())
    }

    async fn find(
        &self,
        scope: &Scope,
        agreement: &Id,
        hashes: &HashSet<[u8; 32]>,
    ) -> Result<Vec<ObjectRef>, ObjectError> {
        reached(scope, agreement)?;
        let mut objects = self.kept(agreement).await?;
        objects.retain(|object| hashes.contains(&object.sha256));
        Ok(objects)
    }

    async fn list(&self, scope: &Scope, agreement: &Id) -> Result<Vec<ObjectRef>, ObjectError> {
        reached(scope, agreement)?;
        operator(scope)?;
        Ok(self.kept(agreement).await?)
    }

    async fn delete(
        &self,
        scope: &Scope,
        agreement: &Id,
        object: &ObjectRef,
    ) -> Result<bool, ObjectError> {
        reached(scope, agreement)?;
        operator(scope)?;
        let place = place(agreement, object);
        if self.size(&place).await?.is_none() {
            return Ok(false);
        }
        match self.inner.delete(&place).await {
            Ok(()) => {}
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(fault(error).into()),
        }
        self.sync_removal(&place).await?;
        Ok(true)
    }
}

#[async_trait]
impl Content for Reader {
    async fn next(&mut self) -> Result<Option<Bytes>, ObjectError> {
        if self.read == self.size && self.read > 0 {
            return Ok(None);
        }
        let end = self.size.min(self.read + u64::try_from(PART).expect("a small number"));
        let piece = match self.size {
            0 => Bytes::new(),
            _ => match self.inner.get_range(&self.place, self.read..end).await {
                Ok(piece) => piece,
                Err(object_store::Error::NotFound { .. }) => return Err(ObjectError::NotFound),
                Err(error) => return Err(fault(error).into()),
            },
        };
        self.hasher.update(&piece);
        self.read += length(&piece);
        if self.read < self.size && self.read == end {
            return Ok(Some(piece));
        }
        let found: [u8; 32] = self.hasher.clone().finalize().into();
        if found != self.object.sha256 || self.read != self.object.size {
            return Err(ObjectError::Altered { bytes: self.read, found: hex::encode(found) });
        }
        Ok((!piece.is_empty()).then_some(piece))
    }
}
