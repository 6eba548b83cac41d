//! A disclosure: every part of the document on one page, in the order of its form set.
//!
//! The cover gives the key figures; then come the parts the set names, each with its printed
//! title; then what the site adds: source corrections, check results, downloads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use crate::amount::Percent;
use crate::check::Verdict;
use crate::derive::narrative::Narrative;
use crate::model::code::{ClassCode, Level};
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Kind, Part, RowKey};
use crate::model::performance::Scope;
use crate::model::table::Figure;
use crate::model::unit::About;
use crate::render::cells::push_figure;
use crate::render::evaluation;
use crate::render::links::{DeadLink, PageLinks, quality_path, set_path, term_path, unit_path, year_path};
use crate::render::page::Download;
use crate::render::pages::version::{self, AmendedView, Edition, version_name};
use crate::render::pages::{Scene, glossary, quality, year_and_kind, year_link};
use crate::render::table::{self, Amended, Checked, Sheet};
use crate::render::verdicts::{self, Judged, Verdicts};
use crate::render::view::{Drawn, FileLink, Head, Link, Section};
use crate::render::words;
use crate::text::{escape_html, ordinal};

/// A disclosure, for `disclosure.html`.
#[derive(Serialize)]
struct View {
    /// The unit's full name.
    unit: String,
    /// The unit's page.
    unit_href: Option<String>,
    /// What the document is: 单位决算.
    kind: String,
    /// The fiscal year.
    year: i32,
    /// The document's title.
    title: String,
    /// When it was published: `2024年9月20日`.
    published: Option<String>,
    /// When it was approved.
    approved: Option<String>,
    /// The scale of its amounts: 万元.
    scale: &'static str,
    /// How it calls the unit: 部门 or 单位.
    word: String,
    /// Why its tables were rebuilt from its text, where they were.
    rebuilt: Option<String>,
    /// The disclosure of the year before.
    earlier: Option<Link>,
    /// The disclosure of the year after.
    later: Option<Link>,
    /// The form set it stands on.
    set: Link,
    /// All disclosures of the year.
    year_link: Link,
    /// The figures on the cover.
    keys: Vec<KeyFigure>,
    /// How many breaches of statutory requirements the unit explains, and where.
    breaches: u32,
    /// Where the breaches are explained.
    breaches_href: String,
    /// The contents of the page.
    contents: Vec<Contents>,
    /// The parts of the document, in the order of its form set.
    parts: Vec<PartView>,
    /// Mistakes of the source that the page corrects.
    corrections: Vec<CorrectionView>,
    /// How its relations were judged.
    checks: Option<ChecksView>,
    /// Its files.
    downloads: Vec<FileLink>,
    /// How to name this page in a list of sources, and its address where it is known.
    cite: String,
    /// Its versions and what changed between them, where it was amended.
    amended: Option<AmendedView>,
    /// The address of the page, for a list of sources.
    address: Option<String>,
}

/// A figure on the cover.
#[derive(Serialize)]
struct KeyFigure {
    /// What it is: 收、支总计.
    name: String,
    /// The amount or word.
    value: String,
    /// What stands below it; may be empty.
    small: String,
    /// The cell or place it is from.
    href: Option<String>,
    /// Whether it tells that all is well.
    good: bool,
    /// Whether it tells of something wrong.
    bad: bool,
}

/// An entry of the page's contents.
#[derive(Serialize)]
struct Contents {
    /// Of a part: 第一部分.
    number: String,
    /// The heading.
    text: String,
    /// Its anchor.
    href: String,
    /// The headings below it.
    entries: Vec<Link>,
}

/// A part of the document; `key` says which of the fields hold its content.
#[derive(Default, Serialize)]
struct PartView {
    /// Which part it is: `overview`, `tables`, `narrative`, `work`, `glossary`, `attachments`.
    key: &'static str,
    /// Its anchor.
    id: &'static str,
    /// 第一部分.
    number: String,
    /// Its printed title.
    title: String,
    /// `overview`: what the unit is.
    overview: Option<OverviewView>,
    /// `tables`: the statutory tables.
    tables: Vec<SheetView>,
    /// `narrative` and `work`: the text, with charts; markup below.
    html: String,
    /// `narrative`: the table of 公务接待, or nothing.
    receptions: String,
    /// `work`: the table of key work, or nothing.
    table: String,
    /// `glossary`: the terms it lists.
    terms: Vec<TermView>,
    /// `attachments`: the self-evaluations.
    evaluations: Vec<SheetView>,
}

#[derive(Serialize)]
struct OverviewView {
    /// Its duties, one an item.
    duties: Vec<String>,
    /// Its organisation, in paragraphs.
    organisation: Vec<String>,
    /// The names of its divisions.
    divisions: Vec<String>,
}

/// A statutory table or a self-evaluation table.
#[derive(Serialize)]
struct SheetView {
    /// Its anchor: `t01`.
    id: String,
    /// Its place: 一.
    number: String,
    /// Its title.
    title: String,
    /// What tells tables of one title apart: the project.
    about: Option<String>,
    /// The table with its head and notes; markup below.
    html: String,
}

#[derive(Serialize)]
struct TermView {
    /// Its place: 一.
    number: String,
    /// The term.
    name: String,
    /// The term's page.
    href: Option<String>,
    /// Its definition.
    html: String,
    /// The 项 that the tables hold; only below the term that lists them.
    items: Vec<ItemView>,
}

/// A 项 in the derived list.
#[derive(Serialize)]
struct ItemView {
    /// Its full name with the codes above it.
    name: String,
    /// The code's page.
    code: Link,
    /// What it means, as HTML; may be empty.
    definition: String,
}

#[derive(Serialize)]
struct CorrectionView {
    /// Where the source has the mistake.
    place: String,
    /// What is printed.
    printed: String,
    /// What is right.
    right: String,
    /// Why.
    note: String,
    /// The cell it is about.
    cell: Option<Link>,
}

#[derive(Serialize)]
struct ChecksView {
    /// How many relations came to which verdict, in words.
    words: String,
    /// How many figures take part, in words.
    covered: String,
    /// The page that tells every relation.
    quality: String,
    /// The verdicts, in order.
    columns: Vec<&'static str>,
    /// The tables with relations.
    forms: Vec<CheckRow>,
}

#[derive(Serialize)]
struct CheckRow {
    /// The table.
    link: Link,
    /// How many relations came to each verdict, in the order of `columns`.
    counts: Vec<u32>,
}

/// What every part of one page needs.
struct Page<'p, 'a> {
    scene: &'p Scene<'a>,
    at: usize,
    edition: Edition<'a>,
    /// The version that is shown.
    disclosure: &'a Disclosure,
    unit: &'a str,
    links: &'p PageLinks<'p>,
    /// The cells that an amendment changed.
    marked: BTreeSet<CellRef>,
    verdicts: Verdicts,
    /// What is judged of it, where it was checked.
    judged: Option<&'p Judged<'a>>,
    /// The href of the page that tells every relation.
    quality: String,
}

/// Draws a disclosure: its present version, or the one that an amendment replaced. What was
/// published before was checked then; only the present version tells of checks.
pub(super) fn draw(
    scene: &Scene<'_>,
    at: usize,
    replaced_by: Option<usize>,
    links: &PageLinks<'_>,
) -> Result<Drawn, DeadLink> {
    let edition = Edition { present: &scene.site.disclosures[at], replaced_by };
    let disclosure = edition.shown();
    let results = scene.report.of(at).filter(|_| replaced_by.is_none());
    let verdicts = results.map_or_else(Verdicts::default, |_| verdicts::of(scene.report, at, &disclosure.set));
    let unit = scene.unit_name(disclosure);
    let judged = results.and_then(|_| scene.judged(at));
    let quality = links.near(&quality_path(disclosure))?;
    let marked = edition.marked(&scene.differences[at]);
    let page = Page { scene, at, edition, disclosure, unit, links, marked, verdicts, judged, quality };
    let (parts, mut contents) = page.parts()?;
    let corrections = page.corrections();
    let checks = page.checks();
    let amended = edition.view(&scene.differences[at], links)?;
    let downloads = page.downloads().iter().map(|download| FileLink::new(download, links));
    let downloads: Vec<FileLink> = downloads.collect::<Result<_, _>>()?;
    let files = if scene.site.config.without_downloads { "附件" } else { "数据下载" };
    let closing = [amended.is_some(), !corrections.is_empty(), checks.is_some(), !downloads.is_empty()];
    add_closing(&mut contents, files, closing);
    let view = View {
        unit: unit.to_owned(),
        unit_href: links.to(&unit_path(&disclosure.unit)).ok(),
        kind: format!("{}{}", disclosure.word, disclosure.kind.name()),
        year: disclosure.year,
        title: disclosure.title.clone(),
        published: disclosure.published.as_ref().map(|date| date.value.chinese()),
        approved: disclosure.approved.as_ref().map(|date| date.value.chinese()),
        scale: disclosure.set.scale.name(),
        word: disclosure.word.clone(),
        rebuilt: disclosure.rebuilt.clone(),
        earlier: page.neighbour(-1)?,
        later: page.neighbour(1)?,
        set: Link::new(&disclosure.set.name, links.to(&set_path(&disclosure.set.id))?),
        year_link: Link::new(format!("{}年度", disclosure.year), links.to(&year_path(disclosure.year))?),
        keys: page.key_figures(),
        breaches: if replaced_by.is_none() { quality::statutory_breaches(&scene.standing[at]) } else { 0 },
        breaches_href: format!("{}#standing", page.quality),
        contents,
        parts,
        corrections,
        checks,
        downloads,
        cite: page.cite(),
        amended,
        address: scene.site.config.address_of(&edition.path()),
    };
    let head = page.head()?;
    Ok(Drawn::new("disclosure.html", head, &view))
}

impl<'a> Page<'_, 'a> {
    fn downloads(&self) -> &[Download<'a>] {
        self.scene.downloads_of_version(self.at, self.edition.replaced_by)
    }
}

impl Page<'_, '_> {
    fn head(&self) -> Result<Head, DeadLink> {
        let mut crumbs = Vec::new();
        if let Some(unit) = self.scene.site.unit_of(self.disclosure) {
            crumbs = self.scene.unit_crumbs(unit, self.links)?;
            crumbs.push(Link::new(&unit.short, self.links.to(&unit_path(&unit.id))?));
        }
        let version = self.edition.replaced_by.map(|_| version_name(self.disclosure.version()));
        match &version {
            Some(_) => {
                crumbs.push(year_link(self.edition.present, self.links)?);
                crumbs.push(Link::here(version::crumb(self.disclosure.version())));
            }
            None => crumbs.push(Link::here(year_and_kind(self.disclosure))),
        }
        let version = version.map(|version| format!("（{version}，已被更正）")).unwrap_or_default();
        let [year, word, kind] =
            [&self.disclosure.year.to_string(), &self.disclosure.word, self.disclosure.kind.name()];
        let rest =
            if self.scene.site.config.without_downloads { "和绩效自评" } else { "、绩效自评和数据下载" };
        Ok(Head {
            title: format!("{year}年度{word}{kind}{version} · {}", self.unit),
            description: format!("{}{year}年度{word}{kind}{version}：公开表、情况说明{rest}。", self.unit),
            crumbs,
            section: Section::Units,
        })
    }

    /// The same unit's disclosure of a nearby year, of the same kind.
    fn neighbour(&self, step: i32) -> Result<Option<Link>, DeadLink> {
        let other = self
            .scene
            .disclosures_of(&self.disclosure.unit)
            .find(|other| other.year == self.disclosure.year + step && other.kind == self.disclosure.kind);
        other.map(|other| year_link(other, self.links)).transpose()
    }

    fn key_figures(&self) -> Vec<KeyFigure> {
        let mut keys = Vec::new();
        keys.extend(self.total_key());
        keys.extend(self.completion_key());
        keys.extend(self.three_public_key());
        keys.extend(self.checks_key());
        keys
    }

    fn checks_key(&self) -> Option<KeyFigure> {
        let tally = &self.verdicts.total;
        let comma = if tally.others.is_empty() { "" } else { "，" };
        (tally.total > 0).then(|| KeyFigure {
            name: "勾稽核对".into(),
            value: tally.passed.to_string(),
            small: format!("项相符{comma}{}", tally.others),
            href: Some(self.quality.clone()),
            good: tally.all_passed(),
            bad: tally.failed() > 0,
        })
    }

    /// 收、支总计 and how it changed.
    fn total_key(&self) -> Vec<KeyFigure> {
        let Some(cell) = self.disclosure.set.concept_cell("income_grand_total") else { return Vec::new() };
        let mut keys = vec![self.figure_key("收、支总计", cell, String::new())];
        if let Some((value, small)) = words::change(self.scene.site, self.disclosure, cell) {
            keys.push(KeyFigure { name: "比上年".into(), value, small, href: None, good: false, bad: false });
        }
        keys
    }

    /// How much of the opening budget was spent.
    fn completion_key(&self) -> Option<KeyFigure> {
        if self.disclosure.kind == Kind::Budget {
            return None;
        }
        let budget = self.disclosure.fact("年初预算·合计").amount()?;
        let spent = self.disclosure.concept("general_total").amount()?;
        let percent = Percent::of(spent, budget, 2)?;
        let small = format!("年初预算{}", budget.print(self.disclosure.set.scale).trimmed());
        Some(KeyFigure {
            name: "完成年初预算".into(),
            value: percent.trimmed(),
            small,
            href: None,
            good: false,
            bad: false,
        })
    }

    fn three_public_key(&self) -> Option<KeyFigure> {
        let cell = self.disclosure.set.concept_cell("three_public_actual")?;
        let actual = self.disclosure.figure(cell).amount()?;
        let budget = self.disclosure.concept("three_public_budget").amount();
        let percent = budget.and_then(|budget| Percent::of(actual, budget, 2));
        let small = percent.map(|percent| format!("完成预算{}", percent.trimmed())).unwrap_or_default();
        Some(self.figure_key("“三公”经费", cell, small))
    }

    fn figure_key(&self, name: &str, cell: CellRef, small: String) -> KeyFigure {
        let set = &self.disclosure.set;
        let mut value = String::new();
        push_figure(&mut value, self.disclosure.figure(cell), set.scale);
        let href = self.disclosure.shows(cell).then(|| format!("#{}", set.form_of(cell).cell_anchor(cell)));
        KeyFigure { name: name.into(), value, small, href, good: false, bad: false }
    }

    /// The parts that have content, with their entries in the page's contents.
    fn parts(&self) -> Result<(Vec<PartView>, Vec<Contents>), DeadLink> {
        let (mut parts, mut contents) = (Vec::new(), Vec::new());
        for part in &self.disclosure.set.parts {
            let Some((mut view, entries)) = self.part(*part)? else { continue };
            view.number = format!("第{}部分", ordinal(parts.len() + 1));
            view.title = self.part_title(*part);
            let (number, text) = (view.number.clone(), self.without_unit(&view.title));
            contents.push(Contents { number, text, href: format!("#{}", view.id), entries });
            parts.push(view);
        }
        Ok((parts, contents))
    }

    fn part_title(&self, part: Part) -> String {
        let title = self.disclosure.set.part_titles.get(&part).cloned();
        let title = title.unwrap_or_else(|| default_title(part).to_owned());
        let year = self.disclosure.year.to_string();
        title
            .replace("{unit}", self.unit)
            .replace("{year}", &year)
            .replace("{word}", &self.disclosure.word)
            .replace("{kind}", self.disclosure.kind.name())
    }

    /// A part's title without the unit's name, which stands above the contents anyway.
    fn without_unit(&self, title: &str) -> String {
        title.strip_prefix(self.unit).filter(|rest| !rest.is_empty()).unwrap_or(title).to_owned()
    }

    fn part(&self, part: Part) -> Result<Option<(PartView, Vec<Link>)>, DeadLink> {
        let view = PartView { key: part.key(), id: part.key(), ..PartView::default() };
        Ok(match part {
            Part::Overview => self.overview(view),
            Part::Tables => Some(self.tables(view)?),
            Part::Narrative => self.narrative(view),
            Part::Work => self.work(view),
            Part::Glossary => self.terms(view)?,
            Part::Attachments => self.attachments(view),
        })
    }

    fn overview(&self, mut view: PartView) -> Option<(PartView, Vec<Link>)> {
        let unit = self.scene.site.unit_of(self.disclosure).map(|unit| &unit.about);
        let about = about(&self.disclosure.about, unit);
        if about == About::default() {
            return None;
        }
        let mut entries = Vec::new();
        if !about.duties.is_empty() {
            entries.push(Link::new("主要职责", "#duties"));
        }
        let organisation: Vec<String> = about.organisation.iter().flat_map(|text| paragraphs(text)).collect();
        if !organisation.is_empty() || !about.divisions.is_empty() {
            entries.push(Link::new("机构设置", "#organisation"));
        }
        view.overview = Some(OverviewView { duties: about.duties, organisation, divisions: about.divisions });
        Some((view, entries))
    }

    fn tables(&self, mut view: PartView) -> Result<(PartView, Vec<Link>), DeadLink> {
        let mut entries = Vec::new();
        for (at, table) in self.disclosure.tables.iter().enumerate() {
            let form = &self.disclosure.set.forms[usize::from(table.form)];
            let id = format!("t{}", form.stem);
            let tools = self.tools(table.form)?;
            let names = form.classification().and_then(|id| self.scene.site.classifications.get(id));
            let html = table::html(&Sheet {
                set: &self.disclosure.set,
                form: table.form,
                table: Some(table),
                unit: self.unit,
                word: &self.disclosure.word,
                year: Some(self.disclosure.year),
                rebuilt: self.disclosure.rebuilt.as_deref(),
                names,
                links: self.links,
                tools: &tools,
                checked: self.judged.map(|judged| Checked { ledger: &judged.ledger, href: &self.quality }),
                amended: Some(Amended { cells: &self.marked, href: AMENDMENTS }),
            });
            entries.push(Link::new(format!("{}、{}", ordinal(at + 1), form.title), format!("#{id}")));
            view.tables.push(SheetView { id, number: ordinal(at + 1), title: form.title.clone(), about: None, html });
        }
        Ok((view, entries))
    }

    /// What stands at the right of a table's header: check results and downloads.
    fn tools(&self, form: u16) -> Result<String, DeadLink> {
        let tally = self.verdicts.forms.get(usize::from(form)).filter(|tally| tally.total > 0);
        let mut out = String::from("<p class=\"tools\">");
        if let Some(tally) = tally {
            let class = if tally.all_passed() { "verdict ok" } else { "verdict" };
            let stem = &self.disclosure.set.forms[usize::from(form)].stem;
            let _ = write!(out, "<a class=\"{class}\" href=\"{}#t{stem}\">{}</a> ", self.quality, tally.words);
        }
        for download in self.downloads().iter().filter(|download| download.form == Some(form)) {
            let href = escape_html(&self.links.to(&download.path)?);
            let _ = write!(out, "<a href=\"{href}\" download>{}</a> ", download.label);
        }
        out.push_str("</p>");
        Ok(out)
    }

    /// The narrative of the version that is shown.
    fn composed(&self) -> &Narrative {
        match self.edition.replaced_by {
            Some(amendment) => &self.scene.earlier[self.at][amendment],
            None => &self.scene.narratives[self.at],
        }
    }

    fn narrative(&self, mut view: PartView) -> Option<(PartView, Vec<Link>)> {
        let prose = words::narrative(&self.scene.linker, self.composed(), self.links);
        let receptions = &self.disclosure.receptions;
        if prose.html.is_empty() && receptions.is_empty() {
            return None;
        }
        let entries = prose.headings.iter().map(|(id, title)| Link::new(title, format!("#{id}"))).collect();
        view.html = prose.html;
        if !receptions.is_empty() {
            view.receptions = evaluation::receptions_html(receptions, self.disclosure.set.scale);
        }
        Some((view, entries))
    }

    fn work(&self, mut view: PartView) -> Option<(PartView, Vec<Link>)> {
        if self.disclosure.work_text.is_none() && self.disclosure.work_items.is_empty() {
            return None;
        }
        let text = self.disclosure.work_text.as_ref();
        view.html = text
            .map(|text| words::linked_markdown(&text.value, 0, "work", &self.scene.linker, self.links))
            .unwrap_or_default();
        if !self.disclosure.work_items.is_empty() {
            view.table = evaluation::work_html(&self.disclosure.work_items);
        }
        Some((view, Vec::new()))
    }

    fn terms(&self, mut view: PartView) -> Result<Option<(PartView, Vec<Link>)>, DeadLink> {
        let site = self.scene.site;
        let level = site.unit_of(self.disclosure).map_or("本级", |unit| unit.level.as_str());
        for (at, id) in self.disclosure.terms.iter().enumerate() {
            let Some(term) = site.terms.get(&id.value) else { continue };
            let lists_items = id.value == ITEM_LIST;
            let items = if lists_items { self.items() } else { Vec::new() };
            // 本部门使用的… or 本单位使用的…, as the document calls itself.
            let name = if lists_items { term.name.replace("部门", &self.disclosure.word) } else { term.name.clone() };
            view.terms.push(TermView {
                number: ordinal(at + 1),
                name,
                href: Some(self.links.to(&term_path(&term.id))?),
                html: glossary::definition(term, level, self.links),
                items,
            });
        }
        Ok((!view.terms.is_empty()).then_some((view, Vec::new())))
    }

    /// The 项 that the tables hold, by code: derived, never entered.
    fn items(&self) -> Vec<ItemView> {
        let mut items: BTreeMap<ClassCode, String> = BTreeMap::new();
        for concept in ["spending_by_function", "general_by_function", "fund_by_function", "state_by_function"] {
            let Some((form, _)) = self.disclosure.set.concept_form(concept) else { continue };
            for row in self.disclosure.table(form).rows.iter() {
                let RowKey::Code(code) = row.key else { continue };
                let spends = row.cells.iter().any(|cell| matches!(cell.figure, Figure::Amount(_)));
                if code.level() == Level::Item && spends {
                    items.entry(code).or_insert_with(|| self.path_of(form, code));
                }
            }
        }
        items.into_iter().map(|(code, name)| self.item(code, name)).collect()
    }

    fn item(&self, code: ClassCode, name: String) -> ItemView {
        let defines = self.scene.site.terms.values().find(|term| term.codes.contains(&code));
        let level = self.scene.site.unit_of(self.disclosure).map_or("本级", |unit| unit.level.as_str());
        let definition = defines.map(|term| glossary::definition(term, level, self.links));
        let definition = definition.or_else(|| self.explanation(code)).unwrap_or_default();
        let href = self.links.code("functional", code);
        ItemView { name, code: Link { text: code.to_string(), href }, definition }
    }

    /// What the classification says of a code, as HTML.
    fn explanation(&self, code: ClassCode) -> Option<String> {
        let entry = self.scene.site.classifications.get("functional")?.codes.get(&code)?;
        entry.explanation.as_ref().map(|text| format!("<p>{}</p>\n", escape_html(text)))
    }

    /// `一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）事业运行（项）`, as this year names them.
    fn path_of(&self, form: u16, code: ClassCode) -> String {
        let table = self.disclosure.table(form);
        let name = |code: ClassCode| {
            let own = table.name(RowKey::Code(code));
            own.or_else(|| self.scene.site.functional_name(code, self.disclosure.year)).unwrap_or_default()
        };
        let mut parts = Vec::new();
        let mut next = Some(code);
        while let Some(code) = next {
            parts.push(format!("{}（{}）", name(code), code.level().name()));
            next = code.parent();
        }
        parts.reverse();
        parts.concat()
    }

    fn attachments(&self, mut view: PartView) -> Option<(PartView, Vec<Link>)> {
        let mut entries = Vec::new();
        for (at, table) in self.disclosure.evaluations.iter().enumerate() {
            let id = evaluation::anchor(table);
            let about = table.name.clone().filter(|_| table.scope == Scope::Project);
            let short = about.clone().unwrap_or_else(|| "整体绩效自评".to_owned());
            entries.push(Link::new(short, format!("#{id}")));
            let html = evaluation::html(table, self.disclosure, self.unit);
            view.evaluations.push(SheetView { id, number: ordinal(at + 1), title: table.title.clone(), about, html });
        }
        (!view.evaluations.is_empty()).then_some((view, entries))
    }

    fn corrections(&self) -> Vec<CorrectionView> {
        let corrections = self.disclosure.corrections.iter();
        corrections
            .map(|correction| CorrectionView {
                place: correction.place_in_document.clone(),
                printed: correction.printed.clone(),
                right: correction.right.clone(),
                note: correction.note.clone(),
                cell: correction.cell.as_ref().map(|cell| self.cell_link(cell)),
            })
            .collect()
    }

    /// A cell or fact by its name, linked where it is a cell of a table that is shown.
    fn cell_link(&self, name: &str) -> Link {
        let set = &self.disclosure.set;
        let cell = set.cell_named(name).ok().filter(|cell| self.disclosure.shows(*cell));
        Link { text: name.to_owned(), href: cell.map(|cell| format!("#{}", set.form_of(cell).cell_anchor(cell))) }
    }

    fn checks(&self) -> Option<ChecksView> {
        if self.verdicts.total.total == 0 {
            return None;
        }
        let forms = self.disclosure.set.forms.iter().zip(&self.verdicts.forms);
        let rows = forms.filter(|(_, tally)| tally.total > 0).map(|(form, tally)| CheckRow {
            link: Link::new(format!("{} {}", form.code, form.title), format!("#t{}", form.stem)),
            counts: tally.columns.clone(),
        });
        Some(ChecksView {
            words: self.verdicts.total.words.clone(),
            columns: verdicts::COLUMNS.map(Verdict::name).to_vec(),
            forms: rows.collect(),
            covered: quality::covered(&self.judged?.participation),
            quality: self.quality.clone(),
        })
    }

    /// How to cite the page, after GB/T 7714: 单位. 题名[EB/OL]. (公开日期)[引用日期]. Who cites writes the
    /// day on which the page was read in the place of 引用日期.
    fn cite(&self) -> String {
        let Disclosure { year, word, kind, .. } = self.disclosure;
        let date = self.disclosure.in_force_since().map(|date| format!("({date})")).unwrap_or_default();
        let amended = self.edition.present.is_amended();
        let version =
            if amended { format!("（{}）", version_name(self.disclosure.version())) } else { String::new() };
        format!("{}. {year}年度{word}{}{version}[EB/OL]. {date}[引用日期].", self.unit, kind.name())
    }
}

/// The href of what tells the amendments.
const AMENDMENTS: &str = "#amendments";

/// The term that heads the derived list of 项.
const ITEM_LIST: &str = "functional-items";

/// What a disclosure says of its unit, filled up with what the unit says of itself.
fn about(own: &About, unit: Option<&About>) -> About {
    let mut about = own.clone();
    let Some(unit) = unit else { return about };
    if about.duties.is_empty() {
        about.duties.clone_from(&unit.duties);
    }
    if about.organisation.is_none() {
        about.organisation.clone_from(&unit.organisation);
    }
    if about.divisions.is_empty() {
        about.divisions.clone_from(&unit.divisions);
    }
    about
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

const fn default_title(part: Part) -> &'static str {
    match part {
        Part::Overview => "{unit}概况",
        Part::Tables => "{year}年度{word}{kind}表",
        Part::Narrative => "{year}年度{word}{kind}情况说明",
        Part::Work => "{year}年重点工作完成情况",
        Part::Glossary => "名词解释",
        Part::Attachments => "附件",
    }
}

/// Adds what stands after the parts to the page's contents; `files` is what its files are called.
fn add_closing(contents: &mut Vec<Contents>, files: &str, shown: [bool; 4]) {
    let closing =
        [("更正说明", AMENDMENTS), ("来源更正说明", "#corrections"), ("核对结果", "#checks"), (files, "#downloads")];
    for ((text, href), _) in closing.into_iter().zip(shown).filter(|(_, shown)| *shown) {
        contents.push(Contents { number: String::new(), text: text.into(), href: href.into(), entries: Vec::new() });
    }
}
