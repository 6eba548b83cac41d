//! The bodies of the fuzz targets over their corpora, and over what small changes make of them:
//! the same changes in every run. `DISCLOSE_FUZZ_CASES` says how many for each target.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use disclose::fuzzed::{TARGETS, Target};
use rayon::prelude::*;

use crate::generate::prng::Prng;
use crate::support::repository;

/// How many changed inputs each target gets.
const CASES: usize = 200;

/// What one input may take, however slow the machine: most take less than a millisecond.
const LONGEST: Duration = Duration::from_secs(20);

/// What is put in where something is changed: what parsers look out for.
const PIECES: [&str; 40] = [
    "\"",
    "'",
    "\"\"\"",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "&",
    "&#x202E;",
    "=",
    ":",
    ",",
    ".",
    "..",
    "/",
    "%2e",
    "%00",
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\u{202e}",
    "\u{e000}0\u{e001}",
    "\u{feff}",
    "，",
    "（",
    "…",
    "行",
    "栏",
    "万元",
    "９",
    "-",
    "1,234.5",
    "\u{0}\u{7f}",
    "> - 1. ",
];

fn corpus(target: &str) -> PathBuf {
    repository().join("tests/corpora").join(target)
}

/// The inputs of a target with their names, in order.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(corpus(target)).min_depth(1).sort_by_file_name().into_iter();
    let read = |path: &Path| (path.display().to_string(), fs::read(path).unwrap());
    entries.map(|entry| read(entry.unwrap().path())).collect()
}

/// An input with a few places changed: bytes lost, doubled, moved, turned, cut off or put in, or
/// the end of another input behind its beginning.
fn changed(seeds: &[(String, Vec<u8>)], random: &mut Prng) -> Vec<u8> {
    let mut bytes = random.pick(seeds).1.clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 1 + random.below(12)).min(bytes.len()).max(at);
        match random.below(8) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let piece = bytes[at..end].to_vec();
                let times = [1, 2, 70][random.below(3)];
                bytes.splice(at..at, piece.repeat(times));
            }
            2 => {
                let piece: Vec<u8> = bytes.drain(at..end).collect();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            3 => bytes[at..end].iter_mut().take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
            4 if random.chance(20) => bytes.truncate(at),
            5 => {
                let other = &random.pick(seeds).1;
                let from = random.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => drop(bytes.splice(at..at, random.pick(&PIECES).bytes())),
        }
    }
    bytes.truncate(8_192);
    bytes
}

/// What is wrong with a target and an input, when it is.
fn trouble(target: Target, name: &str, bytes: &[u8]) -> Option<String> {
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| target.1(bytes)));
    let took = start.elapsed();
    (outcome.is_err() || took > LONGEST).then(|| {
        let kept = std::env::temp_dir().join(format!("disclose-fuzz-{}", target.0));
        fs::write(&kept, bytes).unwrap();
        format!("{}: {name}, {took:?}, kept as {}", target.0, kept.display())
    })
}

#[test]
fn what_must_hold_of_every_parser_holds_of_its_corpus() {
    let mut wrong = Vec::new();
    for target in TARGETS {
        let seeds = seeds(target.0);
        assert!(seeds.len() >= 3, "{} has hardly any corpus", target.0);
        wrong.extend(seeds.par_iter().filter_map(|(name, bytes)| trouble(target, name, bytes)).collect::<Vec<_>>());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_must_hold_of_every_parser_holds_of_thousands_of_changed_inputs() {
    let cases = std::env::var("DISCLOSE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let wrong: Vec<String> = TARGETS
        .into_par_iter()
        .flat_map(|target| {
            let seeds = seeds(target.0);
            let of = |case: usize| changed(&seeds, &mut Prng::new(20_231_122 + case as u64));
            let troubles =
                (0..cases).into_par_iter().filter_map(|case| trouble(target, &format!("case {case}"), &of(case)));
            troubles.collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_target_has_its_fuzzer_and_every_fuzzer_its_target() {
    let manifest = fs::read_to_string(repository().join("fuzz/Cargo.toml")).unwrap();
    let named: Vec<&str> = manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")).collect();
    let named: Vec<&str> = named.into_iter().filter_map(|line| line.strip_suffix(".rs\"")).collect();
    assert_eq!(named, TARGETS.map(|(name, _)| name));
    for name in named {
        assert!(repository().join(format!("fuzz/fuzz_targets/{name}.rs")).is_file(), "{name}");
    }
}
