//! Changes that were made without being tracked: what a version says before its tracked changes
//! must be what the version that was sent says.

use crate::align::{Key, Step, align};
use crate::document::{Document, Paragraph, Place, View};
use crate::fault::Fault;
use crate::package::Package;

/// A paragraph that changed without a tracked change.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Hidden {
    /// Where it stands.
    pub place: Place,
    /// Its place in the paragraphs of the final view of the old version, from 0; none where it was
    /// added.
    pub old: Option<usize>,
    /// Its place in the paragraphs of the original view of the new version, from 0; none where it
    /// was taken away.
    pub new: Option<usize>,
    /// Its number and text in the old version.
    pub was: String,
    /// Its number and text in the new version with its own changes rejected.
    pub is: String,
}

/// What `new` says with its tracked changes rejected and `old` with its own accepted does not, and
/// the other way round. White space and empty paragraphs do not count.
///
/// # Errors
/// A part that is no XML.
pub fn hidden(old: &Package, new: &Package) -> Result<Vec<Hidden>, Fault> {
    let (before, after) = (Document::read(old, View::Final)?, Document::read(new, View::Original)?);
    let (a, b) = (lines(&before), lines(&after));
    let keys = |lines: &[Line<'_>]| {
        let key = |line: &Line<'_>| Key {
            kind: line.paragraph.place as u32,
            text: line.text.clone(),
            number: line.paragraph.number.clone(),
        };
        lines.iter().map(key).collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    for step in align(&keys(&a), &keys(&b)) {
        let (x, y) = match step {
            Step::Same(i, j) => (Some(&a[i]), Some(&b[j])),
            Step::Delete(i) => (Some(&a[i]), None),
            Step::Insert(j) => (None, Some(&b[j])),
        };
        let text = |line: Option<&Line<'_>>| line.map_or_else(String::new, |l| l.text.clone());
        let one = Hidden {
            place: x.or(y).map_or(Place::Body, |line| line.paragraph.place),
            old: x.map(|line| line.at),
            new: y.map(|line| line.at),
            was: text(x),
            is: text(y),
        };
        if one.was != one.is {
            found.push(one);
        }
    }
    Ok(found)
}

struct Line<'d> {
    at: usize,
    paragraph: &'d Paragraph,
    text: String,
}

fn lines(document: &Document) -> Vec<Line<'_>> {
    let all = document.paragraphs.iter().enumerate();
    all.map(|(at, paragraph)| Line { at, paragraph, text: paragraph.line() })
        .filter(|line| !line.text.is_empty())
        .collect()
}
