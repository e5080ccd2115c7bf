//! Commits that name an event of the plenary which does not come: how long one seat makes its side wait by them.

use participant::rogue::Rogue;
use participant::{Command, Op, Place};
use room::{CaucusKey, Event};
use sim::World;

use crate::attack::{append, rng, rogue};
use crate::stage::{assert_agreed, read, say, seat_id, seated};

/// An event that the plenary never has.
const NEVER: u64 = 1_000_000_000;

/// Each of them is a name of its own, ends nobody's token, and waits for an event of its own.
fn commits(world: &mut World, seat: usize, victim: usize, follows: impl Iterator<Item = u64>) {
    let victim = rogue(world, victim, Place::Caucus).leaf();
    let mut hostile = rogue(world, seat, Place::Caucus);
    for follows in follows {
        let (content, _) = hostile.commit(&[], &[victim], follows);
        let bytes = hostile.seal(&content, 0, &mut rng());
        rotates_to_what_is(world, &hostile, bytes);
    }
}

fn rotates_to_what_is(world: &mut World, rogue: &Rogue, bytes: Vec<u8>) {
    let op = Op::Rotate {
        token: rogue.token(),
        bytes,
        next: rogue.token().hash(),
        founder: None,
    };
    let now = world.now;
    world.host.request(rogue.mailbox(), op, now).unwrap();
}

/// After how many ms the seat has read what a colleague says now.
fn heard_after(world: &mut World, by: usize, at: usize, within_ms: u64) -> Option<u64> {
    let asked = world.now;
    say(world, by, Place::Caucus, "do you hear me");
    let text = "do you hear me".to_owned();
    let heard = |world: &World| read(world, at, Place::Caucus).contains(&text);
    let is_heard = world.pass_until(within_ms, heard);
    is_heard.then(|| world.now.since_ms(asked))
}

/// How many entries the plenary has: each NOT-YET is one.
fn plenary_entries(world: &World) -> usize {
    let plenary = rogue(world, 1, Place::Plenary).mailbox();
    world.host.logs[&plenary].len()
}

/// Entries that are nobody's, so often, until the words are heard.
fn heard_in_a_trickle(seed: u64, every_ms: u64) -> bool {
    let mut world = seated(6, seed);
    world.pass(60_000);
    let plenary = rogue(&world, 3, Place::Plenary);
    world.seats[3].crash();
    commits(&mut world, 3, 5, std::iter::once(NEVER));
    say(&mut world, 1, Place::Caucus, "do you hear me");
    let text = "do you hear me".to_owned();
    (0..10_000 / every_ms).any(|number| {
        let mut bytes = vec![3; 1024];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        append(&mut world, &plenary, bytes);
        world.pass(every_ms);
        read(&world, 5, Place::Caucus).contains(&text)
    })
}

#[test]
fn a_lively_plenary_puts_off_nothing_that_a_caucus_waits_for() {
    assert!(heard_in_a_trickle(670, 100));
    assert!(heard_in_a_trickle(671, 900));
    assert!(heard_in_a_trickle(672, 5_000));
}

#[test]
fn one_seat_makes_its_caucus_wait_once() {
    for (seed, many) in [(673, 1), (674, 300)] {
        let mut world = seated(6, seed);
        world.pass(60_000);
        world.seats[3].crash();
        let before = plenary_entries(&world);
        commits(&mut world, 3, 5, std::iter::repeat_n(NEVER, many));
        let ms = heard_after(&mut world, 1, 5, 600_000);
        assert!(ms.is_some_and(|ms| ms < 10_000), "{many}: {ms:?}");
        // Of each of the two who are honest, at most: an answer takes no time here, and elsewhere it does.
        assert!(plenary_entries(&world) - before <= 2);
        world.pass(60_000);
        commits(&mut world, 3, 5, std::iter::once(NEVER));
        say(&mut world, 5, Place::Caucus, "and now");
        world.pass(500);
        let heard = read(&world, 1, Place::Caucus);
        assert!(heard.contains(&"and now".to_owned()), "{heard:?}");
    }
}

#[test]
fn two_seats_make_their_caucus_wait_twice() {
    let mut world = seated(8, 675);
    world.pass(60_000);
    let before = plenary_entries(&world);
    for hostile in [3, 5] {
        world.seats[hostile].crash();
        commits(&mut world, hostile, 7, std::iter::repeat_n(NEVER, 50));
    }
    let ms = heard_after(&mut world, 1, 7, 600_000);
    assert!(ms.is_some_and(|ms| ms < 20_000), "{ms:?}");
    assert!(plenary_entries(&world) - before <= 4);
}

/// The first of the side is away, so that another one says it, after a while.
#[test]
fn who_waited_long_for_the_first_commit_waits_no_longer_for_the_next() {
    let mut world = seated(12, 676);
    world.pass(60_000);
    for hostile in [1, 3, 5] {
        world.seats[hostile].crash();
        commits(&mut world, hostile, 11, std::iter::repeat_n(NEVER, 20));
    }
    let ms = heard_after(&mut world, 7, 11, 600_000);
    assert!(ms.is_some_and(|ms| ms < 20_000), "{ms:?}");
}

/// Each event comes in the last moment: what follows it is void for what it says, and the next one waits.
#[test]
fn events_that_come_in_the_last_moment_make_nobody_wait_again() {
    let mut world = seated(6, 677);
    world.pass(60_000);
    let mut plenary = rogue(&world, 3, Place::Plenary);
    world.seats[3].crash();
    let events = world.seats[1].core().state().unwrap().events();
    commits(
        &mut world,
        3,
        5,
        events.saturating_add(1)..events.saturating_add(60),
    );
    say(&mut world, 1, Place::Caucus, "do you hear me");
    let asked = world.now;
    let text = "do you hear me".to_owned();
    while !read(&world, 5, Place::Caucus).contains(&text) {
        assert!(world.now.since_ms(asked) < 20_000);
        let key_package = plenary.key_package_until(u64::MAX).into();
        let published = plenary.say_event(Event::CaucusKey(CaucusKey { key_package }));
        let published = plenary.seal(&published, 0, &mut rng());
        append(&mut world, &plenary, published);
        world.pass(900);
    }
    assert_agreed(&world);
}

/// Whoever comes later, and whoever restarts, judges like the others.
#[test]
fn whose_commits_are_void_is_known_to_newcomers_and_after_a_restart() {
    let mut world = seated(6, 678);
    world.pass(60_000);
    world.seats[3].crash();
    commits(&mut world, 3, 5, std::iter::once(NEVER));
    world.pass(60_000);
    world.seats[3].start();
    world.seats[5].crash();
    world.seats[5].start();
    world.pass(1_000);
    world.seats.push(sim::Seat::new(678_007));
    crate::stage::join(&mut world, 7);
    // It has followed, and its keys are those of the epoch in which the newcomer is.
    world.seats[3].crash();
    assert_agreed(&world);
    say(&mut world, 5, Place::Caucus, "welcome");
    let hostile = rogue(&world, 3, Place::Caucus);
    let last = world.host.logs[&hostile.mailbox()].last().unwrap();
    assert!(hostile.reads(&last.bytes));
    commits(&mut world, 3, 7, std::iter::once(NEVER));
    say(&mut world, 1, Place::Caucus, "do you hear me");
    world.pass(500);
    for seat in [5, 7] {
        let heard = read(&world, seat, Place::Caucus);
        assert!(
            heard.contains(&"do you hear me".to_owned()),
            "{seat}: {heard:?}"
        );
    }
    assert_agreed(&world);
}

/// The first of the side is whose duty it would be: the next one does it.
#[test]
fn a_side_goes_on_beside_whose_commits_are_void() {
    let mut world = seated(6, 679);
    world.pass(60_000);
    world.seats[1].crash();
    commits(&mut world, 1, 5, std::iter::once(NEVER));
    world.pass(60_000);
    world.seats[1].start();
    world.pass(1_000);
    let seat = seat_id(&world, 3);
    world.command(0, Command::Remove { seat });
    world.pass(60_000);
    let room = world.seats[5].core().view().caucus.unwrap();
    let names: Vec<String> = room.seats.into_iter().map(|seat| seat.name).collect();
    assert_eq!(names, ["Seat01", "Seat05"]);
    world.seats[1].crash();
    assert_agreed(&world);
}
