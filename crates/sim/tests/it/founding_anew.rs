//! A caucus that its founder, a full mailbox or a lost log would end: its side founds it anew.

use participant::{Alarm, Command, Op, Place};
use room::{SeatId, SideId};
use sim::{Seat, World};
use wire::Token;

use crate::attack::{alarmed, away, back, rng, rogue, rotate};
use crate::stage::{assert_agreed, join, read, say, seat_id, seated};

/// The side's members read each other, and nobody else is among them.
fn the_caucus_goes_on(world: &mut World, members: &[usize], when: &str) {
    let said = |seat: &usize| format!("{when}, {seat}");
    for seat in members {
        say(world, *seat, Place::Caucus, &said(seat));
    }
    world.pass(2_000);
    let mut names: Vec<String> = members.iter().map(|n| format!("Seat{n:02}")).collect();
    names.sort();
    for seat in members {
        let heard = read(world, *seat, Place::Caucus);
        let all = members.iter().all(|other| heard.contains(&said(other)));
        assert!(all, "seat {seat} read {heard:?}");
        let room = world.seats[*seat].core().view().caucus.unwrap();
        let mut sits: Vec<String> = room.seats.into_iter().map(|seat| seat.name).collect();
        sits.sort();
        assert_eq!(sits, names);
    }
    assert_agreed(world);
}

/// Whoever founded the caucus of seats 1, 3, 5 and 7 takes its mailbox away from all others.
fn hostile_reset(world: &mut World, founder: &participant::rogue::Rogue) {
    let op = Op::Reset {
        founder: founder.founder().unwrap(),
        token: Token::new([99; 32]).hash(),
        from: 0,
    };
    let mailbox = founder.mailbox();
    world.host.request(mailbox, op, world.now).unwrap();
}

#[test]
fn a_removed_founder_ends_no_caucus() {
    let mut world = seated(8, 903);
    let rogue = rogue(&world, 1, Place::Caucus);
    say(&mut world, 3, Place::Caucus, "before");
    let seat = seat_id(&world, 1);
    world.command(0, Command::Remove { seat });
    world.pass(30_000);
    the_caucus_goes_on(&mut world, &[3, 5, 7], "after the removal");
    hostile_reset(&mut world, &rogue);
    world.pass(10_000);
    the_caucus_goes_on(&mut world, &[3, 5, 7], "after the reset");
    assert_eq!(read(&world, 5, Place::Caucus)[0], "before");
    assert_eq!(read(&world, 1, Place::Caucus), ["before"]);
}

#[test]
fn nobody_speaks_to_a_removed_founder_while_its_caucus_is_not_founded_anew() {
    let mut world = seated(8, 1_905);
    let rogue = rogue(&world, 1, Place::Caucus);
    let before = world.host.logs[&rogue.mailbox()].len();
    // Whoever would found the caucus anew first is away.
    away(&mut world, &[3, 5]);
    let seat = seat_id(&world, 1);
    world.command(0, Command::Remove { seat });
    say(&mut world, 7, Place::Caucus, "among us");
    world.pass(1_000);
    assert_eq!(world.host.logs[&rogue.mailbox()].len(), before);
    world.pass(60_000);
    back(&mut world, &[3, 5]);
    world.pass(60_000);
    the_caucus_goes_on(&mut world, &[3, 5, 7], "without it");
    assert_eq!(world.host.logs[&rogue.mailbox()].len(), before);
}

#[test]
fn a_founder_that_resets_before_it_is_removed_ends_no_caucus() {
    let mut world = seated(8, 1_901);
    let rogue = rogue(&world, 1, Place::Caucus);
    away(&mut world, &[1]);
    hostile_reset(&mut world, &rogue);
    let seat = seat_id(&world, 1);
    world.command(0, Command::Remove { seat });
    world.pass(30_000);
    the_caucus_goes_on(&mut world, &[3, 5, 7], "after both");
}

#[test]
fn a_founder_that_resets_and_stays_ends_no_caucus() {
    let mut world = seated(8, 1_902);
    let rogue = rogue(&world, 1, Place::Caucus);
    away(&mut world, &[1]);
    hostile_reset(&mut world, &rogue);
    world.pass(3_600_000);
    the_caucus_goes_on(&mut world, &[3, 5, 7], "without it");
    // And whoever was away comes in again.
    back(&mut world, &[1]);
    world.pass(60_000);
    the_caucus_goes_on(&mut world, &[1, 3, 5, 7], "with it");
}

#[test]
fn a_void_rotation_while_the_founder_is_away_ends_no_caucus() {
    let mut world = seated(8, 1_903);
    let mut rogue = rogue(&world, 3, Place::Caucus);
    away(&mut world, &[1, 3]);
    let content = rogue.say(b"nothing that a room knows");
    let entry = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, entry, 66);
    world.pass(3_600_000);
    the_caucus_goes_on(&mut world, &[5, 7], "without two");
    back(&mut world, &[1, 3]);
    world.pass(60_000);
    the_caucus_goes_on(&mut world, &[1, 3, 5, 7], "with all");
}

#[test]
fn somebody_offline_over_two_foundings_comes_back_to_the_last() {
    let mut world = seated(8, 1_904);
    say(&mut world, 7, Place::Caucus, "before");
    away(&mut world, &[7]);
    for founder in [1, 3] {
        let seat = seat_id(&world, founder);
        world.command(0, Command::Remove { seat });
        world.pass(30_000);
    }
    back(&mut world, &[7]);
    world.pass(30_000);
    the_caucus_goes_on(&mut world, &[5, 7], "after two");
    assert_eq!(read(&world, 7, Place::Caucus)[0], "before");
}

#[test]
fn a_caucus_is_founded_anew_through_any_crash() {
    // After each number of small steps somebody crashes, and starts again from its vault.
    for steps in 0..60 {
        let mut world = seated(6, 2_000 + steps);
        let seat = seat_id(&world, 1);
        let removed = world.seats[0].command(Command::Remove { seat }, world.now);
        removed.unwrap();
        for _ in 0..steps {
            world.one_step();
        }
        let crashes = usize::try_from(3 + 2 * (steps % 2)).unwrap();
        world.seats[crashes].crash();
        world.seats[crashes].start();
        world.pass(60_000);
        the_caucus_goes_on(&mut world, &[3, 5], "after a crash");
    }
}

#[test]
fn a_full_mailbox_ends_no_caucus() {
    let mut world = seated(8, 1_906);
    world.host.full = Some(rogue(&world, 1, Place::Caucus).mailbox());
    say(&mut world, 5, Place::Caucus, "it does not fit");
    world.pass(60_000);
    the_caucus_goes_on(&mut world, &[1, 3, 5, 7], "elsewhere");
    assert!(read(&world, 7, Place::Caucus).contains(&"it does not fit".to_owned()));
}

#[test]
fn a_newcomer_finds_the_caucus_that_its_side_founded_last() {
    let mut world = seated(8, 1_907);
    let seat = seat_id(&world, 1);
    world.command(0, Command::Remove { seat });
    world.pass(30_000);
    world.seats.push(Seat::new(1_907_009));
    join(&mut world, 9);
    world.pass(30_000);
    the_caucus_goes_on(&mut world, &[3, 5, 7, 9], "with a newcomer");
    assert!(!alarmed(&world, 9, Alarm::FalseCaucus));
}

/// Seat 3 founds nothing, and rotates the caucus to nowhere while its founder is away.
fn breaks(world: &mut World, founder: usize) {
    let mut hostile = rogue(world, 3, Place::Caucus);
    away(world, &[3, founder]);
    let content = hostile.say(b"nothing that a room knows");
    let entry = hostile.seal(&content, 0, &mut rng());
    rotate(world, &hostile, entry, 66);
    world.pass(2 * 3_600_000);
}

fn founder_of(world: &World, seat: usize) -> SeatId {
    let state = world.seats[seat].core().state().unwrap();
    state.caucus(SideId(0)).unwrap().by
}

#[test]
fn who_never_takes_its_turn_ends_no_caucus() {
    let mut world = seated(8, 1_906);
    for founder in [1, 5] {
        breaks(&mut world, founder);
        back(&mut world, &[3, founder]);
        world.pass(120_000);
    }
    breaks(&mut world, 7);
    // Everybody but seat 3 has had its turn, and the caucus is lost.
    let last = seat_id(&world, 7);
    assert_eq!(founder_of(&world, 1), last);
    world.pass(room::limits::TURNS_END_MS);
    assert_ne!(founder_of(&world, 1), last);
    say(&mut world, 1, Place::Caucus, "without two");
    world.pass(60_000);
    assert!(read(&world, 5, Place::Caucus).contains(&"without two".to_owned()));
    back(&mut world, &[3, 7]);
    world.pass(60_000);
    the_caucus_goes_on(&mut world, &[1, 3, 5, 7], "with all");
}

#[test]
fn nobody_waits_for_who_never_takes_its_turn_once_the_founder_is_gone() {
    let mut world = seated(8, 1_907);
    for founder in [1, 5] {
        breaks(&mut world, founder);
        back(&mut world, &[3, founder]);
        world.pass(120_000);
    }
    away(&mut world, &[3]);
    let seat = seat_id(&world, 7);
    assert_eq!(founder_of(&world, 1), seat);
    world.command(0, Command::Remove { seat });
    world.pass(60_000);
    assert_ne!(founder_of(&world, 1), seat);
    back(&mut world, &[3]);
    world.pass(60_000);
    the_caucus_goes_on(&mut world, &[1, 3, 5], "without its founder");
}
