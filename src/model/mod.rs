//! What a disclosure is: units, blank forms, filled tables, texts. No I/O, no clock.
//!
//! Read in this order: [`code`] (classification codes), [`notation`] (how figures are named),
//! [`form`] (blank tables as data), [`table`] (filled tables), [`disclosure`] (one unit's
//! year), [`site`] (everything that was loaded).

pub mod amendment;
mod brief;
pub mod classification;
pub mod code;
pub mod date;
pub mod disclosure;
pub mod form;
pub mod glossary;
pub mod notation;
pub mod performance;
pub mod prior;
pub mod site;
pub(crate) mod stored;
pub mod table;
pub mod unit;
