//! What the verification of a bundle, an envelope, a checkpoint or a proof says, in words.

use desk::verify::{FindingSeverity, Signed, VerifiedKind, VerifyError, VerifyFinding};
use document::{names, sentences};
use journal::Hash;
use signing::{PartState, SignatureState};

use super::stamps::of_timestamp;
use super::{DeskWords as _, Here, Words};

names! { VerifiedKind [Here] {
    Bundle => "证据包", "bundle";
    SignedFile => "签署文件", "signed file";
    SealedPage => "封存的 PDF", "sealed PDF";
    Envelope => "签名信封", "envelope";
    Checkpoint => "检查点", "checkpoint";
    Proof => "条目证明", "proof of an entry";
    Journal => "账簿", "journal";
    Unknown => "未知文件", "unknown file";
} }

names! { PartState [Here] {
    Intact => "与签署的一致", "as it was signed";
    Changed => "被改动过", "was changed";
    Missing => "缺失", "is missing";
    Unsigned => "不在签署清单中", "was not signed by anybody";
} }

names! { SignatureState [Here] {
    Valid => "有效", "valid";
    UnknownKey => "成立，但密钥未知", "holds, by an unknown key";
    OtherSide => "由另一方的密钥作出", "was made by a key of another side";
    Invalid => "无效", "does not hold";
    Malformed => "无法读取", "cannot be read";
    UnknownAlgorithm => "签名算法未知", "is of an unknown algorithm";
    OtherManifest => "签的是另一份清单", "is over another manifest";
    NotASignatory => "不是清单所列的签署人", "is by nobody whom the manifest names";
    NotAnEnvelope => "不是协议的签名信封", "is no envelope of an agreement";
} }

names! { FindingSeverity [Here] {
    Notice => "提示", "notice";
    Error => "错误", "error";
} }

sentences! { of_error(words, VerifyError) {
    Io { path, source } [path = path.display()] =>
        "{path} 无法读取：{source}",
        "{path} cannot be read: {source}";
} }

sentences! { of_signed(words, Signed) {
    Bundle {} =>
        "证据包",
        "the bundle";
    Terms { role } [role = party(words, role)] =>
        "条款（{role}）",
        "the terms, as {role}";
    Papers { role } [role = party(words, role)] =>
        "签署文件（{role}）",
        "the papers, as {role}";
    Envelope { role } [role = party(words, role)] =>
        "信封（{role}）",
        "the envelope, as {role}";
    Checkpoint { size } [size = words.count(*size)] =>
        "{size} 条的检查点",
        "the checkpoint over {size} entries";
} }

sentences! { of_verification(words, VerifyFinding) {
    UnknownFormat {} =>
        "不是证据包、信封、检查点、证明或账簿",
        "neither a bundle, an envelope, a checkpoint, a proof nor a journal";
    NotAnArchive { detail } =>
        "压缩包读不了：{detail}",
        "the archive cannot be read: {detail}";
    TooManyFiles { have, limit } [have = words.count(*have), limit = words.count(*limit)] =>
        "包内有 {have} 个文件，超过 {limit} 个",
        "the bundle has {have} files, more than {limit}";
    DuplicateNames {} =>
        "包内有同名文件",
        "two files of the bundle have one name";
    OverlappingFiles {} =>
        "包内文件互相重叠",
        "files of the bundle overlap";
    UnexpectedFile { name } =>
        "包内有不该有的文件 {name}",
        "{name} has no place in a bundle";
    FileTooLarge { name, size, limit } [size = words.bytes(*size), limit = words.bytes(*limit)] =>
        "{name} 有 {size}，超过 {limit}",
        "{name} has {size}, more than {limit}";
    DamagedFile { name, detail } =>
        "{name} 已损坏：{detail}",
        "{name} is damaged: {detail}";
    MissingFile { name } =>
        "缺少文件 {name}",
        "{name} is missing";
    UnlistedFile { name } =>
        "{name} 不在签名的清单中",
        "{name} is not in the signed list";
    FileDiffers { name, stated, found } [stated = short(stated), found = short(found)] =>
        "{name} 被改动：清单写 {stated}，实为 {found}",
        "{name} was changed: the list says {stated}, it is {found}";
    NotAnEnvelope { name, detail } =>
        "{name} 不是签名信封：{detail}",
        "{name} is no envelope: {detail}";
    OtherEnvelope { name, kind, version } =>
        "{name} 是另一种信封：{kind} 第 {version} 版",
        "{name} is another envelope: {kind}, version {version}";
    Signature { name, key, role, verdict } [
        verdict = words.name(*verdict), role = party(words, role.as_str()),
    ] =>
        "{name} 上 {role} 的签名（{key}）：{verdict}",
        "the signature of {role} on {name} ({key}): {verdict}";
    NotSigned { name } =>
        "{name} 没有签名",
        "nobody signed {name}";
    UnknownSigner { name, key } =>
        "{name} 另有未知密钥 {key} 的签名",
        "{name} is signed by the unknown key {key} as well";
    BadKey { name, line } =>
        "{name} 第 {line} 行不是公钥",
        "line {line} of {name} is no public key";
    ForeignKey { name, given, inside } =>
        "包内名为 {name} 的公钥不是你给的那把：你给的 {given}，包内 {inside}",
        "the key named {name} inside is not the one that you gave: {given} given, {inside} inside";
    NoGivenKeySigned {} =>
        "你给的公钥都没有在其中签名",
        "none of the keys that you gave has signed here";
    Log { finding } [finding = words.journal_finding(finding)] =>
        "账簿：{finding}",
        "journal: {finding}";
    More { count } [count = words.count(*count)] =>
        "另有 {count} 项未列出",
        "{count} more are not listed";
    NotCovered { from_entry, to_entry } =>
        "条目 e{from_entry} 至 e{to_entry} 没有签名检查点为证",
        "entries e{from_entry} to e{to_entry} are covered by no signed checkpoint";
    NoCheckpoint {} =>
        "没有检查点：只能说明文件自身一致",
        "there is no checkpoint: the file is consistent in itself, and no more";
    JournalDiffers { stated_entries, entries, stated_root, root } [
        stated_entries = words.count(*stated_entries), entries = words.count(*entries),
        stated_root = short(stated_root), root = short(root),
    ] =>
        "账簿与清单不符：清单写 {stated_entries} 条（{stated_root}），实为 {entries} 条（{root}）",
        "the journal is not the stated one: {stated_entries} entries ({stated_root}) stated, \
         {entries} ({root}) found";
    BadStatement { name } =>
        "{name} 的内容读不懂",
        "what {name} states cannot be understood";
    OtherAgreement { stated, found } [stated = name(stated), found = name(found)] =>
        "协议不符：写的是 {stated}，账簿是 {found}",
        "another agreement: {stated} stated, {found} in the journal";
    TermsDiffer { recorded, found } [
        recorded = recorded.get(..8).unwrap_or(recorded), found = found.get(..8).unwrap_or(found),
    ] =>
        "条款被改动：账簿记的是 {recorded}，文件是 {found}",
        "the terms were changed: {recorded} recorded, {found} found";
    PartySignature { side, entry } [side = words.name(*side)] =>
        "条目 e{entry} 中{side}的签名不成立",
        "the signature of the {side} in entry e{entry} does not hold";
    SigningDiffers { name, entry } =>
        "{name} 与条目 e{entry} 所载不符",
        "{name} is not what entry e{entry} holds";
    BadManifest { detail } =>
        "文件清单 manifest.json 读不了：{detail}",
        "manifest.json cannot be read: {detail}";
    Part { name, state } [state = words.name(*state)] =>
        "{name}：{state}",
        "{name}: {state}";
    PaperSignature { name, state } [state = words.name(*state)] =>
        "{name} 中的签名：{state}",
        "the signature in {name}: {state}";
    SignatoryMissing { side, signatory } [side = party(words, side.as_str())] =>
        "{side}的 {signatory} 尚未签署",
        "{signatory} has not signed for the {side}";
    Timestamp { name, error } [error = of_timestamp(words, error)] =>
        "时间戳 {name} 不成立：{error}",
        "the timestamp {name} does not hold: {error}";
    AuthorityUnknown { name, at, authority, certificate } [
        at = words.instant(*at), certificate = short(certificate),
    ] =>
        "{name} 盖的时间是 {at}，只凭 {authority} 自己的证书（{certificate}）：没有给出你信任的证书",
        "{name} says {at} on the word of {authority}'s own certificate ({certificate}): none that \
         you trust was given";
    Seal { name, detail } =>
        "{name} 的封存不成立，文件被改动过或不是封存的那份：{detail}",
        "the seal on {name} does not hold, the file was changed or is another: {detail}";
    NotAnEvent { entry, detail } =>
        "条目 e{entry} 不是可识别的事件：{detail}",
        "entry e{entry} is no event that this program knows: {detail}";
    FoldFailed { entry, detail } =>
        "条目 e{entry} 无法重算：{detail}",
        "entry e{entry} cannot be computed again: {detail}";
    StatementDiffers { statement, entry } =>
        "结算单 {statement}（e{entry}）与按条款和证据重算的结果不符",
        "statement {statement} (e{entry}) is not what its terms and evidence give";
    ObjectMissing { entry, sha256 } [sha256 = sha256.get(..8).unwrap_or(sha256)] =>
        "条目 e{entry} 所指的文件 {sha256} 不在包内",
        "the file {sha256} that entry e{entry} names is not in the bundle";
    OutOfSeries { series, entry, expected, found } =>
        "条目 e{entry}：{series} 编号应为 {expected}，实为 {found}",
        "entry e{entry}: {series} {found} where {expected} comes next";
    SourceGap { source, from_seq, to_seq } =>
        "来源 {source} 缺少第 {from_seq} 至 {to_seq} 号记录",
        "{source} lacks its records {from_seq} to {to_seq}";
    SourceConflict { source, id, entry } =>
        "来源 {source} 的记录 {id} 前后内容不同（e{entry}）",
        "{source} told two contents of {id} (e{entry})";
    BadNote { detail } =>
        "不是有效的检查点：{detail}",
        "no valid checkpoint: {detail}";
    BadProof { detail } =>
        "证明不成立：{detail}",
        "the proof does not hold: {detail}";
    ProofWithoutEntry {} =>
        "证明中没有条目本身",
        "the proof does not hold the entry itself";
    SplitView { size, root, kept, kept_root } [
        size = words.count(*size), root = short(root), kept_root = short(kept_root), kept = kept + 1,
    ] =>
        "同为 {size} 条却有两个根：这里 {root}，你留存的第 {kept} 份 {kept_root}——有人给你看了两套历史",
        "two roots for {size} entries: {root} here, {kept_root} in your checkpoint {kept}: \
         somebody showed two histories";
} }

/// A party by its code, or the role as it is.
fn party(words: &Words, role: &str) -> String {
    let side = match role {
        "customer" => contract::terms::Side::Customer,
        "vendor" => contract::terms::Side::Vendor,
        other => return other.to_owned(),
    };
    words.name(side).to_owned()
}

fn short(hash: &Hash) -> String {
    hash.to_string().get(..8).unwrap_or_default().to_owned()
}

fn name(id: &Option<units::Id>) -> String {
    id.as_ref().map_or("?".to_owned(), ToString::to_string)
}
