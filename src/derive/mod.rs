//! What follows from the figures: changes, series, chart data and the narrative in words.
//!
//! 1. [`naming`] says what a cell is called and where it stands on the page.
//! 2. [`change`] compares a figure with last year's and chooses the words.
//! 3. [`amendment`] says what differs between two versions of a disclosure.
//! 4. [`series`] lines up a unit's years.
//! 5. [`chart`] picks points and says in a sentence what they show.
//! 6. [`narrative`] fills the narrative templates, every figure tied to its cell.
//!
//! Nothing here reads files or knows HTML.

pub mod amendment;
pub mod change;
pub mod chart;
#[cfg(test)]
pub(crate) mod fixture;
pub mod naming;
pub mod narrative;
pub mod series;
