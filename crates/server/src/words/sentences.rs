//! What a command did, in one sentence with its figures.

use document::say;
use std::path::Path;

use super::Words;

/// Entries were appended.
pub(super) fn recorded(words: &Words, first: u64, count: u64) -> String {
    let last = first + count.saturating_sub(1);
    if count == 1 {
        say!(words, "已记入账簿，证据号 e{first}", "recorded as evidence e{first}")
    } else {
        say!(
            words,
            "已记入账簿 {count} 条，证据号 e{first} 至 e{last}",
            "{count} entries recorded, evidence e{first} to e{last}"
        )
    }
}

/// A file was imported.
pub(super) fn imported(
    words: &Words,
    new: u64,
    repeated: u64,
    conflicts: u64,
    refused: u64,
) -> String {
    let (new, repeated) = (words.count(new), words.count(repeated));
    let (conflicts, refused) = (words.count(conflicts), words.count(refused));
    say!(
        words,
        "新记录 {new} 条，重复 {repeated} 条，矛盾 {conflicts} 条，未采用 {refused} 条",
        "{new} new, {repeated} repeated, {conflicts} in conflict, {refused} not taken",
    )
}

/// A bundle was written.
pub(super) fn exported(words: &Words, file: &Path, entries: u64) -> String {
    let (file, entries) = (file.display(), words.count(entries));
    say!(
        words,
        "证据包 {file} 含 {entries} 条记录；对方可离线执行 tally verify 验证",
        "the bundle {file} has {entries} entries; the other party verifies it by tally verify",
    )
}
