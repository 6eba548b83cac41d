//! What a server must send, as `docs/hosting.md` says it, held to what the site is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use disclose::render::Plan;
use scraper::{Html, Selector};

use crate::support::{TempSite, repository};

/// What only a header can say, after the policy that pages carry.
const BY_HEADER_ALONE: &str = "; frame-ancestors 'self'";

fn guide() -> String {
    fs::read_to_string(repository().join("docs/hosting.md")).unwrap()
}

/// The code blocks of the guide in a language.
fn blocks<'g>(guide: &'g str, language: &str) -> Vec<&'g str> {
    let fence = format!("```{language}\n");
    let opened = guide.split(fence.as_str()).skip(1);
    opened.map(|rest| rest.split("\n```").next().unwrap()).collect()
}

/// What the page of the full text search adds to the policy of all pages.
fn wider() -> String {
    let template = fs::read_to_string(repository().join("themes/default/templates/full-text.html")).unwrap();
    let (_, block) = template.split_once("{% block policy %}").unwrap();
    block.split_once("{% endblock policy %}").unwrap().0.to_owned()
}

/// The policy that every page of a site carries.
fn policy_of_pages() -> String {
    let folder = TempSite::caidian();
    let examined = folder.examine();
    let (plan, _) = Plan::new(&examined.site, &examined.report, Vec::new());
    let meta = Selector::parse("meta[http-equiv='Content-Security-Policy']").unwrap();
    let mut policies = BTreeSet::new();
    for at in (0..plan.len()).filter(|at| Path::new(plan.path(*at)).extension() == Some("html".as_ref())) {
        let page = Html::parse_document(&String::from_utf8(plan.render(at).unwrap()).unwrap());
        let found: Vec<_> = page.select(&meta).filter_map(|meta| meta.attr("content")).map(str::to_owned).collect();
        assert_eq!(found.len(), 1, "{}", plan.path(at));
        policies.extend(found);
    }
    assert_eq!(policies.len(), 1, "{policies:?}");
    policies.pop_first().unwrap()
}

#[test]
fn servers_send_the_policy_of_the_pages_and_who_may_frame_them() {
    let guide = guide();
    let pages = policy_of_pages();
    let wanted = [format!("{pages}{BY_HEADER_ALONE}"), format!("{pages}{}{BY_HEADER_ALONE}", wider())];
    for (language, policies) in [("nginx", 2), ("apache", 2), ("json", 1)] {
        let stated: Vec<&str> = blocks(&guide, language)
            .iter()
            .flat_map(|block| block.lines())
            .filter_map(|line| line.split('"').find(|text| text.starts_with("default-src")))
            .collect();
        assert_eq!(stated, wanted[..policies], "{language}");
    }
}

#[test]
fn every_server_sends_every_header_of_the_list_with_its_value() {
    let guide = guide();
    let rows = guide.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|row| row.split_once("` | `"));
    let headers: Vec<_> = rows
        .filter(|(name, _)| name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains('-'))
        .map(|(name, rest)| (name, rest.split('`').next().unwrap()))
        .collect();
    assert_eq!(headers.len(), 5, "{headers:?}");
    for language in ["nginx", "apache"] {
        let block = blocks(&guide, language).concat();
        for (name, value) in &headers {
            let line = block.lines().find(|line| line.contains(&format!(" {name} ")));
            let line = line.unwrap_or_else(|| panic!("{language}: {name}"));
            let starts = value.split("; ").next().unwrap();
            // nginx names the values of these in maps.
            let is_mapped = matches!(*name, "Cache-Control" | "Content-Security-Policy");
            let said = if is_mapped { block.as_str() } else { line };
            assert!(said.contains(starts), "{language}: {name} is not {starts}");
        }
    }
}

#[test]
fn the_object_stores_policy_is_json_and_names_the_same_values() {
    let guide = guide();
    let policy: serde_json::Value = serde_json::from_str(blocks(&guide, "json")[0]).unwrap();
    let security = &policy["SecurityHeadersConfig"];
    assert_eq!(security["ReferrerPolicy"]["ReferrerPolicy"], "strict-origin-when-cross-origin");
    assert_eq!(security["StrictTransportSecurity"]["AccessControlMaxAgeSec"], 31_536_000);
    let custom = policy["CustomHeadersConfig"]["Items"].as_array().unwrap();
    assert_eq!(policy["CustomHeadersConfig"]["Quantity"], custom.len());
    assert!(guide.contains(&format!("| `Permissions-Policy` | `{}` |", custom[0]["Value"].as_str().unwrap())));
}

#[test]
fn every_kind_of_file_that_a_site_has_is_given_its_type() {
    let folder = TempSite::caidian();
    let examined = folder.examine();
    let (plan, _) = Plan::new(&examined.site, &examined.report, Vec::new());
    let guide = guide();
    let table: Vec<&str> = guide.lines().filter(|line| line.starts_with("| `.")).collect();
    let listed = |name: &str| table.iter().any(|row| row.split(" | ").next().unwrap().contains(&format!("`{name}`")));
    for at in 0..plan.len() {
        let name = plan.path(at).rsplit('/').next().unwrap();
        let kind = name.rsplit_once('.').map_or_else(|| name.to_owned(), |(_, ending)| format!(".{ending}"));
        assert!(listed(&kind), "{}: {kind} is not in the list of types", plan.path(at));
    }
}
