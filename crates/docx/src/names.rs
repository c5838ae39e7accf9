//! The namespaces and relationship types of Word files.

/// A namespace that this crate looks into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ns {
    /// WordprocessingML, transitional or strict.
    W,
    /// Markup compatibility.
    Mc,
    /// Relationship references.
    R,
    /// Drawing anchors.
    Wp,
    /// Mathematics.
    M,
    /// VML.
    V,
    /// Relationships of a package.
    Rel,
    /// Content types of a package.
    Ct,
    /// Any other, or none.
    Other,
}

/// The transitional namespace of WordprocessingML.
pub(crate) const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// References to relationships.
pub(crate) const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Relationships of a package.
pub(crate) const REL: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
/// Content types of a package.
pub(crate) const CT: &str = "http://schemas.openxmlformats.org/package/2006/content-types";

impl Ns {
    pub(crate) fn of(uri: &str) -> Ns {
        match uri {
            W | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Ns::W,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Ns::Mc,
            R | "http://purl.oclc.org/ooxml/officeDocument/relationships" => Ns::R,
            "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
            | "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing" => Ns::Wp,
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math" => Ns::M,
            "urn:schemas-microsoft-com:vml" => Ns::V,
            REL => Ns::Rel,
            CT => Ns::Ct,
            _ => Ns::Other,
        }
    }
}

/// The last segment of a relationship type, which is the same in the strict and in the
/// transitional form.
pub(crate) fn kind_of(relationship: &str) -> &str {
    relationship.rsplit('/').next().unwrap_or(relationship)
}
