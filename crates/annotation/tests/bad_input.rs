//! Bad input: each case gets its finding with its place, and the good rest is taken.

use annotation::{Finding, Limits, read_coco, read_labels_csv, read_labels_jsonl, read_voc};
use proptest::prelude::*;

/// The findings as `severity code field id line`.
fn shown(findings: &[Finding]) -> Vec<String> {
    let show = |finding: &Finding| {
        let json = serde_json::to_value(finding).expect("json");
        let place = &json["place"];
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => "-".to_owned(),
            other => other.to_string(),
        };
        let parts = [&json["severity"], &json["code"], &place["field"], &place["id"]];
        let mut words: Vec<String> = parts.into_iter().map(text).collect();
        words.push(text(&place["line"]));
        words.join(" ")
    };
    findings.iter().map(show).collect()
}

/// Wraps annotations into a file with image 1 (100 x 100) and class 1; each on a line from 3 on.
fn coco(annotations: &str) -> String {
    format!(
        "{{\"images\":[{{\"id\":1,\"file_name\":\"a.jpg\",\"width\":100,\"height\":100}}],\n\
         \"categories\":[{{\"id\":1,\"name\":\"cat\"}}],\"annotations\":[\n{annotations}\n]}}"
    )
}

fn check_coco(text: &str, boxes: usize, want: &[&str]) {
    let (dataset, findings, _) = read_coco("f.json", text.as_bytes(), &Limits::default());
    assert_eq!(shown(&findings), want, "{text}");
    assert_eq!(dataset.boxes.len(), boxes, "{text}");
}

const GOOD: &str = r#"{"id":7,"image_id":1,"category_id":1,"bbox":[1,2,3,4]}"#;

#[test]
fn a_bad_annotation_is_left_out_and_named() {
    let with = |field: &str, value: &str| {
        let fields = [("id", "8"), ("image_id", "1"), ("category_id", "1"), ("bbox", "[1,1,2,2]")];
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, old)| format!("\"{name}\":{}", if *name == field { value } else { old }))
            .collect();
        coco(&format!("{GOOD},\n{{{}}},\n{{\"id\":9{}", fields.join(","), &GOOD[7..]))
    };
    for (field, value, kept, want) in [
        ("bbox", "[NaN,0,1,1]", 2, "error not_finite /annotations/1/bbox - 4"),
        ("bbox", "[0,0,Infinity,1]", 2, "error not_finite /annotations/1/bbox - 4"),
        ("bbox", "[0,0,-1,1]", 2, "error negative_size /annotations/1/bbox - 4"),
        ("bbox", "[0,0,1]", 2, "error wrong_type /annotations/1/bbox - 4"),
        ("bbox", "[0,0,1,1,1]", 2, "error wrong_type /annotations/1/bbox - 4"),
        ("bbox", "[0,0,\"1\",1]", 2, "error wrong_type /annotations/1 - 4"),
        ("bbox", "{\"x\":[1,{}]}", 2, "error wrong_type /annotations/1 - 4"),
        ("bbox", "[0,0,1e9,1]", 2, "error out_of_range /annotations/1/bbox - 4"),
        ("bbox", "[100,0,5,5]", 2, "error outside_image /annotations/1/bbox 8 4"),
        ("bbox", "[98,0,5,5]", 3, "warning over_edge /annotations/1/bbox 8 4"),
        ("bbox", "[5,5,0,5]", 3, "warning empty_box /annotations/1/bbox 8 4"),
        ("image_id", "2", 2, "error unknown_image /annotations/1/image_id 8 4"),
        ("image_id", "-2", 2, "error wrong_type /annotations/1/image_id - 4"),
        ("image_id", "null", 2, "error missing_field /annotations/1/image_id - 4"),
        ("category_id", "5", 2, "error unknown_class /annotations/1/category_id 8 4"),
        ("id", "7", 2, "error duplicate_id /annotations/1/id 7 4"),
        ("id", "0", 3, "notice id_zero_renumbered /annotations/1/id 0 4"),
        ("id", "1.5", 2, "error wrong_type /annotations/1/id - 4"),
    ] {
        check_coco(&with(field, value), kept, &[want]);
    }
    check_coco(
        &coco(GOOD).replace("\"a.jpg\"", "7"),
        0,
        &["error wrong_type /images/0 - 1", "error unknown_image /annotations/0/image_id 7 3"],
    );
}

#[test]
fn a_broken_file_gives_what_came_before_the_break() {
    let whole = coco(&format!("{GOOD},\n{{\"id\":9{}", &GOOD[7..]));
    let second = whole.find("{\"id\":9").expect("second");
    check_coco(&whole[..second + 20], 1, &["error truncated - - 4"]);
    check_coco(&whole[..whole.len() - 1], 2, &["error truncated - - 5"]);
    check_coco(&format!("{whole} x"), 2, &["error json_syntax - - 5"]);
    check_coco(&whole.replace("},\n", "}\n"), 1, &["error json_syntax - - 4"]);
    check_coco("", 0, &["error truncated - - 1"]);
    check_coco("{}", 0, &["error missing_field /annotations - -"]);
    check_coco("7", 0, &["error json_syntax - - 1"]);
    check_coco("\u{feff}[]", 0, &[]);
    let (_, findings, _) = read_coco("f", b"{\"\xFF\":1}", &Limits::default());
    assert_eq!(shown(&findings), ["error json_syntax - - 1"]);
}

#[test]
fn ten_million_levels_of_nesting_are_a_finding_and_no_crash() {
    for (open, within) in [("[", "[{\"x\":"), ("{\"a\":", "{\"info\":"), ("[", "")] {
        let text = format!("{within}{}", open.repeat(10_000_000 / open.len()));
        let (_, findings, _) = read_coco("deep.json", text.as_bytes(), &Limits::default());
        assert_eq!(findings.len(), 1);
        let code = shown(&findings);
        assert!(
            code[0].starts_with("error too_deep")
                || code[0].starts_with("error json_syntax")
                || code[0].starts_with("error truncated"),
            "{code:?}"
        );
    }
    let (_, findings) =
        read_labels_jsonl("deep", "{\"x\":[".repeat(1_000_000).as_bytes(), &Limits::default());
    assert_eq!(shown(&findings), ["error too_deep - - 1"]);
    let deep = format!("<annotation>{}", "<a>".repeat(3_000_000));
    let (_, findings, _) = read_voc([("d.xml", deep.as_bytes())], &Limits::default());
    assert_eq!(shown(&findings), ["error too_deep - - 1"]);
}

#[test]
fn limits_hold() {
    let limits = Limits { records: 3, findings: 2, ..Limits::default() };
    let many = [GOOD; 9].join(",\n");
    let (dataset, findings, _) = read_coco("f", coco(&many).as_bytes(), &limits);
    assert!(dataset.boxes.len() <= 3);
    assert!(shown(&findings).iter().any(|line| line.starts_with("error too_many_records")));
    let text = coco(&["{}"; 9].join(",\n"));
    let limits = Limits { findings: 2, ..Limits::default() };
    let (_, findings, _) = read_coco("f", text.as_bytes(), &limits);
    assert_eq!(shown(&findings)[2], "warning findings_left_out - - -");
}

fn voc(objects: &str) -> String {
    format!(
        "<annotation>\n<filename>a.jpg</filename><size><width>100</width><height>100</height>\
         </size>\n{objects}\n</annotation>"
    )
}

fn object(name: &str, xmin: &str, ymin: &str, xmax: &str, ymax: &str) -> String {
    format!(
        "<object><name>{name}</name><bndbox><xmin>{xmin}</xmin><ymin>{ymin}</ymin>\
         <xmax> {xmax} </xmax><ymax>{ymax}</ymax></bndbox></object>"
    )
}

#[test]
fn a_bad_voc_object_is_left_out_and_named() {
    let good = object("cell", "1", "1", "5", "5");
    for (bad, kept, want) in [
        (object("cell", "9", "1", "5", "5"), 1, "error negative_size bndbox - 4"),
        (object("cell", "NaN", "1", "5", "5"), 1, "error not_finite xmin - 4"),
        (object("cell", "1", "x", "5", "5"), 1, "error wrong_type ymin - 4"),
        (object("", "1", "1", "5", "5"), 1, "error missing_field name - 4"),
        (object("cell", "1", "1", "5", "101"), 2, "warning over_edge bndbox - 4"),
        (object("cell", "1", "1", "1", "9"), 2, "warning empty_box bndbox - 4"),
        (object("cell", "200", "1", "205", "9"), 1, "error outside_image bndbox - 4"),
        ("<object><name>n</name></object>".to_owned(), 1, "error missing_field xmin - 4"),
    ] {
        let text = voc(&format!("{good}\n{bad}"));
        let (dataset, findings, _) = read_voc([("x/a.xml", text.as_bytes())], &Limits::default());
        assert_eq!(shown(&findings), [want], "{bad}");
        assert_eq!(dataset.boxes.len(), kept, "{bad}");
    }
    let text = voc(&object("R&amp;D &#65;", "1.5", "1", "5", "5"));
    let (dataset, findings, _) = read_voc([("b.xml", text.as_bytes())], &Limits::default());
    assert_eq!(dataset.classes[0].name, "R&D A");
    assert_eq!((dataset.images[0].name.as_str(), dataset.boxes[0].rect.x0), ("b", 1_500_000));
    assert_eq!(shown(&findings), ["warning name_mismatch filename - -"]);
    for (text, want) in [
        ("<annotation><object>", "error truncated - - 1"),
        ("<annotation></b>", "error xml_syntax - - 1"),
        ("<html></html>", "error unknown_format - - -"),
        ("", "error unknown_format - - -"),
    ] {
        let (_, findings, _) = read_voc([("a.xml", text.as_bytes())], &Limits::default());
        assert_eq!(shown(&findings), [want], "{text}");
    }
}

#[test]
fn a_bad_label_row_is_left_out_and_named() {
    for (text, kept, want) in [
        ("id,label\na,1\nb,0\n", 2, vec![]),
        ("\u{feff}Label,ID\r\n1,a\r\n", 1, vec![]),
        ("text,label\nx,1\n", 0, vec!["error missing_field id,label - 1"]),
        ("", 0, vec!["error missing_field id,label - 1"]),
        ("id,label\na,1\na,2\n", 1, vec!["error duplicate_id id a 3"]),
        ("id,label\na\nb,1\n", 1, vec!["error missing_field label - 2"]),
        (
            "id,label\n,1\nb,\n",
            0,
            vec!["error missing_field id - 2", "error missing_field label b 3"],
        ),
    ] {
        let (set, findings) = read_labels_csv("f.csv", text.as_bytes(), &Limits::default());
        assert_eq!(shown(&findings), want, "{text}");
        assert_eq!(set.labels.len(), kept, "{text}");
    }
    let (_, findings) = read_labels_csv("f", b"id,label\na,\xFF\n", &Limits::default());
    assert_eq!(shown(&findings), ["error not_utf8 label - 2"]);
    let lines =
        "{\"id\":1,\"label\":\"pos\"}\n\n{\"id\":2}\n{\"id\":3,\n{\"id\":\"4\",\"label\":0}";
    let (set, findings) = read_labels_jsonl("f", lines.as_bytes(), &Limits::default());
    assert_eq!(shown(&findings), ["error missing_field label - 3", "error truncated - - 4"]);
    assert_eq!(set.labels.keys().collect::<Vec<_>>(), ["1", "4"]);
}

/// Bytes that look like the formats, so that the parsers get past the first byte.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u12",
        "\\ud800\\udc00",
        "1e9",
        "-",
        "NaN",
        "null",
        "true",
        "0",
        "\"id\":1",
        "\"images\":[",
        "\"annotations\":[",
        "\"bbox\":[1,2,3,4]",
        "\"image_id\":1,",
        "\"category_id\":1,",
        "<annotation>",
        "</annotation>",
        "<object>",
        "<a ",
        "<name>x</name>",
        "<bndbox><xmin>1",
        "&#x41;",
        "&lt;",
        "<!--",
        "<![CDATA[",
        "]]>",
        "<?xml",
        "id,label\n",
        "a,\"b\n",
        "\r\n",
        "\u{feff}",
        "é",
        " ",
    ]);
    let word = words.prop_map(|word| word.as_bytes().to_vec());
    let byte = any::<u8>().prop_map(|byte| vec![byte]);
    prop::collection::vec(prop_oneof![4 => word, 1 => byte], 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in noise()) {
        let limits = Limits::default();
        let (dataset, _, _) = read_coco("f", &bytes, &limits);
        let (other, _, _) = read_voc([("f.xml", bytes.as_slice())], &limits);
        let _ = annotation::box_quality(&dataset, &other, &crate::boxes::options());
        let (set, _) = read_labels_csv("f", &bytes, &limits);
        let (lines, _) = read_labels_jsonl("f", &bytes, &limits);
        let _ = annotation::label_quality(&set, &lines, &limits);
    }

    #[test]
    fn a_cut_file_never_yields_more_than_the_whole(at in 0_usize..200) {
        let whole = coco(&format!("{GOOD},\n{{\"id\":9{}", &GOOD[7..]));
        let cut = &whole[..at.min(whole.len())];
        let (dataset, findings, _) = read_coco("f", cut.as_bytes(), &Limits::default());
        prop_assert!(dataset.boxes.len() <= 2);
        prop_assert!(cut.len() == whole.len() || !findings.is_empty());
    }
}
