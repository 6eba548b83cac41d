//! 名词解释: every 项 of the tables is explained, no other 项 is listed, and the terms that the
//! figures call for are there.
//!
//! That every listed term exists is known since loading. A document that lists no terms at all
//! is not told of single ones.

use std::collections::{BTreeMap, BTreeSet};

use super::known::{fact, is_above_nothing};
use super::{Context, Rule};
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::code::{ClassCode, Level};
use crate::model::form::{Layout, RowKey};
use crate::model::glossary::Term;
use crate::model::site::{Common, Site};

pub(super) const RULE: Rule = Rule { name: "glossary-terms", codes: &["C151", "C243", "C244"], run };

/// Figures that call for a term, by concept or fact, with the word that is in the term's name.
const CALLED_FOR: [(&str, &str); 5] = [
    ("three_public_actual", "三公"),
    ("spending_basic", "基本支出"),
    ("spending_project", "项目支出"),
    ("income_business", "事业收入"),
    ("income_operating", "经营收入"),
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = unexplained(context);
    findings.extend(without_item(context));
    findings.extend(not_listed(context));
    findings
}

/// Listed terms for 项 that no table of the disclosure has.
fn without_item(context: &Context<'_>) -> Vec<Finding> {
    let disclosure = context.disclosure();
    let is_row = |code: &ClassCode| disclosure.tables.iter().any(|table| table.row(RowKey::Code(*code)).is_some());
    let is_given =
        disclosure.tables.iter().any(|table| table.rows.iter().any(|row| matches!(row.key, RowKey::Code(_))));
    let listed = disclosure.terms.iter().filter(|_| is_given);
    let idle = listed.filter_map(|listed| {
        let term = context.site.terms.get(&listed.value)?;
        (!term.codes.is_empty() && !term.codes.iter().any(is_row)).then_some((listed, term))
    });
    let finding = |(listed, term): (&Placed<String>, &Term)| {
        let message = format!("列了名词“{}”（{}），各表却没有这一项", term.name, term.codes[0]);
        Finding::new("C243", message)
            .at(listed.place)
            .help("多半是照抄了别的年度或单位。请从 [glossary] 的 terms 中删去，或者核对表中的科目编码。")
    };
    idle.map(finding).collect()
}

/// The words that figures call for and no listed term has, as one finding.
fn not_listed(context: &Context<'_>) -> Option<Finding> {
    let disclosure = context.disclosure();
    let last = disclosure.terms.last()?;
    let mut terms = disclosure.terms.iter().filter_map(|listed| context.site.terms.get(&listed.value));
    let is_told = |concept: &str| is_above_nothing(disclosure.concept(concept));
    let running = fact(context, "running", "current").filter(|running| running.is_some());
    let words = CALLED_FOR.iter().filter(|(concept, _)| is_told(concept)).map(|(_, word)| *word);
    let missing: Vec<&str> = words
        .chain(running.map(|_| "机关运行经费"))
        .filter(|word| !terms.clone().any(|term| term.name.contains(word)))
        .collect();
    if missing.is_empty() || terms.next().is_none() {
        return None;
    }
    let message = format!("名词解释没有列：{}", missing.join("、").replace("三公", "“三公”经费"));
    Some(
        Finding::new("C244", message)
            .at(last.place)
            .help("表中或说明中有这些数，请在 [glossary] 的 terms 中补上相应的名词。"),
    )
}

/// The codes that the terms of a site explain, and those explained in its classification.
pub(crate) fn explained(site: &Common) -> BTreeSet<ClassCode> {
    let functional = site.classifications.get("functional").into_iter().flat_map(|functional| &functional.codes);
    let in_place = functional.filter(|(_, entry)| entry.explanation.is_some()).map(|(code, _)| *code);
    site.terms.values().flat_map(|term| term.codes.iter().copied()).chain(in_place).collect()
}

/// The 项 in tables by functional code that nothing explains, each with its first row.
fn unexplained(context: &Context<'_>) -> Vec<Finding> {
    let mut items: BTreeMap<ClassCode, (Place, Option<&str>)> = BTreeMap::new();
    for (form, table) in context.set().forms.iter().zip(&context.disclosure().tables) {
        let functional =
            matches!(&form.layout, Layout::ByCode { classification, .. } if classification == "functional");
        for row in table.rows.iter().filter(|_| functional) {
            if let RowKey::Code(code) = row.key
                && code.level() == Level::Item
                && !context.explained.contains(&code)
                && is_listed(context.site, code)
            {
                items.entry(code).or_insert((row.place, table.name(row.key)));
            }
        }
    }
    items.into_iter().map(|(code, (place, name))| not_explained(context, code, place, name)).collect()
}

/// Whether the classification has a code, or there is none to ask: of an unlisted code loading
/// tells (S038), and it may be miswritten.
fn is_listed(site: &Site, code: ClassCode) -> bool {
    site.classifications.get("functional").is_none_or(|listed| listed.codes.contains_key(&code))
}

fn not_explained(context: &Context<'_>, code: ClassCode, place: Place, name: Option<&str>) -> Finding {
    let name = name.or_else(|| context.site.functional_name(code, context.disclosure().year)).unwrap_or_default();
    Finding::new("C151", format!("表中的项级科目 {code} {name}没有名词解释"))
        .at(place)
        .help(format!("请在 content/glossary/ 下为它写一条，codes = [\"{code}\"]。"))
}
