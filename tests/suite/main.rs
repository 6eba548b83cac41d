//! The integration tests of `disclose`: one binary, one module a subject.
//!
//! - [`layering`]: imports only go down.
//! - [`form_sets`], [`honest`]: invented disclosures on every form set ([`generate`]).
//! - [`proof`]: honest disclosures and mistakes by the thousand, shared with `examples/prove.rs`.
//! - [`mutations`]: no figure of a real table can be falsified unnoticed.
//! - [`hostile`]: nasty inputs.
//! - [`read_back`], [`links`], [`prose`]: what the built site shows.
//! - [`determinism`], [`commands`]: how the program behaves.

mod commands;
mod determinism;
mod form_sets;
mod generate;
mod honest;
mod hostile;
mod layering;
mod links;
mod mutations;
mod pages;
mod proof;
mod prose;
mod read_back;
mod support;
