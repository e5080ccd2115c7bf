//! What stands in a place before the room goes on there: it is not of the room's log, and moves no clock.

use participant::limits::{DARK_MS, MOVE_WAITS_MS};
use participant::voice::Words;
use participant::{Command, Op, Place};
use room::{Announced, Event};
use round::{Close, Message, Phase};
use sim::World;
use wire::{CreationRight, CreationSecret, MailboxId, Refusal, Token};

use crate::attack::{rng, rogue};
use crate::shut_logs::{HOSTILE, PHASE_MS, SEATS, brought, hold, is_at, runs};
use crate::stage::{assert_agreed, open_round, read, say, seated, write};

const VICTIM: usize = 4;
/// How much earlier: longer than a phase is put off.
const EARLIER_MS: u64 = 60_000;

/// What somebody wrote into the place before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Past {
    Nothing,
    Rubbish,
    /// CLOSE of the phase that is to end, sealed for the place.
    ItsClose,
}

/// The convenor's place, made by the convenor.
fn made(world: &mut World) -> (room::Place, MailboxId) {
    let convenor = rogue(world, 0, Place::Plenary);
    let place = convenor.announced().unwrap();
    let mailbox = MailboxId::new(place.mailbox.0);
    let create = Op::Create {
        creation: CreationRight::Relay(CreationSecret::new([9; 32])),
        token: convenor.token_at(mailbox).hash(),
        founder: convenor.place_founder().unwrap().hash(),
    };
    let now = world.now;
    world.host.request(mailbox, create, now).unwrap();
    (place, mailbox)
}

fn lay(world: &mut World, mailbox: MailboxId, bytes: Vec<u8>) {
    let token = rogue(world, HOSTILE, Place::Plenary).token_at(mailbox);
    let now = world.now;
    let op = Op::Append { token, bytes };
    world.host.request(mailbox, op, now).unwrap();
}

/// In the moment in which all but one have spoken the convenor leads away, and its friend says CLOSE there at once.
fn lead_away(seed: u64, past: Past) {
    let mut world = seated(SEATS, seed);
    let (place, mailbox) = made(&mut world);
    if past == Past::Rubbish {
        lay(&mut world, mailbox, vec![5; 1024]);
    }
    let round = open_round(&mut world, EARLIER_MS, PHASE_MS);
    for seat in 1..=usize::try_from(SEATS).unwrap() {
        write(&mut world, seat, round, &format!("of seat {seat}"));
    }
    let at_slots = |world: &World| is_at(world, HOSTILE, Phase::Slots);
    assert!(world.pass_until(EARLIER_MS + 100_000, at_slots));
    hold(&mut world, std::iter::once(VICTIM), true);
    let victim = world.seats[VICTIM].core().leaf().unwrap();
    let waits_for_one = |world: &World| {
        let runs = runs(world, HOSTILE);
        runs.is_some_and(|runs| runs.phase() == Some(Phase::Slots) && runs.awaited() == [victim])
    };
    assert!(world.pass_until(5_000, waits_for_one));
    let everybody = 0..=usize::try_from(SEATS).unwrap();
    hold(&mut world, everybody.clone(), true);
    let asked = world.now;
    let (ctx, phase) = (runs(&world, HOSTILE).unwrap().ctx_r(), Phase::Slots);
    let close = Message::Close(Close { ctx, phase });
    if past == Past::ItsClose {
        let mut hostile = rogue(&world, HOSTILE, Place::Plenary);
        let bytes = hostile.round_at(&place, round, &close, &mut rng());
        lay(&mut world, mailbox, bytes);
    }
    let mut convenor = rogue(&world, 0, Place::Plenary);
    let content = convenor.say_moved(Event::Moved(place));
    let op = Op::Rotate {
        token: convenor.token(),
        bytes: convenor.seal(&content, 0, &mut rng()),
        next: Token::new([66; 32]).hash(),
        founder: convenor.founder(),
    };
    let now = world.now;
    world.host.request(convenor.mailbox(), op, now).unwrap();
    hold(&mut world, std::iter::once(HOSTILE), false);
    world.run();
    assert_eq!(
        world.seats[HOSTILE].core().subscriptions()[0].mailbox,
        mailbox
    );
    if past != Past::ItsClose {
        let words = vec![Words::Round(round, Box::new(close))];
        let now = world.now;
        world.seats[HOSTILE].utter(Place::Plenary, words, now);
    }
    world.run();
    assert_eq!(world.now.since_ms(asked), 0, "nobody had any time");
    hold(&mut world, everybody, false);
    world.pass(400_000);
    assert_eq!(brought(&world), (vec![], vec![], 7), "{past:?}");
}

#[test]
fn what_stands_in_a_place_before_leaves_nobody_out() {
    for (seed, past) in (9_900..).zip([Past::Nothing, Past::Rubbish, Past::ItsClose]) {
        lead_away(seed, past);
    }
}

/// Every member knows the token of a place: whoever had the time would fill it.
#[test]
fn nobody_finds_a_place_while_a_wish_waits_for_a_round() {
    let mut world = seated(6, 9_910);
    open_round(&mut world, 1_000, 3_600_000);
    world.seats[2].participant.as_mut().unwrap().mute();
    world.pass(3_000);
    let place = world.seats[2].core().state().unwrap().places()[0].clone();
    world.command(0, Command::MoveRoom);
    world.pass(MOVE_WAITS_MS - 10_000);
    assert!(!exists(&mut world, &place));
    world.pass(20_000);
    assert_eq!(here(&world, 3).as_bytes(), &place.place.mailbox.0);
    goes_on(&mut world);
}

#[test]
fn nobody_finds_a_place_before_the_relay_was_silent_for_long() {
    let mut world = seated(6, 9_911);
    let place = world.seats[2].core().state().unwrap().places()[0].clone();
    let gone = here(&world, 0);
    world.host.gone.insert(gone);
    world.command(0, Command::MoveRoom);
    world.pass(DARK_MS - 10_000);
    assert!(!exists(&mut world, &place));
    world.pass(DARK_MS);
    assert_eq!(here(&world, 3).as_bytes(), &place.place.mailbox.0);
    goes_on(&mut world);
}

/// What leads there is lost on the way for a minute, and the convenor's program may die meanwhile.
#[test]
fn a_place_that_was_there_for_long_gives_way_to_another_one() {
    for crashes in [false, true] {
        let mut world = seated(6, 9_912 + u64::from(crashes));
        let before = here(&world, 0);
        let place = world.seats[2].core().state().unwrap().places()[0].clone();
        let rotates = |op: &Op| matches!(op, Op::Rotate { .. }).then_some(Refusal::Busy);
        world.unwilling = Some(Box::new(rotates));
        world.command(0, Command::MoveRoom);
        world.pass(60_000);
        assert!(exists(&mut world, &place));
        if crashes {
            world.seats[0].crash();
            world.seats[0].start();
        }
        world.unwilling = None;
        world.pass(300_000);
        assert_ne!(here(&world, 3), before);
        assert_ne!(here(&world, 3).as_bytes(), &place.place.mailbox.0);
        goes_on(&mut world);
    }
}

fn here(world: &World, seat: usize) -> MailboxId {
    world.seats[seat].core().subscriptions()[0].mailbox
}

fn exists(world: &mut World, place: &Announced) -> bool {
    let mailbox = MailboxId::new(place.place.mailbox.0);
    let token = rogue(world, HOSTILE, Place::Plenary).token_at(mailbox);
    let now = world.now;
    let bytes = vec![5; 1024];
    let answer = world
        .host
        .request(mailbox, Op::Append { token, bytes }, now);
    answer.is_ok()
}

fn goes_on(world: &mut World) {
    say(world, 3, Place::Plenary, "is anybody there");
    world.pass(20_000);
    assert_agreed(world);
    let heard = read(world, 5, Place::Plenary);
    assert!(heard.contains(&"is anybody there".to_owned()), "{heard:?}");
}
