//! Cheats in phase 4.

use round::{Dc, Hash, Message, Nogo, Phase, parts};

use super::Cheat;
use super::crook::{Liar, LiarRun, Scene, below, other};

pub(super) fn say(
    liar: &Liar,
    run: &mut LiarRun,
    cheat: Option<Cheat>,
    scene: &mut Scene,
) -> Option<Vec<Message>> {
    let [_, _, Some(mut t3), _] = parts::transcripts(scene.fold) else {
        return None;
    };
    if cheat == Some(Cheat::FalseNogo) {
        let nogo = Nogo {
            ctx: run.ctx,
            phase: Phase::Slots,
            evidence: t3,
        };
        return Some(vec![Message::Nogo(nogo)]);
    }
    let slot = parts::tags(scene.fold).and_then(|lanes| parts::rank(lanes.first()?, run.tag));
    let Some(slot) = slot else {
        // A bad lane: an honest member will say so.
        return Some(Vec::new());
    };
    run.slot = slot;
    run.sealed = seal(liar, run, cheat, scene);
    let mut vector = honest_vector(run, &t3);
    match cheat {
        Some(Cheat::Silent | Cheat::EarlyNogo) => return Some(Vec::new()),
        Some(Cheat::WrongTranscript) => t3 = other(t3),
        Some(Cheat::WrongSize) => drop(vector.pop()),
        Some(Cheat::WrongPad) => {
            let one = below(run.pairs.len(), scene.rng);
            if let Some(pair) = run.pairs.get(one) {
                pair.pad_vector(&t3, 0, &mut vector);
            }
        }
        Some(_) | None => spoil(cheat, run, &mut vector, scene),
    }
    Some(vec![Message::Dc(Dc {
        ctx: run.ctx,
        t3,
        vector: vector.into(),
    })])
}

fn seal(liar: &Liar, run: &LiarRun, cheat: Option<Cheat>, scene: &mut Scene) -> Vec<u8> {
    let mut e = [0; 32];
    scene.rng.fill_bytes(&mut e);
    if let Some(Cheat::SharedSeal(number)) = cheat {
        e = [number; 32];
    }
    let one = below(liar.old_slots.len(), scene.rng);
    let old = liar.old_slots.get(one).filter(|old| !old.is_empty());
    match (cheat, old) {
        (Some(Cheat::CopiedSeal), Some(old)) => old.clone(),
        _ => parts::seal(scene.fold, 0, run.slot, run.tag, &liar.text, &e),
    }
}

/// The sealed bytes in the own slot, under all pads.
fn honest_vector(run: &LiarRun, t3: &Hash) -> Vec<u8> {
    let size = run.sealed.len();
    let mut vector = vec![0; run.n * size];
    let place = vector.iter_mut().skip(usize::from(run.slot) * size);
    for (place, byte) in place.zip(&run.sealed) {
        *place = *byte;
    }
    for pair in &run.pairs {
        pair.pad_vector(t3, 0, &mut vector);
    }
    vector
}

/// Changes bits: in the own slot, in another one, or in all.
fn spoil(cheat: Option<Cheat>, run: &LiarRun, vector: &mut [u8], scene: &mut Scene) {
    let own = usize::from(run.slot);
    let another = (own + 1 + below(run.n - 1, scene.rng)) % run.n;
    let size = run.sealed.len();
    let bit = below(size, scene.rng);
    let hit: Vec<usize> = match cheat {
        Some(Cheat::FlipOwn) => vec![own],
        Some(Cheat::FlipOther | Cheat::Otherwise) => vec![another],
        Some(Cheat::FlipAll) => (0..run.n).collect(),
        Some(Cheat::TwoSlots) => {
            let place = vector.iter_mut().skip(another * size);
            place
                .zip(&run.sealed)
                .for_each(|(byte, sealed)| *byte ^= sealed);
            Vec::new()
        }
        Some(_) | None => Vec::new(),
    };
    for slot in hit {
        if let Some(byte) = vector.get_mut(slot * size + bit) {
            *byte ^= 1;
        }
    }
}
