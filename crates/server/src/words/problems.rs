//! The title and the sentence of every problem. A contract's refusal has its own words, which the
//! crate `document` keeps.

use contract::Refusal;
use document::words::Words;
use serde_json::{Map, Value};
use units::Lang;

use crate::problem::Code;

/// The title and the sentence of a contract's refusal.
#[must_use]
pub fn refusal(refusal: &Refusal, lang: Lang) -> (String, String) {
    let title = match lang {
        Lang::Zh => "合同不允许",
        Lang::En => "The contract does not allow it",
    };
    (title.to_owned(), Words::new(lang).refusal(refusal))
}

/// The title and the sentence of a problem of this interface.
#[must_use]
pub fn problem(code: Code, fields: &Map<String, Value>, lang: Lang) -> (String, String) {
    let (title, detail) = match lang {
        Lang::Zh => zh(code),
        Lang::En => en(code),
    };
    let mut detail = detail.to_owned();
    for (name, value) in fields {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        detail = detail.replace(&format!("{{{name}}}"), &text);
    }
    (title.to_owned(), detail)
}

const fn zh(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::NotFound => ("没有找到", "没有这个对象，或它不属于您；请核对地址。"),
        Code::MethodNotAllowed => ("方法不适用", "这个地址不支持该方法；支持的方法见 Allow 头。"),
        Code::SignInNeeded => ("请先登录", "请登录后再试，或提供有效的 API 密钥。"),
        Code::CodeNeeded => ("还需要验证码", "请输入动态验证码或恢复码以完成登录。"),
        Code::WrongCredentials => {
            ("登录失败", "邮箱、密码或验证码不正确；多次失败后需要等待一段时间。")
        }
        Code::RoleMissing => ("没有权限", "您的角色不允许这样做；请联系本组织的所有者。"),
        Code::KeyScope => ("密钥权限不足", "此 API 密钥的权限范围不包括这项操作。"),
        Code::ConfirmNeeded => ("请再次确认身份", "这一步需要重新验证身份；确认后请重试。"),
        Code::CsrfToken => {
            ("缺少防伪令牌", "请求头 X-CSRF-Token 缺失或不正确；请从 GET /session 取得。")
        }
        Code::ForeignOrigin => ("来源不符", "请求来自其他网站，已拒绝。"),
        Code::WrongHost => ("主机不符", "请求的主机名不是本部署的地址。"),
        Code::BadRequest => ("请求有误", "地址、查询参数或请求头无法识别。"),
        Code::BadBody => ("内容有误", "请求内容不是所要求的 JSON。"),
        Code::UnsupportedMediaType => ("类型不支持", "请求内容的类型不受支持；请看 Content-Type。"),
        Code::TooLarge => ("内容过大", "请求内容超过 {limit} 字节的上限。"),
        Code::BodyTimeout => ("传输过慢", "请求内容没有在规定时间内传完。"),
        Code::Timeout => {
            ("处理超时", "没有在规定时间内完成；请稍后用同一个 Idempotency-Key 重试。")
        }
        Code::RateLimited => ("请求过多", "请求过于频繁；请在 Retry-After 所示秒数后重试。"),
        Code::Busy => ("系统繁忙", "系统繁忙；请稍后重试。"),
        Code::IdempotencyKeyMissing => {
            ("缺少幂等键", "写操作需要 Idempotency-Key：1 至 64 个字母、数字、- 或 _。")
        }
        Code::IdempotencyKeyReused => {
            ("幂等键已用于其他请求", "这个 Idempotency-Key 已用于另一个请求；请换一个新的。")
        }
        Code::IdempotencyRunning => {
            ("请求仍在处理", "使用这个 Idempotency-Key 的请求仍在处理；请稍后重试。")
        }
        Code::BadTerms => ("条款有误", "协议条款有错误，不能登记；请按所列位置修改。"),
        Code::Exists => ("已经存在", "同名的 {what} 已经存在；请换一个名称。"),
        Code::Invalid => ("无法照办", "内容可以识别，但所要求的事无法办理。"),
        Code::NotNow => ("现在不行", "这一步已经办过，或已失效。"),
        Code::UnknownPeriod => ("没有这个结算期", "“{period}”不是本协议可结算的期间。"),
        Code::CannotSettle => ("无法结算", "按现有条款和证据无法计算。"),
        Code::StatementDiffers => {
            ("结算单有变化", "结算单与条款和证据计算的结果不同；请重新查看。")
        }
        Code::Signature => ("签名无效", "签名与所签内容或公钥不符；请重新签署。"),
        Code::UnreadableFile => ("文件无法读取", "文件无法按要求的格式读取。"),
        Code::InvalidField => ("字段不可用", "字段 {field} 的值不能使用；请修改后重试。"),
        Code::ShortPassword => ("密码太短", "密码至少需要 {least} 个字符。"),
        Code::WrongProof => ("验证未通过", "当前密码或验证码不正确。"),
        Code::LastOwner => ("不能移除最后一位所有者", "组织必须保留至少一位所有者。"),
        Code::TooMany => ("数量已满", "最多只能有 {limit} 个。"),
        Code::ChangedMeanwhile => ("内容已被修改", "其他人刚刚修改过；请重新查看后再决定。"),
        Code::PasskeyRefused => {
            ("通行密钥未通过", "通行密钥未知或验证失败；请重试，或用其他方式登录。")
        }
        Code::CeremonyOver => ("验证已过期", "与验证器的对话已过期或已使用；请重新开始。"),
        Code::PasskeysUnavailable => {
            ("不能使用通行密钥", "部署在数字地址上，浏览器不支持通行密钥；请用主机名访问。")
        }
        Code::AddressRefused => (
            "地址不被允许",
            "不能向这个地址发送（{reason}）；须为 https 的公网地址，端口 443 或 1024 以上。",
        ),
        Code::ProviderUnreachable => ("登录服务无响应", "登录服务没有正确应答；请稍后再试。"),
        Code::NoModel => (
            "没有语言模型",
            "本部署没有配置语言模型；请去掉 model，或请管理员用 --model 启动服务。",
        ),
        Code::Stopping => ("正在停止", "服务正在停止；请稍后重试。"),
        Code::RedFinding => {
            ("高风险意见未批准", "最后一个版本有高风险的审查意见未经批准；请逐项批准，或继续磋商。")
        }
        Code::Fault => ("内部故障", "服务发生故障；请把请求编号交给管理员。"),
    }
}

const fn en(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::NotFound => {
            ("Not found", "There is no such thing, or it is not yours; check the address.")
        }
        Code::MethodNotAllowed => {
            ("Method not allowed", "This address does not know the method; see the header Allow.")
        }
        Code::SignInNeeded => ("Sign in first", "Sign in, or give a valid API key, and try again."),
        Code::CodeNeeded => {
            ("Code needed", "Enter the code of your authenticator, or a recovery code.")
        }
        Code::WrongCredentials => (
            "Not signed in",
            "The e-mail, the password or the code is wrong; after several failures you must wait.",
        ),
        Code::RoleMissing => {
            ("Not allowed", "Your roles do not allow this; ask an owner of your organisation.")
        }
        Code::KeyScope => ("Not allowed", "The scopes of this API key do not allow this."),
        Code::ConfirmNeeded => {
            ("Confirm who you are", "This step needs you to confirm who you are; then try again.")
        }
        Code::CsrfToken => (
            "Token missing",
            "The header X-CSRF-Token is missing or wrong; take it from GET /session.",
        ),
        Code::ForeignOrigin => {
            ("Foreign origin", "The request comes from another site and was turned away.")
        }
        Code::WrongHost => ("Wrong host", "The host asked for is not this deployment's."),
        Code::BadRequest => {
            ("Bad request", "The address, a query parameter or a header cannot be read.")
        }
        Code::BadBody => ("Bad body", "The body is not the JSON that is asked for."),
        Code::UnsupportedMediaType => {
            ("Unsupported media type", "The body is of another media type; see Content-Type.")
        }
        Code::TooLarge => ("Too large", "The body has more than {limit} bytes."),
        Code::BodyTimeout => ("Too slow", "The body did not arrive in time."),
        Code::Timeout => {
            ("Timed out", "It was not done in time; try again with the same Idempotency-Key.")
        }
        Code::RateLimited => {
            ("Too many requests", "Too many requests; wait for the seconds in Retry-After.")
        }
        Code::Busy => ("Busy", "Everything is busy; try again in a moment."),
        Code::IdempotencyKeyMissing => (
            "Idempotency key missing",
            "A write needs Idempotency-Key: 1 to 64 letters, digits, - or _.",
        ),
        Code::IdempotencyKeyReused => (
            "Idempotency key reused",
            "This Idempotency-Key was used for another request; take a new one.",
        ),
        Code::IdempotencyRunning => {
            ("Still running", "The request with this Idempotency-Key still runs; try again later.")
        }
        Code::BadTerms => {
            ("Errors in the terms", "The terms have errors; mend them at the places listed.")
        }
        Code::Exists => ("Exists already", "There is a {what} of this name; take another name."),
        Code::Invalid => ("Cannot be done", "It reads well, and what it asks for cannot be done."),
        Code::NotNow => ("Not now", "This was done already, or is no longer valid."),
        Code::UnknownPeriod => {
            ("No such period", "{period} is no period that this agreement can settle.")
        }
        Code::CannotSettle => {
            ("Cannot be settled", "Terms and evidence do not allow the computation.")
        }
        Code::StatementDiffers => (
            "The statement changed",
            "The statement is not what terms and evidence give; look at it again.",
        ),
        Code::Signature => (
            "Bad signature",
            "The signature does not belong to what is signed or to the key; sign again.",
        ),
        Code::UnreadableFile => {
            ("Unreadable file", "The file cannot be read as what it should be.")
        }
        Code::InvalidField => {
            ("Field not usable", "The value of {field} cannot be used; change it and try again.")
        }
        Code::ShortPassword => {
            ("Password too short", "A password has at least {least} characters.")
        }
        Code::WrongProof => ("Not proven", "The current password or the code is wrong."),
        Code::LastOwner => ("The last owner", "An organisation keeps at least one owner."),
        Code::TooMany => ("Too many", "There may be {limit} and no more."),
        Code::ChangedMeanwhile => {
            ("Changed meanwhile", "Somebody else has just changed it; look again, then decide.")
        }
        Code::PasskeyRefused => (
            "Passkey refused",
            "The passkey is unknown or did not verify; try again, or sign in another way.",
        ),
        Code::CeremonyOver => {
            ("Too late", "The exchange with the authenticator is over; begin again.")
        }
        Code::PasskeysUnavailable => (
            "No passkeys here",
            "Browsers have no passkeys for a numeric address; use the deployment's host name.",
        ),
        Code::AddressRefused => (
            "Address refused",
            "Nothing is sent there ({reason}); use https, a public address, port 443 or from 1024.",
        ),
        Code::ProviderUnreachable => {
            ("Provider does not answer", "The sign-in provider did not answer; try again later.")
        }
        Code::NoModel => (
            "No language model",
            "This deployment has no language model; leave model out, or have it served with --model.",
        ),
        Code::Stopping => ("Stopping", "The service is stopping; try again in a moment."),
        Code::RedFinding => (
            "High risk not approved",
            "The last version has findings of high risk that nobody approved; approve each of them, \
             or negotiate on.",
        ),
        Code::Fault => ("Fault", "Something broke; give the request id to the administrator."),
    }
}
