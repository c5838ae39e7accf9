//! What was never filled in: brackets that name what belongs there, lines, tags; and alternatives
//! of which none was chosen.

use super::Kind;
use crate::Span;
use crate::letters::is_han;

/// The deepest nesting of brackets that is followed.
const DEEPEST: usize = 8;
/// The longest blank, in bytes.
const LONGEST: usize = 900;

/// Finds the blanks of a text, nested ones too.
pub(super) fn find(text: &str, found: &mut Vec<(Span, Kind)>) {
    brackets(text, found);
    lines(text, found);
    tags(text, found);
    crosses(text, found);
    choices(text, found);
}

/// `[具体天数]`, `【 】`, `[insert name]`, `[A/B]`.
fn brackets(text: &str, found: &mut Vec<(Span, Kind)>) {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '[' | '［' | '【' if open.len() < DEEPEST => open.push((at, letter)),
            ']' | '］' | '】' => {
                let Some((start, opening)) = open.pop() else { continue };
                let end = at + letter.len_utf8();
                if end - start > LONGEST {
                    continue;
                }
                let inner = Span { start: start + opening.len_utf8(), end: at };
                let hint = text[inner.start..inner.end].trim();
                if !is_blank(hint, opening, &text[..start], &text[end..]) {
                    continue;
                }
                let place = Span { start, end };
                found.push((place, Kind::Blank { hint: hint.to_owned() }));
                let options = options(text, inner);
                if options.len() > 1 {
                    found.push((place, Kind::Alternatives { options }));
                }
            }
            _ => {}
        }
    }
}

/// Whether brackets with `hint` in them are to be filled in.
fn is_blank(hint: &str, opening: char, before: &str, after: &str) -> bool {
    if hint.is_empty() || hint.chars().all(|c| "_＿ *●•.…—-/XxＸ×".contains(c)) {
        return true;
    }
    let digits = hint.chars().all(|letter| letter.is_ascii_digit());
    let cited = after.starts_with('号') || before.ends_with("号") || hint == "sic";
    if digits && opening != '【' || cited {
        return false;
    }
    if opening == '【' {
        // 【特别提示】 is emphasis; 【姓名】 and 【30】 are places to fill or filled ones.
        const HINTS: [&str; 14] = [
            "名称", "姓名", "日期", "金额", "具体", "填写", "地址", "账号", "期限", "电话", "比例",
            "比率", "天数", "数量",
        ];
        return HINTS.iter().any(|word| hint.contains(word)) && !hint.contains('。');
    }
    // A whole sentence in brackets is an optional clause, still unchosen; one word mostly a hint.
    let lower_insert = hint.starts_with(|letter: char| letter.is_lowercase())
        && hint.split(' ').count() == 1
        && !hint.contains(is_han)
        && hint.len() <= 3;
    !lower_insert
}

/// The alternatives of a bracket: split at slashes that stand outside inner brackets.
fn options(text: &str, inner: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut depth = 0_u32;
    let mut start = inner.start;
    let body = &text[inner.start..inner.end];
    if body.contains("://") {
        return out;
    }
    for (at, letter) in body.char_indices() {
        match letter {
            '[' | '【' | '［' => depth += 1,
            ']' | '】' | '］' => depth = depth.saturating_sub(1),
            '/' | '／' | '|' if depth == 0 => {
                push_option(text, start, inner.start + at, &mut out);
                start = inner.start + at + letter.len_utf8();
            }
            _ => {}
        }
    }
    push_option(text, start, inner.end, &mut out);
    out
}

fn push_option(text: &str, start: usize, end: usize, out: &mut Vec<Span>) {
    let piece = &text[start..end];
    let lead = piece.len() - piece.trim_start().len();
    let length = piece.trim().len();
    if length > 0 {
        out.push(Span { start: start + lead, end: start + lead + length });
    }
}

/// `____`.
fn lines(text: &str, found: &mut Vec<(Span, Kind)>) {
    let mut run: Option<(usize, usize, usize)> = None;
    let close = |run: Option<(usize, usize, usize)>, found: &mut Vec<(Span, Kind)>| {
        if let Some((start, end, count)) = run.filter(|(_, _, count)| *count >= 2) {
            let inside = found.iter().any(|(place, kind)| {
                matches!(kind, Kind::Blank { .. }) && place.start < end && start < place.end
            });
            if !inside && count >= 2 {
                found.push((Span { start, end }, Kind::Blank { hint: String::new() }));
            }
        }
    };
    for (at, letter) in text.char_indices() {
        if matches!(letter, '_' | '＿') {
            let end = at + letter.len_utf8();
            run = Some(run.map_or((at, end, 1), |(start, _, count)| (start, end, count + 1)));
        } else if letter != ' ' || run.is_none() {
            close(run.take(), found);
        }
    }
    close(run, found);
}

/// `{customer_name}`, `{{ term }}`.
fn tags(text: &str, found: &mut Vec<(Span, Kind)>) {
    let mut from = 0;
    while let Some(start) = text[from..].find('{').map(|at| from + at) {
        let body = text[start..].trim_start_matches('{');
        let opened = text.len() - start - body.len();
        let Some(close) = body.find('}').filter(|close| *close <= 80) else {
            from = start + opened;
            continue;
        };
        let hint = body[..close].trim();
        let rest = body[close..].trim_start_matches('}');
        let end = text.len() - rest.len();
        let name = !hint.is_empty()
            && hint
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '#' | '/'));
        if name {
            found.push((Span { start, end }, Kind::Blank { hint: hint.to_owned() }));
        }
        from = end;
    }
}

/// `XX公司`, `×××元`.
fn crosses(text: &str, found: &mut Vec<(Span, Kind)>) {
    if !text.contains(is_han) {
        return;
    }
    let mut run: Option<(usize, usize)> = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        if matches!(letter, 'X' | 'Ｘ' | '×' | '＊' | '●' | '■') {
            run = Some((run.map_or(at, |(start, _)| start), at + letter.len_utf8()));
        } else if let Some((start, end)) = run.take() {
            let before = text[..start].chars().next_back();
            let joined =
                before.is_some_and(|c| c.is_ascii_alphanumeric()) || letter.is_ascii_alphanumeric();
            let inside = found.iter().any(|(place, kind)| {
                matches!(kind, Kind::Blank { .. }) && place.start < end && start < place.end
            });
            if text[start..end].chars().count() >= 2 && !joined && !inside {
                found.push((Span { start, end }, Kind::Blank { hint: String::new() }));
            }
        }
    }
}

/// `提起诉讼/仲裁`, `甲方/乙方`, `□ A □ B`: alternatives without brackets.
fn choices(text: &str, found: &mut Vec<(Span, Kind)>) {
    const PAIRS: [&str; 8] = [
        "诉讼/仲裁",
        "仲裁/诉讼",
        "法院/仲裁机构",
        "法院/仲裁委员会",
        "甲方/乙方",
        "乙方/甲方",
        "是/否",
        "有/无",
    ];
    for pair in PAIRS {
        for (start, _) in text.match_indices(pair) {
            let end = start + pair.len();
            let inside = found.iter().any(|(place, kind)| {
                matches!(kind, Kind::Alternatives { .. })
                    && place.start <= start
                    && end <= place.end
            });
            if !inside {
                let options = options(text, Span { start, end });
                found.push((Span { start, end }, Kind::Alternatives { options }));
            }
        }
    }
    let boxes: Vec<usize> = text.match_indices(['□', '☐']).map(|(at, _)| at).collect();
    let ticked = text.contains(['☑', '☒', '■', '√', '✓']);
    if boxes.len() >= 2 && !ticked {
        let mut options = Vec::new();
        for (nth, start) in boxes.iter().enumerate() {
            let end = boxes.get(nth + 1).copied().unwrap_or(text.len());
            push_option(text, start + '□'.len_utf8(), end, &mut options);
        }
        let place =
            Span { start: boxes[0], end: options.last().map_or(text.len(), |last| last.end) };
        found.push((place, Kind::Alternatives { options }));
    }
}
