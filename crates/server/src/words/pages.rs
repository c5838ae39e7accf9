//! Pages that stand without the console: how to build it, and the reference of the interface.

use units::Lang;

/// The reference of the interface; its script reads the OpenAPI document.
pub const REFERENCE: &str = include_str!("pages/reference.html");
/// The script of the reference.
pub const REFERENCE_SCRIPT: &str = include_str!("pages/reference.js");

/// What is shown where the console was not built.
#[must_use]
pub const fn not_built(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => include_str!("pages/not-built.zh.html"),
        Lang::En => include_str!("pages/not-built.en.html"),
    }
}
