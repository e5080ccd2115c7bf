//! A caucus in a mailbox that is another room's, and two groups under one id: whoever is led there loses nothing.

use participant::limits::{FOUND_ANEW_MS, REFUSED_MS, WELCOME_PROVEN_MS, WELCOME_TRIED_MS};
use participant::rogue::Trap;
use participant::{Alarm, Op, Place};
use room::SideId;
use sim::World;
use wire::{CreationRight, FounderSecret, MailboxId, Token};

use crate::attack::{alarmed, append, away, back, rng, rogue};
use crate::stage::{read, say, seat_id, seated};
use crate::stopping_a_caucus::{somebody_waits, the_caucus_goes_on};

/// Its colleagues would follow one mailbox by two tokens, and read neither.
#[test]
fn nobody_is_led_into_a_caucus_in_the_plenarys_mailbox() {
    let mut world = seated(6, 9_001);
    let mut rogue = rogue(&world, 3, Place::Plenary);
    away(&mut world, &[3]);
    let plenary = rogue.mailbox();
    let before = world.seats[5].core().subscriptions();
    let content = rogue.say_event(rogue.founds(plenary, SideId(0)));
    let entry = rogue.seal(&content, 0, &mut rng());
    append(&mut world, &rogue, entry);
    world.pass(1_000);
    for seat in [0, 1, 2, 4, 5, 6] {
        let view = world.seats[seat].core().view().plenary.unwrap();
        assert_eq!(view.void_entries, 1, "seat {seat}");
    }
    assert_eq!(world.seats[5].core().subscriptions().len(), before.len());
    say(&mut world, 2, Place::Plenary, "can you hear me");
    say(&mut world, 1, Place::Caucus, "and here");
    world.pass(5_000);
    assert_eq!(read(&world, 5, Place::Plenary), ["can you hear me"]);
    assert_eq!(read(&world, 5, Place::Caucus), ["and here"]);
}

/// Sealed for the second group, what it signed in the first would be its own, and not the one that its vault
/// gave the number to.
#[test]
fn what_was_signed_in_one_group_makes_nobody_a_restored_copy_in_another_of_its_id() {
    let mut world = seated(6, 9_003);
    let mut rogue = rogue(&world, 3, Place::Plenary);
    away(&mut world, &[1, 3]);
    let founder = FounderSecret::new([33; 32]);
    let mailbox = MailboxId::of(&founder.hash());
    let post = |world: &mut sim::World, rogue: &mut participant::rogue::Rogue, event| {
        let content = rogue.say_event(event);
        let entry = rogue.seal(&content, 0, &mut rng());
        append(world, rogue, entry);
        world.pass(1_000);
    };
    let founded = rogue.founds(mailbox, SideId(0));
    post(&mut world, &mut rogue, founded);
    let victim = seat_id(&world, 5);
    let package = |world: &sim::World| world.seats[5].vault[&2][b"key_package".as_slice()].clone();
    // The first group.
    let first = package(&world);
    let (welcome, trap) = rogue.trap((victim, &first), mailbox, SideId(0), &mut rng());
    let create = Op::Create {
        creation: CreationRight::Relay(wire::CreationSecret::new([9; 32])),
        token: trap.token().hash(),
        founder: founder.hash(),
    };
    world.host.request(mailbox, create, world.now).unwrap();
    post(&mut world, &mut rogue, welcome);
    say(&mut world, 5, Place::Caucus, "good morning");
    say(&mut world, 5, Place::Plenary, "I am here");
    world.pass(60_000);
    let said = world.host.logs[&mailbox]
        .iter()
        .find_map(|entry| trap.open(&entry.bytes));
    let said = said.expect("it says good morning");
    // It cannot follow any more, and asks again.
    let shut = Op::Reset {
        founder: founder.clone(),
        token: Token::new([99; 32]).hash(),
        from: 0,
    };
    world.host.request(mailbox, shut, world.now).unwrap();
    world.pass(700_000);
    let second = package(&world);
    assert_ne!(first, second, "it published another key package");
    let (welcome, trap) = rogue.trap((victim, &second), mailbox, SideId(0), &mut rng());
    let open = Op::Reset {
        founder,
        token: trap.token().hash(),
        from: 0,
    };
    world.host.request(mailbox, open, world.now).unwrap();
    post(&mut world, &mut rogue, welcome);
    assert!(!alarmed(&world, 5, Alarm::RestoredCopy));
    let bytes = trap.seal(&said, &mut rng());
    let again = Op::Append {
        token: trap.token(),
        bytes,
    };
    world.host.request(mailbox, again, world.now).unwrap();
    world.pass(5_000);
    assert!(!alarmed(&world, 5, Alarm::RestoredCopy));
    say(&mut world, 5, Place::Plenary, "I am still here");
    world.pass(5_000);
    let heard = read(&world, 2, Place::Plenary);
    assert_eq!(heard.last().map(String::as_str), Some("I am still here"));
}

/// A colleague of seat 7, which waits for its caucus, leads it into a group of its own under the caucus's id.
fn lead_astray(world: &mut World, seat: usize, package: &[u8]) -> Trap {
    let guest = seat_id(world, 7);
    let caucus = rogue(world, seat, Place::Caucus).mailbox();
    let mut rogue = rogue(world, seat, Place::Plenary);
    let (welcome, trap) = rogue.trap((guest, package), caucus, SideId(0), &mut rng());
    let content = rogue.say_event(welcome);
    let entry = rogue.seal(&content, 0, &mut rng());
    append(world, &rogue, entry);
    world.pass(1_000);
    trap
}

/// Rows of seat 7's caucus by which a Welcome could be opened once more.
fn waiting_rows(world: &World) -> usize {
    let rows = world.seats[7].vault[&2].keys();
    let waits = |key: &&Vec<u8>| key.starts_with(b"wait/") || key.as_slice() == b"key_package";
    rows.filter(waits).count()
}

/// Seat 7 is in its side's caucus for good.
fn is_in(world: &mut World, members: &[usize]) {
    the_caucus_goes_on(world, members);
    world.pass(WELCOME_PROVEN_MS);
    assert_eq!(waiting_rows(world), 0, "its key package is used up");
    assert!(!alarmed(world, 7, Alarm::RestoredCopy));
}

#[test]
fn a_false_group_under_the_right_id_uses_up_no_welcome() {
    let (mut world, package) = somebody_waits(9_101);
    lead_astray(&mut world, 3, &package);
    assert!(world.seats[7].core().view().caucus.is_some());
    back(&mut world, &[1, 5]);
    world.pass(10_000);
    assert!(alarmed(&world, 7, Alarm::TwoCaucuses));
    world.pass(WELCOME_TRIED_MS);
    is_in(&mut world, &[1, 5, 7]);
}

/// Nothing is kept any longer than the log needs to show that it is the right one.
#[test]
fn a_key_package_is_used_up_a_minute_after_its_welcome() {
    let (mut world, _) = somebody_waits(9_102);
    assert!(waiting_rows(&world) > 0);
    back(&mut world, &[1, 3, 5]);
    world.pass(WELCOME_PROVEN_MS - 10_000);
    assert!(waiting_rows(&world) > 0);
    is_in(&mut world, &[1, 3, 5, 7]);
    assert!(!alarmed(&world, 7, Alarm::TwoCaucuses));
}

/// Whatever it had tried, and whatever waits to be tried, is in the vault.
#[test]
fn a_restart_forgets_no_welcome() {
    for before_the_right_one in [true, false] {
        let (mut world, package) = somebody_waits(9_103);
        lead_astray(&mut world, 3, &package);
        if before_the_right_one {
            world.seats[7].crash();
            world.seats[7].start();
        }
        back(&mut world, &[1, 5]);
        world.pass(10_000);
        world.seats[7].crash();
        world.seats[7].start();
        world.pass(WELCOME_TRIED_MS + 5_000);
        is_in(&mut world, &[1, 5, 7]);
    }
}

#[test]
fn two_false_colleagues_keep_nobody_from_the_right_caucus() {
    let (mut world, package) = somebody_waits(9_104);
    back(&mut world, &[5]);
    away(&mut world, &[5]);
    lead_astray(&mut world, 3, &package);
    lead_astray(&mut world, 5, &package);
    back(&mut world, &[1]);
    world.pass(10_000 + 2 * WELCOME_TRIED_MS);
    is_in(&mut world, &[1, 7]);
}

/// The mailbox is opened to the false group's token for a moment, again and again: that proves nothing.
#[test]
fn a_false_group_whose_log_is_live_for_a_moment_is_left() {
    let (mut world, package) = somebody_waits(9_105);
    let trap = lead_astray(&mut world, 3, &package);
    back(&mut world, &[1, 5]);
    for _ in 0..4 {
        back(&mut world, &[3]);
        away(&mut world, &[3]);
        let caucus = rogue(&world, 3, Place::Caucus);
        let bytes = caucus.seal(&[7; 40], 0, &mut rng());
        let op = Op::Rotate {
            token: caucus.token(),
            bytes,
            next: trap.token().hash(),
            founder: None,
        };
        world.host.request(caucus.mailbox(), op, world.now).unwrap();
        world.pass(20_000);
    }
    is_in(&mut world, &[1, 5, 7]);
}

/// The guest sits in the caucus, and nobody else sends it a Welcome by that key package.
#[test]
fn whoever_is_added_and_led_elsewhere_is_added_again() {
    let (mut world, package) = somebody_waits(9_106);
    let follows = rogue(&world, 3, Place::Plenary).follows();
    let mut caucus = rogue(&world, 3, Place::Caucus);
    let (content, token) = caucus.commit(std::slice::from_ref(&package), &[], follows);
    let op = Op::Rotate {
        token: caucus.token(),
        bytes: caucus.seal(&content, 0, &mut rng()),
        next: token.hash(),
        founder: None,
    };
    world.host.request(caucus.mailbox(), op, world.now).unwrap();
    lead_astray(&mut world, 3, &package);
    back(&mut world, &[1, 5]);
    world.pass(REFUSED_MS + 60_000);
    is_in(&mut world, &[1, 5, 7]);
}

/// Nobody else of the side is there to let it in: it does not wait for good where it is led each time it asks.
#[test]
fn whoever_is_led_astray_again_and_again_founds_the_caucus_anew() {
    let (mut world, first) = somebody_waits(9_107);
    let package = |world: &World| {
        world.seats[7].vault[&2]
            .get(b"key_package".as_slice())
            .cloned()
    };
    lead_astray(&mut world, 3, &first);
    let asks = |world: &World| package(world).is_some_and(|package| package != first);
    assert!(world.pass_until(REFUSED_MS + 60_000, asks));
    let second = package(&world).unwrap();
    back(&mut world, &[3]);
    away(&mut world, &[3]);
    lead_astray(&mut world, 3, &second);
    let elsewhere = rogue(&world, 3, Place::Caucus).mailbox();
    assert_eq!(rogue(&world, 7, Place::Caucus).mailbox(), elsewhere);
    world.pass(FOUND_ANEW_MS - REFUSED_MS + 20_000);
    assert_ne!(rogue(&world, 7, Place::Caucus).mailbox(), elsewhere);
    back(&mut world, &[1, 5]);
    world.pass(60_000);
    is_in(&mut world, &[1, 5, 7]);
}
