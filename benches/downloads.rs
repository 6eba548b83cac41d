//! How long the files of a unit-year take, on the real content of this repository, on one core.

use std::path::Path;
use std::sync::OnceLock;

use disclose::export::{self, Subject, csv, json, xlsx};
use disclose::load;
use disclose::model::site::Site;
use divan::Bencher;

/// The real unit-years, by the id of their unit.
const UNITS: [&str; 2] = ["caidian-ggzy", "luzhou-zwfw"];

fn main() {
    divan::main();
}

/// The repository's site, as loaded.
fn site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        load::load(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository's own content loads").site
    })
}

fn subject(unit: &str) -> Subject<'static> {
    let disclosure = site().disclosures_of(unit).next().expect("the unit has a disclosure");
    Subject { site: site(), disclosure }
}

#[divan::bench(args = UNITS)]
fn workbook(bencher: Bencher<'_, '_>, unit: &str) {
    let subject = subject(unit);
    bencher.bench_local(|| xlsx::disclosure(subject));
}

#[divan::bench(args = UNITS)]
fn figures(bencher: Bencher<'_, '_>, unit: &str) {
    let subject = subject(unit);
    bencher.bench_local(|| csv::tidy(subject));
}

#[divan::bench(args = UNITS)]
fn tables(bencher: Bencher<'_, '_>, unit: &str) {
    let subject = subject(unit);
    bencher.bench_local(|| subject.given().map(|table| csv::table(subject, table).len()).sum::<usize>());
}

#[divan::bench(args = UNITS)]
fn document(bencher: Bencher<'_, '_>, unit: &str) {
    let subject = subject(unit);
    bencher.bench_local(|| json::disclosure(subject, "../../../"));
}

/// Everything, with hashes, data package and checksums.
#[divan::bench(args = UNITS)]
fn all(bencher: Bencher<'_, '_>, unit: &str) {
    let at = site().disclosures.iter().position(|disclosure| disclosure.unit == unit);
    bencher.bench_local(|| {
        let downloads = export::downloads(site());
        let own = downloads.iter().filter(|download| download.disclosure == at);
        own.map(|download| (download.made)().bytes + (download.content)().into_bytes().len() as u64).sum::<u64>()
    });
}
