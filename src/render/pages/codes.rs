//! 科目: the classifications by level, and a page a code with who spent on it.

use serde::Serialize;

use crate::model::classification::Classification;
use crate::model::code::{ClassCode, Level};
use crate::render::links::{DeadLink, PageLinks, code_path, term_path};
use crate::render::pages::paging::{Pager, titled};
use crate::render::pages::spent::{SpentView, spent};
use crate::render::pages::{LISTED, Scene};
use crate::render::view::{Drawn, Head, Link, Section};

/// The codes, for `codes.html`.
#[derive(Serialize)]
struct IndexView {
    /// 功能分类, then 经济分类.
    classifications: Vec<ClassificationView>,
}

#[derive(Serialize)]
struct ClassificationView {
    /// Its anchor: `functional`.
    id: String,
    /// Its name.
    name: String,
    /// The document it is from.
    source: String,
    /// Its 类, with all below them.
    classes: Vec<NodeView>,
}

/// A code with the codes below it.
#[derive(Serialize)]
struct NodeView {
    /// The code.
    code: String,
    /// What it is called.
    name: String,
    /// Its page.
    href: String,
    /// In how many disclosures somebody spent on it.
    used: usize,
    /// The codes below it.
    children: Vec<NodeView>,
}

/// A code, for `code.html`.
#[derive(Serialize)]
struct CodeView {
    /// The code.
    code: String,
    /// What it is called.
    name: String,
    /// 类, 款 or 项.
    level: &'static str,
    /// The name of its classification.
    classification: String,
    /// Its full name with the codes above it.
    path: String,
    /// What it was called in earlier years.
    formerly: Vec<String>,
    /// What the classification says of it.
    explanation: Option<String>,
    /// The terms that define it.
    terms: Vec<Link>,
    /// The codes below it.
    children: Vec<Link>,
    /// Units that spent on it, the years side by side.
    spent: SpentView,
    /// How many rows the list has, over all its pages.
    spenders: usize,
    /// The pages of the list.
    pager: Option<Pager>,
    /// The scale of the amounts.
    scale: &'static str,
    /// What the amounts are: 支出合计.
    what: &'static str,
}

pub(super) fn draw_index(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let views = scene.site.classifications.values().map(|classification| {
        let classes = below(scene, classification, None, links)?;
        Ok(ClassificationView {
            id: classification.id.clone(),
            name: classification.name.clone(),
            source: classification.source.clone(),
            classes,
        })
    });
    let mut classifications: Vec<ClassificationView> = views.collect::<Result<_, DeadLink>>()?;
    classifications.sort_by_key(|view| view.id != "functional");
    let head = Head {
        title: "科目".into(),
        description: "支出功能分类和经济分类科目，以及哪些单位有这项支出。".into(),
        crumbs: vec![Link::here("科目")],
        section: Section::Codes,
    };
    Ok(Drawn::new("codes.html", head, &IndexView { classifications }))
}

/// The codes directly below a code (the 类 for `None`), with their own; a code whose parent
/// is not in the list hangs under the nearest one that is.
fn below(
    scene: &Scene<'_>,
    classification: &Classification,
    parent: Option<ClassCode>,
    links: &PageLinks<'_>,
) -> Result<Vec<NodeView>, DeadLink> {
    let codes = classification.codes.iter().filter(|(code, _)| known_parent(classification, **code) == parent);
    codes
        .map(|(code, entry)| {
            Ok(NodeView {
                code: code.to_string(),
                name: entry.name.clone(),
                href: links.to(&code_path(&classification.id, *code))?,
                used: scene.index.spending.get(&(classification.id.clone(), *code)).map_or(0, Vec::len),
                children: below(scene, classification, Some(*code), links)?,
            })
        })
        .collect()
}

fn known_parent(classification: &Classification, code: ClassCode) -> Option<ClassCode> {
    let parent = code.parent()?;
    if classification.codes.contains_key(&parent) { Some(parent) } else { known_parent(classification, parent) }
}

pub(super) fn draw_code(
    scene: &Scene<'_>,
    classification: &str,
    code: ClassCode,
    page: usize,
    links: &PageLinks<'_>,
) -> Result<Drawn, DeadLink> {
    let empty = Classification::default();
    let list = scene.site.classifications.get(classification).unwrap_or(&empty);
    let entry = list.codes.get(&code).cloned().unwrap_or_default();
    let name = if entry.name.is_empty() { format!("科目{code}") } else { entry.name.clone() };
    let children = list.codes.iter().filter(|(child, _)| known_parent(list, **child) == Some(code));
    let children = children.map(|(child, entry)| {
        Ok(Link::new(format!("{child} {}", entry.name), links.to(&code_path(classification, *child))?))
    });
    let list_of = scene.index.spending.get(&(classification.to_owned(), code)).map_or(&[][..], Vec::as_slice);
    let (spent, spenders) = spent(scene, (code, list_of), page, links)?;
    let first = code_path(classification, code);
    let view = CodeView {
        code: code.to_string(),
        name: name.clone(),
        level: code.level().name(),
        classification: list.name.clone(),
        path: full_name(list, code),
        formerly: entry.formerly.iter().map(|(name, until)| format!("{name}（{until}年及以前）")).collect(),
        explanation: entry.explanation.clone(),
        terms: terms(scene, classification, code, links)?,
        children: children.collect::<Result<_, DeadLink>>()?,
        spent,
        spenders,
        pager: Pager::new(&first, page, spenders, links)?,
        scale: LISTED.name(),
        what: if classification == "economic" { "一般公共预算财政拨款基本支出" } else { "支出合计" },
    };
    let mut crumbs = vec![Link::new("科目", links.to("codes/index.html")?)];
    let mut above = Vec::new();
    let mut next = known_parent(list, code);
    while let Some(parent) = next {
        let name = list.codes.get(&parent).map_or("", |entry| entry.name.as_str());
        above.push(Link::new(name, links.to(&code_path(classification, parent))?));
        next = known_parent(list, parent);
    }
    crumbs.extend(above.into_iter().rev());
    crumbs.push(Link::here(&name));
    let head = Head {
        title: titled(&format!("{code} {name}"), page),
        description: format!("{}：{}。", list.name, view.path),
        crumbs,
        section: Section::Codes,
    };
    Ok(Drawn::new("code.html", head, &view))
}

/// `一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）事业运行（项）`
fn full_name(list: &Classification, code: ClassCode) -> String {
    let mut parts = Vec::new();
    let mut next = Some(code);
    while let Some(code) = next {
        if let Some(entry) = list.codes.get(&code) {
            parts.push(format!("{}（{}）", entry.name, code.level().name()));
        }
        next = code.parent();
    }
    parts.reverse();
    parts.concat()
}

fn terms(
    scene: &Scene<'_>,
    classification: &str,
    code: ClassCode,
    links: &PageLinks<'_>,
) -> Result<Vec<Link>, DeadLink> {
    if classification != "functional" || code.level() != Level::Item {
        return Ok(Vec::new());
    }
    let terms = scene.site.terms.values().filter(|term| term.codes.contains(&code));
    terms.map(|term| Ok(Link::new(&term.name, links.to(&term_path(&term.id))?))).collect()
}
