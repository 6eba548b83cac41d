//! 名词解释: every listed term exists, and every 项 of the tables is explained.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Rule};
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::code::{ClassCode, Level};
use crate::model::form::{Layout, RowKey};
use crate::text::nearest;

pub(super) const RULE: Rule = Rule { name: "glossary-terms", codes: &["C151", "C152"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let unknown = context.disclosure().terms.iter().filter_map(|term| unknown_term(context, term));
    unknown.chain(unexplained(context)).collect()
}

fn unknown_term(context: &Context<'_>, term: &Placed<String>) -> Option<Finding> {
    let terms = &context.site.terms;
    (!terms.contains_key(&term.value)).then(|| {
        let help = match nearest(&term.value, terms.keys().map(String::as_str)) {
            Some(near) => format!("是不是“{near}”？"),
            None => format!("请新建 content/glossary/{}.md，或删去这一项。", term.value),
        };
        Finding::new("C151", format!("名词“{}”没有解释", term.value)).at(term.place).help(help)
    })
}

/// The 项 in tables by functional code that no term explains, each with its first row.
fn unexplained(context: &Context<'_>) -> Vec<Finding> {
    let explained: BTreeSet<ClassCode> =
        context.site.terms.values().flat_map(|term| term.codes.iter().copied()).collect();
    let mut items: BTreeMap<ClassCode, (Place, Option<&str>)> = BTreeMap::new();
    for (form, table) in context.set().forms.iter().zip(&context.disclosure().tables) {
        let functional =
            matches!(&form.layout, Layout::ByCode { classification, .. } if classification == "functional");
        for row in table.rows.iter().filter(|_| functional) {
            if let RowKey::Code(code) = row.key
                && code.level() == Level::Item
                && !explained.contains(&code)
            {
                items.entry(code).or_insert((row.place, table.name(row.key)));
            }
        }
    }
    items.into_iter().map(|(code, (place, name))| not_explained(context, code, place, name)).collect()
}

fn not_explained(context: &Context<'_>, code: ClassCode, place: Place, name: Option<&str>) -> Finding {
    let name = name.or_else(|| context.site.functional_name(code, context.disclosure().year)).unwrap_or_default();
    Finding::new("C152", format!("表中的项级科目 {code} {name}没有名词解释"))
        .at(place)
        .help(format!("请在 content/glossary/ 下为它写一条，codes = [\"{code}\"]。"))
}
