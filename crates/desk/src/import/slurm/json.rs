//! `sacct --json` in the layouts of 20.11 to 25.x: plain times and states, and the later ones in
//! which a number is `{"set":true,"infinite":false,"number":7}` and a state is a list of words.

use units::Timestamp;

use super::{Told, finish_jobs, gpus_of, take_job};
use crate::import::collect::Collector;
use crate::import::finding::clip;
use crate::import::json::{Json, for_each_member};
use crate::import::lines::{not_utf8, without_mark};
use crate::import::read::{json_integer, json_text, name, wrong};
use crate::import::{Imported, Limits, Place, Problem, Shape};

/// 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

/// Reads the output of `sacct --json --duplicates`. Steps are passed over.
#[must_use]
pub fn read_json(bytes: &[u8], limits: &Limits) -> Imported {
    let mut collector = match Collector::begin(bytes, limits) {
        Ok(collector) => collector,
        Err(refused) => return refused,
    };
    let Ok(text) = std::str::from_utf8(without_mark(bytes)) else {
        collector.report(Place::File, not_utf8(bytes));
        return collector.finish();
    };
    let mut errors = Vec::new();
    let found = for_each_member(
        text,
        "jobs",
        |index, job| {
            let place = || Place::Pointer(format!("/jobs/{index}"));
            let taken = told(&job, limits).and_then(|told| take_job(told, place(), &mut collector));
            if let Err(problem) = taken {
                let place = match pointer_of(&problem) {
                    Some(member) => Place::Pointer(format!("/jobs/{index}/{member}")),
                    None => place(),
                };
                collector.report(place, problem);
            }
        },
        |key, value| source_errors(key, &value, &mut errors),
        &["errors"],
    );
    for (place, problem) in errors {
        collector.report(place, problem);
    }
    match found {
        Ok(true) => {}
        Ok(false) => {
            let problem = Problem::MissingField { field: "jobs".to_owned() };
            collector.report(Place::File, problem);
        }
        Err(problem) => collector.report(Place::File, problem),
    }
    finish_jobs(collector)
}

/// What Slurm itself says went wrong while it wrote the file.
fn source_errors(key: &str, value: &Json, errors: &mut Vec<(Place, Problem)>) {
    let Json::List(list) = value else { return };
    for (index, error) in list.iter().enumerate() {
        let text = ["description", "error", "source"]
            .iter()
            .find_map(|key| json_text(key, error.get(key)).ok())
            .unwrap_or("error");
        let place = Place::Pointer(format!("/{key}/{index}"));
        errors.push((place, Problem::SourceError { text: clip(text) }));
    }
}

/// The member of a job that a problem is about, as a pointer within it.
fn pointer_of(problem: &Problem) -> Option<String> {
    match problem {
        Problem::MissingField { field }
        | Problem::WrongShape { field, .. }
        | Problem::NotATime { field, .. }
        | Problem::NotAnInteger { field, .. }
        | Problem::NegativeQuantity { field, .. }
        | Problem::TooLarge { field, .. }
        | Problem::TextTooLong { field, .. }
        | Problem::UnknownState { field, .. }
        | Problem::NotAName { field, .. } => Some(match field.as_str() {
            "state" => "state/current".to_owned(),
            "end" => "time/end".to_owned(),
            other => other.replace('.', "/"),
        }),
        _ => None,
    }
}

fn told(job: &Json, limits: &Limits) -> Result<Told, Problem> {
    match job {
        Json::Object(_) => {}
        Json::Ambiguous(key) => return Err(Problem::DuplicateKey { key: clip(key) }),
        _ => return Err(wrong("", Shape::Object)),
    }
    let text = |field: &'static str| match job.get(field) {
        None => Ok(None),
        Some(Json::Text(text)) if text.is_empty() => Ok(None),
        Some(value) => name(field, json_text(field, Some(value))?, limits).map(Some),
    };
    let allocated = job.at(&["tres", "allocated"]);
    Ok(Told {
        cluster: text("cluster")?.ok_or(Problem::MissingField { field: "cluster".to_owned() })?,
        job: job_id(job)?,
        user: text("user")?,
        account: text("account")?,
        state: state(job)?,
        from: time(job, "start")?,
        to: time(job, "end")?,
        elapsed: number(job, &["time", "elapsed"], "time.elapsed")?,
        suspended: number(job, &["time", "suspended"], "time.suspended")?.unwrap_or(0),
        nodes: nodes(job, limits)?,
        gpus: gpus(allocated)?,
    })
}

/// `12`, `12_3` for a task of an array, `12+1` for a part of a heterogeneous job: as sacct
/// prints them.
fn job_id(job: &Json) -> Result<String, Problem> {
    let id = number(job, &["job_id"], "job_id")?
        .ok_or(Problem::MissingField { field: "job_id".to_owned() })?;
    let array = number(job, &["array", "job_id"], "array.job_id")?.filter(|id| *id != 0);
    let task = number(job, &["array", "task_id"], "array.task_id")?;
    if let (Some(array), Some(task)) = (array, task) {
        return Ok(format!("{array}_{task}"));
    }
    let het = number(job, &["het", "job_id"], "het.job_id")?.filter(|id| *id != 0);
    let offset = number(job, &["het", "job_offset"], "het.job_offset")?;
    if let (Some(het), Some(offset)) = (het, offset) {
        return Ok(format!("{het}+{offset}"));
    }
    Ok(id.to_string())
}

/// The first word that says how the job stands; later layouts list flags such as `COMPLETING`
/// behind it.
fn state(job: &Json) -> Result<String, Problem> {
    const FIELD: &str = "state.current";
    let current = job.at(&["state", "current"]);
    let current = match current {
        Some(Json::List(words)) => words.first(),
        current => current,
    };
    json_text(FIELD, current).map(str::to_owned)
}

/// A number that is plain, or of the later layout; absent, null, unset and infinite are none.
fn number(job: &Json, path: &[&str], field: &str) -> Result<Option<i64>, Problem> {
    let Some(value) = job.at(path) else { return Ok(None) };
    let plain = match value {
        Json::Object(_) => {
            let is = |key: &str| value.get(key) == Some(&Json::Bool(true));
            if !is("set") || is("infinite") {
                return Ok(None);
            }
            value.get("number").ok_or(Problem::MissingField { field: field.to_owned() })?
        }
        plain => plain,
    };
    let number = json_integer(field, plain)?;
    let too_large = |_| Problem::TooLarge { field: field.to_owned(), text: number.to_string() };
    i64::try_from(number).map(Some).map_err(too_large)
}

/// A time in seconds since 1970; 0 is none.
fn time(job: &Json, key: &str) -> Result<Option<Timestamp>, Problem> {
    let field = format!("time.{key}");
    match number(job, &["time", key], &field)? {
        None | Some(0) => Ok(None),
        Some(seconds) if seconds <= LAST_SECOND => Ok(Some(Timestamp::from_seconds(seconds))),
        Some(seconds) => Err(Problem::NotATime { field, text: seconds.to_string() }),
    }
}

fn nodes(job: &Json, limits: &Limits) -> Result<String, Problem> {
    match job.get("nodes") {
        None => Ok(String::new()),
        Some(Json::Text(list)) if list.len() <= limits.line_bytes => Ok(list.clone()),
        Some(Json::Text(list)) => Err(Problem::TextTooLong {
            field: "nodes".to_owned(),
            have: list.len() as u64,
            limit: limits.line_bytes as u64,
        }),
        Some(_) => Err(wrong("nodes", Shape::Text)),
    }
}

fn gpus(allocated: Option<&Json>) -> Result<u64, Problem> {
    const FIELD: &str = "tres.allocated";
    let list = match allocated {
        None => return Ok(0),
        Some(Json::List(list)) => list,
        Some(_) => return Err(wrong(FIELD, Shape::List)),
    };
    let mut counts = Vec::new();
    for (index, tres) in list.iter().enumerate() {
        let is_gres = tres.get("type") == Some(&Json::Text("gres".to_owned()));
        if let (true, Some(Json::Text(name)), Some(count)) =
            (is_gres, tres.get("name"), tres.get("count"))
        {
            let count = json_integer(&format!("{FIELD}.{index}.count"), count)?;
            counts.push((name.as_str(), count));
        }
    }
    Ok(gpus_of(counts.into_iter()))
}
