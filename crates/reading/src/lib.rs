//! Files in, wording out: Word, PDF with a text layer, Markdown, HTML and plain text, each told by
//! its content and read within limits of size, depth and number.
//!
//! Knows formats; judges nothing.
