//! 数据质量: everything that was checked in one disclosure, and what was not.
//!
//! 1. What it came to, in one sentence, and whether the unit explains a breach of statutory
//!    requirements; counts by subject.
//! 2. Differences that the unit explains, findings that stand, what this site changes about
//!    rules and forms; the share of figures that take part, by table, and those that do not.
//! 3. Every relation with its figures, by table; what does not agree stands first and open.
//! 4. Every figure with the numbers of its relations: where figures in tables lead. Its
//!    anchors are those of the cells on the disclosure's page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::check::relation::shown;
use crate::check::{self, DisclosureResults, Instance, Listed, Participation, Source, Verdict};
use crate::claims;
use crate::diagnostic::{FileId, Finding, Severity};
use crate::model::disclosure::Disclosure;
use crate::model::form::CellRef;
use crate::model::site::Site;
use crate::model::stored::{Known, Reader, Stored as _};
use crate::render::links::{DeadLink, PageLinks, disclosure_path, unit_path};
use crate::render::pages::others::{self, Others, RuleRow};
use crate::render::pages::{Scene, year_and_kind};
use crate::render::relations::{ByName, Writer, push_other_links};
use crate::render::verdicts::{self, Conclusion, Judged, Standing, Subject, Tally};
use crate::render::view::{Drawn, Head, Link, Section};
use crate::text::push_escaped;

/// The page that explains the rules, where the site has it.
const RULES: &str = "rules/index.html";

/// How a disclosure was checked, for `quality.html`.
#[derive(Serialize)]
struct View {
    /// The unit's full name.
    unit: String,
    /// The page of the disclosure.
    disclosure: Link,
    /// The scale of all amounts.
    scale: &'static str,
    /// What the checks came to.
    conclusion: Conclusion,
    /// What the unit explains, counted: 1处错误、2处警告; empty where there is nothing.
    explained: String,
    /// How many breaches of statutory requirements the unit explains.
    statutory: u32,
    /// What the other checks came to, in words; may be empty.
    sentence: String,
    /// How many figures take part, in words.
    covered: String,
    /// The page that explains the rules.
    rules: Option<String>,
    /// The verdicts, in order.
    columns: Vec<ColumnView>,
    /// Counts by subject.
    subjects: Vec<CountRow>,
    /// Counts of all relations, in the order of `columns`.
    total: Vec<u32>,
    /// How many figures take part, by table.
    coverage: Vec<CoverageRow>,
    /// The figures that take part in nothing, as HTML; may be empty.
    unchecked: String,
    /// How the figures in the unit's own texts were read, in words.
    prose: String,
    /// Findings that stand.
    standing: Vec<FindingView>,
    /// Findings that the unit explains.
    accepted: Vec<AcceptedView>,
    /// Rules whose level the site changes.
    levels: Vec<LevelView>,
    /// Files of the site that stand in for embedded forms.
    replaced: Vec<String>,
    /// Every relation with its figures, by table.
    sections: Vec<SectionView>,
    /// Checks that are no relations, and every rule.
    others: OthersView,
    /// Every figure with the numbers of its relations, by table.
    figures: Vec<SectionView>,
}

/// The checks that are no relations, and every rule.
#[derive(Serialize)]
struct OthersView {
    /// What they came to, in words; may be empty.
    sentence: String,
    /// Counts by topic.
    topics: Vec<CountRow>,
    /// Counts of all, in the order of `columns`.
    total: Vec<u32>,
    /// The checks, by topic.
    sections: Vec<SectionView>,
    /// Every rule with what it found.
    rules: Vec<RuleRow>,
}

/// A verdict as the head of a column.
#[derive(Serialize)]
struct ColumnView {
    /// The verdict.
    name: &'static str,
    /// Its class: `ok`, `tail`, `odd`, `bad`, `none`.
    class: &'static str,
}

#[derive(Serialize)]
struct CountRow {
    /// What is counted.
    name: &'static str,
    /// How many came to each verdict, in the order of `columns`.
    counts: Vec<u32>,
    /// How many there are.
    total: u32,
}

/// How many figures of a table, or of the facts, take part.
#[derive(Serialize)]
struct CoverageRow {
    /// The table.
    name: Link,
    /// How many figures it has.
    figures: u32,
    /// How many of them take part in a judged relation.
    covered: u32,
    /// That as a share: `98.5%`.
    share: String,
}

/// The findings of one code; what to do about them is for the unit, not for readers.
#[derive(Serialize)]
struct FindingView {
    /// 错误, 警告 or 提示.
    severity: &'static str,
    /// Whether it should be looked into.
    warns: bool,
    /// The code of the rule, with its place on the page of rules.
    code: Link,
    /// What the rule is about.
    title: &'static str,
    /// How many findings of the code there are.
    count: u32,
    /// What they say.
    told: Vec<ToldView>,
}

/// What a finding says, and how often it is said of places that have no name.
#[derive(Serialize)]
struct ToldView {
    /// The sentence.
    message: String,
    /// The cell it is about.
    cell: Option<Link>,
    /// How often it is said.
    times: u32,
}

/// Findings that the unit stands by for one reason.
#[derive(Serialize)]
struct AcceptedView {
    /// What is explained.
    finding: FindingView,
    /// Whether it breaches a statutory requirement.
    statutory: bool,
    /// The unit's explanation.
    reason: String,
    /// Who explains it.
    person: String,
    /// When.
    date: String,
    /// Until when the explanation stands.
    expires: Option<String>,
}

/// A rule that this site takes more or less seriously.
#[derive(Serialize)]
struct LevelView {
    /// The code of the rule.
    code: Link,
    /// What it is about.
    title: &'static str,
    /// Its level on this site.
    level: &'static str,
    /// Why it was changed.
    reason: String,
}

/// A heading with what stands below it.
#[derive(Serialize)]
pub(super) struct SectionView {
    /// Its anchor.
    pub id: String,
    /// The heading.
    pub title: String,
    /// What stands below it.
    pub html: String,
}

/// Verdicts in the order in which a list tells them: what is wrong first, what agrees last.
pub(super) const TOLD: [Verdict; 7] = [
    Verdict::Fail,
    Verdict::FailTruncated,
    Verdict::Improbable,
    Verdict::NotRead,
    Verdict::NotCheckable,
    Verdict::WithinRounding,
    Verdict::Exact,
];

/// About how many bytes a relation, or a row of figures, takes; for most lists enough.
const ROOM: usize = 256;

/// Where a relation is told: under the form of its first figure, or apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// Within a form.
    Own(u16),
    /// Between a form and others.
    Across(u16),
    Facts,
    Prior,
}

impl Group {
    fn of(results: &DisclosureResults, instance: &Instance, disclosure: &Disclosure) -> Self {
        let mut cells = results.instances.operands(instance).iter().filter_map(|operand| operand.source.cell());
        match (Subject::of(results, instance, &disclosure.set), cells.next()) {
            (Subject::Prior, _) => Self::Prior,
            (Subject::Facts, _) | (_, None) => Self::Facts,
            (Subject::Between, Some(cell)) => Self::Across(cell.form),
            (Subject::Formula | Subject::RollUp, Some(cell)) => Self::Own(cell.form),
        }
    }

    const fn form(self) -> Option<u16> {
        match self {
            Self::Own(form) | Self::Across(form) => Some(form),
            Self::Facts | Self::Prior => None,
        }
    }
}

/// `表内164个数字中164个（100%）至少参加一项核对。`
pub(super) fn covered(found: &Participation) -> String {
    match found.figures {
        0 => "表内没有数字。".to_owned(),
        figures => {
            let share = verdicts::share(found.in_relations, figures);
            format!("表内{figures}个数字中{}个（{share}）至少参加一项核对。", found.in_relations)
        }
    }
}

/// `单位自己写的文字中有12个数字：核对9个，没有可核对的数2个，没有读懂1个。`
fn prose(tally: Option<claims::Tally>) -> String {
    let Some(tally) = tally else { return "单位自己写的文字没有读。".to_owned() };
    if tally.figures() == 0 {
        return "单位自己写的文字中没有数字。".to_owned();
    }
    let parts =
        [("核对", tally.checked), ("读懂但没有可核对的数", tally.no_counterpart), ("没有读懂、没有核对", tally.unread)];
    let parts = parts.into_iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}{count}个"));
    let parts = parts.collect::<Vec<_>>().join("，");
    format!("单位自己写的文字中有{}个数字（日期、编号不计）：{parts}。", tally.figures())
}

/// The findings about each disclosure, in the order of the site.
pub(super) fn standing(site: &Site, findings: &[Finding]) -> Vec<Vec<Finding>> {
    gathered(site, findings, |own: &mut Vec<Finding>, finding| own.push(finding.clone()))
}

/// The same as bytes, for a site in brief: [`unpacked`] makes findings of them.
pub(super) fn packed_standing(site: &Site, findings: &[Finding]) -> Vec<Box<[u8]>> {
    let packed = gathered(site, findings, |own: &mut Vec<u8>, finding| finding.put(own));
    packed.into_iter().map(Vec::into_boxed_slice).collect()
}

/// The findings that were packed.
pub(super) fn unpacked(packed: &[u8]) -> Vec<Finding> {
    let known = Known::default();
    let mut reader = Reader::new(packed, &known);
    let findings = std::iter::from_fn(|| if reader.is_done() { None } else { Finding::take(&mut reader) }).collect();
    debug_assert!(reader.is_done(), "what is put is taken");
    findings
}

/// What is gathered of the findings about each disclosure, in the order of the site.
///
/// A finding names a unit and a year, which a budget and the final accounts of one year share;
/// the file it stands in tells the two apart.
fn gathered<T: Clone + Default>(site: &Site, findings: &[Finding], gather: impl Fn(&mut T, &Finding)) -> Vec<T> {
    let mut about: BTreeMap<(&str, i32), Vec<usize>> = BTreeMap::new();
    for (at, disclosure) in site.disclosures.iter().enumerate() {
        about.entry((&disclosure.unit, disclosure.year)).or_default().push(at);
    }
    let mut standing = vec![T::default(); site.disclosures.len()];
    for finding in findings {
        let Some(key) = finding.unit.as_deref().zip(finding.year) else { continue };
        let meant = about.get(&key).map_or(&[][..], Vec::as_slice);
        let file = finding.place.map(|place| place.file);
        let holds = |at: &&usize| file.is_some_and(|file| is_file_of(&site.disclosures[**at], file));
        let holding: Vec<usize> =
            if meant.len() > 1 { meant.iter().filter(holds).copied().collect() } else { Vec::new() };
        for at in if holding.is_empty() { meant } else { &holding } {
            gather(&mut standing[*at], finding);
        }
    }
    standing
}

/// How many errors and warnings the unit has explained: they are published as they stand.
fn explained_in_brief(findings: &[Finding]) -> String {
    let accepted = || findings.iter().filter_map(|finding| finding.accepted.as_ref());
    let count = |level: Severity| accepted().filter(|accepted| accepted.level == level).count();
    let told = [Severity::Error, Severity::Warning].map(|level| (count(level), level.name()));
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    told.map(|(count, name)| format!("{count}处{name}")).collect::<Vec<_>>().join("、")
}

/// How many findings about a disclosure breach a statutory requirement and are explained by the unit.
pub(super) fn statutory_breaches(findings: &[Finding]) -> u32 {
    let breaches = findings.iter().filter(|finding| finding.code.statutory && finding.accepted.is_some());
    u32::try_from(breaches.count()).unwrap_or(u32::MAX)
}

fn is_file_of(disclosure: &Disclosure, file: FileId) -> bool {
    disclosure.place.file == file || disclosure.tables.iter().any(|table| table.place.file == file)
}

struct Page<'p, 'a> {
    scene: &'p Scene<'a>,
    at: usize,
    disclosure: &'a Disclosure,
    results: &'p DisclosureResults,
    links: &'p PageLinks<'p>,
    /// The page that explains the rules.
    rules: Option<String>,
    judged: &'p Judged<'p>,
    writer: Writer<'p>,
    listed: Vec<Listed>,
}

pub(super) fn draw(scene: &Scene<'_>, at: usize, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let disclosure = &scene.site.disclosures[at];
    let unchecked = DisclosureResults::default();
    let results = scene.report.of(at).unwrap_or(&unchecked);
    let prior = scene.site.prior_of(disclosure);
    let writer = Writer {
        results,
        scene: check::Scene { disclosure, prior },
        page: links.near(&disclosure_path(disclosure))?,
        prior_page: prior.map(|prior| links.near(&disclosure_path(prior))).transpose()?,
        explained: explained(disclosure, &scene.standing[at]),
    };
    let mut listed = scene.lister.of(writer.scene, results);
    listed.retain(|listed| !others::is_off(scene.site, listed.code));
    let nothing;
    let judged = if let Some(judged) = scene.judged(at) {
        judged
    } else {
        nothing = Judged::new(&unchecked, disclosure);
        &nothing
    };
    let rules = links.near(RULES).ok();
    let page = Page { scene, at, disclosure, results, links, rules, judged, writer, listed };
    Ok(Drawn::new("quality.html", page.head()?, &page.view()))
}

/// The cells about which the unit explains a difference.
fn explained(disclosure: &Disclosure, findings: &[Finding]) -> Vec<CellRef> {
    let accepted = findings.iter().filter(|finding| finding.accepted.is_some());
    let names = accepted.filter_map(|finding| finding.cell.as_deref());
    names.filter_map(|name| disclosure.set.cell_named(name).ok()).collect()
}

/// Findings put together that a reader would want to read as one, in their order.
fn together<'f>(
    findings: impl Iterator<Item = &'f Finding>,
    alike: impl Fn(&Finding, &Finding) -> bool,
) -> Vec<Vec<&'f Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        match groups.iter_mut().find(|group| alike(group[0], finding)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

impl Page<'_, '_> {
    fn head(&self) -> Result<Head, DeadLink> {
        let mut crumbs = Vec::new();
        if let Some(unit) = self.scene.site.unit_of(self.disclosure) {
            crumbs = self.scene.unit_crumbs(unit, self.links)?;
            crumbs.push(Link::new(&unit.short, self.links.to(&unit_path(&unit.id))?));
        }
        let document = year_and_kind(self.disclosure);
        let unit = self.scene.unit_name(self.disclosure);
        crumbs.push(Link::new(&document, &self.writer.page));
        crumbs.push(Link::here("数据质量"));
        Ok(Head {
            title: format!("数据质量 · {document} · {unit}"),
            description: format!("{unit}{document}公开前做了哪些核对、结果如何，哪些数字没有参加核对。"),
            crumbs,
            section: Section::Units,
        })
    }

    fn view(&self) -> View {
        let (figures, unchecked) = self.figures();
        let participation = &self.judged.participation;
        let findings = &self.scene.standing[self.at];
        let subjects = verdicts::by_subject(self.results, &self.disclosure.set);
        View {
            unit: self.scene.unit_name(self.disclosure).to_owned(),
            disclosure: Link::new(year_and_kind(self.disclosure), &self.writer.page),
            scale: self.disclosure.scale.name(),
            conclusion: verdicts::conclusion(self.results, self.listed.iter().map(|listed| listed.verdict).collect()),
            explained: explained_in_brief(findings),
            statutory: statutory_breaches(findings),
            sentence: verdicts::sentence(self.results),
            covered: covered(participation),
            rules: self.rules.clone(),
            columns: verdicts::COLUMNS
                .map(|verdict| ColumnView { name: verdict.name(), class: verdicts::class(verdict) })
                .into(),
            total: totals(subjects.iter().map(|(_, tally)| tally)),
            subjects: subjects.into_iter().map(|(subject, tally)| count_row(subject.name(), tally)).collect(),
            coverage: self.coverage(participation),
            unchecked,
            prose: prose(self.scene.prose.get(self.at).copied()),
            standing: self.standing(findings),
            accepted: self.accepted(findings),
            levels: self.levels(),
            replaced: self.scene.site.replaced_forms.clone(),
            sections: self.sections(),
            others: self.others(findings),
            figures,
        }
    }

    fn others(&self, findings: &[Finding]) -> OthersView {
        let listed = &self.listed;
        let (disclosure, page) = (self.disclosure, self.writer.page.as_str());
        let accepted = findings.iter().filter(|finding| finding.accepted.is_some());
        let explained = accepted.filter_map(|finding| Some((finding.code.id, finding.cell.clone()?))).collect();
        let others = Others { disclosure, page, rules: self.rules.as_deref(), listed, explained: &explained };
        let topics = others::by_topic(listed);
        let related = self.results.counts_by_code(disclosure);
        OthersView {
            sentence: others.sentence(),
            total: totals(topics.iter().map(|(_, tally)| tally)),
            sections: others.sections(),
            rules: others::rules(self.scene.site, findings, listed, &related, |id| self.code(id)),
            topics: topics.into_iter().map(|(name, tally)| count_row(name, tally)).collect(),
        }
    }

    fn coverage(&self, found: &Participation) -> Vec<CoverageRow> {
        let row = |name: Link, (figures, covered): (u32, u32)| CoverageRow {
            name,
            figures,
            covered,
            share: verdicts::share(covered, figures),
        };
        let forms = self.disclosure.set.forms.iter().zip(&found.per_form).map(|(form, counts)| {
            let href = format!("{}#t{}", self.writer.page, form.stem);
            row(Link::new(format!("{} {}", form.code, form.title), href), *counts)
        });
        let mut rows: Vec<CoverageRow> = forms.collect();
        if found.facts.0 > 0 {
            rows.push(row(Link::here("表外数据"), found.facts));
        }
        rows
    }

    fn code(&self, id: &str) -> Link {
        Link { text: id.to_owned(), href: self.rules.as_ref().map(|rules| [rules, "#", id].concat()) }
    }

    /// Findings of one code and severity.
    fn finding(&self, findings: &[&Finding]) -> FindingView {
        let first = findings[0];
        let mut told: Vec<ToldView> = Vec::new();
        for finding in findings {
            let same = |other: &&mut ToldView| {
                other.message == finding.message && other.cell.as_ref().map(|cell| &cell.text) == finding.cell.as_ref()
            };
            match told.iter_mut().find(same) {
                Some(other) => other.times += 1,
                None => told.push(ToldView {
                    message: finding.message.clone(),
                    cell: finding.cell.as_deref().map(|name| self.cell_link(name)),
                    times: 1,
                }),
            }
        }
        FindingView {
            severity: first.severity.name(),
            warns: first.severity != Severity::Note,
            code: self.code(first.code.id),
            title: first.code.title,
            count: told.iter().map(|told| told.times).sum(),
            told,
        }
    }

    /// What nobody explains.
    fn standing(&self, findings: &[Finding]) -> Vec<FindingView> {
        let open = findings.iter().filter(|finding| finding.accepted.is_none());
        let alike = |one: &Finding, other: &Finding| one.code.id == other.code.id && one.severity == other.severity;
        together(open, alike).iter().map(|group| self.finding(group)).collect()
    }

    /// A cell or fact by its name, linked where the disclosure's page shows it.
    fn cell_link(&self, name: &str) -> Link {
        let set = &self.disclosure.set;
        let cell = set.cell_named(name).ok().filter(|cell| self.disclosure.shows(*cell));
        let href = cell.map(|cell| format!("{}#{}", self.writer.page, set.form_of(cell).cell_anchor(cell)));
        Link { text: name.to_owned(), href }
    }

    /// What the unit explains: breaches of statutory requirements first.
    fn accepted(&self, findings: &[Finding]) -> Vec<AcceptedView> {
        let accepted = findings.iter().filter(|finding| finding.accepted.is_some());
        let alike = |one: &Finding, other: &Finding| one.code.id == other.code.id && one.accepted == other.accepted;
        let mut groups = together(accepted, alike);
        groups.sort_by_key(|group| !group[0].code.statutory);
        let view = |group: &Vec<&Finding>| {
            let accepted = group[0].accepted.as_ref()?;
            Some(AcceptedView {
                finding: FindingView {
                    severity: accepted.level.name(),
                    warns: accepted.level != Severity::Note,
                    ..self.finding(group)
                },
                statutory: group[0].code.statutory,
                reason: accepted.reason.clone(),
                person: accepted.person.clone(),
                date: accepted.date.clone(),
                expires: accepted.expires.clone(),
            })
        };
        groups.iter().filter_map(view).collect()
    }

    fn levels(&self) -> Vec<LevelView> {
        let levels = self.scene.site.config.levels.iter().map(|change| LevelView {
            code: self.code(change.code.id),
            title: change.code.title,
            level: change.severity.map_or("不检查", Severity::name),
            reason: change.reason.clone(),
        });
        levels.collect()
    }

    /// Every relation, by table.
    fn sections(&self) -> Vec<SectionView> {
        let mut groups: BTreeMap<Group, Vec<u32>> = BTreeMap::new();
        for (at, instance) in (0_u32..).zip(&self.results.instances) {
            groups.entry(Group::of(self.results, instance, self.disclosure)).or_default().push(at);
        }
        let elsewhere = self.elsewhere(&groups);
        let forms = (0_u16..).zip(&self.disclosure.set.forms).filter_map(|(at, form)| {
            let told = [Group::Own(at), Group::Across(at)].into_iter().filter_map(|group| groups.get(&group));
            let mut html = String::with_capacity(told.map(Vec::len).sum::<usize>() * ROOM);
            self.push_group(&mut html, "本表各数之间", groups.get(&Group::Own(at)), Some(at));
            self.push_group(&mut html, "与其他表", groups.get(&Group::Across(at)), None);
            self.push_elsewhere(&mut html, elsewhere.get(&at));
            let id = format!("t{}", form.stem);
            (!html.is_empty()).then(|| SectionView { id, title: format!("{} {}", form.code, form.title), html })
        });
        let apart = [(Group::Facts, "facts", "表外数据"), (Group::Prior, "prior", "与上年的数")];
        let apart = apart.into_iter().filter_map(|(group, id, title)| {
            let mut html = String::new();
            self.push_verdicts(&mut html, groups.get(&group)?, None);
            Some(SectionView { id: id.into(), title: title.into(), html })
        });
        forms.chain(apart).collect()
    }

    fn push_group(&self, out: &mut String, title: &str, members: Option<&Vec<u32>>, within: Option<u16>) {
        let Some(members) = members else { return };
        let _ = writeln!(out, "<h4>{title}（{}项）</h4>", members.len());
        self.push_verdicts(out, members, within);
    }

    /// One list a verdict, closed only where all agree to the last digit.
    fn push_verdicts(&self, out: &mut String, members: &[u32], within: Option<u16>) {
        let verdict = |at: &&u32| self.results.instances.get(**at).map(|instance| instance.verdict);
        for told in TOLD {
            let meant: Vec<u32> = members.iter().filter(|at| verdict(at) == Some(told)).copied().collect();
            if meant.is_empty() {
                continue;
            }
            let (open, class) = (if told == Verdict::Exact { "" } else { " open" }, verdicts::class(told));
            let (name, count) = (told.name(), meant.len());
            let _ = writeln!(out, "<details{open}><summary><b class=\"v {class}\">{name}</b> {count}项</summary>");
            self.writer.push_list(out, &meant, within);
            out.push_str("</details>\n");
        }
    }

    /// For each form, how many relations it takes part in that are told in another place.
    fn elsewhere(&self, groups: &BTreeMap<Group, Vec<u32>>) -> BTreeMap<u16, BTreeMap<Group, u32>> {
        let mut elsewhere: BTreeMap<u16, BTreeMap<Group, u32>> = BTreeMap::new();
        for (group, members) in groups {
            for instance in members.iter().filter_map(|at| self.results.instances.get(*at)) {
                let operands = self.results.instances.operands(instance).iter();
                let mut forms: Vec<u16> =
                    operands.filter_map(|operand| operand.source.cell()).map(|c| c.form).collect();
                forms.sort_unstable();
                forms.dedup();
                for form in forms.into_iter().filter(|form| group.form() != Some(*form)) {
                    *elsewhere.entry(form).or_default().entry(*group).or_default() += 1;
                }
            }
        }
        elsewhere
    }

    fn push_elsewhere(&self, out: &mut String, groups: Option<&BTreeMap<Group, u32>>) {
        let Some(groups) = groups else { return };
        out.push_str("<p class=\"quiet\">与本表有关的还有：");
        for (nth, (group, count)) in groups.iter().enumerate() {
            out.push_str(if nth > 0 { "，" } else { "" });
            let (id, name) = match group {
                Group::Facts => ("facts".to_owned(), "表外数据"),
                Group::Prior => ("prior".to_owned(), "与上年的数"),
                Group::Own(form) | Group::Across(form) => {
                    let form = &self.disclosure.set.forms[usize::from(*form)];
                    (format!("t{}", form.stem), form.code.as_str())
                }
            };
            let _ = write!(out, "<a href=\"#{id}\">");
            push_escaped(out, name);
            let _ = write!(out, "</a>下{count}项");
        }
        out.push_str("。</p>\n");
    }

    /// Every figure with its relations, by table; then the figures without a judged one.
    fn figures(&self) -> (Vec<SectionView>, String) {
        let (mut sections, mut unchecked) = (Vec::new(), String::new());
        let others = ByName::of(&self.listed, &self.disclosure.set);
        for (at, form) in (0_u16..).zip(&self.disclosure.set.forms) {
            let mut html = String::with_capacity(self.disclosure.table(at).rows.len() * ROOM);
            for cell in self.writer.push_figures(&mut html, &self.judged.ledger, at, &others) {
                self.push_unchecked_cell(&mut unchecked, cell, &others);
            }
            if !html.is_empty() {
                let title = format!("{} {}", form.code, form.title);
                sections.push(SectionView { id: format!("n{}", form.stem), title, html });
            }
        }
        let facts = self.facts(&mut unchecked, &others);
        if !facts.is_empty() {
            sections.push(SectionView { id: "nfacts".into(), title: "表外数据".into(), html: facts });
        }
        (sections, unchecked)
    }

    fn push_unchecked_cell(&self, out: &mut String, cell: CellRef, others: &ByName<'_>) {
        out.push_str("<li>");
        self.writer.push_cell(out, cell, None);
        self.push_unchecked(out, &Source::Cell(cell), self.judged.ledger.of_cell(cell).0, others.of_cell(cell));
    }

    fn push_unchecked(&self, out: &mut String, source: &Source, relations: &[u32], others: &[usize]) {
        let _ = write!(out, " <b>{}</b>", self.shown(source));
        if !relations.is_empty() {
            out.push('　');
            self.writer.push_relation_links(out, relations);
        }
        push_other_links(out, others);
        out.push_str("</li>\n");
    }

    fn shown(&self, source: &Source) -> String {
        shown(self.writer.scene.figure(source), self.disclosure.scale)
    }

    /// The facts with their relations; those without a judged one join the unchecked.
    fn facts(&self, unchecked: &mut String, others: &ByName<'_>) -> String {
        let mut html = String::new();
        for (name, _) in self.disclosure.facts.iter().filter(|(_, fact)| verdicts::is_printed(fact.value)) {
            let (relations, standing) = self.judged.ledger.of_fact(name);
            let source = Source::Fact(name.as_str().into());
            if !matches!(standing, Standing::Judged(_)) {
                unchecked.push_str("<li>");
                push_escaped(unchecked, name);
                self.push_unchecked(unchecked, &source, relations, others.of_fact(name));
            }
            if relations.is_empty() {
                continue;
            }
            html.push_str("<li>");
            push_escaped(&mut html, name);
            let _ = write!(html, " <b>{}</b>　", self.shown(&source));
            self.writer.push_relation_links(&mut html, relations);
            push_other_links(&mut html, others.of_fact(name));
            html.push_str("</li>\n");
        }
        html
    }
}

fn count_row(name: &'static str, tally: Tally) -> CountRow {
    CountRow { name, counts: tally.columns, total: tally.total }
}

/// The columns added up, and all of them last.
fn totals<'t>(tallies: impl Iterator<Item = &'t Tally>) -> Vec<u32> {
    let mut totals = vec![0; verdicts::COLUMNS.len() + 1];
    for tally in tallies {
        for (total, count) in totals.iter_mut().zip(tally.columns.iter().chain([&tally.total])) {
            *total += count;
        }
    }
    totals
}
