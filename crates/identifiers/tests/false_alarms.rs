//! What is found where nothing should be: our own contract texts, and reviews of customers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use identifiers::{Kind, decode};

use crate::made;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn ordinary_contract_text_raises_no_alarm() {
    let texts = [
        "第3.1.2.4条 乙方应于2026年3月31日前支付人民币1,234,567.89元（大写：壹佰贰拾叁万元整）。",
        "合同编号：TS-2026-000123456789，版本 1.2.3.4，共 100,000,000 条数据，IoU≥0.75。",
        "Uptime of 99.95% per month; 12:30:45 on 2026-03-31; clause 10.4.2.1; invoice 2026-0000017.",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "订单 20260331123045678 与时间戳 1774915200000、1774915200 均保留六个月。",
        "COCO 2017: 118287 images, AP 0.373, 3.1415926535897932",
        "id 550e8400-e29b-41d4-a716-446655440000",
    ];
    for text in texts {
        assert_eq!(made::found(text), [], "{text}");
    }
}

#[test]
fn our_documents_hold_nobody() {
    let mut alarms = Vec::new();
    let mut letters = 0;
    for name in ["docs/clauses.md", "docs/review.md", "docs/drafting.md", "docs/locator.md"] {
        let text = std::fs::read_to_string(root().join(name)).expect(name);
        letters += text.chars().count();
        alarms.extend(made::found(&text).into_iter().map(|find| (name, find.kind, find.text)));
    }
    assert!(letters > 10_000);
    assert_eq!(alarms, []);
}

#[test]
fn reviews_of_customers_hold_few() {
    let folder = root().join("../shared/data/sentiment");
    for name in ["ChnSentiCorp_htl_all.csv", "waimai_10k.csv"] {
        let Ok(bytes) = std::fs::read(folder.join(name)) else {
            println!("not run: {} is absent", folder.join(name).display());
            continue;
        };
        let decoded = decode(&bytes, false).expect("small");
        assert!(decoded.wrong.is_empty());
        let finds = made::found(&decoded.text);
        let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
        for find in &finds {
            *kinds.entry(find.kind).or_default() += 1;
        }
        let lines = decoded.text.lines().count();
        println!("{name}: {} finds in {lines} lines: {kinds:?}", finds.len());
        for find in &finds {
            println!("  {}:{} {} {:?}", find.line, find.column, find.kind.code(), find.certainty);
        }
        // Nobody wrote these reviews to be found; one in a thousand names a telephone.
        assert!(finds.len() * 500 < lines, "{name}");
    }
}
