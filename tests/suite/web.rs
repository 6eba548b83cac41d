//! The web's own conventions: canonical addresses, sitemap, feed, robots, structured data.

use disclose::render::Plan;
use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Examined, TempSite};

const BASE: &str = "base_url = \"https://example.gov.cn/czgk\"\n";

/// Caidian's site, with or without its own address.
fn site(base: &str) -> TempSite {
    let site = TempSite::caidian();
    let config = site.read("site.toml");
    site.write("site.toml", &format!("{base}{config}"));
    site
}

fn file(examined: &Examined, path: &str) -> Option<String> {
    let (plan, findings) = Plan::new(&examined.site, &examined.report, Vec::new());
    assert!(findings.is_empty(), "{findings:?}");
    let bytes = plan.render(plan.find(path)?).unwrap();
    Some(String::from_utf8(bytes).unwrap())
}

fn head(page: &str, selector: &str, attribute: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_owned).collect()
}

fn data(page: &str) -> Option<Value> {
    let page = Html::parse_document(page);
    let script = page.select(&Selector::parse("script[type='application/ld+json']").unwrap()).next()?;
    Some(serde_json::from_str(&script.text().collect::<String>()).unwrap())
}

const DOCUMENT: &str = "units/caidian-ggzy/2023/index.html";

#[test]
fn a_site_that_says_where_it_stands_has_canonical_addresses_a_sitemap_and_a_feed() {
    let examined = site(BASE).examine();
    let page = file(&examined, DOCUMENT).unwrap();
    let own = "https://example.gov.cn/czgk/units/caidian-ggzy/2023/";
    assert_eq!(head(&page, "link[rel=canonical]", "href"), [own]);
    assert_eq!(head(&page, "meta[property='og:url']", "content"), [own]);
    assert_eq!(head(&page, "link[rel=alternate]", "href"), ["../../../feed.xml"]);

    let sitemap = file(&examined, "sitemap.xml").unwrap();
    let (plan, _) = Plan::new(&examined.site, &examined.report, Vec::new());
    let pages = (0..plan.len()).map(|at| plan.path(at)).filter(|path| path.ends_with("index.html"));
    assert_eq!(sitemap.matches("<url><loc>https://example.gov.cn/czgk/").count(), pages.count());
    assert!(sitemap.contains(&format!("<loc>{own}</loc>")) && !sitemap.contains("index.html"));
    assert!(file(&examined, "robots.txt").unwrap().ends_with("Sitemap: https://example.gov.cn/czgk/sitemap.xml\n"));

    let feed = file(&examined, "feed.xml").unwrap();
    for part in [
        "<title>武汉市蔡甸区公共资源交易中心2023年度决算</title>",
        &format!("<id>{own}</id>"),
        "<updated>2024-11-11T00:00:00+08:00</updated>",
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"https://example.gov.cn/czgk/feed.xml\"/>",
    ] {
        assert!(feed.contains(part), "{part}\n{feed}");
    }
}

#[test]
fn a_site_that_does_not_say_where_it_stands_promises_no_address() {
    let examined = site("").examine();
    let page = file(&examined, DOCUMENT).unwrap();
    assert_eq!(head(&page, "link[rel=canonical], link[rel=alternate]", "href"), Vec::<String>::new());
    assert_eq!(head(&page, "meta[property='og:title']", "content").len(), 1);
    assert_eq!((file(&examined, "sitemap.xml"), file(&examined, "feed.xml")), (None, None));
    assert_eq!(file(&examined, "robots.txt").unwrap(), "User-agent: *\nAllow: /\n");
    let data = data(&page).unwrap();
    assert_eq!((&data["@type"], &data["url"]), (&"Dataset".into(), &Value::Null));
}

#[test]
fn units_and_disclosures_are_described_in_the_words_of_schema_org() {
    let examined = site(BASE).examine();
    let disclosure = data(&file(&examined, DOCUMENT).unwrap()).unwrap();
    assert_eq!(disclosure["name"], "武汉市蔡甸区公共资源交易中心2023年度决算");
    assert_eq!(disclosure["temporalCoverage"], "2023-01-01/2023-12-31");
    assert_eq!(disclosure["creator"]["@type"], "GovernmentOrganization");
    assert_eq!(disclosure["variableMeasured"].as_array().unwrap().len(), 9);
    let unit = data(&file(&examined, "units/caidian-ggzy/index.html").unwrap()).unwrap();
    assert_eq!(unit["url"], "https://example.gov.cn/czgk/units/caidian-ggzy/");
    assert_eq!(data(&file(&examined, "rules/index.html").unwrap()), None);
}

#[test]
fn a_name_cannot_end_the_element_that_describes_it() {
    let site = site(BASE);
    let config = site.read("site.toml");
    let title = config.lines().find(|line| line.starts_with("title")).unwrap();
    site.replace("site.toml", title, "title = \"</script><b>公开\"");
    let page = file(&site.examine(), "index.html").unwrap();
    assert_eq!(data(&page).unwrap()["name"], "</script><b>公开");
    assert!(!page.contains("</script><b>"));
}

#[test]
fn files_of_the_site_itself_go_before_those_made_for_it() {
    let site = site(BASE);
    site.write("static/robots.txt", "User-agent: *\nDisallow: /\n");
    assert_eq!(file(&site.examine(), "robots.txt").unwrap(), "User-agent: *\nDisallow: /\n");
}
