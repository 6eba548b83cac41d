//! What was published: held against its manifest, and brought back to the version before.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use super::manner::Manner;
use crate::publish::{self, Differences, Output, PublishError};
use crate::text::is_forbidden;

/// More lines than anybody reads at a terminal.
const MOST: usize = 100;

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// 要核对的目录，即 disclose build 生成的网站
    #[arg(value_name = "目录")]
    folder: PathBuf,
    /// 按另外保存的清单核对，而不是目录里的 MANIFEST；目录里的 MANIFEST 也要与它相同
    #[arg(long, value_name = "文件")]
    manifest: Option<PathBuf>,
}

/// `disclose verify`: 0 when every file is as published, 1 when not.
pub(super) fn verify(arguments: &VerifyArguments, manner: Manner) -> Outcome {
    let found = publish::differences(&arguments.folder, arguments.manifest.as_deref())?;
    if !(manner.quiet && found.is_none()) {
        tell(&found)?;
    }
    Ok(ExitCode::from(u8::from(!found.is_none())))
}

/// `disclose rollback`: the version before is published again.
pub(super) fn rollback(root: &Path, output: Option<&Path>) -> Outcome {
    let folder = output.map_or_else(|| root.join("public"), Path::to_owned);
    match publish::rollback(Output::reopen(&folder, root)?) {
        Ok(files) => {
            println!("已恢复上一版网站，共 {files} 个文件，请打开 {} 查看。", super::shown(&folder.join("index.html")));
            println!("换下的一版仍保留着；再运行一次 disclose rollback 就换回来，下次 disclose build 发布时删去。");
            Ok(ExitCode::SUCCESS)
        }
        Err(PublishError::Altered { path, differences }) => {
            tell(&differences)?;
            eprintln!("{}。", PublishError::Altered { path, differences });
            Ok(ExitCode::from(1))
        }
        Err(error) => Err(error.into()),
    }
}

fn tell(found: &Differences) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let Differences { listed, added, missing, altered } = found;
    for (what, paths) in [("新增", added), ("缺失", missing), ("被改动", altered)] {
        for path in paths.iter().take(MOST) {
            writeln!(out, "{what}：{}", shown(path))?;
        }
        if paths.len() > MOST {
            writeln!(out, "{what}：另有 {} 个文件", paths.len() - MOST)?;
        }
    }
    if found.is_none() {
        writeln!(out, "清单所列 {listed} 个文件都在，内容与清单一致，也没有多出的文件。")
    } else {
        let (added, missing, altered) = (added.len(), missing.len(), altered.len());
        writeln!(
            out,
            "与清单不一致：新增 {added} 个，缺失 {missing} 个，被改动 {altered} 个；清单共列 {listed} 个文件。"
        )
    }
}

/// A path as a terminal may show it: anybody may have named the file.
fn shown(path: &str) -> String {
    path.chars().map(|c| if is_forbidden(c) || c.is_control() { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_control_characters_reaches_no_terminal() {
        assert_eq!(shown("a\u{1b}[2Jb\n\u{202E}c/年.html"), "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}c/年.html");
    }
}
