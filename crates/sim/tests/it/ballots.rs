//! Ballot Rounds through real participants: tallies are what was cast, sides wait for each other, and
//! whoever stops while waiting releases on return.

use participant::{Command, Place};
use room::{FailedWhy, RoundId};
use round::Ballot;
use sim::World;

use crate::stage::{assert_agreed, seated};

const PHASE_MS: u64 = 3_000;
const STATEMENTS: [&str; 3] = ["One bridge.", "Two bridges.", "A ferry at night."];

pub(crate) fn open(world: &mut World, each_side: bool) -> RoundId {
    open_about(world, &STATEMENTS, each_side)
}

fn open_about(world: &mut World, statements: &[&str], each_side: bool) -> RoundId {
    for seat in 1..world.seats.len() {
        if world.seats[seat].participant.is_some() {
            world.command(seat, Command::TakeSeat);
        }
    }
    let open = Command::OpenBallot {
        question: "How shall we cross?".into(),
        statements: statements.iter().map(|text| (*text).into()).collect(),
        each_side,
        window_ms: 60_000,
        phase_ms: PHASE_MS,
        floor: None,
    };
    world.command(0, open);
    world.pass(10);
    let plenary = world.seats[0].core().view().plenary.unwrap();
    plenary.round.unwrap().round
}

/// Seat s answers by its number; seat 5 answers the first statement alone.
fn answers(seat: usize) -> Vec<Ballot> {
    let all = [Ballot::Agree, Ballot::Disagree, Ballot::Pass];
    match seat {
        5 => vec![Ballot::Agree],
        _ => (0..3).map(|lane| all[(seat + lane) % 3]).collect(),
    }
}

fn cast_all(world: &mut World, round: RoundId) {
    for seat in 1..world.seats.len() {
        let answers = answers(seat);
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

/// What those seats have cast, by lane: agree, disagree, pass, unanswered.
fn cast(seats: impl Iterator<Item = usize>) -> Vec<[u16; 4]> {
    let mut tallies = vec![[0; 4]; 3];
    for seat in seats {
        for (lane, tally) in tallies.iter_mut().enumerate() {
            match answers(seat).get(lane) {
                Some(Ballot::Agree) => tally[0] += 1,
                Some(Ballot::Disagree) => tally[1] += 1,
                Some(Ballot::Pass) => tally[2] += 1,
                Some(Ballot::Unanswered) | None => tally[3] += 1,
            }
        }
    }
    tallies
}

/// (side, tallies) of each sequence that opened last on a seat's screen.
fn shown(world: &World, seat: usize, round: RoundId) -> Vec<(Option<u16>, Vec<[u16; 4]>)> {
    let results = world.seats[seat].core().view().plenary.unwrap().results;
    let of_round = results.iter().filter(|opening| opening.round == round);
    let mut shown: Vec<_> = of_round
        .map(|opening| {
            let tallies = opening.tallies.iter();
            let tallies = tallies.map(|t| [t.agree, t.disagree, t.pass, t.unanswered]);
            (opening.side, tallies.collect())
        })
        .collect();
    shown.sort();
    shown
}

#[test]
fn a_ballot_of_the_whole_room_counts_what_was_cast() {
    let mut world = seated(6, 500);
    let round = open(&mut world, false);
    cast_all(&mut world, round);
    world.pass(65_000);
    for seat in 0..7 {
        assert_eq!(
            shown(&world, seat, round),
            [(None, cast(1..7))],
            "seat {seat}"
        );
    }
    assert_agreed(&world);
}

#[test]
fn each_sides_ballots_are_counted_apart_and_shown_to_all() {
    let mut world = seated(10, 501);
    let round = open(&mut world, true);
    cast_all(&mut world, round);
    world.pass(65_000);
    let expected = [
        (Some(0), cast((1..11).step_by(2))),
        (Some(1), cast((2..11).step_by(2))),
    ];
    for seat in 0..11 {
        assert_eq!(shown(&world, seat, round), expected, "seat {seat}");
    }
    assert_agreed(&world);
}

/// Seat 2 is away when the collection begins: its side waits for it and falls below its floor, the other
/// one waits at the gate. A seat that stops there goes on when it is back.
#[test]
fn who_stops_while_waiting_for_the_other_side_releases_on_return() {
    let mut world = seated(10, 502);
    let round = open(&mut world, true);
    cast_all(&mut world, round);
    world.pass(59_980);
    world.seats[2].crash();
    let held = |world: &World| {
        let rows = world.seats[3].vault.get(&1).unwrap();
        rows.keys().any(|key| key.starts_with(b"share/"))
    };
    assert!(
        world.pass_until(3_000, held),
        "seat 3 has decided to release"
    );
    assert!(shown(&world, 1, round).is_empty());
    world.seats[3].crash();
    world.pass(20);
    world.seats[3].start();
    world.pass(20_000);
    let odd = [(Some(0), cast((1..11).step_by(2)))];
    for seat in [0, 1, 3, 4, 9] {
        assert_eq!(shown(&world, seat, round), odd, "seat {seat}");
    }
    world.seats[2].start();
    world.pass(1_000);
    assert_agreed(&world);
}

#[test]
fn the_same_people_may_answer_again_and_all_but_one_may_not() {
    let mut world = seated(7, 503);
    let first = open(&mut world, false);
    cast_all(&mut world, first);
    world.pass(65_000);
    let again = open(&mut world, false);
    cast_all(&mut world, again);
    world.pass(65_000);
    assert_eq!(shown(&world, 3, again).len(), 1);
    world.seats[7].crash();
    let fewer = open(&mut world, false);
    world.pass(65_000);
    assert!(shown(&world, 3, fewer).is_empty());
    let failed = world.seats[3].core().view().plenary.unwrap().failed;
    assert_eq!(failed.unwrap().why, FailedWhy::Overlap);
    assert!(world.seats[3].core().awaited(Place::Plenary).is_empty());
    assert_agreed(&world);
}

/// A relay that keeps three of twelve away makes a smaller crowd than the usual one, which no seat's
/// answers are for. With only two away it is large enough.
#[test]
fn in_a_much_smaller_crowd_than_before_every_answer_stays_home() {
    for (away, answered) in [(3, false), (2, true)] {
        let mut world = seated(12, 508);
        let first = open(&mut world, false);
        cast_all(&mut world, first);
        world.pass(65_000);
        assert_eq!(shown(&world, 1, first), [(None, cast(1..13))]);
        for seat in 13 - away..13 {
            world.seats[seat].crash();
        }
        let statements = ["A toll.", "No toll.", "A lighthouse."];
        let second = open_about(&mut world, &statements, false);
        let stay = 1..13 - away;
        for seat in stay.clone() {
            let answers = answers(seat);
            let round = second;
            world.command(
                seat,
                Command::Cast {
                    round,
                    answers,
                    minimum: None,
                },
            );
        }
        world.pass(65_000);
        let nobody = vec![[0, 0, 0, u16::try_from(12 - away).unwrap()]; 3];
        let expected = if answered { cast(stay) } else { nobody };
        assert_eq!(shown(&world, 1, second), [(None, expected)], "{away} away");
        assert_agreed(&world);
    }
}

/// What this seat's page says: the smallest crowd in which its answers leave, and among how many they are
/// hidden whatever is asked later.
fn promised(world: &World, seat: usize) -> (Option<u16>, u16) {
    let plenary = world.seats[seat].core().view().plenary.unwrap();
    let round = plenary.round.unwrap();
    (round.minimum, round.guaranteed)
}

/// The first ballot of a room, where nothing is usual yet: the page said "at least 10".
#[test]
fn what_a_page_promises_for_answers_holds_until_they_leave() {
    for (away, answered) in [(3, false), (2, true)] {
        let mut world = seated(12, 512);
        for seat in 13 - away..13 {
            world.seats[seat].crash();
        }
        let round = open(&mut world, false);
        let (stay, minimum) = (1..13 - away, Some(10));
        for seat in stay.clone() {
            let answers = answers(seat);
            let cast = Command::Cast {
                round,
                answers,
                minimum,
            };
            world.command(seat, cast);
        }
        assert_eq!(promised(&world, 1), (minimum, 8));
        // The promise lies in the vault with the answers.
        world.seats[1].crash();
        world.seats[1].start();
        world.pass(1_000);
        assert_eq!(promised(&world, 1), (minimum, 8));
        world.command(1, Command::TakeSeat);
        world.pass(65_000);
        let nobody = vec![[0, 0, 0, u16::try_from(12 - away).unwrap()]; 3];
        let expected = if answered { cast(stay) } else { nobody };
        assert_eq!(shown(&world, 1, round), [(None, expected)], "{away} away");
        assert_agreed(&world);
    }
}

/// The same statements are put again: what was promised first is what is promised now, and it is what the
/// rule of the rosters asks for.
#[test]
fn the_page_of_a_ballot_promises_what_the_rule_of_rosters_asks_for() {
    let mut world = seated(12, 513);
    let first = open(&mut world, false);
    cast_all(&mut world, first);
    world.pass(65_000);
    assert_eq!(shown(&world, 1, first), [(None, cast(1..13))]);
    let other = open_about(&mut world, &["A toll."], false);
    let (_, of_other) = promised(&world, 1);
    assert_eq!(usize::from(of_other), room::floor(10, None));
    world.command(0, Command::EndWindow { round: other });
    world.pass(20_000);
    open(&mut world, false);
    for seat in 1..13 {
        assert_eq!(promised(&world, seat).1, 10, "seat {seat}");
    }
    let core = world.seats[1].core();
    let state = core.state_of(Place::Plenary).unwrap();
    let statement = room::StatementText::parse(STATEMENTS[0]).unwrap();
    let key = room::StatementKeys::of(&statement);
    let eleven: Vec<room::SeatId> = (1..12).map(room::SeatId).collect();
    let twelve: Vec<room::SeatId> = (1..13).map(room::SeatId).collect();
    assert!(state.ballots().allows(&key, &twelve, 10));
    assert!(!state.ballots().allows(&key, &eleven, 9));
}

/// Answers of one seat to 24 statements: a row of them is found by chance nowhere.
const MANY: usize = 24;

/// However a record would join two answers of a seat: as this program's rows do, or as letters.
fn joined(answers: &[Ballot]) -> [Vec<u8>; 2] {
    let row = |of: fn(&Ballot) -> u8| answers.iter().map(of).collect();
    [
        row(|answer| match answer {
            Ballot::Agree => 1,
            Ballot::Disagree => 2,
            Ballot::Pass => 3,
            Ballot::Unanswered => 4,
        }),
        row(|answer| match answer {
            Ballot::Agree => b'a',
            Ballot::Disagree => b'd',
            Ballot::Pass => b'p',
            Ballot::Unanswered => b' ',
        }),
    ]
}

/// Places of the vault in which some seat's answers stand in a row.
fn rows_that_join(world: &World, all: &[Vec<u8>]) -> Vec<(usize, Vec<u8>)> {
    let mut found = Vec::new();
    for (at, seat) in world.seats.iter().enumerate() {
        for (key, row) in seat.vault.values().flatten() {
            let holds = |part: &Vec<u8>| row.windows(part.len()).any(|window| window == part);
            if all.iter().any(holds) {
                found.push((at, key.clone()));
            }
        }
    }
    found
}

#[test]
fn once_a_round_is_over_no_record_joins_two_answers_of_a_seat() {
    let mut world = seated(6, 507);
    for seat in 1..7 {
        world.command(seat, Command::TakeSeat);
    }
    let statements = (0..MANY).map(|n| format!("Statement {n}.")).collect();
    let open = Command::OpenBallot {
        question: "How shall we cross?".into(),
        statements,
        each_side: false,
        window_ms: 60_000,
        phase_ms: PHASE_MS,
        floor: None,
    };
    world.command(0, open);
    world.pass(10);
    let plenary = world.seats[0].core().view().plenary.unwrap();
    let round = plenary.round.unwrap().round;
    let all = [Ballot::Agree, Ballot::Disagree, Ballot::Pass];
    let given = |seat: usize| -> Vec<Ballot> {
        let answer = |lane: usize| all[(seat * lane * lane + lane / 3 + seat) % 3];
        (0..MANY).map(answer).collect()
    };
    for seat in 1..7 {
        let answers = given(seat);
        world.command(
            seat,
            Command::Cast {
                round,
                answers,
                minimum: None,
            },
        );
    }
    let parts: Vec<Vec<u8>> = (1..7).flat_map(|seat| joined(&given(seat))).collect();
    // While they can be changed they lie in their owner's vault, and in no other.
    let before = rows_that_join(&world, &parts);
    let owners: Vec<usize> = before.iter().map(|(seat, _)| *seat).collect();
    assert_eq!(owners, [1, 2, 3, 4, 5, 6]);
    world.pass(65_000);
    assert_eq!(shown(&world, 1, round).len(), 1);
    assert_eq!(rows_that_join(&world, &parts), []);
    let logs = world.host.logs.values().flatten();
    for entry in logs {
        let holds = |part: &Vec<u8>| entry.bytes.windows(part.len()).any(|w| w == part);
        assert!(!parts.iter().any(holds));
    }
}
