//! `urls.lock`: every page and download that was ever published, beside `site.toml`.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::PublishError;

/// The file's name.
const FILE: &str = "urls.lock";

/// What the file begins with.
const HEADING: &str = "# 已公开的网址，由 disclose build 登记，每行一个。请与源文件一起保存，一般不要手工修改。\n";

/// Adds the paths that are new to the file and says how many there were. The file is replaced
/// in one step, and left alone when nothing is new.
///
/// # Errors
/// [`PublishError::Io`] when the file cannot be read or replaced; it is then as it was.
pub fn record<'p>(root: &Path, paths: impl Iterator<Item = &'p str>) -> Result<usize, PublishError> {
    let file = root.join(FILE);
    let text = match fs::read_to_string(&file) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        other => other.map_err(PublishError::io("读取", &file))?,
    };
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut known: BTreeSet<String> = lines.map(str::to_owned).collect();
    let before = known.len();
    known.extend(paths.map(str::to_owned));
    let new = known.len() - before;
    if new > 0 {
        let lines = known.iter().flat_map(|path| [path.as_str(), "\n"]);
        let text: String = std::iter::once(HEADING).chain(lines).collect();
        let fresh = root.join(format!(".{FILE}.new"));
        fs::write(&fresh, text).map_err(PublishError::io("写入", &fresh))?;
        fs::rename(&fresh, &file).map_err(PublishError::io("替换", &file))?;
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_paths_are_added_in_order_and_nothing_is_ever_taken_away() {
        let dir = tempfile::tempdir().unwrap();
        let record = |paths: &[&'static str]| record(dir.path(), paths.iter().copied()).unwrap();
        let read = || fs::read_to_string(dir.path().join(FILE)).unwrap();
        assert_eq!(record(&["index.html", "a/index.html"]), 2);
        assert_eq!(read(), format!("{HEADING}a/index.html\nindex.html\n"));
        assert_eq!(record(&["index.html", "b.csv"]), 1);
        assert_eq!(read(), format!("{HEADING}a/index.html\nb.csv\nindex.html\n"));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_knows_every_path_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let kept = "# 我的说明\r\nindex.html\r\n\r\n";
        fs::write(dir.path().join(FILE), kept).unwrap();
        assert_eq!(record(dir.path(), ["index.html"].into_iter()).unwrap(), 0);
        assert_eq!(fs::read_to_string(dir.path().join(FILE)).unwrap(), kept);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(FILE)).unwrap();
        assert!(record(dir.path(), ["index.html"].into_iter()).is_err());
        assert!(dir.path().join(FILE).is_dir());
    }
}
