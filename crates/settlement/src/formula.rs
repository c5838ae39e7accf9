//! Recomputes a figure from its working, so that nobody has to believe it: the formula over the
//! inputs must give the exact value, and the exact value rounded must give the amount. Knows no
//! terms; reads statements of others as well as our own.
//!
//! A formula has names of inputs, whole numbers, `+ - * /`, parentheses, `min(a, b)`, `max(a, b)`
//! and `round(a)` by the working's own rounding. An input in `percent` is a hundredth of its value.

use alloc::vec::Vec;

use units::{Decimal, Fraction, Money};

use crate::working::{Line, Working};

/// Why a figure cannot be recomputed, or is not what its working gives.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    /// The formula cannot be read at this byte.
    #[error("the formula cannot be read at byte {at}")]
    Malformed {
        /// The byte.
        at: usize,
    },
    /// The formula has a name that no input has.
    #[error("no input is named {name}")]
    Unknown {
        /// The name.
        name: alloc::string::String,
    },
    /// An input is no number.
    #[error("input {name} is no number")]
    Input {
        /// Its name.
        name: alloc::string::String,
    },
    /// A value is out of range, or a division by zero.
    #[error("a value is out of range")]
    Range,
    /// The formula gives another value than the working states.
    #[error("the formula gives {found}, the working states {stated}")]
    Exact {
        /// What the formula gives.
        found: Fraction,
        /// What the working states.
        stated: Fraction,
    },
    /// The exact value, rounded, is not the amount.
    #[error("the working gives {found}, the line states {stated}")]
    Amount {
        /// What the working gives.
        found: Money,
        /// What the line states.
        stated: Money,
    },
}

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 32;

impl Working {
    /// The value that the formula gives for the inputs.
    ///
    /// # Errors
    /// When the formula cannot be read, lacks an input, or leaves the range.
    pub fn recompute(&self) -> Result<Fraction, FormulaError> {
        let mut reader = Reader { working: self, at: 0, depth: 0 };
        let value = reader.sum()?;
        match reader.peek() {
            None => Ok(value),
            Some(_) => Err(FormulaError::Malformed { at: reader.at }),
        }
    }
}

impl Line {
    /// Holds the line against its own working.
    ///
    /// # Errors
    /// When the formula does not give the exact value, or that does not give the amount.
    pub fn check(&self) -> Result<(), FormulaError> {
        let Working { exact: stated, rounding, .. } = self.working;
        let found = self.working.recompute()?;
        if found != stated {
            return Err(FormulaError::Exact { found, stated });
        }
        let stated = self.amount;
        let found = match rounding {
            Some(rounding) => Money::checked_from_fraction(found, stated.currency(), rounding.mode)
                .map_err(|_| FormulaError::Range)?,
            None if stated.to_fraction() == found => stated,
            None => return Err(FormulaError::Exact { found, stated: stated.to_fraction() }),
        };
        if found == stated { Ok(()) } else { Err(FormulaError::Amount { found, stated }) }
    }
}

struct Reader<'a> {
    working: &'a Working,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.working.formula.get(self.at..).unwrap_or("")
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        while self.rest().starts_with(' ') {
            self.at += 1;
        }
        self.rest().bytes().next()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn needs(&mut self, byte: u8) -> Result<(), FormulaError> {
        if self.takes(byte) { Ok(()) } else { Err(FormulaError::Malformed { at: self.at }) }
    }

    fn sum(&mut self) -> Result<Fraction, FormulaError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormulaError::Malformed { at: self.at });
        }
        let mut value = self.product()?;
        loop {
            value = if self.takes(b'+') {
                checked(value.checked_add(self.product()?))?
            } else if self.takes(b'-') {
                checked(value.checked_add(-self.product()?))?
            } else {
                self.depth -= 1;
                return Ok(value);
            };
        }
    }

    fn product(&mut self) -> Result<Fraction, FormulaError> {
        let mut value = self.factor()?;
        loop {
            value = if self.takes(b'*') {
                checked(value.checked_mul(self.factor()?))?
            } else if self.takes(b'/') {
                let divisor = self.factor()?;
                let inverse = checked(Fraction::whole(1).checked_div(divisor))?;
                checked(value.checked_mul(inverse))?
            } else {
                return Ok(value);
            };
        }
    }

    fn factor(&mut self) -> Result<Fraction, FormulaError> {
        if self.takes(b'-') {
            return Ok(-self.atom()?);
        }
        self.atom()
    }

    fn atom(&mut self) -> Result<Fraction, FormulaError> {
        if self.takes(b'(') {
            let value = self.sum()?;
            self.needs(b')')?;
            return Ok(value);
        }
        let Some(first) = self.peek() else {
            return Err(FormulaError::Malformed { at: self.at });
        };
        let in_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let length = self.rest().bytes().take_while(|byte| in_word(*byte)).count();
        let word = alloc::string::String::from(self.rest().get(..length).unwrap_or(""));
        if word.is_empty() {
            return Err(FormulaError::Malformed { at: self.at });
        }
        let begin = self.at;
        self.at += length;
        if first.is_ascii_digit() {
            let number = word.parse().map_err(|_| FormulaError::Malformed { at: begin })?;
            return Ok(Fraction::whole(number));
        }
        if self.takes(b'(') {
            return self.call(&word, begin);
        }
        self.input(&word)
    }

    fn call(&mut self, function: &str, begin: usize) -> Result<Fraction, FormulaError> {
        let mut values: Vec<Fraction> = alloc::vec![self.sum()?];
        while self.takes(b',') {
            values.push(self.sum()?);
        }
        self.needs(b')')?;
        let malformed = FormulaError::Malformed { at: begin };
        match (function, values.as_slice()) {
            ("min", [a, b]) => Ok(*a.min(b)),
            ("max", [a, b]) => Ok(*a.max(b)),
            ("round", [a]) => {
                let rounding = self.working.rounding.ok_or(malformed)?;
                let scaled = checked(a.checked_scaled(rounding.scale, rounding.mode))?;
                let power = checked(10_i128.checked_pow(u32::from(rounding.scale)))?;
                Ok(Fraction::new(scaled, power))
            }
            _ => Err(malformed),
        }
    }

    fn input(&self, name: &str) -> Result<Fraction, FormulaError> {
        let found = self.working.inputs.iter().find(|input| input.name == name);
        let input = found.ok_or_else(|| FormulaError::Unknown { name: name.into() })?;
        let value =
            number(&input.value).ok_or_else(|| FormulaError::Input { name: name.into() })?;
        if input.unit != "percent" {
            return Ok(value);
        }
        checked(value.checked_mul(Fraction::new(1, 100)))
    }
}

/// An integer, a decimal or a fraction.
fn number(text: &str) -> Option<Fraction> {
    if let Some((num, den)) = text.split_once('/') {
        let den: i128 = den.parse().ok().filter(|den| *den > 0)?;
        let num: i128 = num.parse().ok().filter(|num| *num != i128::MIN)?;
        return Some(Fraction::new(num, den));
    }
    if let Ok(whole) = text.parse::<i128>() {
        return Some(Fraction::whole(whole));
    }
    text.parse::<Decimal>().ok().map(Decimal::to_fraction)
}

fn checked<T>(value: Option<T>) -> Result<T, FormulaError> {
    value.ok_or(FormulaError::Range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::working::Input;
    use alloc::string::ToString;
    use units::{Rounding, RoundingMode};

    fn working(formula: &str) -> Working {
        let inputs = alloc::vec![
            Input::new("a", 7, "count"),
            Input::new("b", "0.5", "CNY"),
            Input::new("c", "1/3", "hour"),
            Input::new("p", "12.5", "percent"),
            Input::new("word", "seven", "count"),
        ];
        let rounding = Some(Rounding { mode: RoundingMode::HalfUp, scale: 2 });
        Working { formula: formula.to_string(), inputs, exact: Fraction::ZERO, rounding }
    }

    #[test]
    fn formulas_are_read_as_a_person_reads_them() {
        for (formula, want) in [
            ("a + b * c", Fraction::new(43, 6)),
            ("(a + b) * c", Fraction::new(5, 2)),
            ("a - b - c", Fraction::new(37, 6)),
            ("a / 2 / 7", Fraction::new(1, 2)),
            ("-a * p", Fraction::new(-7, 8)),
            ("-(a - 10)", Fraction::whole(3)),
            ("min(a, b) + max(a, b)", Fraction::new(15, 2)),
            ("round(c) * 100", Fraction::whole(33)),
            ("a/(1+p)", Fraction::new(56, 9)),
        ] {
            assert_eq!(working(formula).recompute(), Ok(want), "{formula}");
        }
    }

    #[test]
    fn what_is_no_formula_is_refused() {
        for formula in ["", "a +", "a b", "(a", "a)", "min(a)", "sin(a)", "a ** b", "--a", "ä"] {
            let result = working(formula).recompute();
            assert!(matches!(result, Err(FormulaError::Malformed { .. })), "{formula}: {result:?}");
        }
        assert_eq!(working("x").recompute(), Err(FormulaError::Unknown { name: "x".into() }));
        assert_eq!(working("word").recompute(), Err(FormulaError::Input { name: "word".into() }));
        assert_eq!(working("a / (b - b)").recompute(), Err(FormulaError::Range));
        let deep = "(".repeat(100_000);
        assert!(matches!(working(&deep).recompute(), Err(FormulaError::Malformed { .. })));
    }
}
