//! 分页: long lists in pages of 200, each page with the way to all others.

use std::ops::Range;

use serde::Serialize;

use crate::render::links::{DeadLink, PageLinks, page_path};
use crate::render::view::Link;

/// How many rows a page holds.
pub(crate) const A_PAGE: usize = 200;

/// How many pages a list takes; an empty one takes one.
pub(crate) const fn pages_of(rows: usize) -> usize {
    let pages = rows.div_ceil(A_PAGE);
    if pages == 0 { 1 } else { pages }
}

/// The rows on a page, counted from 1.
pub(crate) fn rows_of(page: usize, rows: usize) -> Range<usize> {
    (page - 1) * A_PAGE..(page * A_PAGE).min(rows)
}

/// The pages of a list, as `pager.html` shows them; nothing where one page holds all.
#[derive(Serialize)]
pub(super) struct Pager {
    /// All pages by number; the one without href is this one.
    pages: Vec<Link>,
    /// The page before.
    earlier: Option<Link>,
    /// The page after.
    later: Option<Link>,
}

impl Pager {
    /// The pages of a list whose first page stands at `first`, as seen from one of them.
    pub(super) fn new(first: &str, page: usize, rows: usize, links: &PageLinks<'_>) -> Result<Option<Self>, DeadLink> {
        let count = pages_of(rows);
        if count == 1 {
            return Ok(None);
        }
        let href = |to: usize| if to == page { Ok(None) } else { links.to(&page_path(first, to)).map(Some) };
        let link = |to: usize| Ok(Link { text: to.to_string(), href: href(to)? });
        let aside = |to: usize, text: &str| {
            (1..=count).contains(&to).then(|| Ok(Link::new(text, links.to(&page_path(first, to))?))).transpose()
        };
        Ok(Some(Self {
            pages: (1..=count).map(link).collect::<Result<_, DeadLink>>()?,
            earlier: aside(page - 1, "上一页")?,
            later: aside(page + 1, "下一页")?,
        }))
    }
}

/// What a title says of a page: `第2页`; nothing on the first.
pub(super) fn suffix(page: usize) -> String {
    if page == 1 { String::new() } else { format!("第{page}页") }
}

/// A title with the page: `单位目录 · 第2页`.
pub(super) fn titled(title: &str, page: usize) -> String {
    if page == 1 { title.to_owned() } else { format!("{title} · {}", suffix(page)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::links::Links;

    #[test]
    fn a_list_of_201_rows_takes_two_pages() {
        assert_eq!([0, 1, 200, 201].map(pages_of), [1, 1, 1, 2]);
        assert_eq!([rows_of(1, 201), rows_of(2, 201)], [0..200, 200..201]);
    }

    #[test]
    fn every_page_leads_to_all_others() {
        let paths = ["a/index.html", "a/2/index.html", "a/3/index.html"];
        let links = Links::new(paths.map(String::from).into());
        let pager = Pager::new(paths[0], 2, 401, &links.from(paths[1])).unwrap().unwrap();
        let hrefs: Vec<Option<&str>> = pager.pages.iter().map(|link| link.href.as_deref()).collect();
        assert_eq!(hrefs, [Some("../../a/index.html"), None, Some("../../a/3/index.html")]);
        assert!(pager.earlier.is_some() && pager.later.is_some());
        assert!(Pager::new(paths[0], 1, 200, &links.from(paths[0])).unwrap().is_none());
    }
}
