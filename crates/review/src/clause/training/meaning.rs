//! What the words of a sentence on training mean: whether what is improved is the vendor's product,
//! whose denial it is, whether figures or content are used. Serves pb-02.

use crate::Side;
use crate::clause::{CONTENT, place, says};
use crate::frame::Frame;
use crate::kind::Kind;
use crate::lexicon::Group;
use crate::scan::{Document, Groups, Sentence};

/// Objects that carry no content of their own.
pub(super) const FIGURES: Groups = Groups::of(&[Group::UsageData, Group::Feedback]);
/// Words that tie a model to the one customer.
const OWN_MODEL: &[&str] = &[
    "customer's model",
    "customer’s model",
    "your model",
    "your own model",
    "dedicated",
    "solely for customer",
    "on your behalf",
    "on customer's behalf",
    "on customer’s behalf",
    "custom model",
    "at your direction",
    "customer derivative model",
    "for your exclusive use",
    "your fine-tuned",
    "fine-tuned for you",
    "专属模型",
    "客户专用",
    "乙方专用",
    "甲方专用",
    "为客户训练",
    "客户订购的模型",
    "定制模型",
    "ordered model",
    "customised model",
    "customized model",
    "本协议约定的模型训练",
    "约定的模型训练目的",
];
/// Whether the model is the customer's own; who hands data in on whose behalf says nothing of it.
pub(super) fn is_own_model(text: &str) -> bool {
    let text =
        ["by you or on your behalf", "by or on behalf of you", "you or others on your behalf"]
            .iter()
            .fold(text.to_owned(), |text, words| text.replace(words, " "));
    says(&text, OWN_MODEL)
}

/// Words of a sentence that only speaks of what the product is.
pub(super) const PRODUCT_TALK: &[&str] = &[
    "means",
    "is trained",
    "are trained",
    "was trained",
    "were trained",
    "been trained",
    "learning technology",
    "pre-trained",
    "trained by third",
];

/// `personnel receive adequate training on compliance`: people learn there, no model does.
pub(super) fn is_of_staff(document: &Document<'_>, frame: &Frame, text: &str) -> bool {
    const STAFF: &[&str] =
        &["personnel", "employee", "staff", "workforce", "team member", "人员", "员工"];
    const MODELS: &[&str] = &["model", "algorithm", "machine", "artificial", " ai", "模型", "算法"];
    // `Harbour Training & Advice`: the word stands in a name.
    let named = document.wording.text[frame.at..].starts_with("Training &");
    frame.verb == Group::Train && (named || says(text, STAFF) && !says(text, MODELS))
}

/// Words of a sentence that defines a term.
pub(super) const DEFINES: &[&str] =
    &[" means ", "” means", "\" means", ":指", "：指", "是指", "指由", "”指", "」指"];

/// 训练 without a model is what athletes and staff do.
pub(super) fn is_exercise(document: &Document<'_>, frame: &Frame, text: &str) -> bool {
    const MODELS: &[&str] = &["模型", "算法", "机器学习", "人工智能", "ai", "智能", "数据"];
    const USES: &[&str] =
        &["用于训练", "来训练", "进行训练", "训练或改进", "训练、优化", "训练和优化"];
    document.wording.text[frame.at..].starts_with("训练")
        && !says(text, MODELS)
        && !says(text, USES)
}

/// Whether figures about the use are what is used; statistics are also what is made from content.
pub(super) fn names_use(document: &Document<'_>, sentence: &Sentence) -> bool {
    document.hits(sentence).iter().any(|hit| {
        let word = &document.wording.text[hit.start..hit.end];
        let made = ["statistics", "analytics", "统计数据"];
        hit.group == Group::UsageData && !made.iter().any(|made| word.eq_ignore_ascii_case(made))
    })
}

/// Words of data about the use of a service, not of what is put into it.
pub(super) const ABOUT_USE: &[&str] = &[
    "use of the service",
    "use of our service",
    "usage of the service",
    "performance of the service",
    "about service performance",
    "服务的使用情况",
    "使用本服务的情况",
];

/// Words of a sentence whose denial bans nothing, or only for an example.
pub(super) const NO_BAN: &[&str] = &[
    "for example",
    "not responsible",
    "do not control",
    "does not control",
    "warranty",
    "will not apply",
    "no obligation",
    "例如",
    "不承担",
    "不负责",
];
/// Whether the denial speaks of somebody else (`They do not use …`, said of the providers of a
/// model): it says nothing of the vendor.
pub(super) fn is_of_others(
    document: &Document<'_>,
    index: usize,
    sentence: &Sentence,
    text: &str,
) -> bool {
    let they = ["they ", "it ", "these ", "such ", "他们", "其"];
    let opens = they.iter().any(|word| text.trim_start().starts_with(word));
    let named = |near: &Sentence| near.groups.any(Groups::of(&[Group::Third]));
    let lead = sentence.lead.is_some_and(|lead| named(&document.sentences[lead]));
    let before = index.checked_sub(1).is_some_and(|before| {
        let before = &document.sentences[before];
        before.block == sentence.block && named(before)
    });
    let vendor = document.hits(sentence).iter().any(|hit| hit.group == Group::Vendor);
    let third = text.starts_with("third-party") || text.starts_with("third party");
    let providers = document
        .hits(sentence)
        .iter()
        .find(|hit| matches!(hit.group, Group::Vendor | Group::Third | Group::Customer))
        .is_some_and(|hit| hit.group == Group::Third);
    !vendor && (opens && (lead || before) || third || providers)
}

/// `These third parties may use … only to`: what binds them binds the vendor to nothing.
pub(super) fn is_of_third(text: &str) -> bool {
    let text = text.trim_start();
    ["these third", "such third", "third part", "our third", "they ", "these service providers"]
        .iter()
        .chain(&["such service providers", "our service providers", "这些第三方", "该等第三方"])
        .any(|word| text.starts_with(word))
}

/// How far in front of its verb a denial may stand.
pub(super) const DENIAL_BYTES: usize = 260;

/// Whether a denial stands close in front of the verb, or in the lead of its list.
pub(super) fn denied_near(document: &Document<'_>, sentence: &Sentence, frame: &Frame) -> bool {
    sentence.lead.is_some()
        || document.hits(sentence).iter().any(|hit| {
            matches!(hit.group, Group::Not | Group::Never)
                && hit.start < frame.at
                && frame.at - hit.start < DENIAL_BYTES
        })
}

/// Whether the part of a frame begins with an exception to what follows.
pub(super) fn opens_exception(document: &Document<'_>, frame: &Frame) -> bool {
    let part = document.wording.text[frame.part.0..frame.at].trim_start().to_lowercase();
    [
        "except to",
        "except for",
        "other than to",
        "other than for",
        "save to",
        "save for",
        "除为",
        "除用于",
    ]
    .iter()
    .any(|opens| part.starts_with(opens))
}

/// `乙方应根据甲方的数据集进行模型训练`: training is what the customer buys.
pub(super) fn is_service_itself(
    document: &Document<'_>,
    sentence: &Sentence,
    frame: &Frame,
) -> bool {
    let text = document.text(sentence);
    let duty = document.hits(sentence).iter().any(|hit| {
        let word = &document.wording.text[hit.start..hit.end];
        hit.group == Group::Shall
            && hit.start < frame.at
            && ["应", "应当", "须", "必须"].contains(&word)
    });
    frame.verb == Group::Train
        && !frame.may
        && (duty || ["鉴于", "负责", "委托"].iter().any(|word| text.contains(word)))
        && !says(text, &["改进", "优化我们", "优化其", "优化产品", "优化服务"])
}

/// Words behind which content is only named to be left out.
pub(super) const LEFT_OUT: &[&str] = &[
    "exclud",
    "does not include",
    "not including",
    "other than",
    "does not contain",
    "without",
    "不包括",
    "不含",
    "relating to",
    "about your use",
    "regarding your",
];

/// Whether content itself, and not only figures about it, stands in the part of the frame.
pub(super) fn direct_content(document: &Document<'_>, sentence: &Sentence, frame: &Frame) -> bool {
    let text = document.wording.text.as_str();
    let named = frame.groups.any(CONTENT) || frame.groups.any(FIGURES);
    let part = if named { frame.part } else { place(sentence) };
    document.hits(sentence).iter().any(|hit| {
        let near = &text[part.0..hit.start.max(part.0)];
        let tail: Vec<char> = near.chars().rev().take(60).collect();
        let tail = tail.into_iter().rev().collect::<String>().to_lowercase();
        hit.start >= part.0
            && hit.start < part.1
            && Groups::of(&[hit.group]).any(CONTENT)
            && !says(&tail, LEFT_OUT)
    }) && !says(&document.text(sentence).to_lowercase(), &["feedback", "suggestions", "反馈"])
        || says(
            &document.text(sentence).to_lowercase(),
            &["associated input", "associated content", "along with the", "related input"],
        )
}

/// Whether what is improved is the vendor's: `improve our services`, `develop new features`.
pub(super) fn is_of_product(document: &Document<'_>, sentence: &Sentence, frame: &Frame) -> bool {
    let hits = document.hits(sentence);
    let acts = Groups::of(&[Group::Use, Group::License, Group::Share, Group::Retain]);
    let leads = sentence.lead.is_some_and(|lead| document.sentences[lead].groups.any(acts));
    // `use … to improve`: the use stands in front, or is said to be of the customer's things.
    let text = document.text(sentence).to_lowercase();
    let first = hits.iter().any(|hit| hit.start < frame.at && Groups::of(&[hit.group]).any(acts));
    // `To improve our products, you grant us …`, 为了改善产品,我们会使用…: the purpose comes first.
    let purpose = says(text.get(..40.min(text.len())).unwrap_or(&text), &["to ", "为", "in order"])
        && hits.iter().any(|hit| hit.start > frame.at && Groups::of(&[hit.group]).any(acts));
    let used = first
        || leads
        || purpose
        || says(
            &text,
            &[
                "using your",
                "using customer",
                "with your",
                "based on your",
                "from your",
                "helps us",
                "help us",
                "帮助我们",
                "仅用于",
                "只用于",
            ],
        );
    if is_of_customer(&document.wording.text[frame.at..]) {
        return false;
    }
    if frame.verb == Group::Train {
        let on = says(
            &text,
            &[
                "train on",
                "training on",
                "train our",
                "train the",
                "trained on your",
                "train their",
            ],
        );
        return used || on && frame.actor == Some(Side::Vendor) || document.kind == Kind::Privacy;
    }
    let product = hits.iter().any(|hit| {
        let behind = hit.start > frame.at && hit.start - frame.at < 75;
        let before = hit.end <= frame.at && frame.at - hit.end < 16;
        let services = hit.group == Group::Provide
            && document.wording.text[hit.start..hit.end].to_lowercase().contains("service");
        // `improve Acme`: the product is called by the vendor's name.
        let named = hit.group == Group::Vendor
            && hit.start > frame.at
            && hit.start - frame.at < 24
            && document.wording.text[hit.start..].starts_with(char::is_uppercase)
            && hit.end - hit.start > 2;
        (matches!(hit.group, Group::Product | Group::Train) || services || named)
            && (behind || before)
    });
    let near: String = document.wording.text[frame.at..].chars().take(NEAR_CHARS).collect();
    let near = near.to_lowercase();
    // `improve Service`, 优化 … 体验, 应用优化: the thing is named without an article.
    let thing = [" service", " platform", " offering", "体验", "性能"]
        .iter()
        .any(|thing| near.contains(thing))
        || PRODUCTS_ZH.iter().any(|thing| document.wording.text[..frame.at].ends_with(thing));
    let word = document.wording.text.as_bytes();
    let own = [
        "用户体验",
        "new features",
        "new products",
        "product research",
        "research and develop",
        "make our",
        "make the service",
        "开发新",
    ]
    .iter()
    .any(|own| {
        word[frame.at..].len() >= own.len()
            && word[frame.at..frame.at + own.len()].eq_ignore_ascii_case(own.as_bytes())
    });
    used && (product || own || thing)
}

/// How far behind its verb a thing may stand that has no word of its own in the lexicon.
const NEAR_CHARS: usize = 40;
/// What is improved where the verb follows: 应用优化.
const PRODUCTS_ZH: [&str; 9] =
    ["应用", "产品", "服务", "系统", "功能", "体验", "性能", "软件", "算法"];

/// `You acknowledge that your prompts may be analysed`: the customer only knows of it, and what is
/// done to content is done by the vendor.
pub(super) fn is_acknowledged(document: &Document<'_>, sentence: &Sentence, frame: &Frame) -> bool {
    let text = document.text(sentence).trim_start().to_lowercase();
    let before = document.wording.text[sentence.start..frame.at].to_lowercase();
    let knows = [
        "you acknowledge",
        "you agree",
        "you understand",
        "you accept",
        "customer acknowledges",
        "customer agrees",
    ];
    let known = knows.iter().any(|word| text.starts_with(word)) && before.contains("that ");
    let known = known || says(&before, &["您同意", "您理解", "您知悉", "用户同意", "用户理解"]);
    let done = ["may be", "will be", "can be", "might be", "可能被", "将被", "可被", "会被"]
        .iter()
        .filter_map(|word| before.rfind(word))
        .max();
    let content = |end: usize| {
        document
            .hits(sentence)
            .iter()
            .any(|hit| hit.start < sentence.start + end && Groups::of(&[hit.group]).any(CONTENT))
    };
    known && done.is_some_and(content)
}

/// Whether what is improved is a thing of the customer's own: `enhance your website`.
pub(super) fn is_of_customer(from: &str) -> bool {
    let near: String = from.chars().take(48).collect::<String>().to_lowercase();
    let mut words = near.split_whitespace().skip(1);
    let whose = words.next().unwrap_or("");
    let thing = words.next().unwrap_or("");
    let own = ["your", "customer's", "customer’s", "their"].contains(&whose);
    own && OWN_THINGS.iter().any(|start| thing.starts_with(start))
}

/// Things that stay the customer's when they are improved.
pub(super) const OWN_THINGS: &[&str] = &[
    "website",
    "site",
    "application",
    "app",
    "workflow",
    "campaign",
    "writing",
    "business",
    "content",
    "prompt",
    "code",
    "productivity",
];
