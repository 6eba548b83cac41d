//! Checks.

pub mod judge;
pub mod vectors;
