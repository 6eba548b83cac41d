//! The integration tests, one binary.

mod pages;
