//! From the bytes of a part to its tree, within limits.
//!
//! A document type is refused: what it could declare (entities, files outside) no Word file needs.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::text::{attributes, unescape};
use super::{DOCUMENT, Data, Element, Node, NodeId, Piece, Prefix, Tree};
use crate::fault::{Fault, Measure, XmlFault};
use crate::limits::Limits;
use crate::names::Ns;

impl Tree {
    /// Reads the part called `part`.
    pub(crate) fn parse(part: &str, bytes: &[u8], limits: &Limits) -> Result<Tree, Fault> {
        let (text, bom) = decode(bytes).ok_or_else(|| Fault::Xml {
            part: part.to_owned(),
            at: 0,
            why: XmlFault::Encoding,
        })?;
        let mut parser = Parser::new(part, text, bom, limits);
        parser.run()?;
        parser.finish()
    }
}

/// The text of a part and whether it began with a byte order mark of UTF-8.
fn decode(bytes: &[u8]) -> Option<(Arc<str>, bool)> {
    let wide = |big: bool| {
        let pairs = bytes[2..].chunks_exact(2);
        if !pairs.remainder().is_empty() {
            return None;
        }
        let units = pairs.map(|pair| {
            let pair = [pair[0], pair[1]];
            if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        });
        let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
        // It is written back as UTF-8, so the declaration must not say UTF-16.
        let text = text.replacen("encoding=\"UTF-16\"", "encoding=\"UTF-8\"", 1);
        Some((text.replacen("encoding=\"utf-16\"", "encoding=\"utf-8\"", 1).into(), false))
    };
    match bytes {
        [0xFF, 0xFE, ..] => wide(false),
        [0xFE, 0xFF, ..] => wide(true),
        _ => {
            let bom = bytes.starts_with(b"\xEF\xBB\xBF");
            let text = std::str::from_utf8(&bytes[if bom { 3 } else { 0 }..]).ok()?;
            Some((text.into(), bom))
        }
    }
}

struct Parser<'p> {
    part: &'p str,
    limits: &'p Limits,
    text: Arc<str>,
    tree: Tree,
    /// The open elements, and how many namespace declarations were in force above each.
    open: Vec<(NodeId, usize)>,
    scope: Vec<(String, Ns)>,
    elements: u64,
    at: usize,
}

impl<'p> Parser<'p> {
    fn new(part: &'p str, text: Arc<str>, bom: bool, limits: &'p Limits) -> Self {
        let document = Node { parent: None, children: Vec::new(), data: Data::Document };
        Parser {
            part,
            limits,
            text: Arc::clone(&text),
            tree: Tree {
                source: text,
                bom,
                nodes: vec![document],
                root: DOCUMENT,
                prefixes: Vec::new(),
                w: "w:".to_owned(),
                touched: false,
            },
            open: Vec::new(),
            scope: Vec::new(),
            elements: 0,
            at: 0,
        }
    }

    fn fault(&self, why: XmlFault) -> Fault {
        Fault::Xml { part: self.part.to_owned(), at: self.at as u64, why }
    }

    fn limit(&self, what: Measure, most: u64) -> Fault {
        Fault::Limit { part: self.part.to_owned(), what, have: most + 1, most }
    }

    fn run(&mut self) -> Result<(), Fault> {
        let text = Arc::clone(&self.text);
        let mut reader = Reader::from_str(&text);
        loop {
            let event = reader
                .read_event()
                .map_err(|error| self.fault(XmlFault::Syntax(error.to_string())))?;
            let end = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
            let piece = Piece::Source(self.at as u32..end as u32);
            match event {
                Event::Start(_) => {
                    let (id, above) = self.element(piece, &text[self.at..end])?;
                    self.open.push((id, above));
                    if self.open.len() as u64 > self.limits.depth {
                        return Err(self.limit(Measure::Depth, self.limits.depth));
                    }
                }
                Event::Empty(_) => {
                    let (_, above) = self.element(piece, &text[self.at..end])?;
                    self.scope.truncate(above);
                }
                Event::End(_) => {
                    let (id, above) = self.open.pop().ok_or_else(|| self.fault(XmlFault::Root))?;
                    self.scope.truncate(above);
                    if let Data::Element(element) = &mut self.tree.node_mut(id).data {
                        element.close = Some(piece);
                    }
                }
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    self.characters(piece, &text[self.at..end])?;
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {
                    self.push(Data::Other(piece));
                }
                Event::DocType(_) => return Err(self.fault(XmlFault::Doctype)),
                Event::Eof => break,
            }
            self.at = end;
        }
        Ok(())
    }

    fn push(&mut self, data: Data) -> NodeId {
        let parent = self.open.last().map_or(DOCUMENT, |&(id, _)| id);
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(Node { parent: Some(parent), children: Vec::new(), data });
        self.tree.node_mut(parent).children.push(id);
        id
    }

    /// Adds an element; gives it and the length of the scope above it.
    fn element(&mut self, open: Piece, tag: &str) -> Result<(NodeId, usize), Fault> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(self.limit(Measure::Elements, self.limits.elements));
        }
        let above = self.scope.len();
        for (name, value) in attributes(tag).ok_or_else(|| self.fault(XmlFault::Attribute))? {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => {
                    if value.contains('&') && unescape(value).is_none() {
                        return Err(self.fault(XmlFault::Entity));
                    }
                    continue;
                }
            };
            let uri = unescape(value).ok_or_else(|| self.fault(XmlFault::Entity))?.into_owned();
            let ns = Ns::of(&uri);
            self.scope.push((prefix.to_owned(), ns));
            let declared = Prefix { name: prefix.to_owned(), uri, ns };
            if !self.tree.prefixes.contains(&declared) {
                self.tree.prefixes.push(declared);
            }
        }
        let qualified = tag[1..].split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or("");
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let ns = self.scope.iter().rev().find(|known| known.0 == prefix).map_or(Ns::Other, |p| p.1);
        let length =
            |text: &str| u16::try_from(text.len()).map_err(|_| self.fault(XmlFault::Attribute));
        let name = length(local)?;
        let prefix = length(&qualified[..qualified.len() - local.len()])?;
        let element = Element { ns, open, close: None, prefix, name };
        if self.open.is_empty() {
            if self.tree.root != DOCUMENT {
                return Err(self.fault(XmlFault::Root));
            }
            self.tree.root = NodeId(self.tree.nodes.len() as u32);
        }
        Ok((self.push(Data::Element(element)), above))
    }

    /// Adds characters; those that follow each other become one node.
    fn characters(&mut self, piece: Piece, raw: &str) -> Result<(), Fault> {
        if self.open.is_empty() {
            if !raw.trim().is_empty() {
                return Err(self.fault(XmlFault::Root));
            }
            self.push(Data::Other(piece));
            return Ok(());
        }
        if raw.starts_with('&') && unescape(raw).is_none() {
            return Err(self.fault(XmlFault::Entity));
        }
        let parent = self.open.last().map_or(DOCUMENT, |&(id, _)| id);
        if let Some(&last) = self.tree.children(parent).last()
            && let Data::Text(Piece::Source(range)) = &mut self.tree.node_mut(last).data
            && let Piece::Source(more) = &piece
        {
            range.end = more.end;
            return Ok(());
        }
        self.push(Data::Text(piece));
        Ok(())
    }

    fn finish(mut self) -> Result<Tree, Fault> {
        if !self.open.is_empty() || self.tree.root == DOCUMENT {
            return Err(self.fault(XmlFault::Root));
        }
        let of_root = |tree: &Tree| {
            attributes(tree.open_tag(tree.root))?.into_iter().find_map(|(name, value)| {
                let prefix = name.strip_prefix("xmlns")?;
                let bound = Ns::of(&unescape(value)?) == Ns::W;
                let named = prefix.strip_prefix(':').map(|prefix| format!("{prefix}:"));
                named.filter(|_| bound)
            })
        };
        if let Some(w) = of_root(&self.tree) {
            self.tree.w = w;
        }
        Ok(self.tree)
    }
}
