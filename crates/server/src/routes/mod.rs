//! The routes, part by part.

mod acts;
mod agreements;
mod intake;
mod journal;
mod money;
mod papers;
mod people;
mod print;
mod session;

use crate::route::{Route, tagged};

/// Every route, in the order of the documentation.
pub(crate) fn all() -> Vec<Route> {
    [
        tagged("session", session::routes()),
        tagged("organisation", people::organisation()),
        tagged("agreements", agreements::routes()),
        tagged("journal", journal::routes()),
        tagged("acts", acts::routes()),
        tagged("money", money::routes()),
        tagged("money", print::routes()),
        tagged("intake", intake::routes()),
        tagged("papers", papers::routes()),
        tagged("access", people::access()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
