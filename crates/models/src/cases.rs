//! All models by name, and what each asks.

mod needed;

use round::Phase;

use crate::clocks::Times;
use crate::colluders::Colluders;
use crate::explored::{Report, explore, explore_asking};
use crate::forks::{self, Forks};
use crate::gate::{Gate, Sides};
use crate::honest_relay::HonestRelay;
use crate::locks::{Lock, Locks};
use crate::logs::World;
use crate::readers::OneLog;
use crate::restores::{self, Restores};
use crate::rooms::ballots::Rosters;
use crate::rooms::crowds::Crowds;
use crate::rooms::memory::Memory;
use crate::rooms::moves::Moves;
use crate::rooms::places::Caucuses;
use crate::rooms::puppets::Puppets;

pub use needed::{NEEDED, Needed, TRIED_ELSEWHERE, TRIED_IN_ROOMS};

/// How long a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// It is run to its end with the tests.
    WithTheTests,
    /// It is run by command.
    ByCommand,
}

/// A model, with a size.
pub struct Case {
    /// By this it is called.
    pub name: &'static str,
    /// What is tried.
    pub asks: &'static str,
    /// When it is run.
    pub runs: Runs,
    /// Where the answer is no although every rule holds: the property that is broken. It shows what a
    /// weaker rule would do, or where a promise ends.
    pub breaks: Option<&'static str>,
    /// Tries everything: of the properties those whose name begins so, up to so many steps.
    pub run: fn(asked: &'static str, limit: Option<usize>) -> Report,
}

const fn tested(
    name: &'static str,
    asks: &'static str,
    run: fn(&'static str, Option<usize>) -> Report,
) -> Case {
    Case {
        name,
        asks,
        runs: Runs::WithTheTests,
        breaks: None,
        run,
    }
}

const fn large(
    name: &'static str,
    asks: &'static str,
    run: fn(&'static str, Option<usize>) -> Report,
) -> Case {
    Case {
        runs: Runs::ByCommand,
        ..tested(name, asks, run)
    }
}

const fn broken(
    name: &'static str,
    asks: &'static str,
    property: &'static str,
    run: fn(&'static str, Option<usize>) -> Report,
) -> Case {
    Case {
        breaks: Some(property),
        ..tested(name, asks, run)
    }
}

/// Everything that one cheat may try.
const fn all_tricks(honest: u32, floor: u16) -> World {
    World {
        vectors: 2,
        damage: true,
        bad_tags: true,
        bad_root: true,
        ..World::plain(honest, 1, floor)
    }
}

const fn two_colluders(honest: u32, floor: u16) -> World {
    World {
        equal_sum: true,
        damage: true,
        ..World::plain(honest, 2, floor)
    }
}

fn forks(world: World, runs: u8, asked: &'static str, limit: Option<usize>) -> Report {
    let size = forks::Size {
        asked,
        ..forks::Size::one_round(world, runs)
    };
    explore(Forks::new(size), limit)
}

fn rounds(world: World, runs: u8, asked: &'static str, limit: Option<usize>) -> Report {
    let size = forks::Size {
        asked,
        rounds: true,
        ..forks::Size::one_round(world, runs)
    };
    explore(Forks::new(size), limit)
}

fn waiting(world: World, copies: u8, asked: &'static str, limit: Option<usize>) -> Report {
    let size = forks::Size {
        asked,
        rounds: true,
        gate: true,
        copies,
        ..forks::Size::one_round(world, 2)
    };
    explore(Forks::new(size), limit)
}

fn restores(
    (honest, runs): (u32, u8),
    (restarts, restores): (u8, u8),
    asked: &'static str,
    limit: Option<usize>,
) -> Report {
    let size = restores::Size {
        world: World::plain(honest, 1, 2),
        runs,
        restarts,
        restores,
        asked,
    };
    explore(Restores::new(size), limit)
}

fn relay(world: World, limit: Option<usize>) -> Report {
    explore(HonestRelay::new(world), limit)
}

fn times(entries: u8, pauses: u8, absences: u8) -> Times {
    Times {
        entries,
        pauses,
        absences,
        is_new: false,
    }
}

fn puppets(honest: [u32; 2], friends: [u32; 2], limit: Option<usize>) -> Report {
    let model = Puppets {
        honest,
        friends,
        puppets: 3,
        removals: 0,
    };
    explore(model, limit)
}

/// Two puppets, and everybody else may be removed before, between or after them.
fn puppets_and_removals(limit: Option<usize>) -> Report {
    let model = Puppets {
        honest: [1, 1],
        friends: [1, 1],
        puppets: 2,
        removals: 3,
    };
    explore(model, limit)
}

/// All of them.
pub const CASES: &[Case] = &[
    tested(
        "forks-two",
        "2 honest, 1 cheat with every trick, a log each, 2 runs",
        |asked, limit| forks(all_tricks(2, 2), 2, asked, limit),
    ),
    tested(
        "forks-two-joins",
        "2 honest, 1 cheat with 2 JOINs and 2 vectors, a log each, 2 runs",
        |asked, limit| {
            let world = World {
                joins: 2,
                vectors: 2,
                ..World::plain(2, 1, 2)
            };
            forks(world, 2, asked, limit)
        },
    ),
    tested(
        "forks-two-rounds",
        "2 honest, 1 cheat, a log each, 2 runs, the second one also of another Round and roster",
        |asked, limit| rounds(World::plain(2, 1, 2), 2, asked, limit),
    ),
    tested(
        "forks-three",
        "3 honest, 1 cheat, a log each, 2 runs, the second one also of another Round and roster",
        |asked, limit| rounds(World::plain(3, 1, 2), 2, asked, limit),
    ),
    tested(
        "forks-colluders",
        "2 honest, 2 cheats whose vectors differ and add up to the same, a log each",
        |asked, limit| forks(two_colluders(2, 2), 1, asked, limit),
    ),
    tested(
        "forks-relay-alone",
        "3 honest, no cheat: what can the relay do by itself, 2 runs",
        |asked, limit| forks(World::plain(3, 0, 2), 2, asked, limit),
    ),
    tested(
        "forks-gate",
        "2 honest, 1 cheat, a log each, shares wait for other sides, given up or not, 2 copies of that time",
        |asked, limit| waiting(World::plain(2, 1, 2), 2, asked, limit),
    ),
    large(
        "forks-two-three-runs",
        "forks-two-rounds with 3 runs",
        |asked, limit| rounds(World::plain(2, 1, 2), 3, asked, limit),
    ),
    large(
        "forks-three-tricks",
        "3 honest, 1 cheat with every trick, a log each, 2 runs",
        |asked, limit| forks(all_tricks(3, 3), 2, asked, limit),
    ),
    large(
        "forks-three-vectors",
        "forks-three with 2 vectors of the cheat",
        |asked, limit| {
            let world = World {
                vectors: 2,
                ..World::plain(3, 1, 2)
            };
            rounds(world, 2, asked, limit)
        },
    ),
    large(
        "forks-three-gate",
        "3 honest, 1 cheat, a log each, gate and give-up, 1 copy",
        |asked, limit| waiting(World::plain(3, 1, 2), 1, asked, limit),
    ),
    large(
        "forks-three-colluders",
        "3 honest, 2 colluders, a log each",
        |asked, limit| forks(two_colluders(3, 3), 1, asked, limit),
    ),
    tested(
        "restores-one-run",
        "2 honest, 1 cheat, a log each, 2 restarts and 3 old copies of vaults, 1 run",
        |asked, limit| restores((2, 1), (2, 3), asked, limit),
    ),
    tested(
        "restores-two-runs",
        "2 honest, 1 cheat, a log each, 1 restart and 1 old copy, 2 runs",
        |asked, limit| restores((2, 2), (1, 1), asked, limit),
    ),
    tested(
        "copies-two-runs",
        "2 honest, 1 cheat, a log each, 1 old copy, 2 runs",
        |asked, limit| restores((2, 2), (0, 1), asked, limit),
    ),
    tested(
        "copies-one-run",
        "2 honest, 1 cheat, a log each, 2 old copies, 1 run",
        |asked, limit| restores((2, 1), (0, 2), asked, limit),
    ),
    large(
        "restores-three-honest",
        "3 honest, 1 cheat, a log each, 2 restarts and 2 old copies, 1 run",
        |asked, limit| restores((3, 1), (2, 2), asked, limit),
    ),
    tested(
        "readers-verdicts",
        "every log of up to 3 entries after the first GO, a second reader that restarts anywhere",
        |_, limit| explore(OneLog::new(Phase::Verdicts, 1, 3), limit),
    ),
    tested(
        "readers-vectors",
        "every log of up to 3 entries in phase 4",
        |_, limit| explore(OneLog::new(Phase::Vectors, 0, 3), limit),
    ),
    tested(
        "readers-reveals",
        "every log of up to 3 entries after a counting NOGO",
        |_, limit| explore(OneLog::new(Phase::Reveals, 0, 3), limit),
    ),
    large(
        "readers-verdicts-long",
        "every log of up to 4 entries in phase 5",
        |_, limit| explore(OneLog::new(Phase::Verdicts, 0, 4), limit),
    ),
    tested(
        "relay-four",
        "an honest relay, 2 honest, 2 cheats with every trick, floor 2",
        |_, limit| {
            let world = World {
                cheats: 2,
                equal_sum: true,
                ..all_tricks(2, 2)
            };
            relay(world, limit)
        },
    ),
    tested(
        "relay-five",
        "an honest relay, 3 honest, 2 cheats with every trick, floor 4",
        |_, limit| {
            let world = World {
                cheats: 2,
                equal_sum: true,
                ..all_tricks(3, 4)
            };
            relay(world, limit)
        },
    ),
    large(
        "relay-eight",
        "an honest relay, 5 honest, 3 cheats with every trick, floor 5",
        |_, limit| {
            let world = World {
                cheats: 3,
                equal_sum: true,
                ..all_tricks(5, 5)
            };
            relay(world, limit)
        },
    ),
    tested(
        "colluders",
        "2 honest, 3 colluders who share or copy anything: any two deeds in the first run, one in the next two",
        |asked, limit| explore_asking(asked, Colluders { first: 2, later: 1 }, limit),
    ),
    large(
        "colluders-more",
        "the same with three deeds in the first run, two in the next two",
        |asked, limit| explore_asking(asked, Colluders { first: 3, later: 2 }, limit),
    ),
    tested(
        "gate",
        "sides of 2 and 3 in one log, the cheat in the second, 2 runs each",
        |_, limit| explore(Gate::new(Sides::TwoAndThree, 2), limit),
    ),
    tested(
        "gate-dropped",
        "sides of 3 and 2 in one log, the second one can be dropped",
        |_, limit| explore(Gate::new(Sides::ThreeAndTwo, 2), limit),
    ),
    tested(
        "locks",
        "histories of 2 readable runs: a text is bound to the roster of its run",
        |_, limit| explore(Locks::new(Lock::ToRunRoster, 2), limit),
    ),
    large("locks-three", "histories of 3 readable runs", |_, limit| {
        explore(Locks::new(Lock::ToRunRoster, 3), limit)
    }),
    broken(
        "locks-opening",
        "a weaker key: bound to the roster at START",
        "i2",
        |_, limit| explore(Locks::new(Lock::ToOpeningRoster, 2), limit),
    ),
    broken(
        "locks-question",
        "a weaker key: bound by text and question",
        "i2",
        |_, limit| explore(Locks::new(Lock::OfQuestion, 2), limit),
    ),
    broken(
        "locks-spoilt",
        "a weaker key: only texts of spoilt Rounds are bound",
        "i2",
        |_, limit| explore(Locks::new(Lock::OnlyOfSpoilt, 2), limit),
    ),
    tested(
        "ballots",
        "25 seats, 3 Rounds about one statement by any rosters that the room admits",
        |asked, limit| explore_asking(asked, Rosters { rounds: 3 }, limit),
    ),
    tested(
        "memory",
        "6 people of a side, 3 Rounds about what looks the same; all of them come again under new numbers",
        |_, limit| {
            let (people, rounds) = (12, 3);
            explore(Memory { people, rounds }, limit)
        },
    ),
    large("ballots-five", "the same with 5 Rounds", |asked, limit| {
        explore_asking(asked, Rosters { rounds: 5 }, limit)
    }),
    tested(
        "crowds",
        "12 seats, 2 Rounds days apart, READYs dropped and members cut off",
        |asked, limit| explore_asking(asked, Crowds { rounds: 2 }, limit),
    ),
    large("crowds-three", "the same with 3 Rounds", |asked, limit| {
        explore_asking(asked, Crowds { rounds: 3 }, limit)
    }),
    tested(
        "clocks",
        "a relay that gives 5 entries any times, 2 pauses",
        |asked, limit| explore_asking(asked, times(5, 2, 0), limit),
    ),
    tested(
        "clocks-away",
        "the same with 3 entries and a seat that is away once, its machine on or not",
        |asked, limit| explore_asking(asked, times(3, 2, 1), limit),
    ),
    large("clocks-long", "clocks with 3 pauses", |asked, limit| {
        explore_asking(asked, times(5, 3, 0), limit)
    }),
    broken(
        "clocks-new",
        "where the promise ends: a seat that comes anew, and reads late what was said before",
        "window",
        |asked, limit| {
            let times = Times {
                is_new: true,
                ..times(3, 2, 1)
            };
            explore_asking(asked, times, limit)
        },
    ),
    tested(
        "caucuses",
        "2 honest, 1 hostile of a side that founds, takes away, withholds and is removed, a relay that loses caucuses",
        |asked, limit| {
            explore_asking(
                asked,
                Caucuses {
                    foundings: 4,
                    waits: 1,
                },
                limit,
            )
        },
    ),
    tested(
        "moves",
        "2 convenors, one hostile, announce places, lead the plenary anywhere and remove each other",
        |asked, limit| explore_asking(asked, Moves { steps: 5 }, limit),
    ),
    tested(
        "puppets",
        "a hostile convenor with a friend on either side seats three puppets that vouch and confirm",
        |_, limit| puppets([2, 2], [1, 1], limit),
    ),
    tested(
        "puppets-one-side",
        "the same with both friends on one side",
        |_, limit| puppets([2, 2], [2, 0], limit),
    ),
    tested(
        "puppets-removed",
        "two puppets, where the convenor removes whom he likes, a friend on either side",
        |_, limit| puppets_and_removals(limit),
    ),
    broken(
        "puppets-three",
        "where the promise ends: two friends on a side and one on the other",
        "eligible",
        |_, limit| puppets([2, 2], [2, 1], limit),
    ),
    broken(
        "puppets-first",
        "where the promise ends: a friend is each side's first seat, before anybody honest comes",
        "eligible",
        |_, limit| puppets([0, 0], [1, 1], limit),
    ),
];

/// A case by its name.
pub fn case(name: &str) -> Option<&'static Case> {
    CASES.iter().find(|case| case.name == name)
}
