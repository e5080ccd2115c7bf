//! A seat of the plenary that never says which room it entered: whatever else it says is void.

use participant::{Command, Place};
use round::{Close, Message, Phase};
use sim::{Seat, World};

use crate::attack::{append, rng, rogue};
use crate::shut_logs::{hold, is_at, runs};
use crate::stage::{asked, invitation, join, open_round, seated, vouch, write};

const PHASE_MS: u64 = 30_000;
const NEWCOMER: usize = 7;

/// Somebody who came into the room and went before it said anything.
fn never_arrives(seed: u64) -> World {
    let mut world = seated(6, seed);
    world.seats.push(Seat::new(seed * 1_000 + 7));
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let join = Command::Join {
        invitation: invitation(&world),
        name: "Seat07".into(),
    };
    world.command(NEWCOMER, join);
    let request = asked(&world);
    world.seats[NEWCOMER].offline = true;
    world.command(0, Command::Approve { request });
    vouch(&mut world, 1, NEWCOMER, request);
    world.pass(5_000);
    world.seats[NEWCOMER].offline = false;
    let is_in = |world: &World| world.seats[NEWCOMER].core().view().plenary.is_some();
    while !is_in(&world) {
        world.one_step();
    }
    world.seats[NEWCOMER].crash();
    let room = world.seats[1].core().view().plenary.unwrap();
    assert_eq!(room.awaited.len(), 1);
    world
}

/// Whether a seat closes a phase that is over.
fn closes(mut world: World, by: usize) -> bool {
    let round = open_round(&mut world, 60_000, PHASE_MS);
    for seat in 1..=6 {
        write(&mut world, seat, round, "a text");
    }
    world.seats[2].participant.as_mut().unwrap().mute();
    assert!(world.pass_until(200_000, |world| is_at(world, 1, Phase::Joins)));
    world.pass(5_000);
    // Who looks closes nothing itself.
    world.seats[1].participant.as_mut().unwrap().mute();
    hold(&mut world, 0..=NEWCOMER, true);
    let ctx = runs(&world, 1).unwrap().ctx_r();
    world.pass(PHASE_MS);
    let close = Message::Close(Close {
        ctx,
        phase: Phase::Joins,
    });
    let mut rogue = rogue(&world, by, Place::Plenary);
    let content = rogue.say_round(round, &close);
    let entry = rogue.seal(&content, 0, &mut rng());
    append(&mut world, &rogue, entry);
    hold(&mut world, std::iter::once(1), false);
    world.run();
    // Whoever is silent is out, and the next run begins.
    runs(&world, 1).is_none_or(|runs| runs.ctx_r() != ctx)
}

#[test]
fn who_has_not_arrived_closes_no_phase() {
    let mut world = seated(6, 680);
    world.seats.push(Seat::new(680_007));
    join(&mut world, 7);
    assert!(closes(world, NEWCOMER), "anybody who is there closes it");
    assert!(!closes(never_arrives(681), NEWCOMER));
}
