//! From what a source said to what it means under the contract. Knows the words of sources and of
//! the contract; knows nothing of what was recorded before.

use std::collections::HashMap;

use contract::event::{Fact, SourceRecord};
use contract::terms::{Agreement, RequestClass, Service};
use journal::{Hash, canonical};
use serde::Serialize;
use store::SourceKey;
use units::{Id, Timestamp, Window};

use super::{ImportOptions, ImportReport, IntakeFinding, IntakeProblem, TakeProblem};
use crate::import::{self, Imported, Job, NodeEvent, Place, Problem, Severity, Usage};

/// The meter of answered images. Clause: class-5.1.
const IMAGES: &str = "images";

/// What a source says, as it may come to stand in the journal.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) key: SourceKey,
    pub(super) seq: Option<u64>,
    pub(super) place: Place,
    /// The fact; `None` for what contradicts a record of the same file.
    pub(super) fact: Option<Fact>,
    /// When it happened; at one instant an end comes before a beginning.
    order: (Timestamp, u8),
}

impl Claim {
    pub(super) fn record(&self, content: &[u8; 32]) -> SourceRecord {
        SourceRecord {
            source: self.key.source.clone(),
            id: self.key.id.clone(),
            seq: self.seq,
            content: hex::encode(content),
        }
    }
}

/// What a file means under the terms, in order of time.
pub(super) fn claims(
    imported: Imported,
    terms: &Agreement,
    options: &ImportOptions,
    report: &mut ImportReport,
) -> Vec<Claim> {
    let mut mapper =
        Mapper { terms, options, report, claims: Vec::new(), volume: None, blind: false };
    let contradicts = imported.findings.iter().any(|found| found.severity() == Severity::Conflict);
    let mut first_at: HashMap<String, usize> = HashMap::new();
    for record in imported.records {
        let (place, before) =
            (contradicts.then(|| format!("{:?}", record.place)), mapper.claims.len());
        mapper.take(record);
        if let Some(place) = place.filter(|_| mapper.claims.len() > before) {
            first_at.entry(place).or_insert(before);
        }
    }
    for finding in imported.findings {
        mapper.contradiction(&finding, &first_at);
        let problem = IntakeProblem::Read(finding.problem);
        mapper.report.findings.push(IntakeFinding { place: finding.place, problem });
    }
    let mut claims = mapper.claims;
    claims.sort_by_key(|claim| claim.order);
    claims
}

struct Mapper<'a> {
    terms: &'a Agreement,
    options: &'a ImportOptions,
    report: &'a mut ImportReport,
    claims: Vec<Claim>,
    /// The volume of the first storage sample.
    volume: Option<Option<String>>,
    /// Whether usage without a measured time was reported.
    blind: bool,
}

impl Mapper<'_> {
    fn take(&mut self, record: import::SourceRecord) {
        let import::SourceRecord { source, id, seq, at, content, place, fact } = record;
        let fact = match fact {
            import::Fact::Job(job) => self.job(job, &place),
            import::Fact::NodeEvent(event) => return self.node_event(source, &id, place, event),
            import::Fact::Usage(usage) => self.usage(&usage, &place),
            import::Fact::Probe(probe) => {
                let window = Window::new(probe.from, probe.to);
                Some(Fact::ServiceObserved { window, state: probe.state })
            }
            import::Fact::StorageSample(sample) => {
                let first = self.volume.get_or_insert_with(|| sample.subject.clone()).clone();
                if first == sample.subject {
                    Some(Fact::StorageSampled { taken: sample.at, bytes: sample.bytes })
                } else {
                    let text = |subject: Option<String>| subject.unwrap_or_default();
                    let (subject, first) = (text(sample.subject), text(first));
                    self.refuse(&place, TakeProblem::OtherVolume { subject, first })
                }
            }
            import::Fact::ProbeResult(result) => self.measured(result, &content, &place),
        };
        let Some(fact) = fact else { return };
        let key = SourceKey { source, id, content };
        self.claims.push(Claim { key, seq, place, fact: Some(fact), order: (at, 1) });
    }

    fn refuse(&mut self, place: &Place, problem: TakeProblem) -> Option<Fact> {
        self.report.refused += 1;
        self.report.findings.push(IntakeFinding::new(place.clone(), problem));
        None
    }

    fn skip(&mut self, place: &Place, problem: TakeProblem) -> Option<Fact> {
        self.report.skipped += 1;
        self.report.findings.push(IntakeFinding::new(place.clone(), problem));
        None
    }

    /// Clause: lease-3.1.1.
    fn job(&mut self, job: Job, place: &Place) -> Option<Fact> {
        let Some(to) = job.to else {
            return self.skip(place, TakeProblem::StillRunning { job: job.job });
        };
        if job.gpus == 0 {
            return self.skip(place, TakeProblem::NoDevices { job: job.job });
        }
        Some(Fact::JobRan {
            job: job.job,
            devices: job.devices,
            window: Window::new(job.from, to),
            end: job.end,
            purpose: self.options.purpose.clone(),
        })
    }

    /// A failure is two records, so that its beginning can be told before its end. Both hash to
    /// the same content whether the source told of them together or apart. Clause: lease-6.2.
    fn node_event(&mut self, source: String, id: &str, place: Place, event: NodeEvent) {
        let NodeEvent { cluster, node, state, from, to, reason } = event;
        if !self.options.outages.contains(&state) {
            self.skip(&place, TakeProblem::NotAnOutage { node, state });
            return;
        }
        #[derive(Serialize)]
        struct Said<'a> {
            cluster: &'a str,
            node: &'a str,
            state: import::NodeState,
            at: Timestamp,
            reason: &'a str,
        }
        let base = id.strip_suffix("/open").unwrap_or(id);
        let mut changed = |at: Timestamp, up: bool, rank: u8| {
            let reason = if up { "" } else { reason.as_str() };
            let said = Said { cluster: &cluster, node: &node, state, at, reason };
            let text = canonical::to_vec(&said).expect("texts and a time have a canonical text");
            let content = *Hash::of(&text).bytes();
            let end = if up { "up" } else { "down" };
            let key = SourceKey { source: source.clone(), id: format!("{base}/{end}"), content };
            let (node, reason) = (node.clone(), reason.to_owned());
            let fact = Some(Fact::NodeChanged { node, since: at, up, reason });
            self.claims.push(Claim {
                key,
                seq: None,
                place: place.clone(),
                fact,
                order: (at, rank),
            });
        };
        changed(from, false, 1);
        if let Some(to) = to {
            // One failure's end stands before the next one's beginning at the same instant, but
            // a failure without length still begins before it ends.
            changed(to, true, if to > from { 0 } else { 2 });
        }
    }

    /// Clauses: class-5.1, class-4.3.
    fn usage(&mut self, usage: &Usage, place: &Place) -> Option<Fact> {
        if usage.meter != IMAGES {
            let meter = usage.meter.clone();
            return self.refuse(place, TakeProblem::UnknownMeter { meter });
        }
        let class = match &usage.subject {
            None => self.options.class,
            Some(subject) => match self.options.classes.get(subject) {
                Some(class) => *class,
                None => {
                    let subject = subject.clone();
                    return self.refuse(place, TakeProblem::UnknownClass { subject });
                }
            },
        };
        let in_time = match usage.latency_ms {
            Some(latency) if self.is_in_time(class, usage.at, latency) => usage.quantity,
            Some(_) => 0,
            None => {
                if !self.blind {
                    self.blind = true;
                    let finding = IntakeFinding::new(place.clone(), TakeProblem::NoLatency);
                    self.report.findings.push(finding);
                }
                0
            }
        };
        let to = Timestamp::from_micros(usage.at.micros().saturating_add(1));
        let window = Window::new(usage.at, to);
        Some(Fact::ImagesAnswered { class, window, count: usage.quantity, in_time })
    }

    /// Whether an answer that took so long, given at an instant, came in the agreed time.
    /// Clause: class-4.3.
    fn is_in_time(&self, class: RequestClass, answered: Timestamp, latency_ms: u64) -> bool {
        let Service::Classification(service) = &self.terms.service else { return false };
        let within = match class {
            RequestClass::Standard => service.response.standard_within,
            RequestClass::Urgent => {
                service.response.urgent_within.unwrap_or(service.response.standard_within)
            }
        };
        let micros = i64::try_from(latency_ms).ok().and_then(|ms| ms.checked_mul(1_000));
        let asked = micros.and_then(|micros| answered.micros().checked_sub(micros));
        let Some(asked) = asked.map(Timestamp::from_micros) else { return false };
        match within.exact_seconds() {
            Some(seconds) => answered <= asked.plus_seconds(seconds),
            None => {
                let calendar = self.terms.calendar.calendar();
                answered <= within.after(asked, &self.terms.zone, calendar).at
            }
        }
    }

    /// Clauses: lease-1.1, lease-1.2.
    fn measured(
        &mut self,
        result: import::ProbeResult,
        content: &[u8; 32],
        place: &Place,
    ) -> Option<Fact> {
        let named = result.subject.as_deref().map(Id::new).transpose().ok().flatten();
        let Some(resource) = named.or_else(|| self.options.resource.clone()) else {
            return self.refuse(place, TakeProblem::NoResource);
        };
        Some(Fact::Probed {
            resource,
            metric: result.metric,
            value: result.value.to_fraction(),
            load_percent: self.options.load_percent,
            sha256: hex::encode(content),
        })
    }

    /// What contradicts an earlier record of the same file, so that it is noted as one.
    fn contradiction(&mut self, finding: &import::Finding, first_at: &HashMap<String, usize>) {
        let Problem::ConflictingContent { first, content, .. } = &finding.problem else { return };
        let first = first_at.get(&format!("{first:?}")).and_then(|at| self.claims.get(*at));
        let got = hex::decode(content).ok().and_then(|bytes| bytes.try_into().ok());
        let (Some(first), Some(content)) = (first, got) else { return };
        let Claim { key, order, seq, .. } = first;
        let key = SourceKey { source: key.source.clone(), id: key.id.clone(), content };
        let (order, seq, place) = (*order, *seq, finding.place.clone());
        self.claims.push(Claim { key, seq, place, fact: None, order });
    }
}
