//! The fold: ten million facts into the state of one agreement, and a million journal lines
//! decoded and folded. There is no peer; the making of the facts alone is measured beside it.

use anyhow::{Context as _, Result, bail};
use contract::apply;
use contract::event::{Actor, Event, Fact, Recorded};
use contract::state::State;
use contract::terms::RequestClass;
use desk::agreement_file::{Limits, read_agreement};
use units::{EndState, ServiceState, Timestamp, Window};

use crate::measure::{Sample, Watch};
use crate::race::{Contender, Setting, Start};
use crate::seed::Seeded;
use crate::table::Table;

const EVENTS: u64 = 10_000_000;
const LINES: u64 = 1_000_000;
/// 2026-03-01T00:00:00Z.
const START: i64 = 1_772_323_200;
const AGREEMENT: &[u8] = include_bytes!("../../cases/agreements/classification.toml");

/// Measures both.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let (events, lines) = (setting.size(EVENTS), setting.size(LINES));
    let ours = |name, what: &str, count: u64| Contender {
        name,
        start: Start::Ours("fold"),
        words: vec![what.to_owned(), count.to_string()],
    };
    let mut found = setting.race(
        "facts to state",
        events,
        "events",
        &[ours("made and folded", "fold", events), ours("made alone", "make", events)],
    )?;
    found.extend(setting.race(
        "lines to state",
        lines,
        "events",
        &[ours("decoded and folded", "lines", lines), ours("scanned alone", "scan", lines)],
    )?);
    Ok(Table {
        title: format!("fold: {events} facts, and {lines} journal lines"),
        lines: found,
        notes: vec![
            "40 % images answered, 20 % each of service states, jobs and storage samples."
                .to_owned(),
            "The state keeps every job and stretch; the memory is the state's.".to_owned(),
        ],
    })
}

/// One measurement.
pub(crate) fn work(words: &[String]) -> Result<Sample> {
    let [what, count] = words else { bail!("fold WHAT COUNT") };
    let count: u64 = count.parse()?;
    match what.as_str() {
        "fold" => fold(count),
        "make" => make(count),
        "lines" | "scan" => lines(count, what == "lines"),
        other => bail!("no work {other:?}"),
    }
}

fn fold(count: u64) -> Result<Sample> {
    let mut state = agreed()?;
    let first = state.next_seq;
    let mut seeded = Seeded::new(1);
    let watch = Watch::start();
    for index in 0..count {
        apply(&mut state, &recorded(first + index, fact(&mut seeded, index)));
    }
    let sample = watch.stop(String::new())?;
    expect(&state, count)?;
    Ok(sample)
}

fn make(count: u64) -> Result<Sample> {
    let mut seeded = Seeded::new(1);
    let watch = Watch::start();
    for index in 0..count {
        std::hint::black_box(recorded(index, fact(&mut seeded, index)));
    }
    watch.stop(String::new())
}

fn lines(count: u64, folded: bool) -> Result<Sample> {
    let mut state = agreed()?;
    let first = state.next_seq;
    let mut seeded = Seeded::new(1);
    let lines = (0..count).map(|index| line(first + index, fact(&mut seeded, index)));
    let lines: Vec<Vec<u8>> = lines.collect::<Result<_>>()?;
    let watch = Watch::start();
    for (seq, line) in (first..).zip(&lines) {
        if folded {
            apply(&mut state, &desk::decode(seq, line)?);
        } else {
            std::hint::black_box(journal::EntryRef::scan(line)?);
        }
    }
    let sample = watch.stop(String::new())?;
    if folded {
        expect(&state, count)?;
    }
    Ok(sample)
}

fn line(seq: u64, fact: Fact) -> Result<Vec<u8>> {
    let Recorded { at, actor, event, .. } = recorded(seq, fact);
    Ok(desk::encode(seq, at, &actor, &event)?.line())
}

/// The state of an agreement with its terms drafted: what facts are folded into.
fn agreed() -> Result<State> {
    let read = read_agreement(AGREEMENT, &Limits::default());
    let (agreement, _) = read.ok().context("the case's agreement can be signed")?;
    let mut state = State::default();
    let event =
        Event::AgreementDrafted { agreement: Box::new(agreement), terms_sha256: "0".repeat(64) };
    apply(&mut state, &Recorded { seq: 0, at: at(0), actor: deployment(), event });
    Ok(state)
}

/// Facts that did not land would make a fast fold.
fn expect(state: &State, count: u64) -> Result<()> {
    let facts = &state.facts;
    let images: u64 = facts.images.values().map(|bucket| bucket.records).sum();
    let listed = facts.jobs.len() + facts.storage.len() + facts.service.len();
    let landed = images + listed as u64;
    if landed != count {
        bail!("{landed} of {count} facts are in the state");
    }
    Ok(())
}

fn deployment() -> Actor {
    Actor::Deployment { name: "meter".to_owned() }
}

fn at(index: u64) -> Timestamp {
    Timestamp::from_seconds(START + index as i64)
}

fn recorded(seq: u64, fact: Fact) -> Recorded {
    let event = Event::FactRecorded { fact, source: None };
    Recorded { seq, at: at(seq), actor: deployment(), event }
}

/// One fact a second.
fn fact(seeded: &mut Seeded, index: u64) -> Fact {
    let from = at(index);
    let window = Window { from, to: from.plus_seconds(60) };
    match seeded.below(10) {
        0..4 => {
            let count = 1 + seeded.below(1_000);
            let class =
                if seeded.below(10) == 0 { RequestClass::Urgent } else { RequestClass::Standard };
            Fact::ImagesAnswered { class, window, count, in_time: count - seeded.below(2) }
        }
        4..6 => {
            let state = match seeded.below(100) {
                0 => ServiceState::Down,
                1 | 2 => ServiceState::Degraded,
                _ => ServiceState::Up,
            };
            Fact::ServiceObserved { window, state }
        }
        6..8 => {
            let length = 60 + seeded.below(86_400) as i64;
            Fact::JobRan {
                job: index.to_string(),
                devices: vec![format!("node{}:gpu{}", seeded.below(16), seeded.below(8))],
                window: Window { from, to: from.plus_seconds(length) },
                end: if seeded.below(20) == 0 { EndState::Failed } else { EndState::Completed },
                purpose: None,
            }
        }
        _ => Fact::StorageSampled { taken: from, bytes: seeded.below(1 << 50) },
    }
}
