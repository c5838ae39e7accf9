//! Slurm's lists of nodes: `gpu[01-03,7],login`.

use crate::import::Problem;
use crate::import::finding::clip;

/// The names of a list, in its order; none for an empty one and for `None assigned`.
pub(super) fn expand(list: &str, limit: usize) -> Result<Vec<String>, Problem> {
    let mut names = Vec::new();
    if list.is_empty() || list == "None assigned" || list == "(null)" {
        return Ok(names);
    }
    let bad = || Problem::NotAName { field: "nodes".to_owned(), text: clip(list) };
    let mut rest = list;
    loop {
        let end = end_of_item(rest).ok_or_else(bad)?;
        expand_item(&rest[..end], limit, &mut names).map_err(|error| match error {
            Bad::Name => bad(),
            Bad::TooMany => Problem::TooManyDevices { limit: limit as u64 },
        })?;
        match rest[end..].strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok(names),
        }
    }
}

enum Bad {
    Name,
    TooMany,
}

/// Where the first item ends: at a comma outside brackets.
fn end_of_item(text: &str) -> Option<usize> {
    let mut inside = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' if !inside => inside = true,
            b']' if inside => inside = false,
            b'[' | b']' => return None,
            b',' if !inside => return Some(at),
            _ => {}
        }
    }
    (!inside).then_some(text.len())
}

/// One name, or a prefix with one bracket of numbers and a suffix without.
fn expand_item(item: &str, limit: usize, names: &mut Vec<String>) -> Result<(), Bad> {
    let Some((prefix, rest)) = item.split_once('[') else {
        return push(item.to_owned(), limit, names);
    };
    let (ranges, suffix) = rest.split_once(']').ok_or(Bad::Name)?;
    if suffix.contains('[') {
        return Err(Bad::Name);
    }
    for range in ranges.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse::<u64>().ok()).flatten().ok_or(Bad::Name)
        };
        let (low, high) = (number(first)?, number(last)?);
        if low > high {
            return Err(Bad::Name);
        }
        let width = first.len();
        for number in low..=high {
            push(format!("{prefix}{number:0width$}{suffix}"), limit, names)?;
        }
    }
    Ok(())
}

fn push(name: String, limit: usize, names: &mut Vec<String>) -> Result<(), Bad> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.is_empty() || name.len() > 255 || !name.bytes().all(allowed) {
        return Err(Bad::Name);
    }
    if names.len() >= limit {
        return Err(Bad::TooMany);
    }
    names.push(name);
    Ok(())
}
