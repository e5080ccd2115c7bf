//! Places that a convenor announced, and what it writes there to lead people astray: nobody goes to one before
//! what leads there is judged.

use participant::limits::LOOKED_MOVES;
use participant::rogue::{Lie, Rogue};
use participant::{Alarm, Command, Input, Notice, Op, Place};
use room::SeatId;
use sim::World;
use wire::{CreationRight, CreationSecret, MailboxId, Refusal, Token};

use crate::attack::{alarmed, away, back, rng, rogue, rotate};
use crate::stage::{assert_agreed, read, say, seated};

/// Longer than the time after which a node looks for the room elsewhere.
const DARK_MS: u64 = 700_000;

const OTHERS: [usize; 6] = [1, 2, 3, 4, 5, 6];

fn place_of_the_convenor(world: &World) -> MailboxId {
    let state = world.seats[0].core().state().unwrap();
    MailboxId::new(state.place_of(SeatId(0)).unwrap().mailbox.0)
}

fn mailbox(world: &World, seat: usize) -> MailboxId {
    let here = world.seats[seat].core().room_mailbox(Place::Plenary);
    here.unwrap()
}

/// The convenor's place, which its changed program has made before anybody was sent there.
struct Trap {
    rogue: Rogue,
    place: room::Place,
    mailbox: MailboxId,
    written: u8,
}

impl Trap {
    fn lay(world: &mut World) -> Trap {
        let rogue = rogue(world, 0, Place::Plenary);
        let state = world.seats[0].core().state().unwrap();
        let place = state.place_of(SeatId(0)).unwrap().clone();
        let mailbox = MailboxId::new(place.mailbox.0);
        let create = Op::Create {
            creation: CreationRight::Relay(CreationSecret::new([9; 32])),
            token: rogue.token_at(mailbox).hash(),
            founder: rogue.place_founder().unwrap().hash(),
        };
        world.host.request(mailbox, create, world.now).unwrap();
        Trap {
            rogue,
            place,
            mailbox,
            written: 0,
        }
    }

    fn write(&mut self, world: &mut World, bytes: Vec<u8>) {
        let token = self.rogue.token_at(self.mailbox);
        let op = Op::Append { token, bytes };
        world.host.request(self.mailbox, op, world.now).unwrap();
    }

    fn moved(&mut self, world: &mut World, lie: Lie) {
        let entry = self.rogue.moved_at(&self.place, lie, &mut rng());
        self.write(world, entry);
    }

    fn says(&mut self, world: &mut World) {
        let entry = self.rogue.said_at(&self.place, &mut rng());
        self.write(world, entry);
    }

    fn rotates(&mut self, world: &mut World, lie: Lie) {
        let op = Op::Rotate {
            token: self.rogue.token_at(self.mailbox),
            bytes: self.rogue.moved_at(&self.place, lie, &mut rng()),
            next: Token::new([69; 32]).hash(),
            founder: None,
        };
        world.host.request(self.mailbox, op, world.now).unwrap();
        self.reset(world);
    }

    fn rubbish(&mut self, world: &mut World) {
        self.written += 1;
        self.write(world, vec![self.written; 1024]);
    }

    fn reset(&self, world: &mut World) {
        let op = Op::Reset {
            founder: self.rogue.place_founder().unwrap(),
            token: self.rogue.token_at(self.mailbox).hash(),
            from: 0,
        };
        world.host.request(self.mailbox, op, world.now).unwrap();
    }
}

/// The relay of the room is not reached for longer than anybody waits. The convenor is away.
fn it_gets_dark(world: &mut World) -> MailboxId {
    let here = mailbox(world, 1);
    away(world, &[0]);
    world.host.gone.insert(here);
    world.pass(DARK_MS);
    here
}

fn the_relay_returns(world: &mut World, here: MailboxId) {
    world.host.gone.remove(&here);
    back(world, &[0]);
    world.pass(60_000);
}

/// All of these are in one mailbox, and read each other there.
fn talk(world: &mut World, members: &[usize], here: MailboxId) {
    let said: Vec<String> = members
        .iter()
        .map(|seat| format!("here I am, {seat}"))
        .collect();
    for (seat, text) in members.iter().zip(&said) {
        say(world, *seat, Place::Plenary, text);
    }
    world.pass(120_000);
    for seat in members {
        assert_eq!(mailbox(world, *seat), here, "seat {seat}");
        let heard = read(world, *seat, Place::Plenary);
        for text in &said {
            assert!(heard.contains(text), "seat {seat} read {heard:?}");
        }
        for alarm in [
            Alarm::HistoriesDiffer,
            Alarm::StatesDiffer,
            Alarm::MovedAway,
        ] {
            assert!(!alarmed(world, *seat, alarm), "seat {seat}: {alarm:?}");
        }
    }
    assert_agreed(world);
}

fn everybody_stays(world: &mut World, lay: impl Fn(&mut World, &mut Trap), told: bool) {
    let mut trap = Trap::lay(world);
    lay(world, &mut trap);
    let here = it_gets_dark(world);
    for seat in OTHERS {
        assert_eq!(mailbox(world, seat), here, "seat {seat}");
        assert_eq!(alarmed(world, seat, Alarm::MovedAway), told, "seat {seat}");
    }
    the_relay_returns(world, here);
    talk(world, &[0, 1, 2, 3, 4, 5, 6], here);
}

#[test]
fn a_place_that_leads_nowhere_takes_nobody_away() {
    let lies = [
        Lie::OtherDigest,
        Lie::OtherPlace,
        Lie::OtherHead,
        Lie::OtherRelay,
        Lie::OtherMailbox,
        Lie::NumberFarAhead,
        Lie::Unreadable,
    ];
    for (seed, lie) in (4_600..).zip(lies) {
        let mut world = seated(6, seed);
        everybody_stays(&mut world, |world, trap| trap.moved(world, lie), true);
        let mut world = seated(6, seed + 10);
        let behind = |world: &mut World, trap: &mut Trap| {
            trap.rubbish(world);
            trap.moved(world, lie);
        };
        everybody_stays(&mut world, behind, true);
    }
    let mut world = seated(6, 4_620);
    everybody_stays(&mut world, |world, trap| trap.rubbish(world), false);
}

/// What is not even signed as a MOVED in this place, or not by whoever announced it, is told to nobody.
#[test]
fn what_is_no_move_in_a_place_takes_nobody_away_and_nobody_is_told() {
    for (seed, lie) in (4_650..).zip([Lie::SignedAsWords, Lie::SignedForTheRoom]) {
        let mut world = seated(6, seed);
        everybody_stays(&mut world, |world, trap| trap.moved(world, lie), false);
    }
    let mut world = seated(6, 4_653);
    let rotates = |world: &mut World, trap: &mut Trap| trap.rotates(world, Lie::Nothing);
    everybody_stays(&mut world, rotates, false);
    let mut world = seated(6, 4_654);
    let mut trap = Trap::lay(&mut world);
    let mut member = rogue(&world, 2, Place::Plenary);
    let entry = member.moved_at(&trap.place, Lie::Nothing, &mut rng());
    away(&mut world, &[2]);
    trap.write(&mut world, entry);
    let here = it_gets_dark(&mut world);
    for seat in [1, 3, 4, 5, 6] {
        assert_eq!(mailbox(&world, seat), here, "seat {seat}");
        assert!(!alarmed(&world, seat, Alarm::MovedAway), "seat {seat}");
    }
}

/// A member lends the convenor its words: whoever signs for them did not make them.
#[test]
fn a_move_in_the_words_of_another_takes_nobody_away() {
    let mut world = seated(6, 4_655);
    let mut trap = Trap::lay(&mut world);
    let mut member = rogue(&world, 2, Place::Plenary);
    let message = member.moved_message(&trap.place, Lie::Nothing);
    let entry = trap
        .rogue
        .move_with(message, &trap.place, Lie::Nothing, &mut rng());
    trap.write(&mut world, entry);
    let here = it_gets_dark(&mut world);
    for seat in OTHERS {
        assert_eq!(mailbox(&world, seat), here, "seat {seat}");
        assert!(alarmed(&world, seat, Alarm::MovedAway), "seat {seat}");
    }
}

/// What stands there cannot be judged by whoever was not shown all of it.
#[test]
fn a_place_of_which_an_entry_is_missing_takes_nobody_away() {
    let mut world = seated(6, 4_656);
    let mut trap = Trap::lay(&mut world);
    trap.rubbish(&mut world);
    trap.moved(&mut world, Lie::Nothing);
    world.host.gone.insert(trap.mailbox);
    let here = it_gets_dark(&mut world);
    let entry = world.host.logs[&trap.mailbox][1].clone();
    let (there, now) = (trap.mailbox, world.now);
    let second = Input::Log {
        mailbox: there,
        entry,
    };
    world.seats[1].input(second, now);
    assert_eq!(mailbox(&world, 1), here);
    assert!(alarmed(&world, 1, Alarm::MovedAway));
    world.host.gone.remove(&trap.mailbox);
    world.pass(60_000);
    talk(&mut world, &OTHERS, trap.mailbox);
}

/// Behind so many false ones the right one is not looked at any more: whoever writes them has the cost of one.
#[test]
fn so_many_moves_are_opened_in_a_place_and_no_more() {
    for (seed, false_ones) in (4_657..).zip([LOOKED_MOVES - 1, LOOKED_MOVES]) {
        let mut world = seated(6, seed);
        let mut trap = Trap::lay(&mut world);
        for _ in 0..false_ones {
            trap.moved(&mut world, Lie::OtherDigest);
        }
        trap.moved(&mut world, Lie::Nothing);
        let here = it_gets_dark(&mut world);
        let there = match false_ones < LOOKED_MOVES {
            true => trap.mailbox,
            false => here,
        };
        for seat in OTHERS {
            assert_eq!(mailbox(&world, seat), there, "seat {seat}");
        }
    }
}

/// The author of a void MOVED has no log of its own into which others come, and what it writes there is nothing.
#[test]
fn a_void_move_makes_no_second_log() {
    let mut world = seated(6, 4_630);
    let lay = |world: &mut World, trap: &mut Trap| {
        trap.moved(world, Lie::Unreadable);
        trap.says(world);
        trap.moved(world, Lie::NumberFarAhead);
        trap.says(world);
    };
    everybody_stays(&mut world, lay, true);
}

/// What stands before it uses up nothing: whoever comes finds one and the same room.
#[test]
fn a_right_move_behind_false_ones_and_rubbish_is_followed() {
    let mut world = seated(6, 4_631);
    let mut trap = Trap::lay(&mut world);
    trap.rubbish(&mut world);
    trap.moved(&mut world, Lie::OtherDigest);
    trap.says(&mut world);
    trap.reset(&mut world);
    trap.moved(&mut world, Lie::NumberFarAhead);
    trap.moved(&mut world, Lie::Unreadable);
    trap.moved(&mut world, Lie::Nothing);
    trap.moved(&mut world, Lie::OtherPlace);
    it_gets_dark(&mut world);
    // A machine that stops in between looks anew.
    world.seats[3].crash();
    world.seats[3].start();
    world.pass(DARK_MS);
    talk(&mut world, &OTHERS, trap.mailbox);
}

/// Whoever was told goes on looking: a right one may come later, and the alarm ends with it.
#[test]
fn whoever_was_told_of_a_false_move_takes_a_right_one_later() {
    let mut world = seated(6, 4_632);
    let mut trap = Trap::lay(&mut world);
    trap.moved(&mut world, Lie::OtherDigest);
    trap.moved(&mut world, Lie::OtherPlace);
    let here = it_gets_dark(&mut world);
    let told = |world: &World, seat: usize| {
        let heard = world.seats[seat].heard.iter();
        let told = heard.filter(|one| matches!(one, Notice::Alarm(Alarm::MovedAway)));
        told.count()
    };
    for seat in OTHERS {
        assert_eq!((mailbox(&world, seat), told(&world, seat)), (here, 1));
    }
    world.seats[2].crash();
    world.seats[2].start();
    assert!(alarmed(&world, 2, Alarm::MovedAway), "it is not forgotten");
    trap.moved(&mut world, Lie::Nothing);
    world.pass(DARK_MS);
    talk(&mut world, &OTHERS, trap.mailbox);
}

/// Else those who looked earlier, and those who did not, would take one place for two logs.
#[test]
fn whoever_has_read_on_looks_at_a_place_from_there() {
    let mut world = seated(6, 4_633);
    let mut trap = Trap::lay(&mut world);
    trap.rubbish(&mut world);
    trap.moved(&mut world, Lie::OtherDigest);
    let here = it_gets_dark(&mut world);
    the_relay_returns(&mut world, here);
    say(&mut world, 4, Place::Plenary, "the log goes on");
    world.pass(5_000);
    world.seats[3].crash();
    world.seats[3].start();
    trap.rogue = rogue(&world, 0, Place::Plenary);
    trap.moved(&mut world, Lie::Nothing);
    it_gets_dark(&mut world);
    talk(&mut world, &OTHERS, trap.mailbox);
}

/// One who lacks an entry finds false what leads the others on. Nothing of it is used up: once it has read what was
/// missing, the very same entry leads it on as well.
#[test]
fn what_led_nowhere_leads_on_whoever_has_read_what_it_follows() {
    let mut world = seated(6, 4_634);
    away(&mut world, &[5]);
    say(&mut world, 2, Place::Plenary, "the last words there");
    world.pass(1_000);
    let mut trap = Trap::lay(&mut world);
    trap.moved(&mut world, Lie::Nothing);
    away(&mut world, &[0]);
    let here = mailbox(&world, 1);
    world.host.gone.insert(here);
    world.seats[5].offline = false;
    world.pass(DARK_MS);
    assert_eq!(mailbox(&world, 5), here);
    assert!(alarmed(&world, 5, Alarm::MovedAway));
    assert_eq!(mailbox(&world, 4), trap.mailbox);
    world.host.gone.remove(&here);
    world.pass(1_000);
    assert!(!alarmed(&world, 5, Alarm::MovedAway), "its log goes on");
    world.host.gone.insert(here);
    world.pass(DARK_MS);
    talk(&mut world, &OTHERS, trap.mailbox);
}

/// The relay of its place does not take a convenor's MOVED, which waits in its vault. Meanwhile one more entry of its log comes,
/// and then nothing again: what it says now leads on from there.
#[test]
fn a_convenor_that_has_read_on_seals_another_move() {
    let mut world = seated(6, 4_635);
    let (here, there) = (mailbox(&world, 1), place_of_the_convenor(&world));
    world.host.gone.insert(here);
    world.unwilling = Some(Box::new(|op| {
        matches!(op, Op::Append { .. }).then_some(Refusal::Busy)
    }));
    world.command(0, Command::MoveRoom);
    world.pass(DARK_MS);
    let sealed = |world: &World| world.seats[0].vault[&1].get(b"moved".as_slice()).cloned();
    let first = sealed(&world);
    assert!(first.is_some(), "it waits to be said");
    let member = rogue(&world, 2, Place::Plenary);
    let unread = member.seal(b"rubbish", 0, &mut rng());
    crate::attack::append(&mut world, &member, unread);
    away(&mut world, &[0]);
    world.host.gone.remove(&here);
    world.pass(1_000);
    let folded = |world: &World| world.seats[0].core().folded();
    let before = folded(&world);
    world.seats[0].offline = false;
    assert!(world.pass_until(1_000, |world| folded(world) > before));
    world.host.gone.insert(here);
    world.unwilling = None;
    world.pass(2 * DARK_MS);
    assert_ne!(sealed(&world), first);
    talk(&mut world, &[0, 1, 2, 3, 4, 5, 6], there);
}

/// The keeper is away, or comes again and again and is no sooner done than the token is gone once more.
#[test]
fn void_rotations_send_nobody_to_a_place() {
    for keeper_is_away in [true, false] {
        let mut world = seated(6, 4_640 + u64::from(keeper_is_away));
        let mut trap = Trap::lay(&mut world);
        let member = rogue(&world, 2, Place::Plenary);
        let here = mailbox(&world, 1);
        if keeper_is_away {
            trap.moved(&mut world, Lie::OtherDigest);
            away(&mut world, &[0]);
        }
        let mut number = 0_u8;
        while number < 30 {
            number += 1;
            let by = Op::Rotate {
                token: member.token(),
                bytes: vec![number; 1024],
                next: Token::new([66; 32]).hash(),
                founder: None,
            };
            // Refused where nobody has undone the one before.
            let _again = world.host.request(here, by, world.now);
            world.pass(60_000);
            if number == 7 {
                world.seats[3].crash();
                world.seats[3].start();
            }
            let right =
                rogue(&world, 0, Place::Plenary).moved_at(&trap.place, Lie::Nothing, &mut rng());
            trap.write(&mut world, right);
            for seat in OTHERS {
                assert_eq!(mailbox(&world, seat), here, "seat {seat}");
                assert!(!alarmed(&world, seat, Alarm::MovedAway), "seat {seat}");
            }
        }
        back(&mut world, &[0]);
        world.pass(120_000);
        talk(&mut world, &[0, 1, 2, 3, 4, 5, 6], here);
    }
}

/// A mailbox that is gone refuses tokens as well, and after nothing that took them away.
#[test]
fn a_room_whose_mailbox_the_relay_has_lost_goes_on_at_its_place() {
    let mut world = seated(6, 4_642);
    let here = mailbox(&world, 1);
    world.mood.forgotten.insert(here);
    for seat in 0..=6 {
        let now = world.now;
        world.seats[seat].lose(here, now);
    }
    world.command(0, Command::MoveRoom);
    world.pass(2 * DARK_MS);
    let there = mailbox(&world, 0);
    assert_ne!(there, here);
    talk(&mut world, &[0, 1, 2, 3, 4, 5, 6], there);
}

/// Members have the token of a place: whoever rotates it away as soon as it is there keeps the room out no longer.
#[test]
fn nobody_keeps_a_dead_room_from_its_place() {
    let mut world = seated(6, 4_643);
    let member = rogue(&world, 2, Place::Plenary);
    let there = place_of_the_convenor(&world);
    let here = mailbox(&world, 1);
    world.host.gone.insert(here);
    world.command(0, Command::MoveRoom);
    world.pass(DARK_MS - 110_000);
    // It is made, and what leads there is lost on the way for a while.
    let appends = |op: &Op| matches!(op, Op::Append { .. }).then_some(Refusal::Busy);
    world.unwilling = Some(Box::new(appends));
    let mut taken = 0_u32;
    for tenth in 0..1_800_u32 {
        if mailbox(&world, 0) == there {
            break;
        }
        let mut bytes = vec![8; 1024];
        bytes[..4].copy_from_slice(&tenth.to_be_bytes());
        let op = Op::Rotate {
            token: member.token_at(there),
            bytes,
            next: Token::new([67; 32]).hash(),
            founder: None,
        };
        taken += u32::from(world.host.request(there, op, world.now).is_ok());
        if taken == 1 {
            world.unwilling = None;
        }
        world.pass(100);
    }
    assert_eq!(mailbox(&world, 0), there);
    assert!(taken > 0, "it was rotated away, and given back");
    world.pass(DARK_MS);
    talk(&mut world, &[0, 1, 2, 3, 4, 5, 6], there);
}

/// Its keeper is there, and the old log lives: a MOVED that was meant for the dark does not lead out of it.
#[test]
fn what_was_said_in_the_dark_leads_nobody_who_has_read_on() {
    let mut world = seated(6, 4_644);
    let mut trap = Trap::lay(&mut world);
    trap.moved(&mut world, Lie::Nothing);
    say(&mut world, 3, Place::Plenary, "the log goes on");
    let here = it_gets_dark(&mut world);
    for seat in OTHERS {
        assert_eq!(mailbox(&world, seat), here, "seat {seat}");
        assert!(alarmed(&world, seat, Alarm::MovedAway), "seat {seat}");
    }
    let member = rogue(&world, 2, Place::Plenary);
    let bytes = vec![9; 1024];
    rotate(&mut world, &member, bytes, 68);
    the_relay_returns(&mut world, here);
    talk(&mut world, &[0, 1, 2, 3, 4, 5, 6], here);
}
