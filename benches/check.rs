//! How fast unit-years are checked, on the real content of this repository.
//!
//! Every figure is for one core: checks run in a pool of one thread. A site holds many copies
//! of one unit-year, so what is done once a form set does not count.
//!
//! - `unit_years`: unit-years a second, relations and all rules, for each real unit.
//! - `relations`: the same in relation instances a second.
//! - `ratio`: of the time of a check, how much is relations, how much is rules (printed).

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use disclose::check::{self, Report};
use disclose::load;
use disclose::model::site::Site;
use divan::Bencher;
use divan::counter::ItemsCount;
use rayon::ThreadPool;

/// How many copies of a unit-year a measured site holds.
const COPIES: u32 = 200;

/// The real unit-years, by the id of their unit.
const UNITS: [&str; 2] = ["caidian-ggzy", "luzhou-zwfw"];

fn main() {
    for unit in UNITS {
        println!("{unit}: {}", measured(unit));
    }
    divan::main();
}

/// The repository's site, as loaded.
fn repository() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        load::load(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository's own content loads").site
    })
}

/// A site with `COPIES` copies of one unit's year, each a unit of its own.
fn copies(unit: &str) -> Site {
    let whole = repository();
    let original = whole.disclosures_of(unit).next().expect("the repository has this unit").clone();
    let copy =
        |number| disclose::model::disclosure::Disclosure { unit: format!("{unit}-{number:03}"), ..original.clone() };
    // Sets that no copy uses would only be made ready, which is done once a site.
    let mut site = Site { common: Arc::clone(&whole.common), disclosures: (0..COPIES).map(copy).collect() };
    site.sets.clear();
    site
}

/// A pool of one thread: figures are for one core.
fn one_core() -> ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started")
}

fn instances(report: &Report) -> usize {
    report.results.iter().map(|results| results.instances.len()).sum()
}

#[divan::bench(args = UNITS)]
fn unit_years(bencher: Bencher, unit: &str) {
    let (site, core) = (copies(unit), one_core());
    bencher.counter(ItemsCount::new(COPIES)).bench_local(|| core.install(|| check::check(&site)));
}

#[divan::bench(args = UNITS)]
fn relations(bencher: Bencher, unit: &str) {
    let (site, core) = (copies(unit), one_core());
    let count = instances(&check::check(&site));
    bencher.counter(ItemsCount::new(count)).bench_local(|| core.install(|| check::relations(&site)));
}

/// The fastest of some runs: what the machine can do when nothing else disturbs it.
fn fastest(core: &ThreadPool, run: impl Fn() + Sync) -> Duration {
    let timed = || {
        let start = Instant::now();
        core.install(&run);
        start.elapsed()
    };
    (0..40).map(|_| timed()).min().unwrap_or_default()
}

/// One unit's check in one line: time a unit-year, the share of relations, instances a second.
fn measured(unit: &str) -> String {
    let (site, core) = (Arc::new(copies(unit)), one_core());
    let count = instances(&check::check(&site)) as u128;
    let whole = fastest(&core, || drop(divan::black_box(check::check(&site))));
    let related = fastest(&core, || drop(divan::black_box(check::relations(&site))));
    let each = |time: Duration| time.as_nanos() / u128::from(COPIES);
    format!(
        "{} ns a unit-year, of it relations {} ns ({} %), {} instances a second in relations, {} in all",
        each(whole),
        each(related),
        related.as_nanos() * 100 / whole.as_nanos().max(1),
        count * 1_000_000_000 / related.as_nanos().max(1),
        count * 1_000_000_000 / whole.as_nanos().max(1),
    )
}
