//! A part of a site that can be checked and planned by itself: some units with the units below
//! them. What the checks of a disclosure look at is its unit's other years and, for a 部门, the
//! disclosures of its units; so a save in one folder can be shown before everything is checked.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Finding, Placed, sort};
use crate::load::Loaded;
use crate::model::disclosure::Disclosure;
use crate::model::unit::Unit;

/// What is set aside of a site.
pub(super) struct Aside {
    disclosures: Vec<Disclosure>,
    units: BTreeMap<String, Unit>,
    findings: Vec<Finding>,
    /// Which published addresses are missing is no matter of a part.
    urls: Vec<Placed<String>>,
}

/// Sets everything aside that the checks of these units do not look at.
pub(super) fn set_aside(loaded: &mut Loaded, units: &BTreeSet<String>) -> Aside {
    let site = &mut loaded.site;
    let is_below = |unit: &Unit| unit.parent.as_ref().is_some_and(|parent| units.contains(parent));
    let below = site.units.values().filter(|unit| is_below(unit)).map(|unit| unit.id.clone());
    let looked_at: BTreeSet<String> = units.iter().cloned().chain(below).collect();
    // The units above are not checked; pages name them.
    let mut named = looked_at.clone();
    let mut above: Vec<String> = units.iter().cloned().collect();
    while let Some(id) = above.pop() {
        let Some(parent) = site.units.get(&id).and_then(|unit| unit.parent.clone()) else { continue };
        if named.insert(parent.clone()) {
            above.push(parent);
        }
    }
    let is_kept = |disclosure: &Disclosure| looked_at.contains(&disclosure.unit);
    let (kept, disclosures) = std::mem::take(&mut site.disclosures).into_iter().partition(is_kept);
    site.disclosures = kept;
    let is_named = |(id, _): &(String, Unit)| named.contains(id);
    let (kept, units) = std::mem::take(&mut site.units).into_iter().partition(is_named);
    site.units = kept;
    let is_about = |finding: &Finding| finding.unit.as_ref().is_none_or(|unit| named.contains(unit));
    let (kept, findings) = std::mem::take(&mut loaded.findings).into_iter().partition(is_about);
    loaded.findings = kept;
    let urls = std::mem::take(&mut loaded.site.urls);
    Aside { disclosures, units, findings, urls }
}

/// Puts everything back where it was.
pub(super) fn put_back(loaded: &mut Loaded, aside: Aside) {
    let Aside { disclosures, units, findings, urls } = aside;
    let site = &mut loaded.site;
    site.urls = urls;
    site.disclosures.extend(disclosures);
    site.disclosures.sort_by(|one, other| (&one.unit, one.year, one.kind).cmp(&(&other.unit, other.year, other.kind)));
    site.units.extend(units);
    loaded.findings.extend(findings);
    sort(&mut loaded.findings, &loaded.sources);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_was_set_aside_comes_back_to_its_place() {
        let mut loaded = crate::load::load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let shown = |loaded: &Loaded| {
            let units: Vec<&String> = loaded.site.units.keys().collect();
            let urls = &loaded.site.urls;
            format!("{:#?}{units:?}{urls:?}{:#?}", loaded.site.disclosures, loaded.findings)
        };
        let before = shown(&loaded);
        let aside = set_aside(&mut loaded, &BTreeSet::from(["luzhou-zwfw".to_owned()]));
        let left: Vec<&str> = loaded.site.disclosures.iter().map(|disclosure| disclosure.unit.as_str()).collect();
        assert_eq!(left, ["luzhou-zwfw"]);
        assert!(!loaded.site.units.contains_key("caidian-ggzy"));
        put_back(&mut loaded, aside);
        assert!(shown(&loaded) == before);
    }

    #[test]
    fn a_department_keeps_its_units_and_a_unit_the_name_of_its_department() {
        let mut loaded = crate::load::load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let site = &mut loaded.site;
        site.units.get_mut("luzhou-zwfw").unwrap().parent = Some("caidian-ggzy".to_owned());
        let aside = set_aside(&mut loaded, &BTreeSet::from(["caidian-ggzy".to_owned()]));
        assert_eq!(loaded.site.disclosures.len(), 2);
        put_back(&mut loaded, aside);
        set_aside(&mut loaded, &BTreeSet::from(["luzhou-zwfw".to_owned()]));
        assert_eq!(loaded.site.disclosures.len(), 1);
        assert!(loaded.site.units.contains_key("caidian-ggzy"));
    }
}
