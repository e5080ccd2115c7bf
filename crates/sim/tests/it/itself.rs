//! The simulator itself: what it plays can be played again, and it plays everything.

use std::collections::BTreeSet;

use sim::cases::{all, canaries, limits};
use sim::play::play;
use sim::report::pairs;

/// On paper nothing is drawn from the system: the trace of a seed is the same, entry by entry.
#[cfg(feature = "paper")]
#[test]
fn a_seed_plays_the_same_every_time() {
    let cases = all();
    let pairs = pairs(&cases);
    for seed in (0..pairs.len()).step_by(9) {
        let (case, phase) = pairs[seed];
        let seed = seed as u64;
        let first = play(seed, &cases[case], phase, true);
        let again = play(seed, &cases[case], phase, true);
        assert!(first.trace.len() > 20, "{}", first.case);
        assert_eq!(first.trace, again.trace, "{}", first.case);
    }
}

#[test]
fn ten_thousand_seeds_play_every_case_in_every_phase_twenty_times() {
    let cases = all();
    let pairs = pairs(&cases);
    assert!(10_000 / pairs.len() >= 20);
    let played: BTreeSet<usize> = pairs.iter().map(|(case, _)| *case).collect();
    assert_eq!(played.len(), cases.len());
}

#[test]
fn names_are_different_and_canaries_are_called_so() {
    let (cases, canaries) = (all(), canaries());
    assert!(canaries.iter().all(|case| case.name.starts_with("canary-")));
    let names: Vec<&str> = cases
        .iter()
        .chain(&canaries)
        .map(|case| case.name)
        .collect();
    let limits = limits();
    let all: BTreeSet<&str> = names
        .iter()
        .copied()
        .chain(limits.iter().map(|c| c.name))
        .collect();
    assert_eq!(all.len(), names.len() + limits.len());
}

/// A liar that a whole honest roster cannot do anything about is left out by name.
#[test]
fn whoever_disturbs_a_run_is_named_and_nobody_else() {
    let cases = all();
    let case = cases.iter().find(|case| case.name == "flip-other").unwrap();
    for seed in 1..4 {
        let played = play(seed, case, case.phases[0], false);
        assert!(played.judgement.failures.is_empty(), "seed {seed}");
        assert_eq!(played.judgement.blamed, 1, "seed {seed}");
    }
}
