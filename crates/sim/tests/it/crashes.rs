//! Nodes that stop in the middle of a Round: nobody's text is unmasked, nobody speaks twice.

use participant::view::RoundPhase;
use participant::{Alarm, Command, Notice, Place, Refused};
use room::RoundId;
use sim::World;

use crate::stage::{assert_agreed, awaited, open_round, seated, write};

const PHASE_MS: u64 = 3_000;
const TEXTS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// Six seats, six texts, the window about to end.
fn before_the_end(seed: u64) -> (World, RoundId) {
    let mut world = seated(6, seed);
    let round = open_round(&mut world, 60_000, PHASE_MS);
    for (seat, text) in (1..).zip(TEXTS) {
        write(&mut world, seat, round, text);
    }
    world.pass(59_980);
    (world, round)
}

fn statements(world: &World, seat: usize) -> Option<Vec<String>> {
    let room = world.seats[seat].core().view().plenary?;
    let mut texts = room.results.first()?.statements.clone();
    texts.sort();
    Some(texts)
}

fn phase(world: &World, seat: usize) -> Option<RoundPhase> {
    Some(world.seats[seat].core().view().plenary?.round?.phase)
}

/// Switches seat 4 off at each moment of a Round in turn, on again after a while, and looks at what
/// became of its text.
#[test]
fn whenever_a_node_stops_its_text_appears_once_or_not_at_all() {
    let (mut shown, mut withheld, mut stuck) = (0, 0, 0);
    for moment in 0..40 {
        let (mut world, _) = before_the_end(100 + moment);
        world.pass(moment * 10);
        world.seats[4].crash();
        world.pass(1_000);
        world.seats[4].start();
        world.pass(30_000);
        match statements(&world, 1) {
            Some(texts) => {
                let own = texts.iter().filter(|text| *text == "four").count();
                let others = texts.iter().filter(|text| *text != "four").count();
                assert_eq!(others, 5, "moment {moment}");
                shown += own;
                withheld += 1 - own;
            }
            None => {
                // GO was said and the share died with the process: nothing is shown to anybody.
                assert!(matches!(phase(&world, 1), Some(RoundPhase::Opening { .. })));
                assert_eq!(awaited(&world), ["Seat04"]);
                stuck += 1;
            }
        }
        assert_agreed(&world);
    }
    assert!(
        shown > 0 && withheld > 0,
        "{shown} shown, {withheld} withheld, {stuck} stuck"
    );
}

#[test]
fn a_stuck_round_ends_by_giving_up_and_its_texts_stay_bound() {
    let (mut world, round) = (0..60)
        .find_map(|moment| {
            let (mut world, round) = before_the_end(200 + moment);
            world.pass(moment * 7);
            world.seats[4].crash();
            world.pass(20_000);
            let stuck = matches!(phase(&world, 1), Some(RoundPhase::Opening { .. }));
            stuck.then_some((world, round))
        })
        .expect("some moment lies between the last GO and RELEASE");
    world.command(1, Command::GiveUp { round });
    assert!(
        world.seats[1]
            .core()
            .view()
            .plenary
            .unwrap()
            .results
            .is_empty()
    );
    world.seats[4].start();
    world.pass(100);
    // Whoever came back has heard of the end before it says anything: no share is left to be sent.
    for seat in 1..=6 {
        let kept = |prefix: &[u8], area: u16| {
            let rows = world.seats[seat].vault.get(&area);
            rows.is_some_and(|rows| rows.keys().any(|key| key.starts_with(prefix)))
        };
        assert!(!kept(b"share/", 1), "seat {seat} destroyed its share");
        assert!(
            !kept(b"draft/", 0),
            "seat {seat} keeps no draft for a Round that is over"
        );
    }
    let view = world.seats[1].core().view();
    let failed = view.plenary.unwrap().failed.unwrap();
    let returned = view.returned.last().unwrap();
    assert_eq!(returned.round, Some(failed.round));
    assert_eq!(returned.text, "one", "its author has it back");
    let second = open_round(&mut world, 60_000, PHASE_MS);
    let again = Command::Write {
        round: second,
        text: "one".into(),
        minimum: None,
    };
    let now = world.now;
    assert_eq!(
        world.seats[1].command(again, now),
        Err(Refused::TextIsBound)
    );
    write(&mut world, 1, second, "something else");
}

/// The plenary's rows of seat 4 whose key begins so.
fn has_row(world: &World, prefix: &[u8]) -> bool {
    world.seats[4]
        .vault
        .get(&1)
        .is_some_and(|rows| rows.keys().any(|key| key.starts_with(prefix)))
}

#[test]
fn a_node_that_stops_after_it_decided_to_release_releases_on_return() {
    let (mut world, _) = before_the_end(400);
    assert!(world.pass_until(2_000, |world| has_row(world, b"share/")));
    // The decision is durable, and RELEASE has not left.
    world.seats[4].crash();
    world.pass(10_000);
    assert!(matches!(phase(&world, 1), Some(RoundPhase::Opening { .. })));
    assert_eq!(awaited(&world), ["Seat04"]);
    world.seats[4].start();
    world.pass(1_000);
    for seat in 0..7 {
        assert_eq!(statements(&world, seat).unwrap().len(), 6);
    }
    assert_agreed(&world);
}

#[test]
fn a_node_that_stops_after_joining_leaves_and_is_absent() {
    let (mut world, _) = before_the_end(401);
    assert!(world.pass_until(2_000, |world| has_row(world, b"decision/")));
    world.seats[4].crash();
    world.seats[4].start();
    world.pass(2_000);
    assert_eq!(statements(&world, 1).unwrap().len(), 5);
    assert!(!statements(&world, 1).unwrap().contains(&"four".to_owned()));
    let run = world.seats[1].core().view().plenary.unwrap().results[0].clone();
    assert_eq!((run.opening_roster, run.final_roster, run.runs), (6, 5, 2));
    assert_agreed(&world);
}

#[test]
fn a_shown_text_is_never_taken_again() {
    let (mut world, _) = before_the_end(300);
    world.pass(5_000);
    assert_eq!(statements(&world, 2).unwrap().len(), 6);
    let second = open_round(&mut world, 60_000, PHASE_MS);
    let again = Command::Write {
        round: second,
        text: " one ".into(),
        minimum: None,
    };
    let now = world.now;
    assert_eq!(
        world.seats[1].command(again, now),
        Err(Refused::TextIsBound)
    );
}

#[test]
fn a_text_stays_home_where_the_crowd_is_smaller_than_its_author_wants() {
    let mut world = seated(6, 301);
    let round = open_round(&mut world, 60_000, PHASE_MS);
    let text = "only among seven".to_owned();
    world.command(
        1,
        Command::Write {
            round,
            text,
            minimum: Some(7),
        },
    );
    write(&mut world, 2, round, "anyhow");
    world.pass(65_000);
    assert_eq!(statements(&world, 3).unwrap(), ["anyhow"]);
    let stayed = world.seats[1]
        .heard
        .iter()
        .any(|n| matches!(n, Notice::StayedHome { .. }));
    assert!(stayed, "the author is told");
}

#[test]
fn drafts_are_kept_over_a_crash() {
    let mut world = seated(6, 302);
    let round = open_round(&mut world, 60_000, PHASE_MS);
    write(&mut world, 1, round, "written before the crash");
    world.seats[1].crash();
    world.seats[1].start();
    world.command(1, Command::TakeSeat);
    let draft = world.seats[1]
        .core()
        .view()
        .plenary
        .unwrap()
        .round
        .unwrap()
        .draft;
    assert_eq!(draft.as_deref(), Some("written before the crash"));
    world.pass(65_000);
    assert_eq!(statements(&world, 5).unwrap(), ["written before the crash"]);
}

/// Whoever comes back at the end of a phase may not know yet who spoke in it: it closes nothing before it
/// has listened for a minute.
#[test]
fn whoever_has_just_come_back_closes_no_phase_for_a_minute() {
    const LONG_PHASE_MS: u64 = 600_000;
    let mut world = seated(6, 304);
    open_round(&mut world, 60_000, LONG_PHASE_MS);
    assert!(world.pass_until(65_000, |world| has_row(world, b"decision/")));
    for seat in 0..7 {
        world.seats[seat].crash();
    }
    world.pass(LONG_PHASE_MS);
    world.seats[0].start();
    let failed = |world: &World| world.seats[0].core().view().plenary.unwrap().failed;
    world.pass(59_000);
    assert_eq!(failed(&world), None, "not before the minute is over");
    world.pass(2_000);
    assert!(
        failed(&world).is_some(),
        "nobody else was there to close it"
    );
}

/// Every state that a vault had during a Round, restored later: the copy never speaks.
#[test]
fn a_vault_restored_from_any_moment_of_a_round_says_nothing_more() {
    let (mut world, _) = before_the_end(303);
    let mut copies = Vec::new();
    for _ in 0..30 {
        copies.push(world.seats[4].vault.clone());
        world.pass(10);
    }
    world.pass(5_000);
    world.command(
        4,
        Command::Say {
            place: Place::Plenary,
            text: "later".into(),
        },
    );
    let entries: usize = world.host.logs.values().map(Vec::len).sum();
    for copy in copies {
        world.seats[4].crash();
        world.seats[4].vault = copy;
        world.seats[4].start();
        world.pass(10_000);
        let alarmed = world.seats[4]
            .core()
            .view()
            .alarms
            .contains(&Alarm::RestoredCopy);
        assert!(alarmed, "the copy is recognised");
        let now: usize = world.host.logs.values().map(Vec::len).sum();
        assert_eq!(now, entries, "and is silent");
    }
}
