//! A member fills a mailbox: then nobody can say anything more, but it can be removed.

use participant::{Alarm, Command, Op, Place};
use sim::World;
use wire::limits::{RESERVED_FOUNDER_BYTES, RESERVED_RESET_BYTES, RESERVED_ROTATION_BYTES};
use wire::{MailboxId, Refusal, Token};

use crate::attack::{alarmed, rogue};
use crate::stage::{assert_agreed, open_round, seat_id, seated, write};

/// Appends until the relay takes no more, with entries of that size. Returns how many it took.
fn fill(world: &mut World, mailbox: MailboxId, token: &Token, size: usize) -> u32 {
    let mut taken = 0_u32;
    loop {
        let mut bytes = vec![0; size];
        bytes[..4].copy_from_slice(&taken.to_be_bytes());
        let token = token.clone();
        let op = Op::Append { token, bytes };
        match world.host.request(mailbox, op, world.now) {
            Ok(_) => taken += 1,
            Err(refusal) => {
                assert_eq!(refusal, Refusal::Quota);
                return taken;
            }
        }
    }
}

#[test]
fn who_fills_the_mailbox_can_still_be_removed() {
    let mut world = seated(6, 909);
    let hostile = rogue(&world, 2, Place::Plenary);
    let seat = seat_id(&world, 2);
    let (mailbox, token) = (hostile.mailbox(), hostile.token());
    let kept_free = RESERVED_ROTATION_BYTES + RESERVED_FOUNDER_BYTES + RESERVED_RESET_BYTES;
    world.host.narrow(kept_free + (8 << 20));
    assert!(fill(&mut world, mailbox, &token, 1 << 20) > 0);
    fill(&mut world, mailbox, &token, 1 << 10);
    world.pass(5_000);
    world.command(0, Command::Remove { seat });
    world.pass(30_000);
    for other in [0, 1, 3, 4, 5, 6] {
        let seats = world.seats[other].core().view().plenary.unwrap().seats;
        assert!(seats.iter().all(|one| one.seat != seat), "seat {other}");
    }
    let late = Op::Append {
        token,
        bytes: vec![9; 1 << 10],
    };
    assert_eq!(
        world.host.request(mailbox, late, world.now),
        Err(Refusal::Unauthorised)
    );
}

/// In a run neither what it waits for nor its CLOSE fits any more, and no commit is valid: the room leaves.
#[test]
fn a_mailbox_that_is_filled_in_a_run_is_left_and_the_run_goes_on() {
    let mut world = seated(6, 9_100);
    let hostile = rogue(&world, 2, Place::Plenary);
    let seat = seat_id(&world, 2);
    let round = open_round(&mut world, 1_000, 180_000);
    for other in [1, 3, 4, 5, 6] {
        write(&mut world, other, round, &format!("of seat {other}"));
    }
    // It is ready like everybody, and says nothing in the run.
    world.seats[2].participant.as_mut().unwrap().mute();
    world.pass(3_000);
    let (mailbox, token) = (hostile.mailbox(), hostile.token());
    let kept_free = RESERVED_ROTATION_BYTES + RESERVED_FOUNDER_BYTES + RESERVED_RESET_BYTES;
    world.host.narrow(kept_free + (8 << 20));
    assert!(fill(&mut world, mailbox, &token, 1 << 20) > 0);
    fill(&mut world, mailbox, &token, 1 << 10);
    world.pass(400_000);
    assert_ne!(world.seats[0].core().subscriptions()[0].mailbox, mailbox);
    assert_agreed(&world);
    for other in [0, 1, 3, 4, 5, 6] {
        let core = world.seats[other].core();
        let room = core.view().plenary.unwrap();
        assert_eq!(room.results.len(), 1, "seat {other}");
        assert_eq!(room.results[0].absent, [seat]);
        assert_eq!(room.results[0].statements.len(), 5);
        for alarm in [Alarm::HistoriesDiffer, Alarm::StatesDiffer] {
            assert!(!alarmed(&world, other, alarm), "seat {other}");
        }
    }
}

/// What was to be said in the mailbox that is left is said in the next one as it was: with a head of the log before.
#[test]
fn a_head_of_the_mailbox_that_was_left_is_no_other_log() {
    let mut world = seated(6, 9_102);
    let hostile = rogue(&world, 2, Place::Plenary);
    let round = open_round(&mut world, 1_000, 180_000);
    for seat in 1..=6 {
        write(&mut world, seat, round, &format!("of seat {seat}"));
    }
    let begins = |world: &World| !world.seats[1].core().sequences().is_empty();
    assert!(world.pass_until(10_000, begins));
    let (mailbox, token) = (hostile.mailbox(), hostile.token());
    let kept_free = RESERVED_ROTATION_BYTES + RESERVED_FOUNDER_BYTES + RESERVED_RESET_BYTES;
    world.host.narrow(kept_free + (8 << 20));
    fill(&mut world, mailbox, &token, 1 << 20);
    fill(&mut world, mailbox, &token, 1 << 10);
    world.pass(400_000);
    for seat in 0..=6 {
        let core = world.seats[seat].core();
        assert_ne!(core.subscriptions()[0].mailbox, mailbox);
        let room = core.view().plenary.unwrap();
        assert_eq!(room.results[0].statements.len(), 6);
        let alarm = Alarm::HistoriesDiffer;
        assert!(!alarmed(&world, seat, alarm), "seat {seat}");
    }
}

/// A Round that somebody keeps open keeps nobody where its convenor wishes not to be.
#[test]
fn a_wish_waits_ten_minutes_for_a_round_that_does_not_end() {
    let mut world = seated(6, 9_101);
    open_round(&mut world, 1_000, 3_600_000);
    world.seats[2].participant.as_mut().unwrap().mute();
    world.pass(3_000);
    let mailbox = |world: &World| world.seats[3].core().subscriptions()[0].mailbox;
    let here = mailbox(&world);
    world.command(0, Command::MoveRoom);
    world.pass(590_000);
    assert_eq!(mailbox(&world), here);
    world.pass(20_000);
    assert_ne!(mailbox(&world), here);
    assert_agreed(&world);
    world.pass(7_300_000);
    assert!(
        world.seats[1]
            .core()
            .view()
            .plenary
            .unwrap()
            .round
            .is_none()
    );
}
