//! Each rule taken out gives a history that breaks what the rule is for.

use models::Report;
use models::cases::{NEEDED, Needed, TRIED_ELSEWHERE, TRIED_IN_ROOMS, case};
use models::rules::{self, Out};
use participant::rules::Rule as Clock;
use round::rules::Rule;

fn report(needed: &Needed) -> Report {
    let _out = rules::without(needed.rule);
    (case(needed.case).unwrap().run)(needed.property, None)
}

/// Every entry of the table for this rule.
fn gives_a_counterexample(rule: impl Into<Out>) {
    let rule = rule.into();
    let all: Vec<&Needed> = NEEDED.iter().filter(|needed| needed.rule == rule).collect();
    assert!(!all.is_empty());
    for needed in all {
        let report = report(needed);
        println!("without {rule}, {}: {report}", needed.case);
        let broken = report
            .broken()
            .is_some_and(|p| p.starts_with(needed.property));
        assert!(broken, "without {rule}, {}: {report}", needed.case);
    }
}

macro_rules! rules_are_needed {
    ($($test:ident is $rule:expr,)*) => {
        $(#[test] fn $test() { gives_a_counterexample($rule); })*
        const TESTED: &[fn() -> Out] = &[$(|| Out::from($rule)),*];
    };
}

rules_are_needed! {
    without_blame_free_of_content_a_root_reads_texts is Rule::BlameWithoutContent,
    without_locks_a_text_in_two_rosters_unmasks is Rule::TextBoundToRoster,
    without_a_decision_before_join_a_late_share_unmasks is Rule::DecidedBeforeJoin,
    without_a_final_first_decision_readers_differ is Rule::FirstDecisionIsFinal,
    without_equal_evidence_an_honest_nogo_looks_false is Rule::EqualEvidence,
    without_early_nogo_as_absence_the_honest_are_blamed is Rule::EarlyNogoIsAbsence,
    without_silent_absence_the_relay_gets_roots is Rule::AbsenceRevealsNothing,
    without_secrets_in_memory_alone_a_restart_unmasks is Rule::SecretsInMemoryOnly,
    without_standing_still_a_restarted_node_speaks_twice is Rule::NoStepAfterRestart,
    without_silent_copies_an_old_vault_unmasks is Rule::RestoredCopiesAreSilent,
    without_the_gate_the_later_side_knows_the_result is Rule::GateBeforeRelease,
    without_lengths_of_phases_the_honest_are_cut_off is Rule::PhasesHaveTheirLength,
    without_bound_roots_two_with_one_root_disturb is Rule::RootsOfOneMember,
    without_a_place_for_a_shared_tag_runs_never_end is Rule::OneTagCosts,
    without_copied_keys_a_copier_takes_somebody_along is Rule::KeysMayBeCopied,
    without_void_commits_runs_never_end is room::rules::Rule::NoCommitDuringRuns,
    without_cells_three_rosters_single_out_a_seat is room::rules::Rule::BallotCells,
    without_promises_four_who_stay_away_leave_one is room::rules::Rule::CellsKeepPromises,
    without_crowds_by_rounds_a_leap_picks_the_crowd is room::rules::Rule::CrowdsByRounds,
    without_looks_that_are_one_somebody_is_singled_out is room::rules::Rule::LooksAreOne,
    without_newcomers_taken_for_the_gone_somebody_is is room::rules::Rule::NewcomersMayBeTheGone,
    without_table_words_puppets_count is room::rules::Rule::CountedByWords,
    without_needs_that_stay_removing_lets_puppets_in is room::rules::Rule::RemovingLowersNothing,
    without_a_final_release_the_gate_leaks_a_root is models::rules::Own::ReleaseIsFinalAtTheGate,
    without_the_lock_at_give_up_a_copy_unmasks is models::rules::Own::GiveUpKeepsTheLock,
    without_turns_a_member_keeps_taking_its_sides_caucus is room::rules::Rule::FoundersTakeTurns,
    without_an_end_of_turns_one_who_founds_nothing_ends_a_caucus is room::rules::Rule::TurnsRunOut,
    without_a_keeper_that_stays_a_stranger_may_reset is room::rules::Rule::KeeperStays,
    without_announced_places_a_room_is_led_to_nowhere is room::rules::Rule::PlacesAreAnnounced,
    without_another_caucus_a_removed_founder_keeps_it is models::rules::Own::CaucusesAreFoundedAnew,
    without_silence_whoever_is_gone_listens is models::rules::Own::NobodySpeaksToTheGone,
    without_a_judge_of_the_logs_clock_swings_are_unseen is Clock::TheLogsClockIsJudged,
    without_what_is_read_late_swings_are_unseen is Clock::WhatIsReadLateCounts,
    without_quiet_a_seat_speaks_after_a_jump is Clock::JumpsKeepQuiet,
    without_an_end_of_jumps_a_seat_is_quiet_for_ever is Clock::WhatHoldsIsSteady,
    without_own_clocks_a_leap_ends_a_window is Clock::WindowsLastByOwnClocks,
    without_a_clock_that_goes_on_a_leap_stops_deadlines is Clock::TheLogsClockGoesOn,
    without_what_the_vault_knows_a_restart_ends_a_window is models::rules::Own::ClocksAreKept,
    without_an_own_minimum_a_relay_picks_the_crowd is models::rules::Own::OwnMinimum,
}

#[test]
fn every_rule_is_needed_here_or_tried_elsewhere() {
    let tested: Vec<Out> = TESTED.iter().map(|out| out()).collect();
    for rule in Rule::ALL {
        let here = tested.contains(&Out::from(rule));
        assert_ne!(here, TRIED_ELSEWHERE.contains(&rule), "{rule:?}");
    }
    for rule in room::rules::Rule::ALL {
        let here = tested.contains(&Out::from(rule));
        assert_ne!(here, TRIED_IN_ROOMS.contains(&rule), "{rule:?}");
    }
    for needed in NEEDED {
        assert!(tested.contains(&needed.rule), "{}", needed.rule);
    }
}

/// No history is needed for it: a window ends while nobody can write, or does not.
#[test]
fn without_a_stop_of_time_a_round_starts_in_a_shut_log() {
    let starts = models::rooms::a_round_starts_in_a_shut_log;
    {
        let _all = rules::all_hold();
        assert!(!starts());
    }
    let _out = rules::without(room::rules::Rule::ShutLogsCountForNobody.into());
    assert!(starts());
}

/// Within one run a node that has restarted harms nobody, however old its vault is: it takes no step.
#[test]
fn in_one_run_even_old_copies_that_speak_unmask_nobody() {
    let _out = rules::without(Rule::RestoredCopiesAreSilent.into());
    for property in ["i1", "i2"] {
        let report = (case("copies-one-run").unwrap().run)(property, None);
        assert!(report.found.is_none() && report.exhausted, "{report}");
    }
}
