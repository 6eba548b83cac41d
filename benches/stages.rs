//! What each stage of a build takes for a unit-year, on invented sites of two sizes and one core:
//! stages are linear when both sizes give the same time an item.

use std::path::Path;

use disclose::claims;
use disclose::load::{self, Loaded};
use disclose::model::date::Date;
use disclose::publish::{self, Examined, Output};
use disclose::render::Plan;
use disclose::start::trial::trial_site;
use disclose::synth::site::Size;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use rayon::ThreadPool;
use tempfile::TempDir;

/// How many units, of two years each.
const UNITS: [usize; 2] = [8, 40];

const YEARS: usize = 2;

fn main() {
    divan::main();
}

/// An invented site in a folder of its own, and one core to work with.
struct Trial {
    folder: TempDir,
    core: ThreadPool,
    items: ItemsCount,
}

impl Trial {
    fn of(units: usize) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let size = Size { units, years: YEARS, seed: 1 };
        trial_site(folder.path(), size).expect("a site can be written");
        let core = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started");
        Self { folder, core, items: ItemsCount::new(units * YEARS) }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn load(&self) -> Loaded {
        load::load(self.root()).expect("an invented site loads")
    }

    /// Runs something with the plan of the site.
    fn with_plan(&self, run: impl FnOnce(Plan<'_>)) {
        let loaded = self.load();
        let Examined { report, mut findings, prose } = publish::examine(&loaded);
        let today = Date::parse("2026-01-01").expect("a date");
        let plan = publish::plan(&loaded, &report, &mut findings, today);
        run(plan.with_prose(prose).with_recipes(&loaded.sources, None));
    }
}

#[divan::bench(args = UNITS)]
fn load(bencher: Bencher<'_, '_>, units: usize) {
    let trial = Trial::of(units);
    bencher.counter(trial.items).bench_local(|| trial.core.install(|| trial.load()));
}

#[divan::bench(args = UNITS)]
fn check(bencher: Bencher<'_, '_>, units: usize) {
    let trial = Trial::of(units);
    let site = trial.load().site;
    bencher.counter(trial.items).bench_local(|| trial.core.install(|| disclose::check::check(&site)));
}

#[divan::bench(args = UNITS)]
fn read_texts(bencher: Bencher<'_, '_>, units: usize) {
    let trial = Trial::of(units);
    let Loaded { site, sources, .. } = trial.load();
    bencher.counter(trial.items).bench_local(|| trial.core.install(|| claims::of_site(&site, &sources)));
}

/// Composes the narratives and charts, and gathers what pages quote of each other.
#[divan::bench(args = UNITS)]
fn derive_and_plan(bencher: Bencher<'_, '_>, units: usize) {
    let trial = Trial::of(units);
    let site = trial.load().site;
    let report = disclose::check::check(&site);
    let plan = || Plan::new(&site, &report, disclose::export::downloads(&site)).1;
    bencher.counter(trial.items).bench_local(|| trial.core.install(plan));
}

/// What a file is: a page, or something to take away.
#[derive(Clone, Copy)]
enum Kind {
    Page,
    Download,
}

fn make(bencher: Bencher<'_, '_>, units: usize, kind: Kind) {
    let trial = Trial::of(units);
    let is_meant = |path: &str| {
        let ending = Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match kind {
            Kind::Page => ending == "html",
            Kind::Download => ["csv", "xlsx", "json", "txt"].contains(&ending),
        }
    };
    trial.with_plan(|plan| {
        let meant: Vec<usize> = (0..plan.len()).filter(|at| is_meant(plan.path(*at))).collect();
        let all = || meant.iter().map(|at| plan.render(*at).expect("a page can be made").len()).sum::<usize>();
        let bytes = BytesCount::new(all());
        bencher.counter(trial.items).counter(bytes).bench_local(|| trial.core.install(all));
    });
}

#[divan::bench(args = UNITS, sample_count = 10)]
fn render(bencher: Bencher<'_, '_>, units: usize) {
    make(bencher, units, Kind::Page);
}

#[divan::bench(args = UNITS, sample_count = 10)]
fn export(bencher: Bencher<'_, '_>, units: usize) {
    make(bencher, units, Kind::Download);
}

/// From a plan to the public folder, of which nothing is there yet, or everything.
fn publish_plan(bencher: Bencher<'_, '_>, units: usize, again: bool) {
    let trial = Trial::of(units);
    trial.with_plan(|plan| {
        let cleared = publish::clear(plan, &[]).expect("nothing stands against it");
        let folder = trial.root().join("public");
        let publish = || {
            trial.core.install(|| {
                let output = Output::open(&folder, trial.root()).expect("the folder is ours");
                let staged = publish::stage(&cleared, output).expect("every link leads somewhere");
                staged.verify().expect("files stand as written").switch().expect("the folder can be exchanged").files
            })
        };
        publish();
        let bencher = bencher.counter(trial.items);
        if again {
            bencher.bench_local(publish);
        } else {
            let clear = || {
                for left in ["public", ".public.previous", ".disclose-cache"] {
                    // What is not there need not be taken away.
                    let _ = std::fs::remove_dir_all(trial.root().join(left));
                }
            };
            bencher.with_inputs(clear).bench_local_values(|()| publish());
        }
    });
}

#[divan::bench(args = UNITS, sample_count = 10)]
fn render_and_publish(bencher: Bencher<'_, '_>, units: usize) {
    publish_plan(bencher, units, false);
}

#[divan::bench(args = UNITS, sample_count = 10)]
fn publish_what_has_not_changed(bencher: Bencher<'_, '_>, units: usize) {
    publish_plan(bencher, units, true);
}
