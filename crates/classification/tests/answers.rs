//! Workers, versions and their change while requests run.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use bytes::Bytes;
use classification::{
    Ask, Class, Config, Done, LeftOut, LoadError, ModelError, Models, Refused, Service, Standing,
    load,
};

use crate::packages::{package, spoilt};
use crate::pictures::picture;
use crate::support::{Hand, loading, version};

const ASK: Ask = Ask { class: Class::Standard, background: false, deadline: None };
const CONFIG: Config = Config { workers: 2, room: 64, cache: 0 };

fn service(config: Config) -> (Service, Arc<Hand>) {
    let clock = Hand::new();
    let models = Models::new(version("1", 1, config.workers));
    let service = Service::start(models, config, Arc::<Hand>::clone(&clock));
    (service.expect("a test makes what it needs"), clock)
}

type Answers = Receiver<Result<Done, Refused>>;

fn ask(service: &Service, request: &str, ask: Ask, images: &[Vec<u8>]) -> Answers {
    let (send, receive) = channel();
    let chosen = service.models().choose(None, None, request).expect("there is one");
    let images = images.iter().map(|image| {
        let send = send.clone();
        let reply: classification::Reply = Box::new(move |done| {
            send.send(done).unwrap_or_default();
        });
        (Bytes::from(image.clone()), digest(image), reply)
    });
    service.images(&chosen, ask, images.collect());
    receive
}

fn digest(image: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    for (at, byte) in image.iter().enumerate() {
        digest[at % 32] ^= byte.rotate_left(u32::try_from(at % 8).expect("small"));
    }
    digest
}

#[test]
fn an_image_is_answered_as_its_version_answers_it() {
    let (service, _) = service(CONFIG);
    let image = picture([200, 40, 30], 3);
    let done = ask(&service, "a", ASK, &[image]).recv().unwrap().unwrap();
    let sum: f32 = done.answers[0].probabilities.iter().sum();
    assert!((sum - 1.0).abs() < 1e-4);
    assert_eq!((done.answers[0].embedding.len(), done.cached), (12, false));
    let refused = ask(&service, "b", ASK, &[b"no picture".to_vec()]).recv().unwrap();
    assert_eq!(refused.unwrap_err().code(), "not_taken");
    assert!(ask(&service, "c", ASK, &[picture([1, 2, 3], 1)]).recv().unwrap().is_ok());
}

#[test]
fn a_hundred_versions_come_and_go_and_no_request_fails() {
    let (service, _) = service(CONFIG);
    let images: Vec<_> = (0..4).map(|at| picture([at * 60, 40, 30], u32::from(at))).collect();
    service.models().add(version("2", 2, 2)).unwrap();
    std::thread::scope(|scope| {
        let asking = |who: usize| {
            let (service, images) = (&service, &images);
            scope.spawn(move || {
                for at in 0..100 {
                    let answers = ask(service, &format!("{who}-{at}"), ASK, images);
                    let done: Vec<_> = answers.iter().collect();
                    assert!(done.len() == 4 && done.iter().all(Result::is_ok), "{done:?}");
                }
            })
        };
        let all: Vec<_> = (0..3).map(asking).collect();
        let mut turn = 0;
        while all.iter().any(|one| !one.is_finished()) {
            turn += 1;
            let name = if turn % 2 == 0 { "1" } else { "2" };
            service.models().activate("colours", name).unwrap();
            service.models().set_canary("colours", "1", 50).unwrap();
        }
        assert!(turn > 1);
    });
    service.stop();
    let late = ask(&service, "late", ASK, &images[..1]).recv().unwrap();
    assert_eq!(late, Err(Refused::Stopping));
}

#[test]
fn what_cannot_be_done_in_time_or_has_no_room_costs_no_work() {
    let (service, clock) = service(Config { workers: 1, room: 3, cache: 0 });
    let image = picture([200, 40, 30], 3);
    clock.set(1_000);
    let late = Ask { deadline: Some(999), ..ASK };
    assert_eq!(
        ask(&service, "a", late, std::slice::from_ref(&image)).recv().unwrap(),
        Err(Refused::Late)
    );
    let many = vec![image; 4];
    let refused: Vec<_> = ask(&service, "b", ASK, &many).iter().collect();
    assert_eq!(refused, vec![Err(Refused::Full { retry_after_s: 1 }); 4], "all or none");
    let urgent = Ask { class: Class::Urgent, ..ASK };
    assert!(ask(&service, "c", urgent, &many[..3]).iter().all(|done| done.is_ok()));
}

#[test]
fn an_answer_that_was_kept_says_so_and_another_version_gives_its_own() {
    let (service, _) = service(Config { cache: 8, ..CONFIG });
    let image = [picture([200, 40, 30], 3)];
    let first = ask(&service, "a", ASK, &image).recv().unwrap().unwrap();
    let again = ask(&service, "b", ASK, &image).recv().unwrap().unwrap();
    assert_eq!((first.cached, again.cached), (false, true));
    assert_eq!(first.answers, again.answers);
    service.models().add(version("2", 2, 2)).unwrap();
    service.models().activate("colours", "2").unwrap();
    let other = ask(&service, "c", ASK, &image).recv().unwrap().unwrap();
    assert!(!other.cached && other.answers != first.answers);
}

#[test]
fn a_shadow_is_compared_and_never_given() {
    let (service, _) = service(CONFIG);
    let images: Vec<_> = (0..6).map(|at| picture([at * 40, 250 - at * 40, 30], 2)).collect();
    let alone: Vec<_> = images
        .iter()
        .map(|one| ask(&service, "a", ASK, std::slice::from_ref(one)).recv().unwrap())
        .collect();
    service.models().add(version("2", 2, 2)).unwrap();
    service.models().set_shadow("colours", Some("2")).unwrap();
    for (image, alone) in images.iter().zip(&alone) {
        let done = ask(&service, "a", ASK, std::slice::from_ref(image)).recv().unwrap().unwrap();
        assert_eq!(done.answers, alone.as_ref().unwrap().answers);
    }
    service.stop();
    let figures = service.shadow();
    assert_eq!(figures.compared + figures.skipped, 6, "{figures:?}");
    assert_eq!(figures.failed, 0);
}

#[test]
fn versions_are_switched_taken_back_and_let_go() {
    let models = Models::new(version("1", 1, 1));
    let absent = ModelError::NoVersion { model: "colours".into(), version: "2".into() };
    assert_eq!(models.activate("colours", "2"), Err(absent));
    assert!(matches!(models.roll_back("colours"), Err(ModelError::NoWayBack { .. })));
    models.add(version("2", 2, 1)).unwrap();
    assert!(matches!(models.add(version("2", 3, 1)), Err(ModelError::Exists { .. })));
    assert!(matches!(models.set_canary("colours", "2", 101), Err(ModelError::Share { .. })));
    models.set_canary("colours", "2", 100).unwrap();
    let chosen = |request: &str| models.choose(None, None, request).unwrap().version;
    assert_eq!(chosen("any").version, "2");
    assert!(matches!(models.unload("colours", "2"), Err(ModelError::InUse { .. })));
    assert_eq!(models.roll_back("colours").unwrap().canary, None);
    assert_eq!(chosen("any").version, "1");
    assert_eq!(models.activate("colours", "2").unwrap().previous.as_deref(), Some("1"));
    let state = models.roll_back("colours").unwrap();
    assert_eq!((&*state.active, state.previous.as_deref()), ("1", Some("2")));
    assert_eq!(models.unload("colours", "2").unwrap().versions, ["1"]);
    assert!(matches!(models.choose(Some("cats"), None, "a"), Err(ModelError::NoModel { .. })));
}

fn refused(folder: &Path) -> LoadError {
    load(folder, "colours", "2", &loading(1)).expect_err("a bad package")
}

#[test]
fn a_bad_package_is_refused_by_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refused(folder.path()).code(), "no_package");
    package(folder.path(), 1);
    let model = folder.path().join("model.onnx");
    let mut bytes = fs::read(&model).unwrap();
    let good = bytes.clone();
    bytes[700] ^= 1;
    fs::write(&model, &bytes).unwrap();
    assert_eq!(refused(folder.path()).code(), "package_changed");
    fs::write(&model, good).unwrap();
    let manifest = folder.path().join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"blue\"", "\"blue\", \"green\"")).unwrap();
    assert_eq!(refused(folder.path()).code(), "classes_do_not_fit");
    fs::write(&manifest, &text).unwrap();
    let absent = classification::Loading { library: Some("no.so".into()), ..loading(1) };
    let error = load(folder.path(), "colours", "2", &absent).unwrap_err();
    assert_eq!(error.code(), "no_runtime");
    assert!(load(folder.path(), "colours", "2", &loading(1)).is_ok());
}

#[test]
fn a_package_that_gives_other_answers_than_its_own_is_refused_with_the_difference() {
    let folder = tempfile::tempdir().unwrap();
    spoilt(folder.path(), 1, |weights| weights[3] += 0.5);
    let error = refused(folder.path());
    assert_eq!(error.code(), "other_answers");
    let LoadError::Unlike { report } = error else { panic!("{error}") };
    assert!(report.unlike == 0 && report.largest_difference > report.tolerance, "{report:?}");
    // Numbers so large that the probabilities are none.
    let folder = tempfile::tempdir().unwrap();
    spoilt(folder.path(), 1, |weights| weights.fill(f32::MAX));
    let code = refused(folder.path()).code();
    assert!(["bad_network", "other_answers"].contains(&code), "{code}");
}

/// A service that has version 1 from the start, as it is after a restart.
fn restarted(root: &Path, seed: u64) -> (Models, Vec<(String, &'static str)>) {
    let models = Models::new(version("1", seed, 1));
    let standing = Standing::at(&root.join("versions.json"));
    let left = standing.restore(&models, Some(root), &loading(1)).expect("it is read");
    let left = left.iter().map(|left| (left.version.clone(), left.why.code())).collect();
    (models, left)
}

#[test]
fn what_was_loaded_and_set_stands_after_a_restart() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let (models, left) = restarted(root, 1);
    assert_eq!(left, [], "nothing was kept yet");
    for (name, seed) in [("2", 2), ("3", 3)] {
        package(&root.join(name), seed);
        let mut version = load(&root.join(name), "colours", name, &loading(1)).unwrap();
        version.folder = Some(name.to_owned());
        models.add(version).unwrap();
    }
    models.activate("colours", "2").unwrap();
    models.set_canary("colours", "3", 20).unwrap();
    models.set_shadow("colours", Some("1")).unwrap();
    let standing = Standing::at(&root.join("versions.json"));
    standing.keep(&models).unwrap();
    let (again, left) = restarted(root, 1);
    assert_eq!((again.states(), left), (models.states(), vec![]));
    let (other, _) = restarted(root, 9);
    assert_eq!(other.states()[0].active, "1", "another package was named at the start");
    assert_eq!(other.states()[0].versions, ["1", "2", "3"]);
    fs::remove_dir_all(root.join("3")).unwrap();
    let (again, left) = restarted(root, 1);
    assert_eq!(left, [("3".to_owned(), "package_gone")]);
    assert_eq!((&*again.states()[0].active, &again.states()[0].canary), ("2", &None));
    fs::remove_dir_all(root.join("2")).unwrap();
    package(&root.join("2"), 7);
    let (again, left) = restarted(root, 1);
    let want = [("2".to_owned(), "package_changed"), ("3".to_owned(), "package_gone")];
    assert_eq!(left, want);
    assert_eq!(
        (&*again.states()[0].active, &*again.states()[0].versions),
        ("1", &["1".into()][..])
    );
    let nowhere = standing.restore(&Models::new(version("1", 1, 1)), None, &loading(1)).unwrap();
    assert!(nowhere.iter().all(|left| matches!(left.why, LeftOut::Gone)), "{nowhere:?}");
    fs::write(root.join("versions.json"), "{}").unwrap();
    assert!(standing.restore(&again, Some(root), &loading(1)).is_err());
}
