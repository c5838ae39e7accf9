//! Each check on words of our own: what it finds, and what it leaves alone.

use std::collections::BTreeSet;

use review::checks::{Facts, Party, PrimeRate, list, run};
use review::{Risk, Side};
use units::Date;

use crate::{found, wording};

/// A contract around one clause, so that the words are read as a contract.
fn zh(clause: &str) -> String {
    format!(
        "服务合同\n甲方:[甲方]\n乙方:[乙方]\n第一条 约定\n1.1 {clause}\n第二条 其他\n2.1 本合同自签订之日起生效。\n"
    )
}

fn en(clause: &str) -> String {
    format!(
        "Service Agreement\n1. Terms\n1.1 {clause}\n2. General\n2.1 This Agreement enters into \
         force when it is signed.\n"
    )
}

/// Texts that a check must find something in, by rule, and texts that it must leave alone.
fn check(id: &str, finds: &[(&str, &str)], leaves: &[&str]) {
    for (rule, text) in finds {
        let hits = found(text);
        let hit = hits.iter().find(|hit| hit.clause == id && hit.rule == *rule);
        let rules: Vec<_> = hits.iter().map(|hit| (&hit.clause, &hit.rule)).collect();
        let Some(hit) = hit else { panic!("{id}/{rule} is not found in {text}: {rules:?}") };
        assert!(!hit.reason.zh.is_empty() && !hit.reason.en.is_empty(), "{id}/{rule}");
        assert!(!hit.advice.zh.is_empty() && !hit.advice.en.is_empty(), "{id}/{rule}");
        let words = [&hit.reason.zh, &hit.reason.en, &hit.advice.zh, &hit.advice.en];
        assert!(words.iter().all(|words| !words.contains('{')), "{id}/{rule}: {words:?}");
    }
    for text in leaves {
        let hits = found(text);
        let wrong: Vec<_> = hits.iter().filter(|hit| hit.clause == id).collect();
        assert!(wrong.is_empty(), "{id} must leave this alone: {text}: {wrong:?}");
    }
}

#[test]
fn a_right_to_change_the_terms_alone_is_found() {
    check(
        "doc-unilateral-change",
        &[
            ("unilateral-terms", &zh("平台有权随时修改本协议,修改后的协议公布即生效。")),
            ("unilateral-terms", &zh("服务条款可由公司随时更新,无需另行通知。")),
            ("unilateral-terms", &en("Provider may update these Terms at any time.")),
            ("unilateral-terms", &en("We reserve the right to modify this Agreement at any time.")),
            ("unilateral-policy", &en("Provider may update its Acceptable Use Policy.")),
            ("unilateral-price", &en("Provider may increase its fees during the term.")),
            ("unilateral-price", &zh("供应商有权调整服务价格。")),
        ],
        &[
            &zh("本协议的修改须经双方协商一致并签署书面文件。"),
            &en("This Agreement may be amended only by a writing signed by both parties."),
            &en("Either party may change its address for notices under this Agreement."),
            &en("Customer may update its account details at any time."),
        ],
    );
}

#[test]
fn what_undoes_all_others_comes_first() {
    let text = en("Fees are due within thirty (60) days. Vendor may amend this Agreement alone.");
    let hits = found(&text);
    assert_eq!(hits[0].clause, "doc-unilateral-change");
    assert!(hits[1..].is_sorted_by(|a, b| a.risk >= b.risk));
}

#[test]
fn blanks_are_found_and_brackets_of_editors_are_not() {
    check(
        "doc-blank",
        &[
            ("blank", &zh("租期为[期限]个月。")),
            ("blank", &zh("租期为____个月。")),
            ("blank", &zh("租期为【】个月。")),
            ("blank", &zh("租期为{{term}}个月。")),
            ("blank", &en("The fee is [amount] per month.")),
            ("nested-blank", &zh("费用按[方式,例如:每月[天数]日内]支付。")),
            ("example-default", &zh("保密期为[年限,例如:五]年。")),
        ],
        &[
            &en("The price is [***] per unit."),
            &en("The price is [* * *] per unit."),
            &en("As shown in [1], the method holds."),
            &en("[Reserved]"),
            "Service Agreement\n1. Terms\n1.1 This Agreement binds both.\nBy: ____________\n",
        ],
    );
}

#[test]
fn alternatives_left_open_are_found() {
    let list = "合同\n第一条 归属\n1.1 成果归属由双方约定,例如:\n1.1.1 归甲方所有;\n1.1.2 归乙方所有;\n\
                第二条 其他\n2.1 本合同一式两份。\n";
    check(
        "doc-alternative",
        &[
            ("ownership-options", list),
            ("slash", &zh("费用由甲方/乙方承担。")),
            ("slash", &en("Vendor grants an exclusive/non-exclusive licence.")),
            ("boxes", &zh("数据存放地:☐境内 ☐境外。")),
        ],
        &[
            &zh("单价为5元/小时,和/或按月结算。"),
            &zh("数据存放地:☑境内 ☐境外。"),
            &zh("发生下列情况之一的,守约方可以解除本合同:"),
        ],
    );
}

#[test]
fn the_text_itself_is_checked() {
    check(
        "doc-foreign-script",
        &[("foreign-script", &zh("甲方应采取мерызащиты保护数据。"))],
        &[&zh("系数α取0.5。"), &en("The vendor (“Яндекс”) is a company.")],
    );
    check(
        "doc-ambiguous-word",
        &[
            ("ambiguous-word", &zh("该许可为非独占、不可分许可。")),
            ("ambiguous-word", &en("Reports are sent bi-weekly.")),
        ],
        &[&zh("该许可为非独占、不可再许可。")],
    );
}

#[test]
fn names_and_accounts_of_the_wrong_party_are_found() {
    let account = |designated: &str, holder: &str| {
        format!(
            "合同\n第一条 付款\n1.1 乙方应向甲方支付租金,{designated}指定收款账户如下:\n\
             账户名称:{holder}\n账号:123456\n第二条 其他\n2.1 本合同一式两份。\n"
        )
    };
    check(
        "doc-payee-account",
        &[
            ("account-of-the-other-party", &account("乙方", "甲方公司全称")),
            ("account-of-the-other-party", &account("甲方", "乙方公司全称")),
        ],
        &[&account("甲方", "甲方公司全称")],
    );
    let names = |last: &str| {
        format!(
            "合同\n甲方:北京星河科技有限公司\n乙方:上海云图数据有限公司\n第一条 约定\n\
             1.1 本合同一式两份。\n甲方:{last}\n"
        )
    };
    check(
        "doc-party-name",
        &[("two-names", &names("南京远山软件有限公司"))],
        &[&names("北京星河科技有限公司")],
    );
}

#[test]
fn a_name_on_record_that_does_not_stand_in_the_text_is_found() {
    let party = Party { side: Side::Vendor, name: "上海云图数据有限公司".to_owned() };
    let facts = Facts { parties: vec![party], ..Facts::default() };
    let hits = run(&wording(&zh("本合同一式两份。")), &facts);
    assert!(hits.iter().any(|hit| hit.rule == "not-named"));
}

#[test]
fn duties_of_the_wrong_party_are_found() {
    let both = "合同\n第一条 数据\n1.1 甲方有权要求乙方提供训练数据集。\n1.2 甲方负责提供数据集,并保证合法。\n";
    let one = "合同\n第一条 数据\n1.1 乙方有权要求甲方提供训练数据集。\n1.2 甲方负责提供数据集,并保证合法。\n";
    check("doc-provider-conflict", &[("both-provide", both)], &[one]);
    check(
        "doc-duty-as-right",
        &[
            ("duty-as-right", &zh("甲方有权按照约定向乙方支付费用。")),
            ("duty-as-right", &en("Customer shall have the right to pay the fees when due.")),
        ],
        &[&zh("甲方有权要求乙方支付违约金。"), &zh("甲方有权暂停支付费用。")],
    );
    check(
        "doc-consent-party",
        &[
            (
                "consent-of-the-wrong-party",
                &zh("乙方提供的图像数据,未经甲方同意,不得用于其他目的。"),
            ),
            (
                "consent-of-the-wrong-party",
                &en("Customer Data may not be used for any other purpose without Vendor's prior \
                     written consent."),
            ),
        ],
        &[
            &zh("乙方提供的图像数据,未经乙方同意,不得用于其他目的。"),
            &zh("双方提供的图像数据,未经对方同意,不得用于其他目的。"),
        ],
    );
    check(
        "doc-condition-party",
        &[("condition-on-the-owner", &zh("成果在不违反甲方保密义务的前提下,归甲方所有。"))],
        &[&zh("成果在不违反乙方保密义务的前提下,归甲方所有。")],
    );
    let compete = "合同\n第一条 限制\n1.1 乙方不得开发与甲方产品构成竞争的产品。\n\
                   第二条 归属\n2.1 模型的知识产权归属乙方,乙方拥有模型的全部权利。\n";
    check(
        "doc-rights-noncompete",
        &[("rights-against-noncompete", compete)],
        &[&zh("乙方不得开发与甲方产品构成竞争的产品。")],
    );
}

#[test]
fn what_is_put_off_is_found() {
    check(
        "doc-agree-later",
        &[
            ("ownership-to-be-agreed", &zh("衍生成果的知识产权归属由双方另行协商确定。")),
            (
                "ownership-to-be-agreed",
                &en("Ownership of improvements shall be mutually agreed by the parties."),
            ),
            ("price-to-be-agreed", &zh("具体费用由双方协商确定。")),
            ("standard-to-be-agreed", &zh("紧急请求的响应时间由双方另行约定。")),
        ],
        &[
            &zh("因本合同发生的争议,由双方协商解决。"),
            &zh("期满续租的,双方另行协商。"),
            &en("Disputes shall be negotiated by the parties in good faith."),
        ],
    );
}

#[test]
fn prices_that_cannot_be_computed_are_found() {
    let metered = "合同\n第一条 费用\n1.1 按实际使用小时数乘以单价计算。\n1.2 ";
    check(
        "doc-fixed-total",
        &[("fixed-total-beside-metered-price", &format!("{metered}总费用为人民币100000元。\n"))],
        &[&format!("{metered}预估总费用为人民币100000元,以实际结算为准。\n")],
    );
    check(
        "doc-fee-before-usage",
        &[("due-before-usage", &format!("{metered}乙方应于每月5日前支付当月费用。\n"))],
        &[
            &format!("{metered}乙方应于每月5日前支付上月费用。\n"),
            &en("Vendor bills usage-based fees in arrears and all other fees in advance."),
        ],
    );
    check(
        "doc-payment-ratio",
        &[("no-share", &zh("签订后支付一定比例的预付款。"))],
        &[&zh("签订后支付总价百分之三十的预付款。")],
    );
    check(
        "doc-metering",
        &[
            ("storage-averaging", &zh("存储费为0.5元/GB/月。")),
            ("hour-rounding", &en("Compute is charged per GPU-hour.")),
            ("flops-precision", &zh("总算力不低于10 PFLOPS。")),
        ],
        &[
            &zh("存储费为0.5元/GB/月,用量取当月日平均值。"),
            &en("Compute is charged per GPU-hour, rounded up to the next minute."),
            &zh("FP16稠密算力不低于10 PFLOPS。"),
        ],
    );
}

#[test]
fn the_prime_rate_last_known_is_asked_where_nobody_gives_another() {
    let asked = |text: &str| {
        let found = run(&wording(&zh(text)), &Facts::ordinary());
        found.iter().any(|finding| finding.clause == "doc-default-interest")
    };
    // 4 × 3 % is 12 % a year: 0.0329 % a day is above it, 0.0328 % is not.
    assert!(asked("逾期付款的,按每日0.0329%支付违约金。"));
    assert!(!asked("逾期付款的,按每日0.0328%支付违约金。"));
}

#[test]
fn default_interest_is_held_against_four_times_the_prime_rate() {
    let rate = |percent: &str| {
        let percent = percent.parse().expect("a decimal");
        let on = Date::new(2025, 10, 20).expect("a day");
        Facts { prime_rate: Some(PrimeRate { percent, on }), ..Facts::default() }
    };
    // 万分之五 a day is 18.25 % a year, 0.0329 % is 12.0085 %: above and just above 4 × 3 %.
    let rows = [
        ("逾期付款的,按每日万分之五支付违约金。", "3", true),
        ("逾期付款的,按每日0.0329%支付违约金。", "3", true),
        ("逾期付款的,按每日0.0328%支付违约金。", "3", false),
        ("逾期付款的,按年利率12%支付逾期利息。", "3", false),
        ("逾期付款的,按年利率12%支付逾期利息。", "2.99", true),
        ("逾期付款的,按每月千分之十支付违约金。", "3", false),
    ];
    for (clause, prime, above) in rows {
        let hits = run(&wording(&zh(clause)), &rate(prime));
        let flag = hits.iter().find(|hit| hit.clause == "doc-default-interest");
        assert_eq!(flag.is_some(), above, "{clause} at {prime}");
        assert!(flag.is_none_or(|flag| flag.risk == Risk::Medium), "a flag, not an error");
    }
    let hits = run(&wording(&zh(rows[0].0)), &Facts::default());
    assert!(hits.iter().all(|hit| hit.clause != "doc-default-interest"), "no rate, no flag");
}

#[test]
fn rates_without_a_period_and_values_stated_twice_are_found() {
    check(
        "doc-rate-period",
        &[
            ("no-period", &zh("逾期付款的,按5%的利率支付利息。")),
            ("no-period", &en("Late payments bear interest at 1.5%.")),
            (
                "periods-disagree",
                &en("Late payments bear interest at 0.1% per day (12% per annum)."),
            ),
        ],
        &[
            &zh("逾期付款的,按年利率5%支付利息。"),
            &en("Late payments bear interest at 1.5% per month (18% per annum)."),
        ],
    );
    let twice = |second: &str| {
        format!(
            "合同\n第一条 付款\n1.1 逾期付款的,按每日0.05%支付违约金。\n第二条 违约\n\
             2.1 逾期付款的,{second}\n"
        )
    };
    check(
        "doc-stated-twice",
        &[
            ("repeated", &twice("按每日0.05%支付违约金。")),
            ("differs", &twice("按每日0.03%支付违约金。")),
        ],
        &[&twice("甲方可以解除合同。")],
    );
}

#[test]
fn numbers_that_do_not_hold_together_are_found() {
    check(
        "doc-number-words",
        &[
            ("words-against-figure", &en("Fees are due within thirty (60) days.")),
            ("words-against-figure", &en("Uptime is ninety-nine point nine percent (99.5%).")),
            ("words-against-figure", &zh("应在三(5)日内答复。")),
            ("words-against-figure", &zh("总价为100000元(大写:壹拾贰万元整)。")),
        ],
        &[
            &en("Fees are due within a thirty (30) day period, and (2) on demand."),
            &en("Uptime is ninety-nine point nine percent (99.9%)."),
            &en("The rate is one-half of one percent (0.5%)."),
            &en("The price is two million, six hundred dollars ($2,000,600), payable once."),
            &en("The errors are zero and (2) the delivery is on time."),
            &zh("总价为100000元(大写:壹拾万元整)。"),
            &zh("应在十五(15)日内答复。"),
        ],
    );
    check(
        "doc-unit-missing",
        &[
            ("no-unit", &zh("甲方应在30内付款。")),
            ("no-unit", &zh("准确率应达到95。")),
            ("no-unit", &en("Fees are due within thirty (30) of receipt of the invoice.")),
        ],
        &[&zh("甲方应在30日内付款。"), &zh("准确率应达到95%。")],
    );
}

#[test]
fn standards_that_cannot_be_measured_are_found() {
    check(
        "doc-test-set",
        &[("no-test-set", &zh("模型的准确率应达到95%。"))],
        &[&zh("模型的准确率应达到95%,测试集为附件所列的2000张图像,由双方封存。")],
    );
    check(
        "doc-window",
        &[
            ("no-window", &zh("服务可用性应达到99.9%以上。")),
            ("no-window", &en("Vendor shall maintain uptime of 99.9%.")),
        ],
        &[&zh("每自然月服务可用性应达到99.9%以上。")],
    );
    check(
        "doc-remedy",
        &[("no-remedy", &zh("每月服务可用性应达到99.9%以上。"))],
        &[&zh("每月服务可用性应达到99.9%以上,未达到的,供应商按服务信用抵扣费用。")],
    );
    check(
        "doc-uptime",
        &[
            ("support-without-uptime", &zh("供应商提供7x24小时技术支持。")),
            ("support-without-uptime", &en("Vendor provides support 24/7.")),
        ],
        &[&zh("供应商提供7x24小时技术支持,月度可用性不低于99.9%。")],
    );
    check(
        "doc-example-threshold",
        &[("threshold-as-example", &zh("应达到约定的标准,例如:准确率不低于90%。"))],
        &[&zh("准确率不低于90%。")],
    );
    check(
        "doc-aggregation",
        &[("no-aggregation", &zh("标注精度应达到95%以上。"))],
        &[&zh("标注精度按批次抽检,逐批应达到95%以上。")],
    );
}

#[test]
fn deletion_before_export_is_found() {
    let both = |days: &str| {
        en(&format!(
            "Upon termination, Vendor shall delete all Customer Data within {days} days. \
             Customer may export Customer Data for ninety (90) days after termination."
        ))
    };
    check(
        "doc-deletion-export",
        &[("deleted-before-export-ends", &both("thirty (30)"))],
        &[&both("one hundred twenty (120)")],
    );
    check(
        "doc-export-window",
        &[(
            "deadline-or-window",
            &en("Upon termination, Vendor shall provide an export of all data within ninety (90) \
                 days."),
        )],
        &[&en("Upon termination, Customer may export its data for ninety (90) days.")],
    );
}

#[test]
fn liability_without_a_bound_or_with_a_hollow_one_is_found() {
    check(
        "doc-indirect-uncapped",
        &[("indirect-loss-without-cap", &zh("赔偿范围包括直接损失和间接损失。"))],
        &[
            &zh("任何一方不承担间接损失。"),
            &zh("赔偿范围包括直接损失和间接损失。累计赔偿责任不超过合同总额。"),
        ],
    );
    check(
        "doc-cap-start",
        &[(
            "fees-paid-only",
            &en("Liability shall not exceed the fees paid in the twelve months preceding the \
                 claim."),
        )],
        &[&en(
            "Liability shall not exceed the fees paid or payable in the twelve months preceding \
             the claim.",
        )],
    );
    let cap = "Liability shall not exceed the annual fees.";
    check(
        "doc-cap-reach",
        &[(
            "not-said-under-cap",
            &en(&format!("{cap} Vendor shall pay liquidated damages for each breach.")),
        )],
        &[&en(&format!("{cap} Liquidated damages do not count towards this limit."))],
    );
    let sole = "Service credits are the sole and exclusive remedy for missed service levels.";
    check(
        "doc-sole-remedy",
        &[(
            "sole-remedy-against-termination",
            &en(&format!("{sole} Customer may terminate if uptime falls below 99%.")),
        )],
        &[&en(sole)],
    );
}

#[test]
fn court_or_arbitration_must_be_chosen() {
    check(
        "doc-court-or-arbitration",
        &[
            ("court-or-arbitration", &zh("协商不成的,可向仲裁委员会申请仲裁或向法院起诉。")),
            (
                "court-or-arbitration",
                &en("Any dispute shall be resolved by arbitration or litigation."),
            ),
        ],
        &[
            &zh("协商不成的,向甲方所在地人民法院起诉。"),
            &en("Any dispute shall be resolved by arbitration in Singapore."),
        ],
    );
}

#[test]
fn references_that_lead_nowhere_are_found() {
    check(
        "doc-annex",
        &[
            ("missing-annex", &zh("标准见本合同附件一。")),
            ("missing-annex", &en("The services are described in Exhibit B.")),
        ],
        &[
            &format!("{}附件一\n标准为 95%。\n", zh("标准见本合同附件一。")),
            &en("Annex I of the Standard Contractual Clauses is set out elsewhere."),
        ],
    );
    let many = |to: &str| {
        let mut text = String::from("Service Agreement\n");
        for number in 1..=9 {
            text.push_str(&format!("{number}. Part\n{number}.1 See Section {number}.1.\n"));
        }
        format!("{text}10. End\n10.1 See Section {to}.\n")
    };
    check("doc-reference", &[("dangling-reference", &many("14"))], &[&many("3.1")]);
    check(
        "doc-floating-terms",
        &[
            (
                "floating-terms",
                &en("The policy at https://example.com/p, as updated from time to time, applies."),
            ),
            ("floating-terms", &zh("平台规则以官网不时更新的版本为准。")),
        ],
        &[&en("The laws as amended from time to time apply.")],
    );
    check(
        "doc-precedence",
        &[(
            "no-order-of-documents",
            &en("The Order Form and the Data Processing Agreement form part of this Agreement."),
        )],
        &[&en(
            "The Order Form and the Data Processing Agreement form part of this Agreement; in case \
             of conflict the latter prevails.",
        )],
    );
}

#[test]
fn two_languages_need_one_that_prevails() {
    let text = |figure: &str, last: &str| {
        format!(
            "服务合同\n第一条 付款\n1.1 甲方应在收到发票之日起30日内支付全部费用。\n\
             The Customer shall pay all fees within {figure} days of receipt of the invoice.\n\
             第二条 删除\n2.1 供应商应在本合同终止后删除全部客户数据。\n\
             The Vendor shall delete all customer data after the end of this Agreement.\n\
             第三条 语言\n3.1 本合同以中文和英文书就,两种文本各执一份。{last}\n\
             This Agreement is written in both languages and each party keeps one copy of it.\n"
        )
    };
    check(
        "doc-language",
        &[("no-prevailing-language", &text("30", ""))],
        &[&text("30", "不一致时以中文版本为准。")],
    );
    check("doc-language-differs", &[("figures-differ", &text("45", ""))], &[&text("30", "")]);
}

#[test]
fn terms_without_a_definition_and_definitions_without_use_are_found() {
    check(
        "doc-term-undefined",
        &[(
            "used-not-defined",
            &en("Vendor shall protect all Customer Data with care and shall return the Customer \
                 Data at the end of the term."),
        )],
        &[&en(
            "“Customer Data” means what Customer uploads. Vendor shall protect all Customer Data \
             with care and shall return the Customer Data at the end of the term.",
        )],
    );
    check(
        "doc-term-unused",
        &[
            ("defined-not-used", &en("“Widget” means a thing. Fees are due monthly.")),
            ("defined-not-used", &zh("数据湖:指集中存放数据的系统。")),
        ],
        &[&en("“Widget” means a thing. Vendor delivers each Widget on time.")],
    );
}

#[test]
fn what_a_contract_on_data_needs_is_asked_for() {
    let bare = zh("乙方使用甲方的数据集训练人工智能模型,训练完成后交付模型。");
    let full = zh(
        "乙方使用甲方的数据集训练人工智能模型,交付后由甲方验收。乙方采取加密等安全措施,终止后删除数据,\
         甲方每年可以审计一次。",
    );
    for (id, rule) in [
        ("doc-missing-acceptance", "no-acceptance"),
        ("doc-missing-security", "no-security"),
        ("doc-missing-deletion", "no-deletion"),
        ("doc-missing-audit", "no-audit"),
    ] {
        check(id, &[(rule, &bare)], &[&full, &zh("甲方购买办公桌十张。")]);
    }
}

#[test]
fn samples_are_held_against_their_guidance() {
    let guide = |sample: &str| {
        format!(
            "Playbook\n01\nService Levels\nAsk for uptime and for response times, and separate \
             credits for degradation.\nSample Clause\n{sample}\n"
        )
    };
    check(
        "doc-sample-gap",
        &[(
            "degradation",
            &guide("Vendor guarantees 99.9% uptime and response times of one hour."),
        )],
        &[&guide(
            "Vendor guarantees 99.9% uptime, response times of one hour and credits when the \
             service is degraded.",
        )],
    );
    check(
        "doc-audit-choice",
        &[(
            "audit-or-report",
            &en("Customer may audit Vendor once a year, or receive a current report."),
        )],
        &[&en("Customer may audit Vendor once a year or receive a current report, at Customer's \
             election.")],
    );
}

#[test]
fn only_the_checks_that_are_on_run() {
    let on = BTreeSet::from(["doc-blank".to_owned()]);
    let facts = Facts { on: Some(on), ..Facts::default() };
    let hits = run(&wording(&zh("费用为[金额]元,按5%的利率支付逾期利息。")), &facts);
    assert!(!hits.is_empty() && hits.iter().all(|hit| hit.clause == "doc-blank"));
}

#[test]
fn every_check_is_tried_above() {
    let source = include_str!("checks.rs");
    let untried: Vec<_> = list()
        .map(|check| check.id)
        .filter(|id| *id != "doc-truncated" && !source.contains(&format!("\"{id}\"")))
        .collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[test]
fn a_text_that_breaks_off_is_found_only_where_it_is_a_clause() {
    let broken =
        "合同\n第一条 付款\n1.1 甲方应按月付款。\n第二条 违约\n2.1 乙方逾期超过三十日的,甲方有权单";
    let hits = found(broken);
    assert!(hits.iter().any(|hit| hit.clause == "doc-truncated" && hit.risk == Risk::High));
    let whole = found(&zh("甲方应按月付款。"));
    assert!(whole.iter().all(|hit| hit.clause != "doc-truncated"));
}

#[test]
fn hostile_text_does_not_stop_the_checks() {
    let deep = format!("合同\n第一条 空白\n1.1 {}\n", "[".repeat(5000));
    let many = format!("合同\n第一条 空白\n{}", "1.1 费用为[金额]元。\n".repeat(3000));
    for text in [deep, many, "]]】[【".repeat(500), "(".repeat(2000)] {
        let hits = found(&text);
        assert!(hits.len() < 2000, "{} findings", hits.len());
    }
}
