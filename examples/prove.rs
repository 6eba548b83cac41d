//! Proves the checks on invented disclosures:
//!
//!     cargo run --release --example prove -- --honest 1000000 [--seed S]
//!     cargo run --release --example prove -- --corrupt 20000 [--seed S] [--markdown]
//!
//! The first checks at least so many honest disclosures and exits with 1 when any gives an
//! error. The second makes so many mistakes, one a disclosure, in 元 and as many in 万元, and
//! exits with 1 when one that a relation shows is not named by an error; `--markdown` prints
//! the tables of `docs/proof.md`. The same seed gives the same numbers on any machine.

use std::process::ExitCode;
use std::time::Instant;

use disclose::load;
use proof::Works;

#[path = "../tests/suite/proof/mod.rs"]
mod proof;

fn main() -> ExitCode {
    match Arguments::read().and_then(|arguments| Ok((arguments, works()?))) {
        Ok((arguments, mut works)) => ExitCode::from(u8::from(!arguments.prove(&mut works))),
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// What is asked for.
#[derive(Default)]
struct Arguments {
    honest: Option<u64>,
    corrupt: Option<u64>,
    seed: u64,
    markdown: bool,
}

impl Arguments {
    fn read() -> Result<Self, String> {
        let mut read = Self { seed: 1, ..Self::default() };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number = || {
                let value = words.next().unwrap_or_default();
                value.parse::<u64>().map_err(|_| format!("{word} needs a number, not “{value}”"))
            };
            match word.as_str() {
                "--honest" => read.honest = Some(number()?),
                "--corrupt" => read.corrupt = Some(number()?),
                "--seed" => read.seed = number()?,
                "--markdown" => read.markdown = true,
                _ => return Err(format!("unknown “{word}”; usage: prove --honest N | --corrupt N [--seed S]")),
            }
        }
        if read.honest.is_none() && read.corrupt.is_none() {
            return Err("usage: prove --honest N | --corrupt N [--seed S] [--markdown]".to_owned());
        }
        Ok(read)
    }

    /// Whether everything asked for came out as it must.
    fn prove(&self, works: &mut Works) -> bool {
        let honest = self.honest.is_none_or(|count| prove_honest(works, self.seed, count));
        let caught = self.corrupt.is_none_or(|count| prove_mistakes(works, self, count));
        honest && caught
    }
}

/// The works of a site that has nothing but what the program brings along.
fn works() -> Result<Works, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let config = "title = \"试验站\"\ndescription = \"试验\"\npublisher = \"试验\"\n";
    std::fs::write(folder.path().join("site.toml"), config).map_err(|error| format!("site.toml: {error}"))?;
    let loaded = load::load(folder.path()).map_err(|error| error.to_string())?;
    Works::new(loaded.site).map_err(|error| error.to_string())
}

fn prove_honest(works: &mut Works, seed: u64, count: u64) -> bool {
    let started = Instant::now();
    let tally = proof::honest::run(works, seed, count);
    println!("{} disclosures ({} of them in 元), seed {seed}", tally.disclosures, tally.in_yuan);
    println!("{} relations judged:", tally.relations.values().sum::<u64>());
    for (verdict, number) in &tally.relations {
        println!("  {}: {number}", verdict.key());
    }
    println!("findings:");
    for ((severity, code), number) in &tally.findings {
        println!("  {code} {severity}: {number}");
    }
    println!("errors: {}", tally.errors);
    tally.told.iter().for_each(|told| println!("  {told}"));
    let seconds = started.elapsed().as_secs().max(1);
    println!("{seconds} s, {} disclosures a second", tally.disclosures / seconds);
    tally.errors == 0
}

fn prove_mistakes(works: &mut Works, arguments: &Arguments, count: u64) -> bool {
    let sections = proof::sections(works, arguments.seed, count);
    println!("{}", proof::document(&sections));
    if !arguments.markdown {
        for section in &sections {
            println!("not named by an error, {}:", section.title);
            section.tally.unseen.iter().for_each(|(place, number)| println!("  {place}: {number}"));
        }
    }
    let missed: Vec<&String> = sections.iter().flat_map(|section| &section.tally.missed).collect();
    missed.iter().take(20).for_each(|missed| eprintln!("missed: {missed}"));
    missed.is_empty()
}
