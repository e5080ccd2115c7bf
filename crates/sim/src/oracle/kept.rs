//! What nobody may take from others: what they sealed, and runs that cost nobody a place.

use std::collections::BTreeSet;

use room::Tally;
use round::{Ballot, Hash, Message, OpenedSlot};

use super::outcomes::is_current;
use super::{Failure, Oracle};
use crate::arena::Arena;
use crate::cases::Plan;
use crate::knowledge::{self, Part};

pub(super) fn judge(arena: &Arena, plan: &Plan, parts: &[Part]) -> Vec<Failure> {
    let script = &plan.script;
    if !script.relay_is_honest() || script.restore.is_some() || arena.played_again {
        return Vec::new();
    }
    let mut failures = Vec::new();
    failures.extend(seal_voided(arena, parts));
    failures.extend(run_for_nothing(arena));
    failures
}

/// Whatever else stood in the slots of a run that was opened, what honest members sealed is read by all.
fn seal_voided(arena: &Arena, parts: &[Part]) -> Option<Failure> {
    let (mut texts, mut answers) = (Vec::new(), Vec::<Tally>::new());
    let opened = parts.iter().filter(|part| is_opened(arena, &part.ctx));
    let runs: BTreeSet<Hash> = opened.clone().map(|part| part.ctx).collect();
    for part in opened {
        let slots = knowledge::opened(arena, part)?;
        texts.extend(part.text.iter().map(|text| (part.seat, text.clone())));
        answers.resize(answers.len().max(slots.len()), Tally::default());
        slots
            .iter()
            .zip(&mut answers)
            .for_each(|(slot, tally)| count(tally, slot));
    }
    let nodes = arena.nodes.iter().filter(|node| is_current(node));
    for node in nodes {
        let Some(core) = &node.core else { continue };
        let ended = core.state().map(|state| state.ended_rounds());
        let ended = ended
            .unwrap_or_default()
            .iter()
            .find(|ended| ended.id == arena.round);
        if ended.is_none_or(|ended| ended.failed().is_some()) {
            continue;
        }
        let results = core
            .view()
            .plenary
            .map(|room| room.results)
            .unwrap_or_default();
        let results = || results.iter().filter(|result| result.round == arena.round);
        if results().count() < runs.len() {
            // A side was given up with the last shares under way, or with one that is not its owner's.
            continue;
        }
        let all = || results().flat_map(|result| &result.statements);
        let lost = texts
            .iter()
            .find(|(_, text)| !all().any(|shown| shown == text));
        if let Some((seat, text)) = lost {
            let what = format!("{text:?} of seat {seat}, for seat {}", node.seat);
            return Some(Oracle::SealVoided.failed(what));
        }
        let is_ballot = results().any(|result| !result.tallies.is_empty());
        for (lane, cast) in answers.iter().enumerate().filter(|_| is_ballot) {
            let told = results().filter_map(|result| result.tallies.get(lane));
            let told = told.fold([0; 4], added);
            let cast = added([0; 4], cast);
            if cast.iter().zip(told).any(|(cast, told)| *cast > told) {
                let what = format!(
                    "lane {lane}: {cast:?} cast, {told:?} told to seat {}",
                    node.seat
                );
                return Some(Oracle::SealVoided.failed(what));
            }
        }
    }
    None
}

fn count(tally: &mut Tally, slot: &OpenedSlot) {
    let counted = match Ballot::read(slot) {
        Some(Ballot::Agree) => &mut tally.agree,
        Some(Ballot::Disagree) => &mut tally.disagree,
        Some(Ballot::Pass) => &mut tally.pass,
        Some(Ballot::Unanswered) => &mut tally.unanswered,
        None => &mut tally.void,
    };
    *counted += 1;
}

fn added(sum: [u16; 4], tally: &Tally) -> [u16; 4] {
    let [agree, disagree, pass, unanswered] = sum;
    [
        agree + tally.agree,
        disagree + tally.disagree,
        pass + tally.pass,
        unanswered + tally.unanswered,
    ]
}

/// Everybody in the run has said its share.
fn is_opened(arena: &Arena, ctx: &Hash) -> bool {
    let said = arena.record.said.iter();
    let shares = said.filter(|said| matches!(&*said.message, Message::Release(r) if r.ctx == *ctx));
    let seats: BTreeSet<usize> = shares.map(|said| said.seat).collect();
    let run = arena.record.runs.get(ctx);
    run.is_some_and(|run| run.leaves.len() == seats.len())
}

/// The run after one without texts has fewer members.
fn run_for_nothing(arena: &Arena) -> Option<Failure> {
    let runs = || arena.record.runs.values();
    let again = runs().find(|run| {
        let mut before = runs().filter(|earlier| earlier.number + 1 == run.number);
        before.any(|earlier| earlier.leaves == run.leaves)
    })?;
    let what = format!("run {} has the roster of the one before", again.number);
    Some(Oracle::RunForNothing.failed(what))
}
