//! Who plays: the two companies, their people, and the sample terms that all four agreements are
//! made from. The terms are the files in `cases/agreements`, with other dates, ids and parties.

use contract::event::Actor;
use contract::terms::{Agreement, Side, WrittenAmount};
use desk::agreement_file::{Limits, read_agreement};
use desk::people::Role;
use units::{Currency, Date, Id, Money, amount_in_words_zh};

use super::DemoError;

const ANNOTATION: &str = include_str!("../../../../cases/agreements/annotation.toml");
const TRAINING: &str = include_str!("../../../../cases/agreements/training.toml");
const LEASE: &str = include_str!("../../../../cases/agreements/lease.toml");
const CLASSIFICATION: &str = include_str!("../../../../cases/agreements/classification.toml");

/// Somebody of a party, with the one role that they have there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) side: Side,
    pub(super) role: Role,
    pub(super) name: &'static str,
    /// What their e-mail begins with.
    pub(super) user: &'static str,
}

macro_rules! people {
    ($($(#[$doc:meta])* $who:ident = $side:ident $role:ident $name:literal $user:literal;)*) => {
        $(
            $(#[$doc])*
            pub(super) const $who: Person =
                Person { side: Side::$side, role: Role::$role, name: $name, user: $user };
        )*
        /// All of them, owners first.
        pub(super) const PEOPLE: &[Person] = &[$($who),*];
    };
}

people! {
    /// Answers for the customer.
    BUYER_OWNER = Customer Owner "苏怀瑾 Su Huaijin" "su.huaijin";
    /// Answers for the vendor.
    SELLER_OWNER = Vendor Owner "江映月 Jiang Yingyue" "jiang.yingyue";
    /// Signs for the customer.
    BUYER = Customer Signatory "顾明远 Gu Mingyuan" "gu.mingyuan";
    /// Negotiates for the customer.
    BUYER_LAW = Customer Negotiator "陆承泽 Lu Chengze" "lu.chengze";
    /// Pays for the customer.
    BUYER_FINANCE = Customer Finance "钱思远 Qian Siyuan" "qian.siyuan";
    /// Runs the customer's side.
    BUYER_OPERATOR = Customer Operator "沈一诺 Shen Yinuo" "shen.yinuo";
    /// Labels gold for the customer.
    BUYER_ANNOTATOR = Customer Annotator "叶知秋 Ye Zhiqiu" "ye.zhiqiu";
    /// Reviews what the customer receives.
    BUYER_REVIEWER = Customer Reviewer "王敏 Wang Min" "wang.min";
    /// Signs for the vendor.
    SELLER = Vendor Signatory "罗嘉树 Luo Jiashu" "luo.jiashu";
    /// Negotiates for the vendor.
    SELLER_LAW = Vendor Negotiator "何若谷 He Ruogu" "he.ruogu";
    /// Bills for the vendor.
    SELLER_FINANCE = Vendor Finance "戴景行 Dai Jingxing" "dai.jingxing";
    /// Runs the vendor's side.
    SELLER_OPERATOR = Vendor Operator "周可欣 Zhou Kexin" "zhou.kexin";
    /// Labels for the vendor.
    SELLER_ANNOTATOR = Vendor Annotator "林晏清 Lin Yanqing" "lin.yanqing";
    /// Checks what the vendor hands over.
    SELLER_REVIEWER = Vendor Reviewer "许南星 Xu Nanxing" "xu.nanxing";
}

impl Person {
    /// As the journal names them.
    pub(super) fn actor(self) -> Actor {
        Actor::of(self.side, self.name)
    }
}

/// A machine of the deployment.
pub(super) fn machine(name: &str) -> Actor {
    Actor::Deployment { name: name.to_owned() }
}

/// A name that is written here.
pub(super) fn id(text: &str) -> Id {
    Id::new(text).expect("names written here are well formed")
}

/// The sample terms of a kind, between the two companies, from a day on for a year.
pub(super) fn terms(kind: &'static str, starts: Date) -> Result<Agreement, DemoError> {
    let read = |kind, text: &str| {
        let read = read_agreement(text.as_bytes(), &Limits::default());
        read.map(|(agreement, _)| agreement).map_err(|_| DemoError::Terms { kind })
    };
    let (text, series) = match kind {
        "annotation" => (ANNOTATION, "anno"),
        "training" => (TRAINING, "train"),
        "lease" => (LEASE, "lease"),
        _ => (CLASSIFICATION, "class"),
    };
    let parties = read("annotation", ANNOTATION)?;
    let mut agreement = read(kind, text)?;
    let number = agreement.id.as_str().rsplit('-').next().unwrap_or("001").to_owned();
    agreement.id = id(&format!("{series}-{:04}-{number}", starts.year()));
    agreement.customer = parties.customer;
    agreement.vendor = parties.vendor;
    agreement.term.starts = starts;
    agreement.term.ends = starts.plus_months(12).plus_days(-1);
    Ok(agreement)
}

/// An amount of yuan in figures and in words.
pub(super) fn written(yuan: i128) -> WrittenAmount {
    let amount = Money::new(yuan * 100, Currency::Cny);
    WrittenAmount { figure: amount.amount(), words: Some(amount_in_words_zh(amount)) }
}

/// A constant of a type with a written form: a decimal, a share, a duration.
pub(super) fn of_text<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| unreachable!("constants written here are well formed"))
}
