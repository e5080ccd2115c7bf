//! A convenor gives a Round's id again once the rooms have forgotten it, in the very same words.

use participant::voice::Words;
use participant::{Command, Place};
use room::{Audience, Event, Open, Question, RoundId, RoundKind, SlotSize, limits};
use sim::World;

use crate::stage::{assert_agreed, seated, write};

fn open(id: u8, floor: Option<u16>) -> Open {
    Open {
        id: RoundId([id; 16]),
        question: Question::parse("What could both sides live with?").unwrap(),
        kind: RoundKind::Statement(SlotSize::OneKib),
        audience: Audience::Room,
        floor,
        window_ms: 1_000,
        phase_ms: 3_000,
    }
}

fn opens(world: &mut World, open: Open) {
    let now = world.now;
    let words = vec![Words::Event(Event::RoundOpened(open))];
    world.seats[0].utter(Place::Plenary, words, now);
    world.run();
}

fn held(world: &mut World, words: &str) {
    opens(world, open(200, None));
    for seat in 1..=6 {
        write(world, seat, RoundId([200; 16]), &format!("{words} {seat}"));
    }
    world.pass(60_000);
}

#[test]
fn a_round_whose_id_was_given_again_has_a_result_of_its_own() {
    let mut world = seated(6, 9_300);
    for seat in 1..=6 {
        world.command(seat, Command::TakeSeat);
    }
    held(&mut world, "at first");
    for id in 0..u8::try_from(limits::ENDED_ROUNDS_MAX).unwrap() {
        opens(&mut world, open(id, Some(100)));
        world.pass(3_000);
    }
    held(&mut world, "later");
    assert_agreed(&world);
    world.seats[3].crash();
    world.seats[3].start();
    world.pass(60_000);
    for seat in [1, 3] {
        let results = world.seats[seat].core().view().plenary.unwrap().results;
        let found: Vec<_> = results.iter().map(|one| one.statements.clone()).collect();
        assert_eq!(found.len(), 2, "seat {seat}");
        for (statements, words) in found.iter().zip(["at first", "later"]) {
            let mut sorted = statements.clone();
            sorted.sort();
            let all: Vec<String> = (1..=6).map(|seat| format!("{words} {seat}")).collect();
            assert_eq!(sorted, all, "seat {seat}");
        }
    }
}
