//! Findings as one line of text, so that a row of a table can name them.

use desk::import::{Finding, Imported, Limits, Place, slurm};
use units::Zone;

/// `line 3: not_an_integer field=quantity text=1.0`.
pub(crate) fn finding(finding: &Finding) -> String {
    let place = match &finding.place {
        Place::File => "file".to_owned(),
        Place::Line(line) => format!("line {line}"),
        Place::Pointer(pointer) => pointer.clone(),
    };
    let mut value = serde_json::to_value(&finding.problem).expect("a finding is JSON");
    let members = value.as_object_mut().expect("a finding is an object");
    let code = members.remove("code").expect("a finding has a code");
    let fields: Vec<String> = members.iter().map(|(key, value)| field(key, value)).collect();
    let code = code.as_str().expect("a code is text");
    format!("{place}: {code} {}", fields.join(" ")).trim_end().to_owned()
}

fn field(key: &str, value: &serde_json::Value) -> String {
    match value.as_str() {
        Some(text) => format!("{key}={text}"),
        None => format!("{key}={value}"),
    }
}

/// All findings of a file.
pub(crate) fn findings(imported: &Imported) -> Vec<String> {
    imported.findings.iter().map(finding).collect()
}

pub(crate) fn jobs_from_text(bytes: &[u8]) -> Imported {
    slurm::read_text(bytes, &Zone::shanghai(), "lease", &Limits::default())
}

pub(crate) fn events(bytes: &[u8]) -> Imported {
    slurm::read_events(bytes, &Zone::shanghai(), "lease", &Limits::default())
}
