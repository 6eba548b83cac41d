//! Completions for shells and the man page, from the definitions of the commands themselves.

use std::io;

use clap::{Command, Subcommand};
use clap_complete::Shell;

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum Generate {
    /// 命令行补全：bash、zsh、fish、powershell 或 elvish
    Completions {
        #[arg(value_name = "外壳")]
        shell: Shell,
    },
    /// 手册页 disclose.1
    Man,
}

/// Writes what was asked for.
pub(super) fn write(what: Generate, mut command: Command, out: &mut dyn io::Write) -> io::Result<()> {
    match what {
        Generate::Completions { shell } => {
            let mut bytes = Vec::new();
            clap_complete::generate(shell, &mut command, "disclose", &mut bytes);
            out.write_all(&bytes)
        }
        Generate::Man => clap_mangen::Man::new(command).render(out),
    }
}
