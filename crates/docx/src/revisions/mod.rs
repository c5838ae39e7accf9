//! Tracked changes: which there are, and accepting or rejecting some or all of them.
//!
//! Serves every view of a document: the final view accepts all, the original view rejects all.

mod list;
mod marks;
mod resolve;

use crate::document::story_parts;
use crate::fault::Fault;
use crate::package::Package;
pub(crate) use list::find;
pub(crate) use resolve::resolve;

/// What kind of change was tracked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Text or objects were inserted.
    Insertion,
    /// Text or objects were deleted.
    Deletion,
    /// Text was moved away from here.
    MoveFrom,
    /// Text was moved here.
    MoveTo,
    /// A paragraph mark was inserted: one paragraph was split in two.
    MarkInsertion,
    /// A paragraph mark was deleted: two paragraphs were joined.
    MarkDeletion,
    /// A row of a table was inserted.
    RowInsertion,
    /// A row of a table was deleted.
    RowDeletion,
    /// A cell was inserted.
    CellInsertion,
    /// A cell was deleted.
    CellDeletion,
    /// Cells were merged or split.
    CellMerge,
    /// A content control was inserted around text.
    ControlInsertion,
    /// A content control was taken away from around text.
    ControlDeletion,
    /// The look of text was changed.
    RunProperties,
    /// The look of a paragraph was changed.
    ParagraphProperties,
    /// The page was changed.
    SectionProperties,
    /// A table, a row, a cell or the grid was changed.
    TableProperties,
    /// A number was changed.
    Numbering,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 18] = [
        Kind::Insertion,
        Kind::Deletion,
        Kind::MoveFrom,
        Kind::MoveTo,
        Kind::MarkInsertion,
        Kind::MarkDeletion,
        Kind::RowInsertion,
        Kind::RowDeletion,
        Kind::CellInsertion,
        Kind::CellDeletion,
        Kind::CellMerge,
        Kind::ControlInsertion,
        Kind::ControlDeletion,
        Kind::RunProperties,
        Kind::ParagraphProperties,
        Kind::SectionProperties,
        Kind::TableProperties,
        Kind::Numbering,
    ];

    /// The name on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Insertion => "insertion",
            Kind::Deletion => "deletion",
            Kind::MoveFrom => "move-from",
            Kind::MoveTo => "move-to",
            Kind::MarkInsertion => "mark-insertion",
            Kind::MarkDeletion => "mark-deletion",
            Kind::RowInsertion => "row-insertion",
            Kind::RowDeletion => "row-deletion",
            Kind::CellInsertion => "cell-insertion",
            Kind::CellDeletion => "cell-deletion",
            Kind::CellMerge => "cell-merge",
            Kind::ControlInsertion => "control-insertion",
            Kind::ControlDeletion => "control-deletion",
            Kind::RunProperties => "run-properties",
            Kind::ParagraphProperties => "paragraph-properties",
            Kind::SectionProperties => "section-properties",
            Kind::TableProperties => "table-properties",
            Kind::Numbering => "numbering",
        }
    }
}

/// One tracked change.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Revision {
    /// The id that the file gives it; not always unique.
    pub id: String,
    /// What was done.
    pub kind: Kind,
    /// Who did it, as the file says.
    pub author: String,
    /// When, as the file says (`2026-11-22T08:00:00Z`).
    pub date: Option<String>,
    /// The text that it concerns.
    pub text: String,
    /// The part that holds it.
    pub part: String,
    /// The paragraph of that part, from 1, in the order of the file; none outside paragraphs.
    pub paragraph: Option<u32>,
}

/// Which changes are meant. Every condition that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Select {
    /// Those with one of these ids.
    pub ids: Option<Vec<String>>,
    /// Those of one of these authors.
    pub authors: Option<Vec<String>>,
    /// Those of one of these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// Those from this time on, as text that compares like `2026-11-22T08:00:00Z`.
    pub from: Option<String>,
    /// Those before this time.
    pub before: Option<String>,
}

impl Select {
    /// Every change.
    #[must_use]
    pub fn all() -> Select {
        Select::default()
    }

    /// Whether a change is among them.
    #[must_use]
    pub fn takes(&self, revision: &Revision) -> bool {
        let one_of = |list: &Option<Vec<String>>, value: &str| {
            list.as_ref().is_none_or(|list| list.iter().any(|known| known == value))
        };
        let date = revision.date.as_deref();
        one_of(&self.ids, &revision.id)
            && one_of(&self.authors, &revision.author)
            && self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&revision.kind))
            && self.from.as_deref().is_none_or(|from| date.is_some_and(|date| date >= from))
            && self.before.as_deref().is_none_or(|end| date.is_some_and(|date| date < end))
    }

    fn is_all(&self) -> bool {
        *self == Select::default()
    }
}

/// What is done with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accept,
    Reject,
}

impl Package {
    /// The tracked changes of every part, in order.
    ///
    /// # Errors
    /// A part that is no XML.
    pub fn revisions(&self) -> Result<Vec<Revision>, Fault> {
        let mut found = Vec::new();
        for part in revised_parts(self)? {
            let tree = self.tree(&part)?;
            found.extend(find(&tree, &part).into_iter().map(|(_, revision)| revision));
        }
        Ok(found)
    }

    /// Makes the selected changes final. Gives how many there were.
    ///
    /// # Errors
    /// A part that is no XML.
    pub fn accept(&mut self, select: &Select) -> Result<usize, Fault> {
        self.resolve(Verdict::Accept, select)
    }

    /// Undoes the selected changes. Gives how many there were.
    ///
    /// # Errors
    /// A part that is no XML.
    pub fn reject(&mut self, select: &Select) -> Result<usize, Fault> {
        self.resolve(Verdict::Reject, select)
    }

    fn resolve(&mut self, verdict: Verdict, select: &Select) -> Result<usize, Fault> {
        let mut count = 0;
        for part in revised_parts(self)? {
            let mut tree = self.tree(&part)?;
            count += resolve(&mut tree, &part, verdict, select);
            self.put(&part, &tree);
        }
        Ok(count)
    }
}

/// The parts that can hold tracked changes.
fn revised_parts(package: &Package) -> Result<Vec<String>, Fault> {
    let mut parts: Vec<String> = story_parts(package)?.into_iter().map(|(part, _)| part).collect();
    for kind in ["styles", "numbering"] {
        parts.extend(crate::opc::related(package, package.document(), kind)?);
    }
    Ok(parts)
}
