//! `may` against a truth table that is written down on its own: side, resource, purpose, policy,
//! phase and consent, all of them.

use contract::event::TerminationGround;
use contract::state::Ended;
use contract::terms::{Purpose, Service, Side};
use contract::{Refusal, Resource, may};
use serde_json::json;

use crate::world::{KINDS, World, agreement, t};

const POLICIES: [&str; 3] = ["forbidden", "with_consent", "allowed"];
const OWNERS: [&str; 3] = ["customer", "vendor", "shared"];

/// One case of the table.
struct Case<'a> {
    kind: &'a str,
    side: Side,
    resource: Resource<'a>,
    purpose: &'a str,
    policy: &'a str,
    owner: &'a str,
    third_party_use: bool,
    consented: bool,
    /// Whole days since the end; none while in force.
    since_end: Option<i64>,
}

/// What the clauses say, in their own order. `Some` holds the clause that forbids it.
fn clause_that_forbids(case: &Case<'_>) -> Option<&'static str> {
    use Side::{Customer, Vendor};
    let ended = case.since_end.is_some();
    if case.purpose == "disclosure" {
        let own = match case.resource {
            Resource::CustomerData => case.side == Customer,
            Resource::VendorTechnology { .. } => case.side == Vendor,
            Resource::Outputs => match case.side {
                Customer => case.owner != "vendor",
                Vendor => case.owner != "customer" && case.third_party_use,
            },
        };
        if own || (case.side == Vendor && case.consented && !ended) {
            return None;
        }
        return Some(match (case.kind, case.side) {
            ("training", Customer) => "train-2.1.6",
            ("training", Vendor) => "train-3.2",
            ("lease", Customer) => "lease-4.2",
            ("lease", Vendor) => "pb-03",
            ("classification", Customer) => "class-7.1",
            ("classification", Vendor) => "class-4.4",
            (_, Customer) => "anno-4.1.5",
            (_, Vendor) => "anno-4.2.3",
        });
    }
    match (case.resource, case.side) {
        (Resource::CustomerData, Customer) | (Resource::VendorTechnology { .. }, Vendor) => None,
        (Resource::CustomerData, Vendor) if ended => Some("pb-01"),
        (Resource::CustomerData, Vendor) => match case.purpose {
            "model_improvement" | "evaluation" | "pre_labelling" | "language_model" => {
                let allowed = match case.policy {
                    "forbidden" => false,
                    "with_consent" => case.consented,
                    _ => true,
                };
                (!allowed).then_some("pb-02")
            }
            // The agreements here name `provide_service` and, for a training, the ordered one.
            "provide_service" => None,
            "ordered_training" => match case.kind {
                "training" => None,
                "classification" => Some("class-4.4"),
                _ => Some("pb-02"),
            },
            _ => Some(match case.kind {
                "training" => "train-3.3",
                "classification" => "class-4.4",
                "annotation" => "anno-5.2",
                _ => "pb-01",
            }),
        },
        (Resource::Outputs, Customer) if case.owner != "vendor" => None,
        (Resource::Outputs, Vendor) if case.owner != "customer" => None,
        (Resource::Outputs, Vendor) if ended => Some("pb-05"),
        (Resource::Outputs, Vendor) => {
            let ordered = ["provide_service", "ordered_training"].contains(&case.purpose);
            (!ordered && !case.third_party_use).then_some("pb-05")
        }
        (Resource::VendorTechnology { declared: Some("gaming") }, Customer)
            if case.kind == "lease" =>
        {
            Some("lease-4.1")
        }
        // The licence lasts a year after the end, the leased machines seven days.
        (Resource::Outputs | Resource::VendorTechnology { .. }, Customer) => {
            match (case.since_end, case.kind) {
                (None, _) => None,
                (Some(days), "lease") => (days >= 7).then_some("lease-7.3"),
                (Some(days), _) => (days >= 365).then_some("class-6.1"),
            }
        }
    }
}

#[test]
fn each_side_may_use_what_the_clauses_say_and_nothing_else() {
    let technology = |declared| Resource::VendorTechnology { declared };
    let resources = [
        Resource::CustomerData,
        Resource::Outputs,
        technology(None),
        technology(Some("model_training")),
        technology(Some("gaming")),
    ];
    let end = t("2027-01-01");
    let mut cases = 0;
    for kind in KINDS {
        let purposes = if kind == "training" {
            &["provide_service", "ordered_training"][..]
        } else {
            &["provide_service"][..]
        };
        let world = World::signed_with(kind, &[("/data_rights/vendor_purposes", json!(purposes))]);
        for policy in POLICIES {
            for (owner, third_party_use) in
                OWNERS.iter().flat_map(|owner| [(*owner, false), (*owner, true)])
            {
                let mut state = world.state.clone();
                state.agreement = Some(agreement(
                    kind,
                    &[
                        ("/data_rights/vendor_purposes", json!(purposes)),
                        ("/training_use/policy", json!(policy)),
                        ("/intellectual_property/outputs", json!(owner)),
                        ("/intellectual_property/third_party_use", json!(third_party_use)),
                    ],
                ));
                for since_end in [None, Some(0), Some(6), Some(7), Some(365)] {
                    state.ended = since_end.map(|_| Ended {
                        seq: 9,
                        at: end,
                        ground: TerminationGround::Expiry,
                    });
                    let at = end.plus_seconds(since_end.unwrap_or(-1) * 86_400 + 86_399);
                    let at = if since_end.is_none() { t("2026-06-01") } else { at };
                    for (code, purpose) in Purpose::ALL {
                        for consented in [false, true] {
                            state.consents.clear();
                            if consented {
                                state.consents.insert(*purpose, 8);
                            }
                            for resource in resources {
                                for side in [Side::Customer, Side::Vendor] {
                                    let case = Case {
                                        kind,
                                        side,
                                        resource,
                                        purpose: code,
                                        policy,
                                        owner,
                                        third_party_use,
                                        consented,
                                        since_end,
                                    };
                                    let want = clause_that_forbids(&case);
                                    let got = may(&state, side, resource, *purpose, at);
                                    let clause = got.err().and_then(|refusal| refusal.clause());
                                    let clause = clause.as_ref().map(|id| id.as_str());
                                    assert_eq!(
                                        clause, want,
                                        "{kind} {side:?} {resource:?} {code} {policy} {owner} \
                                         {third_party_use} {consented} {since_end:?}"
                                    );
                                    cases += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(cases, 4 * 3 * 6 * 5 * 8 * 2 * 5 * 2);
}

#[test]
fn nothing_is_permitted_before_both_have_signed() {
    let purpose = Purpose::ProvideService;
    for (world, want) in
        [(World::empty(), Refusal::NotDrafted), (World::drafted("lease"), Refusal::NotInForce)]
    {
        for side in [Side::Customer, Side::Vendor] {
            let got = may(&world.state, side, Resource::CustomerData, purpose, t("2026-02-01"));
            assert_eq!(got, Err(want.clone()));
        }
    }
}

#[test]
fn ordered_training_needs_an_order_and_the_named_purpose() {
    let world = World::signed_with(
        "classification",
        &[("/data_rights/vendor_purposes", json!(["provide_service", "ordered_training"]))],
    );
    let (at, data) = (t("2026-02-01"), Resource::CustomerData);
    assert_eq!(may(&world.state, Side::Vendor, data, Purpose::OrderedTraining, at), Ok(()));
    let mut none = world.state.clone();
    if let Some(Service::Classification(terms)) =
        none.agreement.as_mut().map(|terms| &mut terms.service)
    {
        terms.custom_models.clear();
    }
    let got = may(&none, Side::Vendor, data, Purpose::OrderedTraining, at);
    assert_eq!(
        got.err().and_then(|refusal| refusal.clause()).map(|id| id.to_string()),
        Some("pb-02".into())
    );
}

#[test]
fn a_withdrawn_consent_no_longer_permits() {
    let mut world = World::signed("annotation");
    let consent = |verb: &str| crate::world::fact(json!({"fact": verb, "purpose": "evaluation"}));
    let ask = |world: &World| {
        may(
            &world.state,
            Side::Vendor,
            Resource::CustomerData,
            Purpose::Evaluation,
            t("2026-03-01"),
        )
    };
    assert!(ask(&world).is_err());
    world.did("2026-02-01", &crate::world::customer(), consent("consent_given"));
    assert_eq!(ask(&world), Ok(()));
    world.did("2026-02-02", &crate::world::customer(), consent("consent_withdrawn"));
    assert!(ask(&world).is_err());
    let rights = world.position("2026-03-01").rights;
    assert_eq!(rights.len(), Purpose::ALL.len());
    let permitted: Vec<_> = rights.iter().filter(|right| right.permitted).collect();
    assert_eq!(permitted.len(), 1);
    assert_eq!(permitted[0].purpose, Purpose::ProvideService);
}
