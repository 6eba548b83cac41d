//! The integration tests of `disclose`: one binary, one module a subject.
//!
//! - [`layering`]: imports only go down.
//! - [`form_sets`], [`honest`]: invented disclosures on every form set ([`generate`]).
//! - [`domain_map`]: every clause of the field with the codes that find it.
//! - [`coverage`]: every figure of a real table takes part in a relation.
//! - [`consistency`]: a disclosure beside its units, and in its own document.
//! - [`proof`]: honest disclosures and mistakes by the thousand, shared with `examples/prove.rs`.
//! - [`cascades`]: one mistake in a real table is one finding, and nothing right is blamed.
//! - [`mutations`]: no figure of a real table can be falsified unnoticed.
//! - [`hostile`]: nasty inputs; [`fuzzed`]: what must hold of every parser.
//! - [`read_back`], [`links`], [`prose`]: what the built site shows.
//! - [`publish`], [`publish_kills`]: the public folder is always one whole site;
//!   [`publish_held`]: drafts and what is withheld.
//! - [`themes`]: themes of a site, and mistakes in them.
//! - [`full_text`]: the page that searches the narratives, where the program can make it.
//! - [`amend`]: what was published again says what changed, and every version stays.
//! - [`determinism`], [`commands`]: how the program behaves; [`formats`]: how it tells findings.
//! - [`claims_command`]: own texts and `disclose claims`.
//! - [`serve`]: the preview, and whatever is sent to it.
//! - [`quality`]: what pages tell of the checks.
//! - [`hosting`]: what servers must send.
//! - [`finder`]: whatever the finder and the lists name is there.
//! - [`downloads`]: what readers take away; [`addresses`]: published addresses stay reachable.
//! - [`determinism`], [`commands`]: how the program behaves.
//! - [`start`], [`source_schemas`]: what a site begins with, and what editors know of its files.

mod addresses;
mod amend;
mod cascades;
mod claims_command;
mod commands;
mod consistency;
mod coverage;
mod determinism;
mod domain_map;
mod downloads;
mod exceptions;
mod families;
mod finder;
mod form_sets;
mod formats;
mod full_text;
mod fuzzed;
mod generate;
mod honest;
mod hostile;
mod hosting;
mod layering;
mod links;
mod mutations;
mod own_reader;
mod pages;
mod proof;
mod prose;
mod publish;
mod publish_held;
mod publish_kills;
mod quality;
mod read_back;
mod reuse;
mod serve;
mod source_schemas;
mod start;
mod support;
mod themes;
mod web;
mod without_downloads;
