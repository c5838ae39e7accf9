//! Comments: those that a file holds, and new ones on a range.

use crate::document::{Place, View, stories};
use crate::fault::Fault;
use crate::names::{R, W};
use crate::opc::{relate, related};
use crate::package::Package;
use crate::story::read_notes;
use crate::track::{Made, Stamp, fill};
use crate::tree::{NodeId, Tree};

const PART: &str = "word/comments.xml";
const CONTENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Comment {
    /// Its id in the file.
    pub id: String,
    /// Who wrote it, as the file says.
    pub author: String,
    /// When, as the file says.
    pub date: Option<String>,
    /// What it says, paragraphs joined by line breaks.
    pub text: String,
    /// The text that it is on, in the final view, at most a few lines.
    pub on: String,
    /// The paragraph of the running text where it begins, from 1 in the final view.
    pub paragraph: Option<u32>,
}

impl Package {
    /// The comments of the file, in the order of their part.
    ///
    /// # Errors
    /// A part that is no XML.
    pub fn comments(&self) -> Result<Vec<Comment>, Fault> {
        let Some(part) = related(self, self.document(), "comments")? else {
            return Ok(Vec::new());
        };
        let tree = self.tree(&part)?;
        let paras = read_notes(&tree, "comment", Place::Comment);
        let stories = stories(self, View::Final)?;
        let body = stories.first();
        let mut found = Vec::new();
        for node in tree.elements(tree.root()).filter(|&node| tree.is(node, "comment")) {
            let get = |name| tree.attr(node, name).map(|value| value.into_owned());
            let Some(id) = get("id") else { continue };
            let lines = paras.iter().filter(|para| para.note.as_deref() == Some(&id));
            let (on, paragraph) =
                body.map_or((String::new(), None), |body| anchor(&body.tree, &body.paras, &id));
            found.push(Comment {
                author: get("author").unwrap_or_default(),
                date: get("date"),
                text: lines.map(|para| para.text()).collect::<Vec<_>>().join("\n"),
                on,
                paragraph,
                id,
            });
        }
        Ok(found)
    }
}

/// The text between the ends of a comment's range, and the paragraph where it begins.
fn anchor(tree: &Tree, paras: &[crate::story::Para], id: &str) -> (String, Option<u32>) {
    const MOST: usize = 2_000;
    let mut inside = false;
    let mut text = String::new();
    let mut begins = None;
    for node in tree.walk(tree.root()) {
        match tree.w(node) {
            "commentRangeStart" if tree.attr(node, "id").as_deref() == Some(id) => {
                inside = true;
                begins = tree.ancestors(node).find(|&above| tree.is(above, "p"));
            }
            "commentRangeEnd" if tree.attr(node, "id").as_deref() == Some(id) => break,
            "t" if inside => text.push_str(&tree.content(node)),
            "tab" | "br" if inside => text.push(' '),
            _ => {}
        }
        if text.len() > MOST {
            break;
        }
    }
    let place = begins.and_then(|node| paras.iter().position(|para| para.node == node));
    (text, place.map(|place| place as u32 + 1))
}

/// Comments to be written into a file.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    new: Vec<(String, String)>,
}

impl Comments {
    /// Puts a comment on what an edit made.
    pub(crate) fn on(&mut self, tree: &mut Tree, made: Made, text: &str, stamp: &mut Stamp) {
        let id = self.next(text, stamp);
        let start = tree.make("commentRangeStart", &[("id", &id)]);
        tree.before(outside(tree, made.first), start);
        let last = outside(tree, made.last);
        self.close(tree, last, &id);
    }

    /// Puts a comment on a whole paragraph.
    pub(crate) fn on_paragraph(
        &mut self,
        tree: &mut Tree,
        paragraph: NodeId,
        text: &str,
        stamp: &mut Stamp,
    ) {
        let id = self.next(text, stamp);
        let start = tree.make("commentRangeStart", &[("id", &id)]);
        let at = tree
            .child(paragraph, "pPr")
            .and_then(|properties| tree.position(properties))
            .map_or(0, |place| place + 1);
        tree.insert(paragraph, at, start);
        let last = tree.children(paragraph).last().copied().unwrap_or(start);
        self.close(tree, last, &id);
    }

    fn next(&mut self, text: &str, stamp: &mut Stamp) -> String {
        let id = stamp.id();
        self.new.push((id.clone(), text.to_owned()));
        id
    }

    fn close(&mut self, tree: &mut Tree, last: NodeId, id: &str) {
        let end = tree.make("commentRangeEnd", &[("id", id)]);
        tree.after(last, end);
        let run = tree.make("r", &[]);
        let reference = tree.make("commentReference", &[("id", id)]);
        tree.append(run, reference);
        tree.after(end, run);
    }

    /// Writes the comments into their part, which is made where there is none.
    pub(crate) fn write(self, package: &mut Package, stamp: &Stamp) -> Result<(), Fault> {
        if self.new.is_empty() {
            return Ok(());
        }
        let document = package.document().to_owned();
        let part = match related(package, &document, "comments")? {
            Some(part) => part,
            None => {
                let empty = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
                     <w:comments xmlns:w=\"{W}\"/>"
                );
                package.set(PART, empty.into_bytes());
                let kind = format!("{R}/comments");
                relate(package, &document, PART, &kind, Some(CONTENT))?;
                PART.to_owned()
            }
        };
        let mut tree = package.tree(&part)?;
        let initials: String =
            stamp.author.split_whitespace().filter_map(|word| word.chars().next()).collect();
        for (id, text) in self.new {
            let mut attributes = vec![("id", id.as_str()), ("author", stamp.author.as_str())];
            attributes.extend(stamp.date());
            attributes.push(("initials", &initials));
            let comment = tree.make("comment", &attributes);
            for line in text.split('\n') {
                let paragraph = tree.make("p", &[]);
                let run = tree.make("r", &[]);
                fill(&mut tree, run, line);
                tree.append(paragraph, run);
                tree.append(comment, paragraph);
            }
            let root = tree.root();
            tree.append(root, comment);
        }
        package.put(&part, &tree);
        Ok(())
    }
}

/// The outermost change around a node: a range begins and ends outside it.
fn outside(tree: &Tree, node: NodeId) -> NodeId {
    let wrapper = |at: NodeId| matches!(tree.w(at), "ins" | "del" | "moveFrom" | "moveTo");
    tree.ancestors(node).take_while(|&above| wrapper(above)).last().unwrap_or(node)
}
