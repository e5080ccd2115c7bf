//! While the plenary's log is shut honest programs say nothing that is void then. What they may not say too soon they
//! say later.

use participant::{Command, Place, Refused};
use room::SeatId;
use round::Phase;
use sim::World;
use sim::mood::{Refusing, What, rubbish};
use wire::limits::BUCKETS;
use wire::{EntryKind, MailboxId, Refusal};

use crate::attack::{rogue, rotate};
use crate::shut_logs::{PHASE_MS, begun, brought, hold, is_at, runs};
use crate::stage::{seat_id, seated};

const KEEPER: usize = 0;
/// Who rotates to a token that nobody has.
const HOSTILE: usize = 2;

/// Nothing reaches the keeper, and nobody else can write.
fn shut(world: &mut World) -> MailboxId {
    let hostile = rogue(world, HOSTILE, Place::Plenary);
    hold(world, std::iter::once(KEEPER), true);
    rotate(world, &hostile, rubbish(0, BUCKETS[0]), 66);
    hostile.mailbox()
}

fn resets(world: &World, mailbox: MailboxId) -> usize {
    let log = world.host.logs[&mailbox].iter();
    log.filter(|entry| matches!(entry.kind, EntryKind::Reset { .. }))
        .count()
}

fn reopen(world: &mut World, mailbox: MailboxId) {
    hold(world, std::iter::once(KEEPER), false);
    world.run();
    assert_eq!(resets(world, mailbox), 1);
}

/// The rotation that shut it and the reset.
const SHUT_AND_RESET: u64 = 2;

fn void_entries(world: &World) -> u64 {
    let view = world.seats[1].core().view();
    view.plenary.unwrap().void_entries
}

/// What waits to be said there.
fn unsent(world: &World, seats: std::ops::Range<usize>) -> usize {
    let views = seats.map(|seat| world.seats[seat].core().view());
    views.map(|view| view.plenary.unwrap().unsent).sum()
}

#[test]
fn nobody_starts_a_round_while_its_log_is_shut() {
    let (mut world, _) = begun(8_300);
    world.pass(1_000);
    let mailbox = shut(&mut world);
    world.pass(70_000);
    let room = world.seats[1].core().view().plenary.unwrap();
    assert!(room.shut_since_ms.is_some() && room.round.unwrap().shut_since_ms.is_some());
    assert_eq!(unsent(&world, 1..8), 0, "no START waits");
    reopen(&mut world, mailbox);
    let room = world.seats[1].core().view().plenary.unwrap();
    assert!(room.shut_since_ms.is_none() && room.round.unwrap().shut_since_ms.is_none());
    world.pass(300_000);
    assert_eq!(brought(&world), (vec![], vec![], 7));
    assert_eq!(void_entries(&world), SHUT_AND_RESET);
}

#[test]
fn nobody_closes_a_phase_while_the_log_is_shut() {
    let (mut world, _) = begun(8_301);
    hold(&mut world, std::iter::once(4), true);
    let reached = world.pass_until(200_000, |world| is_at(world, 1, Phase::Joins));
    assert!(reached);
    world.pass(20_000);
    let mailbox = shut(&mut world);
    world.pass(4 * PHASE_MS);
    assert_eq!(unsent(&world, 1..4), 0, "no CLOSE waits");
    assert_eq!(unsent(&world, 5..8), 0, "no CLOSE waits");
    hold(&mut world, std::iter::once(4), false);
    reopen(&mut world, mailbox);
    world.pass(300_000);
    assert_eq!(brought(&world), (vec![], vec![], 7));
}

/// Behind the gate a last message is missing, and the keeper's removal of that seat is made already: the relay refused
/// it. A rotation to nowhere comes first, and the reset puts the end off for which the removal waits.
#[test]
fn nobody_is_removed_right_behind_the_reset_that_puts_the_gate_off() {
    let (mut world, _) = begun(8_302);
    let mailbox = world.seats[KEEPER].core().room_mailbox(Place::Plenary);
    world.mood.refuses.push(Refusing {
        mailbox,
        what: What::Rotations,
        answer: Refusal::Busy,
    });
    let seat = seat_id(&world, 4);
    world.command(KEEPER, Command::Remove { seat });
    let own = world.seats[4].core().leaf().unwrap();
    let said = world.pass_until(200_000, |world| {
        let runs = runs(world, 1).filter(|runs| runs.phase() == Some(Phase::Verdicts));
        runs.is_some_and(|runs| runs.has_spoken(own))
    });
    assert!(said, "its GO stands");
    hold(&mut world, std::iter::once(4), true);
    let reached = world.pass_until(60_000, |world| is_at(world, 1, Phase::Releases));
    assert!(reached);
    world.pass(2 * PHASE_MS);
    world.mood.refuses.clear();
    let before = void_entries(&world);
    let hostile = rogue(&world, HOSTILE, Place::Plenary);
    rotate(&mut world, &hostile, rubbish(0, BUCKETS[0]), 66);
    world.pass(PHASE_MS - 2_000);
    assert_eq!(
        resets(&world, mailbox.unwrap()),
        1,
        "none of its own making"
    );
    assert!(sits(&world, seat));
    world.pass(60_000);
    assert!(!sits(&world, seat), "as soon as that counts");
    assert_eq!(void_entries(&world), before + SHUT_AND_RESET);
}

fn sits(world: &World, seat: SeatId) -> bool {
    let room = world.seats[1].core().view().plenary.unwrap();
    room.seats.iter().any(|one| one.seat == seat)
}

#[test]
fn nobody_is_given_up_while_the_log_is_shut() {
    let (mut world, round) = begun(8_304);
    let reached = world.pass_until(200_000, |world| is_at(world, 1, Phase::Kems));
    assert!(reached);
    shut(&mut world);
    world.pass(5_000);
    let now = world.now;
    let refused = world.seats[1].command(Command::GiveUp { round }, now);
    assert_eq!(refused, Err(Refused::LogShut));
}

#[test]
fn nobody_moves_a_room_out_of_a_shut_log() {
    let mut world = seated(4, 8_303);
    let mailbox = shut(&mut world);
    world.command(KEEPER, Command::MoveRoom);
    reopen(&mut world, mailbox);
    world.pass(60_000);
    assert_eq!(void_entries(&world), SHUT_AND_RESET);
    assert_ne!(world.seats[1].core().subscriptions()[0].mailbox, mailbox);
}
