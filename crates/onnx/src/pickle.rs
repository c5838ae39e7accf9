//! Python's pickle, protocol 2 to 4, as far as PyTorch writes weights with it. Nothing in it is
//! ever called: what names a function stays a name, and the caller knows the few that mean a
//! tensor.

use std::collections::HashMap;
use std::rc::Rc;

/// Operations of one pickle at most.
const STEPS: usize = 4_000_000;
/// Values that lie inside one another at most.
const STACK: usize = 100_000;
/// Bytes of one text at most.
const TEXT: usize = 1 << 20;

/// A value of a pickle.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    Bytes(Rc<[u8]>),
    Tuple(Rc<[Value]>),
    List(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    /// A name of a module and of something in it.
    Global(Rc<str>),
    /// What lies outside the pickle, by what names it.
    Outside(Rc<Value>),
    /// A call that nobody makes: whom, and with what.
    Call(Rc<str>, Rc<Value>),
}

/// Why a pickle was not read, with the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) byte: usize,
    pub(crate) why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    CutShort,
    Unknown(u8),
    Malformed,
    TooLarge,
}

struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: HashMap<u32, Value>,
}

/// Reads one pickle; the value and where the next byte stands.
pub(crate) fn read(bytes: &[u8], from: usize) -> Result<(Value, usize), Broken> {
    let mut machine =
        Machine { bytes, at: from, stack: Vec::new(), marks: Vec::new(), memo: HashMap::new() };
    for _ in 0..STEPS {
        let byte = machine.at;
        match machine.step() {
            Ok(false) => {}
            Ok(true) => {
                let value = machine.pop().map_err(|why| Broken { byte, why })?;
                return Ok((value, machine.at));
            }
            Err(why) => return Err(Broken { byte, why }),
        }
        if machine.stack.len() > STACK || machine.memo.len() > STACK {
            return Err(Broken { byte, why: Why::TooLarge });
        }
    }
    Err(Broken { byte: machine.at, why: Why::TooLarge })
}

impl<'a> Machine<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Why> {
        let end = self.at.checked_add(count).ok_or(Why::CutShort)?;
        let taken = self.bytes.get(self.at..end).ok_or(Why::CutShort)?;
        self.at = end;
        Ok(taken)
    }

    fn number<const N: usize>(&mut self) -> Result<u64, Why> {
        let mut whole = [0_u8; 8];
        for (to, from) in whole.iter_mut().zip(self.take(N)?) {
            *to = *from;
        }
        Ok(u64::from_le_bytes(whole))
    }

    fn line(&mut self) -> Result<&'a str, Why> {
        let rest = self.bytes.get(self.at..).ok_or(Why::CutShort)?;
        let end = rest.iter().take(TEXT).position(|&byte| byte == b'\n').ok_or(Why::CutShort)?;
        let line = self.take(end)?;
        self.at += 1;
        std::str::from_utf8(line).map_err(|_| Why::Malformed)
    }

    fn text(&mut self, length: u64) -> Result<Value, Why> {
        let length = usize::try_from(length).map_err(|_| Why::TooLarge)?;
        if length > TEXT {
            return Err(Why::TooLarge);
        }
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| Why::Malformed)?;
        Ok(Value::Text(text.into()))
    }

    fn pop(&mut self) -> Result<Value, Why> {
        self.stack.pop().ok_or(Why::Malformed)
    }

    fn since_mark(&mut self) -> Result<Vec<Value>, Why> {
        let mark = self.marks.pop().filter(|&mark| mark <= self.stack.len());
        Ok(self.stack.split_off(mark.ok_or(Why::Malformed)?))
    }

    fn last(&mut self, count: usize) -> Result<Vec<Value>, Why> {
        let from = self.stack.len().checked_sub(count).ok_or(Why::Malformed)?;
        Ok(self.stack.split_off(from))
    }

    fn push(&mut self, value: Value) {
        self.stack.push(value);
    }

    fn remember(&mut self, place: u64) -> Result<(), Why> {
        let place = u32::try_from(place).map_err(|_| Why::TooLarge)?;
        let value = self.stack.last().ok_or(Why::Malformed)?.clone();
        self.memo.insert(place, value);
        Ok(())
    }

    fn recall(&mut self, place: u64) -> Result<(), Why> {
        let place = u32::try_from(place).map_err(|_| Why::TooLarge)?;
        let value = self.memo.get(&place).ok_or(Why::Malformed)?.clone();
        self.push(value);
        Ok(())
    }

    /// One operation; whether it was the last.
    fn step(&mut self) -> Result<bool, Why> {
        let op = *self.take(1)?.first().ok_or(Why::CutShort)?;
        match op {
            b'.' => return Ok(true),
            0x80 => drop(self.take(1)?),
            0x95 => drop(self.take(8)?),
            b'(' => self.marks.push(self.stack.len()),
            b'q' => self.number::<1>().and_then(|place| self.remember(place))?,
            b'r' => self.number::<4>().and_then(|place| self.remember(place))?,
            0x94 => self.remember(self.memo.len() as u64)?,
            b'h' => self.number::<1>().and_then(|place| self.recall(place))?,
            b'j' => self.number::<4>().and_then(|place| self.recall(place))?,
            b'0' => drop(self.pop()?),
            b'c' | 0x93 | b'R' | b'b' | b'Q' | 0x81 => self.name(op)?,
            b'N' | 0x88 | 0x89 | b'K' | b'M' | b'J' | 0x8a | b'G' | b'X' | 0x8c | b'B' | b'C' => {
                let value = self.atom(op)?;
                self.push(value);
            }
            _ => self.gather(op)?,
        }
        Ok(false)
    }

    /// A value that stands alone.
    fn atom(&mut self, op: u8) -> Result<Value, Why> {
        Ok(match op {
            b'N' => Value::None,
            0x88 => Value::Bool(true),
            0x89 => Value::Bool(false),
            b'K' => Value::Int(self.number::<1>()?.cast_signed()),
            b'M' => Value::Int(self.number::<2>()?.cast_signed()),
            b'J' => {
                let four: [u8; 4] = self.take(4)?.try_into().map_err(|_| Why::CutShort)?;
                Value::Int(i64::from(i32::from_le_bytes(four)))
            }
            0x8a => self.long()?,
            b'G' => {
                let eight: [u8; 8] = self.take(8)?.try_into().map_err(|_| Why::CutShort)?;
                Value::Float(f64::from_be_bytes(eight))
            }
            b'X' => self.number::<4>().and_then(|length| self.text(length))?,
            0x8c => self.number::<1>().and_then(|length| self.text(length))?,
            _ => {
                let length = if op == b'B' { self.number::<4>()? } else { self.number::<1>()? };
                let length = usize::try_from(length).map_err(|_| Why::TooLarge)?;
                if length > TEXT {
                    return Err(Why::TooLarge);
                }
                Value::Bytes(self.take(length)?.into())
            }
        })
    }

    /// A whole number of any length; those past 64 bits are kept as their bytes.
    fn long(&mut self) -> Result<Value, Why> {
        let length = usize::try_from(self.number::<1>()?).map_err(|_| Why::TooLarge)?;
        let bytes = self.take(length)?;
        if length > 8 {
            return Ok(Value::Bytes(bytes.into()));
        }
        let negative = bytes.last().is_some_and(|last| last & 0x80 != 0);
        let mut whole = [if negative { 0xff } else { 0 }; 8];
        for (to, from) in whole.iter_mut().zip(bytes) {
            *to = *from;
        }
        Ok(Value::Int(i64::from_le_bytes(whole)))
    }

    /// Tuples, lists and dictionaries.
    fn gather(&mut self, op: u8) -> Result<(), Why> {
        let value = match op {
            b')' => Value::Tuple(Rc::new([])),
            b't' => Value::Tuple(self.since_mark()?.into()),
            0x85 => Value::Tuple(self.last(1)?.into()),
            0x86 => Value::Tuple(self.last(2)?.into()),
            0x87 => Value::Tuple(self.last(3)?.into()),
            b']' => Value::List(Vec::new()),
            b'}' => Value::Dict(Vec::new()),
            b'l' => Value::List(self.since_mark()?),
            b'a' | b'e' => {
                let more = if op == b'a' { self.last(1)? } else { self.since_mark()? };
                let Value::List(mut list) = self.pop()? else { return Err(Why::Malformed) };
                list.extend(more);
                Value::List(list)
            }
            b's' | b'u' => {
                let more = if op == b's' { self.last(2)? } else { self.since_mark()? };
                let Value::Dict(mut dict) = self.pop()? else { return Err(Why::Malformed) };
                let mut more = more.into_iter();
                while let (Some(key), Some(value)) = (more.next(), more.next()) {
                    dict.push((key, value));
                }
                Value::Dict(dict)
            }
            other => return Err(Why::Unknown(other)),
        };
        self.push(value);
        Ok(())
    }

    /// Names and what they would be called with.
    fn name(&mut self, op: u8) -> Result<(), Why> {
        let value = match op {
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                Value::Global(format!("{module}.{name}").into())
            }
            0x93 => {
                let names = self.last(2)?;
                let [Value::Text(module), Value::Text(name)] = names.as_slice() else {
                    return Err(Why::Malformed);
                };
                Value::Global(format!("{module}.{name}").into())
            }
            b'Q' => Value::Outside(Rc::new(self.pop()?)),
            // The state of an object that is not made.
            b'b' => {
                self.pop()?;
                return Ok(());
            }
            _ => {
                let given = self.pop()?;
                match self.pop()? {
                    Value::Global(name) if &*name == "collections.OrderedDict" => {
                        Value::Dict(Vec::new())
                    }
                    Value::Global(name) => Value::Call(name, Rc::new(given)),
                    _ => return Err(Why::Malformed),
                }
            }
        };
        self.push(value);
        Ok(())
    }
}
