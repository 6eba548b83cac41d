//! Downloads: CSV a table, JSON a disclosure, its attachments; each one is a file of the plan, made on demand.

pub mod csv;
pub mod json;

use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::model::table::TableState;
use crate::render::Download;
use crate::render::links::disclosure_path;

/// The downloads of every disclosure of a site.
pub fn downloads(site: &Site) -> Vec<Download<'_>> {
    site.disclosures.iter().enumerate().flat_map(|(at, disclosure)| of_disclosure(site, at, disclosure)).collect()
}

fn of_disclosure<'a>(site: &'a Site, at: usize, disclosure: &'a Disclosure) -> Vec<Download<'a>> {
    let page = disclosure_path(disclosure);
    let folder = page.trim_end_matches("/index.html");
    let with_figures = disclosure.tables.iter().filter(|table| table.state == TableState::Filled);
    let mut downloads: Vec<Download<'a>> = with_figures
        .map(|table| Download {
            disclosure: at,
            form: Some(table.form),
            label: "CSV".to_owned(),
            path: format!("{folder}/tables/{}.csv", disclosure.set.forms[usize::from(table.form)].stem),
            bytes: Box::new(move || csv::table(disclosure, table)),
        })
        .collect();
    downloads.extend(site.unit_of(disclosure).map(|unit| Download {
        disclosure: at,
        form: None,
        label: "JSON（全部表格和附注）".to_owned(),
        path: format!("{folder}/disclosure.json"),
        bytes: Box::new(move || json::disclosure(unit, disclosure)),
    }));
    downloads.extend(disclosure.attachments.iter().map(|attachment| Download {
        disclosure: at,
        form: None,
        label: attachment.name.clone(),
        path: format!("{folder}/{}", attachment.path),
        bytes: Box::new(|| attachment.bytes.to_vec()),
    }));
    downloads
}
