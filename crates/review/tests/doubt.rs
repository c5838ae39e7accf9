//! What the words leave open is `unclear`, for a person; it never hides what is adverse.

use review::{Confidence, Playbook, Risk, Side, Status, review};

use crate::wording;

/// Clause, rule and text.
#[track_caller]
fn check(rows: &[(&str, &str, &str)]) {
    for (clause, rule, text) in rows {
        let review = review(&wording(text), &Playbook::ai_vendor(), Side::Customer);
        let finding = review.findings.iter().find(|finding| finding.clause == *clause);
        let finding = finding.expect("every clause has a finding");
        assert_eq!(finding.rule, format!("{clause}.{rule}"), "{text}: {finding:#?}");
        let open = finding.status == Status::Unclear;
        assert_eq!(
            open,
            ["elsewhere", "unreadable", "definition", "object", "precedence"].contains(rule),
            "{text}"
        );
        if open {
            assert_eq!(finding.confidence, Confidence::J, "a person decides: {text}");
            assert!(finding.risk <= Risk::Medium && !finding.quote.is_empty(), "{text}");
        }
    }
}

#[test]
fn a_text_that_is_not_in_the_file_decides() {
    check(&[
        ("pb-04", "elsewhere", "The service levels and their credits are set out in Schedule 3."),
        (
            "pb-04",
            "elsewhere",
            "Uptime is governed by the SLA available at https://vendor.example/sla.",
        ),
        ("pb-04", "elsewhere", "服务水平及可用性按照附件三执行。"),
        (
            "pb-03",
            "elsewhere",
            "Security measures are described in the Information Security Policy.",
        ),
        ("pb-03", "elsewhere", "供应商的安全措施详见《数据安全白皮书》。"),
        ("pb-06", "elsewhere", "Liability is governed by Exhibit B."),
        ("pb-08", "elsewhere", "Audits are carried out as described in the Audit Policy."),
        // It is in the file, it is a law, or nothing is pointed at.
        (
            "pb-04",
            "missing",
            "Service levels are set out in Schedule 3.\n\nSchedule 3: Levels\n\nThe parties meet monthly.",
        ),
        ("pb-03", "no-notice", "供应商的安全措施应符合《网络安全法》。"),
        ("pb-04", "missing", "The parties meet monthly."),
    ]);
}

#[test]
fn a_figure_that_cannot_be_read_decides_nothing() {
    check(&[
        (
            "pb-03",
            "unreadable",
            "Vendor shall notify Customer within [●] hours after it becomes aware of a Security Incident.",
        ),
        ("pb-03", "unreadable", "供应商应在发现数据泄露后____小时内通知客户。"),
        (
            "pb-03",
            "unreadable",
            "Vendor shall notify Customer within seventy-two (48) hours of discovering a Security Incident. Vendor is certified to ISO 27001.",
        ),
        ("pb-04", "unreadable", "服务可用性应达到[具体百分比]%以上。"),
        (
            "pb-06",
            "unreadable",
            "Each party's aggregate liability shall not exceed the fees paid in the [ ] months before the claim.",
        ),
        (
            "pb-03",
            "notice",
            "Vendor shall notify Customer within seventy-two (72) hours of discovering a Security Incident. Vendor is certified to ISO 27001.",
        ),
    ]);
}

#[test]
fn a_definition_that_decides_must_be_there_and_lead_somewhere() {
    let ban = "Vendor shall not use Customer Data to train any model without Customer's prior written consent.";
    let with = |definition: &str| format!("{definition}\n\n{ban}");
    let absent = with("“Customer Data” means the data described in Schedule 2.");
    let given = with("“Customer Data” has the meaning given in the Data Processing Addendum.");
    let circle = with(
        "“Customer Data” means Protected Data.\n\n“Protected Data” means any Customer Data under this Agreement.",
    );
    let good = with("“Customer Data” means the prompts and files that Customer sends.");
    check(&[
        ("pb-02", "definition", &absent),
        ("pb-02", "definition", &given),
        ("pb-02", "definition", &circle),
        ("pb-02", "banned", &good),
        ("pb-02", "object", "Vendor shall not use Licensed Works to train any model."),
        ("pb-02", "object", "供应商不得将“受保护资料”用于训练任何模型。"),
    ]);
}

#[test]
fn a_ban_and_a_permission_with_exceptions_need_an_order() {
    let ban = "Except as set out in Section 9, Vendor shall not use Customer Data to train models.";
    let may = "Subject to Section 3, Vendor may with Customer's prior consent use Customer Data to train its models.";
    let may_too = "Notwithstanding any other Section, Vendor may with Customer's prior consent use Customer Data to train its models.";
    let (open, ordered) = (format!("{ban}\n\n{may}"), format!("{ban}\n\n{may_too}"));
    check(&[("pb-02", "precedence", &open), ("pb-02", "banned", &ordered)]);
}

#[test]
fn doubt_never_hides_what_is_adverse() {
    check(&[
        (
            "pb-06",
            "cap-short",
            "Our aggregate liability shall not exceed the fees paid in the twelve (10) months before the claim as set out in Schedule 3. Our total liability to you is limited to the fees paid in the twelve months before the claim.",
        ),
        (
            "pb-02",
            "permitted",
            "Vendor may use Customer Data to train its models as described in the AI Policy at https://vendor.example/ai. “Customer Data” means the data described in Schedule 2.",
        ),
        (
            "pb-03",
            "breach-disclaimed",
            "供应商不对黑客攻击造成的数据泄露承担责任,安全措施详见《数据安全白皮书》。",
        ),
    ]);
}
