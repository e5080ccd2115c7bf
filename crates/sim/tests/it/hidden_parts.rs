//! The part of the plenary's log that few can read: what stands there behind a rotation to another token, until the log
//! is given back. It leads nobody away and opens nothing.

use participant::{Command, Op, Place};
use room::{Event, SeatId};
use sim::mood::rubbish;
use sim::{Seat, World};
use wire::limits::BUCKETS;
use wire::{EntryKind, MailboxId, Token};

use crate::attack::{away, back, everybody_reads_of, rng, rogue, rotate};
use crate::stage::{asked, assert_agreed, invitation, read, say, seat_id, seated, vouch};

/// Behind this token nobody else reads.
const OWN: u8 = 66;

const OTHERS: [usize; 6] = [1, 2, 3, 4, 5, 6];

fn mailbox(world: &World, seat: usize) -> MailboxId {
    let here = world.seats[seat].core().room_mailbox(Place::Plenary);
    here.unwrap()
}

fn is_shut(world: &World, seat: usize) -> bool {
    let state = world.seats[seat].core().state().unwrap();
    state.shut_since_ms().is_some()
}

/// A convenor's changed program rotates the log to a token of its own where it is asked to, says MOVED, and gives the log
/// back. Returns where everybody else is then.
fn moves(world: &mut World, shuts_before: bool) -> MailboxId {
    let mut convenor = rogue(world, 0, Place::Plenary);
    let (mailbox, own) = (convenor.mailbox(), convenor.token());
    let place = convenor.announced().unwrap();
    away(world, &[0]);
    if shuts_before {
        rotate(world, &convenor, rubbish(0, BUCKETS[0]), OWN);
    }
    let moved = convenor.say_moved(Event::Moved(place));
    let op = Op::Rotate {
        token: match shuts_before {
            true => Token::new([OWN; 32]),
            false => own.clone(),
        },
        bytes: convenor.seal(&moved, 0, &mut rng()),
        next: Token::new([67; 32]).hash(),
        founder: None,
    };
    world.host.request(mailbox, op, world.now).unwrap();
    let reset = Op::Reset {
        founder: convenor.founder().unwrap(),
        token: own.hash(),
        from: 0,
    };
    world.host.request(mailbox, reset, world.now).unwrap();
    world.pass(120_000);
    self::mailbox(world, 1)
}

/// Its author would be in the new mailbox while all others wait for the old one.
#[test]
fn a_move_in_a_log_that_is_shut_leads_nobody_away() {
    let mut world = seated(6, 9_300);
    let here = mailbox(&world, 1);
    assert_ne!(moves(&mut world, false), here, "in an open log it leads");
    let mut world = seated(6, 9_300);
    assert_eq!(moves(&mut world, true), here);
    assert!(!is_shut(&world, 1));
    say(&mut world, 3, Place::Plenary, "we are all here");
    world.pass(5_000);
    everybody_reads_of(&world, &["we are all here"], &OTHERS);
}

/// The convenor's commit, on its way to the relay, while the convenor is kept off.
fn commit_on_its_way(world: &mut World, seat: SeatId) -> (Vec<u8>, wire::TokenHash) {
    world.seats[0].offline = true;
    world.command(0, Command::Remove { seat });
    let frames = std::mem::take(&mut world.seats[0].outgoing);
    let commit = frames.into_iter().find_map(|frame| match frame.op {
        Op::Rotate { bytes, next, .. } => Some((bytes, next)),
        Op::Append { .. } | Op::Create { .. } | Op::Grant { .. } | Op::Reset { .. } => None,
    });
    commit.expect("it removes somebody")
}

/// A commit stands where few could read it. It is valid, and its epoch's token is the right one; but all others come to it
/// by a reset alone. So it opens nothing, and the keeper gives the log back once more.
#[test]
fn a_commit_in_the_hidden_part_opens_nothing_before_the_keeper_has_reset() {
    let mut world = seated(6, 9_301);
    let (hostile, gone) = (rogue(&world, 2, Place::Plenary), seat_id(&world, 6));
    let mailbox = hostile.mailbox();
    let (bytes, next) = commit_on_its_way(&mut world, gone);
    away(&mut world, &[5]);
    rotate(&mut world, &hostile, rubbish(0, BUCKETS[0]), OWN);
    let hidden = Op::Rotate {
        token: Token::new([OWN; 32]),
        bytes,
        next,
        founder: None,
    };
    let at = world.host.request(mailbox, hidden, world.now).unwrap();
    world.seats[0].offline = false;
    let mut shut_behind_it = None;
    world.pass_watched(120_000, |world| {
        if world.seats[1].core().folded() == at + 1 {
            shut_behind_it = Some(is_shut(world, 1));
        }
    });
    assert_eq!(shut_behind_it, Some(true), "the commit opened nothing");
    // Whoever comes later reads the commit by the token before.
    back(&mut world, &[5]);
    world.pass(60_000);
    say(&mut world, 3, Place::Plenary, "we go on");
    world.pass(60_000);
    for seat in [0, 1, 2, 3, 4, 5] {
        assert!(!is_shut(&world, seat), "seat {seat}");
        let room = world.seats[seat].core().view().plenary.unwrap();
        let mut seats = room.seats.iter();
        assert!(seats.all(|one| one.seat != gone), "seat {seat}");
        assert_eq!(read(&world, seat, Place::Plenary), ["we go on"]);
    }
    assert_agreed(&world);
}

/// The relay shows the commit that seats somebody with another token than it names, and so with it the log is shut. The
/// newcomer is handed a log that is shut, and is in the room of all.
#[test]
fn an_epoch_begins_with_all_that_its_entry_did() {
    let mut world = seated(6, 9_302);
    let mailbox = mailbox(&world, 0);
    world.seats.push(Seat::new(9_302_007));
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let join = Command::Join {
        invitation: invitation(&world),
        name: "Newcomer".to_owned(),
    };
    world.command(7, join);
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    world.seats[0].offline = true;
    vouch(&mut world, 1, 7, request);
    world.seats[0].offline = false;
    let mut changed = false;
    let mut was_shut = false;
    world.pass_watched(60_000, |world| {
        let last = world.host.logs.get_mut(&mailbox).unwrap().last_mut();
        let last = last.unwrap();
        if let (EntryKind::Rotate { .. }, false) = (last.kind, changed) {
            let next = Token::new([68; 32]).hash();
            last.kind = EntryKind::Rotate { next };
            changed = true;
        }
        was_shut |= is_shut(world, 1);
    });
    assert!(changed && was_shut);
    let words = |seat: usize| world.seats[seat].core().words_of_the_epoch().to_vec();
    for seat in 0..=7 {
        let room = world.seats[seat].core().view().plenary.unwrap();
        assert!(!is_shut(&world, seat), "seat {seat}");
        assert_eq!(words(seat), words(1), "seat {seat}");
        assert!(room.awaited.is_empty(), "seat {seat}");
    }
    assert_agreed(&world);
}

/// A reset that the keeper asked for earlier comes late, right behind a commit. It takes back what the commit rotated to, and
/// no entry says so to whoever has read the commit.
#[test]
fn a_late_reset_behind_a_commit_locks_nobody_in() {
    let mut world = seated(6, 9_303);
    let (keeper, gone) = (rogue(&world, 0, Place::Plenary), seat_id(&world, 6));
    let mailbox = keeper.mailbox();
    away(&mut world, &[5]);
    let (bytes, next) = commit_on_its_way(&mut world, gone);
    let commit = Op::Rotate {
        token: keeper.token(),
        bytes,
        next,
        founder: keeper.founder(),
    };
    let late = Op::Reset {
        founder: keeper.founder().unwrap(),
        token: keeper.token().hash(),
        from: 0,
    };
    for op in [commit, late] {
        world.host.request(mailbox, op, world.now).unwrap();
    }
    world.seats[0].offline = false;
    world.pass(60_000);
    back(&mut world, &[5]);
    say(&mut world, 3, Place::Plenary, "we go on");
    world.pass(60_000);
    for seat in [0, 1, 2, 3, 4, 5] {
        let heard = read(&world, seat, Place::Plenary);
        assert_eq!(heard, ["we go on"], "seat {seat}");
    }
    assert_agreed(&world);
}
