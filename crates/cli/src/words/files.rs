//! What is wrong with the files of a deployment and with keys.

use desk::files::FilesError;
use journal::{EnvelopeError, KeyError};

use super::Words;

impl Words {
    /// Why the files of a deployment cannot be laid down or opened.
    #[must_use]
    pub fn files_error(&self, error: &FilesError) -> String {
        of_files(self, error)
    }

    /// Why a text is no key.
    #[must_use]
    pub fn key_error(&self, error: &KeyError) -> String {
        of_key(self, error)
    }

    /// Why a file is no envelope.
    #[must_use]
    pub fn envelope_error(&self, error: &EnvelopeError) -> String {
        of_envelope(self, error)
    }
}

sentences! { of_files(words, FilesError) {
    Exists { path } [path = path.display()] =>
        "{path} 中已有部署",
        "there is a deployment in {path} already";
    Missing { path } [path = path.display()] =>
        "{path} 中没有部署；请先运行 tally init，或用 --data 指明目录",
        "there is no deployment in {path}; run tally init, or name its folder with --data";
    Io { path, source } [path = path.display()] =>
        "{path} 无法读写：{source}",
        "{path} cannot be read or written: {source}";
    Malformed { path } [path = path.display()] =>
        "{path} 不是部署的文件或密钥",
        "{path} is not a file of a deployment, nor a key";
    Name { name } =>
        "“{name}”不能作密钥名：不能为空，不能有空格和 +",
        "{name:?} cannot be the name of a key: it is not empty and has no space and no +";
    Exposed { path } [path = path.display()] =>
        "其他用户可读私钥 {path}；请执行 chmod 600",
        "others may read the private key {path}; run chmod 600 on it";
} }

sentences! { of_key(words, KeyError) {
    Name =>
        "密钥名不能为空，不能有空格和 +",
        "a key name is not empty and has no spaces and no plus";
    Form =>
        "公钥应写成 名称+哈希+Base64",
        "a verifier key is name+hash+base64";
    Id =>
        "公钥中的哈希与名称和内容不符，有字符抄错",
        "the hash in the key does not belong to its name and bytes; a character is wrong";
    Type { key_type } =>
        "不支持类型为 {key_type} 的密钥",
        "keys of type {key_type} are not supported";
    Point =>
        "内容不是 Ed25519 公钥",
        "the bytes are not an Ed25519 public key";
} }

sentences! { of_envelope(words, EnvelopeError) {
    Read(source) =>
        "不是信封：{source}",
        "not an envelope: {source}";
    Format { format } =>
        "信封格式为“{format}”，本程序只读 tallystick.envelope/1；请更新程序",
        "the envelope has the format {format:?}, this program reads tallystick.envelope/1";
    Statement(source) =>
        "声明没有规范文本：{source}",
        "the statement has no canonical text: {source}";
    KeyType =>
        "会签密钥只能签检查点",
        "a cosignature key signs checkpoints only";
} }
