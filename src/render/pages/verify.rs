//! 如何核对: how anybody checks that a file is the one that was published.

use serde::Serialize;

use crate::render::links::{DATA_PATH, DeadLink, PageLinks};
use crate::render::pages::Scene;
use crate::render::view::{Drawn, Head, Link, Section};
use crate::text::escape_html;

/// The page's title.
pub(super) const TITLE: &str = "如何核对";

/// The page, for `text.html`.
#[derive(Serialize)]
struct View {
    /// The title.
    title: &'static str,
    /// The text.
    html: String,
}

pub(super) fn draw(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let manifest = format!("{}MANIFEST", links.root());
    let config = &scene.site.config;
    let data = if config.without_downloads { None } else { Some(links.to(DATA_PATH)?) };
    let address = config.address_of("MANIFEST");
    let html = html(&manifest, data.as_deref(), address.as_deref());
    let head = Head {
        title: TITLE.into(),
        description: "核对下载的文件与本站发布的是否一字不差。".into(),
        crumbs: vec![Link::here(TITLE)],
        section: Section::Other,
    };
    Ok(Drawn::new("text.html", head, &View { title: TITLE, html }))
}

/// The text; `data` leads to the page of downloads, where the site offers any.
fn html(manifest: &str, data: Option<&str>, address: Option<&str>) -> String {
    let manifest = escape_html(manifest);
    let file = if data.is_some() { "disclosure.xlsx" } else { "index.html" };
    let of_disclosure = data.map_or_else(String::new, of_disclosure);
    let mirror = address.map_or_else(String::new, |address| {
        let address = escape_html(address);
        format!("，本站的清单在 <code>{address}</code>")
    });
    format!(
        "<p>本站每次发布，都为全部文件（网页、表格、附件）各算一个校验值（SHA-256），列在清单 \
         <a href=\"{manifest}\">MANIFEST</a> 里，每行是校验值和路径。文件改动一个字，校验值就完全不同；\
         校验值相同，文件就与发布的一字不差。</p>\n\
         <h2 id=\"one\">核对一个文件</h2>\n\
         <p>先算出手里文件的校验值，把下面的 <code>{file}</code> 换成文件名：</p>\n\
         <table><caption>各系统计算校验值的命令</caption><thead><tr><th scope=\"col\">系统</th><th scope=\"col\">命令</th></tr></thead><tbody>\n\
         <tr><th scope=\"row\">Windows 命令提示符</th><td><code>certutil -hashfile {file} SHA256</code></td></tr>\n\
         <tr><th scope=\"row\">Windows PowerShell</th><td><code>Get-FileHash {file} -Algorithm SHA256</code></td></tr>\n\
         <tr><th scope=\"row\">macOS</th><td><code>shasum -a 256 {file}</code></td></tr>\n\
         <tr><th scope=\"row\">Linux、麒麟、统信</th><td><code>sha256sum {file}</code></td></tr>\n\
         </tbody></table>\n\
         <p>再打开清单，按文件在本站的路径（网址中本站地址之后的部分）找到那一行，比较两个校验值；字母大小写不同不要紧。\
         网页要用下载的原文件核对，浏览器“另存为”可能改动内容。</p>\n\
         {of_disclosure}\
         <h2 id=\"site\">核对整个网站</h2>\n\
         <p>存有整站文件的，在其目录里运行 <code>sha256sum -c --quiet MANIFEST</code>，没有输出即为一致；\
         或者运行 <code>disclose verify 目录</code>，它还会列出清单之外多出的文件。</p>\n\
         <h2 id=\"limits\">能证明什么</h2>\n\
         <p>清单与文件放在同一处，能改文件的人也能改清单。要证明某一天发布的内容，请在当天另存一份清单，\
         或者记下清单自己的校验值（算法同上，文件名写 MANIFEST）{mirror}；日后运行 <code>disclose verify 目录 --manifest 另存的清单</code>。\
         校验值只说明文件没有改动，不说明其中的数字正确；数字的核对结果见各单位的数据质量页。</p>\n"
    )
}

/// How to check the files of one disclosure together.
fn of_disclosure(data: &str) -> String {
    let data = escape_html(data);
    format!(
        "<h2 id=\"disclosure\">核对一份公开的全部下载文件</h2>\n\
         <p>每份决算、预算的下载文件旁都有 <code>sha256sums.txt</code>，与它们放在同一目录（保留 <code>tables</code> 等子目录），\
         在这个目录里运行：</p>\n\
         <pre><code>sha256sum -c sha256sums.txt</code></pre>\n\
         <p>macOS 用 <code>shasum -a 256 -c sha256sums.txt</code>。各行都是 OK 即为一致。\
         Windows 上逐个文件按上面的方法核对。全站的数据文件见<a href=\"{data}\">数据下载</a>。</p>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_has_its_command_and_addresses_are_escaped() {
        let html = html("../MANIFEST", Some("../data/index.html"), Some("https://a.example/?a&b/MANIFEST"));
        for command in ["certutil -hashfile", "Get-FileHash", "shasum -a 256", "sha256sum -c sha256sums.txt"] {
            assert!(html.contains(command), "{command}");
        }
        assert!(html.contains("<a href=\"../MANIFEST\">") && html.contains("?a&amp;b/"), "{html}");
        let plain = super::html("MANIFEST", None, None);
        assert!(!["本站的清单在", "sha256sums", "xlsx", "data/"].iter().any(|text| plain.contains(text)), "{plain}");
    }
}
