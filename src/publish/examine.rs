//! What is done with a loaded site before anything is made of it: checked, read, planned.

use crate::check::{self, Report};
use crate::claims::{Reading, Tally, of_site_while, told_twice};
use crate::diagnostic::{self, Finding};
use crate::export;
use crate::load::Loaded;
use crate::model::date::Date;
use crate::render::Plan;

/// A loaded site with everything found up to and including the checks.
#[derive(Debug)]
pub struct Examined {
    /// Every relation with its verdict.
    pub report: Report,
    /// What was found, loading included; not yet settled.
    pub findings: Vec<Finding>,
    /// How the figures in the units' own texts were read, by disclosure.
    pub prose: Vec<Tally>,
}

/// Checks a loaded site and reads its texts.
pub fn examine(loaded: &Loaded) -> Examined {
    examine_while(loaded, &|| true)
}

/// [`examine`] as long as it is wanted: once `goes_on` says no, what is left is passed over, and
/// what comes back is of no use.
pub fn examine_while(loaded: &Loaded, goes_on: &(dyn Fn() -> bool + Sync)) -> Examined {
    let Loaded { site, sources, .. } = loaded;
    let (report, readings) =
        rayon::join(|| check::check_while(site, goes_on), || of_site_while(site, sources, goes_on));
    Examined::of(loaded.findings.clone(), report, readings)
}

impl Examined {
    /// What loading found, then the checks, then the reading of the texts; each cause once.
    pub(super) fn of(mut findings: Vec<Finding>, mut report: Report, readings: Vec<(usize, Reading)>) -> Self {
        findings.append(&mut report.findings);
        let mut prose = Vec::new();
        for (_, mut reading) in readings {
            findings.append(&mut reading.findings);
            prose.push(reading.tally());
        }
        told_twice(&mut findings);
        Self { report, findings, prose }
    }
}

/// The plan of an examined site; what planning finds joins the findings, in order, with the
/// site's levels and exceptions applied as of `today`.
pub fn plan<'a>(loaded: &'a Loaded, report: &'a Report, findings: &mut Vec<Finding>, today: Date) -> Plan<'a> {
    let (plan, found) = Plan::new(&loaded.site, report, export::downloads(&loaded.site));
    findings.extend(found);
    check::settle(&loaded.site, &loaded.sources, findings, today);
    diagnostic::sort(findings, &loaded.sources);
    plan.telling(findings)
}
