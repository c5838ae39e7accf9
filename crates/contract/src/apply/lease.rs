//! Jobs, storage, nodes, probes and upgrades. Clauses: lease-1.2, lease-3.1.1, lease-3.1.2,
//! lease-6.2, lease-6.3.

use alloc::string::ToString;
use alloc::vec::Vec;

use units::Timestamp;

use super::with_terms;
use crate::event::Fact;
use crate::obligation::ObligationKind as Kind;
use crate::rules;
use crate::state::{Job, Outage, Probe, State, StoragePoint};

pub(super) fn apply(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::JobRan { job, devices, window, end, .. } => state.facts.jobs.push(Job {
            job: job.clone(),
            devices: devices.clone(),
            window: *window,
            end: *end,
            seq,
        }),
        Fact::StorageSampled { taken, bytes } => {
            state.facts.storage.push(StoragePoint { at: *taken, bytes: *bytes, seq });
        }
        Fact::NodeChanged { node, since, up, reason } => {
            let reports = state.facts.node_reports.entry(node.clone()).or_default();
            reports.insert((*since, seq), (*up, reason.clone()));
            let in_order = reports.keys().next_back() == Some(&(*since, seq));
            if in_order {
                node_changed(state, node, *since, *up, reason, seq);
            } else {
                retell(state, node);
            }
        }
        Fact::Probed { resource, metric, value, load_percent, .. } => {
            state.facts.probes.push(Probe {
                resource: resource.clone(),
                metric: *metric,
                value: *value,
                load_percent: *load_percent,
                seq,
            });
        }
        Fact::Upgraded { .. } => {
            state.close(Kind::Upgrade, "", at, seq);
            state.open_recurring(|agreement| rules::upgrade(agreement, at), seq);
        }
        _ => {}
    }
}

/// A report that is the latest of its node. One that says again what holds is further evidence.
fn node_changed(state: &mut State, node: &str, since: Timestamp, up: bool, reason: &str, seq: u64) {
    let outages = state.facts.outages.entry(node.to_string()).or_default();
    let open = outages.last_mut().filter(|outage| outage.to.is_none());
    match (up, open) {
        (false, None) => {
            let (reason, seqs) = (reason.to_string(), alloc::vec![seq]);
            outages.push(Outage { from: since, to: None, reason, seqs });
            let opening = with_terms(state, |agreement| rules::repair(agreement, node, since));
            state.open_all(opening, seq);
        }
        (true, Some(outage)) => {
            outage.to = Some(since);
            outage.seqs.push(seq);
            state.close(Kind::Repair, &rules::subject_of(node), since, seq);
        }
        (false, Some(outage)) => outage.seqs.push(seq),
        (true, None) => {}
    }
}

/// A report that came late: the node's outages and repairs are told anew, in the order of time.
fn retell(state: &mut State, node: &str) {
    let subject = rules::subject_of(node);
    let name = crate::obligation::name(Kind::Repair, &subject);
    state.open.remove(&name);
    let waived: Vec<(Timestamp, u64)> = state
        .obligations
        .iter()
        .filter(|row| row.kind == Kind::Repair && row.name == name)
        .filter_map(|row| row.waived.map(|seq| (row.start, seq)))
        .collect();
    state.forget(&name);
    state.facts.outages.remove(node);
    let Some(reports) = state.facts.node_reports.get(node).cloned() else { return };
    for ((since, seq), (up, reason)) in reports {
        node_changed(state, node, since, up, &reason, seq);
        let again = waived.iter().find(|(start, _)| *start == since && !up);
        if let Some((_, seq)) = again {
            state.drop_open(Kind::Repair, &subject, *seq);
        }
    }
}
