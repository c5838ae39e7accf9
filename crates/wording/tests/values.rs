//! Values that the words state: numbers, money, durations, dates, bounds, blanks, references.

use wording::values::{Bound, Kind, TimeUnit, definitions, parties, values};
use wording::{Wording, segment};

use crate::clauses::lines;

fn read(text: &str) -> Wording {
    segment(lines(text))
}

/// The values of a text in short: `{place}={kind}`.
fn shorts(text: &str) -> Vec<String> {
    let wording = read(text);
    values(&wording)
        .iter()
        .map(|value| {
            let words = &wording.text[value.place.start..value.place.end];
            format!("{words} = {}", short(&value.kind, &wording))
        })
        .collect()
}

fn short(kind: &Kind, wording: &Wording) -> String {
    match kind {
        Kind::Number { number } => format!("{}{}", said(number), number.value),
        Kind::Percent { number, per } => {
            format!("{}{}%{}", said(number), number.value, unit(per.as_ref()))
        }
        Kind::Money { number, currency, per } => format!(
            "{}{} {currency}{}",
            said(number),
            number.value,
            per.as_ref().map_or(String::new(), |per| format!("/{per}"))
        ),
        Kind::Duration { number, unit } => format!("{}{} {unit:?}", said(number), number.value),
        Kind::Coverage { hours, days } => format!("{hours}h {days}d"),
        Kind::Date { year, month, day } => {
            format!("{year}-{}-{}", month.unwrap_or(0), day.unwrap_or(0))
        }
        Kind::Blank { hint } => format!("blank {hint}"),
        Kind::Alternatives { options } => {
            let words: Vec<&str> =
                options.iter().map(|span| &wording.text[span.start..span.end]).collect();
            format!("one of {}", words.join("|"))
        }
        Kind::Reference { label, target, external } => {
            format!(
                "see {label} {}{}",
                target.map_or("none", |_| "found"),
                if *external { " outside" } else { "" }
            )
        }
    }
}

fn said(number: &wording::values::Number) -> String {
    let bound = match number.bound {
        Some(Bound::AtLeast) => ">=",
        Some(Bound::MoreThan) => ">",
        Some(Bound::AtMost) => "<=",
        Some(Bound::LessThan) => "<",
        Some(Bound::About) => "~",
        None => "",
    };
    let words = if number.is_mismatch() { "MISMATCH " } else { "" };
    format!("{words}{bound}")
}

fn unit(per: Option<&TimeUnit>) -> String {
    per.map_or(String::new(), |unit| format!("/{unit:?}"))
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(shorts(text), expected, "{text}");
}

#[test]
fn durations_are_read_in_both_languages() {
    check("within thirty (30) days", &["thirty (30) days = <=30 Days"]);
    check("no later than 72 hours after", &["72 hours = <=72 Hours"]);
    check("a 30-day period", &["30-day = 30 Days"]);
    check("five (5) business days", &["five (5) business days = 5 WorkingDays"]);
    check("the twelve (12) months preceding", &["twelve (12) months = 12 Months"]);
    check("应在三日内支付", &["三日 = <=3 Days"]);
    check("提前三十（30）日通知", &["三十（30）日 = 30 Days"]);
    check("收到后15个工作日内", &["15个工作日 = <=15 WorkingDays"]);
    check("终止后两年", &["两年 = 2 Years"]);
    check("不超过24小时", &["24小时 = <=24 Hours"]);
    check("共计12个月", &["12个月 = 12 Months"]);
    check("within 15 (fifteen) days", &["15 (fifteen) days = <=15 Days"]);
    check(
        "support is 7x24 and 24/7; 提供7×24小时服务",
        &["7x24 = 24h 7d", "24/7 = 24h 7d", "7×24小时 = 24h 7d"],
    );
}

#[test]
fn a_word_that_disagrees_with_its_figure_is_seen() {
    check("thirty (60) days", &["thirty (60) days = MISMATCH 60 Days"]);
    check("九十(60)日", &["九十(60)日 = MISMATCH 60 Days"]);
    check(
        "人民币100000元（大写：壹万元整）",
        &["人民币100000元（大写：壹万元整） = MISMATCH 100000 CNY"],
    );
    check(
        "ninety-nine point nine percent (99.9%)",
        &["ninety-nine point nine percent (99.9%) = 99.9%"],
    );
    check("five percent (5%) of monthly fees", &["five percent (5%) = 5%"]);
}

#[test]
fn percentages_keep_the_time_that_they_count_for() {
    check("每日按万分之五支付", &["万分之五 = 0.05%/Days"]);
    check("按日千分之一", &["千分之一 = 0.1%/Days"]);
    check("百分之九十九点九", &["百分之九十九点九 = 99.9%"]);
    check("1.5% per month", &["1.5% = 1.5%/Months"]);
    check("interest of 6% per annum", &["6% = 6%/Years"]);
    check("年利率6%", &["6% = 6%/Years"]);
    check("可用性不低于99.9%", &["99.9% = >=99.9%"]);
    check("0.5‰", &["0.5‰ = 0.05%"]);
    check("at least 99.95% uptime", &["99.95% = >=99.95%"]);
}

#[test]
fn money_has_its_currency_and_what_it_is_for() {
    check("$1,000,000 in the aggregate", &["$1,000,000 = 1000000 USD"]);
    check("up to US$2.5 million", &["US$2.5 million = <=2500000 USD"]);
    check("人民币10万元", &["人民币10万元 = 100000 CNY"]);
    check("¥1,200.50", &["¥1,200.50 = 1200.5 CNY"]);
    check("每小时20元/GPU小时计算", &["20元 = 20 CNY/GPU小时"]);
    check("five hundred dollars ($500)", &["five hundred dollars ($500) = 500 USD"]);
    check("EUR 20 per hour", &["EUR 20 = 20 EUR/hour"]);
    check("the greater of $50 or fees", &["$50 = 50 USD"]);
}

#[test]
fn dates_are_read_in_every_form() {
    check("Effective June 17, 2025", &["June 17, 2025 = 2025-6-17"]);
    check("on 1 December 2025", &["1 December 2025 = 2025-12-1"]);
    check("this 17th day of February, 2016", &["17th day of February, 2016 = 2016-2-17"]);
    check("Last Updated: 2025-10-16", &["2025-10-16 = 2025-10-16"]);
    check("自2026年1月28日起", &["2026年1月28日 = 2026-1-28"]);
    check("二〇二六年一月", &["二〇二六年一月 = 2026-1-0"]);
    check("每月10日前支付", &["10 = 10"]);
    check("April 2026", &["April 2026 = 2026-4-0"]);
}

#[test]
fn names_with_figures_are_no_quantities() {
    check("SOC 2 Type II, ISO 27001, GPT-4, IPv6 and one party", &[]);
    check("一方违约，另一方十分不满，万一", &[]);
}

#[test]
fn comparison_words_say_whether_the_number_counts() {
    check("超过30日", &["30日 = >30 Days"]);
    check("不满18周岁", &["18 = <18"]);
    check("ten (10) or more users", &["ten (10) = >=10"]);
    check("more than 5 days", &["5 days = >5 Days"]);
}

#[test]
fn blanks_and_alternatives_are_found_where_nothing_was_chosen() {
    check("[具体天数]个工作日内", &["[具体天数] = blank 具体天数"]);
    check(
        "保密期限为[具体年限,例如:三]年",
        &["[具体年限,例如:三] = blank 具体年限,例如:三", "三 = 3"],
    );
    check(
        "向[法院/仲裁机构]提起诉讼/仲裁",
        &[
            "[法院/仲裁机构] = blank 法院/仲裁机构",
            "[法院/仲裁机构] = one of 法院|仲裁机构",
            "诉讼/仲裁 = one of 诉讼|仲裁",
        ],
    );
    check("on ____ day of {month}", &["____ = blank ", "{month} = blank month"]);
    check("甲方：【】，金额【 】元", &["【】 = blank ", "【 】 = blank "]);
    check("XX公司", &["XX = blank "]);
    check(
        "[***] and [Customer Name]",
        &["[***] = blank ***", "[Customer Name] = blank Customer Name"],
    );
    check("【特别提示】见国发[2021]5号", &["2021 = 2021"]);
}

#[test]
fn nested_blanks_are_found_inside_their_outer_one() {
    let found = shorts("根据[节点,例如:每月结束后的[天数]个工作日内/完成后]支付");
    assert!(found.iter().any(|one| one == "[天数] = blank 天数"), "{found:?}");
    assert!(found.iter().any(|one| one.ends_with("内|完成后")), "{found:?}");
}

#[test]
fn references_are_resolved_or_dangle() {
    check(
        "第一条 定义\n1.1 见第二条和第九条。\n第二条 费用\n2.1 依1.1条。",
        &["第二条 = see 2 found", "第九条 = see 9 none", "1.1条 = see 1.1 found"],
    );
    check(
        "1. Fees\n1.1 Rates. See Section 2.3(a) and Exhibit B.\n2. Term\n2.3 Renewal. As in Article I:\n(a) yes",
        &[
            "Section 2.3(a) = see 2.3.a found",
            "Exhibit B = see EXHIBIT-B none",
            "Article I = see I found",
        ],
    );
    check("under Article 28 of the GDPR", &["Article 28 = see 28 none outside"]);
    check("依据《民法典》第五百八十五条", &["第五百八十五条 = see 585 none outside"]);
    check("见附件一", &["附件一 = see 附件1 none"]);
}

#[test]
fn definitions_have_their_term_and_meaning() {
    let check = |text: &str, expected: &[(&str, &str)]| {
        let wording = read(text);
        let found: Vec<(String, &str)> = definitions(&wording)
            .into_iter()
            .map(|d| (d.term, wording.text[d.meaning.start..d.meaning.end].trim()))
            .collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(t, m)| (t.as_str(), *m)).collect();
        assert_eq!(found, expected, "{text}");
    };
    check(
        "“Usage Data” means data about use. It is not Customer Data.",
        &[("Usage Data", "data about use.")],
    );
    check(
        "“A” and “B” have the meaning given below.",
        &[("A", "given below."), ("B", "given below.")],
    );
    check("Acme gives feedback (the “Feedback”) freely.", &[("Feedback", "Acme gives feedback")]);
    check("Affiliate means any entity.", &[("Affiliate", "any entity.")]);
    check("模型训练:指使用数据集。", &[("模型训练", "使用数据集。")]);
    check("本协议所称保密信息是指技术信息。", &[("保密信息", "技术信息。")]);
    check("非公开信息(以下简称“保密信息”)应保密。", &[("保密信息", "非公开信息")]);
    check("“用户数据”是指输入的内容。", &[("用户数据", "输入的内容。")]);
}

#[test]
fn parties_have_their_side_by_the_word_in_brackets() {
    let check = |text: &str, expected: &[&str]| {
        let found: Vec<String> = parties(&read(text))
            .into_iter()
            .map(|party| {
                format!("{} {:?} {}", party.label, party.role, party.name.unwrap_or_default())
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    };
    check(
        "甲方(出租方):[甲方公司全称]\n乙方(承租方):[乙方公司全称]",
        &["甲方 Vendor [甲方公司全称]", "乙方 Customer [乙方公司全称]"],
    );
    check(
        "1.甲方(服务提供方):某公司,代码\n2.乙方:某某公司",
        &["甲方 Vendor 某公司", "乙方 Customer 某某公司"],
    );
    check("甲方:某公司\n乙方:某某公司", &["甲方 Unknown 某公司", "乙方 Unknown 某某公司"]);
    check(
        "This Agreement is between Acme, Inc. (“Provider”) and Beta LLC (“Customer”).",
        &["Provider Vendor Acme, Inc.", "Customer Customer Beta LLC"],
    );
}
