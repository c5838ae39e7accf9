//! The routes, part by part.

mod acceptance;
mod acts;
mod agreements;
mod drafts;
mod figures;
pub(crate) mod findings;
mod intake;
mod journal;
mod manifests;
mod material;
mod models;
mod money;
mod notices;
mod oidc;
mod papers;
mod passkeys;
mod people;
mod playbooks;
mod print;
mod projects;
mod raw_data;
mod reviews;
mod service;
mod session;
mod training;
mod uploads;
mod versions;
mod webhooks;
mod work;

use crate::route::{Route, tagged};

/// Every route, in the order of the documentation.
pub(crate) fn all() -> Vec<Route> {
    [
        tagged("session", session::routes()),
        tagged("session", passkeys::routes()),
        tagged("session", oidc::routes()),
        tagged("organisation", people::organisation()),
        tagged("organisation", notices::routes()),
        tagged("organisation", webhooks::routes()),
        tagged("agreements", agreements::routes()),
        tagged("journal", journal::routes()),
        tagged("acts", acts::routes()),
        tagged("money", money::routes()),
        tagged("money", print::routes()),
        tagged("intake", intake::routes()),
        tagged("labelling", projects::routes()),
        tagged("labelling", work::routes()),
        tagged("labelling", figures::routes()),
        tagged("labelling", findings::routes()),
        tagged("labelling", acceptance::routes()),
        tagged("training", training::routes()),
        tagged("classification", service::routes()),
        tagged("intake", uploads::routes()),
        tagged("intake", raw_data::routes()),
        tagged("intake", manifests::routes()),
        tagged("intake", material::routes()),
        tagged("papers", papers::routes()),
        tagged("access", people::access()),
        tagged("papers", versions::routes()),
        tagged("review", reviews::routes()),
        tagged("review", models::routes()),
        tagged("review", drafts::routes()),
        tagged("review", playbooks::routes()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
