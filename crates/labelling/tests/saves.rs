//! Saves: what is read and refused, and how two people's operations meet.

use labelling::{
    BodyError, Document, Extent, Merged, Operation, RefusedCode, Shape, merge, read_save,
};
use proptest::prelude::*;

use crate::guidelines::cells;

const IMAGE: Extent = Extent::Image { width: 640, height: 480 };

pub(crate) fn id(n: u64) -> String {
    format!("{n:026}")
}

pub(crate) fn boxed(n: u64, class: &str, rect: &str) -> String {
    format!(r#"{{"put":{{"id":"{}","kind":"box","class":"{class}","rect":{rect}}}}}"#, id(n))
}

pub(crate) fn save(document: &mut Document, who: &str, base: u64, operations: &[String]) -> Merged {
    let body = format!(r#"{{"base":{base},"seconds":2,"operations":[{}]}}"#, operations.join(","));
    merge(document, &read_save(body.as_bytes()).expect("a save"), who, &cells(), Some(&IMAGE))
}

fn ids(document: &Document) -> Vec<u64> {
    document.labels.iter().map(|label| label.id.parse().expect("a number")).collect()
}

#[test]
fn each_bad_operation_is_refused_with_its_place_and_the_rest_is_taken() {
    use RefusedCode as C;
    let check = |operation: String, extent: Extent, code: C, field: &str| {
        let good = r#"{"put":{"id":"00000000000000000000000009","kind":"class","class":"好评"}}"#;
        let body = format!(r#"{{"base":0,"operations":[{good},{operation}]}}"#);
        let mut document = Document::default();
        let save = read_save(body.as_bytes()).unwrap();
        let done = merge(&mut document, &save, "a", &cells(), Some(&extent));
        assert_eq!(ids(&document), [9], "{operation}");
        let found: Vec<_> =
            done.refused.iter().map(|one| (one.index, one.code, one.field.as_str())).collect();
        assert_eq!(found, [(1, code, field)], "{operation}");
    };
    let video = Extent::Video { width: 64, height: 48, from: 100, to: 1_000 };
    let text = Extent::Text { chars: 10 };
    check(boxed(1, "cat", "[0,0,9,9]"), IMAGE, C::UnknownClass, "class");
    check(boxed(1, "好评", "[0,0,9,9]"), IMAGE, C::WrongKind, "kind");
    check(boxed(1, "RBC", "[0,0,9,9]"), text, C::WrongKind, "kind");
    check(boxed(1, "RBC", "[0,0,641,9]"), IMAGE, C::Outside, "rect");
    check(boxed(1, "RBC", "[-0.000001,0,64,9]"), IMAGE, C::Outside, "rect");
    check(boxed(1, "RBC", "[9,0,1,9]"), IMAGE, C::Negative, "rect");
    check(boxed(1, "WBC", "[9,0,9,9]"), IMAGE, C::Empty, "rect");
    check(boxed(1, "RBC", "[0,0,3.999999,9]"), IMAGE, C::TooSmall, "rect");
    check(boxed(1, "RBC", "[0,0,NaN,9]"), IMAGE, C::NotFinite, "rect/2");
    check(boxed(1, "RBC", "[0,Infinity,9,9]"), IMAGE, C::NotFinite, "rect/1");
    check(boxed(1, "RBC", "[0,0,9.0000001,9]"), IMAGE, C::NotExact, "rect/2");
    check(boxed(1, "RBC", "[0,0,1e99,9]"), IMAGE, C::NotExact, "rect/2");
    check(boxed(1, "RBC", "[0,0,9]"), IMAGE, C::WrongType, "rect");
    check(boxed(1, "RBC", "[0,0,\"9\",9]"), IMAGE, C::WrongType, "rect/2");
    let put = |fields: &str| format!(r#"{{"put":{{"id":"{}",{fields}}}}}"#, id(1));
    check(put(r#""kind":"cube","class":"RBC""#), IMAGE, C::WrongKind, "kind");
    check(put(r#""kind":"box","class":"RBC""#), IMAGE, C::Missing, "rect");
    check(put(r#""kind":"class","class":"好评","colour":"red""#), IMAGE, C::UnknownField, "colour");
    let stain = |value: &str| {
        put(&format!(
            r#""kind":"box","class":"WBC","rect":[0,0,9,9],"attributes":{{"stain":{value}}}"#
        ))
    };
    check(stain("\"green\""), IMAGE, C::UnknownValue, "attributes/stain");
    check(stain("3"), IMAGE, C::WrongType, "attributes/stain");
    check(
        put(r#""kind":"class","class":"好评","attributes":{"x":1}"#),
        IMAGE,
        C::UnknownAttribute,
        "attributes/x",
    );
    let span =
        |a: i64, b: i64| put(&format!(r#""kind":"span","class":"好评","start":{a},"end":{b}"#));
    check(span(3, 11), text, C::Outside, "end");
    check(span(-3, 5), text, C::Outside, "start");
    check(span(3, 3), text, C::Empty, "end");
    check(span(5, 3), text, C::Negative, "end");
    let event = |a: &str| put(&format!(r#""kind":"event","class":"好评","start":{a},"end":900"#));
    check(event("99"), video, C::Outside, "start");
    check(event("99.5"), video, C::NotExact, "start");
    check(put(r#""kind":"keyframe","class":"好评","at":1000"#), video, C::Outside, "at");
    let track = |boxes: &str| put(&format!(r#""kind":"track","class":"RBC","boxes":[{boxes}]"#));
    check(track(""), video, C::TooMany, "boxes");
    check(
        track(r#"{"at":200,"rect":[0,0,9,9]},{"at":200,"rect":[0,0,9,9]}"#),
        video,
        C::NotRising,
        "boxes/1/at",
    );
    check(track(r#"{"at":200,"rect":[0,0,99,9]}"#), video, C::Outside, "boxes/0/rect");
    check(track(r#"{"at":2000,"rect":[0,0,9,9]}"#), video, C::Outside, "boxes/0/at");
    check(r#"{"put":{"id":"short","kind":"class","class":"好评"}}"#.into(), IMAGE, C::BadId, "id");
    check(r#"{"delete":"00000000000000000000000077"}"#.into(), IMAGE, C::NoSuchLabel, "delete");
    check(r#"{"delete":7}"#.into(), IMAGE, C::BadId, "delete");
    check(r#"{"move":7}"#.into(), IMAGE, C::Shape, "");
    check("7".into(), IMAGE, C::Shape, "");
}

#[test]
fn a_body_that_is_no_save_is_refused_whole() {
    let check = |body: &str, expected: BodyError| {
        assert_eq!(read_save(body.as_bytes()).unwrap_err(), expected, "{body}");
    };
    check("{", BodyError::Syntax { at: 1 });
    check(r#"{"operations":[]} x"#, BodyError::Syntax { at: 17 });
    check(r#"{"operations":{}}"#, BodyError::Field { field: "/operations" });
    check(r#"{"base":-1,"operations":[]}"#, BodyError::Field { field: "/base" });
    check(r#"{"seconds":86401,"operations":[]}"#, BodyError::Field { field: "/seconds" });
    let many = format!(r#"{{"operations":[{}0]}}"#, "0,".repeat(6_000));
    check(&many, BodyError::TooMany { limit: 6_000 });
    assert!(read_save("[".repeat(100_000).as_bytes()).is_err(), "depth has an end");
}

#[test]
fn coordinates_are_kept_exactly_as_they_were_written() {
    let mut document = Document::default();
    save(&mut document, "a", 0, &[boxed(1, "RBC", "[0.1,0.000001,639.999999,4.8e2]")]);
    let Shape::Box { rect, .. } = document.labels[0].shape else { panic!("a box") };
    assert_eq!(rect, [100_000, 1, 639_999_999, 480_000_000]);
    let text = serde_json::to_string(&document).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&text).unwrap(), document);
}

#[test]
fn the_last_writer_of_a_label_wins_and_learns_of_the_others() {
    let mut document = Document::default();
    let first = save(&mut document, "ann", 0, &[boxed(1, "RBC", "[0,0,9,9]")]);
    assert_eq!((first.revision, first.made), (1, 1));
    let second = save(&mut document, "bob", 0, &[boxed(2, "RBC", "[0,0,9,9]")]);
    assert_eq!(second.others.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), [id(1)]);
    let third = save(&mut document, "bob", 2, &[boxed(1, "WBC", "[1,1,9,9]")]);
    assert_eq!((third.changed, third.others.len()), (1, 0));
    let fourth = save(&mut document, "ann", 1, &[]);
    assert_eq!(fourth.revision, 3, "nothing changed, no revision");
    assert_eq!(fourth.others.len(), 2);
    assert_eq!(document.labels[0].author, "bob");
    assert_eq!((document.labels[0].class.as_str(), document.labels[0].revision), ("WBC", 3));
}

#[test]
fn a_label_that_another_deleted_comes_back_when_it_is_put() {
    let mut document = Document::default();
    save(&mut document, "ann", 0, &[boxed(1, "RBC", "[0,0,9,9]"), boxed(2, "RBC", "[0,0,8,8]")]);
    let delete = |n| format!(r#"{{"delete":"{}"}}"#, id(n));
    save(&mut document, "bob", 1, &[delete(1)]);
    assert_eq!(ids(&document), [2]);
    let seen = save(&mut document, "ann", 1, &[]);
    assert_eq!(seen.gone, [id(1)]);
    let back = save(&mut document, "ann", 1, &[boxed(1, "RBC", "[0,0,7,7]")]);
    assert_eq!((back.gone.len(), back.others.len()), (0, 0));
    assert_eq!(ids(&document), [2, 1]);
    save(&mut document, "bob", 3, &[delete(1)]);
    let twice = save(&mut document, "ann", 3, &[delete(1)]);
    assert!(twice.refused.is_empty() && twice.applied.is_empty(), "it is as was asked");
}

#[test]
fn a_base_that_nobody_remembers_makes_the_client_read_anew() {
    let mut document = Document::default();
    let delete = |n| format!(r#"{{"delete":"{}"}}"#, id(n));
    for round in 0..3 {
        let numbers = round * 1_000..(round + 1) * 1_000;
        let base = document.revision;
        let puts: Vec<_> = numbers.clone().map(|n| boxed(n, "RBC", "[0,0,9,9]")).collect();
        save(&mut document, "a", base, &puts);
        let deletes: Vec<_> = numbers.map(delete).collect();
        save(&mut document, "a", base, &deletes);
    }
    assert!(save(&mut document, "b", 1, &[]).reload);
    assert!(!save(&mut document, "b", 5, &[]).reload);
    assert!(save(&mut document, "b", 99, &[]).reload, "a base from another life");
}

#[test]
fn five_thousand_boxes_fit_an_item_and_the_first_beyond_the_most_is_refused() {
    let mut document = Document::default();
    let puts: Vec<_> = (0..6_001).map(|n| boxed(n, "RBC", "[0.123456,0.123456,9.5,9.5]")).collect();
    let (all, over) = puts.split_at(6_000);
    assert_eq!(save(&mut document, &id(1), 0, all).made, 6_000);
    let done = save(&mut document, &id(1), 1, over);
    assert_eq!((done.made, done.refused.len()), (0, 1));
    assert_eq!(done.refused[0].code, RefusedCode::TooMany);
    let bytes = serde_json::to_vec(&document).unwrap().len();
    assert!(bytes < 2 << 20, "{bytes} bytes");
}

proptest! {
    /// Whoever saves what in whatever order: a client that does what the answers say holds what
    /// the server holds.
    #[test]
    fn a_client_that_follows_the_answers_holds_what_the_server_holds(
        steps in prop::collection::vec((0_usize..3, 0_u64..6, 0_u8..3, 1_i64..99), 1..60),
    ) {
        let mut document = Document::default();
        let mut clients = vec![(0_u64, std::collections::BTreeMap::new()); 3];
        for (who, n, what, size) in steps {
            let (base, held) = &mut clients[who];
            let operation = match what {
                0 => format!(r#"{{"delete":"{}"}}"#, id(n)),
                _ => boxed(n, "WBC", &format!("[0,0,{size},{size}]")),
            };
            let done = save(&mut document, &format!("p{who}"), *base, &[operation]);
            for operation in &done.applied {
                match operation {
                    Operation::Put(label) => _ = held.insert(label.id.clone(), label.shape.clone()),
                    Operation::Delete(id) => _ = held.remove(id),
                }
            }
            for refused in &done.refused {
                held.remove(&refused.id);
            }
            for label in &done.others {
                held.insert(label.id.clone(), label.shape.clone());
            }
            for id in &done.gone {
                held.remove(id);
            }
            *base = done.revision;
            let held: Vec<_> = held.clone().into_iter().collect();
            let mut there: Vec<_> = document
                .labels
                .iter()
                .map(|label| (label.id.clone(), label.shape.clone()))
                .collect();
            there.sort_by(|a, b| a.0.cmp(&b.0));
            prop_assert_eq!(held, there);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_save(&bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = labelling::Guideline::parse(&text);
    }
}
