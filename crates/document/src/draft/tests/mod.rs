//! Templates hold what they promise; drafts say every term, the same in both languages.

mod cover;
mod fixtures;
mod words;
