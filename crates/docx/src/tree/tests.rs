//! A tree gives back its bytes, refuses what is no XML, and writes only what was touched.

use proptest::prelude::*;

use super::Tree;
use crate::limits::Limits;

fn read(xml: &str) -> Tree {
    Tree::parse("part.xml", xml.as_bytes(), &Limits::default()).unwrap()
}

fn written(tree: &Tree) -> String {
    String::from_utf8(tree.write()).unwrap()
}

const NS: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

#[test]
fn an_untouched_tree_is_its_own_bytes() {
    let check = |xml: &str| assert_eq!(written(&read(xml)), xml);
    check("<a/>");
    check("<a></a >");
    check(
        "<?xml version='1.0'?>\r\n<a b='\"' c = \"x\"><!-- c --><b >&amp;&#x4e00;<![CDATA[<]]></b></a>\n",
    );
    check(&format!("\u{FEFF}<w:document {NS}><w:p/></w:document>"));
}

#[test]
fn only_what_was_touched_is_written_anew() {
    let xml = format!("<w:document {NS}><w:p  w:x='1'><w:t >a</w:t ></w:p><w:q/></w:document>");
    let mut tree = read(&xml);
    let root = tree.root();
    let q = tree.child(root, "q").unwrap();
    let new = tree.make("t", &[("val", "a\"<")]);
    tree.append(q, new);
    let was = "<w:q/>";
    let now = "<w:q><w:t w:val=\"a&quot;&lt;\"/></w:q>";
    assert_eq!(written(&tree), xml.replace(was, now));
    let t = tree.path(root, &["p", "t"]).unwrap();
    tree.rename(t, "delText");
    let both = xml.replace(was, now).replace("<w:t >a</w:t >", "<w:delText >a</w:delText>");
    assert_eq!(written(&tree), both);
}

#[test]
fn what_is_no_safe_xml_is_refused_with_its_place() {
    let check = |xml: &str, want: &str| {
        let error = Tree::parse("p", xml.as_bytes(), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains(want), "{xml}: {error}");
    };
    check("", "root");
    check("<a>", "root");
    check("<a/><b/>", "root");
    check("text", "root");
    check("<a></b>", "byte 3");
    check("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "document type");
    check("<a>&b;</a>", "entity");
    check("<a b='&b;'/>", "entity");
    check("<a b=1/>", "attribute");
    check("<a b='1' b='2'/>", "attribute");
    check(&"<a>".repeat(300), "depth");
}

#[test]
fn a_default_namespace_is_understood_and_written_with_a_prefix() {
    let xml = "<document xmlns=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><p/></document>";
    let mut tree = read(xml);
    let p = tree.child(tree.root(), "p").unwrap();
    let new = tree.make("r", &[]);
    tree.append(p, new);
    let again = read(&written(&tree));
    assert!(again.path(again.root(), &["p", "r"]).is_some());
}

#[test]
fn wide_text_is_read() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>条</a>";
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(xml.encode_utf16().flat_map(u16::to_le_bytes));
    let tree = Tree::parse("p", &bytes, &Limits::default()).unwrap();
    assert_eq!(tree.content(tree.root()), "条");
    assert!(Tree::parse("p", &tree.write(), &Limits::default()).is_ok());
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Tree::parse("p", &bytes, &Limits::default());
    }

    #[test]
    fn arbitrary_tags_are_read_back_or_refused(xml in "[<>/a-c:=\"' &;#x0-9!\\[\\]CDAT?-]{0,80}") {
        if let Ok(tree) = Tree::parse("p", xml.as_bytes(), &Limits::default()) {
            prop_assert_eq!(written(&tree), xml);
        }
    }
}
