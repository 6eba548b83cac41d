//! tmp
#![allow(dead_code)]
mod generate;
mod honest;
mod hostile;
mod layering;
mod mutations;
mod support;
