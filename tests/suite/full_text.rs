//! 全文检索: a page that sites ask for, and that only a program with the feature can make.

use crate::support::{TempSite, disclose};

fn site() -> TempSite {
    let site = TempSite::caidian();
    let settings = site.read("site.toml");
    site.write("site.toml", &format!("{settings}\n[search]\nfull_text = true\n"));
    site
}

/// Builds; gives whether it published, and what it told.
fn run(site: &TempSite) -> (bool, String) {
    let public = site.root().join("public");
    let arguments = ["build", "--root", site.root().to_str().unwrap(), "--output", public.to_str().unwrap()];
    let run = disclose(&arguments, &[]);
    (run.status.success(), format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr)))
}

#[test]
#[cfg(not(feature = "fulltext"))]
fn a_program_without_it_says_so_once_and_publishes_nothing() {
    let site = site();
    let (published, told) = run(&site);
    assert!(!published && !site.root().join("public").exists(), "{told}");
    assert_eq!(told.matches("P007").count(), 1, "{told}");
    assert!(told.contains("site.toml:") && told.contains("--features fulltext"), "{told}");
    site.replace("site.toml", "full_text = true", "full_text = false");
    let (published, told) = run(&site);
    assert!(published, "{told}");
    assert!(!site.root().join("public/search/text").exists());
}

#[test]
#[cfg(feature = "fulltext")]
fn its_files_are_equal_in_every_build_and_only_its_page_may_run_its_engine() {
    use crate::support::tree;
    let (site, other) = (site(), site());
    for site in [&site, &other] {
        let (published, told) = run(site);
        assert!(published, "{told}");
    }
    let files = tree(&site.root().join("public"));
    assert!(files == tree(&other.root().join("public")), "two builds differ");
    for file in ["index.html", "page.js", "2023/pagefind.js", "2023/pagefind-entry.json"] {
        assert!(files.contains_key(&format!("search/text/{file}")), "{file}");
    }
    let lock = site.read("urls.lock");
    assert!(!lock.contains("search/text/"), "{lock}");
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8_lossy(bytes);
        assert_eq!(html.contains("wasm-unsafe-eval"), path == "search/text/index.html", "{path}");
    }
    assert!(site.root().join(".disclose-cache/full-text").is_dir());
    let (published, told) = run(&site);
    assert!(published && told.contains("完全相同"), "{told}");
}
