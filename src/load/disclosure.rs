//! `content/units/<unit>/<year>/`: one unit's year, from all its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::attachments;
use super::config::is_slug;
use super::exceptions;
use super::facts;
use super::forms::scale;
use super::markdown;
use super::own_narrative;
use super::performance;
use super::placeholders;
use super::reader::{Reader, Sink, code_text, suggestion, text_of, warning};
use super::references;
use super::tables::TableContext;
use super::tree::normal_key;
use super::typed_prose;
use super::units::{self, FOLDER};
use super::versions;
use super::{Input, has_extension};
use crate::amount::Scale;
use crate::diagnostic::{Finding, Place, Placed, Severity};
use crate::model::amendment::Amendment;
use crate::model::classification::Classification;
use crate::model::code::ClassCode;
use crate::model::date::Date;
use crate::model::disclosure::{Correction, Disclosure, OwnSection, Reception, State, WorkItem};
use crate::model::form::{Form, FormSet, Kind};
use crate::model::glossary::Term;
use crate::model::table::Table;
use crate::model::unit::Unit;
use crate::text::{fold_width, nearest};

/// The places of the narrative for which a unit gives reasons and uses.
pub(super) const NARRATIVE_KEYS: [&str; 12] = [
    "income_spending_total",
    "spending_total",
    "grant_total",
    "income_general",
    "general_total",
    "three_public",
    "three_public_abroad",
    "three_public_vehicle",
    "three_public_purchase",
    "three_public_operation",
    "three_public_reception",
    "running_cost",
];

/// The files directly in a year's folder.
const FILES: [&str; 9] = [
    "disclosure.toml",
    "disclosure.json",
    "stated.toml",
    "stated.json",
    "work.toml",
    "work.json",
    "work.md",
    "performance.md",
    "narrative.md",
];

/// What a disclosure is read with.
pub(super) struct Context<'c> {
    pub(super) input: &'c Input<'c>,
    pub(super) sets: &'c BTreeMap<String, Arc<FormSet>>,
    pub(super) classifications: &'c BTreeMap<String, Classification>,
    pub(super) terms: &'c BTreeMap<String, Term>,
}

/// A year's folder.
struct Folder<'f> {
    unit: &'f Unit,
    year: i32,
    /// The kind in the folder's name: `2023-budget`.
    kind: Option<Kind>,
    /// `content/units/caidian-ggzy/2023/`
    path: String,
    /// Whether it holds an earlier version: `content/units/caidian-ggzy/2023/versions/1/`.
    is_earlier: bool,
}

/// Every disclosure, by unit, then year, then kind; read in parallel.
pub(super) fn read(context: &Context<'_>, units: &BTreeMap<String, Unit>, sink: &Sink) -> Vec<Disclosure> {
    let folders: Vec<Folder<'_>> = units.values().flat_map(|unit| folders(context.input, unit, sink)).collect();
    let read: Vec<(Option<Disclosure>, Vec<Finding>)> = folders
        .par_iter()
        .map(|folder| {
            let sink = Sink::about(&folder.unit.id, folder.year);
            let disclosure = YearReader { context, folder, sink: &sink }.read();
            (disclosure, sink.into_findings())
        })
        .collect();
    let mut disclosures: Vec<Disclosure> = Vec::new();
    for (disclosure, findings) in read {
        sink.add_all(findings);
        disclosures.extend(disclosure);
    }
    disclosures.sort_by(|a, b| (&a.unit, a.year, a.kind).cmp(&(&b.unit, b.year, b.kind)));
    without_doubles(disclosures, sink)
}

fn without_doubles(disclosures: Vec<Disclosure>, sink: &Sink) -> Vec<Disclosure> {
    let mut kept: Vec<Disclosure> = Vec::new();
    for disclosure in disclosures {
        let key = |d: &Disclosure| (d.unit.clone(), d.year, d.kind);
        match kept.last().filter(|last| key(last) == key(&disclosure)) {
            Some(first) => {
                let message = format!("{}年度的{}有两份", disclosure.year, disclosure.kind.name());
                let finding = Finding::new("S023", message).at(disclosure.place);
                let finding = finding.about(&disclosure.unit, disclosure.year).related("另一份", first.place);
                sink.add(finding.help("同一年度、同一种类只留一份；预算写 kind = \"budget\""));
            }
            None => kept.push(disclosure),
        }
    }
    kept
}

/// The year folders of a unit; other names are told.
fn folders<'f>(input: &'f Input<'_>, unit: &'f Unit, sink: &Sink) -> Vec<Folder<'f>> {
    let parent = format!("{FOLDER}{}/", unit.id);
    let mut found = Vec::new();
    for name in input.files.folders_in(&parent) {
        let path = format!("{parent}{name}/");
        if let Some((year, kind)) = year_of(name) {
            found.push(Folder { unit, year, kind, path, is_earlier: false });
        } else {
            let place = input.files.below(&path).next().map(|(_, source)| source.start());
            let finding = Finding::new("S018", format!("单位“{}”的目录“{name}”不是年度，没有读入", unit.id));
            sink.add(finding.at(place).help("年度目录写成 2023；同一年还有预算时，预算写成 2023-budget"));
        }
    }
    for (name, source) in input
        .files
        .below(&parent)
        .filter(|(name, _)| !name.contains('/') && !matches!(*name, "unit.toml" | "unit.json"))
    {
        let finding = Finding::new("S016", format!("单位目录中不认识的文件“{name}”")).at(source.start());
        sink.add(finding.help("这里只放 unit.toml 和各年度的目录"));
    }
    found
}

/// `2023`, `2023-final` or `2023-budget`.
pub(super) fn year_of(name: &str) -> Option<(i32, Option<Kind>)> {
    let (year, kind) = name.split_once('-').map_or((name, None), |(year, kind)| (year, Some(kind)));
    let digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let year = year.parse().ok().filter(|year| digits && (1950..=2199).contains(year))?;
    match kind {
        None => Some((year, None)),
        Some(kind) => Kind::from_key(kind).map(|kind| (year, Some(kind))),
    }
}

/// The years that a title names: four digits before 年.
fn years_in(title: &str) -> Vec<i32> {
    let title = fold_width(title);
    let before = title.match_indices('年').map(|(at, _)| title[..at].trim_end());
    before.filter_map(|text| text.get(text.len().checked_sub(4)?..)?.parse().ok()).collect()
}

/// Reads one year's folder.
struct YearReader<'y> {
    context: &'y Context<'y>,
    folder: &'y Folder<'y>,
    sink: &'y Sink,
}

impl<'y> YearReader<'y> {
    fn read(&self) -> Option<Disclosure> {
        let reader = self.main_file();
        let set = reader.as_ref().and_then(|reader| self.set(reader));
        self.tell_unknown_files(set.as_deref());
        placeholders::tell(self.context.input, &self.folder.path, self.sink);
        let (reader, set) = (reader?, set?);
        let published = reader.date("published");
        let amendments = self.amendments(&reader, published);
        let scale = scale(&reader).unwrap_or(set.scale);
        let word = reader
            .choice("word", &[("部门", "部门"), ("单位", "单位")])
            .map_or_else(|| set.word.clone(), str::to_owned);
        // A skeleton that is still all comments is not there yet.
        let stated = self.reader("stated").filter(|stated| !stated.is_empty());
        let stated = stated.map(|stated| facts::stated(stated, &set, scale, self.sink));
        let (stated, controls) = stated.unwrap_or_default();
        let disclosure = Disclosure {
            unit: self.folder.unit.id.clone(),
            year: self.folder.year,
            kind: self.kind(&reader, &set),
            title: self.title(&reader),
            published,
            approved: reader.date("approved"),
            scale,
            rebuilt: reader.string("rebuilt"),
            about: units::about(&reader).unwrap_or_else(|| self.folder.unit.about.clone()),
            tables: self.tables(&set, scale, &word, reader.place),
            prior: facts::prior(reader.table("prior"), &set, scale, self.sink),
            facts: facts::facts(reader.table("facts"), &set, scale, self.sink),
            stated,
            controls,
            reasons: self.by_narrative_key(reader.table("reasons").as_ref()),
            uses: self.by_narrative_key(reader.table("uses").as_ref()),
            vehicle_use: self.vehicle_use(reader.table("vehicle_use").as_ref(), &set),
            receptions: reader.tables("receptions").into_iter().map(|row| reception(row, scale)).collect(),
            terms: self.terms(reader.table("glossary")),
            corrections: reader.tables("corrections").into_iter().map(|row| self.correction(row, &set)).collect(),
            exceptions: exceptions::exceptions(reader.tables("exceptions"), &set),
            evaluations: performance::read(self.context.input, &self.folder.path, scale, self.sink),
            performance_text: self.text_file("performance.md"),
            narrative_text: self.narrative_text(),
            prose: typed_prose::read(self.context.input, &self.folder.path),
            work_text: self.text_file("work.md"),
            work_items: self.work_items(),
            attachments: attachments::read(self.context.input.files, &self.folder.path, reader.place, self.sink),
            amendments,
            state: reader.choice("state", &[("ready", State::Ready), ("draft", State::Draft)]).unwrap_or_default(),
            place: reader.place,
            word,
            set,
        };
        reader.finish();
        Some(disclosure)
    }

    /// The republications with the versions that they replaced; of an earlier version itself they
    /// are given by those of the present one.
    fn amendments(&self, reader: &Reader<'y>, published: Option<Placed<Date>>) -> Vec<Amendment> {
        let stated = versions::stated(reader.tables("amendments"), published, self.sink);
        if self.folder.is_earlier {
            return Vec::new();
        }
        let earlier = |version: u32| self.earlier(version);
        versions::amendments(self.context.input, &self.folder.path, stated, reader.place, &earlier, self.sink)
    }

    /// An earlier version. It was published as it is, so that only what keeps it from being read
    /// is told.
    fn earlier(&self, version: u32) -> Option<Disclosure> {
        let Folder { unit, year, kind, .. } = *self.folder;
        let path = versions::folder(&self.folder.path, version);
        let sink = Sink::about(&unit.id, year);
        let folder = Folder { unit, year, kind, path, is_earlier: true };
        let disclosure = YearReader { context: self.context, folder: &folder, sink: &sink }.read();
        self.sink.add_all(sink.into_findings().into_iter().filter(versions::is_told).collect());
        disclosure
    }

    fn path(&self, name: &str) -> String {
        format!("{}{name}", self.folder.path)
    }

    /// A reader of a data file, named without its ending.
    fn reader(&self, stem: &str) -> Option<Reader<'y>> {
        let input = self.context.input;
        input.reader(&input.data_file(&self.path(stem), self.sink)?, self.sink)
    }

    /// A reader of `disclosure.toml`.
    fn main_file(&self) -> Option<Reader<'y>> {
        let input = self.context.input;
        let Some(path) = input.data_file(&self.path("disclosure"), self.sink) else {
            let place = input.files.below(&self.folder.path).next().map(|(_, source)| source.start());
            let finding = Finding::new("S019", format!("{}没有 disclosure.toml，没有读入", self.folder.path)).at(place);
            let path = self.path("disclosure.toml");
            self.sink.add(finding.help(format!("新建 {path}；用 disclose new disclosure 可以生成全部文件")));
            return None;
        };
        input.reader(&path, self.sink)
    }

    fn set(&self, reader: &Reader<'_>) -> Option<Arc<FormSet>> {
        let id = reader.required("forms", "写上表式，例如 forms = \"national-2022\"");
        if id.value.is_empty() {
            return None;
        }
        let set = self.context.sets.get(&id.value).map(Arc::clone);
        let Some(set) = set else {
            let known: Vec<&str> = self.context.sets.keys().map(String::as_str).collect();
            let finding = Finding::new("S025", format!("没有表式“{}”，这一年没有读入", id.value)).at(id.place);
            self.sink.add(finding.help(suggestion(&id.value, &known)));
            return None;
        };
        let (first, last) = set.years;
        let year = self.folder.year;
        if year < first || last.is_some_and(|last| year > last) {
            let span = match last {
                None => format!("{first}年度起"),
                Some(last) if last == first => format!("{first}年度"),
                Some(last) => format!("{first}—{last}年度"),
            };
            let message = format!("表式“{}”用于{span}，这里是{year}年度", id.value);
            let others = self.context.sets.values().filter(|other| {
                other.kind == set.kind && other.years.0 <= year && other.years.1.is_none_or(|last| year <= last)
            });
            let others: Vec<&str> = others.map(|other| other.id.as_str()).collect();
            let help = if others.is_empty() {
                "核对年度和表式".to_owned()
            } else {
                format!("可用的有：{}", others.join("、"))
            };
            self.sink.add(warning(Finding::new("S024", message)).at(id.place).help(help));
        }
        Some(set)
    }

    /// The title; one that names other years than this was copied from another year.
    fn title(&self, reader: &Reader<'_>) -> String {
        let title = reader.required("title", "写上公开文件的标题");
        let years = years_in(&title.value);
        if !years.is_empty() && !years.contains(&self.folder.year) {
            let message = format!("标题写的是{}年，这里是{}年度", years[0], self.folder.year);
            let finding = Finding::new("S045", message).at(title.place);
            self.sink.add(finding.help("核对标题和年度目录名"));
        }
        title.value
    }

    fn kind(&self, reader: &Reader<'_>, set: &FormSet) -> Kind {
        let choices = [("final", Kind::Final), ("budget", Kind::Budget)];
        let kind = reader.choice("kind", &choices).or(self.folder.kind).unwrap_or(set.kind);
        let wrong = [("表式", Some(set.kind)), ("目录名", self.folder.kind)]
            .into_iter()
            .find(|(_, other)| other.is_some_and(|other| other != kind));
        if let Some((what, Some(other))) = wrong {
            let message = format!("这一份是{}，{what}却是{}的", kind.name(), other.name());
            self.sink.add(Finding::new("S026", message).at(reader.place).help("核对 kind、forms 和目录名"));
        }
        kind
    }

    fn tables(&self, set: &FormSet, scale: Scale, word: &str, place: Place) -> Vec<Table> {
        let tables = set.forms.iter().zip(0_u16..).map(|(form, index)| {
            let classification = form.classification().and_then(|id| self.context.classifications.get(id));
            let context =
                TableContext { set, index, classification, year: self.folder.year, scale, word, sink: self.sink };
            let input = self.context.input;
            let Some(path) = input.data_file(&self.path(&format!("tables/{}", form.stem)), self.sink) else {
                self.tell_missing_table(form, word, place);
                return context.missing(place);
            };
            match input.reader(&path, self.sink) {
                Some(reader) => context.read(reader),
                None => context.missing(input.source(&path).map_or(place, super::files::Source::start)),
            }
        });
        tables.collect()
    }

    fn tell_missing_table(&self, form: &Form, word: &str, place: Place) {
        let finding = Finding::new("S031", format!("缺少{}《{}》", form.code, form.title)).at(place);
        let example = form.empty.as_deref().map_or("…".to_owned(), |text| text.replace("{word}", word));
        self.sink.add(
            finding.cell(form.code.clone()).help(format!(
                "新建 {}tables/{}.toml；确无数据的写 empty = \"{example}\"",
                self.folder.path, form.stem
            )),
        );
    }

    fn text_file(&self, name: &str) -> Option<Placed<String>> {
        let source = self.context.input.source(&self.path(name))?;
        let text = markdown::without_comments(source);
        placeholders::tell_prose(&source.text, text.place, self.sink);
        (!text.value.is_empty()).then_some(text)
    }

    /// The sections of `narrative.md`; a skeleton that is still all comments has none.
    fn narrative_text(&self) -> Vec<OwnSection> {
        let Some(source) = self.context.input.source(&self.path("narrative.md")) else { return Vec::new() };
        let text = markdown::without_comments(source);
        placeholders::tell_prose(&source.text, text.place, self.sink);
        own_narrative::sections(source, text.place, self.sink)
    }

    fn by_narrative_key(&self, reader: Option<&Reader<'_>>) -> BTreeMap<String, Placed<String>> {
        let mut texts = BTreeMap::new();
        for entry in reader.map(Reader::entries).unwrap_or_default() {
            let key = normal_key(&entry.key.value).into_owned();
            if !NARRATIVE_KEYS.contains(&key.as_str()) && ClassCode::parse(&key).is_none() {
                let finding = Finding::new("S028", format!("情况说明中没有“{}”这一处", entry.key.value));
                let help = format!("{}；或者写科目编码", suggestion(&key, &NARRATIVE_KEYS));
                self.sink.add(warning(finding.at(entry.key.place).help(help)));
            }
            if let Some(text) = text_of(&entry.value, &entry.key.value, self.sink) {
                texts.insert(key, text);
            }
        }
        texts
    }

    fn vehicle_use(&self, reader: Option<&Reader<'_>>, set: &FormSet) -> BTreeMap<String, String> {
        let group = set.facts.iter().find(|group| group.key == "vehicles");
        let known: Vec<&str> = group.iter().flat_map(|group| &group.items).map(|item| item.key.as_str()).collect();
        let mut uses = BTreeMap::new();
        for entry in reader.map(Reader::entries).unwrap_or_default() {
            if !known.contains(&&*entry.key.value) {
                self.sink.add(super::reader::unknown_key(&entry.key, &known));
            } else if let Some(text) = text_of(&entry.value, &entry.key.value, self.sink) {
                uses.insert(entry.key.value.to_string(), text.value);
            }
        }
        uses
    }

    fn terms(&self, reader: Option<Reader<'_>>) -> Vec<Placed<String>> {
        let Some(reader) = reader else { return Vec::new() };
        let terms = reader.texts("terms").unwrap_or_default();
        reader.finish();
        let known: Vec<&str> = self.context.terms.keys().map(String::as_str).collect();
        let mut kept: Vec<Placed<String>> = Vec::new();
        for term in terms {
            if !self.context.terms.contains_key(&term.value) {
                let finding = Finding::new("S027", format!("名词解释中没有“{}”", term.value)).at(term.place);
                let help = nearest(&term.value, known.iter().copied()).map_or_else(
                    || format!("新建 content/glossary/{}.md，或者删去", term.value),
                    |near| format!("是不是“{near}”？"),
                );
                self.sink.add(finding.help(help));
            } else if let Some(first) = kept.iter().find(|other| other.value == term.value) {
                let finding = Finding::new("S002", format!("名词“{}”列了两次", term.value)).at(term.place);
                self.sink.add(finding.related("第一次列在这里", first.place).help("只留一个"));
            } else {
                kept.push(term);
            }
        }
        kept
    }

    fn correction(&self, row: Reader<'_>, set: &FormSet) -> Correction {
        let cell = row.text("cell");
        if let Some(cell) = &cell
            && let Err(why) = references::target(set, &cell.value)
        {
            let finding = Finding::new("S053", format!("“{}”：{why}", cell.value)).at(cell.place);
            self.sink.add(finding.help("写成“表号、行、栏”或附注的名称；不指某一格时删去 cell"));
        }
        let correction = Correction {
            place_in_document: row.required("where", "写上在公开文件的什么地方").value,
            printed: row.required("printed", "写上原文所印").value,
            right: row.required("right", "写上正确的写法").value,
            note: row.string("note").unwrap_or_default(),
            cell: cell.map(|cell| cell.value),
            place: row.place,
        };
        row.finish();
        correction
    }

    fn work_items(&self) -> Vec<WorkItem> {
        let Some(reader) = self.reader("work") else { return Vec::new() };
        let items = reader.tables("items").into_iter().zip(1..).map(|(row, number)| work_item(row, number)).collect();
        reader.finish();
        items
    }

    /// Every file that nothing reads is told: it may be a misspelt one.
    fn tell_unknown_files(&self, set: Option<&FormSet>) {
        let stems: Vec<&str> = set.iter().flat_map(|set| &set.forms).map(|form| form.stem.as_str()).collect();
        for (name, source) in self.context.input.files.below(&self.folder.path) {
            let help = match name.split_once('/') {
                None if FILES.contains(&name) => continue,
                None => suggestion(name, &FILES),
                Some(("performance" | "attachments", rest)) if !rest.contains('/') => continue,
                Some(("versions", _)) if !self.folder.is_earlier => continue,
                Some(("tables", rest)) => match table_help(rest, &stems, set.is_none()) {
                    Some(help) => help,
                    None => continue,
                },
                Some((folder, _)) => suggestion(folder, &["tables", "performance", "attachments", "versions"]),
            };
            let is_data = ["toml", "json", "md"].into_iter().any(|extension| has_extension(name, extension));
            let severity = if is_data { Severity::Error } else { Severity::Warning };
            let finding = Finding::new("S016", format!("不认识的文件“{name}”，没有读入")).at(source.start());
            self.sink.add(finding.severity(severity).help(help));
        }
    }
}

/// What to do about a file in `tables/`; `None` when it is one of the set's.
fn table_help(name: &str, stems: &[&str], set_is_unknown: bool) -> Option<String> {
    let stem = name.strip_suffix(".toml").or_else(|| name.strip_suffix(".json"));
    let Some(stem) = stem.filter(|stem| is_slug(stem)) else {
        return Some(format!("表的文件名写成 {}.toml 或 .json", stems.first().unwrap_or(&"01")));
    };
    if set_is_unknown || stems.contains(&stem) {
        return None;
    }
    let padded = format!("0{stem}");
    let near = stems.iter().find(|known| **known == padded);
    Some(near.map_or_else(|| suggestion(stem, stems), |near| format!("是不是“{near}.toml”？")))
}

fn reception(row: Reader<'_>, scale: Scale) -> Reception {
    let guests = row.required("guests", "写上接待的单位").value;
    let sink = row.sink();
    let amount = row.raw("amount").map_or(crate::model::table::Figure::Blank, |value| {
        facts::figure(value, scale, &format!("接待“{guests}”的金额"), sink)
    });
    let count = |key: &'static str, name: &str, unit: &str| {
        row.raw(key).and_then(|value| facts::count(value, name, unit, sink).count())
    };
    let reception = Reception {
        purpose: row.string("purpose"),
        amount,
        groups: count("groups", "接待批次", "批次"),
        people: count("people", "接待人次", "人次"),
        place: row.place,
        guests,
    };
    row.finish();
    reception
}

fn work_item(row: Reader<'_>, number: usize) -> WorkItem {
    let written = row.raw("no").and_then(|value| code_text(value, "no", row.sink())).map(|no| no.value);
    let item = WorkItem {
        number: written.unwrap_or_else(|| number.to_string()),
        matter: row.required("matter", "写上重要事项").value,
        goal: row.string("goal").unwrap_or_default(),
        result: row.string("result").unwrap_or_default(),
        place: row.place,
    };
    row.finish();
    item
}
