//! What verification of a journal or a bundle says: what was changed, dropped, moved, and which
//! signature fails.

use journal::{
    CheckpointError, EnvelopeKind, Finding, KeyType, NoteError, ProofError, Report, SourceFinding,
    TlogProofError,
};

use super::Words;

names! { journal::Verdict {
    Valid => "有效", "valid";
    UnknownKey => "签名成立，但密钥未知", "signed, by an unknown key";
    Invalid => "无效", "invalid";
    Malformed => "无法读取", "malformed";
    UnknownAlgorithm => "签名算法未知", "unknown algorithm";
} }

names! { EnvelopeKind {
    Agreement => "协议", "agreement";
    Bundle => "证据包", "bundle";
    Checkpoint => "检查点", "checkpoint";
    ProbeReport => "实测报告", "probe report";
    Document => "文件", "document";
    Model => "模型", "model";
    Certificate => "证明", "certificate";
    Other => "其他", "another kind";
} }

names! { KeyType {
    Note => "签名密钥", "signing key";
    Cosignature => "会签密钥", "cosigning key";
} }

impl Words {
    /// One thing that is wrong with a journal.
    #[must_use]
    pub fn journal_finding(&self, finding: &Finding) -> String {
        of_journal(self, finding)
    }

    /// One thing that is wrong with a metering source.
    #[must_use]
    pub fn source_finding(&self, finding: &SourceFinding) -> String {
        of_source(self, finding)
    }

    /// Why a signed note is not to be believed.
    #[must_use]
    pub fn note_error(&self, error: &NoteError) -> String {
        of_note(self, error)
    }

    /// Why a proof does not hold.
    #[must_use]
    pub fn proof_error(&self, error: &TlogProofError) -> String {
        of_tlog_proof(self, error)
    }

    /// The result of verifying a journal in one sentence.
    #[must_use]
    pub fn journal_report(&self, report: &Report) -> String {
        let (entries, covered) = (self.count(report.entries), self.count(report.covered));
        let found = self.count(report.findings.len() as u64 + report.more);
        if report.is_sound() {
            say!(
                self,
                "账簿完好：{entries} 条记录，前 {covered} 条有签名检查点为证",
                "the journal is sound: {entries} entries, the first {covered} pinned by signed checkpoints",
            )
        } else {
            say!(
                self,
                "账簿有 {found} 处问题（{entries} 条记录，前 {covered} 条可信）",
                "the journal has {found} findings ({entries} entries, the first {covered} hold)",
            )
        }
    }

    /// `3`, or `3–5` for several.
    fn range(&self, from: u64, to: u64) -> String {
        if from == to { self.count(from) } else { format!("{}–{}", self.count(from), self.count(to)) }
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
    Dropped { from_seq, to_seq } [numbers = words.range(*from_seq, *to_seq)] =>
        "缺少第 {numbers} 条记录：被删除",
        "entries {numbers} are missing: they were dropped";
    Swapped { first_seq, second_seq } =>
        "第 {first_seq} 条与第 {second_seq} 条被对调",
        "entries {first_seq} and {second_seq} changed places";
    Moved { from_seq, to_seq, position } [numbers = words.range(*from_seq, *to_seq)] =>
        "第 {numbers} 条被移到位置 {position}",
        "entries {numbers} were moved to position {position}";
    Duplicated { from_seq, to_seq, position } [numbers = words.range(*from_seq, *to_seq)] =>
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

sentences! { of_proof(words, ProofError) {
    Index { index, size } =>
        "大小为 {size} 的树中没有第 {index} 条",
        "there is no entry {index} in a tree of {size}";
    Size { size, have } =>
        "现有 {have} 条，无法证明 {size} 条的树",
        "a tree of {have} cannot answer for a tree of {size}";
    Length { have } =>
        "证明的长度不对，有 {have} 个哈希",
        "the proof has the wrong length, {have} hashes";
    Root { expected, computed } =>
        "证明得出的根是 {computed}，应为 {expected}",
        "the proof leads to the root {computed}, not to {expected}";
} }

sentences! { of_tlog_proof(words, TlogProofError) {
    Line { line } =>
        "证明的第 {line} 行格式不对",
        "line {line} of the proof is not as the format has it";
    Note(source) [reason = of_note(words, source)] =>
        "证明中的检查点不可信：{reason}",
        "the checkpoint in the proof does not hold: {reason}";
    Checkpoint(source) [reason = of_checkpoint(words, source)] =>
        "证明中没有检查点：{reason}",
        "the note in the proof is no checkpoint: {reason}";
    Origin { origin } =>
        "证明属于另一本账簿 {origin}",
        "the proof is of another journal, {origin}";
    Inclusion(source) [reason = of_proof(words, source)] =>
        "记录不在账簿的这个位置：{reason}",
        "the entry is not in the journal where the proof puts it: {reason}";
} }

sentences! { of_source(words, SourceFinding) {
    Missing { source, from_seq, to_seq } [numbers = words.range(*from_seq, *to_seq)] =>
        "来源 {source} 缺少编号 {numbers} 的记录",
        "{source} lacks its records {numbers}";
    Duplicate { source, seq } =>
        "来源 {source} 的记录 {seq} 重复",
        "{source}: record {seq} came more than once";
    Conflict { source, seq } =>
        "来源 {source} 的编号 {seq} 有两条不同的记录",
        "{source}: two different records have the number {seq}";
    NumberZero { source } =>
        "来源 {source} 有编号为 0 的记录；编号从 1 开始",
        "{source} has a record 0; numbers start at 1";
    Unsealed { source, from_seq, to_seq } [numbers = words.range(*from_seq, *to_seq)] =>
        "来源 {source} 的编号 {numbers} 没有封签",
        "{source}: no seal covers the records {numbers}";
    SealsOverlap { source, seq } =>
        "来源 {source} 的两个封签都含编号 {seq}",
        "{source}: two seals cover the number {seq}";
    SealRange { seal } [source = &seal.source] =>
        "来源 {source} 的封签自相矛盾",
        "{source}: a seal contradicts itself";
    SealSum { seal, sum } [source = &seal.source] =>
        "来源 {source} 的记录合计为 {sum}，与封签不符",
        "{source}: the records add up to {sum}, not to what was sealed";
    SealRoot { seal } [source = &seal.source] =>
        "来源 {source} 的记录与封签时不同",
        "{source}: the records are not those that were sealed";
} }
