//! What goes wrong in a use case or in the store: a sentence and what to do. The contract's own
//! refusals stand in `refusal`.

use desk::{DecodeError, DeskError};
use document::{codes, sentences};
use journal::EntryError;
use store::{AppendError, Fault, ObjectError, OpenError, StoreError};

use super::stamps::of_timestamp;
use super::version::of_papers;
use super::{DeskWords as _, Words};

/// Why a use case did not go through.
pub(super) fn desk_error(words: &Words, error: &DeskError) -> String {
    match error {
        DeskError::Refused(refusal) => words.refusal(refusal),
        DeskError::Files(error) => words.files_error(error),
        DeskError::Store(error) => of_store(words, error),
        DeskError::Papers(error) => of_papers(words, error),
        other => of_desk(words, other),
    }
}

/// The name of what has no written form.
fn written<'a>(words: &Words, code: &'a str) -> &'a str {
    WRITTEN.name(code, words.lang).unwrap_or(code)
}

codes! { WRITTEN {
    "account": "往来账", "the account";
    "bundle": "证据包", "the bundle";
    "checkpoint": "检查点", "the checkpoint";
    "envelope": "信封", "the envelope";
    "invoice": "发票", "the invoice";
    "credit_note": "贷项", "the credit note";
    "signature": "签名", "the signature";
    "signed file": "签署文件", "the signed file";
    "approvals": "批准记录", "the approvals";
    "papers": "签署文本", "the papers";
    "document": "文件", "the document";
    "proofs": "证明", "the proofs";
    "statement": "结算单", "the statement";
    "terms": "条款", "the terms";
} }

sentences! { of_desk(words, DeskError) {
    Refused(refusal) [refusal = words.refusal(refusal)] =>
        "协议不允许：{refusal}",
        "the contract does not allow it: {refusal}";
    Decode(source) [reason = of_decode(words, source)] =>
        "账簿无法读取：{reason}；请验证账簿",
        "the journal cannot be read: {reason}; verify it";
    Encode(source) [reason = of_entry(words, source)] =>
        "记录无法写入账簿：{reason}",
        "the entry cannot be written: {reason}";
    Store(source) [reason = of_store(words, source)] =>
        "读写未成功：{reason}",
        "the store did not answer: {reason}";
    Append(source) [reason = of_append(words, source)] =>
        "没有记入账簿：{reason}",
        "nothing was appended: {reason}";
    Object(source) [reason = of_object(words, source)] =>
        "文件未能存取：{reason}",
        "a file could not be kept or read: {reason}";
    Open(source) [reason = of_open(words, source)] =>
        "数据库未打开：{reason}",
        "the database was not opened: {reason}";
    Files(source) [reason = words.files_error(source)] =>
        "无法打开部署：{reason}",
        "the deployment cannot be opened: {reason}";
    Random(_none) =>
        "系统不提供随机数，无法生成密钥",
        "the system gives no random bytes, so no key can be made";
    Settle(source) [reason = words.settle_error(source)] =>
        "无法结算：{reason}",
        "it cannot be settled: {reason}";
    Account(source) [reason = words.account_error(source)] =>
        "无法计算往来账：{reason}",
        "the account cannot be computed: {reason}";
    Invoice(source) [reason = words.invoice_error(source)] =>
        "无法开具：{reason}",
        "it cannot be issued: {reason}";
    Series(source) [reason = words.series_error(source)] =>
        "发票编号有误：{reason}",
        "the series of invoices is wrong: {reason}";
    Ledger(source) [reason = words.ledger_error(source)] =>
        "无法入账：{reason}",
        "it cannot be booked: {reason}";
    Money(source) [reason = words.money_error(source)] =>
        "无法计算金额：{reason}",
        "an amount cannot be computed: {reason}";
    Period { text } =>
        "“{text}”不是期间；可写 2026-03、milestone:名称、through:数量、prepayment、closing",
        "{text:?} is no period; write 2026-03, milestone:NAME, through:COUNT, prepayment, closing";
    StatementDiffers { statement } =>
        "已记录的结算单 {statement} 与条款和证据算出的不一致；请提出异议或核对证据",
        "the recorded statement {statement} is not what its terms and evidence give; object to it";
    Papers(source) [reason = of_papers(words, source)] =>
        "{reason}",
        "{reason}";
    NotARehearsal =>
        "只有演练部署可以拨动时钟",
        "the clock can be set in a rehearsal only";
    Signature =>
        "签名无效：签名与所签内容不符；请用本方私钥重新签署",
        "the signature does not hold; sign again with the party's own key";
    Timestamp(cause) [cause = of_timestamp(words, cause)] =>
        "时间戳不成立：{cause}",
        "the timestamp does not hold: {cause}";
    UnknownKey { key } =>
        "密钥 {key} 未登记为该方的密钥；请使用签署协议时的密钥",
        "the key {key} is not known for this party; use the one that signed the agreement";
    Unwritable { what } [what = written(words, what)] =>
        "{what}无法写出规范文本",
        "{what} cannot be written";
} }

sentences! { of_decode(words, DecodeError) {
    Entry { seq, source } [reason = of_entry(words, source)] =>
        "第 {seq} 条不是账簿记录，{reason}",
        "entry {seq} is not an entry of a journal, {reason}";
    Actor { seq, actor } =>
        "第 {seq} 条的记录人 {actor} 不认识",
        "entry {seq} names the unknown actor {actor}";
    Event { seq, source } =>
        "第 {seq} 条的内容本程序不认识（{source}）；可能需要更新程序",
        "entry {seq} holds no event that this program knows ({source}); a newer one may";
} }

sentences! { of_entry(words, EntryError) {
    Payload(source) =>
        "内容没有规范文本：{source}",
        "the payload has no canonical text: {source}";
    Seq { seq } =>
        "编号 {seq} 过大",
        "the number {seq} is too large";
    Time =>
        "时间不在公元 0000 至 9999 年之间",
        "the time is outside the years 0000 to 9999";
    TooLong { have } =>
        "这一行有 {have} 字节，过长",
        "the line has {have} bytes, which is too long";
    Canonical(source) =>
        "不是规范的 JSON：{source}",
        "the line is not canonical JSON: {source}";
    Shape { at } =>
        "从第 {at} 字节起不是记录的格式",
        "the line is not an entry from byte {at}";
    Version { version } =>
        "格式版本为 {version}，本程序只读版本 1；请更新程序",
        "the line has version {version}, this program reads version 1; update it";
    Content(source) =>
        "内容与要求的不符：{source}",
        "the payload is not what was asked for: {source}";
} }

sentences! { of_store(words, StoreError) {
    NotFound { agreement } =>
        "没有协议 {agreement}",
        "there is no agreement {agreement}";
    OperatorOnly =>
        "只有部署的管理者可以查询",
        "only the operator may ask this";
    Exists { agreement } =>
        "协议 {agreement} 已存在；请换一个 id",
        "the agreement {agreement} is already there; use another id";
    Differs { name } =>
        "{name} 已以不同内容保存，不能覆盖",
        "{name} is already kept with other content and is never overwritten";
    BeyondJournal { size, next } =>
        "账簿只有 {next} 条，没有 {size} 条",
        "the journal has {next} entries, not {size}";
    NoCheckpoint { size } =>
        "没有大小为 {size} 的检查点",
        "there is no checkpoint of size {size}";
    TooLarge { bytes, limit } [bytes = words.bytes(*bytes), limit = words.bytes(*limit)] =>
        "{bytes} 超过上限 {limit}",
        "{bytes} are more than {limit}";
    Fault(source) [reason = of_fault(words, source)] =>
        "机器故障，{reason}",
        "trouble with the machine, {reason}";
} }

sentences! { of_append(words, AppendError) {
    NotFound { agreement } =>
        "没有协议 {agreement}",
        "there is no agreement {agreement}";
    Conflict { next } =>
        "同时有人记入，账簿已到第 {next} 条；请重试",
        "somebody else appended meanwhile, the next entry is {next}; try again";
    NotDense { expected, found } =>
        "记录编号不连续：应为 {expected}，实为 {found}",
        "record {found} stands where record {expected} should";
    Hidden { seq } =>
        "第 {seq} 条对记录的一方不可见",
        "record {seq} is not visible to the party that appends it";
    LineTooLarge { seq, bytes, limit } [bytes = words.bytes(*bytes), limit = words.bytes(*limit)] =>
        "第 {seq} 条有 {bytes}，超过上限 {limit}",
        "record {seq} has {bytes}, more than {limit}";
    BatchTooLarge { records, limit } =>
        "一批 {records} 条，超过上限 {limit}",
        "{records} records are more than {limit} in one batch";
    Fault(source) [reason = of_fault(words, source)] =>
        "机器故障，{reason}",
        "trouble with the machine, {reason}";
} }

sentences! { of_object(words, ObjectError) {
    NotFound =>
        "没有这个文件",
        "there is no such object";
    OperatorOnly =>
        "只有部署的管理者可以查询",
        "only the operator may ask this";
    TooLarge { limit } [limit = words.bytes(*limit)] =>
        "文件超过 {limit}",
        "the object has more than {limit}";
    Altered { bytes, found } [bytes = words.bytes(*bytes)] =>
        "文件被改动过：读到 {bytes}，哈希为 {found}",
        "the object is not what was kept: {bytes} with hash {found}";
    Input(source) =>
        "内容无法读取：{source}",
        "the content could not be read: {source}";
    Fault(source) [reason = of_fault(words, source)] =>
        "机器故障，{reason}",
        "trouble with the machine, {reason}";
} }

sentences! { of_open(words, OpenError) {
    Newer { path, found, known } [path = path.display()] =>
        "{path} 的格式版本为 {found}，本程序只认识到 {known}；请更新程序",
        "{path} has format {found}, this program knows formats up to {known}; update it";
    Altered { path, version } [path = path.display()] =>
        "{path} 的格式 {version} 与本程序的不同；请使用当初的程序打开",
        "format {version} of {path} is not this program's; open it with the program that wrote it";
    Foreign { path } [path = path.display()] =>
        "{path} 是其他程序的数据库；请检查路径",
        "{path} belongs to another program; check the path";
    Fault { path, fault } [path = path.display(), reason = of_fault(words, fault)] =>
        "打不开 {path}：{reason}",
        "{path} does not open: {reason}";
} }

sentences! { of_fault(words, Fault) {
    Full(source) =>
        "磁盘已满，本次操作未保存（{source}）；请腾出空间后重试",
        "the disk is full and nothing was kept ({source}); make room and try again";
    Locked(source) =>
        "另一个进程占用了数据库，本次操作未保存（{source}）；请稍后重试",
        "another process holds the database, nothing was kept ({source}); try again later";
    Corrupt(source) =>
        "数据已损坏（{source}）；请从备份恢复后验证账簿",
        "the stored data is damaged ({source}); restore a backup and verify the journal";
    NotADatabase(source) =>
        "文件不是数据库（{source}）；请检查路径",
        "the file is not a database ({source}); check the path";
    Denied(source) =>
        "没有访问权限（{source}）；请检查文件权限",
        "access is denied ({source}); check the file's permissions";
    Missing(source) =>
        "文件或目录不存在（{source}）",
        "there is no such file or folder ({source})";
    Closed =>
        "数据库已关闭",
        "the store is closed";
    Other(source) =>
        "存储出错（{source}）；本次写入是否保存尚不确定，请核对后再试",
        "the storage failed ({source}); a write may or may not be kept, check before trying again";
} }
