//! 名词解释: every 项 of the tables is explained.
//!
//! That every listed term exists is known since loading.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Rule};
use crate::diagnostic::{Finding, Place};
use crate::model::code::{ClassCode, Level};
use crate::model::form::{Layout, RowKey};
use crate::model::site::Site;

pub(super) const RULE: Rule = Rule { name: "glossary-terms", codes: &["C151"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    unexplained(context)
}

/// The codes that the terms of a site explain.
pub(crate) fn explained(site: &Site) -> BTreeSet<ClassCode> {
    site.terms.values().flat_map(|term| term.codes.iter().copied()).collect()
}

/// The 项 in tables by functional code that no term explains, each with its first row.
fn unexplained(context: &Context<'_>) -> Vec<Finding> {
    let mut items: BTreeMap<ClassCode, (Place, Option<&str>)> = BTreeMap::new();
    for (form, table) in context.set().forms.iter().zip(&context.disclosure().tables) {
        let functional =
            matches!(&form.layout, Layout::ByCode { classification, .. } if classification == "functional");
        for row in table.rows.iter().filter(|_| functional) {
            if let RowKey::Code(code) = row.key
                && code.level() == Level::Item
                && !context.explained.contains(&code)
            {
                items.entry(code).or_insert((row.place, table.name(row.key)));
            }
        }
    }
    items.into_iter().map(|(code, (place, name))| not_explained(context, code, place, name)).collect()
}

fn not_explained(context: &Context<'_>, code: ClassCode, place: Place, name: Option<&str>) -> Finding {
    let name = name.or_else(|| context.site.functional_name(code, context.disclosure().year)).unwrap_or_default();
    Finding::new("C151", format!("表中的项级科目 {code} {name}没有名词解释"))
        .at(place)
        .help(format!("请在 content/glossary/ 下为它写一条，codes = [\"{code}\"]。"))
}
