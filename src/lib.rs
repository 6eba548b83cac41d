//! `disclose` turns structured budget and final-account data into a checked, navigable site.
//!
//! Data flows one way, and imports only go down (a test keeps it so):
//!
//! 1. [`load`] reads `content/` into the [`model`]; every value keeps its place.
//! 2. [`derive`] adds what follows from the figures: changes, shares, narratives, chart data.
//! 3. [`check`] judges every relation; only a site without errors is `Cleared`.
//! 4. [`claims`] reads the figures that prose states, and holds them against all this.
//! 5. [`render`] plans paths, then makes pages, tables and charts; [`export`] makes downloads.
//! 6. [`publish`] stages, verifies and switches the public folder in one step.
//! 7. [`serve`] shows the site that is being worked on, with everything found, and publishes nothing.
//!
//! [`synth`] invents complete, honest disclosures to try all this on; [`start`] writes what a
//! site begins with.
//!
//! [`amount`], [`text`] and [`diagnostic`] are the ground floor: exact money, Chinese text,
//! findings as data.

pub mod amount;
pub mod check;
pub mod claims;
pub mod cli;
pub mod derive;
pub mod diagnostic;
pub mod export;
#[doc(hidden)]
pub mod fuzzed;
pub mod load;
pub mod model;
pub mod publish;
pub mod render;
pub mod serve;
pub mod start;
pub mod synth;
pub mod text;
