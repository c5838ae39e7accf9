//! What Word files of reports share: a page, its footer, plain paragraphs and cells.

use docx::build::{Block, Draft, Fonts, Span, Style};

/// The width of a page's text in twentieths of a point.
pub(crate) const WIDTH: u32 = 9_000;

pub(crate) fn plain(style: Style, text: &str) -> Block {
    Block::Paragraph(style, vec![Span::text(text)])
}

pub(crate) fn cell(text: &str) -> Vec<Block> {
    vec![plain(Style::Note, text)]
}

/// The bytes of a file with page numbers.
pub(crate) fn write(title: &str, blocks: Vec<Block>) -> Vec<u8> {
    let footer = vec![Span::PageNumber, Span::text(" / "), Span::PageCount];
    let title = title.to_owned();
    let fonts = Fonts::default();
    Draft { fonts, blocks, header: Vec::new(), footer, store: None, title }.build().write()
}
