//! Cheats in phase 3.

use round::{M61, Message, Slot, parts};

use super::Cheat;
use super::crook::{LiarRun, Scene, below, other};

pub(super) fn say(
    run: &mut LiarRun,
    cheat: Option<Cheat>,
    scene: &mut Scene,
) -> Option<Vec<Message>> {
    run.pairs = run.drawn.pairs(scene.fold, run.leaf, &run.sent)?;
    let [Some(t1), Some(mut t2), ..] = parts::transcripts(scene.fold) else {
        return None;
    };
    run.tag = match cheat {
        Some(Cheat::ChosenTag(tag)) => tag,
        Some(Cheat::Otherwise) => 1 + scene.rng.next_u64() % (M61 - 1),
        Some(_) | None => run.drawn.tag(&t1, 0),
    };
    let mut sums = parts::powers(run.tag, run.n);
    for pair in &run.pairs {
        pair.pad_sums(0, &mut sums);
    }
    match cheat {
        Some(Cheat::Silent | Cheat::EarlyNogo) => return Some(Vec::new()),
        Some(Cheat::WrongTranscript) => t2 = other(t2),
        Some(Cheat::WrongSize) => drop(sums.pop()),
        Some(Cheat::NonCanonical) => sums.iter_mut().take(1).for_each(|sum| *sum = M61),
        Some(Cheat::WrongPad) => {
            // The pad of one peer twice.
            let one = below(run.pairs.len(), scene.rng);
            if let Some(pair) = run.pairs.get(one) {
                pair.pad_sums(0, &mut sums);
            }
        }
        Some(Cheat::NotPowers) => {
            let at = below(sums.len(), scene.rng);
            if let Some(sum) = sums.get_mut(at) {
                *sum = (*sum + 1 + scene.rng.next_u64() % (M61 - 1)) % M61;
            }
        }
        Some(_) | None => {}
    }
    Some(vec![Message::Slot(Slot {
        ctx: run.ctx,
        t2,
        sums,
    })])
}
