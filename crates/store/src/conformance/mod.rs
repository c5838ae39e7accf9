//! What the traits mean, as checks that every implementation must pass.
//!
//! A check knows an implementation only by a function that opens it at a named place: the same
//! name opens the same data, so that reopening and two handles at once are checked too. Checks
//! panic; the name of the check that failed is in the message.
#![allow(clippy::unwrap_used, reason = "a check fails by panicking")]

mod cards;
mod files;
mod journals;
mod model;
mod rows;
mod scopes;
mod together;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use units::{Id, Timestamp};

use crate::{NewAgreement, Objects, Record, Register, Scope, SourceKey, Store, Visibility};

type Running<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Opener<T> = Arc<dyn Fn(String) -> Running<Arc<T>> + Send + Sync>;
type Check<T> = (&'static str, fn(Place<T>) -> Running<()>);

/// Where one check works: nobody else's data is there.
struct Place<T: ?Sized> {
    name: &'static str,
    open: Opener<T>,
}

impl<T: ?Sized> Place<T> {
    /// A handle; each call opens anew.
    async fn open(&self) -> Arc<T> {
        (self.open)(self.name.to_owned()).await
    }
}

/// Names each check once, as a path to its function.
macro_rules! checks {
    ($($module:ident::$name:ident),* $(,)?) => {
        &[$((stringify!($name), |place| Box::pin($module::$name(place)))),*]
    };
}

const STORE: &[Check<dyn Store>] = checks![
    journals::an_agreement_starts_empty,
    journals::an_agreement_is_registered_once,
    journals::records_come_back_as_they_went_in,
    journals::an_append_at_the_wrong_place_says_where_the_journal_ends,
    journals::no_records_check_the_place_only,
    journals::a_batch_with_a_gap_is_refused_whole,
    journals::batches_of_every_size_come_back,
    journals::pages_join_to_the_whole_journal,
    journals::a_line_may_be_long_but_not_endless,
    journals::leaves_are_cut_at_the_end,
    journals::journals_do_not_mix,
    journals::sources_are_found_by_their_whole_key,
    journals::many_sources_are_found_at_once,
    journals::numbers_beyond_every_journal_are_no_trouble,
    rows::agreements_come_in_the_order_of_their_ids,
    rows::a_checkpoint_is_kept_once_and_never_replaced,
    rows::a_checkpoint_cannot_be_ahead_of_its_journal,
    rows::the_last_checkpoint_up_to_a_size_is_found,
    rows::cosignatures_stay_with_their_checkpoint,
    rows::keys_are_kept_in_order_and_never_renamed,
    rows::a_snapshot_moves_forward_only,
    rows::each_viewer_has_its_own_snapshot,
    rows::dropping_snapshots_drops_them_all,
    rows::a_sound_store_has_no_problems,
    scopes::a_foreign_agreement_is_not_found_by_any_method,
    scopes::a_missing_agreement_is_not_found_by_any_method,
    scopes::a_refused_call_changes_nothing,
    scopes::a_party_sees_what_is_shared_and_its_own,
    scopes::a_party_cannot_hide_a_record_from_itself,
    scopes::a_party_may_not_ask_about_the_deployment,
    together::acknowledged_records_are_there_after_reopening,
    together::rows_of_every_kind_are_there_after_reopening,
    together::a_conflict_leaves_the_other_appends_whole,
    together::racing_writers_on_two_handles_keep_the_journal_dense,
    together::one_handle_sees_what_the_other_wrote,
    together::a_closed_store_says_so,
    model::random_operations_match_a_naive_model,
];

const REGISTER: &[Check<dyn Register>] = checks![
    cards::a_card_comes_back_as_it_went_in,
    cards::a_replacement_needs_the_version_that_stands,
    cards::an_id_and_a_name_are_one_cards,
    cards::a_write_is_all_or_nothing,
    cards::what_is_too_large_is_refused,
    cards::cards_are_found_by_owner_subject_and_due,
    cards::racing_writers_never_lose_a_change,
    cards::audit_entries_come_back_the_newest_first,
    cards::young_audit_entries_are_never_dropped,
    cards::random_writes_match_a_naive_register,
];

const OBJECTS: &[Check<dyn Objects>] = checks![
    files::bytes_of_every_size_come_back,
    files::the_same_bytes_are_kept_once,
    files::another_key_is_another_object,
    files::awkward_ids_stay_apart,
    files::a_missing_object_is_not_found,
    files::a_deleted_object_is_gone,
    files::objects_are_found_by_the_hashes_that_are_known,
    files::a_wrong_size_is_noticed,
    files::too_many_bytes_leave_nothing,
    files::a_failing_stream_leaves_nothing,
    files::a_foreign_agreement_is_not_found_by_any_method,
    files::a_party_may_not_ask_about_the_deployment,
    files::racing_uploads_of_the_same_bytes_agree,
];

/// Runs every check of [`Store`] on stores that `open` makes; returns how many there were.
///
/// # Panics
/// When a check fails.
pub async fn run<F, R>(open: F) -> usize
where
    F: Fn(String) -> R + Send + Sync + 'static,
    R: Future<Output = Arc<dyn Store>> + Send + 'static,
{
    run_all(STORE, Arc::new(move |name| Box::pin(open(name)))).await
}

/// Runs every check of [`Register`].
///
/// # Panics
/// When a check fails.
pub async fn run_register<F, R>(open: F) -> usize
where
    F: Fn(String) -> R + Send + Sync + 'static,
    R: Future<Output = Arc<dyn Register>> + Send + 'static,
{
    run_all(REGISTER, Arc::new(move |name| Box::pin(open(name)))).await
}

/// Runs every check of [`Objects`]; each place must refuse objects of more than 20 MiB.
///
/// # Panics
/// When a check fails.
pub async fn run_objects<F, R>(open: F) -> usize
where
    F: Fn(String) -> R + Send + Sync + 'static,
    R: Future<Output = Arc<dyn Objects>> + Send + 'static,
{
    run_all(OBJECTS, Arc::new(move |name| Box::pin(open(name)))).await
}

async fn run_all<T: ?Sized + 'static>(checks: &[Check<T>], open: Opener<T>) -> usize {
    for (name, check) in checks {
        let place = Place { name, open: Arc::clone(&open) };
        let finished = tokio::spawn(check(place)).await;
        assert!(finished.is_ok(), "the conformance check {name} failed");
    }
    checks.len()
}

/// Numbers that only look random: the same seed gives the same numbers.
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64; its small bias towards low numbers does no harm here.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)) % end
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()].clone()
    }
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn new_agreement(name: &str) -> NewAgreement {
    NewAgreement {
        id: id(name),
        kind: "lease".into(),
        title: "算力租赁 2026".into(),
        created: Timestamp::from_seconds(1_772_323_200),
    }
}

/// A shared record whose content follows from its place.
fn record(seq: u64) -> Record {
    Record {
        seq,
        at: Timestamp::from_micros(1_772_323_200_000_000 + i64::try_from(seq).unwrap()),
        actor: format!("vendor:operator-{}", seq % 3),
        kind: "UsageReported".into(),
        line: format!(r#"{{"seq":{seq},"note":"计量"}}"#).into_bytes(),
        leaf: [u8::try_from(seq % 251).unwrap(); 32],
        visibility: Visibility::Shared,
        source: None,
    }
}

fn records(from: u64, to: u64) -> Vec<Record> {
    (from..to).map(record).collect()
}

fn sourced(seq: u64, source: &str, name: &str, content: u8) -> Record {
    let key = SourceKey { source: source.into(), id: name.into(), content: [content; 32] };
    Record { source: Some(key), ..record(seq) }
}

/// A store with one agreement of this many entries.
async fn with_entries(place: &Place<dyn Store>, name: &str, count: u64) -> Arc<dyn Store> {
    let store = place.open().await;
    let operator = Scope::operator();
    store.create_agreement(&operator, &new_agreement(name)).await.unwrap();
    store.append(&operator, &id(name), 0, records(0, count)).await.unwrap();
    store
}

/// How an operation ended, for comparing: the error's fields and not its trouble with machines.
fn outcome<T: std::fmt::Debug, E: std::fmt::Debug>(result: Result<T, E>) -> String {
    format!("{result:?}")
}
