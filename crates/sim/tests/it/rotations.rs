//! A member makes all the rotations that a mailbox takes. A commit is a rotation, and so is a move.

use participant::{Command, Op, Place};
use relay::core::Quotas;
use sim::World;
use sim::mood::{Ambush, Lurks, What};
use wire::limits::{
    BUCKETS, ENTRY_OVERHEAD, GUARD_MS, MAX_ROTATIONS, RESERVED_FOUNDER_BYTES,
    RESERVED_FOUNDER_ROTATIONS, RESERVED_RESET_BYTES, RESERVED_ROTATION_BYTES,
};
use wire::{Entry, EntryKind, MailboxId, Refusal, Token};

use crate::attack::{away, back, rogue, rotate};
use crate::stage::{assert_agreed, read, say, seat_id, seated};

/// From one token to the next, with entries of these sizes, until the relay takes no more of any.
fn use_up(world: &mut World, (seat, place): (usize, Place), sizes: &[usize]) -> u64 {
    let hostile = rogue(world, seat, place);
    let (mailbox, mut token) = (hostile.mailbox(), hostile.token());
    let mut made = 0_u64;
    let mut sizes = sizes.iter();
    let mut size = *sizes.next().unwrap();
    loop {
        let mut next = [0xAB; 32];
        next[..8].copy_from_slice(&made.to_be_bytes());
        let next = Token::new(next);
        let mut bytes = vec![7; size];
        bytes[..8].copy_from_slice(&made.to_be_bytes());
        let op = Op::Rotate {
            token: token.clone(),
            bytes,
            next: next.hash(),
            founder: None,
        };
        match (world.host.request(mailbox, op, world.now), sizes.len()) {
            (Ok(_), _) => (made, token) = (made + 1, next),
            (Err(Refusal::Quota), 0) => return made,
            (Err(Refusal::Quota), _) => size = *sizes.next().unwrap(),
            (Err(refusal), _) => panic!("{refusal:?}"),
        }
    }
}

fn mailbox(world: &World, seat: usize) -> MailboxId {
    world.seats[seat].core().subscriptions()[0].mailbox
}

/// Removes seat 2, and looks whether the others talk on without it.
fn goes_on_without_it(world: &mut World, others: &[usize]) {
    let seat = seat_id(world, 2);
    world.command(0, Command::Remove { seat });
    world.pass(120_000);
    say(world, 1, Place::Plenary, "we go on");
    world.pass(60_000);
    for other in others {
        let seats = world.seats[*other].core().view().plenary.unwrap().seats;
        assert!(seats.iter().all(|one| one.seat != seat), "seat {other}");
        let heard = read(world, *other, Place::Plenary);
        assert_eq!(heard.last().unwrap(), "we go on", "seat {other}");
    }
    assert!(!read(world, 2, Place::Plenary).contains(&"we go on".to_owned()));
}

#[test]
fn who_uses_up_all_rotations_is_removed_and_the_room_goes_on() {
    let mut world = seated(4, 7_600);
    let here = mailbox(&world, 0);
    let taken = use_up(&mut world, (2, Place::Plenary), &BUCKETS[..1]);
    assert!(taken > 39_000 && taken <= MAX_ROTATIONS - RESERVED_FOUNDER_ROTATIONS);
    world.pass(120_000);
    goes_on_without_it(&mut world, &[0, 1, 3, 4]);
    assert_eq!(mailbox(&world, 1), here);
    assert_agreed(&world);
    world.command(0, Command::MoveRoom);
    world.pass(60_000);
    assert_ne!(mailbox(&world, 1), here, "and it can move");
    assert_eq!(mailbox(&world, 1), mailbox(&world, 3));
}

#[test]
fn who_fills_the_place_of_all_rotations_is_removed_and_the_room_goes_on() {
    let mut world = seated(4, 7_601);
    away(&mut world, &[0]);
    let kept_free = RESERVED_ROTATION_BYTES + RESERVED_FOUNDER_BYTES + RESERVED_RESET_BYTES;
    world.host.narrow(kept_free + (1 << 20));
    let taken = use_up(&mut world, (2, Place::Plenary), &[BUCKETS[5], BUCKETS[0]]);
    let most = (RESERVED_ROTATION_BYTES + (1 << 20)) / ((1 << 20) + ENTRY_OVERHEAD);
    assert!(taken > most);
    back(&mut world, &[0]);
    world.pass(120_000);
    let here = mailbox(&world, 0);
    say(&mut world, 0, Place::Plenary, "it does not fit");
    goes_on_without_it(&mut world, &[0, 1, 3, 4]);
    assert_ne!(mailbox(&world, 1), here, "there was room for a move");
    assert_agreed(&world);
}

/// A move is a rotation as well: it is made while there is still room for it.
#[test]
fn a_room_moves_before_its_founder_has_used_up_all_rotations() {
    let mut world = seated(2, 7_602);
    let here = mailbox(&world, 0);
    world.host.limit(Quotas {
        founder_rotations: 0,
        ..Quotas::default()
    });
    use_up(&mut world, (2, Place::Plenary), &BUCKETS[..1]);
    world.host.limit(Quotas {
        rotations: MAX_ROTATIONS + 1,
        ..Quotas::default()
    });
    world.pass(120_000);
    assert_ne!(mailbox(&world, 1), here);
    goes_on_without_it(&mut world, &[0, 1]);
}

#[test]
fn who_uses_up_the_rotations_of_a_caucus_ends_no_caucus() {
    let mut world = seated(6, 7_603);
    world.host.limit(Quotas {
        rotations: 200,
        founder_rotations: 100,
        ..Quotas::default()
    });
    use_up(&mut world, (4, Place::Caucus), &BUCKETS[..1]);
    world.pass(120_000);
    let seat = seat_id(&world, 4);
    world.command(0, Command::Remove { seat });
    world.pass(3_600_000);
    say(&mut world, 6, Place::Caucus, "among us");
    world.pass(60_000);
    assert_eq!(read(&world, 2, Place::Caucus), ["among us"]);
    assert!(read(&world, 4, Place::Caucus).is_empty());
}

/// Somebody rotates the log to nowhere before everything that anybody else appends, for an hour. Returns how often the
/// log was shut, and what was heard of sixty words.
fn shut_before_every_word(guard_ms: u64) -> (usize, usize) {
    let mut world = seated(4, 7_604);
    world.host.limit(Quotas {
        guard_ms,
        ..Quotas::default()
    });
    let mailbox = mailbox(&world, 2);
    world.mood.lurks.push(Lurks {
        seat: 2,
        what: What::Appends,
        mailbox,
        ambush: Ambush::Rotates,
        left: 20_000,
    });
    for minute in 0..60 {
        let speaker = [1, 3, 4][minute % 3];
        say(&mut world, speaker, Place::Plenary, &format!("{minute}"));
        world.pass(60_000);
    }
    let rotates = |entry: &&Entry| matches!(entry.kind, EntryKind::Rotate { .. });
    let log = world.host.logs[&mailbox].iter();
    let shut = log.rev().take(1_000).filter(rotates).count();
    assert!(world.seats[0].sent < 10_000, "{}", world.seats[0].sent);
    (shut, read(&world, 3, Place::Plenary).len())
}

#[test]
fn who_shuts_a_room_after_every_reset_keeps_nobody_from_being_heard() {
    let (shut, heard) = shut_before_every_word(GUARD_MS);
    assert_eq!(heard, 60);
    // The first ones seated the room.
    assert!((12..=20).contains(&shut), "{shut}");
    let (shut, heard) = shut_before_every_word(0);
    assert!(shut > 40 && heard == 0, "without a guard: {shut}, {heard}");
}

/// A relay that guards a log for its founder as well, as one does whose founder's secret it does not see.
#[test]
fn a_move_that_the_guard_keeps_out_waits_and_is_sent_at_once_when_it_is_over() {
    let mut world = seated(4, 7_606);
    let here = mailbox(&world, 0);
    let hostile = rogue(&world, 2, Place::Plenary);
    rotate(&mut world, &hostile, vec![7; 1024], 67);
    world.run();
    world.unwilling = Some(Box::new(|op| {
        matches!(op, Op::Rotate { .. }).then_some(Refusal::Guarded)
    }));
    world.command(0, Command::MoveRoom);
    world.pass(30_000);
    let before = world.seats[0].sent;
    world.pass(GUARD_MS - 40_000);
    assert_eq!(world.seats[0].sent, before, "it waits");
    assert_eq!(mailbox(&world, 1), here);
    world.unwilling = None;
    world.pass(20_000);
    assert_ne!(mailbox(&world, 1), here, "it moved");
    let late = after_the_guard(&world, here);
    assert!(late < 1_000, "it was sent at once: {late} ms");
}

/// How long after the last reset's guard the next rotation came, ms.
fn after_the_guard(world: &World, mailbox: MailboxId) -> u64 {
    let log = &world.host.logs[&mailbox];
    let resets = |entry: &Entry| matches!(entry.kind, EntryKind::Reset { .. });
    let reset = log.iter().rposition(resets).unwrap();
    let rotates = |entry: &&Entry| matches!(entry.kind, EntryKind::Rotate { .. });
    let next = log[reset..].iter().find(rotates).unwrap();
    next.time.since_ms(log[reset].time.plus_ms(GUARD_MS))
}

/// Whoever removes a colleague from a caucus while the relay guards it.
#[test]
fn a_change_of_seats_that_the_guard_keeps_out_waits_and_costs_nothing() {
    let mut world = seated(6, 7_605);
    let hostile = rogue(&world, 4, Place::Caucus);
    rotate(&mut world, &hostile, vec![7; 1024], 66);
    world.run();
    away(&mut world, &[2]);
    let seat = seat_id(&world, 4);
    let caucus = |world: &World| world.seats[6].core().view().caucus.unwrap();
    world.command(0, Command::Remove { seat });
    let before = world.seats[6].sent;
    world.pass(200_000);
    assert!(caucus(&world).guarded, "its page says so");
    assert_eq!(caucus(&world).seats.len(), 3);
    world.pass(150_000);
    assert!(!caucus(&world).guarded);
    assert_eq!(caucus(&world).seats.len(), 2);
    let late = after_the_guard(&world, hostile.mailbox());
    assert!(late < 1_000, "it was sent at once: {late} ms");
    assert!(
        world.seats[6].sent - before < 8,
        "{}",
        world.seats[6].sent - before
    );
    back(&mut world, &[2]);
    say(&mut world, 6, Place::Caucus, "among us");
    world.pass(1_000);
    assert_eq!(read(&world, 2, Place::Caucus), ["among us"]);
}
