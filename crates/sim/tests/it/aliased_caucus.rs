//! A caucus in a mailbox that is another room's, and two groups under one id: whoever is led there loses nothing.

use participant::{Alarm, Op, Place};
use room::SideId;
use wire::{CreationRight, FounderSecret, MailboxId, Token};

use crate::attack::{alarmed, append, away, rng, rogue};
use crate::stage::{read, say, seat_id, seated};

/// Its colleagues would follow one mailbox by two tokens, and read neither.
#[test]
fn nobody_is_led_into_a_caucus_in_the_plenarys_mailbox() {
    let mut world = seated(6, 9_001);
    let mut rogue = rogue(&world, 3, Place::Plenary);
    away(&mut world, &[3]);
    let plenary = rogue.mailbox();
    let before = world.seats[5].core().subscriptions();
    let content = rogue.say_event(rogue.founds(plenary, SideId(0)));
    let entry = rogue.seal(&content, 0, &mut rng());
    append(&mut world, &rogue, entry);
    world.pass(1_000);
    for seat in [0, 1, 2, 4, 5, 6] {
        let view = world.seats[seat].core().view().plenary.unwrap();
        assert_eq!(view.void_entries, 1, "seat {seat}");
    }
    assert_eq!(world.seats[5].core().subscriptions().len(), before.len());
    say(&mut world, 2, Place::Plenary, "can you hear me");
    say(&mut world, 1, Place::Caucus, "and here");
    world.pass(5_000);
    assert_eq!(read(&world, 5, Place::Plenary), ["can you hear me"]);
    assert_eq!(read(&world, 5, Place::Caucus), ["and here"]);
}

/// Sealed for the second group, what it signed in the first would be its own, and not the one that its vault
/// gave the number to.
#[test]
fn what_was_signed_in_one_group_makes_nobody_a_restored_copy_in_another_of_its_id() {
    let mut world = seated(6, 9_003);
    let mut rogue = rogue(&world, 3, Place::Plenary);
    away(&mut world, &[1, 3]);
    let founder = FounderSecret::new([33; 32]);
    let mailbox = MailboxId::of(&founder.hash());
    let post = |world: &mut sim::World, rogue: &mut participant::rogue::Rogue, event| {
        let content = rogue.say_event(event);
        let entry = rogue.seal(&content, 0, &mut rng());
        append(world, rogue, entry);
        world.pass(1_000);
    };
    let founded = rogue.founds(mailbox, SideId(0));
    post(&mut world, &mut rogue, founded);
    let victim = seat_id(&world, 5);
    let package = |world: &sim::World| world.seats[5].vault[&2][b"key_package".as_slice()].clone();
    // The first group.
    let first = package(&world);
    let (welcome, trap) = rogue.trap((victim, &first), mailbox, SideId(0), &mut rng());
    let create = Op::Create {
        creation: CreationRight::Relay(wire::CreationSecret::new([9; 32])),
        token: trap.token().hash(),
        founder: founder.hash(),
    };
    world.host.request(mailbox, create, world.now).unwrap();
    post(&mut world, &mut rogue, welcome);
    say(&mut world, 5, Place::Caucus, "good morning");
    say(&mut world, 5, Place::Plenary, "I am here");
    world.pass(60_000);
    let said = world.host.logs[&mailbox]
        .iter()
        .find_map(|entry| trap.open(&entry.bytes));
    let said = said.expect("it says good morning");
    // It cannot follow any more, and asks again.
    let shut = Op::Reset {
        founder: founder.clone(),
        token: Token::new([99; 32]).hash(),
        from: 0,
    };
    world.host.request(mailbox, shut, world.now).unwrap();
    world.pass(700_000);
    let second = package(&world);
    assert_ne!(first, second, "it published another key package");
    let (welcome, trap) = rogue.trap((victim, &second), mailbox, SideId(0), &mut rng());
    let open = Op::Reset {
        founder,
        token: trap.token().hash(),
        from: 0,
    };
    world.host.request(mailbox, open, world.now).unwrap();
    post(&mut world, &mut rogue, welcome);
    assert!(!alarmed(&world, 5, Alarm::RestoredCopy));
    let bytes = trap.seal(&said, &mut rng());
    let again = Op::Append {
        token: trap.token(),
        bytes,
    };
    world.host.request(mailbox, again, world.now).unwrap();
    world.pass(5_000);
    assert!(!alarmed(&world, 5, Alarm::RestoredCopy));
    say(&mut world, 5, Place::Plenary, "I am still here");
    world.pass(5_000);
    let heard = read(&world, 2, Place::Plenary);
    assert_eq!(heard.last().map(String::as_str), Some("I am still here"));
}
