//! The weights of a PyTorch file (`.pth`, `.pt`), in the older form of one stream and in the newer
//! form of an archive without compression, read without PyTorch and without running what it names.

use std::collections::{BTreeMap, HashMap};

use crate::pickle::{self, Value, Why};

/// Bytes of a file that is read at most.
const LARGEST: usize = 2 << 30;
/// Numbers of one tensor at most.
const NUMBERS: usize = 500_000_000;
/// First bytes of the older form: a number of ten bytes in a pickle of its own.
const OLDER: &[u8] = &[0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8];

/// Weights of one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Extents, outermost first; empty for a single number.
    pub shape: Vec<usize>,
    /// The numbers, the last extent running fastest.
    pub values: Vec<f32>,
}

/// Why a file of weights was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TorchError {
    /// It begins like neither form.
    #[error("it is no file of PyTorch weights")]
    NotTorch,
    /// It is larger than is read.
    #[error("{bytes} bytes, and {limit} are read at most")]
    TooLarge {
        /// Its bytes.
        bytes: u64,
        /// The most that are read.
        limit: u64,
    },
    /// It ends too early, or says what cannot be.
    #[error("it is broken at byte {byte}: {said}")]
    Broken {
        /// Where.
        byte: u64,
        /// What is wrong there.
        said: &'static str,
    },
    /// It holds something else than a table of weights.
    #[error("it holds no table of weights")]
    NoTable,
    /// A tensor that cannot be read.
    #[error("tensor {name}: {said}")]
    BadTensor {
        /// Its name.
        name: String,
        /// What is wrong with it.
        said: &'static str,
    },
}

/// Where the numbers of a tensor lie.
struct Place {
    storage: String,
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<usize>,
}

/// Reads every tensor of 32-bit floats by its name; others (counters) are left out.
///
/// # Errors
/// When it is no such file, is broken, or passes a limit.
pub fn read_torch(bytes: &[u8]) -> Result<BTreeMap<String, Tensor>, TorchError> {
    if bytes.len() > LARGEST {
        return Err(TorchError::TooLarge { bytes: bytes.len() as u64, limit: LARGEST as u64 });
    }
    if bytes.starts_with(OLDER) {
        return stream(bytes);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return archive(bytes);
    }
    Err(TorchError::NotTorch)
}

/// The older form: three pickles about the file, the table, the order of the storages, the numbers.
fn stream(bytes: &[u8]) -> Result<BTreeMap<String, Tensor>, TorchError> {
    let mut at = 0;
    for _ in 0..3 {
        at = pickle::read(bytes, at).map_err(broken)?.1;
    }
    let (table, next) = pickle::read(bytes, at).map_err(broken)?;
    let (order, mut at) = pickle::read(bytes, next).map_err(broken)?;
    let Value::List(order) = order else { return Err(TorchError::NoTable) };
    let mut kinds = HashMap::new();
    let places = places(table, &mut kinds)?;
    let mut storages: HashMap<String, &[u8]> = HashMap::new();
    for key in order {
        let Value::Text(key) = key else { return Err(TorchError::NoTable) };
        let cut = |said| TorchError::Broken { byte: at as u64, said };
        let head = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok());
        let count = head.map(u64::from_le_bytes).ok_or_else(|| cut("it ends too early"))?;
        let width = kinds.get(&*key).copied().ok_or_else(|| cut("numbers of an unknown kind"))?;
        let size = usize::try_from(count).ok().and_then(|count| count.checked_mul(width));
        let end = size.and_then(|size| (at + 8).checked_add(size));
        let numbers = end.and_then(|end| bytes.get(at + 8..end));
        let numbers = numbers.ok_or_else(|| cut("it ends too early"))?;
        at += 8 + numbers.len();
        storages.insert(key.to_string(), numbers);
    }
    collect(places, &storages)
}

/// The newer form: members of an archive that are stored as they are.
fn archive(bytes: &[u8]) -> Result<BTreeMap<String, Tensor>, TorchError> {
    let members = members(bytes)?;
    let table = members.iter().find(|(name, _)| name.ends_with("/data.pkl"));
    let (name, table) = table.ok_or(TorchError::NoTable)?;
    let root = name.trim_end_matches("data.pkl");
    let (table, _) = pickle::read(table, 0).map_err(broken)?;
    let places = places(table, &mut HashMap::new())?;
    let storages = members.iter().filter_map(|(name, content)| {
        let key = name.strip_prefix(root)?.strip_prefix("data/")?;
        Some((key.to_owned(), *content))
    });
    collect(places, &storages.collect())
}

/// The members of an archive by the records before each; PyTorch compresses none.
fn members(bytes: &[u8]) -> Result<Vec<(String, &[u8])>, TorchError> {
    let broken = |byte: usize, said| TorchError::Broken { byte: byte as u64, said };
    let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06");
    let end = end.ok_or_else(|| broken(bytes.len(), "its list of members is missing"))?;
    let short = |at: usize| -> Option<usize> {
        Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
    };
    let long = |at: usize| -> Option<usize> {
        u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?).try_into().ok()
    };
    let (count, mut at) = short(end + 10)
        .zip(long(end + 16))
        .ok_or_else(|| broken(end, "its list of members is cut short"))?;
    let mut members = Vec::with_capacity(count);
    for _ in 0..count {
        let member = (|| {
            if bytes.get(at..at + 4)? != b"PK\x01\x02" || short(at + 10)? != 0 {
                return None;
            }
            let (size, local) = (long(at + 24)?, long(at + 42)?);
            let (name, extra, remark) = (short(at + 28)?, short(at + 30)?, short(at + 32)?);
            let title = std::str::from_utf8(bytes.get(at + 46..at + 46 + name)?).ok()?;
            let from = local.checked_add(30 + short(local + 26)? + short(local + 28)?)?;
            let content = bytes.get(from..from.checked_add(size)?)?;
            Some((title.to_owned(), content, at + 46 + name + extra + remark))
        })();
        let (name, content, next) =
            member.ok_or_else(|| broken(at, "a member that cannot be read"))?;
        members.push((name, content));
        at = next;
    }
    Ok(members)
}

/// Every tensor of the table with its place; counters go by.
fn places(
    table: Value,
    kinds: &mut HashMap<String, usize>,
) -> Result<Vec<(String, Place)>, TorchError> {
    let Value::Dict(mut rows) = table else { return Err(TorchError::NoTable) };
    // Some files keep the table beside other facts of the training.
    let inner = rows.iter().position(|(key, value)| {
        matches!((key, value), (Value::Text(key), Value::Dict(_)) if &**key == "state_dict")
    });
    if let Some(Value::Dict(within)) = inner.map(|index| rows.swap_remove(index).1) {
        rows = within;
    }
    let mut found = Vec::new();
    for (key, value) in rows {
        let (Value::Text(key), Value::Call(whom, with)) = (key, value) else { continue };
        if &*whom != "torch._utils._rebuild_tensor_v2" {
            continue;
        }
        let bad = |said| TorchError::BadTensor { name: key.to_string(), said };
        let (kind, place) = place(&with).ok_or_else(|| bad("its place cannot be read"))?;
        let width = match kind.as_str() {
            "torch.FloatStorage" | "torch.IntStorage" => 4,
            "torch.LongStorage" | "torch.DoubleStorage" => 8,
            "torch.HalfStorage" | "torch.BFloat16Storage" | "torch.ShortStorage" => 2,
            _ => 1,
        };
        kinds.insert(place.storage.clone(), width);
        if kind == "torch.FloatStorage" {
            found.push((key.to_string(), place));
        }
    }
    if found.is_empty() { Err(TorchError::NoTable) } else { Ok(found) }
}

/// Of the arguments of a tensor: the kind of its numbers, and where they lie.
fn place(with: &Value) -> Option<(String, Place)> {
    let Value::Tuple(with) = with else { return None };
    let [
        Value::Outside(outside),
        Value::Int(offset),
        Value::Tuple(shape),
        Value::Tuple(strides),
        ..,
    ] = &**with
    else {
        return None;
    };
    let Value::Tuple(outside) = &**outside else { return None };
    let [_, Value::Global(kind), Value::Text(storage), ..] = &**outside else { return None };
    let sizes = |all: &[Value]| -> Option<Vec<usize>> {
        let size = |value: &Value| match value {
            Value::Int(size) => usize::try_from(*size).ok(),
            _ => None,
        };
        all.iter().map(size).collect()
    };
    let place = Place {
        storage: storage.to_string(),
        offset: usize::try_from(*offset).ok()?,
        shape: sizes(shape)?,
        strides: sizes(strides)?,
    };
    Some((kind.to_string(), place))
}

fn collect(
    places: Vec<(String, Place)>,
    storages: &HashMap<String, &[u8]>,
) -> Result<BTreeMap<String, Tensor>, TorchError> {
    let tensor = |(name, place): (String, Place)| {
        let values = storages.get(&place.storage).copied().ok_or("its numbers are missing");
        match values.and_then(|numbers| gathered(numbers, &place)) {
            Ok(values) => Ok((name, Tensor { shape: place.shape, values })),
            Err(said) => Err(TorchError::BadTensor { name, said }),
        }
    };
    places.into_iter().map(tensor).collect()
}

/// The numbers in their order; a file may keep them in another and say how far apart they are.
fn gathered(numbers: &[u8], place: &Place) -> Result<Vec<f32>, &'static str> {
    if place.shape.len() != place.strides.len() || place.shape.len() > 8 {
        return Err("its shape and its steps differ");
    }
    let count = place.shape.iter().try_fold(1_usize, |all, &size| all.checked_mul(size));
    let count = count.filter(|&count| count <= NUMBERS).ok_or("it is larger than is read")?;
    let mut values = Vec::with_capacity(count.min(numbers.len()));
    let mut index = vec![0_usize; place.shape.len()];
    for _ in 0..count {
        let steps = index.iter().zip(&place.strides);
        let mut steps = steps.map(|(&index, &step)| index.checked_mul(step));
        let at = steps.try_fold(place.offset, |at, step| at.checked_add(step?));
        let from = at.and_then(|at| at.checked_mul(4));
        let four = from.and_then(|from| numbers.get(from..from.checked_add(4)?));
        let four = four.and_then(|four| four.try_into().ok()).ok_or("its numbers end too early")?;
        values.push(f32::from_le_bytes(four));
        for (index, &size) in index.iter_mut().zip(&place.shape).rev() {
            *index += 1;
            if *index < size {
                break;
            }
            *index = 0;
        }
    }
    Ok(values)
}

fn broken(error: pickle::Broken) -> TorchError {
    let said = match error.why {
        Why::CutShort => "it ends too early",
        Why::Unknown(_) => "an operation that is not known",
        Why::Malformed => "an operation without what it needs",
        Why::TooLarge => "more than is read",
    };
    TorchError::Broken { byte: error.byte as u64, said }
}
