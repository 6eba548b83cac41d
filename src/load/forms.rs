//! `content/forms/<set>/`: form sets with what they inherit, every name in them resolved.
//!
//! 1. Each folder gives a [`Draft`]: `set.toml` and the forms beside it, as written.
//! 2. Drafts are completed from the set that they extend: a set that lists its forms has only
//!    those, from its own folder or, by stem, from its parent.
//! 3. Relations and concepts are resolved: one of the set's own that means nothing is found,
//!    an inherited one falls away with its form. After this no relation can fail to resolve.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Input;
use super::config::is_slug;
use super::reader::{Reader, Sink, code_text, suggestion, warning, wrong_type};
use super::references::{self, Unresolved};
use super::tree::{Kind as ValueKind, Value};
use crate::amount::Scale;
use crate::diagnostic::{Finding, Place, Placed, Severity};
use crate::model::classification::Classification;
use crate::model::form::{
    Block, Column, FactGroup, FactItem, Foot, Form, FormSet, Kind, Layout, Line, Part, Relation, RowKey, Side,
};
use crate::model::notation::{Equation, Reference};

const FOLDER: &str = "content/forms/";

/// More columns or lines than any form has.
const MOST: usize = 9_999;

/// What every set of final accounts must say where it stands, so that narratives, charts and
/// comparisons work on any set.
pub(super) const CONCEPTS: [&str; 56] = [
    "income_general",
    "income_fund",
    "income_state",
    "income_superior",
    "income_business",
    "income_operating",
    "income_affiliated",
    "income_other",
    "income_total",
    "reserve_used",
    "opening_balance",
    "income_grand_total",
    "spending_total",
    "surplus_distributed",
    "closing_balance",
    "spending_grand_total",
    "income_by_function",
    "income_by_function_total",
    "spending_by_function",
    "spending_function_total",
    "spending_basic",
    "spending_project",
    "spending_upward",
    "spending_operating",
    "spending_affiliated",
    "grant_income_total",
    "grant_grand_total_income",
    "grant_opening",
    "grant_spending_total",
    "grant_spending_general",
    "grant_spending_fund",
    "grant_spending_state",
    "grant_closing",
    "grant_grand_total",
    "general_by_function",
    "general_total",
    "general_basic",
    "general_project",
    "general_basic_by_item",
    "personnel_total",
    "running_total",
    "fund_by_function",
    "state_by_function",
    "three_public",
    "three_public_budget",
    "three_public_budget_abroad",
    "three_public_budget_vehicle",
    "three_public_budget_purchase",
    "three_public_budget_operation",
    "three_public_budget_reception",
    "three_public_actual",
    "three_public_actual_abroad",
    "three_public_actual_vehicle",
    "three_public_actual_purchase",
    "three_public_actual_operation",
    "three_public_actual_reception",
];

/// Every form set by its id.
pub(super) fn read(
    input: &Input<'_>,
    classifications: &BTreeMap<String, Classification>,
    sink: &Sink,
) -> BTreeMap<String, Arc<FormSet>> {
    let mut drafts = BTreeMap::new();
    for id in input.files.folders_in(FOLDER).chain(embedded_ids(input)).collect::<BTreeSet<_>>() {
        if let Some(draft) = Draft::read(input, id, classifications, sink) {
            drafts.insert(id.to_owned(), draft);
        }
    }
    let order = parents_first(&mut drafts, sink);
    let mut sets: BTreeMap<String, Arc<FormSet>> = BTreeMap::new();
    for id in order {
        let Some(draft) = drafts.remove(&id) else { continue };
        let parent = draft.extends.as_ref().and_then(|parent| sets.get(&parent.value)).map(Arc::clone);
        let set = draft.complete(parent.as_deref(), sink);
        sets.insert(id, Arc::new(set));
    }
    sets
}

/// The site's own files that stand in for embedded ones of the same path and say otherwise, in
/// the order of their paths.
pub(super) fn replaced(input: &Input<'_>) -> Vec<String> {
    let replaced = input.files.replaced.iter().filter(|(path, _)| path.starts_with(FOLDER));
    let differs =
        |(path, embedded): &(&String, &Arc<str>)| input.source(path).is_some_and(|source| source.text != **embedded);
    replaced.filter(differs).map(|(path, _)| path.clone()).collect()
}

/// Sets that only the binary has: their folders are not in the site.
fn embedded_ids<'i>(input: &'i Input<'_>) -> impl Iterator<Item = &'i str> {
    input.files.below(FOLDER).filter_map(|(path, _)| path.split_once('/').map(|(id, _)| id))
}

/// A set as its folder gives it.
struct Draft {
    id: String,
    place: Place,
    name: String,
    region: Option<String>,
    kind: Option<Kind>,
    years: Option<(i32, Option<i32>)>,
    extends: Option<Placed<String>>,
    scale: Option<Scale>,
    word: Option<String>,
    list: Option<Vec<Placed<String>>>,
    narrative: Option<Placed<String>>,
    source: Option<String>,
    inferred: Option<Vec<String>>,
    parts: Option<Vec<Part>>,
    part_titles: BTreeMap<Part, String>,
    concepts: Vec<(Placed<String>, Reference)>,
    relations: Vec<Relation>,
    facts: Vec<FactGroup>,
    /// The forms of the folder, by stem.
    forms: BTreeMap<String, Form>,
}

impl Draft {
    fn read(
        input: &Input<'_>,
        id: &str,
        classifications: &BTreeMap<String, Classification>,
        sink: &Sink,
    ) -> Option<Self> {
        let folder = format!("{FOLDER}{id}/");
        let any = input.files.below(&folder).next().map(|(_, source)| source.start());
        if !is_slug(id) {
            let finding = Finding::new("S018", format!("表式目录名“{id}”不能用作网址，没有读入")).at(any);
            sink.add(finding.help("改用小写英文字母、数字和连字符，例如 hubei-2023"));
            return None;
        }
        let path = format!("{folder}set.toml");
        let Some(reader) = input.reader(&path, sink) else {
            if !input.files.has(&path) {
                let finding = Finding::new("S019", format!("表式目录 {FOLDER}{id} 中没有 set.toml")).at(any);
                sink.add(finding.help(format!("新建 {path}；只改几张表时写 extends = \"national-2022\"")));
            }
            return None;
        };
        let mut draft = Self::read_set(id, reader);
        keep_replaced(input, &path, &["relations"], &mut draft.relations, sink);
        draft.read_forms(input, &folder, classifications, sink);
        Some(draft)
    }

    fn read_set(id: &str, reader: Reader<'_>) -> Self {
        let draft = Self {
            id: id.to_owned(),
            place: reader.place,
            name: reader.required("name", "写上表式的名称").value,
            region: reader.string("region"),
            kind: reader.choice("kind", &[("final", Kind::Final), ("budget", Kind::Budget)]),
            years: years(&reader),
            extends: reader.text("extends"),
            scale: scale(&reader),
            word: reader.choice("word", &[("部门", "部门"), ("单位", "单位")]).map(str::to_owned),
            list: reader.texts("forms"),
            narrative: reader.text("narrative"),
            source: reader.string("source"),
            inferred: reader.has("inferred").then(|| reader.strings("inferred")),
            parts: parts(&reader),
            part_titles: part_titles(&reader),
            concepts: concepts(&reader),
            relations: relations(&reader, "relations", false),
            facts: reader.tables("facts").into_iter().map(fact_group).collect(),
            forms: BTreeMap::new(),
        };
        let _ = reader.raw("empty");
        reader.finish();
        draft
    }

    fn read_forms(
        &mut self,
        input: &Input<'_>,
        folder: &str,
        classifications: &BTreeMap<String, Classification>,
        sink: &Sink,
    ) {
        for (name, source) in input.files.below(folder).filter(|(name, _)| *name != "set.toml") {
            let stem = name.strip_suffix(".toml").filter(|stem| is_slug(stem));
            let Some(stem) = stem else {
                let finding = Finding::new("S016", format!("表式目录中不认识的文件“{name}”")).at(source.start());
                sink.add(finding.help("这里只放 set.toml 和 01.toml、02.toml …；别的文件请移走"));
                continue;
            };
            if let Some(reader) = input.reader(&format!("{folder}{name}"), sink) {
                let mut form = form(stem, reader, classifications);
                let path = format!("{folder}{name}");
                keep_replaced(input, &path, &["formulas", "relations"], &mut form.relations, sink);
                self.forms.insert(stem.to_owned(), form);
            }
        }
    }

    /// The set with everything that it inherits, and nothing that does not resolve.
    fn complete(self, parent: Option<&FormSet>, sink: &Sink) -> FormSet {
        let place = self.place;
        self.tell_missing(parent, sink);
        let forms = self.forms_in_order(parent, sink);
        let facts = merged_facts(&self.facts, parent);
        let part_titles = parent.map(|parent| parent.part_titles.clone()).unwrap_or_default();
        let mut set = FormSet {
            id: self.id,
            name: self.name,
            region: self.region.or_else(|| parent.map(|p| p.region.clone())).unwrap_or_default(),
            kind: self.kind.or(parent.map(|p| p.kind)).unwrap_or_default(),
            years: self.years.or(parent.map(|p| p.years)).unwrap_or_default(),
            extends: parent.map(|parent| parent.id.clone()),
            scale: self.scale.or(parent.map(|p| p.scale)).unwrap_or_default(),
            word: self.word.or_else(|| parent.map(|p| p.word.clone())).unwrap_or_else(|| "部门".to_owned()),
            forms,
            narrative: self
                .narrative
                .map(|n| n.value)
                .or_else(|| parent.map(|p| p.narrative.clone()))
                .unwrap_or_default(),
            source: self.source.or_else(|| parent.map(|p| p.source.clone())).unwrap_or_default(),
            inferred: self.inferred.or_else(|| parent.map(|p| p.inferred.clone())).unwrap_or_default(),
            parts: self.parts.or_else(|| parent.map(|p| p.parts.clone())).unwrap_or_else(|| Part::ALL.to_vec()),
            part_titles: part_titles.into_iter().chain(self.part_titles).collect(),
            concepts: BTreeMap::new(),
            relations: Vec::new(),
            facts,
        };
        tell_same_codes(&set, place, sink);
        set.concepts = resolved_concepts(&set, parent, self.concepts, sink);
        tell_missing_concepts(&set, place, sink);
        resolve_relations(&mut set, parent, self.relations, sink);
        set
    }

    fn tell_missing(&self, parent: Option<&FormSet>, sink: &Sink) {
        let missing = |key: &str, help: &str| {
            sink.add(Finding::new("S008", format!("缺少“{key}”")).at(self.place).help(help));
        };
        if parent.is_some() {
            return;
        }
        if self.years.is_none() {
            missing("years", "写上使用的年份，例如 years = [2023, 2023]；还在使用的只写 [2022]");
        }
        if self.list.is_none() {
            missing("forms", "按印出的先后列出各表的文件名，例如 forms = [\"01\", \"02\"]");
        }
        if self.narrative.is_none() {
            missing("narrative", "写上情况说明的模板，即 content/narratives/ 中的文件名");
        }
    }

    /// The forms that the set lists (or its parent does), each from the nearest folder.
    fn forms_in_order(&self, parent: Option<&FormSet>, sink: &Sink) -> Vec<Form> {
        let inherited = |stem: &str| parent.and_then(|p| p.forms.iter().find(|form| form.stem == stem)).cloned();
        let own: Vec<&str> = self.forms.keys().map(String::as_str).collect();
        let stems: Vec<Placed<String>> = match (&self.list, parent) {
            (Some(list), _) => list.clone(),
            (None, Some(parent)) => {
                parent.forms.iter().map(|form| Placed::new(form.stem.clone(), self.place)).collect()
            }
            (None, None) => own.iter().map(|stem| Placed::new((*stem).to_owned(), self.place)).collect(),
        };
        let mut forms: Vec<Form> = Vec::new();
        for stem in &stems {
            if forms.iter().any(|form| form.stem == stem.value) {
                let finding = Finding::new("F006", format!("表“{}”列了两次", stem.value)).at(stem.place);
                sink.add(finding.help("只留一个"));
            } else if let Some(form) = self.forms.get(&stem.value).cloned().or_else(|| inherited(&stem.value)) {
                forms.push(form);
            } else {
                let finding = Finding::new("F002", format!("没有表“{0}”的文件 {0}.toml", stem.value)).at(stem.place);
                sink.add(finding.help(suggestion(&stem.value, &own)));
            }
        }
        for (stem, form) in self.forms.iter().filter(|(stem, _)| !stems.iter().any(|s| s.value == **stem)) {
            let finding = Finding::new("F007", format!("{stem}.toml 不在表式的 forms 中，没有用到")).at(form.place);
            sink.add(finding.help("把它写进 set.toml 的 forms，或者删去这个文件"));
        }
        forms
    }
}

/// The ids of drafts, each after the one that it extends; unknown parents and circles are told.
fn parents_first(drafts: &mut BTreeMap<String, Draft>, sink: &Sink) -> Vec<String> {
    let ids: Vec<String> = drafts.keys().cloned().collect();
    for draft in drafts.values_mut() {
        let Some(parent) = draft.extends.clone().filter(|parent| !ids.contains(&parent.value)) else { continue };
        let known: Vec<&str> = ids.iter().map(String::as_str).filter(|id| *id != draft.id).collect();
        let finding = Finding::new("F001", format!("没有表式“{}”", parent.value)).at(parent.place);
        sink.add(finding.help(suggestion(&parent.value, &known)));
        draft.extends = None;
    }
    let mut order: Vec<String> = Vec::new();
    while order.len() < drafts.len() {
        let ready: Vec<String> = drafts
            .values()
            .filter(|draft| !order.contains(&draft.id))
            .filter(|draft| draft.extends.as_ref().is_none_or(|parent| order.contains(&parent.value)))
            .map(|draft| draft.id.clone())
            .collect();
        if ready.is_empty() {
            break_circle(drafts, &order, sink);
        }
        order.extend(ready);
    }
    order
}

/// Takes the parent from one set of a circle.
fn break_circle(drafts: &mut BTreeMap<String, Draft>, done: &[String], sink: &Sink) {
    let stuck = drafts.values().find(|draft| !done.contains(&draft.id)).map(|draft| draft.id.clone());
    let Some(mut id) = stuck else { return };
    // A set may only hang on a circle; after as many steps as there are sets we stand in it.
    for _ in 0..drafts.len() {
        if let Some(parent) = drafts.get(&id).and_then(|draft| draft.extends.as_ref()) {
            id = parent.value.clone();
        }
    }
    if let Some(draft) = drafts.get_mut(&id)
        && let Some(parent) = draft.extends.take()
    {
        let finding = Finding::new("F001", format!("表式“{id}”的 extends 绕了一圈又回到它自己")).at(parent.place);
        sink.add(finding.help("改正 extends：表式不能从自己继承"));
    }
}

fn years(reader: &Reader<'_>) -> Option<(i32, Option<i32>)> {
    let value = reader.raw("years")?;
    let items = match &value.kind {
        ValueKind::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let years: Vec<i32> = items
        .iter()
        .filter_map(|item| super::reader::integer_of(item, "years", reader.sink()))
        .filter_map(|year| i32::try_from(year).ok())
        .collect();
    match years.as_slice() {
        [first] => Some((*first, None)),
        [first, last] if first <= last => Some((*first, Some(*last))),
        _ => {
            let finding = Finding::new("S007", "“years”应当是一个或两个年份，先小后大").at(value.place);
            reader.sink().add(finding.help("例如 years = [2022, 2025]，还在使用的只写 [2022]"));
            None
        }
    }
}

/// The unit of money below `scale`; 亿元 is for prose only.
pub(super) fn scale(reader: &Reader<'_>) -> Option<Scale> {
    reader.choice("scale", &[("万元", Scale::TenThousand), ("元", Scale::Yuan)])
}

fn part_of(reader: &Reader<'_>, key: &str, text: &Placed<impl AsRef<str>>) -> Option<Part> {
    let part = Part::from_key(text.value.as_ref());
    if part.is_none() {
        let known = Part::ALL.map(Part::key);
        reader.bad_value(key, text, &suggestion(text.value.as_ref(), &known));
    }
    part
}

fn parts(reader: &Reader<'_>) -> Option<Vec<Part>> {
    let texts = reader.texts("parts")?;
    let mut parts = Vec::new();
    for text in &texts {
        let Some(part) = part_of(reader, "parts", text) else { continue };
        if parts.contains(&part) {
            reader.bad_value("parts", text, "同一部分只写一次");
        } else {
            parts.push(part);
        }
    }
    Some(parts)
}

fn part_titles(reader: &Reader<'_>) -> BTreeMap<Part, String> {
    let Some(table) = reader.table("part_titles") else { return BTreeMap::new() };
    let mut titles = BTreeMap::new();
    for entry in table.entries() {
        let title = super::reader::text_of(&entry.value, &entry.key.value, reader.sink());
        if let (Some(part), Some(title)) = (part_of(reader, "part_titles", &entry.key), title) {
            titles.insert(part, title.value);
        }
    }
    titles
}

fn concepts(reader: &Reader<'_>) -> Vec<(Placed<String>, Reference)> {
    let Some(table) = reader.table("concepts") else { return Vec::new() };
    let mut concepts = Vec::new();
    for entry in table.entries() {
        let Some(text) = super::reader::text_of(&entry.value, &entry.key.value, reader.sink()) else { continue };
        match Reference::parse(&text.value) {
            Ok(reference) => concepts.push((Placed::new(entry.key.value.to_string(), text.place), reference)),
            Err(error) => reader.sink().add(bad_notation(&error.to_string(), text.place)),
        }
    }
    concepts
}

fn bad_notation(why: &str, place: Place) -> Finding {
    Finding::new("F003", why.to_owned())
        .at(place)
        .help("写法例如：27行＝（1+2+…+8）行、1栏各行＝（2+3）栏各行、公开01表27行 = 公开02表合计行1栏")
}

/// Relations below a key: texts, or tables with a name and a level.
fn relations(reader: &Reader<'_>, key: &'static str, printed: bool) -> Vec<Relation> {
    let Some(value) = reader.raw(key) else { return Vec::new() };
    let items = match &value.kind {
        ValueKind::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    items.iter().flat_map(|item| relation(item, key, printed, reader.sink())).collect()
}

fn relation(value: &Value, key: &str, printed: bool, sink: &Sink) -> Vec<Relation> {
    let common = Relation {
        equation: Equation {
            left: Vec::new(),
            comparison: crate::model::notation::Comparison::Equal,
            right: Vec::new(),
            text: String::new(),
        },
        name: String::new(),
        severity: Severity::Error,
        printed,
        inferred: false,
        place: value.place,
    };
    match &value.kind {
        ValueKind::Text(text) => equations(text, &common, sink),
        ValueKind::Table(table) => {
            let reader = Reader::new(table, value.place, sink);
            let text = reader.required("text", "写上关系式，例如 text = \"公开01表27行 = 公开02表合计行1栏\"");
            let levels = [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];
            let common = Relation {
                name: reader.string("name").unwrap_or_default(),
                severity: reader.choice("level", &levels).unwrap_or(Severity::Error),
                inferred: reader.boolean("inferred").unwrap_or_default(),
                place: text.place,
                ..common
            };
            reader.finish();
            if text.value.is_empty() { Vec::new() } else { equations(&text.value, &common, sink) }
        }
        _ => {
            wrong_type(value, key, "写成关系式，例如 \"27行＝（1+2+…+8）行\"", sink);
            Vec::new()
        }
    }
}

fn equations(text: &str, common: &Relation, sink: &Sink) -> Vec<Relation> {
    match Equation::parse_all(text) {
        Ok(equations) => equations.into_iter().map(|equation| Relation { equation, ..common.clone() }).collect(),
        Err(error) => {
            sink.add(bad_notation(&format!("关系式“{text}”：{error}"), common.place));
            Vec::new()
        }
    }
}

fn fact_group(reader: Reader<'_>) -> FactGroup {
    let group = FactGroup {
        key: reader.required("group", "写上 disclosure.toml 中的键，例如 group = \"procurement\"").value,
        name: reader.required("name", "写上名称，例如 name = \"附注·政府采购\"").value,
        items: reader.tables("items").into_iter().map(fact_item).collect(),
        by_code: reader.boolean("by_code").unwrap_or_default(),
        relations: relations(&reader, "relations", false),
    };
    reader.finish();
    group
}

fn fact_item(reader: Reader<'_>) -> FactItem {
    let unit = reader.string("unit");
    let is_count = reader.choice("kind", &[("amount", false), ("count", true)]).unwrap_or(unit.is_some());
    if is_count && unit.is_none() {
        reader.missing("unit", "写上计数的单位，例如 unit = \"辆\"");
    }
    let item = FactItem {
        key: reader.required("key", "写上键，例如 key = \"goods\"").value,
        name: reader.required("name", "写上名称，例如 name = \"货物\"").value,
        count_unit: is_count.then(|| unit.unwrap_or_else(|| "个".to_owned())),
    };
    reader.finish();
    item
}

/// The parent's groups, each replaced by the set's own of the same key, then the set's others.
fn merged_facts(own: &[FactGroup], parent: Option<&FormSet>) -> Vec<FactGroup> {
    let inherited = parent.map(|parent| parent.facts.as_slice()).unwrap_or_default();
    let replaced = inherited.iter().map(|group| own.iter().find(|o| o.key == group.key).unwrap_or(group));
    let added = own.iter().filter(|group| !inherited.iter().any(|i| i.key == group.key));
    replaced.chain(added).cloned().collect()
}

/// Two forms of one code could not be told apart in the notation.
fn tell_same_codes(set: &FormSet, place: Place, sink: &Sink) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for form in &set.forms {
        if let Some(first) = seen.insert(&form.code, &form.stem) {
            let finding =
                Finding::new("F006", format!("表号“{}”用了两次：{first}.toml 和 {}.toml", form.code, form.stem));
            sink.add(finding.at(place).help("改正其中一个 code"));
        }
    }
}

fn resolved_concepts(
    set: &FormSet,
    parent: Option<&FormSet>,
    own: Vec<(Placed<String>, Reference)>,
    sink: &Sink,
) -> BTreeMap<String, Reference> {
    let mut concepts: BTreeMap<String, Reference> = BTreeMap::new();
    for (key, reference) in parent.iter().flat_map(|parent| &parent.concepts) {
        if references::concept(set, reference).is_ok() {
            concepts.insert(key.clone(), reference.clone());
        }
    }
    for (key, reference) in own {
        match references::concept(set, &reference) {
            Ok(()) => {
                concepts.insert(key.value, reference);
            }
            Err(error) => {
                concepts.remove(&key.value);
                sink.add(unresolved(&format!("概念 {}", key.value), &error, key.place));
            }
        }
    }
    concepts
}

fn unresolved(what: &str, error: &Unresolved, place: Place) -> Finding {
    Finding::new("F004", format!("{what}：{}", error.message()))
        .at(place)
        .help("核对表号、行次、栏次和附注的名称；表号写 code 中的那个")
}

fn tell_missing_concepts(set: &FormSet, place: Place, sink: &Sink) {
    if set.kind != Kind::Final {
        return;
    }
    let missing: Vec<&str> = CONCEPTS.into_iter().filter(|key| !set.concepts.contains_key(*key)).collect();
    if !missing.is_empty() {
        let finding = Finding::new("F005", format!("[concepts] 中没有 {}", missing.join("、"))).at(place);
        sink.add(warning(finding.help("写明它们在这套表中的位置，例如 income_total = \"公开01表27行\"")));
    }
}

/// Puts the relations into the set, without those that mean nothing in it.
fn resolve_relations(set: &mut FormSet, parent: Option<&FormSet>, own: Vec<Relation>, sink: &Sink) {
    let mut forms = std::mem::take(&mut set.forms);
    let view = FormSet { forms: forms.clone(), ..set.clone() };
    let inherited_form = |form: &Form| parent.is_some_and(|p| p.forms.iter().any(|other| other.place == form.place));
    for (form, blank) in forms.iter_mut().zip(&view.forms) {
        let inherited = inherited_form(form);
        form.relations.retain(|relation| keep(&view, Some(blank), relation, inherited, sink));
    }
    let mut facts = std::mem::take(&mut set.facts);
    for group in &mut facts {
        let old = |relation: &Relation| parent.is_some_and(|p| p.facts.iter().any(|g| has(&g.relations, relation)));
        group.relations.retain(|relation| keep(&view, None, relation, old(relation), sink));
    }
    let mut relations: Vec<Relation> = Vec::new();
    let inherited = parent.iter().flat_map(|parent| &parent.relations);
    for relation in inherited.filter(|relation| !own.iter().any(|o| o.equation.text == relation.equation.text)) {
        if keep(&view, None, relation, true, sink) {
            relations.push(relation.clone());
        }
    }
    relations.extend(own.into_iter().filter(|relation| keep(&view, None, relation, false, sink)));
    (set.forms, set.facts, set.relations) = (forms, facts, relations);
}

fn has(relations: &[Relation], relation: &Relation) -> bool {
    relations.iter().any(|other| other.place == relation.place && other.equation.text == relation.equation.text)
}

/// Whether a relation means something in a set; tells it unless it falls away with its form.
fn keep(set: &FormSet, own: Option<&Form>, relation: &Relation, inherited: bool, sink: &Sink) -> bool {
    match references::equation(set, own, &relation.equation) {
        Ok(()) => true,
        Err(Unresolved::NoForm(_)) if inherited => false,
        Err(error) => {
            let what = if inherited {
                format!("表式“{}”继承的关系式“{}”", set.id, relation.equation.text)
            } else {
                format!("关系式“{}”", relation.equation.text)
            };
            sink.add(unresolved(&what, &error, relation.place));
            false
        }
    }
}

/// A site's file of the same path as an embedded one may add relations but never lose one:
/// those that it lacks are put back.
fn keep_replaced(input: &Input<'_>, path: &str, keys: &[&'static str], own: &mut Vec<Relation>, sink: &Sink) {
    let (Some(text), Some(source)) = (input.files.replaced.get(path), input.source(path)) else { return };
    if *text == source.text {
        return;
    }
    let stretch = super::toml::Source { file: source.id, text, start: 0 };
    let Some(table) = super::toml::parse(stretch, &mut Vec::new()) else { return };
    let quiet = Sink::new();
    let reader = Reader::new(&table, source.start(), &quiet);
    for relation in keys.iter().flat_map(|key| relations(&reader, key, false)) {
        if own.iter().any(|other| other.equation.text == relation.equation.text) {
            continue;
        }
        let finding = Finding::new("F008", format!("少了内置表式的勾稽关系“{}”，已补上", relation.equation.text));
        sink.add(finding.at(source.start()).help("把它写进 relations；核对关系只能增加，不能减少"));
        own.push(Relation { place: source.start(), ..relation });
    }
}

/// A form as its file gives it.
fn form(stem: &str, reader: Reader<'_>, classifications: &BTreeMap<String, Classification>) -> Form {
    let layouts = [("two-sided", 0), ("by-code", 1), ("blocks", 2), ("one-row", 3)];
    if !reader.has("layout") {
        reader.missing("layout", "写 layout = \"two-sided\"、\"by-code\"、\"blocks\" 或 \"one-row\"");
    }
    let layout = reader.choice("layout", &layouts);
    let mut relations_read = relations(&reader, "formulas", true);
    relations_read.extend(relations(&reader, "relations", false));
    let code = reader.required("code", "写上表号，例如 code = \"公开01表\"；不印表号的表也要有一个代号");
    if !code.value.is_empty() && (!code.value.ends_with('表') || code.value.matches('表').count() != 1) {
        reader.bad_value("code", &code, "表号以“表”字结尾，中间没有别的“表”字，例如 公开01表");
    }
    let mut form = Form {
        stem: stem.to_owned(),
        code: code.value,
        title: reader.required("title", "写上表名，不含年度").value,
        layout: Layout::OneRow,
        header: reader.strings("header"),
        notes: reader.strings("notes"),
        formulas: reader.strings("formulas"),
        relations: relations_read,
        empty: reader.string("empty"),
        inferred: reader.strings("inferred"),
        columns: Vec::new(),
        lines: Vec::new(),
        line_numbers: reader.boolean("line_numbers").unwrap_or(true),
        column_numbers: reader.boolean("column_numbers").unwrap_or(true),
        place: reader.place,
    };
    match layout {
        Some(0) => two_sided(&reader, &mut form),
        Some(1) => by_code(&reader, &mut form, classifications),
        Some(2) => blocks(&reader, &mut form, classifications),
        Some(_) => one_row(&reader, &mut form),
        None => {}
    }
    if layout.is_some() {
        tell_twins(&form, &reader);
        reader.finish();
    }
    form
}

fn two_sided(reader: &Reader<'_>, form: &mut Form) {
    let mut sides = Vec::new();
    for side in reader.tables("sides") {
        let columns = add_columns(&side, form);
        let first = form.lines.len();
        for line in side.tables("lines") {
            numbered_line(line, columns.clone(), form);
        }
        sides.push(Side {
            name: side.required("name", "写上这一侧的名称，例如 name = \"收入\"").value,
            label: side.string("label").unwrap_or_else(|| "项目".to_owned()),
            columns,
            lines: first..form.lines.len(),
        });
        side.finish();
    }
    if sides.is_empty() {
        reader.missing("sides", "写 [[sides]]，收入、支出各一个");
    }
    form.layout = Layout::TwoSided(sides);
}

fn numbered_line(line: Reader<'_>, columns: std::ops::Range<usize>, form: &mut Form) {
    let number = line.integer("line");
    if !line.has("line") {
        line.missing("line", "写上行次，例如 line = 27；不印行次的写序号");
    }
    let label = line.string("label").unwrap_or_default();
    let (class, total) = (line.code("class").map(|code| code.value), line.boolean("total").unwrap_or_default());
    if let Some(number) = number.and_then(|number| u32::try_from(number).ok())
        && form.lines.len() < MOST
    {
        form.lines.push(Line { key: RowKey::Line(number), label, class, total, columns });
    }
    line.finish();
}

fn classification(reader: &Reader<'_>, known: &BTreeMap<String, Classification>) -> String {
    let codes = reader.required("codes", "写 codes = \"functional\"（功能分类）或 \"economic\"（经济分类）");
    if !codes.value.is_empty() && !known.contains_key(&codes.value) {
        let known: Vec<&str> = known.keys().map(String::as_str).collect();
        reader.bad_value("codes", &codes, &suggestion(&codes.value, &known));
    }
    codes.value
}

fn by_code(reader: &Reader<'_>, form: &mut Form, classifications: &BTreeMap<String, Classification>) {
    let total_last = reader.choice("total", &[("first", false), ("last", true)]).unwrap_or_default();
    let columns = add_columns(reader, form);
    form.lines.push(Line { key: RowKey::Total, label: "合计".to_owned(), class: None, total: true, columns });
    form.layout = Layout::ByCode { total_last, classification: classification(reader, classifications) };
}

fn one_row(reader: &Reader<'_>, form: &mut Form) {
    add_columns(reader, form);
    form.layout = Layout::OneRow;
}

fn blocks(reader: &Reader<'_>, form: &mut Form, classifications: &BTreeMap<String, Classification>) {
    let columns = add_columns(reader, form);
    let mut blocks = Vec::new();
    for block in reader.tables("blocks") {
        let first = form.lines.len();
        for line in block.tables("lines") {
            coded_line(line, columns.clone(), form);
        }
        let heading = block.required("heading", "写上这一组的名称，例如 heading = \"人员经费\"").value;
        blocks.push(Block { heading, lines: first..form.lines.len() });
        block.finish();
    }
    if blocks.is_empty() {
        reader.missing("blocks", "写 [[blocks]]，每组一个");
    }
    let feet = reader.tables("feet").into_iter().filter_map(|foot| self::foot(foot, &columns, form)).collect();
    form.layout = Layout::Blocks { classification: classification(reader, classifications), blocks, feet };
}

fn coded_line(line: Reader<'_>, columns: std::ops::Range<usize>, form: &mut Form) {
    if !line.has("code") {
        line.missing("code", "写上科目编码，例如 code = \"30101\"");
    }
    let code = line.code("code");
    let label = line.required("label", "写上科目名称").value;
    let total = line.boolean("total").unwrap_or_default();
    if let Some(code) = code
        && form.lines.len() < MOST
    {
        form.lines.push(Line { key: RowKey::Code(code.value), label, class: None, total, columns });
    }
    line.finish();
}

fn foot(foot: Reader<'_>, columns: &std::ops::Range<usize>, form: &mut Form) -> Option<Foot> {
    let label = foot.required("label", "写上合计行的名称，例如 label = \"人员经费合计\"").value;
    let heading = foot.required("heading", "写上它在哪一组下面，例如 heading = \"人员经费\"").value;
    foot.finish();
    let line = form.lines.len();
    let key = RowKey::Label(u16::try_from(line).ok()?);
    form.lines.push(Line { key, label, class: None, total: true, columns: columns.clone() });
    Some(Foot { heading, line })
}

/// Reads the columns below `columns` and returns where they lie among the form's.
fn add_columns(reader: &Reader<'_>, form: &mut Form) -> std::ops::Range<usize> {
    let first = form.columns.len();
    for column in reader.tables("columns") {
        let number = column.raw("number").and_then(|value| code_text(value, "number", reader.sink()));
        if !column.has("number") {
            column.missing("number", "写上栏次，例如 number = \"1\"；不印栏次的写序号");
        }
        let parsed = number.as_ref().and_then(|number| number.value.parse().ok());
        if let (Some(number), None) = (&number, parsed) {
            column.bad_value("number", number, "栏次是整数");
        }
        let (heading, code) = (column.strings("heading"), column.code("code").map(|code| code.value));
        if let Some(number) = parsed.filter(|_| form.columns.len() < MOST) {
            form.columns.push(Column { number, heading, code });
        }
        column.finish();
    }
    if form.columns.len() == first {
        reader.missing("columns", "写上栏目，例如 columns = [{ number = \"1\", heading = [\"金额\"] }]");
    }
    first..form.columns.len()
}

/// Tells lines and columns that could not be told apart.
fn tell_twins(form: &Form, reader: &Reader<'_>) {
    let mut twins = BTreeSet::new();
    let mut rows = BTreeSet::new();
    for line in &form.lines {
        let name = form.row_name(line.key);
        if !rows.insert(name.clone()) {
            twins.insert(name);
        }
    }
    let mut columns = BTreeSet::new();
    for column in &form.columns {
        if !columns.insert(column.number) {
            twins.insert(format!("{}栏", column.number));
        }
    }
    for twin in twins {
        let finding = Finding::new("F006", format!("“{twin}”有两个，分不清")).at(form.place);
        reader.sink().add(finding.help("同一张表中行次、编码、合计行的名称和栏次都不能重复"));
    }
}
