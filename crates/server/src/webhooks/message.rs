//! What is sent: a message that says that something happened and where to read it, in the JSON
//! form of CloudEvents 1.0. It holds ids and codes only, so that what an agreement says is read
//! with an account, by somebody who may.

use serde::Serialize;
use sha2::{Digest, Sha256};
use units::{Id, Timestamp};

/// The kind of entry under which notices are sent.
pub const NOTICE: &str = "notice";

/// What a message tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// An entry of a journal.
    Entry {
        /// The agreement.
        agreement: &'a Id,
        /// Its place in the journal, from 0.
        seq: u64,
        /// What it records, as a code.
        kind: &'a str,
    },
    /// Something that is due, or was not done.
    Notice {
        /// The agreement.
        agreement: &'a Id,
        /// The key of the notice: the same notice has the same key.
        key: &'a str,
        /// What it tells of, as a code.
        kind: &'a str,
    },
    /// A message that a person asked for, to try the endpoint.
    Test,
}

#[derive(Serialize)]
struct Body<'a> {
    specversion: &'static str,
    id: &'a str,
    source: String,
    r#type: &'static str,
    time: Timestamp,
    datacontenttype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    kind: &'a str,
}

/// The name of a message. The same entry to the same endpoint has the same name for ever, so that
/// a receiver tells a repetition.
#[must_use]
pub fn message_id(endpoint: &str, subject: &Subject<'_>, salt: &str) -> String {
    let text = match subject {
        Subject::Entry { agreement, seq, .. } => format!("entry\n{endpoint}\n{agreement}\n{seq}"),
        Subject::Notice { agreement, key, .. } => format!("notice\n{endpoint}\n{agreement}\n{key}"),
        Subject::Test => format!("test\n{endpoint}\n{salt}"),
    };
    format!("msg_{}", &hex::encode(Sha256::digest(text))[..32])
}

/// The bytes of a message. `origin` is the deployment's address without a slash at the end.
#[must_use]
pub fn body(origin: &str, id: &str, time: Timestamp, subject: &Subject<'_>) -> Vec<u8> {
    let of = |agreement: &Id| format!("{origin}/api/v1/agreements/{agreement}");
    let (source, r#type, agreement, seq, kind) = match *subject {
        Subject::Entry { agreement, seq, kind } => {
            (of(agreement), "tallystick.entry", Some(agreement), Some(seq), kind)
        }
        Subject::Notice { agreement, kind, .. } => {
            (of(agreement), "tallystick.notice", Some(agreement), None, kind)
        }
        Subject::Test => (origin.to_owned(), "tallystick.test", None, None, "test"),
    };
    let datacontenttype = "application/json";
    let body = Body {
        specversion: "1.0",
        id,
        source,
        r#type,
        time,
        datacontenttype,
        agreement,
        seq,
        kind,
    };
    serde_json::to_vec(&body).expect("text, numbers and instants are JSON")
}

#[cfg(test)]
mod tests {
    use super::{Subject, body, message_id};
    use units::{Id, Timestamp};

    #[test]
    fn a_message_holds_ids_and_codes_and_no_more() {
        let agreement = Id::new("lease-1").unwrap();
        let subject = Subject::Entry { agreement: &agreement, seq: 12, kind: "fact_recorded" };
        let at = Timestamp::from_micros(1_700_000_000_000_000);
        let text = String::from_utf8(body("https://t.acme.com", "msg_1", at, &subject)).unwrap();
        let expected = concat!(
            r#"{"specversion":"1.0","id":"msg_1","#,
            r#""source":"https://t.acme.com/api/v1/agreements/lease-1","#,
            r#""type":"tallystick.entry","time":"2023-11-14T22:13:20Z","#,
            r#""datacontenttype":"application/json","#,
            r#""agreement":"lease-1","seq":12,"kind":"fact_recorded"}"#,
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn the_same_entry_has_the_same_name_and_another_has_another() {
        let (a, b) = (Id::new("a").unwrap(), Id::new("b").unwrap());
        let entry = |agreement, seq| Subject::Entry { agreement, seq, kind: "x" };
        let name = |endpoint: &str, subject: &Subject<'_>| message_id(endpoint, subject, "");
        let first = name("w1", &entry(&a, 1));
        assert_eq!(first, name("w1", &entry(&a, 1)));
        let notice = Subject::Notice { agreement: &a, key: "1", kind: "x" };
        for other in [
            name("w2", &entry(&a, 1)),
            name("w1", &entry(&a, 2)),
            name("w1", &entry(&b, 1)),
            name("w1", &notice),
            message_id("w1", &Subject::Test, "1"),
            message_id("w1", &Subject::Test, "2"),
        ] {
            assert_ne!(first, other);
            assert!(other.len() == 36 && !other.contains('.'));
        }
    }
}
