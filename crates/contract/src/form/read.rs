//! Reading of plain values: text, integers, exact numbers, dates, durations, lists.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::str::FromStr;

use units::{
    Currency, Date, Decimal, Duration, DurationUnit, Id, Lang, Percent, Rounding, Timestamp, Zone,
};

use super::{
    ALTERNATIVE, Form, Node, Problem, ProblemKind, Value, check_table, field, join, wrong_type,
};

impl Form for String {
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            wrong_type(node, "text", path, problems);
            return None;
        };
        if text.trim().is_empty() {
            problems.push(Problem::new(path, node.place, ProblemKind::Missing));
            return None;
        }
        Some(text.clone())
    }
}

impl Form for bool {
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Bool(value) = node.value else {
            wrong_type(node, "bool", path, problems);
            return None;
        };
        Some(value)
    }
}

/// 2^53 - 1: above it JSON readers do not agree, so canonical JSON has no such integer.
const LARGEST_INTEGER: u64 = 9_007_199_254_740_991;

macro_rules! read_integer {
    ($($ty:ty),*) => { $(
        impl Form for $ty {
            fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
                let Value::Integer(value) = node.value else {
                    wrong_type(node, "integer", path, problems);
                    return None;
                };
                let read = <$ty>::try_from(value).ok();
                let max = u64::from(<$ty>::MAX).min(LARGEST_INTEGER);
                if read.is_none_or(|read| u64::from(read) > max) {
                    problems.push(Problem::new(path, node.place, out_of_range(value, 0, max)));
                    return None;
                }
                read
            }
        }
    )* };
}
read_integer!(u8, u32, u64);

macro_rules! read_text {
    ($($ty:ty => $form:literal),* $(,)?) => { $(
        impl Form for $ty {
            fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
                read_parsed(node, $form, path, problems)
            }
        }
    )* };
}
read_text!(
    Currency => "currency",
    Id => "id",
    Timestamp => "timestamp",
    Zone => "zone",
);

impl Form for Date {
    /// Reads a day of the years in which agreements are made and performed, so that no period
    /// counted from it leaves the calendar.
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let date: Self = read_parsed(node, "date", path, problems)?;
        if !(1949..=2999).contains(&date.year()) {
            let kind = out_of_range(date, "1949-01-01", "2999-12-31");
            problems.push(Problem::new(path, node.place, kind));
            return None;
        }
        Some(date)
    }
}

impl Form for Duration {
    /// Reads a length of at most a hundred years or so in any unit.
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let read: Self = read_parsed(node, "duration", path, problems)?;
        let most = Self::new(
            match read.unit {
                DurationUnit::Minutes => 5_256_000,
                DurationUnit::Hours => 876_000,
                DurationUnit::Days | DurationUnit::WorkingDays => 36_500,
                DurationUnit::Months => 1_200,
                DurationUnit::Years => 100,
            },
            read.unit,
        );
        if read.count > most.count {
            let none = Self::new(0, read.unit);
            problems.push(Problem::new(path, node.place, out_of_range(read, none, most)));
            return None;
        }
        Some(read)
    }
}

impl Form for Percent {
    /// Reads a share of 0 to 100 %: no term of an agreement is a share of more than the whole.
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let percent: Self = read_parsed(node, "percent", path, problems)?;
        if !(Decimal::ZERO..=Decimal::new(100, 0)).contains(&percent.points()) {
            problems.push(Problem::new(path, node.place, out_of_range(percent, "0%", "100%")));
            return None;
        }
        Some(percent)
    }
}

impl Form for Decimal {
    /// Reads text, or an integer, which is exact as well.
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        match node.value {
            Value::Integer(value) => Some(Self::from(value)),
            _ => read_parsed(node, "decimal", path, problems),
        }
    }
}

impl Form for Lang {
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        read_choice(node, &[("zh", Self::Zh), ("en", Self::En)], path, problems)
    }
}

impl Form for Rounding {
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        if !check_table(node, &["mode", "scale"], path, problems) {
            return None;
        }
        let mode = field(node, "mode", path, problems);
        let scale: Option<u8> = field(node, "scale", path, problems);
        if let Some(scale) = scale.filter(|scale| *scale > Decimal::MAX_SCALE) {
            let place = node.get("scale").map_or(node.place, |scale| scale.place);
            let kind = out_of_range(scale, 0, Decimal::MAX_SCALE);
            problems.push(Problem::new(&join(path, "scale"), place, kind));
            return None;
        }
        Some(Self { mode: mode?, scale: scale? })
    }
}

impl Form for units::RoundingMode {
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        const MODES: &[(&str, units::RoundingMode)] = &[
            ("half_up", units::RoundingMode::HalfUp),
            ("half_even", units::RoundingMode::HalfEven),
            ("up", units::RoundingMode::Up),
            ("down", units::RoundingMode::Down),
            ("ceiling", units::RoundingMode::Ceiling),
            ("floor", units::RoundingMode::Floor),
        ];
        read_choice(node, MODES, path, problems)
    }
}

impl<T: Form> Form for Option<T> {
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        T::read(node, path, problems).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Form> Form for Box<T> {
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        T::read(node, path, problems).map(Self::new)
    }
}

impl<T: Form> Form for Vec<T> {
    /// Reads every item, so that every problem is reported, then takes all or none.
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::List(items) = &node.value else {
            wrong_type(node, "list", path, problems);
            return None;
        };
        let read: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| T::read(item, &format!("{path}[{index}]"), problems))
            .collect();
        read.into_iter().collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

/// A value outside its range, all three as text.
pub(crate) fn out_of_range(
    found: impl ToString,
    min: impl ToString,
    max: impl ToString,
) -> ProblemKind {
    ProblemKind::OutOfRange { found: found.to_string(), min: min.to_string(), max: max.to_string() }
}

fn read_parsed<T: FromStr>(
    node: &Node,
    form: &'static str,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let Value::Text(text) = &node.value else {
        wrong_type(node, "text", path, problems);
        return None;
    };
    let parsed = text.parse().ok();
    if parsed.is_none() {
        let kind = ProblemKind::Malformed { found: text.clone(), expected: form };
        problems.push(Problem::new(path, node.place, kind));
    }
    parsed
}

pub(crate) fn read_choice<T: Copy>(
    node: &Node,
    all: &[(&'static str, T)],
    path: &str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let Value::Text(text) = &node.value else {
        wrong_type(node, "text", path, problems);
        return None;
    };
    let found = all.iter().find(|(code, _)| code == text).map(|(_, value)| *value);
    if found.is_none() {
        let allowed = all.iter().map(|(code, _)| *code).collect();
        let kind = ProblemKind::NotAllowed { found: text.clone(), allowed };
        problems.push(Problem::new(path, node.place, kind));
    }
    found
}

pub(crate) fn read_alternative(
    node: &Node,
    codes: &[&'static str],
    path: &str,
    problems: &mut Vec<Problem>,
) -> Option<&'static str> {
    let Value::Table(_) = &node.value else {
        wrong_type(node, "table", path, problems);
        return None;
    };
    let path = join(path, ALTERNATIVE);
    let Some(tag) = node.get(ALTERNATIVE) else {
        problems.push(Problem::new(&path, node.place, ProblemKind::Missing));
        return None;
    };
    let all: Vec<(&'static str, &'static str)> = codes.iter().map(|code| (*code, *code)).collect();
    read_choice(tag, &all, &path, problems)
}
