//! Rooms under attack, by seeds: a share with every `cargo test`, and a few with the real MLS.

use participant::{Command, Place};
use sim::house::attacks::Attack;
use sim::house::cases::{all, case};
use sim::house::play::play;
use sim::mood::{Refusing, What};
use wire::Refusal;

use crate::stage::{open_round, seat_id, seated};

fn holds(seed: u64, attacks: &[Attack]) {
    let played = play(seed, &case(attacks), false);
    let failures = &played.failures;
    assert!(failures.is_empty(), "seed {seed} {attacks:?}: {failures:?}");
}

/// One after the other, since each needs its own dialogue to be seated first.
#[test]
fn rooms_are_used_again_after_every_attack() {
    for (seed, attack) in (1..).zip(Attack::ALL) {
        holds(seed, &[attack]);
    }
}

#[cfg(feature = "paper")]
#[test]
fn a_seed_of_the_house_plays_the_same_every_time() {
    let cases = all();
    for (seed, case) in (0..).zip(&cases).step_by(23) {
        let first = play(seed, case, true);
        let again = play(seed, case, true);
        assert!(first.trace.len() > 10, "{}", case.name);
        assert_eq!(first.trace, again.trace, "{}", case.name);
    }
}

#[test]
fn every_attack_is_played_alone_and_with_every_other() {
    let (attacks, cases) = (Attack::ALL.len(), all());
    // But for two pairs, which are limits.
    assert_eq!(cases.len() + 2, attacks + attacks * (attacks - 1) / 2);
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), cases.len());
}

/// A commit that was refused is asked for again; where a run keeps it back then, afterwards.
#[test]
fn a_removal_that_was_refused_before_a_run_is_made_after_it() {
    let mut world = seated(8, 460);
    open_round(&mut world, 60_000, 600_000);
    let mailbox = world.seats[0].core().room_mailbox(Place::Plenary);
    world.mood.refuses.push(Refusing {
        mailbox,
        what: What::Rotations,
        answer: Refusal::Busy,
    });
    let hostile = seat_id(&world, 8);
    world.command(0, Command::Remove { seat: hostile });
    // It keeps the first phase waiting for ten minutes.
    world.seats[8].offline = true;
    world.seats[8].disconnect();
    world.pass(360_000);
    assert!(world.seats[0].core().collection().is_some());
    world.mood.refuses.clear();
    world.pass(3_600_000);
    let room = world.seats[1].core().view().plenary.unwrap();
    assert!(room.seats.iter().all(|seat| seat.seat != hostile));
}
