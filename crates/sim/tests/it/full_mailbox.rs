//! A member fills a mailbox: then nobody can say anything more, but it can be removed.

use participant::{Command, Op, Place};
use sim::World;
use wire::limits::{RESERVED_FOUNDER_BYTES, RESERVED_RESET_BYTES, RESERVED_ROTATION_BYTES};
use wire::{MailboxId, Refusal, Token};

use crate::attack::rogue;
use crate::stage::{seat_id, seated};

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
