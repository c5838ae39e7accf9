//! The tensor that comes in: files of images, or numbers that somebody else prepared.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::InputTensor;
use crate::serving::refusal::{Reason, Refusal};

/// What a tensor holds.
pub(super) enum Content {
    /// Files of images.
    Images(Vec<Bytes>),
    /// (images, 3, side, side).
    Numbers { values: Vec<f32>, images: usize },
}

/// Reads the one input; `binary` is what stands behind the JSON.
pub(super) fn read(
    input: &InputTensor,
    binary: Bytes,
    side: u32,
    most: usize,
) -> Result<Content, Refusal> {
    let size = input.parameters.get("binary_data_size");
    let size = size.map(|size| size.as_u64().and_then(|size| usize::try_from(size).ok()));
    let binary = match size {
        None if binary.is_empty() => None,
        None => return Err(Refusal::tensor("there is binary data and no binary_data_size")),
        Some(size) if size == Some(binary.len()) => Some(binary),
        Some(_) => return Err(Refusal::tensor("binary_data_size is not that of the data")),
    };
    let images = input.shape.first().copied().unwrap_or(0);
    if images > most {
        return Err(Refusal::new(Reason::TooManyImages).field("limit", most));
    }
    match (input.datatype.as_str(), input.shape.as_slice()) {
        ("BYTES", [_, rest @ ..]) if images > 0 && rest.iter().all(|size| *size == 1) => {
            let files = match binary {
                Some(binary) => elements(binary)?,
                None => texts(input.data.as_ref())?,
            };
            if files.len() != images {
                return Err(Refusal::tensor(format!(
                    "{} elements in a shape of {images}",
                    files.len()
                )));
            }
            Ok(Content::Images(files))
        }
        ("FP32", [_, 3, tall, wide]) if images > 0 && [*tall, *wide] == [side as usize; 2] => {
            let values = match binary {
                Some(binary) => floats(&binary)?,
                None => {
                    let mut values = Vec::new();
                    flatten(input.data.as_ref().unwrap_or(&Value::Null), &mut values, 4)?;
                    values
                }
            };
            let want = images * 3 * tall * wide;
            if values.len() != want {
                return Err(Refusal::tensor(format!("{} numbers, not {want}", values.len())));
            }
            if values.iter().any(|value| !value.is_finite()) {
                return Err(Refusal::tensor("a number is none"));
            }
            Ok(Content::Numbers { values, images })
        }
        (datatype, shape) => Err(Refusal::tensor(format!(
            "{} is {datatype} {shape:?}; BYTES [N] or FP32 [N, 3, {side}, {side}] is taken",
            input.name
        ))),
    }
}

/// Elements of the binary form: four bytes of length, little end first, then the element.
fn elements(mut binary: Bytes) -> Result<Vec<Bytes>, Refusal> {
    let mut all = Vec::new();
    while !binary.is_empty() {
        let length = binary.get(..4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
        let length = length.and_then(|length| usize::try_from(length).ok());
        let end = length.and_then(|length| length.checked_add(4));
        let Some(end) = end.filter(|end| *end <= binary.len()) else {
            return Err(Refusal::tensor("an element ends beyond the data"));
        };
        all.push(binary.split_to(end).slice(4..));
    }
    Ok(all)
}

/// Elements in JSON: texts in base64.
fn texts(data: Option<&Value>) -> Result<Vec<Bytes>, Refusal> {
    let all = data.and_then(Value::as_array).ok_or_else(|| Refusal::tensor("data is no list"))?;
    let one = |value: &Value| {
        // A list of shape [N, 1] holds lists of one.
        let value = value.as_array().and_then(|one| one.first()).unwrap_or(value);
        let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
        bytes.map(Bytes::from).ok_or_else(|| Refusal::tensor("an element is no text in base64"))
    };
    all.iter().map(one).collect()
}

fn floats(binary: &Bytes) -> Result<Vec<f32>, Refusal> {
    let (all, rest) = binary.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(Refusal::tensor("the data is no whole count of numbers"));
    }
    Ok(all.iter().copied().map(f32::from_le_bytes).collect())
}

/// Numbers in one list, or in lists within lists.
fn flatten(data: &Value, to: &mut Vec<f32>, depth: usize) -> Result<(), Refusal> {
    match data {
        Value::Array(all) if depth > 0 => {
            all.iter().try_for_each(|value| flatten(value, to, depth - 1))
        }
        Value::Number(number) => {
            // What a double holds beyond a float becomes infinite, and is refused as no number.
            to.push(number.as_f64().unwrap_or(f64::NAN) as f32);
            Ok(())
        }
        _ => Err(Refusal::tensor("data is no list of numbers")),
    }
}
