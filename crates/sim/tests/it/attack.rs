//! What tests of attacks have in common: somebody's keys, the relay, and seats that are away.

use chacha20::ChaCha20Rng;
use participant::rogue::Rogue;
use participant::{Alarm, Op, Place};
use rand_core::SeedableRng;
use sim::World;
use wire::Token;

use crate::stage::{assert_agreed, read};

pub(crate) fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(666)
}

pub(crate) fn rogue(world: &World, seat: usize, place: Place) -> Rogue {
    Rogue::of(&world.seats[seat].vault, place)
}

pub(crate) fn alarmed(world: &World, seat: usize, alarm: Alarm) -> bool {
    world.seats[seat].core().view().alarms.contains(&alarm)
}

pub(crate) fn append(world: &mut World, rogue: &Rogue, bytes: Vec<u8>) {
    let token = rogue.token();
    let op = Op::Append { token, bytes };
    world.host.request(rogue.mailbox(), op, world.now).unwrap();
}

pub(crate) fn rotate(world: &mut World, rogue: &Rogue, bytes: Vec<u8>, next: u8) {
    let (mailbox, token) = (rogue.mailbox(), rogue.token());
    let next = Token::new([next; 32]).hash();
    let op = Op::Rotate {
        token,
        bytes,
        next,
        founder: None,
    };
    world.host.request(mailbox, op, world.now).unwrap();
}

/// Everybody but seat 2, whose program was changed.
pub(crate) fn everybody_reads(world: &World, texts: &[&str]) {
    for seat in (0..world.seats.len()).filter(|seat| *seat != 2) {
        assert_eq!(read(world, seat, Place::Plenary), texts, "seat {seat}");
        assert!(!alarmed(world, seat, Alarm::RestoredCopy), "seat {seat}");
        assert!(!alarmed(world, seat, Alarm::StatesDiffer), "seat {seat}");
    }
    assert_agreed(world);
}

pub(crate) fn everybody_reads_of(world: &World, texts: &[&str], seats: &[usize]) {
    for seat in seats {
        assert_eq!(read(world, *seat, Place::Plenary), texts, "seat {seat}");
    }
    assert_agreed(world);
}

pub(crate) fn away(world: &mut World, seats: &[usize]) {
    for seat in seats {
        world.seats[*seat].offline = true;
        world.seats[*seat].disconnect();
    }
}

pub(crate) fn back(world: &mut World, seats: &[usize]) {
    for seat in seats {
        world.seats[*seat].offline = false;
    }
    world.run();
}

/// Takes away what seat 5 needs to read the secrets of a commit, as a commit does that was broken for it.
pub(crate) fn cannot_read_commits(world: &mut World, seat: usize, area: u16) {
    world.seats[seat].crash();
    let rows = world.seats[seat].vault.get_mut(&area).unwrap();
    let secrets = rows
        .keys()
        .filter(|key| key.starts_with(b"mls/EpochKeyPairs"));
    let secrets: Vec<Vec<u8>> = secrets.cloned().collect();
    assert!(!secrets.is_empty());
    for key in secrets {
        rows.remove(&key);
    }
    world.seats[seat].start();
    world.run();
}
