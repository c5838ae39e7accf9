//! Word files: the paragraphs of one view as lines; headers and footers as margin, comments left
//! out and counted.

use docx::{Document, Package, Place, View};
use wording::{Cell, Line, Part};

use crate::{Fault, LONGEST, Warning};

/// The lines of a Word file.
pub(crate) fn lines(
    bytes: &[u8],
    view: View,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Line>, Fault> {
    let package = Package::read(bytes).map_err(|cause| Fault::Word { cause })?;
    let document = Document::read(&package, view).map_err(|cause| Fault::Word { cause })?;
    let external = package.external().map_or(0, |external| external.len());
    if external > 0 {
        warnings.push(Warning::External { count: external });
    }
    if !document.unread.is_empty() {
        warnings.push(Warning::Hidden { count: document.unread.len() });
    }
    let changed = changes(&package);
    if changed > 0 {
        warnings.push(Warning::TrackedChanges { count: changed });
    }
    let mut total = 0;
    let mut out = Vec::with_capacity(document.paragraphs.len());
    for paragraph in document.paragraphs {
        let Some(part) = part(paragraph.place) else { continue };
        total += paragraph.text.len();
        if total > LONGEST {
            warnings.push(Warning::TextTooLong { read: total - paragraph.text.len() });
            break;
        }
        out.push(Line {
            text: paragraph.text,
            number: paragraph.number,
            level: paragraph.level,
            heading: paragraph.heading,
            part,
            cell: paragraph.cell.map(|cell| Cell {
                table: cell.table,
                row: cell.row,
                column: cell.column,
            }),
            page: None,
            source: paragraph.source,
        });
    }
    Ok(out)
}

/// How many tracked changes the file holds.
fn changes(package: &Package) -> usize {
    package.revisions().map_or(0, |revisions| revisions.len())
}

const fn part(place: Place) -> Option<Part> {
    match place {
        Place::Body => Some(Part::Body),
        Place::Box => Some(Part::Box),
        Place::Footnote | Place::Endnote => Some(Part::Note),
        Place::Header | Place::Footer => Some(Part::Margin),
        Place::Comment => None,
    }
}
