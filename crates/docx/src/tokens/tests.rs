//! One row for each cut: the words between bars.

use super::{changes, tokens};

fn check(want: &str) {
    checked(want, &[]);
}

fn checked(want: &str, terms: &[&str]) {
    let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
    let text = want.replace('|', "");
    assert_eq!(tokens(&text, &terms).join("|"), want);
}

#[test]
fn amounts_dates_and_numbers_of_clauses_are_whole() {
    check("人民币 12,000 元整");
    check("人民币¥12,000.00元");
    check("USD 1,000.00|.");
    check("pays| |USD 1.5 million| |in| |cash");
    check("US$5,000|,| |€20|.");
    check("应|在|30 日|内|付款");
    check("第3.4条|约定");
    check("第 3.4 条|约定");
    check("第三条|第二款|约定");
    check("可用性|不低于|99.9%|。");
    check("百分之五|的|违约金");
    check("三分之二|以上");
    check("2026年1月2日|起");
    check("二〇二六年一月二日|起");
    check("on| |2026-01-02|.");
    check("五个工作日|内");
    check("壹拾万元|的");
}

#[test]
fn a_number_takes_no_word_apart() {
    check("统一|日期");
    check("一般|条款");
    check("第三方|服务");
    check("3.1| |项目|名称");
    check("2| |年度|报告");
    check("Clause| |3.1| |applies");
    check("H100| |cards");
}

#[test]
fn chinese_is_cut_into_words_of_contracts() {
    check("供应商|不得|使用|客户|数据|训练|模型");
    check("甲方|应当|支付|服务|费用");
    check("违约|责任|和|赔偿");
}

#[test]
fn a_defined_term_is_whole() {
    checked("the| |Customer Data| |is", &["Customer", "Customer Data"]);
    checked("Customers| |are", &["Customer"]);
    checked("由|智能标注平台|提供", &["智能标注平台"]);
}

#[test]
fn a_text_without_words_is_cut_without_loss() {
    for text in
        ["", "\u{3000}", "……", "𠀀𠀁", "12,", "人民币", "第", "百分之", "a\u{301}b", "一二三"]
    {
        assert_eq!(tokens(text, &[]).concat(), text);
    }
}

#[test]
fn a_change_takes_words_not_characters() {
    let check = |old: &str, new: &str, want: &[(&str, &str)]| {
        let part = |text: &str, from: usize, to: usize| -> String {
            text.chars().skip(from).take(to - from).collect()
        };
        let have: Vec<(String, String)> = changes(old, new, &[])
            .into_iter()
            .map(|c| (part(old, c.old.start, c.old.end), part(new, c.new.start, c.new.end)))
            .collect();
        let want: Vec<(String, String)> =
            want.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(have, want);
    };
    check("双方的权利如下", "双方的权益如下", &[("权利", "权益")]);
    check("支付保证金", "支付定金", &[("保证金", "定金")]);
    check("应在30 日内付款", "应在45 日内付款", &[("30 日", "45 日")]);
    check("人民币 12,000 元", "人民币 13,000 元", &[("人民币 12,000 元", "人民币 13,000 元")]);
}
