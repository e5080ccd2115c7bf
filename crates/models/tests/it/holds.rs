//! With every rule: nothing is broken, everything was tried, and what should happen in some history did.

use models::cases::{CASES, Case, Runs, case};
use models::rules;

fn found(name: &str) -> &'static Case {
    let case = case(name).unwrap();
    assert_eq!(case.runs, Runs::WithTheTests, "{name}");
    case
}

fn holds(name: &str) {
    let _all = rules::all_hold();
    let report = (found(name).run)("", None);
    println!("{name}: {report}");
    assert!(report.holds(), "{name}: {report}");
}

fn breaks(name: &str) {
    let _all = rules::all_hold();
    let case = found(name);
    let report = (case.run)("", None);
    println!("{name}: {report}");
    let property = case.breaks.unwrap();
    assert!(
        report.broken().is_some_and(|p| p.starts_with(property)),
        "{name}: {report}"
    );
}

macro_rules! tests {
    ($check:ident: $($test:ident is $name:literal,)*) => {
        $(#[test] fn $test() { $check($name); })*
        const _: () = ();
    };
}

tests! { holds:
    two_honest_members_on_forked_logs_with_every_trick is "forks-two",
    two_honest_members_on_forked_logs_from_the_first_message_on is "forks-two-joins",
    two_honest_members_over_two_rounds is "forks-two-rounds",
    three_honest_members_over_two_rounds is "forks-three",
    two_colluders_whose_vectors_add_up_to_the_same is "forks-colluders",
    a_relay_alone_gets_nobodys_root is "forks-relay-alone",
    shares_that_wait_at_the_gate_and_copies_of_that_time is "forks-gate",
    restarts_and_old_copies_in_one_run is "restores-one-run",
    restarts_and_old_copies_over_two_runs is "restores-two-runs",
    readers_agree_from_the_first_go_on is "readers-verdicts",
    readers_agree_while_vectors_come_in is "readers-vectors",
    readers_agree_after_a_counting_nogo is "readers-reveals",
    with_an_honest_relay_four_come_to_an_end is "relay-four",
    with_an_honest_relay_five_come_to_an_end is "relay-five",
    colluders_who_share_anything_lose_a_place_with_every_run is "colluders",
    no_side_answers_knowing_the_others_result is "gate",
    a_side_that_is_dropped_opens_the_gate is "gate-dropped",
    texts_bound_to_the_roster_of_their_run is "locks",
    rosters_that_may_vote_single_out_nobody is "ballots",
    what_looks_the_same_and_who_comes_again_single_out_nobody is "memory",
    dropped_readys_make_no_text_leave_in_a_small_crowd is "crowds",
    a_side_comes_together_whatever_becomes_of_its_caucus is "caucuses",
    whoever_may_reset_the_plenary_is_in_it is "moves",
    no_puppet_counts_with_a_friend_on_either_side is "puppets",
    no_puppet_counts_with_two_friends_on_one_side is "puppets-one-side",
    no_times_make_a_seat_speak_early_or_keep_it_quiet is "clocks",
    nor_do_they_while_it_is_away_or_starts_anew is "clocks-away",
    no_puppet_counts_where_anybody_may_be_removed is "puppets-removed",
}

mod weaker {
    use super::breaks;

    tests! { breaks:
        a_lock_to_the_opening_roster_unmasks is "locks-opening",
        a_lock_of_the_question_unmasks is "locks-question",
        a_lock_of_spoilt_rounds_alone_unmasks is "locks-spoilt",
        friends_who_come_first_fill_both_sides_with_puppets is "puppets-first",
        who_hears_of_a_window_late_and_knows_no_clock_has_no_promise is "clocks-new",
        three_friends_of_the_convenor_make_a_puppet_count is "puppets-three",
    }
}

#[test]
fn every_case_that_runs_with_the_tests_is_one() {
    let source = include_str!("holds.rs");
    let with_a_rule_out = ["copies-one-run", "copies-two-runs"];
    for case in CASES.iter().filter(|case| case.runs == Runs::WithTheTests) {
        let named = source.contains(&format!("is \"{}\"", case.name));
        assert!(
            named || with_a_rule_out.contains(&case.name),
            "{}",
            case.name
        );
    }
}
