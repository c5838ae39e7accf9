//! Sentences and what the playbook's rules say of them, zh and en.

use review::{Change, Playbook, Review, Side, Status, Turn, Value, compare, grid, review};

use crate::{check, wording};

fn reviewed(text: &str, side: Side) -> Review {
    review(&wording(text), &Playbook::ai_vendor(), side)
}

#[test]
fn training_is_adverse_wherever_a_permission_stands_beside_a_ban() {
    check(
        "pb-02",
        &[
            (
                "Vendor shall not use Customer Data to train any model without Customer's prior written consent.",
                Status::Met,
            ),
            (
                "We will not use your Content to train models unless you have explicitly agreed.",
                Status::MetByFallback,
            ),
            ("We may use your Content to provide and improve our services.", Status::Adverse),
            (
                "We do not train models on Customer Data.\nWe may use Customer Data to improve our products and services.",
                Status::Adverse,
            ),
            ("We may use your Inputs to train our models unless you opt out.", Status::Adverse),
            ("We may use de-identified Customer Data to train our models.", Status::Adverse),
            (
                "You may not use the Output to train models that compete with our services.",
                Status::Missing,
            ),
            ("Vendor shall use Customer Data only to provide the Services.", Status::MetByFallback),
            ("未经客户事先书面同意,供应商不得将客户数据用于训练任何模型。", Status::Met),
            ("我们可能会使用您的对话内容优化我们的产品和服务。", Status::Adverse),
            ("我们可以使用您的输入内容来训练模型,您可以选择退出。", Status::Adverse),
            (
                "Prohibit the vendor from using customer data to train or improve any model.",
                Status::Met,
            ),
            ("Vendor shall refrain from using Customer Data to train models.", Status::Met),
            ("The parties meet once a month.", Status::Missing),
        ],
    );
}

#[test]
fn a_ban_that_names_improving_among_its_verbs_permits_nothing() {
    let verbs = "train, fine-tune, or improve any foundation model";
    let rows = [
        format!("Prohibit the vendor from using customer data to {verbs}."),
        format!("This Agreement prohibits Vendor from using Customer Data to {verbs}."),
        format!("Vendor shall refrain from using Customer Data to {verbs}."),
        format!("Vendor shall not use any Customer Data that it may receive to {verbs}."),
        format!("Vendor may not permit any third party to use Customer Data to {verbs}."),
        "禁止供应商将客户数据用于训练、微调或改进任何基础模型。".to_owned(),
        "禁止供应商使用客户数据训练、微调或改善其基础模型(Foundation Model)。".to_owned(),
        "供应商不得在任何情况下将客户数据用于训练、微调或改进任何模型。".to_owned(),
        "供应商不得允许任何第三方将客户数据用于训练或改进任何模型。".to_owned(),
        "The vendor must not:\n- use Customer Data to train or fine-tune any model;\n- use Customer Data to improve its foundation models.".to_owned(),
        "The vendor must not:\n\n(a) use Customer Data to train any model; or\n\n(b) let a third party use Customer Data to improve its models.".to_owned(),
        "供应商不得:\n(一)将客户数据用于训练任何模型;\n(二)将客户数据用于改进其产品和服务。".to_owned(),
    ];
    let rows: Vec<_> = rows.iter().map(|row| (row.as_str(), Status::Met)).collect();
    check("pb-02", &rows);
    check(
        "pb-02",
        &[
            ("供应商不会出售客户数据并将使用客户数据训练模型和改进产品。", Status::Adverse),
            ("供应商不得出售客户数据,但将客户数据用于改进其产品。", Status::Adverse),
            (
                "Vendor shall not sell Customer Data, and Vendor may use Customer Data to train its models.",
                Status::Adverse,
            ),
        ],
    );
}

#[test]
fn a_list_inherits_what_its_lead_denies() {
    check(
        "pb-02",
        &[(
            "You may not:\n(a) use Output to train other models;\n(b) resell the services.",
            Status::Missing,
        )],
    );
}

#[test]
fn a_row_of_a_table_joins_purpose_and_data() {
    let text = "| Purpose | Data |\n| --- | --- |\n| To improve our services | User Content |\n";
    let wording = reading::read(text.as_bytes(), "policy.md").expect("it is read").wording;
    let review = review(&wording, &Playbook::ai_vendor(), Side::Customer);
    assert_eq!(review.summary.clauses["pb-02"], Status::Adverse);
}

#[test]
fn caps_are_read_with_basis_months_and_whom_they_protect() {
    check(
        "pb-06",
        &[
            (
                "In no event will our aggregate liability exceed the fees paid by you in the twelve (12) months preceding the claim.",
                Status::Adverse,
            ),
            (
                "Our liability will not exceed the lesser of the fees paid in the 12 months before the claim and US$100.",
                Status::Adverse,
            ),
            (
                "Each party's aggregate liability shall not exceed the fees paid in the twelve months preceding the claim.",
                Status::Below,
            ),
            (
                "Except for breach of confidentiality, each party's aggregate liability shall not exceed the fees paid in the twelve months preceding the claim.",
                Status::MetByFallback,
            ),
            ("赔偿范围包括直接损失和间接损失。", Status::MetByFallback),
        ],
    );
    let vendor = reviewed("赔偿范围包括直接损失和间接损失。", Side::Vendor);
    assert_eq!(vendor.summary.clauses["pb-06"], Status::Adverse);
}

#[test]
fn notices_of_breaches_are_read_with_hours_and_trigger() {
    let review = reviewed(
        "Vendor shall notify Customer within seventy-two (72) hours after Vendor has confirmed a Security Incident.",
        Side::Customer,
    );
    let finding = review.findings.iter().find(|finding| finding.clause == "pb-03").expect("one");
    assert_eq!(finding.parameters["notice_hours"], Value::Whole(72));
    assert_eq!(finding.parameters["trigger"], Value::Word("confirm".to_owned()));
    assert_eq!(finding.status, Status::Below);
}

#[test]
fn our_own_samples_meet_our_own_playbook() {
    let mut short = Vec::new();
    for clause in &Playbook::ai_vendor().clauses {
        for text in [&clause.sample.zh, &clause.sample.en] {
            let review = reviewed(text, Side::Customer);
            let own = review.findings.into_iter().filter(|finding| finding.clause == clause.id);
            short.extend(own.filter(|finding| finding.status != Status::Met));
        }
    }
    assert!(short.is_empty(), "{short:#?}");
}

#[test]
fn every_clause_has_a_finding_and_every_quote_stands_at_its_place() {
    let text = "Terms\n\n1. Customer owns all right, title and interest in Customer Data.\n\n2. 甲方不得将数据用于训练。";
    for side in [Side::Customer, Side::Vendor] {
        let wording = wording(text);
        let review = review(&wording, &Playbook::ai_vendor(), side);
        assert_eq!(review.summary.clauses.len(), 8);
        let characters: Vec<char> = wording.text.chars().collect();
        for finding in &review.findings {
            let quote: String = characters[finding.start..finding.end].iter().collect();
            assert_eq!(quote, finding.quote, "{}", finding.rule);
        }
    }
}

#[test]
fn a_worse_version_is_called_worse_and_its_blocks_are_listed() {
    let old = wording("We do not use Customer Data to train models.\n\nFees are due monthly.");
    let new = wording(
        "We may use Customer Data to train our models.\n\nFees are due monthly.\n\nNew words stand here.",
    );
    let playbook = Playbook::ai_vendor();
    let reviews = [&old, &new].map(|wording| review(wording, &playbook, Side::Customer));
    let comparison = compare((&old, &reviews[0]), (&new, &reviews[1]));
    let training = comparison.clauses.iter().find(|turn| turn.clause == "pb-02").expect("there");
    assert_eq!(training.turn, Turn::Worse);
    let kinds: Vec<_> = comparison.blocks.iter().map(|block| block.change).collect();
    assert_eq!(kinds, [Change::Changed, Change::Added]);
    let rows = grid(&[("new".to_owned(), reviews[1].clone())], &playbook);
    assert_eq!(rows[0].cells.len(), 8);
    assert_eq!(rows[0].cells[1].status, Status::Adverse);
}

#[test]
fn a_playbook_of_ones_own_changes_limits_switches_rules_off_and_adds_phrases() {
    let ours = include_str!("../../../playbooks/ai-vendor.toml");
    let text = ours.replace("notice_hours = 72", "notice_hours = 24").replacen(
        "id = \"pb-02\"",
        "id = \"pb-02\"\noff = [\"pb-02.missing\"]",
        1,
    ) + "\n[[clause.phrase]]\nid = \"residency\"\nwants = \"must-contain\"\ngroups = [[\"stored\"], [\"union\"]]\nrisk = \"high\"\nreason.zh = \"须在境内\"\nreason.en = \"Data stays in the Union\"\n";
    let playbook = Playbook::parse(&text).expect("it is right");
    let wording =
        wording("We notify you of any data breach within 48 hours after becoming aware of it.");
    let review = review(&wording, &playbook, Side::Customer);
    let rule = |name: &str| review.findings.iter().find(|finding| finding.rule == name);
    assert_eq!(rule("pb-03.notice-late").map(|finding| finding.status), Some(Status::Below));
    assert!(rule("pb-02.missing").is_none());
    assert_eq!(rule("pb-08.residency").map(|finding| finding.status), Some(Status::Missing));
}
