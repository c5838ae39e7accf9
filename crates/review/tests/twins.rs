//! Twins of a sentence: its polarity is turned, its parties are named otherwise, its digits become
//! words, an exception comes in, it moves into a list or behind a definition. The status moves as
//! it must, or stays. zh and en; all sentences are put together here.

use std::collections::BTreeSet;

use review::{Playbook, Side, Status, Value, review};

use crate::parameter;

struct Twin {
    text: String,
    expected: BTreeSet<Status>,
}

fn twin(text: String, expected: &[Status]) -> Twin {
    Twin { text, expected: expected.iter().copied().collect() }
}

/// All twins that have another status than they must, at once: one run shows the whole damage.
#[track_caller]
fn check(clause: &str, twins: &[Twin]) {
    let playbook = Playbook::ai_vendor();
    let wrong: Vec<String> = twins
        .iter()
        .filter_map(|twin| {
            let review = review(&crate::wording(&twin.text), &playbook, Side::Customer);
            let found = review.summary.clauses[clause];
            let right = twin.expected.contains(&found);
            (!right).then(|| format!("{:?}, not {:?}: {}", found, twin.expected, twin.text))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} twins:\n{}", wrong.len(), twins.len(), wrong.join("\n"));
}

const NO: [&str; 6] = ["shall not", "will not", "may not", "must not", "does not", "agrees not to"];
const YES: [&str; 5] = ["may", "can", "is entitled to", "reserves the right to", "will"];
const DATA: [&str; 5] =
    ["Customer Data", "Customer Content", "Input and Output", "Personal Data", "prompts"];
const TRAIN: [&str; 4] = [
    "train its models",
    "train or improve any machine learning model",
    "fine-tune AI models",
    "develop, train or improve its models",
];
/// What lifts a ban, and what is left of it.
const LIFTS: [(&str, Status); 6] = [
    ("", Status::Met),
    (" without Customer's prior written consent", Status::Met),
    (" unless Customer has agreed in writing beforehand", Status::Met),
    (" without Customer's consent", Status::MetByFallback),
    (" unless Customer opts in", Status::MetByFallback),
    (", except to improve the Services", Status::Adverse),
];

#[test]
fn an_english_ban_and_its_twins() {
    let mut twins = Vec::new();
    for data in DATA {
        for train in TRAIN {
            for no in NO {
                for (lift, status) in LIFTS {
                    twins
                        .push(twin(format!("Vendor {no} use {data} to {train}{lift}."), &[status]));
                }
            }
            for yes in YES {
                twins
                    .push(twin(format!("Vendor {yes} use {data} to {train}."), &[Status::Adverse]));
                twins.push(twin(
                    format!("Vendor {yes} use {data} to {train} unless Customer opts out."),
                    &[Status::Adverse],
                ));
            }
            twins.push(twin(
                format!(
                    "Vendor may use {data} to {train} only with Customer's prior written consent."
                ),
                &[Status::MetByFallback],
            ));
            twins.push(twin(format!("{data} may be used to {train}."), &[Status::Adverse]));
            twins.push(twin(format!("{data} will not be used to {train}."), &[Status::Met]));
            twins.push(twin(format!("{data} is never used to {train}."), &[Status::Met]));
            twins.push(twin(
                format!("Under no circumstances shall Vendor use {data} to {train}."),
                &[Status::Met],
            ));
            twins.push(twin(
                format!("Neither Vendor nor its affiliates will use {data} to {train}."),
                &[Status::Met],
            ));
        }
    }
    check("pb-02", &twins);
}

#[test]
fn a_ban_in_a_list_a_definition_or_under_other_names_is_the_same_ban() {
    let mut twins = Vec::new();
    for train in TRAIN {
        for (lift, status) in LIFTS {
            let own = [status];
            twins.push(twin(
                format!("Vendor shall not:\n(a) sell Customer Data;\n(b) use Customer Data to {train}{lift};\n(c) share it."),
                &own,
            ));
            twins.push(twin(
                format!("“Customer Materials” means all prompts, files and data that Customer uploads.\n\nVendor shall not use Customer Materials to {train}{lift}."),
                &own,
            ));
            twins.push(twin(
                format!("Acme, Inc. (“Acme,” “we”) serves the customer (“you”).\n\nAcme will not use your content to {train}{}.", lift.replace("Customer's", "your").replace("Customer has", "you have").replace("Customer opts", "you opt")),
                &own,
            ));
        }
        twins.push(twin(
            format!("We may:\n(a) store Customer Data;\n(b) use Customer Data to {train};\n(c) delete it."),
            &[Status::Adverse],
        ));
        twins.push(twin(
            format!("“Customer Materials” means all prompts, files and data that Customer uploads.\n\nVendor may use Customer Materials to {train}."),
            &[Status::Adverse],
        ));
        twins.push(twin(
            format!("Customer shall not use Output to {train} that compete with Vendor."),
            &[Status::Missing],
        ));
        twins.push(twin(
            format!("Vendor shall not use Customer Data to {train}. Vendor may use Customer Data to improve its products."),
            &[Status::Adverse],
        ));
        twins.push(twin(
            format!("Vendor may use Customer Data to improve its products. Vendor shall not use Customer Data to {train}."),
            &[Status::Adverse],
        ));
    }
    check("pb-02", &twins);
}

const NO_ZH: [&str; 6] = ["不得", "不会", "不应", "不可", "承诺不", "严禁"];
const YES_ZH: [&str; 5] = ["可以", "有权", "可", "会", "可能会"];
const DATA_ZH: [&str; 5] = ["客户数据", "用户内容", "输入数据和输出内容", "个人信息", "对话内容"];
const LIFTS_ZH: [(&str, &str, Status); 5] = [
    ("", "", Status::Met),
    ("未经客户事先书面同意,", "", Status::Met),
    ("未经客户同意,", "", Status::MetByFallback),
    ("除非客户主动选择加入,", "", Status::MetByFallback),
    ("", ",但用于改进服务的除外", Status::Adverse),
];

#[test]
fn a_chinese_ban_and_its_twins() {
    let mut twins = Vec::new();
    for data in DATA_ZH {
        for train in ["训练其模型", "训练或微调任何模型", "模型训练"] {
            for no in NO_ZH {
                for (before, behind, status) in LIFTS_ZH {
                    twins.push(twin(
                        format!("{before}供应商{no}将{data}用于{train}{behind}。"),
                        &[status],
                    ));
                }
            }
            for yes in YES_ZH {
                twins.push(twin(format!("供应商{yes}将{data}用于{train}。"), &[Status::Adverse]));
                twins.push(twin(
                    format!("我们{yes}使用{data}进行模型训练,您可以选择退出。"),
                    &[Status::Adverse],
                ));
            }
            twins.push(twin(
                format!("供应商不得:\n(一)出售{data};\n(二)将{data}用于{train};\n(三)公开{data}。"),
                &[Status::Met],
            ));
            twins.push(twin(
                format!("甲方(服务提供方)与乙方(客户)约定:甲方不得将{data}用于{train}。"),
                &[Status::Met],
            ));
            twins.push(twin(
                format!("甲方(服务提供方)与乙方(客户)约定:甲方可将{data}用于{train}。"),
                &[Status::Adverse],
            ));
            twins.push(twin(format!("{data}不会被用于{train}。"), &[Status::Met]));
        }
    }
    check("pb-02", &twins);
}

/// A number as digits, as words, as both.
const HOURS: [(i64, &str, &str); 4] = [
    (24, "twenty-four", "二十四"),
    (48, "forty-eight", "四十八"),
    (36, "thirty-six", "三十六"),
    (72, "seventy-two", "七十二"),
];

#[track_caller]
fn same(clause: &str, name: &str, expected: i64, texts: &[String]) {
    for text in texts {
        assert_eq!(parameter(clause, name, text), Some(Value::Whole(expected)), "{text}");
    }
}

#[test]
fn hours_of_a_notice_are_the_same_in_digits_and_words() {
    for (hours, words, han) in HOURS {
        same(
            "pb-03",
            "notice_hours",
            hours,
            &[
                format!(
                    "Vendor shall notify Customer of a security incident within {hours} hours after becoming aware of it."
                ),
                format!(
                    "Vendor shall notify Customer of a security incident within {words} ({hours}) hours of discovery."
                ),
                format!(
                    "Vendor shall notify Customer of a security incident within {words} hours of becoming aware."
                ),
                format!(
                    "Upon a data breach Vendor will, without undue delay and no later than {hours} hours after becoming aware, inform Customer."
                ),
                format!("供应商应自发现数据泄露之时起{hours}小时内通知客户。"),
                format!("供应商应自知悉安全事件起{han}小时内通知客户。"),
                format!("供应商应自知悉安全事件起{han}({hours})小时内通知客户。"),
            ],
        );
    }
}

const MONTHS: [(i64, &str, &str); 4] =
    [(3, "three", "三"), (6, "six", "六"), (12, "twelve", "十二"), (18, "eighteen", "十八")];

#[test]
fn months_of_a_cap_are_the_same_in_digits_and_words() {
    for (months, words, han) in MONTHS {
        same(
            "pb-06",
            "cap_months",
            months,
            &[
                format!(
                    "Vendor's aggregate liability shall not exceed the fees paid in the {months} months before the claim."
                ),
                format!(
                    "Vendor's aggregate liability shall not exceed the fees paid in the {words} ({months}) months preceding the claim."
                ),
                format!(
                    "Vendor's aggregate liability is limited to the fees paid during the {words} months prior to the event."
                ),
                format!(
                    "Vendor's aggregate liability is limited to the fees paid during the {months}-month period before the event."
                ),
                format!("供应商的累计赔偿责任不超过索赔前{months}个月内客户已支付的费用。"),
                format!("供应商的累计赔偿责任不超过索赔前{han}个月内客户已支付的费用。"),
                format!("供应商的累计赔偿责任以索赔前{han}({months})个月内已付费用为限。"),
            ],
        );
    }
}

#[test]
fn a_cap_and_its_twins() {
    let mut twins = Vec::new();
    for fees in ["fees paid", "fees paid or payable", "amounts paid"] {
        let tail = format!("exceed the {fees} by Customer in the 12 months before the claim");
        for both in ["each party's", "either party's"] {
            twins.push(twin(
                format!("In no event shall {both} aggregate liability {tail}."),
                &[Status::Below],
            ));
            twins.push(twin(
                format!("Except for breach of confidentiality, in no event shall {both} aggregate liability {tail}."),
                &[Status::MetByFallback],
            ));
            twins.push(twin(
                format!("In no event shall {both} aggregate liability {tail}. This limit does not apply to liability for gross negligence."),
                &[Status::MetByFallback],
            ));
        }
        for one in ["Vendor's", "our", "Provider's"] {
            twins.push(twin(
                format!("In no event shall {one} aggregate liability {tail}."),
                &[Status::Adverse],
            ));
        }
        twins.push(twin(
            format!("Each party's aggregate liability shall not exceed the lesser of US$500 and the {fees} in the 12 months before the claim."),
            &[Status::Adverse],
        ));
        twins.push(twin(
            format!("Each party's aggregate liability shall not exceed the {fees} in the 3 months before the claim."),
            &[Status::Adverse],
        ));
    }
    for (who, status) in
        [("任何一方", Status::Below), ("供应商", Status::Adverse), ("我们", Status::Adverse)]
    {
        twins.push(twin(
            format!("{who}的累计赔偿责任不超过索赔前十二个月内已支付的费用。"),
            &[status],
        ));
        twins.push(twin(
            format!("{who}的累计赔偿责任不超过索赔前六个月内已支付的费用。"),
            &[Status::Adverse],
        ));
    }
    twins.push(twin(
        "任何一方的累计赔偿责任不超过索赔前十二个月内已支付的费用,但违反保密义务的不受此限。"
            .to_owned(),
        &[Status::MetByFallback],
    ));
    check("pb-06", &twins);
}

#[test]
fn a_window_for_the_export_and_its_twins() {
    let mut twins = Vec::new();
    let open = [Status::MetByFallback];
    for (days, words, han) in
        [(30, "thirty", "三十"), (60, "sixty", "六十"), (90, "ninety", "九十")]
    {
        for span in
            [format!("{days} days"), format!("{words} ({days}) days"), format!("{words} days")]
        {
            for text in [
                format!("For {span} after termination Customer may export Customer Data."),
                format!(
                    "Customer may retrieve its content within {span} of the end of this agreement."
                ),
                format!(
                    "Vendor shall make Customer Data available for export for {span} following termination."
                ),
            ] {
                twins.push(twin(text, &open));
            }
        }
        for span in [
            format!("{days}日"),
            format!("{han}日"),
            format!("{han}({days})日"),
            format!("{days}天"),
        ] {
            twins.push(twin(format!("合同终止后{span}内,客户可导出客户数据。"), &open));
            twins.push(twin(format!("服务终止后,客户有{span}的时间下载其数据。"), &open));
        }
        twins.push(twin(
            format!("After termination Customer may no longer export Customer Data. Vendor keeps it for {days} days."),
            &[Status::Missing, Status::Adverse, Status::Unclear],
        ));
    }
    for text in [
        "Vendor may terminate this agreement at any time for any reason.",
        "Vendor may terminate this agreement at any time without notice.",
        "We may suspend or terminate your account at our sole discretion at any time.",
        "供应商可随时终止本协议,无需通知客户。",
        "我们有权随时终止向您提供服务。",
    ] {
        twins.push(twin(text.to_owned(), &[Status::Adverse]));
        // The right of the customer to end is none of the vendor's.
        let other = text
            .replace("Vendor may", "Customer may")
            .replace("We may suspend or terminate your", "You may close your")
            .replace("our sole", "your sole")
            .replace("供应商可随时终止本协议,无需通知客户", "客户可随时终止本协议,无需通知供应商")
            .replace("我们有权随时终止向您提供服务", "您有权随时终止使用我们的服务");
        twins.push(twin(other, &[Status::Missing]));
    }
    check("pb-07", &twins);
}

#[test]
fn a_level_and_its_twins() {
    let mut twins = Vec::new();
    for level in ["99.9%", "99.95 %", "99.99 percent"] {
        let credit =
            "If the level is missed, Customer receives a service credit of 10% of the monthly fee.";
        for promise in ["shall be at least", "will be no less than", "is guaranteed to be"] {
            let text = format!("The monthly uptime {promise} {level}.");
            twins.push(twin(text.clone(), &[Status::Below]));
            twins.push(twin(format!("{text} {credit}"), &[Status::MetByFallback]));
            twins.push(twin(
                format!("{text} {credit} Service credits are the sole and exclusive remedy."),
                &[Status::Below],
            ));
        }
        twins.push(twin(
            format!("Vendor will use commercially reasonable efforts to keep a monthly uptime of {level}."),
            &[Status::Adverse],
        ));
    }
    for level in ["99.9%", "百分之九十九点九"] {
        twins.push(twin(format!("供应商保证每月服务可用性不低于{level}。"), &[Status::Below]));
        twins.push(twin(
            format!(
                "供应商保证每月服务可用性不低于{level}。未达到的,按月服务费的10%给予服务赔偿。"
            ),
            &[Status::MetByFallback],
        ));
        twins.push(twin(
            format!("供应商不保证每月服务可用性达到{level}。"),
            &[Status::Missing, Status::Adverse],
        ));
    }
    check("pb-04", &twins);
}

#[test]
fn the_same_thing_said_otherwise() {
    let said = |status: Status, texts: &[&str]| -> Vec<Twin> {
        texts.iter().map(|text| twin((*text).to_owned(), &[status])).collect()
    };
    let mut twins = said(
        Status::Met,
        &[
            "We will not train our models on your data.",
            "We never train our models on your content.",
            "We do not use your data for training purposes.",
            "No Customer Data is used to train models.",
            "Customer Data is not used for model training.",
            "Customer Data shall be kept secret and shall not be used for the training of models.",
            "Vendor will not, and will not permit any third party to, use Customer Data to train models.",
            "Vendor shall ensure that its subprocessors do not use Customer Data to train models, and Vendor shall not do so either.",
            "We will use Customer Data only to provide the Services and not to train models.",
            "At no time will Vendor use Customer Data to train or fine-tune any model.",
            "Vendor is prohibited from using Customer Data to train models.",
            "我们承诺不会使用您的数据训练模型。",
            "我们不会将您的内容用于任何模型的训练。",
            "客户数据仅用于提供服务,不得用于训练模型。",
            "供应商及其分包商均不得使用客户数据训练模型。",
            "任何情况下,供应商都不会使用客户数据训练模型。",
            "不得以任何方式将客户数据用于训练、微调或蒸馏模型。",
        ],
    );
    twins.extend(said(
        Status::Adverse,
        &[
            "We train our models on your data.",
            "Your content will be used as training data for our models.",
            "Your prompts help us train our models: we use them to develop our technology.",
            "Vendor and its affiliates may use Customer Data to train models.",
            "Customer hereby grants Vendor a licence to use Customer Data for improving the Services.",
            "Customer agrees that Vendor may use Customer Data to improve its products.",
            "Customer consents to Vendor's use of Customer Data to train models.",
            "By using the service you consent to our use of your content to train our models.",
            "You authorise us to use your content to train our models.",
            "Vendor shall not use Customer Data to train models; provided that Vendor may use aggregated Customer Data to improve its products.",
            "Vendor shall not use Customer Data to train models, provided however that Vendor may use it to improve the Services.",
            "Except to improve the Services, Vendor shall not use Customer Data.",
            "Unless you opt out, we use your content to train our models.",
            "We use your content to train our models. You can turn this off in the settings.",
            "We may share Customer Data with partners so that they can train their models.",
            "Vendor may retain de-identified Customer Data and use it to develop new products.",
            "您同意我们使用您的内容训练模型。",
            "您在此授权我们使用您的内容改进产品。",
            "您理解并同意,我们可将您的对话内容用于优化模型。",
            "除非您在设置中关闭,我们将使用您的内容训练模型。",
            "我们会使用您的对话内容训练模型。如您不希望如此,可在设置中关闭。",
            "我们会将脱敏后的用户内容用于优化模型。",
            "我们可能将您上传的文件用于改进服务质量和研发新产品。",
            "供应商不得使用客户数据训练模型,但可将其用于改进产品。",
            "您授予我们一项免费的许可,以使用您的内容用于模型训练和产品优化。",
        ],
    ));
    twins.extend(said(
        Status::MetByFallback,
        &[
            "We will only use your content to train models if you opt in.",
            "With your permission, we may use your content to train our models.",
            "We do not use your content to train our models by default; you may opt in.",
            "We use Customer Data solely to provide the Services.",
            "未经您同意,我们不会使用您的内容训练模型。",
            "仅在您同意后,我们才会使用您的内容训练模型。",
            "在您授权的前提下,我们可能使用您的内容训练模型。",
            "我们不会将您的对话用于训练,除非您主动开启。",
            "供应商只能为提供服务而使用客户数据。",
        ],
    ));
    twins.extend(said(
        Status::Missing,
        &[
            "You may not use the Output to train models.",
            "Users must not use our content for machine learning.",
            "We train our staff on data protection.",
            "We improve our services all the time.",
            "The models were trained on public data.",
            "Feedback that you give us may be used to improve the services.",
            "您不得使用本服务的输出训练竞争模型。",
            "我们会不断改进服务质量。",
            "我们定期对员工进行数据安全培训。",
            "您可以使用自己的数据在本平台训练模型。",
        ],
    ));
    check("pb-02", &twins);
}

#[test]
fn an_end_said_otherwise() {
    let said = |status: Status, texts: &[&str]| -> Vec<Twin> {
        texts.iter().map(|text| twin((*text).to_owned(), &[status])).collect()
    };
    let mut twins = said(
        Status::Adverse,
        &[
            "We may close your account whenever we like, with or without cause.",
            "We can terminate the agreement for any or no reason.",
            "Vendor may, in its sole discretion, terminate your access at any time.",
            "We are free to end the service for you at any time without prior notice.",
            "Your access may be terminated by us at any time, without notice.",
            "We reserve the right to cancel your subscription at any time and for any reason.",
            "平台有权在任何时候单方终止服务而无需事先通知。",
            "我们可不经通知随时注销您的账号。",
            "平台有权自行决定随时终止本协议。",
        ],
    );
    twins.extend(said(
        Status::MetByFallback,
        &[
            "We keep your content for 30 days after cancellation so that you can download it.",
            "You have 60 days from the end of the subscription to retrieve your data.",
            "Following expiry, Customer Data remains available for download for a period of thirty (30) days.",
            "Upon termination, Vendor will make an export of Customer Data available for 45 days.",
            "终止后三十日内,您可以导出您的数据。",
            "服务到期后我们将为您保留数据60天,供您下载。",
        ],
    ));
    twins.extend(said(
        Status::Below,
        &[
            "You may export your data before your account is closed.",
            "After termination we will return Customer Data on request.",
            "On termination Customer may export Customer Data.",
            "合同终止时,供应商应返还客户数据。",
            "注销账号前,您可以导出您的数据。",
        ],
    ));
    twins.extend(said(
        Status::Missing,
        &[
            "Either party may terminate this agreement for material breach.",
            "You may cancel your subscription at any time.",
            "We may suspend your account if you do not pay within 30 days.",
            "Vendor may terminate this agreement on 90 days' written notice.",
            "如您逾期付款,我们可暂停服务。",
        ],
    ));
    check("pb-07", &twins);
}

#[test]
fn a_notice_said_otherwise() {
    let said = |status: Status, texts: &[&str]| -> Vec<Twin> {
        texts.iter().map(|text| twin((*text).to_owned(), &[status])).collect()
    };
    let mut twins = said(
        Status::Below,
        &[
            "If we learn of a data breach that affects you, we will tell you without undue delay.",
            "Vendor will inform Customer promptly of any security incident.",
            "Affected customers are notified of a security incident within 72 hours.",
            "In the event of a personal data breach the Processor notifies the Controller within 48 hours.",
            "We use industry standard security measures to protect your data.",
            "如发生个人信息泄露,我们将及时通知您。",
            "发生数据安全事件的,供应商应在48小时内书面通知客户。",
            "我们采用加密等安全措施保护您的数据。",
        ],
    );
    twins.extend(said(
        Status::MetByFallback,
        &[
            "Vendor holds ISO 27001 certification and notifies Customer of a data breach within 72 hours.",
            "供应商持有 ISO 27001 认证,并在发现数据泄露后72小时内通知客户。",
        ],
    ));
    twins.extend(said(
        Status::Missing,
        &["You must notify us of any unauthorised use of your account.", "我们每月开具发票。"],
    ));
    check("pb-03", &twins);
}

#[test]
fn a_limit_said_otherwise() {
    let said = |status: Status, texts: &[&str]| -> Vec<Twin> {
        texts.iter().map(|text| twin((*text).to_owned(), &[status])).collect()
    };
    let mut twins = said(
        Status::Adverse,
        &[
            "Our liability is capped at the fees you paid in the last twelve months.",
            "We will not be liable for more than US$100.",
            "What we are liable to you for is limited to the amount you paid in the 12 months before the claim.",
            "Vendor's liability is limited to the lower of the fees paid in 12 months and US$1,000.",
            "In no event will we be liable for any damages, direct or indirect.",
            "You agree to indemnify us against all claims that arise from your use of the service.",
            "平台对您的赔偿责任以您已支付的服务费为限。",
            "我们的责任上限为您最近十二个月支付的费用。",
            "在任何情况下,我们均不承担任何直接或间接损失。",
            "用户应赔偿平台因此遭受的全部损失,平台不承担任何责任。",
        ],
    );
    twins.extend(said(
        Status::Below,
        &[
            "Neither party's total liability will exceed the fees paid or payable in the 12 months before the event.",
            "Both parties' liability is limited to the fees paid in the twelve months before the claim.",
            "双方的赔偿责任均以合同前十二个月的费用为限。",
            "Vendor shall indemnify Customer against claims of infringement.",
        ],
    ));
    twins.extend(said(
        Status::MetByFallback,
        &[
            "Neither party's total liability will exceed the fees paid in the 12 months before the event, other than for breach of confidentiality.",
            "Save for fraud and gross negligence, neither party's total liability will exceed the fees paid in the 12 months before the event.",
            "双方的赔偿责任均以合同前十二个月的费用为限,但故意或重大过失除外。",
        ],
    ));
    check("pb-06", &twins);
}
