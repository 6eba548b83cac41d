//! `disclose build` killed at random moments, while somebody reads: the public folder is always
//! exactly one whole site.
//!
//! The reader opens the public folder once a pass and reads the manifest and every file of it
//! through that handle, as a server does that has the folder open. By the thousand:
//!
//! ```text
//! KILLS=1000 cargo test --release --test suite thousand -- --ignored --nocapture
//! ```

#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use disclose::render::content::Made;
use disclose::synth::prng::Prng;
use rustix::fs::{CWD, Mode, OFlags, openat};
use tempfile::TempDir;

use crate::support::{TempSite, tree};

/// What the kills came to.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    /// Builds that ended before they were killed.
    ended: usize,
    /// Builds that nobody meant to kill.
    peaceful: usize,
    /// Kills after which another site was live than before.
    switched: usize,
    passes: usize,
}

/// Two versions of a site that are published in turn, and the manifests by which each is known.
struct Versions {
    sites: [TempSite; 2],
    manifests: Vec<String>,
    folder: TempDir,
    /// How long a build takes when nobody kills it.
    time: Duration,
}

impl Versions {
    fn new() -> Self {
        let (one, other) = (TempSite::caidian(), TempSite::caidian());
        other.replace("site.toml", "title = \"试验站\"", "title = \"另一个名字\"");
        let mut versions =
            Self { sites: [one, other], manifests: Vec::new(), folder: TempDir::new().unwrap(), time: Duration::ZERO };
        for which in [1, 0] {
            let begun = Instant::now();
            assert!(versions.start(which).wait().unwrap().success());
            versions.time = begun.elapsed();
            versions.manifests.push(std::fs::read_to_string(versions.public().join("MANIFEST")).unwrap());
        }
        assert_ne!(versions.manifests[0], versions.manifests[1]);
        versions
    }

    fn public(&self) -> PathBuf {
        self.folder.path().join("public")
    }

    fn start(&self, which: usize) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_disclose"));
        command.args(["build", "--root"]).arg(self.sites[which].root()).arg("--output").arg(self.public());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }
}

fn read_at(folder: &OwnedFd, path: &str) -> Result<Vec<u8>, String> {
    let fault = |error: &dyn std::fmt::Display| format!("{path}: {error}");
    let file = openat(folder, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).map_err(|e| fault(&e))?;
    let mut bytes = Vec::new();
    File::from(file).read_to_end(&mut bytes).map_err(|e| fault(&e))?;
    Ok(bytes)
}

/// Reads the whole site through one handle of its folder.
fn pass(public: &Path, manifests: &[String]) -> Result<(), String> {
    let folder = openat(CWD, public, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .map_err(|error| format!("public: {error}"))?;
    let manifest = String::from_utf8(read_at(&folder, "MANIFEST")?).map_err(|error| error.to_string())?;
    if !manifests.contains(&manifest) {
        return Err(format!("a manifest of neither site, {} bytes", manifest.len()));
    }
    for line in manifest.lines() {
        let (hash, path) = line.split_once("  ").ok_or("no manifest")?;
        if Made::of(&read_at(&folder, path)?).sha256 != hash {
            return Err(format!("{path} is not as the manifest says"));
        }
    }
    Ok(())
}

/// Kills `kills` builds and says how it went; the moments follow from the seed.
fn kill(kills: usize, seed: u64) -> Tally {
    let versions = Versions::new();
    let (public, manifests) = (versions.public(), versions.manifests.as_slice());
    let (done, passes) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut rng = Prng::new(seed);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                pass(&public, manifests)?;
                passes.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<(), String>(())
        });
        let live = || std::fs::read_to_string(public.join("MANIFEST")).unwrap();
        let mut number = 0;
        // The latest moment of a kill follows how long builds take beside a reader: about every
        // sixth ends before it, and so kills fall on the exchange and on what comes after it too.
        let mut most = usize::try_from(versions.time.as_micros() * 5 / 4).unwrap();
        while tally.kills < kills && !reader.is_finished() {
            let before = live();
            let mut build = versions.start(number % 2);
            number += 1;
            // Now and then one ends in peace, so that the reader sees sites come and go.
            if number % 5 == 0 {
                assert!(build.wait().unwrap().success());
                tally.peaceful += 1;
                continue;
            }
            thread::sleep(Duration::from_micros(rng.below(most) as u64));
            if build.try_wait().unwrap().is_some() {
                tally.ended += 1;
                most -= most / 10;
                continue;
            }
            most += most / 50;
            build.kill().unwrap();
            build.wait().unwrap();
            tally.kills += 1;
            tally.switched += usize::from(live() != before);
        }
        done.store(true, Ordering::Relaxed);
        assert_eq!(reader.join().unwrap(), Ok(()), "after {tally:?}");
    });
    tally.passes = passes.into_inner();
    assert!(tally.passes > 0, "{tally:?}");
    // The next build cleans up, and is what a build from nothing is.
    assert!(versions.start(1).wait().unwrap().success());
    let beside = std::fs::read_dir(versions.folder.path()).unwrap();
    let mut beside: Vec<_> = beside.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    beside.sort();
    assert!(beside == [".public.previous", "public"] || beside == ["public"], "{beside:?}");
    let fresh = TempDir::new().unwrap();
    crate::support::build(versions.sites[1].root(), &fresh.path().join("public"), &[]);
    assert!(tree(&fresh.path().join("public")) == tree(&public));
    tally
}

#[test]
fn twenty_kills_leave_a_whole_site_to_whoever_reads() {
    kill(20, 1);
}

#[test]
#[ignore = "takes minutes; says how it went"]
fn a_thousand_kills_leave_a_whole_site_to_whoever_reads() {
    let kills = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(1000);
    let tally = kill(kills, 2);
    println!("{tally:?}");
    assert!(tally.switched > 0 && tally.ended > 0, "no kill came near the exchange: {tally:?}");
}
