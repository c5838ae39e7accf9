//! The day by which an invoice must be paid. Serves lease-3.3, class-5.2, train-5.3.1. Knows the
//! instants of events as inputs; knows no invoice and no payment.

use contract::terms::{DueAfter, DueEvent, DueMonth, MonthlyDay, PaymentDue};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Calendar, Date, Timestamp, Window, Zone, deadline};

use crate::facts::last_instant;

/// The events from which a payment period may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DueEvents {
    /// The settled period.
    pub period: Window,
    /// When the customer approved the statement, or was deemed to.
    pub approved: Option<Timestamp>,
    /// When the invoice was issued.
    pub invoiced: Option<Timestamp>,
    /// When both parties had signed.
    pub signed: Option<Timestamp>,
}

/// A due day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The last day on which payment is in time.
    pub day: Date,
    /// The first instant at which it is late.
    pub late_from: Timestamp,
    /// Whether it rests on working days that are not published yet, so that it may move.
    pub provisional: bool,
}

/// The day by which payment is due; `None` while the event from which it runs has not happened.
/// Clauses: lease-3.3, class-5.2, train-5.3.1.
#[must_use]
pub fn due(terms: &PaymentDue, events: &DueEvents, zone: &Zone, calendar: Calendar) -> Option<Due> {
    match terms {
        PaymentDue::MonthlyDay(monthly) => Some(monthly_day(monthly, events.period, zone)),
        PaymentDue::After(after) => due_after(after, events, zone, calendar),
    }
}

/// A day of the month of the settled period, or of the month after it; the last day where the
/// month is shorter. Clause: lease-3.3.
fn monthly_day(terms: &MonthlyDay, period: Window, zone: &Zone) -> Due {
    let month = last_instant(period).date(zone).first_of_month();
    let month = match terms.month {
        DueMonth::Same => month,
        DueMonth::Next => month.plus_months(1),
    };
    let asked = month.plus_days(i64::from(terms.day.max(1)) - 1);
    let day = asked.min(month.last_of_month());
    Due { day, late_from: day.end(zone), provisional: false }
}

/// A time after an event; days and working days end with a civil day. Clause: class-5.2.
fn due_after(terms: &DueAfter, events: &DueEvents, zone: &Zone, calendar: Calendar) -> Option<Due> {
    let start = match terms.event {
        DueEvent::Approval => events.approved,
        DueEvent::Invoice => events.invoiced,
        DueEvent::Signing => events.signed,
    }?;
    let end = deadline(start, terms.within, zone, calendar);
    let day = Timestamp::from_micros(end.at.micros() - 1).date(zone);
    Some(Due { day, late_from: end.at, provisional: end.provisional })
}

#[cfg(test)]
mod tests;
