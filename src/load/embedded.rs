//! Files inside the binary: form sets, classifications, narratives, glossary and the default
//! theme, so that the program works alone; a site's own file of the same path wins.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, DirEntry, include_dir};

/// The embedded folders with the paths they have in a site.
static FOLDERS: [(&str, Dir<'static>); 5] = [
    ("content/classifications", include_dir!("$CARGO_MANIFEST_DIR/content/classifications")),
    ("content/forms", include_dir!("$CARGO_MANIFEST_DIR/content/forms")),
    ("content/glossary", include_dir!("$CARGO_MANIFEST_DIR/content/glossary")),
    ("content/narratives", include_dir!("$CARGO_MANIFEST_DIR/content/narratives")),
    ("themes/default", include_dir!("$CARGO_MANIFEST_DIR/themes/default")),
];

static FILES: LazyLock<BTreeMap<String, &'static [u8]>> = LazyLock::new(|| {
    let mut files = BTreeMap::new();
    for (path, folder) in &FOLDERS {
        collect(path, folder, &mut files);
    }
    files
});

fn collect(root: &str, folder: &'static Dir<'static>, files: &mut BTreeMap<String, &'static [u8]>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(root, inner, files),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                if !path.rsplit('/').next().unwrap_or_default().starts_with('.') {
                    files.insert(format!("{root}/{path}"), file.contents());
                }
            }
        }
    }
}

/// The embedded file of a site path: `content/forms/hubei-2023/01.toml`.
pub fn embedded_file(path: &str) -> Option<&'static [u8]> {
    FILES.get(path).copied()
}

/// Every embedded file by its site path, in order.
pub fn embedded_files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    FILES.iter().map(|(path, bytes)| (path.as_str(), *bytes))
}
