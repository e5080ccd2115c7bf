//! Cheats in phase 4.

use std::collections::BTreeMap;

use letters::later;
use rand_core::CryptoRng;
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
    let lanes = parts::tags(scene.fold).unwrap_or_default();
    let ranks = lanes.iter().zip(&run.tags);
    let ranks: Option<Vec<u16>> = ranks.map(|(lane, tag)| parts::rank(lane, *tag)).collect();
    run.slots = ranks.unwrap_or_default();
    if run.slots.len() < usize::from(run.lanes) {
        // A bad lane: an honest member will say so.
        return Some(Vec::new());
    }
    run.sealed = match cheat {
        Some(Cheat::CopiedSlot) if liar.is_patient() => copied(run, &t3, scene)?,
        Some(_) | None => (0..run.lanes)
            .map(|lane| seal(liar, run, lane, cheat, scene))
            .collect(),
    };
    let bad = below(usize::from(run.lanes), scene.rng);
    let mut vector = Vec::new();
    for lane in 0..run.lanes {
        let mut bytes = honest_lane(run, &t3, lane);
        if usize::from(lane) == bad {
            spoil(cheat, run, (&t3, lane), &mut bytes, scene);
        }
        vector.extend(bytes);
    }
    match cheat {
        Some(Cheat::Silent | Cheat::EarlyNogo) => return Some(Vec::new()),
        Some(Cheat::WrongTranscript) => t3 = other(t3),
        Some(Cheat::WrongSize) => drop(vector.pop()),
        Some(_) | None => {}
    }
    Some(vec![Message::Dc(Dc {
        ctx: run.ctx,
        t3,
        vector: vector.into(),
    })])
}

fn seal(liar: &Liar, run: &LiarRun, lane: u16, cheat: Option<Cheat>, scene: &mut Scene) -> Vec<u8> {
    let mut e = [0; 32];
    scene.rng.fill_bytes(&mut e);
    if let Some(Cheat::SharedSeal(number)) = cheat {
        e = [number; 32];
    }
    let one = below(liar.old_slots.len(), scene.rng);
    let old = liar.old_slots.get(one).filter(|old| !old.is_empty());
    let at = usize::from(lane);
    if let (Some(Cheat::CopiedSeal), Some(old)) = (cheat, old) {
        return old.clone();
    }
    match (run.slots.get(at), run.tags.get(at)) {
        (Some(slot), Some(tag)) => {
            let odd = cheat == Some(Cheat::LaterLetter);
            let text = match odd {
                true => format!("{}{}", liar.text, later::LETTER),
                false => liar.text.clone(),
            };
            let seal = || parts::seal(scene.fold, lane, *slot, *tag, &text, &e);
            // Whoever cheats has whatever tables it likes.
            if odd { later::with(true, seal) } else { seal() }
        }
        (None, _) | (_, None) => Vec::new(),
    }
}

/// For each lane what stands in a slot of somebody else, in any lane.
fn copied(run: &LiarRun, t3: &Hash, scene: &mut Scene) -> Option<Vec<Vec<u8>>> {
    let seen = seen(run, t3, scene)?;
    let of = |own: usize, lane: usize, rng: &mut dyn CryptoRng| {
        let slot = (own + 1 + below(run.n - 1, rng)) % run.n;
        seen.get(lane * run.n + slot).cloned()
    };
    let lanes = 0..usize::from(run.lanes);
    lanes
        .map(|_| {
            let lane = below(run.slots.len(), scene.rng);
            of(usize::from(*run.slots.get(lane)?), lane, scene.rng)
        })
        .collect()
}

/// All slots by lane, as everybody else filled them: what the last one sees who speaks.
fn seen(run: &LiarRun, t3: &Hash, scene: &Scene) -> Option<Vec<Vec<u8>>> {
    let mut others: BTreeMap<usize, &[u8]> = BTreeMap::new();
    for said in scene.said {
        if let Message::Dc(dc) = &*said.message
            && (dc.ctx, dc.t3) == (run.ctx, *t3)
        {
            others.insert(said.seat, dc.vector.as_slice());
        }
    }
    let bytes = others.values().next()?.len();
    let size = bytes.checked_div(run.n * run.slots.len())?;
    if others.len() + 1 < run.n || size == 0 {
        return None;
    }
    let mut sum = vec![0; bytes];
    for (lane, bytes) in (0..run.lanes).zip(sum.chunks_mut(size * run.n)) {
        let pairs = run.pairs.iter();
        pairs.for_each(|pair| pair.pad_vector(t3, lane, bytes));
    }
    for vector in others.into_values() {
        sum.iter_mut()
            .zip(vector)
            .for_each(|(sum, byte)| *sum ^= byte);
    }
    Some(sum.chunks(size).map(<[u8]>::to_vec).collect())
}

/// The sealed bytes in the own slot, under all pads.
fn honest_lane(run: &LiarRun, t3: &Hash, lane: u16) -> Vec<u8> {
    let at = usize::from(lane);
    let sealed = run.sealed.get(at).map(Vec::as_slice).unwrap_or_default();
    let own = run.slots.get(at).copied().map_or(0, usize::from);
    let mut vector = vec![0; run.n * sealed.len()];
    let place = vector.iter_mut().skip(own * sealed.len());
    for (place, byte) in place.zip(sealed) {
        *place = *byte;
    }
    for pair in &run.pairs {
        pair.pad_vector(t3, lane, &mut vector);
    }
    vector
}

/// Changes bits: in the own slot, in another one, in all, or under one pad.
fn spoil(
    cheat: Option<Cheat>,
    run: &LiarRun,
    (t3, lane): (&Hash, u16),
    vector: &mut [u8],
    scene: &mut Scene,
) {
    let at = usize::from(lane);
    let sealed = run.sealed.get(at).map(Vec::as_slice).unwrap_or_default();
    let own = run.slots.get(at).copied().map_or(0, usize::from);
    let another = (own + 1 + below(run.n - 1, scene.rng)) % run.n;
    let bit = below(sealed.len(), scene.rng);
    let hit: Vec<usize> = match cheat {
        Some(Cheat::FlipOwn) => vec![own],
        Some(Cheat::Otherwise) if bit.is_multiple_of(2) => (0..run.n).collect(),
        Some(Cheat::FlipOther | Cheat::Otherwise) => vec![another],
        Some(Cheat::FlipAll) => (0..run.n).collect(),
        Some(Cheat::TwoSlots) => {
            let place = vector.iter_mut().skip(another * sealed.len());
            place.zip(sealed).for_each(|(byte, sealed)| *byte ^= sealed);
            Vec::new()
        }
        Some(Cheat::WrongPad) => {
            let one = below(run.pairs.len(), scene.rng);
            if let Some(pair) = run.pairs.get(one) {
                pair.pad_vector(t3, lane, vector);
            }
            Vec::new()
        }
        Some(_) | None => Vec::new(),
    };
    for slot in hit {
        if let Some(byte) = vector.get_mut(slot * sealed.len() + bit) {
            *byte ^= 1;
        }
    }
}
