//! Files of real systems on their way into a journal: told twice, told otherwise, told badly.

use contract::event::{Event, Fact};
use contract::terms::RequestClass;
use desk::import::Format;
use desk::intake::{ImportOptions, ImportReport};
use units::{EndState, ServiceState};

use crate::scene::{Scene, at, meter};

const NOW: &str = "2026-05-20T00:00:00Z";

fn usage(id: &str, quantity: u64, latency_ms: u64) -> String {
    format!(
        "{{\"specversion\":\"1.0\",\"source\":\"gateway\",\"id\":\"{id}\",\"time\":\
         \"2026-05-0{}T08:00:00Z\",\"type\":\"tallystick.usage.v1\",\"data\":{{\"meter\":\
         \"images\",\"quantity\":{quantity},\"latency_ms\":{latency_ms}}}}}",
        1 + id.len() % 9
    )
}

async fn classification() -> Scene {
    let mut scene = Scene::new("classification", "2026-04-01T01:00:00Z").await;
    scene.until(NOW).await;
    scene
}

async fn take(scene: &Scene, text: &str, options: &ImportOptions) -> ImportReport {
    let bytes = text.as_bytes();
    let taken = scene.desk.import(&scene.agreement, &meter(), None, bytes, options).await;
    taken.expect("the store works")
}

/// `taken 2 duplicates 0 conflicts 0/0 refused 0 skipped 0`, then the codes of the findings.
fn shown(report: &ImportReport) -> String {
    let mut text = format!(
        "taken {} duplicates {} conflicts {}/{} refused {} skipped {}",
        report.taken,
        report.duplicates,
        report.conflicts_recorded,
        report.conflicts,
        report.refused,
        report.skipped,
    );
    for finding in &report.findings {
        let value = serde_json::to_value(finding).expect("a finding is JSON");
        let place = match value["place"].as_object() {
            Some(place) => place.values().map(ToString::to_string).collect::<String>(),
            None => "file".to_owned(),
        };
        text += &format!("; {place} {}", value["code"].as_str().unwrap_or("-"));
    }
    text
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let scene = classification().await;
    let file = [usage("a", 1_000, 500), usage("bb", 2_000, 700), usage("ccc", 30, 1)].join("\n");
    let options = ImportOptions::default();
    let first = take(&scene, &file, &options).await;
    assert_eq!(shown(&first), "taken 3 duplicates 0 conflicts 0/0 refused 0 skipped 0");
    let before = scene.book().await;
    let again = take(&scene, &file, &options).await;
    assert_eq!(shown(&again), "taken 0 duplicates 3 conflicts 0/0 refused 0 skipped 0");
    assert!(!again.appended && again.entries.is_none());
    let after = scene.book().await;
    assert_eq!(after.frontier.root(), before.frontier.root());
    let (from, to) = first.entries.expect("entries were appended");
    assert_eq!((from, to + 1), (to - 2, after.state.next_seq));
    let images: u64 = after.state.facts.images.values().map(|bucket| bucket.count).sum();
    assert_eq!(images, 3_030);
}

#[tokio::test]
async fn a_part_told_again_with_something_new_takes_the_new_alone() {
    let scene = classification().await;
    let options = ImportOptions::default();
    take(&scene, &usage("a", 1, 1), &options).await;
    let file = [usage("a", 1, 1), usage("bb", 2, 1)].join("\n");
    let report = take(&scene, &file, &options).await;
    assert_eq!(shown(&report), "taken 1 duplicates 1 conflicts 0/0 refused 0 skipped 0");
}

#[tokio::test]
async fn a_contradiction_is_recorded_once_and_the_first_stands() {
    let scene = classification().await;
    let options = ImportOptions::default();
    take(&scene, &usage("a", 1_000, 500), &options).await;
    let contradicting = usage("a", 9_000, 500);
    let report = take(&scene, &contradicting, &options).await;
    let expected = "taken 0 duplicates 0 conflicts 1/1 refused 0 skipped 0; 1 conflict";
    assert_eq!(shown(&report), expected);
    let again = take(&scene, &contradicting, &options).await;
    let expected = "taken 0 duplicates 0 conflicts 0/1 refused 0 skipped 0; 1 conflict";
    assert_eq!(shown(&again), expected);
    // Another contradiction of the same record is another conflict.
    let other = take(&scene, &usage("a", 8_000, 500), &options).await;
    assert_eq!(other.conflicts_recorded, 1);
    let state = scene.book().await.state;
    assert_eq!(state.facts.conflicts.len(), 2);
    let images: u64 = state.facts.images.values().map(|bucket| bucket.count).sum();
    assert_eq!(images, 1_000);
}

#[tokio::test]
async fn a_file_that_contradicts_itself_is_a_conflict_too() {
    let scene = classification().await;
    let file = [usage("a", 1, 1), usage("a", 2, 1), usage("bb", 5, 1)].join("\n");
    let options = ImportOptions::default();
    let report = take(&scene, &file, &options).await;
    let expected = "taken 2 duplicates 0 conflicts 1/1 refused 0 skipped 0; \
                    2 conflicting_content; 2 conflict";
    assert_eq!(shown(&report), expected);
    let again = take(&scene, &file, &options).await;
    assert_eq!((again.duplicates, again.conflicts_recorded), (2, 0));
    assert_eq!(scene.book().await.state.facts.conflicts.len(), 1);
}

#[tokio::test]
async fn a_bad_line_is_reported_and_the_rest_taken_or_with_strict_nothing() {
    let scene = classification().await;
    let file = [usage("a", 1, 1), "{\"specversion\":".to_owned(), usage("bb", 2, 1)].join("\n");
    let strict = ImportOptions { strict: true, ..ImportOptions::default() };
    let before = scene.book().await.frontier.root();
    let report = take(&scene, &file, &strict).await;
    assert!(!report.appended && report.entries.is_none());
    assert_eq!(scene.book().await.frontier.root(), before);
    let report = take(&scene, &file, &ImportOptions::default()).await;
    let expected = "taken 2 duplicates 0 conflicts 0/0 refused 0 skipped 0; 2 ends_early";
    assert_eq!(shown(&report), expected);
}

#[tokio::test]
async fn strict_takes_nothing_when_the_contract_refuses_one_record() {
    let scene = classification().await;
    let late = usage("bb", 2, 1).replace("2026-05-03", "2027-01-01");
    let file = [usage("a", 1, 1), late].join("\n");
    let strict = ImportOptions { strict: true, ..ImportOptions::default() };
    let report = take(&scene, &file, &strict).await;
    assert_eq!(report.refused, 1);
    assert!(!report.appended);
    let report = take(&scene, &file, &ImportOptions::default()).await;
    let expected = "taken 1 duplicates 0 conflicts 0/0 refused 1 skipped 0; 2 refused";
    assert_eq!(shown(&report), expected);
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_changes_nothing() {
    let scene = classification().await;
    let before = scene.book().await.frontier.root();
    let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let report = take(&scene, &usage("a", 1, 1), &dry).await;
    assert_eq!(shown(&report), "taken 1 duplicates 0 conflicts 0/0 refused 0 skipped 0");
    assert!(!report.appended);
    assert_eq!(scene.book().await.frontier.root(), before);
}

#[tokio::test]
async fn answers_are_in_time_by_the_term_of_their_class() {
    let scene = classification().await;
    let csv = "source,id,time,meter,quantity,subject,latency_ms\n\
               g,1,2026-05-01T00:00:00Z,images,10,standard,120000\n\
               g,2,2026-05-01T00:00:01Z,images,20,standard,120001\n\
               g,3,2026-05-01T00:00:02Z,images,40,urgent,60000\n\
               g,4,2026-05-01T00:00:03Z,images,80,urgent,60001\n\
               g,5,2026-05-01T00:00:04Z,images,160,,\n\
               g,6,2026-05-01T00:00:05Z,images,1,express,1\n\
               g,7,2026-05-01T00:00:06Z,texts,1,,1\n";
    let report = take(&scene, csv, &ImportOptions::default()).await;
    let expected = "taken 5 duplicates 0 conflicts 0/0 refused 2 skipped 0; 6 no_latency; \
                    7 unknown_class; 8 unknown_meter";
    assert_eq!(shown(&report), expected);
    let state = scene.book().await.state;
    let found = |class| {
        let rows = state.facts.images.iter().filter(|((_, of), _)| *of == class);
        rows.fold((0, 0), |(count, good), (_, row)| (count + row.count, good + row.in_time))
    };
    assert_eq!(found(RequestClass::Standard), (190, 10));
    assert_eq!(found(RequestClass::Urgent), (120, 40));
}

#[tokio::test]
async fn a_node_failure_is_told_in_two_parts_and_a_drained_node_is_none() {
    let mut scene = Scene::new("lease", "2026-01-05T01:00:00Z").await;
    scene.until("2026-02-20T00:00:00Z").await;
    let options = ImportOptions { cluster: "lease".to_owned(), ..ImportOptions::default() };
    let open = "2026-02-03T10:00:00|Unknown|n1|DOWN|hwfail\n\
                2026-02-04T10:00:00|2026-02-04T12:00:00|n2|DRAIN|kernel update\n";
    let report = take(&scene, open, &options).await;
    let expected = "taken 1 duplicates 0 conflicts 0/0 refused 0 skipped 1; 2 not_an_outage";
    assert_eq!(shown(&report), expected);
    let ended = "2026-02-03T10:00:00|2026-02-03T15:30:00|n1|DOWN|hwfail\n";
    let report = take(&scene, ended, &options).await;
    assert_eq!(shown(&report), "taken 1 duplicates 1 conflicts 0/0 refused 0 skipped 0");
    let outages = scene.book().await.state.facts.outages;
    assert_eq!(outages.keys().collect::<Vec<_>>(), ["n1"]);
    let outage = &outages["n1"][0];
    assert_eq!(outage.from, at("2026-02-03T02:00:00Z"));
    assert_eq!(outage.to, Some(at("2026-02-03T07:30:00Z")));
}

#[tokio::test]
async fn jobs_are_taken_when_they_have_ended() {
    let mut scene = Scene::new("lease", "2026-01-05T01:00:00Z").await;
    scene.until("2026-02-20T00:00:00Z").await;
    let row = |job: &str, end: &str, state: &str, seconds: &str, gpus: &str| {
        format!("{job}|{state}|2026-02-01T08:00:00|{end}|{seconds}|{gpus}|n1")
    };
    let head = "JobID|State|Start|End|ElapsedRaw|AllocTRES|NodeList";
    let ended = row("7", "2026-02-01T10:00:00", "COMPLETED", "7200", "cpu=8,gres/gpu=2");
    let running = row("8", "Unknown", "RUNNING", "99", "cpu=8,gres/gpu=4");
    let no_gpu = row("9", "2026-02-01T09:00:00", "COMPLETED", "3600", "cpu=8");
    let file = [head, &ended, &running, &no_gpu].join("\n");
    let options = ImportOptions { cluster: "lease".to_owned(), ..ImportOptions::default() };
    let report = take(&scene, &file, &options).await;
    assert_eq!(report.format, Some(Format::SacctText));
    let expected = "taken 1 duplicates 0 conflicts 0/0 refused 0 skipped 2; 3 still_running; \
                    4 no_devices";
    assert_eq!(shown(&report), expected);
    let jobs = scene.book().await.state.facts.jobs;
    assert_eq!((jobs.len(), jobs[0].devices.len()), (1, 2));
    assert_eq!(jobs[0].end, EndState::Completed);
}

#[tokio::test]
async fn probes_become_states_of_the_service() {
    let scene = classification().await;
    let csv = "from,to,state\n2026-05-01T00:00:00Z,2026-05-01T01:00:00Z,up\n\
               2026-05-01T01:00:00Z,2026-05-01T01:10:00Z,down\n";
    let report = take(&scene, csv, &ImportOptions::default()).await;
    assert_eq!(shown(&report), "taken 2 duplicates 0 conflicts 0/0 refused 0 skipped 0");
    let service = scene.book().await.state.facts.service;
    let states: Vec<ServiceState> = service.iter().map(|stretch| stretch.state).collect();
    assert_eq!(states, [ServiceState::Up, ServiceState::Down]);
}

#[tokio::test]
async fn records_are_written_in_order_of_time() {
    let scene = classification().await;
    let file = [usage("ccc", 3, 1), usage("a", 1, 1), usage("bb", 2, 1)].join("\n");
    take(&scene, &file, &ImportOptions::default()).await;
    let mut counts = Vec::new();
    let mut book = desk::Book::empty(&scene.agreement);
    let scope = scene.desk.scope();
    let seen = book.catch_up(scene.desk.store.as_ref(), &scope, |recorded| {
        if let Event::FactRecorded { fact: Fact::ImagesAnswered { count, .. }, .. } =
            &recorded.event
        {
            counts.push(*count);
        }
    });
    seen.await.expect("a whole journal");
    assert_eq!(counts, [1, 2, 3]);
}

#[tokio::test]
async fn a_file_of_no_known_format_is_refused_whole() {
    let scene = classification().await;
    let report = take(&scene, "hello\n", &ImportOptions::default()).await;
    let expected = "taken 0 duplicates 0 conflicts 0/0 refused 0 skipped 0; file unknown_format";
    assert_eq!(shown(&report), expected);
}
