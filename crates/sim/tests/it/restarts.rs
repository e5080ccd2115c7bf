//! What a node reads from its own vault after a restart is what everybody knows, also where the log was shut in between.

use std::sync::Arc;

use participant::view::Opening;
use participant::{Command, Participant, Place};
use relay::core::Quotas;
use round::{Phase, Sequence};
use sim::World;
use sim::mood::rubbish;
use wire::limits::BUCKETS;

use crate::attack::{rogue, rotate};
use crate::shut_logs::{HOSTILE, PHASE_MS, begun, brought, hold, is_at, is_open_again, runs};
use crate::stage::{seat_id, seated};

/// Two seats, none of which is the keeper or hostile: their messages of a phase come late.
const LATE: [usize; 2] = [5, 6];

/// The public fold of a Round, and what the room puts off with it.
fn folded(core: &Participant) -> String {
    let state = core.state().unwrap();
    let round = state.open_round();
    let until = round.map(|round| (round.ends_ms, round.awaited_until_ms()));
    let room = (state.digest(), state.shut_since_ms(), until);
    let of_run = |runs: &Sequence| {
        let run = (runs.run_number(), runs.run_began_ms(), runs.ctx_r());
        // Once they are over nothing goes by it.
        let on = runs.phase().is_some();
        let times = on.then(|| (runs.phase_began_ms(), runs.deadline_ms()));
        let ends = (runs.close_allowed(u64::MAX), runs.give_up_allowed(u64::MAX));
        (run, runs.phase(), times, ends, runs.awaited())
    };
    let runs: Vec<_> = core.sequences().iter().map(of_run).collect();
    format!("{room:?} {runs:?}")
}

/// How far each seat's log was read when its vault was looked at last, and how often one was.
struct Looked {
    entries: Vec<u64>,
    times: usize,
}

impl Looked {
    fn at(world: &World) -> Looked {
        Looked {
            entries: vec![0; world.seats.len()],
            times: 0,
        }
    }

    /// Behind each entry that a seat has read: another process on its vault.
    fn look(&mut self, world: &World) {
        for (seat, seen) in world.seats.iter().zip(&mut self.entries) {
            let entries = seat.core().view().plenary.unwrap().entries;
            if entries == *seen {
                continue;
            }
            *seen = entries;
            self.times += 1;
            let again = Participant::load(seat.vault.clone()).unwrap();
            assert_eq!(folded(&again), folded(seat.core()), "behind {entries}");
        }
    }

    fn pass(&mut self, world: &mut World, ms: u64) {
        world.pass_watched(ms, |world| self.look(world));
        world.pass(0);
        self.look(world);
    }
}

/// The hostile seat takes the log away, and the keeper gives it back.
fn shut_and_reset(world: &mut World) {
    let hostile = rogue(world, HOSTILE, Place::Plenary);
    rotate(world, &hostile, rubbish(0, BUCKETS[0]), 66);
    let mailbox = hostile.mailbox();
    let reset = world.pass_until(120_000, |world| is_open_again(world, mailbox));
    assert!(reset);
}

fn is_shut(world: &World) -> bool {
    let state = world.seats[2].core().state().unwrap();
    state.shut_since_ms().is_some()
}

fn without_guard(world: &mut World) {
    world.host.limit(Quotas {
        guard_ms: 0,
        ..Quotas::default()
    });
}

#[test]
fn whoever_restarts_behind_a_reset_closes_when_everybody_does() {
    let (mut world, _) = begun(8_230);
    assert!(world.pass_until(200_000, |world| is_at(world, HOSTILE, Phase::Kems)));
    hold(&mut world, LATE.into_iter(), true);
    world.pass(1_000);
    shut_and_reset(&mut world);
    world.pass(PHASE_MS / 3);
    hold(&mut world, std::iter::once(LATE[1]), false);
    world.pass(1_000);
    // The convenor takes no part: it need not leave the run.
    world.seats[0].crash();
    world.seats[0].start();
    world.pass(1_000);
    let ends = |world: &World, seat: usize| runs(world, seat).unwrap().deadline_ms();
    assert_eq!(ends(&world, 0), ends(&world, 2));
    world.pass(240_000);
    let silent = seat_id(&world, LATE[0]);
    hold(&mut world, LATE.into_iter(), false);
    world.pass(5_000);
    assert_eq!(brought(&world), (vec![silent], vec![], 6));
}

/// In these phases the log is shut twice. Behind every entry that anybody reads a process begins on its vault.
fn restarts_at_any_entry(world: &mut World, phases: &[Phase], late_ones: [usize; 2]) {
    without_guard(world);
    let mut looked = Looked::at(world);
    for phase in phases {
        assert!(world.pass_until(200_000, |world| is_at(world, HOSTILE, *phase)));
        hold(world, late_ones.into_iter(), true);
        looked.pass(world, 1_000);
        for late in late_ones {
            let hostile = rogue(world, HOSTILE, Place::Plenary);
            rotate(world, &hostile, rubbish(0, BUCKETS[0]), 66);
            looked.pass(world, 100);
            assert!(world.pass_until(120_000, |world| !is_shut(world)));
            looked.pass(world, 2_000);
            // The last one brings the phase to its end: from there on the next one is waited for.
            hold(world, std::iter::once(late), false);
            if late == late_ones[0] {
                looked.pass(world, 2_000);
            }
        }
    }
    looked.pass(world, 240_000);
    assert!(looked.times > 150, "{} times", looked.times);
}

const PHASES: [Phase; 3] = [Phase::Kems, Phase::Vectors, Phase::Releases];

#[test]
fn whoever_restarts_at_any_entry_folds_as_who_did_not() {
    let (mut world, _) = begun(8_231);
    restarts_at_any_entry(&mut world, &PHASES, LATE);
    assert_eq!(brought(&world), (vec![], vec![], 7));
}

/// Each side has runs of its own, and reads those of the other.
#[test]
fn whoever_restarts_at_any_entry_folds_the_runs_of_both_sides_as_who_did_not() {
    let mut world = seated(10, 8_232);
    for seat in 1..=10 {
        world.command(seat, Command::TakeSeat);
    }
    let open = Command::OpenBallot {
        question: "How shall we cross?".into(),
        statements: vec!["One bridge.".into(), "A ferry at night.".into()],
        each_side: true,
        window_ms: 20_000,
        phase_ms: PHASE_MS,
        floor: None,
    };
    world.command(0, open);
    // Seat 5 sits with the hostile one, whose side the other side runs ahead of.
    restarts_at_any_entry(&mut world, &PHASES[..2], [6, 5]);
    let view = world.seats[2].core().view().plenary.unwrap();
    assert_eq!(view.results.len(), 2, "one of each side");
    let whole = |opening: &Arc<Opening>| (opening.final_roster, opening.runs);
    assert!(view.results.iter().all(|one| whole(one) == (5, 1)));
}
