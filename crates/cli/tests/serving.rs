//! `tally serve PACKAGE` with the real binary over real HTTP: answers, refusals, versions changed
//! under load, usage that is imported, a killed process.

mod client;
mod kept;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::commands::Place;
use crate::packages::package;
use crate::pictures::{picture, put};
use client::{Reply, Request, form};

const KEYS: &str = "acme 0123456789abcdef\nops fedcba9876543210 admin\n";

/// A service that runs until it is dropped.
struct Served {
    child: Child,
    address: String,
    said: Value,
}

impl Served {
    /// Starts it in a place that has packages `one` and `two`.
    fn start(place: &Place, more: &str) -> Self {
        let line =
            format!("--json serve one --addr 127.0.0.1:0 --engine rten --usage usage {more}");
        let mut command: Command = place.command(&line);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary starts");
        let out = child.stdout.take().expect("a pipe");
        let mut text = String::new();
        for line in BufReader::new(out).lines() {
            text.push_str(&line.expect("text"));
            if serde_json::from_str::<Value>(&text).is_ok() {
                break;
            }
        }
        let said: Value = serde_json::from_str(&text).expect("it says where it is");
        let address = said["listen"].as_str().expect("an address").to_owned();
        Self { child, address, said }
    }

    fn ask(&self, request: &Request<'_>) -> Reply {
        client::ask(&self.address, request).expect("an answer")
    }

    /// Classifies an image under an id.
    fn classify(&self, id: &str, image: &[u8]) -> Reply {
        let headers = [("x-request-id", id), ("authorization", "Bearer 0123456789abcdef")];
        self.ask(&Request { headers: &headers, body: image, ..Request::post("/v1/classify") })
    }

    fn manage(&self, path: &str, body: &Value) -> Reply {
        let headers =
            [("authorization", "Bearer fedcba9876543210"), ("content-type", "application/json")];
        let body = body.to_string();
        self.ask(&Request { headers: &headers, body: body.as_bytes(), ..Request::post(path) })
    }

    /// SIGTERM; gives the exit code.
    fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().expect("kill");
        assert!(told.success());
        self.child.wait().expect("it ends").code()
    }

    /// SIGKILL.
    fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that ended already is waited for again, which does no harm.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn place() -> Place {
    let place = Place::empty();
    for (name, seed) in [("one", 1), ("two", 2)] {
        package(&place.path(name), seed);
    }
    put(&place.path("."), "keys", KEYS.as_bytes());
    place
}

fn lines(place: &Place, customer: &str) -> Vec<Value> {
    let text = fs::read_to_string(place.path(&format!("usage/{customer}.jsonl")));
    let text = text.unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn an_image_is_answered_and_stands_on_the_bill_once() {
    let place = place();
    let served = Served::start(&place, "--key-file keys");
    assert_eq!((&served.said["model"], &served.said["version"]), (&json!("one"), &json!("1")));
    let image = picture([200, 40, 30], 3);
    let first = served.classify("order-1", &image);
    assert_eq!(first.status, 200, "{first:?}");
    let body = first.json();
    assert_eq!(
        (&body["request"], &body["cached"], &body["billed"]),
        (&json!("order-1"), &json!(false), &json!(true))
    );
    let sum: f64 = body["classes"]
        .as_array()
        .expect("classes")
        .iter()
        .map(|class| class["probability"].as_f64().expect("a number"))
        .sum();
    assert!((sum - 1.0).abs() < 1e-4);
    let alone = place.json("classify one one.png --engine rten");
    assert_eq!(alone["answers"][0]["code"], "unreadable", "no such file yet");
    put(&place.path("."), "one.png", &image);
    let alone = place.json("classify one one.png --engine rten");
    let same = |class: usize| {
        let value = |classes: &Value| classes[class]["probability"].as_f64().expect("a number");
        let (here, there) = (&body["classes"], &alone["answers"][0]["classes"]);
        here[class]["class"] == there[class]["class"] && (value(here) - value(there)).abs() < 1e-6
    };
    assert!(same(0) && same(1), "as at the terminal: {alone} {body}");
    let again = served.classify("order-1", &image).json();
    assert_eq!((&again["billed"], &again["classes"]), (&json!(false), &body["classes"]));
    let other = served.classify("order-1", &picture([1, 2, 3], 1));
    assert_eq!((other.status, &other.json()["code"]), (422, &json!("request_id_reused")));
    let refused = served.classify("order-2", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    assert_eq!((refused.status, &refused.json()["code"]), (415, &json!("not_an_image")));
    assert_eq!(served.stop(), Some(0));
    let (lines, refused) = (lines(&place, "acme"), lines(&place, "refused/acme"));
    let told = |line: &Value| (line["id"].clone(), line["data"]["meter"].clone());
    assert_eq!(lines.iter().map(told).collect::<Vec<_>>(), [(json!("order-1/0"), json!("images"))]);
    assert_eq!(
        refused.iter().map(told).collect::<Vec<_>>(),
        [(json!("order-2/0/not_an_image"), json!("refused_images"))]
    );
    assert_eq!(lines[0]["bytes"], json!(image.len()));
    assert!(lines[0]["latencyus"].as_u64().expect("microseconds") > 0);
}

#[test]
fn what_is_no_good_image_is_a_problem_with_a_code_and_the_service_goes_on() {
    let place = place();
    let served = Served::start(&place, "--key-file keys --max-image 1 --max-pixels 4");
    let png = picture([200, 40, 30], 3);
    let header = |width: u32| {
        let mut png = png.clone();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&width.to_be_bytes());
        let sum = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        png
    };
    let jpeg = client::jpeg();
    let bad_type = ("content-type", "image/png");
    type Row<'a> = (&'a str, Vec<u8>, (&'a str, &'a str), u16);
    let rows: Vec<Row<'_>> = vec![
        ("empty_body", vec![], ("x-a", "b"), 400),
        ("not_an_image", b"PK\x03\x04 and so on".to_vec(), ("x-a", "b"), 415),
        ("not_an_image", b"<svg width='9'/>".to_vec(), ("content-type", "image/svg+xml"), 415),
        ("wrong_content_type", jpeg.clone(), bad_type, 415),
        ("truncated_image", jpeg[..jpeg.len() / 2].to_vec(), ("x-a", "b"), 422),
        ("too_many_pixels", header(50_000), ("x-a", "b"), 413),
        ("too_large", vec![0xFF; (1 << 20) + 1], ("x-a", "b"), 413),
    ];
    for (code, body, header, status) in &rows {
        let headers = [("authorization", "Bearer 0123456789abcdef"), *header];
        let request = Request { headers: &headers, body, ..Request::post("/v1/classify") };
        let reply = served.ask(&request);
        assert_eq!((reply.status, &reply.json()["code"]), (*status, &json!(code)), "{reply:?}");
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        assert!(!reply.json()["request_id"].as_str().expect("an id").is_empty());
    }
    let zh = [("accept-language", "zh-CN"), ("authorization", "Bearer 0123456789abcdef")];
    let reply = served.ask(&Request { headers: &zh, body: b"x", ..Request::post("/v1/classify") });
    assert_eq!(reply.json()["title"], "不是可识别的图片");
    assert_eq!(served.classify("after", &jpeg).status, 200);
    served.stop();
    let lines = lines(&place, "acme");
    assert_eq!(lines.len(), 1, "{lines:?}");
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

#[test]
fn several_images_are_answered_each_at_its_place() {
    let place = place();
    let served = Served::start(&place, "");
    let (a, b) = (picture([200, 40, 30], 3), picture([20, 40, 230], 1));
    let (kind, body) = form(&[("a.png", &a), ("bad.png", b"no picture"), ("b.png", &b)]);
    let headers = [("content-type", kind.as_str()), ("x-request-id", "many")];
    let path = "/v1/classify/batch?top=1&embedding=true&urgent=true";
    let reply = served.ask(&Request { headers: &headers, body: &body, ..Request::post(path) });
    let answers = reply.json()["answers"].clone();
    assert_eq!(answers[0]["name"], "a.png", "{reply:?}");
    assert_eq!(answers[0]["embedding"].as_array().map(Vec::len), Some(12));
    assert_eq!(answers[1]["problem"]["code"], "not_an_image");
    assert_eq!(answers[2]["classes"].as_array().map(Vec::len), Some(1));
    served.stop();
    let lines = lines(&place, "everybody");
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["subject"] == "urgent"));
    let ids: Vec<_> = lines.iter().map(|line| line["id"].as_str().expect("an id")).collect();
    assert!(ids.contains(&"many/0") && ids.contains(&"many/2"), "{ids:?}");
}

#[test]
fn versions_change_under_load_and_no_request_fails() {
    let place = place();
    let served = Served::start(&place, "--key-file keys --packages . --workers 2");
    let open = served.ask(&Request::get("/v1/models"));
    assert_eq!((open.status, &open.json()["code"]), (401, &json!("key_needed")));
    let headers = [("authorization", "Bearer 0123456789abcdef")];
    let plain = served.ask(&Request { headers: &headers, ..Request::get("/v1/models") });
    assert_eq!(plain.json()["code"], "not_allowed");
    let outside = json!({ "model": "one", "version": "2", "package": "../two" });
    assert_eq!(served.manage("/v1/models", &outside).json()["code"], "outside_root");
    let mut model = place.bytes("two/model.onnx");
    let good = model.clone();
    model[700] ^= 1;
    put(&place.path("."), "two/model.onnx", &model);
    let load = json!({ "model": "one", "version": "2", "package": "two" });
    let refused = served.manage("/v1/models", &load);
    assert_eq!(refused.json()["fields"]["why"], "package_changed", "{refused:?}");
    put(&place.path("."), "two/model.onnx", &good);
    let image = picture([200, 40, 30], 3);
    assert_eq!(served.classify("before", &image).json()["version"], "1");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..3)
            .map(|who| {
                let (served, image, done) = (&served, &image, &done);
                scope.spawn(move || {
                    let mut count = 0;
                    while !done.load(Ordering::SeqCst) {
                        let reply = served.classify(&format!("load-{who}-{count}"), image);
                        assert_eq!(reply.status, 200, "{reply:?}");
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        assert_eq!(served.manage("/v1/models", &load).status, 200);
        for turn in 0..20 {
            let version = json!({ "version": if turn % 2 == 0 { "2" } else { "1" } });
            assert_eq!(served.manage("/v1/models/one/activate", &version).status, 200);
            assert_eq!(served.manage("/v1/models/one/rollback", &json!({})).status, 200);
        }
        done.store(true, Ordering::SeqCst);
        let counts: Vec<u32> =
            asking.into_iter().map(|one| one.join().expect("no panic")).collect();
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    });
    let version = json!({ "version": "2" });
    served.manage("/v1/models/one/activate", &version);
    assert_eq!(served.classify("after", &image).json()["version"], "2");
    let canary = json!({ "version": "1", "percent": 30 });
    served.manage("/v1/models/one/canary", &canary);
    let versions: Vec<_> = (0..100)
        .map(|at| served.classify(&format!("canary-{at}"), &image).json()["version"].clone())
        .collect();
    let share = versions.iter().filter(|version| *version == "1").count();
    assert!((15..=45).contains(&share), "{share} of 100");
    assert_eq!(served.classify("canary-7", &image).json()["version"], versions[7]);
    served.manage("/v1/models/one/rollback", &json!({}));
    let shadow = served.manage("/v1/models/one/shadow", &json!({ "version": "1" }));
    assert_eq!(shadow.json()["shadow"], "1");
    assert_eq!(served.classify("shadowed", &image).json()["version"], "2");
    let text = served.ask(&Request::get("/metrics")).text();
    assert!(text.contains("tally_serving_images_total{model=\"one\""), "{text}");
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn a_killed_process_leaves_records_that_go_on_without_a_gap() {
    let place = place();
    let image = picture([200, 40, 30], 3);
    let mut known = Vec::new();
    for round in 0..3 {
        let served = Served::start(&place, "--key-file keys");
        std::thread::scope(|scope| {
            let asking: Vec<_> = (0..3)
                .map(|who| {
                    let (address, image) = (served.address.clone(), &image);
                    scope.spawn(move || asked_until_killed(&address, round, who, image))
                })
                .collect();
            while lines_of(&place) < 10 * (round + 1) {
                std::thread::yield_now();
            }
            served.kill();
            known.extend(asking.into_iter().flat_map(|one| one.join().expect("no panic")));
        });
        // A line that was torn in the middle.
        let path = place.path("usage/acme.jsonl");
        let mut bytes = fs::read(&path).expect("a file");
        bytes.extend(b"{\"specversion\":\"1.0\",\"id\":\"tor");
        fs::write(&path, bytes).expect("a file");
    }
    let served = Served::start(&place, "--key-file keys");
    assert_eq!(served.said["mended_bytes"], 30);
    assert_eq!(served.classify(&known[0], &image).json()["billed"], false, "known before");
    assert_eq!(served.classify("new", &image).json()["billed"], true);
    served.stop();
    let lines = lines(&place, "acme");
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(line["sequence"], (at + 1).to_string());
    }
    for id in &known {
        let count = lines.iter().filter(|line| line["id"] == format!("{id}/0")).count();
        assert_eq!(count, 1, "{id} was answered and billed, and stands there once");
    }
}

fn lines_of(place: &Place) -> usize {
    let text = fs::read(place.path("usage/acme.jsonl")).unwrap_or_default();
    text.iter().filter(|byte| **byte == b'\n').count()
}

/// The requests that were answered before the process was killed.
fn asked_until_killed(address: &str, round: usize, who: usize, image: &[u8]) -> Vec<String> {
    let mut answered = Vec::new();
    for at in 0.. {
        let id = format!("r{round}-{who}-{at}");
        let headers = [("x-request-id", &*id), ("authorization", "Bearer 0123456789abcdef")];
        let request = Request { headers: &headers, body: image, ..Request::post("/v1/classify") };
        match client::ask(address, &request) {
            Ok(reply) if reply.status == 200 => answered.push(id),
            _ => break,
        }
    }
    answered
}

#[test]
fn what_cannot_be_recorded_is_not_answered_and_counts_once_there_is_room() {
    let place = place();
    let served = Served::start(&place, "--key-file keys");
    // A file that cannot be written, as on a disk that is full.
    fs::create_dir(place.path("usage/acme.jsonl")).unwrap();
    let image = picture([200, 40, 30], 3);
    let refused = served.classify("order-1", &image);
    assert_eq!((refused.status, &refused.json()["code"]), (503, &json!("not_recorded")));
    assert!(refused.json().get("classes").is_none());
    fs::remove_dir(place.path("usage/acme.jsonl")).unwrap();
    assert_eq!(served.classify("order-1", &image).json()["billed"], true);
    served.stop();
    assert_eq!(lines(&place, "acme").len(), 1);
}

#[test]
fn more_than_may_wait_is_told_when_to_come_again() {
    let place = place();
    let served = Served::start(&place, "--key-file keys --workers 1 --queue 2");
    let image = picture([200, 40, 30], 3);
    let (kind, body) = form(&[("a", &image), ("b", &image), ("c", &image)]);
    let headers = [("content-type", &*kind), ("authorization", "Bearer 0123456789abcdef")];
    let path = "/v1/classify/batch";
    let reply = served.ask(&Request { headers: &headers, body: &body, ..Request::post(path) });
    assert_eq!((reply.status, &reply.json()["code"]), (503, &json!("queue_full")));
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(served.classify("one", &image).status, 200);
    for (request, code) in [
        (Request::get("/v1/classify"), "method_not_allowed"),
        (Request::get("/v1/nothing"), "not_found"),
        (Request::get("/v2/models/one"), "key_needed"),
        (Request::post("/v1/classify?top=0"), "key_needed"),
    ] {
        assert_eq!(served.ask(&request).json()["code"], code, "{}", request.path);
    }
    let bad = [("x-request-id", "no spaces please"), headers[1]];
    let reply = served.ask(&Request { headers: &bad, body: &image, ..Request::post(path) });
    assert_eq!(reply.json()["code"], "bad_request_id");
    served.stop();
    assert_eq!(lines(&place, "acme").len(), 1);
}

#[test]
fn a_body_that_comes_too_slowly_is_given_up() {
    let place = place();
    let served = Served::start(&place, "--body-seconds 1");
    let mut stream = std::net::TcpStream::connect(&served.address).unwrap();
    let head = "POST /v1/classify HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nhalf";
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert_eq!(served.classify("after", &picture([1, 2, 3], 1)).status, 200);
}

/// A signed agreement about classification, and a day after its service began.
fn agreement(place: &mut Place) {
    let agreement = include_str!("../../../cases/agreements/classification.toml");
    put(&place.path("."), "a.toml", agreement.as_bytes());
    for line in [
        "init --rehearsal --name test",
        "key new --name customer.example --out c.key",
        "key new --name vendor.example --out v.key",
        "new a.toml",
        "sign class-2026-009 --as vendor --by Zhou --key v.key",
        "sign class-2026-009 --as customer --by Shen --key c.key",
    ] {
        place.done(line);
    }
    place.at("2060-01-01T00:00:00+08:00");
}

#[test]
fn the_usage_of_a_service_is_imported_into_its_agreement() {
    let mut place = place();
    let served = Served::start(&place, "--key-file keys");
    let image = picture([200, 40, 30], 3);
    for at in 0..5 {
        assert_eq!(served.classify(&format!("r-{at}"), &image).status, 200);
    }
    served.classify("bad", b"no picture");
    served.stop();
    agreement(&mut place);
    let report = place.json("import class-2026-009 usage/acme.jsonl --by meter");
    let (files, text) = (&report["files"], report.to_string());
    assert_eq!(files[0]["taken"], 5, "{text}");
    assert_eq!(files[0]["findings"], json!([]), "{text}");
    let again = place.json("import class-2026-009 usage/acme.jsonl --by meter");
    assert_eq!(again["files"][0]["taken"], 0, "{again}");
}

#[test]
fn the_open_inference_protocol_takes_images_and_tensors() {
    let place = place();
    let served = Served::start(&place, "");
    assert_eq!(served.ask(&Request::get("/v2/health/ready")).status, 200);
    let model = served.ask(&Request::get("/v2/models/one")).json();
    assert_eq!(model["inputs"][1]["shape"], json!([-1, 3, 16, 16]));
    assert_eq!(served.ask(&Request::get("/v2/models/none")).status, 404);
    let image = picture([200, 40, 30], 3);
    let alone = served.classify("a", &image).json();
    let infer = |body: &[u8], head: Option<usize>| {
        let head = head.map(|head| head.to_string());
        let headers: Vec<_> =
            head.iter().map(|head| ("inference-header-content-length", head.as_str())).collect();
        let path = "/v2/models/one/infer";
        served.ask(&Request { headers: &headers, body, ..Request::post(path) })
    };
    let outputs = json!([{ "name": "label" }, { "name": "probabilities" }]);
    let tensor = json!({
        "id": "kserve-1", "outputs": outputs, "inputs": [{
            "name": "image", "shape": [1], "datatype": "BYTES", "data": [client::base64(&image)],
        }],
    });
    let reply = infer(tensor.to_string().as_bytes(), None).json();
    assert_eq!(reply["id"], "kserve-1", "{reply}");
    let label = reply["outputs"]
        .as_array()
        .expect("outputs")
        .iter()
        .find(|output| output["name"] == "label")
        .expect("a label");
    assert_eq!(label["data"][0], alone["classes"][0]["class"]);
    let size = image.len() + 4;
    let head = json!({ "inputs": [{
        "name": "image", "shape": [1], "datatype": "BYTES",
        "parameters": { "binary_data_size": size },
    }] })
    .to_string();
    let length = u32::try_from(image.len()).expect("small").to_le_bytes();
    let body = [head.as_bytes(), &length, &image].concat();
    let binary = infer(&body, Some(head.len())).json();
    assert_eq!(binary["outputs"][0]["data"], probabilities(&reply), "{binary}");
    let numbers = |count: usize| {
        let data: Vec<f32> = (0..count).map(|at| at as f32 / 768.0).collect();
        json!({ "inputs": [{
            "name": "input", "shape": [1, 3, 16, 16], "datatype": "FP32", "data": data,
        }] })
        .to_string()
    };
    let reply = infer(numbers(768).as_bytes(), None);
    assert_eq!(reply.json()["outputs"][0]["shape"], json!([1, 2]), "{reply:?}");
    for bad in [numbers(767), "{}".to_owned(), numbers(768).replace("FP32", "INT8")] {
        let reply = infer(bad.as_bytes(), None);
        assert_eq!((reply.status, &reply.json()["code"]), (400, &json!("bad_tensor")));
    }
    let torn = client::base64(&image[..60]);
    let both = json!({ "id": "both", "inputs": [{
        "name": "image", "shape": [2], "datatype": "BYTES", "data": [client::base64(&image), torn],
    }] });
    let reply = infer(both.to_string().as_bytes(), None);
    assert!(reply.json()["code"].is_string(), "{reply:?}");
    let lines = lines(&place, "everybody");
    assert!(lines.iter().all(|line| line["id"] != "both/0"), "none is given, and none counts");
    let described = served.ask(&Request::get("/openapi.json")).json();
    assert_eq!(described["openapi"], "3.1.0");
}

fn probabilities(reply: &Value) -> Value {
    let outputs = reply["outputs"].as_array().expect("outputs");
    let found = outputs.iter().find(|output| output["name"] == "probabilities");
    found.expect("probabilities")["data"].clone()
}

#[test]
fn a_service_does_not_begin_with_what_cannot_serve() {
    let place = place();
    put(&place.path("."), "short", b"acme short\n");
    fs::create_dir(place.path("empty")).unwrap();
    for (line, code, says) in [
        ("serve empty --addr 127.0.0.1:0 --engine rten", 2, "manifest.json"),
        ("serve one --addr 127.0.0.1:0 --library no.so", 2, "no.so"),
        ("serve one --addr 127.0.0.1:0 --engine rten --key-file short", 2, "--key-file"),
        ("serve one --addr 0.0.0.0:0 --engine rten", 3, "--key-file"),
    ] {
        let out = place.run(&format!("{line} --lang en"));
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(code), "{line}: {said}");
        assert!(said.contains(says), "{line}: {said}");
    }
}
