//! What the service itself brings forth: deliveries, rounds of training, jobs, images; and the
//! sources that report machines' records late, twice, out of order or not at all.

use std::collections::BTreeMap;

use contract::Action;
use contract::event::{Fact, ItemCount, ModelResult, SourceRecord, StandardResult};
use contract::terms::{Average, DocumentationSection, ModelMetric, RequestClass, Service, Side};
use journal::Hash;
use units::{
    EndState, Fraction, Id, Metric, Money, Ratio, ServiceState, Timestamp, Verdict, Window,
};

use super::life::{Life, customer, machine, vendor};

/// What the sources have to report, and what they reported.
#[derive(Default)]
pub(super) struct Sources {
    /// The number that a source's next record takes.
    numbers: BTreeMap<&'static str, u64>,
    /// Records under way: when they arrive.
    under_way: Vec<(Timestamp, Fact, SourceRecord)>,
    /// Content of the records that stand in the journal.
    standing: BTreeMap<(String, String), String>,
    /// Until when each device is taken.
    taken: BTreeMap<String, Timestamp>,
    /// Until when the prober has looked.
    observed: Option<Timestamp>,
    pub(super) nodes_down: Vec<String>,
}

pub(super) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

pub(super) fn sha(text: &str) -> String {
    hex::encode(Hash::of(text.as_bytes()).bytes())
}

impl Life {
    pub(super) async fn work(&mut self) {
        match self.agreement.service.kind() {
            "annotation" => self.annotate().await,
            "training" => self.train().await,
            "lease" => self.run_machines(),
            _ => self.classify().await,
        }
        self.deliver_records().await;
    }

    pub(super) async fn record(&mut self, side: Side, fact: Fact) -> bool {
        let actor = if side == Side::Customer { customer() } else { vendor() };
        self.ask(&actor, Action::Record { fact, source: None }).await
    }

    /// A source notes a record under its next number; it may be lost or come late.
    fn note(&mut self, source: &'static str, fact: Fact) {
        let number = self.sources.numbers.entry(source).or_insert(0);
        *number += 1;
        let content = sha(&serde_json::to_string(&fact).unwrap());
        let record = SourceRecord {
            source: source.to_owned(),
            id: format!("{source}-{number}"),
            seq: Some(*number),
            content,
        };
        let late = match self.dice.range(0, 9) {
            0 => return,
            1 | 2 => self.dice.between(0, 12 * 86_400),
            _ => 0,
        };
        let arrives = self.now.plus_seconds(late);
        if self.dice.once_in(10) {
            let again = self.now.plus_seconds(self.dice.between(0, 5 * 86_400));
            self.sources.under_way.push((again, fact.clone(), record.clone()));
        }
        if self.dice.once_in(40) {
            let other = SourceRecord { content: sha("another content"), ..record.clone() };
            self.sources.under_way.push((self.now, fact.clone(), other));
        }
        self.sources.under_way.push((arrives, fact, record));
    }

    /// What has arrived is taken once; the same name with other content is noted as a conflict.
    async fn deliver_records(&mut self) {
        let now = self.now;
        let (mut here, later): (Vec<_>, Vec<_>) =
            self.sources.under_way.drain(..).partition(|(arrives, ..)| *arrives <= now);
        self.sources.under_way = later;
        self.dice.shuffle(&mut here);
        for (arrives, fact, record) in here {
            let name = (record.source.clone(), record.id.clone());
            match self.sources.standing.get(&name) {
                Some(standing) if *standing == record.content => {}
                Some(standing) => {
                    let have = SourceRecord { content: standing.clone(), ..record.clone() };
                    let got = record.content;
                    self.ask(&machine(), Action::NoteConflict { have, got }).await;
                }
                None => {
                    let content = record.content.clone();
                    let action =
                        Action::Record { fact: fact.clone(), source: Some(record.clone()) };
                    if self.ask(&machine(), action).await {
                        self.sources.standing.insert(name, content);
                    } else if self.dice.once_in(2) {
                        // The clock was behind the record, or the agreement does not know it.
                        self.sources.under_way.push((arrives, fact, record));
                    }
                }
            }
        }
    }

    fn run_machines(&mut self) {
        let begin = self.book().state.effective.map_or(self.now, |effective| effective.at);
        match self.dice.range(0, 9) {
            0..=5 => self.job(begin),
            6 => {
                let taken = self.now.plus_seconds(-self.dice.between(0, 86_400));
                let bytes = self.dice.range(0, 40_000_000_000_000);
                self.note("storage", Fact::StorageSampled { taken, bytes });
            }
            7 => self.node(),
            8 => {
                let metric = *self.dice.pick(&[Metric::Flops, Metric::Iops, Metric::BandwidthBits]);
                let fact = Fact::Probed {
                    resource: id(self.dice.pick::<&str>(&["h800", "network", "storage"])),
                    metric,
                    value: Fraction::whole(i128::from(self.dice.range(1, 1_000_000_000))),
                    load_percent: u32::try_from(self.dice.range(0, 30)).unwrap(),
                    sha256: sha("probe"),
                };
                self.note("probe", fact);
            }
            _ => self.observe(),
        }
    }

    /// A job on devices that are free, so that whoever holds a device is never in question. A job
    /// that still runs is told of again when it has ended.
    fn job(&mut self, begin: Timestamp) {
        let mut devices: Vec<String> =
            (0..2).flat_map(|n| (0..4).map(move |gpu| format!("node{n}:gpu{gpu}"))).collect();
        self.dice.shuffle(&mut devices);
        devices.truncate(usize::try_from(self.dice.range(1, 3)).unwrap());
        let recent = self.now.plus_seconds(-20 * 86_400).max(begin);
        let free = devices.iter().filter_map(|device| self.sources.taken.get(device)).max();
        let free = free.map_or(recent, |free| recent.max(*free));
        let from = free.plus_seconds(self.dice.between(0, 40_000));
        let length = *self.dice.pick(&[59, 60, 3_600, 5_000, 86_400, 700_001]);
        let to = from.plus_seconds(self.dice.between(1, length));
        if from >= self.now {
            return;
        }
        self.names += 1;
        let job = format!("job{}", self.names);
        let end = *self.dice.pick(&[
            EndState::Completed,
            EndState::Completed,
            EndState::Failed,
            EndState::Cancelled,
            EndState::Timeout,
            EndState::NodeFail,
        ]);
        for device in &devices {
            self.sources.taken.insert(device.clone(), to);
        }
        let ran = |to, end| Fact::JobRan {
            job: job.clone(),
            devices: devices.clone(),
            window: Window::new(from, to),
            end,
            purpose: Some("training".to_owned()),
        };
        if to > self.now {
            let so_far = ran(self.now, EndState::Running);
            self.note("slurm", so_far);
            let number = self.sources.numbers.entry("slurm").or_insert(0);
            *number += 1;
            let fact = ran(to, end);
            let content = sha(&serde_json::to_string(&fact).unwrap());
            let (source, seq) = ("slurm".to_owned(), Some(*number));
            let record = SourceRecord { id: format!("slurm-{number}"), source, seq, content };
            self.sources.under_way.push((to, fact, record));
        } else {
            self.note("slurm", ran(to, end));
        }
    }

    fn node(&mut self) {
        let node = format!("node{}", self.dice.range(0, 1));
        let since = self.now.plus_seconds(-self.dice.between(0, 3 * 86_400));
        let up = self.sources.nodes_down.contains(&node);
        if up {
            self.sources.nodes_down.retain(|down| *down != node);
        } else {
            self.sources.nodes_down.push(node.clone());
        }
        let reason = "not responding".to_owned();
        self.note("nodes", Fact::NodeChanged { node, since, up, reason });
    }

    /// The prober looks at the service, stretch after stretch; sometimes it was blind in between.
    fn observe(&mut self) {
        let begin = self.book().state.effective.map_or(self.now, |effective| effective.at);
        let mut from = self.sources.observed.unwrap_or(begin).max(begin);
        while from < self.now {
            let length = self.dice.between(1, 20 * 86_400);
            let to = from.plus_seconds(length).min(self.now);
            let window = Window::new(from, to);
            let state = match self.dice.range(0, 19) {
                0 => ServiceState::Down,
                1 | 2 => ServiceState::Degraded,
                3 => ServiceState::Unknown,
                _ => ServiceState::Up,
            };
            // Trouble does not last for weeks.
            let trouble = Window::new(from, to.min(from.plus_seconds(30_000)));
            let window = if state == ServiceState::Up { window } else { trouble };
            self.note("prober", Fact::ServiceObserved { window, state });
            from = window.to;
        }
        self.sources.observed = Some(from);
    }

    async fn classify(&mut self) {
        match self.dice.range(0, 9) {
            0 if self.book().state.facts.service_delivered.is_none() => {
                let version = "v1".to_owned();
                self.record(Side::Vendor, Fact::ServiceDelivered { version }).await;
            }
            0 | 1 => self.observe(),
            2 => {
                let hits = self.dice.range(80, 100);
                let fact = Fact::AccuracyEvaluated {
                    test_set: id("gold"),
                    version: "v1".to_owned(),
                    ratio: Ratio::new(hits, 100),
                };
                self.record(Side::Vendor, fact).await;
            }
            3 if self.dice.once_in(4) => {
                let ratio = Ratio::new(self.dice.range(85, 100), 100);
                let fact = Fact::CustomModelDelivered { model: id("defects"), ratio };
                self.record(Side::Vendor, fact).await;
            }
            3 => self.exclude().await,
            _ => {
                for _ in 0..self.dice.range(1, 3) {
                    self.images();
                }
            }
        }
    }

    fn images(&mut self) {
        let from = self.now.plus_seconds(-self.dice.between(1, 86_400));
        let to = from.plus_seconds(self.dice.between(1, 600)).min(self.now);
        let count = self.dice.range(1, 400);
        let fact = Fact::ImagesAnswered {
            class: *self.dice.pick(&[RequestClass::Standard, RequestClass::Urgent]),
            window: Window::new(from, to),
            count,
            in_time: self.dice.range(0, count),
        };
        self.note("gateway", fact);
    }

    /// Both agree to leave a stretch out, or one alone does, which counts for nothing.
    async fn exclude(&mut self) {
        let exclusion = self.name("exclusion");
        let from = self.now.plus_seconds(-self.dice.between(1, 86_400));
        let window = Window::new(from, from.plus_seconds(self.dice.between(60, 9_000)));
        let reason = contract::terms::ExclusionReason::Maintenance;
        for side in [Side::Vendor, Side::Customer] {
            let exclusion = exclusion.clone();
            let fact = Fact::ExclusionAgreed { exclusion, side, window, reason };
            self.record(side, fact).await;
            if self.dice.once_in(3) {
                return;
            }
        }
    }

    async fn annotate(&mut self) {
        let facts = &self.book().state.facts;
        let versions = u32::try_from(facts.guidelines.len()).unwrap();
        let open = facts.deliveries.iter().find(|(_, found)| found.accepted.is_none());
        let open = open.map(|(name, found)| (name.clone(), found.clone()));
        match self.dice.range(0, 11) {
            0 => {
                let fact =
                    Fact::GuidelineProvided { version: versions + 1, sha256: sha("guideline") };
                self.record(Side::Customer, fact).await;
            }
            1 => {
                let quantity = self.dice.range(1, 3_000);
                let sha256 = sha(&format!("manifest {}", self.dice.range(0, 5)));
                let batch = id(self.dice.pick::<&str>(&["b1", "t1"]));
                let fact = Fact::DataProvided { batch, quantity, sha256 };
                self.record(Side::Customer, fact).await;
            }
            _ => match open {
                None => {
                    let name = self.name("delivery");
                    self.hand_over(&name, 1).await;
                }
                Some((name, found)) if found.round == 0 || found.rejected.is_some() => {
                    self.hand_over(&name, found.round + 1).await;
                }
                Some((name, found)) if found.inspected.is_none() => {
                    self.inspect(&name, found.round).await;
                }
                Some((name, _)) => self.decide_on(&name).await,
            },
        }
    }

    fn seed(&self, delivery: &Id, round: u32, side: Side) -> [u8; 32] {
        *Hash::of(format!("{} {delivery} {round} {side:?}", self.seed).as_bytes()).bytes()
    }

    async fn hand_over(&mut self, delivery: &Id, round: u32) {
        for side in [Side::Customer, Side::Vendor] {
            let seed = self.seed(delivery, round, side);
            let commitment = hex::encode(annotation::commitment(&seed));
            let fact = Fact::SeedCommitted { delivery: delivery.clone(), side, commitment };
            self.record(side, fact).await;
        }
        let mut items = Vec::new();
        for item in ["boxes", "texts"] {
            if !self.dice.once_in(3) {
                let quantity = self.dice.range(1, 900);
                items.push(ItemCount { item: id(item), quantity });
            }
        }
        let sha256 = sha(&format!("delivery {delivery} {round}"));
        let fact = Fact::DeliverySubmitted { delivery: delivery.clone(), round, items, sha256 };
        self.record(Side::Vendor, fact).await;
    }

    async fn inspect(&mut self, delivery: &Id, round: u32) {
        for side in [Side::Vendor, Side::Customer] {
            let seed = hex::encode(self.seed(delivery, round, side));
            let fact = Fact::SeedRevealed { delivery: delivery.clone(), side, seed };
            self.record(side, fact).await;
        }
        let sample = self.dice.range(1, 50);
        let (item, sha256) = (id("boxes"), sha("sample"));
        let fact = Fact::SampleDrawn { delivery: delivery.clone(), item, lot: 50, sample, sha256 };
        self.ask(&machine(), Action::Record { fact, source: None }).await;
        let hits = self.dice.range(0, sample);
        let ratio = Ratio::new(hits, sample);
        let results = vec![StandardResult {
            item: id("boxes"),
            metric: Metric::BoxF1,
            ratio: Some(ratio),
            value: ratio.value(),
            verdict: *self.dice.pick(&[Verdict::Met, Verdict::NotMet, Verdict::Undecidable]),
        }];
        let sha256 = sha("inspection");
        let fact = Fact::Inspected { delivery: delivery.clone(), round, results, sha256 };
        self.ask(&machine(), Action::Record { fact, source: None }).await;
    }

    async fn decide_on(&mut self, delivery: &Id) {
        let delivery = delivery.clone();
        let action = match self.dice.range(0, 3) {
            0 => Action::Reject { delivery, failed: vec![Metric::BoxF1] },
            1 | 2 => Action::Accept { delivery },
            // Time decides, or nobody does.
            _ => return,
        };
        self.ask(&customer(), action).await;
    }

    async fn train(&mut self) {
        let rounds = &self.book().state.facts.rounds;
        let last = rounds.keys().next_back().copied().unwrap_or(0);
        let round = last.max(1);
        let bytes = self.dice.range(1, 9_000_000_000);
        let seconds = self.dice.range(1, 500_000);
        let (side, fact) = match self.dice.range(0, 10) {
            0 => {
                let side = *self.dice.pick(&[Side::Customer, Side::Vendor]);
                let batch = id(if side == Side::Customer { "photos" } else { "noise" });
                let sha256 = sha(&format!("data {}", self.dice.range(0, 4)));
                (side, Fact::DataProvided { batch, quantity: 600, sha256 })
            }
            1 | 2 => {
                let (test_set, sha256) = (id("gold"), sha("test set"));
                (Side::Vendor, Fact::TestSetSealed { test_set, items: 100, sha256 })
            }
            3 | 4 => {
                let round = last + 1;
                let (parameters, data_bytes) = (self.dice.range(1, 90_000_000), bytes);
                let fact = Fact::RunFinished {
                    round,
                    parameters,
                    data_bytes,
                    training_seconds: seconds,
                    report: None,
                };
                (Side::Vendor, fact)
            }
            5 => (Side::Vendor, self.evaluation(round)),
            6 | 7 => {
                (Side::Vendor, Fact::ModelDelivered { round, sha256: sha("model"), although: None })
            }
            8 => {
                let delivery = id(&format!("round-{round}"));
                let action = match self.dice.range(0, 2) {
                    0 => Action::Reject { delivery, failed: vec![Metric::Accuracy] },
                    _ => Action::Accept { delivery },
                };
                self.ask(&customer(), action).await;
                return;
            }
            9 => {
                let sections = vec![DocumentationSection::Structure];
                let sha256 = sha("documentation");
                (Side::Vendor, Fact::DocumentationDelivered { sections, sha256 })
            }
            _ if self.dice.once_in(2) => (Side::Customer, Fact::FeedbackGiven { round }),
            _ => {
                let side = *self.dice.pick(&[Side::Customer, Side::Vendor]);
                let to = self.now.plus_seconds(-self.dice.between(0, 86_400));
                let window = Window::new(to.plus_seconds(-self.dice.between(1, 3_000_000)), to);
                let amount = i128::from(self.dice.range(0, 5_000_000));
                let amount = Money::new(amount, self.agreement.currency);
                (side, Fact::RevenueReported { side, window, amount })
            }
        };
        self.record(side, fact).await;
    }

    fn evaluation(&mut self, round: u32) -> Fact {
        let Service::Training(terms) = &self.agreement.service else { unreachable!("a training") };
        let test_set = terms.test_set.id.clone();
        let mut result = |metric, average, class: Option<&str>| ModelResult {
            metric,
            average,
            class: class.map(str::to_owned),
            value: Fraction::new(i128::from(self.dice.range(80, 100)), 100),
            items: 100,
        };
        let results = vec![
            result(ModelMetric::Accuracy, Average::Micro, None),
            result(ModelMetric::Recall, Average::Class, Some("crack")),
        ];
        Fact::ModelEvaluated { round, test_set, results, report: None }
    }
}
