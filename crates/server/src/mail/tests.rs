//! Addresses, server addresses and the bytes of a letter.

use units::Timestamp;

use super::{Letter, MailError, Mailer, address};

#[test]
fn an_address_that_could_carry_a_header_or_a_command_is_refused() {
    let check = |text: &str, expected: bool| {
        assert_eq!(address(text).is_ok(), expected, "{text:?}");
    };
    for text in ["ana@acme.com", "ana.li+tally@mail.acme.com.cn", "root@localhost", "a_b@x.io"] {
        check(text, true);
    }
    for text in [
        "",
        "ana",
        "@acme.com",
        "ana@",
        "ana@acme",
        "ana@acme.com.",
        "ana@acme.com\r\nBcc: eve@evil.com",
        "ana@acme.com\nRCPT TO:<eve@evil.com>",
        "ana@acme.com\0",
        "ana@acme.com,eve@evil.com",
        "ana@acme.com;eve@evil.com",
        "ana@acme.com eve@evil.com",
        "<ana@acme.com>",
        "Ana <ana@acme.com>",
        "\"ana eve\"@acme.com",
        "ana@eve@acme.com",
        "-oQ/tmp@acme.com",
        "ana%eve@acme.com",
        "ana@[127.0.0.1]",
        "安娜@acme.com",
        "ana@例子.中国",
    ] {
        check(text, false);
    }
    check(&format!("{}@acme.com", "a".repeat(250)), false);
}

#[test]
fn a_server_is_spoken_to_over_tls_and_its_address_holds_no_password() {
    let check = |server: &str, expected: bool| {
        let made = Mailer::new(server, "tally@acme.com", Some("s3cret".to_owned()));
        assert_eq!(made.is_ok(), expected, "{server}");
        let shown = format!("{made:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
    };
    check("smtps://mail.acme.com", true);
    check("smtps://tally%40acme.com@mail.acme.com:465", true);
    check("smtp://mail.acme.com", true);
    check("smtp://127.0.0.1:2525", true);
    check("smtps://tally:s3cret@mail.acme.com", false);
    check("smtp://mail.acme.com?tls=none", false);
    check("smtps://mail.acme.com/path", false);
    check("http://mail.acme.com", false);
    check("mail.acme.com", false);
    check("smtps://", false);
    let from = Mailer::new("smtps://mail.acme.com", "tally@acme.com\r\nX: y", None);
    assert!(matches!(from, Err(MailError::Address)));
}

#[tokio::test]
async fn a_letter_has_one_recipient_and_no_header_but_ours() {
    let mailer = Mailer::new("smtps://mail.acme.com", "tally@acme.com", None).unwrap();
    let letter = |to: &str| Letter {
        to: to.to_owned(),
        subject: "付款将到期\r\nBcc: eve@evil.com".to_owned(),
        text: "查看\nhttps://tally.acme.com/agreements/lease\n".to_owned(),
        key: "1".to_owned(),
    };
    let at = Timestamp::from_seconds(1_800_000_000);
    let bytes = mailer.message(&letter("ana@acme.com"), at).unwrap().formatted();
    assert_eq!(bytes, mailer.message(&letter("ana@acme.com"), at).unwrap().formatted());
    let text = String::from_utf8(bytes).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.lines().all(|line| !line.to_lowercase().starts_with("bcc")), "{head}");
    assert!(head.contains("To: ana@acme.com\r\n"), "{head}");
    assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
    assert!(head.contains("Date: Fri, 15 Jan 2027 08:00:00 +0000"), "{head}");
    let refused = mailer.message(&letter("ana@acme.com\r\nX: y"), at);
    assert!(matches!(refused, Err(MailError::Address)));
}
