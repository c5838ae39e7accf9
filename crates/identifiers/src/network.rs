//! Addresses of machines and mailboxes: e-mail, IPv4, IPv6, MAC.

use std::net::Ipv6Addr;

use crate::Kind;
use crate::find::Hit;
use crate::line::Line;

/// The longest name before the sign of an e-mail address.
const LONGEST_NAME: usize = 64;
/// The longest name of a host.
const LONGEST_HOST: usize = 253;
/// The longest IPv6 address in letters.
const LONGEST_IPV6: usize = 45;

const IP_WORDS: &[&str] =
    &["ip", "ipv4", "地址", "主机", "服务器", "host", "server", "address", "网关"];
const MAC_WORDS: &[&str] = &["mac", "物理地址", "网卡"];

/// The addresses of a line.
pub(crate) fn find(line: &Line, hits: &mut Vec<Hit>) {
    for (at, letter) in line.letters.iter().enumerate() {
        if *letter == '@' {
            hits.extend(email(line, at));
        }
    }
    for first in 0..line.digits.len() {
        hits.extend(ipv4(line, first));
    }
    colons(line, hits);
}

fn email(line: &Line, at: usize) -> Option<Hit> {
    let name = |letter: char| letter.is_ascii_alphanumeric() || "._%+-".contains(letter);
    let back = line.letters[..at].iter().rev().take(LONGEST_NAME + 1).take_while(|c| name(**c));
    let mut start = at - back.count();
    if at - start > LONGEST_NAME {
        return None;
    }
    while start < at && !line.letters[start].is_ascii_alphanumeric() {
        start += 1;
    }
    let host = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
    let rest = &line.letters[at + 1..];
    let length = rest.iter().take(LONGEST_HOST).take_while(|letter| host(**letter)).count();
    let text: String = rest[..length].iter().collect();
    let text = text.trim_end_matches(['.', '-']);
    let labels: Vec<&str> = text.split('.').collect();
    let fits =
        labels.len() >= 2 && labels.iter().all(|label| !label.is_empty() && label.len() <= 63);
    let last = labels.last()?;
    let top = last.len() >= 2 && last.chars().all(|letter| letter.is_ascii_alphabetic());
    let top = top || last.starts_with("xn--");
    (start < at && fits && top).then(|| Hit::formed(Kind::Email, start, at + 1 + text.len(), false))
}

/// Four numbers of a byte each. Numbers of clauses and versions look alike, so that one number must
/// be above 30, or zero, or a word or a slash stand beside them. 127 is every machine itself.
fn ipv4(line: &Line, first: usize) -> Option<Hit> {
    let group = line.digits.get(first..first + 4)?;
    let dots = group
        .windows(2)
        .all(|pair| pair[1].start - pair[0].end == 1 && line.at(pair[0].end) == Some('.'));
    if !dots || group.iter().any(|run| run.len() > 3 || run.x) {
        return None;
    }
    let (start, end) = (group[0].start, group[3].end);
    let numbers: Option<Vec<u8>> = group
        .iter()
        .map(|run| {
            let text = line.text(run.start, run.end);
            text.parse().ok().filter(|_| text.len() == 1 || !text.starts_with('0'))
        })
        .collect();
    let numbers = numbers?;
    let named = line.names(start, end, IP_WORDS);
    let telling = numbers.iter().any(|number| *number > 30 || *number == 0)
        || matches!(line.at(end), Some('/' | ':'))
        || line.before(start) == Some('/');
    let fits = (named || telling)
        && !matches!(numbers[0], 0 | 127)
        && line.before(start) != Some('.')
        && line.is_free(start, end, IP_WORDS);
    fits.then(|| Hit::formed(Kind::Ipv4, start, end, named))
}

/// IPv6 and MAC addresses: runs of hexadecimal digits with colons, or pairs with dashes.
fn colons(line: &Line, hits: &mut Vec<Hit>) {
    let mut at = 0;
    while at < line.letters.len() {
        let start = at;
        let part = |letter: char| letter.is_ascii_hexdigit() || ":-.".contains(letter);
        while line.at(at).is_some_and(part) {
            at += 1;
        }
        let (first, mut end) = (start, at);
        at += 1;
        if first + 8 > end || end - first > LONGEST_IPV6 + 2 {
            continue;
        }
        let touches = |letter: Option<char>| letter.is_some_and(|c| c.is_ascii_alphanumeric());
        if touches(line.before(first)) || touches(line.at(end)) {
            continue;
        }
        // What ends a sentence or a label, and what leads from a label to its value.
        while matches!(line.before(end), Some('.' | '-')) {
            end -= 1;
        }
        let mut start = first;
        while line.at(start) == Some(':') && line.at(start + 1) != Some(':')
            || matches!(line.at(start), Some('-' | '.'))
        {
            start += 1;
        }
        if start < end {
            hits.extend(machine(line, start, end));
        }
    }
}

fn machine(line: &Line, start: usize, end: usize) -> Option<Hit> {
    let text = line.text(start, end);
    let hex = |letter: char| letter.is_ascii_hexdigit();
    for sign in [':', '-'] {
        let pairs: Vec<&str> = text.split(sign).collect();
        let fits = pairs.len() == 6 && pairs.iter().all(|p| p.len() == 2 && p.chars().all(hex));
        let named = line.names(start, end, MAC_WORDS);
        if fits && (named || text.contains(|letter: char| letter.is_ascii_alphabetic())) {
            return Some(Hit::formed(Kind::Mac, start, end, named));
        }
    }
    let groups = text.split(':').filter(|group| !group.is_empty()).count();
    let fits = groups >= 3 && text.parse::<Ipv6Addr>().is_ok();
    fits.then(|| Hit::formed(Kind::Ipv6, start, end, line.names(start, end, IP_WORDS)))
}
