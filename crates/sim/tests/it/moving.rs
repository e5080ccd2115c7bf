//! A plenary whose log goes on in another mailbox: by its convenor's wish, because the one before is full,
//! or because nothing comes from there any more.

use participant::{Alarm, Command, Place, Refused};
use room::{Event, MailboxName};
use sim::{Seat, World};
use wire::{CreationSecret, Fingerprint, MailboxId, RelayAddress};

use crate::attack::{alarmed, append, away, back, rng, rogue, rotate};
use crate::stage::{assert_agreed, join, open_round, read, say, seat_id, seated, write};

fn other_relay() -> RelayAddress {
    RelayAddress {
        host: "192.0.2.7".into(),
        port: 7,
        fingerprint: Fingerprint::new([8; 32]),
    }
}

fn mailbox(world: &World, seat: usize) -> MailboxId {
    world.seats[seat].core().subscriptions()[0].mailbox
}

/// The convenor makes itself able to move the dialogue to another relay.
fn prepare(world: &mut World) {
    let announce = Command::AnnouncePlace {
        relay: other_relay(),
        creation: CreationSecret::new([9; 32]),
    };
    world.command(0, announce);
    world.pass(1_000);
}

fn moves(world: &mut World) {
    prepare(world);
    world.command(0, Command::MoveRoom);
    world.pass(5_000);
}

/// All of these are in one room, and read each other.
fn goes_on(world: &mut World, members: &[usize], when: &str) {
    let said = |seat: &usize| format!("{when}, {seat}");
    for seat in members {
        say(world, *seat, Place::Plenary, &said(seat));
    }
    world.pass(2_000);
    let texts: Vec<String> = members.iter().map(said).collect();
    let here = mailbox(world, 0);
    for seat in members {
        assert_eq!(mailbox(world, *seat), here, "seat {seat}");
        let heard = read(world, *seat, Place::Plenary);
        assert!(heard.ends_with(&texts), "seat {seat} read {heard:?}");
        for alarm in [Alarm::HistoriesDiffer, Alarm::StatesDiffer] {
            assert!(!alarmed(world, *seat, alarm), "seat {seat}: {alarm:?}");
        }
    }
    assert_agreed(world);
}

#[test]
fn a_room_goes_on_elsewhere_by_its_convenors_wish() {
    let mut world = seated(6, 1_950);
    let before = mailbox(&world, 0);
    say(&mut world, 2, Place::Plenary, "before");
    let words = world.seats[3].core().view().plenary.unwrap().table_words;
    moves(&mut world);
    assert_ne!(mailbox(&world, 0), before);
    goes_on(&mut world, &[0, 1, 2, 3, 4, 5, 6], "after");
    assert_eq!(
        world.seats[5].core().subscriptions()[0].relay,
        other_relay()
    );
    for seat in 0..7 {
        let view = world.seats[seat].core().view();
        assert_eq!(view.relay, Some(other_relay()), "seat {seat}");
        assert_eq!(view.moved.unwrap().by, seat_id(&world, 0));
    }
    world.seats[2].crash();
    world.seats[2].start();
    assert!(world.seats[2].core().view().moved.is_some());
    world.run();
    assert_eq!(read(&world, 4, Place::Plenary)[0], "before");
    let now = world.seats[3].core().view().plenary.unwrap();
    assert_eq!(now.table_words, words);
    assert!(now.words_confirmed);
}

/// What is announced while nothing comes would reach nobody, and take the place of what everybody knows.
#[test]
fn what_was_announced_is_kept_while_the_relay_is_silent() {
    let mut world = seated(4, 1_954);
    let place = |world: &World| world.seats[0].core().view().place;
    world.seats[0].offline = true;
    world.seats[0].disconnect();
    let announce = || Command::AnnouncePlace {
        relay: other_relay(),
        creation: CreationSecret::new([9; 32]),
    };
    let before = place(&world);
    let now = world.now;
    let refused = world.seats[0].command(announce(), now);
    assert_eq!(refused, Err(Refused::RelaySilent));
    assert_eq!(place(&world), before);
    world.seats[0].offline = false;
    world.run();
    world.command(0, announce());
    world.pass(1_000);
    assert!(place(&world).unwrap().announced);
    let now = world.now;
    let nowhere = world.seats[1].command(Command::MoveRoom, now);
    assert_eq!(nowhere, Err(Refused::OnlyConvenor));
}

#[test]
fn seats_come_and_go_where_a_room_has_moved() {
    let mut world = seated(6, 1_951);
    moves(&mut world);
    let seat = seat_id(&world, 1);
    world.command(0, Command::Remove { seat });
    world.pass(30_000);
    world.seats.push(Seat::new(1_951_007));
    join(&mut world, 7);
    world.pass(5_000);
    goes_on(&mut world, &[0, 2, 3, 4, 5, 6, 7], "after");
    moves(&mut world);
    goes_on(&mut world, &[0, 2, 3, 4, 5, 6, 7], "after two");
}

#[test]
fn somebody_offline_over_two_moves_finds_the_room() {
    let mut world = seated(6, 1_952);
    away(&mut world, &[4]);
    moves(&mut world);
    goes_on(&mut world, &[0, 1, 2, 3, 5, 6], "after one");
    moves(&mut world);
    back(&mut world, &[4]);
    goes_on(&mut world, &[0, 1, 2, 3, 4, 5, 6], "after two");
    assert!(read(&world, 4, Place::Plenary).contains(&"after one, 3".to_owned()));
}

#[test]
fn a_room_moves_through_any_crash() {
    for steps in 0..60 {
        let mut world = seated(4, 1_960 + steps);
        prepare(&mut world);
        say(&mut world, 2, Place::Plenary, "before");
        let wish = world.seats[0].command(Command::MoveRoom, world.now);
        wish.unwrap();
        for _ in 0..steps {
            world.one_step();
        }
        let crashes = usize::try_from(steps % 3).unwrap();
        world.seats[crashes].crash();
        world.seats[crashes].start();
        world.pass(60_000);
        goes_on(&mut world, &[0, 1, 2, 3, 4], "after");
    }
}

#[test]
fn a_commit_and_a_move_at_once_both_happen() {
    let mut world = seated(6, 1_953);
    prepare(&mut world);
    let seat = seat_id(&world, 6);
    let now = world.now;
    world.seats[0].command(Command::MoveRoom, now).unwrap();
    let remove = Command::Remove { seat };
    world.seats[0].command(remove, now).unwrap();
    world.pass(60_000);
    goes_on(&mut world, &[0, 1, 2, 3, 4, 5], "after both");
    let seats = world.seats[1].core().view().plenary.unwrap().seats;
    assert!(seats.iter().all(|one| one.seat != seat));
}

#[test]
fn a_round_is_held_where_a_room_has_moved_and_a_wish_waits_for_its_end() {
    let mut world = seated(6, 1_954);
    moves(&mut world);
    let round = open_round(&mut world, 1_000, 3_000);
    for seat in 1..=6 {
        write(&mut world, seat, round, &format!("text of {seat}"));
    }
    prepare(&mut world);
    let here = mailbox(&world, 0);
    world.command(0, Command::MoveRoom);
    world.pass(30_000);
    let results = world.seats[2].core().view().plenary.unwrap().results;
    assert_eq!(results[0].statements.len(), 6);
    assert_ne!(mailbox(&world, 0), here, "it moved when the Round was over");
    goes_on(&mut world, &[0, 1, 2, 3, 4, 5, 6], "after");
}

#[test]
fn a_room_whose_relay_is_gone_goes_on_at_the_place_that_was_announced() {
    let mut world = seated(6, 1_955);
    prepare(&mut world);
    // One seat has not read the last entry.
    away(&mut world, &[5]);
    say(&mut world, 2, Place::Plenary, "the last words there");
    let gone = mailbox(&world, 0);
    world.host.gone.insert(gone);
    back(&mut world, &[5]);
    world.command(0, Command::MoveRoom);
    say(&mut world, 3, Place::Plenary, "into the dark");
    world.pass(800_000);
    goes_on(&mut world, &[0, 1, 2, 3, 4, 6], "after");
    assert!(read(&world, 6, Place::Plenary).contains(&"into the dark".to_owned()));
    assert!(alarmed(&world, 5, Alarm::MovedAway));
}

#[test]
fn a_room_whose_relay_is_gone_moves_through_any_crash() {
    for steps in 0..24 {
        let mut world = seated(4, 2_100 + steps);
        prepare(&mut world);
        let gone = mailbox(&world, 0);
        world.host.gone.insert(gone);
        world.command(0, Command::MoveRoom);
        world.pass(600_000);
        for _ in 0..steps {
            world.one_step();
        }
        for crashes in [0, 2] {
            world.seats[crashes].crash();
            world.seats[crashes].start();
        }
        world.pass(1_500_000);
        goes_on(&mut world, &[0, 1, 2, 3, 4], "after");
    }
}

#[test]
fn a_full_room_moves_unasked() {
    let mut world = seated(6, 1_956);
    let full = mailbox(&world, 0);
    world.host.full = Some(full);
    say(&mut world, 0, Place::Plenary, "it does not fit");
    say(&mut world, 2, Place::Plenary, "nor does this");
    world.pass(60_000);
    assert_ne!(mailbox(&world, 0), full);
    goes_on(&mut world, &[0, 1, 2, 3, 4, 5, 6], "after");
    let heard = read(&world, 4, Place::Plenary);
    assert!(heard.contains(&"it does not fit".to_owned()));
    assert!(heard.contains(&"nor does this".to_owned()));
}

#[test]
fn nobody_but_a_convenor_leads_anybody_away() {
    let mut world = seated(6, 1_957);
    let here = mailbox(&world, 0);
    let place = room::Place {
        relay: other_relay().to_string().into_bytes().into(),
        mailbox: MailboxName([7; 32]),
    };
    let mut member = rogue(&world, 2, Place::Plenary);
    away(&mut world, &[2]);
    let content = member.say_event(Event::PlaceAnnounced(place.clone()));
    let entry = member.seal(&content, 0, &mut rng());
    append(&mut world, &member, entry);
    let content = member.say_moved(Event::Moved(place));
    let entry = member.seal(&content, 0, &mut rng());
    rotate(&mut world, &member, entry, 66);
    world.pass(5_000);
    assert_eq!(mailbox(&world, 1), here);
    goes_on(&mut world, &[0, 1, 3, 4, 5, 6], "here");
}

#[test]
fn moved_in_an_entry_that_leaves_the_mailbox_open_is_void() {
    let mut world = seated(6, 1_958);
    prepare(&mut world);
    let here = mailbox(&world, 0);
    let state = world.seats[0].core().state().unwrap();
    let place = state.place_of(room::SeatId(0)).unwrap().clone();
    let mut convenor = rogue(&world, 0, Place::Plenary);
    away(&mut world, &[0]);
    for content in [
        convenor.say_event(Event::Moved(place.clone())),
        convenor.say_moved(Event::Moved(place)),
    ] {
        let entry = convenor.seal(&content, 0, &mut rng());
        append(&mut world, &convenor, entry);
    }
    world.pass(1_000);
    assert_eq!(mailbox(&world, 1), here);
}
