//! Jobs, storage, nodes, probes and upgrades. Clauses: lease-1.2, lease-3.1.1, lease-3.1.2,
//! lease-6.2, lease-6.3.

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
            let outages = state.facts.outages.entry(node.clone()).or_default();
            let open = outages.last_mut().filter(|outage| outage.to.is_none());
            match (*up, open) {
                (false, None) => {
                    let reason = reason.clone();
                    outages.push(Outage { from: *since, to: None, reason, seqs: alloc::vec![seq] });
                    let opening =
                        with_terms(state, |agreement| rules::repair(agreement, node, *since));
                    state.open_all(opening, seq);
                }
                (true, Some(outage)) => {
                    outage.to = Some(*since);
                    outage.seqs.push(seq);
                    state.close(Kind::Repair, &rules::subject_of(node), *since, seq);
                }
                (false, Some(outage)) => outage.seqs.push(seq),
                (true, None) => {}
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
            let opening = with_terms(state, |agreement| rules::upgrade(agreement, at));
            state.open_all(opening, seq);
        }
        _ => {}
    }
}
