//! How mailboxes and grants are made, and which of them give way.

use super::tests::{CREATION, World, at, refused, token};
use super::tests_of_quotas::{SMALL, by_grant, create, grant};
use super::*;
use wire::{CreationRight, FounderSecret};

fn of(founder: u8) -> MailboxId {
    MailboxId::of(&FounderSecret::new([founder; 32]).hash())
}

fn by_secret(founder: u8) -> wire::Request {
    create(founder, CreationRight::Relay(CREATION))
}

impl World {
    fn is_there(&self, founder: u8) -> bool {
        let readable = self.core.readable(&of(founder), &token(b'a').hash(), 0);
        readable.is_some()
    }

    fn visit(&mut self, founder: u8) {
        let now = Timestamp::from_ms(self.now);
        self.core.note_visit(&of(founder), &token(b'a').hash(), now);
    }
}

#[test]
fn the_relays_secret_makes_so_many_at_once() {
    let mut world = World::with(Quotas {
        mailboxes: 100,
        grants: 100,
        creation_rate: Rate {
            entries: Allowance {
                at_once: 4,
                per_second: 1,
            },
            ..Rate::CREATIONS
        },
        ..SMALL
    });
    assert_eq!(world.ask(by_secret(1)), Answer::Created);
    assert_eq!(world.ask(by_secret(2)), Answer::Created);
    assert_eq!(world.ask(grant(CREATION, 1, 2)), Answer::Granted);
    assert_eq!(world.ask(by_secret(3)), refused(Refusal::Busy));
    assert_eq!(world.ask(grant(CREATION, 2, 2)), refused(Refusal::Busy));
    assert_eq!(world.ask(by_secret(2)), Answer::Created, "it is there");
    assert_eq!(world.ask(grant(CREATION, 1, 2)), Answer::Granted);
    assert_eq!(
        world.ask(by_grant(4, 1)),
        Answer::Created,
        "it has a number"
    );
    world.now += 1_000;
    assert_eq!(world.ask(by_secret(3)), Answer::Created);
    assert_eq!(world.ask(by_secret(5)), refused(Refusal::Busy));
}

#[test]
fn nobody_makes_a_hundred_thousand_mailboxes_in_a_day() {
    let mut world = World::with(Quotas::default());
    let (mut made, mut founder) = (1_u64, 0_u64);
    let hours = 24;
    for _ in 0..hours * 60 {
        loop {
            founder += 1;
            let secret = FounderSecret::new(founder.to_be_bytes().repeat(4).try_into().unwrap());
            let request = wire::Request::Create {
                mailbox: MailboxId::of(&secret.hash()),
                creation: CreationRight::Relay(CREATION),
                token: token(b'a').hash(),
                founder: secret.hash(),
            };
            let answer = world.ask(request);
            if answer != Answer::Created {
                assert_eq!(answer, refused(Refusal::Busy));
                break;
            }
            made += 1;
        }
        world.now += 60_000;
    }
    assert!(made < 90_000, "{made}");
}

#[test]
fn a_mailbox_that_nobody_wrote_to_or_came_to_gives_way_and_no_other() {
    let mut world = World::with(SMALL);
    assert_eq!(world.append(b'a', 1), at(0), "somebody wrote to the first");
    assert_eq!(world.ask(by_secret(1)), Answer::Created);
    assert_eq!(world.ask(by_secret(2)), Answer::Created);
    world.now += UNUSED_MS - 1;
    assert_eq!(world.ask(by_secret(3)), refused(Refusal::Quota));
    assert!(world.is_there(1) && world.is_there(2));
    world.visit(1);
    world.reload();
    world.now += 1;
    assert_eq!(world.ask(by_secret(3)), Answer::Created);
    assert!(world.is_there(1) && !world.is_there(2) && world.is_there(3));
    assert_eq!(world.ask(by_secret(2)), refused(Refusal::Quota));
    world.now += UNUSED_MS - 1;
    assert_eq!(world.ask(by_secret(2)), Answer::Created, "it is made again");
    assert!(!world.is_there(1));
    world.now += 10 * UNUSED_MS;
    assert_eq!(world.append(b'a', 2), at(1), "what was written stays");
}

#[test]
fn nothing_gives_way_while_there_is_place() {
    let mut world = World::with(SMALL);
    assert_eq!(world.ask(by_secret(1)), Answer::Created);
    world.now += 100 * UNUSED_MS;
    assert_eq!(world.ask(by_secret(2)), Answer::Created);
    assert!(world.is_there(1) && world.is_there(2));
}

#[test]
fn a_grant_gets_back_what_gave_way_unused() {
    let mut world = World::with(SMALL);
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.ask(grant(CREATION, 1, 1)), Answer::Granted);
    assert_eq!(world.ask(by_grant(1, 1)), Answer::Created);
    assert_eq!(world.ask(by_grant(2, 1)), refused(Refusal::Quota));
    world.now += UNUSED_MS;
    assert_eq!(world.ask(by_secret(3)), Answer::Created);
    assert_eq!(
        world.ask(by_secret(4)),
        Answer::Created,
        "the first gave way"
    );
    assert!(!world.is_there(1));
    world.reload();
    world.now += UNUSED_MS;
    assert_eq!(world.ask(by_grant(1, 1)), Answer::Created);
}

#[test]
fn a_grant_by_which_nothing_was_made_gives_way_and_no_other() {
    let mut world = World::with(SMALL);
    assert_eq!(world.ask(grant(CREATION, 1, 2)), Answer::Granted);
    assert_eq!(world.ask(by_grant(1, 1)), Answer::Created);
    assert_eq!(world.ask(grant(CREATION, 2, 2)), Answer::Granted);
    world.now += UNUSED_MS;
    assert_eq!(world.ask(grant(CREATION, 3, 2)), Answer::Granted);
    assert_eq!(world.ask(by_grant(2, 2)), refused(Refusal::Unauthorised));
    assert_eq!(world.ask(by_grant(2, 1)), Answer::Created);
    assert_eq!(world.ask(grant(CREATION, 4, 2)), refused(Refusal::Quota));
}

#[test]
fn nothing_gives_way_to_what_is_refused() {
    let mut world = World::with(Quotas {
        creation_rate: Rate {
            entries: Allowance {
                at_once: 1,
                per_second: 1,
            },
            ..Rate::CREATIONS
        },
        ..SMALL
    });
    assert_eq!(world.append(b'a', 1), at(0));
    for (request, answer) in [
        (by_secret(1), Answer::Created),
        (by_secret(2), Answer::Created),
        (grant(CREATION, 1, 2), Answer::Granted),
    ] {
        world.now += 1_000;
        assert_eq!(world.ask(request), answer);
    }
    world.now += UNUSED_MS;
    assert_eq!(
        world.ask(grant(CREATION, 2, 2)),
        Answer::Granted,
        "now the rate is used up, and there is place for nothing"
    );
    assert_eq!(world.ask(by_secret(3)), refused(Refusal::Busy));
    assert_eq!(world.ask(grant(CREATION, 3, 2)), refused(Refusal::Busy));
    assert!(world.is_there(1) && world.is_there(2));
    let first = world.ask(by_grant(1, 1));
    assert_eq!(first, Answer::Created, "it is there, and so is the grant");
    world.now += 1_000;
    assert_eq!(world.ask(grant(CREATION, 3, 2)), Answer::Granted);
    let first = world.ask(by_grant(1, 1));
    assert_eq!(first, refused(Refusal::Unauthorised), "it gave way");
    world.now += 1_000;
    assert_eq!(world.ask(by_secret(3)), Answer::Created);
    assert!(!world.is_there(1) && world.is_there(2));
}

#[test]
fn a_grant_that_was_ended_makes_nothing_more_and_what_was_made_stays() {
    let mut world = World::with(SMALL);
    assert_eq!(world.ask(grant(CREATION, 1, 2)), Answer::Granted);
    assert_eq!(world.ask(by_grant(1, 1)), Answer::Created);
    let stranger = CreationSecret::new([8; 32]);
    assert_eq!(
        world.ask(grant(stranger, 1, 0)),
        refused(Refusal::Unauthorised)
    );
    assert_eq!(world.ask(grant(CREATION, 1, 0)), Answer::Granted);
    assert_eq!(world.ask(grant(CREATION, 1, 0)), Answer::Granted);
    world.reload();
    assert_eq!(world.ask(by_grant(2, 1)), refused(Refusal::Quota));
    assert_eq!(world.ask(grant(CREATION, 1, 2)), refused(Refusal::Exists));
    assert!(world.is_there(1));
    assert_eq!(world.ask(by_grant(1, 1)), Answer::Created, "as before");
    let elsewhere = wire::Request::Create {
        mailbox: of(1),
        creation: CreationRight::Grant(wire::GrantSecret::new([1; 32])),
        token: token(b'b').hash(),
        founder: FounderSecret::new([1; 32]).hash(),
    };
    assert_eq!(world.ask(elsewhere), refused(Refusal::Exists));
}

/// Only what was given can be ended: so a program ends a grant once it was told that it is there.
#[test]
fn what_was_never_given_is_ended_without_a_trace() {
    let mut world = World::with(SMALL);
    assert_eq!(world.ask(grant(CREATION, 1, 0)), Answer::Granted);
    assert_eq!(world.ask(by_grant(1, 1)), refused(Refusal::Unauthorised));
    world.reload();
    assert_eq!(world.ask(grant(CREATION, 1, 2)), Answer::Granted);
    assert_eq!(world.ask(by_grant(1, 1)), Answer::Created);
    assert_eq!(world.ask(grant(CREATION, 1, 0)), Answer::Granted);
    assert_eq!(world.ask(grant(CREATION, 1, 2)), refused(Refusal::Exists));
}
