//! Words that a model quoted, found in the document: verbatim but for white space, which models
//! and line breaks change. What is shown is the document's own words.

/// A text without its white space, and where each byte of that stands in the text.
pub(super) struct Squeezed<'a> {
    text: &'a str,
    squeezed: String,
    /// For each character of `squeezed` its first byte there and its first byte in the text.
    places: Vec<(usize, usize)>,
}

impl<'a> Squeezed<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut squeezed = String::with_capacity(text.len());
        let mut places = Vec::with_capacity(text.len());
        for (at, letter) in text.char_indices().filter(|(_, letter)| !letter.is_whitespace()) {
            places.push((squeezed.len(), at));
            squeezed.push(letter);
        }
        Self { text, squeezed, places }
    }

    /// The bytes of the text that hold these words first; none where they do not stand in it.
    pub(super) fn find(&self, words: &str) -> Option<(usize, usize)> {
        let wanted: String = words.chars().filter(|letter| !letter.is_whitespace()).collect();
        if wanted.is_empty() {
            return None;
        }
        let from = self.squeezed.find(&wanted)?;
        let first = self.at(from)?;
        let last = self.at(from + wanted.len() - wanted.chars().next_back()?.len_utf8())?;
        let length = self.text[last..].chars().next()?.len_utf8();
        Some((first, last + length))
    }

    fn at(&self, squeezed: usize) -> Option<usize> {
        let found = self.places.binary_search_by_key(&squeezed, |(place, _)| *place).ok()?;
        Some(self.places[found].1)
    }
}
