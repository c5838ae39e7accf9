//! What the review says once, and what it makes of facts that the words do not hold.

use review::checks::{Facts, Party, PrimeRate};
use review::{Confidence, Playbook, Review, Risk, Side, Status, review, review_knowing};
use units::Date;

use crate::wording;

const BARE_ZH: &str = "模型训练合同\n第一条 服务\n1.1 乙方为甲方提供模型训练服务,甲方向乙方提供训练数据。\n\
    第二条 权属\n2.1 训练成果的知识产权由双方另行协商确定。\n2.2 赔偿范围包括直接损失和间接损失。\n\
    第三条 生效\n3.1 本合同自签订之日起生效。\n";
const BARE_EN: &str = "Service Agreement\n1. Services\n1.1 Vendor provides a cloud service with \
    machine learning, and Customer gives it the Customer Data that it needs.\n2. General\n2.1 This \
    Agreement enters into force when it is signed.\n";

fn rules(review: &Review) -> Vec<&str> {
    review.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn what_a_clause_says_no_check_says_again() {
    let playbook = Playbook::ai_vendor();
    for text in [BARE_ZH, BARE_EN] {
        let alone: Vec<_> = crate::found(text).into_iter().map(|found| found.rule).collect();
        for (check, clause) in [
            ("no-security", "pb-03.missing"),
            ("no-deletion", "pb-01.missing"),
            ("no-audit", "pb-08.missing"),
        ] {
            assert!(alone.iter().any(|rule| rule == check), "{check} is a check's own: {alone:?}");
            let review = review(&wording(text), &playbook, Side::Customer);
            let said = rules(&review);
            assert!(said.contains(&clause), "{clause} is said: {said:?}");
            assert!(!said.contains(&check), "{check} is not said again: {said:?}");
        }
    }
    let review = review(&wording(BARE_ZH), &playbook, Side::Customer);
    assert!(!rules(&review).contains(&"ownership-to-be-agreed"), "pb-05 says it");
}

#[test]
fn a_check_stays_where_its_clause_says_something_else_or_is_switched_off() {
    let text = "Service Agreement\n1. Terms\n1.1 Customer grants Vendor a perpetual, irrevocable \
        licence to use Customer Data in its cloud service.\n2. General\n2.1 This Agreement enters \
        into force when it is signed.\n";
    let broad = review(&wording(text), &Playbook::ai_vendor(), Side::Customer);
    assert!(rules(&broad).contains(&"pb-01.broad-licence"));
    assert!(rules(&broad).contains(&"no-deletion"), "a licence says nothing of deletion");

    let ours = include_str!("../../../playbooks/ai-vendor.toml");
    let off = ours.replacen("id = \"pb-08\"", "id = \"pb-08\"\noff = [\"pb-08.missing\"]", 1);
    let playbook = Playbook::parse(&off).expect("it is right");
    let review = review(&wording(BARE_EN), &playbook, Side::Customer);
    assert!(rules(&review).contains(&"no-audit"), "the check speaks where the clause is silent");
}

#[test]
fn indirect_loss_without_a_cap_is_said_once_to_the_vendor_at_the_higher_risk() {
    let review = review(&wording(BARE_ZH), &Playbook::ai_vendor(), Side::Vendor);
    let said: Vec<_> =
        review.findings.iter().filter(|finding| finding.quote.contains("间接损失")).collect();
    assert_eq!(said.len(), 1, "{said:#?}");
    assert_eq!((said[0].risk, said[0].status), (Risk::High, Status::Adverse));
}

#[test]
fn what_only_the_customer_misses_is_no_news_to_the_vendor() {
    let text = format!(
        "{BARE_EN}3. Liability\n3.1 Each party's aggregate liability shall not exceed \
        the fees paid in the twelve months before the claim.\n"
    );
    let playbook = Playbook::ai_vendor();
    let said = |side| {
        let review = review(&wording(&text), &playbook, side);
        rules(&review).iter().filter(|rule| ["no-audit", "fees-paid-only"].contains(rule)).count()
    };
    assert_eq!((said(Side::Customer), said(Side::Vendor)), (1, 0));
}

#[test]
fn what_is_missing_from_a_document_that_breaks_off_is_a_persons() {
    let text = "服务合同\n第一条 服务\n1.1 乙方为甲方提供模型训练服务。\n1.2 甲方向乙方提供训练数据。\n\
        第二条 费用\n2.1 甲方应按月向乙方支付服务费,并";
    let review = review(&wording(text), &Playbook::ai_vendor(), Side::Customer);
    let missing = review.findings.iter().find(|finding| finding.rule == "pb-08.missing");
    assert_eq!(missing.map(|finding| finding.confidence), Some(Confidence::J));
}

#[test]
fn known_parties_and_rates_reach_the_rules() {
    let text = "框架合同\n第一条 数据\n1.1 北风数据不得将客户数据用于训练模型。\n\
        第二条 逾期\n2.1 逾期付款的,按每日千分之一支付违约金。\n";
    let party = |side, name: &str| Party { side, name: name.to_owned() };
    let facts = Facts {
        parties: vec![party(Side::Vendor, "北风数据"), party(Side::Customer, "南山零售")],
        prime_rate: Some(PrimeRate {
            percent: "10".parse().expect("a decimal"),
            on: "2026-01-20".parse::<Date>().expect("a date"),
        }),
        ..Facts::default()
    };
    let playbook = Playbook::ai_vendor();
    let known = review_knowing(&wording(text), &playbook, Side::Customer, &facts);
    assert_eq!(known.parties.vendor, ["北风数据"]);
    assert_eq!(known.parties.customer, ["南山零售"]);
    assert_eq!(known.summary.clauses["pb-02"], Status::Met);
    assert!(rules(&known).contains(&"not-named"), "{:?}", rules(&known));
    // 36.5 % a year: below four times the rate that is given, above that of the last known one.
    assert!(!rules(&known).contains(&"above-four-times-lpr"), "{:?}", rules(&known));
    let plain = review(&wording(text), &playbook, Side::Customer);
    assert!(rules(&plain).contains(&"above-four-times-lpr"));
}
