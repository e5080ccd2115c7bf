//! Cheats in phase 1.

use round::parts::{self, Drawn};
use round::{Join, Message};

use super::Cheat;
use super::crook::{LiarRun, Scene, below, other};
use crate::record::Said;

/// How many scalars there are (RFC 9496), in little-endian order.
const ORDER: [u8; 32] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

pub(super) fn say(
    run: &mut LiarRun,
    cheat: Option<Cheat>,
    scene: &mut Scene,
) -> Option<Vec<Message>> {
    if let Some(Cheat::SharedShare(number)) = cheat {
        // Two liars that know each other's x: each can prove it.
        run.drawn.x = [number; 32];
        run.drawn.x[31] = 0;
    }
    if let Some(Cheat::NegatedShare(number)) = cheat {
        run.drawn.x = ORDER;
        run.drawn.x[0] -= number;
    }
    if let Some(Cheat::SharedRoot(number) | Cheat::DerivedRoot(number)) = cheat {
        run.drawn.root = [number; 32];
    }
    if let (Some(Cheat::DerivedRoot(_)), Some(byte)) = (cheat, run.drawn.root.first_mut()) {
        *byte ^= run.leaf.to_le_bytes()[0];
    }
    let spot = parts::join_place(scene.fold, run.leaf)?;
    let mut ek = run.drawn.ek(&spot);
    if cheat == Some(Cheat::CopiedKey) {
        ek = foreign(run, scene.said)?.ek.as_slice().to_vec();
    }
    if cheat == Some(Cheat::WrongSize) {
        ek.pop();
    }
    let mut join = run.drawn.join(&spot, ek, scene.rng);
    match cheat {
        Some(Cheat::Silent | Cheat::EarlyNogo) => return Some(Vec::new()),
        Some(Cheat::WrongTranscript) => join.ctx = other(join.ctx),
        Some(Cheat::NonCanonical) => make_impossible(&mut join, below(3, scene.rng)),
        Some(Cheat::BadPop) => {
            let stranger = Drawn::new(scene.rng);
            let ek = join.ek.as_slice().to_vec();
            join.pop = stranger.join(&spot, ek, scene.rng).pop;
        }
        Some(Cheat::CopiedShare) => {
            let theirs = foreign(run, scene.said)?;
            join.share = theirs.share;
            join.pop = theirs.pop.clone();
        }
        // A JOIN is drawn anew in each fork: it is another one by itself.
        Some(_) | None => {}
    }
    Some(vec![Message::Join(join)])
}

fn make_impossible(join: &mut Join, which: usize) {
    match which {
        0 => {
            let mut ek = join.ek.as_slice().to_vec();
            ek.iter_mut().take(1152).for_each(|byte| *byte = 0xFF);
            join.ek = ek.into();
        }
        1 => join.share = [0xFF; 32],
        _ => join.pop.response = [0xFF; 32],
    }
}

/// The JOIN of somebody else in this run.
fn foreign<'a>(run: &LiarRun, said: &'a [Said]) -> Option<&'a Join> {
    let mine = run.drawn.share();
    let joins = said.iter().rev().filter_map(|said| match &*said.message {
        Message::Join(join) => Some(join),
        Message::Kem(_)
        | Message::Slot(_)
        | Message::Dc(_)
        | Message::Go(_)
        | Message::Nogo(_)
        | Message::Release(_)
        | Message::Close(_)
        | Message::Leave(_)
        | Message::GiveUp(_)
        | Message::Reveal(_) => None,
    });
    let mut others = joins.filter(|join| join.ctx == run.ctx && join.share != mine);
    others.next()
}
