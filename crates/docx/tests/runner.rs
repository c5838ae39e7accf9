//! The integration tests of `docx`, in one binary.
