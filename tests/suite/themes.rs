//! Themes of a site: each file of theirs stands in for the default theme's, and a mistake in one
//! is told with its place and publishes nothing.

use std::path::Path;

use crate::support::{TempSite, build, disclose, tree};

/// A small site with the theme `county`.
fn site() -> TempSite {
    let site = TempSite::caidian();
    site.write("site.toml", "title = \"试验站\"\ndescription = \"试验\"\npublisher = \"试验\"\ntheme = \"county\"\n");
    site.write("themes/county/README.md", "县里的主题\n");
    site
}

fn public(site: &TempSite) -> std::path::PathBuf {
    site.root().join("public")
}

fn page(site: &TempSite, path: &str) -> String {
    std::fs::read_to_string(public(site).join(path)).unwrap()
}

/// Builds and expects a refusal; gives what was told.
fn refused(site: &TempSite) -> String {
    let output = public(site);
    let arguments = ["build", "--root", site.root().to_str().unwrap(), "--output", output.to_str().unwrap()];
    let run = disclose(&arguments, &[]);
    let told = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert_eq!(run.status.code(), Some(1), "{told}");
    told
}

#[test]
fn a_theme_replaces_single_files_and_adds_others() {
    let site = site();
    build(site.root(), &public(&site), &[]);
    let default = tree(&public(&site));
    site.write(
        "themes/county/templates/404.html",
        "{% extends \"base.html\" %}{% block main %}{% include \"seal.html\" %}{% endblock main %}",
    );
    site.write("themes/county/templates/seal.html", "<h1>没有这一页，共{{ page.units }}个单位</h1>");
    site.write("themes/county/static/assets/style.css", "body { color: black }\n");
    site.write("themes/county/static/assets/seal.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    build(site.root(), &public(&site), &[]);
    let themed = tree(&public(&site));
    assert!(page(&site, "404.html").contains("<h1>没有这一页，共1个单位</h1>"));
    let changed: Vec<&String> =
        themed.iter().filter(|(path, bytes)| default.get(*path) != Some(bytes)).map(|(path, _)| path).collect();
    assert_eq!(changed, ["404.html", "MANIFEST", "assets/seal.svg", "assets/style.css"]);
    assert!(default.keys().all(|path| themed.contains_key(path)));
}

#[test]
fn a_file_of_the_default_theme_can_be_replaced_under_its_own_name() {
    let site = TempSite::caidian();
    site.write("themes/default/static/assets/favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    site.write("static/assets/style.css", "p { margin: 0 }\n");
    build(site.root(), &public(&site), &[]);
    assert!(page(&site, "assets/favicon.svg").len() < 60);
    assert_eq!(page(&site, "assets/style.css"), "p { margin: 0 }\n", "the site's own file wins");
    assert!(page(&site, "index.html").contains("试验站"));
}

#[test]
fn a_theme_that_does_not_exist_is_told_with_the_one_that_may_be_meant() {
    let site = site();
    site.replace("site.toml", "county", "conuty");
    let told = refused(&site);
    assert!(told.contains("没有主题“conuty”") && told.contains("是不是“county”"), "{told}");
}

#[test]
fn mistakes_in_templates_are_told_with_their_place_and_the_published_site_stays() {
    let site = site();
    build(site.root(), &public(&site), &[]);
    let before = tree(&public(&site));
    let broken = [
        ("{{ page.units", "404.html:2:", "模板没有写完"),
        ("{% if page.units %}", "404.html:", "模板没有写完"),
        ("{{ page.untis }}", "404.html:2:", "没有内容“untis”"),
        ("{{ pge.units }}", "404.html:2:", "没有变量“pge”"),
        ("{{ page.units | uper }}", "404.html:2:", "没有过滤器“uper”"),
        ("{{ get_env(name=\"HOME\") }}", "404.html:2:", "没有函数“get_env”"),
        ("{{ page.units | join }}", "404.html:2:", "模板有误"),
        ("{{ throw(message=\"停\") }}", "404.html:2:", "停"),
        ("{% include \"../../../site.toml\" %}", "404.html:2:", "没有模板“../../../site.toml”"),
        ("{% include \"404.html\" %}", "404.html:2:", "模板绕成一圈"),
        ("{% component a() %}{{ <a/> }}{% endcomponent %}{{ <a/> }}", "404.html:2:", "模板绕成一圈"),
    ];
    for (template, place, message) in broken {
        site.write("themes/county/templates/404.html", &format!("<h1>页首</h1>\n{template}\n"));
        let told = refused(&site);
        assert!(told.contains(place) && told.contains(message) && told.contains("P004"), "{template}\n{told}");
        assert_eq!(tree(&public(&site)), before, "{template}");
    }
}

#[test]
fn a_mistake_in_the_frame_of_all_pages_is_told_once() {
    let site = site();
    let base = disclose::load::embedded_file("themes/default/templates/base.html").unwrap();
    let base = String::from_utf8(base.to_vec()).unwrap().replace("frame.publisher", "frame.pubisher");
    site.write("themes/county/templates/base.html", &base);
    let told = refused(&site);
    assert_eq!(told.matches("没有内容“pubisher”").count(), 1, "{told}");
    assert!(told.contains("是不是“publisher”？") && told.contains("themes/county/templates/base.html"), "{told}");
}

#[test]
fn files_of_a_theme_that_have_no_use_are_told() {
    let site = site();
    site.write("themes/county/templates/disclosre.html", "{{ page.unit }}");
    site.write("themes/county/style.css", "p {}");
    let run = disclose(&["check", "--root", site.root().to_str().unwrap()], &[]);
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(told.contains("模板 disclosre.html 没有用到") && told.contains("是不是“disclosure.html”？"), "{told}");
    assert!(told.contains("“themes/county/style.css”放错了地方"), "{told}");
    assert!(!told.contains("README"), "{told}");
}

#[test]
#[cfg(unix)]
fn a_theme_leads_to_no_file_outside_the_site() {
    let site = site();
    std::fs::create_dir_all(site.root().join("themes/county/templates")).unwrap();
    std::os::unix::fs::symlink(Path::new("/etc/hostname"), site.root().join("themes/county/templates/404.html"))
        .unwrap();
    let told = refused(&site);
    assert!(told.contains("404.html"), "{told}");
}

#[test]
fn a_template_that_is_not_closed_is_one_finding_in_plain_chinese() {
    let site = site();
    let unclosed = "{% extends \"base.html\" %}{% block main %}{% if page.unit %}{% endblock main %}";
    let outside = "{% extends \"base.html\" %}<p>甲</p>{% block main %}{% endblock main %}";
    for (template, says) in [(unclosed, "这里不该有这个标记"), (outside, "这里的内容不会显示")] {
        site.write("themes/county/templates/unit.html", template);
        let run = disclose(&["check", "--root", site.root().to_str().unwrap()], &[]);
        let told = String::from_utf8_lossy(&run.stdout).into_owned();
        assert_eq!(told.matches("错误[P004]").count(), 1, "{told}");
        assert!(told.contains(says) && told.contains("unit.html:1:"), "{told}");
        assert!(!refused(&site).contains("not found"));
    }
}
