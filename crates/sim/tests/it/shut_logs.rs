//! A member shuts the plenary's log: it rotates to a token that nobody has, again behind each reset, while a phase
//! of a Round lasts. Its own words stand in time. Nobody else may be the worse for it.

use participant::voice::Words;
use participant::{Command, Input, Op, Place};
use relay::core::Quotas;
use room::{FailedWhy, RoundId, SeatId};
use round::{Close, GiveUp, Message, Nogo, Phase, Sequence};
use sim::mood::rubbish;
use sim::{Seat, World};
use wire::limits::BUCKETS;
use wire::{Entry, EntryKind, MailboxId, Refusal, Timestamp, Token};

use crate::attack::{rng, rogue, rotate};
use crate::stage::{assert_agreed, join, open_round, seat_id, seated, write};

pub(crate) const SEATS: u64 = 7;
pub(crate) const PHASE_MS: u64 = 30_000;
/// Whose program was changed. Of what needs no time it does its part before all others but the convenor.
pub(crate) const HOSTILE: usize = 1;

/// A Round on its way, for which everybody has written.
pub(crate) fn begun(seed: u64) -> (World, RoundId) {
    let mut world = seated(SEATS, seed);
    let round = open_round(&mut world, 60_000, PHASE_MS);
    for seat in 1..=SEATS {
        let at = usize::try_from(seat).unwrap();
        write(&mut world, at, round, &format!("of seat {seat}"));
    }
    (world, round)
}

pub(crate) fn runs(world: &World, seat: usize) -> Option<&Sequence> {
    world.seats[seat].core().sequence().map(|(_, runs)| runs)
}

fn leaf(world: &World, seat: usize) -> u32 {
    world.seats[seat].core().leaf().unwrap()
}

pub(crate) fn is_at(world: &World, seat: usize, phase: Phase) -> bool {
    runs(world, seat).and_then(Sequence::phase) == Some(phase)
}

/// Nothing reaches these seats and nothing comes from them: what the others do is done in one go.
pub(crate) fn hold(world: &mut World, seats: impl Iterator<Item = usize>, held: bool) {
    for seat in seats {
        world.seats[seat].offline = held;
    }
}

fn others() -> impl Iterator<Item = usize> {
    (0..=usize::try_from(SEATS).unwrap()).filter(|seat| *seat != HOSTILE)
}

/// Everybody but the hostile seat has spoken in this phase.
fn waits_for_it_alone(world: &mut World, phase: Phase) {
    let reached = world.pass_until(200_000, |world| is_at(world, HOSTILE, phase));
    assert!(reached);
    hold(world, std::iter::once(HOSTILE), true);
    let own = leaf(world, HOSTILE);
    let spoken = world.pass_until(5_000, |world| {
        runs(world, 2).is_some_and(|runs| runs.phase() == Some(phase) && runs.awaited() == [own])
    });
    assert!(spoken);
    hold(world, others(), true);
    hold(world, std::iter::once(HOSTILE), false);
}

/// Its last message of the phase, its own of the next one, and the rotation.
fn speaks_last_and_first(world: &mut World, next: Phase) {
    let own = leaf(world, HOSTILE);
    let spoken = world.pass_until(500, |world| {
        runs(world, HOSTILE).is_some_and(|runs| runs.phase() == Some(next) && runs.has_spoken(own))
    });
    assert!(spoken);
}

pub(crate) fn is_open_again(world: &World, mailbox: MailboxId) -> bool {
    let last = world.host.logs[&mailbox].last();
    last.is_some_and(|last| matches!(last.kind, EntryKind::Reset { .. }))
}

/// It rotates, and again behind each reset, for so long: by a relay that guards no log after a reset.
fn shuts_the_log(world: &mut World, ms: u64) -> MailboxId {
    world.host.limit(Quotas {
        guard_ms: 0,
        ..Quotas::default()
    });
    let hostile = rogue(world, HOSTILE, Place::Plenary);
    let (mailbox, token) = (hostile.mailbox(), hostile.token());
    rotate(world, &hostile, rubbish(0, BUCKETS[0]), 66);
    hold(world, others(), false);
    let mut number = 0_u32;
    world.pass_watched(ms, |world| {
        if is_open_again(world, mailbox) {
            number += 1;
            let op = Op::Rotate {
                token: token.clone(),
                bytes: rubbish(number, BUCKETS[0]),
                next: Token::new([67; 32]).hash(),
                founder: None,
            };
            world.host.request(mailbox, op, world.now).unwrap();
        }
    });
    assert!(number > 2, "{number} resets");
    mailbox
}

fn says(world: &mut World, round: RoundId, message: Message) {
    let words = vec![Words::Round(round, Box::new(message))];
    let now = world.now;
    world.seats[HOSTILE].utter(Place::Plenary, words, now);
}

fn closes(world: &mut World, round: RoundId, phase: Phase) {
    let ctx = runs(world, HOSTILE).unwrap().ctx_r();
    says(world, round, Message::Close(Close { ctx, phase }));
}

/// What everybody reads of the Round: who was left out as absent and as a disruptor, and how many texts there are.
pub(crate) fn brought(world: &World) -> (Vec<SeatId>, Vec<SeatId>, usize) {
    assert_agreed(world);
    let view = world.seats[2].core().view().plenary.unwrap();
    assert!(view.round.is_none(), "{:?}", view.round);
    let opening = view.results.last().expect("it was opened");
    let (absent, disruptors) = (opening.absent.clone(), opening.disruptors.clone());
    (absent, disruptors, opening.statements.len())
}

#[test]
fn a_member_who_shuts_the_log_leaves_nobody_out() {
    let (mut world, round) = begun(8_200);
    waits_for_it_alone(&mut world, Phase::Kems);
    speaks_last_and_first(&mut world, Phase::Slots);
    shuts_the_log(&mut world, PHASE_MS + 2_000);
    closes(&mut world, round, Phase::Slots);
    world.pass(240_000);
    assert_eq!(brought(&world), (vec![], vec![], 7));
}

#[test]
fn a_disruptor_who_shuts_the_log_is_named_or_out() {
    let (mut world, round) = begun(8_201);
    let reached = world.pass_until(200_000, |world| is_at(world, HOSTILE, Phase::Verdicts));
    assert!(reached);
    hold(&mut world, others(), true);
    world.seats[HOSTILE].participant.as_mut().unwrap().mute();
    let own = runs(&world, HOSTILE).unwrap();
    let nogo = Nogo {
        ctx: own.ctx_r(),
        phase: Phase::Vectors,
        evidence: own.evidence().unwrap(),
    };
    says(&mut world, round, Message::Nogo(nogo));
    speaks_last_and_first(&mut world, Phase::Reveals);
    shuts_the_log(&mut world, PHASE_MS + 2_000);
    closes(&mut world, round, Phase::Reveals);
    world.pass(240_000);
    let hostile = seat_id(&world, HOSTILE);
    assert_eq!(brought(&world), (vec![], vec![hostile], 6));
}

/// All have said GO, and of the last messages those of the hostile alone are there.
fn behind_the_last_go(seed: u64) -> (World, RoundId) {
    let (mut world, round) = begun(seed);
    waits_for_it_alone(&mut world, Phase::Verdicts);
    speaks_last_and_first(&mut world, Phase::Releases);
    (world, round)
}

#[test]
fn who_shuts_the_log_behind_the_last_go_spoils_nothing() {
    let (mut world, round) = behind_the_last_go(8_202);
    shuts_the_log(&mut world, PHASE_MS + 2_000);
    let ctx = runs(&world, HOSTILE).unwrap().ctx_r();
    says(&mut world, round, Message::GiveUp(GiveUp { ctx }));
    world.pass(240_000);
    assert_eq!(brought(&world), (vec![], vec![], 7));
}

/// The convenor is the keeper and of one mind with the member: it removes an honest seat right behind its reset.
#[test]
fn who_removes_behind_a_reset_spoils_nothing() {
    let (mut world, _) = behind_the_last_go(8_203);
    let victim = leaf(&world, 4);
    let mailbox = shuts_the_log(&mut world, PHASE_MS + 2_000);
    let mut asked: Option<Timestamp> = None;
    world.pass_watched(240_000, |world| {
        if asked.is_none() && is_open_again(world, mailbox) {
            asked = Some(world.now);
            let now = world.now;
            world.seats[0].utter(Place::Plenary, vec![Words::Remove(victim)], now);
        }
    });
    assert!(asked.is_some());
    assert_eq!(brought(&world), (vec![], vec![], 7));
}

/// What it alone can write by the token to which it rotated stands in the log of everybody once the keeper has reset it.
fn writes_where_nobody_reads(
    world: &mut World,
    round: RoundId,
    message: impl Fn([u8; 32]) -> Message,
) {
    let mut hostile = rogue(world, HOSTILE, Place::Plenary);
    let ctx = runs(world, HOSTILE).unwrap().ctx_r();
    rotate(world, &hostile, rubbish(0, BUCKETS[0]), 66);
    hold(world, others().filter(|seat| *seat > 0), false);
    world.pass(2 * PHASE_MS);
    let content = hostile.say_round(round, &message(ctx));
    let op = Op::Append {
        token: Token::new([66; 32]),
        bytes: hostile.seal(&content, 0, &mut rng()),
    };
    world
        .host
        .request(hostile.mailbox(), op, world.now)
        .unwrap();
    hold(world, std::iter::once(0), false);
    world.pass(240_000);
}

#[test]
fn who_closes_a_phase_where_nobody_reads_leaves_nobody_out() {
    let (mut world, round) = begun(8_205);
    waits_for_it_alone(&mut world, Phase::Kems);
    speaks_last_and_first(&mut world, Phase::Slots);
    writes_where_nobody_reads(&mut world, round, |ctx| {
        let phase = Phase::Slots;
        Message::Close(Close { ctx, phase })
    });
    // What its own program did not say it takes for a copy's, and falls silent.
    let hostile = seat_id(&world, HOSTILE);
    assert_eq!(brought(&world), (vec![hostile], vec![], 6));
}

#[test]
fn who_gives_up_where_nobody_reads_spoils_nothing() {
    let (mut world, round) = behind_the_last_go(8_206);
    writes_where_nobody_reads(&mut world, round, |ctx| Message::GiveUp(GiveUp { ctx }));
    assert_eq!(brought(&world), (vec![], vec![], 7));
}

/// Machines that stop and go on while the log is shut know afterwards what everybody knows.
#[test]
fn whoever_stops_while_the_log_is_shut_goes_by_the_same_time() {
    let (mut world, _) = behind_the_last_go(8_207);
    let crash = |world: &mut World, seat: usize| {
        world.seats[seat].crash();
        world.seats[seat].start();
    };
    let hostile = rogue(&world, HOSTILE, Place::Plenary);
    rotate(&mut world, &hostile, rubbish(0, BUCKETS[0]), 66);
    hold(
        &mut world,
        others().filter(|seat| ![0, 4].contains(seat)),
        false,
    );
    world.pass(2 * PHASE_MS);
    crash(&mut world, 3);
    world.pass(1_000);
    let may = |world: &World, seat: usize| {
        let runs = runs(world, seat).unwrap();
        runs.give_up_allowed(world.now.ms() + 100 * PHASE_MS)
    };
    assert!((2..4).all(|seat| !may(&world, seat)));
    hold(&mut world, std::iter::once(0), false);
    world.run();
    crash(&mut world, 3);
    world.pass(1_000);
    let ends = |seat: usize| runs(&world, seat).unwrap().deadline_ms();
    assert_eq!(ends(2), ends(3));
    assert!(ends(2) > world.now.ms() && may(&world, 3));
    hold(&mut world, std::iter::once(4), false);
    world.pass(1_000);
    assert_eq!(brought(&world), (vec![], vec![], 7));
}

/// Behind the last GO seats come and go, and a newcomer sits where somebody sat who was in the Round.
#[test]
fn a_newcomer_on_the_leaf_of_who_was_in_the_round_gives_nothing_up() {
    let (mut world, round) = behind_the_last_go(8_208);
    let newcomer = world.seats.len();
    hold(&mut world, others().filter(|seat| *seat != 5), false);
    world.pass(2 * PHASE_MS);
    let (was, seat) = (leaf(&world, 4), seat_id(&world, 4));
    world.command(0, Command::Remove { seat });
    world.pass(5_000);
    world.seats.push(Seat::new(77));
    join(&mut world, newcomer as u64);
    assert_eq!(leaf(&world, newcomer), was);
    let ctx = runs(&world, 2).unwrap().ctx_r();
    let give_up = Message::GiveUp(GiveUp { ctx });
    let words = vec![Words::Round(round, Box::new(give_up))];
    let now = world.now;
    world.seats[newcomer].utter(Place::Plenary, words, now);
    world.run();
    assert!(is_at(&world, 2, Phase::Releases));
    hold(&mut world, std::iter::once(5), false);
    world.pass(5_000);
    assert_eq!(brought(&world), (vec![], vec![], 7));
}

#[test]
fn a_round_of_which_nobody_is_left_is_over() {
    let (mut world, _) = behind_the_last_go(8_209);
    hold(&mut world, others().filter(|seat| *seat != 5), false);
    world.pass(2 * PHASE_MS);
    for seat in 1..=usize::try_from(SEATS).unwrap() {
        let room = world.seats[0].core().view().plenary.unwrap();
        assert!(room.round.is_some(), "before seat {seat} goes");
        let name = format!("Seat{seat:02}");
        let seat = room.seats.iter().find(|one| one.name == name).unwrap().seat;
        world.command(0, Command::Remove { seat });
        world.pass(5_000);
    }
    let room = world.seats[0].core().view().plenary.unwrap();
    assert!(room.round.is_none());
    assert_eq!(room.failed.unwrap().why, FailedWhy::GaveUp);
}

/// The window as well: whoever was not heard while the log was shut is ready before START counts.
#[test]
fn who_shuts_the_log_while_people_write_keeps_nobody_out_of_the_roster() {
    let mut world = seated(SEATS, 8_204);
    for seat in others().filter(|seat| *seat > 0) {
        world.seats[seat].offline = true;
    }
    world.command(HOSTILE, Command::TakeSeat);
    let open = Command::OpenRound {
        question: "What could both sides live with?".into(),
        slot_bytes: 1024,
        window_ms: 20_000,
        phase_ms: PHASE_MS,
        floor: None,
    };
    world.command(0, open);
    world.run();
    shuts_the_log(&mut world, 22_000);
    for seat in others().filter(|seat| *seat > 0) {
        world.command(seat, Command::TakeSeat);
    }
    let round = world.seats[HOSTILE].core().state().unwrap().open_round();
    let round = round.unwrap().open.id;
    let now = world.now;
    let start = vec![Words::Event(room::Event::Started(round))];
    world.seats[HOSTILE].utter(Place::Plenary, start, now);
    world.pass(240_000);
    let view = world.seats[2].core().view().plenary.unwrap();
    let opening = view.results.last().expect("it was opened");
    assert_eq!(opening.opening_roster, 7);
}

/// A relay that lies shows a commit behind a rotation to nowhere. Its token is the right one, and the log is shut
/// all the same: nothing but the keeper's reset opens it.
#[test]
fn a_log_that_is_shut_is_reset_whichever_token_is_current() {
    let mut world = seated(6, 8_210);
    let removed = seat_id(&world, 2);
    let kept = std::rc::Rc::new(std::cell::Cell::new(None));
    let keep = kept.clone();
    world.unwilling = Some(Box::new(move |op| match op {
        Op::Rotate { bytes, next, .. } => {
            keep.set(Some((bytes.clone(), *next)));
            Some(Refusal::Busy)
        }
        Op::Append { .. } | Op::Create { .. } | Op::Grant { .. } | Op::Reset { .. } => None,
    }));
    world.command(0, Command::Remove { seat: removed });
    world.run();
    let (commit, next) = kept.take().expect("it was sent");
    let here = world.seats[0].core().subscriptions().remove(0);
    let shown = [
        (rubbish(0, BUCKETS[0]), Token::new([66; 32]).hash()),
        (commit, next),
    ];
    world.seats[0].outgoing.clear();
    for (index, (bytes, next)) in (here.from..).zip(shown) {
        let entry = Entry {
            index,
            time: world.now,
            kind: EntryKind::Rotate { next },
            bytes,
        };
        let mailbox = here.mailbox;
        world.seats[0].input(Input::Log { mailbox, entry }, world.now);
    }
    let room = world.seats[0].core().view().plenary.unwrap();
    assert!(room.seats.iter().all(|seat| seat.seat != removed));
    // It waits a moment longer each time, also where the one before was for another epoch.
    world.seats[0].outgoing.clear();
    let later = world.now.plus_ms(60_000);
    world.seats[0].input(Input::Woken, later);
    let sent = &world.seats[0].outgoing;
    let resets = |op: &Op| matches!(op, Op::Reset { token, .. } if *token == next);
    assert!(sent.iter().any(|frame| resets(&frame.op)));
}
