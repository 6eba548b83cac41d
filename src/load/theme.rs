//! The theme: templates and files of the chosen one over those of the default one, and the
//! site's own `static/` over both.

use std::collections::BTreeMap;

use super::Input;
use super::reader::{Sink, warning};
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::site::{Config, StaticFile, Theme};

/// The theme that the settings name; files of it that have no use are told.
pub(super) fn read(input: &Input<'_>, config: &Config, sink: &Sink) -> Theme {
    let mut theme = Theme::default();
    let mut files = BTreeMap::new();
    let chosen = config.theme.as_str();
    for name in if chosen == "default" { vec!["default"] } else { vec!["default", chosen] } {
        tell_strays(input, name, sink);
        add_templates(input, name, &mut theme);
        add_files(input, &format!("themes/{name}/static/"), &mut files);
    }
    add_files(input, "static/", &mut files);
    theme.files = files.into_values().collect();
    theme
}

/// Tells files of a theme that are neither templates nor published: in the wrong folder, most
/// likely. What explains the theme to people is none.
fn tell_strays(input: &Input<'_>, name: &str, sink: &Sink) {
    let explains = |path: &str| path == "theme.toml" || super::has_extension(path, "md") || path.starts_with("LICENSE");
    let folder = format!("themes/{name}/");
    let strays = input.files.below(&folder).filter(|(path, _)| !path.starts_with("templates/") && !explains(path));
    for (path, source) in strays {
        let message = format!("主题文件“{folder}{path}”放错了地方，没有用到");
        let help = "页面模板放在主题的 templates 目录，样式、图片等放在 static 目录";
        sink.add(warning(Finding::new("S016", message).at(source.start()).help(help)));
    }
}

fn add_templates(input: &Input<'_>, name: &str, theme: &mut Theme) {
    for (path, source) in input.files.below(&format!("themes/{name}/templates/")) {
        let place = Place::new(source.id, 0..source.text.len());
        theme.templates.insert(path.to_owned(), Placed::new(source.text.to_string(), place));
    }
}

fn add_files(input: &Input<'_>, folder: &str, files: &mut BTreeMap<String, StaticFile>) {
    let below = input.files.statics.range(folder.to_owned()..).take_while(|(path, _)| path.starts_with(folder));
    for (path, bytes) in below {
        let path = path[folder.len()..].to_owned();
        files.insert(path.clone(), StaticFile { path, bytes: bytes.clone() });
    }
}
