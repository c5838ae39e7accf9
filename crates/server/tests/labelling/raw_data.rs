//! The manifest of raw data: proposed by one party, signed by both, in the journal.

use std::sync::Arc;

use desk::world::ManualClock;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{CELLS, Shop, ok};
use crate::client::{Client, sign_document};

const TERMS: &str = include_str!("../../../../cases/agreements/bccd.toml");

fn sum(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

async fn shop() -> Shop {
    let clock = Arc::new(ManualClock::new("2026-03-02T09:00:00+08:00".parse().unwrap()));
    let mut shop = Shop::agreed(json!({}), TERMS, &clock).await;
    let body = json!({ "name": "评论", "modality": "text", "guideline": CELLS });
    let path = format!("/agreements/{}/projects", shop.agreement);
    let made = ok(shop.manager.post(&path, &body).await).json();
    made["id"].as_str().unwrap().clone_into(&mut shop.project);
    shop
}

async fn take(shop: &Shop, name: &str, text: &str, personal_data: &str) -> Value {
    let uploads = format!("/agreements/{}/uploads", shop.agreement);
    let body = json!({ "name": name, "size": text.len() });
    let begun = ok(shop.manager.post(&uploads, &body).await).json();
    let id = begun["upload"].as_str().unwrap();
    let path = format!("/api/v1{uploads}/{id}");
    ok(shop.manager.send("PATCH", &path, &[("upload-offset", "0")], text.as_bytes()).await);
    let body = json!({
        "uploads": [id], "rights": format!("rights of {name}"), "personal_data": personal_data,
        "deidentified": true, "split": "lines",
    });
    ok(shop.manager.post(&shop.at("/intake"), &body).await).json()
}

async fn propose(shop: &Shop, client: &Client) -> crate::client::Answer {
    client.post(&shop.at("/raw-data"), &json!({})).await
}

async fn view(shop: &Shop) -> Value {
    ok(shop.customer.get(&shop.at("/raw-data")).await).json()
}

#[tokio::test]
async fn both_parties_sign_the_manifest_of_what_was_taken() {
    let shop = shop().await;
    assert_eq!(propose(&shop, &shop.manager).await.problem(), "zero", "there is nothing yet");
    let first = take(&shop, "a.txt", "一\n=二\n", "none").await;
    take(&shop, "b.txt", "三\n", "personal").await;
    let before = view(&shop).await;
    assert_eq!((&before["items"], &before["undeclared"]), (&3.into(), &0.into()));
    assert_eq!(before["intakes"][0]["items"], json!([[1, 2]]));
    assert_eq!(before["intakes"][0]["manifest_sha256"], first["manifest_sha256"]);
    assert_eq!(before["intakes"][1]["personal_data"], "personal");
    assert_eq!(before["manifests"], json!([]));

    let made = propose(&shop, &shop.manager).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let document = made.json()["document"].as_str().unwrap().to_owned();
    let stands = view(&shop).await["manifests"][0].clone();
    assert_eq!((&stands["number"], &stands["items"]), (&1.into(), &3.into()));
    assert_eq!((&stands["signed"], &stands["current"]), (&json!([]), &true.into()));
    assert_eq!(stands["side"], "vendor");

    // What each party signs is what each can load and hash.
    let statement = ok(shop.customer.get(&shop.at("/raw-data/1/statement")).await);
    let list = ok(shop.customer.get(&shop.at("/raw-data/1/items")).await);
    assert_eq!(sum(&statement.body), stands["sha256"].as_str().unwrap());
    assert_eq!(sum(&list.body), stands["list_sha256"].as_str().unwrap());
    assert_eq!(statement.json()["list_sha256"], stands["list_sha256"]);
    assert_eq!(statement.json()["intakes"], before["intakes"]);
    let lines: Vec<Value> =
        list.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[1]["sha256"], sum("=二".as_bytes()));
    let seqs: Vec<_> = lines.iter().map(|line| line["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, [1, 2, 3]);
    let whole = ok(shop.customer.get(&format!("/agreements/{}", shop.agreement)).await).json();
    let annex = &whole["documents"][0]["document"];
    assert_eq!((&annex["id"], &annex["rank"]), (&document.as_str().into(), &"annex".into()));
    assert_eq!(annex["sha256"], stands["sha256"]);

    sign_document(&shop.manager, &shop.agreement, Some(&document), 2).await;
    assert_eq!(view(&shop).await["manifests"][0]["signed"], json!(["vendor"]));
    sign_document(&shop.customer, &shop.agreement, Some(&document), 1).await;
    assert_eq!(view(&shop).await["manifests"][0]["signed"], json!(["customer", "vendor"]));
    let again = propose(&shop, &shop.customer).await;
    assert_eq!(again.problem(), "exists", "nothing came since");

    // What comes later is in no manifest until there is another one, which either may propose.
    take(&shop, "c.txt", "四\n", "sensitive").await;
    let after = view(&shop).await;
    assert_eq!(after["manifests"][0]["current"], false);
    let second = ok(propose(&shop, &shop.customer).await).json();
    assert_ne!(second["document"], document.as_str());
    let after = view(&shop).await;
    let currents = after["manifests"].as_array().unwrap().iter().map(|one| &one["current"]);
    assert_eq!(currents.collect::<Vec<_>>(), [&json!(false), &json!(true)]);
    let kept = ok(shop.manager.get(&shop.at("/raw-data/1/statement")).await);
    assert_eq!(kept.body, statement.body, "what was signed stays as it was");
}

#[tokio::test]
async fn nobody_else_proposes_signs_or_reads_a_manifest() {
    let shop = shop().await;
    take(&shop, "a.txt", "一\n", "none").await;
    let (path, ann) = (shop.at("/raw-data"), shop.hire("annotator", 1).await);
    assert_eq!(ann.get(&path).await.problem(), "role_missing");
    assert_eq!(propose(&shop, &ann).await.problem(), "role_missing");
    assert_eq!(shop.served.stranger().get(&path).await.status, 401);
    assert_eq!(propose(&shop, &shop.served.stranger()).await.status, 401);
    let other = shop.of("01J9ZQ3V7N8K2M4P6R8T0W2Y4A", "/raw-data");
    assert_eq!(shop.customer.get(&other).await.problem(), "not_found");
    assert_eq!(shop.customer.post(&other, &json!({})).await.problem(), "not_found");
    // In the wrong order: a file and a signature of what nobody proposed.
    assert_eq!(shop.customer.get(&shop.at("/raw-data/1/items")).await.problem(), "not_found");
    let document = format!("raw-data-{}-1", shop.project);
    let payload = format!(
        "/agreements/{}/signing?signatory=Li&key_name=k&public_key={}%3D&document={document}",
        shop.agreement,
        "A".repeat(43)
    );
    assert_eq!(shop.customer.get(&payload).await.problem(), "unknown");
    // A document that takes the name names another file, and is no manifest.
    let body = json!({ "document": {
        "id": document, "rank": "annex", "title": { "zh": "假", "en": "False" },
        "sha256": "0".repeat(64), "effective": null, "replaces": [],
    }});
    let path = format!("/agreements/{}/documents", shop.agreement);
    ok(shop.customer.post(&path, &body).await);
    assert_eq!(view(&shop).await["manifests"], json!([]));
}

#[tokio::test]
async fn before_the_signing_there_is_nothing_to_annex() {
    let shop = Shop::open(json!({})).await;
    shop.add(&shop.project, 0..2).await;
    assert_eq!(propose(&shop, &shop.manager).await.problem(), "not_in_force");
    let view = view(&shop).await;
    assert_eq!((&view["items"], &view["undeclared"]), (&2.into(), &2.into()));
}
