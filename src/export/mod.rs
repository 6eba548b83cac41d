//! Downloads: each one is a page of the plan, made on demand.

pub mod csv;
pub mod json;
