//! Cheats in phase 2.

use round::limits::CT_BYTES;
use round::{Kem, Message, parts};

use super::Cheat;
use super::crook::{LiarRun, Scene, below, other};

pub(super) fn say(
    run: &mut LiarRun,
    cheat: Option<Cheat>,
    scene: &mut Scene,
) -> Option<Vec<Message>> {
    let (mut bytes, sent) = run.drawn.encapsulate(scene.fold, run.leaf)?;
    run.sent = sent;
    let [Some(mut t1), ..] = parts::transcripts(scene.fold) else {
        return None;
    };
    match cheat {
        Some(Cheat::Silent | Cheat::EarlyNogo) => return Some(Vec::new()),
        Some(Cheat::WrongTranscript) => t1 = other(t1),
        Some(Cheat::WrongSize) => drop(bytes.pop()),
        Some(Cheat::BadCiphertext | Cheat::Otherwise) => {
            // One that somebody opens: what fills the place of none is nobody's.
            let one = below(run.sent.len(), scene.rng) * CT_BYTES;
            let at = one + below(CT_BYTES, scene.rng);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1;
            }
        }
        Some(_) | None => {}
    }
    Some(vec![Message::Kem(Kem {
        ctx: run.ctx,
        t1,
        ciphertexts: bytes.into(),
    })])
}
