//! `urls.lock`, the paths that were published before, and the redirects of `site.toml`.

use super::Input;
use super::files::Source;
use super::reader::{Reader, Sink};
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::site::Redirect;

/// The file of the paths that were published before, beside `site.toml`.
pub(super) const FILE: &str = "urls.lock";

/// The published paths, in the order of the file. Empty lines and those that begin with `#`
/// say nothing; any other that is no path is told.
pub(super) fn read(input: &Input<'_>, sink: &Sink) -> Vec<Placed<String>> {
    input.source(FILE).map_or_else(Vec::new, |source| parse(source, sink))
}

/// The paths in the text of the file.
pub(super) fn parse(source: &Source, sink: &Sink) -> Vec<Placed<String>> {
    let mut urls = Vec::new();
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        let place = Place::new(source.id, at..at + text.len());
        at += line.len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if is_path(text) {
            urls.push(Placed::new(text.to_owned(), place));
        } else {
            let finding = Finding::new("P023", format!("urls.lock 中的“{text}”不是网址")).at(place);
            sink.add(
                finding.help("每行一个网址，由 disclose build 自动登记；合并时留下的标记请删去，两边的网址都保留"),
            );
        }
    }
    urls
}

/// A redirect, when both its ends are paths of one kind.
pub(super) fn redirect(row: Reader<'_>) -> Option<Redirect> {
    let (sink, place) = (row.sink(), row.place);
    let [from, to] = ["from", "to"].map(|key| row.required(key, "写本站内的路径，例如 units/jiu/"));
    row.finish();
    let [old, new] = [&from, &to].map(|path| path.value.strip_prefix('/').unwrap_or(&path.value).to_owned());
    for (path, placed) in [(&old, &from), (&new, &to)] {
        if placed.value.is_empty() {
            return None;
        }
        if !is_path(path.strip_suffix('/').unwrap_or(path)) {
            let finding = Finding::new("P021", format!("转向中的“{}”不是本站内的路径", placed.value)).at(placed.place);
            sink.add(finding.help("写本站内的路径，不写网站地址，例如 units/jiu/ 或 units/jiu/2023/index.html"));
            return None;
        }
    }
    if old.ends_with('/') != new.ends_with('/') || (!old.ends_with('/') && extension(&old) != extension(&new)) {
        let finding = Finding::new("P021", format!("转向的“{old}”和“{new}”不是同一种路径")).at(to.place);
        sink.add(finding.help("两个都写目录，以“/”结尾，连同其中全部网址转向；或者两个都写同一类的文件，如都是 .html"));
        return None;
    }
    Some(Redirect { from: old, to: new, place })
}

fn extension(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.rsplit_once('.').map(|(_, extension)| extension)
}

/// Whether a text is a path that a plan may have: plain lower-case parts between slashes.
fn is_path(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.');
    text.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain))
}
