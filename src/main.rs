//! The `disclose` command.

use std::process::ExitCode;

/// Pages are made of many short texts: with the system's allocator a quarter of the time of a
/// build went into it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    disclose::cli::run()
}
