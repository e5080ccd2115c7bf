//! What a mailbox and a relay hold at most, and what is kept free for whom.

use super::tests::{CREATION, World, at, founder, mailbox, refused, token};
use super::*;
use wire::limits::{ENTRY_OVERHEAD, MAX_GRANT_MAILBOXES};
use wire::{CreationRight, FounderSecret, GrantSecret, Request};

/// Bytes that one entry of the smallest bucket takes.
const ENTRY: u64 = 1024 + ENTRY_OVERHEAD;

/// Five entries, of which appends may be three, and rotations four; a reset takes the overhead alone.
pub(super) const SMALL: Quotas = Quotas {
    mailboxes: 3,
    grants: 2,
    mailbox_bytes: 5 * ENTRY,
    for_rotations: ENTRY,
    for_founder: 0,
    for_resets: ENTRY,
    rotations: 100,
    founder_rotations: 0,
    resets: 101,
    mailbox_rate: Rate::UNLIMITED,
    creation_rate: Rate::UNLIMITED,
    guard_ms: 0,
    unused_ms: UNUSED_MS,
};

pub(super) fn create(founder: u8, creation: CreationRight) -> Request {
    let founder = FounderSecret::new([founder; 32]).hash();
    Request::Create {
        mailbox: MailboxId::of(&founder),
        creation,
        token: token(b'a').hash(),
        founder,
    }
}

pub(super) fn grant(creation: CreationSecret, secret: u8, mailboxes: u8) -> Request {
    Request::Grant {
        creation,
        grant: GrantSecret::new([secret; 32]).hash(),
        mailboxes,
    }
}

pub(super) fn by_grant(founder: u8, secret: u8) -> Request {
    create(
        founder,
        CreationRight::Grant(GrantSecret::new([secret; 32])),
    )
}

#[test]
fn a_relay_takes_so_many_mailboxes_and_no_more() {
    let mut world = World::with(SMALL);
    let made = |founder| create(founder, CreationRight::Relay(CREATION));
    assert_eq!(world.ask(made(1)), Answer::Created);
    assert_eq!(world.ask(made(2)), Answer::Created);
    assert_eq!(world.ask(made(3)), refused(Refusal::Quota));
    assert_eq!(world.ask(made(2)), Answer::Created);
}

#[test]
fn appends_leave_room_for_a_rotation() {
    let mut world = World::with(SMALL);
    for content in 0..3 {
        assert_eq!(world.append(b'a', content), at(u64::from(content)));
    }
    assert_eq!(world.append(b'a', 3), refused(Refusal::Quota));
    assert_eq!(world.rotate(b'a', 4, b'b'), at(3));
    assert_eq!(world.append(b'b', 5), refused(Refusal::Quota));
    assert_eq!(world.rotate(b'b', 6, b'c'), refused(Refusal::Quota));
}

#[test]
fn a_member_fills_the_mailbox_and_can_be_removed() {
    let mut world = World::with(Quotas {
        mailbox_bytes: 256 << 20,
        mailbox_rate: Rate::UNLIMITED,
        ..Quotas::default()
    });
    let mut appended = 0_u32;
    let append = |number: u32| Request::Append {
        mailbox: mailbox(),
        token: token(b'a'),
        bytes: [number.to_be_bytes().to_vec(), vec![1; (1 << 20) - 4]].concat(),
    };
    while let Answer::Appended { .. } = world.ask_and_forget(append(appended)) {
        appended += 1;
    }
    assert!((106..112).contains(&appended), "{appended}");
    assert_eq!(world.append(b'a', 2), at(u64::from(appended)));
    let commit = Request::Rotate {
        mailbox: mailbox(),
        token: token(b'a'),
        bytes: vec![3; 1 << 20],
        next: token(b'b').hash(),
        founder: None,
    };
    assert_eq!(world.ask(commit), at(u64::from(appended) + 1));
    assert_eq!(world.append(b'a', 4), refused(Refusal::Unauthorised));
}

#[test]
fn rotations_leave_room_for_a_reset_by_bytes_and_by_number() {
    let mut world = World::with(SMALL);
    for content in 0..4 {
        assert_eq!(
            world.rotate(b'a' + content, content, b'b' + content),
            at(u64::from(content))
        );
    }
    assert_eq!(world.rotate(b'e', 9, b'f'), refused(Refusal::Quota));
    assert_eq!(world.reset(b'z'), at(4));

    let few = Quotas {
        rotations: 2,
        resets: 3,
        ..SMALL
    };
    let mut world = World::with(few);
    assert_eq!(world.rotate(b'a', 0, b'b'), at(0));
    assert_eq!(world.reset(b'a'), at(1));
    assert_eq!(world.rotate(b'a', 1, b'b'), at(2));
    assert_eq!(world.reset(b'a'), at(3));
    assert_eq!(world.rotate(b'a', 2, b'b'), refused(Refusal::Quota));
    assert_eq!(world.append(b'a', 3), refused(Refusal::Quota), "by bytes");
    assert_eq!(world.reset(b'b'), at(4));
    assert_eq!(world.reset(b'c'), refused(Refusal::Quota));
    world.reload();
    assert_eq!(world.reset(b'c'), refused(Refusal::Quota));
}

#[test]
fn however_a_member_rotates_each_rotation_can_be_undone() {
    let quotas = Quotas {
        mailbox_bytes: 40 * ENTRY,
        for_rotations: 10 * ENTRY,
        for_resets: 41 * ENTRY_OVERHEAD,
        rotations: 40,
        resets: 41,
        ..SMALL
    };
    let mut world = World::with(quotas);
    let mut content = 0;
    while world.rotate(b'a', content, b'x') != refused(Refusal::Quota) {
        assert!(matches!(world.reset(b'a'), Answer::Appended { .. }));
        content += 1;
    }
    assert!(content > 25, "{content}");
    assert!(matches!(world.reset(b'c'), Answer::Appended { .. }));
}

/// A rotation by whoever shows this founder's secret.
fn by_founder(founder: u8, from: u8, content: u8, to: u8) -> Request {
    Request::Rotate {
        mailbox: mailbox(),
        token: token(from),
        bytes: vec![content; 1024],
        next: token(to).hash(),
        founder: Some(FounderSecret::new([founder; 32])),
    }
}

#[test]
fn rotations_leave_room_for_the_founders_by_bytes_and_by_number() {
    let few = Quotas {
        mailbox_bytes: 7 * ENTRY,
        for_founder: 2 * ENTRY,
        ..SMALL
    };
    let mut world = World::with(few);
    for content in 0..4 {
        let here = b'a' + content;
        assert_eq!(
            world.rotate(here, content, here + 1),
            at(u64::from(content))
        );
    }
    assert_eq!(world.rotate(b'e', 9, b'f'), refused(Refusal::Quota));
    assert_eq!(world.reset(b'a'), at(4));
    assert_eq!(world.ask(by_founder(7, b'a', 9, b'f')), at(5));

    let few = Quotas {
        mailbox_bytes: 60 * ENTRY,
        rotations: 5,
        founder_rotations: 2,
        ..SMALL
    };
    let mut world = World::with(few);
    for content in 0..3 {
        let here = b'a' + content;
        assert_eq!(
            world.rotate(here, content, here + 1),
            at(u64::from(content))
        );
    }
    assert_eq!(world.rotate(b'd', 9, b'e'), refused(Refusal::Quota));
    world.reload();
    assert_eq!(world.ask(by_founder(7, b'd', 9, b'e')), at(3));
    assert_eq!(world.rotate(b'e', 8, b'f'), refused(Refusal::Quota));
    assert_eq!(world.ask(by_founder(7, b'e', 8, b'f')), at(4));
    let last = world.ask(by_founder(7, b'f', 7, b'g'));
    assert_eq!(last, refused(Refusal::Quota));
    assert_eq!(world.reset(b'a'), at(5));
}

#[test]
fn only_its_founder_uses_what_is_kept_for_the_founders_rotations() {
    let mut world = World::with(SMALL);
    let stranger = world.ask(by_founder(8, b'a', 1, b'b'));
    assert_eq!(stranger, refused(Refusal::Unauthorised));
    let former = world.ask(by_founder(7, b'x', 1, b'b'));
    assert_eq!(former, refused(Refusal::Unauthorised), "without its token");
    assert_eq!(world.ask(by_founder(7, b'a', 1, b'b')), at(0));
    let again = world.ask(by_founder(7, b'a', 1, b'b'));
    assert_eq!(again, at(0), "the same bytes are found");
}

#[test]
fn what_a_reset_undoes_gives_no_room_back() {
    let mut world = World::with(Quotas {
        mailbox_bytes: 60 * ENTRY,
        rotations: 2,
        ..SMALL
    });
    assert_eq!(world.rotate(b'a', 0, b'b'), at(0));
    assert_eq!(world.rotate(b'b', 1, b'c'), at(1));
    assert_eq!(world.reset_from(b'a', 0), at(2));
    assert_eq!(world.rotate(b'a', 2, b'b'), refused(Refusal::Quota));
}

#[test]
fn resets_are_counted_and_end_too() {
    let mut world = World::with(SMALL);
    let mut resets = 0;
    while let Answer::Appended { .. } = world.reset(resets) {
        resets += 1;
    }
    assert_eq!(u64::from(resets), 5 * ENTRY / ENTRY_OVERHEAD);
}

#[test]
fn a_rotation_to_the_token_that_is_current_ends_nothing() {
    let mut world = World::with(SMALL);
    for content in 0..3 {
        assert_eq!(world.append(b'a', content), at(u64::from(content)));
    }
    assert_eq!(world.rotate(b'a', 4, b'a'), at(3));
    assert_eq!(world.reads(b'a', 0), Some((0, None)));
}

#[test]
fn a_grant_is_good_for_its_number_of_mailboxes() {
    let mut world = World::with(Quotas::default());
    assert_eq!(world.ask(by_grant(1, 1)), refused(Refusal::Unauthorised));
    assert_eq!(world.ask(grant(CREATION, 1, 2)), Answer::Granted);
    assert_eq!(world.ask(grant(CREATION, 1, 2)), Answer::Granted);
    assert_eq!(world.ask(grant(CREATION, 1, 3)), refused(Refusal::Exists));
    for _ in 0..3 {
        assert_eq!(world.ask(by_grant(1, 1)), Answer::Created);
    }
    assert_eq!(world.ask(by_grant(2, 1)), Answer::Created);
    assert_eq!(world.ask(by_grant(3, 1)), refused(Refusal::Quota));
    world.reload();
    assert_eq!(world.ask(by_grant(3, 1)), refused(Refusal::Quota));
    assert_eq!(world.ask(by_grant(2, 1)), Answer::Created);
}

#[test]
fn only_the_relays_own_secret_gives_grants() {
    let mut world = World::with(SMALL);
    let stranger = CreationSecret::new([8; 32]);
    assert_eq!(
        world.ask(grant(stranger, 1, 2)),
        refused(Refusal::Unauthorised)
    );
    assert_eq!(world.ask(grant(CREATION, 1, 2)), Answer::Granted);
    let with_a_grant = CreationSecret::new([1; 32]);
    assert_eq!(
        world.ask(grant(with_a_grant.clone(), 2, 2)),
        refused(Refusal::Unauthorised)
    );
    let as_the_relays = create(1, CreationRight::Relay(with_a_grant));
    assert_eq!(world.ask(as_the_relays), refused(Refusal::Unauthorised));
    let for_another = Request::Create {
        mailbox: mailbox(),
        creation: CreationRight::Grant(GrantSecret::new([1; 32])),
        token: token(b'b').hash(),
        founder: founder().hash(),
    };
    assert_eq!(world.ask(for_another), refused(Refusal::Exists));
}

#[test]
fn grants_have_limits() {
    let mut world = World::with(SMALL);
    for mailboxes in [MAX_GRANT_MAILBOXES + 1, u8::MAX] {
        assert_eq!(
            world.ask(grant(CREATION, 1, mailboxes)),
            refused(Refusal::Quota)
        );
    }
    assert_eq!(
        world.ask(grant(CREATION, 1, MAX_GRANT_MAILBOXES)),
        Answer::Granted
    );
    assert_eq!(world.ask(grant(CREATION, 2, 1)), Answer::Granted);
    assert_eq!(world.ask(grant(CREATION, 3, 1)), refused(Refusal::Quota));
}

#[test]
fn a_founder_resets_whoever_is_a_member() {
    let mut world = World::new();
    assert_eq!(world.rotate(b'a', 1, b'b'), at(0));
    assert_eq!(world.reset(b'x'), at(1));
    assert_eq!(world.append(b'b', 2), refused(Refusal::Unauthorised));
    let moved = create(9, CreationRight::Relay(CREATION));
    assert_eq!(world.ask(moved), Answer::Created);
    let elsewhere = Request::Reset {
        mailbox: MailboxId::of(&FounderSecret::new([9; 32]).hash()),
        founder: founder(),
        token: token(b'x').hash(),
        from: 0,
    };
    assert_eq!(world.ask(elsewhere), refused(Refusal::Unauthorised));
}

#[test]
fn a_flood_is_slowed_down_and_silences_nobody() {
    let slow = Rate {
        entries: Allowance {
            at_once: 10,
            per_second: 1,
        },
        ..Rate::MAILBOX
    };
    let mut world = World::with(Quotas {
        mailbox_rate: slow,
        ..Quotas::default()
    });
    world.frugal = false;
    for content in 0..10 {
        assert_eq!(world.append(b'a', content), at(u64::from(content)));
    }
    assert_eq!(world.append(b'a', 10), refused(Refusal::Busy));
    assert_eq!(world.append(b'a', 9), at(9), "what is there is found");
    world.frugal = true;
    assert_eq!(world.append(b'a', 11), at(10), "who wrote little goes on");
    world.frugal = false;
    world.now += 1_000;
    assert_eq!(world.append(b'a', 12), at(11));
    assert_eq!(world.append(b'a', 13), refused(Refusal::Busy));
    assert_eq!(world.rotate(b'a', 14, b'b'), at(12), "and a commit as well");
    assert_eq!(world.reset(b'c'), at(13));
}

/// A rotation to the token that is current ends nothing and carries as much as an append.
#[test]
fn a_flood_of_rotations_is_slowed_down_and_keeps_out_no_commit() {
    let mut world = World::with(Quotas {
        mailbox_rate: Rate {
            entries: Allowance {
                at_once: 10,
                per_second: 1,
            },
            ..Rate::MAILBOX
        },
        ..Quotas::default()
    });
    world.frugal = false;
    for content in 0..10 {
        let index = u64::from(content);
        assert_eq!(world.rotate(b'a', content, b'a'), at(index));
    }
    assert_eq!(world.rotate(b'a', 10, b'a'), refused(Refusal::Busy));
    assert_eq!(world.append(b'a', 11), at(10), "what is said does not wait");
    world.frugal = true;
    assert_eq!(world.rotate(b'a', 12, b'b'), at(11), "who wrote little");
    world.frugal = false;
    assert_eq!(world.reset(b'c'), at(12));
}

#[test]
fn strangers_use_up_nobodys_rate() {
    let mut world = World::with(Quotas {
        mailbox_rate: Rate {
            entries: Allowance {
                at_once: 1,
                per_second: 1,
            },
            ..Rate::MAILBOX
        },
        ..Quotas::default()
    });
    world.frugal = false;
    for content in 0..10 {
        assert_eq!(world.append(b'x', content), refused(Refusal::Unauthorised));
    }
    assert_eq!(world.append(b'a', 1), at(0));
}
