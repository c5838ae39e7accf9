//! The integration tests of `reading`, in one binary.

mod arbitrary;
mod formats;
mod seeds;
mod shared;

#[allow(clippy::print_stdout, reason = "a skipped test says why")]
/// The shared real data; `None`, with a printed reason, where this clone stands alone.
fn shared(path: &str) -> Option<std::path::PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../../../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}
