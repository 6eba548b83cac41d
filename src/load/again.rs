//! Reading a unit's year again, when nothing but texts in its folder has changed: what a save
//! in an editor does, a thousand times a day.
//!
//! The result is what loading everything would give, or nothing is done: new and missing files,
//! attachments, and folders where a file could not be read need the whole walk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::disclosure::{self, Context};
use super::files::{Files, Source};
use super::limits::{self, LIMITS};
use super::reader::Sink;
use super::{Input, Loaded, attribute, cells_not_read, has_extension, hidden, units, versions};
use crate::diagnostic::{FileId, Finding, Place, cut_short, sort};
use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;

/// Reads those unit-years again that the changed files, relative to the site, belong to; whose
/// they are. `None`, with everything as it was, when that would not do.
pub fn reload(loaded: &mut Loaded, root: &Path, changed: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let folders: BTreeSet<&str> = changed.iter().map(|path| folder_of(path)).collect::<Option<_>>()?;
    let texts = Texts::read(loaded, root, &folders, changed)?;
    let is_ours = |finding: &Finding| finding.place.is_some_and(|place| texts.ids.contains(&place.file));
    let is_unchanged = |finding: &Finding| {
        let is_new = |place: Place| texts.new.iter().any(|(id, _)| *id == place.file);
        is_ours(finding) && !finding.place.is_some_and(is_new)
    };
    // What hid in a text was told when it was read, and is gone from the text that is kept.
    let hid =
        loaded.findings.iter().filter(|finding| is_unchanged(finding) && hidden::is_gone(finding, &loaded.sources));
    let hid: Vec<Finding> = hid.cloned().collect();
    let is_cut_short = |finding: &Finding| finding.code.id == "S020" && is_unchanged(finding);
    let findings = &mut loaded.findings.iter();
    if findings.any(|finding| is_cut_short(finding) || needs_walk(finding, is_ours(finding), &folders)) {
        return None;
    }
    let units = folders.iter().map(|folder| unit_of(folder));
    let units: BTreeMap<_, _> =
        units.map(|id| Some((id.to_owned(), loaded.site.units.get(id)?.clone()))).collect::<Option<_>>()?;
    let (read, findings) = texts.disclosures(loaded, &units);
    let is_old = |disclosure: &Disclosure| texts.ids.contains(&disclosure.place.file);
    let keys: BTreeSet<Key<'_>> = read.iter().map(key).collect();
    if loaded.site.disclosures.iter().any(|other| !is_old(other) && keys.contains(&key(other))) {
        return None;
    }
    loaded.findings.retain(|finding| !is_ours(finding));
    loaded.findings.extend(findings.into_iter().chain(hid));
    loaded.site.disclosures.retain(|disclosure| !is_old(disclosure));
    loaded.site.disclosures.extend(read);
    loaded.site.disclosures.sort_by(|one, other| key(one).cmp(&key(other)));
    for (id, text) in texts.new {
        loaded.sources.replace(id, text);
    }
    sort(&mut loaded.findings, &loaded.sources);
    Some(units.into_keys().collect())
}

/// The units whose years the changed files belong to; `None` when one of them belongs to none.
pub fn units_of(changed: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    changed.iter().map(|path| folder_of(path).map(|folder| unit_of(folder).to_owned())).collect()
}

/// What there can be only one disclosure of.
type Key<'d> = (&'d str, i32, Kind);

fn key(disclosure: &Disclosure) -> Key<'_> {
    (&disclosure.unit, disclosure.year, disclosure.kind)
}

/// The folder of the unit-year that a text belongs to: `content/units/a/2023/`.
fn folder_of(path: &str) -> Option<&str> {
    let below = path.strip_prefix(units::FOLDER)?;
    let mut ends = below.match_indices('/').map(|(at, _)| units::FOLDER.len() + at + 1);
    let end = ends.nth(1)?;
    let is_text = ["toml", "json", "md"].iter().any(|extension| has_extension(path, extension));
    (is_text && !path[end..].starts_with("attachments/")).then(|| &path[..end])
}

/// The unit of a folder.
fn unit_of(folder: &str) -> &str {
    folder[units::FOLDER.len()..].split('/').next().unwrap_or_default()
}

/// Whether a finding tells of something that only walking through all files shows again.
fn needs_walk(finding: &Finding, is_ours: bool, folders: &BTreeSet<&str>) -> bool {
    let of_files = ["S011", "S013", "S014", "S015", "S023", "S071", "S072", "S081", "S083", "S084", "S085", "S086"];
    let has_no_place = || {
        let unit = finding.unit.as_deref();
        finding.place.is_none() && folders.iter().any(|folder| unit == Some(unit_of(folder)))
    };
    let is_of_attachment = || finding.message.starts_with("附件");
    (is_ours && (of_files.contains(&finding.code.id) || is_of_attachment())) || has_no_place()
}

/// The files of some folders, as far as they are texts and known.
struct Texts {
    files: Files,
    ids: BTreeSet<FileId>,
    /// The texts that are not what they were.
    new: Vec<(FileId, Arc<str>)>,
    sink: Sink,
}

impl Texts {
    fn read(loaded: &Loaded, root: &Path, folders: &BTreeSet<&str>, changed: &BTreeSet<String>) -> Option<Self> {
        let mut texts = Self { files: Files::default(), ids: BTreeSet::new(), new: Vec::new(), sink: Sink::new() };
        for (id, file) in loaded.sources.files() {
            let is_ours = folders.iter().any(|folder| file.path.starts_with(folder));
            if !is_ours {
                continue;
            }
            let mut text = Arc::clone(file.text);
            if changed.contains(file.path) {
                text = hidden::cleaned(id, file.path, text_at(root, file.path)?, &texts.sink);
                texts.new.push((id, Arc::clone(&text)));
            }
            texts.add(id, file.path, text);
        }
        if texts.new.len() != changed.len() {
            return None;
        }
        for folder in folders {
            texts.add_attachments(loaded, root, folder)?;
        }
        Some(texts)
    }

    /// The attachments in a folder, earlier versions included, as its disclosure has them; `None`
    /// where nobody knows them.
    fn add_attachments(&mut self, loaded: &Loaded, root: &Path, folder: &str) -> Option<()> {
        let is_its = |disclosure: &&Disclosure| loaded.sources.file(disclosure.place.file).path.starts_with(folder);
        let Some(disclosure) = loaded.site.disclosures.iter().find(is_its) else {
            return (!root.join(folder).join("attachments").exists()).then_some(());
        };
        self.keep_attachments(folder, disclosure);
        for amendment in &disclosure.amendments {
            self.keep_attachments(&versions::folder(folder, amendment.version), &amendment.earlier);
        }
        Some(())
    }

    fn keep_attachments(&mut self, folder: &str, disclosure: &Disclosure) {
        let attachments = disclosure.attachments.iter();
        let named =
            attachments.map(|attachment| (format!("{folder}{}", attachment.path), Arc::clone(&attachment.bytes)));
        self.files.attachments.extend(named);
    }

    fn add(&mut self, id: FileId, path: &str, text: Arc<str>) {
        for (at, _) in path.match_indices('/') {
            self.files.folders.insert(path[..at].to_owned());
        }
        self.files.sources.insert(path.to_owned(), Source { id, text });
        self.ids.insert(id);
    }

    /// The disclosures in the folders, with what is found in them.
    fn disclosures(
        &self,
        loaded: &Loaded,
        units: &BTreeMap<String, crate::model::unit::Unit>,
    ) -> (Vec<Disclosure>, Vec<Finding>) {
        let site = &loaded.site;
        let sink = Sink::new();
        let input = Input::parse(&self.files, &sink);
        let context =
            Context { input: &input, sets: &site.sets, classifications: &site.classifications, terms: &site.terms };
        let read = disclosure::read(&context, units, &sink);
        let not_read = cells_not_read(&read);
        let mut findings = self.sink.found();
        findings.extend(sink.into_findings());
        for finding in &mut findings {
            attribute(finding, &loaded.sources);
            let cell = || finding.place.and_then(|place| not_read.get(&(place.file, place.start)).cloned());
            finding.cell = finding.cell.take().or_else(cell);
        }
        sort(&mut findings, &loaded.sources);
        (read, cut_short(findings))
    }
}

/// A text as the walk would read it; `None` where the walk would have something to tell.
fn text_at(root: &Path, path: &str) -> Option<Arc<str>> {
    let full = root.join(path);
    let metadata = fs::symlink_metadata(&full).ok()?;
    if !metadata.is_file() || metadata.len() > LIMITS.of_source(path) {
        return None;
    }
    let text = String::from_utf8(fs::read(full).ok()?).ok()?;
    let is_nested = has_extension(path, "md") && limits::nested_too_deep(&text).is_some();
    if is_nested || limits::long_line(path, &text).is_some() {
        return None;
    }
    Some(text.strip_prefix('\u{FEFF}').unwrap_or(&text).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load;

    const TABLE: &str = "content/units/caidian-ggzy/2023/tables/01.toml";
    const TEXT: &str = "content/units/caidian-ggzy/2023/performance.md";
    const MAIN: &str = "content/units/caidian-ggzy/2023/disclosure.toml";

    /// The repository's own units, in a folder of their own.
    fn site() -> tempfile::TempDir {
        let folder = tempfile::TempDir::new().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR"));
        for entry in walkdir::WalkDir::new(from.join("content/units")) {
            let entry = entry.unwrap();
            let to = folder.path().join(entry.path().strip_prefix(from).unwrap());
            if entry.file_type().is_dir() {
                fs::create_dir_all(to).unwrap();
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
        fs::write(folder.path().join("site.toml"), "title = \"甲\"\n").unwrap();
        folder
    }

    fn shown(loaded: &Loaded) -> String {
        let texts: Vec<_> = loaded.sources.files().collect();
        format!("{:#?}\n{:#?}\n{texts:#?}", loaded.site.disclosures, loaded.findings)
    }

    fn changed(paths: &[&str]) -> BTreeSet<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn what_is_read_again_is_what_reading_everything_gives() {
        let site = site();
        let root = site.path();
        let mut loaded = load(root).unwrap();
        let text = |path: &str| fs::read_to_string(root.join(path)).unwrap();
        let (table, main) = (text(TABLE), text(MAIN));
        let saves = [
            (TABLE, table.replace("27 = 373.97", "27 = 374.97")),
            (TABLE, table.replace("27 = 373.97", "27 = 373.9.7\nx = 1,2")),
            (TABLE, format!("\u{FEFF}{table}# \u{200B}\u{202E}\n")),
            (TABLE, String::new()),
            (TABLE, table),
            (TEXT, "## 标题 &#x202E;\n\n支出【】万元。\n".to_owned()),
            (MAIN, format!("state = \"draft\"\n{main}")),
            (MAIN, main.replace("forms", "froms")),
            (MAIN, main),
        ];
        for (path, text) in saves {
            fs::write(root.join(path), &text).unwrap();
            let units = reload(&mut loaded, root, &changed(&[path]));
            assert_eq!(units, Some(BTreeSet::from(["caidian-ggzy".to_owned()])), "{path}: {text}");
            let all = load(root).unwrap();
            assert!(shown(&loaded) == shown(&all), "{path}: {text}");
        }
    }

    #[test]
    fn an_earlier_version_keeps_its_files_when_the_present_one_is_saved() {
        let site = site();
        let year = site.path().join("content/units/caidian-ggzy/2023");
        let version = year.join("versions/1");
        fs::create_dir_all(version.join("tables")).unwrap();
        for file in ["disclosure.toml", "tables/01.toml"] {
            fs::copy(year.join(file), version.join(file)).unwrap();
        }
        for folder in [&year, &version] {
            fs::create_dir_all(folder.join("attachments")).unwrap();
            fs::write(folder.join("attachments/note.txt"), folder.to_str().unwrap()).unwrap();
        }
        let main = fs::read_to_string(year.join("disclosure.toml")).unwrap();
        let main = format!("{main}\n[[amendments]]\nversion = 1\ndate = 2024-12-01\nreason = \"误填。\"\n");
        fs::write(year.join("disclosure.toml"), &main).unwrap();
        let mut loaded = load(site.path()).unwrap();
        let amended = |loaded: &Loaded| {
            let amendments = loaded.site.disclosures.iter().flat_map(|disclosure| &disclosure.amendments);
            amendments.flat_map(|amendment| amendment.earlier.attachments.clone()).count()
        };
        assert_eq!(amended(&loaded), 1);
        for (file, text) in [(MAIN, main.replace("误填", "错填")), (TABLE, "[lines]\n27 = 1.00\n".to_owned())] {
            fs::write(site.path().join(file), text).unwrap();
            assert!(reload(&mut loaded, site.path(), &changed(&[file])).is_some());
            assert!(shown(&loaded) == shown(&load(site.path()).unwrap()), "{file}");
        }
    }

    #[test]
    fn what_needs_the_whole_walk_is_left_to_it() {
        let site = site();
        let root = site.path();
        let mut loaded = load(root).unwrap();
        let before = shown(&loaded);
        fs::write(root.join("content/units/caidian-ggzy/2023/new.md"), "x").unwrap();
        let others = [
            "site.toml",
            "content/units/caidian-ggzy/unit.toml",
            "content/units/caidian-ggzy/2023/new.md",
            "content/units/caidian-ggzy/2023/gone.toml",
            "content/units/caidian-ggzy/2023/attachments/a.json",
            "content/forms/x/set.toml",
        ];
        for path in others {
            assert_eq!(reload(&mut loaded, root, &changed(&[path])), None, "{path}");
            assert_eq!(reload(&mut loaded, root, &changed(&[path, TABLE])), None, "{path}");
        }
        fs::write(root.join(TABLE), [0xFF, 0xFE]).unwrap();
        assert_eq!(reload(&mut loaded, root, &changed(&[TABLE])), None);
        fs::remove_file(root.join(TABLE)).unwrap();
        assert_eq!(reload(&mut loaded, root, &changed(&[TABLE])), None);
        assert!(shown(&loaded) == before);
    }
}
