//! Relations as HTML: what was checked, with every figure linked to its cell.
//!
//! ```html
//! <p class="of">27行＝（1+2+…+8）行 <span class="tag">表下印出</span></p>
//! <ol class="rel"><li id="r1" value="1">
//!   <a href="../index.html#t01-27-c1">27行1栏</a> <b>373.97</b> ＝ … <small>相差 0.01，允许 0.01</small></li></ol>
//! ```
//!
//! What a list says of all its relations stands at none of them: those that agree to the last
//! digit say nothing of a distance, and a number that follows the one before needs no `value`.
//!
//! A relation's number is its place among the instances of its disclosure, so that `#r1` stays
//! what it is as long as the forms and the rows do. Figures are shown in the unit they were
//! entered and judged in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::amount::{Amount, Scale};
use crate::check::judge::{Sign, Span};
use crate::check::relation::shown_units;
use crate::check::{About, DisclosureResults, Instance, Listed, Operand, Scene, Source, Verdict};
use crate::diagnostic::Severity;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Form, FormSet, Relation};
use crate::model::prior;
use crate::model::table::Figure;
use crate::render::cells::{push_figure, push_number};
use crate::render::verdicts::{self, Ledger, Standing};
use crate::text::push_escaped;

/// A side with more operands than this counts those that are blank or 未提供 instead of naming them.
const ALL_SHOWN: usize = 3;

/// Writes the relations of one disclosure.
pub(crate) struct Writer<'a> {
    /// The disclosure's results.
    pub results: &'a DisclosureResults,
    /// The disclosure with last year's.
    pub scene: Scene<'a>,
    /// The href of the disclosure's page.
    pub page: String,
    /// The href of the page of last year's disclosure.
    pub prior_page: Option<String>,
    /// Cells about which the unit explains a difference, in `#standing` of the same page.
    pub explained: Vec<CellRef>,
}

impl Writer<'_> {
    fn set(&self) -> &FormSet {
        &self.scene.disclosure.set
    }

    const fn scale(&self) -> Scale {
        self.scene.disclosure.scale
    }

    fn instance(&self, at: u32) -> Option<&Instance> {
        self.results.instances.get(at)
    }

    /// Appends relations, the equation of each printed once above its instances; names of cells
    /// leave out the code of the form `within` which they stand.
    pub fn push_list(&self, out: &mut String, members: &[u32], within: Option<u16>) {
        let (mut last, mut number, mut figures) = (None, 0, Vec::new());
        for at in members {
            let Some(instance) = self.instance(*at) else { continue };
            if last != Some(instance.relation) {
                out.push_str(if last.is_some() { "</ol>\n" } else { "" });
                push_equation(out, instance.relation.of(self.set()));
                out.push_str("<ol class=\"rel\">\n");
                last = Some(instance.relation);
                number = 0;
            }
            let before = std::mem::replace(&mut number, u64::from(*at) + 1);
            push_numbered(out, 'r', number, before);
            figures.clear();
            let operands = self.results.instances.operands(instance).iter();
            figures.extend(operands.map(|operand| self.scene.figure(&operand.source)));
            self.push_row(out, instance, &figures, within);
        }
        out.push_str(if last.is_some() { "</ol>\n" } else { "" });
    }

    /// Appends a relation, with the figures of its operands.
    fn push_row(&self, out: &mut String, instance: &Instance, figures: &[Figure], within: Option<u16>) {
        push_own_verdict(out, instance.verdict);
        let first = self.results.instances.first(instance);
        let (of_first, of_second) = figures.split_at(first.len());
        self.push_side(out, first, of_first, within);
        out.push_str(if instance.at_most { " ≤ " } else { " ＝ " });
        self.push_side(out, self.results.instances.second(instance), of_second, within);
        if instance.verdict != Verdict::Exact || instance.at_most {
            out.push_str(" <small>");
            self.push_distance(out, instance, figures);
            out.push_str("</small>");
        }
        if self.is_explained(instance) {
            out.push_str(" <a class=\"why\" href=\"#standing\">单位已说明</a>");
        }
        self.push_intervals(out, instance, figures);
        out.push_str("</li>\n");
    }

    /// Whether the sides do not agree and the unit says why.
    fn is_explained(&self, instance: &Instance) -> bool {
        let differs = matches!(instance.verdict, Verdict::Improbable | Verdict::Fail | Verdict::FailTruncated);
        let mut cells = self.results.instances.operands(instance).iter().filter_map(|operand| operand.source.cell());
        differs && cells.any(|cell| self.explained.contains(&cell))
    }

    fn push_side(&self, out: &mut String, operands: &[Operand], figures: &[Figure], within: Option<u16>) {
        let leaves_out = operands.len() > ALL_SHOWN;
        let (mut shown, mut blank, mut unknown) = (0_usize, 0_usize, 0_usize);
        for (operand, figure) in operands.iter().zip(figures) {
            match figure {
                Figure::Blank if leaves_out => blank += 1,
                Figure::Unknown if leaves_out => unknown += 1,
                figure => {
                    out.push_str(sign(shown == 0, operand.negative));
                    self.push_operand(out, operand, *figure, within);
                    shown += 1;
                }
            }
        }
        push_left_out(out, shown, &[(blank, "空白"), (unknown, "未提供")]);
    }

    fn push_operand(&self, out: &mut String, operand: &Operand, figure: Figure, within: Option<u16>) {
        self.push_source(out, &operand.source, within);
        out.push_str(if verdicts::is_printed(figure) { " <b>" } else { " <b class=\"u\">" });
        self.push_shown(out, figure);
        out.push_str("</b>");
    }

    /// Appends a figure; a blank one says so.
    fn push_shown(&self, out: &mut String, figure: Figure) {
        match figure {
            Figure::Blank => out.push_str("空白"),
            figure => push_figure(out, figure, self.scale()),
        }
    }

    fn push_source(&self, out: &mut String, source: &Source, within: Option<u16>) {
        match source {
            Source::Cell(cell) => self.push_cell(out, *cell, within),
            Source::Fact(name) => push_escaped(out, name),
            Source::Prior(cell) => self.push_prior(out, *cell),
        }
    }

    /// Appends a cell's name, linked where the disclosure's page shows it.
    pub fn push_cell(&self, out: &mut String, cell: CellRef, within: Option<u16>) {
        let form = self.set().form_of(cell);
        let linked = self.scene.disclosure.shows(cell);
        if linked {
            push_opening(out, &self.page, form, cell);
        }
        if within != Some(cell.form) {
            push_escaped(out, &form.code);
        }
        form.push_row_name(out, cell.row);
        form.push_column_name(out, cell);
        out.push_str(if linked { "</a>" } else { "" });
    }

    /// Appends `上年公开01表31行1栏`, linked where the site has last year's disclosure.
    fn push_prior(&self, out: &mut String, cell: CellRef) {
        let there = self.scene.prior.zip(self.prior_page.as_ref()).and_then(|(disclosure, page)| {
            let counterpart = prior::counterpart(self.set(), cell, &disclosure.set)?;
            disclosure.shows(counterpart).then(|| (page, disclosure.set.form_of(counterpart), counterpart))
        });
        if let Some((page, form, counterpart)) = there {
            push_opening(out, page, form, counterpart);
        }
        let form = self.set().form_of(cell);
        out.push_str("上年");
        push_escaped(out, &form.code);
        form.push_row_name(out, cell.row);
        form.push_column_name(out, cell);
        out.push_str(if there.is_some() { "</a>" } else { "" });
    }

    /// Appends `相差 0.01，允许 0.01`.
    fn push_distance(&self, out: &mut String, instance: &Instance, figures: &[Figure]) {
        let counts = has_counts(figures);
        let units = |units: i128| shown_units(units, self.scale(), counts);
        let (off, tolerance) = (i128::from(instance.off), i128::from(instance.tolerance));
        let _ = match instance.verdict {
            Verdict::NotCheckable if figures.contains(&Figure::Unknown) => out.write_str("有的数未提供，不能判断"),
            Verdict::NotCheckable => out.write_str("有的数没有写，不能判断"),
            Verdict::NotRead => out.write_str("有的数未读入，不能判断"),
            _ if instance.at_most && off == 0 => out.write_str("两边相等"),
            _ if instance.at_most && off < 0 => write!(out, "左边小 {}", units(-off)),
            _ if instance.at_most => write!(out, "左边多出 {}，允许 {}", units(off), units(tolerance)),
            _ => write!(out, "相差 {}，允许 {}", units(off.abs()), units(tolerance)),
        };
    }

    /// Appends which exact amounts the sides of an equation stand for, where the printed
    /// figures do not agree to the last digit.
    fn push_intervals(&self, out: &mut String, instance: &Instance, figures: &[Figure]) {
        let differs = !matches!(instance.verdict, Verdict::Exact | Verdict::NotCheckable | Verdict::NotRead);
        if !differs || instance.at_most || self.scale() == Scale::Yuan || has_counts(figures) {
            return;
        }
        let first = self.results.instances.first(instance);
        let (of_first, of_second) = figures.split_at(first.len());
        let one = self.interval(first, of_first);
        let other = self.interval(self.results.instances.second(instance), of_second);
        let meet = if one.0 <= other.1 && other.0 <= one.1 { "有共同的部分" } else { "没有共同的部分" };
        let yuan = |fen: i128| Amount::from_fen(fen).print(Scale::Yuan);
        let _ = write!(
            out,
            "<small class=\"span\">数字四舍五入到 0.01 {}，左边代表 {} 至 {} 元，右边代表 {} 至 {} 元，两段{meet}</small>",
            self.scale(),
            yuan(one.0),
            yuan(one.1),
            yuan(other.0),
            yuan(other.1),
        );
    }

    /// The least and the greatest exact amount of a side, in 分.
    fn interval(&self, operands: &[Operand], figures: &[Figure]) -> (i128, i128) {
        let spans = operands.iter().zip(figures).filter_map(|(operand, figure)| {
            let printed = figure.amount()?.print(self.scale());
            let span = Span::of(printed, Sign::Any);
            Some(if operand.negative { (-span.high, -span.low) } else { (span.low, span.high) })
        });
        spans.fold((0, 0), |(low, high), span| (low + span.0, high + span.1))
    }

    /// Appends the figures of a table, each with the relations it takes part in; answers with
    /// those that no relation was judged over. `others` are the numbers of other checks.
    pub fn push_figures(&self, out: &mut String, ledger: &Ledger<'_>, form: u16, others: &ByName<'_>) -> Vec<CellRef> {
        let disclosure: &Disclosure = self.scene.disclosure;
        let mut unchecked = Vec::new();
        for (at, cell) in disclosure.table(form).cells().filter(|(_, cell)| verdicts::is_printed(cell.figure)) {
            let (relations, standing) = ledger.of_cell(at);
            if !matches!(standing, Standing::Judged(_)) {
                unchecked.push(at);
            }
            if relations.is_empty() {
                continue;
            }
            out.push_str("<li id=\"");
            self.set().form_of(at).push_cell_anchor(out, at);
            out.push_str("\">");
            self.push_cell(out, at, Some(form));
            out.push_str(" <b>");
            self.push_shown(out, cell.figure);
            out.push_str("</b>　");
            self.push_relation_links(out, relations);
            push_other_links(out, others.of_cell(at));
            out.push_str("</li>\n");
        }
        unchecked
    }

    /// Appends links to relations by their numbers; what does not agree says so.
    pub fn push_relation_links(&self, out: &mut String, relations: &[u32]) {
        for (nth, at) in relations.iter().enumerate() {
            let number = u64::from(*at) + 1;
            out.push_str(if nth > 0 { " <a href=\"#r" } else { "<a href=\"#r" });
            push_number(out, number);
            out.push_str("\">");
            push_number(out, number);
            out.push_str("</a>");
            if let Some(instance) = self.instance(*at).filter(|found| found.verdict != Verdict::Exact) {
                out.push(' ');
                push_verdict(out, instance.verdict);
            }
        }
    }
}

/// Whether some of the figures count things.
fn has_counts(figures: &[Figure]) -> bool {
    figures.iter().any(|figure| matches!(figure, Figure::Count(_)))
}

/// Opens an item of a numbered list, with an anchor of one letter and the number; `before` is the
/// number of the item before it, 0 where it is the first.
pub(crate) fn push_numbered(out: &mut String, letter: char, number: u64, before: u64) {
    out.push_str("<li id=\"");
    out.push(letter);
    push_number(out, number);
    if before == 0 || number != before + 1 {
        out.push_str("\" value=\"");
        push_number(out, number);
    }
    out.push_str("\">");
}

/// Opens a link to a cell on a page.
fn push_opening(out: &mut String, page: &str, form: &Form, cell: CellRef) {
    out.push_str("<a href=\"");
    out.push_str(page);
    out.push('#');
    form.push_cell_anchor(out, cell);
    out.push_str("\">");
}

/// The numbers of the checks of each figure that are no relations.
#[derive(Debug, Default)]
pub(crate) struct ByName<'a> {
    cells: BTreeMap<CellRef, Vec<usize>>,
    names: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> ByName<'a> {
    /// The numbers of checks, counted from 1.
    pub fn of(listed: &'a [Listed], set: &FormSet) -> Self {
        let mut found = Self::default();
        for (number, listed) in (1..).zip(listed) {
            if let About::Named(name) = &listed.about {
                found.names.entry(name).or_default().push(number);
            }
        }
        let cells = found.names.iter().filter_map(|(name, numbers)| {
            let cell = set.cell_named(name).ok().filter(|cell| set.name_of(*cell) == *name)?;
            Some((cell, numbers.clone()))
        });
        found.cells = cells.collect();
        found
    }

    /// Those of a cell.
    pub fn of_cell(&self, cell: CellRef) -> &[usize] {
        self.cells.get(&cell).map_or(&[], Vec::as_slice)
    }

    /// Those of a fact.
    pub fn of_fact(&self, name: &str) -> &[usize] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }
}

const fn sign(is_first: bool, negative: bool) -> &'static str {
    match (is_first, negative) {
        (true, false) => "",
        (true, true) => "－",
        (false, true) => " － ",
        (false, false) => " ＋ ",
    }
}

/// Appends how many operands a side leaves out: `（其余 22 项空白，3 项未提供）`.
fn push_left_out(out: &mut String, shown: usize, left_out: &[(usize, &str)]) {
    if shown > 0 && left_out.iter().all(|(count, _)| *count == 0) {
        return;
    }
    let counted = left_out.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = counted.map(|(count, what)| format!("{count} 项{what}")).collect();
    let _ = match (shown, words.join("，")) {
        (0, words) if words.is_empty() => out.write_char('0'),
        (_, words) if words.is_empty() => Ok(()),
        (0, words) => write!(out, "<i>{words}</i>"),
        (_, words) => write!(out, " <i>（其余 {words}）</i>"),
    };
}

/// Appends a verdict in words; its class adds a sign.
pub(crate) fn push_verdict(out: &mut String, verdict: Verdict) {
    for part in ["<b class=\"v ", verdicts::class(verdict), "\">", verdict.name(), "</b>"] {
        out.push_str(part);
    }
}

/// Appends the verdict of a row in a list of one verdict: what agrees is told by the head of the
/// list alone, of which there are hundreds.
pub(crate) fn push_own_verdict(out: &mut String, verdict: Verdict) {
    if verdict != Verdict::Exact {
        push_verdict(out, verdict);
        out.push(' ');
    }
}

/// Appends links to the checks of a figure that are no relations.
pub(crate) fn push_other_links(out: &mut String, numbers: &[usize]) {
    out.push_str(if numbers.is_empty() { "" } else { "　其他核对" });
    for number in numbers {
        let _ = write!(out, " <a href=\"#o{number}\">{number}</a>");
    }
}

/// Appends a relation as its set gives it.
fn push_equation(out: &mut String, relation: &Relation) {
    out.push_str("<p class=\"of\">");
    if !relation.name.is_empty() {
        push_escaped(out, &relation.name);
        out.push('：');
    }
    push_escaped(out, &relation.equation.text);
    let tags = [
        ("表下印出", relation.printed),
        ("推定，未见原件", relation.inferred),
        ("只作参考", relation.severity != Severity::Error),
    ];
    for (text, _) in tags.into_iter().filter(|(_, holds)| *holds) {
        let _ = write!(out, " <span class=\"tag\">{text}</span>");
    }
    out.push_str("</p>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_tells_its_number_where_the_list_would_count_another() {
        let opened = |number, before| {
            let mut out = String::new();
            push_numbered(&mut out, 'r', number, before);
            out
        };
        assert_eq!([opened(1, 0), opened(9, 7)], ["<li id=\"r1\" value=\"1\">", "<li id=\"r9\" value=\"9\">"]);
        assert_eq!(opened(9, 8), "<li id=\"r9\">");
    }

    #[test]
    fn what_a_long_side_leaves_out_is_counted() {
        let left_out = |shown, blank, unknown| {
            let mut out = String::new();
            push_left_out(&mut out, shown, &[(blank, "空白"), (unknown, "未提供")]);
            out
        };
        assert_eq!(left_out(2, 25, 0), " <i>（其余 25 项空白）</i>");
        assert_eq!(left_out(1, 2, 3), " <i>（其余 2 项空白，3 项未提供）</i>");
        assert_eq!(left_out(0, 0, 96), "<i>96 项未提供</i>");
        assert_eq!([left_out(1, 0, 0), left_out(0, 0, 0)], ["", "0"]);
    }
}
