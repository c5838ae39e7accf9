//! Characters and attributes: as they are written, and as they are meant.

use std::borrow::Cow;

use super::{Data, NodeId, Piece, Tree};
use crate::names::Ns;

impl Tree {
    /// The start tag as it is written.
    pub(super) fn open_tag(&self, id: NodeId) -> &str {
        self.element(id).map_or("", |element| self.piece(&element.open))
    }

    /// The characters of a text node; empty for anything else.
    pub(crate) fn chars(&self, id: NodeId) -> Cow<'_, str> {
        match &self.node(id).data {
            Data::Text(piece) => unescape(self.piece(piece)).unwrap_or_default(),
            _ => Cow::Borrowed(""),
        }
    }

    /// The characters of all text nodes among the children.
    pub(crate) fn content(&self, id: NodeId) -> String {
        self.children(id).iter().map(|&child| self.chars(child)).collect()
    }

    /// The value of an attribute of that namespace (`Ns::W`: of WordprocessingML or without a
    /// prefix; `Ns::Other`: without a prefix).
    pub(crate) fn attr_in(&self, id: NodeId, ns: Ns, local: &str) -> Option<Cow<'_, str>> {
        let tag = self.open_tag(id);
        attributes(tag)?.into_iter().find_map(|(name, value)| {
            let hit = match name.split_once(':') {
                Some((prefix, rest)) => rest == local && self.resolve(prefix) == ns,
                None => name == local && matches!(ns, Ns::W | Ns::Other),
            };
            if hit { unescape(value) } else { None }
        })
    }

    /// The value of an attribute by its name, whatever its namespace.
    pub(crate) fn any_attr(&self, id: NodeId, local: &str) -> Option<String> {
        let all = attributes(self.open_tag(id))?;
        let (_, value) =
            all.into_iter().find(|(name, _)| name.rsplit(':').next() == Some(local))?;
        unescape(value).map(Cow::into_owned)
    }

    /// The namespace of the root element, empty where it has none.
    pub(crate) fn root_namespace(&self) -> String {
        let tag = self.open_tag(self.root());
        let prefix = self.qualified(self.root()).split_once(':').map(|(prefix, _)| prefix);
        let wanted = prefix.map_or("xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
        let all = attributes(tag).unwrap_or_default();
        let found = all.into_iter().find(|(name, _)| *name == wanted);
        found.and_then(|(_, value)| unescape(value)).unwrap_or_default().into_owned()
    }

    /// The value of an attribute of WordprocessingML.
    pub(crate) fn attr(&self, id: NodeId, local: &str) -> Option<Cow<'_, str>> {
        self.attr_in(id, Ns::W, local)
    }

    /// The `w:val` of the first child with that name.
    pub(crate) fn val(&self, id: NodeId, child: &str) -> Option<Cow<'_, str>> {
        self.attr(self.child(id, child)?, "val")
    }

    /// Whether a switch (`w:b`, `w:vanish`) is there and not turned off.
    pub(crate) fn on(&self, id: NodeId, switch: &str) -> bool {
        self.child(id, switch).is_some_and(|child| {
            !matches!(self.attr(child, "val").as_deref(), Some("0" | "false" | "off" | "none"))
        })
    }

    /// The part as it is written now.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = String::with_capacity(self.source.len() + 1024);
        for &child in self.children(super::DOCUMENT) {
            self.write_node(child, &mut out);
        }
        let mut bytes = Vec::with_capacity(out.len() + 3);
        if self.bom {
            bytes.extend_from_slice(b"\xEF\xBB\xBF");
        }
        bytes.extend_from_slice(out.as_bytes());
        bytes
    }

    /// A node with all below it, as it is written. The depth is bounded by the limits of reading.
    pub(crate) fn write_node(&self, id: NodeId, out: &mut String) {
        let node = self.node(id);
        match &node.data {
            Data::Document => {}
            Data::Text(piece) | Data::Other(piece) => out.push_str(self.piece(piece)),
            Data::Element(element) => {
                let open = self.piece(&element.open);
                let own_end = open.ends_with("/>");
                if node.children.is_empty() && (own_end || element.close.is_none()) {
                    out.push_str(open);
                    if !own_end {
                        out.push_str("</");
                        out.push_str(self.qualified(id));
                        out.push('>');
                    }
                    return;
                }
                out.push_str(if own_end { &open[..open.len() - 2] } else { open });
                if own_end {
                    out.push('>');
                }
                for &child in &node.children {
                    self.write_node(child, out);
                }
                match &element.close {
                    Some(close) => out.push_str(self.piece(close)),
                    None => {
                        out.push_str("</");
                        out.push_str(self.qualified(id));
                        out.push('>');
                    }
                }
            }
        }
    }

    pub(super) fn own(text: &str) -> Piece {
        Piece::Own(text.to_owned())
    }
}

/// The attributes of a start tag as written: names and values, in order; none where the tag is
/// malformed or gives a name twice.
pub(super) fn attributes(tag: &str) -> Option<Vec<(&str, &str)>> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let mut rest = match inner.find(blank) {
        Some(end) => inner[end..].trim_start_matches(blank),
        None => return Some(Vec::new()),
    };
    let mut found: Vec<(&str, &str)> = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim_end_matches(blank);
        if name.is_empty() || name.contains(blank) || name.contains(['"', '\'', '<']) {
            return None;
        }
        let after = after.trim_start_matches(blank);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        if value.contains('<') || found.iter().any(|known| known.0 == name) {
            return None;
        }
        found.push((name, value));
        rest = after.trim_start_matches(blank);
    }
    Some(found)
}

/// What written characters mean; none where they name an undefined entity.
pub(super) fn unescape(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.contains(['&', '<', '\r']) {
        return Some(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '<', '\r']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(cdata) = rest.strip_prefix("<![CDATA[") {
            let (inner, after) = cdata.split_once("]]>")?;
            out.push_str(inner);
            rest = after;
        } else if rest.starts_with('\r') {
            out.push('\n');
            rest = rest.strip_prefix("\r\n").unwrap_or(&rest[1..]);
        } else {
            let (name, after) = rest.strip_prefix('&')?.split_once(';')?;
            out.push(reference(name)?);
            rest = after;
        }
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

fn reference(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

/// Characters that XML can hold, escaped for an element. What it cannot hold is left out.
pub(crate) fn escape(text: &str) -> String {
    escape_with(text, false)
}

/// The same for an attribute in double quotes.
pub(crate) fn escape_attr(text: &str) -> String {
    escape_with(text, true)
}

fn escape_with(text: &str, attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\t' | '\n' | '\r' if attribute => out.push_str(&format!("&#{};", c as u32)),
            '\t' | '\n' | '\r' => out.push(c),
            c if (c as u32) < 0x20 || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}
