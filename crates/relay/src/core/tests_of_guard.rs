//! A mailbox after a reset: for a while nobody but its founder rotates there.

use super::tests::{World, at, founder, mailbox, refused, token};
use super::*;
use wire::{FounderSecret, Request};

fn by_founder(letter: u8, content: u8, next: u8) -> Request {
    Request::Rotate {
        mailbox: mailbox(),
        token: token(letter),
        bytes: vec![content; 1024],
        next: token(next).hash(),
        founder: Some(founder()),
    }
}

/// A log that somebody rotated to nowhere, and its founder reset.
fn reset() -> World {
    let mut world = World::new();
    assert_eq!(world.rotate(b'a', 1, b'x'), at(0));
    assert_eq!(world.reset_from(b'a', 0), at(1));
    world
}

#[test]
fn after_a_reset_nobody_but_the_founder_rotates_for_a_while() {
    let mut world = reset();
    assert_eq!(world.append(b'a', 2), at(2));
    assert_eq!(world.rotate(b'a', 3, b'x'), refused(Refusal::Guarded));
    assert_eq!(world.rotate(b'a', 3, b'a'), refused(Refusal::Guarded));
    assert_eq!(
        world.rotate(b'q', 3, b'x'),
        refused(Refusal::Unauthorised),
        "strangers learn nothing"
    );
    assert_eq!(world.rotate(b'a', 1, b'x'), at(0), "what is there is found");
    world.now += GUARD_MS - 1;
    assert_eq!(world.rotate(b'a', 3, b'x'), refused(Refusal::Guarded));
    assert_eq!(world.ask(by_founder(b'a', 4, b'b')), at(3));
    assert_eq!(world.rotate(b'b', 5, b'c'), refused(Refusal::Guarded));
    world.now += 1;
    assert_eq!(world.rotate(b'b', 5, b'c'), at(4));
}

/// Else whoever may reset would keep the commits of others out by resets alone.
#[test]
fn a_reset_that_takes_no_rotation_back_begins_no_guard() {
    let mut world = World::new();
    assert_eq!(world.reset(b'a'), at(0));
    assert_eq!(world.rotate(b'a', 1, b'b'), at(1));
    assert_eq!(world.reset(b'b'), at(2), "its token stays");
    assert_eq!(world.reset_from(b'b', 2), at(3));
    assert_eq!(world.ask(by_founder(b'b', 2, b'c')), at(4));
    assert_eq!(world.reset_from(b'b', 2), at(5), "the founder's own");
    assert_eq!(world.rotate(b'b', 3, b'b'), at(6), "it leads nowhere else");
    assert_eq!(world.reset_from(b'b', 2), at(7));
    assert_eq!(world.rotate(b'b', 4, b'c'), at(8));
    assert_eq!(world.reset(b'd'), at(9), "this one is taken back");
    assert_eq!(world.rotate(b'd', 5, b'e'), refused(Refusal::Guarded));
    world.now += GUARD_MS;
    assert_eq!(world.reset_from(b'd', 0), at(10), "and counts but once");
    assert_eq!(world.rotate(b'd', 6, b'e'), at(11));
}

#[test]
fn nobody_rotates_back_to_a_token_that_was() {
    let mut world = World::new();
    assert_eq!(world.rotate(b'a', 1, b'x'), at(0));
    let back = world.rotate(b'x', 2, b'a');
    assert_eq!(
        back,
        refused(Refusal::Exists),
        "its readers would miss what stands between"
    );
    assert_eq!(
        world.rotate(b'x', 2, b'x'),
        at(1),
        "the current one shuts nobody out"
    );
    assert_eq!(world.reset_from(b'a', 0), at(2));
    assert_eq!(world.rotate(b'a', 3, b'x'), refused(Refusal::Guarded));
}

#[test]
fn a_rotation_is_checked_in_the_order_of_the_document() {
    let mut world = reset();
    assert_eq!(world.ask(by_founder(b'a', 4, b'b')), at(2));
    let back = |bytes: usize, content: u8, founder: Option<FounderSecret>| Request::Rotate {
        mailbox: mailbox(),
        token: token(b'b'),
        bytes: vec![content; bytes],
        next: token(b'a').hash(),
        founder,
    };
    let other = FounderSecret::new([8; 32]);
    let wrong = world.ask(back(1000, 5, Some(other)));
    assert_eq!(wrong, refused(Refusal::Unauthorised));
    let small = world.ask(back(1000, 5, None));
    assert_eq!(small, refused(Refusal::WrongSize));
    let guarded = world.ask(back(1024, 5, None));
    assert_eq!(guarded, refused(Refusal::Guarded));
    let exists = world.ask(back(1024, 5, Some(founder())));
    assert_eq!(exists, refused(Refusal::Exists));
}

#[test]
fn a_guard_is_kept_over_a_restart_and_ends_where_the_clock_goes_back() {
    let mut world = reset();
    world.reload();
    assert_eq!(world.rotate(b'a', 3, b'x'), refused(Refusal::Guarded));
    world.now -= 1;
    assert_eq!(world.rotate(b'a', 3, b'x'), at(2));
    world.reload();
    assert_eq!(world.reset_from(b'a', 0), at(3), "also after a restart");
    assert_eq!(world.rotate(b'a', 4, b'x'), refused(Refusal::Guarded));
}

/// Somebody rotates the log away whenever that goes, and its founder resets it at once, for an hour of tries
/// in every second. Returns how often it was shut.
fn shut_in_an_hour(guard_ms: u64) -> u64 {
    let mut world = World::with(Quotas {
        guard_ms,
        ..Quotas::default()
    });
    let mut shut = 0;
    for second in 0..3_600_u32 {
        let rotate = Request::Rotate {
            mailbox: mailbox(),
            token: token(b'a'),
            bytes: second.to_be_bytes().repeat(256),
            next: token(b'x').hash(),
            founder: None,
        };
        if let Answer::Appended { .. } = world.ask(rotate) {
            assert_eq!(world.append(b'a', 1), refused(Refusal::Unauthorised));
            assert!(matches!(world.reset_from(b'a', 0), Answer::Appended { .. }));
            shut += 1;
        }
        world.now += 1_000;
    }
    shut
}

#[test]
fn who_rotates_after_every_reset_shuts_a_log_once_in_five_minutes() {
    assert_eq!(shut_in_an_hour(GUARD_MS), 12);
    assert_eq!(shut_in_an_hour(0), 3_600, "without a guard");
}
