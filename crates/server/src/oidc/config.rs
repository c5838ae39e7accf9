//! The providers that the operator configured, from a TOML file:
//!
//! ```toml
//! [[provider]]
//! id = "corp"
//! name = "Corporate sign-in"
//! issuer = "https://login.acme.com"
//! client_id = "tally"
//! client_secret_file = "/etc/tally/oidc-secret"
//! ```

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::{Host, Url};

/// A provider.
#[derive(Clone)]
pub struct Provider {
    /// Its id in our addresses: letters, digits and hyphens.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its address, to the letter as the provider writes it: with or without a slash at the end.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there; none for a public client.
    pub client_secret: Option<String>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is no TOML, or has other fields.
    #[error("{} does not read as providers", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// An id that is not letters, digits and hyphens, or comes twice.
    #[error("the id {id:?} must be letters, digits and hyphens, and each once")]
    Id {
        /// The id.
        id: String,
    },
    /// An issuer that is not `https` (`http` is spoken to this machine only), or has a query.
    #[error("the issuer of {id} must be an https address without a query")]
    Issuer {
        /// The provider.
        id: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    provider: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    scopes: Option<Vec<String>>,
}

/// Reads the providers. Secrets are in files of their own, named from the folder of this one.
///
/// # Errors
/// What is wrong with the file.
pub fn read(path: &Path) -> Result<Vec<Provider>, ConfigError> {
    let file: File = toml::from_str(&text(path)?).map_err(|source| ConfigError::Malformed {
        path: path.to_path_buf(),
        source: Box::new(source),
    })?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut providers: Vec<Provider> = Vec::new();
    for row in file.provider {
        let provider = provider(row, folder)?;
        if providers.iter().any(|known| known.id == provider.id) {
            return Err(ConfigError::Id { id: provider.id });
        }
        providers.push(provider);
    }
    Ok(providers)
}

fn text(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { path: path.to_path_buf(), source })
}

fn provider(row: Row, folder: &Path) -> Result<Provider, ConfigError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if row.id.is_empty() || row.id.len() > 40 || !row.id.chars().all(plain) {
        return Err(ConfigError::Id { id: row.id });
    }
    let Ok(issuer) = Url::parse(&row.issuer) else {
        return Err(ConfigError::Issuer { id: row.id });
    };
    let here = match issuer.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let scheme = issuer.scheme();
    let spoken = scheme == "https" || (scheme == "http" && here);
    if !spoken || issuer.query().is_some() || issuer.fragment().is_some() {
        return Err(ConfigError::Issuer { id: row.id });
    }
    let secret = row.client_secret_file.map(|file| text(&folder.join(file))).transpose()?;
    Ok(Provider {
        id: row.id,
        name: row.name,
        issuer: row.issuer,
        client_id: row.client_id,
        client_secret: secret.map(|text| text.trim().to_owned()),
        scopes: row.scopes.unwrap_or_else(|| vec!["email".to_owned(), "profile".to_owned()]),
    })
}
