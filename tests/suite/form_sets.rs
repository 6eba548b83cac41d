//! Every form set, exercised by invented, complete disclosures.

use disclose::amount::Scale;
use disclose::model::form::FormSet;
use disclose::render::Plan;

use crate::generate::source::Format;
use crate::generate::{Request, document, invent, invent_department, solve};
use crate::support::{Examined, TempSite, blank_site, lines, repository};

const TOML: Request<'_> =
    Request { unit: "some-unit", parent: None, format: Format::Toml, scale: Scale::TenThousand, seed: 0 };

/// Every form set of the program, by id.
fn sets() -> impl Iterator<Item = &'static FormSet> {
    blank_site().sets.values().map(AsRef::as_ref)
}

/// A site that holds some files.
fn site_of(files: &[(String, String)]) -> TempSite {
    let site = TempSite::new();
    for (path, text) in files {
        site.write(path, text);
    }
    site
}

/// Every page of a site, by path.
fn pages(examined: &Examined) -> Vec<(String, Vec<u8>)> {
    let (plan, findings) = Plan::new(&examined.site, &examined.report, disclose::export::downloads(&examined.site));
    // Invented units give every reason; one for a figure that happens not to change is idle.
    let telling = findings.iter().filter(|finding| finding.code.id != "N003");
    assert_eq!(lines(telling), "");
    let page = |index| (plan.path(index).to_owned(), plan.render(index).unwrap_or_else(|f| panic!("{}", lines([&f]))));
    (0..plan.len()).map(page).collect()
}

#[test]
fn the_words_and_relations_of_every_set_determine_every_cell() {
    for set in sets() {
        for seed in 0..20 {
            // A cell that stays open would make no press.
            let invented = invent(blank_site(), set, Request { seed, ..TOML });
            let exact = invented.exact();
            for relation in solve::instances(set, &invented.rows()) {
                assert!(relation.holds(&exact), "{} {seed}: {}", set.id, relation.text);
            }
            let mistaken = document::mistaken_concepts(set, &invented);
            assert_eq!(mistaken, Vec::<String>::new(), "{} {seed}", set.id);
        }
    }
}

#[test]
fn a_complete_disclosure_on_any_set_is_loaded_checked_and_rendered() {
    for set in sets() {
        for (seed, scale) in [(1, Scale::TenThousand), (2, Scale::Yuan)] {
            let invented = invent(blank_site(), set, Request { scale, seed, ..TOML });
            let examined = site_of(&invented.files).examine();
            assert_eq!(lines(&examined.loading), "", "{} {seed}: loading", set.id);
            assert_eq!(lines(examined.errors()), "", "{} {seed}: checking", set.id);
            assert!(pages(&examined).len() > 10);
        }
    }
}

#[test]
fn sources_in_toml_and_in_json_make_the_same_site() {
    for set in sets() {
        let made = [Format::Toml, Format::Json].map(|format| {
            let examined = site_of(&invent(blank_site(), set, Request { format, seed: 7, ..TOML }).files).examine();
            assert_eq!(lines(&examined.loading), "", "{} {format:?}", set.id);
            pages(&examined)
        });
        let [toml, json] = &made;
        for (a, b) in toml.iter().zip(json) {
            assert!(a == b, "{}: {} differs", set.id, a.0);
        }
        assert_eq!(toml.len(), json.len());
    }
}

#[test]
fn a_department_stands_above_its_units() {
    for set in sets() {
        let department = invent_department(blank_site(), set, Request { unit: "some-dept", seed: 40, ..TOML });
        let files: Vec<_> = department.iter().flat_map(|invented| invented.files.clone()).collect();
        let examined = site_of(&files).examine();
        assert_eq!(lines(examined.findings().filter(|f| f.severity == disclose::diagnostic::Severity::Error)), "");
        let pages = pages(&examined);
        let page = |path: &str| {
            let (_, bytes) = pages.iter().find(|(found, _)| found == path).unwrap();
            String::from_utf8(bytes.clone()).unwrap()
        };
        let parent = page("units/some-dept/index.html");
        assert!(parent.contains("some-dept-a/index.html") && parent.contains("some-dept-b/index.html"));
        assert!(page("units/some-dept-a/index.html").contains("some-dept/index.html"));
    }
}

#[test]
fn a_relation_that_names_nothing_is_told_when_it_is_read_and_not_again_by_the_checks() {
    let site = TempSite::caidian();
    let path = "content/forms/hubei-2023/set.toml";
    let given = std::fs::read_to_string(repository().join(path)).unwrap();
    site.write(path, &format!("{given}\n[[relations]]\ntext = \"公开01表99行1栏 = 公开01表27行1栏\"\n"));
    let examined = site.examine();
    let about = examined.findings().filter(|finding| finding.message.contains("公开01表99行1栏"));
    assert_eq!(about.map(|finding| finding.code.id).collect::<Vec<_>>(), ["F004"]);
}
