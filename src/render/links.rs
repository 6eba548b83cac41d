//! Links between pages: relative, naming the file, and only to pages that the plan has.
//!
//! A page asks for its links by the target's path; what comes back works from `file://` and
//! below any sub-path. A path that the plan does not have is a [`DeadLink`], never an href.

use std::collections::BTreeMap;

use crate::diagnostic::Finding;
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::render::cells::push_number;

/// Every path of the plan, sorted.
#[derive(Clone, Debug, Default)]
pub struct Links {
    paths: Vec<String>,
    /// The codes that have a page, in order, by classification: every table asks for dozens.
    codes: BTreeMap<String, Vec<ClassCode>>,
}

/// A link to a path that the plan does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("页面 {page} 链接到不存在的 {target}")]
pub struct DeadLink {
    /// The page that links.
    pub page: String,
    /// The path it links to.
    pub target: String,
}

impl From<DeadLink> for Finding {
    fn from(link: DeadLink) -> Self {
        Self::new("P003", link.to_string()).help("请改正链接，或补上所指的页面。")
    }
}

impl Links {
    /// The links of a plan with these paths.
    pub fn new(mut paths: Vec<String>) -> Self {
        paths.sort_unstable();
        paths.dedup();
        let mut codes: BTreeMap<String, Vec<ClassCode>> = BTreeMap::new();
        for (classification, code) in paths.iter().filter_map(|path| code_of(path)) {
            match codes.get_mut(classification) {
                Some(known) => known.push(code),
                None => _ = codes.insert(classification.to_owned(), vec![code]),
            }
        }
        for codes in codes.values_mut() {
            codes.sort_unstable();
        }
        Self { paths, codes }
    }

    /// Whether the plan has this path.
    pub fn has(&self, path: &str) -> bool {
        self.paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }

    /// The first path of the plan below a folder (`units/a/`), or a file's own path.
    pub fn first_at(&self, path: &str) -> Option<&str> {
        let at = self.paths.partition_point(|known| known.as_str() < path);
        let found = self.paths.get(at)?.as_str();
        let is_there = if path.ends_with('/') { found.starts_with(path) } else { found == path };
        is_there.then_some(found)
    }

    /// The links as seen from a page.
    pub fn from<'a>(&'a self, page: &'a str) -> PageLinks<'a> {
        PageLinks { links: self, page, up: "../".repeat(page.matches('/').count()) }
    }

    /// The links as seen from a page that is shown at any address: absolute, below `root`. No
    /// `<base>` is needed, which would lead links to places on the page itself elsewhere.
    pub fn from_anywhere<'a>(&'a self, page: &'a str, root: String) -> PageLinks<'a> {
        PageLinks { links: self, page, up: root }
    }
}

/// The links of one page.
#[derive(Clone, Debug)]
pub struct PageLinks<'a> {
    links: &'a Links,
    page: &'a str,
    up: String,
}

impl PageLinks<'_> {
    /// The page that links.
    pub fn page(&self) -> &str {
        self.page
    }

    /// The way from this page up to the site's root: `../../`.
    pub fn root(&self) -> &str {
        &self.up
    }

    /// The href of a path of the plan.
    pub fn to(&self, target: &str) -> Result<String, DeadLink> {
        if self.links.has(target) {
            Ok([&self.up, target].concat())
        } else {
            Err(DeadLink { page: self.page.to_owned(), target: target.to_owned() })
        }
    }

    /// The href of an anchor on a page of the plan.
    pub fn to_anchor(&self, target: &str, anchor: &str) -> Result<String, DeadLink> {
        let mut href = if target == self.page { String::new() } else { self.to(target)? };
        href.push('#');
        href.push_str(anchor);
        Ok(href)
    }

    /// The href of a path of the plan, from folder to folder: `quality/index.html`. Short, for
    /// pages that link to a neighbour from every figure.
    pub fn near(&self, target: &str) -> Result<String, DeadLink> {
        if !self.links.has(target) {
            return Err(DeadLink { page: self.page.to_owned(), target: target.to_owned() });
        }
        let folders = |path: &[u8]| path.iter().rposition(|byte| *byte == b'/').map_or(0, |end| end + 1);
        let alike = self.page.bytes().zip(target.bytes()).take_while(|(one, other)| one == other).count();
        let shared = folders(&self.page.as_bytes()[..alike]);
        Ok("../".repeat(self.page[shared..].matches('/').count()) + &target[shared..])
    }

    /// The href of a code's page, where the plan has one.
    pub fn code(&self, classification: &str, code: ClassCode) -> Option<String> {
        self.to(&code_path(classification, code)).ok()
    }

    /// Appends the opening tag of a link to a code's page; says whether there is one.
    pub(crate) fn open_code(&self, out: &mut String, classification: &str, code: ClassCode) -> bool {
        let known = self.links.codes.get(classification).is_some_and(|codes| codes.binary_search(&code).is_ok());
        if known {
            for part in ["<a href=\"", &self.up, "codes/", classification, "/"] {
                out.push_str(part);
            }
            push_number(out, code.0.into());
            out.push_str("/index.html\">");
        }
        known
    }
}

/// The path of the page of rules; each code is an anchor: `rules/index.html#C101`.
pub const RULES_PATH: &str = "rules/index.html";

/// The path of the page to search on.
pub const SEARCH_PATH: &str = "search/index.html";

/// The path of the page that searches the texts of the narratives.
pub const FULL_TEXT_PATH: &str = "search/text/index.html";

/// The path of the list of every unit.
pub const DIRECTORY_PATH: &str = "directory/index.html";

/// The path of the page of downloads of the whole portal.
pub const DATA_PATH: &str = "data/index.html";

/// Whether a path is that of a data file, or of the page that lists those of the whole portal: what
/// a site without downloads does not have. Attachments are none.
pub fn is_data(path: &str) -> bool {
    const FILES: [&str; 5] =
        ["disclosure.xlsx", "figures.csv", "disclosure.json", "datapackage.json", "sha256sums.txt"];
    match path.split('/').collect::<Vec<_>>()[..] {
        ["datapackage.json"]
        | ["data" | "schema", _]
        | ["units", _, _, "tables", _]
        | ["units", _, _, "versions", _, "tables", _] => true,
        ["units", _, _, name] | ["units", _, _, "versions", _, name] => FILES.contains(&name),
        _ => false,
    }
}

/// The path of the page that tells how to check a file.
pub const VERIFY_PATH: &str = "verify/index.html";

/// The path of a unit's page.
pub fn unit_path(unit: &str) -> String {
    format!("units/{unit}/index.html")
}

/// The path of a disclosure's page; budgets stand beside the final accounts of their year.
pub fn disclosure_path(disclosure: &Disclosure) -> String {
    let suffix = match disclosure.kind {
        Kind::Final => "",
        Kind::Budget => "-budget",
    };
    format!("units/{}/{}{suffix}/index.html", disclosure.unit, disclosure.year)
}

/// The path of the page that tells how a disclosure was checked, below the disclosure's.
pub fn quality_path(disclosure: &Disclosure) -> String {
    disclosure_path(disclosure).replace("index.html", "quality/index.html")
}

/// The path of the page of an earlier version of a disclosure, below the disclosure's.
pub fn version_path(disclosure: &Disclosure, version: u32) -> String {
    disclosure_path(disclosure).replace("index.html", &format!("versions/{version}/index.html"))
}

/// The path of a term's page.
pub fn term_path(term: &str) -> String {
    format!("glossary/{term}/index.html")
}

/// The path of a code's page.
pub fn code_path(classification: &str, code: ClassCode) -> String {
    format!("codes/{classification}/{code}/index.html")
}

/// The classification and the code of a code's page.
fn code_of(path: &str) -> Option<(&str, ClassCode)> {
    let (classification, rest) = path.strip_prefix("codes/")?.split_once('/')?;
    Some((classification, ClassCode::parse(rest.strip_suffix("/index.html")?)?))
}

/// The path of a form set's page.
pub fn set_path(set: &str) -> String {
    format!("forms/{set}/index.html")
}

/// The path of a year's page.
pub fn year_path(year: i32) -> String {
    format!("years/{year}/index.html")
}

/// The path of another list of a year: in the order of a column, or of one kind.
pub fn year_list_path(year: i32, list: &str) -> String {
    format!("years/{year}/{list}/index.html")
}

/// The path of a page of a list, counted from 1; the first stands at the list's own path.
pub fn page_path(first: &str, page: usize) -> String {
    match (page, first.strip_suffix("index.html")) {
        (2.., Some(folder)) => format!("{folder}{page}/index.html"),
        _ => first.to_owned(),
    }
}

/// The first folders of a path, so many of them, with the last slash: `units/a/2023/`. All of a
/// path that has fewer.
pub fn leading(path: &str, folders: usize) -> &str {
    path.match_indices('/').nth(folders - 1).map_or(path, |(at, _)| &path[..=at])
}

/// The path of a text page.
pub fn text_path(page: &str) -> String {
    format!("{page}/index.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_and_name_the_file() {
        let links = Links::new(vec!["index.html".into(), "units/a/2023/index.html".into()]);
        let page = links.from("units/a/2023/index.html");
        assert_eq!(page.to("index.html").unwrap(), "../../../index.html");
        assert_eq!(page.to_anchor("units/a/2023/index.html", "t01").unwrap(), "#t01");
        assert_eq!(links.from("index.html").to("units/a/2023/index.html").unwrap(), "units/a/2023/index.html");
    }

    #[test]
    fn a_near_link_goes_from_folder_to_folder() {
        let paths = ["index.html", "units/a/2023/index.html", "units/a/2023/quality/index.html", "units/ab/2023/x.csv"];
        let links = Links::new(paths.map(String::from).into());
        let near = |page: &str, target: &str| links.from(page).near(target).unwrap();
        assert_eq!(near(paths[1], paths[2]), "quality/index.html");
        assert_eq!(near(paths[2], paths[1]), "../index.html");
        assert_eq!(near(paths[1], paths[3]), "../../ab/2023/x.csv");
        assert_eq!([near(paths[0], paths[1]), near(paths[1], paths[0])], [paths[1], "../../../index.html"]);
        assert!(links.from(paths[0]).near("none.html").is_err());
    }

    #[test]
    fn data_files_are_told_from_pages_and_attachments() {
        let data = [
            "datapackage.json",
            "data/index.html",
            "data/figures-2023.csv",
            "schema/disclosure-1.schema.json",
            "units/a/2023/figures.csv",
            "units/a/2023-budget/tables/01.csv",
            "units/a/2023/versions/1/disclosure.xlsx",
            "units/a/2023/versions/1/tables/01.csv",
        ];
        let others = [
            "index.html",
            "units/tables/index.html",
            "units/a/2023/index.html",
            "units/a/2023/attachments/figures.csv",
            "units/a/2023/attachments/tables/01.csv",
            "units/attachments/2023/index.html",
        ];
        assert!(data.iter().all(|path| is_data(path)) && !others.iter().any(|path| is_data(path)));
        assert!(is_data("units/attachments/2023/sha256sums.txt"));
    }

    #[test]
    fn a_link_to_a_page_that_is_not_planned_is_refused() {
        let links = Links::new(vec!["index.html".into()]);
        let dead = links.from("index.html").to("glossary/x/index.html").unwrap_err();
        assert_eq!(dead.to_string(), "页面 index.html 链接到不存在的 glossary/x/index.html");
    }
}
