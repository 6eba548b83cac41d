//! 数据质量规则: what is checked, how it is judged, and every code with an anchor of its own.
//! The rules about figures and words stand first: they are what a citizen asks for.

use serde::Serialize;

use crate::diagnostic::{Code, GROUPS, Group, LEVELS, ON_EXCEPTIONS, ON_LEVELS, ON_VERDICTS, Severity, VERDICTS};
use crate::model::form::{FormSet, Relation};
use crate::model::site::Site;
use crate::render::links::{DeadLink, PageLinks, set_path};
use crate::render::pages::Scene;
use crate::render::view::{Drawn, Head, Link, Section};

/// The page's title, and what links to it say.
pub(super) const TITLE: &str = "数据质量规则";

/// The rules, for `rules.html`.
#[derive(Serialize)]
struct View {
    /// The title.
    title: &'static str,
    /// How many codes there are.
    count: usize,
    /// How relations are judged, in words.
    on_verdicts: &'static str,
    /// The verdicts.
    verdicts: Vec<Meaning>,
    /// The levels of findings.
    levels: Vec<Meaning>,
    /// What sites may change about levels, in words.
    on_levels: &'static str,
    /// What units may explain, in words.
    on_exceptions: &'static str,
    /// The codes by group, those about figures and words first.
    groups: Vec<GroupView>,
    /// The form sets with their relations.
    sets: Vec<SetView>,
}

#[derive(Serialize)]
struct Meaning {
    /// The word.
    name: &'static str,
    /// What it means.
    meaning: &'static str,
}

#[derive(Serialize)]
struct GroupView {
    /// The letter that its codes begin with.
    letter: char,
    /// The name of the group.
    name: &'static str,
    /// What the group is about.
    about: &'static str,
    /// Its codes in order.
    codes: Vec<CodeView>,
}

#[derive(Serialize)]
struct CodeView {
    /// The code: `C101`.
    id: &'static str,
    /// Its name for programs.
    name: &'static str,
    /// What it is about.
    title: &'static str,
    /// Its usual level.
    level: &'static str,
    /// Whether a law or a printed form requires it.
    statutory: bool,
    /// What it checks and what to do.
    docs: &'static str,
    /// What this site changes about it.
    changed: Option<Changed>,
}

/// A level that the site has changed.
#[derive(Serialize)]
struct Changed {
    /// The level here.
    level: &'static str,
    /// Why.
    reason: String,
}

#[derive(Serialize)]
struct SetView {
    /// Its anchor.
    id: String,
    /// The page of the set.
    link: Link,
    /// How many relations it has.
    count: usize,
    /// Its relations by form, then of facts, then between forms.
    parts: Vec<PartView>,
}

/// The relations of one form, of one group of facts, or between forms.
#[derive(Serialize)]
struct PartView {
    /// The form or group.
    name: String,
    /// Its relations.
    relations: Vec<RelationView>,
}

#[derive(Serialize)]
struct RelationView {
    /// What it says.
    name: String,
    /// The relation as it is written.
    text: String,
    /// Whether it is printed below the form.
    printed: bool,
    /// What a breach comes to.
    level: &'static str,
}

pub(super) fn draw(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let mut groups: Vec<&Group> = GROUPS.iter().collect();
    groups.sort_by_key(|group| !matches!(group.letter, 'C' | 'N'));
    let groups: Vec<GroupView> = groups.into_iter().map(|group| group_view(group, scene.site)).collect();
    let sets = scene.site.sets.values().map(|set| set_view(set, links));
    let view = View {
        title: TITLE,
        count: groups.iter().map(|group| group.codes.len()).sum(),
        on_verdicts: ON_VERDICTS,
        verdicts: VERDICTS.iter().map(|(_, name, meaning)| Meaning { name, meaning }).collect(),
        levels: LEVELS.iter().map(|(severity, meaning)| Meaning { name: severity.name(), meaning }).collect(),
        on_levels: ON_LEVELS,
        on_exceptions: ON_EXCEPTIONS,
        groups,
        sets: sets.collect::<Result<_, DeadLink>>()?,
    };
    let head = Head {
        title: TITLE.into(),
        description: "公开前检查什么，怎样判断相符与不符，每条规则的级别和说明。".into(),
        crumbs: vec![Link::here(TITLE)],
        section: Section::Other,
    };
    Ok(Drawn::new("rules.html", head, &view))
}

fn group_view(group: &Group, site: &Site) -> GroupView {
    let codes = group.codes().into_iter().map(|code| code_view(code, site));
    GroupView { letter: group.letter, name: group.name, about: group.about, codes: codes.collect() }
}

fn code_view(code: &'static Code, site: &Site) -> CodeView {
    let change = site.config.levels.iter().find(|change| change.code.id == code.id);
    let changed = change.map(|change| Changed {
        level: change.severity.map_or("关闭", Severity::name),
        reason: change.reason.trim_end_matches('。').to_owned(),
    });
    CodeView {
        id: code.id,
        name: code.name,
        title: code.title,
        level: code.severity.name(),
        statutory: code.statutory,
        docs: code.docs,
        changed,
    }
}

/// A set with all its relations: those of each form, of its facts, and between its forms.
fn set_view(set: &FormSet, links: &PageLinks<'_>) -> Result<SetView, DeadLink> {
    let of_forms = set.forms.iter().map(|form| part_view(&form.title, &form.relations));
    let of_facts = set.facts.iter().map(|group| part_view(&group.name, &group.relations));
    let between = std::iter::once(part_view("表间关系", &set.relations));
    let parts: Vec<PartView> =
        of_forms.chain(of_facts).chain(between).filter(|part| !part.relations.is_empty()).collect();
    Ok(SetView {
        id: format!("set-{}", set.id),
        link: Link::new(&set.name, links.to(&set_path(&set.id))?),
        count: parts.iter().map(|part| part.relations.len()).sum(),
        parts,
    })
}

fn part_view(name: &str, relations: &[Relation]) -> PartView {
    let relations = relations.iter().map(|relation| RelationView {
        name: relation.name.clone(),
        text: relation.equation.text.clone(),
        printed: relation.printed,
        level: relation.severity.name(),
    });
    PartView { name: name.to_owned(), relations: relations.collect() }
}
