//! What no honest program writes: commits that do more than to seat and to remove, a JOIN of another history,
//! a caucus beside the one that the plenary shows.

use participant::rogue::Oddity;
use participant::view::RoomView;
use participant::voice::{Waits, Words};
use participant::{Alarm, Place};
use room::{Leaf, RoundId, SideId};
use round::{Join, Message};
use sim::World;

use crate::attack::{alarmed, append, away, rng, rogue, rotate};
use crate::stage::{open_round, seat_id, seated};
use crate::stopping_a_caucus::somebody_waits;

/// A room in which the convenor, who may commit, has removed seat 3 by a commit that is odd so; and what
/// seat 1 saw of it before.
fn commits(oddity: Oddity, seed: u64) -> (World, RoomView) {
    let mut world = seated(6, seed);
    let before = world.seats[1].core().view().plenary.unwrap();
    away(&mut world, &[0]);
    let mut rogue = rogue(&world, 0, Place::Plenary);
    let content = rogue.odd_commit(oddity, &[Leaf(3)]);
    let entry = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, entry, 66);
    world.run();
    (world, before)
}

/// Nothing but what is odd about a commit makes it void: one about which nothing is counts.
fn voids(oddity: Oddity, seed: u64) {
    let (plain, before) = commits(Oddity::Nothing, seed);
    let room = plain.seats[1].core().view().plenary.unwrap();
    assert_eq!(
        (room.void_entries, room.seats.len()),
        (0, before.seats.len() - 1)
    );
    let (world, before) = commits(oddity, seed);
    for seat in 1..7 {
        let room = world.seats[seat].core().view().plenary.unwrap();
        assert_eq!(room.void_entries, 1, "{oddity:?}, seat {seat}");
        assert_eq!(room.seats.len(), before.seats.len(), "{oddity:?}");
        assert_eq!(room.table_words, before.table_words, "{oddity:?}");
        assert!(!alarmed(&world, seat, Alarm::LeftBehind), "{oddity:?}");
    }
}

#[test]
fn a_commits_author_keeps_credential_capabilities_and_extensions() {
    let kept = [Oddity::Credential, Oddity::Capabilities, Oddity::Extensions];
    for (seed, oddity) in (4_700..).zip(kept) {
        voids(oddity, seed);
    }
}

#[test]
fn a_commit_with_proposals_of_another_kind_is_void() {
    voids(Oddity::Proposal, 4_710);
}

/// What a seat says as its JOIN, before the log shows it.
fn join_of(world: &World, seat: usize) -> Option<(RoundId, Join)> {
    let rows = world.seats[seat].vault[&1].iter();
    let mut said = rows.filter_map(|(key, row)| Waits::of_row(key, row)?.said);
    said.find_map(|(round, message)| {
        let Message::Join(join) = message else {
            return None;
        };
        Some((round, join))
    })
}

#[test]
fn a_join_that_names_a_head_of_another_log_raises_an_alarm() {
    for invented in [true, false] {
        let mut world = seated(6, 4_720);
        open_round(&mut world, 1_000, 3_000);
        let says = world.pass_until(5_000, |world| join_of(world, 2).is_some());
        assert!(says, "a JOIN is on its way");
        let (round, mut join) = join_of(&world, 2).unwrap();
        if invented {
            join.head[0] ^= 1;
        }
        let now = world.now;
        let words = vec![Words::Round(round, Box::new(Message::Join(join)))];
        world.seats[2].utter(Place::Plenary, words, now);
        world.pass(1_000);
        for seat in [1, 3, 4, 5, 6] {
            let told = alarmed(&world, seat, Alarm::HistoriesDiffer);
            assert_eq!(told, invented, "seat {seat}");
        }
    }
}

/// All who sit there are colleagues, and its founder is one.
#[test]
fn nobody_enters_a_caucus_beside_the_one_that_the_plenary_shows() {
    for in_the_right_mailbox in [false, true] {
        let seed = 4_730 + u64::from(in_the_right_mailbox);
        let (mut world, package) = somebody_waits(seed);
        let guest = seat_id(&world, 7);
        let caucus = rogue(&world, 3, Place::Caucus).mailbox();
        let mut rogue = rogue(&world, 3, Place::Plenary);
        let mailbox = in_the_right_mailbox.then_some(caucus);
        let asked = (guest, package.as_slice());
        let welcome = rogue.another_caucus(asked, mailbox, SideId(0), &mut rng());
        let content = rogue.say_event(welcome);
        let entry = rogue.seal(&content, 0, &mut rng());
        append(&mut world, &rogue, entry);
        world.run();
        assert!(alarmed(&world, 7, Alarm::FalseCaucus), "{mailbox:?}");
        assert!(world.seats[7].core().view().caucus.is_none());
    }
}
