//! One row for each range, and the shapes of an address.

use std::net::IpAddr;

use super::{Egress, Rules, not_public};

#[test]
fn every_range_that_is_not_public_is_refused_and_its_neighbours_are_not() {
    let check = |text: &str, expected: Option<&str>| {
        let address: IpAddr = text.parse().unwrap();
        assert_eq!(not_public(address), expected, "{text}");
    };
    for (text, expected) in [
        ("0.0.0.0", Some("this network")),
        ("0.255.255.255", Some("this network")),
        ("1.0.0.0", None),
        ("9.255.255.255", None),
        ("10.0.0.0", Some("private")),
        ("10.255.255.255", Some("private")),
        ("11.0.0.0", None),
        ("100.63.255.255", None),
        ("100.64.0.0", Some("shared by carriers")),
        ("100.100.100.200", Some("shared by carriers")),
        ("100.127.255.255", Some("shared by carriers")),
        ("100.128.0.0", None),
        ("126.255.255.255", None),
        ("127.0.0.1", Some("loopback")),
        ("127.255.255.254", Some("loopback")),
        ("128.0.0.1", None),
        ("168.63.129.15", None),
        ("168.63.129.16", Some("metadata of a cloud")),
        ("169.253.255.255", None),
        ("169.254.169.254", Some("link-local")),
        ("169.255.0.0", None),
        ("172.15.255.255", None),
        ("172.16.0.1", Some("private")),
        ("172.31.255.255", Some("private")),
        ("172.32.0.0", None),
        ("192.0.0.8", Some("protocol assignments")),
        ("192.0.1.0", None),
        ("192.0.2.1", Some("documentation")),
        ("192.31.196.1", Some("AS112")),
        ("192.52.193.1", Some("AMT")),
        ("192.88.99.1", Some("6to4 relay")),
        ("192.167.255.255", None),
        ("192.168.1.1", Some("private")),
        ("192.169.0.0", None),
        ("192.175.48.1", Some("AS112")),
        ("198.17.255.255", None),
        ("198.18.0.1", Some("benchmarking")),
        ("198.19.255.255", Some("benchmarking")),
        ("198.20.0.0", None),
        ("198.51.100.7", Some("documentation")),
        ("203.0.113.9", Some("documentation")),
        ("223.255.255.255", None),
        ("224.0.0.1", Some("multicast")),
        ("239.255.255.250", Some("multicast")),
        ("240.0.0.1", Some("reserved")),
        ("255.255.255.255", Some("reserved")),
        ("::", Some("IPv4 compatible")),
        ("::1", Some("loopback")),
        ("::127.0.0.1", Some("IPv4 compatible")),
        ("::ffff:127.0.0.1", Some("IPv4 mapped")),
        ("::ffff:8.8.8.8", Some("IPv4 mapped")),
        ("64:ff9b::7f00:1", Some("NAT64")),
        ("64:ff9b:1::1", Some("local NAT64")),
        ("100::1", Some("discard")),
        ("1fff::1", Some("not assigned")),
        ("2001::1", Some("protocol assignments")),
        ("2001:2::1", Some("protocol assignments")),
        ("2001:20::1", Some("protocol assignments")),
        ("2001:200::1", None),
        ("2001:db8::1", Some("documentation")),
        ("2001:db9::1", None),
        ("2002:7f00:1::", Some("6to4")),
        ("2003::1", None),
        ("2606:4700::1111", None),
        ("2620:4f:8000::1", Some("AS112")),
        ("3fff::1", Some("documentation")),
        ("3fff:1000::1", None),
        ("4000::1", Some("not assigned")),
        ("5f00::1", Some("segment routing")),
        ("fc00::1", Some("unique local")),
        ("fd00:ec2::254", Some("unique local")),
        ("fe80::1", Some("link-local")),
        ("fec0::1", Some("site-local")),
        ("ff02::1", Some("multicast")),
    ] {
        check(text, expected);
    }
}

#[test]
fn an_address_is_admitted_by_scheme_port_and_host_or_refused_with_its_reason() {
    let check = |rules: &Rules, text: &str, expected: &str| {
        let egress = Egress::new(rules.clone(), &[]);
        let found = egress.admit(text).map_or_else(|refused| refused.code(), |_| "ok");
        assert_eq!(found, expected, "{text} with {rules:?}");
    };
    let strict = Rules::default();
    for (text, expected) in [
        ("https://hooks.acme.com/in", "ok"),
        ("https://hooks.acme.com:8443/in?x=1", "ok"),
        ("HTTPS://例子.中国/in", "ok"),
        ("https://8.8.8.8/", "ok"),
        ("http://hooks.acme.com/in", "address_scheme"),
        ("ftp://hooks.acme.com/in", "address_scheme"),
        ("file:///etc/passwd", "address_malformed"),
        ("gopher://hooks.acme.com/", "address_scheme"),
        ("javascript:alert(1)", "address_malformed"),
        ("https://user@hooks.acme.com/", "address_user_info"),
        ("https://user:pass@hooks.acme.com/", "address_user_info"),
        ("https://:pass@hooks.acme.com/", "address_user_info"),
        ("https://hooks.acme.com:22/", "address_port"),
        ("https://hooks.acme.com:25/", "address_port"),
        ("https://hooks.acme.com:80/", "address_port"),
        ("https://127.0.0.1/", "address_not_public"),
        ("https://0x7f000001/", "address_not_public"),
        ("https://2130706433/", "address_not_public"),
        ("https://0177.0.0.1/", "address_not_public"),
        ("https://127.1/", "address_not_public"),
        ("https://１２７.0.0.1/", "address_not_public"),
        ("https://[::1]/", "address_not_public"),
        ("https://[::ffff:127.0.0.1]/", "address_not_public"),
        ("https://169.254.169.254/latest/meta-data", "address_not_public"),
        ("https://localhost/", "address_not_public"),
        ("https://intranet/", "address_not_public"),
        ("https://metadata.google.internal/", "address_not_public"),
        ("https://printer.local./", "address_not_public"),
        ("https://hooks.acme.com/\r\nX: y", "address_malformed"),
        ("https:// hooks.acme.com/", "address_malformed"),
        ("https://", "address_malformed"),
        ("", "address_malformed"),
        ("/relative", "address_malformed"),
    ] {
        check(&strict, text, expected);
    }
    let long = format!("https://hooks.acme.com/{}", "a".repeat(super::MAX_URL_BYTES));
    check(&strict, &long, "address_malformed");
    let private = Rules { private: true, ..Rules::default() };
    for (text, expected) in [
        ("http://127.0.0.1:9000/", "ok"),
        ("http://localhost/", "ok"),
        ("http://[::1]:9000/", "ok"),
        ("https://10.0.0.8/", "ok"),
        ("http://10.0.0.8/", "address_scheme"),
        ("http://hooks.acme.com/", "address_scheme"),
        ("http://127.0.0.1:22/", "address_port"),
        ("http://user@127.0.0.1:9000/", "address_user_info"),
    ] {
        check(&private, text, expected);
    }
    let named = ["login.corp.internal".to_owned()].into_iter().collect();
    let named = Rules { named, ..Rules::default() };
    for (text, expected) in [
        ("https://login.corp.internal/", "ok"),
        ("https://other.corp.internal/", "address_not_public"),
    ] {
        check(&named, text, expected);
    }
}
