//! What a statement covers: a month, a window, a milestone, a quantity, the prepayment, or what is
//! left when the agreement ends. Serves class-5.2, lease-3.3, train-5.3. Knows no prices.

use alloc::format;
use alloc::vec::Vec;

use contract::terms::TermOfAgreement;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Date, Id, Window, Zone};

use crate::storage::month_window;

/// What a statement covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Period {
    /// A calendar month in the zone of the agreement. Clauses: lease-3.3, class-5.2.
    Month {
        /// Any day of the month.
        month: Date,
    },
    /// Any other stretch of time.
    Window {
        /// The stretch.
        window: Window,
    },
    /// The rest when the agreement ends: credits and prepayments that are left are paid back or
    /// lost, as agreed. Clauses: pb-04, pb-07.
    Closing {
        /// From the end of the last statement to the end of the agreement.
        window: Window,
    },
    /// A milestone. Clause: train-5.3.
    Milestone {
        /// Its name within the agreement.
        milestone: Id,
        /// The facts that count: from the beginning of the agreement until now.
        window: Window,
    },
    /// A quantity done: images up to a running total. Clause: class-5.2.
    Quantity {
        /// The running total at which this statement ends.
        through: u64,
        /// The facts that count: from the beginning of the agreement until now.
        window: Window,
    },
    /// The prepayment that is asked for. Clauses: class-5.2, train-5.3.1.
    Prepayment {
        /// When: from the effective day to the day by which it is due.
        window: Window,
    },
}

impl Period {
    /// The window of facts that it covers.
    #[must_use]
    pub fn window(&self, zone: &Zone) -> Window {
        match self {
            Self::Month { month } => month_window(*month, zone),
            Self::Window { window }
            | Self::Closing { window }
            | Self::Milestone { window, .. }
            | Self::Quantity { window, .. }
            | Self::Prepayment { window } => *window,
        }
    }

    /// Its name within the agreement: `2026-03`, `milestone:signing`, `through:100000`,
    /// `prepayment`, `closing`, or the first day and the day after the last.
    #[must_use]
    pub fn name(&self, zone: &Zone) -> Id {
        let text = match self {
            Self::Month { month } => format!("{:04}-{:02}", month.year(), month.month()),
            Self::Window { window } => {
                format!("{}/{}", window.from.date(zone), window.to.date(zone))
            }
            Self::Closing { .. } => "closing".into(),
            Self::Milestone { milestone, .. } => {
                return Id::new(&format!("milestone:{milestone}")).unwrap_or(milestone.clone());
            }
            Self::Quantity { through, .. } => format!("through:{through}"),
            Self::Prepayment { .. } => "prepayment".into(),
        };
        Id::new(&text).expect("digits, letters and : - / make an id")
    }

    /// Whether it is a stretch of time, to which everything of that time belongs.
    #[must_use]
    pub const fn is_time(&self) -> bool {
        matches!(self, Self::Month { .. } | Self::Window { .. } | Self::Closing { .. })
    }

    /// Whether no statement of time follows it.
    #[must_use]
    pub fn is_last(&self, term: &TermOfAgreement, zone: &Zone) -> bool {
        match self {
            Self::Closing { .. } => true,
            Self::Month { .. } | Self::Window { .. } => self.window(zone).to >= term.ends.end(zone),
            _ => false,
        }
    }

    /// The calendar months that it is made of; `None` when it cuts one. A closing may end within a
    /// month.
    #[must_use]
    pub fn whole_months(&self, zone: &Zone) -> Option<Vec<Date>> {
        let window = self.window(zone);
        let months = crate::storage::calendar_months(window, zone);
        let begins = months.first().is_some_and(|first| first.start(zone) == window.from);
        let ends = months.last().is_some_and(|last| month_window(*last, zone).to == window.to);
        (begins && (ends || matches!(self, Self::Closing { .. }))).then_some(months)
    }
}
