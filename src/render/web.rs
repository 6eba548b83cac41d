//! What search engines and feed readers ask a site for: canonical addresses, `sitemap.xml`,
//! `robots.txt`, an Atom feed of disclosures, and structured data (schema.org) on pages.
//!
//! Absolute addresses need `base_url` in site.toml. Without it there is no sitemap and no feed,
//! and structured data gives no addresses; everything else works the same.

use std::cmp::Reverse;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::model::date::Date;
use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::model::site::Site;
use crate::model::unit::Unit;
use crate::render::links::{disclosure_path, unit_path};
use crate::render::page::Page;
use crate::render::pages::{Scene, year_and_kind};
use crate::render::verdicts;
use crate::text::push_escaped;

/// The path of the sitemap, of the rules for robots, and of the feed.
pub(crate) const SITEMAP: &str = "sitemap.xml";
pub(crate) const ROBOTS: &str = "robots.txt";
pub(crate) const FEED: &str = "feed.xml";

/// How many addresses a sitemap may list (sitemaps.org allows 50,000).
const LISTED: usize = 45_000;

/// How many disclosures the feed tells: the newest ones.
const TOLD: usize = 100;

/// The address of a page; a folder's own page goes by the folder.
pub(crate) fn address(site: &Site, path: &str) -> Option<String> {
    site.config.address_of(path)
}

/// The files of this module that a site has: its own of the same name win.
pub(crate) fn entries(site: &Site, pages: usize) -> Vec<(String, Page<'_>)> {
    let mut entries = vec![(ROBOTS.to_owned(), Page::Robots)];
    if site.config.base_url.is_some() {
        entries.push((SITEMAP.to_owned(), Page::Sitemap(None)));
        let parts = if pages > LISTED { pages.div_ceil(LISTED) } else { 0 };
        entries.extend((0..parts).map(|part| (part_path(part), Page::Sitemap(Some(part)))));
        if newest(site).next().is_some() {
            entries.push((FEED.to_owned(), Page::Feed));
        }
    }
    entries.retain(|(path, _)| site.theme.files.iter().all(|file| file.path != *path));
    entries
}

fn part_path(part: usize) -> String {
    format!("sitemap-{}.xml", part + 1)
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SITEMAPS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The sitemap of these pages, or one part of it; of more than one file may list, an index.
pub(crate) fn sitemap(site: &Site, pages: &[&str], part: Option<usize>) -> String {
    let listed = match part {
        Some(part) => pages.chunks(LISTED).nth(part).unwrap_or_default(),
        None if pages.len() > LISTED => return sitemap_index(site, pages.len().div_ceil(LISTED)),
        None => pages,
    };
    let mut out = format!("{XML}<urlset xmlns=\"{SITEMAPS}\">\n");
    listed.iter().filter_map(|path| address(site, path)).for_each(|url| push_location(&mut out, "url", &url));
    out + "</urlset>\n"
}

fn sitemap_index(site: &Site, parts: usize) -> String {
    let mut out = format!("{XML}<sitemapindex xmlns=\"{SITEMAPS}\">\n");
    (0..parts)
        .filter_map(|part| address(site, &part_path(part)))
        .for_each(|url| push_location(&mut out, "sitemap", &url));
    out + "</sitemapindex>\n"
}

fn push_location(out: &mut String, element: &str, url: &str) {
    let _ = write!(out, "<{element}><loc>");
    push_escaped(out, url);
    let _ = writeln!(out, "</loc></{element}>");
}

/// Everything may be read; where the sitemap is.
pub(crate) fn robots(site: &Site) -> String {
    let sitemap = address(site, SITEMAP).map_or_else(String::new, |url| format!("Sitemap: {url}\n"));
    format!("User-agent: *\nAllow: /\n{sitemap}")
}

/// Disclosures with a date of publication or amendment, the newest first.
fn newest(site: &Site) -> impl Iterator<Item = (usize, &Disclosure)> {
    let mut dated: Vec<(usize, &Disclosure)> =
        site.disclosures.iter().enumerate().filter(|(_, disclosure)| disclosure.in_force_since().is_some()).collect();
    dated.sort_by_key(|(at, disclosure)| (Reverse(disclosure.in_force_since()), *at));
    dated.into_iter().take(TOLD)
}

/// A date as Atom writes it: midnight in China.
fn moment(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| format!("{date}T00:00:00+08:00"))
}

/// What the feed says of a disclosure: why it was amended last, then how its checks went.
fn summary(scene: &Scene<'_>, at: usize) -> String {
    let disclosure = &scene.site.disclosures[at];
    let checks = format!("数据核对：{}。", verdicts::in_brief(scene.report, at));
    let Some(amendment) = disclosure.amendments.last() else { return checks };
    let count = scene.changed[at];
    let (date, reason) = (amendment.date.chinese(), amendment.reason.trim_end_matches('。'));
    format!("{date}更正{count}处，原因：{reason}。{checks}")
}

/// The newest disclosures as an Atom feed (RFC 4287).
pub(crate) fn feed(scene: &Scene<'_>) -> String {
    let site = scene.site;
    let (home, own) = (address(site, "index.html").unwrap_or_default(), address(site, FEED).unwrap_or_default());
    let mut out = format!("{XML}<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n");
    push_element(&mut out, "title", &site.config.title);
    push_element(&mut out, "subtitle", &site.config.description);
    push_element(&mut out, "id", &home);
    push_link(&mut out, "", &home);
    push_link(&mut out, " rel=\"self\" type=\"application/atom+xml\"", &own);
    if let Some((_, first)) = newest(site).next() {
        push_element(&mut out, "updated", &moment(first.in_force_since()));
    }
    for (at, disclosure) in newest(site) {
        let url = address(site, &disclosure_path(disclosure)).unwrap_or_default();
        let unit = scene.unit_name(disclosure);
        let amended = if disclosure.is_amended() { "（已更正）" } else { "" };
        out.push_str("<entry>\n");
        push_element(&mut out, "title", &format!("{unit}{}{amended}", year_and_kind(disclosure)));
        push_element(&mut out, "id", &url);
        push_link(&mut out, "", &url);
        if let Some(published) = disclosure.published {
            push_element(&mut out, "published", &moment(Some(published.value)));
        }
        push_element(&mut out, "updated", &moment(disclosure.in_force_since()));
        out.push_str("<author>");
        push_element(&mut out, "name", unit);
        out.push_str("</author>\n");
        push_element(&mut out, "summary", &summary(scene, at));
        out.push_str("</entry>\n");
    }
    out + "</feed>\n"
}

fn push_element(out: &mut String, name: &str, text: &str) {
    let _ = write!(out, "<{name}>");
    push_escaped(out, text);
    let _ = writeln!(out, "</{name}>");
}

fn push_link(out: &mut String, attributes: &str, href: &str) {
    let _ = write!(out, "<link{attributes} href=\"");
    push_escaped(out, href);
    out.push_str("\"/>\n");
}

/// What a page says of itself to programs, as JSON-LD with the words of schema.org; no page of
/// the portal's own has any. Safe within a `<script>` of data.
pub(crate) fn structured(scene: &Scene<'_>, page: Page<'_>) -> Option<String> {
    let mut data = match page {
        Page::Home => catalog(scene.site),
        Page::Unit(unit) => organisation(scene.site, unit),
        Page::Disclosure(at) => dataset(scene, at),
        _ => return None,
    };
    data.insert("@context".into(), "https://schema.org".into());
    // No `<` may end the element early.
    Some(Value::Object(data).to_string().replace('<', "\\u003c"))
}

fn object(kind: &str, name: &str, url: Option<String>) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("@type".into(), kind.into());
    object.insert("name".into(), name.into());
    if let Some(url) = url {
        object.insert("url".into(), url.into());
    }
    object
}

fn catalog(site: &Site) -> Map<String, Value> {
    let mut catalog = object("DataCatalog", &site.config.title, address(site, "index.html"));
    catalog.insert("description".into(), site.config.description.as_str().into());
    catalog.insert("inLanguage".into(), "zh-CN".into());
    if !site.config.publisher.is_empty() {
        catalog.insert("publisher".into(), object("Organization", &site.config.publisher, None).into());
    }
    catalog
}

fn organisation(site: &Site, unit: &Unit) -> Map<String, Value> {
    let mut organisation = object("GovernmentOrganization", &unit.name, address(site, &unit_path(&unit.id)));
    if unit.short != unit.name {
        organisation.insert("alternateName".into(), unit.short.as_str().into());
    }
    if !unit.region.is_empty() {
        organisation.insert("areaServed".into(), unit.region.concat().into());
    }
    if let Some(parent) = unit.parent.as_ref().and_then(|id| site.units.get(id)) {
        let parent = object("GovernmentOrganization", &parent.name, address(site, &unit_path(&parent.id)));
        organisation.insert("parentOrganization".into(), parent.into());
    }
    organisation
}

fn dataset(scene: &Scene<'_>, at: usize) -> Map<String, Value> {
    let (site, disclosure) = (scene.site, &scene.site.disclosures[at]);
    let unit = scene.unit_name(disclosure);
    let document = year_and_kind(disclosure);
    let mut dataset = object("Dataset", &format!("{unit}{document}"), address(site, &disclosure_path(disclosure)));
    let word = if disclosure.kind == Kind::Final { "决算" } else { "预算" };
    let tables = disclosure.set.forms.len();
    let description = format!("{unit}{document}公开数据：{tables}张{word}表及其说明，数字逐项核对。");
    dataset.insert("description".into(), description.into());
    dataset.insert("inLanguage".into(), "zh-CN".into());
    dataset.insert("isAccessibleForFree".into(), true.into());
    dataset.insert("temporalCoverage".into(), format!("{0}-01-01/{0}-12-31", disclosure.year).into());
    if let Some(published) = disclosure.published {
        dataset.insert("datePublished".into(), published.value.to_string().into());
    }
    if let Some(amendment) = disclosure.amendments.last() {
        dataset.insert("dateModified".into(), amendment.date.to_string().into());
        dataset.insert("version".into(), disclosure.version().to_string().into());
    }
    if let Some(unit) = site.unit_of(disclosure) {
        if !unit.region.is_empty() {
            dataset.insert("spatialCoverage".into(), unit.region.concat().into());
        }
        dataset.insert("creator".into(), organisation(site, unit).into());
    }
    let measured = disclosure.set.forms.iter().map(|form| Value::from(form.title.as_str()));
    dataset.insert("variableMeasured".into(), measured.collect());
    let files = scene.downloads_of(Some(at)).iter();
    let distribution = files.filter_map(|file| {
        let url = address(site, &file.path)?;
        Some(json!({ "@type": "DataDownload", "encodingFormat": media_type(&file.path), "contentUrl": url }))
    });
    let distribution: Vec<Value> = distribution.collect();
    if !distribution.is_empty() {
        dataset.insert("distribution".into(), distribution.into());
    }
    dataset
}

/// The media type of a download, by its extension.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("pdf") => "application/pdf",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::site;

    fn with_base(base: &str) -> Site {
        let mut site = site(Vec::new());
        site.config.base_url = Some(base.to_owned());
        site
    }

    #[test]
    fn a_folders_own_page_goes_by_the_folder() {
        let site = with_base("https://example.gov.cn/czgk/");
        let address = |path| address(&site, path).unwrap();
        assert_eq!(address("index.html"), "https://example.gov.cn/czgk/");
        assert_eq!(address("units/u/2023/index.html"), "https://example.gov.cn/czgk/units/u/2023/");
        assert_eq!(address("404.html"), "https://example.gov.cn/czgk/404.html");
        assert_eq!(address("a/xindex.html"), "https://example.gov.cn/czgk/a/xindex.html");
    }

    #[test]
    fn more_pages_than_a_sitemap_may_list_are_listed_in_parts() {
        let site = with_base("https://example.gov.cn");
        let paths: Vec<String> = (0..=LISTED).map(|at| format!("p{at}.html")).collect();
        let pages: Vec<&str> = paths.iter().map(String::as_str).collect();
        let urls = |text: &str| text.matches("<loc>").count();
        assert_eq!(urls(&sitemap(&site, &pages[1..], None)), LISTED);
        let index = sitemap(&site, &pages, None);
        assert_eq!((urls(&index), index.contains("https://example.gov.cn/sitemap-2.xml")), (2, true));
        let parts = [Some(0), Some(1)].map(|part| urls(&sitemap(&site, &pages, part)));
        assert_eq!(parts, [LISTED, 1]);
        assert_eq!(entries(&site, pages.len()).len(), 4);
        assert_eq!(entries(&site, LISTED).len(), 2);
    }

    #[test]
    fn without_an_address_there_is_no_sitemap() {
        let site = site(Vec::new());
        assert_eq!(entries(&site, 10).len(), 1);
        assert_eq!(robots(&site), "User-agent: *\nAllow: /\n");
    }
}
