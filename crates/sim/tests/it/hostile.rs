//! A relay that lies, a member that throws rubbish, invitations that are no good any more.

use participant::{Alarm, Command, Notice, Op, Place, Refused, Subscription};
use sim::{Seat, World};
use wire::{Token, limits::BUCKETS};

use crate::stage::{asked, assert_agreed, invitation, name_of, read, say, seated, vouch};

/// Seat 2's key to the plenary, as a member gone bad would use it.
fn plenary_of(world: &World, seat: usize) -> Subscription {
    let subscriptions = world.seats[seat].core().subscriptions();
    subscriptions.into_iter().next().unwrap()
}

fn alarmed(world: &World, seat: usize, alarm: Alarm) -> bool {
    world.seats[seat].core().view().alarms.contains(&alarm)
}

/// Seat 2 is away while something is said; what it will read of it can be changed.
fn something_unread() -> (World, usize) {
    let mut world = seated(6, 400);
    world.seats[2].offline = true;
    world.seats[2].disconnect();
    say(&mut world, 1, Place::Plenary, "as it was said");
    let log = &world.host.logs[&plenary_of(&world, 2).mailbox];
    let last = log.len() - 1;
    (world, last)
}

#[test]
fn a_changed_entry_is_void_and_the_next_message_tells_of_it() {
    let (mut world, last) = something_unread();
    let mailbox = plenary_of(&world, 2).mailbox;
    world.host.logs.get_mut(&mailbox).unwrap()[last].bytes[100] ^= 1;
    world.seats[2].offline = false;
    world.run();
    assert!(read(&world, 2, Place::Plenary).is_empty());
    assert!(!alarmed(&world, 2, Alarm::HistoriesDiffer));
    say(&mut world, 1, Place::Plenary, "and then");
    assert!(alarmed(&world, 2, Alarm::HistoriesDiffer));
    let name = name_of(&world, 1);
    let doubted = world.seats[2].core().view().doubted;
    let by = doubted.iter().map(|by| (by.alarm, &by.name, by.is_gone));
    assert_eq!(
        by.collect::<Vec<_>>(),
        [(Alarm::HistoriesDiffer, &name, false)]
    );
}

#[test]
fn an_old_entry_shown_again_is_void() {
    let (mut world, last) = something_unread();
    let mailbox = plenary_of(&world, 2).mailbox;
    let log = world.host.logs.get_mut(&mailbox).unwrap();
    log[last].bytes = log[last - 1].bytes.clone();
    world.seats[2].offline = false;
    world.run();
    assert!(read(&world, 2, Place::Plenary).is_empty());
    assert_eq!(
        world.seats[2].core().view().plenary.unwrap().void_entries,
        1
    );
}

#[test]
fn a_log_whose_time_runs_back_is_read_on() {
    let (mut world, last) = something_unread();
    let mailbox = plenary_of(&world, 2).mailbox;
    world.host.logs.get_mut(&mailbox).unwrap()[last].time = wire::Timestamp::from_ms(1);
    world.seats[2].offline = false;
    world.run();
    // It is another log than the others', and no damaged one.
    assert!(!alarmed(&world, 2, Alarm::LogDamaged));
    say(&mut world, 3, Place::Plenary, "hello");
    assert!(alarmed(&world, 2, Alarm::HistoriesDiffer));
    assert!(!read(&world, 2, Place::Plenary).is_empty());
}

#[test]
fn rubbish_of_every_size_is_counted_and_changes_nothing() {
    let mut world = seated(6, 401);
    let Subscription { mailbox, token, .. } = plenary_of(&world, 2);
    for (n, size) in (0u8..).zip(BUCKETS) {
        let bytes = vec![n; size];
        let op = Op::Append {
            token: token.clone(),
            bytes,
        };
        world.host.request(mailbox, op, world.now).unwrap();
    }
    world.run();
    for seat in &world.seats {
        assert_eq!(seat.core().view().plenary.unwrap().void_entries, 6);
    }
    say(&mut world, 3, Place::Plenary, "we go on");
    assert_eq!(read(&world, 6, Place::Plenary), ["we go on"]);
    assert_agreed(&world);
}

#[test]
fn a_void_rotation_is_undone_by_the_founders_node() {
    let mut world = seated(6, 402);
    let Subscription { mailbox, token, .. } = plenary_of(&world, 2);
    let next = Token::new([66; 32]).hash();
    let op = Op::Rotate {
        token,
        bytes: vec![1; BUCKETS[0]],
        next,
        founder: None,
    };
    world.host.request(mailbox, op, world.now).unwrap();
    world.run();
    say(&mut world, 1, Place::Plenary, "still here");
    world.pass(3_000);
    for seat in 0..7 {
        assert_eq!(
            read(&world, seat, Place::Plenary),
            ["still here"],
            "seat {seat}"
        );
    }
    assert_agreed(&world);
}

#[test]
fn an_invitation_serves_one_seat() {
    let mut world = seated(6, 403);
    let expires = world.now.plus_ms(60_000);
    world.command(0, Command::Invite { side: 0, expires });
    let text = invitation(&world);
    for (seat, name) in [(7, "First"), (8, "Second")] {
        world.seats.push(Seat::new(403_000 + seat));
        let at = world.seats.len() - 1;
        let join = Command::Join {
            invitation: text.clone(),
            name: name.into(),
        };
        world.command(at, join);
    }
    let used = Notice::Declined(participant::Declined::Used);
    let told = world.seats[8]
        .heard
        .iter()
        .any(|n| format!("{n:?}") == format!("{used:?}"));
    assert!(told, "the second one is told");
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    vouch(&mut world, 1, 7, request);
    world.pass(5_000);
    assert!(world.seats[7].core().view().plenary.is_some());
    assert!(world.seats[8].core().view().plenary.is_none());
}

#[test]
fn a_wrong_or_expired_invitation_is_refused_in_words_of_its_own() {
    let mut world = seated(6, 404);
    let expires = world.now.plus_ms(10);
    world.command(0, Command::Invite { side: 0, expires });
    let text = invitation(&world);
    world.pass(20);
    let now = world.now;
    let mut newcomer = Seat::new(404_007);
    let mut join = |invitation: String| {
        newcomer.command(
            Command::Join {
                invitation,
                name: "Late".into(),
            },
            now,
        )
    };
    assert_eq!(join(text.clone()), Err(Refused::InvitationExpired));
    assert_eq!(
        join(text.replacen("AAA", "AAB", 1) + "Q"),
        Err(Refused::NotAnInvitation)
    );
    assert_eq!(join("hello".into()), Err(Refused::NotAnInvitation));
}
