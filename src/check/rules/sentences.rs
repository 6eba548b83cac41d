//! Sentences that belong to another year, another table or another kind of body: what is left
//! when a text is copied.
//!
//! A reason may speak of earlier years, so years are looked at only in the sentences of empty
//! tables and in the titles of self-evaluations. 本部门 and 本单位 do not mix in one document;
//! 部门 and 单位 alone have other uses and are left alone.

use super::{Context, Rule};
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::form::Form;
use crate::model::table::{Table, TableState};
use crate::text::fold_width;

pub(super) const RULE: Rule = Rule { name: "sentences", codes: &["C147", "C152", "C153"], run };

/// What the tables that may be empty are about, as their titles and sentences name it.
const SUBJECTS: [&str; 3] = ["政府性基金", "国有资本经营", "三公"];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let sentences = || {
        let tables = context.set().forms.iter().zip(&context.disclosure().tables);
        tables.filter_map(|(form, table)| match &table.state {
            TableState::Empty(sentence) => Some((form, table, sentence.as_str())),
            _ => None,
        })
    };
    let mut findings: Vec<Finding> = sentences()
        .filter_map(|(form, table, sentence)| of_another_year(context, &form.code, sentence, table.place))
        .collect();
    let titles = context.disclosure().evaluations.iter();
    findings.extend(titles.filter_map(|found| of_another_year(context, "自评表", &found.title, found.place)));
    findings.extend(sentences().filter_map(|(form, table, sentence)| of_another_table(form, table, sentence)));
    findings.extend(own_texts(context).filter_map(|text| other_word(context, &text)));
    findings
}

/// The years that a text names: four digits before 年.
fn years_in(text: &str) -> Vec<i32> {
    if !text.contains('年') {
        return Vec::new();
    }
    let text = fold_width(text);
    let before = text.match_indices('年').map(|(at, _)| text[..at].trim_end());
    before.filter_map(|text| text.get(text.len().checked_sub(4)?..)?.parse().ok()).collect()
}

fn of_another_year(context: &Context<'_>, what: &str, text: &str, place: Place) -> Option<Finding> {
    let (years, year) = (years_in(text), context.disclosure().year);
    let other = years.first().filter(|_| !years.contains(&year))?;
    let message = format!("{what}写的是{other}年，这里是{year}年度：“{text}”");
    Some(Finding::new("C147", message).at(place).help("像是从别的年度抄来的：请改正年份。"))
}

fn of_another_table(form: &Form, table: &Table, sentence: &str) -> Option<Finding> {
    let own = SUBJECTS.iter().find(|subject| form.title.contains(**subject))?;
    let other = SUBJECTS.iter().find(|subject| sentence.contains(**subject))?;
    (!sentence.contains(own)).then(|| {
        let message = format!("{}《{}》的空表说明说的是“{other}”：“{sentence}”", form.code, form.title);
        Finding::new("C152", message).at(table.place).help(format!("像是从另一张表抄来的：请改成有关“{own}”的说明。"))
    })
}

/// A text in the document's own words.
struct OwnText<'a> {
    /// The table it belongs to, by its code; empty for others.
    form: &'a str,
    /// What it is, in Chinese.
    what: &'static str,
    text: &'a str,
    place: Place,
}

/// Every text in the document's own words.
fn own_texts<'a>(context: &'a Context<'_>) -> impl Iterator<Item = OwnText<'a>> {
    let disclosure = context.disclosure();
    let tables = context.set().forms.iter().zip(&disclosure.tables).flat_map(|(form, table)| {
        let sentence = match &table.state {
            TableState::Empty(sentence) => Some(sentence.as_str()),
            _ => None,
        };
        let texts = [("的空表说明", sentence), ("的附注", table.note.as_deref())];
        let own = move |(what, text)| Some(OwnText { form: &form.code, what, text: text?, place: table.place });
        texts.into_iter().filter_map(own)
    });
    let placed =
        |what| move |text: &'a Placed<String>| OwnText { form: "", what, text: &text.value, place: text.place };
    let reasons = disclosure.reasons.values().map(placed("变动原因"));
    let uses = disclosure.uses.values().map(placed("支出用途"));
    let performance = disclosure.performance_text.iter().map(placed("绩效情况说明"));
    let work = disclosure.work_text.iter().map(placed("重点工作"));
    let sections = disclosure.narrative_text.iter().map(|section| &section.text).map(placed("情况说明"));
    tables.chain(reasons).chain(uses).chain(performance).chain(work).chain(sections)
}

fn other_word(context: &Context<'_>, own: &OwnText<'_>) -> Option<Finding> {
    let word = context.disclosure().word.as_str();
    let others = if word == "单位" { ["本部门", "我部门"] } else { ["本单位", "我单位"] };
    let other = others.into_iter().find(|other| own.text.contains(other))?;
    let message = format!("{}{}自称“{other}”，全文称“{word}”", own.form, own.what);
    let help = format!("一份文件只用一个称谓：请把“{other}”改成“本{word}”，或者改正 disclosure.toml 的 word。");
    Some(Finding::new("C153", message).at(own.place).help(help))
}
