//! A relay whose clock leaps, and what people who stay away together learn.

use participant::{Alarm, Command, Place};
use room::{FailedWhy, RoundId, Tally};
use round::Ballot;
use sim::World;

use crate::stage::{assert_agreed, open_round, read, say, seated, write};
use sim::stage::open_with;

const DAY_MS: u64 = 86_400_000;

fn alarmed(world: &World, seat: usize) -> bool {
    let alarms = world.seats[seat].core().view().alarms;
    alarms.contains(&Alarm::ClockJumped)
}

fn brought(world: &World, round: RoundId) -> usize {
    let results = world.seats[1].core().view().plenary.unwrap().results;
    let of_round = results.iter().filter(|opening| opening.round == round);
    of_round.map(|opening| opening.statements.len()).sum()
}

/// A ballot about one statement with those who are on.
fn ask(world: &mut World, words: &str) -> RoundId {
    let open = Command::OpenBallot {
        question: "What do we want?".into(),
        statements: vec![words.into()],
        each_side: false,
        window_ms: 60_000,
        phase_ms: 3_000,
        floor: None,
    };
    let round = open_with(world, open);
    for seat in 1..world.seats.len() {
        if world.seats[seat].participant.is_some() {
            let answers = vec![Ballot::Agree];
            world.command(
                seat,
                Command::Cast {
                    round,
                    answers,
                    minimum: None,
                },
            );
        }
    }
    round
}

fn tally(world: &World, round: RoundId) -> Option<Tally> {
    let results = world.seats[1].core().view().plenary.unwrap().results;
    let found = results.iter().find(|opening| opening.round == round);
    found.map(|opening| opening.tallies[0])
}

#[test]
fn one_entry_from_the_future_ends_no_round() {
    let mut world = seated(6, 908);
    world.host.ahead_ms = 3650 * DAY_MS;
    say(&mut world, 1, Place::Plenary, "hello");
    world.host.ahead_ms = 0;
    say(&mut world, 2, Place::Plenary, "and again");
    assert!(alarmed(&world, 3));
    let round = open_round(&mut world, 3_600_000, 3_000);
    for seat in 1..7 {
        write(&mut world, seat, round, &format!("Text number {seat}"));
    }
    world.pass(3_700_000);
    assert_eq!(brought(&world, round), 6);
    assert!((0..7).all(|seat| !alarmed(&world, seat)));
    assert_agreed(&world);
    // What a page shows of it is the relay's time, not the leapt one.
    let results = world.seats[1].core().view().plenary.unwrap().results;
    assert!(results[0].opened_ms <= world.now.ms());
}

/// The last second that a relay can name closes nothing.
#[test]
fn the_end_of_time_closes_nothing() {
    let mut world = seated(6, 912);
    let round = open_round(&mut world, 600_000, 3_000);
    for seat in 1..7 {
        write(&mut world, seat, round, &format!("Text number {seat}"));
    }
    world.host.ahead_ms = u64::MAX;
    say(&mut world, 1, Place::Plenary, "hello");
    world.host.ahead_ms = 0;
    world.pass(300_000);
    assert!(
        world.seats[1]
            .core()
            .view()
            .plenary
            .unwrap()
            .round
            .is_some()
    );
    world.pass(900_000);
    assert_eq!(brought(&world, round), 6);
    assert_agreed(&world);
}

/// A month goes by within a second, as the relay tells it; seven of twelve are kept away. Neither the
/// leap nor waiting until it looks steady makes five enough.
#[test]
fn a_leap_of_a_month_makes_no_small_crowd_enough() {
    let mut world = seated(12, 905);
    let first = ask(&mut world, "A toll.");
    world.pass(65_000);
    assert_eq!(tally(&world, first).unwrap().agree, 12);
    for seat in 6..13 {
        world.seats[seat].crash();
    }
    let second = ask(&mut world, "No toll.");
    world.pass(50_000);
    world.host.ahead_ms = 31 * DAY_MS;
    say(&mut world, 1, Place::Plenary, "a month later");
    world.pass(900_000);
    let third = ask(&mut world, "Half a toll.");
    world.pass(65_000);
    for round in [second, third] {
        let agree = tally(&world, round).map(|tally| tally.agree);
        assert!(agree.is_none_or(|agree| agree == 0), "{agree:?}");
    }
    assert!(tally(&world, third).is_some(), "it goes on by itself");
}

/// While its clock jumps no seat says START, nothing that opens a run, and no RELEASE.
#[test]
fn while_the_relays_clock_jumps_nothing_is_opened_and_then_it_goes_on() {
    let mut world = seated(6, 913);
    let round = open_round(&mut world, 60_000, 3_600_000);
    for seat in 1..7 {
        write(&mut world, seat, round, &format!("Text number {seat}"));
    }
    let started = |w: &World| {
        let state = w.seats[1].core().state().unwrap();
        state
            .open_round()
            .is_some_and(|open| !open.runs().is_empty())
    };
    assert!(world.pass_until(70_000, started));
    // An hour and no more: no phase is over by it.
    world.host.ahead_ms = 3_000_000;
    world.pass(100_000);
    assert!((1..7).all(|seat| alarmed(&world, seat)));
    assert_eq!(brought(&world, round), 0);
    let shares = |w: &World| {
        let vaults = w.seats.iter().filter_map(|seat| seat.vault.get(&1));
        vaults
            .flat_map(|rows| rows.keys())
            .any(|key| key.starts_with(b"share/"))
    };
    assert!(!shares(&world), "nobody said GO");
    world.pass(700_000);
    assert_eq!(brought(&world, round), 6);
    assert!((1..7).all(|seat| !alarmed(&world, seat)));
}

/// Four stay away together with somebody: the tally that would name that one's answer is not made.
#[test]
fn four_who_stay_away_with_somebody_learn_no_answer() {
    let mut world = seated(26, 907);
    let first = ask(&mut world, "A toll.");
    world.pass(65_000);
    assert_eq!(tally(&world, first).unwrap().agree, 26);
    for seat in 22..27 {
        world.seats[seat].crash();
    }
    let second = ask(&mut world, "A toll.");
    world.pass(65_000);
    assert_eq!(tally(&world, second), None);
    let failed = world.seats[1].core().view().plenary.unwrap().failed;
    assert_eq!(failed.unwrap().why, FailedWhy::Overlap);
    assert!(read(&world, 1, Place::Plenary).is_empty());
}

/// So many entries, every other one nearly ten minutes early: no step is a jump, and each rise stays.
fn swing(world: &mut World, entries: usize) {
    for number in 0..entries {
        world.host.ahead_ms = if number % 2 == 0 { 599_000 } else { 0 };
        say(world, 1, Place::Plenary, &format!("word {number}"));
    }
    world.host.ahead_ms = 0;
}

fn logs_clock(world: &World) -> u64 {
    world.seats[1].core().state().unwrap().time_ms()
}

/// When the window ends, as a page says it.
fn shown_end(world: &World, seat: usize) -> u64 {
    let room = world.seats[seat].core().view().plenary.unwrap();
    room.round.unwrap().window_end_ms
}

fn has_started(world: &World) -> bool {
    let state = world.seats[1].core().state().unwrap();
    let open = state.open_round();
    open.is_none_or(|open| !open.runs().is_empty())
}

/// A day goes by in the log within a second. Whoever wanted to write in the evening still can.
#[test]
fn a_day_that_went_by_in_swings_ends_no_window_and_is_told_as_long_as_it_is_held() {
    let mut world = seated(6, 914);
    let began = world.now;
    let round = open_round(&mut world, DAY_MS, 600_000);
    for seat in 1..6 {
        write(&mut world, seat, round, &format!("Text number {seat}"));
    }
    let before = logs_clock(&world);
    swing(&mut world, 2 * 145);
    assert!(logs_clock(&world) - before > DAY_MS);
    assert!((0..7).all(|seat| alarmed(&world, seat)));
    world.seats[2].crash();
    world.pass(6 * 3_600_000);
    world.seats[2].start();
    world.run();
    assert!(!has_started(&world));
    assert!((0..7).all(|seat| alarmed(&world, seat)));
    assert!(shown_end(&world, 2).abs_diff(began.ms() + DAY_MS) < 60_000);
    write(&mut world, 6, round, "Text number 6");
    let left = (DAY_MS - 660_000).saturating_sub(world.now.ms() - began.ms());
    world.pass(left);
    assert!(!has_started(&world), "ten minutes early at most");
    world.pass(660_000 + 60_000);
    assert_eq!(brought(&world, round), 6);
    assert!((0..7).all(|seat| !alarmed(&world, seat)));
    assert_agreed(&world);
}

/// The same by one leap that is never taken back.
#[test]
fn a_day_that_went_by_in_one_leap_ends_no_window() {
    let mut world = seated(6, 915);
    let round = open_round(&mut world, DAY_MS, 3_000);
    for seat in 1..7 {
        write(&mut world, seat, round, &format!("Text number {seat}"));
    }
    world.host.ahead_ms = 2 * DAY_MS;
    say(&mut world, 1, Place::Plenary, "the day after tomorrow");
    world.pass(DAY_MS - 660_000);
    assert!(!has_started(&world));
    world.pass(660_000 + 60_000);
    assert_eq!(brought(&world, round), 6);
    assert_agreed(&world);
}

/// Whoever opened a Round may still close it, whatever the clocks do.
#[test]
fn a_window_that_its_author_closes_is_not_held_open() {
    let mut world = seated(6, 916);
    let round = open_round(&mut world, DAY_MS, 3_000);
    for seat in 1..7 {
        write(&mut world, seat, round, &format!("Text number {seat}"));
    }
    swing(&mut world, 2 * 20);
    world.command(0, Command::EndWindow { round });
    world.pass(500_000);
    assert!(!has_started(&world), "quiet");
    world.pass(160_000);
    assert_eq!(brought(&world, round), 6);
    assert!((0..7).all(|seat| !alarmed(&world, seat)));
}

/// A machine that slept reads a day of swings in one go, and the ten hours of the night in another.
#[test]
fn whoever_was_away_learns_of_swings_and_takes_no_night_for_one() {
    let mut world = seated(6, 917);
    world.seats[6].crash();
    world.pass(10 * 3_600_000);
    say(&mut world, 1, Place::Plenary, "good morning");
    world.seats[6].start();
    world.run();
    assert!(!alarmed(&world, 6));
    world.seats[6].crash();
    swing(&mut world, 2 * 145);
    world.pass(10 * 3_600_000);
    world.seats[6].start();
    world.run();
    assert!(alarmed(&world, 6));
    world.pass(600_000);
    assert!(!alarmed(&world, 6));
}
