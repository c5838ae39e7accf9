//! What belongs to the page and not to the document: headers, footers and page numbers, the words
//! of the web site around it, what stands before the title and after the end.
//!
//! Cuts only on evidence, reports every cut, and never takes a line that carries a clause.

use std::collections::HashMap;

use crate::letters::{is_ended, is_han};
use crate::marker::marker;
use crate::{Cut, Line, Part, WhyCut};

/// A line repeated at the edge of pages is shorter than this, in characters.
const RUNNING: usize = 100;
/// How many lines a site may put before a contract.
const HEAD: usize = 120;
/// How many lines from the edge of a page a running header or footer stands.
const EDGE: usize = 3;

/// The lines of the document, and what was cut.
pub(crate) fn cut(lines: Vec<Line>) -> (Vec<Line>, Vec<Cut>) {
    let mut fate: Vec<Option<WhyCut>> = vec![None; lines.len()];
    margins(&lines, &mut fate);
    contents(&lines, &mut fate);
    let title = site(&lines, &mut fate);
    if let Some(first) = title {
        for why in &mut fate[..first] {
            *why = why.or(Some(WhyCut::BeforeTitle));
        }
    }
    let mut kept = Vec::with_capacity(lines.len());
    let mut cuts: Vec<(usize, Cut)> = Vec::new();
    for (at, (line, why)) in lines.into_iter().zip(fate).enumerate() {
        let Some(why) = why else {
            kept.push(line);
            continue;
        };
        match cuts.last_mut() {
            Some((last, cut)) if *last + 1 == at && cut.why == why && why != WhyCut::Margin => {
                *last = at;
                cut.text.push('\n');
                cut.text.push_str(&line.text);
            }
            _ => cuts.push((at, Cut { text: line.text, source: line.source, why })),
        }
    }
    (kept, cuts.into_iter().map(|(_, cut)| cut).collect())
}

/// Headers, footers and page numbers.
fn margins(lines: &[Line], fate: &mut [Option<WhyCut>]) {
    let mut running: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        if line.part == Part::Margin || is_page_number(lines, at) {
            fate[at] = Some(WhyCut::Margin);
        } else if may_run(line) && is_at_edge(lines, at) {
            running.entry(shape(&line.text)).or_default().push(at);
        }
    }
    for places in running.into_values() {
        let pages = pages(lines, &places);
        let marked = places.iter().all(|at| is_marked(&lines[*at].text));
        if pages >= 3 || (pages == 2 && marked) || (marked && places.len() >= 2) {
            for at in places {
                fate[at] = Some(WhyCut::Margin);
            }
        }
    }
}

/// A table of contents: lines below its head that end with a page or return later as headings.
fn contents(lines: &[Line], fate: &mut [Option<WhyCut>]) {
    let named = |line: &Line| {
        let lower = line.text.to_lowercase();
        let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
        matches!(lower, "table of contents" | "contents" | "目录" | "目 录")
    };
    let Some(head) = lines.iter().take(lines.len() / 2).position(named) else { return };
    let later: HashMap<String, usize> =
        lines.iter().enumerate().map(|(at, line)| (key(&line.text), at)).collect();
    let mut taken: Vec<usize> = Vec::new();
    let mut missed = 0;
    for (at, line) in lines.iter().enumerate().skip(head + 1).take(400) {
        if fate[at].is_some() {
            continue;
        }
        let bare = without_page(&line.text);
        let paged = bare.len() < line.text.len() && line.text.chars().count() <= 160;
        let returns = later.get(&key(bare)).is_some_and(|other| *other > at + 2);
        if paged || returns && line.text.chars().count() <= 160 {
            missed = 0;
            taken.push(at);
        } else {
            missed += 1;
            if missed > 1 || taken.is_empty() {
                break;
            }
        }
    }
    if taken.len() >= 3 {
        fate[head] = Some(WhyCut::Contents);
        for at in taken {
            fate[at] = Some(WhyCut::Contents);
        }
    }
}

/// The letters and figures of a line, as far as two lines are compared.
fn key(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .take(48)
        .collect::<String>()
        .to_lowercase()
}

/// A line of a table of contents without the page at its end.
fn without_page(text: &str) -> &str {
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let lead = bare.trim_end_matches(['.', '…', ' ', '·', '-', '_', '\u{2026}']);
    let digits = text.len() - bare.len();
    let gap = bare.len() - lead.len();
    if (1..=3).contains(&digits) && gap > 0 && !lead.is_empty() { lead } else { text }
}

/// How many pages hold these lines; without pages, how many lines.
fn pages(lines: &[Line], places: &[usize]) -> usize {
    let mut pages: Vec<u32> = places.iter().filter_map(|at| lines[*at].page).collect();
    if pages.is_empty() {
        return places.len();
    }
    pages.sort_unstable();
    pages.dedup();
    pages.len()
}

/// Figures are equal in a running header: `Page 3` and `Page 4` are one shape.
fn shape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            if !out.ends_with('0') {
                out.push('0');
            }
        } else {
            out.push(letter);
        }
    }
    out
}

fn may_run(line: &Line) -> bool {
    let text = line.text.as_str();
    line.cell.is_none()
        && line.number.is_none()
        && line.heading.is_none()
        && text.chars().count() <= RUNNING
        && !text.contains("__")
        && !text.ends_with([':', '：', ';', '；', ','])
        && marker(text).is_none_or(|found| found.weak)
        && !text.to_lowercase().starts_with("in witness")
        && !text.contains("[***]")
        && !text.starts_with("/s/")
        && !(text.starts_with("By") || text.starts_with("Name") || text.starts_with("Title"))
        && (is_marked(text) || !is_ended(text))
}

/// Whether a line says itself that it belongs to the page.
fn is_marked(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.starts_with("source: ")
        || lower.contains(" page ") && text.ends_with(|c: char| c.is_ascii_digit())
        || lower.starts_with("page ") && text.len() < 24
        || text.starts_with('第') && text.contains('页') && text.chars().count() < 24
}

/// First or last lines of a page; without pages, lines beside a gap of the source.
fn is_at_edge(lines: &[Line], at: usize) -> bool {
    match lines[at].page {
        Some(page) => {
            let near = |step: usize, back: bool| {
                let other = if back { at.checked_sub(step) } else { at.checked_add(step) };
                other.and_then(|other| lines.get(other)).is_none_or(|line| line.page != Some(page))
            };
            (1..=EDGE).any(|step| near(step, true) || near(step, false))
        }
        None => {
            let gap = |first: usize, second: usize| match (lines.get(first), lines.get(second)) {
                (Some(first), Some(second)) => second.source.saturating_sub(first.source) >= 4,
                _ => true,
            };
            at == 0 || gap(at, at + 1) || gap(at - 1, at) || is_marked(&lines[at].text)
        }
    }
}

/// `3`, `- 3 -`, `Page 3 of 9`, `第 3 页 共 9 页`, `A-3`, where it cannot be a number of a clause.
fn is_page_number(lines: &[Line], at: usize) -> bool {
    let line = &lines[at];
    if line.cell.is_some() || line.number.is_some() || line.heading.is_some() {
        return false;
    }
    let text = line.text.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | ' ' | '*' | '|'));
    let dashed = text.len() < line.text.len();
    if text.is_empty() || text.len() > 40 {
        return false;
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        return text.len() <= 4
            && (dashed && text.len() <= 3 || !text.starts_with('0') && is_at_edge_wide(lines, at));
    }
    let lower = text.to_lowercase();
    let counts = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || " of/".contains(c));
    if let Some(rest) = lower.strip_prefix("page ") {
        return counts(rest);
    }
    if text.starts_with('第') && text.contains('页') {
        return text.chars().all(|c| c.is_ascii_digit() || "第页共 ,，/".contains(c));
    }
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 2
        && parts[0].len() <= 2
        && parts[0].bytes().all(|b| b.is_ascii_uppercase())
        && parts[1].bytes().all(|b| b.is_ascii_digit())
        && !parts[0].is_empty()
        && !parts[1].is_empty()
        && is_at_edge_wide(lines, at)
}

/// A bare figure is a page number unless a title stands directly below it.
fn is_at_edge_wide(lines: &[Line], at: usize) -> bool {
    let line = &lines[at];
    let next = lines.get(at + 1);
    line.page.is_some() && is_at_edge(lines, at)
        || next.is_none_or(|next| next.source.saturating_sub(line.source) >= 2)
        || next.is_some_and(|next| site_word(&next.text).is_some())
}

/// Where the document begins, if words of a site stand before it; cuts what stands after its end.
fn site(lines: &[Line], fate: &mut [Option<WhyCut>]) -> Option<usize> {
    let strong: Vec<usize> =
        (0..lines.len()).filter(|at| site_word(&lines[*at].text) == Some(true)).collect();
    // Only the words of Chinese document sites are sure enough to cut whole stretches.
    let sure = |at: &usize| lines[*at].text.contains(is_han);
    let begin = lines.iter().take(HEAD).position(begins_contract).unwrap_or(0);
    let mut first = None;
    if strong.iter().filter(|at| sure(at)).any(|at| *at < begin) || is_counted(&lines[..begin]) {
        first = title_before(lines, begin).or(Some(begin));
    }
    let last_clause = (0..lines.len())
        .rev()
        .find(|at| {
            let text = lines[*at].text.as_str();
            !is_file_name(text)
                && (lines[*at].number.is_some()
                    || marker(text).is_some_and(|found| !found.number.is_empty() && !found.weak))
        })
        .unwrap_or(0);
    if let Some(end) =
        strong.iter().copied().find(|at| sure(at) && *at > begin && *at > last_clause)
    {
        // Counters and titles of other documents directly before the first strong word go too.
        for why in &mut fate[end..] {
            *why = why.or(Some(WhyCut::AfterEnd));
        }
    }
    let from = first.unwrap_or(0);
    for at in strong {
        if at > from {
            fate[at] = fate[at].or(Some(WhyCut::Site));
        }
    }
    first
}

/// Whether a line counts letters or pages (`约 4页`): the head of a document site.
fn is_counted(lines: &[Line]) -> bool {
    lines.iter().any(|line| {
        let text = line.text.trim_start_matches(['-', ' ', '*']);
        text.starts_with('约') && text.ends_with(['字', '页']) && text.chars().count() <= 12
    })
}

/// The first line of a contract proper: its parties, recitals or first clause.
fn begins_contract(line: &Line) -> bool {
    let text = line.text.as_str();
    const STARTS: [&str; 12] = [
        "甲方",
        "乙方",
        "鉴于",
        "第一条",
        "第1条",
        "一、",
        "委托方",
        "出租方",
        "WHEREAS",
        "This Agreement",
        "THIS AGREEMENT",
        "ARTICLE ",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
}

/// The title of the contract that begins at `begin`: the nearest line above that names one.
fn title_before(lines: &[Line], begin: usize) -> Option<usize> {
    let from = begin.saturating_sub(8);
    (from..begin).rev().find(|at| names_contract(&lines[*at].text))
}

/// Whether a line names a contract: `…合同`, `…协议(2026年)`, `… Agreement`.
pub(crate) fn names_contract(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "合同",
        "协议",
        "条款",
        "章程",
        "政策",
        "声明",
        "agreement",
        "terms",
        "contract",
        "policy",
        "addendum",
        "amendment",
        "license",
        "lease",
        "playbook",
    ];
    let lower = text.to_lowercase();
    let short = text.chars().count() <= if text.contains(is_han) { 40 } else { 120 };
    short
        && !is_file_name(text)
        && !is_ended(text.trim_end_matches([')', '）']))
        && WORDS.iter().any(|word| lower.contains(word))
}

fn is_file_name(text: &str) -> bool {
    const ENDS: [&str; 9] =
        [".doc", ".docx", ".pdf", ".ppt", ".pptx", ".xls", ".docxvip", ".pdfvip", ".pdf vip"];
    let lower = text.trim_end().to_lowercase();
    ENDS.iter().any(|end| lower.ends_with(end)) || lower.ends_with(".docx vip")
}

/// Whether the words of a document site or a web page fill this line: `Some(true)` where nothing
/// else can be meant.
fn site_word(text: &str) -> Option<bool> {
    const WHOLE: [&str; 26] = [
        "举报",
        "收藏",
        "下载",
        "查看更多",
        "相关文档",
        "最近下载",
        "您可能关注的文档",
        "原创力文档",
        "文档贡献者",
        "实名认证",
        "分享",
        "点赞",
        "上一篇",
        "下一篇",
        "返回顶部",
        "skip to content",
        "skip to main content",
        "back to top",
        "download pdf",
        "previous version",
        "share",
        "print",
        "menu",
        "cookie settings",
        "log in",
        "sign up",
    ];
    const INSIDE: [&str; 9] = [
        "文档评论(",
        "文档评论（",
        "book118",
        "VIP文档",
        "VIP精品文档",
        "成为VIP",
        "二次下载",
        "本站不退款",
        "原创文档集",
    ];
    let bare = text.trim_matches(|c: char| matches!(c, '-' | ' ' | '*' | '|' | '+' | '>' | '↑'));
    let lower = bare.to_lowercase();
    if WHOLE.contains(&lower.as_str()) || INSIDE.iter().any(|word| text.contains(word)) {
        return Some(true);
    }
    is_file_name(text).then_some(false)
}
