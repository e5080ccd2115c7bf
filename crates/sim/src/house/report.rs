//! Adds up what the plays of the house came to.

use std::collections::BTreeMap;

use super::oracle::Oracle;
use super::play::Played;

/// The sum of many plays.
#[derive(Default)]
pub struct Report {
    cases: u64,
    failed: u64,
    rooms_lost: u64,
    unmasked: u64,
    honest_blamed: u64,
    busiest: u64,
    covered: BTreeMap<String, u64>,
}

impl Report {
    /// Adds one play; every line is a failure.
    pub fn add(&mut self, played: &Played) -> Vec<String> {
        self.cases += 1;
        self.busiest = self.busiest.max(played.busiest);
        *self.covered.entry(played.case.clone()).or_default() += 1;
        let has = |is: fn(Oracle) -> bool| played.failures.iter().any(|one| is(one.oracle));
        self.failed += u64::from(!played.failures.is_empty());
        self.rooms_lost += u64::from(has(Oracle::loses_a_room));
        self.unmasked += u64::from(has(Oracle::unmasks));
        self.honest_blamed += u64::from(has(|oracle| oracle == Oracle::HonestBlamed));
        let mut first: BTreeMap<Oracle, (usize, &str)> = BTreeMap::new();
        for failure in &played.failures {
            first.entry(failure.oracle).or_insert((0, &failure.what)).0 += 1;
        }
        let failures = first.into_iter().map(|(oracle, (times, what))| {
            let Played { seed, case, .. } = played;
            let more = match times {
                1 => String::new(),
                _ => format!(" (and {} more)", times - 1),
            };
            format!("seed {seed} case {case}: {}: {what}{more}", oracle.name())
        });
        failures.collect()
    }

    /// Whether every oracle held.
    pub fn holds(&self) -> bool {
        self.failed == 0
    }

    /// How often each case was played.
    pub fn coverage(&self) -> Vec<String> {
        let lines = self.covered.iter();
        lines
            .map(|(case, played)| format!("{case}: {played} played"))
            .collect()
    }

    /// The last line.
    pub fn line(&self) -> String {
        format!(
            r#"{{"houses":{},"failed":{},"rooms_lost":{},"unmasked":{},"honest_blamed":{},"busiest_hour":{}}}"#,
            self.cases,
            self.failed,
            self.rooms_lost,
            self.unmasked,
            self.honest_blamed,
            self.busiest
        )
    }
}
