//! A side too small for ballots answers as one: agreed in its caucus by name, shown with the others.

use participant::view::{BlocView, Opening};
use participant::{Command, Refused};
use room::RoundId;
use round::Ballot::{self, Agree, Disagree, Pass, Unanswered};
use sim::World;

use crate::ballots::open;
use crate::stage::{assert_agreed, seat_id, seated};

fn bloc(world: &World, seat: usize) -> Option<BlocView> {
    let plenary = world.seats[seat].core().view().plenary.unwrap();
    plenary.round.unwrap().bloc
}

fn votes(world: &mut World, seat: usize, round: RoundId, answers: &[Ballot]) {
    let answers = answers.to_vec();
    world.command(seat, Command::VoteAsBloc { round, answers });
    world.pass(10);
}

fn results(world: &World, seat: usize, round: RoundId) -> Vec<(Option<u16>, Vec<Ballot>, usize)> {
    let plenary = world.seats[seat].core().view().plenary.unwrap();
    let of_round = plenary.results.iter().filter(|o| o.round == round);
    let shown = |o: &std::sync::Arc<Opening>| (o.side, o.bloc.clone(), o.tallies.len());
    let mut shown: Vec<_> = of_round.map(shown).collect();
    shown.sort();
    shown
}

fn hands_over(round: RoundId, agreed: &[Ballot]) -> Command {
    let agreed = agreed.to_vec();
    Command::AnswerAsBloc { round, agreed }
}

#[test]
fn four_seats_answer_as_one_beside_the_ballots_of_five() {
    let mut world = seated(9, 601);
    let round = open(&mut world, true);
    assert_eq!(bloc(&world, 1), None);
    assert_eq!(bloc(&world, 0), None);
    let now = world.now;
    let refused = world.seats[2].command(hands_over(round, &[Unanswered; 3]), now);
    assert_eq!(refused, Err(Refused::NothingAgreed));
    votes(&mut world, 2, round, &[Agree, Disagree]);
    votes(&mut world, 4, round, &[Agree, Pass]);
    votes(&mut world, 6, round, &[Agree, Pass, Agree]);
    world.pass(200);
    let seen = bloc(&world, 8).unwrap();
    assert_eq!((seen.seats, seen.votes.len()), (4, 3));
    assert_eq!(seen.agreed, [Agree, Unanswered, Unanswered]);
    assert!(seen.own.is_empty() && seen.posted.is_empty());
    let now = world.now;
    let stale = world.seats[8].command(hands_over(round, &[Agree, Pass, Unanswered]), now);
    assert_eq!(
        stale,
        Err(Refused::OtherAnswers),
        "what another screen shows"
    );
    world.command(8, hands_over(round, &seen.agreed));
    world.pass(200);
    let seen = bloc(&world, 2).unwrap();
    assert_eq!(seen.posted, [Agree, Unanswered, Unanswered]);
    assert_eq!(seen.posted_by, Some(seat_id(&world, 8)));
    for seat in 0..10 {
        assert!(results(&world, seat, round).is_empty(), "seat {seat}");
    }
    world.pass(65_000);
    let expected = [
        (Some(0), vec![], 3),
        (Some(1), vec![Agree, Unanswered, Unanswered], 0),
    ];
    for seat in 0..10 {
        assert_eq!(results(&world, seat, round), expected, "seat {seat}");
    }
    assert_agreed(&world);
    for seat in 0..10 {
        world.seats[seat].crash();
        world.seats[seat].start();
        assert_eq!(results(&world, seat, round), expected, "seat {seat} again");
    }
}

#[test]
fn where_every_side_is_small_their_answers_are_the_result() {
    let mut world = seated(8, 602);
    let round = open(&mut world, true);
    for seat in 1..9 {
        let answer = if seat % 2 == 0 { Pass } else { Disagree };
        votes(&mut world, seat, round, &[answer; 3]);
    }
    world.pass(200);
    for seat in [1, 2] {
        let agreed = bloc(&world, seat).unwrap().agreed;
        world.command(seat, hands_over(round, &agreed));
    }
    world.pass(65_000);
    let expected = [(Some(0), vec![Disagree; 3], 0), (Some(1), vec![Pass; 3], 0)];
    for seat in 0..9 {
        assert_eq!(results(&world, seat, round), expected, "seat {seat}");
        let plenary = world.seats[seat].core().view().plenary.unwrap();
        assert!(plenary.failed.is_none() && plenary.round.is_none());
    }
    assert_agreed(&world);
}
