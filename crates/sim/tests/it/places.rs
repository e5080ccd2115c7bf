//! Places that a convenor announced, and what it writes there to lead people astray: nobody goes to one before
//! what leads there is judged.

use participant::rogue::{Lie, Rogue};
use participant::{Alarm, Command, Notice, Op, Place};
use room::SeatId;
use sim::World;
use wire::{CreationRight, CreationSecret, MailboxId, Refusal, Token};

use crate::attack::{alarmed, away, back, rng, rogue, rotate};
use crate::stage::{assert_agreed, read, say, seated};

/// Longer than the time after which a node looks for the room elsewhere.
const DARK_MS: u64 = 700_000;

const OTHERS: [usize; 6] = [1, 2, 3, 4, 5, 6];

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
    let state = world.seats[0].core().state().unwrap();
    let there = MailboxId::new(state.place_of(SeatId(0)).unwrap().mailbox.0);
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
