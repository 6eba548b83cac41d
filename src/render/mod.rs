//! From the checked model to bytes: paths first, bytes on demand.
//!
//! 1. [`plan`] decides every path and finds collisions and dead links before anything is
//!    written; [`links`] makes relative hrefs and refuses unknown targets.
//! 2. `pages` turns one page of the plan into a [`view`]: precomputed strings; [`index`]
//!    knows what pages list of each other; [`finder`] writes the data that readers search.
//! 3. [`template`] pours a view into the theme's template; templates are dumb.
//! 4. [`table`] and [`evaluation`] write the tables by hand, fast, `relations` what was
//!    checked; [`chart`] draws.
//! 5. [`markdown`] turns Markdown into HTML; [`narrative`] ties every figure of the
//!    narrative to its cell and [`glossary`] every term to its definition.
//! 6. `composer` writes narratives; `family` brings disclosures back that were let go, for the
//!    pages made from them alone.
//! 7. [`preview`] adds findings and their marks to pages that are previewed.

mod cells;
pub mod chart;
mod composer;
pub mod content;
#[cfg(test)]
mod contract;
pub mod evaluation;
mod family;
mod finder;
pub mod full_text;
pub mod glossary;
pub mod index;
pub mod links;
pub mod markdown;
pub mod narrative;
mod page;
mod pages;
pub mod plan;
pub mod preview;
pub mod recipe;
mod relations;
pub mod table;
pub mod template;
mod text_links;
mod urls;
pub mod verdicts;
pub mod view;
mod web;
mod words;

pub use composer::{Composed, Composer, Gist, listed_terms};
pub use content::Content;
pub use family::{Bring, Brought, Contents};
pub(crate) use finder::Headings;
pub use page::Download;
pub use plan::Plan;
