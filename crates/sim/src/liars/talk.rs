//! What is said beside the messages of a phase: CLOSE, LEAVE, GIVE-UP, NOGO and secrets out of turn,
//! old messages, commits, OPEN.

use participant::voice::Words;
use room::{Audience, Event, Open, Question, RoundKind, SlotSize};
use round::{Close, GiveUp, Leave, MemberIndex, Message, Nogo, Phase, Release, Reveal};

use super::Cheat;
use super::crook::Scene;

pub(super) fn aside(cheat: Option<Cheat>, phase: Phase, scene: &mut Scene) -> Vec<Words> {
    let ctx = scene.fold.ctx_r();
    let mut bytes = [0; 32];
    scene.rng.fill_bytes(&mut bytes);
    let message = match cheat {
        Some(Cheat::EarlyClose) => Message::Close(Close { ctx, phase }),
        Some(Cheat::Leave) => Message::Leave(Leave { ctx }),
        Some(Cheat::EarlyGiveUp) => Message::GiveUp(GiveUp { ctx }),
        Some(Cheat::EarlyNogo) => Message::Nogo(Nogo {
            ctx,
            phase: match bytes[0] & 1 {
                0 => Phase::Slots,
                _ => Phase::Vectors,
            },
            evidence: bytes,
        }),
        Some(Cheat::EarlyReveal) => Message::Reveal(Reveal {
            ctx,
            evidence: bytes,
            root: bytes,
        }),
        Some(Cheat::EarlyRelease) => Message::Release(Release {
            ctx,
            member: MemberIndex(0),
            share: bytes,
        }),
        Some(Cheat::Replay) => return replay(scene),
        Some(Cheat::Commit) => {
            // The highest leaf is somebody's; which one does not matter.
            let leaf = scene.fold.roster().last().copied();
            return leaf.map(Words::Remove).into_iter().collect();
        }
        Some(Cheat::Open) => return open(bytes).map(Words::Event).into_iter().collect(),
        Some(_) | None => return Vec::new(),
    };
    vec![Words::Round(scene.round, Box::new(message))]
}

/// Messages of earlier runs, also those of others, said in this liar's name.
fn replay(scene: &Scene) -> Vec<Words> {
    let ctx = scene.fold.ctx_r();
    let old = scene.said.iter().filter(|said| *said.message.ctx() != ctx);
    let messages = old.rev().take(6).map(|said| (*said.message).clone());
    messages
        .map(|message| Words::Round(scene.round, Box::new(message)))
        .collect()
}

/// A second Round, with the shortest times that exist.
fn open(bytes: [u8; 32]) -> Option<Event> {
    let id = bytes.first_chunk::<16>()?;
    let open = Open {
        id: room::RoundId(*id),
        question: Question::parse("Another one?").ok()?,
        kind: RoundKind::Statement(SlotSize::OneKib),
        audience: Audience::Room,
        floor: None,
        window_ms: 1,
        phase_ms: 3_000,
    };
    Some(Event::RoundOpened(open))
}
