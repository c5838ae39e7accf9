//! Which kind of document it is, guessed from its title and its words: a data processing agreement
//! alone has no service levels, and a review should say so instead of crying wolf.

use serde::Serialize;
use wording::Wording;

/// The kind of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A contract between two named parties, or terms for businesses.
    Commercial,
    /// Terms that a person accepts by using a service.
    Consumer,
    /// Processing of personal data on behalf of a controller.
    Dpa,
    /// Service levels.
    Sla,
    /// What is done with personal data.
    Privacy,
    /// What users must not do.
    UsagePolicy,
}

impl Kind {
    /// The word for the parameter `document`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Commercial => "commercial",
            Self::Consumer => "consumer",
            Self::Dpa => "dpa",
            Self::Sla => "sla",
            Self::Privacy => "privacy",
            Self::UsagePolicy => "usage-policy",
        }
    }

    /// Whether a document of this kind usually says something of the clause.
    #[must_use]
    pub fn expects(self, clause: &str) -> bool {
        match self {
            Self::Commercial | Self::Consumer => true,
            Self::Dpa => matches!(clause, "pb-01" | "pb-02" | "pb-03" | "pb-07" | "pb-08"),
            Self::Sla => clause == "pb-04",
            Self::Privacy => matches!(clause, "pb-01" | "pb-02" | "pb-03" | "pb-08"),
            Self::UsagePolicy => false,
        }
    }
}

/// How far a title may stand from the top.
const TITLE_CHARS: usize = 400;

const TITLES: &[(Kind, &[&str])] = &[
    (
        Kind::Dpa,
        &[
            "data processing",
            "data processor",
            "data protection agreement",
            "dpa",
            "数据处理协议",
            "个人信息处理协议",
            "委托处理",
        ],
    ),
    (Kind::Sla, &["service level agreement", "sla", "服务等级协议", "服务水平协议"]),
    (
        Kind::Privacy,
        &["privacy policy", "privacy notice", "privacy statement", "隐私政策", "隐私协议", "隐私"],
    ),
    (
        Kind::UsagePolicy,
        &[
            "acceptable use",
            "usage polic",
            "prohibited use",
            "code of conduct",
            "community guidelines",
            "使用政策",
            "行为规范",
        ],
    ),
    (
        Kind::Commercial,
        &[
            "commercial terms",
            "business terms",
            "enterprise",
            "master service",
            "services agreement",
            "cloud service agreement",
            "customer agreement",
            "合同",
        ],
    ),
    (
        Kind::Consumer,
        &["terms of service", "terms of use", "用户协议", "服务协议", "terms & conditions"],
    ),
];

/// Guesses the kind of a document.
pub(crate) fn guess(wording: &Wording) -> Kind {
    let head: String = wording.text.chars().take(TITLE_CHARS).collect::<String>().to_lowercase();
    let mut named: Option<(usize, Kind)> = None;
    for (kind, words) in TITLES {
        for at in words.iter().filter_map(|word| head.find(word)) {
            if named.is_none_or(|(first, _)| at < first) {
                named = Some((at, *kind));
            }
        }
    }
    let named = named.map(|(_, kind)| kind);
    let customer = wording.text.matches("Customer").count() + wording.text.matches("甲方").count();
    let you = wording.text.matches("you ").count() + wording.text.matches("您").count();
    match named {
        Some(Kind::Consumer) | None if customer > you => Kind::Commercial,
        Some(kind) => kind,
        None => Kind::Consumer,
    }
}
