//! What the money must come to, from what really stands in the journal, by plain integers and
//! loops: accepted units, GPU-seconds, images; tax; gaps of the sources. Shares no code with
//! `settlement`, which works with exact fractions.

use std::collections::{BTreeMap, BTreeSet};

use contract::event::{Event, Fact, Recorded};
use contract::terms::{
    Agreement, GpuPrice, JobEnd, PartialPackage, Plan, Price, RequestClass, RoundedPer, Service,
    TaxRounding, Tier,
};
use settlement::{LineCode, Period, Statement};
use units::{Decimal, EndState, Money, RoundingMode, Timestamp, Window};

use super::money::of_service;

/// An amount as a quotient of integers: minor units of money.
type Exact = (i128, i128);

/// What the journal holds, as far as the oracle needs it.
pub(super) struct Truth {
    minor: i128,
    mode: RoundingMode,
    /// Units of the latest round of each delivery; when it was accepted, and what it held then.
    delivered: BTreeMap<String, BTreeMap<String, u64>>,
    accepted: BTreeMap<String, (Timestamp, BTreeMap<String, u64>)>,
    /// Units of each work item that were billed.
    billed: BTreeMap<String, u64>,
    /// Jobs by name: each record of it.
    jobs: BTreeMap<String, Vec<Ran>>,
    images: Vec<(Timestamp, RequestClass, u64)>,
    numbers: BTreeMap<String, BTreeSet<u64>>,
}

struct Ran {
    devices: i128,
    window: Window,
    end: EndState,
}

impl Truth {
    pub(super) fn of(agreement: &Agreement) -> Self {
        let mode = agreement.rounding.mode;
        let minor = 10_i128.pow(u32::from(agreement.rounding.scale));
        Self {
            minor,
            mode,
            delivered: BTreeMap::new(),
            accepted: BTreeMap::new(),
            billed: BTreeMap::new(),
            jobs: BTreeMap::new(),
            images: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }

    /// Takes note of an entry.
    pub(super) fn see(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::DeliveryAccepted { delivery, .. } => {
                if let Some(items) = self.delivered.get(delivery.as_str()) {
                    let row = (recorded.at, items.clone());
                    self.accepted.insert(delivery.to_string(), row);
                }
            }
            Event::FactRecorded { fact, source } => {
                if let Some((name, number)) = source.as_ref().and_then(|s| Some((s, s.seq?))) {
                    self.numbers.entry(name.source.clone()).or_default().insert(number);
                }
                self.see_fact(fact);
            }
            _ => {}
        }
    }

    fn see_fact(&mut self, fact: &Fact) {
        match fact {
            Fact::DeliverySubmitted { delivery, items, .. } => {
                let mut units: BTreeMap<String, u64> = BTreeMap::new();
                for row in items {
                    *units.entry(row.item.to_string()).or_default() += row.quantity;
                }
                self.delivered.insert(delivery.to_string(), units);
            }
            Fact::JobRan { job, devices, window, end, .. } => {
                let devices = devices.len() as i128;
                let ran = Ran { devices, window: *window, end: *end };
                self.jobs.entry(job.clone()).or_default().push(ran);
            }
            Fact::ImagesAnswered { class, window, count, .. } => {
                self.images.push((window.from, *class, *count));
            }
            _ => {}
        }
    }

    /// Numbers missing between the first and the last that came, source by source.
    pub(super) fn gaps(&self) -> BTreeMap<String, Vec<(u64, u64)>> {
        let mut all = BTreeMap::new();
        for (source, numbers) in &self.numbers {
            let mut gaps = Vec::new();
            let mut before: Option<u64> = None;
            for number in numbers {
                if let Some(before) = before.filter(|before| before + 1 < *number) {
                    gaps.push((before + 1, number - 1));
                }
                before = Some(*number);
            }
            if !gaps.is_empty() {
                all.insert(source.clone(), gaps);
            }
        }
        all
    }

    /// Compares a statement; true when there was something to compare. A delivery that silence
    /// accepted counts from when the time ran out: `silence` says when that was.
    pub(super) fn compare(
        &self,
        agreement: &Agreement,
        statement: &Statement,
        silence: impl Fn(&str) -> Option<Timestamp>,
    ) -> bool {
        self.compare_tax(agreement, statement);
        let lines = statement.lines.iter().filter(|line| of_service(line.code));
        let got: Vec<(LineCode, String, i128)> = lines
            .map(|line| {
                let subject = line.subject.as_ref().map(ToString::to_string);
                (line.code, subject.unwrap_or_default(), line.amount.minor())
            })
            .collect();
        let window = statement.window;
        let want = match (&agreement.service, &statement.period) {
            (_, Period::Prepayment { .. } | Period::Milestone { .. } | Period::Quantity { .. }) => {
                return false;
            }
            (Service::Annotation(terms), _) => {
                let mut want = Vec::new();
                for item in &terms.items {
                    let name = item.id.to_string();
                    let in_window = self.accepted.iter().filter(|(delivery, (at, _))| {
                        window.contains(silence(delivery).unwrap_or(*at))
                    });
                    let units: Vec<u64> =
                        in_window.filter_map(|(_, (_, units))| units.get(&name).copied()).collect();
                    if units.is_empty() {
                        continue;
                    }
                    let already = self.billed.get(&name).copied().unwrap_or(0);
                    let through = (already + units.iter().sum::<u64>()).min(item.quantity);
                    let (after, before) =
                        (self.cost(&item.price, through), self.cost(&item.price, already));
                    let minor = self.round(minus(after, before));
                    want.push((LineCode::AcceptedItems, name, minor));
                }
                want
            }
            (Service::Lease(terms), _) => {
                let seconds = self.gpu_seconds(&terms.gpu_price, window);
                let price = terms.gpu_price.price;
                let exact = (seconds * price.mantissa() * self.minor, 3_600 * scale(price));
                let line = (LineCode::GpuHours, String::new(), self.round(exact));
                if self.jobs.is_empty() { Vec::new() } else { vec![line] }
            }
            (Service::Classification(terms), _) => match &terms.plan {
                Plan::Images(plan) => self.images_by_time(plan, window, &got),
                _ => return false,
            },
            (Service::Training(_), _) => return false,
        };
        assert_eq!(got, want, "the money of {} differs from the oracle", statement.name);
        !want.is_empty()
    }

    /// Takes note that a statement was submitted.
    pub(super) fn billed(&mut self, statement: &Statement) {
        if statement.kind != "annotation" {
            return;
        }
        for line in statement.lines.iter().filter(|line| line.code == LineCode::AcceptedItems) {
            let item = line.subject.as_ref().unwrap();
            let units = statement.carry.units_billed[item];
            self.billed.insert(item.to_string(), units);
        }
    }

    fn images_by_time(
        &self,
        plan: &contract::terms::ByImages,
        window: Window,
        got: &[(LineCode, String, i128)],
    ) -> Vec<(LineCode, String, i128)> {
        // Images belong to the hour in which their stretch begins.
        let inside = self.images.iter().filter(|(from, ..)| {
            let hour = Timestamp::from_seconds(from.seconds().div_euclid(3_600) * 3_600);
            window.contains(hour.plus_seconds(3_599))
        });
        let inside: Vec<_> = inside.collect();
        let sum = |class| {
            let of_class = inside.iter().filter(|(_, of, _)| *of == class);
            let counts: Vec<u64> = of_class.map(|(.., count)| *count).collect();
            (!counts.is_empty()).then(|| counts.iter().sum::<u64>())
        };
        let (standard, urgent) = (sum(RequestClass::Standard), sum(RequestClass::Urgent));
        let cost = |price: &Price, units| self.round(self.cost(price, units));
        let mut want = Vec::new();
        // How lines are named is the statement's; what they come to is checked here.
        let subject = |index: usize| got.get(index).map(|(_, subject, _)| subject.clone());
        match &plan.urgent_price {
            None => {
                if standard.is_some() || urgent.is_some() {
                    let units = standard.unwrap_or(0) + urgent.unwrap_or(0);
                    let name = subject(0).unwrap_or_default();
                    want.push((LineCode::Images, name, cost(&plan.price, units)));
                }
            }
            Some(price) => {
                if let Some(units) = standard {
                    let name = subject(want.len()).unwrap_or_default();
                    want.push((LineCode::Images, name, cost(&plan.price, units)));
                }
                if let Some(units) = urgent {
                    let name = subject(want.len()).unwrap_or_default();
                    want.push((LineCode::UrgentImages, name, cost(price, units)));
                }
            }
        }
        want
    }

    /// What so many units cost from the first one on.
    fn cost(&self, price: &Price, units: u64) -> Exact {
        let count = i128::from(units);
        let times =
            |units: i128, price: Decimal| (units * price.mantissa() * self.minor, scale(price));
        let flat = |tier: &Tier| tier.flat.map_or((0, 1), |flat| times(1, flat));
        match price {
            Price::PerUnit(term) => times(count, term.price),
            Price::Graduated(term) => {
                let mut sum = (0, 1);
                let mut below = 0;
                for tier in &term.tiers {
                    let top = tier.up_to.unwrap_or(u64::MAX).min(units);
                    if top > below {
                        sum =
                            plus(sum, plus(times(i128::from(top - below), tier.price), flat(tier)));
                        below = top;
                    }
                }
                sum
            }
            Price::Volume(term) if units > 0 => {
                let holds = |tier: &&Tier| tier.up_to.is_none_or(|up_to| units <= up_to);
                let tier = term.tiers.iter().find(holds).unwrap();
                plus(times(count, tier.price), flat(tier))
            }
            Price::Volume(_) => (0, 1),
            Price::Package(term) => {
                let size = i128::from(term.size);
                match term.partial {
                    PartialPackage::Full => times((count + size - 1) / size, term.price),
                    PartialPackage::Free => times(count / size, term.price),
                    PartialPackage::ProRata => {
                        let (num, den) = times(count, term.price);
                        (num, den * size)
                    }
                }
            }
            Price::Flat(term) => times(i128::from(units > 0), term.amount.figure),
        }
    }

    /// GPU-seconds of a window: each job once, by the record of its end, in whole steps.
    fn gpu_seconds(&self, terms: &GpuPrice, window: Window) -> i128 {
        let step = i128::from(terms.step_seconds) * 1_000_000;
        let mut micros = 0;
        let mut steps = 0;
        for records in self.jobs.values() {
            let ended = records.iter().find(|ran| ran.end != EndState::Running);
            let running = records.iter().max_by_key(|ran| ran.window.to);
            let Some(ran) = ended.or(running) else { continue };
            let billable = terms.billable_ends.iter().any(|end| same_end(*end, ran.end));
            let from = ran.window.from.micros().max(window.from.micros());
            let to = ran.window.to.micros().min(window.to.micros());
            if billable && to > from {
                let held = i128::from(to - from) * ran.devices;
                micros += held;
                steps += round(terms.step_rounding, (held, step));
            }
        }
        let steps = match terms.rounded_per {
            RoundedPer::Job => steps,
            RoundedPer::Period => round(terms.step_rounding, (micros, step)),
        };
        steps * i128::from(terms.step_seconds)
    }

    /// Tax and totals from the amounts of the lines.
    fn compare_tax(&self, agreement: &Agreement, statement: &Statement) {
        let terms = &agreement.payment.tax;
        let points = terms.rate.points();
        let (rate, hundred) = (points.mantissa(), scale(points) * 100);
        let tax = |minor: i128| {
            let whole = if terms.prices_include_tax { hundred + rate } else { hundred };
            self.round((minor * rate, whole))
        };
        let minors: Vec<i128> = statement.lines.iter().map(|line| line.amount.minor()).collect();
        let sum: i128 = minors.iter().sum();
        let tax = match terms.rounded {
            TaxRounding::Line => minors.into_iter().map(tax).sum(),
            TaxRounding::Total => tax(sum),
        };
        let (net, gross) =
            if terms.prices_include_tax { (sum - tax, sum) } else { (sum, sum + tax) };
        let totals = &statement.totals;
        let got = [totals.net, totals.tax, totals.gross].map(Money::minor);
        assert_eq!(got, [net, tax, gross], "net, tax and gross of {}", statement.name);
    }

    fn round(&self, exact: Exact) -> i128 {
        round(self.mode, exact)
    }
}

fn scale(value: Decimal) -> i128 {
    10_i128.pow(u32::from(value.scale()))
}

fn plus(left: Exact, right: Exact) -> Exact {
    (left.0 * right.1 + right.0 * left.1, left.1 * right.1)
}

fn minus(left: Exact, right: Exact) -> Exact {
    plus(left, (-right.0, right.1))
}

/// Rounds by looking at both neighbours.
fn round(mode: RoundingMode, (num, den): Exact) -> i128 {
    let below = num.div_euclid(den);
    let above = if num.rem_euclid(den) == 0 { below } else { below + 1 };
    let (to_below, to_above) = (num - below * den, above * den - num);
    let away = if num < 0 { below } else { above };
    match mode {
        RoundingMode::Floor => below,
        RoundingMode::Ceiling => above,
        RoundingMode::Up => away,
        RoundingMode::Down => below + above - away,
        _ if to_below < to_above => below,
        _ if to_above < to_below => above,
        RoundingMode::HalfUp => away,
        RoundingMode::HalfEven if below % 2 == 0 => below,
        RoundingMode::HalfEven => above,
    }
}

fn same_end(term: JobEnd, end: EndState) -> bool {
    let (term, end) = (serde_json::to_value(term).unwrap(), serde_json::to_value(end).unwrap());
    term == end
}
