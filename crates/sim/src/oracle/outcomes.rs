//! What honest nodes came to: who was left out, what was shown, and whether they agree.

use std::collections::{BTreeMap, BTreeSet};

use participant::Alarm;
use room::SeatId;
use round::Phase;

use super::{Failure, Oracle, Texts};
use crate::arena::Arena;
use crate::arena::node::Node;
use crate::cases::{Expect, Plan};

/// What one honest node says of the Round.
pub(super) struct Verdict {
    node: usize,
    seat: usize,
    absent: BTreeSet<usize>,
    disruptors: BTreeSet<usize>,
    /// Over: closed with these texts, or failed.
    shown: Option<Option<Vec<String>>>,
}

/// What all honest nodes say.
pub(super) struct Outcome {
    verdicts: Vec<Verdict>,
}

impl Outcome {
    pub(super) fn blamed(&self, arena: &Arena) -> u64 {
        let all = self.verdicts.iter().flat_map(|v| &v.disruptors);
        let liars: BTreeSet<usize> = all.copied().filter(|seat| arena.is_liar(*seat)).collect();
        liars.len() as u64
    }

    pub(super) fn excluded(&self) -> u64 {
        let all = self.verdicts.iter();
        let out: BTreeSet<usize> = all
            .flat_map(|v| v.disruptors.iter().chain(&v.absent))
            .copied()
            .collect();
        out.len() as u64
    }
}

pub(super) fn of(arena: &Arena) -> Outcome {
    let honest = arena.nodes.iter().enumerate();
    let honest = honest.filter(|(_, node)| node.liar.is_none());
    let verdicts = honest.filter_map(|(at, node)| {
        let core = node.core.as_ref()?;
        let state = core.state()?;
        let seats = |ids: &[SeatId]| -> Vec<usize> {
            ids.iter().filter_map(|id| arena.seat_of(*id)).collect()
        };
        let mut all = state.ended_rounds().iter();
        let ended = all.find(|ended| ended.id == arena.round);
        let running = state
            .open_round()
            .map(|round| round.runs())
            .unwrap_or_default();
        let (mut absent, mut disruptors) = (BTreeSet::new(), BTreeSet::new());
        for sequence in ended
            .map(|ended| ended.sequences.as_slice())
            .unwrap_or_default()
        {
            absent.extend(seats(&sequence.absent));
            disruptors.extend(seats(&sequence.disruptors));
        }
        for run in running.iter().filter(|_| ended.is_none()) {
            absent.extend(seats(&run.absent));
            disruptors.extend(seats(&run.disruptors));
        }
        let view = core.view();
        let results = view.plenary.map(|room| room.results).unwrap_or_default();
        let results = results.iter().filter(|result| result.round == arena.round);
        let shown = ended.map(|ended| match ended.failed() {
            Some(_) => None,
            None => Some(
                results
                    .flat_map(|result| result.statements.clone())
                    .collect(),
            ),
        });
        Some(Verdict {
            node: at,
            seat: node.seat,
            absent,
            disruptors,
            shown,
        })
    });
    Outcome {
        verdicts: verdicts.collect(),
    }
}

pub(super) fn judge(arena: &Arena, plan: &Plan, texts: &Texts, outcome: &Outcome) -> Vec<Failure> {
    let mut failures = Vec::new();
    for verdict in &outcome.verdicts {
        let honest = verdict
            .disruptors
            .iter()
            .find(|seat| !arena.is_liar(**seat));
        failures.extend(honest.map(|seat| {
            let what = format!("seat {seat}, by seat {}", verdict.seat);
            Oracle::HonestBlamed.failed(what)
        }));
        failures.extend(honest_left_out(arena, plan, verdict));
        failures.extend(culprit_free(arena, plan, verdict));
        failures.extend(text_lost(arena, texts, verdict));
        failures.extend(cheat_bites(arena, plan, verdict));
    }
    failures.extend(digests_differ(arena));
    failures.extend(too_many_runs(arena, plan));
    failures.extend(unfinished(arena, plan));
    let errors = arena.record.errors.first();
    failures.extend(errors.map(|error| Oracle::CoreStumbles.failed(error.clone())));
    failures
}

/// Nobody honest is absent but by the network's fault or its own machine's.
fn honest_left_out(arena: &Arena, plan: &Plan, verdict: &Verdict) -> Option<Failure> {
    let script = &plan.script;
    let disturbed = script.cut.is_some() || script.crash.is_some() || script.restore.is_some();
    if !script.relay_is_honest() || disturbed || arena.played_again {
        return None;
    }
    let left = verdict.absent.iter().find(|seat| !arena.is_liar(**seat))?;
    let what = format!("seat {left}, says seat {}", verdict.seat);
    Some(Oracle::HonestLeftOut.failed(what))
}

/// Who must be caught is, wherever the Round came to an end on the one log.
fn culprit_free(arena: &Arena, plan: &Plan, verdict: &Verdict) -> Option<Failure> {
    let copy = arena.nodes[verdict.node].copy > 0;
    if !arena.struck || copy || arena.played_again {
        return None;
    }
    let free = plan.culprits.iter().find(|seat| match plan.expect {
        Expect::Blamed => !verdict.disruptors.contains(seat),
        Expect::Out => !verdict.disruptors.contains(seat) && !verdict.absent.contains(seat),
        Expect::Free | Expect::Harmless => false,
        Expect::Stuck => matches!(verdict.shown, Some(Some(_))),
    })?;
    let what = format!("seat {free}, says seat {}", verdict.seat);
    Some(Oracle::CulpritFree.failed(what))
}

/// What must do nothing leaves nobody out, the liars included.
fn cheat_bites(arena: &Arena, plan: &Plan, verdict: &Verdict) -> Option<Failure> {
    if plan.expect != Expect::Harmless || arena.played_again {
        return None;
    }
    let out = verdict.disruptors.iter().chain(&verdict.absent).next()?;
    let what = format!("seat {out} is out, says seat {}", verdict.seat);
    Some(Oracle::CheatBites.failed(what))
}

/// A text is shown once, handed back to its author, or still waits in its vault.
fn text_lost(arena: &Arena, texts: &Texts, verdict: &Verdict) -> Option<Failure> {
    let node = &arena.nodes[verdict.node];
    if node.copy > 0 {
        return None;
    }
    if let Some(Some(shown)) = &verdict.shown {
        let known: BTreeSet<&str> = texts.values().map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        let odd = shown.iter().find(|text| {
            let honest = known.contains(text.as_str());
            honest && !seen.insert(text.as_str())
        });
        if let Some(odd) = odd {
            return Some(Oracle::TextAltered.failed(format!("{odd:?} is shown twice")));
        }
    }
    let text = texts.get(&verdict.seat)?;
    let core = node.core.as_ref()?;
    let view = core.view();
    if !is_current(node) {
        return None;
    }
    let mut back = view.returned.iter();
    let back = back
        .find(|returned| returned.round == Some(arena.round))
        .map(|returned| &returned.text);
    let kept = match &verdict.shown {
        None => core.draft(arena.round) == Some(text),
        Some(None) => back == Some(text),
        Some(Some(shown)) => shown.contains(text) || back == Some(text),
    };
    (!kept && !arena.played_again).then(|| {
        let how = match &verdict.shown {
            None => "the Round goes on",
            Some(None) => "the Round failed",
            Some(Some(_)) => "the Round closed",
        };
        Oracle::TextLost.failed(format!("seat {}: {how}", verdict.seat))
    })
}

/// An honest node that goes on. A copy that has seen that it is one reads on without what its seat
/// said itself: it cannot follow any more, and says so; so do others that cannot.
pub(super) fn is_current(node: &Node) -> bool {
    let alarms = node.core.as_ref().map(|core| core.view().alarms);
    let stops = |alarm: &Alarm| {
        matches!(
            alarm,
            Alarm::RestoredCopy
                | Alarm::LogDamaged
                | Alarm::UpdateProgram
                | Alarm::Removed
                | Alarm::LeftBehind
                | Alarm::MovedAway
        )
    };
    let stands = alarms.is_some_and(|alarms| !alarms.iter().any(stops));
    node.liar.is_none() && stands
}

fn digests_differ(arena: &Arena) -> Option<Failure> {
    let mut digests: BTreeMap<(usize, u64), room::Digest> = BTreeMap::new();
    for node in arena.nodes.iter().filter(|node| is_current(node)) {
        let Some(core) = &node.core else { continue };
        let Some(state) = core.state() else { continue };
        let digest = state.digest();
        let first = *digests.entry((node.view, core.folded())).or_insert(digest);
        if first != digest {
            let what = format!("seat {} at entry {}", node.seat, core.folded());
            return Some(Oracle::DigestsDiffer.failed(what));
        }
    }
    None
}

fn too_many_runs(arena: &Arena, plan: &Plan) -> Option<Failure> {
    let most = plan.n - room::floor(plan.n, None).min(plan.n) + 2;
    let runs = arena.record.runs.values().map(|run| run.number).max()?;
    let many = usize::try_from(runs).unwrap_or(usize::MAX) > most;
    (many && plan.script.relay_is_honest())
        .then(|| Oracle::TooManyRuns.failed(format!("{runs} of {most}")))
}

/// With an honest relay a Round comes to an end, or waits for somebody's share.
fn unfinished(arena: &Arena, plan: &Plan) -> Option<Failure> {
    if !plan.script.relay_is_honest() {
        return None;
    }
    let honest = arena.nodes.iter().filter(|node| is_current(node));
    let stuck = honest.filter_map(|node| {
        let (_, fold) = node.core.as_ref()?.sequence()?;
        let phase = fold.phase()?;
        (phase != Phase::Releases).then_some((node.seat, phase))
    });
    let (seat, phase) = stuck.into_iter().next()?;
    Some(Oracle::Unfinished.failed(format!("seat {seat} waits in {phase:?}")))
}
