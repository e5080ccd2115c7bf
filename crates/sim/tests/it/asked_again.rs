//! A convenor with a changed program asks again what looks the same, while one person is away.

use participant::{Command, Place};
use room::{Audience, Event, FailedWhy, Open, Question, RoundId, RoundKind, StatementText, Tally};
use round::Ballot;
use sim::World;
use sim::stage::open_with;

use crate::attack::{append, rng, rogue};
use crate::stage::seated;

/// Seat 12 alone is against it.
fn cast(world: &mut World, round: RoundId, seats: std::ops::RangeInclusive<usize>) {
    for seat in seats {
        let answer = match seat {
            12 => Ballot::Disagree,
            _ => Ballot::Agree,
        };
        let answers = vec![answer];
        let minimum = None;
        world.command(
            seat,
            Command::Cast {
                round,
                answers,
                minimum,
            },
        );
    }
}

fn open(round: RoundId, statement: &str) -> Event {
    Event::RoundOpened(Open {
        id: round,
        question: Question::parse("What do we want?").unwrap(),
        kind: RoundKind::Ballot(vec![StatementText::parse(statement).unwrap()]),
        audience: Audience::Room,
        floor: None,
        window_ms: 60_000,
        phase_ms: 3_000,
    })
}

#[test]
fn nobodys_answer_is_read_from_two_statements_that_look_the_same() {
    let mut world = seated(12, 7_500);
    let first = open_with(
        &mut world,
        Command::OpenBallot {
            question: "What do we want?".into(),
            statements: vec!["A toll.".into()],
            each_side: false,
            window_ms: 60_000,
            phase_ms: 3_000,
            floor: None,
        },
    );
    cast(&mut world, first, 1..=12);
    world.pass(65_000);
    let view = world.seats[1].core().view().plenary.unwrap();
    let all = Tally {
        agree: 11,
        disagree: 1,
        ..Tally::default()
    };
    assert_eq!(view.results[0].tallies, [all]);
    world.seats[12].crash();
    let mut hostile = rogue(&world, 0, Place::Plenary);
    world.seats[0].crash();
    let second = RoundId([0x5A; 16]);
    let content = hostile.say_event(open(second, "\u{410} t\u{43E}ll."));
    let entry = hostile.seal(&content, 0, &mut rng());
    append(&mut world, &hostile, entry);
    world.run();
    let asked = world.seats[1].core().view().plenary.unwrap().round.unwrap();
    assert_eq!(
        asked.statements,
        ["\u{410} t\u{43E}ll."],
        "as it was written"
    );
    cast(&mut world, second, 1..=11);
    world.pass(70_000);
    let core = world.seats[1].core();
    let ended = core.state().unwrap().ended_rounds().last().unwrap();
    assert_eq!(
        (ended.id, ended.failed()),
        (second, Some(FailedWhy::Overlap))
    );
}
