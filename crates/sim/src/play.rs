//! One seed: draws a case, plays it to its end, and asks the oracles.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use participant::Command;
use round::{Ballot, Message, Phase};

use crate::arena::Arena;
use crate::cases::{Case, Draw, Out, Plan};
use crate::liars::Liar;
use crate::oracle::{Judgement, Texts, judge};
use crate::template::{Kind, PHASE_MS, STATEMENTS, Template, number_keys_from, opening};

/// How long a Round may take, ms.
const LIMIT_MS: u64 = 160_000;
/// The window of a further Round, ms.
const AGAIN_MS: u64 = 25_000;
/// And where its log's time stands still.
const FROZEN_MS: u64 = 9_000;

/// How often one seed draws a canary.
const HUNTS: u64 = 12;

/// One seed, played.
pub struct Played {
    /// Which.
    pub seed: u64,
    /// What was played.
    pub case: &'static str,
    /// In which phase.
    pub phase: Phase,
    /// Whether what the case wants came about.
    pub struck: bool,
    /// What became of it.
    pub judgement: Judgement,
    /// What happened, if somebody reads it.
    pub trace: Vec<String>,
}

/// Plays a case in a phase. A panic is one more way to fail.
pub fn play(seed: u64, case: &Case, phase: Phase, traced: bool) -> Played {
    let played = catch_unwind(AssertUnwindSafe(|| play_out(seed, case, phase, traced)));
    played.unwrap_or_else(|_| Played {
        seed,
        case: case.name,
        phase,
        struck: true,
        judgement: Judgement::of_panic(),
        trace: Vec::new(),
    })
}

/// Draws a bug that was put in on purpose anew until it has shown itself, so that every seed finds it.
pub fn hunt(seed: u64, canary: &Case, phase: Phase, traced: bool) -> Played {
    let mut hunted = play(seed, canary, phase, traced);
    for draw in 1..HUNTS {
        if !hunted.judgement.failures.is_empty() {
            break;
        }
        let again = play(seed.wrapping_add(draw << 32), canary, phase, traced);
        hunted.judgement.add(again.judgement);
        hunted.trace.extend(again.trace);
    }
    hunted
}

fn play_out(seed: u64, case: &Case, phase: Phase, traced: bool) -> Played {
    let mut draw = Draw::new(seed, phase);
    let plan = (case.plan)(&mut draw);
    // The first play that needs a template makes it, and that numbers keys too.
    let template = Template::of(plan.n, plan.kind);
    number_keys_from(seed.wrapping_mul(1_000).wrapping_add(1 << 40));
    take_out(plan.without);
    let (mut arena, texts) = stage(seed, template, &plan, &mut draw);
    if traced {
        arena.record.trace = Some(vec![format!("{plan:?}")]);
    }
    play_round(&mut arena, &plan);
    let mut judgement = judge(&arena, &plan, &texts);
    for roster in &plan.again {
        play_again(&mut arena, &plan, roster, &texts);
        let again = judge(&arena, &plan, &texts);
        judgement.failures.extend(again.failures);
    }
    let mut trace = arena.record.trace.take().unwrap_or_default();
    trace.extend(said(&arena).filter(|_| traced));
    Played {
        seed,
        case: case.name,
        phase,
        struck: arena.struck,
        judgement,
        trace,
    }
}

fn said(arena: &Arena) -> impl Iterator<Item = String> {
    arena.record.said.iter().map(|said| {
        let kind = crate::record::kind(&said.message);
        let run = arena.record.runs.get(said.message.ctx());
        let run = run.map_or(0, |run| run.number);
        let Message::Close(close) = &*said.message else {
            return format!("{} seat {} says {kind} in run {run}", said.order, said.seat);
        };
        let phase = close.phase;
        format!(
            "{} seat {} says {kind} {phase:?} in run {run}",
            said.order, said.seat
        )
    })
}

/// Everybody is there, and has written what it wants to say.
fn stage(seed: u64, template: &'static Template, plan: &Plan, draw: &mut Draw) -> (Arena, Texts) {
    let convenor = plan.convenor || plan.liars.iter().any(|(seat, _)| *seat == 0);
    let mut arena = Arena::new(template, plan.script.clone(), seed, convenor);
    let mut texts = BTreeMap::new();
    for (seat, tricks) in &plan.liars {
        let liar = Liar::new(tricks.clone(), format!("A lie of seat {seat}"));
        if let Some(node) = arena.node_of(*seat) {
            arena.nodes[node].set_liar(Some(liar));
        }
        arena.struck = true;
    }
    for node in &mut arena.nodes {
        node.ahead_ms = draw.below(plan.script.clocks_ms.max(1));
    }
    for node in &mut arena.nodes {
        node.has_later_tables = plan.script.later.contains(&node.seat);
        if plan.script.repeats == Some(node.seat) {
            node.rng.repeat();
        }
    }
    // Where nobody and nothing is at fault there is nothing to wait for.
    arena.struck |= plan.liars.is_empty() && plan.script.is_plain();
    arena.begin();
    for seat in 1..=plan.n {
        let silent = draw.one_in(5) || plan.kind != Kind::Statement;
        if !arena.is_liar(seat) && !silent {
            let text = format!("What seat {seat} thinks of {seed}");
            write(&mut arena, seat, &text);
            texts.insert(seat, text);
        }
    }
    cast_all(&mut arena, plan);
    if let Some((seat, crash)) = plan.script.crash
        && let Some(node) = arena.node_of(seat)
    {
        arena.nodes[node].crash = Some(crash);
    }
    (arena, texts)
}

fn write(arena: &mut Arena, seat: usize, text: &str) -> bool {
    let Some(node) = arena.node_of(seat) else {
        return false;
    };
    let command = Command::Write {
        round: arena.round,
        text: text.to_owned(),
        minimum: None,
    };
    arena.command(node, command)
}

/// From the window's end to the Round's, with a GIVE-UP where a share stays away.
fn play_round(arena: &mut Arena, plan: &Plan) {
    let ends = arena.window_ends();
    let limit = if plan.script.frozen.is_some() {
        FROZEN_MS
    } else {
        LIMIT_MS
    };
    arena.play_until(ends.plus_ms(limit), |arena| {
        arena.is_over() || arena.is_stuck()
    });
    // Whoever is behind reads on.
    let soon = arena.now.plus_ms(PHASE_MS + 1_000);
    arena.play_until(soon, |_| false);
    if arena.is_stuck() {
        arena.give_up();
        let soon = arena.now.plus_ms(2_000);
        arena.play_until(soon, |_| false);
    }
}

/// A further Round for some seats, in which everybody wants to say the same again.
fn play_again(arena: &mut Arena, plan: &Plan, roster: &[usize], texts: &Texts) {
    arena.played_again = true;
    let Some(convenor) = arena.node_of(0) else {
        return;
    };
    // Who was in the room for the last Round need not be there for this one.
    arena.restart_all();
    for seat in roster {
        if let Some(node) = arena.node_of(*seat) {
            arena.command(node, Command::TakeSeat);
        }
    }
    let open = opening(plan.kind, AGAIN_MS).unwrap_or(Command::OpenRound {
        question: "And now?".into(),
        slot_bytes: 1024,
        window_ms: AGAIN_MS,
        phase_ms: PHASE_MS,
        floor: None,
    });
    if !arena.command(convenor, open) {
        return;
    }
    let soon = arena.now.plus_ms(AGAIN_MS / 2);
    arena.play_until(soon, |_| false);
    let Some(round) = arena.open_round(convenor) else {
        return;
    };
    arena.round = round;
    arena.nodes.iter_mut().for_each(|node| node.began = false);
    for (seat, text) in texts {
        write(arena, *seat, text);
    }
    cast_all(arena, plan);
    let limit = arena.now.plus_ms(40_000);
    arena.play_until(limit, Arena::is_over);
}

/// Everybody who is honest answers, where answers are asked for.
fn cast_all(arena: &mut Arena, plan: &Plan) {
    if plan.kind == Kind::Statement {
        return;
    }
    let round = arena.round;
    for node in 0..arena.nodes.len() {
        let seat = arena.nodes[node].seat;
        if arena.nodes[node].liar.is_none() && seat > 0 {
            let all = [Ballot::Agree, Ballot::Disagree, Ballot::Pass];
            let answers = (0..STATEMENTS.len())
                .map(|lane| all[(seat + lane) % 3])
                .collect();
            arena.command(
                node,
                Command::Cast {
                    round,
                    answers,
                    minimum: None,
                },
            );
        }
    }
}

/// Once, before anybody moves: plays of one plan may go on beside each other.
fn take_out(out: Option<Out>) {
    match out {
        None | Some(Out::Room(_)) => round::rules::take_out(None),
        Some(Out::Round(rule)) => round::rules::take_out(Some(rule)),
        Some(Out::Both(one, other)) => round::rules::take_out_both(one, other),
    }
    match out {
        None | Some(Out::Round(_) | Out::Both(..)) => room::rules::take_out(None),
        Some(Out::Room(rule)) => room::rules::take_out(Some(rule)),
    }
}
