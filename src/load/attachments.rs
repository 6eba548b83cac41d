//! `attachments/`: files that a disclosure publishes as they are.

use super::files::Files;
use super::reader::Sink;
use crate::diagnostic::{Finding, Place};
use crate::model::disclosure::Attachment;

/// The endings that may be published: documents, data and pictures; nothing that a browser runs.
const ENDINGS: [&str; 10] = ["pdf", "xlsx", "docx", "csv", "ofd", "png", "jpg", "zip", "json", "txt"];

/// The attachments in a disclosure's folder (`content/units/u/2023/`), in the order of their names.
pub(super) fn read(files: &Files, folder: &str, place: Place, sink: &Sink) -> Vec<Attachment> {
    let folder = format!("{folder}attachments/");
    let below = files.attachments.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder));
    let mut attachments = Vec::new();
    for (path, bytes) in below {
        let name = &path[folder.len()..];
        if let Some((code, message, help)) = refusal(name) {
            sink.add(Finding::new(code, message).at(place).help(help));
            continue;
        }
        let (name, path) = (name.to_owned(), format!("attachments/{name}"));
        attachments.push(Attachment { name, path, bytes: bytes.clone() });
    }
    attachments
}

/// Why a file cannot be published under its name.
fn refusal(name: &str) -> Option<(&'static str, String, String)> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
    if name.starts_with('.') || name.len() > 100 || !name.bytes().all(good) {
        let help = "改用小写英文字母、数字、点、下划线和连字符命名，直接放在 attachments 中，例如 2023-juesuan.pdf";
        return Some(("S018", format!("附件 attachments/{name} 的文件名不能用作网址，改名以前不能公开"), help.into()));
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if !ENDINGS.contains(&ending) {
        let help = format!("附件只能是 {} 文件；别的请转换后再放进来，或者移走", ENDINGS.join("、"));
        return Some(("S016", format!("附件“{name}”不是可以公开的种类"), help));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_be_run_or_could_not_travel_are_refused() {
        let code = |name: &str| refusal(name).map(|(code, ..)| code);
        for name in ["a.pdf", "2023_juesuan-1.v2.xlsx", "x.txt"] {
            assert_eq!(code(name), None, "{name}");
        }
        for name in ["A.pdf", "决算.pdf", "a b.pdf", ".a.pdf", "sub/a.pdf"] {
            assert_eq!(code(name), Some("S018"), "{name}");
        }
        for name in ["a.html", "a.svg", "a.js", "a.pdf.exe", "pdf", "a."] {
            assert_eq!(code(name), Some("S016"), "{name}");
        }
    }
}
