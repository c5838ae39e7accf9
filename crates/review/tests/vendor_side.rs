//! The vendor's side: what it cannot carry or price is found, and what it can is left alone.

use review::{Playbook, Side, Status, review};

use crate::wording;

/// Texts in which a rule speaks with a status, and texts in which it is silent.
#[track_caller]
fn check(rule: &str, status: Status, finds: &[&str], leaves: &[&str]) {
    let playbook = Playbook::ai_vendor();
    for text in finds {
        let review = review(&wording(text), &playbook, Side::Vendor);
        let rules: Vec<_> = review.findings.iter().map(|found| &found.rule).collect();
        let Some(hit) = review.findings.iter().find(|found| found.rule == rule) else {
            panic!("{rule} is not found in {text}: {rules:?}")
        };
        assert_eq!(hit.status, status, "{rule}: {text}");
        assert!(!hit.advice.zh.is_empty() && !hit.advice.en.is_empty(), "{rule} has advice");
        let own: Vec<_> =
            review.findings.iter().filter(|found| found.clause == hit.clause).collect();
        let good = |status| matches!(status, Status::Met | Status::MetByFallback);
        assert!(own.iter().all(|found| !good(found.status)), "nothing is praised beside it");
    }
    for text in leaves {
        let review = review(&wording(text), &playbook, Side::Vendor);
        let hit = review.findings.iter().find(|found| found.rule == rule);
        assert!(hit.is_none(), "{rule} must leave this alone: {text}: {hit:#?}");
    }
}

#[test]
fn deletion_that_cannot_be_met_is_adverse() {
    check(
        "pb-01.vendor-deletion-at-once",
        Status::Adverse,
        &[
            "Upon termination, Vendor shall immediately delete all copies of Customer Data, including backups.",
            "Vendor shall delete every copy of Customer Data within three (3) days after termination.",
            "合同终止后,供应商应立即删除客户数据的全部副本(含备份)。",
        ],
        &[
            "Upon termination, Vendor shall delete all copies of Customer Data within thirty (30) days.",
            "Customer shall immediately delete all copies of the Software.",
            "合同终止后三十日内,供应商应删除客户数据的全部副本。",
        ],
    );
}

#[test]
fn training_bans_that_cannot_be_priced_are_found() {
    check(
        "pb-02.vendor-training-damages",
        Status::Adverse,
        &[
            "Vendor shall not use Customer Data to train models. For each breach of this clause Vendor shall pay liquidated damages of US$100,000.",
            "供应商不得将客户数据用于训练。违反本条的,每次支付违约金一百万元,且不计入责任上限。",
        ],
        &[
            "Vendor shall not use Customer Data to train models. Liquidated damages under this clause shall not exceed the monthly fees.",
            "供应商不得将客户数据用于训练。",
        ],
    );
    check(
        "pb-02.vendor-training-undone",
        Status::Adverse,
        &[
            "Vendor shall retrain every model that was trained on Customer Data.",
            "供应商应停用或重新训练受影响的模型。",
        ],
        &["Vendor shall not use Customer Data to train models."],
    );
    check(
        "pb-02.vendor-training-others",
        Status::Below,
        &[
            "Vendor shall ensure that its subprocessors and any third party do not use Customer Data to train models.",
            "供应商应确保任何第三方不得将客户数据用于训练模型。",
        ],
        &["Vendor shall not use Customer Data to train models."],
    );
}

#[test]
fn notices_and_guarantees_that_cannot_be_kept_are_found() {
    check(
        "pb-03.vendor-notice",
        Status::Adverse,
        &[
            "Vendor shall notify Customer within four (4) hours of discovering a Security Incident.",
            "供应商应在发现数据泄露后两小时内通知客户。",
        ],
        &[],
    );
    check(
        "pb-03.vendor-notice-occurrence",
        Status::Adverse,
        &[
            "Vendor shall notify Customer within 72 hours of the occurrence of a Security Incident.",
            "供应商应在安全事件发生后七十二小时内通知客户。",
        ],
        &[
            "Vendor shall notify Customer within 72 hours after becoming aware of a Security Incident.",
        ],
    );
    check(
        "pb-03.vendor-notice-suspected",
        Status::Below,
        &[
            "Vendor shall notify Customer of any actual or suspected Security Incident within 72 hours of discovery.",
            "供应商应在发现疑似数据泄露后七十二小时内通知客户。",
        ],
        &["供应商应在发现数据泄露后七十二小时内通知客户。"],
    );
    check(
        "pb-03.vendor-security-guarantee",
        Status::Adverse,
        &[
            "Vendor guarantees that no Security Incident will happen.",
            "供应商保证不发生任何数据泄露事件。",
        ],
        &["Vendor shall maintain security measures to ISO 27001."],
    );
    check(
        "pb-03.vendor-confidence-forever",
        Status::Below,
        &[
            "Vendor shall keep Confidential Information confidential in perpetuity.",
            "供应商对保密信息的保密义务永久有效。",
        ],
        &["Confidentiality lasts five years, and perpetually for trade secrets."],
    );
}

#[test]
fn levels_without_bounds_are_found() {
    check(
        "pb-04.vendor-customer-measures",
        Status::Adverse,
        &[
            "Vendor guarantees 99.9% uptime as measured by Customer.",
            "服务可用性不低于99.9%,以客户监控数据为准。",
        ],
        &["Vendor guarantees 99.9% uptime, measured by an agreed probe."],
    );
    check(
        "pb-04.vendor-maintenance",
        Status::Below,
        &[
            "Vendor guarantees 99.9% monthly uptime. Service Credits are 5% of monthly fees, up to a maximum of 10%.",
            "供应商保证每月可用性不低于99.9%。未达到的,服务信用为月服务费的5%,上限为10%。",
        ],
        &[
            "Vendor guarantees 99.9% monthly uptime, announced maintenance excluded. Service Credits are 5% of monthly fees, up to a maximum of 10%.",
        ],
    );
}

#[test]
fn lost_technology_is_adverse() {
    check(
        "pb-05.vendor-background",
        Status::Adverse,
        &[
            "Vendor hereby assigns to Customer all Output, including its background technology and underlying models.",
            "乙方(供应商)的底层模型及全部成果的知识产权归客户所有。",
        ],
        &[
            "All Output is owned by Customer. Vendor retains its underlying models.",
            "成果归客户所有,供应商保留其底层模型。",
        ],
    );
}

#[test]
fn liability_without_an_end_is_adverse() {
    check(
        "pb-06.vendor-indemnity-open",
        Status::Adverse,
        &[
            "Vendor shall indemnify Customer against any and all losses arising from the Services.",
            "供应商应赔偿客户因此遭受的一切损失。",
        ],
        &[
            "Vendor shall indemnify Customer against third-party claims. Each party's aggregate liability shall not exceed the fees paid in the twelve months before the claim.",
            "Customer shall indemnify Vendor against any and all losses.",
        ],
    );
    check(
        "pb-06.vendor-uncapped",
        Status::Adverse,
        &["Each party is liable for the damage that it causes.", "违约方应承担赔偿责任。"],
        &[
            "Each party's aggregate liability shall not exceed the fees paid in the twelve months before the claim.",
        ],
    );
    check(
        "pb-06.vendor-damages-outside",
        Status::Adverse,
        &[
            "Liquidated damages are payable in addition to damages for any loss.",
            "供应商支付违约金后,仍应赔偿客户的实际损失,违约金不计入责任上限。",
        ],
        &["Liquidated damages count towards the liability cap."],
    );
    check(
        "pb-06.vendor-carve-outs",
        Status::Below,
        &[
            "Except for breach of confidentiality, each party's aggregate liability shall not exceed the fees paid in the twelve months before the claim.",
            "除违反保密义务外,任何一方的累计赔偿责任不超过索赔前十二个月的费用,因保密产生的责任不受上述限制。",
        ],
        &[
            "Each party's aggregate liability shall not exceed the fees paid in the twelve months before the claim.",
        ],
    );
    check(
        "pb-06.vendor-indirect-open",
        Status::Below,
        &[
            "Each party's aggregate liability shall not exceed the fees paid in the twelve months before the claim.",
            "任何一方的累计赔偿责任不超过索赔前十二个月的费用。",
        ],
        &[
            "Each party's aggregate liability shall not exceed the fees paid in the twelve months before the claim. Neither party is liable for indirect damages.",
        ],
    );
}

#[test]
fn an_end_without_notice_or_pay_is_adverse() {
    check(
        "pb-07.vendor-exit-at-will",
        Status::Adverse,
        &[
            "Customer may terminate this Agreement for convenience at any time without notice.",
            "客户可随时终止本合同,无需提前通知。",
        ],
        &[
            "Customer may terminate this Agreement for convenience on thirty (30) days' notice.",
            "Vendor may terminate this Agreement at any time without notice.",
            "客户可提前三十日书面通知供应商终止本合同。",
        ],
    );
    check(
        "pb-07.vendor-refund-all",
        Status::Adverse,
        &[
            "On termination Vendor shall refund all fees that Customer has paid.",
            "合同终止的,供应商应全额退还客户已支付的费用。",
        ],
        &["On termination Vendor shall refund prepaid fees for the unused term pro rata."],
    );
    check(
        "pb-07.vendor-help-open",
        Status::Below,
        &[
            "Vendor shall provide migration assistance free of charge.",
            "供应商应免费提供数据迁移协助。",
        ],
        &["Vendor shall provide up to forty (40) hours of migration assistance free of charge."],
    );
}

#[test]
fn audits_without_limits_are_adverse() {
    check(
        "pb-08.vendor-audit-open",
        Status::Adverse,
        &[
            "Customer may audit Vendor's compliance at any time without notice.",
            "客户有权随时对供应商的合规情况进行审计。",
        ],
        &[
            "Customer may audit Vendor's compliance once per year on thirty (30) days' notice.",
            "客户有权每年对供应商的合规情况进行一次审计,应提前三十日通知。",
        ],
    );
    check(
        "pb-08.vendor-audit",
        Status::Adverse,
        &["Customer may audit Vendor's compliance with this Agreement."],
        &[],
    );
    check(
        "pb-08.vendor-audit-cost",
        Status::Below,
        &[
            "Customer may audit Vendor's compliance once per year. Vendor shall bear the cost of the audit.",
            "客户有权每年审计供应商的合规情况。审计费用由供应商承担。",
        ],
        &["Vendor shall bear the cost of the audit if the audit finds a material breach."],
    );
    check(
        "pb-08.vendor-audit-reach",
        Status::Below,
        &[
            "Customer may audit Vendor once per year, all records and source code included.",
            "客户有权每年审计供应商的全部记录和源代码。",
        ],
        &["Customer may audit once per year Vendor's records on Customer Data."],
    );
    check(
        "pb-08.vendor-subprocessor-consent",
        Status::Below,
        &[
            "Vendor shall not engage any subprocessor without Customer's prior written consent.",
            "未经客户事先书面同意,供应商不得分包或转委托。",
        ],
        &["Vendor shall give Customer thirty days' notice of new subprocessors."],
    );
    check(
        "pb-08.vendor-customer-laws",
        Status::Below,
        &[
            "Vendor shall comply with all applicable laws, including those applicable to Customer.",
            "供应商应遵守适用于客户的法律法规。",
        ],
        &["Vendor shall comply with the data protection laws that apply to Vendor."],
    );
}

#[test]
fn every_clause_speaks_to_the_vendor_in_both_languages() {
    for text in ["The parties meet monthly.", "双方每月会面一次。"] {
        let review = review(&wording(text), &Playbook::ai_vendor(), Side::Vendor);
        assert_eq!(review.summary.clauses.len(), 8, "{text}");
    }
}
