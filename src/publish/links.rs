//! Links of a rendered page: what it links to, and the anchors it has.
//!
//! The scanner reads our own well-formed HTML; it is a check of the program, not a parser
//! for anybody's pages.

use std::collections::BTreeSet;

/// A link that leads to another place of the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The page it leads to, below the output folder.
    pub path: String,
    /// The anchor there, if the link names one.
    pub anchor: Option<String>,
}

/// What the links of a page come to.
#[derive(Debug, Default)]
pub struct Scan {
    /// Links to other pages.
    pub links: BTreeSet<Link>,
    /// Anchors on the page itself that are linked but do not exist.
    pub missing_anchors: BTreeSet<String>,
    /// Anchors that exist twice.
    pub doubled_anchors: BTreeSet<String>,
}

/// Scans the HTML of the page at `path`.
pub fn scan(path: &str, html: &str) -> Scan {
    let mut scan = Scan::default();
    let mut ids = BTreeSet::new();
    for id in attribute_values(html, "id") {
        if !ids.insert(id) {
            scan.doubled_anchors.insert(id.to_owned());
        }
    }
    for target in attribute_values(html, "href").chain(attribute_values(html, "src")) {
        match resolve(path, target) {
            Some(link) if link.path == path => {
                scan.missing_anchors.extend(link.anchor.filter(|anchor| !ids.contains(anchor.as_str())));
            }
            Some(link) => {
                scan.links.insert(link);
            }
            None => {}
        }
    }
    scan
}

/// Whether a page has an anchor.
pub fn has_anchor(html: &str, anchor: &str) -> bool {
    attribute_values(html, "id").any(|id| id == anchor)
}

/// The values of an attribute, written ` name="value"` inside tags.
fn attribute_values<'a>(html: &'a str, name: &'static str) -> impl Iterator<Item = &'a str> {
    html.split('<').filter_map(|piece| piece.split_once('>').map(|(tag, _)| tag)).filter_map(move |tag| {
        let mut rest = tag;
        loop {
            let at = rest.find(name)?;
            let (before, after) = (&rest[..at], &rest[at + name.len()..]);
            if before.ends_with([' ', '\n']) && after.starts_with("=\"") {
                return after[2..].split('"').next();
            }
            rest = after;
        }
    })
}

/// The page and anchor a relative link leads to; `None` for links out of the site.
fn resolve(from: &str, target: &str) -> Option<Link> {
    let external = target.contains("://") || target.starts_with("mailto:") || target.starts_with("data:");
    if external {
        return None;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let path = if file.is_empty() { from.to_owned() } else { join(from, file) };
    Some(Link { path, anchor: anchor.filter(|anchor| !anchor.is_empty()).map(str::to_owned) })
}

/// The path of `relative` as seen from the page `from`. A link above the root keeps its `..`
/// and so is found dead.
fn join(from: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_from_the_page_that_holds_them() {
        let scan = scan(
            "units/a/index.html",
            r##"<p id="x"><a href="../../index.html#top">甲</a> <a href="#x">乙</a> <a href="#y">丙</a></p>"##,
        );
        let link = Link { path: "index.html".into(), anchor: Some("top".into()) };
        assert_eq!(scan.links, BTreeSet::from([link]));
        assert_eq!(scan.missing_anchors, BTreeSet::from(["y".to_owned()]));
    }

    #[test]
    fn anchors_that_stand_twice_are_found_and_other_attributes_are_not_mistaken() {
        let scan = scan("index.html", r#"<p id="a" data-id="b"><i data-grid="x" id="b"></i><b id="a"></b></p>"#);
        assert_eq!(scan.doubled_anchors, BTreeSet::from(["a".to_owned()]));
    }

    #[test]
    fn a_link_above_the_root_stays_dead() {
        assert_eq!(resolve("index.html", "../x.html").unwrap().path, "../x.html");
        assert_eq!(resolve("index.html", "https://example.org/"), None);
    }
}
