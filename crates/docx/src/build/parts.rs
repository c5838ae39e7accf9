//! The parts around the text: types, relationships, styles, numbering, settings.

use super::{Draft, Fonts, Numbers, Store, attr, clause_style};
use crate::names::{CT, R, REL, W};
use crate::tree::escape;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const OFFICE: &str = "application/vnd.openxmlformats-officedocument";

/// The id of the first list beyond those of the styles.
pub(super) const FIRST_LIST: usize = 4;

pub(super) fn types(draft: &Draft) -> String {
    let mut out = format!(
        "{HEAD}<Types xmlns=\"{CT}\">\
         <Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    let mut add = |part: &str, kind: &str| {
        out.push_str(&format!("<Override PartName=\"/{part}\" ContentType=\"{kind}\"/>"));
    };
    add("word/document.xml", &format!("{WORD}.document.main+xml"));
    add("word/styles.xml", &format!("{WORD}.styles+xml"));
    add("word/numbering.xml", &format!("{WORD}.numbering+xml"));
    add("word/settings.xml", &format!("{WORD}.settings+xml"));
    add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    if !draft.header.is_empty() {
        add("word/header1.xml", &format!("{WORD}.header+xml"));
    }
    if !draft.footer.is_empty() {
        add("word/footer1.xml", &format!("{WORD}.footer+xml"));
    }
    if draft.store.is_some() {
        add("customXml/itemProps1.xml", &format!("{OFFICE}.customXmlProperties+xml"));
    }
    out.push_str("</Types>");
    out
}

fn relationships(all: &[(&str, String, &str)]) -> String {
    let mut out = format!("{HEAD}<Relationships xmlns=\"{REL}\">");
    for (id, kind, target) in all {
        out.push_str(&format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>"));
    }
    out.push_str("</Relationships>");
    out
}

pub(super) fn package_rels() -> String {
    let core =
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    relationships(&[
        ("rId1", format!("{R}/officeDocument"), "word/document.xml"),
        ("rId2", core.to_owned(), "docProps/core.xml"),
    ])
}

pub(super) fn document_rels(draft: &Draft) -> String {
    let mut all = vec![
        ("rId1", format!("{R}/styles"), "styles.xml"),
        ("rId2", format!("{R}/numbering"), "numbering.xml"),
        ("rId3", format!("{R}/settings"), "settings.xml"),
    ];
    if !draft.header.is_empty() {
        all.push(("rId4", format!("{R}/header"), "header1.xml"));
    }
    if !draft.footer.is_empty() {
        all.push(("rId5", format!("{R}/footer"), "footer1.xml"));
    }
    if draft.store.is_some() {
        all.push(("rId6", format!("{R}/customXml"), "../customXml/item1.xml"));
    }
    relationships(&all)
}

pub(super) fn store_rels() -> String {
    relationships(&[("rId1", format!("{R}/customXmlProps"), "itemProps1.xml")])
}

pub(super) fn store_properties(store: &Store) -> String {
    format!(
        "{HEAD}<ds:datastoreItem ds:itemID=\"{}\" \
         xmlns:ds=\"http://schemas.openxmlformats.org/officeDocument/2006/customXml\">\
         <ds:schemaRefs><ds:schemaRef ds:uri=\"{}\"/></ds:schemaRefs></ds:datastoreItem>",
        attr(&store.id),
        attr(&store.namespace)
    )
}

pub(super) fn properties(title: &str) -> String {
    format!(
        "{HEAD}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title></cp:coreProperties>",
        escape(title)
    )
}

pub(super) fn settings() -> String {
    format!(
        "{HEAD}<w:settings xmlns:w=\"{W}\"><w:compat><w:compatSetting \
         w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" \
         w:val=\"15\"/></w:compat></w:settings>"
    )
}

struct Look<'s> {
    id: &'s str,
    name: &'s str,
    paragraph: &'s str,
    run: &'s str,
}

pub(super) fn styles(fonts: &Fonts) -> String {
    let (latin, asian) = (attr(&fonts.latin), attr(&fonts.east_asian));
    let mut out = format!(
        "{HEAD}<w:styles xmlns:w=\"{W}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"{latin}\" w:hAnsi=\"{latin}\" w:eastAsia=\"{asian}\" \
         w:cs=\"{latin}\"/><w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault>\
         <w:pPr><w:spacing w:after=\"120\" w:line=\"300\" w:lineRule=\"auto\"/></w:pPr>\
         </w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">\
         <w:name w:val=\"Normal\"/></w:style>\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\">\
         <w:name w:val=\"Normal Table\"/><w:tblPr><w:tblCellMar>\
         <w:left w:w=\"108\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/>\
         </w:tblCellMar></w:tblPr></w:style>\
         <w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/>\
         <w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>"
    );
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        out.push_str(&format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\"/>"));
    }
    out.push_str("</w:tblBorders></w:tblPr></w:style>");
    let bold = "<w:b/><w:bCs/>";
    let plain = [
        Look {
            id: "Title",
            name: "Title",
            paragraph: "<w:spacing w:before=\"240\" w:after=\"240\"/><w:jc w:val=\"center\"/>",
            run: "<w:b/><w:bCs/><w:sz w:val=\"36\"/><w:szCs w:val=\"36\"/>",
        },
        Look {
            id: "Subtitle",
            name: "Subtitle",
            paragraph: "<w:jc w:val=\"center\"/>",
            run: "<w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/>",
        },
        heading("Heading1", "heading 1", "<w:outlineLvl w:val=\"0\"/>", bold),
        heading("Heading2", "heading 2", "<w:outlineLvl w:val=\"1\"/>", bold),
        heading("Heading3", "heading 3", "<w:outlineLvl w:val=\"2\"/>", bold),
        Look { id: "BodyText", name: "Body Text", paragraph: "", run: "" },
        Look {
            id: "Note",
            name: "Note",
            paragraph: "",
            run: "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>",
        },
        Look {
            id: "Header",
            name: "header",
            paragraph: "<w:jc w:val=\"right\"/>",
            run: "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>",
        },
        Look {
            id: "Footer",
            name: "footer",
            paragraph: "<w:jc w:val=\"center\"/>",
            run: "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>",
        },
        Look {
            id: "ListBullet",
            name: "List Bullet",
            paragraph: "<w:numPr><w:numId w:val=\"3\"/></w:numPr>",
            run: "",
        },
    ];
    for look in plain {
        style(&look, &mut out);
    }
    clause_styles(&mut out);
    out.push_str("</w:styles>");
    out
}

fn heading<'s>(id: &'s str, name: &'s str, outline: &'s str, run: &'s str) -> Look<'s> {
    Look { id, name, paragraph: outline, run }
}

fn style(look: &Look<'_>, out: &mut String) {
    out.push_str(&format!(
        "<w:style w:type=\"paragraph\" w:styleId=\"{}\"><w:name w:val=\"{}\"/>\
         <w:basedOn w:val=\"Normal\"/><w:qFormat/>",
        look.id, look.name
    ));
    if !look.paragraph.is_empty() {
        out.push_str(&format!("<w:pPr>{}</w:pPr>", look.paragraph));
    }
    if !look.run.is_empty() {
        out.push_str(&format!("<w:rPr>{}</w:rPr>", look.run));
    }
    out.push_str("</w:style>");
}

fn clause_styles(out: &mut String) {
    for (numbers, id) in [(Numbers::Chinese, 1), (Numbers::English, 2)] {
        for level in 0..4u8 {
            let name = clause_style(numbers, level);
            let (keep, outline, run) = match level {
                0 => ("<w:keepNext/>", "<w:outlineLvl w:val=\"0\"/>", "<w:b/><w:bCs/>"),
                _ => ("", "", ""),
            };
            let paragraph = format!(
                "{keep}<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{id}\"/></w:numPr>\
                 {outline}"
            );
            let shown = name.replace("Clause", "Clause ");
            style(&Look { id: &name, name: &shown, paragraph: &paragraph, run }, out);
        }
    }
}

pub(super) fn numbering(lists: &[(Numbers, u16)]) -> String {
    let mut out = format!("{HEAD}<w:numbering xmlns:w=\"{W}\">");
    for (id, numbers) in [(1, Numbers::Chinese), (2, Numbers::English)] {
        abstract_list(id, numbers, true, &mut out);
    }
    out.push_str(
        "<w:abstractNum w:abstractNumId=\"3\"><w:multiLevelType w:val=\"hybridMultilevel\"/>\
         <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/>\
         <w:lvlText w:val=\"•\"/><w:lvlJc w:val=\"left\"/><w:pPr>\
         <w:ind w:left=\"420\" w:hanging=\"420\"/></w:pPr></w:lvl></w:abstractNum>",
    );
    // A list of its own has a definition of its own: then no program shares its counters.
    for (at, (numbers, _)) in lists.iter().enumerate() {
        abstract_list(FIRST_LIST + at, *numbers, false, &mut out);
    }
    for id in 1..FIRST_LIST + lists.len() {
        out.push_str(&format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{id}\"/></w:num>"));
    }
    out.push_str("</w:numbering>");
    out
}

fn abstract_list(id: usize, numbers: Numbers, styled: bool, out: &mut String) {
    let first = match numbers {
        Numbers::Chinese => ("chineseCountingThousand", "第%1条"),
        Numbers::English => ("decimal", "Article %1"),
    };
    let levels = [first, ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)")];
    out.push_str(&format!(
        "<w:abstractNum w:abstractNumId=\"{id}\"><w:multiLevelType w:val=\"multilevel\"/>"
    ));
    for (level, (format, text)) in levels.into_iter().enumerate() {
        out.push_str(&format!(
            "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>"
        ));
        if styled {
            out.push_str(&format!("<w:pStyle w:val=\"{}\"/>", clause_style(numbers, level as u8)));
        }
        // Below `第三条` stands 3.1, not 三.1.
        if level == 1 {
            out.push_str("<w:isLgl/>");
        }
        let left = [0, 567, 1134, 1701][level];
        let hanging = [0, 567, 567, 567][level];
        out.push_str(&format!(
            "<w:suff w:val=\"{}\"/><w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/><w:pPr>\
             <w:ind w:left=\"{left}\" w:hanging=\"{hanging}\"/></w:pPr></w:lvl>",
            if level == 0 { "space" } else { "tab" }
        ));
    }
    out.push_str("</w:abstractNum>");
}
