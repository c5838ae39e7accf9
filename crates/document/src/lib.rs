//! What people read: the words of the product in Chinese and English, and printed documents.

pub mod dataset;
pub mod draft;
pub mod model;
pub mod paper;
pub mod pdf;
pub mod report;
pub mod statistics;
mod word_file;
pub mod words;
