//! What verification of a journal says: what was changed, dropped, moved, and which
//! signature fails.

use document::{names, sentences};
use journal::{CheckpointError, Finding, NoteError};

use super::{Here, Words};

names! { journal::Verdict [Here] {
    Valid => "有效", "valid";
    UnknownKey => "签名成立，但密钥未知", "signed, by an unknown key";
    Invalid => "无效", "invalid";
    Malformed => "无法读取", "malformed";
    UnknownAlgorithm => "签名算法未知", "unknown algorithm";
} }

/// `3`, or `3–5` for several.
fn range(words: &Words, from: u64, to: u64) -> String {
    if from == to {
        words.count(from)
    } else {
        format!("{}–{}", words.count(from), words.count(to))
    }
}

sentences! { of_journal(words, Finding) {
    Changed { seq } =>
        "第 {seq} 条记录事后被改动",
        "entry {seq} was changed afterwards";
    HashChanged { seq } =>
        "第 {seq} 条记录内容未变，旁边的哈希被改动",
        "entry {seq} is as signed; the hash beside it was changed";
    NotCanonical { position, error } =>
        "位置 {position} 的记录不是规范的 JSON（{error}）",
        "the entry at position {position} is not canonical JSON ({error})";
    NotEntry { position, at } =>
        "位置 {position} 的内容从第 {at} 字节起不是账簿记录",
        "what stands at position {position} is not an entry from byte {at}";
    UnknownVersion { position, version } =>
        "位置 {position} 的记录版本为 {version}，本程序不认识；请更新程序",
        "the entry at position {position} has the unknown version {version}; update this program";
    NotRecord { position } =>
        "位置 {position} 不是“哈希 空格 记录”的形式",
        "position {position} does not hold a hash, a space and an entry";
    Dropped { from_seq, to_seq } [numbers = range(words, *from_seq, *to_seq)] =>
        "缺少第 {numbers} 条记录：被删除",
        "entries {numbers} are missing: they were dropped";
    Swapped { first_seq, second_seq } =>
        "第 {first_seq} 条与第 {second_seq} 条被对调",
        "entries {first_seq} and {second_seq} changed places";
    Moved { from_seq, to_seq, position } [numbers = range(words, *from_seq, *to_seq)] =>
        "第 {numbers} 条被移到位置 {position}",
        "entries {numbers} were moved to position {position}";
    Duplicated { from_seq, to_seq, position } [numbers = range(words, *from_seq, *to_seq)] =>
        "第 {numbers} 条在位置 {position} 重复出现",
        "entries {numbers} stand again at position {position}";
    Shuffled { position } =>
        "自位置 {position} 起次序已乱，不再逐条核对",
        "from position {position} on the order is lost and not followed";
    TimeBackwards { seq, at, previous }
        [at = words.instant(*at), previous = words.instant(*previous)] =>
        "第 {seq} 条的时间 {at} 早于前一条 {previous}",
        "entry {seq} is of {at}, older than the one before it, {previous}";
    Truncated { size, have } =>
        "签名检查点覆盖 {size} 条，现只有 {have} 条：末尾被截去",
        "a signed checkpoint covers {size} entries, there are {have}: the end was cut off";
    Forked { size, same_up_to } =>
        "大小为 {size} 的签名检查点与本账簿不是同一段历史；前 {same_up_to} 条相同",
        "the signed checkpoint of size {size} is of another history; the first {same_up_to} agree";
    NotReached { size } =>
        "大小为 {size} 的签名检查点不再相符，原因是此前的改动",
        "the signed checkpoint of size {size} no longer fits, as follows from the damage before it";
    SplitView { size } =>
        "两份大小为 {size} 的签名检查点根哈希不同：签名者给出了两段历史",
        "two signed checkpoints of size {size} differ: the signer showed two histories";
    BadNote { checkpoint, error } [reason = of_note(words, error)] =>
        "第 {checkpoint} 份检查点不可信：{reason}",
        "checkpoint {checkpoint} is not to be believed: {reason}";
    BadCheckpoint { checkpoint, error } [reason = of_checkpoint(words, error)] =>
        "第 {checkpoint} 份不是检查点：{reason}",
        "note {checkpoint} is no checkpoint: {reason}";
    WrongOrigin { checkpoint, origin } =>
        "第 {checkpoint} 份检查点属于另一本账簿 {origin}",
        "checkpoint {checkpoint} is of another journal, {origin}";
} }

sentences! { of_note(words, NoteError) {
    TooLarge =>
        "文本过长或签名过多",
        "the note is too large";
    Text =>
        "文本含控制字符，或末尾没有换行",
        "the text is not lines of plain text";
    Form =>
        "文本与签名之间没有空行，或没有签名",
        "there are no signatures under a blank line";
    Line { line } =>
        "第 {line} 行不是签名",
        "line {line} is not a signature";
    BadSignature { name } =>
        "{name} 的签名不成立：文本或签名被改动",
        "the signature of {name} does not verify: text or signature was altered";
    NoKnownKey =>
        "没有已知密钥的签名；请提供对方的公钥",
        "no known key has signed; give the public key of the signer";
} }

sentences! { of_checkpoint(words, CheckpointError) {
    Origin =>
        "来源不是一行文本",
        "the origin is not one line of text";
    Size =>
        "大小不是十进制数",
        "the size is not a decimal number";
    Root =>
        "根不是哈希的 Base64",
        "the root is not the Base64 of a hash";
    Line =>
        "有空行，或末尾没有换行",
        "a line is empty or unfinished";
} }
