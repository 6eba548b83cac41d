//! A part of a site that can be checked and planned by itself: some units with the units below
//! them. What the checks of a disclosure look at is its unit's other years and, for a 部门, the
//! disclosures of its units; so a save in one folder can be shown before everything is checked.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::Finding;
use crate::load::Loaded;
use crate::model::site::{Common, Site};
use crate::model::unit::Unit;

/// The part of a site that the checks of these units look at. The units above them are named and
/// not checked; which published addresses are missing is no matter of a part.
pub(super) fn part(loaded: &Loaded, units: &BTreeSet<String>) -> Loaded {
    let Loaded { site, sources, findings } = loaded;
    let is_below = |unit: &&Unit| unit.parent.as_ref().is_some_and(|parent| units.contains(parent));
    let below = site.units.values().filter(is_below).map(|unit| unit.id.clone());
    let looked_at: BTreeSet<String> = units.iter().cloned().chain(below).collect();
    let mut named = looked_at.clone();
    let mut above: Vec<&String> = units.iter().collect();
    while let Some(id) = above.pop() {
        let Some(parent) = site.units.get(id).and_then(|unit| unit.parent.as_ref()) else { continue };
        if named.insert(parent.clone()) {
            above.push(parent);
        }
    }
    let is_about = |finding: &&Finding| finding.unit.as_ref().is_none_or(|unit| named.contains(unit));
    let common = Common {
        units: named.iter().filter_map(|id| site.units.get_key_value(id)).map(owned).collect(),
        urls: Vec::new(),
        kept: Vec::new(),
        ..Common::clone(&site.common)
    };
    let disclosures = looked_at.iter().flat_map(|unit| site.disclosures_of(unit)).cloned().collect();
    let part = Site { common: Arc::new(common), disclosures };
    Loaded { site: part, sources: sources.clone(), findings: findings.iter().filter(is_about).cloned().collect() }
}

fn owned((id, unit): (&String, &Unit)) -> (String, Unit) {
    (id.clone(), unit.clone())
}

/// The unit that a path is about, where there is one: `units/a/2023/index.html`.
pub(super) fn unit_at<'s>(site: &'s Site, path: &str) -> Option<&'s str> {
    let id = path.strip_prefix("units/")?.split('/').next()?;
    site.units.get_key_value(id).map(|(id, _)| id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load;
    use std::path::Path;

    fn loaded() -> Loaded {
        load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn part_of(loaded: &Loaded, unit: &str) -> Loaded {
        part(loaded, &BTreeSet::from([unit.to_owned()]))
    }

    fn disclosed(loaded: &Loaded) -> Vec<&str> {
        loaded.site.disclosures.iter().map(|disclosure| disclosure.unit.as_str()).collect()
    }

    #[test]
    fn a_part_has_what_its_units_disclose_as_it_is_and_nothing_else() {
        let loaded = loaded();
        let part = part_of(&loaded, "luzhou-zwfw");
        assert_eq!(disclosed(&part), ["luzhou-zwfw"]);
        assert!(!part.site.units.contains_key("caidian-ggzy"));
        let whole = loaded.site.disclosures_of("luzhou-zwfw").next().unwrap();
        assert!(format!("{whole:#?}") == format!("{:#?}", part.site.disclosures[0]));
        assert_eq!(part.sources.files().count(), loaded.sources.files().count());
    }

    #[test]
    fn a_department_keeps_its_units_and_a_unit_the_name_of_its_department() {
        let mut loaded = loaded();
        loaded.site.units.get_mut("luzhou-zwfw").unwrap().parent = Some("caidian-ggzy".to_owned());
        assert_eq!(disclosed(&part_of(&loaded, "caidian-ggzy")), ["caidian-ggzy", "luzhou-zwfw"]);
        let part = part_of(&loaded, "luzhou-zwfw");
        assert_eq!(disclosed(&part), ["luzhou-zwfw"]);
        assert!(part.site.units.contains_key("caidian-ggzy"));
    }

    #[test]
    fn a_path_is_about_a_unit_that_there_is() {
        let site = loaded().site;
        assert_eq!(unit_at(&site, "units/luzhou-zwfw/2023/"), Some("luzhou-zwfw"));
        for path in ["units/other/2023/", "units/", "luzhou-zwfw/", "index.html", "units"] {
            assert_eq!(unit_at(&site, path), None, "{path}");
        }
    }
}
