//! A build takes over what the last one has made from the same sources; what comes out is what a
//! build from nothing makes, whatever was changed in between.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use disclose::synth::prng::Prng;

use crate::support::{TempSite, disclose, tree};

/// The invented sites that units are taken from: the same units with other figures.
struct Sites {
    folder: tempfile::TempDir,
    random: Prng,
}

const SEEDS: usize = 3;

impl Sites {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for seed in 0..SEEDS {
            let to = folder.path().join(seed.to_string());
            let to = to.to_str().unwrap();
            let made = disclose(&["synth", "--units", "7", "--years", "2", "--seed", &seed.to_string(), to], &[]);
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        }
        Self { folder, random: Prng::new(7) }
    }

    fn units(&self, seed: usize) -> Vec<String> {
        let units = self.folder.path().join(format!("{seed}/content/units"));
        let mut names: Vec<String> =
            fs::read_dir(units).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Writes a unit into a site as one of the invented sites has it.
    fn put(&self, site: &TempSite, seed: usize, unit: &str) {
        let from = self.folder.path().join(format!("{seed}/content/units/{unit}"));
        for (path, bytes) in tree(&from) {
            site.write_bytes(&format!("content/units/{unit}/{path}"), &bytes);
        }
    }

    fn pick(&mut self, count: usize) -> usize {
        self.random.below(count)
    }
}

fn build(root: &Path) -> String {
    let (code, told) = run_build(root, &[]);
    assert_eq!(code, Some(0), "{told}");
    told
}

/// Builds with more arguments; the exit code with what was told.
fn run_build(root: &Path, more: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["build", "--root", root.to_str().unwrap(), "-v"], more].concat();
    let built = disclose(&arguments, &[("SOURCE_DATE_EPOCH", "1750000000")]);
    (built.status.code(), String::from_utf8_lossy(&built.stdout).into_owned() + &String::from_utf8_lossy(&built.stderr))
}

/// How many files of the site were taken over as they were.
fn taken_over(told: &str) -> usize {
    let line = told.lines().find(|line| line.contains("个与上一版相同")).unwrap();
    line.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

/// How many disclosures were not examined again.
fn recalled(told: &str) -> usize {
    let line = told.lines().find(|line| line.contains("沿用那次的结果")).unwrap();
    line.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

/// The same sources in a new folder, built from nothing.
fn from_nothing(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let site = tempfile::tempdir().unwrap();
    for (path, bytes) in tree(root) {
        if path.starts_with("public/") || path.starts_with('.') {
            continue;
        }
        let to = site.path().join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    build(site.path());
    tree(&site.path().join("public"))
}

fn assert_same(root: &Path, what: &str) {
    let (published, expected) = (tree(&root.join("public")), from_nothing(root));
    assert_eq!(published.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "after {what}");
    let others: Vec<&String> = published.keys().filter(|path| published[*path] != expected[*path]).collect();
    assert_eq!(others, Vec::<&String>::new(), "after {what}");
}

#[test]
fn whatever_is_changed_the_next_build_makes_what_one_from_nothing_makes() {
    let mut sites = Sites::new();
    let units = sites.units(0);
    let site = TempSite::new();
    for unit in &units[1..] {
        sites.put(&site, 0, unit);
    }
    let last = site.root().join("content/units").join(&units[units.len() - 1]);
    let oldest = fs::read_dir(&last).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).min();
    fs::remove_dir_all(oldest.unwrap()).unwrap();
    build(site.root());
    // Until then a change might not show in the times of files, and nothing is recalled.
    std::thread::sleep(std::time::Duration::from_secs(5));
    build(site.root());
    // A kind of change each, then the same kinds drawn at random.
    let mut told = Vec::new();
    for step in 0..15 {
        let kind = if step < 9 { step } else { sites.pick(6) };
        let unit = units[1 + sites.pick(units.len() - 1)].clone();
        let what = change(&mut sites, &site, kind, &unit, step);
        told.push((recalled(&build(site.root())), what.clone()));
        assert_same(site.root(), &what);
    }
    // Four other units with two years each, and the last one, of which the older year comes later.
    assert_eq!(told[0].0, 9, "{told:?}");
    assert!(
        told.iter().any(|(recalled, _)| *recalled == 0)
            && told.iter().filter(|(recalled, _)| *recalled > 0).count() > 6,
        "{told:?}"
    );
}

/// Changes something; says what.
fn change(sites: &mut Sites, site: &TempSite, kind: usize, unit: &str, step: usize) -> String {
    let year = site.root().join(format!("content/units/{unit}"));
    let main = tree(&year).into_keys().find(|path| path.ends_with("disclosure.toml")).unwrap();
    let path = format!("content/units/{unit}/{main}");
    match kind {
        0 => {
            let seed = 1 + sites.pick(SEEDS - 1);
            sites.put(site, seed, unit);
            format!("other figures of {unit}")
        }
        1 => {
            let text = site.read(&path);
            let title = text.lines().find(|line| line.starts_with("title")).unwrap().to_owned();
            let title = title.trim_end_matches('"').to_owned();
            site.write(&path, &text.replace(&title, &format!("{title}{step}")));
            format!("the title of {path}")
        }
        2 => {
            let file = path.replace("disclosure.toml", "narrative.md");
            site.write(&file, &format!("{}\n各项工作按计划完成（{step}）。\n", site.read(&file)));
            format!("the words of {unit}")
        }
        3 => {
            let text = format!("+++\ntitle = \"说明{step}\"\norder = 9\n+++\n\n正文。\n");
            site.write(&format!("content/pages/shuoming-{step}.md"), &text);
            "a page of the site".to_owned()
        }
        4 => {
            let file = format!("content/units/{unit}/unit.toml");
            let text = site.read(&file);
            let start = text.find("region").unwrap();
            let region = &text[start..=start + text[start..].find(']').unwrap()];
            let other = ["[\"甲省\", \"乙市\"]", "[\"丙省\"]"][sites.pick(2)];
            site.write(&file, &text.replace(region, &format!("region = {other}")));
            format!("the region of {unit}")
        }
        5 => {
            site.write_bytes(&path.replace("disclosure.toml", "attachments/a.txt"), step.to_string().as_bytes());
            format!("an attachment of {unit}")
        }
        6 => {
            sites.put(site, 0, &sites.units(0)[0].clone());
            "a new unit".to_owned()
        }
        7 => {
            let unit = sites.units(0).pop().unwrap();
            sites.put(site, 0, &unit);
            format!("an older year of {unit}")
        }
        _ => {
            site.replace("site.toml", "试验站", "另一个试验站");
            "the site's name".to_owned()
        }
    }
}

/// The inode of a published file: the same, when it was taken over.
fn inode(root: &Path, path: &str) -> u64 {
    fs::metadata(root.join("public").join(path)).unwrap().ino()
}

/// A site of two units, built, with the pages of both.
fn two_units() -> (TempSite, [String; 2]) {
    let (sites, site) = (Sites::new(), TempSite::new());
    let units = [sites.units(0)[0].clone(), sites.units(0)[1].clone()];
    for unit in &units {
        sites.put(&site, 0, unit);
    }
    build(site.root());
    (site, units)
}

#[test]
fn what_one_figure_changes_is_made_again_and_the_rest_is_not() {
    let (site, [one, other]) = two_units();
    let pages = [&one, &other].map(|unit| {
        let page = PathBuf::from(format!("units/{unit}"));
        let year = fs::read_dir(site.root().join("public").join(&page)).unwrap();
        let year = year.map(|entry| entry.unwrap()).find(|entry| entry.path().is_dir()).unwrap().file_name();
        page.join(year).join("index.html").to_str().unwrap().to_owned()
    });
    let before = pages.each_ref().map(|page| inode(site.root(), page));
    Sites::new().put(&site, 1, &one);
    let told = build(site.root());
    let after = pages.each_ref().map(|page| inode(site.root(), page));
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1]);
    assert!(taken_over(&told) > 20, "{told}");
    assert!(!told.contains("被改动"), "{told}");
    assert_same(site.root(), "other figures");
}

#[test]
fn a_published_file_that_was_touched_is_not_taken_over() {
    let (site, [one, _]) = two_units();
    let page = tree(&site.root().join("public"))
        .into_keys()
        .find(|path| path.starts_with(&format!("units/{one}/20")) && path.ends_with("index.html"))
        .unwrap();
    let published = site.root().join("public").join(page);
    let text = fs::read_to_string(&published).unwrap();
    fs::write(&published, text.replacen("决算", "预算", 1)).unwrap();
    let told = build(site.root());
    assert!(told.contains("网站里有1个文件被改动或删去过，例如 units/"), "{told}");
    assert_eq!(fs::read_to_string(&published).unwrap(), text);
    assert_same(site.root(), "a file that was altered in place");
}

/// A site of which something is held back: a draft of all that a unit has, one of a later year of a unit that is
/// published, and a unit with an error.
struct Held {
    site: TempSite,
    sites: Sites,
    /// Units of which nothing is held back.
    others: Vec<String>,
}

impl Held {
    fn new() -> Self {
        let (sites, site) = (Sites::new(), TempSite::new());
        let units = sites.units(0);
        for unit in &units {
            sites.put(&site, 0, unit);
        }
        run_build(site.root(), &["--withhold"]);
        let [own, year, error] = [&units[0], &units[1], &units[2]];
        for main in mains(&site, own).iter().chain(mains(&site, year).last()) {
            site.write(main, &format!("state = \"draft\"\n{}", site.read(main)));
        }
        let main = &mains(&site, error)[0];
        site.write(main, &format!("zzz = 1\n{}", site.read(main)));
        Self { site, sites, others: units[3..].to_vec() }
    }

    fn build(&self) -> String {
        let (code, told) = run_build(self.site.root(), &["--withhold"]);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("草稿没有发布，共 3 份") && told.contains("没有发布的共 1 份"), "{told}");
        told
    }

    /// What a build makes that takes nothing over; what is kept is kept from the same.
    fn made_anew(&self) -> BTreeMap<String, Vec<u8>> {
        let other = TempSite::new();
        for (path, bytes) in tree(self.site.root()) {
            if !path.starts_with(".disclose-cache") {
                other.write_bytes(&path, &bytes);
            }
        }
        run_build(other.root(), &["--withhold"]);
        tree(&other.root().join("public"))
    }
}

/// The `disclosure.toml` of each year of a unit.
fn mains(site: &TempSite, unit: &str) -> Vec<String> {
    let unit = format!("content/units/{unit}");
    let files = tree(&site.root().join(&unit)).into_keys();
    files.filter(|path| path.ends_with("/disclosure.toml")).map(|path| format!("{unit}/{path}")).collect()
}

#[test]
fn beside_drafts_and_withheld_units_the_next_build_makes_what_one_from_nothing_makes() {
    let mut held = Held::new();
    held.build();
    std::thread::sleep(std::time::Duration::from_secs(5));
    held.build();
    for step in 0..5 {
        let unit = held.others[step % held.others.len()].clone();
        let what = change(&mut held.sites, &held.site, step, &unit, step);
        let told = held.build();
        let (published, expected) = (tree(&held.site.root().join("public")), held.made_anew());
        assert_eq!(published.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "after {what}");
        let others: Vec<&String> = published.keys().filter(|path| published[*path] != expected[*path]).collect();
        assert_eq!(others, Vec::<&String>::new(), "after {what}");
        // What has an error in how it is written is read each time.
        assert!(step > 0 || recalled(&told) == 10, "{told}");
    }
}

#[test]
fn beside_drafts_and_withheld_units_one_figure_leaves_the_pages_and_lists_of_the_others_as_they_are() {
    let held = Held::new();
    held.build();
    let [one, other] = [&held.others[0], &held.others[1]];
    let pages = |unit: &str| -> Vec<String> {
        let mains = mains(&held.site, unit).into_iter();
        let years = mains.map(|main| main.replace("content/", "").replace("disclosure.toml", "index.html"));
        years.chain([format!("units/{unit}/index.html")]).collect()
    };
    let inodes = |unit: &str| pages(unit).iter().map(|page| inode(held.site.root(), page)).collect::<Vec<_>>();
    let before = [inodes(one), inodes(other)];
    held.sites.put(&held.site, 1, one);
    held.build();
    let after = [inodes(one), inodes(other)];
    assert!(before[0].iter().zip(&after[0]).all(|(before, after)| before != after), "{before:?} {after:?}");
    assert_eq!(before[1][..2], after[1][..2]);
}

#[test]
fn a_check_tells_of_a_link_that_has_died_since_the_last_build_on_a_page_it_need_not_make() {
    let site = TempSite::new();
    for unit in ["caidian-ggzy", "luzhou-zwfw"] {
        site.add_unit(unit);
    }
    let link = "/units/luzhou-zwfw/2023/index.html#eval-network";
    let work = "content/units/caidian-ggzy/2023/work.md";
    site.write(work, &format!("{}\n另见[自评]({link})。\n", site.read(work)));
    build(site.root());
    let root = site.root().to_str().unwrap();
    let check = || {
        let told = disclose(&["check", "--root", root], &[("SOURCE_DATE_EPOCH", "1750000000")]);
        String::from_utf8(told.stdout).unwrap()
    };
    assert!(!check().contains("P010"), "{}", check());
    let performance = "content/units/luzhou-zwfw/2023/performance";
    fs::rename(site.root().join(performance).join("network.toml"), site.root().join(performance).join("net.toml"))
        .unwrap();
    let told = check();
    assert!(told.contains("P010") && told.contains("中不存在的位置“#eval-network”"), "{told}");
}
