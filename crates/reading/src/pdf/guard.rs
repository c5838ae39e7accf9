//! What a PDF must not be before its reader is let at it: a bomb, or a file that refers to itself.

use std::collections::HashMap;
use std::io::Read as _;

use flate2::read::ZlibDecoder;
use pdf_extract::{Document, Object, ObjectId};

use crate::Fault;

/// The most bytes that all packed streams may hold together.
const MOST: u64 = 512 << 20;
/// The deepest chain of pages or forms.
const DEEPEST: usize = 48;

/// Refuses a file whose packed streams unpack to more than is read.
pub(super) fn inflated(bytes: &[u8]) -> Result<(), Fault> {
    let mut total = 0_u64;
    let mut from = 0;
    let mut sink = vec![0_u8; 64 << 10];
    while let Some(at) = find(bytes, from, b"stream") {
        from = at + 6;
        let data = match &bytes[from..] {
            [b'\r', b'\n', ..] => from + 2,
            [b'\n' | b'\r', ..] => from + 1,
            _ => continue,
        };
        if !matches!(bytes.get(data..data + 2), Some([0x78 | 0x68 | 0x58 | 0x48, _])) {
            continue;
        }
        let mut decoder = ZlibDecoder::new(&bytes[data..]);
        while let Ok(count) = decoder.read(&mut sink) {
            if count == 0 {
                break;
            }
            total += u64::try_from(count).unwrap_or(u64::MAX);
            if total > MOST {
                return Err(Fault::Unpacks { limit: MOST });
            }
        }
        let read = usize::try_from(decoder.total_in()).unwrap_or(0);
        from = data + read.max(1);
    }
    Ok(())
}

fn find(bytes: &[u8], from: usize, word: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes.get(from..)?, word).map(|at| from + at)
}

/// Refuses pages and forms that contain themselves, or nest deeper than any real file.
pub(super) fn nesting(document: &Document) -> Result<(), Fault> {
    for page in document.get_pages().into_values() {
        let mut at = Some(page);
        let mut depth = 0;
        while let Some(id) = at {
            depth += 1;
            if depth > DEEPEST {
                return Err(Fault::Damaged);
            }
            let parent = document.get_dictionary(id).ok().and_then(|dict| dict.get(b"Parent").ok());
            at = parent.and_then(|parent| parent.as_reference().ok());
        }
    }
    let mut depths: HashMap<ObjectId, Option<usize>> = HashMap::new();
    for (id, object) in &document.objects {
        if matches!(object, Object::Stream(_)) {
            depth(document, *id, &mut depths, 0)?;
        }
    }
    Ok(())
}

/// The forms below a stream; `None` while it is being looked at, which is a circle.
fn depth(
    document: &Document,
    id: ObjectId,
    depths: &mut HashMap<ObjectId, Option<usize>>,
    level: usize,
) -> Result<usize, Fault> {
    match depths.get(&id) {
        Some(Some(known)) => return Ok(*known),
        Some(None) => return Err(Fault::Damaged),
        None => {}
    }
    if level > DEEPEST {
        return Err(Fault::Damaged);
    }
    depths.insert(id, None);
    let mut deepest = 0;
    for child in forms(document, id)? {
        deepest = deepest.max(1 + depth(document, child, depths, level + 1)?);
    }
    depths.insert(id, Some(deepest));
    Ok(deepest)
}

/// The forms that a form names in its resources.
fn forms(document: &Document, id: ObjectId) -> Result<Vec<ObjectId>, Fault> {
    let Ok(Object::Stream(stream)) = document.get_object(id) else { return Ok(Vec::new()) };
    let is_form =
        stream.dict.get(b"Subtype").ok().and_then(|name| name.as_name().ok()) == Some(b"Form");
    if !is_form {
        return Ok(Vec::new());
    }
    let resolve = |object: &Object| -> Option<pdf_extract::Dictionary> {
        match object {
            Object::Reference(id) => document.get_dictionary(*id).ok().cloned(),
            Object::Dictionary(dict) => Some(dict.clone()),
            _ => None,
        }
    };
    let Some(resources) = stream.dict.get(b"Resources").ok().and_then(&resolve) else {
        // Without resources of its own a form takes those of its page, where it can name itself.
        let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        let draws = find(&content, 0, b" Do").is_some();
        return if draws { Err(Fault::Damaged) } else { Ok(Vec::new()) };
    };
    let Some(objects) = resources.get(b"XObject").ok().and_then(&resolve) else {
        return Ok(Vec::new());
    };
    Ok(objects.iter().filter_map(|(_, object)| object.as_reference().ok()).collect())
}
