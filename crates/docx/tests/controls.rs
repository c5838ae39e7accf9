//! Content controls and the values that they are bound to.

use docx::build::{Block, Draft, Field, Fonts, Look, Span, Store, Style};
use docx::{ControlKind, Document, Fault, Package, View};

use crate::office;
use crate::world::{shared, word};

const NAMESPACE: &str = "urn:test:terms:1";

fn bound() -> Package {
    let field = |tag: &str, text: &str| {
        Span::Control(Field {
            tag: tag.to_owned(),
            alias: format!("Alias of {tag}"),
            xpath: Some(format!("/t:terms[1]/t:{tag}[1]")),
            text: text.to_owned(),
            look: Look::default(),
        })
    };
    let draft = Draft {
        fonts: Fonts::default(),
        title: String::new(),
        header: Vec::new(),
        footer: Vec::new(),
        store: Some(Store {
            namespace: NAMESPACE.to_owned(),
            id: "{6F1B2C3D-0000-4000-8000-000000000001}".to_owned(),
            xml: format!(
                "<terms xmlns=\"{NAMESPACE}\"><fee>100</fee><uptime>99.9</uptime></terms>"
            ),
        }),
        blocks: vec![Block::Paragraph(
            Style::Body,
            vec![
                Span::text("Fee "),
                field("fee", "100"),
                Span::text(", up "),
                field("uptime", "99.5"),
            ],
        )],
    };
    Package::read(&draft.build().write()).unwrap()
}

#[test]
fn a_control_has_its_surface_and_its_stored_value() {
    let package = bound();
    let controls = package.controls().unwrap();
    let seen: Vec<_> = controls
        .iter()
        .map(|c| (c.tag.as_deref(), c.text.as_deref(), c.stored.as_deref(), c.kind))
        .collect();
    assert_eq!(
        seen,
        [
            (Some("fee"), Some("100"), Some("100"), ControlKind::Text),
            (Some("uptime"), Some("99.5"), Some("99.9"), ControlKind::Text),
        ]
    );
    assert_eq!(controls[0].paragraph, Some(1));
    assert_eq!(package.stores().unwrap()[0].namespace, NAMESPACE);
}

#[test]
fn a_value_is_written_to_the_surface_and_to_the_store() {
    let mut package = bound();
    package.set_control(1, "99.95 & <more>").unwrap();
    let package = Package::read(&package.write()).unwrap();
    let control = &package.controls().unwrap()[1];
    assert_eq!(control.text.as_deref(), Some("99.95 & <more>"));
    assert_eq!(control.stored.as_deref(), Some("99.95 & <more>"));
    let text = Document::read(&package, View::Final).unwrap().text();
    assert_eq!(text, "Fee 100, up 99.95 & <more>\n");
}

#[test]
fn adjacent_controls_of_one_value_are_one() {
    let one = |text: &str| {
        format!(
            "<w:sdt><w:sdtPr><w:dataBinding w:xpath=\"/a[1]/b[1]\" w:storeItemID=\"{{1}}\"/><w:text/></w:sdtPr>\
             <w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
        )
    };
    let body = format!(
        "<w:p>{}<w:bookmarkStart w:id=\"1\" w:name=\"x\"/>{}<w:r><w:t>between</w:t></w:r>{}</w:p>",
        one("甲方"),
        one("Ltd"),
        one("other")
    );
    let mut package = Package::read(&word(&body)).unwrap();
    let texts = |package: &Package| -> Vec<String> {
        package.controls().unwrap().into_iter().filter_map(|c| c.text).collect()
    };
    assert_eq!(texts(&package), ["甲方Ltd", "other"]);
    // The store that it names is not there.
    assert!(matches!(package.set_control(0, "x"), Err(Fault::NoSuch { .. })));
}

#[test]
fn a_change_inside_a_control_is_a_proposal() {
    let body = "<w:p><w:sdt><w:sdtPr><w:tag w:val=\"fee\"/></w:sdtPr><w:sdtContent>\
        <w:del w:id=\"1\" w:author=\"Them\"><w:r><w:delText>100</w:delText></w:r></w:del>\
        <w:ins w:id=\"2\" w:author=\"Them\"><w:r><w:t>80</w:t></w:r></w:ins></w:sdtContent></w:sdt></w:p>";
    let package = Package::read(&word(body)).unwrap();
    let control = &package.controls().unwrap()[0];
    assert_eq!(control.text.as_deref(), Some("80"));
    let proposed = control.proposed.clone().unwrap();
    assert_eq!((proposed.was.as_deref(), proposed.authors), (Some("100"), vec!["Them".to_owned()]));
}

#[test]
fn a_control_that_takes_no_text_says_so() {
    let body = "<w:p><w:sdt><w:sdtPr><w:picture/></w:sdtPr><w:sdtContent><w:r><w:drawing/></w:r>\
        </w:sdtContent></w:sdt></w:p>";
    let mut package = Package::read(&word(body)).unwrap();
    assert!(matches!(package.set_control(0, "x"), Err(Fault::NoText { .. })));
    assert!(matches!(package.set_control(7, "x"), Err(Fault::NoSuch { .. })));
}

#[test]
fn libre_office_saves_a_control_and_no_value_is_lost() {
    let mut package = bound();
    package.set_control(0, "人民币 100.00 CNY 每月").unwrap();
    package.set_control(1, "可用率 99.9 percent").unwrap();
    let Some(saved) = office::saved(&[package.write()]) else { return };
    let again = Package::read(&saved[0]).unwrap();
    let controls = again.controls().unwrap();
    // It cuts a control at every change of script; what shows one value is one.
    let seen: Vec<_> = controls
        .iter()
        .map(|c| {
            (c.binding.as_ref().unwrap().xpath.as_str(), c.stored.as_deref(), c.text.as_deref())
        })
        .collect();
    let fee = Some("人民币 100.00 CNY 每月");
    let up = Some("可用率 99.9 percent");
    let want = [("/t:terms[1]/t:fee[1]", fee, fee), ("/t:terms[1]/t:uptime[1]", up, up)];
    assert_eq!(seen, want);
    let mut mended = again.clone();
    assert_eq!(mended.mend_controls().unwrap(), 2);
    let text = |package: &Package| Document::read(package, View::Final).unwrap().text();
    assert_eq!(text(&mended), text(&package));
    let stored: Vec<_> = mended.controls().unwrap().into_iter().map(|c| c.stored).collect();
    assert_eq!(stored, [fee.map(str::to_owned), up.map(str::to_owned)]);
}

#[test]
fn a_store_is_added_once_and_replaced_after() {
    let mut package = Package::read(&word("<w:p/>")).unwrap();
    let id = "{6F1B2C3D-0000-4000-8000-000000000002}";
    package.set_store(NAMESPACE, id, format!("<a xmlns=\"{NAMESPACE}\"/>").as_bytes()).unwrap();
    package.set_store(NAMESPACE, id, format!("<b xmlns=\"{NAMESPACE}\"/>").as_bytes()).unwrap();
    let package = Package::read(&package.write()).unwrap();
    let stores = package.stores().unwrap();
    assert_eq!(stores.len(), 1);
    assert_eq!(stores[0].id.as_deref(), Some(id));
    assert!(stores[0].xml.starts_with(b"<b "));
}

#[test]
fn controls_of_every_shared_file_are_read() {
    let mut count = 0;
    for path in shared("") {
        let package = Package::read(&std::fs::read(&path).unwrap()).unwrap();
        count += package.controls().unwrap().len();
    }
    println!("{count} content controls in the shared files");
}
