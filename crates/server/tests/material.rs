//! Raw data from the upload to what an annotator sees of it.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Answer, Client, Served, fresh_key, lease};

const GUIDELINE: &str = r##"
title = { zh = "类别", en = "Classes" }
[[classes]]
id = "one"
name = { zh = "一", en = "One" }
color = "#cc3333"
shortcut = "1"
kinds = ["class"]
"##;

struct Shop {
    served: Served,
    customer: Client,
    manager: Client,
    agreement: String,
}

impl Shop {
    async fn open() -> Self {
        let served = Served::start().await;
        let customer = served.owner().await;
        let agreement = lease(&customer).await;
        let manager = served.vendor(&customer, &agreement).await;
        Self { served, customer, manager, agreement }
    }

    fn at(&self, rest: &str) -> String {
        format!("/agreements/{}{rest}", self.agreement)
    }

    async fn project(&self, modality: &str) -> String {
        let body = json!({ "name": "p", "modality": modality, "guideline": GUIDELINE });
        let made = self.manager.post(&self.at("/projects"), &body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        format!("/projects/{}", made.json()["id"].as_str().unwrap())
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let body = json!({ "name": name, "size": bytes.len() });
        let begun = self.manager.post(&self.at("/uploads"), &body).await;
        let id = begun.json()["upload"].as_str().unwrap().to_owned();
        let path = format!("/api/v1{}", self.at(&format!("/uploads/{id}")));
        let sent = self.manager.send("PATCH", &path, &[("upload-offset", "0")], bytes).await;
        assert_eq!(sent.status, 200, "{}", sent.text());
        id
    }

    async fn intake(&self, project: &str, uploads: &[String], more: Value) -> Value {
        let mut body = json!({
            "uploads": uploads, "rights": "own", "personal_data": "none", "deidentified": false,
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let path = self.at(&format!("{project}/intake"));
        let taken = self.manager.post(&path, &body).await;
        assert_eq!(taken.status, 200, "{}", taken.text());
        taken.json()
    }

    async fn get(&self, project: &str, rest: &str) -> Answer {
        self.manager.get(&self.at(&format!("{project}/items/{rest}"))).await
    }
}

#[tokio::test]
async fn texts_in_gbk_are_shown_in_utf_8_and_kept_as_they_came() {
    let shop = Shop::open().await;
    let project = shop.project("text").await;
    let gbk = b"\xb7\xbf\xbc\xe4\xba\xdc\xb8\xc9\xbe\xbb\n";
    let uploads = [shop.upload("d/a.txt", gbk).await, shop.upload("b.jpg", b"\xFF\xD8\xFF").await];
    let kept = async || {
        let (desk, agreement) = (&shop.served.desk, shop.agreement.parse().unwrap());
        desk.objects.list(&desk.scope(), &agreement).await.unwrap().len()
    };
    let before = kept().await;
    let strict = shop.intake(&project, &uploads, json!({ "strict": true })).await;
    assert_eq!(kept().await, before, "nothing stays of what was refused");
    assert_eq!(
        (&strict["taken"], &strict["refused"][0]["code"]),
        (&0.into(), &"other_modality".into())
    );
    let view = shop.intake(&project, &uploads, json!({})).await;
    assert_eq!(view["taken"], 1, "{view}");
    assert_eq!(view["refused"][0]["name"], "b.jpg");
    assert_eq!(view["notices"][0]["code"], "encoding");
    assert_eq!(view["manifest_sha256"].as_str().unwrap().len(), 64);
    let text = shop.get(&project, "1/text").await;
    assert_eq!((text.status, text.text().as_str()), (200, "房间很干净\n"));
    assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"));
    let original = shop.get(&project, "1/original").await;
    assert_eq!(original.body, gbk);
    let disposition = original.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment"), "{disposition}");
    assert_eq!(original.header("x-content-type-options"), Some("nosniff"));
    for other in ["1/image", "1/thumbnail", "1/frames", "1/video", "2/text"] {
        assert_eq!(shop.get(&project, other).await.status, 404, "{other}");
    }
    // Who labels sees the text, and not the file as a device made it.
    let annotator = shop.served.hire(&shop.manager, "annotator", "ann").await;
    let next = shop.at(&format!("{project}/next"));
    assert_eq!(annotator.post(&next, &json!({ "stage": "annotate" })).await.status, 200);
    let item = |rest: &str| shop.at(&format!("{project}/items/1/{rest}"));
    assert_eq!(annotator.get(&item("text")).await.status, 200);
    assert_eq!(annotator.get(&item("original")).await.problem(), "role_missing");
    // What was taken is no upload any more; the same again is there already.
    let gone = shop.at(&format!("/uploads/{}", uploads[0]));
    assert_eq!(shop.manager.get(&gone).await.status, 404);
    let again = [shop.upload("again.txt", gbk).await];
    let view = shop.intake(&project, &again, json!({})).await;
    assert_eq!((&view["taken"], &view["duplicates"][0]["of"]), (&0.into(), &"1".into()));
    // The customer sees an item when it is handed in.
    let path = shop.at(&format!("{project}/items/1/text"));
    assert_eq!(shop.customer.get(&path).await.status, 404);
    assert_eq!(shop.served.stranger().get(&path).await.status, 401);
    let lines = [shop.upload("lines.txt", "一\n二\n".as_bytes()).await];
    let view = shop.intake(&project, &lines, json!({ "split": "lines" })).await;
    assert_eq!(view["taken"], 2);
    assert_eq!(shop.get(&project, "3/text").await.text(), "二");
}

/// What a camera writes beside a picture: turned by a quarter, and a place.
fn with_place(jpeg: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0".to_vec();
    exif.extend(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0\0\0\0\0\0\x0031.2304N");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

#[tokio::test]
async fn a_real_image_is_shown_upright_and_without_its_place() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/bccd/BCCD/JPEGImages/BloodImage_00001.jpg");
    let Ok(jpeg) = std::fs::read(&data) else {
        println!("skipped: {} is absent", data.display());
        return;
    };
    let shop = Shop::open().await;
    let project = shop.project("image").await;
    let located = with_place(&jpeg);
    let uploads = [shop.upload("a.png", &located).await, shop.upload("b.jpg", &jpeg).await];
    let view = shop.intake(&project, &uploads, json!({})).await;
    assert_eq!(view["taken"], 2, "{view}");
    let codes: Vec<&Value> =
        view["notices"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["wrong_suffix", "located"]);
    let item = shop.get(&project, "1").await.json();
    assert_eq!((&item["width"], &item["height"]), (&480.into(), &640.into()), "{item}");
    let image = shop.get(&project, "1/image").await;
    assert_eq!((image.status, image.header("content-type")), (200, Some("image/jpeg")));
    assert!(!image.body.windows(8).any(|part| part == b"31.2304N"));
    assert_eq!(shop.get(&project, "1/original").await.body, located);
    assert_eq!(shop.get(&project, "1/thumbnail").await.body[..2], [0xFF, 0xD8]);

    // The other side sees nothing of what waits, but the picture of an example of the guideline.
    let seen = async |rest: &str| {
        let path = shop.at(&format!("{project}/items/{rest}"));
        shop.customer.get(&path).await.status
    };
    assert_eq!((seen("1/thumbnail").await, seen("2/thumbnail").await), (404, 404));
    let page = "[[pages]]\nid = \"p\"\ntitle = { zh = \"页\", en = \"Page\" }\n\
                text = { zh = \"文\", en = \"Text\" }\n\
                examples = [{ item = 1, good = true, note = { zh = \"好\", en = \"Good\" } }]\n";
    let (path, key) = (format!("/api/v1{}", shop.at(&format!("{project}/guideline"))), fresh_key());
    let headers = [("content-type", "text/plain"), ("idempotency-key", key.as_str())];
    let text = format!("{GUIDELINE}{page}");
    let put = shop.manager.send("PUT", &path, &headers, text.as_bytes()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!((seen("1/thumbnail").await, seen("2/thumbnail").await), (200, 404));
    assert_eq!((seen("1/image").await, seen("1").await), (404, 404));
}

#[tokio::test]
async fn frames_of_a_video_come_by_their_number_and_the_video_by_ranges() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mov");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=2"])
        .args(["-c:v", "libx264", "-g", "10", "-pix_fmt", "yuv420p"])
        .args(["-metadata", "location=+31.2304+121.4737/"])
        .arg(&path)
        .output();
    if made.is_err() {
        println!("skipped: ffmpeg is not installed (apt-get install ffmpeg)");
        return;
    }
    let bytes = std::fs::read(&path).unwrap();
    let shop = Shop::open().await;
    let project = shop.project("video").await;
    let uploads = [shop.upload("a.mp4", &bytes).await];
    let view = shop.intake(&project, &uploads, json!({})).await;
    assert_eq!(view["taken"], 1, "{view}");
    let small = shop.get(&project, "1/thumbnail").await;
    assert_eq!((small.status, small.header("content-type")), (200, Some("image/jpeg")));
    assert_eq!(shop.get(&project, "1/thumbnail").await.body, small.body);
    let frames = shop.get(&project, "1/frames").await.json();
    assert_eq!(frames["timebase"], json!([1, 12800]));
    let pts: Vec<i64> =
        frames["pts"].as_array().unwrap().iter().map(|pts| pts.as_i64().unwrap()).collect();
    assert_eq!(pts, (0..50).map(|at| at * 512).collect::<Vec<_>>());
    assert_eq!(frames["end"], 25_600);
    let (one, other) =
        (shop.get(&project, "1/frames/33").await, shop.get(&project, "1/frames/34").await);
    assert_eq!((one.status, other.status), (200, 200));
    assert!(one.body != other.body && one.body[..2] == [0xFF, 0xD8]);
    assert_eq!(shop.get(&project, "1/frames/50").await.status, 404);
    let address = format!("/api/v1{}", shop.at(&format!("{project}/items/1/video")));
    let part = shop.manager.send("GET", &address, &[("range", "bytes=100-199")], b"").await;
    assert_eq!((part.status, &part.body[..]), (206, &bytes[100..200]));
    let range = format!("bytes 100-199/{}", bytes.len());
    assert_eq!(part.header("content-range"), Some(range.as_str()));
    let whole = shop.manager.send("GET", &address, &[], b"").await;
    // As it was delivered, but for the place; who owns the data has it with that.
    let says = |bytes: &[u8]| bytes.windows(8).any(|part| part == b"+31.2304");
    assert!(says(&bytes) && !says(&whole.body));
    assert_eq!(whole.body.len(), bytes.len());
    let moov = bytes.windows(4).position(|part| part == b"moov").unwrap();
    assert_eq!(Sha256::digest(&whole.body[..moov]), Sha256::digest(&bytes[..moov]));
    let at = bytes.windows(8).position(|part| part == b"+31.2304").unwrap();
    let range = format!("bytes={}-{}", at - 2, at + 9);
    let part = shop.manager.send("GET", &address, &[("range", &range)], b"").await;
    assert_eq!(part.body, [0; 12]);
    let shown = folder.path().join("shown.mov");
    std::fs::write(&shown, &whole.body).unwrap();
    let times = |path: &Path| {
        let args = ["-v", "error", "-show_entries", "packet=pts,size,flags", "-of", "csv"];
        Command::new("ffprobe").args(args).arg(path).output().unwrap().stdout
    };
    assert!(!times(&shown).is_empty() && times(&shown) == times(&path));
    let original = shop.get(&project, "1/original").await;
    assert_eq!(Sha256::digest(&original.body), Sha256::digest(&bytes));
    let behind = shop.manager.send("GET", &address, &[("range", "bytes=99999999-")], b"").await;
    assert_eq!(behind.status, 416);
}
