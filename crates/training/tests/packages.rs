//! Packages written, read back and put to work; changed ones are refused.

use std::fs;
use std::path::Path;

use onnx::{Graph, Head, append};
use training::{
    Classifier, Embedder, Golden, Made, Matrix, PackageError, Settings, Source, TOLERANCE, View,
    average_views, evaluate, fit, probabilities, read_golden, read_package, verify, write_package,
};
use vision::{Filter, Fit, Recipe, open};

use crate::support::{network, picture};

fn views() -> Vec<View> {
    let recipe = Recipe::efficientnet_lite(16, Fit::MIDDLE);
    [false, true].map(|mirrored| View { recipe: recipe.clone(), mirrored }).to_vec()
}

fn pixels(bytes: &[u8]) -> media::Pixels {
    media::read_pixels(bytes, &media::Limits::default()).expect("a picture")
}

/// What a network with a head answers to made images.
fn golden(graph: &Graph, classes: &[String]) -> Golden {
    let engine = open(&graph.write(), None, 1).expect("a test makes what it needs");
    let limits = media::Limits::default();
    let mut classifier = Classifier::of(engine, views(), classes.to_vec(), limits)
        .expect("a test makes what it needs");
    Golden::of(&mut classifier, TOLERANCE).expect("a test makes what it needs")
}

/// A head learned from twenty pictures, with their embeddings.
fn learned(backbone: &Graph) -> (Head, Matrix, Vec<Vec<u8>>) {
    let engine = open(&backbone.write(), None, 1).expect("a test makes what it needs");
    let mut embedder =
        Embedder::new(engine, "test", views(), None).expect("a test makes what it needs");
    let pictures: Vec<Vec<u8>> = (0..20_u8)
        .map(|at| {
            let colour = if at % 2 == 0 { [200, 10 * at, 30] } else { [20, 10 * at, 220] };
            picture(colour, u32::from(at))
        })
        .collect();
    let rows: Vec<Vec<f32>> = pictures
        .iter()
        .flat_map(|bytes| {
            let pixels = pixels(bytes);
            embedder.embed(bytes, &pixels).expect("a test makes what it needs")
        })
        .collect();
    let rows = Matrix { width: 12, values: rows.concat() };
    let labels: Vec<usize> = (0..20).map(|at| at % 2).collect();
    let settings = Settings { decay: 0.0, rate: 0.05, ..Settings::default() };
    let trained =
        fit(&rows, &labels, None, 2, 2, &settings, |_| true).expect("a test makes what it needs");
    (trained.head, rows, pictures)
}

fn write(folder: &Path) -> (Head, Matrix, Vec<Vec<u8>>) {
    let backbone = network();
    let (head, rows, pictures) = learned(&backbone);
    let classes = ["red".to_owned(), "blue".to_owned()];
    let labels: Vec<usize> = (0..20).map(|at| at % 2).collect();
    let names: Vec<String> = (0..20).map(|at| format!("{at}.png")).collect();
    let given = average_views(&probabilities(&head, &rows), 2);
    let source = |name: &str| Source {
        name: name.to_owned(),
        digest: "00".repeat(32),
        licence: "Apache-2.0".to_owned(),
    };
    let graph = append(&backbone, &head, &[]).expect("a test makes what it needs");
    let made = Made {
        graph: &graph,
        golden: &golden(&graph, &classes),
        quantised: None,
        origin: "made here".to_owned(),
        consents: vec!["nobody is shown".to_owned()],
        head: &head,
        classes: &classes,
        views: &views(),
        backbone: source("test"),
        dataset: source("pictures"),
        images: 20,
        settings: &Settings::default(),
        evaluation: &evaluate(&given, &labels, &names, &classes),
    };
    write_package(folder, &made).expect("a test makes what it needs");
    (head, rows, pictures)
}

#[test]
fn a_package_answers_as_the_trainer_did() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    let (head, rows, pictures) = write(folder.path());
    let manifest = verify(folder.path()).expect("a test makes what it needs");
    assert_eq!(manifest.classes, ["red", "blue"]);
    let (_, model, evaluation) = read_package(folder.path()).expect("a test makes what it needs");
    assert_eq!((evaluation.hits, evaluation.images), (20, 20));
    let engine = open(&model, None, 1).expect("a test makes what it needs");
    let mut classifier = Classifier::new(engine, &manifest, media::Limits::default())
        .expect("a test makes what it needs");
    let own = average_views(&probabilities(&head, &rows), 2);
    for (at, bytes) in pictures.iter().enumerate() {
        let served = classifier.classify(bytes).expect("a test makes what it needs");
        for (a, b) in served.iter().zip(own.row(at)) {
            assert!((a - b).abs() < 1e-5, "picture {at}: {served:?} {:?}", own.row(at));
        }
    }
    assert!(classifier.classify(b"no picture").is_err());
    assert!(classifier.classify(&pictures[0]).is_ok(), "it goes on after a bad one");
}

#[test]
fn other_preprocessing_or_another_network_gives_other_numbers() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    write(folder.path());
    let (manifest, model, _) = read_package(folder.path()).expect("a test makes what it needs");
    let golden = read_golden(folder.path(), &manifest).expect("a test makes what it needs");
    let run = |model: &[u8], views: Vec<View>| {
        let engine = open(model, None, 1).expect("a test makes what it needs");
        let limits = media::Limits::default();
        let mut classifier = Classifier::of(engine, views, manifest.classes.clone(), limits)
            .expect("a test makes what it needs");
        golden.compare(&mut classifier).expect("a test makes what it needs")
    };
    let same = run(&model, manifest.views.clone());
    assert!(same.holds() && same.images == 3, "{same:?}");
    let mut softer = manifest.views.clone();
    softer[0].recipe.filter = Filter::Bilinear;
    let softer = run(&model, softer);
    assert!(!softer.holds() && softer.unlike > 0, "{softer:?}");
    let backbone = network();
    let (head, ..) = learned(&backbone);
    let mut moved = head;
    moved.layers[0].bias[0] += 0.05;
    let moved = append(&backbone, &moved, &[]).expect("a test makes what it needs").write();
    let moved = run(&moved, manifest.views.clone());
    assert!(!moved.holds() && moved.unlike == 0, "{moved:?}");
}

#[test]
fn what_was_changed_is_named() {
    for name in ["model.onnx", "head.safetensors", "evaluation.json", "README.md", "bom.cdx.json"] {
        let folder = tempfile::tempdir().expect("a test makes what it needs");
        write(folder.path());
        let path = folder.path().join(name);
        let mut bytes = fs::read(&path).expect("a test makes what it needs");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).expect("a test makes what it needs");
        let error = verify(folder.path()).unwrap_err();
        assert!(
            matches!(&error, PackageError::Changed { name: found, .. } if found == name),
            "{error}"
        );
        fs::remove_file(&path).expect("a test makes what it needs");
        assert!(matches!(verify(folder.path()), Err(PackageError::File { .. })));
    }
}

#[test]
fn a_manifest_that_leads_elsewhere_or_says_nonsense_is_refused() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    write(folder.path());
    let path = folder.path().join("manifest.json");
    let text = fs::read_to_string(&path).expect("a test makes what it needs");
    type Expected = fn(&PackageError) -> bool;
    let rows: [(&str, &str, Expected); 5] = [
        ("\"mean\": 127", "\"mean\": 128", |e| matches!(e, PackageError::Preprocessing { .. })),
        ("\"README.md\"", "\"../../etc/passwd\"", |e| matches!(e, PackageError::Stray { .. })),
        ("tallystick-model/1", "tallystick-model/9", |e| matches!(e, PackageError::Form { .. })),
        ("\"classes\": [", "\"classes\": [ \"more\",", |e| {
            matches!(e, PackageError::Classes { .. })
        }),
        ("\"images\": 20", "\"images\": -1", |e| {
            matches!(e, PackageError::Manifest { line: 2.., .. })
        }),
    ];
    for (from, to, expected) in rows {
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replace(from, to)).expect("a test makes what it needs");
        let error = verify(folder.path()).unwrap_err();
        assert!(expected(&error), "{to}: {error}");
    }
}

#[test]
fn the_bill_names_the_parts_and_the_measures() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    write(folder.path());
    let text = fs::read(folder.path().join("bom.cdx.json")).expect("a bill");
    let bill: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let manifest = verify(folder.path()).expect("a test makes what it needs");
    let model = &bill["metadata"]["component"];
    assert_eq!(model["hashes"][0]["content"], manifest.files["model.onnx"].sha256);
    let metrics = model["modelCard"]["quantitativeAnalysis"]["performanceMetrics"].clone();
    assert_eq!(metrics[0]["type"], "accuracy");
    assert_eq!(metrics[0]["confidenceInterval"]["upperBound"], "1.000000");
    assert_eq!(bill["components"][0]["licenses"][0]["license"]["name"], "Apache-2.0");
    assert_eq!(bill["components"][1]["description"], "made here");
}

#[test]
fn nothing_is_written_over() {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    fs::write(folder.path().join("mine.txt"), "mine").expect("a test makes what it needs");
    let classes = ["a".to_owned(), "b".to_owned()];
    let backbone = network();
    let (head, ..) = learned(&backbone);
    let source = Source { name: String::new(), digest: String::new(), licence: String::new() };
    let graph = append(&backbone, &head, &[]).expect("a test makes what it needs");
    let made = Made {
        graph: &graph,
        golden: &golden(&graph, &classes),
        quantised: None,
        origin: "made here".to_owned(),
        consents: vec!["nobody is shown".to_owned()],
        head: &head,
        classes: &classes,
        views: &views(),
        backbone: source.clone(),
        dataset: source,
        images: 0,
        settings: &Settings::default(),
        evaluation: &evaluate(&Matrix { width: 2, values: vec![] }, &[], &[], &classes),
    };
    assert!(matches!(write_package(folder.path(), &made), Err(PackageError::Occupied { .. })));
    assert_eq!(fs::read_dir(folder.path()).expect("a test makes what it needs").count(), 1);
}

#[test]
fn embeddings_are_kept_and_a_spoiled_one_is_computed_anew() {
    let cache = tempfile::tempdir().expect("a test makes what it needs");
    let embed = || {
        let engine = open(&network().write(), None, 1).expect("a test makes what it needs");
        let mut embedder = Embedder::new(engine, "test", views(), Some(cache.path()))
            .expect("a test makes what it needs");
        let bytes = picture([10, 200, 90], 3);
        embedder.embed(&bytes, &pixels(&bytes)).expect("a test makes what it needs")
    };
    let first = embed();
    let kept: Vec<_> = walk(cache.path());
    assert_eq!(kept.len(), 1);
    assert_eq!(embed(), first);
    fs::write(&kept[0], b"short").expect("a test makes what it needs");
    assert_eq!(embed(), first);
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .expect("a test makes what it needs")
        .map(|entry| entry.expect("a test makes what it needs").path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
