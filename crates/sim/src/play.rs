//! One seed: draws a case, plays it to its end, and asks the oracles.

use std::collections::BTreeMap;

use participant::Command;
use round::rules::take_out;
use round::{Message, Phase};

use crate::arena::Arena;
use crate::cases::{Case, Draw, Plan};
use crate::liars::Liar;
use crate::oracle::{Judgement, Texts, judge};
use crate::template::{PHASE_MS, Template, number_keys_from};

/// How long a Round may take, ms.
const LIMIT_MS: u64 = 160_000;
/// And where its log's time stands still.
const FROZEN_MS: u64 = 9_000;

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

/// Plays a case in a phase.
pub fn play(seed: u64, case: &Case, phase: Phase, traced: bool) -> Played {
    number_keys_from(seed.wrapping_mul(1_000).wrapping_add(1 << 40));
    let mut draw = Draw::new(seed, phase);
    let plan = (case.plan)(&mut draw);
    take_out(plan.without);
    let (mut arena, texts) = stage(seed, &plan, &mut draw);
    if traced {
        arena.record.trace = Some(vec![format!("{plan:?}")]);
    }
    play_round(&mut arena, &plan);
    let mut judgement = judge(&arena, &plan, &texts);
    if plan.again {
        play_again(&mut arena, &texts);
        let again = judge(&arena, &plan, &texts);
        judgement.failures.extend(again.failures);
    }
    take_out(None);
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
fn stage(seed: u64, plan: &Plan, draw: &mut Draw) -> (Arena, Texts) {
    let template = Template::of(plan.n);
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
    arena.begin();
    for seat in 1..=plan.n {
        if !arena.is_liar(seat) && !draw.one_in(5) {
            let text = format!("What seat {seat} thinks of {seed}");
            write(&mut arena, seat, &text);
            texts.insert(seat, text);
        }
    }
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

/// A second Round, in which everybody wants to say the same again.
fn play_again(arena: &mut Arena, texts: &Texts) {
    arena.played_again = true;
    let Some(convenor) = arena.node_of(0) else {
        return;
    };
    for node in 0..arena.nodes.len() {
        arena.command(node, Command::TakeSeat);
    }
    let open = Command::OpenRound {
        question: "And now?".into(),
        slot_bytes: 1024,
        window_ms: 2_000,
        phase_ms: PHASE_MS,
        floor: None,
    };
    if !arena.command(convenor, open) {
        return;
    }
    let soon = arena.now.plus_ms(1_000);
    arena.play_until(soon, |_| false);
    let Some(round) = arena.open_round(convenor) else {
        return;
    };
    arena.round = round;
    arena.nodes.iter_mut().for_each(|node| node.began = false);
    for (seat, text) in texts {
        write(arena, *seat, text);
    }
    let limit = arena.now.plus_ms(40_000);
    arena.play_until(limit, Arena::is_over);
}
