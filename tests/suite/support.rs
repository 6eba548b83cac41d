//! Sites to try things on: temporary ones, and the repository's own, built once.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use disclose::amount::Scale;
use disclose::check::{self, Report};
use disclose::diagnostic::{Finding, Severity, SourceMap};
use disclose::load::{self, Loaded};
use disclose::model::site::Site;
use tempfile::TempDir;

use crate::generate::source::Format;
use crate::generate::{Request, invent_department};

/// The repository's root.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A site in a temporary folder; it has no forms of its own, those of the program serve.
pub struct TempSite {
    folder: TempDir,
}

impl TempSite {
    /// A site without units.
    pub fn new() -> Self {
        let site = Self { folder: TempDir::new().unwrap() };
        site.write("site.toml", "title = \"试验站\"\ndescription = \"试验\"\npublisher = \"试验\"\n");
        std::fs::create_dir_all(site.root().join("content/units")).unwrap();
        site
    }

    /// A site with one of the repository's units.
    pub fn with_unit(unit: &str) -> Self {
        let site = Self::new();
        site.add_unit(unit);
        site
    }

    /// Adds one of the repository's units.
    pub fn add_unit(&self, unit: &str) {
        let below = Path::new("content/units").join(unit);
        for entry in walkdir::WalkDir::new(repository().join(&below)) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(repository()).unwrap();
                self.write(path.to_str().unwrap(), &std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }

    /// The Wuhan Caidian disclosure alone.
    pub fn caidian() -> Self {
        Self::with_unit("caidian-ggzy")
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, with its folders.
    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    /// Writes a file of any bytes, with its folders.
    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// A file's text.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// Replaces the only occurrence of a text in a file.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "“{from}” in {path}");
        self.write(path, &text.replace(from, to));
    }

    /// Loads and checks the site.
    pub fn examine(&self) -> Examined {
        Examined::of(self.root())
    }
}

/// A loaded site with everything found in it.
pub struct Examined {
    /// The site.
    pub site: Site,
    /// Its source files.
    pub sources: SourceMap,
    /// What the checks say.
    pub report: Report,
    /// What loading found.
    pub loading: Vec<Finding>,
}

impl Examined {
    /// Loads and checks the site in a folder.
    pub fn of(root: &Path) -> Self {
        let Loaded { site, sources, findings, .. } = load::load(root).unwrap();
        let report = check::check(&site);
        Self { site, sources, report, loading: findings }
    }

    /// Everything found, loading first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.loading.iter().chain(&self.report.findings)
    }

    /// What forbids publishing.
    pub fn errors(&self) -> Vec<&Finding> {
        self.findings().filter(|finding| finding.severity == Severity::Error).collect()
    }
}

/// Findings as short lines, for messages of failing tests.
pub fn lines<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let line = |finding: &Finding| {
        format!(
            "{} {} [{}] {}\n",
            finding.code.id,
            finding.severity.key(),
            finding.cell.as_deref().unwrap_or("-"),
            finding.message
        )
    };
    findings.into_iter().map(line).collect()
}

/// The forms, classifications and terms that every site has.
pub fn blank_site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| load::load(TempSite::new().root()).unwrap().site)
}

/// Runs the program.
pub fn disclose(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_disclose"));
    command.args(arguments).envs(environment.iter().copied());
    command.output().unwrap()
}

/// The repository's site, built once for all tests.
pub fn built() -> &'static Path {
    static BUILT: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, output) = BUILT.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let output = folder.path().join("public");
        build(repository(), &output, &[]);
        (folder, output)
    });
    output
}

/// A site of invented departments, one on each form set, built once for all tests.
pub fn built_from_invented() -> &'static Path {
    static BUILT: OnceLock<(TempSite, PathBuf)> = OnceLock::new();
    let (_, output) = BUILT.get_or_init(|| {
        let site = TempSite::new();
        for (seed, set) in (1..).step_by(10).zip(blank_site().sets.values()) {
            let unit = format!("unit-{}", set.id);
            let request = Request { unit: &unit, parent: None, format: Format::Toml, scale: Scale::TenThousand, seed };
            for (path, text) in invent_department(blank_site(), set, request).into_iter().flat_map(|i| i.files) {
                site.write(&path, &text);
            }
        }
        let output = site.root().join("public");
        build(site.root(), &output, &[]);
        (site, output)
    });
    output
}

/// Builds a site that is in order.
pub fn build(root: &Path, output: &Path, environment: &[(&str, &str)]) {
    let arguments = ["build", "--root", root.to_str().unwrap(), "--output", output.to_str().unwrap()];
    let run = disclose(&arguments, environment);
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
}

/// Every file below a folder with its bytes, by relative path.
pub fn tree(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}
