//! The examples of the rules for bills, and what they forbid.

use super::*;

fn cny(minor: i128) -> Money {
    Money::new(minor, Currency::Cny)
}

#[test]
fn amounts_are_written_as_the_rules_for_bills_show() {
    for (minor, want) in [
        (140_950, "壹仟肆佰零玖元伍角"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (600_714, "陆仟零柒元壹角肆分"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (10_000, "壹佰元整"),
        (-10_000, "负壹佰元整"),
        (100_000_000, "壹佰万元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (1_050_000_000_000, "壹佰零伍亿元整"),
        (10_000_500_000, "壹亿零伍仟元整"),
        (100_050_000_000, "壹拾亿零伍拾万元整"),
        (100_000_000_000_000_001, "壹仟万亿元零壹分"),
        (1_000_000_000_000_000_000, "壹亿亿元整"),
    ] {
        assert_eq!(amount_in_words_zh(cny(minor)), want, "{minor}");
        assert_eq!(parse_amount_zh(want), Ok(cny(minor)), "{want}");
    }
}

#[test]
fn other_currencies_carry_their_name() {
    for (minor, currency, want) in [
        (12_345, Currency::Usd, "美元壹佰贰拾叁元肆角伍分"),
        (10_000, Currency::Eur, "欧元壹佰元整"),
        (10_000, Currency::Jpy, "日元壹万元整"),
        (-100, Currency::Hkd, "港元负壹元整"),
    ] {
        assert_eq!(amount_in_words_zh(Money::new(minor, currency)), want);
    }
}

#[test]
fn permitted_variants_are_read() {
    for (text, minor) in [
        ("人民币壹万陆仟肆佰零玖元零贰分", 1_640_902),
        ("人民币（大写）：壹佰元整", 10_000),
        ("人民币(大写):壹佰元整", 10_000),
        ("人民币大写壹佰元整", 10_000),
        ("人民币负壹佰元整", -10_000),
        ("壹仟肆佰零玖元伍角整", 140_950),
        ("壹仟肆佰零玖圆伍角正", 140_950),
        ("壹拾万零柒仟元伍角叁分", 10_700_053),
        ("壹拾万柒仟元零伍角叁分", 10_700_053),
        ("壹仟陆佰捌拾元零叁角贰分", 168_032),
        ("貳萬陸仟圓整", 2_600_000),
        ("壹億圓正", 10_000_000_000),
        ("壹亿伍仟元整", 10_000_500_000),
        ("壹亿零伍仟元整", 10_000_500_000),
        ("壹拾亿零伍仟万元整", 105_000_000_000),
        ("零元伍角", 50),
        ("零元零伍分", 5),
        ("零元伍分", 5),
        ("\u{3000}壹佰元整\u{3000}", 10_000),
        (" 壹佰元整 ", 10_000),
    ] {
        assert_eq!(parse_amount_zh(text), Ok(cny(minor)), "{text}");
    }
}

#[test]
fn malformed_amounts_are_refused_at_their_character() {
    use WordsProblem::{Foreign, Incomplete, Misplaced, Missing, Range};
    for (text, at, problem) in [
        ("", 0, Incomplete),
        ("人民币", 3, Incomplete),
        ("壹佰", 2, Incomplete),
        ("负", 1, Incomplete),
        ("壹佰元", 3, Missing('整')),
        ("拾元整", 0, Missing('壹')),
        ("拾万元整", 0, Missing('壹')),
        ("一百元整", 0, Foreign('一')),
        ("壹佰 元整", 2, Foreign(' ')),
        ("人民币 壹佰元整", 3, Foreign(' ')),
        ("壹百元整", 1, Foreign('百')),
        ("100元整", 0, Foreign('1')),
        ("壹佰元整整", 4, Misplaced('整')),
        ("壹佰元零伍分整", 6, Misplaced('整')),
        ("壹佰元伍分", 3, Missing('零')),
        ("壹佰零元整", 2, Misplaced('零')),
        ("壹佰伍元整", 2, Missing('零')),
        ("壹佰零零伍元整", 3, Misplaced('零')),
        ("壹佰零壹元零伍角", 5, Misplaced('零')),
        ("壹贰元整", 1, Misplaced('贰')),
        ("壹佰贰仟元整", 3, Misplaced('仟')),
        ("壹佰贰佰元整", 3, Misplaced('佰')),
        ("壹万贰万元整", 3, Misplaced('万')),
        ("万元整", 0, Misplaced('万')),
        ("亿元整", 0, Misplaced('亿')),
        ("元整", 0, Missing('零')),
        ("壹元贰元整", 3, Misplaced('元')),
        ("伍分叁角", 2, Misplaced('叁')),
        ("伍角叁角", 3, Misplaced('角')),
        ("壹拾角", 2, Misplaced('角')),
        ("壹元拾分", 2, Misplaced('拾')),
        ("零角伍分", 1, Misplaced('角')),
        ("整", 0, Misplaced('整')),
        ("壹负元", 1, Misplaced('负')),
        ("负负壹元整", 1, Misplaced('负')),
        ("零伍分", 0, Misplaced('零')),
        ("壹亿伍佰元整", 2, Missing('零')),
        ("壹亿零零伍仟元整", 3, Misplaced('零')),
        ("壹万伍佰元整", 2, Missing('零')),
        ("  人民币壹佰元", 8, Missing('整')),
        ("壹亿亿亿亿亿元整", 5, Range),
        ("壹拾万亿亿亿亿元整", 0, Range),
    ] {
        assert_eq!(parse_amount_zh(text), Err(WordsError { at, problem }), "{text}");
    }
}

#[test]
fn words_and_figure_are_compared() {
    let words = "人民币壹万陆仟肆佰零玖元零贰分";
    assert_eq!(AmountWords::compare(words, cny(1_640_902)), Ok(AmountWords::Match(cny(1_640_902))));
    for figure in [cny(1_640_920), cny(-1_640_902), Money::new(1_640_902, Currency::Usd)] {
        let want = AmountWords::Mismatch { words: cny(1_640_902), figure };
        assert_eq!(AmountWords::compare(words, figure), Ok(want));
    }
    assert!(AmountWords::compare("壹佰", cny(10_000)).is_err());
}

#[test]
fn amounts_in_english_spell_the_minor_unit() {
    for (minor, currency, want) in [
        (1_640_902, Currency::Cny, "Sixteen thousand four hundred nine yuan and two fen"),
        (100, Currency::Usd, "One US dollar"),
        (101, Currency::Usd, "One US dollar and one cent"),
        (12_150, Currency::Usd, "One hundred twenty-one US dollars and fifty cents"),
        (1, Currency::Gbp, "One penny"),
        (0, Currency::Eur, "Zero euros"),
        (-200, Currency::Cny, "Minus two yuan"),
        (2_000_000, Currency::Jpy, "Two million yen"),
        (100_000_000_000_000_000, Currency::Hkd, "One quadrillion Hong Kong dollars"),
    ] {
        assert_eq!(amount_in_words_en(Money::new(minor, currency)), want);
    }
    let most = amount_in_words_en(Money::new(i128::MIN, Currency::Jpy));
    assert!(most.starts_with("Minus one hundred seventy undecillion"), "{most}");
}
