//! Adds up what the plays of many seeds came to.

use std::collections::BTreeMap;

use round::Phase;

use crate::oracle::Oracle;
use crate::play::Played;

/// How far the number of members in the slot of their own index may be from chance, in standard
/// deviations, and how many members must have been seen before anything is said.
const DEVIATIONS: f64 = 6.0;
const MEMBERS_LEAST: u64 = 20;

/// The sum of many plays.
#[derive(Default)]
pub struct Report {
    cases: u64,
    runs: u64,
    blamed: u64,
    excluded: u64,
    unmasked: u64,
    honest_blamed: u64,
    failed: u64,
    in_order: (u64, f64, u64),
    covered: BTreeMap<(&'static str, u8), (u64, u64)>,
}

impl Report {
    /// Adds one play; every line is a failure.
    pub fn add(&mut self, played: &Played) -> Vec<String> {
        let judgement = &played.judgement;
        self.cases += 1;
        self.runs += judgement.runs;
        self.blamed += judgement.blamed;
        self.excluded += judgement.excluded;
        self.in_order.0 += judgement.in_order.0;
        self.in_order.1 += judgement.in_order.1;
        self.in_order.2 += judgement.in_order.2;
        let covered = self.covered.entry((played.case, played.phase as u8));
        let covered = covered.or_default();
        covered.0 += 1;
        covered.1 += u64::from(played.struck);
        let failures = judgement.failures.iter().map(|failure| {
            self.failed += 1;
            self.unmasked += u64::from(failure.oracle.unmasks());
            self.honest_blamed += u64::from(failure.oracle == Oracle::HonestBlamed);
            format!(
                "seed {} case {} phase {}: {}: {}",
                played.seed,
                played.case,
                played.phase as u8,
                failure.oracle.name(),
                failure.what
            )
        });
        failures.collect()
    }

    /// What can be said of all plays together.
    pub fn close(&mut self) -> Option<String> {
        let (hits, expected, of) = self.in_order;
        let deviation = expected.max(1.0).sqrt() * DEVIATIONS;
        let odd = (hits as f64 - expected).abs() > deviation && of >= MEMBERS_LEAST;
        odd.then(|| {
            self.failed += 1;
            self.unmasked += 1;
            let name = Oracle::SlotsInOrder.name();
            format!("{name}: {hits} of {of} in the slot of their index, by chance {expected:.0}")
        })
    }

    /// Whether every oracle held.
    pub fn holds(&self) -> bool {
        self.failed == 0
    }

    /// How often each case was played, and how often what it wants came about.
    pub fn coverage(&self) -> Vec<String> {
        let lines = self
            .covered
            .iter()
            .map(|((case, phase), (played, struck))| {
                format!("{case} phase {phase}: {played} played, {struck} struck")
            });
        lines.collect()
    }

    /// The last line.
    pub fn line(&self) -> String {
        format!(
            r#"{{"cases":{},"runs":{},"blamed":{},"excluded":{},"unmasked":{},"honest_blamed":{}}}"#,
            self.cases, self.runs, self.blamed, self.excluded, self.unmasked, self.honest_blamed
        )
    }
}

/// All pairs of a case and a phase, in a fixed order: a seed draws one of them.
pub fn pairs(cases: &[crate::cases::Case]) -> Vec<(usize, Phase)> {
    let all = cases.iter().enumerate();
    all.flat_map(|(at, case)| case.phases.iter().map(move |phase| (at, *phase)))
        .collect()
}
