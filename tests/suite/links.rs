//! The built site as a whole: every link and anchor resolves, every page is well formed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use scraper::{Html, Selector};

use crate::support::{built, built_from_invented, tree};

/// A page of a built site.
struct Page {
    path: String,
    html: Html,
}

/// A built site: its files and its pages.
struct Site {
    files: BTreeSet<String>,
    pages: Vec<Page>,
}

impl Site {
    fn read(folder: &Path) -> Self {
        let files = tree(folder);
        let is_page = |path: &str| Path::new(path).extension().is_some_and(|extension| extension == "html");
        let pages = files.iter().filter(|(path, _)| is_page(path));
        let page = |(path, bytes): (&String, &Vec<u8>)| {
            let html = Html::parse_document(std::str::from_utf8(bytes).unwrap());
            Page { path: path.clone(), html }
        };
        Self { pages: pages.map(page).collect(), files: files.into_keys().collect() }
    }
}

/// The repository's site, and one of invented disclosures on every form set.
fn sites() -> [Site; 2] {
    [Site::read(built()), Site::read(built_from_invented())]
}

/// The pages of both sites.
fn pages() -> impl Iterator<Item = Page> {
    sites().into_iter().flat_map(|site| site.pages)
}

fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

/// The values of an attribute on a page.
fn attributes<'a>(page: &'a Page, name: &str) -> Vec<&'a str> {
    let selector = select(&format!("[{name}]"));
    page.html.select(&selector).filter_map(|element| element.value().attr(name)).collect()
}

/// A relative link from a page, as a path below the output folder.
fn resolve(page: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The links of a site that lead nowhere, and how many there are in all.
fn dead_links(Site { files, pages }: &Site) -> (Vec<String>, usize) {
    let anchors: BTreeMap<&str, BTreeSet<&str>> =
        pages.iter().map(|page| (page.path.as_str(), attributes(page, "id").into_iter().collect())).collect();
    let (mut dead, mut followed) = (Vec::new(), 0);
    for page in pages {
        for link in attributes(page, "href").into_iter().chain(attributes(page, "src")) {
            let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() { Some(page.path.clone()) } else { resolve(&page.path, file) };
            let exists = target.as_ref().is_some_and(|target| files.contains(target));
            let lands = anchor.is_none_or(|anchor| {
                target.as_deref().and_then(|target| anchors.get(target)).is_some_and(|ids| ids.contains(anchor))
            });
            followed += 1;
            if !(exists && lands) {
                dead.push(format!("{} → {link}", page.path));
            }
        }
    }
    (dead, followed)
}

#[test]
fn every_internal_link_and_anchor_resolves() {
    for site in sites() {
        let (dead, followed) = dead_links(&site);
        println!("{followed} links on {} pages", site.pages.len());
        assert_eq!(dead, Vec::<String>::new());
        assert!(followed > 1_000);
    }
}

#[test]
fn every_link_is_relative_and_names_a_file() {
    for page in pages() {
        for link in attributes(&page, "href").into_iter().chain(attributes(&page, "src")) {
            assert!(!link.starts_with('/') && !link.contains(':'), "{}: {link}", page.path);
            assert!(!link.split('#').next().unwrap().ends_with('/'), "{}: {link} names a folder", page.path);
        }
    }
}

#[test]
fn paths_are_lower_case_ascii() {
    for path in sites().into_iter().flat_map(|site| site.files) {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/.-_".contains(&b);
        assert!(path.bytes().all(plain) || path == "MANIFEST", "{path}");
    }
}

#[test]
fn ids_are_unique_on_every_page_and_references_to_them_hold() {
    for page in pages() {
        let ids = attributes(&page, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        let twice: Vec<_> = unique.iter().filter(|id| ids.iter().filter(|other| other == id).count() > 1).collect();
        assert!(ids.len() == unique.len(), "{}: {twice:?}", page.path);
        for name in ["headers", "aria-labelledby", "aria-describedby", "aria-controls", "for"] {
            for id in attributes(&page, name).into_iter().flat_map(str::split_whitespace) {
                assert!(unique.contains(id), "{}: {name}={id}", page.path);
            }
        }
    }
}

#[test]
fn every_page_has_language_title_one_heading_and_a_content_policy() {
    for page in pages() {
        let count = |css: &str| page.html.select(&select(css)).count();
        let title: String = page.html.select(&select("head > title")).flat_map(|title| title.text()).collect();
        assert!(!title.trim().is_empty(), "{}: no title", page.path);
        assert_eq!(count("html[lang='zh-CN']"), 1, "{}: lang", page.path);
        assert_eq!(count("h1"), 1, "{}: h1", page.path);
        assert_eq!(count("meta[http-equiv='Content-Security-Policy']"), 1, "{}: policy", page.path);
        assert_eq!(count("meta[charset]"), 1, "{}: charset", page.path);
        assert_eq!(count("meta[name='viewport']"), 1, "{}: viewport", page.path);
        assert_eq!(count("main"), 1, "{}: main", page.path);
    }
}

#[test]
fn titles_of_pages_are_unique() {
    for site in sites() {
        let mut titles = BTreeMap::new();
        for page in &site.pages {
            let title: String = page.html.select(&select("head > title")).flat_map(|title| title.text()).collect();
            if let Some(other) = titles.insert(title.clone(), &page.path) {
                panic!("{other} and {} are both called {title}", page.path);
            }
        }
    }
}

#[test]
fn no_page_holds_inline_script_or_style() {
    for page in pages() {
        let count = |css: &str| page.html.select(&select(css)).count();
        assert_eq!(
            count("script:not([src]):not([type='application/ld+json'])") + count("style") + count("[style]"),
            0,
            "{}",
            page.path
        );
        let handlers = page.html.root_element().descendants().filter_map(|node| node.value().as_element().cloned());
        let named: Vec<String> = handlers
            .flat_map(|element| element.attrs().map(|(name, _)| name.to_owned()).collect::<Vec<_>>())
            .filter(|name| name.starts_with("on"))
            .collect();
        assert_eq!(named, Vec::<String>::new(), "{}", page.path);
    }
}

#[test]
fn headings_never_skip_a_level() {
    for page in pages() {
        let mut above = 0;
        for heading in page.html.select(&select("h1, h2, h3, h4, h5, h6")) {
            let level: u32 = heading.value().name()[1..].parse().unwrap();
            let text: String = heading.text().collect();
            assert!(level <= above + 1, "{}: h{above} is followed by h{level} {text}", page.path);
            above = level;
        }
    }
}

#[test]
fn every_table_has_a_name_and_every_heading_cell_a_scope() {
    for page in pages() {
        for table in page.html.select(&select("main table")) {
            let frames = table.ancestors().filter_map(|node| node.value().as_element().cloned());
            let named = frames.into_iter().any(|frame| frame.attr("aria-label").is_some());
            assert!(named || table.select(&select("caption")).count() == 1, "{}: {}", page.path, table.html());
            assert_eq!(table.select(&select("th:not([scope])")).count(), 0, "{}: {}", page.path, table.html());
        }
    }
}
