//! Help and mistakes of the command line, in Chinese: clap's own words are English.

use std::error::Error as _;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Parser};

use crate::text::visible;

/// The order of a help page, with Chinese headings.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The arguments of the process; an exit code when there is help to print or a mistake to tell.
pub(super) fn parse<A: Parser>() -> Result<A, ExitCode> {
    let mut command = in_chinese(A::command());
    let parsed =
        command.try_get_matches_from_mut(std::env::args_os()).and_then(|mut m| A::from_arg_matches_mut(&mut m));
    parsed.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::DisplayVersion => {
            print!("{}", error.to_string().replace("[OPTIONS]", "[选项]"));
            ExitCode::from(if error.exit_code() == 0 { 0 } else { 2 })
        }
        _ => {
            eprintln!("{}", visible(&mistake(&error)));
            ExitCode::from(2)
        }
    })
}

/// The whole command as help shows it, for what is made from it.
pub(super) fn command<A: Parser>() -> Command {
    in_chinese(A::command())
}

/// A command and its subcommands with Chinese headings, help and version.
fn in_chinese(command: Command) -> Command {
    let is_root = command.get_version().is_some();
    let mut command = command
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|argument| {
            let heading = if argument.is_positional() { "参数" } else { "选项" };
            let argument = argument.help_heading(heading);
            // clap refuses to hide the values of an option that takes none.
            let takes_values = argument.get_action().takes_values();
            if takes_values { argument.hide_possible_values(true).hide_default_value(true) } else { argument }
        })
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助").help_heading("选项"));
    if is_root {
        command = command.arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("显示版本")
                .help_heading("选项"),
        );
    }
    command.mut_subcommands(in_chinese)
}

/// One sentence about what is wrong with the arguments, and where help is.
fn mistake(error: &clap::Error) -> String {
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let (argument, value) = (word(ContextKind::InvalidArg), word(ContextKind::InvalidValue));
    let sentence = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", word(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("没有“{argument}”这个选项或参数"),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面没有写值"),
        ErrorKind::InvalidValue => format!("{argument} 不能是“{value}”，可以是：{}", word(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => format!("{argument} 不能是“{value}”{}", advice(error)),
        ErrorKind::ArgumentConflict => format!("{argument} 写了两次，或与别的选项冲突"),
        _ => "命令行参数有误".to_owned(),
    };
    format!("{sentence}。\n用 disclose --help 查看用法。")
}

/// What to write instead, where the value's own parser says it in Chinese; those of the standard
/// library speak English.
fn advice(error: &clap::Error) -> String {
    let said = error.source().map(ToString::to_string).filter(|said| !said.is_ascii());
    said.map_or_else(String::new, |said| format!("，请{said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_in_chinese() {
        let command = || in_chinese(Command::new("disclose").version("1").subcommand(Command::new("check")));
        let told = |argument: &str| mistake(&command().try_get_matches_from(["disclose", argument]).unwrap_err());
        assert_eq!(told("chekc"), "没有“chekc”这个命令。\n用 disclose --help 查看用法。");
        assert_eq!(told("--x"), "没有“--x”这个选项或参数。\n用 disclose --help 查看用法。");
    }

    #[test]
    fn help_has_no_english_headings() {
        let help = in_chinese(Command::new("disclose").version("1").subcommand(Command::new("check")))
            .render_help()
            .to_string();
        assert!(["Usage", "Options", "Commands"].iter().all(|word| !help.contains(word)), "{help}");
    }
}
