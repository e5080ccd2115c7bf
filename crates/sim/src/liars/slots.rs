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
    let id = parts::join_place(scene.fold, run.leaf)?.id;
    let bad = below(usize::from(run.lanes), scene.rng);
    run.tags = (0..run.lanes)
        .map(|lane| run.drawn.tag(id, &t1, lane))
        .collect();
    if let Some(tag) = run.tags.get_mut(bad) {
        match cheat {
            Some(Cheat::ChosenTag(chosen)) => *tag = chosen,
            Some(Cheat::Otherwise) => *tag = 1 + scene.rng.next_u64() % (M61 - 1),
            Some(_) | None => {}
        }
    }
    let mut sums = Vec::new();
    for (tag, lane) in run.tags.iter().zip(0u16..) {
        let mut own = parts::powers(*tag, run.n);
        run.pairs
            .iter()
            .for_each(|pair| pair.pad_sums(lane, &mut own));
        if usize::from(lane) == bad {
            spoil(cheat, run, lane, &mut own, scene);
        }
        sums.extend(own);
    }
    match cheat {
        Some(Cheat::Silent | Cheat::EarlyNogo) => return Some(Vec::new()),
        Some(Cheat::WrongTranscript) => t2 = other(t2),
        Some(Cheat::WrongSize) => drop(sums.pop()),
        Some(_) | None => {}
    }
    Some(vec![Message::Slot(Slot {
        ctx: run.ctx,
        t2,
        sums,
    })])
}

fn spoil(cheat: Option<Cheat>, run: &LiarRun, lane: u16, sums: &mut [u64], scene: &mut Scene) {
    match cheat {
        Some(Cheat::NonCanonical) => sums.iter_mut().take(1).for_each(|sum| *sum = M61),
        Some(Cheat::WrongPad) => {
            // The pad of one peer twice.
            let one = below(run.pairs.len(), scene.rng);
            if let Some(pair) = run.pairs.get(one) {
                pair.pad_sums(lane, sums);
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
}
