//! 表式: the form sets, and a page a set with its blank forms, relations and doubts.

use serde::Serialize;

use crate::diagnostic::Severity;
use crate::model::form::{Form, FormSet, Relation};
use crate::render::links::{DeadLink, PageLinks, RULES_PATH, disclosure_path, set_path};
use crate::render::pages::{Scene, year_and_kind};
use crate::render::table::{self, Sheet};
use crate::render::view::{Drawn, Head, Link, Section};

/// The form sets, for `forms.html`.
#[derive(Serialize)]
struct IndexView {
    /// The form sets, in the order of their ids.
    sets: Vec<SetEntry>,
}

#[derive(Serialize)]
struct SetEntry {
    /// The set's name.
    name: String,
    /// The set's page.
    href: String,
    /// The region it is of.
    region: String,
    /// 决算 or 预算.
    kind: &'static str,
    /// The years it is in force: `2023年度起`.
    years: String,
    /// How many forms it has.
    forms: usize,
    /// How many disclosures stand on it.
    used: usize,
}

/// A form set, for `form-set.html`.
#[derive(Serialize)]
struct SetView {
    /// The set's name.
    name: String,
    /// The region it is of.
    region: String,
    /// 决算 or 预算.
    kind: &'static str,
    /// The years it is in force.
    years: String,
    /// The scale of its amounts: 万元.
    scale: &'static str,
    /// Where the forms are printed.
    source: String,
    /// The set it takes its forms from.
    extends: Option<Link>,
    /// What no document showed, in sentences.
    inferred: Vec<String>,
    /// The blank forms, in order.
    forms: Vec<FormView>,
    /// Relations between forms.
    relations: Vec<RelationView>,
    /// What the 附注 holds.
    facts: Vec<FactsView>,
    /// What lines mean across sets.
    concepts: Vec<ConceptView>,
    /// The disclosures that stand on it.
    used: Vec<Link>,
    /// The page that says what becomes of a relation that does not hold.
    rules: String,
}

#[derive(Serialize)]
struct ConceptView {
    /// The concept's name in formulas and templates: `income_total`.
    key: String,
    /// The cell it stands for.
    cell: String,
}

#[derive(Serialize)]
struct FormView {
    /// The form's anchor: `t01`.
    id: String,
    /// Its place in the set: 一.
    number: String,
    /// What the form calls itself: 公开01表.
    code: String,
    /// Its title.
    title: String,
    /// The blank form; markup below.
    html: String,
    /// What stands below it when it has no figures.
    empty: Option<String>,
    /// Relations within it.
    relations: Vec<RelationView>,
    /// What no document showed of it, in sentences.
    inferred: Vec<String>,
}

#[derive(Serialize)]
struct RelationView {
    /// The relation as it is written: `4行=5行+6行`.
    text: String,
    /// What it says.
    name: String,
    /// Whether it is printed below the form.
    printed: bool,
    /// Whether no document printed it: it follows from the structure.
    inferred: bool,
    /// What a breach comes to, where that is no error; else empty.
    level: &'static str,
}

#[derive(Serialize)]
struct FactsView {
    /// The name of the group: 政府采购.
    name: String,
    /// Its items with their units.
    items: Vec<String>,
    /// Whether it has one entry a code.
    by_code: bool,
    /// Relations between its items.
    relations: Vec<RelationView>,
}

pub(super) fn draw_index(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let sets = scene.site.sets.values().map(|set| {
        Ok(SetEntry {
            name: set.name.clone(),
            href: links.to(&set_path(&set.id))?,
            region: set.region.clone(),
            kind: set.kind.name(),
            years: years(set),
            forms: set.forms.len(),
            used: scene.site.disclosures.iter().filter(|disclosure| disclosure.set.id == set.id).count(),
        })
    });
    let head = Head {
        title: "表式".into(),
        description: "各地、各年度的法定公开表，连同公式和勾稽关系。".into(),
        crumbs: vec![Link::here("表式")],
        section: Section::Forms,
    };
    Ok(Drawn::new("forms.html", head, &IndexView { sets: sets.collect::<Result<_, DeadLink>>()? }))
}

fn years(set: &FormSet) -> String {
    match set.years {
        (first, Some(last)) if first == last => format!("{first}年度"),
        (first, Some(last)) => format!("{first}—{last}年度"),
        (first, None) => format!("{first}年度起"),
    }
}

pub(super) fn draw_set(scene: &Scene<'_>, set: &FormSet, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let parent = set.extends.as_ref().and_then(|id| scene.site.sets.get(id));
    let extends = parent.map(|parent| Ok(Link::new(&parent.name, links.to(&set_path(&parent.id))?))).transpose()?;
    let used = scene.site.disclosures.iter().filter(|disclosure| disclosure.set.id == set.id);
    let used = used.map(|disclosure| {
        let text = format!("{}{}", scene.unit_name(disclosure), year_and_kind(disclosure));
        Ok(Link::new(text, links.to(&disclosure_path(disclosure))?))
    });
    let view = SetView {
        name: set.name.clone(),
        region: set.region.clone(),
        kind: set.kind.name(),
        years: years(set),
        scale: set.scale.name(),
        source: set.source.clone(),
        extends,
        inferred: set.inferred.clone(),
        forms: set.forms.iter().enumerate().map(|(at, form)| form_view(scene, set, at, form, links)).collect(),
        relations: relations(set, &set.relations),
        facts: facts(set),
        concepts: set
            .concepts
            .iter()
            .map(|(key, cell)| ConceptView { key: key.clone(), cell: cell.to_string() })
            .collect(),
        used: used.collect::<Result<_, DeadLink>>()?,
        rules: links.to(RULES_PATH)?,
    };
    let head = Head {
        title: set.name.clone(),
        description: format!("{}：{}张表、公式和勾稽关系。", set.name, set.forms.len()),
        crumbs: vec![Link::new("表式", links.to("forms/index.html")?), Link::here(&set.name)],
        section: Section::Forms,
    };
    Ok(Drawn::new("form-set.html", head, &view))
}

fn form_view(scene: &Scene<'_>, set: &FormSet, at: usize, form: &Form, links: &PageLinks<'_>) -> FormView {
    let names = form.classification().and_then(|id| scene.site.classifications.get(id));
    let html = table::html(&Sheet {
        set,
        form: u16::try_from(at).unwrap_or(u16::MAX),
        table: None,
        unit: "",
        word: &set.word,
        year: None,
        rebuilt: None,
        names,
        links,
        tools: "",
        checked: None,
        amended: None,
    });
    FormView {
        id: format!("t{}", form.stem),
        number: crate::text::ordinal(at + 1),
        code: form.code.clone(),
        title: form.title.clone(),
        html,
        empty: form.empty.as_ref().map(|text| text.replace("{word}", &set.word)),
        relations: relations(set, &form.relations),
        inferred: form.inferred.clone(),
    }
}

/// A relation as readers of this set know its figures: `{three_public_actual}` by its name.
fn in_words(set: &FormSet, text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((key, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&set.concept_cell(key).map_or_else(|| key.to_owned(), |cell| set.name_of(cell)));
        rest = after;
    }
    out + rest
}

fn relations(set: &FormSet, relations: &[Relation]) -> Vec<RelationView> {
    relations
        .iter()
        .map(|relation| RelationView {
            text: in_words(set, &relation.equation.text),
            name: relation.name.clone(),
            printed: relation.printed,
            inferred: relation.inferred,
            level: if relation.severity == Severity::Error { "" } else { relation.severity.name() },
        })
        .collect()
}

fn facts(set: &FormSet) -> Vec<FactsView> {
    let item = |item: &crate::model::form::FactItem| match &item.count_unit {
        Some(unit) => format!("{}（{unit}）", item.name),
        None => format!("{}（{}）", item.name, set.scale),
    };
    set.facts
        .iter()
        .map(|group| FactsView {
            name: group.name.clone(),
            items: group.items.iter().map(item).collect(),
            by_code: group.by_code,
            relations: relations(set, &group.relations),
        })
        .collect()
}
