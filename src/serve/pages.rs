//! Pages of the preview itself: the overview of everything found, what stands in place of a
//! page that cannot be made, and the script that every page carries.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::desk::Prints;
use crate::diagnostic::{Finding, Severity, SourceMap};
use crate::load::Loaded;
use crate::model::disclosure::{Disclosure, State};
use crate::render::links::disclosure_path;
use crate::render::preview::{self, DRAFT, FAILED, FINDINGS, FOLDER, SEVERITIES, Tally, cell_href, push_finding};
use crate::text::{escape_html, push_escaped};

/// How many findings the overview shows in full; it counts them all.
const MOST: usize = 500;

/// A page of its own, without a theme.
fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n\
         <link rel=\"stylesheet\" href=\"/{FOLDER}preview.css\">\n</head>\n<body class=\"preview-page\">\n\
         <main>\n<h1>{0}</h1>\n{body}</main>\n</body>\n</html>\n",
        escape_html(title)
    )
}

/// A page with the script that keeps it new, for the path that it was asked by.
pub(super) fn with_script(html: &str, path: &str, prints: Prints) -> String {
    let Prints { page, style, script } = prints;
    let tag = format!(
        "<script src=\"/{FOLDER}preview.js\" data-page=\"{}\" data-print=\"{page:016x}\" \
         data-style=\"{style:016x}\" data-script=\"{script:016x}\"></script>\n",
        escape_html(path)
    );
    let end = html.rfind("</body>").unwrap_or(html.len());
    [&html[..end], &tag, &html[end..]].concat()
}

/// What is shown at every address while there is no site at all.
pub(super) fn failure(why: &str) -> String {
    let why = escape_html(why);
    document(
        "现在没有网站可以预览",
        &format!("<p><b class=\"state bad\">出错</b> {why}</p>\n<p>改正并保存后，这一页会自动更新。</p>\n"),
    )
}

/// What stands in place of a page that cannot be made.
pub(super) fn broken<'f>(path: &str, findings: impl Iterator<Item = &'f Finding>, sources: &SourceMap) -> String {
    let mut list = String::new();
    for finding in findings {
        push_finding(&mut list, finding, sources, None, None);
    }
    let list = list.replace("<details>", "<details open>");
    let body = format!(
        "<p><b class=\"state bad\">{FAILED}</b> 页面 <code>{}</code> 现在做不出来，因为：</p>\n<ol>\n{list}</ol>\n\
         <p>改正并保存后，这一页会自动更新。<a href=\"/{FOLDER}\">全部问题</a> <a href=\"/\">首页</a></p>\n",
        escape_html(path)
    );
    document("这一页做不出来", &body)
}

/// Whose finding it is: a unit's year, a unit, or the site.
type Owner<'f> = (Option<&'f str>, Option<i32>);

/// Everything found, by unit and year, the worst first; then every finding, the gravest first.
pub(super) fn overview(loaded: &Loaded, findings: &[Finding]) -> String {
    let mut groups: BTreeMap<Owner<'_>, Vec<&Finding>> = BTreeMap::new();
    for disclosure in &loaded.site.disclosures {
        groups.entry((Some(disclosure.unit.as_str()), Some(disclosure.year))).or_default();
    }
    for finding in findings.iter().filter(|finding| finding.is_shown()) {
        groups.entry((finding.unit.as_deref(), finding.year)).or_default().push(finding);
    }
    let mut groups: Vec<(Owner<'_>, Vec<&Finding>)> = groups.into_iter().collect();
    for (_, found) in &mut groups {
        found.sort_by_key(|finding| (finding.accepted.is_some(), finding.severity));
    }
    let badness = |found: &[&Finding]| {
        let tally = Tally::of(found.iter().copied());
        SEVERITIES.map(|severity| usize::MAX - tally.count(severity))
    };
    groups.sort_by_cached_key(|(_, found)| badness(found));
    let mut body = format!(
        "<p>预览，没有公开。全站{}。单位已说明的不计。<a href=\"/\">首页</a></p>\n",
        Tally::of(findings).words()
    );
    push_choice(&mut body, &groups);
    push_table(&mut body, loaded, &groups);
    push_groups(&mut body, loaded, &groups);
    document("预览：全部问题", &body)
}

/// What the rows of the table may be chosen by; the style sheet does it.
fn push_choice(out: &mut String, groups: &[(Owner<'_>, Vec<&Finding>)]) {
    let has = |found: &[&Finding], severities: &[Severity]| {
        let tally = Tally::of(found.iter().copied());
        severities.iter().any(|severity| tally.count(*severity) > 0)
    };
    let count = |severities: &[Severity]| groups.iter().filter(|(_, found)| has(found, severities)).count();
    let choices = [
        ("all", "全部", groups.len()),
        ("only-error", "有错误的", count(&[Severity::Error])),
        ("only-warning", "有错误或警告的", count(&[Severity::Error, Severity::Warning])),
    ];
    out.push_str("<fieldset><legend>列出</legend>");
    for (at, (id, name, count)) in choices.into_iter().enumerate() {
        let checked = if at == 0 { " checked" } else { "" };
        let _ =
            write!(out, "<label><input type=\"radio\" name=\"rows\" id=\"{id}\"{checked}> {name}（{count}份）</label>");
    }
    out.push_str("</fieldset>\n");
}

fn push_table(out: &mut String, loaded: &Loaded, groups: &[(Owner<'_>, Vec<&Finding>)]) {
    out.push_str(
        "<table><thead><tr class=\"error warning\"><th scope=\"col\">单位</th><th scope=\"col\">年度</th>\
         <th scope=\"col\">状态</th>",
    );
    for severity in SEVERITIES {
        let _ = write!(out, "<th scope=\"col\" class=\"n\">{}</th>", severity.name());
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let mut listed = 0;
    for (at, (owner, found)) in groups.iter().enumerate() {
        let tally = Tally::of(found.iter().copied());
        let has = SEVERITIES.into_iter().filter(|severity| tally.count(*severity) > 0);
        let classes: Vec<&str> = has.map(Severity::key).collect();
        let _ = write!(out, "<tr class=\"{}\"><th scope=\"row\">", classes.join(" "));
        push_name(out, loaded, *owner);
        out.push_str("</th><td class=\"year\">");
        push_years(out, loaded, *owner);
        let _ = write!(out, "</td><td>{}</td>", state(loaded, *owner, tally));
        // What is not listed below is listed on its own page.
        listed += found.len();
        let own = disclosures(loaded, *owner).first().map(|one| format!("/{}#{FINDINGS}", disclosure_path(one)));
        let href = own.filter(|_| listed > MOST).unwrap_or_else(|| format!("#g{at}"));
        for severity in SEVERITIES {
            let count = tally.count(severity);
            let class = if count > 0 { severity.key() } else { "none" };
            let _ = write!(out, "<td class=\"n {class}\">");
            let _ = if count > 0 { write!(out, "<a href=\"{href}\">{count}</a>") } else { write!(out, "0") };
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>\n");
}

/// The disclosures of a unit's year: final accounts, a budget, or both.
fn disclosures<'l>(loaded: &'l Loaded, (unit, year): Owner<'_>) -> Vec<&'l Disclosure> {
    let all = unit.map(|unit| loaded.site.disclosures_of(unit)).into_iter().flatten();
    all.filter(|disclosure| Some(disclosure.year) == year).collect()
}

fn push_name(out: &mut String, loaded: &Loaded, (unit, _): Owner<'_>) {
    let Some(unit) = unit else { return out.push_str("全站") };
    let name = loaded.site.units.get(unit).map_or(unit, |known| known.short.as_str());
    push_escaped(out, if name.is_empty() { unit } else { name });
    // Short names are not unique; folders are.
    let _ = write!(out, " <code>{}</code>", escape_html(unit));
}

/// What a unit discloses of a year, or that it could not be read.
fn push_years(out: &mut String, loaded: &Loaded, owner: Owner<'_>) {
    let documents = disclosures(loaded, owner);
    for (at, document) in documents.iter().enumerate() {
        let (path, kind) = (escape_html(&disclosure_path(document)), document.kind.name());
        let space = if at > 0 { " " } else { "" };
        let _ = write!(out, "{space}<a href=\"/{path}\">{}年度{kind}</a>", document.year);
    }
    if let Some(year) = owner.1.filter(|_| documents.is_empty()) {
        let _ = write!(out, "{year}年度（没有读入）");
    }
}

fn state(loaded: &Loaded, owner: Owner<'_>, tally: Tally) -> String {
    let mut states = Vec::new();
    if tally.count(Severity::Error) > 0 {
        states.push(format!("<b class=\"state bad\">{FAILED}</b>"));
    }
    if disclosures(loaded, owner).iter().any(|disclosure| disclosure.state == State::Draft) {
        states.push(format!("<b class=\"state\">{DRAFT}</b>"));
    }
    match (states.is_empty(), owner.1) {
        (true, Some(_)) => "通过".to_owned(),
        _ => states.join(" "),
    }
}

fn push_groups(out: &mut String, loaded: &Loaded, groups: &[(Owner<'_>, Vec<&Finding>)]) {
    let mut left = MOST;
    let (mut groups_left, mut findings_left) = (0, 0);
    for (at, (owner, found)) in groups.iter().enumerate().filter(|(_, (_, found))| !found.is_empty()) {
        if found.len() > left && owner.1.is_some() {
            left = 0;
            groups_left += 1;
            findings_left += found.len();
            continue;
        }
        let _ = write!(out, "<h2 id=\"g{at}\">");
        push_name(out, loaded, *owner);
        out.push(' ');
        push_years(out, loaded, *owner);
        out.push_str("</h2>\n<ol>\n");
        let documents = disclosures(loaded, *owner);
        // What is wrong with the site itself is told whatever else is.
        let most = if owner.1.is_some() { left } else { left.max(preview::MOST) };
        for finding in found.iter().take(most) {
            let cell = finding.cell.as_deref();
            let href = cell.and_then(|cell| documents.iter().find_map(|document| cell_href(document, cell)));
            push_finding(out, finding, &loaded.sources, None, href.as_deref());
        }
        out.push_str("</ol>\n");
        if found.len() > most {
            let _ = writeln!(out, "<p>另有{}处，先改正这些。</p>", found.len() - most);
        }
        left = left.saturating_sub(found.len());
    }
    if groups_left > 0 {
        let _ = writeln!(
            out,
            "<p>还有{groups_left}份的{findings_left}处，这里不列；点上面表中的数，在它自己的页面上看。</p>"
        );
    }
}

/// The findings that say why a path below a unit's year has no page, the gravest first.
pub(super) fn reasons<'f>(path: &str, findings: &'f [Finding]) -> Vec<&'f Finding> {
    let mut parts = path.split('/');
    let (Some("units"), Some(unit)) = (parts.next(), parts.next()) else { return Vec::new() };
    let year = parts.next().and_then(|part| part.split('-').next()).and_then(|year| year.parse::<i32>().ok());
    let is_why = |finding: &&Finding| {
        finding.unit.as_deref() == Some(unit)
            && finding.severity == Severity::Error
            && (year.is_none() || finding.year.is_none() || finding.year == year)
    };
    findings.iter().filter(is_why).take(preview::MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_last_and_says_what_is_shown() {
        let prints = Prints { page: 1, style: 2, script: 3 };
        let html = with_script("<body>甲</body>", "a\"b", prints);
        assert!(html.starts_with("<body>甲<script src=\"/_preview/preview.js\" data-page=\"a&quot;b\""), "{html}");
        assert!(html.contains("data-print=\"0000000000000001\"") && html.ends_with("</script>\n</body>"));
        assert!(with_script("甲", "a", prints).starts_with("甲<script"));
    }

    #[test]
    fn what_a_failure_quotes_is_text() {
        assert!(failure("<script>").contains("&lt;script&gt;"));
        let broken = broken("<b>", [Finding::new("P004", "甲<乙")].iter(), &SourceMap::default());
        assert!(broken.contains("&lt;b&gt;") && broken.contains("甲&lt;乙") && broken.contains("<details open>"));
    }

    #[test]
    fn a_path_of_a_unit_that_is_not_there_is_told_by_the_units_errors() {
        let found = [
            Finding::new("C101", "甲").about("a", 2023),
            Finding::new("C101", "乙").about("a", 2022),
            Finding::new("C124", "丙").about("a", 2023),
        ];
        let told = |path: &str| reasons(path, &found).iter().map(|f| f.message.as_str()).collect::<Vec<_>>();
        assert_eq!(told("units/a/2023/index.html"), ["甲"]);
        assert_eq!(told("units/a/2023-budget/"), ["甲"]);
        assert_eq!(told("units/a/index.html"), ["甲", "乙"]);
        assert!(told("units/b/2023/").is_empty() && told("a").is_empty());
    }
}
