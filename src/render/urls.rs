//! Permanent addresses: what was published before stays reachable, by itself or by a redirect.
//!
//! 1. `urls.lock` lists the pages and downloads that were published; `site.toml` says where
//!    moved ones are found now.
//! 2. A redirect of a folder stands for every published path below it, a redirect of a file for
//!    itself. A chain of redirects is followed to its end.
//! 3. A moved page becomes a small page that leads on; a moved download the download itself,
//!    because nothing else can stand at the address of a CSV file on a plain server.
//! 4. A published path that has neither page nor redirect is an error, told once a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::diagnostic::{Finding, Placed};
use crate::model::site::{Redirect, Site};
use crate::render::links::{Links, PageLinks, is_data};
use crate::text::escape_html;

/// A path that has moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    /// The path that was published.
    pub(crate) from: String,
    /// The path of the plan that holds it now.
    pub(crate) to: String,
}

impl Moved {
    /// Whether a page that leads on can stand there.
    pub(crate) fn is_page(&self) -> bool {
        Path::new(&self.from).extension().is_some_and(|extension| extension == "html")
    }
}

/// The moved paths of a site, sorted, and what is wrong with published paths and redirects.
/// `planned` are the paths that the plan has by itself.
pub(crate) fn moved(site: &Site, planned: &Links) -> (Vec<Moved>, Vec<Finding>) {
    let (rules, mut findings) = sound(&site.config.redirects, planned);
    let mut moved = BTreeMap::new();
    let mut used = BTreeSet::new();
    let mut gone = Vec::new();
    for rule in rules.values().filter(|rule| !is_folder(&rule.from)) {
        used.insert(rule.from.as_str());
        match follow(&rules, &rule.from, planned, &mut used) {
            End::At(to) => drop(moved.insert(rule.from.clone(), to)),
            End::Nowhere(end) => findings.push(no_target(rule, &end)),
            End::Loop => findings.push(a_loop(rule)),
        }
    }
    let mut told = BTreeSet::new();
    for url in site.urls.iter().filter(|url| !planned.has(&url.value) && !rules.contains_key(url.value.as_str())) {
        match follow(&rules, &url.value, planned, &mut used) {
            End::At(to) => drop(moved.insert(url.value.clone(), to)),
            End::Nowhere(end) => gone.push((url, (end != url.value).then_some(end))),
            End::Loop => {
                let rule = rule_of(&rules, &url.value);
                findings.extend(rule.filter(|rule| told.insert(&rule.from)).map(a_loop));
            }
        }
    }
    // What a source that cannot be read takes away is told there, and comes back with it.
    gone.retain(|(url, _)| !is_lost_with_sources(site, &url.value));
    let (left_out, gone): (Vec<_>, Vec<_>) =
        gone.into_iter().partition(|(url, end)| site.config.without_downloads && end.is_none() && is_data(&url.value));
    findings.extend(left_out.first().map(|(first, _)| without_downloads(first, left_out.len())));
    findings.extend(missing(&gone, planned));
    let idle = rules.values().filter(|rule| !used.contains(rule.from.as_str()));
    findings.extend(idle.map(|rule| {
        Finding::new("P022", format!("urls.lock 中没有“{}”下的网址，这条转向用不上", rule.from))
            .at(rule.place)
            .help("请核对写法；确实不需要的，从 site.toml 删去。urls.lock 丢失的，从备份找回")
    }));
    (moved.into_iter().map(|(from, to)| Moved { from, to }).collect(), findings)
}

/// Whether a path is missing because a unit's sources could not be read: it is the unit's, or a list
/// that counts what all units have.
fn is_lost_with_sources(site: &Site, path: &str) -> bool {
    match path.strip_prefix("units/") {
        Some(below) => below.split('/').next().is_some_and(|unit| site.unread.contains(unit)),
        None => {
            !site.unread.is_empty() && ["codes/", "years/", "data/figures-"].iter().any(|list| path.starts_with(list))
        }
    }
}

fn is_folder(path: &str) -> bool {
    path.ends_with('/')
}

type Rules<'s> = BTreeMap<&'s str, &'s Redirect>;

/// The redirects by what they redirect, without those that stand twice or in a page's way.
fn sound<'s>(redirects: &'s [Redirect], planned: &Links) -> (Rules<'s>, Vec<Finding>) {
    let (mut rules, mut findings) = (Rules::new(), Vec::new());
    for redirect in redirects {
        if let Some(first) = rules.get(redirect.from.as_str()) {
            let finding = Finding::new("P021", format!("“{}”的转向写了两次", redirect.from)).at(redirect.place);
            findings.push(finding.related("第一次写在这里", first.place).help("只留一条。"));
        } else if let Some(page) = planned.first_at(&redirect.from) {
            let finding = Finding::new("P021", format!("“{}”仍有页面 {page}，不能转向", redirect.from));
            findings.push(finding.at(redirect.place).help("请改正 from；要让出这个网址，先给现在的页面换一个标识。"));
        } else {
            rules.insert(&redirect.from, redirect);
        }
    }
    (rules, findings)
}

/// Where a chain of redirects ends.
enum End {
    /// At a path of the plan.
    At(String),
    /// At a path that the plan does not have.
    Nowhere(String),
    /// Where it began.
    Loop,
}

fn follow<'s>(rules: &Rules<'s>, path: &str, planned: &Links, used: &mut BTreeSet<&'s str>) -> End {
    let mut seen = BTreeSet::new();
    let mut path = path.to_owned();
    while !planned.has(&path) {
        let Some(rule) = rule_of(rules, &path) else { return End::Nowhere(path) };
        used.insert(&rule.from);
        let next = format!("{}{}", rule.to, &path[rule.from.len()..]);
        // A folder that leads below itself grows for ever: a chain is no longer than the rules.
        if !seen.insert(path) || seen.len() > rules.len() {
            return End::Loop;
        }
        path = next;
    }
    End::At(path)
}

/// The redirect that a path falls under: its own, or that of the nearest folder.
fn rule_of<'s>(rules: &Rules<'s>, path: &str) -> Option<&'s Redirect> {
    let folders = path.rmatch_indices('/').map(|(at, _)| &path[..=at]);
    std::iter::once(path).chain(folders).find_map(|from| rules.get(from).copied())
}

fn no_target(rule: &Redirect, end: &str) -> Finding {
    Finding::new("P021", format!("“{}”转向的“{end}”不存在", rule.from))
        .at(rule.place)
        .help("请把 to 改为本站现有的页面或下载文件。")
}

fn a_loop(rule: &Redirect) -> Finding {
    Finding::new("P021", format!("“{}”的转向绕了圈子，没有终点", rule.from))
        .at(rule.place)
        .help("请改正 to，使每条转向最后到达一个现有的页面。")
}

/// A published path that is gone, with where a redirect leads it in vain.
type Gone<'u> = (&'u Placed<String>, Option<String>);

/// Data files that were published and that the site does not offer any more: one cause, told once.
fn without_downloads(first: &Placed<String>, count: usize) -> Finding {
    let message = format!("已公开的{count}个数据文件不再提供，例如 {}", first.value);
    Finding::new("P020", message).at(first.place).help(
        "site.toml 写了 downloads = false。已经有人引用这些网址的，改回 downloads = true；\
         从未对外公开，或确实不再提供的，从 urls.lock 删去这些行。",
    )
}

/// One finding for each folder that is gone as a whole, and for each file that is gone alone.
fn missing(gone: &[Gone<'_>], planned: &Links) -> Vec<Finding> {
    let mut groups: BTreeMap<&str, Vec<&Gone<'_>>> = BTreeMap::new();
    for entry in gone {
        let path = entry.0.value.as_str();
        let folders = path.match_indices('/').map(|(at, _)| &path[..=at]);
        let lost = folders.into_iter().find(|folder| planned.first_at(folder).is_none());
        groups.entry(lost.unwrap_or(path)).or_default().push(entry);
    }
    groups.into_iter().map(|(group, entries)| gone_finding(group, &entries)).collect()
}

fn gone_finding(group: &str, entries: &[&Gone<'_>]) -> Finding {
    let (first, end) = entries[0];
    let path = &first.value;
    let gone = match entries.len() {
        1 => format!("已公开的网址 {path} 不见了"),
        count => format!("“{group}”下已公开的{count}个网址不见了，例如 {path}"),
    };
    let led = end.as_ref().map(|end| format!("；转向所指的 {end} 也不存在")).unwrap_or_default();
    let message = gone + &led;
    Finding::new("P020", message).at(first.place).help(format!(
        "单位改名或页面移动的，在 site.toml 写 [[redirects]]，from = \"{group}\"，to 写新的路径；误删的请恢复。\
         换了机器或目录、又有草稿或暂不发布的，先把已发布的网站放回输出目录，或用 --output 指明它在哪里。\
         从未对外公开，或依法撤下的，从 urls.lock 删去这些行。"
    ))
}

/// The page that stands where another stood, and leads to it at once. It needs no template, so
/// that no theme can break it.
pub(crate) fn page(site: &str, moved: &Moved, links: &PageLinks<'_>, address: Option<&str>) -> String {
    let href = escape_html(&format!("{}{}", links.root(), moved.to));
    let canonical = address.map_or_else(|| href.clone(), escape_html);
    let icon = links
        .to("assets/favicon.svg")
        .map(|icon| format!("<link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\">\n"));
    let style = links.to("assets/style.css").map(|style| format!("<link rel=\"stylesheet\" href=\"{style}\">\n"));
    let (site, from, to) = (escape_html(site), escape_html(&moved.from), escape_html(&moved.to));
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'; base-uri 'self'; form-action 'none'; object-src 'none'\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={href}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>已移动：{from} · {site}</title>\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"canonical\" href=\"{canonical}\">\n{}{}\
         </head>\n<body>\n<main id=\"main\" class=\"wide plain\">\n<h1>此页已移动</h1>\n\
         <p>请到新的地址：<a href=\"{href}\">{to}</a></p>\n</main>\n</body>\n</html>\n",
        icon.unwrap_or_default(),
        style.unwrap_or_default(),
    )
}
