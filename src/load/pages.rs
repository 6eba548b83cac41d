//! `content/pages/*.md`: pages of the site's own, in the order they ask for.

use super::Input;
use super::config::is_slug;
use super::files::Source;
use super::markdown::Document;
use super::reader::Sink;
use crate::diagnostic::Finding;
use crate::model::site::TextPage;

const FOLDER: &str = "content/pages/";

/// Folders of the site that no page can have as its path.
const TAKEN: [&str; 8] = ["units", "glossary", "codes", "forms", "years", "assets", "data", "rules"];

/// Every page, in navigation order.
pub(super) fn read(input: &Input<'_>, sink: &Sink) -> Vec<TextPage> {
    let mut pages = Vec::new();
    for (name, source) in input.files.below(FOLDER) {
        let Some(id) = name.strip_suffix(".md") else { continue };
        if !is_slug(id) || TAKEN.contains(&id) {
            let finding = Finding::new("S018", format!("页面文件名“{name}”不能用作网址")).at(source.start());
            sink.add(finding.help(format!("改用小写英文字母、数字和连字符，且不是 {}", TAKEN.join("、"))));
        } else if let Some(page) = page(id, source, sink) {
            pages.push(page);
        }
    }
    pages.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    pages
}

fn page(id: &str, source: &Source, sink: &Sink) -> Option<TextPage> {
    let document = Document::read(source, sink)?;
    let reader = document.reader(sink);
    let title = reader.required("title", "写上标题，例如 title = \"关于本站\"").value;
    let order = reader.integer("order").unwrap_or(i64::MAX);
    reader.finish();
    Some(TextPage { id: id.to_owned(), title, order, body: document.body })
}
