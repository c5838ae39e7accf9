//! Terms that a paragraph defines in quotes: `（以下简称“平台”）`, `「数据」是指`, `(the "Platform")`,
//! `"Data" means`.
//!
//! Only what is compared as one word; what a term means is known to `wording`.

/// Quotes that open and close.
const QUOTES: [(char, char); 4] = [('“', '”'), ('「', '」'), ('『', '』'), ('"', '"')];
/// A longer text in quotes is a quotation.
const LONGEST: usize = 40;
/// How far before the quote a bracket may open.
const NEAR: usize = 40;

/// What stands before a term that is defined.
const BEFORE: [&str; 6] = ["称", "称为", "所称的", "称：", "称:", "hereinafter"];
/// What stands behind it.
const BEHIND: [&str; 11] = [
    "是指",
    "系指",
    "均指",
    "指",
    "包括",
    "means",
    "mean ",
    "shall mean",
    "has the meaning",
    "have the meaning",
    "refers to",
];

/// Adds the terms that a paragraph defines.
pub(super) fn terms(text: &str, found: &mut Vec<String>) {
    let mut at = 0;
    while let Some(open) = text[at..].find(|c| QUOTES.iter().any(|(open, _)| *open == c)) {
        let open = at + open;
        let Some(quote) = text[open..].chars().next() else { return };
        let start = open + quote.len_utf8();
        let close =
            QUOTES.iter().find(|(open, _)| *open == quote).map_or(quote, |(_, close)| *close);
        let Some(end) = text[start..].find(close).map(|end| start + end) else {
            at = start;
            continue;
        };
        let (term, behind) = (&text[start..end], &text[end + close.len_utf8()..]);
        at = end + close.len_utf8();
        let length = term.chars().count();
        if (2..=LONGEST).contains(&length) && is_defined(&text[..open], behind) {
            found.push(term.to_owned());
        }
    }
}

fn is_defined(before: &str, behind: &str) -> bool {
    let near = before.char_indices().rev().take(NEAR).map(|(at, _)| at).last().unwrap_or(0);
    let near = &before[near..];
    let bracket = near.rfind(['(', '（']).is_some_and(|at| !near[at..].contains([')', '）']));
    let behind = behind.trim_start();
    bracket
        || BEFORE.iter().any(|words| near.trim_end().ends_with(words))
        || BEHIND.iter().any(|words| behind.starts_with(words))
}

#[cfg(test)]
mod tests {
    use super::terms;

    #[test]
    fn terms_in_quotes_are_found_where_they_are_defined() {
        let check = |text: &str, want: &[&str]| {
            let mut found = Vec::new();
            terms(text, &mut found);
            assert_eq!(found, want, "{text}");
        };
        check("智能标注平台（以下简称“平台”）由乙方提供", &["平台"]);
        check("「客户数据」是指甲方提供的数据", &["客户数据"]);
        check("Acme Ltd (the \"Vendor\") and Bee Inc. (\"Customer\")", &["Vendor", "Customer"]);
        check("“Customer Data” means all data", &["Customer Data"]);
        check("Wilbur said “no” to it", &[]);
        check("an open “quote", &[]);
        check("按照“先到先得”的原则", &[]);
    }
}
