//! What is wrong with a Word file, and what was changed in it.

use document::{say, sentences};
use docx::{Fault, Kind, Measure, What, XmlFault};

use reading::{Fault as Unread, Warning};

use super::Words;

sentences! { of_docx(words, Fault) {
    Empty => "文件是空的", "the file is empty";
    Encrypted =>
        "文件已加密；请在 Word 中打开，取消密码后另存",
        "the file is encrypted: open it in Word and save it without a password";
    LegacyDoc =>
        "这是 Word 97-2003 的 .doc 文件；请另存为 .docx",
        "this is a .doc of Word 97-2003: save it as .docx";
    Ole =>
        "这是 OLE 复合文件，不是 Word 文档",
        "this is an OLE compound file and no Word document";
    Rtf => "这是 RTF 文件；请另存为 .docx", "this is RTF: save it as .docx";
    Zip { why } =>
        "不是可读的 .docx（压缩包损坏或被截断）：{why}",
        "no readable .docx, the archive is damaged or cut off: {why}";
    Duplicate { part } =>
        "压缩包中部件 {part} 出现两次，不同程序会读出不同内容，故不读取",
        "the archive holds part {part} twice, so that programs may read different documents";
    Name { name } =>
        "压缩包中有不允许的文件名：{name}",
        "the archive holds an entry with a forbidden name: {name}";
    Limit { part, what, have, most } [what = measure(words, *what)] =>
        "{part}：{what}为 {have}，上限 {most}",
        "{part}: {what} is {have}, at most {most} are read";
    NotWord { what } =>
        "压缩包不是 Word 文档：{what}",
        "the archive is no Word document: {what}";
    Missing { part } =>
        "缺少部件 {part}，文件不完整",
        "part {part} is missing, the file is not whole";
    Xml { part, at, why } [why = of_xml(words, why)] =>
        "{part} 第 {at} 字节：{why}",
        "{part}, byte {at}: {why}";
    NoSuch { what, which } =>
        "没有 {what} {which}",
        "there is no {what} {which}";
    Range { paragraph, from, to } [paragraph = paragraph + 1] =>
        "第 {paragraph} 段中第 {from} 至 {to} 字不能修改（越界或与另一处修改重叠）",
        "paragraph {paragraph}: characters {from} to {to} are outside or overlap another edit";
    NoComment { paragraph } [paragraph = paragraph + 1] =>
        "第 {paragraph} 段不在正文中，不能加批注",
        "paragraph {paragraph} lies outside the running text, where comments cannot be";
    Time { at } =>
        "“{at}”不是 2026-11-22T08:00:00Z 形式的时间",
        "{at:?} is no time of the form 2026-11-22T08:00:00Z";
    NoText { which } =>
        "内容控件 {which} 不能写入文字",
        "content control {which} cannot take text";
} }

sentences! { of_reading(words, Unread) {
    TooLarge { size, limit } =>
        "文件有 {size} 字节，上限 {limit}",
        "the file has {size} bytes; at most {limit} are read";
    Empty => "文件中没有文字", "the file holds no text";
    Unknown { name, what } =>
        "{name} 是 {what} 文件；请另存为 .docx、PDF、HTML、Markdown 或纯文本",
        "{name} is a {what} file: save it as .docx, PDF, HTML, Markdown or plain text";
    Word { cause } [cause = of_docx(words, cause)] => "{cause}", "{cause}";
    Encrypted =>
        "PDF 已加密；请另存一份不带密码的",
        "the PDF is encrypted: save a copy without a password";
    Scan { pages } =>
        "PDF 共 {pages} 页，没有文字层（扫描件）；请先做文字识别",
        "the PDF has {pages} pages and no text layer (a scan): run text recognition first";
    Damaged =>
        "PDF 已损坏；请在阅读器中打开并重新打印为 PDF",
        "the PDF is damaged: open it in a viewer and print it to a new PDF";
    Unpacks { limit } =>
        "PDF 解压后超过 {limit} 字节",
        "the PDF unpacks to more than {limit} bytes";
    TooManyPages { pages, limit } =>
        "PDF 有 {pages} 页，上限 {limit} 页",
        "the PDF has {pages} pages; at most {limit} are read";
} }

sentences! { of_warning(words, Warning) {
    TextTooLong { read } =>
        "文字过长，只读了前 {read} 字节",
        "the text is too long; {read} bytes of it were read";
    UnknownLetters { count } =>
        "有 {count} 处字节不是有效文字，已替换",
        "{count} bytes that are no text were replaced";
    TrackedChanges { count } =>
        "文件含 {count} 处修订，按全部接受后的文本读取",
        "the file holds {count} tracked changes, read as accepted";
    Hidden { count } =>
        "有 {count} 处隐藏文字或内嵌文件未读取",
        "{count} places hold text that nobody sees, or other files: not read";
    External { count } =>
        "文件引用了 {count} 处外部内容，均未访问",
        "the file refers to {count} places outside of it; none was followed";
    PagesWithoutText { count } =>
        "{count} 页没有文字",
        "{count} pages hold no text";
} }

sentences! { of_xml(words, XmlFault) {
    Syntax(why) => "XML 有误：{why}", "{why}";
    Encoding => "既非 UTF-8 也非 UTF-16", "neither UTF-8 nor UTF-16";
    Doctype =>
        "含有文档类型定义（可用于实体攻击），不读取",
        "a document type definition, which no Word file has, is refused";
    Entity => "有未定义的实体", "an undefined entity";
    Attribute => "有读不了的属性", "an attribute that cannot be read";
    Root => "根元素不是恰好一个", "not exactly one root element";
} }

fn measure(words: &Words, what: Measure) -> &'static str {
    let (zh, en) = match what {
        Measure::File => ("文件大小", "the size of the file"),
        Measure::Entries => ("条目数", "the number of entries"),
        Measure::Size => ("解压后大小", "the unpacked size"),
        Measure::Total => ("解压后总大小", "the unpacked size of all parts"),
        Measure::Ratio => ("压缩比", "the ratio of unpacked to packed size"),
        Measure::Depth => ("嵌套层数", "the depth of elements"),
        Measure::Elements => ("元素数", "the number of elements"),
    };
    match words.lang {
        units::Lang::Zh => zh,
        units::Lang::En => en,
    }
}

/// What a tracked change did.
pub(super) fn revision(words: &Words, kind: Kind) -> &'static str {
    let (zh, en) = match kind {
        Kind::Insertion => ("插入", "inserted"),
        Kind::Deletion => ("删除", "deleted"),
        Kind::MoveFrom => ("移出", "moved from here"),
        Kind::MoveTo => ("移入", "moved here"),
        Kind::MarkInsertion => ("拆分段落", "paragraph split"),
        Kind::MarkDeletion => ("合并段落", "paragraphs joined"),
        Kind::RowInsertion => ("插入表格行", "row inserted"),
        Kind::RowDeletion => ("删除表格行", "row deleted"),
        Kind::CellInsertion => ("插入单元格", "cell inserted"),
        Kind::CellDeletion => ("删除单元格", "cell deleted"),
        Kind::CellMerge => ("合并或拆分单元格", "cells merged or split"),
        Kind::ControlInsertion => ("插入内容控件", "content control inserted"),
        Kind::ControlDeletion => ("删除内容控件", "content control deleted"),
        Kind::RunProperties => ("文字格式", "look of text"),
        Kind::ParagraphProperties => ("段落格式", "look of the paragraph"),
        Kind::SectionProperties => ("页面设置", "page set-up"),
        Kind::TableProperties => ("表格格式", "look of the table"),
        Kind::Numbering => ("编号", "number"),
    };
    match words.lang {
        units::Lang::Zh => zh,
        units::Lang::En => en,
    }
}

/// What a comment says of a change that is not marked.
pub(super) fn not_marked(words: &Words) -> Vec<(What, String)> {
    let say = |what| {
        let name = unmarked(words, what);
        (what, say!(words, "有改动，未以修订标记：{name}", "Changed and not marked: {name}"))
    };
    let all = [
        What::Box,
        What::Field,
        What::Drawing,
        What::TableGrid,
        What::Note,
        What::Part,
        What::Style,
    ];
    all.map(say).into()
}

/// What a redline could not mark.
pub(super) fn unmarked(words: &Words, what: What) -> &'static str {
    let (zh, en) = match what {
        What::Box => ("文本框文字", "text in a box"),
        What::Field => ("域结果", "result of a field"),
        What::Drawing => ("图形或公式", "drawing or formula"),
        What::TableGrid => ("表格列", "columns of a table"),
        What::Note => ("脚注或尾注引用", "reference to a note"),
        What::Part => ("页眉、页脚或注释部分", "header, footer or notes"),
        What::Style => ("样式或编号", "style or number"),
    };
    match words.lang {
        units::Lang::Zh => zh,
        units::Lang::En => en,
    }
}
