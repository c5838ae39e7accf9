//! On whose word: every key that signed something, whose it is said to be, and whether the reader
//! gave it or found it inside what was checked.

use contract::terms::Side;
use journal::VerifierKey;
use serde::Serialize;
use units::Id;

use super::{VerifiedKind, VerifyFinding, VerifyReport};

/// A key and what it signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyTrust {
    /// The key.
    pub key: VerifierKey,
    /// Whose it is, as the bundle says: `deployment`, `customer`, `vendor`.
    pub holder: Option<String>,
    /// Whether the reader gave it. If not, it came inside, and vouches for itself alone.
    pub given: bool,
    /// What it signed.
    pub signed: Vec<Signed>,
}

/// What a key signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Signed {
    /// The list of a bundle's files.
    Bundle,
    /// The terms, as a party.
    Terms {
        /// The role that was signed with them.
        role: String,
    },
    /// The papers, as a party.
    Papers {
        /// The side that was signed for.
        role: String,
    },
    /// An envelope by itself.
    Envelope {
        /// The role that was signed with it.
        role: String,
    },
    /// A checkpoint that holds.
    Checkpoint {
        /// Its size.
        size: u64,
    },
}

/// The keys of one verification.
pub(super) struct Keys {
    list: Vec<KeyTrust>,
}

impl Keys {
    /// The reader's keys.
    pub(super) fn given(known: &[VerifierKey]) -> Self {
        let mut keys = Self { list: Vec::new() };
        for key in known {
            keys.add(key, None, true);
        }
        keys
    }

    pub(super) fn add(&mut self, key: &VerifierKey, holder: Option<&str>, given: bool) {
        match self.list.iter_mut().find(|row| row.key == *key) {
            Some(row) => {
                row.given |= given;
                row.holder = row.holder.take().or(holder.map(str::to_owned));
            }
            None => self.list.push(KeyTrust {
                key: key.clone(),
                holder: holder.map(str::to_owned),
                given,
                signed: Vec::new(),
            }),
        }
    }

    /// Reads `holder key` lines.
    pub(super) fn read(&mut self, name: &str, text: &str, report: &mut VerifyReport) {
        for (number, line) in (1..).zip(text.lines()) {
            let parts = line.split_once(' ');
            match parts.and_then(|(holder, key)| Some((holder, key.parse().ok()?))) {
                Some((holder, key)) => {
                    self.foreign(&key, report);
                    self.add(&key, Some(holder), false);
                }
                None => {
                    report.find(VerifyFinding::BadKey { name: name.to_owned(), line: number });
                }
            }
        }
    }

    /// Reports a key inside that stands under the name of another key that the reader gave.
    fn foreign(&self, inside: &VerifierKey, report: &mut VerifyReport) {
        let same = |row: &&KeyTrust| {
            row.given && row.key.name() == inside.name() && row.key.key_type() == inside.key_type()
        };
        let given: Vec<&KeyTrust> = self.list.iter().filter(same).collect();
        if let Some(first) = given.first()
            && given.iter().all(|row| row.key.public_key() != inside.public_key())
        {
            report.find(VerifyFinding::ForeignKey {
                name: inside.name().to_owned(),
                given: first.key.to_string(),
                inside: inside.to_string(),
            });
        }
    }

    /// The keys of a holder.
    pub(super) fn of(&self, holder: &str) -> Vec<VerifierKey> {
        let rows = self.list.iter().filter(|row| row.holder.as_deref() == Some(holder));
        rows.map(|row| row.key.clone()).collect()
    }

    /// The keys of the parties, with their sides.
    pub(super) fn of_sides(&self) -> Vec<(Id, VerifierKey)> {
        let side = |side: Side| Id::new(side.code()).expect("the code of a party is a name");
        let sides = [Side::Customer, Side::Vendor].into_iter();
        sides
            .flat_map(|of| self.of(of.code()).into_iter().map(move |key| (side(of), key)))
            .collect()
    }

    pub(super) fn all(&self) -> Vec<VerifierKey> {
        self.list.iter().map(|row| row.key.clone()).collect()
    }

    pub(super) fn signed(&mut self, key: &VerifierKey, what: Signed) {
        if let Some(row) = self.list.iter_mut().find(|row| row.key == *key)
            && !row.signed.contains(&what)
        {
            row.signed.push(what);
        }
    }

    fn is_given(&self, key: &VerifierKey) -> bool {
        self.list.iter().any(|row| row.given && row.key == *key)
    }

    /// Takes note of who signed the checkpoints that hold, and ends with the report's list.
    /// Checkpoints from number `kept_from` on are the reader's own.
    pub(super) fn finish(mut self, kept_from: usize, report: &mut VerifyReport) {
        let results = report.log.iter().flat_map(|log| log.checkpoints.clone());
        for result in results.filter(|result| result.holds).collect::<Vec<_>>() {
            for signer in &result.signers {
                self.signed(&signer.key, Signed::Checkpoint { size: result.size });
            }
            let own = result.checkpoint >= kept_from;
            if own || result.signers.iter().any(|signer| self.is_given(&signer.key)) {
                report.covered_by_reader = report.covered_by_reader.max(result.size);
            }
        }
        let signs = matches!(
            report.kind,
            VerifiedKind::Bundle | VerifiedKind::SignedFile | VerifiedKind::Envelope
        );
        let gave = signs && self.list.iter().any(|row| row.given);
        if gave && !self.list.iter().any(|row| row.given && !row.signed.is_empty()) {
            report.find(VerifyFinding::NoGivenKeySigned);
        }
        report.keys = self.list;
    }
}
