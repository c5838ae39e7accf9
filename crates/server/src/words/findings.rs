//! What a finding in a project says, Chinese first.

use desk::labelling::{Finding, Why};
use identifiers::{Certainty, Kind};
use labelling::{Beyond, Both, Fences, decimal};
use units::Lang;

/// The sentence about a finding, in Chinese and in English.
#[must_use]
pub fn finding(of: &Finding) -> (String, String) {
    match &of.why {
        Why::Alike { count } => alike(&of.reason, *count),
        Why::Contradiction { first, second } => (
            format!("条目 {first} 与 {second} 内容几乎相同，标注却不同。"),
            format!("Items {first} and {second} are nearly the same and labelled differently."),
        ),
        Why::Replicas { conflicts } => replicas(*conflicts),
        Why::Area { class, area, usual } => {
            let [area, low, high] = [*area, usual.low, usual.high].map(grouped);
            (
                format!("“{}”的框面积 {area} 平方像素；同类通常为 {low}–{high}。", class.zh),
                format!(
                    "A box of {} covers {area} square pixels; usual of the class are {low}–{high}.",
                    class.en
                ),
            )
        }
        Why::Aspect { class, aspect, usual } => {
            let [aspect, low, high] = [*aspect, usual.low, usual.high].map(thousandths);
            (
                format!("“{}”的框宽高比为 {aspect}；同类通常为 {low}–{high}。", class.zh),
                format!(
                    "A box of {} has {aspect} of its height in width; usual of the class are \
                     {low}–{high}.",
                    class.en
                ),
            )
        }
        Why::Count { count, usual } => counted(*count, *usual),
        Why::Pace { beyond, own, middle } => paced(*beyond, *own, *middle),
        Why::TooSmall { class, size: [width, height], least: [least_x, least_y] } => (
            format!(
                "“{}”的框只有 {width} × {height} 像素；现行规范要求至少 {least_x} × {least_y}。",
                class.zh
            ),
            format!(
                "A box of {} has {width} × {height} pixels; the guideline asks for at least \
                 {least_x} × {least_y}.",
                class.en
            ),
        ),
        Why::Missing { class, attribute } => (
            format!("“{}”缺少现行规范必填的属性“{}”。", class.zh, attribute.zh),
            format!(
                "A label of {} lacks “{}”, which the guideline requires.",
                class.en, attribute.en
            ),
        ),
        Why::Rule { class, field } => rule(&of.reason, class, field),
        Why::Identifier { certainty } => identifier(&of.reason, certainty),
    }
}

fn alike(reason: &str, count: usize) -> (String, String) {
    if reason == "same_text" {
        return (
            format!("{count} 条文本的文字相同（不计空白、标点和大小写）。"),
            format!("{count} texts have the same letters (blanks, punctuation and case aside)."),
        );
    }
    (format!("{count} 张图像看起来几乎相同。"), format!("{count} images look nearly the same."))
}

fn replicas(conflicts: u64) -> (String, String) {
    let labels = if conflicts == 1 { "label" } else { "labels" };
    (
        format!("各自标注的人员在 {conflicts} 个标注上意见不一。"),
        format!("The people who labelled it apart disagree on {conflicts} {labels}."),
    )
}

fn counted(count: u64, usual: Fences) -> (String, String) {
    let [count, low, high] = [count, usual.low, usual.high].map(grouped);
    (
        format!("标注数为 {count}；本项目的条目通常为 {low}–{high}。"),
        format!("The number of labels is {count}; usual of the project are {low}–{high}."),
    )
}

fn paced(beyond: Beyond, own: u64, middle: u64) -> (String, String) {
    let [own, middle] = [own, middle].map(thousandths);
    let (zh, en) = match beyond {
        Beyond::Below => ("快", "faster"),
        Beyond::Above => ("慢", "slower"),
    };
    (
        format!("每个标注用时 {own} 秒，居中者为 {middle} 秒：{zh}三倍以上。"),
        format!("{own} s a label against {middle} s of the middle person: over 3 times {en}."),
    )
}

fn rule(code: &str, class: &Both, field: &str) -> (String, String) {
    let (zh, en) = (&class.zh, &class.en);
    match code {
        "unknown_class" => {
            (format!("现行规范没有“{zh}”这个类别。"), format!("The guideline has no class {en}."))
        }
        "wrong_kind" => (
            format!("现行规范不允许“{zh}”有这种标注。"),
            format!("The guideline allows no label of this kind for {en}."),
        ),
        "unknown_attribute" | "unknown_value" | "wrong_type" => (
            format!("“{zh}”的 {field} 不是现行规范允许的。"),
            format!("The guideline does not allow this {field} of {en}."),
        ),
        "outside" => (
            format!("“{zh}”的标注超出了条目的范围。"),
            format!("A label of {en} reaches beyond the item."),
        ),
        "occluded" => (
            format!("此处“{zh}”被遮挡；现行规范要求不标。"),
            format!("{en} is partly hidden here; the guideline says not to label that."),
        ),
        _ => (
            format!("“{zh}”的标注不符合现行规范（{code}）。"),
            format!("A label of {en} does not follow the guideline ({code})."),
        ),
    }
}

fn identifier(kind: &str, certainty: &str) -> (String, String) {
    let found = Kind::ALL.iter().find(|one| one.code() == kind);
    let sure = Certainty::ALL.iter().find(|one| one.code() == certainty);
    let named = |lang| {
        let kind = found.map_or(kind, |found| found.name(lang));
        (kind, sure.map_or(certainty, |sure| sure.name(lang)))
    };
    let ((kind_zh, sure_zh), (kind_en, sure_en)) = (named(Lang::Zh), named(Lang::En));
    (
        format!("文本中有{kind_zh}（{sure_zh}）。"),
        format!("Identifier in the text: {kind_en} ({sure_en})."),
    )
}

/// Thousandths as the shortest decimal.
fn thousandths(value: u64) -> String {
    decimal(i64::try_from(value).unwrap_or(i64::MAX / 1_000).saturating_mul(1_000))
}

/// A whole number with its thousands apart.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
