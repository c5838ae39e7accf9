//! From lines to what is due: the minimum, the service credit, tax, and what is settled against
//! the gross amount. Serves pb-04, lease-3.2, lease-6.2, class-5.2.

use alloc::vec::Vec;

use contract::terms::{CreditAtEnd, Prepayment, Service, TaxRounding};
use units::{
    EvidenceId, Fraction, Id, Metric, Money, Percent, Window, amount_in_words_en,
    amount_in_words_zh,
};

use super::draft::{Draft, Scene};
use super::{GapCode, Period, SettleError, Totals, Words};
use crate::amount::{Rated, add, mul, sub, total};
use crate::availability::availability;
use crate::carried::OpenCredit;
use crate::credit::{CreditRequest, CreditRoute, MonthFees, service_credit};
use crate::facts::Sum;
use crate::storage::calendar_months;
use crate::working::{Input, Line, LineCode};

/// Lines with their tax.
pub(super) struct Taxed {
    pub(super) lines: Vec<Line>,
    pub(super) subtotal: Money,
    pub(super) net: Money,
    pub(super) tax: Money,
    pub(super) gross: Money,
}

/// What is settled against the gross amount, what is paid back and what is lost.
#[derive(Default)]
pub(super) struct Settled {
    pub(super) adjustments: Vec<Line>,
    pub(super) refunds: Vec<Line>,
    pub(super) forfeits: Vec<Line>,
}

/// The clauses of price and of payment of a kind of agreement.
const fn clauses(service: &Service) -> (&'static str, &'static str) {
    match service {
        Service::Annotation(_) => ("anno-3.6", "anno-3.6"),
        Service::Training(_) => ("train-5.1", "train-5.2"),
        Service::Lease(_) => ("lease-3.1", "lease-3.3"),
        Service::Classification(_) => ("class-5.1", "class-5.2"),
    }
}

/// What is missing to the least that a period costs.
pub(super) fn minimum(scene: &Scene<'_>, draft: &mut Draft<'_>) -> Result<(), SettleError> {
    let Some(minimum) = scene.agreement.payment.minimum else { return Ok(()) };
    let currency = scene.rule.currency();
    let subtotal = total(currency, draft.lines.iter().map(|line| line.amount))?;
    let exact = sub(minimum.to_fraction(), subtotal.to_fraction())?;
    if exact <= Fraction::ZERO {
        return Ok(());
    }
    let inputs = alloc::vec![
        Input::new("minimum", minimum, currency.code()),
        Input::new("subtotal", subtotal.amount(), currency.code()),
    ];
    let rated = Rated::new(exact, "minimum - subtotal", inputs);
    let clause = clauses(&scene.agreement.service).0;
    let rated = Sum { value: rated, evidence: Vec::new() };
    draft.charge(scene, LineCode::Minimum, None, clause, rated)
}

/// The service credit of a calendar month, cut to the life of the agreement. Clause: pb-04.
pub(super) fn credit(scene: &Scene<'_>, draft: &mut Draft<'_>) -> Result<(), SettleError> {
    let agreement = scene.agreement;
    let Some(level) = &agreement.service_level else { return Ok(()) };
    let (zone, metric) = (&agreement.zone, Metric::ServiceStates);
    let life = Window::new(agreement.term.starts.start(zone), agreement.term.ends.end(zone));
    let Some(window) = scene.window.intersect(life) else { return Ok(()) };
    if calendar_months(window, zone).len() != 1 {
        draft.gap_in(GapCode::NotAMonth, "pb-04", metric, None, Some(window));
        return Ok(());
    }
    let Some(states) = draft.facts.states() else {
        draft.gap_in(GapCode::NotMeasured, "pb-04", metric, None, Some(window));
        return Ok(());
    };
    let exclusions = draft.facts.exclusions();
    let report = availability(&level.availability, zone, window, &states, &exclusions)?;
    let recurring: Vec<Line> =
        draft.lines.iter().filter(|line| is_recurring(line.code)).cloned().collect();
    let fees = tax(scene, &recurring)?;
    let request = CreditRequest {
        claimed: scene.carried.credit_claimed,
        next_invoice: !scene.period.is_last(&agreement.term, zone),
    };
    let fees = MonthFees { without_tax: fees.net, with_tax: fees.gross };
    draft.credit = service_credit(&level.credits, &report, fees, request, scene.rule, None)?;
    draft.availability = Some(report);
    Ok(())
}

/// Fees of the service itself, on which credits are counted; not what is paid once.
const fn is_recurring(code: LineCode) -> bool {
    matches!(
        code,
        LineCode::AcceptedItems
            | LineCode::Images
            | LineCode::UrgentImages
            | LineCode::MonthlyFee
            | LineCode::Overage
            | LineCode::GpuHours
            | LineCode::Storage
            | LineCode::Minimum
    )
}

/// Tax on lines, rounded on each or on their sum. Where prices hold the tax it is taken out of
/// them. The sum of net and tax is always the gross amount.
pub(super) fn tax(scene: &Scene<'_>, lines: &[Line]) -> Result<Taxed, SettleError> {
    let currency = scene.rule.currency();
    let terms = &scene.agreement.payment.tax;
    let subtotal = total(currency, lines.iter().map(|line| line.amount))?;
    let mut tax_lines = Vec::new();
    if !terms.rate.points().is_zero() {
        match terms.rounded {
            TaxRounding::Line => {
                for line in lines {
                    let subject = line.subject.clone();
                    tax_lines.push(tax_line(scene, line.amount, subject)?);
                }
            }
            TaxRounding::Total => tax_lines.push(tax_line(scene, subtotal, None)?),
        }
    }
    let tax = total(currency, tax_lines.iter().map(|line| line.amount))?;
    let (net, gross) = if terms.prices_include_tax {
        (subtotal.checked_sub(tax)?, subtotal)
    } else {
        (subtotal, subtotal.checked_add(tax)?)
    };
    Ok(Taxed { lines: tax_lines, subtotal, net, tax, gross })
}

fn tax_line(scene: &Scene<'_>, amount: Money, subject: Option<Id>) -> Result<Line, SettleError> {
    let terms = &scene.agreement.payment.tax;
    let rate: Percent = terms.rate;
    let all = mul(amount.to_fraction(), rate.share())?;
    let (name, formula, exact) = if terms.prices_include_tax {
        let whole = add(Fraction::whole(1), rate.share())?;
        let exact = all.checked_div(whole).ok_or(units::MoneyError::Range)?;
        ("gross", "gross * rate / (1 + rate)", exact)
    } else {
        ("net", "net * rate", all)
    };
    let inputs = alloc::vec![
        Input::new(name, amount.amount(), amount.currency().code()),
        Input::new("rate", rate.points(), "percent"),
    ];
    let rated = Rated::new(exact, formula, inputs);
    let clause = clauses(&scene.agreement.service).1;
    Ok(scene.rule.line(LineCode::Tax, subject, clause, rated, Vec::new())?)
}

/// Settles credits of earlier periods, oldest first, then late repairs, then the prepayment,
/// against the gross amount and never beyond it. What is left goes to the next statement, or is
/// paid back or lost at the end, as agreed. Clauses: pb-04, lease-6.2, class-5.2.
pub(super) fn adjust(
    scene: &Scene<'_>,
    draft: &mut Draft<'_>,
    gross: Money,
) -> Result<Settled, SettleError> {
    let mut settled = Settled::default();
    let terms = scene.agreement.payment.prepayment.as_ref();
    if matches!(scene.period, Period::Prepayment { .. }) {
        let terms = terms.ok_or(SettleError::NoPrepayment)?;
        settled.adjustments.push(asked_prepayment(scene, terms)?);
        return Ok(settled);
    }
    let zero = Money::zero(scene.rule.currency());
    let mut due = if gross.is_negative() { zero } else { gross };
    let mut open = Vec::new();
    for credit in scene.carried.open_credits.iter().cloned().chain(repaired(scene, draft)) {
        let taken = credit.left.checked_min(due)?;
        if !taken.is_zero() {
            settled.adjustments.push(credit_line(scene, &credit, taken, due)?);
        }
        due = due.checked_sub(taken)?;
        let left = credit.left.checked_sub(taken)?;
        if !left.is_zero() {
            open.push(OpenCredit { left, ..credit });
        }
    }
    let mut left = scene.carried.prepayment_left;
    if terms.is_some_and(|terms| terms.drawdown) {
        let taken = left.checked_min(due)?;
        if !taken.is_zero() && !taken.is_negative() {
            let code = LineCode::Drawdown;
            let clause = prepayment_clause(scene);
            let line = least(scene, code, None, clause, ("prepayment", left), due, Vec::new())?;
            settled.adjustments.push(line);
            left = left.checked_sub(taken)?;
        }
    }
    if scene.period.is_last(&scene.agreement.term, &scene.agreement.zone) {
        let refundable = terms.is_some_and(|terms| terms.refundable);
        pay_back(scene, &mut settled, open, left, refundable)?;
        (open, left) = (Vec::new(), zero);
    }
    if let Some(credit) = &draft.credit {
        let line = credit.line.clone();
        let statement = scene.period.name(&scene.agreement.zone);
        match credit.route {
            CreditRoute::NextInvoice => {
                open.push(OpenCredit { statement, left: line.amount.negated(), line });
            }
            CreditRoute::Refund => settled.refunds.push(line),
            CreditRoute::Forfeit => settled.forfeits.push(line),
            CreditRoute::Unclaimed => {}
        }
    }
    draft.carry.open_credits = open;
    draft.carry.prepayment_left = left;
    Ok(settled)
}

/// Late repairs of this period, as credits of it.
fn repaired(scene: &Scene<'_>, draft: &mut Draft<'_>) -> Vec<OpenCredit> {
    let lines = core::mem::take(&mut draft.repairs);
    let credits = lines.into_iter().map(|line| OpenCredit {
        statement: scene.period.name(&scene.agreement.zone),
        left: line.amount.negated(),
        line,
    });
    credits.collect()
}

/// What is left at the end: credits by their term, the prepayment where it is refundable. Damages
/// are always paid.
fn pay_back(
    scene: &Scene<'_>,
    settled: &mut Settled,
    open: Vec<OpenCredit>,
    prepayment: Money,
    refundable: bool,
) -> Result<(), SettleError> {
    let level = scene.agreement.service_level.as_ref();
    let forfeit = level.is_some_and(|level| level.credits.at_end == CreditAtEnd::Forfeit);
    for credit in open {
        let line = credit_line(scene, &credit, credit.left, credit.left)?;
        if credit.line.code == LineCode::ServiceCredit && forfeit {
            settled.forfeits.push(line);
        } else {
            settled.refunds.push(line);
        }
    }
    if !prepayment.is_zero() {
        let code = LineCode::Prepayment;
        let clause = prepayment_clause(scene);
        let of = ("prepayment", prepayment);
        let line = least(scene, code, None, clause, of, prepayment, Vec::new())?;
        if refundable {
            settled.refunds.push(line);
        } else {
            settled.forfeits.push(line);
        }
    }
    Ok(())
}

/// A credit as it was given, or the part of it that finds something to be settled against.
fn credit_line(
    scene: &Scene<'_>,
    credit: &OpenCredit,
    taken: Money,
    due: Money,
) -> Result<Line, SettleError> {
    if credit.line.amount.negated() == taken {
        return Ok(credit.line.clone());
    }
    let Line { code, subject, clause, evidence, .. } = credit.line.clone();
    least(scene, code, subject, clause.as_str(), ("credit", credit.left), due, evidence)
}

/// `-min(amount, due)`.
fn least(
    scene: &Scene<'_>,
    code: LineCode,
    subject: Option<Id>,
    clause: &str,
    (name, amount): (&str, Money),
    due: Money,
    evidence: Vec<EvidenceId>,
) -> Result<Line, SettleError> {
    let taken = amount.checked_min(due)?;
    let unit = scene.rule.currency().code();
    let inputs = alloc::vec![
        Input::new(name, amount.amount(), unit),
        Input::new("due", due.amount(), unit),
    ];
    let formula = alloc::format!("-min({name}, due)");
    let rated = Rated::new(-taken.to_fraction(), &formula, inputs);
    Ok(scene.rule.line(code, subject, clause, rated, evidence)?)
}

/// Clauses: class-5.2, train-5.3.1.
fn asked_prepayment(scene: &Scene<'_>, terms: &Prepayment) -> Result<Line, SettleError> {
    let rated = Rated::fixed(terms.amount.figure, scene.rule.currency());
    let clause = prepayment_clause(scene);
    Ok(scene.rule.line(LineCode::Prepayment, None, clause, rated, Vec::new())?)
}

const fn prepayment_clause(scene: &Scene<'_>) -> &'static str {
    match scene.agreement.service {
        Service::Training(_) => "train-5.3.1",
        _ => clauses(&scene.agreement.service).1,
    }
}

pub(super) fn totals(
    scene: &Scene<'_>,
    taxed: &Taxed,
    settled: &Settled,
) -> Result<Totals, SettleError> {
    let currency = scene.rule.currency();
    let adjustments = total(currency, settled.adjustments.iter().map(|line| line.amount))?;
    let refunds = total(currency, settled.refunds.iter().map(|line| line.amount))?;
    let due = taxed.gross.checked_add(adjustments)?;
    Ok(Totals {
        currency,
        subtotal: taxed.subtotal,
        net: taxed.net,
        tax: taxed.tax,
        gross: taxed.gross,
        adjustments,
        due,
        refund: refunds.negated(),
        gross_words: words(taxed.gross),
        due_words: words(due),
    })
}

fn words(amount: Money) -> Words {
    Words { zh: amount_in_words_zh(amount), en: amount_in_words_en(amount) }
}
