//! Each kind: what is one, what is none, and how it stands in text.

use identifiers::{Certainty, Kind, Reason};
use units::Date;

use crate::made;

/// The one find of a text: kind, certainty and letters.
fn check(text: &str, want: Option<(Kind, Certainty, &str)>) {
    let finds = made::found(text);
    let have: Vec<_> = finds.iter().map(|f| (f.kind, f.certainty, f.text.as_str())).collect();
    assert_eq!(have, want.into_iter().collect::<Vec<_>>(), "{text:?}");
    for find in &finds {
        assert_eq!(&text[find.start..find.end], find.text, "{text:?}");
        let letters: String =
            text.chars().collect::<Vec<_>>()[find.first..find.last].iter().collect();
        assert_eq!(letters, find.text, "{text:?}");
    }
}

const IDS: [&str; 6] = [
    "11010519491231002",
    "44030719900229111",
    "31011519880808123",
    "65010120240229456",
    "81000019991231001",
    "37020219770415002",
];

#[test]
fn resident_ids_need_province_birthday_and_check_digit() {
    use Certainty::Checked;
    for body in IDS {
        let id = made::resident_id(body);
        let real = body != IDS[1];
        let want = |text| real.then_some((Kind::ResidentId, Checked, text));
        check(&id, want(id.as_str()));
        check(&format!("张三{id}号"), want(id.as_str()));
        check(&made::spoilt(&id), None);
        check(&format!("{id}1"), None);
        check(&format!("1{id}"), None);
        let parted = format!("{} {} {}", &id[..6], &id[6..14], &id[14..]);
        check(&parted, want(parted.as_str()));
        let wide = made::full_width(&id);
        check(&format!("身份证{wide}，住"), want(wide.as_str()));
    }
    for body in ["11010520260401002", "16010519491231002", "11010519491331002", "11010518701231002"]
    {
        check(&made::resident_id(body), None);
    }
    // Born on the day itself is no future.
    let id = made::resident_id("11010520260331002");
    check(&id, Some((Kind::ResidentId, Checked, id.as_str())));
    let before = Date::new(2026, 3, 30).expect("a day");
    assert!(identifiers::find(&id, before).is_empty());
    let lower = made::resident_id("11010519491231002").to_lowercase();
    assert!(lower.ends_with('x'));
    check(&lower, Some((Kind::ResidentId, Checked, lower.as_str())));
}

#[test]
fn old_resident_ids_are_weaker() {
    let old = "110105491231002";
    check(old, Some((Kind::ResidentId, Certainty::Form, old)));
    check(&format!("身份证号：{old}。"), Some((Kind::ResidentId, Certainty::Context, old)));
    check("110105491331002", None);
    check("160105491231002", None);
    assert_eq!(made::found(old)[0].reason, Reason::IdOld);
}

#[test]
fn credit_codes_need_region_and_check_character() {
    for body in ["91350211M000100Y4", "9111000071092841X", "52110000MJ0012345", "12100000400000123"]
    {
        let code = made::credit_code(body);
        let want = |text| Some((Kind::CreditCode, Certainty::Checked, text));
        check(&code, want(code.as_str()));
        check(&format!("信用代码{code}的公司"), want(code.as_str()));
        check(&made::spoilt(&code), None);
        check(&format!("{code}7"), None);
        let parted = format!("{} {} {}", &code[..8], &code[8..17], &code[17..]);
        check(&parted, want(parted.as_str()));
    }
    check(&made::credit_code("91990211M000100Y4"), None);
}

#[test]
fn bank_cards_need_luhn_and_a_known_range_or_a_word() {
    use Certainty::Checked;
    for (body, kind) in [
        ("622202123456789012", Kind::BankCard),
        ("621700123456789", Kind::BankCard),
        ("411111111111111", Kind::CreditCard),
        ("555555555555444", Kind::CreditCard),
        ("37828224631000", Kind::CreditCard),
        ("353011133330000", Kind::CreditCard),
        ("601100000000000", Kind::CreditCard),
        ("3056930902590", Kind::CreditCard),
    ] {
        let number = made::card(body);
        check(&number, Some((kind, Checked, number.as_str())));
        check(&format!("付至{number}即可"), Some((kind, Checked, number.as_str())));
        check(&made::spoilt(&number), None);
        check(&format!("{number}00000000"), None);
    }
    let own = made::card("102030405060708");
    check(&own, None);
    check(&format!("开户行账号：{own}"), Some((Kind::BankCard, Checked, own.as_str())));
    let parted = made::card("622848040256489");
    let parted = format!("{}-{} {} {}", &parted[..4], &parted[4..8], &parted[8..12], &parted[12..]);
    check(&parted, Some((Kind::BankCard, Checked, parted.as_str())));
    check("账号 0000000000000000", None);
}

#[test]
fn telephones() {
    use Certainty::{Context, Form};
    for (text, want) in [
        ("13812345678", Some((Kind::Mobile, Form, "13812345678"))),
        ("张三13812345678李四", Some((Kind::Mobile, Form, "13812345678"))),
        ("手机138-1234-5678。", Some((Kind::Mobile, Context, "138-1234-5678"))),
        (
            "手机１３８　１２３４　５６７８",
            Some((Kind::Mobile, Context, "１３８　１２３４　５６７８")),
        ),
        ("tel13812345678", Some((Kind::Mobile, Context, "13812345678"))),
        ("+86 199 1234 5678", Some((Kind::Mobile, Form, "+86 199 1234 5678"))),
        ("+8613812345678", Some((Kind::Mobile, Form, "+8613812345678"))),
        ("(+86)13812345678", Some((Kind::Mobile, Form, "+86)13812345678"))),
        ("0086-13812345678", Some((Kind::Mobile, Form, "0086-13812345678"))),
        ("12812345678", None),
        ("1381234567", None),
        ("138123456789", None),
        ("0.13812345678", None),
        ("sku13812345678", None),
        ("13812345678ms", None),
        ("010-65123456", Some((Kind::Landline, Form, "010-65123456"))),
        ("（0512）6512 3456", Some((Kind::Landline, Form, "（0512）6512 3456"))),
        ("电话：02165123456", Some((Kind::Landline, Context, "02165123456"))),
        ("+86-10-65123456", Some((Kind::Landline, Form, "+86-10-65123456"))),
        ("热线400-800-1234", Some((Kind::Landline, Context, "400-800-1234"))),
        ("010-15123456", None),
        ("026-65123456", None),
        ("2026-03-31", None),
        ("+44 20 7946 0958", Some((Kind::Phone, Form, "+44 20 7946 0958"))),
        ("call (415) 555-2671 now", Some((Kind::Phone, Context, "(415) 555-2671"))),
        ("415-555-2671", None),
    ] {
        check(text, want);
    }
}

#[test]
fn documents_and_accounts_abroad() {
    use Certainty::{Checked, Context, Form};
    for (text, want) in [
        ("123-45-6780", Some((Kind::UsSsn, Form, "123-45-6780"))),
        ("SSN: 123456780", Some((Kind::UsSsn, Context, "123456780"))),
        ("000-45-6780", None),
        ("666-45-6780", None),
        ("900-45-6780", None),
        ("123-00-6780", None),
        ("123-45-0000", None),
        ("078-05-1120", None),
        ("123456780", None),
        ("护照号E12345678签发", Some((Kind::Passport, Context, "E12345678"))),
        ("护照：EA1234567", Some((Kind::Passport, Context, "EA1234567"))),
        ("Passport No. 123456789", Some((Kind::Passport, Context, "123456789"))),
        ("型号E12345678", None),
    ] {
        check(text, want);
    }
    for (country, account) in [
        ("DE", "370400440532013000"),
        ("GB", "WEST12345698765432"),
        ("FR", "20041010050500013M02606"),
        ("NO", "86011117947"),
    ] {
        let iban = made::iban(country, account);
        check(&format!("账户{iban}。"), Some((Kind::Iban, Checked, iban.as_str())));
        let groups: Vec<String> =
            iban.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
        let parted = groups.join(" ");
        check(&parted, Some((Kind::Iban, Checked, parted.as_str())));
        let mut other = iban.into_bytes();
        other[3] = if other[3] == b'9' { b'0' } else { other[3] + 1 };
        check(&String::from_utf8(other).expect("ASCII"), None);
    }
}

#[test]
fn plates_have_a_province_a_letter_and_five_or_six_places() {
    use Certainty::{Context, Form};
    for (text, want) in [
        ("京A12345", Some((Kind::Plate, Form, "京A12345"))),
        ("车牌沪B·D12A", None),
        ("车牌沪B·D1234", Some((Kind::Plate, Context, "沪B·D1234"))),
        ("停着粤BD12345的车", Some((Kind::Plate, Form, "粤BD12345"))),
        ("粤BDF1234", Some((Kind::Plate, Form, "粤BDF1234"))),
        ("粤B12345D", Some((Kind::Plate, Form, "粤B12345D"))),
        ("粤B1234挂", Some((Kind::Plate, Form, "粤B1234挂"))),
        ("粤B12345Z", None),
        ("粤I12345", None),
        ("京A1234O", None),
        ("京A1234567", None),
        ("新A 10000 元", None),
        ("创新ABCDEF", None),
    ] {
        check(text, want);
    }
}

#[test]
fn addresses_of_machines_and_mailboxes() {
    use Certainty::{Context, Form};
    for (text, want) in [
        ("邮箱zhang.san@example.com.cn。", Some((Kind::Email, Form, "zhang.san@example.com.cn"))),
        ("写信给a@b.cn吧", Some((Kind::Email, Form, "a@b.cn"))),
        ("13812345678@139.com", Some((Kind::Email, Form, "13812345678@139.com"))),
        ("zhang＠example．com", Some((Kind::Email, Form, "zhang＠example．com"))),
        ("user@localhost", None),
        ("pkg@1.2.3", None),
        ("@example.com", None),
        ("访问192.168.1.10即可", Some((Kind::Ipv4, Form, "192.168.1.10"))),
        ("服务器8.8.8.8", Some((Kind::Ipv4, Context, "8.8.8.8"))),
        ("http://8.8.8.8:80/", Some((Kind::Ipv4, Form, "8.8.8.8"))),
        ("见第3.1.2.4条", None),
        ("127.0.0.1", None),
        ("256.1.1.100", None),
        ("1.192.168.1.100", None),
        ("192.168.1.100.5", None),
        ("版本v2.31.100.4", None),
        ("地址2001:db8::ff00:42:8329。", Some((Kind::Ipv6, Context, "2001:db8::ff00:42:8329"))),
        (
            "fe80:0:0:0:204:61ff:fe9d:f156",
            Some((Kind::Ipv6, Form, "fe80:0:0:0:204:61ff:fe9d:f156")),
        ),
        ("12:30:45", None),
        ("std::fs::read", None),
        ("设备00:1A:2b:3C:4d:5E上线", Some((Kind::Mac, Form, "00:1A:2b:3C:4d:5E"))),
        ("00-1A-2B-3C-4D-5E", Some((Kind::Mac, Form, "00-1A-2B-3C-4D-5E"))),
        ("26-03-31-12-30-45", None),
        ("550e8400-e29b-41d4-a716-446655440000", None),
    ] {
        check(text, want);
    }
}

#[test]
fn neighbours_are_told_apart() {
    let id = made::resident_id("11010519491231002");
    let card = made::card("622202123456789012");
    let text = format!("客户张三身份证{id}电话13812345678卡号{card}邮箱z@x.cn\n住京A12345");
    let finds = made::found(&text);
    let kinds: Vec<Kind> = finds.iter().map(|find| find.kind).collect();
    use Kind::{BankCard, Email, Mobile, Plate, ResidentId};
    assert_eq!(kinds, [ResidentId, Mobile, BankCard, Email, Plate]);
    let places: Vec<_> = finds.iter().map(|find| (find.line, find.column)).collect();
    assert_eq!(places[0], (1, 8));
    assert_eq!(places[4], (2, 2));
}

#[test]
fn of_overlapping_finds_the_longest_stays() {
    // Four groups of a card, and three more digits with which another card holds too.
    let long = made::card("622202123456789012");
    let parted = format!(
        "{} {} {} {} {}",
        &long[..4],
        &long[4..8],
        &long[8..12],
        &long[12..16],
        &long[16..]
    );
    check(&parted, Some((Kind::BankCard, Certainty::Checked, parted.as_str())));
}
