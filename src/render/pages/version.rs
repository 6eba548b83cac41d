//! 更正说明 and earlier versions: what changed in a disclosure after it was published, told on
//! its page, on the pages of its earlier versions, and wherever it is listed.
//!
//! An earlier version has a page of its own for good, `units/u/2023/versions/1/`, drawn like the
//! present one from the sources of that time. It says that it is no longer in force.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::derive::amendment::{self, Datum, Difference, FigureChange, TextChange};
use crate::diagnostic::Finding;
use crate::model::amendment::Amendment;
use crate::model::date::Date;
use crate::model::disclosure::Disclosure;
use crate::model::form::CellRef;
use crate::model::site::Site;
use crate::model::table::Figure;
use crate::render::links::{DeadLink, PageLinks, disclosure_path, version_path};
use crate::render::view::{Link, figure_text};
use crate::text::ordinal;

/// What a page tells of versions and amendments, for `amendments.html`.
#[derive(Serialize)]
pub(super) struct AmendedView {
    /// What stands above everything else on the page.
    notice: NoticeView,
    /// The amendments, the last one first.
    amendments: Vec<AmendmentView>,
    /// Every version, the present one first; the page's own has no href.
    versions: Vec<VersionView>,
}

/// The notice above a page.
#[derive(Serialize)]
struct NoticeView {
    /// Whether the page shows a version that is no longer in force.
    is_earlier: bool,
    /// The version shown: 第1版.
    version: String,
    /// When it was amended: for an earlier version, when it was replaced.
    date: String,
    /// 原公开日期, where it is stated.
    published: Option<String>,
    /// How many figures and texts changed in that amendment.
    count: usize,
    /// How many of them are figures, which carry a mark on the page.
    figures: usize,
    /// 更正原因 of that amendment.
    reason: String,
    /// The present version, from an earlier one.
    present: Option<Link>,
}

#[derive(Serialize)]
struct AmendmentView {
    /// Its anchor.
    id: String,
    /// What it is called: 第1次更正.
    title: String,
    /// When it was published.
    date: String,
    /// 更正原因, as the unit states it.
    reason: String,
    /// The version that it replaced; without href on that version's own page.
    earlier: Link,
    /// How many figures and texts changed.
    count: usize,
    /// The figures that changed, table by table.
    figures: Vec<ChangeView>,
    /// The texts and attachments that changed.
    texts: Vec<TextView>,
}

#[derive(Serialize)]
struct TextView {
    /// What it is called: 支出用途·公务接待费.
    name: String,
    /// Whether both versions of it are told here; long ones are to be compared on the pages.
    is_told: bool,
    /// The text before; 没有 where there was none, empty where it is not told.
    old: String,
    /// The text after, likewise.
    new: String,
}

impl TextView {
    fn new(change: &TextChange) -> Self {
        let words = |text: &String| if text.is_empty() { "没有".to_owned() } else { text.clone() };
        let [old, new] = change.told.as_ref().map_or_else(Default::default, |told| told.each_ref().map(words));
        Self { name: change.name.clone(), is_told: change.told.is_some(), old, new }
    }
}

#[derive(Serialize)]
struct ChangeView {
    /// The table, or the group of facts, that it stands in.
    group: String,
    /// The line's name.
    line: String,
    /// The column's heading; empty where the line has one figure.
    column: String,
    /// The name in the notation, linked to the cell on this page where it has it.
    cell: Link,
    /// The figure before, as printed; with its unit 元 where the table's would hide the difference.
    old: String,
    /// The figure after, likewise.
    new: String,
    /// By how much it grew or fell, exactly; empty where one of them is no amount.
    difference: String,
}

#[derive(Serialize)]
struct VersionView {
    /// What it is called: 第1版.
    name: String,
    /// Since when it was public; empty where unknown.
    since: String,
    /// Its page; nothing for the one shown.
    href: Option<String>,
    /// Whether it is the present one.
    in_force: bool,
}

/// Which version of a disclosure a page shows.
#[derive(Clone, Copy)]
pub(super) struct Edition<'a> {
    /// The present version.
    pub(super) present: &'a Disclosure,
    /// The amendment that replaced the one shown; `None` for the present one.
    pub(super) replaced_by: Option<usize>,
}

impl<'a> Edition<'a> {
    /// The version that is shown.
    pub(super) fn shown(self) -> &'a Disclosure {
        self.replaced_by.map_or(self.present, |at| &self.present.amendments[at].earlier)
    }

    /// The path of its page.
    pub(super) fn path(self) -> String {
        self.replaced_by.map_or_else(
            || disclosure_path(self.present),
            |at| version_path(self.present, self.present.amendments[at].version),
        )
    }

    /// The cells that are marked: on the present page those that any amendment changed, on an
    /// earlier one those that are no longer as they stand there.
    pub(super) fn marked(self, differences: &[Difference]) -> BTreeSet<CellRef> {
        if let Some(at) = self.replaced_by {
            return differences[at].cells_before();
        }
        let all = 0..self.present.amendments.len();
        let same_forms = |at: &usize| self.present.after(*at).set.id == self.present.set.id;
        all.filter(same_forms).flat_map(|at| differences[at].cells_after()).collect()
    }

    /// What the page tells of its versions; nothing where there is one only.
    pub(super) fn view(
        self,
        differences: &[Difference],
        links: &PageLinks<'_>,
    ) -> Result<Option<AmendedView>, DeadLink> {
        let last = self.present.amendments.len().checked_sub(1);
        let Some(told) = self.replaced_by.or(last) else { return Ok(None) };
        // A version's own page tells the amendment that replaced it, and those before.
        let amendments = (0..=told).rev().map(|at| self.amendment(&differences[at], at, links));
        let amendments = amendments.collect::<Result<Vec<_>, _>>()?;
        let amendment = &self.present.amendments[told];
        let present = match self.replaced_by {
            Some(_) => Some(Link::new("现行版本", links.to(&disclosure_path(self.present))?)),
            None => None,
        };
        let notice = NoticeView {
            is_earlier: self.replaced_by.is_some(),
            version: version_name(self.shown().version()),
            date: amendment.date.chinese(),
            published: self.first().published.map(|date| date.value.chinese()),
            count: amendments.first().map_or(0, |amendment| amendment.count),
            figures: amendments.first().map_or(0, |amendment| amendment.figures.len()),
            reason: amendment.reason.clone(),
            present,
        };
        Ok(Some(AmendedView { notice, amendments, versions: self.versions(links)? }))
    }

    /// The version that was published first.
    fn first(self) -> &'a Disclosure {
        self.present.amendments.first().map_or(self.present, |amendment| &amendment.earlier)
    }

    fn amendment(self, difference: &Difference, at: usize, links: &PageLinks<'_>) -> Result<AmendmentView, DeadLink> {
        let amendment = &self.present.amendments[at];
        let later = self.present.after(at);
        let figures = difference.figures.iter().map(|change| self.change(change, at, later));
        Ok(AmendmentView {
            id: format!("amendment-{}", amendment.version),
            title: format!("第{}次更正", ordinal(at + 1)),
            date: amendment.date.chinese(),
            reason: amendment.reason.clone(),
            earlier: Link {
                text: version_name(amendment.version),
                href: if self.replaced_by == Some(at) {
                    None
                } else {
                    Some(links.to(&version_path(self.present, amendment.version))?)
                },
            },
            count: difference.count(),
            figures: figures.collect(),
            texts: difference.texts.iter().map(TextView::new).collect(),
        })
    }

    fn change(self, change: &FigureChange, at: usize, later: &Disclosure) -> ChangeView {
        let scale = change.scale(later.set.scale);
        let unit = if scale == later.set.scale { "" } else { scale.name() };
        let datum = |datum: &Datum| match datum {
            Datum::Figure(Figure::Blank) => "空白".to_owned(),
            Datum::Figure(figure @ Figure::Amount(_)) => figure_text(*figure, scale) + unit,
            Datum::Figure(figure) => figure_text(*figure, scale),
            Datum::Text(text) => text.clone(),
        };
        ChangeView {
            group: change.group.clone(),
            line: change.line.clone(),
            column: change.column.clone(),
            cell: Link { text: change.name.clone(), href: self.anchor(change, at) },
            old: datum(&change.old),
            new: datum(&change.new),
            difference: amendment::signed(change.difference(), scale) + unit,
        }
    }

    /// Where the page shows the cell of a change: the version that was replaced has it by its old
    /// place, the others by the new one.
    fn anchor(self, change: &FigureChange, at: usize) -> Option<String> {
        let shown = self.shown();
        let cell = if self.replaced_by == Some(at) { change.before } else { change.after }?;
        let version = if self.replaced_by == Some(at) { shown } else { self.present.after(at) };
        let on_page = version.set.id == shown.set.id && shown.shows(cell);
        on_page.then(|| format!("#{}", shown.set.form_of(cell).cell_anchor(cell)))
    }

    fn versions(self, links: &PageLinks<'_>) -> Result<Vec<VersionView>, DeadLink> {
        let count = self.present.amendments.len();
        let view = |at: usize| {
            let edition = Edition { present: self.present, replaced_by: (at < count).then_some(at) };
            let shown = edition.shown();
            let href = if edition.replaced_by == self.replaced_by { None } else { Some(links.to(&edition.path())?) };
            let since = shown.in_force_since().map(Date::chinese).unwrap_or_default();
            Ok(VersionView { name: version_name(shown.version()), since, href, in_force: at == count })
        };
        (0..=count).rev().map(view).collect()
    }
}

/// What each amendment of a disclosure changed.
pub(crate) fn differences(site: &Site, present: &Disclosure) -> Vec<Difference> {
    let pairs = present.amendments.iter().enumerate().map(|(at, amendment)| (&amendment.earlier, present.after(at)));
    pairs.map(|(earlier, later)| amendment::difference(site, earlier, later)).collect()
}

/// The amendments that changed nothing that readers see.
pub(crate) fn unchanged(present: &Disclosure, differences: &[Difference]) -> Vec<Finding> {
    let pairs = present.amendments.iter().zip(differences).filter(|(_, difference)| difference.count() == 0);
    let finding = |(amendment, _): (&Amendment, &Difference)| {
        let message = format!("第 {} 版与更正以后公开的内容完全相同", amendment.version);
        let help = "改正数字或文字以后再公开；确实没有要改的，删去这一条更正和它的版本目录";
        Finding::new("S075", message).at(amendment.place).about(&present.unit, present.year).help(help)
    };
    pairs.map(finding).collect()
}

/// `第1版`
pub(crate) fn version_name(version: u32) -> String {
    format!("第{version}版")
}

/// What the way to an earlier version's page ends in: `第1版（已被更正）`.
pub(super) fn crumb(version: u32) -> String {
    format!("{}（已被更正）", version_name(version))
}

/// What a list says beside an amended disclosure: the day of its last amendment.
pub(crate) fn mark(disclosure: &Disclosure) -> Option<String> {
    disclosure.amendments.last().map(|amendment| format!("{}更正", amendment.date.chinese()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::fixture::disclosure;

    #[test]
    fn a_change_that_the_tables_unit_would_round_away_is_told_in_yuan() {
        let present = disclosure();
        let edition = Edition { present: &present, replaced_by: None };
        let told = |old, new| {
            let view = edition.change(&FigureChange::in_yuan(old, new), 0, &present);
            [view.old, view.new, view.difference]
        };
        assert_eq!(told(39_200, 39_230), ["39200.00元", "39230.00元", "+30.00元"]);
        assert_eq!(told(39_249, 39_251), ["39249.00元", "39251.00元", "+2.00元"]);
        assert_eq!(told(39_200, 37_200), ["3.92", "3.72", "\u{2212}0.20"]);
    }
}
