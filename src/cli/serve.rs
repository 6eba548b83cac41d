//! `disclose serve`: a preview in the browser.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use clap::Args;

use super::manner::Manner;
use super::today;
use crate::serve::{News, Preview, Sources};

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// 网站目录，其中有 site.toml 和 content；默认为当前目录
    #[arg(long, value_name = "目录", default_value = ".")]
    root: PathBuf,
    /// 在哪个地址和端口提供预览；默认只有本机能看。端口写 0 由系统选
    #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// 允许用哪个主机名访问；给别的机器看、又不直接写数字地址时用，可以写多次
    #[arg(long, value_name = "主机名")]
    host: Vec<String>,
    /// 同时打开浏览器
    #[arg(long)]
    open: bool,
}

/// Serves the preview until the program is ended.
pub(super) fn serve(arguments: &ServeArguments, manner: Manner) -> super::Outcome {
    let ServeArguments { root, listen, host, open } = arguments;
    // A site that cannot be there is told at the terminal, before anybody opens a browser.
    std::fs::read_dir(root)
        .map_err(|error| format!("不能读取站点目录 {}：{}", root.display(), crate::text::io_reason(&error)))?;
    today::today()?;
    let preview = Preview::bind(*listen)?;
    let mut address = preview.address();
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let url = format!("http://{address}/");
    let mut told = format!("预览：{url}\n全部问题：{url}_preview/\n");
    if !preview.address().ip().is_loopback() {
        told.push_str("注意：别的机器也能看到预览，其中有还没有公开、没有通过检查的数据。\n");
    }
    if !manner.quiet {
        told.push_str("保存源文件后，打开的页面自动更新。按 Ctrl+C 结束；已发布的网站不受影响。\n");
    }
    let mut out = io::stdout().lock();
    out.write_all(told.as_bytes()).and_then(|()| out.flush())?;
    drop(out);
    if *open {
        open_browser(&url);
    }
    let today = || today::today().map_err(|error| error.to_string());
    let tell = |news: &News| tell(news, manner);
    preview.serve(&Sources { root, names: host, today: &today, tell: &tell })?;
    Ok(ExitCode::SUCCESS)
}

/// One line a generation. A terminal that is gone is no reason to stop the preview.
fn tell(news: &News, manner: Manner) {
    if manner.quiet || (news.is_part && !manner.timings) {
        return;
    }
    let mut line = match &news.outcome {
        Ok(tally) if news.is_part => format!("这一份{}", tally.words()),
        Ok(tally) => format!("全站{}", tally.words()),
        Err(why) => format!("不能预览：{why}"),
    };
    // Writing to a String cannot fail.
    let _ = match news.changed.iter().next() {
        None => Ok(()),
        Some(path) if news.changed.len() == 1 => write!(line, "（{path} 已保存）"),
        Some(path) => write!(line, "（{path} 等{}个文件已保存）", news.changed.len()),
    };
    if manner.timings {
        line.push_str(" 用时：");
        for (stage, took) in ["读入", "检查", "规划"].into_iter().zip(news.took) {
            let micros = took.as_micros();
            let _ = write!(line, " {stage} {}.{} 毫秒", micros / 1000, micros / 100 % 10);
        }
    }
    let _ = writeln!(io::stdout(), "{line}");
}

/// Asks the system to open an address; who has no browser has the address on the terminal.
fn open_browser(url: &str) {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "windows") {
        ("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(before).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if command.spawn().is_err() {
        eprintln!("打不开浏览器，请自己打开上面的网址。");
    }
}
