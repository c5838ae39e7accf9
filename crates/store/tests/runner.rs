//! The conformance suites against what stands: SQLite in a file, objects in a folder and in
//! memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use store::{Objects, Register, Shelf, Sqlite, Store, conformance};

const LIMIT: u64 = 20 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_path_buf();
    let count = conformance::run(move |name| {
        let path = path.join(format!("{name}.db"));
        async move { Arc::new(Sqlite::open(&path).await.unwrap()) as Arc<dyn Store> }
    })
    .await;
    assert!(count > 30, "{count} checks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_register_of_sqlite_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_path_buf();
    let count = conformance::run_register(move |name| {
        let path = path.join(format!("{name}.db"));
        async move { Arc::new(Sqlite::open(&path).await.unwrap()) as Arc<dyn Register> }
    })
    .await;
    assert!(count > 8, "{count} checks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_path_buf();
    let count = conformance::run_objects(move |name| {
        let shelf = Shelf::folder(&path.join(name), LIMIT).unwrap();
        async move { Arc::new(shelf) as Arc<dyn Objects> }
    })
    .await;
    assert!(count > 10, "{count} checks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_conforms() {
    let shelves: Mutex<BTreeMap<String, Shelf>> = Mutex::new(BTreeMap::new());
    let count = conformance::run_objects(move |name| {
        // Memory opened again is the same memory.
        let mut shelves = shelves.lock().unwrap();
        let shelf = shelves.entry(name).or_insert_with(|| Shelf::memory(LIMIT)).clone();
        async move { Arc::new(shelf) as Arc<dyn Objects> }
    })
    .await;
    assert!(count > 10, "{count} checks");
}
