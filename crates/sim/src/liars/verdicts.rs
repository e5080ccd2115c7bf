//! Cheats in phase 5.

use round::{Go, Message, Nogo, Phase, parts};

use super::Cheat;
use super::crook::{Liar, LiarRun, Scene, other};

pub(super) fn say(
    liar: &mut Liar,
    run: &LiarRun,
    cheat: Option<Cheat>,
    scene: &mut Scene,
) -> Option<Vec<Message>> {
    let [_, _, _, Some(t4)] = parts::transcripts(scene.fold) else {
        return None;
    };
    let combined = parts::combined(scene.fold)?;
    let evidence = scene.fold.evidence()?;
    let size = run.sealed.first().map_or(1, Vec::len).max(1);
    let slots: Vec<Vec<u8>> = combined.chunks(size).map(<[u8]>::to_vec).collect();
    let lanes = slots.chunks(run.n.max(1)).zip(&run.slots).zip(&run.sealed);
    let mut own = lanes.map(|((lane, slot), sealed)| lane.get(usize::from(*slot)) == Some(sealed));
    let intact = own.all(|intact| intact) && !run.sealed.is_empty();
    liar.old_slots = slots;
    let go = |t4| Message::Go(Go { ctx: run.ctx, t4 });
    let nogo = |evidence| {
        Message::Nogo(Nogo {
            ctx: run.ctx,
            phase: Phase::Vectors,
            evidence,
        })
    };
    Some(match cheat {
        Some(Cheat::Silent | Cheat::EarlyNogo) => Vec::new(),
        Some(Cheat::WrongTranscript) if scene.rng.next_u32() & 1 == 0 => vec![go(other(t4))],
        Some(Cheat::WrongTranscript) => vec![nogo(other(evidence))],
        Some(Cheat::GoAnyway) => vec![go(t4)],
        Some(Cheat::FalseNogo | Cheat::Otherwise) => vec![nogo(evidence)],
        Some(Cheat::GoThenNogo) => vec![go(t4), nogo(evidence)],
        Some(Cheat::NogoThenGo) => vec![nogo(evidence), go(t4)],
        Some(_) | None if intact => vec![go(t4)],
        Some(_) | None => vec![nogo(evidence)],
    })
}
