//! The running text, the header and the footer.

use super::{Block, Draft, Field, Look, Numbers, Span, Store, Style, Table, attr, style_id};
use crate::names::{R, W};
use crate::tree::escape;

/// The document part and the lists beyond the first of each way of numbering.
pub(super) struct Written {
    pub(super) xml: String,
    pub(super) lists: Vec<(Numbers, u16)>,
}

struct Writer<'d> {
    out: String,
    lists: Vec<(Numbers, u16)>,
    controls: u32,
    store: Option<&'d Store>,
    page_break: bool,
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

pub(super) fn document(draft: &Draft) -> Written {
    let mut writer = Writer {
        out: format!("{HEAD}<w:document xmlns:w=\"{W}\" xmlns:r=\"{R}\"><w:body>"),
        lists: Vec::new(),
        controls: 0,
        store: draft.store.as_ref(),
        page_break: false,
    };
    writer.blocks(&draft.blocks);
    if matches!(draft.blocks.last(), None | Some(Block::Table(_))) {
        writer.out.push_str("<w:p/>");
    }
    writer.out.push_str("<w:sectPr>");
    if !draft.header.is_empty() {
        writer.out.push_str("<w:headerReference w:type=\"default\" r:id=\"rId4\"/>");
    }
    if !draft.footer.is_empty() {
        writer.out.push_str("<w:footerReference w:type=\"default\" r:id=\"rId5\"/>");
    }
    writer.out.push_str(
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1440\" \
         w:bottom=\"1440\" w:left=\"1440\" w:header=\"720\" w:footer=\"720\" w:gutter=\"0\"/>\
         </w:sectPr></w:body></w:document>",
    );
    Written { xml: writer.out, lists: writer.lists }
}

/// A header or a footer.
pub(super) fn margin(element: &str, style: &str, spans: &[Span]) -> String {
    let mut writer = Writer {
        out: format!("{HEAD}<w:{element} xmlns:w=\"{W}\" xmlns:r=\"{R}\"><w:p><w:pPr>"),
        lists: Vec::new(),
        controls: 0,
        store: None,
        page_break: false,
    };
    writer.out.push_str(&format!("<w:pStyle w:val=\"{style}\"/></w:pPr>"));
    writer.spans(spans);
    writer.out.push_str(&format!("</w:p></w:{element}>"));
    writer.out
}

impl Writer<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(style, spans) => self.paragraph(*style, spans),
                Block::Table(table) => self.table(table),
                Block::PageBreak => self.page_break = true,
            }
        }
    }

    fn paragraph(&mut self, style: Style, spans: &[Span]) {
        self.out.push_str(&format!("<w:p><w:pPr><w:pStyle w:val=\"{}\"/>", style_id(style)));
        if std::mem::take(&mut self.page_break) {
            self.out.push_str("<w:pageBreakBefore/>");
        }
        if let Style::Clause { numbers, level, list } = style
            && list > 0
        {
            let known = self.lists.iter().position(|known| *known == (numbers, list));
            let at = known.unwrap_or_else(|| {
                self.lists.push((numbers, list));
                self.lists.len() - 1
            });
            self.out.push_str(&format!(
                "<w:numPr><w:ilvl w:val=\"{}\"/><w:numId w:val=\"{}\"/></w:numPr>",
                level.min(3),
                super::parts::FIRST_LIST + at
            ));
        }
        self.out.push_str("</w:pPr>");
        self.spans(spans);
        self.out.push_str("</w:p>");
    }

    fn spans(&mut self, spans: &[Span]) {
        for span in spans {
            match span {
                Span::Text(text, look) => self.run(text, *look),
                Span::Control(field) => self.control(field),
                Span::PageNumber => self.field("PAGE"),
                Span::PageCount => self.field("NUMPAGES"),
            }
        }
    }

    fn run(&mut self, text: &str, look: Look) {
        if text.is_empty() {
            return;
        }
        self.out.push_str("<w:r>");
        self.look(look);
        content(text, &mut self.out);
        self.out.push_str("</w:r>");
    }

    fn look(&mut self, look: Look) {
        if look == Look::default() {
            return;
        }
        self.out.push_str("<w:rPr>");
        for (on, element) in [
            (look.bold, "<w:b/><w:bCs/>"),
            (look.italic, "<w:i/><w:iCs/>"),
            (look.underline, "<w:u w:val=\"single\"/>"),
        ] {
            if on {
                self.out.push_str(element);
            }
        }
        self.out.push_str("</w:rPr>");
    }

    fn field(&mut self, code: &str) {
        let char = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
        self.out.push_str(&char("begin"));
        self.out.push_str(&format!(
            "<w:r><w:instrText xml:space=\"preserve\"> {code} </w:instrText></w:r>"
        ));
        self.out.push_str(&char("separate"));
        self.out.push_str("<w:r><w:t>1</w:t></w:r>");
        self.out.push_str(&char("end"));
    }

    fn control(&mut self, field: &Field) {
        self.controls += 1;
        self.out.push_str("<w:sdt><w:sdtPr>");
        self.look(field.look);
        self.out.push_str(&format!(
            "<w:alias w:val=\"{}\"/><w:tag w:val=\"{}\"/><w:id w:val=\"{}\"/>",
            attr(&field.alias),
            attr(&field.tag),
            self.controls
        ));
        if let (Some(xpath), Some(store)) = (&field.xpath, self.store) {
            self.out.push_str(&format!(
                "<w:dataBinding w:prefixMappings=\"xmlns:t='{}'\" w:xpath=\"{}\" \
                 w:storeItemID=\"{}\"/>",
                attr(&store.namespace),
                attr(xpath),
                attr(&store.id)
            ));
        }
        self.out.push_str("<w:text w:multiLine=\"1\"/></w:sdtPr><w:sdtContent>");
        // A control without a run cannot be clicked into.
        if field.text.is_empty() {
            self.out.push_str("<w:r><w:t/></w:r>");
        } else {
            self.run(&field.text, field.look);
        }
        self.out.push_str("</w:sdtContent></w:sdt>");
    }

    fn table(&mut self, table: &Table) {
        if std::mem::take(&mut self.page_break) {
            self.out.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
        }
        let style = if table.lines { "TableGrid" } else { "TableNormal" };
        self.out.push_str(&format!(
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"{style}\"/><w:tblW w:w=\"{}\" w:type=\"dxa\"/>\
             <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>",
            table.widths.iter().sum::<u32>()
        ));
        for width in &table.widths {
            self.out.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
        }
        self.out.push_str("</w:tblGrid>");
        for (index, row) in table.rows.iter().enumerate() {
            self.out.push_str("<w:tr>");
            if index == 0 && table.heading {
                self.out.push_str("<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            }
            for (column, width) in table.widths.iter().enumerate() {
                self.out.push_str(&format!(
                    "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>"
                ));
                let blocks = row.get(column).map_or(&[][..], Vec::as_slice);
                self.blocks(blocks);
                // A cell ends with a paragraph.
                if !matches!(blocks.last(), Some(Block::Paragraph(..))) {
                    self.out.push_str("<w:p/>");
                }
                self.out.push_str("</w:tc>");
            }
            self.out.push_str("</w:tr>");
        }
        self.out.push_str("</w:tbl>");
    }
}

/// Text as the content of a run: tabs and line breaks are elements of their own.
pub(crate) fn content(text: &str, out: &mut String) {
    let mut held = String::new();
    let flush = |held: &mut String, out: &mut String| {
        if !held.is_empty() {
            out.push_str(&format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(held)));
            held.clear();
        }
    };
    for c in text.chars() {
        match c {
            '\t' | '\n' => {
                flush(&mut held, out);
                out.push_str(if c == '\t' { "<w:tab/>" } else { "<w:br/>" });
            }
            '\r' => {}
            c => held.push(c),
        }
    }
    flush(&mut held, out);
}
