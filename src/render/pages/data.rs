//! 数据下载: what readers take away of the whole portal.

use serde::Serialize;

use crate::render::links::{DeadLink, PageLinks};
use crate::render::pages::Scene;
use crate::render::view::{Drawn, FileLink, Head, Link, Section};

/// The page's title.
pub(super) const TITLE: &str = "数据下载";

/// The downloads of the portal, for `data.html`.
#[derive(Serialize)]
struct View {
    /// The title.
    title: &'static str,
    /// The downloads of the whole portal.
    files: Vec<FileLink>,
    /// The href of the list of all files with their hashes.
    manifest: String,
    /// The licence of the data, where one is granted.
    license: Option<Link>,
}

pub(super) fn draw(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let files = scene.downloads_of(None).iter().map(|download| FileLink::new(download, links));
    let license = scene.site.config.license.as_ref().map(|license| {
        let text = license.title.as_ref().unwrap_or(&license.name).clone();
        Link { text, href: license.url.clone() }
    });
    let view = View {
        title: TITLE,
        files: files.collect::<Result<_, _>>()?,
        manifest: format!("{}MANIFEST", links.root()),
        license,
    };
    let head = Head {
        title: TITLE.into(),
        description: "各单位各年度公开的全部数据，一行一个数，可用电子表格和统计软件打开。".into(),
        crumbs: vec![Link::here(TITLE)],
        section: Section::Other,
    };
    Ok(Drawn::new("data.html", head, &view))
}
