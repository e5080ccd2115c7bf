//! Members of a side who want to stop its caucus, or to keep somebody out of it.

use participant::{Alarm, Command, Input, Notice, Op, Place};
use room::{CaucusKey, Event, SideId};
use sim::{Seat, World};
use wire::{Entry, EntryKind};

use crate::attack::{alarmed, append, away, back, cannot_read_commits, rng, rogue, rotate};
use crate::stage::{asked, assert_agreed, invitation, join, read, say, seat_id, seated, vouch};

/// The caucus of seats 1, 3 and 5, a seat 7 that has joined the plenary alone, and its key package: its
/// colleagues were away, so that it waits to be added.
pub(crate) fn somebody_waits(seed: u64) -> (World, Vec<u8>) {
    let mut world = seated(6, seed);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    world.seats.push(Seat::new(seed * 1000 + 7));
    let join = Command::Join {
        invitation: invitation(&world),
        name: "Seat07".into(),
    };
    world.command(7, join);
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    // Seat 1 would add the newcomer at once, and the others after a while.
    away(&mut world, &[1, 5]);
    vouch(&mut world, 3, 7, request);
    world.pass(50);
    let seat = seat_id(&world, 7);
    let row = [b"caucus_guest/".as_slice(), &seat.0.to_be_bytes()].concat();
    let package = world.seats[3].vault[&0][&row].clone();
    away(&mut world, &[3]);
    (world, package)
}

/// The side's members agree, and read each other.
pub(crate) fn the_caucus_goes_on(world: &mut World, members: &[usize]) {
    for seat in members {
        say(world, *seat, Place::Caucus, &format!("I am {seat}"));
    }
    world.pass(1_000);
    let texts: Vec<String> = members.iter().map(|seat| format!("I am {seat}")).collect();
    for seat in members {
        let heard = read(world, *seat, Place::Caucus);
        assert!(heard.ends_with(&texts), "seat {seat} read {heard:?}");
    }
    assert_agreed(world);
}

fn in_caucus(world: &World, seat: usize) -> Vec<String> {
    let room = world.seats[seat].core().view().caucus;
    let seats = room.map(|room| room.seats).unwrap_or_default();
    seats.into_iter().map(|seat| seat.name).collect()
}

#[test]
fn a_caucus_commit_that_waits_for_the_plenary_is_valid_when_its_turn_comes() {
    let mut world = seated(6, 620);
    away(&mut world, &[3]);
    world.seats.push(Seat::new(620_007));
    join(&mut world, 7);
    say(&mut world, 7, Place::Caucus, "I am new");
    // Seat 3 gets its caucus first, and the plenary later.
    let now = world.now;
    let of_caucus = |world: &World| world.seats[3].core().subscriptions()[1].clone();
    let mailbox = of_caucus(&world).mailbox;
    world.seats[3].input(Input::Connected { mailbox }, now);
    let from = of_caucus(&world).from;
    let later: Vec<Entry> = world.host.logs[&mailbox][from as usize..].to_vec();
    assert!(!later.is_empty());
    for entry in later {
        world.seats[3].input(Input::Log { mailbox, entry }, now);
    }
    assert_eq!(of_caucus(&world).from, from, "it waits");
    back(&mut world, &[3]);
    assert_eq!(read(&world, 3, Place::Caucus), ["I am new"]);
    the_caucus_goes_on(&mut world, &[1, 3, 5, 7]);
}

#[test]
fn a_commit_that_names_an_event_which_never_comes_holds_nobody_for_long() {
    let (mut world, package) = somebody_waits(621);
    let mut rogue = rogue(&world, 3, Place::Caucus);
    let (content, _) = rogue.commit(&[package], &[], 1_000_000);
    let entry = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, entry, 66);
    back(&mut world, &[1, 5]);
    world.pass(20_000);
    the_caucus_goes_on(&mut world, &[1, 5, 7]);
}

#[test]
fn more_entries_than_are_kept_wait_for_the_plenary_all_the_same() {
    let mut world = seated(6, 622);
    away(&mut world, &[3]);
    world.seats.push(Seat::new(622_007));
    join(&mut world, 7);
    for _ in 0..1_100 {
        say(&mut world, 7, Place::Caucus, "and more");
    }
    let now = world.now;
    let mailbox = world.seats[3].core().subscriptions()[1].mailbox;
    let log = world.host.logs[&mailbox].clone();
    for entry in log {
        world.seats[3].input(Input::Log { mailbox, entry }, now);
    }
    let followed = world.seats[3].core().subscriptions();
    let caucus = followed.iter().any(|one| one.mailbox == mailbox);
    assert!(!caucus, "what is not kept is read again later");
    back(&mut world, &[3]);
    assert_eq!(read(&world, 3, Place::Caucus).len(), 1_100);
    assert_agreed(&world);
}

/// Behind a commit that waits for the plenary, a colleague fills the log with the largest entries.
#[test]
fn what_waits_for_the_plenary_is_bounded_in_bytes() {
    let mut world = seated(6, 623);
    away(&mut world, &[3]);
    world.seats.push(Seat::new(623_007));
    join(&mut world, 7);
    let rogue = rogue(&world, 1, Place::Caucus);
    for filler in 0..32 {
        append(
            &mut world,
            &rogue,
            vec![filler; wire::limits::MAX_ENTRY_BYTES],
        );
    }
    say(&mut world, 7, Place::Caucus, "behind all that");
    let now = world.now;
    let mailbox = rogue.mailbox();
    let from = world.seats[3].core().subscriptions()[1].from as usize;
    let later: Vec<Entry> = world.host.logs[&mailbox][from..].to_vec();
    let mut held = 0;
    for entry in later {
        let bytes = entry.bytes.len();
        world.seats[3].input(Input::Log { mailbox, entry }, now);
        let followed = world.seats[3].core().subscriptions();
        let follows = followed.iter().any(|one| one.mailbox == mailbox);
        held += if follows { bytes } else { 0 };
    }
    assert!(
        held <= participant::limits::HELD_BYTES,
        "{held} bytes were kept"
    );
    back(&mut world, &[3]);
    assert_eq!(read(&world, 3, Place::Caucus), ["behind all that"]);
    assert_agreed(&world);
}

#[test]
fn a_valid_commit_with_a_wrong_token_counts_and_the_founder_gives_the_right_one() {
    let (mut world, package) = somebody_waits(630);
    let follows = rogue(&world, 3, Place::Plenary).follows();
    let mut rogue = rogue(&world, 3, Place::Caucus);
    let (content, _) = rogue.commit(&[package], &[], follows);
    let entry = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, entry, 66);
    back(&mut world, &[1, 5]);
    world.pass(5_000);
    assert_eq!(
        in_caucus(&world, 1),
        ["Seat01", "Seat03", "Seat05", "Seat07"]
    );
    the_caucus_goes_on(&mut world, &[1, 5]);
}

#[test]
fn a_commit_that_changes_its_authors_key_is_void() {
    let (mut world, package) = somebody_waits(631);
    let follows = rogue(&world, 3, Place::Plenary).follows();
    let mut rogue = rogue(&world, 3, Place::Caucus);
    let content = rogue.commit_with_another_key(&[package], &[], follows);
    let entry = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, entry, 66);
    back(&mut world, &[1, 5]);
    // Everybody stays in the old epoch, and the newcomer is added by somebody honest.
    world.pass(10_000);
    the_caucus_goes_on(&mut world, &[1, 5, 7]);
}

#[test]
fn a_commit_that_adds_somebody_for_a_while_only_is_void() {
    let (mut world, _) = somebody_waits(632);
    away(&mut world, &[7]);
    let some_day = 4_000_000_000;
    let package = rogue(&world, 7, Place::Plenary).key_package_until(some_day);
    let mut plenary = rogue(&world, 7, Place::Plenary);
    let key_package = package.clone().into();
    let published = plenary.say_event(Event::CaucusKey(CaucusKey { key_package }));
    let published = plenary.seal(&published, 0, &mut rng());
    append(&mut world, &plenary, published);
    back(&mut world, &[3]);
    away(&mut world, &[3]);
    let follows = rogue(&world, 3, Place::Plenary).follows();
    let mut rogue = rogue(&world, 3, Place::Caucus);
    let (content, token) = rogue.commit(&[package], &[], follows);
    let entry = rogue.seal(&content, 0, &mut rng());
    let mailbox = rogue.mailbox();
    let (mine, next) = (rogue.token(), token.hash());
    let op = Op::Rotate {
        token: mine,
        bytes: entry,
        next,
        founder: None,
    };
    world.host.request(mailbox, op, world.now).unwrap();
    back(&mut world, &[1, 5]);
    world.pass(10_000);
    assert_eq!(in_caucus(&world, 1), ["Seat01", "Seat03", "Seat05"]);
    the_caucus_goes_on(&mut world, &[1, 5]);
}

#[test]
fn nobody_enters_a_caucus_in_which_a_stranger_sits() {
    let (mut world, package) = somebody_waits(660);
    let guest = seat_id(&world, 7);
    let mut rogue = rogue(&world, 3, Place::Plenary);
    let side = SideId(0);
    let welcome = rogue.false_caucus((guest, &package), "Seat01", side, &mut rng());
    let content = rogue.say_event(welcome);
    let entry = rogue.seal(&content, 0, &mut rng());
    append(&mut world, &rogue, entry);
    world.run();
    assert!(alarmed(&world, 7, Alarm::FalseCaucus));
    assert!(world.seats[7].core().view().caucus.is_none());
    // The right one comes later, and is entered with the same key package.
    back(&mut world, &[1, 5]);
    world.pass(10_000);
    the_caucus_goes_on(&mut world, &[1, 5, 7]);
}

#[test]
fn whoever_cannot_follow_a_commit_says_so_and_comes_back_to_its_caucus() {
    let mut world = seated(6, 670);
    say(&mut world, 5, Place::Caucus, "before");
    cannot_read_commits(&mut world, 5, 2);
    world.seats.push(Seat::new(670_007));
    join(&mut world, 7);
    let heard = &world.seats[5].heard;
    let behind = |notice: &Notice| matches!(notice, Notice::Alarm(Alarm::LeftBehind));
    assert!(heard.iter().any(behind), "its owner was told");
    world.pass(20_000);
    assert!(!alarmed(&world, 5, Alarm::LeftBehind), "it is back");
    the_caucus_goes_on(&mut world, &[1, 3, 5, 7]);
    assert_eq!(read(&world, 5, Place::Caucus)[0], "before");
}

#[test]
fn a_commit_that_nobody_can_read_is_undone_by_the_founder() {
    let (mut world, _) = somebody_waits(671);
    for seat in [1, 5] {
        cannot_read_commits(&mut world, seat, 2);
    }
    // The newcomer is added by seat 3, which alone can follow its commit.
    back(&mut world, &[3]);
    world.pass(3_000);
    assert_eq!(in_caucus(&world, 7).len(), 4);
    away(&mut world, &[3, 7]);
    back(&mut world, &[1, 5]);
    assert!(alarmed(&world, 1, Alarm::LeftBehind));
    assert!(alarmed(&world, 5, Alarm::LeftBehind));
    world.pass(120_000);
    assert!(!alarmed(&world, 1, Alarm::LeftBehind));
    the_caucus_goes_on(&mut world, &[1, 5]);
    // Those who had followed are let in again.
    back(&mut world, &[3, 7]);
    world.pass(1_000_000);
    the_caucus_goes_on(&mut world, &[1, 3, 5, 7]);
}

#[test]
fn a_seat_that_asks_to_come_back_again_and_again_is_let_in_once() {
    let mut world = seated(6, 674);
    let mailbox = rogue(&world, 1, Place::Caucus).mailbox();
    let commits = |world: &World| {
        let log = world.host.logs[&mailbox].iter();
        log.filter(|entry| matches!(entry.kind, EntryKind::Rotate { .. }))
            .count()
    };
    let before = commits(&world);
    away(&mut world, &[5]);
    let mut rogue = rogue(&world, 5, Place::Plenary);
    for _ in 0..5 {
        let key_package = rogue.key_package_until(u64::MAX).into();
        let content = rogue.say_event(Event::CaucusKey(CaucusKey { key_package }));
        let entry = rogue.seal(&content, 0, &mut rng());
        append(&mut world, &rogue, entry);
        world.pass(20_000);
    }
    assert_eq!(commits(&world), before + 1);
    the_caucus_goes_on(&mut world, &[1, 3]);
}

/// Seat 5 reads a commit that follows an event which is not there, and says so; then that event comes. Seat 1
/// reads all of it afterwards, and finds the same.
#[test]
fn a_commit_that_was_denied_stays_void_when_its_event_comes() {
    let (mut world, package) = somebody_waits(634);
    let events = |world: &World| world.seats[0].core().state().unwrap().events();
    let before = events(&world);
    let mut rogue = rogue(&world, 3, Place::Caucus);
    let (content, _) = rogue.commit(&[package], &[], before + 2);
    let entry = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, entry, 66);
    back(&mut world, &[5]);
    world.pass(10_000);
    let seat = seat_id(&world, 6);
    world.command(0, Command::Remove { seat });
    world.run();
    let state = world.seats[0].core().state().unwrap();
    assert_eq!(state.events(), before + 2, "the denial, and the event");
    back(&mut world, &[1]);
    world.pass(20_000);
    the_caucus_goes_on(&mut world, &[1, 5, 7]);
}

/// The relay tells the plenary's time in steps of less than a day, to more than a month ahead; there stands
/// the removal, and then the relay's clock is right again.
#[test]
fn a_removed_seat_is_out_of_its_caucus_whatever_time_the_relay_tells() {
    let mut world = seated(8, 635);
    for day in 1..=40 {
        world.host.ahead_ms = day * 23 * 3_600_000;
        say(&mut world, 2, Place::Plenary, "hm");
    }
    let seat = seat_id(&world, 5);
    away(&mut world, &[5]);
    let now = world.now;
    let removed = world.seats[0].command(Command::Remove { seat }, now);
    removed.unwrap();
    while seat_count(&world) == 9 {
        world.one_step();
    }
    world.host.ahead_ms = 0;
    world.pass(60_000);
    assert_eq!(in_caucus(&world, 1), ["Seat01", "Seat03", "Seat07"]);
    say(&mut world, 1, Place::Caucus, "among us");
    world.pass(1_000);
    assert_eq!(read(&world, 7, Place::Caucus), ["among us"]);
    let mailbox = world.seats[5].core().subscriptions()[1].mailbox;
    let from = world.seats[5].core().subscriptions()[1].from as usize;
    world.seats[5].input(Input::Connected { mailbox }, now);
    for entry in world.host.logs[&mailbox].clone().into_iter().skip(from) {
        world.seats[5].input(Input::Log { mailbox, entry }, now);
    }
    assert!(read(&world, 5, Place::Caucus).is_empty());
}

fn seat_count(world: &World) -> usize {
    let state = world.seats[0].core().state().unwrap();
    state.seats().len()
}
