//! Completions for shells and the man page, from the definitions of the commands themselves.

use std::io;

use clap::{Command, Subcommand};
use clap_complete::Shell;
use clap_mangen::Man;

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
        Generate::Man => man(&command, out),
    }
}

/// One page for everything: the program, then a section for every command.
fn man(command: &Command, out: &mut dyn io::Write) -> io::Result<()> {
    let page = Man::new(command.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    sections(command, command.get_name(), out)?;
    page.render_extra_section(out)?;
    page.render_version_section(out)
}

/// The commands of a command, and theirs; those that are hidden are for makers of packages.
fn sections(command: &Command, name: &str, out: &mut dyn io::Write) -> io::Result<()> {
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        let name = format!("{name} {}", command.get_name());
        if command.has_subcommands() {
            sections(command, &name, out)?;
            continue;
        }
        let page = Man::new(command.clone().bin_name(&name));
        let mut parts = Vec::new();
        page.render_description_section(&mut parts)?;
        page.render_synopsis_section(&mut parts)?;
        page.render_options_section(&mut parts)?;
        let parts = String::from_utf8_lossy(&parts);
        writeln!(out, ".SH \"{}\"", name.to_uppercase())?;
        let is_text = |line: &&str| !line.starts_with(".SH ") && !line.starts_with(".ie") && !line.starts_with(".el");
        for line in parts.lines().filter(is_text) {
            // The synopsis is a paragraph of its own.
            let is_synopsis = line.starts_with(&format!("\\fB{name}\\fR"));
            writeln!(out, "{}{line}", if is_synopsis { ".PP\n" } else { "" })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Arg;

    #[test]
    fn the_man_page_has_a_section_for_every_command_with_its_options() {
        let unit = Command::new("unit").about("新建单位").arg(Arg::new("name").long("name").help("单位全称"));
        let hidden = Command::new("generate").hide(true);
        let new = Command::new("new").about("新建源文件").subcommand(unit);
        let mut page = Vec::new();
        man(&Command::new("disclose").version("1").subcommand(new).subcommand(hidden), &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        for part in [".SH \"DISCLOSE NEW UNIT\"\n新建单位", "\\fBdisclose new unit\\fR", "单位全称"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("generate"), "{page}");
    }
}
