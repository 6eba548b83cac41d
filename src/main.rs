//! The `disclose` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    disclose::cli::run()
}
