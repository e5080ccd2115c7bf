//! A convenor's program that was changed, and the last message of a Round.

use participant::voice::Words;
use participant::{Command, Place};
use room::RoundId;
use round::Phase;
use sim::World;

use crate::stage::{assert_agreed, open_round, seat_id, seated, write};

const TEXTS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];
const PHASE_MS: u64 = 3_000;

/// The N-th GO stands for the convenor, and for nobody else yet.
fn at_the_last_go(seed: u64) -> (World, RoundId) {
    let mut world = seated(6, seed);
    let round = open_round(&mut world, 60_000, PHASE_MS);
    for (seat, text) in (1..).zip(TEXTS) {
        write(&mut world, seat, round, text);
    }
    let phase = |world: &World, seat: usize| world.seats[seat].core().sequence()?.1.phase();
    let there = world.pass_until(65_000, |w| phase(w, 0) == Some(Phase::Releases));
    assert!(there);
    assert_ne!(phase(&world, 6), Some(Phase::Releases));
    (world, round)
}

fn texts(world: &World, seat: usize) -> Vec<String> {
    let plenary = world.seats[seat].core().view().plenary.unwrap();
    let result = plenary.results.last();
    let mut texts = result.map_or_else(Vec::new, |result| result.statements.clone());
    texts.sort();
    texts
}

fn sits(world: &World, seat: room::SeatId) -> bool {
    let plenary = world.seats[1].core().view().plenary.unwrap();
    plenary.seats.iter().any(|other| other.seat == seat)
}

/// Its commit stands right behind the N-th GO, before anybody's last message can.
#[test]
fn a_convenor_who_removes_an_honest_seat_behind_the_last_go_spoils_nothing() {
    let (mut world, _) = at_the_last_go(7_002);
    let leaf = world.seats[3].core().leaf().unwrap();
    let now = world.now;
    world.seats[0].utter(Place::Plenary, vec![Words::Remove(leaf)], now);
    world.run();
    world.pass(20_000);
    let mut all = TEXTS.map(str::to_owned);
    all.sort();
    for seat in 1..7 {
        assert_eq!(texts(&world, seat), all, "{seat}");
    }
    assert!(sits(&world, seat_id(&world, 3)));
    assert_agreed(&world);
}

/// Its owner asks once; the program waits for the last messages, and then does it.
#[test]
fn a_removal_asked_for_behind_the_last_go_waits_and_happens_by_itself() {
    let (mut world, _) = at_the_last_go(7_003);
    let seat = seat_id(&world, 3);
    world.command(0, Command::Remove { seat });
    world.pass(20_000);
    assert_eq!(texts(&world, 1).len(), TEXTS.len());
    assert!(!sits(&world, seat));
}

/// The same where one keeps its last message back: the removal comes once phase 6 has lasted its length.
#[test]
fn the_removal_of_who_keeps_its_last_message_back_comes_with_the_end_of_phase_six() {
    let (mut world, round) = at_the_last_go(7_004);
    let seat = seat_id(&world, 6);
    world.seats[6].crash();
    world.command(0, Command::Remove { seat });
    world.pass(PHASE_MS / 2);
    assert!(sits(&world, seat));
    world.pass(2 * PHASE_MS);
    assert!(!sits(&world, seat));
    let plenary = world.seats[1].core().view().plenary.unwrap();
    assert!(plenary.round.is_some_and(|open| open.round == round));
}
