//! A site that offers no data files: `downloads = false` in `site.toml`.

use std::path::Path;

use disclose::render::links::is_data;

use crate::support::{TempSite, disclose, tree};

const DISCLOSURE: &str = "units/caidian-ggzy/2023";

fn build(site: &TempSite) -> (i32, String) {
    let output = disclose(&["build", "--root", site.root().to_str().unwrap()], &[]);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), said)
}

fn turn_off(site: &TempSite) {
    site.write("site.toml", &format!("downloads = false\n{}", site.read("site.toml")));
}

/// Two units, one with an attachment that is called like a data file.
fn with_attachment() -> TempSite {
    let site = TempSite::caidian();
    site.add_unit("luzhou-zwfw");
    site.write_bytes("content/units/caidian-ggzy/2023/attachments/figures.csv", b"a,b\r\n1,2\r\n");
    site
}

#[test]
fn no_data_file_is_made_no_page_speaks_of_one_and_attachments_stay() {
    let site = with_attachment();
    turn_off(&site);
    let (code, said) = build(&site);
    assert_eq!(code, 0, "{said}");
    let tree = tree(&site.root().join("public"));
    let data: Vec<&String> = tree.keys().filter(|path| is_data(path)).collect();
    assert!(data.is_empty(), "{data:?}");
    let ends = [".csv", ".xlsx", ".json", "sha256sums.txt"];
    let files: Vec<&String> = tree.keys().filter(|path| ends.iter().any(|end| path.ends_with(end))).collect();
    assert_eq!(files, [&format!("{DISCLOSURE}/attachments/figures.csv")]);

    let words = ["数据下载", "sha256sums", "disclosure.xlsx", "disclosure.json", "datapackage", "tables/", "data/"];
    let is_page = |path: &str| Path::new(path).extension().is_some_and(|extension| extension == "html");
    for (path, bytes) in tree.iter().filter(|(path, _)| is_page(path)) {
        let page = String::from_utf8_lossy(bytes);
        let said: Vec<&&str> = words.iter().filter(|word| page.contains(**word)).collect();
        assert!(said.is_empty(), "{path}: {said:?}");
    }
    let page = |unit: &str| String::from_utf8_lossy(&tree[&format!("units/{unit}/2023/index.html")]).into_owned();
    let with = page("caidian-ggzy");
    assert!(with.contains("<h2 id=\"downloads-h\">附件</h2>"), "{with}");
    assert!(with.contains("/attachments/figures.csv\" download>"));
    assert!(with.contains("<a href=\"#downloads\">附件</a>"));
    assert!(!page("luzhou-zwfw").contains("downloads"));
}

#[test]
fn what_was_published_and_is_not_offered_any_more_is_told_once() {
    let site = with_attachment();
    assert_eq!(build(&site).0, 0);
    let lock = site.read("urls.lock");
    let (data, others): (Vec<&str>, Vec<&str>) = lock.lines().partition(|line| is_data(line));
    assert!(data.len() > 25 && others.contains(&"units/caidian-ggzy/2023/attachments/figures.csv"), "{data:?}");

    turn_off(&site);
    let (code, said) = build(&site);
    let told = format!("错误[P020]: 已公开的{}个数据文件不再提供，例如 data/disclosures.csv", data.len());
    assert!(code == 1 && said.contains(&told) && said.contains("downloads = true"), "{said}");
    assert_eq!(said.matches("[P020]").count(), 1, "{said}");
    assert!(site.root().join("public/data/index.html").exists());

    // Only data files are excused by the setting.
    let gone = "units/caidian-ggzy/2023/attachments/gone.pdf";
    site.write("urls.lock", &format!("{}\n{gone}\n", others.join("\n")));
    let (code, said) = build(&site);
    assert!(code == 1 && said.contains(&format!("已公开的网址 {gone} 不见了")), "{said}");
    site.write("urls.lock", &(others.join("\n") + "\n"));
    let (code, said) = build(&site);
    assert_eq!(code, 0, "{said}");
    assert!(!site.root().join("public/data").exists());
}

#[test]
fn a_redirect_keeps_the_address_of_a_data_file_alive() {
    let site = with_attachment();
    site.write("urls.lock", "units/caidian-ggzy/2023/figures.csv\n");
    let moved = "[[redirects]]\nfrom = \"units/caidian-ggzy/2023/figures.csv\"\n\
                 to = \"units/caidian-ggzy/2023/attachments/figures.csv\"\n";
    site.write("site.toml", &(site.read("site.toml") + moved));
    turn_off(&site);
    let (code, said) = build(&site);
    assert_eq!(code, 0, "{said}");
    assert_eq!(site.read("public/units/caidian-ggzy/2023/figures.csv"), "a,b\r\n1,2\r\n");
}

#[test]
fn true_is_the_same_as_nothing() {
    let site = TempSite::caidian();
    assert_eq!(build(&site).0, 0);
    let before = tree(&site.root().join("public"));
    site.write("site.toml", &format!("downloads = true\n{}", site.read("site.toml")));
    assert_eq!(build(&site).0, 0);
    assert!(tree(&site.root().join("public")) == before);
}
