//! Invented disclosures, complete and honest, on any form set.
//!
//! 1. [`ledger`] draws the books of a unit in 分; [`prng`] makes the draw repeatable.
//! 2. [`words`] reads from a form's own words what each cell asks of the books, and
//!    [`relations`] binds the set's relations, which determine the totals; [`press`] makes both
//!    ready once a set and fills every table from the books.
//! 3. [`invent`] adds what the forms do not hold (facts, evaluations, reasons, dates) and gives
//!    a [`Disclosure`](crate::model::disclosure::Disclosure) in memory, with figures rounded as
//!    they are printed, so that honest rounding tails occur, or exact in 元.
//! 4. [`write`](mod@write) gives the source files of it, as TOML or JSON ([`source`]).
//! 5. [`site`] writes sites of any size, unit by unit, for trials; [`names`] invents who they are.
//! 6. [`corrupt`] makes the mistakes that people make, one at a time.
//!
//! Nothing here knows a set by name: a new province or year is exercised by being there.

pub mod corrupt;
mod evaluation;
mod facts;
pub mod invent;
pub mod ledger;
mod names;
pub mod press;
pub mod prng;
pub mod relations;
pub mod site;
pub mod source;
mod words;
pub mod write;
