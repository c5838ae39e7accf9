//! Why a timestamp proves nothing, and why an authority gave none.

use document::sentences;
use signing::timestamp::TimestampError;
use signing::{CertificateError, CmsError};

use super::Words;
use crate::authority::AskError;
use crate::egress::EgressError;

sentences! { of_timestamp(words, TimestampError) {
    TooLarge =>
        "太大，不是时间戳",
        "it is too large for a timestamp";
    Malformed { part } =>
        "不是时间戳（{part} 读不出）",
        "it is no timestamp ({part} cannot be read)";
    Refused { status } =>
        "时间戳机构拒绝加盖（状态 {status}）；请换一家机构或稍后再试",
        "the authority refused to stamp (status {status}): ask another one, or again later";
    Imprint =>
        "时间戳盖的是别的内容，不是这份签名",
        "it stamps other bytes than this signature";
    Nonce =>
        "答复与本次请求的随机数不符，是对另一请求的答复",
        "it answers another request: the nonce is not the one that was sent";
    Policy =>
        "时间戳所依规则与请求的不同",
        "it was given under other rules than asked for";
    Signature(cause) [cause = of_cms(words, *cause)] =>
        "时间戳机构的签名不成立：{cause}",
        "the authority's signature does not hold: {cause}";
    Authority(cause) [cause = of_certificate(words, *cause)] =>
        "时间戳机构的证书不可信：{cause}",
        "the authority's certificate is not to be believed: {cause}";
} }

sentences! { of_cms_error(words, CmsError) {
    Malformed { part } =>
        "{part} 读不出",
        "{part} cannot be read";
    Digest =>
        "用了本程序不核对的哈希算法",
        "its hash is one that this program does not check";
    NoCertificate =>
        "没有附上签名者的证书",
        "the signer's certificate is not in it";
    Content =>
        "内容与所签的不同",
        "the content is not what was signed";
    ContentType =>
        "签的是另一类内容",
        "it is over another kind of content";
    OtherCertificate =>
        "没有写明签名者的证书，或写的是另一张",
        "it does not name the certificate of its signer";
    Certificate(cause) [cause = of_certificate(words, *cause)] =>
        "{cause}",
        "{cause}";
} }

sentences! { of_certificate_error(words, CertificateError) {
    Malformed =>
        "不是证书",
        "not a certificate";
    Untrusted =>
        "没有证书链通向你信任的证书",
        "no chain leads to a certificate that you trust";
    Dates =>
        "加盖时证书不在有效期内",
        "the certificate was not valid at that time";
    Signature =>
        "证书或内容上的签名不成立",
        "the signature does not hold";
    Scheme =>
        "用了本程序不核对的签名算法",
        "a signature scheme that this program does not check";
    Extension =>
        "证书带有本程序不核对的条件",
        "the certificate has a condition that this program does not check";
    Usage =>
        "证书不是专用于时间戳的",
        "the certificate is not for timestamps alone";
} }

sentences! { of_egress(words, EgressError) {
    Malformed =>
        "这不是网址",
        "this is no web address";
    Scheme { scheme } =>
        "只能用 https，不能用 {scheme}（本机除外）",
        "only https is spoken, not {scheme}, but to this machine";
    UserInfo =>
        "网址中不得含用户名或密码",
        "the address must not carry a name or a password";
    Port { port } =>
        "不能用端口 {port}：只能用 443 或 1024 以上",
        "port {port} is not allowed: 443, or 1024 and above";
    NotPublic { range } =>
        "地址不是公网地址：{range}",
        "the address is not public: {range}";
    Unresolved =>
        "找不到这个名称",
        "the name was not found";
    Timeout =>
        "10 秒内没有答复；请稍后再试",
        "no answer within 10 seconds: try again later";
    Connect(source) =>
        "连不上：{source}",
        "no connection: {source}";
    Broken(source) =>
        "通信中断：{source}",
        "the exchange broke off: {source}";
    TooLong { limit } [limit = words.bytes(*limit as u64)] =>
        "答复超过 {limit}，不是时间戳",
        "the answer is longer than {limit}, which no timestamp is";
} }

sentences! { of_ask(words, AskError) {
    Egress(cause) [cause = of_egress(words, cause)] =>
        "{cause}",
        "{cause}";
    Status { status } =>
        "答复的状态是 {status}，没有时间戳；请核对网址或稍后再试",
        "it answered with status {status} and no timestamp: check the address, or try later";
    Kind { kind } =>
        "答复是 {kind}，不是时间戳；请核对网址是否为 RFC 3161 服务",
        "it answered with {kind}, not with a timestamp: is the address one of RFC 3161?";
} }

fn of_cms(words: &Words, error: CmsError) -> String {
    of_cms_error(words, &error)
}

fn of_certificate(words: &Words, error: CertificateError) -> String {
    of_certificate_error(words, &error)
}
