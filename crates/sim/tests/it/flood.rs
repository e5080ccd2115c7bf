//! A member who writes without end, and a relay that refuses: both may delay a room, and nothing more. Nobody
//! is made to send without end, and what was not taken costs nothing.

use std::cell::Cell;

use participant::{Alarm, Command, Op, Place, Subscription};
use sim::World;
use wire::limits::BUCKETS;
use wire::{MailboxId, Refusal, Token};

use crate::stage::{assert_agreed, join, read, say, seat_id, seated};

/// More than this many frames in an hour are no retry that grows: what waits is sent at once, after 1, 2, 4 and
/// so on up to 60 seconds, and once a minute from then on.
const ATTEMPTS_IN_AN_HOUR: u64 = 68;

const HOUR_MS: u64 = 3_600_000;

/// A seat's key to the plenary, as a member gone bad would use it.
struct Hostile {
    mailbox: MailboxId,
    token: Token,
}

fn hostile(world: &World, seat: usize) -> Hostile {
    let subscriptions = world.seats[seat].core().subscriptions();
    let Subscription { mailbox, token, .. } = subscriptions.into_iter().next().unwrap();
    Hostile { mailbox, token }
}

fn append(world: &mut World, hostile: &Hostile, bytes: Vec<u8>) {
    let token = hostile.token.clone();
    let op = Op::Append { token, bytes };
    world.host.request(hostile.mailbox, op, world.now).unwrap();
}

fn away(world: &mut World, seat: usize) {
    world.seats[seat].offline = true;
    world.seats[seat].disconnect();
}

fn alarmed(world: &World, seat: usize, alarm: Alarm) -> bool {
    world.seats[seat].core().view().alarms.contains(&alarm)
}

fn is_seated(world: &World, seat: room::SeatId) -> bool {
    let plenary = world.seats[1].core().view().plenary.unwrap();
    plenary.seats.iter().any(|one| one.seat == seat)
}

fn rubbish(count: u32) -> Vec<u8> {
    let mut bytes = vec![7; BUCKETS[0]];
    bytes[..4].copy_from_slice(&count.to_be_bytes());
    bytes
}

fn rotates(world: &World) -> bool {
    let mut outgoing = world.seats[0].outgoing.iter();
    outgoing.any(|frame| matches!(frame.op, Op::Rotate { .. }))
}

/// Whenever the convenor's commit is on its way, a member has written just before.
fn flood(world: &mut World, hostile: &Hostile) -> u32 {
    let mut entries = 0;
    while rotates(world) || world.pass_until(20_000, rotates) {
        entries += 1;
        append(world, hostile, rubbish(entries));
        world.run();
    }
    entries
}

#[test]
fn a_flood_of_appends_delays_no_commit() {
    let mut world = seated(6, 902);
    let seat = seat_id(&world, 2);
    let hostile = hostile(&world, 2);
    away(&mut world, 2);
    let now = world.now;
    let remove = Command::Remove { seat };
    world.seats[0].command(remove, now).unwrap();
    let entries = flood(&mut world, &hostile);
    assert_eq!(entries, 1, "one commit was sent, and it stood");
    assert!(!is_seated(&world, seat));
    say(&mut world, 1, Place::Plenary, "without it");
    assert_eq!(read(&world, 5, Place::Plenary), ["without it"]);
}

#[test]
fn after_a_flood_the_convenor_is_heard_with_one_entry_a_message() {
    let mut world = seated(6, 911);
    let seat = seat_id(&world, 2);
    let hostile = hostile(&world, 2);
    away(&mut world, 2);
    for entry in 0..3_000 {
        append(&mut world, &hostile, rubbish(entry));
    }
    world.run();
    let now = world.now;
    let remove = Command::Remove { seat };
    world.seats[0].command(remove, now).unwrap();
    flood(&mut world, &hostile);
    let mailbox = hostile.mailbox;
    let before = world.host.logs[&mailbox].len();
    say(&mut world, 0, Place::Plenary, "Please go on.");
    world.pass(60_000);
    assert_eq!(world.host.logs[&mailbox].len(), before + 1);
    assert_eq!(read(&world, 1, Place::Plenary), ["Please go on."]);
    assert_agreed(&world);
}

/// All that a relay may answer.
const REFUSALS: [Refusal; 9] = [
    Refusal::Unauthorised,
    Refusal::Exists,
    Refusal::WrongSize,
    Refusal::Quota,
    Refusal::DiskFull,
    Refusal::Busy,
    Refusal::Malformed,
    Refusal::UnknownVersion,
    Refusal::Guarded,
];

#[test]
fn whatever_a_relay_refuses_for_ever_is_a_delay_and_little_is_sent() {
    for (seed, refusal) in (920..).zip(REFUSALS) {
        let mut world = seated(6, seed);
        let seat = seat_id(&world, 2);
        world.unwilling = Some(Box::new(move |_| Some(refusal)));
        say(&mut world, 0, Place::Plenary, "from the convenor");
        say(&mut world, 3, Place::Plenary, "from a seat");
        world.command(0, Command::Remove { seat });
        let sent = |world: &World| world.seats.iter().map(|seat| seat.sent).collect::<Vec<_>>();
        let mut before = sent(&world);
        for _ in 0..3 {
            world.pass(HOUR_MS);
            let after = sent(&world);
            for (at, (before, after)) in before.iter().zip(&after).enumerate() {
                // Its words and its commit; of a full mailbox also the place to which the room would move.
                let place = u64::from(refusal == Refusal::Quota);
                let waits = [2 + place, 0, 0, 1, 0, 0, 0][at];
                assert!(
                    after - before <= waits * ATTEMPTS_IN_AN_HOUR,
                    "seat {at}, {refusal:?}: {}",
                    after - before
                );
            }
            before = after;
        }
        world.unwilling = None;
        world.pass(61_000);
        assert!(!is_seated(&world, seat), "{refusal:?}");
        let mut heard = read(&world, 1, Place::Plenary);
        heard.sort();
        assert_eq!(heard, ["from a seat", "from the convenor"]);
        let others = [0, 1, 3, 4, 5, 6];
        assert!(
            others
                .iter()
                .all(|seat| !alarmed(&world, *seat, Alarm::LeftBehind))
        );
        assert_agreed(&world);
    }
}

#[test]
fn a_commit_that_was_refused_a_thousand_times_is_one_commit() {
    let mut world = seated(6, 930);
    let seat = seat_id(&world, 2);
    let refuse_rotations = |op: &Op| matches!(op, Op::Rotate { .. }).then_some(Refusal::Busy);
    world.unwilling = Some(Box::new(refuse_rotations));
    world.command(0, Command::Remove { seat });
    // Its author speaks on, much more often than its numbers may run ahead.
    for count in 0..1_050 {
        say(&mut world, 0, Place::Plenary, &format!("number {count}"));
        world.pass(60_000);
    }
    assert_eq!(read(&world, 1, Place::Plenary).len(), 1_050);
    world.unwilling = None;
    world.pass(61_000);
    assert!(!is_seated(&world, seat));
    say(&mut world, 0, Place::Plenary, "and on");
    assert_eq!(read(&world, 1, Place::Plenary).len(), 1_051);
    assert_agreed(&world);
}

#[test]
fn a_commit_that_was_refused_and_is_shown_later_is_its_authors_own() {
    let mut world = seated(6, 931);
    let seat = seat_id(&world, 2);
    let kept = std::rc::Rc::new(Cell::new(None));
    let keep = kept.clone();
    world.unwilling = Some(Box::new(move |op| match op {
        Op::Rotate {
            token, bytes, next, ..
        } => {
            keep.set(Some((token.clone(), bytes.clone(), *next)));
            Some(Refusal::Busy)
        }
        Op::Append { .. } | Op::Create { .. } | Op::Grant { .. } | Op::Reset { .. } => None,
    }));
    let mailbox = hostile(&world, 0).mailbox;
    world.command(0, Command::Remove { seat });
    for count in 0..10 {
        say(&mut world, 0, Place::Plenary, &format!("number {count}"));
    }
    world.seats[0].crash();
    world.seats[0].start();
    let (token, bytes, next) = kept.take().unwrap();
    let op = Op::Rotate {
        token,
        bytes,
        next,
        founder: None,
    };
    world.host.request(mailbox, op, world.now).unwrap();
    world.pass(1_000);
    assert!(!is_seated(&world, seat));
    for alarm in [
        Alarm::RestoredCopy,
        Alarm::LeftBehind,
        Alarm::HistoriesDiffer,
    ] {
        assert!(!alarmed(&world, 0, alarm), "{alarm:?}");
    }
    world.unwilling = None;
    say(&mut world, 0, Place::Plenary, "we go on");
    assert_eq!(read(&world, 1, Place::Plenary).len(), 11);
    assert_agreed(&world);
}

#[test]
fn more_words_than_may_run_ahead_wait_and_come_in_their_order() {
    let mut world = seated(6, 932);
    let refuse_appends = |op: &Op| matches!(op, Op::Append { .. }).then_some(Refusal::Busy);
    world.unwilling = Some(Box::new(refuse_appends));
    let words: Vec<String> = (0..1_050).map(|count| format!("number {count}")).collect();
    for text in &words {
        say(&mut world, 3, Place::Plenary, text);
    }
    world.unwilling = None;
    world.pass(61_000);
    assert_eq!(read(&world, 1, Place::Plenary), words);
    assert_agreed(&world);
}

#[test]
fn a_member_who_rotates_to_nowhere_again_and_again_is_removed_all_the_same() {
    let mut world = seated(6, 933);
    let seat = seat_id(&world, 2);
    let hostile = hostile(&world, 2);
    away(&mut world, 2);
    let Hostile { mailbox, token } = hostile;
    let before = world.seats[0].sent;
    let mut rotated = 0_u32;
    // Whenever its token is the current one, it names another that nobody knows.
    for _ in 0..3_600 {
        if world.host.admits(&mailbox, &token, u64::MAX) {
            let op = Op::Rotate {
                token: token.clone(),
                bytes: rubbish(rotated),
                next: Token::new([66; 32]).hash(),
                founder: None,
            };
            rotated += u32::from(world.host.request(mailbox, op, world.now).is_ok());
        }
        world.pass(1_000);
    }
    assert!(rotated > 5);
    assert!(world.seats[0].sent - before <= ATTEMPTS_IN_AN_HOUR);
    world.command(0, Command::Remove { seat });
    world.pass(61_000);
    assert!(!is_seated(&world, seat));
    say(&mut world, 1, Place::Plenary, "without it");
    assert_eq!(read(&world, 5, Place::Plenary), ["without it"]);
}

#[test]
fn a_commit_of_another_history_is_void_and_tells_of_it() {
    let mut world = seated(6, 934);
    away(&mut world, 3);
    say(&mut world, 1, Place::Plenary, "as it was said");
    let mailbox = hostile(&world, 1).mailbox;
    // Seat 3 alone is shown other bytes, in the epoch that ends with the next commit.
    let log = world.host.logs.get_mut(&mailbox).unwrap();
    let last = log.len() - 1;
    log[last].bytes[100] ^= 1;
    world.seats[3].offline = false;
    world.run();
    away(&mut world, 3);
    world.host.logs.get_mut(&mailbox).unwrap()[last].bytes[100] ^= 1;
    world.seats[3].offline = false;
    for seat in [7, 8] {
        world.seats.push(sim::Seat::new(934_000 + seat));
        join(&mut world, seat);
    }
    assert!(alarmed(&world, 3, Alarm::HistoriesDiffer));
    let seats = |seat: usize| world.seats[seat].core().view().plenary.unwrap().seats.len();
    assert_eq!(
        (seats(1), seats(3)),
        (9, 8),
        "the second commit names another beginning"
    );
}
