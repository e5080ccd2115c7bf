//! What a convenor's changed program hands to a newcomer: a state in which others count, sit or are called
//! otherwise than everybody else knows.

use participant::{Command, Refused};
use rand_core::SeedableRng as _;
use room::{Event, Place, State, Void, WordsConfirmed};
use sim::World;

use crate::stage::{asked, invitation, seated, vouch};

fn words(world: &World, seat: usize) -> Vec<String> {
    world.seats[seat].core().words_of_the_epoch().to_vec()
}

/// The words that a page shows; none while somebody is awaited.
fn shown(world: &World, seat: usize) -> Vec<String> {
    let view = world.seats[seat].core().view();
    view.plenary.unwrap().table_words
}

/// Whoever sought long enough could find a false room with the words of the true one.
fn nobody_shows_any_words(world: &World) {
    let newcomer = room::SeatId(7);
    for seat in 0..7 {
        let view = world.seats[seat].core().view().plenary.unwrap();
        assert_eq!(view.awaited, [newcomer], "seat {seat}");
        assert!(view.table_words.is_empty() && view.word_lines.is_empty());
    }
}

/// A seat is let in on side 0, and its letter waits for it. Returns the invitation.
fn waits_for_its_letter(world: &mut World, seat: usize) -> String {
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let invitation = invitation(world);
    let join = Command::Join {
        invitation: invitation.clone(),
        name: format!("Seat{seat:02}"),
    };
    world.command(seat, join);
    let request = asked(world);
    world.seats[seat].offline = true;
    world.command(0, Command::Approve { request });
    vouch(world, 1, seat, request);
    world.pass(5_000);
    invitation
}

fn comes_in(forge: &mut dyn FnMut(&mut State, &mut Place)) -> World {
    let mut world = seated(6, 440);
    world.seats.push(sim::Seat::new(440_007));
    let invitation = waits_for_its_letter(&mut world, 7);
    let mut rng = chacha20::ChaCha20Rng::seed_from_u64(1);
    let convenor = world.seats[0].participant.take().unwrap();
    let mut letters = 0;
    for entry in world.host.logs.values_mut().flatten() {
        let forged = convenor.forge_letter(&invitation, entry, forge, &mut rng);
        letters += usize::from(forged.is_some());
        entry.bytes = forged.unwrap_or_else(|| entry.bytes.clone());
    }
    assert_eq!(letters, 1);
    world.seats[0].participant = Some(convenor);
    world.seats[7].offline = false;
    world.run();
    world.pass(1_000);
    world
}

#[test]
fn a_newcomer_that_was_handed_the_state_has_everybodys_words() {
    let world = comes_in(&mut |_, _| {});
    for seat in 0..7 {
        assert_eq!(words(&world, seat), words(&world, 7));
        assert_eq!(shown(&world, seat), words(&world, 7));
    }
}

/// Else all would read the same words to each other, and the newcomer would hide among puppets that count
/// in its own program alone.
#[test]
fn a_newcomer_that_was_handed_another_state_has_other_words() {
    let mut confirms_everything = |state: &mut State, _: &mut Place| {
        let membership = state.membership();
        let leaves: Vec<_> = state.seats().iter().map(|seat| seat.leaf).collect();
        let before = state.digest();
        for leaf in leaves {
            let event = Event::WordsConfirmed(WordsConfirmed { membership });
            let _void_where_it_was_said = state.apply(Some(leaf), 0, &event);
        }
        assert_ne!(state.digest(), before);
    };
    let world = comes_in(&mut confirms_everything);
    for seat in 0..7 {
        assert_ne!(words(&world, seat), words(&world, 7));
        assert_eq!(words(&world, seat), words(&world, 0));
    }
    nobody_shows_any_words(&world);
}

/// Else it would read everybody's words aloud, count for them, and sit in a log of the convenor's own.
#[test]
fn a_newcomer_that_was_handed_another_mailbox_has_other_words() {
    let world = comes_in(&mut |_, place| place.mailbox.0[0] ^= 1);
    nobody_shows_any_words(&world);
    assert_ne!(words(&world, 2), words(&world, 7));
    assert_eq!(words(&world, 2), words(&world, 0));
}

/// A convenor can make the same mailbox at a relay of its own.
#[test]
fn a_newcomer_that_was_handed_another_relay_has_other_words() {
    let world = comes_in(&mut |_, place| {
        let text = String::from_utf8(place.relay.as_slice().to_vec()).unwrap();
        let mut relay: wire::RelayAddress = text.parse().unwrap();
        relay.fingerprint = wire::Fingerprint::new([9; 32]);
        place.relay = relay.to_string().into_bytes().into();
    });
    nobody_shows_any_words(&world);
    assert_ne!(words(&world, 2), words(&world, 7));
    assert_eq!(words(&world, 2), words(&world, 0));
}

/// Else keys would sit in its group that no state knows, and the words would not tell.
#[test]
fn a_newcomer_enters_no_room_whose_seats_are_not_its_groups() {
    let mut without_one = |state: &mut State, _: &mut Place| {
        let gone = room::SeatsChanged {
            added: Vec::new(),
            removed: vec![state.seats()[3].leaf],
            by: room::Leaf(0),
            follows: 0,
        };
        state.apply(None, 1, &Event::SeatsChanged(gone)).unwrap();
    };
    let mut with_another_key = |state: &mut State, _: &mut Place| {
        let key = state.seats()[3].signature_key.clone();
        let mut bytes = state.encode();
        let found = bytes.windows(key.len()).position(|at| at == key).unwrap();
        bytes[found] ^= 1;
        *state = State::decode(&bytes).unwrap();
    };
    let mut with_a_ghost = |state: &mut State, _: &mut Place| {
        let request = room::RequestId([7; 32]);
        let (leaf, role) = (state.seats()[3].leaf, state.seats()[3].role);
        let name = room::Name::parse("Ghost").unwrap();
        let approved = Event::Approved(room::Approved {
            request,
            name,
            role,
        });
        state.apply(Some(room::Leaf(0)), 1, &approved).unwrap();
        let vouched = Event::Vouched(room::Vouched { request });
        state.apply(Some(leaf), 1, &vouched).unwrap();
        let ghost = room::Added {
            leaf: room::Leaf(99),
            signature_key: vec![9; 32],
            request,
            name: None,
        };
        let added = room::SeatsChanged {
            added: vec![ghost],
            removed: Vec::new(),
            by: room::Leaf(0),
            follows: 0,
        };
        state.apply(None, 1, &Event::SeatsChanged(added)).unwrap();
    };
    let forged = [
        comes_in(&mut without_one),
        comes_in(&mut with_another_key),
        comes_in(&mut with_a_ghost),
    ];
    for world in forged {
        let view = world.seats[7].core().view();
        assert!(view.plenary.is_none(), "it enters no room");
        assert_eq!(view.declined, Some(participant::Declined::Damaged));
    }
}

/// Whoever picked a line saw other seats than there are now, or somebody came and is not in the room yet.
#[test]
fn words_are_confirmed_for_the_seats_that_stood_on_the_screen() {
    let mut world = seated(6, 441);
    let membership = |world: &World| {
        let view = world.seats[2].core().view();
        view.plenary.unwrap().membership
    };
    let seen = membership(&world);
    world.seats.push(sim::Seat::new(441_007));
    waits_for_its_letter(&mut world, 7);
    let confirms = |world: &mut World, membership: u64| {
        let now = world.now;
        let confirm = Command::ConfirmWords { membership };
        world.seats[2].command(confirm, now)
    };
    let stale = Err(Refused::Rule(Void::StaleWords));
    assert_eq!(confirms(&mut world, seen), stale);
    let of_now = membership(&world);
    assert_ne!(seen, of_now);
    let awaited = confirms(&mut world, of_now);
    assert_eq!(awaited, Err(Refused::SomebodyAwaited));
    world.seats[7].offline = false;
    world.pass(5_000);
    assert_eq!(membership(&world), of_now);
    assert_eq!(confirms(&mut world, seen), stale);
    assert_eq!(confirms(&mut world, of_now), Ok(()));
    world.pass(5_000);
    let view = world.seats[2].core().view().plenary.unwrap();
    assert!(view.words_confirmed);
}
