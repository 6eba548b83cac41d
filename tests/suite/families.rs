//! A build examines a site family by family and holds only what lists ask for; what comes out is
//! what a build makes that holds everything at once, as one with a draft does.

use std::fs;

use disclose::amount::Scale;

use crate::generate::source::Format;
use crate::generate::{Request, invent_department, invent_years};
use crate::support::{TempSite, blank_site, build, tree};

/// Builds a site, and once more with a draft beside it: the same files, the same bytes.
pub fn assert_same_at_once(site: &TempSite) {
    let with_draft = TempSite::new();
    for (path, bytes) in tree(site.root()) {
        if !path.starts_with("public/") && !path.starts_with('.') {
            with_draft.write_bytes(&path, &bytes);
        }
    }
    let caidian = TempSite::caidian();
    for (path, bytes) in tree(&caidian.root().join("content/units/caidian-ggzy")) {
        with_draft.write_bytes(&format!("content/units/zz-draft/{path}"), &bytes);
    }
    let main = "content/units/zz-draft/2023/disclosure.toml";
    with_draft.write(main, &format!("state = \"draft\"\n{}", with_draft.read(main)));
    let built = |site: &TempSite| {
        let output = site.root().join("public");
        let _ = fs::remove_dir_all(&output);
        build(site.root(), &output, &[]);
        tree(&output)
    };
    let (by_family, at_once) = (built(site), built(&with_draft));
    assert_eq!(by_family.keys().collect::<Vec<_>>(), at_once.keys().collect::<Vec<_>>());
    let others: Vec<&String> = by_family.keys().filter(|path| by_family[*path] != at_once[*path]).collect();
    assert_eq!(others, Vec::<&String>::new());
}

#[test]
fn departments_with_their_units_and_units_over_the_years_come_out_as_when_all_is_held_at_once() {
    let site = TempSite::new();
    for (seed, set) in (1..).step_by(10).zip(blank_site().sets.values()) {
        let [department, years] = ["head", "years"].map(|kind| format!("{kind}-{}", set.id));
        let request =
            |unit, seed| Request { unit, parent: None, format: Format::Toml, scale: Scale::TenThousand, seed };
        let department = invent_department(blank_site(), set, request(&department, seed));
        let years = invent_years(blank_site(), set, request(&years, seed + 1000), 3);
        for (path, text) in department.into_iter().chain(years).flat_map(|invented| invented.files) {
            site.write(&path, &text);
        }
    }
    assert_same_at_once(&site);
}

#[test]
fn the_real_disclosures_with_attachments_come_out_as_when_all_is_held_at_once() {
    let site = TempSite::caidian();
    site.add_unit("luzhou-zwfw");
    for (unit, text) in [("caidian-ggzy", "甲"), ("luzhou-zwfw", "乙")] {
        site.write(&format!("content/units/{unit}/2023/attachments/a.txt"), text);
    }
    assert_same_at_once(&site);
}
