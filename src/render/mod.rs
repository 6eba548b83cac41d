//! From the model to bytes: text, charts and pages.

pub mod chart;
pub mod glossary;
pub mod markdown;
pub mod narrative;
