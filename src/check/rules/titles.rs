//! Titles that speak of the other kind of document, or of no unit.
//!
//! The year in the title is looked at when it is read. A title that names both kinds, or none,
//! stays silent; so does one with the unit's full or short name.

use super::{Context, Rule};
use crate::diagnostic::Finding;
use crate::model::form::Kind;
use crate::text::fold_width;

pub(super) const RULE: Rule = Rule { name: "titles", codes: &["C145", "C146"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    if context.disclosure().title.is_empty() {
        return Vec::new();
    }
    of_another_kind(context).into_iter().chain(without_unit(context)).collect()
}

fn of_another_kind(context: &Context<'_>) -> Option<Finding> {
    let (title, kind) = (&context.disclosure().title, context.disclosure().kind);
    let other = match kind {
        Kind::Final => Kind::Budget,
        Kind::Budget => Kind::Final,
    };
    if !title.contains(other.name()) || title.contains(kind.name()) {
        return None;
    }
    let message = format!("标题“{title}”写的是{}，这一份是{}", other.name(), kind.name());
    let finding = Finding::new("C145", message).at(context.disclosure().place);
    Some(finding.help("请核对标题；是另一种文件的，改正 kind、表式和目录名。"))
}

fn without_unit(context: &Context<'_>) -> Option<Finding> {
    // A unit without a name is a finding of its own.
    let unit = context.site.unit_of(context.disclosure()).filter(|unit| !unit.name.trim().is_empty())?;
    let title = &context.disclosure().title;
    let names = || [&unit.name, &unit.short].into_iter().filter(|name| !name.is_empty());
    let has_name =
        names().any(|name| title.contains(name.as_str())) || names().any(|name| plain(title).contains(&plain(name)));
    (!has_name).then(|| {
        let message = format!("标题“{}”里没有单位名称“{}”", context.disclosure().title, unit.name);
        let finding = Finding::new("C146", message).at(context.disclosure().place).related("单位名称", unit.place);
        finding.help("像是从别的单位的文件抄来的：请核对标题；标题本来不写单位名称的不用改。")
    })
}

fn plain(text: &str) -> String {
    fold_width(text).replace(' ', "")
}
