//! Members and relays who want somebody to fall silent, or a room to stop. Nobody may be able to.

use chacha20::ChaCha20Rng;
use participant::rogue::Rogue;
use participant::{Alarm, Command, Kind, Op, Place};
use rand_core::SeedableRng;
use sim::World;
use wire::limits::BUCKETS;
use wire::{LogHead, MailboxId, Token};

use crate::stage::{assert_agreed, read, say, seated};

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(666)
}

fn rogue(world: &World, seat: usize, place: Place) -> Rogue {
    Rogue::of(&world.seats[seat].vault, place)
}

fn alarmed(world: &World, seat: usize, alarm: Alarm) -> bool {
    world.seats[seat].core().view().alarms.contains(&alarm)
}

fn head(world: &World, mailbox: &MailboxId) -> LogHead {
    let log = world.host.logs[mailbox].iter();
    log.fold(LogHead::start(mailbox), |head, entry| head.after(entry))
}

fn append(world: &mut World, rogue: &Rogue, bytes: Vec<u8>) {
    let token = rogue.token();
    let op = Op::Append { token, bytes };
    world.host.request(rogue.mailbox(), op, world.now).unwrap();
}

fn rotate(world: &mut World, rogue: &Rogue, bytes: Vec<u8>, next: u8) {
    let (mailbox, token) = (rogue.mailbox(), rogue.token());
    let (expected, next) = (head(world, &mailbox), Token::new([next; 32]).hash());
    let op = Op::Rotate {
        token,
        bytes,
        expected,
        next,
    };
    world.host.request(mailbox, op, world.now).unwrap();
}

/// What seat 3 says next, sealed and not sent yet.
fn on_its_way(world: &mut World, text: &str) -> Vec<u8> {
    let command = Command::Say {
        place: Place::Plenary,
        text: text.into(),
    };
    let now = world.now;
    world.seats[3].command(command, now).unwrap();
    match &world.seats[3].outgoing.last().unwrap().op {
        Op::Append { bytes, .. } => bytes.clone(),
        _ => panic!("a message is appended"),
    }
}

/// Everybody but seat 2, whose program was changed.
fn everybody_reads(world: &World, texts: &[&str]) {
    for seat in (0..world.seats.len()).filter(|seat| *seat != 2) {
        assert_eq!(read(world, seat, Place::Plenary), texts, "seat {seat}");
        assert!(!alarmed(world, seat, Alarm::RestoredCopy), "seat {seat}");
        assert!(!alarmed(world, seat, Alarm::StatesDiffer), "seat {seat}");
    }
    assert_agreed(world);
}

#[test]
fn an_entry_sealed_again_is_a_repetition_and_silences_nobody() {
    let mut world = seated(6, 600);
    say(&mut world, 3, Place::Plenary, "first");
    let rogue = rogue(&world, 2, Place::Plenary);
    let last = world.host.logs[&rogue.mailbox()].last().unwrap().clone();
    let content = rogue.open(&last.bytes);
    for bucket in BUCKETS {
        let again = rogue.seal(&content, bucket, &mut rng());
        append(&mut world, &rogue, again);
    }
    world.run();
    everybody_reads(&world, &["first"]);
    say(&mut world, 3, Place::Plenary, "second");
    everybody_reads(&world, &["first", "second"]);
}

#[test]
fn a_copy_that_comes_before_its_original_counts_in_its_place_for_its_author_too() {
    let mut world = seated(6, 601);
    let original = on_its_way(&mut world, "what I said");
    let rogue = rogue(&world, 2, Place::Plenary);
    let content = rogue.open(&original);
    // In a bucket that is not the smallest it is nothing; in another nonce it is the message.
    let larger = rogue.seal(&content, BUCKETS[2], &mut rng());
    append(&mut world, &rogue, larger);
    let same = rogue.seal(&content, 0, &mut rng());
    append(&mut world, &rogue, same);
    say(&mut world, 1, Place::Plenary, "and I");
    everybody_reads(&world, &["what I said", "and I"]);
    let voids = |seat: usize| {
        let room = world.seats[seat].core().view().plenary;
        room.unwrap().void_entries
    };
    assert!((0..7).all(|seat| voids(seat) == 2));
}

#[test]
fn a_message_in_the_place_of_a_commit_takes_nothing_from_its_author() {
    let mut world = seated(6, 602);
    let original = on_its_way(&mut world, "still mine");
    let rogue = rogue(&world, 2, Place::Plenary);
    let content = rogue.open(&original);
    let as_commit = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, as_commit, 66);
    world.pass(5_000);
    everybody_reads(&world, &["still mine"]);
}

#[test]
fn words_of_another_under_ones_own_signature_take_nothing_from_their_author() {
    let mut world = seated(6, 603);
    let original = on_its_way(&mut world, "in my own name");
    let mut rogue = rogue(&world, 2, Place::Plenary);
    let message = rogue.mls_message(&rogue.open(&original));
    let stolen = rogue.sign(Kind::Message, message);
    let stolen = rogue.seal(&stolen, 0, &mut rng());
    append(&mut world, &rogue, stolen);
    world.run();
    everybody_reads(&world, &["in my own name"]);
    say(&mut world, 3, Place::Plenary, "and again");
    everybody_reads(&world, &["in my own name", "and again"]);
}

#[test]
fn entries_out_of_their_authors_order_are_said_again() {
    let mut world = seated(6, 604);
    let first = on_its_way(&mut world, "one");
    let second = on_its_way(&mut world, "two");
    assert_ne!(first, second);
    world.seats[3].outgoing.swap(0, 1);
    world.pass(5_000);
    everybody_reads(&world, &["two", "one"]);
}
