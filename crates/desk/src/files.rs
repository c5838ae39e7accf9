//! The files of a deployment on one machine: the database, the objects, the deployment's key, the
//! settings. `tally init` lays them down; everything else opens them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use journal::{KeyType, SignerKey};
use serde::{Deserialize, Serialize};

/// The settings of a deployment, `tally.json` in its folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `tallystick.deployment/1`.
    pub format: String,
    /// The deployment's name: the key name and the origin of its checkpoints.
    pub name: String,
    /// Whether this is a rehearsal: the clock is set by hand and the keys are not secret. What a
    /// rehearsal signs says so in its name.
    pub rehearsal: bool,
}

/// Why the files of a deployment cannot be laid down or opened.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// There is a deployment already.
    #[error("there is a deployment in {path} already")]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// There is none.
    #[error("there is no deployment in {path}")]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path} is not a file of a deployment")]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The name cannot be a key's name.
    #[error("{name:?} cannot be the name of a key")]
    Name {
        /// The name.
        name: String,
    },
    /// A private key that others may read.
    #[error("others may read the private key {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
    },
}

/// The current format of the settings.
const FORMAT: &str = "tallystick.deployment/1";
const KEY_FORMAT: &str = "tallystick.key/1";

/// The folder of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    folder: PathBuf,
}

/// A private key's file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    format: String,
    name: String,
    /// The Ed25519 seed in hexadecimal.
    seed: String,
}

impl Files {
    /// A folder, whether it holds a deployment or not.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// Whether there is a deployment.
    #[must_use]
    pub fn exist(&self) -> bool {
        self.settings_path().exists()
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join("tally.db")
    }

    /// The objects.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.folder.join("objects")
    }

    /// The deployment's private key.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.folder.join("deployment.key")
    }

    fn settings_path(&self) -> PathBuf {
        self.folder.join("tally.json")
    }

    /// Lays down the folder, the key and the settings.
    ///
    /// # Errors
    /// When there is a deployment already, or the disk refuses.
    pub fn create(&self, name: &str, rehearsal: bool, seed: &[u8; 32]) -> Result<(), FilesError> {
        if self.exist() {
            return Err(FilesError::Exists { path: self.folder.clone() });
        }
        let io = |path: &Path| {
            let path = path.to_path_buf();
            move |source| FilesError::Io { path, source }
        };
        fs::create_dir_all(self.objects()).map_err(io(&self.objects()))?;
        let name = if rehearsal { format!("{name}.rehearsal") } else { name.to_owned() };
        write_key(&self.key(), &name, seed)?;
        let settings = Settings { format: FORMAT.to_owned(), name, rehearsal };
        let text = serde_json::to_vec_pretty(&settings).expect("settings have a JSON text");
        fs::write(self.settings_path(), text).map_err(io(&self.settings_path()))
    }

    /// Reads the settings.
    ///
    /// # Errors
    /// When there is no deployment or its settings cannot be read.
    pub fn settings(&self) -> Result<Settings, FilesError> {
        let path = self.settings_path();
        let bytes = fs::read(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => FilesError::Missing { path: self.folder.clone() },
            _ => FilesError::Io { path: path.clone(), source },
        })?;
        let settings: Settings = serde_json::from_slice(&bytes)
            .map_err(|_| FilesError::Malformed { path: path.clone() })?;
        if settings.format != FORMAT {
            return Err(FilesError::Malformed { path });
        }
        Ok(settings)
    }
}

/// Writes a new private key that its owner alone may read.
///
/// # Errors
/// When the file exists, the disk refuses, or the name cannot be a key's.
pub fn write_key(path: &Path, name: &str, seed: &[u8; 32]) -> Result<(), FilesError> {
    SignerKey::new(name, KeyType::Note, seed)
        .map_err(|_| FilesError::Name { name: name.to_owned() })?;
    let io = |source| FilesError::Io { path: path.to_path_buf(), source };
    let file =
        KeyFile { format: KEY_FORMAT.to_owned(), name: name.to_owned(), seed: hex::encode(seed) };
    let text = serde_json::to_vec_pretty(&file).expect("a key file has a JSON text");
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(path).map_err(io)?;
    out.write_all(&text).and_then(|()| out.sync_all()).map_err(io)
}

/// Reads a private key for notes and envelopes, or for cosignatures on checkpoints.
///
/// # Errors
/// When the file cannot be read, is no key, or others may read it.
pub fn read_key(path: &Path, key_type: KeyType) -> Result<SignerKey, FilesError> {
    let io = |source| FilesError::Io { path: path.to_path_buf(), source };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
            return Err(FilesError::Exposed { path: path.to_path_buf() });
        }
    }
    let malformed = || FilesError::Malformed { path: path.to_path_buf() };
    let bytes = fs::read(path).map_err(io)?;
    let file: KeyFile = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
    let seed: [u8; 32] = hex::decode(&file.seed)
        .ok()
        .and_then(|seed| seed.try_into().ok())
        .filter(|_| file.format == KEY_FORMAT)
        .ok_or_else(malformed)?;
    SignerKey::new(&file.name, key_type, &seed).map_err(|_| malformed())
}
