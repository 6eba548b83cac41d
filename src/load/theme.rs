//! The theme: templates and files of the chosen one over those of the default one, and the
//! site's own `static/` over both.

use std::collections::BTreeMap;

use super::Input;
use crate::diagnostic::{Place, Placed};
use crate::model::site::{Config, StaticFile, Theme};

/// The theme that the settings name.
pub(super) fn read(input: &Input<'_>, config: &Config) -> Theme {
    let mut theme = Theme::default();
    let mut files = BTreeMap::new();
    let chosen = config.theme.as_str();
    for name in if chosen == "default" { vec!["default"] } else { vec!["default", chosen] } {
        add_templates(input, name, &mut theme);
        add_files(input, &format!("themes/{name}/static/"), &mut files);
    }
    add_files(input, "static/", &mut files);
    theme.files = files.into_values().collect();
    theme
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
